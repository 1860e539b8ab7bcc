"""edge: WATCHER_FAILPOINT -> a process that dies, or fails, at the place it names: for tests."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.jobs import Outlet
from watcher.ports import Store


def armed(store: Store, environ: Mapping[str, str]) -> Store:  # noqa: ARG001
    """The store, with what is to happen at its statements."""
    return store


def armed_outlet(outlet: Outlet, environ: Mapping[str, str]) -> Outlet:  # noqa: ARG001
    """The channel, with what is to happen at its sends."""
    return outlet
