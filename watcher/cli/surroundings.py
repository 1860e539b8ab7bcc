"""edge: a configuration -> what is wrong around its database: files and their rights, room, clock, what is live."""

from __future__ import annotations

import os
import shlex
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from watcher.cli.backup import FOLDER
from watcher.cli.common import clean
from watcher.cli.pulse import ago
from watcher.config import Settings, load_rules
from watcher.errors import ConfigError
from watcher.model import FindingSeverity, Flaw, Sizes
from watcher.ports import Store
from watcher.run.pause import shortage
from watcher.store.backup import copies, parts
from watcher.store.lock import holder
from watcher.store.session import OLDEST_SQLITE
from watcher.store.stale import stale_log
from watcher.text.counted import counted, size

OLD_COPY = timedelta(days=30)
"""After so long nobody goes back to before an update."""
LONG_LOG = 1024 * 2**20
"""Bytes of a log that something keeps from being written into its database."""
NAMES = 5
"""Names of feeds, rules and channels that are told."""
_MEND = "`watcher doctor --mend`"
_LESS = {0o002: "o-w", 0o004: "o-r", 0o007: "o-rwx", 0o020: "g-w", 0o022: "go-w"}
"""How the right is taken away that nobody else should have; what others may do beside it stays."""
WARNING, NOTE = FindingSeverity.WARNING, FindingSeverity.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """A flaw outside the database, and what mends it."""

    flaw: Flaw
    mend: Callable[[], object] | None = None
    stopped: bool = False  # no daemon may run while it is mended


def around(settings: Settings, now: datetime) -> Iterator[Ailment]:
    """What can be seen without opening the database."""
    database = settings.data / "watcher.db"
    yield from _program()
    yield from _rights(settings, database)
    yield from _log(database)
    yield from _left_over(database, now)
    yield from _room(settings, database)


def _program() -> Iterator[Ailment]:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        message = f"this Python has SQLite {sqlite3.sqlite_version}"
        yield _found("sqlite-old", "SQLite", message, "use a Python with SQLite 3.37 or newer")
    try:
        ZoneInfo("Europe/London")
    except (OSError, ValueError, LookupError):
        yield _found("zones-missing", "time zones", "there are none on this machine", "install the package tzdata")


# rights


def _rights(settings: Settings, database: Path) -> Iterator[Ailment]:
    for path in map(Path, dict.fromkeys(settings.secret_files)):
        yield from _may(path, 0o007, "secret-readable", "a secret that every user of this machine may read")
        yield from _may(path, 0o020, "secret-writable", "a secret that its group may write")
    if _holds_secrets(settings):
        message = "a password stands in it, and every user of this machine may read it"
        yield from _may(Path(settings.path), 0o007, "secret-readable", message)
    yield from _may(Path(settings.path), 0o002, "config-writable", "every user of this machine may write it")
    for folder in (settings.data, settings.data / FOLDER):
        yield from _may(folder, 0o022, "data-writable", "others than its owner may put files there")
    copied = [*database.parent.glob(f"{database.name}.*.bak"), *_copies(database)]
    for path in (database, Path(f"{database}-wal"), *copied):
        yield from _may(path, 0o022, "data-writable", "others than its owner may write it")
        yield from _may(path, 0o004, "data-readable", "every user of this machine may read it", WARNING)


def _may(
    path: Path, bits: int, code: str, message: str, severity: FindingSeverity = FindingSeverity.ERROR
) -> Iterator[Ailment]:
    """A finding where others have one of these rights; nothing where there is no such file, or no looking at it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & bits:
        mend = f"`chmod {_LESS[bits]} {_typed(path)}`, or {_MEND}"
        flaw = Flaw(code=code, where=str(path), message=message, mend=mend, severity=severity, mendable=True)
        yield Ailment(flaw=flaw, mend=lambda: path.chmod(stat.S_IMODE(path.stat().st_mode) & ~bits))


def _holds_secrets(settings: Settings) -> bool:
    """A channel's password, or a feed's."""
    return any(f.code == "W031" for f in settings.findings)


# files


def _log(database: Path) -> Iterator[Ailment]:
    if log := stale_log(str(database)):
        message = "it is of the database that was there before this backup, and would be written over it"
        aside = log.with_name(f"{log.name}.old")
        mend = f"stop the watcher, then `mv {_typed(log)} {_typed(aside)}`, or {_MEND}"
        flaw = Flaw(code="log-stale", where=str(log), message=message, mend=mend, mendable=True)
        yield Ailment(flaw=flaw, mend=lambda: log.rename(aside), stopped=True)
    taken = _size(Path(f"{database}-wal"))
    if taken > LONG_LOG:
        message = f"the log has {size(taken)}: a program has been reading the database all that time"
        yield _found("log-long", f"{database}-wal", message, "end what reads the database (a browser of it, a copy)")


def _left_over(database: Path, now: datetime) -> Iterator[Ailment]:
    for part in _parts(database):
        message = f"a backup that was not finished left {size(_size(part))}"
        mend = f"`rm {_typed(part)}`, or {_MEND}; the next backup does it, too"
        flaw = Flaw(code="part-left", where=str(part), message=message, mend=mend, severity=WARNING, mendable=True)
        yield Ailment(flaw=flaw, mend=part.unlink)
    before = (now - OLD_COPY).timestamp()
    for copy in sorted(database.parent.glob(f"{database.name}.before-*.bak")):
        if copy.stat().st_mtime < before:
            message = f"a copy from before an update long past takes {size(_size(copy))}"
            yield _found("copy-old", str(copy), message, f"`rm {_typed(copy)}` when you do not want to go back", NOTE)


def _room(settings: Settings, database: Path) -> Iterator[Ailment]:
    try:
        disk = os.statvfs(settings.data)
    except OSError:
        return
    free, capacity = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
    sizes = Sizes(database=_size(database), log=0, free=0, disk=free, capacity=capacity)
    if short := shortage(sizes, settings.keep.min_free):
        yield _found("disk-low", str(settings.data), short, "make room, or change keep.min_free")
    elif free < _size(database):
        message = f"{size(free)} are free: too little for a backup beside the database ({size(_size(database))})"
        yield _found("disk-low", str(settings.data), message, "make room, or keep backups elsewhere", WARNING)


# what is live


def live(settings: Settings, store: Store, now: datetime, *, held: bool) -> Iterator[Ailment]:
    """What the daemon goes by, against what the files say now; `held` by us, the database has no other."""
    running = None if held else holder(str(settings.data / "watcher.db"))
    yield from _daemon(store, running, now)
    yield from _feeds(settings, store, running)
    yield from _rules(settings, store, running)


def _daemon(store: Store, running: int | None, now: datetime) -> Iterator[Ailment]:
    beat = store.heartbeat()
    if beat is None:
        return
    late = now - beat.beat_at
    if late < -timedelta(seconds=60):
        message = f"its last sign of life is dated {ago(beat.beat_at, now)}: this machine's clock was put back"
        yield _found("clock-behind", "daemon", message, "set the clock right, then start the watcher")
    elif running and late > timedelta(seconds=60):
        message = f"pid {running} holds the database and gave its last sign of life {ago(beat.beat_at, now)}"
        yield _found("daemon-hangs", "daemon", message, "look at its log, and start it anew")
    elif not running and not beat.stopped:
        message = f"pid {beat.pid} ended {ago(beat.beat_at, now)} without being asked to; none runs"
        yield _found("daemon-died", "daemon", message, "start it; its log, or the system's, says why", WARNING)


def _feeds(settings: Settings, store: Store, running: int | None) -> Iterator[Ailment]:
    stored, wanted = {state.feed.id: state.feed for state in store.feeds()}, {f.id: f for f in settings.feeds}
    if stored or running:
        yield from _differ("feeds", stored, wanted, running)


def _rules(settings: Settings, store: Store, running: int | None) -> Iterator[Ailment]:
    standing = store.standing()
    for rule, why in standing.kept if standing else ():
        message = f"it stays at its last good version: {clean(why)}"
        yield _found("rule-kept", f"rule {clean(rule)}", message, "mend the file; `watcher check` shows the place")
    try:
        loaded = load_rules(settings)
    except ConfigError as error:
        yield _found("files-broken", settings.path, str(error), "`watcher check` shows each")
        return
    errors = sum(finding.severity is FindingSeverity.ERROR for finding in loaded.findings)
    if errors:
        message = f"{counted(errors, 'error')} in the rules"
        yield _found("files-broken", settings.path, message, "`watcher check` shows each")
    elif standing is not None:
        wanted = {each.rule.id: each.rule.hash for each in loaded.rules}
        known: dict[str, str] = {rule: found.hash for rule in wanted if (found := store.live_rule(rule))}
        gone: dict[str, str] = {f"{standing.rules - len(known)} others": ""} if standing.rules > len(known) else {}
        yield from _differ("rules", known | gone, wanted, running)


def _differ(
    what: str, stored: Mapping[Any, object], wanted: Mapping[Any, object], running: int | None
) -> Iterator[Ailment]:
    changes = {
        "new in the files": [name for name in wanted if name not in stored],
        "changed": [name for name in wanted if name in stored and stored[name] != wanted[name]],
        "no longer in the files": [name for name in stored if name not in wanted],
    }
    said = "; ".join(f"{how}: {_names(names)}" for how, names in changes.items() if names)
    if not said:
        return
    if running:
        mend = f"it reads its files by itself: `watcher status` says what is wrong; `kill -HUP {running}` asks again"
        yield _found(f"{what}-differ", what, f"the daemon goes by others than the files ({said})", mend, WARNING)
    else:
        yield _found(f"{what}-differ", what, f"from the next start on others hold ({said})", "start the watcher", NOTE)


def _names(names: Iterable[str]) -> str:
    known = [clean(name) for name in names]
    more = f" and {len(known) - NAMES} more" if len(known) > NAMES else ""
    return ", ".join(known[:NAMES]) + more


def _typed(path: Path) -> str:
    """A path as a shell takes it."""
    return shlex.quote(str(path))


def _found(
    code: str, where: str, message: str, mend: str, severity: FindingSeverity = FindingSeverity.ERROR
) -> Ailment:
    return Ailment(flaw=Flaw(code=code, where=where, message=message, mend=mend, severity=severity))


def backups(settings: Settings) -> list[Path]:
    """Those in their usual place, oldest first."""
    return _copies(settings.data / "watcher.db")


def _copies(database: Path) -> list[Path]:
    folder = database.parent / FOLDER
    return copies(folder) if folder.is_dir() else []


def _parts(database: Path) -> list[Path]:
    folder = database.parent / FOLDER
    before = sorted(database.parent.glob(f"{database.name}.before-*.bak.part"))
    return [*(parts(folder) if folder.is_dir() else ()), *(before if holder(str(database)) is None else ())]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
