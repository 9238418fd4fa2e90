"""One leaf: what it is replaced by, and why.

Owns: the order of evidence (a policy's field, then the key's name, then the value itself), what happens
to numbers and booleans, and the promise that a second run changes nothing more.

A number that is redacted becomes null, so that a column of numbers stays one; masked or hashed it
becomes a string. Booleans and null reveal nothing by themselves: only a field's rule touches them.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from cecil.sanitizer.actions import Action, Replacer
from cecil.sanitizer.detectors import Detector
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.spans import Span, resolve

UNSETTLED = "REDACTED"
"""Stands for a text or a field that has no better name."""

_ROUNDS = 4
_MEMO_TEXT = 1024
_MEMO_SIZE = 8192


class Found(NamedTuple):
    """Something found and what was done; never the value itself."""

    entity: str
    score: float
    detector: str
    action: str


class Leaves:
    """Judges leaves by one policy.

    Args:
        policy: what happens to what.
        detectors: look at texts.
        replacer: makes replacements.
    """

    def __init__(self, policy: Policy, detectors: tuple[Detector, ...], replacer: Replacer) -> None:
        self._policy = policy
        self._detectors = detectors
        self._replacer = replacer
        # Logs repeat themselves. The bounds keep the memory flat: 8,192 texts of 1,024 characters.
        self._remembered = lru_cache(maxsize=_MEMO_SIZE)(self._judge)

    def leaf(
        self, value: Any, rule: Action | None, entity: str | None, context: tuple[str, ...]
    ) -> tuple[Any, tuple[Found, ...]]:
        """A leaf's new value and what was found; the same object when nothing was.

        Args:
            value: a JSON scalar.
            rule: what the policy says of this field, if anything.
            entity: what the key's name promises, if anything.
            context: words of the keys that lead here.

        Raises:
            DetectorError: the value could not be judged.
        """
        if rule is not None:
            if rule.name == "trust":
                return value, ()
            if rule.name != "keep":
                return self._whole(value, rule.entity or entity or UNSETTLED, rule, "field")
        elif entity is not None and value is not True and value is not False:
            action = self._policy.action(entity)
            if action.name != "keep":
                return self._whole(value, entity, action, "key")
        if value is None or value is True or value is False:
            return value, ()
        text = text_of(value)
        new, found = self.text(text, context)
        if new == text:
            return value, ()
        if type(value) is str:
            return new, found
        best = found[0]
        return self._whole(value, best.entity, self._policy.action(best.entity), best.detector)

    def text(self, text: str, context: tuple[str, ...] = ()) -> tuple[str, tuple[Found, ...]]:
        """A text with its findings replaced, and what they were."""
        if len(text) <= _MEMO_TEXT:
            return self._remembered(text, context)
        return self._judge(text, context)

    def evidence(self, key: str) -> str:
        """The part of a key that says something about its value: what an earlier run put there does not."""
        for start, end in sorted(self._replacer.own(key), reverse=True):
            key = key[:start] + key[end:]
        return key

    def _whole(self, value: Any, entity: str, action: Action, detector: str) -> tuple[Any, tuple[Found, ...]]:
        if value is None or value == "":
            return value, ()
        found = (Found(entity, 1.0, detector, action.name),)
        if action.name == "redact" and type(value) is not str:
            return None, found
        text = text_of(value)
        new = self._replacer.replace(text, entity, action)
        if type(value) is str and new == text:
            return value, ()
        return new, found

    def _judge(self, text: str, context: tuple[str, ...]) -> tuple[str, tuple[Found, ...]]:
        """Replace until nothing more is found, so that a second run has nothing to do.

        A replacement can make something of what stands around it; then that goes too. A text that
        does not settle is replaced whole.
        """
        found: list[Found] = []
        current = text
        for _ in range(_ROUNDS):
            spans = self._spans(current, context)
            new = self._replaced(current, spans, found)
            if new == current:
                return current, tuple(found)
            current = new
        return f"<{UNSETTLED}>", (*found, Found(UNSETTLED, 1.0, "unsettled", "redact"))

    def _spans(self, text: str, context: tuple[str, ...]) -> list[Span]:
        policy = self._policy
        spans = [
            span
            for detector in self._detectors
            for span in detector.find(text, context)
            if span.score >= policy.threshold and policy.action(span.entity).name != "keep"
        ]
        if not spans:
            return []
        own = sorted(self._replacer.own(text))
        return (
            resolve(piece for span in spans for piece in _around(span, own, text)) if own else resolve(spans)
        )

    def _replaced(self, text: str, spans: list[Span], found: list[Found]) -> str:
        pieces: list[str] = []
        position = 0
        for span in spans:
            action = self._policy.action(span.entity)
            replacement = self._replacer.replace(text[span.start : span.end], span.entity, action)
            pieces += (text[position : span.start], replacement)
            position = span.end
            found.append(Found(span.entity, span.score, span.detector, action.name))
        pieces.append(text[position:])
        return "".join(pieces)


def _around(span: Span, own: list[tuple[int, int]], text: str) -> list[Span]:
    """The parts of a span that lie outside of earlier replacements and hold a letter or a digit."""
    parts = []
    start = span.start
    for left, right in own:
        if right <= start or left >= span.end:
            continue
        parts.append(span._replace(start=start, end=max(start, left)))
        start = right
    parts.append(span._replace(start=start, end=max(start, span.end)))
    return [part for part in parts if any(c.isalnum() for c in text[part.start : part.end])]


def text_of(value: Any) -> str:
    """A scalar as the text that detectors see. `4111111111111111.0` is seen without its fraction."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e22:
        return str(int(value))
    return str(value)
