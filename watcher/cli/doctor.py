"""`watcher doctor`: everything that is not as it should be, in the database and around it, and what mends it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from watcher.cli.common import clean, config_path, note, options, paint, row, say
from watcher.cli.progress import Progress, progress
from watcher.cli.surroundings import Ailment, around, backups, live
from watcher.config import Settings, load_config
from watcher.errors import StoreError
from watcher.model import FindingSeverity, Flaw, Tell
from watcher.run.clock import SystemClock
from watcher.store import examine_store, hold_store, mend_store, open_store
from watcher.text.counted import counted

COLOURS = {FindingSeverity.ERROR: "red", FindingSeverity.WARNING: "yellow", FindingSeverity.NOTE: "blue"}

UNMENDED = {"index-damaged": "put back a backup (docs/how-to-backup.md)"}
WAITING = "start the watcher, for what waits to be told shows it, and mend when that was sent; or put back a backup"


@click.command("doctor")
@click.option("--mend", is_flag=True, help="Mend what is safe to mend; the database only while no watcher runs.")
@options
def command(config: Path | None, *, mend: bool, as_json: bool) -> int:
    """Examine the database and what is around it. Also while the watcher runs. Exit 1 when something is found."""
    settings = load_config(config_path(config), os.environ, require_secrets=False)
    now = SystemClock().now()
    with ExitStack() as stack:
        report = Report(stack.enter_context(progress()), as_json=as_json)
        held = mend and _held(stack, settings)
        for ailment in around(settings, now):
            report.add(ailment.flaw, mended=mend and _mended(ailment, held=held))
        for flaw, mended in _examined(settings, now, report.progress, mend=held):
            report.add(flaw, mended=mended)
        try:
            store = open_store(settings.store_url, read_only=True)
            stack.callback(store.close)
            for ailment in live(settings, store, now, held=held):
                report.add(ailment.flaw, mended=False)
        except (StoreError, ValueError):
            if not report.bad:  # else what cannot be read has been told
                raise
    return report.end()


class Report:
    """Findings as they come, and how many there were."""

    def __init__(self, progress: Progress, *, as_json: bool) -> None:
        self.progress = progress
        self.as_json = as_json
        self.mended = 0
        self.left: Counter[FindingSeverity] = Counter()

    def add(self, flaw: Flaw, *, mended: bool) -> None:
        self.mended += mended
        self.left[flaw.severity] += not mended
        self.progress.clear()
        if self.as_json:
            row(
                {
                    "code": flaw.code,
                    "severity": flaw.severity.value,
                    "where": flaw.where,
                    "message": flaw.message,
                    "mend": flaw.mend,
                    "mended": mended,
                }
            )
        else:
            word = paint(flaw.severity.value, fg=COLOURS[flaw.severity])
            say(f"{word}[{flaw.code}] {clean(flaw.where)}: {clean(flaw.message)}")
            say(f"  {'mended' if mended else f'to mend: {clean(flaw.mend)}'}")

    @property
    def bad(self) -> bool:
        """Whether something is left to mend."""
        return bool(self.left[FindingSeverity.ERROR] or self.left[FindingSeverity.WARNING])

    def end(self) -> int:
        """The last line, and the exit code."""
        said = [counted(self.left[one], one.value) for one in FindingSeverity if self.left[one]]
        said += [f"{self.mended:,} mended"] if self.mended else []
        self.progress.clear()
        if not self.as_json:
            say(", ".join(said) if said else paint("nothing found", fg="green"))
        return 1 if self.bad else 0


def _held(stack: ExitStack, settings: Settings) -> bool:
    """Whether nobody else has the database for as long as it is mended."""
    try:
        stack.enter_context(hold_store(settings.store_url))
    except StoreError as error:
        note(f"the database is not mended: {clean(str(error))}")
        return False
    return True


def _mended(ailment: Ailment, *, held: bool) -> bool:
    if ailment.mend is None or (ailment.stopped and not held):
        return False
    try:
        ailment.mend()
    except OSError as error:
        note(f"{ailment.flaw.where} is not mended: {(error.strerror or str(error)).lower()}")
        return False
    return True


def _examined(settings: Settings, now: datetime, tell: Tell, *, mend: bool) -> Iterator[tuple[Flaw, bool]]:
    """What is wrong in the database, and whether it was mended. Then it is examined again, for what that hid."""
    left: Iterable[Flaw] = examine_store(settings.store_url, now, tell)
    done: set[Flaw] = set()
    while mend and (left := list(left)):
        mended = [flaw for flaw in mend_store(settings.store_url, left, backups(settings)) if flaw not in done]
        if not mended:
            left = [replace(flaw, mend=UNMENDED.get(flaw.code, WAITING)) if flaw.mendable else flaw for flaw in left]
            break
        done.update(mended)
        yield from ((flaw, True) for flaw in mended)
        left = examine_store(settings.store_url, now, tell)
    yield from ((flaw, False) for flaw in left)
