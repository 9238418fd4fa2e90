"""What the server and its workers say to each other.

A message is its length, four bytes, big end first, and a pickle: only the two of them speak on that socket.
"""

import pickle
import struct
from typing import Any, NamedTuple

import orjson

from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy

HEADER = struct.Struct(">I")


class Setup(NamedTuple):
    """What a worker is told first.

    Attributes:
        policy: what holds where a request names none.
        keys: for keyed actions.
        nlp, language: which model looks for names, as `Sanitizer` takes them.
    """

    policy: Policy
    keys: Keyring
    nlp: str
    language: str | None


class Which(NamedTuple):
    """The policy of a piece of work.

    Attributes:
        name: a built-in one, or what the text is called in messages; empty for the server's own.
        text: the policy itself, where it is not built in.
    """

    name: str = ""
    text: bytes | None = None


class Tally(NamedTuple):
    """What metrics learn of a piece of work; no word in it is a client's.

    Attributes:
        read, written, quarantined: records or lines.
        found: findings by entity.
        hit: whether the sanitizer was there already.
    """

    read: int = 0
    written: int = 0
    quarantined: int = 0
    found: dict[str, int] = {}  # noqa: RUF012 - never changed
    hit: bool = True


class Answer(NamedTuple):
    """What a worker sends back.

    Attributes:
        result: what the work made; None where it failed.
        tally: for metrics.
        problem: name, detail and single errors of a problem.
        bug: class and place of an error that nobody thought of.
    """

    result: Any = None
    tally: Tally = Tally()
    problem: tuple[str, str | None, list[dict[str, Any]]] | None = None
    bug: str | None = None


class Judged(NamedTuple):
    """A block of a stream: its lines in their order, with errors in the places of refused ones."""

    data: bytes
    written: int
    quarantined: int
    found: dict[str, int]


def packed(message: object) -> bytes:
    """A message as it travels."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(body)) + body


def error_line(number: int, reason: str) -> bytes:
    """What stands in a stream in place of a line that must not go on."""
    return orjson.dumps({"$cecil": {"error": {"line": number, "reason": reason}}}) + b"\n"
