"""pure: an item's pieces -> what its fields take from them: who wrote, for whom, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from watcher.model import PlacedBlock, Role
from watcher.normalise import bylines, credit, dates, signs
from watcher.normalise.datelines import Dateline

__all__ = ["authors", "outlet", "published"]

_BEGINNING = 40  # pieces that are looked at for other dates


def authors(raw: str, pieces: Iterable[PlacedBlock]) -> tuple[str, ...]:
    """Whom the bylines name."""
    return tuple(dict.fromkeys(name for said in _each(raw, pieces, Role.BYLINE) for name in bylines.names(said)))


def outlet(raw: str, pieces: Iterable[PlacedBlock], dateline: Dateline | None, otherwise: str) -> str:
    """Whom the dateline names, else the first credit of the text, else what the source says."""
    if dateline and dateline.outlet:
        return dateline.outlet
    return next(filter(None, map(credit.outlet, _each(raw, pieces, Role.CREDIT))), otherwise)


def published(raw: str, pieces: Iterable[PlacedBlock], dateline: Dateline | None, lang: str | None) -> datetime | None:
    """The date a byline states, else the dateline; not the first of a diary's. None is made up."""
    bylines_ = (said for said in _each(raw, pieces, Role.BYLINE) if not signs.is_update(said))
    stated = next((moment for said in bylines_ if (moment := dates.stated(said, lang))), None)
    if stated:
        return stated
    if dateline and dateline.moment:
        return dateline.moment
    bodies = islice(_each(raw, pieces, Role.BODY), _BEGINNING)
    found = dates.dateline(next(bodies, ""), lang)
    return None if found and any(dates.dateline(other, lang) for other in bodies) else found


def _each(raw: str, pieces: Iterable[PlacedBlock], role: Role) -> Iterator[str]:
    return (raw[piece.start : piece.end] for piece in pieces if piece.role is role)
