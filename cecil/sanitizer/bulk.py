"""Many lines at once, from Python: what cecil-redact does, as a generator.

Owns: lines in, lines out, in order, keys over several lines included. Does no I/O.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import AnyStr

from cecil.errors import RecordError
from cecil.sanitizer.armor import Inside
from cecil.sanitizer.blocks import BlockFilter, Outcome
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.stream.lines import Block

Refuse = Callable[[AnyStr, str], None]


def redact_lines(
    sanitizer: Sanitizer, lines: Iterable[AnyStr], refuse: Refuse[AnyStr] | None = None
) -> Iterator[AnyStr]:
    """See `Sanitizer.redact_lines`."""
    judge = BlockFilter(sanitizer)
    keeper = judge.keeper()
    text = ended = False

    def judged(block: Block, inside: Inside | None = None) -> Iterator[AnyStr]:
        outcome = judge.judge(block.data, inside)
        for line, reason in _in_order(outcome):
            new = line if ended else line.removesuffix(b"\n")
            back: AnyStr = new.decode("utf-8", "surrogatepass") if text else new  # type: ignore[assignment]
            if reason is None:
                yield back
            elif refuse is None:
                raise RecordError(reason)
            else:
                refuse(back, reason)

    for item in lines:
        text = isinstance(item, str)
        data = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item
        ended = data.endswith(b"\n")
        kept = keeper.add(Block(data if ended else data + b"\n", 1))
        if kept:
            yield from judged(*kept)
    held = keeper.rest()
    if held:
        yield from judged(held)


def _in_order(outcome: Outcome) -> Iterator[tuple[bytes, str | None]]:
    """The lines of a block as they go on, and those that must not, with the reason."""
    refused = {one.line: one for one in outcome.refused}
    number = 0
    for line in Block(outcome.data, 0).lines():
        while number in refused:
            yield refused[number].raw + b"\n", refused[number].reason
            number += 1
        yield line, None
        number += 1
    for rest in sorted(one for one in refused if one >= number):
        yield refused[rest].raw + b"\n", refused[rest].reason
