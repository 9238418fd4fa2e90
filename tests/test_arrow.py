"""Arrow batches column by column: the same as row by row, whatever the tables and the policies are."""

import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.errors import RecordError, UsageError
from cecil.sanitizer import arrow, columns
from cecil.sanitizer.policy import built_in_names
from tests.conftest import build_sanitizer

KEY = "ab" * 32
PEM = [
    "-----BEGIN RSA PRIVATE KEY-----",
    "MIIEowIBAAKCAQEA" + "7xK9" * 12,
    "q8Zr" * 16,
    "-----END RSA PRIVATE KEY-----",
]
DEEP = '{"a":"x@example.com"}'
for _ in range(6):
    DEEP = '{"a":' + json.dumps(DEEP) + "}"

NAMES = (
    "name key value stringValue email phone created_at note password ssn tags resourceType id birthDate "
    "message user items amount subject zip"
).split()
TEXTS = [
    "", "x", "job 9 done", "mail bob@example.com", "bob@example.com", "Marla Grove", "job Grove 9 done",
    "Dear Ann Lee, call 212-555-0147", "4111 1111 1111 1111", "4111111111111111", "219-09-9999",
    "192.0.2.7", "2026-11-21T10:11:12Z", '{"user":{"name":"Marla Grove"},"n":[1,"a@example.com"]}',
    '{"email": "cut', "Authorization", "password", "email", "a@example.com", "<EMAIL_ADDRESS>", "Patient",
    *PEM, DEEP, "aGVsbG8gYm9iQGV4YW1wbGUuY29tIGhlbGxv", "12345", "Grove", "1980-02-03", "ünï 漢字",
]  # fmt: skip
OWN = {
    "rules": """
        default: redact
        fields:
          email: trust
          note: drop
          "items[0]": drop
          "items[*].id": {action: mask}
          "**.zip": {action: generalise, to: zip3}
          "user.*": {action: hash, entity: WHO}
          "tags.x": keep
          message: {action: truncate, length: 12}
    """,
    "strict": """
        strategy: strict
        fields:
          "items[*].id": keep
          "items[1]": keep
          "tags.*.name": keep
          user: {action: redact}
          message: keep
          "**.value": keep
    """,
    "cases": """
        entities: {EMAIL_ADDRESS: {action: surrogate}, DATE_TIME: {action: shift, subject: subject, days: 90}}
        cases:
          - when: {path: id, equals: x}
            entities: {EMAIL_ADDRESS: keep}
            fields: {message: drop}
          - when: {path: user.name, exists: true}
            fields: {"**.phone": keep}
    """,
    "dropping": """
        entities: {EMAIL_ADDRESS: {action: mask}}
        default: redact
        fields: {"**.x": drop, "*[1]": drop, "value": drop}
    """,
}
"""What no built-in policy has: items by their number, cases, subjects."""


@cache
def judge(name: str, strategy: str, nlp: str = "en") -> Sanitizer:
    text = OWN.get(name)
    policy = (
        Policy.built_in(name) if text is None else Policy.parse(("version: 1\n" + _flat(text)).encode(), name)
    )
    return build_sanitizer(policy.with_strategy(strategy), nlp=nlp, key=build_key())


def _flat(text: str) -> str:
    lines = text.splitlines()[1:]
    return "\n".join(line[8:] for line in lines)


@cache
def build_key() -> Any:
    from cecil.sanitizer.keyring import Keyring

    return Keyring.random()


def kinds() -> st.SearchStrategy[pa.DataType]:
    text = st.sampled_from(
        [pa.string(), pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int8(), pa.string())]
    )
    other = st.sampled_from(
        [
            pa.int64(), pa.int32(), pa.float64(), pa.bool_(), pa.null(), pa.timestamp("us", "UTC"),
            pa.timestamp("ns"), pa.date32(), pa.decimal128(20, 2), pa.decimal64(16, 0), pa.large_binary(),
            pa.string_view(), pa.duration("s"), pa.time64("us"),
        ]
    )  # fmt: skip

    def nested(inner: st.SearchStrategy[pa.DataType]) -> st.SearchStrategy[pa.DataType]:
        return st.one_of(
            inner.map(pa.list_),
            inner.map(pa.large_list),
            inner.map(lambda one: pa.list_(one, 2)),
            inner.map(lambda one: pa.map_(pa.string(), one)),
            inner.map(lambda one: pa.map_(pa.int64(), one)),
            fields(inner).map(pa.struct),
        )

    return st.recursive(st.one_of(text, text, other), nested, max_leaves=6)


def fields(inner: st.SearchStrategy[pa.DataType]) -> st.SearchStrategy[list[tuple[str, pa.DataType]]]:
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
    return names.flatmap(
        lambda chosen: st.tuples(*(st.tuples(st.just(one), inner) for one in chosen)).map(list)
    )


def values(draw: Any, kind: pa.DataType, depth: int = 0) -> Any:
    types = pa.types
    if types.is_null(kind) or draw(st.integers(0, 9)) == 0:
        return None
    if types.is_struct(kind):
        return {field.name: values(draw, field.type, depth + 1) for field in kind}
    if types.is_map(kind):
        pick = st.sampled_from(["x", "email", "zip", "user", "b@example.com", "name", "value"])
        names = draw(
            st.lists(
                pick if types.is_string(kind.key_type) else st.sampled_from([1, 4111111111111111]), max_size=3
            )
        )
        return [(name, values(draw, kind.item_type, depth + 1)) for name in names]
    if types.is_fixed_size_list(kind):
        return [values(draw, kind.value_type, depth + 1) for _ in range(kind.list_size)]
    if types.is_list(kind) or types.is_large_list(kind):
        return [values(draw, kind.value_type, depth + 1) for _ in range(draw(st.integers(0, 3)))]
    if types.is_dictionary(kind):
        return values(draw, kind.value_type, depth)
    if types.is_binary(kind) or types.is_large_binary(kind):
        return draw(st.sampled_from([*(text.encode() for text in TEXTS), b"\xff a@example.com", b"\xfe"]))
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return draw(st.sampled_from(TEXTS))
    some: dict[str, list[Any]] = {
        "bool": [True, False],
        "int64": [4111111111111111, 17, 0, 219099999, 1700000000, 2125550147],
        "int32": [17, 219099999, 1700000000],
        "double": [4111111111111111.0, 1.5, -0.0, 1700000000.0, float("nan")],
        "date32[day]": [date(2026, 11, 21), date(1950, 1, 2)],
        "duration[s]": [17, 2125550147],
        "time64[us]": [datetime(2026, 1, 1, 12, 30).time()],
        "decimal128(20, 2)": [Decimal("4111111111111111.00"), Decimal("1.50")],
        "decimal64(16, 0)": [Decimal("4111111111111111"), Decimal(3)],
    }  # fmt: skip
    return draw(st.sampled_from(some.get(str(kind), [datetime(2026, 11, 21, 1, 2, 3), datetime(1999, 1, 1)])))


@st.composite
def batches(draw: Any) -> pa.RecordBatch:
    schema = pa.schema(draw(fields(kinds())))
    count = draw(st.integers(1, 12))
    rows = [[values(draw, field.type) for _ in range(count)] for field in schema]
    batch = pa.RecordBatch.from_arrays(
        [pa.array(cells, field.type) for cells, field in zip(rows, schema, strict=True)], schema=schema
    )
    start = draw(st.integers(0, count - 1))
    return batch.slice(start, draw(st.integers(1, count)))


def sound(batch: pa.RecordBatch | pa.Array) -> bool:
    """Whether Arrow calls it valid: it makes `[None, [None]]` of fixed-size lists with dictionaries that are not."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def both(sanitizer: Sanitizer, batch: pa.RecordBatch) -> None:
    """Hold the two ways equal."""
    apart: list[tuple[int, str, str]] = []
    together: list[tuple[int, str, str]] = []
    done: arrow.Done = Counter()
    judge = columns.Columns(sanitizer)
    whole = judge.redact(batch, lambda number, record, why: together.append((number, repr(record), why)))
    assert sound(whole) or not sound(batch)
    assert whole.schema == batch.schema
    solid = columns.solid(batch)
    made, kept = arrow.judge_rows(
        sanitizer, solid, lambda number, record, why: apart.append((number, repr(record), why)), done
    )
    assert together == apart
    assert all(map(sound, made)) or not sound(batch)
    assert judge.done == done
    assert whole.num_rows == len(kept)
    for one, other in zip(columns.solid(whole).columns, made, strict=True):
        assert repr(one.to_pylist()) == repr(other.to_pylist())


POLICIES = [(name, strategy) for name in [*built_in_names(), *OWN] for strategy in ("deep", "strict")]
FEW = [("default", "deep"), ("rules", "deep"), ("strict", "strict"), ("cases", "deep")]
SOME = settings(suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate])


@pytest.mark.hypothesis
@settings(SOME, max_examples=12)
@given(batch=batches(), policy=st.sampled_from(FEW))
def test_columns_are_judged_as_rows_are(batch: pa.RecordBatch, policy: tuple[str, str]) -> None:
    both(judge(*policy, "en" if policy[0] == "default" else "none"), batch)


@pytest.mark.slow
@pytest.mark.hypothesis
@settings(SOME, max_examples=400)
@given(batch=batches(), policy=st.sampled_from(POLICIES))
def test_all_policies_judge_columns_as_rows(batch: pa.RecordBatch, policy: tuple[str, str]) -> None:
    both(judge(*policy), batch)


_PLACES = pa.dictionary(pa.int8(), pa.string())


@pytest.mark.parametrize(
    "kind",
    [
        pa.struct([("city", _PLACES)]),
        pa.list_(pa.struct([("city", _PLACES)])),
        pa.large_list(pa.struct([("city", pa.struct([("x", _PLACES)]))])),
        pa.list_(pa.struct([("city", _PLACES)]), 2),
        pa.map_(pa.string(), pa.struct([("city", _PLACES)])),
        pa.struct([("city", pa.dictionary(pa.int8(), pa.string(), ordered=True))]),
        pa.struct([("city", pa.dictionary(pa.int8(), pa.int64()))]),
    ],
    ids=str,
)
@pytest.mark.parametrize("policy", [("default", "deep"), ("strict", "strict")], ids=str)
def test_null_structures_hold_no_index_of_a_dictionary(kind: pa.DataType, policy: tuple[str, str]) -> None:
    # As `pa.array` makes them, they do.
    batch = pa.RecordBatch.from_arrays([pa.nulls(3, kind)], names=["v"])
    sanitizer = judge(*policy)
    both(sanitizer, batch)
    made = columns.Columns(sanitizer).redact(batch)
    made.validate(full=True)
    assert made.column(0).null_count == 3


@pytest.mark.parametrize(("kind", "value"), [(pa.string(), "x"), (pa.int64(), 1)], ids=str)
def test_structures_of_which_something_is_dropped(kind: pa.DataType, value: Any) -> None:
    batch = one([{"city": value}], pa.struct([("city", pa.dictionary(pa.int8(), kind))]))
    (made,), _ = arrow.judge_rows(judge("strict", "strict"), batch, None, Counter())
    made.validate(full=True)
    assert made.to_pylist() == [{"city": None}]


def one(values: list[Any], kind: pa.DataType, name: str = "v") -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(values, kind)], names=[name])


def redacted(sanitizer: Sanitizer, batch: pa.RecordBatch) -> list[Any]:
    """What is made of it, held equal to what its rows give."""
    both(sanitizer, batch)
    (made,) = sanitizer.redact_batches([batch], lambda record, why: None)
    rows: list[Any] = made.to_pylist()
    return rows


@pytest.fixture
def plain() -> Sanitizer:
    return build_sanitizer()


class TestWhatARowSays:
    """What a leaf's verdict takes from the rest of its row."""

    def test_a_name_that_a_key_tells(self) -> None:
        rows = [
            {"user": {"name": "Marla Grove"}, "log": {"m": "job Grove 9 done", "n": ["Grove"]}, "t": b"x"},
            {"user": {"name": "Ann Lee"}, "log": {"m": "job Grove 9 done", "n": []}, "t": b"the Lee job"},
            {"user": {"name": None}, "log": {"m": "job Grove 9 done", "n": None}, "t": None},
        ]
        rows = [row | {"number": 1} for row in rows]
        made = redacted(judge("default", "deep"), pa.RecordBatch.from_pylist(rows))
        assert [row["log"]["m"] for row in made] == ["job <PERSON> 9 done", *["job Grove 9 done"] * 2]
        assert made[1]["t"] == b"the <PERSON> job"
        kind = pa.map_(pa.string(), pa.string())
        columns_of = [pa.array(["Marla Grove", "Ann"]), pa.array([[("k", "job Grove 9 done")], None], kind)]
        made = redacted(
            judge("default", "deep"), pa.RecordBatch.from_arrays(columns_of, names=["full_name", "m"])
        )
        assert made[0]["m"] == [("k", "job <PERSON> 9 done")]

    def test_a_name_that_json_in_a_text_tells_is_told_each_time(self) -> None:
        row = {"payload": '{"user":{"name":"Marla Grove"}}', "m": "job Grove 9 done"}
        sanitizer = judge("default", "deep")
        assert {sanitizer.redact(row)[0]["m"] for _ in range(3)} == {"job <PERSON> 9 done"}
        made = redacted(sanitizer, pa.RecordBatch.from_pylist([row] * 3))
        assert {one["m"] for one in made} == {"job <PERSON> 9 done"}
        escaped = {"payload": json.dumps({"user": {"name": "Zoë Grove"}}), "m": "job Zoë Grove 9 done"}
        assert sanitizer.redact(escaped)[0]["m"] == "job <PERSON> 9 done"

    def test_a_member_that_another_names(self, plain: Sanitizer) -> None:
        headers = [
            [{"name": "Authorization", "value": "abc123"}, {"name": "Accept", "value": "abc123"}],
            None,
        ]
        kind = pa.list_(pa.struct({"name": pa.string(), "value": pa.string()}))
        (first, _) = redacted(plain, one(headers, kind, "headers"))
        assert first["headers"][0]["value"] != "abc123" == first["headers"][1]["value"]
        attributes = [
            [{"key": "user.email", "value": {"stringValue": "x y"}}],
            [{"key": None, "value": None}],
        ]
        kind = pa.list_(pa.struct({"key": pa.string(), "value": pa.struct({"stringValue": pa.string()})}))
        made = redacted(plain, one(attributes, kind, "attributes"))
        assert made[0]["attributes"][0]["value"] == {"stringValue": "<EMAIL_ADDRESS>"}
        made = redacted(
            plain,
            one(
                [headers[0] + headers[0]],
                pa.list_(pa.struct({"name": pa.string(), "value": pa.string()})),
                "h",
            ),
        )
        assert made[0]["h"][:2] == made[0]["h"][2:]
        nested = [{"key": [1], "value": "abc"}]
        redacted(plain, pa.RecordBatch.from_pylist(nested))

    def test_too_many_names(self, plain: Sanitizer) -> None:
        rows = [{"name": f"name{number}", "value": "abc"} for number in range(300)]
        rows[7] = {"name": "password", "value": "abc"}
        made = redacted(plain, pa.RecordBatch.from_pylist(rows))
        assert [number for number, row in enumerate(made) if row["value"] != "abc"] == [7]

    def test_a_key_in_pem_over_items(self, plain: Sanitizer) -> None:
        made = redacted(plain, one([["x", *PEM, "y"], ["a@example.com"], None], pa.list_(pa.string())))
        assert made[0]["v"][0] == "x" and "MIIE" not in str(made[0])
        assert made[1:] == [{"v": ["<EMAIL_ADDRESS>"]}, {"v": None}]

    def test_maps(self, plain: Sanitizer) -> None:
        kind = pa.map_(pa.string(), pa.string())
        rows = [
            [("email", "x y"), ("n", "1")],
            [("n", "1"), ("n", "a@example.com")],  # twice
            [("name", "password"), ("value", "abc")],
            [("b@example.com", "1"), ("a@example.com", "2")],
            [],
            None,
            [("stringValue", "1"), ("email", "")],
        ]
        assert redacted(plain, one(rows, kind)) == [
            {"v": one}
            for one in (
                [("email", "<EMAIL_ADDRESS>"), ("n", "1")],
                [("name", "password"), ("value", "<PASSWORD>")],
                [("<EMAIL_ADDRESS>", "1"), ("<EMAIL_ADDRESS>_2", "2")],
                [], None, [("stringValue", "1"), ("email", "")],
            )
        ]  # fmt: skip
        refused: list[str] = []
        list(plain.redact_batches([one(rows, kind)], lambda record, why: refused.append(why)))
        assert refused == ["a map with a key twice"]
        assert redacted(plain, one([None, []], kind)) == [{"v": None}, {"v": []}]
        deep = pa.map_(pa.binary(), pa.map_(pa.string(), pa.string()))
        redacted(plain, one([[(b"\xff", [("email", "x")])], [(b"b@example.com", [])]], deep))
        broken = one([[("x", "1")], [("y", "2")]], kind)
        octets = pa.array([b"x", b"\xff"]).view(pa.string())
        broken = pa.RecordBatch.from_arrays(
            [pa.MapArray.from_arrays([0, 1, 2], octets, pa.array(["1", "2"]))], names=["v"]
        )
        assert redacted(plain, broken) == [{"v": [("x", "1")]}]

    def test_a_key_that_cannot_be_judged(self, plain: Sanitizer) -> None:
        made = redacted(plain, one([[(DEEP, "1")], [("k", "1")]], pa.map_(pa.string(), pa.string())))
        assert made == [{"v": [("k", "1")]}]

    def test_a_case_that_few_are(self) -> None:
        rows = [
            {"id": "x" if number % 2 else "y", "message": f"m{number}", "e": "a@example.com"}
            for number in range(40)
        ]
        made = redacted(judge("cases", "deep", "none"), pa.RecordBatch.from_pylist(rows))
        assert [row["message"] for row in made[:4]] == ["m0", None, "m2", None]
        assert made[1]["e"] != made[0]["e"]
        assert redacted(judge("cases", "deep", "none"), pa.RecordBatch.from_pylist(rows[:2])) == made[:2]
        policy = Policy.parse(
            b"version: 1\ncases:\n  - when: {path: '*.k', equals: x}\n    fields: {'**.m': drop}\n", "p"
        )
        kind = {"u": {"k": "x", "m": "1"}}
        assert redacted(build_sanitizer(policy), pa.RecordBatch.from_pylist([kind] * 8))[0] == {
            "u": {"k": "x", "m": None}
        }


class TestTypes:
    def test_names_that_stand_twice(self, plain: Sanitizer) -> None:
        twice = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["v", "v"])
        inner = pa.array([{"a": 1}]).flatten()[0]
        nested = pa.StructArray.from_arrays([inner, inner], names=["n", "n"])
        lists = pa.ListArray.from_arrays([0, 1], nested)
        for batch in (twice, pa.RecordBatch.from_arrays([lists], names=["v"])):
            with pytest.raises(UsageError, match="column 2 has the name of one before it"):
                list(plain.redact_batches([batch]))

    def test_types_without_a_rule(self, plain: Sanitizer) -> None:
        union = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array(["a@example.com"])])
        with pytest.raises(UsageError, match="no rule for the type"):
            list(plain.redact_batches([pa.RecordBatch.from_arrays([union], names=["v"])]))

    def test_views_and_extensions(self, plain: Sanitizer) -> None:
        text = ["a@example.com", "x", None]
        assert redacted(plain, one(text, pa.string_view()))[0] == {"v": "<EMAIL_ADDRESS>"}
        assert redacted(plain, one([b"a@example.com"], pa.binary_view())) == [{"v": b"<EMAIL_ADDRESS>"}]
        nested = pa.list_(pa.struct({"e": pa.map_(pa.string(), pa.large_list(pa.string_view()))}))
        made = redacted(plain, one([[{"e": [("k", ["a@example.com"])]}]], nested))
        assert made == [{"v": [{"e": [("k", ["<EMAIL_ADDRESS>"])]}]}]
        views = pa.list_(pa.string_view(), 1)
        assert redacted(plain, one([["a@example.com"]], views)) == [{"v": ["<EMAIL_ADDRESS>"]}]
        stored = pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"email":"x y"}']))
        batch = pa.RecordBatch.from_arrays([stored], names=["v"])
        (made_batch,) = plain.redact_batches([batch])
        assert made_batch.schema == batch.schema
        assert made_batch.column(0).storage.to_pylist() == ['{"email":"<EMAIL_ADDRESS>"}']

    def test_what_python_cannot_read(self, plain: Sanitizer) -> None:
        nanos = pa.array([1763683200000000123, None], pa.int64()).view(pa.timestamp("ns"))
        batch = pa.RecordBatch.from_arrays(
            [nanos, nanos.view(pa.int64()).view(pa.time64("ns"))], names=["a", "b"]
        )
        (made,) = plain.redact_batches([batch.slice(0, 1)])
        assert made.column(0).equals(nanos.slice(0, 1))
        long = nanos.view(pa.int64()).view(pa.duration("ns"))
        assert (
            next(plain.redact_batches([pa.RecordBatch.from_arrays([long], names=["d"])]))
            .column(0)
            .equals(long)
        )
        far = pa.RecordBatch.from_arrays(
            [pa.array([1 << 60, 17], pa.int64()).view(pa.timestamp("s")), pa.array(["a@example.com"] * 2)],
            names=["t", "e"],
        )
        refused: list[dict[str, Any]] = []
        (made,) = plain.redact_batches([far], lambda record, why: refused.append(record))
        assert made.num_rows == 1 and refused[0]["e"] == "a@example.com"
        octets = pa.array([b"\xff a@example.com", b"x"]).view(pa.string())
        batch = pa.RecordBatch.from_arrays([octets, pa.array(["1", "2"])], names=["v", "w"])
        assert redacted(plain, batch) == [{"v": "x", "w": "2"}]
        gone = build_sanitizer(Policy.parse(b"version: 1\nfields: {v: drop, 'l': drop}\n", "p"))
        lists = pa.array(
            [[{"m": [("k", "a")]}], None], pa.list_(pa.struct({"m": pa.map_(pa.string(), pa.string())}))
        )
        batch = pa.RecordBatch.from_arrays([octets, lists, pa.nulls(2)], names=["v", "l", "n"])
        assert redacted(gone, batch) == [{"v": None, "l": None, "n": None}]

    def test_dictionaries_keep_nothing_that_no_row_has(self, plain: Sanitizer) -> None:
        kind = pa.dictionary(pa.int8(), pa.string())
        array = pa.DictionaryArray.from_arrays(pa.array([1, 1], pa.int8()), pa.array(["a@example.com", "x"]))
        (made,) = plain.redact_batches([pa.RecordBatch.from_arrays([array], names=["v"])])
        assert made.column(0).type == kind
        assert made.column(0).dictionary.to_pylist() == ["x"]
        assert redacted(plain, one(["a@example.com", None, "x"], kind))[0] == {"v": "<EMAIL_ADDRESS>"}

    def test_what_does_not_change_is_the_same(self, plain: Sanitizer) -> None:
        batch = pa.RecordBatch.from_pylist([{"s": {"a": 1, "b": ["x"]}, "z": -0.0}])
        first, again = plain.redact_batches([batch, batch])
        assert first.equals(batch) and again.equals(batch)
        assert str(again.column(1)[0]) == "-0.0"

    def test_nothing_lies_behind_nulls(self, plain: Sanitizer) -> None:
        hidden = pa.array(["a@example.com", "x"])
        bits = pa.py_buffer(b"\x02")
        array = pa.Array.from_buffers(pa.string(), 2, [bits, *hidden.buffers()[1:]])
        assert array.to_pylist() == [None, "x"]
        for more in ([], ["b@example.com", "y"]):
            columns_of = [array, pa.array(more or ["z", "z"])]
            (made,) = plain.redact_batches([pa.RecordBatch.from_arrays(columns_of, names=["v", "w"])])
            assert made.column(0).to_pylist() == [None, "x"]
            assert b"example" not in b"".join(bytes(one) for one in made.column(0).buffers() if one)

    def test_rare_ones(self, plain: Sanitizer) -> None:
        assert redacted(plain, one([Decimal("4111111111111111"), None, Decimal(1)], pa.decimal64(16, 0)))[
            0
        ] == {"v": None}
        assert redacted(plain, one([1700000000, 2125550147], pa.int64(), "created_at"))[0] == {
            "created_at": 1700000000
        }
        long = "a@example.com " + "x" * 3000
        assert redacted(plain, one([long, long], pa.string()))[1]["v"].startswith("<EMAIL_ADDRESS>")
        nothing = pa.RecordBatch.from_arrays([], names=[])
        assert list(plain.redact_batches([nothing])) == [nothing]
        assert redacted(plain, one([1.5], pa.float64(), "b@example.com")) == [{"b@example.com": None}]

    def test_what_a_key_tells_can_be_dropped(self) -> None:
        sanitizer = build_sanitizer(
            Policy.parse(
                b"version: 1\nextends: default\nentities: {EMAIL_ADDRESS: drop}\nfields: {'f[0]': drop, 'f.*': drop}\n",
                "p",
            )
        )
        kind = pa.map_(pa.string(), pa.string())
        assert redacted(sanitizer, one([[("email", "x y"), ("n", "1")], []], kind)) == [
            {"v": [("n", "1")]},
            {"v": []},
        ]
        assert redacted(sanitizer, one(["x y"], pa.string(), "email")) == [{"email": None}]
        assert redacted(sanitizer, one([["x y", ""]], pa.list_(pa.string()), "email")) == [
            {"email": [None, ""]}
        ]
        pairs = pa.list_(pa.string(), 2)
        policy = Policy.parse(b"version: 1\nfields: {'f.*': drop, 'g[1]': drop}\n", "p")
        for name in "fg":
            made = redacted(build_sanitizer(policy), one([["a", "b"], None], pairs, name))
            assert made == [{name: None if name == "f" else ["a", None]}, {name: None}]
        empty = pa.list_(pa.struct({"m": kind}))
        assert redacted(sanitizer, one([[{"m": []}], [], None], empty, "f"))[2] == {"f": None}

    def test_strict_policies_leave_out_empty_items(self) -> None:
        policy = Policy.parse(
            b"version: 1\nstrategy: strict\nfields: {'v[*].id': keep, 'm.*.id': keep}\n", "p"
        )
        kind = pa.list_(pa.struct({"id": pa.string(), "x": pa.string()}))
        items = [{"id": "1", "x": "2"}, None]
        assert redacted(build_sanitizer(policy), one([items], kind)) == [{"v": [{"id": "1", "x": None}]}]
        kind = pa.map_(pa.string(), kind.value_type)
        made = redacted(build_sanitizer(policy), one([[("a", items[0]), ("b", None)]], kind, "m"))
        assert made == [{"m": [("a", {"id": "1", "x": None})]}]

    def test_what_is_remembered_has_a_bound(self, plain: Sanitizer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(columns, "_MEMORY", 3)
        some = [one([f"user{number}@example.com" for number in range(9)], pa.string()) for _ in range(3)]
        assert all(
            made.column(0).unique().to_pylist() == ["<EMAIL_ADDRESS>"] for made in plain.redact_batches(some)
        )


def test_what_must_not_go_on_without_a_place_for_it(plain: Sanitizer) -> None:
    with pytest.raises(RecordError):
        list(plain.redact_batches([one([DEEP, "x"], pa.string())]))
