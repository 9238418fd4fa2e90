"""A policy's files: what they may say, what of it holds, and every way to be wrong."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.commands.misspelled import Misspelled
from cecil.commands.redact import main
from cecil.errors import CecilError, PolicyError, UsageError
from cecil.sanitizer import policy_file
from cecil.sanitizer.actions import KINDS, Action, Kind, Option
from cecil.sanitizer.paths import Matcher
from cecil.sanitizer.policy import Case, Condition, Keys, Listed, built_in_names
from cecil.sanitizer.policy_schema import schema
from cecil.sanitizer.policy_shown import scalar, shown
from cecil.sanitizer.reach import Rule, canonical, unreachable
from tests.conftest import ROOT, Run, build_sanitizer

WHOLE = """\
version: 1
extends: base.yaml
strategy: deep
default: mask
threshold: 0.5
thresholds: {PHONE_NUMBER: 0.6, US_SSN: 1}
countries: [DE, NO]
recognizers: lists/own.yaml
silence: ["presidio:UrlRecognizer"]
entities: {EMAIL_ADDRESS: {action: mask, keep_last: 2}, URL: keep}
fields: {user.id: {action: redact, entity: USER_ID}, "**.debug": drop, '"a.b"[0]': trust}
keys: {add: {STAFF_ID: [staff-no, badge]}, silence: [session-key]}
allow:
  - postmaster@example.com
  - {text: ACME, ignore_case: true, entity: ORGANIZATION}
  - {text: [A1, 17, A1]}
  - {regex: "TEST-[0-9]*"}
  - {file: lists/allowed.txt, ignore_case: false}
deny:
  - {text: Project Phoenix, entity: CODE_NAME}
  - {file: lists/allowed.txt, entity: CUSTOMER, ignore_case: true}
cases:
  - when: {path: service, equals: billing}
    entities: {URL: redact}
  - when:
      - {path: "**.n", equals: [1.0, 2, -3, 1e3, 1.5, true, "1.0", NO]}
      - {path: "items[*].id", matches: "^x"}
      - {path: user, exists: false}
    fields: {user: keep}
"""
FILES = {
    "p.yaml": WHOLE,
    "base.yaml": "version: 1\nstrategy: strict\nfields: {a: keep, user[id]: keep}\n".replace("[id]", ".id")
    + "keys: {add: {BADGE: [badge, gate]}, silence: [otp]}\nsilence: [key]\ncountries: [fr]\n"
    "allow: [x]\nthresholds: {URL: 0.1}\n"
    "cases: [{when: {path: a, exists: true}, fields: {b: drop}}]\n",
    "lists/own.yaml": "recognizers: []\n",
    "lists/allowed.txt": "\ufeff# values\r\nfoo\r\n\r\n bar \nfoo\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy of all files, in which the test runs."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, newline="")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parse(text: str | bytes, **more: Any) -> Policy:
    return Policy.parse(text.encode() if isinstance(text, str) else text, "p.yaml", **more)


def mistakes(call: Callable[[], object]) -> list[str]:
    """Every mistake that is told."""
    with pytest.raises(CecilError) as caught:
        call()
    assert all(type(one) is PolicyError for one in caught.value.others)
    return [str(one) for one in (caught.value, *caught.value.others)]


def what_holds(policy: Policy) -> dict[str, Any]:
    """A policy but for names, places and the digest."""
    found = policy._asdict()
    for key in ("name", "places", "digest", "origins"):
        del found[key]
    for key in ("allow", "deny"):
        found[key] = [one._replace(place="") for one in found[key]]
    return found


# --- what holds


def test_the_whole_form(folder: Path) -> None:
    policy = Policy.load("p.yaml")
    keep, drop = Action("keep"), Action("drop")
    assert (policy.name, policy.strategy, policy.threshold, policy.default) == (
        "p.yaml",
        "deep",
        0.5,
        Action("mask"),
    )
    assert policy.thresholds == {"URL": 0.1, "PHONE_NUMBER": 0.6, "US_SSN": 1}
    assert policy.countries == {"de", "no", "fr"}
    assert policy.silence == {"key", "presidio:UrlRecognizer"}
    assert (policy.recognizers, policy.recognizers_file) == (b"recognizers: []\n", "lists/own.yaml")
    assert policy.entities == {"EMAIL_ADDRESS": Action("mask", (("keep_last", 2),)), "URL": keep}
    # What is said anew stands last: the later one of two wins.
    assert policy.fields == (
        ("a", keep), ("user.id", Action("redact", (), "USER_ID")), ("**.debug", drop), ('"a.b"[0]', Action("trust")),
    )  # fmt: skip
    assert policy.keys == Keys(
        {"BADGE": ("gate",), "STAFF_ID": ("staff-no", "badge")}, ("otp", "session-key")
    )
    assert policy.allow == (
        Listed(("x",), None, False, None, "base.yaml:7:9"),
        Listed(("postmaster@example.com",), None, False, None, "p.yaml:14:5"),
        Listed(("ACME",), None, True, "ORGANIZATION", "p.yaml:15:5"),
        Listed(("A1", "17"), None, False, None, "p.yaml:16:5"),
        Listed((), "TEST-[0-9]*", False, None, "p.yaml:17:5"),
        Listed(("foo", "bar"), None, False, None, "p.yaml:18:5", "lists/allowed.txt"),
    )
    assert policy.deny == (
        Listed(("Project Phoenix",), None, False, "CODE_NAME", "p.yaml:20:5"),
        Listed(("foo", "bar"), None, True, "CUSTOMER", "p.yaml:21:5", "lists/allowed.txt"),
    )
    numbers = ("1", "2", "-3", "1000", "1.5", "true", "1.0", "NO")
    assert policy.cases == (
        Case((Condition("a", "exists", ("true",)),), {}, (("b", drop),)),
        Case((Condition("service", "equals", ("billing",)),), {"URL": Action("redact")}, ()),
        Case(
            (
                Condition("**.n", "equals", numbers),
                Condition("items[*].id", "matches", ("^x",)),
                Condition("user", "exists", ("false",)),
            ),
            {},
            (("user", keep),),
        ),
    )  # fmt: skip
    assert policy.origins[("threshold",)] == "p.yaml:5:12"
    assert policy.origins[("fields", "a")] == "base.yaml:3:10"
    assert policy.origins[("keys", "add", "STAFF_ID", "badge")] == "p.yaml:12:35"
    assert ("keys", "add", "BADGE", "badge") not in policy.origins
    assert policy.named == {"EMAIL_ADDRESS", "URL"}


def test_what_nobody_says() -> None:
    policy = parse("version: 1")
    assert (policy.strategy, policy.threshold, policy.default) == ("deep", 0.4, Action("redact"))
    assert (policy.entities, policy.fields, policy.keys, policy.origins) == ({}, (), Keys({}, ()), {})


@pytest.mark.parametrize(
    "text", ["\ufeffversion: 1\n", "version: 1\r\nstrategy: deep\r\n", "---\nversion: 1\n...\n"]
)
def test_spellings_of_yaml(text: str) -> None:
    assert parse(text).strategy == "deep"


def test_a_policy_that_extends_a_built_in_one() -> None:
    """Without a reader too; what it does not say is the other's."""
    default, mine = Policy.built_in("default"), parse("version: 1\nextends: default\nfields: {a: keep}")
    assert mine.entities == default.entities
    assert mine.fields == (*default.fields, ("a", Action("keep")))
    assert mine.name == "p.yaml"
    assert mine.digest != default.digest
    assert mine.origins[("entities", "URL")].startswith("default:")


def test_a_rule_for_the_same_place_takes_the_place_of_the_other(folder: Path) -> None:
    (folder / "base.yaml").write_text('version: 1\nfields: {"items[*].id": drop, "a.**.*": drop, b: drop}')
    policy = parse(
        'version: 1\nextends: base.yaml\nfields: {items.*."id": keep, "a.*.**": keep}', read=reads(folder)
    )
    assert policy.fields == (
        ("b", Action("drop")),
        ('items.*."id"', Action("keep")),
        ("a.*.**", Action("keep")),
    )


def reads(folder: Path) -> Callable[[str, str, int], tuple[str, bytes]]:
    """A reader of other files that is none of ours."""

    def read(path: str, beside: str, limit: int) -> tuple[str, bytes]:
        assert beside == "p.yaml"
        return path, (folder / path).read_bytes()[:limit]

    return read


def test_paths_are_relative_to_the_file_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "p.yaml").write_text("version: 1\nextends: b/q.yaml")
    (tmp_path / "a" / "b" / "q.yaml").write_text(
        "version: 1\nextends: ../r.yaml\nallow: [file: list.txt]".replace(
            "[file: list.txt]", "[{file: list.txt}]"
        )
    )
    (tmp_path / "a" / "r.yaml").write_text(f"version: 1\ndeny: [{{file: {tmp_path}/all.txt, entity: X}}]")
    (tmp_path / "a" / "b" / "list.txt").write_text("one")
    (tmp_path / "all.txt").write_text("two")
    monkeypatch.chdir(tmp_path)
    policy = Policy.load("a/p.yaml")
    assert [one.file for one in (*policy.allow, *policy.deny)] == ["a/b/list.txt", f"{tmp_path}/all.txt"]
    assert policy.deny[0].place == "a/r.yaml:2:8"


def test_a_policy_by_name_or_path(folder: Path) -> None:
    assert Policy.load("default") == Policy.built_in("default")
    (folder / "default").write_text("version: 1")
    (folder / "mine").write_text("version: 1")
    assert Policy.load("default").name == "default"
    assert Policy.load("default").entities
    assert not Policy.load("./default").entities
    assert Policy.load("mine").name == "mine"
    assert mistakes(lambda: Policy.load("nope")) == ["no policy nope"]
    assert mistakes(lambda: Policy.load("nope.yaml")) == ["nope.yaml: no such file or directory"]
    (folder / "big.yaml").write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(UsageError, match=r"^big.yaml: too large"):
        Policy.load("big.yaml")


# --- the digest


def sha(*data: str) -> str:
    made = [hashlib.sha256(one.encode()).hexdigest() for one in data]
    return "sha256:" + (
        made[0]
        if len(made) == 1
        else hashlib.sha256("".join(f"{one}\n" for one in made).encode()).hexdigest()
    )


def test_the_digest_is_of_all_files(folder: Path) -> None:
    """That of the file where there is one, which `sha256sum` gives too; wherever they stand."""
    assert parse("version: 1").digest == sha("version: 1")
    own, values = FILES["lists/own.yaml"], FILES["lists/allowed.txt"]
    first = Policy.load("p.yaml").digest
    assert first == sha(FILES["base.yaml"], WHOLE, own, values, values)
    seen = {first}
    for name in FILES:
        with (folder / name).open("a") as file:
            file.write("\n# more\n")
        seen.add(Policy.load("p.yaml").digest)
    assert len(seen) == 1 + len(FILES)


# --- what is wrong

V = "version: 1\n"
WRONG = [
    ("", ["p.yaml: empty; a policy begins with version: 1"]),
    ("# nothing", ["p.yaml: empty; a policy begins with version: 1"]),
    ("strategy: deep", ["p.yaml: version: 1 is missing"]),
    ("[version]", ["p.yaml:1:1: a policy is a mapping (key: value)"]),
    ("version: 2\nfeilds: {}", ["p.yaml:1:10: unknown version", "p.yaml:2:1: unknown key feilds"]),
    ("version: '1'", ["p.yaml:1:10: unknown version"]),
    ("version: [1]", ["p.yaml:1:10: unknown version"]),
    # YAML
    (V + "fields: {a: b: c", ["p.yaml:2:14: not valid YAML"]),
    (V + "fields:\n\ta: keep", ["p.yaml:3:1: not valid YAML"]),
    (V + "fields: &x {}", ["p.yaml:2:9: anchors and aliases are not read"]),
    (V + "fields: *x", ["p.yaml:2:9: anchors and aliases are not read"]),
    (V + "fields: !!python/object:os.system {}", ["p.yaml:2:9: tags are not read"]),
    (V + "<<: {strategy: deep}", ["p.yaml:2:1: unknown key"]),
    (V + "---\nversion: 1", ["p.yaml:2:1: a second document; one file is one"]),
    (V + "fields: " + "[" * 100_000, ["p.yaml:2:40: nested too deep"]),
    (V + "fields: " + "{a: " * 100, ["p.yaml:2:130: nested too deep"]),
    (V + "fields: \0", ["p.yaml:2: a character that YAML does not allow"]),
    (b"version: 1\n\xff", ["p.yaml:2: not valid UTF-8"]),
    # scalars
    (V + "feilds: {}", ["p.yaml:2:1: unknown key feilds"]),
    (V + "bob@example.com: {}", ["p.yaml:2:1: unknown key"]),
    (V + "[a]: b", ["p.yaml:2:1: a plain value is wanted"]),
    (V + "strategy: loose", ["p.yaml:2:11: unknown strategy loose"]),
    (V + "strategy: not one of ours", ["p.yaml:2:11: unknown strategy"]),
    (V + "strategy:", ["p.yaml:2:10: there is nothing here"]),
    (V + "strategy: Null", ["p.yaml:2:11: there is nothing here"]),
    (V + "strategy: deep\nstrategy: deep", ["p.yaml:3:1: strategy is there twice"]),
    *((V + f"threshold: {wrong}", ["p.yaml:2:12: threshold is a number from 0 to 1"])
      for wrong in ("high", "nan", ".inf", "-0.1", "1.01", "'0.4'", "0_1", "1e9999", "0x1")),
    (V + "thresholds: {URL: 2, url: 0.1}", ["p.yaml:2:19: a threshold is a number from 0 to 1", "p.yaml:2:22: an entity's name is in capitals, as EMAIL_ADDRESS"]),
    (V + "countries: de", ["p.yaml:2:12: countries is a list"]),
    (V + "countries: [de, deu]", ["p.yaml:2:17: two letters a country are wanted, as de"]),
    (V + "silence: [a b]", ["p.yaml:2:11: the name of a detector is wanted"]),
    # actions
    (V + "default: remove", ["p.yaml:2:10: unknown action remove"]),
    (V + "default: trust", ["p.yaml:2:10: trust is for fields only"]),
    (V + "entities: [URL]", ["p.yaml:2:11: entities is a mapping (key: value)"]),
    (V + "entities:\n  url: keep\n  URL: kep", ["p.yaml:3:3: an entity's name is in capitals, as EMAIL_ADDRESS", "p.yaml:4:8: unknown action kep"]),
    (V + "entities: {URL: {action: mask, entity: X}}", ["p.yaml:2:32: mask has no option entity"]),
    (V + "fields:\n  a: {keep_last: 4}", ["p.yaml:3:6: action is missing"]),
    (V + "fields: {a: {action: redact, keep_last: 4}}", ["p.yaml:2:30: redact has no option keep_last"]),
    (V + "fields: {a: {action: mask, keep_last: -1, star: [x], entity: x}}",
     ["p.yaml:2:39: keep_last is a whole number from 0 to 64", "p.yaml:2:49: a plain value is wanted",
      "p.yaml:2:62: an entity's name is in capitals, as USER_ID"]),
    *((V + f"fields: {{a: {{action: mask, keep_last: {wrong}}}}}", ["p.yaml:2:39: keep_last is a whole number from 0 to 64"])
      for wrong in ("04", "'4'", "4.0", "65", "1_0", "٤", "9" * 500)),
    *((V + f"fields: {{a: {{action: mask, keep_length: {wrong}}}}}", ["p.yaml:2:41: keep_length is true or false"])
      for wrong in ("yes", "'true'", "True", "1")),
    (V + "fields: {a: {action: hash, tenant: a..b}}", ["p.yaml:2:36: not a path: look at character 3"]),
    (V + "fields: {a: [keep]}", ["p.yaml:2:13: an action is a mapping (key: value)"]),
    (V + "fields: {a: {action: [keep]}}", ["p.yaml:2:22: a plain value is wanted"]),
    # fields
    (V + "fields: []", ["p.yaml:2:9: fields is a mapping (key: value)"]),
    (V + "fields: {a..b: keep, c: keep, 'd[x]': drop}", ["p.yaml:2:10: not a path: look at character 3", "p.yaml:2:31: not a path: look at character 2"]),
    (V + "fields:\n  a: keep\n  a: drop", ["p.yaml:4:3: a is there twice"]),
    *((V + f"fields:\n  {one}: keep\n  {two}: drop", ["p.yaml:4:3: this place is there already"])
      for one, two in (("'items[*].id'", "items.*.id"), ("'a[0]'", "a.0"), ("'\"a\"'", "a"), ("a.**.*", "a.*.**"), ("'**.**.a'", "'**.a'"))),
    *((V + f"fields: {{'{path}': drop}}", [f"p.yaml:2:10: not a path: {why}"]) for path, why in (
        ("user_*", "a star stands for a whole name, and in quotes for itself: look at character 1"),
        ("**.a.*_id", "a star stands for a whole name, and in quotes for itself: look at character 6"),
        ("a.***", "a star stands for a whole name, and in quotes for itself: look at character 3"),
        ("a. b", "a name with blanks around it is quoted: look at character 3"),
        ("items[01].id", "no index begins with a zero: look at character 6"),
        ("$.user.id", "it begins with a name, and names are joined by dots"),
        ("$[0]", "it begins with a name, and names are joined by dots"),
        ("/user/id", "it begins with a name, and names are joined by dots"),
        (".user", "look at character 1"),
        ("items[].id", "look at character 6"),
        ("items[-1]", "look at character 6"),
    )),
    (V + "fields: {a: drop, a.b.c: keep, a.d: hash}", ["p.yaml:2:19: it can never match: what it is in is dropped, see p.yaml:2:10",
                                                       "p.yaml:2:32: it can never match: what it is in is dropped, see p.yaml:2:10"]),
    # keys
    (V + "keys: {add: {A: [b], b: [c], C: d}, silence: {}, more: 1}",
     ["p.yaml:2:22: an entity's name is in capitals, as STAFF_ID", "p.yaml:2:33: a list is wanted",
      "p.yaml:2:46: a list is wanted", "p.yaml:2:50: unknown key more"]),
    # lists
    (V + "allow: {}", ["p.yaml:2:8: allow is a list"]),
    (V + "deny: x", ["p.yaml:2:7: deny is a list"]),
    (V + "allow: ['', ' ', {text: ''}, {text: [a, '']}, {text: {}}, []]",
     ["p.yaml:2:9: an empty text", "p.yaml:2:13: an empty text", "p.yaml:2:25: an empty text",
      "p.yaml:2:41: an empty text", "p.yaml:2:54: a plain value is wanted", "p.yaml:2:59: an entry is a mapping (key: value)"]),
    (V + "allow: [{text: a, txt: Ann Example}, {}, {text: a, regex: b}]",
     ["p.yaml:2:19: unknown key", "p.yaml:2:38: one of text, regex and file is wanted", "p.yaml:2:42: one of text, regex and file is wanted"]),
    (V + "allow: [{Ann Example: b}]", ["p.yaml:2:9: one of text, regex and file is wanted", "p.yaml:2:10: unknown key"]),
    (V + "allow: [{text: a, ignore_case: yes, entity: x}]", ["p.yaml:2:32: ignore_case is true or false", "p.yaml:2:45: an entity's name is in capitals, as CODE_NAME"]),
    (V + "deny: [x, {text: y}]", ["p.yaml:2:8: what it is is missing", "p.yaml:2:11: entity is missing: what it is"]),
    (V + "deny: [{regex: 'x*', entity: X}]", ["p.yaml:2:16: it is found in an empty text, and so in every one"]),
    *((V + f"allow: [{{regex: '{regex}'}}]", [f"p.yaml:2:17: not a regular expression of RE2: {why}"])
      for regex, why in (("(?=a)", "invalid perl operator"), ("(a", "missing )"), (r"(a)\1", "invalid escape sequence"),
                         ("a{1001}", "invalid repetition size"), ("a**", "bad repetition operator"))),
    (V + "default: keep\ndeny: [{text: x, entity: A}, {text: y, entity: A}, {text: z, entity: B}, {text: z, entity: C}]\n"
     "keys: {add: {D: [d, e], B: [f]}}\nentities: {B: keep}\ncases: [{when: {path: a, exists: true}, entities: {C: drop}}]",
     ["p.yaml:3:8: A would be found and then kept, as default says", "p.yaml:4:18: D would be found and then kept, as default says"]),
    (V + 'deny: [{text: "\\ud83d", entity: X}]', ["p.yaml:2:15: half of a character"]),
    (V + "allow: [{file: a.txt}]", ["p.yaml:2:16: it is not read here"]),
    (V + "extends: other.yaml", ["p.yaml:2:10: it is not read here"]),
    (V + "extends: [default]", ["p.yaml:2:10: a plain value is wanted"]),
    (V + "recognizers: own.yaml", ["p.yaml:2:14: it is not read here"]),
    # cases
    (V + "cases: {}", ["p.yaml:2:8: cases is a list"]),
    (V + "cases: [{}, x]", ["p.yaml:2:9: when is missing", "p.yaml:2:9: a case without entities and fields does nothing", "p.yaml:2:13: a case is a mapping (key: value)"]),
    (V + "cases: [{when: {equals: a}, fields: {a..: keep}, entities: {x: keep}, or: 1}]",
     ["p.yaml:2:16: path is missing", "p.yaml:2:38: not a path: look at character 3",
      "p.yaml:2:61: an entity's name is in capitals, as EMAIL_ADDRESS", "p.yaml:2:71: unknown key or"]),
    *((V + f"cases: [{{when: {when}, fields: {{}}}}]", [f"p.yaml:2:{place}"]) for when, place in (
        ("{path: a}", "16: one of equals, matches or exists is wanted"),
        ("{path: a, equals: 1, exists: true}", "16: one of equals, matches or exists is wanted"),
        ("{path: a.., equals: 1}", "23: not a path: look at character 3"),
        ("{path: a, exists: 1}", "34: exists is true or false"),
        ("{path: a, matches: '(?!x)'}", "35: not a regular expression of RE2: invalid perl operator"),
        ("{path: a, matches: '.*'}", "35: it is found in an empty text, and so in every one"),
        ("{path: a, equals: null}", "34: there is nothing here"),
        ("{path: a, equals: {}}", "34: a plain value is wanted"),
        ("[{path: a, equals: 1}, x]", "39: a condition is a mapping (key: value)"),
        ("[]", "16: there is nothing in it"),
        ("{path: a, equals: []}", "34: there is nothing in it"),
    )),
    (V + "cases: [{when: {path: a, equals: 1}, fields: {a.*: drop, a.b.c: keep}}]", ["p.yaml:2:58: it can never match: what it is in is dropped, see p.yaml:2:47"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), WRONG, ids=lambda value: str(value)[:60])
def test_what_is_wrong(text: str | bytes, told: list[str]) -> None:
    assert mistakes(lambda: parse(text)) == told


def test_every_mistake_of_every_file(folder: Path) -> None:
    """In the order of the files, and in them of the lines; none of a file that is extended is left out."""
    (folder / "p.yaml").write_text("version: 1\nfields: {a: kep}\nallow: [{file: no.txt}, {file: none.txt}, {file: bad.txt}]\n"
                                   "threshold: 7\nrecognizers: none.txt\nextends: base.yaml\n")  # fmt: skip
    (folder / "base.yaml").write_text("version: 1\ndefault: kep\nextends: worse.yaml\n")
    (folder / "worse.yaml").write_text("version: 1\nx: [")
    (folder / "none.txt").write_text("\n# nothing\n  \n")
    (folder / "bad.txt").write_bytes(b"a\n\xff\n")
    assert mistakes(lambda: Policy.load("p.yaml")) == [
        "p.yaml:2:13: unknown action kep",
        "p.yaml:3:16: no.txt: no such file or directory",
        "p.yaml:3:32: none.txt has nothing in it",
        "p.yaml:3:50: bad.txt:2 is not valid UTF-8",
        "p.yaml:4:12: threshold is a number from 0 to 1",
        "base.yaml:2:10: unknown action kep",
        "worse.yaml:2:5: not valid YAML",
    ]
    (folder / "none.txt").write_text(" \n")
    (folder / "p.yaml").write_text("version: 1\nrecognizers: none.txt\nextends: .")
    assert mistakes(lambda: Policy.load("p.yaml")) == [
        "p.yaml:2:14: none.txt is empty",
        "p.yaml:3:10: .: is a directory",
    ]


def test_no_more_than_fifty_mistakes() -> None:
    told = mistakes(lambda: parse(V + "fields:\n" + "".join(f"  a{n}: kep\n" for n in range(80))))
    assert told[49:] == ["p.yaml:52:8: unknown action kep", "p.yaml: 30 more mistakes"]
    told = mistakes(
        lambda: parse(V + "fields:\n  a: drop\n" + "".join(f"  a.b{n}: keep\n" for n in range(180)))
    )
    assert (len(told), told[50]) == (51, "p.yaml: 50 more mistakes")


def test_hints_say_what_to_type() -> None:
    with pytest.raises(PolicyError) as caught:
        parse(V + "fields: {a: kep, a.b: {action: mask, keep: 1}}\nfields: {}")
    assert [one.hint for one in (caught.value, *caught.value.others)] == [
        "actions here are " + ", ".join(KINDS),
        "options: " + ", ".join(sorted({*KINDS["mask"].options, "action", "entity"})),
        None,
    ]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"p.yaml": "extends: p.yaml"}, "p.yaml:2:10: a policy cannot extend itself: p.yaml > p.yaml"),
        ({"p.yaml": "extends: ./d/../p.yaml"}, "p.yaml:2:10: a policy cannot extend itself: p.yaml > p.yaml"),
        (
            {"p.yaml": "extends: a.yaml", "a.yaml": "extends: d/b.yaml", "d/b.yaml": "extends: ../a.yaml"},
            "d/b.yaml:2:10: a policy cannot extend itself: a.yaml > d/b.yaml > a.yaml",
        ),
        ({"p.yaml": "extends: a.yaml", "a.yaml": "version: 2"}, "a.yaml:1:10: unknown version"),
        ({"p.yaml": "extends: a.yaml", "a.yaml": "strategy: deep"}, "a.yaml: version: 1 is missing"),
        (
            {"p.yaml": "extends: 0.yaml"} | {f"{n}.yaml": f"extends: {n + 1}.yaml" for n in range(20)},
            "14.yaml:2:10: more than 16 policies, each extending the next",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_chains(files: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d").mkdir()
    for name, text in files.items():
        head = "" if "version" in text or text == "strategy: deep" else V
        (tmp_path / name).write_text(head + text)
    monkeypatch.chdir(tmp_path)
    assert mistakes(lambda: Policy.load("p.yaml")) == [told]


def test_one_file_can_be_extended_twice(folder: Path) -> None:
    """By the same name from two places it is no cycle."""
    (folder / "c.yaml").write_text("version: 1\nfields: {a: drop}")
    (folder / "b.yaml").write_text("version: 1\nextends: c.yaml")
    assert parse("version: 1\nextends: c.yaml", read=reads(folder)).fields == (("a", Action("drop")),)
    assert Policy.load("b.yaml").fields == (("a", Action("drop")),)


class Loud(Kind):
    """An action of a test, with options of each kind that do not all go together."""

    name = "loud"
    says = "Says it loud."
    options: ClassVar[dict[str, Option]] = {
        "often": Option("count", "how often", least=2, most=9),
        "more": Option("count", "how much more", least=1),
        "any": Option("count", "anything"),
        "way": Option("choice", "how", choices=("high", "low")),
        "soft": Option("flag", "softly"),
        "word": Option("text", "what"),
        "at": Option("path", "where"),
    }

    @classmethod
    def wrong(cls, options: Any, entity: str | None) -> str | None:
        if entity == "URL":
            return "no URL is loud"
        return "way and soft do not go together" if {"way", "soft"} <= set(options) else None


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "loud", Loud)
    for name in ("ENTITY_ACTIONS", "FIELD_ACTIONS"):
        monkeypatch.setattr(policy_file, name, (*getattr(policy_file, name), "loud"))
        monkeypatch.setattr(f"cecil.sanitizer.policy_schema.{name}", (*getattr(policy_file, name),))


@pytest.mark.usefixtures("loud")
def test_options_of_each_kind() -> None:
    text = (
        V
        + "default: {action: loud, often: 9, more: 1, any: 0, way: low, word: 17, at: 'a[*]'}\nfields: {a: {action: loud, soft: true}}"
    )
    options = (("any", 0), ("at", "a[*]"), ("more", 1), ("often", 9), ("way", "low"), ("word", "17"))
    policy = parse(text)
    assert (policy.default, policy.fields) == (
        Action("loud", options),
        (("a", Action("loud", (("soft", True),))),),
    )
    assert policy.scope() == ("a[*]",)
    assert what_holds(parse(shown(policy))) == what_holds(policy)
    assert valid(text)


@pytest.mark.usefixtures("loud")
@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("{action: loud, often: 10}", ["23: often is a whole number from 2 to 9"]),
        ("{action: loud, often: 1}", ["23: often is a whole number from 2 to 9"]),
        ("{action: loud, more: 0}", ["22: more is a whole number from 1"]),
        ("{action: loud, any: x}", ["21: any is a whole number"]),
        ("{action: loud, way: up}", ["21: unknown way up"]),
        ("{action: loud, way: low, soft: maybe}", ["32: soft is true or false"]),
        ("{action: loud, at: 'a['}", ["20: not a path: look at character 2"]),
        ("{action: loud, way: low, soft: false}", ["1: way and soft do not go together"]),
    ],
)
def test_options_that_are_wrong(action: str, told: list[str]) -> None:
    column = len("entities: {X: ")
    wanted = [
        f"p.yaml:2:{column + int(place)}: {rest}" for place, _, rest in (one.partition(": ") for one in told)
    ]
    assert mistakes(lambda: parse(V + "entities: {X: " + action + "}")) == wanted
    assert valid(V + "entities: {X: " + action + "}") == ("together" in told[0])


@pytest.mark.usefixtures("loud")
def test_an_action_that_an_entity_cannot_have() -> None:
    parse(V + "fields: {a: {action: loud, entity: URL}}\ndefault: loud\nentities: {X: loud}")
    assert mistakes(lambda: parse(V + "entities: {URL: loud}")) == ["p.yaml:2:17: no URL is loud"]


# --- rules that never match


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"a": "drop", "a.b": "keep"}, ["a.b"]),
        ({"a.b": "keep", "a": "drop"}, ["a.b"]),
        ({"a": "drop", "a.**.x": "redact", "b.a.x": "keep"}, ["a.**.x"]),
        ({"*.a": "drop", "b.a.c": "keep"}, ["b.a.c"]),
        ({"**.a": "drop", "b.*.a.c.d": "keep"}, ["b.*.a.c.d"]),
        ({"**.a": "drop", "**.a.b": "keep"}, ["**.a.b"]),
        ({"a.**": "drop", "a.b.*.c": "keep"}, ["a.b.*.c"]),
        ({"items[*]": "drop", "items[0].id": "keep"}, ["items[0].id"]),
        ({"a": "drop", "a.b": "drop", "a.b.c": "drop"}, ["a.b", "a.b.c"]),
        # What is kept for some of the places lets others below it be.
        ({"items[*]": "drop", "items[0]": "keep", "items[0].id": "keep"}, []),
        ({"**.a": "drop", "b.a": "keep", "**.a.c": "keep"}, []),
        ({"a": "drop", "ab.c": "keep", "b.a": "keep"}, []),
        ({"a.b": "drop", "a.*.c": "keep"}, []),
        ({"**": "drop", "a": "keep"}, []),
        ({'"*"': "drop", "a.b": "keep"}, []),
        ({"a": "keep", "a.b": "keep"}, []),
    ],
    ids=str,
)  # fmt: skip
def test_rules_in_what_is_dropped(fields: dict[str, str], lost: list[str]) -> None:
    text = V + "fields:\n" + "".join(f"  {json.dumps(path)}: {action}\n" for path, action in fields.items())
    order = [2 + number for number, path in enumerate(fields, 1) if path in lost]
    if lost:
        assert [one.split(":")[1] for one in mistakes(lambda: parse(text))] == [str(line) for line in order]
    else:
        parse(text)


_STEPS = st.lists(st.sampled_from(["a", "b", "0", "*", "**"]), min_size=1, max_size=4).map(tuple)


@given(st.dictionaries(_STEPS, st.booleans(), min_size=2, max_size=6))
def test_what_is_said_to_match_nothing_matches_nothing(said: dict[tuple[str, ...], bool]) -> None:
    """By walking to every place: below what is dropped nobody comes."""
    rules = {canonical(steps): drops for steps, drops in said.items()}
    matcher = Matcher([(".".join(steps), drops) for steps, drops in rules.items()])
    reached: set[int] = set()
    stack = [(matcher.start, 0)]
    while stack:
        state, depth = stack.pop()
        reached.update(matcher.naming(state))
        if depth and matcher.rule(state):
            continue
        if depth < 6:
            stack += [(matcher.step(state, name), depth + 1) for name in "ab0x"]
    lost = {index for index, _ in unreachable([Rule(steps, drops) for steps, drops in rules.items()], [])}
    assert not lost & reached


def test_a_case_can_keep_what_is_dropped() -> None:
    rescued = "cases: [{when: {path: x, exists: true}, fields: {a: keep}}]"
    parse(V + f"fields: {{a: drop, a.b: keep}}\n{rescued}")


def test_what_is_dropped_later_hides_what_another_file_said(folder: Path) -> None:
    (folder / "base.yaml").write_text("version: 1\nfields: {a: keep, a.b: mask, c: drop}")
    parse("version: 1\nextends: base.yaml\nfields: {a: drop}", read=reads(folder))
    told = mistakes(lambda: parse("version: 1\nextends: base.yaml\nfields: {c.d: keep}", read=reads(folder)))
    assert told == ["p.yaml:3:10: it can never match: what it is in is dropped, see base.yaml:2:30"]


# --- a policy as it holds


def test_a_policy_is_shown_with_who_said_what(folder: Path) -> None:
    (folder / "q.yaml").write_text(
        "version: 1\nextends: base.yaml\nfields: {'a b': {action: mask, keep_last: 4, entity: X}}\n"
        "deny: [{regex: 'x+', entity: CODE, ignore_case: true}]\n"
    )
    policy = Policy.load("q.yaml").with_more(["UUID"], ["de", "fr"], b"")
    assert shown(policy.with_strategy("deep"), "own.yaml").splitlines()[2:] == [
        "version: 1",
        "strategy: deep  # --strategy",
        "threshold: 0.4  # built in",
        "default: redact  # built in",
        "recognizers: own.yaml  # --recognizers",
        "thresholds:",
        "  URL: 0.1  # base.yaml:8:14",
        "countries:",
        "  - de  # --countries",
        "  - fr  # base.yaml:6:13",
        "silence:",
        "  - key  # base.yaml:5:11",
        "entities:",
        "  UUID: redact  # --entities",
        "fields:",
        "  a: keep  # base.yaml:3:10",
        "  user.id: keep  # base.yaml:3:19",
        '  "a b": {action: mask, keep_last: 4, entity: X}  # q.yaml:3:10',
        "keys:",
        "  add:",
        "    BADGE:",
        "      - badge  # base.yaml:4:22",
        "      - gate  # base.yaml:4:29",
        "  silence:",
        "    - otp  # base.yaml:4:47",
        "allow:",
        "  - {text: x}  # base.yaml:7:9",
        "deny:",
        "  - {regex: x+, ignore_case: true, entity: CODE}  # q.yaml:4:8".replace("x+", '"x+"'),
        "cases:",
        "  - when: [{path: a, exists: true}]  # base.yaml:9:9",
        "    fields:",
        "      b: drop  # base.yaml:9:50",
    ]


def test_recognizers_of_a_policy_and_of_an_option(folder: Path) -> None:
    assert "recognizers: lists/own.yaml  # p.yaml:8:14\nthresholds:" in shown(Policy.load("p.yaml"))
    text = shown(Policy.load("p.yaml"), "more.yaml")
    assert "recognizers: lists/own.yaml  # p.yaml:8:14\n# and more.yaml: --recognizers\n" in text.replace(
        '"', ""
    )
    assert what_holds(
        parse(text, read=lambda path, _, limit: (path, (folder / path).read_bytes()))
    ) == what_holds(Policy.load("p.yaml"))


@pytest.mark.parametrize("name", built_in_names())
def test_built_in_policies_are_shown_and_read_again(name: str) -> None:
    policy = Policy.built_in(name)
    assert what_holds(parse(shown(policy))) == what_holds(policy)
    assert shown(policy) == shown(Policy.built_in(name))


def test_a_policy_that_only_silences_names() -> None:
    policy = parse(V + "keys: {silence: [otp]}")
    assert shown(policy).endswith("built in\nkeys:\n  silence:\n    - otp  # p.yaml:2:18\n")


def test_a_file_with_an_odd_name_breaks_no_line() -> None:
    policy = Policy.parse(b"version: 1\nfields: {a: keep}\nallow: [x]", "p\nq: {.yaml")
    assert what_holds(parse(shown(policy))) == what_holds(policy)
    assert all("\n" not in line for line in shown(policy).split("\n"))


texts = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


@given(texts)
def test_every_text_is_a_scalar_again(text: str) -> None:
    found = yaml.safe_load(f"a: {scalar(text)}")
    assert (type(found["a"]), found["a"]) == (str, text)
    assert parse(V + f"allow: [{scalar(text)}]").allow[0].texts == (text,)


paths = st.lists(
    st.sampled_from(["a", "b.c", "*", "**", '"x.y"', "[0]", "[*]", "é"]), min_size=1, max_size=4
).map(lambda steps: ".".join(steps).replace(".[", "["))
field_actions = st.one_of(
    st.sampled_from(["keep", "trust", "redact", "mask"]),
    st.fixed_dictionaries({"action": st.just("mask")}, optional={"keep_last": st.integers(0, 9), "keep_domain": st.booleans(), "entity": st.sampled_from(["X", "USER_ID"])}),
    st.fixed_dictionaries({"action": st.just("redact")}, optional={"template": st.sampled_from(["[{entity}]", "XXX"])}),
)  # fmt: skip
entities = st.dictionaries(
    st.sampled_from(["URL", "EMAIL_ADDRESS", "X_9"]),
    st.sampled_from(["keep", "drop", {"action": "mask", "keep_first": 1}]),
    min_size=1,
)
fields = st.dictionaries(paths, field_actions, min_size=1)
listed = st.one_of(
    st.fixed_dictionaries(
        {"text": st.one_of(texts, st.lists(texts, min_size=1))}, optional={"ignore_case": st.booleans()}
    ),
    st.fixed_dictionaries({"regex": st.sampled_from(["a+", "x[0-9]{3}", "(?i)b"])}),
)
conditions = st.one_of(
    st.fixed_dictionaries(
        {
            "path": paths,
            "equals": st.one_of(
                texts,
                st.integers(),
                st.booleans(),
                st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1),
            ),
        }
    ),
    st.fixed_dictionaries({"path": paths, "exists": st.booleans()}),
    st.fixed_dictionaries({"path": paths, "matches": st.sampled_from(["a+", "^x"])}),
)
policies = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={
        "extends": st.sampled_from(built_in_names()),
        "strategy": st.sampled_from(["deep", "strict"]),
        "default": st.sampled_from(["keep", "mask"]),
        "threshold": st.floats(0, 1),
        "thresholds": st.dictionaries(st.sampled_from(["URL", "X"]), st.floats(0, 1)),
        "countries": st.lists(st.sampled_from(["de", "NO", "fr"])),
        "silence": st.lists(st.sampled_from(["key", "presidio:UrlRecognizer"])),
        "entities": entities,
        "fields": fields,
        "keys": st.fixed_dictionaries({}, optional={"add": st.just({"X": ["staff-no", "gate"], "Y": ["y"]}), "silence": st.just(["otp", "session-key"])}),
        "allow": st.lists(st.one_of(texts, listed)),
        "deny": st.lists(st.builds(lambda one: one | {"entity": "CODE"}, listed)),
        "cases": st.lists(st.builds(lambda when, rules: {"when": when} | rules, st.one_of(conditions, st.lists(conditions, min_size=1)),
                                    st.one_of(st.fixed_dictionaries({"fields": fields}, optional={"entities": entities}), st.fixed_dictionaries({"entities": entities})))),
    },
)  # fmt: skip


@given(policies)
def test_what_is_shown_is_the_same_policy(said: dict[str, Any]) -> None:
    """And the schema takes what the reader takes, but for places that are there twice."""
    text = json.dumps(said)  # JSON is YAML
    assert valid(text)
    try:
        policy = parse(text)
    except PolicyError as error:
        told = [str(one) for one in (error, *error.others)]
        # Names that there are not are told with it.
        beyond = ("this place is there already", ": unknown ", "would be found and then kept")
        assume(not all(any(why in one for why in beyond) for one in told))
        raise
    again = parse(shown(policy))
    assert what_holds(again) == what_holds(policy)
    assert shown(again).count("\n") == shown(policy).count("\n")
    assert valid(shown(policy))


@given(policies, st.randoms(use_true_random=False))
def test_no_change_to_a_policy_gives_a_traceback(said: dict[str, Any], chance: random.Random) -> None:
    """A policy, or a message with a place."""
    data = bytearray(json.dumps(said, indent=chance.choice([None, 1])).encode())
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(data) + 1)
        data[place : place + chance.randrange(4)] = chance.choice(
            [
                b"",
                b"{",
                b"]",
                b"null",
                b"*",
                b"&a ",
                b": ",
                b"\n",
                b"\t",
                b"\xff",
                b"1",
                b'"',
                b"!x ",
                b"[[",
                b"- ",
                b"# ",
                b"'",
            ]
        )
    try:
        parse(bytes(data))
    except PolicyError as error:
        for one in (error, *error.others):
            assert str(one).startswith("p.yaml:")


# --- the JSON Schema


class _Core(yaml.SafeLoader):
    """YAML as editors read it, by the core schema of 1.2: `NO` is a text."""


_Core.yaml_implicit_resolvers = {}
for _tag, _regex, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    import re as _re

    for _one in _first:
        _Core.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}", _re.compile(_regex), [_one if _one != "\0" else ""]
        )  # type: ignore[no-untyped-call]
_Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
_Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))
_validators: dict[int, Any] = {}


def valid(text: str) -> bool:
    """Whether the schema takes a policy."""
    from jsonschema import Draft202012Validator

    size = len(KINDS)
    if size not in _validators:
        _validators[size] = Draft202012Validator(schema())
    return bool(_validators[size].is_valid(yaml.load(text, _Core)))


def test_the_schema_is_one() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", built_in_names())
def test_the_schema_takes_built_in_policies(name: str) -> None:
    assert valid((ROOT / "cecil" / "sanitizer" / "policies" / f"{name}.yaml").read_text())


def test_the_schema_takes_all_that_a_policy_can_say() -> None:
    assert valid(WHOLE)
    assert valid(FILES["base.yaml"])


_BEYOND_A_SCHEMA = (
    "not valid", "anchors", "tags are", "second document", "nested too deep", "does not allow", "is there twice",
    "this place is there already", "can never match", "RE2", "empty text, and so", "is not read here",
    "a plain value is wanted", "there is nothing here", "is missing", "a case without", "found and then kept",
    "half of a character",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"), [row for row in WRONG if isinstance(row[0], str)], ids=lambda value: str(value)[:60]
)
def test_the_schema_refuses_what_the_reader_does(text: str, told: list[str]) -> None:
    """Whatever a schema can say; the same number in other spellings it cannot tell apart."""
    if not any(beyond in one for one in told for beyond in _BEYOND_A_SCHEMA):
        same_to_yaml = any(
            spelling in text for spelling in ("keep_last: 04", "keep_last: 4.0", "keep_length: True")
        )
        assert valid(text) == same_to_yaml
    elif told[0].endswith(
        (
            "version: 1 is missing",
            "there is nothing here",
            "action is missing",
            "when is missing",
            "path is missing",
            "a case without entities and fields does nothing",
        )
    ):
        assert not valid(text)


# --- the command


def test_the_command_prints_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It asks for no key, and can be read again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cecil.sanitizer.finder.Scanner", lambda *groups, **more: None)  # nothing is compiled
    (tmp_path / "p.yaml").write_text(
        "version: 1\nextends: default\nfields: {a: {action: hash, tenant: t}, b: encrypt}\n"
    )
    assert (
        main(
            ["--policy", "p.yaml", "--print-policy", "--strategy", "strict", "--entities", "UK_POSTCODE,URL"]
        )
        == 0
    )
    text = capfd.readouterr().out
    assert "strategy: strict  # --strategy\n" in text
    assert "  UK_POSTCODE: redact  # --entities\n" in text
    assert "  a: {action: hash, tenant: t}  # p.yaml:3:10\n" in text
    (tmp_path / "q.yaml").write_text(text)
    assert main(["--policy", "q.yaml", "--print-policy"]) == 0
    again = capfd.readouterr().out
    assert [line.split("  #")[0] for line in again.splitlines()[2:]] == [
        line.split("  #")[0] for line in text.splitlines()[2:]
    ]


def test_the_command_tells_all_mistakes(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nfields: {a: kep}\nextends: q.yaml\n")
    run = cecil("redact", "--policy", "p.yaml", stdin=b"{}\n")
    assert run.returncode == 2
    assert run.stderr.decode().splitlines() == [
        "cecil-redact: p.yaml:2:13: unknown action kep",
        "hint: actions here are " + ", ".join(KINDS),
        "cecil-redact: p.yaml:3:10: q.yaml: no such file or directory",
    ]
    (tmp_path / "p.yaml").write_text(
        "version: 1\nentities: {NO_SUCH: keep}\nthresholds: {NOR_SUCH: 1}\nsilence: [nobody]\n"
    )
    run = cecil("redact", "--policy", "p.yaml", "--print-policy")
    assert run.returncode == 2
    assert [line for line in run.stderr.decode().splitlines() if not line.startswith("hint: ")] == [
        "cecil-redact: p.yaml:2:12: unknown entity NO_SUCH",
        "cecil-redact: p.yaml:3:14: unknown entity NOR_SUCH",
        "cecil-redact: p.yaml:4:11: unknown detector nobody",
    ]


EVERYTHING = """\
version: 1
default: redakt
recognizers: own.yaml
countries: [xx, de]
silence: [nobody]
entities: {NO_SUCH: keep, LOT: hash, STAFF_ID: hash, CODE: keep, CASE_ID: hash}
allow: [{text: x, entity: NEITHER}, {text: y, entity: UK_POSTCODE}]
keys: {add: {STAFF_ID: [one-two-three-four-five]}}
deny: [{text: [], entity: CODE}]
"""
RECOGNIZERS = """\
recognizers:
  - {name: a, supported_entity: LOT, supported_language: en, patterns: [{name: a, regex: 'a', score: 1}]}
"""


@pytest.mark.parametrize("form", ["wrong", "right"])
def test_the_command_tells_names_that_there_are_not_beside_all_else(
    cecil: Run, tmp_path: Path, form: str
) -> None:
    """Nobody mends a file twice; what a wrong line would have brought is not told as missing."""
    text = EVERYTHING
    if form == "right":
        text = text.replace("redakt", "redact").replace("-four-five", "").replace("[]", "z")
    (tmp_path / "p.yaml").write_text(text)
    (tmp_path / "own.yaml").write_text(RECOGNIZERS)
    (tmp_path / "case.yaml").write_text(RECOGNIZERS.replace("LOT", "CASE_ID"))
    run = cecil("redact", "--policy", "p.yaml", "--recognizers", "case.yaml")
    assert run.returncode == 2
    told = [
        line.removeprefix("cecil-redact: p.yaml:")
        for line in run.stderr.decode().splitlines()
        if not line.startswith("hint: ")
    ]
    wrong = ["2:10: unknown action redakt"] if form == "wrong" else []
    names = [
        "4:13: no recognizers for country xx",
        "5:11: unknown detector nobody",
        "6:12: unknown entity NO_SUCH",
        "7:9: unknown entity NEITHER",
    ]
    more = ["8:25: a name has at most 4 words", "9:15: there is nothing in it"] if form == "wrong" else []
    assert told == wrong + names + more


def test_the_command_tells_every_mistake_of_recognizers(cecil: Run, tmp_path: Path) -> None:
    """And then nothing of entities, which may be theirs."""
    (tmp_path / "p.yaml").write_text(
        "version: 1\nrecognizers: own.yaml\nentities: {LOT: hash}\ncountries: [xx]\n"
    )
    (tmp_path / "own.yaml").write_text(
        RECOGNIZERS.replace("'a', score: 1", "'(', score: 1}, {name: b, regex: b, score: 2")
        + "  - {name: b, supported_entity: BIN, patterns: []}\n"
    )
    run = cecil("redact", "--policy", "p.yaml")
    assert run.returncode == 2
    assert [line for line in run.stderr.decode().splitlines() if not line.startswith("hint: ")] == [
        "cecil-redact: own.yaml:2:90: not a valid regular expression at its character 2",
        "cecil-redact: own.yaml:2:133: a score is a number from 0 to 1",
        "cecil-redact: own.yaml:3:48: patterns is a list with something in it",
        "cecil-redact: p.yaml:4:13: no recognizers for country xx",
    ]


def test_the_command_prints_the_schema(cecil: Run) -> None:
    run = cecil("redact", "--print-schema")
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout == (ROOT / "cecil" / "sanitizer" / "policy.schema.json").read_bytes()
    assert json.loads(run.stdout)["$schema"] == schema()["$schema"]


def test_a_policy_that_names_an_entity_has_it_looked_for() -> None:
    """One that is off by default too; an entity that nothing finds is refused."""
    text = "postcode, by law: (SW1A 1AA)"
    for more, found in (
        ("", False),
        ("entities: {UK_POSTCODE: redact}", True),
        ("entities: {UK_POSTCODE: keep}", False),
    ):
        new = build_sanitizer(parse(V + f"extends: default\n{more}")).redact(text)[0]
        assert new == ("postcode, by law: (<UK_POSTCODE>)" if found else text)


# --- rules that match nothing

RULES = """\
version: 1
extends: llm
fields:
  a: keep
  usr.id: drop
  b.c: redact
  c.d[*].e: keep
cases:
  - when: {path: service, equals: billing}
    fields:
      a: keep
      "x.*": keep
"""


@pytest.fixture(scope="module")
def watched() -> Sanitizer:
    return build_sanitizer(parse(RULES))


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (['{"a":1,"c":{"d":[{"e":1}]}}'], ["5:3", "6:3", "9:5", "12:7"]),
        (['{"a":1,"b":2}', '{"c":{"d":[{"e":1}]},"service":"billing","x":{"y":0}}', "[]"], ["5:3", "6:3"]),
        (['{"a":1}', "text", '["', "{"], ["5:3", "6:3", "7:3", "9:5", "12:7"]),
        (['{"a":1,"usr":{"id":[]},"b":{"c":1},"c":{"d":[{"e":1}]},"service":"billing","x":[1]}'], []),
        (["{}"] * 1500, ["4:3", "5:3", "6:3", "7:3", "9:5", "11:7", "12:7"]),
        (["{}"] * 1000 + ['{"a":1}'], ["4:3", "5:3", "6:3", "7:3", "9:5", "11:7", "12:7"]),
        (["text"], []),
        ([], []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_rules_that_match_nothing_are_told(
    records: list[str], told: list[str], watched: Sanitizer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once, and only of the policy's own file: a built-in policy is for records of many kinds."""
    number = min(1000, sum(one[0] in "{[" and one not in ('["', "{") for one in records))
    of = "the record" if number == 1 else f"the first {number} records"
    misspelled = Misspelled("cecil-redact", watched)
    for size in range(0, len(records), 400):
        misspelled.see("".join(f"{one}\n" for one in records[size : size + 400]).encode())
    misspelled.tell()
    misspelled.tell()
    notes = [f"cecil-redact: p.yaml:{place}: this matches nothing in {of}\n" for place in told]
    hint = "hint: cecil-map shows the paths that there are; --quiet silences this note\n" if told else ""
    assert capsys.readouterr().err == "".join(notes) + hint


def test_a_rule_may_match_in_json_in_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    policy = parse(
        V + 'fields: {"**.usr.id": drop, "**.name": drop, id: keep, "**.*": keep, "**.none": drop}'
    )
    misspelled = Misspelled("cecil-redact", _Like(policy))  # type: ignore[arg-type]
    misspelled.see(b'{"m":"sent {\\"usr\\": {\\"id\\": 1}}","n":"name none","o":["{\\"name\\":1}"]}')
    misspelled.tell()
    assert [line.split(":")[1:4] for line in capsys.readouterr().err.splitlines()[:2]] == [
        [" p.yaml", "2", "46"], [" p.yaml", "2", "70"],
    ]  # fmt: skip


def test_a_policy_with_many_rules_that_match_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    policy = parse(V + "fields: {" + ", ".join(f"a{n}: keep" for n in range(30)) + "}")
    misspelled = Misspelled("cecil-redact", _Like(policy))  # type: ignore[arg-type]
    misspelled.see(b"{}")
    misspelled.tell()
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[9]) == (11, "cecil-redact: 21 more rules match nothing there")


class _Like:
    """As much of a sanitizer as is asked of it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def holding(self, record: Any) -> tuple[bool, ...]:
        return ()


def test_a_note_about_a_policy_may_be_silenced(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nfields: {usr: keep}\n")
    for options, told in (((), 1), (("--quiet",), 0), (("--format", "text"), 0)):
        run = cecil("redact", "--nlp", "none", "--policy", "p.yaml", *options, stdin=b'{"a":1}\n')
        assert (
            run.returncode,
            run.stdout,
            run.stderr.count(b"p.yaml:2:10: this matches nothing in the record\n"),
        ) == (0, b'{"a":1}\n', told)
