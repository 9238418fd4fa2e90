"""Installing as a user and as a package builder do. Slow: it makes environments and fetches packages."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

import cecil
from cecil.commands import NAMES

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


def run(*argv: str | Path, **more: object) -> "subprocess.CompletedProcess[bytes]":
    done = subprocess.run(argv, capture_output=True, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr.decode()
    return done  # type: ignore[no-any-return]


def test_pip_install_in_an_empty_environment(tmp_path: Path, env: dict[str, str]) -> None:
    """From a copy: building leaves its traces beside the sources."""
    source = tmp_path / "source"
    run("git", "clone", "--quiet", ROOT, source)
    venv.create(tmp_path / "venv", with_pip=True)
    bin_ = tmp_path / "venv" / "bin"
    run(bin_ / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", source)
    for name in NAMES:
        version = run(bin_ / f"cecil-{name}", "--version", cwd=tmp_path, env=env)
        assert version.stdout.decode() == f"cecil-{name} {cecil.__version__}\n"
    record = b'{"email":"bob@example.com"}\n'
    redacted = run(bin_ / "cecil-redact", "--policy", "llm", "-q", input=record, cwd=tmp_path, env=env)
    assert redacted.stdout == b'{"email":"<EMAIL_ADDRESS>"}\n'
    report = run(
        "sh",
        "-c",
        f"{bin_}/cecil-fetch mock --records 30 | {bin_}/cecil-fingerprint | {bin_}/cecil-report",
        cwd=tmp_path,
        env=env,
    )
    assert b"list prices of" in report.stdout
    # The optional parts are not there, and say what to type.
    for argv, extra in ((["write", "-o", "x.parquet"], "parquet"), (["serve"], "serve")):
        missing = subprocess.run(
            [bin_ / f"cecil-{argv[0]}", *argv[1:]],
            input=record,
            capture_output=True,
            cwd=tmp_path,
            env=env,
            check=False,
        )
        assert missing.returncode == 1
        assert missing.stderr.decode().endswith(f"\nhint: pip install 'cecil[{extra}]'\n")


def test_make_install(tmp_path: Path) -> None:
    """`make install PREFIX= DESTDIR=` puts everything where a package builder expects it, and nothing else."""
    source = tmp_path / "source"
    run("git", "clone", "--quiet", ROOT, source)
    package = tmp_path / "package"
    run("make", "install", f"DESTDIR={package}", "PREFIX=/usr", f"PYTHON={sys.executable}", cwd=source)
    files = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()}
    expected = {f"usr/bin/cecil-{name}" for name in NAMES}
    expected |= {f"usr/share/man/man1/cecil-{name}.1" for name in NAMES}
    expected |= {
        "usr/share/man/man5/cecil-stream.5",
        "usr/share/man/man5/cecil-policy.5",
        "usr/share/man/man5/cecil-entities.5",
        "usr/share/man/man7/cecil.7",
    }
    expected |= {f"usr/share/bash-completion/completions/cecil-{name}" for name in NAMES}
    expected |= {f"usr/share/zsh/site-functions/_cecil-{name}" for name in NAMES}
    expected |= {f"usr/share/fish/vendor_completions.d/cecil-{name}.fish" for name in NAMES}
    outside = {file for file in files if "-packages/" not in file}
    assert outside == expected
    packaged = {file.split("-packages/")[1] for file in files - outside}
    assert "cecil/sanitizer/policies/default.yaml" in packaged
    assert "cecil/fingerprint/prices.json" in packaged
    assert not [file for file in packaged if not file.startswith("cecil")]
