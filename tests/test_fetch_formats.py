"""Every format through FileProvider: what becomes a record, what goes to quarantine, what is an error."""

import base64
import csv
import gzip
import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import SourceError, TruncatedError, UsageError
from cecil.providers.generic import json_text
from cecil.providers.generic.file import FileProvider
from cecil.providers.generic.pieces import Budget
from cecil.providers.generic.text_source import guessed
from cecil.stream.quarantine import Quarantine
from tests.conftest import Run, examples


class Fetched:
    """What a run over files gave."""

    def __init__(self, folder: Path, *paths: str | Path, **options: Any) -> None:
        self.quarantine = Quarantine(str(folder / f"quarantine-{random.getrandbits(64):x}"))
        self.error: SourceError | None = None
        self.data = b""
        counts = self.quarantine.counts
        try:
            with FileProvider([str(path) for path in paths], self.quarantine, **options) as provider:
                for batch in provider.stream_batches():
                    self.data += batch.data
                    assert batch.data.count(b"\n") == batch.count
                    counts.written += batch.count
        except SourceError as error:
            self.error = error
        self.quarantine.close()
        self.counts = counts
        counts.check()

    @property
    def lines(self) -> list[bytes]:
        return self.data.split(b"\n")[:-1]

    @property
    def records(self) -> list[Any]:
        return [orjson.loads(line) for line in self.lines]

    @property
    def bad(self) -> list[tuple[int, str]]:
        return [(row["line"], row["reason"]) for row in self.rows]

    @property
    def rows(self) -> list[dict[str, Any]]:
        path = Path(self.quarantine.path)
        return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


Fetch = Callable[..., Fetched]


@pytest.fixture
def fetch(tmp_path: Path) -> Fetch:
    """`fetch(b"...", name="x.csv", format="csv")`: that content, through a file of that name."""

    def run(content: bytes, name: str = "data", **options: Any) -> Fetched:
        path = tmp_path / name
        path.write_bytes(content)
        return Fetched(tmp_path, path, **options)

    return run


def describe(path: Path, **options: Any) -> dict[str, Any]:
    with FileProvider([str(path)], **options) as provider:
        files: list[dict[str, Any]] = provider.fetch_metadata()["files"]
    return files[0]


# JSONL


def test_lines_leave_byte_for_byte(fetch: Fetch) -> None:
    lines = b'{"a": 1.10, "b":1e400 ,"c":123456789012345678901234567890}\r\n  {"z":"\\u00e9","a":"\xc3\xa9"}\n{}\n'
    assert fetch(lines).data == lines


def test_the_last_newline_is_added(fetch: Fetch) -> None:
    assert fetch(b'{"a":1}\n{"b":2}').data == b'{"a":1}\n{"b":2}\n'


def test_a_byte_order_mark_goes(fetch: Fetch) -> None:
    assert fetch(b'\xef\xbb\xbf{"a":1}\n').data == b'{"a":1}\n'


def test_a_byte_order_mark_elsewhere_is_damage(fetch: Fetch) -> None:
    got = fetch(b'{"a":1}\n\xef\xbb\xbf{"b":1}\n')
    assert got.data == b'{"a":1}\n'
    assert got.bad == [(2, "not valid JSON at column 1")]


def test_blank_lines_are_dropped_by_name(fetch: Fetch) -> None:
    got = fetch(b'\n{"a":1}\n \t\r\n\n{"b":1}\n')
    assert got.records == [{"a": 1}, {"b": 1}]
    assert got.counts.as_dict() == {"read": 5, "written": 2, "dropped": {"blank": 3}, "quarantined": 0}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a":1', "not valid JSON: it ends too early"),
        (b'{"a":NaN}', "not valid JSON at column 6"),
        (b'{"a":"\xff"}', "not valid UTF-8 at byte 7"),
        (b'{"a":"\\ud800"}', "lone surrogate in the string at column 6"),
        (b"[1,2]", "not a JSON object"),
        (b"text", "not valid JSON at column 1"),
        (b'{"long":"' + b"x" * 5000 + b'"}', "longer than --max-record"),
    ],
)
def test_a_line_that_is_no_record_goes_to_quarantine(fetch: Fetch, line: bytes, reason: str) -> None:
    got = fetch(b'{"a":1}\n' + line + b'\n{"b":2}\n', max_record=4000)
    assert got.data == b'{"a":1}\n{"b":2}\n'
    assert got.bad == [(2, reason)]
    assert got.counts.quarantined == 1


@pytest.mark.parametrize("depth", [999, 1000, 3000])
def test_depth_is_for_who_reads_the_record(fetch: Fetch, depth: int) -> None:
    line = b'{"a":' + b"[" * depth + b"]" * depth + b"}\n"
    assert fetch(line).data == line


def test_white_space_is_not_looked_past_without_end(fetch: Fetch) -> None:
    got = fetch(b"\n" * (1 << 20) + b'{"a":1}\n', "x")
    assert got.records == [{"a": 1}]


def test_an_empty_file_has_no_records(fetch: Fetch) -> None:
    for name in ("data", "data.csv", "data.json", "data.txt"):
        got = fetch(b"", name)
        assert (got.data, got.error, got.counts.read) == (b"", None, 0)


# Recognition

KINDS = [
    (b'{"a":1}\n{"b":2}\n', "x", "jsonl"),
    (b'{"a":1}', "x.log", "jsonl"),
    (b'\n\n {"a":1}\n', "x", "jsonl"),
    (b'{"a":1,}\n{"b":2}\n', "x", "jsonl"),
    (b'{"a":1\n{"b":2}\n', "x", "jsonl"),
    (b'{"a":"x\n{"b":2}\n', "x", "jsonl"),
    (b'{"a":1} trailing\n', "x", "jsonl"),
    (b"not JSON\n", "x.jsonl", "jsonl"),
    (b"not JSON\n", "x.ndjson.gz", "jsonl"),
    (b"[1,2]\n", "x.json", "jsonl"),
    (b'{\n "a": 1\n}\n', "x", "json"),
    (b'{"a":\n1}\n', "x", "json"),
    (b'{"a":1}{"b":2}\n', "x", "json"),
    (b'{"a":1} {"b":2}', "x", "json"),
    (b'[{"a":1}]', "x", "json"),
    (b'[\n  {\n "a":1}]', "x", "json"),
    (b"[]", "x", "json"),
    (b"[ ]\n", "x.jsonl", "json"),
    (b"hello\n", "x", "text"),
    (b"[2024-05-01 12:00:00] started\n", "x.log", "text"),
    (b"{worker-3} started\n", "x.log", "text"),
    (b"[{worker}] started\n", "x.log", "text"),
    (b"{", "x", "text"),
    (b"[", "x", "text"),
    (b"[[[", "x", "text"),
    (b'"a string"\n', "x", "text"),
    (b"a,b\n1,2\n", "x.csv", "csv"),
    (b"a\tb\n1\t2\n", "x.TSV", "csv"),
    (b"a,b\n1,2\n", "x.csv.zst", "csv"),
    (b"a,b\n1,2\n", "x.txt", "text"),
    (b'{"a":1}\n', "x.csv", "csv"),
]


@pytest.mark.parametrize(("content", "name", "kind"), KINDS)
def test_formats_are_recognised(tmp_path: Path, content: bytes, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert describe(path)["format"] == kind


def test_a_first_line_longer_than_a_block(fetch: Fetch) -> None:
    long = b'{"a":"' + b"x" * 400_000 + b'"}'
    assert fetch(long + b'\n{"b":1}\n').data == long + b'\n{"b":1}\n'
    assert fetch(long + b'{"b":1}').data == long + b'\n{"b":1}\n'
    assert fetch(b'{"a":"' + b"x" * 3_000_000 + b'"}\n').counts.written == 1


def test_the_format_that_is_asked_for_wins(fetch: Fetch) -> None:
    assert fetch(b'{"a":1}\n', format="text").records == [{"message": '{"a":1}'}]
    assert fetch(b"a;b\n1;2\n", format="csv").records == [{"a": "1", "b": "2"}]
    assert fetch(b'{"a":1}\n{"b":2}', "x.csv", format="json").records == [{"a": 1}, {"b": 2}]


def test_options_that_make_no_sense() -> None:
    for wrong in (
        {"format": "xml"},
        {"encoding": "rot13"},
        {"encoding": "none"},
        {"encoding": "idna"},
        {"encoding": "punycode"},
        {"encoding": "undefined"},
        {"delimiter": "ab"},
        {"delimiter": '"'},
    ):
        with pytest.raises(UsageError):
            FileProvider(["x"], **wrong)  # type: ignore[arg-type]


# JSON text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b'[{"a":1},{"b":2}]', [b'{"a":1}', b'{"b":2}']),
        (b' [ {"a": 1.10} ,\n {"b":\t[1, {"c":null}]}\n]\n', [b'{"a": 1.10}', b'{"b":\t[1, {"c":null}]}']),
        (b'[{"a":\r\n1}]', [b'{"a":  1}']),
        (b'{\n  "a": 1\n}\n{\n  "b": 2\n}', [b'{   "a": 1 }', b'{   "b": 2 }']),
        (b'{"a":1}{"b":2} {"c":3}\n{"d":4}', [b'{"a":1}', b'{"b":2}', b'{"c":3}', b'{"d":4}']),
        (b'[{"a":"]},{[\\"\\\\"},{"b":"\\\\\\""}]', [b'{"a":"]},{[\\"\\\\"}', b'{"b":"\\\\\\""}']),
        (b'[{"a":1}]\n[{"b":2}]', [b'{"a":1}', b'{"b":2}']),
        (b"[]", []),
    ],
)
def test_the_objects_in_a_text(fetch: Fetch, text: bytes, lines: list[bytes]) -> None:
    got = fetch(text, format="json")
    assert got.lines == lines
    assert got.error is None
    assert got.counts.quarantined == 0


def test_elements_that_are_no_objects(fetch: Fetch) -> None:
    got = fetch(b'[{"a":1},\n1,\n"x, ]",\nnull, [{"b":2}],\n{"c":NaN},{"d":4} {"e":5},\n{"f":6}]')
    assert got.records == [{"a": 1}, {"f": 6}]
    assert got.bad == [
        (2, "not a JSON object"),
        (3, "not a JSON object"),
        (4, "not a JSON object"),
        (4, "not a JSON object"),
        (5, "not valid JSON at column 6"),
        (5, "not valid JSON at column 9"),
    ]
    assert got.error is None


def test_a_raw_line_end_in_a_string_is_no_blank(fetch: Fetch) -> None:
    got = fetch(b'[{"a":"one\ntwo"},\n{"b":1}]')
    assert got.records == [{"b": 1}]
    assert got.bad == [(1, "not valid JSON at column 6")]
    assert got.rows[0]["raw"] == '{"a":"one\ntwo"}'


def test_junk_between_objects(fetch: Fetch) -> None:
    got = fetch(b'{"a":\n1}\nhello, {"x":1}\n}\n{"b":2}\n', format="json")
    assert got.records == [{"a": 1}, {"b": 2}]
    assert [line for line, _ in got.bad] == [3, 4]


@pytest.mark.parametrize(
    ("text", "lines", "rest"),
    [
        (b'[{"a":1},{"b":', [b'{"a":1}'], ['{"b":']),
        (b'[{"a":1},{"b":"x', [b'{"a":1}'], ['{"b":"x']),
        (b'[{"a":1},{"b":"x\n', [b'{"a":1}'], ['{"b":"x\n']),
        (b'[{"a":1},{"b":"x\\', [b'{"a":1}'], ['{"b":"x\\']),
        (b'[{"a":1},', [b'{"a":1}'], []),
        (b'[{"a":1}', [b'{"a":1}'], []),
        (b'[{"a":1}\n', [b'{"a":1}'], []),
        (b'[{"a":1},tru', [b'{"a":1}'], ["tru"]),
        (b'{\n"a":1\n}\n{\n"b":', [b'{ "a":1 }'], ['{\n"b":']),
    ],
)
def test_a_text_cut_short(fetch: Fetch, text: bytes, lines: list[bytes], rest: list[str]) -> None:
    got = fetch(text, format="json")
    assert got.lines == lines
    assert [row["raw"] for row in got.rows] == rest
    assert all(row["reason"] == "cut short" for row in got.rows)
    assert isinstance(got.error, TruncatedError)


def test_an_element_over_the_limit_is_not_held(fetch: Fetch) -> None:
    long = b'{"long":[' + b"1," * 300_000 + b"1]}"
    got = fetch(
        b'[{"a":1},\n' + long + b',\n{"b":2},{"mid":"' + b"y" * 3000 + b'"},{"c":3}]', max_record=2000
    )
    assert got.records == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert got.bad == [(2, "longer than --max-record"), (3, "longer than --max-record")]
    assert got.error is None


def test_an_element_over_the_limit_at_the_cut(fetch: Fetch) -> None:
    got = fetch(b'[{"a":1},{"long":[' + b"1," * 300_000, max_record=2000)
    assert got.records == [{"a": 1}]
    assert got.bad == [(1, "longer than --max-record")]
    assert isinstance(got.error, TruncatedError)


class Cut:
    """A text in pieces of any size."""

    name = "cut"
    encoding = None

    def __init__(self, text: bytes, sizes: list[int]) -> None:
        self._text = text
        self._sizes = sizes

    def read(self) -> bytes:
        size = self._sizes.pop() if self._sizes else len(self._text)
        piece, self._text = self._text[:size], self._text[size:]
        return piece


def plain_json() -> "st.SearchStrategy[Any]":
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
    )
    return st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=8)


def objects(values: "st.SearchStrategy[Any]") -> "st.SearchStrategy[dict[str, Any]]":
    return st.dictionaries(st.text(max_size=4), values, max_size=3)


@given(
    st.lists(objects(plain_json()), min_size=1, max_size=6),
    st.sampled_from([None, 1, "\t"]),
    st.sampled_from(["array", "lines", "together"]),
    st.booleans(),
    st.lists(st.integers(1, 30), max_size=60),
)
@examples(100)
def test_blocks_do_not_matter(
    wanted: list[dict[str, Any]], indent: Any, layout: str, ascii_only: bool, sizes: list[int]
) -> None:
    texts = [json.dumps(one, indent=indent, ensure_ascii=ascii_only) for one in wanted]
    joined = {"array": "[" + ",".join(texts) + "]", "lines": "\n".join(texts), "together": "".join(texts)}[
        layout
    ]
    quarantine = Quarantine(os.devnull)
    source = Cut(joined.encode("utf-8", "replace"), sizes)
    got = b"".join(piece.data for piece in json_text.read(source, quarantine, 1 << 20, Budget()))
    expected = [json.loads(text.encode("utf-8", "replace")) for text in texts]
    assert [json.loads(line) for line in got.split(b"\n")[:-1]] == expected
    assert quarantine.counts.read == len(wanted)
    assert quarantine.counts.quarantined == 0


tokens = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', "\\", "\n", "\r\n", " ", "1", "x", '{"a":1}', '"b"', "true"]
)


@given(
    st.lists(tokens, max_size=30).map("".join), st.lists(st.integers(1, 4), max_size=40), st.integers(5, 40)
)
@examples(150)
def test_no_byte_of_a_damaged_text_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str, sizes: list[int], most: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    quarantine = Quarantine(str(folder / "q"))
    out = b""
    try:
        for piece in json_text.read(Cut(text.encode(), sizes), quarantine, most, Budget()):
            out += piece.data
            quarantine.counts.written += piece.count
    except TruncatedError:
        pass
    quarantine.close()
    quarantine.counts.check()
    assert all(isinstance(orjson.loads(line), dict) for line in out.split(b"\n")[:-1])
    kept = out
    rows = (folder / "q").read_bytes() if (folder / "q").exists() else b""
    for row in map(orjson.loads, rows.splitlines()):
        kept += row["raw"].encode() if "raw" in row else base64.b64decode(row["raw_base64"])
    # All but white space, and what stands between records: commas and the brackets of arrays.
    for symbol in '{}:"\\1xabtrue':
        assert kept.count(symbol.encode()) == text.count(symbol)


# Tables


def test_a_table(fetch: Fetch) -> None:
    got = fetch(b'id,Full Name,note\r\n007,"Lee, Ann","said ""hi""\r\nand left"\r\n2,,\xc3\xa9\r\n', "x.csv")
    assert got.records == [
        {"id": "007", "Full Name": "Lee, Ann", "note": 'said "hi"\r\nand left'},
        {"id": "2", "Full Name": "", "note": "é"},
    ]
    assert got.counts.read == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(fetch: Fetch, tmp_path: Path, delimiter: str) -> None:
    rows = ["a,;b", "x;y,z"]
    text = delimiter.join(["name", "text", "n"]) + "\n"
    text += "".join(delimiter.join(["n", f'"{row}"', "1"]) + "\n" for row in rows)
    got = fetch(text.encode(), "x.csv")
    assert [record["text"] for record in got.records] == rows
    assert describe(tmp_path / "x.csv")["delimiter"] == delimiter


def test_decimal_commas_are_no_delimiters(fetch: Fetch) -> None:
    assert fetch(b"a;b\n1,5;2,5\n3,5;4,5\n", "x.csv").records[0] == {"a": "1,5", "b": "2,5"}


def test_a_delimiter_that_is_asked_for_wins(fetch: Fetch) -> None:
    assert fetch(b"a,b;c\n1,2;3\n", "x.csv", delimiter=";").records == [{"a,b": "1,2", "c": "3"}]
    assert fetch(b"a,b\tc\n1,2\t3\n", "x", format="tsv").records == [{"a,b": "1,2", "c": "3"}]
    assert fetch(b"a,b\n1,2\n", "x.tsv").records == [{"a": "1", "b": "2"}]


def test_one_column(fetch: Fetch) -> None:
    assert fetch(b"name\nann\nbob\n", "x.csv").records == [{"name": "ann"}, {"name": "bob"}]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("form", [[], ["--format", "text"], ["--format", "jsonl"], ["--describe"]])
def test_an_encoding_that_is_not_the_file_s(
    encoding: str, form: list[str], cecil: Run, tmp_path: Path
) -> None:
    """Python's codec fails where there is no byte order mark, and says so without the bytes."""
    (tmp_path / "x.csv").write_bytes(b'"a",b\n1,2\n3,4\n')
    run = cecil("fetch", "file", "-q", "--encoding", encoding, *form, "x.csv")
    said = f"cecil-fetch: x.csv: is not {encoding.upper()}\nhint: leave --encoding out\n"
    assert (run.returncode, run.stdout, run.stderr.decode()) == (1, b"", said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le"])
def test_encodings_of_tables(fetch: Fetch, encoding: str) -> None:
    text = "Name;Straße\nJürgen Groß;Königsallee 5\nÉmile Müller;Besançon\n" * 40
    asked = {"encoding": encoding} if encoding == "utf-16-le" else {}
    got = fetch(text.encode(encoding), "x.csv", **asked)
    assert got.records[0] == {"Name": "Jürgen Groß", "Straße": "Königsallee 5"}
    assert got.counts.quarantined == 0


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("1,José\n", "cp1252"),
        ("name,price\nx,5€\n“quoted”,7\n", "cp1252"),
        ("имя,город\nИван Петров,Москва\nМария,Санкт-Петербург\n", "cp1251"),
        ("姓名,城市\n王伟,北京\n李娜,上海\n", "gb18030"),
        ("plain\n", "utf-8"),
        ("one\ntwo ÿ\n", "utf-8"),
        ("é" * 5 + "\n", "utf-8"),
    ],
)
def test_encodings_are_told_from_the_text(text: str, encoding: str) -> None:
    data = text.encode("cp1252" if "ÿ" in text else encoding)
    assert guessed(data, ended=True) == encoding


def test_a_stray_byte_is_no_encoding(fetch: Fetch) -> None:
    """Statistics name a rare code page for it, and the line would go on with another letter in it."""
    got = fetch(b"one\ntwo \xff\nthree\n", "app.log")
    assert [r["message"] for r in got.records] == ["one", "three"]
    assert [line for line, _ in got.bad] == [2]


def test_one_damaged_place_does_not_make_utf_8_something_else(fetch: Fetch) -> None:
    got = fetch("a,b\né,1\nü,2\n".encode() + b"\xff,3\n" + "ö,4\n".encode(), "x.csv")
    assert [record["a"] for record in got.records] == ["é", "ü", "ö"]
    assert got.bad == [(4, "not valid UTF-8")]


def test_a_byte_that_does_not_decode_is_never_replaced(fetch: Fetch) -> None:
    head = "name,city\n" + "José,Málaga\n" * 30
    got = fetch(
        head.encode("cp1252") + b"bad\x81,x\n" + "Íñigo,Cádiz\n".encode("cp1252"), "x.csv", encoding="cp1252"
    )
    assert got.bad == [(32, "not valid CP1252")]
    assert got.records[-1] == {"name": "Íñigo", "city": "Cádiz"}
    lone = "a,b\n".encode("utf-16-le") + b"\x00\xd8x\x00,\x00y\x00\n\x00" + "c,d\n".encode("utf-16-le")
    got = fetch(lone, "x.csv", encoding="utf-16-le")
    assert got.bad == [(2, "not valid UTF-16-LE")]
    assert got.records == [{"a": "c", "b": "d"}]


@pytest.mark.parametrize(
    ("rows", "bad"),
    [
        (b"1\n", [(3, "1 field, where the header has 2", "1")]),
        (b"1,2,3\r\n", [(3, "3 fields, where the header has 2", "1,2,3")]),
        (b'1,"2\n3",4\n', [(3, "3 fields, where the header has 2", '1,"2\n3",4')]),
        (b'1,"2"x\n', [(3, "not a row: a quote or a carriage return in the wrong place", '1,"2"x')]),
        (b"1\r2,3\n", [(3, "not a row: a quote or a carriage return in the wrong place", "1\r2,3")]),
    ],
)
def test_rows_that_are_none(fetch: Fetch, rows: bytes, bad: list[tuple[int, str, str]]) -> None:
    got = fetch(b"a,b\nx,y\n" + rows + b"p,q\n", "x.csv")
    assert got.records == [{"a": "x", "b": "y"}, {"a": "p", "b": "q"}]
    assert [(row["line"], row["reason"], row["raw"]) for row in got.rows] == bad


def test_blank_lines_in_a_table(fetch: Fetch) -> None:
    got = fetch(b"\n\na,b\n1,2\n\n  \n3,4\n", "x.csv")
    assert got.records == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert got.counts.dropped == {"blank": 4}


def test_nul_bytes_are_text(fetch: Fetch) -> None:
    assert fetch(b"a,b\n1\x002,3\n", "x.csv").data == b'{"a":"1\\u00002","b":"3"}\n'


def test_a_field_longer_than_the_modules_own_limit(fetch: Fetch) -> None:
    got = fetch(b'a,b\n1,"' + b"x\n" * 100_000 + b'"\n', "x.csv")
    assert got.records == [{"a": "1", "b": "x\n" * 100_000}]


def test_an_unclosed_quote_is_bounded(fetch: Fetch) -> None:
    good = b"".join(b"%d,value\n" % n for n in range(20_000))
    got = fetch(b'a,b\n1,"open\n' + good, "x.csv", max_record=5000)
    assert got.bad == [(2, "a quote that is not closed within --max-record")]
    assert got.rows[0]["raw"] == '1,"open'
    assert [record["a"] for record in got.records] == [str(n) for n in range(20_000)]


def test_an_unclosed_quote_at_the_end(fetch: Fetch) -> None:
    got = fetch(b'a,b\n1,2\n3,"open\nend', "x.csv")
    assert got.records == [{"a": "1", "b": "2"}]
    assert got.bad == [(3, "not a row: a quote or a carriage return in the wrong place")]
    assert got.rows[0]["raw"] == '3,"open\nend'


def test_a_line_over_the_limit_breaks_its_row(fetch: Fetch) -> None:
    long = b"x" * 5000
    got = fetch(
        b'a,b\n1,2\n3,"begun\n' + long + b'\nend"\n4,5\n' + long + b"\n6,7\n", "x.csv", max_record=4000
    )
    assert (4, "longer than --max-record") in got.bad
    assert (3, "a line of the row is longer than --max-record") in got.bad
    assert got.records[0] == {"a": "1", "b": "2"}
    assert got.records[-1] == {"a": "6", "b": "7"}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"a,b,a", "one name for the columns 1 and 3"),
        (b"a,,b,", "no name for column 2, 4"),
        (b'a,"b', "a quote in the header is not closed"),
        (b'a,"b"c', "the header cannot be read"),
        (b"a,b\xff", "the header is not valid UTF-8"),
        (b"a" * 300 + b",b", "the header is longer than --max-record"),
    ],
)
def test_headers_that_are_none(fetch: Fetch, header: bytes, message: str) -> None:
    got = fetch(header + b"\n1,2,3\n", "secret.csv", encoding="utf-8", max_record=200)
    assert got.error is not None
    assert message in got.error.message
    assert str(got.error.where).endswith("secret.csv:1")
    assert got.data == b""


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=6)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=12)
    ),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.integers(1, 40),
)
@examples(100)
def test_a_written_table_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoting: Any, size: int
) -> None:
    from cecil.providers.generic import delimited
    from cecil.providers.generic.recognise import Shape

    header = [f"column {n}" for n in range(len(rows[0]))]
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting)
    writer.writerow(header)
    writer.writerows(rows)
    data = text.getvalue().encode()
    quarantine = Quarantine(os.devnull)
    source = Cut(data, [size] * len(data))
    pieces = delimited.read(source, quarantine, 1 << 20, Budget(), Shape("csv", "utf-8", ","))
    got = [orjson.loads(line) for piece in pieces for line in piece.lines()]
    wanted = [dict(zip(header, row, strict=True)) for row in rows]
    assert got == wanted
    assert quarantine.counts.quarantined == 0


@given(
    st.binary(max_size=120)
    | st.lists(st.sampled_from([b"a,b", b'"', b",", b"\n", b"x", b"\r\n", b"\xff"])).map(b"".join)
)
@examples(100)
def test_no_line_of_a_table_is_lost(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("table")
    (folder / "x.csv").write_bytes(b"a,b\n" + data)
    got = Fetched(folder, folder / "x.csv", encoding="utf-8", delimiter=",", max_record=60)
    assert got.error is None
    assert len(got.records) == got.counts.written
    assert len(got.rows) == got.counts.quarantined
    assert all(list(record) == ["a", "b"] for record in got.records)


# Text


def test_lines_of_text(fetch: Fetch) -> None:
    got = fetch('hello\r\n\n  indented\t"x"\\ \x1b[0m\nlast \u2028 é'.encode(), "app.log")
    assert [record["message"] for record in got.records] == [
        "hello",
        '  indented\t"x"\\ \x1b[0m',
        "last \u2028 é",
    ]
    assert got.counts.dropped == {"blank": 1}


def test_text_that_does_not_decode(fetch: Fetch) -> None:
    got = fetch("é one\né two\n".encode() + b"bad \xff\n" + "ü three\n".encode(), "app.log")
    assert [record["message"] for record in got.records] == ["é one", "é two", "ü three"]
    assert got.bad == [(3, "not valid UTF-8")]
    assert "raw_base64" in got.rows[0]


def test_bytes_that_are_no_text_lose_nothing(fetch: Fetch) -> None:
    data = bytes(range(256)) * 8
    got = fetch(data, "picture")
    assert got.error is None
    assert got.counts.read == data.count(b"\n") + 1


def test_western_text(fetch: Fetch) -> None:
    assert fetch("Jürgen kam an\n".encode("cp1252"), "app.log").records == [{"message": "Jürgen kam an"}]


def test_utf_16_is_read_in_every_format(fetch: Fetch) -> None:
    assert fetch('{"a":"é"}\n{"b":1}\n'.encode("utf-16")).records == [{"a": "é"}, {"b": 1}]
    assert fetch('[{"a":"é"}]'.encode("utf-16")).records == [{"a": "é"}]
    assert fetch("é\n".encode("utf-16")).records == [{"message": "é"}]


@given(
    st.binary(max_size=150),
    st.sampled_from(["auto", "jsonl", "json", "text"]),
    st.sampled_from(["x", "x.jsonl"]),
)
@examples(100)
def test_any_bytes_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, format: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / name).write_bytes(data)
    got = Fetched(folder, folder / name, format=format)
    assert len(got.rows) == got.counts.quarantined
    assert len(got.records) == got.counts.written
    assert all(isinstance(record, dict) for record in got.records)


# Limits and times


def numbered(count: int) -> bytes:
    return b"".join(b'{"n":%d,"t":%d}\n' % (n, 1_700_000_000 + n) for n in range(count))


@pytest.mark.parametrize("limit", [0, 1, 7, 10_000, 19_999, 20_000, 30_000])
def test_a_limit_reads_no_further(fetch: Fetch, limit: int) -> None:
    table = b"n\n" + b"".join(b"%d\n" % n for n in range(20_000))
    array = b"[" + b",".join(numbered(20_000).split(b"\n")[:-1]) + b"]"
    texts = b"".join(b"line %d\n" % n for n in range(20_000))
    for content, name in ((numbered(20_000), "x"), (table, "x.csv"), (array, "x.json"), (texts, "x.log")):
        got = fetch(content, name, limit=limit)
        assert got.counts.written == min(limit, 20_000)
        assert got.counts.read == got.counts.written
        assert len(got.lines) == got.counts.written


def test_a_limit_counts_records_not_lines(fetch: Fetch) -> None:
    got = fetch(b'\nbad\n{"a":1}\n\n{"b":2}\nbad\n{"c":3}\n', "x.jsonl", limit=2)
    assert got.records == [{"a": 1}, {"b": 2}]
    assert got.counts.as_dict() == {"read": 5, "written": 2, "dropped": {"blank": 2}, "quarantined": 1}


def test_a_limit_spans_files(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(numbered(4))
    got = Fetched(tmp_path, *(tmp_path / name for name in "abc"), limit=6)
    assert [record["n"] for record in got.records] == [0, 1, 2, 3, 0, 1]


def test_a_limit_with_lines_that_are_too_long(fetch: Fetch) -> None:
    long = b'{"long":"' + b"x" * 100 + b'"}\n'
    got = fetch(numbered(3) + long + numbered(3) + long + numbered(3), limit=5, max_record=60)
    assert got.counts.written == 5
    assert got.counts.quarantined == 1


# Files


def test_files_folders_and_globs_have_one_order(tmp_path: Path) -> None:
    tree = {
        "b.jsonl": 1,
        "a/z.jsonl": 2,
        "a/b/c.jsonl": 3,
        "a.jsonl": 4,
        "a/.hidden": 5,
        ".git/x": 6,
        "B.jsonl": 7,
    }
    for name, value in tree.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b'{"n":%d}\n' % value)
    os.symlink(tmp_path / "in", tmp_path / "in" / "a" / "loop")

    def order(*operands: str) -> list[int]:
        return [record["n"] for record in Fetched(tmp_path, *(tmp_path / "in" / o for o in operands)).records]

    assert order("") == [7, 4, 3, 2, 1]
    assert order("b.jsonl", "a") == [1, 3, 2]
    assert order("*.jsonl") == [7, 4, 1]
    assert order("**/*.jsonl") == [7, 4, 3, 2, 1]
    assert order("a/[yz].jsonl") == [2]
    assert order("a*") == [3, 2, 4]


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").write_bytes(b'{"a":1}\n')
    assert Fetched(tmp_path, tmp_path / "a[1].jsonl").counts.written == 1


@pytest.mark.parametrize("operand", ["missing.jsonl", "*.nothing", "empty", "hidden", "dangling"])
def test_operands_that_lead_nowhere(tmp_path: Path, operand: str) -> None:
    (tmp_path / "first.jsonl").write_bytes(numbered(1))
    (tmp_path / "empty").mkdir()
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / ".x").write_bytes(numbered(1))
    os.symlink("nowhere", tmp_path / "dangling")
    got = Fetched(tmp_path, tmp_path / "first.jsonl", tmp_path / operand)
    assert got.error is not None
    assert got.error.where == str(tmp_path / operand)
    assert got.data == b""  # before anything is read


def test_what_is_no_file_is_left_alone_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe")
    (tmp_path / "in" / "x.jsonl").write_bytes(numbered(2))
    assert Fetched(tmp_path, tmp_path / "in").counts.written == 2


def test_a_file_that_fails_stops_the_run_behind_the_good_ones(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(numbered(2))
    (tmp_path / "b").write_bytes(gzip.compress(numbered(5000))[:-5])
    (tmp_path / "c").write_bytes(numbered(2))
    got = Fetched(tmp_path, *(tmp_path / name for name in "abc"))
    assert isinstance(got.error, TruncatedError)
    assert got.error.where == str(tmp_path / "b")
    assert got.data.startswith(numbered(2) + numbered(100))
    assert got.data.endswith(b"\n")


def noisy(count: int) -> list[bytes]:
    """Lines that compress badly, so that a cut comes late."""
    return [
        b'{"n":%d,"noise":"%s"}' % (n, random.Random(n).randbytes(60).hex().encode()) for n in range(count)
    ]


@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.log"])
def test_a_cut_in_every_format(fetch: Fetch, name: str) -> None:
    lines = noisy(9000)
    contents = {
        "x.json": b"[" + b",\n".join(lines) + b"]",
        "x.csv": b"a,b\n" + b"".join(b'%d,"one\n%s"\n' % (n, line[-50:-2]) for n, line in enumerate(lines)),
        "x.log": b"\n".join(lines).replace(b"{", b"("),
    }
    got = fetch(gzip.compress(contents[name])[:-200], name)
    assert isinstance(got.error, TruncatedError)
    assert got.counts.written > 5000
    assert [reason for _, reason in got.bad] in ([], ["cut short"], ["cut short"] * 2)


def test_standard_input_is_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="more than once"):
        FileProvider(["-", "-"]).connect()


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(numbered(1))
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SourceError, match="permission denied"):
        FileProvider([str(tmp_path / "x")]).connect()


def test_what_is_written_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(numbered(1))
    got = Fetched(tmp_path, tmp_path / "x", target=os.stat(tmp_path / "x"))
    assert got.error is not None


def test_batches_tell_where_each_file_ends(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(numbered(2))
    with FileProvider([str(tmp_path / name) for name in "ab"]) as provider:
        batches = list(provider.stream_batches())
        assert provider.size == provider.consumed == 2 * len(numbered(2))
    assert [batch.checkpoint for batch in batches if batch.checkpoint] == [
        {"source": str(tmp_path / name), "records": 2} for name in "ab"
    ]


def test_records_as_python_has_them(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(
        b'{"a":[1,2.5,null,"\xc3\xa9"]}\n{"b":1,"b":2}\n{"c":12345678901234567890123}\n'
    )
    quarantine = Quarantine(str(tmp_path / "q"))
    with FileProvider([str(tmp_path / "x")], quarantine) as provider:
        first, second = provider.stream_records()
    assert first == {"a": [1, 2.5, None, "é"]}
    assert str(second["c"]) == "12345678901234567890123"
    assert list(quarantine.first) == ["duplicate key at column 8"]


# Metadata


def test_what_describe_tells(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a":1,"b":2}\nbad\n{"c":"secret"}\n'))
    assert describe(path) == {
        "path": str(path),
        "size": path.stat().st_size,
        "compression": "gzip",
        "format": "jsonl",
        "encoding": "utf-8",
        "keys": ["a", "b", "c"],
    }
    (tmp_path / "x.csv").write_bytes("a;Größe\n1;2\n".encode("cp1252"))
    about = describe(tmp_path / "x.csv")
    assert (about["encoding"], about["delimiter"], about["columns"]) == ("cp1252", ";", ["a", "Größe"])
    (tmp_path / "x.json").write_bytes(b'[{"a":1},{"b":')
    assert describe(tmp_path / "x.json")["keys"] == ["a"]
    (tmp_path / "x.log").write_bytes(b"text\n")
    assert "keys" not in describe(tmp_path / "x.log")
    (tmp_path / "x.csv").write_bytes(b"")
    assert describe(tmp_path / "x.csv")["columns"] == []


def test_describe_writes_no_quarantine(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"bad\n" + b"x" * 50_000 + b'\n{"a":1}\n')
    quarantine = Quarantine(str(tmp_path / "q"))
    with FileProvider([str(tmp_path / "x.jsonl")], quarantine, max_record=1000) as provider:
        assert provider.fetch_metadata()["files"][0]["keys"] == ["a"]
    quarantine.close()
    assert not (tmp_path / "q").exists()


def test_describe_of_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(numbered(3))[:14])
    with pytest.raises(TruncatedError):
        describe(tmp_path / "x.gz")
