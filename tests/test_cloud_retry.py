"""One policy for all clouds: what is tried again, when, how often, and what is counted."""

import random
from typing import Any

import pytest

from cecil.errors import SourceError
from cecil.providers.cloud.retry import TABLE, Action, Effort, Fault, Retry, retry_after, rule


class Failing(Exception):
    pass


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Policed(Retry):
    """A policy whose every call fails with one fault, if at all."""

    def __init__(self, fault: Fault | None, clock: Clock, renew: Any = None, **more: Any) -> None:
        more = {
            "effort": Effort(),
            "clock": clock,
            "sleep": clock.sleep,
            "jitter": lambda low, high: high,
        } | more
        super().__init__(**more)
        self.renew = renew
        self.fault = fault

    def judge(self, error: Exception) -> Fault | None:
        return self.fault if isinstance(error, Failing) else None

    def ask(self, do: Any) -> Any:
        return self.call(do, self.judge)


def failing(times: int, result: str = "done"):
    left = [times]

    def call() -> str:
        if left[0]:
            left[0] -= 1
            raise Failing("with a value that nobody may see")
        return result

    return call


@pytest.mark.parametrize("code", TABLE)
def test_every_row_has_a_reason_and_does_what_it_says(code: str) -> None:
    row = TABLE[code]
    assert len(row.reason) > 10
    clock = Clock()
    renewed: list[int] = []
    retry = Policed(Fault(code, "no"), clock, renew=lambda: renewed.append(1))
    if row.action is Action.FINAL:
        with pytest.raises(SourceError, match=r"^no$"):
            retry.ask(failing(1))
        assert (retry.effort.retries, clock.waits) == (0, [])
        return
    assert retry.ask(failing(1)) == "done"
    assert retry.effort.retries == 1
    assert retry.effort.throttles == (row.action is Action.SLOWER)
    assert renewed == [1] * (row.action is Action.RENEW)
    assert bool(clock.waits) == (row.action is not Action.RENEW)


def test_what_the_table_does_not_name() -> None:
    assert rule("http 599").action is Action.AGAIN
    assert rule("http 418").action is Action.FINAL
    assert rule("aws NoSuchThing").action is Action.FINAL


def test_waits_double_up_to_a_limit_and_are_counted() -> None:
    clock = Clock()
    retry = Policed(Fault("http 500", "no"), clock)
    retry.ask(failing(9))
    assert clock.waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert retry.effort.as_dict() == {
        "pages": 0, "bytes": 0, "retries": 9, "throttles": 0, "seconds_waited": sum(clock.waits),
    }  # fmt: skip


def test_jitter_is_full() -> None:
    clock = Clock()
    retry = Policed(Fault("http 500", "no"), clock, jitter=random.uniform)
    for _ in range(300):
        retry.ask(failing(1))
    assert all(0 <= wait <= 0.5 for wait in clock.waits)
    assert min(clock.waits) < 0.1
    assert max(clock.waits) > 0.4


def test_retry_after_is_honoured_exactly() -> None:
    clock = Clock()
    Policed(Fault("http 429", "no", retry_after=17), clock).ask(failing(1))
    assert clock.waits == [17]


def test_a_wait_beyond_the_budget_is_not_begun() -> None:
    clock = Clock()
    with pytest.raises(SourceError) as caught:
        Policed(Fault("http 429", "throttled", "type this", retry_after=900), clock).ask(failing(1))
    assert str(caught.value) == "throttled; it asks us to wait for 900 s"
    assert caught.value.hint == "type this"
    assert clock.waits == []


def test_the_budget_ends_a_call_that_fails_on() -> None:
    clock = Clock()
    with pytest.raises(SourceError, match=r"^no; given up after 7 tries in 32 s$") as caught:
        Policed(Fault("http 500", "no"), clock, budget=60).ask(failing(99))
    assert clock.now <= 60
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_row_may_allow_few_tries() -> None:
    clock = Clock()
    with pytest.raises(SourceError, match="given up after 4 tries"):
        Policed(Fault("net name", "no such host"), clock).ask(failing(99))


def test_credentials_are_renewed_once_and_only_where_they_can_be() -> None:
    clock = Clock()
    renewed: list[int] = []
    with pytest.raises(SourceError, match=r"^login expired$"):
        Policed(Fault("http 401", "login expired"), clock, renew=lambda: renewed.append(1)).ask(failing(99))
    assert renewed == [1]
    with pytest.raises(SourceError, match=r"^login expired$"):
        Policed(Fault("http 401", "login expired"), clock).ask(failing(1))


def test_progress_begins_the_count_anew() -> None:
    clock = Clock()
    retry = Policed(Fault("net name", "no"), clock)
    streak = retry.streak(retry.judge)
    for _ in range(20):
        streak.failed(Failing())
        streak.failed(Failing())
        streak.progress()
    assert retry.effort.retries == 40


def test_a_bug_is_no_failure_of_the_service() -> None:
    retry = Policed(Fault("http 500", "no"), Clock())

    def wrong() -> None:
        raise KeyError("field")

    with pytest.raises(KeyError):
        retry.ask(wrong)
    assert retry.effort.retries == 0


def test_own_pace_stays_below_the_quota() -> None:
    clock = Clock()
    flushed: list[float] = []
    retry = Policed(None, clock, rate=4.5, before_wait=lambda: flushed.append(clock.now))
    for _ in range(46):
        retry.ask(lambda: None)
    assert clock.now == pytest.approx(10)
    assert len(flushed) == 45
    assert retry.effort.waited == pytest.approx(10)


def test_a_service_that_throttles_is_asked_less_often_and_then_more_again() -> None:
    clock = Clock()
    retry = Policed(Fault("aws ThrottlingException", "no"), clock, rate=10)
    retry.ask(failing(3))
    clock.waits.clear()
    for _ in range(200):
        retry.ask(lambda: None)
    assert clock.waits[1] == pytest.approx(0.8 * 0.95, rel=0.1)
    assert clock.waits[-1] == pytest.approx(0.1)
    assert retry.effort.throttles == 3


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("", None), ("0", 0), ("120", 120), ("1.5", 1.5), (" 7 ", 7), ("soon", None), ("-3", None),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0), ("9x", None),
    ],
)  # fmt: skip
def test_retry_after_in_both_spellings(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, now=784111740) == seconds


def test_efforts_are_counted_where_the_caller_says() -> None:
    effort = Effort(pages=3)
    retry = Policed(Fault("http 500", "no"), Clock(), effort=effort)
    retry.ask(failing(2))
    assert (effort.pages, effort.retries) == (3, 2)
