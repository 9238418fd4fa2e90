"""A large tagger that labels text for the small one: a BERT encoder (MiniLM, Apache-2.0) in JAX, fine-tuned here.

The encoder knows no case: a vector for the token's shape is added to its input, at first all zero."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from cecil.sanitizer.names.network import OUTPUTS, SHAPES, Vocabulary

from .corpus import Sample

HEADS = 12
BUCKETS = (24, 48, 96, 160)


def load(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The encoder's weights and word pieces, of the folder of a sentence-transformers model."""
    raw = (folder / "model.safetensors").read_bytes()
    size = int.from_bytes(raw[:8], "little")
    head = json.loads(raw[8 : 8 + size])
    weights = {}
    for name, about in head.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        start, end = about["data_offsets"]
        weights[name] = (
            np.frombuffer(raw[8 + size + start : 8 + size + end], np.float32).reshape(about["shape"]).copy()
        )
    return weights, (folder / "vocab.txt").read_text().splitlines()


def prepare(weights: dict[str, Any], seed: int) -> dict[str, Any]:
    """The weights, with a table of shapes and a head on top."""
    w = {k: v for k, v in weights.items() if not k.startswith("pooler")}
    key = np.random.default_rng(seed)
    w["shapes"] = np.zeros((2 * SHAPES, 384), np.float32)
    w["out.weight"] = (key.standard_normal((OUTPUTS, 384)) * 0.02).astype(np.float32)
    w["out.bias"] = np.zeros(OUTPUTS, np.float32)
    return jax.tree.map(jnp.asarray, w)


def _norm(w: Any, name: str, x: Any) -> Any:
    mean = x.mean(-1, keepdims=True)
    var = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(var + 1e-12) * w[f"{name}.LayerNorm.weight"] + w[
        f"{name}.LayerNorm.bias"
    ]


def _linear(w: Any, name: str, x: Any) -> Any:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def encode(w: Any, ids: Any, shapes: Any, mask: Any, key: Any = None, drop: float = 0.1) -> Any:
    """Hidden states of (batch, length) pieces."""

    def dropped(x: Any, n: int) -> Any:
        if key is None:
            return x
        keep = jax.random.bernoulli(jax.random.fold_in(key, n), 1 - drop, x.shape)
        return jnp.where(keep, x / (1 - drop), 0)

    x = (
        w["embeddings.word_embeddings.weight"][ids]
        + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    )
    x = x + w["embeddings.token_type_embeddings.weight"][0] + w["shapes"][shapes]
    x = dropped(_norm(w, "embeddings", x), 0)
    bias = jnp.where(mask, 0, -1e9)[:, None, None, :]
    batch, length, width = x.shape
    for n in range(6):
        at = f"encoder.layer.{n}."
        q, k, v = (
            _linear(w, f"{at}attention.self.{part}", x).reshape(batch, length, HEADS, -1)
            for part in ("query", "key", "value")
        )
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / np.sqrt(width // HEADS) + bias
        mixed = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v).reshape(batch, length, width)
        x = _norm(
            w,
            f"{at}attention.output",
            x + dropped(_linear(w, f"{at}attention.output.dense", mixed), 2 * n + 1),
        )
        inner = jax.nn.gelu(_linear(w, f"{at}intermediate.dense", x), approximate=True)
        x = _norm(w, f"{at}output", x + dropped(_linear(w, f"{at}output.dense", inner), 2 * n + 2))
    return x


def logits(w: Any, ids: Any, shapes: Any, mask: Any, first: Any, key: Any = None) -> Any:
    """What the head says of each token (by its first piece)."""
    x = encode(w, ids, shapes, mask, key)
    x = jnp.take_along_axis(x, first[:, :, None], axis=1)
    return _linear(w, "out", x)


def loss_of(out: Any, types: Any, begins: Any, real: Any) -> Any:
    """Cross entropy of the types, and of whether a name begins where one is."""
    picked = jnp.take_along_axis(jax.nn.log_softmax(out[..., :-1]), types[..., None], axis=-1)[..., 0]
    named = (types > 0) * real
    edge = optax.sigmoid_binary_cross_entropy(out[..., -1], begins) * named
    return -(picked * real).sum() / real.sum() + 0.3 * edge.sum() / real.sum()


class Pieces:
    """Samples as arrays of pieces, remembered by token."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = pieces
        self.vocabulary = Vocabulary(pieces, 1, 1)
        self.known: dict[str, tuple[tuple[int, ...], int]] = {}

    def of(self, token: str) -> tuple[tuple[int, ...], int]:
        if token not in self.known:
            f = self.vocabulary.features(token)
            self.known[token] = (f.pieces, f.shape)
        return self.known[token]

    def rows(self, sample: Sample) -> tuple[list[int], list[int], list[int]]:
        ids, shapes, first = [101], [0], []
        for token in sample.tokens:
            pieces, shape = self.of(token)
            first.append(len(ids))
            ids += pieces
            shapes += [shape] * len(pieces)
        return [*ids, 102], [*shapes, 0], first

    def batches(
        self, rows: list[tuple[Sample, list[int], list[int], list[int]]], size: int
    ) -> Iterator[dict[str, np.ndarray]]:
        """Batches of about `size` pieces, of samples of like length; `order` says which samples they are."""
        by: dict[int, list[int]] = {}
        for n, (_, ids, _, _) in enumerate(rows):
            bucket = next((b for b in BUCKETS if len(ids) <= b), BUCKETS[-1])
            group = by.setdefault(bucket, [])
            group.append(n)
            if len(group) == size // bucket:
                yield self.batch(rows, group, bucket, size // bucket)
                by[bucket] = []
        for bucket, group in by.items():
            if group:
                yield self.batch(rows, group, bucket, size // bucket)

    def batch(self, rows: Any, group: list[int], length: int, count: int) -> dict[str, np.ndarray]:
        b = {name: np.zeros((count, length), np.int32) for name in ("ids", "shapes", "first", "types")}
        b["begins"] = np.zeros((count, length), np.float32)
        b["real"] = np.zeros((count, length), np.float32)
        b["mask"] = np.zeros((count, length), bool)
        b["order"] = np.array(group)
        for i, n in enumerate(group):
            sample, ids, shapes, first = rows[n]
            ids, shapes = ids[:length], shapes[:length]
            first = [f for f in first if f < length]
            b["ids"][i, : len(ids)] = ids
            b["shapes"][i, : len(ids)] = shapes
            b["mask"][i, : len(ids)] = True
            b["first"][i, : len(first)] = first
            b["types"][i, : len(first)] = sample.types[: len(first)]
            b["begins"][i, : len(first)] = sample.begins[: len(first)]
            b["real"][i, : len(first)] = 1
        return b


def fine_tune(
    w: Any, pieces: Pieces, data: Any, steps: int, rate: float, size: int, seed: int, log: Any
) -> Any:
    """The weights after `steps` batches of `data(epoch)` (a list of samples)."""
    schedule = optax.warmup_cosine_decay_schedule(0, rate, steps // 15 + 1, steps, rate / 50)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=0.01))
    state = optimiser.init(w)

    @jax.jit
    def step(w: Any, state: Any, b: Any, key: Any) -> Any:
        def loss(w: Any) -> Any:
            out = logits(w, b["ids"], b["shapes"], b["mask"], b["first"], key)
            return loss_of(out, b["types"], b["begins"], b["real"])

        value, grad = jax.value_and_grad(loss)(w)
        change, state = optimiser.update(grad, state, w)
        return optax.apply_updates(w, change), state, value

    key = jax.random.key(seed)
    n, started, losses, epoch = 0, time.time(), [], 0
    while n < steps:
        rows = [(s, *pieces.rows(s)) for s in data(epoch)]
        for b in pieces.batches(rows, size):
            b.pop("order")
            w, state, value = step(w, state, b, jax.random.fold_in(key, n))
            losses.append(float(value))
            n += 1
            if n % 50 == 0:
                log(f"teacher: {n}/{steps} loss {np.mean(losses[-50:]):.4f} {time.time() - started:.0f} s")
            if n >= steps:
                break
        epoch += 1
    return w


def label(w: Any, pieces: Pieces, samples: Sequence[Sample], size: int = 2048) -> list[np.ndarray]:
    """The head's answers for each token of each sample."""
    run = jax.jit(logits)
    rows = [(s, *pieces.rows(s)) for s in samples]
    found: list[np.ndarray] = [np.zeros((0, OUTPUTS), np.float32)] * len(rows)
    for b in pieces.batches(rows, size):
        out = np.asarray(run(w, b["ids"], b["shapes"], b["mask"], b["first"]))
        for i, n in enumerate(b["order"]):
            count = len(rows[n][0].tokens)
            known = out[i, :count]
            missing = np.zeros((count - len(known), OUTPUTS), np.float32)
            found[n] = np.concatenate([known, missing]).astype(np.float16)
    return found


def piece_vectors(w: Any, pieces: Sequence[str], size: int = 256) -> np.ndarray:
    """What the teacher knows of each word piece by itself: its input vector, and what the encoder makes of it."""
    w = jax.tree.map(jnp.asarray, w)
    run = jax.jit(lambda ids: encode(w, ids, jnp.zeros_like(ids), jnp.ones(ids.shape, bool))[:, 1])
    rows = np.arange(-(-len(pieces) // size) * size) % len(pieces)
    made = [
        np.asarray(run(np.stack([np.full(size, 101), some, np.full(size, 102)], axis=1)))
        for some in rows.reshape(-1, size)
    ]
    inner = np.concatenate(made)[: len(pieces)]
    outer = np.asarray(w["embeddings.word_embeddings.weight"])
    return np.concatenate([(x - x.mean(0)) / x.std() for x in (outer, inner)], axis=1)
