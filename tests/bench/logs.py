"""Application logs without end: JSONL of about 270 bytes a record, in which nothing repeats.

Every id, path, duration and count is fresh, so that no memory of earlier texts flatters anybody. Of every
hundred lines, as many as are asked for hold one sensitive value, fresh as well. The same seed and rate give
the same bytes.
"""

import random
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

SEED = 20261121

_SERVICES = "checkout payments catalog search auth inventory shipping gateway billing notifier".split()
_LEVELS = ["info"] * 12 + ["debug"] * 5 + ["warn"] * 2 + ["error"]
_METHODS = ["GET"] * 6 + ["POST"] * 3 + ["PUT", "DELETE"]
_STATUS = [200] * 14 + [201, 204, 304, 400, 404, 409, 500, 503]
_PATHS = (
    "/v1/orders/{n}",
    "/v1/orders/{n}/items/{m}",
    "/api/catalog/{w}?page={m}&size=50",
    "/healthz",
    "/v2/search?q={w}&offset={m}",
    "/static/js/app.{h}.js",
    "/internal/jobs/{u}",
)
_MESSAGES = (
    "request finished in {d} ms after {m} queries",
    "cache miss for key {w}:{n}, loaded {m} rows in {d} ms",
    "published event {u} to topic {w}.{v} partition {m} offset {n}",
    "retrying call to {w}-svc, attempt {m} of 5, backoff {d} ms",
    "worker {m} took job {u}, queue depth {m}",
    "connection pool: {m} active, {m} idle, {d} ms average wait",
    "loaded config version {v} from /etc/app/{w}.yaml, {n} bytes",
    "GC pause {d} ms, heap {n} of 4294967296 bytes",
    "upstream {w} answered {m} bytes in {d} ms (build {h})",
    "slow query: SELECT * FROM {w} WHERE id = {n} took {d} ms",
    "feature flag {w}_{v} evaluated to true for cohort {m}",
    "at com.example.{w}.Handler.process(Handler.java:{m})",
    "order {n} moved from PENDING to SHIPPED, {m} parcels, {d} kg",
    "lease on shard-{m} renewed until epoch {n}",
    "checksum of {w}.tar.gz is {h}{h}",
)
_WORDS = """alpha basket cursor delta ember falcon garnet harbor island jasper kernel lumen mango nectar orbit
pepper quartz ribbon saffron timber umber velvet willow xenon yarrow zephyr""".split()
_NAMES = "ann bob carla dmitri elena farid grace hiro ines jonas kofi lena mira noor oscar petra".split()
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def luhn(digits: str) -> str:
    """The check digit that makes `digits` a valid number."""
    total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _email(r: random.Random) -> str:
    return (
        f"{r.choice(_NAMES)}.{r.choice(_WORDS)}{r.randrange(10**5)}@{r.choice(_WORDS)}{r.randrange(100)}.com"
    )


def _address(r: random.Random) -> str:
    # 8.x to 9.x and 51.x to 98.x: none of them is private or kept for documentation
    first = r.choice((8, *range(51, 99)))
    return f"{first}.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}"


def _card(r: random.Random) -> str:
    body = "4" + str(r.randrange(10**13, 10**14))
    return body + luhn(body)


def _ssn(r: random.Random) -> str:
    return f"{r.randrange(100, 600)}-{r.randrange(10, 99)}-{r.randrange(1000, 9999)}"


def _phone(r: random.Random) -> str:
    return f"({r.choice((212, 312, 415, 617, 702, 808))}) {r.randrange(220, 999)}-{r.randrange(1000, 9999)}"


def _github(r: random.Random) -> str:
    """Entropy of thirty characters, and six of its CRC-32, as GitHub's tokens have."""
    body = "".join(r.choices(_BASE62, k=30))
    crc, tail = zlib.crc32(body.encode()), ""
    while len(tail) < 6:
        crc, digit = divmod(crc, 62)
        tail = _BASE62[digit] + tail
    return "gh" + "p_" + body + tail


def _aws(r: random.Random) -> str:
    return "AK" + "IA" + "".join(r.choices(_BASE32, k=16))


HITS: tuple[tuple[str, str, Callable[[random.Random], str]], ...] = (
    ("EMAIL_ADDRESS", "login of {} accepted", _email),
    ("EMAIL_ADDRESS", "mail to {} queued as message {{n}}", _email),
    ("IP_ADDRESS", "connection from {} closed after {{d}} ms", _address),
    ("CREDIT_CARD", "authorised card {} for order {{n}}", _card),
    ("US_SSN", "applicant ssn {} verified in {{d}} ms", _ssn),
    ("PHONE_NUMBER", "code sent to phone {} in {{d}} ms", _phone),
    ("SECRET", "cloning with token {} into /srv/{{w}}", _github),
    ("SECRET", "signing with access key {} for bucket {{w}}", _aws),
)


def records(rate: int, seed: int = SEED) -> Iterator[str]:
    """Lines with their newline, `rate` of every hundred with a sensitive value."""
    r = random.Random(seed * 1000 + rate)
    now = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
    number = 0

    def fill(template: str) -> str:
        while (at := template.find("{")) >= 0:
            template = template[:at] + fresh[template[at + 1]]() + template[at + 3 :]
        return template

    fresh: dict[str, Callable[[], str]] = {
        "n": lambda: str(r.randrange(1000, 10**8)),
        "m": lambda: str(r.randrange(1, 512)),
        "d": lambda: f"{r.random() * 400:.2f}",
        "w": lambda: r.choice(_WORDS),
        "v": lambda: f"{r.randrange(9)}.{r.randrange(30)}.{r.randrange(200)}",
        "h": lambda: f"{r.getrandbits(32):08x}",
        "u": lambda: (
            f"{r.getrandbits(32):08x}-{r.getrandbits(16):04x}-4{r.getrandbits(12):03x}"
            f"-a{r.getrandbits(12):03x}-{r.getrandbits(48):012x}"
        ),
    }
    while True:
        now += timedelta(microseconds=r.randrange(90_000))
        service = r.choice(_SERVICES)
        if number % 100 < rate:
            _, template, value = HITS[(number // 100 + number) % len(HITS)]
            message = fill(template.format(value(r)))
        else:
            message = fill(r.choice(_MESSAGES)).replace('"', "'")
        number = number + 37 if number % 100 < 63 else number - 63 + 100  # hits spread over the hundred
        http = ""
        if r.random() < 0.25:
            http = (
                f',"http":{{"method":"{r.choice(_METHODS)}","path":"{fill(r.choice(_PATHS))}",'
                f'"status":{r.choice(_STATUS)},"bytes":{r.randrange(200, 90_000)}}},"latency_ms":{r.random() * 900:.3f}'
            )
        yield (
            f'{{"timestamp":"{now.isoformat(timespec="milliseconds")[:23]}Z","level":"{r.choice(_LEVELS)}",'
            f'"service":"{service}","host":"{service}-{r.getrandbits(20):05x}",'
            f'"trace_id":"{r.getrandbits(128):032x}","span_id":"{r.getrandbits(64):016x}","message":"{message}"{http}}}\n'
        )


def write(path: Path, rate: int, size: int) -> Path:
    """A file of at least `size` bytes of records; one that is there already is taken as it is."""
    if not path.exists():
        done = 0
        with open(path.with_suffix(".part"), "w", encoding="utf-8") as file:
            for line in records(rate):
                done += file.write(line)
                if done >= size:
                    break
        path.with_suffix(".part").rename(path)
    return path
