"""The form of a policy as a JSON Schema, for editors; made from the tables by which policies are read.

Owns: what of that form a schema can say. What it cannot (a field inside of one that is dropped, options that
do not go together, names that nothing finds) only the reader says.
"""

from typing import Any

from cecil.sanitizer.actions import KINDS, Kind, Option
from cecil.sanitizer.policy import STRATEGIES
from cecil.sanitizer.policy_file import (
    COUNTRY,
    DETECTOR,
    ENTITY,
    ENTITY_ACTIONS,
    FIELD_ACTIONS,
    VERSION,
)

_INDEX = r"\[(?:\*|0|[1-9][0-9]*)\]"
_STEP = rf'(?:"(?:[^"\\]|\\.)*"|{_INDEX}|\*\*?|[^."\[\]*\s](?:[^."\[\]*]*[^."\[\]*\s])?)'
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_FLAG: dict[str, Any] = {"type": "boolean"}

Schema = dict[str, Any]


def schema() -> Schema:
    """JSON Schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A policy of cecil-redact, see cecil-policy(5)",
        **_object(
            {
                "version": _says({"const": int(VERSION)}, "must be there"),
                "extends": _says({"type": "string"}, "a built-in policy, or a file, relative to this one"),
                "strategy": _says(
                    {"enum": list(STRATEGIES)},
                    "deep judges every field; strict keeps only what fields names, and judges that",
                ),
                "default": _says({"$ref": "#/$defs/action"}, "for entities that are not named; redact"),
                "threshold": _says({"$ref": "#/$defs/share"}, "lowest score of a finding that counts; 0.4"),
                "thresholds": _says(_by_entity({"$ref": "#/$defs/share"}), "the same, by entity"),
                "countries": _says(
                    _list({"type": "string", "pattern": _whole(_either_case(COUNTRY))}),
                    "whose national numbers are looked for too, by two letters",
                ),
                "recognizers": _says({"type": "string"}, "a file of further recognizers, in Presidio's YAML"),
                "silence": _says(
                    _list({"type": "string", "pattern": _whole(DETECTOR)}), "detectors that are not asked"
                ),
                "entities": _entities(),
                "fields": _fields(),
                "keys": _says(
                    _object(
                        {
                            "add": _says(_by_entity({"$ref": "#/$defs/names"}), "further names, by entity"),
                            "silence": _says({"$ref": "#/$defs/names"}, "names that say nothing"),
                        }
                    ),
                    "what names of keys say",
                ),
                "allow": _says(
                    _list({"anyOf": [{"$ref": "#/$defs/value"}, _listed(needs_entity=False)]}),
                    "what is never a finding",
                ),
                "deny": _says(_list(_listed(needs_entity=True)), "what always is a finding"),
                "cases": _says(
                    _list(
                        {
                            **_object(
                                {"when": _when(), "entities": _entities(), "fields": _fields()}, "when"
                            ),
                            "anyOf": [{"required": ["entities"]}, {"required": ["fields"]}],
                        }
                    ),
                    "rules for records of which something is true; the later one wins",
                ),
            },
            "version",
        ),
        "$defs": {
            "share": {"type": "number", "minimum": 0, "maximum": 1},
            "entity": {"type": "string", "pattern": _whole(ENTITY)},
            "path": {"type": "string", "pattern": _whole(rf"(?!\$[.\[]|/){_STEP}(?:\.{_STEP}|{_INDEX})*")},
            "names": _list({"type": "string", "pattern": r"^[^.]*[^\W\d_][^.]*$"}),
            "value": {"type": _TEXT["type"], "pattern": r"\S"},
            "action": _actions(ENTITY_ACTIONS, field=False),
            "field": _actions(FIELD_ACTIONS, field=True),
            "condition": {
                **_object(
                    {
                        "path": {"$ref": "#/$defs/path"},
                        "equals": _some(_TEXT),
                        "matches": _says(_TEXT, "a regular expression of RE2, found in it"),
                        "exists": _FLAG,
                    },
                    "path",
                ),
                "oneOf": [{"required": [one]} for one in ("equals", "matches", "exists")],
            },
        },
    }


def _entities() -> Schema:
    return _says(_by_entity({"$ref": "#/$defs/action"}), "actions by entity")


def _fields() -> Schema:
    return _says(
        {
            "type": "object",
            "propertyNames": {"$ref": "#/$defs/path"},
            "additionalProperties": {"$ref": "#/$defs/field"},
        },
        "actions by path: user.email, items[*].id, **.debug",
    )


def _when() -> Schema:
    return _says(_some({"$ref": "#/$defs/condition"}), "what must be true; of a list, all of it")


def _listed(*, needs_entity: bool) -> Schema:
    return {
        **_object(
            {
                "text": _some({"$ref": "#/$defs/value"}),
                "regex": _says(_TEXT, "a regular expression of RE2"),
                "file": _says({"type": "string"}, "a value on each line; # begins a comment"),
                "ignore_case": _FLAG,
                "entity": {"$ref": "#/$defs/entity"},
            },
            *(["entity"] if needs_entity else []),
        ),
        "oneOf": [{"required": [one]} for one in ("text", "regex", "file")],
    }


def _actions(names: tuple[str, ...], *, field: bool) -> Schema:
    """Any of some actions: its name, or an object with its options."""
    return {
        "anyOf": [
            {"anyOf": [_says({"const": name}, KINDS[name].says) for name in names]},
            *(_with_options(KINDS[name], field=field) for name in names),
        ]
    }


def _with_options(kind: type[Kind], *, field: bool) -> Schema:
    options = {name: _says(_option(option), option.says) for name, option in kind.options.items()}
    called = {"entity": {"$ref": "#/$defs/entity"}} if field else {}
    return _says(_object({"action": {"const": kind.name}, **options, **called}, "action"), kind.says)


def _option(option: Option) -> Schema:
    if option.kind == "count":
        return {"type": "integer", "minimum": option.least, "maximum": option.most}
    if option.kind == "flag":
        return _FLAG
    if option.kind == "choice":
        return {"enum": list(option.choices)}
    return {"$ref": "#/$defs/path"} if option.kind == "path" else _TEXT


def _by_entity(value: Schema) -> Schema:
    names = {"$ref": "#/$defs/entity"}
    return {"type": "object", "propertyNames": names, "additionalProperties": value}


def _object(properties: Schema, *required: str) -> Schema:
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _some(one: Schema) -> Schema:
    """One, or a list with some."""
    return {"anyOf": [one, {**_list(one), "minItems": 1}]}


def _says(one: Schema, text: str) -> Schema:
    return {"description": text, **one}


def _whole(pattern: str) -> str:
    return f"^{pattern}$"


def _either_case(pattern: str) -> str:
    return pattern.replace("a-z", "A-Za-z")
