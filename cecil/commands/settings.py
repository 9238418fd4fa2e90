"""Settings: environment over `./cecil.toml` over `$XDG_CONFIG_HOME/cecil/config.toml`.

A section is named for its command (`[redact]`), a source has one below it (`[fetch.file]`); a key is an
option's long name. `CECIL_REDACT_POLICY` sets `--policy` of cecil-redact. What is set here becomes the
parser's default, so an option on the command line wins. Refuses: unknown sections and keys, and values
of a wrong kind, by file and line.
"""

import argparse
import os
from typing import TYPE_CHECKING, Any

from cecil.errors import UsageError, reason

if TYPE_CHECKING:
    from cecil.commands.options import Parser

NOT_SETTABLE = frozenset(
    "help version debug print_policy print_schema new_key new_signing_key rotate restore reason "
    "endpoint endpoint_url ca_file token_file yes revoke backfill".split()
)
"""What somebody has to mean: no settings file of a folder makes a key, brings values back, or agrees that
something is sent."""


def apply(parser: "Parser", environ: "os._Environ[str] | dict[str, str]" = os.environ) -> None:
    """Set the parser's defaults, and those of its sources (subparsers), from files and environment.

    Raises:
        UsageError: a file is not TOML, or holds what no option takes.
    """
    for path in (_user_file(environ), "cecil.toml"):
        if path:
            _apply_file(parser, path)
    for section, target in _sections(parser):
        for action in _settable(target):
            name = "_".join(("CECIL", *section, action.dest)).upper()
            if name in environ:
                _set(target, action, environ[name], name)


def _sections(parser: "Parser") -> list[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    found: list[tuple[tuple[str, ...], argparse.ArgumentParser]] = [((parser.settings_section,), parser)]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [((parser.settings_section, name), sub) for name, sub in action.choices.items()]
    found += [((parser.settings_section, name), sub) for name, sub in parser.verbs.items()]
    return found


def _settable(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [
        action
        for action in parser._actions
        if action.option_strings and action.dest not in NOT_SETTABLE and action.dest != argparse.SUPPRESS
    ]


def _user_file(environ: "os._Environ[str] | dict[str, str]") -> str | None:
    base = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):
        home = environ.get("HOME", "")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".config")
    return os.path.join(base, "cecil", "config.toml")


def _apply_file(parser: "Parser", path: str) -> None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise UsageError(reason(error), where=path) from None
    import tomllib

    try:
        content = tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise UsageError("not valid UTF-8", where=path) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"not valid TOML: {error}", where=path) from None
    _check_sections(content, path)
    for section, target in _sections(parser):
        table: Any = content
        for name in section:
            table = table.get(name, {}) if isinstance(table, dict) else {}
        subsections = {s[-1] for s, _ in _sections(parser) if s[:-1] == section}
        actions = {action.option_strings[-1].lstrip("-"): action for action in _settable(target)}
        for key, value in table.items():
            if key in subsections and isinstance(value, dict):
                continue
            where = f"{path}: [{'.'.join(section)}] {key}"
            if key not in actions:
                raise UsageError("no such option", where=where, hint=f"{parser.prog} --help")
            _set(target, actions[key], value, where)


def _check_sections(content: dict[str, Any], path: str) -> None:
    from cecil.commands import NAMES

    for name, table in content.items():
        if name not in NAMES or not isinstance(table, dict):
            raise UsageError(
                f"no section or table {name}",
                where=path,
                hint="sections are named for commands: [" + "], [".join(NAMES) + "]",
            )


def _set(parser: argparse.ArgumentParser, action: argparse.Action, value: Any, where: str) -> None:
    """Make a value the default of an action, converted as if it had been typed."""
    if action.nargs == 0:
        truth = {"1": True, "true": True, "0": False, "false": False, "": False}
        flag = value if isinstance(value, bool) else truth.get(str(value).lower())
        if flag is None:
            raise UsageError("true or false is wanted", where=where)
        parser.set_defaults(**{action.dest: flag})
        return
    values = value if isinstance(value, list) else [value]
    converted = []
    for one in values:
        if isinstance(one, (dict, list)):
            raise UsageError("a plain value is wanted", where=where)
        text = str(one).lower() if isinstance(one, bool) else str(one)
        try:
            result = action.type(text) if callable(action.type) else text
        except (argparse.ArgumentTypeError, ValueError) as error:
            reason = (
                str(error)
                if isinstance(error, argparse.ArgumentTypeError)
                else "a value of another kind is wanted"
            )
            raise UsageError(reason, where=where) from None
        if action.choices is not None and result not in action.choices:
            raise UsageError("one of these is wanted: " + ", ".join(map(str, action.choices)), where=where)
        converted.append(result)
    several = isinstance(action, argparse._AppendAction)
    if len(converted) != 1 and not several:
        raise UsageError("one value is wanted", where=where)
    parser.set_defaults(**{action.dest: converted if several else converted[0]})
