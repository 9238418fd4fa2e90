"""What an action costs: microseconds for a value. `make bench-actions`.

Asked: less than 5 µs for hashes and surrogates. Every value is another one, but where a row says otherwise,
and every run has another key, so nothing is remembered. Time is the processor's, and the best of five runs
counts: whatever else the machine does only adds.
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
        note: what is other about the values.
    """

    action: str
    entity: str
    values: list[str]
    options: Mapping[str, Any] = {}
    scope: Mapping[str, str] = {}
    note: str = ""


EMAILS = [f"person{n}@example.com" for n in range(COUNT)]

# Values that differ in as many places as people's do.
SURROGATES = {
    "EMAIL_ADDRESS": [f"Person{n}@corp{n % 97}.example" for n in range(COUNT)],
    "PERSON": [
        f"Alice Sm{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(COUNT // 2)
    ],
    "PHONE_NUMBER": [f"(415) {200 + n // 10000}-{n % 10000:04d}" for n in range(COUNT)],
    "CREDIT_CARD": [f"4111 1111 {n // 10000:04d} {n % 10000:04d}" for n in range(COUNT)],
    "IBAN_CODE": [f"DE89 3704 0044 0532 {n // 100:04d} {n % 100:02d}" for n in range(COUNT)],
    "US_SSN": [f"123-{n // 10000:02d}-{n % 10000:04d}" for n in range(COUNT)],
    "UK_NHS": [f"943 {n // 10000:03d} {n % 10000:04d}" for n in range(COUNT)],
    "BR_CPF": [f"123.4{n // 1000:02d}.{n % 1000:03d}-09" for n in range(COUNT)],
    "IP_ADDRESS": [f"8.8.{n // 250}.{n % 250}" for n in range(COUNT)],
    "MAC_ADDRESS": [f"3c:22:fb:1a:{n // 256:02x}:{n % 256:02x}" for n in range(COUNT)],
    "UUID": [f"6f9619ff-8b86-d011-b42d-{n:012x}" for n in range(COUNT)],
    "STREET_ADDRESS": [f"{n} Main Street" for n in range(COUNT)],
    "DATE_OF_BIRTH": [f"19{10 + n % 90}-03-{1 + n % 28:02d}" for n in range(COUNT)],
    "USER_ID": [f"EMP-{n:06d}" for n in range(COUNT)],
}

ROWS = (
    Row("redact", "EMAIL_ADDRESS", EMAILS),
    Row("hash", "EMAIL_ADDRESS", EMAILS),
    Row("hash", "EMAIL_ADDRESS", EMAILS, {"tenant": "account"}, {"account": "one"}),
    Row("encrypt", "EMAIL_ADDRESS", EMAILS),
    *(Row("surrogate", entity, values) for entity, values in SURROGATES.items()),
    Row("surrogate", "IP_ADDRESS", SURROGATES["IP_ADDRESS"], {"network": "prefix"}),
    Row("surrogate", "BR_CPF", [SURROGATES["BR_CPF"][n // 4] for n in range(COUNT)], note="each 4 times"),
)


def cost(row: Row) -> float:
    """Microseconds for a value."""
    best = float("inf")
    for turn in range(5):
        kind = KINDS[row.action](Keyring(bytes([turn]) * 32))
        start = time.process_time()
        for value in row.values:
            kind.text(value, row.entity, row.options, row.scope)
        best = min(best, time.process_time() - start)
    return best / len(row.values) * 1e6


def main(rows: Iterable[Row] = ROWS) -> None:
    print(f"{'action':12} {'entity':16} {'options':16} {'us a value':>10}   asked: {ASKED:g}")
    for row in rows:
        options = ", ".join(f"{name} {value}" for name, value in row.options.items()) or row.note
        print(f"{row.action:12} {row.entity:16} {options:16} {cost(row):10.2f}")


if __name__ == "__main__":
    main()
