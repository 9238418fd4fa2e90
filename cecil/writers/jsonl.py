"""JSONL: records leave as the bytes that came. Nothing is parsed here; `stream.jsonl` has judged."""

from cecil.stream.jsonl import Records
from cecil.writers.base import Writer


class JsonlWriter(Writer):
    def write(self, records: Records) -> None:
        self._sink.write(records.data)
        self._quarantine.counts.written += records.count

    def close(self) -> None:
        return
