"""edge: a feed -> what its answer holds that is new, matched, in one transaction; and the index kept up.

    poll      feed        | fetch | unseen | parse | normalise | match | story | save_poll
    refile                | refile          (the index, when the keys of words have changed)

The hashes of a feed's known entries travel with its state, so "unseen" is the parser leaving those out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import TypeVar

from watcher.errors import FetchError, ParseError, StoreError
from watcher.jobs.ground import BATCH, Ground, Live, surprise
from watcher.match import match
from watcher.model import (
    Access,
    Baseline,
    FeedState,
    FetchRequest,
    Hash64,
    Match,
    NewDispatch,
    Parsed,
    PollSaved,
    Response,
    Revision,
)
from watcher.normalise import normalise
from watcher.schedule import Intervals, weight
from watcher.story import MAX_REVISIONS, dispatches, revised

T = TypeVar("T")


class Polling(Ground):
    """What comes in."""

    async def poll(self, state: FeedState) -> PollSaved:
        """One poll of one feed, saved; a failure changes its failure count and next due time, nothing else."""
        try:
            saved = await self._read(state)
            await self.on_store(self.store.save_poll, saved)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this feed's failure and no other's
            saved = PollSaved(state=self._failed(state, self._told(error, state)))
            await self.on_store(self.store.save_poll, saved)
        self._report(saved)
        return saved

    def _told(self, error: Exception, state: FeedState) -> FetchError | ParseError:
        if isinstance(error, FetchError | ParseError):
            return error
        self.log.error("poll went wrong in the watcher itself", feed=state.feed.id, exc_info=error)
        return ParseError(surprise(error), kind="internal")

    async def _read(self, state: FeedState) -> PollSaved:
        response = await self.fetcher.fetch(
            request_for(state, self.intervals, self.live.access.get(state.feed.id, Access()))
        )
        body_hash = hash_of(response)
        if response.not_modified or (body_hash is not None and body_hash == state.body_hash):
            return PollSaved(state=self._good(state, response, None, new=False, body_hash=body_hash))
        parsed = await self.parser.parse(response, state.entry_hashes, state.feed.recipe)
        return await self._matched(state, response, parsed, body_hash)

    async def _matched(
        self, state: FeedState, response: Response, parsed: Parsed, body_hash: Hash64 | None
    ) -> PollSaved:
        feed, live, now = state.feed, self.live, self.clock.now()
        items = [item async for item in _in_batches(normalise(entry, feed) for entry in parsed.entries)]
        known = await self.on_store(self.store.known, feed.id, [item.key for item in items])
        revisions = tuple(revised(items, known, now))
        matches = [pairs async for pairs in _in_batches(self._hits(live, each, state) for each in revisions)]
        if parsed.warning:
            self.log.warning("feed has a flaw", feed=feed.id, flaw=parsed.warning)
        for last in (revision for revision in revisions if revision.number == MAX_REVISIONS):
            flaw = "edited so often that further edits are left out; has each of its entries an id of its own?"
            self.log.warning("feed has a flaw", feed=feed.id, item=last.item.id, flaw=flaw)
        return PollSaved(
            state=self._good(state, response, parsed, new=bool(revisions), body_hash=body_hash),
            revisions=revisions,
            matches=tuple(pair for pairs in matches for pair in pairs),
            baseline=not state.baselined and feed.baseline is Baseline.QUIET,
        )

    def _hits(self, live: Live, revision: Revision, state: FeedState) -> list[tuple[Match, tuple[NewDispatch, ...]]]:
        """The revision's matches, each with a dispatch for every channel its rule speaks on."""
        found = match(live.ruleset, revision.item, state.feed, revision.number)
        for rule, error in found.failures:
            self.log.error("rule could not be asked", rule=rule, item=revision.item.id, exc_info=error)
        return [(hit, self._ways(live, hit, revision)) for hit in found.matches]

    @staticmethod
    def _ways(live: Live, hit: Match, revision: Revision) -> tuple[NewDispatch, ...]:
        rule = live.rules[hit.rule]
        return dispatches(rule, revision, live.route(rule), denial=hit.denial)

    def _good(
        self, state: FeedState, response: Response, parsed: Parsed | None, *, new: bool, body_hash: Hash64 | None
    ) -> FeedState:
        """The state after a good poll; without `parsed` nothing had changed."""
        now = self.clock.now()
        moved = self.intervals.moved(state, response.permanent_url)
        if parsed is not None:
            moved = replace(moved, entry_hashes=frozenset(parsed.hashes), baselined=True, ttl=parsed.ttl)
        if not response.not_modified:
            moved = replace(moved, etag=response.etag, last_modified=response.last_modified, body_hash=body_hash)
        return replace(
            moved,
            polls=state.polls + 1,
            failures=0,
            strain=0.0,
            error=None,
            polled_at=now,
            good_at=now,
            new_at=now if new else state.new_at,
            next_at=self.intervals.after_success(state, response, parsed, now, self.rand()),
        )

    def _failed(self, state: FeedState, error: FetchError | ParseError) -> FeedState:
        now = self.clock.now()
        strain = state.strain + weight(error)
        failures = state.failures + 1
        failed = replace(
            state, polls=state.polls + 1, failures=failures, strain=strain, error=str(error), polled_at=now
        )
        return replace(failed, next_at=self.intervals.after_failure(failed, error, now, self.rand()))

    def _report(self, saved: PollSaved) -> None:
        state = saved.state
        self.meter.polled("failed" if state.error else "new" if saved.revisions else "unchanged")
        self.meter.stored(len(saved.revisions), len(saved.matches))
        for revision in () if saved.baseline else saved.revisions:
            if revision.item.published is not None:
                self.meter.seen((revision.seen_at - revision.item.published).total_seconds())
        about: dict[str, object] = {"feed": state.feed.id}
        if state.error:
            self.log.warning("poll failed", **about, error=state.error, failures=state.failures, next=state.next_at)
        elif saved.revisions:
            self.log.info("polled", **about, new=len(saved.revisions), matches=len(saved.matches))

    async def refile(self) -> int:
        """File some of the items anew that stand in the index under keys of another version; how many."""
        return await self.on_store(self.store.refile, BATCH)


# what a poll decides, pure


def request_for(state: FeedState, intervals: Intervals, access: Access) -> FetchRequest:
    """Where to ask: the feed's URL, or where it moved once the move has held."""
    url = intervals.effective_url(state)
    return FetchRequest(
        url=url,
        etag=state.etag,
        last_modified=state.last_modified,
        access=access,
        timeout=state.feed.timeout,
        max_size=state.feed.max_size,
    )


def hash_of(response: Response) -> Hash64 | None:
    """A body's hash; None for a folder and for a 304, where the validators say it all."""
    if response.files is not None or response.not_modified:
        return None
    return Hash64(int.from_bytes(blake2b(response.body, digest_size=8).digest(), "big", signed=True))


async def _in_batches(values: Iterable[T]) -> AsyncIterator[T]:
    for number, value in enumerate(values, 1):
        yield value
        if number % BATCH == 0:
            await asyncio.sleep(0)
