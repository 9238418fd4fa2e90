"""`make demo`: the main job, on real logs that lie in the repository.

Runs the same commands as anybody would type, shows some records before and after, and what the LLM
calls of some logs cost. Writes to demo-out/.
"""

import gzip
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OUT = ROOT / "demo-out"
LOGS = ["tests/data/logs/cloudtrail.jsonl.gz", "tests/data/logs/lambda_events.jsonl"]
CALLS = [
    "openai_chat",
    "openai_chat_stream",
    "anthropic_messages",
    "anthropic_messages_stream",
    "usage_traps",
]
PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_]*>")

COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
WIDTH = min(shutil.get_terminal_size((100, 24)).columns, 140)


def paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if COLOUR and text else text


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(line: str) -> str:
    """Show a shell line, run it, and return what it printed; a failure ends the demo."""
    say(paint("$ ", "2") + paint(line, "1"))
    started = time.monotonic()
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{ROOT / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"demo: the line above ended with status {done.returncode}")
    say(paint(f"  ({time.monotonic() - started:.1f} s)", "2"))
    return done.stdout


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def changed_parts(before: str, after: str) -> tuple[str, str]:
    """The two texts with what was taken out, and what stands in its place, marked."""
    kept = PLACEHOLDER.split(after)
    match = re.fullmatch("(.*?)".join(re.escape(part) for part in kept), before, re.DOTALL)
    if not match or len(kept) == 1:
        return paint(before, "31"), paint(after, "32")
    gone = [paint(text, "1;31") for text in match.groups()]
    names = [paint(name, "1;32") for name in PLACEHOLDER.findall(after)]
    left = "".join(a + b for a, b in itertools.zip_longest(kept, gone, fillvalue=""))
    right = "".join(a + b for a, b in itertools.zip_longest(kept, names, fillvalue=""))
    return left, right


def visible(text: str) -> int:
    return len(re.sub(r"\x1b\[[0-9;]*m", "", text))


def shorten(before: str, after: str, width: int) -> tuple[str, str]:
    """Long values are cut to what is around their first change."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    cut = max(0, start - width // 3) if start > width // 2 else 0
    lead = "…" if cut else ""

    def fit(text: str) -> str:
        text = lead + text[cut:]
        return text if len(text) <= width else text[: width - 1] + "…"

    return fit(before), fit(after)


def show(before: Any, after: Any) -> None:
    """One record before and after, side by side; only what changed, and a little of the rest."""
    name = 26
    column = (WIDTH - name - 5) // 2
    old, new = list(leaves(before)), dict(leaves(after))
    rows = [(path, value, new.get(path, "")) for path, value in old]
    different = [row for row in rows if row[1] != row[2]][:6]
    same = [row for row in rows if row[1] == row[2] and 0 < len(row[1]) <= column][
        : max(1, 5 - len(different))
    ]
    say(paint("─" * WIDTH, "2"))
    for path, value, result in rows:
        if (path, value, result) not in different and (path, value, result) not in same:
            continue
        left, right = value, result
        if value != result:
            left, right = shorten(value.replace("\n", " "), result.replace("\n", " "), column)
            left, right = changed_parts(left, right)
        label = path if len(path) <= name else "…" + path[-(name - 1) :]
        say(f"{label:<{name}} {left}{' ' * (column - visible(left))}  {right}")


def lines(path: Path) -> list[str]:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode().splitlines()


def main() -> int:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    say(paint("1. Real logs: fetch, redact, write", "1;36"))
    run(
        f"cecil-fetch file {' '.join(LOGS)} | cecil-redact --nlp none --stats-file demo-out/stats.json | cecil-write -o demo-out/clean.jsonl.gz"
    )
    before = [line for log in LOGS for line in lines(ROOT / log)]
    after = lines(OUT / "clean.jsonl.gz")
    pairs = [(json.loads(a), json.loads(b)) for a, b in zip(before, after, strict=True) if a != b]
    stats = json.loads((OUT / "stats.json").read_text())
    say()
    say(f"{'before':>32}{'after':>{(WIDTH - 31) // 2 + 1}}")
    # The most telling: many kinds of findings, few words.
    telling = sorted(
        pairs,
        key=lambda pair: (-len(set(PLACEHOLDER.findall(json.dumps(pair[1])))), len(json.dumps(pair[0]))),
    )
    for old, new in telling[:3]:
        show(old, new)
    say(paint("─" * WIDTH, "2"))
    found = ", ".join(
        f"{count} {entity}" for entity, count in sorted(stats["findings"].items(), key=lambda item: -item[1])
    )
    say(
        textwrap.fill(
            f"{stats['read']} records read, {stats['written']} written, {len(pairs)} changed. Found: {found}.",
            WIDTH,
        )
    )
    say()
    say(paint("2. Lines of text stay lines of text", "1;36"))
    text = run("cecil-redact tests/demo/app.log")
    for old_line, new_line in zip(lines(ROOT / "tests/demo/app.log"), text.splitlines(), strict=True):
        left, right = changed_parts(*shorten(old_line, new_line, WIDTH - 9))
        say(f"  before {left}")
        say(f"  after  {right}")
    say()
    say(paint("3. What LLM calls cost, without their text", "1;36"))
    files = " ".join(f"tests/data/llm/{name}.jsonl" for name in CALLS)
    say(
        run(
            f"cecil-fetch file {files} | cecil-fingerprint > demo-out/fingerprints.jsonl && cecil-report demo-out/fingerprints.jsonl"
        )
    )
    say(f"Written: {', '.join(sorted(str(p.relative_to(ROOT)) for p in OUT.iterdir()))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
