"""What an action costs, and that it does what it says for a million values. `make bench-actions`.

Cost: less than 5 µs for a hash or a surrogate. Every value is another one, but where a row says otherwise,
and every run has another key, so nothing is remembered. Time is the processor's, and the best of five runs
counts: whatever else the machine does only adds. The same for a stand-in of each kind of value that the leak
test plants, of which the mean and the worst are told.

Stand-ins: a million e-mail addresses through cecil-redact, once in a field, and once in another process and
from the last to the first, in two fields and a text by turns: each has one stand-in, no two share one, none
is an address of the million, and a run over the output changes no byte.

Tokens: records of every type and spelling are encrypted and restored byte for byte; each token in which a
character changed is refused.

Status 1 when a row misses.
"""

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from string import ascii_letters, digits
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from cecil.leaktest.values import sorts
from cecil.sanitizer.actions import KINDS
from cecil.sanitizer.actions.surrogate import PLACEHOLDERS
from cecil.sanitizer.keyring import Keyring
from tests.bench import ROOT

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
    "AU_TFN": [f"12{n // 10000} {n % 10000 // 10:03d} {n % 10}82" for n in range(COUNT)],
    "IN_AADHAAR": [f"2341 {n // 10000:04d} {n % 10000:04d}" for n in range(COUNT)],
    "IT_FISCAL_CODE": [f"RCCMNL{n // 1000:02d}S18D{n % 1000:03d}H" for n in range(COUNT)],
    "PT_CC": [f"000{n // 10000:02d}{n % 10000 // 10:03d} {n % 10} ZZ4" for n in range(COUNT)],
    "IP_ADDRESS": [f"8.8.{n // 250}.{n % 250}" for n in range(COUNT)],
    "MAC_ADDRESS": [f"3c:22:fb:1a:{n // 256:02x}:{n % 256:02x}" for n in range(COUNT)],
    "UUID": [f"6f9619ff-8b86-d011-b42d-{n:012x}" for n in range(COUNT)],
    "STREET_ADDRESS": [f"{n} Main Street" for n in range(COUNT)],
    "DATE_OF_BIRTH": [f"19{10 + n % 90}-03-{1 + n % 28:02d}" for n in range(COUNT)],
    "USER_ID": [f"EMP-{n:06d}" for n in range(COUNT)],
}

_CHANCE = Random(20261122)
_LETTERS = ascii_letters + digits

# Identifiers of which few have one shape.
IDS = {
    "12 letters and digits": ["".join(_CHANCE.choices(_LETTERS, k=12)) for _ in range(COUNT)],
    "24 of them": ["".join(_CHANCE.choices(_LETTERS, k=24)) for _ in range(COUNT)],
    "behind a prefix": [
        "usr_" + "".join(_CHANCE.choices(_LETTERS[:26] + digits, k=16)) for _ in range(COUNT)
    ],
    "32 hexadecimal": [f"{_CHANCE.getrandbits(128):032x}" for _ in range(COUNT)],
    "64 of them": [f"{_CHANCE.getrandbits(256):064x}" for _ in range(COUNT)],
}

ROWS = (
    Row("redact", "EMAIL_ADDRESS", EMAILS),
    Row("hash", "EMAIL_ADDRESS", EMAILS),
    Row("hash", "EMAIL_ADDRESS", EMAILS, {"tenant": "account"}, {"account": "one"}),
    Row("encrypt", "EMAIL_ADDRESS", EMAILS),
    *(Row("surrogate", entity, values) for entity, values in SURROGATES.items()),
    *(Row("surrogate", "USER_ID", values, note=note) for note, values in IDS.items()),
    Row(
        "surrogate",
        "IBAN_CODE",
        [f"GB82 WEST {n // 10000:04d} {n % 10000:04d} 65" for n in range(COUNT)],
        note="with letters",
    ),
    Row(
        "surrogate",
        "IP_ADDRESS",
        [f"2a02:1738:7041:872c:e2fe:95c9:{n:x}:2225" for n in range(COUNT)],
        note="IPv6",
    ),
    Row("surrogate", "IP_ADDRESS", SURROGATES["IP_ADDRESS"], {"network": "prefix"}),
    Row("surrogate", "BR_CPF", [SURROGATES["BR_CPF"][n // 4] for n in range(COUNT)], note="each 4 times"),
)


def cost(row: Row) -> float:
    """Microseconds for a value."""
    best = float("inf")
    action, entity, values, options, scope, _ = row
    for turn in range(5):
        kind = KINDS[action](Keyring(bytes([turn]) * 32))
        start = time.process_time()
        for value in values:
            kind.text(value, entity, options, scope)
        best = min(best, time.process_time() - start)
    return best / len(row.values) * 1e6


def table(rows: Iterable[Row] = ROWS) -> int:
    """Print what each costs; how many miss what is asked."""
    missed = 0
    print(f"{'action':12} {'entity':16} {'options':21} {'us a value':>10}   asked: less than {ASKED:g}")
    for row in rows:
        options = ", ".join(f"{name} {value}" for name, value in row.options.items()) or row.note
        took = cost(row)
        asked = row.action in ("hash", "surrogate")
        missed += asked and took >= ASKED
        verdict = ("MISS" if took >= ASKED else "ok") if asked else ""
        print(f"{row.action:12} {row.entity:16} {options:21} {took:10.2f}   {verdict}", flush=True)
    return missed


def every(count: int) -> dict[str, float]:
    """Microseconds for a stand-in, by the leak test's kinds of values, `count` of each."""
    chance = Random(20261123)
    rows = {
        sort.kind: Row("surrogate", sort.entity, [sort.value(chance).text for _ in range(count)])
        for sort in sorts()
        if sort.entity not in PLACEHOLDERS
    }
    # One after another, and all of them again: what slows the machine for a while slows no kind for good.
    turns = [{kind: cost(row) for kind, row in rows.items()} for _ in range(3)]
    return {kind: min(turn[kind] for turn in turns) for kind in rows}


def redact(folder: Path, source: str, target: str, *args: str) -> int:
    """cecil-redact from one file of a folder to another; its status."""
    argv = [ROOT / "bin" / "cecil-redact", "--quiet", "--key-file", "key", *args, source]
    with open(folder / target, "wb") as out:
        return run(argv, stdout=out, stderr=DEVNULL, cwd=folder, check=False).returncode


def address(n: int) -> str:
    """As people's addresses are: a few names, many numbers, a few domains."""
    return f"person{n // 7}.{n % 7}@mail{n % 31}.example.org"


def consistent(folder: Path, count: int) -> tuple[int, int, int, bool]:
    """Addresses whose stand-ins differ by run, that share one, stand-ins that are addresses, and whether
    a run over the output leaves it."""
    (folder / "policy.yaml").write_text("version: 1\ndefault: surrogate\n")
    policy = ("--nlp", "none", "--policy", "policy.yaml")
    ways = (
        lambda mail: {"email": mail},
        lambda mail: {"user": {"contact": [mail]}},
        lambda mail: {"message": f"sent to {mail} again"},
    )
    mail = re.compile(rb"[\w.]+@[\w.]+")
    for name, order, turns in (("up", range(count), 1), ("down", range(count - 1, -1, -1), len(ways))):
        with open(folder / name, "w") as file:
            file.writelines(json.dumps(ways[n % turns](address(n))) + "\n" for n in order)
        assert redact(folder, name, f"{name}.made", "-j", "1" if name == "up" else "2", *policy) == 0
    stable = redact(folder, "down.made", "again", *policy) == 0 and all(
        one == two for one, two in _pieces(folder / "down.made", folder / "again")
    )
    made = {name: mail.findall((folder / f"{name}.made").read_bytes()) for name in ("up", "down")}
    assert [len(some) for some in made.values()] == [count, count]
    differ = sum(one != two for one, two in zip(made["up"], reversed(made["down"]), strict=True))
    there = {address(n).encode() for n in range(count)}
    return differ, count - len(set(made["up"])), len(there.intersection(made["up"])), stable


def _pieces(*paths: Path) -> Iterator[tuple[bytes, ...]]:
    """Files beside each other, by pieces; as many of each, until all have ended."""
    with ExitStack() as stack:
        files = [stack.enter_context(open(path, "rb")) for path in paths]
        while any(pieces := tuple(file.read(1 << 20) for file in files)):
            yield pieces


VALUES = (
    "1.10 1E5 -0 -0.0 1e400 -1e-400 12345678901234567890123 0.1000000000000000055511151231257827 true false null "
    r'"x" "" "caf\u00e9" "\ud83d\ude00\/\"\n" "<b>" [] {} [1.0,"x",null,{"k":"v"}] {"z":1,"a":{"b":2.50}}'
).split()


def restored(folder: Path, count: int) -> tuple[bool, int, int]:
    """Whether records come back byte for byte; of how many changed tokens how many were refused."""
    (folder / "policy.yaml").write_text('version: 1\nfields: {"**": encrypt}\n')
    with open(folder / "in", "wb") as file:
        for some in (range(n, min(n + 5, count)) for n in range(0, count, 5)):
            values = (f'"f{n}" : {VALUES[n * 7 % len(VALUES)]}, "n{n}":{n}.0' for n in some)
            file.write(("{" + ",".join(values) + "}" + ("\r\n" if some[0] % 2 else "\n")).encode())
    why = ("--restore", "--reason", "bench", "--audit", "audit")
    assert redact(folder, "in", "hidden", "--nlp", "none", "--policy", "policy.yaml") == 0
    same = redact(folder, "hidden", "back", *why) == 0
    same = same and all(one == two for one, two in _pieces(folder / "in", folder / "back"))
    hidden = (folder / "hidden").read_bytes()

    def another(token: "re.Match[bytes]") -> bytes:
        place = token.start() * 31 % (len(token[0]) - 11) + 10  # behind the id of the key
        digit = token[0][place : place + 1]
        return token[0][:place] + (b"a" if digit != b"a" else b"b") + token[0][place + 1 :]

    changed, tokens = re.subn(rb"(?<=!)1[a-z2-7]{40,}", another, hidden)
    (folder / "changed").write_bytes(changed)
    status = redact(folder, "changed", "left", *why, "--stats", "json", "--stats-file", "stats")
    refused: int = json.loads((folder / "stats").read_text())["left"]["changed"]
    kept = all(one == two for one, two in _pieces(folder / "changed", folder / "left"))
    return same, tokens, refused if status == 3 and kept else 0


def main(
    rows: Iterable[Row] = ROWS, people: int = 1_000_000, fields: int = 200_000, of_each_kind: int = 0
) -> int:
    """Print all of it; the exit status. Kinds of values are not gone through if there is none `of_each_kind`."""
    missed = table(rows)

    def told(what: str, asked: str, got: str, good: bool) -> None:
        nonlocal missed
        missed += not good
        print(f"{'ok' if good else 'MISS':5} {what}: asked {asked}, got {got}", flush=True)

    if of_each_kind:
        took = every(of_each_kind)
        mean, worst = sum(took.values()) / len(took), max(took, key=took.__getitem__)
        told(
            f"a stand-in, by all {len(took)} kinds of the leak test",
            f"less than {ASKED:g} us",
            f"{mean:.2f} in the mean, {took[worst]:.2f} for {worst}",
            took[worst] < ASKED,
        )
    with TemporaryDirectory() as name:
        folder = Path(name)
        run(
            [ROOT / "bin" / "cecil-redact", "--quiet", "--new-key", "key"],
            cwd=folder,
            check=True,
            stderr=DEVNULL,
        )
        differ, shared, there, stable = consistent(folder, people)
        told(f"{people:,} e-mail addresses, two runs and orders", "0 differ", f"{differ} differ", not differ)
        told("stand-ins that two of them share", "0", f"{shared}", not shared)
        told("stand-ins that are one of them", "0", f"{there}", not there)
        told("a run over the output", "no byte changed", "none" if stable else "some", stable)
        same, tokens, refused = restored(folder, fields)
        told(
            f"{2 * fields:,} fields encrypted and restored", "same bytes", "same" if same else "others", same
        )
        told("changed tokens refused", f"{tokens:,}", f"{refused:,}", 0 < tokens == refused)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(of_each_kind=300))
