"""Records to files: the formats, and where their bytes go.

A writer (jsonl, delimited, parquet) turns records into bytes and knows nothing of files; a sink
(`sinks`) takes bytes and knows nothing of formats. Refuses: to lose a value quietly. What a format
cannot hold is an error that names the column and the line.
"""

from typing import NamedTuple

from cecil.stream.compression import CODECS
from cecil.writers.base import Plan, Sink, Writer

__all__ = ["FORMATS", "Format", "Plan", "Sink", "Writer", "format_of", "writer_for"]


class Format(NamedTuple):
    """A format by name, and the suffixes that ask for it."""

    name: str
    suffixes: tuple[str, ...]


FORMATS = (
    Format("jsonl", (".jsonl", ".ndjson")),
    Format("csv", (".csv",)),
    Format("tsv", (".tsv", ".tab")),
    Format("parquet", (".parquet", ".pq")),
)


def format_of(path: str) -> str | None:
    """The format that a file's name asks for, with or without a compression's suffix behind it."""
    name = path.lower()
    for codec in CODECS:
        name = name.removesuffix(codec.suffix)
    return next((f.name for f in FORMATS if name.endswith(f.suffixes)), None)


def writer_for(name: str) -> type[Writer]:
    """The writer of a format, loaded with what it needs.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    if name == "parquet":
        from cecil.writers.parquet import ParquetWriter

        return ParquetWriter
    if name == "jsonl":
        from cecil.writers.jsonl import JsonlWriter

        return JsonlWriter
    from cecil.writers.delimited import CsvWriter, TsvWriter

    return TsvWriter if name == "tsv" else CsvWriter
