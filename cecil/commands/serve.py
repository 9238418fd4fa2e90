"""cecil-serve: the filters for programs, on this machine only."""

import argparse
import os
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from cecil.commands.boundary import message, parser_of
from cecil.commands.options import Parser, count, nlp_options, path_option, policy_option, size
from cecil.errors import UsageError

if TYPE_CHECKING:
    from cecil.api.settings import Settings

PROGRAM = "cecil-serve"
DESCRIPTION = (
    "Serve HTTP on 127.0.0.1 or a Unix socket, and nowhere else. When the server answers, one line of JSON "
    "with its address and a token goes to standard output, which is then closed. Whoever bears the token may "
    "ask; GET /health needs none."
)
MOST_WORKERS = 256

_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_ORIGIN = re.compile(r"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")


def parser() -> Parser:
    parser = Parser(PROGRAM, DESCRIPTION)
    group = parser.add_argument_group("server")
    where = group.add_mutually_exclusive_group()
    where.add_argument(
        "--port", metavar="N", type=_port, default=0, help="port to listen on (default: 0, a free one)"
    )
    path_option(
        where,
        "--uds",
        "listen on a Unix socket, mode 0600, instead of a port; a bare name stands in $XDG_RUNTIME_DIR/cecil",
    )
    path_option(
        group,
        "--address-file",
        "write the line with address and token to FILE, mode 0600, instead of standard output; a bare name "
        "stands in $XDG_RUNTIME_DIR/cecil; it goes with the server",
    )
    group.add_argument(
        "--with-parent",
        action="store_true",
        help="end when the parent process dies, or when standard input closes, if it is a pipe",
    )
    group.add_argument(
        "--workers",
        metavar="N",
        type=_workers,
        help="processes that judge, started when there is work for them (default: one a core)",
    )
    group = parser.add_argument_group("what is redacted")
    policy_option(
        group,
        "what holds where a request names no policy: a file, or a built-in one (default: default)",
    )
    nlp_options(group)
    path_option(group, "--key-file", "file with the secret keys of hash, surrogate, shift and encrypt")
    group = parser.add_argument_group("what a request can name")
    group.add_argument(
        "--source",
        metavar="NAME=ARGS",
        action="append",
        type=_source,
        default=[],
        help="let /v1/fetch read this, as cecil-fetch would with ARGS, as 'app=file /var/log/app.jsonl'",
    )
    group.add_argument(
        "--write-folder",
        metavar="NAME=FOLDER",
        action="append",
        type=_folder,
        default=[],
        help="let /v1/write make files below FOLDER",
    )
    group.add_argument(
        "--allow-origin",
        metavar="ORIGIN",
        action="append",
        type=_origin,
        default=[],
        help="let pages of this origin ask, on this machine only: http://localhost:3000",
    )
    group = parser.add_argument_group("limits")
    group.add_argument(
        "--max-body",
        metavar="BYTES",
        type=size,
        default=size("16M"),
        help="largest body of a request that is no stream (default: 16M)",
    )
    group.add_argument(
        "--max-record",
        metavar="BYTES",
        type=size,
        default=size("16M"),
        help="longest record of a stream; a longer one is refused in its place (default: 16M)",
    )
    group.add_argument(
        "--rate",
        metavar="N",
        type=count,
        default=2000,
        help="requests a second that the token's bearers may make; 0 for any number (default: 2000)",
    )
    group.add_argument(
        "--idle",
        metavar="SECONDS",
        type=_seconds,
        default=300,
        help="seconds that a stream may stand still before it is cut (default: 300)",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    # Before anything slow: a parent that dies from here on is seen to have died.
    parent = os.getppid()
    args = parser().parse(argv)
    settings = _settings(args)

    import orjson

    from cecil.api import app, server
    from cecil.stream.output import Output

    with ExitStack() as stack:
        address: dict[str, Any]
        if args.uds is not None:
            from cecil.api.runtime import Unix

            unix = stack.enter_context(Unix(args.uds, server.BACKLOG))
            listener = unix.socket
            address = {"url": "http://localhost", "uds": unix.path}
        else:
            listener = stack.enter_context(server.listen(args.port))
            port = listener.getsockname()[1]
            url = server.url(port)
            address = {"url": url, "host": server.HOST, "port": port}
            address["page"] = f"{url}/#token={settings.token}"
        address |= {"pid": os.getpid(), "token": settings.token}
        tell: Callable[[bytes], None]
        if args.address_file is not None:
            from cecil.api.runtime import AddressFile

            tell = stack.enter_context(AddressFile(args.address_file)).write
        else:

            def tell(line: bytes) -> None:
                output = Output()
                output.write(line)
                output.close()

        def ready() -> None:
            tell(orjson.dumps(address) + b"\n")
            _close_stdout()

        server.serve(
            app.build(settings),
            listener,
            ready=ready,
            report=lambda text: message(PROGRAM, text),
            parent=parent if args.with_parent else None,
        )
    return 0


def _settings(args: argparse.Namespace) -> "Settings":
    """What the options say; everything that can be wrong with them is said here."""
    from cecil.api.settings import Settings, fresh_token, launcher
    from cecil.commands import keyfile, lean
    from cecil.sanitizer.policy import Policy
    from cecil.stream.workers import MOST, usable_cores

    for name, words in args.source:
        _check_source(name, words)
    for option, pairs in (("--source", args.source), ("--write-folder", args.write_folder)):
        if len({name for name, _ in pairs}) < len(pairs):
            raise UsageError(f"{option} has one name twice")
    for _, folder in args.write_folder:
        if not os.path.isdir(folder):
            raise UsageError("is no folder", where=folder)
    # Presidio's recognizers without its engine start in a fifth of the time; an engine needs all of it.
    begin = "" if lean.wants_engine(args.nlp) else "from cecil.commands import lean; lean.presidio(); "
    return Settings(
        token=fresh_token(),
        policy=Policy.load(args.policy),
        keys=keyfile.read(args.key_file) if args.key_file is not None else None,
        origins=frozenset(args.allow_origin),
        sources=dict(args.source),
        folders={name: os.path.abspath(folder) for name, folder in args.write_folder},
        workers=args.workers or min(usable_cores(), MOST),
        worker=launcher(f"{begin}from cecil.api import worker; worker.main()"),
        nlp=args.nlp,
        language=args.language,
        max_body=args.max_body,
        max_record=args.max_record,
        rate=args.rate,
        idle=float(args.idle),
    )


def _check_source(name: str, words: tuple[str, ...]) -> None:
    """Raises UsageError where cecil-fetch would not take it, or would read what is ours."""
    hint = "--source 'app=file /var/log/app.jsonl'"
    if words[:1] == ("stdin",) or "-" in words:
        raise UsageError(f"source {name}: standard input is no source here", hint=hint)
    try:
        args = parser_of("fetch").parse_args(words)
    except SystemExit:
        raise UsageError(f"source {name}: cecil-fetch does not take these arguments", hint=hint) from None
    if args.markers or args.describe:
        raise UsageError(f"source {name}: only records are fetched here", hint=hint)


def _port(text: str) -> int:
    port = count(text)
    if port > 65535:
        raise argparse.ArgumentTypeError("a port is at most 65535")
    return port


def _workers(text: str) -> int:
    number = count(text)
    if not 1 <= number <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_WORKERS} is wanted")
    return number


def _seconds(text: str) -> int:
    number = count(text)
    if not number:
        raise argparse.ArgumentTypeError("a number of seconds is wanted")
    return number


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not _NAME.fullmatch(name) or not value:
        raise argparse.ArgumentTypeError(
            "NAME=... is wanted, the name in lower-case letters, digits and hyphens"
        )
    return name, value


def _source(text: str) -> tuple[str, tuple[str, ...]]:
    import shlex

    name, value = _pair(text)
    try:
        words = tuple(shlex.split(value))
    except ValueError:
        raise argparse.ArgumentTypeError("the quotes do not match") from None
    return name, words


def _folder(text: str) -> tuple[str, str]:
    return _pair(text)


def _origin(text: str) -> str:
    if not _ORIGIN.fullmatch(text):
        raise argparse.ArgumentTypeError("an origin on this machine is wanted, as http://localhost:3000")
    return text


def _close_stdout() -> None:
    """Nothing may follow the address, and a reader who waits for the end of our output gets it now."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.close(devnull)
