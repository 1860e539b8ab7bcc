"""pure: (what happened, channels, now) -> alerts in which the watcher speaks of itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.alert.keys import hash_of
from watcher.model import AlertKind, BaselineSummary, ChannelName, NewAlert, Severity
from watcher.text.counted import counted


def notice(  # noqa: PLR0917 - what it is told on, what it says, what it is
    channel: ChannelName, title: str, body: str, severity: Severity, now: datetime, about: str
) -> NewAlert:
    """The watcher speaking of itself. `about` names the event: the key is made of it, so it is told once a channel."""
    group = f"notice:{about}"
    return NewAlert(
        key=hash_of(channel, group),
        channel=channel,
        group=group,
        kind=AlertKind.NOTICE,
        severity=severity,
        created_at=now,
        title=title,
        body=body,
    )


def baseline_notice(summary: BaselineSummary, channels: Sequence[ChannelName], now: datetime) -> tuple[NewAlert, ...]:
    """What first polls found, in one message to each channel."""
    about = "baseline:" + hash_of(*sorted(summary.feeds))
    title, body = _baseline_words(summary)
    return tuple(notice(channel, title, body, Severity.INFO, now, about) for channel in channels)


def _baseline_words(summary: BaselineSummary) -> tuple[str, str]:
    known = f"{counted(len(summary.feeds), 'feed')}, {counted(summary.items, 'item')} known"
    latest = [f"- {_one_line(title)} ({_one_line(rule)})" for title, rule in summary.latest]
    after = "They were there before the watching began. You are alerted to what comes from now on."
    if not latest:
        return f"{known}; your rules match none of them", after
    which = ", the ten latest:" if summary.matched > len(latest) else ":"
    return f"{known}; your rules match {summary.matched:,} of them{which}", "\n".join([*latest, "", after])


def _one_line(text: str) -> str:
    return " ".join(text.split())
