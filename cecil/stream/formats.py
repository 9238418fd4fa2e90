"""What a file's name and its first bytes say of its format.

Owns: the suffixes, and the marks of files that have no lines. Refuses: to open a file, and to guess.
"""

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


def without_lines(head: bytes) -> tuple[str, str] | None:
    """What an input is whose beginning says that it has no lines, and what reads it; else None."""
    if head.startswith(PARQUET + _THRIFT):
        return (
            "Parquet, which has no lines",
            "cecil-fetch file FILE reads it, where it is a file",
        )
    if head.startswith(_ZIP):
        return "a zip archive, which has no lines", "unzip -p FILE gives what is in it"
    return None


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
