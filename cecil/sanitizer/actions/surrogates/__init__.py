"""The makers of stand-ins: one family a file, each a function of a value and the key.

None keeps a table of what stood for what, and each knows what it made: by a seal of the key in it, or because
it lies in a range in which nobody's value lies. `base.py` says what a maker is.
"""
