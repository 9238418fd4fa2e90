"""cecil-entities(5) names every entity that there is, and says what the default policy does about each."""

import re

import pytest

from cecil import Policy, Sanitizer
from cecil.sanitizer.detectors import catalogue, national
from cecil.sanitizer.detectors.everyone import everyone
from cecil.sanitizer.finder import PRIVATE_IP
from cecil.sanitizer.names import labels
from tests.conftest import ROOT, build_sanitizer

_ROW = re.compile(r"^([A-Z][A-Z0-9_]+) +(on|by name|kept|off) +(\\-|[a-z]{2}) +\S", re.MULTILINE)
ROWS = [
    (name, state, "" if country == "\\-" else country)
    for name, state, country in _ROW.findall((ROOT / "man" / "cecil-entities.5").read_text())
]


def test_the_page_is_whole() -> None:
    default = Policy.built_in("default")
    found: dict[str, set[str]] = {
        PRIVATE_IP: {PRIVATE_IP},
        **{entity: {"names"} for entity in labels.ENTITIES},
    }
    for recognizer in everyone():
        for entity in recognizer.entities:
            found.setdefault(entity, set()).add(recognizer.name)
    countries = {number.entity: number.country for number in national.NUMBERS}
    expected = []
    for one in catalogue._known().values():
        found.setdefault(catalogue._entity(one.name), set())
        if one.country:
            countries[catalogue._entity(one.name)] = one.country
    for entity, detectors in found.items():
        state = "off"
        if detectors:
            by_name = "by name" if detectors <= {"assignment", "column", "element"} else "on"
            state = "kept" if default.action(entity).name == "keep" else by_name
        expected.append((entity, state, countries.get(entity, "")))
    assert sorted(ROWS) == sorted(expected)


def test_what_is_off_can_be_turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecil.sanitizer.finder.Scanner", lambda *groups, **more: None)  # nothing is compiled
    for state in ("off", "kept"):
        Sanitizer(entities=frozenset(name for name, stands, _ in ROWS if stands == state))
    countries = frozenset(country for *_, country in ROWS if country)
    there = {entity for recognizer in everyone(countries=countries) for entity in recognizer.entities}
    assert {name for name, _, country in ROWS if country} <= there


# What the issue asks of the default policy: every line is one thing that goes, or one that stays.
GOES = """
mail bob@example.com                            EMAIL_ADDRESS
call +1 415 555 0132                            PHONE_NUMBER
paid with 4111 1111 1111 1111                   CREDIT_CARD
SSN 219-09-9999                                 US_SSN
national insurance number AB 12 34 56 C         UK_NINO
IBAN DE89 3704 0044 0532 0130 00                IBAN_CODE
account number: 12345678901                     US_BANK_NUMBER
from 8.8.8.8                                    IP_ADDRESS
from 2a00:1450:4001:81b::200e                   IP_ADDRESS
device 3c:22:fb:12:34:56                        MAC_ADDRESS
passport number X1234567                        US_PASSPORT
driver license: D1234567                        US_DRIVER_LICENSE
MRN: 00123456                                   MEDICAL_RECORD_NUMBER
NPI 1234567893                                  US_NPI
password=hunter2-Zebra                          PASSWORD
https://example.com/?access_token=q7Rk2Lw9Zt4X  SECRET
postgres://app:hunter2-Zebra@db.example.com/x   PASSWORD
"""
STAYS = """
at 2026-11-21T10:00:00.123Z for 1771296862
GET https://example.com/users?page=2
trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7
request 7c0f5a52-64a5-4f37-9f1b-9a3f7c1b2d11
from 127.0.0.1, 10.0.0.7, 192.168.1.1, 172.16.0.1, 169.254.1.1, ::1, fe80::1
from 192.0.2.17, 198.51.100.4, 203.0.113.9, 2001:db8::7
version 1.2.3.4-rc1 at src/main.py:117, 4096 bytes in 17 ms
"""


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


@pytest.mark.parametrize("line", GOES.strip().splitlines())
def test_what_the_default_policy_takes(default: Sanitizer, line: str) -> None:
    text, entity = re.split(r"  +(?=[A-Z_]+$)", line)
    _, findings = default.redact_text(text.encode())
    assert [one.entity for one in findings] == [entity]


@pytest.mark.parametrize("line", STAYS.strip().splitlines())
def test_what_the_default_policy_leaves(default: Sanitizer, line: str) -> None:
    assert default.redact_text(line.encode()) == (line.encode(), [])
