"""pure: (rule, revision, channels) -> where its match goes, and the group its alerts belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from watcher.model import ChannelName, Item, NewDispatch, Revision, Rule
from watcher.rules import regex_hits
from watcher.rules.wording import TEXT_GROUP, group_regex

__all__ = ["GROUPS", "dispatches", "group_of", "site_at", "site_of"]


def dispatches(
    rule: Rule, revision: Revision, channels: Iterable[ChannelName], *, denial: bool = False
) -> tuple[NewDispatch, ...]:
    """One for each channel, in the group the rule asks for; a denial is one severity lower."""
    group, source = group_of(rule, revision), revision.link.source or site_of(revision.item)
    severity = rule.severity.lower if denial else rule.severity
    return tuple(
        NewDispatch(channel=channel, group=group, severity=severity, updates=rule.updates, source=source)
        for channel in channels
    )


def group_of(rule: Rule, revision: Revision) -> str:
    """What an alert about this revision is grouped by, as the rule asks: "story:<id>", "site:<host>" and so on.

    By text it is what the regular expression finds first, in small letters, so that all rules share it; the story where
    it finds nothing. Raises KeyError for a grouping that does not exist: loading a rule checks it.
    """
    if rule.group.startswith(TEXT_GROUP):
        found = first_found(rule.group, revision.item)
        return f"{TEXT_GROUP}{found}" if found else f"story:{revision.story}"
    return f"{rule.group}:{GROUPS[rule.group](rule, revision)}"


def first_found(group: str, item: Item) -> str:
    """The first text of an item, from its title on, that the expression of a group by text finds."""
    wanted = _expression(group)
    spans = ((text, wanted.spans(text)) for text in (item.title, item.place, item.text, item.summary))
    return next((text[slice(*found[0])] for text, found in spans if found), "").casefold()


@lru_cache(1 << 10)
def _expression(group: str) -> regex_hits.Expression:
    tree = group_regex(group)
    if tree is None:
        raise KeyError(group)
    return regex_hits.expression(tree.text, tree.flags)


def site_of(item: Item) -> str:
    """The host an item comes from without "www.", or its feed's id where its URL names no host."""
    return site_at(item.canonical or item.url) or item.feed


def site_at(url: str | None) -> str:
    """The host of a URL without "www."; "" where it names none."""
    host = (url or "").partition("://")[2].partition("/")[0]
    if not _PLAIN_HOST.fullmatch(host):
        host = urlsplit(url or "").hostname or ""
    return host.removeprefix("www.")


_PLAIN_HOST = re.compile(r"[a-z0-9.-]+")
"""One that is as it stands, and quicker cut out by hand: each item that came is asked for its own."""


GROUPS: dict[str, Callable[[Rule, Revision], str]] = {
    "story": lambda _, revision: revision.story,
    "rule": lambda rule, _: rule.id,
    "feed": lambda _, revision: revision.item.feed,
    "site": lambda _, revision: site_of(revision.item),
    "item": lambda _, revision: revision.item.id,
}
"""The names a rule may write under `group`, and what each takes as the group."""
