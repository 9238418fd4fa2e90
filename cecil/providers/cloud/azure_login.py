"""The login to Azure, in a process of its own that lasts as long as the login does.

Owns: asking azure-identity's default chain for a token there, and what came of it. The chain takes 12 MB (a
second OpenSSL, every way to log in), for half a second an hour; so who reads for hours never loads it. What
is asked and the token go through pipes, never through arguments, the environment or a file. Refuses: to
keep a token, which the client does, and asks for a new one before it ends.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.credentials import AccessTokenInfo, TokenRequestOptions

_START = (
    "import json, sys; asked = json.load(sys.stdin); sys.path[:] = asked['path']; "
    "from cecil.providers.cloud.azure_login import answer; json.dump(answer(asked), sys.stdout)"
)


SETTINGS = "settings"
"""Why there is no login: a variable of azure-identity's has a value that it does not know."""


class LoginEnded(Exception):
    """The process ended without an answer."""


class Login:
    """A credential as the vendor's clients take one.

    Args:
        server: where one logs in, as `DefaultAzureCredential` takes it.

    Raises:
        ImportError: azure-identity is not installed.
    """

    def __init__(self, server: dict[str, Any]) -> None:
        if find_spec("azure.identity") is None:
            raise ImportError
        self._server = server

    def get_token_info(self, *scopes: str, options: "TokenRequestOptions | None" = None) -> "AccessTokenInfo":
        """A new token.

        Raises:
            ClientAuthenticationError: there is no login, or it is over.
            LoginEnded: nobody knows.
        """
        from azure.core.credentials import AccessTokenInfo
        from azure.core.exceptions import ClientAuthenticationError

        asked = {"path": sys.path, "server": self._server, "scopes": scopes, "options": options or {}}
        found = _elsewhere(asked) if _has_python() else answer(asked)
        if "failed" in found:
            raise ClientAuthenticationError(found["failed"])
        return AccessTokenInfo(**found)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the chain gives: a token, when it ends and when it should be made new, or why there is none."""
    from azure.core.exceptions import AzureError
    from azure.identity import DefaultAzureCredential

    try:
        with DefaultAzureCredential(**asked["server"]) as credential:
            token = credential.get_token_info(*asked["scopes"], options=asked["options"])
    except ValueError:
        return {"failed": SETTINGS}
    except AzureError as error:
        return {"failed": str(error)}
    return {"token": token.token, "expires_on": token.expires_on, "refresh_on": token.refresh_on}


def _has_python() -> bool:
    """Whether a second interpreter can be started: not from a program that Python is built into."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def _elsewhere(asked: dict[str, Any]) -> dict[str, Any]:
    # Its standard error is where the chain logs; it may quote a reply.
    argv = [sys.executable, "-P", "-c", _START]
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=null) as process:
        try:
            said, _ = process.communicate(json.dumps(asked).encode())
        except BaseException:  # Ctrl-C, mostly
            process.kill()
            process.wait()
            raise
    try:
        found = json.loads(said)
    except ValueError:
        raise LoginEnded from None
    if process.returncode or not isinstance(found, dict):
        raise LoginEnded
    return found
