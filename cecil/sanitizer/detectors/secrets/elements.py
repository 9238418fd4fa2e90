"""Values that a part before them names: `<Data Name="Password">…</Data>`, `<name>…</name><value>…</value>`.

Events of Windows, assertions of SAML, property lists, and settings of Android, Hadoop and Java name an
element by an attribute, or by the element before it or around it; the collector of OpenTelemetry shows a
value with its type behind the name of an attribute, `-> db.password: Str(…)`; a form of several parts names
each in its header, and PHP's serialize() writes a name as it writes its value. Owns: which name belongs to
which value. What a name promises, and whether a value fits, is said by `names`.
Refuses: words that are shown under a name, `<string name="forgot_password">Forgot it?</string>`, and fields
of HTML, whose content is none of theirs.
"""

import re
from collections.abc import Iterator

from cecil.sanitizer import keys
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import noise
from cecil.sanitizer.detectors.secrets.names import ByName
from cecil.sanitizer.late import late

_PREFIX = r"(?:[\w.-]{1,30}:)?"
_HOLDS = rf"<{_PREFIX}(?i:[a-z]{{0,20}}value|val|string)(?:\s[^<>]{{0,200}}+)?>\s{{0,40}}"
"""An element that only holds what the one around it, or before it, names."""
_CONTENT = r"(?:<!\[CDATA\[\s{0,40})?(?P<value>[^<>\s](?:[^<>\]]|\](?!\]>))*+)(?=(?:\]\]>\s{0,40})?</)"

_ATTRIBUTE = late(
    rf"(?<![\w.-])(?i:name|key)=\\?(?P<quote>[\"'])(?P<name>[^\"'<>\r\n\\]{{1,100}}+)\\?(?P=quote)"
    rf"(?:\s[^<>]{{0,200}}+)?(?<!/)>\s{{0,40}}(?:{_HOLDS})?{_CONTENT}"
)
_BEFORE = late(
    rf"<{_PREFIX}(?i:name|key)>(?P<name>[^<>\r\n]{{1,100}}+)</[\w.:-]{{1,40}}>\s{{0,40}}{_HOLDS}{_CONTENT}"
)
_PART = late(
    r"(?i:form-data;)[ \t]{0,4}name=\\?\"(?P<name>[^\"\\\r\n]{1,100}+)\\?\""
    r"(?:(?:\s|\\[rn]){1,8}(?i:content-type):[^\r\n\\]{0,80}+)?(?:\s|\\[rn]){2,12}"
    r"(?P<value>[^\s\\\"][^\r\n\\]{0,1000}+)"
)
_CELLS = late(
    r"<(?:td|th|dt)(?:\s[^<>]{0,200}+)?>\s{0,40}(?P<name>[^<>\s][^<>\r\n]{0,60}+)</(?:td|th|dt)>\s{0,40}"
    rf"<(?:td|dd)(?:\s[^<>]{{0,200}}+)?>\s{{0,40}}{_CONTENT}",
    re.IGNORECASE,
)
"""Of a table, or a list, in HTML: a name beside its value."""
_AROUND = late(
    rf"<{_PREFIX}(?P<name>[A-Za-z][\w.-]{{2,60}}+)(?:\s[^<>]{{0,200}}+)?(?<!/)>\s{{0,40}}"
    rf"<{_PREFIX}(?i:date|datetime|value)>\s{{0,40}}{_CONTENT}"
)
"""An element that only holds what the one around it names: `<DateOfBirth><Date>…</Date></DateOfBirth>`."""
_SHOWN = late(
    r"-> (?P<name>[A-Za-z_][\w.-]{1,100}+): (?:Str\((?P<value>[^\r\n]{1,2000}?)\)"
    r"|Slice\(\[\\?\"(?P<item>[^\"\r\n]{1,2000}+)\"\]\))(?=[ \t]{0,3}(?:\r?\n|\\[rn]|\Z))"
)
"""By the debug exporter of OpenTelemetry's collector."""
_NEXT_PART = late(r"[ \t]+--")

# A string's length and the string, as PHP's serialize() has them, first the name, then the value: what is
# protected or private has its class before its name, between two zero bytes.
_SERIALIZED = late(
    r"(?<![a-zA-Z])s:[0-9]{1,3}:\\{0,2}\"(?:(?:\\0|\\u0000|\0)[\w\\*]{1,100}(?:\\0|\\u0000|\0))?(?P<name>[\w.-]{1,100}+)"
    r"\\{0,2}\";s:[0-9]{1,6}:\\{0,2}\"(?P<value>[^\"\r\n]{1,1000}?)\\{0,2}\";"
)

_SECRET = frozenset({"SECRET", "PASSWORD"})
_FEWEST_DIGITS = 4
_FIELD = late(r"<(?i:button|input|meta|select|option|label|form|textarea|iframe|a|slot)\s[^<>]{0,400}\Z")
_LONGEST_FIELD = 412


class ElementRecognizer(ByName):
    """Finds values by the attribute, element or header that names them."""

    name = "element"
    triggers = (
        Trigger(r"\b(?:name|key)=\\*[\"'][^<>\n]+>[^\n]*</", caseless=True),
        Trigger(r"</(?:[a-z0-9.-]+:)?(?:name|key)>", caseless=True),
        Trigger(r"</(?:td|th|dt)>[ \t\r]*<(?:td|dd)\b", caseless=True, shape=True),
        Trigger(r">[ \t]*<(?:[a-z0-9.-]+:)?(?:date|datetime|value)>", caseless=True),
        Trigger(r"-> [^\n]+: (?:Str\(|Slice\(\[)"),
        Trigger(r"form-data;[ \t]*name=", caseless=True),
        Trigger(r"[^a-zA-Z]s:[0-9]{1,3}:\\*\"[^\"\n]+\";s:[0-9]"),
    )

    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Names, and where the value of each begins and ends."""
        for one in _ATTRIBUTE.finditer(text) if "</" in text else ():
            if not _FIELD.search(text, max(0, one.start() - _LONGEST_FIELD), one.start()):
                yield one["name"], one.start("value"), one.start("value") + len(one["value"].rstrip())
        for one in _BEFORE.finditer(text) if "</" in text else ():
            yield one["name"].strip(), one.start("value"), one.start("value") + len(one["value"].rstrip())
        for one in _CELLS.finditer(text) if "</" in text else ():
            name, value = one["name"].strip(" \t:"), one["value"].rstrip()
            # In tables that explain something a word stands there.
            if keys.entity(name) not in _SECRET or noise.untold(value) is None:
                yield name, one.start("value"), one.start("value") + len(value)
        for one in _AROUND.finditer(text) if "</" in text else ():
            yield one["name"], one.start("value"), one.start("value") + len(one["value"].rstrip())
        for one in _SHOWN.finditer(text):
            yield one["name"], *one.span(one.lastgroup or "")
        for one in _SERIALIZED.finditer(text):
            yield one["name"], *one.span("value")
        for one in _PART.finditer(text):
            start, end = one.span("value")
            following = _NEXT_PART.search(text, start, end)
            end = following.start() if following else end
            yield one["name"], start, start + len(text[start:end].rstrip())

    def judge(self, name: str, value: str) -> tuple[str | None, float, str | None]:
        """The same, but for words that are shown under a name, and for counts."""
        if set(keys.words(value)) <= set(keys.words(name)):
            return None, 0, None  # a label: `<string name="first_name">First name</string>`
        entity, score, why = super().judge(name, value)
        if entity in _SECRET and len(value.split()) > 1:
            why = "a sentence"
        if entity == "SECRET" and value.isdigit() and len(value) < _FEWEST_DIGITS:
            why = "a count"
        return entity, score, why
