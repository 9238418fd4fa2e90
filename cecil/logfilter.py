"""A filter for Python's `logging` that takes sensitive data out of records before a handler sees them.

    handler.addFilter(RedactFilter())

Owns: what of a log record can hold a value: its message with its arguments, its exception and stack as text,
and whatever `extra` brought. Refuses: to lose a record; one that cannot be judged stays, with its time, level
and place, and a fixed text instead of its message.

Put it on handlers: a filter on a logger does not see the records of loggers below it. It changes the record
itself, so that handlers behind it get the redacted one too.
"""

import logging
import threading
import traceback
from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any

from cecil.middleware import built, judged

if TYPE_CHECKING:
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Finding, Sanitizer

WITHHELD = "<withheld: this log record could not be judged>"

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
"""What every record has. Anything else was given by the program."""


class RedactFilter(logging.Filter):
    """Redacts log records; every one goes on. For any number of threads: they judge in turn.

    Args:
        policy: the name of a built-in policy, a `Policy`, or a `Sanitizer`; `Sanitizer(nlp="none")` looks for
            no names in running text, and is many times as fast.
        found: is given the findings of each record, in whose memory no value is.

    Attributes:
        withheld: how many records could not be judged.

    Example:
        >>> import io, logging
        >>> from cecil.logfilter import RedactFilter
        >>> out = io.StringIO()
        >>> handler = logging.StreamHandler(out)
        >>> handler.addFilter(RedactFilter())
        >>> logger = logging.getLogger("shop")
        >>> logger.addHandler(handler)
        >>> logger.warning("order %d of %s failed", 17, "bob@example.com")
        >>> out.getvalue()
        'order 17 of <EMAIL_ADDRESS> failed\\n'
    """

    def __init__(
        self,
        policy: "Sanitizer | Policy | str" = "default",
        *,
        found: "Callable[[list[Finding]], None] | None" = None,
    ) -> None:
        super().__init__()
        self._sanitizer = built(policy)
        self._found = found
        # A library that logs while it judges, in this thread, must not wait for itself.
        self._lock = threading.RLock()
        self.withheld = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact a record. Always true."""
        try:
            with self._lock:
                self._redact(record)
        except Exception:  # whatever it is: an argument's own __str__ runs in here
            # Nothing of it is left, not even what raised: that may hold the message.
            self.withheld += 1
            for name in record.__dict__.keys() - _OWN:
                record.__dict__[name] = WITHHELD
            record.msg, record.args = WITHHELD, None
            record.exc_info = record.exc_text = record.stack_info = None
        return True

    def _redact(self, record: logging.LogRecord) -> None:
        extra = {name: value for name, value in record.__dict__.items() if name not in _OWN}
        new: dict[str, Any] = self._judged(_plain(extra)) if extra else {}
        if isinstance(record.msg, (dict, list)) and not record.args:
            message: Any = self._judged(_plain(record.msg))
        else:
            message = self._text(record.getMessage())
        # Formatters print `exc_text` where it is there, and make it of `exc_info` where not.
        text = record.exc_text
        if record.exc_info and not text:
            text = "".join(traceback.format_exception(*record.exc_info)).removesuffix("\n")
        text = text and self._text(text)
        stack = record.stack_info and self._text(record.stack_info)
        for name in extra:
            record.__dict__[name] = new.get(name)
        record.msg, record.args = message, None
        record.exc_info, record.exc_text, record.stack_info = None, text, stack

    def _judged(self, value: Any) -> Any:
        new, findings = self._sanitizer.redact(value)
        self._tell(findings)
        return new

    def _text(self, text: str) -> str:
        new, findings = judged(self._sanitizer, text.encode("utf-8", "backslashreplace"))
        self._tell(findings)
        return new.decode()

    def _tell(self, findings: "list[Finding]") -> None:
        if findings and self._found:
            self._found(findings)


def _plain(value: Any) -> Any:
    """A value as JSON could have it: what is no text, number or container, as it would be printed."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()  # a file's name need not be UTF-8
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, dict):
        return {_plain(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return str(value)
