"""Words of a text as spaCy's blank English tokenizer cuts them, without spaCy.

    cut(piece)                  tokens of what stands between white space, or of white space
    cut_by_table(word)          whether a table says how to cut a word
    is_keyword(token)           whether it is neither a stop word nor punctuation

Presidio looks for context words among these tokens, and so do we; but spaCy costs half a second to load, and
learns every word for good. Its tables are kept in `english.json`, made by `build_english`; the tests hold
both ways equal. How it cuts, its own documentation says
(https://spacy.io/usage/linguistic-features#how-tokenizer-works): what is in a table is cut by it; otherwise
signs go off the beginning and the end, one by one, until what is left is in a table; that is an address, or
is cut at the signs inside of it. At the end, tokens in a row that together stand in a table are joined.

For ASCII there are expressions of its own, which have the same matches there and are compiled in a fraction
of the time.
"""

import importlib.resources
import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

import orjson

from cecil.sanitizer.late import late

_SUFFIX = 16
"""Characters of the longest suffix, but for dots in a row."""

_DOTS = "." * (_SUFFIX // 2)


class _Signs(NamedTuple):
    """What goes off the beginning and the end, what cuts inside, and what is an address."""

    prefix: re.Pattern[str]
    suffix: re.Pattern[str]
    infix: re.Pattern[str]
    url: re.Pattern[str]


class _Tables(NamedTuple):
    """The tables.

    Attributes:
        stop: stop words, in lower case.
        rules: words that stand in a table, and the tokens that they are.
        rows: tokens in a row that stand in a table when they are joined, by the first; the longest first.
    """

    stop: frozenset[str]
    rules: dict[str, list[str]]
    rows: dict[str, list[list[str]]]


@cache
def _read() -> Any:
    return orjson.loads((importlib.resources.files(__package__) / "english.json").read_bytes())


@cache
def _tables() -> _Tables:
    read = _read()
    rows: dict[str, list[list[str]]] = {}
    for row in sorted(read["rows"].values(), key=len, reverse=True):
        rows.setdefault(row[0], []).append(row)
    return _Tables(frozenset(read["stop"]), read["rules"] | {word: [word] for word in read["whole"]}, rows)


@cache
def _signs(ascii_only: bool) -> _Signs:
    expressions = _read()["ascii" if ascii_only else "any"]
    return _Signs(*(late(expressions[name]) for name in _Signs._fields))


def cut_by_table(word: str) -> bool:
    """Whether a table says how to cut a word."""
    return word in _tables().rules


def is_keyword(token: str) -> bool:
    """Whether a token is one of those words that Presidio looks at."""
    return token.lower() not in _tables().stop and not all(
        unicodedata.category(character)[0] == "P" for character in token
    )


def cut(piece: str) -> list[str]:
    """The tokens of a piece, in order; together they are the piece.

    Args:
        piece: at least one character; all of them white space, or none.
    """
    _, rules, rows = _tables()
    if piece in rules:
        tokens = rules[piece]
    elif piece.isalpha():
        tokens = [piece]  # no sign is a letter, and a unit stands behind a digit
    else:
        signs = _signs(piece.isascii())
        before, core, behind = _stripped(piece, signs, rules)
        if core:
            before += _core(core, signs, rules)
        tokens = before + behind[::-1]
    return tokens if rows.keys().isdisjoint(tokens) else _joined(tokens, rows, rules)


def _stripped(text: str, signs: _Signs, rules: dict[str, list[str]]) -> tuple[list[str], str, list[str]]:
    """Signs at the beginning, what is left, and signs at the end, the last one first."""
    before: list[str] = []
    behind: list[str] = []
    while text and text not in rules:
        match = signs.prefix.match(text)
        first = match.end() if match else 0
        if first and text[first:] in rules:
            before.append(text[:first])
            return before, text[first:], behind
        last = len(text) - _suffix(text[first:], signs)
        if last < len(text) and text[:last] in rules:
            behind.append(text[last:])
            return before, text[:last], behind
        if not first and last == len(text):
            break
        if first:
            before.append(text[:first])
        if last < len(text):
            behind.append(text[last:])
        text = text[first:last]
    return before, text, behind


def _suffix(text: str, signs: _Signs) -> int:
    """How long the sign at the end is."""
    near = 0 if text.endswith(_DOTS) else max(0, len(text) - _SUFFIX)
    match = signs.suffix.search(text, near)
    return match.end() - match.start() if match else 0


def _core(text: str, signs: _Signs, rules: dict[str, list[str]]) -> list[str]:
    """What is left between the signs, cut inside."""
    if text in rules:
        return rules[text]
    if text.isalpha():
        return [text]
    tokens: list[str] = []
    done = 0
    # What would cut at the beginning or the end went off as a sign. Every address has a dot.
    for match in () if "." in text and signs.url.match(text) else signs.infix.finditer(text):
        start, end = match.span()
        if start > done:
            tokens.append(text[done:start])
        tokens.append(text[start:end])
        done = end
    return [*tokens, text[done:]]


def _joined(tokens: list[str], rows: dict[str, list[list[str]]], rules: dict[str, list[str]]) -> list[str]:
    """Tokens as the table has them where some in a row stand in it: the longest first, then the first."""
    found = sorted(
        (-len(row), start)
        for start, token in enumerate(tokens)
        for row in rows.get(token, ())
        if tokens[start : start + len(row)] == row
    )
    seen: set[int] = set()
    taken: dict[int, int] = {}
    for size, start in found:
        end = start - size
        if start not in seen and end - 1 not in seen:
            taken[start] = end
        seen.update(range(start, end))
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        end = taken.get(at, at)
        joined += rules["".join(tokens[at:end])] if end > at else [tokens[at]]
        at = max(end, at + 1)
    return joined
