"""Feeds on a real server whose entries have no ids, others at each fetch, or all the same: each thing is told once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count

from tests.servers import Reply, Request, Server, page
from tests.stories.house import House, rss, until

NUMBERS = count(1)
IDS: dict[str, Callable[[], str]] = {"none": lambda: "", "random": lambda: str(next(NUMBERS)), "same": lambda: "x"}
FIRST, LATER = ("harbour", "airport"), ("bridge", "harbour", "airport")


def _reply(name: str, words: Sequence[str], asked: Counter[str]) -> Reply:
    """The feed, made anew for each request."""

    async def reply(request: Request, writer: asyncio.StreamWriter) -> None:
        asked[name] += 1
        entries = [(IDS[name](), f"Strike on the {word} ({name})") for word in words]
        body = rss(entries).replace(b"<guid isPermaLink='false'></guid>", b"")
        body = b"".join(part.partition(b"</link>")[2] if n else part for n, part in enumerate(body.split(b"<link>")))
        await page(body, etag=False)(request, writer)

    return reply


def test_each_thing_is_told_once_whatever_its_feed_calls_it(house: House) -> None:
    with Server() as server:
        house.settings(feeds=[{"id": n, "url": server.url(f"/{n}"), "baseline": "alert"} for n in IDS])
        asked: Counter[str] = Counter()
        with house.daemon():
            for words in (FIRST, LATER):
                asked.clear()
                for name in IDS:
                    server[f"/{name}"] = _reply(name, words, asked)
                until(lambda: all(asked[name] > 2 for name in IDS), "each feed polled again and again")
                told = Counter(f"Strike on the {word} ({name})" for name in IDS for word in words)
                until(lambda: _told(house) >= told, "each thing told")  # noqa: B023
            assert _told(house) == told


def _told(house: House) -> Counter[str]:
    return Counter(row["title"] for row in house.rows("alerts", "list") if "Strike" in row["title"])
