"""The application: what the server answers, and whom.

Owns: which endpoints there are, and what stands before them. Refuses: pages that load scripts from elsewhere,
and answers that repeat what was asked.
"""

from typing import TYPE_CHECKING

import cecil
from cecil.api import require
from cecil.api.settings import Settings, fresh_token

if TYPE_CHECKING:
    from fastapi import FastAPI

OPEN = frozenset({"/health"})
"""Paths that need no token; the page comes to them."""


def build(settings: Settings | None = None) -> "FastAPI":
    """The application; `state.service` is what its endpoints share.

    Args:
        settings: None for those of nobody: a token that nobody knows.

    Raises:
        MissingExtraError: the extra `serve` is not installed.
    """
    require()
    from fastapi import FastAPI
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect

    from cecil.api import endpoints, page
    from cecil.api.guard import Guard
    from cecil.api.problems import Problem
    from cecil.api.schemas import description
    from cecil.api.service import Service

    settings = settings or Settings(fresh_token())
    service = Service(settings)
    app = FastAPI(
        title="Cecil",
        version=cecil.__version__,
        # FastAPI's pages load their scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        # A redirect would repeat the path.
        redirect_slashes=False,
        # Where the environment names a collector, FastAPI would send it paths and what exceptions say.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.service = service
    endpoints.add(app, service)
    page.add(app)
    app.add_exception_handler(Problem, endpoints.problem)
    app.add_exception_handler(HTTPException, endpoints.refused)
    app.add_exception_handler(ClientDisconnect, endpoints.gone)
    app.add_exception_handler(Exception, endpoints.bug)
    app.openapi = description  # type: ignore[method-assign]
    app.add_middleware(
        Guard,
        token=settings.token,
        public=OPEN | page.PATHS,
        origins=settings.origins,
        rate=settings.rate,
        seen=service.metrics.request,
    )
    return app
