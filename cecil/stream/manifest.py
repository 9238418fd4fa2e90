"""The manifest of a run: what went in, what came out, by which policy and versions; and the chain of runs.

A file of manifests is JSONL: each run appends one line. Every line names the SHA-256 of the line before it,
and the first names none, so that none can be changed, put in or taken out but at the end; who wants to know
of that too keeps the hash of the last line elsewhere. A line is canonical JSON after RFC 8785: members
sorted, no blanks, no number but whole ones. A signature (Ed25519) is over the line without its member
`signature`.

Owns: the form, the hashing of what passes by, appending under a lock, and reading a chain. Rows of files are
kept on disk until their run ends, and the line is written in pieces: only who signs, or verifies, holds all
of it. Refuses: values from the input; it holds names of files and of entities, counts, and hashes.
"""

import base64
import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from cecil.errors import OutputError, SourceError, UsageError, reason
from cecil.stream.output import Output, output_error
from cecil.stream.signing import Signer, Verifier

VERSION = 1
LONGEST = 1 << 30
"""Bytes of a manifest: a run over two million files has as long a one."""

_PIECE = 1 << 20
_HELD = 1 << 17
"""Bytes of rows that are held in memory."""
_MARK = b',"manifest":%d,"' % VERSION
"""Stands in every manifest, and in no text within one, where quotes are escaped."""


def canonical(value: Any) -> bytes:
    """JSON of one spelling, RFC 8785. Names of members are ASCII here, so bytes sort as UTF-16 does."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(data: bytes) -> str:
    """`sha256:` and the hash."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class Seen:
    """A file as it passes by.

    Args:
        fd: an open descriptor of it.
        name: as the user gave it, or `<stdin>`, `<stdout>`.
    """

    def __init__(self, fd: int, name: str) -> None:
        self._hash = hashlib.sha256()
        self._size = 0
        self._name = name
        self._path, self._start = _file_of(fd, name)

    def update(self, data: bytes) -> None:
        """Some more bytes of it."""
        self._hash.update(data)
        self._size += len(data)

    def row(self) -> dict[str, Any]:
        """What a manifest says of it: `name`, `bytes`, `sha256`; where it is a file, `path` and `from`.

        A path that is not UTF-8 is `path_base64`.
        """
        row: dict[str, Any] = {"bytes": self._size, "sha256": self._hash.hexdigest()}
        row["name"] = self._name.encode("utf-8", "backslashreplace").decode()
        if self._path is None:
            return row
        row["from"] = self._start
        try:
            self._path.encode()
        except UnicodeEncodeError:
            return {**row, "path_base64": base64.b64encode(os.fsencode(self._path)).decode()}
        return {**row, "path": self._path}


def path_of(row: Mapping[str, Any]) -> str | None:
    """The path of a row's file; None where there is none."""
    if isinstance(encoded := row.get("path_base64"), str):
        try:
            return os.fsdecode(base64.b64decode(encoded, validate=True))
        except ValueError:
            return None
    path = row.get("path")
    return path if isinstance(path, str) else None


def _file_of(fd: int, name: str) -> tuple[str | None, int]:
    """The path of a regular file, and the byte at which its reader or writer begins; None for others."""
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return None, 0
        appends = bool(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_APPEND)
        start = status.st_size if appends else os.lseek(fd, 0, os.SEEK_CUR)
        path = os.readlink(f"/proc/self/fd/{fd}") if name.startswith("<") else os.path.abspath(name)
    except OSError:
        return None, 0
    found = os.path.exists(path) and os.path.samestat(os.stat(path), status)
    return (path, start) if found else (None, 0)


class HashedOutput(Output):
    """An output whose bytes are hashed as they come."""

    def __init__(self, fd: int = 1, name: str = "<stdout>", *, owned: bool = False) -> None:
        super().__init__(fd, name, owned=owned)
        self.seen = Seen(fd, name)

    def write(self, data: bytes) -> int:
        """See `Output.write`."""
        self.seen.update(data)
        return super().write(data)


def whole(path: str) -> dict[str, Any] | None:
    """The row of a file that was written to its end; None where there is none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        seen = Seen(fd, path)
        while data := os.read(fd, _PIECE):
            seen.update(data)
        return seen.row()
    finally:
        os.close(fd)


class Rows:
    """Rows of files, which a manifest lists: there can be any number of them.

    Args:
        beside: the manifest's own file; what is too much for memory lies beside it, without a name.
    """

    def __init__(self, beside: str) -> None:
        self._beside = beside
        folder = os.path.dirname(beside) or "."
        self._file = tempfile.SpooledTemporaryFile(_HELD, dir=folder)  # noqa: SIM115 - it is for a whole run
        self._next = b"["

    def add(self, row: Mapping[str, Any]) -> None:
        """One more.

        Raises:
            OutputError: the disk is full.
        """
        try:
            self._file.write(self._next + canonical(row))
        except OSError as error:
            raise output_error(error, self._beside) from None
        self._next = b","

    def __del__(self) -> None:
        self._file.close()

    def pieces(self) -> Iterator[bytes]:
        """The list as JSON."""
        try:
            self._file.seek(0)
            while data := self._file.read(_HELD):
                yield data
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            raise output_error(error, self._beside) from None
        yield b"[]" if self._next == b"[" else b"]"


def _pieces(members: Mapping[str, Any]) -> Iterator[bytes]:
    """Canonical JSON of an object, of which members may be `Rows`."""
    before = b"{"
    for name in sorted(members):
        yield before + canonical(name) + b":"
        value = members[name]
        yield from value.pieces() if isinstance(value, Rows) else (canonical(value),)
        before = b","
    yield b"}"


def append(path: str, body: Mapping[str, Any], signer: Signer | None = None) -> None:
    """Put a run behind those that are in a file; mode 0600. What cannot be written whole is not in it.

    Args:
        body: the run, without `previous` and `signature`; members may be `Rows`.
        signer: signs it.

    Raises:
        OutputError: it cannot be written.
        UsageError: the file holds something else.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise output_error(error, path) from None
    output = Output(fd, path, owned=True)
    start = None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)  # two runs that end at once stand one behind the other
        made = {**body, "manifest": VERSION, "previous": _last(fd, path)}
        if signer:
            signature = signer.sign(b"".join(_pieces(made)))
            made["signature"] = {"algorithm": "Ed25519", "key": signer.id, "value": signature}
        start = os.fstat(fd).st_size
        _write(output, _pieces(made))
        output.close()
    except (OSError, OutputError, UsageError) as error:
        if start is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(fd, start)
        output.discard()
        raise output_error(error, path) if isinstance(error, OSError) else error from None


def _write(output: Output, pieces: Iterable[bytes]) -> None:
    size = 0
    for piece in pieces:
        size += output.write(piece)
        if size >= LONGEST:
            raise OutputError("too many files for one manifest", where=output.name, hint="several runs")
    output.write(b"\n")


def _last(fd: int, path: str) -> str | None:
    """The digest of the last line of a file; None where there is none.

    Raises:
        UsageError: it is no manifest.
    """
    end = os.fstat(fd).st_size - 1
    if end < 0:
        return None
    start = _line_start(fd, end)
    found = hashlib.sha256()
    marked = False
    before = b""
    for at in range(start, end, _PIECE):
        piece = os.pread(fd, min(_PIECE, end - at), at)
        found.update(piece)
        marked = marked or _MARK in before + piece
        before = piece[-len(_MARK) :]
    if not marked or os.pread(fd, 1, start) != b"{" or os.pread(fd, 2, end - 1) != b"}\n":
        raise UsageError(
            "its last line is no manifest",
            where=path,
            hint="take a file of its own, or the line away if a run was cut off",
        )
    return f"sha256:{found.hexdigest()}"


def _line_start(fd: int, end: int) -> int:
    """Where the line begins that ends at a byte."""
    while end:
        at = max(0, end - _PIECE)
        place = os.pread(fd, end - at, at).rfind(b"\n")
        if place >= 0:
            return at + place + 1
        end = at
    return 0


def parsed(line: bytes) -> dict[str, Any] | None:
    """A manifest of one line; None where it is none, or not spelled canonically."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) and _is_run(record) and canonical(record) == line else None


def _is_run(record: dict[str, Any]) -> bool:
    """Whether what stands in a line can be read as a run; one without a signature may say anything."""
    sides = [record.get(side, []) for side in ("inputs", "outputs")]
    counts, findings, policy = (record.get(name, {}) for name in ("counts", "findings", "policy"))
    return (
        _is_count(record.get("manifest"))
        and record["manifest"] == VERSION
        and all(isinstance(side, list) and all(map(_is_row, side)) for side in sides)
        and isinstance(policy, dict)
        and isinstance(counts, dict)
        and _is_count(counts.get("read", 0))
        and isinstance(findings, dict)
        and all(isinstance(one, dict) and all(map(_is_count, one.values())) for one in findings.values())
    )


def _is_row(row: Any) -> bool:
    if not isinstance(row, dict) or not (_is_count(row.get("bytes")) and isinstance(row.get("sha256"), str)):
        return False
    path = path_of(row)
    if path is None:
        return not row.keys() & {"path", "path_base64"}
    return "\0" not in path and _is_count(row.get("from"))


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 62


class Run(NamedTuple):
    """A line of a chain.

    Attributes:
        number: of the line, from 1.
        record: the manifest; empty where the line is none.
        wrong: what is not as it was: none where all is well.
        digest: of the line.
    """

    number: int
    record: dict[str, Any]
    wrong: tuple[str, ...]
    digest: str


def chain(path: str, verifier: Verifier | None = None) -> Iterator[Run]:
    """The runs of a file, each held against the one before it.

    Args:
        verifier: where given, every run has to be signed by its key.

    Raises:
        SourceError: it cannot be read.
    """
    previous = None
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
                wrong = []
                record = parsed(line[:-1]) if line.endswith(b"\n") else None
                if record is None:
                    wrong.append("is no manifest as it was written")
                    record = {}
                elif record.get("previous") != previous:
                    wrong.append("does not follow the run before it")
                if verifier and record and not _signed(record, verifier):
                    wrong.append("is not signed by this key")
                previous = digest(line.rstrip(b"\n"))
                yield Run(number, record, tuple(wrong), previous)
    except OSError as error:
        raise SourceError(reason(error), where=path) from None


def _signed(record: dict[str, Any], verifier: Verifier) -> bool:
    signature = record.get("signature")
    rest = {name: value for name, value in record.items() if name != "signature"}
    return (
        isinstance(signature, dict)
        and signature.keys() == {"algorithm", "key", "value"}
        and (signature["algorithm"], signature["key"]) == ("Ed25519", verifier.id)
        and verifier.holds(canonical(rest), signature["value"])
    )


def differs(row: Mapping[str, Any], *, last: bool = True) -> str | None:
    """What has become of a file that a manifest names; None where it is as it was, or was no file.

    Args:
        row: as of `Seen.row`.
        last: whether the file ends with what the row is about.
    """
    path = path_of(row)
    if path is None:
        return None
    found = hashlib.sha256()
    left = int(row["bytes"])
    try:
        # What is a pipe by now would wait for a writer.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return "is no file any more"
            file.seek(int(row["from"]))
            while left and (data := file.read(min(left, _PIECE))):
                found.update(data)
                left -= len(data)
            more = not left and last and file.read(1)
    except OSError as error:
        return "is not there" if isinstance(error, FileNotFoundError) else reason(error)
    if left:
        return "is shorter than it was"
    if more:
        return "is longer than it was"
    return None if found.hexdigest() == row["sha256"] else "is not what it was"


def ready(path: str) -> None:
    """Says before a run that its manifest could not be written at its end.

    Raises:
        OutputError: so it is.
        UsageError: the file holds something else.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise output_error(error, path) from None
    try:
        _last(fd, path)
    except OSError as error:
        raise output_error(error, path) from None
    finally:
        os.close(fd)
