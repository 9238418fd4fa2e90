"""Ctrl-C in a run with a state: what is in the file by then is not read again, and what is not is."""

import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil.providers.interrupts import Interrupts, Stopped
from tests import aws_service
from tests.azure_service import WORKSPACE, AzureService, Table, stamp, ticks
from tests.conftest import BIN, environment

T0 = ticks("2026-01-01T00:00:00Z")


class Running:
    """A cecil-fetch with a state, whose records are appended to a file."""

    def __init__(self, folder: Path, env: dict[str, str], *argv: str) -> None:
        self.out = folder / "out.jsonl"
        self.argv = [str(BIN / "cecil-fetch"), *argv, "-q", "--state", "s.db", "--stats", "json"]
        self.more: dict[str, Any] = {"cwd": folder, "env": environment(folder) | env}
        with open(self.out, "ab") as file:
            self.process = subprocess.Popen(
                [*self.argv, "--follow", "--interval", "1s"],
                stdout=file,
                stderr=subprocess.PIPE,
                **self.more,
            )

    def ended_by(self, number: signal.Signals) -> dict[str, Any]:
        """What --stats told."""
        with self.process:
            _, told = self.process.communicate(timeout=60)
        assert self.process.returncode == -number, told
        [line] = told.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found

    def again(self) -> None:
        """A run to the end."""
        with open(self.out, "ab") as file:
            subprocess.run(
                self.argv, stdout=file, stderr=subprocess.PIPE, check=True, timeout=60, **self.more
            )

    def lines(self) -> list[bytes]:
        return self.out.read_bytes().splitlines()


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[AzureService]:
    with AzureService(tmp_path) as service:
        yield service


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_middle_of_a_window(number: signal.Signals, azure: AzureService, tmp_path: Path) -> None:
    rows = [[stamp(T0 + at), f"row {at}"] for at in range(5000)]
    azure.tables["T"] = Table([("TimeGenerated", "datetime"), ("Msg", "string")], rows)
    go = threading.Event()

    def stop(query: int) -> None:
        if query == 3:  # the columns, and a page, are there
            running.process.send_signal(number)
            go.wait(20)

    azure.on_query = stop
    since = ["--rate", "1000", "--since", "2026-01-01T00:00:00Z"]
    place = ["azure", "--endpoint-url", azure.url, "--workspace", WORKSPACE, "--table", "T"]
    running = Running(tmp_path, azure.environment(), *place, *since)
    told = running.ended_by(number)
    go.set()
    assert told["written"] == len(running.lines()) > 900
    assert not told["complete"]
    azure.on_query = None
    running.again()
    assert sorted(json.loads(line)["Msg"] for line in running.lines()) == sorted(row[1] for row in rows)


@pytest.mark.slow
def test_in_the_middle_of_an_object(tmp_path: Path) -> None:
    body = b"".join(b'{"n": %d, "pad": "%s"}\n' % (at, b"x" * 300) for at in range(3000))
    with aws_service.running() as service:
        s3 = service.client("s3")
        s3.create_bucket(
            Bucket="interrupted", CreateBucketConfiguration={"LocationConstraint": aws_service.REGION}
        )
        s3.put_object(Bucket="interrupted", Key="a", Body=body)
        plan = service.fresh("ok", "ok", "cut:500000")
        go = threading.Event()

        def stop(_: str) -> None:
            if len([1 for operation, path, _ in plan.seen if path.endswith("/a")]) == 2:
                running.process.send_signal(signal.SIGINT)
                go.wait(20)

        plan.before = stop
        running = Running(tmp_path, service.env(), "aws", "--s3", "s3://interrupted/", "--since", "1h")
        told = running.ended_by(signal.SIGINT)
        go.set()
        assert told["written"] == len(running.lines()) > 900
        service.fresh()
        running.again()
        assert running.out.read_bytes() == body


def test_between_two_looks_and_in_the_middle_of_a_table(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "app.db") as db:
        db.execute("create table logs(id integer primary key, msg text)")
        db.execute(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 150000) "
            "insert into logs select i, 'row ' || i from n"
        )
    argv = ["db", "sqlite:///app.db", "--table", "logs", "--cursor", "id"]
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        before = out.stat().st_size if out.exists() else -1
        running = Running(tmp_path, {}, *argv, "--since=1970-01-01T00:00:00Z")
        waited(lambda: out.stat().st_size > max(before, 0))  # noqa: B023
        running.process.send_signal(signal.SIGINT)
        running.ended_by(signal.SIGINT)
        db.execute("insert into logs(msg) values('one more')")
        db.commit()
    running.again()
    assert [json.loads(line)["id"] for line in running.lines()] == list(range(1, 150_003))


def waited(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def interrupted() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)


def test_a_signal_waits_for_a_safe_place_and_the_second_one_does_not() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        with interrupts.waiting():
            pass
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Stopped) as stopped, interrupts.waiting():
            pytest.fail("it came before")
        assert stopped.value.number == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    with Interrupts() as interrupts, pytest.raises(Stopped), interrupts.waiting():
        interrupted()
    assert signal.getsignal(signal.SIGINT) is before


def test_who_ignores_signals_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts, interrupts.waiting():
            os.kill(os.getpid(), signal.SIGINT)
        assert interrupts.came is None
    finally:
        signal.signal(signal.SIGINT, before)
