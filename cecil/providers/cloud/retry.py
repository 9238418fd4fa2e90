"""What is done when a call to a cloud fails: one policy for all clouds.

Owns: the table of failures (is it worth trying again, and why), the waits between two tries, the pace of
calls, and the count of it all. The clients' own retries are switched off, so that nothing is tried again
behind its back. Refuses: to know a vendor's exceptions; each client judges its own, and says which row of
the table one is.

A wait is a random time between nothing and a limit that doubles ("full jitter": whoever failed together
does not come back together, https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/),
but never less than the service asks for with Retry-After. (A library such as tenacity would leave all of
this to be written here: waits that obey a header, tries that count anew after progress, the table.)
"""

import enum
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from cecil.errors import SourceError
from cecil.providers.interrupts import Interrupts

T = TypeVar("T")

BUDGET = 300.0
"""Seconds that a call may fail on end before it is given up."""

FIRST = 0.5
MOST = 30.0
"""The limits of the first wait and of the longest, in seconds."""


class Action(enum.Enum):
    """What a failure asks for."""

    AGAIN = "again"
    SLOWER = "slower"
    RENEW = "renew"
    FINAL = "final"


class Rule(NamedTuple):
    """A row of the table.

    Attributes:
        action: what to do.
        reason: why.
        tries: how often the call is tried at most; None for as often as the time budget allows.
    """

    action: Action
    reason: str
    tries: int | None = None


_AGAIN, _SLOWER, _RENEW, _FINAL = Action.AGAIN, Action.SLOWER, Action.RENEW, Action.FINAL

TABLE: dict[str, Rule] = {
    # On the way, whatever the service.
    "net reset": Rule(_AGAIN, "connections are cut by proxies and restarts; reading again harms nothing"),
    "net cut": Rule(_AGAIN, "a reply that ends before its end holds less than was sent"),
    "net timeout": Rule(_AGAIN, "a stalled connection does not come back to life; a new one may"),
    "net refused": Rule(_AGAIN, "a server that restarts refuses for seconds; a wrong address for ever", 4),
    "net name": Rule(_AGAIN, "look-ups fail for moments; a name that is wrong stays wrong", 4),
    "net proxy": Rule(_AGAIN, "a proxy that restarts refuses for seconds; a wrong one for ever", 4),
    "net tls": Rule(_FINAL, "a certificate that is not trusted will not be in a minute"),
    # HTTP (RFC 9110, RFC 6585).
    "http 400": Rule(_FINAL, "the same request is as wrong the next time"),
    "http 401": Rule(_RENEW, "a token ends in mid-run; a new one is asked for, once", 2),
    "http 403": Rule(_FINAL, "permissions do not change while we wait"),
    "http 404": Rule(_FINAL, "what is not there does not appear while we wait"),
    "http 408": Rule(_AGAIN, "the server gave up waiting for a request that was slow on the way"),
    "http 409": Rule(_FINAL, "no read conflicts with another"),
    "http 412": Rule(_FINAL, "the object is not the one that was begun; its rest would not fit"),
    "http 413": Rule(_FINAL, "the reply or the request is too large and stays so; the reader asks for less"),
    "http 416": Rule(_FINAL, "the object ends before the range: it is not the one that was begun"),
    "http 429": Rule(_SLOWER, "too many requests"),
    "http 500": Rule(_AGAIN, "a failure inside the service, which mostly passes"),
    "http 501": Rule(_FINAL, "what is not implemented will not be in a minute"),
    "http 502": Rule(_AGAIN, "a gateway lost its server"),
    "http 503": Rule(_SLOWER, "the service is overloaded or restarts, and is helped by fewer requests"),
    "http 504": Rule(_AGAIN, "a gateway waited too long for its server"),
    "http 505": Rule(_FINAL, "a protocol that is not spoken will not be in a minute"),
    # AWS: the error code of the reply, whatever the status (CloudWatch Logs throttles with a 400).
    "aws ThrottlingException": Rule(_SLOWER, "the quota of requests a second"),
    "aws Throttling": Rule(_SLOWER, "the quota of requests a second"),
    "aws ThrottledException": Rule(_SLOWER, "the quota of requests a second"),
    "aws RequestThrottled": Rule(_SLOWER, "the quota of requests a second"),
    "aws RequestThrottledException": Rule(_SLOWER, "the quota of requests a second"),
    "aws TooManyRequestsException": Rule(_SLOWER, "the quota of requests a second"),
    "aws RequestLimitExceeded": Rule(_SLOWER, "the quota of requests a second"),
    "aws BandwidthLimitExceeded": Rule(_SLOWER, "the quota of bytes a second"),
    "aws LimitExceededException": Rule(_SLOWER, "the quota of queries that run at once: others end"),
    "aws SlowDown": Rule(_SLOWER, "S3 asks for fewer requests while it spreads a prefix"),
    "aws ServiceUnavailable": Rule(_SLOWER, "overloaded, and helped by fewer requests"),
    "aws ServiceUnavailableException": Rule(_SLOWER, "overloaded, and helped by fewer requests"),
    "aws InternalError": Rule(_AGAIN, "a failure inside the service, which mostly passes"),
    "aws InternalFailure": Rule(_AGAIN, "a failure inside the service, which mostly passes"),
    "aws InternalServerError": Rule(_AGAIN, "a failure inside the service, which mostly passes"),
    "aws OperationAborted": Rule(_AGAIN, "a change of the bucket is under way, and ends"),
    "aws RequestTimeout": Rule(_AGAIN, "the request was slow on the way"),
    "aws RequestTimeoutException": Rule(_AGAIN, "the request was slow on the way"),
    "aws PriorRequestNotComplete": Rule(_AGAIN, "the request before this one is not done yet"),
    "aws ExpiredToken": Rule(_RENEW, "roles and logins end in mid-run; new ones are asked for, once", 2),
    "aws ExpiredTokenException": Rule(_RENEW, "roles and logins end in mid-run; asked for anew, once", 2),
    "aws TokenRefreshRequired": Rule(_RENEW, "roles and logins end in mid-run; asked for anew, once", 2),
    "aws RequestExpired": Rule(_AGAIN, "signed too long ago, as after a suspended laptop; signed anew", 2),
    "aws RequestTimeTooSkewed": Rule(_FINAL, "a signature bears the time, and the clock is wrong"),
    "aws RequestInTheFuture": Rule(_FINAL, "a signature bears the time, and the clock is wrong"),
    "aws InvalidSignatureException": Rule(_FINAL, "a wrong key stays wrong, and so does a wrong clock"),
    # Google, over gRPC (https://grpc.io/docs/guides/status-codes/).
    "grpc UNAVAILABLE": Rule(_AGAIN, "the service or the way to it is gone for a moment"),
    "grpc RESOURCE_EXHAUSTED": Rule(_SLOWER, "the quota of requests a minute"),
    "grpc DEADLINE_EXCEEDED": Rule(_AGAIN, "the reply took too long; the next may not"),
    "grpc INTERNAL": Rule(_AGAIN, "a failure inside the service, or a cut stream"),
    "grpc UNKNOWN": Rule(_AGAIN, "a failure that nobody named, mostly of the way", 4),
    "grpc ABORTED": Rule(_AGAIN, "lost against another request; reading again harms nothing"),
    "grpc UNAUTHENTICATED": Rule(_RENEW, "a token ends in mid-run; a new one is asked for, once", 2),
    "grpc CANCELLED": Rule(_FINAL, "we asked for it"),
    "grpc INVALID_ARGUMENT": Rule(_FINAL, "the same request is as wrong the next time"),
    "grpc FAILED_PRECONDITION": Rule(_FINAL, "what is missing does not appear while we wait"),
    "grpc OUT_OF_RANGE": Rule(_FINAL, "the same request is as wrong the next time"),
    "grpc NOT_FOUND": Rule(_FINAL, "what is not there does not appear while we wait"),
    "grpc PERMISSION_DENIED": Rule(_FINAL, "permissions do not change while we wait"),
    "grpc UNIMPLEMENTED": Rule(_FINAL, "what is not implemented will not be in a minute"),
    "grpc DATA_LOSS": Rule(_FINAL, "what is lost stays lost, and must be told"),
}
"""Every failure that has a name, by who names it: `net`, `http`, `aws`, `grpc`."""

_FAILED = Rule(_AGAIN, "a status of 500 and above says that the service failed, not the request")
_UNKNOWN = Rule(_FINAL, "what nobody knows is told rather than repeated")


def rule(code: str) -> Rule:
    """The row for a failure: its own, or what holds for all of its kind."""
    if code in TABLE:
        return TABLE[code]
    kind, _, name = code.partition(" ")
    return _FAILED if kind == "http" and name.startswith("5") else _UNKNOWN


class Fault(NamedTuple):
    """A failure as a client judges it.

    Attributes:
        code: its row in `TABLE`, as `aws SlowDown` or `http 503`.
        message: what the user is told should it be final: no value from the input, no credential.
        hint: what to type to mend it.
        retry_after: seconds that the service asks us to wait; None where it says nothing.
        again: what the row says of a code that means two things; None for what the row says.
    """

    code: str
    message: str
    hint: str | None = None
    retry_after: float | None = None
    again: Rule | None = None

    @property
    def rule(self) -> Rule:
        return self.again or rule(self.code)


Judge = Callable[[Exception], Fault | None]
"""Which fault an exception is; None for a bug."""


@dataclass
class Effort:
    """What was asked of a service.

    Attributes:
        pages: replies that held a part of the result.
        bytes: how large they were.
        retries: calls that were made again.
        throttles: how many of these because the service asked for fewer.
        waited: seconds spent waiting before them, and for our own pace.
    """

    pages: int = 0
    bytes: int = 0
    retries: int = 0
    throttles: int = 0
    waited: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """As `--stats json` prints them."""
        return {
            "pages": self.pages,
            "bytes": self.bytes,
            "retries": self.retries,
            "throttles": self.throttles,
            "seconds_waited": round(self.waited, 3),
        }


class Retry:
    """Calls, paced and tried again.

    Args:
        effort: where it is counted.
        rate: calls a second at most; None for no pace. A service that asks for fewer halves it, and
            it is won back bit by bit.
        budget: seconds that a call may fail on end.
        before_wait: called before a wait, so that what was read so far can be flushed.
        interrupts: lets a signal in while a call or a wait lasts.
        clock, sleep, jitter: of the tests.

    Attributes:
        renew: makes the credentials new; where there is none, `Action.RENEW` is final.
        waiting: see `Interrupts.waiting`; for who reads without `call`.
    """

    def __init__(
        self,
        effort: Effort,
        *,
        rate: float | None = None,
        budget: float = BUDGET,
        before_wait: Callable[[], None] | None = None,
        interrupts: Interrupts | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.budget = budget
        self.effort = effort
        self.renew: Callable[[], None] | None = None
        self._gap = self._least_gap = 1 / rate if rate else 0.0
        self._next = 0.0
        self._before_wait = before_wait
        self.waiting = (interrupts or Interrupts()).waiting
        self.clock = clock
        self._sleep = sleep
        self.jitter = jitter

    def call(self, do: Callable[[], T], judge: Judge) -> T:
        """The result of `do`, which may be called many times.

        Raises:
            SourceError: it failed for good, or for longer than the budget.
        """
        streak = self.streak(judge)
        while True:
            self.pace()
            try:
                with self.waiting():
                    result = do()
            except Exception as error:
                streak.failed(error)
            else:
                self._ease()
                return result

    def streak(self, judge: Judge) -> "Streak":
        """The failures of one read, for who reads on after a failure rather than anew."""
        return Streak(self, judge)

    def pace(self) -> None:
        """Wait until the next call is due."""
        if not self._gap:
            return
        now = self.clock()
        self.wait(self._next - now)
        self._next = max(now, self._next) + self._gap

    def wait(self, seconds: float) -> None:
        """Wait, and count it."""
        if seconds <= 0:
            return
        if self._before_wait:
            self._before_wait()
        self.effort.waited += seconds
        with self.waiting():
            self._sleep(seconds)

    def slower(self) -> None:
        """The service asked for fewer calls."""
        self.effort.throttles += 1
        self._gap = min(2 * self._gap, max(self._least_gap, MOST))

    def _ease(self) -> None:
        if self._gap > self._least_gap:
            self._gap = max(self._least_gap, self._gap * 0.95)


class Streak:
    """Failures in a row, without progress between them.

    Attributes:
        failures: how many.
    """

    def __init__(self, retry: Retry, judge: Judge) -> None:
        self._retry = retry
        self._judge = judge
        self._since: float | None = None
        self.failures = 0

    def progress(self) -> None:
        """Something came: what failed before counts no more."""
        self.failures = 0
        self._since = None

    def failed(self, error: Exception) -> None:
        """Wait until it may be tried again.

        Raises:
            SourceError: it may not.
            Exception: `error` itself, where it is a bug.
        """
        fault = self._judge(error)
        if fault is None:
            raise error
        retry, rule = self._retry, fault.rule
        now = retry.clock()
        if self._since is None:
            self._since = now
        self.failures += 1
        if rule.action is Action.FINAL or (rule.action is Action.RENEW and retry.renew is None):
            raise SourceError(fault.message, hint=fault.hint) from None
        limit = min(MOST, FIRST * 2 ** min(self.failures - 1, 16))
        wait = max(retry.jitter(0.0, limit), fault.retry_after or 0.0)
        spent = now - self._since
        if self.failures >= (rule.tries or self.failures + 1) or spent + wait > retry.budget:
            raise SourceError(self._gave_up(fault, spent, wait), hint=fault.hint) from None
        retry.effort.retries += 1
        if rule.action is Action.SLOWER:
            retry.slower()
        if rule.action is Action.RENEW and retry.renew:
            retry.renew()
        else:
            retry.wait(wait)

    def _gave_up(self, fault: Fault, spent: float, wait: float) -> str:
        if fault.retry_after and fault.retry_after > self._retry.budget:
            return f"{fault.message}; it asks us to wait for {wait:.0f} s"
        if self.failures == 1 or fault.rule.action is Action.RENEW:
            return fault.message
        return f"{fault.message}; given up after {self.failures} tries in {spent:.0f} s"


def retry_after(value: str | None, now: float | None = None) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None where it names none.

    Args:
        value: seconds, or a date of HTTP.
        now: seconds since 1970, for a date.
    """
    if not value:
        return None
    value = value.strip()
    try:
        seconds = float(value) if value[0].isdecimal() else _until(value, now)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, seconds)


def _until(date: str, now: float | None) -> float:
    from email.utils import parsedate_to_datetime  # brings a mail parser along, and is hardly ever asked

    return parsedate_to_datetime(date).timestamp() - (time.time() if now is None else now)
