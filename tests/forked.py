"""Commands as processes that are forked from one which has loaded what they load.

Most of what a short run costs is to load Python's modules: 0.3 of 0.4 seconds. A process that is forked has
its own descriptors, folder, environment, signals and exit status, and enters where the installed script
does; what it does not show is that the launcher starts, and that a module imports all that it needs. The
tests of endings and some golden cases show that, and `make slow` all of these: they start the launchers
themselves, as every test does under coverage.

Shell lines, and what starts commands itself, find them in a folder (`Forks.bin`). They are for what runs to
its end: a signal that one of them gets does not reach the command.
"""

import contextlib
import fcntl
import gc
import marshal
import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).parent.parent

FORKED = "fetch redact map fingerprint report write leaktest".split()
"""The commands; the others serve, or start engines."""

LOADED = """
    commands.fetch commands.fingerprint commands.finish commands.keyfile commands.leaktest commands.manifest
    commands.map commands.notice commands.redact commands.redacting commands.report commands.restoring
    commands.sources.aws commands.sources.file commands.sources.stdin commands.tables commands.tree
    commands.uploading commands.verifying commands.write
    fingerprint.fingerprinter fingerprint.rollup fingerprint.savings providers.generic.file
    report.draft report.effects report.table report.words sanitizer.sanitizer sanitizer.names.network
    sanitizer.policy_shown sanitizer.proposals sanitizer.restorer sanitizer.shapes writers.jsonl writers.sinks
    leaktest.outcome leaktest.rounds leaktest.trial
"""

_HARMLESS = tuple(b"CECIL_ XDG_ AWS_ HOME COLUMNS NO_COLOR PATH PWD OLDPWD SHLVL _".split())
"""What a variable may begin with that no module and no interpreter looks at before a command runs."""

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""What `boundary.run` sets before NumPy is loaded, where nobody has."""

_LAUNCHER = """\
#!/bin/sh
exec {python} -ISc 'import _signal, _socket, marshal, posix, sys
asked = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
asked.connect(sys.argv[1])
message = marshal.dumps((sys.argv[2:], posix.getcwdb(), dict(posix.environ)))
fds = b"".join(fd.to_bytes(4, sys.byteorder) for fd in (0, 1, 2))
asked.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fds)])
for fd in (0, 1):
    posix.close(fd)
asked.recv(64)
status = int(asked.recv(64))
if status < 0:
    _signal.signal(-status, _signal.SIG_DFL)
    posix.kill(posix.getpid(), -status)
posix._exit(status)' {path} {name} "$@"
"""
"""Has a command forked with its own descriptors, and ends as that does: Python with as little as it can have."""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """While one process compiles what all want, the others wait, and find it in the cache."""
    (ROOT / ".test-cache").mkdir(exist_ok=True)
    with open(ROOT / ".test-cache" / "alone", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Forks:
    """A process to fork from, and the means to ask it.

    Args:
        env: the environment it loads the modules in.

    Attributes:
        bin: a folder of launchers whose commands are forked.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        # A process that is measured is measured from its start.
        env = {name: value for name, value in env.items() if not name.startswith("COVERAGE_")}
        venv = ROOT / ".venv/bin/python"
        python = str(venv if venv.exists() else sys.executable)
        self._folder = tempfile.TemporaryDirectory(prefix="forks")  # a socket's path has to be short
        self.bin = Path(self._folder.name)
        self._path = str(self.bin / "asked")
        for name in FORKED:
            launcher = self.bin / f"cecil-{name}"
            launcher.write_text(
                _LAUNCHER.format(python=shlex.quote(python), path=shlex.quote(self._path), name=name)
            )
            launcher.chmod(0o700)
        self._lifeline, theirs = socket.socketpair()
        with theirs, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asked:
            asked.bind(self._path)
            asked.listen(64)
            self._process = subprocess.Popen(
                [python, "-P", __file__, str(asked.fileno()), str(theirs.fileno())],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[asked.fileno(), theirs.fileno()],
            )

    def close(self) -> None:
        self._lifeline.close()
        self._process.wait(60)
        self._folder.cleanup()

    def run(
        self,
        argv: Sequence[str],
        stdin: bytes,
        stdout: int | IO[bytes],
        cwd: Path,
        env: Mapping[str, str],
        timeout: float,
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run `argv`, a command without its `cecil-` and its arguments.

        Args:
            stdout: as of `subprocess.run`: a pipe or a file.
        """
        with contextlib.ExitStack() as opened:

            def pipe() -> tuple[IO[bytes], IO[bytes]]:
                ends = os.pipe()
                return open(ends[0], "rb", 0), open(ends[1], "wb", 0)

            asked = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
            asked.connect(self._path)
            theirs_in, ours_in = pipe()
            ours_err, theirs_err = pipe()
            ours = {"err": ours_err}
            with contextlib.ExitStack() as theirs:
                theirs.enter_context(theirs_in)
                theirs.enter_context(theirs_err)
                if isinstance(stdout, int):
                    ours["out"], theirs_out = pipe()
                    out = theirs.enter_context(theirs_out).fileno()
                else:
                    out = stdout.fileno()
                variables = {os.fsencode(name): os.fsencode(value) for name, value in env.items()}
                message = marshal.dumps((list(argv), os.fsencode(cwd), variables))
                socket.send_fds(asked, [message], [theirs_in.fileno(), out, theirs_err.fileno()])
            pid = int(asked.recv(64))
            got: dict[str, bytes] = {}

            def read(name: str, file: IO[bytes]) -> None:
                with file:
                    got[name] = b"".join(iter(lambda: file.read(1 << 20), b""))

            def write() -> None:
                with contextlib.suppress(BrokenPipeError), ours_in:
                    rest = memoryview(stdin)
                    while rest:
                        rest = rest[ours_in.write(rest) :]

            threads = [threading.Thread(target=read, args=one) for one in ours.items()]
            threads.append(threading.Thread(target=write))
            for thread in threads:
                thread.start()
            asked.settimeout(timeout)
            try:
                status = int(asked.recv(64))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(argv), timeout) from None
            finally:
                for thread in threads:
                    thread.join(timeout)
        return subprocess.CompletedProcess(list(argv), status, got.get("out"), got["err"])


def main(asked: socket.socket, lifeline: socket.socket) -> None:
    """Fork whatever is asked for, until nobody can ask any more."""
    import importlib

    from cecil.commands import lean

    os.environ.update(_ONE_THREAD)
    loaded_with = dict(os.environb)
    lean.presidio()
    for name in ("hyperscan", "re2", *(f"cecil.{name}" for name in LOADED.split())):
        importlib.import_module(name)
    # What recognizers look for, and what is planted, is worked out once in a process, and is the same in each.
    from cecil.leaktest.values import sorts
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.cache import FileCache

    sorts()
    with alone():
        Sanitizer(cache=FileCache(), nlp="none").redact({})
    if len(os.listdir("/proc/self/task")) != 1:
        raise SystemExit("a process of several threads cannot be forked")
    gc.freeze()
    running: dict[
        int, tuple[int, socket.socket]
    ] = {}  # by a descriptor of the process: its id, and who asked
    while True:
        ready = select.select([lifeline, asked, *running], [], [])[0]
        if lifeline in ready:
            return
        for process in running.keys() & {one for one in ready if isinstance(one, int)}:
            pid, who = running.pop(process)
            os.close(process)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with who, contextlib.suppress(OSError):  # nobody waits any more
                who.send(str(status).encode())
        if asked in ready:
            who = asked.accept()[0]
            message, fds, _, _ = socket.recv_fds(who, 1 << 20, 3)
            pid = os.fork()
            if pid == 0:
                for one in (asked, lifeline, who, *(one for _, one in running.values())):
                    one.close()
                for process in running:
                    os.close(process)
                _become(*marshal.loads(message), fds, loaded_with)
            for fd in fds:
                os.close(fd)
            with contextlib.suppress(OSError):
                who.send(str(pid).encode())
            running[os.pidfd_open(pid)] = pid, who


def _become(
    argv: list[str], cwd: bytes, env: dict[bytes, bytes], fds: list[int], loaded_with: dict[bytes, bytes]
) -> NoReturn:
    from cecil.commands import boundary

    try:
        for number, fd in enumerate(fds):
            os.dup2(fd, number)
            os.close(fd)
        os.chdir(cwd)
        if not _fits(argv, env, loaded_with):
            for number in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            launcher = str(ROOT / "bin" / f"cecil-{argv[0]}")
            os.execve(launcher, [launcher, *argv[1:]], env)
        os.environb.clear()
        os.environb.update(env)
        # As the interpreter opens them.
        sys.stdin = sys.__stdin__ = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
        sys.stdout = sys.__stdout__ = os.fdopen(
            1, "w", encoding="utf-8", errors="surrogateescape", closefd=False
        )
        sys.stderr = sys.__stderr__ = os.fdopen(
            2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
        )
        sys.argv = [f"cecil-{argv[0]}", *argv[1:]]
        boundary.run(argv[0])
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(99)


def _fits(argv: list[str], env: dict[bytes, bytes], loaded_with: dict[bytes, bytes]) -> bool:
    """Whether what is loaded is what a command loads that is given this."""
    from cecil.commands.lean import wants_engine

    # An engine of Presidio's wants other modules.
    if "--nlp" in argv[:-1] and wants_engine(argv[argv.index("--nlp") + 1]):
        return False
    env = {os.fsencode(name): os.fsencode(value) for name, value in _ONE_THREAD.items()} | env
    names = env.keys() | loaded_with.keys()
    return all(name.startswith(_HARMLESS) for name in names if env.get(name) != loaded_with.get(name))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    with contextlib.suppress(KeyboardInterrupt):
        main(*(socket.socket(fileno=int(number)) for number in sys.argv[1:]))
