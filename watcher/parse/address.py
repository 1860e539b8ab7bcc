"""pure: what a publisher calls an address -> an absolute web address, or None."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

_LONGEST = 4096  # characters; longer ones are data
_LINE_ENDS = re.compile(r"[\t\r\n]+")  # browsers take them out


def web(said: Any, base: str) -> str | None:
    """The address, which may be relative to `base`; None for javascript:, data: and what is no address."""
    if not isinstance(said, str) or not said.strip() or len(said) > _LONGEST:
        return None
    try:
        address = urljoin(base, _LINE_ENDS.sub("", said.strip()))
        parts = urlsplit(address)
        _ = parts.port  # raises when it is no port
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.hostname else None


def is_open(address: str) -> bool:
    """Whether an address can be stored and told: it names no user, and its characters go into a message."""
    return address.isprintable() and "@" not in urlsplit(address).netloc
