"""`watcher status`: how it stands, for a person in ten lines or a program in one object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from watcher.app import open_reader
from watcher.cli.common import ago, clean, config_path, options, paint, rfc3339, row, say
from watcher.model import Fate, FeedState, Heartbeat, Status
from watcher.run.clock import SystemClock


@click.command("status")
@options
def command(config: Path | None, *, as_json: bool) -> int:
    """Say how it stands: feeds, items, matches, alerts, delay. Exit 1 when something is wrong."""
    now = SystemClock().now()
    with open_reader(config_path(config)) as reader:
        status, feeds, beat = reader.store.status(now), reader.store.feeds(), reader.store.heartbeat()
    if as_json:
        row(report(status, beat))
    else:
        for line in lines(status, feeds, beat, now):
            say(line)
    return 1 if status.failing or status.outbox["dead"] else 0


def report(status: Status, beat: Heartbeat | None) -> dict[str, Any]:
    """The object other programs rely on."""
    closed = {fate.value: status.dispatches.get(fate, 0) for fate in Fate if fate is not Fate.OPEN}
    return {
        "feeds": {
            "total": status.feeds,
            "ok": status.feeds - status.failing - status.silent,
            "failing": status.failing,
            "silent": status.silent,
        },
        "items": status.items,
        "matches": {"open": status.dispatches.get(Fate.OPEN, 0), "closed": closed},
        "outbox": {state.value: count for state, count in status.outbox.items()},
        "lag_seconds": {"p50": percentile(status.lag, 0.50), "p99": percentile(status.lag, 0.99)},
        "daemon": None if beat is None else {"pid": beat.pid, "beat_at": rfc3339(beat.beat_at)},
    }


def percentile(values: tuple[float, ...], share: float) -> float | None:
    """Nearest rank of sorted values."""
    return round(values[min(len(values) - 1, int(share * len(values)))], 3) if values else None
