"""Files that are kept between runs: whole, ours, few; and no failure of theirs is a run's."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.scanner import Scanner, _database
from cecil.stream.cache import KEPT, FileCache
from tests.conftest import ROOT, Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "cecil"


def test_what_was_put_comes_back(folder: Path) -> None:
    cache = FileCache(str(folder))
    assert cache.get("k") is None
    for value in (b"", b"one", b"two" * 100_000):
        cache.put("k", value)
        assert FileCache(str(folder)).get("k") == value
    assert [path.name for path in folder.iterdir()] == ["k"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "k").stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 200])
def test_what_is_damaged_is_made_again(damage: bytes, folder: Path) -> None:
    cache = FileCache(str(folder))
    cache.put("k", b"value")
    (folder / "k").write_bytes(damage)
    assert cache.get("k") is None
    cache.put("k", b"value")
    (folder / "k").write_bytes((folder / "k").read_bytes()[:-1])
    assert cache.get("k") is None


def test_what_others_can_write_is_not_believed(folder: Path) -> None:
    cache = FileCache(str(folder))
    cache.put("k", b"value")
    (folder / "k").chmod(0o620)
    assert cache.get("k") is None
    (folder / "k").chmod(0o600)
    assert cache.get("k") == b"value"
    folder.chmod(0o702)
    assert cache.get("k") is None


def test_what_belongs_to_another_is_not_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = FileCache(str(folder))
    cache.put("k", b"value")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.get("k") is None


def test_the_oldest_go(folder: Path) -> None:
    cache = FileCache(str(folder))
    for number in range(KEPT + 3):
        cache.put(f"k{number}", b"value")
        os.utime(folder / f"k{number}", ns=(number, number))
    cache.put("last", b"value")
    names = {path.name for path in folder.iterdir()}
    assert names == {"last", *(f"k{number}" for number in range(4, KEPT + 3))}


def test_a_folder_that_cannot_be_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = FileCache(str(tmp_path / "file" / "cecil"))
    cache.put("k", b"value")
    assert cache.get("k") is None
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_that_cannot_be_leaves_nothing(folder: Path) -> None:
    cache = FileCache(str(folder))
    (folder / "k").mkdir(parents=True)
    cache.put("k", b"value")
    assert [path.name for path in folder.iterdir()] == ["k"]
    assert cache.get("k") is None


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    FileCache().put("k", b"value")
    assert (tmp_path / "xdg" / "cecil" / "k").exists()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    FileCache().put("k", b"value")
    assert (tmp_path / "home" / ".cache" / "cecil" / "k").exists()
    monkeypatch.setenv("HOME", "nowhere")
    FileCache().put("k", b"value")
    assert FileCache().get("k") is None


BUILD = """
import sys
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.scanner import Scanner
from cecil.stream.cache import FileCache
sys.stdin.read()  # until all are there
for number in range(40):
    scanner = Scanner([(0, Trigger(f"needle{number % 4}")), (3, Trigger("é", beyond=True))], cache=FileCache(sys.argv[1]))
    assert scanner.mask(f"a needle{number % 4} é") == 9
    assert scanner.mask("a thread") == 0
"""  # fmt: skip


def test_processes_that_build_at_once(folder: Path) -> None:
    """Each finds nothing, or something whole; nothing is left half written."""
    running = [
        subprocess.Popen([sys.executable, "-c", BUILD, str(folder)], stdin=subprocess.PIPE, cwd=ROOT)
        for _ in range(3)
    ]
    for one in running:
        assert one.stdin is not None
        one.stdin.close()
    assert [one.wait(60) for one in running] == [0, 0, 0]
    names = [path.name for path in folder.iterdir()]
    assert 4 <= len(names) <= KEPT
    assert [name for name in names if name.startswith(".")] == []
    cache = FileCache(str(folder))
    assert None not in [cache.get(name) for name in names]


ROWS = [
    (0, Trigger("needle")),
    (1, Trigger("[0-9]{3}-[0-9]{4}", shape=True)),
    (2, Trigger("é", beyond=True)),
]


@pytest.mark.parametrize("damage", ["gone", "cut", "empty", "flipped", "of another kind", "a folder"])
def test_a_database_that_is_damaged_is_made_again(damage: str, folder: Path) -> None:
    cache = FileCache(str(folder))
    Scanner(ROWS, cache=cache)
    _database.cache_clear()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name, data in before.items():
        value = cache.get(name)
        assert value is not None
        if damage == "gone":
            (folder / name).unlink()
        elif damage == "a folder":
            (folder / name).unlink()
            (folder / name).mkdir()
        elif damage == "of another kind":
            cache.put(name, value[:100] + bytes(len(value) - 100))  # whole, and no database
        else:
            half = len(data) // 2
            cut = {
                "cut": data[:half],
                "empty": b"",
                "flipped": data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :],
            }
            (folder / name).write_bytes(cut[damage])
    again = Scanner(ROWS, cache=FileCache(str(folder)))
    assert again.mask("a needle, 555-0123 é") == 7
    assert again.mask("nothing") == 0
    if damage != "a folder":
        assert {name: cache.get(name) for name in before} == {n: d[32:] for n, d in before.items()}


@pytest.mark.slow
@pytest.mark.parametrize("state", ["empty", "cut", "no folder"])
def test_commands_run_without_a_good_cache(state: str, cecil: Run, tmp_path: Path) -> None:
    """They take seconds longer, and give the same."""
    line = b'{"m":"bob@example.com from 8.8.8.8"}\n'
    good = cecil("redact", stdin=line)
    folder = tmp_path / "cache"
    if state == "no folder":
        folder.write_bytes(b"")
    elif state == "cut":
        cecil("redact", stdin=line, env={"XDG_CACHE_HOME": str(folder)})
        for path in (folder / "cecil").iterdir():
            path.write_bytes(path.read_bytes()[:-7])
    other = cecil("redact", stdin=line, env={"XDG_CACHE_HOME": str(folder)})
    assert (other.stdout, other.stderr, other.returncode) == (good.stdout, good.stderr, good.returncode)
    assert b"<EMAIL_ADDRESS>" in other.stdout
