"""Text to findings: all recognizers, behind one scan that says which of them to run.

Owns: the order of the layers for one text: triggers, recognizers, context, the plain shadows of the text,
shields, threshold, overlaps. What stands encoded in a text is found by `leaves.py`, which judges it as a
text, or a record, of its own. Refuses: to look at keys, and to change anything.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from itertools import accumulate

import orjson

from cecil.errors import DetectorError
from cecil.sanitizer import decoding, keys, normal, shields, triggers, windows
from cecil.sanitizer.detectors import Recognizer, Trigger, emails, network, phones
from cecil.sanitizer.detectors.context import enhance
from cecil.sanitizer.late import late
from cecil.sanitizer.names import glued, labels
from cecil.sanitizer.names.engine import Names, is_who
from cecil.sanitizer.names.gate import Gate
from cecil.sanitizer.scanner import Cache, Row, Scanner
from cecil.sanitizer.spans import Miss, Span, resolve

PRIVATE_IP = "PRIVATE_IP"
"""Loopback, private, link-local, multicast and documentation addresses: what says nothing about a person."""

_ENCODED, _ODD, _PARSE, _NAMED, _GLUED, _FIRST = range(6)
"""Bits: something is encoded or spelled oddly, a line must be read, and JSON in a text too; a person may
stand in a word that is no language; that of the first recognizer."""

_WIDE = 1 << 10
"""Added to a recognizer's bit where a trigger is wide."""

_NONE: Mapping[str, float] = {}
_NOTHING: Mapping[int, list[Span]] = {}

_SHORT, _ASKED = 1024, 8192
"""Characters of a text that is looked into ahead, and how many of those are known to have been."""

# Every string before a colon, and what stands between two others before one.
_KEY = late(rb'"(?=([^"]*+)"[ \t\r\n]*+:)')
_NUMBER = late(rb"[-+.0-9eE]++")
_IN_A_NUMBER = frozenset(bytes([one]) for one in b"-+.0123456789eE")

WEAK = 0.4
"""Findings below it need a context word, unless the policy's threshold is lower."""

# A number in that spelling has other digits than the text that stands for it.
_EXPONENT = Trigger(r"[:\[, ]-?[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]{1,2}[\s,\]}]", shape=True)

# JSON within JSON within JSON: what an escape hides, only reading it shows.
_ESCAPES = Trigger(r'\\["\\/bfnrtu]', shape=True)


class Finder:
    """Finds spans in texts.

    Args:
        recognizers: all that there are.
        wanted: whether the policy does anything about an entity.
        threshold: findings below this score do not count; see also `thresholds`.
        parse: what stands in a line that must be read for other reasons than a recognizer's.
        base: triggers by recognizer, and `parse` under `""`: what is searched for in any case, so that
            whatever a policy says, one compiled database serves. What it wants beyond them stands apart.
        cache: keeps the compiled triggers between runs.
        thresholds: by entity, where it is another.
        silence: detectors whose findings do not count.
        allowed: whether a text that was found as an entity is none.
        names: finds names; None where nobody wants any, or no model is to look for them.
        explain: whether near misses will be asked for.

    Attributes:
        gate: says in which lines names stand; None where none are looked for.
    """

    def __init__(
        self,
        recognizers: Sequence[Recognizer],
        wanted: Callable[[str], bool],
        threshold: float,
        parse: Sequence[Trigger],
        base: Mapping[str, Sequence[Trigger]],
        cache: Cache | None = None,
        *,
        thresholds: Mapping[str, float] = _NONE,
        silence: Collection[str] = (),
        allowed: Callable[[str, str], bool] | None = None,
        named: Sequence[Trigger] = (),
        names: Names | None = None,
        explain: bool = False,
    ) -> None:
        self._wanted = lru_cache(maxsize=None)(wanted)
        self._threshold = threshold
        self._thresholds = thresholds
        self._silence = silence
        self._allowed = allowed
        self._plain = not thresholds and not silence and allowed is None
        self._all_names = explain or not self._plain
        known: dict[str, Sequence[Trigger]] = {name: base[name] for name in base if name}
        places = {name: _FIRST + place for place, name in enumerate(known)}
        self._recognizers: dict[int, Recognizer] = {}
        last = _FIRST + len(known)
        for one in recognizers:
            if any(map(wanted, one.entities)):
                bit = places.pop(one.name, last)
                last += bit == last
                self._recognizers[bit] = one
        self._all = sum(1 << bit for bit in self._recognizers)
        self._named_bit = 1 << last
        self._speak(names)
        self._text = self._all | 1 << _ENCODED | 1 << _ODD | 1 << _NAMED
        self._idle = frozenset(places.values())
        private = wanted(PRIVATE_IP)
        always = dict.fromkeys(
            [
                *((_ENCODED, one) for one in (*decoding.triggers(), _ESCAPES)),
                *((_ODD, one) for one in normal.triggers()),
                *((_GLUED, one) for one in glued.TRIGGERS),
                *((_PARSE, one) for one in (*base.get("", ()), _EXPONENT)),
                *((_FIRST + place, one) for place, name in enumerate(known) for one in known[name]),
            ]
        )
        by_key = [*((_PARSE, one) for one in parse), *((_NAMED, one) for one in named)]
        own: list[Row] = []
        spoken: set[str] = set()
        heard: dict[int, re.Pattern[str]] = {}
        for bit, recognizer in self._recognizers.items():
            # Whoever asks why something was left wants to hear of what waits for a word, too.
            weak = explain or any(thresholds.get(entity, threshold) < WEAK for entity in recognizer.entities)
            mine = triggers.of(recognizer, private=private, weak=weak)
            own += ((bit, one) for one in mine)
            if wide := [one for one in mine if one.wide]:
                spoken.update(word.lower() for word in recognizer.context)
                heard[bit | _WIDE] = triggers.heard(wide)
        self._says = lru_cache(maxsize=4096)(lambda word: any(part in word.lower() for part in spoken))
        self._heard = lru_cache(maxsize=4096)(lambda key: _heard(key.decode(), heard))
        # Recognizers serve many policies, and take long to compile; names are the policy's own.
        apart = (
            tuple(_placed(row) for row in dict.fromkeys(some) if row not in always) for some in (own, by_key)
        )
        self._scanner = Scanner(tuple(map(_placed, always)), *apart, cache=cache)
        self._last: tuple[str, dict[int, list[int]]] = ("", {})
        self._ahead: dict[str, dict[int, list[Span]]] = {}
        self._asked: set[str] = set()

    def _speak(self, names: Names | None) -> None:
        self._names = names if names and any(map(self._wanted, labels.ENTITIES)) else None
        self.gate = Gate(self._names, self._stands) if self._names else None

    def speaking(self, names: Names | None) -> "Finder":
        """The same with another model of names, for texts of another language."""
        other = copy(self)
        other._speak(names)
        return other

    def wanting(self, wanted: Callable[[str], bool]) -> "Finder":
        """The same for other entities, which are among those that this one wants."""
        other = copy(self)
        other._wanted = lru_cache(maxsize=None)(wanted)
        return other

    def woken(self, text: str, words: tuple[str, ...] = (), stood: int | None = None) -> int:
        """What a text wakes: 0 when nothing can be found in it, however it is read.

        Args:
            words: of the keys that lead to it; some recognizers wait for them.
            stood: what `awake` or `standing` saw in it, where it was seen before: that is no less than what
                it wakes by itself.
        """
        if stood is None or (words and any(map(self._says, words))):
            if len(text) < windows.LONG:
                stood = self._scanner.mask(_worded(text, words))
            else:
                stood = sum(1 << bit for bit in self._places(text, words))
        woken = (stood | stood >> _WIDE) & self._text
        if self._names and self._named_in(text, words, glues=bool(stood >> _GLUED & 1)):
            woken |= self._named_bit
        return woken

    def _places(self, text: str, words: tuple[str, ...]) -> dict[int, list[int]]:
        """Where in a long text triggers ended, by their bits; the last text's are kept for `find`."""
        searched = _worded(text, words)
        asked, places = self._last
        if asked != searched:
            before = len(searched) - len(text)
            places = {
                bit: [end - before for end in ends] for bit, ends in self._scanner.places(searched).items()
            }
            self._last = searched, places
        return places

    def _near(self, text: str, words: tuple[str, ...], bit: int) -> list[Span]:
        """What a recognizer finds in a long text."""
        places = self._places(text, words)
        ends = sorted({*places.get(bit, ()), *places.get(bit | _WIDE, ())})
        return windows.near(self._recognizers[bit], text, ends)

    def _named_in(self, text: str, words: tuple[str, ...], *, glues: bool = True) -> list[Span]:
        """Names in a text: none where none counts, unless somebody wants to know of those."""
        assert self._names is not None
        if self._all_names:
            return self._names.spans(text, words, glues=glues)
        found = self._names.spans(text, words, self._stands, glues=glues)
        return found if any(map(self._stands, found)) else []

    def hits(self, lines: bytes) -> list[tuple[int, int]]:
        """Where something stands in whole lines for which they must be read: (end, bit), in order.

        Args:
            lines: text, or JSON without escapes, as `unescaped` makes it.
        """
        hits = self._scanner.hits(lines)
        return [hit for hit in hits if hit[1] % _WIDE not in self._idle] if self._idle else hits

    def parted(self, lines: bytes) -> bool:
        """See `Scanner.parted`."""
        return self._scanner.parted(lines)

    def waking(self, texts: Sequence[tuple[str, tuple[str, ...]]]) -> list[int]:
        """Which of some texts, behind the words of their keys, wake more than names, or seem to; at once."""
        data = [_worded(text, words).encode("utf-8", "surrogatepass") for text, words in texts]
        ends = list(accumulate(len(line) + 1 for line in data))
        hits = self.hits(b"\n".join(data)) if data else []
        return list(dict.fromkeys(bisect_right(ends, end - 1) for end, _ in hits))

    def ahead(self, texts: Iterable[tuple[str, int]]) -> None:
        """Look into texts that are soon asked for, by one recognizer after the other.

        Text by text each recognizer would find its expressions and tables gone from the processor's cache,
        and take twice as long. What they find is kept for `find` until this is called again.

        Args:
            texts: each with what stands in it, see `awake` and `standing`; those that were asked for lately
                are left out, for they are remembered elsewhere.
        """
        found: dict[str, dict[int, list[Span]]] = {}
        waiting: dict[int, list[str]] = {}
        if len(self._asked) > _ASKED:
            self._asked.clear()
        for text, stood in texts:
            if len(text) > _SHORT or text in self._asked:
                continue
            self._asked.add(text)
            found[text] = {}
            woken = (stood | stood >> _WIDE) & self._all
            while woken:
                bit = woken & -woken
                woken ^= bit
                waiting.setdefault(bit.bit_length() - 1, []).append(text)
        for place, some in waiting.items():
            find = self._recognizers[place].find
            for text in some:
                try:
                    found[text][place] = find(text)
                except DetectorError:
                    break  # in `find` it is known whose line it is
        self._ahead.clear()
        self._ahead.update(found)

    def speaks(self, words: tuple[str, ...]) -> bool:
        """Whether words of keys are of those for which a recognizer with wide triggers waits."""
        return any(map(self._says, words)) or (self._names is not None and is_who(words))

    def awake(self, line: bytes, offset: int, hits: Iterable[tuple[int, int]]) -> dict[str, int] | None:
        """The only strings of a JSON line in which something could be found, and what stood in each, for
        `woken`; None where it may be anywhere.

        Args:
            line: without escapes, so that every quotation mark begins or ends a string.
            offset: what the ends of `hits` count from, before the line.
        """
        found: dict[str, int] = {}
        text, done = "", 0  # the string that was seen last, and what is behind it
        for end, bit in hits:
            last = end - offset - 1
            if bit in (_PARSE, _NAMED) or bit >= _WIDE:
                continue  # a key's name, and keys are read anyhow
            if last >= done:
                if not line.count(b'"', done, last) & 1:
                    number = _number(line, last)
                    if number is None:
                        return None  # beyond the string in which it began
                    for spelled in number:
                        found[spelled] = found.get(spelled, 0) | 1 << bit
                    continue
                start = line.rfind(b'"', done, last) + 1
                done = line.index(b'"', last) + 1
                text = line[start : done - 1].decode()
            found[text] = found.get(text, 0) | 1 << bit
        return found

    def awake_in(self, record: str, words: tuple[str, ...]) -> dict[str, int] | None:
        """The same of a record that stands in a text.

        Args:
            record: JSON.
            words: of the keys that lead to the text.

        Raises:
            UnicodeEncodeError: half a character stands in it.
        """
        line = record.encode()
        if b"\\" in line or b"\n" in line or b"\r" in line or self.speaks(words):
            return None
        found = self.awake(line, 0, self.hits(line))
        if found is None or self.gate is None:
            return found
        named = self.gate.strings(line).get(0, frozenset())
        return None if named is None else dict.fromkeys(named, 0) | found

    def deaf(self, line: bytes, hits: Iterable[tuple[int, int]]) -> bool:
        """Whether a line of JSON holds nothing but words and, anywhere behind them, values, and no key has
        one of those words: then it is as if nothing stood in it.

        Args:
            line: without a backslash.
        """
        words = 0
        for _, bit in hits:
            if bit < _WIDE:
                return False
            words |= 1 << bit
        return not any(self._heard(key) & words for key in _KEY.findall(line))

    def standing(self, line: bytes, hits: Iterable[tuple[int, int]]) -> int | None:
        """What stands in a line of text, for `woken`; None where that is not to be told from its hits."""
        if b"\r" in line.rstrip(b"\r\n"):
            return None
        stood = 0
        for _, bit in hits:
            stood |= 1 << bit
        return stood

    def counts(self, text: str, entity: str) -> bool:
        """Whether what its key's name says of a value counts: 1.0 is above any threshold."""
        return not (self._allowed and self._allowed(text, entity))

    def encoded(self, woken: int) -> bool:
        """Whether something encoded, other than JSON, can be in a text that woke this."""
        return bool(woken >> _ENCODED & 1)

    def find(
        self,
        text: str,
        words: tuple[str, ...] = (),
        woken: int | None = None,
        misses: list[Miss] | None = None,
    ) -> list[Span]:
        """Findings that count, in order, none overlapping another.

        Args:
            text: what is judged.
            words: of the keys that lead to it; they count as standing near it.
            woken: what `woken` said, where it was asked before.
            misses: where given, near misses are added to it.

        Raises:
            DetectorError: the text could not be judged.
        """
        if woken is None:
            woken = self.woken(text, words)
        if not woken:
            return []
        spans = self._counting(text, words, woken & (self._all | self._named_bit), misses)
        for shadow in normal.layers(text) if woken >> _ODD & 1 else ():
            again = self.woken(shadow.text, words) & (self._all | self._named_bit)
            seen: list[Miss] | None = None if misses is None else []
            for span in self._counting(shadow.text, words, again, seen):
                start, end = shadow.origin(span.start, span.end)
                spans.append(span._replace(start=start, end=end))
            if misses is not None and seen:
                for miss in seen:
                    start, end = shadow.origin(miss.start, miss.end)
                    misses.append(miss._replace(start=start, end=end))
        return resolve(spans) if len(spans) > 1 else spans

    def _counting(
        self, text: str, words: tuple[str, ...], woken: int, misses: list[Miss] | None
    ) -> list[Span]:
        """What counts in a text as it stands, before overlaps."""
        found: list[Span] = []
        if self._names and woken & self._named_bit:
            found += self._named_in(text, words)
        woken &= self._all
        ahead = self._ahead.get(text, _NOTHING) if misses is None else _NOTHING
        at_once = misses is not None or len(text) < windows.LONG
        while woken:
            bit = woken & -woken
            woken ^= bit
            place = bit.bit_length() - 1
            recognizer = self._recognizers[place]
            spans = ahead.get(place)
            if spans is None:
                spans = recognizer.find(text, misses) if at_once else self._near(text, words, place)
            if spans:
                found += enhance(text, spans, recognizer.context, words) if recognizer.context else spans
        if not found:
            return found
        quick = misses is None and self._plain
        found, held = shields.hold_back(text, self._named(text, found), words, briefly=quick)
        if quick:
            return [span for span in found if span.score >= self._threshold and self._wanted(span.entity)]
        counting = []
        # What is allowed stays whole, whatever a part of it looks like.
        allowed = self._allowed
        whole = sorted(
            span for span in found if allowed and allowed(text[span.start : span.end], span.entity)
        )
        ends = list(accumulate((span.end for span in whole), max))
        for span in found:
            why = self._left(span)
            if why is None:
                before = bisect_right(whole, span.start, key=_start)
                why = "the policy allows it" if before and span.end <= ends[before - 1] else None
            if why is None:
                counting.append(span)
            else:
                held.append(Miss(span.start, span.end, span.entity, span.detector, why))
        if misses is not None:
            misses += held
        return counting

    def _stands(self, span: Span) -> bool:
        return self._left(span) is None

    def _left(self, span: Span) -> str | None:
        """Why the policy leaves a finding; None where it does not."""
        threshold = self._thresholds.get(span.entity, self._threshold)
        if not self._wanted(span.entity):
            return "the policy keeps it"
        if span.score < threshold:
            return f"score {span.score:.2f} is below {threshold:.2f}: no context word"
        if span.detector in self._silence:
            return "the policy silences its detector"
        return None

    def _named(self, text: str, spans: Iterable[Span]) -> list[Span]:
        """Addresses under the name that the policy has for them; what only looks like one is left out."""
        named = []
        for span in spans:
            if span.entity == "IP_ADDRESS":
                if network.is_version(text, span.start, span.end) or network.is_code(
                    text, span.start, span.end
                ):
                    continue
                if network.is_private(network.read(text, span.start, span.end)):
                    span = span._replace(entity=PRIVATE_IP)
            elif span.entity == "MAC_ADDRESS" and network.is_no_device(text[span.start : span.end]):
                continue
            elif span.entity == "EMAIL_ADDRESS":
                start = emails.begin(text, span.start, span.end)
                if start != span.start:
                    span = span._replace(start=start)
            elif span.entity == "PHONE_NUMBER":
                start, end = phones.bare(text, span.start, span.end)
                if (start, end) != span[:2]:
                    span = span._replace(start=start, end=end)
            named.append(span)
        return named


def _start(span: Span) -> int:
    return span.start


def _placed(row: Row) -> Row:
    bit, trigger = row
    return (bit | _WIDE, trigger) if trigger.wide else row


def _heard(key: str, heard: Mapping[int, re.Pattern[str]]) -> int:
    """The bits of the wide triggers that a key may begin, of those for which there are words."""
    if "<" in key or decoding.is_naming(key):
        return -1  # it is read otherwise than it stands, or the name is another string
    words = f" {_prefix(keys.context(key))}"
    return sum(1 << bit for bit, pattern in heard.items() if pattern.search(words))


def _number(line: bytes, place: int) -> set[str] | None:
    """A number of JSON, as `str` spells it, that has a character at a place; None where none stands there."""
    start = place
    while line[start - 1 : start] in _IN_A_NUMBER:
        start -= 1
    token = _NUMBER.match(line, start)
    try:
        return {str(orjson.loads(token[0])), token[0].decode()} if token else None
    except orjson.JSONDecodeError:
        return None


def _worded(text: str, words: tuple[str, ...]) -> str:
    """A text as it is searched: in one line, behind the words of its keys."""
    if "\n" in text or "\r" in text:
        text = text.replace("\n", " ").replace("\r", " ")
    return f"{_prefix(words)}{text}" if words else text


@lru_cache(maxsize=4096)
def _prefix(words: tuple[str, ...]) -> str:
    return " ".join(words) + " : "


def unescaped(data: bytes) -> bytes:
    """JSON in which the escapes that may stand before a value are what they stand for; line breaks become
    blanks. What is escaped twice stays so, and is a trigger itself."""
    data = data.replace(b"\\\\", b"\0")
    for escape, plain in _STAND_FOR:
        if b"\\" not in data:
            break  # most have the first two and no other
        data = data.replace(escape, plain)
    return data.replace(b"\0", b"\\")


_STAND_FOR = (
    (b'\\"', b'"'),
    (b"\\n", b" "),
    (b"\\/", b"/"),
    (b"\\r", b" "),
    (b"\\t", b"\t"),
    (b"\\b", b"\b"),
    (b"\\f", b"\f"),
)
