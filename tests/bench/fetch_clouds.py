"""cecil-fetch azure and gcp against the tests' stand-ins: a part of `python -m tests.bench.fetch`.

The stand-ins run in this process, on a core of their own if there is one; records are made as they are asked for.
Azure is asked without pace. Google's pace is the service's quota, a page of 1000 entries a second: what is shown
without it is what the client could do.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.azure_service import WORKSPACE, AzureService, Series, ticks
from tests.bench.fetch_run import Figure, measure
from tests.google_service import LOG, GoogleService, entry, nanoseconds

START = "2026-01-01T00:00:00Z"
WINDOW = ["--since", START, "--until", "2026-06-01T00:00:00Z", "--quiet"]


def azure(counts: Sequence[int], folder: Path) -> Iterator[Figure]:
    """Rows of seven columns, 180 bytes as records."""
    columns = [("TimeGenerated", "datetime"), ("Level", "string"), ("Msg", "string"), ("N", "long")]
    columns += [("Dur", "real"), ("Ok", "bool"), ("Id", "guid")]
    rows = [
        f'"INFO","user{at} wrote to user{at}@example.com",{at},{at / 8},true,"8c1e0000-0000-4000-8000-{at:012}"'
        for at in range(1000)
    ]
    with AzureService(folder) as service:
        argv = ["azure", "--endpoint-url", service.url, "--workspace", WORKSPACE, "--table", "AppLogs"]
        for count in counts:
            service.tables["AppLogs"] = Series(count, columns, lambda at: rows[at % 1000], ticks(START), 1000)
            run = [*argv, *WINDOW, "--rate", "1000"]
            yield measure("azure", count, run, folder, service.environment())


def gcp(counts: Sequence[int], folder: Path) -> Iterator[Figure]:
    """Entries with a JSON payload, 400 bytes as records."""
    start = nanoseconds(START)
    with GoogleService(folder) as service:
        rest = ["gcp", "--endpoint-url", service.url]
        rpc = ["gcp", "--transport", "grpc", "--endpoint-url", service.grpc_url]
        for count in counts:
            made = count

            def source(since: int, until: int, offset: int, size: int) -> tuple[list[bytes], int]:
                return [_entry(start, at) for at in range(offset, min(offset + size, made))], made  # noqa: B023

            service.source = source
            run = [*rest, *WINDOW, "--rate", "1000"]
            yield measure("gcp unpaced", count, run, folder, service.environment())
        made = 5000
        yield measure("gcp", made, [*rest, *WINDOW], folder, service.environment())
        payload = {"n": 1, "who": "user@example.com", "took": 0.25}
        service.entries = [entry(start + at * 10**6, json=payload) for at in range(20_000)]
        run = [*rpc, *WINDOW, "--rate", "1000"]
        yield measure("gcp grpc", 20_000, run, folder, service.environment())


def _entry(start: int, at: int) -> bytes:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start // 10**9 + at // 1000))
    return (
        f'{{"insertId":"i{at}","jsonPayload":{{"n":{at},"who":"user{at}@example.com","took":0.25}},'
        f'"resource":{{"type":"gce_instance","labels":{{"zone":"europe-west1-b","instance_id":"1"}}}},'
        f'"timestamp":"{moment}.{at % 1000:03}Z","severity":"INFO","logName":"{LOG}",'
        f'"receiveTimestamp":"{moment}.{at % 1000:03}000001Z"}}'
    ).encode()
