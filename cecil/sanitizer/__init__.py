"""Pure functions of records: what in them is sensitive, and what takes its place.

Does no I/O and prints nothing. Detectors turn text into spans, spans are resolved in one place, actions
turn spans into replacements, strategies decide which leaves are judged and how.
"""
