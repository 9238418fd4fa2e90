"""generalise: less of the same, of the same type, once and for all; and nothing of what cannot be read."""

import json
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.sanitizer.actions import Action, Replacer
from cecil.sanitizer.actions.generalise import Generalise
from tests.conftest import build_sanitizer

REPLACER = Replacer(None, frozenset(["X"]))


def general(value: Any, entity: str = "X", **options: Any) -> Any:
    action = Action("generalise", tuple(sorted(options.items())))
    return REPLACER.whole(value, str(value), entity, action)


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def sanitizer(rules: str) -> Sanitizer:
    return build_sanitizer(Policy.parse(f"version: 1\n{rules}".encode(), "p.yaml"))


def redacted(sanitizer: Sanitizer, record: Any) -> Any:
    """The record after, by both ways, which must agree; and a second run must change nothing."""
    line = json.dumps(record).encode()
    new, findings = sanitizer.redact_json(line)
    after = json.loads(new)
    assert sanitizer.redact(record) == (after, findings)
    assert sanitizer.redact_json(new) == (new, [])
    return after


@pytest.mark.parametrize(
    ("to", "options", "value", "after"),
    [
        # Addresses.
        ("prefix", {}, "8.8.8.8", "8.8.8.0"),
        ("prefix", {"prefix": 16}, "8.8.8.8", "8.8.0.0"),
        ("prefix", {"prefix": 0}, "8.8.8.8", "0.0.0.0"),
        ("prefix", {}, "8.8.8.8/32", "8.8.8.0/24"),
        ("prefix", {}, "8.8.0.0/16", "8.8.0.0/16"),
        ("prefix", {}, "2001:4860:4860:1::8888", "2001:4860:4860::"),
        ("prefix", {"prefix6": 32}, "2001:4860:4860::8888/64", "2001:4860::/32"),
        ("prefix", {}, "fe80::1%eth0", "fe80::"),
        ("prefix", {}, "::ffff:8.8.8.8", "::ffff:8.8.8.0"),
        ("prefix", {}, "::ffff:8.8.8.8/128", "::ffff:8.8.8.0/120"),
        ("prefix", {}, "2002:808:808::1", "2002:808:800::"),  # 8.8.8.8 in 6to4
        ("prefix", {}, "8.8.8.256", "<X>"),
        ("prefix", {}, "8.8.8", "<X>"),
        ("prefix", {}, "8.8.8.8:443", "<X>"),
        ("prefix", {}, "db8.example.com", "<X>"),
        ("prefix", {}, 134744072, None),
        # Dates.
        ("year", {}, "2026-11-21T14:22:07Z", "2026"),
        ("year", {}, "Sat, 21 Nov 2026 14:22:07 +0000", "2026"),
        ("year", {}, "03/04/2005", "<X>"),
        ("year", {"order": "mdy"}, "03/04/2005", "2005"),
        ("year", {}, "2026-02-30", "<X>"),
        ("year", {}, "Nov 21 14:22:07", "<X>"),
        ("year", {}, "14:22:07", "<X>"),
        ("year", {}, "2026-11", "2026"),
        ("year", {}, "November 2026", "2026"),
        ("year", {}, "11/2026", "2026"),
        ("year", {}, "2026", "2026"),
        ("year", {}, "1700000000", "1672531200"),
        ("year", {}, 1700000000, 1672531200),
        ("year", {}, 1700000000123, 1672531200000),
        ("year", {}, 1700000000.5, 1672531200.0),
        ("year", {}, -1, None),
        ("year", {}, 20261121, 20260101),
        ("year", {}, 20261121142207, 20260101000000),
        ("year", {}, 20260230, None),
        ("year", {}, 2026, 2026),
        ("year", {}, 42, None),
        ("year", {"epoch": "s"}, 42, 0),
        ("year", {}, True, None),
        ("month", {}, "2026-11-21T14:22:07Z", "2026-11"),
        ("month", {}, "20261121", "2026-11"),
        ("month", {}, "3 March 1956", "1956-03"),
        ("month", {}, "2026-3", "2026-03"),
        ("month", {}, "Sept. 2026", "2026-09"),
        ("month", {}, "3/2026", "2026-03"),
        ("month", {}, "2026", "2026"),
        ("month", {}, "1700000000", "1698796800"),
        ("month", {}, 1700000000, 1698796800),
        ("month", {}, 20261121, 20261101),
        # A year that tells an age over 89.
        ("year", {"earliest": 1945}, "1944-12-31", "before 1945"),
        ("year", {"earliest": 1945}, "1945-01-01", "1945"),
        ("year", {"earliest": 1945}, "1930", "before 1945"),
        ("month", {"earliest": 1945}, "1930-05", "before 1945"),
        ("year", {"earliest": 1945}, "before 1950", "<X>"),
        ("year", {}, "before 1945", "<X>"),
        ("year", {"earliest": 1945}, 19300504, None),
        ("year", {"earliest": 1945}, 1930, None),
        ("year", {"earliest": 1945}, -1000000000, None),
        ("year", {"earliest": 1945}, "-1000000000", "<X>"),
        # ZIP codes.
        ("zip3", {}, "02139", "021"),
        ("zip3", {}, "02139-1234", "021"),
        ("zip3", {}, "021391234", "021"),
        ("zip3", {}, "021", "021"),
        ("zip3", {}, "021**", "021"),
        ("zip3", {}, "03601", "000"),
        ("zip3", {}, "036", "000"),
        ("zip3", {}, "2139", "<X>"),
        ("zip3", {}, "SW1A 1AA", "<X>"),
        ("zip3", {}, 2139, 2100),
        ("zip3", {}, 90210, 90200),
        ("zip3", {}, 21391234, 21000000),
        ("zip3", {}, 3601, 0),
        ("zip3", {}, 0, 0),
        ("zip3", {}, 42, None),
        ("zip3", {}, 10**9, None),
        ("zip3", {}, -2139, None),
        # Ages.
        ("band", {}, "47", "40-49"),
        ("band", {}, "0", "0-9"),
        ("band", {}, "89", "80-89"),
        ("band", {}, "90", "90+"),
        ("band", {}, "104", "90+"),
        ("band", {}, "93-year-old", "90+-year-old"),
        ("band", {}, "93 years old", "90+ years old"),
        ("band", {}, "47 y/o", "40-49 y/o"),
        ("band", {}, "45.5", "40-49"),
        ("band", {"band": 5}, "47", "45-49"),
        ("band", {"band": 1}, "47", "47"),
        ("band", {"band": 1}, "90", "90+"),
        ("band", {"band": 20, "top": 70}, "65", "60-69"),
        ("band", {"top": 70}, "70", "70+"),
        ("band", {}, "41-43", "40-49"),
        ("band", {}, "38-43", "<X>"),
        ("band", {}, "43-41", "<X>"),
        ("band", {}, "95+", "90+"),
        ("band", {}, "95-99", "90+"),
        ("band", {}, "47 days", "<X>"),
        ("band", {}, "Ann, 47", "<X>"),
        ("band", {}, 47, 40),
        ("band", {"band": 1}, 47, 47),
        ("band", {}, 93, 90),
        ("band", {}, 47.5, 40.0),
        ("band", {}, -3, None),
        ("band", {}, float("inf"), None),
        # Numbers.
        ("digits", {}, "123456", "120000"),
        ("digits", {"digits": 3}, "-0.0123456", "-0.0123"),
        ("digits", {}, "9.96", "10"),
        ("digits", {}, "5", "5"),
        ("digits", {}, "1e3", "1000"),
        ("digits", {}, "0", "0"),
        ("digits", {}, "12 apples", "<X>"),
        ("digits", {}, "1e999", "<X>"),
        ("digits", {}, 123456, 120000),
        ("digits", {}, -0.0123456, -0.012),
        ("digits", {}, 0, 0),
        ("digits", {}, 10**50, None),
        ("digits", {}, False, None),
        # Coordinates.
        ("decimals", {}, "52.520008", "52.5"),
        ("decimals", {"decimals": 0}, "52.520008", "53"),
        ("decimals", {}, "52.520008, 13.404954", "52.5, 13.4"),
        ("decimals", {}, "52.520008,-13.404954", "52.5,-13.4"),
        ("decimals", {}, "52.520008° N 13.404954° E", "52.5° N 13.4° E"),
        ("decimals", {}, "-0.04", "0.0"),
        ("decimals", {}, "52", "52"),
        ("decimals", {}, "1234.5678", "1234.6"),
        ("decimals", {}, "52.5, 13.4, Ann", "<X>"),
        ("decimals", {}, "Berlin", "<X>"),
        ("decimals", {}, 52.520008, 52.5),
        ("decimals", {}, 13, 13),
    ],
)
def test_less_of_the_same(to: str, options: dict[str, Any], value: Any, after: Any) -> None:
    new = general(value, to=to, **options)
    assert same(new, after)
    if new is not None:
        assert same(general(new, to=to, **options), after)


def test_the_seventeen_prefixes_of_the_guidance() -> None:
    """https://www.hhs.gov/hipaa/for-professionals/special-topics/de-identification/, and further small ones."""
    few = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()
    assert [general(f"{prefix}15", to="zip3") for prefix in few] == ["000"] * 17
    gone = {f"{n:03}" for n in range(1000) if general(f"{n:03}01", to="zip3") == "000"} - {"000"}
    assert gone > set(few)
    assert len(gone) <= 25
    assert all(general(f"{prefix}15", to="zip3") == prefix for prefix in ("021", "100", "606", "902", "999"))


@pytest.mark.parametrize(
    ("entity", "value", "after"),
    [
        ("IP_ADDRESS", "8.8.8.8", "8.8.8.0"),
        ("PRIVATE_IP", "10.1.2.3", "10.1.2.0"),
        ("DATE_TIME", "2026-11-21", "2026"),
        ("DATE_OF_BIRTH", "1956-03-03", "1956"),
        ("US_ZIP_CODE", "02139", "021"),
        ("AGE", "93", "90+"),
        ("EMAIL_ADDRESS", "bob@example.com", "<EMAIL_ADDRESS>"),
        ("EMAIL_ADDRESS", 17, None),
    ],
)
def test_the_entity_says_what_stays(entity: str, value: Any, after: Any) -> None:
    assert general(value, entity) == after


@given(st.ip_addresses(v=4), st.integers(0, 30))
def test_networks(address: IPv4Address, prefix: int) -> None:
    network = ip_network((address, prefix), strict=False)
    assert general(str(address), to="prefix", prefix=prefix) == str(network.network_address)


@given(st.ip_addresses(v=6), st.integers(0, 64))
def test_networks_of_version_6(address: IPv6Address, prefix: int) -> None:
    if address.ipv4_mapped is None and address.sixtofour is None:
        network = ip_network((address, prefix), strict=False)
        assert general(str(address), to="prefix", prefix6=prefix) == str(network.network_address)


WAYS = st.sampled_from(Generalise.options["to"].choices)
VALUES = (
    st.text(st.sampled_from("0123456789 -+.:/eE%°NT[]abJan"), max_size=24)
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.datetimes().map(str)
    | st.ip_addresses().map(str)
    | st.booleans()
    | st.text()
)


@given(value=VALUES, to=WAYS, top=st.integers(1, 90), band=st.integers(1, 90), digits=st.integers(1, 15))
def test_again_is_the_same(value: Any, to: str, top: int, band: int, digits: int) -> None:
    more: dict[str, Any] = {}
    if to == "band":
        more = {"top": top, "band": band}
    elif to in ("digits", "decimals"):
        more = {to: digits}
    once = general(value, to=to, **more)
    assert once is None or type(once) is type(value)
    if once is not None:
        assert same(general(once, to=to, **more), once)


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(1, 15))
def test_digits_are_the_first_ones(number: Decimal, digits: int) -> None:
    after = Decimal(general(str(number), to="digits", digits=digits)) if "E" not in str(number) else number
    assert abs(after - number) <= abs(number) * Decimal(5) / 10**digits


@given(st.integers(0, 150), st.integers(1, 90), st.integers(1, 90))
def test_bands_hold_the_age(age: int, band: int, top: int) -> None:
    said = general(str(age), to="band", band=band, top=top)
    if age >= top:
        assert said == f"{top}+"
    else:
        low, _, high = said.partition("-")
        assert int(low) <= age <= int(high or low) < top
        assert int(high or low) - int(low) < band


@pytest.mark.parametrize(
    ("options", "entity", "why"),
    [
        ({}, "EMAIL_ADDRESS", "to is missing: what of a EMAIL_ADDRESS stays"),
        ({"to": "year", "prefix": 8}, None, "prefix does not go with to: year"),
        ({"prefix": 8}, "AGE", "prefix does not go with to: band"),
        ({"to": "zip3", "digits": 2}, "US_ZIP_CODE", "digits does not go with to: zip3"),
        ({}, None, None),
        ({}, "AGE", None),
        ({"prefix": 8}, None, None),
        ({"to": "year", "earliest": 1945, "order": "mdy"}, "DATE_OF_BIRTH", None),
        ({"to": "digits", "digits": 1}, "EMAIL_ADDRESS", None),
    ],
)
def test_options_that_go_together(options: dict[str, Any], entity: str | None, why: str | None) -> None:
    assert Generalise.wrong(options, entity) == why


@pytest.fixture(scope="module")
def harbor() -> Sanitizer:
    return sanitizer(
        """
entities:
  IP_ADDRESS: generalise
  DATE_TIME: generalise
  AGE: {action: generalise, band: 1}
  US_ZIP_CODE: generalise
  DATE_OF_BIRTH: {action: generalise, earliest: 1945}
keys: {add: {AGE: [age]}}
"""
    )


@pytest.mark.parametrize(
    ("record", "after"),
    [
        (
            {"m": "8.8.8.8:443 8.8.8.0/24 2001:4860:4860::8888 [2600::1]:80"},
            {"m": "8.8.8.0:443 8.8.8.0/24 2001:4860:4860:: [2600::]:80"},
        ),
        ({"m": "at 2026-11-21T14:22:07Z, 2026-11-22 and 2026"}, {"m": "at 2026, 2026 and 2026"}),
        (
            {"m": "a 93-year-old, aged 94, age: 101, age: 90+, age 45"},
            {"m": "a 90+-year-old, aged 90+, age: 90+, age: 90+, age 45"},
        ),
        ({"m": "born 1940-01-02, born 1950-02-03"}, {"m": "born before 1945, born 1950"}),
        ({"m": "zip 02139, Cambridge, MA 03601"}, {"m": "zip 021, Cambridge, MA 000"}),
        (
            {"zip": "03601", "a": {"zip": 2139, "zipCode": "02139-1234"}},
            {"zip": "000", "a": {"zip": 2100, "zipCode": "021"}},
        ),
        (
            {"age": 93, "b": {"age": "91"}, "c": {"age": 45}},
            {"age": 90, "b": {"age": "90+"}, "c": {"age": 45}},
        ),
        ({"age": "nearly 91"}, {"age": "<AGE>"}),
        ({"dob": "1956-03-03"}, {"dob": "1956"}),
        ({"dob": "3 March 1930"}, {"dob": "before 1945"}),
        ({"dob": 19560303}, {"dob": 19560101}),
        ({"dob": "spring of 1956"}, {"dob": "<DATE_OF_BIRTH>"}),
        ({"q": "ip=8.8.8.8&dob=1956-03-03"}, {"q": "ip=8.8.8.0&dob=1956"}),
        ({"j": '{"dob": "1956-03-03", "ip": "8.8.8.8"}'}, {"j": '{"dob": "1956", "ip": "8.8.8.0"}'}),
    ],
)
def test_records(harbor: Sanitizer, record: Any, after: Any) -> None:
    assert redacted(harbor, record) == after


def test_what_is_general_already_is_no_finding(harbor: Sanitizer) -> None:
    line = b'{"m":"8.8.8.0 and zip 021","dob":"1956","zip":"021","age":45}'
    assert harbor.redact_json(line) == (line, [])


def test_long_texts_take_no_time() -> None:
    for to in Generalise.options["to"].choices:
        for text in ("1" * 10**6, "1." * 500_000, "a" * 10**6, ":" * 10**6, "1-" * 500_000, " " * 10**6):
            assert general(text, to=to) == "<X>"
