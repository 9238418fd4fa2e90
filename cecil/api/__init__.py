"""The server: Cecil's filters for programs, on this machine only.

    app.py        what is answered: the FastAPI application
    server.py     the process: listening, serving, ending; `ServerManager` for Python programs
    lifeline.py   ending with the process that started us

The only package that imports FastAPI and Uvicorn, and only inside the functions that need them. Refuses:
any address but 127.0.0.1, and messages that hold a value from a request.
"""

from importlib.util import find_spec

from cecil.errors import MissingExtraError


def require() -> None:
    """Check, without importing them, that the packages of the server are there.

    Raises:
        MissingExtraError: the extra `serve` is not installed.
    """
    if not (find_spec("fastapi") and find_spec("uvicorn")):
        raise MissingExtraError("the server", "serve")
