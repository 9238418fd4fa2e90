"""mask, redact with a template, and truncate: what stays is never more than was said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.sanitizer.actions import KINDS, Action, Replacer
from cecil.sanitizer.actions.mask import Mask
from cecil.sanitizer.actions.redact import Redact
from cecil.sanitizer.actions.truncate import Truncate
from cecil.sanitizer.leaves import Leaves
from cecil.sanitizer.spans import Span
from tests.conftest import build_sanitizer

REPLACER = Replacer(None, frozenset(["EMAIL_ADDRESS"]))
CARD = "4111 1111 1111 1111"


def mask(text: str, entity: str = "X", **options: Any) -> str:
    return REPLACER.replace(text, entity, Action("mask", tuple(sorted(options.items()))))


def sanitizer(rules: str) -> Sanitizer:
    return build_sanitizer(Policy.parse(f"version: 1\n{rules}".encode(), "p.yaml"))


def redacted(sanitizer: Sanitizer, record: Any) -> Any:
    """The record after, by both ways, which must agree; and a second run must change nothing."""
    line = json.dumps(record).encode()
    new, findings = sanitizer.redact_json(line)
    after = json.loads(new)
    assert sanitizer.redact(record) == (after, findings)
    assert sanitizer.redact_json(new) == (new, [])
    return after


@pytest.mark.parametrize(
    ("text", "entity", "options", "after"),
    [
        ("secret", "X", {}, "******"),
        ("4111111111111111", "X", {"keep_last": 4}, "************1111"),
        ("12345678", "X", {"keep_last": 4}, "****5678"),
        ("1234567", "X", {"keep_last": 4}, "*******"),
        ("12345678", "X", {"keep_first": 2, "keep_last": 2}, "12****78"),
        ("1234567", "X", {"keep_first": 2, "keep_last": 2}, "*******"),
        ("12345678", "X", {"keep_first": 4}, "1234****"),
        ("secret", "X", {"star": "•"}, "••••••"),
        ("secret", "X", {"star": "X", "keep_first": 1}, "sXXXXX"),
        # Separators.
        (CARD, "X", {"keep_last": 4, "keep_separators": True}, "**** **** **** 1111"),
        ("+1 (212) 555-0123", "X", {"keep_last": 4, "keep_separators": True}, "+* (***) ***-0123"),
        ("a-b-c-d", "X", {"keep_last": 3, "keep_separators": True}, "*-*-*-*"),
        ("p@$$w0rd", "X", {"keep_last": 3}, "*****0rd"),
        ("नमस्ते", "X", {"keep_separators": True}, "******"),
        # Cards: digits count, and six and four may stay of fifteen and more.
        (CARD, "CREDIT_CARD", {"keep_first": 6, "keep_last": 4}, "4111 11********1111"),
        ("4111111111111111", "CREDIT_CARD", {"keep_first": 6, "keep_last": 4}, "411111******1111"),
        ("378282246310005", "CREDIT_CARD", {"keep_first": 6, "keep_last": 4}, "378282*****0005"),
        ("30569309025904", "CREDIT_CARD", {"keep_first": 6, "keep_last": 4}, "**************"),
        (
            CARD,
            "CREDIT_CARD",
            {"keep_first": 6, "keep_last": 4, "keep_separators": True},
            "4111 11** **** 1111",
        ),
        ("4111111111111111", "CREDIT_CARD", {"keep_first": 8, "keep_last": 4}, "*" * 16),
        ("4111111111111111", "CREDIT_CARD", {"keep_first": 8}, "41111111********"),
        ("4111111111111111", "X", {"keep_first": 6, "keep_last": 4}, "*" * 16),
        # Domains and hosts.
        ("bob@example.com", "X", {"keep_domain": True}, "***@example.com"),
        ("robert@example.com", "X", {"keep_domain": True, "keep_first": 1}, "r*****@example.com"),
        ("bob@mail.exämple.org", "X", {"keep_domain": True}, "***@mail.exämple.org"),
        ("bob@192.0.2.1", "X", {"keep_domain": True}, "*************"),
        ("bob@localhost", "X", {"keep_domain": True}, "*************"),
        ("a@b@example.com", "X", {"keep_domain": True}, "***************"),
        ("https://example.com", "X", {"keep_domain": True}, "https://example.com"),
        ("https://example.com/", "X", {"keep_domain": True}, "https://example.com/"),
        ("https://example.com/a/b?c=d", "X", {"keep_domain": True}, "https://example.com/********"),
        (
            "https://u:p@example.com:8443/a",
            "X",
            {"keep_domain": True},
            "https://********@example.com:8443/********",
        ),
        ("https://example.com?q=1", "X", {"keep_domain": True, "star": "x"}, "https://example.com?xxxxxxxx"),
        ("https://8.8.8.8/a", "X", {"keep_domain": True}, "*****************"),
        ("https://[2001:db8::1]/a", "X", {"keep_domain": True}, "***********************"),
        # A length that says nothing.
        ("ab", "X", {"keep_length": False}, "********"),
        ("abcdefghijklmnop", "X", {"keep_length": False, "keep_last": 2}, "********op"),
        ("bob@example.com", "X", {"keep_domain": True, "keep_length": False}, "********@example.com"),
        ("abcdef********", "X", {"keep_length": False, "keep_first": 2}, "ab********"),
        ("ab*********cdef", "X", {"keep_length": False, "keep_first": 2, "keep_last": 1}, "ab********f"),
        (CARD, "CREDIT_CARD", {"keep_length": False, "keep_first": 6, "keep_last": 4}, "4111 11********1111"),
    ],
)
def test_mask(text: str, entity: str, options: dict[str, Any], after: str) -> None:
    assert mask(text, entity, **options) == after
    assert mask(after, entity, **options) == after


TEXTS = st.text(st.sampled_from("ab1234 -*.@é")) | st.text()
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "keep_first": st.integers(0, 9),
        "keep_last": st.integers(0, 9),
        "keep_separators": st.booleans(),
        "keep_domain": st.booleans(),
        "keep_length": st.booleans(),
        "star": st.sampled_from("*X•"),
    },
)


@given(text=TEXTS, entity=st.sampled_from(["X", "CREDIT_CARD"]), options=OPTIONS)
def test_a_masked_text_masked_again_is_the_same(text: str, entity: str, options: dict[str, Any]) -> None:
    if options.get("keep_length") is False:
        options.pop("keep_separators", None)
    once = mask(text, entity, **options)
    assert mask(once, entity, **options) == once


@given(text=st.text(st.sampled_from("ab1234 -."), min_size=1), options=OPTIONS)
def test_no_more_than_half_stays(text: str, options: dict[str, Any]) -> None:
    options = {name: option for name, option in options.items() if name in ("keep_first", "keep_last")}
    after = mask(text, **options)
    assert len(after) == len(text)
    stays = len(after) - after.count("*")
    assert stays <= len(text) // 2
    assert stays <= options.get("keep_first", 0) + options.get("keep_last", 0)
    apart = mask(text, **options, keep_separators=True)
    letters = sum(map(str.isalnum, text))
    assert sum(map(str.isalnum, apart)) <= letters // 2


@pytest.mark.slow
def test_a_long_text_is_masked_in_no_time() -> None:
    every: dict[str, Any] = {"keep_first": 9, "keep_last": 9, "keep_domain": True, "star": "a"}
    for text in (
        "a" * 10**6,
        "a@" * 500_000,
        "a." * 500_000,
        "a" * 8 + "*a" * 500_000,
        "x@" + "a." * 500_000,
    ):
        assert mask(text, **every)
        assert mask(text, **every, keep_length=False)
    replacer = Replacer(None, frozenset(), [Action("mask", (("keep_domain", True),))])
    for text in (
        "*" * 10**6 + "@a.b",
        "*@a.b" * 20_000,
        "a:" * 500_000 + "@a.b",
        "@" * 10**6,
        "@a." + "a." * 10**6,
    ):
        assert replacer.own(text) is not None


@pytest.mark.parametrize(
    ("kind", "options", "entity", "why"),
    [
        (Mask, {"star": "ab"}, None, "star is one"),
        (Mask, {"star": ""}, None, "star is one"),
        (Mask, {"star": "0"}, None, "star is one"),
        (Mask, {"star": "@"}, None, "star is one"),
        (Mask, {"star": "\n"}, None, "star is one"),
        (Mask, {"keep_separators": True, "keep_length": False}, None, "keep_separators needs keep_length"),
        (Mask, {"keep_first": 7}, "CREDIT_CARD", "at most the first 6 and the last 4"),
        (Mask, {"keep_last": 5}, "CREDIT_CARD", "at most the first 6 and the last 4"),
        (Redact, {"template": ""}, None, "1 to 40 characters"),
        (Redact, {"template": "x" * 41}, None, "1 to 40 characters"),
        (Redact, {"template": "{entity}"}, None, "begins and ends with brackets"),
        (Redact, {"template": "X{entity}X"}, None, "begins and ends with brackets"),
        (Redact, {"template": "bob@example.com"}, None, "letters, or stars"),
        (Redact, {"template": "555-0123"}, None, "letters, or stars"),
        (Redact, {"template": "[{entity}"}, None, "ends with the closing one"),
        (Redact, {"template": "[{entity}>"}, None, "ends with the closing one"),
        (Redact, {"template": "[{entity}{entity}]"}, None, "once at most"),
        (Redact, {"template": "[]"}, None, "ends with the closing one"),
        (Redact, {"template": "[ ]"}, None, "between its brackets"),
        (Redact, {"template": '["{entity}"]'}, None, "between its brackets"),
        (Redact, {"template": "[a@{entity}]"}, None, "between its brackets"),
        (Truncate, {"mark": "123"}, None, "mark has"),
        (Truncate, {"mark": "........."}, None, "mark has"),
    ],
)
def test_options_that_are_wrong(kind: Any, options: dict[str, Any], entity: str | None, why: str) -> None:
    assert why in kind.wrong(options, entity)


@pytest.mark.parametrize(
    ("name", "options", "entity"),
    [
        ("mask", {}, None),
        ("mask", {"keep_first": 6, "keep_last": 4}, "CREDIT_CARD"),
        ("mask", {"keep_first": 9, "star": "#"}, "EMAIL_ADDRESS"),
        ("redact", {}, None),
        *(
            ("redact", {"template": template}, None)
            for template in "[{entity}]|<{entity}>|(PII: {entity})|{{entity}}|XXX|***|gone for good|[2026]".split(
                "|"
            )
        ),
        ("truncate", {"length": 3, "mark": ""}, None),
        ("truncate", {}, None),
    ],
)
def test_options_that_are_right(name: str, options: dict[str, Any], entity: str | None) -> None:
    assert KINDS[name].wrong(options, entity) is None


def test_masks_in_records() -> None:
    masking = sanitizer(
        """
default: mask
entities:
  EMAIL_ADDRESS: {action: mask, keep_domain: true}
  CREDIT_CARD: {action: mask, keep_first: 6, keep_last: 4}
  PHONE_NUMBER: {action: mask, keep_last: 4, keep_length: false}
"""
    )
    record = {
        "m": f"card {CARD} of <bob@example.com> mailto:a.b@example.org, call +1 212-555-0123",
        "n": 4111111111111111,
        "phone": "+1 212-555-0123",
        "email": "bob@example.com",
        "q": "e=bob%40example.com",
        "bob@example.com": 1,
    }
    assert redacted(masking, record) == {
        "m": "card 4111 11********1111 of <***@example.com> mailto:***@example.org, call ********0123",
        "n": "411111******1111",
        "phone": "********0123",
        "email": "***@example.com",
        "q": "e=*****************",
        "***@example.com": 1,
    }
    # Where the domain stays nothing is left to be found in it; what only looks masked is.
    for text in ("write ***@example.com", "b*b@example.com", "b***@example.com"):
        after = redacted(masking, {"m": text})["m"]
        assert after == text if text.startswith("write") else after.startswith(("***@", "****@"))


@pytest.mark.parametrize(
    ("template", "mail", "password"),
    [
        ("[{entity}]", "[EMAIL_ADDRESS]", "[PASSWORD]"),
        ("<{entity}>", "<EMAIL_ADDRESS>", "<PASSWORD>"),
        ("(PII: {entity})", "(PII: EMAIL_ADDRESS)", "(PII: PASSWORD)"),
        ("XXX", "XXX", "XXX"),
        ("***", "***", "***"),
        ("[hidden]", "[hidden]", "[hidden]"),
    ],
)
def test_templates(template: str, mail: str, password: str) -> None:
    redacting = sanitizer(f"default: {{action: redact, template: '{template}'}}")
    record = {
        "m": "from bob@example.com, password=hunter2",
        "j": '{"password": "hunter2", "n": 4111111111111111}',
        "password": "hunter2",
        "card": 4111111111111111,
    }
    assert redacted(redacting, record) == {
        "m": f"from {mail}, password={password}",
        "j": f'{{"password": "{password}", "n": null}}',
        "password": password,
        "card": None,
    }


def test_only_the_policys_templates_are_known() -> None:
    """What another policy wrote, or nobody, is text like any other."""
    text = "password=[hunter]2 [SMITH] [EMAIL_ADDRESS]"
    owned = [Action("redact", (("template", template),)) for template in ("[{entity}]", "<gone>")]
    assert REPLACER.own(text) == []
    replacer = Replacer(None, frozenset(["EMAIL_ADDRESS"]), [*owned, Action("hash")])
    assert [text[start:end] for start, end in replacer.own(text)] == ["[EMAIL_ADDRESS]"]
    assert replacer.own("<gone> <EMAIL_ADDRESS> <GONE> gone") == [(0, 6), (7, 22)]


@pytest.mark.parametrize(
    ("text", "options", "after"),
    [
        ("the quick brown fox", {"length": 9}, "the quick…"),
        ("the quick", {"length": 9}, "the quick"),
        ("the quick…", {"length": 9}, "the quick…"),
        ("the quick brown fox", {"length": 9, "mark": ""}, "the quick"),
        ("the quick brown fox", {"length": 9, "mark": " [...]"}, "the quick [...]"),
        ("x" * 100, {}, "x" * 80 + "…"),
        ("ae\u0301xyz", {"length": 2}, "a…"),
        ("a👩‍🚀xyz", {"length": 2}, "a…"),
        ("a👍🏽xyz", {"length": 2}, "a…"),
        ("a🇩🇪🇫🇷x", {"length": 2}, "a…"),
        ("a🇩🇪🇫🇷x", {"length": 3}, "a🇩🇪…"),
        ("a🇩🇪🇫🇷x", {"length": 4}, "a🇩🇪…"),
        ("🇩🇪" * 9, {"length": 7}, "🇩🇪" * 3 + "…"),
        ("mail <EMAIL_ADDRESS> now", {"length": 10}, "mail …"),
        ("mail <EMAIL_ADDRESS> now", {"length": 6}, "mail …"),
        ("\u0301" * 100, {"length": 50}, "\u0301" * 18 + "…"),
    ],
)
def test_truncate(text: str, options: dict[str, Any], after: str) -> None:
    action = Action("truncate", tuple(sorted(options.items())))
    assert REPLACER.whole(text, text, "X", action) == after
    assert REPLACER.whole(after, after, "X", action) == after


def test_what_is_truncated_was_scanned() -> None:
    short = sanitizer("fields: {m: {action: truncate, length: 20}}")
    record = {
        "m": "hello bob@example.com and all",  # cut first, `bob@example.c` would stay
        "n": 1,
    }
    assert redacted(short, record) == {"m": "hello …", "n": 1}
    assert redacted(short, {"m": "bob@example.com"}) == {"m": "<EMAIL_ADDRESS>"}
    assert redacted(short, {"m": ["a" * 30, 4111111111111111, 12, True, None, ""]}) == {
        "m": ["a" * 20 + "…", None, 12, True, None, ""]
    }
    line = json.dumps({"m": "hello there, how are you, bob@example.com"}).encode()
    assert [(one.entity, one.action) for one in short.redact_json(line)[1]] == [
        ("REDACTED", "truncate"),
        ("EMAIL_ADDRESS", "redact"),
    ]


def test_what_a_cut_makes_of_a_text_is_scanned_too() -> None:
    short = sanitizer("fields: {m: {action: truncate, length: 21, mark: ''}}")
    card = "card 4111111111111111"
    assert redacted(short, {"m": f"{card}2345678"}) == {"m": "card <CREDIT_CARD>"}


def test_what_does_not_settle_goes_whole() -> None:
    class Greedy:
        """Finds the last letter of every text in which nothing was found yet."""

        def woken(self, text: str, words: tuple[str, ...] = (), stood: int | None = None) -> int:
            return "<" not in text

        def encoded(self, woken: int) -> bool:
            return False

        def find(self, text: str, words: Any, woken: int, misses: Any) -> list[Span]:
            return [Span(len(text) - 1, len(text), "LONG_NAME", 1.0, "greedy")]

    policy = Policy.parse(b"version: 1", "p.yaml")
    leaves: Any = Leaves(policy, Greedy(), Replacer(None, frozenset()), None)  # type: ignore[arg-type]
    rule = Action("truncate", (("length", 20), ("mark", "")))
    new, found = leaves.leaf("a" * 40, rule, None, ())
    assert new == "<REDACTED>"
    assert [(one.entity, one.action, one.start, one.end) for one in found] == [
        ("REDACTED", "truncate", 0, 40)
    ]


def test_a_key_in_pem_is_not_cut_line_by_line() -> None:
    short = sanitizer("fields: {m: {action: truncate, length: 20}}")
    begin, end = ("-----" + word + " PRIVATE KEY-----" for word in ("BEGIN", "END"))
    after = redacted(short, {"m": [begin, "QUJD" * 16, "REVG" * 16, end, "x"]})
    assert after == {"m": ["<PRIVATE_KEY>"] * 4 + ["x"]}
