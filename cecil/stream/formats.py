"""What a file's name and its first bytes say of its format.

Owns: the suffixes and Parquet's mark. Refuses: to open a file, and to guess.
"""

from cecil.stream.compression import codec_for

PARQUET = b"PAR1"
"""How a Parquet file begins."""

_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}


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
