"""cecil-fetch gcp: the real clients against a stand-in, over REST and gRPC with TLS, whole runs of the command."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud.audit import audit_log_pb2
from google.protobuf import any_pb2

from tests.clouds import Fetched, Fetching, Tunnel, forget_environment, hurried, same
from tests.conftest import BIN, environment
from tests.google_service import LOG, PROJECT, GoogleService, entry, nanoseconds

T0 = nanoseconds("2026-01-01T00:00:00Z")
SINCE, UNTIL = "--since=2026-01-01T00:00:00Z", "--until=2026-01-02T00:00:00Z"
SECOND = 10**9


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleService]:
    with GoogleService(tmp_path_factory.mktemp("google")) as service:
        yield service


@pytest.fixture
def google(running: GoogleService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> GoogleService:
    running.reset()
    forget_environment(monkeypatch, tmp_path, running.environment())
    return running


@pytest.fixture
def rest(google: GoogleService, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Fetching:
    return Fetching(tmp_path, capfd, "gcp", "--endpoint-url", google.url, "--rate", "1000", "--quiet")


@pytest.fixture
def grpc(google: GoogleService, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Fetching:
    options = ["gcp", "--endpoint-url", google.grpc_url, "--transport", "grpc", "--rate", "1000", "--quiet"]
    return Fetching(tmp_path, capfd, *options)


@pytest.fixture(params=["rest", "grpc"])
def fetch(request: pytest.FixtureRequest, rest: Fetching, grpc: Fetching) -> Fetching:
    return rest if request.param == "rest" else grpc


def filled(google: GoogleService, count: int = 30, *, start: int = T0, step: int = SECOND) -> list[str]:
    """So many entries of text, in no order; their texts."""
    texts = [f"entry {at}" for at in range(count)]
    made = [entry(start + at * step, text) for at, text in enumerate(texts)]
    google.entries += sorted(made, key=lambda one: str(one.text_payload))
    return texts


def texts(fetched: Fetched) -> list[str]:
    assert fetched.status == 0, fetched.stderr
    return [record["textPayload"] for record in fetched.records]


def refused(fetched: Fetched, *words: str, status: int = 1) -> None:
    assert fetched.status == status, fetched.stderr
    assert fetched.lines == []
    for word in words:
        assert word in fetched.stderr
    assert "hint: " in fetched.stderr
    assert "PRIVATE KEY" not in fetched.stderr
    assert "example.com" not in fetched.stderr


# What a record is.


def test_every_kind_of_payload(google: GoogleService, fetch: Fetching) -> None:
    audit = audit_log_pb2.AuditLog(service_name="storage.googleapis.com", num_response_items=2**60)
    audit.authentication_info.principal_email = "a@example.com"
    known, torn = (
        any_pb2.Any(),
        any_pb2.Any(type_url="type.googleapis.com/google.cloud.audit.AuditLog", value=b"\xff"),
    )
    known.Pack(audit)
    audit.service_data.CopyFrom(any_pb2.Any(type_url="type.googleapis.com/acme.Inner", value=b"\x08\x02"))
    nested = any_pb2.Any()
    nested.Pack(audit)
    unknown = any_pb2.Any(type_url="type.googleapis.com/acme.Unknown", value=b"\x08\x01")
    payload = {"n": 1, "big": 2**53 - 1, "deep": [{"x": 0.5}, None, True, 7], "e": {}, "wide": 2.0**70}
    google.entries = [
        entry(T0 + 123456789, "héllo\u2028", received=T0 + SECOND + 987654321),
        entry(T0 + SECOND, json=payload),
        entry(T0 + 2 * SECOND, proto=known),
        entry(T0 + 3 * SECOND, proto=unknown),
        entry(T0 + 4 * SECOND, proto=nested),
        entry(T0 + 5 * SECOND, proto=torn),
        entry(T0 + 6 * SECOND),
    ]
    http = google.entries[0].http_request
    http.request_method, http.status, http.response_size, http.latency.nanos = "GET", 200, 2**40, 5_000_000
    google.rendered = {at: google.as_sent(one) for at, one in enumerate(google.entries)}
    fetched = fetch(SINCE, UNTIL)
    assert fetched.status == 0, fetched.stderr
    found = fetched.records
    assert found[0] == {
        "insertId": f"id-{T0 + 123456789}",
        "logName": LOG,
        "resource": {"type": "gce_instance", "labels": {"zone": "europe-west1-b"}},
        "timestamp": "2026-01-01T00:00:00.123456789Z",
        "receiveTimestamp": "2026-01-01T00:00:01.987654321Z",
        "severity": "INFO",
        "textPayload": "héllo\u2028",
        "httpRequest": {
            "requestMethod": "GET",
            "status": 200,
            "responseSize": str(2**40),
            "latency": "0.005s",
        },
    }
    assert found[1]["jsonPayload"] == payload
    line = fetched.lines[1].replace(b" ", b"")
    assert b'"n":1,' in line or b'"n":1}' in line
    assert b'"big":9007199254740991' in line
    kind = "type.googleapis.com/google.cloud.audit.AuditLog"
    whole = {
        "@type": kind,
        "serviceName": "storage.googleapis.com",
        "numResponseItems": str(2**60),
        "authenticationInfo": {"principalEmail": "a@example.com"},
    }
    assert found[2]["protoPayload"] == whole
    assert found[3]["protoPayload"] == {"@type": "type.googleapis.com/acme.Unknown", "value": "CAE="}
    inner = {"@type": "type.googleapis.com/acme.Inner", "value": "CAI="}
    assert found[4]["protoPayload"] == {**whole, "serviceData": inner}
    assert found[5]["protoPayload"] == {"@type": kind, "value": "/w=="}
    assert "protoPayload" not in found[6]


def test_rest_hands_on_what_the_service_spelled(google: GoogleService, rest: Fetching) -> None:
    filled(google, 1)
    spelled = (
        b'{"z":1.10,"insertId":"i","logName":"l","timestamp":"2026-01-01T00:00:00Z",'
        b'"jsonPayload":{"b":12345678901234567890123,"a":1e400,"u":"\\u00e9","z":[ 1 ]}}'
    )
    google.pages = [b'{"entries":[' + spelled + b"]}"]
    assert rest(SINCE, UNTIL).lines == [spelled]
    google.pages = [b'{\n "entries": [\n  ' + spelled.replace(b",", b",\n   ") + b"\n ]\n}\n"]
    assert rest(SINCE, UNTIL).lines == [
        spelled.replace(b"[ 1 ]", b"[1]")
    ]  # spread over lines, it is put on one


def test_half_a_character_does_not_hold_up_the_rest(google: GoogleService, rest: Fetching) -> None:
    filled(google, 1)
    google.pages = [b'{"entries":[{"timestamp":"2026-01-01T00:00:00Z","textPayload":"a\\ud800b"}]}']
    assert texts(rest(SINCE, UNTIL)) == ["a\ufffdb"]


def test_audit_mode(google: GoogleService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CECIL_AUDIT_MODE", "1")
    refused(fetch(SINCE), "no network in audit mode (CECIL_AUDIT_MODE)", status=2)
    assert google.requests == []


def test_entries_without_a_time_go_to_quarantine(google: GoogleService, rest: Fetching) -> None:
    filled(google, 1)
    google.pages = [b'{"entries":[{"insertId":"a"},{"insertId":"b","timestamp":"2026-01-01T00:00:00Z"}]}']
    fetched = rest(SINCE, UNTIL, "--quarantine", "q.jsonl")
    assert fetched.status == 3
    assert [record["insertId"] for record in fetched.records] == ["b"]
    assert "an entry without a time" in Path("q.jsonl").read_text()


def test_a_json_payload_becomes_the_record(google: GoogleService, fetch: Fetching) -> None:
    google.entries = [
        entry(T0, json={"a": 1}),
        entry(T0 + 1, '{"b": 1.10}'),
        entry(T0 + 2, "no json"),
        entry(T0 + 3, json={"$source": 1}),
        entry(T0 + 4),
    ]
    google.rendered = {at: google.as_sent(one) for at, one in enumerate(google.entries)}
    fetched = fetch(SINCE, UNTIL, "--unwrap")
    first, second, third, fourth, fifth = fetched.records
    assert (first["a"], first["$source"]["insertId"], first["$source"]["logName"]) == (1, f"id-{T0}", LOG)
    assert fetched.lines[1].startswith(b'{"b": 1.10,"$source":{')
    assert "textPayload" not in second["$source"]
    assert third["textPayload"] == "no json"
    assert fourth["jsonPayload"] == {"$source": 1}
    assert "$source" not in fifth


# Which entries, and all of them.


def test_the_window_is_half_open_and_there_is_no_hidden_one(google: GoogleService, fetch: Fetching) -> None:
    old = nanoseconds("2020-02-29T12:00:00.000000001Z")
    google.entries = [entry(at, str(at)) for at in (old, T0 - 1, T0, T0 + 1, T0 + SECOND - 1, T0 + SECOND)]
    window = SINCE, "--until=2026-01-01T00:00:01Z"
    assert texts(fetch(*window)) == [str(T0), str(T0 + 1), str(T0 + SECOND - 1)]
    assert len(texts(fetch("--filter", "severity>=INFO"))) == 6
    for filter, _, size in google.requests:
        assert size == 1000
        assert "timestamp<" in filter


def test_filters_and_logs(google: GoogleService, fetch: Fetching) -> None:
    other = f"projects/{PROJECT}/logs/syslog"
    google.entries = [entry(T0, "a"), entry(T0 + 1, "b", log=other), entry(T0 + 2, "c", log=f"{other}.2")]
    assert texts(fetch(SINCE, UNTIL, "--log-name", "app/web")) == ["a"]
    assert texts(fetch(SINCE, UNTIL, "--log-name", "syslog", "--log-name", LOG)) == ["a", "b"]
    assert texts(fetch(SINCE, UNTIL, "--log-name", other, "--filter", "severity>=INFO -- all")) == ["b"]
    assert texts(fetch(SINCE, UNTIL, "--filter", f'logName="{other}" OR logName="{LOG}"')) == ["a", "b"]
    assert texts(fetch(SINCE, UNTIL, "--project", f"projects/{PROJECT}")) == ["a", "b", "c"]


def test_many_pages_some_of_them_empty(google: GoogleService, fetch: Fetching) -> None:
    wanted = filled(google, 1100, step=10**7)
    google.empty_pages = 2
    assert texts(fetch(SINCE, UNTIL)) == wanted


def test_a_page_that_is_not_known_any_more(google: GoogleService, fetch: Fetching) -> None:
    google.entries = [entry(T0 + at // 7, f"entry {at}", insert_id=f"i{at:05}") for at in range(1500)]
    google.forget_tokens_after = 1
    found = texts(fetch(SINCE, UNTIL))
    assert found == [f"entry {at}" for at in range(1500)]
    starts = {filter.split('"')[1] for filter, _, _ in google.requests}
    assert len(starts) == 2


def test_a_page_that_was_never_known(google: GoogleService, rest: Fetching) -> None:
    filled(google, 1)
    google.pages = [b'{"nextPageToken":"nonsense"}']
    fetched = rest(SINCE, UNTIL)
    assert fetched.status == 1
    assert "does not know its own page any more" in fetched.stderr


def test_pages_that_are_never_known(google: GoogleService, rest: Fetching) -> None:
    filled(google, 1)
    page = b'{"entries":[{"timestamp":"2026-01-01T00:00:00Z"}],"nextPageToken":"nonsense"}'
    google.pages = [page]
    google.faults = [None, "INVALID_ARGUMENT", None, "INVALID_ARGUMENT"]
    google.on_request = lambda number: google.pages.append(page) if number == 3 else None
    fetched = rest(SINCE, UNTIL)
    assert (fetched.status, len(fetched.lines)) == (1, 1)
    assert "does not know its own page any more" in fetched.stderr


def test_a_limit_reads_no_further(google: GoogleService, fetch: Fetching) -> None:
    wanted = filled(google, 1500)
    assert texts(fetch(SINCE, UNTIL, "--limit", "3")) == wanted[:3]
    assert len(google.requests) == 1


# Faults.

_BOTH = ["RESOURCE_EXHAUSTED", "UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "reset"]
_CUTS = [("cut", part) for part in (0.0, 0.3, 0.99)]
_MORE_CUTS = [
    pytest.param(("cut", part), marks=pytest.mark.slow) for part in (0.01, 0.1, 0.5, 0.7, 0.9, 0.999)
]


@pytest.mark.parametrize("fault", _BOTH)
def test_what_passes_is_tried_again(
    fault: str, google: GoogleService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    wanted = filled(google, 1100, step=10**7)
    google.faults = [fault, None, fault, fault]
    fetched = fetch(SINCE, UNTIL, "--stats", "json")
    assert texts(fetched) == wanted
    assert fetched.stats["retries"] == 3
    rest_503 = fault == "UNAVAILABLE" and "grpc" not in fetch.before
    assert fetched.stats["throttles"] == (3 if fault == "RESOURCE_EXHAUSTED" or rest_503 else 0)


@pytest.mark.parametrize(
    "fault", [*_CUTS, *_MORE_CUTS, "no json", "half a page", ("retry after", 2)], ids=str
)
def test_what_passes_over_rest(
    fault: Any, google: GoogleService, rest: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = hurried(monkeypatch)
    wanted = filled(google, 1050, step=10**7)
    google.faults = [fault, None, fault]
    assert texts(rest(SINCE, UNTIL)) == wanted
    if fault == ("retry after", 2):
        assert waits == [2.0, 2.0]


def test_a_reply_that_stalls_is_asked_for_again(google: GoogleService, fetch: Fetching) -> None:
    wanted = filled(google)
    google.faults = [("stall", 1.5)]
    assert texts(fetch(SINCE, UNTIL, "--timeout", "1")) == wanted


def test_requests_are_paced_below_the_quota(
    google: GoogleService, rest: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = hurried(monkeypatch)
    wanted = filled(google, 2100, step=10**7)
    assert texts(rest.without("--rate")(SINCE, UNTIL)) == wanted
    assert waits  # a second between two requests, less what they took
    assert max(waits) <= 4


def test_a_quota_that_is_met_all_the_same(google: GoogleService, rest: Fetching) -> None:
    wanted = filled(google, 2300, step=10**7)
    google.quota = (1, 0.2)
    assert texts(rest(SINCE, UNTIL)) == wanted


def test_a_storm_ends_with_the_time_for_it(google: GoogleService, fetch: Fetching) -> None:
    wanted = filled(google, 1500, step=10**7)
    google.faults = [None, None, *["RESOURCE_EXHAUSTED"] * 99]
    run = [SINCE, UNTIL, "--state", "s.db"]
    fetched = fetch(*run, "--retry-for", "1s")
    assert fetched.status == 1
    assert "Cloud Logging answers RESOURCE_EXHAUSTED" in fetched.stderr
    assert len(fetched.lines) == 1000
    google.faults = []
    assert [r["textPayload"] for r in fetched.records] + texts(fetch(*run)) == wanted


def test_a_token_that_ends_in_mid_run_is_asked_for_anew(google: GoogleService, fetch: Fetching) -> None:
    wanted = filled(google, 2100, step=10**7)
    google.faults = [None, "revoked", None, "UNAUTHENTICATED"]
    assert texts(fetch(SINCE, UNTIL)) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_storms_lose_and_double_nothing(
    seed: int, google: GoogleService, rest: Fetching, grpc: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random entries, ties and faults, in runs of which some fail, by both ways, with entries that come late."""
    hurried(monkeypatch)
    dice = random.Random(seed)
    now = time.time_ns()
    wanted: list[str] = []
    lines: list[bytes] = []
    kinds: list[Any] = [*_BOTH, "UNAUTHENTICATED", "no json", "half a page", "revoked"]
    fetch, state = (rest, "r.db") if seed % 2 else (grpc, "g.db")
    for _ in range(5):
        moments = [now - dice.randrange(250 * SECOND) for _ in range(dice.randrange(1, 60))]
        for _ in range(dice.choice((0, 10, 900))):
            text = f"entry {len(wanted)}"
            wanted.append(text)
            google.entries.append(entry(dice.choice(moments), text, insert_id=text))
        google.empty_pages = dice.choice((0, 0, 1))
        google.forget_tokens_after = dice.choice((None, len(google.requests) + 3))
        known = kinds if seed % 2 else _BOTH
        google.faults = [dice.choice([None, None, *known]) for _ in range(dice.randrange(25))]
        if dice.random() < 0.4:
            google.faults = [None] * dice.randrange(4) + ["PERMISSION_DENIED"]
        fetched = fetch("--since", "1h", "--state", state)
        assert fetched.status in (0, 1), fetched.stderr
        lines += fetched.lines
    google.faults = []
    lines += fetch("--since", "1h", "--state", state).lines
    same(lines, wanted, lambda record: record["textPayload"])


# What bad input gets.


def test_no_login(google: GoogleService, rest: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    refused(rest(SINCE), "no login to Google Cloud is found", "gcloud auth application-default login")


def test_a_login_that_has_ended(google: GoogleService, rest: Fetching) -> None:
    google.login_ends = True
    refused(rest(SINCE), "the login to Google Cloud has expired or is wrong", "hint: gcloud auth")


def test_a_login_that_is_refused(google: GoogleService, fetch: Fetching) -> None:
    google.faults = ["UNAUTHENTICATED"] * 9
    refused(fetch(SINCE), "Google Cloud refuses the login (UNAUTHENTICATED)", "hint: gcloud auth")


def test_what_is_not_there_or_not_allowed(google: GoogleService, fetch: Fetching) -> None:
    refused(fetch(SINCE, "--project", f"{PROJECT}-2"), "no such project, folder or log view (NOT_FOUND)")
    refused(
        fetch(SINCE, "--project", "folders/1"),
        "no permission to read these logs (PERMISSION_DENIED)",
        "viewer",
    )
    refused(fetch(SINCE, "--filter", "user@example.com ="), "refuses the filter", "gcloud logging read")


def test_an_api_that_is_not_enabled(google: GoogleService, rest: Fetching) -> None:
    google.faults = ["disabled"]
    refused(rest(SINCE), "has not enabled Cloud Logging's API", "hint: gcloud services enable logging")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--project", "a b"), "--project: the ID of a project is wanted"),
        (("--log-name", "a\nb"), "--log-name: the name of a log is wanted"),
        (("--since", "2026-01-01T00:00:00"), "--since: a time without an offset"),
        (("--endpoint-url", "http://localhost:1"), "an address with https:// is wanted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_options_that_do_not_fit(
    args: tuple[str, ...], said: str, google: GoogleService, rest: Fetching
) -> None:
    refused(rest(*args), said, status=2)
    assert google.requests == []


def test_a_login_without_a_project(
    google: GoogleService, rest: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = json.loads(Path(google.environment()["GOOGLE_APPLICATION_CREDENTIALS"]).read_text())
    del account["project_id"]
    Path("account.json").write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "account.json")
    refused(rest(SINCE), "no project is named, and the login names none", "hint: --project ID", status=2)


def test_the_way_there(
    google: GoogleService, rest: Fetching, grpc: Fetching, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hurried(monkeypatch)
    refused(
        rest(SINCE, "--endpoint-url", "https://localhost:1"), "localhost cannot be reached; given up after 4"
    )
    other = tmp_path / "other"
    other.mkdir()
    with GoogleService(other) as untrusted:
        fetched = rest(SINCE, "--endpoint-url", untrusted.url)
        refused(fetched, "the certificate of localhost is not trusted", "REQUESTS_CA_BUNDLE")
        fetched = grpc(SINCE, "--endpoint-url", untrusted.grpc_url)
        refused(fetched, "the certificate of localhost is not trusted", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")


def test_through_a_proxy(google: GoogleService, rest: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = filled(google)
    with Tunnel() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY")
        assert texts(rest(SINCE, UNTIL)) == wanted
        assert google.url.removeprefix("https://") in proxy.asked


def test_a_server_of_logins_that_is_not_there(
    google: GoogleService, rest: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    account = json.loads(Path(google.environment()["GOOGLE_APPLICATION_CREDENTIALS"]).read_text())
    account["token_uri"] = "https://localhost:1/token"
    Path("account.json").write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "account.json")
    refused(rest(SINCE), "the server of the login to Google Cloud cannot be reached; given up after 4 tries")


@pytest.mark.parametrize("missing", ["google.auth", "google.cloud.logging_v2.entries"])
def test_without_the_extra(
    missing: str, google: GoogleService, grpc: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    refused(grpc(SINCE), "Google Cloud is not installed", "pip install 'cecil[gcp]'")


# From run to run.


def test_late_entries_come_once(google: GoogleService, fetch: Fetching) -> None:
    now = time.time_ns()
    first = filled(google, 1200, start=now - 100 * SECOND, step=1000)
    google.entries.append(entry(now - 50 * SECOND, "other log", log=f"{LOG}2", insert_id="same"))
    run = ["--since", "1h", "--state", "s.db", "--stats", "json"]
    assert texts(fetch(*run)) == [*first, "other log"]
    google.entries.append(entry(now - 50 * SECOND, "late", insert_id="same"))
    google.entries.append(entry(now - 70 * SECOND, "later", insert_id="same"))
    second = fetch(*run)
    assert texts(second) == ["later", "late"]
    assert second.stats["dropped"] == {"seen": 1201}
    assert texts(fetch(*run)) == []


def test_a_run_that_fails_on_its_way_loses_and_doubles_nothing(
    google: GoogleService, fetch: Fetching
) -> None:
    now = time.time_ns()
    wanted = filled(google, 2100, start=now - 100 * SECOND, step=1000)
    run = ["--since", "1h", "--state", "s.db"]
    lines: list[bytes] = []
    for fails in (1, 2):
        google.faults = [None] * (1 + fails) + ["PERMISSION_DENIED"]
        fetched = fetch(*run)
        assert fetched.status == 1
        lines += fetched.lines
    google.faults = []
    lines += fetch(*run).lines
    same(lines, wanted, lambda record: record["textPayload"])


@pytest.mark.slow
def test_follow_gives_what_comes_and_what_comes_late(google: GoogleService, rest: Fetching) -> None:
    now = time.time_ns()
    google.entries = [entry(now - 60 * SECOND, "old")]

    def more(number: int) -> None:
        if number in (3, 4):
            at = time.time_ns()
            google.entries.append(entry(at - 1000, f"new {number}"))
            google.entries.append(entry(now - 90 * SECOND, f"late {number}", insert_id=f"late {number}"))

    google.on_request = more
    fetched = rest("--since", "5m", "--follow", "--interval", "1s", "--limit", "5")
    assert sorted(texts(fetched)) == ["late 3", "late 4", "new 3", "new 4", "old"]


def test_a_clock_ahead_of_the_service_skips_nothing(google: GoogleService, rest: Fetching) -> None:
    google.clock = -1800.0
    now = time.time_ns() - 1800 * SECOND
    google.entries = [entry(now - SECOND, "first")]
    run = ["--since", "2h", "--state", "s.db"]
    assert texts(rest(*run)) == ["first"]
    google.clock += 60  # a minute later, by the service's clock
    google.entries.append(entry(now + 50 * SECOND, "second"))
    assert texts(rest(*run)) == ["second"]


def test_a_state_of_another_filter_is_refused(google: GoogleService, rest: Fetching) -> None:
    filled(google)
    assert rest(SINCE, UNTIL, "--state", "s.db").status == 0
    refused(rest(SINCE, UNTIL, "--state", "s.db", "--filter", "severity>=INFO"), "s.db", status=2)


# What is there.


def test_describe_list_and_plan(google: GoogleService, fetch: Fetching) -> None:
    filled(google, 1500)
    google.entries.append(entry(T0, "x", log=f"projects/{PROJECT}/logs/syslog"))
    about = json.loads(b"\n".join(fetch("--describe", SINCE, UNTIL).lines))
    assert about["logs"] == ["app/web", "syslog"]
    assert (about["first"], about["last"]) == (
        "2026-01-01T00:00:00.000000000Z",
        "2026-01-01T00:24:59.000000000Z",
    )
    assert about["estimated"] is True
    assert 1400 < about["records"] < 1600
    listed = fetch("--list").records
    assert listed[0] == {"name": "app/web", "log_name": LOG}
    about = json.loads(
        b"\n".join(fetch("--describe", "--since=2030-01-01T00:00:00Z", "--until=2030-01-02T00:00:00Z").lines)
    )
    assert (about["records"], about["first"]) == (0, None)
    aloud = fetch.without("--rate")
    aloud.before = tuple(arg for arg in aloud.before if arg != "--quiet")
    google.entries = [entry(T0 + at * SECOND // 2, "x") for at in (*range(1000), *range(40_000, 41_000))]
    fetched = aloud(SINCE, UNTIL, "--rate", "100", "--limit", "1")
    assert "cecil-fetch: about 41,0" in fetched.stderr
    assert "42 requests, 0 min at 100 requests a second" in fetched.stderr


# A process of its own.


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_the_product_unchanged(transport: str, google: GoogleService, tmp_path: Path) -> None:
    """Application default credentials, TLS and the command as the shell runs it."""
    wanted = filled(google)
    google.faults = ["UNAVAILABLE"]
    url = google.url if transport == "rest" else google.grpc_url
    argv = [str(BIN / "cecil-fetch"), "gcp", "--endpoint-url", url, "--transport", transport, SINCE, UNTIL]
    argv += ["--stats", "json", "--rate", "100"]
    done = subprocess.run(
        argv,
        capture_output=True,
        env=environment(tmp_path) | google.environment(),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["textPayload"] for line in done.stdout.splitlines()] == wanted
    (told,) = done.stderr.splitlines()
    assert json.loads(told)["retries"] == 1
