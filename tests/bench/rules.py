"""What rules for fields cost: a policy of 200 beside one of 5. `make bench-rules`.

Asked: less than 10 % more. Both policies do the same to the records of a row: the five rules are in the 200,
the others name fields of other logs, or keep. So the difference is what it costs to have rules. Each run is
`cecil-redact` with one process; user CPU counts, runs of the two alternate, and the best of each is taken.
Status 1 when a row misses.

    records of 30 fields    all are read, since a rule names something in each
    records of 200 fields   and each of them is named, by its path or with `*` and `**`
    lines that go unread    nothing is in them: rules whose last names are a log's most common must not wake them
"""

import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from cecil.sanitizer.keyring import Keyring
from tests.bench import ROOT, environment

ASKED = 10.0
FEW, MANY = 5, 200

_TOPS = "billing claim patient member provider device session cart ticket invoice".split()
_LEAVES = "ref code owner contact label remark voucher serial policy branch shelf".split()
_COMMON = "id name status type path number version host message time".split()
_FORMS = ("{0}.{1}", "{0}[*].{1}", "**.{0}_{1}", "{0}.*.{1}", "{0}.**.{1}", "*.{0}.{1}")
_ACTIONS = ("drop", "redact", "{action: hash, entity: OTHER_ID}", "{action: mask, keep_last: 2}")

Rules = list[str]


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        what: for the table.
        record: makes the records, by number.
        count: of records.
        few: the five rules.
        more: the others.
    """

    what: str
    record: Callable[[int, random.Random], dict[str, Any]]
    count: int
    few: Rules
    more: Rules


def thirty(n: int, chance: random.Random) -> dict[str, Any]:
    """A record of an application, with a person in it."""
    user = {
        "id": f"u{chance.randrange(10**6)}",
        "email": f"p{n}@corp.example",
        "plan": "gold",
        "locale": "de-AT",
    }
    return quiet(n, chance) | {"message": f"order {n} accepted in {n % 97} ms", "user": user}


def quiet(n: int, chance: random.Random) -> dict[str, Any]:
    """The same without the person: nothing in it is looked at."""
    items = [{"sku": f"S{chance.randrange(999)}", "qty": 1 + n % 3, "note": "gift"} for _ in range(2)]
    return {
        "time": f"2026-11-21T14:{n // 60 % 60:02}:{n % 60:02}.{n % 1000:03}Z",
        "level": "info",
        "logger": "app.orders.http",
        "event": "order_accepted",
        "service": {"name": "orders", "version": "1.4.2", "type": "web", "id": "web-3"},
        "trace": {"id": f"{chance.getrandbits(128):032x}", "span": f"{chance.getrandbits(64):016x}"},
        "http": {
            "method": "POST",
            "path": "/v1/orders",
            "status": 201,
            "bytes": n % 5000,
            "ms": n % 97 + 0.25,
        },
        "order": {"number": f"A{n:07}", "total": 12.5 + n % 40, "currency": "EUR", "items": items},
        "k8s": {"pod": f"orders-{n % 9}", "namespace": "shop", "container": "app"},
    }


def wide(n: int, chance: random.Random) -> dict[str, Any]:
    """Ten groups of twenty fields."""

    def value(place: int) -> Any:
        return f"value {chance.randrange(1000)}" if place % 3 else chance.randrange(10**5)

    groups = {f"group{g}": {f"field{g}_{i}": value(i) for i in range(20)} for g in range(10)}
    return {**groups, "user": {"id": f"u{chance.randrange(10**6)}", "email": f"p{n}@corp.example"}}


def elsewhere() -> Rules:
    """Rules for fields that other logs have, in every form of path."""
    rules = []
    for n in range(MANY - FEW):
        top, leaf = _TOPS[n % 10] + str(n // 110 or ""), _LEAVES[n // 10 % 11]
        rules.append(f"'{_FORMS[n % 6].format(top, f'{leaf}_{n}')}': {_ACTIONS[n % 4]}")
    return rules


def alike() -> Rules:
    """The same, with the names that these logs have too at their ends."""
    between = ("", "*.", "**.")
    return [f"'{_TOPS[n % 10]}{n}.{between[n % 3]}{_COMMON[n // 3 % 10]}': drop" for n in range(MANY - FEW)]


def named(*prefixes: str) -> Rules:
    """A rule for each field of `wide` that the five leave, by its whole path, or behind stars."""
    ways = prefixes or ("group{0}.",)
    places = [(n // 20, n % 20) for n in range(MANY) if n not in (0, 21, 42)][: MANY - FEW]
    return [f"'{ways[i % len(ways)].format(g)}field{g}_{i}': keep" for g, i in places]


ORDERS = [
    "user.id: {action: hash, entity: USER_ID}",
    "user.email: {action: mask, keep_domain: true}",
    "'**.note': drop",
    "'order.items[*].sku': keep",
    "order.number: {action: redact, entity: ORDER}",
]
CLAIMS = [
    "billing.customer_ref: drop",
    "'claims[*].member_no': redact",
    "'**.patient_id': {action: hash, entity: PATIENT_ID}",
    "'cart.*.voucher': drop",
    "user.email: {action: mask, keep_domain: true}",
]
GROUPS = [
    *ORDERS[:2],
    "group0.field0_0: {action: mask, keep_last: 2}",
    "group1.field1_1: {action: redact, entity: THING}",
    "group2.field2_2: drop",
]

ROWS = (
    Row("30 fields, 195 rules for others", thirty, 6_000, ORDERS, elsewhere()),
    Row("30 fields, last names alike", thirty, 6_000, ORDERS, alike()),
    Row("200 fields, each named", wide, 1_200, GROUPS, named()),
    Row("200 fields, each behind * or **", wide, 1_200, GROUPS, named("*.", "**.")),
    Row("unread lines, 195 rules for others", quiet, 60_000, CLAIMS, elsewhere()),
    Row("unread lines, last names alike", quiet, 60_000, CLAIMS, alike()),
)


def policy(rules: Rules) -> str:
    """A policy with rules for fields."""
    return "version: 1\nextends: default\nfields:\n" + "".join(f"  {rule}\n" for rule in rules)


def lines(row: Row) -> Iterator[str]:
    """The records of a row."""
    chance = random.Random(7)
    for n in range(row.count):
        yield json.dumps(row.record(n, chance), separators=(",", ":")) + "\n"


def redact(*args: str | Path) -> float:
    """Seconds of user CPU that cecil-redact takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    argv = [ROOT / "bin" / "cecil-redact", "--quiet", *args]
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True, env=environment())
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measured(row: Row, folder: Path, rounds: int) -> tuple[float, float]:
    """The best of five rules and of 200, in seconds of user CPU."""
    data = folder / "records.jsonl"
    data.write_text("".join(lines(row)))
    policies = [folder / "few.yaml", folder / "many.yaml"]
    for path, rules in zip(policies, (row.few, [*row.few, *row.more]), strict=True):
        assert len(rules) in (FEW, MANY)
        path.write_text(policy(rules))
    best = [float("inf")] * 2
    for _ in range(rounds):
        for place, path in enumerate(policies):
            took = redact("-j", "1", "--key-file", folder / "key", "--policy", path, data)
            best[place] = min(best[place], took)
    return best[0], best[1]


def main(rows: tuple[Row, ...] = ROWS, rounds: int = 5) -> int:
    """Print the table; the exit status."""
    missed = 0
    print(f"{'records':36} {'5 rules':>9} {'200 rules':>9} {'more':>8}   asked: less than {ASKED:g} %")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key").touch(0o600)
        (folder / "key").write_bytes(Keyring.random().file())
        for row in rows:
            few, many = measured(row, folder, rounds)
            more = (many / few - 1) * 100
            missed += more >= ASKED
            verdict = "MISS" if more >= ASKED else "ok"
            print(f"{row.what:36} {few:7.2f} s {many:7.2f} s {more:+6.1f} %   {verdict}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
