"""What a policy names that only recognizers know: entities, detectors, countries; and what it brings itself.

Owns: making the recognizers of a policy, and telling every name that there is not, at once and each with its
place. Refuses: the form of the file, which `policy_file` reads.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from cecil.errors import PolicyError
from cecil.sanitizer import keys
from cecil.sanitizer.detectors import Recognizer, catalogue, secrets
from cecil.sanitizer.detectors.everyone import Own, countries_known, everyone
from cecil.sanitizer.finder import PRIVATE_IP
from cecil.sanitizer.listed import Denied
from cecil.sanitizer.names import labels
from cecil.sanitizer.policy import Policy, position


class More(NamedTuple):
    """What a run looks for besides.

    Attributes:
        entities: further ones, whatever the policy keeps.
        countries: in lower case.
        own: the user's recognizers.
    """

    entities: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    own: Own | None = None


NO_MORE = More()


def recognizers(
    policy: Policy, vocabulary: keys.Vocabulary, more: More = NO_MORE
) -> tuple[tuple[Recognizer, ...], frozenset[str]]:
    """The recognizers of a policy, and every entity that can be found.

    Raises:
        PolicyError: it names what there is not, or its own recognizers are wrong; `others` has further ones.
    """
    found, known, wrong = _looked_up(policy, vocabulary, more)
    if wrong:
        raise PolicyError.together(sorted(wrong, key=position))
    return found, known


def mistakes(policy: Policy, offered: Collection[str], own: Own | None) -> list[PolicyError]:
    """What is wrong with the names of a policy of which more is wrong.

    Args:
        offered: entities that it would bring if it were right.
        own: the user's recognizers.
    """
    vocabulary = keys.Vocabulary(*policy.keys) if any(policy.keys) else keys.DEFAULT
    return _looked_up(policy, vocabulary, More(own=own), offered)[2]


def _looked_up(
    policy: Policy, vocabulary: keys.Vocabulary, more: More, offered: Collection[str] = ()
) -> tuple[tuple[Recognizer, ...], frozenset[str], list[PolicyError]]:
    there = countries_known()
    asked = more.countries | policy.countries
    wrong = [
        catalogue.no_country(country, there, policy.origins.get(("countries", country)))
        for country in sorted(asked - there)
    ]
    theirs = Own(policy.recognizers, policy.recognizers_file) if policy.recognizers else None
    entities, countries = more.entities | policy.named, asked & there
    whole = True
    try:
        found = everyone(entities, countries, more.own or theirs, vocabulary)
        if more.own and theirs:
            found += catalogue.own(*theirs)
    except PolicyError as error:
        whole = False
        wrong += error.each()
        found = everyone(entities, countries, None, vocabulary)
    if policy.deny:
        try:
            found += (Denied(policy.deny),)
        except PolicyError as error:
            wrong += error.each()
    known = frozenset().union(*(one.entities for one in found), offered, labels.ENTITIES, {PRIVATE_IP})
    if whole:  # what a file that cannot be read would bring, nobody knows
        wrong += _unknown_entities(policy, more.entities, known)
        wrong += _unknown_detectors(policy, frozenset(one.name for one in found) | secrets.detectors())
    return found, known, wrong


def _unknown_entities(policy: Policy, more: Iterable[str], known: Collection[str]) -> list[PolicyError]:
    found = [
        PolicyError(f"unknown entity {entity}", where=policy.places.get(entity))
        for entity in sorted(policy.named.union(policy.thresholds, more))
        if entity not in known
    ]
    found += [
        PolicyError(f"unknown entity {one.entity}", where=one.place)
        for one in policy.allow
        if one.entity and one.entity not in known and not catalogue.turned_on_by(frozenset({one.entity}))
    ]
    if found:
        max(found, key=position).hint = "entities are " + ", ".join(sorted(known))
    return found


def _unknown_detectors(policy: Policy, there: Collection[str]) -> Iterator[PolicyError]:
    for name in sorted(policy.silence.difference(there)):
        yield PolicyError(
            f"unknown detector {name}",
            where=policy.origins.get(("silence", name)),
            hint="--check --json names the detector of each finding",
        )
