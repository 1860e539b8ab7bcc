"""edge: (what `watcher healthcheck` was asked, the daemon's last sign of life) -> a line and its exit code.

A supervisor asks every few seconds, for years: what is plain is read by the standard library alone. Where the command
line, the configuration or the database are anything but plain, nothing is said here: the command itself reads them.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from watcher.cli import PLACES
from watcher.text.rfc3339 import rfc3339

LATE = timedelta(seconds=30)
"""Without a sign of life for so long a daemon counts as dead: six beats missed."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEARTBEAT = "SELECT value FROM meta WHERE name = 'heartbeat'"
_WORD = r"""(?:[\w./-]+|"[\w./ -]*")"""
# A line of YAML that leaves nothing open: a key, an entry of a list, a word, a list of words, a comment, nothing.
_CLOSED = re.compile(
    rf" *(?:- +)?(?:[a-z_]+:(?: +|$))?(?:{_WORD}|\[{_WORD}?(?:, *{_WORD})*\])? *(?:(?:^|(?<= ))#.*)?", re.ASCII
)
_DATA = re.compile(r"^data: +([\"']?)([\w./-]+)\1 *(?: #.*)?$", re.ASCII | re.MULTILINE)
_DATA_AGAIN = re.compile(r"^\W*data\W", re.MULTILINE)
_PLACE = re.compile(r"(?:\.{0,2}/|[A-Za-z])[\w./-]*", re.ASCII)
_MOST = 8 * 2**20  # characters; the watcher takes no file with more bytes


def alive(beat_at: datetime, now: datetime, *, stopped: bool) -> bool:
    """Whether the daemon showed a sign of life lately, and has not said that it ends."""
    return not stopped and abs(now - beat_at) <= LATE  # one of a time to come was given before the clock was put back


def told(pid: int, beat_at: datetime, now: datetime, *, stopped: bool, as_json: bool) -> tuple[int, str]:
    """Exit code and line of a sign of life."""
    healthy = alive(beat_at, now, stopped=stopped)
    line = f"{'healthy' if healthy else 'unhealthy'}: pid {pid}, last sign of life {ago(beat_at, now)}"
    if as_json:
        line = json.dumps({"healthy": healthy, "pid": pid, "beat_at": rfc3339(beat_at)})
    return (0 if healthy else 1), line


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits: "3 min ago"."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    when = "ago" if seconds >= 0 else "from now"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        if abs(seconds) >= size:
            return f"{int(abs(seconds) // size)} {unit} {when}"
    return "now"


# --- the short way --------------------------------------------------------------------------------


def felt(arguments: list[str], environ: Mapping[str, str]) -> int | None:
    """Say how the daemon is; the exit code, or None when the whole command has to find out."""
    asked = _asked(arguments)
    if asked is None:
        return None
    try:
        config = asked[0] or environ.get("WATCHER_CONFIG") or next(filter(os.path.isfile, PLACES))
        code, line = _seen(config, as_json=asked[1])
        print(line, flush=True)
    except (LookupError, OSError, StopIteration, TypeError, ValueError, sqlite3.Error):
        return None
    return code


def _asked(arguments: list[str]) -> tuple[str, bool] | None:
    """The configuration named, and whether JSON is wanted; None for any other command line."""
    config, as_json, rest = "", False, list(arguments)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option == "--config" and (value or (not equals and rest)):
            config = value or rest.pop(0)
            if not config or config.startswith("-"):
                return None
        elif option in {"--json", "--debug"} and not equals:
            as_json |= option == "--json"
        else:
            return None
    return config, as_json


def _seen(config: str, *, as_json: bool) -> tuple[int, str]:
    with open(config, encoding="utf-8") as file:  # noqa: PTH123  pathlib takes longer than all of this
        data = data_of(file.read(_MOST))
    folder = os.path.normpath(os.path.join(os.getcwd(), os.path.dirname(config), data))  # noqa: PTH109, PTH118, PTH120
    pid, _, beat_at, stopped = json.loads(_heartbeat(f"{folder}/watcher.db"))
    return told(pid, _EPOCH + timedelta(microseconds=beat_at), datetime.now(UTC), stopped=stopped, as_json=as_json)


def _heartbeat(database: str) -> str:
    """The last sign of life, as it is stored; nothing is written for it. Raises TypeError when there was none."""
    place = database.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    beside_a_daemon = os.path.exists(f"{database}-wal")  # noqa: PTH110
    db = sqlite3.connect(f"file://{place}?mode=ro{'' if beside_a_daemon else '&immutable=1'}", uri=True)
    try:
        (value,) = db.execute(_HEARTBEAT).fetchone()
    finally:
        db.close()
    return str(value)


# --- the one key ----------------------------------------------------------------------------------


def data_of(source: str) -> str:
    """What a configuration says of `data`, where it says it plainly; else LookupError or ValueError.

    A configuration that the watcher takes is not misread: it has the same word there. Of one that it does not take,
    nothing but this key is looked at: whether a daemon lives is not a question of what was written for the next.
    """
    found = _in_json(source) if source.startswith("{") else _in_lines(source)
    if not isinstance(found, str) or not _PLACE.fullmatch(found):
        raise LookupError("data")
    return found


def _in_json(source: str) -> object:
    return json.loads(source, object_pairs_hook=_each_once)["data"]


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise LookupError("a key is given twice")
    return dict(pairs)


def _in_lines(source: str) -> str:
    """The key is at the margin, nothing above it is left open, and its value does not go on below."""
    found = _DATA.search(source)
    if not found or not all(map(_CLOSED.fullmatch, source[: found.start()].split("\n"))):
        raise LookupError("data")
    if re.match(r"\s*\n[ \t]", source[found.end() :]) or _DATA_AGAIN.search(source, found.end()):
        raise LookupError("data")
    return found[2]
