"""The application: what the server answers, and whom.

Owns: the endpoints, and the check of the Host header. Refuses: pages that load scripts from elsewhere, and
answers that repeat what was asked.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cecil
from cecil.api import require

if TYPE_CHECKING:
    from fastapi import FastAPI

HOSTS = ("127.0.0.1", "localhost")
"""The names of this server in a Host header, with any port."""


@dataclass(frozen=True)
class Health:
    """The answer of GET /health."""

    status: Literal["ok"]
    version: str


def build() -> "FastAPI":
    """The application.

    Raises:
        MissingExtraError: the extra `serve` is not installed.
    """
    require()
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    app = FastAPI(
        title="Cecil",
        version=cecil.__version__,
        # FastAPI's pages load their scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        # A redirect would repeat the path.
        redirect_slashes=False,
    )
    # A page on another site can have its own name resolve to 127.0.0.1 (DNS rebinding) and then read our
    # answers as its own; the Host header still tells the name it used.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))

    @app.get("/health", summary="Is the server up, and which version is it")
    async def health() -> Health:
        return Health("ok", cecil.__version__)

    return app
