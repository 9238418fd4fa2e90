"""Texts that make careless code take its time: one unit over and over, and real values one behind the other.

All values are invented, or of ranges reserved for such.
"""

import base64
import json
from collections.abc import Callable
from random import Random

from tests.spelling import card, figures

UNITS = (
    *("a", "1", "a.", "1-", "1.", "1.1.", "A3", "a1", "=", "@", "a@", "a@a.", "@a.", "+1 ", "1 ", "12/12/"),
    *(
        "%41",
        "%",
        "%2540",
        "\\u0041",
        "\\",
        "\\n",
        "\\\\u0041",
        "&amp;",
        "&",
        "&#64;",
        "&amp;amp;",
        "0x",
        "u0041",
    ),
    *(
        '{"a":',
        '{"a":1},',
        "{",
        "[",
        "[{",
        '["a",',
        '"',
        "'",
        '\\"',
        "'a'",
        "``",
        ",",
        ";",
        "|",
        "~",
        "#",
        "\0",
    ),
    *(
        "AKIA",
        "password=",
        "password:",
        "secret ",
        '"password":"a",',
        "k=v&",
        "k=v ",
        "key: ",
        "Bearer ",
        "${",
    ),
    *(
        "Authorization: ",
        "Authorization: Basic ",
        "Cookie: a=b; ",
        "Set-Cookie: ",
        "a=b; ",
        "--a ",
        "user:a@",
    ),
    *(
        "http://",
        "http://a.",
        "://",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "eyJ",
        "H4sI",
        "bc1",
    ),
    *("eyJhbGciOiJIUzI1NiJ9.", base64.b64encode(b"hello world ").decode(), "sk-", "ghp_", "xoxb-", "AIza"),
    *(
        "\u56db",
        "1\u56db",
        "123\u56db",
        "\uff14",
        "\uff14\uff11\uff11\uff11 ",
        "\u200d",
        "a\u200d",
        "1\u200d",
        "\u0301",
    ),
    *(
        "1\u0301",
        "\u00e9",
        "\u0663",
        "\u0430",
        "a\u0430",
        "\u00ad",
        "a\u00ad",
        "\uff20",
        "a\uff20b.co",
        "\ufb01",
        "\U0001f600",
    ),
    *(" ", "\n", "\t", "_", "-", "-", ":", "::", "1:", "aa:bb:", "1.1.1.1", "1.1.1.1 ", "8.8.8.8,", "12:12:"),
    *(
        "4111",
        "4111 ",
        "4111-",
        "(1",
        "(212) ",
        "555-",
        "DE89",
        "DE89 ",
        "1A",
        "41",
        "\\x41",
        "=a+",
        "=a+b",
        "\x1b[",
        "\x1b[0m",
    ),
    *(
        "ssn: ",
        "ssns 078-05-1120, ",
        "mrn no ",
        "call (",
        "phone 1 ",
        "9 Main ",
        "vin 1",
        "born 1 jan ",
        "MRN ",
        "claim ",
    ),
    *(
        "[at] ",
        "a [at] b. ",
        "driver license A1-",
        "(01)11111111111111(10)a",
        "data:image/a;base64,AAAA",
        "arn:aws:",
    ),
)


def _pair(chance: Random) -> str:
    return f"user{chance.randrange(10**6)}@mail.example.com"


DENSE: dict[str, Callable[[Random], str]] = {
    "e-mail addresses": lambda chance: f"{_pair(chance)} ",
    "IPv4 addresses": lambda chance: (
        f"8.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)} "
    ),
    "IPv6 addresses": lambda chance: f"2a00:{chance.randrange(65536):x}::{chance.randrange(65536):x} ",
    "cards": lambda chance: f"{card(chance)} ",
    "telephones abroad": lambda chance: f"+1 212 555 {figures(chance, 4)}, ",
    "telephones": lambda chance: f"call (212) 555-{figures(chance, 4)} ",
    "SSNs": lambda chance: f"ssn 219-{figures(chance, 2)}-{figures(chance, 4)} ",
    "passwords": lambda chance: f"password=Zx{figures(chance, 8)}q ",
    "JSON": lambda chance: json.dumps({"email": _pair(chance)}) + " ",
    "base64 of JSON": lambda chance: (
        base64.b64encode(json.dumps({"email": _pair(chance)}).encode()).decode() + " "
    ),
    "credentials in URLs": lambda chance: f"https://user:pw{figures(chance, 6)}x@db.example.com/x ",
    "dates of birth": lambda chance: (
        f"born {chance.randrange(1, 13)}/{chance.randrange(1, 29)}/19{figures(chance, 2)} "
    ),
    "hexadecimal ids": lambda chance: f"{chance.getrandbits(128):032x} ",
    "numbers": lambda chance: f"{figures(chance, 10)} ",
}
"""What stands one behind the other: each is found, up to a hundred thousand times in a megabyte."""


def repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def dense(name: str, size: int) -> str:
    chance, parts, length = Random(1), [], 0
    while length < size:
        parts.append(DENSE[name](chance))
        length += len(parts[-1])
    return "".join(parts)
