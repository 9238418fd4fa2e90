"""How commands end: a reader that goes, Ctrl-C, a full disk, a closed stdout. The same for all filters."""

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, Run

LINE = b'{"email":"bob@example.com","model":"gpt-4o"}\n'
FILTERS = [("fetch", "stdin"), ("redact", "--nlp", "none"), ("write",), ("fingerprint",)]
CALL = (
    b'{"object":"chat.completion","id":"c1","created":1771296862,"model":"gpt-4o",'
    b'"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":"hi"}}],'
    b'"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\n'
)
FINGERPRINT = (
    b'{"v":1,"kid":null,"t":"2026-02-17T02Z","src":"openai.chat","provider":"openai","model":"gpt-4o","model_h":null,"tuned":false,"op":"chat",'
    b'"tier":null,"region":null,"stream":null,"ok":true,"err":null,"finish":"stop",'
    b'"in_fresh":1,"in_cache_read":0,"in_cache_write_5m":0,"in_cache_write_1h":0,"out_text":1,"out_reasoning":0,'
    b'"web_searches":0,"max_out":null,"n_msgs":null,"n_tools":null,"leg":0,"user_h":null,"q":"reported","flags":[]}\n'
)


def start(
    argv: tuple[str, ...], folder: Path, env: dict[str, str], **more: object
) -> "subprocess.Popen[bytes]":
    command = [str(BIN / f"cecil-{argv[0]}"), *argv[1:]]
    return subprocess.Popen(
        command, cwd=folder, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE, **more
    )  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("argv", FILTERS, ids=lambda a: a[0])
def test_a_reader_that_goes(argv: tuple[str, ...], tmp_path: Path, env: dict[str, str]) -> None:
    """As `| head -1`: silent, and dead of SIGPIPE, which a shell shows as 141."""
    read, write = os.pipe()
    process = start(argv, tmp_path, env, stdout=write)
    os.close(write)
    os.close(read)
    _, stderr = process.communicate(CALL * 5000, timeout=60)
    assert stderr == b""
    assert process.returncode == -signal.SIGPIPE


@pytest.fixture
def sigint() -> Iterator[None]:
    """A runner in the background may hand down a SIGINT that is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("sigint")
@pytest.mark.parametrize("argv", [*FILTERS, ("report",)], ids=lambda a: a[0])
def test_ctrl_c(argv: tuple[str, ...], tmp_path: Path, env: dict[str, str]) -> None:
    """Dead of SIGINT, so that a shell's loop ends too; nothing is printed."""
    process = start(argv, tmp_path, env, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(FINGERPRINT if argv[0] == "report" else CALL)
    process.stdin.flush()
    if argv[0] in ("report", "write"):
        # Nothing shows when it reads; it holds its input from the moment the pipe is empty.
        wait_until_read(process)
    else:
        assert os.read(process.stdout.fileno(), 1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == -signal.SIGINT
    assert process.stderr.read() == b""
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


def wait_until_read(process: "subprocess.Popen[bytes]") -> None:
    import fcntl
    import struct
    import termios
    import time

    assert process.stdin
    deadline = time.monotonic() + 60
    while True:
        waiting = struct.unpack("i", fcntl.ioctl(process.stdin.fileno(), termios.FIONREAD, b"\0\0\0\0"))[0]
        if not waiting:
            return
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("argv", [*FILTERS, ("report", "--help"), ("redact", "--version")], ids=" ".join)
def test_a_full_disk(argv: tuple[str, ...], cecil: Run) -> None:
    with open("/dev/full", "wb") as full:
        run = cecil(*argv, stdin=CALL, stdout=full)
    assert run.returncode == 1
    assert run.stderr.decode() == f"cecil-{argv[0]}: <stdout>: no space left on device\n"


@pytest.mark.parametrize("argv", FILTERS, ids=lambda a: a[0])
def test_a_stdout_that_is_closed(argv: tuple[str, ...], tmp_path: Path, env: dict[str, str]) -> None:
    """Not even then may a file that we open become stdout."""
    line = " ".join([str(BIN / f"cecil-{argv[0]}"), *argv[1:], "--quarantine q", ">&-"])
    run = subprocess.run(
        ["sh", "-c", line], input=CALL, capture_output=True, cwd=tmp_path, env=env, check=False
    )
    assert run.returncode == 1
    assert b"<stdout>" in run.stderr
    assert not (tmp_path / "q").exists()


@pytest.mark.parametrize("argv", FILTERS, ids=lambda a: a[0])
def test_a_stdin_that_is_closed(argv: tuple[str, ...], tmp_path: Path, env: dict[str, str]) -> None:
    """It is no empty input; and who reads a file does not need it."""
    command = " ".join([str(BIN / f"cecil-{argv[0]}"), *argv[1:]])
    (tmp_path / "in").write_bytes(CALL)
    file = "cecil-fetch file in" if argv[0] == "fetch" else f"cecil-{' '.join(argv)} in"
    for line, status in ((f"{command} <&-", 1), (f"{BIN}/{file} <&-", 0)):
        run = subprocess.run(["sh", "-c", line], capture_output=True, cwd=tmp_path, env=env, check=False)
        assert run.returncode == status, run.stderr
        assert (b"<stdin>: bad file descriptor" in run.stderr) == bool(status)


@pytest.mark.parametrize("argv", FILTERS, ids=lambda a: a[0])
def test_a_quarantine_that_cannot_be_written(argv: tuple[str, ...], cecil: Run) -> None:
    """What could not be judged is not lost: the run fails instead."""
    run = cecil(*argv, "--quarantine", "/dev/full", stdin=b'{"a":\n')
    assert run.returncode == 1
    assert run.stderr.decode() == f"cecil-{argv[0]}: /dev/full: no space left on device\n"


@pytest.mark.parametrize("argv", FILTERS, ids=lambda a: a[0])
def test_slow_input_is_handed_on_line_by_line(
    argv: tuple[str, ...], tmp_path: Path, env: dict[str, str]
) -> None:
    process = start(argv, tmp_path, env, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout and process.stderr
    for number in range(2):
        # Two calls: the same one again would be left out as a duplicate.
        process.stdin.write(CALL.replace(b'"c1"', b'"c%d"' % number))
        process.stdin.flush()
        assert process.stdout.readline().endswith(b"\n")  # comes while the input is still open
    process.stdin.close()
    assert process.wait(timeout=60) == 0
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize("argv", FILTERS, ids=lambda a: a[0])
def test_a_bug_says_where_and_not_what(argv: tuple[str, ...], tmp_path: Path, env: dict[str, str]) -> None:
    """A fault planted in the reading of lines; its message holds input, ours does not."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'cecil.stream.lines':\n"
        "            raise RuntimeError('moc.elpmaxe@bob'[::-1])\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    env = env | {"PYTHONPATH": str(tmp_path)}
    for debug in ([], ["--debug"]):
        process = start((*argv, *debug), tmp_path, env, stdout=subprocess.PIPE)
        stdout, stderr = process.communicate(LINE, timeout=60)
        assert process.returncode == 70
        assert stdout == b""
        assert b"internal error: RuntimeError" in stderr
        assert b"bob@" not in stderr
        assert (b"File " in stderr) == bool(debug)


READERS = [*FILTERS[1:], ("report",), ("map", "--nlp", "none")]


@pytest.mark.parametrize("argv", READERS, ids=lambda a: a[0])
@pytest.mark.parametrize("redirection", ["x.jsonl >> x.jsonl", "< x.jsonl >> x.jsonl"])
def test_what_would_feed_itself(
    argv: tuple[str, ...], redirection: str, tmp_path: Path, env: dict[str, str]
) -> None:
    """As with grep and cat: a file would grow until the disk is full."""
    (tmp_path / "x.jsonl").write_bytes(LINE)
    line = f"{BIN}/cecil-{' '.join(argv)} {redirection}"
    run = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=env, capture_output=True, check=False)
    name = "<stdin>" if redirection.startswith("<") else "x.jsonl"
    said = f"cecil-{argv[0]}: {name}: what is read is also what is written\n"
    assert (run.returncode, run.stderr.decode()) == (1, said)
    assert (tmp_path / "x.jsonl").read_bytes() == LINE


@pytest.mark.parametrize("option", ["--quarantine", "--stats-file", "--audit", "--manifest"])
def test_an_input_is_not_written_over(option: str, cecil: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(LINE)
    file.chmod(0o644)
    run = cecil("redact", option, "x.jsonl", "y.jsonl", "./x.jsonl")
    said = "cecil-redact: ./x.jsonl: what is read is also what is written\n"
    assert (run.returncode, run.stdout, run.stderr.decode()) == (1, b"", said)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (LINE, 0o644)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("write --format jsonl -o w --stats-file w x.jsonl", "w: is both --output and --stats-file"),
        ("write --format jsonl -o w --checkpoint ./w x.jsonl", "./w: is both --output and --checkpoint"),
        ("redact --key-file k --stats-file k x.jsonl", "k: is both --stats-file and --key-file"),
        ("redact --key-file k --audit link x.jsonl", "k: is both --audit and --key-file"),
        ("redact --key-file k --quarantine k x.jsonl", "k: is both --quarantine and --key-file"),
        ("redact --policy k --quarantine k x.jsonl", "k: is both --quarantine and --policy"),
        ("redact --audit z --stats-file z x.jsonl", "z: is both --audit and --stats-file"),
        ("redact --audit o x.jsonl > o", "o: is both standard output and --audit"),
        ("redact --quarantine o x.jsonl >> o", "o: is both standard output and --quarantine"),
        ("fetch mock --truth k > k", "k: is both standard output and --truth"),
        ("fetch mock --truth k --stats-file k", "k: is both --stats-file and --truth"),
    ],
)
def test_two_options_do_not_write_one_file(line: str, said: str, tmp_path: Path, env: dict[str, str]) -> None:
    """Nothing is opened for writing: the key, without which all is lost, stays what it was."""
    (tmp_path / "x.jsonl").write_bytes(LINE)
    (tmp_path / "k").write_bytes(b"key")
    (tmp_path / "link").symlink_to("k")
    run = subprocess.run(
        ["sh", "-c", f"{BIN}/cecil-{line}"], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    program = f"cecil-{line.split()[0]}"
    assert (run.returncode, run.stdout, run.stderr.decode()) == (2, b"", f"{program}: {said}\n")
    assert (tmp_path / "k").read_bytes() == (b"" if line.endswith("> k") else b"key")
    assert not (tmp_path / "o").exists() or (tmp_path / "o").read_bytes() == b""
    assert not (tmp_path / "w").exists() and not (tmp_path / "z").exists()


def test_devices_are_many_files(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(LINE)
    run = cecil("redact", "-q", "--audit", "/dev/null", "--stats-file", "/dev/null", "x.jsonl")
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize(
    "argv",
    [
        ("redact", "--audit", ""),
        ("redact", "--manifest", ""),
        ("redact", "--key-file", ""),
        ("redact", "--stats-file", ""),
        ("redact", "-o", "", "x"),
        ("redact", ""),
        ("write", "-o", ""),
        ("write", "--state", ""),
        ("fetch", "file", ""),
    ],
    ids=" ".join,
)
def test_a_file_without_a_name(argv: tuple[str, ...], cecil: Run) -> None:
    """`--audit "$AUDIT"`, where nobody set it: no audit would have been written."""
    run = cecil(*argv, stdin=LINE)
    assert (run.returncode, run.stdout) == (2, b"")
    assert b": the name of a file or a folder is wanted\nhint: " in run.stderr


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("argv", "status"),
    [("missing.jsonl", 1), ("--no-such-option", 2), ("--format jsonl text", 3), ("--check found", 4)],
)
def test_nowhere_to_say_it(argv: str, status: int, stderr: str, tmp_path: Path, env: dict[str, str]) -> None:
    """The status still tells."""
    (tmp_path / "text").write_bytes(b"text\n")
    (tmp_path / "found").write_bytes(LINE)
    line = f"{BIN}/cecil-redact {argv} {stderr}"
    run = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=env, stdout=subprocess.PIPE, check=False)
    assert run.returncode == status


def test_counts_that_cannot_be_printed(tmp_path: Path, env: dict[str, str]) -> None:
    line = f"{BIN}/cecil-redact --stats json 2>/dev/full"
    run = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=env, input=LINE, capture_output=True, check=False
    )
    assert run.returncode == 1
    assert b"<EMAIL_ADDRESS>" in run.stdout


def test_help_for_a_stdout_that_is_closed(tmp_path: Path, env: dict[str, str]) -> None:
    line = f"{BIN}/cecil-redact --help >&-"
    run = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (1, b"cecil-redact: <stdout>: bad file descriptor\n")


def test_a_checkout_in_which_nothing_is_installed(tmp_path: Path, env: dict[str, str]) -> None:
    """The first thing that somebody types who has just cloned it."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = []\n"
        "from cecil.commands import redact; redact()"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path,
        env=env,
        input=LINE,
        capture_output=True,
        check=False,
    )
    hint = "hint: in the checkout: make demo, which sets up .venv, or pip install .\n"
    assert run.returncode == 1
    assert run.stderr.decode().endswith(f" is not installed\n{hint}")


@pytest.mark.parametrize("argv", READERS, ids=lambda a: a[0])
def test_parquet_has_no_lines(argv: tuple[str, ...], cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(LINE)
    (tmp_path / "x.data").write_bytes(b"PAR1\n" + LINE + b"PAR1")
    run = cecil(*argv, *(["x.data"] if argv[0] == "write" else ["x.jsonl", "x.data"]))
    said = (
        f"cecil-{argv[0]}: x.data: a Parquet file, which has no lines\nhint: cecil-fetch file FILE reads it\n"
    )
    assert (run.returncode, run.stdout, run.stderr.decode()) == (2, b"", said)


def test_a_table_is_lines_of_text_and_that_is_told(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "x.CSV.gz").write_bytes(gzip.compress(b"name,password\nx,hunter2\n"))
    run = cecil("redact", "x.CSV.gz", "x.CSV.gz")
    assert (run.returncode, run.stdout) == (0, b"name,password\nx,hunter2\n" * 2)
    assert run.stderr.decode() == (
        "cecil-redact: x.CSV.gz: a table is read as lines of text, in which the names of columns say nothing\n"
        "hint: cecil-redact -o DIR/ FILE reads it as one, and so does cecil-fetch file FILE | cecil-redact\n"
    )
    for asked in (["-q"], ["--format", "text"], ["-o", "out"]):
        assert cecil("redact", *asked, "x.CSV.gz").stderr == b""


def test_a_folder_is_no_input_and_what_reads_it_is_told(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.jsonl").write_bytes(b'{"a":1}\n')
    run = cecil("redact", "--nlp", "none", "logs")
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr == (
        b"cecil-redact: logs: is a directory\nhint: cecil-fetch file FOLDER reads the files in it\n"
    )
    assert cecil("fetch", "file", "logs").stdout == b'{"a":1}\n'


PRETTY = b'{\n  "name": "x",\n  "mail": "bob@example.com"\n}\n'
SAID = "JSON, but not one record a line: it is read as lines of text, which have no fields"


@pytest.mark.parametrize(
    "data",
    [PRETTY, gzip.compress(PRETTY), b"\xef\xbb\xbf\r\n" + PRETTY, b"[\n" + PRETTY + b"]"],
    ids=["plain", "gzip", "bom", "list"],
)
def test_json_over_lines_is_text_and_that_is_told(data: bytes, cecil: Run, tmp_path: Path) -> None:
    """From a file, a pipe and a folder alike."""
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(data)
    hint = "hint: cecil-fetch file FILE | cecil-redact reads its records\n"
    run = cecil("redact", "--nlp", "none", "a.json")
    assert run.returncode == 0 and b"bob@" not in run.stdout
    assert run.stderr.decode() == f"cecil-redact: a.json: {SAID}\n{hint}"
    piped = cecil("redact", "--nlp", "none", stdin=data)
    said = f"cecil-redact: <stdin>: {SAID}\n{hint.replace('file FILE', 'stdin')}"
    assert (piped.stdout, piped.stderr.decode()) == (run.stdout, said)
    assert cecil("redact", "--nlp", "none", "-o", "one", "a.json").stderr == run.stderr
    both = cecil("redact", "--nlp", "none", "-o", "two", "-j", "2", "b.json", "a.json")
    assert both.stderr.decode() == f"cecil-redact: a.json and 1 more: {SAID}\n{hint}"
    # What the hint says.
    fetched = cecil("fetch", "stdin", stdin=data)
    done = cecil("redact", "--nlp", "none", stdin=fetched.stdout)
    assert (done.returncode, done.stderr, b'"mail": "<EMAIL_ADDRESS>"' in done.stdout) == (0, b"", True)
    for asked in (["-q"], ["-q", "-o", "three"], ["--format", "text"]):
        assert cecil("redact", "--nlp", "none", *asked, "a.json").stderr == b""


@pytest.mark.parametrize(
    "data",
    [
        LINE + PRETTY,
        b"[INFO] started\n{\n",
        b"{worker-3} started\n",
        b'["a","b"]\n["c"]\n',
        b'[{"a":1},{"b":2}]\n',
        b"{}\n",
        b"",
    ],
)
def test_what_is_told_of_no_other_input(data: bytes, cecil: Run) -> None:
    assert SAID.encode() not in cecil("redact", "--nlp", "none", stdin=data).stderr
