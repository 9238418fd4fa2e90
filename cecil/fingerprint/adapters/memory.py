"""What one record of a log says about another: kept while a run lasts, in bounded memory."""

from cecil.fingerprint.recent import Recent


class Memory:
    """State of one run, for the shapes whose calls are spread over records.

    Attributes:
        summed: spans below which there are calls: their own counts are sums.
        codex_model: the model of the turns that follow, in a Codex session.
        codex_session: its id.
        codex_total: the tokens that were counted of it so far.
    """

    def __init__(self) -> None:
        self.summed: Recent[str, bool] = Recent(20_000)
        self.codex_model: object = None
        self.codex_session: object = None
        self.codex_total: int | None = None
