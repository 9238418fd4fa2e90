"""What odd characters stand for, where it stands in the text, and that no trigger is missed."""

import re
import sys
import time
import unicodedata
from itertools import pairwise

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import DetectorError
from cecil.sanitizer.normal import plain, triggers

_DATABASE = hyperscan.Database()
_DATABASE.compile(
    expressions=[trigger.regex.encode() for trigger in triggers()],
    flags=[
        hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if trigger.caseless else 0)
        for trigger in triggers()
    ],
)


def triggered(text: str) -> bool:
    hits: list[int] = []
    data = re.sub("[\r\n\t]", " ", text).encode("utf-8", "surrogatepass")
    _DATABASE.scan(data, match_event_handler=lambda number, *_: hits.append(number))
    return bool(hits)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        # Percent-encoding, once and over and over; UTF-8; the old escape() of JavaScript.
        ("bob%40example.com", "bob@example.com"),
        ("bob%2540example%25252Ecom", "bob@example.com"),
        ("%25", "%"),
        ("%2525", "%"),
        ("J%C3%B6rg %e2%82%ac %25C3%25A9 %F0%9F%98%80", "Jörg € é \U0001f600"),
        ("bob%u0040example.com", "bob@example.com"),
        # A plus is a blank in a query only.
        ("card=4111+1111+1111+1111&x=1", "card=4111 1111 1111 1111&x=1"),
        ("?phone=%2B1+212+555+0123", "?phone=+1 212 555 0123"),
        # Character references.
        ("bob&#64;example&period;com", "bob@example.com"),
        ("&#x40;&#X40;&#0064;&#64 &commat;", "@@@@ @"),
        ("bob&amp;#64;x &amp;amp;commat; R&amp;D &amp;lt;", "bob@x @ R&D <"),
        # Escapes of JSON, Python and C, also escaped.
        (r"bob\u0040example\x2ecom", "bob@example.com"),
        (r"bob\\u0040x \\\\x40", "bob@x @"),
        (r"\u{40} \U00000040 \ud835\udfd2", "@ @ 4"),
        (r"\u0041\udc00", r"A\udc00"),
        (r"name\nSSN\t1\r\n2", "name\nSSN\t1\r\n2"),
        (r"\xe2\x80\x8bbob \xc3\xa9 4\xa01", "bob é 4 1"),
        # Colours.
        ("\x1b[36mpassword\x1b[0m=\x1b[1;33mhunter2\x1b[K", "password=hunter2"),
        (r"\u001b[31mx\x1b[0m", "x"),
        # Digits, letters and signs of other widths, scripts and styles.
        ("４１１１", "4111"),
        ("٤١१1𝟜𝟭", "411141"),
        ("ｂｏｂ＠ｅｘａｍｐｌｅ．ｃｏｍ", "bob@example.com"),
        ("𝒃𝓸𝖇﹫𝚎xample.com", "bob@example.com"),
        ("o\ufb03ce ⑷ ④ x²", "office (4) 4 x2"),
        ("ℓℴℊ", "log"),
        ("1\u20442", "1/2"),
        ("\U000e0062\U000e006f\U000e0062\U000e007f", "bob"),
        # Blanks.
        ("4111\u00a01111\u20091111\u30001111", "4111 1111 1111 1111"),
        # What is not seen.
        ("41\u200b11\ufeff 41\u00ad11 41\u206011 41\u202e11", "4111 4111 4111 4111"),
        ("4\u200d1 4\u200c1 4\ufe0f\u20e31 \ufe0f\u200d4", "41 41 41 4"),
        ("bob\u200d@\u200d\u200d\u200dexample.com", "bob@example.com"),
        ("4\u03361\u0336\u03381", "411"),
        # Dashes, stops and colons where digits or names stand around them.
        ("078–05—1120 1\u22122 a\u20111", "078-05-1120 1-2 a-1"),
        ("bob@example。com 10·0·0·7", "bob@example.com 10.0.0.7"),
        ('password：x "pin"：1', 'password:x "pin":1'),
        # Digits in a text that has no blanks.
        ("卡号219-09-9999，谢谢 전화+82 1234번", "卡 219-09-9999，谢谢 전 +82 1234 "),
        # Letters of other alphabets among ASCII ones.
        ("pаsswоrd раѕsword passwοrd", "password password password"),
        # One behind the other.
        ("%26%2364%3B", "@"),
        ("&#37;40", "@"),
        (r"\u00254\u0030", "@"),
        ("\uff05４０", "@"),
        ("４–５", "4-5"),
    ],
)
def test_seen_through(text: str, seen: str) -> None:
    shadow = plain(text)
    assert shadow is not None
    assert shadow.text == seen
    assert triggered(text)
    assert shadow.origin(0, len(seen)) in {(0, len(text)), _bare(text)}


def _bare(text: str) -> tuple[int, int]:
    """Without what is not seen at both ends."""
    unseen = (
        r"(?:\\u001b\[\d+m|\x1b\[[\d;]*[mK]|\\xe2\\x80\\x8b|\\x1b\[0m|[\u200d\ufe0f\u0336\u0338\U000e007f])*"
    )
    whole = re.fullmatch(rf"{unseen}(.*?){unseen}", text, re.DOTALL)
    assert whole is not None
    return whole.span(1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "2026-01-02T03:04:05.123456+00:00 INFO a=b took 35ms (100%) C:\\Program Files\\x R&D",
        "50% of it, %d %s %zz %",
        "%C3 %ff %80%80 %C3(",
        "%ED%A0%80",  # a surrogate
        "&foo; & &; &a b; &#; &#x; AT&T",
        "&#xD800; &#1114112;",
        r"\ \u \u12 \x4 \d+ \xff \ud800 C:\dir",
        r"\ud800\ud800",
        r"\ud835\udbff",
        "key=abc+def/ghi= sig=ab+cd== a+b c=+1",
        "Grüße, café, naïve, Ærøskøbing",
        "cafe\u0301",
        "密码：你好。（是）！用Python3。第12章",
        "Привет, мир. Ελληνικά",
        "नमस्ते می\u200cخواهم",
        "⚠️ done ✔️ 👩\u200d👩\u200d👧 ❤️",
        "“quoted” – and — so…",
        "word—word, 5 – 6, 20 ™ ½ № ℹ️ !",
        "a\u2013b",
    ],
)
def test_ordinary_text_has_no_shadow(text: str) -> None:
    assert plain(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"ts":"2026-01-02T03:04:05Z","level":"info","msg":"GET /a/b/c?x=1&y=2 100% in 3 ms","n":[1,2]}',
        "Grüße aus Köln: “über” – 5 € …",
        "数据库连接失败，请重试。（错误）：无",
        "⚠️ done ✔️",
        "2026-01-02T03:04:05.123+00:00 worker-3 [INFO] user=7 & more",
    ],
)
def test_ordinary_text_triggers_nothing(text: str) -> None:
    assert not triggered(text)


def test_only_what_was_found_is_named() -> None:
    text = "to=bob%40example.com%20now"
    shadow = plain(text)
    assert shadow is not None
    start = shadow.text.index("bob@example.com")
    left, right = shadow.origin(start, start + len("bob@example.com"))
    assert text[left:right] == "bob%40example.com"


def test_a_part_of_a_character_is_all_of_it() -> None:
    shadow = plain("o\ufb03ce")
    assert shadow is not None
    assert [shadow.origin(i, i + 1) for i in range(6)] == [(0, 1), (1, 2), (1, 2), (1, 2), (2, 3), (3, 4)]


def test_what_is_dropped_belongs_to_what_stands_around_it() -> None:
    text = "\u00ad4\u00ad1\u00ad"
    shadow = plain(text)
    assert shadow is not None
    assert shadow.origin(0, 2) == (1, 4)
    assert shadow.origin(0, 1) == (1, 2)
    assert shadow.origin(1, 2) == (3, 4)


def test_without_end() -> None:
    """Each round uncovers the next; who writes so has something to hide."""
    text = "@"
    for number in range(40):
        text = (
            "".join(f"&#{ord(char)};" if number % 2 else f"%{ord(char):02x}" for char in text[:3]) + text[3:]
        )
    with pytest.raises(DetectorError, match="encoded too many times over"):
        plain(text)


def test_every_digit_and_format_character() -> None:
    for point in range(0x80, sys.maxunicode + 1):
        char = chr(point)
        category = unicodedata.category(char)
        if category == "Nd":
            shadow = plain(f"7{char}7")
            assert shadow is not None and shadow.text == f"7{unicodedata.decimal(char)}7"
        elif category == "Zs":
            shadow = plain(char)
            assert shadow is not None and shadow.text == " "


_PARTS = st.sampled_from(
    [
        *"%&;#\\=+?\x1b[m@.-0aZ4ux \n:\u2013\u3002\uff1aоаé\u0301\u200d\ufe0f\u00ad\u00a0４𝟜ﬁ。",
        "%40", "%25", "%C3%A9", "&#64;", "&amp;", "\\u0040", "\\x41", "\\n", "a+b", "=a+b", "\x1b[0m", "4111",
    ]
)  # fmt: skip


# With more NULs it could be text in UTF-16, which is refused.
@given(st.lists(_PARTS | st.characters(), max_size=30).map("".join).filter(lambda text: text.count("\0") < 3))
def test_any_text(text: str) -> None:
    """A shadow has a trigger, nothing is left in it to see through, and it lies over the text in order."""
    shadow = plain(text)
    if shadow is None:
        return
    assert triggered(text)
    assert plain(shadow.text) is None
    spans = [shadow.origin(i, i + 1) for i in range(len(shadow.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(spans))
    if shadow.text:
        assert shadow.origin(0, len(shadow.text)) == (spans[0][0], spans[-1][1])
    # A character that stands for itself is where it was.
    for char, (start, end) in zip(shadow.text, spans, strict=True):
        if end - start == 1 and text[start] < "\x80" and text[start] != "+":
            assert char == text[start]


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "a", "=", "%41", "%25", "%", "%C3", "%c3%a9", "&#64;", "&amp;", "&a", "&#", "\\", "\\u0040", "\\x", "\x1b[",
        "\x1b[0;", "４", "\u200d", "é\u200d", "а", "аb", "5\u2013", "5\u0301", "\u0301", "=a+", "a+", "ﬁ", "\u00ad",
    ],
)  # fmt: skip
def test_a_megabyte_takes_no_more_than_seconds(unit: str) -> None:
    """Under one on a machine that does nothing else; what is not linear takes minutes."""
    text = unit * (1_000_000 // len(unit.encode()))
    start = time.process_time()
    plain(text)
    assert time.process_time() - start < (4 if sys.gettrace() is None else 20)  # coverage takes its time
