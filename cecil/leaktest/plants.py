"""Where and how a value stands: key or text, encoding, nesting, and its place in the stream.

Owns: the ways to plant a value, and that each of them is a fair demand: a text has to say enough for the
value to be known, and an encoding has to be one that somebody can read back.
"""

import base64
import json
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from cecil.leaktest import sample
from cecil.leaktest.demand import Demand
from cecil.leaktest.sample import Carrier
from cecil.leaktest.values import Sort, Value

BORDER = 1 << 17
"""Bytes that are read at once: a value that stands over a multiple of it comes in two reads."""


class Way(NamedTuple):
    """One way to plant.

    Attributes:
        where: `key`, `number`, `text` (of an invented record), `line` (of text), or `own`: in the sample.
        encoding: how the value, or the phrase that it stands in, is written.
        nesting: what the member stands in.
        at: whether the value stands at the start, in the middle or at the end of its text.
    """

    where: str
    encoding: str
    nesting: str
    at: str


class Plant(NamedTuple):
    """A value in its line.

    Attributes:
        value, way: what and how.
        place: for `own` the place in the sample, else empty.
        line: JSON or text, without its end.
        key: for `key` and `number`: under which.
    """

    value: Value
    way: Way
    place: str
    line: str
    key: str


_NESTINGS = ("flat", "deep", "list", "string", "string twice", "pair", "pair apart")
_TEXT_ENCODINGS = (
    "plain",
    "escapes",
    "percent",
    "base64",
    "hex",
    "json",
    "full width",
    "zero width",
    "entities",
)
_KEY_ENCODINGS = ("plain", "escapes", "percent", "base64", "full width", "zero width")
_LINE_ENCODINGS = tuple(one for one in _TEXT_ENCODINGS if one != "escapes")
_PLACES = ("start", "middle", "end")


def ways(sort: Sort, form: str) -> Iterator[Way]:
    """Every way in which values of a sort are planted, but for the places of the sample.

    Args:
        form: what `--format` of cecil-redact says.
    """
    long = sort.kind == "PRIVATE_KEY"
    if form != "text":
        if sort.keyed:
            for encoding in _KEY_ENCODINGS:
                for nesting in _NESTINGS:
                    yield Way("key", encoding, nesting, "")
            if sort.number:
                yield from (Way("number", "plain", nesting, "") for nesting in _NESTINGS[:4])
        if sort.labels:
            for encoding in _TEXT_ENCODINGS:
                for nesting in _NESTINGS[:5]:
                    for at in _PLACES:
                        yield Way("text", encoding, nesting, at)
    if form != "jsonl" and sort.labels and not long:
        for encoding in _LINE_ENCODINGS:
            for at in _PLACES:
                yield Way("line", encoding, "flat", at)


def owns(sort: Sort, form: str, some: list[Carrier]) -> list[Carrier]:
    """The places of a sample in which a sort's values are planted."""
    if not sort.labels:
        return []
    text = [one for one in some if one.record is None and form != "jsonl" and sort.kind != "PRIVATE_KEY"]
    return text + [one for one in some if one.record is not None and form != "text"]


def planted(value: Value, way: Way, demand: Demand, chance: Random) -> Plant | None:
    """A value in an invented record or line; None where it cannot be, or nothing is promised."""
    if way.where in ("key", "number"):
        names = demand.names(value.entity)
        if not names:
            return None
        key = _spelled(chance.choice(names), chance)
        content: Any = value.text
        if way.where == "number":
            if not value.core.isdigit() or value.core[0] == "0":
                return None
            content = int(value.core)
        elif way.encoding != "escapes":
            content = encoded(value.text, way.encoding)
        path = _path(way.nesting, key)
        if not demand.reaches(path) or not demand.says(path, value.entity) or not demand.fits(path, value):
            return None
        line = _nested(content, key, way.nesting, chance)
        if way.encoding == "escapes":
            line = _escaped(line, value.text)
        return Plant(value, way, "", line, key)
    phrase = said(value, way)
    if way.where == "line":
        return Plant(value, way, "", phrase, "")
    key = chance.choice(("note", "msg", "text", "comment"))
    line = _nested(phrase, key, way.nesting, chance)
    if way.encoding == "escapes":
        line = _escaped(line, value.text)
    return Plant(value, way, "", line, key)


def planted_own(value: Value, carrier: Carrier, way: Way, demand: Demand) -> Plant | None:
    """A value in a record of the sample."""
    phrase = said(value, way._replace(at="end"))
    if carrier.record is None:
        old = carrier.line
    else:
        if not demand.reaches(carrier.path):
            return None
        old = sample.text_at(carrier.record, carrier.path)
    new = f"{phrase} {old}" if way.at == "start" else f"{old} {phrase}"
    if carrier.record is None:
        return Plant(value, way, carrier.place, new, "")
    record = sample.replaced(carrier.record, carrier.path, new)
    return Plant(value, way, carrier.place, json.dumps(record, ensure_ascii=False), "")


def said(value: Value, way: Way) -> str:
    """A phrase that holds a value, and enough of a word to know it by."""
    text = value.text if way.encoding in ("base64", "hex", "json") else encoded(value.text, way.encoding)
    gap = "" if value.label[-1:] in ("=", "") else " "
    phrase = f"{value.label}{gap}{text}"
    if way.encoding in ("base64", "hex"):
        # Text within text is known by its first characters: what is too short says nothing.
        whole = f"we noted today that {phrase} was seen"
        phrase = encoded(whole, way.encoding)
    elif way.encoding == "json":
        phrase = json.dumps({"note": phrase})
    return {
        "start": f"{phrase} was seen today",
        "middle": f"we noted {phrase} and went on",
        "end": f"this time we noted {phrase}",
    }[way.at]


def encoded(text: str, encoding: str) -> str:
    """A text as an encoding writes it."""
    if encoding == "percent":
        return "".join(f"%{one:02X}" for one in text.encode())
    if encoding == "base64":
        return base64.b64encode(text.encode()).decode()
    if encoding == "hex":
        return text.encode().hex()
    if encoding == "full width":
        return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
    if encoding == "zero width":
        return "\u200b".join(text)
    if encoding == "entities":
        return "".join(f"&#{ord(one)};" for one in text)
    return text


def _escaped(line: str, text: str) -> str:
    """A line in which every character of a text is a JSON escape."""
    units = text.encode("utf-16-be")
    escapes = "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
    plainly = json.dumps(text)[1:-1]
    return line.replace(plainly, escapes) if plainly in line else line


def _path(nesting: str, key: str) -> list[str]:
    return {"deep": ["data", "entry", key], "list": ["items", "1", key]}.get(nesting, [key])


def _nested(content: Any, key: str, nesting: str, chance: Random) -> str:
    member: Any = {key: content}
    number = chance.randint(1, 9)
    if nesting == "deep":
        record: Any = {"n": number, "data": {"entry": member}}
    elif nesting == "list":
        record = {"items": [{"n": number}, member]}
    elif nesting == "string":
        record = {"n": number, "payload": json.dumps(member)}
    elif nesting == "string twice":
        record = {"n": number, "payload": json.dumps({"entry": json.dumps(member)})}
    elif nesting == "pair":
        record = {"n": number, "items": [{"name": key, "value": content}]}
    elif nesting == "pair apart":
        record = {"items": [{"name": key, "n": number, "value": content}]}
    else:
        record = {"n": number, **member}
    return json.dumps(record, ensure_ascii=chance.random() < 0.5)


def _spelled(name: str, chance: Random) -> str:
    """A key's name in one of the ways in which programmers write it."""
    words = name.split("-")
    return chance.choice(
        (
            "_".join(words),
            words[0] + "".join(word.capitalize() for word in words[1:]),
            "-".join(words),
            "_".join(words).upper(),
            "".join(word.capitalize() for word in words),
        )
    )
