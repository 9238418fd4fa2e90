"""What one record of a log says about another: kept while a run lasts, in bounded memory."""

from typing import NamedTuple

from cecil.fingerprint.call import Call
from cecil.fingerprint.recent import Recent


class Reply(NamedTuple):
    """What a gateway's own log says of a call.

    Attributes:
        status: the HTTP status.
        latency: milliseconds.
        user: who called, raw.
    """

    status: int | None
    latency: float | None
    user: object


class Memory:
    """State of one run, for the shapes whose calls are spread over records.

    Attributes:
        gateway: what a gateway said of its calls, by their ids.
        counted: calls of a gateway whose counts were seen, by their ids.
        summed: spans below which there are calls: their own counts are sums.
        codex_model: the model of the turns that follow, in a Codex session.
        codex_session: its id.
        codex_total: the tokens that were counted of it so far.
    """

    def __init__(self) -> None:
        self.gateway: Recent[str, Reply] = Recent(5_000)
        self.counted: Recent[str, Call] = Recent(5_000)
        self.summed: Recent[str, bool] = Recent(20_000)
        self.codex_model: object = None
        self.codex_session: object = None
        self.codex_total: int | None = None
