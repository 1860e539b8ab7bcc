"""The floor: GETs by httpx over aiohttp and nothing else. `python -m tests.bench._transport PORT FEEDS HONOURED`.

So many feeds of tests.bench._feeds, each asked with its first ETag, which is to be HONOURED or not. Says how many
processor seconds that took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp
import httpx
import uvloop
from httpx_aiohttp import AiohttpTransport

from tests.bench._feeds import url
from watcher.fetch import Limits


async def get_all(port: int, feeds: int, *, honoured: bool, new: int = 0) -> float:
    limits = Limits()

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=limits.concurrency)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)

    numbers = iter(range(feeds))
    async with httpx.AsyncClient(transport=AiohttpTransport(client=session), timeout=60, trust_env=False) as client:

        async def one_after_the_other() -> None:
            for number in numbers:
                headers = {"If-None-Match": f'"{number}-{new}"', "Connection": "close"}
                answer = await client.get(url(number, port), headers=headers)
                if answer.status_code != (304 if honoured else 200):
                    sys.exit(f"feed {number}: {answer.status_code}")

        await client.get(url(0, port))
        begun = time.process_time()
        await asyncio.gather(*(one_after_the_other() for _ in range(limits.concurrency)))
        return time.process_time() - begun


if __name__ == "__main__":
    took = uvloop.run(get_all(int(sys.argv[1]), int(sys.argv[2]), honoured=sys.argv[3] == "1"))
    print(json.dumps(took))
