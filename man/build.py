"""Make man/cecil-*.1 from the commands' parsers and the hand-written man/sections; man/cecil-policy.5 and the
JSON Schema of policies from the tables by which policies are read.

`--check` writes nothing and fails when a page is not what it would be made into now.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["COLUMNS"] = "100"

import cecil  # noqa: E402
from cecil.commands import NAMES  # noqa: E402
from cecil.commands.boundary import parser_of  # noqa: E402
from cecil.sanitizer.actions import KINDS, Kind, Option  # noqa: E402
from cecil.sanitizer.policy import built_in_names  # noqa: E402
from cecil.sanitizer.policy_schema import schema  # noqa: E402

# The pages bear no date of their making: the same sources give the same bytes.
EPOCH = "1795132800"
_USAGE = re.compile(rb"^(usage: .+?)\n\n", re.MULTILINE | re.DOTALL)
_HELP = rb"""\fB\-h\fR, \fB\-\-help\fR
show this help and exit

.TP
"""
_BEFORE = b".SH EXIT STATUS\n"
_VERSION = rb"\fB\-\-version\fR"


def page(name: str, folder: Path) -> bytes:
    """The man page of one command."""
    output = folder / f"cecil-{name}.1"
    # fmt: off
    subprocess.run(
        [
            sys.executable, "-c", "from argparse_manpage.cli import main; main()",
            "--module", f"cecil.commands.{name}",
            "--function", "parser",
            "--project-name", "cecil",
            "--prog", f"cecil-{name}",
            "--description", summary(name),
            "--version", cecil.__version__,
            "--manual-title", "Cecil Manual",
            "--include", str(ROOT / "man" / "sections" / f"cecil-{name}"),
            "--output", str(output),
        ],
        check=True,
        cwd=folder,
        env=os.environ
        | {"SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
    )
    # fmt: on
    # The usage of a source is laid out already; filled, it would be a heap of words.
    made = _USAGE.sub(rb".nf\n\1\n.fi\n.PP\n", output.read_bytes())
    # argparse-manpage leaves the option for help out; it stands before the one for the version.
    made = made.replace(_VERSION, _HELP + _VERSION)
    verbs = "".join(_verb(word, parser) for word, parser in getattr(parser_of(name), "verbs", {}).items())
    return made.replace(_BEFORE, verbs.encode() + _BEFORE, 1)


def _verb(word: str, parser: argparse.ArgumentParser) -> str:
    """A section on a word that stands first: how it is used, and its options."""
    lines = [f".SH {word.upper()}", ".nf", _plain(parser.format_usage().rstrip()), ".fi", ".PP"]
    lines.append(_roff(parser.description or ""))
    for action in parser._actions:
        names = ", ".join(action.option_strings) or str(action.metavar)
        value = f" {action.metavar}" if action.option_strings and action.metavar else ""
        if action.choices:
            value = " {" + ",".join(map(str, action.choices)) + "}"
        lines += [".TP", f"\\fB{_plain(names)}\\fR\\fI{_plain(value)}\\fR", _roff(action.help or "")]
    return "".join(f"{line}\n" for line in lines)


def _plain(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")


def policy_page() -> bytes:
    """The man page of policies: its section, with what actions and built-in policies say of themselves."""
    text = (ROOT / "man" / "sections" / "cecil-policy").read_text()
    text = text.replace("@ACTIONS@\n", "".join(map(_action, KINDS.values())))
    return text.replace("@BUILT-IN@\n", "".join(map(_built_in, built_in_names()))).encode()


def _built_in(name: str) -> str:
    """A built-in policy: the comment at the head of its file, `names` in bold."""
    file = ROOT / "cecil" / "sanitizer" / "policies" / f"{name}.yaml"
    head = takewhile(lambda line: line.startswith("#"), file.read_text().splitlines())
    paragraphs = "\n".join(line[1:].strip() for line in head).split("\n\n")
    texts = [re.sub("`([^`]+)`", r"\\fB\1\\fR", _roff(paragraph)) for paragraph in paragraphs]
    return f".TP\n.B {_roff(name)}\n" + "\n.IP\n".join(texts) + "\n"


def _action(kind: type[Kind]) -> str:
    notes = [
        note
        for note, true in (
            ("Only for fields.", kind.field_only),
            ("Needs a key, which must be given.", kind.keyed and kind.lasting),
            ("Needs a key.", kind.keyed and not kind.lasting),
            ("A second run replaces what it made once more.", kind.once),
        )
        if true
    ]
    lines = [".TP", f".B {kind.name}", _roff(" ".join([kind.says, *notes]))]
    if kind.options:
        lines += [".RS"]
        for name, option in kind.options.items():
            lines += [".TP", f".B {name}", _roff(f"{_sentence(option.says)} {_values(option)}")]
        lines += [".RE"]
    return "".join(f"{line}\n" for line in lines)


def _values(option: Option) -> str:
    """What may stand there."""
    if option.kind == "count":
        upper = f" to {option.most}" if option.most < Option("count", "").most else ""
        return f"A whole number from {option.least}{upper}."
    if option.kind == "choice":
        return f"{', '.join(option.choices[:-1])} or {option.choices[-1]}."
    return {"flag": "true or false.", "text": "A text.", "path": "A path."}[option.kind]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _roff(text: str) -> str:
    """Text as roff has it, in lines that diffs can show."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq").replace("'", r"\(aq")
    escaped = "".join(one if one.isascii() else rf"\[u{ord(one):04X}]" for one in escaped)
    lines = textwrap.wrap(escaped, 110, break_long_words=False, break_on_hyphens=False)
    return "\n".join(rf"\&{line}" if line[0] in ".'" else line for line in lines)


def summary(name: str) -> str:
    """The first sentence of the command's description, as NAME has it."""
    text = parser_of(name).description or ""
    first = text.split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:]


def main(argv: list[str]) -> int:
    check = "--check" in argv
    stale = []
    made = {
        ROOT / "man" / "cecil-policy.5": policy_page(),
        ROOT / "cecil" / "sanitizer" / "policy.schema.json": (
            json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
        ).encode(),
    }
    with tempfile.TemporaryDirectory() as folder:
        made |= {ROOT / "man" / f"cecil-{name}.1": page(name, Path(folder)) for name in NAMES}
    for target, data in made.items():
        if not check:
            target.write_bytes(data)
        elif not target.exists() or target.read_bytes() != data:
            stale.append(target.name)
    if stale:
        sys.stderr.write(f"not up to date: {', '.join(stale)}\nhint: make man\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
