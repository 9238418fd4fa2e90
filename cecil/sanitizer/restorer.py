"""Tokens of encrypt back to values: in JSON lines, in text, and in what is encoded in them.

Owns: where tokens stand, and what takes their place in each form. Does no I/O. A token that does not open
stays as it is: it hides its value as well as before. Lines are read as cecil-redact reads them, so a line
that was encrypted in one `--format` is restored in the same.
"""

from typing import NamedTuple

import orjson

from cecil.errors import DetectorError, RecordError
from cecil.sanitizer import decoding
from cecil.sanitizer.actions.encrypt import TOKEN, Cipher, Closed
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.late import late
from cecil.stream.jsontext import ArrayNode, Edit, Node, ObjectNode, decode, dumps, scan, splice

_TOKEN = late(f"{TOKEN.pattern}?")
"""A token, or the beginning of one that was cut off: a log's lines are."""

_HALF = "a value that is no whole text (a lone surrogate)"
_CUT = Closed("cut short")
_LEAST = 14
"""Characters of what could be taken for a token."""
_DEPTH = 5
"""How many encodings deep is looked; no deeper than cecil-redact does."""

# The line of a token, or of encoded text that is long enough for one.
_WORTH = late(rb"![0-9][0-9A-Za-z]{9}|(?:[0-9A-Za-z+/_-]|%2[BbFf]){40}")


class Restored(NamedTuple):
    """A token whose value stands in its place now.

    Attributes:
        pointer: where, as a JSON Pointer over the names as they came; empty in a line of text.
        start, end: characters of the leaf or line as it came, half-open; of what is encoded in it, all of it.
        entity: of the value.
        key_id: of the key that it was encrypted with.
    """

    pointer: str
    start: int
    end: int
    entity: str
    key_id: str


class Left(NamedTuple):
    """A token that did not open.

    Attributes:
        pointer, start, end, entity: as in `Restored`.
        why: as `Closed` says it.
    """

    pointer: str
    start: int
    end: int
    entity: str
    why: str


Told = Restored | Left


class Restorer:
    """Restores lines.

    Args:
        keys: that may open tokens.
        form: `auto` takes a line that is not JSON as text, `jsonl` refuses it, `text` reads no JSON.
    """

    def __init__(self, keys: Keyring, form: str = "auto") -> None:
        self._cipher = Cipher(keys)
        self._form = form

    @staticmethod
    def worth(data: bytes) -> bool:
        """Whether anything could stand in a line, or in any line of a block."""
        return _WORTH.search(data) is not None

    def line(self, line: bytes) -> tuple[bytes, list[Told]]:
        """A line with its values; what is no token keeps every byte.

        Raises:
            RecordError: it is not UTF-8, or not what the form asks for, or a value has no place in it.
        """
        text = decode(line)
        if self._form == "text":
            return self._as_text(text)
        try:
            root = scan(text, whole=False)
        except RecordError:
            if self._form == "jsonl":
                raise
            return self._as_text(text)
        if isinstance(root, (ObjectNode, ArrayNode)):
            edits, told = self._record(text, root, 0)
            return _encoded(splice(text, edits)), told
        if self._form == "jsonl":
            raise RecordError("not a JSON object")
        return self._as_text(text)

    def _as_text(self, text: str) -> tuple[bytes, list[Told]]:
        body = text.rstrip("\r\n")
        edits, told = self._text(body, 0)
        return _encoded(splice(body, edits) + text[len(body) :]), told

    def _record(self, text: str, root: Node, depth: int) -> tuple[list[Edit], list[Told]]:
        """Changes to JSON, its names too. Iterative: a record may be nested as deep as its parser allows."""
        edits: list[Edit] = []
        told: list[Told] = []
        stack: list[tuple[Node, str]] = [(root, "")]
        while stack:
            node, pointer = stack.pop()
            if isinstance(node, ObjectNode):
                below = []
                for member in node.value:
                    here = f"{pointer}/{member.key.replace('~', '~0').replace('/', '~1')}"
                    edits += self._string(
                        text, member.start, member.end, member.key, here, depth, told, name=True
                    )
                    below.append((member.node, here))
                stack += reversed(below)
            elif isinstance(node, ArrayNode):
                stack += [(child, f"{pointer}/{index}") for index, child in enumerate(node.value)][::-1]
            elif type(node.value) is str:
                edits += self._string(text, node.start, node.end, node.value, pointer, depth, told)
        return edits, told

    def _string(
        self,
        text: str,
        start: int,
        end: int,
        value: str,
        pointer: str,
        depth: int,
        told: list[Told],
        *,
        name: bool = False,
    ) -> list[Edit]:
        """Changes to a string of JSON; all of its escapes but the tokens' stay.

        Args:
            start, end: where it stands in `text`, with its quotation marks.
            name: whether it is a member's; that stays a string.
        """
        if len(value) < _LEAST:
            return []
        token = None if name else TOKEN.fullmatch(value)
        if token:
            opened = self._cipher.open(token)
            if isinstance(opened, Closed):
                told.append(Left(pointer, 0, len(value), token[1], opened.why))
                return []
            told.append(Restored(pointer, 0, len(value), token[1], opened.key_id))
            return [Edit(start, end, opened.said if opened.json else _quoted(opened.said))]
        edits, found = self._text(value, depth)
        told += [one._replace(pointer=pointer) for one in found]
        if not edits:
            return []
        _, place = decoding.unescaped(text[start + 1 : end - 1])
        return [
            Edit(start + 1 + place(one.start), start + 1 + place(one.end), _quoted(one.text)[1:-1])
            for one in edits
        ]

    def _text(self, text: str, depth: int) -> tuple[list[Edit], list[Told]]:
        """Changes to a text, in order, and what they are; none to what cecil-redact would not have judged."""
        edits: list[Edit] = []
        told: list[Told] = []
        if len(text) < _LEAST:
            return edits, told
        try:
            pieces = decoding.pieces(text)
        except DetectorError:  # it inflates beyond all measure
            return edits, told
        if pieces and depth >= _DEPTH:
            return edits, told
        position = 0
        for piece in pieces:
            self._plain(text, position, piece.start, edits, told)
            if piece.kind == "json":
                changed, found = self._record(piece.text, scan(piece.text, whole=False), depth + 1)
                edits += [Edit(piece.start + one.start, piece.start + one.end, one.text) for one in changed]
            else:
                changed, found = self._text(piece.text, depth + 1)
                edits += _written(text, piece, splice(piece.text, changed)) if changed else []
            told += [one._replace(pointer="", start=piece.start, end=piece.end) for one in found]
            position = piece.end
        self._plain(text, position, len(text), edits, told)
        return edits, told

    def _plain(self, text: str, start: int, end: int, edits: list[Edit], told: list[Told]) -> None:
        """Tokens that stand in a stretch of text as such."""
        for token in _TOKEN.finditer(text, start, end):
            opened = self._cipher.open(token) if token[0].endswith(">") else _CUT
            if isinstance(opened, Closed):
                told.append(Left("", *token.span(), token[1], opened.why))
                continue
            told.append(Restored("", *token.span(), token[1], opened.key_id))
            edits.append(Edit(*token.span(), _said(opened.said) if opened.json else opened.said))


def _written(text: str, piece: decoding.Piece, new: str) -> list[Edit]:
    """The change to what a piece is written as; what is written as before is left alone."""
    before, after = text[piece.start : piece.end], piece.encode(new)
    head = decoding.alike(before, after)
    tail = decoding.alike(before[head:][::-1], after[head:][::-1])
    return [Edit(piece.start + head, piece.end - tail, after[head : len(after) - tail])]


def _said(json: str) -> str:
    """What a value of JSON is in a text."""
    return str(orjson.loads(json)) if json.startswith('"') else json


def _quoted(said: str) -> str:
    try:
        return dumps(said)
    except TypeError:
        raise RecordError(_HALF) from None


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise RecordError(_HALF) from None
