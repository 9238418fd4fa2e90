"""What cecil-serve costs beyond the library, what its streams carry, and that it stays as it was.

    python -m tests.bench.serve [--seconds N] [--connections N] [--cases N] [latency] [stream] [soak] [schema]

Everything goes over a Unix socket, with the names of persons off. `latency`: a record of 1 KB, one request
after the other, beside the library's own time for the same records; then 500 requests a second, sent when
their time has come, whether or not earlier ones are answered. `stream`: records through /v1/redact/stream
beside `cecil-redact`. `soak`: many connections at once, slow readers and writers among them. `schema`:
schemathesis, which `make bench-serve` installs apart, asks what the description allows and what it does not.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import uvloop

from cecil.api.server import ServerManager

ROOT = Path(__file__).parents[2]
RATE = 500


def record(number: int, rng: random.Random) -> bytes:
    """A record of about 1 KB: what a service logs, a person in every one."""
    words = "order cache user page token queue retry shard region worker batch index".split()
    text = " ".join(rng.choices(words, k=60))
    return json.dumps(
        {
            "time": f"2026-11-21T22:{number // 60 % 60:02}:{number % 60:02}.{number % 1000:03}Z",
            "level": rng.choice(["info", "warn", "debug"]),
            "trace_id": f"{rng.getrandbits(128):032x}",
            "request": {"method": "POST", "path": f"/v1/items/{number}", "status": 200, "ms": number % 977},
            "user": {"id": number, "email": f"user{number}@example.com"},
            "remote_addr": f"198.51.100.{number % 254 + 1}",
            "message": f"user{number}@example.com asked for {number}: {text}",
            "tags": [f"{rng.getrandbits(64):016x}" for _ in range(8)],
        }
    ).encode()


class Client:
    """A connection, kept open; as little work as can be, since it shares the cores."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self.reader = reader
        self.writer = writer
        self._head = f"Host: localhost\r\nAuthorization: Bearer {token}\r\n".encode()

    @classmethod
    async def open(cls, server: ServerManager) -> "Client":
        reader, writer = await asyncio.open_unix_connection(server.uds, limit=1 << 20)
        return cls(reader, writer, server.token)

    async def ask(self, path: str, body: bytes, kind: str = "application/json") -> tuple[int, bytes]:
        self.writer.write(self.request(path, kind, f"Content-Length: {len(body)}") + body)
        return await self.answer()

    async def health(self) -> tuple[int, bytes]:
        self.writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return await self.answer()

    def request(self, path: str, kind: str, more: str) -> bytes:
        return b"POST %b HTTP/1.1\r\n%bContent-Type: %b\r\n%b\r\n\r\n" % (
            path.encode(),
            self._head,
            kind.encode(),
            more.encode(),
        )

    async def answer(self) -> tuple[int, bytes]:
        status, length = await self.head()
        return status, await self.reader.readexactly(length)

    async def head(self) -> tuple[int, int]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else -1
        return int(head[9:12]), length

    async def chunks(self) -> "Any":
        """The pieces of an answer in chunks."""
        while True:
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            piece = await self.reader.readexactly(size + 2)
            if not size:
                return
            yield piece[:-2]

    def close(self) -> None:
        self.writer.close()


def asked(one: bytes) -> bytes:
    return b'{"value":' + one + b"}"


async def latency(server: ServerManager, seconds: float) -> None:
    rng = random.Random(1)
    records = [record(n, rng) for n in range(2000)]
    print(f"record: {len(records[0])} bytes")
    own = library(records)
    client = await Client.open(server)
    await client.ask("/v1/redact", asked(records[0]))
    for one in records[:200]:
        await client.ask("/v1/redact", asked(one))
    taken = []
    before = processor(server.pid)
    for one in records:
        start = time.perf_counter()
        status, _ = await client.ask("/v1/redact", asked(one))
        taken.append(time.perf_counter() - start)
        assert status == 200
    used = [
        ms((after - before) / len(records))
        for before, after in zip(before, processor(server.pid), strict=True)
    ]
    client.close()
    beyond = median(taken) - median(own)
    print(f"one after the other: median {ms(median(taken))}, the library's own {ms(median(own))}")
    print(f"beyond the library: median {ms(beyond)}  (asked: below 1 ms)")
    print(f"processor time of a request: server {used[0]}, workers {used[1]}")
    if seconds:
        await at_rate(server, records, seconds)


def processor(pid: int) -> tuple[float, float]:
    """Seconds of processor time that the server has used, and that its workers have."""
    tick = os.sysconf("SC_CLK_TCK")
    own = workers = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            used = (int(fields[11]) + int(fields[12])) / tick
            if int(folder.name) == pid:
                own = used
            elif int(fields[1]) == pid:
                workers += used
    return own, workers


def library(records: list[bytes]) -> list[float]:
    """Seconds that the library takes for each."""
    from cecil import Sanitizer
    from cecil.stream.cache import FileCache

    sanitizer = Sanitizer(cache=FileCache(), nlp="none")
    for one in records[:200]:
        sanitizer.redact_json(one)
    taken = []
    for one in records:
        start = time.perf_counter()
        sanitizer.redact_json(one)
        taken.append(time.perf_counter() - start)
    return taken


async def at_rate(server: ServerManager, records: list[bytes], seconds: float) -> None:
    """Requests when their time has come: who waits behind a slow one counts its wait too.

    /health, which no worker sees, is asked at the same rate before and after, and how late this program itself
    was is told: what else runs on the machine makes all of them slow.
    """
    clients: asyncio.Queue[Client] = asyncio.Queue()
    for _ in range(32):
        clients.put_nowait(await Client.open(server))
    # All workers are there before the clock runs.
    several = [clients.get_nowait() for _ in range(16)]
    await asyncio.gather(*(client.ask("/v1/redact", asked(records[0])) for client in several))
    for client in several:
        clients.put_nowait(client)
    for path, share in (("/health", 0.25), ("/v1/redact", 1.0), ("/health", 0.25)):
        count = int(RATE * seconds * share)
        before = sum(processor(server.pid))
        taken, late = await _asked_at_rate(clients, path, records, count)
        used = sum(processor(server.pid)) - before
        asks = "  (asked: below 10 ms)" if path == "/v1/redact" else ""
        print(
            f"{path} at {RATE} requests/s for {count / RATE:g} s: median {ms(median(taken))}, 99th percentile "
            f"{ms(quantiles(taken, n=100)[98])}{asks}, slowest {ms(max(taken))}; processor {ms(used / count)} "
            f"each; sent late: 99th percentile {ms(quantiles(late, n=100)[98])}",
            flush=True,
        )


async def _asked_at_rate(
    clients: "asyncio.Queue[Client]", path: str, records: list[bytes], count: int
) -> tuple[list[float], list[float]]:
    """Seconds from the time when each was due to its answer, and to its being sent."""
    taken: list[float] = []
    late: list[float] = []
    start = time.perf_counter() + 0.5

    async def one(number: int) -> None:
        due = start + number / RATE
        await asyncio.sleep(due - time.perf_counter())
        late.append(time.perf_counter() - due)
        client = await clients.get()
        asking = client.health() if path == "/health" else client.ask(path, asked(records[number % 2000]))
        status, _ = await asking
        taken.append(time.perf_counter() - due)
        assert status == 200
        clients.put_nowait(client)

    await asyncio.gather(*(one(n) for n in range(count)))
    return taken, late


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


async def stream(server: ServerManager, megabytes: int) -> None:
    rng = random.Random(2)
    some = [record(n, rng) for n in range(2000)]
    dull = [json.dumps({"n": n, "message": "x y z " * 30}).encode() for n in range(2000)]
    for name, lines in (("a person in every record", some), ("nothing to find", dull)):
        block = b"\n".join(lines) + b"\n"
        size = (megabytes << 20) if lines is dull else (megabytes << 20) // 4
        with tempfile.NamedTemporaryFile() as file:
            for _ in range(size // len(block) + 1):
                file.write(block)
            file.flush()
            await by_server(server, file.name)  # the workers are there
            by = "cecil-redact", "/v1/redact/stream"
            rates: dict[str, list[float]] = {one: [] for one in by}
            used: dict[str, list[float]] = {one: [] for one in by}
            for _ in range(3):
                before = children()
                rates[by[0]].append(by_command(file.name))
                used[by[0]].append(children() - before)
                before = sum(processor(server.pid))
                rates[by[1]].append(await by_server(server, file.name))
                used[by[1]].append(sum(processor(server.pid)) - before)
            volume = os.path.getsize(file.name) / 1e6
        for one in by:
            print(
                f"stream, {name}: {one} {max(rates[one]):.1f} MB/s, processor {min(used[one]) / volume:.3f} s/MB"
            )
        share = max(rates[by[1]]) / max(rates[by[0]])
        print(f"stream, {name}: {share:.0%} of the command's  (asked: 70 %)", flush=True)


def children() -> float:
    """Seconds of processor time of processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def by_command(path: str) -> float:
    start = time.perf_counter()
    # A pipe on both sides, as the server has.
    with open(path, "rb") as file:
        cat = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
        redact = subprocess.Popen(
            [ROOT / "bin" / "cecil-redact", "--nlp", "none", "--format", "jsonl", "-q"],
            stdin=cat.stdout,
            stdout=subprocess.PIPE,
        )
        assert redact.stdout
        while redact.stdout.read(1 << 18):
            pass
        assert redact.wait() == 0
        cat.wait()
    return os.path.getsize(path) / (time.perf_counter() - start) / 1e6


async def by_server(server: ServerManager, path: str) -> float:
    start = time.perf_counter()
    client = await Client.open(server)
    client.writer.write(
        client.request(
            "/v1/redact/stream", "application/x-ndjson", f"Content-Length: {os.path.getsize(path)}"
        )
    )

    async def write() -> None:
        with open(path, "rb") as file:
            while piece := file.read(1 << 18):
                client.writer.write(piece)
                await client.writer.drain()

    writing = asyncio.ensure_future(write())
    status, _ = await client.head()
    assert status == 200
    last = b""
    async for piece in client.chunks():
        last = piece
    await writing
    client.close()
    assert json.loads(last.splitlines()[-1])["$cecil"]["end"]["complete"]
    return os.path.getsize(path) / (time.perf_counter() - start) / 1e6


class Soak:
    """Many clients at once, each of a kind, over and over."""

    def __init__(self, server: ServerManager, seconds: float) -> None:
        self._server = server
        self._until = time.monotonic() + seconds
        self._rng = random.Random(3)
        self._records = [record(n, self._rng) for n in range(500)]
        self.done: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    async def client(self, number: int) -> None:
        kinds = [self.requests] * 3 + [self.streams, self.slow_writer, self.slow_reader] * 2
        kinds += [self.mixed] * 2 + [self.breaks_off]
        kind = kinds[number % len(kinds)]
        await asyncio.sleep(self._rng.random() * 5)
        while time.monotonic() < self._until:
            try:
                await kind()
                self.done[kind.__name__] += 1
            except (OSError, EOFError, AssertionError) as error:
                self.wrong[f"{kind.__name__}: {type(error).__name__} {error}"] += 1

    async def requests(self) -> None:
        client = await Client.open(self._server)
        for _ in range(10):
            status, body = await client.ask("/v1/redact", asked(self._rng.choice(self._records)))
            assert status == 200, status
            assert b"@example.com" not in body
            await asyncio.sleep(self._rng.random() * 12)
        client.close()

    async def mixed(self) -> None:
        """What else there is, a command of its own now and then."""
        client = await Client.open(self._server)
        one = self._rng.choice(self._records)
        lines = b"\n".join(self._rng.choices(self._records, k=5))
        json_type, ndjson = "application/json", "application/x-ndjson"
        text = json.dumps({"text": "mail bob@example.com\n" * 20}).encode()
        asks = [
            ("/v1/check", asked(one), json_type, b'"found":true'),
            ("/v1/explain", asked(one), json_type, b'"misses"'),
            ("/v1/redact", text, json_type, b"<EMAIL_ADDRESS>"),
            ("/v1/redact", b"mail bob@example.com", "text/plain", b"<EMAIL_ADDRESS>"),
            ("/v1/redact", b'{"value":', json_type, b"malformed"),
            ("/v1/redact", b"x" * 300_000, "application/xml", b"media-type"),
        ]
        if self._rng.random() < 0.02:
            asks.append(("/v1/map", lines, ndjson, b"EMAIL_ADDRESS"))
        for path, body, kind, wanted in asks:
            status, answer = await client.ask(path, body, kind)
            if status == 503 and path == "/v1/map":
                self.done["told to come again"] += 1  # all places for commands are taken
            else:
                assert wanted in answer, (path, status)
            await asyncio.sleep(self._rng.random() * 12)
        status, _ = await client.health()
        assert status == 200, status
        client.close()

    async def breaks_off(self) -> None:
        """Who leaves in the middle, of a request and of an answer."""
        for body in (b"", b'5\r\n{"a":', b"8\r\n" + b'{"a":1}\n\r\n'):
            client = await Client.open(self._server)
            client.writer.write(
                client.request("/v1/redact/stream", "application/x-ndjson", "Transfer-Encoding: chunked")
                + body
            )
            await client.writer.drain()
            await asyncio.sleep(self._rng.random() * 5)
            client.writer.transport.abort()
            await asyncio.sleep(self._rng.random() * 10)

    async def streams(self) -> None:
        await self._stream(40, 0, 0)

    async def slow_writer(self) -> None:
        await self._stream(10, 0.5, 0)

    async def slow_reader(self) -> None:
        await self._stream(60, 0, 0.2)

    async def _stream(self, records: int, write_wait: float, read_wait: float) -> None:
        client = await Client.open(self._server)
        kind = "application/x-ndjson"
        client.writer.write(client.request("/v1/redact/stream", kind, "Transfer-Encoding: chunked"))

        async def write() -> None:
            for _ in range(records):
                line = self._rng.choice(self._records) + b"\n"
                client.writer.write(b"%x\r\n%b\r\n" % (len(line), line))
                await client.writer.drain()
                if write_wait:
                    await asyncio.sleep(write_wait)
            client.writer.write(b"0\r\n\r\n")

        writing = asyncio.ensure_future(write())
        try:
            status, _ = await client.head()
            assert status == 200, status
            lines, rest = 0, b""
            async for piece in client.chunks():
                *whole, rest = (rest + piece).split(b"\n")
                lines += len(whole)
                last = whole[-1] if whole else b""
                if read_wait:
                    await asyncio.sleep(read_wait)
            await writing
            end = json.loads(last)["$cecil"]["end"]
            assert end["complete"]
            assert end["written"] == records, end
            assert lines == records + 1
        finally:
            writing.cancel()
            client.close()
        await asyncio.sleep(self._rng.random() * 40)


def memory(pid: int) -> tuple[float, float]:
    """MB that the server holds, and that its workers do."""
    found: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                lines = dict(
                    line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
                )
            except OSError:
                continue
            if "VmRSS" in lines:
                found[int(folder.name)] = (int(lines["PPid"]), int(lines["VmRSS"].split()[0]) / 1024)
    workers = sum(size for parent, size in found.values() if parent == pid)
    return found[pid][1], workers


async def soak(server: ServerManager, seconds: float, connections: int) -> None:
    load = Soak(server, seconds)
    clients = [asyncio.ensure_future(load.client(n)) for n in range(connections)]
    start = time.monotonic()
    while not all(one.done() for one in clients):
        await asyncio.sleep(min(10, seconds / 8))
        own, workers = memory(server.pid)
        print(
            f"soak {time.monotonic() - start:5.0f} s: server {own:.0f} MB, workers {workers:.0f} MB, "
            f"{sum(load.done.values())} rounds, wrong: {dict(load.wrong) or 'none'}",
            flush=True,
        )
    print(f"soak: {connections} connections, {seconds:g} s: {dict(load.done)}")
    print(f"lost or unanswered: {dict(load.wrong) or 'none'}  (asked: none, memory flat)")


PROCESSES = ("/v1/map", "/v1/cost", "/v1/fingerprint", "/v1/fetch", "/v1/write")
"""What starts a process for each request: fewer cases are tried of these."""


def schema(cases: int) -> None:
    """No 5xx, no answer that is not described, whatever is asked."""
    light = 5  # operations of which as many cases as are wanted can be made up; the others have fewer
    tool = ROOT / ".venv-schema" / "bin" / "schemathesis"
    if not tool.exists():
        print("schema: schemathesis is not there; make bench-serve installs it")
        return
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder, "app.jsonl")
        app.write_bytes(b'{"a":1}\n')
        args = [
            "--rate",
            "0",
            "--nlp",
            "none",
            "--source",
            f"app=file {app}",
            "--write-folder",
            f"out={folder}",
        ]
        with ServerManager(arguments=args) as server:
            for some, paths in (
                (cases // light + 1, [word for path in PROCESSES for word in ("--exclude-path", path)]),
                (max(1, cases // 500), [word for path in PROCESSES for word in ("--include-path", path)]),
            ):
                found = subprocess.run(
                    [
                        *(
                            str(tool),
                            "run",
                            f"{server.url}/openapi.json",
                            "--max-examples",
                            str(some),
                            *paths,
                        ),
                        *(
                            "--header",
                            f"Authorization: Bearer {server.token}",
                            *("--request-timeout", "60"),
                            "--no-color",
                            "--continue-on-failure",
                        ),
                        *(
                            "--checks",
                            ",".join(CHECKS),
                            "--phases",
                            "examples,coverage,fuzzing",
                            "--seed",
                            "1",
                        ),
                    ],
                    capture_output=True,
                    check=False,
                    cwd=folder,
                    env=os.environ
                    | {"PYTHONPATH": str(Path(__file__).parent), "SCHEMATHESIS_HOOKS": "schema_hooks"},
                )
                text = found.stdout.decode()
                told = [at for at in map(text.find, ("= ERRORS =", "= FAILURES =", "= SUMMARY =")) if at > 0]
                print(text[min(told, default=40) - 40 :])
                print(found.stderr.decode())


CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("what", nargs="*", choices=["latency", "stream", "soak", "schema", []])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--megabytes", type=int, default=64)
    args = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    what = args.what or ["latency", "stream", "soak", "schema"]
    if "schema" in what:
        schema(args.cases)
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerManager(uds=f"{folder}/serve.sock", arguments=["--rate", "0", "--nlp", "none"]) as server,
    ):
        if "latency" in what:
            uvloop.run(latency(server, args.seconds))  # the less this program takes of the cores, the better
        if "stream" in what:
            asyncio.run(stream(server, args.megabytes))
        if "soak" in what:
            asyncio.run(soak(server, args.seconds, args.connections))


if __name__ == "__main__":
    main()
