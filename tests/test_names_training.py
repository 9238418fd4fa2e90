"""What the model of names is trained and judged with: samples keep what people labelled, and scores count it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tests.model import open_text, written
from tests.model.corpus import TESTING, TRAINING, Text, held_out, read, samples, seen
from tests.model.score import score


def names_of(text: Text, most: int = 110) -> list[tuple[str, int]]:
    """The names of all samples of a text, and what they are."""
    found: list[tuple[str, int]] = []
    for sample in samples(text, most):
        for token, type_, begins in zip(sample.tokens, sample.types, sample.begins, strict=True):
            if begins:
                found.append((token.strip(), int(type_)))
            elif type_:
                found[-1] = (found[-1][0] + token, int(type_))
    return found


def text(marked: str) -> Text:
    """`[Anna Lee/PERSON] is here` as a text with its span."""
    out, spans = "", []
    for n, part in enumerate(marked.replace("]", "[").split("[")):
        value, _, label = part.partition("/") if n % 2 else (part, "", "")
        if label:
            spans.append((len(out), len(out) + len(value), label))
        out += value
    return Text("test", out, spans)


def test_samples_keep_the_labelled_names() -> None:
    one = text("Hi [Anna Lee/PERSON] [Bo/PERSON], see [St. Ives/LOCATION] at 10:30, says [IBM/ORGANIZATION].")
    assert names_of(one) == [("Anna Lee", 1), ("Bo", 1), ("St. Ives", 2), ("IBM", 3)]


@pytest.mark.parametrize("most", [5, 9, 20])
def test_a_long_text_is_cut_in_no_name(most: int) -> None:
    one = text("Then [Anna van der Lee/PERSON] came. " * 20 + "\n" + "and [New York City/LOCATION] " * 20)
    assert names_of(one, most) == [("Anna van der Lee", 1)] * 20 + [("New York City", 2)] * 20
    assert "".join(t for s in samples(one, most) for t in s.tokens) == seen(one).text


def test_what_is_no_language_is_one_sign() -> None:
    one = seen(text("2026-11-21 [Anna 2nd/PERSON] <anna@example.com> read /var/log/x in [Rome/LOCATION]"))
    assert one.text == "0-0-0 Anna 0nd <@> read / in Rome"
    assert [one.text[start:end] for start, end, _ in one.spans] == ["Anna 0nd", "Rome"]


def test_labels_of_sets_are_mapped(tmp_path: Path) -> None:
    def row(text: str, *spans: tuple[int, int, str]) -> str:
        return json.dumps(
            {"text": text, "spans": [{"start": s, "end": e, "label": label} for s, e, label in spans]}
        )

    (tmp_path / "sec_filings").mkdir()
    with gzip.open(tmp_path / "sec_filings" / "train.jsonl.gz", "wt") as file:
        file.write(
            row(
                "@ann met Bob in Rome, the Lender",
                (0, 4, "PER"),
                (9, 12, "PER"),
                (16, 20, "LOC"),
                (26, 32, "PER"),
            )
            + "\n"
        )
        file.write(row("Hamlet, a play", (0, 6, "book")) + "\n")
    one, two = read(tmp_path, "sec_filings/train")
    assert one.spans == [(9, 12, "PERSON"), (16, 20, "LOCATION")]
    assert two.spans == []


def test_no_set_for_testing_is_trained_on() -> None:
    assert not set(TRAINING) & set(TESTING)
    assert not [name for name in TRAINING if "test" in name]


def test_one_text_in_ten_is_put_aside() -> None:
    share = np.mean([held_out(Text("", str(n), [])) for n in range(5000)])
    assert 0.08 < share < 0.12


def test_what_was_written_is_marked() -> None:
    texts = list(written.texts())
    assert len(texts) > 5000
    assert len({one.text for one in texts}) > 0.99 * len(texts)
    for one in texts:
        for start, end, label in one.spans:
            name = one.text[start:end]
            assert name and name == name.strip(), one
            assert label in ("PERSON", "LOCATION", "ORGANIZATION")
    unnamed = sum(not one.spans for one in texts)
    assert 0.1 < unnamed / len(texts) < 0.4, "a model that sees names everywhere takes them out everywhere"


def test_marks_are_read(tmp_path: Path) -> None:
    (tmp_path / "mails.txt").write_text("Hi [[P|Ana Lee]],\\nsee [[L|St. Ives]]\n\n[[O|IBM]]\n")
    one, two = written.texts(tmp_path)
    assert one == Text(
        "written/mails", "Hi Ana Lee,\nsee St. Ives", [(3, 10, "PERSON"), (16, 24, "LOCATION")]
    )
    assert two.spans == [(0, 3, "ORGANIZATION")]
    (tmp_path / "mails.txt").write_text("ok\nHi [[X|Ana]]\n")
    with pytest.raises(ValueError, match=r"mails\.txt:2: "):
        list(written.texts(tmp_path))


def test_open_text_is_read_from_whatever_holds_it(tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "1.txt").write_text(
        "From ann@example.com  Thu Aug 22 2002\nFrom: Ann Lee <ann@example.com>\nTo: all of you over here\n"
        "Received: from a host somewhere\nSubject: Re: the figures of May\n\nDear Bob, the figures\nare here.\n\n-- \nAnn\n"
    )
    (tmp_path / "mails" / "1.json").write_text('{"what": "is not for reading"}')
    (tmp_path / "a_GroundTruth.txt").write_text("1\t0.5\tTom &amp; Ann were at the sea\n2\t1\tshort\n")
    (tmp_path / "fortunes").write_text("The first of the sayings\n%\nAnd this is\nthe second one\n")
    (tmp_path / "data.noun").write_text(
        "  1 licence\n00001 18 n 01 Ann_Arbor 0 000 | a city in Michigan\n00002 18 n 01 sea 0 000 | a lot of water\n"
    )
    places = [tmp_path / "mails", *sorted(p for p in tmp_path.iterdir() if p.is_file())]
    assert {text.text for text in open_text.texts(tmp_path, places, 10, 1)} == {
        "From: Ann Lee <ann@example.com>",
        "To: all of you over here",
        "Subject: Re: the figures of May",
        "Dear Bob, the figures are here.",
        "Tom & Ann were at the sea",
        "The first of the sayings",
        "And this is the second one",
        "Ann Arbor: a city in Michigan",
    }


def test_scores() -> None:
    pairs = [
        ([(0, 4, "PERSON"), (10, 14, "LOCATION")], [(0, 4, "PERSON"), (10, 14, "PERSON")]),
        ([(0, 10, "PERSON")], [(5, 10, "LOCATION")]),
    ]
    one = score(pairs, "PERSON")
    assert (one.precision, one.recall, one.f1) == (0.5, 0.5, 0.5)
    assert one.character_recall == pytest.approx(9 / 14)
    none = score([], "PERSON")
    assert (none.precision, none.recall, none.f1, none.character_recall) == (0, 0, 0, 0)
