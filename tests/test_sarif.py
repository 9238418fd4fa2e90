"""--sarif against the structure of SARIF 2.1.0: every object that is printed, member by member.

The table is the part of sarif-schema-2.1.0.json (OASIS) that Cecil uses; in it, no object may have members
that it does not name.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def number(least: int) -> Check:
    return lambda value: type(value) is int and value >= least


def one_of(*values: str) -> Check:
    return lambda value: value in values


def listed(check: Check | str) -> Check:
    return lambda value: isinstance(value, list) and all(fits(one, check) for one in value)


def reference(value: Any) -> bool:
    """A URI reference (RFC 3986): no blank, no control character, nothing but ASCII."""
    return bool(re.fullmatch(r"(?:file://)?[A-Za-z0-9._~/%-]+", value)) and not re.search(
        "%(?![0-9A-F]{2})", value
    )


# Object: what it must have, and what it may have.
SCHEMA: dict[str, tuple[set[str], dict[str, Check | str]]] = {
    "log": (
        {"version", "runs"},
        {
            "$schema": one_of("https://json.schemastore.org/sarif-2.1.0.json"),
            "version": one_of("2.1.0"),
            "runs": listed("run"),
        },
    ),
    "run": (
        {"tool", "results"},
        {
            "tool": "tool",
            "results": listed("result"),
            "columnKind": one_of("unicodeCodePoints", "utf16CodeUnits"),
            "invocations": listed("invocation"),
        },
    ),
    "tool": ({"driver"}, {"driver": "driver"}),
    "driver": ({"name"}, {"name": text, "version": text, "rules": listed("rule")}),
    "rule": (
        {"id"},
        {"id": text, "shortDescription": "string", "fullDescription": "string", "help": "string"},
    ),
    "string": ({"text"}, {"text": text}),
    "result": (
        {"message", "ruleId", "ruleIndex", "locations"},
        {
            "ruleId": text,
            "ruleIndex": number(0),
            "level": one_of("none", "note", "warning", "error"),
            "message": "string",
            "locations": listed("location"),
            "properties": lambda value: isinstance(value, dict),
        },
    ),
    "location": (
        {"physicalLocation"},
        {"physicalLocation": "physical", "logicalLocations": listed("logical")},
    ),
    "physical": ({"artifactLocation", "region"}, {"artifactLocation": "artifact", "region": "region"}),
    "artifact": ({"uri"}, {"uri": reference}),
    "region": (
        {"startLine"},
        {"startLine": number(1), "startColumn": number(1), "endColumn": number(1)},
    ),
    "logical": (
        {"fullyQualifiedName"},
        {"fullyQualifiedName": text, "kind": one_of("object", "array", "property", "value")},
    ),
    "invocation": (
        {"executionSuccessful"},
        {
            "executionSuccessful": lambda value: isinstance(value, bool),
            "toolExecutionNotifications": listed("notification"),
        },
    ),
    "notification": (
        {"message"},
        {"level": one_of("none", "note", "warning", "error"), "message": "string"},
    ),
}


def fits(value: Any, check: Check | str) -> bool:
    if not isinstance(check, str):
        return check(value)
    required, members = SCHEMA[check]
    assert isinstance(value, dict), check
    assert required <= set(value) <= set(members), f"{check}: {sorted(value)}"
    for name, child in value.items():
        assert fits(child, members[name]), f"{check}.{name}: {child!r}"
    return True


MAIL, CARD, PASSWORD = "bob@example.com", "4111 1111 1111 1111", "hunter2-Zebra"
LINES = [
    {"user": {"e/mail": MAIL, "id": 7}, "a~b": [{"password": PASSWORD}]},
    {MAIL: 1, "{0}": {"[x](y)": CARD}},
    {"m": json.dumps({"password": PASSWORD}), "n": 4111111111111111},
]
TEXT = f"\U0001f600 {MAIL} and {CARD}\r"
INPUT = "\n".join([*map(json.dumps, LINES), TEXT, "nothing", '{"bad":', ""]).encode()


def run(cecil: Run, *files: str | Path) -> dict[str, Any]:
    done = cecil("redact", "-q", "--check", "--sarif", *files, stdin=INPUT)
    assert done.returncode == 4
    for value in (MAIL, CARD, PASSWORD, CARD.replace(" ", "")):
        assert value.encode() not in done.stdout
    log: dict[str, Any] = json.loads(done.stdout)
    assert fits(log, "log")
    (only,) = log["runs"]
    return dict(only)


@pytest.mark.parametrize("where", ["stdin", "relative", "absolute"])
def test_every_object_is_as_the_standard_has_it(where: str, cecil: Run, tmp_path: Path) -> None:
    names: dict[str, tuple[str | Path, ...]] = {
        "stdin": (),
        "relative": ("a b#1.log", "caf\u00e9.log"),
        "absolute": (tmp_path / "a b#1.log",),
    }
    for name in ("a b#1.log", "caf\u00e9.log"):
        (tmp_path / name).write_bytes(INPUT)
    only = run(cecil, *names[where])
    driver = only["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert len(only["results"]) == 8 * (len(names[where]) or 1)
    for result in only["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"].startswith(result["ruleId"])
    assert set(ids) == {result["ruleId"] for result in only["results"]}
    uris = {place(result)["artifactLocation"]["uri"] for result in only["results"]}
    assert (
        uris
        == {
            "stdin": {"stdin"},
            "relative": {"a%20b%231.log", "caf%C3%A9.log"},
            "absolute": {f"file://{tmp_path}/a%20b%231.log"},
        }[where]
    )


def place(result: dict[str, Any]) -> dict[str, Any]:
    (location,) = result["locations"]
    return dict(location["physicalLocation"])


def test_places(cecil: Run) -> None:
    """A pointer where it is JSON, with the names of the redacted record; columns, in characters, where it is text."""
    places = []
    for result in run(cecil)["results"]:
        region = place(result)["region"]
        logical = result["locations"][0].get("logicalLocations", [{}])
        columns = (region.get("startColumn"), region.get("endColumn"))
        places.append((result["ruleId"], region["startLine"], logical[0].get("fullyQualifiedName"), columns))
    none = (None, None)
    # Within a record, the order is that of its containers.
    assert sorted(places, key=lambda row: (row[1], row[2] or "")) == [
        ("PASSWORD", 1, "/a~0b/0/password", none),
        ("EMAIL_ADDRESS", 1, "/user/e~1mail", none),
        ("EMAIL_ADDRESS", 2, "/<EMAIL_ADDRESS>", none),
        ("CREDIT_CARD", 2, "/{0}/[x](y)", none),
        ("PASSWORD", 3, "/m", none),
        ("CREDIT_CARD", 3, "/n", none),
        ("EMAIL_ADDRESS", 4, None, (3, 3 + len(MAIL))),
        ("CREDIT_CARD", 4, None, (8 + len(MAIL), 8 + len(MAIL) + len(CARD))),
    ]


def test_what_was_not_judged_is_told(cecil: Run) -> None:
    (invocation,) = run(cecil)["invocations"]
    assert invocation == {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": "1 record could not be judged"}}
        ],
    }


def test_nothing_found_is_a_whole_document(cecil: Run) -> None:
    done = cecil("redact", "-q", "--check", "--sarif", stdin=b"nothing\n")
    assert done.returncode == 0
    log = json.loads(done.stdout)
    assert fits(log, "log")
    assert (log["runs"][0]["results"], log["runs"][0]["tool"]["driver"]["rules"]) == ([], [])
