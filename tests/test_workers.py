"""Workers: the same output for any number of them, and every way in which one can end."""

import contextlib
import fcntl
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cecil.errors import WorkerError
from cecil.stream.workers import SLOT, Alone, Pool, usable_cores
from tests.conftest import BIN, Run
from tests.processes import children

# A test runner has threads of its own; what is forked here does not touch them.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

EMAIL = b"bob@example.com"


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# The pool alone: what is done with a block is up to the test.


class Log:
    """What came back, in the order it came."""

    def __init__(self) -> None:
        self.rows: list[tuple[bytes, object]] = []

    def done(self, data: bytes, rest: object) -> None:
        self.rows.append((data, rest))


@contextlib.contextmanager
def pool(work: Callable[[bytes], tuple[bytes, object]], count: int = 2) -> Iterator[Pool[object]]:
    before = children(os.getpid())
    made: Pool[object] = Pool(work, count)
    try:
        yield made
    finally:
        made.kill()
    assert children(os.getpid()) == before  # none is left behind


def upper(data: bytes) -> tuple[bytes, object]:
    return data.upper(), {"size": len(data)}


def ends(data: bytes) -> tuple[bytes, object]:
    """Does what the block says."""
    if data == b"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if data == b"exit":
        os._exit(0)
    if data == b"bug":
        raise ZeroDivisionError
    return upper(data)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_blocks_come_back_in_order(count: int) -> None:
    chance = random.Random(1)
    blocks = [chance.randbytes(chance.choice([0, 1, 100, 10_000, 300_000])) for _ in range(200)]
    log = Log()
    with pool(upper, count) as made:
        for block in blocks:
            half = len(block) // 2
            made.put([block[:half], block[half:]], log.done)
        made.close()
    assert log.rows == [upper(block) for block in blocks]


def test_actions_have_their_turn_among_the_blocks() -> None:
    log = Log()
    with pool(upper) as made:
        made.then(lambda: log.done(b"begin", None))
        for number in range(50):
            made.put([b"x%d" % number], log.done)
            made.then(lambda n=number: log.done(b"then %d" % n, None))  # type: ignore[misc]
        made.close()
    expected: list[tuple[bytes, object]] = [(b"begin", None)]
    for number in range(50):
        expected += [upper(b"x%d" % number), (b"then %d" % number, None)]
    assert log.rows == expected


def test_what_does_not_fit_into_a_slot() -> None:
    """A block that is too large stays with the parent, in its turn; a result that is goes through the pipe."""

    def times(data: bytes) -> tuple[bytes, object]:
        return data * 3, "x" * 200_000

    large = b"b" * (SLOT + 1)
    blocks = [b"a", b"c" * (SLOT // 2), large, b"d", b"e" * SLOT]
    log = Log()
    with pool(times) as made:
        for block in blocks:
            made.put([block], log.done)
        made.close()
    assert log.rows == [times(block) for block in blocks]


def test_waiting_hands_over_until_the_source_has_something() -> None:
    log = Log()
    read, write = os.pipe()
    with pool(upper) as made, open(read, "rb") as source, open(write, "wb", 0) as sink:
        made.put([b"a"], log.done)
        made.wait(source)  # nothing comes: so it waits for the result
        assert log.rows == [upper(b"a")]
        made.wait(source)  # nothing is under way: so it does not wait
        sink.write(b"x")
        made.put([b"b"], log.done)
        made.wait(source)  # returns at once or with the result
        made.wait(None)
        assert log.rows == [upper(b"a"), upper(b"b")]
        made.close()


def test_an_exception_is_the_parents_in_its_turn() -> None:
    log = Log()
    with pool(ends) as made:
        for block in (b"a", b"b", b"bug"):
            made.put([block], log.done)
        with pytest.raises(ZeroDivisionError):
            made.close()
    assert log.rows == [upper(b"a"), upper(b"b")]


@pytest.mark.parametrize(
    ("last", "words"), [(b"kill", "a worker was killed by SIGKILL"), (b"exit", "a worker ended too early")]
)
def test_a_worker_that_dies_takes_nothing_along_that_came_before(last: bytes, words: str) -> None:
    log = Log()
    before = [b"%d" % number for number in range(30)]
    with pool(ends, 3) as made:

        def all_of_them() -> None:
            for block in [*before, last, *before]:
                made.put([block], log.done)
            made.close()

        with pytest.raises(WorkerError, match=words):
            all_of_them()
    assert log.rows == [upper(block) for block in before]


def test_an_idle_worker_that_dies_fails_the_run_too() -> None:
    log = Log()
    before = set(children(os.getpid()))
    with pool(upper) as made:
        made.put([b"a"], log.done)
        made.wait(None)
        (victim, _) = sorted(set(children(os.getpid())) - before)
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(WorkerError, match="SIGKILL"):
            made.close()
    assert log.rows == [upper(b"a")]


def test_no_worker_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(WorkerError, match="resource temporarily unavailable") as caught:
        Pool(upper, 2)
    assert caught.value.hint == "-j 1 needs none"


def test_alone_is_the_same_at_once() -> None:
    log = Log()
    alone: Alone[object] = Alone(upper)
    alone.put([b"a", b"b"], log.done)
    alone.then(lambda: log.done(b"then", None))
    alone.wait(None)
    alone.close()
    alone.kill()
    assert log.rows == [upper(b"ab"), (b"then", None)]


def test_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 3}, raising=False)
    assert usable_cores() <= 2
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


# The command with workers.

MIXED = (
    b"\xef\xbb\xbf"
    b'{"user":{"email":"bob@example.com"},"n":1.10}\n'
    b"plain text of bob@example.com\r\n"
    b"\n"
    b'{"broken": \n'
    b'{"twice":1,"twice":"x@example.com"}\n'
    b"\xff\xfe is no text\n"
    b"" + b"long " * 100 + b"\n"
    b'["a list",{"password":"hunter22"}]\r\n'
    b'{"msg":"nothing here"}\n'
    b"[12:00:01] INFO nothing\n"
    b"" + b"y" * 3000 + b"\n"
    b"the last line has no newline: bob@example.com"
)
MARKED = (
    b'{"$cecil":{"begin":{"source":"s"}}}\n'
    b'{"email":"bob@example.com"}\n'
    b'{"$cecil":{"checkpoint":{"n":1}}}\n'
    b'{"a":\n' + b"z" * 3000 + b"\n"
    b'{"a":1}\n'
    b'{"$cecil":{"end":{"records":4}}}\n'
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "numbers"),
    [((), "123"), (("--explain", "--json"), "12"), (("--check", "--sarif"), "13")],
    ids=str,
)
def test_the_same_for_every_number(
    options: tuple[str, ...], numbers: str, cecil: Run, tmp_path: Path
) -> None:
    """Every output: records, lists, audit, quarantine, counts and messages."""
    (tmp_path / "mixed").write_bytes(MIXED)
    (tmp_path / "marked").write_bytes(MARKED)
    (tmp_path / "empty").write_bytes(b"")
    files = ["mixed", "empty", "-", "mixed", "marked"]
    seen = []
    for jobs in numbers:
        audit = () if options else ("--audit", f"audit{jobs}")
        run = cecil(
            "redact", "--nlp", "none", "-j", jobs, *options, *audit, "--max-record", "2000",
            "--quarantine", f"q{jobs}", "--stats", "json", *files, stdin=MIXED * 3,
        )  # fmt: skip
        rows = [(tmp_path / f"{name}{jobs}").read_bytes() for name in (["q"] if options else ["q", "audit"])]
        seen.append((run.stdout, run.stderr.replace(f"q{jobs}".encode(), b"q"), run.returncode, rows))
    assert all(one == seen[0] for one in seen)
    stdout, stderr, status, rows = seen[0]
    assert status == (4 if "--check" in options else 3)
    assert EMAIL not in stdout + stderr + b"".join(rows[1:])
    stats = json.loads(stderr.splitlines()[-1])
    assert stats["read"] == stats["written"] + stats["quarantined"] > 50
    lines = [json.loads(row)["line"] for row in rows[0].splitlines()]
    # The order of the input: also of lines that only their length keeps from being judged.
    assert lines[:4] == [4, 5, 6, 11]


def test_the_same_for_every_chunking(cecil: Run, tmp_path: Path, env: dict[str, str]) -> None:
    whole = cecil("redact", "--nlp", "none", "-j", "1", "--quarantine", "q", stdin=MIXED)
    chance = random.Random(2)
    process = started(tmp_path, env, "-j", "2", "--quarantine", "q")
    rest = MIXED
    while rest:
        size = chance.choice([1, 10, 50, 200, 2000])
        process.feed(rest[:size])
        rest = rest[size:]
    stdout, stderr = process.communicate()
    assert (stdout, stderr.count(b"\n"), process.returncode) == (whole.stdout, 1, 3)


def test_large_input_of_many_blocks(cecil: Run, tmp_path: Path) -> None:
    """Longer than what all slots hold, and by default with workers where the machine has cores."""
    text = b"".join(
        b"%06d nothing to see in this line of a log%s\n" % (n, b", word after word" * 34)
        for n in range(6_000)
    )
    (tmp_path / "large").write_bytes(text)
    run = cecil("redact", "-q", "--nlp", "none", "-j", "2", "--policy", "strict-empty", "large")
    assert (run.stdout, run.returncode) == (b"", 3)  # strict: text has no fields; all of it is in quarantine
    (rows,) = (tmp_path / "state" / "cecil" / "quarantine").iterdir()
    assert [json.loads(row)["line"] for row in rows.read_bytes().splitlines()] == list(range(1, 6_001))


class Started:
    """A running cecil-redact."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def feed(self, data: bytes) -> None:
        assert self._process.stdin
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def line(self) -> bytes:
        assert self._process.stdout
        return self._process.stdout.readline()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def communicate(self) -> tuple[bytes, bytes]:
        return self._process.communicate(timeout=60)

    @property
    def returncode(self) -> int:
        return self._process.returncode

    def workers(self, count: int) -> list[int]:
        until(lambda: len(children(self.pid)) == count)
        return children(self.pid)


def started(folder: Path, env: dict[str, str], *options: str, **more: int) -> Started:
    argv = [str(BIN / "cecil-redact"), "--nlp", "none", *options]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return Started(subprocess.Popen(argv, cwd=folder, env=env, **pipes))  # type: ignore[call-overload]


def gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_line_comes_before_the_next_is_typed(tmp_path: Path, env: dict[str, str]) -> None:
    for options, count in (((), 0), (("-j", "2"), 2)):
        process = started(tmp_path, env, *options)
        for _ in range(3):
            process.feed(b"mail bob@example.com\n")
            assert process.line() == b"mail <EMAIL_ADDRESS>\n"
        process.workers(count)
        assert process.communicate() == (b"", b"")
        assert process.returncode == 0


def test_a_killed_worker_fails_the_run(tmp_path: Path, env: dict[str, str]) -> None:
    """What was written before is whole and counted; what it had is not said to be done."""
    process = started(tmp_path, env, "-j", "2", "--stats", "json")
    process.feed(b"mail bob@example.com\n" * 3)
    for _ in range(3):
        assert process.line() == b"mail <EMAIL_ADDRESS>\n"
    workers = process.workers(2)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    process.feed(b"lost\n")
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    stdout, stderr = process.communicate()
    assert (stdout, process.returncode) == (b"", 1)
    stats, message, hint = stderr.splitlines()
    counts = json.loads(stats)
    assert (counts["complete"], counts["written"], counts["findings"]) == (False, 3, {"EMAIL_ADDRESS": 3})
    assert message.startswith(
        b"cecil-redact: a worker was killed by SIGKILL; what was written before is whole"
    )
    assert hint.startswith(b"hint: ")
    assert gone(workers)


def test_workers_end_with_their_parent(tmp_path: Path, env: dict[str, str]) -> None:
    """However it ended: the kernel closes its pipes."""
    process = started(tmp_path, env, "-j", "3")
    process.feed(b"mail bob@example.com\n")
    process.line()
    workers = process.workers(3)
    process.signal(signal.SIGKILL)
    process.communicate()
    until(lambda: gone(workers))


def test_ctrl_c_ends_all_of_them(tmp_path: Path, env: dict[str, str]) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        argv = [str(BIN / "cecil-redact"), "--nlp", "none", "-j", "2"]
        process = subprocess.Popen(
            argv, cwd=tmp_path, env=env, process_group=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    run = Started(process)
    run.feed(b"mail bob@example.com\n")
    run.line()
    workers = run.workers(2)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert run.communicate() == (b"", b"")
    assert run.returncode == -signal.SIGINT
    assert gone(workers)


def test_a_reader_that_goes(tmp_path: Path, env: dict[str, str]) -> None:
    read, write = os.pipe()
    process = started(tmp_path, env, "-j", "2", stdout=write)
    os.close(write)
    process.feed(b"mail bob@example.com\n")
    assert os.read(read, 100) == b"mail <EMAIL_ADDRESS>\n"
    workers = process.workers(2)
    os.close(read)
    process.feed(b"mail bob@example.com\n")
    assert process.communicate()[1] == b""
    assert process.returncode == -signal.SIGPIPE
    assert gone(workers)


def test_a_cut_input_gives_what_came_before(cecil: Run, tmp_path: Path) -> None:
    import gzip

    data = gzip.compress(b"mail bob@example.com\n" * 1000, mtime=0)
    (tmp_path / "cut.gz").write_bytes(data[:-9])
    seen = [
        cecil("redact", "--nlp", "none", "--stats", "json", "--quarantine", "q", "-j", jobs, "cut.gz")
        for jobs in ("1", "2")
    ]
    assert seen[0].stdout == seen[1].stdout != b""
    assert seen[0].stderr == seen[1].stderr
    assert [run.returncode for run in seen] == [1, 1]


def test_a_bug_in_a_worker_is_a_bug(tmp_path: Path, env: dict[str, str]) -> None:
    """As without workers: status 70 and a place; a traceback with --debug only, and never input."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'cecil.commands.redacting':\n"
        "            from cecil.sanitizer.blocks import BlockFilter\n"
        "            judge = BlockFilter.judge\n"
        "            def faulty(self, data, *inside):\n"
        "                if b'bug' in data:\n"
        "                    raise RuntimeError(data)\n"
        "                return judge(self, data, *inside)\n"
        "            BlockFilter.judge = faulty\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    for debug in ([], ["--debug"]):
        process = started(tmp_path, env | {"PYTHONPATH": str(tmp_path)}, "-j", "2", *debug)
        process.feed(b"mail bob@example.com\n")
        assert process.line() == b"mail <EMAIL_ADDRESS>\n"
        process.feed(b"a bug at bob@example.com\n")
        stdout, stderr = process.communicate()
        assert (stdout, process.returncode) == (b"", 70)
        assert b"internal error: RuntimeError in sitecustomize.py:" in stderr
        assert EMAIL not in stderr
        assert (b"File " in stderr) == bool(debug)


@pytest.mark.parametrize("wrong", ["0", "-1", "257", "two", "1.5", ""])
def test_a_number_that_is_none(wrong: str, cecil: Run) -> None:
    run = cecil("redact", f"--jobs={wrong}")
    assert (run.stdout, run.returncode) == (b"", 2)
    assert b"--jobs" in run.stderr


def test_a_large_file_has_workers_by_itself(tmp_path: Path, env: dict[str, str]) -> None:
    """As many as there are cores; and one core none, nor a small file."""
    (tmp_path / "large").write_bytes(b"nothing to see here\n" * 60_000)
    process = started(tmp_path, env, "large")
    cores = min(usable_cores(), 8)
    workers = process.workers(cores if cores > 1 else 0)  # its output is not read: so it is still there
    process.signal(signal.SIGTERM)
    process.communicate()
    until(lambda: gone(workers))


def test_a_busy_pipe_has_workers_by_itself(tmp_path: Path, env: dict[str, str]) -> None:
    """One that has as much at once as a large file; what comes slowly has none, however much it is."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 1 << 20)
    assert os.write(write, b"a line of 16 ch\n" * (1 << 16)) == 1 << 20
    process = started(tmp_path, env, stdin=read, stdout=subprocess.DEVNULL)
    os.close(read)
    cores = min(usable_cores(), 8)
    workers = process.workers(cores if cores > 1 else 0)
    os.close(write)
    assert process.communicate()[1] == b""
    assert process.returncode == 0
    until(lambda: gone(workers))
