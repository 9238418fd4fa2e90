"""What Spark's Python workers run.

Owns: batches in, batches out; what is made once a worker and not once a batch; and that no exception tells
what was in a batch. Policy and key come in a broadcast, or the key by a path that each worker reads: neither
is in what Spark shows or logs of a plan, which has only the names of these classes.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cecil.errors import CecilError, RecordError, SourceError, WorkerError
from cecil.sanitizer.blocks import BlockFilter, Outcome
from cecil.sanitizer.columns import Columns
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.spark.counting import Part
from cecil.stream.cache import FileCache
from cecil.stream.encode import dumps
from cecil.stream.lines import Block
from cecil.stream.workers import BLOCK

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 4
"""Sanitizers that a worker keeps."""

BROKEN = "__cecil_broken"
"""The column in which Spark puts a row of CSV that has not the columns of its header."""

REASON = "reason"
RAW = "raw"

_made: dict[str, Any] = {}
"""What was made in this worker, by the name of its recipe."""


class Secret(NamedTuple):
    """What a broadcast carries.

    Attributes:
        policy: that of the run.
        key: a keyring, or where each worker reads one; None for none.
        options: further arguments of `Sanitizer`.
        lean: whether workers do nothing else, so that of Presidio they load what they need alone.
    """

    policy: Policy
    key: Keyring | str | None
    options: dict[str, Any]
    lean: bool = False

    def __repr__(self) -> str:
        return "Secret()"

    def sanitizer(self) -> Sanitizer:
        """Raises UsageError: the key's file cannot be read, or something is wrong with the policy."""
        key: Any = self.key
        if isinstance(key, str):
            try:
                key = Keyring.parse(Path(key).read_bytes(), key)
            except OSError:
                raise SourceError("a worker cannot read the key file", where=key) from None
        if self.lean:
            from cecil.commands import lean

            lean.presidio()
        return Sanitizer(self.policy, key=key, cache=FileCache(), **self.options)


class Task:
    """Judges the batches of one partition; is called by Spark.

    Args:
        secret: a broadcast of a `Secret`.
        counts: an accumulator of `Part`s by partition; None where nobody counts.
        only: the partitions that are looked at; None for all.
    """

    def __init__(self, secret: Any, counts: Any = None, only: frozenset[int] | None = None) -> None:
        self.secret = secret
        self.counts = counts
        self.only = only
        self.name = uuid.uuid4().hex

    def __call__(self, batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        from pyspark import TaskContext

        context = TaskContext.get()
        number = context.partitionId() if context else 0
        if self.only is not None and number not in self.only:
            return
        part = Part()
        try:
            yield from self.judged(batches, part)
        except CecilError as error:
            raise type(error)(error.message, where=error.where, hint=error.hint) from None
        except Exception as error:
            raise WorkerError(f"{type(error).__name__} in {_place(error)}") from None
        if self.counts is not None:
            # A partition that is judged again (lost, tried twice, or asked for by another action) says so
            # again; one that is not judged to its end says nothing.
            self.counts.add({number: part})

    def judged(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        """What becomes of the batches.

        Args:
            part: all of them are counted there.
        """
        raise NotImplementedError

    def made(self, make: Callable[[], Any]) -> Any:
        """What is made once a worker."""
        if self.name not in _made:
            while len(_made) >= MOST:
                del _made[next(iter(_made))]
            _made[self.name] = make()
        return _made[self.name]


class Table(Task):
    """Judges rows of columns.

    Args:
        names: of the columns, which come without.
    """

    def __init__(self, names: list[str], *more: Any) -> None:
        super().__init__(*more)
        self.names = names

    def named(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        """The batches with their names; all that comes is counted as read."""
        for batch in batches:
            part.read += batch.num_rows
            yield batch.rename_columns(self.names)


class Redact(Table):
    """Rows that may go on."""

    def judged(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        columns = self.made(lambda: Columns(self.secret.value.sanitizer()))
        for whole in self.named(batches, part):
            batch, broken = _broken(whole)
            for why, _ in broken:
                part.refuse(why)
            made = columns.redact(batch, lambda number, record, why: part.refuse(why))
            part.written += made.num_rows
            yield made


class Refused(Table):
    """Rows that must not go on: why, and what they are, as JSON."""

    def judged(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        columns = self.made(lambda: Columns(self.secret.value.sanitizer()))
        for whole in self.named(batches, part):
            batch, rows = _broken(whole)
            add = rows.append
            columns.redact(batch, lambda number, record, why, add=add: add((why, dumps(record).decode())))
            part.written += len(rows)
            yield _quarantined(rows)


class RedactLines(Task):
    """Lines that may go on, of one column: a row for all of a block, without the last line break.

    Java takes a row at a time, and has nothing to say about lines.

    Args:
        form: as `BlockFilter` has it.
    """

    def __init__(self, form: str, *more: Any) -> None:
        super().__init__(*more)
        self.form = form

    def judged(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        for outcome in self.outcomes(batches, part):
            for one in outcome.refused:
                part.refuse(one.reason)
            part.written += outcome.data.count(b"\n")
            if outcome.data:
                yield _texts([outcome.data[:-1]])

    def outcomes(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> Iterator[Outcome]:
        """What became of the lines, block by block."""
        judge = self.made(lambda: BlockFilter(self.secret.value.sanitizer(), self.form))
        keeper = judge.keeper()
        for batch in batches:
            part.read += batch.num_rows
            for data in _blocks(batch.column(0)):
                kept = keeper.add(Block(data, 1))
                if kept:
                    yield judge.judge(kept[0].data, kept[1])
        rest = keeper.rest()
        if rest:
            yield judge.judge(rest.data)


class RefusedLines(RedactLines):
    """Lines that must not go on, and why."""

    def judged(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        for outcome in self.outcomes(batches, part):
            part.written += len(outcome.refused)
            yield _quarantined(
                [(one.reason, one.raw.decode("utf-8", "backslashreplace")) for one in outcome.refused]
            )


class Fingerprints(Table):
    """The fingerprints of rows that are calls, a line of JSON each; what is none is dropped or refused."""

    def judged(self, batches: "Iterable[pa.RecordBatch]", part: Part) -> "Iterator[pa.RecordBatch]":
        from cecil.fingerprint.adapters import Drop
        from cecil.fingerprint.fingerprinter import Fingerprinter
        from cecil.fingerprint.hashing import Hasher
        from cecil.fingerprint.prices import PriceList
        from cecil.sanitizer import arrow

        def make() -> Fingerprinter:
            key = self.secret.value
            return Fingerprinter(PriceList.packaged(), Hasher(key.derive("fingerprint")) if key else None)

        fingerprinter: Fingerprinter = self.made(make)
        for batch in self.named(batches, part):
            lines: list[bytes] = []
            for row in zip(*map(arrow.listed, batch.columns), strict=True):
                wrong: list[str] = []
                cells = (arrow.plain(value, wrong) for value in row)
                record = {
                    name: value for name, value in zip(self.names, cells, strict=True) if value is not None
                }
                try:
                    if wrong:
                        raise RecordError(wrong[0])
                    found = fingerprinter.of(record)
                except RecordError as error:
                    part.refuse(error.message)
                    continue
                if isinstance(found, Drop):
                    part.dropped += 1
                else:
                    lines += (one.to_bytes() for one in found)
            part.written += len(lines)
            yield _texts(lines)


_NO_TABLE = "not as many values as the header has columns"
_NO_UTF8 = "not valid UTF-8"
_LOST = "\ufffd"
"""What Spark puts where CSV is no UTF-8."""


def _broken(batch: "pa.RecordBatch") -> "tuple[pa.RecordBatch, list[tuple[str, str]]]":
    """Rows of CSV that have the columns of their header; and of all others why, and what they are.

    Octets that are no UTF-8 are lost in Spark already.
    """
    import pyarrow.compute as pc

    place = batch.schema.get_field_index(BROKEN)
    if place < 0:
        return batch, []
    raw = batch.column(place)
    whole = batch.filter(pc.is_null(raw)).remove_column(place)
    rows = [(_NO_TABLE, text) for text in raw.drop_null().to_pylist()]
    lost = reduce(pc.or_, (pc.fill_null(pc.match_substring(one, _LOST), False) for one in whole.columns))
    if pc.any(lost).as_py():
        rows += ((_NO_UTF8, dumps(row).decode()) for row in whole.filter(lost).to_pylist())
        whole = whole.filter(pc.invert(lost))
    return whole, rows


def _blocks(lines: "pa.Array") -> Iterator[bytes]:
    """Lines with their line breaks, in blocks as the commands have them: they fit a processor's cache."""
    import pyarrow as pa

    octets = lines.cast(pa.binary())  # Spark passes on what is no UTF-8
    each = -(-len(octets) // max(1, round(octets.nbytes / BLOCK)))
    for place in range(0, len(octets), each):
        yield b"\n".join(octets.slice(place, each).to_pylist()) + b"\n"


def _texts(texts: list[bytes]) -> "pa.RecordBatch":
    """UTF-8, in the one column `value`."""
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array(texts, pa.binary()).cast(pa.string())], names=["value"])


def _quarantined(rows: list[tuple[str, str]]) -> "pa.RecordBatch":
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(
        [pa.array([row[place] for row in rows], pa.string()) for place in (0, 1)], names=[REASON, RAW]
    )


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return (
        f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
    )
