"""The manifest of a run: what went in, what came out, by which policy and versions; and the chain of runs.

A file of manifests is JSONL: each run appends one line. Every line names the SHA-256 of the line before it,
and the first names none, so that none can be changed, put in or taken out but at the end; who wants to know
of that too keeps the hash of the last line elsewhere. A line is canonical JSON after RFC 8785: members
sorted, no blanks, no number but whole ones. A signature (Ed25519) is over the line without its member
`signature`.

Owns: the form, the hashing of what passes by, appending under a lock, and reading a chain. Refuses: values
from the input; it holds names of files and of entities, counts, and hashes.
"""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from cecil.errors import OutputError, SourceError, UsageError, reason
from cecil.stream.output import Output, output_error
from cecil.stream.signing import Signer, Verifier

VERSION = 1
LONGEST = 1 << 24
"""Bytes of a manifest: a run over a hundred thousand files has as long a one."""

_PIECE = 1 << 20


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
        """What a manifest says of it: `name`, `bytes`, `sha256`; where it is a file, `path` and `from`."""
        row = {"name": self._name, "bytes": self._size, "sha256": self._hash.hexdigest()}
        return row if self._path is None else {**row, "path": self._path, "from": self._start}


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


def append(path: str, body: Mapping[str, Any], signer: Signer | None = None) -> None:
    """Put a run behind those that are in a file; mode 0600.

    Args:
        body: the run, without `previous` and `signature`.
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
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)  # two runs that end at once stand one behind the other
        last = _last_line(fd, path)
        made = {**body, "manifest": VERSION, "previous": digest(last) if last else None}
        if signer:
            signature = {"algorithm": "Ed25519", "key": signer.id, "value": signer.sign(canonical(made))}
            made["signature"] = signature
        output.write(canonical(made) + b"\n")
        output.close()
    except (OSError, OutputError, UsageError) as error:
        output.discard()
        raise output_error(error, path) if isinstance(error, OSError) else error from None


def _last_line(fd: int, path: str) -> bytes:
    """The last line of a file, without its end; empty where there is none."""
    size = os.fstat(fd).st_size
    data = b""
    at = size
    while at and b"\n" not in data[:-1]:
        at, end = max(0, at - _PIECE), at
        data = os.pread(fd, end - at, at) + data
        if len(data) > LONGEST:
            break
    if data and (not data.endswith(b"\n") or parsed(data[:-1].rpartition(b"\n")[2]) is None):
        raise UsageError("its last line is no manifest", where=path, hint="give a file of its own")
    return data[:-1].rpartition(b"\n")[2]


def parsed(line: bytes) -> dict[str, Any] | None:
    """A manifest of one line; None where it is none, or not spelled canonically."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    good = isinstance(record, dict) and record.get("manifest") == VERSION and canonical(record) == line
    return record if good else None


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
    path = row.get("path")
    if not isinstance(path, str):
        return None
    found = hashlib.sha256()
    left = int(row["bytes"])
    try:
        with open(path, "rb") as file:
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
        _last_line(fd, path)
    except OSError as error:
        raise output_error(error, path) from None
    finally:
        os.close(fd)
