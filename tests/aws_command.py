"""`cecil-fetch aws` in this process, against AWS on loopback: what a process would do, without its start."""

import functools
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from cecil.commands.boundary import call
from cecil.providers.cloud import aws_client
from tests.aws_service import KEY_ID, SECRET, Service
from tests.conftest import environment


class Result(NamedTuple):
    status: int
    out: bytes
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def stats(self) -> dict[str, Any]:
        return next(json.loads(line) for line in self.err.splitlines() if line.startswith("{"))


Fetch = Callable[..., Result]


@functools.cache
def _shared_loader() -> Any:
    from botocore.loaders import Loader

    return Loader(file_loader=aws_client._LeanFiles())


def fetching(aws: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capfdbinary: Any) -> Fetch:
    """`fetch("--log-group", "x", faults=["500"])`; the waits between tries are a hundredth of what they are."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (environment(tmp_path) | aws.env()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("cecil.providers.cloud.retry.FIRST", 0.005)
    # Descriptions of services are read once: half of the time of a run without its start.
    monkeypatch.setattr(aws_client, "_loader", _shared_loader)
    monkeypatch.chdir(tmp_path)

    def run(*args: str, faults: list[str] | None = None, pace: bool = False, **more: Any) -> Result:
        if faults is not None or more:
            aws.fresh(*(faults or ()), **more)
        rate = () if pace or "--rate" in args else ("--rate", "2000")
        capfdbinary.readouterr()
        status = call("fetch", ["aws", *args, *rate, "--stats", "json"])
        captured = capfdbinary.readouterr()
        result = Result(status, captured.out, captured.err.decode())
        for secret in (SECRET, KEY_ID, "Traceback"):
            assert secret not in result.err
        return result

    return run
