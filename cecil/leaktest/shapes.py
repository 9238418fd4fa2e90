"""A text by chance that a regular expression matches.

Owns: what Python's own parser of expressions gives, turned into text. Refuses: what looks around or refers
back, which can contradict what was made before; `make` is to be asked again, or not at all.
"""

import re
from importlib import import_module
from random import Random
from string import ascii_lowercase, ascii_uppercase, digits, punctuation
from typing import Any

_MOST_MORE = 12
"""How often something stands at most beyond its least number."""

_PRINTABLE = digits + ascii_uppercase + ascii_lowercase + punctuation + " "
_CLASSES = {
    "CATEGORY_DIGIT": digits,
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": digits + ascii_uppercase + ascii_lowercase + "_",
    "CATEGORY_NOT_DIGIT": ascii_uppercase + ascii_lowercase,
    "CATEGORY_NOT_SPACE": digits + ascii_lowercase,
    "CATEGORY_NOT_WORD": "-./ ",
}


class Shape:
    """Texts of one form.

    Args:
        pattern: a regular expression as Python has them. Borders and look-arounds are passed over.

    Raises:
        re.error: it is none.
    """

    def __init__(self, pattern: str) -> None:
        self._parsed: Any = import_module("re._parser").parse(pattern)

    def make(self, chance: Random) -> str:
        """One: either with all that may be there or not, as separators, or with none of it."""
        return "".join(_parts(self._parsed, chance, chance.random() < 0.5, chance.random()))


def matching(pattern: str, chance: Random) -> str:
    """One text that a pattern matches, by its alternatives and counts taken by chance."""
    return Shape(pattern).make(chance)


def _parts(parsed: Any, chance: Random, full: bool, mark: float) -> list[str]:
    """The pieces of a text.

    Args:
        full: whether what is optional is there.
        mark: which of several signs stands wherever one of them does, from 0 to 1.
    """
    found: list[str] = []
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL":
            found.append(chr(argument))
        elif name in ("IN", "NOT_LITERAL", "ANY"):
            letters = _characters(name, argument)
            signs = not any(map(str.isalnum, letters))
            found.append(letters[int(mark * len(letters))] if signs else chance.choice(letters))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            if (least, most) == (0, 1):
                least = int(full)
                most = least
            for _ in range(chance.randint(least, min(int(most), least + _MOST_MORE))):
                found += _parts(inner, chance, full, mark)
        elif name == "BRANCH":
            found += _parts(chance.choice(argument[1]), chance, full, mark)
        elif name == "SUBPATTERN":
            found += _parts(argument[-1], chance, full, mark)
        elif name == "ATOMIC_GROUP":
            found += _parts(argument, chance, full, mark)
        elif name not in ("AT", "ASSERT", "ASSERT_NOT"):
            raise re.error("cannot be made by chance")
    return found


def _characters(name: str, argument: Any) -> str:
    if name == "ANY":
        return digits + ascii_lowercase
    if name == "NOT_LITERAL":
        return _PRINTABLE.replace(chr(argument), "")
    found = ""
    negated = False
    for kind, what in argument:
        if str(kind) == "NEGATE":
            negated = True
        elif str(kind) == "LITERAL":
            found += chr(what)
        elif str(kind) == "RANGE":
            found += "".join(map(chr, range(what[0], what[1] + 1)))
        else:
            found += _CLASSES[str(what)]
    if negated:
        return "".join(one for one in digits + ascii_lowercase if one not in found) or "-"
    return found
