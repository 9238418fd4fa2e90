"""The server's process: `listen` and `serve` are its inside, `ServerManager` its outside.

Owns: the socket, the signals and the log of a serving process, and the child process of a Python program
that wants a server. Refuses: any address but 127.0.0.1, logs of requests, and a server that outlives the
program that started it.
"""

import errno
import gc
import http.client
import json
import logging
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from cecil.api import lifeline, require
from cecil.api.settings import command
from cecil.errors import CecilError

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from fastapi import FastAPI

HOST = "127.0.0.1"
BACKLOG = 2048
MOST_CONNECTIONS = 4096
"""Connections at once; a further one is closed."""
DRAIN = 10
"""Seconds that running requests get to end when the server is told to."""


KEPT = 60
"""Seconds that a connection may wait for its next request."""


class ServerError(CecilError):
    """The server could not start, or is not running."""


def listen(port: int = 0) -> socket.socket:
    """A listening socket on 127.0.0.1.

    Args:
        port: 0 takes a free one.

    Raises:
        ServerError: the port is in use, or not ours to take.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if port:
            # A port whose last connections still linger can be taken again; one that is listened on cannot.
            # Not for port 0: there it could hand us a port that somebody has bound already.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        # Linux lets it be taken again only if we, too, were willing to share: so now in any case.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Here and not later: two sockets may be bound to one port, only one can listen.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason, hint = {
            errno.EADDRINUSE: ("the port is in use", "port 0 takes a free one"),
            errno.EACCES: ("not allowed to take this port", "choose a port from 1024"),
        }.get(error.errno or 0, ("the port cannot be taken", None))
        raise ServerError(reason, where=f"{HOST}:{port}", hint=hint) from None
    return listener


def url(port: int) -> str:
    return f"http://{HOST}:{port}"


def serve(
    app: "FastAPI",
    listener: socket.socket,
    *,
    ready: Callable[[], None],
    report: Callable[[str], None],
    parent: int | None = None,
) -> None:
    """Serve until told to end, then let running requests end, for at most `DRAIN` seconds.

    Takes over the process: SIGTERM, SIGINT and the root logger. Call it in the main thread.

    Args:
        ready: called once, when requests are answered. What it raises ends the server.
        report: told of an internal error, as a class and a place in the code, and of requests cut off.
        parent: end as on SIGTERM when this process, our parent, dies or when standard input closes.

    Raises:
        KeyboardInterrupt: after SIGINT, unless it was ignored; a second one does not wait for requests.
        MissingExtraError: the extra `serve` is not installed.
        UsageError: there is no parent to end with.
    """
    require()
    import asyncio

    import uvicorn

    from cecil.api.protocol import Protocol

    class Connection(Protocol):
        idle = app.state.service.settings.idle

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            app.state.service.pool.report = report
            await app.state.service.check()
            # What is there now stays: Python need not look at it again and again.
            gc.freeze()
            ready()

        hurry: Callable[[], object] | None = None

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            loop = asyncio.get_running_loop()
            # A stream whose writer goes on and on is answered so far, and told that there was more.
            app.state.service.readers.stop()
            try:
                async with asyncio.timeout(DRAIN) as drain:
                    self.hurry = lambda: loop.call_soon_threadsafe(drain.reschedule, loop.time())
                    await super().shutdown(sockets)
            except TimeoutError:
                if not self.force_exit:
                    report(f"requests that did not end within {DRAIN} s were cut off")
            finally:
                self.hurry = None
                await app.state.service.pool.close()

        def handle_exit(self, sig: int, frame: "FrameType | None") -> None:
            # A shell starts a script's background jobs with SIGINT ignored; they stay deaf to it.
            if not (sig == signal.SIGINT and deaf):
                super().handle_exit(sig, frame)
                # Uvicorn looks at force_exit, but since Python 3.12 asyncio's own server waits for all
                # connections, whatever uvicorn thinks of them.
                if self.force_exit and self.hurry:
                    self.hurry()

    _allow_connections()
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    handler = _PlacesOnly(report)
    server = Server(
        uvicorn.Config(
            app,
            # Named, so that the server is the same whatever else is installed.
            loop="uvloop",
            http=Connection,
            ws="none",
            timeout_keep_alive=KEPT,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
    )

    def end(*_: object) -> None:
        server.should_exit = True

    # Uvicorn raises the signal that ended it once more, to whoever had the handler before. SIGTERM is
    # how a server is asked to end, so having drained is success; SIGINT goes on as KeyboardInterrupt.
    before = signal.signal(signal.SIGTERM, end)
    logging.getLogger().addHandler(handler)
    try:
        if parent is not None:
            lifeline.watch(parent, end)
        server.run(sockets=[listener])
    finally:
        logging.getLogger().removeHandler(handler)
        signal.signal(signal.SIGTERM, before)


def _allow_connections() -> None:
    """Let this process have as many files open as it may: a connection is one."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _PlacesOnly(logging.Handler):
    """Reports exceptions that libraries log, without their text, which may hold a request's values."""

    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            self._report(f"an error was logged in {record.filename}:{record.lineno}")
        elif isinstance(error, Exception):  # not the cancelling of a request that outlasted the drain
            trace = error.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
            self._report(f"internal error: {type(error).__name__} in {place}")


class ServerManager:
    """Runs `cecil-serve` as a child process. Not for use from several threads at once.

        with ServerManager() as server:
            request = urllib.request.Request(server.url + "/v1/policies")
            request.add_header("Authorization", f"Bearer {server.token}")
            urllib.request.urlopen(request)

    The server ends at the end of the block, and also when this process is killed. It does not see the
    Ctrl-C of this process's terminal.

    Args:
        port: 0 takes a free one at every start.
        uds: the path of a Unix socket, instead of a port; a bare name stands in `$XDG_RUNTIME_DIR/cecil`.
        arguments: further ones of cecil-serve.
        start_timeout: seconds until the server must answer.
        stop_timeout: seconds until a server that was asked to end is killed; running requests get at most
            `DRAIN` seconds of them.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        uds: str | None = None,
        arguments: Sequence[str] = (),
        start_timeout: float = 30,
        stop_timeout: float = DRAIN + 5,
    ) -> None:
        self._where = ["--port", str(port)] if uds is None else ["--uds", uds]
        self._arguments = list(arguments)
        self._start_timeout = start_timeout
        self._stop_timeout = stop_timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: _Messages | None = None
        self._served: dict[str, Any] = {}

    @property
    def address(self) -> dict[str, Any]:
        """What the server said of itself: `url`, `pid`, `token`, and `uds` or `host`, `port` and `page`.

        Raises:
            ServerError: it is not running.
        """
        self._running()
        return dict(self._served)

    @property
    def url(self) -> str:
        """Where the server is, e.g. `http://127.0.0.1:40001`; `http://localhost` behind a Unix socket.

        Raises:
            ServerError: it is not running.
        """
        return str(self.address["url"])

    @property
    def uds(self) -> str | None:
        """The path of its Unix socket, if it has one.

        Raises:
            ServerError: it is not running.
        """
        path: str | None = self.address.get("uds")
        return path

    @property
    def token(self) -> str:
        """What lets its bearer in: `Authorization: Bearer TOKEN`. Another one at every start.

        Raises:
            ServerError: it is not running.
        """
        return str(self.address["token"])

    @property
    def pid(self) -> int:
        """The server's process.

        Raises:
            ServerError: it is not running.
        """
        return self._running().pid

    def start(self) -> None:
        """Start the server and wait until it answers. Does nothing when it runs already.

        Raises:
            ServerError: it ended early, or does not answer in time; no process is left.
            MissingExtraError: the extra `serve` is not installed.
        """
        if self._process and self._process.poll() is None:
            return
        self.stop()
        require()
        deadline = time.monotonic() + self._start_timeout
        try:
            self._process = subprocess.Popen(
                [*command("serve"), "--with-parent", *self._where, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Ctrl-C at the terminal is for this process, which then decides when to stop the server.
                process_group=0,
            )
        except OSError as error:
            raise ServerError(f"the server cannot be started: {error.strerror}") from None
        try:
            assert self._process.stdout
            assert self._process.stderr
            self._messages = _Messages(self._process.stderr)
            self._served = self._address(self._process.stdout, deadline)
            if not self.healthy(deadline - time.monotonic()):
                raise ServerError("the server does not answer as it should", where=self._served["url"])
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ask the server to end, let running requests end, and wait for it; kill it when it takes too long.

        Does nothing when it does not run.
        """
        process, messages = self._process, self._messages
        if process is None:
            return
        process.terminate()
        try:
            process.wait(self._stop_timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = self._messages = None
        if messages:
            messages.end()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def healthy(self, timeout: float = 5) -> bool:
        """Whether the server runs and answers /health within `timeout` seconds."""
        if not self._process or self._process.poll() is not None:
            return False
        connection = self._connection(max(timeout, 0.001))
        try:
            connection.request("GET", "/health")
            response = connection.getresponse()
            return response.status == 200 and json.loads(response.read())["status"] == "ok"
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
            return False
        finally:
            connection.close()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        # Not urllib.request.urlopen: it would honour a proxy of the environment.
        path = self._served.get("uds")
        if path is None:
            return http.client.HTTPConnection(HOST, self._served["port"], timeout=timeout)
        return _UnixConnection(path, timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.stop()

    def _running(self) -> "subprocess.Popen[bytes]":
        if not self._process or self._process.poll() is not None:
            raise ServerError("the server is not running", hint="call start() first")
        return self._process

    def _address(self, stdout: IO[bytes], deadline: float) -> dict[str, Any]:
        """The address, from the line that the server prints when it answers."""
        poller = select.poll()
        poller.register(stdout, select.POLLIN)
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not poller.poll(left * 1000):
                raise self._late()
            piece = os.read(stdout.fileno(), 4096)
            if not piece:
                raise self._early_end(deadline)
            line += piece
        try:
            found = json.loads(line)
            fits = isinstance(found["url"], str) and isinstance(found["token"], str)
            if not fits or not (isinstance(found.get("uds"), str) or isinstance(found["port"], int)):
                raise ValueError
            return dict(found)
        except (ValueError, LookupError, TypeError):
            raise ServerError("the server did not say where it is") from None

    def _early_end(self, deadline: float) -> ServerError:
        """Why a server ended before it answered: what it said itself, or its exit status."""
        process, messages = self._process, self._messages
        assert process
        assert messages
        try:
            status = process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            return self._late()
        messages.end()
        reason, hint = messages.reason()
        return ServerError(reason or f"the server ended with status {status} before it answered", hint=hint)

    def _late(self) -> ServerError:
        return ServerError(f"the server did not answer within {self._start_timeout:g} s")


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class _Messages(threading.Thread):
    """Reads a server's standard error, and closes it, so that the server never blocks on it."""

    KEPT = 1 << 14
    """Bytes that are kept: the first, which say why a server did not start."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(name="cecil-serve messages", daemon=True)
        self._pipe = pipe
        self._text = b""
        self.start()

    def run(self) -> None:
        with self._pipe:
            while piece := os.read(self._pipe.fileno(), 1 << 16):
                self._text = (self._text + piece)[: self.KEPT]

    def end(self) -> None:
        """Wait for the last message of a server that has ended."""
        self.join(5)  # not for ever: a process that the server left behind may hold the pipe

    def reason(self) -> tuple[str | None, str | None]:
        """The first message and its hint; anything else (an interpreter's traceback) may hold values."""
        found: dict[str, str] = {}
        for line in self._text.decode("utf-8", "replace").splitlines():
            name, _, text = line.partition(": ")
            found.setdefault(name, text)
        return found.get("cecil-serve"), found.get("hint")
