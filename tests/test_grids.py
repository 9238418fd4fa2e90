"""Tables in JSON whose columns are named apart from the values."""

import json
from typing import Any

import pyarrow as pa
import pytest

from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.sanitizer import Sanitizer
from tests.conftest import build_sanitizer

PHONE, SSN = "2025550147", "412739985"


@pytest.fixture(scope="module")
def ours() -> Sanitizer:
    return build_sanitizer()


TABLES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"columns": ["id", "ssn", "last_name"], "rows": [[17, SSN, "Adeyemi"], [18, None, "Hoogland"]]},
        [SSN, "Adeyemi", "Hoogland"],
    ),
    ({"data": [["a1", PHONE]], "index": [0], "columns": ["n", "phone"]}, [PHONE]),
    ({"columns": [{"name": "ssn", "type": "text"}, {"name": "n"}], "data": [[SSN, "gold"]]}, [SSN]),
    ({"schema": {"fields": [{"name": "ssn"}]}, "datarows": [[SSN]]}, [SSN]),
    ({"r": [{"s": [{"columns": ["t", "password"], "values": [["1", "hG5kLm9q"]]}]}]}, ["hG5kLm9q"]),
    ({"fields": ["n", "phone"], "values": ["gold", PHONE]}, [PHONE]),
    ({"fields": ["n", "ssn"], "values": [1, 412739985]}, ["412739985"]),
    ({"data": [["id", "last_name", "ssn"], [17, "Adeyemi", SSN]]}, ["Adeyemi", SSN]),
    ({"values": [["Plan", "Phone", "Patient ID"], ["gold", PHONE, "X12"]]}, [PHONE, "X12"]),
    # No table, or none that promises anything
    ({"columns": ["id", "ssn"], "rows": [[SSN]]}, []),
    ({"columns": ["id", "ssn"], "rows": SSN}, []),
    ({"columns": ["id", 17], "rows": [[17, SSN]]}, []),
    ({"columns": [], "rows": [[SSN]]}, []),
    ({"columns": [{"x": "ssn"}], "rows": [[SSN]]}, []),
    ({"columns": ["n", "city"], "rows": [[17, "Radom"]]}, []),
    ({"columns": ["token", "n"], "rows": [["the", 17]]}, []),
    ({"columns": ["ssn", "n"], "rows": [], "m": SSN}, []),
    ({"columns": ["ssn", "phone"], "values": ["text", "VARCHAR(11)"]}, []),
    ({"columns": ["n", "ssn"], "rows": [{"a": SSN}, {"a": 17}]}, []),
    ({"data": [["n", "m", "o"], [17, "a", SSN]]}, []),
    ({"data": [["n", "ssn", "ssn"], [17, SSN, "a"]]}, []),
    ({"data": [["n", "ssn"], SSN]}, []),
]


@pytest.mark.parametrize(("record", "values"), TABLES)
def test_tables(ours: Sanitizer, record: dict[str, Any], values: list[str]) -> None:
    for one in (record, {"a": [record]}, {"m": json.dumps(record)}):
        line = json.dumps(one).encode() + b"\n"
        made = BlockFilter(ours).judge(line)
        assert made == BlockFilter(ours).judge_one_by_one(line)
        assert [value for value in values if value.encode() in made.data] == []
        assert (made.data == line) is (not values)
        assert ours.redact_json(made.data)[0].rstrip() == made.data.rstrip()


def test_rows_that_are_longer_than_the_head_go_by_themselves(ours: Sanitizer) -> None:
    record = {"columns": ["n", "ssn"], "rows": [[1, SSN], [2, SSN, 3], "x"]}
    assert ours.redact(record)[0] == {
        "columns": ["n", "ssn"],
        "rows": [[1, "<US_SSN>"], [2, SSN, 3], "x"],
    }


def test_the_same_in_columns(ours: Sanitizer) -> None:
    for record, _ in TABLES:
        try:
            batch = pa.RecordBatch.from_pylist([record, record])
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # not all rows are of one type
            continue
        made = [row for one in ours.redact_batches([batch]) for row in one.to_pylist()]
        assert made == [ours.redact(row)[0] for row in batch.to_pylist()], record
