"""How a filter ends: close everything, check the sum, say what happened, choose the status."""

import argparse
import sys
from collections.abc import Mapping

import orjson

from cecil.commands.boundary import message
from cecil.stream.output import Output, output_error
from cecil.stream.quarantine import Quarantine

QUARANTINED = 3


def finish(
    program: str,
    args: argparse.Namespace,
    quarantine: Quarantine,
    output: Output | None = None,
    extra: Mapping[str, object] | None = None,
    hint: str | None = None,
    *,
    complete: bool = True,
) -> int:
    """End a run.

    Flushes, syncs and closes `output` and `quarantine`, checks that the counts add up, tells on
    stderr what is in quarantine, and prints `--stats`.

    Args:
        args: as parsed; `stats` and `stats_file` are read.
        extra: more fields for the stats, e.g. findings by entity.
        hint: what to type when records are in quarantine.
        complete: False when the input failed on the way. What was done is kept and told all the same,
            but lines that were read ahead of the failure are in no count but `read`.

    Returns:
        0, or 3 when a record is in quarantine.

    Raises:
        OutputError, ClosedPipe: something could not be written.
        CountsError: a record is unaccounted for.
    """
    if output:
        output.close()
    quarantine.close()
    counts = quarantine.counts
    if complete:
        counts.check()
    if counts.quarantined:
        records = "record" if counts.quarantined == 1 else "records"
        reasons = "; ".join(f"first at {place}: {reason}" for reason, place in quarantine.first.items())
        message(program, f"{counts.quarantined} {records} in quarantine {quarantine.path} ({reasons})", hint)
    if args.stats or args.stats_file:
        stats = {"command": program, "complete": complete, **counts.as_dict(), **(extra or {})}
        print_stats(stats, args.stats_file)
    return QUARANTINED if counts.quarantined else 0


def print_stats(stats: Mapping[str, object], path: str | None) -> None:
    """The counts of a run, as `--stats` and `--stats-file` have them.

    Raises:
        OutputError: they cannot be written.
    """
    row = orjson.dumps(stats) + b"\n"
    try:
        if path is None:
            sys.stderr.write(row.decode())
            sys.stderr.flush()
            return
        with open(path, "wb") as file:
            file.write(row)
    except OSError as error:
        raise output_error(error, path or "<stderr>") from None
