"""The states of a batch, through the command: ready, tried, done, lost; the folder, and who may work in it."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cecil.errors import OutputError, SourceError
from cecil.fingerprint.hashing import Hasher
from cecil.stream.spool import Spool
from tests.prints import fingerprint
from tests.receiver import Receiver, authority, receiving

Run = Callable[..., Any]
BATCH = b'{"v":1}\n'
HASHER = Hasher(b"k" * 32)


def lines(day: int = 20_000) -> bytes:
    records = [
        fingerprint("openai/gpt-4o", t=day * 24, in_fresh=9, user_h=HASHER.user(str(who)), kid=HASHER.kid)
        for who in range(6)
    ]
    return b"".join(record.to_bytes() + b"\n" for record in records * 2)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return authority(tmp_path_factory.mktemp("authority"))


def agree(cecil: Run, server: Receiver, certificates: tuple[Path, Path]) -> None:
    done = cecil(*("fingerprint", "consent", "--endpoint", server.url, "--ca-file", certificates[0], "--yes"))
    assert done.returncode == 0, done.stderr


def test_a_batch_from_its_making_to_its_end(
    cecil: Run, certificates: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "state" / "cecil" / "upload"

    def states() -> list[str]:
        return [path.suffix for path in sorted(folder.glob("????-??-??.*"))]

    with receiving(certificates[1], [(401, {})]) as server:
        agree(cecil, server, certificates)
        two = lines() + lines(20_001)
        # Refused: the first may have arrived, the second never left.
        assert cecil("fingerprint", "upload", stdin=two).returncode == 1
        assert states() == [".tried", ".ready"]
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        done = cecil("fingerprint", "consent", "--revoke")
        assert b"1 batch that waited deleted" in done.stderr
        assert states() == [".lost"]
        agree(cecil, server, certificates)
        # What a process that was killed had begun to write goes; what is not its own stays.
        (folder / ".begun").write_text("half")
        (folder / "notes").write_text("not ours")
        assert cecil("fingerprint", "upload", stdin=two).returncode == 0
        assert states() == [".lost", ".done"]
        assert not (folder / ".begun").exists()
        assert (folder / "notes").exists()
    assert [json.loads(body)["day"] for body in server.kept.values()] == ["2024-10-05"]


def test_what_stops_an_upload_before_a_byte_leaves(
    cecil: Run, certificates: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "state" / "cecil" / "upload"

    def refused(*words: bytes) -> None:
        done = cecil("fingerprint", "upload", stdin=lines())
        assert done.returncode == 1
        assert all(word in done.stderr for word in words), done.stderr

    with receiving(certificates[1], [(400, {})]) as server:
        agree(cecil, server, certificates)
        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            refused(b"another upload is at work")
        folder.chmod(0o777)
        refused(b"others could have written in this folder", b"chmod 700")
        folder.chmod(0o700)
        assert server.requests == []
        refused(b"400")
        (file,) = folder.glob("*.tried")
        file.chmod(0o666)
        refused(b"others could have written it", b"chmod 600")
        file.chmod(0o600)
        file.write_bytes(file.read_bytes() + b" ")
        refused(b"a damaged batch")
        assert len(server.requests) == 1


def test_a_folder_that_is_none(cecil: Run, certificates: tuple[Path, Path], tmp_path: Path) -> None:
    with receiving(certificates[1]) as server:
        agree(cecil, server, certificates)
        folder = tmp_path / "state" / "cecil" / "upload"
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        folder.write_text("")
        done = cecil("fingerprint", "upload", stdin=lines())
        assert done.returncode != 0
        assert server.requests == []


def test_what_the_spool_keeps(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "a"))
    assert spool.entries() == []
    entry = spool.put("2024-10-04", BATCH)
    assert spool.entries() == [entry]
    assert spool.read(entry) == BATCH
    (tmp_path / "a" / ".tmp123").write_text("half")
    (tmp_path / "a" / "notes").write_text("not ours")
    with spool.lock():
        assert spool.entries() == [entry]
    assert not (tmp_path / "a" / ".tmp123").exists()
    with spool.lock(), pytest.raises(SourceError, match="another upload"), Spool(spool.folder).lock():
        pass
    assert spool.kept("none", 10) is None
    with pytest.raises(SourceError, match="too large"):
        spool.kept("notes", 3)


def test_a_file_in_the_folders_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    spool = Spool(str(tmp_path / "a"))
    with pytest.raises(SourceError):
        spool.entries()
    with pytest.raises(OutputError):
        spool.put("2024-10-04", BATCH)
    with pytest.raises(OutputError), spool.lock():
        pass
    with pytest.raises(OutputError):
        spool.move(Spool(str(tmp_path / "b")).put("2024-10-04", BATCH), "done")
    with pytest.raises(SourceError):
        spool.kept("x", 1)
