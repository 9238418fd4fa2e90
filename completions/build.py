"""Make completions/{bash,zsh,fish} from the commands' parsers.

`--check` writes nothing and fails when a file is not what it would be made into now.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["COLUMNS"] = "100"

import shtab  # noqa: E402

from cecil.commands import NAMES  # noqa: E402
from cecil.commands.boundary import parser_of  # noqa: E402

FILES = {"bash": "cecil-{}", "zsh": "_cecil-{}", "fish": "cecil-{}.fish"}


def main(argv: list[str]) -> int:
    check = "--check" in argv
    stale = []
    for shell, pattern in FILES.items():
        for name in NAMES:
            target = ROOT / "completions" / shell / pattern.format(name)
            made = shtab.complete(parser_of(name), shell=shell).rstrip("\n") + "\n"
            if check:
                if not target.exists() or target.read_text() != made:
                    stale.append(f"{shell}/{target.name}")
            else:
                target.parent.mkdir(exist_ok=True)
                target.write_text(made)
    if stale:
        sys.stderr.write(f"not up to date: {', '.join(stale)}\nhint: make completions\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
