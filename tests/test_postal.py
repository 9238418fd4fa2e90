"""Addresses as a whole, where a key or a label says that one follows."""

import pytest

from cecil.sanitizer.detectors import postal
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter(postal.recognizers())


WHOLE = [
    "221B Baker Street, London NW1 6XE",
    "Hauptstraße 15, 80331 München",
    "Hauptstr. 15",
    "18 rue des Lilas, 69003 Lyon",
    "Calle Mayor 5, 2ºB, 50001 Zaragoza",
    "Via Roma 10, 00184 Roma",
    "Via Roma 10",
    "ul. Długa 4, Gdańsk",
    "Flat 4, 12 Kings Road, Brighton BN1 2AB",
    "Plot 45, Sector 18, Gurugram, Haryana 122015",
    "5-2-1 Ginza, Chuo-ku, Tokyo 104-0061",
    "44 LARKSPUR LANE, TULSA",
    "9 O'Connell St., Dublin",
    "Storgatan 12, SE-111 22 Stockholm",
]


@pytest.mark.parametrize("address", WHOLE)
@pytest.mark.parametrize("key", ["address", "homeAddress", "party_addr", "adresse"])
def test_under_a_key(address: str, key: str) -> None:
    line = build_sanitizer().redact_json(f'{{"{key}":"{address}","n":1}}'.encode())[0]
    assert line == f'{{"{key}":"<STREET_ADDRESS>","n":1}}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        "10.0.0.4",
        "10.0.0.4:8080",
        "tcp://0.0.0.0:8080",
        "web-03, web-04",
        "node 7, rack 12",
        "New York, Boston",
        "8080, 8081",
        "0x7ffee3b0c0a8, 4096",
        "[::1] 8080",
        "Slot 3",
        "is not 12 characters long, try again",
        "Invalid: 12 Elm, Leeds",
    ],
)
def test_other_addresses_stay(value: str) -> None:
    line = f'{{"address":"{value}","listen_addr":"{value}"}}'.encode()
    assert build_sanitizer().redact_json(line)[0] == line


def test_without_a_key_it_is_anything() -> None:
    line = b'{"title":"Kings Road 15, 80331 Munich","state":"Node 7, Rack 12"}'
    assert build_sanitizer().redact_json(line)[0] == line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("address: Via Roma 10, 00184 Roma", {("STREET_ADDRESS", "Via Roma 10, 00184 Roma")}),
        ("addr='Hauptstraße 15, 80331 München', n=1", {("STREET_ADDRESS", "Hauptstraße 15, 80331 München")}),
        ("homeAddress=Calle Mayor 5, status=ok", {("STREET_ADDRESS", "Calle Mayor 5")}),
        ("The address is Flat 4, 12 Kings Road.", {("STREET_ADDRESS", "Flat 4, 12 Kings Road.")}),
        ("address: 10.0.0.4, Port 12", set()),
        ("remote address 12 Kings Road", set()),
        ("address = Node, Rack", set()),
        ("MAC address: 00-1B-44-11-3A-B7, Vlan 12", set()),
    ],
)
def test_behind_a_label(spotter: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert spotter.said(text) == said


@pytest.mark.parametrize(
    "part", ["address: 1 A, ", "Via 1 ", "addr=", "12/3-", "Rue de la ", "A'B'", "address is A1 "]
)
def test_its_time_is_linear(part: str) -> None:
    text = (part * (LONG // len(part)))[:LONG]
    for one in postal.recognizers():
        one.find(text)


@pytest.mark.parametrize(
    ("text", "street", "code"),
    [
        ("an Hauptstraße 5, 10827 Berlin", "Hauptstraße 5", "10827"),
        ("Rosenheimer Str. 12a, 81669 München", "Rosenheimer Str. 12a", "81669"),
        ("Keizersgracht 123, 1015 CJ Amsterdam", "Keizersgracht 123", "1015 CJ"),
        ("C/ Gran Vía, 22, 48001 Bilbao", "C/ Gran Vía, 22", "48001"),
        ("12 rue de la Paix, 75002 Paris", "12 rue de la Paix", "75002"),
        ("Bahnhofstrasse 21, CH-8001 Zürich", "Bahnhofstrasse 21", "8001"),
        ("ul. Długa 4, 00-238 Warszawa", "ul. Długa 4", "00-238"),
        ("Storgatan 12, 111 22 Stockholm", "Storgatan 12", "111 22"),
    ],
)
def test_a_street_before_a_postcode_and_a_place(spotter: Spotter, text: str, street: str, code: str) -> None:
    assert {("STREET_ADDRESS", street), ("US_ZIP_CODE", code)} <= spotter.said(text)


@pytest.mark.parametrize(
    "text",
    [
        "weg 5, 10827 Items",
        "via proxy 10, 10827 Items",
        "saw Build 12, 10827 Items",
        "Hauptstraße 5, 10827 items",
        "12 rue, 75002 Paris",
        "saw Upgrade 5, 10827 Items",
        "rue de la Paix, 75002",
    ],
)
def test_no_street_before_a_number(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()
