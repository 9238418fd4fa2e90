"""Values that a check turned down and quotes: `invalid value '…' for '--password'`, `rejected value [...]`.

Owns: the sentences, as frameworks write them, and which name in one belongs to the value. What a name
promises, and whether a value fits, is said by `names`. Refuses: sentences without the value.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import noise
from cecil.sanitizer.detectors.secrets.names import ByName
from cecil.sanitizer.late import late


class _Complaint(NamedTuple):
    """How one framework says it.

    Attributes:
        regex: with the groups `name` and `value`.
        trigger: see `Trigger.regex`.
        bare: whether nothing but brackets says that a value is quoted; then it may be no word.
    """

    regex: str
    trigger: str
    bare: bool = False


_QUOTED = r"(?:\"(?P<double>[^\"\r\n]{1,400})\"|'(?P<single>[^'\r\n]{1,400})'|`(?P<back>[^`\r\n]{1,400})`)"
_QUOTES = ("double", "single", "back", "value")
_NAME = r"(?P<name>[A-Za-z_][\w.\[\]-]{0,99}+)"

_COMPLAINTS = (
    # Spring's FieldError
    _Complaint(
        rf"on field '{_NAME}': rejected value \[(?P<value>[^\[\]\r\n]{{1,400}})\]", r"': rejected value \["
    ),
    # pydantic: a field's name, and on the line below what is wrong with it.
    _Complaint(
        rf"(?:^|\r?\n|\\n){_NAME}(?:\r?\n"
        rf"|\\n)[ \t]{{1,4}}[^\r\n\[\]]{{1,300}}\[type=[\w.]{{1,60}}, input_value={_QUOTED}",
        r"\[type=[\w.]+, input_value=[\"']",
    ),
    # The same in one line, as logs fold it, and where a list of errors has been printed
    _Complaint(
        rf"\d validation errors? for [\w.\[\],]{{1,80}}+ {_NAME} [^\r\n\[\]]{{1,300}}"
        rf"\[type=[\w.]{{1,60}}, input_value={_QUOTED}",
        r"\[type=[\w.]+, input_value=[\"']",
    ),
    _Complaint(
        rf"'loc': ?[(\[](?:'\w{{1,30}}', ?){{0,4}}'{_NAME}',?[)\]],"
        rf"(?: ?'\w{{1,20}}': ?(?:'[^'\r\n]{{0,300}}'|\"[^\"\r\n]{{0,300}}\"),){{0,3}}? ?'input': ?{_QUOTED}",
        r"'loc': ?[(\[][^\n]*'input': ?[\"']",
    ),
    # An error of pydantic's by itself, as programs log its fields
    _Complaint(
        rf"(?<!\w)loc=[(\[](?:['\"]\w{{1,60}}['\"], ?|\d{{1,6}}, ?){{0,6}}['\"]{_NAME}['\"],?[)\]]"
        rf"[^\r\n]{{1,300}}?\binput(?:_value)?={_QUOTED}",
        r"\bloc=[(\[][^\n]*input(?:_value)?=[\"']",
    ),
    # ASP.NET
    _Complaint(
        rf"[Vv]alue {_QUOTED} is (?:not valid|invalid) for {_NAME}", r"[\"'] is (?:not valid|invalid) for "
    ),
    # Mongoose, and others that say the field behind the value
    _Complaint(
        rf"Cast to \w{{1,30}} failed for value {_QUOTED} \(type \w{{1,30}}\) at path [\"']{_NAME}[\"']",
        r"Cast to \w+ failed for value \\*[\"']",
    ),
    _Complaint(
        rf"(?i:rejected value) \[(?P<value>[^\[\]\r\n]{{1,400}})\] for (?:field|property) '{_NAME}'",
        r"[Rr]ejected value \[[^\n]*\] for (?:field|property) '",
    ),
    # Joi, with the value in its messages
    _Complaint(rf"\"{_NAME}\" with value {_QUOTED}", r"\" with value \\*[\"']"),
    # Kubernetes: field.Invalid, NotSupported and their like
    _Complaint(
        rf"(?<![\w.]){_NAME}: (?:Invalid|Unsupported|Duplicate) value: {_QUOTED}",
        r"(?:Invalid|Unsupported|Duplicate) value: \\*\"",
    ),
    # Those who check what is in the environment
    _Complaint(
        r"(?<![\w.-])(?P<name>[A-Z][A-Z0-9_]{1,60}_(?:PASS|PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY))"
        rf" (?:is|was|has|set to)(?: (?:set|now|changed|the|to|value|of)){{0,3}} {_QUOTED}",
        r"_(?:PASS|PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY) (?:is|was|has|set)[a-z ]* \\*[\"'`]",
    ),
    # clap
    _Complaint(rf"invalid value {_QUOTED} for '(?:-\w, )?--?{_NAME}", r"invalid value '[^\n]*' for '-"),
    # argparse
    _Complaint(
        rf"argument (?:-\w/)?--?{_NAME}(?:/--[\w-]{{1,60}})?: invalid [\w ]{{1,60}}: {_QUOTED}",
        r"argument --?[^\n]*: invalid [^\n]*: [\"']",
    ),
    # AWS
    _Complaint(rf"[Vv]alue {_QUOTED} at '{_NAME}' failed to satisfy", r"' at '[^\n]*' failed to satisfy"),
    # Elasticsearch
    _Complaint(
        rf"failed to parse field \["
        rf"(?P<name>[\w.-]{{1,100}}+)\] of type \[[^\r\n]{{1,300}}?Preview of field's value: {_QUOTED}",
        r"failed to parse field \[[^\n]*Preview of field's value: [\"']",
    ),
    # Mongoose
    _Complaint(rf"Path `{_NAME}` \({_QUOTED}\)", r"Path `[^\n`]+` \("),
    _Complaint(
        rf"(?<![\w.-]){_NAME} \((?P<value>[^\s()\"'`]{{6,200}})\) (?:is|was|must|should|does|has|cannot"
        rf"|can't)\b",
        r"[\w\]] \([^\s()\"'`]{6,200}\) (?:is|was|must|should|does|has|can)",
        bare=True,
    ),
)
_COMPILED = tuple((one, late(one.regex)) for one in _COMPLAINTS)


class ComplaintRecognizer(ByName):
    """Finds values that are quoted as wrong."""

    name = "complaint"
    triggers = tuple(Trigger(one.trigger) for one in _COMPLAINTS)

    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Names, and where the value of each begins and ends."""
        for complaint, pattern in _COMPILED:
            for found in pattern.finditer(text):
                kind = found.lastgroup or ""
                if kind == "name":  # it stands behind the value
                    kind = next(one for one in _QUOTES if found.groupdict().get(one) is not None)
                if not complaint.bare or noise.untold(found[kind]) is None:
                    yield found["name"], *found.span(kind)
