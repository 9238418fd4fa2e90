"""Before and after, for the eyes of whoever sits at the terminal.

The only report that shows values. Control characters are written as escapes: what is in a log must not
drive a terminal.
"""

from collections.abc import Iterable, Mapping, Sequence

from cecil.errors import printable

_RED, _GREEN, _CYAN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[m"


def diff(
    place: str, before: bytes, after: bytes | None, entities: Iterable[str], *, colour: bool = False
) -> bytes:
    """One line as it came and as it goes on.

    Args:
        place: `file:line`.
        after: None where the line does not go on.
        entities: what was found in it.
    """
    cyan, red, green, plain = (_CYAN, _RED, _GREEN, _PLAIN) if colour else ("", "", "", "")
    names = ", ".join(dict.fromkeys(entities)) if after is not None else "could not be judged"
    out = f"{cyan}@@ {printable(place)} @@{plain} {names}\n{red}-{_shown(before)}{plain}\n"
    if after is not None:
        out += f"{green}+{_shown(after)}{plain}\n"
    return out.encode()


def _shown(line: bytes) -> str:
    return printable(line.rstrip(b"\r\n").decode(errors="backslashreplace").replace("\t", "    "))


def changed(
    before: Sequence[bytes], after: Sequence[bytes], refused: Iterable[int]
) -> Mapping[int, bytes | None]:
    """Which lines are others now, by their place; None where a line does not go on.

    Args:
        refused: places of the lines of `before` that are not in `after`.
    """
    gone = set(refused)
    rest = iter(after)
    pairs = ((number, line, None if number in gone else next(rest)) for number, line in enumerate(before))
    return {number: new for number, line, new in pairs if new != line}
