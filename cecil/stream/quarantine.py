"""Where records go that could not be judged: a file of JSONL rows, mode 0600.

Owns: the rows `{"source","line","reason","raw"}`. `raw` is the record as text; where it is not UTF-8,
or too long to be held, `raw_base64` stands in its place. Refuses: to lose a row (a full disk ends the
run), and to say a record's content anywhere but in `raw`.
"""

import base64
import os
import time
from types import TracebackType

import orjson

from cecil.errors import OutputError
from cecil.stream.counts import Counts
from cecil.stream.output import Output, output_error, private_file

REASONS = 3
"""How many different reasons a run names at its end."""


class Quarantine:
    """Rows are appended; the file is made with the first one.

    Args:
        path: the file; None for a new one below `$XDG_STATE_HOME/cecil/quarantine`.
        command: names the default file.

    Attributes:
        counts: the run's counts; `add` and `stream` count what they take as quarantined.
        first: the place of the first row of a reason, as `file:line`, for the first few reasons. (There
            can be as many as there are columns in a line; memory is flat.)
    """

    def __init__(self, path: str | None = None, command: str = "cecil") -> None:
        self.counts = Counts()
        self.first: dict[str, str] = {}
        self._path = path
        self._command = command
        self._output: Output | None = None

    @property
    def path(self) -> str:
        """The file's path; made up at first use when none was given."""
        if self._path is None:
            # The process id keeps two runs of one second apart.
            stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            name = f"{self._command}-{stamp}-{os.getpid()}.jsonl"
            self._path = os.path.join(state_folder(), "quarantine", name)
        return self._path

    def add(self, source: str, line: int, reason: str, raw: bytes) -> None:
        """Put one record into quarantine.

        Args:
            source: the input's name.
            line: its line (or record) number there, from 1.
            reason: why; holds no value from the record.
            raw: the record's bytes as they came.

        Raises:
            OutputError: the row could not be written.
        """
        row: dict[str, object] = {"source": source, "line": line, "reason": reason}
        try:
            row["raw"] = raw.decode()
        except UnicodeDecodeError:
            row["raw_base64"] = base64.b64encode(raw).decode()
        self._open().write(_dumps(row) + b"\n")
        self._noted(source, line, reason)

    def stream(self, source: str, line: int, reason: str) -> "Sink":
        """A row whose record is written piece by piece; use it in a `with`."""
        row = _dumps({"source": source, "line": line, "reason": reason})
        self._open().write(row[:-1] + b',"raw_base64":"')
        self._noted(source, line, reason)
        return Sink(self._open())

    def _noted(self, source: str, line: int, reason: str) -> None:
        self.counts.quarantined += 1
        if len(self.first) < REASONS:
            self.first.setdefault(reason, f"{source}:{line}")

    def _open(self) -> Output:
        if self._output is None:
            path = self.path
            try:
                os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
                self._output = private_file(path)
            except (OSError, OutputError) as error:
                failed = output_error(error, path) if isinstance(error, OSError) else error
                raise OutputError(
                    failed.message, where=path, hint="name another file with --quarantine FILE"
                ) from None
        return self._output

    def flush(self) -> None:
        if self._output:
            self._output.flush()

    def sync(self) -> None:
        """What is in quarantine is safe on disk."""
        if self._output:
            self._output.sync()

    def close(self) -> None:
        """Flush, sync and close; quarantined records are safe on disk before the run says so.

        Raises:
            OutputError: it could not be done.
        """
        if self._output:
            output, self._output = self._output, None
            output.close()


class Sink:
    """Base64 of a record of any length, in multiples of three bytes."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rest = b""

    def write(self, data: bytes) -> None:
        data = self._rest + data
        cut = len(data) - len(data) % 3
        self._rest = data[cut:]
        self._output.write(base64.b64encode(data[:cut]))

    def __enter__(self) -> "Sink":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.write(base64.b64encode(self._rest) + b'"}\n')


def _dumps(row: dict[str, object]) -> bytes:
    # A file name need not be UTF-8; Python holds such bytes as lone surrogates, which JSON cannot.
    row["source"] = str(row["source"]).encode("utf-8", "backslashreplace").decode()
    return orjson.dumps(row)


def state_folder() -> str:
    """`$XDG_STATE_HOME/cecil`; a relative setting is ignored, as the XDG specification says.

    Raises:
        OutputError: there is neither a setting nor a home.
    """
    base = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            raise OutputError("no home folder for the quarantine", hint="name a file with --quarantine FILE")
        base = os.path.join(home, ".local", "state")
    return os.path.join(base, "cecil")
