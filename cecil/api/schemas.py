"""The description of the API, in OpenAPI's form (https://spec.openapis.org/oas/v3.1.0), with examples.

Owns: every endpoint's path, what it takes, and every answer that it can give. What is served is made of this
table, so nothing is served that is not described.
"""

from typing import Any

import cecil
from cecil.api.bodies import JSON, NDJSON, TEXT, YAML
from cecil.api.metrics import MEDIA_TYPE as PROMETHEUS
from cecil.api.problems import KINDS, MEDIA_TYPE

Json = dict[str, Any]

_NAME = "^[a-z][a-z0-9-]{0,63}$"


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str] | None = None, *, closed: bool = False, **properties: Json) -> Json:
    found: Json = {"type": "object", "properties": properties}
    found["required"] = list(properties) if required is None else required
    if closed:
        found["additionalProperties"] = False
    return found


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_STRING: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_FLAG: Json = {"type": "boolean"}
_COUNTS: Json = {"type": "object", "additionalProperties": _COUNT}
_HASH: Json = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_ANY: Json = {}


def _ask(what: str, value: Json) -> Json:
    return {
        "type": "object",
        "required": [what],
        "additionalProperties": False,
        "properties": {
            what: value,
            "policy": {"type": "string", "description": "A policy's name; the server's own without it."},
            "explain": {"type": "boolean", "description": "Tell what was looked at and left, too."},
        },
    }


def _ask_with_text(what: str, value: Json) -> Json:
    ask = _ask(what, value)
    properties = {name: one for name, one in ask["properties"].items() if name != "policy"}
    properties["policy_text"] = {"type": "string", "description": "A policy's YAML; it is kept nowhere."}
    return ask | {"required": [what, "policy_text"], "properties": properties}


_VALUE: Json = {"description": "One record: any JSON. A string is a text."}
_LINES: Json = {"type": "string", "description": "Lines: records where they are JSON, else text."}

SCHEMAS: Json = {
    "Problem": _object(
        ["type", "title", "status"],
        type={"type": "string", "enum": [f"urn:cecil:problem:{name}" for name in KINDS]},
        title=_STRING,
        status={"type": "integer"},
        detail=_STRING,
        errors=_list(
            _object(
                ["message"],
                line={"type": "integer"},
                column={"type": "integer"},
                message=_STRING,
                hint=_STRING,
            )
        ),
    ),
    "Health": _object(
        status={"const": "ok"}, version=_STRING, policy=_HASH, model={"type": ["string", "null"]}
    ),
    "Ask": {
        "oneOf": [
            _ask("value", _VALUE),
            _ask("text", _LINES),
            _ask_with_text("value", _VALUE),
            _ask_with_text("text", _LINES),
        ]
    },
    "Finding": _object(
        pointer={"type": "string", "description": "JSON Pointer (RFC 6901); empty in a line of text."},
        entity=_STRING,
        score={"type": "number"},
        detector=_STRING,
        action=_STRING,
        start={"type": "integer", "description": "Characters (code points) of the leaf or line as it came."},
        end={"type": "integer"},
    ),
    "Miss": _object(
        pointer=_STRING,
        entity=_STRING,
        detector=_STRING,
        why=_STRING,
        start={"type": "integer"},
        end={"type": "integer"},
    ),
    "Judged": _object(
        ["findings", "policy"],
        value=_ANY,
        found=_FLAG,
        findings=_list(_ref("Finding")),
        misses=_list(_ref("Miss")),
        policy=_HASH,
    ),
    "Lines": _object(
        ["found", "lines", "counts", "policy"],
        found=_FLAG,
        lines=_list(
            _object(
                ["line", "reason", "findings"],
                line={"type": "integer", "minimum": 1},
                after={"type": ["string", "null"], "description": "Null where the line must not go on."},
                reason={"type": ["string", "null"], "description": "Why it must not."},
                findings=_list(_ref("Finding")),
                misses=_list(_ref("Miss")),
            )
        ),
        counts=_object(read=_COUNT, written=_COUNT, dropped=_COUNT, quarantined=_COUNT, findings=_COUNTS),
        policy=_HASH,
        about=_object(
            name=_STRING,
            hash=_HASH,
            strategy=_STRING,
            threshold={"type": "number"},
            default=_STRING,
            entities={"type": "object", "additionalProperties": _STRING},
            needs_key=_FLAG,
            temporary_key=_FLAG,
        ),
        model={"type": ["string", "null"]},
    ),
    "Source": _object(closed=True, source={"type": "string", "description": "The name of --source."}),
    "Written": _object(read=_COUNT, written=_COUNT, quarantined=_COUNT, format=_STRING, compression=_STRING),
    "Policy": _object(name=_STRING, hash=_HASH, strategy={"enum": ["deep", "strict"]}, built_in=_FLAG),
    "Policies": _object(
        default=_STRING,
        policies=_list(_ref("Policy")),
        entities=_list(_STRING),
        actions=_list(
            _object(name=_STRING, says=_STRING, options=_list(_STRING), needs_key=_FLAG, fields_only=_FLAG)
        ),
    ),
}

_TRAILER = (
    ' The last line is the trailer, {"$cecil":{"end":{...}}}: `records`, the counts, and `complete`, which '
    "is false where not all of the input came. A stream without it was cut."
)


def _problems(*names: str) -> Json:
    """The answers that are problems, those that every endpoint with a token can give among them."""
    by_status: dict[int, list[str]] = {}
    for name in ("host", "malformed", "token", "origin", "too-many-requests", "internal", "busy", *names):
        by_status.setdefault(KINDS[name].status, []).append(KINDS[name].title)
    return {
        str(status): {
            "description": "; ".join(dict.fromkeys(titles)),
            "content": {MEDIA_TYPE: {"schema": _ref("Problem")}},
        }
        for status, titles in sorted(by_status.items())
    }


def _answer(says: str, *media: tuple[str, Json], example: Any = None) -> Json:
    content: Json = {}
    for kind, schema in media:
        content[kind] = {"schema": schema}
        if example is not None:
            content[kind]["example"] = example
    return {"description": says, "content": content} if content else {"description": says}


def _body(*media: tuple[str, Json], **examples: Any) -> Json:
    content: Json = {}
    for kind, schema in media:
        content[kind] = {"schema": schema}
        if kind == JSON and examples:
            content[kind]["examples"] = {name: {"value": value} for name, value in examples.items()}
    return {"required": True, "content": content}


def _parameter(name: str, says: str, schema: Json | None = None, *, where: str = "query") -> Json:
    return {
        "name": name,
        "in": where,
        "required": where == "path" or name in ("folder", "path"),
        "description": says,
        "schema": schema or _STRING,
    }


_BY_POLICY = [_parameter("policy", "A policy's name; the server's own without it.")]
_NAMED = [_parameter("name", "The policy's name.", {"type": "string", "pattern": _NAME}, where="path")]
_SIZE = ("too-large", "too-slow", "media-type")
_STREAM = ("too-slow", "media-type")

_EMAIL = {
    "pointer": "/user/email",
    "entity": "EMAIL_ADDRESS",
    "score": 1.0,
    "detector": "presidio:EmailRecognizer",
    "action": "redact",
    "start": 0,
    "end": 15,
}
_MASKED = "sha256:" + 64 * "0"
_VALUE_EXAMPLE = {"value": {"user": {"email": "bob@example.com"}, "n": 17}}
_TEXT_EXAMPLE = {"text": "mail to bob@example.com\n", "policy": "llm"}
_OWN_EXAMPLE = {"text": "from 198.51.100.7", "policy_text": "version: 1\nentities:\n  IP_ADDRESS: mask\n"}

_EITHER = {"oneOf": [_ref("Judged"), _ref("Lines")]}


def _judging(handler: str, summary: str, says: str, example: Any, *plain: tuple[str, Json]) -> Json:
    return {
        "handler": handler,
        "summary": summary,
        "description": says,
        "tags": ["judge"],
        "parameters": _BY_POLICY if plain else [],
        "requestBody": _body(
            (JSON, _ref("Ask")), *plain, value=_VALUE_EXAMPLE, lines=_TEXT_EXAMPLE, own_policy=_OWN_EXAMPLE
        ),
        "responses": {
            "200": {
                "description": "What was made and found.",
                "content": {
                    JSON: {"schema": _EITHER, "example": example},
                    **{kind: {"schema": schema} for kind, schema in plain},
                },
            },
            **_problems(*_SIZE, "policy", "not-judged"),
        },
    }


_FOUND = {"findings": [_EMAIL], "policy": _MASKED}
_NEW = {"value": {"user": {"email": "<EMAIL_ADDRESS>"}, "n": 17}}

OPERATIONS: dict[tuple[str, str], Json] = {
    ("GET", "/health"): {
        "handler": "health",
        "summary": "Is the server up, and which version is it",
        "tags": ["server"],
        "security": [],
        "responses": {
            "200": _answer("It is up.", (JSON, _ref("Health"))),
            **{status: one for status, one in _problems().items() if status in ("400", "403", "500")},
        },
    },
    ("GET", "/metrics"): {
        "handler": "metrics",
        "summary": "Counters, in Prometheus's form",
        "tags": ["server"],
        "responses": {"200": _answer("The counters.", (PROMETHEUS, _STRING)), **_problems()},
    },
    ("POST", "/v1/redact"): _judging(
        "redact",
        "Take sensitive data out of a record or a text",
        "What does not change keeps every byte. As text/plain, lines go in and come out.",
        {**_NEW, **_FOUND},
        (TEXT, _STRING),
    ),
    ("POST", "/v1/check"): _judging(
        "check",
        "Is something sensitive in it, and where",
        "As redact, but without the record: no value is in the answer.",
        {"found": True, **_FOUND},
    ),
    ("POST", "/v1/explain"): _judging(
        "explain",
        "What is found, what was nearly found, and why",
        "As redact, with near misses; for lines with what holds by the policy, too.",
        {**_NEW, "found": True, "findings": [_EMAIL], "misses": [], "policy": _MASKED},
    ),
    ("POST", "/v1/redact/stream"): {
        "handler": "redact_stream",
        "summary": "Redact records while they come",
        "description": "Read while you write: nothing is held back but a few blocks. A record that must not "
        'go on has {"$cecil":{"error":{"line":17,"reason":"..."}}} in its place.' + _TRAILER,
        "tags": ["streams"],
        "parameters": _BY_POLICY,
        "requestBody": _body((NDJSON, _STRING)),
        "responses": {
            "200": _answer("The records, in their order.", (NDJSON, _STRING)),
            **_problems(*_STREAM, "policy"),
        },
    },
    ("POST", "/v1/fingerprint"): {
        "handler": "fingerprint",
        "summary": "Records of LLM calls to fingerprints without text",
        "description": "As cecil-fingerprint does; the API's answers are its lines." + _TRAILER,
        "tags": ["streams"],
        "requestBody": _body((NDJSON, _STRING)),
        "responses": {"200": _answer("Fingerprints.", (NDJSON, _STRING)), **_problems(*_STREAM)},
    },
    ("POST", "/v1/fetch"): {
        "handler": "fetch",
        "summary": "Records of a source that the operator named",
        "description": "As they are: nothing is redacted." + _TRAILER,
        "tags": ["streams"],
        "requestBody": _body((JSON, _ref("Source")), app={"source": "app"}),
        "responses": {
            "200": _answer("The records.", (NDJSON, _STRING)),
            **_problems(*_SIZE, "not-found", "failed"),
        },
    },
    ("POST", "/v1/write"): {
        "handler": "write",
        "summary": "Records to a file below a folder that the operator named",
        "description": "The name's suffix says the format, as with cecil-write. The file is whole or not "
        "there; its mode is 0600, and none is overwritten.",
        "tags": ["files"],
        "parameters": [
            _parameter("folder", "The name of --write-folder."),
            _parameter("path", "Names joined by /, the last one the file's: app/clean.jsonl.gz."),
        ],
        "requestBody": _body((NDJSON, _STRING)),
        "responses": {
            "201": _answer("The file is there, safe on disk.", (JSON, _ref("Written"))),
            **_problems(*_STREAM, "not-found", "exists", "failed"),
        },
    },
    ("POST", "/v1/map"): {
        "handler": "map",
        "summary": "A draft of a policy from a sample, or what a policy does to it",
        "tags": ["judge"],
        "parameters": [
            _parameter("strategy", "The draft's.", {"enum": ["deep", "strict"]}),
            _parameter("form", "A policy, or a row for each place.", {"enum": ["yaml", "jsonl"]}),
            _parameter("policy", "Instead of a draft, what this policy does, place by place."),
        ],
        "requestBody": _body((NDJSON, _STRING), (TEXT, _STRING)),
        "responses": {
            "200": _answer("The draft or the rows.", (YAML, _ANY), (NDJSON, _STRING), (TEXT, _STRING)),
            **_problems(*_STREAM, "policy", "failed"),
        },
    },
    ("POST", "/v1/cost"): {
        "handler": "cost",
        "summary": "What LLM calls cost, from their log",
        "description": "As cecil-report --format json.",
        "tags": ["judge"],
        "requestBody": _body((NDJSON, _STRING)),
        "responses": {
            "200": _answer("The report.", (JSON, {"type": "object"})),
            **_problems(*_STREAM, "failed"),
        },
    },
    ("GET", "/v1/policies"): {
        "handler": "policies",
        "summary": "Which policies there are, and what one can name",
        "tags": ["policies"],
        "responses": {"200": _answer("The policies.", (JSON, _ref("Policies"))), **_problems()},
    },
    ("GET", "/v1/policies/{name}"): {
        "handler": "policy",
        "summary": "A policy as it was written",
        "tags": ["policies"],
        "parameters": _NAMED,
        "responses": {
            "200": _answer("Its YAML; the ETag is its hash.", (YAML, _ANY)),
            "304": _answer("It is the one of If-None-Match."),
            **_problems("not-found"),
        },
    },
    ("PUT", "/v1/policies/{name}"): {
        "handler": "put_policy",
        "summary": "Keep a policy, until the server ends",
        "description": "It can extend policies that are built in, and name no file.",
        "tags": ["policies"],
        "parameters": _NAMED,
        "requestBody": _body((YAML, _STRING), (JSON, {"type": "object"}), own={"version": 1}),
        "responses": {
            "200": _answer("It is in the place of an earlier one.", (JSON, _ref("Policy"))),
            "201": _answer("It is kept.", (JSON, _ref("Policy"))),
            **_problems(*_SIZE, "policy", "exists", "full", "not-judged"),
        },
    },
    ("DELETE", "/v1/policies/{name}"): {
        "handler": "delete_policy",
        "summary": "Keep a policy no longer",
        "tags": ["policies"],
        "parameters": _NAMED,
        "responses": {"204": _answer("It is gone."), **_problems("not-found")},
    },
    ("GET", "/v1/policies/{name}/shown"): {
        "handler": "policy_shown",
        "summary": "A policy as it holds, with who said what",
        "tags": ["policies"],
        "parameters": _NAMED,
        "responses": {
            "200": _answer("As cecil-redact --print-policy.", (TEXT, _STRING)),
            **_problems("not-found", "policy"),
        },
    },
}


def description() -> Json:
    """The whole description."""
    paths: dict[str, Json] = {}
    for (method, path), operation in OPERATIONS.items():
        row = {name: value for name, value in operation.items() if name != "handler"}
        paths.setdefault(path, {})[method.lower()] = {"operationId": operation["handler"], **row}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cecil",
            "version": cecil.__version__,
            "description": "Filters that take personal, health and secret data out of records, on this "
            "machine only. Errors are Problem Details (RFC 9457), and hold no value of a request.",
        },
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }
