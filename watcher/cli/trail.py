"""pure: how a dispatch got where it stands -> that in plain words, in order, with times in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from watcher.model import Dispatch, Reason
from watcher.text.rfc3339 import rfc3339

Step = tuple[datetime, Reason]


def still_held(dispatch: Dispatch, reason: Reason) -> str:
    """What held it before, and since when it has been held for this reason: "held since 2026-03-01T22:14:00Z"."""
    if not dispatch.trail or dispatch.trail[-1][1] is not reason:
        return f"{held_before(dispatch.trail)}held"
    *before, (at, _) = dispatch.trail
    return f"{held_before(before) or 'held '}since {rfc3339(at)}"


def held_before(steps: Sequence[Step]) -> str:
    """What held it, to stand before what came of it: "held since 2026-03-01T22:14:00Z because ...; "; "" if nothing."""
    parts = (f"since {rfc3339(at)} because {_plainly(reason)}; " for at, reason in steps)
    return f"held {''.join(parts)}" if steps else ""


def decided(dispatch: Dispatch) -> str:
    """When it was closed, of one that had been held: " at 2026-03-02T07:00:00Z"."""
    return f" at {rfc3339(dispatch.trail[-1][0])}" if len(dispatch.trail) > 1 else ""


def report(dispatch: Dispatch) -> list[dict[str, Any]]:
    """Every step for programs, the present one included."""
    return [{"at": rfc3339(at), "fate": reason.fate.value, "reason": reason.value} for at, reason in dispatch.trail]


def _plainly(reason: Reason) -> str:
    """What held it, without what was to come of that."""
    return reason.sentence.partition("; ")[0]
