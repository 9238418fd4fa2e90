"""The network of names: an answer depends on the text alone; and it is a pipeline of spaCy's."""

import math
import os
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from cecil.sanitizer.names import network as module
from cecil.sanitizer.names.network import LABELS, Name, Network, Vocabulary, fold, pack, tokens
from cecil.sanitizer.names.threads import one_thread
from tests.conftest import examples

FOLDER = Path(module.__file__).parent.parent / "models" / "en"

TEXTS = (
    "Dear Mrs. Anna Smith,\n\nJohn O'Neil of Microsoft flies from Berlin to New York on Monday.",
    "Barack Obama met Angela Merkel in Paris, and José García spoke for the European Union.",
    "user=anna.smith action=login ip=192.0.2.7",
    "2026-11-21 12:00:01 ERROR com.example.UserService: NullPointerException at Server.java:196",
    '{"patient": "Smith, John", "city": "Chicago"}',
    "",
    " \t\n\n  ",
    "the quick brown fox jumps over the lazy dog",
    "山田太郎 lives in Ōsaka, Łódź or \U0001d7d8\U0001d7d9 ½",
)
WRITTEN = st.one_of(
    st.sampled_from(TEXTS),
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["John", "Smith", "in", "Paris", "IBM", "7", "2026", ",", ".", "said", "Dr", "\n", "the"]
        )
    ).map(" ".join),
)


@cache
def embedded() -> Network:
    return Network((FOLDER / "names.bin").read_bytes())


def found(text: str) -> list[tuple[str, str]]:
    return [(text[n.start : n.end], n.label) for n in embedded().tag([text])[0]]


def tiny(**more: Any) -> bytes:
    """A network of two layers that calls every token of a capital letter a person."""
    pieces = ["[UNK]", "[SEP]", "0", "a", "b", "##b"]
    width = 4
    shape = np.zeros((2 * module.SHAPES, width), np.int8)
    shape[[8, 9, 8 + module.SHAPES, 9 + module.SHAPES], 0] = 64
    head = np.zeros((width, module.OUTPUTS), np.int8)
    head[0, 1] = 64
    zero = np.zeros((3, width, width), np.int8)
    arrays = {
        name: np.zeros((rows, width), np.int8)
        for name, rows in (("pieces", 6), ("prefix", 8), ("suffix", 8), ("word", 8))
    }
    arrays |= {"inner": zero[0], "bi": zero[0, 0], "outer": zero[0]}
    arrays |= {"shape": shape, "w0": zero, "b0": zero[0, 0], "w1": zero, "b1": zero[0, 0], "head": head}
    return pack(
        arrays,
        pieces,
        {"affixes": 8, "words": 8, "dilations": [1, 2], "bias": 0.0, "lower": 0.0, "far": [9.0]} | more,
    )


def test_it_finds_names() -> None:
    assert found("My name is John Smith and I live in Berlin.") == [
        ("John Smith", "PERSON"),
        ("Berlin", "LOCATION"),
    ]
    assert ("Angela Merkel", "PERSON") in found(TEXTS[1])


def test_names_are_in_order_disjoint_and_of_known_labels() -> None:
    for text, names in zip(TEXTS, embedded().tag(TEXTS), strict=True):
        at = 0
        for name in names:
            assert at <= name.start < name.end <= len(text)
            assert name.label in LABELS
            assert 0 <= name.score <= 1
            assert text[name.start : name.end].strip() == text[name.start : name.end]
            at = name.end


@given(st.lists(WRITTEN, max_size=6))
def test_a_text_s_names_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = embedded().tag(texts)
    assert together == [embedded().tag([text])[0] for text in texts]
    assert together == Network((FOLDER / "names.bin").read_bytes()).tag(texts) if len(texts) == 3 else True


@given(WRITTEN)
def test_a_name_depends_on_no_more_than_the_tokens_within_reach(text: str) -> None:
    reach = " the" * (embedded().reach + 1)
    one, two = (f"{far}{reach} {text}{reach} {far}" for far in ("Anna Smith in Rome", "x = 1"))
    inside = len(text) + 2 * len(reach) + 2

    def middle(whole: str, far: str) -> list[Name]:
        names = embedded().tag([whole])[0]
        start = len(far) + len(reach)
        return [
            n._replace(start=n.start - start, end=n.end - start)
            for n in names
            if start < n.start < start + inside - len(reach)
        ]

    assert middle(one, "Anna Smith in Rome") == middle(two, "x = 1")


@given(WRITTEN)
def test_a_run_of_digits_is_one_digit(text: str) -> None:
    short = re.sub("0+", "0", fold(text))
    longer = short.replace("0", "0123456789")
    one, two = ([(n.label, n.score) for n in embedded().tag([x])[0]] for x in (short, longer))
    assert one == two


@given(WRITTEN)
def test_tokens_together_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert tokens(text) == module._TOKEN.findall(text)
    assert len(fold(text)) == len(text)
    assert all(any(map(str.strip, (token,))) or token.isspace() for token in tokens(text))


def test_every_decimal_digit_folds_to_0() -> None:
    assert fold("7٣९a½²") == "000a½²"


@pytest.mark.parametrize("batch", [1, 10_000, 1 << 20])
def test_long_texts_and_many_texts_go_in_parts(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(module, "_BATCH", batch)
    text = "Anna Smith met John Miller in Paris. " * 700
    names = embedded().tag([text, TEXTS[0], text])
    assert names[0] == names[2]
    assert names[1] == embedded().tag([TEXTS[0]])[0]
    assert len(names[0]) > 1400


def test_words_are_forgotten_and_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    network = Network((FOLDER / "names.bin").read_bytes())
    assert [network.tag([text])[0] for text in TEXTS * 2] == embedded().tag(TEXTS * 2)


def test_a_single_word_in_lower_case_is_no_name() -> None:
    assert all(embedded().tag([word]) == [[]] for word in ("jack", "bin", "chmod"))


def test_threads_share_a_network() -> None:
    alone = embedded().tag(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        assert all(names == alone for names in pool.map(lambda _: embedded().tag(TEXTS), range(12)))


def threads() -> list[int]:
    """How many each BLAS of this process uses."""
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


@pytest.fixture
def two() -> Iterator[None]:
    with threadpool_limits(2, user_api="blas"):
        if 2 not in threads():
            pytest.skip("a BLAS that cannot have two threads")
        yield


def test_products_are_worked_out_in_one_thread(two: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process that is not ours too: two that wait for each other take five times as long."""
    seen = []
    run = Network.run

    def watched(self: Network, *args: Any) -> Any:
        seen.append(threads())
        return run(self, *args)

    monkeypatch.setattr(Network, "run", watched)
    before = threads()
    assert embedded().tag(["met Hanna Lindqvist in Oslo"])[0]
    assert seen == [[1] * len(before)]
    assert threads() == before


def test_who_comes_first_gives_threads_back(two: None) -> None:
    before = threads()
    with one_thread():
        with one_thread():
            assert threads() == [1] * len(before)
        assert threads() == [1] * len(before)
    assert threads() == before
    with pytest.raises(KeyError), one_thread():
        raise KeyError
    assert threads() == before


def test_a_copy_in_another_process_is_the_same() -> None:
    copy = pickle.loads(pickle.dumps(embedded()))
    assert copy.version == embedded().version
    assert copy.tag(TEXTS) == embedded().tag(TEXTS)


def test_what_it_is_made_of() -> None:
    network = Network(tiny())
    assert network.reach == 3
    assert network.version != Network(tiny(words=4)).version
    # Words without a capital have a margin of 0, others 2.
    assert Network(tiny(bias=1.0)).tag(["He met Bob Ba, and x."]) == [
        [Name(0, 2, "PERSON", 0.73), Name(7, 13, "PERSON", 0.73)]
    ]
    assert Network(tiny(bias=3.0)).tag(["Bob"]) == [[]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bob met 0", []),
        ("level Bob x", []),
        ("i saw Bob", ["Bob"]),
        ("@ann Bob left", ["Bob"]),
        ("x@ann Bob", []),
        ("# Bob", []),
        ("i = Bob", []),
        ("i { Bob }", []),
        ("i saw it 0 0 0 0 Bob", []),
    ],
)
def test_where_people_talk_less_is_asked_for(text: str, names: list[str]) -> None:
    network = Network(tiny(bias=2.5))  # a word with a capital has 2
    found = network.tag([text])[0]
    assert [text[name.start : name.end] for name in found] == names
    assert all(name.score == 0.5 for name in found)


def test_in_prose_a_little_less_is_asked_for() -> None:
    less, much_less = (Network(tiny(bias=bias)) for bias in (2.2, 2.5))
    assert [n.label for n in less.tag(["he met Bob"])[0]] == ["PERSON"]
    assert less.tag(["met Bob"]) == much_less.tag(["he met Bob"]) == [[]]


@pytest.mark.parametrize(
    "data", [b"", b"no network\n\0\0", b'{"format": 99}\n', b'{"format": 1}\n', b"[1]\n"]
)
def test_bytes_that_are_no_network(data: bytes) -> None:
    with pytest.raises(ValueError, match="network"):
        Network(data)


def test_features() -> None:
    vocabulary = Vocabulary(["[UNK]", "[SEP]", "0", "a", "b", "##b"], 1000, 1000)

    def of(*some: str) -> Sequence[Any]:
        return [vocabulary.features(token) for token in some]

    assert [f.pieces for f in of("ab", "Abb", " abbbbbbbbbbbb", "xa", "\n", "000", "áB")] == [
        (3, 5), (3, 5, 5), (3, 5, 5, 5, 5, 5), (0,), (1,), (2,), (3, 5),
    ]  # fmt: skip
    assert of("000")[0] == of("0")[0]
    assert of("\n")[0].shape == module.SHAPES
    shapes = "0|,|a|ab|A|AB|ABBA|Ab|Abba|aB|AbBa|山".split("|")
    assert [f.shape for f in of(*shapes)] == list(range(1, module.SHAPES))
    assert [f.shape for f in of(*(f" {s}" for s in shapes))] == list(
        range(module.SHAPES + 1, 2 * module.SHAPES)
    )


def test_the_file_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 15_000_000


class TestPipeline:
    """spacy.load(FOLDER): what a user of spaCy gets."""

    @staticmethod
    @cache
    def nlp() -> Any:
        import spacy

        import cecil.sanitizer.names.pipeline  # noqa: F401  an installed package is found by its entry points

        return spacy.load(FOLDER)

    @given(WRITTEN)
    def test_its_entities_are_the_network_s_names(self, text: str) -> None:
        doc = self.nlp()(text)
        assert doc.text == text
        assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [
            n[:3] for n in embedded().tag([text])[0]
        ]

    def test_many_at_once(self) -> None:
        docs = list(self.nlp().pipe(TEXTS * 3, batch_size=4))
        assert [d.text for d in docs] == [*TEXTS] * 3
        assert [[e.text for e in d.ents] for d in docs] == [
            [e.text for e in self.nlp()(t).ents] for t in TEXTS
        ] * 3

    def test_it_is_written_and_read_as_any_pipeline(self, tmp_path: Path) -> None:
        import spacy

        self.nlp().to_disk(tmp_path / "copy")
        copies = [spacy.load(tmp_path / "copy"), self.nlp().from_bytes(self.nlp().to_bytes())]
        for copy in copies:
            assert [e.text for e in copy(TEXTS[0]).ents] == [e.text for e in self.nlp()(TEXTS[0]).ents]

    def test_a_pipeline_without_a_network_says_so(self) -> None:
        from cecil.sanitizer.names.pipeline import Names

        with pytest.raises(ValueError, match="no network"):
            next(Names().pipe(["a"]))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_a_command_s_process_has_one_thread() -> None:
    program = "import sys; sys.argv = ['cecil-redact', '-j1']; from cecil.commands import redact; redact()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS")}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        env=environment,
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(b'{"to": "Mr. John Smith"}\n')
        process.stdin.flush()
        assert process.stdout.readline() == b'{"to": "Mr. <PERSON>"}\n'
        threads = len(list(Path(f"/proc/{process.pid}/task").iterdir()))
        process.stdin.close()
        assert process.wait() == 0
    assert threads == 1


def plainly(network: Network, text: str, far: Sequence[float]) -> list[list[float]]:
    """What is said of each token: the same sums token by token, in whole numbers of 1/1024."""
    a = {name: array.astype(np.int64) for name, array in network._arrays.items()}
    width = a["head"].shape[0]

    def rounded(x: Any, parts: int) -> Any:
        return np.clip(np.rint(x / parts), -127, 127).astype(np.int64)

    h = []
    for token in tokens(fold(text)):
        of = network.vocabulary.features(token)
        mean = a["pieces"][list(of.pieces)].astype(np.float32).sum(axis=0) / np.float32(len(of.pieces))
        for table, row in zip(("prefix", "suffix", "word", "shape"), of[1:], strict=True):
            mean += a[table][row]
        x = rounded(mean, 2)
        inner = rounded(np.maximum(x @ a["inner"] + 64 * a["bi"], 0), 64)
        h.append(rounded(64 * x + inner @ a["outer"], 64))
    near = [True] * len(h)
    for n, dilation in enumerate(network._dilations):
        around = [np.zeros(width, np.int64)] * dilation
        padded = [*around, *h, *around]
        h = [
            rounded(
                64 * here
                + np.maximum(
                    sum(padded[i + k * dilation] @ a[f"w{n}"][k] for k in range(3)) + 64 * a[f"b{n}"], 0
                ),
                64,
            )
            if near[i]
            else here
            for i, here in enumerate(h)
        ]
        said = [one @ a["head"] / 1024 for one in h]
        margins = [max(one[1:-1]) - one[0] - network._bias for one in said]
        least = -far[min(n, len(far) - 1)]
        near = [still and margin >= least for still, margin in zip(near, margins, strict=True)]
    return [list(one) for one in said] if h else []


@pytest.mark.parametrize("early", [False, True])
@examples(30)
@given(st.lists(WRITTEN, min_size=1, max_size=4))
def test_the_network_is_equal_to_its_sums_token_by_token(early: bool, texts: list[str]) -> None:
    network = embedded()
    far = network.far if early else (math.inf,)
    cuts = [tokens(fold(text)) for text in texts]
    sizes = np.array([len(cut) for cut in cuts], np.int32)
    out = network.run(*network._seen([token for cut in cuts for token in cut]), sizes, far)
    assert out.T.tolist() == [one for text in texts for one in plainly(network, text, far)]


SAID = (
    "{} told {} that the build of {} was late again, and that nobody in {} had noticed.",
    "we met {} at the station in {}; {} came later with the others from {}",
    '{{"level": "info", "msg": "ticket 17 was given to {} by {}", "site": "{}", "team": "{}"}}',
    "Dear {},\n\nplease ask {} for the keys of the office in {}. Yours, {}",
    "ERROR com.example.Orders: refund for {} refused, see {} or {} in {} at Orders.java:196",
)


def test_what_is_no_name_goes_through_few_layers() -> None:
    chance = random.Random(7)
    names = (
        "Anna Smith|O'Neil|Karl-Heinz Müller|Wei Chen|Berlin|New York|Acme Corp|the board|nobody|it".split(
            "|"
        )
    )
    made = [chance.choice(SAID).format(*chance.choices(names, k=4)) for _ in range(100)]
    texts = [case(text) for text in (*TEXTS, *made) for case in (str, str.lower, str.upper)]
    network = embedded()
    cuts = [cut for cut in map(tokens, map(fold, texts)) if cut]
    asked = (
        *network._seen([token for cut in cuts for token in cut]),
        np.array(list(map(len, cuts)), np.int32),
    )
    one, two, all_of_them = (
        network.run(*asked, far) for far in ((-math.inf,), (network.far[0], -math.inf), network.far)
    )
    after_one, after_two = ((some == all_of_them).all(axis=0) for some in (one, two))
    assert 0.3 < after_one.mean() < after_two.mean() < 0.9
    assert (network._margin(all_of_them)[after_one] < -network.far[0]).all()
    assert sum(map(len, network.tag(texts))) > 500
