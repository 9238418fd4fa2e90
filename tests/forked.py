"""Commands as processes that are forked from one which has loaded what they load.

Most of what a short run costs is to load Python's modules: 0.3 of 0.4 seconds. A process that is forked has
its own descriptors, folder, environment, signals and exit status, and enters where the installed script
does; what it does not show is that the launcher starts, and that a module imports all that it needs. The
golden cases and the tests of endings show that: they start the launchers themselves, as every test does
under coverage.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).parent.parent

LOADED = """
    commands.fetch commands.fingerprint commands.finish commands.keyfile commands.leaktest commands.manifest
    commands.map commands.notice commands.redact commands.redacting commands.report commands.restoring
    commands.sources.aws commands.sources.file commands.sources.stdin commands.tables commands.tree
    commands.uploading commands.verifying commands.write
    fingerprint.fingerprinter fingerprint.rollup fingerprint.savings providers.generic.file
    report.draft report.effects report.table report.words sanitizer.sanitizer sanitizer.names.network
    sanitizer.policy_shown sanitizer.proposals sanitizer.restorer sanitizer.shapes writers.jsonl writers.sinks
"""

_HARMLESS = ("CECIL_", "XDG_", "AWS_", "HOME", "COLUMNS", "NO_COLOR")
"""What a variable may begin with that no module and no interpreter looks at before a command runs."""


class Forks:
    """A process to fork from, and the means to ask it. One command at a time: whoever comes meanwhile is refused.

    Args:
        env: the environment it loads the modules in.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        # A process that is measured is measured from its start.
        self._env = {name: value for name, value in env.items() if not name.startswith("COVERAGE_")}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        python = ROOT / ".venv/bin/python"
        with theirs:
            self._process = subprocess.Popen(
                [python if python.exists() else sys.executable, "-P", __file__, str(theirs.fileno())],
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._asked = ours
        self._free = threading.Lock()

    def close(self) -> None:
        self._asked.close()
        self._process.wait(60)

    def run(
        self,
        argv: Sequence[str],
        stdin: bytes,
        stdout: int | IO[bytes],
        cwd: Path,
        env: Mapping[str, str],
        timeout: float,
    ) -> "subprocess.CompletedProcess[bytes] | None":
        """Run `argv`, a command without its `cecil-` and its arguments; None where it must be started.

        Args:
            stdout: as of `subprocess.run`.
        """
        from cecil.commands.lean import wants_engine

        if sys.platform != "linux" or not (stdout == subprocess.PIPE or hasattr(stdout, "fileno")):
            return None
        # An engine of Presidio's wants other modules than those which are loaded.
        engine = "--nlp" in argv and wants_engine(argv[argv.index("--nlp") + 1])
        other = {name for name in env.keys() | self._env.keys() if env.get(name) != self._env.get(name)}
        if (
            not all(name.startswith(_HARMLESS) for name in other)
            or engine
            or not self._free.acquire(blocking=False)
        ):
            return None
        try:
            return self._run(argv, stdin, stdout, cwd, env, timeout)
        finally:
            self._free.release()

    def _run(
        self,
        argv: Sequence[str],
        stdin: bytes,
        stdout: int | IO[bytes],
        cwd: Path,
        env: Mapping[str, str],
        timeout: float,
    ) -> "subprocess.CompletedProcess[bytes]":
        with contextlib.ExitStack() as opened:

            def pipe() -> tuple[IO[bytes], IO[bytes]]:
                ends = os.pipe()
                return open(ends[0], "rb", 0), open(ends[1], "wb", 0)

            theirs_in, ours_in = pipe()
            ours_err, theirs_err = pipe()
            ours_out: IO[bytes] | None = None
            opened.enter_context(theirs_in)
            opened.enter_context(theirs_err)
            if stdout == subprocess.PIPE:
                ours_out, theirs_out = pipe()
                out = opened.enter_context(theirs_out).fileno()
            else:
                out = stdout.fileno()  # type: ignore[union-attr]
            message = json.dumps([list(argv), str(cwd), dict(env)]).encode()
            socket.send_fds(self._asked, [message], [theirs_in.fileno(), out, theirs_err.fileno()])
        pid = int(self._asked.recv(64))
        got: dict[str, bytes] = {}

        def read(name: str, file: IO[bytes]) -> None:
            with file:
                got[name] = b"".join(iter(lambda: file.read(1 << 20), b""))

        def write() -> None:
            with contextlib.suppress(BrokenPipeError), ours_in:
                rest = memoryview(stdin)
                while rest:
                    rest = rest[ours_in.write(rest) :]

        threads = [threading.Thread(target=write), threading.Thread(target=read, args=("err", ours_err))]
        if ours_out:
            threads.append(threading.Thread(target=read, args=("out", ours_out)))
        for thread in threads:
            thread.start()
        self._asked.settimeout(timeout)
        try:
            status = int(self._asked.recv(64))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._asked.settimeout(None)
            self._asked.recv(64)
            raise subprocess.TimeoutExpired(list(argv), timeout) from None
        finally:
            for thread in threads:
                thread.join(timeout)
        return subprocess.CompletedProcess(list(argv), status, got.get("out"), got["err"])


def main(asked: socket.socket) -> None:
    """Fork whatever is asked for, until nobody can ask any more."""
    import importlib

    from cecil.commands import lean

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `boundary.run` has it, before NumPy is loaded
    lean.presidio()
    for name in ("hyperscan", "re2", *(f"cecil.{name}" for name in LOADED.split())):
        importlib.import_module(name)
    # What recognizers look for is worked out once in a process, and is the same in each.
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.cache import FileCache

    Sanitizer(cache=FileCache(), nlp="none").redact({})
    if len(os.listdir("/proc/self/task")) != 1:
        raise SystemExit("a process of several threads cannot be forked")
    gc.freeze()
    while True:
        message, fds, _, _ = socket.recv_fds(asked, 1 << 20, 3)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            asked.close()
            _become(*json.loads(message), fds)
        for fd in fds:
            os.close(fd)
        asked.send(str(pid).encode())
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        asked.send(str(status).encode())


def _become(argv: list[str], cwd: str, env: dict[str, str], fds: list[int]) -> NoReturn:
    from cecil.commands import boundary

    try:
        for number, fd in enumerate(fds):
            os.dup2(fd, number)
            os.close(fd)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
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


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    with contextlib.suppress(KeyboardInterrupt):
        main(socket.socket(fileno=int(sys.argv[1])))
