"""Where a writer's bytes go: a file that appears whole or not at all, or an open stream.

Owns: the way of a file from a temporary name beside the target to its final name, safe on disk. Refuses:
to overwrite unless told to, also a file that appeared in the meantime; and to show a file under its
final name before all of it is written and synced.

The temporary file is hidden and has mode 0600 until it is published. It goes when the run fails; only
`kill -9` and a power cut can leave one behind, and it never gets in the way of the next run.
"""

import contextlib
import errno
import os
import shlex
import stat

from cecil.errors import OutputError
from cecil.stream.output import Output, output_error

STDOUT = "-"
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class Target:
    """A sink that ends in one of two ways: published or abandoned.

    Attributes:
        name: for messages.
    """

    def __init__(self, output: Output) -> None:
        self.name = output.name
        self._output = output
        self._over = False

    def write(self, data: bytes, /) -> int:
        """Take bytes.

        Raises:
            OutputError, ClosedPipe: see `Output.write`.
        """
        # What the destructor of a compressor has to say after a failure must not make a piece look whole.
        return len(data) if self._over else self._output.write(data)

    def flush(self) -> None:
        """Write what is held."""
        if not self._over:
            self._output.flush()

    def publish(self, *, keep: bool = False, later: bool = False) -> None:
        """All is written: make it last.

        Args:
            keep: leave a file its temporary name beside the final one, until `settle`.
            later: a file's name need not be safe on disk yet: `sync_folder` sees to those of a whole folder.

        Raises:
            OutputError, ClosedPipe: it could not be done.
        """
        self._output.close()
        self._over = True

    def place(self) -> tuple[str, str, str, int, int] | None:
        """Where a file will be published, safe on disk already: folder, temporary name, final name, and
        its device and inode; None where nothing is published.

        Raises:
            OutputError: it could not be written.
        """
        return None

    def settle(self) -> None:
        """After `publish(keep=True)`: the final name is enough."""

    def abandon(self) -> None:
        """Take nothing more, and leave nothing behind that looks whole. After `publish` it does nothing."""
        self._over = True


class AtomicFile(Target):
    """A file that gets its name when it is published.

    Args:
        path: the final name; a link is followed.
        force: whether to replace a file of that name.
        mode: its permissions; None for those of the file that is replaced, or what the umask leaves.
        prefix: what its temporary name begins with.
        remedy: what can be done where there is a file of that name.

    Raises:
        OutputError: there is a file of that name, or it is a folder, or its folder cannot be written to.
    """

    def __init__(
        self,
        path: str,
        *,
        force: bool = False,
        mode: int | None = None,
        prefix: str = ".cecil-write.",
        remedy: str = "--force overwrites it",
    ) -> None:
        if not os.path.basename(path):
            raise OutputError("names a folder, not a file", where=path)
        folder, self._base = os.path.split(os.path.realpath(path))
        self._force = force
        self._remedy = remedy
        try:
            # All that follows is relative to the folder itself, wherever it may be moved.
            self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            found = output_error(error, os.path.dirname(path) or ".")
            found.hint = (
                f"mkdir -p {shlex.quote(os.path.dirname(path))}" if error.errno == errno.ENOENT else None
            )
            raise found from None
        try:
            self._mode = self._permissions(path) if mode is None else mode
            self._temporary = f"{prefix}{os.urandom(8).hex()}.tmp"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            fd = os.open(self._temporary, flags, 0o600, dir_fd=self._folder)
        except OSError as error:
            os.close(self._folder)
            raise output_error(error, path) from None
        except OutputError:
            os.close(self._folder)
            raise
        super().__init__(Output(fd, path, owned=True))
        self._kept = False

    def _permissions(self, path: str) -> int:
        try:
            status = os.stat(self._base, dir_fd=self._folder)
        except FileNotFoundError:
            mask = os.umask(0o077)  # it can only be read by being set
            os.umask(mask)
            return 0o666 & ~mask
        if stat.S_ISDIR(status.st_mode):
            raise OutputError("is a folder", where=path)
        if not self._force:
            raise OutputError("exists already", where=path, hint=self._remedy)
        return status.st_mode & 0o777

    def publish(self, *, keep: bool = False, later: bool = False) -> None:
        self._output.flush()
        try:
            os.fchmod(self._output.fd, self._mode)
            self._output.close()  # syncs
            self._rename(keep=keep)
            self._over = True
            if not later:
                _sync(self._folder)
            if not self._kept:
                os.close(self._folder)
        except OSError as error:
            raise output_error(error, self.name) from None

    def place(self) -> tuple[str, str, str, int, int]:
        self._output.flush()
        try:
            os.fsync(self._output.fd)
            status = os.fstat(self._output.fd)
        except OSError as error:
            raise output_error(error, self.name) from None
        folder = os.path.dirname(os.path.realpath(self.name))
        return folder, self._temporary, self._base, status.st_dev, status.st_ino

    def settle(self) -> None:
        if self._kept:
            self._kept = False
            # The file has its name: that its other one stays is untidy, and no more.
            with contextlib.suppress(OSError):
                os.unlink(self._temporary, dir_fd=self._folder)
                os.close(self._folder)

    def _rename(self, *, keep: bool) -> None:
        """Give the file its final name in one step, at which no other file of that name is lost."""
        folder = self._folder
        source = self._temporary
        if self._force and keep:
            source = f"{self._temporary}.2"
            try:
                os.link(self._temporary, source, src_dir_fd=folder, dst_dir_fd=folder)
                self._kept = True
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                source = self._temporary
        elif not self._force:
            try:
                os.link(source, self._base, src_dir_fd=folder, dst_dir_fd=folder)
            except FileExistsError:
                raise self._appeared() from None
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                # A file system without links (FAT, some mounts): the best that is left is a look before.
                if self._exists():
                    raise self._appeared() from None
            else:
                self._kept = keep
                if not keep:
                    os.unlink(source, dir_fd=folder)
                return
        os.replace(source, self._base, src_dir_fd=folder, dst_dir_fd=folder)

    def _exists(self) -> bool:
        try:
            os.stat(self._base, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def _appeared(self) -> OutputError:
        return OutputError("exists by now and was not overwritten", where=self.name, hint=self._remedy)

    def abandon(self) -> None:
        if not self._over:
            super().abandon()
            # Nobody is helped by an error here: one that matters more is on its way.
            with contextlib.suppress(OSError):
                os.unlink(self._temporary, dir_fd=self._folder)
            with contextlib.suppress(OSError):
                self._output.discard()
                os.close(self._folder)


def sync_folder(path: str) -> None:
    """Make the names of a folder's files safe on disk.

    Raises:
        OutputError: it could not be done.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _sync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        raise output_error(error, path) from None


def _sync(folder: int) -> None:
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems cannot sync a folder
            raise


def open_target(path: str | None, *, force: bool = False) -> Target:
    """The sink for `-o PATH`: an atomic file; a device, a pipe or an open descriptor is written to straight.

    Args:
        path: None or `-` is stdout.
        force: see `AtomicFile`.

    Raises:
        OutputError: it cannot be opened or would be overwritten.
    """
    if path is None or path in (STDOUT, "/dev/stdout"):
        return Target(Output())
    if not is_stream(path):
        return AtomicFile(path, force=force)
    try:
        return Target(Output(os.open(path, os.O_WRONLY | os.O_CLOEXEC), path, owned=True))
    except OSError as error:
        raise output_error(error, path) from None


def is_stream(path: str | None) -> bool:
    """Whether the bytes leave as they come: stdout, a device or a pipe."""
    if path is None or path in (STDOUT, "/dev/stdout"):
        return True
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
