"""`watcher run`: the daemon."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import click

from watcher.cli.common import Since, config_path


@click.command("run")
@click.option(
    "--config",
    envvar="WATCHER_CONFIG",
    type=click.Path(path_type=Path),
    help="The configuration file.",
)
@click.option(
    "--once", is_flag=True, help="Poll all that is due, alert, deliver, and end. Exit 1 if an alert is stuck."
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent; store nothing, send nothing.")
@click.option("--wait-lock", type=Since(), help="Wait so long for another daemon to end.")
@click.option("--json", "as_json", is_flag=True, help="Console channels write JSON Lines, for programs.")
@click.option("--debug", is_flag=True, help="Say more, and show where an error came from.")
def command(
    config: Path | None, wait_lock: timedelta | None, *, once: bool, dry_run: bool, as_json: bool, debug: bool
) -> int:
    """Watch the feeds and alert, until SIGINT or SIGTERM. Console alerts go to stdout, the log to stderr."""
    from watcher.app.daemon import run  # which takes its time
    from watcher.app.parts import Wish

    wish = Wish(
        once=once,
        dry_run=dry_run,
        as_json=as_json,
        wait_lock=wait_lock.total_seconds() if wait_lock else 0.0,
        debug=debug,
    )
    return run(config_path(config), wish, os.environ)
