"""How a dispatch got where it stands, in words."""

from __future__ import annotations

from dataclasses import replace

from tests.channel import HOUR, NOW, dispatch
from watcher.cli.trail import decided, held_before, report, still_held
from watcher.model import Dispatch, Reason


def followed(*reasons: Reason) -> Dispatch:
    """An hour passes between two steps."""
    trail = tuple((NOW + n * HOUR, reason) for n, reason in enumerate(reasons))
    return replace(dispatch(), trail=trail, reason=reasons[-1] if reasons else Reason.WAITING)


def test_what_held_it_stands_in_order_without_what_was_to_come_of_that() -> None:
    listed = followed(Reason.QUIET_HOURS, Reason.OVER_CAP, Reason.LISTED)
    assert held_before(listed.trail[:-1]) == (
        "held since 2026-03-01T12:00:00Z because the channel has its quiet hours; since 2026-03-01T13:00:00Z because "
        "the channel has had as many messages as its hourly cap allows; "
    )
    assert decided(listed) == " at 2026-03-01T14:00:00Z"


def test_of_what_was_decided_at_once_nothing_is_said() -> None:
    told = followed(Reason.NEW)
    assert (held_before(told.trail[:-1]), decided(told)) == ("", "")
    assert decided(followed()) == ""


def test_what_is_held_is_so_since_its_last_step() -> None:
    assert still_held(followed(Reason.THROTTLED), Reason.THROTTLED) == "held since 2026-03-01T12:00:00Z"
    assert still_held(followed(Reason.THROTTLED, Reason.QUIET_HOURS), Reason.QUIET_HOURS) == (
        "held since 2026-03-01T12:00:00Z because its group was told a short while ago and the rule's `throttle` lets "
        "it ride on the next alert; since 2026-03-01T13:00:00Z"
    )


def test_what_is_held_for_a_reason_that_no_round_has_noted_yet_is_simply_held() -> None:
    assert still_held(followed(), Reason.QUIET_HOURS) == "held"
    assert still_held(followed(Reason.THROTTLED), Reason.QUIET_HOURS).endswith("on the next alert; held")


def test_programs_are_given_every_step() -> None:
    assert report(followed(Reason.QUIET_HOURS, Reason.LISTED)) == [
        {"at": "2026-03-01T12:00:00Z", "fate": "open", "reason": "quiet-hours"},
        {"at": "2026-03-01T13:00:00Z", "fate": "digest", "reason": "listed"},
    ]
