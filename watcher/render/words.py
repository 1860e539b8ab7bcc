"""pure: (alert) -> the short phrases every way of showing it shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from watcher.model import Alert, AlertKey, AlertKind, Origin, ToldItem
from watcher.model.items import AHEAD
from watcher.render.clean import one_line
from watcher.render.snippet import headline
from watcher.text.counted import counted

MOST_SENTENCES = 3
MOST_WORDS = 8
MOST_RULES = 12
SENTENCE = 300
"""Code points of a sentence that are shown: two or three lines of a terminal."""
SHORT_KEY = 12


def subject(alert: Alert) -> str:
    """What the alert is about, in a line: the headline of its first item, or a notice's title."""
    if not alert.items:
        return one_line(alert.title).strip()
    return denial(alert.items[0]) + headline(alert.items[0]).text


def denial(told: ToldItem) -> str:
    """What stands before the headline of an item that matched only by what it denies."""
    return "[denial] " if told.denial else ""


def lead_in(alert: Alert) -> str:
    """What stands before the subject: how many items, the first rule's title and how many more; or who speaks."""
    if not alert.items:
        return "absence" if alert.kind is AlertKind.ABSENCE else "watcher"
    titles = rule_titles(alert)
    count = f"{told(alert)} items, " if told(alert) > 1 else ""
    count = f"digest of {told(alert)} item{'s' * (told(alert) > 1)}, " if alert.kind is AlertKind.DIGEST else count
    more = f" +{counted(len(titles) - 1, 'rule')}" if len(titles) > 1 else ""
    return count + titles[0] + more + (", update" if is_update(alert) else "")


def told(alert: Alert) -> int:
    """How many items it tells, those without a place in it among them."""
    return max(alert.told, len(alert.items))


def unshown(alert: Alert, shown: int) -> int:
    """How many items are told and stand nowhere when the first `shown` do. A digest counts a group's with its lead."""
    digest = alert.kind is AlertKind.DIGEST
    return max(told(alert) - sum(1 + one.others * digest for one in alert.items[:shown]), 0)


def is_update(alert: Alert) -> bool:
    """More of the same story or item; what is new in a wider group is news."""
    return alert.kind is AlertKind.UPDATE and alert.group.startswith(("story:", "item:"))


def rule_titles(alert: Alert) -> list[str]:
    """The titles of all its rules, each once and in order; those to which all of it is a denial come last."""
    titles = [(rule in told.denied, one_line(title).strip()) for told in alert.items for rule, title in told.rules]
    return list(dict.fromkeys(title for _, title in sorted(titles, key=lambda one: one[0])))


def rules(told: ToldItem) -> str:
    """The item's rules by title and id, and to which of them it is a denial; of very many the first."""
    marks = dict.fromkeys(told.denied, " [denial]")
    shown = [f"{one_line(title).strip()} ({rule}){marks.get(rule, '')}" for rule, title in told.rules[:MOST_RULES]]
    more = len(told.rules) - MOST_RULES
    return ", ".join([*shown, *([f"+{more} more"] if more > 0 else [])])


def source(told: ToldItem, zone: str) -> str:
    """Where and when it comes from, by the clock of `zone` (IANA): the feed, how many independent sources have it too
    and how many copies there are, when it was published or else seen, and whether it was edited or its page has come.
    """
    more = [spread(told.sources, told.copies)] if told.sources > 1 or told.copies else []
    when = moment(told.item.published, zone) if told.item.published else moment(told.seen_at, zone)
    ahead = told.item.published is not None and told.item.published - told.seen_at > AHEAD
    said = [f"{'dated ahead,' if ahead else 'published'} {when}" if told.item.published else f"seen {when}"]
    how = "full text" if told.item.origin is Origin.PAGE else "edited"
    edited = [f"{how} (revision {told.revision})"] if told.revision > 1 else []
    return " · ".join([one_line(told.item.feed), *more, *said, *edited])


def spread(sources: int, copies: int) -> str:
    """How far something went: "+2 sources, 27 copies", without what there is none of."""
    more = [f"+{counted(sources - 1, 'source')}"] if sources > 1 else []
    same = [f"{copies:,} cop{'y' if copies == 1 else 'ies'}"] if copies else []
    return ", ".join([*more, *same])


def by_itself(told: ToldItem) -> ToldItem:
    """An item behind the first of its group, with which all that is said of the group is said once."""
    return replace(told, sources=1, copies=0)


def where(alert: Alert, told: ToldItem, zone: str) -> str:
    """The same of an item within its alert. A digest tells of many groups: each with its severity, and how many more
    items it has; else all are one group, and the other sources of it are named with the first.
    """
    if alert.kind is not AlertKind.DIGEST:
        return source(told if told is alert.items[0] else by_itself(told), zone)
    others = [f"+{told.others} more"] if told.others else []
    return " · ".join([told.severity.word, source(told, zone), *others])


def meant_for(alert: Alert) -> str:
    """Of a copy: where it comes from; else nothing."""
    return f"a copy of what was meant for {alert.failed_on}" if alert.failed_on else ""


def foot(alert: Alert, more: int) -> str:
    """What stands under it all: how many are not shown, whom it was meant for, and how to find it."""
    parts = (f"and {more:,} more" if more else "", meant_for(alert), reference(alert.key))
    return " · ".join(part for part in parts if part)


def reference(key: AlertKey) -> str:
    """Enough of the key to find the alert with `watcher alerts show`."""
    return f"alert {key[:SHORT_KEY]}"


def moment(when: datetime, zone: str) -> str:
    """To the minute by the clock of `zone` (IANA); midnight sharp in UTC is a date that came without a time."""
    when = when.astimezone(UTC)
    if when.time() == time():
        return f"{when:%Y-%m-%d}"
    local = when.astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    return f"{local:%Y-%m-%d %H:%M} " + (f"UTC{name}" if name[:1] in {"+", "-"} else name)
