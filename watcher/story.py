"""pure: items -> stories, and the groups their alerts belong to.

The same canonical URL is the same story, whatever feed brought it; an item without one is a story of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlsplit

from watcher.model import Item, Revision, Rule, StoryId


def story_of(item: Item) -> StoryId:
    """16 hexadecimal digits: a hash of the canonical URL, or of the item's id where there is none."""
    identity = f"url\0{item.canonical}" if item.canonical else f"item\0{item.id}"
    return StoryId(sha256(identity.encode()).hexdigest()[:16])


def group_of(rule: Rule, revision: Revision) -> str:
    """What an alert about this revision is grouped by, as the rule asks: "story:<id>", "site:<host>" and so on.

    Raises KeyError for a grouping that does not exist: loading a rule checks it.
    """
    return f"{rule.group}:{GROUPS[rule.group](rule, revision)}"


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
