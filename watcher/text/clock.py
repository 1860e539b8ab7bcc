"""pure: text and a place in it -> the time of day that stands there, with its zone.

Hours and minutes need something between them that no number has: a colon, an h, 時, or a word such as Uhr behind them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from watcher.text import zones

__all__ = ["Clock", "anywhere", "behind", "utc"]

_HALF = r"[ap]\.?\s?m\b\.?|上午|下午|午前|午後|오전|오후|[صم]\b|öö\b|ös\b"
_TIME = rf"""
    (?:(?P<half>{_HALF})\s?)?
    (?<![\d:.+-])(?P<hour>\d{{1,2}})
    (?: [:：]\s?(?P<minute>\d{{1,2}})(?:[:：](?P<second>\d{{1,2}}))?(?:[.,]\d+)?(?!\d|:\d)
      | \s?h\s?(?P<minute_h>\d\d)?(?:\s?m(?:in)?)?(?![^\W_])
      | [.](?P<minute_dot>\d\d)(?=\s?(?:uhr|ur\b|klo|h\b))
      | \s?[时時시点點]\s?(?:(?P<minute_cjk>\d{{1,2}})\s?[分분])?(?:\s?(?P<second_cjk>\d{{1,2}})\s?[秒초])?
      | (?=\s?[ap]\.?m\b)
    )
    (?:\s?(?:uhr|ur)\b)?
    (?:\s?(?P<later>{_HALF}))?
"""
_CLOCK = re.compile(_TIME, re.IGNORECASE | re.VERBOSE)
_WORD = r"at|um|à|às|as|a\slas?|alle|ore|kl\.?|om|o|godz\.?|в|о|saat|la|klo|الساعة|@|T"
_BEHIND = re.compile(rf"[\s,;|·•—–-]{{0,6}}(?:(?:{_WORD})\s?:?\s?)?(?={_TIME})", re.IGNORECASE | re.VERBOSE)
_ZONE = re.compile(
    r"[\s,]{0,2}\(?((?:(?:UTC|GMT|Z)\s?)?[+-]\s?\d{1,2}(?::?\d\d)?(?![\d:])|[A-Za-z]+/[A-Za-z_/+-]+|[^\W\d_]{1,5}\b)\)?"
)
_PM = ("p", "下午", "午後", "오후", "م", "ös")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day and where it ends in its text; `zone` as it is written, "" for none."""

    time: timedelta
    zone: str
    end: int


def behind(text: str, at: int) -> Clock | None:
    """The time that follows there, with nothing but what joins a time to its date before it. Zones are in capitals."""
    found = _BEHIND.match(text, at)
    clock = found and _CLOCK.match(text, found.end())
    return _read(text, clock, shouted=True) if clock else None


def anywhere(text: str) -> Clock | None:
    """The first time in a text that is a date and nothing else."""
    read = (_read(text, clock, shouted=False) for clock in _CLOCK.finditer(text))
    return next((clock for clock in read if clock), None)


def utc(day: datetime, clock: Clock | None) -> datetime:
    """The moment of a day and a time of it. OverflowError where there is no such year."""
    local = day + (clock.time if clock else timedelta())
    away = zones.offset(clock.zone, local) if clock and clock.zone else None
    return (local - (away or timedelta())).replace(tzinfo=UTC)


def _read(text: str, clock: re.Match[str], *, shouted: bool) -> Clock | None:
    said = clock.groupdict()
    hour = int(said["hour"])
    if shouted and said["minute"] and len(said["minute"]) < 2:
        return None  # a result, not a time
    minute = int(said["minute"] or said["minute_h"] or said["minute_dot"] or said["minute_cjk"] or 0)
    second = min(int(said["second"] or said["second_cjk"] or 0), 60)
    if half := (said["half"] or said["later"] or "").lower():
        if hour > 12:
            half = ""
        hour = hour % 12 + 12 * half.startswith(_PM) if half else hour
    time = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    if minute > 59 or time > timedelta(days=1):
        return None
    zone, end = _zone(text, clock.end(), shouted=shouted)
    return Clock(time=time, zone=zone, end=end)


def _zone(text: str, at: int, *, shouted: bool) -> tuple[str, int]:
    found = _ZONE.match(text, at)
    name = found[1] if found else ""
    if not found or (shouted and not name.isupper() and name[:1].isalpha() and "/" not in name):
        return "", at
    return (name, found.end()) if zones.known(name) else ("", at)
