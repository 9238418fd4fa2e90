"""The server: Cecil's filters for programs, on this machine only.

    app.py        the FastAPI application, put together
    settings.py   what the operator said
    guard.py      who is let in; problems.py: what is said to those who are not
    schemas.py    the description of every endpoint; endpoints.py: the endpoints
    bodies.py     what comes in; streams.py: what goes out while it comes in
    service.py    what endpoints share: policies, metrics.py, and the workers
    pool.py       the workers, as the server sees them; worker.py: one of them; messages.py: what they say
    children.py   Cecil's other commands, as processes; folders.py: files below named folders
    server.py     the process: listening, serving, ending; `ServerManager` for Python programs
    protocol.py   HTTP, with patience that ends
    runtime.py    sockets and address files
    lifeline.py   ending with the process that started us
    page/         the page

The only package that imports FastAPI and Uvicorn; app.py, server.py and settings.py do so only inside the
functions that need them. Refuses: any address but 127.0.0.1 and Unix sockets, and messages that hold a value
from a request.
"""

from importlib.util import find_spec

from cecil.errors import MissingExtraError


def require() -> None:
    """Check, without importing them, that the packages of the server are there.

    Raises:
        MissingExtraError: the extra `serve` is not installed.
    """
    if not all(map(find_spec, ("fastapi", "uvicorn", "uvloop", "httptools", "prometheus_client"))):
        raise MissingExtraError("the server", "serve")
