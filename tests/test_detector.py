"""The Python face: what `cecil.Detector` finds is what cecil-redact takes out, at its place in the text."""

import base64
import gzip
import itertools
import json
import pickle
import subprocess
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Detector, Finding, Policy, Sanitizer
from cecil.errors import DetectorError, PolicyError, UsageError
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.spans import Span, resolve
from tests.conftest import ROOT, Run, build_cache, build_sanitizer

MAIL = "bob@example.com"
CARD = "4111 1111 1111 1111"


def detector(policy: Any = "default", **more: Any) -> Detector:
    """As a program makes it that keeps what is compiled."""
    return Detector(policy, cache=build_cache(), **{"nlp": "none"} | more)


@pytest.fixture(scope="module")
def default() -> Detector:
    return detector()


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer()


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def found(detector: Detector, text: str) -> list[tuple[str, str]]:
    return [(one.entity, text[one.start : one.end]) for one in detector.find(text)]


def test_a_finding(default: Detector) -> None:
    (one,) = default.find(f"mail {MAIL} now")
    assert one == Finding("", "EMAIL_ADDRESS", 1.0, "presidio:EmailRecognizer", "redact", 5, 20)
    assert (one.start, one.end, one.entity, one.score, one.detector) == (
        5, 20, "EMAIL_ADDRESS", 1.0, "presidio:EmailRecognizer",
    )  # fmt: skip


PEM = "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG\n" * 3 + "-----END " + "PRIVATE KEY-----"
WITHIN = {"user": {"email": MAIL, "id": 7}, "card": 4111111111111111, "note": "nothing"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("nothing to see at 2026-11-21T10:00:00Z from 192.0.2.17", []),
        (MAIL, [("EMAIL_ADDRESS", MAIL)]),
        (f"{MAIL} {CARD} from 8.8.8.8",
         [("EMAIL_ADDRESS", MAIL), ("CREDIT_CARD", CARD), ("IP_ADDRESS", "8.8.8.8")]),
        ("password=hunter2-Zebra", [("PASSWORD", "hunter2-Zebra")]),
        (f"key:\n{PEM}\nend", [("PRIVATE_KEY", PEM)]),
        # Places are characters, whatever a character is made of.
        (f"\U0001f600 caf\u00e9 \u5bc6 {MAIL} \U0001f600", [("EMAIL_ADDRESS", MAIL)]),
        ("card \uff14111 1111 1111 \uff11111!", [("CREDIT_CARD", "\uff14111 1111 1111 \uff11111")]),
        ("bob@exam\u00adple.com ok", [("EMAIL_ADDRESS", "bob@exam\u00adple.com")]),
        ("to bob%40example.com now", [("EMAIL_ADDRESS", "bob%40example.com")]),
        ("to bob&#64;example.com now", [("EMAIL_ADDRESS", "bob&#64;example.com")]),
        # What is encoded goes as it stands; nothing in it has a place of its own.
        (f"body {b64(f'it was {MAIL} who said it')} end",
         [("EMAIL_ADDRESS", b64(f"it was {MAIL} who said it"))]),
        (f"hex {f'mail {MAIL} there'.encode().hex()}",
         [("EMAIL_ADDRESS", f"mail {MAIL} there".encode().hex())]),
        # JSON in a text is text.
        (f"sent {json.dumps(WITHIN)} to x",
         [("EMAIL_ADDRESS", MAIL), ("CREDIT_CARD", "4111111111111111")]),
        (json.dumps({"m": json.dumps({"m": json.dumps({"e": MAIL})})}), [("EMAIL_ADDRESS", MAIL)]),
        (json.dumps(f"sent {json.dumps(WITHIN)} to x")[1:-1],
         [("EMAIL_ADDRESS", MAIL), ("CREDIT_CARD", "4111111111111111")]),
        (r'{"msg": "tab\t\u00e9 \ud83d\ude00 \u0062ob@example.com\n!"}',
         [("EMAIL_ADDRESS", r"\u0062ob@example.com")]),
    ],
)  # fmt: skip
def test_find(default: Detector, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(default, text) == expected


def test_two_in_one_encoded_piece_are_one(default: Detector) -> None:
    """The best of them gives the name, as everywhere."""
    piece = b64(json.dumps({"email": MAIL, "password": "hunter2-Zebra"}))
    assert found(default, f"x {piece} y {MAIL}") == [("PASSWORD", piece), ("EMAIL_ADDRESS", MAIL)]


def test_a_name_and_what_stands_there(default: Detector) -> None:
    """Both go; where they cannot be told apart they are one finding."""
    text = f'x {{"{MAIL}": 1}} y'
    ((entity, taken),) = found(default, text)
    assert (entity, MAIL in taken) == ("EMAIL_ADDRESS", True)
    text = f'x {{"{MAIL}": "{CARD}"}} y'
    (one,) = default.find(text)
    assert text[one.start : one.end] == f'"{MAIL}": "{CARD}"'
    assert one.action == "redact"
    text = f'x {{"{MAIL}": {{"password": "hunter2-Zebra", "n": 1}}}} y'
    assert found(default, text) == [("EMAIL_ADDRESS", f'"{MAIL}"'), ("PASSWORD", "hunter2-Zebra")]


TEXTS = [
    f"{MAIL}, {CARD}; from 8.8.8.8",
    f"caf\u00e9 \U0001f600 {MAIL} \u5bc6",
    "to bob%40example.com and bob&#64;example.com",
    f"sent {json.dumps(WITHIN)} to {MAIL}",
    f"body {b64(f'it was {MAIL} who said it')} end",
    f"body {b64(json.dumps(WITHIN))} end {MAIL}",
    json.dumps(f"sent {json.dumps(WITHIN)} to x")[1:-1],
    "card \uff14111 1111 1111 \uff11111!",
    "curl -H 'Authorization: Bearer abcDEF123456' https://bob:hunter2-Zebra@example.com/",
    "SSN 219-09-9999, MRN: 12345678, born 1960-05-04",
    "nothing at all",
]


def spans(rows: list[dict[str, Any]]) -> list[Span]:
    return [Span(*(row[name] for name in ("start", "end", "entity", "score", "detector"))) for row in rows]


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_says_the_same(default: Detector, form: str, cecil: Run) -> None:
    """Leaf by leaf; where one encoded piece holds several things it lists them, and the face has the best."""
    lines = [text if form == "text" else json.dumps({"x": [text]}, ensure_ascii=False) for text in TEXTS]
    run = cecil(
        "redact", "-q", "--nlp", "none", "--explain", "--json", "--format", "text" if form == "text" else "jsonl",
        stdin="\n".join(lines).encode(),
    )  # fmt: skip
    assert (run.stderr, run.returncode) == (b"", 0)
    rows = [row for row in map(json.loads, run.stdout.splitlines()) if "action" in row]
    assert {row["pointer"] for row in rows} == {"" if form == "text" else "/x/0"}
    total = 0
    for number, text in enumerate(TEXTS, 1):
        listed = [row for row in rows if row["line"] == number]
        assert spans(listed) == sorted(spans(listed), key=lambda one: one.start)
        mine = [
            Span(one.start, one.end, one.entity, round(one.score, 4), one.detector)
            for one in default.find(text)
        ]
        assert mine == resolve(spans(listed))
        total += len(mine)
    assert total > 15


_PARTS = st.sampled_from(
    [
        MAIL, CARD, "8.8.8.8", "password=", "hunter2-Zebra", " ", ",", "\n", "\u00e9", "\U0001f600", "\u200b",
        "x", '{"a": "', '"}', "[", "\\", "%40", "bob", "@", "example.com", "<EMAIL_ADDRESS>",
        b64(f"it was {MAIL} who said it"), json.dumps(WITHIN), urllib.parse.quote(json.dumps(WITHIN)),
        base64.b64encode(gzip.compress(f"mail {MAIL}".encode(), mtime=0)).decode(),
    ]
)  # fmt: skip


@given(parts=st.lists(_PARTS, max_size=8))
def test_what_is_found_is_in_order_apart_and_all_there_is(
    default: Detector, sanitizer: Sanitizer, parts: list[str]
) -> None:
    text = "".join(parts)
    places = [(one.start, one.end) for one in default.find(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(places))
    redacted, taken = sanitizer.redact(text)
    assert bool(places) == bool(taken) == (redacted != text)
    for each in taken:
        assert any(start <= each.start and each.end <= end for start, end in places)


@pytest.mark.parametrize("value", [None, b"bob@example.com", 7, ["bob@example.com"]], ids=repr)
def test_what_is_no_text(default: Detector, value: Any) -> None:
    with pytest.raises(TypeError, match=f"a string is wanted, not {type(value).__name__}") as caught:
        default.find(value)
    assert "bob" not in str(caught.value)


def test_what_cannot_be_judged(default: Detector) -> None:
    """No list is given for a text that nobody could read to its end."""
    text = MAIL
    for _ in range(8):
        text = b64(f"it is said that {text} said it")
    with pytest.raises(DetectorError):
        default.find(text)


def test_all_threads_share_one(default: Detector) -> None:
    texts = [f"{text} #{number}" for number in range(40) for text in TEXTS]
    fresh = detector()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.find, texts)) == [default.find(text) for text in texts]


def test_it_can_be_pickled(default: Detector) -> None:
    assert pickle.loads(pickle.dumps(default)).find(TEXTS[0]) == default.find(TEXTS[0])


OWN = """
recognizers:
  - name: Ticket
    supported_language: en
    supported_entity: TICKET
    patterns:
      - {name: ticket, regex: 'TICKET-[0-9]{6}', score: 0.8}
"""


def test_more_that_is_looked_for(default: Detector) -> None:
    text = "at https://example.com/ from 10.0.0.7 about TICKET-123456, idnr of a man 86095742719"
    assert found(default, text) == []
    for own in (OWN, OWN.encode()):
        more = detector(entities=["PRIVATE_IP", "URL"], countries={"DE"}, recognizers=own)
        assert dict(found(more, text)) == {
            "URL": "https://example.com/",
            "PRIVATE_IP": "10.0.0.7",
            "TICKET": "TICKET-123456",
            "DE_TAX_ID": "86095742719",
        }


def test_a_policy() -> None:
    """What it keeps is not found; what it says of fields and of its key is of no account to a text."""
    policy = Policy.parse(
        b"version: 1\nstrategy: strict\nentities: {EMAIL_ADDRESS: hash, IP_ADDRESS: keep}\n"
        b'fields: {"**": drop}\nkeys: {add: {STAFF_ID: [staff-no]}}\n',
        "p.yaml",
    )
    one = detector(policy)
    text = f"{MAIL} from 8.8.8.8, staff_no=4711"
    assert found(one, text) == [("EMAIL_ADDRESS", MAIL), ("STAFF_ID", "4711")]
    assert [finding.action for finding in one.find(text)] == ["hash", "redact"]


def test_the_tokens_of_its_key_are_left() -> None:
    policy = Policy.parse(b"version: 1\nentities: {EMAIL_ADDRESS: hash}\n", "p.yaml")
    token, _ = build_sanitizer(policy, key=Keyring(b"k" * 32)).redact(f"for {MAIL}")
    assert found(detector(policy, key=Keyring(b"k" * 32)), token) == []


def test_what_is_wrong() -> None:
    with pytest.raises(TypeError, match="countries is a collection"):
        Detector(countries="de")
    with pytest.raises(TypeError, match="entities is a collection"):
        Detector(entities="URL")
    with pytest.raises(PolicyError, match="no policy nope"):
        Detector("nope")
    with pytest.raises(PolicyError, match="unknown entity NOPE"):
        Detector(entities={"NOPE"})
    with pytest.raises(PolicyError, match="country zz"):
        Detector(countries={"zz"})
    with pytest.raises(PolicyError, match="recognizers"):
        Detector(recognizers="recognizers: 7")
    with pytest.raises(UsageError, match="not a key"):
        Detector(key=b"short")


def test_a_look_at_the_package_is_cheap() -> None:
    """Nothing that detection needs is loaded before it is used; then the names are there."""
    code = (
        "import sys, cecil\n"
        "heavy = {'presidio_analyzer', 'yaml', 'orjson', 'hyperscan', 'spacy', 'phonenumbers'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "from cecil import Detector, Finding, Policy, Sanitizer\n"
        "print([one.__name__ for one in (Detector, Finding, Policy, Sanitizer)])\n"
        "try: cecil.Nothing\n"
        "except AttributeError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert run.stdout.decode().splitlines() == [
        "[]",
        "['Detector', 'Finding', 'Policy', 'Sanitizer']",
        "module 'cecil' has no attribute 'Nothing'",
    ]
