"""pure: a URL -> what is polled one feed at a time."""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def lane(url: str) -> str:
    """What is polled one feed at a time: a site, by whoever answers for it, or a folder."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    return registrable(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))


@lru_cache(4096)
def registrable(host: str, port: int) -> str:
    """The domain that one owner answers for, in ASCII: the label before a public suffix, and that.

    Suffixes under which others let sites (each blog on a blog host) count as public ones. What is no such domain counts
    by itself; addresses and single labels by port: other services live there.
    """
    name = _in_ascii(host.lower()).rstrip(".")
    if "." not in name or _is_address(name):
        return f"{name}:{port}"
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    """The list as it came with its package, read once: 40 ms and 2.5 MB that a watcher of folders does not need."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _in_ascii(host: str) -> str:
    """Both ways to write a name are one; what cannot be a name stays as it is."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
