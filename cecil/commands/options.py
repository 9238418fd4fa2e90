"""What the commands' parsers share: options that mean the same everywhere are written once, here.

A parser is the only source of help, man page, completions and settings. Parsing acts on nothing.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import cecil

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

FILE = {
    "bash": "_shtab_compgen_files",
    "zsh": "_files",
    "fish": "(__fish_complete_path (commandline -ct))",
}
"""How each shell completes the name of a file."""


class Parser(argparse.ArgumentParser):
    """An argparse parser with the house's manners: no abbreviations, settings as defaults."""

    def __init__(self, prog: str, description: str, *, usage: str | None = None) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            allow_abbrev=False,
            add_help=False,
            formatter_class=_Formatter,
        )
        self.register("action", "append", _Several)
        self.settings_section = prog.removeprefix("cecil-")
        self.verbs: dict[str, Parser] = {}
        general = self.add_argument_group("general")
        general.add_argument("-h", "--help", action="help", help="show this help and exit")
        general.add_argument(
            "--version",
            action="version",
            version=f"%(prog)s {cecil.__version__}",
            help="show the version and exit",
        )
        general.add_argument(
            "--debug", action="store_true", help="on a failure show where in the code; never shows input"
        )

    def verb(self, name: str, parser: "Parser") -> None:
        """Let a word that stands first be a use of its own, with options of its own.

        A file of that name is `./NAME`. Parsed arguments bear the word as `verb`, None without one.
        """
        self.verbs[name] = parser
        self.set_defaults(verb=None)
        parser.set_defaults(verb=name)

    def parse(self, argv: Sequence[str] | None = None) -> argparse.Namespace:
        """Arguments over environment over settings files over defaults.

        Raises:
            UsageError: a settings file or a `CECIL_*` variable is wrong, or a file is written that another
                option names too.
            SystemExit: argparse's own, status 2.
        """
        from cecil.commands import apart
        from cecil.commands.settings import apply

        args = sys.argv[1:] if argv is None else list(argv)
        apply(self)
        if args and args[0] in self.verbs:
            parsed = self.verbs[args[0]].parse_args(args[1:])
        else:
            parsed = self.parse_args(args)
        apart.check(parsed)
        return parsed

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        """Help and version are output too: argparse itself would not notice a full disk."""
        try:
            wanted = file is sys.stdout
            out = sys.stdout if wanted else sys.stderr
            out.write(message)
            out.flush()
        except OSError as error:
            from cecil.stream.output import output_error

            raise output_error(error, "<stdout>") from None

    def error(self, message: str) -> NoReturn:
        from cecil.commands import boundary

        # argparse quotes what was typed; that is not input, but one line and a hint are enough.
        boundary.message(self.prog, message, f"{self.prog} --help")
        raise SystemExit(2)


class _Several(argparse._AppendAction):
    """An option that may be given many times; what is typed replaces what the settings say."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        before = getattr(namespace, self.dest, None)
        if before is self.default:
            before = None
        setattr(namespace, self.dest, [*(before or ()), values])


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        # The width is not the terminal's: help, man page and their tests are the same everywhere.
        super().__init__(prog, max_help_position=28, width=min(_columns(), 100))

    # Lines do not end within `--max-record` or `cecil-write`: who copies them would copy half.

    def _split_lines(self, text: str, width: int) -> list[str]:
        import textwrap

        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in self._split_lines(text, width - len(indent)))


def _columns() -> int:
    value = os.environ.get("COLUMNS", "")
    return max(40, int(value) - 2) if value.isdecimal() else 98


def file_operand(
    parser: argparse.ArgumentParser, *, nargs: str = "?", what: str = "the input; - or none is standard input"
) -> None:
    """The FILE operand."""
    action = parser.add_argument("file", metavar="FILE", nargs=nargs, type=path, default="-", help=what)
    action.complete = FILE  # type: ignore[attr-defined]


def policy_option(group: argparse._ArgumentGroup, what: str) -> None:
    """`--policy`, a file or the name of a built-in policy.

    Args:
        what: what it is for.
    """
    action = group.add_argument("--policy", metavar="FILE|NAME", default="default", help=what)
    action.complete = FILE  # type: ignore[attr-defined]


def path_option(group: "argparse._ActionsContainer", name: str, help: str, **more: object) -> argparse.Action:
    """An option whose value is the path of a file; completions know."""
    action: argparse.Action = group.add_argument(name, metavar="FILE", type=path, help=help, **more)  # type: ignore[arg-type]
    action.complete = FILE  # type: ignore[attr-defined]
    return action


def stream_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """--max-record, --quarantine, --stats, --stats-file, --quiet."""
    group = parser.add_argument_group("stream")
    group.add_argument(
        "--max-record",
        metavar="BYTES",
        type=size,
        default=size("16M"),
        help="longest record; a longer one goes to quarantine (K, M, G are powers of 1024; default 16M)",
    )
    path_option(
        group,
        "--quarantine",
        "file for records that could not be judged, appended to (default: a new one below "
        "$XDG_STATE_HOME/cecil/quarantine)",
    )
    group.add_argument(
        "--stats", choices=["json"], help="print the run's counts to standard error at the end"
    )
    path_option(group, "--stats-file", "write the run's counts to FILE instead, as JSON")
    group.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="no progress and no notes; only errors, and what is in quarantine",
    )
    return group


def markers_option(group: "argparse._ActionsContainer") -> None:
    """--markers of a command that reads a stream."""
    group.add_argument(
        "--markers",
        action="store_true",
        help="fail unless the input has begin and end markers (see cecil-stream(5))",
    )


def form_option(group: "argparse._ActionsContainer") -> None:
    """--format of a command that judges lines."""
    group.add_argument(
        "--format",
        choices=["auto", "jsonl", "text"],
        default="auto",
        help="auto takes a line that is not JSON as text; jsonl puts it into quarantine; text reads no JSON "
        "(default: auto)",
    )


def nlp_options(group: "argparse._ActionsContainer") -> None:
    """--nlp and --language of a command that looks for names."""
    group.add_argument(
        "--nlp",
        metavar="MODEL",
        default="en",
        help="which model looks for names of persons, places and organisations in free text: en, the "
        "embedded one; none; a spaCy pipeline; FILE.yaml, Presidio's configuration of an engine; and for "
        "other languages LANG=MODEL, behind commas (default: en)",
    )
    group.add_argument(
        "--language",
        metavar="LANG",
        help="which of the models of --nlp judges texts, by two letters (default: en)",
    )


def notice_option(group: "argparse._ActionsContainer") -> None:
    """--no-notice of a command that ends with a notice."""
    group.add_argument(
        "--no-notice",
        action="store_true",
        help="do not say on a terminal, after the output, what was computed and what was not",
    )


def size(text: str) -> int:
    """A number of bytes: `65536`, `64K`, `16M`, `1G`."""
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].isalpha() else (text, "")
    factor = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(unit)
    if factor is None or not number.isdecimal() or not int(number):
        raise argparse.ArgumentTypeError("a size such as 65536, 64K or 16M is wanted")
    return int(number) * factor


def count(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a whole number is wanted")
    return int(text)


def path(text: str) -> str:
    """The path of a file or a folder. An empty one is a variable that somebody forgot to set."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("the name of a file or a folder is wanted")
    return text


def terminal_note(program: str) -> None:
    """Say that the terminal is read, where somebody may wait for nothing."""
    if os.isatty(0) and os.isatty(2):
        sys.stderr.write(f"{program}: reading from the terminal; end with Ctrl-D\n")
        sys.stderr.flush()
