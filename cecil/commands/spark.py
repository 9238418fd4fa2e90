"""cecil-spark: redacts files on a cluster of Apache Spark."""

from collections.abc import Sequence

from cecil.commands.boundary import message
from cecil.commands.options import Parser, nlp_options, path_option, policy_option
from cecil.errors import UsageError

PROGRAM = "cecil-spark"
QUARANTINED = 3

_FORMATS = ("auto", "jsonl", "text", "csv", "parquet")


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Redact JSONL, text, CSV or Parquet files on a cluster of Apache Spark: the same records that "
        "cecil-redact gives, wherever the files are.",
    )
    p.add_argument("work", metavar="redact", choices=["redact"], help="what is done")
    group = p.add_argument_group("files")
    group.add_argument(
        "--input",
        metavar="PATH",
        action="append",
        default=[],
        help="a file, a folder or a pattern, as Spark reads it: s3a://raw/logs; can be given several times",
    )
    group.add_argument("--output", metavar="PATH", help="the folder to write, which is not there yet")
    group.add_argument(
        "--quarantine",
        metavar="PATH",
        help="the folder for records that could not be judged, written where there are some (default: the "
        "output's name with .quarantine behind it)",
    )
    group.add_argument(
        "--format",
        choices=_FORMATS,
        default="auto",
        help="auto, jsonl and text are lines, as cecil-redact has them, of which only jsonl is read by "
        "several tasks a file; csv and parquet are tables (default: auto)",
    )
    group.add_argument(
        "--compression", metavar="NAME", help="of the output, as Spark names it: gzip, zstd, snappy, ..."
    )
    group = p.add_argument_group("what is redacted")
    policy_option(group, "policy file, which only the driver reads, or a built-in policy (default: default)")
    group.add_argument("--strategy", choices=["deep", "strict"], help="overrides the policy's own")
    nlp_options(group)
    path_option(
        group, "--key-file", "file with the secret keys, which the driver reads and sends to the workers"
    )
    group.add_argument(
        "--worker-key-file",
        metavar="PATH",
        help="file with the secret keys on every worker; the driver never sees it",
    )
    group = p.add_argument_group("Spark")
    group.add_argument(
        "--master", metavar="URL", help="the cluster, where spark-submit does not say it: local[4]"
    )
    group.add_argument(
        "--conf", metavar="NAME=VALUE", action="append", default=[], help="one of Spark's settings"
    )
    group = p.add_argument_group("the run")
    group.add_argument(
        "--stats", choices=["json"], help="print the run's counts to standard error at the end"
    )
    path_option(group, "--stats-file", "write the run's counts to FILE instead, as JSON")
    group.add_argument("-q", "--quiet", action="store_true", help="only errors, and what is in quarantine")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    if not args.input or args.output is None:
        raise UsageError("--input and --output are needed", hint=f"{PROGRAM} --help")
    if args.key_file and args.worker_key_file:
        raise UsageError("the key is the driver's or the workers'", hint="leave one of the two out")
    settings = dict(_setting(one) for one in args.conf)
    from cecil.commands import keyfile, lean
    from cecil.sanitizer.policy import Policy
    from cecil.spark.job import Job, run, session

    lean.presidio()
    policy = Policy.load(args.policy)
    if args.strategy:
        policy = policy.with_strategy(args.strategy)
    key = args.worker_key_file or (keyfile.read(args.key_file) if args.key_file else None)
    if policy.needs_key and key is None and not args.quiet:
        message(
            PROGRAM,
            "no key is given, so one is made up for this run: tokens and stand-ins of other runs will differ",
            "cecil-redact --new-key cecil.key; then --key-file cecil.key",
        )
    options = {"nlp": args.nlp, "language": args.language}
    quarantine = args.quarantine or f"{args.output.rstrip('/')}.quarantine"
    job = Job(args.input, args.output, quarantine, args.format, policy, key, options, args.compression)
    import logging

    # Of a call to Java that Ctrl-C breaks off, its library tells by a traceback.
    logging.disable()
    spark = session(args.master, settings)
    try:
        counts = run(spark, job)
    finally:
        spark.stop()
    if counts.quarantined:
        reasons = "; ".join(reason for reason, _ in counts.refused.most_common(3))
        records = "record" if counts.quarantined == 1 else "records"
        message(PROGRAM, f"{counts.quarantined} {records} in quarantine {quarantine} ({reasons})")
    if args.stats or args.stats_file:
        from cecil.commands.finish import print_stats

        print_stats({"command": PROGRAM, "policy": policy.digest, **counts.as_dict()}, args.stats_file)
    return QUARANTINED if counts.quarantined else 0


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError("one of Spark's settings is NAME=VALUE", hint="--conf spark.executor.memory=4g")
    return name, value
