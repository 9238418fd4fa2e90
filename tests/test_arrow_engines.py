"""The examples of cecil-spark(1) for other engines, with the engines where they are installed (`make spark`)."""

import importlib.util
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from cecil import Sanitizer
from tests.conftest import build_sanitizer


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(importlib.util.find_spec(name) is None, reason=f"no {name}: make spark")


pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # warnings of the engines' own

ROWS = [
    {"id": number, "user": {"email": f"u{number}@example.com"}, "tags": ["x", "4111 1111 1111 1111"]}
    for number in range(20)
]
MADE = [
    {"id": number, "user": {"email": "<EMAIL_ADDRESS>"}, "tags": ["x", "<CREDIT_CARD>"]}
    for number in range(20)
]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    parquet.write_table(pa.Table.from_pylist(ROWS), tmp_path / "logs.parquet")
    return tmp_path / "logs.parquet"


@needs("polars")
def test_polars(logs: Path) -> None:
    import polars

    table = polars.read_parquet(logs).to_arrow()
    made = build_sanitizer().redact_batches(table.to_batches())
    clean: Any = polars.from_arrow(pa.Table.from_batches(made, table.schema))
    assert clean.to_dicts() == MADE
    assert clean.schema == polars.read_parquet(logs).schema


@needs("duckdb")
def test_duckdb(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(tmp_path)
    reader = duckdb.sql("select * from 'logs.parquet'").to_arrow_reader()
    clean = pa.Table.from_batches(build_sanitizer().redact_batches(reader), reader.schema)
    assert clean.num_rows == len(ROWS)
    duckdb.sql("copy clean to 'clean.parquet'")
    assert parquet.read_table("clean.parquet").to_pylist() == MADE


@needs("dask")
def test_dask(logs: Path) -> None:
    import dask.dataframe
    import pandas

    sanitizer = build_sanitizer()

    def redact(frame: Any) -> Any:
        table = pa.Table.from_pandas(frame)
        return pa.Table.from_batches(
            sanitizer.redact_batches(table.to_batches()), table.schema).to_pandas(types_mapper=pandas.ArrowDtype)  # fmt: skip

    frame = dask.dataframe.read_parquet(str(logs), dtype_backend="pyarrow")
    made = frame.map_partitions(redact)
    assert (made.dtypes == frame.dtypes).all()
    assert pa.Table.from_pandas(made.compute(scheduler="sync"), preserve_index=False).to_pylist() == MADE


class Redact:
    """Ray's actor: detectors are made once."""

    def __init__(self) -> None:
        self.sanitizer = Sanitizer("default", nlp="none")

    def __call__(self, table: pa.Table) -> pa.Table:
        return pa.Table.from_batches(self.sanitizer.redact_batches(table.to_batches()), table.schema)


@needs("ray")
def test_ray(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    import ray

    ray.init(
        num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", object_store_memory=80 << 20,
        log_to_driver=False,
    )  # fmt: skip
    try:
        data = ray.data.read_parquet(str(logs))
        data.map_batches(Redact, batch_format="pyarrow", concurrency=1).write_parquet(str(tmp_path / "clean"))
    finally:
        ray.shutdown()
    made = parquet.read_table(tmp_path / "clean").to_pylist()
    assert sorted(made, key=lambda row: row["id"]) == MADE
    assert os.listdir(tmp_path / "clean")
