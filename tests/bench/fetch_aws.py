"""How fast `cecil-fetch aws` reads, and how much memory its process has at most, at 10,000 and at millions of records.

The services are stand-ins on loopback, in a process of their own: they give what is ready-made, so that what is
measured is who reads. Run by `python -m tests.bench.fetch aws`.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.bench.fetch_run import Figure, measure

ROOT = Path(__file__).parent.parent.parent
PAGE_BYTES = 1 << 20
"""What CloudWatch sends in a page at most."""
START = 1_790_000_000_000


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
    argv = [sys.executable, "-m", "tests.bench.fetch_aws", str(records), kind]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def aws(counts: Sequence[int], folder: Path) -> Iterator[Figure]:
    """Objects of S3, and pages of CloudWatch Logs."""
    for count in counts:
        for what, kind, argv in (
            ("aws --s3, JSONL", "plain", ["--s3", "s3://bench/"]),
            ("aws --s3, JSONL in gzip", "gz", ["--s3", "s3://bench/"]),
            # At the default rate the quota of the service would be measured, not the reader.
            ("aws --log-group", "logs", ["--log-group", "bench", "--rate", "1000"]),
        ):
            with service(count, kind) as url:
                env = {
                    "AWS_ENDPOINT_URL": url,
                    "AWS_REGION": "eu-west-1",
                    "AWS_ACCESS_KEY_ID": "bench",
                    "AWS_SECRET_ACCESS_KEY": "bench",
                    "AWS_EC2_METADATA_DISABLED": "true",
                }
                yield measure(what, count, ["aws", *argv, "-q"], folder, env)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
