"""Shields: what is held back, by what, and what must never be."""

import re
from random import Random

import pytest

from cecil.sanitizer import shields
from cecil.sanitizer.shields import hold_back
from cecil.sanitizer.spans import Miss, Span


def _judged(text: str, entity: str, **more: object) -> tuple[list[Span], list[Miss]]:
    """A text in which the finding stands between ⟦ and ⟧."""
    start, end = text.index("⟦"), text.index("⟧") - 1
    text = text.replace("⟦", "").replace("⟧", "")
    score, context = more.get("score", 0.4), more.get("context", ())
    detector = str(more.get("detector", "presidio:Recognizer"))
    span = Span(start, end, entity, score, detector, score == 1.0)  # type: ignore[arg-type]
    return hold_back(text, [span], context)  # type: ignore[arg-type]


def _why(text: str, entity: str, **more: object) -> str | None:
    stand, misses = _judged(text, entity, **more)
    assert len(stand) + len(misses) == 1
    return misses[0].why if misses else None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id bc0d9b59-2fb8-4c2c-b68b-⟦112603469098⟧ done", "part of a UUID"),
        ("at 0x⟦4155550132⟧", "an address in memory"),
        ("arn:aws:iot:us-east-1:⟦123456789012⟧:thing/x", "part of a name in a cloud"),
        ("key 43:51:43:a1:b5:fc:8b:b7:⟦12:34⟧:55:66", "part of a row of octets"),
        ("at ⟦2026-11-21 14⟧:22:07", "part of a time"),
        ("⟦17/06/09 20⟧:10:40 INFO", "part of a time"),
        ("R02 ⟦2005-06-03-15⟧.42.50.675872 x", "part of a time"),
        ("⟦03-17 16⟧:13:38.811  1702", "part of a time"),
        ("⟦21/Nov/2026:14⟧:22:07 +0000", "part of a time"),
        ("Nov 21 14:22:⟦07 2026⟧", "part of a time"),
        ("⟦081109 203615⟧ 148 INFO", "part of a time"),
        ("run ⟦20261121142207⟧ ok", "part of a time"),
        ("from ⟦192.0.2.17⟧ port", "part of a dotted number"),
        ("Chrome/⟦52.0.2743.116⟧ ok", "part of a dotted number"),
        ("v⟦10.2.19041⟧ ok", "part of a dotted number"),
        ("[1595191347.⟦127689⟧] 64 bytes", "part of a fraction"),
        ("load ⟦0.237115⟧ s", "part of a fraction"),
        ("size ⟦2147483648⟧ bytes", "a size or a duration"),
        ("took ⟦4155550132⟧ns", "a size or a duration"),
        ("⟦869 750 1111⟧ cycles", "a size or a duration"),
        ("used ⟦4155550132⟧%", "a size or a duration"),
        ("paid $⟦4155550132⟧ today", "an amount of money"),
        ("session 30546354_⟦3247046128⟧ on", "part of a word"),
        ("req a⟦4155550132⟧b", "part of a word"),
        ("chatcmpl-⟦4155550132⟧", "part of an id or a path"),
        ("GET /orders/⟦4155550132⟧", "part of an id or a path"),
        ("file ⟦4155550132⟧.log", "part of an id or a path"),
        ("offset ⟦4155550132⟧ of", "a number alone is no telephone number"),
        ("job ⟦1256521728⟧", "a number alone is no telephone number"),
        ("sum ⟦1    8641   99173⟧ x", "columns of numbers"),
        ("size ⟦3377431 512⟧ x", "not grouped as telephone numbers are"),
        ("x ⟦06369 19789⟧ jc", "not grouped as telephone numbers are"),
        ("1 ⟦415 555 0132⟧ x", "one of a row of numbers"),
        ("** UNRECOGNIZED:  ⟦05 24 01 00 00⟧\n** UNRECOGNIZED:  04 24 02 02\n", "one of some rows of octets"),
        ("0a 1b 2c\n⟦05 24 01 00 00⟧", "one of some rows of octets"),
        ("my order number is ⟦4155550132⟧", "a number alone is no telephone number"),
        ("the number is ⟦4155550132⟧", "a number alone is no telephone number"),
        ("/etc/phones\n93 ⟦1685393⟧ drwxr", "a number alone is no telephone number"),
        ("⟦415 555 0132⟧ 12 7", "one of a row of numbers"),
        ("StatusBar phone: pid=⟦40000500⟧", "a number alone is no telephone number"),
        ("PhoneStatusBar ⟦40000500⟧", "a number alone is no telephone number"),
        ("⟦4155550132⟧", "a number alone is no telephone number"),
        ("call management: ⟦04 24 02 02⟧", "columns of numbers"),
    ],
)
def test_no_telephone(text: str, why: str) -> None:
    assert _why(text, "PHONE_NUMBER") == why


@pytest.mark.parametrize(
    "text",
    [
        "reach me at ⟦+1 415 555 0132⟧.",
        "⟦(415) 555-0132⟧",
        "or ⟦415-555-0132⟧, ask",
        "or ⟦415.555.0132⟧.",
        "or ⟦1-415-555-0132⟧",
        "or ⟦415 555 0132⟧\n2",
        "or ⟦06 12 34 56 78⟧",
        "06 12 34 56 79\n⟦06 12 34 56 78⟧\n05 00 11 22 33\n",
        "phones in /etc/hosts\n⟦4155550132⟧",
        "or ⟦06.12.34.56.78⟧",
        "or ⟦020 7946 0958⟧",
        "phone ⟦4155550132⟧",
        "My Israeli number is ⟦09-7625400⟧",
        "his new number is: ⟦4155550132⟧",
        "her UK number is ⟦4155550132⟧",
        "phone ⟦06 12 34 56 78⟧",
        "phone ⟦98765 43210⟧",
        "Tel: ⟦4155550132⟧",
        "tel-⟦4155550132⟧",
        'phone="⟦4155550132⟧"',
        "home_phone=⟦4155550132⟧",
        "电话⟦415-555-0132⟧",
        "line\\n⟦415-555-0132⟧",
    ],
)
def test_telephones(text: str) -> None:
    assert _why(text, "PHONE_NUMBER") is None


_A_THING = "the word before it says what it is"


@pytest.mark.parametrize(
    ("text", "entity", "why"),
    [
        # The label of a thing, right before a number that nothing else speaks for.
        ("gtin ⟦047-853-2740⟧ qty 2", "PHONE_NUMBER", "what stands beside it says what it is"),
        ("sku EC-1 and EAN ⟦EC2233079⟧", "MEDICAL_LICENSE", _A_THING),
        ("AWB ⟦020-48213371⟧ booked", "PHONE_NUMBER", "what stands beside it says what it is"),
        ("sku=⟦355-70-6360⟧ qty 2", "US_SSN", _A_THING),
        ("UPC: ⟦943-476-5919⟧", "UK_NHS", _A_THING),
        ("serial no. ⟦EC2233079⟧ board", "MEDICAL_LICENSE", _A_THING),
        ('"serial": "⟦EC2233079⟧"', "MEDICAL_LICENSE", _A_THING),
        # Without it, further off, a part of another word, and with a word for what it is.
        ("sample ⟦355-70-6360⟧", "US_SSN", None),
        ("sku 12 of ⟦355-70-6360⟧", "US_SSN", None),
        ("xsku ⟦355-70-6360⟧", "US_SSN", None),
        ("serial ⟦355-70-6360⟧", "US_SSN", None),
        ("contact material ⟦415-555-0132⟧", "PHONE_NUMBER", None),
        ("no. ⟦EC2233079⟧", "MEDICAL_LICENSE", None),
        ("ssn, not sku ⟦355-70-6360⟧", "US_SSN", None),
        ("call, sku ⟦415-555-0132⟧", "PHONE_NUMBER", None),
        ("DEA serial ⟦EC2233079⟧", "MEDICAL_LICENSE", None),
    ],
)
def test_the_label_of_a_thing(text: str, entity: str, why: str | None) -> None:
    assert _why(text, entity, score=0.5 if entity == "PHONE_NUMBER" else 1.0) == why


@pytest.mark.parametrize(
    ("value", "entity", "key", "held"),
    [
        ("020-48213371", "PHONE_NUMBER", "awb", True),
        ("047-853-2740", "PHONE_NUMBER", "upc", True),
        ("415-555-0132", "PHONE_NUMBER", "material", False),
        ("943-476-5919", "UK_NHS", "upc", True),
        ("EC2233079", "MEDICAL_LICENSE", "serial", True),
        ("047-853-2740", "PHONE_NUMBER", "value", False),
        ("943-476-5919", "UK_NHS", "id", False),
        ("EC2233079", "MEDICAL_LICENSE", "id", False),
        ("EC2233079", "MEDICAL_LICENSE", "dea", False),
    ],
)
def test_the_key_of_a_thing(value: str, entity: str, key: str, held: bool) -> None:
    why = _why(f"⟦{value}⟧", entity, score=0.5 if entity == "PHONE_NUMBER" else 1.0, context=(key,))
    assert (why == "its key says that it is something else") is held


def test_the_keys_speak_too() -> None:
    assert _why("⟦4155550132⟧", "PHONE_NUMBER", context=("user", "phone")) is None
    assert _why("⟦4155550132⟧", "PHONE_NUMBER", context=("iphone",)) is not None
    assert (
        _why("bc0d9b59-2fb8-4c2c-b68b-⟦112603469098⟧", "PHONE_NUMBER", context=("phone",)) == "part of a UUID"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("⟦10766182-9558-4144⟧-a9be-9e43a28920b8", "part of a UUID"),
        ("wheel ⟦16777221 72981507⟧ -rw", "no card's numbers begin or are grouped so"),
        ("ts ⟦1595191347127689⟧ x", "no card's numbers begin or are grouped so"),
        ("read ⟦4111111111111111⟧ bytes", "a size or a duration"),
        ("gid://shop/Product/⟦4222455640546⟧", "no word near speaks for it"),
        ("seen ⟦36227206271667⟧ done", "no word near speaks for it"),
        ("card ⟦4222455640546⟧ ok", None),
        ("⟦4222455640546⟧", None),
        ("seen ⟦3622 720627 1667⟧ done", None),
        ("x⟦4111111111111111⟧", "part of a word"),
        ("order ⟦4111111111111111⟧ ok", None),
        ("order-⟦4111111111111111⟧ ok", None),
        ("?card=⟦4111111111111111⟧&", None),
        ("a ⟦4111 1111 1111 1111⟧ 12/27 123", None),
        ("a ⟦3782-822463-10005⟧ b", None),
        ("card ⟦16777221 72981507⟧", None),
        ("card x⟦4111111111111111⟧", None),
    ],
)
def test_cards(text: str, why: str | None) -> None:
    assert _why(text, "CREDIT_CARD", score=1.0) == why


@pytest.mark.parametrize(
    "text",
    [
        "<Thread(Thread-1 (run), started daemon ⟦147468361265450⟧)>",
        "OS thread handle ⟦149825634532172⟧, query",
        "---TRANSACTION ⟦421987815325120⟧, not started",
        "log segment at offset ⟦4014641359655⟧ in 3 ms.",
        'container_fs_reads_bytes_total{id="/"} ⟦6926873474762109⟧',
        "Counter64: ⟦389236720237644⟧",
        "usage_usec ⟦55526904460063599⟧",
        '{"seq": ⟦4012888888881881⟧}',
    ],
)
def test_a_count_is_no_card(text: str) -> None:
    assert _why(text, "CREDIT_CARD", score=1.0) == "the word before it says what it counts"


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("⟦4012888888881881⟧", ()),
        ("⟦4012888888881881⟧", ("payload",)),
        ("⟦4012888888881881⟧", ("card", "total")),
        ("typed ⟦4012888888881881⟧", ("size",)),
        ("card at offset ⟦4012888888881881⟧", ()),
        ("total ⟦4012 8888 8888 1881⟧", ()),
        ("transaction ⟦4012888888881881⟧ declined", ()),
        ('{"a":"b"} ⟦4012888888881881⟧', ()),
        ("__ ⟦4012888888881881⟧", ()),
    ],
)
def test_a_card_without_a_word(text: str, context: tuple[str, ...]) -> None:
    assert _why(text, "CREDIT_CARD", score=1.0, context=context) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('driver: "⟦i915⟧"', "too few digits"),
        ('dialect.driver == "⟦pg8000⟧"', "too few digits"),
        ("Apache Licence ⟦v2⟧", "too few digits"),
        ("driver's license ⟦a1234⟧", None),
        ("license ⟦A1234⟧", None),
        ("licence ⟦a12345⟧", None),
    ],
)
def test_drivers_and_licences(text: str, why: str | None) -> None:
    assert _why(text, "US_DRIVER_LICENSE") == why


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("CREDIT_CARD", "00000ed0: ⟦2600 0000 0000 0000⟧ a502 0000 1100 1a00  &...."),
        ("CREDIT_CARD", "00000ed0: ⟦4012 8888 8888 1881⟧ a502 0000  &...."),
        ("CREDIT_CARD", "\t0x0010:  ⟦4012 8888 8888 1881⟧ c000 0201 0050 d431"),
        ("CREDIT_CARD", "first\n0000020 ⟦4012 8888 8888 1881⟧ c000 0201 0050 d431\n"),
        ("PHONE_NUMBER", "0000b740  be ⟦08 00 00 00 48⟧ 89 df  4c 89 e6 e8 00 00 00 00  |....H...|"),
        ("PHONE_NUMBER", "kernel: 00000010: ⟦08 00 00 00 48⟧ 89 df 4c 89"),
    ],
)
def test_octets_of_a_dump(entity: str, text: str) -> None:
    assert _why(text, entity, score=0.9, detector="card") == "octets of a dump"


@pytest.mark.parametrize(
    "text",
    [
        "0042: ⟦4012 8888 8888 1881⟧",
        "0042: ⟦4012 8888 8888 1881⟧ 12/27 1234",
        "00000f90: 3431 3131 3131 3131 3131 3131 3131 3131  ⟦4012 8888 8888 1881⟧",
        "00000f90: 3431 3131 3131 3131 3131 3131 3131 3131  ⟦4012888888881881⟧",
        "port 0000020 ⟦4012 8888 8888 1881⟧ c000 0201 0050 d431",
    ],
)
def test_a_card_beside_octets(text: str) -> None:
    assert _why(text, "CREDIT_CARD", score=1.0, detector="card") is None


@pytest.mark.parametrize(
    "text",
    [
        "⟦0404 201357⟧ worker started",
        "⟦06470 124040⟧ /usr/bin/x",
        "sda ⟦993 723 6950⟧",
        "partition ⟦551-502-5811⟧ moved",
        "v ⟦687.564.7426⟧",
        "delta ⟦+22238392693⟧ offset +721086843059",
        'points="138.5326,-217.5918 148.5,-⟦214 138.4682⟧,-210.5921"',
        'points="138.5326,217.5918 148.5,⟦214 138.4682⟧,210.5921"',
    ],
)
def test_what_stands_beside_a_number(text: str) -> None:
    assert _why(text, "PHONE_NUMBER") == "what stands beside it says what it is"


@pytest.mark.parametrize(
    "text",
    [
        "⟦415 555 0132⟧",
        "⟦06470 124040⟧ to be called",
        "at ⟦0211 201357⟧ from nine",
        "⟦0211 201357⟧",
        "212-555-0134,⟦212-555-0135⟧,212-555-0136",
        "contact us ⟦415-555-0132⟧",
        "partitions ⟦415-555-0132⟧",
        "v. ⟦415-555-0132⟧",
        "phone offset ⟦415-555-0132⟧",
    ],
)
def test_what_stands_beside_a_telephone(text: str) -> None:
    assert _why(text, "PHONE_NUMBER") is None


@pytest.mark.parametrize("context", [("thread",), ("counter", "64"), ("cpu", "usage", "ns")])
def test_a_count_under_a_key(context: tuple[str, ...]) -> None:
    assert _why("⟦147468361265450⟧", "CREDIT_CARD", score=1.0, context=context) is not None


@pytest.mark.parametrize(
    ("entity", "text", "context", "why"),
    [
        (
            "CREDIT_CARD",
            "⟦4111111111111111⟧",
            ("transaction", "id"),
            "its key says that it is something else",
        ),
        ("CREDIT_CARD", "⟦4111111111111111⟧", ("amount",), "its key says that it is something else"),
        ("CREDIT_CARD", "⟦4111111111111111⟧", ("card", "id"), None),
        ("CREDIT_CARD", "card ⟦4111111111111111⟧", ("id",), None),
        ("CREDIT_CARD", "⟦4111111111111111⟧", ("id", "text"), None),
        ("CREDIT_CARD", "⟦4222455640546⟧", ("variant",), "no word near speaks for it"),
        ("US_SSN", "⟦219-09-9999⟧", ("sku",), "its key says that it is something else"),
        ("US_SSN", "⟦219-09-9999⟧", ("note",), None),
    ],
)
def test_a_key_can_say_that_it_is_something_else(
    entity: str, text: str, context: tuple[str, ...], why: str | None
) -> None:
    assert _why(text, entity, score=1.0 if entity == "CREDIT_CARD" else 0.5, context=context) == why


@pytest.mark.parametrize(
    ("entity", "text", "score", "why"),
    [
        ("US_BANK_NUMBER", "account opened ⟦20240607⟧ by", 0.4, "a date or a time"),
        ("US_BANK_NUMBER", "account ⟦1717755570⟧ last seen", 0.4, "a date or a time"),
        ("US_BANK_NUMBER", "account ⟦20249907⟧ closed", 0.4, None),
        ("US_BANK_NUMBER", "account balance: ⟦12345678⟧", 0.4, "the word before it says what it is"),
        ("US_BANK_NUMBER", "bank account ⟦38491726⟧ cents", 0.4, "a size or a duration"),
        ("US_DRIVER_LICENSE", "driver version ⟦384917265⟧", 0.4, "the word before it says what it is"),
        ("US_DRIVER_LICENSE", "license ⟦384917265⟧ seats", 0.4, "a size or a duration"),
        ("US_DRIVER_LICENSE", "driver license ⟦384917265⟧", 0.4, None),
        ("US_PASSPORT", "passport.js strategy ⟦384917265⟧", 0.4, "no word near speaks for it"),
        ("US_PASSPORT", "passport ⟦384917265⟧", 0.4, None),
        ("AGE", "cache age ⟦93⟧", 0.6, "the age of a thing"),
        ("AGE", "max-age=⟦91⟧", 0.6, "the age of a thing"),
        ("AGE", "retention_age=⟦95⟧", 0.6, "the age of a thing"),
        ("AGE", "patient age ⟦93⟧", 0.6, None),
        ("AGE", "message: age ⟦93⟧", 0.6, None),
    ],
)
def test_numbers_of_which_a_word_says_more(entity: str, text: str, score: float, why: str | None) -> None:
    assert _why(text, entity, score=score) == why


@pytest.mark.parametrize(
    ("entity", "text", "score", "why"),
    [
        ("UK_NHS", "received ⟦9434765919⟧", 1.0, "no word near speaks for it"),
        ("UK_NHS", "1 ⟦943 476 5919⟧", 1.0, "one of a row of numbers"),
        ("UK_NHS", "no ⟦943 476 5919⟧", 1.0, None),
        ("UK_NHS", "NHS ⟦9434765919⟧", 1.0, None),
        ("US_SSN", "status ⟦219099999⟧", 0.4, "no word near speaks for it"),
        ("US_SSN", "security group ⟦219099999⟧", 0.4, "no word near speaks for it"),
        ("US_SSN", "ssn ⟦219099999⟧", 0.4, None),
        ("US_SSN", "was ⟦219-09-9999⟧", 0.5, None),
        ("US_SSN", "example.com⟦219-09-9999⟧", 0.5, None),
        ("US_SSN", "7⟦219-09-9999⟧", 0.5, "part of a word"),
        ("US_ITIN", "routing ⟦912345678⟧", 0.4, "no word near speaks for it"),
        ("MEDICAL_LICENSE", "[38]: ⟦KB2621440⟧", 1.0, "the number of an update"),
        ("MEDICAL_LICENSE", "sum ⟦fb7672428⟧ x", 1.0, "like a hash"),
        ("MEDICAL_LICENSE", "by ⟦AP5836727⟧", 1.0, None),
        ("MEDICAL_LICENSE", "dea ⟦fb7672428⟧", 1.0, None),
        ("US_BANK_NUMBER", "checksum ⟦12345678901⟧", 0.4, "no word near speaks for it"),
        ("US_BANK_NUMBER", "bank ⟦12345678901⟧", 0.4, None),
        ("US_BANK_NUMBER", "account ⟦123456789012⟧", 0.4, "an account with a cloud"),
        ("US_BANK_NUMBER", "bank account ⟦123456789012⟧", 0.4, None),
        ("US_BANK_NUMBER", "account ⟦12345678901⟧", 0.4, None),
        ("US_DRIVER_LICENSE", "public ⟦s3⟧", 0.4, "no word near speaks for it"),
        ("US_PASSPORT", "status ⟦123456789⟧", 0.4, "no word near speaks for it"),
        ("US_PASSPORT", "passport ⟦123456789⟧", 0.4, None),
        ("IP_ADDRESS", "from ⟦8.8.8.8⟧ port", 0.6, None),
        ("IP_ADDRESS", "arn:aws:apigateway:sa-east-⟦1::⟧/x", 0.6, "part of a name in a cloud"),
        ("MAC_ADDRESS", "⟦43:51:43:a1:b5:fc⟧:8b:b7:0a", 0.6, "part of a row of octets"),
        ("MAC_ADDRESS", "keyid:⟦1A:ED:FE:41:23:45⟧:67:89:AB:CD:EF:01", 0.6, "part of a row of octets"),
        ("MAC_ADDRESS", "  ⟦52:6f:01:03:4e:8e⟧:8b", 0.6, "part of a row of octets"),
        ("MAC_ADDRESS", "frame ⟦00-1B-44-11-3A-B7⟧-00-01", 0.6, "part of a row of octets"),
        ("MAC_ADDRESS", f"{'aa:bc:' * 50}⟦52:6f:01:03:4e:8e⟧", 0.6, "part of a row of octets"),
        ("MAC_ADDRESS", "DUID: 00-01-00-01-1C-CF-⟦00-00-5E-00-53-01⟧", 0.6, None),
        ("MAC_ADDRESS", "NVMe(0x1,⟦00-00-5E-00-53-01⟧-00-FF)", 0.6, None),
        ("MAC_ADDRESS", "mac:⟦00:00:5e:00:53:01⟧,", 0.6, None),
        ("MAC_ADDRESS", "lease 01:⟦00:00:5e:00:53:01⟧ x", 0.6, None),
        ("MAC_ADDRESS", "at ⟦00:00:5e:00:53:01⟧ on", 0.6, None),
        ("CRYPTO", "x-⟦1BoatSLRHtKNngkdXEeobR76b53LETtpyT⟧", 1.0, "part of an id or a path"),
        ("DATE_TIME", "on ⟦2026-11-21⟧", 0.6, None),
    ],
)
def test_others(entity: str, text: str, score: float, why: str | None) -> None:
    assert _why(text, entity, score=score) == why


@pytest.mark.parametrize("entity", ["SECRET", "EMAIL_ADDRESS", "IBAN_CODE", "STAFF_NUMBER", "PERSON"])
def test_what_is_never_held_back(entity: str) -> None:
    assert _why("bc0d9b59-2fb8-4c2c-b68b-⟦112603469098⟧", entity) is None


def test_a_label_of_our_own_speaks() -> None:
    assert _why("reach: ⟦4155550132⟧", "PHONE_NUMBER", score=0.8, detector="phone-shape") is None
    assert _why("at 0x⟦4155550132⟧", "PHONE_NUMBER", score=0.8, detector="phone-shape") is not None


def test_the_host_of_a_credential_is_no_address() -> None:
    text = "postgres://app:hunter2@db.example.com/x bob@example.com"
    secret = Span(15, 22, "PASSWORD", 0.9, "url")
    host = Span(15, 37, "EMAIL_ADDRESS", 1.0, "email", True)
    mail = Span(40, 55, "EMAIL_ADDRESS", 1.0, "email", True)
    stand, misses = hold_back(text, [secret, host, mail])
    assert stand == [secret, mail]
    assert misses == [Miss(15, 37, "EMAIL_ADDRESS", "email", "the end of a credential and a host")]
    assert hold_back(text, [host]) == ([host], [])


def test_what_only_looks_like_a_mailbox() -> None:
    assert _why("kex: ⟦curve25519-sha256@libssh.org⟧,x", "EMAIL_ADDRESS") == "the name of an algorithm of SSH"
    assert _why("clone ⟦git@code.example.com⟧:team/app", "EMAIL_ADDRESS") == "where sources are kept"
    assert _why("clone ⟦git@code.example.com⟧ says", "EMAIL_ADDRESS") is None


def test_far_along_in_a_long_text_and_in_order() -> None:
    uuid = "bc0d9b59-2fb8-4c2c-b68b-112603469098 "
    text = "x " * 5000 + uuid + "phone 4155550132 " + uuid
    at = text.index(uuid)
    held = [
        Span(at + 24, at + 36, "PHONE_NUMBER", 0.4, "p"),
        Span(len(text) - 13, len(text) - 1, "PHONE_NUMBER", 0.4, "p"),
    ]
    kept = Span(text.index("415555"), text.index("415555") + 10, "PHONE_NUMBER", 0.75, "presidio:p")
    stand, misses = hold_back(text, [held[1], kept, held[0]])
    assert stand == [kept]
    assert [miss.start for miss in misses] == [held[1].start, held[0].start]
    assert {miss.why for miss in misses} == {"part of a UUID"}


def test_how_far_a_text_is_read_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """One span alone, for which little is read, all of them, and all that is near a span from the start."""
    chance = Random(5)
    long = [
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "arn:aws:iam::123456789012:user/path/203.0.113.7/x",
        "17/May/2015:10:05:03 +0000",
        "2026-11-21T14:22:07.123Z",
        "14:22:07.551-502",
        "0x7f3a5c001d40",
        "01:02:03:04:05:06:07:08:09",
        "urn:oid:1.2.36.146.595.217.0.1",
    ]
    short = [
        "203.0.113.7",
        "212-555-0123",
        "4111111111111111",
        "10 GB",
        "$12.50",
        "1.2.3",
        "word",
        "- -",
        '"GET',
        "/",
    ]
    joints = ["", ".", ":", "/", "-"] + 20 * [" "]
    asked = 0
    for _ in range(300):
        text = "".join(
            chance.choice(long + 4 * short) + chance.choice(joints) for _ in range(chance.randrange(4, 60))
        )
        spans = [
            Span(
                *match.span(),
                chance.choice(["IP_ADDRESS", "PHONE_NUMBER", "MAC_ADDRESS", "DATE_TIME"]),
                0.6,
                "x",
            )
            for match in re.finditer(r"[0-9][0-9.:-]*", text)
            if chance.random() < 0.5
        ]
        alone = [hold_back(text, [span]) for span in spans]
        together = hold_back(text, spans)
        with monkeypatch.context() as whole:
            whole.setattr(shields, "_AHEAD", 10**6)
            assert [hold_back(text, [span]) for span in spans] == alone
        assert (
            [one for stand, _ in alone for one in stand],
            [one for _, held in alone for one in held],
        ) == together
        asked += len(together[1])
    assert asked > 1000


def test_blanks_before_a_span_are_passed_over_to_the_start_of_a_text() -> None:
    assert _why("  ⟦415 555 0132⟧", "PHONE_NUMBER") is None
    assert _why(" " * 500 + "⟦415 555 0132⟧", "PHONE_NUMBER") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NP_003997.1:⟦p.Ar⟧g23Leu", "part of a word"),
        ("⟦org.apache.kafka.clients.Net⟧workClient started", "part of a word"),
        ("at ⟦com.example.Ma⟧in.run", "part of a word"),
        ("saved ⟦photo.jp⟧eg", "part of a word"),
        ("PTR ⟦4.3.2.1.in-addr.ar⟧pa", "part of a word"),
        ("class ⟦com.example.app⟧ loaded", "the name of a class"),
        ("⟦org.example.Id⟧: x", "the name of a class"),
        ("⟦java.lang.auto⟧ x", "the name of a class"),
        ("in ⟦app.py⟧ line 3", "the name of a file"),
        ("run ⟦schema.sh⟧ now", "the name of a file"),
        ('open ⟦"README.md"⟧', "the name of a file"),
        ("load ⟦libfoo.so⟧.6", "the name of a file"),
        ("⟦user.id⟧=5", "a name in code"),
        ("⟦self.name⟧(x)", "a name in code"),
        # Addresses
        ("see ⟦example.com⟧.", None),
        ("⟦mail.example.co.uk⟧ said", None),
        ("of ⟦example.de⟧", None),
        ("⟦net.example.com⟧ x", None),
        ("⟦example.com⟧=5", None),
        ("⟦example.de⟧电话", None),
        ("⟦www.example.py⟧ x", None),
        ("⟦www.example.ar⟧cade", None),
        ("⟦http://example.ar⟧cade", None),
        ("⟦a.example.com.int⟧ernal", None),
        ("⟦example.sh/app.py⟧ x", None),
        ('⟦"example.io"⟧ x', None),
    ],
)
def test_addresses_of_the_web(text: str, why: str | None) -> None:
    assert _why(text, "URL", score=0.5) == why


def test_addresses_by_their_key_and_by_a_rule_of_the_user() -> None:
    assert _why("⟦app.py⟧", "URL", context=("homepage", "url")) is None
    assert _why("⟦amelia.jp⟧g", "URL", context=("url",)) == "part of a word"
    assert _why("⟦amelia.jp⟧", "URL", context=("url",)) is None
    assert _why("⟦app.py⟧", "URL", context=("url", "file")) == "the name of a file"
    assert _why("in ⟦app.py⟧", "URL", detector="deny") is None
