"""pure: durations and sizes as people write them -> seconds and bytes; types for pydantic models of files."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_NUMBER = r"(\d{1,9}(?:\.\d{1,9})?)"
_DURATION = re.compile(rf"{_NUMBER}([smhd])")
_SIZE = re.compile(rf"{_NUMBER}(B|KiB|MiB|GiB)")
_LOOSE = re.compile(rf"{_NUMBER}\s*([a-z]+)?\.?", re.IGNORECASE)


def duration(text: Any) -> float:
    """Seconds of `10s`, `5m`, `2h`, `1d`, `0.5s`. Raises E111, with what was probably meant."""
    found = _DURATION.fullmatch(str(text))
    if not found or float(found[1]) == 0:
        meant = _meant(
            text, {"sec": "s", "min": "m", "hour": "h", "hr": "h", "day": "d", **{u: u for u in _SECONDS}}, "s"
        )
        raise PydanticCustomError("E111", "expected a duration like 10s, 5m, 2h, 1d", meant)
    return float(found[1]) * _SECONDS[found[2]]


def size(text: Any) -> int:
    """Bytes of `64KiB`, `10MiB`. Raises E111, with what was probably meant."""
    found = _SIZE.fullmatch(str(text))
    if not found or float(found[1]) == 0:
        units = {"k": "KiB", "m": "MiB", "g": "GiB", "b": "B"}
        raise PydanticCustomError("E111", "expected a size like 64KiB, 10MiB", _meant(text, units, "B"))
    return int(float(found[1]) * _BYTES[found[2]])


def size_or_none(text: Any) -> int:
    """The same, and 0 for `0B`."""
    return 0 if text == "0B" else size(text)


def _meant(text: Any, units: dict[str, str], plain: str) -> dict[str, str]:
    """The unit whose name the written one begins with, longest first."""
    found = _LOOSE.fullmatch(str(text).strip())
    if not found or isinstance(text, bool) or float(found[1]) == 0:
        return {}
    written = (found[2] or plain).lower()
    unit = next(
        (units[name] for name in sorted(units, key=len, reverse=True) if written.startswith(name.lower())), None
    )
    return {"help": f"write {found[1]}{unit}"} if unit else {}


Duration = Annotated[float, BeforeValidator(duration)]
"""Seconds, more than 0."""
Size = Annotated[int, BeforeValidator(size)]
"""Bytes, more than 0."""
SizeOrNone = Annotated[int, BeforeValidator(size_or_none)]
"""Bytes, also 0."""
