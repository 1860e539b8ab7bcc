"""edge: (store, compiled rule) -> the stored items it matches: what it would have found, had it been live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from watcher.match import match
from watcher.model import Feed, FeedId, Match, Revision
from watcher.ports import Store
from watcher.rules.compile import CompiledRule, required_terms
from watcher.rules.ruleset import Ruleset

EVERY = 10_000_000
"""Candidates looked at: more than a store holds."""


def hits(
    store: Store, compiled: CompiledRule, since: timedelta | None, now: datetime
) -> Iterator[tuple[Revision, Match]]:
    """The latest revisions that the rule matches, newest first, each with its match.

    One item is held in memory at a time. `since` looks back so far from `now`; None: at all that is stored. The rule's
    scope and what it does with denials count as they do in a poll. Raises StoreError.
    """
    ruleset, feeds = Ruleset((compiled,)), known_feeds(store)
    start = now - since if since else None
    for revision in store.search(required_terms(compiled), start, EVERY):
        found = match(ruleset, revision.item, feed_in(feeds, revision), revision.number)
        for failure in found.failures:
            raise failure.error
        for hit in found.matches:
            yield revision, hit


def known_feeds(store: Store) -> dict[FeedId, Feed]:
    """The feeds as they were last polled."""
    return {state.feed.id: state.feed for state in store.feeds()}


def feed_in(feeds: dict[FeedId, Feed], revision: Revision) -> Feed:
    """The feed of a revision; of a feed that is gone nothing but its id is known."""
    feed = revision.item.feed
    return feeds.get(feed) or Feed(id=feed, url=feed)
