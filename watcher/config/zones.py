"""edge: this computer -> the names of the time zones that it knows."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache(1)
def known_zones() -> frozenset[str] | None:
    """IANA names; None on a computer that knows none. Hundreds of files are looked at for it, once."""
    return frozenset(available_timezones()) or None
