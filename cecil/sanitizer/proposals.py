"""From what stands where to what a policy could do there, each with the reason.

The rules, the first that holds:

1. What the documentation of a known shape says of this very place (`cecil.sanitizer.shapes`).
   What it says is to be dropped goes as a whole, with all that stands below.
2. A key whose name says what its value is, in the catalogue's words; or a finding that is all of the value,
   in half of the values or more: redact. Not where values have their names beside them.
3. What the documentation of a known shape says is to go of a place above.
4. A name that says who somebody is, as `user_id` or `owner`: redact.
5. What the documentation of a known shape keeps of a place above.
6. All else is kept, and that is to say after scanning: numbers, times, lists of few values, ids, free text.

Owns: these rules. Refuses: `trust`; what nobody looks at is the user's to decide.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cecil.sanitizer import decoding, keys, shapes
from cecil.sanitizer.branches import Any_, Branch, Step, spelled
from cecil.sanitizer.paths import Matcher, State, parse
from cecil.sanitizer.profile import Profile
from cecil.sanitizer.shapes import Rule

HALF = 0.5
"""Share of values that are findings all through, from which on a place goes as a whole."""

_SHAPE = 0.05
"""Share of objects that have a shape, from which on it counts."""

_FEW_VALUES = 20
_ENOUGH = 20
"""Distinct values of a list of few, and values from which on one can tell."""

_NAMES = 3
"""Keys that are read together; see `cecil.sanitizer.keys.promise`."""

_LONGEST_PATH = 900
"""YAML takes keys of up to 1,024 characters on one line."""

_PEOPLE = frozenset(
    """user users enduser customer member patient employee person subscriber owner actor principal author
    creator assignee reporter requester recipient sender guest student passenger visitor viewer buyer seller
    applicant participant""".split()
)
_NUMBERS = frozenset(
    "id ids uid guid uuid key name login handle nickname alias sub subject number no ref".split()
)
_LOGINS = frozenset(
    """username usernames login userid uid nickname screenname loginname samaccountname upn principalid
    remoteuser authuser customerid memberid""".split()
)
"""Words that say who somebody is: those of people, by themselves and before one of `_NUMBERS`, and logins."""


class Row(NamedTuple):
    """A place where values stand, and what is proposed for it.

    Attributes:
        path: as policies write it.
        branch: what is known of it; of a place that is not in the sample, nothing.
        share: how often it is there, of the objects in which it could be: 0 to 1.
        action: `keep`, `redact` or `drop`.
        entity: what a redacted value is called.
        reason: why.
        doubt: why a strict policy should not keep it all the same; empty where it should.
        written: whether a rule for it would hold for it alone.
    """

    path: str
    branch: Branch
    share: float
    action: str
    entity: str | None
    reason: str
    doubt: str
    written: bool


class _Known:
    """The rules of the known shapes of an object."""

    def __init__(self, base: tuple[Step, ...], names: Sequence[str]) -> None:
        self.base = base
        self.rules = [
            (path, rule, shapes.SHAPES[name].title)
            for name in names
            for path, rule in shapes.SHAPES[name].rules
        ]
        self.matcher = Matcher([(path, number) for number, (path, *_) in enumerate(self.rules)])
        self.seen: set[int] = set()

    def rule(self, state: State) -> Rule | None:
        """What is said of this very place."""
        number = self.matcher.rule(state)
        if number is None:
            return None
        self.seen.add(number)
        return self.rules[number][1]

    def unseen(self) -> Iterator[Row]:
        """What is to go and was not in the sample."""
        begin = spelled(self.base)
        for number, (path, rule, title) in enumerate(self.rules):
            if number not in self.seen and rule.action != "keep":
                whole = path if not begin or path.startswith("[") else f"{begin}.{path}"
                yield Row(
                    whole, Branch(), 0.0, rule.action, rule.entity, f"{rule.reason} ({title})", "", True
                )


class _Above(NamedTuple):
    """What the places above say of one below.

    Attributes:
        known: of objects of known shapes, and how far their rules match.
        exact: what a known shape says of this very place.
        rule: the same, or else what was said of the nearest place above.
        names: keys on the way, without places in lists.
        promise: what they say of the value.
        torn: whether a list on the way is an object at other times: `[*]` matches its members, too.
    """

    known: tuple[tuple[_Known, State], ...] = ()
    exact: Rule | None = None
    rule: Rule | None = None
    names: tuple[str, ...] = ()
    promise: str | None = None
    torn: bool = False

    def below(self, step: Step, branch: Branch) -> "_Above":
        """What is said one step below a place."""
        # A step that stands for many is named by none of the rules: only their stars match it.
        name = step if isinstance(step, str) else "\0\0"
        moved = tuple((one, one.matcher.step(state, name)) for one, state in self.known)
        known = tuple(pair for pair in moved if pair[1])
        said = [one.rule(state) for one, state in reversed(known)]
        exact = next((rule for rule in said if rule), None)
        names, promise = self.names, self.promise
        if isinstance(step, str) and not (names and step in decoding.WRAPPERS):
            names = (*names, step)[-_NAMES:]
            promise = keys.promise(names) or keys.inherited(promise, step)
        torn = self.torn or (step is Any_.ITEM and branch.objects > 0)
        return _Above(known, exact, exact or self.rule, names, promise, torn)


def rows(profile: Profile) -> Iterator[Row]:
    """Every place where values stand, in the order in which they came; then what else shapes can have."""
    taken: set[tuple[str, ...]] = set()
    objects: list[_Known] = []
    stack: list[tuple[tuple[Step, ...], Branch, float, _Above]] = [((), profile.root, 1.0, _Above())]
    while stack:
        steps, branch, share, above = stack.pop()
        names = [name for name in shapes.SHAPES if branch.shapes[name] > _SHAPE * branch.objects]
        if names:
            known = _Known(steps, names)
            objects.append(known)
            above = above._replace(known=(*above.known, (known, known.matcher.start)))
        below = list(branch.below())
        if _whole(steps, branch, above):
            row = _row(steps, branch, share, above)
            taken.add(parse(row.path))
            yield row._replace(written=True, doubt="")
            continue
        if steps and (branch.values > branch.types["null"] or branch.deeper or not below):
            row = _row(steps, branch, share, above)
            name = parse(row.path)
            # `a.*` and `a[*]` are one rule.
            yield row if name not in taken else row._replace(written=False)
            taken.add(name)
        stack += [
            (
                (*steps, step),
                one,
                min(1.0, one.present / branch.objects) if isinstance(step, str) else 1.0,
                above.below(step, branch),
            )
            for step, one in reversed(below)
        ]
    for known in objects:
        for row in known.unseen():
            name = parse(row.path)
            if name not in taken:
                taken.add(name)
                yield row


def _whole(steps: tuple[Step, ...], branch: Branch, above: _Above) -> bool:
    """Whether an object or a list goes with all that it can hold, in the sample or not."""
    if not (above.exact and above.exact.action == "drop" and (branch.objects or branch.lists)):
        return False
    return not (above.torn or Any_.NAME in steps or len(spelled(steps)) > _LONGEST_PATH)


def _row(steps: tuple[Step, ...], branch: Branch, share: float, above: _Above) -> Row:
    rule = above.exact or _by_findings(branch)
    if rule is None and above.rule and above.rule.action != "keep":
        rule = above.rule
    rule = rule or _by_name(steps, branch) or above.rule or _by_values(branch)
    path = spelled(steps)
    written = not (branch.deeper or branch.objects or branch.lists or len(path) > _LONGEST_PATH)
    doubt = _doubt(steps, branch, above)
    if len(path) > _LONGEST_PATH:
        doubt = "its path is too long"
    return Row(path, branch, share, rule.action, rule.entity, rule.reason, doubt, written)


def _doubt(steps: tuple[Step, ...], branch: Branch, above: _Above) -> str:
    """Why a rule that keeps a place would keep too much."""
    if branch.deeper:
        return "it goes deeper than cecil-map looks"
    if branch.values == branch.types["null"]:
        return "there is never anything in it"
    if branch.objects or branch.lists:
        return "at times others stand below it, and a rule would hold for them too"
    if Any_.NAME in steps:
        return "names stand before it that are values"
    if above.torn:
        return "a list on the way to it is an object at times, and a rule would hold for its members too"
    if branch.named:
        return "its name stands beside it, and a rule to keep it would not hear that"
    if above.promise:
        return f"its name promises {above.promise}, and a rule to keep it would not hear that"
    return ""


def _by_findings(branch: Branch) -> Rule | None:
    if branch.named:
        return None  # of values that have their names beside them each is another thing
    keyed = [(one.keyed, entity) for entity, one in branch.found.items() if one.keyed]
    if keyed:
        return Rule("redact", "its name says so", max(keyed)[1])
    values = branch.values - branch.types["null"] - branch.forms["empty"]
    whole = [(one.whole, entity) for entity, one in branch.found.items() if one.whole]
    if whole and sum(count for count, _ in whole) >= HALF * values:
        return Rule("redact", "that is all of the value, mostly", max(whole)[1])
    return None


def _by_name(steps: Sequence[Step], branch: Branch) -> Rule | None:
    """Who somebody is, by a login or a number that is nobody else's."""
    if not (branch.types["string"] or branch.types["integer"]) or branch.forms["text"]:
        return None
    names = [step for step in steps if isinstance(step, str)]
    if not names or steps[-1] is Any_.NAME:
        return None
    own = _words(names[-1])
    if not own:
        return None
    whose = own[-2:-1] or (_words(names[-2])[-1:] if len(names) > 1 else [])
    numbered = own[-1] in _NUMBERS and bool(_PEOPLE.intersection(whose))
    did = own[-1] == "by" and len(own) > 1  # as `updated_by`
    if numbered or did or own[-1] in _PEOPLE | _LOGINS or "".join(own) in _LOGINS:
        reason = "it says who somebody is; {action: hash, entity: USER_ID} keeps records joined"
        return Rule("redact", reason, "USER_ID")
    return None


def _words(name: str) -> list[str]:
    return [word for word in keys.words(name) if not word.isdigit()]


def _by_values(branch: Branch) -> Rule:
    reason = _reason(branch)
    if branch.found:
        reason = f"what is found in it goes, the rest stays; {reason}"
    return Rule("keep", reason)


def _reason(branch: Branch) -> str:
    """Why a place may stay."""
    values = branch.values - branch.types["null"]
    if not values:
        return "never anything but null" if branch.values else "always empty"
    strings = branch.types["string"]
    if strings * 2 < values:
        return "true or false" if branch.types["boolean"] * 2 > values else "a number"
    form, count = branch.forms.most_common(1)[0]
    mostly = count * 2 > strings
    if mostly and form == "time":
        return "a time"
    if mostly and form == "text":
        return "free text: scanned; of names the model finds most, not all"
    if mostly and form == "json":
        titles = [shape.title for name, shape in shapes.SHAPES.items() if branch.inside[name]]
        like = f" (it looks like {' and '.join(titles)})" if titles else ""
        return f"JSON in a string: it is read{like}, but no rule under fields reaches into it"
    if values < _ENOUGH:
        return "too few values to tell"
    if not branch.more and branch.distinct <= _FEW_VALUES:
        return "few values, which come again"
    if mostly and form in ("uuid", "hex", "id", "number") and branch.distinct * 2 > min(values, 1000):
        return "an id, mostly another each time; {action: hash, entity: ID} hides it and keeps records joined"
    return "scanned"
