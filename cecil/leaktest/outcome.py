"""What held and what did not, by entity, place and way: a table for people and JSON for programs.

Owns: the sums of many runs; they do not grow with the number of values but of entities, places and ways.
Refuses: to show a value, though the planted ones are invented: a case is named by how it was planted, and
`--save` keeps the planted stream for whoever wants to look.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

import cecil
from cecil.errors import printable
from cecil.leaktest.plants import Plant
from cecil.leaktest.trial import Result

_MOST_LEAKS = 60
_WHERE = ("key", "number", "text", "line", "own")
_TITLES = {
    "key": "under keys",
    "number": "numbers",
    "text": "in texts",
    "line": "in lines",
    "own": "in the sample",
}


class Leaked(NamedTuple):
    """One way in which something leaks."""

    entity: str
    kind: str
    where: str
    place: str
    encoding: str
    nesting: str
    spelling: str
    output: str
    what: str


class Outcome:
    """The sums of a leak test.

    Args:
        policy: its name.
        digest: its SHA-256, as runs name it.
        seed: what chance was seeded with.
    """

    def __init__(self, policy: str, digest: str, seed: int) -> None:
        self._policy = policy
        self._digest = digest
        self._seed = seed
        self._planted: Counter[tuple[str, str]] = Counter()
        self._lost: Counter[tuple[str, str]] = Counter()
        self._gone: Counter[tuple[str, str]] = Counter()
        self._places: Counter[str] = Counter()
        self._lost_places: Counter[str] = Counter()
        self._leaks: Counter[Leaked] = Counter()
        self._first: dict[Leaked, int] = {}
        self._borders = 0
        self._unplanted: list[str] = []
        self._total = 0
        self._left = 0

    @property
    def left(self) -> int:
        """Values of which something is left."""
        return self._left

    @property
    def total(self) -> int:
        """Values that were planted."""
        return self._total

    def without(self, entities: Iterable[str]) -> None:
        """Entities that are promised, and of which nothing can be planted."""
        self._unplanted = sorted(entities)

    def add(self, plants: Sequence[Plant], result: Result) -> None:
        """The sums of one run."""
        leaked = {leak.number for leak in result.leaks}
        for number, plant in enumerate(plants):
            row = (plant.value.entity, plant.way.where)
            self._planted[row] += 1
            self._gone[row] += number in result.quarantined
            self._lost[row] += number in leaked
            if plant.way.where == "own":
                self._places[plant.place] += 1
                self._lost_places[plant.place] += number in leaked
        for leak in result.leaks:
            plant = plants[leak.number]
            value, way = plant.value, plant.way
            ways = (way.encoding, way.nesting, value.spelling)
            key = Leaked(value.entity, value.kind, way.where, plant.place, *ways, leak.output, leak.what)
            self._leaks[key] += 1
            self._first.setdefault(key, self._total + leak.number + 1)
        self._borders += result.over_border
        self._total += len(plants)
        self._left += len(leaked)

    def json(self) -> bytes:
        """One object: `planted`, `left`, and lists `entities`, `places` and `leaks`."""
        entities = [
            {
                "entity": entity,
                "where": where,
                "planted": count,
                "held": count - self._lost[entity, where],
                "left": self._lost[entity, where],
                "quarantined": self._gone[entity, where],
            }
            for (entity, where), count in sorted(self._planted.items())
        ]
        places = [
            {"place": place, "planted": count, "left": self._lost_places[place]}
            for place, count in sorted(self._places.items())
        ]
        leaks = [
            {**one._asdict(), "count": count, "first": self._first[one]}
            for one, count in sorted(self._leaks.items())
        ]
        whole = {
            "command": "cecil-leaktest",
            "version": cecil.__version__,
            "policy": self._policy,
            "policy_digest": self._digest,
            "seed": self._seed,
            "planted": self._total,
            "left": self._left,
            "over_borders": self._borders,
            "not_planted": self._unplanted,
            "entities": entities,
            "places": places,
            "leaks": leaks,
        }
        return orjson.dumps(whole) + b"\n"

    def table(self) -> str:
        """Lines for a terminal: what held by entity, then each way that leaks."""
        columns = [where for where in _WHERE if any(one == where for _, one in self._planted)]
        rows = [["entity", *(_TITLES[where] for where in columns), "quarantined", "left"]]
        for entity in sorted({entity for entity, _ in self._planted}):
            held = [
                f"{count - self._lost[entity, where]}/{count}"
                if (count := self._planted[entity, where])
                else "-"
                for where in columns
            ]
            gone = sum(self._gone[entity, where] for where in columns)
            lost = sum(self._lost[entity, where] for where in columns)
            rows.append([entity, *held, str(gone), str(lost)])
        lines = [_columns(rows)]
        bad = [place for place, count in self._lost_places.items() if count]
        if bad:
            rows = [["place in the sample", "planted", "left"]]
            rows += [
                [
                    printable(place) or "a line of text",
                    str(self._places[place]),
                    str(self._lost_places[place]),
                ]
                for place in sorted(bad)
            ]
            lines.append(_columns(rows))
        if self._leaks:
            rows = [["leaks", "where", "encoding", "nesting", "spelling", "output", "left", "count", "first"]]
            for one, count in self._leaks.most_common(_MOST_LEAKS):
                where = printable(one.place) or one.where
                ways = [where, one.encoding, one.nesting or "-", one.spelling, one.output, one.what]
                rows.append([one.kind, *ways, str(count), str(self._first[one])])
            lines.append(_columns(rows))
            more = len(self._leaks) - _MOST_LEAKS
            if more > 0:
                lines.append(f"and {more} more ways: --json has them all\n")
        if self._unplanted:
            lines.append(f"promised, and not planted: {', '.join(self._unplanted)}\n")
        said = "nothing is left" if not self._left else f"of {self._left} something is left"
        lines.append(
            f"{self._total} values planted, {self._borders} of them over a border of blocks; {said} "
            f"(policy {printable(self._policy)}, seed {self._seed})\n"
        )
        return "\n".join(lines)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(
            cell.rjust(width) if cell[:1].isdigit() or cell == "-" else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        + "\n"
        for row in rows
    )
