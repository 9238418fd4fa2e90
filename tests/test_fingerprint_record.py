"""The closed record: what can be in one, and that nothing else can."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.errors import RecordError
from cecil.fingerprint.hashing import Hasher, KeyedHash
from cecil.fingerprint.prices import PriceList, Region, Tier
from cecil.fingerprint.record import (
    END_HOUR,
    FIRST_HOUR,
    KEYS,
    Failure,
    Fingerprint,
    Finish,
    Latency,
    Operation,
    Repeat,
    Source,
    Status,
    hour_text,
    parse,
)
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Quality

PRICES = PriceList.packaged()
HASHER = Hasher(b"k" * 32)


def make(**changes: Any) -> Fingerprint:
    values: dict[str, Any] = {
        "kid": HASHER.kid,
        "t": 497_558,
        "src": Source.OPENAI_CHAT,
        "model": PRICES.models["openai", "gpt-4o"],
        "model_h": None,
        "tuned": False,
        "op": Operation.CHAT,
        "tier": Tier.STANDARD,
        "region": Region.GLOBAL,
        "stream": True,
        "ok": False,
        "err": Failure.RATE_LIMIT,
        "http": Status.CLIENT,
        "finish": Finish.STOP,
        "lat": Latency.S10,
        "in_fresh": 1,
        "in_cache_read": 2,
        "in_cache_write_5m": 3,
        "in_cache_write_1h": 4,
        "out_text": 5,
        "out_reasoning": 6,
        "web_searches": 7,
        "max_out": 8,
        "temp0": True,
        "n_msgs": 9,
        "n_tools": 10,
        "static_tok": 11,
        "reuse_5m": 12,
        "reuse_1h": 13,
        "repeat": Repeat.H1,
        "retry": False,
        "leg": 0,
        "user_h": HASHER.user("ada"),
        "session_h": HASHER.session("s"),
        "turn": 14,
        "q": Quality.REPORTED,
        "flags": frozenset({Flag.ITERATIONS, Flag.AUDIO}),
    }
    return Fingerprint(**values | changes)


FIELDS = list(Fingerprint.__struct_fields__)


def row(**changes: Any) -> dict[str, Any]:
    return orjson.loads(make().to_bytes()) | changes


def test_a_record_is_one_line_of_json_with_every_key_and_comes_back() -> None:
    line = make().to_bytes()
    assert set(orjson.loads(line)) == KEYS
    assert b"\n" not in line
    assert line.startswith(b'{"v":2,"kid":"')
    assert b'"t":"2026-10-05T14Z"' in line
    assert b'"provider":"openai","model":"gpt-4o","model_h":null' in line
    assert b'"flags":["audio","iterations"]' in line
    again = parse(orjson.loads(line), PRICES)
    assert again == make()
    assert again.to_bytes() == line


def test_null_fields_come_back_as_null() -> None:
    nothing = dict.fromkeys(
        ("kid", "t", "model", "model_h", "tier", "region", "stream", "err", "finish", "max_out", "n_msgs"),
        None,
    )
    more = ("n_tools", "user_h", "session_h", "turn", "http", "lat", "temp0", "static_tok", "repeat", "retry")
    record = make(**nothing, **dict.fromkeys(more), reuse_5m=None, reuse_1h=None)
    assert b'"provider":"other","model":"other"' in record.to_bytes()
    assert parse(orjson.loads(record.to_bytes()), PRICES) == record


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "planted", ["ada@example.org", b"ada@example.org", 1.5, ("ada",), {"ada": 1}, -1, 2**31]
)
def test_no_field_takes_text_or_a_number_beyond_its_bounds(field: str, planted: object) -> None:
    with pytest.raises(TypeError, match=rf"field {field}\Z") as caught:
        make(**{field: planted})
    assert "ada" not in str(caught.value)


@pytest.mark.parametrize("field", FIELDS)
def test_the_text_of_an_enumeration_is_not_the_enumeration(field: str) -> None:
    value = getattr(make(), field)
    if isinstance(value, str):
        with pytest.raises(TypeError, match=field):
            make(**{field: str(value.value)})
    else:
        with pytest.raises(TypeError, match=field):
            make(**{field: str(value)})


def test_a_record_does_not_change() -> None:
    with pytest.raises(AttributeError):
        make().in_fresh = 5  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        make().note = "ada"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"v": 1}, "version 2"),
        ({"v": True}, "version 2"),
        ({"v": "2"}, "version 2"),
        ({"kid": "0" * 16}, "/kid"),
        ({"kid": "0a0 0b0c"}, "/kid"),
        ({"t": "2026-10-05T14:03Z"}, "/t"),
        ({"t": "2026-13-05T14Z"}, "/t"),
        ({"t": "1970-01-01T00Z"}, "/t"),
        ({"t": 5}, "/t"),
        ({"src": "ada"}, "/src"),
        ({"src": ["ada"]}, "/src"),
        ({"model": "gpt-4o-ada"}, "/model"),
        ({"model": "claude-sonnet-5"}, "/model"),
        ({"model": None}, "/model"),
        ({"provider": "other"}, "/model"),
        ({"model_h": "ADAADAADAADAADAA"}, "/model_h"),
        ({"model_h": "ABABABABABABABAB"}, "/model_h"),
        ({"user_h": "ab" * 7}, "/user_h"),
        ({"user_h": " " * 16}, "/user_h"),
        ({"tuned": 1}, "/tuned"),
        ({"ok": None}, "/ok"),
        ({"in_fresh": MAX_TOKENS + 1}, "/in_fresh"),
        ({"in_fresh": 1.0}, "/in_fresh"),
        ({"in_fresh": True}, "/in_fresh"),
        ({"in_fresh": None}, "/in_fresh"),
        ({"leg": -1}, "/leg"),
        ({"flags": ["ada"]}, "/flags"),
        ({"flags": "audio"}, "/flags"),
        ({"flags": [["ada"]]}, "/flags"),
        ({"ada": 1}, "other keys"),
    ],
)
def test_what_is_no_fingerprint_is_refused_by_the_name_of_its_field(
    changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RecordError, match=reason) as caught:
        parse(row(**changes), PRICES)
    assert "ada" not in str(caught.value)


def test_a_missing_key_is_named() -> None:
    short = row()
    del short["q"]
    with pytest.raises(RecordError, match="/q is missing"):
        parse(short, PRICES)


@settings(deadline=None)
@given(st.integers(FIRST_HOUR, END_HOUR - 1))
def test_every_hour_comes_back(hour: int) -> None:
    record = make(t=hour)
    assert orjson.loads(record.to_bytes())["t"] == hour_text(hour)
    assert parse(orjson.loads(record.to_bytes()), PRICES).t == hour


class TestHashes:
    def test_purposes_and_keys_are_apart(self) -> None:
        other = Hasher(b"l" * 32)
        hashes = {
            str(HASHER.user("ada")),
            str(HASHER.model("ada")),
            str(other.user("ada")),
            str(other.model("ada")),
        }
        assert len(hashes) == 4
        assert HASHER.kid != other.kid
        assert HASHER.user("ada") == Hasher(b"k" * 32).user("ada")

    def test_spellings_of_one_user_are_one_user(self) -> None:
        assert HASHER.user(" Ada@Example.org ") == HASHER.user("ada@example.org")
        assert HASHER.user("Zoe\u0301") == HASHER.user("Zoé")
        assert HASHER.user("ada") != HASHER.user("ada2")

    def test_it_is_no_plain_hmac_of_the_value(self) -> None:
        """So the same key in the sanitizer makes other pseudonyms."""
        import hashlib
        import hmac

        plain = hmac.digest(b"k" * 32, b"ada", hashlib.sha256)
        assert HASHER.user("ada").digest not in plain
        assert HASHER.model("ada").digest not in plain

    def test_a_short_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="16 bytes"):
            Hasher(b"k" * 15)

    def test_a_lone_surrogate_is_hashed(self) -> None:
        assert isinstance(HASHER.user("\ud800"), KeyedHash)
