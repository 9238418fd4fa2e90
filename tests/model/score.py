"""Precision, recall, F1 by exact spans, and recall by characters, of names that somebody found."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Found = Sequence[tuple[int, int, str]]


class Score(NamedTuple):
    """Counts of one label."""

    hits: int = 0
    found: int = 0
    there: int = 0
    characters_hit: int = 0
    characters: int = 0

    @property
    def precision(self) -> float:
        return self.hits / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.there)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, self.found + self.there)

    @property
    def character_recall(self) -> float:
        """Of the characters of such names, how many lie in a span of any label."""
        return self.characters_hit / max(1, self.characters)


def score(pairs: Iterable[tuple[Found, Found]], label: str) -> Score:
    """The score of (labelled, found) pairs."""
    total = [0, 0, 0, 0, 0]
    for there, found in pairs:
        real = {(s, e) for s, e, what in there if what == label}
        mine = {(s, e) for s, e, what in found if what == label}
        covered = {i for s, e, _ in found for i in range(s, e)}
        places = {i for s, e in real for i in range(s, e)}
        for n, value in enumerate(
            (len(real & mine), len(mine), len(real), len(places & covered), len(places))
        ):
            total[n] += value
    return Score(*total)
