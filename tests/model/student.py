"""The network of cecil.sanitizer.names.network, trained in JAX: the same sums, with gradients."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from cecil.sanitizer.names.network import (
    LIMIT,
    OUTPUTS,
    PIECES,
    SHAPES,
    STEP,
    TABLE,
    WEIGHT,
    Vocabulary,
    pack,
)

from .corpus import Sample

FAR = (5.0, 5.0, 4.0)
"""See `Network.far`."""

EARLY = 0.2
"""What counts of the loss of each layer before the last. So a token that is no name is known as such early, and
goes through few of them."""


class Shape(NamedTuple):
    """The sizes of a network."""

    width: int
    dilations: tuple[int, ...]
    inner: int
    affixes: int
    words: int


class Lesson(NamedTuple):
    """A sample to learn from: `says`, what the teacher's head says of each token (None: nobody asked it),
    and how much of the loss the sample's own labels have (0: they are not known)."""

    sample: Sample
    says: np.ndarray | None
    labels: float


class Words:
    """Every token that training meets, numbered, with the rows of its features."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.number: dict[str, int] = {}
        self.rows: list[tuple[int, ...]] = [(0,) * (PIECES + 5)]

    def of(self, token: str) -> int:
        number = self.number.get(token)
        if number is None:
            f = self.vocabulary.features(token)
            self.rows.append(
                (
                    *f.pieces,
                    *([0] * (PIECES - len(f.pieces))),
                    len(f.pieces),
                    f.prefix,
                    f.suffix,
                    f.word,
                    f.shape,
                )
            )
            number = self.number[token] = len(self.rows) - 1
        return number


def begin(shape: Shape, pieces: np.ndarray, seed: int) -> dict[str, Any]:
    """A network that knows nothing but `pieces`: a vector for each word piece."""
    rng = np.random.default_rng(seed)
    w = {
        "pieces": pieces,
        "prefix": np.zeros((shape.affixes, shape.width)),
        "suffix": np.zeros((shape.affixes, shape.width)),
        "word": np.zeros((shape.words, shape.width)),
        "shape": rng.normal(0, 0.1, (2 * SHAPES, shape.width)),
        "head": rng.normal(0, 0.1, (shape.width, OUTPUTS)),
    }
    w["inner"] = rng.normal(0, 0.7 / np.sqrt(shape.width), (shape.width, shape.inner))
    w["bi"] = np.zeros(shape.inner)
    w["outer"] = rng.normal(0, 0.3 / np.sqrt(shape.inner), (shape.inner, shape.width))
    for n in range(len(shape.dilations)):
        w[f"w{n}"] = rng.normal(0, 0.7 / np.sqrt(3 * shape.width), (3, shape.width, shape.width))
        w[f"b{n}"] = np.zeros(shape.width)
    return {name: jnp.asarray(a, jnp.float32) for name, a in w.items()}


def _stepped(x: Any, step: float) -> Any:
    """The nearest multiple of `step` that 8 bits hold; the gradient goes through as if nothing was done."""
    near = jnp.clip(jnp.round(x / step), -127, 127) * step
    return x + jax.lax.stop_gradient(near - x)


def answers(
    w: Any, dilations: Sequence[int], rows: Any, places: Any, real: Any, key: Any = None, drop: float = 0.0
) -> Any:
    """What each layer says of each place; `rows` are the features of the tokens that `places` points to."""

    def dropped(x: Any, n: int, part: float, axes: int) -> Any:
        if key is None:
            return x
        shape = x.shape[:axes] + (1,) * (x.ndim - axes)
        keep = jax.random.bernoulli(jax.random.fold_in(key, n), 1 - part, shape)
        return jnp.where(keep, x / (1 - part) if axes > 1 else x, 0)

    def table(name: str, at: Any) -> Any:
        return _stepped(w[name][at], TABLE)

    used = jnp.arange(PIECES)[None, :, None] < rows[:, PIECES, None, None]
    x = (table("pieces", rows[:, :PIECES]) * used).sum(1) / jnp.maximum(rows[:, PIECES, None], 1)
    x = x + dropped(table("prefix", rows[:, PIECES + 1]), 1, 0.1, 1)
    x = x + dropped(table("suffix", rows[:, PIECES + 2]), 2, 0.1, 1)
    x = x + dropped(table("word", rows[:, PIECES + 3]), 3, 0.4, 1)
    # Now and then nothing is known of a word but its case: then those around it must tell.
    x = dropped(x, 5, 0.05, 1) + table("shape", rows[:, PIECES + 4])
    x = _stepped(x, STEP)
    inner = _stepped(jax.nn.relu(x @ _stepped(w["inner"], WEIGHT) + _stepped(w["bi"], STEP)), STEP)
    x = _stepped(x + dropped(inner, 20, drop, 2) @ _stepped(w["outer"], WEIGHT), STEP)
    h = x[places] * real[:, None]
    h = dropped(h, 4, drop, 2)
    head = _stepped(w["head"], WEIGHT)
    near = real > 0
    said = []
    for n, dilation in enumerate(dilations):
        before, here, after = _stepped(w[f"w{n}"], WEIGHT)
        y = (
            h @ here
            + _moved(h, dilation) @ before
            + _moved(h, -dilation) @ after
            + _stepped(w[f"b{n}"], STEP)
        )
        y = dropped(jax.nn.relu(y), 5 + n, drop, 2)
        h = jnp.where(near[:, None], _stepped(h + y, STEP), h) * real[:, None]
        said.append(h @ head)
        margin = said[-1][:, 1:-1].max(1) - said[-1][:, 0]
        near &= jax.lax.stop_gradient(margin) >= -FAR[min(n, len(FAR) - 1)]
    return said


def _moved(h: Any, by: int) -> Any:
    """The rows moved down by `by`; zeros come in (texts are set apart by at least as many zeros)."""
    return jnp.pad(h, ((by, 0), (0, 0)))[:-by] if by > 0 else jnp.pad(h, ((0, -by), (0, 0)))[-by:]


def batches(
    lessons: Sequence[Lesson], words: Words, pad: int, size: int, most: int
) -> Iterator[dict[str, np.ndarray]]:
    """All lessons, in order, laid out in rows: batches of `size` places and at most `most` different tokens."""
    empty = {
        "places": np.zeros(size, np.int32),
        "types": np.zeros(size, np.int32),
        "begins": np.zeros(size, np.float32),
        "labels": np.zeros(size, np.float32),
        "says": np.zeros((size, OUTPUTS), np.float32),
        "taught": np.zeros(size, np.float32),
    }

    def closed(b: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        unique, places = np.unique(b["places"], return_inverse=True)
        numbers = np.zeros(most, np.int32)
        numbers[: min(len(unique), most)] = unique[:most]
        b["places"] = np.where(places < most, places, 0).astype(np.int32)
        b["real"] = (b["places"] > 0).astype(np.float32)
        b["rows"] = table[numbers]
        return b

    numbers = [[words.of(token) for token in lesson.sample.tokens] for lesson in lessons]
    table = np.array(words.rows, np.int32)
    b, at = {k: v.copy() for k, v in empty.items()}, pad
    for lesson, row in zip(lessons, numbers, strict=True):
        end = at + len(row)
        if end + pad > size:
            yield closed(b)
            b, at = {k: v.copy() for k, v in empty.items()}, pad
            end = at + len(row)
        b["places"][at:end] = row
        b["types"][at:end] = lesson.sample.types
        b["begins"][at:end] = lesson.sample.begins
        b["labels"][at:end] = lesson.labels
        if lesson.says is not None:
            b["says"][at:end] = lesson.says
            b["taught"][at:end] = np.abs(lesson.says).sum(1) > 0
        at = end + pad
    yield closed(b)


def loss_of(out: Any, b: Any) -> Any:
    """Cross entropy with the labels, and with what the teacher says where it was asked."""
    logs = jax.nn.log_softmax(out[:, :-1])
    picked = jnp.take_along_axis(logs, b["types"][:, None], axis=1)[:, 0]
    taught = -(jax.nn.softmax(b["says"][:, :-1]) * logs).sum(1)
    edge = optax.sigmoid_binary_cross_entropy(out[:, -1], b["begins"]) * (b["types"] > 0)
    soft = jax.nn.sigmoid(b["says"][:, -1])
    named = 1 - jax.nn.softmax(b["says"][:, :-1])[:, 0]
    taught_edge = optax.sigmoid_binary_cross_entropy(out[:, -1], soft) * named
    by_label = b["real"] * b["labels"] * (-picked + 0.3 * edge)
    by_teacher = b["real"] * b["taught"] * (1 - b["labels"]) * (taught + 0.3 * taught_edge)
    return (by_label + by_teacher).sum() / b["real"].sum()


def train(
    shape: Shape,
    w: dict[str, Any],
    words: Words,
    data: Callable[[int], Sequence[Lesson]],
    steps: int,
    rate: float,
    seed: int,
    log: Callable[[str], None],
    size: int = 6144,
    most: int = 3072,
    drop: float = 0.1,
) -> dict[str, Any]:
    """The network after `steps` batches of `data(round)`: the average of its last weights."""
    schedule = optax.warmup_cosine_decay_schedule(0, rate, steps // 20 + 1, steps, rate / 50)
    slow = {name: "slow" if name == "pieces" else "fast" for name in w}
    fast = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(schedule, b2=0.99))
    optimiser = optax.multi_transform({"fast": fast, "slow": optax.chain(fast, optax.scale(0.3))}, slow)
    state = optimiser.init(w)
    pad = max(shape.dilations)

    @jax.jit
    def step(w: Any, mean: Any, state: Any, b: Any, key: Any) -> Any:
        def loss(w: Any) -> Any:
            out = answers(w, shape.dilations, b["rows"], b["places"], b["real"], key, drop)
            return loss_of(out[-1], b) + EARLY * sum(loss_of(early, b) for early in out[:-1])

        value, grad = jax.value_and_grad(loss)(w)
        change, state = optimiser.update(grad, state, w)
        w = optax.apply_updates(w, change)
        return w, jax.tree.map(lambda a, b: 0.995 * a + 0.005 * b, mean, w), state, value

    key = jax.random.key(seed)
    mean = w
    n, started, losses, turn = 0, time.time(), [], 0
    while n < steps:
        for b in batches(data(turn), words, pad, size, most):
            w, mean, state, value = step(w, mean, state, b, jax.random.fold_in(key, n))
            losses.append(float(value))
            n += 1
            if n % 100 == 0:
                log(f"student: {n}/{steps} loss {np.mean(losses[-100:]):.4f} {time.time() - started:.0f} s")
            if n >= steps:
                break
        turn += 1
    return mean


def step_of(name: str) -> float:
    """What the weights of an array are multiples of."""
    tables = ("pieces", "prefix", "suffix", "word", "shape")
    return TABLE if name in tables else STEP if name[0] == "b" else WEIGHT


def packed(shape: Shape, w: dict[str, Any], pieces: Sequence[str], bias: float, lower: float) -> bytes:
    """The network as the bytes that cecil reads.

    Args:
        bias: how sure it must be of a word.
        lower: how sure of a single word in lower case."""
    arrays = {
        name: np.clip(np.round(np.asarray(a) / step_of(name)), -127, 127).astype(np.int8)
        for name, a in w.items()
    }
    assert abs(LIMIT / STEP - 127) < 1e-9
    return pack(
        arrays,
        pieces,
        {
            "affixes": shape.affixes,
            "words": shape.words,
            "dilations": shape.dilations,
            "bias": bias,
            "lower": lower,
            "far": FAR,
        },
    )


def vectors(table: np.ndarray, width: int) -> np.ndarray:
    """The encoder's input vectors, the directions of greatest spread only."""
    centred = table - table.mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    short = centred @ directions[:width].T
    return (short / short.std() * 0.25).astype(np.float32)
