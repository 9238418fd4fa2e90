"""What figures are called and how they are spelled, in every form of the report.

Refuses: to add up; all figures are the roll-up's and the levers'.
"""

from datetime import date
from decimal import Decimal

from cecil.fingerprint.prices import PICO, PriceList, Quote, Unpriced
from cecil.fingerprint.rollup import FAILED, Rollup
from cecil.fingerprint.usage import BUCKETS, Quality

STALE = 60
"""Days after which list prices are called old."""

_DOUBTFUL = 20
"""One token in so many estimated, and a total is called a rough one."""

REASONS = {
    Unpriced.MODEL: "model not in the price list",
    Unpriced.TIER: "service tier without a list price",
    Unpriced.REGION: "region without a list price",
    Unpriced.HOUR: "a price that depends on a time of day that is not known",
    Unpriced.UNITS: "audio or image tokens",
    Unpriced.PRICE: "a kind of token without a list price",
    Unpriced.USAGE: "no usage in the log",
}
SKIPPED = {
    FAILED: "failed and used nothing",
    "not-llm": "no LLM call that is known",
    "stream-part": "single events of a stream",
    "log-part": "rows without counts",
    "agent-span": "sums of the calls below them",
    "aggregate": "sums of a provider over many calls",
    "quarantine": "in quarantine",
    "upstream": "left out by cecil-fingerprint",
}
LABELS = {
    "in_fresh": "input",
    "in_cache_read": "cache read",
    "in_cache_write_5m": "cache write (5 min)",
    "in_cache_write_1h": "cache write (1 h)",
    "out_text": "output",
    "out_reasoning": "reasoning",
    "web_searches": "searches",
    "requests": "requests",
}


def dollars(pico: int, places: int) -> str:
    """A cost as decimal text, rounded half to even, with a comma between thousands."""
    return f"{Decimal(pico).scaleb(-12).quantize(Decimal(1).scaleb(-places)):,}"


def places(pico: int) -> int:
    """How many decimals suit a total."""
    return 2 if pico >= 100 * PICO else 4 if pico >= PICO // 10 else 6


def exact(pico: int) -> str:
    """A cost as decimal text with every digit and no zeros behind them."""
    text = f"{Decimal(pico).scaleb(-12):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(part: int, whole: int) -> str:
    """A percentage, rounded down: 100.0 % is all of it."""
    tenths = abs(part) * 1000 // whole if whole else 0
    return f"{'-' if part < 0 else ''}{tenths // 10}.{tenths % 10} %"


def accounting(rollup: Rollup) -> str:
    """Where all is that was read, in one line that adds up."""
    parts = rollup.accounting
    return (
        f"{parts.read:,} read = {parts.priced:,} priced + {parts.unpriced:,} unpriced + "
        f"{parts.duplicate:,} duplicate + {parts.skipped:,} skipped"
    )


def notes(rollup: Rollup) -> list[tuple[str, str]]:
    """What stands below the sums, by what it is about: where every record is, how good the counts are."""
    lines = [("accounting", accounting(rollup))]
    if rollup.unpriced:
        parts = ", ".join(f"{count:,} {REASONS[reason]}" for reason, count in sorted(rollup.unpriced.items()))
        lines.append(("unpriced", f"{parts}; a cost marked + leaves records out"))
    if rollup.skipped:
        parts = ", ".join(
            f"{count:,} {SKIPPED.get(rule, rule)}" for rule, count in sorted(rollup.skipped.items())
        )
        lines.append(("skipped", parts))
    tokens = sum(rollup.quality_tokens.values())
    if tokens:
        reported = percent(rollup.quality_tokens[Quality.REPORTED], tokens)
        text = f"{reported} of tokens fully reported; {rollup.flagged:,} records flagged"
        estimated = rollup.quality_tokens[Quality.ESTIMATED]
        if estimated:
            text += f"; {percent(estimated, tokens)} estimated"
        if estimated * _DOUBTFUL > tokens:
            text += ", so take the total as known to a fifth"
        lines.append(("quality", text))
        lines.append(("tokens", _mix(list(rollup.total.tokens.values()))))
    if rollup.total.cost:
        lines.append(("money", _mix(rollup.costs)))
    if rollup.undated:
        lines.append(
            ("time", f"{rollup.undated:,} records have no time and are priced as of the list's date")
        )
    lines.append(("prices", f"{price_list(rollup.prices)}; not an invoice"))
    return lines


def _mix(amounts: list[int]) -> str:
    whole = sum(amounts)
    names = Quote._fields if len(amounts) == len(Quote._fields) else BUCKETS
    return ", ".join(
        f"{percent(amount, whole)} {LABELS[name]}"
        for name, amount in zip(names, amounts, strict=True)
        if amount
    )


def price_list(prices: PriceList) -> str:
    """Whose prices these are, and of which day."""
    *own, packaged = [f"{origin.date}, USD ({origin.name})" for origin in prices.origins]
    return f"list prices of {packaged}" + "".join(f"; over them prices of {text}" for text in own)


def oldest(rollup: Rollup) -> date:
    """The day of the oldest list that priced something."""
    return min((origin.date for origin in rollup.origins), default=rollup.prices.date)


def stale(rollup: Rollup, today: date) -> str | None:
    """The warning about old prices, if they are old."""
    age = (today - oldest(rollup)).days
    return f"the prices are {age} days old ({oldest(rollup)})" if age > STALE else None
