"""JSON text, exactly: the arbiter of what is a record, and the surgeon that changes parts of one.

Owns: `scan`, which reads a line into a tree of nodes that know where they stand in the text, and
`splice`, which replaces, renames and removes nodes and leaves every other character as it came
(number spelling, key order, white space). Refuses: what RFC 8259 refuses, and beyond it duplicate
keys, lone surrogates and a depth over `MAX_DEPTH`: a record whose meaning depends on the parser.

`loads` is the fast way to the same answers.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, AnyStr, NamedTuple

import orjson

from cecil.errors import RecordError

MAX_DEPTH = 1000
"""Containers inside containers; the outermost is at depth 1."""

_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    r"([{}\[\],:])"
    r'|("[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+")'
    r"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    r"|(true|false|null))"
)
_END = re.compile(r"[ \t\n\r]*+\Z")
# A quote that no odd run of backslashes escapes, then a colon: never fewer than there are keys.
_KEYS = re.compile(rb'(?<!\\)(?:\\\\)*+"[ \t\r\n]*+:')
_EXACT = 2.0**53
_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}


class Number(str):
    """A number as it is spelled: `1.10`, `1e400`, an integer of any size."""

    __slots__ = ()


class Node:
    """A value and where it stands: `text[start:end]`.

    Attributes:
        value: str, Number, bool or None; for a container a list of `Member`, or of `Node`.
    """

    __slots__ = ("end", "start", "value")

    def __init__(self, start: int, value: Any) -> None:
        self.start = start
        self.end = start
        self.value = value


class Member(NamedTuple):
    """A key, where its string stands, and its value."""

    key: str
    start: int
    end: int
    node: Node


class ObjectNode(Node):
    __slots__ = ()
    value: list[Member]


class ArrayNode(Node):
    __slots__ = ()
    value: list[Node]


def decode(line: bytes) -> str:
    """The line as text.

    Raises:
        RecordError: it is not UTF-8.
    """
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise RecordError(f"not valid UTF-8 at byte {error.start + 1}") from None


def scan(text: str, *, whole: bool = True) -> Node:
    """Read one JSON value.

    Args:
        whole: False for the syntax alone, as a command needs it that only moves records: duplicate
            keys and depth are for who reads them.

    Raises:
        RecordError: malformed, a lone surrogate, NaN or Infinity; when `whole` also a duplicate key, or
            too deep. The message gives the column, in characters from 1.
    """
    match = _TOKEN.match
    position = 0
    stack: list[tuple[Node, set[str]]] = []
    # What the innermost container waits for.
    key: tuple[str, int, int] | None = None
    state = "value"
    while True:
        token = match(text, position)
        if token is None:
            raise _malformed(text, position)
        kind = token.lastindex
        start = token.start(kind or 0)
        position = token.end()
        symbol = token[kind or 0]
        node: Node | None = None
        if kind == 1:
            if symbol in "{[" and state in ("value", "first value"):
                if whole and len(stack) >= MAX_DEPTH:
                    raise RecordError(f"nested deeper than {MAX_DEPTH} levels")
                opened: Node = ObjectNode(start, []) if symbol == "{" else ArrayNode(start, [])
                _attach(stack, key, opened)
                stack.append((opened, set()))
                state = "first key" if symbol == "{" else "first value"
                continue
            if symbol == ":" and state == "colon":
                state = "value"
                continue
            if symbol == "," and state == "comma":
                state = "key" if isinstance(stack[-1][0], ObjectNode) else "value"
                continue
            if (
                symbol == "}" and state in ("first key", "comma") and isinstance(stack[-1][0], ObjectNode)
            ) or (
                symbol == "]" and state in ("first value", "comma") and isinstance(stack[-1][0], ArrayNode)
            ):
                node, _ = stack.pop()
                node.end = position
            else:
                raise _malformed(text, start)
        elif state in ("key", "first key"):
            if kind != 2:
                raise _malformed(text, start)
            name = _string(symbol, start)
            keys = stack[-1][1]
            if whole and name in keys:
                raise RecordError(f"duplicate key at column {start + 1}")
            keys.add(name)
            key = (name, start, position)
            state = "colon"
            continue
        elif state in ("value", "first value"):
            if kind == 2:
                node = Node(start, _string(symbol, start))
            elif kind == 3:
                node = Node(start, Number(symbol))
            else:
                node = Node(start, _LITERALS[symbol])
            node.end = position
            _attach(stack, key, node)
        else:
            raise _malformed(text, start)
        if not stack:
            if not _END.match(text, position):
                raise _malformed(text, position)
            return node
        state = "comma"


def _attach(stack: list[tuple[Node, set[str]]], key: tuple[str, int, int] | None, node: Node) -> None:
    if not stack:
        return
    parent = stack[-1][0]
    if isinstance(parent, ObjectNode):
        assert key is not None
        parent.value.append(Member(*key, node))
    else:
        parent.value.append(node)


def _string(symbol: str, start: int) -> str:
    if "\\" not in symbol:
        return symbol[1:-1]
    try:
        return str(orjson.loads(symbol))
    except orjson.JSONDecodeError:
        raise RecordError(f"lone surrogate in the string at column {start + 1}") from None


def _malformed(text: str, position: int) -> RecordError:
    # The place where the next token should begin says more than where white space does.
    blank = re.compile(r"[ \t\n\r]*").match(text, position)
    column = (blank.end() if blank else position) + 1
    if column > len(text.rstrip("\r\n")):
        return RecordError("not valid JSON: it ends too early")
    return RecordError(f"not valid JSON at column {column}")


def to_python(node: Node, number: Callable[[Number], Any] = lambda spelled: spelled) -> Any:
    """The tree as dicts, lists, strings, numbers, booleans and None. Iterative: depth is no issue.

    Args:
        number: what becomes of a number; by default it stays a `Number`, as it is spelled.
    """
    done: dict[int, Any] = {}
    stack = [(node, False)]
    while stack:
        current, ready = stack.pop()
        if isinstance(current, ObjectNode):
            if ready:
                done[id(current)] = {m.key: done.pop(id(m.node)) for m in current.value}
            else:
                stack.append((current, True))
                stack.extend((m.node, False) for m in current.value)
        elif isinstance(current, ArrayNode):
            if ready:
                done[id(current)] = [done.pop(id(child)) for child in current.value]
            else:
                stack.append((current, True))
                stack.extend((child, False) for child in current.value)
        else:
            value = current.value
            done[id(current)] = number(value) if type(value) is Number else value
    return done[id(node)]


def loads(line: bytes) -> Any:
    """One JSON value as Python objects, judged exactly as `scan` judges it.

    Numbers come as int and float; one that those would not hold exactly, or not at all (an integer
    beyond 64 bit, a float beyond 2^53), comes as `Number`.

    Raises:
        RecordError: see `scan` and `decode`.
    """
    value: Any = None
    exact = False
    try:
        value = orjson.loads(line)
        exact = True
    except orjson.JSONDecodeError:
        pass  # it holds the line: what `scan` raises must not have it for a context
    # orjson keeps the last of duplicate keys, rounds large integers and has a depth limit of its
    # own. Each is ruled out by a cheap test that never errs on the wrong side, or left to `scan`.
    if exact and line.count(b"{") + line.count(b"[") <= MAX_DEPTH:
        keys, exact = _census(value)
        if exact and (_same_quotes(line, value) or keys == len(_KEYS.findall(line))):
            return value
    return to_python(scan(decode(line)), _plain)


def _same_quotes(line: bytes, value: Any) -> bool:
    """Whether no key was twice in a line: the quotes of one that was lost are missing.

    Never true where one was; where a quote is spelled by its number, this does not know.
    """
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False  # nested deeper than orjson writes
    return line.count(b'"') == written.count(b'"') and not (b"\\" in line and b"\\u0022" in line)


def _plain(spelled: Number) -> Any:
    """A number as orjson gives it, where that is the number that was spelled."""
    if "." not in spelled and "e" not in spelled and "E" not in spelled:
        small = len(spelled) < 19 or (len(spelled) < 21 and -(1 << 63) <= int(spelled) < 1 << 64)
        return int(spelled) if small else spelled
    value = float(spelled)
    return value if -_EXACT < value < _EXACT else spelled


def _census(value: Any) -> tuple[int, bool]:
    """How many keys there are, and whether every number is what was spelled."""
    keys = 0
    stack = [value]
    while stack:
        current = stack.pop()
        if type(current) is dict:
            keys += len(current)
            stack.extend(current.values())
        elif type(current) is list:
            stack.extend(current)
        elif type(current) is float and not -_EXACT < current < _EXACT:
            return keys, False
    return keys, True


class Edit(NamedTuple):
    """A change to the text.

    Attributes:
        start, end: the characters that go.
        text: what takes their place.
    """

    start: int
    end: int
    text: str


def dumps(value: Any) -> str:
    """A replacement value as JSON text."""
    return orjson.dumps(value).decode()


def removals(spans: Iterable[tuple[int, int]], dropped: set[int]) -> list[Edit]:
    """Edits that remove members or items from one container, with the commas that joined them.

    Args:
        spans: (start, end) of every member of the container, in order.
        dropped: which of them go, by position.
    """
    places = list(spans)
    edits = []
    last_kept = max((i for i in range(len(places)) if i not in dropped), default=-1)
    for index in sorted(dropped):
        if index < last_kept:
            edits.append(Edit(places[index][0], places[index + 1][0], ""))
    if last_kept < len(places) - 1:
        start = places[last_kept][1] if last_kept >= 0 else places[0][0]
        edits.append(Edit(start, places[-1][1], ""))
    return edits


def splice(text: AnyStr, edits: Sequence[tuple[int, int, AnyStr]]) -> AnyStr:
    """The text, or its octets, with all edits made; they may not overlap. No edit: the same string."""
    if not edits:
        return text
    pieces: list[AnyStr] = []
    position = 0
    for start, end, replacement in sorted(edits):
        assert start >= position, "edits overlap"
        pieces += (text[position:start], replacement)
        position = end
    pieces.append(text[position:])
    return text[:0].join(pieces)
