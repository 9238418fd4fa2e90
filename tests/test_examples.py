"""The examples of man/examples: a unit of systemd and a container file, read by the parsers that will read them."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cecil.commands.boundary import parser_of
from tests.conftest import BIN, ROOT, environment, with_commands

EXAMPLES = ROOT / "man" / "examples"
UNIT = EXAMPLES / "cecil-serve.service"


def options(argv: list[str]) -> dict[str, Any]:
    """What cecil-serve reads from its arguments."""
    return vars(parser_of("serve").parse(argv))


def example(name: str, title: str) -> str:
    """What the page of a command shows below a title, as one types it."""
    page = (ROOT / "man" / "sections" / f"cecil-{name}").read_text()
    shown = page.split(f"\n{title}\n.PP\n.EX\n", 1)[1].split(".EE", 1)[0]
    return shown.replace("\\\\", "\0").replace("\\-", "-").replace("\0", "\\")


def test_only_what_is_named_stays(tmp_path: Path) -> None:
    """As it came: the time is none of somebody's birth."""
    record = {"time": "2024-01-02T03:04:05Z", "level": "info", "items": [{"id": 1, "name": "x"}], "msg": "y"}
    (tmp_path / "app.jsonl").write_text(json.dumps(record) + "\n")
    run = subprocess.run(
        ["bash", "-e", "-c", example("redact", "Only what is named stays:")],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=with_commands(BIN, environment(tmp_path)),
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert json.loads(run.stdout) == {"time": record["time"], "level": "info", "items": [{"id": 1}]}


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=True, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(UNIT.read_text())
    return read


def test_the_unit_starts_a_server() -> None:
    program, *argv = shlex.split(unit()["Service"]["ExecStart"])
    assert Path(program).name == "cecil-serve"
    told = options(argv)
    assert (told["uds"], told["address_file"]) == ("serve.sock", "serve.json")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    # It looks whether the program is there; here it is another.
    path = tmp_path / UNIT.name
    path.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={BIN / 'cecil-serve'}", UNIT.read_text()))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(tmp_path) | {"XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert (run.returncode, run.stdout, [line for line in run.stderr.splitlines() if UNIT.name in line]) == (
        0,
        "",
        [],
    )
    path.write_text(path.read_text() + "[Service]\nRestrictEverything=yes\n")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(tmp_path) | {"XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert "RestrictEverything" in run.stderr


def test_the_container_file_as_a_build_reads_it() -> None:
    import dockerfile

    found = [
        (one.cmd.upper(), list(one.value)) for one in dockerfile.parse_file(str(EXAMPLES / "Containerfile"))
    ]
    known = {"FROM", "COPY", "RUN", "ENV", "USER", "VOLUME", "HEALTHCHECK", "ENTRYPOINT"}
    assert {name for name, _ in found} <= known
    last = dict(found)
    assert last["USER"] == ["10001"]
    program, *argv = last["ENTRYPOINT"]
    assert Path(program).name == "cecil-serve"
    told = options(argv)
    assert (told["uds"], told["address_file"]) == ("/run/cecil/serve.sock", "/run/cecil/serve.json")
    code = last["HEALTHCHECK"][-1]
    assert "Client(address_file='/run/cecil/serve.json').health()" in code
    compile(code, "HEALTHCHECK", "exec")
    # The source is built as it stands, with what the server needs.
    assert any("/src[serve]" in " ".join(value) for name, value in found if name == "RUN")
    assert json.dumps(found).count("http") == 0
