"""What every writer shares: its plan, reading records with their exact numbers, and columns.

A cell of a table is text in CSV, and in a Parquet column of mixed kinds. The rule is the same in both:
a string stands as it is, a number as it was spelled, `true` and `false`, and an object or a list as
compact JSON.
"""

import re
import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

import msgspec

from cecil.errors import OutputError, RecordError
from cecil.stream import encode
from cecil.stream.jsonl import Records
from cecil.stream.jsontext import Number, decode, loads, scan, to_python
from cecil.stream.quarantine import Quarantine

SAMPLE = 16 << 20
"""Bytes of records that a schema is made of, unless the plan says otherwise."""


class Sink(Protocol):
    """Where a writer's bytes go."""

    def write(self, data: bytes, /) -> int: ...


class Plan(NamedTuple):
    """What is to be written.

    Attributes:
        source: the input's name, for messages and quarantine rows.
        columns: the columns of a table in their order; None for those that the records show.
        drop: whether values that no column takes are left out; otherwise they are an error.
        sample: bytes of records that a schema is made of.
        compression: how Parquet compresses its pages: `none`, `gzip` or `zstd`.
    """

    source: str
    columns: tuple[str, ...] | None = None
    drop: bool = False
    sample: int = SAMPLE
    compression: str = "zstd"


class Writer(ABC):
    """Turns records into the bytes of one file.

    A record that cannot be judged goes to quarantine; all others are counted as written.

    Args:
        sink: takes the bytes; the caller opens, publishes and closes it.
        plan: what is to be written.
        quarantine: takes what cannot be judged; its counts count what is written.

    Attributes:
        values_dropped: values left out because no column takes them (`plan.drop`).
    """

    def __init__(self, sink: Sink, plan: Plan, quarantine: Quarantine) -> None:
        self.values_dropped = 0
        self._sink = sink
        self._plan = plan
        self._quarantine = quarantine

    @abstractmethod
    def write(self, records: Records) -> None:
        """Take records.

        Raises:
            OutputError: a value that the format or its columns cannot hold; what `sink.write` raises.
        """

    @abstractmethod
    def close(self) -> None:
        """Write what is held and what ends the format; the sink stays open.

        Raises:
            OutputError: see `write`; or there is nothing to make a file of.
        """

    def _rows(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Numbered lines as records; what cannot be judged goes to quarantine."""
        for number, line in lines:
            try:
                yield number, parse(line)
            except RecordError as error:
                self._quarantine.add(self._plan.source, number, error.message, line.rstrip(b"\r\n"))

    def _where(self, number: int) -> str:
        return f"{self._plan.source}:{number}"


_exact = msgspec.json.Decoder(float_hook=Number)
_MINUS_ZERO = re.compile(rb"-0[ \t\r\n,\]}]")


def parse(line: bytes) -> Any:
    """A record in which every number keeps its spelling: an int, or a `Number`.

    Raises:
        RecordError: see `jsontext.loads`, which judges it.
    """
    loads(line)
    if not _MINUS_ZERO.search(line):  # as an int it would be 0
        try:
            return _exact.decode(line)
        except (msgspec.MsgspecError, RecursionError):
            pass  # an integer of thousands of digits, or a depth that msgspec does not go to
    return to_python(scan(decode(line)))


def cell(value: Any) -> str:
    """A value as a cell's text; see the module. null has none: it is the caller's."""
    kind = type(value)
    if kind is str or kind is Number:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    try:
        return encode.dumps(value).decode()
    except RecordError:
        return _deep(value)


def _deep(value: Any) -> str:
    """JSON of a value that is nested deeper than orjson goes."""
    text: list[str] = []
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        before, current = stack.pop()
        text.append(before)
        if current is _NOTHING:
            continue
        if not current or not isinstance(current, (dict, list)):
            text.append(encode.dumps(current).decode())
            continue
        if isinstance(current, dict):
            items = [(encode.dumps(key).decode() + ":", item) for key, item in current.items()]
            opening, closing = "{", "}"
        else:
            items = [("", item) for item in current]
            opening, closing = "[", "]"
        stack.append((closing, _NOTHING))
        stack.extend(("," + key, item) for key, item in reversed(items[1:]))
        stack.append((opening + items[0][0], items[0][1]))
    return "".join(text)


_NOTHING = object()


def unknown_column(column: str, columns: Iterable[str], where: str, more: str = "") -> OutputError:
    """The error of a value that no column takes.

    Args:
        column: its name.
        columns: those that there are, for the hint.
        where: its `file:line`.
        more: a further remedy.
    """
    names = shlex.quote(",".join(_listed(name) for name in [*columns, column]))
    return OutputError(
        f"column {column} is not one of the file's columns",
        where=where,
        hint=f"--columns {names}{more}, or --extra drop",
    )


def _listed(name: str) -> str:
    """A name as `--columns` reads it."""
    return '"' + name.replace('"', '""') + '"' if re.search(r'[",\r\n]', name) or not name else name
