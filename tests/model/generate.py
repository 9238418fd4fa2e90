"""Labelled texts that are made up: names put into sentences people labelled, and into lines of every kind that
logs hold; and lines that look as if they held names, and hold none."""

import gzip
import json
import random
import re
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from .corpus import Text
from .pools import TITLES, Pool
from .templates import CODE, FILLERS, NEGATIVE, POSITIVE

_SLOT = re.compile(r"\{(\w+)\}")
_LABELLED = {
    **dict.fromkeys(
        (
            *("person", "first", "last", "comma", "dotted", "under", "upper", "lower", "any", "initial"),
            *("lfirst", "ufirst"),
        ),
        "PERSON",
    ),
    **dict.fromkeys(("city", "cityu", "lcity", "country", "place", "street", "town"), "LOCATION"),
    **dict.fromkeys(("org", "firm"), "ORGANIZATION"),
}


class Maker:
    """Fills templates and replaces names, all by one source of chance."""

    def __init__(self, seed: int, heard: dict[str, list[str]]) -> None:
        self.rng = random.Random(seed)
        self.pool = Pool(self.rng, heard)

    def value(self, slot: str) -> str:
        """What is put for a slot of a template."""
        r, pool = self.rng, self.pool
        if slot in FILLERS:
            filler = r.choice(FILLERS[slot])
            return _SLOT.sub(lambda m: self.value(m[1]), filler)
        first, last = pool.pair()
        if slot == "any":
            slot = r.choices(("person", "first", "last", "comma", "upper", "lower"), (60, 16, 8, 5, 6, 5))[0]
        match slot:
            case "person":
                return pool.person()
            case "first":
                return first
            case "last":
                return last
            case "initial":
                return f"{first[0]}. {last}" if r.random() < 0.6 else f"{last} {first[0]}"
            case "comma":
                return f"{last}, {first}" + (f" {r.choice('ABCDEJKLMRST')}." if r.random() < 0.2 else "")
            case "dotted":
                pair = [first, last] if r.random() < 0.6 else [last, first]
                return r.choice((".", ".", "_", "-")).join(pair).replace(" ", "").lower()
            case "under":
                return f"{first}_{last}".replace(" ", "")
            case "upper":
                return (f"{last}, {first}" if r.random() < 0.3 else f"{first} {last}").upper()
            case "lower":
                return f"{first} {last}".lower()
            case "lfirst":
                return first.lower()
            case "ufirst":
                return first.upper()
            case "title":
                return r.choice(TITLES[:20])
            case "city" | "town":
                return pool.city()
            case "cityu":
                return pool.city().upper()
            case "lcity":
                return pool.city().lower()
            case "country":
                return (
                    r.choice(("Germany", "France", "India", "Spain", "Japan", "Kenya", "Brazil"))
                    if r.random() < 0.3
                    else pool.place()
                )
            case "place":
                return pool.place()
            case "street":
                return pool.street()
            case "org":
                return pool.organization()
            case "firm":
                return pool.firm()
            case "n":
                return str(r.randrange(10 ** r.randrange(1, 6)))
            case "id":
                return "".join(r.choice("0123456789abcdef") for _ in range(r.choice((8, 12, 16, 24, 32))))
            case "time":
                return r.choice(
                    (
                        "00:00:00",
                        "00:00",
                        "0000-00-00T00:00:00Z",
                        "0000-00-00 00:00:00,000",
                        "00/00/0000",
                        "Jan 00 00:00:00",
                    )
                )
            case _:
                raise KeyError(slot)

    def fill(self, template: str) -> Text:
        """A template with its slots filled: some are names."""
        text, spans, at = "", [], 0
        for slot in _SLOT.finditer(template):
            text += template[at : slot.start()]
            value = self.value(slot[1])
            label = _LABELLED.get(slot[1])
            if label:
                spans.append((len(text), len(text) + len(value), label))
            text += value
            at = slot.end()
        return Text("made", text + template[at:], spans)

    def made(self, count: int) -> Iterator[Text]:
        """`count` texts of templates; a third hold no name."""
        for _ in range(count):
            x = self.rng.random()
            if x < 0.36:
                yield self.fill(self.rng.choice(NEGATIVE + CODE))
                continue
            text = self.fill(self.rng.choice(POSITIVE))
            y = self.rng.random()
            if y < 0.10:
                text = recased(text, str.lower)
            elif y < 0.14:
                text = recased(text, str.upper)
            elif y < 0.30:
                text = self.joined(text, self.fill(self.rng.choice(POSITIVE if y < 0.22 else NEGATIVE)))
            elif y < 0.36:
                text = self.wrapped(text)
            yield text

    def joined(self, one: Text, other: Text) -> Text:
        """Two texts, one after the other."""
        gap = self.rng.choice((" ", "\n", "\n\n", ". ", " | ", "; ", " - ", ", "))
        at = len(one.text) + len(gap)
        return Text(
            "made",
            one.text + gap + other.text,
            one.spans + [(s + at, e + at, label) for s, e, label in other.spans],
        )

    def wrapped(self, text: Text) -> Text:
        """A text as a leaf in JSON, in quotes, or after a log's head."""
        head, tail = self.rng.choice(
            (
                ('{"message": "', '"}'), ('"', '"'), ("'", "'"), ("[INFO] ", ""), ("0000-00-00 00:00:00 ERROR ", ""), ("> ", ""),
                ("msg=\"", "\" level=info"), ("<p>", "</p>"), ("* ", ""), ("0. ", ""), ("(", ")"), ("user: ", ""), ("Human: ", "\n\nAssistant:"),
            )
        )  # fmt: skip
        return Text(
            "made",
            head + text.text + tail,
            [(s + len(head), e + len(head), label) for s, e, label in text.spans],
        )

    def replaced(self, text: Text, share: float = 0.7) -> Text:
        """A labelled text with other names in the places of its names."""
        out, spans, at = "", [], 0
        for start, end, label in sorted(text.spans):
            if start < at:
                continue
            out += text.text[at:start]
            old = text.text[start:end]
            new = self.instead(old, label) if self.rng.random() < share else old
            spans.append((len(out), len(out) + len(new), label))
            out += new
            at = end
        return Text(text.source, out + text.text[at:], spans)

    def instead(self, old: str, label: str) -> str:
        """Another name of the same make."""
        words = old.split()
        if label == "PERSON":
            new = self.pool.short() if len(words) == 1 else self.pool.person()
        elif label == "LOCATION":
            new = self.pool.place()
        elif len(words) == 1 and old.isupper():
            return (
                "".join(self.rng.choice("ABCDEFGHIKLMNOPRSTUW") for _ in range(len(old)))
                if self.rng.random() < 0.3
                else old
            )
        else:
            new = self.pool.organization() if self.rng.random() < 0.5 else old
        if old.islower():
            return new.lower()
        return new.upper() if old.isupper() and len(old) > 4 else new


def recased(text: Text, how: object) -> Text:
    """The text through str.lower and the like; as it was where that moves the places."""
    new = how(text.text)  # type: ignore[operator]
    return text._replace(text=new) if len(new) == len(text.text) else text


def heard(texts: Sequence[Text]) -> dict[str, list[str]]:
    """The names that people labelled, by label."""
    found: dict[str, list[str]] = {}
    for text in texts:
        for start, end, label in text.spans:
            if text.source.startswith(("wikigold", "crossner")) and "\n" not in text.text[start:end]:
                found.setdefault(label, []).append(text.text[start:end])
    return found


def negatives(data: Path, pool_names: set[str]) -> list[Text]:
    """Lines without names: of half of the real logs (by line), and of Python's own library."""
    found: dict[str, None] = {}
    for path in sorted((data / "logs").glob("*.gz")):
        for n, leaf in enumerate(_leaves(path)):
            if n % 2 and 8 < len(leaf) < 400:
                found[re.sub(r"\d+", "0", leaf)] = None
    library = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(library.glob("*.py"))[::3]:
        for line in path.read_text(errors="replace").splitlines()[::5]:
            if len(line.strip()) > 12:
                found[re.sub(r"\d+", "0", line.strip("\n"))] = None
    return [Text("logs", leaf, []) for leaf in found if not _may_name(leaf, pool_names)]


def _leaves(path: Path) -> Iterator[str]:
    def inside(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from value.splitlines()
        elif isinstance(value, dict):
            for v in value.values():
                yield from inside(v)
        elif isinstance(value, list):
            for v in value:
                yield from inside(v)

    with gzip.open(path, "rt", errors="replace") as lines:
        for line in lines:
            try:
                yield from inside(json.loads(line))
            except ValueError:
                yield line.rstrip("\n")


def _may_name(text: str, names: set[str]) -> bool:
    return any(word.lower() in names for word in re.findall(r"[^\W\d_]{3,}", text))
