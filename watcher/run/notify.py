"""edge: how the daemon stands -> its supervisor (sd_notify), where there is one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from watcher.model import Health


class Supervisor:
    """Whoever started the daemon and waits for its word."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def reloading(self) -> None:
        """The files are being read again."""

    def ready(self) -> None:
        """They were; all is as it should be."""


@asynccontextmanager
async def supervised(supervisor: Supervisor, health: Callable[[], Health]) -> AsyncIterator[None]:  # noqa: ARG001
    """Say that it is ready, that it lives for as long as `health` says so, and that it ends."""
    supervisor.ready()
    yield
