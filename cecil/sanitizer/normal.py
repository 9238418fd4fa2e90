r"""What odd characters stand for: `%40`, `&#64;`, `\u0040`, `４１１１`, a soft hyphen in a word.

Owns: the shadows of a text, in the last of which all of these are what a reader takes them for, and the map
from a shadow back to the text. Recognizers look at all; what they find in a shadow is replaced in the
text, and not a character beside it changes.

Seen through, until nothing is left to see through:

- percent-encoding (RFC 3986), also of percent-encoding; `+` for a blank in the value of a query string;
- character references of HTML (https://html.spec.whatwg.org/#named-character-references);
- backslash escapes of JSON, JavaScript, Python and C: `\u0040`, `\x40`, and `\n`, `\r`, `\t`;
- colours and other control sequences of terminals (ECMA-48);
- blanks of any width, digits of any script, letters that stand for ASCII letters (compatibility characters
  of Unicode: full width, mathematical, small, superscript, ligatures, tags);
- what is not seen at all: zero-width characters, soft hyphens, marks of direction, combining marks on digits;
- where Chinese, Japanese or Korean, written without blanks, ends and three digits or more begin, or the other
  way round;
- brackets and the like of full width beside digits, letters and signs of full width;
- hyphens and full stops of other scripts between digits, and Cyrillic and Greek letters that look like
  ASCII letters and stand beside one.

Text in UTF-16 or UTF-32 that was read as UTF-8 has NULs beside each letter; all of it would have to be read
anew, so it is refused.

What is ordinary in a text is left alone: accented letters, Chinese punctuation, emoji and their joiners,
typographic quotes and dashes between words. Refuses: to see through anything that takes a key or a length
(see `decoding.py`), and a value that is split over several strings.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html.entities import html5
from typing import NamedTuple

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.late import late

_MAX_ROUNDS = 8

# Digit zero of every script; nine more follow each (Unicode 16, general category Nd).
_ZEROS = """
    660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90
    1b50 1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 10d40 11066 110f0 11136 111d0
    112f0 11450 114d0 11650 116c0 116d0 116da 11730 118e0 11950 11bf0 11c50 11d50 11da0 11f50 16a60 16ac0
    16b50 1ccf0 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e4f0 1e5f1 1e950 1fbf0"""

# Where characters are looked for whose compatibility decomposition (NFKC) is ASCII. Without what is
# ordinary: the ellipsis, `½`, `™`, `№`, ordinals, the emoji `ℹ`.
_COMPATIBLE = """
    a0 b2-b3 b9 17f 2b0-2b8 2e1-2e3 37e 1d2c-1dbb 1fef 2000-200a 2024 202f 205f 2070-209c 2100-2121
    2123-2138 213a-214f 2160-217f 2460-24ea 3000 fb00-fb06 fe50-fe6b ff01-ff5e 1d400-1d7ff 1f100-1f149"""

# Punctuation of Chinese and Japanese, which is full width and means nothing: ！（），：；？～
_ORDINARY = frozenset("\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff5e")

_BLANK = "85 1680 2028 2029 2800"
_UNSEEN = """
    ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b 200e-200f 202a-202e 2060-206f 3164 feff ffa0 fff0-fffb
    1bca0-1bca3 1d173-1d17a e0001"""
_LOOKS_LIKE = {
    "/": "\u2044\u2215",
    "-": "\u2010\u2011\u2043",
    ":": "\u2236\ua789",
    "*": "\u2217",
    "_": "\u02cd",
}

# These hold emoji and Persian words together, so they are unseen only beside what a value is made of.
_JOINERS = "200c-200d fe00-fe0f e0100-e01ef"
_MARKS = "300-36f 483-489 1ab0-1aff 1dc0-1dff 20d0-20ff fe20-fe2f"
_DASHES = "\u2012\u2013\u2014\u2015\u2212\u30fc\uff70"
_STOPS = "\u3002\uff61\u06d4\u00b7\u2027\u2219"
_NO_BLANKS = "3041-3096 30a1-30fa 3400-4dbf 4e00-9fff ac00-d7a3"
_LETTERS = {
    **dict(zip("аеорсухіјѕһԁԛԝӏкАВЕКМНОРСТУХІЈЅ", "aeopcyxijshdqwlkABEKMHOPCTYXIJS", strict=True)),
    **dict(zip("αινορυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aivopukABEZHIKMNOPTYX", strict=True)),
}


def _points(ranges: str) -> list[int]:
    """`a0 b2-b3` as code points."""
    points: list[int] = []
    for item in ranges.split():
        first, _, last = item.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return points


def _table() -> dict[str, str]:
    """What every character stands for that is seen through wherever it stands."""
    table: dict[str, str] = {}
    for point in _points(_COMPATIBLE):
        plain = unicodedata.normalize("NFKC", chr(point))
        letterlike = 0x2100 <= point <= 0x214F
        if plain.isascii() and (len(plain) == 1 or not letterlike):
            table[chr(point)] = plain
    table.update((chr(int(zero, 16) + digit), str(digit)) for zero in _ZEROS.split() for digit in range(10))
    table.update((chr(point), " ") for point in _points(_BLANK))
    table.update((chr(point), "") for point in _points(_UNSEEN))
    table.update((char, plain) for plain, chars in _LOOKS_LIKE.items() for char in chars)
    # An invisible copy of ASCII, in which text is smuggled to language models.
    table.update((chr(0xE0000 + point), chr(point)) for point in range(0x20, 0x7F))
    table[chr(0xE007F)] = ""
    for char in _ORDINARY:
        del table[char]
    return table


_TABLE = _table()


def _class(chars: Iterable[str]) -> str:
    """A character class, as ranges."""
    parts: list[list[int]] = []
    for point in sorted(map(ord, chars)):
        if parts and parts[-1][1] == point - 1:
            parts[-1][1] = point
        else:
            parts.append([point, point])
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in parts) + "]"


_J = _class(map(chr, _points(_JOINERS)))
_M = _class(map(chr, _points(_MARKS)))
_L = _class(_LETTERS)
_W = _class(map(chr, _points(_NO_BLANKS)))
_O = _class(_ORDINARY)
_WIDE = _class(frozenset(map(chr, range(0xFF01, 0xFF5F))) - _ORDINARY)
_BESIDE = r"[0-9A-Za-z@._+-]"
_H = "[0-9A-Fa-f]"


def _utf8(unit: str) -> str:
    """A character beyond ASCII in UTF-8, each byte written as two hexadecimal digits behind `unit`."""
    more = f"{unit}[89ABab]{_H}"
    two = f"(?:[Cc][2-9A-Fa-f]|[Dd]{_H}){more}"
    return f"{unit}(?:{two}|[Ee]{_H}{more}{more}|[Ff][0-4]{more}{more}{more})"


# `%25` is a percent sign: `%252540` is `@`, three times over. The same for `&amp;` and for backslashes.
_PERCENT = r"%(?:25)*"
_AMPERSAND = r"&(?:amp;)*"
_BACKSLASH = r"\\++"

_ODD = late(
    # One look at the first character, for speed: % & \ = ESC, or any beyond ASCII. Said as what it is not,
    # since `re` takes 10 ms to compile a range of all that is beyond.
    r"(?=[^\x00-\x1a\x1c-$'-<>-\[\]-\x7f])(?:"
    # A value in a query string; the plus of base64 has a slash or an equals sign somewhere behind it.
    r"(?P<query>=[A-Za-z0-9._~%*-]++(?:\+[A-Za-z0-9._~%*-]++)++(?![A-Za-z0-9+/=_-]))"
    rf"|(?P<percent>{_PERCENT}[0-7]{_H}|{_utf8(_PERCENT)})"
    rf"|(?P<escape>%u{_H}{{4}}|(?<!\\){_BACKSLASH}(?:u[Dd][89ABab]{_H}{{2}}{_BACKSLASH}u[Dd][C-Fc-f]{_H}{{2}}"
    rf"|u{_H}{{4}}|u\{{{_H}{{1,6}}\}}|U{_H}{{8}}|x(?:[0-7]{_H}|[Aa][0Dd])|[nrt]))"
    rf"|(?P<bytes>(?<!\\)(?:{_utf8(_BACKSLASH + 'x')}))"
    rf"|(?P<entity>{_AMPERSAND}(?:#(?:[0-9]{{1,32}}|[xX]{_H}{{1,32}});?|[A-Za-z][A-Za-z0-9]{{1,31}};))"
    r"|(?P<gone>\x1b\[[0-?]{0,64}[ -/]{0,4}[@-~]"
    rf"|(?<={_BESIDE}){_J}++|(?<!{_J}){_J}++(?={_BESIDE})|(?<=[0-9]){_M}++)"
    rf"|(?P<odd>{_class(_TABLE)})"
    rf"|(?P<dash>(?<=[0-9])[{_DASHES}](?=[0-9]))"
    rf"|(?P<stop>(?<=[0-9A-Za-z])[{_STOPS}](?=[0-9A-Za-z]))"
    r"|(?P<colon>(?<=[0-9A-Za-z_\"'])\uff1a)"
    rf"|(?P<wide>(?<={_WIDE}){_O}++|(?<!{_O}){_O}++(?={_WIDE}))"
    rf"|(?P<wall>{_W}(?=[0-9]{{3}}|[(+][0-9])|(?<=[0-9]{{3}}){_W})"
    rf"|(?P<letters>(?<=[A-Za-z]){_L}++|(?<!{_L}){_L}++(?=[A-Za-z])))"
)

_HEX = late(rf"{_H}{{2}}")
_WIDE_UNITS = r"[ -~]\x00{1,3}[ -~]\x00{1,3}[ -~]\x00{1,3}[ -~]"
_UTF_16 = late(_WIDE_UNITS)
_AMPERSANDS = late(r"&(?:amp;)*(?=.)")
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}
_FIXED = {"gone": "", "wall": " ", "dash": "-", "stop": ".", "colon": ":"}


class _Round(NamedTuple):
    """One round: piece i of what came out, `starts[i]` to `ends[i]`, was `came[i]` to `gone[i]` before."""

    starts: list[int]
    ends: list[int]
    came: list[int]
    gone: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        return self._place(start, self.came, 0), self._place(end - 1, self.gone, 1)

    def _place(self, char: int, inside: list[int], width: int) -> int:
        piece = bisect_right(self.starts, char) - 1
        if piece < 0:
            return char + width
        if char < self.ends[piece]:
            return inside[piece]
        return self.gone[piece] + char - self.ends[piece] + width


class Shadow:
    """A text as a reader takes it.

    Attributes:
        text: what is seen.
    """

    __slots__ = ("_rounds", "text")

    def __init__(self, text: str, rounds: list[_Round]) -> None:
        self.text = text
        self._rounds = rounds

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where characters `start` to `end` of the shadow, at least one, come from in the text.

        A character that stands for a part of what is written is all of it: one letter of a ligature is
        the ligature.
        """
        for one in reversed(self._rounds):
            start, end = one.origin(start, end)
        return start, end


def plain(text: str) -> Shadow | None:
    """What a text looks like, in time linear in its length; None where it looks as it is written.

    Raises:
        DetectorError: ever more comes to light behind what is seen through, or the text is in UTF-16.
    """
    found = layers(text)
    return found[-1] if found else None


def layers(text: str) -> list[Shadow]:
    """What a text looks like after each round; none where it looks as it is written.

    All are worth a look: a token that is encoded can itself hold what reads as a code, `%4C` or `=a+b`.

    Raises:
        DetectorError: see `plain`.
    """
    found: list[Shadow] = []
    rounds: list[_Round] = []
    while True:
        if "\x00" in text and _UTF_16.search(text):
            raise DetectorError("text in UTF-16 or UTF-32")
        # Most texts are done here.
        ordinary = text.isascii() and not (
            "%" in text or "&" in text or "\\" in text or "\x1b" in text or ("+" in text and "=" in text)
        )
        seen = None if ordinary else _see(text)
        if seen is None:
            return found
        if len(rounds) == _MAX_ROUNDS:
            raise DetectorError("text that is encoded too many times over")
        text, one = seen
        rounds.append(one)
        found.append(Shadow(text, rounds.copy()))


def _see(text: str) -> tuple[str, _Round] | None:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    came: list[int] = []
    gone: list[int] = []
    position = length = 0
    for start, end, new in _replacements(text):
        if start > position:
            parts.append(text[position:start])
            length += start - position
        starts.append(length)
        came.append(start)
        gone.append(end)
        parts.append(new)
        length += len(new)
        ends.append(length)
        position = end
    if not starts:
        return None
    parts.append(text[position:])
    return "".join(parts), _Round(starts, ends, came, gone)


def _replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """What stands for something else, and for what."""
    for match in _ODD.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if kind == "query":
            blank = text.find("+", start, end)
            while blank >= 0:
                yield blank, blank + 1, " "
                blank = text.find("+", blank + 1, end)
        elif kind in _FIXED:
            yield start, end, _FIXED[kind]
        elif kind == "letters":
            yield from ((start + i, start + i + 1, _LETTERS[char]) for i, char in enumerate(match[0]))
        elif kind == "wide":
            for at, char in enumerate(match[0], start):
                yield at, at + 1, chr(ord(char) - 0xFEE0)
        else:
            # What is short comes again; what is long is not kept.
            new = (_stands_for if end - start < 32 else _stands_for.__wrapped__)(kind, match[0])
            if new is not None:
                yield start, end, new


@lru_cache(maxsize=1024)
def _stands_for(kind: str, found: str) -> str | None:
    """What a piece stands for; None where it stands for itself."""
    if kind == "odd":
        return _TABLE[found]
    if kind == "entity":
        return _entity(_AMPERSANDS.sub("", found))
    if kind == "escape":
        return _escape(found.lstrip("\\%"))
    if kind == "percent":
        # In a byte that is encoded more than once all but the last two digits are signs.
        data = "".join(unit[-2:] for unit in found.split("%"))
    else:
        data = "".join(_HEX.findall(found))
    try:
        return bytes.fromhex(data).decode()
    except UnicodeDecodeError:  # a surrogate, or spelled longer than it may be
        return None


def _entity(body: str) -> str | None:
    if not body.startswith("#"):
        return html5.get(body)
    digits = body[1:].rstrip(";")
    return _char(int(digits[1:], 16) if digits[0] in "xX" else int(digits))


def _escape(body: str) -> str | None:
    if body in _NAMED:
        return _NAMED[body]
    units = [int(digits, 16) for digits in re.findall(r"[0-9A-Fa-f]+", body)]
    if len(units) == 2:  # UTF-16
        return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be")
    return _char(units[0])


def _char(point: int) -> str | None:
    """A character by its number; None for what is none."""
    return None if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF else chr(point)


@lru_cache(maxsize=1)
def triggers() -> tuple[Trigger, ...]:
    """One of them matches in every text that has a shadow.

    A line of JSON is matched as it stands in the file: there, too, a `\\u` may be an escape of JSON's own.
    """
    beside = _BESIDE
    joiners = _octets(_points(_JOINERS))
    letters = _octets(map(ord, _LETTERS))
    walls = _octets(_points(_NO_BLANKS))
    ascii_only = (
        r"=[A-Za-z0-9._~%*-]+\+[A-Za-z0-9._~%*-]",
        rf"%[0-7]{_H}|%[C-Fc-f]{_H}%|%u{_H}{{4}}",
        rf"\\(?:u(?:{_H}{{4}}|\{{{_H})|U{_H}{{8}}|x[0-7A-Fa-f]{_H}|[nrt])",
        r"&(?:#[0-9xX]|[A-Za-z][A-Za-z0-9]+;)",
        r"\x1b\[",
        _WIDE_UNITS,
    )
    beyond = (
        rf"{beside}(?:{joiners})|(?:{joiners}){beside}",
        rf"[0-9](?:{_octets(_points(_MARKS))})",
        rf"[0-9](?:{_octets(map(ord, _DASHES))})[0-9]",
        rf"[0-9A-Za-z](?:{_octets(map(ord, _STOPS))})[0-9A-Za-z]",
        r"[0-9A-Za-z_\"']\xef\xbc\x9a",
        rf"(?:{walls})(?:[0-9]{{3}}|[(+][0-9])|[0-9]{{3}}(?:{walls})",
        rf"[A-Za-z](?:{letters})|(?:{letters})[A-Za-z]",
        _octets(map(ord, _TABLE)),
    )
    return (
        *(Trigger(expression, shape=True) for expression in ascii_only),
        *(Trigger(expression, beyond=True) for expression in beyond),
    )


def _octets(points: Iterable[int]) -> str:
    """A pattern over UTF-8 bytes for any of some characters beyond ASCII."""
    # All bytes but the last are the same in blocks of 64 characters.
    blocks: dict[int, list[int]] = {}
    for point in sorted(points):
        blocks.setdefault(point >> 6, []).append(0x80 | point & 0x3F)
    return _tails({chr(block << 6).encode()[:-1]: _one_of(tuple(lasts)) for block, lasts in blocks.items()})


def _tails(rests: Mapping[bytes, str]) -> str:
    """A pattern for bytes, and what follows them."""
    by_first: dict[int, dict[bytes, str]] = {}
    for lead, rest in rests.items():
        by_first.setdefault(lead[0], {})[lead[1:]] = rest
    by_rest: dict[str, list[int]] = {}
    for first, below in sorted(by_first.items()):
        by_rest.setdefault(below.get(b"") or _tails(below), []).append(first)
    return "|".join(f"{_one_of(tuple(firsts))}(?:{rest})" for rest, firsts in by_rest.items())


@lru_cache(maxsize=64)
def _one_of(octets: tuple[int, ...]) -> str:
    return "[" + "".join(f"\\x{octet:02x}" for octet in octets) + "]"
