"""Stand-ins for what is named: persons, streets, places, organisations.

Given names are common ones; surnames are put together from 64, 16 and 32 syllables that we made up for it,
32,768 in all, and are how a stand-in is told: a name that somebody has by birth is hardly one of them. With
128 given names that makes 4,194,304 persons of two words. Streets, places and organisations bear the same
surnames. Titles, particles, the number of words, their order around a comma and their case stay.
"""

import re

from cecil.sanitizer.actions.surrogates.base import Maker, Source
from cecil.sanitizer.late import late

_FIRST = """bal bel bor bren cal cor cral dal dar del dor drev fal fen fer gal gar gel gor hal har hel hor jal
jor kal kel kor lan lor lum mal mar mel mor nal nor nev pal pel per quel ral ren ros sal sel sor tal tam tel
tor ul val var vel vor wal wen wil yor zan zel zor""".split()
_MIDDLE = "a e i o an en in on ar er ir or av ev iv ov".split()
_LAST = """brand brix dane drake dwyn fax fell fisk garth gill holt kamp lund mark mond nax quist rick row
shaw skov stow thorn trask vane vik wald wick wyn yard zell dray""".split()

GIVEN = """ada adam agnes aida alan albert alice alma amal amira ana andrea anil anita anna anton aria arjun
arthur aya beatriz ben bruno carla carlos cecilia chen chloe clara daniel daria david diana diego dina elena
eli elias elisa emil emma erik esther eva fatima felix fiona george greta hana hannah hassan helen hugo ida
ines ingrid iris isaac ivan jakob jana jane joel jonas julia kai kamal karin kim laila lara laura lea leo lena
leon lin lina lisa louis lucas lucia lydia maja marco maria marie martin maya mei mia milan mina mira mohan
nadia nina noah nora olga oscar paul pedro petra priya rafael rania rita robert rosa ruth samir sara simon
sofia stella tara teresa theo tom vera victor viktor wanda yara zara zoe""".split()

_GIVEN = frozenset(GIVEN)
_SURNAME = f"(?:{'|'.join(_FIRST)})(?:{'|'.join(_MIDDLE)})(?:{'|'.join(_LAST)})"
_IS_SURNAME = late(_SURNAME, re.IGNORECASE)

_NONE: frozenset[str] = frozenset()

_WORD = late(r"[^\W_]++(?:['’-][^\W_]++)*+")
_PLAIN = late("([A-Z][a-z]{4,}) ([A-Z][a-z]+)")
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir dame lord lady herr frau mme mlle sr jr ii iii phd".split()
)
_PARTICLES = frozenset(
    "von van de der den di da del della dos la le el bin binti ibn al zu ten ter y e und".split()
)


def surname(number: int) -> str:
    """One of 32,768, by the lowest 15 bits of a number; in small letters."""
    return _FIRST[number & 63] + _MIDDLE[number >> 6 & 15] + _LAST[number >> 10 & 31]


def cased(new: str, old: str) -> str:
    """A word in the case of another: all large, all small, else a large letter first."""
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new if old.islower() else new.title()


class Persons(Maker):
    """`Laura Corendwyn` for `Alice Smith`, `CORENDWYN, Laura B.` for `SMITH, Alice K.`"""

    def stand_in(self, text: str, source: Source) -> str | None:
        plain = _PLAIN.fullmatch(text)
        if not plain or _IS_SURNAME.match(plain[2]):
            return super().stand_in(text, source)
        # As most are: the long way says the same.
        number = source.number(f"person\0{plain[1].lower()}\0{plain[2].lower()}")
        return f"{GIVEN[number & 127].title()} {surname(number >> 128).title()}"

    def make(self, text: str, source: Source) -> str | None:
        words, surnames = _words(text)
        if not words:
            return None
        said: tuple[list[str], list[str]] = ([], [])
        for word, last in zip(words, surnames, strict=True):
            if (name := word[0].lower()) not in _PARTICLES:
                said[last].append(name)
        number = source.number(f"person\0{' '.join(said[0])}\0{' '.join(said[1])}")
        pieces: list[str] = []
        position = 0
        turns = [0, 0]
        for word, last in zip(words, surnames, strict=True):
            pieces.append(text[position : word.start()])
            position = word.end()
            # The same bits in whatever order a name is written.
            part = number >> 128 * last + turns[last] % 112
            turns[last] += 16
            if _initial(word[0]):
                new = chr(ord("a") + part % 26)
                new = new if word[0].islower() else new.upper()
            else:
                new = cased(surname(part) if last else GIVEN[part & 127], word[0])
            pieces.append(new)
        pieces.append(text[position:])
        return "".join(pieces)

    def made(self, text: str, source: Source) -> bool:
        if not _IS_SURNAME.search(text):
            return False
        words, surnames = _words(text)
        known = 0
        for word, last in zip(words, surnames, strict=True):
            if _initial(word[0]):
                continue
            if last and _IS_SURNAME.fullmatch(word[0]):
                known += 1
            elif last or word[0].lower() not in _GIVEN:
                return False
        return known > 0

    def number(self, text: str, source: Source) -> str | None:
        return None


def _words(text: str) -> tuple[list[re.Match[str]], list[bool]]:
    """The words of a name that are replaced, and which of them are surnames; none if there are but initials.

    Those before a comma are; without one it is the last.
    """
    words = [*_WORD.finditer(text)]
    # In a text of small letters alone `al` may be a given name.
    particles = _PARTICLES if any(map(str.isupper, text)) else _NONE
    said = [word for word in words if word[0].lower() not in _TITLES and word[0] not in particles] or words
    full = [place for place, word in enumerate(said) if not _initial(word[0])]
    if not full:
        return [], []
    comma = text.find(",")
    before = sum(word.start() < comma for word in said)
    surnames = [place < before < len(said) for place in range(len(said))]
    if not any(surnames[place] for place in full):
        surnames[full[-1]] = True
    return said, surnames


def _initial(word: str) -> bool:
    return len(word) == 1 and word.isascii()


class Named(Maker):
    """A made-up surname with something before or behind it.

    Args:
        family: `street`, ...
        behind: words, one of which follows.
        numbered: whether a number comes before it.
    """

    def __init__(self, family: str, behind: str, *, numbered: bool = False) -> None:
        self._family = family
        self._behind = behind.split()
        self._numbered = numbered
        before = "[1-9][0-9]{0,3} " if numbered else ""
        self._form = re.compile(f"{before}{_SURNAME} (?:{'|'.join(self._behind)})", re.IGNORECASE)

    def make(self, text: str, source: Source) -> str | None:
        number = source.number(f"{self._family}\0{' '.join(_WORD.findall(text.lower()))}")
        new = f"{surname(number).title()} {self._behind[(number >> 15) % len(self._behind)]}"
        if self._numbered:
            new = f"{1 + (number >> 32) % 9999} {new}"
        return new.upper() if text.isupper() else new

    def made(self, text: str, source: Source) -> bool:
        return self._form.fullmatch(text) is not None

    def number(self, text: str, source: Source) -> str | None:
        return None


PERSONS = Persons()
STREETS = Named("street", "Street Road Avenue Lane Drive Court Place Way", numbered=True)
PLACES = Named("place", "Bay Cross Falls Heights Hill Landing Point Valley")
ORGANIZATIONS = Named("organization", "Associates Group Holdings Industries Partners Services Systems Works")
