"""Where a server is: as the program says, else by `CECIL_SERVER`, else by `serve.json` in the runtime folder.
Where none runs, one is started.

Refuses: any server that is not on this machine, and an address file that others could have written.
"""

import contextlib
import json
import os
import stat
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from cecil.errors import CecilError, SourceError, UsageError

if TYPE_CHECKING:
    from cecil.api.server import ServerManager

VARIABLE = "CECIL_SERVER"
"""Names the address file of a server: what `cecil-serve --address-file` wrote."""
FILE = "serve.json"
"""The address file in `$XDG_RUNTIME_DIR/cecil/` that is looked for when nothing is said."""

HOSTS = frozenset(("127.0.0.1", "localhost"))
_LONGEST = 1 << 16


class Address(NamedTuple):
    """Where a server is.

    Attributes:
        host, port: where it listens; the port is 0 with `uds`.
        token: what it asks for.
        uds: its Unix socket; None for TCP.
    """

    host: str
    port: int
    token: str
    uds: str | None = None

    def __repr__(self) -> str:
        return f"Address({self.uds or f'{self.host}:{self.port}'})"

    @classmethod
    def of(cls, url: str | None, token: str, uds: str | None = None) -> "Address":
        """An address as a program or an address file has it.

        Raises:
            UsageError: it is none, or not on this machine.
        """
        if uds:
            return cls("localhost", 0, token, uds)
        parts = urlsplit(url or "")
        with contextlib.suppress(ValueError):
            if parts.scheme == "http" and parts.hostname in HOSTS and parts.port:
                return cls("127.0.0.1", parts.port, token)
        raise UsageError("a server is on this machine", hint="http://127.0.0.1:PORT, as cecil-serve says it")

    @classmethod
    def read(cls, path: str) -> "Address":
        """What an address file says.

        Raises:
            SourceError: it cannot be read, or another user could have written it.
            UsageError: it is no address file.
        """
        try:
            with open(path, "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise SourceError("others may read or write it", where=path, hint=f"chmod 600 {path}")
                told = json.loads(file.read(_LONGEST))
            return cls.of(told.get("url"), told["token"], told.get("uds"))
        except OSError as error:
            raise SourceError((error.strerror or "cannot be read").lower(), where=path) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UsageError("not an address file of cecil-serve", where=path) from None


def known_address() -> str | None:
    """The address file that the environment names, or the one at its usual place, if there is one."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    path = os.path.join(folder, "cecil", FILE)
    return path if os.path.isabs(folder) and os.path.exists(path) else None


class Place:
    """Which server a client talks to, and the one that it started.

    Args: those of `Client`.
    """

    def __init__(
        self,
        url: str | None,
        token: str | None,
        uds: str | None,
        address_file: str | None,
        start: bool,
        arguments: Sequence[str],
    ) -> None:
        if (url or uds) and not token:
            raise UsageError("a server asks for its token", hint="token=, or address_file=")
        if (url or uds) and address_file:
            raise UsageError("an address, and a file with one", hint="leave one of them out")
        self.given = Address.of(url, token or "", uds) if url or uds else None
        self._file = address_file
        self._start = start
        self._arguments = arguments
        self._manager: ServerManager | None = None

    def find(self, answers: Callable[[Address], bool]) -> Address:
        """Where the server is; one is started if there is none.

        Args:
            answers: whether there is one.

        Raises:
            SourceError: there is none, and none was to be started.
            ServerError: it could not be started.
        """
        if self.given:
            return self.given
        if self._file:
            return Address.read(self._file)
        path = known_address()
        if path:
            try:
                there = Address.read(path)
            except CecilError:
                if os.environ.get(VARIABLE):
                    raise  # somebody said so
            else:
                if answers(there):
                    return there
        if not self._start:
            raise SourceError("no server runs", hint=f"cecil-serve --address-file {FILE}")
        from cecil.api.server import ServerManager

        self._manager = ServerManager(arguments=self._arguments)
        self._manager.start()
        return Address.of(self._manager.url, self._manager.token, self._manager.uds)

    def close(self) -> None:
        """End the server, if it was started here."""
        manager, self._manager = self._manager, None
        if manager:
            manager.stop()


def unreachable(address: Address, error: OSError) -> SourceError:
    reason = (
        "no answer in time" if isinstance(error, TimeoutError) else (error.strerror or "cannot be reached")
    )
    where = address.uds or f"{address.host}:{address.port}"
    return SourceError(reason.lower(), where=where, hint="is cecil-serve still running?")
