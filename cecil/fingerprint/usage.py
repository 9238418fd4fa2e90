"""Token counts as providers report them, to disjoint buckets that add up.

Owns: what a believable count is, the two ways in which providers count (cache reads inside or outside
of the input), and the use of the reported total as a checksum. Refuses: to guess a count that was not
reported, and to pass on a number that no context window could hold (it would be a channel for any
number in a log).
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from cecil.stream.jsontext import Number

MAX_TOKENS = 4_000_000
"""About four times the largest context window of the price list."""
MAX_SEARCHES = 10_000

_BEYOND = 10**15
_WHOLE = re.compile(r"-?[0-9]{1,15}")


class Quality(StrEnum):
    """How well the token counts of a record are known."""

    REPORTED = "reported"
    PARTIAL = "partial"
    ESTIMATED = "estimated"
    NONE = "none"


class Flag(StrEnum):
    """What was odd about a call's usage."""

    AUDIO = "audio"
    """Audio tokens are among the tokens."""
    BILLED_UNITS = "billed_units"
    """The provider bills other counts than the model saw; these are the billed ones."""
    BAD_COUNT = "bad_count"
    """A count was negative, not whole or beyond belief; it was taken as 0."""
    CACHE_OVERLAP = "cache_overlap"
    """Cache reads and writes were more than the input; they were cut to it."""
    CACHE_UNKNOWN = "cache_unknown"
    """The log does not tell what came from a cache; all input counts as fresh."""
    CUT_STREAM = "cut_stream"
    """The stream stopped before its end."""
    FROM_LENGTH = "from_length"
    """Nothing was reported; the tokens are estimated from lengths in bytes, to a half or a double."""
    FROM_TEXT = "from_text"
    """Nothing was reported; the tokens are estimated from the text, to a fifth or so."""
    GATEWAY_CACHE = "gateway_cache"
    """A gateway answered from its own cache: no tokens were bought."""
    HIDDEN_OUTPUT = "hidden_output"
    """The total held more than input and output; the rest was taken as reasoning."""
    IMAGE = "image"
    """Image tokens are among the tokens."""
    ITERATIONS = "iterations"
    """One call with several legs, each with its own usage."""
    MISSING_COUNT = "missing_count"
    """Input or output was not reported."""
    REASONING_ADDITIVE = "reasoning_additive"
    """Reasoning was not part of the output that was reported."""
    TOTAL_MISMATCH = "total_mismatch"
    """The counts contradict each other."""
    TOTAL_ONLY = "total_only"
    """Only a total was reported, as for embeddings; it was taken as input."""
    TTL_ASSUMED = "ttl_assumed"
    """Cache writes came without a lifetime; five minutes, the default, was taken."""


_PARTIAL = frozenset(
    {Flag.BAD_COUNT, Flag.CACHE_OVERLAP, Flag.CUT_STREAM, Flag.MISSING_COUNT, Flag.TOTAL_MISMATCH}
)
_ESTIMATED = frozenset({Flag.FROM_LENGTH, Flag.FROM_TEXT})
_NO_FLAGS: frozenset[Flag] = frozenset()


class Usage(NamedTuple):
    """Tokens of one leg. The six buckets are disjoint: their sum is every token, once.

    Attributes:
        in_fresh: input that no cache held.
        in_cache_read: input read from a cache.
        in_cache_write_5m, in_cache_write_1h: input written to a cache, by its lifetime. Providers
            without lifetimes are in the first.
        out_text: output that is not reasoning.
        out_reasoning: output that is reasoning.
        web_searches: searches the provider made and bills apart.
    """

    in_fresh: int = 0
    in_cache_read: int = 0
    in_cache_write_5m: int = 0
    in_cache_write_1h: int = 0
    out_text: int = 0
    out_reasoning: int = 0
    web_searches: int = 0
    flags: frozenset[Flag] = _NO_FLAGS

    @property
    def quality(self) -> Quality:
        if not self.flags:
            return Quality.REPORTED
        if self.flags & _ESTIMATED:
            return Quality.ESTIMATED
        return Quality.PARTIAL if self.flags & _PARTIAL else Quality.REPORTED

    def flagged(self, *flags: Flag) -> "Usage":
        return self._replace(flags=self.flags | set(flags))


BUCKETS = Usage._fields[:6]
"""The names of the six buckets; fingerprints have fields of these names."""


def integer(value: object) -> int | None:
    """A JSON number that is whole and below 1e15; None for everything else. `12.0` is whole; true is none."""
    if type(value) is int:
        return value if -_BEYOND < value < _BEYOND else None
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < 1e15 else None
    if isinstance(value, Number) and _WHOLE.fullmatch(value):
        return int(value)
    return None


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


_NOTHING: Mapping[str, Any] = {}


class Reader:
    """Takes counts out of a usage object and remembers what was odd.

    Args:
        usage: the object as the provider sent it.

    Attributes:
        flags: what was odd so far.
    """

    __slots__ = ("_usage", "flags")

    def __init__(self, usage: Mapping[str, Any]) -> None:
        self._usage = usage
        self.flags: set[Flag] = set()

    def count(self, *names: str, inside: str | None = None, limit: int = MAX_TOKENS) -> int | None:
        """The first of `names` that is there and not null.

        Args:
            inside: the key of an object below the usage, to look in.
            limit: the largest count that is believed.

        Returns:
            The count; 0 for one that cannot be believed; None when there is none.
        """
        place = self._usage
        if inside is not None:
            place = place.get(inside, _NOTHING)
            if type(place) is not dict:
                return None
        for name in names:
            value = place.get(name)
            if value is None:
                continue
            if type(value) is int and 0 <= value <= limit:
                return value
            number = integer(value)
            if number is None or not 0 <= number <= limit:
                self.flags.add(Flag.BAD_COUNT)
                return 0
            return number
        return None


def inclusive(
    reader: Reader,
    *,
    prompt: int | None,
    completion: int | None,
    total: int | None = None,
    cache_read: int | None = None,
    cache_write: int | None = None,
    reasoning: int | None = None,
    completion_expected: bool = True,
) -> Usage | None:
    """Buckets where the input includes what the caches held, and a total tells what the output includes.

    With p, c, r and t for input, output, reasoning and total: t = p+c is the rule, r inside c.
    t = p+c+r: the output was reported without the reasoning. t > p+c and no r: hidden reasoning.

    Args:
        completion_expected: False for what has no output (embeddings): then a total alone is the input.

    Returns:
        None when neither input, output nor total was reported.
    """
    flags = reader.flags
    read, write, thought = cache_read or 0, cache_write or 0, reasoning or 0
    if prompt is None or completion is None:
        if prompt is None and completion is None and total is None:
            return None
        if Flag.BAD_COUNT in flags:
            # What a total leaves for the one says nothing where the other was taken as 0.
            total = None
        if prompt is None and not completion:
            # Nothing but a total: embeddings have no output, and say no more.
            prompt, completion = total or 0, 0
            if total is not None:
                flags.add(Flag.TOTAL_ONLY)
            if total is None or completion_expected:
                flags.add(Flag.MISSING_COUNT)
        elif prompt is None:
            assert completion is not None
            prompt = max((total or 0) - completion, 0)
            flags.add(Flag.MISSING_COUNT)
        else:
            completion = max((total or 0) - prompt, 0)
            if completion_expected:
                flags.add(Flag.MISSING_COUNT)
    elif (
        total is not None
        and total != prompt + completion
        and Flag.BAD_COUNT not in flags
        and (completion_expected or total != prompt)
    ):
        gap = total - prompt - completion
        if gap == thought:
            completion += thought
            flags.add(Flag.REASONING_ADDITIVE)
        elif gap > 0 and not thought:
            completion, thought = completion + gap, gap
            flags.add(Flag.HIDDEN_OUTPUT)
        else:
            flags.add(Flag.TOTAL_MISMATCH)
    if read + write > prompt:
        flags.add(Flag.CACHE_OVERLAP)
        read = min(read, prompt)
        write = prompt - read
    if thought > completion:
        flags.add(Flag.TOTAL_MISMATCH)
        thought = completion
    return _bounded(
        Usage(
            prompt - read - write,
            read,
            write,
            0,
            completion - thought,
            thought,
            0,
            frozenset(flags) if flags else _NO_FLAGS,
        )
    )


def exclusive(
    reader: Reader,
    *,
    fresh: int | None,
    output: int | None,
    cache_read: int | None,
    cache_write: int | None,
    write_5m: int | None = None,
    write_1h: int | None = None,
    reasoning: int | None = None,
    web_searches: int | None = None,
    total: int | None = None,
) -> Usage | None:
    """Buckets where the input leaves out what the caches held (Anthropic, Bedrock).

    Args:
        cache_write: all cache writes; `write_5m` and `write_1h` are its parts, where they are reported.
        total: the sum of all, where it is reported: a check.

    Returns:
        None when neither input nor output was reported.
    """
    flags = reader.flags
    if fresh is None or output is None:
        if fresh is None and output is None:
            return None
        flags.add(Flag.MISSING_COUNT)
    if write_5m is None and write_1h is None:
        five, hour = cache_write or 0, 0
        if five:
            flags.add(Flag.TTL_ASSUMED)
    else:
        five, hour = write_5m or 0, write_1h or 0
        if cache_write is not None and cache_write != five + hour:
            flags.add(Flag.TOTAL_MISMATCH)
            hour = min(hour, cache_write)
            five = cache_write - hour
    out, thought = output or 0, reasoning or 0
    if thought > out:
        flags.add(Flag.TOTAL_MISMATCH)
        thought = out
    if (
        total is not None
        and Flag.BAD_COUNT not in flags
        and total not in ((fresh or 0) + out, (fresh or 0) + (cache_read or 0) + five + hour + out)
    ):
        flags.add(Flag.TOTAL_MISMATCH)
    return _bounded(
        Usage(
            fresh or 0,
            cache_read or 0,
            five,
            hour,
            out - thought,
            thought,
            web_searches or 0,
            frozenset(flags) if flags else _NO_FLAGS,
        )
    )


def _bounded(usage: Usage) -> Usage:
    """Sums of believable counts can be unbelievable."""
    if max(usage[:6]) <= MAX_TOKENS:
        return usage
    beyond: dict[str, Any] = {name: 0 for name in BUCKETS if getattr(usage, name) > MAX_TOKENS}
    return usage._replace(**beyond).flagged(Flag.BAD_COUNT)
