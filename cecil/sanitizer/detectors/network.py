"""Addresses of networks and devices: which of them point at nobody, and which are none at all.

Owns: the ranges. Presidio finds the addresses; what is said here decides whether one is personal.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cecil.sanitizer.late import late

# RFC 5737, RFC 3849, RFC 9637; RFC 6598 (carriers' NAT); RFC 2544 (benchmarks). `ipaddress` differs
# between versions of Python in what it calls private: so nothing here leans on `is_private`.
_RANGES = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/127",
        "2001:db8::/32",
        "3fff::/20",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)

_NETMASKS = frozenset(str(IPv4Address((0xFFFFFFFF << (32 - bits)) & 0xFFFFFFFF)) for bits in range(33))

_HOST_NAME = late(r"ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})", re.ASCII | re.IGNORECASE)


# Broadcast; multicast of IPv4 (RFC 1112) and IPv6 (RFC 2464), bridges, and Cisco's protocols. Not whatever
# has the group's bit: people write 01:23:45:67:89:ab for an address that they made up.
_GROUPS = ("ffffffffffff", "01005e", "3333", "0180c2", "01000c")


@lru_cache(maxsize=4096)
def is_private(text: str) -> bool:
    """Whether an address is of a range that nobody can be found by.

    Loopback, private, link-local, multicast, unspecified, reserved, carriers' NAT, documentation ranges
    and netmasks are.

    Args:
        text: an IPv4 or IPv6 address, with or without a prefix length, a zone, brackets, a port; or a
            host's name that is made of one, `ip-10-0-0-1`.

    Returns:
        False for what is no address: nothing is known of it.
    """
    if plain := _DOTTED.fullmatch(text):
        number = int.from_bytes(map(int, plain.groups()), "big")
        return number in _NETMASK_NUMBERS or any(number & mask == first for first, mask in _V4)
    address = _address(text)
    if address is None:
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(str(inner))
    elif str(address) in _NETMASKS:
        return True
    return any(address in one for one in _RANGES if one.version == address.version)


_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_DOTTED = late(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}")
_V4 = [(int(one.network_address), int(one.netmask)) for one in _RANGES if one.version == 4]
_NETMASK_NUMBERS = frozenset(int(IPv4Address(text)) for text in _NETMASKS)

_NAT64 = ip_network("64:ff9b::/96")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    name = _HOST_NAME.match(text)
    if name:
        text = ".".join(name.groups())
    elif text.startswith("["):
        text = text[1:].partition("]")[0]
    text = text.partition("/")[0].partition("%")[0]
    if text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ip_address(text)
    except ValueError:
        return None


_REVERSED = late(r"\.in-addr\.arpa(?![\w-])", re.ASCII | re.IGNORECASE)
_NIBBLES = late(r"[0-9a-f](?:\.[0-9a-f]){11,31}", re.IGNORECASE)


def read(text: str, start: int, end: int) -> str:
    """An address as it is read: in a name below `in-addr.arpa` or `ip6.arpa` (RFC 1035, 3.5; RFC 3596, 2.5)
    it stands in reverse. Of a part of one the rest is zero.

    Args:
        text: the whole text.
        start, end: where it stands in it, half-open.
    """
    written = text[start:end]
    if _DOTTED.fullmatch(written):
        return ".".join(reversed(written.split("."))) if _REVERSED.match(text, end) else written
    if not _NIBBLES.fullmatch(written):
        return written
    digits = "".join(reversed(written.split("."))).ljust(32, "0")
    return ":".join(digits[place : place + 4] for place in range(0, 32, 4))


_SHORT = late(r"([0-9a-f]{0,4})::([0-9a-f]{0,4})(?=[%/]|\Z)", re.IGNORECASE)
# 2000::/3, of which all that is handed out is; fc00::/7, fe80::/10, fec0::/10, ff00::/8.
_HANDED_OUT = late(r"[23][0-9a-f]{3}|f[cdf][0-9a-f]{2}|fe[89a-f][0-9a-f]", re.IGNORECASE)
_INDEXED = late(r"[\w)\]]\[\Z", re.ASCII)


def is_code(text: str, start: int, end: int) -> bool:
    """Whether a double colon with no more than a group on either side is a scope of C++, or a slice.

    `ios::bad`, `::fd()`, `abc::def`, `a[1::2]`, `12::34`; not `::1`, `2001:db8::1`, `2606::1`.

    Args:
        text: the whole text.
        start, end: where it stands in it, half-open.
    """
    short = _SHORT.match(text[start:end])
    if short is None or not any(short.groups()) or (not short[1] and short[2] == "1"):
        return False
    plain = _HANDED_OUT.fullmatch(short[1]) and any(map(str.isdigit, short[0]))
    return not plain or _INDEXED.search(text, max(0, start - 2), start) is not None


def is_no_device(text: str) -> bool:
    """Whether a MAC address is nobody's: broadcast, multicast, or not set.

    Args:
        text: six octets in hexadecimal, with or without separators.

    Returns:
        False for what is no MAC address.
    """
    octets = re.sub(r"[:.\s-]", "", text)
    if not re.fullmatch(r"[0-9A-Fa-f]{12}", octets, re.ASCII):
        return False
    return int(octets, 16) == 0 or octets.lower().startswith(_GROUPS)


_COMMAND = late("::[a-f]{1,4}-[a-z]")

_VERSION_WORD = late(
    r"(?:(?<![A-Za-z])(?:v|ver|versions?|release|rev|build|firmware|section|chapter|clause|oid"
    r"|upgraded? (?:from|to))|§)[ \t:=#\"'(]{0,4}$|(?:==|~=|>=|<=|\^|~)$",
    re.IGNORECASE,
)
# What a word before says of a package, of firmware, of the program that asks.
_VERSION_OF = late(
    r"(?<![A-Za-z])(?:kernel|packages?[ \t][\w.+-]{1,40}|user-agent[\"']?:[ \t]?[\w.+<>~ -]{1,60})[ \t]$",
    re.IGNORECASE | re.ASCII,
)
_BEFORE = 80

# A product begins with a capital, has no dot, and no port behind it: Java writes `host/192.0.2.1:443`. Those
# in small letters are known by name.
_PRODUCT = late(
    r"(?<![\w.:/-])(?:[A-Z][A-Za-z]{1,24}|curl|wget|lib[a-z]{2,12}|zlib|openssl|nginx|apache|php|python-requests"
    r"|python|perl|java|okhttp|aws-cli|aws-sdk-[a-z]{2,8}|brotli|gnutls|nghttp2|openresty|haproxy|envoy|tengine|squid|varnish)/$"
)
_PORT = late(r":[0-9]")
_NUMBER_BEFORE = late(r"[0-9]\.$")
_MORE = late(
    r"\.(?:[a-z]\.|[a-z]{2,3}-)?[0-9]|[-+](?:alpha|beta|rc|snapshot|release|final|build|dev|el[0-9]|[0-9a-z.]{1,8}ubuntu)"
    r"|\.(?:jar|war|whl|tar|tgz|zip|gz|rpm|deb|msi|exe|dll|dmg|apk|el[0-9])\b",
    re.IGNORECASE,
)


def is_version(text: str, start: int, end: int) -> bool:
    """Whether four numbers with dots are a version, a section's number or part of an OID, not an address;
    nor is what begins a word.

    `v1.2.3.4`, `Chrome/91.0.4472.124`, `version 4.0.30319.1`, `§ 1.2.3.4`, `1.3.6.1.4.1`,
    `libfoo-1.2.3.4.tar.gz`, `pkg==1.2.3.4`, `::add-mask::`.

    Args:
        text: the whole text.
        start, end: where the four numbers stand in it, half-open.
    """
    before = text[max(start - 32, 0) : start]
    if _COMMAND.match(text, start):
        return True
    if _NUMBER_BEFORE.search(before) or _MORE.match(text, end) or _VERSION_WORD.search(before):
        return True
    if _VERSION_OF.search(text, max(start - _BEFORE, 0), start):
        return True
    return _PRODUCT.search(before) is not None and _PORT.match(text, end) is None
