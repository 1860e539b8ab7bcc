"""pure: items -> revisions and stories, and the groups their alerts belong to.

The same canonical URL is the same story, whatever feed brought it; an item without one is a story of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from watcher.model import ChannelName, Hash64, Item, Known, NewDispatch, Revision, Rule, StoryId
from watcher.rules import regex_hits
from watcher.rules.wording import TEXT_GROUP, group_regex

MAX_REVISIONS = 24
"""Edits of one item that are kept and matched; a page that changes at each poll tells nothing more after that."""


def revised(items: Iterable[Item], known: Mapping[Hash64, Known], now: datetime) -> Iterator[Revision]:
    """Items not known, and known ones that say something else than before, each with its revision number.

    Entries of one document that share an identity are revisions of one item in document order: nothing is dropped.
    """
    latest = dict(known)
    for item in items:
        before = latest.get(item.key)
        number = before.revision + 1 if before else 1
        if number > MAX_REVISIONS or (before and before.fingerprint == item.fingerprint):
            continue
        story = (before and before.story) or story_of(item)  # an edit that moves the item stays in its thread
        latest[item.key] = Known(item=item.id, fingerprint=item.fingerprint, revision=number, story=story)
        yield Revision(item=item, number=number, seen_at=now, story=story)


def dispatches(
    rule: Rule, revision: Revision, channels: Iterable[ChannelName], *, denial: bool = False
) -> tuple[NewDispatch, ...]:
    """One for each channel, in the group the rule asks for; a denial is one severity lower."""
    group, source = group_of(rule, revision), site_of(revision.item)
    severity = rule.severity.lower if denial else rule.severity
    return tuple(
        NewDispatch(channel=channel, group=group, severity=severity, updates=rule.updates, source=source)
        for channel in channels
    )


def story_of(item: Item) -> StoryId:
    """16 hexadecimal digits: a hash of the canonical URL, or of the item's id where there is none."""
    identity = f"url\0{item.canonical}" if item.canonical else f"item\0{item.id}"
    return StoryId(sha256(identity.encode()).hexdigest()[:16])


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
    spans = ((text, wanted.spans(text)) for text in (item.title, item.text, item.summary))
    return next((text[slice(*found[0])] for text, found in spans if found), "").casefold()


@lru_cache(1 << 10)
def _expression(group: str) -> regex_hits.Expression:
    tree = group_regex(group)
    if tree is None:
        raise KeyError(group)
    return regex_hits.expression(tree.text, tree.flags)


def site_of(item: Item) -> str:
    """The host an item comes from without "www.", or its feed's id where its URL names no host."""
    host = urlsplit(item.canonical or item.url or "").hostname or ""
    return host.removeprefix("www.") or item.feed


GROUPS: dict[str, Callable[[Rule, Revision], str]] = {
    "story": lambda _, revision: revision.story,
    "rule": lambda rule, _: rule.id,
    "feed": lambda _, revision: revision.item.feed,
    "site": lambda _, revision: site_of(revision.item),
    "item": lambda _, revision: revision.item.id,
}
"""The names a rule may write under `group`, and what each takes as the group."""
