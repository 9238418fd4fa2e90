"""What is the same on the way to every service whose client is built on requests, urllib3 or gRPC.

Owns: which row of the table of failures such an exception is, that those libraries' loggers are silent, since
what they log may quote addresses, queries and what was read, and replies with halves of characters in them.
Refuses: what a service itself answered.
"""

import logging
import re
import socket
import ssl
from collections.abc import Iterator

from cecil.providers.cloud.retry import Fault

_NAMES = {
    "ProxyError": "net proxy",
    "NameResolutionError": "net name",
    "gaierror": "net name",
    "ConnectTimeoutError": "net refused",
    "ConnectTimeout": "net refused",
    "NewConnectionError": "net refused",
    "ReadTimeoutError": "net timeout",
    "ReadTimeout": "net timeout",
    "ServiceResponseTimeoutError": "net timeout",
    "IncompleteRead": "net cut",
    "IncompleteReadError": "net cut",
    "DecodeError": "net cut",
    "ContentDecodingError": "net cut",
}
"""By the name of the exception's class: the libraries each have one of their own for the same thing."""

_MESSAGES = {
    "net tls": "the certificate of {} is not trusted",
    "net proxy": "the proxy before {} does not let us through",
    "net name": "the name {} is not known",
    "net refused": "{} cannot be reached",
    "net timeout": "{} does not answer in time",
    "net cut": "a reply of {} ended before its end",
    "net reset": "the connection to {} is cut",
}
_HINTS = {
    "net tls": "name the file of the authority that you trust in REQUESTS_CA_BUNDLE",
    "net proxy": "see HTTPS_PROXY and NO_PROXY",
    "net name": "look at --endpoint-url, and at the network",
    "net refused": "look at --endpoint-url, and at the network and HTTPS_PROXY",
}


def fault_on_the_way(error: BaseException, host: str) -> Fault:
    """The fault that an exception of requests, urllib3 or a client on top of them is.

    Args:
        host: where it happened, as the user knows it.
    """
    code = "net reset"
    for one in _causes(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            code = "net tls"
            break
        name = next((_NAMES[base.__name__] for base in type(one).__mro__ if base.__name__ in _NAMES), None)
        if name == "net proxy":
            code = name
            break
        if isinstance(one, socket.gaierror):
            name = "net name"
        elif isinstance(one, ConnectionRefusedError):
            name = "net refused"
        # The innermost name is the closest to what happened; a reset has none.
        code = name or code
    return Fault(code, _MESSAGES[code].format(host), _HINTS.get(code))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it was made of, from the outermost to the innermost."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [getattr(one, "reason", None), getattr(one, "inner_exception", None)]
            waiting += [*one.args, one.__cause__, one.__context__]


_ESCAPE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}\Z")


def mended(data: bytes) -> bytes:
    """JSON in which halves of characters (surrogates alone), which are no text, are U+FFFD."""
    return _ESCAPE.sub(lambda found: rb"\ufffd" if _HALF.match(found[0]) else found[0], data)


def quiet(*libraries: str) -> None:
    """Let nothing that these libraries log reach anybody: it may hold what was read, or a credential."""
    for name in libraries:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
