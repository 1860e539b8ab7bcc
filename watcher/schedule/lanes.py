"""pure: a URL -> what is polled one feed at a time."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

# fmt: off
_SECOND_LEVEL = frozenset({
    "ac", "co", "com", "edu", "go", "gob", "gov", "govt", "gv", "ltd", "mil", "ne", "net", "nom", "or", "org", "sch",
})
# fmt: on


def lane(url: str) -> str:
    """What is polled one feed at a time: a site, by whoever answers for it, or a folder."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    return registrable(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))


def registrable(host: str, port: int) -> str:
    """The domain that one owner answers for, near enough without the Public Suffix List: its last two labels, or
    three under suffixes such as co.uk. Addresses and single labels count by port: other services live there.
    """
    labels = host.lower().rstrip(".").split(".")
    if len(labels) == 1 or _is_address(host):
        return f"{host}:{port}"
    suffixed = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if suffixed else -2 :])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
