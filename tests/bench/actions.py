"""What an action costs: microseconds for a value. `make bench-actions`.

Asked: less than 5 µs for hashes and surrogates. Every value is another one, so nothing is remembered. Time is
the processor's, and the best of five runs counts: whatever else the machine does only adds.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cecil.sanitizer.actions import KINDS
from cecil.sanitizer.keyring import Keyring

COUNT = 20_000
ASKED = 5.0


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        action: its name.
        entity: what the values are.
        values: `COUNT` of them.
        options, scope: as `Kind.text` takes them.
    """

    action: str
    entity: str
    values: list[str]
    options: Mapping[str, Any] = {}
    scope: Mapping[str, str] = {}


EMAILS = [f"person{n}@example.com" for n in range(COUNT)]

ROWS = (
    Row("redact", "EMAIL_ADDRESS", EMAILS),
    Row("hash", "EMAIL_ADDRESS", EMAILS),
    Row("hash", "EMAIL_ADDRESS", EMAILS, {"tenant": "account"}, {"account": "one"}),
    Row("encrypt", "EMAIL_ADDRESS", EMAILS),
)


def cost(row: Row) -> float:
    """Microseconds for a value."""
    kind = KINDS[row.action](Keyring(b"k" * 32))
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for value in row.values:
            kind.text(value, row.entity, row.options, row.scope)
        best = min(best, time.process_time() - start)
    return best / len(row.values) * 1e6


def main(rows: Iterable[Row] = ROWS) -> None:
    print(f"{'action':12} {'entity':16} {'options':16} {'us a value':>10}   asked: {ASKED:g}")
    for row in rows:
        options = ", ".join(f"{name} {value}" for name, value in row.options.items())
        print(f"{row.action:12} {row.entity:16} {options:16} {cost(row):10.2f}")


if __name__ == "__main__":
    main()
