"""With CECIL_AUDIT_MODE no code path opens a socket; and what needs none does without it anyway."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cecil.errors import UsageError
from cecil.fingerprint.upload import Sender
from cecil.stream.offline import audit_mode
from tests.conftest import BIN
from tests.test_upload import lines

pytestmark = pytest.mark.slow

Run = Callable[..., Any]
ROOT = BIN.parent
AUDIT = {"CECIL_AUDIT_MODE": "1"}
LOG = b'{"user": "ada@example.com", "message": "card 4111 1111 1111 1111 of Ada Lovelace, see example.org"}\n'
CALL = (ROOT / "tests/data/llm/openai_chat.jsonl").read_bytes().splitlines(keepends=True)[0]
LOCAL: list[tuple[list[str], bytes]] = [
    (["fetch", "mock", "--records", "3"], b""),
    (["fetch", "stdin"], LOG),
    (["redact"], LOG),
    (["redact", "--check"], LOG),
    (["map"], LOG),
    (["fingerprint"], CALL),
    (["fingerprint", "upload", "--dry-run"], lines()),
    (["fingerprint", "consent", "--endpoint", "https://example.com/up", "--yes"], b""),
    (["fingerprint", "consent"], b""),
    (["fingerprint", "consent", "--revoke"], b""),
    (["report"], lines()),
    (["write", "--force", "-o", "out.jsonl"], LOG),
]
ISOLATED = ["unshare", "--map-root-user", "--net", "--"]


def isolating() -> bool:
    """Whether this machine lets us make a namespace without a network."""
    try:
        return subprocess.run([*ISOLATED, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


SPY = """
import sys
events = []
sys.addaudithook(lambda event, args: event.startswith("socket.") and events.append(event))
from cecil.commands.boundary import call
status = call(sys.argv[1], sys.argv[2:])
sys.stdout.flush()
print("events:", *sorted(set(events) - {"socket.gethostname"}), file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("command", "stdin"), LOCAL, ids=lambda v: " ".join(v[:3]) if type(v) is list else ""
)
def test_no_command_reaches_for_a_socket(
    command: list[str], stdin: bytes, env: dict[str, str], tmp_path: Path
) -> None:
    """Without audit mode: not even a try."""
    done = subprocess.run(
        [sys.executable, "-c", SPY, *command],
        input=stdin,
        capture_output=True,
        cwd=tmp_path,
        env=env | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode in (0, 4), done.stderr
    assert done.stderr.splitlines()[-1] == b"events:"


@pytest.mark.skipif(not isolating(), reason="no namespaces here")
@pytest.mark.parametrize(
    ("command", "stdin"), LOCAL, ids=lambda v: " ".join(v[:3]) if type(v) is list else ""
)
def test_without_a_network_all_is_the_same(
    command: list[str], stdin: bytes, cecil: Run, env: dict[str, str], tmp_path: Path
) -> None:
    fixed = {"SOURCE_DATE_EPOCH": "1795132800"}
    usual = cecil(*command, stdin=stdin, env=fixed)
    alone = subprocess.run(
        [*ISOLATED, str(BIN / f"cecil-{command[0]}"), *command[1:]],
        input=stdin,
        capture_output=True,
        cwd=tmp_path,
        env=env | AUDIT | fixed,
        check=False,
    )
    assert (alone.returncode, alone.stdout) == (usual.returncode, usual.stdout), alone.stderr


def test_nothing_is_sent_in_audit_mode(cecil: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = cecil("fingerprint", "consent", "--endpoint", "https://127.0.0.1:9/up", "--yes", env=AUDIT)
    assert done.returncode == 0
    done = cecil("fingerprint", "upload", stdin=lines(), env=AUDIT)
    assert done.returncode == 2
    assert b"audit mode" in done.stderr
    assert [p.name for p in (tmp_path / "state/cecil/upload").iterdir() if p.name != "lock"] == [
        "consent.json"
    ]
    monkeypatch.setenv("CECIL_AUDIT_MODE", "1")
    with pytest.raises(UsageError, match="audit mode"):
        Sender("https://127.0.0.1:9/up")


@pytest.mark.parametrize(
    ("argv", "module"),
    [
        (("db", "postgresql://a@127.0.0.1:9/x", "--table", "t", "--retry-for", "1s"), "psycopg"),
        (("aws", "--log-group", "/app", "--region", "eu-west-1"), "boto3"),
    ],
)
def test_no_source_is_reached_for_in_audit_mode(argv: tuple[str, ...], module: str, cecil: Run) -> None:
    """Nor by what opens its sockets in C, where no hook of the interpreter sees them."""
    pytest.importorskip(module)
    done = cecil("fetch", *argv, env=AUDIT)
    said = b"cecil-fetch: no network in audit mode (CECIL_AUDIT_MODE)\nhint: cecil-fetch file reads what is here\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", said)


def test_spark_does_not_start_in_audit_mode(cecil: Run) -> None:
    done = cecil("spark", "redact", "--input", "in", "--output", "out", "--nlp", "none", env=AUDIT)
    said = b"cecil-spark: no network in audit mode (CECIL_AUDIT_MODE)\nhint: cecil-redact -o DIR/ FILE redacts what is here\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_the_server_does_not_start_in_audit_mode(cecil: Run) -> None:
    done = cecil("serve", "--port", "0", env=AUDIT)
    assert done.returncode == 2
    assert b"audit mode" in done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.getaddrinfo('localhost', 80)",
        "socket.socket(socket.AF_UNIX).connect('/nowhere')",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.gethostbyname('localhost')",
    ],
)
def test_the_guard_holds_whoever_tries(code: str) -> None:
    """Also what a library of somebody else tries, in the process of any command."""
    setup = (
        "import os, socket, sys, urllib.request\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "import cecil.commands.boundary as boundary, types\n"
        f"fake = types.SimpleNamespace(main=lambda argv: print('open', {code}))\n"
        "boundary.importlib = types.SimpleNamespace(import_module=lambda name: fake)\n"
        "boundary.run('redact')\n"
    )
    env = dict(os.environ) | AUDIT
    done = subprocess.run([sys.executable, "-c", setup], capture_output=True, env=env, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no network in audit mode" in done.stderr


def test_a_pair_within_the_process_is_no_network() -> None:
    code = (
        "import cecil.commands.boundary as boundary, socket\n"
        "boundary.guard()\n"
        "a, b = socket.socketpair()\n"
        "a.send(b'x')\n"
        "print(b.recv(1), socket.gethostname() != '')\n"
    )
    env = dict(os.environ) | AUDIT | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=env, check=False)
    assert (done.returncode, done.stdout) == (0, b"b'x' True\n"), done.stderr


@pytest.mark.parametrize(
    ("value", "on"), [("", False), ("0", False), ("false", False), ("1", True), ("yes", True)]
)
def test_what_turns_it_on(cecil: Run, monkeypatch: pytest.MonkeyPatch, value: str, on: bool) -> None:
    monkeypatch.setenv("CECIL_AUDIT_MODE", value)
    assert audit_mode() is on
    done = cecil("fingerprint", "upload", stdin=b"", env={"CECIL_AUDIT_MODE": value})
    assert (b"audit mode" in done.stderr) is on


def test_the_dry_run_in_audit_mode_is_the_dry_run(cecil: Run) -> None:
    done = cecil("fingerprint", "upload", "--dry-run", stdin=lines(), env=AUDIT)
    assert done.returncode == 0
    assert json.loads(done.stdout)["v"] == 1
