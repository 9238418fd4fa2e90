"""The network that tags names: tokens, features, convolutions, spans. numpy alone; no file is read here.

A token's vector is a sum of small tables (word pieces, beginning, end, the word itself, its case) and a layer
on top: it is worked out once a word. Residual convolutions over these see some tokens to each side
(`Network.reach`), and no further. Every number on the way is a multiple of a power of two, and small enough
that float32 sums are exact: so an answer depends on nothing but the text, not on its neighbours in a batch,
on the BLAS, or on the machine.

Refuses: lower-casing, cutting and remembering texts. Its file is made by tests/model/train.py (`pack`)."""

import hashlib
import json
import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
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
_FOLD = {ord(c): "0" for c in map(chr, range(0x20000)) if unicodedata.category(c) == "Nd"}
_CHUNK = 2048

REMEMBERED = 50_000
"""So many tokens' vectors are kept, 25 MB of them; past that they are worked out anew."""


class Name(NamedTuple):
    """A name in a text: characters start to end, its label, and how sure the network is (0 to 1)."""

    start: int
    end: int
    label: str
    score: float


def fold(text: str) -> str:
    """The text with every decimal digit as 0: what the network sees, and the same length."""
    return text.translate(_FOLD)


def tokens(folded: str) -> list[str]:
    """The tokens of a folded text, each with the white space before it: together they are the text."""
    found: list[str] = _TOKEN.findall(folded)
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
        self.affixes = affixes
        self.words = words

    def features(self, token: str) -> Features:
        """The features of a token as `tokens` gives it."""
        raw = token.strip()
        spaced = token[0] != raw[:1]
        word = "0" if raw[:1] == "0" else _plain(raw[:32])
        return Features(
            self._pieces(word),
            zlib.crc32(word[:3].encode()) % self.affixes,
            zlib.crc32(word[-3:].encode()) % self.affixes,
            zlib.crc32(word.encode()) % self.words,
            _shape(raw) + SHAPES * spaced,
        )

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Greedy, the longest piece first; [UNK] where no piece fits."""
        if not word:
            return (self.rows["[SEP]"],)
        found: list[int] = []
        at = 0
        while at < len(word) and len(found) < PIECES:
            for end in range(len(word), at, -1):
                row = self.rows.get(("##" if at else "") + word[at:end])
                if row is not None:
                    found.append(row)
                    at = end
                    break
            else:
                return (self.rows["[UNK]"],)
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
        self._pad = max(self._dilations)
        self._bias: float = about["bias"]
        self._lower: float = about["lower"]
        self._layers = [
            (
                dilation,
                [self._arrays[f"w{n}"][k].astype(np.float32) * np.float32(WEIGHT) for k in range(3)],
                self._arrays[f"b{n}"].astype(np.float32) * np.float32(STEP),
            )
            for n, dilation in enumerate(self._dilations)
        ]
        self._inner = self._arrays["inner"].astype(np.float32) * np.float32(WEIGHT)
        self._inner_bias = self._arrays["bi"].astype(np.float32) * np.float32(STEP)
        self._outer = self._arrays["outer"].astype(np.float32) * np.float32(WEIGHT)
        self._head = self._arrays["head"].astype(np.float32) * np.float32(WEIGHT)
        self._known: dict[str, Floats] = {}

    def __reduce__(self) -> "tuple[type[Network], tuple[bytes]]":
        return Network, (self._data,)

    def tag(self, texts: Iterable[str]) -> list[list[Name]]:
        """The names of each text, in order of place, disjoint."""
        found: list[list[Name]] = []
        chunk: list[list[str]] = []
        size = 0
        for text in texts:
            cut = tokens(fold(text))
            chunk.append(cut)
            size += len(cut) + self._pad
            if size > _CHUNK:
                found += self._tag(chunk)
                chunk, size = [], 0
        return found + self._tag(chunk)

    def _tag(self, chunk: list[list[str]]) -> list[list[Name]]:
        gap = [0] * self._pad
        rows = list(gap)
        starts: list[int] = []
        number: dict[str, int] = {}
        for cut in chunk:
            starts.append(len(rows))
            rows += [number.setdefault(token, len(number) + 1) for token in cut]
            rows += gap
        vectors = np.zeros((len(number) + 1, self._head.shape[0]), np.float32)
        if number:
            vectors[1:] = self._remembered(number)
        places = np.array(rows, np.int32)
        out = self.run(places, vectors)
        sure = out[:, 1:-1].max(axis=1) - out[:, 0]
        hot = np.flatnonzero((sure > self._bias) & (places > 0))
        found: list[list[Name]] = [[] for _ in chunk]
        at = 0
        for n, (start, cut) in enumerate(zip(starts, chunk, strict=True)):
            begin = at
            while at < len(hot) and hot[at] < start + len(cut):
                at += 1
            if at > begin:
                places_in = [int(i) - start for i in hot[begin:at]]
                found[n] = _names(cut, places_in, out[start : start + len(cut)], self._lower)
        return found

    def _remembered(self, words: Iterable[str]) -> list[Floats]:
        """The vector of each of some tokens; those that are new are worked out together."""
        known = self._known
        if len(known) > REMEMBERED:
            # Another thread may still read the old ones.
            known = self._known = {}
        new = [word for word in words if word not in known]
        if new:
            known.update(zip(new, self.vectors(new), strict=True))
        return [known[word] for word in words]

    def vectors(self, words: Sequence[str]) -> Floats:
        """The vectors of some tokens, a row each."""
        features = [self.vocabulary.features(word) for word in words]
        count = np.array([len(of.pieces) for of in features])
        pieces = self._arrays["pieces"][[piece for of in features for piece in of.pieces]].astype(np.float32)
        total: Floats = np.add.reduceat(pieces, np.cumsum(count) - count)
        total /= count[:, None].astype(np.float32)
        for n, table in enumerate(("prefix", "suffix", "word", "shape"), 1):
            total += self._arrays[table][[of[n] for of in features]]
        total *= np.float32(TABLE)
        _round(total)
        inner = _round(np.maximum(total @ self._inner + self._inner_bias, 0))
        total += inner @ self._outer
        return _round(total)

    def run(self, rows: NDArray[np.int32], vectors: Floats) -> Floats:
        """What the last layer says of each place, before names are made of it.

        Args:
            rows: the row of `vectors` of each place; row 0 stands between texts, and is all zero.
        """
        h = vectors[rows]
        real = (rows > 0).astype(np.float32)[:, None]
        for n, (dilation, (before, here, after), bias) in enumerate(self._layers):
            if n:
                y = h @ here
                y[dilation:] += h[:-dilation] @ before
                y[:-dilation] += h[dilation:] @ after
            else:  # Words come again: their products are worked out once.
                y = (vectors @ here)[rows]
                y[dilation:] += (vectors @ before)[rows[:-dilation]]
                y[:-dilation] += (vectors @ after)[rows[dilation:]]
            y += bias
            np.maximum(y, 0, out=y)
            h += y
            h *= real
            _round(h)
        out: Floats = h @ self._head
        return out


def _round(x: Floats) -> Floats:
    """In place: the nearest multiple of STEP, within the limits."""
    x *= np.float32(1 / STEP)
    np.rint(x, out=x)
    np.clip(x, -127, 127, out=x)
    x *= np.float32(STEP)
    return x


def _names(cut: list[str], hot: list[int], out: Floats, lower: float) -> list[Name]:
    """The names made of the tokens at `hot`: neighbours are one name, unless the second begins one.

    A single word, all in lower or upper case, is none unless the network is surer of it than `lower`.
    A letter is none, nor is a word in lower case where there is nothing else."""
    ends = list(accumulate(map(len, cut)))
    runs: list[list[int]] = []
    for i in hot:
        if runs and runs[-1][-1] == i - 1 and out[i, -1] <= 0:
            runs[-1].append(i)
        else:
            runs.append([i])
    found = []
    for run in runs:
        says = out[run[0] : run[-1] + 1, :-1].sum(axis=0)
        best = int(says[1:].argmax())
        first = cut[run[0]].lstrip()
        start = ends[run[0]] - len(first)
        margin = float(says[1 + best] - says[0]) / len(run)
        if len(run) == 1 and (
            (len(first) == 1 and first.isascii())
            or (first.islower() and (margin < lower or len(cut) == 1))
            or (first.isupper() and margin < lower and len(first) > 3)
        ):
            continue
        found.append(Name(start, ends[run[-1]], LABELS[best], round(1 / (1 + math.exp(-margin)), 2)))
    return found


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
