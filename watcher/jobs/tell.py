"""edge: revisions -> their matches, their stories, and where each match goes: what polls and pages have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watcher.errors import StoreError
from watcher.jobs.ground import BATCH, Ground, Live
from watcher.match import Found, match
from watcher.model import Akin, Feed, Match, NewDispatch, Revision
from watcher.story import SPAN, dispatches, linked, sketch_of

MANY = 10_000
"""Rules that make matching a text as much more work as it is without them."""
HIT = 200
"""Characters whose reading is as much work as telling the channels of a match."""

Told = tuple[tuple[Match, tuple[NewDispatch, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The matches of each of some revisions, in their order, and the rules that were asked."""

    live: Live
    of: Sequence[Sequence[Match]] = ()


class Telling(Ground):
    """What becomes of revisions before they are saved."""

    async def hits(self, live: Live, revisions: Sequence[Revision], feed: Feed) -> Hits:
        """What the rules find in revisions; a rule that cannot be asked is said, and no other's concern."""
        size = size_of(revisions) * (1 + len(live.rules) // MANY)
        found = await self.aside(size, _matched, live, revisions, feed)
        for revision, of in zip(revisions, found, strict=True):
            for rule, error in of.failures:
                self.log.error("rule could not be asked", rule=rule, item=revision.item.id, exc_info=error)
        return Hits(live=live, of=[of.matches for of in found])

    async def sketched(self, revisions: Sequence[Revision]) -> Sequence[Revision]:
        """The revisions with what their like is known by. That may take long, and is done before `linking` is held."""
        try:
            return await self.aside(size_of(revisions), _sketched, revisions)
        except Exception:  # as in in_stories
            self.log.exception("stories could not be looked for", items=len(revisions))
            return revisions

    async def in_stories(self, revisions: Sequence[Revision]) -> tuple[Revision, ...]:
        """The revisions, which are sketched, in their stories. Whoever asks holds `linking` until they are saved.

        Where a mistake of ours prevents that, each is told by itself: better twice than not at all.
        """
        if any(revision.sketch is None for revision in revisions):
            return tuple(revisions)
        try:
            return await self._linked(revisions)
        except StoreError:
            raise
        except Exception:  # whatever it is, no item is lost for it
            self.log.exception("stories could not be looked for", items=len(revisions))
            return tuple(revisions)

    async def _linked(self, revisions: Sequence[Revision]) -> tuple[Revision, ...]:
        akin: list[Akin] = []
        while len(akin) < len(revisions):
            some = revisions[len(akin) : len(akin) + BATCH]
            akin += await self.on_store(self.store.akin, some, self.clock.now() - SPAN)
        return await self.aside(size_of(revisions), lambda: tuple(linked(revisions, akin)))

    async def told_on(self, revisions: Sequence[Revision], hits: Hits) -> Told:
        """Each match with a dispatch for every channel its rule speaks on."""
        return await self.aside(sum(map(len, hits.of)) * HIT, _told, revisions, hits)


def size_of(revisions: Sequence[Revision]) -> int:
    """Characters."""
    return sum(len(revision.item.raw) for revision in revisions)


def _matched(live: Live, revisions: Sequence[Revision], feed: Feed) -> list[Found]:
    return [match(live.ruleset, revision.item, feed, revision.number) for revision in revisions]


def _sketched(revisions: Sequence[Revision]) -> list[Revision]:
    return [replace(revision, sketch=sketch_of(revision.item)) for revision in revisions]


def _told(revisions: Sequence[Revision], hits: Hits) -> Told:
    live = hits.live
    return tuple(
        (hit, dispatches(rule := live.rules[hit.rule], revision, live.route(rule), denial=hit.denial))
        for revision, found in zip(revisions, hits.of, strict=True)
        for hit in found
    )
