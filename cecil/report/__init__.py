"""What was counted and what was found, as text for a terminal and in forms for programs.

Tables read sums, not records: names of the price list, dates and numbers, nothing that a fingerprint does
not hold. Lists of findings say where and what, never the value; `diff` alone shows one.
"""
