"""Texts that were written for the training, with their names marked: newswire, web pages, clinical notes, tweets,
logs and talks with language models, of which there are no open sets.

`written/*.txt`: a text a line, `\\n` for a line break, a name as `[[P|Alice]]`, `[[L|Porto]]` or `[[O|Lehman]]`."""

import re
from collections.abc import Iterator
from pathlib import Path

from .corpus import Text

FOLDER = Path(__file__).parent / "written"
_MARKED = re.compile(r"\[\[([PLO])\|([^\[\]|]+)\]\]")
_LABELS = {"P": "PERSON", "L": "LOCATION", "O": "ORGANIZATION"}


def texts(folder: Path = FOLDER) -> Iterator[Text]:
    """All of them; their source is `written/` and the file's name.

    Raises:
        ValueError: a mark is none of these.
    """
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    yield marked(line, f"written/{path.stem}")
                except ValueError as error:
                    raise ValueError(f"{path.name}:{number}: {error}") from None


def marked(line: str, source: str) -> Text:
    """One text of a line."""
    text, spans, at = "", [], 0
    line = line.replace("\\n", "\n")
    for mark in _MARKED.finditer(line):
        text += line[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), _LABELS[mark[1]]))
        text += mark[2]
        at = mark.end()
    text += line[at:]
    if "[[" in text or "]]" in text:
        raise ValueError("a mark that is not [[P|name]], [[L|name]] or [[O|name]]")
    return Text(source, text, spans)
