"""pure: (Retry-After header, now) -> seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(value: str | None, now: datetime, longest: float) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 section 10.2.3), within 0 and `longest`; None if it says nothing."""
    if value is None:
        return None
    try:
        if re.fullmatch(r"[+-]?\d{1,300}(\.\d*)?", value.strip()):
            wait = float(value)
        else:
            when = parsedate_to_datetime(value[:100])
            wait = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), longest)
