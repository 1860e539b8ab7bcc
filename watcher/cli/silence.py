"""`watcher silence`: for a while nothing of a rule is told; what comes meanwhile is listed when that ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from watcher.cli.common import Defaulting, clean, config_path, meant, no_rule, note, options, row, say, wanted
from watcher.cli.desk import Desk, open_desk
from watcher.cli.spoken import lasting, silence_row, spoken, word
from watcher.cli.waits import TITLE, waits
from watcher.errors import UsageError
from watcher.model import Dispatch, Reason, RuleId, Silence
from watcher.run.clock import SystemClock
from watcher.text.counted import counted
from watcher.text.cut import cut
from watcher.text.rfc3339 import rfc3339

MOST = 10_000
"""Waiting matches that are looked at."""
SHOWN = 5


@click.group("silence", cls=Defaulting, default="begin")
def command() -> None:
    """Hold what a rule would tell, for a while. Without a word: begin."""


@command.command("begin")
@click.argument("rule")
@lasting()
@click.option("--channel", help="On this channel only; else on all.")
@options
def begin(  # noqa: PLR0917 - each an option
    config: Path | None,
    rule: str,
    for_: timedelta | None,
    until: datetime | None,
    channel: str | None,
    why: str,
    *,
    as_json: bool,
) -> int:
    """Hold what RULE tells. What comes meanwhile is listed when the silence ends; critical too."""
    with open_desk(config_path(config), write=True) as desk:
        silence = Silence(
            id=0,
            rule=_known_rule(desk, wanted(rule, "rule")),
            group=None,
            channel=desk.channel(channel).name if channel is not None else None,
            **word(for_, until, why),
        )
        _begin(desk, silence, as_json=as_json)
    return 0


@command.command("list")
@options
def listing(config: Path | None, *, as_json: bool) -> int:
    """List the silences that hold, and what waits because of each."""
    now = SystemClock().now()
    with open_desk(config_path(config)) as desk:
        found = desk.store.silences(now)
        opened = desk.store.waiting(MOST) if found else ()
        for silence in found:
            held = _held(desk, silence, opened, now)
            if as_json:
                row(silence_row(silence) | {"waiting": len(held)})
            else:
                _show(desk, silence, held)
        if not found and not as_json:
            note("nothing is silenced")
    return 0


@command.command("end")
@click.argument("which", metavar="RULE|ID")
@options
def end(config: Path | None, which: str, *, as_json: bool) -> int:
    """End the silences of RULE, or the one with this ID. What waited is listed by the daemon at once."""
    now = SystemClock().now()
    with open_desk(config_path(config), write=True) as desk:
        standing = desk.store.silences(now)
        ended = [s for s in standing if s.rule == which or str(s.id) == which]
        if not ended:
            names = [name for s in standing for name in (s.rule, str(s.id)) if name]
            raise UsageError(f"no silence is of {clean(which)}; {meant(which, names)}")
        opened = desk.store.waiting(MOST)
        for silence in ended:
            held = _held(desk, silence, opened, now)
            desk.store.end_silence(silence.id, now)
            if as_json:
                row(silence_row(silence) | {"until": rfc3339(now), "waiting": len(held)})
            else:
                say(f"silence {silence.id} of {_of(silence)} ended; {_waiting(held)}")
    return 0


def _begin(desk: Desk, silence: Silence, *, as_json: bool) -> None:
    now = silence.since
    silence = desk.store.silence(silence)
    held = _held(desk, silence, desk.store.waiting(MOST), now)
    if as_json:
        row(silence_row(silence) | {"waiting": len(held)})
    else:
        _show(desk, silence, held)
        say(f"end it with `watcher silence end {silence.rule}`; what comes meanwhile is listed then")


def _known_rule(desk: Desk, rule: str) -> RuleId:
    """A rule that is live, or stands in the files. Raises UsageError with the nearest."""
    live = desk.store.live_rule(RuleId(rule))
    if live is None:
        known = [loaded.rule.id for loaded in desk.rules.loaded.rules]
        if rule not in known:
            raise no_rule(rule, known)
    return RuleId(rule)


def _show(desk: Desk, silence: Silence, held: Sequence[Dispatch]) -> None:
    say(f"{silence.id:>4}  {spoken(silence, desk.zone(silence.channel))}")
    if held:
        say(f"      {_waiting(held)}:")
    for dispatch in held[:SHOWN]:
        revision = desk.store.revision(dispatch.item, dispatch.revision)
        title = cut(clean(revision.item.title), TITLE) if revision else dispatch.item
        say(f"        {title}  ({clean(dispatch.rule)} on {clean(dispatch.channel)})")
    if len(held) > SHOWN:
        say(f"        and {len(held) - SHOWN:,} more: `watcher alerts waiting`")


def _held(desk: Desk, silence: Silence, opened: Iterable[Dispatch], now: datetime) -> list[Dispatch]:
    """What nothing holds before this silence does."""
    covered = [dispatch for dispatch in opened if silence.covers(dispatch, now)]
    return [wait.dispatch for wait in waits(desk, covered, now) if wait.reason is Reason.SILENCED]


def _waiting(held: Sequence[Dispatch]) -> str:
    matches = len({(dispatch.rule, dispatch.item, dispatch.revision) for dispatch in held})
    channels = len({dispatch.channel for dispatch in held})
    on = f", on {channels} channels" if channels > 1 else ""
    return f"{counted(matches, 'match', 'es')} {'waits' if matches == 1 else 'wait'} because of it{on}"


def _of(silence: Silence) -> str:
    return clean(silence.rule or (f"alert {silence.alert[:12]}" if silence.alert else str(silence.group)))
