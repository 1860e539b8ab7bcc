"""edge: a page that an item links to -> the item with its text, matched again, in one transaction.

    fulltext  page        | fetch | parse | normalise | match | story | save_page

The item was stored and matched by its summary when its feed brought it. A try that fails leaves nothing but itself and
when the next one is due; a page given up is said once.
"""

from __future__ import annotations

from dataclasses import replace

from watcher.errors import FetchError, ParseError, StoreError
from watcher.jobs.tell import Hits, Telling
from watcher.model import Entry, Feed, Item, Learned, LinkedPage, PageSaved, Revision
from watcher.normalise.learning import learn
from watcher.polling.paging import page_entry, page_request, page_rest, with_page
from watcher.schedule import page_again
from watcher.story import MAX_REVISIONS

_SAID = {
    "paywall": "its page is for subscribers only",
    "cookies": "its page asks for consent to cookies before it shows anything",
}
"""What is said of a wall."""


class FullText(Telling):
    """What stands behind links."""

    async def fulltext(self, page: LinkedPage) -> PageSaved | None:
        """One try at a page that was claimed, saved; None where it counts for nothing, since it is wanted anew or its
        item is forgotten.
        """
        try:
            entry = await self._page(page)
            async with self.held(page.feed.id):
                return await self._brought(page, entry)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this page's failure and no other's
            about = {"feed": page.feed.id, "item": page.item}
            saved = self._in_vain(page, self.trouble(error, "page went wrong in the watcher itself", **about))
            return saved if await self.on_store(self.store.save_page, saved) else None

    async def _page(self, page: LinkedPage) -> Entry:
        """One is read at a time: documents of feeds wait for no more than that."""
        response = await self.fetcher.fetch(page_request(page, self.live.access_of(page.feed.id)))
        async with self.reading:
            return await self.parser.page(response)

    def _in_vain(self, page: LinkedPage, error: FetchError | ParseError) -> PageSaved:
        now = self.clock.now()
        next_at = page_again(page.tries + 1, error, now, self.rand())
        tried = replace(page, tries=page.tries + 1, next_at=next_at, error=str(error))
        about = {"feed": page.feed.id, "item": page.item, "error": tried.error, "tries": tried.tries}
        self.meter.paged("failed" if next_at else "given-up")
        if next_at:
            self.log.info("page failed", **about, next=next_at)
        else:
            self.log.warning("page given up: the item stays as its feed has it", **about)
        return PageSaved(page=tried, rest_until=page_rest(error, now))

    async def _brought(self, page: LinkedPage, entry: Entry) -> PageSaved | None:
        before, known = await self.on_store(self._remembered_of, page)
        tried = replace(page, tries=page.tries + 1, next_at=None, error=_SAID.get(entry.wall))
        saved = PageSaved(page=tried)
        if before and not before.forgotten:
            size = sum(len(block.text) for block in entry.blocks)
            learned, item = await self.aside(size, _with_text, known, before.item, entry, page.feed)
            saved = replace(saved, learned=None if learned is known else learned)
            if item and before.number < MAX_REVISIONS:
                seen_at = self.clock.now()
                revision = replace(before, item=item, number=before.number + 1, seen_at=seen_at)
                return await self._told_of(page, replace(saved, revision=revision), before)
        return await self._kept(page, saved)

    def _remembered_of(self, page: LinkedPage) -> tuple[Revision | None, Learned]:
        return self.store.revision(page.item), self.store.learned(page.feed.id)

    async def _told_of(self, page: LinkedPage, saved: PageSaved, before: Revision) -> PageSaved | None:
        """Matched, unless the page has but shown a wall: the feed's words were matched when they came."""
        revision, live = saved.revision, self.live
        assert revision is not None, "that is what is told of"
        new = revision.item.text != before.item.text
        hits = await self.hits(live, [revision], page.feed) if new else Hits(live=live, of=[()])
        sketched = await self.sketched([revision])
        async with self.linking:
            revisions = await self.in_stories(sketched)
            saved = replace(saved, revision=revisions[0], matches=await self.told_on(revisions, hits))
            return await self._kept(page, saved)

    async def _kept(self, page: LinkedPage, saved: PageSaved) -> PageSaved | None:
        if not await self.on_store(self.store.save_page, saved):
            return None
        about = {"feed": page.feed.id, "item": page.item}
        if saved.page.error:
            self.meter.paged("wall")
            self.log.info("page has a wall", **about, error=saved.page.error)
        else:
            self.meter.paged("text" if saved.revision else "nothing")
        if saved.revision:
            self.meter.stored(1, len(saved.matches))
            self.log.info("page came", **about, matches=len(saved.matches))
        return saved


def _with_text(known: Learned, before: Item, entry: Entry, feed: Feed) -> tuple[Learned, Item | None]:
    """What is known of the feed's sites from now on, and the item with its page's text."""
    learned = learn(known, [page_entry(before, entry)]) if not entry.wall else known
    return learned, with_page(before, entry, learned, feed)
