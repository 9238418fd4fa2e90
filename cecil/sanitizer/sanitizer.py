"""Record to record, and what was found in it.

Owns: putting policy, detectors, actions and strategy together; JSON lines and text lines as the two
forms of a record. Does no I/O. A `Sanitizer` can be pickled; a worker that unpickles it builds its
detectors anew.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, AnyStr, NamedTuple, TypeVar

from cecil.errors import RecordError, UsageError
from cecil.sanitizer import decoding, keys, linear, policy_names, strict
from cecil.sanitizer.actions import KINDS, Action, Replacer, Scope
from cecil.sanitizer.changes import Change, Path, Places, Rename, apply, apply_to_line, apply_to_text
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.everyone import Own, everyone
from cecil.sanitizer.finder import Finder, unescaped
from cecil.sanitizer.interceptor import Interceptor
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.leaves import UNSETTLED, Found, Leaves, text_of
from cecil.sanitizer.listed import Allowed
from cecil.sanitizer.names import choice, labels
from cecil.sanitizer.names.engine import EMBEDDED
from cecil.sanitizer.paths import Matcher, at, parse
from cecil.sanitizer.policy import Case, Condition, Policy, number
from cecil.sanitizer.scanner import Cache
from cecil.sanitizer.spans import Miss
from cecil.sanitizer.triggers import of
from cecil.stream.jsonl import proven
from cecil.stream.jsontext import decode, dumps, loads, scan

if TYPE_CHECKING:
    import pyarrow as pa

PRIVATE_KEY = "PRIVATE_KEY"

_Judged = TypeVar("_Judged")

_MOST_VIEWS = 64
"""Sets of cases that are true together, for which rules are kept ready: so the memory stays flat."""

_COMMON = frozenset(
    """account action address app attributes body bytes category client code content context count data date
    description details duration email end env environment error event events extra fields file format from
    group headers host hostname http id index input instance ip items key kind labels level line location log
    logger message messages metadata meta method model msg name namespace node number object operation output
    parameters params path payload phone pid pod port properties query reason region request resource response
    result role route server service session size source span start state status step tags target text thread
    time timestamp title to total trace ts type uri url user username uuid value values version""".split()
)
"""Names that logs are full of, whatever they are about."""

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
        key: for actions that need one; a keyring, or the bytes of a key file. Without it one is made up: what
            another sanitizer makes is another token.
        explain: gather near misses.
        entities: further ones that are looked for, whatever the policy keeps.
        countries: whose national numbers are looked for too; ISO 3166-1 alpha-2.
        recognizers: the user's own, in Presidio's YAML.
        cache: keeps compiled triggers between runs; is pickled with it.
        audit: tell which fields went on unseen, too: findings with the action `trust`.
        nlp: which model looks for names: `en`, that of the package; `none`; the name or the folder of a
            spaCy pipeline; a file of Presidio's with the configuration of an engine; and `de=...` for texts
            of a language. See `cecil.sanitizer.names.choice`.
        language: of all texts, where it is not English: `de`. It chooses among the models of `nlp`.
        language_field: the path of a field that tells a record's language, as `user.locale` may.

    Attributes:
        policy: what it was made of.
        passes_unread: whether a line can be known to hold nothing without being read.
        takes_keys_over_lines: whether `redact_key` has anything to do.
        misses: the near misses of the record that was judged last; empty without `explain`.

    Raises:
        PolicyError: the policy names an entity that nothing finds, or the recognizers are wrong.
        UsageError: what was given as a key is none, or the policy encrypts and none was given; or a model
            of names cannot be loaded.

    Example:
        >>> from pathlib import Path
        >>> from cecil import Policy, Sanitizer
        >>> key = Path("cecil.key").read_bytes()  # as cecil-redact --new-key makes it
        >>> sanitizer = Sanitizer(Policy.load("gdpr"), key=key)
        >>> sanitizer.redact({"user": {"email": "bob@example.com"}})[0]
        {'user': {'email': '<EMAIL_ADDRESS#byawoxeqv3atiwkzzim64q37zmbnkhne>'}}
    """

    def __init__(
        self,
        policy: Policy | str = "default",
        *,
        key: Keyring | bytes | None = None,
        explain: bool = False,
        entities: frozenset[str] = frozenset(),
        countries: frozenset[str] = frozenset(),
        recognizers: Own | None = None,
        cache: Cache | None = None,
        audit: bool = False,
        nlp: str = "en",
        language: str | None = None,
        language_field: str | None = None,
    ) -> None:
        models = choice.parse(nlp)
        if language is not None and language not in models:
            raise UsageError(f"no model for language {language}", hint=f"--nlp {language}=PIPELINE")
        if language_field is not None:
            try:
                parse(language_field)
            except ValueError as error:
                raise UsageError(f"the field of the language: {error}") from None
        self._nlp = (models, language or EMBEDDED, language_field)
        self.policy = Policy.built_in(policy) if isinstance(policy, str) else policy
        countries = frozenset(country.lower() for country in countries)
        self.policy = self.policy.with_more(entities, countries, recognizers.data if recognizers else b"")
        if self.policy.needs_key and key is None:
            key = _made_up(self.policy)
        self._keys = Keyring.of(key)
        self._more = policy_names.More(entities, countries, recognizers)
        self._explain = explain
        self._cache = cache
        self._audit = audit
        self._build()

    def _build(self) -> None:
        self.misses: list[NearMiss] = []
        policy = self.policy
        vocabulary = keys.Vocabulary(*policy.keys) if any(policy.keys) else keys.DEFAULT
        recognizers, known = policy_names.recognizers(policy, vocabulary, self._more)
        models, language, field = self._nlp
        self._models = choice.load(models if any(map(policy.wants, labels.ENTITIES)) else {})
        names = self._models.get(language)
        # Of one model nobody need choose.
        self._tongue = parse(field) if field and len(self._models) > 1 else None
        fields = _field_triggers(policy)
        # A rule for a field without a name, and what a strict policy drops, only reading finds.
        self._searchable = fields is not None and policy.strategy == "deep"
        told = self._audit and any(action.name == "trust" for action in policy.actions())
        self.passes_unread = self._searchable and not self._explain and not told and self._tongue is None
        self.takes_keys_over_lines = policy.strategy == "deep" and policy.action(PRIVATE_KEY).name != "keep"
        self.finder = Finder(
            recognizers,
            policy.wants,
            policy.threshold,
            (*_parse(vocabulary), *(fields or ())),
            _base(),
            self._cache,
            thresholds=policy.thresholds,
            silence=policy.silence,
            allowed=Allowed(policy.allow) if policy.allow else None,
            named=_named_triggers(policy),
            names=names,
            explain=self._explain,
        )
        named = {action.entity for action in policy.actions() if action.entity}
        self._replacer = Replacer(self._keys, frozenset(known | named | {UNSETTLED}), policy.actions())
        self._promise, self._terse, self._holds = vocabulary.promise, vocabulary.terse, vocabulary.holds
        self._places = tuple((path, parse(path)) for path in policy.scope())
        self._tests = tuple(_test(case) for case in policy.cases)
        self._views: dict[tuple[str, tuple[bool, ...]], View] = {}
        self._view = self._seen_by((), language)
        # What one record says of another's texts is known in that one only.
        alike = not (self._tests or self._tongue or self._places or self._explain)
        self._alike = alike and self.finder.gate is None

    def _seen_by(self, holding: tuple[bool, ...], language: str) -> "View":
        """What judges a record of a language, of which some cases of the policy are true."""
        found = self._views.get((language, holding))
        if found is None:
            policy = self.policy.holding(holding)
            finder = self.finder if not self.policy.cases else self.finder.wanting(policy.wants)
            if language != self._nlp[1]:
                finder = finder.speaking(self._models[language])
            leaves = Leaves(policy, finder, self._replacer, self._within, explain=self._explain)
            rules = [*policy.fields]
            matcher = Matcher(rules, len(rules) - len(self.policy.fields))
            anywhere = [rule for rule in rules if _anywhere(rule[0])]
            first = sum(_anywhere(path) for path, _ in rules[len(self.policy.fields) :])
            inner = Matcher(anywhere, first)
            interceptor = Interceptor(
                leaves, matcher, inner, self._promise, self._terse, holds=self._holds, audit=self._audit
            )
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            found = self._views[language, holding] = View(leaves, matcher, interceptor)
        return found

    @property
    def temporary_key(self) -> bool:
        """Whether its key was made up, and will be lost."""
        return self._keys is not None and self._keys.temporary

    @property
    def keyring(self) -> Keyring | None:
        """The keys in use, those that were made up too."""
        return self._keys

    @property
    def key_id(self) -> str | None:
        """Names the key in use; None where there is none, or one that was made up."""
        return None if self._keys is None or self._keys.temporary else self._keys.ids[0]

    @property
    def models(self) -> dict[str, str]:
        """The versions of the models that look for names, by language; empty where none does."""
        return {language: names.version for language, names in self._models.items() if names}

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.policy, self._keys, self._explain, self._more, self._cache, self._audit, self._nlp)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        (
            self.policy,
            self._keys,
            self._explain,
            self._more,
            self._cache,
            self._audit,
            self._nlp,
        ) = state
        self._build()

    def redact(self, record: Any) -> tuple[Any, list[Finding]]:
        """A record of Python objects; what does not change is shared, nothing is modified.

        Raises:
            RecordError: it could not be judged; it must not be passed on.

        Example:
            >>> from cecil import Sanitizer
            >>> record, findings = Sanitizer().redact({"user": {"email": "bob@example.com"}, "n": 17})
            >>> record
            {'user': {'email': '<EMAIL_ADDRESS>'}, 'n': 17}
            >>> [(one.pointer, one.entity, one.action) for one in findings]
            [('/user/email', 'EMAIL_ADDRESS', 'redact')]
        """
        changes, findings = self._judge(record)
        return apply(record, changes), findings

    def judged(self, record: Any) -> tuple[list[Change], list[Finding]]:
        """What `redact` does to a record, and why; what raises there raises here."""
        return self._judge(record)

    def redact_json(self, line: bytes, awake: Mapping[str, int] | None = None) -> tuple[bytes, list[Finding]]:
        """A JSON object or array as text; what does not change keeps every byte, its newline too.

        A record with duplicate keys, or nested too deep, is judged as it stands: it goes on where nothing
        in it could be anything.

        Args:
            awake: where it is known, the only strings in which something could be found, and what stands in
                them; see `Finder.awake`.

        Raises:
            RecordError: it is not valid (see `cecil.stream.jsontext`), or could not be judged.
        """
        try:
            record = loads(line)
        except RecordError:
            if self._holds_nothing(line):
                return line, []
            raise
        if not isinstance(record, (dict, list)):
            raise RecordError("not a JSON object")
        changes, findings = self._judge(record, awake)
        if not changes:
            return line, findings
        new = apply_to_line(line, record, changes)
        if new is None:
            text = decode(line)
            new = apply_to_text(text, scan(text), changes).encode()
        return new, findings

    def _holds_nothing(self, line: bytes) -> bool:
        """Whether a line that cannot be read can be known to hold nothing: it is JSON, of a kind."""
        if not self._searchable or self._tongue or not proven(line) or self.finder.hits(unescaped(line)):
            return False
        return self.finder.gate is None or not self.finder.gate.strings(line)

    def redact_text(self, line: AnyStr, stood: int | None = None) -> tuple[AnyStr, list[Finding]]:
        """A line of plain text, or a text of several, with or without its newline; UTF-8 where it is bytes.

        Args:
            stood: where it is known, what stands in it; see `Finder.standing`.

        Raises:
            RecordError: it is not UTF-8, could not be judged, or the policy is strict: text has no
                fields that could be named.

        Example:
            >>> from cecil import Sanitizer
            >>> Sanitizer().redact_text("mail bob@example.com")[0]
            'mail <EMAIL_ADDRESS>'
        """
        if isinstance(line, str):
            new, findings = self._redact_text(line.encode("utf-8", "surrogatepass"), stood)
            return new.decode("utf-8", "surrogatepass"), findings
        return self._redact_text(line, stood)

    def redact_lines(
        self, lines: Iterable[AnyStr], refuse: Callable[[AnyStr, str], None] | None = None
    ) -> Iterator[AnyStr]:
        """Lines as cecil-redact judges them: records where they are JSON, else text.

        Args:
            lines: each with its newline or without; an item can hold several, which is faster. A line that
                could belong to a private key waits for those behind it.
            refuse: is given each line that must not go on, and the reason.

        Raises:
            RecordError: a line must not go on, and there is no `refuse`.

        Example:
            >>> from cecil import Sanitizer
            >>> list(Sanitizer().redact_lines(['{"email": "bob@example.com"}', "from 8.8.8.8"]))
            ['{"email": "<EMAIL_ADDRESS>"}', 'from <IP_ADDRESS>']
        """
        from cecil.sanitizer.bulk import redact_lines

        return redact_lines(self, lines, refuse)

    def redact_batches(
        self,
        batches: "Iterable[pa.RecordBatch]",
        refuse: Callable[[dict[str, Any], str], None] | None = None,
    ) -> "Iterator[pa.RecordBatch]":
        """Arrow batches, each row a record; the schema stays as it is, see `cecil.sanitizer.arrow`.

        A value that repeats in a column is judged once, see `cecil.sanitizer.columns`.

        Args:
            batches: needs pyarrow, which the extra `parquet` brings.
            refuse: is given each record that must not go on, and the reason; its row is left out.

        Raises:
            RecordError: a record must not go on, and there is no `refuse`.
            UsageError: two columns have one name.

        Example:
            >>> import pyarrow as pa
            >>> from cecil import Sanitizer
            >>> batch = pa.RecordBatch.from_pydict({"id": [1, 2], "by": ["bob@example.com", "cron"]})
            >>> next(Sanitizer().redact_batches([batch])).to_pylist()
            [{'id': 1, 'by': '<EMAIL_ADDRESS>'}, {'id': 2, 'by': 'cron'}]
        """
        from cecil.sanitizer.columns import redact_batches

        told = None if refuse is None else lambda number, record, why: refuse(record, why)
        return redact_batches(self, batches, told)

    def _redact_text(self, line: bytes, stood: int | None = None) -> tuple[bytes, list[Finding]]:
        if self.policy.strategy == "strict":
            raise RecordError(_NO_FIELDS)
        text = decode(line)
        body = text.rstrip("\r\n")
        view = self.entered(None)
        view.leaves.stood = {} if stood is None else {body: stood}
        new, found = view.leaves.text(body)
        if self._explain:
            view.interceptor.misses = [((), miss) for miss in view.leaves.misses]
            view.leaves.misses.clear()
            self._tell({})
        if new == body:
            return line, []
        return (new + text[len(body) :]).encode(), [Finding("", *one) for one in found]

    def redact_key(
        self, line: bytes, spans: Sequence[tuple[int, int]], kind: str | None
    ) -> tuple[bytes, list[Finding]]:
        """A line of plain text of which something belongs to a private key over several lines.

        Args:
            spans: what does, in bytes, in order.
            kind: the recognizer's name for the key, where it is found in this line.

        Raises:
            RecordError: see `redact_text`.
        """
        decode(line)
        view = self.entered(None)
        action = self.policy.action(PRIVATE_KEY)
        found = Found(PRIVATE_KEY, 1.0, f"secret:{kind}", action.name)
        pieces: list[str] = []
        edits: list[tuple[int, int]] = []  # where a replacement ends, and how many characters it lacks
        done = 0
        for start, end in spans:
            text = line[start:end].decode()
            pieces += (line[done:start].decode(), view.leaves.covered(text, found)[0])
            edits.append((sum(map(len, pieces)), len(text) - len(pieces[-1])))
            done = end
        new, others = self._redact_text(("".join(pieces) + line[done:].decode()).encode())
        findings = []
        for one in others:
            lacks = sum(count for end, count in edits if end <= one.start)
            findings.append(one._replace(start=one.start + lacks, end=one.end + lacks))
        if kind:
            at = len(line[: spans[0][0]].decode())
            found = found._replace(start=at, end=at + len(line[slice(*spans[0])].decode()))
            findings.append(Finding("", *found))
            findings.sort(key=attrgetter("start"))
        return new, findings

    def _judge(
        self, record: Any, awake: Mapping[str, int] | None = None
    ) -> tuple[list[Change], list[Finding]]:
        view = self.entered(record)
        view.leaves.stood = awake or {}
        drops: list[Change] = []
        if self.policy.strategy == "strict":
            if not isinstance(record, (dict, list)):
                raise RecordError(_NO_FIELDS)
            drops = strict.unmapped(record, view.matcher)
        gone = {drop.path for drop in drops}
        changes, found = view.interceptor.judge(record, gone, awake=awake)
        if not changes and not drops and not found and not self._explain:
            return changes, []
        findings = [Finding("", "FIELD", 1.0, "field", "drop") for _ in drops]
        renames = {change.path: change.name for change in changes if isinstance(change, Rename)}
        last, pointer = None, ""
        for path, one in found:
            if path is not last:
                last, pointer = path, _pointer(path, renames)
            findings.append(Finding(pointer, *one))
        self._tell(renames)
        return drops + changes, findings

    def at_once(self, judge: Callable[[], _Judged]) -> _Judged:
        """What `judge` gives, which judges many lines: what became of their texts is looked at again in one
        search for all, at the end. Where something is found there, they are judged one by one.
        """
        if not self._alike:
            return judge()
        leaves, settled = self._view.leaves, False
        leaves.unsettled = []
        try:
            judged = judge()
            settled = leaves.settled()
        finally:
            if not settled:
                leaves.forget()
                self._view.interceptor.forget()
        return judged if settled else judge()

    def looked_at(self) -> list[tuple[str, ...]]:
        """The places of a record on which it depends how all of it is judged; see `situation`."""
        found = [parse(one.path) for case in self.policy.cases for one in case.when]
        found += [steps for _, steps in self._places]
        return [*found, self._tongue] if self._tongue else found

    def situation(self, record: Any) -> tuple[Any, ...]:
        """What a record's judging depends on beside each leaf and its keys: records that have the same are
        judged by the same rules. Only what stands at the places of `looked_at` counts."""
        return (self.holding(record), self._language(record), tuple(self._scope(record).values()))

    def entered(self, record: Any) -> "View":
        """What judges a record from here on; None for a line of text."""
        if self._tests or self._tongue:
            self._view = self._seen_by(self.holding(record), self._language(record))
        if self._places:
            self._view.leaves.scope = self._scope(record)
        return self._view

    def _language(self, record: Any) -> str:
        """The language of a record, as its field tells; of all others, that of the run."""
        if self._tongue and record is not None:
            for value in at(record, self._tongue):
                return choice.spoken(value, self._models)
        return self._nlp[1]

    def holding(self, record: Any) -> tuple[bool, ...]:
        """Which cases of the policy are true of a record; none of a line of text. See `Policy.holding`."""
        return tuple(record is not None and test(record) for test in self._tests)

    def _scope(self, record: Any) -> Scope:
        """What stands at the places that actions name; in a line of text nothing does."""
        found = {}
        for path, steps in self._places:
            values = (value for value in at(record, steps) if not isinstance(value, (dict, list)))
            value = next(values, None)
            found[path] = "" if value is None else text_of(value)
        return found

    def _tell(self, renames: dict[Path, str]) -> None:
        """Near misses, where they are wanted, each once: a text is looked at in more than one spelling."""
        told = (
            NearMiss(_pointer(path, renames), miss.entity, miss.detector, miss.why, miss.start, miss.end)
            for path, miss in self._view.interceptor.misses
        )
        self.misses = list(dict.fromkeys(told))
        self._view.interceptor.misses.clear()

    def _within(
        self, text: str, words: tuple[str, ...], depth: int, awake: Collection[str] | None
    ) -> tuple[str, tuple[Found, ...]]:
        """JSON that stands in a text; findings bear their places in that text."""
        record = loads(text.encode("utf-8", "surrogatepass"))
        view = self._view
        outer, before = list(view.leaves.misses), len(view.interceptor.misses)
        view.leaves.misses.clear()
        changes, found = view.interceptor.judge(record, words=words, depth=depth, awake=awake)
        missed = view.interceptor.misses[before:]
        del view.interceptor.misses[before:]
        view.leaves.misses[:0] = outer
        if not changes and not missed:
            return text, ()
        root = scan(text)
        view.leaves.misses += _placed(missed, text, Places(root), ())
        renamed = {change.path for change in changes if isinstance(change, Rename)}
        return apply_to_text(text, root, changes), tuple(_placed(found, text, Places(root), renamed))


class View(NamedTuple):
    """What judges records by one set of rules."""

    leaves: Leaves
    matcher: Matcher[Action]
    interceptor: Interceptor


def _test(case: Case) -> Callable[[Any], bool]:
    """Whether a case is true of a record."""
    tests = [_condition(one) for one in case.when]
    return lambda record: all(test(record) for test in tests)


def _condition(one: Condition) -> Callable[[Any], bool]:
    steps = parse(one.path)
    if one.test == "exists":
        wanted = one.values == ("true",)
        return lambda record: any(True for _ in at(record, steps)) is wanted
    if one.test == "matches":
        search = linear.compiled(one.values[0]).search
        return lambda record: any(search(text) is not None for text in _texts(record, steps))
    return lambda record: any(text in one.values for text in _texts(record, steps))


def _texts(record: Any, steps: Sequence[str]) -> Iterator[str]:
    for value in at(record, steps):
        if value is not None and not isinstance(value, (dict, list)):
            text = text_of(value).encode("utf-8", "replace").decode()
            yield text if type(value) in (str, bool) else number(text)


_Told = TypeVar("_Told", Found, Miss)


def _placed(
    found: Iterable[tuple[Path, _Told]], text: str, places: Places, renamed: Collection[Path]
) -> Iterator[_Told]:
    """Findings, or near misses, in the leaves of a JSON text as those in the text."""
    last: Path | None = None
    for path, one in found:
        if path != last:
            node = places.node(path)
            start, end = node.start, node.end
            place = decoding.unescaped(text[start + 1 : end - 1])[1] if text[start] == '"' else None
            last = path
        if path in renamed:  # in its name, or in what stands there
            member = places.member(path)
            within = isinstance(member.node.value, list)
            yield one._replace(start=member.start, end=member.end if within else end)
        elif place is None:
            yield one._replace(start=start, end=end)
        else:
            yield one._replace(start=start + 1 + place(one.start), end=start + 1 + place(one.end))


def _made_up(policy: Policy) -> Keyring:
    """A key for one run.

    Raises:
        UsageError: what the policy makes with it is no good without the key.
    """
    for action in policy.actions():
        if KINDS[action.name].lasting:
            raise UsageError(
                f"{action.name} needs a key that stays",
                where=policy.name,
                hint="cecil-redact --new-key cecil.key; then --key-file cecil.key",
            )
    return Keyring.random()


def _parse(vocabulary: keys.Vocabulary) -> tuple[Trigger, ...]:
    """What stands in a line in which names say something."""
    return (*vocabulary.triggers(), *decoding.naming_triggers())


@lru_cache(maxsize=1)
def _base() -> dict[str, tuple[Trigger, ...]]:
    """The triggers of the default policy, by recognizer; under `""` what `_parse` says."""
    policy = Policy.built_in("default")
    found = {
        one.name: of(one)
        for one in everyone()
        if any(policy.action(entity).name != "keep" for entity in one.entities)
    }
    return found | {"": _parse(keys.DEFAULT)}


def _field_triggers(policy: Policy) -> tuple[Trigger, ...] | None:
    """What stands in a line in which a rule for a field does something: a name of its path, see `_rarest`.

    None where a rule names none.
    """
    found = []
    for path in _changing(policy):
        names = _names(path)
        if not names:
            return None
        found.append(Trigger(re.escape(dumps(_rarest(names))) + r"[ \t\r]*:"))
    return tuple(dict.fromkeys(found))


def _named_triggers(policy: Policy) -> tuple[Trigger, ...]:
    """The same for JSON in a text, whose quotes may be escaped."""
    names = [dumps(_rarest(_names(path)))[:-1] for path in _changing(policy) if _anywhere(path)]
    return tuple(Trigger(re.escape(name) + r"\\{0,31}\"[ \t\r]*:") for name in dict.fromkeys(names))


def _rarest(names: Sequence[str]) -> str:
    """Of names that all stand in a line one that few other lines will have: for `billing.customer.name` not
    every line with a `name` is to be read."""
    return max(reversed(names), key=lambda name: (name.lower() not in _COMMON, len(name)))


def _changing(policy: Policy) -> Iterator[str]:
    """The paths of rules that do something."""
    for path, action in (*policy.fields, *(rule for case in policy.cases for rule in case.fields)):
        if action.name not in ("keep", "trust"):
            yield path


def _anywhere(path: str) -> bool:
    """Whether a rule holds at any depth, in JSON in a text too: it begins with `**` and names something."""
    return parse(path)[0] == "**" and bool(_names(path))


def _names(path: str) -> list[str]:
    return [step.lstrip("\0") for step in parse(path) if not step.isdecimal() and step not in ("*", "**")]


def _pointer(path: Path, renames: dict[Path, str]) -> str:
    """RFC 6901, with the names that the redacted record has: a key can be sensitive itself."""
    if not renames:
        return _plain_pointer(path)
    return _plain_pointer(tuple(renames.get(path[: i + 1], step) for i, step in enumerate(path)))


@lru_cache(maxsize=4096)
def _plain_pointer(path: Path) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
