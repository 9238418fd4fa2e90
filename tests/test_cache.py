"""Files that are kept between runs: whole, ours, few; and no failure of theirs is a run's."""

import os
import stat
from pathlib import Path

import pytest

from cecil.stream.cache import KEPT, FileCache


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
