"""Records to files: the formats, and where their bytes go.

A writer (jsonl, delimited, parquet) turns records into bytes and knows nothing of files; a sink
(`sinks`) takes bytes and knows nothing of formats. Refuses: to lose a value quietly. What a format
cannot hold is an error that names the column and the line.
"""

from cecil.writers.base import Plan, Sink, Writer

__all__ = ["Plan", "Sink", "Writer", "writer_for"]


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
