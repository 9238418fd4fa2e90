"""What the endpoints share: the workers, the policies that are kept, the counters.

Owns: which policies there are. Refuses: to read a file that a policy of a client names.
"""

import re
from typing import Any, NamedTuple

from cecil.api.children import Slots
from cecil.api.messages import Setup, Which
from cecil.api.metrics import Metrics
from cecil.api.pool import Pool
from cecil.api.problems import Problem
from cecil.api.settings import Settings
from cecil.api.streams import Readers
from cecil.errors import UsageError
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy, built_in, built_in_names

MOST_POLICIES = 64
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_NONE = "there is no policy of this name"


class Kept(NamedTuple):
    """A policy of a client: its text, and what is told of it."""

    text: bytes
    about: dict[str, Any]


class Service:
    """Everything behind the endpoints of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.policy = settings.policy or Policy.built_in("default")
        self.metrics = Metrics()
        self.readers = Readers()
        self.slots = Slots()
        self.kept: dict[str, Kept] = {}
        self._built_in = built_in_names()
        self._read: dict[str, Policy] = {}
        self.pool = Pool(
            settings.worker,
            Setup(self.policy, settings.keys or Keyring.random(), settings.nlp, settings.language),
            settings.workers,
            lambda text: None,
            self.metrics.tally,
        )
        metrics = self.metrics
        metrics.gauge("cecil_workers", "Processes that judge.", lambda: self.pool.alive)
        metrics.gauge("cecil_work_waiting", "Pieces of work without a worker.", lambda: self.pool.waiting)
        metrics.gauge("cecil_worker_deaths", "Workers that were replaced.", lambda: self.pool.deaths)
        metrics.gauge("cecil_streams", "Streams that are read.", lambda: len(self.readers))

    async def check(self) -> None:
        """Make the sanitizer of what the operator chose: what is wrong with it is said at the start.

        Raises:
            UsageError: it cannot be used.
        """
        if self.policy.name in self._built_in and self.settings.nlp in ("en", "none"):
            return  # what is shipped is good
        try:
            await self.pool.run("warm", Which())
        except Problem as problem:
            first = (problem.errors or [{}])[0]
            where = ":".join([self.policy.name, *(str(first[n]) for n in ("line", "column") if n in first)])
            message = first.get("message") or problem.detail or "cannot be used"
            raise UsageError(message, where=where, hint=first.get("hint")) from None

    @property
    def default(self) -> str:
        """What the server's own policy is called."""
        if self.policy.name in self._built_in:
            return self.policy.name
        stem = self.policy.name.rpartition("/")[2].partition(".")[0].lower()
        return re.sub("[^a-z0-9]+", "-", stem).strip("-") or "policy"

    def which(self, name: str | None, text: str | None = None) -> Which:
        """The policy that a request names.

        Raises:
            Problem: there is none of that name.
        """
        if text is not None:
            return Which("policy_text", text.encode("utf-8", "surrogatepass"))
        if name is None or name == self.default:
            return Which()
        if name in self.kept:
            return Which(name, self.kept[name].text)
        if name in self._built_in:
            return Which(name)
        raise Problem("policy", _NONE)

    def digest(self, which: Which) -> str:
        """The hash of a policy that is built in or kept."""
        if which.text is not None:
            return str(self.kept[which.name].about["hash"])
        return self._policy(which.name).digest if which.name else self.policy.digest

    def _policy(self, name: str) -> Policy:
        """A built-in policy, read once."""
        if name not in self._read:
            self._read[name] = Policy.built_in(name)
        return self._read[name]

    def policies(self) -> list[dict[str, Any]]:
        """All policies that a request can name."""
        found = [
            {"name": name, "hash": policy.digest, "strategy": policy.strategy, "built_in": True}
            for name, policy in ((name, self._policy(name)) for name in self._built_in)
        ]
        if self.default not in self._built_in:
            own = self.policy
            found.append(
                {"name": self.default, "hash": own.digest, "strategy": own.strategy, "built_in": False}
            )
        return found + [one.about for one in self.kept.values()]

    async def text(self, name: str) -> tuple[bytes, str]:
        """A policy as it was written, and its hash; the server's own as it holds.

        Raises:
            Problem: there is none of that name.
        """
        which = self.named(name)
        if which.text is not None:
            return which.text, self.digest(which)
        if which.name or self.policy.name in self._built_in:
            return built_in(which.name or self.policy.name), self.digest(which)
        return (await self.pool.run("shown", which)).encode(), self.digest(which)

    def named(self, name: str) -> Which:
        """A policy that an address names.

        Raises:
            Problem: there is none of that name.
        """
        try:
            return self.which(name)
        except Problem:
            raise Problem("not-found", _NONE) from None

    async def keep(self, name: str, text: bytes) -> tuple[dict[str, Any], bool]:
        """Keep a policy, if it is one; returns what is told of it, and whether it is a new one.

        Raises:
            Problem: it is wrong, has no name, or there are too many.
        """
        self._free(name)
        about = await self.pool.run("policy", Which(name, text))
        # Another request may have been faster.
        self._free(name)
        new = name not in self.kept
        row = {"name": name, "hash": about["hash"], "strategy": about["strategy"], "built_in": False}
        self.kept[name] = Kept(text, row)
        return row, new

    def _free(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise Problem("malformed", "a name is a lower-case letter, then letters, digits and hyphens")
        if name in self._built_in or name == self.default:
            raise Problem("exists", "the name is that of a policy of the server")
        if name not in self.kept and len(self.kept) >= MOST_POLICIES:
            raise Problem("full", "DELETE one first")

    def forget(self, name: str) -> None:
        """Keep a policy no longer.

        Raises:
            Problem: there is none of that name that could go.
        """
        if self.kept.pop(name, None) is None:
            raise Problem("not-found", _NONE)
