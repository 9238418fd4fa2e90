"""cecil-fetch db: SQLite, what SQLAlchemy speaks, and all that no server is needed for.

PostgreSQL and MariaDB are in test_fetch_servers.py.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cecil.errors import UsageError
from cecil.providers.generic.database.dialect import Ask, Column, Encoder, address
from cecil.providers.generic.database.mysql import MySql, _decoders
from cecil.providers.generic.database.postgres import Postgres, _unescaped
from cecil.providers.generic.database.provider import _moment, _spelled
from cecil.providers.generic.database.sqlite import Sqlite
from tests.clouds import Fetching, forget_environment

SECOND = 10**9


@pytest.fixture
def fetch(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Fetching:
    forget_environment(monkeypatch, tmp_path, {})
    return Fetching(tmp_path, capfd, "db", "sqlite:///app.db", "--stats", "json")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
    made.execute("pragma synchronous=off")
    made.execute("create table logs(id integer primary key, ts text not null, msg text)")
    made.execute("begin")
    made.executemany(
        "insert into logs values(?,?,?)",
        [(n, f"2026-01-01T00:{n // 60:02}:{n % 60:02}Z", f"line {n}") for n in range(600)],
    )
    made.execute("commit")
    yield made
    made.close()


def ids(fetched: Any) -> list[int]:
    assert fetched.status == 0, fetched.stderr
    return [record["id"] for record in fetched.records]


def refused(fetched: Any, status: int, *texts: str) -> None:
    assert fetched.status == status, fetched.stderr
    assert fetched.lines == []
    for text in texts:
        assert text in fetched.stderr


@pytest.mark.usefixtures("db")
def test_a_table_and_a_query(fetch: Fetching) -> None:
    everything = fetch("--table", "logs")
    assert ids(everything) == list(range(600))
    assert everything.lines[1] == b'{"id":1,"ts":"2026-01-01T00:00:01Z","msg":"line 1"}'
    assert everything.stats["pages"] == 1
    assert everything.stats["bytes"] == sum(len(line) + 1 for line in everything.lines)
    some = fetch("--query", "select msg as m, id from logs where id % 100 = 7 -- those;", "--limit", "2")
    assert some.lines == [b'{"m":"line 7","id":7}', b'{"m":"line 107","id":107}']
    assert ids(fetch("--query", "select id from logs;", "--limit", "0")) == []


@pytest.mark.usefixtures("db")
def test_a_window(fetch: Fetching) -> None:
    window = ("--since", "2026-01-01T00:01:00Z", "--until", "2026-01-01T00:02:00Z")
    assert ids(fetch("--table", "logs", "--time-column", "ts", *window)) == list(range(60, 120))
    assert ids(fetch("--table", "logs", "--cursor", "ts,id", *window)) == list(range(60, 120))
    assert ids(
        fetch("--table", "logs", "--cursor", "ts,id", "--since", "2026-01-01T00:01:00.001Z", "--limit", "1")
    ) == [61]
    refused(fetch("--table", "logs", *window), 2, "where a row's time stands\nhint: --time-column COLUMN")
    refused(fetch("--table", "logs", "--time-column", "msg", *window), 2, "column msg holds no times (text)")
    refused(
        fetch("--table", "logs", "--cursor", "ts,id", "--since", "2026-01-01T00:00:00"),
        2,
        "without an offset",
    )


@pytest.mark.parametrize(("unit", "factor"), [("s", 1), ("ms", 1000), ("us", 10**6), ("ns", 10**9)])
def test_a_window_of_epochs(fetch: Fetching, db: sqlite3.Connection, unit: str, factor: int) -> None:
    db.execute("create table e(at integer)")
    db.executemany("insert into e values(?)", [((1_700_000_000 + n) * factor,) for n in range(10)])
    found = fetch("--table", "e", "--time-column", "at", "--since", "1700000003", "--until", "1700000005.5")
    assert [one["at"] // factor - 1_700_000_000 for one in found.records] == [3, 4, 5]


@pytest.mark.usefixtures("db")
def test_pages_behind_a_cursor(fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecil.providers.generic.database.provider.PAGE", 100)
    for cursor in ("id", "ts,id", "ts"):
        found = fetch("--table", "logs", "--cursor", cursor)
        assert ids(found) == list(range(600))
        assert found.stats["pages"] == 7
    found = fetch("--query", "select * from logs where id < 250", "--cursor", "id", "--limit", "220")
    assert ids(found) == list(range(220))


def test_a_cursor_that_does_not_lead_to_every_row(fetch: Fetching, db: sqlite3.Connection) -> None:
    db.execute("insert into logs values(1000, '2026-01-01T00:09:59Z', null)")
    found = fetch("--table", "logs", "--cursor", "ts")
    assert found.status == 1
    assert "the cursor does not tell all rows apart\nhint: --cursor ts,ID" in found.stderr
    refused(fetch("--table", "logs", "--cursor", "msg"), 1, "the cursor is null in some rows", "hint: choose")
    refused(
        fetch("--table", "logs", "--cursor", "nope"), 2, "no column nope", "hint: columns are id, msg, ts"
    )
    db.execute("create table b(x blob)")
    db.execute("insert into b values(x'00')")
    refused(fetch("--table", "b", "--cursor", "x"), 2, "column x has no order that a cursor could follow")


def test_a_state(fetch: Fetching, db: sqlite3.Connection) -> None:
    argv = ("--table", "logs", "--cursor", "ts,id", "--state", "s")
    assert ids(fetch(*argv)) == list(range(600))
    assert ids(fetch(*argv)) == []
    db.execute("insert into logs values(1000, '2026-01-01T00:08:00Z', 'late')")
    db.execute("insert into logs values(1001, '2026-01-01T00:10:00Z', 'new')")
    db.execute("insert into logs values(1002, '2026-01-01T00:01:00Z', 'too late')")
    again = fetch(*argv)
    assert ids(again) == [1000, 1001]
    assert again.stats["dropped"] == {"seen": 301}
    db.execute("insert into logs values(1003, '2999-01-01T00:00:00Z', 'from the future')")
    assert ids(fetch(*argv)) == [1003]
    for late in (1004, 1005):
        # One row of the future does not hide those of today.
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        db.execute("insert into logs values(?, ?, 'now')", (late, now))
        assert ids(fetch(*argv)) == [late]
    refused(
        fetch("--table", "logs", "--cursor", "id", "--state", "s"), 2, "another source: not the same cursor"
    )
    refused(fetch("--table", "logs", "--state", "s"), 2, "--state needs to know the order of the rows")


def test_a_state_with_numbers(fetch: Fetching, db: sqlite3.Connection) -> None:
    argv = ("--table", "logs", "--cursor", "id", "--state", "s", "--overlap-ids", "10")
    db.execute("delete from logs where id in (595, 500)")
    assert len(ids(fetch(*argv))) == 598
    db.execute("insert into logs values(595, '2026-01-01T00:00:00Z', 'a transaction that ended late')")
    db.execute("insert into logs values(500, '2026-01-01T00:00:00Z', 'and one that ended too late')")
    db.execute("insert into logs values(600, '2026-01-01T00:00:00Z', 'new')")
    assert ids(fetch(*argv)) == [595, 600]
    assert ids(fetch(*argv)) == []


def test_a_state_with_texts(fetch: Fetching, db: sqlite3.Connection) -> None:
    argv = ("--query", "select 'k' || printf('%05d', id) k, id from logs", "--cursor", "k", "--state", "s")
    assert len(ids(fetch(*argv))) == 600
    assert ids(fetch(*argv)) == []
    db.execute("insert into logs values(700, '2026-01-01T00:00:00Z', 'new')")
    assert ids(fetch(*argv)) == [700]
    assert ids(fetch(*argv)) == []


@pytest.mark.usefixtures("db")
def test_a_limit_with_a_state(fetch: Fetching) -> None:
    got: list[int] = []
    for _ in range(5):
        got += ids(fetch("--table", "logs", "--cursor", "ts,id", "--state", "s", "--limit", "130"))
    assert got == list(range(600))


@pytest.mark.usefixtures("db")
def test_checkpoints_in_mid_read(fetch: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecil.providers.generic.database.provider._EVERY", -1.0)
    monkeypatch.setattr("cecil.providers.generic.database.provider.PAGE", 50)
    argv = ("--table", "logs", "--cursor", "ts,id", "--state", "s")
    marked = fetch(*argv, "--markers")
    assert sum(b'"checkpoint"' in line for line in marked.lines) > 5
    assert ids(fetch(*argv)) == list(range(600))
    assert ids(fetch(*argv)) == []


def test_following(fetch: Fetching, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []

    def wait(_: float) -> None:
        number = 2000 + len(turns)
        turns.append(number)
        db.execute("insert into logs values(?, '2026-01-01T00:09:00Z', 'late')", (number,))

    monkeypatch.setattr("cecil.providers.generic.database.provider.time.sleep", wait)
    assert ids(fetch("--table", "logs", "--cursor", "ts,id", "--follow", "--limit", "3")) == [
        2000,
        2001,
        2002,
    ]
    since = ("--since", "2026-01-01T00:09:58Z")
    assert ids(fetch("--table", "logs", "--cursor", "ts,id", "--follow", "--limit", "2", *since)) == [
        598,
        599,
    ]
    db.execute("create table r(x real)")
    db.execute("insert into r values(1.5)")
    refused(
        fetch("--table", "r", "--cursor", "x", "--follow"), 2, "a cursor that begins with a time or a whole"
    )
    refused(fetch("--table", "logs", "--follow"), 2, "--follow needs to know the order of the rows")
    refused(fetch("--table", "logs", "--follow", "--markers", "--cursor", "id"), 2, "the stream has no end")


def test_following_until_a_time(fetch: Fetching, db: sqlite3.Connection) -> None:
    db.execute("delete from logs")
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    found = fetch("--table", "logs", "--cursor", "ts,id", "--follow", "--until", until, "--interval", "1s")
    assert ids(found) == []


def test_values(fetch: Fetching, db: sqlite3.Connection) -> None:
    db.execute("create table v(a, b, c, d, e, f, \"g h\", 'a%b')")
    db.execute("insert into v values(9223372036854775807, 0.1, 'ü\"\n', x'00ff', null, 9e999, -1, '%s')")
    found = fetch("--table", "v")
    assert found.lines == [
        b'{"a":9223372036854775807,"b":0.1,"c":"\xc3\xbc\\"\\n","d":"AP8=","e":null,"f":null,"g h":-1,"a%b":"%s"}'
    ]


@pytest.mark.parametrize("cursor", [(), ("--cursor", "id")])
def test_a_text_that_is_not_utf_8_goes_to_quarantine(
    fetch: Fetching, db: sqlite3.Connection, cursor: tuple[str, ...], tmp_path: Path
) -> None:
    db.execute("update logs set msg = cast(x'ff41' as text) where id in (100, 300)")
    found = fetch("--table", "logs", *cursor, "--quarantine", "q")
    assert found.status == 3
    assert [one["id"] for one in found.records] == [n for n in range(600) if n not in (100, 300)]
    assert "2 records in quarantine" in found.stderr
    assert "text that is not UTF-8 in column 3" in found.stderr
    assert (tmp_path / "q").read_bytes().count(b"raw_base64") == 2


def test_a_record_that_is_too_long(fetch: Fetching, db: sqlite3.Connection) -> None:
    db.execute("update logs set msg = ? where id = 5", ("x" * 70_000,))
    found = fetch("--table", "logs", "--max-record", "64K", "--quarantine", "q")
    assert found.status == 3
    assert len(found.records) == 599


def test_what_is_there(fetch: Fetching, db: sqlite3.Connection) -> None:
    db.execute("create view recent as select * from logs where id > 500")
    listed = fetch("--list")
    assert listed.records == [
        {"name": "logs", "rows": 599, "bytes": None},
        {"name": "recent", "rows": None, "bytes": None},
    ]
    about = fetch("--describe").lines
    assert b'  "source": "db",' in about
    import json

    one = json.loads(b"".join(fetch("--table", "logs", "--cursor", "ts,id", "--describe").lines))
    assert one["columns"] == [
        {"name": "id", "type": "integer"},
        {"name": "ts", "type": "text"},
        {"name": "msg", "type": "text"},
    ]
    assert (one["first"], one["last"]) == ("2026-01-01T00:00:00Z", "2026-01-01T00:09:59Z")


def test_a_plan_before_a_long_read(
    fetch: Fetching, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecil.providers.generic.database.provider._LONG", 500)
    assert "reading table logs, which has about 599 rows" in fetch("--table", "logs").stderr
    assert "reading" not in fetch("--table", "logs", "--quiet").stderr
    assert "what is asked of table" in fetch("--table", "logs", "--cursor", "ts", "--since", "1h").stderr


@pytest.mark.usefixtures("db")
def test_nothing_is_written(fetch: Fetching) -> None:
    refused(fetch("--query", "delete from logs returning id"), 1, "syntax error")
    assert len(ids(fetch("--table", "logs"))) == 600


@pytest.mark.usefixtures("db")
def test_bad_input(fetch: Fetching, tmp_path: Path) -> None:
    refused(
        fetch("--table", "nope"),
        1,
        "sqlite:///app.db: no such table: nope",
        "hint: cecil-fetch db URL --list",
    )
    refused(fetch("--query", "selct 1"), 1, "syntax error")
    refused(fetch(), 2, "what is to be read?\nhint: --table NAME, or --query SQL")
    refused(fetch("--table", "logs", "--query", "x"), 2, "two ways to say what is read")
    refused(fetch("--table", "logs", "--unwrap"), 2, "--unwrap is for messages")
    refused(fetch("--table", "logs", "--backfill", "2h", "1h"), 2, "--backfill is for sources")
    refused(fetch.only("db", "sqlite:///none.db", "--table", "x"), 1, "none.db: no such file or directory")
    (tmp_path / "text").write_text("this is no database, and is long enough to be looked at\n" * 20)
    refused(fetch.only("db", "sqlite:///text", "--table", "x"), 1, "not a database, or a damaged one")
    refused(fetch.only("db", "sqlite://host/x", "--table", "x"), 2, "a file on this machine is wanted")
    refused(fetch.only("db", "--table", "x"), 2, "the address of a database is wanted, once")
    refused(fetch.only("db", "app.db", "--table", "x"), 2, "not the address of a database")
    refused(fetch.only("db", "nope://h/x", "--table", "x"), 2, "SQLAlchemy has no dialect nope")
    refused(fetch.only("db", "http://[", "--table", "x"), 2, "not the address of a database")
    refused(
        fetch.only("db", "mssql+pyodbc://h/x", "--table", "x"),
        1,
        "the driver of mssql+pyodbc is not installed",
    )


def test_a_lock(fetch: Fetching, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    db.execute("begin exclusive")
    monkeypatch.setattr("cecil.providers.generic.database.sqlite._LOCK", 0.05)
    found = fetch("--table", "logs", "--retry-for", "1s")
    refused(found, 1, "somebody holds a lock on it")
    db.execute("rollback")


def test_a_statement_that_takes_too_long(fetch: Fetching, db: sqlite3.Connection) -> None:
    slow = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 2e9) select sum(x) as s from n"
    refused(fetch("--query", slow, "--timeout", "1s"), 1, "a statement took longer than --timeout")


def test_a_table_that_changes_under_way(
    fetch: Fetching, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecil.providers.generic.database.provider.PAGE", 100)
    lines = Sqlite.lines
    done: list[int] = []

    def changed(self: Sqlite, ask: Ask) -> Any:
        done.append(1)
        if len(done) == 3:
            db.execute("alter table logs drop column msg")
        return lines(self, ask)

    monkeypatch.setattr(Sqlite, "lines", changed)
    found = fetch("--table", "logs", "--cursor", "id")
    assert found.status == 1
    assert len(found.lines) == 200
    assert "no such column: msg" in found.stderr


def test_what_sqlalchemy_speaks(fetch: Fetching, db: sqlite3.Connection) -> None:
    there = ("db", "sqlite+pysqlite:///app.db")
    db.execute("create table t(at datetime, n numeric, b blob, y boolean)")
    db.execute("insert into t values('2026-01-01 00:00:00.5', 1.5, x'00', 1)")
    assert fetch.only(*there, "--table", "t").lines == [
        b'{"at":"2026-01-01 00:00:00.5","n":1.5,"b":"AA==","y":1}'
    ]
    assert ids(fetch.only(*there, "--table", "logs")) == list(range(600))
    assert ids(
        fetch.only(*there, "--query", "select id, ':x' c from logs where id < 9", "--cursor", "id")
    ) == list(range(9))
    window = ("--since", "2026-01-01T00:01:00Z", "--until", "2026-01-01T00:01:03Z")
    argv = (*there, "--table", "logs", "--cursor", "ts,id")
    assert ids(fetch.only(*argv, *window)) == [60, 61, 62]
    assert ids(fetch.only(*argv, "--state", "s", "--limit", "400")) == list(range(400))
    assert ids(fetch.only(*argv, "--state", "s")) == list(range(400, 600))
    assert [one["name"] for one in fetch.only(*there, "--list").records] == ["logs", "t"]
    refused(fetch.only(*there, "--table", "nope"), 1, "the database refused (OperationalError)")


# Passwords.


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hush-hush@192.0.2.1/x",
        "postgresql://me@192.0.2.1/x?password=hush-hush",
        "mssql+pyodbc://192.0.2.1/?odbc_connect=UID%3Dme%3BPWD%3Dhush-hush",
    ],
)
def test_a_password_on_the_command_line_is_refused(fetch: Fetching, url: str) -> None:
    found = fetch.only("db", url, "--table", "x")
    refused(found, 2, "a password on the command line is seen by everybody", "hint: --password-file FILE")
    assert "hush" not in found.stderr


def test_a_password_from_a_file(tmp_path: Path, fetch: Fetching) -> None:
    (tmp_path / "url").write_text("sqlite+pysqlite:///app.db\n")
    refused(
        fetch.only("db", "--url-file", "url", "--list"),
        2,
        "others than its owner may read",
        "hint: chmod 600 url",
    )
    (tmp_path / "url").chmod(0o600)
    assert fetch.only("db", "--url-file", "url", "--list").status == 0
    refused(fetch.only("db", "--url-file", "none", "--list"), 2, "none: no such file")
    (tmp_path / "bad").write_bytes(b"\xff")
    (tmp_path / "bad").chmod(0o600)
    refused(fetch.only("db", "--url-file", "bad", "--list"), 2, "not text in UTF-8")
    refused(
        fetch.only("db", "sqlite:///x", "--url-file", "url", "--list"),
        2,
        "the address of a database is wanted",
    )


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgresql://me:a%40b@host:5/x?sslmode=require", "postgresql://me@host:5/x?sslmode=require", "a@b"),
        ("mysql://host/x?password=p", "mysql://host/x", "p"),
        ("postgresql://me@host/x", "postgresql://me@host/x", None),
        ("sqlite:////var/app.db", "sqlite:////var/app.db", None),
        ("sqlite:///app.db?x=1", "sqlite:///app.db?x=1", None),
        ("oracle+oracledb://me:p@host/?service_name=x", "oracle+oracledb://me@host/?service_name=x", "p"),
    ],
)
def test_an_address_without_its_password(url: str, shown: str, password: str | None) -> None:
    found = address(url, typed=False)
    assert (found.url, found.password) == (shown, password)
    assert address(shown, "other").password == "other"


# Parts.


@pytest.mark.parametrize(
    ("model", "when", "spelled"),
    [
        ("2026-01-01T00:00:00Z", 1_700_000_000 * SECOND, "2023-11-14T22:13:20Z"),
        ("2026-01-01T00:00:00Z", 1_700_000_000 * SECOND + 1, "2023-11-14T22:13:21Z"),
        ("2026-01-01 00:00:00.123", 1_700_000_000 * SECOND + 1, "2023-11-14 22:13:20.001"),
        ("2026-01-01T00:00:00.123456+00:00", 1_700_000_000 * SECOND, "2023-11-14T22:13:20.000000+00:00"),
        ("2026-01-01", 1_700_000_000 * SECOND, "2023-11-15"),
        ("2026-01-01", 1_700_006_400 * SECOND, "2023-11-15"),
    ],
)
def test_a_moment_is_spelled_as_its_column_does(model: str, when: int, spelled: str) -> None:
    assert _spelled(model, when) == spelled
    assert _moment(spelled) is not None


def test_copied_lines_are_unescaped() -> None:
    assert _unescaped(b'{"a":1}\n') == b'{"a":1}\n'
    assert _unescaped(rb'{"a":"say \\"hi\\" \\\\ \\n","b":{\n"c":\t1\r}}' + b"\n") == (
        rb'{"a":"say \"hi\" \\ \n","b":{ "c": 1 }}' + b"\n"
    )


def test_rows_that_only_python_can_hold() -> None:
    refusals: list[tuple[str, bytes]] = []
    columns = [Column("n", "number"), Column("x", "thing")]
    encoder = Encoder(columns, lambda reason, raw: refusals.append((reason, raw)))
    import ipaddress
    import uuid
    from datetime import date, datetime, timedelta
    from datetime import time as clock

    rows: list[tuple[Any, Any]] = [
        (Decimal("1.10"), uuid.UUID(int=1)),
        (2**70, datetime(2026, 1, 1)),
        (1, object()),
        (float("nan"), ipaddress.ip_address("192.0.2.1")),
        (date(2026, 1, 1), clock(12)),
        (timedelta(days=1, seconds=2), [1]),
        (None, [1, {"a": Decimal("NaN")}]),
    ]
    data, count = encoder.lines(rows)
    assert data.splitlines() == [
        b'{"n":1.10,"x":"00000000-0000-0000-0000-000000000001"}',
        b'{"n":1180591620717411303424,"x":"2026-01-01T00:00:00"}',
        b'{"n":null,"x":"192.0.2.1"}',
        b'{"n":"2026-01-01","x":"12:00:00"}',
        b'{"n":"P1DT2S","x":[1]}',
        b'{"n":null,"x":[1,{"a":null}]}',
    ]
    assert count == 6
    assert refusals == [("a value that JSON cannot hold in column 2", b"'thing'")]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (246, "1.10", "1.10"),
        (246, "00042.50", "42.50"),
        (246, "000.50", "0.50"),
        (246, "000", "0"),
        (246, "-1.00", "-1.00"),
        (7, "2026-01-01 00:00:00.5", "2026-01-01T00:00:00.5Z"),
        (12, "2026-01-01 00:00:00", "2026-01-01T00:00:00"),
        (12, "0000-00-00 00:00:00", None),
        (7, "0000-00-00 00:00:00", None),
        (10, "0000-00-00", None),
        (10, "2026-01-01", "2026-01-01"),
        (16, b"\x01\x02", 258),
        (245, '{"a":\n1}', '{"a": 1}'),
    ],
)
def test_values_of_mysql(kind: int, text: Any, value: Any) -> None:
    found = _decoders()[kind](text)
    assert (bytes(found).decode() if type(found).__name__ == "Raw" else found) == value


def _postgres(text: str) -> str:
    import psycopg

    error = psycopg.OperationalError(text)
    fault = Postgres(address("postgresql://192.0.2.1/x"), None, lambda *_: None).judge(error)
    assert fault is not None
    return f"{fault.code}: {fault.message}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('connection failed: FATAL:  password authentication failed for user "me"', "db password"),
        ("fe_sendauth: no password supplied", "db password"),
        ('FATAL:  database "x" does not exist', "db name"),
        ('FATAL:  role "x" does not exist', "db access"),
        ('FATAL:  no pg_hba.conf entry for host "192.0.2.2"', "db access"),
        ("server does not support SSL, but SSL was required", "net tls"),
        ("FATAL:  sorry, too many clients already", "db 53300"),
        ("FATAL:  the database system is starting up", "db 57P03"),
        ("[Errno -2] Name or service not known", "net name"),
        ("connection refused", "net refused"),
        ("connection timeout expired", "net timeout"),
        ("server closed the connection unexpectedly", "net reset"),
    ],
)
def test_what_libpq_says(text: str, code: str) -> None:
    said = _postgres(text)
    assert said.startswith(f"{code}: postgresql://192.0.2.1/x: ")
    assert "me" not in said.split("x: ")[1].split()


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("57P01", "the server ended the session (57P01)"),
        ("08006", "the server ended the session (08006)"),
        ("40001", "the server ended the session (40001)"),
        ("42P01", "no such table"),
        ("25006", "the query writes, and this session only reads"),
        ("57014", "a statement took longer than --timeout"),
        ("22P02", "the server refused the query (InvalidTextRepresentation, 22P02)"),
    ],
)
def test_what_postgres_says(state: str, says: str) -> None:
    import psycopg

    judge = Postgres(address("postgresql://192.0.2.1/x"), None, lambda *_: None).judge
    fault = judge(psycopg.errors.lookup(state)("4111111111111111"))
    assert fault is not None
    assert (fault.code, fault.message) == (f"db {state}", f"postgresql://192.0.2.1/x: {says}")
    wrong = judge(psycopg.ProgrammingError("invalid dsn"))
    assert wrong is not None and "not an address that libpq takes" in wrong.message
    assert judge(ValueError()) is None


def test_a_since_gives_way_to_a_state(fetch: Fetching, db: sqlite3.Connection) -> None:
    argv = ("--table", "logs", "--cursor", "ts,id", "--state", "s")
    assert len(ids(fetch(*argv, "--since", "2026-01-01T00:09:00Z"))) == 60
    db.execute("insert into logs values(1000, '2026-01-01T00:10:00Z', 'new')")
    assert ids(fetch(*argv, "--since", "1h")) == [1000]  # and nothing of before the first one's
    assert ids(fetch(*argv, "--since", "1h")) == []


def test_who_only_looks_makes_no_state(fetch: Fetching, db: sqlite3.Connection, tmp_path: Path) -> None:
    for look in ("--list", "--describe"):
        assert fetch("--table", "logs", "--cursor", "id", "--state", "s", look).status == 0
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (2003, "Can't connect (timed out)", "net timeout"),
        (2003, "Name or service not known", "net name"),
        (2003, "Connection refused", "net refused"),
        (2013, "Lost connection", "db 2013"),
        (1045, "Access denied", "db 1045"),
        (1690, "BIGINT value is out of range in '4111111111111111'", "db 1690"),
    ],
)
def test_what_mysql_says(number: int, text: str, code: str) -> None:
    import pymysql

    judge = MySql(address("mysql://192.0.2.1/x"), None, lambda *_: None).judge
    fault = judge(pymysql.err.OperationalError(number, text))
    assert fault is not None and fault.code == code
    assert "4111" not in fault.message
    cut = judge(pymysql.err.InterfaceError(0, ""))
    assert cut is not None and "cut" in cut.message
    assert judge(ConnectionResetError()) is not None
    assert judge(ValueError()) is None


def test_a_dialect_that_was_not_thought_of(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="an option of the address that is not known"):
        MySql(address("mysql://127.0.0.1/x?nope=1"), None, lambda *_: None).connect()


@pytest.mark.parametrize("client", ["psycopg", "pymysql", "sqlalchemy"])
def test_a_client_that_is_not_installed(
    fetch: Fetching, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, client, None)
    url = {
        "psycopg": "postgresql://127.0.0.1/x",
        "pymysql": "mysql://127.0.0.1/x",
        "sqlalchemy": "x+y://h/x",
    }[client]
    refused(fetch.only("db", url, "--list"), 1, "is not installed", "hint: pip install 'cecil[db]'")


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/x", "mysql://127.0.0.1:1/x"])
def test_nobody_listens(fetch: Fetching, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.clouds import hurried

    hurried(monkeypatch)
    found = fetch.only("db", url, "--table", "x")
    refused(found, 1, f"{url}: nobody listens there; given up after 4 tries", "hint: is the server running")


def test_flat_names() -> None:
    """What a name may hold: everything."""
    one = Sqlite(address("sqlite:///x"), None, lambda *_: None)
    assert one.quote("a`b") == "`a``b`"
    two = MySql(address("mysql://h/x"), None, lambda *_: None)
    assert two.quote("a`b") == "`a``b`"
    columns = [Column("a", "int", "integer"), Column("b", "text", "text")]
    sql, values = two.select(Ask("t", columns, ("a", "b"), (1, "x"), (("a", 0, 9),), 5))
    assert sql == (
        "select `a`, `b` from t where `a` >= %s and `a` < %s and `a` >= %s and (`a` > %s or (`a` = %s and `b` > %s))"
        " order by `a`, `b` limit 5"
    )
    assert values == [0, 9, 1, 1, 1, "x"]
