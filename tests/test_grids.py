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
    # BigQuery, with a record that repeats
    (
        {
            "schema": {"fields": [{"name": "n"}, {"name": "ssn"}, {"name": "phone"}]},
            "rows": [
                {"f": [{"v": "1"}, {"v": SSN}, {"v": [{"v": PHONE}]}]},
                {"f": [{"v": "2"}, {"v": None}, {"v": []}]},
            ],
        },
        [SSN, PHONE],
    ),
    # Timestream
    (
        {
            "Rows": [{"Data": [{"ScalarValue": "gold"}, {"ScalarValue": SSN}]}],
            "ColumnInfo": [{"Name": "n", "Type": {"ScalarType": "VARCHAR"}}, {"Name": "ssn"}],
        },
        [SSN],
    ),
    # Athena, with its columns and without
    (
        {
            "ResultSet": {
                "Rows": [
                    {"Data": [{"VarCharValue": "n"}, {"VarCharValue": "last_name"}]},
                    {"Data": [{"VarCharValue": "1"}, {"VarCharValue": "Adeyemi"}]},
                    {"Data": [{"VarCharValue": "2"}, {}]},
                ],
                "ResultSetMetadata": {"ColumnInfo": [{"Name": "n"}, {"Name": "last_name"}]},
            }
        },
        ["Adeyemi"],
    ),
    (
        {
            "Rows": [
                {"Data": [{"VarCharValue": "n"}, {"VarCharValue": "ssn"}]},
                {"Data": [{"VarCharValue": "1"}, {"VarCharValue": SSN}]},
            ]
        },
        [SSN],
    ),
    # RDS, Redshift
    (
        {
            "columnMetadata": [{"name": "n", "label": "n"}, {"name": "ssn", "label": "ssn"}],
            "records": [[{"longValue": 1}, {"stringValue": SSN}], [{"longValue": 2}, {"isNull": True}]],
        },
        [SSN],
    ),
    (
        {"ColumnMetadata": [{"name": "password"}], "Records": [[{"stringValue": "hG5kLm9q"}]]},
        ["hG5kLm9q"],
    ),
    # Snowflake, ClickHouse, Neo4j
    ({"data": [[SSN]], "resultSetMetaData": {"rowType": [{"name": "SSN", "type": "text"}]}}, [SSN]),
    ({"meta": [{"name": "ssn", "type": "String"}], "data": [[SSN]]}, [SSN]),
    ({"columns": ["p.ssn"], "data": [{"row": [SSN], "meta": [None]}]}, [SSN]),
    # No table, or none that promises anything
    ({"schema": {"fields": [{"name": "n"}, {"name": "ssn"}]}, "rows": [{"f": [{"v": SSN}]}]}, []),
    ({"schema": {"fields": [{"name": "ssn"}]}, "rows": [{"g": [{"v": SSN}]}]}, []),
    ({"schema": {"fields": [{"name": "ssn"}]}, "rows": [{"f": {"v": SSN}}]}, []),
    ({"schema": {"fields": [{"name": "n"}]}, "rows": [{"f": [{"v": SSN}]}]}, []),
    ({"columnMetadata": [{"name": "password"}], "records": [[{"stringValue": "reset"}]]}, []),
    ({"columnMetadata": [{"name": "ssn"}], "records": [[{"isNull": True}]]}, []),
    ({"a": [{"v": 412739985}], "meta": {"a": 1}, "data": ["x"]}, []),
    ({"Rows": [{"Data": [{"VarCharValue": "n"}, {"VarCharValue": SSN}]}, {"Data": [{}, {}]}]}, []),
    ({"Rows": [{"Data": [{"VarCharValue": "ssn"}]}]}, []),
    ({"a": [{"Data": ["n", "ssn", "city"]}, {"Data": ["a", SSN, "Radom"]}]}, []),
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
