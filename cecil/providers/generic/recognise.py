"""Which format a file is in, told from its first bytes and its name.

Owns: the rule. A name ending in .csv, .tsv or .tab is a table. Otherwise content decides: `PAR1` begins
Parquet; an object on the first line, JSONL; an array of objects, an object over several lines or several
on one line, JSON; anything else is lines of text (or, where the name ends in .json, .jsonl or .ndjson,
JSONL: there a line that is no object is damage).
"""

import re
from typing import NamedTuple

import orjson

from cecil.errors import SourceError
from cecil.providers.generic.json_text import Boundaries
from cecil.providers.generic.text_source import SAMPLE, UTF8, TextSource, guessed
from cecil.stream.formats import PARQUET, check_lines, format_of, stem

FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "text")
DELIMITERS = (",", ";", "\t", "|")

_BLANK = b" \t\r\n"
_LOOK = 1 << 20
"""Bytes of a first line that are looked at before it is taken for one of JSONL."""

# What tells `{"a"` and `[{` from `{worker-3} started` and `[2024-05-01] started`.
_OBJECT = re.compile(rb'\{[ \t\r\n]*["}]')
_ARRAY = re.compile(rb'\[[ \t\r\n]*(?:\]|\{[ \t\r\n]*["}])')
_BEGINNING = re.compile(rb"[\[{][ \t\r\n\[{]*\Z")


class Shape(NamedTuple):
    """How a file is read.

    Attributes:
        format: one of `FORMATS`, without tsv.
        encoding: Python's name; of Parquet None.
        delimiter: of a table, else None.
    """

    format: str
    encoding: str | None
    delimiter: str | None = None


def recognise(source: TextSource, wanted: str = "auto", delimiter: str | None = None) -> Shape:
    """The shape of a source; settles `source.encoding`.

    Args:
        wanted: a format, or auto.
        delimiter: of a table; None to recognise it.

    Raises:
        SourceError: a table's encoding cannot be told, or it is a zip archive.
    """
    kind = wanted if wanted != "auto" else _format(source)
    if kind == "parquet":
        return Shape("parquet", None)
    if kind in ("jsonl", "json"):
        return Shape(kind, source.encoding or UTF8)
    if source.encoding is None:
        source.encoding = _encoding(source, kind)
    if kind == "text":
        return Shape("text", source.encoding)
    if delimiter is None:
        likely = "\t" if format_of(source.name) == "tsv" else ","
        delimiter = "\t" if kind == "tsv" else _delimiter(source, likely)
    return Shape("csv", source.encoding, delimiter)


def _format(source: TextSource) -> str:
    if source.head().startswith(PARQUET):
        return "parquet"
    check_lines(source.head(), source.name)
    said = format_of(source.name)
    if said == "parquet":
        return said
    if said in ("csv", "tsv"):
        return "csv"
    # White space before the first record is looked past, but not without end: memory is flat.
    while (kind := _json(source.start(), ended=source.ended or len(source.head()) > 2 * _LOOK)) is None:
        source.more()
    return "jsonl" if kind == "text" and (said == "jsonl" or stem(source.name).endswith(".json")) else kind


def over_lines(head: bytes) -> bool:
    """Whether a file that begins so is JSON, but not one record a line."""
    if _json(head, ended=True) != "json":
        return False
    try:
        orjson.loads(head.lstrip(_BLANK).partition(b"\n")[0])
    except orjson.JSONDecodeError:
        return True
    return False


def _json(start: bytes, *, ended: bool) -> str | None:
    """jsonl, json or text; None when more bytes are needed."""
    start = start.lstrip(_BLANK)
    enough = ended or len(start) >= _LOOK
    if not start:
        return "jsonl" if ended else None
    if _BEGINNING.match(start):
        return "text" if enough else None
    if _ARRAY.match(start):
        return "json"
    if not _OBJECT.match(start):
        return "text"
    line, newline, rest = start.partition(b"\n")
    at = Boundaries()
    at.begin(line, 0)
    end = at.advance(line, 0)
    if end >= 0:
        # One object on the line, or several.
        return "json" if line[end:].lstrip(_BLANK).startswith(b"{") else "jsonl"
    if not newline:
        return "jsonl" if enough else None
    # An object that its line does not close: pretty-printed, or a damaged line of JSONL?
    rest = rest.lstrip(_BLANK)
    if not rest:
        return "jsonl" if enough else None
    return "jsonl" if rest.startswith(b"{") and not line.rstrip().endswith((b"[", b":", b",")) else "json"


def _encoding(source: TextSource, kind: str) -> str:
    # A file can be looked at without anybody waiting.
    while source.input.size is not None and not source.ended and len(source.head()) < SAMPLE:
        source.more()
    found = guessed(source.head(), ended=source.ended)
    if found is None and kind != "text":
        raise SourceError("the encoding cannot be told", where=source.name, hint="--encoding NAME")
    return found or UTF8


def _delimiter(source: TextSource, fallback: str) -> str:
    """The delimiter that cuts the first rows into equally many fields, two or more."""
    import csv

    start = source.start().decode(UTF8, "surrogateescape")
    # csv.reader takes the lines as a file gives them; str.splitlines knows other ends of lines too.
    lines = [line + "\n" for line in start.split("\n", 100)]
    if len(lines) > 1:
        lines.pop()  # empty, cut off in the middle, or the whole rest
    best, best_score = fallback, (0.0, 1)
    for candidate in DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        if rows and len(rows[0]) > 1:
            equal = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
            best, best_score = max(
                (best, best_score), (candidate, (equal, len(rows[0]))), key=lambda item: item[1]
            )
    return best
