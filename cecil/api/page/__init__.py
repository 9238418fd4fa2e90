"""The page: on which a person sees what a policy does before trusting it.

    index.html    what is there before any script runs
    page.css      how it looks, light and dark
    page.js       what it does: asks this server, shows answers
    marks.js      where findings stand in a line, before and after
    edits.js      changes to the text of a policy
    samples.js    texts to begin with
    icon.svg      what stands in the tab

Owns: which files are served, and the headers that say what they may do: load from this server and from
nowhere else, run no script but these files, make no HTML of a text, stand in no frame. Refuses: values. The
files are the same for everybody, so they need no token; the page has its token from the fragment of its
address, which browsers do not send.
"""

import hashlib
import importlib.resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fastapi import FastAPI

_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/marks.js": ("marks.js", "text/javascript; charset=utf-8"),
    "/edits.js": ("edits.js", "text/javascript; charset=utf-8"),
    "/samples.js": ("samples.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}

PATHS = frozenset(_FILES)
"""What is answered without a token."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # No text becomes HTML or a script: where one is tried to, the browser throws.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""The Content-Security-Policy of the page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=()",
    # It is asked for each time, and seldom sent: the page of another version must not stay.
    "Cache-Control": "no-cache",
}


class File(NamedTuple):
    """A file of the page.

    Attributes:
        data: its bytes.
        media_type: with its charset.
        etag: the hash of its bytes, in quotes.
    """

    data: bytes
    media_type: str
    etag: str


def files() -> dict[str, File]:
    """The files by the path under which they are served."""
    folder = importlib.resources.files("cecil.api.page")
    found = {}
    for path, (name, media_type) in _FILES.items():
        data = (folder / name).read_bytes()
        found[path] = File(data, media_type, f'"{hashlib.sha256(data).hexdigest()[:32]}"')
    return found


def add(app: "FastAPI") -> None:
    """Serve the page from an application, for GET and HEAD; it is no part of the API's description."""
    from starlette.requests import Request
    from starlette.responses import Response

    there = files()

    async def answer(request: Request) -> Response:
        file = there[request.url.path]
        headers = HEADERS | {"ETag": file.etag}
        asked = request.headers.get("if-none-match", "")
        if asked and file.etag in (one.strip().removeprefix("W/") for one in asked.split(",")):
            return Response(status_code=304, headers=headers)
        # Starlette sends no body where HEAD is asked, and its length all the same.
        return Response(file.data, headers=headers, media_type=file.media_type)

    for path in _FILES:
        app.add_route(path, answer, methods=["GET"], include_in_schema=False)
