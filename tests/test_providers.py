"""Providers: found by name, context managers, and the one that makes records up."""

import hashlib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest

from cecil.errors import OutputError, SourceError, UsageError
from cecil.providers import PROVIDERS, provider_class
from cecil.providers.base import BaseDataProvider, Record
from cecil.providers.mock import MockDataProvider
from cecil.stream.quarantine import Quarantine


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_name_leads_to_its_provider(name: str) -> None:
    found = provider_class(name)
    assert issubclass(found, BaseDataProvider)
    assert found.name == name


def test_every_source_of_the_command_is_a_provider() -> None:
    parser = importlib.import_module("cecil.commands.fetch").parser()
    (sources,) = [action.choices for action in parser._actions if action.dest == "source"]
    assert set(sources) == {name.partition("-")[0] for name in PROVIDERS}


def test_a_name_that_leads_nowhere() -> None:
    with pytest.raises(UsageError, match="no source ftp") as caught:
        provider_class("ftp")
    assert "mock" in str(caught.value.hint)


class Numbers(BaseDataProvider):
    """The smallest provider."""

    name: ClassVar[str] = "numbers"
    states: list[str]

    def connect(self) -> None:
        self.states = ["connected"]

    def close(self) -> None:
        self.states.append("closed")

    def fetch_metadata(self) -> dict[str, Any]:
        return {"source": self.name}

    def stream_records(self) -> Iterator[Record]:
        for number in range(40_000):
            self.quarantine.counts.read += 1
            yield {"n": number}


def test_the_contract_makes_batches_of_records() -> None:
    with Numbers(Quarantine("unused")) as provider:
        assert provider.states == ["connected"]
        batches = list(provider.stream_batches())
    assert provider.states == ["connected", "closed"]
    assert len(batches) > 1
    lines = b"".join(batch.data for batch in batches).splitlines()
    assert [orjson.loads(line)["n"] for line in lines] == list(range(40_000))
    assert [batch.data.count(b"\n") for batch in batches] == [batch.count for batch in batches]
    assert provider.quarantine.counts.read == 40_000


def test_a_provider_is_closed_when_its_user_fails() -> None:
    provider = Numbers(Quarantine("unused"))
    with pytest.raises(ZeroDivisionError), provider:
        raise ZeroDivisionError
    assert provider.states == ["connected", "closed"]


def test_a_provider_that_got_half_the_way_is_closed() -> None:
    class Refused(Numbers):
        def connect(self) -> None:
            super().connect()
            raise UsageError("the query names a column twice")

    provider = Refused(Quarantine("unused"))
    with pytest.raises(UsageError), provider:
        pytest.fail("entered")
    assert provider.states == ["connected", "closed"]


def made(records: int = 200, seed: int = 0, truth: Path | None = None) -> bytes:
    with MockDataProvider(
        records, seed, quarantine=Quarantine("unused"), truth=truth and str(truth)
    ) as provider:
        return b"".join(batch.data for batch in provider.stream_batches())


def test_the_same_seed_makes_the_same_records_everywhere() -> None:
    assert made() == made()
    assert made(seed=1) != made()
    assert made(records=50) == b"".join(made().splitlines(keepends=True)[:50])
    # Pinned, so that a change of the shapes or of Python's generator does not pass unseen.
    assert (
        hashlib.sha256(made()).hexdigest()
        == "e59a281e0c4c642bd84c244fa986a11d6c50448e04ecd2d13d146f3583d6b1ec"
    )


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{place}")
    elif isinstance(value, str):
        yield pointer, value


def test_the_truth_names_every_planted_value(tmp_path: Path) -> None:
    records = [orjson.loads(line) for line in made(300, 3, tmp_path / "truth").splitlines()]
    truth = [orjson.loads(line) for line in (tmp_path / "truth").read_bytes().splitlines()]
    planted: dict[tuple[int, str], list[str]] = {}
    for row in truth:
        planted.setdefault((row["record"], row["pointer"]), []).append(row["value"])
    entities = {row["entity"] for row in truth}
    assert entities == {"EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "US_SSN", "IP_ADDRESS"}
    for number, record in enumerate(records, 1):
        for pointer, text in leaves(record):
            values = planted.pop((number, pointer), [])
            assert all(value in text for value in values)
            rest = text
            for value in values:
                rest = rest.replace(value, "")
            assert "@" not in rest
            assert "555-01" not in rest
            assert "192.0.2." not in rest
    assert planted == {}


def test_records_come_in_several_shapes() -> None:
    shapes = {tuple(sorted(orjson.loads(line))) for line in made().splitlines()}
    assert len(shapes) == 5


def test_the_truth_is_replaced_and_closed(tmp_path: Path) -> None:
    truth = tmp_path / "truth"
    truth.write_text("old\n" * 10_000)
    made(3, 0, truth)
    assert b"old" not in truth.read_bytes()
    with pytest.raises(OutputError):
        MockDataProvider(1, truth=str(tmp_path / "missing" / "truth")).connect()


def test_the_truth_needs_a_connection(tmp_path: Path) -> None:
    provider = MockDataProvider(1, truth=str(tmp_path / "truth"))
    with pytest.raises(SourceError, match="not connected"):
        next(provider.stream_records())


def test_what_describe_tells() -> None:
    with MockDataProvider(7, 3) as provider:
        about = provider.fetch_metadata()
    assert (about["source"], about["records"], about["seed"]) == ("mock", 7, 3)
    assert "order" in about["shapes"]
