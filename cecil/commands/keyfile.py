"""Key files: read by who owns them, made without ever writing over one, rotated without ever losing one.

Owns: who may read a key file. Its form is `cecil.sanitizer.keyring`'s.
"""

import contextlib
import os
import stat

from cecil.errors import OutputError, UsageError, reason
from cecil.sanitizer.keyring import KEY, Keyring
from cecil.stream.output import Output, output_error

_MOST = 1 << 16
"""Bytes of a key file."""


def read(path: str) -> Keyring:
    """The keys of a file.

    A pipe does as well: `--key-file <(vault ...)`. Who may not read a file of mode 0600 cannot open it, so
    its owner need not be asked for.

    Raises:
        UsageError: others than its owner may read or write it, or it is no key file.
    """
    return Keyring.parse(private(path), path)


def private(path: str) -> bytes:
    """The bytes of a file that holds a secret.

    Raises:
        UsageError: others than its owner may read or write it, or it is too large.
    """
    if KEY.search(path):  # what a key was given in the place of may not show it
        raise UsageError("the path of a key file is wanted, and never a key itself", hint="--key-file FILE")
    try:
        with open(path, "rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise UsageError(
                    "a key file that others than its owner may read or write",
                    where=path,
                    hint=f"chmod 600 {path}",
                )
            data = file.read(_MOST + 1)
    except OSError as error:
        raise UsageError(reason(error), where=path) from None
    if len(data) > _MOST:
        raise UsageError("too large for a key file", where=path)
    return data


def create(path: str) -> Keyring:
    """Make a file with a new key, mode 0600.

    Raises:
        UsageError: there is a file already.
        OutputError: it cannot be written; nothing is left of it.
    """
    keys = Keyring.random()
    keep(path, keys.file(), hint="--rotate puts a new key before those that are in it")
    return keys


def keep(path: str, data: bytes, hint: str | None = None) -> None:
    """Make a file with a key, mode 0600.

    Raises:
        UsageError: there is a file already.
        OutputError: it cannot be written; nothing is left of it.
    """
    try:
        _write(path, data)
    except FileExistsError:
        raise UsageError(
            "there is such a file; a key is never written over",
            where=path,
            hint=hint,
        ) from None


def rotate(path: str) -> Keyring:
    """Put a new key first in a file. The file is replaced at once, or stays as it is.

    Raises:
        UsageError: see `read`; or another rotation is under way.
        OutputError: it cannot be written.
    """
    real = os.path.realpath(path)  # a link stays one
    new = f"{real}.new"
    keys = read(path).rotated()
    try:
        _write(new, keys.file())
    except FileExistsError:
        raise UsageError(
            "the file of another rotation, which is under way or was cut off", where=new, hint=f"rm {new}"
        ) from None
    try:
        if read(path).ids != keys.ids[1:]:  # another one has come between; its key is in use already
            raise UsageError("another rotation came first", where=path, hint="once is enough")
        os.chown(new, os.stat(real).st_uid, -1)  # it stays its owner's, also where root rotates it
        os.replace(new, real)
        _sync_folder(real)
    except OSError as error:
        raise output_error(error, path) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
    return keys


def _write(path: str, data: bytes) -> None:
    """A new file, safe on disk.

    Raises:
        FileExistsError: it is there.
        OutputError: it cannot be written.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise
    except OSError as error:
        raise output_error(error, path) from None
    output = Output(fd, path, owned=True)
    try:
        os.fchmod(fd, 0o600)
        output.write(data)
        output.close()
        _sync_folder(path)
    except (OSError, OutputError) as error:
        output.discard()
        os.unlink(path)
        raise error if isinstance(error, OutputError) else output_error(error, path) from None


def _sync_folder(path: str) -> None:
    """The name of a file is safe on disk too."""
    fd = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
