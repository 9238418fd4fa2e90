"""Some records of the user's own stream, and the places in them where a value can be planted.

Owns: which records are taken: all have the same chance, and however long the stream is, no more than
`RECORDS` of them, of `LONGEST` bytes each, are held. Refuses: to name a place by a key that may be a value
itself.
"""

import re
from collections.abc import Iterable
from random import Random
from typing import Any, NamedTuple

import orjson

RECORDS = 256
LONGEST = 1 << 14
PLACES = 200
"""Different places in which values are planted, at most."""

_NAME = re.compile(r"[A-Za-z_$@][A-Za-z_$:.-]*[0-9]{0,2}")

INVENTED = (
    b'{"ts":"2026-11-21T14:22:07Z","level":"info","service":"orders","msg":"the order was shipped"}',
    b'{"time":1763735400,"severity":"ERROR","ctx":{"module":"mailer","tags":["late"]},"message":"no answer"}',
    b"2026-11-21 14:22:07 INFO worker 3 finished its batch",
)
"""What takes the place of a sample where there is none."""


class Carrier(NamedTuple):
    """A record, or a line of text, that can carry a value.

    Attributes:
        record: the record; None for a line of text.
        line: as it came, without its end.
        path: keys and indexes that lead to one of its texts.
        place: the same as a JSON Pointer, in which `*` stands for indexes and for keys that may be values.
        left: what the command leaves of the line as it came.
    """

    record: Any
    line: str
    path: tuple[str | int, ...]
    place: str
    left: str = ""


def take(lines: Iterable[bytes], chance: Random) -> list[bytes]:
    """A few lines of many, each with the same chance (Vitter's algorithm R)."""
    held: list[bytes] = []
    seen = 0
    for line in lines:
        if not line.strip() or len(line) > LONGEST:
            continue
        seen += 1
        if len(held) < RECORDS:
            held.append(line)
        elif (at := chance.randrange(seen)) < RECORDS:
            held[at] = line
    return held


def carriers(lines: Iterable[bytes]) -> list[Carrier]:
    """The places of a sample: one carrier for each different place, up to `PLACES`."""
    found: dict[str, Carrier] = {}
    for line in lines:
        try:
            text = line.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            continue
        try:
            record = orjson.loads(text)
        except orjson.JSONDecodeError:
            record = None
        if not isinstance(record, dict):
            found.setdefault("", Carrier(None, text, (), ""))
            continue
        for path in _texts(record, ()):
            place = pointer(path)
            if len(found) < PLACES:
                found.setdefault(place, Carrier(record, text, path, place))
    return list(found.values())


def _texts(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [one for key, below in value.items() for one in _texts(below, (*path, key))]
    if isinstance(value, list):
        return [one for at, below in enumerate(value[:3]) for one in _texts(below, (*path, at))]
    return [path] if isinstance(value, str) else []


def pointer(path: tuple[str | int, ...]) -> str:
    """A place in words that tell no value."""
    return "".join(
        f"/{step}" if isinstance(step, str) and len(step) <= 40 and _NAME.fullmatch(step) else "/*"
        for step in path
    )


def replaced(record: Any, path: tuple[str | int, ...], text: str) -> Any:
    """A record with another text at a place; nothing else is copied."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(record, dict):
        return {**record, step: replaced(record[step], rest, text)}
    return [replaced(one, rest, text) if at == step else one for at, one in enumerate(record)]


def text_at(record: Any, path: tuple[str | int, ...]) -> str:
    """The text at a place."""
    for step in path:
        record = record[step]
    return str(record)
