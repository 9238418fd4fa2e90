"""cecil-fetch azure: the real clients against a stand-in over TLS, whole runs of the command."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.azure_service import (
    RESOURCE,
    WORKSPACE,
    AzureService,
    Table,
    partial,
    stamp,
    ticks,
)
from tests.clouds import Fetched, Fetching, Tunnel, forget_environment, hurried, same
from tests.conftest import BIN, environment

COLUMNS = [("TimeGenerated", "datetime"), ("Msg", "string")]
T0 = ticks("2026-01-01T00:00:00Z")
SINCE, UNTIL = "--since=2026-01-01T00:00:00Z", "--until=2026-01-02T00:00:00Z"
SECOND = 10**7


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureService]:
    with AzureService(tmp_path_factory.mktemp("azure")) as service:
        yield service


@pytest.fixture
def azure(running: AzureService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AzureService:
    running.reset()
    forget_environment(monkeypatch, tmp_path, running.environment())
    # As in a program that Python is built into, the login stays here, where azure-identity is imported once.
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return running


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch, azure: AzureService) -> None:
    """The login has a process of its own, as it has by itself."""
    monkeypatch.delattr(sys, "frozen")


@pytest.fixture
def fetch(azure: AzureService, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Fetching:
    options = ["azure", "--endpoint-url", azure.url, "--workspace", WORKSPACE, "--rate", "1000"]
    return Fetching(tmp_path, capfd, *options)


def filled(azure: AzureService, count: int = 40, name: str = "T") -> list[dict[str, Any]]:
    """A table of so many rows, a second apart, in no order; and its records."""
    rows = [[stamp(T0 + at * SECOND + 1234567), f"row {at}"] for at in range(count)]
    azure.tables[name] = Table(COLUMNS, sorted(rows, key=lambda row: row[1]))
    return records(rows)


def records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [{"TimeGenerated": when, "Msg": text} for when, text in rows]


def refused(fetched: Fetched, *words: str, status: int = 1) -> None:
    assert fetched.status == status, fetched.stderr
    assert fetched.lines == []
    for word in words:
        assert word in fetched.stderr
    assert "hint: " in fetched.stderr
    assert "a-secret-of-nobody" not in fetched.stderr
    assert "token-" not in fetched.stderr


# What a record is.


def test_values_stand_as_the_service_wrote_them(azure: AzureService, fetch: Fetching) -> None:
    columns = [
        ("TimeGenerated", "datetime"),
        ("A %s", "string"),
        ("N", "long"),
        ("R", "real"),
        ("D", "decimal"),
    ]
    columns += [
        ("Ok", "bool"),
        ("Id", "guid"),
        ("Span", "timespan"),
        ("Props", "dynamic"),
        ("Null", "string"),
    ]
    azure.tables["T"] = Table(columns)
    body = (
        b'{"tables":[{"name":"PrimaryResult","columns":%b,"rows":[["2026-01-01T00:00:00.1234567Z",'
        b'"Z\\u00fcrich \xe2\x82\xac %%s",9007199254740993,1.10,"12345678901234567890.10",true,'
        b'"8c1e0000-0000-0000-0000-000000000001","1.02:03:04.0000005","{\\"k\\":\\n[1.0, 1e400]}",null],'
        b'["2026-01-01T00:00:00.1234568Z","",-1,"NaN",null,false,null,null,"{no json",""],'
        b'["2026-01-01T00:00:01Z","",0,0,null,false,null,null,"\\"[\\"",""]]}]}'
    ) % json.dumps([{"name": name, "type": kind} for name, kind in columns]).encode()
    azure.bodies = [None, body.replace(b"%%", b"%")]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--quiet")
    assert fetched.status == 0, fetched.stderr
    first, second, third = fetched.lines
    assert first == (
        b'{"TimeGenerated":"2026-01-01T00:00:00.1234567Z","A %s":"Z\\u00fcrich \xe2\x82\xac %s",'
        b'"N":9007199254740993,"R":1.10,"D":"12345678901234567890.10","Ok":true,'
        b'"Id":"8c1e0000-0000-0000-0000-000000000001","Span":"1.02:03:04.0000005","Props":{"k": [1.0, 1e400]},'
        b'"Null":null}'
    )
    assert second == (
        b'{"TimeGenerated":"2026-01-01T00:00:00.1234568Z","A %s":"","N":-1,"R":"NaN","D":null,"Ok":false,'
        b'"Id":null,"Span":null,"Props":"{no json","Null":""}'
    )
    assert third == (
        b'{"TimeGenerated":"2026-01-01T00:00:01Z","A %s":"","N":0,"R":0,"D":null,"Ok":false,"Id":null,'
        b'"Span":null,"Props":"\\"[\\"","Null":""}'
    )


def test_a_window_is_half_open_to_the_tick(azure: AzureService, fetch: Fetching) -> None:
    moments = [T0 - 1, T0, T0 + 1, T0 + SECOND - 1, T0 + SECOND]
    azure.tables["T"] = Table(COLUMNS, [[stamp(at), str(at)] for at in moments])
    window = "--since=2026-01-01T00:00:00Z", "--until=2026-01-01T00:00:01Z"
    assert [r["Msg"] for r in fetch("--table", "T", *window).records] == [str(at) for at in moments[1:4]]
    # Bounds between two ticks.
    window = "--since=2026-01-01T00:00:00.00000001Z", "--until=2026-01-01T00:00:00.99999991Z"
    assert [r["Msg"] for r in fetch("--table", "T", *window).records] == [str(moments[2]), str(moments[3])]
    assert len(fetch("--table", "T", "--quiet").lines) == 5  # no bounds, no hidden ones


def test_a_query_of_many_lines_and_comments(azure: AzureService, fetch: Fetching) -> None:
    filled(azure)
    query = 'T\n| where Msg == "row 3" // only this\n| project Msg, TimeGenerated // in that order\n;'
    fetched = fetch("--query", query, SINCE, UNTIL)
    assert fetched.lines == [b'{"Msg":"row 3","TimeGenerated":"2026-01-01T00:00:03.1234567Z"}']


def test_a_resource_and_another_column_of_time(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["traces"] = Table([("timestamp", "datetime"), ("message", "string")], [[stamp(T0), "x"]])
    resource = fetch.without("--workspace")
    fetched = resource(
        "--resource", RESOURCE, "--table", "traces", "--time-column", "timestamp", SINCE, UNTIL
    )
    assert fetched.records == [{"timestamp": "2026-01-01T00:00:00Z", "message": "x"}]


def test_a_json_message_becomes_the_record(azure: AzureService, fetch: Fetching) -> None:
    columns = [("TimeGenerated", "datetime"), ("Message", "string"), ("Props", "dynamic")]
    texts = ['{"a": 1.10}', "no json", '{"$source":1}', "{}"]
    azure.tables["T"] = Table(columns, [[stamp(T0 + at), text, '{"p":[1]}'] for at, text in enumerate(texts)])
    lines = fetch("--table", "T", SINCE, UNTIL, "--unwrap").lines
    assert lines[0] == b'{"a": 1.10,"$source":{"TimeGenerated":"2026-01-01T00:00:00Z","Props":{"p":[1]}}}'
    assert json.loads(lines[1])["Message"] == "no json"
    assert json.loads(lines[2])["Message"] == '{"$source":1}'
    assert json.loads(lines[3]) == {"$source": {"TimeGenerated": stamp(T0 + 3), "Props": {"p": [1]}}}
    lines = fetch("--table", "T", SINCE, UNTIL, "--unwrap", "--message-column", "Props").lines
    assert json.loads(lines[0])["p"] == [1]
    refused(
        fetch("--table", "T", SINCE, UNTIL, "--unwrap", "--message-column", "No"), "no column No", status=2
    )


def test_half_a_character_does_not_hold_up_the_rest(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS, [[stamp(T0), "a\ud800b"], [stamp(T0 + 1), "whole \U0001f600"]])
    assert [r["Msg"] for r in fetch("--table", "T", SINCE, UNTIL).records] == ["a\ufffdb", "whole \U0001f600"]


def test_audit_mode(fetch: Fetching, azure: AzureService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CECIL_AUDIT_MODE", "1")
    refused(fetch("--table", "T"), "no network in audit mode (CECIL_AUDIT_MODE)", status=2)
    assert azure.issued == 0


# Pages.


def test_ties_beyond_a_page_and_equal_rows_are_all_there(azure: AzureService, fetch: Fetching) -> None:
    rows = [[stamp(T0 + at * 7), "same" if at % 3 else f"row {at}"] for at in range(1500)]
    rows += [[stamp(T0 + 5000), "a burst"] for _ in range(2600)]
    rows += [[stamp(T0 + 20_000 + at // 40), f"later {at}"] for at in range(1000)]
    azure.tables["T"] = Table(COLUMNS, rows[::-1])
    fetched = fetch("--table", "T", SINCE, UNTIL, "--stats", "json")
    same(fetched.lines, records(rows))
    times = [record["TimeGenerated"] for record in fetched.records]
    assert times == sorted(times, key=ticks)
    assert fetched.stats["written"] == len(rows)


@pytest.mark.parametrize("limit", [{"max_rows": 300}, {"max_bytes": 9000}, {"status": 413}])
def test_what_the_service_cuts_short_is_asked_for_in_parts(
    limit: dict[str, int], azure: AzureService, fetch: Fetching
) -> None:
    rows = [[stamp(T0 + at // 5), f"row {at}"] for at in range(1200)]
    azure.tables["T"] = Table(COLUMNS, rows)
    if "status" in limit:
        azure.faults = [None, 413, 413, 413]
    for name in limit.keys() - {"status"}:
        setattr(azure, name, limit[name])
    fetched = fetch("--table", "T", SINCE, UNTIL, "--quiet")
    assert fetched.status == 0, fetched.stderr
    same(fetched.lines, records(rows))


def test_more_ties_than_the_service_gives_is_said(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS, [[stamp(T0), f"row {at}"] for at in range(900)])
    azure.max_rows = 400
    fetched = fetch("--table", "T", SINCE, UNTIL)
    refused(
        fetched, "more records have the same TimeGenerated than Azure Monitor gives", "hint: split the query"
    )


def test_a_record_beyond_the_service(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS, [[stamp(T0), "x" * 5000]])
    azure.max_bytes = 1000
    fetched = fetch("--table", "T", SINCE, UNTIL)
    assert fetched.status == 1
    assert "a single record is larger than what Azure Monitor gives" in fetched.stderr


def test_an_answer_that_is_not_whole_is_asked_for_again(
    azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    wanted = filled(azure)
    part = partial("a shard of user@example.com did not answer", "-5")
    azure.faults = [None, part, part]
    same(fetch("--table", "T", SINCE, UNTIL, "--quiet").lines, wanted)
    azure.faults = [None, *[part] * 9]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--quiet")
    assert (fetched.status, fetched.lines) == (1, [])
    assert "gives only a part of an answer (code -5); given up after 4 tries" in fetched.stderr
    assert "example.com" not in fetched.stderr


def test_a_limit_reads_no_further(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS, [[stamp(T0 + at), f"row {at}"] for at in range(5000)])
    fetched = fetch("--table", "T", SINCE, UNTIL, "--limit", "3", "--quiet")
    assert [r["Msg"] for r in fetched.records] == ["row 0", "row 1", "row 2"]
    assert len(azure.queries) == 2


def test_a_query_that_takes_too_long_is_asked_for_less_time(azure: AzureService, fetch: Fetching) -> None:
    wanted = filled(azure)
    azure.faults = [None, 504, 504, 504]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--quiet")
    assert fetched.status == 0, fetched.stderr
    same(fetched.lines, wanted)
    spans = []
    for query in azure.queries[1:]:
        start, end = (ticks(part.split(")")[0]) for part in query.split("datetime(")[1:3])
        spans.append((end - start) // SECOND)
    assert spans[:5] == [86400, 43200, 21600, 10800, 21600]  # narrower, and wider again


def test_a_record_longer_than_is_wanted_goes_to_quarantine(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS, [[stamp(T0), "x" * 5000], [stamp(T0 + 1), "y"]])
    fetched = fetch("--table", "T", SINCE, UNTIL, "--max-record", "1K", "--quarantine", "q.jsonl")
    assert fetched.status == 3
    assert [r["Msg"] for r in fetched.records] == ["y"]


# Faults.

_CUTS = [("cut", part) for part in (0.0, 0.3, 0.99)]
_MORE_CUTS = [
    pytest.param(("cut", part), marks=pytest.mark.slow) for part in (0.01, 0.1, 0.5, 0.7, 0.9, 0.999)
]


@pytest.mark.parametrize(
    "fault",
    [(429, 0), (429, 1), 429, 408, 500, 502, 503, "reset", "no json", "half a page", *_CUTS, *_MORE_CUTS],
    ids=str,
)
def test_what_passes_is_tried_again(
    fault: Any, azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = hurried(monkeypatch)
    rows = [[stamp(T0 + at // 3), f"row {at} of a table"] for at in range(1300)]
    azure.tables["T"] = Table(COLUMNS, rows)
    azure.faults = [fault, None, fault, fault, None, fault]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--stats", "json", "--quiet")
    assert fetched.status == 0, fetched.stderr
    same(fetched.lines, records(rows))
    assert fetched.stats["retries"] == 4
    assert fetched.stats["throttles"] == (4 if fault in ((429, 0), (429, 1), 429, 503) else 0)
    if fault == (429, 1):
        assert sum(wait >= 1 for wait in waits) == 4  # Retry-After is honoured; others keep the calls apart


@pytest.mark.parametrize("fault", [("pause", 3), pytest.param(("stall", 3), marks=pytest.mark.slow)], ids=str)
def test_a_reply_that_stalls_is_asked_for_again(fault: Any, azure: AzureService, fetch: Fetching) -> None:
    wanted = filled(azure)
    azure.faults = [None, fault]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--timeout", "1", "--stats", "json", "--quiet")
    assert fetched.status == 0, fetched.stderr
    same(fetched.lines, wanted)
    assert fetched.stats["retries"] == 1


def test_a_storm_of_throttles_ends_with_the_time_for_it(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS, [[stamp(T0 + at), f"row {at}"] for at in range(1500)])
    azure.faults = [None, None, *[(429, 1)] * 50]
    state = ["--state", "s.db"]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--retry-for", "2s", "--stats", "json", "--quiet", *state)
    assert fetched.status == 1
    assert "Azure Monitor answers HTTP 429, ThrottledError; given up after" in fetched.stderr
    assert 0 < len(fetched.lines) < 1500  # what came before is good
    assert fetched.stats["complete"] is False
    assert fetched.stats["throttles"] >= 1
    azure.faults = []
    again = fetch("--table", "T", SINCE, UNTIL, "--quiet", *state)
    same(fetched.lines + again.lines, records(azure.tables["T"].rows))


def test_a_token_that_is_revoked_in_mid_run_is_asked_for_anew(azure: AzureService, fetch: Fetching) -> None:
    rows = [[stamp(T0 + at), f"row {at}"] for at in range(3000)]
    azure.tables["T"] = Table(COLUMNS, rows)
    azure.faults = [None, None, "revoked", None, "revoked"]
    fetched = fetch("--table", "T", SINCE, UNTIL, "--quiet")
    assert fetched.status == 0, fetched.stderr
    same(fetched.lines, records(rows))
    assert azure.issued == 3


def test_a_token_that_ends_is_replaced_before_it_does(azure: AzureService, fetch: Fetching) -> None:
    rows = [[stamp(T0 + at), f"row {at}"] for at in range(3000)]
    azure.tables["T"] = Table(COLUMNS, rows)
    azure.expires_in = 2
    assert fetch("--table", "T", SINCE, UNTIL, "--quiet").status == 0
    assert azure.issued == len(azure.queries)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_storms_lose_and_double_nothing(
    seed: int, azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random tables, ties, limits and faults, in runs of which some fail, with records that come late."""
    hurried(monkeypatch)
    dice = random.Random(seed)
    now = time.time_ns() // 100
    table = azure.tables["T"] = Table(COLUMNS)
    number = 0
    lines: list[bytes] = []
    kinds: list[Any] = [429, (429, 1), 500, 502, 503, "reset", "no json", "half a page", "revoked", 408]
    for _ in range(6):
        moments = [now - dice.randrange(250 * SECOND) for _ in range(dice.randrange(1, 60))]
        for _ in range(dice.choice((0, 10, 900))):
            number += dice.random() < 0.9  # some are equal
            table.add([stamp(dice.choice(moments)), f"row {number}"])
        azure.max_rows = dice.choice((500_000, 700, 333))
        azure.faults = [
            dice.choice([None, None, *kinds, ("cut", dice.random())]) for _ in range(dice.randrange(25))
        ]
        if dice.random() < 0.4:
            azure.faults = [None] * dice.randrange(4) + [403]
        fetched = fetch("--table", "T", "--since", "1h", "--state", "s.db", "--quiet")
        assert fetched.status in (0, 1), fetched.stderr
        lines += fetched.lines
    azure.faults, azure.max_rows = [], 500_000
    lines += fetch("--table", "T", "--since", "1h", "--state", "s.db", "--quiet").lines
    same(lines, records(table.rows))


# What bad input gets.


def test_a_wrong_or_expired_login(
    azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(azure)
    azure.secret = "another"
    refused(
        fetch("--table", "T"), "the login to Azure has expired or is wrong (AADSTS7000215)", "hint: az login"
    )
    monkeypatch.delenv("AZURE_CLIENT_SECRET")
    refused(fetch("--table", "T"), "no login to Azure is found", "hint: az login")


def test_a_login_in_a_process_of_its_own(
    azure: AzureService, fetch: Fetching, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for anew when the service revokes it, and what went wrong is told with the same words."""
    wanted = filled(azure)
    azure.faults = [None, "revoked"]
    same(fetch("--table", "T", SINCE, UNTIL, "--quiet").lines, wanted)
    assert azure.issued == 2
    azure.secret = "another"
    refused(
        fetch("--table", "T"), "the login to Azure has expired or is wrong (AADSTS7000215)", "hint: az login"
    )
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "nobody knows this")
    refused(fetch("--table", "T"), "azure-identity does not know a setting", "AZURE_TOKEN_CREDENTIALS")
    monkeypatch.setattr(sys, "executable", "/bin/true")
    refused(fetch("--table", "T"), "the login to Azure ended without an answer", "hint: az login")


def test_a_login_that_is_refused_for_good(azure: AzureService, fetch: Fetching) -> None:
    filled(azure)
    azure.faults = ["revoked"] * 9
    refused(fetch("--table", "T"), "Azure refuses the login (HTTP 401, InvalidTokenError)", "hint: az login")
    azure.faults = []
    azure.forbidden = True
    refused(
        fetch("--table", "T"),
        "no permission to read these logs (HTTP 403, InsufficientAccessError)",
        "Reader",
    )


def test_a_server_of_logins_that_is_not_there(
    azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "https://localhost:1")
    monkeypatch.setattr("time.sleep", lambda _: None)  # the login's client waits on its own too
    fetched = fetch("--table", "T")
    assert fetched.status == 1
    assert "cannot reach the server of the login to Azure; given up after 4 tries" in fetched.stderr


def test_what_is_not_there(azure: AzureService, fetch: Fetching) -> None:
    filled(azure)
    elsewhere = fetch.without("--workspace")
    nowhere = "99999999-9999-4999-8999-999999999999"
    refused(
        elsewhere("--workspace", nowhere, "--table", "T"),
        "no such workspace or resource (HTTP 404, WorkspaceNotFoundError)",
        "az monitor log-analytics workspace list",
    )
    refused(fetch("--table", "Nope"), "the query names Nope, which is not there (SEM0100)", "--list")
    refused(
        fetch("--query", "T | nonsense user@example.com"), "the query is not valid KQL at line 1, position 9"
    )
    assert "example.com" not in fetch("--query", "T | nonsense user@example.com").stderr


def test_a_query_without_the_time(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table([("TimeGenerated", "string"), ("When", "datetime")], [["x", stamp(T0)]])
    refused(
        fetch("--query", "T | project When"),
        "the query's result has no column TimeGenerated to read it by",
        "hint: --time-column When",
        status=2,
    )
    refused(
        fetch("--query", "T"), "the column TimeGenerated is no time", "todatetime(TimeGenerated)", status=2
    )
    azure.tables["T"] = Table([("Msg", "string")])
    refused(fetch("--query", "T"), "no column TimeGenerated", "hint: keep TimeGenerated in project", status=2)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "one of --table and --query is wanted"),
        (("--table", "T", "--query", "T"), "--query and --table do not go together"),
        (("--table", "T | take 1"), "--table: the name of a table is wanted"),
        (("--query", " ;"), "--query: it is empty"),
        (("--table", "T", "--resource", RESOURCE), "one of --workspace and --resource is wanted"),
        (("--table", "T", "--time-column", "a b"), "--time-column: the name of a column is wanted"),
        (("--table", "T", "--since", "2026-01-01T00:00:00"), "--since: a time without an offset"),
        (("--table", "T", "--endpoint-url", "http://localhost:1"), "an address with https:// is wanted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_options_that_do_not_fit(
    args: tuple[str, ...], said: str, fetch: Fetching, azure: AzureService
) -> None:
    refused(fetch(*args), said, status=2)
    assert azure.queries == []


def test_names_where_ids_are_wanted(fetch: Fetching) -> None:
    elsewhere = fetch.without("--workspace")
    refused(
        elsewhere("--workspace", "my-workspace", "--table", "T"),
        "a workspace's ID is wanted, not its",
        status=2,
    )
    refused(
        elsewhere("--resource", "my-app", "--table", "T"), "--resource: a resource's ID is wanted", status=2
    )


def test_the_way_there(azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)
    fetched = fetch("--table", "T", "--endpoint-url", "https://localhost:1")
    refused(fetched, "localhost cannot be reached; given up after 4 tries", "hint: look at --endpoint-url")


def test_through_a_proxy(azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = filled(azure)
    with Tunnel() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY")
        same(fetch("--table", "T", SINCE, UNTIL).lines, wanted)
        # The login and the logs.
        assert len(proxy.asked) >= 2
        assert set(proxy.asked) == {azure.url.removeprefix("https://")}


def test_a_certificate_that_nobody_trusts(
    azure: AzureService, fetch: Fetching, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import trustme

    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    filled(azure)
    with AzureService(tmp_path) as untrusted:
        fetched = fetch("--table", "T", "--endpoint-url", untrusted.url)
    refused(fetched, "the certificate of localhost is not trusted", "hint: name the file of the authority")


def test_without_the_extra(fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    refused(fetch("--table", "T"), "Azure is not installed", "pip install 'cecil[azure]'")


def test_answers_that_make_no_sense(azure: AzureService, fetch: Fetching) -> None:
    azure.tables["T"] = Table(COLUMNS)

    def body(rows: str, column: str = "TimeGenerated") -> bytes:
        return f'{{"tables":[{{"name":"P","columns":[{{"name":"{column}","type":"datetime"}}],"rows":{rows}}}]}}'.encode()

    for made, said in (
        (body('[["soon"]]'), "a time in TimeGenerated cannot be read"),
        (body('[["2026-13-01T00:00:00Z"]]'), "a time in TimeGenerated cannot be read"),
        (body('[["2026-01-01T00:00:01Z"],["2026-01-01T00:00:00Z"]]'), "gave records out of order"),
        (body("[]", "Other"), "the answer has no column TimeGenerated any more"),
    ):
        azure.bodies = [None, made]
        fetched = fetch("--table", "T", SINCE, UNTIL, "--quiet")
        assert (fetched.status, fetched.lines) == (1, [])
        assert said in fetched.stderr


# From run to run.


def test_late_and_equal_records_come_once(azure: AzureService, fetch: Fetching) -> None:
    now = time.time_ns() // 100
    table = azure.tables["T"] = Table(COLUMNS)
    table.add(*[[stamp(now - 600 * SECOND + at * 3), f"row {at}"] for at in range(1200)])
    table.add(*[[stamp(now - 100 * SECOND), "equal"]] * 3)
    run = ["--table", "T", "--since", "1h", "--state", "s.db", "--quiet", "--stats", "json"]
    first = fetch(*run)
    same(first.lines, records(table.rows))
    late = [
        [stamp(now - 200 * SECOND), "late"],
        [stamp(now - 100 * SECOND), "equal"],
        [stamp(now - 100 * SECOND), "equal"],
    ]
    table.add(*late)
    second = fetch(*run)
    same(second.lines, records(late))
    assert second.stats["dropped"] == {"seen": 3}
    assert fetch(*run).lines == []


def test_ids_of_the_service_are_used_where_there_are_some(azure: AzureService, fetch: Fetching) -> None:
    now = time.time_ns() // 100
    columns = [*COLUMNS, ("_ItemId", "string")]
    table = azure.tables["T"] = Table(
        columns, [[stamp(now - SECOND), "x", "one"], [stamp(now - SECOND), "x", None]]
    )
    run = ["--table", "T", "--since", "1h", "--state", "s.db", "--quiet"]
    assert len(fetch(*run).lines) == 2
    table.rows[0][1] = "changed on its way"
    table.add([stamp(now - SECOND), "x", "two"])
    assert [record["_ItemId"] for record in fetch(*run).records] == ["two"]


def test_a_run_that_fails_on_its_way_loses_and_doubles_nothing(azure: AzureService, fetch: Fetching) -> None:
    now = time.time_ns() // 100
    rows = [[stamp(now - 900 * SECOND + at // 7), f"row {at}"] for at in range(3200)]
    azure.tables["T"] = Table(COLUMNS, rows)
    run = ["--table", "T", "--since", "1h", "--state", "s.db", "--quiet"]
    lines: list[bytes] = []
    for fails in (2, 3):
        azure.faults = [None] * fails + [403]
        fetched = fetch(*run)
        assert fetched.status == 1
        lines += fetched.lines
    azure.faults = []
    lines += fetch(*run).lines
    same(lines, records(rows))


def test_follow_gives_what_comes_and_what_comes_late(azure: AzureService, fetch: Fetching) -> None:
    now = time.time_ns() // 100
    table = azure.tables["T"] = Table(COLUMNS, [[stamp(now - 60 * SECOND), "old"]])
    wanted = [list(row) for row in table.rows]

    def more(number: int) -> None:
        if number in (3, 4):
            at = time.time_ns() // 100
            rows = [[stamp(at - 2000), f"new {number}"], [stamp(now - 90 * SECOND), f"late {number}"]]
            table.add(*rows)
            wanted.extend(rows)

    azure.on_query = more
    fetched = fetch(
        "--table", "T", "--since", "5m", "--follow", "--interval", "1s", "--limit", "5", "--quiet"
    )
    assert fetched.status == 0, fetched.stderr
    same(fetched.lines, records(wanted))


def test_a_clock_ahead_of_the_service_skips_nothing(azure: AzureService, fetch: Fetching) -> None:
    azure.clock = -1800.0
    now = time.time_ns() // 100 - 1800 * SECOND
    table = azure.tables["T"] = Table(COLUMNS, [[stamp(now - SECOND), "first"]])
    run = ["--table", "T", "--since", "2h", "--state", "s.db", "--quiet"]
    assert len(fetch(*run).lines) == 1
    # A minute later, by the service's clock.
    azure.clock += 60
    table.add([stamp(now + 50 * SECOND), "second"])
    assert [record["Msg"] for record in fetch(*run).records] == ["second"]


def test_a_state_of_another_query_is_refused(azure: AzureService, fetch: Fetching) -> None:
    filled(azure)
    filled(azure, name="U")
    assert fetch("--table", "T", SINCE, UNTIL, "--state", "s.db").status == 0
    refused(fetch("--table", "U", SINCE, UNTIL, "--state", "s.db"), "s.db", status=2)


# What is there.


def test_describe_list_and_plan(azure: AzureService, fetch: Fetching) -> None:
    filled(azure)
    azure.tables["union withsource = TableName *"] = Table(
        [("TableName", "string"), *COLUMNS],
        [["B", stamp(T0), "x"], ["A", stamp(T0), "y"], ["A", stamp(T0 + 1), "z"]],
    )
    about = json.loads(b"\n".join(fetch("--table", "T", "--describe", SINCE, UNTIL).lines))
    assert about["columns"] == [{"name": name, "type": kind} for name, kind in COLUMNS]
    assert (about["records"], about["first"], about["last"]) == (
        40,
        stamp(T0 + 1234567),
        stamp(T0 + 39 * SECOND + 1234567),
    )
    assert about["bytes"] > 0
    assert about["calls"] == 2
    listed = fetch("--list", SINCE, UNTIL).records
    assert [(one["name"], one["records"], one["last"]) for one in listed] == [
        ("A", 2, stamp(T0 + 1)),
        ("B", 1, stamp(T0)),
    ]
    azure.bodies = [None, answer(records=3_400_000), answer(size=352.9)]
    fetched = fetch("--table", "T", SINCE, UNTIL)
    assert "cecil-fetch: about 3,400,000 records, 1,200 MB, 574 queries" in fetched.stderr
    assert len(fetched.lines) == 40


def answer(**row: float) -> bytes:
    columns = [{"name": name, "type": "real"} for name in row]
    return json.dumps({"tables": [{"name": "P", "columns": columns, "rows": [[*row.values()]]}]}).encode()


def test_a_summary_that_is_too_large_is_none(azure: AzureService, fetch: Fetching) -> None:
    wanted = filled(azure)
    large = partial("", "-2133196797")
    for fault in (large, 413):
        azure.faults = [None, fault]
        fetched = fetch("--table", "T", "--describe", SINCE, UNTIL)
        assert fetched.status == 1
        assert "does not give this answer: it is too large" in fetched.stderr
        azure.faults = [None, fault]  # what cannot be counted can be read
        same(fetch("--table", "T", SINCE, UNTIL).lines, wanted)


# A process of its own.


def test_the_product_unchanged(azure: AzureService, tmp_path: Path) -> None:
    """azure-identity's default chain, TLS and the command as the shell runs it; nothing on stdout but records."""
    wanted = filled(azure)
    azure.faults = [None, "reset"]
    argv = [str(BIN / "cecil-fetch"), "azure", "--workspace", WORKSPACE, "--endpoint-url", azure.url]
    argv += ["--table", "T", SINCE, UNTIL, "--stats", "json", "--markers"]
    done = subprocess.run(
        argv,
        capture_output=True,
        env=environment(tmp_path) | azure.environment(),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, *lines, last = done.stdout.splitlines()
    assert b'{"$cecil":{"begin"' in first
    assert json.loads(last)["$cecil"]["end"]["records"] == 40
    same([line for line in lines if not line.startswith(b'{"$cecil"')], wanted)
    told = json.loads(done.stderr.decode().strip().split("\n")[-1])
    assert (told["retries"], told["throttles"]) == (1, 0)
    assert b"token" not in done.stderr


def test_ctrl_c_in_a_login(azure: AzureService, tmp_path: Path) -> None:
    """It ends the login's process too, and whoever looks at that sees neither secret nor token."""
    filled(azure)
    asked, go = threading.Event(), threading.Event()

    def wait() -> None:
        asked.set()
        go.wait(60)

    azure.on_token = wait
    argv = [str(BIN / "cecil-fetch"), "azure", "--workspace", WORKSPACE, "--endpoint-url", azure.url]
    with subprocess.Popen(
        [*argv, "--table", "T"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path) | azure.environment(),
        cwd=tmp_path,
        start_new_session=True,
    ) as process:
        assert asked.wait(60)
        login = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(login) == 1
        assert azure.url not in Path(f"/proc/{login[0]}/cmdline").read_text()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    go.set()
    assert (process.returncode, out, err) == (-signal.SIGINT, b"", b"")
    assert not Path(f"/proc/{login[0]}").exists()


@pytest.mark.parametrize(
    ("endpoint", "named", "authority", "alone"),
    [
        ("https://api.loganalytics.io", None, "https://login.microsoftonline.com", False),
        ("https://api.loganalytics.us", None, "https://login.microsoftonline.us", False),
        ("https://api.loganalytics.azure.cn/", None, "https://login.chinacloudapi.cn", False),
        (
            "https://api.loganalytics.us",
            "login.microsoftonline.com",
            "https://login.microsoftonline.com",
            False,
        ),
        (
            "https://logs.private.example",
            "https://login.private.example",
            "https://login.private.example",
            True,
        ),
    ],
)
def test_clouds_of_their_own_log_in_at_home(
    endpoint: str, named: str | None, authority: str, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cecil.providers.cloud.azure_query import login_server

    monkeypatch.delenv("AZURE_AUTHORITY_HOST", raising=False)
    if named:
        monkeypatch.setenv("AZURE_AUTHORITY_HOST", named)
    assert login_server(endpoint) == {"authority": authority, "disable_instance_discovery": alone}
