"""All of a leak test: what is planted in which run, until there are as many values as are wanted.

Owns: the order in which ways are taken (every way of every sort once, then again with other values and
spellings), and that a value is in a run once and nowhere in the sample. A run holds `ROUND` values at most,
so memory does not grow with their number.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from cecil.leaktest import plants
from cecil.leaktest.demand import Demand
from cecil.leaktest.plants import Plant, Way
from cecil.leaktest.residue import SHORT, Net, Seen, Wanted, bare
from cecil.leaktest.sample import Carrier
from cecil.leaktest.values import Sort, Value

ROUND = 4000
"""Values of one run."""
_TRIES = 30
_KINDS_SHARE = 12
"""Of so many ways one is taken for each format of token: there are hundreds of formats."""


class Chosen(NamedTuple):
    """What to plant."""

    sort: Sort
    way: Way
    carrier: Carrier | None


class Rounds:
    """Batches of plants.

    Args:
        demand: what is promised.
        carriers: places of the sample.
        sample: its lines, in which no planted value may stand.
        form: what `--format` of the command says.
        chance: of everything.
    """

    def __init__(
        self, demand: Demand, carriers: list[Carrier], sample: Sequence[bytes], form: str, chance: Random
    ) -> None:
        self._demand = demand
        self._carriers = carriers
        self._form = form
        self._chance = chance
        self._sorts = demand.sorts()
        self._there = [Seen(line.decode("utf-8", "replace")) for line in sample]
        self._records: dict[str, tuple[Seen, Seen]] = {}
        self._bare = [text for seen in self._there for text in seen.bare]

    def plants(self, count: int) -> Iterator[list[Plant]]:
        """Lists of plants, `count` in all; fewer where nothing can be planted."""
        made = 0
        used: set[str] = set()
        batch: list[Plant] = []
        while made < count:
            before = made
            for chosen in self._all():
                plant = self._plant(chosen, used)
                if plant is None:
                    continue
                used.add(bare(plant.value.core))
                batch.append(plant)
                made += 1
                if len(batch) == ROUND or made == count:
                    yield self._unseen(batch)
                    batch, used = [], set()
                if made == count:
                    return
            if made == before:
                break
        if batch:
            yield self._unseen(batch)

    def wanted(self, batch: Sequence[Plant]) -> list[Wanted]:
        """What is looked for of each."""
        return [Wanted(plant.value.core, self._demand.kept(plant.value)) for plant in batch]

    def _all(self) -> list[Chosen]:
        """Every way of every sort, shuffled: so that any number of them is of all sorts."""
        found = []
        for sort in self._sorts:
            some = [Chosen(sort, way, None) for way in plants.ways(sort, self._form)]
            for carrier in plants.owns(sort, self._form, self._carriers):
                for at in ("start", "end"):
                    some.append(Chosen(sort, Way("own", "plain", "", at), carrier))
            if sort.kind != sort.entity and sort.entity == "SECRET":
                some = self._chance.sample(some, max(1, len(some) // _KINDS_SHARE))
            found += some
        self._chance.shuffle(found)
        return found

    def _plant(self, chosen: Chosen, used: set[str]) -> Plant | None:
        value = self._value(chosen.sort, used)
        if value is None:
            return None
        if chosen.carrier:
            made = plants.planted_own(value, chosen.carrier, chosen.way, self._demand)
        else:
            made = plants.planted(value, chosen.way, self._demand, self._chance)
        if made is None:
            return None
        wanted = Wanted(value.core, self._demand.kept(value))
        # What is short can stand in the rest of its record by chance, or not be seen in what encodes it.
        if chosen.carrier and any(map(wanted.left, self._beside(chosen.carrier))):
            return None
        return made if wanted.left(Seen(made.line)) == "whole" else None

    def _beside(self, carrier: Carrier) -> tuple[Seen, Seen]:
        """A record in which nothing is planted, and what the command leaves of it."""
        if carrier.line not in self._records:
            self._records[carrier.line] = Seen(carrier.line), Seen(carrier.left)
        return self._records[carrier.line]

    def _value(self, sort: Sort, used: set[str]) -> Value | None:
        """One that is not planted yet in this run, and that the policy promises to take."""
        for _ in range(_TRIES):
            value = sort.value(self._chance)
            whole = bare(value.core)
            if (len(whole) < SHORT or whole not in used) and self._demand.holds(value):
                return value
        return None

    def _unseen(self, batch: list[Plant]) -> list[Plant]:
        """Those whose values are nowhere in the sample."""
        there = Net([bare(plant.value.core) for plant in batch]).caught(self._bare)
        return [plant for number, plant in enumerate(batch) if number not in there]
