"""pure: round -> round without what a person, a rule or the channel holds back; what is held no more may be listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from watcher.alert.round import DAY, NEVER, Hold, Round, aside, came
from watcher.hours import ends, last_time_of_day, next_time_of_day, within
from watcher.model import Dispatch, Hours, Reason, Rule, Severity, Silence

CATCH_UP = timedelta(minutes=10)
"""How long what is too old waits for more of the kind, on a channel that names no digest times."""
DIGEST_TIME = 8 * 60
"""Minutes after midnight at which a channel that names no digest times has its digest."""


def heed_silences(round_: Round) -> Round:
    """Held is what a person's word silences."""
    silences = _silences(round_)
    if not silences:
        return round_

    def ending(d: Dispatch) -> datetime | None:
        mine = (*silences.get(d.rule, ()), *silences.get(d.group, ()))
        return max((s.until for s in mine if s.covers(d, round_.now)), default=None)

    silenced = ((d, until) for d in round_.open if (until := ending(d)))
    return aside(round_, (Hold(dispatch=d, reason=Reason.SILENCED, until=until) for d, until in silenced))


def set_old_aside(round_: Round) -> Round:
    """What was published too long before it came is not told but listed: in the channel's next digest where it names
    times for it, else in one of its own a little after the first of them came.
    """
    old = [d for d in round_.open if _is_old(round_.rule(d), d)]
    if not old:
        return round_
    if round_.channel.digest:
        return _for_digest(round_, old, Reason.TOO_OLD)
    due = min(came(d, round_.now) for d in old) + CATCH_UP
    until = due if due > round_.now else None
    return aside(round_, (Hold(dispatch=d, reason=Reason.TOO_OLD, until=until) for d in old))


def keep_for_digest(round_: Round) -> Round:
    """What its rule wants told in digests only waits for the channel's next one."""
    kept = [d for d in round_.open if (rule := round_.rule(d)) and rule.digest]
    return _for_digest(round_, kept, Reason.FOR_DIGEST) if kept else round_


def list_silenced(round_: Round) -> Round:
    """What a person's word had silenced until now is listed, if no digest of its own is to bring it."""
    spoken = (d for d in round_.open if d.reason is Reason.SILENCED)
    return aside(round_, (Hold(dispatch=d, reason=Reason.SILENCED, until=None) for d in spoken))


def keep_quiet(round_: Round) -> Round:
    """In the channel's quiet hours held is what does not break through, and whatever is to be listed."""
    quiet = round_.channel.quiet
    end = _quiet_until(quiet.hours, round_.now) if quiet else None
    if quiet is None or end is None:
        return round_
    below = quiet.below
    waiting = tuple(replace(hold, until=end) for hold in round_.listed)
    kept = (d for d in round_.open if below is None or d.severity < below)
    return aside(
        replace(round_, held=round_.held + waiting, listed=(), slot=None),
        (Hold(dispatch=d, reason=Reason.QUIET_HOURS, until=end) for d in kept),
    )


def throttle(round_: Round) -> Round:
    """Held is what comes too soon after its group was told; a critical one, after something critical of it was."""

    @cache
    def until(group: str, seconds: float, least: Severity) -> datetime | None:
        span = timedelta(seconds=seconds)
        told = round_.told.groups[group]
        ends_at = (at + span for at, severity in told if severity >= least and at < round_.now + span)
        return max((end for end in ends_at if end > round_.now), default=None)

    def hold(d: Dispatch) -> Hold | None:
        rule = round_.rule(d)
        if rule is None or rule.throttle is None or d.group not in round_.told.groups:
            return None
        end = until(d.group, rule.throttle, Severity.CRITICAL if d.severity is Severity.CRITICAL else Severity.INFO)
        return Hold(dispatch=d, reason=Reason.THROTTLED, until=end) if end else None

    return aside(round_, (held for d in round_.open if (held := hold(d))))


def list_kept(round_: Round) -> Round:
    """What quiet hours or the cap had kept, and nothing keeps any more, is listed."""
    kept = (d for d in round_.open if d.reason in {Reason.QUIET_HOURS, Reason.OVER_CAP})
    return aside(round_, (Hold(dispatch=d, reason=Reason.OVER_CAP, until=None) for d in kept))


def _silences(round_: Round) -> dict[str, list[Silence]]:
    """Those that may hold now, by their rule or group, which never look alike."""
    found: dict[str, list[Silence]] = {}
    for silence in round_.past.silences:
        if silence.since <= round_.now < silence.until:
            found.setdefault(silence.rule or silence.group or "", []).append(silence)
    return found


def _is_old(rule: Rule | None, d: Dispatch) -> bool:
    if rule is None or rule.max_age is None or d.published is None:
        return False
    return d.seen_at - d.published > timedelta(seconds=rule.max_age)


def _for_digest(round_: Round, kept: Sequence[Dispatch], reason: Reason) -> Round:
    """Listed is what came before the last of the channel's digest times, if no digest was made for that; else held."""
    now, zone = round_.now, round_.channel.timezone
    times = round_.channel.digest or (DIGEST_TIME,)
    slot = max(last_time_of_day(minutes, zone, now) for minutes in times)
    later = min(next_time_of_day(minutes, zone, now) for minutes in times)
    last = round_.past.slot
    free = last is None or last < slot or last > now + DAY  # a clock that was far ahead made that one
    due = {d.id for d in kept if free and came(d, now) < slot}
    return aside(
        replace(round_, slot=slot if due else round_.slot),
        (Hold(dispatch=d, reason=reason, until=None if d.id in due else later) for d in kept),
    )


def _quiet_until(hours: Iterable[Hours], now: datetime) -> datetime | None:
    """When the channel's quiet hours are over, times that join counted as one; None when it has none now."""
    end, last = now, now + 8 * DAY
    while on := [each for each in hours if within(each, end)]:
        end = max(ends(each, end) or NEVER for each in on)
        if end > last:
            return NEVER
    return end if end > now else None
