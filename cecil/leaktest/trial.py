"""One run of the real command over planted lines, and the search of all that it wrote.

Owns: the stream that goes in (with values over the borders of the blocks that are read), the processes, and
which line of the output is which of the input: what was not written has a row in the quarantine, and the
order stays. Refuses: to judge a run that failed, or one whose lines do not add up.

The quarantine's file is meant to hold records as they came: its rows are searched without `raw` and
`raw_base64`, and its mode has to be 0600.
"""

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

import orjson

from cecil.errors import CecilError, OutputError, reason
from cecil.leaktest.plants import BORDER, Plant
from cecil.leaktest.residue import Net, Seen, Wanted
from cecil.leaktest.sample import Carrier
from cecil.stream.dying import at_death

STDOUT = "stdout"
_REDACT_OUTPUTS = ("audit", "stats", "manifest")
_MOST_TOLD = 400


class Leak(NamedTuple):
    """A value that is left somewhere.

    Attributes:
        number: of the plant in its run, from 0.
        output: `stdout`, `stderr`, `audit`, ...; `another line` for a line that is not the value's own.
        what: `whole` or `part`.
    """

    number: int
    output: str
    what: str


class Result(NamedTuple):
    """What became of the plants of a run.

    Attributes:
        leaks: what is left, each value once for an output.
        quarantined: the numbers of plants that went there.
        over_border: how many stood over a border of blocks.
    """

    leaks: list[Leak]
    quarantined: frozenset[int]
    over_border: int


class Stream(NamedTuple):
    """Planted lines as bytes.

    Attributes:
        data: the stream; its last line has no end.
        owners: by line, the number of the plant, -1 for one that only fills.
        over_border: how many values stand over a border.
    """

    data: bytes
    owners: list[int]
    over_border: int


def stream(plants: Sequence[Plant], form: str) -> Stream:
    """The lines of some plants, with fillers so that values stand over the borders of what is read."""
    lines: list[bytes] = []
    owners: list[int] = []
    size = 0
    over = 0
    for number, plant in enumerate(plants):
        line = plant.line.encode()
        border = (size // BORDER + 1) * BORDER
        # The middle of the value, roughly: encoded ones are longer, and stand in the same part of the line.
        middle = _middle(plant)
        if size + 3 * len(line) + 64 > border and size + middle + 24 < border:
            filler = _filler(border - size - middle - 1, form)
            lines.append(filler)
            owners.append(-1)
            size += len(filler) + 1
        over += size < border < size + len(line) and abs(border - size - middle) <= 4
        lines.append(line)
        owners.append(number)
        size += len(line) + 1
    return Stream(b"\n".join(lines), owners, over)


def _middle(plant: Plant) -> int:
    at = plant.line.find(plant.value.text)
    if at < 0:
        return len(plant.line.encode()) // 2
    return len(plant.line[:at].encode()) + len(plant.value.text.encode()) // 2


def _filler(size: int, form: str) -> bytes:
    """A line of so many bytes that says nothing."""
    head, tail = (b"", b"") if form == "text" else (b'{"n":1,"of":"', b'"}')
    words = b"one and the other " * (size // 18 + 1)
    return (
        head
        + words[: size - len(head) - len(tail)].rstrip(b" ").ljust(size - len(head) - len(tail), b".")
        + tail
    )


class Command(NamedTuple):
    """What is tested.

    Attributes:
        program: the words that run cecil-redact.
        options: the user's own.
        writer: the words that run cecil-write, where its Parquet files are searched too; else none.
    """

    program: tuple[str, ...]
    options: tuple[str, ...]
    writer: tuple[str, ...] = ()


class Trial:
    """Runs in a folder of their own.

    Args:
        command: what is tested.
        folder: an empty one; it is the caller's to remove.
        form: what `--format` of the command says.
    """

    def __init__(self, command: Command, folder: str, form: str) -> None:
        self._command = command
        self._folder = folder
        self._form = form

    def left(self, carriers: Sequence[Carrier]) -> list[Carrier]:
        """The same places, each with what the command leaves of its record where nothing is planted.

        Six digits of a number can stand in the first day of a year, which is all that a policy leaves of a
        date: what stands there anyway is no residue.

        Raises:
            LeaktestError: as `run`.
        """
        lines = list(dict.fromkeys(one.line for one in carriers))
        self._write("input", "\n".join(lines).encode())
        self._redact()
        left = {lines[at]: text for at, text in self._written(len(lines), self._quarantined())}
        return [one._replace(left=left.get(one.line, "")) for one in carriers]

    def run(self, plants: Sequence[Plant], wanted: Sequence[Wanted]) -> Result:
        """One run.

        Args:
            wanted: for each plant, what is looked for.

        Raises:
            LeaktestError: the command failed, or wrote what cannot be matched with what it read.
            BlindError: the search does not see a value in what is planted.
        """
        fed = stream(plants, self._form)
        self._write("input", fed.data)
        blind = [
            number for number, plant in enumerate(plants) if wanted[number].left(Seen(plant.line)) != "whole"
        ]
        if blind:
            raise BlindError(blind)
        self._redact()
        gone = self._quarantined()
        net = Net([one.whole for one in wanted])
        leaks = list(self._own_lines(fed, gone, wanted, net))
        for name in ("stderr", *_REDACT_OUTPUTS, "quarantine"):
            leaks += [Leak(number, name, "whole") for number in self._in_file(name, net)]
        if self._command.writer:
            leaks += [Leak(number, "parquet", "whole") for number in self._in_parquet(net)]
        quarantined = frozenset(fed.owners[line] for line in gone)
        return Result(leaks, quarantined, fed.over_border)

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _write(self, name: str, data: bytes) -> None:
        try:
            with open(os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
        except OSError as error:
            raise OutputError(reason(error, "cannot be written"), where=self._path(name)) from None

    def _redact(self) -> None:
        outputs = [f"--{name}" if name != "stats" else "--stats-file" for name in _REDACT_OUTPUTS]
        for name in ("quarantine", *_REDACT_OUTPUTS):
            if os.path.exists(self._path(name)):
                os.unlink(self._path(name))
        argv = [*self._command.program, *self._command.options, "--quarantine", self._path("quarantine")]
        for option, name in zip(outputs, _REDACT_OUTPUTS, strict=True):
            argv += [option, self._path(name)]
        status = self._call(argv, "input", STDOUT)
        if status not in (0, 3):
            raise LeaktestError(
                f"cecil-redact ended with status {status}: {self._said()}",
                hint="run it with the same options",
            )

    def _call(self, argv: Sequence[str], source: str, target: str) -> int:
        with (
            open(self._path(source), "rb") as stdin,
            open(self._path(target), "wb") as stdout,
            open(self._path("stderr"), "wb") as stderr,
        ):
            try:
                return subprocess.run(argv, stdin=stdin, stdout=stdout, stderr=stderr, check=False).returncode
            except OSError as error:
                raise LeaktestError(f"{argv[0]} cannot be run: {reason(error)}") from None

    def _said(self) -> str:
        """What the command said last; its messages hold no values, which is tested as well."""
        with open(self._path("stderr"), errors="replace") as file:
            lines = [line.strip() for line in file if not line.startswith("hint:")]
        return lines[-1][:_MOST_TOLD] if lines else "it said nothing"

    def _quarantined(self) -> set[int]:
        """The lines, from 0, that were not written."""
        path = self._path("quarantine")
        if not os.path.exists(path):
            return set()
        if stat.S_IMODE(os.stat(path).st_mode) != 0o600:
            raise LeaktestError("the quarantine can be read by others than its owner")
        found = set()
        rows = []
        with open(path, "rb") as file:
            for line in file:
                row = orjson.loads(line)
                found.add(row["line"] - 1)
                rows.append({name: value for name, value in row.items() if name not in ("raw", "raw_base64")})
        # In the place of the rows: what is searched.
        self._write("quarantine", b"".join(orjson.dumps(row) + b"\n" for row in rows))
        return found

    def _own_lines(self, fed: Stream, gone: set[int], wanted: Sequence[Wanted], net: Net) -> Iterator[Leak]:
        for at, text in self._written(len(fed.owners), gone):
            owner = fed.owners[at]
            seen = Seen(text)
            if owner >= 0:
                left = wanted[owner].left(seen)
                if left:
                    yield Leak(owner, STDOUT, left)
            for number in net.caught(seen.bare) - {owner}:
                yield Leak(number, "another line", "whole")

    def _written(self, count: int, gone: set[int]) -> Iterator[tuple[int, str]]:
        """The lines of the output, each with the number of the line of the input that it was."""
        lines = (at for at in range(count) if at not in gone)
        with open(self._path(STDOUT), "rb") as file:
            for raw in file:
                at = next(lines, None)
                if at is None:
                    raise LeaktestError("there are more lines in the output than there should be")
                yield at, raw.decode("utf-8", "replace")
        if next(lines, None) is not None:
            raise LeaktestError("lines are missing in the output, and are not in the quarantine either")

    def _in_file(self, name: str, net: Net) -> set[int]:
        found: set[int] = set()
        path = self._path(name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                for raw in file:
                    found |= net.caught(Seen(raw.decode("utf-8", "replace")).bare)
        return found

    def _in_parquet(self, net: Net) -> set[int]:
        """What is in the file that cecil-write makes of the output."""
        records = self._path("records")
        with open(self._path(STDOUT), "rb") as file, open(records, "wb") as kept:
            kept.writelines(line for line in file if line.startswith(b"{"))
        target = self._path("out.parquet")
        more = ["--force", "--extra", "drop", "-q"]
        argv = [*self._command.writer, *more, "--quarantine", self._path("write-quarantine"), "-o", target]
        status = self._call(argv, "records", "write-stdout")
        if status not in (0, 3):
            raise LeaktestError(f"cecil-write ended with status {status}: {self._said()}")
        found: set[int] = set()
        for text in parquet_texts(target):
            found |= net.caught(Seen(text).bare)
        return found


_PIECE = 1 << 16
_OVER = 1 << 10
"""Characters of a piece that the next one begins with: no value is longer."""


def parquet_texts(path: str) -> Iterator[str]:
    """Every text that a Parquet file holds: the values in its pages, its names and statistics, and its bytes.

    Pages are decompressed and decoded. The bytes are those of the same pages without compression too, for
    what is in a dictionary, or behind the last row, and is no value.

    Raises:
        LeaktestError: it is not whole.
    """
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file, open(path, "rb") as raw:
            yield str(file.schema)
            metadata = file.metadata
            for name, value in (metadata.metadata or {}).items():
                yield from (name.decode("utf-8", "replace"), value.decode("utf-8", "replace"))
            for group in range(metadata.num_row_groups):
                for column in range(metadata.num_columns):
                    about = metadata.row_group(group).column(column).statistics
                    if about is not None and about.has_min_max:
                        yield from (str(about.min), str(about.max))
                yield from _values(file, group)
            yield from _pieces(raw)
            plain = io.BytesIO()
            with pq.ParquetWriter(plain, file.schema_arrow, compression="none") as writer:
                for group in range(metadata.num_row_groups):
                    writer.write_table(file.read_row_group(group))
            yield from _pieces(io.BytesIO(plain.getvalue()))
    except (pa.ArrowException, OSError, ValueError):
        raise LeaktestError("the Parquet file is damaged") from None


def _values(file: Any, group: int) -> Iterator[str]:
    for batch in file.iter_batches(batch_size=256, row_groups=[group]):
        for row in batch.to_pylist():
            yield orjson.dumps(row, default=str).decode()


def _pieces(file: IO[bytes]) -> Iterator[str]:
    """Bytes as text; what is not text parts it."""
    rest = b""
    while data := file.read(_PIECE):
        yield (rest + data).decode("latin-1")
        rest = data[-_OVER:]


class LeaktestError(CecilError):
    """The command could not be tested."""


class BlindError(LeaktestError):
    """The search itself does not see what is planted: a bug of ours, or a value that hides itself.

    Attributes:
        numbers: of the plants.
    """

    status = 70

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(f"the search sees {len(numbers)} of the planted values not even in the input")
        self.numbers = numbers


@contextlib.contextmanager
def folder(kept: str | None) -> Iterator[str]:
    """A folder for the files of a trial: a new one that is kept, or one that is gone afterwards.

    Raises:
        OutputError: it is there already, or cannot be made.
    """
    if kept is None:
        with (
            tempfile.TemporaryDirectory(prefix="cecil-leaktest-") as made,
            at_death(lambda: shutil.rmtree(made, ignore_errors=True)),  # the user's records are in it
        ):
            yield made
        return
    try:
        os.mkdir(kept, 0o700)
    except OSError as error:
        raise OutputError(reason(error, "cannot be made"), where=kept) from None
    yield os.path.abspath(kept)
