"""Tokens that say themselves what they are: the rows of `table`, found in one pass.

Owns: where a token begins and ends in a text. Refuses: to call a token valid whose checksum is wrong; it
is still taken out, for a secret that somebody cut, changed or mistyped is one, but nobody vouches for it.
Where only the checksum tells a token from any other word, a wrong one says that it is none.
"""

import re
from functools import cached_property, lru_cache

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import noise
from cecil.sanitizer.detectors.secrets.checksums import CHECKSUMS, MENDED
from cecil.sanitizer.detectors.secrets.table import ALPHABETS, Row, regex
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

# A token begins where a word begins, or behind an escape that a text was written with.
_BEGIN = late(r"(?<![0-9A-Za-z_])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9a-fA-F]{2})")
_BEGIN_OF_TRIGGER = r"(?:\b|\\[nrt]|%[0-9A-Fa-f]{2}|\\u00[0-9a-fA-F]{2})"

_SCORE = 0.9
_SCORE_NEAR = 0.75
_SCORE_UNSURE = 0.5

_NEAR = 100
"""Characters before a token in which the word has to stand that it needs."""

_LAST = late(r"<(\w+):[\d,]+>\)*\??$")


def _end(row: Row) -> str:
    """What may not follow a token: a character that it could go on with."""
    last = _LAST.search(row.pattern)
    if last is None:
        return r"(?![0-9A-Za-z_])"
    return {
        "url": r"(?![0-9A-Za-z_-])",
        "urlpad": r"(?![0-9A-Za-z_=-])",
        "word": r"(?![0-9A-Za-z_])",
        "tilde": r"(?![0-9A-Za-z_~-])",
        "b64": r"(?![0-9A-Za-z+/])",
        "b64pad": r"(?![0-9A-Za-z+/=])",
    }.get(last[1], r"(?![0-9A-Za-z_])")


class TokenRecognizer:
    """Finds the tokens of one row of the table. Each row has a recognizer of its own, so that only those are
    run on a text, and compiled at all, whose trigger stood in it.

    Args:
        row: a row of the table.
    """

    entities = frozenset({"SECRET"})
    context: tuple[str, ...] = ()

    def __init__(self, row: Row) -> None:
        self.name = f"secret:{row.id}"
        self._row = row

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """The row's pattern without look-around, behind the word that it needs."""
        return (trigger(self._row),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        spans: list[Span] = []
        near = self._near
        lower = text.lower() if near else ""
        for match in self._pattern.finditer(text):
            start = match.start()
            if near and not near.search(lower, max(0, start - _NEAR), start):
                continue
            if _BEGIN.match(text, start):
                self._judge(self._row, match, spans, misses)
        return spans

    @cached_property
    def _near(self) -> re.Pattern[str] | None:
        """The words that it needs."""
        return re.compile(rf"(?<![a-z])(?:{'|'.join(self._row.near)})") if self._row.near else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        first = re.match(r"<(\w+):", self._row.pattern)
        # Behind a run of its own letters no token begins: so a long run is passed over once.
        begin = rf"(?:(?<![{ALPHABETS[first[1]]}])|(?<=\\[nrt]))" if first else ""
        return re.compile(begin + regex(self._row.pattern) + _end(self._row))

    def _judge(self, row: Row, match: re.Match[str], spans: list[Span], misses: list[Miss] | None) -> None:
        start, end = match.span("s" if "s" in match.re.groupindex else 0)
        detector = f"secret:{row.id}"
        why = _why_not(row, match.string[start:end])
        if why:
            if misses is not None:
                misses.append(Miss(start, end, "SECRET", detector, why))
            return
        valid = bool(row.checksum) and CHECKSUMS[row.checksum](match[0])
        if row.checksum in MENDED and not valid:
            if misses is not None:
                misses.append(Miss(start, end, "SECRET", detector, "the checksum is wrong"))
            return
        score = _SCORE_NEAR if row.near else _SCORE
        if row.checksum and not valid:
            score = _SCORE_UNSURE
            if misses is not None:
                misses.append(Miss(start, end, "SECRET", detector, "the checksum is wrong: taken as unsure"))
        spans.append(Span(start, end, "SECRET", score, detector, valid))


def _why_not(row: Row, token: str) -> str | None:
    """Why what has a row's format is no token; None when it may be one."""
    if token.endswith("EXAMPLE") and row.vendor == "Amazon":
        return "the documentation's example"
    if row.vendor == "Age":
        return None
    if noise.filler(token) or noise.marked(token):
        return "one character repeated"
    if noise.humped(token):
        return "words"
    if row.near and noise.sequence(token):
        return "a sequence"
    return None


_LOOK = late(r"\(\?[=!][^)]*\)")
_UPPER_BOUND = late(r"\{(\d+),\d+\}")
_PADDED = late(r"=\{0,\}(?=\)*\Z)")
_GOES_ON = late(r"(?<!\{0),(?=\}\)*\Z)")


@lru_cache(maxsize=1024)
def trigger(row: Row) -> Trigger:
    """What a text holds that holds a row's token."""
    body = regex(_LOOK.sub("", row.pattern)).replace("(?P<s>", "(?:")
    # As short as it may be: it would end anew at each character with which a token goes on.
    body = _GOES_ON.sub("", _PADDED.sub("", _UPPER_BOUND.sub(r"{\1,}", body)))
    if row.near:
        # Hyperscan pays for each number that it has to count to: anywhere behind the word, in the line.
        return Trigger(rf"[^A-Za-z](?i:{'|'.join(row.near)})[^\n]*{body}")
    run = _RUN.match(body)
    if run is None:
        return Trigger(body)
    if _WORD.match(body, run.end()):
        return Trigger(body[run.end() :])
    # What is all classes is looked for from just before the first sign between them: an automaton that counts
    # a long run from each of its characters is slow. A few keep it asleep where ids begin with `call_`; but
    # to count what has signs in it costs more than that brings.
    if _SIGN.match(body, run.end()):
        few = f"{{{min(int(run['count']), _FEW)}}}" if run["count"] and "-]" not in run["last"] else ""
        return Trigger(f"{run['last']}{few}{body[run.end() :]}", shape=True)
    return Trigger(_BEGIN_OF_TRIGGER + body, shape=True)


_FEW = 6
_RUN = late(r"(?:\[[^\]]+\](?:\{\d+(?:,\d*)?\}|\+)?)*(?P<last>\[[^\]]+\])(?:\{(?P<count>\d+)(?:,\d*)?\}|\+)?")
_WORD = late(r"(?:[A-Za-z0-9_=-]|\\[.|+-]){3}(?![?*{])")
_SIGN = late(r"(?:\\[.|]|[_:/-])(?![?*{])|\w[\w~]")
