"""Keys: the form of a key file, one key for each purpose, and what cecil-redact does with key files."""

import hmac
import os
import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import OutputError, UsageError
from cecil.sanitizer import base32
from cecil.sanitizer.keyring import Keyring
from tests.conftest import Run

SECRET = b"k" * 32
LINE = Keyring(SECRET).file().decode().splitlines()[-1]
OTHER = Keyring(b"o" * 32).file().decode().splitlines()[-1]
POLICY = b"version: 1\nentities: {EMAIL_ADDRESS: hash}\n"
MAIL = b'{"m":"bob@example.com"}\n'


@given(st.binary(max_size=80))
def test_base32_is_there_and_back(data: bytes) -> None:
    assert base32.decode(base32.encode(data)) == data


def test_base32_of_a_hash_is_that_of_any_length() -> None:
    assert base32.encode(bytes(range(20)) + b"\0" * 5)[:32] == base32.encode(bytes(range(20)))


@pytest.mark.parametrize("text", ["a", "ab" + "a", "az", "aab" + "aaa"])
def test_what_is_no_base32(text: str) -> None:
    with pytest.raises(ValueError, match="base32"):
        base32.decode(text)


def test_a_key_file_is_there_and_back() -> None:
    keys = Keyring.random().rotated().rotated()
    again = Keyring.parse(keys.file())
    assert again.ids == keys.ids
    assert again.file() == keys.file()
    assert len(set(keys.ids)) == 3
    assert [again.derive("hash", one) for one in again.ids] == [keys.derive("hash", one) for one in keys.ids]


def test_the_form_of_a_key_file_does_not_change() -> None:
    """A key file outlives the Cecil that made it."""
    assert LINE == "cecil-key-1-xgiqhscb-nnvww23lnnvww23lnnvww23lnnvww23lnnvww23lnnvww23lnnvq"
    text = f"\n# of 2026\r\n{LINE} \r\n\n  \n{OTHER}"
    keys = Keyring.parse(text.encode())
    assert keys.ids == ("xgiqhscb", Keyring(b"o" * 32).ids[0])
    assert not keys.temporary
    assert keys.derive("hash").hex()[:16] == Keyring(SECRET).derive("hash").hex()[:16]
    assert keys.derive("hash").hex()[:16] == "e030a2a0e36759e9"


def test_hkdf_is_that_of_rfc_5869() -> None:
    """With no salt and one block: two HMACs."""
    first = hmac.digest(b"\0" * 32, SECRET, "sha256")
    assert Keyring(SECRET).derive("hash") == hmac.digest(first, b"cecil 1 hash\x01", "sha256")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no key in it"),
        (b"# nothing\n", "no key in it"),
        (b"\xff\xfe\x00", "not a key file"),
        (b"0123456789abcdef0123456789abcdef", "f:1: not a key"),
        (b"# x\n" + LINE.encode()[:-1], "f:2: not a key"),
        (LINE.upper().encode(), "f:1: not a key"),
        (f"{LINE} {LINE}".encode(), "f:1: not a key"),
        (f"{LINE}\n{LINE}".encode(), "f:2: a key that is there twice"),
        (LINE.replace("nnvww", "mnvww", 1).encode(), "f:1: a damaged key: its id is that of another"),
        (f"{LINE[:-1]}r".encode(), "f:1: a damaged key"),
        (LINE.replace("key-1", "key-2").encode(), "f:1: a key of a version that this Cecil does not know"),
        (LINE.replace("key-1", "key-11").encode(), "f:1: a key of a version that this Cecil does not know"),
    ],
)
def test_what_is_no_key_file(data: bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Keyring.parse(data, "f")
    assert str(caught.value).removeprefix("f: ") == message
    assert caught.value.hint == "cecil-redact --new-key FILE makes a key file"
    assert caught.value.__cause__ is None


def test_a_key_without_a_name_is_called_key() -> None:
    with pytest.raises(UsageError, match=r"\Akey:1: not a key\Z"):
        Keyring.parse(b"x")


def test_one_key_for_each_purpose() -> None:
    keys = Keyring(SECRET, b"o" * 32)
    made = {
        keys.derive("hash"),
        keys.derive("encrypt"),
        keys.derive("hash", keys.ids[1]),
        keys.derive("hash", length=64),
    }
    assert len(made) == 4
    assert keys.derive("hash", keys.ids[0]) == keys.derive("hash")
    assert len(keys.derive("encrypt", length=64)) == 64
    with pytest.raises(KeyError):
        keys.derive("hash", "aaaaaaaa")


def test_a_mac_is_hmac_sha_256() -> None:
    keys = Keyring(SECRET, b"o" * 32)
    for one in keys.ids:
        mac = keys.mac("hash", one)
        for message in (b"", b"x", b"y" * 1000):
            assert mac(message) == hmac.digest(keys.derive("hash", one), message, "sha256")


def test_a_key_shows_nothing_of_itself() -> None:
    keys = Keyring(SECRET)
    keys.derive("hash")
    assert repr(keys._keys[0]) == "Key(xgiqhscb)"
    assert SECRET.decode() not in repr(keys) + str(vars(keys)["_keys"])
    assert keys.derive("hash") not in pickle.dumps(keys)
    assert pickle.loads(pickle.dumps(keys)).derive("hash") == keys.derive("hash")


def test_random_keys_differ_and_are_temporary() -> None:
    assert Keyring.random().temporary
    assert Keyring.random().ids != Keyring.random().ids


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_key(cecil: Run, tmp_path: Path) -> None:
    done = cecil("redact", "--new-key", "k", umask=0)
    key = tmp_path / "k"
    (name,) = Keyring.parse(key.read_bytes()).ids
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == f"cecil-redact: the new key {name} is in k\n"
    assert mode(key) == 0o600
    before = key.read_bytes()
    again = cecil("redact", "--new-key", "k")
    assert again.returncode == 2
    assert again.stderr.decode() == (
        "cecil-redact: k: there is such a file; a key is never written over\n"
        "hint: --rotate puts a new key before those that are in it\n"
    )
    assert key.read_bytes() == before


def test_no_link_is_followed_to_write_a_key(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "k").symlink_to(tmp_path / "elsewhere")
    assert cecil("redact", "--new-key", "k").returncode == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_new_key_that_cannot_be_written(cecil: Run, tmp_path: Path) -> None:
    done = cecil("redact", "--new-key", "no/k")
    assert (done.returncode, done.stderr) == (1, b"cecil-redact: no/k: no such file or directory\n")


def test_rotation(cecil: Run, tmp_path: Path) -> None:
    """The tokens of the older key are known, and new ones are the new key's."""
    (tmp_path / "p.yaml").write_bytes(POLICY)
    cecil("redact", "--new-key", "k")
    (tmp_path / "link").symlink_to("k")
    args = ("--nlp", "none", "--policy", "p.yaml", "--key-file", "link")
    old = cecil("redact", *args, stdin=MAIL).stdout
    done = cecil("redact", "--new-key", "link", "--rotate")
    assert done.returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert mode(tmp_path / "k") == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["k", "link", "p.yaml"]
    keys = Keyring.parse((tmp_path / "k").read_bytes())
    assert f"the new key {keys.ids[0]} is in link" in done.stderr.decode()
    assert len(keys.ids) == 2
    new = cecil("redact", *args, stdin=old + MAIL).stdout.splitlines(keepends=True)
    assert new[0] == old != new[1]


def test_rotation_loses_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cecil.commands import keyfile

    path = tmp_path / "k"
    keyfile.create(str(path))
    before = path.read_bytes()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, full)
            with pytest.raises(OutputError, match="no space left"):
                keyfile.rotate(str(path))
        assert path.read_bytes() == before
        assert [one.name for one in tmp_path.iterdir()] == ["k"]
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="no space left"):
            keyfile.create(str(tmp_path / "other"))
    assert [one.name for one in tmp_path.iterdir()] == ["k"]
    (tmp_path / "k.new").write_bytes(b"")
    with pytest.raises(UsageError, match="another rotation") as caught:
        keyfile.rotate(str(path))
    assert caught.value.hint == f"rm {tmp_path}/k.new"
    assert (tmp_path / "k.new").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_key_file_stays_its_owners(tmp_path: Path) -> None:
    from cecil.commands import keyfile

    path = tmp_path / "k"
    keyfile.create(str(path))
    os.chown(path, 12345, -1)
    keyfile.rotate(str(path))
    assert path.stat().st_uid == 12345


def test_two_rotations_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes between reading and writing is noticed."""
    from cecil.commands import keyfile

    path = tmp_path / "k"
    keyfile.create(str(path))
    write = keyfile._write

    def slow(where: str, keys: Keyring) -> None:
        monkeypatch.setattr(keyfile, "_write", write)
        keyfile.rotate(str(path))
        write(where, keys)

    monkeypatch.setattr(keyfile, "_write", slow)
    with pytest.raises(UsageError, match="another rotation came first"):
        keyfile.rotate(str(path))
    assert len(keyfile.read(str(path)).ids) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["k"]


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_read(cecil: Run, tmp_path: Path, bits: int) -> None:
    (tmp_path / "k").write_bytes(Keyring(SECRET).file())
    (tmp_path / "k").chmod(bits)
    for args in (("--key-file", "k"), ("--new-key", "k", "--rotate")):
        done = cecil("redact", *args, stdin=MAIL)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == (
            "cecil-redact: k: a key file that others than its owner may read or write\nhint: chmod 600 k\n"
        )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "k: no such file or directory"),
        (b"x" * 70_000, "k: too large for a key file"),
        (b"0123456789abcdef", "k:1: not a key"),
    ],
)
def test_a_wrong_key_file(cecil: Run, tmp_path: Path, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / "k").write_bytes(data)
        (tmp_path / "k").chmod(0o600)
    done = cecil("redact", "--key-file", "k", stdin=MAIL)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[0] == f"cecil-redact: {message}"


def test_the_environment_names_a_file_and_is_no_key(cecil: Run, tmp_path: Path) -> None:
    """A key that was put there by mistake is not told to anybody."""
    (tmp_path / "k").write_bytes(Keyring(SECRET).file())
    (tmp_path / "k").chmod(0o600)
    (tmp_path / "p.yaml").write_bytes(POLICY)
    args = ("--nlp", "none", "--policy", "p.yaml")
    by_option = cecil("redact", *args, "--key-file", "k", stdin=MAIL)
    by_name = cecil("redact", *args, stdin=MAIL, env={"CECIL_REDACT_KEY_FILE": "k"})
    assert by_name.stdout == by_option.stdout != MAIL
    assert by_name.stderr == by_option.stderr == b""
    for options, env in (
        (("--key-file", LINE), {}),
        (("--key-file", LINE[-52:]), {}),
        ((), {"CECIL_REDACT_KEY_FILE": LINE}),
    ):
        done = cecil("redact", *args, *options, stdin=MAIL, env=env)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == (
            "cecil-redact: the path of a key file is wanted, and never a key itself\nhint: --key-file FILE\n"
        )
    assert cecil("redact", *args, "--key-file", "", stdin=MAIL).returncode == 2


def test_a_file_that_is_called_a_key(cecil: Run, tmp_path: Path) -> None:
    assert cecil("redact", "--new-key", "cecil-key-1").returncode == 0
    done = cecil("redact", "--nlp", "none", "--key-file", "cecil-key-1", stdin=MAIL)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_key_in_a_log_is_found(cecil: Run) -> None:
    done = cecil("redact", "--nlp", "none", stdin=f'{LINE}\n{{"m":"with {OTHER}"}}\n'.encode())
    assert done.stdout == b'<SECRET>\n{"m":"with <SECRET>"}\n'


def test_a_key_from_a_pipe(tmp_path: Path, cecil: Run) -> None:
    (tmp_path / "p.yaml").write_bytes(POLICY)
    ours, theirs = os.pipe()
    os.write(theirs, Keyring(SECRET).file())
    os.close(theirs)
    try:
        args = ("--nlp", "none", "--policy", "p.yaml", "--key-file", f"/dev/fd/{ours}")
        done = cecil("redact", *args, stdin=MAIL, pass_fds=(ours,))
    finally:
        os.close(ours)
    assert done.stdout.startswith(b'{"m":"<EMAIL_ADDRESS#')


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--rotate",), "--rotate is a way to make a key"),
        (("--new-key", "k", "--check"), "--check does not go with --new-key"),
        (("--new-key", "k", "--policy", "llm"), "--policy does not go with --new-key"),
        (("--new-key", "k", "in"), "FILE does not go with --new-key"),
        (("--new-key", "k", "--restore"), "--restore does not go with --new-key"),
    ],
)
def test_what_does_not_go_with_a_new_key(
    cecil: Run, tmp_path: Path, args: tuple[str, ...], message: str
) -> None:
    done = cecil("redact", *args)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"cecil-redact: {message}\nhint: ")
    assert not (tmp_path / "k").exists()


def test_no_settings_file_makes_a_key(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "cecil.toml").write_text('[redact]\nnew-key = "k"\n')
    done = cecil("redact", stdin=MAIL)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no such option" in done.stderr


def test_settings_for_other_runs_are_no_hindrance(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "cecil.toml").write_text('[redact]\nnlp = "none"\ncheck = true\n')
    assert cecil("redact", "--new-key", "k").returncode == 0


@pytest.mark.parametrize("option", ["--check", "--explain", "--quiet"])
def test_a_made_up_key_is_told_where_it_matters(cecil: Run, tmp_path: Path, option: str) -> None:
    (tmp_path / "p.yaml").write_bytes(POLICY)
    assert b"made up" in cecil("redact", "--policy", "p.yaml", stdin=MAIL).stderr
    assert b"made up" not in cecil("redact", "--policy", "p.yaml", option, stdin=MAIL).stderr


def test_a_policy_that_encrypts_needs_a_key(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nfields: {a: encrypt}\n")
    done = cecil("redact", "--policy", "p.yaml", stdin=MAIL)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        "cecil-redact: p.yaml: encrypt needs a key that stays\n"
        "hint: cecil-redact --new-key cecil.key; then --key-file cecil.key\n"
    )
    assert cecil("redact", "--policy", "p.yaml", "--check", stdin=b'{"a":1}\n').returncode == 4
