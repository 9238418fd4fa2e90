"""--since, --until, --time-field: moments, windows, and what has no time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.errors import UsageError
from cecil.providers.generic.file import FileProvider
from cecil.providers.generic.times import Window, moment, parse, window
from cecil.stream.quarantine import Quarantine

SECOND = 10**9
NOON = 1_714_564_800 * SECOND
"""2024-05-01T12:00:00Z"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-01T12:00:00Z", NOON),
        ("2024-05-01t12:00:00z", NOON),
        ("2024-05-01 12:00:00Z", NOON),
        ("2024-05-01 12:00:00 +00:00", NOON),
        ("2024-05-01T14:00:00+02:00", NOON),
        ("2024-05-01T05:30:00-0630", NOON),
        ("2024-05-01T14:00:00+02", NOON),
        ("2024-05-01T12:00Z", NOON),
        ("2024-05-01T12:00:00.5Z", NOON + SECOND // 2),
        ("2024-05-01T12:00:00,123456789Z", NOON + 123_456_789),
        ("2024-05-01T12:00:00.1234567899Z", NOON + 123_456_789),
        ("2024-05-01T11:59:60Z", NOON),
        ("1969-12-31T23:59:59.25Z", -SECOND * 3 // 4),
        ("0001-01-01T00:00:00Z", -62_135_596_800 * SECOND),
        (1_714_564_800, NOON),
        (1_714_564_800.25, NOON + SECOND // 4),
        (1_714_564_800_123, NOON + 123_000_000),
        (1_714_564_800_123_456, NOON + 123_456_000),
        (1_714_564_800_123_456_789, NOON + 123_456_789),
        ("1714564800", NOON),
        ("1714564800.123456789", NOON + 123_456_789),
        ("1714564800123", NOON + 123_000_000),
        (0, 0),
        (-1, -SECOND),
    ],
)
def test_values_that_name_a_moment(value: object, expected: int) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-01T12:00:00",
        "2024-05-01",
        "2024-13-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T12:60:00Z",
        "2024-05-01T12:00:61Z",
        "2024",
        "20240501",
        "yesterday",
        "",
        "1e9",
        "12:00Z",
        10**21,
        "٢٠٢٤-05-01T12:00:00Z",
        "2024-05-01T12:00:00Z\n",
        None,
        True,
        [1],
        {"a": 1},
        float("inf"),
        float("nan"),
    ],
)
def test_values_that_name_none(value: object) -> None:
    with pytest.raises(ValueError, match="time"):
        moment(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 7 * 86400), ("1w", 7 * 86400), ("0s", 0)],
)
def test_durations_count_back_from_now(text: str, expected: int) -> None:
    assert parse(text, NOON, "--since") == NOON - expected * SECOND


def test_an_option_without_an_offset_says_what_to_add() -> None:
    for text in ("2024-05-01", "2024-05-01T12:00:00"):
        with pytest.raises(UsageError, match="without an offset") as caught:
            parse(text, NOON, "--since")
        assert "12:00:00Z" in str(caught.value.hint)
    with pytest.raises(UsageError, match="not a time"):
        parse("last week", NOON, "--until")


def test_a_window_needs_a_field_and_room() -> None:
    assert window("t", None, None, NOON) is None
    assert window("t", "1h", None, NOON) == Window("t", NOON - 3600 * SECOND, None)
    for field, since, until in ((None, "1h", None), ("", None, "1h"), ("t", "1h", "2h"), ("t", "1h", "1h")):
        with pytest.raises(UsageError):
            window(field, since, until, NOON)


def within(
    tmp_path: Path, content: bytes, window: Window, name: str = "x"
) -> tuple[bytes, dict[str, object], list[str]]:
    (tmp_path / name).write_bytes(content)
    quarantine = Quarantine(str(tmp_path / "q"))
    with FileProvider([str(tmp_path / name)], quarantine, window=window) as provider:
        data = b""
        for batch in provider.stream_batches():
            data += batch.data
            quarantine.counts.written += batch.count
    quarantine.close()
    quarantine.counts.check()
    path = tmp_path / "q"
    rows = path.read_bytes().splitlines() if path.exists() else []
    return data, quarantine.counts.as_dict(), [orjson.loads(row)["reason"] for row in rows]


def test_the_window_is_half_open_and_lines_keep_their_bytes(tmp_path: Path) -> None:
    lines = [b'{"t": %d, "n":1.10}\r\n' % (1_714_564_800 + n) for n in range(5)]
    data, counts, _ = within(tmp_path, b"".join(lines), Window("t", NOON + SECOND, NOON + 3 * SECOND))
    assert data == b"".join(lines[1:3])
    assert counts == {"read": 5, "written": 2, "dropped": {"since": 1, "until": 2}, "quarantined": 0}


def test_a_record_without_a_readable_time_goes_to_quarantine(tmp_path: Path) -> None:
    lines = b'{"t":1714564800}\n{"x":1}\n{"t":"2024-05-01T12:00:00"}\n{"t":"soon"}\n{"t":null}\n{"t":[1]}\n'
    data, counts, reasons = within(tmp_path, lines, Window("t", 0))
    assert data == b'{"t":1714564800}\n'
    assert reasons == [
        "no time at t",
        "a time without an offset at t",
        "no readable time at t",
        "no readable time at t",
        "no readable time at t",
    ]
    assert counts["quarantined"] == 5


@pytest.mark.parametrize(
    ("field", "record"),
    [
        ("time", '{"time":1714564800}'),
        ("event.time", '{"event":{"time":1714564800}}'),
        ("event.time", '{"event.time":1714564800,"event":{"time":0}}'),
        ("/event/time", '{"event":{"time":1714564800}}'),
        ("/a~1b/c~0d", '{"a/b":{"c~d":1714564800}}'),
        ("/list/1/t", '{"list":[0,{"t":1714564800}]}'),
        ("/time", '{"big":1e400,"time":1714564800}'),
    ],
)
def test_where_a_time_may_stand(tmp_path: Path, field: str, record: str) -> None:
    data, _, reasons = within(tmp_path, record.encode() + b"\n", Window(field, NOON, NOON + 1))
    assert reasons == []
    assert data == record.encode() + b"\n"


@pytest.mark.parametrize("field", ["a.b.c", "/a/b/c", "/list/7", "/list/x", "missing", "/"])
def test_a_path_that_leads_nowhere(tmp_path: Path, field: str) -> None:
    record = b'{"a":{"b":1},"list":[1]}\n'
    data, _, reasons = within(tmp_path, record, Window(field, 0))
    assert (data, reasons) == (b"", [f"no time at {field}"])


def test_windows_in_other_formats(tmp_path: Path) -> None:
    span = Window("t", NOON)
    assert (
        within(tmp_path, b"t,n\n1714564799,1\n1714564800,2\n", span, "x.csv")[0]
        == b'{"t":"1714564800","n":"2"}\n'
    )
    assert (
        within(tmp_path, b'[{"t":1714564799}, {"t": 1714564800}]', span, "x.json")[0]
        == b'{"t": 1714564800}\n'
    )


def test_a_limit_counts_what_lies_inside(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"".join(b'{"t":%d}\n' % (1_714_564_800 + n) for n in range(5000)))
    quarantine = Quarantine(str(tmp_path / "q"))
    span = Window("t", NOON + 3000 * SECOND)
    with FileProvider([str(tmp_path / "x")], quarantine, window=span, limit=3) as provider:
        data = b"".join(batch.data for batch in provider.stream_batches())
    assert data == b"".join(b'{"t":%d}\n' % (1_714_567_800 + n) for n in range(3))
    assert quarantine.counts.read == 3003
    assert quarantine.counts.dropped == {"since": 3000}


@given(st.datetimes(timezones=st.timezones(no_cache=True)))
@settings(database=None)
def test_what_python_writes_is_read(when: datetime) -> None:
    offset = when.utcoffset()
    if offset is None or offset.seconds % 60:
        return  # RFC 3339 has no seconds in offsets
    expected = (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    assert moment(when.isoformat()) == expected
