"""What the README and the man pages show is what comes out."""

import contextlib
import functools
import io
import re
import subprocess
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

import cecil
from cecil import Detector, Policy, Sanitizer
from cecil.sanitizer.keyring import Keyring
from tests.conftest import ROOT, build_cache, build_sanitizer, with_commands

README = (ROOT / "README.md").read_text()


def shown(kind: str, holds: str) -> str:
    """The block of the README that holds something."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return next(block for language, block in blocks if language == kind and holds in block)


def test_what_comes_out(tmp_path: Path, env: dict[str, str], launchers: Path) -> None:
    """Commands and their output, as a terminal shows them; the first command shows the input."""
    parts = re.split(r"^\$ (.+)\n", shown("", "$ cat app.log"), flags=re.MULTILINE)[1:]
    (tmp_path / "app.log").write_text(parts[1])
    for command, output in zip(parts[::2], parts[1::2], strict=True):
        run = subprocess.run(
            ["bash", "-c", command], capture_output=True, cwd=tmp_path, check=False,
            env=with_commands(launchers, env),
        )  # fmt: skip
        assert (run.stdout.decode(), run.stderr) == (output, b"")


def test_in_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments say what comes out."""
    code = shown("python", "from cecil")
    monkeypatch.chdir(tmp_path)
    Path("app.log").write_text("GET /health 200\n")
    pyarrow.parquet.write_table(pyarrow.table({"msg": ["mail bob@example.com"]}), "app.parquet")
    cache = build_cache()
    monkeypatch.setattr(cecil, "Sanitizer", functools.partial(Sanitizer, cache=cache), raising=False)
    monkeypatch.setattr(cecil, "Detector", functools.partial(Detector, cache=cache), raising=False)
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)
    assert f"# record: {names['record']}".replace("'", '"') in code
    assert printed.getvalue()
    for line in printed.getvalue().splitlines():
        assert f"# {line}\n" in code


@pytest.mark.parametrize("page", sorted((ROOT / "man").glob("*.[157]")), ids=lambda path: path.name)
def test_pages_are_well_formed(page: Path) -> None:
    """Every page names those that there are, and no line of a source is a macro that is none."""
    text = page.read_text().replace("\\-", "-")
    there = {path.stem: path.suffix[1:] for path in (ROOT / "man").glob("*.[157]")}
    for name, section in re.findall(r"^\.BR (cecil[a-z-]*) \((\d)\)", text, re.MULTILINE):
        assert there[name] == section
    macros = {line.split()[0] for line in text.splitlines() if line.startswith(".")}
    assert macros <= {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".BR", ".BI", ".IR", ".RB", ".RI", ".IP",
                      ".EX", ".EE", ".nf", ".fi", ".RS", ".RE", ".br", ".sp"}  # fmt: skip
    assert text.count("\n.EX") == text.count("\n.EE")


def test_the_policy_that_the_page_shows() -> None:
    page = (ROOT / "man" / "cecil-policy.5").read_text().replace("\\-", "-").replace("\\(dq", '"')
    example = re.findall(r"\.EX\n(.+?)\.EE", page, re.DOTALL)[0]
    policy = Policy.parse(re.sub("^    ", "", example, flags=re.MULTILINE).encode(), "p.yaml")
    record = {
        "user": {"id": 7}, "a": {"debug": 1}, "staffNo": 17, "session_key": "x-17",
        "m": "https://example.com/ 4111 1111 1111 1111",
    }  # fmt: skip
    new, _ = build_sanitizer(policy, key=Keyring(b"k" * 32)).redact(record)
    assert re.fullmatch("<USER_ID#[0-9A-Za-z_-]+>", new["user"].pop("id"))
    assert new == {
        "user": {}, "a": {}, "staffNo": None, "session_key": "x-17",
        "m": "https://example.com/ ***************1111",
    }  # fmt: skip
