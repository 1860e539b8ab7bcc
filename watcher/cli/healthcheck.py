"""`watcher healthcheck`: whether the daemon is alive, for supervisors. Exit 0 or 1 and one line."""

from __future__ import annotations

from pathlib import Path

import click

from watcher.cli.common import ago, config_path, options, row, say
from watcher.cli.desk import open_desk
from watcher.cli.status import alive
from watcher.run.clock import SystemClock


@click.command("healthcheck")
@options
def command(config: Path | None, *, as_json: bool) -> int:
    """Exit 0 when the daemon has shown a sign of life in the last 30 seconds, else 1."""
    now = SystemClock().now()
    with open_desk(config_path(config)) as desk:
        beat = desk.store.heartbeat()
    healthy = alive(beat, now)
    if as_json:
        row({"healthy": healthy, "pid": beat.pid if beat else None, "beat_at": beat.beat_at if beat else None})
    elif beat is None:
        say("unhealthy: no daemon has ever run on this data; start one with `watcher run`")
    else:
        say(f"{'healthy' if healthy else 'unhealthy'}: pid {beat.pid}, last sign of life {ago(beat.beat_at, now)}")
    return 0 if healthy else 1
