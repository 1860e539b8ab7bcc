"""pure: an address, a URL's parts, or what an operator wants to send -> why it is refused, or None.

Only public addresses may be asked, unless a network is on the operator's allow-list. The tables are IANA's
IPv4 and IPv6 Special-Purpose Address Registries (https://www.iana.org/assignments/iana-ipv4-special-registry,
https://www.iana.org/assignments/iana-ipv6-special-registry; RFC 6890 and its successors; the RFC of each block stands
beside it), the multicast blocks (RFC 5771, RFC 4291), and what lies outside IPv6's global unicast space. Blocks that
the registries mark globally reachable are left out. `ipaddress.is_global` knows fewer.

A name is judged by each address it has, at the moment one of them is connected to: what a name looks like, how an
address is written and what it meant a moment before say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from watcher.errors import UsageError
from watcher.model import Access

_read = lru_cache(4096)(ip_address)  # each is looked at several times in a fetch
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(block), name)
    for block, name in (
        ("0.0.0.0/8", "this network, RFC 791"),
        ("10.0.0.0/8", "private use, RFC 1918"),
        ("100.64.0.0/10", "shared address space, RFC 6598"),
        ("127.0.0.0/8", "loopback, RFC 1122"),
        ("168.63.129.16/32", "the Azure platform"),  # public by number, answered by the host machine
        ("169.254.0.0/16", "link local, RFC 3927"),
        ("172.16.0.0/12", "private use, RFC 1918"),
        ("192.0.0.0/24", "IETF protocol assignments, RFC 6890"),
        ("192.0.2.0/24", "documentation, RFC 5737"),
        ("192.88.99.0/24", "6to4 relay anycast, RFC 7526"),
        ("192.168.0.0/16", "private use, RFC 1918"),
        ("198.18.0.0/15", "benchmarking, RFC 2544"),
        ("198.51.100.0/24", "documentation, RFC 5737"),
        ("203.0.113.0/24", "documentation, RFC 5737"),
        ("224.0.0.0/4", "multicast, RFC 5771"),
        ("240.0.0.0/4", "reserved, RFC 1112"),
        ("::/128", "unspecified, RFC 4291"),
        ("::1/128", "loopback, RFC 4291"),
        ("64:ff9b:1::/48", "local-use translation, RFC 8215"),
        ("100::/64", "discard only, RFC 6666"),
        ("100:0:0:1::/64", "dummy prefix, RFC 9780"),
        ("2001::/23", "IETF protocol assignments, RFC 2928"),
        ("2001:db8::/32", "documentation, RFC 3849"),
        ("3fff::/20", "documentation, RFC 9637"),
        ("5f00::/16", "segment routing, RFC 9602"),
        ("fc00::/7", "unique local, RFC 4193"),
        ("fe80::/10", "link local, RFC 4291"),
        ("fec0::/10", "site local, RFC 3879"),
        ("ff00::/8", "multicast, RFC 4291"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all IANA has given out of IPv6 so far
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_LOCALHOST: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

# the "bad ports" of WHATWG's Fetch standard: services that would take a request for their own protocol
# fmt: off
_BAD_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
})
# fmt: on

# fmt: off
_FORBIDDEN_HEADERS = frozenset({
    # of the connection, of the way there, and what frames a message (RFC 9110 sections 7.2 and 7.6.1, RFC 9112)
    "connection", "content-length", "content-type", "expect", "host", "http2-settings", "keep-alive", "te", "trailer",
    "transfer-encoding", "upgrade", "via",
    # what decides what comes back, and how it is to be read
    "accept-encoding", "content-encoding", "if-match", "if-modified-since", "if-none-match", "if-range",
    "if-unmodified-since", "range",
})
# fmt: on


def allowed_networks(allow: Iterable[str]) -> tuple[Network, ...]:
    """The allow-list read: CIDR blocks, single addresses and the word `localhost`. Raises UsageError."""
    networks: list[Network] = []
    for text in allow:
        try:
            networks += _LOCALHOST if text == "localhost" else (ip_network(text),)
        except ValueError as error:
            raise UsageError(f"allow_private: {error}; write a block such as 10.1.0.0/16, or localhost") from error
    return tuple(networks)


def refuse_url(scheme: str, host: str, port: int | None, allowed: tuple[Network, ...]) -> str | None:
    """Why a URL is not fetched, as far as can be told before its name is looked up."""
    if scheme not in {"http", "https"}:
        shown = "".join(c if c.isprintable() else "?" for c in scheme[:20])
        return f"`{shown}:` is not fetched, only http: and https:"
    if not host:
        return "the URL names no host"
    if port in _BAD_PORTS:
        return f"port {port} belongs to another service than HTTP"
    return refuse_address(host, allowed) if is_address(host) else None


def refuse_address(text: str, allowed: tuple[Network, ...]) -> str | None:
    """Why an address is not connected to; addresses that carry an IPv4 address within are judged by that."""
    address = _read(text)
    if _within(address, allowed):
        return None
    carried = _carried(address)
    for inner in carried:
        if (block := _special(inner)) and not _within(inner, allowed):
            return f"{text} carries {inner}, which is not a public address ({block})"
    if not carried and (block := _special(address)):
        return f"{text} is not a public address ({block}); allow_private can allow it"
    return None


def refuse_header(name: str, value: str) -> str | None:
    """Why a header is not sent with a feed's requests; its value, which may be a secret, is not in the words.

    The fetcher's own would break the protocol with another value, or the polling.
    """
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", name):  # RFC 9110 section 5.6.2
        return "this is no name of a header"
    if name.lower() in _FORBIDDEN_HEADERS or name.lower().startswith("proxy-"):
        return f"the header {name} is the watcher's own to set"
    if not re.fullmatch(r"(?:[!-~](?:[ \t!-~]{0,8190}[!-~])?)?", value):
        return f"the value of the header {name} has characters that do not go into a header, or is too long"
    return None


def refuse_proxy(url: str) -> str | None:
    """Why a proxy cannot be used; its URL, which may hold a password, is not in the words."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "http" and parts.hostname and parts.port and parts.path in {"", "/"}
    except ValueError:
        usable = False
    whole = usable and url.isascii() and url.isprintable() and not (parts.query or parts.fragment)
    return None if whole else "a proxy is written as http://host:port or http://user:password@host:port"


def access_at(access: Access, given_for: str, url: str) -> Access:
    """The part of a feed's access that goes to another URL of it: headers stay with the origin they were given for."""
    return access if same_origin(given_for, url) else replace(access, headers=())


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have scheme, host and port in common (RFC 6454 section 4)."""
    try:
        return _origin(one) == _origin(other)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def is_address(host: str) -> bool:
    """Whether a URL's host is an address written out."""
    if ":" not in host and not host[-1:].isdigit():  # most are names
        return False
    try:
        _read(host)
    except ValueError:
        return False
    return True


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses an IPv6 address leads to: mapped (RFC 4291), NAT64, 6to4 (RFC 3056), Teredo (RFC 4380),
    ISATAP (RFC 5214).
    """
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    return (IPv4Address(int(address) & 0xFFFFFFFF),) if _isatap(address) else ()


def _isatap(address: IPv6Address) -> bool:
    """By its interface identifier, below a prefix that is public; the bit that may differ says that it is unique."""
    return int(address) >> 32 & 0xFDFF_FFFF == 0x0000_5EFE and not _special(address)


def _special(address: Address) -> str | None:
    for network, name in _SPECIAL:
        if address in network:
            return name
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "reserved, RFC 4291"
    return None
