"""`Client`: for programs that wait.

Owns: sockets that wait, and the thread that writes a stream while it is read.
"""

import contextlib
import json
import select
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, AnyStr, Self, TypeVar

from cecil.client.calls import CALLS, NDJSON, Call, Explained, Redacted, query, refused
from cecil.client.place import Address, Place, unreachable
from cecil.client.wire import MOST_IDLE, READ, Exchange, Reader, Refuse, line_of, protocol
from cecil.errors import SourceError, TruncatedError

if TYPE_CHECKING:
    from types import TracebackType

    from cecil.sanitizer.sanitizer import Finding

T = TypeVar("T")
Lines = Iterable[str] | Iterable[bytes]


class _Connection:
    """A connection that waits."""

    def __init__(self, address: Address, timeout: float) -> None:
        h11 = protocol()
        self._address = address
        self._timeout = timeout
        self._socket = socket.socket(socket.AF_UNIX if address.uds else socket.AF_INET)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(address.uds or (address.host, address.port))
            if not address.uds:
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self._socket.close()
            raise unreachable(address, error) from None
        self._wire = h11.Connection(h11.CLIENT)

    def exchange(self, method: str, path: str, media_type: str | None, body: bytes | None) -> Exchange:
        return Exchange(self._wire, self._address.token, method, path, media_type, body)

    def send(self, data: bytes) -> None:
        if data:
            self._socket.sendall(data)

    def receive(self) -> bytes:
        return self._socket.recv(READ)

    def patient(self) -> None:
        """Let sending take its time: who reads may be slow."""
        self._socket.settimeout(None)

    def ready(self) -> bool:
        """Wait until something has come, or for the time in which something must."""
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        return bool(poller.poll(self._timeout * 1000))

    def end(self) -> None:
        """Wake whoever waits in it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()


class Own(Exception):
    """An error of the program's own iterator, which is its cause."""


class Stream(Iterator[bytes]):
    """Lines as they come. At its end `counts` has what the trailer said.

    Attributes:
        counts: None until the end.
    """

    def __init__(
        self, connection: _Connection, exchange: Exchange, lines: Lines | None, refuse: Refuse | None
    ) -> None:
        self._connection = connection
        self._exchange = exchange
        self._reader = Reader(refuse)
        self._ready: Iterator[bytes] = iter(())
        self._over = False
        self._failure: BaseException | None = None
        self._asking = False
        """Whether the program's own iterator is waited for: then the server has nothing to say."""
        connection.patient()
        self._writer = threading.Thread(target=self._write, args=(lines,), name="cecil-client", daemon=True)
        self._writer.start()

    @property
    def counts(self) -> dict[str, Any] | None:
        return self._reader.counts

    def _write(self, lines: Lines | None) -> None:
        try:
            self._connection.send(self._exchange.head())
            if lines is not None:
                for data in self._asked(lines):
                    self._connection.send(self._exchange.piece(data))
                self._connection.send(self._exchange.end())
        except OSError:
            pass  # who reads sees what the server said, or that it has gone
        except Own as own:
            self._failure = own.__cause__
            self._connection.end()

    def _asked(self, lines: Lines) -> Iterator[bytes]:
        """Lines, each as soon as it is there."""
        try:
            self._asking = True
            for one in lines:
                self._asking = False
                yield line_of(one)
                self._asking = True
        except GeneratorExit:
            raise
        except BaseException as error:
            raise Own from error
        finally:
            self._asking = False

    def __next__(self) -> bytes:
        while True:
            for line in self._ready:
                return line
            if self._over:
                raise StopIteration
            try:
                self._ready = iter(self._more())
            except BaseException:
                self.close()
                if self._failure:
                    raise self._failure from None
                raise

    def _more(self) -> list[bytes]:
        data, ended = self._piece()
        if self._exchange.code >= 400:
            pieces = [data]
            while not ended:
                data, ended = self._piece()
                pieces.append(data)
            raise refused(self._exchange.code, b"".join(pieces))
        lines = self._reader.feed(data)
        if ended:
            self._reader.end()
            self.close()
        return lines

    def _piece(self) -> tuple[bytes, bool]:
        try:
            while not self._connection.ready():
                if not self._asking:
                    raise TruncatedError("no answer in time")
            return self._exchange.receive(self._connection.receive())
        except OSError:
            raise TruncatedError("the server has gone") from None

    def close(self) -> None:
        """Leave the rest. A program's iterator is not asked for more."""
        if not self._over:
            self._over = True
            self._connection.end()
            if self._writer is not threading.current_thread():
                self._writer.join(1)  # it may wait for the program's own iterator
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Client:
    """A client that waits. One serves all threads of a program.

    Where nothing is said, it takes the server whose address file `CECIL_SERVER` names, or that of
    `cecil-serve --address-file serve.json`; and where none answers, it starts one, which ends with it.

    Args:
        url, token: of a server with a port.
        uds, token: of a server with a Unix socket.
        address_file: what `cecil-serve --address-file` wrote.
        start: whether a server is started where none runs.
        arguments: further options of a server that is started: `("--policy", "llm")`.
        timeout: seconds in which a server must do something.

    Raises:
        UsageError: the address is none, or not on this machine.
        MissingExtraError: the extra `serve` is not installed.

    Example:
        >>> from cecil.client import Client
        >>> with Client() as cecil:
        ...     cecil.redact({"mail": "bob@example.com", "n": 17}).value
        ...     [one.entity for one in cecil.check("from 8.8.8.8")]
        ...     list(cecil.redact_lines(['{"by": "bob@example.com"}']))
        {'mail': '<EMAIL_ADDRESS>', 'n': 17}
        ['IP_ADDRESS']
        ['{"by": "<EMAIL_ADDRESS>"}\\n']
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        uds: str | None = None,
        address_file: str | None = None,
        start: bool = True,
        arguments: Sequence[str] = (),
        timeout: float = 120,
    ) -> None:
        protocol()
        self._place = Place(url, token, uds, address_file, start, arguments)
        self._timeout = timeout
        self._lock = threading.Lock()
        self._found: Address | None = None
        self._idle: list[_Connection] = []

    # Every method raises AnswerError where the server refuses the request, SourceError where it cannot be
    # reached, TruncatedError where its answer was cut off.

    def health(self) -> dict[str, Any]:
        """What the server is: its version, its policy's hash, its model. Needs no token."""
        return self._call(CALLS.health())

    def redact(self, value: Any, *, policy: str | None = None) -> Redacted:
        """A record, or a text where it is a string.

        Args:
            policy: one that the server knows; None for its own.

        Raises:
            RecordError: it could not be judged, and must not go on.
        """
        return self._call(CALLS.redact(value, policy))

    def check(self, value: Any, *, policy: str | None = None) -> "list[Finding]":
        """What is sensitive in a record or text; empty where nothing is."""
        return self._call(CALLS.check(value, policy))

    def explain(self, value: Any, *, policy: str | None = None) -> Explained:
        """What is sensitive in a record or text, and what nearly is, with the reasons."""
        return self._call(CALLS.explain(value, policy))

    def policies(self) -> dict[str, Any]:
        """The policies, entities and actions that the server knows."""
        return self._call(CALLS.policies())

    def policy(self, name: str) -> str:
        """A policy's text."""
        return self._call(CALLS.policy(name))

    def put_policy(self, name: str, text: str | bytes) -> dict[str, Any]:
        """Let the server keep a policy until it ends.

        Raises:
            PolicyError: it is wrong; `others` has further mistakes.
        """
        return self._call(CALLS.put_policy(name, text))

    def delete_policy(self, name: str) -> None:
        """Let the server forget a policy that it keeps."""
        self._call(CALLS.delete_policy(name))

    def metrics(self) -> str:
        """The server's counters, in Prometheus' text format."""
        return self._call(CALLS.metrics())

    def redact_lines(
        self, lines: Iterable[AnyStr], *, policy: str | None = None, refuse: Refuse | None = None
    ) -> Iterator[AnyStr]:
        """Records as lines, redacted, each as soon as the server has it.

        Args:
            lines: JSON, one a line, as `str` or `bytes`; asked for in a thread of their own.
            refuse: is given the number of each line that must not go on, and the reason.

        Raises:
            RecordError: a line must not go on, and there is no `refuse`.
        """
        kind: list[type] = []

        def noted() -> Iterator[AnyStr]:
            for line in lines:
                if not kind:
                    kind.append(type(line))
                yield line

        with self.stream("/v1/redact/stream", noted(), policy=policy, refuse=refuse) as stream:
            for line in stream:
                yield line if kind[:1] == [bytes] else line.decode()  # type: ignore[misc]

    def fingerprint(self, lines: Lines) -> Stream:
        """Fingerprints of LLM calls, as lines of JSON."""
        return self.stream("/v1/fingerprint", lines)

    def fetch(self, source: str) -> Stream:
        """The records of a source that the server's operator named."""
        body = json.dumps({"source": source}).encode()
        return self._stream("POST", "/v1/fetch", "application/json", body, None, None)

    def stream(
        self, path: str, lines: Lines, *, policy: str | None = None, refuse: Refuse | None = None
    ) -> Stream:
        """Lines to an endpoint that answers lines; both at the same time."""
        return self._stream("POST", query(path, policy=policy), NDJSON, None, lines, refuse)

    def write(self, lines: Lines, folder: str, path: str) -> dict[str, Any]:
        """Records to a new file below a folder that the server's operator named; its name says its form."""
        told: dict[str, Any] = json.loads(self._send(query("/v1/write", folder=folder, path=path), lines))
        return told

    def map(
        self, lines: Lines, *, strategy: str | None = None, form: str | None = None, policy: str | None = None
    ) -> str:
        """A draft of a policy for these records; see cecil-map(1)."""
        return self._send(query("/v1/map", strategy=strategy, form=form, policy=policy), lines).decode()

    def cost(self, lines: Lines) -> dict[str, Any]:
        """What LLM calls cost, as `cecil-report --format json` says it."""
        told: dict[str, Any] = json.loads(self._send("/v1/cost", lines))
        return told

    def close(self) -> None:
        """Close connections, and end the server if it was started here."""
        with self._lock:
            idle, self._idle, self._found = self._idle, [], None
            for connection in idle:
                connection.close()
            self._place.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.close()

    @property
    def address(self) -> Address:
        """Where the server is; it is started if none runs.

        Raises:
            SourceError: none runs, and none was to be started.
        """
        with self._lock:
            if self._found is None:
                self._found = self._place.find(self._answers)
            return self._found

    def _answers(self, address: Address) -> bool:
        try:
            connection = _Connection(address, min(self._timeout, 5))
        except SourceError:
            return False
        try:
            code, _ = _whole(connection, connection.exchange("GET", "/health", None, None))
            return code == 200
        except (OSError, TruncatedError):
            return False
        finally:
            connection.close()

    def _call(self, call: Call[T]) -> T:
        address = self.address
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            used = connection is not None
            connection = connection or _Connection(address, self._timeout)
            exchange = connection.exchange(call.method, call.path, call.media_type, call.body)
            try:
                code, data = _whole(connection, exchange)
            except (ConnectionError, TruncatedError):
                connection.close()
                if used and not exchange.code:
                    continue  # the server had closed it meanwhile: nothing was asked yet
                raise TruncatedError("the server has gone") from None
            except OSError as error:
                connection.close()
                raise unreachable(address, error) from None
            self._back(connection, exchange)
            if code >= 400:
                raise refused(code, data)
            return call.read(data)

    def _back(self, connection: _Connection, exchange: Exchange) -> None:
        if exchange.reusable():
            with self._lock:
                if self._found and len(self._idle) < MOST_IDLE:
                    self._idle.append(connection)
                    return
        connection.close()

    def _stream(
        self,
        method: str,
        path: str,
        media_type: str,
        body: bytes | None,
        lines: Lines | None,
        refuse: Refuse | None,
    ) -> Stream:
        connection = _Connection(self.address, self._timeout)
        return Stream(connection, connection.exchange(method, path, media_type, body), lines, refuse)

    def _send(self, path: str, lines: Lines) -> bytes:
        """Lines to an endpoint that answers at their end."""
        connection = _Connection(self.address, self._timeout)
        stream = _Whole(connection, connection.exchange("POST", path, NDJSON, None), lines, None)
        return b"".join(stream)


class _Whole(Stream):
    """An answer that is no stream of lines."""

    def _more(self) -> list[bytes]:
        pieces: list[bytes] = []
        ended = False
        while not ended:
            data, ended = self._piece()
            pieces.append(data)
        self.close()
        if self._exchange.code >= 400:
            raise refused(self._exchange.code, b"".join(pieces))
        return pieces


def _whole(connection: _Connection, exchange: Exchange) -> tuple[int, bytes]:
    connection.send(exchange.head())
    pieces = []
    ended = False
    while not ended:
        data, ended = exchange.receive(connection.receive())
        pieces.append(data)
    return exchange.code, b"".join(pieces)
