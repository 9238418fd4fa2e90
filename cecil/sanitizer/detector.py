"""Text to findings, for Python programs that want to know and not to replace.

Owns: what `cecil.Detector` takes and gives. What is found is what a `Sanitizer` of the same policy would
take out of the text; there is no second way to judge. Refuses: records; and what a policy says of fields,
since a text alone stands in none.
"""

from collections.abc import Collection

from cecil.sanitizer.detectors.everyone import Own
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Finding, Sanitizer
from cecil.sanitizer.scanner import Cache
from cecil.sanitizer.spans import Span, resolve


class Detector:
    """Finds what is sensitive in texts. One serves all threads of a program, and can be pickled.

    The first one of a process takes seconds to build: the patterns of all recognizers are compiled. With a
    cache, `cecil.stream.cache.FileCache()` for example, that is done once and for all.

    Args:
        policy: a `Policy`, or the name of a built-in one. What it keeps is not looked for.
        entities: further ones that are looked for, whatever the policy keeps.
        countries: whose national numbers are looked for too; ISO 3166-1 alpha-2.
        recognizers: the user's own, as YAML in Presidio's format.
        key: that of the policy's actions, a keyring or the bytes of a key file: by it earlier replacements
            are known. Not needed for texts in which there are none.
        cache: keeps compiled patterns between runs.
        nlp: which model looks for names, see `Sanitizer`.

    Raises:
        TypeError: a single string where a collection is wanted.
        PolicyError: there is no such policy, entity or country, or the recognizers are wrong.
        UsageError: what was given as a key is none; or a model of names cannot be loaded.

    Example:
        >>> from cecil import Detector
        >>> detector = Detector(countries=["de"])
        >>> text = "mail bob@example.com"
        >>> [(one.entity, text[one.start : one.end]) for one in detector.find(text)]
        [('EMAIL_ADDRESS', 'bob@example.com')]
    """

    def __init__(
        self,
        policy: Policy | str = "default",
        *,
        entities: Collection[str] = (),
        countries: Collection[str] = (),
        recognizers: str | bytes | None = None,
        key: Keyring | bytes | None = None,
        cache: Cache | None = None,
        nlp: str = "en",
    ) -> None:
        for name, wanted in (("entities", entities), ("countries", countries)):
            if isinstance(wanted, str):
                raise TypeError(f"{name} is a collection of names, not a string")
        policy = Policy.built_in(policy) if isinstance(policy, str) else policy
        policy = policy.with_strategy("deep")._replace(fields=())
        if policy.needs_key and key is None:
            key = Keyring.random()  # nothing that is made with it leaves
        yaml = recognizers.encode() if isinstance(recognizers, str) else recognizers
        self._sanitizer = Sanitizer(
            policy,
            key=key,
            entities=frozenset(entities),
            countries=frozenset(countries),
            recognizers=None if yaml is None else Own(yaml, "recognizers"),
            cache=cache,
            nlp=nlp,
        )

    def find(self, text: str) -> list[Finding]:
        """What is sensitive in a text, in order, none overlapping another; empty when nothing is.

        A finding's `start` and `end` are characters of `text`, half-open, whatever was decoded to find it:
        where encoded text (base64, say) holds something, the finding is the encoded stretch, under the name
        of the best of what is in it. `action` is what the policy would do; `pointer` is empty.

        Raises:
            TypeError: `text` is not a string.
            DetectorError: it could not be judged; nothing may be concluded from that.
        """
        if not isinstance(text, str):
            raise TypeError(f"a string is wanted, not {type(text).__name__}")
        _, findings = self._sanitizer.redact(text)
        if len(findings) < 2:
            return findings
        action = self._sanitizer.policy.action
        spans = resolve(Span(one.start, one.end, one.entity, one.score, one.detector) for one in findings)
        return [
            Finding("", one.entity, one.score, one.detector, action(one.entity).name, one.start, one.end)
            for one in spans
        ]
