"""Made-up log records with personal data that belongs to nobody, and the truth about where it stands.

Owns: the shapes, and the reserved ranges that values come from: example.com and example.org (RFC 2606),
192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32 (RFC 5737, RFC 3849), telephone numbers
555-0100 to 555-0199, the card companies' test numbers, and the social security number 219-09-9999, which
was printed in an advertisement and never issued. The same seed gives the same records everywhere.
"""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from cecil.errors import SourceError
from cecil.providers.base import BaseDataProvider, Record
from cecil.stream.encode import dumps
from cecil.stream.output import Output, output_error
from cecil.stream.quarantine import Quarantine

_START = datetime(2024, 5, 1, tzinfo=UTC)
_NAMES = ("ann.lee", "b.okafor", "carlos_ruiz", "dana+news", "eve", "f.meyer", "grace.kim", "h.novak")
_DOMAINS = ("example.com", "example.org", "mail.example.com", "shop.example.org")
_AREAS = ("202", "212", "303", "415", "617")
_CARDS = ("4111111111111111", "4242424242424242", "5555555555554444", "378282246310005", "6011111111111117")
_SSN = "219-09-9999"
_WORDS = "the order was shipped late and nobody answered so please look into it again today thanks".split()
_SERVICES = ("checkout", "login", "mailer", "search")


class Planted(NamedTuple):
    """A value that a redactor should find."""

    entity: str
    value: str


class _Text:
    """A string in the making, which knows what was planted in it."""

    def __init__(self, *parts: "str | Planted") -> None:
        self.text = "".join(part if isinstance(part, str) else part.value for part in parts)
        self.planted = [part for part in parts if isinstance(part, Planted)]


class MockDataProvider(BaseDataProvider):
    """Synthetic records.

    Args:
        records: how many.
        seed: which.
        quarantine: see `BaseDataProvider`; nothing goes there but its counts count.
        truth: a file for rows `{"record","pointer","entity","value"}`, one a planted value; `record`
            counts from 1, `pointer` is the JSON Pointer of the string that holds the value. Mode 0600;
            a file that exists is replaced.
    """

    name: ClassVar[str] = "mock"

    def __init__(
        self,
        records: int = 100,
        seed: int = 0,
        *,
        quarantine: Quarantine | None = None,
        truth: str | None = None,
    ) -> None:
        super().__init__(quarantine)
        self._records = records
        self._seed = seed
        self._truth = truth
        self._output: Output | None = None

    def connect(self) -> None:
        """Opens the truth's file.

        Raises:
            OutputError: it cannot be.
        """
        if self._truth is None:
            return
        try:
            fd = os.open(self._truth, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            os.fchmod(fd, 0o600)
        except OSError as error:
            raise output_error(error, self._truth) from None
        self._output = Output(fd, self._truth, owned=True)

    def close(self) -> None:
        """Closes the truth's file.

        Raises:
            OutputError: not all of it could be written.
        """
        if self._output:
            output, self._output = self._output, None
            output.close()

    def fetch_metadata(self) -> dict[str, Any]:
        """`{"source", "records", "seed", "shapes"}`."""
        shapes = [shape.__name__.strip("_") for shape in _SHAPES]
        return {"source": self.name, "records": self._records, "seed": self._seed, "shapes": shapes}

    def stream_records(self) -> Iterator[Record]:
        """See `BaseDataProvider`."""
        if self._truth is not None and self._output is None:
            raise SourceError("not connected")
        dice = random.Random(self._seed)  # noqa: S311
        for number in range(1, self._records + 1):
            self.quarantine.counts.read += 1
            made = dice.choice(_SHAPES)(dice, number)
            record: Record = self._settle(made, number, "")
            yield record

    def _settle(self, value: Any, record: int, pointer: str) -> Any:
        """The value with plain strings; what was planted goes to the truth."""
        if isinstance(value, _Text):
            if self._output:
                for entity, text in value.planted:
                    row = {"record": record, "pointer": pointer, "entity": entity, "value": text}
                    self._output.write(dumps(row) + b"\n")
            return value.text
        if isinstance(value, dict):
            return {key: self._settle(item, record, f"{pointer}/{key}") for key, item in value.items()}
        if isinstance(value, list):
            return [self._settle(item, record, f"{pointer}/{place}") for place, item in enumerate(value)]
        return value


def _email(dice: random.Random) -> Planted:
    return Planted("EMAIL_ADDRESS", f"{dice.choice(_NAMES)}{dice.randrange(100)}@{dice.choice(_DOMAINS)}")


def _phone(dice: random.Random) -> Planted:
    area, last = dice.choice(_AREAS), f"01{dice.randrange(100):02}"
    form = dice.choice(("({}) 555-{}", "{}-555-{}", "+1 {}-555-{}"))
    return Planted("PHONE_NUMBER", form.format(area, last))


def _card(dice: random.Random) -> Planted:
    number = dice.choice(_CARDS)
    if len(number) == 16 and dice.random() < 0.5:
        number = " ".join(number[place : place + 4] for place in range(0, 16, 4))
    return Planted("CREDIT_CARD", number)


def _ip(dice: random.Random) -> Planted:
    if dice.random() < 0.2:
        return Planted("IP_ADDRESS", f"2001:db8::{dice.randrange(1, 65536):x}")
    network = dice.choice(("192.0.2", "198.51.100", "203.0.113"))
    return Planted("IP_ADDRESS", f"{network}.{dice.randrange(1, 255)}")


def _time(dice: random.Random, number: int) -> str:
    when = _START + timedelta(seconds=number, milliseconds=dice.randrange(1000))
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(count))


def _id(dice: random.Random) -> str:
    return f"{dice.getrandbits(64):016x}"


def _app_log(dice: random.Random, number: int) -> Record:
    who = _email(dice)
    return {
        "ts": _time(dice, number),
        "level": dice.choice(("info", "warning", "error")),
        "service": dice.choice(_SERVICES),
        "trace_id": _id(dice),
        "message": _Text("login of ", who, " from ", _ip(dice), f" took {dice.randrange(900)} ms"),
        "user": {
            "id": dice.randrange(10**6),
            "email": _Text(who),
            "active": dice.random() < 0.9,
            "note": None,
        },
    }


def _access_log(dice: random.Random, number: int) -> Record:
    path: Any = f"/items/{dice.randrange(1000)}"
    if dice.random() < 0.3:
        path = _Text("/reset?email=", _email(dice), "&step=2")
    return {
        "time": _time(dice, number),
        "remote_addr": _Text(_ip(dice)),
        "method": dice.choice(("GET", "POST")),
        "path": path,
        "status": dice.choice((200, 200, 200, 301, 404, 500)),
        "bytes": dice.randrange(100_000),
        "duration": dice.randrange(10_000) / 1000,
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/125.0",
    }


def _llm_chat(dice: random.Random, number: int) -> Record:
    prompt, completion = dice.randrange(20, 4000), dice.randrange(5, 800)
    model = dice.choice(("gpt-4o-mini", "gpt-4o"))
    return {
        "time": _time(dice, number),
        "request": {
            "model": model,
            "messages": [
                {"role": "system", "content": "You answer customers of a shop."},
                {
                    "role": "user",
                    "content": _Text(
                        _words(dice, 8), ". Call me at ", _phone(dice), " or write to ", _email(dice), "."
                    ),
                },
            ],
            "temperature": 0.2,
        },
        "response": {
            "id": f"chatcmpl-{_id(dice)}",
            "object": "chat.completion",
            "created": int((_START + timedelta(seconds=number)).timestamp()),
            "model": model,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": _words(dice, 12)},
                    "finish_reason": "stop",
                }
            ],
            "usage": {
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            },
        },
    }


def _order(dice: random.Random, number: int) -> Record:
    items: list[Record] = []
    cents = 0
    for _ in range(dice.randrange(1, 4)):
        quantity, price = dice.randrange(1, 5), dice.randrange(10_000)
        items.append({"sku": f"A-{dice.randrange(1000):04}", "quantity": quantity, "price": price / 100})
        cents += quantity * price
    customer = {"email": _Text(_email(dice)), "phone": _Text(_phone(dice))}
    if dice.random() < 0.3:
        customer["ssn"] = _Text(Planted("US_SSN", _SSN))
    return {
        "created_at": _time(dice, number),
        "order_id": dice.randrange(10**9),
        "customer": customer,
        "payment": {"method": "card", "card_number": _Text(_card(dice)), "captured": True},
        "items": items,
        "total": cents / 100,
    }


def _nested_lists(dice: random.Random, number: int) -> Record:
    return {
        "at": _time(dice, number),
        "batch": [
            [{"contact": _Text(_email(dice)), "tags": ["new", _words(dice, 1)]}, dice.randrange(100), None],
            [[_Text("seen at ", _ip(dice)), dice.random() < 0.5], []],
        ],
        "empty": {},
    }


_SHAPES = (_app_log, _access_log, _llm_chat, _order, _nested_lists)
