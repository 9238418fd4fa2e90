"""cecil-fetch db against real PostgreSQL and MariaDB (`make services`), and some of the crash runs."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clouds import Fetched, Fetching, forget_environment, hurried
from tests.conftest import Run
from tests.crash import SOURCES, crash
from tests.services import services
from tests.tls_service import certified

pytestmark = pytest.mark.slow


class Server:
    """A database of its own on a server.

    Attributes:
        do: runs a statement as who may do everything.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        one = services()[kind]
        assert one["host"] == "127.0.0.1"
        self.kind = kind
        self.name = f"t{os.getpid()}"
        self.secret = folder / "secret"
        self.secret.touch(0o600)
        self.secret.write_text(one["password"] + "\n")
        scheme = "postgresql" if kind == "postgres" else "mysql"
        self.place = f"{scheme}://{one['user']}@127.0.0.1:{one['port']}/"
        self.url = self.place + self.name
        if kind == "postgres":
            import psycopg

            def connect(name: str) -> Any:
                return psycopg.connect(
                    host="127.0.0.1", port=one["port"], user=one["user"], password=one["password"],
                    dbname=name, autocommit=True,
                )  # fmt: skip

            with connect("postgres") as db:
                db.execute(f"drop database if exists {self.name} with (force)")
                db.execute(f"create database {self.name}")
            self.db = connect(self.name)

            def drop() -> None:
                self.db.close()
                with connect("postgres") as db:
                    db.execute(f"drop database {self.name} with (force)")

        else:
            import pymysql

            self.db = pymysql.connect(
                host="127.0.0.1",
                port=one["port"],
                user=one["user"],
                password=one["password"],
                autocommit=True,
            )
            self.do(f"drop database if exists {self.name}")
            self.do(f"create database {self.name}")
            self.do(f"use {self.name}")

            def drop() -> None:
                self.do(f"drop database {self.name}")
                self.db.close()

        self.drop = drop

    def do(self, sql: str) -> list[Any]:
        with self.db.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def kill_readers(self) -> int:
        """End all sessions of cecil-fetch; how many there were."""
        if self.kind == "postgres":
            return len(
                self.do(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cecil-fetch'"
                )
            )
        mine = self.db.thread_id()
        found = [row[0] for row in self.do("show processlist") if row[0] != mine and row[1] == "cecil"]
        return sum(map(self._kill, found))

    def _kill(self, session: int) -> bool:
        """End a session of MariaDB's; whether it was there: one that is listed may be going."""
        import pymysql
        from pymysql.constants import ER

        try:
            self.do(f"kill {session}")
        except pymysql.MySQLError as error:
            if error.args[0] != ER.NO_SUCH_THREAD:
                raise
            return False
        return True

    def table(self, rows: int = 600) -> None:
        self.do("create table logs(id bigint primary key, ts timestamp(3) not null, msg text)")
        for start in range(0, rows, 5000):
            values = ", ".join(
                f"({n}, '2026-01-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}', 'line {n}')"
                for n in range(start, min(rows, start + 5000))
            )
            self.do(f"insert into logs values {values}")


@pytest.fixture(params=["postgres", "mariadb"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    made = Server(request.param, tmp_path)
    yield made
    made.drop()


@pytest.fixture
def fetch(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Fetching:
    forget_environment(monkeypatch, tmp_path, {})
    return Fetching(tmp_path, capfd, "db", server.url, "--password-file", "secret", "--stats", "json")


def ids(fetched: Fetched) -> list[int]:
    assert fetched.status == 0, fetched.stderr
    return [record["id"] for record in fetched.records]


def refused(fetched: Fetched, status: int, *texts: str) -> None:
    assert fetched.status == status, fetched.stderr
    for text in texts:
        assert text in fetched.stderr


def test_a_table_a_window_and_a_state(server: Server, fetch: Fetching) -> None:
    server.table()
    assert ids(fetch("--table", "logs")) == list(range(600))
    assert ids(
        fetch(
            "--query", "select * from logs where msg like '%9%' -- those;", "--cursor", "id", "--limit", "3"
        )
    ) == [9, 19, 29]
    window = ("--since", "2026-01-01T00:01:00Z", "--until", "2026-01-01T00:01:05.001Z")
    assert ids(fetch("--table", "logs", "--cursor", "ts,id", *window)) == [60, 61, 62, 63, 64, 65]
    argv = ("--table", "logs", "--cursor", "ts,id", "--state", "s")
    assert ids(fetch(*argv, "--limit", "400")) == list(range(400))
    assert ids(fetch(*argv)) == list(range(400, 600))
    server.do(
        "insert into logs values(1000, '2026-01-01 00:08:00', 'late'), (1001, '2026-01-01 00:11:00', 'new')"
    )
    assert ids(fetch(*argv)) == [1000, 1001]
    assert ids(fetch(*argv)) == []
    listed = {one["name"] for one in fetch("--list").records}
    assert "logs" in listed
    about = json.loads(b"".join(fetch("--table", "logs", "--cursor", "ts,id", "--describe").lines))
    assert [one["name"] for one in about["columns"]] == ["id", "ts", "msg"]
    assert about["last"][:10] == "2026-01-01"


@pytest.mark.parametrize("rounds", [3])
def test_a_killed_backend(
    server: Server, fetch: Fetching, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a cursor nothing is lost and nothing comes twice; without one the run fails and says why."""
    server.table(30_000)
    hurried(monkeypatch)
    monkeypatch.setattr("cecil.providers.generic.database.provider.PAGE", 8000)
    left, killed = [rounds], [0]
    from cecil.providers.generic.database.provider import DatabaseProvider

    follow = DatabaseProvider._follow

    def killing(self: DatabaseProvider, data: bytes) -> None:
        follow(self, data)
        if left[0]:
            left[0] -= 1
            killed[0] += server.kill_readers()

    monkeypatch.setattr(DatabaseProvider, "_follow", killing)
    found = fetch("--table", "logs", "--cursor", "ts,id")
    assert ids(found) == list(range(30_000))
    assert killed[0]
    assert 1 <= found.stats["retries"] <= rounds
    monkeypatch.undo()


def test_a_killed_backend_without_a_cursor(
    server: Server, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.table(200)
    server.do("create table big as select a.id * 200 + b.id as id, a.msg, b.ts from logs a cross join logs b")
    from cecil.providers.generic.database.provider import DatabaseProvider

    pages = DatabaseProvider._pages

    def killing(self: DatabaseProvider, *args: Any, **more: Any) -> Iterator[Any]:
        for number, one in enumerate(pages(self, *args, **more)):
            if number == 0:
                assert server.kill_readers()
            yield one

    monkeypatch.setattr(DatabaseProvider, "_pages", killing)
    found = fetch("--query", "select a.*, b.msg m from big a cross join logs b", "--limit", "3000000")
    refused(found, 1, "the connection was cut, and without an order of rows", "hint: --cursor COLUMN")
    assert 0 < len(found.lines) < 3_000_000
    assert found.stats["complete"] is False


def test_bad_input(server: Server, fetch: Fetching, tmp_path: Path) -> None:
    server.table(3)
    refused(fetch("--table", "nope"), 1, "no such table", "hint: cecil-fetch db URL --list")
    refused(fetch("--query", "selct 1"), 1, "is not SQL as")
    refused(fetch("--query", "select nope from logs"), 1, "no such column")
    refused(fetch("--query", "select id, id from logs"), 1, "name")
    refused(
        fetch(
            "--query",
            "select sleep(9) as s" if server.kind == "mariadb" else "select pg_sleep(9)::text s",
            "--timeout",
            "1s",
        ),
        1,
        "longer than --timeout",
    )
    other = fetch.only("db", server.place + "nothing_here", "--password-file", "secret", "--list")
    refused(other, 1, "no such database")
    server.secret.write_text("wrong-secret")
    wrong = fetch("--table", "logs")
    refused(wrong, 1, "password", "hint: --password-file FILE")
    assert "wrong-secret" not in wrong.stderr
    server.secret.write_text("")
    refused(fetch("--table", "logs"), 1, "password", "hint: --password-file FILE")


def test_a_user_that_may_not(server: Server, fetch: Fetching, tmp_path: Path) -> None:
    server.table(3)
    user = f"reader_{server.name}"
    try:
        if server.kind == "postgres":
            server.do(f"create role {user} login password 'reads-only'")
        else:
            server.do(f"create user {user}@'127.0.0.1' identified by 'reads-only'")
            server.do(f"grant create on {server.name}.* to {user}@'127.0.0.1'")
        server.secret.write_text("reads-only")
        url = server.url.replace("cecil@", f"{user}@")
        refused(fetch.only("db", url, "--password-file", "secret", "--table", "logs"), 1, "this user may not")
    finally:
        server.do(f"drop role {user}" if server.kind == "postgres" else f"drop user {user}@'127.0.0.1'")


def test_nothing_is_written(server: Server, fetch: Fetching) -> None:
    server.table(3)
    if server.kind == "postgres":
        server.do("create function f() returns int language sql as 'delete from logs; select 1'")
    else:
        server.do("create function f() returns int begin delete from logs; return 1; end")
    refused(fetch("--query", "select f() as x"), 1, "this session only reads")
    assert ids(fetch("--table", "logs")) == [0, 1, 2]


def test_a_table_that_changes_under_way(
    server: Server, fetch: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.table(600)
    monkeypatch.setattr("cecil.providers.generic.database.provider.PAGE", 100)
    from cecil.providers.generic.database.provider import DatabaseProvider

    follow = DatabaseProvider._follow
    done: list[int] = []

    def changing(self: DatabaseProvider, data: bytes) -> None:
        follow(self, data)
        done.append(1)
        if len(done) == 1 and server.kind == "postgres":
            server.do("alter table logs drop column msg")
        elif len(done) == 1:
            done.append(2)

    monkeypatch.setattr(DatabaseProvider, "_follow", changing)
    if server.kind == "mariadb":
        # A reader's metadata lock keeps the change waiting until its page is read.
        monkeypatch.setattr("cecil.providers.generic.database.mysql.MySql.lines", _dropping(server))
    found = fetch("--table", "logs", "--cursor", "id")
    refused(found, 1, "no such column; or the table changed under way", "hint:")
    assert len(found.lines) == 100


def _dropping(server: Server) -> Callable[..., Any]:
    from cecil.providers.generic.database.mysql import MySql

    lines = MySql.lines
    done: list[int] = []

    def changed(self: MySql, ask: Any) -> Any:
        done.append(1)
        if len(done) == 2:
            server.do("alter table logs drop column msg")
        return lines(self, ask)

    return changed


@pytest.mark.parametrize("server", ["postgres"], indirect=True)
def test_every_type_of_postgres(fetch: Fetching, server: Server) -> None:
    server.do("create type mood as enum ('fine', 'so so')")
    server.do("create type pair as (a int, b text)")
    cases = {
        "1::int2": "1",
        "9223372036854775807::int8": "9223372036854775807",
        "1.10::numeric": "1.10",
        "12345678901234567890.123456789::numeric": "12345678901234567890.123456789",
        "'NaN'::numeric": "null",
        "'Infinity'::numeric": "null",
        "0.1::float8": "0.1",
        "'NaN'::float8": "null",
        "'-Infinity'::float4": "null",
        "true": "true",
        "null::text": "null",
        "E'say \"hi\" \\\\ \\n\\t\\u00fc\\x01'::text": '"say \\"hi\\" \\\\ \\n\\t\u00fc\\u0001"',
        "'\\x00ff'::bytea": '"AP8="',
        "decode(repeat('00', 100), 'hex')": '"' + "A" * 134 + '=="',
        "'2026-01-01 12:00:00.5+02'::timestamptz": '"2026-01-01T10:00:00.5+00:00"',
        "'2026-01-01 12:00:00.123456'::timestamp": '"2026-01-01T12:00:00.123456"',
        "'infinity'::timestamptz": '"infinity"',
        "'2026-01-01'::date": '"2026-01-01"',
        "'12:00:00'::time": '"12:00:00"',
        "'1 day 2 seconds'::interval": '"P1DT2S"',
        "'00000000-0000-0000-0000-000000000001'::uuid": '"00000000-0000-0000-0000-000000000001"',
        "'192.0.2.0/24'::inet": '"192.0.2.0/24"',
        "'fine'::mood": '"fine"',
        "'[1,5)'::int4range": '"[1,5)"',
        "'101'::bit(3)": '"101"',
        "'{1,2,null}'::int[]": "[1,2,null]",
        "'{{a},{b}}'::text[]": '[["a"],["b"]]',
        "row(1, 'x')::pair": '{"a":1,"b":"x"}',
        '\'{"b": 1.10, "a": [1e3]}\'::jsonb': '{"a": [1000], "b": 1.10}',
        'E\'{"b":1.10,\\n\\t"a":"\\\\\\\\n"}\'::json': '{"b":1.10,  "a":"\\\\n"}',
        "'<a>x</a>'::xml": '"<a>x</a>"',
    }
    for number, (sql, json_text) in enumerate(cases.items()):
        found = fetch("--query", f'select {sql} as "a column {number}"')
        assert found.status == 0, (sql, found.stderr)
        assert found.lines == [f'{{"a column {number}":{json_text}}}'.encode()], sql


@pytest.mark.parametrize("server", ["mariadb"], indirect=True)
def test_every_type_of_mariadb(fetch: Fetching, server: Server) -> None:
    server.do(
        "create table v(a tinyint, b bigint unsigned, c decimal(20,2), d double, e float, f varchar(9), g blob, h datetime(3), "
        "i timestamp(3) null, j date, k time, l year, m bit(9), n enum('x','y'), o set('p','q'), q decimal(8,2) zerofill, r text)"
    )
    server.do("set time_zone = '+02:00'")
    server.do(
        "insert into v values(-1, 18446744073709551615, 1.10, 0.1, 1.5, 'ü\"', x'00ff', '2026-01-01 12:00:00.5', "
        "'2026-01-01 12:00:00.5', '2026-01-01', '-25:00:00', 2026, b'100000001', 'x', 'p,q', 4.5, null)"
    )
    found = fetch("--table", "v")
    assert found.status == 0, found.stderr
    wanted = (
        b'{"a":-1,"b":18446744073709551615,"c":1.10,"d":0.1,"e":1.5,"f":"\xc3\xbc\\"","g":"AP8=","h":"2026-01-01T12:00:00.500",'
        b'"i":"2026-01-01T10:00:00.500Z","j":"2026-01-01","k":"-25:00:00","l":2026,"m":257,"n":"x","o":"p,q","q":4.50,"r":null}'
    )
    assert found.lines == [wanted]


@pytest.fixture
def certified_server(server: Server) -> Iterator[str]:
    """PostgreSQL over TLS; the file that says whom to trust for it."""
    import psycopg

    folder = Path(server.db.execute("show data_directory").fetchone()[0])
    owner = folder.stat()
    ca = server.secret.with_name("ca.pem")
    certificate = certified(ca)
    chain = b"".join(part.bytes() for part in certificate.cert_chain_pems)
    for name, data in (("server.crt", chain), ("server.key", certificate.private_key_pem.bytes())):
        path = folder / name
        path.touch(0o600)
        path.write_bytes(data)
        os.chown(path, owner.st_uid, owner.st_gid)
    server.db.execute("alter system set ssl = on")
    server.db.execute("select pg_reload_conf()")
    deadline = time.monotonic() + 30
    while True:  # it takes a moment until new sessions have it
        try:
            psycopg.connect(server.url, password=server.secret.read_text().strip(), sslmode="require").close()
            break
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    yield str(ca)
    server.db.execute("alter system reset ssl")
    server.db.execute("select pg_reload_conf()")


@pytest.mark.parametrize("server", ["postgres"], indirect=True)
def test_postgres_over_tls(cecil: Run, server: Server, certified_server: str, tmp_path: Path) -> None:
    """In a process of its own, whose client comes without Python's OpenSSL."""
    other = tmp_path / "other.pem"
    certified(other)
    query = ["--query", "select ssl from pg_stat_ssl where pid = pg_backend_pid()"]
    for ca, status in ((certified_server, 0), (other, 1)):
        url = f"{server.url}?sslmode=verify-full&sslrootcert={ca}"
        done = cecil("fetch", "db", "--password-file", "secret", *query, url)
        assert done.returncode == status, done.stderr
        assert (b"no connection that both sides trust" in done.stderr) == bool(status)
        assert done.stdout == (b"" if status else b'{"ssl":true}\n')


@pytest.mark.parametrize("name", SOURCES)
def test_crash_runs(name: str, tmp_path: Path) -> None:
    """Some of `make crash`: fetch, redact and write are killed at random points."""
    outcome = crash(name, 10, tmp_path, seed=1)
    assert (outcome.missing, outcome.twice, outcome.trouble) == (0, 0, "")
    assert outcome.killed
