"""How fast `cecil-fetch aws` reads, and how much memory its process has at most, at 10,000 and at millions of records.

The services are stand-ins on loopback, in a process of their own: they give what is ready-made, so that what is
measured is who reads. Run by `make bench-fetch`, or alone: python -m tests.bench.fetch_aws [RECORDS ...]
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
PAGE_BYTES = 1 << 20
"""What CloudWatch sends in a page at most."""
START = 1_790_000_000_000


class Figure(NamedTuple):
    """One run of a command.

    Attributes:
        seconds: of the clock; busy: of the processor, in user mode.
        peak: of the whole process, in MB.
    """

    what: str
    records: int
    seconds: float
    busy: float
    peak: float

    def __str__(self) -> str:
        rate, most = self.records / self.seconds, self.records / self.busy
        return (
            f"{self.what:34} {self.records:>10,} records  {rate:>10,.0f}/s  "
            f"({most:>10,.0f} per CPU second)  {self.peak:6.1f} MB"
        )


def record(number: int) -> str:
    return json.dumps(
        {
            "ts": START + number,
            "level": "INFO" if number % 50 else "ERROR",
            "user": f"user{number}@example.com",
            "ip": f"192.0.2.{number % 250}",
            "path": f"/api/orders/{number}",
            "message": "order was taken in and is on its way, and so this line is as long as lines are",
        }
    )


class _Stand(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    events: list[bytes]
    records: int
    body: bytes

    def log_message(self, *_: object) -> None:
        pass

    def reply(
        self, parts: list[bytes], kind: str, status: int = 200, more: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.send_response(status)
        for key, value in (("Content-Type", kind), ("Content-Length", str(sum(map(len, parts)))), *more):
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            for part in parts:
                self.wfile.write(part)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = "application/x-amz-json-1.1"
        if self.headers["X-Amz-Target"].endswith("DescribeLogGroups"):
            about = {"logGroupName": "bench", "creationTime": START, "storedBytes": 1}
            return self.reply([json.dumps({"logGroups": [about]}).encode()], kind)
        number = int(asked.get("nextToken", 0)) + 1
        page = len(self.events)
        left = self.records - (number - 1) * page
        token = b', "nextToken": "%d"' % number if left > page else b""
        events = b", ".join(self.events[: min(left, page)])
        return self.reply([b'{"events": [', events, b"]", token, b"}"], kind)

    def do_GET(self) -> None:
        if "list-type=2" in self.path:
            about = (
                f"<Contents><Key>a.gz</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;"
                f"</ETag><Size>{len(self.body)}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            )
            text = f"<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>1</KeyCount>{about}</ListBucketResult>"
            return self.reply([text.encode()], "application/xml")
        return self.reply([self.body], "binary/octet-stream", more=(("ETag", '"e"'),))


def serve(records: int, kind: str) -> None:
    """Be the service: say the port, and serve until the input ends."""
    handler = type("Stand", (_Stand,), {"events": [], "records": records, "body": b""})
    if kind == "logs":
        size = 0
        while size < PAGE_BYTES:
            i = len(handler.events)
            times = {"timestamp": START + i, "ingestionTime": START + i}
            event = {"logStreamName": "web-1", **times, "message": record(i), "eventId": f"{i:056}"}
            handler.events.append(json.dumps(event).encode())
            size += len(handler.events[-1]) + 2
    else:
        # A block of lines again and again, each its own member of gzip: made in no time, read as any other.
        block = "".join(record(i) + "\n" for i in range(10_000)).encode()
        data = gzip.compress(block, 6) if kind == "gz" else block
        handler.body = data * (records // 10_000)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


@contextmanager
def service(records: int, kind: str) -> Iterator[str]:
    argv = [sys.executable, "-m", "tests.bench.fetch_aws", "--serve", str(records), kind]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def measure(what: str, records: int, kind: str, *args: str) -> Figure:
    """One run of cecil-fetch."""
    with service(records, kind) as url, tempfile.TemporaryDirectory() as folder:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "AWS_ENDPOINT_URL": url,
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        argv = [str(ROOT / "bin" / "cecil-fetch"), "aws", *args, "--stats", "json"]
        with open(os.devnull, "wb") as null:
            started = time.perf_counter()
            process = subprocess.Popen(argv, env=env, stdout=null, stderr=subprocess.PIPE)
            assert process.stderr
            told = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, told
        assert json.loads(told.splitlines()[-1])["written"] == records
        return Figure(what, records, seconds, usage.ru_utime, usage.ru_maxrss / 1024)


def figures(sizes: tuple[int, ...]) -> Iterator[Figure]:
    for records in sizes:
        yield measure("aws --s3, JSONL", records, "plain", "--s3", "s3://bench/")
        yield measure("aws --s3, JSONL in gzip", records, "gz", "--s3", "s3://bench/")
        # At the default rate the quota of the service would be measured, not the reader.
        yield measure("aws --log-group", records, "logs", "--log-group", "bench", "--rate", "1000")


def main(argv: list[str]) -> int:
    if argv[:1] == ["--serve"]:
        serve(int(argv[1]), argv[2])
        return 0
    for figure in figures(tuple(int(text) for text in argv) or (10_000, 1_000_000)):
        print(figure, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
