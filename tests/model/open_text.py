"""Text that nobody labelled: what recorded LLMs answered, WordNet's glosses, mails, and files of plain text."""

import email
import email.policy
import gzip
import html
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .corpus import Text

_MOST = 700


def texts(data: Path, places: Sequence[Path], most: int, seed: int) -> list[Text]:
    """Paragraphs of 20 to 700 characters, each once, at most `most` of each place, in an order by chance."""
    found: list[str] = []
    for paragraphs in (_answers(data / "llm"), *map(_paragraphs, places)):
        some = list(dict.fromkeys(paragraphs))
        random.Random(seed).shuffle(some)
        found += some[:most]
    random.Random(seed).shuffle(found)
    return [Text("open", text, []) for text in found]


def _answers(folder: Path) -> Iterator[str]:
    """What LLMs answered, and were asked."""
    for path in sorted(folder.glob("*__pydantic_ai.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            for line in lines:
                for text in _strings(json.loads(line)["body"]):
                    for part in re.split(r"\n\s*\n", text):
                        if part.count(" ") > 3:
                            yield part.strip()[:_MOST]


def _paragraphs(place: Path) -> Iterator[str]:
    """Of a file of plain text, of WordNet (data.*), of a table of snippets (the last column), of a mail, or of
    all files below a folder."""
    for path in (
        [place]
        if place.is_file()
        else sorted(p for p in place.rglob("*") if p.is_file() and not p.is_symlink())
    ):
        if path.suffix in (".dat", ".js", ".json"):
            continue
        raw = path.read_text(errors="replace")
        if path.name.startswith("data."):
            parts: Iterable[str] = _glosses(raw)
        elif path.name.endswith("_GroundTruth.txt"):
            parts = (html.unescape(line.rpartition("\t")[2]) for line in raw.splitlines())
        elif raw.startswith(("From ", "Return-Path: ", "Received: ")):
            parts = _mail(raw)
        else:
            parts = re.split(r"\n%\n|\n\s*\n", raw)
        for part in parts:
            part = re.sub(r"\s*\n\s*", " ", part).strip()
            for at in range(0, len(part), _MOST):
                if len(part[at : at + _MOST]) >= 20:
                    yield part[at : at + _MOST]


def _mail(raw: str) -> Iterator[str]:
    """What people see of a mail: who wrote it to whom, and its plain text."""
    mail = email.message_from_string(raw, policy=email.policy.compat32)
    for head in ("From", "To", "Cc", "Subject"):
        if mail[head]:
            yield f"{head}: {mail[head]}"
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            body = part.get_payload(decode=True)
            text = body.decode("latin-1") if isinstance(body, bytes) else ""
            yield from re.split(r"\n\s*\n", text.replace("\r", ""))


def _strings(body: str) -> Iterator[str]:
    """All strings of a body: JSON, or a stream of lines of it."""
    try:
        yield from _inside(json.loads(body))
    except ValueError:
        for line in body.splitlines():
            try:
                yield from _inside(json.loads(line.removeprefix("data:")))
            except ValueError:
                continue


def _inside(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for v in value.values():
            yield from _inside(v)
    elif isinstance(value, list):
        for v in value:
            yield from _inside(v)


def _glosses(raw: str) -> Iterator[str]:
    """Of a WordNet file: the words of each entry, then what they mean; people and places above all."""
    for line in raw.splitlines():
        if line.startswith("  ") or " | " not in line:
            continue
        head, _, gloss = line.partition(" | ")
        fields = head.split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * n].replace("_", " ") for n in range(count)]
        if words[0][0].isupper():
            yield f"{' or '.join(words[:2])}: {gloss}"
