"""Texts that recognizers might take: made from their own patterns and from values, spelled in many ways."""

import re
from random import Random
from typing import Any

from cecil.sanitizer.detectors import Recognizer, checksums
from tests import planting

_parser: Any = re._parser  # type: ignore[attr-defined]

_SAMPLE = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_SPACE": "  \t",
    "CATEGORY_WORD": "abcXYZ0189_é",
    "CATEGORY_NOT_SPACE": "aZ9-.@",
    "CATEGORY_NOT_WORD": " -.:/\n",
    "CATEGORY_NOT_DIGIT": "aZ -.",
}
_ANY = "abzAZ059 .-_@:/+\n"


class Example:
    """Makes texts that an expression matches, where look-around does not forbid it.

    Args:
        expression: in the syntax of `re`; what is the `regex` module's own raises ValueError.
    """

    def __init__(self, expression: str) -> None:
        try:
            self._tree = _parser.parse(expression, re.IGNORECASE)
        except re.error:
            raise ValueError("not in the syntax of re") from None

    def made(self, chance: Random) -> str:
        groups: dict[int, str] = {}
        return "".join(self._one(node, chance, groups) for node in self._tree)

    def _one(self, node: Any, chance: Random, groups: dict[int, str]) -> str:
        name, value = str(node[0]), node[1]
        if name == "LITERAL":
            return chr(value)
        if name == "NOT_LITERAL":
            return chance.choice(_ANY.replace(chr(value), ""))
        if name == "ANY":
            return chance.choice(_ANY)
        if name == "IN":
            return self._in(value, chance)
        if name == "BRANCH":
            return self._all(chance.choice(value[1]), chance, groups)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = value
            most = min(int(most), least + chance.choice((0, 1, 2, 8, 20)))
            return "".join(self._all(body, chance, groups) for _ in range(chance.randint(least, most)))
        if name in ("SUBPATTERN", "ATOMIC_GROUP"):
            text = self._all(value[-1] if name == "SUBPATTERN" else value, chance, groups)
            if name == "SUBPATTERN" and value[0]:
                groups[value[0]] = text
            return text
        return groups.get(value, "") if name == "GROUPREF" else ""

    def _all(self, nodes: Any, chance: Random, groups: dict[int, str]) -> str:
        return "".join(self._one(node, chance, groups) for node in nodes)

    def _in(self, items: Any, chance: Random) -> str:
        if str(items[0][0]) == "NEGATE":
            barred = {self._item(item, Random(n)) for item in items[1:] for n in range(40)}
            return chance.choice([c for c in _ANY if c not in barred] or ["~"])
        return self._item(chance.choice(items), chance)

    def _item(self, item: Any, chance: Random) -> str:
        name, value = str(item[0]), item[1]
        if name == "RANGE":
            return chr(chance.randint(*value))
        return chance.choice(_SAMPLE[str(value)]) if name == "CATEGORY" else chr(value)


def patterns(recognizer: Recognizer) -> list[Example]:
    """What makes examples of a recognizer of Presidio's."""
    found = []
    for pattern in getattr(getattr(recognizer, "presidio", None), "patterns", ()):
        try:
            found.append(Example(pattern.regex))
        except ValueError:
            continue
    return found


def grouped(chance: Random, digits: str, *ways: tuple[int, ...]) -> str:
    """Digits in groups, with the same sign between them, or with any."""
    signs = chance.choice(("-", " ", ".", "", " -", "- .")) or ("",)
    text, at = "", 0
    for size in chance.choice(ways):
        text += digits[at : at + size] + chance.choice(signs)
        at += size
    return text.rstrip("- .") + digits[at:]


def figures(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def card(chance: Random) -> str:
    prefix = chance.choice(
        ("4", "51", "55", "2221", "2720", "34", "37", "6011", "65", "36", "38", "30", "3528", "1800", "2131")
    )
    size = (
        15
        if prefix in ("34", "37", "1800", "2131")
        else 14
        if prefix in ("36", "38", "30")
        else chance.choice((16, 16, 16, 13, 19))
    )
    body = prefix + figures(chance, size - len(prefix) - 1)
    number = next(body + d for d in "0123456789" if checksums.luhn(body + d))
    return grouped(
        chance,
        number,
        (4, 4, 4, 4),
        (4, 6, 5),
        (4, 6, 4),
        (4, 3, 3, 3),
        (4, 4, 4, 4, 3),
        (16,),
        (8, 8),
        (6, 10),
    )


def nhs(chance: Random) -> str:
    while True:
        body = figures(chance, 9)
        check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(body)) % 11
        if check != 10:
            return grouped(chance, body + str(check % 11), (3, 3, 4), (10,), (6, 4), (3, 7))


def iban(chance: Random) -> str:
    country, size = chance.choice(
        (
            ("DE", 18),
            ("GB", -14),
            ("FR", 23),
            ("NL", -10),
            ("CH", 17),
            ("NO", 11),
            ("BE", 12),
            ("SA", 20),
            ("AD", 20),
            ("FI", 14),
            ("EE", 16),
            ("AE", 19),
        )
    )
    body = figures(chance, size) if size > 0 else "WEST" + figures(chance, -size)
    number = "".join(str(int(c, 36)) for c in f"{body}{country}00")
    text = f"{country}{98 - int(number) % 97:02}{body}"
    if chance.random() < 0.5:
        text = chance.choice(" -").join(text[i : i + 4] for i in range(0, len(text), 4))
    return text if chance.random() < 0.9 else text.lower()


def dea(chance: Random) -> str:
    body = figures(chance, 6)
    check = (sum(map(int, body[::2])) + 2 * sum(map(int, body[1::2]))) % 10
    return chance.choice("ABCDEFGHJKLMPRSTUX") + chance.choice("ABCKMZ9") + body + str(check)


_IN_KEYS = "account ssn driver license licence nhs phone card health tax medical patient ip".split()

MADE = (card, card, nhs, iban, dea)


def respelled(chance: Random, text: str) -> str:
    """The same, or nearly so: other digits, other signs between, other case, a character more or less."""
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        kind = chance.randrange(9)
        at = chance.randrange(len(text)) if text else 0
        if kind == 0:
            text = re.sub("[0-9]", lambda _: chance.choice("0123456789"), text)
        elif kind == 1:
            text = re.sub("[ .-]", chance.choice((" ", "-", ".", "", "/", "  ", "_")), text)
        elif kind == 2:
            text = chance.choice((text.upper(), text.lower(), text.title()))
        elif kind == 3:
            text = text[:at] + text[at + 1 :]
        elif kind == 4:
            text = text[:at] + chance.choice(" -.:/()+=_,'\"@0aZ\n\\") + text[at:]
        elif kind == 5:
            text = re.sub("[0-9]", lambda m: chance.choice((m[0], m[0], m[0], "7")), text)
        elif kind == 6:
            text = chance.choice("([<\"'=:/-+_.") + text + chance.choice(")]>\"',;:.-_")
        elif kind == 7:
            text = text.replace(" ", chance.choice(("\u00a0", "\t", "\n", "%20", "+")))
        else:
            text = re.sub("[:=]", chance.choice((":", "=", " : ", "=>", " is ", '": "', "|", " ")), text)
    return text


class Texts:
    """Texts in which recognizers may find something.

    Args:
        recognizers: whose words and patterns are used.
    """

    def __init__(self, recognizers: tuple[Recognizer, ...]) -> None:
        self._words = sorted({word for one in recognizers for word in one.context})
        self._patterns = [one for one in map(patterns, recognizers) if one]

    def words(self, chance: Random) -> tuple[str, ...]:
        """What keys that lead to a text may say."""
        said = chance.choices((*self._words, *_IN_KEYS), k=chance.randrange(1, 3))
        return tuple(" ".join(said).lower().split())

    def text(self, chance: Random) -> str:
        kind = chance.randrange(10)
        if kind < 3:
            value = chance.choice(MADE)(chance)
        elif kind < 6 and self._patterns:
            value = chance.choice(chance.choice(self._patterns)).made(chance)
        else:
            value = planting.value(chance)
        value = respelled(chance, value) if chance.random() < 0.7 else value
        parts = [value]
        if chance.random() < 0.5:
            parts.insert(0, chance.choice(self._words))
        if chance.random() < 0.5:
            parts.insert(0, planting.text(chance, 0.2))
        if chance.random() < 0.5:
            parts.append(planting.text(chance, 0.2))
        return chance.choice((" ", " ", " ", ": ", "=", ", ")).join(parts)
