"""Make completions/{bash,zsh,fish} from the commands' parsers.

`--check` writes nothing and fails when a file is not what it would be made into now.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ["COLUMNS"] = "100"

import shtab  # noqa: E402

from cecil.commands import NAMES  # noqa: E402
from cecil.commands.boundary import parser_of  # noqa: E402
from cecil.commands.options import FILE  # noqa: E402

FILES = {"bash": "cecil-{}", "zsh": "_cecil-{}", "fish": "cecil-{}.fish"}


def whole(name: str) -> argparse.ArgumentParser:
    """The parser of a command, with the words that may stand first as the subcommands that shtab knows."""
    parser = parser_of(name)
    verbs: dict[str, argparse.ArgumentParser] = getattr(parser, "verbs", {})
    if verbs:
        words = parser.add_subparsers()
        for word, verb in verbs.items():
            words.choices[word] = verb  # type: ignore[index]
            help = (verb.description or "").split(". ")[0]
            words._choices_actions.append(words._ChoicesPseudoAction(word, [], help))
        # They stand before the operand, where a file may stand as well.
        parser._actions.remove(words)
        parser._actions.insert(0, words)
    return parser


def made(name: str, shell: str) -> str:
    """The completion of a command for a shell."""
    parser = whole(name)
    text = str(shtab.complete(parser, shell=shell)).rstrip("\n") + "\n"
    if shell == "bash" and getattr(parser, "verbs", {}):
        # Where a word may stand first, a file may as well; shtab knows choices or files.
        later = f"_shtab_cecil_{name}_pos_1_COMPGEN="
        text = text.replace(later, f"{later.replace('pos_1', 'pos_0')}{FILE['bash']}\n{later}", 1)
    if shell == "zsh" and getattr(parser, "verbs", {}):
        text = _zsh_words(text, f"_shtab_cecil_{name}")
    return text


def _zsh_words(text: str, prefix: str) -> str:
    """Offer words and files where a word may stand first; shtab leaves out words where files may follow."""
    before, options, rest = text.partition(f"{prefix}_options=(\n")
    own, end, after = rest.partition("\n)\n")
    own = "\n".join(line for line in own.split("\n") if not line.startswith('  "(*)::'))
    before = before.replace(" _commands\n}", " _commands\n  _files\n}", 1)
    after = after.replace("\n      esac\n", "\n        *) _files ;;\n      esac\n", 1)
    return before + options + own + end + after


def main(argv: list[str]) -> int:
    check = "--check" in argv
    stale = []
    for shell, pattern in FILES.items():
        for name in NAMES:
            target = ROOT / "completions" / shell / pattern.format(name)
            text = made(name, shell)
            if check:
                if not target.exists() or target.read_text() != text:
                    stale.append(f"{shell}/{target.name}")
            else:
                target.parent.mkdir(exist_ok=True)
                target.write_text(text)
    if stale:
        sys.stderr.write(f"not up to date: {', '.join(stale)}\nhint: make completions\n")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
