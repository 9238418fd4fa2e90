"""`make bench-names DATA=DIR`: what names cost: speed, start and memory, and Presidio with the same model.

Whole runs of `cecil-redact -j 1`, as the kernel accounts for them: CPU seconds less those of a run over an empty
file, so that others on the machine count little; the memory is the peak. Inputs: application logs (logs.py), and
transcripts made of the texts in DIR: such that no text comes twice; of chats, whose histories grow by a turn a
record below four system prompts; and of agents, whose prompts and histories are longer, so that less is new.
Presidio's AnalyzerEngine gets the embedded model as a spaCy pipeline, and the texts of lines of the application
logs, and of the real logs in DIR, as the model sees them; its spans are held against ours.
"""

import argparse
import gzip
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import OUT, ROOT, environment, judged
from tests.bench.logs import write

MB = 10**6
REDACT = ROOT / "bin/cecil-redact"
SETS = (
    "wikigold/all",
    "wnut17/train",
    "broad_twitter_corpus/train",
    "tweebank_ner/train",
    "sec_filings/train",
)
CROSSNER = tuple(
    f"crossner/{topic}_{part}"
    for topic in "politics music science literature ai".split()
    for part in ("train", "dev")
)


class Usage(NamedTuple):
    """CPU seconds, seconds of the clock, and MB of memory at the peak."""

    cpu: float
    wall: float
    memory: float


def run(path: Path, *options: str) -> Usage:
    """One run, pinned to one core."""
    env = environment(LC_ALL="C")
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(everywhere)})
    null = os.open(os.devnull, os.O_RDWR)
    try:
        started = time.monotonic()
        argv = [str(REDACT), "-q", "-j", "1", *options, str(path)]
        pid = os.posix_spawn(argv[0], argv, env, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
        _, status, usage = os.wait4(pid, 0)
    finally:
        os.close(null)
        os.sched_setaffinity(0, everywhere)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"names.py: {' '.join(argv)} ended with {code}")
    return Usage(usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024)


def texts(data: Path) -> list[str]:
    """Every text of the labelled sets, in an order that is the same every time."""
    found = []
    for name in SETS + CROSSNER:
        path = data / f"{name}.jsonl.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as file:
                found += [json.loads(line)["text"] for line in file]
    random.Random(1).shuffle(found)
    return found


def _call(r: random.Random, messages: list[dict[str, str]]) -> str:
    record = {
        "ts": f"2026-11-21T10:{r.randrange(60):02d}:{r.randrange(60):02d}.{r.randrange(1000):03d}Z",
        "id": f"chatcmpl-{r.getrandbits(128):032x}",
        "model": "gpt-4o",
        "messages": messages,
        "usage": {"prompt_tokens": r.randrange(9999)},
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def fresh(some: list[str]) -> Iterator[str]:
    """Calls in which no text comes twice."""
    r, left = random.Random(2), iter(some)
    while len(batch := list(itertools.islice(left, 8))) == 8:
        user, answer = " ".join(batch[:3]), "\n".join(batch[3:])
        yield _call(r, [{"role": "user", "content": user}, {"role": "assistant", "content": answer}])


def histories(some: list[str], size: int, prompt: int, turns: range) -> Iterator[str]:
    """Calls whose histories grow by a turn each, below four system prompts of so many texts."""
    r, left = random.Random(3), itertools.cycle(some)
    systems = [" ".join(itertools.islice(left, prompt)) for _ in range(4)]
    done = 0
    while done < size:
        messages = [{"role": "system", "content": r.choice(systems)}]
        for _ in range(r.choice(turns)):
            messages.append({"role": "user", "content": next(left)})
            line = _call(r, messages)
            done += len(line)
            yield line
            messages.append({"role": "assistant", "content": " ".join(itertools.islice(left, 4))})


def share_of_new(path: Path) -> float:
    """How much of the text of some calls did not stand in a call before, from 0 to 1."""
    seen: set[str] = set()
    new = every = 0
    for line in path.open(encoding="utf-8"):
        for message in json.loads(line)["messages"]:
            text = message["content"]
            every += len(text)
            new += len(text) * (text not in seen)
            seen.add(text)
    return new / every


def speeds(inputs: dict[str, Path], runs: int) -> dict[str, Any]:
    """CPU time by input, with names and without."""
    empty = OUT / "empty.jsonl"
    empty.write_bytes(b"")
    found: dict[str, Any] = {}
    say(f"{'':44}{'names':>10}{'none':>10}{'memory':>12}")
    starts = {
        nlp: statistics.median(run(empty, "--nlp", nlp).cpu for _ in range(3)) for nlp in ("en", "none")
    }
    for name, path in inputs.items():
        size = path.stat().st_size / MB
        usages = {nlp: [run(path, "--nlp", nlp) for _ in range(runs)] for nlp in ("en", "none")}
        fast = {
            nlp: size / max(1e-3, min(one.cpu for one in some) - starts[nlp]) for nlp, some in usages.items()
        }
        memory = max(one.memory for one in usages["en"])
        found[name] = fast | {"memory": memory}
        say(f"{name:44}{fast['en']:>5.1f} MB/s{fast['none']:>5.1f} MB/s{memory:>9.0f} MB")
    line = OUT / "line.jsonl"
    line.write_text('{"message":"to Ann Lee"}\n')
    for nlp in ("en", "none"):
        trials = [run(line, "--nlp", nlp) for _ in range(5)]
        found[f"start {nlp}"] = statistics.median(one.wall for one in trials)
        cpu = statistics.median(one.cpu for one in trials)
        say(f"start to the end of one record, --nlp {nlp:8}{found[f'start {nlp}']:>8.2f} s; CPU {cpu:.2f} s")
    return found


def presidio(path: Path, some: list[str], count: int, ours: float) -> dict[str, Any]:
    """Presidio's engine with the same model, over the strings of some records."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    import cecil.sanitizer.names.pipeline  # noqa: F401 - so that spaCy knows it
    from cecil.sanitizer.names import labels
    from cecil.sanitizer.names.engine import Names
    from cecil.sanitizer.names.network import Network

    folder = ROOT / "cecil/sanitizer/models/en"
    same = {entity: entity for entity in labels.ENTITIES}
    nlp = SpacyNlpEngine(
        models=[{"lang_code": "en", "model_name": str(folder)}],
        ner_model_configuration=NerModelConfiguration(
            model_to_presidio_entity_mapping=same, labels_to_ignore=[]
        ),
    )
    nlp.load()
    registry = RecognizerRegistry(recognizers=[SpacyRecognizer(supported_entities=sorted(labels.ENTITIES))])
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp)
    network = Network((folder / "names.bin").read_bytes())

    lines = path.read_bytes().splitlines(keepends=True)
    lines = lines[:: -(-len(lines) // count)]
    segments = _segments(one for line in lines for one in _leaves(line.decode("utf-8", "replace")))
    started = time.process_time()
    theirs = [engine.analyze(text, "en", entities=sorted(labels.ENTITIES)) for text in segments]
    seconds = time.process_time() - started
    # Of what these logs hold few names, spans are held against each other over labelled texts as well.
    more = _segments(some[:count])
    segments += more
    theirs += [engine.analyze(text, "en", entities=sorted(labels.ENTITIES)) for text in more]
    spans = [sorted((one.start, one.end, one.entity_type) for one in found) for found in theirs]
    tagged = [[(one.start, one.end, one.label) for one in found] for found in network.tag(segments)]
    different = sum(left != right for left, right in zip(spans, tagged, strict=True))
    speed = sum(map(len, lines)) / MB / seconds
    say(
        f"Presidio's AnalyzerEngine, the same model, {path.stem}: {speed:.3f} MB/s: "
        f"cecil-redact is {ours / speed:.0f} times as fast"
    )
    say(
        f"spans in {len(segments)} texts: {sum(map(len, spans))}, of which {different} texts have others than ours"
    )
    assert Names.embedded().version.endswith(network.version)
    return {"presidio": speed, "times": ours / speed, "texts": len(segments), "different": different}


def _segments(texts: Iterable[str]) -> list[str]:
    """Texts as the model sees them."""
    from cecil.sanitizer.names.segments import cut
    from cecil.sanitizer.names.shape import shaped

    return [form[one.start : one.end] for form in map(shaped, texts) for one in cut(form)]


def _leaves(line: str) -> list[str]:
    """The strings of a line of JSON, or the line."""
    try:
        value = json.loads(line)
    except ValueError:
        value = line.rstrip()
    return list(_strings(value))


def real(folder: Path) -> Path:
    """All real logs as one file."""
    path = OUT / "real.log"
    path.write_bytes(b"".join(gzip.decompress(one.read_bytes()) for one in sorted(folder.glob("*.gz"))))
    return path


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for child in value.values():
            yield from _strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from _strings(child)
    elif isinstance(value, str) and value:
        yield value


def figures(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What is asked of names beside what was found."""
    speeds = {name: one["en"] for name, one in found.items() if isinstance(one, dict) and "en" in one}
    memory = max(one["memory"] for one in found.values() if isinstance(one, dict) and "memory" in one)
    lines = next(iter(speeds))
    wanted = {lines: 20.0, "transcripts, chats": 20.0, "transcripts, agents": 20.0, "transcripts, new": 1.0}
    presidio = found[f"Presidio, {lines}"]
    say("\nFigures")
    return [
        *(
            judged(f"MB/s, {name}", speed, least=least)
            for kind, least in wanted.items()
            for name, speed in speeds.items()
            if name.startswith(kind)
        ),
        judged("times Presidio's AnalyzerEngine, the same model", presidio["times"], least=100),
        judged("texts whose spans differ from Presidio's", presidio["different"], most=1),
        judged("s to the end of one record, with names", found["start en"], most=1.5),
        judged("s to the end of one record, without", found["start none"], most=0.4),
        judged("MB at the peak, with names", memory, most=350),
    ]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-names", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder with labelled sets")
    parser.add_argument("--size", type=int, default=20, help="MB of generated input")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--records", type=int, default=500, help="records that Presidio is given")
    args = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    inputs = {
        f"application logs, {rate} % with a finding": write(
            OUT / f"app-{rate}-{args.size}.jsonl", rate, args.size * MB
        )
        for rate in (0, 5)
    }
    logs = [next(iter(inputs))]
    if (args.data / "logs").is_dir():
        logs.append("real logs")
        inputs["real logs"] = real(args.data / "logs")
    some = texts(args.data)
    for name, made in (
        ("chats", histories(some, args.size * MB, 12, range(6, 20))),
        ("agents", histories(some, args.size * MB, 100, range(20, 60))),
        ("new", fresh(some)),
    ):
        path = OUT / f"transcripts-{name}.jsonl"
        path.write_text("".join(made), encoding="utf-8")
        inputs[f"transcripts, {name}: {share_of_new(path):.1%} never seen before"] = path
    found = speeds(inputs, args.runs)
    for name in logs:
        found[f"Presidio, {name}"] = presidio(inputs[name], some, args.records, found[name]["en"])
    found["figures"] = figures(found)
    (OUT / "names.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
