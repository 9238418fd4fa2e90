"""How fast cecil-fetch reads its remote sources, and how much memory its process has at most: `make bench-fetch`.

Databases are measured here: SQLite in a file of its own, PostgreSQL and MariaDB as `make services` started them.
The clouds' rows are `fetch_aws` and `fetch_clouds`. What is measured is a run into nothing (`fetch_run`): its peak
memory as the kernel noted it, records a second of the clock, and of its processor time in user mode, which others on
the machine disturb less.

    python -m tests.bench.fetch [--records 10000,1000000] [sqlite] [postgres] [mariadb] [aws] [azure] [gcp]
"""

import argparse
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import fetch_aws, fetch_clouds
from tests.bench.fetch_run import Figure, measure, sizes
from tests.services import services

LEVELS = ("INFO", "WARN", "ERROR")


def sqlite(counts: Sequence[int], folder: Path) -> Iterator[Figure]:
    """A table of six columns in a file."""
    for count in counts:
        path = folder / f"{count}.db"
        with sqlite3.connect(path, isolation_level=None) as db:
            db.execute("pragma journal_mode=off")
            db.execute("pragma synchronous=off")
            db.execute(
                "create table logs(id integer primary key, ts text, level text, msg text, dur real, props text)"
            )
            db.execute("begin")
            db.executemany("insert into logs values(?,?,?,?,?,?)", map(_row, range(count)))
            db.execute("commit")
        there = ["db", f"sqlite:///{path.name}", "--table", "logs"]
        yield measure("sqlite", count, there, folder)
        yield measure("sqlite, by a cursor", count, [*there, "--cursor", "id"], folder)
        yield measure(
            "sqlite, with a state", count, [*there, "--cursor", "id", "--state", f"s{count}"], folder
        )
        path.unlink()


def _row(n: int) -> tuple[object, ...]:
    stamp = f"2026-01-{1 + n // 8_640_000:02}T{n // 360_000 % 24:02}:{n // 6000 % 60:02}:{n // 100 % 60:02}.{n % 100:02}Z"
    text = f"user{n}@example.com logged in from 192.0.2.{n % 256}"
    return n, stamp, LEVELS[n % 3], text, n * 0.5, f'{{"k": {n}, "ok": true}}'


def postgres(counts: Sequence[int], folder: Path) -> Iterator[Figure]:
    """The same table, with a time zone and jsonb, behind its index."""
    import psycopg

    one = services()["postgres"]
    url = f"postgresql://{one['user']}@{one['host']}:{one['port']}/postgres"
    secret = folder / "postgres"
    secret.touch(0o600)
    secret.write_text(one["password"])
    table = f"bench_{os.getpid()}"
    with psycopg.connect(url, password=one["password"], autocommit=True) as db:
        for count in counts:
            db.execute(f"drop table if exists {table}")
            db.execute(
                f"create unlogged table {table} as select i::int8 as id, timestamptz '2026-01-01' + i * interval '10 ms' "
                "as ts, (array['INFO', 'WARN', 'ERROR'])[1 + i % 3] as level, 'user' || i || "
                "'@example.com logged in from 192.0.2.' || i % 256 as msg, i * 0.5::float8 as dur, "
                f"jsonb_build_object('k', i, 'ok', true) as props from generate_series(1, {count}) i"
            )
            db.execute(f"alter table {table} alter ts set not null, add primary key (id)")
            db.execute(f"create unique index on {table}(ts, id)")
            db.execute(f"analyze {table}")
            there = ["db", url, "--password-file", secret.name, "--table", table]
            yield measure("postgres", count, there, folder)
            yield measure("postgres, by a cursor", count, [*there, "--cursor", "ts,id"], folder)
            state = ["--cursor", "ts,id", "--state", f"p{count}"]
            yield measure("postgres, with a state", count, [*there, *state], folder)
        db.execute(f"drop table {table}")


def mariadb(counts: Sequence[int], folder: Path) -> Iterator[Figure]:
    """The same table in MariaDB."""
    import pymysql

    one = services()["mariadb"]
    secret = folder / "mariadb"
    secret.touch(0o600)
    secret.write_text(one["password"])
    name = f"bench_{os.getpid()}"
    db = pymysql.connect(
        host=one["host"], port=one["port"], user=one["user"], password=one["password"], autocommit=True
    )
    with db, db.cursor() as cursor:
        cursor.execute(f"create database {name}")
        for count in counts:
            cursor.execute(f"drop table if exists {name}.logs")
            cursor.execute(
                f"create table {name}.logs(id bigint primary key, ts datetime(2) not null, level varchar(9), "
                "msg text, dur double, props json)"
            )
            cursor.execute(
                f"insert into {name}.logs select seq, cast('2026-01-01' as datetime(2)) + interval seq * 10000 microsecond, "
                "elt(1 + seq % 3, 'INFO', 'WARN', 'ERROR'), concat('user', seq, '@example.com logged in from "
                f"192.0.2.', seq % 256), seq * 0.5, json_object('k', seq, 'ok', true) from {name}.seq_1_to_{count}"
            )
            url = f"mysql://{one['user']}@{one['host']}:{one['port']}/{name}"
            there = ["db", url, "--password-file", secret.name, "--table", "logs"]
            yield measure("mariadb", count, there, folder)
            yield measure("mariadb, by a cursor", count, [*there, "--cursor", "id"], folder)
        cursor.execute(f"drop database {name}")


SOURCES: dict[str, Callable[[Sequence[int], Path], Iterator[Figure]]] = {
    "sqlite": sqlite,
    "postgres": postgres,
    "mariadb": mariadb,
    "aws": fetch_aws.aws,
    "azure": fetch_clouds.azure,
    "gcp": fetch_clouds.gcp,
}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench-fetch", description=__doc__, allow_abbrev=False)
    parser.add_argument("--records", default="10000,1000000", help="how many, for each size a run")
    parser.add_argument("source", nargs="*", default=[*SOURCES], help=f"of {', '.join(SOURCES)}")
    args = parser.parse_args(argv)
    for name in args.source:
        with tempfile.TemporaryDirectory(prefix="cecil-bench-") as folder:
            for figure in SOURCES[name](sizes(args.records), Path(folder)):
                print(figure, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
