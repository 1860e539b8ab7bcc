"""pure: what stands behind a time -> its distance from UTC.

A name means what most feeds mean by it: CST is America's (RFC 822), IST India's, BST Britain's. ET, CT, MT and PT are
what clocks there show on that day. The letters of RFC 822 say nothing (RFC 5322, 4.3: they were used both ways), and so
does a name that nobody knows; both are taken as UTC.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["known", "offset"]

_OFFSET = re.compile(r"(?:utc|gmt|z)?\s?([+-])\s?(\d{1,2})(?::?(\d\d))?(?::?\d\d)?", re.IGNORECASE)
_PLACE = re.compile(r"[a-z]+(?:/[a-z_+-]+\d{0,2}){1,2}", re.IGNORECASE)
_MOST = 14 * 60 + 59  # minutes: Kiribati has 14 hours
_HOURS = {
    0: "ut utc gmt z uct wet zulu",
    1: "cet met mez bst west wat hnec",
    2: "cest mest mesz eet cat sast",
    3: "eest msk eat trt idt мск",
    4: "msd gst samt azt get",
    5: "pkt yekt uzt",
    6: "omst",
    7: "ict wib novt",
    8: "hkt sgt pht myt wita awst",
    9: "jst kst wit",
    10: "aest chst vlat",
    11: "aedt",
    12: "nzst fjt",
    13: "nzdt",
    -1: "azot cvt",
    -2: "brst",
    -3: "adt brt art uyt clst",
    -4: "ast edt vet clt bot",
    -5: "est cdt cot pet ect",
    -6: "cst mdt",
    -7: "mst pdt",
    -8: "pst akdt",
    -9: "akst hdt",
    -10: "hst",
    -11: "sst",
}
_NAMES = {name: 60 * hours for hours, names in _HOURS.items() for name in names.split()} | {
    "ist": 330,
    "npt": 345,
    "mmt": 390,
    "irst": 210,
    "irdt": 270,
    "aft": 270,
    "acst": 570,
    "acdt": 630,
    "nst": -210,
    "ndt": -150,
}
_CLOCKS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


def known(said: str) -> bool:
    """Whether it is a zone, by number or by a name in use."""
    name = said.strip().lower()
    return name in _NAMES or name in _CLOCKS or _minutes(name) is not None or _place(said.strip(), None) is not None


def offset(said: str, at: datetime) -> timedelta | None:
    """What is to be taken from the naive `at` to have it in UTC; None for what is no zone."""
    name = said.strip().lower()
    minutes = _NAMES.get(name, _minutes(name))
    if minutes is not None:
        return timedelta(minutes=minutes)
    return _place(_CLOCKS.get(name, said.strip()), at)


def _minutes(said: str) -> int | None:
    """Of "+0100", "+01:00", "+1" and "GMT+01:00"."""
    found = _OFFSET.fullmatch(said)
    if not found:
        return None
    minutes = 60 * int(found[2]) + int(found[3] or 0)
    return (-minutes if found[1] == "-" else minutes) if minutes <= _MOST else None


def _place(said: str, at: datetime | None) -> timedelta | None:
    """A zone of IANA's database."""
    if not _PLACE.fullmatch(said):
        return None
    try:
        zone = ZoneInfo(said)
    except (ValueError, OSError, LookupError):
        return None
    return zone.utcoffset(at) or timedelta()
