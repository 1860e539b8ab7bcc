"""pure: an item's pieces -> what its fields take from them: who wrote, for whom, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from watcher.model import PlacedBlock, Role
from watcher.normalise import bylines, credit, dates, signs
from watcher.normalise.datelines import Dateline

__all__ = ["authors", "outlet", "published"]


def authors(raw: str, pieces: Iterable[PlacedBlock]) -> tuple[str, ...]:
    """Whom the bylines name."""
    return tuple(dict.fromkeys(name for said in _all(raw, pieces, Role.BYLINE) for name in bylines.names(said)))


def outlet(raw: str, pieces: Iterable[PlacedBlock], dateline: Dateline | None, otherwise: str) -> str:
    """Whom the dateline names, else the first credit, else what the source says, else whose the first picture is."""
    if dateline and dateline.outlet:
        return dateline.outlet
    said = _all(raw, pieces, Role.CREDIT)
    if not said:
        return otherwise
    texts = (credit.outlet(each) for each in said if not credit.pictures(each))
    return next(filter(None, texts), "") or otherwise or next(filter(None, map(credit.outlet, said)), "")


def published(raw: str, pieces: Iterable[PlacedBlock], dateline: Dateline | None, lang: str | None) -> datetime | None:
    """The date a byline states, else the dateline. None is made up."""
    bylines_ = (said for said in _all(raw, pieces, Role.BYLINE) if not signs.is_update(said))
    stated = next((moment for said in bylines_ if (moment := dates.stated(said, lang))), None)
    if stated:
        return stated
    if dateline and dateline.moment:
        return dateline.moment
    return dates.dateline(next(iter(_all(raw, pieces, Role.BODY)), ""), lang)


def _all(raw: str, pieces: Iterable[PlacedBlock], role: Role) -> list[str]:
    return [raw[piece.start : piece.end] for piece in pieces if piece.role is role]
