"""`Sanitizer` as programs use it: records, texts, lines, Arrow batches; its examples."""

import doctest
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cecil.errors import RecordError
from cecil.sanitizer import detector, sanitizer, scanner
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy, built_in_names
from cecil.sanitizer.sanitizer import Sanitizer
from tests.conftest import ROOT, build_cache, build_sanitizer, environment, write_key

PEM = ["-----BEGIN RSA PRIVATE KEY-----", "MIIEowIBAAKCAQEA" + "7x" * 20, "-----END RSA PRIVATE KEY-----"]


def build(text: str, **more: Any) -> Sanitizer:
    return build_sanitizer(Policy.parse(f"version: 1\nextends: default\n{text}".encode(), "p.yaml"), **more)


@pytest.mark.parametrize("module", [sanitizer, detector])
def test_examples(module: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    write_key(tmp_path / "cecil.key", b"k" * 32)
    compiled = scanner._database
    monkeypatch.setattr(scanner, "_database", lambda rows, cache: compiled(rows, cache or build_cache()))
    failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert (failed, tried > 3) == (0, True)


PROGRAM = """
from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import pyarrow as pa

from cecil import Finding, Policy, Sanitizer

sanitizer = Sanitizer(Policy.load("hipaa"), key=Path("cecil.key").read_bytes())


def main(lines: list[str], raw: Iterator[bytes], batches: Iterator[pa.RecordBatch]) -> None:
    assert_type(sanitizer.redact({"a": 1}), tuple[Any, list[Finding]])
    assert_type(sanitizer.redact_text("x"), tuple[str, list[Finding]])
    assert_type(sanitizer.redact_text(b"x"), tuple[bytes, list[Finding]])
    assert_type(sanitizer.redact_lines(lines), Iterator[str])
    assert_type(sanitizer.redact_lines(raw), Iterator[bytes])
    assert_type(next(sanitizer.redact_batches(batches)), pa.RecordBatch)
    Sanitizer(key="cecil.key")  # WRONG
    sanitizer.redact_text(3)  # WRONG
"""


@pytest.mark.slow
def test_types_as_a_program_of_a_users_sees_them(tmp_path: Path) -> None:
    """What mypy says of it; of Cecil itself `make lint` asks."""
    assert (ROOT / "cecil" / "py.typed").exists()
    (tmp_path / "program.py").write_text(PROGRAM)
    options = ["--strict", "--config-file=", "--follow-imports=silent", "--disable-error-code=import-untyped"]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "program.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment(tmp_path) | {"MYPYPATH": str(ROOT)},
    )
    wrong = [n for n, line in enumerate(PROGRAM.splitlines(), 1) if "WRONG" in line]
    told = [int(line.split(":")[1]) for line in run.stdout.splitlines() if ": error: " in line]
    assert told == wrong, run.stdout


@pytest.mark.parametrize("name", built_in_names())
def test_a_built_in_policy_by_its_name_with_a_key_here_and_in_a_worker(name: str) -> None:
    judge = build_sanitizer(Policy.load(name), key=Keyring(b"k" * 32).file())
    record = {"user": {"id": "u-17", "email": "a@example.com"}, "msg": "from 8.8.8.8", "n": [1.5, True, None]}
    text = "a@example.com from 8.8.8.8\n"
    other = pickle.loads(pickle.dumps(judge))
    assert other.redact(record) == judge.redact(record)
    if judge.policy.strategy == "deep":
        assert other.redact_text(text) == judge.redact_text(text)
        assert list(other.redact_lines([text])) == [judge.redact_text(text)[0]]


class TestText:
    def test_str_gives_str_and_bytes_bytes(self) -> None:
        judge = build_sanitizer()
        assert judge.redact_text("mail a@example.com\n")[0] == "mail <EMAIL_ADDRESS>\n"
        assert judge.redact_text(b"mail a@example.com\n")[0] == b"mail <EMAIL_ADDRESS>\n"
        assert judge.redact_text("nothing \u00fc")[0] == "nothing \u00fc"

    def test_a_lone_surrogate_is_no_text(self) -> None:
        with pytest.raises(RecordError):
            build_sanitizer().redact_text("\ud800 a@example.com")


class TestLines:
    def test_records_and_text_with_newlines_or_without(self) -> None:
        judge = build_sanitizer()
        lines = ['{"a":"b@example.com"}', "from 8.8.8.8", "nothing"]
        new = ['{"a":"<EMAIL_ADDRESS>"}', "from <IP_ADDRESS>", "nothing"]
        assert list(judge.redact_lines(lines)) == new
        assert list(judge.redact_lines(f"{line}\n" for line in lines)) == [f"{line}\n" for line in new]
        assert list(judge.redact_lines(line.encode() for line in lines)) == [line.encode() for line in new]
        assert list(judge.redact_lines([])) == []

    def test_a_generator_is_asked_for_no_more_than_is_needed(self) -> None:
        asked = []

        def lines() -> Any:
            for number in range(3):
                asked.append(number)
                yield f"line {number}"

        first = next(iter(build_sanitizer().redact_lines(lines())))
        assert (first, asked) == ("line 0", [0])

    def test_an_item_of_several_lines(self) -> None:
        made = build_sanitizer().redact_lines(["a@example.com\nb\n", "c@example.com\n"])
        assert list(made) == ["<EMAIL_ADDRESS>\n", "b\n", "<EMAIL_ADDRESS>\n"]

    def test_a_key_over_several_lines(self) -> None:
        made = list(build_sanitizer().redact_lines(["before", *PEM, "behind"]))
        assert made[0] == "before"
        assert made[-1] == "behind"
        assert "MIIE" not in "".join(made)
        made = list(build_sanitizer().redact_lines(["before", *PEM[:2]]))
        assert len(made) == 3
        assert "MIIE" not in "".join(made)

    def test_what_must_not_go_on(self) -> None:
        judge = build_sanitizer()
        lines = [b'{"a": }', b"one", b"\xff a@example.com", b"two", b'{"b"', b'three\n{"c":']
        refused: list[tuple[bytes, str]] = []
        assert list(judge.redact_lines(lines, lambda line, why: refused.append((line, why)))) == [
            b"one",
            b"two",
            b"three",
        ]
        assert [line for line, _ in refused] == [b'{"a": }', b"\xff a@example.com", b'{"b"', b'{"c":']
        with pytest.raises(RecordError):
            list(judge.redact_lines(lines))
        refused.clear()
        made = judge.redact_lines([b'{"a":\nfour\n{"b":\n'], lambda line, why: refused.append((line, why)))
        assert list(made) == [b"four\n"]
        assert [line for line, _ in refused] == [b'{"a":\n', b'{"b":\n']
        gone: list[str] = []
        assert list(judge.redact_lines(["\ud800", "x"], lambda line, why: gone.append(line))) == ["x"]
        assert gone == ["\ud800"]

    def test_a_line_that_waits_until_the_end(self) -> None:
        assert list(build_sanitizer().redact_lines(["x", PEM[0]])) == ["x", PEM[0]]

    def test_after_a_pickle(self) -> None:
        judge = pickle.loads(pickle.dumps(build_sanitizer()))
        assert list(judge.redact_lines(["a@example.com"])) == ["<EMAIL_ADDRESS>"]


class TestBatches:
    def one(self, judge: Sanitizer, values: list[Any], kind: pa.DataType) -> list[Any]:
        batch = pa.RecordBatch.from_arrays([pa.array(values, kind)], names=["v"])
        made = list(judge.redact_batches([batch]))
        assert [one.schema for one in made] == [batch.schema]
        made[0].validate(full=True)
        return made[0].column(0).to_pylist()

    @pytest.mark.parametrize(
        ("kind", "values", "new"),
        [
            (pa.string(), ["a@example.com", None, "x"], ["<EMAIL_ADDRESS>", None, "x"]),
            (pa.large_string(), ["a@example.com"], ["<EMAIL_ADDRESS>"]),
            (pa.dictionary(pa.int8(), pa.string()), ["a@example.com", "x"], ["<EMAIL_ADDRESS>", "x"]),
            (pa.int64(), [4111111111111111, 17, None], [None, 17, None]),
            (pa.float64(), [4111111111111111.0, 1.5], [None, 1.5]),
            (pa.bool_(), [True, None], [True, None]),
            (pa.decimal128(20, 2), [Decimal("4111111111111111.00"), Decimal("1.50")], [Decimal("4111111111111111.00"), Decimal("1.50")]),
            (pa.decimal128(20, 0), [Decimal("4111111111111111")], [None]),
            (pa.binary(), [b"a@example.com", b"\xff a@example.com", b"x"], [b"<EMAIL_ADDRESS>", b"\xff <EMAIL_ADDRESS>", b"x"]),
            (pa.timestamp("us", "UTC"), [datetime(2026, 11, 21, tzinfo=UTC)], [datetime(2026, 11, 21, tzinfo=UTC)]),
            (pa.date32(), [date(2026, 11, 21)], [date(2026, 11, 21)]),
            (pa.time64("us"), [time(12, 30)], [time(12, 30)]),
            (pa.list_(pa.string()), [["a@example.com", "x"], [], None], [["<EMAIL_ADDRESS>", "x"], [], None]),
            (pa.list_(pa.int64()), [[4111111111111111, 1]], [[None, 1]]),
            (pa.struct({"s": pa.string(), "n": pa.int64()}), [{"s": "a@example.com", "n": 1}, {"s": "x", "n": 4111111111111111}, None], [{"s": "<EMAIL_ADDRESS>", "n": 1}, {"s": "x", "n": None}, None]),
            (pa.list_(pa.struct({"s": pa.list_(pa.string())})), [[{"s": ["a@example.com"]}, {"s": None}]], [[{"s": ["<EMAIL_ADDRESS>"]}, {"s": None}]]),
            (pa.map_(pa.string(), pa.string()), [[("k", "a@example.com"), ("b@example.com", "x")], []], [[("k", "<EMAIL_ADDRESS>"), ("<EMAIL_ADDRESS>", "x")], []]),
            (pa.map_(pa.binary(), pa.string()), [[(b"a@example.com", "x")]], [[(b"<EMAIL_ADDRESS>", "x")]]),
            (pa.map_(pa.int64(), pa.int64()), [[(4111111111111111, 7), (1, 4111111111111111)]], [[(1, None)]]),
        ],
        ids=str,
    )  # fmt: skip
    def test_types(self, kind: pa.DataType, values: list[Any], new: list[Any]) -> None:
        assert self.one(build_sanitizer(), values, kind) == new

    def test_what_stands_for_a_number_or_a_time_is_cast(self) -> None:
        judge = build("fields: {v: {action: generalise, to: year}}")
        assert self.one(judge, ["2026-11-21"], pa.string()) == ["2026"]
        assert self.one(judge, [datetime(2026, 11, 21)], pa.timestamp("us")) in (
            [None],
            [datetime(2026, 1, 1)],
        )
        assert self.one(build("fields: {v: {action: mask}}"), [17], pa.int64()) == [None]
        assert self.one(build("fields: {v: {action: mask}}"), [Decimal("1.5")], pa.decimal128(3, 1)) == [None]

    def test_what_is_dropped(self) -> None:
        assert self.one(build("fields: {v: drop}"), ["a"], pa.string()) == [None]
        assert self.one(
            build("fields: {'v[*].a': drop}"), [[{"a": 1}]], pa.list_(pa.struct({"a": pa.int64()}))
        ) == [[{"a": None}]]
        judge = build("fields: {'v.*': drop}")
        assert self.one(judge, [["a", "b"]], pa.list_(pa.string())) == [[]]
        assert self.one(judge, [[("k", "v")]], pa.map_(pa.string(), pa.string())) == [[]]
        judge = build("fields: {'**.x': drop}")
        kind = pa.list_(pa.map_(pa.string(), pa.string()))
        assert self.one(judge, [[[("x", "1"), ("y", "a@example.com")]]], kind) == [
            [[("y", "<EMAIL_ADDRESS>")]]
        ]

    def test_what_must_not_go_on(self) -> None:
        judge = build("strategy: deep")
        deep = '{"a":' * 10 + '"x@example.com"' + "}" * 10
        for _ in range(7):
            deep = '{"a":' + __import__("json").dumps(deep) + "}"
        batch = pa.RecordBatch.from_pydict({"v": [deep, "x"]})
        refused: list[dict[str, Any]] = []
        (made,) = judge.redact_batches([batch], lambda record, why: refused.append(record))
        assert made.to_pylist() == [{"v": "x"}]
        assert refused == [{"v": deep}]
        with pytest.raises(RecordError):
            list(judge.redact_batches([batch]))

    def test_no_batch_and_none_of_rows(self) -> None:
        judge = build_sanitizer()
        assert list(judge.redact_batches([])) == []
        empty = pa.RecordBatch.from_pydict({"v": pa.array([], pa.string())})
        assert [one.num_rows for one in judge.redact_batches([empty])] == [0]
