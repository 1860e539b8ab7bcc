"""pure: (number, noun) -> "1 match", "1,212 items"; number of bytes -> "24 MiB"; time -> "7 h 12 min"."""

from __future__ import annotations

from datetime import timedelta

_UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def counted(number: int, noun: str, plural: str = "s") -> str:
    """A number with its noun; `plural` is what the noun gets behind it for any number but one."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def size(count: int) -> str:
    """A number of bytes as people write it, to four digits."""
    unit, name = next(each for each in _UNITS if count >= each[0] or each is _UNITS[-1])
    return f"{count / unit:.4g} {name}"


def lasting(span: timedelta) -> str:
    """A time in its two largest units, rounded down: "6 h", "7 h 12 min", "3 days 4 h"; "0 min" at least."""
    days, hours, minutes = span.days, span.seconds // 3600, span.seconds // 60 % 60
    said = [counted(days, "day") if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(each for each in (said[:2] if days else said) if each) or "0 min"
