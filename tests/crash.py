"""Crash runs: the whole pipe from a source to a file, killed at random points, run after run, on one state.

`make crash RUNS=500` tells what is missing and what is there twice afterwards: nothing. Each run adds records,
late ones too, starts

    cecil-fetch SOURCE --state S --markers | cecil-redact | cecil-write --state S -o run-N.jsonl

and kills one of the three, or all of them, at a moment between its start and a little after its end. What lies in
the files in the end must be every record once.

A source is a class with `add(numbers)`, which makes records that bear these numbers as `seq`, and `argv()`.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from tests.conftest import BIN, environment

EACH = 40
"""Records that come before each run; every fifth comes late."""


class Source(ABC):
    """Where records come from.

    Args:
        folder: its own.
        stack: what it starts is ended with it.
    """

    name: ClassVar[str]

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}
        self.dice = random.Random(self.name)

    @abstractmethod
    def add(self, numbers: Sequence[int]) -> None:
        """Make records; some have times that were read already."""

    @abstractmethod
    def argv(self) -> list[str]:
        """cecil-fetch's arguments, without state and markers."""

    def moment(self, number: int) -> float:
        """Seconds since 1970: now, or for every fifth one up to a minute ago."""
        return time.time() - (self.dice.uniform(1, 60) if number % 5 == 0 else self.dice.uniform(0, 0.3))


class Sqlite(Source):
    name = "sqlite"

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        self.db = sqlite3.connect(
            folder / "app.db", isolation_level=None, timeout=30, check_same_thread=False
        )
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("create table logs(seq integer primary key, ts text not null, msg text)")
        self.db.execute("create index by_time on logs(ts, seq)")

    def add(self, numbers: Sequence[int]) -> None:
        rows = []
        for number in numbers:
            when = datetime.fromtimestamp(self.moment(number), UTC)
            rows.append((number, when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), f"user{number}@example.com came"))
        self.db.execute("begin")
        self.db.executemany("insert into logs values(?,?,?)", rows)
        self.db.execute("commit")

    def argv(self) -> list[str]:
        return ["db", "sqlite:///app.db", "--table", "logs", "--cursor", "ts,seq"]


class Postgres(Source):
    name = "postgres"

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        import psycopg

        from tests.services import services

        one = services()["postgres"]
        self.url = f"postgresql://{one['user']}@{one['host']}:{one['port']}/postgres"
        self.table = f"crash_{os.getpid()}"
        secret = folder / "password"
        secret.touch(0o600)
        secret.write_text(one["password"])
        self.db = psycopg.connect(self.url, password=one["password"], autocommit=True)
        self.db.execute(f"create table {self.table}(seq int8 primary key, ts timestamptz not null, msg text)")
        self.db.execute(f"create index on {self.table}(ts, seq)")
        stack.callback(self.db.close)
        stack.callback(self.db.execute, f"drop table {self.table}")

    def add(self, numbers: Sequence[int]) -> None:
        with self.db.cursor() as cursor:
            cursor.executemany(
                f"insert into {self.table} values(%s, to_timestamp(%s), %s)",
                [(number, self.moment(number), f"user{number}@example.com came") for number in numbers],
            )

    def argv(self) -> list[str]:
        return ["db", self.url, "--password-file", "password", "--table", self.table, "--cursor", "ts,seq"]


class MariaDb(Source):
    name = "mariadb"

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        import pymysql

        from tests.services import services

        one = services()["mariadb"]
        name = f"crash_{os.getpid()}"
        self.url = f"mysql://{one['user']}@{one['host']}:{one['port']}/{name}"
        secret = folder / "password"
        secret.touch(0o600)
        secret.write_text(one["password"])
        self.db = pymysql.connect(
            host=one["host"], port=one["port"], user=one["user"], password=one["password"], autocommit=True
        )
        stack.callback(self.db.close)
        self._do(f"create database {name}")
        stack.callback(self._do, f"drop database {name}")
        self._do(f"use {name}")
        self._do(
            "create table logs(seq bigint primary key, ts timestamp(6) not null, msg text, key(ts, seq))"
        )

    def _do(self, sql: str) -> None:
        with self.db.cursor() as cursor:
            cursor.execute(sql)

    def add(self, numbers: Sequence[int]) -> None:
        with self.db.cursor() as cursor:
            cursor.executemany(
                "insert into logs values(%s, from_unixtime(%s), %s)",
                [(number, self.moment(number), f"user{number}@example.com came") for number in numbers],
            )

    def argv(self) -> list[str]:
        return ["db", self.url, "--password-file", "password", "--table", "logs", "--cursor", "ts,seq"]


class Aws(Source):
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        from tests.aws_service import running

        self.service = stack.enter_context(running())
        self.env = self.service.env()


class CloudWatch(Aws):
    name = "cloudwatch"

    def add(self, numbers: Sequence[int]) -> None:
        events = sorted(
            (
                round(self.moment(number) * 1000),
                json.dumps({"seq": number, "who": f"user{number}@example.com"}),
            )
            for number in numbers
        )
        self.service.put("/app/prod", f"s{self.dice.randrange(3)}", events)

    def argv(self) -> list[str]:
        return ["aws", "--log-group", "/app/prod", "--unwrap", "--rate", "1000"]


class S3(Aws):
    name = "s3"

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        self.client = self.service.client("s3")
        self.client.create_bucket(
            Bucket="logs", CreateBucketConfiguration={"LocationConstraint": self.env["AWS_REGION"]}
        )

    def add(self, numbers: Sequence[int]) -> None:
        import gzip

        # Every second object comes late: its key stands before those that were read.
        for half, some in enumerate((numbers[::2], numbers[1::2])):
            lines = [json.dumps({"seq": n, "who": f"user{n}@example.com"}) + "\n" for n in some]
            key = f"app/{'b' if half else 'a'}{numbers[0]:08}.jsonl.gz"
            self.client.put_object(Bucket="logs", Key=key, Body=gzip.compress("".join(lines).encode()))

    def argv(self) -> list[str]:
        return ["aws", "--s3", "s3://logs/app/", "--rate", "1000"]


class Azure(Source):
    name = "azure"

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        from tests.azure_service import AzureService, Table

        self.service = stack.enter_context(AzureService(folder))
        self.env = self.service.environment()
        self.service.tables["AppLogs"] = self.table = Table(
            [("TimeGenerated", "datetime"), ("seq", "long"), ("who", "string")]
        )

    def add(self, numbers: Sequence[int]) -> None:
        from tests.azure_service import stamp

        self.table.add(*([stamp(round(self.moment(n) * 10**7)), n, f"user{n}@example.com"] for n in numbers))

    def argv(self) -> list[str]:
        from tests.azure_service import WORKSPACE

        place = ["--endpoint-url", self.service.url, "--workspace", WORKSPACE]
        return ["azure", *place, "--table", "AppLogs", "--rate", "1000"]


class Google(Source):
    name = "gcp"

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, stack)
        from tests.google_service import GoogleService

        self.service = stack.enter_context(GoogleService(folder))
        self.env = self.service.environment()

    def add(self, numbers: Sequence[int]) -> None:
        from tests.google_service import entry

        self.service.entries += [
            entry(
                round(self.moment(n) * 10**9),
                json={"seq": n, "who": f"user{n}@example.com"},
                insert_id=f"i{n}",
            )
            for n in numbers
        ]

    def argv(self) -> list[str]:
        return ["gcp", "--endpoint-url", self.service.url, "--unwrap", "--rate", "1000"]


SOURCES: dict[str, type[Source]] = {
    one.name: one for one in (Sqlite, Postgres, MariaDb, CloudWatch, S3, Azure, Google)
}


class Outcome:
    """What became of a source's records.

    Attributes:
        runs, killed: how many pipes were started, and how many of them a signal ended.
        made, missing, twice: records.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.runs = self.killed = self.made = self.missing = self.twice = 0
        self.trouble = ""

    def __str__(self) -> str:
        return (
            f"{self.name:12} {self.runs:5} runs {self.killed:5} killed {self.made:8} records "
            f"{self.missing:5} missing {self.twice:5} twice {self.trouble}"
        )


def crash(name: str, runs: int, folder: Path, seed: int = 0) -> Outcome:
    """Crash runs of one source."""
    dice = random.Random(f"{name} {seed}")
    outcome = Outcome(name)
    with ExitStack() as stack:
        source = SOURCES[name](folder, stack)
        env = environment(folder) | {"PYTHONDONTWRITEBYTECODE": ""} | source.env
        usual = pipe(source, env, outcome, dice, None)
        for _ in range(runs):
            usual = 0.6 * usual + 0.4 * pipe(source, env, outcome, dice, dice.uniform(0.1, 1.05) * usual)
        for _ in range(2):  # the second one has nothing new, unless something is amiss
            pipe(source, env, outcome, dice, None)
    seen: Counter[int] = Counter()
    for path in folder.glob("run-*.jsonl"):
        seen.update(json.loads(line)["seq"] for line in path.read_bytes().splitlines())
    outcome.missing = sum(1 for number in range(outcome.made) if not seen[number])
    outcome.twice = sum(count - 1 for count in seen.values())
    return outcome


def pipe(
    source: Source, env: dict[str, str], outcome: Outcome, dice: random.Random, kill_after: float | None
) -> float:
    """One run; the seconds that it took, or would have taken."""
    source.add(range(outcome.made, outcome.made + EACH))
    outcome.made += EACH
    outcome.runs += 1
    commands = [
        ["fetch", *source.argv(), "-q", "--state", "state.db", "--markers"],
        ["redact", "-q", "--nlp", "none", "--policy", "secrets-only"],
        ["write", "-q", "--state", "state.db", "-o", f"run-{outcome.runs:05}.jsonl"],
    ]
    started = time.monotonic()
    processes: list[subprocess.Popen[bytes]] = []
    with open(source.folder / "messages", "ab") as messages:
        for command in commands:
            stdin = processes[-1].stdout if processes else subprocess.DEVNULL
            last = command is commands[-1]
            process = subprocess.Popen(
                [BIN / f"cecil-{command[0]}", *command[1:]],
                stdin=stdin,
                stdout=subprocess.DEVNULL if last else subprocess.PIPE,
                stderr=messages,
                cwd=source.folder,
                env=env,
            )
            if processes:
                processes[-1].stdout.close()  # type: ignore[union-attr]
            processes.append(process)
    if kill_after is not None:
        try:
            processes[-1].wait(kill_after)
        except subprocess.TimeoutExpired:
            victims = processes if dice.random() < 0.25 else [dice.choice(processes)]
            for victim in victims:
                victim.send_signal(signal.SIGKILL)
    for process in processes:
        process.wait(120)
    took = time.monotonic() - started
    killed = any(process.returncode == -signal.SIGKILL for process in processes)
    outcome.killed += killed
    statuses = [process.returncode for process in processes]
    if not killed and any(statuses):
        told = (source.folder / "messages").read_text(errors="replace").splitlines()[-2:]
        outcome.trouble = f"a run that nobody killed ended with {statuses}: {' / '.join(told)}"
    return took if not killed else (kill_after or took) * 1.02


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__, allow_abbrev=False)
    parser.add_argument("--runs", type=int, default=500, help="how many in all (default: 500)")
    parser.add_argument("--sources", default=",".join(SOURCES), help=f"of {','.join(SOURCES)}")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    names = args.sources.split(",")
    outcomes: list[Outcome] = []
    turn = iter(names)
    lock = threading.Lock()

    def work(base: str) -> None:
        while True:
            with lock:
                name = next(turn, None)
            if name is None:
                return
            folder = Path(base) / name
            folder.mkdir()
            outcome = crash(name, -(-args.runs // len(names)), folder, args.seed)
            outcomes.append(outcome)
            print(outcome, flush=True)

    with tempfile.TemporaryDirectory(prefix="cecil-crash-") as base:
        threads = [threading.Thread(target=work, args=(base,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    total: dict[str, Any] = {
        key: sum(getattr(one, key) for one in outcomes)
        for key in ("runs", "killed", "made", "missing", "twice")
    }
    print(" ".join(f"{key} {value}" for key, value in total.items()))
    whole = len(outcomes) == len(names) and not any(one.trouble for one in outcomes)
    return 0 if whole and not total["missing"] and not total["twice"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
