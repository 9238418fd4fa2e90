"""Make man/cecil-*.1 from the commands' parsers and the hand-written man/sections.

`--check` writes nothing and fails when a page is not what it would be made into now.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import cecil  # noqa: E402
from cecil.commands import NAMES  # noqa: E402
from cecil.commands.boundary import parser_of  # noqa: E402

# The pages bear no date of their making: the same sources give the same bytes.
EPOCH = "1795132800"
_USAGE = re.compile(rb"^(usage: .+?)\n\n", re.MULTILINE | re.DOTALL)
_HELP = rb"""\fB\-h\fR, \fB\-\-help\fR
show this help and exit

.TP
"""
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
        | {"SOURCE_DATE_EPOCH": EPOCH, "COLUMNS": "100", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
    )
    # fmt: on
    # The usage of a source is laid out already; filled, it would be a heap of words.
    made = _USAGE.sub(rb".nf\n\1\n.fi\n.PP\n", output.read_bytes())
    # argparse-manpage leaves the option for help out; it stands before the one for the version.
    return made.replace(_VERSION, _HELP + _VERSION)


def summary(name: str) -> str:
    """The first sentence of the command's description, as NAME has it."""
    text = parser_of(name).description or ""
    first = text.split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:]


def main(argv: list[str]) -> int:
    check = "--check" in argv
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            made = page(name, Path(folder))
            target = ROOT / "man" / f"cecil-{name}.1"
            if check:
                if not target.exists() or target.read_bytes() != made:
                    stale.append(target.name)
            else:
                target.write_bytes(made)
    if stale:
        sys.stderr.write(f"not up to date: {', '.join(stale)}\nhint: make man\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
