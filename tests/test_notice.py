"""What is said on a terminal after the output; and that nobody else is told."""

import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cecil.fingerprint.gap import Figures, Shown
from cecil.fingerprint.record import Repeat
from tests.conftest import BIN
from tests.prints import fingerprint
from tests.test_upload import lines

Run = Callable[..., Any]


def on_a_terminal(
    argv: list[str], env: dict[str, str], folder: Path, stdin: bytes, *, stdout: bool = True
) -> str:
    """What a terminal shows of a command: stderr, and stdout too unless it is a pipe."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=theirs if stdout else subprocess.DEVNULL,
        stderr=theirs,
        env=env,
        cwd=folder,
    )
    os.close(theirs)
    assert process.stdin is not None
    process.stdin.write(stdin)
    process.stdin.close()
    shown = b""
    try:
        while data := os.read(ours, 65536):
            shown += data
    except OSError:  # the other side has gone
        pass
    os.close(ours)
    process.wait()
    assert process.returncode == 0, shown
    return shown.decode()


def notices(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("cecil-fingerprint: ")]


def test_on_a_terminal_three_lines_with_own_figures(env: dict[str, str], tmp_path: Path) -> None:
    shown = on_a_terminal([str(BIN / "cecil-fingerprint")], env, tmp_path, lines(6, 2))
    told = notices(shown)
    assert len(told) == 3
    assert "12 calls of 1 model on 1 day, 1,200 tokens in and 0 out; nothing was sent" in told[0]
    assert "cecil-report" in told[1]
    assert "upload --dry-run" in told[2]


@pytest.mark.parametrize(
    ("options", "more"),
    [
        (["--quiet"], {}),
        (["--no-notice"], {}),
        ([], {"CI": "true"}),
        ([], {"CI": "1"}),
        ([], {"CECIL_NO_NOTICE": "1"}),
        ([], {"CECIL_FINGERPRINT_NO_NOTICE": "1"}),
    ],
)
def test_whoever_does_not_want_it(
    env: dict[str, str], tmp_path: Path, options: list[str], more: dict[str, str]
) -> None:
    shown = on_a_terminal([str(BIN / "cecil-fingerprint"), *options], env | more, tmp_path, lines())
    assert notices(shown) == []


def test_a_setting_turns_it_off(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cecil.toml").write_text("[fingerprint]\nno-notice = true\n")
    assert notices(on_a_terminal([str(BIN / "cecil-fingerprint")], env, tmp_path, lines())) == []


def test_not_in_a_pipe(env: dict[str, str], tmp_path: Path, cecil: Run) -> None:
    argv = [str(BIN / "cecil-fingerprint")]
    assert on_a_terminal(argv, env, tmp_path, lines(), stdout=False) == ""
    done = cecil("fingerprint", stdin=lines())
    assert (done.returncode, done.stderr) == (0, b"")


def test_after_a_report(env: dict[str, str], tmp_path: Path) -> None:
    argv = [str(BIN / "cecil-report"), "--today", "2026-10-27"]
    shown = on_a_terminal(argv, env, tmp_path, lines(6, 2)).splitlines()
    told = [line for line in shown if line.startswith("cecil-report: ")]
    assert len(told) == 3
    assert "12 calls of 1 model" in told[0]
    assert shown[-3:] == told
    quiet = on_a_terminal([*argv, "--no-notice"], env, tmp_path, lines(6, 2))
    assert "cecil-report: " not in quiet
    assert "cecil-report: " not in on_a_terminal([*argv, "--format", "json"], env, tmp_path, lines(6, 2))


def test_nothing_of_nothing(env: dict[str, str], tmp_path: Path) -> None:
    assert notices(on_a_terminal([str(BIN / "cecil-fingerprint")], env, tmp_path, b"")) == []
    assert Figures().lines(Shown.REPORT) == []


def test_the_words() -> None:
    figures = Figures()
    figures.add(fingerprint("openai/gpt-4o", t=480_000, in_fresh=1000, in_cache_read=200, out_text=30))
    figures.add(fingerprint("openai/gpt-4o", leg=1, out_reasoning=4))
    figures.add(fingerprint(None, ok=False, repeat=Repeat.M5, reuse_1h=500))
    figures.add(fingerprint(None, repeat=Repeat.H24, reuse_1h=700, in_cache_read=700))
    first, second, _ = figures.lines(Shown.FINGERPRINTS)
    assert first == (
        "computed here: 3 calls of 1 model on 1 day (2 of models that no price list here has), 1,900 tokens in "
        "and 34 out; nothing was sent"
    )
    assert second == (
        "still in it: what that costs, and of 1 repeat within an hour, 500 tokens that a prompt cache could have "
        "read, 1 failed call; pipe it to cecil-report"
    )
    second = figures.lines(Shown.REPORT)[1]
    assert second == (
        "not in a fingerprint: whether a cheaper model would have answered as well, and why there are 1 repeat "
        "within an hour and 500 tokens that a prompt cache could have read"
    )
