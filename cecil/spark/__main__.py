"""`python -m cecil.spark`, and what spark-submit is given: the command `cecil-spark`."""

import os
import sys

# spark-submit puts this file's own folder first, where `cecil` is not and other things have our names.
sys.path[:] = [
    path for path in sys.path if os.path.realpath(path or ".") != os.path.dirname(os.path.realpath(__file__))
]

from cecil.commands import spark  # noqa: E402

if __name__ == "__main__":
    spark()
