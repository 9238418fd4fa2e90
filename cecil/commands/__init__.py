"""The commands: one file each, with `parser()` and `main(argv) -> int`.

They compose and decide nothing else, and never import each other. The functions here are the entry
points of the installed scripts; each runs its command inside the boundary.
"""

from typing import NoReturn

NAMES = ("fetch", "redact", "map", "fingerprint", "report", "write", "leaktest", "serve", "spark")
"""Every command, without its `cecil-`."""


def fetch() -> NoReturn:
    _run("fetch")


def redact() -> NoReturn:
    _run("redact")


def map() -> NoReturn:
    _run("map")


def fingerprint() -> NoReturn:
    _run("fingerprint")


def report() -> NoReturn:
    _run("report")


def write() -> NoReturn:
    _run("write")


def leaktest() -> NoReturn:
    _run("leaktest")


def serve() -> NoReturn:
    _run("serve")


def spark() -> NoReturn:
    _run("spark")


def _run(name: str) -> NoReturn:
    from cecil.commands.boundary import run

    run(name)
