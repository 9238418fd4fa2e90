"""`AsyncClient`: for programs of an event loop.

Owns: streams of asyncio, and the task that writes a stream while it is read.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, AnyStr, Self, TypeVar

from cecil.client.calls import CALLS, NDJSON, Call, Explained, Redacted, query, refused
from cecil.client.place import Address, unreachable
from cecil.client.waiting import Client, Lines, Own
from cecil.client.wire import MOST_IDLE, READ, Exchange, Reader, Refuse, line_of, protocol
from cecil.errors import TruncatedError

if TYPE_CHECKING:
    from cecil.sanitizer.sanitizer import Finding

T = TypeVar("T")
AsyncLines = Lines | AsyncIterable[str] | AsyncIterable[bytes]


class _AsyncConnection:
    """A connection that is awaited."""

    def __init__(
        self, address: Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float
    ) -> None:
        h11 = protocol()
        self._address = address
        self._reader = reader
        self._writer = writer
        self._timeout = timeout
        self._wire = h11.Connection(h11.CLIENT)

    @classmethod
    async def open(cls, address: Address, timeout: float) -> "_AsyncConnection":
        try:
            async with asyncio.timeout(timeout):
                if address.uds:
                    pair = await asyncio.open_unix_connection(address.uds)
                else:
                    pair = await asyncio.open_connection(address.host, address.port)
        except OSError as error:  # a time-out is one
            raise unreachable(address, error) from None
        return cls(address, *pair, timeout)

    def exchange(self, method: str, path: str, media_type: str | None, body: bytes | None) -> Exchange:
        return Exchange(self._wire, self._address.token, method, path, media_type, body)

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def receive(self) -> bytes:
        async with asyncio.timeout(self._timeout):
            return await self._reader.read(READ)

    async def close(self) -> None:
        # Not `close`, which would wait for a server to take what is still to be sent.
        self._writer.transport.abort()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


class AsyncStream(AsyncIterator[bytes]):
    """Lines as they come. At its end `counts` has what the trailer said.

    Attributes:
        counts: None until the end.
    """

    def __init__(
        self,
        connection: _AsyncConnection,
        exchange: Exchange,
        lines: AsyncLines | None,
        refuse: Refuse | None,
    ) -> None:
        self._connection = connection
        self._exchange = exchange
        self._reader = Reader(refuse)
        self._ready: Iterator[bytes] = iter(())
        self._over = False
        self._failure: BaseException | None = None
        self._asking = False
        """Whether the program's own iterator is waited for: then the server has nothing to say."""
        self._writer = asyncio.ensure_future(self._write(lines))

    @property
    def counts(self) -> dict[str, Any] | None:
        return self._reader.counts

    async def _write(self, lines: AsyncLines | None) -> None:
        try:
            await self._connection.send(self._exchange.head())
            if lines is not None:
                async for data in self._asked(lines):
                    await self._connection.send(self._exchange.piece(data))
                await self._connection.send(self._exchange.end())
        except OSError:
            pass  # who reads sees what the server said, or that it has gone
        except Own as own:
            self._failure = own.__cause__
            await self._connection.close()

    async def _asked(self, lines: AsyncLines) -> AsyncIterator[bytes]:
        """Lines, each as soon as it is there."""
        try:
            self._asking = True
            async for one in _each(lines):
                self._asking = False
                yield line_of(one)
                self._asking = True
        except (GeneratorExit, asyncio.CancelledError):
            raise
        except BaseException as error:
            raise Own from error
        finally:
            self._asking = False

    async def __anext__(self) -> bytes:
        while True:
            for line in self._ready:
                return line
            if self._over:
                raise StopAsyncIteration
            try:
                self._ready = iter(await self._more())
            except BaseException:
                await self.aclose()
                if self._failure:
                    raise self._failure from None
                raise

    async def _more(self) -> list[bytes]:
        data, ended = await self._piece()
        if self._exchange.code >= 400:
            pieces = [data]
            while not ended:
                data, ended = await self._piece()
                pieces.append(data)
            raise refused(self._exchange.code, b"".join(pieces))
        lines = self._reader.feed(data)
        if ended:
            self._reader.end()
            await self.aclose()
        return lines

    async def _piece(self) -> tuple[bytes, bool]:
        while True:
            try:
                return self._exchange.receive(await self._connection.receive())
            except TimeoutError:
                if not self._asking:
                    raise TruncatedError("no answer in time") from None
            except OSError:
                raise TruncatedError("the server has gone") from None

    async def aclose(self) -> None:
        """Leave the rest."""
        if not self._over:
            self._over = True
            if not self._writer.done():
                self._writer.cancel()
            await asyncio.wait({self._writer})
            await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class _AsyncWhole(AsyncStream):
    """An answer that is no stream of lines."""

    async def _more(self) -> list[bytes]:
        pieces: list[bytes] = []
        ended = False
        while not ended:
            data, ended = await self._piece()
            pieces.append(data)
        await self.aclose()
        if self._exchange.code >= 400:
            raise refused(self._exchange.code, b"".join(pieces))
        return pieces


async def _each(lines: AsyncLines) -> AsyncIterator[str | bytes]:
    if isinstance(lines, AsyncIterable):
        async for one in lines:
            yield one
    else:
        for one in lines:
            yield one


class AsyncClient:
    """A client that is awaited, in one event loop. The same as `Client`, whose arguments it takes.

    Example:
        >>> import asyncio
        >>> from cecil.client import AsyncClient
        >>> async def main():
        ...     async with AsyncClient() as cecil:
        ...         print((await cecil.redact("mail bob@example.com")).value)
        ...         async for line in cecil.redact_lines(['{"by": "bob@example.com"}']):
        ...             print(line.strip())
        >>> asyncio.run(main())
        mail <EMAIL_ADDRESS>
        {"by": "<EMAIL_ADDRESS>"}
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
        # To find or start a server is the other client's affair.
        self._other = Client(
            url,
            token=token,
            uds=uds,
            address_file=address_file,
            start=start,
            arguments=arguments,
            timeout=timeout,
        )
        self._timeout = timeout
        self._found: Address | None = None
        self._idle: list[_AsyncConnection] = []

    async def health(self) -> dict[str, Any]:
        """See `Client.health`."""
        return await self._call(CALLS.health())

    async def redact(self, value: Any, *, policy: str | None = None) -> Redacted:
        """See `Client.redact`."""
        return await self._call(CALLS.redact(value, policy))

    async def check(self, value: Any, *, policy: str | None = None) -> "list[Finding]":
        """See `Client.check`."""
        return await self._call(CALLS.check(value, policy))

    async def explain(self, value: Any, *, policy: str | None = None) -> Explained:
        """See `Client.explain`."""
        return await self._call(CALLS.explain(value, policy))

    async def policies(self) -> dict[str, Any]:
        """See `Client.policies`."""
        return await self._call(CALLS.policies())

    async def policy(self, name: str) -> str:
        """See `Client.policy`."""
        return await self._call(CALLS.policy(name))

    async def put_policy(self, name: str, text: str | bytes) -> dict[str, Any]:
        """See `Client.put_policy`."""
        return await self._call(CALLS.put_policy(name, text))

    async def delete_policy(self, name: str) -> None:
        """See `Client.delete_policy`."""
        await self._call(CALLS.delete_policy(name))

    async def metrics(self) -> str:
        """See `Client.metrics`."""
        return await self._call(CALLS.metrics())

    async def redact_lines(
        self,
        lines: Iterable[AnyStr] | AsyncIterable[AnyStr],
        *,
        policy: str | None = None,
        refuse: Refuse | None = None,
    ) -> AsyncIterator[AnyStr]:
        """See `Client.redact_lines`; the lines may be awaited, too."""
        kind: list[type] = []

        async def noted() -> AsyncIterator[bytes]:
            async for line in _each(lines):
                if not kind:
                    kind.append(type(line))
                yield line_of(line)

        async with await self.stream("/v1/redact/stream", noted(), policy=policy, refuse=refuse) as stream:
            async for line in stream:
                yield line if kind[:1] == [bytes] else line.decode()  # type: ignore[misc]

    async def fingerprint(self, lines: AsyncLines) -> AsyncStream:
        """See `Client.fingerprint`."""
        return await self.stream("/v1/fingerprint", lines)

    async def fetch(self, source: str) -> AsyncStream:
        """See `Client.fetch`."""
        body = json.dumps({"source": source}).encode()
        connection = await _AsyncConnection.open(await self.address(), self._timeout)
        return AsyncStream(
            connection, connection.exchange("POST", "/v1/fetch", "application/json", body), None, None
        )

    async def stream(
        self, path: str, lines: AsyncLines, *, policy: str | None = None, refuse: Refuse | None = None
    ) -> AsyncStream:
        """See `Client.stream`."""
        connection = await _AsyncConnection.open(await self.address(), self._timeout)
        exchange = connection.exchange("POST", query(path, policy=policy), NDJSON, None)
        return AsyncStream(connection, exchange, lines, refuse)

    async def write(self, lines: AsyncLines, folder: str, path: str) -> dict[str, Any]:
        """See `Client.write`."""
        told: dict[str, Any] = json.loads(
            await self._send(query("/v1/write", folder=folder, path=path), lines)
        )
        return told

    async def map(
        self,
        lines: AsyncLines,
        *,
        strategy: str | None = None,
        form: str | None = None,
        policy: str | None = None,
    ) -> str:
        """See `Client.map`."""
        return (
            await self._send(query("/v1/map", strategy=strategy, form=form, policy=policy), lines)
        ).decode()

    async def cost(self, lines: AsyncLines) -> dict[str, Any]:
        """See `Client.cost`."""
        told: dict[str, Any] = json.loads(await self._send("/v1/cost", lines))
        return told

    async def address(self) -> Address:
        """See `Client.address`."""
        if self._found is None:
            self._found = await asyncio.to_thread(lambda: self._other.address)
        return self._found

    async def aclose(self) -> None:
        """Close connections, and end the server if it was started here."""
        idle, self._idle, self._found = self._idle, [], None
        for connection in idle:
            await connection.close()
        await asyncio.to_thread(self._other.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _call(self, call: Call[T]) -> T:
        address = await self.address()
        while True:
            connection = self._idle.pop() if self._idle else None
            used = connection is not None
            connection = connection or await _AsyncConnection.open(address, self._timeout)
            exchange = connection.exchange(call.method, call.path, call.media_type, call.body)
            pieces: list[bytes] = []
            ended = False
            try:
                await connection.send(exchange.head())
                while not ended:
                    data, ended = exchange.receive(await connection.receive())
                    pieces.append(data)
            except (ConnectionError, TruncatedError):
                await connection.close()
                if used and not exchange.code:
                    continue  # the server had closed it meanwhile: nothing was asked yet
                raise TruncatedError("the server has gone") from None
            except OSError as error:
                await connection.close()
                raise unreachable(address, error) from None
            except BaseException:
                await connection.close()
                raise
            if exchange.reusable() and self._found and len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
            else:
                await connection.close()
            if exchange.code >= 400:
                raise refused(exchange.code, b"".join(pieces))
            return call.read(b"".join(pieces))

    async def _send(self, path: str, lines: AsyncLines) -> bytes:
        connection = await _AsyncConnection.open(await self.address(), self._timeout)
        stream = _AsyncWhole(connection, connection.exchange("POST", path, NDJSON, None), lines, None)
        return b"".join([piece async for piece in stream])
