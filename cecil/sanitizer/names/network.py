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
from itertools import accumulate, chain, count, islice, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cecil.sanitizer.late import late
from cecil.sanitizer.names.threads import one_thread

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

_TOKEN = late(r"[^\S\n]*+(?:[^\W\d_]+|\d+|[^\w\s]|_)|\n|[^\S\n]+")
_TOKEN_OF_ASCII = late(rf" ?[A-Za-z]++| ?[!-/:-@\[-`{{-~]| ?[0-9]++|{_TOKEN.pattern}")
"""The same, with the most frequent ones first: twice as fast."""
_UNFOLDED = re.compile(r"[^\D0]").search
_FOLD = {
    ord(digit): "0"
    for digit in re.findall(
        r"\d", np.arange(0x20000).astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    )
}
_CHUNK = 1024
"""Tokens that go through the layers together: what they need fits into a core's cache."""
_BATCH = 64 * _CHUNK
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
_WRITTEN = _Manner(0.5, math.inf)
_TALKED = _Manner(2.0, 0.0)

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
        pieces, *rows = self.of_all([token])
        return Features(pieces[0], *(some[0] for some in rows))

    def of_all(
        self, tokens: Sequence[str]
    ) -> tuple[list[tuple[int, ...]], list[int], list[int], list[int], list[int]]:
        """Those of many tokens, feature by feature in the order of `Features`: a list is soon made."""
        raws = [token.strip() for token in tokens]
        words = ["0" if raw[:1] == "0" else _plain(raw[:32]) for raw in raws]
        row_of, crc, affixes = self.rows.get, zlib.crc32, self.affixes
        pieces = [self._pieces(word) if (row := row_of(word)) is None else (row,) for word in words]
        whole = [word.encode() for word in words]
        # Of three characters each, and not octets.
        both = [
            (octets[:3], octets[-3:]) if len(octets) == len(word) else (word[:3].encode(), word[-3:].encode())
            for octets, word in zip(whole, words, strict=True)
        ]
        return (
            pieces,
            [crc(first) % affixes for first, _ in both],
            [crc(last) % affixes for _, last in both],
            [crc(octets) % self.words for octets in whole],
            [
                _shape(raw) + (SHAPES if len(raw) < len(token) else 0)
                for raw, token in zip(raws, tokens, strict=True)
            ],
        )

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Those of a word that is none itself. Greedy, the longest first; [UNK] where none fits."""
        rows = self.rows
        if not word:
            return (rows["[SEP]"],)
        found: list[int] = []
        at, size = 0, len(word)
        while at < size and len(found) < PIECES:
            end = min(size, at + self._longest)
            while (row := rows.get(word[at:end])) is None:
                end -= 1
                if end == at:
                    return (self.rows["[UNK]"],)
            found.append(row)
            at = end
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

    Attributes:
        version: what tells it from every other.
        reach: a name depends on so many tokens to each side.
        far: a token that is less than a name by more than this, by what the layers so far say, is none, and
            goes through no further one: the first counts behind the first layer, the last behind all that
            follow. It was trained so, to say early what is none, and to do without more of it.

    Raises ValueError for bytes that are not a network of this format."""

    FORMAT = 2

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
        self.far: tuple[float, ...] = tuple(about["far"])
        self._first, *self._further = (
            _Layer(dilation, self._arrays[f"w{n}"], self._arrays[f"b{n}"])
            for n, dilation in enumerate(self._dilations)
        )
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
        with one_thread():
            out = self.run(*self._seen(list(chain.from_iterable(batch))), sizes, self.far)
        sure = self._margin(out)
        # Less than the margin is asked for a person alone.
        person = out[1] >= out[2:-1].max(axis=0)
        hot = np.flatnonzero((sure > 0) | (person & (sure > -_TALKED.less)))
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
        words = self._words
        rows = words.rows(flat)
        unknown = np.flatnonzero(rows < 0)
        if len(unknown):
            new = [flat[place] for place in unknown.tolist()]
            if words.add(list(dict.fromkeys(new)), self.vectors):
                rows[unknown] = words.rows(new)
            else:
                # Another thread may still read the old ones.
                distinct = list(dict.fromkeys(flat))
                words = self._words = _Words(max(REMEMBERED, len(distinct)), len(words.table[0]))
                words.add(distinct, self.vectors)
                rows = words.rows(flat)
        seen = np.zeros(len(words.table), bool)
        seen[rows] = True
        which = np.flatnonzero(seen)
        place = np.empty(len(seen), np.intp)
        place[which] = np.arange(len(which))
        return place[rows], words.table[which].astype(np.float32)

    def vectors(self, words: Sequence[str]) -> Floats:
        """The vectors of some tokens, a row each, in steps."""
        pieces, *others = self.vocabulary.of_all(words)
        table = self._arrays["pieces"]
        total: Floats = np.take(table, [some[0] for some in pieces], axis=0).astype(np.float32)
        # Most words have one piece, and few have many.
        several = more = [row for row, some in enumerate(pieces) if len(some) > 1]
        for n in range(1, PIECES):
            total[more] += table[[pieces[row][n] for row in more]]
            more = [row for row in more if len(pieces[row]) > n + 1]
        total[several] /= np.array([[len(pieces[row])] for row in several], np.float32).reshape(-1, 1)
        rest = np.zeros(total.shape, np.int16)
        for name, rows in zip(("prefix", "suffix", "word", "shape"), others, strict=True):
            rest += np.take(self._arrays[name], rows, axis=0)
        total += rest
        total *= np.float32(TABLE / STEP)
        _round(total)
        inner = total @ self._inner
        inner += self._inner_bias
        total += _round(_positive(inner)) @ self._outer
        return _round(total)

    def run(
        self,
        places: NDArray[np.intp],
        vectors: Floats,
        sizes: NDArray[np.int32],
        far: Sequence[float] = (math.inf,),
    ) -> Floats:
        """What the last layer says of each place, a column for each, before names are made of it.

        Args:
            places: the row of `vectors` of each place, text after text.
            vectors: in steps, as all that is worked out from them.
            sizes: places of each text.
            far: as of `Network`. Of a place so far from a name is told what the layers until then say.
        """
        out = np.empty((OUTPUTS, len(places)), np.float32)
        # Words come again: their products are worked out once. Beyond a text there is nothing.
        nothing = len(vectors)
        of_words = [np.zeros((nothing + 1, len(some)), np.float32) for some in self._first.weights]
        for some, weights in zip(of_words, self._first.weights, strict=True):
            np.matmul(vectors, weights, out=some[:nothing])
        of_words[1] += self._first.bias
        ends = sizes.cumsum()
        done = start = 0
        while done < len(sizes):
            last = max(done + 1, int(ends.searchsorted(start + _CHUNK, "right")))
            end = int(ends[last - 1])
            self._run(places[start:end], vectors, of_words, sizes[done:last], far, out[:, start:end])
            done, start = last, end
        return out

    def _run(
        self,
        places: NDArray[np.intp],
        vectors: Floats,
        of_words: Sequence[Floats],
        sizes: NDArray[np.int32],
        far: Sequence[float],
        out: Floats,
    ) -> None:
        """The same of a part.

        Args:
            of_words: what the first layer makes of the vectors before, at and after a place; nothing at last.
            out: gets the answer.
        """
        size, nothing = len(places), len(vectors)
        ends = sizes.cumsum()
        here = np.arange(size)
        behind = np.repeat(ends, sizes) - here  # to the end of its text, and from its begin
        ahead = here - np.repeat(ends - sizes, sizes)
        held = np.empty((size + 1, vectors.shape[1]), np.float32)
        held[size] = 0
        h = held[:size]
        np.take(vectors, places, axis=0, out=h, mode="clip")
        before, within, after = of_words
        y = np.take(within, places, axis=0, mode="clip")
        apart = self._first.dilation
        rows = np.full(size, nothing)
        rows[apart:] = places[:-apart]
        rows[ahead < apart] = nothing
        side = np.take(before, rows, axis=0, mode="clip")
        y += side
        rows[:-apart] = places[apart:]
        rows[behind <= apart] = nothing
        y += np.take(after, rows, axis=0, out=side, mode="clip")
        _grow(h, y)
        np.matmul(self._head, h.T, out=out)
        near, said, width = here, out, h.shape[1]
        for n, layer in enumerate(self._further):
            near = near[self._margin(said) >= -far[min(n, len(far) - 1)]]
            apart = layer.dilation
            around = np.empty((len(near), 3), np.intp)
            around[:, 0] = np.where(ahead[near] < apart, size, near - apart)
            around[:, 1] = near
            around[:, 2] = np.where(behind[near] <= apart, size, near + apart)
            seen = np.take(held, around.ravel(), axis=0, mode="clip").reshape(len(near), 3 * width)
            y = np.matmul(seen, layer.weights.reshape(-1, width), out=y[: len(near)])
            y += layer.bias
            those = seen[:, width : 2 * width]
            _grow(those, y)
            h[near] = those
            said = self._head @ those.T
            out[:, near] = said

    def _margin(self, out: Floats) -> Floats:
        """By how much each place is more than nothing, and than the bias, of what is said of it."""
        margin: Floats = np.maximum(out[1], out[2])
        for said in out[3:-1]:
            np.maximum(margin, said, out=margin)
        margin -= out[0]
        margin -= np.float32(self._bias)
        return margin

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
            if margin <= 0 and margin <= -self._manner(cut, i).less:
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

    def rows(self, tokens: Sequence[str]) -> NDArray[np.intp]:
        """The row of each token; less than 0 where it is not known."""
        return np.fromiter(map(self.known.get, tokens, repeat(-1)), np.intp, len(tokens))

    def add(self, words: Sequence[str], vectors: Callable[[Sequence[str]], Floats]) -> bool:
        """Whether there was room for the vectors of some words."""
        rows = list(islice(self._next, len(words)))
        if rows[-1] >= len(self.table):
            return False
        self.table[rows] = vectors(words)
        self.known.update(zip(words, rows, strict=True))
        return True


class _Layer:
    """A residual convolution.

    Attributes:
        dilation: how far away the places before and after are.
        weights: of what stands before, at and after a place; at it with what is kept of it.
        bias: in steps.
    """

    def __init__(self, dilation: int, weights: NDArray[np.int8], bias: NDArray[np.int8]) -> None:
        self.dilation = dilation
        self.weights: Floats = weights.astype(np.float32) * np.float32(WEIGHT)
        self.weights[1] += np.eye(weights.shape[2], dtype=np.float32)
        self.bias: Floats = bias.astype(np.float32)


def _grow(h: Floats, y: Floats) -> None:
    """What is added is never less than nothing: as all of h is whole, what came to less stays as it was."""
    np.rint(y, out=y)
    np.maximum(h, y, out=h)
    np.minimum(h, 127, out=h)


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
