"""Private keys that stand over several lines of text, as `cat key` or the log of a build shows them.

Owns: which lines of a text belong to such a key. It is told from the lines before: so a key may be of any
length, and its lines leave as they come; only the line that begins one waits for the line behind it.
Refuses: what stands in one line, which a recognizer finds.

Formats: RFC 7468 (PEM), RFC 1421 (its headers), RFC 9580 (OpenPGP), RFC 4716 as ssh.com keeps private keys,
OpenVPN's static keys, whose lines are hexadecimal, and PuTTY's, of which
https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html tells.
"""

import re
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from cecil.sanitizer.late import late
from cecil.stream.lines import Block

_STRANGERS = 8
"""Lines in a row of others, who write into the same log, that do not end a key."""

_FIRST = 32
"""Bytes of a key's first line, at least: before it, any word could be a piece of one."""

_WAITING = 4096
"""Bytes of lines that wait for what comes behind them."""

_LONG_NAMES = 8
"""Numbers and names before a line's piece, each as long as a piece, that are told from one."""

_NEAR = 128
"""Bytes from a line's end within which a short last line of a key begins."""

_REDACTED, _MASKED = b"<PRIVATE_KEY", b"*" * 16
"""What an earlier run put there: it knew where the key ended."""

# What may stand behind a line of a key: quotes, commas, colours, a line break that is spelt out.
_REST = rb"(?:\\++[nrt]?|[\s\"',;+)\]}]|\x1b\[[0-9;]{0,8}m)*+"
_OPENVPN = rb"OpenVPN (?:Static key V1|tls-crypt-v2 (?:client|server) key)-----"


def _armor(word: bytes) -> bytes:
    return (
        rb"(?:-----%b[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        rb"|---- %b SSH2 (?:ENCRYPTED )?PRIVATE KEY ----|-----%b %b)" % (word, word, word, _OPENVPN)
    )


_HEAD = _armor(b"BEGIN")
_BEGIN = late(_HEAD)
_END = late(_armor(b"END"))
_NAMES = {b"OpenVPN": "openvpn-key", b"SSH2": "ssh2-key"}
"""What the recognizer calls keys whose first line has such a word."""
_OTHERS = late(rb"----(?:-| )(?:BEGIN|END) ")
_HEX = late(rb"[0-9a-f]{32}")
_PUTTY = late(rb"Private-Lines: (?P<lines>[0-9]{1,3})" + _REST + rb"\Z")
_OPENS = late(_HEAD + rb"|Private-Lines: [0-9]")
_NOTHING = late(_REST + rb"\Z")
_COLOUR = rb"\x1b\[[0-9;]{0,8}m"
_FULL = late(
    rb"(?:%b)?+(?P<start>)(?:(?P<full>[0-9A-Za-z+/]{16,}+={0,2}+)%b)++"
    rb"(?:(?P<last>[0-9A-Za-z+/]{1,15}+={0,2}+)%b)?+" % (_COLOUR, _REST, _REST)
)
_LAST = late(rb"(?:%b|(?<![0-9A-Za-z+/=]))(?P<last>=?[0-9A-Za-z+/]{1,15}+={0,2}+)%b\Z" % (_COLOUR, _REST))
_BLANKS = late(rb"(?:[ \t]*+\r?\n)++")
_HEADER = late(rb"(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|MessageID): [^\r\n\"'\\]*+")
_RUN = late(rb"[0-9A-Za-z+/]++")
_NAME = late(rb"[0-9A-Za-z\x80-\xff]++")
_WORD = late(rb"[A-Za-z\x80-\xff]++")


class Inside(NamedTuple):
    """What is to be known of the lines before, to tell whether the next belongs to a key.

    Attributes:
        words, names: what stands before the key in its first line, or in the last full one; of it the same
            stands before the others, or less. The words themselves, and how many there are with all numbers.
        kind: the recognizer's name for such a key.
        left: how many lines are still to come, where that was said.
        seen: whether a line of the key itself was.
        full: whether the last line was such a one, and a long one: the last of a key may be short.
        strangers: how many lines of others came since.
    """

    words: tuple[bytes, ...] = ()
    names: int = 0
    kind: str = "private-key"
    left: int | None = None
    seen: bool = False
    full: bool = False
    strangers: int = 0


class KeyLine(NamedTuple):
    """A line of which something belongs to a key.

    Attributes:
        start, end: where it stands in its block.
        spans: what belongs to the key, in bytes of the line, in order.
        begins: which kind of key is found here; None where it was found in a line before.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    begins: str | None = None


class Followed(NamedTuple):
    """What of a block belongs to keys.

    Attributes:
        lines: all lines of keys before `cut`.
        inside: what is to be known for what comes behind `cut`; None where no key is open.
        cut: where lines begin that are of a key if what comes behind them is; else the block's end.
    """

    lines: list[KeyLine]
    inside: Inside | None
    cut: int


class _Step(NamedTuple):
    """What a line is: `begin`, `head` (a header, a blank), `key`, or `other`."""

    what: str
    inside: Inside | None
    spans: tuple[tuple[int, int], ...] = ()
    begins: str | None = None


def may_begin(data: bytes) -> bool:
    """Whether a key could begin in a block. From the right, `bytes` searches several times as fast for what
    is in capitals; small letters stand everywhere."""
    return data.rfind(b"PRIVATE KEY") >= 0 or data.rfind(b"OpenVPN ") >= 0 or b"Private-Lines: " in data


def follow(
    data: bytes, inside: Inside | None, skip: Callable[[bytes], object], *, more: bool = False
) -> Followed:
    """What of a block belongs to private keys over several lines.

    Args:
        data: whole lines.
        inside: what is known of the lines before.
        skip: whether a line is a record, and no text.
        more: whether other lines may follow: then the last ones may have to wait for those.
    """
    found: list[KeyLine] = []
    waiting: list[KeyLine] = []
    if inside is None and not may_begin(data):
        return Followed(found, None, len(data))
    at = 0
    while at < len(data):
        if inside is None:
            opens = _OPENS.search(data, at)
            if opens is None:
                break
            at = data.rfind(b"\n", at, opens.start()) + 1 or at
        end = data.find(b"\n", at) + 1 or len(data)
        line = data[at:end]
        if inside and (blanks := _BLANKS.match(data, at)):
            end = blanks.end()
            step = _Step("head", inside)
        elif skip(line):
            step = _Step("other", _strange(inside))
        else:
            step = _step(line, inside)
        inside = step.inside
        if step.what == "begin":
            waiting = [KeyLine(at, end, step.spans)]
        elif step.what == "head":
            waiting += [KeyLine(at, end, step.spans)] if waiting else []
        else:
            if step.what == "key":
                lines = [one for one in (*waiting, KeyLine(at, end, step.spans)) if one.spans]
                found += [lines[0]._replace(begins=step.begins), *lines[1:]]
            waiting = []
        if waiting and end - waiting[0].start > _WAITING:
            waiting = []
        at = end
    if more and waiting:
        return Followed(found, None, waiting[0].start)  # a line that begins a key asks for nothing before
    return Followed(found, inside, len(data))


def _step(line: bytes, inside: Inside | None) -> _Step:
    if inside is None or b"----" in line or b"Private-Lines: " in line:
        end = _END.search(line)
        if inside and end and not _BEGIN.search(line, 0, end.start()):
            return _ended(line, inside, end)
        opened = _opened(line, 0)
        if opened:
            return opened
        if inside is None or _OTHERS.search(line):
            return _Step("other", None)
    if not inside.seen and (_REDACTED in line or _MASKED in line):
        return _Step("other", None)
    if _NOTHING.match(line) or _same(line, inside):
        return _Step("head", inside)
    header = None if inside.seen or inside.strangers else _HEADER.search(line)
    if header and _fits(line[: header.start()], inside):
        return _Step("head", inside, (header.span(),))
    piece = _piece(line, inside)
    if piece is None:
        return _Step("other", _strange(inside))
    start, stop, full = piece
    left = None if inside.left is None else inside.left - 1
    after = inside._replace(left=left, seen=True, full=full, strangers=0)
    if full:
        words, names = _before(line[:start])
        after = after._replace(words=words, names=names)
    return _Step("key", None if left == 0 else after, ((start, stop),), None if inside.seen else inside.kind)


def _ended(line: bytes, inside: Inside, end: "re.Match[bytes]") -> _Step:
    """A line in which a key ends. `cat` without a line break at a file's end puts the next one behind it."""
    after = _opened(line, end.end()) or _Step("other", None)
    before = line[: end.start()]
    piece = None if _same(before, inside) else _piece(before, inside)
    if not inside.seen and not piece:
        return after
    start = piece[0] if piece else end.start()
    begins = None if inside.seen else inside.kind
    if after.what == "other":
        return _Step("key", after.inside, ((start, end.end()),), begins)
    assert after.inside is not None
    opened = after.inside._replace(seen=True)
    return _Step("key", opened, ((start, end.end()), *after.spans), opened.kind)


def _opened(line: bytes, at: int) -> _Step | None:
    """A line in which a key begins, with nothing behind it but the key."""
    begin = _final(_BEGIN, line, at)
    if begin:
        kind = next((one for word, one in _NAMES.items() if word in begin[0]), "private-key")
        inside = Inside(*_before(line[: begin.start()]), kind)
        if _NOTHING.match(line, begin.end()):
            return _Step("begin", inside, (begin.span(),))
        piece = _piece(line[begin.end() :], Inside(kind=kind))
        if piece is None:
            return None
        span = (begin.start(), begin.end() + piece[1])
        return _Step("key", inside._replace(seen=True, full=True), (span,), inside.kind)
    putty = _PUTTY.search(line, at)
    if putty and int(putty["lines"]):
        inside = Inside(*_before(line[: putty.start()]), "putty-key", int(putty["lines"]))
        return _Step("other", inside)
    return None


def _piece(line: bytes, inside: Inside) -> tuple[int, int, bool] | None:
    """The end of a line, if it is a piece of a key: where, and whether it is a full line of one."""
    close = inside.seen and not inside.strangers
    match = _final(_FULL, line)
    if match and match.end() == len(line):
        start, stop = match.start("start"), max(match.end("full"), match.end("last"))
        for run in islice(_RUN.finditer(line, start, stop), _LONG_NAMES):
            words, names = _before(line[: run.start()])
            if names > inside.names or words != inside.words[: len(words)]:
                break
            start = run.start()  # what came before is a long number or name that stands before all lines
        sure = close or (stop - start >= _FIRST and _mixed(line[start:stop], inside.kind))
        return (start, stop, True) if sure and _fits(line[:start], inside) else None
    match = _LAST.search(line, max(0, len(line) - _NEAR)) if close else None
    if (
        match
        and (inside.full or match["last"].startswith(b"="))
        and _same(line[: match.start("last")], inside)
    ):
        return (*match.span("last"), False)
    return None


def _final(pattern: re.Pattern[bytes], line: bytes, at: int = 0) -> re.Match[bytes] | None:
    """The last match: a search that is bound to the line's end would begin anew at each piece before it."""
    found = None
    for match in pattern.finditer(line, at):
        found = match
    return found


def _strange(inside: Inside | None) -> Inside | None:
    if inside is None or inside.strangers == _STRANGERS:
        return None
    return inside._replace(strangers=inside.strangers + 1)


def _fits(prefix: bytes, inside: Inside) -> bool:
    """Whether what stands before a line's piece stands before the key's first line too."""
    words = _words(prefix)
    return words == inside.words[: len(words)]


def _same(prefix: bytes, inside: Inside) -> bool:
    """Whether it is just what stands before the key's other lines."""
    return len(_NAME.findall(prefix)) == inside.names and _words(prefix) == inside.words


def _before(prefix: bytes) -> tuple[tuple[bytes, ...], int]:
    return _words(prefix), len(_NAME.findall(prefix))


def _words(prefix: bytes) -> tuple[bytes, ...]:
    """The words of a prefix; numbers differ from line to line, be they decimal or hexadecimal."""
    return tuple(word for word in _WORD.findall(prefix) if word.strip(b"abcdefABCDEF"))


def _mixed(piece: bytes, kind: str) -> bool:
    """Whether a first line is none of words; OpenVPN's has hexadecimal digits."""
    if kind == "openvpn-key" and _HEX.fullmatch(piece):
        return True
    return any(map(_DIGITS.__contains__, piece)) and piece.upper() != piece != piece.lower()


_DIGITS = frozenset(b"0123456789")


class Keeper:
    """Hands blocks on, without lines that have to wait for what comes behind them; those come with it.

    Args:
        skip: as in `follow`; None where no text is read.

    Attributes:
        clean: the block that was handed on last, if no key is in it: it need not be searched again.
    """

    def __init__(self, skip: Callable[[bytes], object] | None) -> None:
        self.clean: bytes | None = None
        self._skip = skip
        self._held: Block | None = None
        self._inside: Inside | None = None

    def add(self, block: Block) -> tuple[Block, Inside | None] | None:
        """A block that can be judged now, and what is known of the lines before it.

        Args:
            block: the one that follows on the one before, without a gap.
        """
        if self._skip is None:
            return block, None
        if self._held is None and self._inside is None and not may_begin(block.data):
            self.clean = block.data
            return block, None
        self.clean = None
        if self._held:
            block = Block(self._held.data + block.data, self._held.first)
            self._held = None
        inside = self._inside
        _, self._inside, cut = follow(block.data, inside, self._skip, more=True)
        if cut < len(block.data):
            self._held = Block(block.data[cut:], block.first + block.data.count(b"\n", 0, cut))
            block = Block(block.data[:cut], block.first)
        return (block, inside) if cut else None

    def rest(self) -> Block | None:
        """What waits, if anything does: nothing comes behind it, or something that is no line."""
        held, self._held = self._held, None
        if held:
            assert self._skip is not None, "or nothing had waited"
            self._inside = follow(held.data, None, self._skip).inside
        return held
