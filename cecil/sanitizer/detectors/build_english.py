"""Makes `english.json` and its notice of spaCy, whose English tokenizer `english` stands for.

    python -m cecil.sanitizer.detectors.build_english [FOLDER]

Owns: what of spaCy's tables is kept, and in what form. Not imported by anything; whoever moves to another
version of spaCy runs it, and a test makes the files again and compares.
"""

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Any

import orjson

_FOLDER = Path(__file__).parent
_CLASS = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]", re.DOTALL)


def build() -> dict[str, Any]:
    """The tables: expressions, for any text and for ASCII; words that are cut by a table; stop words."""
    import spacy
    from spacy.attrs import IS_STOP
    from spacy.symbols import ORTH

    pipeline = spacy.blank("en")
    cutter = pipeline.tokenizer
    expressions = {
        "prefix": cutter.prefix_search.__self__.pattern,
        "suffix": cutter.suffix_search.__self__.pattern,
        "infix": cutter.infix_finditer.__self__.pattern,
        "url": cutter.url_match.__self__.pattern,
    }
    rules = {word: [part[ORTH] for part in parts] for word, parts in sorted(cutter.rules.items())}
    finders = (cutter.find_prefix, cutter.find_infix, cutter.find_suffix)
    affixed = [word for word in rules if any(find(word) for find in finders)]
    # What they are cut into where no table is looked at: tokens in a row that the table then joins.
    cutter.rules = {}
    rows = {word: [token.text for token in cutter(word)] for word in affixed}
    stops = pipeline.vocab.lex_attr_getters[IS_STOP].keywords["stops"]
    return {
        "source": {"name": "spaCy", "version": importlib.metadata.version("spacy"), "licence": "MIT"},
        "any": expressions,
        "ascii": {name: _CLASS.sub(_ascii, expression) for name, expression in expressions.items()},
        "stop": sorted(stops),
        "rules": {word: parts for word, parts in rules.items() if parts != [word]},
        "whole": [word for word, parts in rules.items() if parts == [word]],
        "rows": rows,
    }


def _ascii(written: re.Match[str]) -> str:
    """A class with what ASCII has of it; an escaped character as it stands."""
    if written[0].startswith("\\"):
        return written[0]
    one = re.compile(written[0])
    members = [chr(point) for point in range(128) if one.fullmatch(chr(point))]
    return "[" + "".join(map(re.escape, members)) + "]" if members else "(?!)"


def dump(tables: dict[str, Any]) -> bytes:
    """The tables as a file: one entry a line, so that a diff shows what changed."""
    lines = []
    for name, table in tables.items():
        if isinstance(table, dict):
            rows = (orjson.dumps(key) + b":" + orjson.dumps(value) for key, value in table.items())
            lines.append(orjson.dumps(name) + b":{\n" + b",\n".join(rows) + b"}")
        else:
            lines.append(orjson.dumps(name) + b":" + orjson.dumps(table))
    return b"{" + b",\n".join(lines) + b"}\n"


def notice(tables: dict[str, Any]) -> str:
    """The attribution that the source's licence asks for."""
    files = importlib.metadata.files("spacy") or []
    licence = next(file for file in files if file.name == "LICENSE").read_text()
    version = tables["source"]["version"]
    return (
        f"english.json holds tables of the English tokenizer of spaCy {version} (https://spacy.io),\n"
        f"brought into another form by build_english.py. Its licence:\n\n{licence}"
    )


def main(folder: Path) -> None:
    """Write both files."""
    tables = build()
    (folder / "english.json").write_bytes(dump(tables))
    (folder / "NOTICE").write_text(notice(tables))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER)
