"""What a strategy wants done to a record, and doing it: to Python objects, or to JSON text in place.

Owns: changes by path, and the two ways to apply them; a test holds the two equal.
"""

from typing import Any, NamedTuple

import orjson

from cecil.sanitizer import decoding
from cecil.sanitizer.actions.base import Spelled
from cecil.sanitizer.late import late
from cecil.stream.jsontext import ArrayNode, Edit, Member, Node, ObjectNode, dumps, removals, splice

Path = tuple[str | int, ...]


class Replace(NamedTuple):
    """A leaf's new value.

    Attributes:
        spans: what of a text was replaced, in order, as characters of the text as it came. They only say
            which escapes can stay in JSON: wrong ones make no other text.
    """

    path: Path
    value: Any
    spans: tuple[tuple[int, int], ...] = ()


class Drop(NamedTuple):
    """A member or an item goes, with its name."""

    path: Path


class Rename(NamedTuple):
    """A member's new name; it keeps its place and its value."""

    path: Path
    name: str


Change = Replace | Drop | Rename


def without_item(path: Path, numbered: bool) -> Change:
    """How an item leaves a list: for good; where rules name items by number it becomes null, since the
    items behind it would move up, and a second run would take another one for it."""
    return Replace(path, None) if numbered else Drop(path)


def apply(record: Any, changes: list[Change]) -> Any:
    """The record with all changes made; it is copied where it changes, never modified.

    Args:
        changes: paths are those of the record as it came; no path lies below a dropped one.
    """
    if not changes:
        return record
    tree: dict[Any, Any] = {}
    for change in changes:
        node = tree
        for step in change.path:
            node = node.setdefault(step, {})
        node.setdefault(_CHANGES, []).append(change)
    return _apply(record, tree)


_CHANGES = object()


def _apply(value: Any, tree: dict[Any, Any]) -> Any:
    """Iterative in depth: containers are rebuilt from the innermost out."""
    order: list[tuple[Any, dict[Any, Any]]] = [(value, tree)]
    for current, below in order:
        steps = (
            current.items()
            if isinstance(current, dict)
            else enumerate(current)
            if isinstance(current, list)
            else ()
        )
        order += [(child, below[step]) for step, child in steps if step in below]
    results: dict[int, Any] = {}
    for current, below in reversed(order):
        results[id(below)] = _rebuilt(current, below, results)
    return results[id(tree)]


def _rebuilt(current: Any, below: dict[Any, Any], results: dict[int, Any]) -> Any:
    for change in below.get(_CHANGES, ()):
        if isinstance(change, Replace):
            return str(change.value) if isinstance(change.value, Spelled) else change.value
    if isinstance(current, dict):
        members: dict[str, Any] = {}
        for key, child in current.items():
            sub = below.get(key)
            changes = sub.get(_CHANGES, ()) if sub is not None else ()
            if any(isinstance(change, Drop) for change in changes):
                continue
            name = next((change.name for change in changes if isinstance(change, Rename)), key)
            members[name] = child if sub is None else results[id(sub)]
        return members
    if isinstance(current, list):
        items = []
        for index, child in enumerate(current):
            sub = below.get(index)
            if sub is None:
                items.append(child)
            elif not any(isinstance(change, Drop) for change in sub.get(_CHANGES, ())):
                items.append(results[id(sub)])
        return items
    return current


_AFTER_A_STRING = frozenset(",:]}")

_ASCII_ESCAPED = late(rb"\\u00[0-7]|\\/")

_QUICK = 16 << 20
"""Bytes that may be read again for all changes of a line together: to scan it takes longer up to there."""


def apply_to_line(line: bytes, record: Any, changes: list[Change]) -> bytes | None:
    """The same as `apply_to_text` where that is quick to see; None where it is not.

    A string that stands in the line just once, with its quotation marks, stands there as itself: what
    lies between two strings begins with a comma, a colon or a closing bracket.

    Args:
        line: the record as JSON.
        record: what it says.
    """
    if len(changes) > 1 and len(changes) * len(line) > _QUICK:
        return None
    # Where one is spelled otherwise, another string could be the one that stands there as itself.
    escaped = b"\\" in line
    if escaped and _ASCII_ESCAPED.search(line):
        return None
    escaped = escaped and b"\\u" in line
    edits: list[tuple[int, int, bytes]] = []
    for change in changes:
        if not isinstance(change, Replace):
            return None
        value = record
        for step in change.path:
            value = value[step]
        if (
            type(value) is not str
            or value.lstrip()[:1] in _AFTER_A_STRING
            or (escaped and not value.isascii())
        ):
            return None
        token = orjson.dumps(value)
        start = line.find(token)
        end = start + len(token)
        if start < 0 or line.find(token, end - 1) >= 0:
            return None
        edits.append((start, end, orjson.dumps(change.value)))
    return splice(line, edits)


class Places:
    """Where the parts of a JSON text stand.

    Args:
        root: what `scan` gave.
    """

    def __init__(self, root: Node) -> None:
        self._root = root
        self._index: dict[int, dict[str, int]] = {}

    def position(self, parent: Node, step: str | int) -> int:
        """The place of a member or an item in its container."""
        if isinstance(step, int):
            return step
        if id(parent) not in self._index:
            self._index[id(parent)] = {member.key: i for i, member in enumerate(parent.value)}
        return self._index[id(parent)][step]

    def node(self, path: Path) -> Node:
        """What stands at a path."""
        node = self._root
        for step in path:
            found = node.value[self.position(node, step)]
            node = found.node if isinstance(node, ObjectNode) else found
        return node

    def member(self, path: Path) -> Member:
        """The member at a path."""
        parent = self.node(path[:-1])
        found: Member = parent.value[self.position(parent, path[-1])]
        return found


def apply_to_text(text: str, root: Node, changes: list[Change]) -> str:
    """The JSON text with all changes made; every other character stays as it came.

    Args:
        text: the record.
        root: what `scan(text)` gave.
    """
    edits: list[Edit] = []
    renames: list[tuple[int, int, Edit]] = []
    drops: dict[int, tuple[Node, set[int]]] = {}
    places = Places(root)
    for change in changes:
        if not change.path:
            assert isinstance(change, Replace), "a whole record is only ever replaced"
            edits.append(Edit(root.start, root.end, dumps(change.value)))
            continue
        if isinstance(change, Replace):
            node = places.node(change.path)
            spelled = _spelled(text[node.start : node.end], change.value, change.spans)
            edits.append(Edit(node.start, node.end, spelled))
            continue
        parent = places.node(change.path[:-1])
        position = places.position(parent, change.path[-1])
        if isinstance(change, Rename):
            member = parent.value[position]
            renames.append((id(parent), position, Edit(member.start, member.end, dumps(change.name))))
        else:
            drops.setdefault(id(parent), (parent, set()))[1].add(position)
    for parent, dropped in drops.values():
        spans = (
            [(member.start, member.node.end) for member in parent.value]
            if isinstance(parent, ObjectNode)
            else [(child.start, child.end) for child in parent.value]
        )
        edits += removals(spans, dropped)
    # A name in which something was found goes with its value, where that is dropped.
    edits += (edit for at, position, edit in renames if at not in drops or position not in drops[at][1])
    assert isinstance(root, (ObjectNode, ArrayNode)) or len(edits) <= 1
    return splice(text, edits)


def _spelled(raw: str, new: Any, spans: tuple[tuple[int, int], ...]) -> str:
    """A value's replacement as JSON; what stays of a text keeps its escapes.

    Args:
        raw: the value as JSON.
        spans: those of a `Replace`.
    """
    if isinstance(new, Spelled):
        return dumps(new.of(raw))
    if type(new) is not str or "\\" not in raw:
        return dumps(new)
    written = raw[1:-1]
    old, place = decoding.unescaped(written)
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    pieces = ['"']
    done = 0  # of the new text
    for index, (left, right) in enumerate(zip([0, *ends], [*starts, len(old)], strict=True)):
        stays = old[left:right]
        at = new.find(stays, done) if index else 0
        if index == len(spans):
            at = len(new) - len(stays)
        if at < done or new[at : at + len(stays)] != stays:
            return dumps(new)
        pieces += (dumps(new[done:at])[1:-1], written[place(left) : place(right)])
        done = at + len(stays)
    return "".join([*pieces, '"'])
