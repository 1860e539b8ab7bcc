"""`watcher backup [TARGET]`: a whole copy of what is stored, while the watcher runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from watcher.cli.common import config_path, note, options, row, say
from watcher.cli.progress import progress
from watcher.config import load_config
from watcher.errors import BackupError, UsageError
from watcher.run.clock import SystemClock
from watcher.store import back_up_store
from watcher.text.counted import counted, size

FOLDER = "backups"
"""In the data folder, where no other place is named."""


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1, 10_000), help="Keep so many of the folder's backups, delete older ones.")
@options
def command(target: Path | None, keep: int | None, config: Path | None, *, as_json: bool) -> int:
    """Copy the database, and read the copy back. Also while the watcher runs.

    TARGET is a folder or a new file; without it, the folder `backups` beside the database. The copy has its name only
    when it is whole. The configuration, the rules and the secrets are files of yours: copy them too.
    """
    from watcher.store.backup import drop_all_but, own_name, sweep

    settings = load_config(config_path(config), os.environ, require_secrets=False)
    begun, now = time.monotonic(), SystemClock().now()
    given = target or _own_folder(settings.data)
    folder = given if given.is_dir() else None
    if folder is None and keep:
        raise UsageError(f"--keep is for a folder, and {given} is none")
    try:
        if folder:
            sweep(folder)
        with progress() as tell:
            copied = back_up_store(settings.store_url, folder / own_name(now) if folder else given, now, tell)
        gone = drop_all_but(folder, keep) if folder and keep else []
    except OSError as error:
        raise BackupError(f"no backup can be made in {folder or given.parent}: {_why(error)}") from error
    seconds = time.monotonic() - begun
    if as_json:
        numbers = {"bytes": copied.size, "items": copied.items, "alerts": copied.alerts, "seconds": round(seconds, 2)}
        flaws = [flaw.message for flaw in copied.flaws]
        row({"path": str(copied.path), **numbers, "deleted": [str(path) for path in gone], "flaws": flaws})
    else:
        holds = f"{size(copied.size)}, {counted(copied.items, 'item')}, {counted(copied.alerts, 'alert')}"
        old = f"; {counted(len(gone), 'older backup')} deleted" if gone else ""
        say(f"{copied.path}: {holds}, read back whole, {seconds:.1f} s{old}")
    for flaw in copied.flaws:
        note(f"in it as in the database: {flaw.where}: {flaw.message}")
    return 1 if copied.flaws else 0


def _own_folder(data: Path) -> Path:
    """Made where there is a database; where there is none, that is told as everywhere."""
    folder = data / FOLDER
    if (data / "watcher.db").exists():
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise BackupError(f"no backup can be made in {folder}: {_why(error)}") from error
    return folder


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
