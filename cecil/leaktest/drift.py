"""Whether a run finds an entity far more or far less often than the runs before it.

Owns: the statistic. Of each entity a run has x findings in n records; the runs before it have X in N.

- Counts of logs vary more than chance alone would have them. The dispersion is Pearson's chi-squared over
  its degrees of freedom (McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, 4.5 and 6.2), never
  below 1; since it is estimated from few runs, its upper bound of 95 % is taken (chi-squared by Wilson and
  Hilferty, 1931). All counts are divided by it.
- Under a steady rate with Jeffreys' prior, Gamma(1/2, 0), x then is negative binomial with r = X + 1/2 and
  p = N / (N + n) (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, 2.6). Its tail is a regularized
  incomplete beta function, exact for small counts, and for entities that were never found before.
- A run warns of an entity when the tail is smaller than `ALARM` / 2 over the number of entities that are
  compared (Bonferroni), and the rate is `FACTOR` times what it was or more, or that much less.

So of runs in which nothing has changed at most one in a hundred warns of anything. Fewer than `FEWEST` runs
say too little, and are not compared.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

ALARM = 0.01
"""Of so many runs one warns though nothing has changed, at most."""
FACTOR = 1.5
FEWEST = 5
RUNS = 100
"""How many of the last runs are compared with."""

_UPPER = -1.6448536269514722
"""The fifth percentile of the normal distribution."""


class Rates(NamedTuple):
    """A run: how many records were read, and how many findings there are by entity."""

    records: int
    found: Mapping[str, int]


class Drift(NamedTuple):
    """An entity of which a run has more or less than it should.

    Attributes:
        entity: which.
        before, now: findings in a thousand records.
        tail: how likely as much, or as little, was.
    """

    entity: str
    before: float
    now: float
    tail: float


def rates(record: Mapping[str, Any]) -> Rates:
    """What a manifest says of its run."""
    found = {entity: sum(actions.values()) for entity, actions in record.get("findings", {}).items()}
    return Rates(record.get("counts", {}).get("read", 0), found)


def drifts(runs: Iterable[Rates], last: Rates) -> list[Drift] | None:
    """The entities whose rates have moved far; None where there are too few runs to say.

    Args:
        runs: those before, in order; those without a record say nothing.
        last: the one that is judged.
    """
    some = [run for run in runs if run.records][-RUNS:]
    if len(some) < FEWEST or not last.records:
        return None
    entities = sorted(set(last.found).union(*(run.found for run in some)))
    found = []
    for entity in entities:
        counts = [run.found.get(entity, 0) for run in some]
        records = [run.records for run in some]
        now = last.found.get(entity, 0)
        spread = dispersion(counts, records)
        tail = tails(sum(counts) / spread, sum(records), now / spread, last.records)
        before = sum(counts) / sum(records)
        rate = now / last.records
        far = max(rate, before) >= FACTOR * min(rate, before)
        if far and tail < ALARM / 2 / len(entities):
            found.append(Drift(entity, 1000 * before, 1000 * rate, tail))
    return found


def dispersion(counts: Sequence[int], records: Sequence[int]) -> float:
    """How much more some counts vary than Poisson's would, at most; 1 or more."""
    rate = sum(counts) / sum(records)
    if not rate:
        return 1.0
    pearson = sum((x - rate * n) ** 2 / (rate * n) for x, n in zip(counts, records, strict=True))
    free = len(counts) - 1
    cube = 2 / (9 * free)
    low = free * (1 - cube + _UPPER * math.sqrt(cube)) ** 3
    return max(1.0, pearson / max(low, 0.1))


def tails(before: float, records: float, now: float, size: float) -> float:
    """The smaller tail of a count: `before` were in some records, and `now` are in others, `size` of them."""
    share = size / (records + size)
    upper = beta(now, before + 0.5, share) if now > 0 else 1.0
    lower = beta(before + 0.5, now + 1, 1 - share)
    return min(upper, lower)


def beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b), by Lentz's continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1), tiny)
    fraction = d
    for m in range(1, 10_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _nonzero(1 + step * d, tiny)
            c = _nonzero(1 + step / c, tiny)
            fraction *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * fraction / a


def _nonzero(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
