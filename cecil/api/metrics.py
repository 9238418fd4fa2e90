"""What a server counts, in Prometheus's form (https://prometheus.io/docs/instrumenting/exposition_formats/).

Owns: the counters. Refuses: a label that a client has made up; routes, methods, statuses and the names of
entities are Cecil's own words.
"""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from cecil.api.messages import Tally

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
_METHODS = frozenset("GET HEAD POST PUT DELETE OPTIONS other".split())

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began is nobody's question here
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "cecil_requests", "Requests that were answered.", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "cecil_request_seconds",
            "Seconds until a request was answered whole.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._records = Counter(
            "cecil_records", "Records and lines, by what became of them.", ["result"], registry=registry
        )
        self._bytes = Counter(
            "cecil_bytes", "Bytes of bodies that came in and went out.", ["way"], registry=registry
        )
        self._found = Counter("cecil_findings", "Findings.", ["entity"], registry=registry)
        self._cache = Counter(
            "cecil_sanitizer_cache",
            "Whether the sanitizer of a policy was there already.",
            ["result"],
            registry=registry,
        )
        # Those that nearly every request counts; to look one up takes longer than to count.
        self._read, self._written, self._quarantined = map(
            self._records.labels, ("read", "written", "quarantined")
        )
        self._hit, self._miss = map(self._cache.labels, ("hit", "miss"))
        self._in, self._out = map(self._bytes.labels, ("in", "out"))

    def gauge(self, name: str, says: str, value: Callable[[], float]) -> None:
        """Have something shown as it is when somebody looks."""
        Gauge(name, says, registry=self._registry).set_function(value)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def tally(self, tally: Tally) -> None:
        """A worker did a piece of work."""
        self._read.inc(tally.read)
        self._written.inc(tally.written)
        self._quarantined.inc(tally.quarantined)
        for entity, count in tally.found.items():
            self._found.labels(entity).inc(count)
        (self._hit if tally.hit else self._miss).inc()

    def came(self, count: int) -> None:
        """Bytes of a body came in."""
        self._in.inc(count)

    def went(self, count: int) -> None:
        """Bytes of an answer went out."""
        self._out.inc(count)

    def shown(self) -> bytes:
        """All counters."""
        return bytes(generate_latest(self._registry))
