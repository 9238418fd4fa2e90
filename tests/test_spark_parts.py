"""What Spark's workers run, and how counts are put together, without Spark."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from cecil import Policy
from cecil.errors import CountsError, SourceError
from cecil.sanitizer.keyring import Keyring
from cecil.spark import worker
from cecil.spark.counting import ByPartition, Part, together
from tests.conftest import write_key
from tests.test_arrow import DEEP, PEM


def carried(key: Any = None) -> Any:
    """What a worker sees of a broadcast."""
    policy = Policy.parse(b"version: 1\nextends: default\nentities: {EMAIL_ADDRESS: hash}\n", "p.yaml")
    return SimpleNamespace(value=worker.Secret(policy, key, {"nlp": "none"}))


def judged(task: worker.Task, *batches: pa.RecordBatch) -> tuple[list[Any], Part]:
    part = Part()
    rows = [row for made in task.judged(iter(batches), part) for row in made.to_pylist()]
    return rows, part


def written(task: worker.Task, *batches: pa.RecordBatch) -> tuple[list[str], Part]:
    """The lines that Spark writes of rows: each ends with a line break."""
    rows, part = judged(task, *batches)
    return "".join(f"{row['value']}\n" for row in rows).split("\n")[:-1], part


def lines(*some: bytes) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(some, pa.binary()).view(pa.string())], names=["value"])


def test_rows(tmp_path: Path) -> None:
    write_key(tmp_path / "key", b"k" * 32)
    batch = pa.RecordBatch.from_pydict({"e": ["a@example.com", DEEP], "n": [1, 2]})
    rows, part = judged(worker.Redact(["e", "n"], carried(str(tmp_path / "key"))), batch, batch)
    same, _ = judged(worker.Redact(["e", "n"], carried(Keyring(b"k" * 32))), batch)
    assert rows == same * 2 and rows[0]["e"].startswith("<EMAIL_ADDRESS#")
    assert (part.read, part.quarantined) == (4, 2)
    bad, part = judged(worker.Refused(["e", "n"], carried(Keyring(b"k" * 32))), batch)
    assert [json.loads(row["raw"]) for row in bad] == [{"e": DEEP, "n": 2}]
    assert list(part.refused) == []


def test_rows_that_are_no_table() -> None:
    names = ["e", "n", worker.BROKEN]
    batch = pa.RecordBatch.from_arrays(
        [pa.array(["1", None, "M\ufffdller", "x"]), pa.array(["2", None, None, "y"]), pa.array([None, "1,2,3", None, None])],
        names=["0", "1", "2"],
    )  # fmt: skip
    task = carried(Keyring(b"k" * 32))
    rows, part = judged(worker.Redact(names, task), batch)
    assert rows == [{"e": "1", "n": "2"}, {"e": "x", "n": "y"}]
    assert (part.read, part.written, part.quarantined) == (4, 2, 2)
    bad, part = judged(worker.Refused(names, task), batch)
    assert [(row["reason"], row["raw"]) for row in bad] == [
        ("not as many values as the header has columns", "1,2,3"),
        ("not valid UTF-8", '{"e":"M\ufffdller","n":null}'),
    ]
    assert (part.read, part.written) == (4, 2)


def test_lines() -> None:
    task = carried(Keyring(b"k" * 32))
    some = lines(b'{"e":"x y","n":1.10}', b'{"a":', b"\xff", b"")
    rows, part = written(worker.RedactLines("jsonl", task), some)
    assert rows == ['{"e":"x y","n":1.10}', ""]
    assert (part.read, part.written, part.quarantined) == (4, 2, 2)
    bad, part = judged(worker.RefusedLines("jsonl", task), some)
    assert [row["raw"] for row in bad] == ['{"a":', "\\xff"] and part.written == 2
    rows, part = written(worker.RedactLines("jsonl", task), lines(b"{", b"}"))
    assert rows == [] and part.quarantined == 2
    assert written(worker.RedactLines("jsonl", task), lines(b"", b""))[0] == ["", ""]
    text = [line.encode() for line in ("x", *PEM)]
    rows, part = written(worker.RedactLines("auto", task), lines(*text[:2]), lines(*text[2:]))
    assert len(rows) == part.written == part.read == 4 + len(PEM) - 3
    assert "MIIE" not in str(rows)
    # A batch of many blocks loses no line, and keeps their order.
    many = lines(
        *(b'{"n":%d,"e":"u%d%bexample.com"}' % (n, n, b"-" if n % 40 else b"@") for n in range(40_000))
    )
    assert len(judged(worker.RedactLines("jsonl", task), many)[0]) > 1
    rows, part = written(worker.RedactLines("jsonl", task), many)
    assert [json.loads(row)["n"] for row in rows] == list(range(40_000)) and part.written == 40_000
    rows, _ = written(worker.RedactLines("auto", task), lines(text[1]))
    assert rows == [PEM[0]]


def test_what_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_made", {})
    task = worker.Redact([], carried())
    first = task.made(object)
    assert task.made(object) is first
    for _ in range(worker.MOST):
        worker.Redact([], carried()).made(object)
    assert len(worker._made) == worker.MOST
    assert task.made(object) is not first


def test_a_secret_shows_nothing(tmp_path: Path) -> None:
    secret = carried("hidden").value
    assert repr(secret) == "Secret()"
    with pytest.raises(SourceError, match="a worker cannot read the key file"):
        worker.Secret(secret.policy, str(tmp_path / "none"), {}).sanitizer()


def test_fingerprints() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    rows = [
        {"object": "chat.completion", "model": "gpt-4o", "id": "x", "usage": usage, "user": "u"},
        {"object": None, "model": "x", "id": None, "usage": None, "user": None},
    ]
    for key, hashed in ((None, False), (Keyring(b"k" * 32), True)):
        task = worker.Fingerprints(list(rows[0]), SimpleNamespace(value=key))
        made, part = judged(task, pa.RecordBatch.from_pylist(rows))
        (one,) = (json.loads(row["value"]) for row in made)
        assert (one["in_fresh"], one["out_text"], one["kid"] is not None) == (3, 4, hashed)
        assert (part.read, part.dropped) == (2, 1)
    odd = pa.RecordBatch.from_arrays([pa.array([b"\xff"]).view(pa.string())], names=["v"])
    assert judged(worker.Fingerprints(["v"], SimpleNamespace(value=None)), odd)[1].quarantined == 1


def test_counts_of_a_task_that_ran_twice_count_once() -> None:
    def part(read: int, written: int) -> Part:
        made = Part()
        made.read, made.written = read, written
        made.refuse("why", read - written)
        return made

    param = ByPartition()
    total = param.zero({})
    for said in ({0: part(3, 2)}, {1: part(5, 5)}, {0: part(3, 2)}):
        total = param.addInPlace(total, said)
    counts = together(total)
    counts.check()
    assert counts.as_dict() == {
        "read": 8, "written": 7, "dropped": 0, "quarantined": 1, "reasons": {"why": 1},
    }  # fmt: skip
    for number in range(100):
        counts.refuse(f"at column {number}")
    assert counts.refused["another reason"] == 37
    counts.read += 1
    with pytest.raises(CountsError, match="the counts do not add up"):
        counts.check()


def test_where_something_broke() -> None:
    assert worker._place(ValueError()) == "an unknown place"


def test_a_failure_of_java_is_told_by_its_first_cause() -> None:
    from cecil.spark.job import Job, _kinds, _told

    class Java:
        def __init__(self, name: str, cause: "Java | None") -> None:
            self.name, self.cause = name, cause

        def getClass(self) -> Any:
            return SimpleNamespace(getSimpleName=lambda: self.name)

        def getCause(self) -> "Java | None":
            return self.cause

    error = ValueError("u1@example.com")
    job = Job(["in"], "out", "bad", "jsonl", Policy.built_in("default"), "/etc/key")

    def said(error: Exception) -> str:
        return f"{type(told := _told(error, job, 'in')).__name__}: {told}"

    error.java_exception = Java("RuntimeException", Java("ClassNotFoundException", None))  # type: ignore[attr-defined]
    assert _kinds(error) == ["RuntimeException", "ClassNotFoundException"]
    assert said(error) == "SourceError: in: no file system of this kind in Spark"
    error.java_exception = Java("SparkIllegalArgumentException", None)  # type: ignore[attr-defined]
    assert said(error) == "OutputError: Spark failed: ValueError (SparkIllegalArgumentException)"
    error.java_exception = object()  # type: ignore[attr-defined]
    assert said(error) == "OutputError: Spark failed: ValueError"


def test_a_failure_of_a_worker_is_told_without_what_it_says() -> None:
    from cecil.spark.job import Job, _told

    class PythonError(Exception):
        def getCondition(self) -> str:
            return "PYTHON_EXCEPTION"

    job = Job(["in"], "out", "bad", "jsonl", Policy.built_in("default"), "/etc/key")
    for text, said in (
        ("  File x\ncecil.errors.WorkerError: ValueError in columns.py:17\n", "a worker failed: ValueError in columns.py:17"),
        ("cecil.errors.SourceError: /etc/key: a worker cannot read the key file\n", "/etc/key: a worker cannot read"),
        ("cecil.errors.UsageError: /etc/key:1: not a key\n", "/etc/key: a worker cannot read"),
        ("ValueError: u1@example.com\n", "Spark failed: PythonError (PYTHON_EXCEPTION)"),
        ("cecil.errors.WorkerError: u1@example.com in x\n", "Spark failed: PythonError (PYTHON_EXCEPTION)"),
    ):  # fmt: skip
        told = str(_told(PythonError(text), job, None))
        assert told.startswith(said) and "u1@" not in told
