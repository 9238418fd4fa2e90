"""The one place that turns exceptions into a message on stderr and an exit status.

How messages look: `cecil-redact: app.jsonl:17: not valid JSON`, then `hint: what to type` where there
is a remedy. Lower case, no full stop, never a value from the input; control characters of a file name
are written as escapes. A traceback only with --debug, and without the exception's text, which may hold
input.
"""

import argparse
import contextlib
import importlib
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

from cecil.errors import CecilError, ClosedPipe, printable
from cecil.stream.offline import guard

BUG = 70


def run(command: str) -> NoReturn:
    """Run `cecil-COMMAND` with the process's arguments, and end the process."""
    _guard_descriptors()
    # A worker is a process. Threads of NumPy's beside it would wait for each other, and take its time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What libraries warn of may quote what they were given.
    warnings.simplefilter("ignore")
    guard()
    status = call(command, sys.argv[1:])
    if status == ClosedPipe.status:
        _die_of(signal.SIGPIPE)
    if status == 128 + signal.SIGINT:
        _die_of(signal.SIGINT)
    with contextlib.suppress(OSError):  # as in `message`
        sys.stderr.flush()
    # Everything of ours is flushed and closed. Tearing down spaCy's and pyarrow's modules one by one
    # would only cost time.
    os._exit(status)


def parser_of(command: str) -> argparse.ArgumentParser:
    """The parser of a command: what its man page and completions are made from."""
    parser: argparse.ArgumentParser = importlib.import_module(f"cecil.commands.{command}").parser()
    return parser


def call(command: str, argv: Sequence[str]) -> int:
    """Run a command and return its exit status; messages are on stderr when it returns."""
    program = f"cecil-{command}"
    debug = "--debug" in argv
    try:
        return int(importlib.import_module(f"cecil.commands.{command}").main(argv))
    except CecilError as error:
        if debug:
            _traceback(error)
        if not isinstance(error, ClosedPipe):
            for one in (error, *error.others):
                message(program, str(one), one.hint)
        return error.status
    except SystemExit as error:  # argparse: --help, --version, a wrong option
        return error.code if isinstance(error.code, int) else 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        return ClosedPipe.status
    except MemoryError:
        message(program, "out of memory", "lower --max-record")
        return 1
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "cecil":
            return _bug(program, error, debug=debug)
        hint = "in the checkout: make demo, which sets up .venv, or pip install ."
        message(program, f"{error.name} is not installed", hint)
        return 1
    except Exception as error:
        return _bug(program, error, debug=debug)


def _bug(program: str, error: Exception, *, debug: bool) -> int:
    if debug:
        _traceback(error)
    message(
        program,
        f"internal error: {type(error).__name__} in {_place(error)}",
        None if debug else "run again with --debug and report what it prints; it holds none of the input",
    )
    return BUG


def message(program: str, text: str, hint: str | None = None) -> None:
    """One message to stderr, with its hint on a line of its own."""
    lines = f"{program}: {printable(text)}\n"
    if hint:
        lines += f"hint: {printable(hint)}\n"
    try:
        sys.stderr.write(lines)
        sys.stderr.flush()
    except OSError:
        return  # nowhere to say that there is nowhere to say it; the status still tells


def many(number: int, one: str, more: str) -> str:
    """`1 day`, `2 days`: a number of what has a name for one, and one for several."""
    return f"{number:,} {one if number == 1 else more}"


def _traceback(error: BaseException) -> None:
    import traceback

    sys.stderr.writelines(traceback.format_tb(error.__traceback__))
    sys.stderr.write(f"{type(error).__name__}\n")


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if not trace:
        return "an unknown place"
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"


def _guard_descriptors() -> None:
    """Keep 0, 1 and 2 taken, so that no file we open becomes somebody's stdout.

    Python has no `sys.stdout` and no `sys.stderr` where they were closed.
    """
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            # Reading a stdin and writing to a stdout that were closed stay errors; messages that nobody wants
            # are none.
            os.open(os.devnull, os.O_RDONLY if fd == 1 else os.O_WRONLY)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)


def _die_of(number: signal.Signals) -> NoReturn:
    """End as the signal ends a process, so that a shell's loop ends too."""
    with open(os.devnull, "wb") as devnull:
        os.dup2(devnull.fileno(), 1)
    signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
    os._exit(128 + number)
