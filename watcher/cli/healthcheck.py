"""`watcher healthcheck`: whether the daemon is alive, for supervisors. Exit 0 or 1 and one line.

The plain case is answered by `pulse`, before this is loaded.
"""

from __future__ import annotations

from pathlib import Path

import click

from watcher.cli import pulse
from watcher.cli.common import config_path, options, row, say
from watcher.cli.desk import open_desk
from watcher.run.clock import SystemClock


@click.command("healthcheck")
@options
def command(config: Path | None, *, as_json: bool) -> int:
    """Exit 0 when the daemon lives, else 1. It has shown a sign of life in the last 30 seconds then."""
    now = SystemClock().now()
    with open_desk(config_path(config)) as desk:
        beat = desk.store.heartbeat()
    if beat:
        code, line = pulse.told(beat.pid, beat.beat_at, now, stopped=beat.stopped, as_json=as_json)
        say(line)
        return code
    if as_json:
        row({"healthy": False, "pid": None, "beat_at": None})
    else:
        say("unhealthy: no daemon has ever run on this data; start one with `watcher run`")
    return 1
