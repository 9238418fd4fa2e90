"""Persons in words that are no language: names of files, of the folders above them, and of devices."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Detector, Sanitizer
from cecil.errors import DetectorError
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.names.engine import Names
from cecil.sanitizer.names.evidence import Mark
from cecil.sanitizer.names.glued import TRIGGERS, glued
from cecil.sanitizer.scanner import Scanner
from tests.conftest import build_sanitizer, examples
from tests.names_toy import Toy

FILES = {
    "CV_William_Brown.pdf": "CV_<PERSON>.pdf",
    "/uploads/william-brown-passport.jpg": "/uploads/<PERSON>-passport.jpg",
    "Resume - Ann Stone.docx": "Resume - <PERSON>.docx",
    "brown_william_2024.pdf": "<PERSON>_2024.pdf",
    "s3://bucket/patients/john-smith/mri.dcm": "s3://bucket/patients/<PERSON>/mri.dcm",
    "C:\\scans\\Maria_Garcia_ID.png": "C:\\scans\\<PERSON>_ID.png",
    'attachment; filename="Invoice_Ann_Stone.pdf"': 'attachment; filename="Invoice_<PERSON>.pdf"',
    "https://example.com/files/Ann_Stone_payslip.pdf": "https://example.com/files/<PERSON>_payslip.pdf",
    "GET /files/Ann_Stone_payslip.pdf HTTP/1.1": "GET /files/<PERSON>_payslip.pdf HTTP/1.1",
    "CV%20William%20Brown.pdf": "CV%20<PERSON>.pdf",
    "stored CV_William_Brown.pdf and Ann_Stone.JPG": "stored CV_<PERSON>.pdf and <PERSON>.JPG",
    "CV_WilliamBrown.pdf": "CV_<PERSON>.pdf",
    "WilliamBrownCV.pdf": "<PERSON>CV.pdf",
    "CV_William_Brown_Senior_Java_Developer.pdf": "CV_<PERSON>_Senior_Java_Developer.pdf",
    "CV-Jose-Martinez-2024-final.docx": "CV-<PERSON>-2024-final.docx",
    "/employees/ann.stone/photo.png": "/employees/<PERSON>/photo.png",
    "O'Brien_Mary_Contract.pdf": "<PERSON>_Contract.pdf",
    "saved 'WILLIAM_BROWN.pdf' now": "saved '<PERSON>.pdf' now",
    "open /scans/Ann Stone.pdf": "open /scans/<PERSON>.pdf",
}
NO_FILES = """red_hat_enterprise.iso Mark_Down.md jackson-databind-2.9.jar docs/Washington_DC.png
victoria-metrics.yaml jordan-river.jpg Jordan_River.jpg martin-fowler-refactoring.epub martin-fowler-refactoring.pdf
grafana_dashboards.json src/Taylor/Series.py order_summary.pdf Annual_Report.pdf CV_Template.pdf
invoice_red_hat_enterprise.pdf Invoice_San_Francisco.pdf /invoices/acme-corp/2024.pdf Rose_Gold.jpg
/img/olive-green.png /products/rose-gold.jpg Passport_Application_Form.pdf id_card_front.jpg scan_0001.pdf
medical_report_final.pdf Offer_Letter_Template.docx Black_Forest.jpg Monte_Carlo.png user_guide.pdf
static/William_Brown.png lib/node_modules/brown_william.pdf ann-stone.jpg /patients/search-results/list.pdf
/contracts/deutsche-bank/master-agreement.pdf contract_wells_fargo.pdf William.pdf .pdf a.pdf /.pdf
William_Brown.pdfx William_Brown.java com/example/William_Brown.class mri_knee_left_sagittal.dcm
ct_angio_chest_abdomen.dcm certificate_of_completion.pdf signature_pad_icon.png ray_tracing.pdf""".split()
DEVICES = {
    "Johns-iPhone": "<PERSON>-iPhone",
    "Anns-MacBook-Pro.local": "<PERSON>s-MacBook-Pro.local",
    "Elenis-iPad": "<PERSON>s-iPad",
    "Jacks-iPhone": "<PERSON>s-iPhone",
    "DESKTOP-of-Maria": "DESKTOP-of-<PERSON>",
    "John’s AirPods": "<PERSON>’s AirPods",
    "John's-iPhone": "<PERSON>'s-iPhone",
    "Johns iPhone": "<PERSON> iPhone",
    "James-iPhone": "<PERSON>-iPhone",
    "maria-laptop": "<PERSON>-laptop",
    "ann-stone-laptop": "<PERSON>-laptop",
    "iPhone von Peter": "iPhone <PERSON>",
    "iPhone de Maria": "iPhone <PERSON>",
    "MacBook-Pro-de-Jean.local": "MacBook-Pro-de-<PERSON>.local",
    "iPad d’Anne": "iPad d’<PERSON>",
    "DHCPACK on 192.0.2.7 to Johns-iPhone via eth0": "DHCPACK on 192.0.2.7 to <PERSON>-iPhone via eth0",
}
NO_DEVICES = [
    *"""Samsungs-iPhone Apples-iPhone office-laptop guest-ipad jenkins-macbook-01 test-iphone sales-iPad boss-laptop
dev-macbook Kids-iPad gaming-laptop windows-laptop canvas-laptop Jacks-laptop laptop-01 iPhone -iPhone
desktop-of-things laptop-de-empresa my-office-ipad IT-laptop xy-laptop WilliamBLaptop LAPTOP-WILLIAMB
macbook-pro-de-trabajo""".split(),
    "This laptop is old",
    "the office laptop",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)",
    "iPhone of the year",
    "iPhone de segunda mano",
    "laptop of Apple",
]
ALL = {**FILES, **DEVICES}
NONE = [*NO_FILES, *NO_DEVICES]


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer(nlp="en")


@pytest.mark.parametrize("text", ALL)
def test_persons_in_words_that_are_no_language(sanitizer: Sanitizer, text: str) -> None:
    assert sanitizer.redact(text)[0] == ALL[text]
    for key in ("hostname", "device_name", "path", "file"):
        assert sanitizer.redact({key: text})[0] == {key: ALL[text]}
    assert sanitizer.redact(["x", {"a": [text]}])[0] == ["x", {"a": [ALL[text]]}]


@pytest.mark.parametrize("text", NONE)
def test_what_looks_like_them(sanitizer: Sanitizer, text: str) -> None:
    assert sanitizer.redact(text)[0] == text
    assert sanitizer.redact({"file": text})[0] == {"file": text}


@pytest.mark.parametrize("form", ["auto", "jsonl", "text"])
@pytest.mark.parametrize("escaped", [False, True])
def test_blocks_are_their_lines(sanitizer: Sanitizer, form: str, escaped: bool) -> None:
    judge = BlockFilter(sanitizer, form, collect=True)
    lines = [
        text if form == "text" else json.dumps({"msg": text, "n": 17}, ensure_ascii=escaped)
        for text in (*ALL, *NONE)
    ]
    wanted = [
        text if form == "text" else json.dumps({"msg": text, "n": 17}, ensure_ascii=escaped)
        for text in (*ALL.values(), *NONE)
    ]
    data = "".join(f"{line}\n" for line in lines).encode()
    done = judge.judge(data)
    assert done == judge.judge_one_by_one(data)
    assert done.data.decode().splitlines() == wanted


def test_of_what_they_are_told_and_by_whom() -> None:
    (one,) = Detector().find("CV_William_Brown.pdf")
    assert (one.entity, one.start, one.end, one.detector) == ("PERSON", 3, 16, "names:en")
    assert Detector(nlp="none").find("CV_William_Brown.pdf") == []


class Small(Toy):
    """Knows names in small letters, too."""

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        return super().tag([text.title() for text in texts])


def test_both_ways_to_ask_say_the_same() -> None:
    names = Names(Small())
    for text in ("CV_Ann_Lee.pdf", "met Bob, CV_Ann_Lee.pdf", "nothing at all", "maria-laptop"):
        assert names.find([text]) == [names.spans(text, ("name",))]
    (bob, ann) = names.spans("met Bob, CV_Ann_Lee.pdf")
    assert (bob.start, bob.end, ann.start, ann.end) == (4, 7, 12, 19)
    assert names.spans("CV_Ann_Lee.pdf", glues=False) == []


class Greedy(Toy):
    """Sees one person in all of a text that no word `by` begins, or a company."""

    def __init__(self, label: str, score: float) -> None:
        super().__init__()
        self._mark = label, score

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        return [
            [Mark(3, len(text), "PERSON", 0.9)]
            if text.startswith("by ")
            else [Mark(0, len(text), *self._mark)]
            for text in texts
        ]


@pytest.mark.parametrize(
    ("label", "score", "place"),
    [("PERSON", 0.95, (0, 18)), ("PERSON", 0.5, (7, 14)), ("ORGANIZATION", 0.95, (7, 14))],
)
def test_the_surer_of_two_names_stays(label: str, score: float, place: tuple[int, int]) -> None:
    spans = Names(Greedy(label, score)).spans("see CV-Ann Lee.pdf")
    assert [(one.start, one.end) for one in spans] == [place]


def saying(*marks: tuple[str, str, str, float]) -> Callable[[str], list[Mark]]:
    """A model that knows names in texts."""
    return lambda text: [
        Mark(text.index(name), text.index(name) + len(name), label, score)
        for asked, name, label, score in marks
        if asked == text
    ]


@pytest.mark.parametrize(
    "ask",
    [
        saying(),
        # Within a word, a word alone, not sure, no person.
        saying(("by Zu Zork", "Zu Zo", "PERSON", 1.0), ("by zu zork", "zu zork", "PERSON", 1.0)),
        saying(("by Zu Zork", "Zork", "PERSON", 1.0), ("by zu zork", "zu zork", "PERSON", 1.0)),
        saying(("by Zu Zork", "Zu Zork", "PERSON", 0.8), ("by zu zork", "zu zork", "PERSON", 1.0)),
        saying(("by Zu Zork", "Zu Zork", "LOCATION", 1.0), ("by zu zork", "zu zork", "PERSON", 1.0)),
        # In capitals alone.
        saying(("by Zu Zork", "Zu Zork", "PERSON", 1.0)),
    ],
)
def test_of_whom_a_model_has_to_be_sure(ask: Any) -> None:
    assert glued("CV_zu_zork.pdf", ask) == []


def test_what_a_model_is_asked_of_two_words_alone() -> None:
    sure = [("by Zu Zork", "Zu Zork", "PERSON", 1.0), ("by zu zork", "zu zork", "PERSON", 0.6)]
    for more in ([("Zu Zork", "Zu Zork", "PERSON", 0.8)], [("Zork Zu", "Zork Zu", "PERSON", 0.8)]):
        assert glued("Zu_Zork.jpg", saying(*sure, *more)) == [Mark(0, 7, "PERSON", 1.0)]
        assert glued("zu_zork.jpg", saying(*sure, *more)) == []
        assert glued("Zu_zork.pdf", saying(*sure, *more)) == []
    assert glued("Zu_Zork.jpg", saying(*sure)) == []
    assert glued("Zu_Zork.jpg", saying(*sure, ("Zu Zork", "Zork", "LOCATION", 0.8), *more)) == []


def test_a_device_is_found_once() -> None:
    """What belongs to somebody by the word behind it and by the one before: names are disjoint."""
    ask = saying(*((asked, name, "PERSON", 1.0) for asked, name in (
        ("by peter", "peter"), ("Peter's iPhone", "Peter"), ("by maria", "maria"), ("Maria's iPhone", "Maria"),
        ("by peter maria", "peter maria"), ("by Peter Maria", "Peter Maria"),
    )))  # fmt: skip
    assert [one[:2] for one in glued("iphone-von-peter-laptop", ask)] == [(11, 16)]
    assert [one[:2] for one in glued("peter-iphone-von-maria", ask)] == [(0, 5), (17, 22)]
    assert glued("her peter-marias laptop", ask) == glued("her Peter-Marias laptop", ask) == []
    assert [one[:2] for one in glued("iPad d'Peter-Maria-laptop", ask)] == [(7, 12)]


def test_a_model_that_fails_is_told() -> None:
    with pytest.raises(DetectorError):
        Names(Toy(ValueError("x"))).spans("CV_Ann_Lee.pdf")


PIECES = """CV William Brown ann stone é É’ 's ' ’s s S - _ . / \\ , 0 17 %20 iPhone IPAD macbook -pro- AirPods laptop
LAPTOPS desktop von de of d' d’ .pdf .PDF .docx .doc .jpeg .png: patients/ : = \" ( ſ K \n""".split(" ")


@examples(400)
@given(st.lists(st.sampled_from([*PIECES, " "]), max_size=12))
def test_a_trigger_stands_in_every_text_that_holds_one(parts: list[str]) -> None:
    text = "".join(parts)
    # A model that sees persons everywhere.
    everybody = [
        lambda asked: [Mark(3 if asked.startswith("by ") else 0, len(asked), "PERSON", 1.0)],
        lambda asked: [
            Mark(3, len(asked), "PERSON", 1.0)
            if asked.startswith("by ")
            else Mark(0, len(asked.partition("'s iPhone")[0]), "PERSON", 1.0)
        ],
    ]
    found = [mark for ask in everybody for mark in glued(text, ask)]
    if found:
        assert SCANNER.mask(text)
        assert all(0 <= one.start < one.end <= len(text) for one in found)


SCANNER = Scanner([(0, one) for one in (*TRIGGERS, Trigger("never in a text"))])
