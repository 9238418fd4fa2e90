"""cecil-fetch mock: made-up records."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import count, path_option
from cecil.commands.sources.shared import Sources, common_options, source

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.quarantine import Quarantine


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "mock",
        help="made-up records with personal data of nobody, for tests and demos",
        description="Make up log records, the same ones for the same seed. The personal data in them "
        "belongs to nobody: reserved domains, numbers and addresses.",
    )
    group = sub.add_argument_group("what is made")
    group.add_argument(
        "--records", metavar="N", type=count, default=100, help="how many records (default: 100)"
    )
    group.add_argument("--seed", metavar="N", type=count, default=0, help="which ones (default: 0)")
    path_option(
        group,
        "--truth",
        "write where in which record which personal data stands to FILE, as JSONL, mode 0600",
    )
    common_options(sub, build)


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    return provider_class("mock")(args.records, args.seed, quarantine=quarantine, truth=args.truth)
