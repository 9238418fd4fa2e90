"""Files to files on a cluster: what `cecil-spark redact` does.

Owns: how Spark reads and writes each format, so that a record comes out as `cecil-redact` makes it, and that
what Spark says of a failure holds nothing of the input.

Lines stay lines: JSONL and text are no tables here, and what does not change leaves byte for byte. A table of
CSV is all text; quotes as in RFC 4180. Refuses what would leave something in a schema: a column whose name is
personal, and Parquet by a strict policy, whose names stay; of CSV the columns that it drops are gone.

What is written is committed by Spark's committers: a task that runs twice writes once, and without a
`_SUCCESS` (or its like) nothing is whole. Quarantine is written by a second run over those partitions that
have any.
"""

import os
import re
import signal
import sys
import time
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from cecil.errors import (
    CecilError,
    MissingExtraError,
    OutputError,
    RecordError,
    SourceError,
    UsageError,
    WorkerError,
)
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.spark.counting import Part
from cecil.stream.offline import online
from cecil.stream.workers import BLOCK

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FORMATS = ("auto", "jsonl", "text", "csv", "parquet")
"""The first three are lines, as `cecil-redact` takes them."""

_PIPES = "cecil-fetch file FILE | cecil-redact | cecil-write -o FILE"

_NEVER = str(1 << 44)
"""Bytes, more than any file has: whole files, and none beside another in a task."""

_UNCOMMITTED = "_temporary"
"""Where committers keep what is not committed yet."""

_CSV = {
    "header": True,
    "quote": '"',
    "escape": '"',
    "ignoreLeadingWhiteSpace": False,
    "ignoreTrailingWhiteSpace": False,
    "encoding": "UTF-8",
}


class Job(NamedTuple):
    """What is to be done.

    Attributes:
        inputs: paths or URLs that Spark reads: files, folders, patterns.
        output: a folder that is not there yet.
        quarantine: another, for what could not be judged.
        form: one of `FORMATS`.
        policy, key, options: see `cecil.spark.redact`.
        compression: of the output, as Spark names it; None for the format's own.
    """

    inputs: list[str]
    output: str
    quarantine: str
    form: str
    policy: Policy
    key: Keyring | str | None = None
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed
    compression: str | None = None


def session(master: str | None = None, settings: dict[str, str] | None = None) -> "SparkSession":
    """The session of the job: spark-submit's where there is one.

    Args:
        master: as spark-submit has it.
        settings: Spark's, by name.

    Raises:
        MissingExtraError: PySpark is not installed.
        SourceError: Spark could not be started, or not be reached.
        UsageError: not in audit mode.
    """
    online(hint="cecil-redact -o DIR/ FILE redacts what is here")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtraError("Spark", "spark") from None
    # Else a worker is whatever `python3` is.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("cecil-spark").config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
    for name, value in (settings or {}).items():
        builder = builder.config(name, value)
    interrupted = signal.getsignal(signal.SIGINT)
    try:
        made = builder.getOrCreate()
    except Exception as error:
        raise SourceError(
            f"Spark did not start: {(_kinds(error) or [type(error).__name__])[-1]}",
            hint="java -version; Spark 4 needs 17 or later",
        ) from None
    if signal.getsignal(signal.SIGINT) is not interrupted:
        # PySpark's own calls Java while it waits for Java, which fails; `run` does it behind that.
        signal.signal(signal.SIGINT, interrupted)
    # What Spark logs of a failure is what `OutputError` says of it.
    made.sparkContext.setLogLevel("OFF")
    return made


def run(spark: "SparkSession", job: Job) -> Part:
    """Do it, and say what became of the records.

    Raises:
        CecilError: it failed; what was written has no `_SUCCESS`.
    """
    for path, option in ((job.output, "--output"), (job.quarantine, "--quarantine")):
        if _there(spark, job, path):
            raise OutputError("exists already", where=path, hint=f"{option} takes a folder that is not there")
    for path in job.inputs:
        if not _there(spark, job, path, pattern=True):
            raise SourceError("no such file or folder", where=path)
    done: Future[Part] = Future()
    # Beside this thread: Ctrl-C breaks off the wait, and not the call of Java, whose end is waited for then.
    Thread(target=_into, args=(done, spark, job), daemon=True).start()
    try:
        return done.result()
    except CecilError:
        raise
    except KeyboardInterrupt:
        with suppress(Exception):
            _break_off(spark, done)
        _remove(spark, job.output)
        raise
    except Exception as error:
        _remove(spark, job.output)
        raise _told(error, job, _only(job)) from None


def _there(spark: "SparkSession", job: Job, path: str, *, pattern: bool = False) -> bool:
    """Whether there is what a path, or a pattern, names."""
    try:
        files, name = _files(spark, path)
        return bool(files.globStatus(name) if pattern else files.exists(name))
    except Exception as error:
        raise _told(error, job, path) from None


def _files(spark: "SparkSession", path: str) -> tuple[Any, Any]:
    """Hadoop's file system of a path, and its name of the path."""
    name = spark._jvm.org.apache.hadoop.fs.Path(path)
    return name.getFileSystem(spark._jsc.hadoopConfiguration()), name


def _remove(spark: "SparkSession", path: str) -> None:
    """Remove the folder of a failed run if nothing in it is committed: the next would find it there.

    Spark's own cleaning does not wait for tasks that are being ended, and one that begins makes it again.
    """
    with suppress(Exception):  # what failed is told already
        for _ in range(600):  # a minute; a busy worker is given two seconds (spark.python.task.killTimeout)
            if not _tasks(spark):
                break
            time.sleep(0.1)
        files, name = _files(spark, path)
        inside = files.listStatus(name) if files.exists(name) else []
        if all(one.getPath().getName() == _UNCOMMITTED for one in inside):
            files.delete(name, True)


def _tasks(spark: "SparkSession") -> int:
    """How many run; the tracker that PySpark shows is behind the time."""
    counts = spark.sparkContext._jsc.sc().taskScheduler().runningTasksByExecutors().valuesIterator()
    total = 0
    while counts.hasNext():
        total += counts.next()
    return total


def _break_off(spark: "SparkSession", done: "Future[Part]") -> None:
    """End what is under way."""
    # Of workers whose pipe breaks, PySpark tells by tracebacks.
    spark._jvm.java.lang.System.err.close()
    for _ in range(600):
        spark.sparkContext.cancelAllJobs()
        with suppress(TimeoutError):
            done.exception(0.1)
            break


def _into(done: "Future[Part]", spark: "SparkSession", job: Job) -> None:
    try:
        done.set_result(_run(spark, job))
    except BaseException as error:  # told by who waits
        done.set_exception(error)


def _run(spark: "SparkSession", job: Job) -> Part:
    from cecil.commands.lean import wants_engine
    from cecil.spark import tables

    lines = job.form in ("auto", "jsonl", "text")
    # The workers of a job do nothing else, so Presidio's engine is missed by nobody.
    secret = tables.broadcast(
        spark, job.policy, job.key, job.options, lean=not wants_engine(job.options.get("nlp", ""))
    )
    if lines:
        # Java fills a batch, and Python's worker judges it, while it is in a processor's cache; and one of
        # long lines is no larger.
        spark.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(BLOCK))
        if job.form != "jsonl":
            # A private key may stand over several lines: a file is judged from its beginning to its end.
            for name in ("maxPartitionBytes", "openCostInBytes"):
                spark.conf.set(f"spark.sql.files.{name}", _NEVER)
        done = tables.redact_lines(spark.read.option("lineSep", "\n").text(job.inputs), secret, job.form)
    else:
        done = tables.redact_by(_table(spark, job), secret)
    writer = _shown(done.data, job).write.mode("errorifexists")
    if job.compression is not None:
        writer = writer.option("compression", job.compression)
    if lines:
        writer.option("lineSep", "\n").text(job.output)
    elif job.form == "csv":
        writer.options(**_CSV).csv(job.output)
    else:
        writer.parquet(job.output)
    if done.counts.quarantined:
        files, quarantine = _files(spark, job.quarantine)
        files.mkdirs(quarantine)
        # Only who runs the job may look into it, where a file system knows who that is.
        files.setPermission(quarantine, spark._jvm.org.apache.hadoop.fs.permission.FsPermission("700"))
        done.refused().write.mode("append").json(job.quarantine)
    done.check()
    return done.counts


def _table(spark: "SparkSession", job: Job) -> "DataFrame":
    from pyspark.sql.types import StringType, StructField, StructType

    from cecil.spark.worker import BROKEN

    if job.form == "parquet":
        if job.policy.strategy == "strict":
            raise SourceError(
                "a strict policy drops names, and those of Parquet's columns stay",
                where=_only(job),
                hint=_PIPES,
            )
        return spark.read.option("mergeSchema", True).parquet(*job.inputs)
    reader = spark.read.options(**_CSV, multiLine=True, enforceSchema=False)
    names = _header(spark, job)
    fields = [StructField(name, StringType()) for name in (*names, BROKEN)]
    reader = reader.options(columnNameOfCorruptRecord=BROKEN)
    return reader.schema(StructType(fields)).csv(job.inputs)


def _only(job: Job) -> str | None:
    """The input, where there is but one."""
    return job.inputs[0] if len(job.inputs) == 1 else None


def _header(spark: "SparkSession", job: Job) -> list[str]:
    """The columns of CSV as its first file names them: where they are no names, Spark makes others up.

    Raises:
        SourceError: a column has no name, or that of another.
    """
    where = _only(job)
    rows = spark.read.options(**_CSV | {"header": False}, multiLine=True).csv(job.inputs).take(1)
    if not rows:
        raise SourceError("no header", where=where, hint="--format text takes lines that are no table")
    names: list[str] = []
    for number, name in enumerate(rows[0], 1):
        if not name:
            raise SourceError(f"no name for column {number}", where=where)
        # As Spark has them.
        same = [place for place, other in enumerate(names, 1) if other.lower() == name.lower()]
        if same:
            raise SourceError(f"one name for the columns {same[0]} and {number}", where=where)
        names.append(name)
    return names


def _shown(df: "DataFrame", job: Job) -> "DataFrame":
    """The columns that a file may name.

    Raises:
        SourceError: one is personal, and would stay.
    """
    if job.form not in ("csv", "parquet"):
        return df
    strict = job.policy.strategy == "strict"
    key = None if job.key is None else Keyring(b"\0" * 32)  # what stands for a name is not written
    sanitizer = Sanitizer(job.policy, key=key, **job.options)
    names = df.columns
    try:
        shown = sanitizer.redact(dict.fromkeys(names, ""))[0]
    except RecordError as error:
        raise SourceError(f"the names of its columns: {error.message}", where=_only(job)) from None
    if not shown.keys() <= set(names) or not (strict or len(shown) == len(names)):
        raise SourceError("the name of a column is personal, and would stay", where=_only(job), hint=_PIPES)
    return df if len(shown) == len(names) else df.select(*(f"`{name.replace('`', '``')}`" for name in shown))


_TOLD: dict[str, tuple[type[CecilError], str, str | None]] = {
    "UNABLE_TO_INFER_SCHEMA": (SourceError, "no file to read", None),
    "ClassNotFoundException": (
        SourceError,
        "no file system of this kind in Spark",
        "for s3a: --conf spark.jars.packages=org.apache.hadoop:hadoop-aws:VERSION, of Spark's own Hadoop",
    ),
    "UnsupportedFileSystemException": (SourceError, "no file system of this kind in Spark", None),
    "ParentNotDirectoryException": (OutputError, "the output lies in what is no folder", None),
    "CODEC_NOT_AVAILABLE": (UsageError, "no such compression", "--compression gzip"),
    "COLUMN_ALREADY_EXISTS": (
        SourceError,
        "two columns have one name",
        "--conf spark.sql.caseSensitive=true",
    ),
    "SparkIllegalArgumentException": (SourceError, "a file has another header than the first", None),
    "RuntimeException": (SourceError, "a file is not whole Parquet", None),
    "CANNOT_MERGE_SCHEMAS": (SourceError, "files have different types in one column", None),
}
"""What kinds of failures are, and what to do."""

_ONLY_OF = {"SparkIllegalArgumentException": "csv", "RuntimeException": "parquet"}
"""Kinds that say so much in one format."""

_IN_A_WORKER = re.compile(r"cecil\.errors\.WorkerError: (\w+ in \w+\.py:\d+)$", re.MULTILINE)


def _told(error: Exception, job: Job, where: str | None) -> CecilError:
    """A failure of Spark's as its user can understand it; what Spark says of it may hold anything.

    Args:
        where: what was read or looked at, where that is one thing.
    """
    kinds = _kinds(error)
    for kind in kinds:
        if _ONLY_OF.get(kind, job.form) == job.form and (said := _TOLD.get(kind.partition(".")[0])):
            what, message, hint = said
            return what(message, where=where if what is SourceError else None, hint=hint)
    text = str(error) if "PYTHON_EXCEPTION" in kinds else ""
    if isinstance(job.key, str) and ("a worker cannot read the key file" in text or f"{job.key}:" in text):
        return UsageError("a worker cannot read the key file, or no keys are in it", where=job.key)
    if found := _IN_A_WORKER.search(text):
        return WorkerError(f"a worker failed: {found[1]}", hint="a bug: please report it")
    known = f" ({kinds[-1]})" if kinds else ""
    return OutputError(
        f"Spark failed: {type(error).__name__}{known}",
        hint="the logs of the executors tell more, and may hold what could not be read",
    )


def _kinds(error: Exception) -> list[str]:
    """What kinds of an error it is, from the outside in: Spark's own names of them, and Java's."""
    condition = getattr(error, "getCondition", lambda: None)()
    found = [condition] if condition else []
    java = getattr(error, "java_exception", None)
    with suppress(Exception):  # Java may be gone
        while java is not None:
            found.append(java.getClass().getSimpleName())
            with suppress(Exception):  # most have none
                if condition := java.getCondition():
                    found.append(condition)
            java = java.getCause()
    return found
