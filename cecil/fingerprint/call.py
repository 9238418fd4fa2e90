"""What an adapter reads out of a log record: an LLM call, still raw.

Raw values (a model's name, a user's id, a time as it was spelled, the text) go no further than the
`Fingerprinter`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from cecil.fingerprint.prices import Region, Tier
from cecil.fingerprint.record import Failure, Finish, Operation, Source
from cecil.fingerprint.usage import Usage


class Leg(NamedTuple):
    """One model's part in a call.

    Attributes:
        model: the name as logged; anything, where the log holds anything.
        usage: None where no tokens were reported.
        cut: whether it is of a stream that stopped before its end.
    """

    model: object
    usage: Usage | None
    cut: bool = False


class Asked(msgspec.Struct):
    """What a request says, whoever it was sent to.

    Attributes:
        tools, system, messages: what the model was shown, in the order in which providers cache it; None
            where the request has none.
        Others: see `Call`.
    """

    tools: Any = None
    system: Any = None
    messages: Any = None
    user: object = None
    stream: bool | None = None
    max_out: int | None = None
    temp0: bool | None = None
    n_msgs: int | None = None
    n_tools: int | None = None


class Call(msgspec.Struct):
    """A call in the terms of a fingerprint, but for what is raw.

    Attributes:
        providers: whose price list the model may be in, the likeliest first.
        legs: at least one.
        time: raw; a number since 1970 or ISO 8601.
        user, session: raw.
        id: what a repeat of the same record would have too; None where there is nothing of the kind.
        status: the HTTP status.
        latency: milliseconds.
        asked: the request; None where the log has none.
        said: the text of an answer without usage, for an estimate.
        Others: see `record.Fingerprint`.
    """

    src: Source
    providers: tuple[str, ...]
    legs: tuple[Leg, ...]
    op: Operation = Operation.CHAT
    time: object = None
    user: object = None
    session: object = None
    id: str | None = None
    tier: Tier | None = None
    region: Region | None = None
    stream: bool | None = None
    ok: bool = True
    err: Failure | None = None
    finish: Finish | None = None
    status: int | None = None
    latency: float | None = None
    asked: Asked | None = None
    said: str | None = None


class Exchange(msgspec.Struct):
    """Where in a record a call may be: a response, and what stands around it.

    Attributes:
        response: what may be the provider's answer: an object, a list of the events of a stream, None where
            the record says that there was none, a mark where it is no JSON.
        request: what was sent, empty where the record has none.
        status: the HTTP status, where the record has one.
        time, user, session: of the record, raw.
        batch: whether the record is a line of a batch's results.
        whole: False when the text of a stream stopped in the middle of an event.
        uri: where the request went; its host says whose answer it is, its path may name the model.
        latency: milliseconds.
    """

    response: Any
    request: Mapping[str, Any]
    status: int | None = None
    time: object = None
    batch: bool = False
    whole: bool = True
    user: object = None
    session: object = None
    uri: str | None = None
    latency: float | None = None

    @property
    def failed(self) -> bool:
        """Whether the status, or the lack of an answer, says that the call failed."""
        if self.status is not None:
            return not 200 <= self.status < 300
        return self.response is None or (isinstance(self.response, dict) and bool(self.response.get("error")))


_BY_STATUS = {
    400: Failure.INVALID,
    401: Failure.AUTH,
    403: Failure.AUTH,
    404: Failure.NOT_FOUND,
    408: Failure.TIMEOUT,
    413: Failure.TOO_LARGE,
    422: Failure.INVALID,
    429: Failure.RATE_LIMIT,
    504: Failure.TIMEOUT,
    529: Failure.OVERLOADED,
}


def failure(status: int | None, word: object = None, words: Mapping[str, Failure] | None = None) -> Failure:
    """The class of a failure.

    Args:
        status: the HTTP status, if known.
        word: the provider's own word for it; says more than the status where `words` knows it.
    """
    if words and isinstance(word, str) and word in words:
        return words[word]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Failure.SERVER if status is not None and 500 <= status < 600 else Failure.OTHER
