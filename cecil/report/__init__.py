"""What was counted, as tables: for a terminal, and as JSON and CSV for programs.

Reads sums, not records; prints names of the price list, dates and numbers, so that a report holds nothing
that a fingerprint does not.
"""
