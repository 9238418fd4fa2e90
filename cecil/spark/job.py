"""Files to files on a cluster: what `cecil-spark redact` does.

Owns: how Spark reads and writes each format, so that a record comes out as `cecil-redact` makes it, and that
what Spark says of a failure holds nothing of the input.

Lines stay lines: JSONL and text are no tables here, and what does not change leaves byte for byte. A table of
CSV is all text; quotes as in RFC 4180. What is written is committed by Spark's committers: a task that runs
twice writes once, and without a `_SUCCESS` (or its like) nothing is whole. Quarantine is written by a second
run over those partitions that have any.
"""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from cecil.errors import CecilError, MissingExtraError, OutputError, SourceError
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.spark.counting import Part
from cecil.stream.workers import BLOCK

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FORMATS = ("auto", "jsonl", "text", "csv", "parquet")
"""The first three are lines, as `cecil-redact` takes them."""

_NO_FILES = "for s3a: --conf spark.jars.packages=org.apache.hadoop:hadoop-aws:VERSION, of Spark's own Hadoop"

_NEVER = str(1 << 44)
"""Bytes, more than any file has: whole files, and none beside another in a task."""

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
    """
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
    try:
        made = builder.getOrCreate()
    except Exception as error:
        raise SourceError(
            f"Spark did not start: {_kind(error)}", hint="java -version; Spark 4 needs 17 or later"
        ) from None
    # What Spark logs of a failure is what `OutputError` says of it.
    made.sparkContext.setLogLevel("OFF")
    return made


def run(spark: "SparkSession", job: Job) -> Part:
    """Do it, and say what became of the records.

    Raises:
        CecilError: it failed; what was written has no `_SUCCESS`.
    """
    try:
        return _run(spark, job)
    except CecilError:
        raise
    except Exception as error:
        kind = _kind(error)
        raise OutputError(
            f"Spark failed: {kind}",
            hint=_NO_FILES
            if "ClassNotFound" in kind
            else "the logs of the executors tell more, and hold none of the input either",
        ) from None


def _run(spark: "SparkSession", job: Job) -> Part:
    from cecil.commands.lean import wants_engine
    from cecil.spark import tables

    quarantine = spark._jvm.org.apache.hadoop.fs.Path(job.quarantine)
    files = quarantine.getFileSystem(spark._jsc.hadoopConfiguration())
    if files.exists(quarantine):
        raise OutputError("the folder of quarantine is there already", where=job.quarantine)
    lines = job.form in ("auto", "jsonl", "text")
    # The workers of a job do nothing else, so Presidio's engine is missed by nobody.
    secret = tables.broadcast(
        spark, job.policy, job.key, job.options, lean=not wants_engine(job.options.get("nlp", ""))
    )
    if lines:
        # Java fills a batch, and Python's worker judges it, while it is in a processor's cache; and a batch of
        # long lines is no larger.
        spark.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(BLOCK))
        if job.form != "jsonl":
            # A private key may stand over several lines: a file is judged from its beginning to its end.
            for name in ("maxPartitionBytes", "openCostInBytes"):
                spark.conf.set(f"spark.sql.files.{name}", _NEVER)
        done = tables.redact_lines(spark.read.option("lineSep", "\n").text(job.inputs), secret, job.form)
    else:
        done = tables.redact_by(_table(spark, job), secret)
    writer = done.data.write.mode("errorifexists")
    if job.compression is not None:
        writer = writer.option("compression", job.compression)
    if lines:
        writer.option("lineSep", "\n").text(job.output)
    elif job.form == "csv":
        writer.options(**_CSV).csv(job.output)
    else:
        writer.parquet(job.output)
    if done.counts.quarantined:
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
        return spark.read.option("mergeSchema", True).parquet(*job.inputs)
    reader = spark.read.options(**_CSV, multiLine=True, enforceSchema=False)
    names = reader.csv(job.inputs).schema.names
    fields = [StructField(name, StringType()) for name in (*names, BROKEN)]
    reader = reader.options(columnNameOfCorruptRecord=BROKEN)
    return reader.schema(StructType(fields)).csv(job.inputs)


def _kind(error: Exception) -> str:
    """What kind of an error it is; its message may hold anything."""
    known = getattr(error, "getCondition", lambda: None)()
    java = getattr(error, "java_exception", None)
    with suppress(Exception):  # Java may be gone
        while java is not None:
            known = java.getClass().getSimpleName()
            java = java.getCause()
    return f"{type(error).__name__} ({known})" if known else type(error).__name__
