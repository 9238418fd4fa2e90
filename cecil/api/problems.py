"""Errors as answers: Problem Details, RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457).

Owns: which problems there are, and their form. Refuses: to repeat anything that a request held.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """A kind of problem: its status, and the sentence that is its title."""

    status: int
    title: str


KINDS = {
    "host": Kind(400, "The Host header names another server"),
    "malformed": Kind(400, "The request is not what is described"),
    "token": Kind(401, "The bearer token is missing or wrong"),
    "origin": Kind(403, "Pages of this origin are not let in"),
    "not-found": Kind(404, "There is no such thing here"),
    "method": Kind(405, "This cannot be done here"),
    "too-slow": Kind(408, "The request took too long to come"),
    "exists": Kind(409, "There is one already"),
    "full": Kind(409, "There are as many as can be kept"),
    "too-large": Kind(413, "The request is too large"),
    "media-type": Kind(415, "This type of content is not taken here"),
    "not-judged": Kind(422, "It could not be judged, and must not go on"),
    "policy": Kind(422, "The policy is wrong"),
    "too-many-requests": Kind(429, "Too many requests"),
    "internal": Kind(500, "An error in the server"),
    "failed": Kind(502, "What was asked for failed"),
    "busy": Kind(503, "The server has too much to do"),
}


class Problem(Exception):
    """What a request is answered with where it cannot be answered.

    Args:
        name: of `KINDS`.
        detail: more than the title says; never a value from the request.
        errors: single mistakes.
        headers: further ones of the answer.
    """

    def __init__(
        self,
        name: str,
        detail: str | None = None,
        *,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.name = name
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        return KINDS[self.name].status

    def body(self) -> bytes:
        """The JSON of it."""
        kind = KINDS[self.name]
        found: dict[str, Any] = {
            "type": f"urn:cecil:problem:{self.name}",
            "title": kind.title,
            "status": kind.status,
        }
        if self.detail:
            found["detail"] = self.detail
        if self.errors:
            found["errors"] = self.errors
        return orjson.dumps(found)

    def response(self) -> Response:
        """The answer; nobody keeps it."""
        headers = {"Cache-Control": "no-store"} | self.headers
        return Response(self.body(), self.status, headers, MEDIA_TYPE)
