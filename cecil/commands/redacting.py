"""One run of cecil-redact over its inputs: blocks to workers and back, and what is told of them.

Owns: the order of everything that a run writes. It is that of the input, in every output, for any number
of workers.
"""

import argparse
import contextlib
import os
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

from cecil.commands.boundary import message
from cecil.commands.manifest import Told
from cecil.commands.misspelled import Misspelled
from cecil.commands.reading import open_reader
from cecil.errors import RecordError, SourceError
from cecil.providers.generic.recognise import over_lines
from cecil.report.diff import changed, diff
from cecil.report.findings import Form, Jsonl, Sarif, Text
from cecil.sanitizer.armor import Inside
from cecil.sanitizer.blocks import BlockFilter, Outcome
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.stream.input import STDIN_NAME, Input
from cecil.stream.lines import Block
from cecil.stream.markers import Marker, disguise
from cecil.stream.output import Output, private_file
from cecil.stream.progress import Progress
from cecil.stream.quarantine import Quarantine, Sink
from cecil.stream.workers import BLOCK, MOST, Alone, Pool, usable_cores

BUSY = 1 << 20
"""Bytes that come without a wait before an input is worth workers."""

NOT_A_LINE = "JSON, but not one record a line: it is read as lines of text, which have no fields"


class Run:
    """One run over several inputs.

    Args:
        program: the command's name, for messages.
        args: as parsed.
        manifest: is told of all that goes in, and what was done.

    Attributes:
        findings: how many there are of each entity.
        over_lines: whether an input is JSON that is not one record a line, and is read as text.
    """

    def __init__(
        self,
        program: str,
        args: argparse.Namespace,
        sanitizer: Sanitizer,
        quarantine: Quarantine,
        output: Output,
        manifest: Told | None = None,
    ) -> None:
        self._program = program
        self._args = args
        self._sanitizer = sanitizer
        self._policy = sanitizer.policy.digest
        self._models = sanitizer.models
        self._quarantine = quarantine
        self._output = output
        self._counts = quarantine.counts
        self._form = _form(args)
        self._audit = private_file(args.audit) if args.audit else None
        self._colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._records = not (args.check or args.explain or args.diff)
        self._manifest = manifest
        collect = bool(self._form or self._audit or args.diff or manifest)
        self._filter = BlockFilter(sanitizer, args.format, collect=collect)
        self._keeper = self._filter.keeper()
        self._work = _Work(self._filter)
        self._line: Alone[Outcome] = Alone(self._work)
        self._jobs: int | None = 1 if args.diff else args.jobs
        self._unwaited = 0
        self._source: Input | None = None
        self._name = ""
        self._batch = _Batch()
        self._ended = True
        self._marked = False
        self._before = copy(self._counts)
        self.findings: Counter[str] = Counter()
        self._progress = Progress(False if args.quiet else None)
        told = not args.quiet and args.format != "text"
        self.over_lines = False
        self._misspelled = Misspelled(program, sanitizer) if told else None
        if self._form:
            output.write(self._form.begin())

    def file(self, path: str) -> None:
        """Redact one input.

        Raises:
            SourceError, TruncatedError, WorkerError, OutputError, ClosedPipe: what was judged before
                is written.
        """
        self._then(self._next_file)
        self._keeper = self._filter.keeper()
        quarantine = _InTurn(self._quarantine, self._drain)
        first = True
        try:
            opened = self._manifest.opened if self._manifest else None
            with open_reader(
                self._program, path, self._args, quarantine, self._before_wait, opened=opened
            ) as reader:
                self._source = reader.source
                for item in reader:
                    if isinstance(item, Marker):
                        self._then(partial(self._marker, item))
                    else:
                        self._block(item, reader.name, first)
                        first = False
                    self._progress.update(self._counts.read, reader.source.consumed, reader.source.size)
                self._release()
        except SourceError:
            self._drain()
            raise
        finally:
            self._source = None

    def close(self) -> None:
        """Wait for what is under way, and let the workers go.

        Raises:
            WorkerError: one died.
        """
        self._send()
        self._line.close()

    def kill(self) -> None:
        """Let the workers go as they are; does nothing after `close`."""
        self._line.kill()
        self._progress.clear()

    def end(self, *, complete: bool) -> None:
        """The end of the reports; the audit is safe on disk when this returns.

        Raises:
            OutputError: it could not be written.
        """
        self._progress.clear()
        if self._misspelled:
            self._misspelled.tell()
        if self._audit:
            self._audit.close()
        if self._form:
            self._output.write(self._form.end(complete=complete, quarantined=self._counts.quarantined))

    def _next_file(self) -> None:
        self._marked = False
        self._before = copy(self._counts)
        if not self._ended:
            self._write(b"\n")  # the input before this one had no newline at its end

    def _marker(self, marker: Marker) -> None:
        """Pass a marker on: `begin` learns the policy, `end` what became of the records."""
        body = self._judged(marker)
        now, before = self._counts, self._before
        if marker.kind == "begin":
            self._marked = True
            self._before = copy(now)
            body["policy"] = self._policy
            body["models"] = self._models
        elif marker.kind == "end":
            body["records"] = now.written - before.written
            body["redact"] = {
                "written": now.written - before.written,
                "quarantined": now.quarantined - before.quarantined,
            }
        self._write(marker._replace(body=body).line())

    def _judged(self, marker: Marker) -> dict[str, Any]:
        """What a marker says, less what the policy refuses of what it does not say by itself."""
        body = dict(marker.body)
        for name, value in marker.free().items():
            with contextlib.suppress(RecordError):
                if isinstance(value, str):
                    body[name] = self._sanitizer.redact_text(value)[0]
                    continue
                new, _ = self._sanitizer.redact({name: value})
                if new == {name: value}:
                    continue
            del body[name]
        return body

    def _block(self, block: Block, name: str, first: bool) -> None:
        self._hire(len(block.data))
        if first and block.data.startswith(BOM_UTF8):
            self._then(partial(self._write, BOM_UTF8))
            block = block._replace(data=block.data[len(BOM_UTF8) :])
        self._name = name
        if first and self._args.format == "auto" and over_lines(block.data):
            self.over_lines = True
            if not self._args.quiet:
                message(self._program, f"{name}: {NOT_A_LINE}", remedy(name))
        if self._misspelled:
            self._misspelled.see(block.data)
        kept = self._keeper.add(block)
        if kept:
            self._put(*kept)

    def _put(self, block: Block, inside: Inside | None = None) -> None:
        if inside:
            # What a key began in an earlier block needs to be told of it: that is rare, and done here.
            self._send()
            self._line.wait(None)
            batch = _Batch()
            batch.add(block, self._name)
            self._done(batch, *self._work(block.data, inside))
            return
        if not self._batch.takes(block, self._name):
            self._send()
        self._batch.add(block, self._name)
        if not isinstance(self._line, Pool):
            self._send()

    def _hire(self, size: int) -> None:
        """Start workers when they are asked for, or when the input is one that keeps them busy."""
        if self._jobs == 1:
            return
        self._unwaited += size
        known = self._source.size or 0 if self._source else 0
        if self._jobs is None:
            if max(self._unwaited, known) < BUSY:
                return
            self._jobs = min(usable_cores(), MOST)
        if self._jobs > 1:
            self._line = Pool(self._work, self._jobs)
        self._jobs = 1  # decided

    def _send(self) -> None:
        if self._batch.pieces:
            batch, self._batch = self._batch, _Batch()
            self._line.put(batch.pieces, partial(self._done, batch))

    def _release(self) -> None:
        """What waits for the lines behind it goes on: there are none, or something else comes between."""
        held = self._keeper.rest()
        if held:
            self._put(held)
        self._send()

    def _then(self, action: Callable[[], None]) -> None:
        self._release()
        self._line.then(action)

    def _drain(self) -> None:
        self._release()
        self._line.wait(None)

    def _before_wait(self) -> None:
        """The input has nothing at the moment: what there is goes out."""
        self._unwaited = 0
        self._send()
        self._line.wait(self._source)
        self._output.flush()

    def _done(self, batch: "_Batch", data: bytes, outcome: Outcome) -> None:
        name, first = batch.name, batch.first
        self._counts.written += outcome.written
        for line, reason, raw in outcome.refused:
            self._quarantine.add(name, first + line, reason, raw)
        self.findings.update(outcome.found)
        if self._manifest:
            self._manifest.done.update((one.entity, one.action) for _, one in outcome.findings)
        if self._audit and outcome.findings:
            rows = Jsonl()
            self._audit.write(b"".join(rows.finding(name, first + n, one) for n, one in outcome.findings))
            self._audit.flush()  # a row is in the file before its record is on its way
        if self._form:
            self._output.write(self._told(self._form, name, first, outcome))
        elif self._args.diff:
            self._output.write(self._differences(batch, data, outcome))
        self._write(disguise(data) if self._marked else data)

    def _told(self, form: Form, name: str, first: int, outcome: Outcome) -> bytes:
        rows = [(line, form.finding(name, first + line, one)) for line, one in outcome.findings]
        if self._args.explain:
            rows += [(line, form.miss(name, first + line, one)) for line, one in outcome.misses]
            rows.sort(key=lambda row: row[0])
        return b"".join(row for _, row in rows)

    def _differences(self, batch: "_Batch", data: bytes, outcome: Outcome) -> bytes:
        before = Block(b"".join(batch.pieces), batch.first).lines()
        entities: dict[int, list[str]] = {}
        for line, one in outcome.findings:
            entities.setdefault(line, []).append(one.entity)
        others = changed(before, Block(data, 0).lines(), (one.line for one in outcome.refused))
        return b"".join(
            diff(f"{batch.name}:{batch.first + n}", before[n], new, entities.get(n, ()), colour=self._colour)
            for n, new in others.items()
        )

    def _write(self, data: bytes) -> None:
        if data:
            self._ended = data.endswith(b"\n")
        if self._records:
            self._output.write(data)


def remedy(name: str) -> str:
    """What reads JSON over several lines as records."""
    return f"cecil-fetch {'stdin' if name == STDIN_NAME else 'file FILE'} | cecil-redact reads its records"


class _Work:
    """What a worker does with a block."""

    def __init__(self, judge: BlockFilter) -> None:
        self._filter = judge

    def __call__(self, data: bytes, inside: Inside | None = None) -> tuple[bytes, Outcome]:
        outcome = self._filter.judge(data, inside)
        return outcome.data, outcome._replace(data=b"")


class _Batch:
    """Blocks of one input without a gap between them: they travel together."""

    def __init__(self) -> None:
        self.name = ""
        self.first = 0
        self.pieces: list[bytes] = []
        self._next = 0
        self._size = 0

    def takes(self, block: Block, name: str) -> bool:
        return not self.pieces or (
            name == self.name and block.first == self._next and self._size + len(block.data) <= BLOCK
        )

    def add(self, block: Block, name: str) -> None:
        if not self.pieces:
            self.name, self.first = name, block.first
        self.pieces.append(block.data)
        self._size += len(block.data)
        lines = block.data.count(b"\n") if block.newlines is None else block.newlines
        self._next = block.first + lines


class _InTurn(Quarantine):
    """The quarantine as the reader sees it: a line that is too long goes there when its turn has come."""

    def __init__(self, real: Quarantine, turn: Callable[[], None]) -> None:
        self.counts = real.counts
        self._real = real
        self._turn = turn

    def add(self, source: str, line: int, reason: str, raw: bytes) -> None:
        self._turn()
        self._real.add(source, line, reason, raw)

    def stream(self, source: str, line: int, reason: str) -> Sink:
        self._turn()
        return self._real.stream(source, line, reason)


def _form(args: argparse.Namespace) -> Form | None:
    """The report that is asked for; none with a bare `--check -q`, of which only the status is wanted."""
    if args.sarif:
        return Sarif()
    if args.json:
        return Jsonl()
    if args.explain:
        return Text(long=True)
    return Text() if args.check and not args.quiet else None
