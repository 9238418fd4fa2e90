"""What a file's name and its first bytes say of its format.

Owns: the suffixes, and the marks of files that have no lines. Refuses: to open a file, and to guess.
"""

from cecil.errors import SourceError
from cecil.stream.compression import codec_for

PARQUET = b"PAR1"
"""How a Parquet file begins."""

_THRIFT = b"\x15"
"""What Parquet's mark is followed by, and a line of text that begins as it does is not."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}


def check_lines(head: bytes, name: str) -> None:
    """Look at the beginning of an input that is read as lines.

    Raises:
        SourceError: it has none; the hint is what reads it.
    """
    if head.startswith(PARQUET + _THRIFT):
        hint = "cecil-fetch file FILE reads it, where it is a file"
        raise SourceError("Parquet, which has no lines", where=name, hint=hint)
    if head.startswith(_ZIP):
        hint = "unzip -p FILE gives what is in it"
        raise SourceError("a zip archive, which has no lines", where=name, hint=hint)


def stem(path: str) -> str:
    """A name in small letters, the suffix of a compression aside."""
    name = path.lower()
    codec = codec_for(name)
    return name.removesuffix(codec.suffix) if codec else name


def format_of(path: str) -> str | None:
    """jsonl, csv, tsv or parquet, as a name says, with or without a compression's suffix behind it."""
    name = stem(path)
    return next((form for suffix, form in _SUFFIXES.items() if name.endswith(suffix)), None)


def is_table(path: str) -> bool:
    """Whether a name says that a file is CSV or the like."""
    return format_of(path) in ("csv", "tsv")
