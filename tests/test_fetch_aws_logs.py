"""cecil-fetch aws: CloudWatch Logs, against moto behind a proxy that fails as networks and services do."""

import itertools
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil.providers.cloud import aws_client, aws_logs, retry
from cecil.providers.cloud.retry import Effort, Retry
from tests.aws_command import Fetch, fetching
from tests.aws_service import ACCOUNT, REGION, SECRET, Service, running
from tests.conftest import BIN

NAMES = (f"/test/{number}" for number in itertools.count())
HOUR = 3_600_000


@pytest.fixture(scope="module")
def aws() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def fetch(aws: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: Any) -> Fetch:
    aws.fresh()
    return fetching(aws, monkeypatch, tmp_path, capfdbinary)


@pytest.fixture
def group() -> str:
    return next(NAMES)


def now() -> int:
    return int(time.time() * 1000)


def arn(group: str, region: str = REGION) -> str:
    return f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}"


def messages(result: Any) -> Counter[str]:
    return Counter(record["message"] for record in result.records)


# What comes


def test_all_events_of_all_streams_once(aws: Service, fetch: Fetch, group: str) -> None:
    base = now() - HOUR
    aws.put(group, "web-1", [(base + i, f"one {i}") for i in range(700)])
    aws.put(group, "web-2", [(base + i, f"two {i}") for i in range(300)])
    result = fetch("--log-group", group, "--since", "2h")
    assert result.status == 0
    assert messages(result) == Counter([f"one {i}" for i in range(700)] + [f"two {i}" for i in range(300)])
    assert (result.stats["read"], result.stats["written"]) == (1000, 1000)


def test_the_shape_of_a_record_stays(aws: Service, fetch: Fetch, group: str) -> None:
    base = now() - HOUR
    aws.put(group, "web", [(base, 'hello \u00e9 \U0001f600 \u0000 "x"\n')])
    result = fetch("--log-group", group, "--since", "2h")
    [record] = result.records
    assert list(record) == ["timestamp", "ingestion_time", "log_group", "log_stream", "event_id", "message"]
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(base // 1000)) + f".{base % 1000:03}Z"
    assert record["timestamp"] == stamp
    assert re.fullmatch(r"[0-9T:-]{19}\.[0-9]{3}Z", record["ingestion_time"])
    assert (record["log_group"], record["log_stream"]) == (group, "web")
    assert record["message"] == 'hello \u00e9 \U0001f600 \u0000 "x"\n'
    assert result.out.count(b"\n") == 1


def test_the_window_is_half_open_to_the_millisecond(aws: Service, fetch: Fetch, group: str) -> None:
    base = (now() - HOUR) // 1000 * 1000
    aws.put(group, "web", [(base + i, str(i)) for i in range(10)])
    result = fetch("--log-group", group, "--since", str(base + 3), "--until", str(base + 7))
    assert sorted(messages(result)) == ["3", "4", "5", "6"]


def test_many_events_of_one_millisecond(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 100)
    base = now() - HOUR
    aws.put(group, "web", [(base, f"same {i}") for i in range(750)])
    result = fetch("--log-group", group, "--since", "2h")
    assert messages(result) == Counter(f"same {i}" for i in range(750))
    assert result.stats["pages"] == 8


def test_groups_by_name_by_arn_and_by_prefix(aws: Service, fetch: Fetch, group: str) -> None:
    for name in "abc":
        aws.put(f"{group}/{name}", "web", [(now() - HOUR, name)])
    result = fetch("--log-group", f"{group}/a", "--log-group", arn(f"{group}/b") + ":*", "--since", "2h")
    assert sorted(messages(result)) == ["a", "b"]
    named = [seen[2] for seen in aws.plan.seen if seen[0] == "FilterLogEvents"]
    assert [one.get("logGroupIdentifier") for one in named] == [None, arn(f"{group}/b")]
    result = fetch("--log-group-prefix", group + "/", "--log-group", f"{group}/a", "--since", "2h")
    assert sorted(messages(result)) == ["a", "b", "c"]


def test_streams_and_patterns_are_judged_by_cloudwatch(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web-1", [(now() - HOUR, "ERROR one"), (now() - HOUR, "fine")])
    aws.put(group, "db", [(now() - HOUR, "ERROR two")])
    result = fetch("--log-group", group, "--since", "2h", "--log-stream", "web-1", "--filter", "ERROR")
    assert sorted(messages(result)) == ["ERROR one"]
    fetch("--log-group", group, "--since", "2h", "--log-stream-prefix", "web", faults=[])
    [asked] = [seen[2] for seen in aws.plan.seen if seen[0] == "FilterLogEvents"]
    assert asked["logStreamNamePrefix"] == "web"  # moto does not look at it


def test_a_message_of_json_becomes_the_record(aws: Service, fetch: Fetch, group: str) -> None:
    base = now() - HOUR
    aws.put(
        group,
        "web",
        [(base, '{"price": 1.10, "n": 12345678901234567890}'), (base + 1, "text"), (base + 2, '{"a": 1')],
    )
    result = fetch("--log-group", group, "--since", "2h", "--unwrap")
    lines = result.out.splitlines()
    assert lines[0].startswith(b'{"price": 1.10, "n": 12345678901234567890,"$source":{"timestamp":')
    assert [set(record) >= {"message"} for record in result.records] == [False, True, True]


def test_a_message_that_is_no_text_goes_to_quarantine(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])

    def answers(operation: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        if operation != "FilterLogEvents":
            return None
        times = {"timestamp": now() - HOUR, "ingestionTime": now() - HOUR}
        texts = ["good", "half of a pair: \ud83d", "good too"]
        return {"events": [{"eventId": str(i), "message": text, **times} for i, text in enumerate(texts)]}

    result = fetch("--log-group", group, "--since", "2h", "--quarantine", "q", faults=[], answers=answers)
    assert (result.status, sorted(messages(result))) == (3, ["good", "good too"])
    assert result.stats["quarantined"] == 1
    assert "half of a pair" in Path("q").read_text()
    assert "half of a pair" not in result.err


def test_limit_reads_no_further(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 10)
    aws.put(group, "web", [(now() - HOUR + i, str(i)) for i in range(100)])
    result = fetch("--log-group", group, "--since", "2h", "--limit", "25", faults=[])
    assert len(result.records) == 25
    assert aws.plan.count("FilterLogEvents") == 3


def test_a_long_window_is_read_in_slices(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "_PAGE_BYTES", 10)
    monkeypatch.setattr(aws_logs, "_PAGES_OF_A_SLICE", 2)
    base = now() - 10 * 24 * HOUR
    aws.put(group, "web", [(base + i * HOUR, str(i)) for i in range(200)])
    result = fetch("--log-group", group, faults=[])
    assert messages(result) == Counter(str(i) for i in range(200))
    asked = [seen[2] for seen in aws.plan.seen if seen[0] == "FilterLogEvents"]
    assert len(asked) > 3
    assert [b["startTime"] - a["endTime"] for a, b in itertools.pairwise(asked)] == [1] * (len(asked) - 1)


# What fails on the way

FAULTS = [
    "throttle", "throttle:1", "500", "503", "reset", "headers", "expired", "empty",
    "cut:0", "cut:1", "cut:2", "cut:12", "cut:500", "cut:-1", "cut:-2", "stall",
]  # fmt: skip


# Of places alike, one is cut in `make test`, and the others in `make slow`.
ALIKE = {"cut:2", "cut:12", "cut:-2", "503", "throttle:1"}


@pytest.mark.parametrize(
    "fault", [pytest.param(one, marks=pytest.mark.slow) if one in ALIKE else one for one in FAULTS]
)
def test_every_event_comes_through_every_fault(
    aws: Service, fetch: Fetch, group: str, monkeypatch: Any, fault: str
) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 40)
    if fault == "stall":
        monkeypatch.setattr(aws_client, "READ_TIMEOUT", 0.5)
    aws.put(group, "web", [(now() - HOUR + i, str(i)) for i in range(200)])
    # A login is renewed once; what expires again at once has expired.
    faults = ["ok", fault, "ok", fault, "ok" if fault == "expired" else fault]
    result = fetch("--log-group", group, "--since", "2h", faults=faults)
    assert (result.status, messages(result)) == (0, Counter(str(i) for i in range(200)))
    stats = result.stats
    # On a busy machine, what does not stall may seem to.
    assert stats["retries"] == {"empty": 0, "expired": 2}.get(fault, 3) or fault == "stall"
    # An overloaded service is helped by fewer requests too.
    assert stats["throttles"] == 3 * fault.startswith(("throttle", "503"))
    assert stats["pages"] == 5 + (3 if fault == "empty" else 0)
    if fault == "throttle:1":
        assert stats["seconds_waited"] >= 3


def test_a_storm_of_everything(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 50)
    monkeypatch.setattr(retry, "MOST", 0.1)  # so many on end wait for long
    aws.put(group, "web", [(now() - HOUR + i, str(i)) for i in range(300)])
    storm = [one for one in FAULTS if one not in ("stall", "expired", "throttle:1")] * 2
    result = fetch("--log-group", group, "--since", "2h", faults=storm)
    assert (result.status, messages(result)) == (0, Counter(str(i) for i in range(300)))


def test_a_cut_reply_is_no_empty_page(aws: Service, fetch: Fetch, group: str) -> None:
    """botocore takes half of a JSON reply for a whole one without fields (the first of the ten things)."""
    aws.put(group, "web", [(now() - HOUR + i, str(i)) for i in range(50)])
    result = fetch("--log-group", group, "--since", "2h", "--retry-for", "1s", faults=["cut:700"] * 99)
    assert (result.status, result.out) == (1, b"")
    assert re.search(
        f"cecil-fetch: log group {group}: a reply was cut short by 127.0.0.1:[0-9]+; given up after",
        result.err,
    )
    assert result.stats["complete"] is False


def test_own_pace_stays_below_the_quota(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 50)
    aws.put(group, "web", [(now() - HOUR + i, str(i)) for i in range(500)])
    result = fetch("--log-group", group, "--since", "2h", "--rate", "18", faults=[], quota=20)
    assert (len(result.records), result.stats["throttles"]) == (500, 0)
    # Without a pace of ours, the service's refusals are the pace.
    result = fetch("--log-group", group, "--since", "2h", faults=[], quota=5)
    assert len(result.records) == 500
    assert result.stats["throttles"] > 0


def test_the_default_pace_is_below_the_smallest_quota(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    result = fetch("--log-group", group, "--since", "2h", faults=[], quota=5, pace=True)
    assert (result.status, result.stats["throttles"]) == (0, 0)
    assert aws_logs.RATE < 5


# What fails for good


@pytest.mark.parametrize(
    ("fault", "says", "hint"),
    [
        (
            "denied",
            "log group G: no permission for logs:FilterLogEvents",
            "ask for the permission logs:FilterLogEvents",
        ),
        ("badkey", "AWS does not know these credentials", "aws sso login"),
        ("signature", "AWS does not know these credentials", "aws sso login"),
        ("badpattern", "log group G: AWS refuses a parameter", "look at the filter pattern"),
        ("infrequent", "log group G: its class is Infrequent Access, of which only queries read", "--query"),
        ("strange", "log group G: AWS refuses logs:FilterLogEvents with NobodyKnowsException", ""),
    ],
)
def test_what_no_patience_mends(
    aws: Service, fetch: Fetch, group: str, fault: str, says: str, hint: str
) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    result = fetch("--log-group", group, "--since", "2h", faults=[fault])
    assert (result.status, result.out) == (1, b"")
    assert f"cecil-fetch: {says.replace('group G', f'group {group}')}\n" in result.err
    assert f"hint: {hint}" in result.err or not hint
    assert SECRET not in result.err
    assert result.stats["retries"] == 0


def test_a_login_that_stays_expired(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    result = fetch("--log-group", group, "--since", "2h", faults=["expired"] * 9)
    assert "cecil-fetch: the login of AWS has expired\nhint: aws sso login" in result.err
    assert (result.status, result.stats["retries"]) == (1, 1)


def test_a_missing_group(fetch: Fetch) -> None:
    result = fetch("--log-group", "/no/such")
    assert result.status == 1
    assert (
        "cecil-fetch: log group /no/such: not there in eu-west-1\nhint: cecil-fetch aws --list" in result.err
    )
    result = fetch("--log-group", arn("/no/such"))
    assert (
        "cecil-fetch: log group /no/such: not there in eu-west-1\nhint: cecil-fetch aws --list" in result.err
    )
    result = fetch("--log-group-prefix", "/no/such")
    assert "cecil-fetch: no log group begins with /no/such in eu-west-1\nhint:" in result.err


def test_a_login_that_is_none(fetch: Fetch, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ghost")
    result = fetch("--log-group", "x")
    assert (
        result.status,
        "cecil-fetch: no such profile of AWS\nhint: aws configure list-profiles" in result.err,
    ) == (2, True)
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = fetch("--log-group", "x")
    assert "half of the credentials of AWS" in result.err
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    result = fetch("--log-group", "x")
    assert (
        "no credentials of AWS\nhint: aws sso login, or aws configure, or AWS_PROFILE, or --profile"
        in result.err
    )
    assert result.status == 1
    result = fetch("--log-group", "x", "--role-arn", f"arn:aws:iam::{ACCOUNT}:role/reader")
    assert "no credentials of AWS" in result.err


def test_without_its_extra(fetch: Fetch, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    result = fetch("--log-group", "x")
    assert (
        result.status,
        "reading from AWS is not installed\nhint: pip install 'cecil[aws]'" in result.err,
    ) == (1, True)


def test_a_region_that_is_none(fetch: Fetch, monkeypatch: Any) -> None:
    monkeypatch.delenv("AWS_REGION")
    result = fetch("--log-group", "x")
    assert (result.status, "cecil-fetch: no region\nhint: --region" in result.err) == (2, True)
    result = fetch("--log-group", "x", "--region", "not a region!")
    assert (result.status, "no such region" in result.err) == (2, True)
    monkeypatch.setenv("AWS_REGION", REGION)
    result = fetch("--log-group", arn("x", "us-east-1"), "--log-group", arn("x", "us-west-2"))
    assert (result.status, "one run reads one region" in result.err) == (2, True)


def test_the_region_of_an_arn_is_asked(aws: Service, fetch: Fetch, group: str) -> None:
    result = fetch("--log-group", arn(group, "ap-south-1"))
    assert f"log group {group}: not there in ap-south-1" in result.err


def test_nobody_answers(fetch: Fetch, monkeypatch: Any) -> None:
    result = fetch("--log-group", "x", "--endpoint-url", "http://127.0.0.1:9")
    assert result.status == 1
    assert "log groups: no connection to 127.0.0.1:9; given up after 4 tries" in result.err
    assert "hint: look at --endpoint-url" in result.err
    result = fetch("--log-group", "x", "--endpoint-url", "nonsense")
    assert (result.status, "--endpoint-url: not a URL" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "one of --log-group, --log-group-prefix and --s3 is wanted"),
        (["--log-group", "a b"], "--log-group: neither the name of a log group nor the ARN of one"),
        (["--log-group", "a", "--log-stream", "x", "--log-stream-prefix", "y"], "do not go together"),
        (["--log-group", "a", "--query", "x", "--filter", "y"], "--query does not go with --filter"),
        (["--log-group", "a", "--s3", "s3://b"], "--log-group is of CloudWatch Logs"),
        (["--log-group", "a", "--format", "csv"], "are of --s3"),
        (["--log-group", "a", *["--log-stream"] * 0, *(x for i in range(101) for x in ("--log-stream", str(i)))], "100 names"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense(aws: Service, fetch: Fetch, args: list[str], says: str) -> None:
    result = fetch(*args, faults=[])
    assert (result.status, says in result.err) == (2, True)
    assert not aws.plan.seen


def network_failures() -> list[tuple[Exception, str]]:
    from botocore import exceptions as ex
    from urllib3.exceptions import NameResolutionError, NewConnectionError, ProtocolError

    url = {"endpoint_url": "https://logs.example.com"}
    pool: Any = None
    return [
        (ex.EndpointConnectionError(error=NameResolutionError("x", pool, OSError()), **url), "net name"),
        (ex.EndpointConnectionError(error=NewConnectionError(pool, "refused"), **url), "net refused"),
        (ex.ProxyConnectionError(proxy_url="http://user:hidden@proxy", error="x"), "net proxy"),
        (ex.SSLError(error="x", **url), "net tls"),
        (ex.ConnectTimeoutError(error="x", **url), "net timeout"),
        (ex.ReadTimeoutError(error="x", **url), "net timeout"),
        (ex.ConnectionClosedError(error="x", **url), "net reset"),
        (ex.HTTPClientError(error="x"), "net reset"),
        (ex.ResponseStreamingError(error="x"), "net cut"),
        (ex.IncompleteReadError(actual_bytes=1, expected_bytes=2), "net cut"),
        (ProtocolError("x"), "net reset"),
        (ex.FlexibleChecksumError(error_msg="x"), "aws client"),
        (ex.UnauthorizedSSOTokenError(), "aws client"),
        (ex.CredentialRetrievalError(provider="x", error_msg="hidden"), "aws client"),
        (ex.ConfigParseError(path="hidden"), "aws client"),
    ]


def test_what_each_failure_of_the_way_is(aws: Service, fetch: Fetch) -> None:
    effort = Effort()
    client = aws_client.AwsClient("logs", aws_client.Login(profile=None), effort, Retry(effort))
    for error, code in network_failures():
        fault = client.judge("log group x", error)
        assert fault
        assert fault.code == code, error
        assert "hidden" not in f"{fault.message}{fault.hint}"
    assert client.judge("log group x", KeyError("a bug")) is None
    client.close()


def test_a_bare_command_once_its_section_is_written(aws: Service, fetch: Fetch, group: str) -> None:
    for name in "abc":
        aws.put(f"{group}/{name}", "web", [(now() - HOUR, name)])
    Path("cecil.toml").write_text(f'[fetch.aws]\nlog-group = ["{group}/a", "{group}/b"]\nsince = "2h"\n')
    assert sorted(messages(fetch())) == ["a", "b"]
    # What is typed stands for what the settings say, not beside it.
    assert sorted(messages(fetch("--log-group", f"{group}/b", "--log-group", f"{group}/c"))) == ["b", "c"]
    Path("cecil.toml").write_text('[fetch.aws]\nendpoint-url = "http://127.0.0.1:9"\n')
    assert fetch("--list").status == 2


# Clocks


def test_a_clock_that_is_wrong_is_named(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    result = fetch("--log-group", group, faults=["signature"], skew=1200)
    assert (
        "cecil-fetch: this machine's clock is 20 minutes behind AWS's, which refuses what it signs"
        in result.err
    )
    assert "hint: timedatectl set-ntp true" in result.err
    result = fetch("--log-group", group, faults=["signature"], skew=-1200)
    assert "clock is 20 minutes ahead of AWS's" in result.err


def test_a_clock_ahead_moves_no_watermark_ahead(
    aws: Service, fetch: Fetch, group: str, tmp_path: Path
) -> None:
    """Events that come while our clock is already past them would lie before the watermark, and be lost."""
    skew = 600
    service = now() - skew * 1000
    aws.put(group, "web", [(service - 60_000, "before")])
    state = ("--state", "s", "--overlap", "1s")
    assert sorted(messages(fetch("--log-group", group, *state, faults=[], skew=-skew))) == ["before"]
    asked = [seen[2]["endTime"] for seen in aws.plan.seen if seen[0] == "FilterLogEvents"]
    assert abs(asked[-1] - service) < 5000
    aws.put(group, "web", [(service + 5000, "after")])
    result = fetch("--log-group", group, *state, faults=[], skew=-skew + 60)
    assert sorted(messages(result)) == ["after"]


# From run to run


def test_late_events_come_once(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 64)
    base = now() - 20 * 60_000
    sent: Counter[str] = Counter()
    got: Counter[str] = Counter()

    def put(stream: str, events: list[tuple[int, str]]) -> None:
        aws.put(group, stream, events)
        sent.update(text for _, text in events)

    def run(*args: str, **more: Any) -> Any:
        result = fetch("--log-group", group, "--state", "s", "--overlap", "10m", *args, **more)
        got.update(messages(result))
        return result

    put(
        "a",
        [(base + i * 100, f"a{i}") for i in range(400)] + [(base + 70_000, f"same{i}") for i in range(150)],
    )
    assert run("--since", str(base - 1), "--until", str(base + 300_000), faults=["empty"]).status == 0
    put("b", [(base + i * 997, f"late{i}") for i in range(100)])
    put("a", [(base + 300_000 + i, f"c{i}") for i in range(300)])
    faults = ["ok", "cut:300", "throttle", "ok", "500", "reset", "empty"]
    result = run("--until", str(base + 600_000), faults=faults)
    assert result.stats["retries"] == 4
    assert run("--until", str(base + 600_000)).records == []
    put("b", [(base + 599_000, "late at the edge")])
    run("--until", str(base + 900_000))
    assert got == sent


def test_a_run_that_fails_repeats_nothing(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(aws_logs, "PAGE", 50)
    aws.put(group, "web", [(now() - HOUR + i, str(i)) for i in range(300)])
    args = ("--log-group", group, "--since", "2h", "--state", "s", "--retry-for", "1s")
    first = fetch(*args, faults=["ok", "ok", *["500"] * 40])
    assert (first.status, len(first.records)) == (1, 100)
    second = fetch(*args, faults=[])
    assert messages(first) + messages(second) == Counter(str(i) for i in range(300))


def test_a_state_is_of_one_source(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    assert fetch("--log-group", group, "--state", "s").status == 0
    result = fetch("--log-group", group, "--state", "s", "--filter", "ERROR")
    assert (result.status, "the state is of another source: not the same filter" in result.err) == (2, True)


# Roles


def test_a_role_is_taken_on_and_taken_on_again(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    result = fetch("--log-group", group, "--since", "2h", "--role-arn", role, faults=["expired"])
    assert (result.status, len(result.records)) == (0, 1)
    assert aws.plan.count("AssumeRole") == 2
    result = fetch(
        "--log-group", group, "--role-arn", role, faults=["denied"], match=lambda name: name == "AssumeRole"
    )
    assert "cecil-fetch: --role-arn: no permission for sts:AssumeRole\nhint:" in result.err


# Queries


class Insights:
    """Logs Insights as it answers: so many rows at most, and not at once."""

    def __init__(self, rows: list[dict[str, str]], status: str = "Complete", most: int = 20) -> None:
        self.rows, self.status, self.most = rows, status, most
        self.asked: list[tuple[int, int]] = []
        self.stopped: list[str] = []
        self.polls = 0

    def __call__(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        if operation == "StartQuery":
            self.asked.append((arguments["startTime"], arguments["endTime"]))
            return {"queryId": str(len(self.asked) - 1)}
        if operation == "StopQuery":
            self.stopped.append(arguments["queryId"])
            return {"success": True}
        if operation != "GetQueryResults":
            return None
        self.polls += 1
        if self.polls % 2:
            return {"status": "Running", "results": []}
        low, high = self.asked[int(arguments["queryId"])]
        found = [row for row in self.rows if low <= int(row["second"]) <= high][: self.most]
        status = "Timeout" if self.status == "Slow" and high - low > 10 else self.status
        status = "Complete" if status == "Slow" else status
        shown = [[{"field": k, "value": v} for k, v in row.items() if k != "second"] for row in found]
        return {"status": status, "results": shown if status == "Complete" else []}


def rows(base: int, count: int, per_second: int = 1) -> list[dict[str, str]]:
    made = []
    for i in range(count):
        second = base + i // per_second
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(second)) + ".250"
        made.append({"second": str(second), "@timestamp": stamp, "@message": f"m{i}", "@ptr": f"p{i}"})
    return made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_logs, "MOST_ROWS", 20)
    monkeypatch.setattr(aws_logs, "_pauses", lambda: iter([0.001] * 1000))


def ask(aws: Service, fetch: Fetch, group: str, insights: Insights, *args: str) -> Any:
    aws.put(group, "web", [(now() - HOUR, "x")])
    base = int(insights.rows[0]["second"]) if insights.rows else now() // 1000 - 3600
    return fetch(
        "--log-group", group, "--since", str(base), "--until", str(base + 600), "--query", "fields @message", *args,
        faults=[], answers=insights,
    )  # fmt: skip


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("status", ["Complete", "Slow"])
def test_a_query_that_is_full_is_asked_in_halves(aws: Service, fetch: Fetch, group: str, status: str) -> None:
    insights = Insights(rows(now() // 1000 - 3000, 200), status)
    result = ask(aws, fetch, group, insights)
    assert (result.status, [r["@message"] for r in result.records]) == (0, [f"m{i}" for i in range(200)])
    assert set(result.records[0]) == {"@timestamp", "@message"}
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.250Z", result.records[0]["@timestamp"])
    assert insights.stopped == []


@pytest.mark.usefixtures("quick")
def test_a_query_may_be_as_full_as_it_likes_in_one_second(aws: Service, fetch: Fetch, group: str) -> None:
    result = ask(aws, fetch, group, Insights(rows(now() // 1000 - 3000, 40, 40)))
    assert (result.status, "more than 20 rows in one second\nhint:" in result.err) == (1, True)


@pytest.mark.usefixtures("quick")
def test_groups_of_a_query_are_not_halved(aws: Service, fetch: Fetch, group: str) -> None:
    grouped = [
        {"second": row["second"], "count": "3", "host": row["@ptr"]} for row in rows(now() // 1000 - 3000, 30)
    ]
    result = ask(aws, fetch, group, Insights(grouped))
    assert (result.status, "more than 20 groups" in result.err) == (1, True)
    result = ask(aws, fetch, group, Insights(grouped[:5]))
    assert result.records == [{"count": "3", "host": f"p{i}"} for i in range(5)]
    result = ask(aws, fetch, group, Insights(grouped[:5]), "--state", "s")
    assert (result.status, "the query has no @timestamp" in result.err) == (2, True)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("status", ["Failed", "Cancelled"])
def test_a_query_that_fails(aws: Service, fetch: Fetch, group: str, status: str) -> None:
    result = ask(aws, fetch, group, Insights(rows(now() // 1000 - 3000, 5), status))
    assert (result.status, f"the query ended as {status.lower()}\nhint:" in result.err) == (1, True)


@pytest.mark.usefixtures("quick")
def test_a_query_that_is_left_is_stopped(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    def interrupted(self: Retry, seconds: float) -> None:
        raise KeyboardInterrupt

    insights = Insights(rows(now() // 1000 - 3000, 5))
    monkeypatch.setattr(Retry, "wait", interrupted)
    aws.put(group, "web", [(now() - HOUR, "x")])
    provider = aws_logs.AwsLogsProvider(
        aws_logs.Reading(), groups=[group], query="fields @message", login=aws_client.Login(endpoint=aws.url)
    )
    provider._retry._gap = 0
    aws.fresh(answers=insights)
    with provider, pytest.raises(KeyboardInterrupt):
        list(provider.stream_batches())
    assert insights.stopped == ["0"]


@pytest.mark.usefixtures("quick")
def test_rows_of_a_query_come_once(aws: Service, fetch: Fetch, group: str) -> None:
    insights = Insights([row | {"@message": "same"} for row in rows(now() // 1000 - 3000, 12, 4)])
    assert len(ask(aws, fetch, group, insights, "--state", "s", "--overlap", "1h").records) == 12
    insights.rows = [*insights.rows, insights.rows[-1]]
    aws.fresh(answers=insights)
    again = fetch("--log-group", group, "--query", "fields @message", "--state", "s", "--overlap", "1h")
    assert len(again.records) == 1


def test_a_query_that_is_none(aws: Service, fetch: Fetch, group: str) -> None:
    aws.put(group, "web", [(now() - HOUR, "x")])
    result = fetch(
        "--log-group",
        group,
        "--query",
        "nonsense |||",
        faults=["badquery"],
        match=lambda name: name == "StartQuery",
    )
    assert (
        result.status,
        "the query: not a query of CloudWatch Logs Insights\nhint: a query is like" in result.err,
    ) == (1, True)


# What is there


def test_what_is_there(aws: Service, fetch: Fetch, group: str) -> None:
    base = now() - HOUR
    aws.put(group + "/a", "web", [(base + i, "x" * 100) for i in range(100)])
    result = fetch("--list", "--log-group-prefix", group)
    [one] = result.records
    assert (one["name"], one["stored_bytes"]) == (group + "/a", 10_000)
    result = fetch("--list", "--log-group", group + "/a")
    assert [(one["name"], one["log_group"]) for one in result.records] == [("web", group + "/a")]
    result = fetch("--describe", "--log-group", group + "/a", "--since", "2h")
    about = json.loads(result.out)
    assert about["groups"][0]["name"] == group + "/a"
    assert about["groups"][0]["last"].endswith("Z")
    assert about["estimate"]["dollars"] == 0
    assert about["estimate"]["requests"] >= 1
    assert "xxx" not in result.out.decode()


def test_groups_and_streams_are_listed_to_the_last(aws: Service, fetch: Fetch, group: str) -> None:
    logs = aws.client("logs")
    names = [f"{group}/{number:02}" for number in range(55)]
    for name in names:
        logs.create_log_group(logGroupName=name)
        logs.create_log_stream(logGroupName=names[0], logStreamName=name[1:])
    found = fetch("--list", "--log-group-prefix", group + "/", faults=[])
    assert [one["name"] for one in found.records] == names
    assert aws.plan.count("DescribeLogGroups") > 2
    found = fetch("--list", "--log-group", names[0], "--log-stream", names[7][1:])
    assert [one["name"] for one in found.records] == [names[7][1:]]
    found = fetch("--list", "--log-group", names[0], "--log-stream-prefix", names[7][1:])
    assert [one["name"] for one in found.records] == [names[7][1:]]
    result = fetch("--describe", "--log-group", arn("/of/another/account"))
    assert (result.status, "/of/another/account: not there" in result.err) == (1, True)
    assert (fetch("--describe").status, fetch("--list", "--log-group-prefix", "/none").out) == (2, b"")


def test_what_is_kept_for_some_days_is_no_more_than_that() -> None:
    day = 24 * 3600 * 10**9
    about = {"storedBytes": 700, "creationTime": 0, "retentionInDays": 7}
    assert aws_logs._share(about, None, 100 * day, 100 * day) == 700
    assert aws_logs._share(about, 99 * day, 100 * day, 100 * day) == 100
    assert aws_logs._share(about, 0, 50 * day, 100 * day) == 0
    assert aws_logs._share({"storedBytes": 5, "creationTime": 10**9}, None, 1, 1) == 5
    assert aws_logs._gigabytes(3.25e9) == "3.2 GB"
    assert aws_logs._duration(7200) == "2.0 h"


def test_a_long_read_is_announced(aws: Service, fetch: Fetch, group: str, monkeypatch: Any) -> None:
    aws.put(group, "web", [(now() - 1000, "x" * 1000)])
    monkeypatch.setattr(aws_logs, "_PAGE_BYTES", 1)
    result = fetch("--log-group", group, "--rate", "50")
    assert re.search(r"cecil-fetch: about 0 MB, [0-9,]+ requests, [0-9]+ min at 50 a second", result.err)
    assert "about" not in fetch("--log-group", group, "--rate", "50", "--quiet").err


def test_every_client_asks_loopback(aws: Service, monkeypatch: Any) -> None:
    for name, value in aws.env().items():
        monkeypatch.setenv(name, value)
    effort = Effort()
    for service in ("logs", "s3"):
        client = aws_client.AwsClient(service, aws_client.Login(), effort, Retry(effort))
        assert client.endpoint == aws.url
        assert aws.url.startswith("http://127.0.0.1:")
        client.close()


# As a process


def test_new_events_are_followed_and_late_ones_too(
    aws: Service, group: str, env: dict[str, str], tmp_path: Path
) -> None:
    base = now() - 60_000
    aws.put(group, "web", [(base, "before")])
    aws.fresh("ok", "empty", "throttle", "500", "ok", "reset")
    args = ["aws", "--log-group", group, "--since", "5m", "--follow", "--interval", "1s", "--state", "s"]
    argv = [BIN / "cecil-fetch", *args, "--rate", "1000", "-q"]
    env = env | aws.env()
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdout=pipe, stderr=pipe, env=env, cwd=tmp_path) as process:
        assert process.stdout and process.stderr

        def next_message() -> str:
            assert process.stdout
            return str(json.loads(process.stdout.readline())["message"])

        assert next_message() == "before"
        aws.put(group, "web", [(now(), "new")])
        assert next_message() == "new"
        aws.put(group, "other", [(base + 1, "late"), (base, "late and in the same millisecond")])
        assert {next_message(), next_message()} == {"late", "late and in the same millisecond"}
        # What a look has found counts when the look is over: so the one after it must have begun.
        looks = aws.plan.count("FilterLogEvents") + 2
        while aws.plan.count("FilterLogEvents") < looks:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        rest, told = process.stdout.read(), process.stderr.read()
        assert (rest, told, process.wait(30)) == (b"", b"", -signal.SIGINT)
    # What was followed is known the next time.
    again = subprocess.run(
        [BIN / "cecil-fetch", "aws", "--log-group", group, "--state", "s", "-q"],
        capture_output=True, check=False, env=env, cwd=tmp_path,
    )  # fmt: skip
    assert (again.returncode, again.stdout) == (0, b"")
