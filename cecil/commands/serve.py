"""cecil-serve: the filters for programs, on this machine only."""

import argparse
import os
from collections.abc import Sequence

from cecil.commands.boundary import message
from cecil.commands.options import Parser, count

PROGRAM = "cecil-serve"
DESCRIPTION = (
    "Serve HTTP on 127.0.0.1, and nowhere else. When the server answers, one line of JSON with its address "
    "goes to standard output, which is then closed; GET /health tells that it is up."
)


def parser() -> Parser:
    parser = Parser(PROGRAM, DESCRIPTION)
    group = parser.add_argument_group("server")
    group.add_argument(
        "--port", metavar="N", type=_port, default=0, help="port to listen on (default: 0, a free one)"
    )
    group.add_argument(
        "--with-parent",
        action="store_true",
        help="end when the parent process dies, or when standard input closes, if it is a pipe",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    # Before anything slow: a parent that dies from here on is seen to have died.
    parent = os.getppid()
    args = parser().parse(argv)

    import orjson

    from cecil.api import app, server
    from cecil.stream.output import Output

    with server.listen(args.port) as listener:
        port = listener.getsockname()[1]
        address = {"url": server.url(port), "host": server.HOST, "port": port, "pid": os.getpid()}

        def ready() -> None:
            output = Output()
            output.write(orjson.dumps(address) + b"\n")
            output.close()
            _close_stdout()

        server.serve(
            app.build(),
            listener,
            ready=ready,
            report=lambda text: message(PROGRAM, text),
            parent=parent if args.with_parent else None,
        )
    return 0


def _port(text: str) -> int:
    port = count(text)
    if port > 65535:
        raise argparse.ArgumentTypeError("a port is at most 65535")
    return port


def _close_stdout() -> None:
    """Nothing may follow the address, and a reader who waits for the end of our output gets it now."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.close(devnull)
