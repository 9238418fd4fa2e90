"""Persons in words that are no language: names of files, the folders above them, and of devices.

    TRIGGERS            one of them matches in every text that holds such a word
    glued(text, ask)    where persons stand in such words, by what a model says of them as language

`CV_William_Brown.pdf`, `/patients/john-smith/mri.dcm`, `Johns-iPhone`, `MacBook-Pro-de-Jean.local`: a model
is never asked about them as they stand, for they are no text, or a path. So their words are put behind `by`,
where a person stands, and a model has to see one in capitals and in small letters: `Red Hat` and `Mark Down`
are none in small ones. That is enough where a word beside them, or a folder, says that somebody is meant: a
passport, an invoice, patients. Without, they have to be all that a file is called, outside of code; what a
model takes for a place or a company where nothing stands before it, `Jordan River`, is none then.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.names.evidence import COMMON, HUMPS, Mark
from cecil.sanitizer.names.labels import PERSON

Ask = Callable[[str], Sequence[Mark]]
"""What a model sees in a text."""

_DOCUMENTS = "pdf docx? xlsx? pptx? odt ods rtf vcf eml msg ics".split()
_RECORDED = "jpe?g png heic tiff? mp3 wav m4a mp4 mov dcm".split()
_END = rf"\.(?:{'|'.join([*_DOCUMENTS, *_RECORDED])})"
_ENDS = late(rf"{_END}(?![A-Za-z0-9_])", re.IGNORECASE | re.ASCII)
_IS_DOCUMENT = re.compile(rf"\.(?:{'|'.join(_DOCUMENTS)})", re.IGNORECASE | re.ASCII).fullmatch

_DEVICE_NAMES = "iphone ipad macbook imac airpods laptop".split()
_DEVICE = "|".join(_DEVICE_NAMES)
_DEVICES = late(rf"(?:{_DEVICE})(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII)
_KIND = r"(?:(?:pro|air|mini|max|plus|[0-9]+)[-_ ])*"
_BELONGS = r"(?:von|de|di|van|of|da|do)[-_ ]"
_OF = late(rf"(?ai:(?:{_DEVICE}|desktop)[-_ ]{_KIND}(?:{_BELONGS}|d['’]))(?P<who>[^\W\d_]{{3,21}})(?![^\W_])")
_BEFORE = re.compile(r"(?<![\w.-])(?:([^\W\d_]{2,21})[-_.])?([^\W\d_]{3,21})(['’]s)?\Z").search
_LONGEST_OWNER = 48

TRIGGERS = (
    Trigger(rf"{_END}(?:[^a-z0-9_]|$)", caseless=True),
    Trigger(rf"(?:[a-z\x80-\xff][-_]|s )(?:{_DEVICE})", caseless=True),
    Trigger(rf"(?:{_DEVICE}|desktop)[-_ ]{_KIND}(?:{_BELONGS}|d(?:'|\xe2\x80\x99))", caseless=True),
)

_SAYS = """
    cv resume résumé curriculum vitae lebenslauf bewerbung passport reisepass ausweis passeport
    pasaporte passaporto id idcard license licence invoice rechnung facture factura fattura contract
    vertrag contrat contrato contratto payslip paystub payroll gehaltsabrechnung nomina medical letter
    scan patient referral offer applicant candidate employee student resident diploma degree transcript
    certificate prescription xray mri ct discharge biopsy consent signature selfie headshot portrait
    visa kyc dni nda timesheet statement agreement arztbrief recommendation termination resignation
    onboarding birth marriage divorce
""".split()
_SAYING = frozenset({*_SAYS, *(f"{one}s" for one in _SAYS)})
"""What speaks of somebody, beside a name or as a folder above it."""
_BESIDE = _SAYING.union(
    """final draft copy signed new old updated latest version page front back rev print template sample of for
    and from the my his her to january february march april june july august september october november
    december jan feb mar apr jun jul aug sep oct nov dec photo picture image img file doc document""".split()
)
"""Words that stand beside a name, and in none."""
_CODE = frozenset(
    """src lib libs node_modules target build dist test tests fixtures assets static vendor packages icons img
    images themes plugins usr opt bin include site-packages docs examples www resources public media products
    product catalog catalogue shop sprites textures""".split()
)
"""Folders of programs, and of what is shown in shops."""

_LETTERS = late(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TOGETHER = re.compile(r"(?:[_.+ -]|%20|,[ _]?)?").fullmatch
_BOUNDS = late(r"[\"<>|?*=:;()\[\]{}\r\n\t]|(?<![^\W\d_])'")
_SLASH = late(r"[/\\]")
_LONGEST_PATH = 300
_MOST_WORDS = 8
"""Words of a file's name, and of what is said before one that has blanks in it."""
_MOST = 4
"""Words of a person's name."""

_SURE, _CERTAIN, _LIKELY = 0.9, 0.95, 0.75
_SEEN = 0.5
"""The score in small letters that is enough beside a surer one."""

_NO_OWNERS = COMMON.union(
    """dell dev mac thinkpad lenovo surface kiosk warehouse conference sale kid boss business canvas jenkins
    glass axis""".split()
)

_Word = tuple[int, int]


def glued(text: str, ask: Ask) -> list[Mark]:
    """Persons in words that are no language, in order, disjoint.

    Args:
        text: any.
        ask: what a model sees in a text.
    """
    found = list(_in_files(text, ask)) if _ENDS.search(text) else []
    lower = text.lower()
    if any(one in lower for one in (*_DEVICE_NAMES, "desktop")):
        found += _of_devices(text, ask)
    apart: list[Mark] = []
    for mark in sorted(found):
        if not apart or apart[-1].end <= mark.start:
            apart.append(mark)
    return apart


def _in_files(text: str, ask: Ask) -> Iterator[Mark]:
    done = 0
    for match in _ENDS.finditer(text):
        dot = match.start()
        first = max(done, dot - _LONGEST_PATH)
        done = match.end()
        bounds = [one.end() for one in _BOUNDS.finditer(text, first, dot)]
        first = bounds[-1] if bounds else first
        path = text[first:dot]
        for run, alone in _candidates(path, _IS_DOCUMENT(match[0]) is not None):
            for mark in _persons(path, run, ask):
                if not alone or _is_nothing_else([path[a:b] for a, b in run], ask):
                    yield mark._replace(start=first + mark.start, end=first + mark.end)


@lru_cache(maxsize=1024)
def _candidates(path: str, document: bool) -> tuple[tuple[list[_Word], bool], ...]:
    """Words in the path of a file that may be a person's name, and whether nothing says so but that they are
    all that the file is called. Logs have the same files again and again.

    Args:
        path: without its ending.
        document: whether its ending is that of a document.
    """
    found: list[tuple[list[_Word], bool]] = []
    slashes = [one.end() for one in _SLASH.finditer(path)]
    folders = list(_folders(path, slashes)) if slashes else []
    said = False
    for start, end in folders:
        words = _words(path, start, end)
        if said and (runs := _runs(path, words)) and runs == [words]:
            found.append((words, False))
        said = said or any(path[a:b].lower() in _SAYING for a, b in words)
    words = _words(path, slashes[-1] if slashes else 0, len(path))[-_MOST_WORDS:]
    if said or any(path[a:b].lower() in _SAYING for a, b in words):
        found += ((run, False) for run in _runs(path, words))
    elif _CODE.isdisjoint(path[a:b].lower() for a, b in folders) and (two := _alone(path, words, document)):
        found.append((two, True))
    return tuple(found)


def _folders(path: str, slashes: Sequence[int]) -> Iterator[_Word]:
    """The folders of a path, which begins behind a blank."""
    start = path.rfind(" ", 0, slashes[-1]) + 1
    for end in slashes:
        if end > start:
            yield start, end - 1
            start = end


def _alone(path: str, words: list[_Word], document: bool) -> list[_Word]:
    """Two words that are all that a file is called, both with a capital, or those of a document both small;
    empty where there are none."""
    # What stands before a name without blanks is language.
    blank = path.rfind(" ", words[0][0], words[-1][1]) if len(words) > 2 else -1
    words = [one for one in words if one[0] > blank]
    if len(words) != 2 or _runs(path, words) != [words]:
        return []
    shown = [path[a:b] for a, b in words]
    fits = all(one[0].isupper() for one in shown) or (document and all(map(str.islower, shown)))
    return words if fits else []


def _words(text: str, start: int, end: int) -> list[_Word]:
    found = []
    for match in _LETTERS.finditer(text, start, end):
        first = match.start()
        for hump in HUMPS.finditer(text, first + 1, match.end() - 1):
            found.append((first, hump.start()))
            first = hump.start()
        found.append((first, match.end()))
    return found


def _runs(text: str, words: Iterable[_Word]) -> list[list[_Word]]:
    """Words that could be a name together: none stands alone. Where blanks part them, small ones are
    language."""
    found: list[list[_Word]] = [[]]
    for start, end in words:
        last = found[-1]
        word = text[start:end]
        blank = " " in text[max(0, start - 1) : end + 1]
        if word.lower() in _BESIDE or (blank and word[0].islower()):
            found.append([])
        elif last and not _TOGETHER(text, last[-1][1], start):
            found.append([(start, end)])
        else:
            last.append((start, end))
    return [run for run in found if sum(end - start > 1 for start, end in run) > 1]


def _persons(text: str, run: Sequence[_Word], ask: Ask) -> Iterator[Mark]:
    """Who is named by words in a row, of which some may be none of the name."""
    words = [_titled(text[start:end]) for start, end in run]
    asked = _By(words)
    for mark in ask(asked.text):
        place = asked.words(mark)
        if mark.label != PERSON or mark.score < _SURE or place is None:
            continue
        first, last = place
        if 1 < last - first <= _MOST and _seen([one.lower() for one in words[first:last]], ask) >= _SEEN:
            yield Mark(run[first][0], run[last - 1][1], PERSON, mark.score)


class _By:
    """Words behind `by`.

    Attributes:
        text: what is asked.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.text = "by"
        self._starts: list[int] = []
        self._ends: list[int] = []
        for word in words:
            self._starts.append(len(self.text) + 1)
            self.text += f" {word}"
            self._ends.append(len(self.text))

    def words(self, mark: Mark) -> tuple[int, int] | None:
        """Which words a name is, half-open; None where it ends within one."""
        if mark.start not in self._starts or mark.end not in self._ends:
            return None
        return self._starts.index(mark.start), self._ends.index(mark.end) + 1


def _titled(word: str) -> str:
    return word if word[0].isupper() and not word.isupper() else word.capitalize()


def _score(text: str, start: int, size: int, ask: Ask) -> float:
    """How sure it is that a person's name stands at a place, and is no less."""
    return max((one.score for one in ask(text) if one[:3] == (start, start + size, PERSON)), default=0.0)


def _seen(words: Sequence[str], ask: Ask) -> float:
    name = " ".join(words)
    return _score(f"by {name}", len("by "), len(name), ask)


def _is_nothing_else(words: Sequence[str], ask: Ask) -> bool:
    """Whether two words alone are a person's name, in either order, and no place's or company's."""
    first, last = map(_titled, words)
    name = f"{first} {last}"
    if any(one.label != PERSON and one.score >= _SEEN for one in ask(name)):
        return False
    return any(_score(one, 0, len(name), ask) >= _LIKELY for one in (name, f"{last} {first}"))


def _of_devices(text: str, ask: Ask) -> Iterator[Mark]:
    for match in _OF.finditer(text):
        who = match["who"]
        if (who[0].isupper() or text[match.start("who") - 1] != " ") and _owns(who, ask):
            yield Mark(match.start("who"), match.end("who"), PERSON, _SURE)
    for match in _DEVICES.finditer(text):
        at = match.start() - 1
        if text[max(0, at) : at + 1] not in ("-", "_", " "):
            continue
        owner = _BEFORE(text, max(0, at - _LONGEST_OWNER), at)
        if owner is None:
            continue
        (start, end), named = owner.span(2), owner[2]
        capital_s = named[0].isupper() and (owner[3] or named[-1] in "sS")
        if text[at] == " " and (owner[1] or not capital_s):
            continue
        if owner[1]:
            yield from _persons(text, [owner.span(1), (start, end)], ask)
        elif size := _owner(named, bool(owner[3]), match[0].lower() != "laptop", ask):
            yield Mark(start, start + size, PERSON, _SURE)


def _owner(word: str, said: bool, apple: bool, ask: Ask) -> int:
    """How many characters of a word before a device are a name: `Johns` may be one or have an s behind it.

    Args:
        said: whether an apostrophe and an s stand behind it.
        apple: whether the device is called after its owner by whoever makes it, with an s.
    """
    titled = _titled(word)
    if said or titled[-1] != "s":
        return len(word) if _owns(word, ask) else 0
    stem = titled[:-1]
    if not _NO_OWNERS.isdisjoint((titled.lower(), stem.lower())):
        return 0
    if _seen([titled.lower()], ask) >= _SURE:
        return len(word)
    if _seen([titled], ask) < _SURE:
        return 0
    sure = _seen([stem.lower()], ask) >= _SURE
    capital = apple and word[0].isupper() and _seen([stem], ask) >= _CERTAIN
    return len(stem) if sure or (capital and _has(stem, ask) >= _LIKELY) else 0


def _has(name: str, ask: Ask) -> float:
    return _score(f"{name}'s iPhone", 0, len(name), ask)


def _owns(word: str, ask: Ask) -> bool:
    """Whether a word is a first name for sure."""
    lower = word.lower()
    if lower in _NO_OWNERS or _seen([lower], ask) < _SURE:
        return False
    return _has(_titled(word), ask) >= _SURE
