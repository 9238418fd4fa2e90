"""What a policy says of keys' names, `keys: {add, silence}`; and the digest of what a run looks for."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.commands.redact import _sanitizer, parser
from cecil.errors import PolicyError
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.keys import DEFAULT, Vocabulary
from tests.conftest import Run, build_sanitizer

TEXT = """\
version: 1
entities: {DATE_TIME: keep, URL: keep, UUID: keep, PRIVATE_IP: keep, BADGE: {action: mask, keep_last: 2}}
keys:
  add:
    STAFF_ID: [staff-no, Personalnummer, "код сотрудника"]
    BADGE: [badge]
    SECRET: [doorWord]
  silence: [session-key, user name, otp, cookie]
"""
POLICY = Policy.parse(TEXT.encode(), "p.yaml")
TOKEN = "q7Rk2Lw9" + "Zt4Xv8Nb1M"


@pytest.fixture(scope="module")
def mine() -> Sanitizer:
    return build_sanitizer(POLICY)


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


def redacted(sanitizer: Sanitizer, record: Any) -> Any:
    return sanitizer.redact(record)[0]


@pytest.mark.parametrize(
    "record",
    [
        {"staff_no": "A-17"},
        {"staffNo": "A-17"},
        {"STAFF-NO": "A-17"},
        {"hr.staff.no": "A-17"},
        {"our_personalnummer_hash": "A-17"},
        {"staff": {"no": "A-17"}},
        {"staff": [{"no": "A-17"}]},
        {"personalnummer": "A-17"},
        {"код_сотрудника": "A-17"},
        {"name": "staff-no", "value": "A-17"},
        {"m": "staff_no=A-17"},
        {"m": 'sent {"staff_no": "A-17"} on'},
        {"m": json.dumps({"staff": {"no": "A-17"}})},
        {"door_word": "sesame-7"},
        {"m": "door_word: sesame-7"},
    ],
    ids=str,
)
def test_an_added_name(mine: Sanitizer, default: Sanitizer, record: Any) -> None:
    assert redacted(default, record) == record
    after = json.dumps(redacted(mine, record))
    assert "A-17" not in after and "sesame" not in after
    assert ("<SECRET>" if "sesame" in str(record) else "<STAFF_ID>") in after


def test_an_added_name_bears_its_action(mine: Sanitizer) -> None:
    assert redacted(mine, {"badge": "B-123456", "staffNo": 17, "x": 17}) == {
        "badge": "******56",
        "staffNo": None,
        "x": 17,
    }
    assert redacted(mine, redacted(mine, {"m": "staff_no=A-17"})) == {"m": "staff_no=<STAFF_ID>"}


@pytest.mark.parametrize(
    "record",
    [
        {"staff": "A-17"},
        {"no": "A-17"},
        {"staff_no_of_days": "A-17"},
        {"staff": {"size": {"no": "A-17"}}},
        {"no_staff": "A-17"},
        {"flagstaff_no": "A-17"},
        {"badger": "A-17"},
        {"badge_color": "A-17"},
        {"staff_no": "unknown"},
        {"staff_no": True},
        {"m": "staff no A-17"},
        {"m": "the badge was lost"},
    ],
    ids=str,
)
def test_near_an_added_name(mine: Sanitizer, record: Any) -> None:
    assert redacted(mine, record) == record


@pytest.mark.parametrize(
    "record",
    [
        {"session_key": "abc-17"},
        {"sessionKey": "abc-17"},
        {"old_session_key": "abc-17"},
        {"user_name": "Jo"},
        {"user": {"name": "Jo Example"}},
        {"otp": "123456"},
        {"m": "otp=hunter2"},
        {"m": f"session_key={TOKEN}"},
        {"m": f'{{"session_key": "{TOKEN}"}}'},
    ],
    ids=str,
)
def test_a_silenced_name(mine: Sanitizer, record: Any) -> None:
    assert redacted(mine, record) == record


@pytest.mark.parametrize(
    "record",
    [
        {"api_key": "abc-17"},
        {"key_of_session": {"password": "hunter2"}},
        {"otp_code": "123456"},
        {"patient": {"name": "Jo Example"}},
        {"session_key": "bob@example.com"},
        {"session_key": {"token": "abc-17"}},
        {"m": "api_key=abc-17-hunter"},
        {"m": f"secret_key={TOKEN}"},
    ],
    ids=str,
)
def test_near_a_silenced_name(mine: Sanitizer, record: Any) -> None:
    """It says nothing by itself; what stands there, beside or below it is judged as ever."""
    assert redacted(mine, record) != record


def test_what_is_silenced_was_found(default: Sanitizer) -> None:
    for record in (
        {"session_key": "abc-17"},
        {"user": {"name": "Jo Example"}},
        {"otp": "123456"},
        {"m": f"session_key={TOKEN}"},
    ):
        assert redacted(default, record) != record


HEAD = "version: 1\nkeys:\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 1\nkeys: [badge]", "p.yaml:2:7: keys is a mapping (key: value)"),
        (HEAD + "  added: {}", "p.yaml:3:3: unknown key added"),
        (HEAD + "  add: [badge]", "p.yaml:3:8: add is a mapping (key: value)"),
        (HEAD + "  add: {badge: [badge]}", "p.yaml:3:9: an entity's name is in capitals, as STAFF_ID"),
        (HEAD + "  add: {BADGE: badge}", "p.yaml:3:16: a list is wanted"),
        (HEAD + "  add: {BADGE: [{}]}", "p.yaml:3:17: a plain value is wanted"),
        (HEAD + "  add: {BADGE: [17]}", "p.yaml:3:17: a name is words, as staff-no"),
        (HEAD + "  add: {BADGE: ['']}", "p.yaml:3:17: a name is words, as staff-no"),
        (HEAD + "  add: {BADGE: [staff.no]}", "p.yaml:3:17: a name is words, as staff-no"),
        (HEAD + "  add: {BADGE: [a-b-c-d-e]}", "p.yaml:3:17: a name has at most 4 words"),
        (HEAD + "  add: {BADGE: [a-b, aB]}", "p.yaml:3:22: aB is there twice"),
        (HEAD + "  add: {BADGE: [a-b], STAFF: [A B]}", "p.yaml:3:31: A B is there twice"),
        (HEAD + "  add: {BADGE: [badge]}\n  silence: [BADGE]", "p.yaml:4:13: BADGE is there twice"),
        (HEAD + "  silence: badge", "p.yaml:3:12: a list is wanted"),
        (HEAD + "  silence: [a]\n  silence: [b]", "p.yaml:4:3: silence is there twice"),
    ],
)
def test_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text.encode(), "p.yaml")
    assert str(caught.value) == message


def test_an_entity_that_a_name_adds_can_be_named() -> None:
    assert POLICY.keys.silence == ("session-key", "user name", "otp", "cookie")
    wrong = TEXT.replace("BADGE: [badge]", "PASS: [badge]")
    with pytest.raises(PolicyError, match=r"p\.yaml:2:\d+: unknown entity BADGE"):
        Sanitizer(Policy.parse(wrong.encode(), "p.yaml"))


# --- the fast way sees them too

_NAMES = [
    "staff no",
    "Personalnummer",
    "badge",
    "door word",
    "код сотрудника",
    "session key",
    "otp",
    "api key",
]
_OTHERS = ["id", "level", "flagstaff", "badger", "count", "msg", "value", "hash", "no", "staff", "user"]


@st.composite
def _keys(draw: st.DrawFn) -> str:
    words = [*draw(st.sampled_from(_NAMES)).split(), *draw(st.lists(st.sampled_from(_OTHERS), max_size=2))]
    words = draw(st.permutations(words)) if draw(st.booleans()) else words
    how = draw(st.sampled_from(["_", "-", ".", " ", "", "camel", "1", "__"]))
    if how == "camel":
        return words[0] + "".join(word.title() for word in words[1:])
    return how.join(words)


_VALUES = st.sampled_from(["A-17", "nothing", 17, True, None, TOKEN, "x" * 50, "unknown"])
_KEYS_OR_NOT = st.one_of(_keys(), st.sampled_from(_OTHERS))
_RECORDS = st.recursive(
    _VALUES,
    lambda inner: st.one_of(st.dictionaries(_KEYS_OR_NOT, inner, max_size=3), st.lists(inner, max_size=2)),
    max_leaves=6,
).map(lambda value: value if isinstance(value, dict) else {"x": value})
_LINES = st.one_of(
    _RECORDS.map(json.dumps),
    _RECORDS.map(lambda record: json.dumps(record, ensure_ascii=False, separators=(",", ":"))),
    st.builds(lambda key, value: f"at {key}={value} ok", _KEYS_OR_NOT, _VALUES),
    st.builds(lambda record: json.dumps({"m": f"sent {json.dumps(record)}"}), _RECORDS),
)


@given(lines=st.lists(_LINES, min_size=1, max_size=6))
def test_blocks_and_lines_agree(mine: Sanitizer, lines: list[str]) -> None:
    judge = BlockFilter(mine, collect=True)
    block = "".join(f"{line}\n" for line in lines).encode()
    assert judge.judge(block) == judge.judge_one_by_one(block)


def test_the_fast_way_finds_them_among_other_lines(mine: Sanitizer) -> None:
    chance = random.Random(3)
    quiet = [f'{{"level":"info","n":{n},"session_key":"abc-{n}"}}' for n in range(200)]
    lines = [
        *quiet,
        '{"staffNo":"A-17"}',
        '{"staff":{"no":"A-17"}}',
        "staff_no=A-17",
        '{"код сотрудника":"A-17"}',
    ]
    chance.shuffle(lines)
    judge = BlockFilter(mine)
    outcome = judge.judge("\n".join(lines).encode())
    assert dict(outcome.found) == {"STAFF_ID": 4}
    assert b"A-17" not in outcome.data


def test_every_name_that_is_added_wakes() -> None:
    """Names made of what is looked through, of single letters, of the same word twice."""
    import hyperscan

    names = ["x", "kb-value", "gate-hash-raw", "badge-badge", "ma-no-pe-lu", "q-1", "hash-lo", "y-z"]
    vocabulary = Vocabulary({"BADGE": names})
    new = sorted(set(vocabulary.triggers()) - set(DEFAULT.triggers()))
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[trigger.regex.encode() for trigger in new],
        ids=list(range(len(new))),
        flags=[hyperscan.HS_FLAG_DOTALL] * len(new),
    )

    def wakes(line: str) -> bool:
        hits: list[int] = []
        database.scan(line.encode(), lambda *hit: hits.append(hit[0]))
        return bool(hits)

    for name in names:
        first, *rest = name.split("-")
        camel = first + "".join(map(str.title, rest))
        for key in ("_".join([first, *rest]), camel, f"my-{name}-2"):
            assert vocabulary.entity(key) == "BADGE"
            assert wakes(f'{{"{key}":"A-17"}}')
            assert wakes(f"{key} = A-17")


# --- the digest

OWN = b"recognizers:\n  - {name: T, supported_entity: T, deny_list: [xyz], supported_language: en}\n"


def test_whatever_is_looked_for_is_in_the_digest() -> None:
    """The same for the same wishes, in whatever order."""
    usual = Policy.built_in("default")
    made = [
        usual.with_more(*more)
        for more in (
            ((), (), b""),
            (["URL"], (), b""),
            (["UUID", "URL"], (), b""),
            ((), ["de"], b""),
            ((), ["de", "fr"], b""),
            ((), (), OWN),
            ((), (), OWN + b"\n"),
            (["URL"], ["de"], OWN),
        )
    ]
    assert made[0] is usual
    digests = [policy.digest for policy in made] + [POLICY.digest]
    assert len(set(digests)) == len(digests)
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)
    assert usual.with_more({"URL", "UUID"}, (), b"") == made[2]
    assert usual.with_more((), ("fr", "de"), b"") == made[4]
    assert (made[1].action("URL").name, made[3].action("URL").name) == ("redact", "keep")


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--entities", "URL"),
        ("--countries", "DE,uk"),
        ("--countries", "uk,de", "--recognizers", "own.yaml"),
    ],
    ids=str,
)
def test_the_digest_of_a_run(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In --stats and in the markers, as the options make it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cecil.sanitizer.finder.Scanner", lambda *groups, **more: None)  # nothing is compiled
    (tmp_path / "own.yaml").write_bytes(OWN)
    digest = _sanitizer(parser().parse(list(options))).policy.digest
    wanted = Policy.built_in("default").with_more(
        ["URL"] if "URL" in options else [],
        ["de", "uk"] if "--countries" in options else [],
        OWN if "--recognizers" in options else b"",
    )
    assert digest == wanted.digest


def test_the_digest_is_told(cecil: Run) -> None:
    markers = b'{"$cecil":{"begin":{"source":"x"}}}\n{"$cecil":{"end":{"records":0}}}\n'
    digests = set()
    for options in ((), ("--entities", "EMAIL_ADDRESS")):
        run = cecil("redact", "-q", "--markers", "--stats", "json", *options, stdin=markers)
        stats = json.loads(run.stderr)
        assert json.loads(run.stdout.splitlines()[0])["$cecil"]["begin"]["policy"] == stats["policy"]
        digests.add(stats["policy"])
    assert len(digests) == 2
