"""Lines of logs in which something stands, made by chance: what the tests of the fast way feed on.

Every value is invented, or of a range that is reserved for such.
"""

import base64
import json
from random import Random
from typing import Any

from cecil.sanitizer.detectors.secrets.table import example, rows

WORDS = """the request took user from to at of with connection worker status error retry done started service
    job queue disk memory node pod info warn debug GET POST /api/v1/orders HTTP/1.1 200 404 17 3.14 0 -1 ms x=1
    id=42 - | [main] {} () 2026-11-21T14:22:07.123Z 14:22:07 550e8400-e29b-41d4-a716-446655440000 0x7fff5694
    deadbeefcafe v1.2.3 10.0.0.7 127.0.0.1 C:\\temp /var/log/app.log null true naïve 東京 😀 " ' \\ , : ; @ = % &
    """.split(" ")

VALUES = (
    *("bob@example.com", "a.b+c@mail.example.org", "BOB@EXAMPLE.NET", "bob%40example.com", "bob&#64;example.com"),
    *("8.8.8.8", "81.2.69.142", "2a00:1450:4009:81f::200e", "10.1.2.3", "fe80::1"),
    *("4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444", "378282246310005", "4111111111111112"),
    *("+1 212 555 0123", "(212) 555-0123", "call 212-555-0123", "phone 2125550123", "+44 20 7946 0958"),
    *("ssn 219-09-9999", "078-05-1120", "social security 219099999", "DE89 3704 0044 0532 0130 00"),
    *("GB82WEST12345698765432", "IBAN DE89370400440532013000", "account number 123456789012"),
    *("password=hunter2x9", "pwd: Tr0ub4dor", "api_key='k9Zq8vX2mB7w'", "--password s3cr3tValue9", "PASSWORD=x"),
    *("Authorization: Bearer abc.def.ghi123", "Cookie: sid=a8f5f167f44f4964", "user:pw9Zq@db.example.com"),
    *("postgres://app:S3cr3t99@db.example.com/x", "https://x.example/?token=a8f5f167f44f4964e6c998dee827110c"),
    *("passport number 123456789", "driver license D1234567", "MRN 12345678", "born 03/04/1985", "nhs 943 476 5919"),
    *("00:1b:44:11:3a:b7", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "VIN 1M8GDM9AXKP042788", "dea AB1234563"),
    *("４１１１ １１１１ １１１１ １１１１", "bob＠example.com", "4111\u00a01111\u00a01111\u00a01111", "bo\u00adb@example.com"),
    base64.b64encode(b'{"email": "bob@example.com", "n": 17}').decode(),
    base64.b64encode(b"password=hunter2x9 for bob@example.com").decode(),
    b"write to bob@example.com now".hex(),
    '{"email":"bob@example.com"}',
    json.dumps({"m": json.dumps({"password": "hunter2x9"})}),
    *(example(row) for row in rows()[::9]),
)  # fmt: skip

ARGUMENTS = (
    ["--password", "hunter2x9"],
    ["--verbose", "--api-key", "hunter2x9", "x"],
    ["mysql", "-u", "root", "-phunter2x9"],
    ["curl", "-u", "ann:hunter2x9", "https://x.example"],
    ["accept", "a/b", "Cookie", "sid=a8f5f167"],
    ["authorization", "cookie", "name"],
    ["--password"],
    ["-p", 17, "--password", None],
)
"""Lists of which one item says what another is."""

KEYS = """m msg message level ts time user id email phone ssn password apiKey card number account ip name value
    Key Value stringValue a b.c userEmail patient_name mrn dob headers cookie token next_token count S M $numberLong""".split()

QUIET_KEYS = "m msg level ts id n status path took a b c".split()


def text(chance: Random, plants: float) -> str:
    """Words, and values between them; a value may be all, at the start or at the end."""
    words = chance.choices(WORDS, k=chance.randrange(7))
    if chance.random() < plants:
        for _ in range(chance.choice((1, 1, 1, 2))):
            words.insert(chance.choice((0, len(words), chance.randrange(len(words) + 1))), value(chance))
    return chance.choice((" ", " ", " ", ", ", "\t", "\n")).join(words)


def value(chance: Random) -> str:
    return chance.choice(VALUES)


def record(chance: Random, plants: float, depth: int = 3) -> Any:
    """JSON of any shape."""
    kind = chance.randrange(10 if depth else 6)
    if kind < 4:
        return text(chance, plants)
    if kind == 4:
        return chance.choice(
            (17, -3.5, 1e5, True, False, None, "", 4111111111111111, 2125550123, 1763735400000)
        )
    if kind == 5:
        return chance.choice((219099999, "x", 123456789012, 4111111111111111.0, "8.8.8.8"))
    if kind < 8:
        if chance.random() < plants / 4:
            return chance.choice(ARGUMENTS)
        return [record(chance, plants, depth - 1) for _ in range(chance.randrange(4))]
    return {
        key(chance, plants): record(chance, plants, depth - 1) for _ in range(chance.choice((1, 2, 2, 3, 4)))
    }


def key(chance: Random, plants: float) -> str:
    if chance.random() < plants / 10:
        return value(chance)
    return chance.choice(KEYS if chance.random() < plants else QUIET_KEYS)


def spelled(chance: Random, line: str) -> str:
    """JSON in which some characters of its strings are escaped that need not be."""
    kind = chance.randrange(5)
    if kind == 0:
        return line.replace("/", "\\/")
    if kind == 1:
        return line.replace("@", "\\u0040")
    if kind == 2:
        at = chance.randrange(len(line))
        if line[at].isalnum() and line[at - 1 : at] not in "\\u" and '"' in line[:at] and '"' in line[at:]:
            return f"{line[:at]}\\u{ord(line[at]):04x}{line[at + 1 :]}"  # may be no JSON any more
    return line


def json_line(chance: Random, plants: float) -> bytes:
    made = {key(chance, plants): record(chance, plants) for _ in range(chance.randrange(1, 5))}
    line = json.dumps(
        made,
        ensure_ascii=chance.random() < 0.5,
        separators=chance.choice(((",", ":"), (", ", ": "), (" ,", " :"))),
    )
    return spelled(chance, line).encode()


def odd_line(chance: Random, plants: float) -> bytes:
    """What is no record, or hardly one."""
    good = json_line(chance, plants)
    cut = chance.randrange(len(good))
    return chance.choice(
        (
            b"",
            b"   ",
            b"\t",
            good[:cut],
            good[cut:],
            good + b" x",
            good + good,
            b" " + good,
            b'{"a":"' + text(chance, plants).replace('"', "").replace("\\", "").replace("\n", " ").encode() + b'","a":1}',
            b'{"a":' * 70 + b'"bob@example.com"' + b"}" * 70,
            b"[" * 1200 + b"]" * 1200,
            json.dumps([record(chance, plants)]).encode(),
            b"[error] " + text(chance, plants).replace("\n", " ").encode(),
            b'{"a": NaN, "b": "bob@example.com"}',
            b'{"a": "caf\xe9 bob@example.com"}',
            b"\xff\xfe 8.8.8.8",
            b'{"a": "\\ud800 bob@example.com"}',
            b"17",
            b'"bob@example.com"',
            b"{",
            b"{worker-3} 8.8.8.8",
            b'{"a\x00": 1}',
        )
    )  # fmt: skip


def block(chance: Random, form: str) -> bytes:
    """Whole lines; mostly quiet ones, as a log's are.

    Args:
        form: `jsonl`, `text`, or `auto`, which is all of them.
    """
    plants = chance.choice((0.0, 0.1, 0.5, 1.0))
    odd = chance.choice((0.0, 0.0, 0.1, 0.5))
    lines = []
    for _ in range(chance.randrange(1, 9)):
        if chance.random() < odd:
            lines.append(odd_line(chance, plants))
        elif form == "jsonl" or (form == "auto" and chance.random() < 0.6):
            lines.append(json_line(chance, plants))
        else:
            lines.append(text(chance, plants).replace("\n", " ").encode())
    end = chance.choice((b"\n", b"\n", b"\r\n"))
    made = b"".join(line.replace(b"\n", b" ") + end for line in lines)
    return made if chance.random() < 0.7 or made == end else made[: -len(end)]
