"""Dates and times in the forms of logs and of English texts, beyond the numbers that Presidio knows.

`17/May/2015:10:05:03 +0000`, `Sat, 21 Nov 2026 14:22:07 GMT`, `Nov 21 14:22:07`, `November 21, 2026`, `21
November`, `20261121T142207Z`, `2026-11`, `11/2026`; and of `2026-11-21 14:22:07,123` the time too. Every part
of a date that says more than its year is an identifier to the Safe Harbor method, 45 CFR
164.514(b)(2)(i)(C). Who keeps DATE_TIME, as `default` does, has none of it. `cecil.sanitizer.dates` reads
what is found here.
"""

from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.detectors.rules import Rule, Rules

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NAMED = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.?)"
)
_SEASON = "(?:Spring|Summer|Fall|Autumn|Winter|Christmas|Thanksgiving|Easter)"
_WEEKDAY = "(?:mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_ON = rf"(?:{_WEEKDAY}[,.]? )?"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR = "(?:1[89]|20|21)[0-9]{2}"
_CLOCK = r"[0-2]?[0-9][:.][0-5][0-9](?:[:.][0-6][0-9](?:[.,][0-9]{1,9})?)?(?: ?[ap]\.?m\b)?"
_ZONE = r"(?: ?(?:z\b|(?:utc|gmt)?[+-][0-9]{2}:?[0-9]{2}|utc|gmt))?"
_TIME = f"{_CLOCK}{_ZONE}"
# A month of a year is a part of no path, version or other number.
_APART, _APART_AFTER = r"(?<![\w./:#-])", r"(?![\w/-]|[.:]\w)"

_SHORT = "(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])"
# `1/2 tab` is a dose.
_NO_PART = r"(?![\w/%]|[.,][0-9]| (?:tab|strength|cup|dose|of)\b)"
_HOUR = r" (?:at|@) ?[0-9]{1,2}(?::[0-9]{2})? ?[ap]\.?m\b"
_BASIC = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_MONTH_FIRST = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:20)?[0-9]{2}"

_RECOGNIZERS = (
    Rules(
        "date",
        Rule("DATE_TIME", rf"{_YEAR}[-/.][01]?[0-9][-/.][0-3]?[0-9](?:[T_-]|,? (?:at )?){_TIME}", 0.6),
        Rule("DATE_TIME", rf"[0-3]?[0-9][-/.][0-3]?[0-9][-/.](?:{_YEAR}|[0-9]{{2}}),? (?:at )?{_TIME}", 0.6),
        Rule("DATE_TIME", rf"{_YEAR}[01][0-9][0-3][0-9]T[0-2][0-9][0-5][0-9](?:[0-9]{{2}})?{_ZONE}", 0.6),
        Rule("DATE_TIME", rf"{_DAY}/{_MONTH}/{_YEAR}(?:[: ]{_TIME})?", 0.6),
        Rule("DATE_TIME", rf"{_ON}{_DAY}[ -](?:of )?{_MONTH},?[ -]{_YEAR}(?:,? (?:at )?{_TIME})?", 0.6),
        Rule("DATE_TIME", rf"{_WEEKDAY}, {_DAY}-{_MONTH}-[0-9]{{2}}(?: {_TIME})?", 0.6),
        Rule("DATE_TIME", rf"{_ON}{_MONTH} {_DAY},? {_YEAR}(?:,? (?:at )?{_TIME})?", 0.6),
        Rule("DATE_TIME", rf"{_ON}{_MONTH}  ?{_DAY} {_TIME}(?: {_YEAR})?", 0.6),
        Rule("DATE_TIME", rf"{_YEAR}[-/](?:0[1-9]|1[0-2])", 0.5, before=_APART, after=_APART_AFTER),
        Rule("DATE_TIME", rf"(?:0?[1-9]|1[0-2])[-/]{_YEAR}", 0.5, before=_APART, after=_APART_AFTER),
        Rule("DATE_TIME", rf"{_NAMED} (?:{_DAY}|{_YEAR})", 0.5, cased=True),
        Rule("DATE_TIME", rf"{_DAY} (?:of )?{_NAMED}", 0.5, cased=True),
        # As notes have them: `Mar-05-2024`, `March '24`, `Spring 2019`, `next appt 3/19`.
        Rule("DATE_TIME", rf"{_NAMED}-{_DAY}-{_YEAR}", 0.6, cased=True),
        Rule("DATE_TIME", rf"{_NAMED} (?:'|’)[0-9]{{2}}", 0.5, cased=True),
        Rule("DATE_TIME", rf"{_SEASON} (?:of )?{_YEAR}", 0.5, cased=True),
        Rule(
            "DATE_TIME",
            _SHORT,
            0.5,
            label="(?:seen|admit(?:ted)?|discharged|dc|d/c(?:'d|ed)?|appt|appointment|visit|surgery|last dose"
            "|dated?|follow[ -]?up|f/u)(?: on| in ed)?",
            after=_NO_PART,
        ),
        Rule("DATE_TIME", _SHORT, 0.5, label=_WEEKDAY, after=_NO_PART),
        Rule(
            "DATE_TIME",
            _SHORT,
            0.5,
            label="on",
            after=r"(?= (?:he|she|they|we|i|pt|patient|for|by|after|due)\b|[.,;](?!\w)|\s*\Z)",
        ),
        Rule(
            "DATE_TIME",
            _SHORT,
            0.5,
            before=_APART,
            after=rf"(?={_HOUR})",
            hint=rf"\b{_SHORT}{_HOUR}",
        ),
        # As claims have them: `DOS 031426`, `service from 20260314 to 20260316`.
        Rule(
            "DATE_TIME",
            f"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:20)?[0-9]{{2}}|{_BASIC}",
            0.5,
            label="dos",
        ),
        Rule(
            "DATE_TIME",
            _BASIC,
            0.5,
            label="dates?|(?:service|svc|admission|admit|discharge|visit|encounter|procedure|surgery|statement)"
            " (?:from|through|thru|to|start|end)",
        ),
        Rule("DATE_TIME", _BASIC, 0.5, label=f"{_BASIC} (?:to|through|thru)"),
        # At the beginning of a line of a log; elsewhere it is an id.
        Rule(
            "DATE_TIME",
            f"{_BASIC}(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]",
            0.5,
            before=r"(?<![^\r\n])",
            after=r"(?=[ |,]{1,3}[A-Za-z\[])",
            hint=rf"\b{_BASIC}[0-9]{{6}}[ |,]{{1,3}}[A-Za-z\[]",
        ),
        context=("date", "day", "time", "since", "until"),
    ),
)


def recognizers() -> tuple[Recognizer, ...]:
    """All recognizers of this module."""
    return _RECOGNIZERS
