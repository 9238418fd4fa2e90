"""What was found, where and why: as lines for people, as JSONL, and as SARIF for CI.

Owns: the spelling of a finding and of a near miss in each form. Refuses: to know a value; whoever reads a
report learns file, line, JSON Pointer, place in the leaf, entity and detector, and nothing that stood there.
A report is made row by row and does not grow in memory.

SARIF is the Static Analysis Results Interchange Format 2.1.0, an OASIS standard:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from typing import TYPE_CHECKING, Protocol

import orjson

import cecil
from cecil.errors import printable

if TYPE_CHECKING:
    from cecil.sanitizer.sanitizer import Finding, NearMiss


class Form(Protocol):
    """How a report is written: bytes for its beginning, for each row, and for its end."""

    def begin(self) -> bytes: ...
    def finding(self, file: str, line: int, one: "Finding") -> bytes: ...
    def miss(self, file: str, line: int, one: "NearMiss") -> bytes: ...
    def end(self, *, complete: bool, quarantined: int) -> bytes: ...


class _Rows:
    """A form without a beginning and an end."""

    def begin(self) -> bytes:
        return b""

    def end(self, *, complete: bool, quarantined: int) -> bytes:
        return b""


class Text(_Rows):
    """`file:line: pointer: ENTITY (detector, score)`; in a line of text there is no pointer.

    Args:
        long: with the place in the leaf and the action; near misses are always so.
    """

    def __init__(self, *, long: bool = False) -> None:
        self._long = long

    def finding(self, file: str, line: int, one: "Finding") -> bytes:
        text = f"{one.entity} ({one.detector}, {one.score:.2f})"
        if not self._long:
            return _line(file, line, one.pointer, text)
        return _line(file, line, _place(one), f"{text}: {one.action}")

    def miss(self, file: str, line: int, one: "NearMiss") -> bytes:
        return _line(file, line, _place(one), f"not {one.entity} ({one.detector}): {one.why}")


class Jsonl(_Rows):
    """One object a line; also the form of an audit."""

    def finding(self, file: str, line: int, one: "Finding") -> bytes:
        more = {"score": round(one.score, 4), "detector": one.detector, "action": one.action}
        return orjson.dumps(_row(file, line, one) | more) + b"\n"

    def miss(self, file: str, line: int, one: "NearMiss") -> bytes:
        return orjson.dumps(_row(file, line, one) | {"detector": one.detector, "why": one.why}) + b"\n"


class Sarif:
    """One document with one run. Near misses have no place in it."""

    def __init__(self) -> None:
        self._rules: dict[str, int] = {}
        self._first = True

    def begin(self) -> bytes:
        schema = b"https://json.schemastore.org/sarif-2.1.0.json"
        return b'{"$schema":"' + schema + b'","version":"2.1.0","runs":[{"results":['

    def finding(self, file: str, line: int, one: "Finding") -> bytes:
        region = {"startLine": line}
        if not one.pointer and one.end:
            # A line of text is its own leaf; a leaf of JSON has no columns that survive its escapes.
            region |= {"startColumn": one.start + 1, "endColumn": one.end + 1}
        place: dict[str, object] = {
            "physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": region}
        }
        if one.pointer:
            place["logicalLocations"] = [{"fullyQualifiedName": one.pointer, "kind": "value"}]
        at = f" at {_message(one.pointer)}" if one.pointer else ""
        result = {
            "ruleId": one.entity,
            "ruleIndex": self._rules.setdefault(one.entity, len(self._rules)),
            "level": "error",
            "message": {"text": f"{one.entity}{at} ({one.detector}, {one.score:.2f})"},
            "locations": [place],
            "properties": {
                "score": round(one.score, 4),
                "detector": one.detector,
                "action": one.action,
                "start": one.start,
                "end": one.end,
            },
        }
        comma, self._first = b"" if self._first else b",", False
        return comma + b"\n" + orjson.dumps(result)

    def miss(self, file: str, line: int, one: "NearMiss") -> bytes:
        return b""

    def end(self, *, complete: bool, quarantined: int) -> bytes:
        rules = [_rule(name) for name in self._rules]
        records = "1 record" if quarantined == 1 else f"{quarantined} records"
        notes = (
            [{"level": "error", "message": {"text": f"{records} could not be judged"}}] if quarantined else []
        )
        rest = {
            "tool": {"driver": {"name": "cecil-redact", "version": cecil.__version__, "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": complete, "toolExecutionNotifications": notes}],
        }
        return b"\n]," + orjson.dumps(rest)[1:] + b"]}\n"


def _rule(entity: str) -> dict[str, object]:
    # Code hosts want all three texts.
    action = "Take it out of the data (cecil-redact does), or silence it in the policy where it is none."
    return {
        "id": entity,
        "shortDescription": {"text": f"{entity} in the data"},
        "fullDescription": {"text": f"Something stands in the data that a policy calls {entity}."},
        "help": {"text": action},
    }


def uri(file: str) -> str:
    """A path as a URI reference (RFC 3986); standard input is called `stdin`."""
    if file == "<stdin>":
        return "stdin"
    kept = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"
    path = "".join(
        chr(byte) if byte in kept else f"%{byte:02X}" for byte in file.encode(errors="surrogateescape")
    )
    return f"file://{path}" if path.startswith("/") else path


def _message(text: str) -> str:
    """Text in a SARIF message, where braces are placeholders and brackets are links (3.11.5 and 3.11.6)."""
    escapes = {"{": "{{", "}": "}}", "[": "\\[", "]": "\\]", "\\": "\\\\"}
    return "".join(escapes.get(c, c) for c in printable(text))


def _row(file: str, line: int, one: "Finding | NearMiss") -> dict[str, object]:
    return {
        # A file name need not be UTF-8; Python holds such bytes as lone surrogates, which JSON cannot.
        "file": file.encode("utf-8", "backslashreplace").decode(),
        "line": line,
        "pointer": one.pointer,
        "start": one.start,
        "end": one.end,
        "entity": one.entity,
    }


def _place(one: "Finding | NearMiss") -> str:
    span = f"{one.start}-{one.end}" if one.end else ""
    return f"{one.pointer} {span}".strip()


def _line(file: str, line: int, place: str, text: str) -> bytes:
    return (printable(": ".join(filter(None, (f"{file}:{line}", place, text)))) + "\n").encode()
