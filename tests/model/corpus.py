"""The labelled sets, as samples of tokens with one label each. Only sets that are marked for training are read
by `training`; `testing` gives the others, to score on and for nothing else."""

import gzip
import json
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cecil.sanitizer.names.network import LABELS, fold, tokens
from cecil.sanitizer.names.shape import shaped

LABEL_OF = {
    **dict.fromkeys(
        ("PER", "PERSON", "person", "politician", "musicalartist", "writer", "scientist", "researcher"),
        "PERSON",
    ),
    **dict.fromkeys(("LOC", "LOCATION", "location", "country"), "LOCATION"),
    **dict.fromkeys(
        (
            "ORG",
            "ORGANIZATION",
            "corporation",
            "group",
            "organisation",
            "university",
            "politicalparty",
            "band",
        ),
        "ORGANIZATION",
    ),
}
"""What the sets call a label, and what we call it. The rest (works, events, products, ...) is no name to us."""

CROSSNER = ("ai", "literature", "music", "politics", "science")
TRAINING = (
    *("wnut17/train", "wnut17/dev", "tweebank_ner/train", "tweebank_ner/dev", "wikigold/all"),
    *("broad_twitter_corpus/train", "broad_twitter_corpus/dev", "sec_filings/train", "lifebench_pii/sample"),
    *(f"crossner/{domain}_{part}" for domain in CROSSNER for part in ("train", "dev")),
)
TESTING = (
    *(f"crossner/{domain}_test" for domain in CROSSNER),
    *("wnut17/test", "broad_twitter_corpus/test", "tweebank_ner/test", "sec_filings/test"),
)

ROLES = re.compile(
    r"(?i)(?:the |each |any |such )?(?:co-?|sub)?(?:borrowers?|lenders?|banks?|agents?|company|companies|guarantors?|landlord|tenant|lessee|lessor"
    r"|executive|employee|employer|parent|holders?|trustee|parties|party|person|obligors?|pledgors?|debtor|creditors?|grantor"
    r"|secured party|administrative agent|purchasers?|sellers?|buyers?|subsidiar(?:y|ies)|consultant|director|officer|issuer)(?:'s)?"
)
"""Loan agreements have parties, not persons: labelled as names there, none to us."""


class Text(NamedTuple):
    """A labelled text: spans are (start, end, label of ours)."""

    source: str
    text: str
    spans: list[tuple[int, int, str]]


class Sample(NamedTuple):
    """Some tokens of a text; types: 0 or 1 + the label's place in LABELS; begins: 1 where a name begins."""

    source: str
    tokens: list[str]
    types: np.ndarray
    begins: np.ndarray


def read(data: Path, name: str) -> Iterator[Text]:
    """The texts of one set, its labels as ours; people's @handles are no names."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt") as lines:
        for line in lines:
            row = json.loads(line)
            text = row["text"]
            spans = [
                (s["start"], s["end"], LABEL_OF[s["label"]])
                for s in row["spans"]
                if s["label"] in LABEL_OF
                and text[s["start"]] != "@"
                and not (
                    name.startswith("sec_") and ROLES.fullmatch(text[s["start"] : s["end"]].strip(' ".'))
                )
            ]
            yield Text(name, text, spans)


def held_out(text: Text) -> bool:
    """One text in ten of the training sets is for choosing between models."""
    return zlib.crc32(text.text.encode()) % 10 == 0


def seen(text: Text) -> Text:
    """A text as the network gets it: what is no language is one sign (cecil.sanitizer.names.shape)."""
    out, spans, at = "", [], 0
    for start, end, label in sorted(text.spans):
        if start >= at:
            out += shaped(text.text[at:start])
            name = re.sub(r"[0-9]+", "0", text.text[start:end])
            spans.append((len(out), len(out) + len(name), label))
            out, at = out + name, end
    return Text(text.source, out + shaped(text.text[at:]), spans)


def samples(text: Text, most: int = 110) -> list[Sample]:
    """A text as samples of at most `most` tokens, cut at ends of lines and sentences and never in a name."""
    text = seen(text)
    cut = tokens(fold(text.text))
    types = np.zeros(len(cut), np.int8)
    begins = np.zeros(len(cut), np.int8)
    ends = list(accumulate(len(token) for token in cut))
    starts = [end - len(token.lstrip()) for end, token in zip(ends, cut, strict=True)]
    for start, end, label in sorted(text.spans):
        near = range(bisect_right(ends, start), bisect_left(starts, end))
        inside = [i for i in near if cut[i].strip()]
        if inside and not types[inside].any():
            types[inside] = 1 + LABELS.index(label)
            begins[inside[0]] = 1
    found = []
    at = 0
    while at < len(cut):
        end = min(at + most, len(cut))
        if end < len(cut):
            good = [
                i + 1
                for i in range(at + most // 3, end)
                if cut[i] in ("\n", ".", "!", "?") and not (types[i + 1] and not begins[i + 1])
            ]
            end = good[-1] if good else end
            while end < len(cut) and types[end] and not begins[end]:
                end += 1
        found.append(Sample(text.source, cut[at:end], types[at:end], begins[at:end]))
        at = end
    return found
