"""pure: (alert) -> the short phrases every way of showing it shares."""

from __future__ import annotations

from datetime import datetime, time

from watcher.model import Alert, AlertKey, AlertKind, ToldItem
from watcher.render.clean import one_line
from watcher.render.snippet import headline

MOST_SENTENCES = 3
MOST_WORDS = 8
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
        return "watcher"
    titles = rule_titles(alert)
    count = f"{len(alert.items)} items, " if len(alert.items) > 1 else ""
    more = f" +{len(titles) - 1}" if len(titles) > 1 else ""
    return count + titles[0] + more + (", update" if is_update(alert) else "")


def is_update(alert: Alert) -> bool:
    """More of the same story or item; what is new in a wider group is news."""
    return alert.kind is AlertKind.UPDATE and alert.group.startswith(("story:", "item:"))


def rule_titles(alert: Alert) -> list[str]:
    """The titles of all its rules, each once and in order; those to which all of it is a denial come last."""
    titles = [(rule in told.denied, one_line(title).strip()) for told in alert.items for rule, title in told.rules]
    return list(dict.fromkeys(title for _, title in sorted(titles, key=lambda one: one[0])))


def rules(told: ToldItem) -> str:
    """The item's rules by title and id, and to which of them it is a denial."""
    marks = dict.fromkeys(told.denied, " [denial]")
    return ", ".join(f"{one_line(title).strip()} ({rule}){marks.get(rule, '')}" for rule, title in told.rules)


def source(told: ToldItem) -> str:
    """Where and when it comes from: the feed, when it was published or else seen, and whether it was edited."""
    when = f"published {_moment(told.item.published)}" if told.item.published else f"seen {_moment(told.seen_at)}"
    edited = [f"edited (revision {told.revision})"] if told.revision > 1 else []
    return " · ".join([one_line(told.item.feed), when, *edited])


def reference(key: AlertKey) -> str:
    """Enough of the key to find the alert with `watcher alerts show`."""
    return f"alert {key[:SHORT_KEY]}"


def _moment(moment: datetime) -> str:
    """To the minute in UTC; midnight sharp is a date that came without a time."""
    return f"{moment:%Y-%m-%d}" if moment.time() == time() else f"{moment:%Y-%m-%d %H:%M} UTC"
