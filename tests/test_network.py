"""Which addresses point at nobody, and which are none."""

import ipaddress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.sanitizer.detectors import network
from cecil.sanitizer.detectors.network import is_code, is_no_device, is_private, is_version, read


@pytest.mark.parametrize(
    "text",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.5",
            "172.31.255.255",
            "192.168.1.10",
            "169.254.169.254",
        ),
        *(
            "0.0.0.0",
            "255.255.255.255",
            "255.255.255.0",
            "255.255.240.0",
            "128.0.0.0",
            "224.0.0.251",
            "240.0.0.1",
        ),
        *("192.0.2.1", "198.51.100.7", "203.0.113.10", "100.64.1.1", "198.18.0.1", "192.0.0.8"),
        *(
            "10.0.0.0/8",
            "10.0.0.1:8080",
            "ip-10-0-0-1",
            "ip-10-0-0-1.ec2.internal",
            "IP-172-31-0-1",
            " 10.0.0.1 ",
        ),
        *(
            "::",
            "::1",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "fec0::1",
            "2001:db8::1",
        ),
        *(
            "2001:db8::/32",
            "3fff::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "[::1]:443",
            "[fe80::1]",
            "FE80::1",
        ),
        *("2002:0a00:0001::1", "64:ff9b::10.0.0.1"),
    ],
)
def test_private(text: str) -> None:
    assert is_private(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "8.8.8.8",
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "192.169.1.1",
            "11.0.0.1",
            "100.128.0.1",
        ),
        *(
            "9.255.255.255",
            "128.0.0.1",
            "223.255.255.255",
            "8.8.8.8/32",
            "8.8.8.8:53",
            "ip-8-8-8-8",
            "169.253.1.1",
        ),
        *("2606:4700:4700::1111", "2001:4860:4860::8888", "[2001:4860:4860::8888]:53", "::ffff:8.8.8.8"),
        *("2002:0808:0808::1", "64:ff9b::8.8.8.8", "2001:db9::1", "::2"),
        *("", "example.com", "256.1.1.1", "1.2.3", "ip-300-1-1-1", "10.0.one.2", "[", "10"),
    ],
)
def test_public_or_no_address(text: str) -> None:
    assert not is_private(text)


@given(st.ip_addresses(v=4))
def test_nothing_public_is_private(address: ipaddress.IPv4Address) -> None:
    """What the registry of IANA calls globally reachable stays personal, netmasks apart."""
    netmask = f"{int(address):032b}".rstrip("0").count("0") == 0
    if address in ipaddress.ip_network("192.0.0.0/24"):
        return  # of these few, versions of Python think differently
    if address.is_private or address.is_multicast or address.is_reserved or netmask:
        assert is_private(str(address))
    elif address.is_global:
        assert not is_private(str(address))


@pytest.mark.parametrize(
    "text",
    ["ff:ff:ff:ff:ff:ff", "00-00-00-00-00-00", "01:00:5e:00:00:fb", "33:33:00:00:00:01", "ffff.ffff.ffff"],
)
def test_no_device(text: str) -> None:
    assert is_no_device(text)


@pytest.mark.parametrize(
    "text",
    [
        "00:1b:44:11:3a:b7",
        "02-42-ac-11-00-02",
        "001b.4411.3ab7",
        "01:23:45:67:89:AB",
        "ff:ff",
        "",
        "zz:ff:ff:ff:ff:ff",
    ],
)
def test_a_device_or_no_address(text: str) -> None:
    assert not is_no_device(text)


@pytest.mark.parametrize(
    "text",
    [
        *("v1.2.3.4", "V 1.2.3.4", "version 1.2.3.4", "Version: 1.2.3.4", 'version="1.2.3.4"', "ver=1.2.3.4"),
        *("Chrome/1.2.3.4 Safari", "release 1.2.3.4", "firmware (1.2.3.4)", "section 1.2.3.4", "§ 1.2.3.4"),
        *(
            "OID 1.2.3.4",
            "1.3.6.1.1.2.3.4",
            "1.2.3.4.5",
            "pkg==1.2.3.4",
            ">=1.2.3.4",
            "~1.2.3.4",
            "1.2.3.4-beta1",
        ),
        *(
            "libfoo-1.2.3.4.tar.gz",
            "app_1.2.3.4.jar",
            "1.2.3.4-0ubuntu1",
            "upgraded from 1.2.3.4",
            "1.2.3.4.el7",
            "UP.Browser/1.2.3.4.c.1.101",
            "zlib/1.2.3.4 libidn/1.23",
            "1.2.3.4.ru-2023",
            "kernel 1.2.3.4 loaded",
            "package openssl 1.2.3.4 upgraded",
            "User-Agent: Grandstream GXP2135 1.2.3.4",
            "Server: openresty/1.2.3.4",
        ),
    ],
)
def test_version(text: str) -> None:
    start = text.rindex("1.2.3.4") if "1.2.3.4.5" not in text else 0
    assert is_version(text, start, start + 7)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "from 1.2.3.4",
            "GET /1.2.3.4",
            "http://1.2.3.4/",
            "https://Host/1.2.3.4",
            "peer host.example/1.2.3.4:443",
        ),
        *(
            "Host/1.2.3.4:443",
            "1.2.3.4",
            "1.2.3.4.",
            "1.2.3.4. Next",
            "dev 1.2.3.4",
            "client=1.2.3.4",
            "1.2.3.4-1.2.3.9",
        ),
        *(
            "inversion 1.2.3.4",
            "ip-1.2.3.4",
            "host-1.2.3.4",
            "Address: 1.2.3.4",
            "sshd: 1.2.3.4",
            "agent 1.2.3.4 connected",
            "kernel: 1.2.3.4",
            "packages sent to host 1.2.3.4",
            "User-Agent: x, client 1.2.3.4",
            "1.2.3.4:22",
        ),
    ],
)
def test_no_version(text: str) -> None:
    start = text.index("1.2.3.4")
    assert not is_version(text, start, start + 7)


def test_an_address_is_private_as_its_ranges_say() -> None:
    """The quick way, for four plain numbers, is held to the slow one."""
    ranges = [one for one in network._RANGES if one.version == 4]
    edges = [int(one[at]) + by for one in ranges for at in (0, -1) for by in (-1, 0, 1)]
    chance = Random(1)
    for number in [*edges, *(chance.randrange(1 << 32) for _ in range(2000)), *network._NETMASK_NUMBERS]:
        text = str(ipaddress.ip_address(number % (1 << 32)))
        assert network._DOTTED.fullmatch(text)
        assert is_private(text) == is_private(f" {text}"), text
    for text in ("010.0.0.1", "10.0.0.256", "10.0.0", "10.0.0.1.", "１0.0.0.1"):
        assert not network._DOTTED.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "address", "code"),
    [
        ("std::basic_ios<char>::bad() const", "::bad", True),
        ("::fd()", "::fd", True),
        ("abc::def", "abc::def", True),
        ("face::", "face::", True),
        ("a[1::2]", "1::2", True),
        ("a[2000::2]", "2000::2", True),
        ("::add-mask::", "::add", True),
        ("12::34", "12::34", True),
        ("::1", "::1", False),
        ("::", "::", False),
        ("2606::1", "2606::1", False),
        ("[2606::1]:443", "2606::1", False),
        ("fe80::1%eth0", "fe80::1%eth0", False),
        ("fd00::1", "fd00::1", False),
        ("2606::/32", "2606::/32", False),
        ("2606:4700::", "2606:4700::", False),
        ("::ffff:8.8.8.8", "::ffff:8.8.8.8", False),
        ("8.8.8.8", "8.8.8.8", False),
    ],
)
def test_a_double_colon_of_code(text: str, address: str, code: bool) -> None:
    start = text.index(address)
    assert is_code(text, start, start + len(address)) is code


def test_a_command_of_a_runner_is_no_address() -> None:
    assert is_version("::add-mask::x", 0, 5)
    assert not is_version("::1 - x", 0, 3)
    assert not is_version("2001:db8::add-2001:db8::b", 0, 13)


@pytest.mark.parametrize(
    ("written", "behind", "address"),
    [
        ("1.2.0.192", ".in-addr.arpa", "192.0.2.1"),
        ("1.2.0.192", ".in-addr.arpanet", "1.2.0.192"),
        ("1.2.0.192", " x", "1.2.0.192"),
        ("8.b.d.0.1.0.0.2" + ".0" * 4, ".ip6.arpa", "0000:2001:0db8:0000:0000:0000:0000:0000"),
        ("1." + "0." * 23 + "8.b.d.0.1.0.0.2", ".ip6.arpa", "2001:0db8:0000:0000:0000:0000:0000:0001"),
        ("2001:db8::1", "", "2001:db8::1"),
    ],
)
def test_addresses_in_reverse(written: str, behind: str, address: str) -> None:
    text = f"PTR? {written}{behind}"
    assert read(text, 5, 5 + len(written)) == address
