"""Goes on with the training of the network that is there: `make model-further DATA=DIR`.

No teacher is asked: the network itself says what it says now, of the labelled sets and of open text, and is held
to that, while it learns from the labels, from the templates and from texts that were written since (written.py).
What comes out is averaged with what was there, so that it forgets little. A quarter of the time of the whole
training (train.py), which stays the way to begin anew.
"""

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import numpy as np

from cecil.sanitizer.names.network import Network

from . import generate, open_text, pools, student
from .corpus import Sample
from .student import Lesson
from .train import (
    CONFIG,
    SHAPE,
    TWEETS,
    WRITTEN,
    Part,
    cut,
    ended,
    kept,
    lessons_of,
    log,
    log_scores,
    mean,
    read,
    scores,
)

SEEDS = (26, 27)
"""Of each a training: what they end with is averaged."""
STEPS = 4000
RATE = 1.3e-3
SHARE = 0.75
"""Of their end in the average with what was there."""
TRUST = 0.5
"""Share of the labels in the loss; the rest is what the network said before."""
FURTHER = replace(CONFIG, replaced=1.0, silver=10000, made=7000, negatives=10000)
"""What a round has, where it is another share than in the whole training."""


def weights(network: Network) -> dict[str, Any]:
    """The weights of a network, as `student` trains them."""
    return {
        name: jax.numpy.asarray(array.astype(np.float32) * student.step_of(name))
        for name, array in network._arrays.items()
    }


def deepened(w: dict[str, Any], shape: student.Shape) -> dict[str, Any]:
    """The same network with the convolutions that it lacks behind: they add little yet."""
    chance = np.random.default_rng(SEEDS[0])
    size = (3, shape.width, shape.width)
    for n in range(len(shape.dilations)):
        if f"w{n}" not in w:
            new = chance.normal(0, 0.1 / np.sqrt(3 * shape.width), size)
            w[f"w{n}"] = jax.numpy.asarray(new, jax.numpy.float32)
            w[f"b{n}"] = jax.numpy.zeros(shape.width)
    return w


def said(network: Network, samples: Sequence[Sample]) -> Iterator[np.ndarray]:
    """What a network says of each token of some samples."""
    for at in range(0, len(samples), 50):
        part = samples[at : at + 50]
        sizes = np.array([len(sample.tokens) for sample in part], np.int32)
        out = network.run(
            *network._seen(list(chain.from_iterable(s.tokens for s in part))), sizes, network.far
        ).T
        for some in np.split(out, np.cumsum(sizes)[:-1]):
            yield some.astype(np.float16)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="further", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder of labelled sets")
    parser.add_argument("--text", type=Path, action="append", default=[], help="open text without labels")
    parser.add_argument("--begin", type=Path, required=True, help="the network that is there")
    parser.add_argument("--out", type=Path, required=True, help="where the new one goes")
    parser.add_argument("--keep", type=Path, required=True, help="a folder for what takes long")
    parser.add_argument(
        "--seed", type=int, help="only the training of this one: another process has the others"
    )
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument(
        "--share", type=float, action="append", default=[], help="further averages, beside --out"
    )
    options = parser.parse_args(argv)
    network = Network(options.begin.read_bytes())
    known, aside = read(options.data, CONFIG)
    fresh = [text for text in known if text.source.startswith("written/")]
    train = [text for text in known if not text.source.startswith("written/")]
    names = {name.lower() for first, _ in pools.persons() for name in first if len(name) > 2}
    negatives = generate.negatives(options.data, names)
    silver = list(cut(open_text.texts(options.data, options.text, CONFIG.open, SEEDS[0])))
    asked = list(cut([text for text in train if not text.source.startswith(CONFIG.unasked)]))
    log(f"{len(train)} and {len(fresh)} texts to train on; {len(asked)} and {len(silver)} samples to hold")
    held = [Lesson(*pair, TRUST) for pair in zip(asked, said(network, asked), strict=True)]
    held_open = [Lesson(*pair, 0.0) for pair in zip(silver, said(network, silver), strict=True)]
    told = {"labelled": held, "silver": held_open, "variants": []}
    words = student.Words(network.vocabulary)
    begin = deepened(weights(network), SHAPE)
    options.keep.mkdir(parents=True, exist_ok=True)
    part = Part(options.steps, RATE, WRITTEN + TWEETS)
    ends = []
    for seed in SEEDS if options.seed is None else [options.seed]:
        rounds = lessons_of(train, told, negatives, FURTHER, part.twice, seed, fresh)
        keep = options.keep / f"further-{seed}-{network.version}.pickle"
        ends.append(kept(keep, partial(ended, CONFIG, part, begin, words, rounds, seed)))
    if options.seed is not None:
        return 0
    end = jax.tree.map(lambda *some: sum(some) / len(some), *ends)
    pieces = list(network.vocabulary.rows)
    for share in [SHARE, *options.share]:
        data = student.packed(SHAPE, mean(begin, end, share), pieces, CONFIG.bias, CONFIG.lower)
        out = options.out if share == SHARE else options.out.with_suffix(f".{share}.bin")
        out.write_bytes(data)
        log(f"{out.name} {len(data)} octets, SHA-256 {hashlib.sha256(data).hexdigest()[:16]}")
        log_scores(scores(Network(data), aside))
    return 0


if __name__ == "__main__":
    sys.exit(main())
