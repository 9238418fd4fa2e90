"""One run of cecil-redact --restore: tokens of encrypt back to values, with an audit of each.

Owns: the order in which things are safe: a row of the audit is in its file before the line is on its way.
A token that does not open stays as it is, and the run says so at its end and by its status.

Refuses: tables, in which a value would stand without the quotes that its comma needs.
"""

import argparse
import os
from codecs import BOM_UTF8
from collections import Counter
from copy import copy

import orjson

from cecil.commands.boundary import message
from cecil.commands.finish import QUARANTINED, finish
from cecil.commands.reading import check_inputs, is_parquet, open_reader
from cecil.errors import RecordError, SourceError, UsageError
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.restorer import Left, Restored, Restorer
from cecil.stream.formats import is_table
from cecil.stream.lines import Block
from cecil.stream.markers import Marker
from cecil.stream.output import Output, output_error, private_file
from cecil.stream.progress import Progress
from cecil.stream.quarantine import Quarantine, state_folder

AUDIT = "restored.jsonl"
"""The audit's name below the state folder, where none is given."""

_AS_RECORDS = "cecil-fetch file FILE | cecil-redact --restore ... | cecil-write -o FILE"


def restore(program: str, args: argparse.Namespace, keys: Keyring) -> int:
    """Restore all inputs; returns the exit status.

    Args:
        args: as parsed; `reason` is there.
        keys: those of `args.key_file`.

    Raises:
        UsageError: an input is a table; nothing was read.
        SourceError: an input is also written; nothing was read.
        SourceError, OutputError, ClosedPipe: what was restored before is written.
    """
    for path in args.file or []:
        if args.format == "auto" and (is_table(path) or is_parquet(path)):
            raise UsageError("a table, which is restored as records", where=path, hint=_AS_RECORDS)
    check_inputs(args)
    run = _Run(program, args, keys)
    try:
        for path in args.file or ["-"]:
            run.file(path)
    except SourceError:
        run.end(complete=False)
        raise
    return run.end(complete=True)


class _Run:
    def __init__(self, program: str, args: argparse.Namespace, keys: Keyring) -> None:
        self._program = program
        self._args = args
        self._restorer = Restorer(keys, args.format)
        self._quarantine = Quarantine(args.quarantine, program)
        self._counts = self._quarantine.counts
        self._audit = _audit(args.audit)
        self._output = Output()
        self._progress = Progress(False if args.quiet else None)
        self._restored: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._first = ""
        self._ended = True
        self._before = copy(self._counts)

    def file(self, path: str) -> None:
        """Restore one input.

        Raises:
            SourceError, TruncatedError, OutputError, ClosedPipe: what was restored before is written.
        """
        self._before = copy(self._counts)
        if not self._ended:
            self._write(b"\n")  # the input before this one had no newline at its end
        first = True
        try:
            with open_reader(self._program, path, self._args, self._quarantine, self._output.flush) as reader:
                for item in reader:
                    if isinstance(item, Marker):
                        self._marker(item)
                        continue
                    if first and item.data.startswith(BOM_UTF8):
                        self._write(BOM_UTF8)
                        item = item._replace(data=item.data[len(BOM_UTF8) :])
                    first = False
                    self._block(item, reader.name)
                    self._progress.update(self._counts.read, reader.source.consumed, reader.source.size)
        finally:
            self._progress.clear()

    def end(self, *, complete: bool) -> int:
        """Close everything, tell what happened; returns the exit status."""
        self._audit.close()
        more = {"restored": dict(self._restored), "left": dict(self._left)}
        status = finish(self._program, self._args, self._quarantine, self._output, more, complete=complete)
        restored = self._restored.total()
        if not self._args.quiet:
            message(self._program, f"{_values(restored)} brought back; the audit is {self._audit.name}")
        if not self._left:
            return status
        reasons = ", ".join(f"{count} {why}" for why, count in sorted(self._left.items()))
        message(
            self._program,
            f"{_tokens(self._left.total())} left as they came ({reasons}; first at {self._first})",
            "another --key-file may open what is of another key" if self._left["of another key"] else None,
        )
        return QUARANTINED

    def _marker(self, marker: Marker) -> None:
        """Pass a marker on; `end` learns how many records there are now."""
        body = dict(marker.body)
        if marker.kind == "begin":
            self._before = copy(self._counts)
        elif marker.kind == "end":
            body["records"] = self._counts.written - self._before.written
        self._write(marker._replace(body=body).line())

    def _block(self, block: Block, name: str) -> None:
        if not self._restorer.worth(block.data):
            lines = block.data.count(b"\n") + (not block.data.endswith(b"\n"))
            self._counts.written += lines
            self._write(block.data)
            return
        done: list[bytes] = []
        for number, line in enumerate(block.lines(), block.first):
            if self._restorer.worth(line):
                try:
                    line = self._line(line, name, number)
                except RecordError as error:
                    self._quarantine.add(name, number, error.message, line.rstrip(b"\r\n"))
                    continue
            self._counts.written += 1
            done.append(line)
        self._audit.flush()  # its rows are in the file before the lines are on their way
        self._write(b"".join(done))

    def _line(self, line: bytes, name: str, number: int) -> bytes:
        new, told = self._restorer.line(line)
        for one in told:
            if isinstance(one, Left):
                self._left[one.why] += 1
                self._first = self._first or f"{name}:{number}"
            else:
                self._restored[one.entity] += 1
                self._audit.write(self._row(one, name, number))
        return new

    def _row(self, one: Restored, name: str, number: int) -> bytes:
        row = {
            # A file name need not be UTF-8; Python holds such bytes as lone surrogates, which JSON cannot.
            "file": name.encode("utf-8", "backslashreplace").decode(),
            "line": number,
            "pointer": one.pointer,
            "start": one.start,
            "end": one.end,
            "entity": one.entity,
            "action": "restore",
            "key": one.key_id,
            "reason": self._args.reason,
        }
        return orjson.dumps(row) + b"\n"

    def _write(self, data: bytes) -> None:
        if data:
            self._ended = data.endswith(b"\n")
            self._output.write(data)


def _audit(path: str | None) -> Output:
    """The audit's file; it is appended to.

    Raises:
        OutputError: it cannot be opened.
    """
    if path is None:
        folder = state_folder()
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError as error:
            raise output_error(error, folder) from None
        path = os.path.join(folder, AUDIT)
    return private_file(path)


def _values(count: int) -> str:
    return "1 value is" if count == 1 else f"{count} values are"


def _tokens(count: int) -> str:
    return "1 token was" if count == 1 else f"{count} tokens were"
