"""What goes wrong on the way to a cloud, by the exceptions that requests and urllib3 make of it."""

import json
import logging
import socket
import ssl
import time
from email.utils import formatdate

import pytest
import requests
import urllib3

from cecil.errors import UsageError
from cecil.providers.cloud.clock import Clock
from cecil.providers.cloud.network import fault_on_the_way, mended, quiet
from cecil.stream.offline import online

POOL = urllib3.HTTPSConnectionPool("logs.example.com")


def wrapped(error: Exception) -> requests.ConnectionError:
    """As requests hands it on."""
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/", error))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (
            requests.ConnectionError(urllib3.exceptions.ProtocolError("x", ConnectionResetError())),
            "net reset",
        ),
        (requests.ConnectionError(urllib3.exceptions.ProtocolError("x", BrokenPipeError())), "net reset"),
        (requests.exceptions.ChunkedEncodingError(urllib3.exceptions.IncompleteRead(1, 2)), "net cut"),
        (requests.exceptions.ContentDecodingError(urllib3.exceptions.DecodeError("x")), "net cut"),
        (requests.ReadTimeout(urllib3.exceptions.ReadTimeoutError(POOL, "/", "x")), "net timeout"),
        (requests.ConnectionError(urllib3.exceptions.ReadTimeoutError(POOL, "/", "x")), "net timeout"),
        (requests.ConnectTimeout(urllib3.exceptions.ConnectTimeoutError("x")), "net refused"),
        (wrapped(ConnectionRefusedError()), "net refused"),
        (wrapped(socket.gaierror(-2, "Name or service not known")), "net name"),
        (requests.exceptions.ProxyError(urllib3.exceptions.ProxyError("x", OSError())), "net proxy"),
        (requests.exceptions.SSLError(ssl.SSLCertVerificationError("x")), "net tls"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_way_to_fail_has_its_row(error: Exception, code: str) -> None:
    fault = fault_on_the_way(error, "logs.example.com")
    assert fault.code == code
    assert "logs.example.com" in fault.message
    assert fault.rule.reason


def test_a_cause_that_goes_in_circles() -> None:
    error = requests.ConnectionError("x")
    error.__cause__ = ValueError(error)
    assert fault_on_the_way(error, "there").code == "net reset"


def test_what_libraries_log_reaches_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    quiet("cecil-test-library")
    logging.getLogger("cecil-test-library.deep.inside").error("a token of user@example.com")
    assert capsys.readouterr().err == ""


def test_a_clock_is_never_ahead_of_the_service() -> None:
    clock = Clock()
    for nothing in (None, "", "yesterday"):
        clock.learn(nothing)
        assert clock.ahead == 0
    clock.learn(formatdate(time.time() - 600))
    assert 590 < clock.ahead < 610
    assert clock.now() < time.time_ns() - 590 * 10**9
    clock.learn(formatdate(time.time() + 600))  # then ours is behind, and ours it is
    assert abs(clock.now() - time.time_ns()) < 10**9
    clock.learn(formatdate(time.time()))
    assert clock.ahead == 0


def test_halves_of_characters_are_told_from_whole_ones() -> None:
    text = rb'"a\ud83d\uDE00b\ud83dc\\ud800\\\udc00\u00e9\n\ud83d\ud83d\ude00"'
    assert mended(text) == rb'"a\ud83d\uDE00b\ufffdc\\ud800\\\ufffd\u00e9\n\ufffd\ud83d\ude00"'
    json.loads(mended(text)).encode()


def test_nobody_goes_that_way_in_audit_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    online()
    monkeypatch.setenv("CECIL_AUDIT_MODE", "1")
    with pytest.raises(UsageError, match="no network in audit mode"):
        online()
