"""JSON that is not one object a line: arrays, pretty-printed and concatenated objects.

Owns: where one record ends and the next begins, in a text of any length, in flat memory. A record's
text is kept as it is spelled; line ends between its tokens become blanks, so that it is one line.
Elements of an array are records; commas between them are not judged. Refuses: to judge what JSON is;
`cecil.stream.jsonl` does that for each record.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cecil.errors import RecordError, SourceError, TruncatedError
from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.stream.jsonl import is_object, proven
from cecil.stream.jsontext import decode, scan
from cecil.stream.lines import CUT_SHORT, TOO_LONG, Source
from cecil.stream.quarantine import Quarantine

# A string of JSON holds no raw line end. One that does is damaged, but it ends at its quote all the same.
_STRING = rb'[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+'
_IN_STRING = re.compile(_STRING)
_NESTED = re.compile(rb'[^"{}\[\]]*+(?:"' + _STRING + rb'"[^"{}\[\]]*+)*+')
_TOP = re.compile(rb'[^"{}\[\],]*+(?:"' + _STRING + rb'"[^"{}\[\],]*+)*+')
_BETWEEN = re.compile(rb"[ \t\r\n,]*+")
_BLANK = b" \t\r\n"
_LINE_ENDS = bytes.maketrans(b"\r\n", b"  ")
_QUOTE, _BACKSLASH, _OPEN, _CLOSE, _COMMA, _ARRAY, _ARRAY_END = b'"', b"\\", b"{[", b"}]", b",", b"[", b"]"


class Element(NamedTuple):
    """A record's text.

    Attributes:
        text: as it came, without white space around it.
        line: the number of the line on which it begins.
        broken: whether a string in it holds a raw line end, so that it cannot be JSON.
    """

    text: bytes
    line: int
    broken: bool


class Boundaries:
    """Finds the ends of records, block by block.

    Attributes:
        open: whether a record has begun and not ended.
        in_array: whether we stand inside an array whose elements are records.
        broken: see `Element`; of the record that began last.
    """

    def __init__(self) -> None:
        self.open = False
        self.in_array = False
        self.broken = False
        self._whole = False
        self._kind = b""
        self._depth = 0
        self._in_string = False
        self._escaped = False

    @property
    def complete(self) -> bool:
        """Whether the record that has begun may end where the text ends."""
        balanced = self._whole and not self._depth and not self._in_string
        return balanced or not (self.in_array or self._kind == b"{")

    @property
    def cut_short(self) -> bool:
        """Whether a text that ends here ends too early."""
        return self.in_array or (self.open and self._kind == b"{")

    def begin(self, block: bytes, position: int) -> int:
        """Where the next record begins, from `position` on; -1 if not in this block."""
        while True:
            position = _end(_BETWEEN, block, position)
            if position == len(block):
                return -1
            first = block[position : position + 1]
            if first == _ARRAY and not self.in_array:
                self.in_array = True
            elif first == _ARRAY_END and self.in_array:
                self.in_array = False
            else:
                break
            position += 1
        self._kind = first
        self.open = True
        self.broken = self._in_string = self._escaped = self._whole = False
        self._depth = 0
        return position

    def advance(self, block: bytes, position: int) -> int:
        """Where the record that has begun ends, from `position` on; -1 if not in this block."""
        while position < len(block):
            if self._in_string:
                position += self._escaped
                self._escaped = False
                position = _end(_IN_STRING, block, position)
                if position >= len(block):
                    return -1
                symbol = block[position : position + 1]
                if symbol == _BACKSLASH and position + 1 == len(block):
                    self._escaped = True
                    return -1
                self._in_string = symbol != _QUOTE
                self.broken |= self._in_string
                position += 1
            elif self._depth:
                position = _end(_NESTED, block, position)
                symbol = block[position : position + 1]
                position += 1
                if symbol == _QUOTE:
                    self._in_string = True
                elif symbol and symbol in _OPEN:
                    self._depth += 1
                elif symbol:
                    self._depth -= 1
                    if not self._depth:
                        self._whole = True
                        if not self.in_array and self._kind == b"{":
                            self.open = False
                            return position
            elif self.in_array or self._kind == b"{":
                position = _end(_TOP, block, position)
                symbol = block[position : position + 1]
                if symbol in (_COMMA, _ARRAY_END):
                    self.open = False
                    return position
                position += 1
                if symbol == _QUOTE:
                    self._in_string = True
                elif symbol and symbol in _OPEN:
                    self._depth += 1
            else:
                # Neither an object nor in an array: no record, up to the end of its line.
                end = block.find(b"\n", position)
                if end < 0:
                    return -1
                self.open = False
                return end
        return -1


def _end(pattern: "re.Pattern[bytes]", block: bytes, position: int) -> int:
    match = pattern.match(block, position)
    return match.end() if match else position


def read(source: Source, quarantine: Quarantine, max_record: int, budget: Budget) -> Pieces:
    """The objects in a JSON text. What is no object goes to quarantine.

    Raises:
        TruncatedError: the text ends inside an array or an object; what was complete has been yielded.
        SourceError: what `source.read` raises.
    """
    for elements in _split(source, quarantine, max_record):
        done = 0
        while done < len(elements):
            taken = elements[done : done + budget.left]
            done += len(taken)
            quarantine.counts.read += len(taken)
            yield from _judge(taken, source.name, quarantine, max_record)


def _judge(elements: list[Element], name: str, quarantine: Quarantine, max_record: int) -> Iterator[Piece]:
    lines = [_one_line(element.text) for element in elements]
    data = b"\n".join(lines) + b"\n"
    plain = len(data) <= max_record and not any(element.broken for element in elements)
    if plain and proven(data) == len(elements):
        yield Piece(data, len(elements), [element.line for element in elements])
        return
    kept: list[bytes] = []
    numbers: list[int] = []
    for element, line in zip(elements, lines, strict=True):
        try:
            if len(line) > max_record:
                raise RecordError(TOO_LONG)
            if element.broken:
                scan(decode(element.text))
            is_object(line)
        except RecordError as error:
            quarantine.add(name, element.line, error.message, element.text)
        else:
            kept.append(line + b"\n")
            numbers.append(element.line)
    if kept:
        yield Piece(b"".join(kept), len(kept), numbers)


def _one_line(text: bytes) -> bytes:
    return text.translate(_LINE_ENDS) if b"\n" in text or b"\r" in text else text


def _split(source: Source, quarantine: Quarantine, max_record: int) -> Iterator[list[Element]]:
    """The records of a text: those that end in one block, together."""
    at = Boundaries()
    line = number = 1
    held: list[bytes] = []
    size = 0
    pending = b""
    try:
        while block := pending or source.read():
            pending = b""
            elements: list[Element] = []
            position = counted = 0
            while True:
                if not at.open:
                    position = at.begin(block, position)
                    if position < 0:
                        break
                    line += block.count(b"\n", counted, position)
                    counted, number = position, line
                end = at.advance(block, position)
                if end < 0:
                    held.append(block[position:])
                    size += len(block) - position
                    break
                held.append(block[position:end])
                elements.append(Element(b"".join(held).rstrip(_BLANK), number, at.broken))
                held, size, position = [], 0, end
            line += block.count(b"\n", counted)
            if elements:
                yield elements
            if size > max_record:
                quarantine.counts.read += 1
                size = 0
                with quarantine.stream(source.name, number, TOO_LONG) as sink:
                    for part in held:
                        sink.write(part)
                    held = []
                    while at.open and (block := source.read()):
                        end = at.advance(block, 0)
                        sink.write(block if end < 0 else block[:end])
                        line += block.count(b"\n", 0, len(block) if end < 0 else end)
                        pending = b"" if end < 0 else block[end:]
    except SourceError:
        if held:
            _cut_short(held, source.name, number, quarantine)
        raise
    if held and at.complete:
        yield [Element(b"".join(held).rstrip(_BLANK), number, at.broken)]
    elif held:
        _cut_short(held, source.name, number, quarantine)
    if at.cut_short:
        raise TruncatedError("the JSON text ends too early; it was cut short", where=source.name)


def _cut_short(held: list[bytes], name: str, number: int, quarantine: Quarantine) -> None:
    quarantine.counts.read += 1
    quarantine.add(name, number, CUT_SHORT, b"".join(held))
