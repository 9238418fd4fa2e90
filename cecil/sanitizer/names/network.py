"""The network that tags names: tokens, features, convolutions, spans. numpy alone; no file is read here.

A token's vector is a sum of small tables (word pieces, beginning, end, the word itself, its case) and a layer
on top: it is worked out once a word. Residual convolutions over these see some tokens to each side
(`Network.reach`), and no further. How sure it must be of a person depends on the same tokens: in prose less
than in a line of a log, and least where people talk (`_manner`). Every number on the way is a multiple of a
power of two, and small enough that float32 sums are exact: so an answer depends on nothing but the text, not
on its neighbours in a batch, on the BLAS, or on the machine.

Refuses: lower-casing, cutting and remembering texts. Its file is made by tests/model/train.py (`pack`)."""

import hashlib
import json
import math
import re
import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain, count, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LABELS = ("PERSON", "LOCATION", "ORGANIZATION")
OUTPUTS = 1 + len(LABELS) + 1
"""What the last layer says of a token: nothing, each label, and whether a name begins here."""

PIECES = 6
"""Of a longer word the first ones count."""
SHAPES = 13
STEP = 1 / 16
"""Vectors are multiples of this, and smaller than 8; weights are multiples of 1/64, and at most 2."""
LIMIT = 127 / 16
WEIGHT = 1 / 64
TABLE = 1 / 32

Floats = NDArray[np.float32]

_TOKEN = re.compile(r"[^\S\n]*+(?:[^\W\d_]+|\d+|[^\w\s]|_)|\n|[^\S\n]+")
_TOKEN_OF_ASCII = re.compile(rf" ?[A-Za-z]++| ?[!-/:-@\[-`{{-~]| ?[0-9]++|{_TOKEN.pattern}")
"""The same, with the most frequent ones first: twice as fast."""
_UNFOLDED = re.compile(r"[^\D0]").search
_FOLD = {ord(c): "0" for c in map(chr, range(0x20000)) if unicodedata.category(c) == "Nd"}
_CHUNK = 1024
"""Tokens that go through the layers together: what they need fits into a core's cache."""
_BATCH = 32 * _CHUNK
"""Tokens whose distinct ones are looked up together."""

_TALK = frozenset(
    """i me my mine you your u ur we our us im ive id ill dont cant lol omg lmao haha hahaha ya yall gonna
    wanna gotta thx thanks pls plz xx rt hey hi hello dear yes yeah""".split()
)
_PROSE = frozenset(
    """the a an and or but of to in is are was were be been he she it they his her their him them this that
    these those with for on at by from as not so just did does had has have what who when how why will would
    can could should if about out up all too very""".split()
)
_CODE = frozenset("=|\\{}[]")


class _Manner(NamedTuple):
    """How a text is written, by the tokens around a place.

    Attributes:
        less: what is taken off the margin that is asked for a person.
        lower: the margin that is asked for a single word in lower or upper case, if the file asks for more.
    """

    less: float
    lower: float


_TERSE = _Manner(0.0, math.inf)
_WRITTEN = _Manner(0.25, math.inf)
_TALKED = _Manner(1.0, 1.0)

REMEMBERED = 50_000
"""So many tokens' vectors are kept, 10 MB of them; past that they are worked out anew."""


class Name(NamedTuple):
    """A name in a text: characters start to end, its label, and how sure the network is (0 to 1)."""

    start: int
    end: int
    label: str
    score: float


def fold(text: str) -> str:
    """The text with every decimal digit as 0: what the network sees, and the same length."""
    return text.translate(_FOLD) if _UNFOLDED(text) else text


def tokens(folded: str) -> list[str]:
    """The tokens of a folded text, each with the white space before it: together they are the text."""
    found: list[str] = (_TOKEN_OF_ASCII if folded.isascii() else _TOKEN).findall(folded)
    return found


class Features(NamedTuple):
    """The rows of the tables that make up a token's vector; a run of digits has those of one digit."""

    pieces: tuple[int, ...]
    prefix: int
    suffix: int
    word: int
    shape: int


class Vocabulary:
    """From a token to the rows of its features; `pieces` are word pieces, in order of their rows."""

    def __init__(self, pieces: Sequence[str], affixes: int, words: int) -> None:
        self.rows = {piece: row for row, piece in enumerate(pieces)}
        self._further = {piece[2:]: row for piece, row in self.rows.items() if piece.startswith("##")}
        self._longest = max(map(len, pieces))
        self.affixes = affixes
        self.words = words

    def features(self, token: str) -> Features:
        """The features of a token as `tokens` gives it."""
        raw = token.strip()
        spaced = token[0] != raw[:1]
        word = "0" if raw[:1] == "0" else _plain(raw[:32])
        whole = word.encode()
        first, last = (whole[:3], whole[-3:]) if word.isascii() else (word[:3].encode(), word[-3:].encode())
        return Features(
            self._pieces(word),
            zlib.crc32(first) % self.affixes,
            zlib.crc32(last) % self.affixes,
            zlib.crc32(whole) % self.words,
            _shape(raw) + SHAPES * spaced,
        )

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Greedy, the longest piece first; [UNK] where no piece fits."""
        if not word:
            return (self.rows["[SEP]"],)
        whole = self.rows.get(word)
        if whole is not None:
            return (whole,)
        found: list[int] = []
        at = 0
        rows = self.rows
        while at < len(word) and len(found) < PIECES:
            for end in range(min(len(word), at + self._longest), at, -1):
                row = rows.get(word[at:end])
                if row is not None:
                    found.append(row)
                    at = end
                    break
            else:
                return (self.rows["[UNK]"],)
            rows = self._further
        return tuple(found)


def _plain(word: str) -> str:
    """Lower case, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _shape(raw: str) -> int:
    if not raw:
        return 0
    length = len(raw)
    if raw[0] == "0":
        return 1
    if not raw[0].isalpha():
        return 2
    if raw.islower():
        return 3 if length == 1 else 4
    if raw.isupper():
        return 5 if length == 1 else 6 if length < 4 else 7
    if raw.istitle():
        return 8 if length == 2 else 9
    if raw[0].islower():
        return 10
    return 11 if raw[0].isupper() else 12


class Network:
    """A trained network. `tag` finds the names of texts; threads may share it.

    Raises ValueError for bytes that are not a network of this format."""

    FORMAT = 1

    def __init__(self, data: bytes) -> None:
        """`data`: a file that `pack` made."""
        head, _, body = data.partition(b"\n")
        try:
            about: dict[str, Any] = json.loads(head)
            known = about["format"] == self.FORMAT
        except (ValueError, KeyError, TypeError):
            raise ValueError("not a network of names") from None
        if not known:
            raise ValueError(f"a network of another format than {self.FORMAT}")
        self._data = data
        self.version = hashlib.sha256(data).hexdigest()[:12]
        self._arrays: dict[str, NDArray[np.int8]] = {}
        at = 0
        for name, shape in about["arrays"].items():
            size = math.prod(shape)
            self._arrays[name] = np.frombuffer(body, np.int8, size, at).reshape(shape)
            at += size
        pieces = body[at:].decode().split("\n")
        self.vocabulary = Vocabulary(pieces, about["affixes"], about["words"])
        self._dilations: list[int] = about["dilations"]
        self.reach = sum(self._dilations)
        self._bias: float = about["bias"]
        self._lower: float = about["lower"]
        self._layers = [
            (
                dilation,
                *(self._arrays[f"w{n}"][k].astype(np.float32) * np.float32(WEIGHT) for k in range(3)),
                self._arrays[f"b{n}"].astype(np.float32),
            )
            for n, dilation in enumerate(self._dilations)
        ]
        self._inner = self._arrays["inner"].astype(np.float32) * np.float32(WEIGHT)
        self._inner_bias = self._arrays["bi"].astype(np.float32)
        self._outer = self._arrays["outer"].astype(np.float32) * np.float32(WEIGHT)
        # The last layer speaks in ones, all others in steps.
        self._head: Floats = self._arrays["head"].T.astype(np.float32) * np.float32(WEIGHT * STEP)
        self._words = _Words(REMEMBERED, self._head.shape[1])

    def __reduce__(self) -> "tuple[type[Network], tuple[bytes]]":
        return Network, (self._data,)

    def tag(self, texts: Iterable[str]) -> list[list[Name]]:
        """The names of each text, in order of place, disjoint."""
        found: list[list[Name]] = []
        batch: list[list[str]] = []
        size = 0
        for text in texts:
            cut = tokens(fold(text))
            batch.append(cut)
            size += len(cut)
            if size > _BATCH:
                found += self._tag(batch)
                batch, size = [], 0
        return found + self._tag(batch) if batch else found

    def _tag(self, batch: list[list[str]]) -> list[list[Name]]:
        sizes = np.array([len(cut) for cut in batch], np.int32)
        out = self.run(*self._seen(list(chain.from_iterable(batch))), sizes)
        sure = np.maximum(np.maximum(out[1], out[2]), out[3])
        sure -= out[0]
        sure -= np.float32(self._bias)
        hot = np.flatnonzero(sure > -_TALKED.less)
        found: list[list[Name]] = [[] for _ in batch]
        if not len(hot):
            return found
        says = out[:, hot].T.tolist()
        margins = sure[hot].tolist()
        where = hot.tolist()
        ends = sizes.cumsum().tolist()
        at = 0
        while at < len(where):
            begin, n = at, bisect_right(ends, where[at])
            start, end = ends[n] - len(batch[n]), ends[n]
            while at < len(where) and where[at] < end:
                at += 1
            places = [place - start for place in where[begin:at]]
            found[n] = self._names(batch[n], places, says[begin:at], margins[begin:at])
        return found

    def _seen(self, flat: list[str]) -> tuple[NDArray[np.intp], Floats]:
        """The place of each of some tokens among the distinct ones, and the vectors of these."""
        places = {token: place for place, token in enumerate(dict.fromkeys(flat))}
        words = self._words
        rows = list(map(words.known.get, places))
        if None in rows:
            new = [token for token, row in zip(places, rows, strict=True) if row is None]
            if not words.add(new, self.vectors):
                # Another thread may still read the old ones.
                words = self._words = _Words(max(REMEMBERED, len(places)), len(words.table[0]))
                words.add(list(places), self.vectors)
            rows = list(map(words.known.get, places))
        found = np.fromiter(map(places.__getitem__, flat), np.intp, len(flat))
        return found, words.table[np.array(rows, np.intp)].astype(np.float32)

    def vectors(self, words: Sequence[str]) -> Floats:
        """The vectors of some tokens, a row each, in steps."""
        features = [self.vocabulary.features(word) for word in words]
        count = np.array([len(of.pieces) for of in features])
        pieces = self._arrays["pieces"][[piece for of in features for piece in of.pieces]].astype(np.float32)
        total: Floats = np.add.reduceat(pieces, np.cumsum(count) - count)
        total /= count[:, None].astype(np.float32)
        for n, table in enumerate(("prefix", "suffix", "word", "shape"), 1):
            total += self._arrays[table][[of[n] for of in features]]
        total *= np.float32(TABLE / STEP)
        _round(total)
        inner = total @ self._inner
        inner += self._inner_bias
        total += _round(_positive(inner)) @ self._outer
        return _round(total)

    def run(self, places: NDArray[np.intp], vectors: Floats, sizes: NDArray[np.int32]) -> Floats:
        """What the last layer says of each place, a column for each, before names are made of it.

        Args:
            places: the row of `vectors` of each place, text after text.
            vectors: in steps, as all that is worked out from them.
            sizes: places of each text.
        """
        out = np.empty((OUTPUTS, len(places)), np.float32)
        # Words come again: their products are worked out once.
        _, before, within, after, bias = self._layers[0]
        of_words = (vectors, vectors @ before, vectors @ within + bias, vectors @ after)
        ends = sizes.cumsum()
        done = start = 0
        while done < len(sizes):
            last = max(done + 1, int(ends.searchsorted(start + _CHUNK, "right")))
            end = int(ends[last - 1])
            self._run(places[start:end], of_words, sizes[done:last], out[:, start:end])
            done, start = last, end
        return out

    def _run(
        self,
        places: NDArray[np.intp],
        of_words: tuple[Floats, Floats, Floats, Floats],
        sizes: NDArray[np.int32],
        out: Floats,
    ) -> None:
        """The same of a part.

        Args:
            of_words: the vectors, and what the first layer makes of them before, at and after a place.
            out: gets the answer.
        """
        h, side, y, after_it = (np.take(some, places, axis=0, mode="clip") for some in of_words)
        ends = sizes.cumsum()
        here = np.arange(len(places))
        behind = np.repeat(ends, sizes) - here  # to the end of its text, and from its begin
        ahead = here - np.repeat(ends - sizes, sizes)
        for n, (dilation, before, within, after, bias) in enumerate(self._layers):
            if n:
                np.matmul(h, within, out=y)
                y += bias
                np.matmul(h, before, out=side)
            side[np.flatnonzero(behind <= dilation)] = 0
            y[dilation:] += side[:-dilation]
            side = np.matmul(h, after, out=side) if n else after_it
            side[np.flatnonzero(ahead < dilation)] = 0
            y[:-dilation] += side[dilation:]
            # What is added is never less than nothing: as all of h is whole, what came less stays as it was.
            y += h
            np.rint(y, out=y)
            np.maximum(h, y, out=h)
            np.minimum(h, 127, out=h)
        np.matmul(self._head, h.T, out=out)

    def _names(
        self, cut: list[str], hot: list[int], says: list[list[float]], margins: list[float]
    ) -> list[Name]:
        """The names made of the tokens at `hot`: neighbours are one name, unless the second begins one. A
        margin of the network's bias is a score of a half, and so is less where less is asked for.

        A single word, all in lower or upper case, is none unless the network is surer of it than `lower`.
        A letter is none, nor is a word in lower case where there is nothing else.

        Args:
            says: what the last layer says of each of them.
            margins: by how much each is more than nothing, and than the bias."""
        runs: list[tuple[int, list[list[float]]]] = []
        last = -2
        for i, one, margin in zip(hot, says, margins, strict=True):
            if margin <= 0 and (max(one[1:-1]) > one[1] or margin <= -self._manner(cut, i).less):
                continue
            if last == i - 1 and one[-1] <= 0:
                runs[-1][1].append(one)
            else:
                runs.append((i, [one]))
            last = i
        ends = list(accumulate(map(len, cut))) if runs else []
        found = []
        for begin, some in runs:
            against, *sums, _ = some[0] if len(some) == 1 else [sum(of) for of in zip(*some, strict=True)]
            best = max(sums)
            margin = (best - against) / len(some)
            first = cut[begin].lstrip()
            if len(some) == 1 and (
                (len(first) == 1 and first.isascii())
                or (first.islower() and len(cut) == 1)
                or (
                    (first.islower() or (first.isupper() and len(first) > 3))
                    and margin < self._lower
                    and margin < self._manner(cut, begin).lower
                )
            ):
                continue
            score = max(0.5, round(1 / (1 + math.exp(self._bias - margin)), 2))
            end = ends[begin + len(some) - 1]
            found.append(Name(ends[begin] - len(first), end, LABELS[sums.index(best)], score))
        return found

    def _manner(self, cut: list[str], at: int) -> _Manner:
        """How a text is written around a token."""
        return _manner(cut[max(0, at - self.reach) : at + self.reach + 1])


def _manner(around: list[str]) -> _Manner:
    """How a text is written, of some tokens of it."""
    manner = _TERSE
    for n, token in enumerate(around):
        word = token.strip().lower()
        if word in _CODE:
            return _TERSE
        if word in _TALK:
            manner = _TALKED
        elif word in _PROSE and manner is _TERSE:
            manner = _WRITTEN
        elif (
            word in ("@", "#")
            and (n == 0 or token[0] == " ")
            and "".join(around[n + 1 : n + 2])[:1].isalpha()
        ):
            manner = _TALKED
    return manner


class _Words:
    """The vectors of tokens that were seen. Threads may share it: what is known is written."""

    def __init__(self, most: int, width: int) -> None:
        # Memory is taken as rows are written.
        self.table = np.empty((most, width), np.int8)
        self.known: dict[str, int] = {}
        self._next = count()

    def add(self, words: Sequence[str], vectors: Callable[[Sequence[str]], Floats]) -> bool:
        """Whether there was room for the vectors of some words."""
        rows = list(islice(self._next, len(words)))
        if rows[-1] >= len(self.table):
            return False
        self.table[rows] = vectors(words)
        self.known.update(zip(words, rows, strict=True))
        return True


def _positive(x: Floats) -> Floats:
    """In place."""
    np.maximum(x, 0, out=x)
    return x


def _round(x: Floats) -> Floats:
    """In place: the nearest whole number of steps, within the limits."""
    np.rint(x, out=x)
    np.clip(x, -127, 127, out=x)
    return x


def pack(arrays: Mapping[str, NDArray[np.int8]], pieces: Sequence[str], about: Mapping[str, Any]) -> bytes:
    """The bytes of a network's file: one line that says what follows, the arrays, the word pieces."""
    head = {"format": Network.FORMAT, **about, "arrays": {name: list(a.shape) for name, a in arrays.items()}}
    return b"".join(
        [
            json.dumps(head).encode(),
            b"\n",
            *(a.tobytes() for a in arrays.values()),
            "\n".join(pieces).encode(),
        ]
    )
