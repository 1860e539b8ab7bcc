"""pure: (absence rule, feeds, now) -> its silent times; (silent times, channel, now) -> the alerts that tell of them.

The feeds of such a rule are silent, or it cannot be said. Silent: none brought anything new for as long as the rule
says, and more than half answer; the others fail, as was told, or are paused, and are named. It cannot be said while one
has failed that may answer the next time, or was not asked when it was due, as after a stop of the watcher.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from watcher.condition import BAD, paused
from watcher.hours import overlap, within
from watcher.model import (
    Absence,
    AlertKey,
    AlertKind,
    ChannelName,
    ChannelSpec,
    Episode,
    Feed,
    FeedId,
    FeedState,
    NewAlert,
    Rule,
    Silence,
)
from watcher.text.counted import lasting

OVERDUE = timedelta(minutes=10)
"""A feed that waits longer than this for a poll that is due is not watched: the watcher was stopped, or is behind."""
ASKED = 4
"""Times that a feed is asked at least in the time for which it may be silent."""
NAMED = 3
"""Feeds, or tags, that a message names."""


def noticed(rule: Rule, feeds: Sequence[FeedState], now: datetime, opened: Episode | None) -> Episode | None:
    """A silent time that has begun, or the `opened` one with its end; None where nothing changed.

    `feeds` are all that are wanted; the rule picks its own. Silence is counted from the last new item to the last good
    poll, and where the rule says so within its hours only: what nobody looked at is not silent. However late or often
    this is asked, the same polls give the same silent time.
    """
    absence = _absence(rule)
    watched = [state for state in feeds if watches(absence, state.feed)]
    news = max((state.new_at for state in watched if state.new_at), default=None)
    if opened is not None:
        return replace(opened, ended_at=news) if news and news > opened.since else None
    span = _watched_in_vain(watched, now)
    if span is None or _counted(absence, *span) < timedelta(seconds=absence.silent):
        return None
    return Episode(rule=rule.id, rule_hash=rule.hash, since=span[0], noticed_at=now)


def earliest(rule: Rule, feeds: Sequence[FeedState]) -> datetime | None:
    """Before when none of its silent times can begin, whatever comes until then; None where no feed is known."""
    absence = _absence(rule)
    since = [state.new_at or state.added_at for state in feeds if watches(absence, state.feed)]
    last = max((at for at in since if at), default=None)
    return last and last + timedelta(seconds=absence.silent)


def blind(rule: Rule, feeds: Sequence[FeedState], now: datetime) -> tuple[FeedId, ...]:
    """Those of its feeds that cannot be read, and so do not count."""
    absence = _absence(rule)
    return tuple(state.feed.id for state in feeds if watches(absence, state.feed) and _is_blind(state, now))


def asked_each(rules: Iterable[Rule], feed: Feed) -> float | None:
    """The longest time between polls, in seconds, with which these rules notice a feed's silence soon; None where none
    is about it.
    """
    spans = [absence.silent / ASKED for absence in map(_absence, rules) if watches(absence, feed)]
    return min(spans, default=None)


def alerts_of(  # noqa: PLR0917 - what it is told of, what bears on that, when
    rule: Rule,
    episodes: Sequence[Episode],
    channel: ChannelSpec,
    told: Collection[AlertKey],
    silences: Sequence[Silence],
    now: datetime,
    unread: Sequence[FeedId] = (),
) -> tuple[NewAlert, ...]:
    """What is to be told of the rule's silent times on a channel: when one began, and when it ended; in one message
    where it ended before its beginning was told. None while the channel has its quiet hours, or the rule is silenced.

    `told` are the keys of such alerts that were made already, as `key_of` gives them; `unread` the feeds that are
    blind.
    """
    if rule.severity < channel.min_severity or _held(rule, channel, silences, now):
        return ()
    own = [episode for episode in episodes if episode.rule == rule.id]
    made = [_alert(rule, episode, channel, told, now, unread) for episode in own]
    return tuple(alert for alert in made if alert.key not in told)


def key_of(channel: ChannelName, episode: Episode, *, ended: bool) -> AlertKey:
    """The first 32 hexadecimal digits of sha256 over channel, group, begin of the silence and which end it is."""
    parts = (channel, group_of(episode), episode.since.isoformat(), "end" if ended else "start")
    return AlertKey(sha256("\0".join(parts).encode()).hexdigest()[:32])


def group_of(episode: Episode) -> str:
    """One for all silent times of a rule: they are one thread."""
    return f"absence:{episode.rule}"


# what the feeds say


def _absence(rule: Rule) -> Absence:
    assert rule.absence is not None, "a rule that watches for an absence"
    return rule.absence


def watches(absence: Absence, feed: Feed) -> bool:
    """Whether a feed is one of those."""
    return feed.id in absence.feeds or any(f"tag:{tag}" in absence.feeds for tag in feed.tags)


def _watched_in_vain(watched: Sequence[FeedState], now: datetime) -> tuple[datetime, datetime] | None:
    """From when until when nothing is known to have come; None where that cannot be said now."""
    since = [state.new_at or state.added_at for state in watched]
    seeing = [state for state in watched if not _is_blind(state, now)]
    until = [state.good_at for state in seeing if state.failures == 0 and not _is_overdue(state, now)]
    begun, looked = [at for at in since if at], [at for at in until if at]
    if 2 * len(seeing) <= len(watched) or len(begun) < len(watched) or len(looked) < len(seeing):
        return None
    return max(begun), min(looked)


def _is_blind(state: FeedState, now: datetime) -> bool:
    return state.condition in BAD or paused(state, now) is not None


def _is_overdue(state: FeedState, now: datetime) -> bool:
    return state.next_at is None or now > state.next_at + OVERDUE


def _counted(absence: Absence, since: datetime, until: datetime) -> timedelta:
    return overlap(absence.during, since, until) if absence.during else until - since


# what people are told


def _held(rule: Rule, channel: ChannelSpec, silences: Sequence[Silence], now: datetime) -> bool:
    group = f"absence:{rule.id}"
    return _is_quiet(rule, channel, now) or any(s.holds(rule.id, group, channel.name, now) for s in silences)


def _alert(  # noqa: PLR0917 - as above
    rule: Rule,
    episode: Episode,
    channel: ChannelSpec,
    told: Collection[AlertKey],
    now: datetime,
    unread: Sequence[FeedId],
) -> NewAlert:
    ended = episode.ended_at is not None
    begin_told = key_of(channel.name, episode, ended=False) in told
    return NewAlert(
        key=key_of(channel.name, episode, ended=ended),
        channel=channel.name,
        group=group_of(episode),
        kind=AlertKind.ABSENCE,
        severity=rule.severity,
        created_at=now,
        title=_title(_absence(rule), episode, begin_told=begin_told),
        body=_body(rule, episode, channel.timezone, unread),
    )


def _title(absence: Absence, episode: Episode, *, begin_told: bool) -> str:
    feeds = _names(absence.feeds)
    if episode.ended_at is None:
        return f"Nothing new from {feeds} for {lasting(episode.noticed_at - episode.since)}"
    lasted = lasting(episode.ended_at - episode.since)
    if begin_told:
        return f"Something new from {feeds} after {lasted}"
    return f"Nothing new from {feeds} for {lasted}, then something came"


def _body(rule: Rule, episode: Episode, zone: str, unread: Sequence[FeedId]) -> str:
    answer = f"the feeds answer, but for {_names(unread)}" if unread else "the feeds answer as they should"
    lines = [f"Nothing new came since {_moment(episode.since, zone)}, and {answer}."]
    if episode.ended_at is not None:
        lines = [f"Nothing new came from {_moment(episode.since, zone)} to {_moment(episode.ended_at, zone)}."]
    return "\n".join([*lines, f"The rule: {rule.title}"])


def _moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def _names(feeds: Sequence[str]) -> str:
    names = [feed.removeprefix("tag:") for feed in feeds]
    if len(names) > NAMED:
        names = [*names[: NAMED - 1], f"{len(names) - NAMED + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _is_quiet(rule: Rule, channel: ChannelSpec, now: datetime) -> bool:
    quiet = channel.quiet
    if quiet is None or (quiet.below is not None and rule.severity >= quiet.below):
        return False
    return any(within(hours, now) for hours in quiet.hours)
