"""What is left of a value in what was written, in whatever encoding.

Owns: the views of a text: as it stands, with its escapes read, percent-decoded, its entities read, what its
base64 and hexadecimal digits say, JSON in it and in its strings, to a depth; and each with nothing
but its letters and digits, all of one case and width. Decides alone: nothing of the
engine under test is asked.

A value counts as left when all of it is there, or a part that its action may not leave: nearly half of its
letters and digits in a row. A value of fewer than six is looked for only in its own record, and
as a word by itself, since it stands everywhere as part of something.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote_plus

import orjson

SHORT = 6
"""Letters and digits below which a value is looked for as a word."""
SURE = 10
"""From here a value is looked for in other places than its own record too: a shorter one is there anyway."""
_PART = 0.45
"""A mask that is too narrow leaves up to half of a value."""
_LEAST_PART = 6
_LONG_PART = 24
_DEPTH = 5

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){6,}")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([nrt\"\\/]))")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_URL_SAFE = str.maketrans("-_", "+/")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def plain(text: str) -> str:
    """A text of one case and width, without characters that nobody sees."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if folded.isascii() else "".join(one for one in folded if _seen(one))


def _seen(one: str) -> bool:
    return unicodedata.category(one) not in ("Cf", "Mn", "Me", "Cc") or one in "\n\t"


_NO_WORD = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """A text's letters and digits, of one case and width."""
    return _NO_WORD.sub("", plain(text))


def views(text: str) -> list[str]:
    """A text and what it says when it is decoded, layer by layer."""
    found: dict[str, None] = {text: None}
    layer = [text]
    for _ in range(_DEPTH):
        layer = [new for old in layer for new in _decoded(old) if new not in found]
        found.update(dict.fromkeys(layer))
        if not layer:
            break
    return list(found)


def _decoded(text: str) -> Iterator[str]:
    stripped = text.strip()
    if stripped[:1] in ("{", "[", '"'):
        try:
            record = orjson.loads(stripped)
        except orjson.JSONDecodeError:
            pass
        else:
            strings = list(_strings(record))
            # Side by side, and each by itself: it can be encoded as a whole.
            yield "\n".join(strings)
            yield from (one for one in strings if len(one) > 11 and one[:1] in ("{", "["))
    else:
        start = text.find("{")
        if start > 0 and "}" in text:
            yield text[start : text.rindex("}") + 1]
    if "\\" in text:
        yield _ESCAPE.sub(_unescaped, text)
    if "%" in text and _PERCENT.search(text):
        yield unquote_plus(text)
    if "&" in text:
        yield html.unescape(text)
    for match in _BASE64.finditer(text):
        yield from _from_base64(match[0])
    for match in _HEX.finditer(text):
        yield from _text_of(bytes.fromhex(match[0]))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])


def _strings(value: Any) -> Iterator[str]:
    """Every key and every scalar of a record, as text."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from _strings(below)
    elif isinstance(value, list):
        for below in value:
            yield from _strings(below)
    elif value is not None:
        yield str(value)


def _from_base64(text: str) -> Iterator[str]:
    body = text.rstrip("=").translate(_URL_SAFE)
    body = body[: len(body) - (len(body) % 4 == 1)]
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4))
    except (ValueError, binascii.Error):
        return
    yield from _text_of(data)


def _text_of(data: bytes) -> Iterator[str]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    if sum(map(str.isprintable, text)) >= 0.9 * len(text):
        yield text


def _unless_text(match: re.Match[str]) -> str:
    """Nothing where hexadecimal digits are those of a text. Decimal ones are a number, whatever they say."""
    digits = match[0]
    return "" if not digits.isdigit() and any(_text_of(bytes.fromhex(digits))) else digits


class Wanted:
    """What is looked for of one value.

    Args:
        core: the part of the value that must not be left.
        kept: what the policy's own action leaves of it, as `411111******1111`; parts of that are no residue.
    """

    def __init__(self, core: str, kept: str = "") -> None:
        self.whole = bare(core)
        self._kept = bare(kept)
        self._word: re.Pattern[str] | None = None
        self._parts: list[str] = []
        if len(self.whole) < SHORT:
            # With what stands between its parts, as `34-17`.
            inner = r"[\W_]*".join(map(re.escape, self.whole))
            self._word = re.compile(rf"(?<![^\W_]){inner}(?![^\W_])")
        else:
            size = min(max(_LEAST_PART, round(_PART * len(self.whole))), _LONG_PART)
            parts = (self.whole[at : at + size] for at in range(len(self.whole) - size + 1))
            self._parts = [part for part in dict.fromkeys(parts) if part not in self._kept]

    def left(self, seen: "Seen") -> str | None:
        """`whole` or `part` where something is left, else None."""
        if self._word:
            return "whole" if any(map(self._word.search, seen.plain)) else None
        found = None
        for text, read in zip(seen.bare, seen.read, strict=True):
            if self.whole in text and self.whole not in self._kept:
                return "whole"
            if found is None and any(part in read for part in self._parts):
                found = "part"
        return found


class Seen:
    """A text in all its views.

    Args:
        text: one line, or a few.

    Attributes:
        plain: the views, of one case and width.
        bare: their letters and digits.
        read: the same without hexadecimal digits of a text, which is a view of its own: among so many digits
            six of a number stand by chance.
    """

    def __init__(self, text: str) -> None:
        texts = views(text)
        self.plain = [plain(one) for one in texts]
        self.bare = [_NO_WORD.sub("", one) for one in self.plain]
        self.read = [_NO_WORD.sub("", _HEX.sub(_unless_text, one)) for one in self.plain]


class Net:
    """Many values at once, in whatever is given: Hyperscan sees all of them in one pass.

    Args:
        wholes: letters and digits of each value; shorter ones than `SURE` are passed over.
    """

    def __init__(self, wholes: Sequence[str]) -> None:
        import hyperscan

        sure = {whole: at for at, whole in enumerate(wholes) if len(whole) >= SURE}
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK) if sure else None
        if self._database:
            self._database.compile(
                expressions=[whole.encode() for whole in sure],
                ids=list(sure.values()),
                flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(sure),
                literal=True,
            )

    def caught(self, texts: Sequence[str]) -> set[int]:
        """The numbers of the values that stand in any of some texts of letters and digits."""
        found: set[int] = set()
        if self._database and texts:
            self._database.scan("\n".join(texts).encode(), lambda at, *_: found.add(at))
        return found
