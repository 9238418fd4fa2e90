"""What stands around a model of names: shapes, segments, memory, evidence, the gate; and the embedded model."""

import json
import pickle
import random
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Detector, Policy, Sanitizer
from cecil.errors import DetectorError, RecordError, UsageError
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.names import choice, evidence, labels
from cecil.sanitizer.names.engine import Names, is_alone, is_free, is_who
from cecil.sanitizer.names.evidence import Mark
from cecil.sanitizer.names.gate import Gate
from cecil.sanitizer.names.memory import Memory
from cecil.sanitizer.names.network import fold
from cecil.sanitizer.names.segments import LONGEST, cut
from cecil.sanitizer.names.shape import Way, collapsed, shaped
from tests.conftest import build_cache, build_sanitizer, examples
from tests.names_toy import Toy

PIECES = st.sampled_from(
    """Ann|Bob Stone|Carla Lee|Oslo|Acme|Mr. Smith|bob@example.com|192.0.2.7|17|2026-11-21T10:00:00.015Z|the|worker|took|/srv/x7/log|
    https://example.com/a?b=1|34169b61-1ae3-5333-7d5a-f019b9bbf40d|ab12cd34|<PERSON>|<USER_ID#abc>|"quoted"|\\|\n|\t|.|,|. The|é|Zoë|日本|
    {"a": "Ann Lee is"}|[Bob]|user=Ann|com.example.Ann|Ann's|Dear Bob,|4111 1111 1111 1111|\u00a0|\U0001f600|Ann Lee <ann.lee@example.com>""".split(
        "|"
    )
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("PER", "PERSON"),
        ("B-per", "PERSON"),
        ("GPE", "LOCATION"),
        ("I-LOC", "LOCATION"),
        ("ORG", "ORGANIZATION"),
        ("DATE", None),
    ],
)
def test_labels_of_others(label: str, entity: str | None) -> None:
    assert labels.entity(label) == entity


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("took 12.5 ms", "took 0.0 ms"),
        ("mail Ann <ann.lee7@example.com>!", "mail Ann <@>!"),
        ("GET /v1/orders/17?x=a HTTP/1.1", "GET /?x=a HTTP/0.0"),
        ("see https://example.com/a/b?c=d.", "see /"),
        ("see https://example.com/a?q=Ann Stone.", "see /?q=Ann Stone."),
        ("see https://example.com/a?b=1&q=Jo de la Stone&d=e f", "see /&q=Jo de la Stone&d=e f"),
        ("https://example.com/a?q=Ann HTTP/1.1", "/ HTTP/0.0"),
        ("https://example.com/a?q=Ann 200 by Zoe", "/ 0 by Zoe"),
        ("https://example.com/a?q=ann Stone", "/ Stone"),
        ("https://example.com/a=Ann Stone", "/ Stone"),
        ("job 34169b61-1ae3-abcd-7d5a-f019b9bbf40d done", "job 0 done"),
        ("id 4bf92f3577b34da6 AB12 x9y8z7 a1b", "id 0 0 0 0"),
        ("<PERSON> and <USER_ID#abc234> and <~~~~>", "<~> and <~> and <~>"),
        ("user123 and/or Smith", "user0 and/or Smith"),
        ("nothing at all", "nothing at all"),
    ],
)
def test_shapes(text: str, shape: str) -> None:
    assert shaped(text) == shape


@examples(300)
@given(text=TEXTS | st.text(max_size=80))
def test_the_shape_of_a_collapsed_text_is_its_own_and_leads_back(text: str) -> None:
    octets = text.encode("utf-8", "surrogatepass")
    form = shaped(text)
    assert shaped(collapsed(octets).decode("utf-8", "surrogatepass")) == form
    assert collapsed(octets * 2000) == re.sub(rb"[0-9]+", b"0", octets * 2000)
    way = Way(text)
    assert way.shape == form
    for match in re.finditer(r"[^\W\d_]+", form):
        start, end = way.start(match.start()), way.end(match.end())
        assert 0 <= start < end <= len(text)
        assert text[start:end] == match[0] or match[0] not in text


URL = re.compile(r"(?<![A-Za-z0+.-])[A-Za-z][A-Za-z0+.-]*+://[^\s\"'<>()\[\]{}|\\^`,;]++")
ID = re.compile(
    r"(?<![A-Za-z0])(?:(?:[0a-fA-F]++-){4}[0a-fA-F]++|[a-f]++0[0a-f]*+|[A-F]++0[0A-F]*+"
    r"|0[a-f][0a-f]*+|0[A-F][0A-F]*+|[A-Za-z]*+0[A-Za-z]++0[A-Za-z0]*+)(?![A-Za-z0])"
)


@examples(300)
@given(st.lists(st.sampled_from([*"0 12 a F x z - + . :// http:// s3:// , ( é _ ' ab0 0c-".split(" "), " "])))
def test_urls_and_ids_are_what_plain_expressions_say(parts: list[str]) -> None:
    text = "".join(parts)
    # Without a path, which ends an address; and digits are one.
    plain = URL.sub("/", re.sub("0+", "0", fold(text)))
    assert shaped(text) == (ID.sub("0", plain) if re.search("[A-Za-z]0|0[A-Za-z-]", plain) else plain)


def test_memory_holds_the_newest_and_no_more_than_it_may() -> None:
    memory: Memory[int, str] = Memory(10 * 210)
    for number in range(100):
        memory.put(number, "x", 10)
        assert memory.get(0, 10) == "x"  # who is asked for stays
    assert memory.get(5, 10) is None
    assert memory.get(99, 10) == "x"
    assert sum(memory.get(number, 10) is not None for number in range(100)) <= 20
    assert pickle.loads(pickle.dumps(memory)).get(99, 10) is None


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        (
            "One line is here. Another one here? Yes! the end",
            ["One line is here.", "Another one here?", "Yes! the end"],
        ),
        (
            "Mr. Smith met J. Doe at St. John's in the U.S. Army",
            ["Mr. Smith met J. Doe at St. John's in the U.S. Army"],
        ),
        ("first\nsecond\r\n\n  third ", ["first", "second", "third"]),
        ('{"a": "Ann is", "b": ["Bob was"]}', ["{", "a", ":", "Ann is", ",", "b", ": [", "Bob was", "]}"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_segments(text: str, segments: list[str]) -> None:
    assert [text[one.start : one.end] for one in cut(text)] == segments


@given(words=st.lists(st.sampled_from(["word", "Ann", "x" * 150, "x" * 500, "a.", "B", "\n"]), max_size=120))
def test_segments_leave_nothing_out(words: list[str]) -> None:
    text = " ".join(words)
    covered = set()
    last = 0
    for one in cut(text):
        assert one.end - one.start <= LONGEST
        assert one.start <= one.first <= one.last <= one.end
        assert text[last : one.first].strip() == "" or one.first == last
        last = one.last
        covered.update(range(one.start, one.end))
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tomcat started in 17 ms", []),
        ("a Jenkins build failed", []),
        ("eth0: NIC Link is Up 1000 Mbps Full Duplex", []),
        ("eth0: NIC Link is Down", []),
        ("Nov 22 04:11:02 vpn charon: 12[IKE] initiating IKE_SA gw[4] to 198.51.100.7", []),
        ("Bus 04.Port 1: Dev 1, Class=root_hub", []),
        ("Dev Patel came with Dev.", ["Dev Patel", "Dev"]),
        ("at Jackson ObjectMapper", []),
        ("Mr. Jackson McDonald came", ["Jackson McDonald"]),
        ("Jenkins started the match for us.", ["Jenkins"]),
        ("Miss Jackson said no.", ["Jackson"]),
        ("My name is Cassandra Miller.", ["Cassandra Miller"]),
        ("Wells Fargo declined the card", []),
        ("so sad about #RobinWilliams", ["#RobinWilliams"]),
        ("I like #JustinBieber very much", ["#JustinBieber"]),
        ('"Mozilla/5.0 (Android; Mobile; rv:27.0) Gecko/27.0"', []),
        ("Mozilla/4.0 (compatible; MSIE 6.0; MAXTHON 2.0) by Anna Smith", ["Anna Smith"]),
        ("agent=Mozilla/5.0 (X11; Linux) user=Anna Smith (see below)", ["Anna Smith"]),
    ],
)
def test_software_and_houses_that_are_called_as_persons_are(text: str, names: list[str]) -> None:
    spans = Names.embedded().spans(text)
    assert [text[s.start : s.end] for s in spans if s.entity == "PERSON" and s.score >= 0.4] == names


class Unsure(Toy):
    """Is less sure of all it knows."""

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        return [[one._replace(score=0.8) for one in marks] for marks in super().tag(texts)]


def test_who_may_stand_in_a_hashtag_has_to_be_sure() -> None:
    assert found("met Ann, so #TeamAnn is", Unsure()) == [("PERSON", "Ann", 0.8)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("thank you all #ThankYouObama", ["#ThankYouObama"]),
        ("so happy #HappyBirthdayWilliamBrown lol", ["#HappyBirthdayWilliamBrown"]),
        ("watching it now #WilliamBrown", ["#WilliamBrown"]),
        ("we need more of it #BlackFriday #ThrowbackThursday #MondayMotivation #BestMovieEver", []),
        ("see #ReleaseNotes and com.example.User#getFullName of #MainContent", []),
    ],
)
def test_persons_in_hashtags(text: str, names: list[str]) -> None:
    spans = Names.embedded().spans(text)
    assert [text[s.start : s.end] for s in spans if s.score >= 0.4] == names


def test_a_name_in_a_long_sentence_is_found_once_wherever_it_stands() -> None:
    names = Names(Toy())
    for before in range(0, 900, 7):
        text = ("word " * 200)[:before] + " Ann Lee " + "word " * 200
        (span,) = names.spans(text)
        assert text[span.start : span.end] == "Ann Lee"


def found(text: str, model: Any = None) -> list[tuple[str, str, float]]:
    spans = Names(model or Toy()).spans(text)
    return [(one.entity, text[one.start : one.end], one.score) for one in spans]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("met Ann Lee in Oslo", [("PERSON", "Ann Lee", 0.9), ("LOCATION", "Oslo", 0.9)]),
        ("call 17 of Ann took 5 ms", [("PERSON", "Ann", 0.9)]),
        ("Dear Mr. Petrov, hello", [("PERSON", "Petrov", 0.9)]),
        ("Dr. Ann Lee came", [("PERSON", "Ann Lee", 0.9)]),
        ("Dear Zork, it is", [("PERSON", "Zork", 0.9)]),
        ("open C:\\Users\\Zara Zork\\a.txt", [("PERSON", "Zara Zork", 0.9)]),
        ("open C:\\\\Users\\\\Zara Zork\\\\a.txt", [("PERSON", "Zara Zork", 0.9)]),
        ("open C:\\Users\\All Users\\a.txt", []),
        ("C:\\Users\\z.zork\\a.txt", [("PERSON", "z.zork", 0.9)]),
        ("in C:\\Users\\Zara.Zork.CORP\\AppData", [("PERSON", "Zara.Zork", 0.9)]),
        ("in C:\\Users\\Administrator.CORP\\a and C:\\Users\\svc.zork\\a", []),
        ("in C:\\Users\\desktop.ini and D:\\Data\\z.zork\\a", []),
        ("<Data Name='User'>CORP\\zara.zork</Data>", [("PERSON", "zara.zork", 0.9)]),
        ("of <Data>CORP\\svc.zork</Data><File>BIN\\zork.exe</File><Data>CORP\\ZORK$</Data>", []),
        ("of <Class>Zork\\zara.zork</Class> CORP\\zara.zork", []),
        ("Account Name:\t\tCorp\\z.zork Type: 3", [("PERSON", "z.zork", 0.9)]),
        ("user='CORP\\\\zara.zork' in", [("PERSON", "zara.zork", 0.9)]),
        ("user: CORP\\zork.conf and user: CORP\\zara.zork\\a", []),
        ("12[Ann] sending, x[Bob] 1 [Bob]", [("PERSON", "Ann", 0.3), *[("PERSON", "Bob", 0.9)] * 2]),
        ("open C:\\Program Files\\Zara Zork\\a.txt", []),
        ("Hello Team, it is", []),
        ("at com.example.Ann.run now", [("PERSON", "Ann", 0.3)]),
        ("run -Ann.host.url=x -Bob, (-Carla=x it", [("PERSON", "Bob", 0.9)]),
        ("yours -Ann. It x-Bob=x", [("PERSON", "Ann", 0.9), ("PERSON", "Bob", 0.3)]),
        ("to=Ann Lee=x is", [("PERSON", "Ann", 0.9)]),
        ("Ann::make of Bob(x) it", [("PERSON", "Ann", 0.3), ("PERSON", "Bob", 0.3)]),
        ("by pat.jones@example.com (Pat Jones)", [("PERSON", "Pat Jones", 0.9)]),
        ("Jones Pat pjones@example.com is", [("PERSON", "Jones Pat", 0.9)]),
        ("Xy Zw ab@example.com is", []),
        ("so Dr. Zork's notes", [("PERSON", "Zork", 0.9)]),
        ("so Dr. Zo'rk-Zw's notes", [("PERSON", "Zo'rk-Zw", 0.9)]),
        # A hashtag is named whole.
        ("#Oslo and (#Acme) it", [("LOCATION", "#Oslo", 0.9), ("ORGANIZATION", "#Acme", 0.9)]),
        ("in a#Oslo ##Oslo &#Oslo", [("LOCATION", "Oslo", 0.9)] * 3),
        ("with #Ann in # Oslo", [("PERSON", "#Ann", 0.9), ("LOCATION", "Oslo", 0.9)]),
        # The words of a hashtag are read apart.
        ("so #AnnLee is", [("PERSON", "#AnnLee", 0.9)]),
        (
            "#ThankYouAnnLee (#TeamBob) it",
            [("PERSON", "#ThankYouAnnLee", 0.9), ("PERSON", "#TeamBob", 0.9)],
        ),
        (
            "Carla: #Zork #RIPAnn to Bob",
            [("PERSON", "Carla", 0.9), ("PERSON", "#RIPAnn", 0.9), ("PERSON", "Bob", 0.9)],
        ),
        ("as #BobMcZork or #AnnBobLee", [("PERSON", "#BobMcZork", 0.9), ("PERSON", "#AnnBobLee", 0.9)]),
        ("in a#AnnLee ##AnnLee &#AnnLee # AnnLee AnnLee", []),
        ("by #Annlee #ANNLEE #annlee #Ann_Lee #OsloTimes #ThankYou", []),
    ],
)
def test_what_speaks_for_a_name_and_against_it(text: str, names: list[tuple[str, str, float]]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme AG pays Ann", [("ORGANIZATION", "Acme AG", 0.9), ("PERSON", "Ann", 0.9)]),
        ("Ann & Bob & Carla Inc. pays", [("ORGANIZATION", "Ann & Bob & Carla Inc.", 0.9)]),
        ("of Ann, Bob Ltd and", [("PERSON", "Ann", 0.9), ("ORGANIZATION", "Bob Ltd", 0.9)]),
        ("at Carla, LLC", [("ORGANIZATION", "Carla, LLC", 0.9)]),
        ("at Bob GmbH & Co. KG", [("ORGANIZATION", "Bob GmbH & Co. KG", 0.9)]),
        ("Dear Ann Lee Ltd, it is", [("PERSON", "Ann Lee Ltd", 0.9)]),
        ("Ann inclines to corpora", [("PERSON", "Ann", 0.9)]),
        ("Ann co-wrote, Bob SA left", [("PERSON", "Ann", 0.9), ("PERSON", "Bob", 0.9)]),
    ],
)
def test_what_has_the_form_of_a_company_is_one(text: str, names: list[tuple[str, str, float]]) -> None:
    assert found(text) == names


class _Rough:
    """Marks all of a text."""

    version = "1"

    def tag(self, texts: Any) -> list[list[Mark]]:
        return [[Mark(0, len(text), "PERSON", 0.9)] for text in texts]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(Ann Lee's)", [("PERSON", "Ann Lee", 0.9)]),
        ("'Ann Lee's", [("PERSON", "Ann Lee", 0.9)]),
        ("- 17 -", []),
        ("Ann HttpClient", [("PERSON", "Ann HttpClient", 0.3)]),
        ("Karl Lee GmbH", [("ORGANIZATION", "Karl Lee GmbH", 0.9)]),
        ("Ann 17 !", [("PERSON", "Ann 17", 0.3)]),
        ("Ronald McDonald", [("PERSON", "Ronald McDonald", 0.9)]),
        ("é -", [("PERSON", "é", 0.9)]),
        ("@ - é!", [("PERSON", "é", 0.9)]),
        ("' 0 '", []),
    ],
)
def test_what_only_touches_a_name_is_none_of_it(text: str, names: list[tuple[str, str, float]]) -> None:
    assert found(text, _Rough()) == names


def test_a_sign_leads_back_to_all_that_it_stands_for() -> None:
    way = Way("a <PERSON> took 125 ms")
    assert shaped("a <PERSON> took 125 ms") == "a <~> took 0 ms"
    assert (way.start(3), way.end(4), way.start(11), way.end(12)) == (2, 10, 16, 19)


def test_digits_alone_are_no_name() -> None:
    assert evidence.weighed("17 Ann", [Mark(0, 2, "PERSON", 0.9)]) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr. Okafor", "Okafor"),
        ("Dr Ann Lee", "Ann Lee"),
        ("Prof. Lee", "Lee"),
        ("Drake", "Drake"),
        ("Msimang", "Msimang"),
        ("Mr", None),
    ],
)
def test_a_title_is_no_part_of_a_name(text: str, name: str | None) -> None:
    marks = evidence.weighed(f"by {text} now", [Mark(3, 3 + len(text), "PERSON", 0.9)])
    assert [f"by {text} now"[one.start : one.end] for one in marks] == ([name] if name else [])


@pytest.mark.parametrize(("text", "end"), [("LEE,ANN duser=x", 13), ("LEE,ANN PAT_ENC_ID=x", 11)])
def test_a_key_is_no_part_of_the_name_before_it(text: str, end: int) -> None:
    assert evidence.weighed(text, [Mark(0, end, "PERSON", 0.9)]) == [Mark(0, 7, "PERSON", 0.9)]


def test_a_company_that_is_called_as_a_person_is() -> None:
    for text, label in (("Wells Fargo is", "ORGANIZATION"), ("Wells Farlow is", "PERSON")):
        end = text.rindex(" ")
        assert evidence.weighed(text, [Mark(0, end, "PERSON", 0.9)]) == [Mark(0, end, label, 0.9)]


def test_names_that_a_record_tells() -> None:
    record = {"a": "Ann Lee", "b": [{"c": "to ann lee and Lee"}, 5], "d": "An elk"}
    assert evidence.told_again(record, ["Ann Lee", "al", "An"]) == ("Ann Lee", "Lee")
    assert evidence.told_again(record, ["x"]) == ()
    assert evidence.told_again({"a": "Demo mode; Lee"}, ["Demo Lee"]) == ("Lee",)
    assert evidence.told_again({"a": "May Lee"}, ["May", "Lee"]) == ("May Lee", "Lee")
    assert evidence.told_again({"a": "Error: Acme Ltd"}, ["Error", "Acme Quux Ltd"]) == ()
    assert evidence.told_again({"a": "at acme  quux ltd"}, ["Acme Quux Ltd"]) == ("Acme Quux Ltd",)
    assert evidence.known_in("to ann  lee", evidence.Known(["Ann Lee"])) == [
        Mark(3, 11, "PERSON", evidence.CERTAIN)
    ]


_PARTS = st.lists(
    st.sampled_from(
        "Ann anna ANN Lee lee O'Brien Jean-Luc J. Lee_ _x -Foo May Test Ⓐb İnci ıan Straße STRASSE".split()
    ),
    min_size=1,
    max_size=3,
)
_GAPS = st.sampled_from([" ", "  ", "", ".", "-", ", ", "_", "\n", "    ", "é", "a"])


@given(
    st.lists(_PARTS.map(" ".join), max_size=30),
    st.lists(st.tuples(_PARTS, _GAPS).map(lambda one: one[1].join([*one[0], ""])), max_size=12).map("".join),
)
def test_many_names_are_known_as_each_alone(names: list[str], text: str) -> None:
    """What reads a text once finds what one expression for each name finds."""
    for known in (list(dict.fromkeys(names)), [*dict.fromkeys(names), *(f"Nobody{n}" for n in range(9))]):
        alone = [one for name in known for one in evidence.Known([name]).within(text)]
        assert sorted(evidence.Known(known).within(text)) == sorted(alone)
    told = {one for name in names for one in evidence.Sought(dict.fromkeys([name])).told({"a": f"{text} ;"})}
    assert told <= set(evidence.told_again({"a": f"{text} ;"}, names))


def test_a_list_of_many_people_is_judged_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither expressions nor comparisons grow with names times texts."""
    made: list[str] = []
    of = evidence._of

    def counted(name: str) -> re.Pattern[str]:
        made.append(name)
        return of(name)

    monkeypatch.setattr(evidence, "_of", counted)
    names = [f"Anna Quux{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)]
    record = [{"full_name": name, "note": "called about the order"} for name in names]
    record[5]["note"] = f"{names[7].upper()} called"
    assert evidence.told_again(record, names) == (names[7],)
    known = evidence.Known(names)
    assert [evidence.known_in(one["note"], known) for one in record if "A" in one["note"]] == [
        [Mark(0, 11, "PERSON", evidence.CERTAIN)]
    ]
    assert len(made) < 10
    assert known == evidence.Known(names) and known != evidence.Known(names[1:])


@pytest.mark.parametrize(
    ("text", "free"),
    [("INFO", False), ("2026-11-21", False), ("", False), ("a b", True), ("a\nb", True), ("日本", True)],
)
def test_what_is_free_text(text: str, free: bool) -> None:
    assert is_free(text) is free
    toy = Toy()
    Names(toy).spans(text)
    assert bool(toy.asked) is (free and any(map(str.isalpha, text)))


def test_a_word_alone_is_asked_about_where_a_key_asks_who() -> None:
    assert [is_who(("user", "name")), is_who(("name", "kind")), is_who(())] == [True, False, False]
    assert [is_who(("event", "name")), is_who(("name",)), is_who(("event", "author"))] == [False, True, True]
    assert [is_alone(one) for one in ("Ann", "Anna-Lena", "ann", "ANN", "Ann1", "Ann Lee")] == [
        True,
        True,
        *[False] * 4,
    ]
    logins = ("ann.lee", "a_lee", "anna-lena.lee", "ann.lee.jr", "ann2.lee", "ann.l", "Ann.Lee", "annlee")
    assert [is_alone(one) for one in logins] == [True, True, True, *[False] * 5]
    assert [is_alone(one) for one in ("Ann,Bob", "ann.lee,bob.lee", "Ann,", "Ann,7")] == [
        True,
        True,
        False,
        False,
    ]
    asking = [("assigned", "to"), ("attendees",), ("created", "by"), ("approvers",), ("kunde",)]
    assert all(map(is_who, asking))
    others = [
        ("sent", "to"),
        ("names",),
        ("order", "by"),
        ("user", "agent"),
        ("host",),
        ("class",),
        ("worker",),
    ]
    assert not any(map(is_who, others))
    names = Names(Toy())
    assert names.spans("Ann") == []
    assert len(names.spans("Ann", ("user", "name"))) == 1


def test_names_that_nobody_wants_are_told_to_whoever_asks_for_all() -> None:
    text = "17 calls to Acme, 2026-11-21, and to Oslo"
    fresh = Names(Toy()).spans(text)
    assert [text[one.start : one.end] for one in fresh] == ["Acme", "Oslo"]
    names = Names(Toy())
    assert names.spans(text, counts=lambda one: one.entity == "PERSON") == []
    # What was asked before changes nothing.
    assert names.spans(text, counts=lambda one: one.entity == "LOCATION") == fresh
    assert names.spans(text) == fresh
    # An address beside it can make somebody of what the model takes for a place.
    text = "from Oslo Acme <oslo.acme@example.com>"
    names = Names(Toy())
    spans = names.spans(text, counts=lambda one: one.entity == "PERSON")
    assert [(one.entity, text[one.start : one.end]) for one in spans] == [("PERSON", "Oslo Acme")]


def test_a_login_that_is_made_of_a_name() -> None:
    names = Names.embedded()
    for login in ("ann.walker", "john_smith", "sarah-jane.miller"):
        assert [(one.start, one.end, one.entity) for one in names.spans(login, ("user",))] == [
            (0, len(login), "PERSON")
        ]
        assert names.spans(login, ("module",)) == []
    for login in ("svc.deploy", "app_user", "node_exporter", "org.hibernate", "build_bot", "admin.user"):
        assert names.spans(login, ("user",)) == []


def test_a_full_name_of_common_words() -> None:
    names = Names.embedded()
    for name in ("Christian Page", "Summer King", "Rose Field", "mark price", "GRACE STONE"):
        assert [(one.start, one.end, one.entity) for one in names.spans(name, ("author",))] == [
            (0, len(name), "PERSON")
        ]
        assert names.spans(name, ("title",)) == names.spans(name) == []
    assert names.spans("GRACE STONE", ("name",)) == []
    for name in ("Build Bot", "Platform Team", "Price List", "Red Hat", "Release Manager", "system account"):
        assert names.spans(name, ("author",)) == []


def test_a_surname_of_common_words_before_a_comma() -> None:
    names = Names.embedded()
    for name in ("Kelly-Smith, Grace", "Bucket, Hyacinth", "Green, Rose"):
        found = names.spans(name, ("payee",))
        assert {one.entity for one in found} == {"PERSON"}
        assert (found[0].start, found[-1].end) == (0, len(name))
    for text in ("Billing, Support", "Austin, Texas", "Finance, Legal", "Price, List"):
        assert not any(one.entity == "PERSON" for one in names.spans(text, ("payee",)))
    assert all(one.score < 0.4 for one in names.spans("Kelly-Smith, Grace", ("title",)))


def test_a_company_that_is_called_after_its_partners() -> None:
    names = Names.embedded()
    firm = "Rodriguez, Figueroa and Sanchez"
    for words in (("company",), ("vendor",), ("customer", "company", "name")):
        assert [one[:3] for one in names.spans(firm, words)] == [(0, len(firm), "ORGANIZATION")]
    for words in ((), ("attendees",), ("name",), ("customer", "name"), ("company", "owner")):
        assert [one.entity for one in names.spans(firm, words)] == ["PERSON"] * 3
    # Who has a first name is somebody.
    for text in ("Rosa Figueroa, Ann Sanchez and Hans Meier", "Rosa Figueroa and Ann Sanchez"):
        assert {one.entity for one in names.spans(text, ("company",))} == {"PERSON"}


def test_everything_is_asked_once_together() -> None:
    toy = Toy()
    names = Names(toy)
    texts = [
        "Ann took 5 ms",
        "Ann took 17 ms",
        "and Bob is with us until five today. The rest",
        "Ann took 9 ms",
        "17 9",
    ]
    assert [len(one) for one in names.find(texts)] == [1, 1, 1, 1, 0]
    asked = ["Ann took 0 ms", "and Bob is with us until five today.", "The rest"]
    assert toy.asked == asked
    assert names.find(texts) == [names.spans(text) for text in texts]
    assert toy.asked == asked
    assert names.version == "en-1"


def test_what_is_left_of_a_replaced_name_is_asked_about_with_it() -> None:
    toy = Toy()
    gate = Gate(Names(toy), counts)
    gate.lines(b"Ann took 5 ms of Acme\n")
    assert toy.asked == ["Ann took 0 ms of Acme", "<~> took 0 ms of Acme"]


def test_how_html_looks_is_asked_about_with_it() -> None:
    toy = Toy()
    names = Names(toy)
    gate = Gate(names, counts)
    gate.lines(b"Ann &amp; 5 others\n")
    gate.lines("Bob &amp; others\n".encode("utf-16-le"))  # whoever reads it will say what is wrong
    before = list(toy.asked)
    assert "Ann & 0 others" in before
    assert len(names.spans("Ann & 17 others")) == len(names.spans("<PERSON> & 17 others")) + 1
    assert toy.asked == before


@examples(100)
@given(texts=st.lists(TEXTS, max_size=6))
def test_the_answer_depends_on_the_text_alone(texts: list[str]) -> None:
    together = SHARED.find(texts)
    assert together == [
        SHARED.spans(text) if is_free(text) else spans for text, spans in zip(texts, together, strict=True)
    ]
    assert together == [Names(Toy()).find([text])[0] for text in texts]


SHARED = Names(Toy())


def test_a_text_too_long_to_remember_is_judged_all_the_same() -> None:
    text = "Ann is here. " * 1000
    names = Names(Toy())
    assert len(names.spans(text)) == 1000
    assert names.spans(text) == names.spans(text)


@pytest.mark.parametrize("error", [ValueError("the text"), DetectorError("no"), MemoryError()])
def test_a_model_that_fails_is_an_error_that_tells_no_text(error: Exception) -> None:
    names = Names(Toy(error))
    with pytest.raises((DetectorError, MemoryError)) as raised:
        names.spans("Ann is here")
    assert "the text" not in str(raised.value)


# The gate.


def counts(span: Any) -> bool:
    return bool(span.entity != "ORGANIZATION")


def test_the_gate_says_in_which_strings_names_stand() -> None:
    gate = Gate(Names(Toy()), counts)
    data = b'{"a":"Ann is here 17","b":"Ann"}\n{"c":5}\n{"a":"Acme is","n":{"name": "Bob"},"o":{"owner":["Carla"]}}\n'
    assert gate.strings(data) == {0: {"Ann is here 17"}, 2: {"Bob", "Carla"}}
    assert gate.strings(data.replace(b"17", b"4")) == {0: {"Ann is here 4"}, 2: {"Bob", "Carla"}}
    assert gate.strings(b'{"a":"nobody is here"}\n') == {}
    # A key is nobody, wherever its colon stands.
    assert gate.strings(b'{"a":[{"x":1},"at"],"Bob":2}\n') == {}
    assert gate.strings(b'{"a":[{"x":1},"at"], "Bob" : 2}\n') == {}
    assert gate.strings(b'{"a":[{"x":1},"Bob"]}\n') == {0: {"Bob"}}
    escaped = b'{"a":"\\tAnn \\"is\\" here","b":"\\\\Bob is"}\n{"a":"x\\u00e9 Ann is"}\n{"a":"\\ud800 x"}\n{"a":"Ann"}\n'
    assert gate.strings(escaped) == {0: {'\tAnn "is" here', "\\Bob is"}, 1: {"xé Ann is"}, 2: frozenset()}
    text = b'nobody here\nto Ann 17\n["x", "Bob is"]\n["x", "y z"]\n'
    assert gate.lines(text) == {1: frozenset(), 2: frozenset()}
    assert gate.lines(b"nobody here\n") == {}


def test_what_is_new_in_calls_is_asked_about_at_once() -> None:
    toy = Toy()
    names = Names(toy)
    gate = Gate(names, counts)
    data = b'{"a":"Ann is here 17","b":"Ann","c":"\\"Bob\\" is &#67;arla","d":"\\ud800 x"}\n{"a":"no\n'
    gate.learn(data)
    asked = list(toy.asked)
    assert len(asked) > 0
    assert [one.entity for one in names.spans("Ann is here 17")] == ["PERSON"]
    assert [one.entity for one in names.spans('"Bob" is &#67;arla')] == ["PERSON"]
    assert [one.entity for one in names.spans('"Bob" is Carla')] == ["PERSON", "PERSON"]
    gate.learn(data)
    assert toy.asked == asked
    gate.learn(b'{"m":"{\\"a\\":\\"to Carla\\"}\\n"}\n')
    assert [one.entity for one in names.spans("to Carla")] == ["PERSON"]
    assert toy.asked[len(asked) :] != []


def test_a_model_that_fails_teaches_nothing() -> None:
    gate = Gate(Names(Toy(ValueError())), counts)
    gate.learn(b'{"a":"some text"}\n')
    assert gate.strings(b'{"a":"some text"}\n') == {0: {"some text"}}


def test_a_name_is_known_in_what_was_quiet_before(toy: Toy) -> None:
    """Where no key told of it, the text holds nothing."""
    judge = BlockFilter(build_sanitizer(nlp="en"), collect=True)
    said = "zora quux left at 5, and nobody was asked. " * 60
    quiet = json.dumps({"user": {"full_name": ""}, "messages": [said]}).encode() + b"\n"
    told = json.dumps({"user": {"full_name": "Zora Quux"}, "messages": [said]}).encode() + b"\n"
    for lines in (quiet, quiet + told, told + quiet, quiet):
        outcome = judge.judge(lines)
        assert (outcome.data.count(b"quux") > 0) == (quiet in lines)
        assert outcome.data.count(b"<PERSON> left") == 60 * (told in lines)


def test_a_gate_whose_model_fails_lets_nothing_pass() -> None:
    gate = Gate(Names(Toy(ValueError())), counts)
    assert gate.lines(b"some text\nword\n") == {0: frozenset()}


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Toy:
    """The toy in the place of the embedded model."""
    one = Toy()
    monkeypatch.setattr(Names, "embedded", staticmethod(lambda: Names(one)))
    monkeypatch.setattr(choice, "_loaded", choice._loaded.__wrapped__)
    return one


@pytest.mark.parametrize("policy", ["default", "hipaa", "llm"])
def test_blocks_and_lines_are_judged_alike(policy: str, toy: Toy) -> None:
    sanitizer = build_sanitizer(policy, nlp="en")
    filters = [BlockFilter(sanitizer, form, collect=True) for form in ("auto", "jsonl", "text")]
    seen = 0

    @examples(60)
    @given(
        values=st.lists(
            st.tuples(st.sampled_from(["msg", "name", "owner", "user", "n"]), TEXTS), min_size=1, max_size=5
        )
    )
    def holds(values: list[tuple[str, str]]) -> None:
        nonlocal seen
        records = [json.dumps({key: text}, ensure_ascii=len(text) % 2 == 0) for key, text in values]
        plain = [text.replace("\n", " ") for _, text in values]
        for lines in (records, plain, [one for pair in zip(records, plain, strict=True) for one in pair]):
            block = "".join(f"{line}\n" for line in lines).encode()
            for judge in filters:
                outcome = judge.judge(block)
                assert outcome == judge.judge_one_by_one(block)
                seen += outcome.found["PERSON"]
                again = judge.judge(outcome.data)
                assert again.data == outcome.data

    holds()
    assert seen > 100


_KEYS = """owner to assigned user id name value by sorted key app items full_name from x stringValue actor Key
    Value attributes enduser.id""".split()
_LEAVES = [
    "Ann",
    "Bob",
    "Ann Lee",
    "bob.lee",
    "nobody",
    "x",
    "CORP\\ann",
    "Ann,Bob",
    "a text of Ann",
    "17",
    1,
    None,
]


def _nested(chance: random.Random, depth: int) -> Any:
    """A value in which names stand under keys that ask for them, in lists, in records and in JSON in texts."""
    kind = chance.random()
    if not depth or kind < 0.45:
        return chance.choice(_LEAVES)
    if kind < 0.6:
        return [_nested(chance, depth - 1) for _ in range(chance.randrange(3))]
    if kind < 0.7:
        return json.dumps(_nested(chance, depth - 1)) + chance.choice(["", "\n"])
    return {chance.choice(_KEYS): _nested(chance, depth - 1) for _ in range(chance.randrange(1, 4))}


def test_who_is_asked_for_is_found_at_any_depth_in_blocks_and_in_lines(toy: Toy) -> None:
    judge = BlockFilter(build_sanitizer(nlp="en"), collect=True)
    explains = BlockFilter(build_sanitizer(nlp="en", explain=True), collect=True)
    found = 0

    @examples(300)
    @given(seed=st.integers(0, 2**48))
    def holds(seed: int) -> None:
        nonlocal found
        chance = random.Random(seed)
        record = {chance.choice(_KEYS): _nested(chance, 3) for _ in range(chance.randrange(1, 4))}
        line = json.dumps(record, indent=chance.choice([None, None, 1])).replace("\n", "").encode() + b"\n"
        outcome = judge.judge(line)
        assert outcome == judge.judge_one_by_one(line)
        assert outcome == explains.judge_one_by_one(line)._replace(misses=[])
        found += outcome.found["PERSON"]

    holds()
    assert found > 100
    assert judge.judge(b'{"assigned":{"to":"Ann"}}\n').data == b'{"assigned":{"to":"<PERSON>"}}\n'
    listed = b'{"by":[[{"actor":"nobody"},[]],"Bob"],"x":{"a":"b"},"Ann":1}\n'
    assert judge.judge(listed).data == listed.replace(b"Bob", b"<PERSON>")


def test_lines_of_long_texts_are_judged_alike(toy: Toy) -> None:
    """Of a line of long texts only the names are looked for in the block; where one stands, all is judged."""
    judge = BlockFilter(build_sanitizer(nlp="en"), collect=True)
    pieces = [
        "Ann is here",
        "mail bob@example.com",
        'he said "Carla Lee"',
        '{"password":"hunter2-hunter2"}',
        "call +1 212 555 0147\n",
        "a\\b é ☃ \u0007",
        "card 4111111111111111",
        "nobody",
    ]
    long = "nothing was said there " * 100
    r = random.Random(5)
    wide = found = 0
    for _ in range(20):
        records = []
        for _ in range(r.randrange(1, 5)):
            some = [" ".join(r.sample(pieces, r.randrange(4))) for _ in range(r.randrange(1, 4))]
            if r.random() < 0.6:
                some.append(long)
            records.append({"user": "Bob", "token": "x" * r.randrange(9), "messages": some, "n": r.random()})
        block = "".join(json.dumps(one, ensure_ascii=r.random() < 0.5) + "\n" for one in records).encode()
        gate = judge._sanitizer.finder.gate
        assert gate is not None
        wide += None in gate.strings(block).values()
        outcome = judge.judge(block)
        assert outcome == judge.judge_one_by_one(block)
        found += outcome.found["EMAIL_ADDRESS"]
        assert judge.judge(outcome.data).data == outcome.data
    assert wide > 10
    assert found > 10


def test_records_that_cannot_be_read_pass_only_without_names(toy: Toy) -> None:
    sanitizer = build_sanitizer(nlp="en")
    assert sanitizer.redact_json(b'{"a":"it is","a":"no one"}\n')[1] == []
    with pytest.raises(RecordError):
        sanitizer.redact_json(b'{"a":"Ann is","a":"no one"}\n')


# What a run is told.


@pytest.mark.parametrize(
    ("record", "new"),
    [
        ({"Ann Lee": 3, "Bob Stone": 4}, {"<PERSON>": 3, "<PERSON>_2": 4}),
        ({"of Ann Lee and Bob": 3}, {"of <PERSON> and <PERSON>": 3}),
        # What says what its value is: a table would lose its column.
        ({"Ann é": 3, "de Bob": "x", "Oslo é": 1}, None),
    ],
)
def test_a_key_is_a_name_with_two_words_in_capitals(toy: Toy, record: Any, new: Any) -> None:
    assert build_sanitizer(nlp="en").redact(record)[0] == (new or record)


def test_a_name_that_a_key_tells_is_known_in_the_whole_record(toy: Toy) -> None:
    sanitizer = build_sanitizer(nlp="en", explain=True)
    record = {"user": {"full_name": "Zora Quux"}, "msg": "zora quux and Quux left at 5", "x": "none here"}
    new, findings = sanitizer.redact(record)
    assert new["msg"] == "<PERSON> and <PERSON> left at 5"
    assert [one.detector for one in findings if one.pointer == "/msg"] == ["names:record"] * 2
    assert sanitizer.redact(new)[0] == new
    assert sanitizer.redact({"user": {"full_name": "Zora Quux"}, "msg": "nobody"})[0]["msg"] == "nobody"
    assert build_sanitizer().redact(record)[0]["msg"] == record["msg"]


def test_what_is_left_without_names_is_asked_about_a_few_times_before() -> None:
    """A text in which each answer uncovers the next takes no round for each of its words."""

    class First(Toy):
        def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
            return [one[:1] for one in super().tag(texts)]

    first = First()
    Names(first).held(["Ann and Bob " * 30], lambda _: True)
    assert 1 < len(first.asked) < 12


def test_a_long_text_that_comes_again_is_judged_alike(toy: Toy) -> None:
    sanitizer = build_sanitizer(nlp="en")
    text = "Ann is here, and nobody else. " * 50
    once = sanitizer.redact({"m": text, "n": text})
    assert once[0]["m"] == once[0]["n"] == text.replace("Ann", "<PERSON>")
    assert sanitizer.redact({"m": text, "n": text}) == once


def test_hipaa_takes_a_name_that_the_model_knows(toy: Toy) -> None:
    record = {"item": {"name": "Ann", "status": "Bob"}, "part": {"name": "Widget"}}
    assert build_sanitizer("hipaa", nlp="en").redact(record)[0] == {
        **record,
        "item": {"name": "<PERSON>", "status": "Bob"},
    }
    assert build_sanitizer("hipaa").redact(record)[0] == record


def test_what_policies_do_with_names(toy: Toy) -> None:
    text = "Ann of Acme in Oslo"
    done = {
        name: build_sanitizer(name, nlp="en").redact_text(text)[0]
        for name in ("default", "hipaa", "pci", "secrets-only")
    }
    assert done == {
        "default": "<PERSON> of Acme in <LOCATION>",
        "hipaa": "<PERSON> of <ORGANIZATION> in <LOCATION>",
        "pci": "<PERSON> of Acme in <LOCATION>",
        "secrets-only": text,
    }
    more = build_sanitizer(nlp="en", entities=frozenset({"ORGANIZATION"}))
    assert more.redact_text(text)[0] == "<PERSON> of <ORGANIZATION> in <LOCATION>"
    for rule in (b"thresholds: {PERSON: 0.95}", b"entities: {PERSON: keep}"):
        policy = Policy.parse(b"version: 1\n" + rule + b"\n", "p.yaml")
        assert build_sanitizer(policy, nlp="en").redact_text(text)[0] == "Ann of <ORGANIZATION> in <LOCATION>"


def test_a_near_miss_is_told(toy: Toy) -> None:
    sanitizer = build_sanitizer(nlp="en", explain=True)
    assert sanitizer.redact_text("at com.example.Ann now")[1] == []
    (miss,) = (one for one in sanitizer.misses if one.detector == "names:en")
    assert (miss.entity, miss.start, miss.end) == ("PERSON", 15, 18)
    assert "0.30 is below" in miss.why


def test_names_are_looked_for_unless_one_says_no() -> None:
    text = "Hello from Alice Smith in Berlin"
    assert Sanitizer(cache=build_cache()).redact_text(text)[0] == "Hello from <PERSON> in <LOCATION>"
    assert build_sanitizer().redact_text(text)[0] == text
    found = Detector(cache=build_cache()).find(text)
    assert [(one.entity, text[one.start : one.end]) for one in found] == [
        ("PERSON", "Alice Smith"),
        ("LOCATION", "Berlin"),
    ]
    assert Detector(cache=build_cache(), nlp="none").find(text) == []
    again = pickle.loads(pickle.dumps(Sanitizer(cache=build_cache())))
    assert again.redact_text(text)[0] == "Hello from <PERSON> in <LOCATION>"


@pytest.mark.parametrize(
    ("nlp", "why"), [("de=a,de=b", "two models for de"), ("", "no model"), ("en,none", "two models for en")]
)
def test_what_cannot_be_chosen(nlp: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Sanitizer(nlp=nlp)


def test_an_embedded_model_that_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Names:
        raise FileNotFoundError("names.bin")

    monkeypatch.setattr(Names, "embedded", staticmethod(gone))
    with pytest.raises(UsageError, match="cannot be loaded: FileNotFoundError"):
        choice._loaded.__wrapped__("en", "en")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("DE_at.UTF-8", "de"), ("de-CH", "de"), ("fr", "en"), ("deutsch", "en"), (5, "en")],
)
def test_languages_of_tags(tag: object, language: str) -> None:
    assert choice.spoken(tag, {"en": 1, "de": 2}) == language


@cache
def default() -> Sanitizer:
    return Sanitizer("default", cache=build_cache())


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ('{"enduser.id":"anna.schmidt","n":1}', '{"enduser.id":"<PERSON>","n":1}'),
        ('{"user":{"id":"anna.schmidt"}}', '{"user":{"id":"<PERSON>"}}'),
        ('{"userId":"Anna"}', '{"userId":"<PERSON>"}'),
        ('{"user_id":"8812","enduser.role":"admin","login_id":"batch"}', None),
        ('{"key":"enduser.id","value":{"stringValue":"anna.schmidt"}}', "<PERSON>"),
        ('{"name":"enduser.id","value":"anna.schmidt"}', "<PERSON>"),
        ('{"key":"Item","value":{"user_name":{"S":"anna.schmidt"}}}', "<PERSON>"),
        ('{"value":"anna.schmidt","n":1,"name":"user.name"}', "<PERSON>"),
        ('{"user":{"n":1,"at":"web","id":{"S":"anna.schmidt"}}}', "<PERSON>"),
        ('{"id":"anna.schmidt","key":"service.instance","value":{"stringValue":"anna.schmidt"}}', None),
        ('{"to":5,"assigned_to":"anna.schmidt"}', "<PERSON>"),
        ('{"approvers":["build",5,"anna.schmidt"]}', "<PERSON>"),
        ('{"approvers":[["web"],["x","anna.schmidt"]]}', "<PERSON>"),
        ('{"modules":["anna.schmidt"],"user":"web"}', None),
        ('{"attendees":"Ngozi,Tobias"}', '{"attendees":"<PERSON>,<PERSON>"}'),
        ('{"teams":"Ngozi,Tobias"}', None),
        ('{"author":"Rose Field","title":"Rose Field"}', '{"author":"<PERSON>","title":"Rose Field"}'),
        ('{"authors":["Red Hat","Rose Field"]}', '{"authors":["Red Hat","<PERSON>"]}'),
        ('{"rider":"Rajesh","courier":"Mehmet","n":1}', '{"rider":"<PERSON>","courier":"<PERSON>","n":1}'),
        ('{"recruiter":"Rose Field","children":["Ngozi"]}', '{"recruiter":"<PERSON>","children":["Ngozi"]}'),
        ('{"courier":"Express","rider":"Bicycle","analyst":"Platform","pilot":"Beta"}', None),
        ('{"owner":{"name":"Rose Field"}}', '{"owner":{"name":"<PERSON>"}}'),
        ('{"crew":["Rose Field","Red Hat"]}', '{"crew":["<PERSON>","Red Hat"]}'),
        ('{"owner":{"name":"Platform Team"},"product":{"name":"Rose Field"},"name":"Rose Field"}', None),
        ('{"contact":{"value":"Siti"}}', '{"contact":{"value":"<PERSON>"}}'),
        ('{"reviewer":{"from":"Siti","to":"Ngozi"}}', '{"reviewer":{"from":"<PERSON>","to":"<PERSON>"}}'),
        ('{"reviewer":{"old":"Nobody","new":"Platform"},"stage":{"from":"Siti","to":"Ngozi"}}', None),
        ('{"payee":"Kelly-Smith, Grace"}', '{"payee":"<PERSON>"}'),
        ('{"payee":"Billing, Support","title":"Kelly-Smith, Grace"}', None),
        ('{"company":"Rodriguez, Figueroa and Sanchez"}', None),
        (
            '{"url":"https://example.com/a?guest=Ngozi+Lindqvist&n=1"}',
            '{"url":"https://example.com/a?guest=<PERSON>&n=1"}',
        ),
        (
            "GET https://example.com/a?q=Tobias%20de%20la%20Cruz 200",
            "GET https://example.com/a?q=<PERSON> 200",
        ),
        ("GET https://example.com/a?q=Blue+Jeans&lang=German HTTP/1.1", None),
        (r'{"user":"CORP\\ngozi.eze"}', r'{"user":"CORP\\<PERSON>"}'),
        (r'{"user":"CORP\\tobias.lindqvist"}', r'{"user":"CORP\\<PERSON>"}'),
        (r'{"user":"CORP\\bev.stone"}', r'{"user":"CORP\\<PERSON>"}'),
        (r'{"user":"NT AUTHORITY\\network.service","path":"CORP\\bev.stone"}', None),
        ("Surname: STONE Given names: GRACE HOPE", "Surname: <PERSON> Given names: <PERSON>"),
        ("Patient name: Tobias Lindqvist Ward: 7B", "Patient name: <PERSON> Ward: 7B"),
        ("Nachname: Klein  Vorname: Rosa", "Nachname: <PERSON>  Vorname: <PERSON>"),
        ("City: Leeds County: West Yorkshire", "City: <LOCATION> County: <LOCATION>"),
        ("Name: Tobias Lindqvist: hello", "Name: <PERSON>: hello"),
        ("**Surname:** Stone", "**Surname:** <PERSON>"),
        ("session opened for user tobias by (uid=0)", "session opened for user <PERSON> by (uid=0)"),
        ("this.lastName = lastName;", None),
        ("lastName: PropTypes.string", None),
        ("mutation($lastName: String!) { id }", None),
        ("last_name: can't be blank", None),
        ("first_name: This field is required.", None),
        ("last_name = Lindqvist", "last_name = <PERSON>"),
        (
            '{"customer":{"first":"Tobias","last":"Lindqvist"}}',
            '{"customer":{"first":"<PERSON>","last":"<PERSON>"}}',
        ),
        ('{"page":{"first":"1","last":"9"},"user":{"first":true,"last":"2026-01-02T10:00:00Z"}}', None),
        ('{"order_by":"Rose Field","name":"GRACE STONE","owner":"Platform Team"}', None),
        ('{"worker":"Celery","host":"Alpha","owner":"Billing","users":["Admin"]}', None),
        (r'{"path":"C:\\Users\\t.novak\\a.txt"}', r'{"path":"C:\\Users\\<PERSON>\\a.txt"}'),
        (r'{"path":"C:\\Temp\\t.novak\\a.txt"}', None),
        (r"C:\Users\t.novak\a.txt", r"C:\Users\<PERSON>\a.txt"),
    ],
)
def test_accounts_that_are_made_of_names(line: str, new: str | None) -> None:
    judge = BlockFilter(default())
    data = f"{line}\n".encode()
    outcome = judge.judge(data)
    assert outcome == judge.judge_one_by_one(data)
    if new is None:
        assert outcome.data == data
    elif new == "<PERSON>":
        assert outcome.data == data.replace(b"anna.schmidt", b"<PERSON>")
    else:
        assert outcome.data == f"{new}\n".encode()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # Who is greeted by what they are.
        ("Hi Doctor, I have a cough.", []),
        ("Dear Editor, I disagree.", []),
        ("Nurse Practitioner saw him.", []),
        ("Dr. Pepper or Coke?", []),
        ("i love Dr Pepper lol", []),
        ("i love dr. Pepperell lol", ["Pepperell"]),
        ("Hi Victor, I have a cough.", ["Victor"]),
        ("Dear Edith, I disagree.", ["Edith"]),
        ("Nurse Patty saw him.", ["Patty"]),
        ("Dr. Peppard or Dr. Cook?", ["Peppard", "Cook"]),
        # What is called after somebody.
        ("The Hawkins test was positive.", []),
        ("The Hawkins signs were negative.", []),
        ("Gardner's and Lynch syndromes were discussed.", []),
        ("The Gerry Weber Open starts.", []),
        ("Mr. Hawkins test was positive.", ["Hawkins"]),
        ("Gardner's and Lynch's sons were there.", ["Gardner", "Lynch"]),
        ("Maria's tumor grew.", ["Maria"]),
        ("Maria Lopez contractions started at noon.", ["Maria Lopez"]),
        ("Gerry Weber opens the door.", ["Gerry Weber"]),
        # A storm, a party, an order.
        ("Hurricane Lili headed for Cuba.", []),
        ("Sen. Bob Dole, R-Kan., opposed it.", ["Bob Dole"]),
        ("May resume diet. May shower.", []),
        ("They say Lili headed for Cuba.", ["Lili"]),
        ("May resumed her diet.", ["May"]),
        ("We met May today.", ["May"]),
        ("I want to book a flight to Madrid in May, can you help me?", []),
        ("I am free until August, and last June i was not", []),
        ("I was with April and with June", ["April", "June"]),
        ("i live with April in May Street", ["April"]),
        # Ranks and initials.
        ("Prince Charles visited Wales.", ["Charles"]),
        ("Pope John Paul II came.", ["John Paul II"]),
        ("Prince sang.", ["Prince"]),
        ("Lt. Gen. Romeo Dallaire testified.", ["Romeo Dallaire"]),
        ("Lawyers for O.J. Simpson asked for a delay.", ["O.J. Simpson"]),
        ("He lives in Washington, D.C. Simpson lives in Reno.", ["Simpson"]),
    ],
)
def test_what_is_called_after_somebody_is_nobody(text: str, names: list[str]) -> None:
    found = Detector(cache=build_cache()).find(text)
    assert [text[one.start : one.end] for one in found if one.entity == "PERSON"] == names


@pytest.mark.parametrize(
    ("text", "places", "left"),
    [
        # Software, and who is called like other software.
        ("Mockito and Hamcrest", ((0, 7), (12, 20)), []),
        ("Keycloak comes up", ((0, 8),), []),
        ("Jackson comes up", ((0, 7),), ["Jackson"]),
        ("Django Stone comes up", ((0, 12),), ["Django Stone"]),
        ("Redis Stone comes up", ((0, 11),), ["Redis Stone"]),
        # How a pipeline ends.
        ("Job succeeded", ((0, 3),), []),
        ("Job succeeded.", ((0, 3),), []),
        ("Job succeeded in closing it", ((0, 3),), ["Job"]),
        ("Job Stone succeeded", ((0, 9),), ["Job Stone"]),
        # Laws and theorems, and who has a case, or a lawyer.
        ("Stone's law: all fails", ((0, 5),), []),
        ("Stone's Law holds", ((0, 5),), []),
        ("Stone’s theorem holds", ((0, 5),), []),
        ("Stone's law firm called", ((0, 5),), ["Stone"]),
        ("Stone's lawyer called", ((0, 5),), ["Stone"]),
        ("Stone's laws", ((0, 5),), ["Stone"]),
        ("Ann Stone's law", ((0, 9),), ["Ann Stone"]),
        # What two found, and who bears two names.
        ("Stone-Field method used", ((0, 11),), []),
        ("Stone-Field did not converge", ((0, 11),), []),
        ("Stone-Field step 12 rejected", ((0, 11),), []),
        ("Stone-Field step 0.004 rejected", ((0, 11),), []),
        ("Stone-Field W=0.98", ((0, 11),), []),
        ("Stone's alpha = 0.82", ((0, 5),), []),
        ("Stone's alpha is high", ((0, 5),), ["Stone"]),
        ("Stone-field method used", ((0, 11),), ["Stone-field"]),
        ("Stone-Field room=12", ((0, 11),), ["Stone-Field"]),
        ("Stone-Field did not come", ((0, 11),), ["Stone-Field"]),
        ("Stone-Field steps down", ((0, 11),), ["Stone-Field"]),
        ("Mrs Stone-Field method of payment", ((4, 15),), ["Stone-Field"]),
        ("Ann Stone-Field method of payment", ((0, 15),), ["Ann Stone-Field"]),
    ],
)
def test_what_a_model_calls_a_person_and_is_none(
    text: str, places: tuple[tuple[int, int], ...], left: list[str]
) -> None:
    found = evidence.weighed(text, [Mark(*place, "PERSON", 0.9) for place in places])
    assert [text[one.start : one.end] for one in found if one.label == "PERSON"] == left


@pytest.mark.parametrize(
    ("text", "place", "score"),
    [
        # A release is a part of what it is one of.
        ("Lumo2-3.1.3", (0, 4), 0.3),
        ("Lumo2.1", (0, 4), 0.3),
        ("Lumo2 came", (0, 4), 0.9),
        ("Lumo2, then", (0, 4), 0.9),
        # The name of a time zone, and places between slashes.
        ("set to Asia/Kolkata", (12, 19), None),
        ("set to Asia/Kolkata", (7, 11), None),
        ("set to America/Argentina/Salta", (15, 24), None),
        ("set to America/Argentina/Salta", (25, 30), None),
        ("in Kolkata/Salta", (11, 16), 0.3),
        ("in x.Asia/Kolkata", (5, 9), 0.3),
        ("in Asia/x", (3, 7), 0.3),
        ("in Kolkata", (3, 10), 0.9),
        ("Kolkata/Asia", (0, 7), 0.3),
        ("Stone-Field H=11.84", (0, 11), None),
        ("Stone-Field is near", (0, 11), 0.9),
    ],
)
def test_places_of_releases_zones_and_methods(text: str, place: tuple[int, int], score: float | None) -> None:
    found = evidence.weighed(text, [Mark(*place, "LOCATION", 0.9)])
    assert [one.score for one in found] == ([] if score is None else [score])


def test_a_person_is_told_beside_a_continent() -> None:
    found = evidence.weighed("with America/Ferrara", [Mark(13, 20, "PERSON", 0.95)])
    assert [one[:2] for one in found] == [(13, 20)]


@pytest.mark.parametrize(
    ("words", "text", "entities"),
    [
        (("brand",), "Marla Stone", ["ORGANIZATION"]),
        (("item", "brand", "name"), "Marla Stone", ["ORGANIZATION"]),
        (("brand",), "seen with Marla Stone", ["PERSON"]),
        (("title",), "Marla Stone", ["PERSON"]),
        (("name",), "Marla Stone", ["PERSON"]),
        (("brand", "owner"), "Marla Stone", ["PERSON"]),
    ],
)
def test_a_brand_is_nobody_whoever_founded_it(words: tuple[str, ...], text: str, entities: list[str]) -> None:
    found = Names.embedded().spans(text, words)
    assert [one.entity for one in found][-1:] == entities


def test_ranks_and_initials_that_a_model_parted_from_a_name() -> None:
    def persons(text: str, *places: tuple[int, int]) -> list[str]:
        found = evidence.weighed(text, [Mark(*place, "PERSON", 0.9) for place in places])
        return [text[one.start : one.end] for one in found]

    assert persons("Then Prince Charles came.", (5, 11), (12, 19)) == ["Charles"]
    assert persons("Then Anna Charles came.", (5, 9), (10, 17)) == ["Anna", "Charles"]
    assert persons("Then O.J. Simpson came.", (5, 9), (10, 17)) == ["O.J. Simpson"]
    assert persons("Then O.J., Simpson came.", (5, 9), (11, 18))[-1] == "Simpson"
    assert persons("Then General Stone came.", (5, 18)) == ["Stone"]


def test_who_tests_positive_is_somebody() -> None:
    for text, somebody in (
        ("Stone tests positive for influenza.", True),
        ("The Stone tests were positive.", False),
        ("The Stone sign was absent.", False),
        ("The Stone signs it.", True),
    ):
        start = text.index("Stone")
        found = evidence.weighed(text, [Mark(start, start + 5, "PERSON", 0.9)])
        assert bool(found) == somebody, text


@pytest.mark.parametrize(
    ("text", "places", "left"),
    [
        # A trade is one before a full name, for some are called so.
        ("Then Singer Ada Stone came.", ((5, 11), (12, 21)), ["Ada Stone"]),
        ("Then Sultan Stone came.", ((5, 11), (12, 17)), ["Sultan", "Stone"]),
        ("Then Lord Justice Ada Stone came.", ((5, 17), (18, 27)), ["Ada Stone"]),
        ("Then Countess Stone came.", ((5, 13), (14, 19)), ["Stone"]),
        ("Then Maj. Gen. Stone came.", ((5, 9), (15, 20)), ["Stone"]),
        ("Then Anna. Gen. Stone came.", ((5, 9), (16, 21)), ["Anna", "Stone"]),
        ("Then DCI Stone came.", ((5, 14),), ["Stone"]),
        ("Then Weatherman Stone came.", ((5, 21),), ["Stone"]),
        ("Then Newman Stone came.", ((5, 17),), ["Newman Stone"]),
        ("Then Encik Stone came.", ((5, 16),), ["Stone"]),
        ("Then Singer <~> came.", ((5, 11),), []),
        ("Then Singer <<~>> came.", ((5, 11),), ["Singer"]),
        ("Then Sultan <~> came.", ((5, 11),), ["Sultan"]),
        ("Then Countess <~> came.", ((5, 13),), []),
        # Letters behind a name.
        ("Then Ada Stone OBE came.", ((5, 18),), ["Ada Stone"]),
        ("Then Ada Stone, PA-C came.", ((5, 20),), ["Ada Stone"]),
        ("Then Ada Stone, PA-C came.", ((5, 14), (16, 20)), ["Ada Stone"]),
        ("Then Ada Stone, FRCS came.", ((5, 20),), ["Ada Stone"]),
        ("Then Ada Stone OBE came.", ((5, 14), (15, 18)), ["Ada Stone"]),
        ("ADA MD was seen.", ((0, 6),), ["ADA MD"]),
        ("Then Ada Stone; OBE came.", ((5, 14), (16, 19)), ["Ada Stone", "OBE"]),
        # Initials without dots.
        ("Seen by J Stone today", ((10, 15),), ["J Stone"]),
        ("J R Stone came.", ((4, 9),), ["J R Stone"]),
        ("Then vitamin D Stone took", ((15, 20),), ["Stone"]),
        ("A Stone came.", ((2, 7),), ["Stone"]),
        ("cc B Stone", ((3, 4), (5, 10)), ["B", "Stone"]),
        # A given name behind a comma, before what is said of patients.
        ("STONE, ADA 72 M, chest pain", ((0, 5),), ["STONE, ADA"]),
        ("Stone, Ada B. DOB 1", ((0, 5), (7, 10)), ["Stone, Ada B."]),
        ("Stone, Ada and Field", ((0, 5),), ["Stone"]),
        ("Ann Stone, Ada 72 M", ((0, 9),), ["Ann Stone"]),
        # Who runs for a nation.
        ("Ada Stone (KEN) 2:24", ((0, 9), (11, 14)), ["Ada Stone"]),
        ("Ada Stone (BOB) 2:24", ((0, 9), (11, 14)), ["Ada Stone", "BOB"]),
        ("call(KEN) of it", ((5, 8),), ["KEN"]),
        ("Then KEN came", ((5, 8),), ["KEN"]),
        # Storms, ships, greetings.
        ("Storm Stone brought wind", ((6, 11),), []),
        ("Storm Stone brought wind", ((0, 11),), []),
        ("Storm Stone brought cake", ((0, 11),), ["Storm Stone"]),
        ("Stormzy Stone saw rain", ((0, 13),), ["Stormzy Stone"]),
        ("the USS Ada Stone sailed", ((8, 17),), []),
        ("the HMS Ada F. Stone sailed", ((15, 20),), []),
        ("the US Ada Stone sailed", ((7, 16),), ["Ada Stone"]),
        ("Hiya, it is Stone", ((0, 4), (12, 17)), ["Stone"]),
        # Drugs by their dose, and not who gets one.
        ("Stone 10 mg BD, Field 250 mcg", ((0, 5), (16, 21)), []),
        ("Gave Stone 10 mg BD", ((5, 10),), ["Stone"]),
        ("Mrs Stone 10 mg BD", ((4, 9),), ["Stone"]),
        ("Stone 10 mg morphine", ((0, 5),), ["Stone"]),
        ("Ada Stone 10 mg BD", ((0, 9),), ["Ada Stone"]),
        # Degrees, and kings.
        ("Stone IIb at rest", ((0, 5),), []),
        ("Stone IIb at rest", ((0, 9),), []),
        ("Stone II of Field", ((0, 8),), ["Stone II"]),
        # What runs.
        ("Service Stone started", ((8, 13),), []),
        ("INFO] module Stone 3.8 here", ((13, 18),), []),
        ("Loaded plugin Stone.", ((14, 19),), []),
        ("Loaded plugin Stone wrote", ((14, 19),), ["Stone"]),
        ("the new job Stone started", ((12, 17),), ["Stone"]),
        ("Service Stone told me of", ((8, 13),), ["Stone"]),
        ("Job Stone finished with status 0", ((0, 9),), []),
        ("Job Stone finished the cake", ((0, 9),), ["Job Stone"]),
        # Who took a picture, and a path.
        ("Photo: Ada Stone/Press", ((7, 16),), ["Ada Stone"]),
        # Partners, and two persons; an airport.
        ("Bang & Olufsen of Field", ((0, 4), (7, 14), (18, 23)), ["Field"]),
        ("Ada & Stone of Field", ((0, 3), (6, 11)), ["Ada", "Stone"]),
        ("to Ada Stone airport", ((3, 12),), []),
        ("to Ada Stone airports", ((3, 12),), ["Ada Stone"]),
    ],
)
def test_what_stands_beside_a_name(text: str, places: tuple[tuple[int, int], ...], left: list[str]) -> None:
    found = evidence.weighed(text, [Mark(*place, "PERSON", 0.9) for place in places])
    assert [text[one.start : one.end] for one in found if one.label == "PERSON"] == left


def test_a_firm_is_told_once_and_a_credit_is_no_path() -> None:
    found = evidence.weighed("Bang & Olufsen", [Mark(0, 4, "PERSON", 0.9), Mark(7, 14, "PERSON", 0.8)])
    assert [tuple(one) for one in found] == [(0, 14, "ORGANIZATION", 0.9)]
    for text, name, score in (
        ("Photo: Ada Stone/Press", "Ada Stone", 0.9),
        ("in Stone/Press", "Stone", 0.3),
        ("in Ada Stone/Press/x", "Ada Stone", 0.3),
        ("in Ada Stone/press", "Ada Stone", 0.3),
    ):
        start = text.index(name)
        (one,) = evidence.weighed(text, [Mark(start, start + len(name), "PERSON", 0.9)])
        assert one.score == score, text


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Then Kiss Ilona came.", ["Kiss", "Ilona"], ["Kiss Ilona"]),
        ("Then Ada Rosa Stone came.", ["Ada Rosa", "Stone"], ["Ada Rosa Stone"]),
        ("Then Lien De Smet came.", ["Lien", "De Smet"], ["Lien De Smet"]),
        ("Then Kim J.H. came.", ["Kim", "J.H."], ["Kim J.H."]),
        ("Said Ada Stone: no", ["Said", "Ada Stone"], ["Said", "Ada Stone"]),
        ("by Ada Stone Rosa Field", ["Ada Stone", "Rosa Field"], ["Ada Stone", "Rosa Field"]),
        ("by Ada, Rosa", ["Ada", "Rosa"], ["Ada", "Rosa"]),
        ("by ada rosa", ["ada", "rosa"], ["ada", "rosa"]),
        ("by Ada rosa", ["Ada", "rosa"], ["Ada", "rosa"]),
        ('by Ada "Dusty" Stone', ["Ada", "Stone"], ['Ada "Dusty" Stone']),
        ('by Ada "Dusty" Stone', ['Ada "Dusty', "Stone"], ['Ada "Dusty" Stone']),
        ("by Ada (Dusty) Stone", ["Ada", "Dusty", "Stone"], ["Ada (Dusty) Stone"]),
        ("by Ada ‘Dusty’ Stone", ["Ada", "Dusty’ Stone"], ["Ada ‘Dusty’ Stone"]),
        ("by Ada (TPE) Stone", ["Ada", "Stone"], ["Ada", "Stone"]),
        ('by Ada "Dusty" and Stone', ["Ada", "Stone"], ["Ada", "Stone"]),
        ('Ada "Dusty" Stone and Rosa', ["Ada", "Rosa"], ["Ada", "Rosa"]),
    ],
)
def test_parts_of_a_name_stand_together(text: str, names: list[str], left: list[str]) -> None:
    marks = [Mark(text.index(one), text.index(one) + len(one), "PERSON", 0.9) for one in names]
    assert [text[one.start : one.end] for one in evidence.whole(text, marks)] == left


def test_a_place_beside_a_name_is_no_part_of_it() -> None:
    marks = [Mark(0, 3, "PERSON", 0.9), Mark(4, 8, "LOCATION", 0.9)]
    assert list(evidence.whole("Ada Oslo", marks)) == marks
    quoted = [Mark(0, 3, "PERSON", 0.9), Mark(5, 9, "LOCATION", 0.9), Mark(11, 16, "PERSON", 0.9)]
    assert list(evidence.whole('Ada "Oslo" Stone', quoted)) == quoted


def test_who_signs_behind_a_dash_is_one_segment() -> None:
    for text, count in (
        ("The patient slept well all night. -J. Stone RN", 2),
        ("The patient slept well all night - it seems. J. Stone", 2),
        ("The patient slept well all night with plan-B. Stone came", 2),
        ("The patient slept well and so on -. Stone came then", 2),
    ):
        assert len(cut(text)) == count, text


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        # Drugs, and who is called like one.
        ("Continue Adalimumab daily", "Adalimumab", []),
        ("Gave Humira at noon", "Humira", []),
        ("Ms. Humira called", "Humira", ["Humira"]),
        ("Humira, Ada came", "Humira", ["Humira"]),
        ("Humira Stone came", "Humira Stone", ["Humira Stone"]),
        ("Allegra took it", "Allegra", ["Allegra"]),
        ("April took it", "April", ["April"]),
        # Signs
        ("Then Kussmaul breathing began", "Kussmaul", []),
        ("Babinski was positive", "Babinski", []),
        ("Positive Murphy on the right", "Murphy", ["Murphy"]),
        ("Murphy was absent", "Murphy", ["Murphy"]),
        ("Dr. Babinski was present", "Babinski", ["Babinski"]),
        # Scores
        ("with Norton score of 14", "Norton", []),
        ("He scored 12 on the Beck; so", "Beck", ["Beck"]),
        ("Apgar 9.", "Apgar", []),
        ("Norton scored 14", "Norton", ["Norton"]),
        ("Norton 14.", "Norton", ["Norton"]),
        # Instruments
        ("with a Kelly clamp", "Kelly", []),
        ("Foley removed at 10:00", "Foley", []),
        ("Foley removed the drain", "Foley", ["Foley"]),
        ("Anna Foley removed at 10:00", "Anna Foley", ["Anna Foley"]),
        # Illnesses
        ("has Parkinson's, on treatment", "Parkinson", []),
        ("Hodgkin lymphoma", "Hodgkin", []),
        ("Crohn's flare today", "Crohn", []),
        ("has Parkinson's car", "Parkinson", ["Parkinson"]),
        ("Dr. Hodgkin's flare", "Hodgkin", ["Hodgkin"]),
        ("Anna Hodgkin", "Anna Hodgkin", ["Anna Hodgkin"]),
        ("Can Murphy sign off on it?", "Murphy", ["Murphy"]),
        ("Absent Allen and Stone", "Allen", ["Allen"]),
        ("Kelly was placed on leave", "Kelly", ["Kelly"]),
        ("two Kelly clamps", "Kelly", []),
        ("Wilson's dementia", "Wilson", ["Wilson"]),
        ("Hamilton score 92 in maths", "Hamilton", ["Hamilton"]),
        ("Hamilton depression scale 20", "Hamilton", []),
        # Cars
        ("Austin 45 M, seen", "Austin", ["Austin"]),
        ("the Ford Focus", "Ford", []),
        ("drives a Mercedes home", "Mercedes", []),
        ("a Bentley Continental", "Bentley Continental", []),
        ("Jenna Ford Focus", "Ford", ["Ford"]),
        ("Mercedes came", "Mercedes", ["Mercedes"]),
        # Saints
        ("at St. Mary's Hospital", "Mary", []),
        ("with St. John Stone", "John Stone", ["John Stone"]),
        # Licences
        ("by Ada Stone, N.P. and", "Ada Stone, N.P.", ["Ada Stone"]),
        ("by RN Ada Stone", "RN Ada Stone", ["Ada Stone"]),
        ("by Ada Stone PA-C", "Ada Stone PA-C", ["Ada Stone"]),
        ("by J. Stone today", "Stone", ["J. Stone"]),
        # A given name behind a comma
        ("van der Meer, Ada, MD signed", "van der Meer", ["van der Meer, Ada"]),
        ("Al-Sayed, Ada RN", "Al-Sayed", ["Al-Sayed, Ada"]),
        ("O'Shea, Ada (MRN 1", "O'Shea", ["O'Shea, Ada"]),
        ("Stone, Ada came", "Stone", ["Stone"]),
    ],
)
def test_what_care_and_cars_are_called(text: str, name: str, left: list[str]) -> None:
    start = text.index(name)
    found = evidence.weighed(text, [Mark(start, start + len(name), "PERSON", 0.9)])
    assert [text[one.start : one.end] for one in found if one.label == "PERSON"] == left


def test_a_form_asks_for_one_person() -> None:
    for text, left in (
        ("Attending: Stone, Ada came", ["Stone, Ada"]),
        ("Patient van der Meer, Ada came", ["van der Meer, Ada"]),
        ("Patients: Stone, Ada came", ["Stone", "Ada"]),
        ("Patient: Rosa Stone, Ada came", ["Rosa Stone", "Ada"]),
    ):
        last = text.index(": ") + 2 if ": " in text else len("Patient ")
        comma, given = text.index(","), text.index("Ada")
        marks = [Mark(last, comma, "PERSON", 0.9), Mark(given, given + 3, "PERSON", 0.9)]
        assert [text[one.start : one.end] for one in evidence.weighed(text, marks)] == left


@pytest.mark.parametrize(
    ("text", "name", "score", "left"),
    [
        ("@Jonas can you look", "Jonas", 0.95, 0.95),
        ("cc (@Jonas)", "Jonas", 0.9, 0.9),
        ("@Jonas can you look", "Jonas", 0.85, 0.25),
        ("@Test it", "Test", 0.95, 0.35),
        ("@Jonas/core it", "Jonas", 0.95, 0.35),
        ("x@Jonas it", "Jonas", 0.95, 0.35),
        ("@JoNas it", "JoNas", 0.95, 0.35),
    ],
)
def test_who_is_mentioned(text: str, name: str, score: float, left: float) -> None:
    start = text.index(name)
    (one,) = evidence.weighed(text, [Mark(start, start + len(name), "PERSON", score)])
    assert one.score == left
