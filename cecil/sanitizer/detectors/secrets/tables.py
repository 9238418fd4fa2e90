r"""Values that the head of a table names: Markdown's, what a database's shell prints, CSV pasted into a text.

    | Name | SSN |         id |  ssn               name,ssn,city
    |------|-----|        ----+---------           Jane Roe,078051120,Dayton
    | Jane | 078… |         1 | 078051120

Owns: which column a value stands in. A table has a head, a line of dashes where its cells stand between
bars, and rows of as many cells, up to the first line that has another number. What a column promises, and
whether a value fits, is said by `names`; more is asked here of a value, for tables speak of tokens, phones
and cities in general too. Refuses: columns that blanks alone keep apart, and heads without rows.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cecil.sanitizer import linear
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets.names import ByName
from cecil.sanitizer.late import late

_LONGEST_HEAD = 4000

_DASHES = late(r"[ \t>]*[|+]?(?:[ \t]*:?-{2,200}:?[ \t]*[|+]){1,200}(?:[ \t]*:?-{2,200}:?)?[ \t]*\r?")
_DASHED = (" ", "\t", ">", "|", "+", "-", ":")
_SIGNS = ",;\t|"
_QUOTED = late(r'[ \t]*"((?:[^"\r\n]|"")*+)"[ \t]*')
_NAME = late(r"[\w#/()&.' -]{1,60}")
_MOST_WORDS = 4

# A head of CSV says one of these. What else it names is read then, too.
_SAID = (
    "(?:ssn|password|passwd|pwd|e-?mails?|e-?mail[ _]?address|phone|mobile|dob|birth|birth[ _]?da(?:y|te)"
    "|iban|mrn|surname|(?:first|last|full)[ _]?name|passport|secret|token|api[ _]?key"
    "|(?:account|acct|card|phone|mobile|passport|licen[cs]e|policy|member|patient|routing|insurance|subscriber)"
    "[ _]?(?:number|num|no|id))"
)
_BEHIND = rf"{_SAID}[\"' ]?[,;\t|]"
_BEFORE = rf"[,;\t|][\"' ]?[\w ]*{_SAID}"
_TELLS = late(f"{_BEHIND}|{_BEFORE}", re.IGNORECASE | re.ASCII)

_PLACES = frozenset({"LOCATION", "US_ZIP_CODE"})
_FEWEST = {"PHONE_NUMBER": 7, "CREDIT_CARD": 12, "US_ZIP_CODE": 3}
"""Digits: a phone can be an iPhone 15, a card one of graphics."""
_SHORTEST_SECRET = 8

_Cell = tuple[int, int]
_Table = tuple[list[str], list[list[_Cell]]]


def _lines(text: str) -> list[_Cell]:
    """Where each line begins and ends."""
    found, start = [], 0
    while (end := text.find("\n", start)) >= 0:
        found.append((start, end - (text[start:end].endswith("\r"))))
        start = end + 1
    return [*found, (start, len(text))]


def _between_bars(text: str, line: _Cell) -> list[_Cell]:
    start, end = line
    while start < end and text[start] in " \t>":
        start += 1
    while start < end and text[end - 1] in " \t":
        end -= 1
    start += text.startswith("|", start, end)
    end -= text.endswith("|", start, end)
    return _stripped(text, _split(text, start, end, "|"))


def _delimited(text: str, line: _Cell, sign: str) -> list[_Cell]:
    """The cells of a line of CSV, without the quotes around them; none where a quote stays open."""
    if '"' not in text[slice(*line)]:
        return _stripped(text, _split(text, *line, sign))
    start, end = line
    found: list[_Cell] = []
    while True:
        quoted = _QUOTED.match(text, start, end)
        stop = quoted.end() if quoted else text.find(sign, start, end)
        found.append(quoted.span(1) if quoted else (start, end if stop < 0 else stop))
        if stop < 0 or stop >= end:
            return _stripped(text, found)
        if text[stop] != sign:
            return []
        start = stop + 1


def _split(text: str, start: int, end: int, sign: str) -> list[_Cell]:
    found: list[_Cell] = []
    while (stop := text.find(sign, start, end)) >= 0:
        found.append((start, stop))
        start = stop + 1
    return [*found, (start, end)]


def _stripped(text: str, cells: list[_Cell]) -> list[_Cell]:
    found = []
    for start, end in cells:
        said = text[start:end]
        bare = said.strip(" \t`*'")
        start += len(said) - len(said.lstrip(" \t`*'"))
        found.append((start, start + len(bare)))
    return found


def _names(text: str, cells: list[_Cell]) -> list[str]:
    names = [text[start:end] for start, end in cells]
    return [name if _NAME.fullmatch(name) and len(name.split()) <= _MOST_WORDS else "" for name in names]


class TableRecognizer(ByName):
    """Finds values by the head of their column."""

    name = "table"
    triggers = (
        Trigger(r"\|[ \t]*:?--"),
        Trigger(r"-\+-"),
        Trigger(_BEHIND, caseless=True),
        Trigger(_BEFORE, caseless=True),
    )

    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Columns, and where a value of each begins and ends."""
        for names, rows in _tables(text):
            promised = {name: self._names.judge(name, "")[0] for name in {*names} if name}
            if _PLACES.issuperset(entity for entity in promised.values() if entity):
                continue
            for row in rows:
                for name, (start, end) in zip(names, row, strict=True):
                    if name and promised[name] and start < end:
                        yield name, start, end

    def judge(self, name: str, value: str) -> tuple[str | None, float, str | None]:
        """The same, but for what tables say of things in general."""
        entity, score, why = super().judge(name, value)
        digits = sum(map(str.isdigit, value))
        if entity in ("SECRET", "PASSWORD") and " " in value:
            why = why or "a sentence"
        if entity == "SECRET" and (not digits or len(value) < _SHORTEST_SECRET):
            why = why or "a word"
        if entity == "PERSON" and digits:
            why = why or "no name"
        if entity and digits < _FEWEST.get(entity, 0):
            why = why or "too few digits"
        return (None if entity == "BIOMETRIC" else entity), score, why


def _tables(text: str) -> Iterator[_Table]:
    if "\n" not in text:
        return
    lines = _lines(text)
    telling = _telling(text)
    number = 0
    while number < len(lines) - 1:
        head, sign, barred = lines[number], "|", _is_barred(text, lines[number], lines[number + 1])
        if barred:
            number += 1
            cells = _between_bars(text, head)
        elif (
            number in telling and head[1] - head[0] <= _LONGEST_HEAD and (told := _TELLS.search(text, *head))
        ):
            sign = next(one for one in told[0] if one in _SIGNS)
            cells = _delimited(text, head, sign)
        else:
            cells = []
        number += 1
        if len(cells) < 2 - barred:
            continue
        rows = []
        while number < len(lines):
            if barred and _DASHES.fullmatch(text, *lines[number]):
                number += 1
                continue
            row = _between_bars(text, lines[number]) if barred else _delimited(text, lines[number], sign)
            if len(row) != len(cells) or (barred and "|" not in text[slice(*lines[number])]):
                break
            rows.append(row)
            number += 1
        if rows:
            yield _names(text, cells), rows


def _telling(text: str) -> set[int]:
    """The numbers of the lines that may say what a head of CSV says. Few do, and RE2 passes the others over
    in a tenth of the time that `re` takes to look into each."""
    found: set[int] = set()
    data = text.encode("utf-8", "surrogatepass")
    number = place = 0
    for match in _quick().finditer(data):
        number += data.count(b"\n", place, match.start())
        place = match.start()
        found.add(number)
    return found


@lru_cache(maxsize=1)
def _quick() -> Any:
    return linear.compiled(_TELLS.pattern, ignore_case=True)


def _is_barred(text: str, head: _Cell, dashes: _Cell) -> bool:
    return (
        text.startswith(_DASHED, dashes[0])
        and "|" in text[slice(*head)]
        and _DASHES.fullmatch(text, *dashes) is not None
    )
