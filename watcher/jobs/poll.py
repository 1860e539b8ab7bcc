"""edge: a feed -> what its answer holds that is new, matched, in one transaction; and the index kept up.

    poll      feed        | fetch | unseen | parse | recognise | match | story | save_poll
    refile                | refile          (the index, when the keys of words have changed)

The hashes of a feed's known entries travel with its state, so "unseen" is the parser leaving those out. What a poll
makes of a feed's state is decided in watcher/polling.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from watcher.absence import asked_each
from watcher.errors import FetchError, ParseError, StoreError
from watcher.jobs.ground import BATCH
from watcher.jobs.recognise import Recognised, Recognising
from watcher.jobs.tell import Hits, Telling
from watcher.model import Baseline, Feed, FeedState, FetchRequest, Parsed, PollSaved, Revision
from watcher.polling.complete import gap
from watcher.polling.honest import lie
from watcher.polling.outcome import Answer, News, after_failure, after_news, after_nothing, hash_of, rest_until
from watcher.polling.paging import wanted_pages
from watcher.polling.request import announced, found_request, request_for
from watcher.schedule import Intervals
from watcher.story import MAX_REVISIONS, revised


class Polling(Recognising, Telling):
    """What comes in."""

    async def poll(self, state: FeedState) -> PollSaved:
        """One poll of one feed, saved; a failure changes what is said of failures and when it is due, nothing else."""
        try:
            answer, parsed = await self._read(state)
            async with self.held(state.feed.id):
                saved = await self._saved(*await self._made(answer, parsed))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this feed's failure and no other's
            trouble = self.trouble(error, "poll went wrong in the watcher itself", feed=state.feed.id)
            saved = self._failed(state, trouble)
            await self.on_store(self.store.save_poll, saved)
        self._report(state, saved)
        return saved

    def _failed(self, state: FeedState, error: FetchError | ParseError) -> PollSaved:
        now = self.clock.now()
        return PollSaved(
            state=after_failure(state, error, self.intervals, now, self.rand()),
            rest_until=rest_until(state, error, self.intervals, now),
        )

    async def _saved(self, saved: PollSaved, hits: Hits) -> PollSaved:
        """Saved, its revisions in their stories: one poll after the other, for each may begin what the next goes on."""
        if not saved.revisions:
            await self.on_store(self.store.save_poll, saved)
            return saved
        sketched = await self.sketched(saved.revisions)
        async with self.linking:
            revisions = await self.in_stories(sketched)
            saved = replace(saved, revisions=revisions, matches=await self.told_on(revisions, hits))
            await self.on_store(self.store.save_poll, saved)
        return saved

    async def _read(self, state: FeedState) -> tuple[Answer, Parsed | None]:
        """What was answered, and what stands in it where that is not what stood there before."""
        request = request_for(state, self.intervals, self.live.access_of(state.feed.id))
        answer = await self._answered(state, request, None if request.url == state.feed.url else state.found_at)
        if answer.unchanged:
            return answer, None
        try:
            return answer, await self._parsed(answer)
        except ParseError as error:
            answer = await self._announced(answer, error)
            return answer, await self._parsed(answer)

    async def _made(self, answer: Answer, parsed: Parsed | None) -> tuple[PollSaved, Hits]:
        if parsed is not None:
            return await self._matched(answer, parsed)
        state = after_nothing(answer, self._rhythm(answer.state.feed), self.clock.now(), self.rand())
        return PollSaved(state=state), Hits(live=self.live)

    async def _answered(self, state: FeedState, request: FetchRequest, found_at: str | None) -> Answer:
        response = await self.fetcher.fetch(request)
        return Answer(state=state, request=request, response=response, body_hash=hash_of(response), found_at=found_at)

    async def _parsed(self, answer: Answer) -> Parsed:
        state = answer.state
        return await self.parser.parse(answer.response, state.entry_hashes, state.feed.recipe, state.habits.scope)

    async def _announced(self, page: Answer, error: ParseError) -> Answer:
        """What a page announces as its feed, asked for in the same poll; one hop, whatever comes of it."""
        feed = page.state.feed
        url = announced(error, page.request.url)
        if url is None:
            raise error
        return await self._answered(page.state, found_request(page.request, feed.url, url), url)

    async def _matched(self, answer: Answer, parsed: Parsed) -> tuple[PollSaved, Hits]:
        state, live = answer.state, self.live
        found = await self.recognise(state, answer.response, parsed)
        now = self.clock.now()
        revisions = tuple(revised(found.items, found.known, now))
        hits = await self.hits(live, revisions, state.feed)
        news = News(parsed=parsed, revisions=revisions, old=found.old, habits=found.habits)
        self._warn(state, parsed, found, revisions)
        baseline = not state.baselined and state.feed.baseline is Baseline.QUIET
        saved = PollSaved(
            state=after_news(answer, news, self._rhythm(state.feed), now, self.rand()),
            revisions=revisions,
            baseline=baseline,
            pages=() if baseline else wanted_pages(state.feed, revisions, now),
            also_known=tuple(found.also.items()),
            unchanged=tuple(found.unchanged.items()),
            learned=found.learned,
        )
        return saved, hits

    def _rhythm(self, feed: Feed) -> Intervals:
        """A feed whose silence a rule tells is asked often enough for that."""
        most = asked_each(self.live.absences, feed)
        return self.intervals if most is None else replace(self.intervals, rarest=min(most, self.intervals.rarest))

    def _warn(self, state: FeedState, parsed: Parsed, found: Recognised, revisions: tuple[Revision, ...]) -> None:
        """Say what was wrong with a document that could be read all the same."""
        for flaw in filter(None, (parsed.warning, found.flaw)):
            self.log.warning("feed has a flaw", feed=state.feed.id, flaw=flaw)
        for last in (revision for revision in revisions if revision.number == MAX_REVISIONS):
            flaw = "edited so often that further edits are left out; has each of its entries an id of its own?"
            self.log.warning("feed has a flaw", feed=state.feed.id, item=last.item.id, flaw=flaw)

    def _report(self, before: FeedState, saved: PollSaved) -> None:
        state = saved.state
        self.meter.polled("failed" if state.error else "new" if saved.revisions else "unchanged", state.trouble)
        self.meter.stored(len(saved.revisions), len(saved.matches))
        for revision in () if saved.baseline else saved.revisions:
            if revision.item.published is not None:
                self.meter.seen((revision.seen_at - revision.ordered_at).total_seconds())
        about: dict[str, object] = {"feed": state.feed.id}
        if state.error:
            self.log.warning("poll failed", **about, error=state.error, failures=state.failures, next=state.next_at)
            return
        if state.found_at and state.found_at != before.found_at:
            self.log.info("feed was found on its page", **about, at=state.found_at)
        for flaw in _learned(before, state):
            self.log.warning("feed has a flaw", **about, flaw=flaw)
        if saved.revisions:
            self.log.info("polled", **about, new=len(saved.revisions), matches=len(saved.matches))

    async def refile(self) -> int:
        """File some of the items anew that stand in the index under keys of another version; how many."""
        return await self.on_store(self.store.refile, BATCH)


def _learned(before: FeedState, after: FeedState) -> Iterator[str]:
    """What a good poll has shown of a feed, in words, where it was not known or happens again."""
    if after.habits is not before.habits:
        yield from filter(None, (lie(before.habits, after.habits), gap(before, after)))
