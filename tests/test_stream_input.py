"""Bytes in: compression, lines, limits, JSONL's verdict. Nothing is lost, whatever the blocks."""

import base64
import bz2
import gzip
import json
import lzma
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cecil.errors import RecordError, SourceError, TruncatedError
from cecil.stream.input import Input
from cecil.stream.jsonl import is_object, proven, records
from cecil.stream.jsontext import ObjectNode, decode, scan
from cecil.stream.lines import Block, read_blocks
from cecil.stream.quarantine import Quarantine
from tests.conftest import examples

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LINES = b"".join(b'{"n":%d,"text":"line of some length"}\n' % n for n in range(3000))

CODECS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstandard": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
}
codecs = pytest.mark.parametrize("codec", CODECS)


class Pieces:
    """A source that gives what it was given, piece by piece."""

    name = "pieces"

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = [piece for piece in pieces if piece]

    def read(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def read_all(path: Path) -> bytes:
    with Input(str(path)) as source:
        return b"".join(iter(source.read, b""))


def rows(quarantine: Quarantine) -> list[dict[str, object]]:
    quarantine.close()
    path = Path(quarantine.path)
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


@pytest.fixture
def quarantine(tmp_path: Path) -> Quarantine:
    return Quarantine(str(tmp_path / "quarantine.jsonl"))


# Compression


@codecs
def test_compression_is_recognised_by_content_not_by_name(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(CODECS[codec](LINES))
    with Input(str(path)) as source:
        assert source.codec == codec
        assert source.size == path.stat().st_size
        assert b"".join(iter(source.read, b"")) == LINES
        assert source.consumed == source.size


def test_a_name_alone_makes_nothing_compressed(tmp_path: Path) -> None:
    path = tmp_path / "data.gz"
    path.write_bytes(LINES)
    assert read_all(path) == LINES


@pytest.mark.parametrize("data", [b"BZh", b"BZh9 is how bzip2 begins\n", b"\x1f", b"\xfd7zX", b"(\xb5/", b""])
def test_the_beginning_of_a_magic_number_is_no_compression(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "data"
    path.write_bytes(data)
    assert read_all(path) == data


@codecs
def test_every_member_is_read(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "data"
    path.write_bytes(CODECS[codec](b"one\n") + CODECS[codec](b"") + CODECS[codec](LINES))
    assert read_all(path) == b"one\n" + LINES


@codecs
def test_zeros_behind_a_member_are_padding(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "data"
    path.write_bytes(CODECS[codec](b"one\n") + b"\0" * 1024 + CODECS[codec](b"two\n") + b"\0" * 512)
    assert read_all(path) == b"one\ntwo\n"


@codecs
def test_a_cut_is_an_error_wherever_it_is(tmp_path: Path, codec: str) -> None:
    whole = CODECS[codec](LINES)
    path = tmp_path / "data"
    for cut in (len(whole) - 1, len(whole) - 4, len(whole) // 2, 20):
        path.write_bytes(whole[:cut])
        with pytest.raises(TruncatedError, match="cut short") as caught:
            read_all(path)
        assert caught.value.where == str(path)


@codecs
def test_a_cut_in_a_later_member_is_an_error(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "data"
    path.write_bytes(CODECS[codec](b"one\n") + CODECS[codec](LINES)[:-3])
    with pytest.raises(TruncatedError):
        read_all(path)


@codecs
def test_what_follows_a_member_and_is_none_is_an_error(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "data"
    path.write_bytes(CODECS[codec](b"one\n") + b"something else entirely")
    with pytest.raises(SourceError, match="behind member 1"):
        read_all(path)


@codecs
def test_damage_inside_is_an_error(tmp_path: Path, codec: str) -> None:
    data = bytearray(CODECS[codec](os.urandom(4096)))
    data[len(data) // 2] ^= 0xFF
    data[len(data) // 2 + 1] ^= 0xFF
    path = tmp_path / "data"
    path.write_bytes(data)
    with pytest.raises(SourceError):
        read_all(path)


@codecs
def test_records_before_a_cut_are_delivered_and_the_cut_line_is_kept(
    tmp_path: Path, codec: str, quarantine: Quarantine
) -> None:
    noise = [b'{"n":%d,"noise":"%s"}\n' % (n, os.urandom(40).hex().encode()) for n in range(10_000)]
    path = tmp_path / "data"
    path.write_bytes(CODECS[codec](b"".join(noise))[:-2000])
    delivered = b""
    with Input(str(path)) as source:
        found = records(read_blocks(source, quarantine), source.name, quarantine)
        try:
            for good in found:
                delivered += good.data
                quarantine.counts.written += good.count
        except TruncatedError:
            pass
        else:
            pytest.fail("the cut went unseen")
    assert delivered
    assert b"".join(noise).startswith(delivered)
    quarantine.counts.check()
    rest = rows(quarantine)
    assert [row["reason"] for row in rest] in ([], ["cut short"])
    held = b"".join(str(row["raw"]).encode() for row in rest)
    assert b"".join(noise).startswith(delivered + held)


def test_a_compressed_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def feed() -> None:
        with open(path, "wb", buffering=0) as pipe:
            data = gzip.compress(LINES)
            pipe.write(data[:1])  # less than a magic number
            pipe.write(data[1:])

    thread = threading.Thread(target=feed)
    thread.start()
    with Input(str(path)) as source:
        assert source.size is None
        assert b"".join(iter(source.read, b"")) == LINES
    thread.join()


def test_what_is_held_is_flushed_before_a_wait() -> None:
    reading, writing = os.pipe()
    waits: list[int] = []

    def before_wait() -> None:
        waits.append(1)
        if len(waits) == 2:
            os.write(writing, b"second\n")
        else:
            os.close(writing)

    os.write(writing, b"first\n")
    path = f"/dev/fd/{reading}"
    waits.append(0)
    with Input(path, before_wait) as source:
        assert source.read() == b"first\n"
        assert waits == [0]
        assert source.read() == b"second\n"
        assert waits == [0, 1]
        assert source.read() == b""
    os.close(reading)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file") as caught:
        Input(str(tmp_path / "missing"))
    assert caught.value.where == str(tmp_path / "missing")
    with pytest.raises(SourceError, match="is a directory"):
        Input(str(tmp_path))


# Lines


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 60))
@settings(database=None)
def test_blocks_lose_and_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], most: int
) -> None:
    folder = tmp_path_factory.mktemp("blocks")
    quarantine = Quarantine(str(folder / "q"))
    lines: dict[int, bytes] = {}
    for block in read_blocks(Pieces(*pieces), quarantine, most):
        for number, line in enumerate(block.lines(), block.first):
            lines[number] = line.rstrip(b"\n")
            assert len(line.rstrip(b"\n")) <= most
            quarantine.counts.written += 1
    quarantine.counts.check()
    for row in rows(quarantine):
        raw = row.get("raw")
        text = str(raw).encode() if raw is not None else base64.b64decode(str(row["raw_base64"]))
        number = row["line"]
        assert isinstance(number, int)
        lines[number] = text.rstrip(b"\n")
        assert len(text.rstrip(b"\n")) > most
    whole = b"".join(pieces)
    expected = whole.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert [lines[number] for number in sorted(lines)] == expected
    assert sorted(lines) == list(range(1, len(expected) + 1))


def test_stopping_early_leaves_counts_that_add_up(quarantine: Quarantine) -> None:
    source = Pieces(b"short\n" * 10 + b"much too long\n" + b"short\n" * 10)
    for block in read_blocks(source, quarantine, 8):
        quarantine.counts.written += len(block.lines())
        break
    assert quarantine.counts.read == 10
    quarantine.counts.check()


def test_a_line_over_the_limit_is_never_held(quarantine: Quarantine) -> None:
    line = b"x" * 1000
    source = Pieces(b"before\n", *[line] * 50, b"\nafter\n")
    blocks = list(read_blocks(source, quarantine, 2000))
    assert [(block.data, block.first) for block in blocks] == [(b"before\n", 1), (b"after\n", 3)]
    (row,) = rows(quarantine)
    assert (row["line"], row["reason"]) == (2, "longer than --max-record")
    assert base64.b64decode(str(row["raw_base64"])) == line * 50
    assert quarantine.counts.read == 3


def test_a_line_of_just_the_limit_passes(quarantine: Quarantine) -> None:
    source = Pieces(b"12345678", b"\n12345678\n1234567", b"8")
    assert (
        b"".join(block.data for block in read_blocks(source, quarantine, 8))
        == b"12345678\n12345678\n12345678"
    )
    assert quarantine.counts.quarantined == 0


def test_lines_end_at_newlines_only() -> None:
    data = "a\rb\x0bc\x85d\u2028e\r\nf".encode()
    assert Block(data, 1).lines() == ["a\rb\x0bc\x85d\u2028e\r\n".encode(), b"f"]


# JSONL's verdict

OBJECTS = [
    b"{}",
    b'{"a":1}',
    b'{"a":{"b":[]}}',
    b'{"a":"}\\n{"}',
    b'{"\xc3\xa9":"\xe2\x82\xac"}',
    b'{"a":1.10,"b":1e400}',
]
NO_OBJECTS = [
    b"",
    b"[1]",
    b"1",
    b"null",
    b'"text"',
    b'{"a":1',
    b'{"a":1}}',
    b'{"a":1}{"b":2}',
    b'{"a":1} {"b":2}',
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":01}',
    b'{"a":"\\ud800"}',
    b'{"a":"\xff"}',
    b'{"a":"\t"}',
    b'{"a":1,}',
    b"{'a':1}",
    b"\xef\xbb\xbf{}",
]


@pytest.mark.parametrize("line", OBJECTS)
def test_an_object_is_a_record(line: bytes) -> None:
    assert proven(line) == 1
    assert proven(line + b"\n" + line + b"\r\n" + line + b"\n") == 3
    assert is_object(b" " + line + b" \r\n")


@pytest.mark.parametrize("line", NO_OBJECTS)
def test_anything_else_is_none(line: bytes) -> None:
    assert proven(line) == 0
    assert proven(b"{}\n" + line + b"\n{}\n") == 0


@pytest.mark.parametrize(
    "data", [b'{"a":\n1}\n{"b":1}\n', b'{"a":1}{"b":1}\n{"c":1}', b"{}\n\n{}", b"{\n}", b"{}\r{}\n"]
)
def test_lines_that_are_not_the_records_are_not_proven(data: bytes) -> None:
    assert proven(data) == 0


@pytest.mark.parametrize("prefix", [b"", b" "])
def test_white_space_does_not_decide_what_is_a_record(prefix: bytes) -> None:
    assert is_object(prefix + b'{"a":1,"a":2}\n')


def accepted(line: bytes) -> bool:
    """The verdict of `scan`, but for duplicate keys, which are JSON."""
    try:
        return isinstance(scan(decode(line.rstrip(b"\n"))), ObjectNode)
    except RecordError as error:
        return error.message.startswith("duplicate key")


TOKENS = (
    r"""{"a":1} {} { } [ ] : , " \ \u12 \ud800 1 - 0 .5 e+ true null NaN "a" "k": é {"x":[1,{"y":null}]}"""
)
fragments = st.sampled_from([*TOKENS.split(), "\n", "\r\n", "\r", " ", "}\n{", "\x01", "\ufeff"])


@given(st.lists(fragments, max_size=12).map("".join), st.binary(max_size=3))
@example("{}\n{}", b"")
@example('{"a":{}\n{}}', b"")
@examples(300)
def test_what_is_proven_is_accepted_line_by_line(text: str, noise: bytes) -> None:
    for data in (text.encode(), text.encode() + noise, text.encode()[:-1] + noise):
        count = proven(data)
        if count:
            lines = Block(data, 1).lines()
            assert len(lines) == count
            assert all(accepted(line) for line in lines)


@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=5),
            st.integers()
            | st.text(max_size=8)
            | st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=3),
            max_size=4,
        ),
        max_size=6,
    ),
)
@settings(database=None)
def test_every_object_is_proven(objects: list[dict[str, object]]) -> None:
    data = "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects).encode("utf-8", "replace")
    assert proven(data) == len(objects)


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([*OBJECTS, *NO_OBJECTS[:-1], b" ", b"\r"])).map(b"\n".join)
)
@settings(database=None)
def test_every_line_is_a_record_blank_or_in_quarantine(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    quarantine = Quarantine(str(tmp_path_factory.mktemp("jsonl") / "q"))
    out: dict[int, bytes] = {}
    for good in records(read_blocks(Pieces(data), quarantine), "x", quarantine):
        assert good.data.endswith(b"\n")
        assert good.data.count(b"\n") == good.count == len(good.lines())
        out |= dict(enumerate(good.lines(), good.first))
        quarantine.counts.written += good.count
    quarantine.counts.check()
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    bad = {row["line"] for row in rows(quarantine)}
    for number, line in enumerate(lines, 1):
        if number in out:
            assert out[number] == line + b"\n"
            assert number not in bad
        else:
            assert (number in bad) == bool(line.strip(b" \t\r"))
