"""What DESIGN promises of the house: layers, one source for every page, light starts."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import cecil
from cecil.commands import NAMES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cecil"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = {
    "commands": 3,
    "client": 3,
    "logfilter": 3,
    "spark": 3,
    "middleware": 2,
    "providers": 2,
    "writers": 2,
    "api": 2,
    "report": 2,
    "leaktest": 2,
    "sanitizer": 1,
    "fingerprint": 1,
    "stream": 0,
    "errors": 0,
}
NETWORK = {"socket", "http", "urllib", "requests", "httpx", "ftplib", "smtplib", "boto3", "aiohttp", "ssl"}
MAY_REACH_OUT = ("providers/cloud/", "providers/generic/database/", "fingerprint/upload.py")
"""The server listens on loopback and asks itself whether it is well, and its client asks only there: `api/` and
`client/` are judged by their own tests."""

DOES_IO = {
    "os",
    "sys",
    "io",
    "socket",
    "subprocess",
    "pathlib",
    "tempfile",
    "shutil",
    "threading",
    "time",
    "open",
}
HEAVY = {
    "spacy",
    "presidio_analyzer",
    "pyarrow",
    "pyspark",
    "boto3",
    "fastapi",
    "uvicorn",
    "orjson",
    "msgspec",
    "yaml",
    "cryptography",
    "asyncio",
}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> list[tuple[str, bool]]:
    """(module, whether it is imported when the file is) for every import of a file."""
    tree = tree_of(path)
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for statement in block.body
        for node in ast.walk(statement)
    }
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(f"{node.module}.{alias.name}", id(node) in top) for alias in node.names]
            found.append((node.module or "", id(node) in top))
    return found


def layer(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "cecil" and len(parts) > 1 else None


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    relative = path.relative_to(PACKAGE).with_suffix("")
    here = relative.parts[0]
    if here == "__init__":
        return
    for module, _ in imports(path):
        there = layer(module)
        if there is None or there not in LAYERS:
            continue
        assert LAYERS[there] <= LAYERS[here], f"{relative} imports {module}"
        if LAYERS[there] == LAYERS[here] and LAYERS[here] in (1, 2):
            assert there == here, f"{relative} imports {module}, which is beside it"
        if here == "commands" and there == "commands":
            target = module.split(".")[2] if module.count(".") > 1 else ""
            assert target not in NAMES, f"{relative} imports the command {target}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_named_places_reach_out(path: Path) -> None:
    relative = str(path.relative_to(PACKAGE))
    # `urllib.parse` splits and spells addresses, and reaches for none.
    found = {module for module, _ in imports(path) if not f"{module}.".startswith("urllib.parse.")}
    roots = {module.split(".")[0] for module in found}
    if not relative.startswith((*MAY_REACH_OUT, "api/", "client/")):
        assert not roots & NETWORK
    if not relative.startswith("api/"):
        assert not roots & {"fastapi", "starlette", "uvicorn"}


PURE = [
    p
    for p in MODULES
    if p.relative_to(PACKAGE).parts[0] in ("sanitizer", "fingerprint")
    and not p.stem.startswith("build_")
    and str(p.relative_to(PACKAGE)) not in MAY_REACH_OUT
]


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_does_no_io(path: Path) -> None:
    assert not {module.split(".")[0] for module, _ in imports(path)} & DOES_IO
    calls = {
        node.func.id
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input", "exec", "eval"}


def test_every_module_says_what_it_is() -> None:
    silent = [str(p) for p in MODULES if not ast.get_docstring(tree_of(p))]
    assert silent == []


def test_one_list_of_commands() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    expected = {f"cecil-{name}" for name in NAMES}
    assert set(project["scripts"]) == expected
    assert {p.name for p in (ROOT / "bin").iterdir()} == expected
    assert {p.stem for p in (ROOT / "man").glob("*.1")} == expected
    assert {p.name for p in (ROOT / "completions" / "bash").iterdir()} == expected
    assert {p.name[1:] for p in (ROOT / "completions" / "zsh").iterdir()} == expected
    assert {p.stem for p in (ROOT / "completions" / "fish").iterdir()} == expected
    assert {p.stem for p in (PACKAGE / "commands").glob("*.py")} >= set(NAMES)
    makefile = (ROOT / "Makefile").read_text()
    assert f"COMMANDS := {' '.join(NAMES)}\n" in makefile


@pytest.mark.parametrize("script", ["man/build.py", "completions/build.py"])
def test_nothing_generated_has_drifted(script: str) -> None:
    run = subprocess.run(
        [sys.executable, ROOT / script, "--check"], capture_output=True, check=False, cwd=ROOT
    )
    assert (run.returncode, run.stderr) == (0, b"")


def test_the_map_names_every_page() -> None:
    text = (ROOT / "man" / "cecil.7").read_text().replace("\\-", "-")
    for page in (ROOT / "man").glob("cecil-*.[15]"):
        assert f".BR {page.stem} ({page.suffix[1:]})" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_page_names_every_option(name: str) -> None:
    from cecil.commands.boundary import parser_of

    page = (ROOT / "man" / f"cecil-{name}.1").read_text()
    for section in ("EXIT STATUS", "EXAMPLES", "SECURITY"):
        assert f".SH {section}" in page
    text = page.replace("\\-", "-")
    parser = parser_of(name)
    for one in (parser, *getattr(parser, "verbs", {}).values()):
        for action in one._actions:
            for option in action.option_strings:
                assert option in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_nothing_heavy(name: str, option: str) -> None:
    """The promise is 60 ms over the bare interpreter; what is loaded decides it, and does not flicker."""
    code = (
        "import sys\n"
        "from cecil.commands.boundary import call\n"
        f"status = call({name!r}, [{option!r}])\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    run = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, check=False, cwd=ROOT, env=_plain()
    )
    assert run.returncode == 0
    assert run.stdout.startswith(
        b"usage: cecil-" + name.encode() if option == "--help" else b"cecil-" + name.encode()
    )
    loaded = {module.split(".")[0] for module in run.stderr.decode().split()}
    assert not loaded & HEAVY


def _plain() -> dict[str, str]:
    # Coverage of a child would load modules of its own.
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    return kept | {"PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("name", NAMES)
def test_help_and_version_as_a_user_sees_them(cecil: object, name: str) -> None:
    run = cecil(name, "--version")  # type: ignore[operator]
    assert (run.stdout, run.stderr, run.returncode) == (f"cecil-{name} {_version()}\n".encode(), b"", 0)
    run = cecil(name, "--help")  # type: ignore[operator]
    assert run.returncode == 0
    assert run.stderr == b""
    assert max(len(line) for line in run.stdout.decode().splitlines()) <= 100
    run = cecil(name, "--help", env={"COLUMNS": "60"})  # type: ignore[operator]
    assert not re.search(rb"\w-$", run.stdout, re.MULTILINE), "an option is cut in two"


def _version() -> str:
    return cecil.__version__


def test_invariants_are_where_they_should_be() -> None:
    text = cecil.__doc__ or ""
    assert all(f"\n{number}. " in text for number in range(1, 9))


def test_only_what_is_named_stands_at_the_top() -> None:
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    top = {name.split("/")[0] for name in tracked.stdout.split()}
    allowed = {
        "pyproject.toml",
        "bin",
        "cecil",
        "man",
        "tests",
        "completions",
        "Makefile",
        "README.md",
        "CHANGELOG.md",
    }
    assert {name for name in top if not name.startswith(".")} <= allowed
