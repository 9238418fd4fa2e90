"""The lifeline: a server that a program started ends with that program, however it ended.

Two signs are watched, because each alone can miss. When standard input is a pipe or a socket, its end: the
other side is closed by the kernel even after SIGKILL, but stays open while a forked copy of the starter
lives. And our parent's process id, which changes when the parent dies; that misses a parent that died
before we looked. Linux's PR_SET_PDEATHSIG would not do: it fires when the *thread* that started us ends.
"""

import os
import select
import stat
import threading
from collections.abc import Callable

from cecil.errors import UsageError

_INIT = 1
_INTERVAL = 500
"""Milliseconds between two looks at the parent's process id."""


def watch(parent: int, end: Callable[[], None], fd: int = 0) -> None:
    """Call `end` once, from a thread of its own, when the parent dies or `fd` ends.

    Args:
        parent: `os.getppid()`, taken as early as possible.
        end: must be safe to call from another thread.
        fd: standard input. What comes in is discarded. A terminal, a file or /dev/null has no other side
            that could close; then only the parent counts.

    Raises:
        UsageError: there is neither a pipe nor a parent to watch: orphans belong to process 1.
    """
    mode = os.fstat(fd).st_mode
    piped = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    if parent == _INIT and not piped:
        raise UsageError(
            "the parent has ended already, or is process 1",
            hint="give the server a pipe as its standard input",
        )
    threading.Thread(
        target=_wait, args=(parent, end, fd if piped else None), name="lifeline", daemon=True
    ).start()


def _wait(parent: int, end: Callable[[], None], fd: int | None) -> None:
    poller = select.poll()
    if fd is not None:
        poller.register(fd, select.POLLIN)
    while os.getppid() == parent:
        if poller.poll(_INTERVAL) and fd is not None and _ended(fd):
            break
    end()


def _ended(fd: int) -> bool:
    try:
        return not os.read(fd, 1 << 16)
    except BlockingIOError:
        return False
    except OSError:
        return True
