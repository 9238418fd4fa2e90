"""What happens to which field and which entity: one YAML file.

    version: 1
    strategy: deep            # or strict: only what `fields` names is kept
    threshold: 0.4            # findings below this score do not count
    default: redact           # for every entity that `entities` does not name
    entities:
      URL: keep
      CREDIT_CARD: {action: mask, keep_last: 4}
    fields:
      user.id: {action: hash, entity: USER_ID}
      "**.debug": drop
    keys:
      add: {STAFF_ID: [staff-no]}   # what stands under such a key is one
      silence: [session-key]        # such a key says nothing

cecil-policy(5) has the whole of it. Owns: what a policy is once it is read. `policy_file` reads and checks
it, all before the first record; `policy_shown` writes it.
"""

import hashlib
import importlib.resources
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from cecil.errors import PolicyError
from cecil.sanitizer.actions import KINDS, Action
from cecil.stream import files

if TYPE_CHECKING:
    from cecil.sanitizer.detectors.everyone import Own

STRATEGIES = ("deep", "strict")
MOST = 1 << 20
"""Bytes of a policy file."""

_MOST_ZEROS = 40
"""A number of more places than that is shown with an exponent."""

Read = Callable[[str, str, int], tuple[str, bytes]]
"""Reads another file that a policy names: its path as it stands there, the name of the file in which it
stands, and how many bytes it may have; gives its own name and its bytes. Raises UsageError."""

Origin = tuple[str, ...]
"""Where in a policy something stands: `("entities", "URL")`."""


class Keys(NamedTuple):
    """What a policy says of keys' names; see `cecil.sanitizer.keys.Vocabulary`.

    Attributes:
        add: further names by entity.
        silence: names that promise nothing.
    """

    add: dict[str, tuple[str, ...]]
    silence: tuple[str, ...]


class Listed(NamedTuple):
    """Values that are always a finding, or never.

    Attributes:
        texts: as they stand; empty where `regex` is given.
        regex: in RE2's syntax, matched against the whole of a finding by `allow`, searched for by `deny`.
        ignore_case: whether case is of no account.
        entity: for `deny` what they are; for `allow` the only entity that is meant, None for all.
        place: `file:line:column`.
        file: whence the texts are; empty where they stand in the policy.
    """

    texts: tuple[str, ...]
    regex: str | None
    ignore_case: bool
    entity: str | None
    place: str
    file: str = ""


class Condition(NamedTuple):
    """Something that can be true of a record.

    Attributes:
        path: a place; true if anything that stands there, or at one of its places, passes the test.
        test: `equals` (one of `values`, in which numbers are spelled as `number` does), `matches`
            (`values[0]` in RE2's syntax is found in it), or `exists` (`values` is `("true",)` or
            `("false",)`).
        values: what the test needs.
    """

    path: str
    test: str
    values: tuple[str, ...]


class Case(NamedTuple):
    """Rules for records of which all of some conditions are true; they come before those of the policy.

    Attributes:
        when: the conditions.
        entities, fields: as those of a policy.
    """

    when: tuple[Condition, ...]
    entities: dict[str, Action]
    fields: tuple[tuple[str, Action], ...]


class Policy(NamedTuple):
    """A checked policy.

    Attributes:
        name: its file or built-in name.
        strategy: `deep` or `strict`.
        threshold: lowest score of a finding that counts, 0 to 1.
        default: the action for entities that `entities` does not name.
        entities: action by entity.
        fields: (path, action), in the order of the file.
        keys: what the policy says of keys' names.
        places: where in the file an entity is named, as `file:line:column`.
        thresholds: lowest score by entity, where it is not `threshold`.
        silence: detectors that are not asked, as findings name them: `presidio:UrlRecognizer`.
        countries: whose national numbers are looked for too; two letters, lower case.
        recognizers: the policy's own, in Presidio's YAML; empty where there is none.
        allow, deny: what is never a finding, and what always is one; `allow` wins.
        cases: rules for some records; where several hold, the later one wins.
        digest: `sha256:` and the hash of the file's bytes, or of the hashes of all files that make the
            policy; see also `with_strategy` and `with_more`.
        recognizers_file: the name of the file that `recognizers` are from.
        origins: who said what, as `file:line:column` or the name of an option; what nobody said is not there.
    """

    name: str
    strategy: str
    threshold: float
    default: Action
    entities: dict[str, Action]
    fields: tuple[tuple[str, Action], ...]
    keys: Keys
    places: dict[str, str]
    digest: str
    thresholds: dict[str, float] = {}  # noqa: RUF012 - never changed
    silence: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    recognizers: bytes = b""
    allow: tuple[Listed, ...] = ()
    deny: tuple[Listed, ...] = ()
    cases: tuple[Case, ...] = ()
    recognizers_file: str = ""
    origins: dict[Origin, str] = {}  # noqa: RUF012 - never changed

    def action(self, entity: str) -> Action:
        """What happens to a finding."""
        return self.entities.get(entity, self.default)

    def with_strategy(self, strategy: str) -> "Policy":
        """The policy with another strategy, and a digest of its own: it is another policy."""
        if strategy == self.strategy:
            return self
        digest = hashlib.sha256(f"{self.digest} {strategy}".encode()).hexdigest()
        origins = self.origins | {("strategy",): "--strategy"}
        return self._replace(strategy=strategy, digest=f"sha256:{digest}", origins=origins)

    def with_more(self, entities: Iterable[str], countries: Iterable[str], recognizers: bytes) -> "Policy":
        """The policy of a run that looks for more, with a digest of its own.

        Args:
            entities: the policy's default holds for them, whatever it says itself.
            countries: in lower case; they come to those of the policy.
            recognizers: YAML; empty where there is none.
        """
        more = [sorted(entities), sorted(countries), hashlib.sha256(recognizers).hexdigest()]
        if not (more[0] or more[1] or recognizers):
            return self
        digest = hashlib.sha256(f"{self.digest} {more}".encode()).hexdigest()
        return self._replace(
            entities=self.entities | dict.fromkeys(more[0], self.default),
            countries=self.countries | set(more[1]),
            digest=f"sha256:{digest}",
            origins=self.origins
            | {("entities", name): "--entities" for name in more[0]}
            | {("countries", name): "--countries" for name in more[1] if name not in self.countries},
        )

    def actions(self) -> Iterator[Action]:
        """Every action that it can take, some more than once."""
        yield self.default
        parts: list[Policy | Case] = [self, *self.cases]
        for part in parts:
            yield from part.entities.values()
            yield from (action for _, action in part.fields)

    @property
    def named(self) -> frozenset[str]:
        """The entities for which it, or one of its cases, has an action of their own."""
        return frozenset(self.entities).union(*(case.entities for case in self.cases))

    def wants(self, entity: str) -> bool:
        """Whether something is done about an entity, in some record at least."""
        if self.action(entity).name != "keep":
            return True
        actions = (case.entities.get(entity) for case in self.cases)
        return any(action is not None and action.name != "keep" for action in actions)

    def scope(self) -> tuple[str, ...]:
        """The places of a record that its actions name, in order."""
        return tuple(
            sorted(
                {
                    value
                    for action in self.actions()
                    for name, value in action.options
                    if KINDS[action.name].options[name].kind == "path"
                }
            )
        )

    def holding(self, cases: Sequence[bool]) -> "Policy":
        """The policy of records of which some of its cases are true: those become part of it.

        Args:
            cases: which are; the rules for fields that they add stand behind all others.
        """
        parts: list[Policy | Case] = [self]
        parts += (case for case, true in zip(self.cases, cases, strict=bool(cases)) if true)
        return self._replace(
            entities=dict(item for part in parts for item in part.entities.items()),
            fields=tuple(rule for part in parts for rule in part.fields),
            cases=(),
        )

    @property
    def needs_key(self) -> bool:
        """Whether some action needs a key."""
        return any(KINDS[action.name].keyed for action in self.actions())

    @classmethod
    def parse(cls, data: bytes, name: str, read: Read | None = None, own: "Own | None" = None) -> "Policy":
        """Read a policy file's bytes.

        Args:
            name: of the file, for messages; what it names is relative to it.
            read: reads other files that it names; without it there are none but built-in policies.
            own: recognizers that the policy will be used with, for messages: what they find is known.

        Raises:
            PolicyError: with place and hint; `others` has further mistakes.
        """
        from cecil.sanitizer.policy_file import read_policy

        return read_policy(data, name, read, own)

    @classmethod
    def load(cls, name: str, own: "Own | None" = None) -> "Policy":
        """A built-in policy by its name, or a file by its path.

        Args:
            own: see `parse`.

        Raises:
            PolicyError: there is none, or it is wrong; `others` has further mistakes.
            UsageError: the file cannot be read.
        """
        if name in built_in_names() or not files.named(name):
            return cls.built_in(name)
        return cls.parse(files.whole(name, MOST), name, files.beside, own)

    @classmethod
    def built_in(cls, name: str) -> "Policy":
        """A policy that ships with Cecil.

        Raises:
            PolicyError: there is none of that name.
        """
        return cls.parse(built_in(name), name)


def number(text: str) -> str:
    """One spelling for all ways to write a number: `1.0` is `1`, `1e3` is `1000`; what is none stays.

    Exact, whatever its size: a number is not rounded to what a float holds.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value:
        return "0"
    sign, digits, exponent = value.as_tuple()
    shown = "".join(map(str, digits)).rstrip("0")
    place = int(exponent) + len(digits) - len(shown)
    if 0 <= place <= _MOST_ZEROS:
        shown += "0" * place
    elif -_MOST_ZEROS <= place < 0:
        whole, fraction = shown[:place], shown[place:].rjust(-place, "0")
        shown = f"{whole or 0}.{fraction}"
    else:
        shown += f"e{place}"
    return "-" + shown if sign else shown


def position(error: PolicyError) -> tuple[str, int, int]:
    """Where a mistake is, as `file:line:column` says; 0 where it says nothing."""
    numbers: list[int] = []
    file = error.where or ""
    while len(numbers) < 2:
        rest, colon, last = file.rpartition(":")
        if not (colon and last.isdecimal()):
            break
        numbers.insert(0, int(last))
        file = rest
    line, column = [*numbers, 0, 0][:2]
    return file, line, column


def built_in(name: str) -> bytes:
    """The file of a policy that ships with Cecil.

    Raises:
        PolicyError: there is none of that name.
    """
    if name not in built_in_names():
        raise PolicyError(f"no policy {name}", hint="built-in policies: " + ", ".join(built_in_names()))
    return (importlib.resources.files("cecil.sanitizer") / "policies" / f"{name}.yaml").read_bytes()


def built_in_names() -> list[str]:
    """The names of the policies that ship with Cecil, sorted."""
    folder = importlib.resources.files("cecil.sanitizer") / "policies"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))
