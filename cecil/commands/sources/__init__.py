"""The sources of cecil-fetch on the command line: one a file, each with `add` and `build`.

A module adds its parser with `add(sources)`, and `build(args, quarantine, before_wait)` makes its provider
of what was parsed. What all remote sources share is in `shared`.
"""

SOURCES = ("file", "stdin", "aws", "azure", "gcp", "db", "mock")
"""The modules, in the order in which help names them."""
