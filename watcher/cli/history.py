"""edge: (store, compiled rules) -> the stored items they match: what they would have found, had they been live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.match import match
from watcher.model import Feed, FeedId, Match, Revision
from watcher.ports import Store
from watcher.rules.compile import CompiledRule, required_terms
from watcher.rules.ruleset import Ruleset


def hits(
    store: Store, compiled: CompiledRule, since: timedelta | None, now: datetime
) -> Iterator[tuple[Revision, Match]]:
    """The latest revisions that the rule matches, newest first, each with its match.

    One item is held in memory at a time. `since` looks back so far from `now`; None: at all that is stored. The rule's
    scope and what it does with denials count as they do in a poll. Raises StoreError.
    """
    for revision, found in hits_of_all(store, [compiled], since, now):
        for _, hit in found:
            yield revision, hit


def hits_of_all(
    store: Store, rules: Sequence[CompiledRule], since: timedelta | None, now: datetime
) -> Iterator[tuple[Revision, Sequence[tuple[int, Match]]]]:
    """The same for many rules: each revision that any of them matches, with the numbers of those and their matches.

    However many rules may match an item, it is read and cut into words once.
    """
    feeds, ruleset = known_feeds(store), Ruleset(rules)
    places = {compiled.rule.id: number for number, compiled in enumerate(rules)}
    for revision in store.search_any([required_terms(each) for each in rules], now - since if since else None):
        found = match(ruleset, revision.item, feed_in(feeds, revision), revision.number)
        for failure in found.failures:
            raise failure.error
        if found.matches:
            yield revision, [(places[hit.rule], hit) for hit in found.matches]


def known_feeds(store: Store) -> dict[FeedId, Feed]:
    """The feeds as they were last polled."""
    return {state.feed.id: state.feed for state in store.feeds()}


def feed_in(feeds: Mapping[FeedId, Feed], revision: Revision) -> Feed:
    """The feed of a revision; of a feed that is gone nothing but its id is known."""
    feed = revision.item.feed
    return feeds.get(feed) or Feed(id=feed, url=feed)
