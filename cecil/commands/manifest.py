"""What --manifest of cecil-redact gathers while a run goes on, and writes at its end."""

import argparse
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import cecil
from cecil.commands.keyfile import private
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.stream import manifest, signing
from cecil.stream.quarantine import Quarantine

_LIBRARIES = (
    *(
        "presidio-analyzer",
        "hyperscan",
        "google-re2",
        "phonenumbers",
        "python-stdnum",
        "tldextract",
        "orjson",
    ),
    "spacy",
)


class Told:
    """What a manifest is told while inputs are read.

    Attributes:
        inputs: as they passed by.
        done: how many findings there are of each entity and action.
    """

    def __init__(self) -> None:
        self.inputs: list[manifest.Seen] = []
        self.done: Counter[tuple[str, str]] = Counter()

    def opened(self, fd: int, name: str) -> Callable[[bytes], None]:
        """Told of an input before it is read; what it gives sees its bytes."""
        seen = manifest.Seen(fd, name)
        self.inputs.append(seen)
        return seen.update


class Manifest(Told):
    """A run's manifest in the making.

    Args:
        program: the command's name.
        args: as parsed.

    Attributes:
        output: the run's standard output, which is hashed; None where files are written.

    Raises:
        OutputError, UsageError: it could not be written, or signed; said before the first byte is read.
    """

    def __init__(self, program: str, args: argparse.Namespace, sanitizer: Sanitizer) -> None:
        super().__init__()
        self._program = program
        self._args = args
        self._sanitizer = sanitizer
        self._started = time.time()
        self._signer = (
            signing.signer(private(args.manifest_key), args.manifest_key) if args.manifest_key else None
        )
        manifest.ready(args.manifest)
        self._inputs = manifest.Rows(args.manifest)
        self._outputs = manifest.Rows(args.manifest)
        self.output = manifest.HashedOutput() if args.output is None else None

    def add(
        self,
        source: dict[str, Any] | None,
        target: dict[str, Any] | None,
        done: list[tuple[str, str, int]],
    ) -> None:
        """A file that another process has done: findings, and the rows of both sides, if still there."""
        if source:
            self._inputs.add(source)
        if target:
            self._outputs.add(target)
        for entity, action, count in done:
            self.done[entity, action] += count

    def write(self, quarantine: Quarantine, *, complete: bool) -> None:
        """At the end, when all outputs are safe on disk.

        Raises:
            OutputError: it could not be written.
        """
        args = self._args
        policy = self._sanitizer.policy
        found: dict[str, dict[str, int]] = {}
        for (entity, action), count in self.done.items():
            found.setdefault(entity, {})[action] = count
        for one in self.inputs:
            self._inputs.add(one.row())
        if self.output:
            self._outputs.add(self.output.seen.row())
        for path in (args.audit, quarantine.path if quarantine.counts.quarantined else None):
            row = manifest.whole(path) if path else None
            if row:
                self._outputs.add(row)
        body: dict[str, Any] = {
            "command": self._program,
            "complete": complete,
            "started": _utc(self._started),
            "ended": _utc(time.time()),
            "versions": _versions(),
            "policy": {"name": policy.name, "digest": policy.digest, "strategy": policy.strategy},
            "models": self._sanitizer.models,
            "key": self._sanitizer.key_id,
            "inputs": self._inputs,
            "outputs": self._outputs,
            "counts": quarantine.counts.as_dict(),
            "findings": found,
        }
        manifest.append(args.manifest, body, self._signer)


def _utc(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def _versions() -> dict[str, str]:
    """Of Cecil, and of what recognizes."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"cecil": cecil.__version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
