"""Audit mode: with `CECIL_AUDIT_MODE` no code in this process, whose ever it is, opens a socket.

Owns: the guard, a hook of the interpreter that refuses every event of a socket or of a look-up of names,
and that cannot be taken away again. Pairs of connected sockets within the process (AF_UNIX) reach nobody
and are let be; to bind or connect one is refused as of any other. Refuses: nothing else. What a library
does below the interpreter, in C of its own, no hook sees: a namespace without a network does (`unshare
--net`).
"""

import os
import sys

from cecil.errors import UsageError

VARIABLE = "CECIL_AUDIT_MODE"
_UNIX = 1
"""AF_UNIX, wherever it is known; `socket` itself is not worth its loading."""


def audit_mode() -> bool:
    """Whether `CECIL_AUDIT_MODE` is set to anything but nothing, 0 or false."""
    return os.environ.get(VARIABLE, "").lower() not in ("", "0", "false")


def guard() -> None:
    """In audit mode, let this process open no socket from now on: to try raises UsageError."""
    if audit_mode():
        sys.addaudithook(_refuse)


def online(hint: str = "cecil-fetch file reads what is here") -> None:
    """Whether the network may be used at all: what gRPC, libpq and Java open no hook of the interpreter sees.

    Args:
        hint: what works without it.

    Raises:
        UsageError: not in audit mode.
    """
    if audit_mode():
        raise UsageError(f"no network in audit mode ({VARIABLE})", hint=hint)


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if not event.startswith("socket.") or event == "socket.gethostname":
        return
    if event != "socket.__new__" or args[1] != _UNIX:
        raise UsageError(f"no network in audit mode ({VARIABLE})")
