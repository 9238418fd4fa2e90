"""What a policy says, done: cases, lists, thresholds, silence, places that actions name, what is told of it."""

import base64
import pickle
from random import Random
from typing import Any

import pytest

from cecil.errors import PolicyError, RecordError
from cecil.sanitizer import listed, paths
from cecil.sanitizer.actions import Kind
from cecil.sanitizer.actions.shift import Shift
from cecil.sanitizer.detectors.everyone import Own
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Sanitizer
from tests import planting
from tests.conftest import build_sanitizer

KEY = Keyring.random()


def sanitizer(text: str, **more: Any) -> Sanitizer:
    return build_sanitizer(Policy.parse(f"version: 1\nextends: default\n{text}".encode(), "p.yaml"), **more)


def out(judge: Sanitizer, line: str) -> str:
    return judge.redact_json(line.encode())[0].decode()


class TestCases:
    POLICY = """
fields: {note: keep, user: drop}
cases:
  - when: {path: service, equals: [billing, 7]}
    fields: {"**.id": {action: redact, entity: ACCOUNT}}
    entities: {EMAIL_ADDRESS: keep}
  - when: [{path: level, matches: "^(?i:debug)$"}, {path: items.*.deep, exists: true}]
    fields: {user: keep, "**.msg": drop}
    entities: {EMAIL_ADDRESS: mask}
  - when: {path: kind, exists: false}
    fields: {kind: keep, nothing: drop}
"""

    @pytest.mark.parametrize(
        ("line", "new"),
        [
            ('{"service":"web","id":17,"m":"a@example.com","kind":1}', '{"service":"web","id":17,"m":"<EMAIL_ADDRESS>","kind":1}'),
            ('{"service":"billing","id":17,"m":"a@example.com"}', '{"service":"billing","id":null,"m":"a@example.com"}'),
            ('{"service":7,"id":"x","m":"a@example.com"}', '{"service":7,"id":"<ACCOUNT>","m":"a@example.com"}'),
            ('{"level":"Debug","items":[{}],"user":"u","msg":"m"}', '{"level":"Debug","items":[{}],"msg":"m"}'),
            ('{"level":"Debug","items":[{"deep":null}],"user":"u","msg":"m","m":"a@example.com"}', '{"level":"Debug","items":[{"deep":null}],"user":"u","m":"*************"}'),
            # The later case wins, for an entity and for a field.
            ('{"service":"billing","level":"debug","items":[{"deep":1}],"id":1,"m":"a@example.com"}', '{"service":"billing","level":"debug","items":[{"deep":1}],"id":null,"m":"*************"}'),
            ('{"nothing":1,"user":2}', "{}"),
            ('{"nothing":1,"kind":2}', '{"nothing":1,"kind":2}'),
        ],
    )  # fmt: skip
    def test_rules_for_some_records(self, line: str, new: str) -> None:
        judge = sanitizer(self.POLICY)
        assert out(judge, line) == new
        assert out(pickle.loads(pickle.dumps(judge)), line) == new

    def test_text_has_no_fields_of_which_something_could_be_true(self) -> None:
        line = b'service=billing nothing a@example.com {"nothing": 1, "m": "b@example.com"}\n'
        assert sanitizer(self.POLICY).redact_text(line)[0] == (
            b'service=billing nothing <EMAIL_ADDRESS> {"nothing": 1, "m": "<EMAIL_ADDRESS>"}\n'
        )

    def test_a_record_within_a_record_is_judged_as_that_is(self) -> None:
        judge = sanitizer(self.POLICY)
        line = r'{"service":"billing","m":"{\"service\":\"web\",\"m\":\"a@example.com 4111111111111111\"}"}'
        assert "a@example.com <CREDIT_CARD>" in out(judge, line)

    def test_many_sets_of_cases(self) -> None:
        cases = "".join(
            f"  - when: {{path: k{n}, exists: true}}\n    fields: {{k{n}: drop}}\n" for n in range(7)
        )
        judge = sanitizer(f"cases:\n{cases}")
        for number in range(128):
            line = ",".join(f'"k{n}":1' for n in range(7) if number >> n & 1)
            assert out(judge, f'{{"a":1,{line}}}' if line else '{"a":1}') == '{"a":1}'

    def test_an_entity_that_only_a_case_names(self) -> None:
        judge = sanitizer(
            "default: keep\ncases: [{when: {path: a, exists: true}, entities: {EMAIL_ADDRESS: redact}}]"
        )
        assert out(judge, '{"m":"a@example.com"}') == '{"m":"a@example.com"}'
        assert out(judge, '{"m":"a@example.com","a":0}') == '{"m":"<EMAIL_ADDRESS>","a":0}'
        with pytest.raises(PolicyError, match="unknown entity NOTHING"):
            sanitizer("cases: [{when: {path: a, exists: true}, entities: {NOTHING: redact}}]")

    def test_in_strict_mode(self) -> None:
        judge = sanitizer(
            "strategy: strict\nfields: {a: keep}\ncases: [{when: {path: b, equals: true}, fields: {c: keep}}]"
        )
        assert out(judge, '{"a":1,"b":false,"c":2}') == '{"a":1}'
        assert out(judge, '{"a":1,"b":true,"c":2}') == '{"a":1,"c":2}'


class TestLists:
    @pytest.mark.parametrize(
        ("rule", "text", "new"),
        [
            ("{text: Project Phoenix, entity: CODE_NAME}", "of Project Phoenix, now", "of <CODE_NAME>, now"),
            ("{text: Project Phoenix, entity: CODE_NAME}", "of project phoenix", "of project phoenix"),
            ("{text: Ann, entity: WHO}", "Annual Ann, XAnn Ann_ Ännn Ann", "Annual <WHO>, XAnn Ann_ Ännn <WHO>"),
            ("{text: '@ann!', entity: WHO}", "x@ann!y", "x<WHO>y"),
            ("{text: '@ann', entity: WHO}", "x@ann y@anna", "x<WHO> y@anna"),
            ("{text: 'ann!', entity: WHO}", "joann! ann!x", "joann! <WHO>x"),
            ("{text: Ann Lee, entity: WHO}", "Ann Lee Ann Lee", "<WHO> <WHO>"),
            ("{text: jürgen, ignore_case: true, entity: WHO}", "JÜRGEN und Jürgens", "<WHO> und Jürgens"),
            ("{text: straße, ignore_case: true, entity: WHERE}", "die STRAßE", "die <WHERE>"),
            ('{regex: "EMP-[0-9]{4}", entity: STAFF_ID}', "EMP-1234 EMP-12", "<STAFF_ID> EMP-12"),
            ('{regex: "^.ü.$", entity: STAFF_ID}', "aüb", "<STAFF_ID>"),
            ('{regex: "LOT (?P<value>[0-9]+)", entity: LOT}', "LOT 47 é LOT 11", "LOT <LOT> é LOT <LOT>"),
            (r"{regex: '\b', entity: LETTER}", "a b", "a b"),
            ('{regex: "^(a)|b", ignore_case: true, entity: LETTER}', "xAx b", "xAx <LETTER>"),
        ],
    )  # fmt: skip
    def test_what_always_is_a_finding(self, rule: str, text: str, new: str) -> None:
        judge = sanitizer(f"deny: [{rule}]")
        assert judge.redact_text(f"{text}\n".encode())[0].decode() == f"{new}\n"
        line = f'{{"m":"{text}","n":["{text}"]}}\n'
        assert out(judge, line) == f'{{"m":"{new}","n":["{new}"]}}\n'

    def test_numbers_keys_and_odd_characters(self) -> None:
        judge = sanitizer("deny: [{text: '4711', entity: LOT}, {text: gänse, entity: ANIMAL}]")
        assert out(judge, '{"a":4711,"4711":1,"b":47110}') == '{"a":null,"<LOT>":1,"b":47110}'
        assert out(judge, '{"a":"g\\u00e4nse"}') == '{"a":"<ANIMAL>"}'
        record, _ = judge.redact({"a": "\ud800 gänse"})
        assert record == {"a": "\ud800 <ANIMAL>"}

    def test_halves_of_a_character_as_json_writes_them(self) -> None:
        judge = sanitizer('deny: [{text: "\\ud83d\\ude00", entity: FACE}]')
        assert out(judge, '{"a":"so \\ud83d\\ude00","b":"so 😀"}') == '{"a":"so <FACE>","b":"so <FACE>"}'

    def test_many_values(self) -> None:
        texts = "\n".join(f"  - {{text: customer-{n}x, entity: CUSTOMER}}" for n in range(300))
        judge = sanitizer(f"deny:\n{texts}")
        assert out(judge, '{"m":"customer-299x and customer-300x"}') == '{"m":"<CUSTOMER> and customer-300x"}'

    def test_what_never_is_one(self) -> None:
        judge = sanitizer("""
allow:
  - a@example.com
  - {text: B@Example.com, ignore_case: true}
  - {text: c@example.com, entity: PHONE_NUMBER}
  - {regex: ".*@test\\\\.example\\\\.com", entity: EMAIL_ADDRESS}
""")
        line = '{"m":"a@example.com A@example.com b@EXAMPLE.com c@example.com d@test.example.com d@test.example.com.au"}'
        assert out(judge, line) == (
            '{"m":"a@example.com <EMAIL_ADDRESS> b@EXAMPLE.com <EMAIL_ADDRESS> d@test.example.com <EMAIL_ADDRESS>"}'
        )
        # What its key's name says of it, too.
        assert out(judge, '{"email":"a@example.com"}') == '{"email":"a@example.com"}'
        assert out(judge, '{"email":"\ud7ff nobody"}') == '{"email":"<EMAIL_ADDRESS>"}'

    def test_allow_wins_over_deny_and_is_told(self) -> None:
        judge = sanitizer("deny: [{regex: 'LOT[0-9]', entity: LOT}]\nallow: [LOT7]", explain=True)
        assert out(judge, '{"m":"LOT6 LOT7"}') == '{"m":"<LOT> LOT7"}'
        assert [(one.entity, one.why) for one in judge.misses] == [("LOT", "the policy allows it")]

    def test_too_many_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listed, "_MEMORY", 1 << 10)
        with pytest.raises(PolicyError, match=r"p\.yaml:3:.*too many values for one list"):
            sanitizer("deny: [{text: " + "x" * 5000 + ", entity: X}]")

    @pytest.mark.parametrize("rule", ["{regex: '(?=a)', entity: X}", "{regex: '(', entity: X}"])
    def test_what_re2_cannot_express(self, rule: str) -> None:
        with pytest.raises(PolicyError) as caught:
            sanitizer(f"deny: [{rule}]")
        assert str(caught.value).startswith("p.yaml:3:")


class TestThresholds:
    def test_by_entity(self) -> None:
        line = '{"m":"mail a@example.com card 4111111111111111"}'
        assert out(sanitizer("thresholds: {EMAIL_ADDRESS: 1.0}\nthreshold: 0.2"), line).count("<") == 2
        judge = sanitizer("thresholds: {US_SSN: 1.0}", explain=True)
        assert out(judge, '{"m":"of 219-09-9999"}') == '{"m":"of 219-09-9999"}'
        assert any("below 1.00" in one.why for one in judge.misses)
        with pytest.raises(PolicyError, match="unknown entity NOTHING"):
            sanitizer("thresholds: {NOTHING: 0.3}")

    def test_below_what_counts_without_context(self) -> None:
        line = '{"m":"12345678"}'
        assert out(sanitizer("threshold: 0.4"), line) == line
        assert out(sanitizer("thresholds: {US_BANK_NUMBER: 0.01}"), line) == line  # shields hold it back

    def test_silence(self) -> None:
        line = '{"m":"a@example.com"}'
        judge = sanitizer('silence: ["presidio:EmailRecognizer", email]', explain=True)
        assert out(judge, line) == line
        assert {one.why for one in judge.misses} == {"the policy silences its detector"}
        with pytest.raises(PolicyError) as caught:
            sanitizer("silence: [presidio:NoRecognizer]")
        assert str(caught.value) == "p.yaml:3:11: unknown detector presidio:NoRecognizer"

    def test_countries(self) -> None:
        line = '{"m":"Steuer-ID 86 095 742 719"}'
        assert "<" in out(sanitizer("countries: [DE]"), line)


class TestPlaces:
    """Actions that ask what stands elsewhere in the record."""

    POLICY = "entities: {EMAIL_ADDRESS: {action: hash, tenant: account.id}}\nfields: {'**.uid': {action: hash, tenant: account.id}}"

    def test_tokens_of_two_tenants_differ(self) -> None:
        judge = sanitizer(self.POLICY, key=KEY)
        rest = '"m":"a@example.com","a@example.com":1,"uid":17'
        lines = [f'{{"account":{{"id":{n}}},{rest}}}' for n in ("1", "2", '"1"')]
        one, two, again = (judge.redact_json(line.encode())[0].decode().split(",", 1)[1] for line in lines)
        assert one != two
        assert one == again
        assert "<EMAIL_ADDRESS#" in one
        token = one.split('"')[3]
        assert one.count(token) == 2  # in a value and in a name
        assert token not in two

    def test_a_second_run_changes_nothing(self) -> None:
        judge = sanitizer(self.POLICY, key=KEY)
        once = judge.redact_json(b'{"account":{"id":"x"},"m":"a@example.com","uid":17}')[0]
        assert judge.redact_json(once)[0] == once

    def test_where_nothing_stands_or_more_than_one_thing(self) -> None:
        judge = sanitizer(self.POLICY, key=KEY)
        missing = out(judge, '{"m":"a@example.com"}')
        assert out(judge, '{"account":7,"m":"a@example.com"}').split(",")[1] == missing[1:]
        assert out(judge, '{"account":{"id":null},"m":"a@example.com"}').split(",")[1] == missing[1:]
        assert out(judge, '{"account":{"id":{"x":1}},"m":"a@example.com"}').split(",")[1] == missing[1:]
        assert judge.redact_text(b"a@example.com")[0].decode() in missing


class TestDrop:
    def test_a_field_whose_name_says_what_it_is(self) -> None:
        judge = sanitizer("entities: {EMAIL_ADDRESS: drop, PASSWORD: drop}")
        assert out(judge, '{"email":"a@example.com","a":1,"password":["x","y"],"m":"at a@example.com."}') == (
            '{"a":1,"password":[null,null],"m":"at ."}'
        )
        assert out(judge, '{"password":17,"a":4111111111111111}') == '{"a":null}'
        assert out(judge, '["a@example.com"]') == '[""]'

    def test_a_number_that_is_found(self) -> None:
        assert out(sanitizer("entities: {CREDIT_CARD: drop}"), '{"a":4111111111111111}') == '{"a":null}'


class TestTold:
    def test_what_goes_on_unseen(self) -> None:
        judge = sanitizer("fields: {'a.b': trust, items: trust, l.0: trust}", audit=True)
        assert not judge.passes_unread
        line = b'{"a":{"b":{"c":"x@example.com"}},"items":[1,2],"l":["y@example.com",2]}'
        same, findings = judge.redact_json(line)
        assert same is line
        assert {(one.pointer, one.entity, one.action) for one in findings} == {
            ("/a/b", "FIELD", "trust"),
            ("/items", "FIELD", "trust"),
            ("/l/0", "FIELD", "trust"),
        }
        assert judge.redact({"x": 1})[1] == []

    def test_all_of_a_record(self) -> None:
        _, findings = sanitizer('fields: {"**": trust}', audit=True).redact({"a": "b@example.com"})
        assert {(one.pointer, one.action) for one in findings} == {("", "trust")}

    def test_nobody_asked(self) -> None:
        judge = sanitizer("fields: {a: trust}")
        assert judge.passes_unread
        assert judge.redact({"a": "b@example.com"}) == ({"a": "b@example.com"}, [])


def test_a_record_that_no_action_can_judge_is_refused() -> None:
    with pytest.raises(RecordError):
        sanitizer("fields: {a: drop}").redact_json(b"17")


def test_the_states_that_paths_make_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_MOST", 20)
    rules = "".join(f"'**.k{n}.*.*.x': drop, " for n in range(6))
    judge = sanitizer(f"fields: {{{rules}}}")
    for number in range(300):
        keys = [f"k{number // 6**place % 6}" for place in range(4)]
        line = "".join(f'{{"{key}":' for key in keys) + '{"x":1,"y":2}' + "}" * 4
        assert out(judge, line) == line.replace('"x":1,', "")


@pytest.mark.parametrize(
    "key", ["password=hunter2x9", "--password s3cr3tValue9", "pwd: Tr0ub4dor", "a@example.com"]
)
def test_a_key_says_the_same_before_and_after_what_it_held_is_gone(key: str) -> None:
    judge = build_sanitizer()
    once, _ = judge.redact({key: "x y", "a": {key: 17}})
    assert judge.redact(once)[0] == once


@pytest.mark.parametrize(
    "policy", ["default", "pci", "gdpr", "hipaa", "default: surrogate", "default: encrypt", "default: mask"]
)
def test_a_second_run_changes_nothing_more_whatever_stands_where(policy: str) -> None:
    judge = sanitizer(policy, key=KEY) if ":" in policy else build_sanitizer(policy, key=KEY)
    for seed in range(50):
        chance = Random(seed)
        line = planting.json_line(chance, 0.7)
        try:
            once = judge.redact_json(line)[0]
        except RecordError:
            continue
        assert judge.redact_json(once)[0] == once, seed


def test_recognizers_of_the_policy_and_of_the_command_line() -> None:
    def yaml(name: str) -> bytes:
        pattern = f"{{name: x, regex: '{name}-[0-9]+', score: 0.9}}"
        entry = f"{{name: {name}, supported_entity: {name}, supported_language: en, patterns: [{pattern}]}}"
        return f"recognizers: [{entry}]".encode()

    policy = Policy.built_in("default")._replace(recognizers=yaml("LOT"), recognizers_file="lot.yaml")
    line = '{"a":"LOT-1 BIN-2"}'
    assert out(build_sanitizer(policy), line) == '{"a":"<LOT> BIN-2"}'
    both = build_sanitizer(policy, recognizers=Own(yaml("BIN"), "bin.yaml"))
    assert out(both, line) == '{"a":"<LOT> <BIN>"}'


def test_what_is_no_scalar_equals_nothing() -> None:
    judge = sanitizer("cases: [{when: {path: a, equals: x}, fields: {b: drop}}]")
    for value in ('{"x":1}', '["x"]', "null"):
        assert out(judge, f'{{"a":{value},"b":1}}') == f'{{"a":{value},"b":1}}'


@pytest.mark.parametrize(
    ("said", "same", "other"),
    [
        ("1104567890123456789", ["1104567890123456789", '"1104567890123456789"'], ["1104567890123456788"]),
        ("123456789012345678901", ["123456789012345678901", "1.23456789012345678901e20"], ["123456789012345678900"]),
        ("1e400", ["1e400", "1E400", "10e399"], ["1e399", '"1e401"']),
        ("1e9999999999999999999999", ["1e9999999999999999999999"], ["1e9999999999999999999998"]),
        ("-0", ["0", "-0", "-0.0", "0e7"], ["1"]),
        ("0.10", ["0.1", "0.100", "1e-1"], ["0.11", '"0.10"']),
        ("007", ["7", "7.0"], ['"007"', "70"]),
        ('"1.0"', ['"1.0"'], ['"1"', "1.0"]),
        ("[1000, true]", ["1e3", "true", '"true"'], ["1e4", "1"]),
    ],
)  # fmt: skip
def test_a_number_is_what_it_says(said: str, same: list[str], other: list[str]) -> None:
    """However it is written, and however long it is: it is not rounded."""
    judge = sanitizer(f"cases: [{{when: {{path: n, equals: {said}}}, fields: {{b: drop}}}}]")
    for value in same:
        assert out(judge, f'{{"n":{value},"b":1}}') == f'{{"n":{value}}}'
    for value in other:
        assert out(judge, f'{{"n":{value},"b":1}}') == f'{{"n":{value},"b":1}}'


def test_strict_items_by_their_number() -> None:
    judge = sanitizer("strategy: strict\nfields: {'a.0': keep, 'b[*].c': keep}")
    assert out(judge, '{"a":[1,2],"b":[{"c":1},2]}') == '{"a":[1,null],"b":[{"c":1}]}'


def test_encoded_beside_plain() -> None:
    encoded = base64.b64encode(b"password=hunter2x9 for bob@example.com").decode()
    line = f"{encoded} and bob@example.com then {encoded}"
    new = build_sanitizer().redact_text(line)[0]
    assert new.split(" and ")[1].startswith("<EMAIL_ADDRESS> then ")
    assert "<EMAIL_ADDRESS>" in base64.b64decode(new.split()[0] + "==").decode()


def test_an_action_has_no_way_of_its_own_to_know_its_results() -> None:
    kind = Kind(None)
    assert kind.own("<X>") == []
    with pytest.raises(NotImplementedError):
        kind.text("x", "X", {}, {})


def test_a_fixed_mask_of_a_long_text() -> None:
    judge = sanitizer("fields: {a: {action: mask, keep_length: false}}")
    line = '{"a":"' + "x" * 1000 + '"}'
    assert out(judge, line) == '{"a":"********"}' == out(judge, out(judge, line))


def test_a_date_without_a_year_never_stays() -> None:
    shift = Shift(KEY)
    for subject in range(3000):
        new = shift.text("Nov 21 14:22:07", "DATE_TIME", {"subject": "id"}, {"id": str(subject)})
        assert new != "Nov 21 14:22:07"


def test_a_finding_across_what_is_encoded_takes_all_of_it() -> None:
    encoded = base64.b64encode(b"write to bob@example.com now, please").decode()
    for text in (
        f"x password={encoded} y",
        f"x Authorization: Basic {encoded} y",
        f"https://a:{encoded}@b.example/",
    ):
        assert encoded[8:24] not in build_sanitizer().redact_text(text)[0], text


def test_a_rule_that_keeps_ends_another_in_a_text_and_trusts_nothing() -> None:
    judge = sanitizer("fields: {'**.t': {action: redact, entity: T}, '**.t.*': keep}")
    line = r'{"m":"{\"t\":[\"a@example.com\",\"b\"]}"}'
    assert out(judge, line) == r'{"m":"{\"t\":[\"<EMAIL_ADDRESS>\",\"b\"]}"}'


def test_a_text_full_of_what_is_listed() -> None:
    """Places are characters, however many octets stand before them."""
    count = 10_000
    deny = sanitizer("deny: [{text: Ann, entity: WHO}, {regex: 'ü[0-9]', entity: X}]")
    text = "Ann ü1 " * count
    assert [(s.start, s.end) for s in deny.finder.find(text)] == [
        place for at in range(0, 7 * count, 7) for place in ((at, at + 3), (at + 4, at + 6))
    ]
    allow = sanitizer("allow: [{regex: '.*@example[.]com'}]\nentities: {URL: redact}")
    assert allow.finder.find("a@example.com " * 2_000 + "b@example.org")[-1].entity == "EMAIL_ADDRESS"


def test_a_name_in_which_something_was_found_goes_with_a_value_that_is_dropped() -> None:
    judge = sanitizer("default: drop")
    line = '{"password": {"8.8.8.8": "hunter2x9", "n": {}, "bob@example.com": "hunter2x9"}, "8.8.4.4": 1}'
    assert out(judge, line) == '{"password": {"n": {}}, "": 1}'
