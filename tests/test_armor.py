"""Private keys over several lines of text: none of their lines goes on, wherever blocks end, and no other goes."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.sanitizer.armor import Inside, Keeper, follow
from cecil.sanitizer.blocks import BlockFilter, Outcome
from cecil.sanitizer.keyring import Keyring
from cecil.stream.lines import Block
from tests import planting
from tests.conftest import Run, build_sanitizer, examples, with_commands

GONE = "<PRIVATE_KEY>"
BODY = [f"MIIEvQIBADAN{i}" + "Abc/Def+" * 6 for i in range(3)]
FORMS = ("auto", "text")
SEEDS = st.integers(0, 2**48)


def begin(kind: str = "PRIVATE KEY") -> str:
    return f"-----BEGIN {kind}-----"


def end(kind: str = "PRIVATE KEY") -> str:
    return f"-----END {kind}-----"


KEYS: dict[str, list[str]] = {
    "pkcs8": [begin(), *BODY, end()],
    "encrypted": [begin("ENCRYPTED PRIVATE KEY"), *BODY, "Ab==", end("ENCRYPTED PRIVATE KEY")],
    "rsa": [
        begin("RSA PRIVATE KEY"), "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,00FF", "", *BODY, "1234",
        end("RSA PRIVATE KEY"),
    ],
    "ec": [begin("EC PRIVATE KEY"), BODY[0], end("EC PRIVATE KEY")],
    "openssh": [begin("OPENSSH PRIVATE KEY"), *BODY, "A" * 70, "AAAA", end("OPENSSH PRIVATE KEY")],
    "pgp": [
        begin("PGP PRIVATE KEY BLOCK"), "Version: Any 1.0", "Comment: of nobody", "", *BODY, "Ab1c", "=xYz1",
        end("PGP PRIVATE KEY BLOCK"),
    ],
    "openvpn": [
        begin("OpenVPN Static key V1"), "6e340b9cffb37a989ca544e6bb780a2c", "78901d3fb33738768511a30617afa01d",
        end("OpenVPN Static key V1"),
    ],
    "tls-crypt-v2": [
        begin("OpenVPN tls-crypt-v2 client key"), *BODY, end("OpenVPN tls-crypt-v2 client key"),
    ],
    "ssh2": [
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "Comment: of nobody", *BODY, "Ab==",
        "---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    ],
}  # fmt: skip
KINDS = {"openvpn": "openvpn-key", "tls-crypt-v2": "openvpn-key", "ssh2": "ssh2-key"}
PUTTY = [
    "PuTTY-User-Key-File-3: ssh-ed25519", "Encryption: none", "Comment: any", "Public-Lines: 2", "AAAAC3NzaC1lZDI1",
    "NTE5AAAA", "Private-Lines: 2", BODY[0], "Ab1=", "Private-MAC: 00ff00ff",
]  # fmt: skip
PREFIXES = [
    "", "    ", "> ", "// ", "2026-01-02T10:00:0{n}.12{n}Z ", "2026-01-02 10:0{n}:00 INFO [main] c.e.Job - ",
    "web_1  | ", "\x1b[36mweb_1  |\x1b[0m ", "key.pem:{n}:", "  {n}\t", "é ",
]  # fmt: skip


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


def judged(sanitizer: Sanitizer, text: str, form: str = "auto") -> Outcome:
    """One block, by both ways; a second run changes nothing."""
    judge = BlockFilter(sanitizer, form, collect=True)
    outcome = judge.judge(text.encode())
    assert outcome == judge.judge_one_by_one(text.encode())
    assert judge.judge(outcome.data).data == outcome.data
    assert not outcome.refused
    assert outcome.written == len(text.splitlines())
    return outcome


def keys(outcome: Outcome) -> list[int]:
    """The lines in which keys were found."""
    return [line for line, one in outcome.findings if one.entity == "PRIVATE_KEY"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", KEYS)
def test_a_key(default: Sanitizer, name: str, prefix: str, form: str) -> None:
    before = [prefix.replace("{n}", str(n)) for n in range(len(KEYS[name]))]
    lines = [first + line for first, line in zip(before, KEYS[name], strict=True)]
    outcome = judged(default, "\n".join(["a line", *lines, "mail bob@example.com", ""]), form)
    gone = [first + (GONE if line else "") for first, line in zip(before, KEYS[name], strict=True)]
    assert outcome.data.decode().split("\n") == ["a line", *gone, "mail <EMAIL_ADDRESS>", ""]
    assert outcome.found == {"PRIVATE_KEY": 1, "EMAIL_ADDRESS": 1}
    line, one = outcome.findings[0]
    assert (line, one.score, one.detector, one.action) == (
        1,
        1.0,
        f"secret:{KINDS.get(name, 'private-key')}",
        "redact",
    )
    assert lines[0][one.start : one.end] == KEYS[name][0]


@pytest.mark.parametrize(
    ("wrap", "gone"),
    [
        ("{}\r", "<PRIVATE_KEY>\r"),
        ('    "{}\\n" +', '    "<PRIVATE_KEY>\\n" +'),
        ("'{}',", "'<PRIVATE_KEY>',"),
        ("\x1b[31m{}\x1b[0m", "\x1b[31m<PRIVATE_KEY>\x1b[0m"),
        ('level=info msg="{}"', 'level=info msg="<PRIVATE_KEY>"'),
    ],
)
def test_what_stands_around_its_lines_stays(default: Sanitizer, wrap: str, gone: str) -> None:
    lines = [wrap.replace("{}", line) for line in KEYS["encrypted"]]
    assert judged(default, "\n".join(lines)).data.decode() == "\n".join([gone] * len(lines))


def test_the_prefix_is_judged_too(default: Sanitizer) -> None:
    lines = [f"bob@example.com é: {line}" for line in KEYS["ec"]]
    lines[-1] += " to ann@example.com"
    outcome = judged(default, "\n".join(lines))
    gone = f"<EMAIL_ADDRESS> é: {GONE}"
    assert outcome.data.decode() == "\n".join([gone, gone, f"{gone} to <EMAIL_ADDRESS>"])
    assert outcome.found == {"PRIVATE_KEY": 1, "EMAIL_ADDRESS": 4}
    places = [(number, lines[number][one.start : one.end]) for number, one in outcome.findings]
    mail = "bob@example.com"
    assert places == [(0, mail), (0, KEYS["ec"][0]), (1, mail), (2, mail), (2, "ann@example.com")]


def test_the_first_line_alone_has_words_before_it(default: Sanitizer) -> None:
    first, *rest = KEYS["pkcs8"]
    lines = [f"2026-01-02 INFO the key is {first}", *rest]
    assert judged(default, "\n".join(lines)).data.decode().split("\n") == [
        f"2026-01-02 INFO the key is {GONE}",
        *[GONE] * len(rest),
    ]
    lines = [f"2026-01-02 INFO the key is {first}{BODY[0]}", f"2026-01-02 INFO {BODY[1]}{end()} and more"]
    assert judged(default, "\n".join(lines)).data.decode().split("\n") == [
        f"2026-01-02 INFO the key is {GONE}",
        f"2026-01-02 INFO {GONE} and more",
    ]
    only = f"{begin()}\n{BODY[0]}{end()}\nmore"
    assert judged(default, only).data.decode() == f"{GONE}\n{GONE}\nmore"


def test_a_key_of_putty(default: Sanitizer) -> None:
    outcome = judged(default, "\n".join([*PUTTY, BODY[1]]))
    assert outcome.data.decode().split("\n") == [*PUTTY[:7], GONE, GONE, PUTTY[-1], BODY[1]]
    assert [(line, one.detector) for line, one in outcome.findings] == [(7, "secret:putty-key")]
    assert judged(default, "Private-Lines: 0\nx").found == {}


def test_several_keys(default: Sanitizer) -> None:
    """One behind the other, without a line break between them, without an end, and behind a certificate."""
    one, two = KEYS["ec"], KEYS["rsa"]
    assert keys(judged(default, "\n".join([*one, *two]))) == [0, 3]
    joined = [*one[:-1], one[-1] + two[0], *two[1:]]
    outcome = judged(default, "\n".join(joined))
    assert keys(outcome) == [0, 2]
    assert outcome.data.decode().split("\n")[:3] == [GONE, GONE, GONE + GONE]
    assert not [line for line in BODY if line.encode() in outcome.data]
    outcome = judged(default, "\n".join([*one[:-1], *two[:-1], *CERTIFICATE]))
    assert keys(outcome) == [0, 2]
    assert outcome.data.decode().split("\n")[-5:] == CERTIFICATE
    outcome = judged(default, "\n".join([*one[:-1], one[-1] + CERTIFICATE[0], *CERTIFICATE[1:]]))
    assert outcome.data.decode().split("\n")[2:] == [GONE + CERTIFICATE[0], *CERTIFICATE[1:]]
    outcome = judged(default, "\n".join([begin(), end() + begin(), *BODY]))
    assert outcome.data.decode().split("\n") == [begin(), end() + GONE, GONE, GONE, GONE]
    outcome = judged(default, "\n".join([begin(), begin() + BODY[0] + end(), BODY[1]]))
    assert outcome.data.decode().split("\n") == [begin(), GONE, BODY[1]]


def test_a_key_of_any_length_and_without_an_end(default: Sanitizer) -> None:
    outcome = judged(default, "\n".join([begin(), *BODY * 1000, "and a line of words"]))
    assert outcome.data.decode() == (GONE + "\n") * 3001 + "and a line of words"
    assert keys(outcome) == [0]


def test_others_write_in_between(default: Sanitizer) -> None:
    """Into the same log, lines of text and records; what is theirs stays."""
    others = ['{"level":"info","m":"to bob@example.com"}', "INFO done", "", "[12:00] ok", "----- next -----"]
    for number, other in enumerate(others):
        lines = [line for one in KEYS["rsa"] for line in (one, other)]
        new = judged(default, "\n".join(lines)).data.decode().split("\n")
        assert not {*lines[::2]} & {*BODY, "DEK-Info"} & {*new}
        assert new[1::2] == [other.replace("bob@example.com", "<EMAIL_ADDRESS>")] * len(KEYS["rsa"]), number
    for count in (8, 9):  # then nobody takes it for the same key any more
        text = "\n".join([begin(), BODY[0], *["a line"] * count, BODY[1]])
        assert (BODY[1].encode() in judged(default, text).data) == (count > 8)


CERTIFICATE = [begin("CERTIFICATE"), *BODY, end("CERTIFICATE")]


@pytest.mark.parametrize(
    "lines",
    [
        CERTIFICATE,
        [begin("PUBLIC KEY"), *BODY, end("PUBLIC KEY")],
        [begin("RSA PUBLIC KEY"), *BODY, end("RSA PUBLIC KEY")],
        [begin("PGP PUBLIC KEY BLOCK"), "Version: 1", "", *BODY, "=xYz1", end("PGP PUBLIC KEY BLOCK")],
        [begin("CERTIFICATE REQUEST"), *BODY, end("CERTIFICATE REQUEST")],
        [begin()],
        [begin(), end()],
        [begin(), "", "Version: 17", "", end()],
        [begin(), "INFO done", "", "ok", "1234", "INFO /usr/local/lib/python3/site/packages/any", "x" * 40],
        [begin(), *["INFO one line of many"] * 20, BODY[0]],
        [f"expected {begin()} and got nothing", BODY[0]],
        ["2026-01-02 INFO " + begin(), "2026-01-02 INFO job " + BODY[0], "commit " + "0a1b2c3d" * 5],
        [begin(), *["Version: 17"] * 400, BODY[0] * 0 + "no key"],
        [*BODY, end()],
        ["Private-Lines: 12 of them", "Public-Lines: 3", BODY[0]],
        ["no PRIVATE KEY here", BODY[0]],
        ["---- BEGIN SSH2 PUBLIC KEY ----", "Comment: of nobody", *BODY, "---- END SSH2 PUBLIC KEY ----"],
        [begin("OpenVPN Static key V1"), "and a line of words", "0a1b2c3d" * 5],
        ["OpenVPN 2.6.8 x86_64-pc-linux-gnu", "0a1b2c3d" * 4],
        [begin(), "0a1b2c3d" * 4],
    ],
    ids=range(20),
)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_key(default: Sanitizer, lines: list[str], form: str) -> None:
    text = "\n".join([*lines, ""])
    outcome = judged(default, text, form)
    assert outcome.data.decode() == text
    assert outcome.found == {}


def test_what_a_policy_says(default: Sanitizer) -> None:
    text = "\n".join([*KEYS["ec"], ""])

    def by(policy: str) -> Outcome:
        rules = Policy.parse(f"version: 1\n{policy}".encode(), "p.yaml")
        made = build_sanitizer(rules, key=Keyring(b"k" * 32))
        return BlockFilter(made, collect=True).judge(text.encode())

    assert BODY[0].encode() in by("entities: {PRIVATE_KEY: keep, SECRET: keep}").data
    masked = by("entities: {PRIVATE_KEY: mask}")
    assert masked.data.decode() == "".join("*" * len(line) + "\n" for line in KEYS["ec"])
    assert [one.action for _, one in masked.findings] == ["mask"]
    tokens = by("entities: {PRIVATE_KEY: hash}").data.decode().splitlines()
    assert len({*tokens}) == 3 and all(one.startswith("<PRIVATE_KEY#") for one in tokens)
    strict = by("strategy: strict")
    assert (strict.data, len(strict.refused)) == (b"", 3)
    # Records alone: no text goes on that could hold one.
    records = BlockFilter(default, "jsonl")
    block = Block(text.encode(), 1)
    assert records.keeper().add(block) == (block, None)
    assert len(records.judge(block.data).refused) == 3


def test_a_line_of_a_key_that_cannot_be_read(default: Sanitizer) -> None:
    data = b"\n".join(b"\xff: " + line.encode() for line in KEYS["ec"])
    outcome = BlockFilter(default, collect=True).judge(data)
    assert (outcome.data, outcome.found) == (b"", {})
    assert [one.line for one in outcome.refused] == [0, 1, 2]


def test_near_misses_are_told_of_its_lines_too() -> None:
    explaining = build_sanitizer(explain=True)
    lines = [f"card 4111111111111112 {line}" for line in KEYS["ec"]]
    outcome = BlockFilter(explaining, collect=True).judge("\n".join(lines).encode())
    assert keys(outcome) == [0]
    assert {line for line, _ in outcome.misses} == {0, 1, 2}


# Where blocks end.

UNREAD = "\xff"
"""A line that is no UTF-8 goes to quarantine, so that a second run sees another log."""


def mixed(chance: Random, form: str | None) -> bytes:
    """Keys, pieces of keys, what is like them, and lines of a log, where a form is given."""
    lines: list[bytes] = []
    for _ in range(chance.randrange(1, 7)):
        key = chance.choice([*KEYS.values(), PUTTY, CERTIFICATE])
        prefix = chance.choice(PREFIXES)
        first = chance.choice((0, 0, chance.randrange(len(key))))
        last = chance.choice((len(key), chance.randrange(len(key) + 1)))
        for number, line in enumerate(key[first:last]):
            lines.append((prefix.replace("{n}", str(number)) + line).encode())
            if chance.random() < 0.1:
                other = [
                    "",
                    "INFO done",
                    '{"m":"bob@example.com"}',
                    "Version: 17",
                    "ok",
                    "   ",
                    end(),
                    UNREAD,
                ]
                other.remove("" if form else UNREAD)
                lines += [chance.choice(other).encode("latin-1")] * chance.choice((1, 1, 2, 9))
        if form and chance.random() < 0.4:
            lines += planting.block(chance, form).splitlines()
    if chance.random() < 0.2:
        lines = [line.replace(b"\r", b"") for line in lines]
    ending = chance.choice((b"\n", b"\n", b"\r\n"))
    return ending.join(lines) + chance.choice((b"", ending))


def cut(data: bytes, chance: Random) -> Iterator[Block]:
    """Blocks of whole lines."""
    lines = Block(data, 1).lines()
    at = 0
    while at < len(lines):
        count = chance.choice((1, 1, 2, 3, 10))
        yield Block(b"".join(lines[at : at + count]), at + 1)
        at += count


@pytest.mark.parametrize("form", FORMS)
def test_where_blocks_end_changes_nothing(form: str, default: Sanitizer) -> None:
    judge = BlockFilter(default, form, collect=True)

    @examples(60)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        chance = Random(seed)
        data = mixed(chance, form)
        whole = judge.judge_one_by_one(data)
        assert judge.judge(data) == whole
        keeper, new, findings, refused = judge.keeper(), b"", [], []
        came: list[tuple[Block, Inside | None]] = []
        for block in cut(data, chance):
            kept = keeper.add(block)
            came += [kept] if kept else []
        rest = keeper.rest()
        came += [(rest, None)] if rest else []
        assert b"".join(block.data for block, _ in came) == data
        for block, inside in came:
            outcome = judge.judge(block.data, inside)
            assert outcome == judge.judge_one_by_one(block.data, inside)
            new += outcome.data
            findings += [(block.first - 1 + line, one) for line, one in outcome.findings]
            refused += [(block.first - 1 + one.line, one.reason) for one in outcome.refused]
        assert new == whole.data
        assert findings == whole.findings
        assert refused == [(one.line, one.reason) for one in whole.refused]

    holds()


def test_a_second_run_changes_nothing(default: Sanitizer) -> None:
    """Where every line goes on; who sees others sees another log."""
    judge = BlockFilter(default)

    @examples(100)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        data = mixed(Random(seed), None)
        once = judge.judge(data).data
        assert judge.judge(once).data == once

    holds()


def test_what_waits_is_bounded() -> None:
    """The line that begins a key waits, and headers and blanks behind it, up to a size; no other line does."""
    keeper = BlockFilter(build_sanitizer()).keeper()

    def added(text: str) -> int:
        kept = keeper.add(Block(text.encode(), 1))
        return len(kept[0].data) if kept else 0

    assert added("a line\n") == 7
    assert added(f"a line\n{begin()}\n") == 7
    assert added("INFO done\n") == len(begin()) + 11
    assert added(BODY[0] + "\n") == 62
    assert added(BODY[0] + "\n") == 62
    assert added(begin() + "\n") == added("\n") == added("Version: 17\n") == 0
    assert added("\n" * 5000) == len(begin()) + 5014
    assert added(begin() + "\n") == 0
    assert added("Comment: " + "x" * 5000 + "\n") == len(begin()) + 5011
    assert added(f"{'x' * 5000} {begin()}\n") == 5029
    assert keeper.rest() is None
    assert added(begin()) == 0
    rest = keeper.rest()
    assert rest and rest.data == begin().encode()
    assert added(BODY[0] + "\n") == 62  # and what comes now is judged as behind it


LONG = {
    "letters": "a",
    "base64": "aA1",
    "pieces": "A" * 16 + " ",
    "words": "abc ",
    "begins": begin(),
    "lines that begin one": begin() + "\n",
    "ends": end(),
    "quotes": '"',
    "letters and quotes": 'a"',
    "backslashes": "\\",
    "line breaks": "\n",
    "spelt out": "\\n",
    "blanks": " ",
    "equal signs": "=",
    "dashes": "-",
    "lines of putty": "Private-Lines: 1",
    "lines of a key": BODY[0] + "\n",
    "headers": "Version: 17\n",
    "colours": "\x1b[0m",
    "begun and left": begin() + "\n" + "x\n" * 8,
}


@pytest.mark.parametrize("unit", LONG)
def test_no_input_is_slow(unit: str) -> None:
    """A megabyte takes less than a second; a tenth of it would take many were it not linear."""
    from tests.test_linear import bounded

    data = LONG[unit].encode() * (100_000 // len(LONG[unit]))
    with bounded(20):
        for text in (data, f"{begin()}\n".encode() + data + b"!"):
            for inside in (None, Inside(seen=True, full=True)):
                followed = follow(text, inside, lambda line: None)
                assert followed.cut == len(text)
                keeper = Keeper(lambda line: None)
                assert sum(len(kept[0].data) for kept in [keeper.add(Block(text, 1))] if kept) <= len(text)


# The command.

LINES = ["a line", *KEYS["rsa"], "to bob@example.com", *(f"web_1 | {line}" for line in KEYS["pgp"]), "a line"]
TEXT = "\n".join([*LINES, ""]) * 3


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_same_for_every_number_of_workers_and_every_chunking(
    form: str, cecil: Run, tmp_path: Path, env: dict[str, str]
) -> None:
    seen = []
    data = ("x" * 100 + "\n") * 8_000 + TEXT * 3
    (tmp_path / "large").write_text(data)
    for jobs in "13":
        run = cecil(
            "redact", "--nlp", "none", "--format", form, "-j", jobs, "--audit", f"audit{jobs}", "--stats", "json",
            "large",
        )  # fmt: skip
        assert run.returncode == 0
        rows = [json.loads(row) for row in (tmp_path / f"audit{jobs}").read_bytes().splitlines()]
        seen.append((run.stdout, json.loads(run.stderr.splitlines()[-1])["findings"], rows))
    assert seen[0] == seen[1]
    assert not [line for line in BODY if line.encode() in seen[0][0]]
    assert seen[0][1] == {"PRIVATE_KEY": 18, "EMAIL_ADDRESS": 9}
    assert [row["line"] - 8_000 for row in seen[0][2][:3]] == [2, 11, 12]
    assert len(seen[0][0].splitlines()) == len(data.splitlines())
    expected = cecil("redact", "--nlp", "none", "--format", form, stdin=TEXT.encode()).stdout
    for size in (1, 50):
        process = started(tmp_path, env, "-j", "1" if size < 50 else "2", "--format", form)
        assert process.stdin
        for start in range(0, len(TEXT), size):
            process.stdin.write(TEXT[start : start + size].encode())
        assert process.communicate()[0] == expected


@pytest.fixture
def env(env: dict[str, str], launchers: Path) -> dict[str, str]:
    return with_commands(launchers, env)


def started(folder: Path, env: dict[str, str], *options: str) -> Any:
    return subprocess.Popen(
        ["cecil-redact", "--nlp", "none", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env=env,
        bufsize=0,
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_pipe_that_pauses_in_a_key(jobs: str, tmp_path: Path, env: dict[str, str]) -> None:
    """Every line leaves as soon as it is known what it is; what the end leaves open goes out redacted."""
    process = started(tmp_path, env, "-j", jobs)
    for line, out in [
        ("a line\n", ["a line"]),
        (begin() + "\n", []),
        (BODY[0] + "\n", [GONE, GONE]),
        (BODY[1] + "\n", [GONE]),
        ("INFO done\n", ["INFO done"]),
        (BODY[2] + "\n", [GONE]),
        (begin() + "\n", []),
        ("INFO done\n", [begin(), "INFO done"]),
        (BODY[0], []),
    ]:
        process.stdin.write(line.encode())
        assert [process.stdout.readline().decode().rstrip("\n") for _ in out] == out
    assert process.communicate(timeout=60)[0].decode() == GONE
    assert process.returncode == 0


def test_what_comes_between(cecil: Run, tmp_path: Path) -> None:
    """A line that is too long, the end of a file and what was cut: nothing is lost, nor out of its order."""
    (tmp_path / "one").write_text("\n".join(["a line", begin()]))
    (tmp_path / "two").write_text("\n".join([BODY[0], begin(), "y" * 3000, BODY[1], end(), "a line"]))
    (tmp_path / "none").write_text("\ufeff" + begin() + "\n")
    run = cecil(
        "redact", "--nlp", "none", "--max-record", "2000", "--quarantine", "q", "--stats", "json",
        "one", "two", "none", "one",
    )  # fmt: skip
    assert run.returncode == 3
    new = ["a line", begin(), BODY[0], begin(), GONE, GONE, "a line", "\ufeff" + begin(), "a line", begin()]
    assert run.stdout.decode().split("\n") == new
    stats = json.loads(run.stderr.splitlines()[-1])
    assert (stats["read"], stats["written"], stats["findings"]) == (11, 10, {"PRIVATE_KEY": 1})
    assert [json.loads(row)["line"] for row in (tmp_path / "q").read_bytes().splitlines()] == [3]


def test_check_and_explain(cecil: Run) -> None:
    done = cecil("redact", "--nlp", "none", "--check", stdin=TEXT.encode())
    assert done.returncode == 4
    assert done.stdout.startswith(b"<stdin>:2: PRIVATE_KEY (secret:private-key, 1.00)\n")
    assert done.stdout.count(b"PRIVATE_KEY") == 6
    done = cecil("redact", "--nlp", "none", "--explain", "--json", stdin=TEXT.encode())
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    found = [row["line"] for row in rows if row["entity"] == "PRIVATE_KEY"]
    count = len(LINES)
    assert found == [first + count * n for n in range(3) for first in (2, 3 + len(KEYS["rsa"]))]
