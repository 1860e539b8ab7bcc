"""edge: revisions -> their matches, their stories, and where each match goes: what polls and pages have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from watcher.errors import StoreError
from watcher.jobs.ground import BATCH, Ground, Live
from watcher.jobs.recognise import in_batches
from watcher.match import match
from watcher.model import Akin, Feed, Match, NewDispatch, Revision
from watcher.story import SPAN, dispatches, linked, sketch_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The matches of each of some revisions, in their order, and the rules that were asked."""

    live: Live
    of: Sequence[Sequence[Match]] = ()


class Telling(Ground):
    """What becomes of revisions before they are saved."""

    def hits(self, live: Live, revision: Revision, feed: Feed) -> Sequence[Match]:
        """What the rules find in a revision; a rule that cannot be asked is said, and no other's concern."""
        found = match(live.ruleset, revision.item, feed, revision.number)
        for rule, error in found.failures:
            self.log.error("rule could not be asked", rule=rule, item=revision.item.id, exc_info=error)
        return found.matches

    async def in_stories(self, revisions: Sequence[Revision]) -> tuple[Revision, ...]:
        """The revisions sketched, in their stories. Whoever asks holds `linking` until they are saved.

        Where a mistake of ours prevents that, each is told by itself: better twice than not at all.
        """
        try:
            return await self._linked(revisions)
        except StoreError:
            raise
        except Exception:  # whatever it is, no item is lost for it
            self.log.exception("stories could not be looked for", items=len(revisions))
            return tuple(revisions)

    async def _linked(self, revisions: Sequence[Revision]) -> tuple[Revision, ...]:
        made = (replace(revision, sketch=sketch_of(revision.item)) for revision in revisions)
        sketched = [revision async for revision in in_batches(made)]
        akin: list[Akin] = []
        for first in range(0, len(sketched), BATCH):
            akin += await self.on_store(self.store.akin, sketched[first : first + BATCH], self.clock.now() - SPAN)
        return tuple([revision async for revision in in_batches(linked(sketched, akin))])

    @staticmethod
    def told_on(revisions: Sequence[Revision], hits: Hits) -> Iterator[tuple[Match, tuple[NewDispatch, ...]]]:
        """Each match with a dispatch for every channel its rule speaks on."""
        live = hits.live
        for revision, found in zip(revisions, hits.of, strict=True):
            for hit in found:
                rule = live.rules[hit.rule]
                yield hit, dispatches(rule, revision, live.route(rule), denial=hit.denial)
