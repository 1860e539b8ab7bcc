"""`watcher status`: how it stands, for a person in ten lines or a program in one object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from watcher.cli import pulse
from watcher.cli.common import clean, config_path, local, options, paint, row, say
from watcher.cli.desk import open_desk
from watcher.cli.pulse import ago
from watcher.cli.spoken import silence_row, spoken
from watcher.condition import BAD, by_condition, paused, reason
from watcher.model import (
    AlertState,
    Audit,
    Backlog,
    ChannelName,
    Condition,
    Fate,
    FeedState,
    Heartbeat,
    Reason,
    Sizes,
    Standing,
    Status,
)
from watcher.run.clock import SystemClock
from watcher.run.pause import shortage
from watcher.text.counted import counted, size
from watcher.text.rfc3339 import rfc3339

MOST = 20
"""Rules, feeds or errors listed."""
LATE = timedelta(minutes=1)
"""An alert that waits for longer has a channel that does not take it, or takes its time."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that is looked at."""

    status: Status
    audit: Audit
    feeds: tuple[FeedState, ...] = ()
    backlog: Mapping[ChannelName, Backlog] = field(default_factory=dict)
    beat: Heartbeat | None = None
    standing: Standing | None = None
    sizes: Sizes | None = None
    short: str = ""  # why nothing is polled for want of room on the disk


@click.command("status")
@options
def command(config: Path | None, *, as_json: bool) -> int:
    """Say how it stands. Daemon, feeds, items, matches, alerts, sizes. Exit 0 whatever it is: see `healthcheck`."""
    now = SystemClock().now()
    with open_desk(config_path(config)) as desk:
        store, sizes = desk.store, desk.store.sizes()
        picture = Picture(
            status=store.status(now),
            audit=store.audit(),
            feeds=store.feeds(),
            backlog=store.backlog(),
            beat=store.heartbeat(),
            standing=store.standing(),
            sizes=sizes,
            short=shortage(sizes, desk.settings.keep.min_free),
        )
    if as_json:
        row(report(picture))
    else:
        for line in lines(picture, now):
            say(line)
    return 0


def report(picture: Picture) -> dict[str, Any]:
    """The object other programs rely on."""
    status, standing, audit = picture.status, picture.standing, picture.audit
    closed = {fate.value: status.dispatches.get(fate, 0) for fate in Fate if fate is not Fate.OPEN}
    return {
        "feeds": {
            "total": status.feeds,
            "ok": status.ok,
            "quiet": status.quiet,
            "silent": status.silent,
            "failing": status.failing,
            "blocked": status.blocked,
            "gone": status.gone,
            "paused": status.paused,
            "gaps": status.gaps,
            "audits": status.audits,
            "lies": status.lies,
            "distrusted": status.distrusted,
        },
        "items": status.items,
        "matches": {"open": status.dispatches.get(Fate.OPEN, 0), "closed": closed},
        "outbox": {state.value: count for state, count in status.outbox.items()},
        "lag_seconds": {"p50": percentile(status.lag, 0.50), "p99": percentile(status.lag, 0.99)},
        "reasons": {reason.value: count for reason, count in status.reasons.items() if count},
        "audit": {"matches": audit.matches, "alerts": audit.alerts, "flaws": list(audit.flaws)},
        "silences": [silence_row(silence) for silence in status.silences],
        "resting": {name: rfc3339(until) for name, until in status.resting.items()},
        "rules": None if standing is None else _rules(standing),
        "daemon": None if picture.beat is None else _daemon(picture.beat, standing),
        "store": None if picture.sizes is None else _store(picture.sizes),
        "short_of_room": picture.short or None,
    }


def _daemon(beat: Heartbeat, standing: Standing | None) -> dict[str, Any]:
    return {
        "pid": beat.pid,
        "version": (standing and standing.version) or None,
        "started_at": beat.started_at,
        "beat_at": beat.beat_at,
        "stopped": beat.stopped,
    }


def _store(sizes: Sizes) -> dict[str, Any]:
    return {
        "bytes": sizes.database,
        "log_bytes": sizes.log,
        "free_bytes": sizes.free,
        "disk_free_bytes": sizes.disk,
        "items_since": rfc3339(sizes.oldest),
    }


def alive(beat: Heartbeat | None, now: datetime) -> bool:
    """Whether the daemon showed a sign of life lately, and has not said that it ends."""
    return beat is not None and pulse.alive(beat.beat_at, now, stopped=beat.stopped)


def _rules(standing: Standing) -> dict[str, Any]:
    return {
        "live": standing.rules,
        "kept": [{"rule": rule, "why": why} for rule, why in standing.kept],
        "errors": list(standing.errors),
        "loaded_at": standing.loaded_at,
    }


def lines(picture: Picture, now: datetime) -> Iterator[str]:
    """The same for people: what is well in a line, what is not in a line each."""
    status = picture.status
    yield from _daemon_lines(picture, now)
    yield from _standing_lines(picture.standing, now) if picture.standing else ()
    yield f"feeds    {status.feeds:,}: {by_condition(status)}"
    yield from _ill(picture.feeds, now)
    since = picture.sizes and picture.sizes.oldest
    yield f"items    {status.items:,} known" + (f", the first of {local(since, 'UTC')}" if since else "")
    yield from _matches(status)
    yield from _alerts(status)
    yield from _late(picture.backlog, now)
    yield from _audited(picture.audit)
    yield from _held_by_people(status)
    if status.lag:
        half, most = percentile(status.lag, 0.50), percentile(status.lag, 0.99)
        yield f"delay    {half} s from an item's arrival to its alert's acceptance (median), {most} s at most for 99 %"
    yield from _size_lines(picture.sizes) if picture.sizes else ()


def _daemon_lines(picture: Picture, now: datetime) -> Iterator[str]:
    beat, version = picture.beat, picture.standing.version if picture.standing else ""
    if beat and alive(beat, now):
        what = (
            f"running{f' {clean(version)}' if version else ''}, pid {beat.pid}, since {local(beat.started_at, 'UTC')}"
        )
    else:
        what = paint("not running", fg="yellow")
    yield f"daemon   {what}" + (f", last sign of life {ago(beat.beat_at, now)}" if beat else "")
    if beat and not alive(beat, now):
        how = "" if beat.stopped else "it ended without being asked to, its log says why; "
        yield paint(f"         {how}start it: `watcher run`, or its service", fg="yellow")
    if picture.short:
        yield paint(f"         nothing is polled: {picture.short}", fg="red")


def _ill(states: Sequence[FeedState], now: datetime) -> Iterator[str]:
    """The feeds that a person should look at: those that fail, those that are silent, those that people paused."""
    unread = [state for state in states if (state.failures or state.condition in BAD) and not paused(state, now)]
    for state in unread[:MOST]:
        again = ago(state.next_at, now) if state.next_at else "now"
        yield paint(f"         {clean(state.feed.id)}: {clean(reason(state, now))}; next try {again}", fg="red")
    yield from _more(unread, "red")
    still = [state for state in states if state not in unread and _is_still(state, now)]
    for state in still[:MOST]:
        yield paint(f"         {clean(state.feed.id)}: {clean(reason(state, now))}", fg="yellow")
    yield from _more(still, "yellow")


def _is_still(state: FeedState, now: datetime) -> bool:
    return state.condition is Condition.SILENT or paused(state, now) is not None


def _more(states: Sequence[FeedState], colour: str) -> Iterator[str]:
    if len(states) > MOST:
        yield paint(f"         and {len(states) - MOST:,} more", fg=colour)


def _late(backlog: Mapping[ChannelName, Backlog], now: datetime) -> Iterator[str]:
    """Channels on which alerts wait to be sent for longer than that takes."""
    for name, waits in sorted(backlog.items()):
        if waits.oldest and now - waits.oldest > LATE:
            how = f"{waits.pending:,} pending, the oldest made {ago(waits.oldest, now)}"
            ask = f"`watcher notify test {clean(name)}` shows what its service answers"
            yield paint(f"         {clean(name)}: {how}; {ask}", fg="red")


def _size_lines(sizes: Sizes) -> Iterator[str]:
    left = "" if sizes.disk is None else f"; {size(sizes.disk)} left on the disk"
    yield f"store    {size(sizes.database)}, {size(sizes.free)} of it free, and a log of {size(sizes.log)}{left}"


def _matches(status: Status) -> Iterator[str]:
    """The first sum: every match on every channel it goes to, open or closed, and why."""
    total, opened = sum(status.dispatches.values()), status.dispatches.get(Fate.OPEN, 0)
    each = f", of {counted(status.matches, 'match', 'es')} on their channels" if status.matches != total else ""
    yield f"matches  {total:,} = {opened:,} open + {total - opened:,} closed{each}"
    if opened:
        yield f"         open: {_by_reason(status, Fate.OPEN)}; `watcher alerts waiting` lists them"
    closed = [fate for fate in Fate if fate is not Fate.OPEN and status.dispatches.get(fate)]
    if closed:
        how = (f"{status.dispatches[fate]:,} {fate.value}{_in_detail(status, fate)}" for fate in closed)
        yield f"         closed: {', '.join(how)}"


def _in_detail(status: Status, fate: Fate) -> str:
    """The reasons of a fate, where they say more than it does."""
    said = _by_reason(status, fate)
    return f" ({said})" if said != f"{status.dispatches[fate]:,} {fate.value}" else ""


def _by_reason(status: Status, fate: Fate) -> str:
    counts = ((reason, status.reasons.get(reason, 0)) for reason in Reason if reason.fate is fate)
    return ", ".join(f"{count:,} {reason.value}" for reason, count in counts if count)


def _alerts(status: Status) -> Iterator[str]:
    """The second sum: every alert, waiting to be sent, sent or given up."""
    states = " + ".join(f"{status.outbox.get(state, 0):,} {state.value}" for state in AlertState)
    yield f"alerts   {sum(status.outbox.values()):,} = {states}"
    if status.outbox.get(AlertState.DEAD, 0):
        yield paint("         `watcher alerts dead` lists those given up", fg="red")


def _audited(audit: Audit) -> Iterator[str]:
    looked_at = f"{counted(audit.matches, 'match', 'es')} and {counted(audit.alerts, 'alert')} looked at"
    if not audit.flaws:
        yield f"sums     add up, {looked_at}"
        return
    yield paint(f"sums     do not add up, {looked_at}:", fg="red")
    for flaw in audit.flaws[:MOST]:
        yield paint(f"         {clean(flaw)}", fg="red")


def _held_by_people(status: Status) -> Iterator[str]:
    """What is silenced, and which services asked to be left alone for a while."""
    for silence in status.silences[:MOST]:
        yield f"silence  {silence.id}: {spoken(silence, 'UTC')}"
    if len(status.silences) > MOST:
        yield f"         and {len(status.silences) - MOST:,} more: `watcher silence list`"
    for name, until in status.resting.items():
        yield paint(f"resting  {clean(name)}: nothing is sent before {local(until, 'UTC')}", fg="yellow")


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
