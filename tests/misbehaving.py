"""A site that does to its readers whatever sites do, by the roll of a die that falls the same each time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Literal

from tests.fakes import NOON
from watcher.errors import FetchError
from watcher.model import FetchRequest, Response

__all__ = ["HOME", "Site", "Ways"]

HOME = "https://wires.example/feed"
_NEW = "https://wires.example/moved"
_FOUND = ("https://wires.example/a.xml", "https://wires.example/b.xml")
_PAGE = "<!doctype html><html><head><title>Wires</title>{}</head><body><p>Words on wires.</p></body></html>"
_CHALLENGE = b"<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>"
_ERROR_ITEM = b"<rss version='2.0'><channel><title>t</title><item><title>HTTP 500</title></item></channel></rss>"
_STATUSES = (401, 403, 404, 410, 429, 500, 503)
_KINDS = ("timeout", "connect", "reset", "dns", "tls", "truncated", "too-large", "redirect", "protocol")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a site is, for all its life."""

    ids: Literal["stable", "random", "constant", "none"] = "stable"
    links: Literal["own", "random", "constant", "none"] = "own"
    bumped: bool = False  # every entry has the date of the fetch
    edits: bool = True
    announced: bool = False  # its URL is that of a page
    conditional: bool = True  # it sends ETags, and answers to them
    trouble: float = 0.3  # share of the answers that are no document


@dataclass
class Site:
    """A Fetcher over one site. `stood` counts in how many whole documents each content stood."""

    seed: int
    ways: Ways
    stood: Counter[str] = field(default_factory=Counter)
    edits: dict[int, int] = field(default_factory=dict)
    hour: float = 0
    stories: int = 0
    lying: bool = False  # its validators stay whatever it says
    moved: bool = False
    sent: str = ""  # the last ETag
    asked: list[FetchRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.die = Random(self.seed)
        self.die_of_ids = Random(self.seed + 1)
        self.window: list[int] = []
        self.happens(0)

    # what happens there

    def happens(self, hours: float) -> None:
        """Time goes by: things are published, edited, dropped, shuffled."""
        die, first = self.die, not self.stories
        self.hour += hours
        self.stories += die.choice((2, 3, 5)) if first else die.choice((0, 0, 0, 1, 1, 2, 8))
        if self.ways.edits and not first and die.random() < 0.3:
            story = die.randrange(max(0, self.stories - 10), self.stories)
            self.edits[story] = min(self.edits.get(story, 0) + 1, 20)
        newest = list(range(max(0, self.stories - 10), self.stories))
        gone = 0 if first else die.choice((0, 0, 0, 1, 3))
        kept = die.sample(newest, len(newest) - min(gone, len(newest) - 3)) if len(newest) > 3 else newest
        self.window = kept if die.random() < 0.3 else sorted(kept, reverse=True)
        if die.random() < 0.1:
            self.moved = not self.moved
        if die.random() < 0.1:
            self.lying = not self.lying

    async def aclose(self) -> None:
        pass

    # what it answers

    async def fetch(self, request: FetchRequest) -> Response:
        self.asked.append(request)
        if self.die.random() < self.ways.trouble:
            return self._trouble(request)
        if request.etag == self.sent and self.sent and (self.lying or self.die.random() < 0.1):
            return Response(url=request.url, status=304, etag=request.etag)
        at = self._at(request)
        if self.ways.announced and at.url == HOME:
            return self._page(at)
        return self._document(at)

    def _trouble(self, request: FetchRequest) -> Response:
        """What is no document, or none that says anything."""
        die = self.die
        match die.randrange(9):
            case 0 | 1:
                code, wait = die.choice(_STATUSES), die.choice((None, 0.0, 30.0, 7200.0, 1e9))
                raise FetchError(f"the server answered {code}", kind="status", status=code, retry_after=wait)
            case 2 | 3:
                raise FetchError("no answer", kind=die.choice(_KINDS))
            case 4:
                body = _CHALLENGE
            case 5:
                body = _ERROR_ITEM
            case 6:
                body = _PAGE.format("").encode()
            case 7:
                whole = self._written(self.window)
                body = whole[: die.randrange(len(whole) - 20)]
            case _:
                body = self._rss([]) if not self.ways.announced or request.url != HOME else b""
        return Response(url=request.url, body=body)

    def _at(self, request: FetchRequest) -> Response:
        """Where a request ends up."""
        if request.url == _NEW and not self.moved and self.die.random() < 0.5:
            raise FetchError("the server answered 404", kind="status", status=404)
        if request.url == _FOUND[self.die.random() < 0.02]:
            raise FetchError("the server answered 404", kind="status", status=404)
        if request.url == HOME and self.moved:
            return Response(url=_NEW, permanent_url=_NEW)
        if self.die.random() < 0.1:
            return Response(url="https://elsewhere.example/for-now")
        return Response(url=request.url)

    def _page(self, at: Response) -> Response:
        feed = self.die.choice(_FOUND)
        link = f"<link rel='alternate' type='application/rss+xml' href='{feed}'>"
        return Response(url=at.url, body=_PAGE.format(link).encode(), permanent_url=at.permanent_url)

    def _document(self, at: Response) -> Response:
        said = self.window
        self.stood.update({self.title(story) for story in said})
        if self.ways.conditional and not (self.lying and self.sent):
            self.sent = f'"{self.die.random()}"'
        return Response(url=at.url, body=self._written(said), etag=self.sent or None, permanent_url=at.permanent_url)

    def title(self, story: int) -> str:
        return f"{story}.{self.edits.get(story, 0)} é"

    # how it is written

    def _written(self, said: list[int]) -> bytes:
        match self.die.randrange(6):
            case 0:
                return self._json(said)
            case 1:
                return self._atom(said)
            case 2:
                return ("\ufeff" + self._xml(said, "utf-16")).encode("utf-16-le")
            case 3:
                return self._xml(said, "iso-8859-1").encode("latin-1")
            case _:
                return self._rss(said)

    def _rss(self, said: list[int]) -> bytes:
        return self._xml(said, "utf-8").encode()

    def _xml(self, said: list[int], encoding: str) -> str:
        entries = "".join(map(self._item, said))
        channel = f"<channel><title>A feed</title>{entries}</channel>"
        return f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'>{channel}</rss>"

    def _item(self, story: int) -> str:
        id_, link = self._id(story), self._link(story)
        guid = f"<guid isPermaLink='false'>{id_}</guid>" if id_ else ""
        place = f"<link>{link}</link>" if link else ""
        date = format_datetime(self._date(story))
        return f"<item>{guid}<title>strike {self.title(story)}</title>{place}<pubDate>{date}</pubDate></item>"

    def _atom(self, said: list[int]) -> bytes:
        entries = "".join(map(self._entry, said))
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A feed</title>{entries}</feed>".encode()

    def _entry(self, story: int) -> str:
        id_, link = self._id(story), self._link(story)
        own = f"<id>{id_}</id>" if id_ else ""
        place = f"<link href='{link}'/>" if link else ""
        date = self._date(story).isoformat()
        return f"<entry>{own}<title>strike {self.title(story)}</title>{place}<updated>{date}</updated></entry>"

    def _json(self, said: list[int]) -> bytes:
        version = "https://jsonfeed.org/version/1.1"
        return json.dumps({"version": version, "title": "A feed", "items": list(map(self._object, said))}).encode()

    def _object(self, story: int) -> dict[str, str]:
        about = {"id": self._id(story), "url": self._link(story), "title": f"strike {self.title(story)}"}
        return {key: value for key, value in about.items() if value}

    def _id(self, story: int) -> str:
        random = f"urn:{self.die_of_ids.random()}"
        return {
            "stable": f"https://wires.example/?p={story}",
            "random": random,
            "constant": "urn:same",
            "none": "",
        }[self.ways.ids]

    def _link(self, story: int) -> str:
        names = {"own": str(story), "random": str(self.die_of_ids.random()), "constant": "same", "none": ""}
        name = names[self.ways.links]
        return f"https://news.example/{name}" if name else ""

    def _date(self, story: int) -> datetime:
        return NOON + timedelta(hours=self.hour if self.ways.bumped else story)
