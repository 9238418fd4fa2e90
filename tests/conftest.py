"""What every test shares: the commands as a shell runs them, in a folder of their own.

No test reaches beyond loopback: a socket to any other address fails the test.
"""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from cecil.stream.cache import FileCache
from tests.forked import Forks, alone

# `make test` is the same every time; `make fuzz` looks where nobody has looked.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=40)
settings.register_profile("fuzz", max_examples=3000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def examples(count: int) -> settings:
    """Settings of a property that fewer random inputs hardly reach; with `fuzz` as many as of any other."""
    return settings(settings(database=None), max_examples=max(count, settings().max_examples))


# Processes that are started here meet Ctrl-C as in a foreground, though the tests themselves may run in a background.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# And a hang-up as they do without nohup, which the tests themselves outlive still.
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda number, frame: None)

ROOT = Path(__file__).parent.parent
BIN = ROOT / "bin"

if TYPE_CHECKING:
    from cecil import Sanitizer

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def environment(folder: Path) -> dict[str, str]:
    """A small, fixed environment whose home and state lie below `folder`."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if k.startswith("COVERAGE_") or k in ("PYTHONDONTWRITEBYTECODE", _NLP)
    }
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        # Shared, as a user's is: compiling all patterns takes seconds, and gives the same every time.
        "XDG_CACHE_HOME": str(ROOT / ".test-cache"),
        "LC_ALL": "C",
        "COLUMNS": "100",
        **kept,
    }


def build_sanitizer(policy: Any = "default", nlp: Any = "none", **more: Any) -> "Sanitizer":
    """A sanitizer as the commands make it: patterns are compiled once for all tests, which takes seconds.

    Without names, unless a test is about them.
    """
    from cecil import Sanitizer

    return Sanitizer(policy, cache=build_cache(), nlp=nlp, **more)


def write_key(path: Path, secret: bytes) -> None:
    """A key file, as `cecil-redact --new-key` makes it, with a key of 32 bytes that the test knows."""
    from cecil.sanitizer.keyring import Keyring

    path.touch(0o600)
    path.write_bytes(Keyring(secret).file())


class Cache(FileCache):
    """What the commands have in theirs, and more: tests have more policies than a user, and would push each other's
    out."""

    def __init__(self) -> None:
        super().__init__(str(ROOT / ".test-cache" / "tests"), kept=400)
        self.commands = FileCache(str(ROOT / ".test-cache" / "cecil"))

    def get(self, key: str) -> bytes | None:
        return super().get(key) or self.commands.get(key)


@cache
def build_cache() -> Cache:
    """Where the tests keep what was compiled. It is one: sanitizers of one cache share what was read of it."""
    from cecil import Sanitizer

    cache = Cache()
    with alone():
        Sanitizer(cache=cache.commands, nlp="none")
    return cache


def pytest_configure() -> None:
    # What is loaded stays: a tenth of the time would go into looking whether somebody needs it.
    gc.set_threshold(20_000)


def pytest_collection_finish() -> None:
    gc.freeze()


UNMEASURED = frozenset(
    f"tests.test_{name}"
    for name in "cases serve serve_manager report fingerprint_command endings pipe audit_mode upload".split()
)
"""Tests of whole commands, whose parts others measure: without coverage a process starts in half the time."""


@pytest.fixture(autouse=True)
def unmeasured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.module.__name__ in UNMEASURED:
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            monkeypatch.delenv(name)


_NLP = "CECIL_REDACT_NLP"

NAMELESS = frozenset(
    f"tests.test_{name}"
    for name in "audit_mode endings evasions keyring notice policy_file redact_check restore".split()
)
"""Tests of commands in which no name matters: a process that reads no model starts a fifth sooner."""


@pytest.fixture(autouse=True)
def nameless(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(_NLP, raising=False)
    if request.module.__name__ in NAMELESS:
        monkeypatch.setenv(_NLP, "none")


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks | None]:
    """What commands are forked from; None where it has to be another system's way."""
    if sys.platform != "linux":
        yield None
        return
    made = Forks(environment(tmp_path_factory.mktemp("forks")))
    yield made
    made.close()


@pytest.fixture
def launchers(forks: Forks | None) -> Path:
    """A folder of commands for shell lines, and for what starts commands itself: forked, as those of `cecil`.

    For tests in which the launcher itself does not matter, and which send it no signal.
    """
    return forks.bin if forks else BIN


def with_commands(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """An environment in which a shell finds the commands of a folder: `launchers`, or `BIN`."""
    return env | {"PATH": f"{folder}:{env['PATH']}"}


@pytest.fixture
def cecil(tmp_path: Path, forks: Forks | None) -> Run:
    """`cecil("redact", "--check", stdin=b"...")` runs cecil-redact in `tmp_path`.

    As a process that is forked from one which has loaded what it loads, where nothing that it is given
    has to be there from its start; else, and under coverage, it starts bin/cecil-redact.
    """

    def run(
        command: str,
        *args: str | os.PathLike[str],
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
        timeout: float = 120,
        **more: Any,
    ) -> "subprocess.CompletedProcess[bytes]":
        more.setdefault("stdout", subprocess.PIPE)
        given = environment(tmp_path) | (env or {})
        out = more["stdout"]
        if forks and not more.keys() - {"stdout"} and (out == subprocess.PIPE or hasattr(out, "fileno")):
            return forks.run([command, *map(str, args)], stdin, out, tmp_path, given, timeout)
        return subprocess.run(
            [str(BIN / f"cecil-{command}"), *map(str, args)],
            input=stdin,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=given,
            timeout=timeout,
            check=False,
            **more,
        )

    return run


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment that `cecil` uses, for a test that starts processes itself."""
    return environment(tmp_path)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1", "localhost")):
            pytest.fail(f"a test reached for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
