"""Record to record, and what was found in it.

Owns: putting policy, detectors, actions and strategy together; JSON lines and text lines as the two
forms of a record. Does no I/O. A `Sanitizer` can be pickled; a worker that unpickles it builds its
detectors anew.
"""

from typing import Any, NamedTuple

from cecil.errors import PolicyError, RecordError, UsageError
from cecil.sanitizer import interceptor, keys, strict
from cecil.sanitizer.actions import Action, Replacer
from cecil.sanitizer.changes import Change, Path, Rename, apply, apply_to_text
from cecil.sanitizer.detectors import Detector
from cecil.sanitizer.detectors.assignments import AssignmentDetector
from cecil.sanitizer.detectors.emails import EmailDetector
from cecil.sanitizer.detectors.presidio import PresidioDetector
from cecil.sanitizer.leaves import UNSETTLED, Leaves
from cecil.sanitizer.paths import Matcher
from cecil.sanitizer.policy import Policy
from cecil.stream.jsontext import decode, loads, scan

MIN_KEY = 16
"""Bytes that a key for `hash` has at least."""

_NO_FIELDS = "not a JSON object, which a strict policy needs"


class Finding(NamedTuple):
    """Something found; never the value itself.

    Attributes:
        pointer: where, as a JSON Pointer over the redacted record's names; empty in a text line.
        entity: its type.
        score: how sure, above 0 to 1.
        detector: `presidio`, `key`, `field`, ...
        action: what was done.
        start, end: characters of the leaf or line as it came, half-open.
    """

    pointer: str
    entity: str
    score: float
    detector: str
    action: str
    start: int = 0
    end: int = 0


class NearMiss(NamedTuple):
    """Something that was looked at and left, and why; never the value itself.

    Attributes:
        pointer: as in `Finding`.
        entity: what it would have been.
        detector: who looked at it.
        why: which check failed, which context was missing, which shield held it back.
        start, end: characters of the leaf or line as it came, half-open.
    """

    pointer: str
    entity: str
    detector: str
    why: str
    start: int
    end: int


class Sanitizer:
    """Takes sensitive data out of records, by one policy.

    Args:
        policy: a `Policy`, or the name of a built-in one.
        key: the secret of `hash`, at least 16 bytes.
        explain: gather near misses.

    Attributes:
        misses: the near misses of the record that was judged last; empty without `explain`.

    Raises:
        PolicyError: the policy names an entity that nothing finds.
        UsageError: a policy that hashes without a key, or a key that is too short.
    """

    def __init__(
        self, policy: Policy | str = "default", *, key: bytes | None = None, explain: bool = False
    ) -> None:
        self.misses: list[NearMiss] = []
        self._explain = explain
        self.policy = Policy.built_in(policy) if isinstance(policy, str) else policy
        if self.policy.needs_key and key is None:
            raise UsageError(
                "the policy hashes, and there is no key",
                where=self.policy.name,
                hint="head -c 32 /dev/urandom > cecil.key; chmod 600 cecil.key; then --key-file cecil.key",
            )
        if key is not None and len(key) < MIN_KEY:
            raise UsageError(
                f"the key has fewer than {MIN_KEY} bytes", hint="head -c 32 /dev/urandom > cecil.key"
            )
        self._key = key
        self._matcher: Matcher[Action] = Matcher(self.policy.fields)
        self._build()

    def _build(self) -> None:
        # Entities that are kept need not be looked for.
        kept = frozenset(e for e, action in self.policy.entities.items() if action.name == "keep")
        presidio = PresidioDetector(kept, self.policy.threshold)
        known = presidio.entities | keys.ENTITIES
        for entity in self.policy.entities:
            if entity not in known:
                raise PolicyError(
                    f"unknown entity {entity}",
                    where=self.policy.places.get(entity),
                    hint="entities are " + ", ".join(sorted(known)),
                )
        named = {action.entity for _, action in self.policy.fields if action.entity}
        detectors: tuple[Detector, ...] = (presidio, EmailDetector(), AssignmentDetector())
        replacer = Replacer(self._key, frozenset(known | named | {UNSETTLED}))
        self._leaves = Leaves(self.policy, detectors, replacer)

    def __getstate__(self) -> tuple[Policy, bytes | None, bool]:
        return (self.policy, self._key, self._explain)

    def __setstate__(self, state: tuple[Policy, bytes | None, bool]) -> None:
        self.policy, self._key, self._explain = state
        self.misses = []
        self._matcher = Matcher(self.policy.fields)
        self._build()

    def redact(self, record: Any) -> tuple[Any, list[Finding]]:
        """A record of Python objects; what does not change is shared, nothing is modified.

        Raises:
            RecordError: it could not be judged; it must not be passed on.
        """
        changes, findings = self._judge(record)
        return apply(record, changes), findings

    def redact_json(self, line: bytes) -> tuple[bytes, list[Finding]]:
        """A JSON object or array as text; what does not change keeps every byte, its newline too.

        Raises:
            RecordError: it is not valid (see `cecil.stream.jsontext`), or could not be judged.
        """
        record = loads(line)
        if not isinstance(record, (dict, list)):
            raise RecordError("not a JSON object")
        changes, findings = self._judge(record)
        if not changes:
            return line, findings
        text = decode(line)
        return apply_to_text(text, scan(text), changes).encode(), findings

    def redact_text(self, line: bytes) -> tuple[bytes, list[Finding]]:
        """A line of plain text, with or without its newline.

        Raises:
            RecordError: it is not UTF-8, could not be judged, or the policy is strict: text has no
                fields that could be named.
        """
        if self.policy.strategy == "strict":
            raise RecordError(_NO_FIELDS)
        text = decode(line)
        body = text.rstrip("\r\n")
        new, found = self._leaves.text(body)
        if new == body:
            return line, []
        return (new + text[len(body) :]).encode(), [Finding("", *one) for one in found]

    def _judge(self, record: Any) -> tuple[list[Change], list[Finding]]:
        drops: list[Change] = []
        if self.policy.strategy == "strict":
            if not isinstance(record, (dict, list)):
                raise RecordError(_NO_FIELDS)
            drops = strict.unmapped(record, self._matcher)
        gone = {drop.path for drop in drops}
        changes, found = interceptor.judge(record, self._leaves, self._matcher, gone)
        findings = [Finding("", "FIELD", 1.0, "field", "drop") for _ in drops]
        renames = {change.path: change.name for change in changes if isinstance(change, Rename)}
        findings += [Finding(_pointer(path, renames), *one) for path, one in found]
        return drops + changes, findings


def _pointer(path: Path, renames: dict[Path, str]) -> str:
    """RFC 6901, with the names that the redacted record has: a key can be sensitive itself."""
    steps = [str(renames.get(path[: i + 1], step)) for i, step in enumerate(path)]
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
