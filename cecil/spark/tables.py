"""DataFrames to DataFrames.

Owns: which types of Spark's are judged, and what goes to the workers by which way. Nothing is computed before
an action asks for it; `data` and `quarantine` are asked for apart, each by a run of its own over the input.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from cecil.errors import MissingExtraError, SourceError, UsageError
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.spark import worker
from cecil.spark.counting import ByPartition, Part, together

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType

QUARANTINE = f"{worker.REASON} string, {worker.RAW} string"

Make = Callable[[Any, frozenset[int] | None], worker.Task]

_KNOWN = frozenset(
    """string char varchar binary boolean byte short integer long float double decimal date timestamp
    timestamp_ntz void array map struct""".split()
)
"""Types whose values Arrow and the judges have; Spark's own name of each."""


class Redacted:
    """A redacted DataFrame.

    Args:
        df: what came.
        schema: that of `data`.
        redact, refuse: make the tasks of either, of an accumulator of counts and the partitions to look at.

    Attributes:
        data: the rows that may go on, with the schema that came; every column can be null.
        quarantine: the others: `reason`, and the row in `raw` as JSON, as it came. Whoever writes `data` and
            not these has lost them.
    """

    def __init__(self, df: "DataFrame", schema: Any, redact: Make, refuse: Make) -> None:
        context = df.sparkSession.sparkContext
        self._df = df
        self._refuse = refuse
        self._parts = context.accumulator({}, ByPartition())
        self._again = context.accumulator({}, ByPartition())
        self.data = df.mapInArrow(redact(self._parts, None), schema)
        self.quarantine = df.mapInArrow(refuse(None, None), QUARANTINE)

    @property
    def counts(self) -> Part:
        """What was read, written and refused, once an action has asked for all of `data`; partition by
        partition, so that a task that ran twice counts once."""
        return together(self._parts.value)

    def refused(self) -> "DataFrame":
        """`quarantine`, of which only those partitions are judged that have something there, as `counts`
        says; see `check`."""
        some = frozenset(number for number, part in self._parts.value.items() if part.quarantined)
        return self._df.mapInArrow(self._refuse(self._again, some), QUARANTINE)

    def check(self) -> None:
        """After `data` and `refused` were written: that nothing is lost.

        Raises:
            CountsError: the counts do not add up.
            SourceError: the input changed between the two.
        """
        self.counts.check()
        again = self._again.value
        for number, part in self._parts.value.items():
            there = again.get(number, Part())
            if part.quarantined and (there.read, there.written) != (part.read, part.quarantined):
                raise SourceError(
                    "the input changed while it was read: what is in quarantine is not what was left out",
                    hint="remove what was written, and run again",
                )


def redact(
    df: "DataFrame",
    policy: Policy | str = "default",
    key: Keyring | bytes | str | None = None,
    **options: Any,
) -> Redacted:
    """A DataFrame without what its policy takes out; columns are judged as the fields of JSON records.

    Args:
        df: of any columns; structs, arrays and maps to any depth.
        policy: a `Policy`, the name of a built-in one, or the path of a file that the driver reads.
        key: a keyring, or the bytes of a key file, which travel by a broadcast; or the path of a key file
            that each worker reads itself.
        options: those of `Sanitizer` that a policy does not have: `nlp`, `countries`, ...

    Raises:
        PolicyError, UsageError: see `Sanitizer`; or a column has a type that cannot be judged.
        MissingExtraError: PySpark is not installed.
    """
    return redact_by(df, broadcast(df.sparkSession, policy, key, options))


def redact_by(df: "DataFrame", secret: Any) -> Redacted:
    """The same by what is in a broadcast.

    Raises:
        UsageError: a column has a type that cannot be judged.
    """
    _check(df.schema, "")
    kinds = df.schema.fields
    schema = _nullable(type(df.schema)([one for one in kinds if one.name != worker.BROKEN]))
    df, names = _numbered(df)
    make = partial(worker.Redact, names, secret), partial(worker.Refused, names, secret)
    return Redacted(df, schema, *make)


def redact_lines(df: "DataFrame", secret: Any, form: str) -> Redacted:
    """The same for lines, in the one column `value`.

    Args:
        secret: see `broadcast`.
        form: as `BlockFilter` has it; in all but `jsonl` a key can stand over several lines, so a partition
            has to hold the whole of one file.
    """
    make = partial(worker.RedactLines, form, secret), partial(worker.RefusedLines, form, secret)
    return Redacted(df, "value string", *make)


def broadcast(
    session: "SparkSession",
    policy: Policy | str,
    key: Keyring | bytes | str | None,
    options: dict[str, Any],
    *,
    lean: bool = False,
) -> Any:
    """What workers judge by, in a broadcast; mistakes are told here, before anything runs.

    Args:
        lean: see `worker.Secret`.
    """
    policy = Policy.load(policy) if isinstance(policy, str) else policy
    keys = Keyring.parse(key) if isinstance(key, bytes) else key
    tried = Sanitizer(policy, key=keys if isinstance(keys, Keyring) else _any(keys), **options)
    if keys is None:
        keys = tried.keyring  # made up: the same for all workers
    return _context(session).broadcast(worker.Secret(policy, keys, options, lean))


def _any(path: str | None) -> Keyring | None:
    """A key in the place of one that only workers can read: what is wrong with the rest is told with it."""
    return None if path is None else Keyring(b"\0" * 32)


def fingerprint(df: "DataFrame", key: Keyring | bytes | None = None) -> "DataFrame":
    """The fingerprints of LLM calls, a line of JSON each in the column `value`, as `cecil-fingerprint` makes
    them; calls are not compared with each other, so `repeat`, `retry` and `reuse` are null.

    Args:
        df: a call's record a row, as its log has it; columns are its members.
        key: for hashes of users and sessions; without one they are null.
    """
    keys = Keyring.parse(key) if isinstance(key, bytes) else key
    df, names = _numbered(df)
    task = worker.Fingerprints(names, _context(df.sparkSession).broadcast(keys))
    return df.mapInArrow(task, "value string")


def _numbered(df: "DataFrame") -> "tuple[DataFrame, list[str]]":
    """A DataFrame whose columns have numbers for names, and their names.

    `mapInArrow` takes `user.email` for a field of `user`.
    """
    names = df.columns
    return df.toDF(*map(str, range(len(names)))), names


def _context(session: "SparkSession") -> Any:
    try:
        return session.sparkContext
    except Exception:
        raise UsageError(
            "no broadcast over Spark Connect", hint="run where the driver is: cecil-spark, or spark-submit"
        ) from None


def _check(kind: "DataType", path: str) -> None:
    """Raises UsageError where a type cannot be judged."""
    inner = {"array": ("elementType",), "map": ("keyType", "valueType")}.get(kind.typeName(), ())
    if kind.typeName() not in _KNOWN:
        raise UsageError(f"column {path}: no rule for the type {kind.typeName()}", hint="cast it to string")
    for field in getattr(kind, "fields", ()):
        _check(field.dataType, f"{path}.{field.name}".lstrip("."))
    for name in inner:
        _check(getattr(kind, name), path)


def _nullable(kind: Any) -> Any:
    """A type in which everything may be null, as what was taken out is."""
    try:
        from pyspark.sql import types
    except ImportError:
        raise MissingExtraError("Spark", "spark") from None
    if isinstance(kind, types.StructType):
        return types.StructType([types.StructField(one.name, _nullable(one.dataType)) for one in kind.fields])
    if isinstance(kind, types.ArrayType):
        return types.ArrayType(_nullable(kind.elementType))
    if isinstance(kind, types.MapType):
        return types.MapType(kind.keyType, _nullable(kind.valueType))
    return kind
