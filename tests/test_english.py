"""Words are cut as spaCy's blank English tokenizer cuts them, and its tables are those of the installed one."""

import random
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.attrs import IS_PUNCT, IS_STOP

from cecil.sanitizer.detectors import build_english, english

SIGNS = list("()[]{}<>.,;:!?'\"`-–—…+*/=~@#$%^&|_\\0123456789aAbBcCéЖß中°²µ€’‘”“«」")
PARTS = [
    "km",
    "GB",
    "m/s",
    "US$",
    "..",
    "...",
    "." * 20,
    "--",
    "http://",
    "a.b",
    "www.x.org",
    "u@x.com",
    "don",
    "n't",
]


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return spacy.blank("en")


def theirs(pipeline: Any, piece: str) -> list[str]:
    with pipeline.memory_zone():
        return [token.text for token in pipeline.tokenizer(piece)]


def made(words: list[str]) -> Iterator[str]:
    chance = random.Random(20261121)
    yield from words
    for word in words:
        yield chance.choice(SIGNS) + word
        yield word + chance.choice(SIGNS)
        yield f"({word})."
        yield word + chance.choice(words)
    for _ in range(4000):
        yield "".join(chance.choices(SIGNS, k=chance.randrange(1, 12)))
        yield "".join(chance.choices(SIGNS + PARTS, k=chance.randrange(1, 6)))
    emoticons = [word for word in words if re.fullmatch(r"\W+|\W*\w\W*", word)]
    for _ in range(2000):
        yield "".join(chance.choices(emoticons, k=chance.randrange(1, 4)))


def test_every_piece_is_cut_as_spacy_cuts_it(pipeline: Any) -> None:
    pieces = {piece for piece in made(sorted(pipeline.tokenizer.rules)) if piece.split() == [piece]}
    assert len(pieces) > 10_000
    for piece in pieces | {" ", "\t", "\n", "  \n", "\xa0", "\u3000 "}:
        assert english.cut(piece) == theirs(pipeline, piece), piece


@given(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=20))
@example("(don't...)")
@example("5km²/h.:-)")
def test_any_text_is_cut_as_spacy_cuts_it(pipeline: Any, piece: str) -> None:
    assert english.cut(piece) == theirs(pipeline, piece)


def test_keywords_are_neither_stop_words_nor_punctuation(pipeline: Any) -> None:
    says = pipeline.vocab.lex_attr_getters
    words = [*map(chr, range(33, 0x3000)), "The", "n't", "...", "a.", "-a-", "ſsn", "card", "¿¡", "$$"]
    for word in words:
        assert english.is_keyword(word) == (not says[IS_STOP](word) and not says[IS_PUNCT](word)), word


def test_a_word_of_the_table_is_known() -> None:
    assert english.cut_by_table("don't")
    assert not english.cut_by_table("card")


def test_no_sign_is_a_letter() -> None:
    """So a word of letters alone need not be held against them, which takes long to compile."""
    for only_ascii in (True, False):
        signs = english._signs(only_ascii)
        letters = filter(str.isalpha, map(chr, range(128 if only_ascii else 0x30000)))
        for word in (word for one in letters for word in (one, f"{one}a", f"a{one}", f"A{one}b")):
            assert not signs.prefix.match(word), word
            assert not signs.suffix.search(word), word
            assert not signs.infix.search(word), word
            assert not signs.url.match(word), word


def test_every_address_has_a_dot() -> None:
    for only_ascii in (True, False):
        signs = english._signs(only_ascii)
        assert signs.url.match("example.com:80/a")
        for text in ("http://host/a", "//host:80", "10:20", "user:pass@host", "localhost:8080/a?b#c"):
            assert not signs.url.match(text), text


def test_no_suffix_is_longer_than_is_looked_for() -> None:
    for only_ascii in (True, False):
        parsed = re._parser.parse(english._signs(only_ascii).suffix.pattern)  # type: ignore[attr-defined]
        assert len(parsed) == 1
        widths = sorted(branch.getwidth()[1] for branch in parsed[0][1][1])
        assert widths[-2] <= english._SUFFIX < widths[-1], "all but dots in a row"
    for dots in range(2, 40):
        assert english.cut("ab" + "." * dots)[-1] == "." * dots


def test_the_files_are_what_their_maker_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["build_english", str(tmp_path)])
    monkeypatch.delitem(sys.modules, build_english.__name__)
    runpy.run_module(build_english.__name__, run_name="__main__")
    for name in ("english.json", "NOTICE"):
        assert (tmp_path / name).read_bytes() == (build_english._FOLDER / name).read_bytes()
