"""cecil-fetch aws --s3: objects of any format, each once, through cuts, changes and ends of runs."""

import bz2
import gzip
import hashlib
import io
import itertools
import json
import lzma
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil.errors import TruncatedError
from cecil.providers.cloud import aws_client, aws_s3
from cecil.providers.cloud.cloudtrail import Trail, is_trail
from cecil.stream import compression
from tests.aws_command import Fetch, fetching
from tests.aws_service import REGION, Service, running

BUCKETS = (f"test-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def aws() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def fetch(aws: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: Any) -> Fetch:
    aws.fresh()
    return fetching(aws, monkeypatch, tmp_path, capfdbinary)


class Bucket:
    def __init__(self, aws: Service, name: str) -> None:
        self.name = name
        self.url = f"s3://{name}/"
        self.s3 = aws.client("s3")
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body)


@pytest.fixture
def bucket(aws: Service) -> Bucket:
    return Bucket(aws, next(BUCKETS))


def lines(count: int, start: int = 0, pad: int = 0) -> bytes:
    return b"".join(b'{"n": %d, "pad": "%s"}\n' % (i, b"x" * pad) for i in range(start, start + count))


def numbers(result: Any) -> list[Any]:
    return [record["n"] for record in result.records]


def zstd(data: bytes) -> bytes:
    from backports import zstd

    return zstd.compress(data)


def parquet(count: int, group: int = 100) -> bytes:
    import pyarrow
    from pyarrow import parquet

    sink = io.BytesIO()
    table = pyarrow.table(
        {"n": list(range(count)), "pad": [hashlib.sha256(b"%d" % i).hexdigest() for i in range(count)]}
    )
    parquet.write_table(table, sink, row_group_size=group, compression="none")
    return sink.getvalue()


def trail(count: int) -> bytes:
    events = [{"eventVersion": "1.08", "n": i, "userIdentity": {"userName": "x}]}"}} for i in range(count)]
    return json.dumps({"Records": events}).encode()


def csv(count: int) -> bytes:
    return b"n,pad\n" + b"".join(b'%d,"a, b\n%d"\n' % (i, i) for i in range(count))


# What comes


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("a.jsonl", lines(300)),
        ("a.jsonl.gz", gzip.compress(lines(300))),
        ("members.gz", gzip.compress(lines(100)) + gzip.compress(lines(200, 100))),
        ("a.zst", zstd(lines(300))),
        ("a.bz2", bz2.compress(lines(300))),
        ("a.xz", lzma.compress(lines(300))),
        ("a.json", json.dumps([{"n": i} for i in range(300)], indent=1).encode()),
        ("a.csv", csv(300)),
        ("a.csv.gz", gzip.compress(csv(300))),
        ("a.parquet", parquet(300)),
        ("CloudTrail/x.json.gz", gzip.compress(trail(300))),
        ("CloudTrail/x.json", b' \n{ "Records" : ' + trail(300).removeprefix(b'{"Records": ')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_format(fetch: Fetch, bucket: Bucket, key: str, body: bytes) -> None:
    bucket.put(key, body)
    result = fetch("--s3", bucket.url)
    assert (result.status, [int(n) for n in numbers(result)]) == (0, list(range(300)))
    assert (result.stats["read"], result.stats["written"]) == (300, 300)


def test_lines_leave_byte_for_byte(fetch: Fetch, bucket: Bucket) -> None:
    """botocore's own iter_lines ends a line at a lone carriage return (the second of the ten things)."""
    text = b'{"a": 1.10, "b":1e400}\r\n{"c": "\xe2\x80\xa8\xc2\x85"}\n'
    bucket.put("a", text)
    bucket.put("b.txt", b"one\rstill one\ntwo")
    result = fetch("--s3", bucket.url)
    assert result.out == text + b'{"message":"one\\rstill one"}\n{"message":"two"}\n'


def test_objects_in_the_order_of_their_keys(fetch: Fetch, bucket: Bucket) -> None:
    for number, key in enumerate(sorted(["b/1", "a/2", "a/10", "a/1", "c/"])):
        bucket.put(key, b"" if key == "c/" else lines(1, number))
    bucket.put("b/0-empty", b"")
    assert numbers(fetch("--s3", bucket.url)) == [0, 1, 2, 3]
    assert numbers(fetch("--s3", bucket.url + "b/", "--s3", bucket.url + "a/1")) == [3, 0, 1]
    # What two addresses have in common comes once.
    assert numbers(fetch("--s3", bucket.url + "a/1", "--s3", bucket.url + "a/")) == [0, 1, 2]
    assert numbers(fetch("--s3", bucket.url, "--limit", "2")) == [0, 1]
    assert fetch("--s3", bucket.url, "--limit", "0").out == b""


def test_keys_of_any_spelling(fetch: Fetch, bucket: Bucket) -> None:
    keys = ["a b+c", "\u00e9\u4e2d", "x&y=<z>", "q?p#r", "100%", "dot/../dot"]
    for key in keys:
        bucket.put(key, json.dumps({"n": key}).encode())
    assert sorted(numbers(fetch("--s3", bucket.url))) == sorted(keys)


def test_more_objects_than_a_listing_has(
    aws: Service, fetch: Fetch, bucket: Bucket, monkeypatch: Any
) -> None:
    page = aws_s3.AwsS3Provider._page
    monkeypatch.setattr(
        aws_s3.AwsS3Provider, "_page", lambda self, one, **more: page(self, one, **({"MaxKeys": 7} | more))
    )
    for number in range(50):
        bucket.put(f"{number:03}", lines(1, number))
    assert numbers(fetch("--s3", bucket.url, faults=["ok", "ok", "cut:300", "500", "cut:0"])) == list(
        range(50)
    )


def test_times_choose_objects_and_a_field_records(fetch: Fetch, bucket: Bucket) -> None:
    now = int(time.time())
    bucket.put("a", b"".join(b'{"n": %d, "ts": %d}\n' % (i, now - 3600 * i) for i in range(5)))
    assert numbers(fetch("--s3", bucket.url, "--since", "1h")) == [0, 1, 2, 3, 4]
    assert fetch("--s3", bucket.url, "--until", "1h").out == b""
    result = fetch("--s3", bucket.url, "--since", "150m", "--time-field", "ts")
    assert (numbers(result), result.stats["dropped"]) == ([0, 1, 2], {"since": 2})


def test_what_is_no_record_goes_to_quarantine(fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("a.jsonl", lines(2) + b"{broken\n" + lines(2, 2))
    result = fetch("--s3", bucket.url, "--quarantine", "q")
    assert (result.status, numbers(result)) == (3, [0, 1, 2, 3])
    [row] = [json.loads(line) for line in Path("q").read_bytes().splitlines()]
    assert (row["source"], row["line"]) == (f"{bucket.url}a.jsonl", 3)


class Chopped:
    """A text in blocks of one size."""

    name = "text"

    def __init__(self, text: bytes, size: int) -> None:
        self.blocks = [text[i : i + size] for i in range(0, len(text), size)]

    def read(self) -> bytes:
        return self.blocks.pop(0) if self.blocks else b""


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 10_000])
@pytest.mark.parametrize("array", [b"[]", b'[{"a": {"b": {}}}]', b'[ {"a":"}}"}, {"b":[{}]} ]  '])
def test_the_array_of_a_trail_in_blocks_of_any_size(array: bytes, size: int) -> None:
    trail = Trail(Chopped(b' {"Records" :' + array + b" }\n ", size))
    assert b"".join(iter(trail.read, b"")).rstrip() == array.rstrip()
    trail = Trail(Chopped(b' {"Records" :' + array.rstrip(), size))
    with pytest.raises(TruncatedError):
        list(iter(trail.read, b""))
    assert is_trail(b'{"Records":[')
    assert not is_trail(b'{"records":[')
    assert not is_trail(b'{"Records":{}}')


# What fails on the way

BODY = lines(3000, pad=200)


@pytest.mark.parametrize(
    ("fault", "packed"),
    [
        *((f"cut:{place}", False) for place in (0, 1, 70000, -1)), ("cut:1", True), ("cut:70000", True), ("cut:-1", True),
        *((fault, False) for fault in ("reset", "headers", "stall", "throttle", "500", "503", "expired")),
    ],
)  # fmt: skip
def test_reading_goes_on_where_it_broke(
    aws: Service, fetch: Fetch, bucket: Bucket, monkeypatch: Any, fault: str, packed: bool
) -> None:
    if fault == "stall":
        monkeypatch.setattr(aws_client, "READ_TIMEOUT", 0.5)
    body = gzip.compress(BODY, 0) if packed else BODY
    bucket.put("a", body)
    # The bucket, the plan and the listing are asked first.
    faults = ["ok", "ok", "ok", fault, "ok" if fault == "expired" else fault, "ok", fault, "cut:100000"]
    result = fetch("--s3", bucket.url, faults=faults)
    assert (result.status, result.out == BODY) == (0, True)
    ranges = [
        headers.get("Range")
        for name, path, headers in aws.plan.seen
        if name == "GET" and "list-type" not in path
    ]
    assert ranges[0] is None
    if fault.startswith("cut"):
        begun = [int(one[6:-1]) for one in ranges if one]
        assert begun == sorted(begun)  # nothing is read twice
        assert result.stats["bytes"] < len(body) + 5000
    assert all("If-Match" in headers for name, path, headers in aws.plan.seen if path.endswith("/a"))


def test_cut_after_cut_with_progress_between_them(aws: Service, fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("a", BODY)
    result = fetch("--s3", bucket.url, "--retry-for", "2s", faults=["ok", "ok", "ok", *["cut:40000"] * 40])
    assert (result.status, result.out == BODY) == (0, True)
    assert result.stats["retries"] >= 15


def test_an_object_that_changes_under_way(aws: Service, fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("a", BODY)
    plan = aws.fresh("ok", "ok", "ok", "cut:100000")

    def before(operation: str) -> None:
        if len(plan.seen) == 5:
            bucket.put("a", BODY.replace(b"x", b"y"))

    plan.before = before
    result = fetch("--s3", bucket.url)
    assert result.status == 1
    assert f"cecil-fetch: {bucket.url}a: it was changed while it was read\nhint: run again" in result.err
    assert b"y" not in result.out
    assert BODY.startswith(result.out)


def test_parquet_is_read_by_ranges(aws: Service, fetch: Fetch, bucket: Bucket, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_s3, "_RANGE", 4096)
    body = parquet(2000)
    bucket.put("a.parquet", body)
    result = fetch(
        "--s3", bucket.url, faults=["ok", "ok", "ok", "ok", "cut:100", "ok", "reset", "500", "cut:-1"]
    )
    assert numbers(result) == list(range(2000))
    assert result.stats["bytes"] < len(body) * 2 + (1 << 17)
    assert numbers(fetch("--s3", bucket.url, "--limit", "5", faults=[])) == list(range(5))
    asked = [headers.get("Range") for name, path, headers in aws.plan.seen if path.endswith("parquet")]
    assert len(asked) < 30


@pytest.mark.parametrize(
    ("key", "body", "says"),
    [
        ("a.gz", gzip.compress(lines(9000))[:-9], "gzip data ends too early; it was cut short"),
        ("a.zst", zstd(lines(9000))[:-3], "zstandard data ends too early; it was cut short"),
        ("a.gz", gzip.compress(lines(99)) + b"junk", "damaged gzip data, or something else, behind member 1"),
        ("a.json", trail(99)[:-20], "the JSON text ends too early; it was cut short"),
        ("a.json", trail(99)[:-1], "the JSON text ends too early; it was cut short"),
        ("a.parquet", parquet(99)[:-20], "not a whole Parquet file"),
        ("a.parquet.gz", gzip.compress(parquet(99)), "Parquet cannot be read through gzip"),
    ],
)
def test_what_is_damaged_where_it_is_stored(
    fetch: Fetch, bucket: Bucket, key: str, body: bytes, says: str
) -> None:
    bucket.put(key, body)
    result = fetch("--s3", bucket.url, "--quarantine", "q")
    assert result.status == 1
    assert f"cecil-fetch: {bucket.url}{key}: {says}" in result.err
    assert result.stats["complete"] is False


# What fails for good


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("denied", "no permission for s3:GetObject\nhint: ask for the permission s3:GetObject"),
        ("archived", "it is archived\nhint: aws s3api restore-object brings it back"),
        ("badkey", "AWS does not know these credentials\nhint: aws sso login"),
        ("skew", "this machine's clock is"),
    ],
)
def test_what_no_patience_mends(fetch: Fetch, bucket: Bucket, fault: str, says: str) -> None:
    bucket.put("a", lines(3))
    result = fetch("--s3", bucket.url, faults=["ok", "ok", "ok", fault])
    assert (result.status, says in result.err, result.out) == (1, True, b"")


def test_parquet_that_cannot_be_read_on_is_not_called_damaged(fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("a.parquet", parquet(3000))
    result = fetch("--s3", bucket.url, faults=["ok", "ok", "ok", "ok", "denied"])
    assert (result.status, "a.parquet: no permission for s3:GetObject\nhint:" in result.err) == (1, True)


def test_a_missing_bucket(fetch: Fetch) -> None:
    result = fetch("--s3", "s3://no-such-bucket/logs/")
    assert result.status == 1
    assert "cecil-fetch: s3://no-such-bucket/logs/: not there in eu-west-1\nhint: aws s3 ls" in result.err
    result = fetch("--s3", "s3://Not_A_Bucket!/logs/")
    assert (result.status, "s3://Not_A_Bucket!/logs/: not a name that AWS has" in result.err) == (1, True)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--s3", "bucket/prefix"], "--s3: not the address of a bucket\nhint: --s3 s3://BUCKET/PREFIX"),
        (["--s3", "s3://"], "--s3: not the address of a bucket"),
        (["--s3", "s3://b", "--unwrap"], "--unwrap is of sources that wrap records"),
        (["--s3", "s3://b", "--backfill", "2d", "1d"], "--backfill: of S3 every object"),
        (["--s3", "s3://b", "--delimiter", "ab"], "--delimiter: one character is wanted"),
        (["--s3", "s3://b", "--encoding", "x"], "--encoding: no such encoding"),
    ],
)
def test_options_that_make_no_sense(fetch: Fetch, args: list[str], says: str) -> None:
    result = fetch(*args)
    assert (result.status, says in result.err) == (2, True)


# From run to run


def test_each_object_once(fetch: Fetch, bucket: Bucket) -> None:
    state = ("--s3", bucket.url, "--state", "s")
    bucket.put("b", lines(3, 10))
    bucket.put("c", lines(3, 20))
    assert numbers(fetch(*state)) == [10, 11, 12, 20, 21, 22]
    assert fetch(*state).out == b""
    bucket.put("a", lines(1, 1))  # before all others
    bucket.put("c", lines(2, 30))  # written anew
    bucket.put("b", lines(3, 10))  # written anew, the same
    assert numbers(fetch(*state)) == [1, 30, 31]
    assert fetch(*state).out == b""


@pytest.mark.slow
def test_new_objects_are_followed(fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("old", lines(2))
    time.sleep(1.1)  # the times of objects are whole seconds
    later = threading.Timer(1.0, lambda: (bucket.put("b", lines(2, 10)), bucket.put("a", lines(1, 20))))
    later.start()
    until = str(int(time.time()) + 4)
    result = fetch("--s3", bucket.url, "--follow", "--interval", "1s", "--until", until)
    later.join()
    assert (result.status, sorted(numbers(result))) == (0, [10, 11, 20])


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("a.jsonl", lines(5000, pad=100)),
        ("a.jsonl.gz", gzip.compress(lines(5000, pad=100))),
        pytest.param("a.txt", b"".join(b"%d\n" % i for i in range(5000)), marks=pytest.mark.slow),
        ("a.csv", csv(5000)),
        pytest.param("a.json", json.dumps([{"n": i} for i in range(5000)]).encode(), marks=pytest.mark.slow),
        ("a.json", trail(5000)),
        pytest.param("a.parquet", parquet(5000, 1000), marks=pytest.mark.slow),
    ],
)
def test_a_run_goes_on_in_the_middle_of_an_object(
    fetch: Fetch, bucket: Bucket, key: str, body: bytes, monkeypatch: Any
) -> None:
    monkeypatch.setattr(compression, "BLOCK", 1 << 14)
    monkeypatch.setattr(aws_s3, "BLOCK", 1 << 14)
    bucket.put("0", lines(7))
    bucket.put(key, body)
    bucket.put("z", lines(3))
    got: list[int] = []
    for limit in (8, 2500, 1, 2490, 9999):
        result = fetch("--s3", bucket.url, "--state", "s", "--limit", str(limit))
        found = [int(record.get("n", record.get("message"))) for record in result.records]
        assert (result.status, len(found)) == (0, min(limit, 5010 - len(got)))
        assert result.stats["read"] == len(found)
        got += found
    assert got == [*range(7), *range(5000), *range(3)]
    assert fetch("--s3", bucket.url, "--state", "s").out == b""


def test_a_prefix_that_holds_nothing(fetch: Fetch, bucket: Bucket) -> None:
    for more in ((), ("--list",), ("--describe",), ("--state", "s")):
        result = fetch("--s3", bucket.url, *more)
        assert (result.status, result.out) == (1, b"")
        assert f"no object begins with {bucket.url}\nhint: aws s3 ls" in result.err
    assert not Path("s").exists()
    soon = ("--follow", "--interval", "1s", "--until", str(time.time_ns() + 10**9))
    assert fetch("--s3", bucket.url, *soon).status == 0
    bucket.put("a", lines(3))
    assert numbers(fetch("--s3", bucket.url, "--state", "s")) == [0, 1, 2]
    bucket.s3.delete_object(Bucket=bucket.name, Key="a")  # as a bucket's own rules do, after a while
    assert fetch("--s3", bucket.url, "--state", "s").status == 0


def test_a_run_that_fails_repeats_nothing(
    aws: Service, fetch: Fetch, bucket: Bucket, monkeypatch: Any
) -> None:
    bucket.put("a", BODY)
    state = ("--s3", bucket.url, "--state", "s", "--retry-for", "1s")
    first = fetch(*state, faults=["ok", "ok", "ok", "cut:300000", *["reset"] * 99])
    assert first.status == 1
    assert len(first.out) > 100_000
    second = fetch(*state, faults=[])
    assert first.out + second.out == BODY
    whole = [headers.get("Range") for name, path, headers in aws.plan.seen if path.endswith("/a")]
    assert whole[-1] == f"bytes={len(first.out)}-"


def test_a_place_in_an_object_that_was_written_anew_counts_no_more(fetch: Fetch, bucket: Bucket) -> None:
    state = ("--s3", bucket.url, "--state", "s")
    bucket.put("a", lines(10))
    assert numbers(fetch(*state, "--limit", "4")) == [0, 1, 2, 3]
    bucket.put("a", lines(10, 50))
    assert numbers(fetch(*state)) == list(range(50, 60))


# What is there


def test_what_is_there(fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("logs/a.jsonl.gz", gzip.compress(lines(1000)))
    bucket.put("logs/b.csv", csv(10))
    result = fetch("--s3", bucket.url + "logs/", "--list")
    assert [one["name"] for one in result.records] == ["logs/a.jsonl.gz", "logs/b.csv"]
    assert result.records[1]["size"] == len(csv(10))
    about = json.loads(fetch("--s3", bucket.url + "logs/", "--describe").out)
    assert about["places"][0] | {"first": None, "last": None, "bytes": 0} == {
        "name": bucket.url + "logs/", "objects": 2, "bytes": 0, "first": None, "last": None,
    }  # fmt: skip
    assert (about["first_object"]["format"], about["first_object"]["compression"]) == ("jsonl", "gzip")
    assert 900 < about["estimate"]["records"] < 1200
    assert about["estimate"]["requests"] == 3
    bucket.put("parquet/a.parquet", parquet(300))
    about = json.loads(fetch("--s3", bucket.url + "parquet/", "--describe").out)
    assert (about["first_object"]["rows"], about["estimate"]["records"]) == (300, 300)
    bucket.put("trail/a.json", trail(100))
    about = json.loads(fetch("--s3", bucket.url + "trail/", "--describe").out)
    assert about["first_object"]["format"] == "cloudtrail"
    assert json.loads(fetch("--s3", bucket.url, "--until", "1d", "--describe").out)["first_object"] is None


def test_a_long_read_is_announced(fetch: Fetch, bucket: Bucket, monkeypatch: Any) -> None:
    bucket.put("a", lines(1))
    listed = aws_s3.S3Object(bucket.name, "a", 2 * 10**9, "", 0)
    monkeypatch.setattr(aws_s3.AwsS3Provider, "_listed", lambda self, one: iter([listed] * 6000))
    result = fetch("--s3", bucket.url, "--limit", "0")
    assert "cecil-fetch: more than 5,000 objects, 10,000.0 GB" in result.err


def test_ranges_are_a_file(aws: Service, fetch: Fetch, bucket: Bucket, monkeypatch: Any) -> None:
    from cecil.providers.cloud.retry import Effort, Retry

    monkeypatch.setattr(aws_s3, "_RANGE", 1000)
    monkeypatch.setattr(aws_s3, "_RANGES", 2)
    data = bytes(range(256)) * 20
    bucket.put("a", data)
    effort = Effort()
    retry = Retry(effort)
    client = aws_client.AwsClient("s3", aws_client.Login(), effort, retry)
    etag = bucket.s3.head_object(Bucket=bucket.name, Key="a")["ETag"]
    file = aws_s3.Ranges(client, retry, aws_s3.S3Object(bucket.name, "a", len(data), etag, 0))
    assert (file.readable(), file.seekable()) == (True, True)
    assert file.read() == data
    assert file.seek(-10, io.SEEK_END) == len(data) - 10
    assert file.read(100) == data[-10:]
    assert file.read(1) == b""
    file.seek(990)
    assert file.read(2020) == data[990:3010]
    file.seek(100)
    buffer = bytearray(50)
    assert file.readinto(buffer) == 50
    assert bytes(buffer) == data[100:150]
    assert file.seek(5, io.SEEK_CUR) == file.tell() == 155
    file.seek(len(data))
    assert file.readinto(buffer) == 0
    client.close()


def test_no_word_of_a_service_is_repeated(fetch: Fetch, bucket: Bucket) -> None:
    bucket.put("a", lines(3))
    for fault in ("denied", "badkey", "archived", "skew"):
        result = fetch("--s3", bucket.url, faults=["ok", "ok", "ok", fault])
        assert not re.search(r"words|secret", result.err)
