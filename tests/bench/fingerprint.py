"""What cecil-fingerprint does with recorded bodies, how fast it is and what it needs.

    python -m tests.bench.fingerprint DATA      (a folder of `*.jsonl.gz` with recorded bodies)
    python -m tests.bench.fingerprint           (speed and memory alone)

With DATA, the usage of every recorded body is held against genai-prices' own extraction. Where the two
differ, the difference has to be one of those that are known to be genai-prices' (`KNOWN`).
Speed is of records a second of processor time, of bodies of two kilobytes that are made up here.
"""

import argparse
import gzip
import json
import os
import random
import resource
import string
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cecil.fingerprint.adapters import Drop
from cecil.fingerprint.fingerprinter import Fingerprinter, Made
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.shortcut import Shortcut
from cecil.fingerprint.usage import Flag
from tests.llm_samples import SAID, SAMPLES, TEXT, apart

RATE = 50_000
RATE_OVERLAP = 20_000
MEMORY = 80

FLAVOURS = {
    ("openai", "/v1/chat/completions"): ("openai", "chat"),
    ("openai", "/v1/responses"): ("openai", "responses"),
    ("openai", "/v1/embeddings"): ("openai", "embeddings"),
    ("azure_openai", "/chat/completions"): ("azure", "chat"),
    ("azure_openai", "/responses"): ("azure", "responses"),
    ("anthropic", "/v1/messages"): ("anthropic", "default"),
    ("gemini", ":generateContent"): ("google", "default"),
    ("vertex", ":generateContent"): ("google", "default"),
    ("gemini", "/chat/completions"): ("google", "chat"),
    ("bedrock", "/converse"): ("aws", "default"),
    ("bedrock", "/invoke"): ("aws", "anthropic"),
    ("mistral", "/chat/completions"): ("mistral", "default"),
    ("groq", "/chat/completions"): ("groq", "default"),
    ("deepseek", "/chat/completions"): ("deepseek", "chat"),
    ("openrouter", "/chat/completions"): ("openrouter", "default"),
    ("cohere", "/v2/chat"): ("cohere", "default"),
    ("cerebras", "/chat/completions"): ("cerebras", "chat"),
    ("voyage", "/embeddings"): ("voyageai", "default"),
}

KNOWN = {
    "iterations": "legs of compaction or of an advisor are left out",
    "num_cached_tokens": "Mistral's cached tokens are not seen",
    "hidden_output": "thinking that only the total shows is not seen",
    "cache_overlap": "cache reads and writes of more than the input raise an error",
}
"""Where genai-prices is known to be wrong, by what tells it."""


def rows(data: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(data.glob("*__*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            for line in lines:
                yield json.loads(line)


def record_of(row: dict[str, Any]) -> dict[str, Any]:
    """A recorded exchange as an application would log it."""
    return {
        "uri": f"https://{row['host']}{row['path']}",
        "status": row["status"],
        "request": {"model": row["request_model"]} if row.get("request_model") else {},
        "response": row["body"],
    }


def summed(made: list[Made]) -> tuple[int, int, int, int]:
    """Input, cache reads, cache writes, output."""
    legs = [leg for call in made for leg in call.legs]
    read = sum(leg.in_cache_read for leg in legs)
    write = sum(leg.in_cache_write_5m + leg.in_cache_write_1h for leg in legs)
    return (
        sum(leg.in_fresh for leg in legs) + read + write,
        read,
        write,
        sum(leg.out_text + leg.out_reasoning for leg in legs),
    )


def equality(data: Path, fingerprinter: Fingerprinter, *, verbose: bool) -> list[tuple[str, str, str, bool]]:
    import genai_prices

    counted: Counter[str] = Counter()
    reported = right = 0
    for row in rows(data):
        record = record_of(row)
        made = fingerprinter.calls(record)
        expected = row["expected"]
        # Counts that were in headers alone are in no body.
        if expected.get("usage_raw") and any(key.endswith("_tokens") for key in expected):
            reported += 1
            if isinstance(made, Drop) or made[0].legs[0].q.value == "none":
                counted["not read"] += 1
                if verbose:
                    sys.stderr.write(f"not read: {row['id']} {row['path']} {expected['usage_raw']}\n")
            else:
                right += 1
        flavour = next(
            (
                name
                for (provider, end), name in FLAVOURS.items()
                if row["provider"] == provider and end in row["path"] and row["format"] == "json"
            ),
            None,
        )
        if flavour is None or row["status"] != 200 or isinstance(made, Drop):
            continue
        body = json.loads(row["body"])
        flags = {flag for leg in made[0].legs for flag in leg.flags}
        try:
            theirs = genai_prices.extract_usage(body, provider_id=flavour[0], api_flavor=flavour[1]).usage
        except (LookupError, ValueError):
            # It also raises for a model that it does not know; its usage is not to be had then.
            counted["cache_overlap" if Flag.CACHE_OVERLAP in flags else "raises"] += 1
            continue
        want = (
            theirs.input_tokens or 0,
            theirs.cache_read_tokens or 0,
            theirs.cache_write_tokens or 0,
            theirs.output_tokens or 0,
        )
        if summed(made) == want:
            counted["equal"] += 1
        elif Flag.ITERATIONS in flags:
            counted["iterations"] += 1
        elif "num_cached_tokens" in row["body"]:
            counted["num_cached_tokens"] += 1
        elif Flag.HIDDEN_OUTPUT in flags:
            counted["hidden_output"] += 1
        elif Flag.CACHE_OVERLAP in flags:
            counted["cache_overlap"] += 1
        else:
            counted["unexplained"] += 1
            if verbose:
                sys.stderr.write(f"differs: {row['id']} {row['path']} ours {summed(made)} theirs {want}\n")
    known = sum(counted[name] for name in KNOWN)
    parts = ", ".join(f"{counted[name]} {name}" for name in KNOWN)
    got = f"{counted['equal']} equal, {known} known ({parts}), {counted['unexplained']} unexplained; it raises on {counted['raises']}"
    return [
        (
            "usage of recorded bodies equal to genai-prices' extraction, or known to be its error",
            "all",
            got,
            counted["unexplained"] == 0,
        ),
        ("recorded bodies with usage that are read", "all", f"{right} of {reported}", right == reported),
    ]


_LETTERS = string.ascii_letters + string.digits


def bodies(number: int) -> Iterator[bytes]:
    """Calls of two kilobytes, in the shapes that logs have most: OpenAI's and Anthropic's."""
    rng = random.Random(7)
    words = "the of model answer price invoice customer please order ticket status error retry river".split()

    def text(size: int) -> str:
        return " ".join(rng.choices(words, k=size // 7))

    system = text(600)
    for index in range(number):
        when = 1_790_000_000 + index
        asked, said = text(490), text(470)
        counts = (rng.randrange(50, 4000), rng.randrange(1, 900))
        messages = [{"role": "user", "content": asked}]
        if index % 2:
            record = {
                "timestamp": when,
                "request": {
                    "model": "claude-sonnet-4-5",
                    "max_tokens": 1024,
                    "system": system,
                    "messages": messages,
                }
                | {"metadata": {"user_id": f"u{index % 97}"}},
                "response": {
                    "id": "msg_01" + "".join(rng.choices(_LETTERS, k=22)),
                    "type": "message",
                    "role": "assistant",
                    "model": "claude-sonnet-4-5-20250929",
                    "content": [{"type": "text", "text": said}],
                    "stop_reason": "end_turn",
                    "stop_sequence": None,
                    "usage": {
                        "input_tokens": counts[0],
                        "cache_creation_input_tokens": 0,
                        "cache_read_input_tokens": index % 3 * 1024,
                        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
                        "output_tokens": counts[1],
                        "service_tier": "standard",
                    },
                },
            }
        else:
            messages = [{"role": "system", "content": system}, *messages]
            record = {
                "timestamp": when,
                "request": {
                    "model": "gpt-4o",
                    "messages": messages,
                    "user": f"u{index % 97}",
                    "max_tokens": 512,
                },
                "status": 200,
                "response": {
                    "id": f"chatcmpl-{index:020x}",
                    "object": "chat.completion",
                    "created": when,
                    "model": "gpt-4o-2024-08-06",
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": said, "refusal": None},
                            "logprobs": None,
                            "finish_reason": "stop",
                        }
                    ],
                    "usage": {
                        "prompt_tokens": counts[0],
                        "completion_tokens": counts[1],
                        "total_tokens": sum(counts),
                        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
                    },
                    "service_tier": "default",
                    "system_fingerprint": "fp_3bc1b5746c",
                },
            }
        yield json.dumps(record, separators=(",", ":")).encode() + b"\n"


def run(path: str, *options: str) -> tuple[float, float]:
    """Processor seconds and peak megabytes of the command over a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", _CHILD, *options, path]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = int(done.stderr.split()[-1]) / 1024
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


_CHILD = """
import importlib, resource, sys
status = importlib.import_module("cecil.commands.fingerprint").main(["--quiet", *sys.argv[1:]])
sys.stderr.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\\n")
sys.exit(status)
"""


def speed() -> list[tuple[str, str, str, bool]]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        small, large = (os.path.join(folder, name) for name in ("small", "large"))
        numbers = {small: 1_000, large: 200_000}
        for path, number in numbers.items():
            with open(path, "wb") as file:
                file.writelines(bodies(number))
        size = os.path.getsize(large) / numbers[large]
        for name, asked, options in (
            ("without overlap", RATE, ("--no-overlap",)),
            ("with overlap of requests", RATE_OVERLAP, ()),
        ):
            start = min(run(small, *options)[0] for _ in range(3))
            best, peak = min(run(large, *options) for _ in range(3))
            rate = (numbers[large] - numbers[small]) / (best - start)
            what = f"records a second and core, bodies of {size:.0f} bytes, {name}"
            found.append((what, f">= {asked}", f"{rate:.0f}", rate >= asked))
            found.append((f"peak memory, {name}", f"<= {MEMORY} MB", f"{peak:.0f} MB", peak <= MEMORY))
    return found


def shapes(count: int = 2_000) -> list[str]:
    """Records a second of every shape that the tests have a sample of, filled up to two kilobytes where it
    has text, in this process and without overlap."""
    fingerprinter = Fingerprinter(PriceList.packaged())
    shortcut = Shortcut(fingerprinter)
    found = []
    for sample in SAMPLES:
        made = []
        for number in range(count):
            line = json.dumps(apart(sample.record, number), separators=(",", ":"))
            more = " and so on" * (max(0, 2_000 - len(line)) // 10)
            made.append(line.replace(TEXT if TEXT in line else SAID, TEXT + more, 1).encode())
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            for one in made:
                shortcut.line(one)
            best = min(best, time.process_time() - began)
        found.append((count / best, len(made[0]), sample.name))
    found.sort(reverse=True)
    return [f"{rate:8.0f} records a second  {size:5} bytes  {name}" for rate, size, name in found]


def main() -> int:
    parser = argparse.ArgumentParser(description="measure cecil-fingerprint", allow_abbrev=False)
    parser.add_argument("--verbose", action="store_true", help="name the bodies that differ")
    parser.add_argument("--only", choices=["equality", "speed"])
    parser.add_argument("data", nargs="?", type=Path)
    args = parser.parse_args()
    found = []
    if args.data and args.only != "speed":
        began = time.monotonic()
        found += equality(args.data, Fingerprinter(PriceList.packaged()), verbose=args.verbose)
        sys.stdout.write(f"bodies read in {time.monotonic() - began:.0f} s\n")
    if args.only != "equality":
        found += speed()
        sys.stdout.write("\n".join(["by shape, as part of the work of a run:", *shapes(), ""]))
    for what, asked, got, good in found:
        sys.stdout.write(f"{'ok  ' if good else 'MISS'} {what}: asked {asked}, got {got}\n")
    return 0 if all(good for *_, good in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
