"""pure: (a feed, its revisions) -> the pages that are wanted; (an item, its page) -> the item with the page's text.

Title, dates, authors and tags stay the feed's where it gives them; so does what the item is known by, and what an edit
is compared with: the page is what an item says at length, not something new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.errors import FetchError, ParseError
from watcher.guard import access_at
from watcher.model import Access, Entry, Feed, FetchRequest, Hash64, Item, Learned, LinkedPage, Origin, Revision
from watcher.normalise import normalise
from watcher.schedule import DAY
from watcher.text.amount import words

__all__ = ["is_whole", "page_request", "page_rest", "wanted_pages", "with_page"]

WHOLE = 300
"""Words from which a feed's text is taken for the whole article."""
COOKIES = "cookies"
_END = 3  # blocks at the end that may lead to the rest
_SHORT = 150  # characters of such a block
_CUT = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.|\+)\])[\s»”\")\]]*\Z")
_MORE = re.compile(
    r"\b(?:read (?:more|on|the (?:full|rest|whole))|(?:continue|keep) reading|"
    r"(?:view|see|full|whole|original) (?:article|story|text)|weiterlesen|mehr lesen|zum (?:ganzen )?artikel|"
    r"lire (?:la suite|plus|l['’]article)|leer más|(?:seguir|sigue) leyendo|leggi (?:tutto|di più|l['’]articolo)|"
    r"continua a leggere|(?:leia|ler) mais|continuar (?:lendo|a ler)|lees (?:verder|meer)|"
    r"czytaj (?:dalej|więcej|całość)|читать (?:далее|дальше|полностью)|читати далі|"
    r"devamını? oku|läs (?:mer|hela|vidare))\b|続きを読む|もっと読む|"
    r"阅读全文|閱讀全文|继续阅读|繼續閱讀|查看全文|اقرأ المزيد|تابع القراءة|للمزيد",
    re.IGNORECASE,
)
_RESTING = frozenset({429, 503})


def wanted_pages(feed: Feed, revisions: Iterable[Revision], now: datetime) -> tuple[LinkedPage, ...]:
    """The pages of what a poll has brought, where the feed asks for them: of items with a link of their own to the web
    whose text is not all there already.
    """
    if not feed.full_text:
        return ()
    latest = {revision.item.id: revision.item for revision in revisions}
    urls = {id_: item.url for id_, item in latest.items() if item.canonical and not is_whole(item)}
    return tuple(
        LinkedPage(item=id_, feed=feed, url=url, wanted_at=now, next_at=now)
        for id_, url in urls.items()
        if url and url.startswith(("http://", "https://"))
    )


def is_whole(item: Item) -> bool:
    """Whether a feed's text is plainly the article, not its beginning: long, and it does not break off."""
    if words(item.text) < WHOLE or _CUT.search(item.text):
        return False
    end = (block for block in item.raw.split("\n\n")[-_END:] if len(block) <= _SHORT)
    return not any(_MORE.search(block) or _CUT.search(block) for block in end)


def page_request(page: LinkedPage, access: Access) -> FetchRequest:
    """What opens the feed goes to a page of its own origin only; its limits hold for its pages."""
    feed = page.feed
    given = access_at(access, feed.url, page.url)
    return FetchRequest(url=page.url, access=given, timeout=feed.timeout, max_size=feed.max_size, page=True)


def page_rest(error: FetchError | ParseError, now: datetime) -> datetime | None:
    """Until when no page of its site is fetched: as it asks for."""
    if not isinstance(error, FetchError) or error.status not in _RESTING or not error.retry_after:
        return None
    return now + timedelta(seconds=min(error.retry_after, DAY))


def with_page(before: Item, entry: Entry, learned: Learned, feed: Feed) -> Item | None:
    """The item as it is now that its page was read; None where that says no more than the feed did.

    What stands behind a wall is noted, and its beginning taken where it is longer than what the feed says.
    """
    if entry.wall != COOKIES:
        made = normalise(page_entry(before, entry), feed, learned=learned)
        if _says_more(made, before):
            return _merged(made, before, entry, feed)
    return replace(before, wall=entry.wall) if entry.wall and entry.wall != before.wall else None


def page_entry(before: Item, entry: Entry) -> Entry:
    """The page as one of the item's site; a hash of 0 says that it is a page."""
    return replace(entry, hash=Hash64(0), guid=None, link=before.url)


def _says_more(made: Item, before: Item) -> bool:
    now, then = ("".join(item.text.split()) for item in (made, before))
    return now != then if before.origin is Origin.PAGE else len(now) > len(then)


def _merged(made: Item, before: Item, entry: Entry, feed: Feed) -> Item:
    own_title = before.title and not before.title_from_text
    credited = made.outlet != entry.outlet  # a wire's, lifted out of the text
    return replace(
        made,
        id=before.id,
        key=before.key,
        fingerprint=before.fingerprint,
        url=before.url,
        canonical=before.canonical,
        title=before.title if own_title else made.title,
        title_from_text=False if own_title else made.title_from_text,
        summary=before.summary or ("" if before.origin is Origin.PAGE else before.text),
        authors=before.authors or made.authors,
        tags=before.tags if set(before.tags) - set(feed.tags) else made.tags,
        lang=before.lang or made.lang,
        published=before.published or made.published,
        updated=before.updated or made.updated,
        said=before.said or made.said,
        outlet=made.outlet if credited else before.outlet or made.outlet,
        place=made.place or before.place,
        origin=Origin.PAGE,
        wall=entry.wall,
    )
