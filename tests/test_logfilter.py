"""`RedactFilter`: what Python's logging writes holds nothing; no record is lost."""

import doctest
import io
import json
import logging
import logging.config
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cecil import Sanitizer, logfilter
from cecil.logfilter import WITHHELD, RedactFilter
from tests.conftest import build_sanitizer

MAIL = "dana.fox@example.com"


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer(nlp="none")


class Json(logging.Formatter):
    """As structured formatters do: all that a record has."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({**record.__dict__, "message": record.getMessage()}, default=str)


@pytest.fixture
def log(sanitizer: Sanitizer) -> Iterator[Any]:
    """A logger, what it wrote, and its filter."""

    class Log:
        def __init__(self) -> None:
            self.out = io.StringIO()
            self.told: list[Any] = []
            self.filter = RedactFilter(sanitizer, found=self.told.append)
            self.handler = logging.StreamHandler(self.out)
            self.handler.addFilter(self.filter)
            self.logger = logging.getLogger("tests.logfilter")
            self.logger.addHandler(self.handler)
            self.logger.propagate = False
            self.logger.setLevel(logging.DEBUG)

        @property
        def text(self) -> str:
            return self.out.getvalue()

    one = Log()
    yield one
    one.logger.removeHandler(one.handler)


def test_messages_and_their_arguments(log: Any) -> None:
    log.logger.info("order %d of %s failed", 17, MAIL)
    log.logger.info("%(who)s came", {"who": MAIL})
    log.logger.info(f"from 8.8.8.8 by {MAIL}")
    log.logger.info('{"email": "%s", "n": 1.10}', MAIL)
    log.logger.info({"email": MAIL, "n": 1})
    log.logger.info([MAIL])
    log.logger.info("nothing %s", "here")
    assert log.text.splitlines() == [
        "order 17 of <EMAIL_ADDRESS> failed",
        "<EMAIL_ADDRESS> came",
        "from <IP_ADDRESS> by <EMAIL_ADDRESS>",
        '{"email": "<EMAIL_ADDRESS>", "n": 1.10}',
        "{'email': '<EMAIL_ADDRESS>', 'n': 1}",
        "['<EMAIL_ADDRESS>']",
        "nothing here",
    ]
    assert log.filter.withheld == 0
    assert {one.entity for findings in log.told for one in findings} == {"EMAIL_ADDRESS", "IP_ADDRESS"}


def test_exceptions_and_stacks(log: Any) -> None:
    try:
        raise ValueError(f"no account for {MAIL}")
    except ValueError:
        log.logger.exception("it failed", stack_info=True)
    assert MAIL not in log.text
    assert "ValueError: no account for <EMAIL_ADDRESS>" in log.text
    assert "Traceback (most recent call last)" in log.text
    assert "Stack (most recent call last)" in log.text


def test_what_extra_brings(log: Any) -> None:
    class Order:
        def __str__(self) -> str:
            return f"order of {MAIL}"

    log.handler.setFormatter(Json())
    extra = {
        "email": MAIL,
        "password": "hunter22",
        "order": Order(),
        "n": 17,
        "tags": {MAIL},
        "deep": {1: (MAIL, None)},
    }
    log.logger.info("hello", extra=extra)
    told = json.loads(log.text)
    assert MAIL not in log.text
    assert "hunter22" not in log.text
    assert (told["n"], told["order"], told["deep"]) == (
        17,
        "order of <EMAIL_ADDRESS>",
        {"1": ["<EMAIL_ADDRESS>", None]},
    )
    assert told["levelname"] == "INFO"
    assert told["args"] is None


def test_what_cannot_be_judged_is_withheld_and_counted(log: Any) -> None:
    class Evil:
        def __str__(self) -> str:
            raise RuntimeError(MAIL)

    log.handler.setFormatter(Json())
    log.logger.info("%s", Evil())
    log.logger.info("hello", extra={"order": Evil(), "email": MAIL})
    log.logger.info('{"email": "%s"', MAIL)
    log.logger.info("too few %s %s", MAIL)
    lines = [json.loads(line) for line in log.text.splitlines()]
    assert [line["message"] for line in lines] == [WITHHELD] * 4
    assert lines[1]["email"] == WITHHELD
    assert MAIL not in log.text
    assert log.filter.withheld == 4
    assert all(line["lineno"] for line in lines)


def test_a_second_handler_behind_it(log: Any, sanitizer: Sanitizer) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(RedactFilter(sanitizer))
    log.logger.addHandler(handler)
    try:
        log.logger.info("by %s", MAIL)
    finally:
        log.logger.removeHandler(handler)
    assert log.text == out.getvalue() == "by <EMAIL_ADDRESS>\n"


def test_lone_surrogates_are_escaped(log: Any) -> None:
    log.logger.info("\ud800 by %s", MAIL)
    assert log.text == "\\ud800 by <EMAIL_ADDRESS>\n"


def test_what_json_cannot_have_keeps_no_record_back(log: Any) -> None:
    log.handler.setFormatter(Json())
    extra = {"rate": float("nan"), "most": float("inf"), "file": "caf\udce9", "by": {"\udce9": [MAIL]}}
    log.logger.info("took long", extra=extra)
    told = json.loads(log.text)
    assert told["message"] == "took long"
    assert (told["rate"], told["most"], told["file"]) == ("nan", "inf", "caf\\udce9")
    assert told["by"] == {"\\udce9": ["<EMAIL_ADDRESS>"]}
    assert log.filter.withheld == 0


def test_many_threads(log: Any) -> None:
    def work(number: int) -> None:
        for index in range(40):
            log.logger.info("%d-%d by %s", number, index, MAIL)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(log.text.splitlines()) == sorted(
        f"{a}-{b} by <EMAIL_ADDRESS>" for a in range(4) for b in range(40)
    )


def test_by_configuration(sanitizer: Sanitizer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(logfilter, "built", lambda policy: asked.append(policy) or sanitizer)
    out = io.StringIO()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"redact": {"()": "cecil.logfilter.RedactFilter", "policy": "llm"}},
            "handlers": {"out": {"class": "logging.StreamHandler", "stream": out, "filters": ["redact"]}},
            "loggers": {"tests.configured": {"handlers": ["out"], "propagate": False}},
        }
    )
    logger = logging.getLogger("tests.configured")
    try:
        logger.warning("by %s", MAIL)
    finally:
        logger.handlers.clear()
    assert (asked, out.getvalue()) == (["llm"], "by <EMAIL_ADDRESS>\n")


def test_examples(monkeypatch: pytest.MonkeyPatch, sanitizer: Sanitizer) -> None:
    monkeypatch.setattr(logfilter, "built", lambda policy: sanitizer)
    logger = logging.getLogger("shop")
    try:
        result = doctest.testmod(logfilter)
    finally:
        logger.handlers.clear()
    assert (result.failed, result.attempted > 5) == (0, True)
