"""Nothing of a log comes out: canaries in every string, key and number; and text changes nothing."""

import base64
import copy
import hashlib
import json
import random
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from cecil.fingerprint.adapters import Drop
from cecil.fingerprint.envelope import events
from cecil.fingerprint.fingerprinter import Fingerprinter
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.overlap import Overlap
from cecil.fingerprint.prices import PriceList
from tests.conftest import write_key
from tests.llm_samples import FAILURES, NOT_CALLS, SAID, SAMPLES, TEXT, Sample, apart

DATA = Path(__file__).parent / "data" / "llm"
KEYED = Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32))
Run = Callable[..., Any]


def bodies() -> Iterator[dict[str, Any]]:
    """The recorded exchanges, with a user; streams as lists of events."""
    for path in sorted(DATA.glob("*.jsonl")):
        if path.name.endswith(".expected.jsonl"):
            continue
        for line in path.read_text().splitlines():
            record = json.loads(line)
            if "response_sse" in record:
                record["response"], whole = events(record.pop("response_sse"))
                assert whole
            if "request" in record:
                record["request"] |= {
                    "user": "u",
                    "safety_identifier": "s",
                    "metadata": {"user_id": "m", "k": "v"},
                }
            yield record


BODIES = list(bodies())
SHAPES = [sample.record for sample in SAMPLES if isinstance(sample.record, dict)]
SHAPES += [record for _, record, _ in (*NOT_CALLS, *FAILURES) if isinstance(record, dict)]
"""A record of every shape that is known, calls and others, failed calls too."""


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, (*path, index))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def planted(body: dict[str, Any], path: tuple[Any, ...], canary: object) -> dict[str, Any]:
    body = copy.deepcopy(body)
    at(body, path[:-1])[path[-1]] = canary
    return body


def renamed(body: dict[str, Any], path: tuple[Any, ...], key: str, canary: str) -> dict[str, Any]:
    """The body with one key under another name, in its place."""
    body = copy.deepcopy(body)
    inside = at(body, path)
    members = [(canary if name == key else name, inner) for name, inner in inside.items()]
    inside.clear()
    inside.update(members)
    return body


def canaries(number: int) -> tuple[str, ...]:
    """Unlike anything in a record; each kind imitates what a field expects."""
    word = f"Kanari{number:06x}"
    return (
        word,
        f"gpt-4o-{word}",
        f"ft:gpt-4o-mini-2024-07-18:{word}-corp:proj:{word}",
        f"arn:aws:bedrock:eu-central-1:918273645546:application-inference-profile/{word}",
        f"2026-02-17T02:54:22Z {word}",
    )


SPELLINGS = tuple(
    spelling.encode()
    for part in ("kanari", "918273645546")
    for spelling in (
        part,
        part[::-1],
        part.encode().hex(),
        base64.b64encode(part.encode()).decode().rstrip("=")[:7].lower(),
        base64.b64encode(part.capitalize().encode()).decode().rstrip("=")[:7].lower(),
    )
)
HEX = re.compile(rb"[0-9a-f]{8,}")


def digests(canary: str) -> Iterator[bytes]:
    for form in {canary, canary.strip(), canary.lower(), canary.strip().casefold()}:
        for kind in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.blake2b):
            digest = kind(form.encode()).hexdigest().encode()
            yield digest[:16]
            yield digest[:8]


def assert_clean(output: bytes, unkeyed: set[bytes]) -> None:
    lower = output.lower()
    for spelling in SPELLINGS:
        assert spelling not in lower, spelling
    assert not unkeyed & set(HEX.findall(lower))


def run_over(
    cecil: Run, tmp_path: Path, records: list[dict[str, Any]]
) -> tuple[bytes, bytes, dict[str, Any]]:
    write_key(tmp_path / "key", b"k" * 32)
    stdin = b"".join(orjson.dumps(apart(record, n)) + b"\n" for n, record in enumerate(records))
    done = cecil("fingerprint", "--key-file", "key", "--stats-file", "stats", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr, json.loads((tmp_path / "stats").read_text())


def test_no_string_comes_out(cecil: Run, tmp_path: Path) -> None:
    records, unkeyed = [], set()
    for body in BODIES:
        for path, value in leaves(body):
            if isinstance(value, str):
                for canary in canaries(len(records)):
                    records.append(planted(body, path, canary))
                    unkeyed.update(digests(canary))
    assert len(records) > 2_000
    out, err, stats = run_over(cecil, tmp_path, records)
    assert_clean(out + err, unkeyed)
    # Most records are still calls; that is where a leak would be.
    assert stats["written"] > 0.8 * len(records)


@pytest.mark.slow
def test_fifteen_thousand_canaries_in_every_shape(cecil: Run, tmp_path: Path) -> None:
    """In every string, key and other value of every shape; in JSON and events within strings too."""
    records: list[Any] = []
    unkeyed: set[bytes] = set()

    def plant(record: Any, canary: str) -> None:
        records.append(record)
        unkeyed.update(digests(canary))

    for body in SHAPES:
        for path, value in leaves(body):
            if path and isinstance(value, str):
                for canary in canaries(len(records)):
                    plant(planted(body, path, canary), canary)
                for match in re.finditer(r'"[^"\\]+"(?=\s*[:,}\]])', value) if value[:1] in "{[de" else ():
                    canary = canaries(len(records))[0]
                    plant(
                        planted(body, path, f'{value[: match.start()]}"{canary}"{value[match.end() :]}'),
                        canary,
                    )
            elif path:
                canary = canaries(len(records))[0]
                plant(planted(body, path, canary), canary)
        for path in objects(body):
            for key in at(body, path):
                canary = canaries(len(records))[0]
                plant(renamed(body, path, key, canary), canary)
    # Text in front of it, so that canaries that look like models or times are also in the first place.
    for body in SHAPES:
        for path, value in leaves(body):
            if path and isinstance(value, str):
                for kind in range(8):
                    canary = canaries(len(records))[kind % 5]
                    plant(planted(body, path, (canary + value, value + canary)[kind % 2]), canary)
    assert len(records) >= 15_000
    out, err, stats = run_over(cecil, tmp_path, records)
    assert_clean(out + err, unkeyed)
    assert stats["written"] > 0.5 * len(records)
    assert stats["read"] == stats["written"] + sum(stats["dropped"].values())
    # Strictness sends many to quarantine; its reasons and name say nothing of them either.
    stdin = b"".join(orjson.dumps(record) + b"\n" for record in records[::7])
    done = cecil("fingerprint", "--strict", "--key-file", "key", "--debug", stdin=stdin)
    assert done.returncode == 3
    assert_clean(done.stdout + done.stderr, unkeyed)


def test_no_string_comes_out_in_place_of_any_other_value(cecil: Run, tmp_path: Path) -> None:
    records, unkeyed = [], set()
    for body in BODIES:
        paths = [path for path, value in leaves(body) if not isinstance(value, str)]
        for path in [*paths, *(path for path in objects(body) if path)]:
            canary = canaries(len(records))[0]
            records.append(planted(body, path, canary))
            unkeyed.update(digests(canary))
    assert len(records) > 500
    out, err, _ = run_over(cecil, tmp_path, records)
    assert_clean(out + err, unkeyed)


def test_no_key_comes_out(cecil: Run, tmp_path: Path) -> None:
    records, unkeyed = [], set()
    for body in BODIES:
        for path in objects(body):
            for key in at(body, path):
                canary = canaries(len(records))[0]
                records.append(renamed(body, path, key, canary))
                unkeyed.update(digests(canary))
    assert len(records) > 1_000
    out, err, stats = run_over(cecil, tmp_path, records)
    assert_clean(out + err, unkeyed)
    assert stats["written"] > 0.8 * len(records)


@pytest.mark.parametrize("number", [918_273_645, 4_012_888_888_881_881, 91_827_364_554_637_281])
def test_no_large_number_comes_out(number: int) -> None:
    """A small one can: it is a count then, and SECURITY says so."""
    seen = 0
    for body in BODIES:
        for path, _ in leaves(body):
            for value in (number, str(number), float(number)):
                made = KEYED.of(planted(body, path, value))
                if not isinstance(made, Drop):
                    seen += 1
                    assert str(number).encode() not in b"".join(record.to_bytes() for record in made)
    assert seen > 1_000


def test_the_streams_text_does_not_come_out(cecil: Run, tmp_path: Path) -> None:
    """Canaries in the text of server-sent events, as they are logged."""
    records, unkeyed = [], set()
    for name in ("openai_chat_stream", "anthropic_messages_stream"):
        for line in (DATA / f"{name}.jsonl").read_text().splitlines():
            record = json.loads(line)
            text = record["response_sse"]
            for match in re.finditer(r'"[^"\\]+"(?=\s*[,}\]])', text):
                canary = canaries(len(records))[0]
                changed = f'{text[: match.start()]}"{canary}"{text[match.end() :]}'
                records.append({**record, "response_sse": changed})
                unkeyed.update(digests(canary))
    assert len(records) > 50
    out, err, _ = run_over(cecil, tmp_path, records)
    assert_clean(out + err, unkeyed)


def test_neither_a_file_name_nor_damaged_lines_come_out(cecil: Run, tmp_path: Path) -> None:
    """Messages name the file and the line; records name neither, and messages nothing of the line."""
    body = json.dumps(BODIES[0])
    damaged = [
        b'{"model": "Kanari1"',
        b'{"Kanari2": 1, "Kanari2": 2}',
        b'{"a": "Kanari3\xff"}',
        b"Kanari4",
        b'{"v":1,"src":"Kanari5","leg":0,"q":"Kanari6"}',
        b'{"a": "\\ud800Kanari7"}',
    ]
    (tmp_path / "log.jsonl").write_bytes(b"\n".join([body.encode(), *damaged]) + b"\n")
    for more in ([], ["--debug"]):
        done = cecil("fingerprint", *more, "--quarantine", "q", "log.jsonl")
        assert done.returncode == 3
        assert_clean(done.stdout + done.stderr, set())
        assert len(done.stdout.splitlines()) == 1
    name = "Kanari.jsonl"
    (tmp_path / name).write_text(body + "\n")
    assert_clean(cecil("fingerprint", name).stdout, set())


# What a fingerprint is a function of; the user is hashed, the rest are words of closed lists, or times.
READ = {
    *("model", "type", "object", "status", "service_tier", "inference_geo", "finish_reason", "stop_reason"),
    *("code", "role", "user", "safety_identifier", "user_id", "speed"),
    # Hosts of providers, which are looked up; and ids, whose beginnings tell clouds apart.
    *("endpoint", "uri", "id"),
}


def without_text(value: Any, rng: random.Random, key: object = None) -> Any:
    """The value with every text replaced by other text of its length."""
    if isinstance(value, dict):
        return {name: without_text(inner, rng, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_text(inner, rng, key) for inner in value]
    if isinstance(value, str) and key not in READ:
        return "".join(rng.choices(string.ascii_letters + " .,{}äж漢", k=len(value)))
    return value


SAME_LENGTH = "".join(random.Random(5).choices(string.ascii_letters + " .,äж漢", k=80))


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_shapes_that_differ_only_in_text_have_one_fingerprint(sample: Sample) -> None:
    """The text of people and models, names of teams, projects and deployments: as if they were not there."""
    plain = json.dumps(sample.record)
    other = plain
    for text in (TEXT, SAID, "research", "secret-project", "example-prod", "s3://example"):
        other = other.replace(text, json.dumps(SAME_LENGTH[: len(text)], ensure_ascii=False)[1:-1])
    rows = []
    for line in (plain, other):
        fingerprinter = Fingerprinter(
            PriceList.packaged(), Hasher(b"k" * 32), Overlap(b"k" * 32), estimate=False
        )
        made = fingerprinter.of(json.loads(line))
        assert not isinstance(made, Drop)
        rows.append([{**orjson.loads(leg.to_bytes()), "static_tok": None} for leg in made])
    assert rows[0] == rows[1]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_records_that_differ_only_in_text_have_one_fingerprint(body: dict[str, Any]) -> None:
    rng = random.Random(2)
    expected = KEYED.of(body)
    assert not isinstance(expected, Drop)
    for _ in range(5):
        other = without_text(body, rng)
        assert other != body
        assert KEYED.of(other) == expected


def test_the_user_is_told_apart_only_by_the_hash() -> None:
    body = BODIES[0]
    one = KEYED.of(planted(body, ("request", "user"), "ada"))
    two = KEYED.of(planted(body, ("request", "user"), "bob"))
    assert isinstance(one, tuple)
    assert isinstance(two, tuple)
    first, second = (orjson.loads(made[0].to_bytes()) for made in (one, two))
    assert {key for key in first if first[key] != second[key]} == {"user_h"}
