"""The manifest of a run, the chain of runs, and what --verify and --drift of cecil-leaktest say of them."""

import gzip
import hashlib
import json
import math
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cecil.commands.boundary import parser_of
from cecil.commands.manifest import Manifest
from cecil.errors import OutputError, UsageError
from cecil.leaktest.drift import FEWEST, Rates, beta, dispersion, drifts, tails
from cecil.stream import manifest, signing
from cecil.stream.quarantine import Quarantine
from tests.conftest import BIN, Run, build_sanitizer

MAIL = b"bob@example.com"
LINES = b'{"m":"mail ' + MAIL + b'"}\n{"ssn":"219-09-9999"}\n{"n":\n'


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def runs(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "runs").read_bytes().splitlines()]


@pytest.fixture
def redact(cecil: Run, tmp_path: Path) -> Callable[..., None]:
    """Redacts `in` to `out`, with a manifest in `runs`."""
    (tmp_path / "in").write_bytes(LINES)

    def run(*args: str) -> None:
        options = ("--nlp", "none", "-q", "--format", "jsonl", "--manifest", "runs", "--quarantine", "q")
        with (tmp_path / "out").open("wb") as out:
            done = cecil("redact", *options, *args, "in", stdout=out)
        assert done.returncode == 3, done.stderr

    return run


def test_what_a_manifest_says(redact: Callable[..., None], tmp_path: Path) -> None:
    redact("--audit", "audit")
    (one,) = runs(tmp_path)
    assert (tmp_path / "runs").stat().st_mode & 0o777 == 0o600
    assert one["findings"] == {"EMAIL_ADDRESS": {"redact": 1}, "US_SSN": {"redact": 1}}
    assert one["counts"] == {"read": 3, "written": 2, "dropped": {}, "quarantined": 1}
    assert (one["policy"]["name"], one["models"], one["key"], one["previous"]) == (
        "default",
        {},
        None,
        None,
    )
    assert one["versions"].keys() >= {"cecil", "python", "presidio-analyzer", "hyperscan"}
    assert one["complete"] and one["started"] <= one["ended"]
    files = {row["name"]: row for row in (*one["inputs"], *one["outputs"])}
    paths = {"in": "in", "<stdout>": "out", "audit": "audit", "q": "q"}
    assert files.keys() == paths.keys()
    for name, path in paths.items():
        data = (tmp_path / path).read_bytes()
        assert (files[name]["bytes"], files[name]["sha256"]) == (len(data), sha(data))
        assert Path(files[name]["path"]) == tmp_path / path
    line = (tmp_path / "runs").read_bytes()
    assert MAIL not in line and b"219-09" not in line
    assert line == json.dumps(one, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_streams_are_hashed_as_they_pass(cecil: Run, tmp_path: Path) -> None:
    packed = gzip.compress(LINES, mtime=0)
    (tmp_path / "k").write_bytes(b"")
    (tmp_path / "k").unlink()
    assert cecil("redact", "--new-key", "k").returncode == 0
    args = ("-q", "--nlp", "none", "--policy", "gdpr", "--key-file", "k", "--manifest", "runs")
    done = cecil("redact", *args, stdin=packed)
    (one,) = runs(tmp_path)
    assert one["inputs"] == [{"name": "<stdin>", "bytes": len(packed), "sha256": sha(packed)}]
    assert one["outputs"][0] == {"name": "<stdout>", "bytes": len(done.stdout), "sha256": sha(done.stdout)}
    key = (tmp_path / "k").read_text()
    assert f"cecil-key-1-{one['key']}-" in key
    assert key.splitlines()[-1][-43:] not in (tmp_path / "runs").read_text()


def test_a_chain(redact: Callable[..., None], cecil: Run, tmp_path: Path) -> None:
    redact()
    assert cecil("leaktest", "--verify", "runs").stderr.startswith(b"cecil-leaktest: 1 run, 3 files: all as ")
    redact()
    lines = (tmp_path / "runs").read_bytes().splitlines()
    assert runs(tmp_path)[1]["previous"] == f"sha256:{sha(lines[0])}"
    run = cecil("leaktest", "--verify", "runs")
    assert (run.returncode, run.stdout) == (0, b"")
    assert run.stderr == (
        b"cecil-leaktest: 2 runs, 3 files: all as it was; the last run is sha256:"
        + sha(lines[1]).encode()
        + b"\n"
    )


def test_runs_that_append(cecil: Run, tmp_path: Path) -> None:
    for _ in range(2):
        with (tmp_path / "out").open("ab") as out:
            args = ("-q", "--nlp", "none", "--manifest", "runs")
            assert cecil("redact", *args, stdin=b"mail " + MAIL + b"\n", stdout=out).returncode == 0
    assert [one["outputs"][0]["from"] for one in runs(tmp_path)] == [0, 21]
    assert cecil("leaktest", "-q", "--verify", "runs").returncode == 0
    data = bytearray((tmp_path / "out").read_bytes())
    data[0] ^= 1
    (tmp_path / "out").write_bytes(data)
    run = cecil("leaktest", "-q", "--verify", "runs")
    assert (run.returncode, run.stdout) == (4, f"runs:1: {tmp_path}/out: is not what it was\n".encode())


def _swap(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], lines[2]]


def _edit(old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    def edited(lines: list[bytes]) -> list[bytes]:
        assert old in lines[1]
        return [lines[0], lines[1].replace(old, new, 1), lines[2]]

    return edited


TAMPERED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], list[str]]] = {
    "a count": (_edit(b'"read":3', b'"read":4'), ["2: is not signed", "3: does not follow"]),
    "a finding": (_edit(b'"US_SSN"', b'"US_SSX"'), ["2: is not signed", "3: does not follow"]),
    "a hash": (_edit(b'"sha256":"', b'"sha256":"0'), ["2: is not signed", "3: does not follow"]),
    "the policy": (_edit(b'"default"', b'"nothing"'), ["2: is not signed", "3: does not follow"]),
    "the time": (_edit(b'"ended":"2', b'"ended":"1'), ["2: is not signed", "3: does not follow"]),
    "the spelling": (
        _edit(b'"complete":true', b'"complete": true'),
        ["2: is no manifest", "3: does not follow"],
    ),
    "the key's id": (
        _edit(b'"algorithm":"Ed25519"', b'"algorithm":"none"'),
        ["2: is not signed", "3: does not"],
    ),
    "a run is gone": (lambda lines: [lines[0], lines[2]], ["2: does not follow"]),
    "the first is gone": (lambda lines: lines[1:], ["1: does not follow"]),
    "two are swapped": (_swap, ["1: does not follow", "2: does not follow", "3: does not follow"]),
    "no signature": (
        lambda lines: [*lines[:2], manifest.canonical({**json.loads(lines[2]), "signature": None})],
        ["3: is not signed"],
    ),
    "something else": (lambda lines: [*lines, b"{}"], ["4: is no manifest"]),
}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a signed chain of three runs."""
    folder = tmp_path_factory.mktemp("signed")
    signer = signing.Signer(b"s" * 32)
    (folder / "verify").write_bytes(signer.verifier.file())
    (folder / "other").write_bytes(signing.Signer(b"t" * 32).verifier.file())
    body = {
        "command": "cecil-redact",
        "complete": True,
        "counts": {"read": 3},
        "ended": "2026-11-21T00:00:00Z",
        "findings": {"US_SSN": {"redact": 1}},
        "inputs": [{"name": "<stdin>", "bytes": 3, "sha256": "ab"}],
        "outputs": [],
        "policy": {"name": "default"},
    }
    for _ in range(3):
        manifest.append(str(folder / "runs"), body, signer)
    return folder


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_noticed(signed: Path, tmp_path: Path, what: str) -> None:
    change, said = TAMPERED[what]
    lines = change((signed / "runs").read_bytes().splitlines())
    (tmp_path / "runs").write_bytes(b"".join(line + b"\n" for line in lines))
    key = signing.verifier((signed / "verify").read_bytes(), "verify")
    told = [
        f"{run.number}: {what}" for run in manifest.chain(str(tmp_path / "runs"), key) for what in run.wrong
    ]
    assert len(told) == len(said)
    assert all(row.startswith(start) for row, start in zip(told, said, strict=True)), told


def test_who_signed(cecil: Run, signed: Path, tmp_path: Path) -> None:
    path = str(signed / "runs")
    assert cecil("leaktest", "--verify", path, "--verify-key", signed / "verify").returncode == 0
    run = cecil("leaktest", "-q", "--verify", path, "--verify-key", signed / "other")
    assert (run.returncode, run.stdout.count(b"is not signed by this key")) == (4, 3)
    run = cecil("leaktest", "--verify", path)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.endswith(b"the manifest is signed\nhint: --verify-key FILE says by which key\n")


def test_runs_that_are_cut_off_the_end(cecil: Run, signed: Path, tmp_path: Path) -> None:
    """The chain does not show it; who kept the hash of a run sees that it is gone."""
    lines = (signed / "runs").read_bytes().splitlines(keepends=True)
    key = ("--verify-key", signed / "verify")
    run = cecil("leaktest", "--verify", signed / "runs", *key)
    head = run.stderr.decode().split()[-1]
    assert head == manifest.digest(lines[-1].rstrip())
    (tmp_path / "cut").write_bytes(b"".join(lines[:2]))
    assert cecil("leaktest", "-q", "--verify", "cut", *key).returncode == 0
    run = cecil("leaktest", "-q", "--verify", "cut", *key, "--head", head)
    assert (run.returncode, run.stdout) == (4, b"cut: the run of --head is not there: runs were taken off\n")
    # Runs that came since are no harm; nor is the hash without its name.
    older = manifest.digest(lines[0].rstrip()).partition(":")[2]
    assert cecil("leaktest", "-q", "--verify", signed / "runs", *key, "--head", older).returncode == 0
    (tmp_path / "none").touch()
    assert cecil("leaktest", "--verify", "none", "--head", head).returncode == 1
    for wrong in (["--head", "abc", "--verify", "cut"], ["--head", head]):
        assert cecil("leaktest", *wrong).returncode == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.unlink(), "is not there"),
        (lambda path: path.write_bytes(b""), "is shorter than it was"),
        (lambda path: path.write_bytes(path.read_bytes() + b"x"), "is longer than it was"),
        (lambda path: path.write_bytes(b"x" * path.stat().st_size), "is not what it was"),
    ],
)
def test_files_are_what_they_were(tmp_path: Path, change: Callable[[Path], Any], said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(LINES)
    row = manifest.whole(str(path))
    assert row
    assert manifest.differs(row) is None
    change(path)
    assert manifest.differs(row) == said


def test_a_file_that_changed(redact: Callable[..., None], cecil: Run, tmp_path: Path) -> None:
    redact()
    (tmp_path / "in").unlink()
    run = cecil("leaktest", "-q", "--verify", "runs")
    assert (run.returncode, run.stdout.decode()) == (4, f"runs:1: {tmp_path}/in: is not there\n")
    assert cecil("leaktest", "-q", "--verify", "runs", "--chain-only").returncode == 0


def test_keys_that_sign(cecil: Run, tmp_path: Path) -> None:
    run = cecil("leaktest", "--new-signing-key", "sign")
    assert run.returncode == 0 and (tmp_path / "sign").stat().st_mode & 0o777 == 0o600
    (tmp_path / "verify").write_bytes(run.stdout)
    secret = (tmp_path / "sign").read_text().strip()[-43:]  # in which a hyphen may stand
    assert secret not in run.stdout.decode() + run.stderr.decode()
    args = ("redact", "-q", "--nlp", "none", "--manifest", "runs", "--manifest-key", "sign")
    assert cecil(*args, stdin=b"x\n").returncode == 0
    assert secret not in (tmp_path / "runs").read_text()
    for key in ("verify", "sign"):
        assert cecil("leaktest", "--verify", "runs", "--verify-key", key).returncode == 0
    assert cecil("leaktest", "--new-signing-key", "sign").returncode == 2
    (tmp_path / "sign").chmod(0o644)
    run = cecil(*args, stdin=b"x\n")
    assert (run.returncode, run.stdout) == (2, b"")
    assert len(runs(tmp_path)) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--manifest", "-"], "standard output carries records; a manifest needs a file"),
        (["--manifest-key", "k"], "--manifest-key signs a manifest"),
        (["--manifest", "other"], "other: its last line is no manifest"),
        (["--manifest", "cut"], "cut: its last line is no manifest"),
        (["--manifest", "none/m"], "none/m: no such file or directory"),
        (["--manifest", "m", "--manifest-key", "verify"], "verify: a key that tells, and not one that signs"),
    ],
)
def test_a_manifest_that_cannot_be(
    cecil: Run, signed: Path, tmp_path: Path, args: list[str], said: str
) -> None:
    (tmp_path / "other").write_bytes(b"{}\n")
    (tmp_path / "cut").write_bytes((signed / "runs").read_bytes()[:-1])
    (tmp_path / "verify").write_bytes((signed / "verify").read_bytes())
    (tmp_path / "verify").chmod(0o600)
    run = cecil("redact", "-q", "--nlp", "none", *args, stdin=LINES)
    assert run.returncode in (1, 2)
    assert run.stdout == b""  # said before the first byte is read
    assert run.stderr.decode().startswith(f"cecil-redact: {said}")


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["--verify", "none"], 1, "none: no such file or directory"),
        (["--verify", "empty"], 1, "empty: holds no run"),
        (["--drift", "empty"], 1, "empty: holds no complete run"),
        (["--drift", "text"], 1, "text:1: is no manifest as it was written"),
        (["--drift", "empty", "a", "b"], 2, "one run is judged"),
        (["--chain-only"], 2, "there is nothing to verify"),
        (["--verify", "text", "--verify-key", "text"], 2, "text: not a key for manifests"),
    ],
)
def test_what_cannot_be_verified(cecil: Run, tmp_path: Path, args: list[str], status: int, said: str) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_bytes(b"x\n")
    run = cecil("leaktest", *args)
    assert (run.returncode, run.stdout) == (status, b"")
    assert run.stderr.decode().startswith(f"cecil-leaktest: {said}")


def test_damaged_keys() -> None:
    good = signing.Signer(b"s" * 32)
    assert signing.signer(good.file(), "k").id == good.id == signing.verifier(good.file(), "k").id
    for data in (good.file(), good.verifier.file()):
        damaged = data.replace(good.id.encode(), b"0" * 20)
        with pytest.raises(UsageError, match="damaged"):
            (signing.signer if b"sign-1" in data else signing.verifier)(damaged, "k")
    assert not good.verifier.holds(b"x", "no base64") and not good.verifier.holds(b"x", None)
    assert good.verifier.holds(b"x", good.sign(b"x")) and not good.verifier.holds(b"y", good.sign(b"x"))


def test_a_manifest_that_cannot_be_written(tmp_path: Path) -> None:
    for write in (manifest.ready, lambda path: manifest.append(path, {})):
        with pytest.raises(OutputError):
            write(str(tmp_path))
    assert manifest.whole(str(tmp_path / "none")) is None
    read, write_end = os.pipe()
    try:
        assert manifest.Seen(read, "<stdin>").row().keys() == {"name", "bytes", "sha256"}
        assert manifest.Seen(-1, "x").row()["bytes"] == 0
    finally:
        os.close(read)
        os.close(write_end)


def poisson(chance: Random, mean: float) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1)
    return count


@pytest.mark.parametrize("shape", [0.0, 20.0])
def test_of_steady_runs_one_in_a_hundred_warns_at_most(shape: float) -> None:
    """With counts of Poisson's, and such as vary more (gamma-distributed rates); entities common and rare."""
    chance = Random(7)
    alarms, trials = 0, 400
    for _ in range(trials):
        made = []
        for _ in range(13):
            size = chance.choice((800, 1000, 3000))
            vary = [chance.gammavariate(shape, 1 / shape) if shape else 1.0 for _ in range(3)]
            rates = (0.05, 0.004, 0.0002)
            found = {f"E{n}": poisson(chance, size * rate * vary[n]) for n, rate in enumerate(rates)}
            made.append(Rates(size, {name: count for name, count in found.items() if count}))
        alarms += bool(drifts(made[:-1], made[-1]))
    assert alarms <= 0.01 * trials + 3 * math.sqrt(0.01 * trials)


def test_what_moves_is_told() -> None:
    chance = Random(3)
    usual = [Rates(1000, {"A": poisson(chance, 50), "B": poisson(chance, 3)}) for _ in range(12)]
    assert drifts(usual, Rates(1000, {"A": 52, "B": 3})) == []
    told = drifts(usual, Rates(1000, {"A": 120, "B": 3, "NEW": 25}))
    assert told is not None
    assert [one.entity for one in told] == ["A", "NEW"]
    assert told[0].now == 120 and 40 < told[0].before < 60 and told[1].before == 0
    (gone,) = drifts(usual, Rates(1000, {"B": 3})) or ()
    assert (gone.entity, gone.now) == ("A", 0)
    # Large runs of which every count is sure: what is not far is not told.
    steady = [Rates(10**6, {"A": 50_000}) for _ in range(12)]
    assert drifts(steady, Rates(10**6, {"A": 60_000})) == []
    assert drifts(usual[: FEWEST - 1], Rates(1000, {})) is None
    assert drifts(usual, Rates(0, {})) is None


def test_the_statistic() -> None:
    # Negative binomial with r = 3.5, p = 2/3: P(X >= 2) = 1 - p^r - r p^r (1 - p).
    power = (2 / 3) ** 3.5
    assert tails(3, 200, 2, 100) == pytest.approx(
        min(1 - power - 3.5 * power / 3, power + 3.5 * power / 3 + 3.5 * 4.5 / 2 * power / 9)
    )
    assert beta(2, 3, 0.5) == pytest.approx(0.6875)
    assert (beta(2, 3, 0), beta(2, 3, 1)) == (0, 1)
    assert dispersion([0, 0, 0], [1, 1, 1]) == dispersion([10, 10, 10], [1, 1, 1]) == 1
    assert dispersion([0, 100, 0, 100], [1, 1, 1, 1]) > 10


def test_drift_of_real_runs(cecil: Run, tmp_path: Path) -> None:
    for count in (10, 11, 9, 10, 12, 8, 60):
        body = {"complete": True, "counts": {"read": 500}, "findings": {"US_SSN": {"redact": count}}}
        manifest.append(str(tmp_path / "runs"), body)
    run = cecil("leaktest", "--drift", "runs")
    assert (run.returncode, run.stdout.split(b" (")[0]) == (4, b"US_SSN: 120 in 1000 records, 20 before")
    manifest.append(str(tmp_path / "last"), {**body, "findings": {"US_SSN": {"redact": 9}}})
    lines = (tmp_path / "runs").read_bytes().splitlines(keepends=True)
    (tmp_path / "runs").write_bytes(b"".join(lines[:-1]))
    run = cecil("leaktest", "--drift", "runs", "last")
    assert (run.returncode, run.stdout) == (0, b"")
    assert run.stderr == b"cecil-leaktest: no entity has moved, against 6 runs\n"
    (tmp_path / "runs").write_bytes(b"".join(lines[:3]))
    run = cecil("leaktest", "--drift", "runs")
    assert (run.returncode, run.stderr) == (
        0,
        b"cecil-leaktest: too few runs of its policy to compare with: 2, and 5 are wanted\n",
    )
    assert BIN.exists()


def test_names_that_are_no_utf8(cecil: Run, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \n.jsonl")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / name).write_bytes(LINES)
    args = ("--nlp", "none", "--quarantine", "q", "--format", "jsonl", "--manifest", "runs", "-o", "clean")
    assert cecil("redact", "-q", *args, "logs").returncode == 3
    (one,) = runs(tmp_path)
    assert [row["name"] for row in one["inputs"]] == ["logs/caf\\udce9 \n.jsonl"]
    assert cecil("leaktest", "--verify", "runs").returncode == 0
    (tmp_path / "clean" / name).write_bytes(b"x")
    run = cecil("leaktest", "-q", "--verify", "runs")
    assert run.returncode == 4
    assert run.stdout == f"runs:1: {tmp_path}/clean/caf\\udce9 \\n.jsonl: is shorter than it was\n".encode()


def test_a_manifest_that_does_not_fit_is_not_there_by_half(tmp_path: Path) -> None:
    """The file ends as before, and the next run can follow the one before."""
    path = str(tmp_path / "runs")
    manifest.append(path, {"command": "x"})
    before = (tmp_path / "runs").read_bytes()
    rows = manifest.Rows(path)
    for n in range(3000):
        rows.add({"name": str(n), "bytes": n, "sha256": "ab"})
    kept, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, most))
    try:
        with pytest.raises(OutputError, match="too large"):
            manifest.append(path, {"inputs": rows})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kept, most))
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "runs").read_bytes() == before
    manifest.append(path, {"inputs": rows, "outputs": manifest.Rows(path)}, signing.Signer(b"s" * 32))
    key = signing.Signer(b"s" * 32).verifier
    found = list(manifest.chain(path, key))
    assert [run.wrong for run in found] == [("is not signed by this key",), ()]
    assert found[1].record["inputs"][2999] == {"name": "2999", "bytes": 2999, "sha256": "ab"}
    assert found[1].record["outputs"] == []


ROW = '{"bytes":1,"from":0,"name":"in","path":"/in","sha256":"ab"}'
WRONG = (
    ('"bytes":1', '"bytes":"x"'),
    ('"bytes":1', '"bytes":-5'),
    ('"from":0', '"from":"x"'),
    ('"from":0,', ""),
    ('"from":0', '"from":9223372036854775808'),
    ('"sha256":"ab"', '"sha256":5'),
    ('"path":"/in"', '"path":"a\\u0000b"'),
    ('"path":"/in"', '"path":5'),
    ('"path":"/in"', '"path_base64":"="'),
    (f"[{ROW}]", "5"),
    (f"[{ROW}]", "[5]"),
    (f"[{ROW}]", "[{}]"),
    ('"manifest":1', '"manifest":true'),
    ('"read":3', '"read":"x"'),
    ('{"read":3}', "5"),
    ('"redact":1', '"redact":-7'),
    ('{"redact":1}', "5"),
    ('{"US_SSN":{"redact":1}}', "5"),
    ('{"digest":"x"}', "5"),
)


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_what_cannot_be_read_as_a_run_is_none(tmp_path: Path, old: str, new: str) -> None:
    """Who edits a manifest without a signature meets a message, and no bug."""
    path = tmp_path / "runs"
    body = {
        "complete": True,
        "counts": {"read": 3},
        "findings": {"US_SSN": {"redact": 1}},
        "inputs": [json.loads(ROW)],
        "policy": {"digest": "x"},
    }
    manifest.append(str(path), body)
    assert [run.wrong for run in manifest.chain(str(path))] == [()]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert [run.wrong for run in manifest.chain(str(path))] == [("is no manifest as it was written",)]


def test_a_file_that_is_a_pipe_by_now(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(LINES)
    row = manifest.whole(str(path))
    assert row
    path.unlink()
    os.mkfifo(path)
    assert manifest.differs(row) == "is no file any more"


def test_drift_is_among_runs_of_one_policy(cecil: Run, tmp_path: Path) -> None:
    """And a chain that does not hold is no baseline."""

    def ran(policy: str, count: int) -> None:
        body = {"complete": True, "counts": {"read": 500}, "findings": {"US_SSN": {"redact": count}}}
        manifest.append(str(tmp_path / "runs"), {**body, "policy": {"digest": policy}})

    for _ in range(6):
        ran("a", 60)
        ran("b", 0)
    run = cecil("leaktest", "--drift", "runs")
    assert (run.returncode, run.stderr) == (0, b"cecil-leaktest: no entity has moved, against 5 runs\n")
    ran("c", 60)
    run = cecil("leaktest", "--drift", "runs")
    said = b"cecil-leaktest: too few runs of its policy to compare with: 0, and 5 are wanted\n"
    assert (run.returncode, run.stderr) == (0, said)
    lines = (tmp_path / "runs").read_bytes().splitlines(keepends=True)
    (tmp_path / "runs").write_bytes(b"".join([*lines[:3], *lines[4:]]))
    run = cecil("leaktest", "--drift", "runs")
    said = b"cecil-leaktest: runs:4: does not follow the run before it\n"
    assert (run.returncode, run.stdout, run.stderr) == (1, b"", said)


def test_a_file_that_is_gone_by_the_end_has_no_row(tmp_path: Path) -> None:
    """The line of the run is a manifest all the same."""
    args = parser_of("redact").parse_args(["-o", "clean", "--manifest", str(tmp_path / "runs"), "x"])
    told = Manifest("cecil-redact", args, build_sanitizer())
    told.add(None, {"name": "x", "bytes": 1, "sha256": "ab"}, [("US_SSN", "redact", 1)])
    told.write(Quarantine(), complete=True)
    (run,) = manifest.chain(str(tmp_path / "runs"))
    assert (run.wrong, run.record["inputs"], len(run.record["outputs"])) == ((), [], 1)
