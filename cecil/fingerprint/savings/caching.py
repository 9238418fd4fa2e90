"""Beginnings of requests that were sent before: a provider's prompt cache could have held them.

Minimum sizes: OpenAI 1,024 tokens in steps of 128 (platform documentation, prompt caching); Anthropic
1,024, for some models 2,048 or 4,096 (docs.anthropic.com, prompt caching). 4,096, the largest of these,
is taken where nothing is known.
"""

from collections import defaultdict

from cecil.fingerprint.prices import Model
from cecil.fingerprint.savings.base import Priced, Saving, Tally, share

_STEP = 128
_MINIMA = (
    ("gpt-", 1_024),
    ("o1", 1_024),
    ("o3", 1_024),
    ("o4", 1_024),
    ("claude-sonnet-4-6", 2_048),
    ("claude-sonnet-4", 1_024),
    ("claude-opus-4-0", 1_024),
    ("claude-opus-4-1", 1_024),
    ("claude-3-haiku", 2_048),
    ("claude-3-5-haiku", 2_048),
)
_UNKNOWN = 4_096


def minimum(model: Model) -> int:
    """Tokens that a prompt's beginning needs to be cached."""
    return next((tokens for start, tokens in _MINIMA if model.id.startswith(start)), _UNKNOWN)


def possible(reuse: int, model: Model) -> int:
    """Tokens of a beginning of `reuse` tokens that a cache could have held."""
    if reuse < minimum(model):
        return 0
    return reuse // _STEP * _STEP if model.provider in ("openai", "azure") else reuse


class Caching:
    def __init__(self) -> None:
        self._tally = Tally()
        self._low: defaultdict[Model, int] = defaultdict(int)
        self._input = self._read = self._possible = 0

    def add(self, call: Priced) -> None:
        record, quote = call.record, call.quote
        fresh, read, write = quote.in_fresh, quote.in_cache_read, quote.in_cache_write_5m
        if record.model is None or record.reuse_5m is None or record.reuse_1h is None:
            return
        if fresh is None or read is None or write is None or read >= fresh:
            return  # no cache that costs less
        self._tally.look(call)
        five = possible(record.reuse_5m, record.model)
        hour = max(possible(record.reuse_1h, record.model), five)
        held = record.in_cache_read
        more_5m = min(max(five - held, 0), record.in_fresh)
        more_1h = min(max(hour - held, 0), record.in_fresh)
        prompt = sum(call.counts[:4])
        written = record.in_fresh - more_5m if prompt >= minimum(record.model) else 0
        self._low[record.model] += more_5m * (fresh - read) - written * max(write - fresh, 0)
        if more_1h:
            self._tally.found(0, more_1h * (fresh - read))
        self._input += prompt
        self._read += held
        self._possible += min(max(held, five), prompt)

    def saving(self) -> Saving:
        self._tally.low = min(sum(max(saved, 0) for saved in self._low.values()), self._tally.high)
        return self._tally.saving(
            "prompt-caching",
            "tokens that began an earlier request of the same model, and were not read from a cache, x "
            "(input price - cache read price); low: within 5 minutes, less (cache write price - input price) "
            "x all other fresh input, model by model, nothing where that is a loss; high: within an hour, "
            "writes free",
            (
                "the beginnings are the same byte for byte, and the provider keeps them",
                "a provider's routing, and keys and projects that share no cache, are not known",
                "beginnings shorter than the provider's minimum are left out",
            ),
            {
                "realised_share_of_input": share(self._read, self._input),
                "possible_share_of_input": share(self._possible, self._input),
            },
        )
