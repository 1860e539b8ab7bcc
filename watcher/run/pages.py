"""edge: how the daemon is -> /healthz, /readyz and /metrics.

What the store has to say of itself is asked at most so often that asking is a small part of what it does.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress

from watcher.errors import StoreError
from watcher.jobs import Jobs
from watcher.model import Health, Present
from watcher.observe import escape
from watcher.observe.metrics import Metrics, Stored
from watcher.run.serve import Answer, Pages

LEAST = 10.0
"""Seconds for which the store's numbers hold."""
SHARE = 50
"""They hold for so many times as long as it took to get them."""
WAIT = 2.0
"""Seconds that a visitor waits for newer ones."""
STALE = 300.0
"""Seconds after which numbers are no longer shown, where the store gives no newer ones."""
_PLAIN = "text/plain; charset=utf-8"


def pages(how: Callable[[], Health], present: Callable[[], Present], metrics: Metrics, jobs: Jobs) -> Pages:
    """`how` it stands and what is at `present`; `metrics` have counted the rest, but for what the store knows."""
    numbers = Numbers(jobs)

    async def healthz(_: str) -> Answer:
        found = how()
        return Answer(status=200 if found.alive else 503, type=_PLAIN, body=b"alive\n" if found.alive else b"stuck\n")

    async def readyz(accept: str) -> Answer:
        found = how()
        as_json = "application/json" in accept
        body = _row(found) if as_json else _lines(found)
        return Answer(status=200 if found.ready else 503, type="application/json" if as_json else _PLAIN, body=body)

    async def page(accept: str) -> Answer:
        type_, body = metrics.page(how(), present(), await numbers.known(), accept)
        return Answer(status=200, type=type_, body=body)

    return {"/healthz": healthz, "/readyz": readyz, "/metrics": page}


def _lines(health: Health) -> bytes:
    checks = (f"{'ok ' if check.ok else 'ill'} {check.name}: {escape(check.said)}\n" for check in health.checks)
    return f"{'ready' if health.ready else 'not ready'}\n{''.join(checks)}".encode()


def _row(health: Health) -> bytes:
    checks = [{"name": check.name, "ok": check.ok, "said": check.said} for check in health.checks]
    return json.dumps({"ready": health.ready, "alive": health.alive, "checks": checks}).encode() + b"\n"


class Numbers:
    """What the store knows, asked once for all who want to know."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._asking: asyncio.Task[None] | None = None
        self._stored: Stored | None = None
        self._at = self._again_at = 0.0

    async def known(self) -> Stored | None:
        """The latest numbers; None where there are none that are worth telling."""
        now = asyncio.get_running_loop().time()
        if now >= self._again_at and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._ask())
        if self._asking and not self._asking.done():
            await asyncio.wait((self._asking,), timeout=WAIT)
        return self._stored if now - self._at < STALE else None

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        self._again_at = loop.time() + LEAST
        with suppress(StoreError):  # whoever works with it says so
            stored, took = await self._jobs.on_store(self._read)
            self._stored, self._at = stored, loop.time()
            self._again_at = self._at + max(LEAST, SHARE * took)

    def _read(self) -> tuple[Stored, float]:
        begun, store, now = time.monotonic(), self._jobs.store, self._jobs.clock.now()
        stored = Stored(status=store.status(now), sizes=store.sizes(), backlog=store.backlog(), at=now)
        return stored, time.monotonic() - begun
