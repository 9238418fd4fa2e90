"""Cecil in Spark: real PySpark, in one process and on a cluster of which a worker is killed, or stands still.

`make spark` installs what they need. Where there is none of it they are skipped, and say so.
"""

import contextlib
import csv
import importlib.util
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil import Policy
from cecil.errors import OutputError, PolicyError, SourceError, UsageError
from tests.conftest import ROOT, write_key
from tests.processes import below
from tests.test_arrow import DEEP

HERE = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HERE, reason="no Java, or no PySpark: make spark"),
    pytest.mark.filterwarnings("ignore"),  # PySpark's own
]

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
}
WORD = "quokka" + "blue"
"""Stands in the policy, and nowhere else."""
POLICY = f"""
version: 1
extends: default
entities: {{EMAIL_ADDRESS: hash}}
deny: [{{text: {WORD}, entity: WORD}}]
"""
SECRET = bytes(range(7, 39))
PEM = ["-----BEGIN RSA PRIVATE KEY-----", "MIIEowIBAAKCAQEA" + "7xK9" * 12, "-----END RSA PRIVATE KEY-----"]


def line(number: int) -> str:
    return json.dumps(
        {"id": number, "user": {"name": "Marla Tezbar", "email": f"u{number % 7}@example.com"}, "x": 1.10, "m": f"job Tezbar {WORD} done"}
    )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spark")
    (folder / "events").mkdir()
    (folder / "p.yaml").write_text(POLICY)
    write_key(folder / "key", SECRET)
    return folder


@pytest.fixture(scope="module")
def spark(place: Path) -> Iterator[Any]:
    from cecil.spark.job import session

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    made = session("local[2]", SETTINGS | {"spark.eventLog.dir": (place / "events").as_uri()})
    yield made
    made.stop()


def job(place: Path, source: str, form: str, **more: Any) -> Any:
    from cecil.spark.job import Job

    policy = Policy.load(str(place / "p.yaml"))
    return Job(
        [str(place / source)], str(place / f"{source}.out"), str(place / f"{source}.bad"), form, policy,
        str(place / "key"), {"nlp": "en", "language": None}, **more,
    )  # fmt: skip


def parts(folder: Path) -> bytes:
    assert (folder / "_SUCCESS").exists()
    return b"".join(one.read_bytes() for one in sorted(folder.glob("part-*")))


def said(place: Path) -> bytes:
    """All that Spark logged of events."""
    return b"".join(one.read_bytes() for one in (place / "events").rglob("*") if one.is_file())


def nothing_told(text: bytes) -> None:
    for secret in (WORD.encode(), SECRET.hex().encode(), b"Tezbar", b"u1@example.com"):
        assert secret not in text


def test_a_table(spark: Any, place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from cecil import Sanitizer
    from cecil.spark import redact

    rows = [
        json.loads(line(number))
        | {"tags": ["x", f"u{number}@example.com"], "by": {"email": "x y"}, "d": "ok"}
        for number in range(60)
    ]
    rows[17]["d"] = DEEP
    kind = "id long not null, user struct<name:string,email:string>, x double, m string, tags array<string>, by map<string,string>, d string"
    df = spark.createDataFrame(rows, kind).repartition(3)
    done = redact(df, Policy.load(str(place / "p.yaml")), (place / "key").read_bytes())
    judge = Sanitizer(Policy.load(str(place / "p.yaml")), key=(place / "key").read_bytes())
    expected = {row["id"]: judge.redact(row)[0] for row in rows if row["d"] == "ok"}
    assert done.counts.read == 0
    made = [row.asDict(recursive=True) for row in done.data.collect()]
    assert {row["id"]: row for row in made} == expected
    assert done.data.schema["id"].dataType.typeName() == "long"
    assert done.data.select("id").distinct().count() == 59  # another action, and a shuffle behind it
    assert done.counts.as_dict() == {
        "read": 60, "written": 59, "dropped": 0, "quarantined": 1,
        "reasons": {"encoded text within encoded text, too deep": 1},
    }  # fmt: skip
    (bad,) = done.quarantine.collect()
    assert json.loads(bad.raw)["d"] == DEEP
    assert [row.raw for row in done.refused().collect()] == [bad.raw]
    done.check()
    done.data.explain(True)
    nothing_told(capfd.readouterr().out.encode() + repr(done.data).encode())


def test_what_cannot_be_judged(spark: Any, place: Path) -> None:
    from cecil.spark import redact

    with pytest.raises(UsageError, match=r"column a\.b: no rule for the type"):
        redact(spark.sql("select named_struct('b', parse_json('{}')) a"))
    with pytest.raises(PolicyError):
        redact(spark.range(1), "nowhere")
    done = redact(spark.range(1), "default", str(place / "absent"))
    with pytest.raises(Exception, match="a worker cannot read the key file") as raised:
        done.data.collect()
    assert "ab" * 8 not in str(raised.value)


def test_exceptions_hold_nothing_of_the_input(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from cecil.spark import worker

    class Broken(worker.Task):
        def judged(self, batches: Any, part: Any) -> Any:
            for batch in batches:
                raise ValueError(str(batch.to_pylist()))
                yield

    df = spark.createDataFrame([("u1@example.com Tezbar",)], "v string")
    with pytest.raises(Exception, match=r"ValueError in test_spark\.py") as raised:
        df.mapInArrow(Broken(None), "v string").collect()
    nothing_told(str(raised.value).encode())


def test_fingerprints(spark: Any, place: Path) -> None:
    from cecil.spark import fingerprint

    call = {
        "object": "chat.completion",
        "model": "gpt-4o",
        "id": "x",
        "created": 1763000000,
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
    }
    kind = "object string, model string, id string, created long, usage struct<prompt_tokens:long,completion_tokens:long,total_tokens:long>"
    made = fingerprint(
        spark.createDataFrame([call, {"model": "x"}], kind), (place / "key").read_bytes()
    ).collect()
    run = subprocess.run(
        [ROOT / "bin/cecil-fingerprint", "--no-overlap", "--key-file", place / "key"],
        input=json.dumps(call).encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert [row.value.encode() + b"\n" for row in made] == [run.stdout]


def test_lines(spark: Any, place: Path, cecil: Callable[..., Any]) -> None:
    from cecil.spark.job import run

    lines = [line(number).encode() for number in range(500)]
    lines += [b'{"a":1,"a":"u1@example.com"}', b"", b'{"z":  1e400}\r', b"\xff u1@example.com"]
    (place / "in.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    spark.conf.set("spark.sql.files.maxPartitionBytes", "20000")
    counts = run(spark, job(place, "in.jsonl", "jsonl"))
    args = ["--policy", place / "p.yaml", "--key-file", place / "key", "--quarantine", place / "q"]
    command = cecil("redact", *args, "--format", "jsonl", place / "in.jsonl")
    assert parts(place / "in.jsonl.out") == command.stdout
    assert counts.as_dict()["reasons"] == {"duplicate key at column 8": 1, "not valid UTF-8 at byte 1": 1}
    bad = [json.loads(one) for one in parts(place / "in.jsonl.bad").splitlines()]
    assert [one["raw"] for one in bad] == ['{"a":1,"a":"u1@example.com"}', "\\xff u1@example.com"]
    assert (place / "in.jsonl.bad").stat().st_mode & 0o77 == 0
    (place / "logs").mkdir()
    text = ["started u1@example.com", *PEM, line(1), "ended"] * 40
    for name in ("a", "b"):
        (place / "logs" / name).write_text("\n".join(text) + "\n")
    spark.conf.set("spark.sql.files.maxPartitionBytes", "1000")
    counts = run(spark, job(place, "logs", "auto"))
    command = cecil("redact", *args, place / "logs" / "a", place / "logs" / "b")
    assert parts(place / "logs.out") == command.stdout and b"MIIE" not in command.stdout
    assert counts.written == counts.read == 2 * len(text)
    done = job(place, "in.jsonl", "jsonl")
    for again in (done, done._replace(output=str(place / "another"))):
        with pytest.raises(OutputError, match="exists already"):
            run(spark, again)
    assert not (place / "another").exists()
    nothing_told(said(place))


def test_what_cannot_be_read(spark: Any, place: Path) -> None:
    """It is told in words of ours, without what stands in it, and leaves nothing behind."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    from cecil.spark.job import run

    wrong: dict[str, dict[str, bytes | pa.Table]] = {
        "csv: no header": {"a": b""},
        "csv: one name for the columns 1 and 2": {"a": b"id,ID\n1,u1@example.com\n"},
        "csv: no name for column 2": {"a": b"id,\n1,u1@example.com\n"},
        "csv: a file has another header than the first": {"a": b"id\nu1@example.com\n", "b": b"Tezbar\n2\n"},
        "csv: the name of a column is personal": {"a": b"u1@example.com\n2\n"},
        "csv: no such file": {},
        "parquet: no such file": {},
        "parquet: a file is not whole Parquet": {"a": b"PAR1 u1@example.com PAR1"},
        "parquet: two columns have one name": {"a": pa.table({"id": [1], "ID": ["u1@example.com"]})},
        "parquet: files have different types": {
            "a": pa.table({"id": [1]}), "b": pa.table({"id": ["u1@example.com"]})
        },
        "parquet: the name of a column is personal": {"a": pa.table({"u1@example.com": [1]})},
    }  # fmt: skip
    for number, (said_of, files) in enumerate(wrong.items()):
        folder = place / f"wrong{number}"
        for name, content in files.items():
            folder.mkdir(exist_ok=True)
            if isinstance(content, bytes):
                (folder / name).write_bytes(content)
            else:
                parquet.write_table(content, folder / name)
        form, _, why = said_of.partition(": ")
        with pytest.raises(SourceError, match=why) as raised:
            run(spark, job(place, folder.name, form))
        assert raised.value.where == str(folder)
        nothing_told(str(raised.value).encode())
        assert not (place / f"{folder.name}.out").exists()
    (place / "one.jsonl").write_text("{}\n")
    with pytest.raises(UsageError, match="no such compression"):
        run(spark, job(place, "one.jsonl", "jsonl", compression="nope"))
    with pytest.raises(UsageError, match="a worker cannot read the key file"):
        run(spark, job(place, "one.jsonl", "jsonl")._replace(key=str(place / "absent")))
    assert not (place / "one.jsonl.out").exists()


def test_names_of_columns_with_points(spark: Any, place: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    from cecil.spark import fingerprint, redact
    from cecil.spark.job import run

    parquet.write_table(pa.table({"user.email": ["x y"], "a`b": [1]}), place / "points.parquet")
    assert run(spark, job(place, "points.parquet", "parquet")).written == 1
    (made,) = parquet.read_table(place / "points.parquet.out").to_pylist()
    assert made["user.email"].startswith("<EMAIL_ADDRESS#") and made["a`b"] == 1
    df = spark.createDataFrame([("x y", "z")], "`user.email` string, user string")
    (row,) = redact(df).data.collect()
    assert row.asDict() == {"user.email": "<EMAIL_ADDRESS>", "user": "z"}
    assert fingerprint(df).collect() == []


def test_a_strict_policy(spark: Any, place: Path) -> None:
    """It drops columns of CSV with their names, and takes no Parquet, as the command does."""
    from cecil.spark.job import run

    policy = Policy.parse(b"version: 1\nstrategy: strict\nfields: {note: keep, 'a.b': keep}\n", "p")
    (place / "strict.csv").write_text("id,Tezbar,note\n1,x,ok\n")
    assert run(spark, job(place, "strict.csv", "csv")._replace(policy=policy)).written == 1
    assert parts(place / "strict.csv.out") == b"note\nok\n"
    with pytest.raises(SourceError, match="a strict policy drops names"):
        run(spark, job(place, "strict.csv", "parquet")._replace(policy=policy, output=str(place / "no")))


def test_tables_in_files(spark: Any, place: Path, cecil: Callable[..., Any]) -> None:
    from cecil.spark.job import run

    rows = [
        ["id", "email", "note"],
        ["1", "u1@example.com", 'two\nlines, "quoted"'],
        ["2", "x y", " kept "],
        ["3", "", "job"],
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (place / "t.csv").write_text(text.getvalue() + "4,u4@example.com,x,too many\n")
    counts = run(spark, job(place, "t.csv", "csv"))
    assert (counts.read, counts.written, counts.quarantined) == (4, 3, 1)
    made = list(csv.reader(io.StringIO(parts(place / "t.csv.out").decode())))
    fetched = cecil("fetch", "file", "--quarantine", place / "fq", place / "t.csv")
    args = ["--policy", place / "p.yaml", "--key-file", place / "key"]
    command = [json.loads(one) for one in cecil("redact", *args, stdin=fetched.stdout).stdout.splitlines()]
    assert made[0] == rows[0]
    assert [dict(zip(made[0], row, strict=True)) for row in made[1:]] == [
        {key: value or "" for key, value in row.items()} for row in command
    ]
    (bad,) = parts(place / "t.csv.bad").splitlines()
    assert json.loads(bad)["raw"] == "4,u4@example.com,x,too many"
    import pyarrow as pa
    import pyarrow.parquet as parquet

    table = pa.table({"id": [1, 2], "u": [{"email": "x y"}, None], "n": [[4111111111111111], [7]]})
    parquet.write_table(table, place / "t.parquet")
    assert run(spark, job(place, "t.parquet", "parquet", compression="zstd")).written == 2
    (only,) = (place / "t.parquet.out").glob("part-*.zstd.parquet")
    written = parquet.read_table(only)
    assert written.column("n").to_pylist() == [[None], [7]] and written.column("id").type == pa.int64()
    assert written.column("u").to_pylist()[0]["email"].startswith("<EMAIL_ADDRESS#")


def test_an_input_that_changes(spark: Any, place: Path) -> None:
    from cecil.spark.counting import Part
    from cecil.spark.tables import redact

    done = redact(spark.createDataFrame([(DEEP,)], "d string"))
    assert done.data.count() == 0
    with pytest.raises(SourceError, match="the input changed"):
        done.check()  # nobody has written what was refused
    part = Part()
    part.read = 1
    with pytest.raises(Exception, match="do not add up"):
        part.check()


class TestTheCommand:
    def test_what_is_wrong_is_told_before_spark_starts(self, cecil: Callable[..., Any], place: Path) -> None:
        for more, why in (
            ([], "--input and --output are needed"),
            (["--input", "a", "--output", "b", "--conf", "x"], "NAME=VALUE"),
            (["--input", "a", "--output", "b", "--key-file", "k", "--worker-key-file", "k"], "leave one"),
            (["--input", "a", "--output", "b", "--policy", "nowhere"], "no policy nowhere"),
        ):
            run = cecil("spark", "redact", *more)
            assert run.returncode == 2 and why in run.stderr.decode()

    def test_ctrl_c(self, place: Path) -> None:
        """The command ends as the signal ends it, says nothing, and leaves no output."""
        source, output = place / "long", place / "long.out"
        source.mkdir()
        for number in range(40):
            some = [line(1000 * number + one) for one in range(2000)]
            (source / f"{number:02}.jsonl").write_text("\n".join(some) + "\n")
        one_each = ("spark.sql.files.maxPartitionBytes=100000", *map("=".join, SETTINGS.items()))
        args = [
            "--input",
            source,
            "--output",
            output,
            "--format",
            "jsonl",
            "--nlp",
            "none",
            "--master",
            "local[1]",
        ]
        confs = [part for one in one_each if "eventLog" not in one for part in ("--conf", one)]
        command = [ROOT / "bin/cecil-spark", "redact", *args, *confs]
        env = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"}
        run = subprocess.Popen(command, stderr=subprocess.PIPE, env=env, start_new_session=True)
        _until(lambda: any(output.glob("_temporary/0/task_*")) or run.poll() is not None)
        os.killpg(run.pid, signal.SIGINT)
        _, told = run.communicate(timeout=400)
        assert run.returncode == -signal.SIGINT
        assert b"Traceback" not in told and b"cecil-spark:" not in told
        assert not output.exists(), [*output.rglob("*")]

    def test_a_cluster_of_which_a_worker_is_killed(self, place: Path, cecil: Callable[..., Any]) -> None:
        """Nothing is lost and nothing counts twice; the records are those of the command."""
        with Cluster(place / "killed") as cluster:
            driver = cluster.redact(place)
            _until(lambda: cluster.committed() >= 2 or driver.poll() is not None)
            os.killpg(cluster.workers[0].pid, signal.SIGKILL)
            cluster.workers[0].wait()
            cluster.ends(driver)
        assert b"SparkListenerExecutorRemoved" in cluster.told()
        cluster.holds_once(place, cecil)

    def test_a_cluster_in_which_a_task_is_speculated(self, place: Path, cecil: Callable[..., Any]) -> None:
        """A worker's Python stands still until a task of its is begun again elsewhere, and then goes on."""
        settings = {
            "spark.speculation": "true", "spark.speculation.interval": "50ms", "spark.speculation.quantile": "0.1",
            "spark.speculation.multiplier": "1.1", "spark.speculation.minTaskRuntime": "50ms",
        }  # fmt: skip
        stopped: list[int] = []
        with Cluster(place / "speculated") as cluster:
            try:
                driver = cluster.redact(place, settings)
                _until(lambda: cluster.committed() >= 6 or driver.poll() is not None)
                stopped = _pythons(cluster.workers[1].pid)
                _send(signal.SIGSTOP, stopped)
                _until(lambda: cluster.attempted_twice() or driver.poll() is not None)
                _send(signal.SIGCONT, stopped)
                cluster.ends(driver)
            finally:
                _send(signal.SIGKILL, stopped)
        assert b'"Speculative":true' in cluster.told()
        cluster.holds_once(place, cecil)


class Cluster:
    """A master and two workers of Spark's, each at an address of loopback: a task is not begun again where it runs.

    Args:
        folder: is made; holds what they write.
    """

    FILES, LINES = 24, 400

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "events").mkdir(parents=True)
        self.source = folder / "many"
        self.source.mkdir()
        for number in range(self.FILES):
            some = [line(1000 * number + one) for one in range(self.LINES)]
            (self.source / f"{number:02}.jsonl").write_text("\n".join(some) + "\n{\n")
        home = Path(str(importlib.util.find_spec("pyspark").origin)).parent  # type: ignore[union-attr]
        self._spark = home / "bin" / "spark-class"
        self._env = os.environ | {
            "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT), "SPARK_LOCAL_DIRS": str(folder / "local"), "SPARK_WORKER_DIR": str(folder / "work"),
        }  # fmt: skip
        self._started: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Cluster":
        deploy = "org.apache.spark.deploy"
        port = _free()
        self._master = f"spark://127.0.0.1:{port}"
        self._start(
            self._spark, f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", 0
        )
        try:
            _until(lambda: _open("127.0.0.1", port))
            for host in ("127.0.0.1", "127.0.0.2"):
                port = _free()
                self.workers.append(
                    self._start(
                        self._spark, f"{deploy}.worker.Worker", "--host", host, "--port", port, "--webui-port", 0,
                        "--cores", 1, "--memory", "1g", self._master,
                    )
                )  # fmt: skip
                _until(lambda host=host, port=port: _open(host, port))  # type: ignore[misc]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._started:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()

    def _start(self, *args: object) -> subprocess.Popen[bytes]:
        with open(self.folder / "log", "ab") as log:
            made = subprocess.Popen(
                list(map(str, args)), env=self._env, stdout=log, stderr=log, start_new_session=True
            )
        self._started.append(made)
        return made

    def redact(self, place: Path, more: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Begins the job, a task for each file."""
        settings = SETTINGS | {
            "spark.eventLog.dir": (self.folder / "events").as_uri(), "spark.executor.memory": "512m",
            "spark.sql.files.maxPartitionBytes": "50000", "spark.sql.files.openCostInBytes": "50000",
            "spark.scheduler.minRegisteredResourcesRatio": "1.0", "spark.cores.max": "2", **(more or {}),
        }  # fmt: skip
        return self._start(
            ROOT / "bin/cecil-spark", "redact", "--master", self._master, "--input", self.source,
            "--output", self.folder / "done", "--format", "jsonl", "--policy", place / "p.yaml",
            "--key-file", place / "key", "--stats-file", self.folder / "stats",
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
        )  # fmt: skip

    def committed(self) -> int:
        return len(list((self.folder / "done" / "_temporary").glob("0/task_*")))

    def told(self) -> bytes:
        """All that Spark logged of events."""
        return b"".join(one.read_bytes() for one in (self.folder / "events").rglob("*") if one.is_file())

    def attempted_twice(self) -> bool:
        """Whether two attempts at one task write."""
        attempts = (self.folder / "done" / "_temporary" / "0" / "_temporary").glob("attempt_*")
        return any(count > 1 for count in Counter(one.name.rpartition("_")[0] for one in attempts).values())

    def ends(self, driver: subprocess.Popen[bytes]) -> None:
        assert driver.wait(timeout=300) == 3, (self.folder / "log").read_text()

    def holds_once(self, place: Path, cecil: Callable[..., Any]) -> None:
        """Each record was written once and counted once, and none is told anywhere else."""
        stats = json.loads((self.folder / "stats").read_bytes())
        lines = self.FILES * self.LINES
        counted = stats["read"], stats["written"], stats["quarantined"]
        assert counted == (lines + self.FILES, lines, self.FILES)
        args = ["--policy", place / "p.yaml", "--key-file", place / "key", "--format", "jsonl"]
        quarantine = ["--quarantine", self.folder / "q"]
        whole = cecil("redact", *args, *quarantine, *sorted(self.source.iterdir())).stdout
        assert Counter(parts(self.folder / "done").splitlines()) == Counter(whole.splitlines())
        assert len(parts(self.folder / "done.quarantine").splitlines()) == self.FILES
        nothing_told(self.told())
        nothing_told((self.folder / "log").read_bytes())


def _send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        # Spark ends what it wants no more.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _pythons(pid: int) -> list[int]:
    """The processes of Python below a process of Spark's, those above first."""
    found = []
    for one in below(pid):
        with contextlib.suppress(OSError):
            if b"pyspark.daemon" in Path(f"/proc/{one}/cmdline").read_bytes():
                found.append(one)
    return found


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _open(host: str, port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((host, port)) == 0


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 400
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
