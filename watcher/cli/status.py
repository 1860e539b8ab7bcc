"""`watcher status`: how it stands, for a person in ten lines or a program in one object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from watcher.cli.common import ago, clean, config_path, options, paint, row, say
from watcher.cli.desk import open_desk
from watcher.model import AlertState, Fate, FeedState, Heartbeat, Standing, Status
from watcher.run.clock import SystemClock

LATE = timedelta(seconds=30)
"""Without a sign of life for so long a daemon counts as dead: six beats missed."""
MOST = 20
"""Rules or errors listed."""


@click.command("status")
@options
def command(config: Path | None, *, as_json: bool) -> int:
    """Say how it stands: feeds, items, matches, alerts, delay. Exit 0 whatever it is: see `watcher healthcheck`."""
    now = SystemClock().now()
    with open_desk(config_path(config)) as desk:
        status, feeds, beat = desk.store.status(now), desk.store.feeds(), desk.store.heartbeat()
        standing = desk.store.standing()
    if as_json:
        row(report(status, beat, standing))
    else:
        for line in lines(status, feeds, beat, standing, now):
            say(line)
    return 0


def report(status: Status, beat: Heartbeat | None, standing: Standing | None) -> dict[str, Any]:
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
        "rules": None if standing is None else _rules(standing),
        "daemon": None if beat is None else {"pid": beat.pid, "beat_at": beat.beat_at, "stopped": beat.stopped},
    }


def alive(beat: Heartbeat | None, now: datetime) -> bool:
    """Whether the daemon showed a sign of life lately, and has not said that it ends."""
    return beat is not None and not beat.stopped and now - beat.beat_at <= LATE


def _rules(standing: Standing) -> dict[str, Any]:
    return {
        "live": standing.rules,
        "kept": [{"rule": rule, "why": why} for rule, why in standing.kept],
        "errors": list(standing.errors),
        "loaded_at": standing.loaded_at,
    }


def lines(
    status: Status, feeds: tuple[FeedState, ...], beat: Heartbeat | None, standing: Standing | None, now: datetime
) -> Iterator[str]:
    """The same for people: what is well in a line, what is not in a line each."""
    yield (
        f"daemon   {f'running, pid {beat.pid}' if beat and alive(beat, now) else paint('not running', fg='yellow')}"
        + (f", last sign of life {ago(beat.beat_at, now)}" if beat else "")
    )
    yield from _standing_lines(standing, now) if standing else ()
    bad = [state for state in feeds if state.error]
    ok = status.feeds - status.failing - status.silent
    yield f"feeds    {status.feeds:,}: {ok:,} ok, {status.failing:,} failing, {status.silent:,} silent"
    for state in bad:
        again = ago(state.next_at, now) if state.next_at else "now"
        yield paint(f"         {clean(state.feed.id)}: {clean(state.error or '')}; next try {again}", fg="red")
    yield f"items    {status.items:,} known"
    closed = {fate: n for fate, n in status.dispatches.items() if fate is not Fate.OPEN and n}
    how = ", ".join(f"{n:,} {fate.value}" for fate, n in closed.items()) or "none decided yet"
    yield f"matches  {status.dispatches.get(Fate.OPEN, 0):,} open; {how}"
    outbox = [f"{status.outbox.get(state, 0):,} {state.value}" for state in AlertState]
    yield f"alerts   {', '.join(outbox)}"
    if status.outbox.get(AlertState.DEAD, 0):
        yield paint("         `watcher alerts dead` lists those given up", fg="red")
    if status.lag:
        half, most = percentile(status.lag, 0.50), percentile(status.lag, 0.99)
        yield f"delay    {half} s from an item's arrival to its alert's acceptance (median), {most} s at most for 99 %"


def _standing_lines(standing: Standing, now: datetime) -> Iterator[str]:
    kept = f", {len(standing.kept):,} at a last good version" if standing.kept else ""
    yield f"rules    {standing.rules:,} live{kept}; files last read {ago(standing.loaded_at, now)}"
    for rule, why in standing.kept[:MOST]:
        yield paint(f"         {clean(rule)} stays as it was: {clean(why)}", fg="red")
    told = {why for _, why in standing.kept[:MOST]}
    for error in [error for error in standing.errors if error not in told][:MOST]:
        yield paint(f"         {clean(error)}", fg="red")
    if max(len(standing.kept), len(standing.errors)) > MOST:
        yield "         `watcher check` shows all that is wrong"


def percentile(values: tuple[float, ...], share: float) -> float | None:
    """Nearest rank of sorted values."""
    return round(values[min(len(values) - 1, int(share * len(values)))], 3) if values else None
