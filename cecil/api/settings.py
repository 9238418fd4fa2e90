"""What the operator of a server has said: everything that a request cannot change.

Owns: the limits, and what may be named in a request. Refuses: to be changed by a request.
"""

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cecil.sanitizer.keyring import Keyring
    from cecil.sanitizer.policy import Policy

_ROOT = str(Path(__file__).resolve().parents[2])

# As bin/cecil-*: -P, and the package's own folder instead of the working directory, which anybody may have
# written to.
_PATH = "import sys; root = sys.argv.pop(1); root in sys.path or sys.path.insert(0, root); "


def launcher(code: str) -> tuple[str, ...]:
    """The start of a command line that runs code of ours with this interpreter."""
    return (sys.executable, "-P", "-c", _PATH + code, _ROOT)


def command(name: str, *, bound: bool = False) -> tuple[str, ...]:
    """The start of a command line that runs `cecil-NAME` of this very package.

    Args:
        bound: whether it ends with the process that starts it, however that ends.
    """
    begin = ""
    if bound:
        begin = (
            "import os; from cecil.api import lifeline; lifeline.watch(os.getppid(), lambda: os._exit(1)); "
        )
    return launcher(f"{begin}sys.argv[0] = 'cecil-{name}'; from cecil.commands import {name}; {name}()")


WORKER = launcher("from cecil.api import worker; worker.main()")


class Settings(NamedTuple):
    """A server's settings.

    Attributes:
        token: lets its bearer in.
        policy: what holds where a request names none; None for the built-in default.
        keys: what keyed actions use; None for a key that is made up.
        origins: further origins whose pages are let in, such as `http://localhost:3000`.
        sources: arguments of cecil-fetch, by the name that a request says.
        folders: folders that may be written below, by the name that a request says.
        workers: processes that judge.
        worker: the command line of one.
        nlp, language: which model looks for names, as `Sanitizer` takes them.
        max_body: bytes of a request that is held whole.
        max_record: bytes of a record in a stream.
        rate: requests a second that a token may make; 0 for any number.
        idle: seconds that a stream may stand still, either way.
    """

    token: str
    policy: "Policy | None" = None
    keys: "Keyring | None" = None
    origins: frozenset[str] = frozenset()
    sources: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - never changed
    folders: dict[str, str] = {}  # noqa: RUF012 - never changed
    workers: int = 1
    worker: tuple[str, ...] = WORKER
    nlp: str = "en"
    language: str | None = None
    max_body: int = 16 << 20
    max_record: int = 16 << 20
    rate: int = 2000
    idle: float = 300.0


def model(settings: Settings) -> str | None:
    """The model that looks for names, as answers tell it; None where none does."""
    return None if settings.nlp == "none" else settings.nlp


def fresh_token() -> str:
    """A token that nobody can guess: 256 bits, in 43 characters."""
    return secrets.token_urlsafe(32)
