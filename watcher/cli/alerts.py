"""`watcher alerts`: what was told, waits, was given up; one of them whole, sent again, looked after, or tried out."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from watcher.alert import copied
from watcher.cli.common import Defaulting, clean, config_path, note, options, paint, row, say, since_option, wanted
from watcher.cli.desk import open_desk
from watcher.cli.spoken import lasting, silence_row, spoken, word
from watcher.cli.stories import split, story_row, told_lines
from watcher.cli.waits import TITLE, Wait, waits
from watcher.errors import UsageError
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelSpec,
    Delivery,
    Silence,
)
from watcher.ports import Store
from watcher.render import Terminal, render
from watcher.render.row import row as alert_row
from watcher.render.row import title
from watcher.render.words import spread
from watcher.run.clock import SystemClock
from watcher.text.counted import counted
from watcher.text.cut import cut
from watcher.text.rfc3339 import rfc3339

LATEST = 1_000
COLOURS = {AlertState.PENDING: "yellow", AlertState.SENT: "green", AlertState.DEAD: "red"}
FORMULA = tuple("=+-@＝＋－＠")  # the wide ones too: spreadsheets of some languages take them for the others
COLUMNS = (
    "created_at", "state", "channel", "severity", "kind", "title", "rules", "urls", "attempts", "sent_at", "key",
    "told", "sources", "copies", "acknowledged_by",
)  # fmt: skip


@click.group("alerts", cls=Defaulting, default="list")
def command() -> None:
    """List alerts, show one, send one again, see what waits. Without a word: list."""


@command.command("list")
@since_option
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options
def listing(config: Path | None, since: timedelta | None, *, as_json: bool, as_csv: bool) -> int:
    """List the alerts of a time, newest first."""
    return _list(config, since, None, as_json=as_json, as_csv=as_csv)


@command.command("dead")
@since_option
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options
def dead(config: Path | None, since: timedelta | None, *, as_json: bool, as_csv: bool) -> int:
    """List the alerts given up. Their channel refused them for good, or for too long. Exit 1 when there are any."""
    return _list(config, since, AlertState.DEAD, as_json=as_json, as_csv=as_csv)


@command.command("show")
@click.argument("key")
@options
def show(config: Path | None, key: str, *, as_json: bool) -> int:
    """Show one alert as it was told, and every try at sending it. KEY may be shortened."""
    with open_desk(config_path(config)) as desk:
        alert, tries = _found(desk.store, key)
        ack = _acks(desk.store, [alert]).get(alert.key)
        zone = desk.zone(alert.channel)
        shown = [found for told in alert.items if (found := desk.store.revision(told.item.id, told.revision))]
        threads = [story_row(desk.store, each) | {"item": each.item.id} for each in shown] if as_json else []
        lines = [] if as_json else list(told_lines(desk.store, shown))
    if as_json:
        row(_row(alert, ack) | {"stories": threads, "deliveries": [_try(d) for d in tries]})
        return 0
    spec = ChannelSpec(name=alert.channel, url="", timezone=zone)
    say(render(alert, Terminal(colour=paint("", bold=True) != ""), spec).body)
    say(f"  {paint(alert.state.value, fg=COLOURS[alert.state])} on {clean(alert.channel)}, key {alert.key}")
    if alert.copy_of:
        say(f"  a copy of {alert.copy_of[:12]}, which was for {clean(alert.failed_on or '')}")
    if alert.owed:
        say(f"  not had by {clean(', '.join(alert.owed))}")
    if ack:
        say(f"  {spoken(ack, zone)}")
    for line in lines:
        say(f"  {line}")
    for one in tries:
        said = f": {clean(one.detail)}" if one.detail else ""
        say(f"  {rfc3339(one.started_at)}  {one.state.value}{said}")
    if alert.next_at and alert.state is AlertState.PENDING:
        say(f"  next try {rfc3339(alert.next_at)}")
    return 0


@command.command("waiting")
@options
def waiting(config: Path | None, *, as_json: bool) -> int:
    """List the matches that are not told yet. Each with why, and until when where that can be known."""
    now = SystemClock().now()
    with open_desk(config_path(config)) as desk:
        opened = desk.store.waiting(LATEST)
        for wait in waits(desk, opened, now):
            d = wait.dispatch
            revision = desk.store.revision(d.item, d.revision)
            title_ = revision.item.title if revision else ""
            if as_json:
                row(_wait_row(wait, title_))
            else:
                when, headline = f"{d.seen_at:%Y-%m-%d %H:%M}", cut(clean(title_), TITLE)
                say(f"{when}  {clean(d.channel):<10} {d.severity.word:<8} {headline}")
                say(f"{'':<18}{clean(d.rule)}: {wait.reason.value}" + (f": {wait.briefly}" if wait.briefly else ""))
        if not opened and not as_json:
            pending = sum(each.pending for each in desk.store.backlog().values())
            more = f"; {counted(pending, 'alert')} to send: `watcher status` says where" if pending else ""
            note(f"nothing is held{more}")
        if len(opened) == LATEST:
            note(f"the first {LATEST:,}; `watcher status` counts them all")
    return 0


@command.command("resend")
@click.argument("key")
@click.option("--to", "channel", help="Another channel: it is told a copy.")
@options
def resend(config: Path | None, key: str, channel: str | None, *, as_json: bool) -> int:
    """Send a sent or dead alert once more. The daemon does that at once, else the next `run`."""
    now = SystemClock().now()
    with open_desk(config_path(config), write=True) as desk:
        alert, _ = _found(desk.store, key)
        to = desk.channel(channel or alert.channel).name
        again = alert.key
        if to != alert.channel:
            copy = copied(alert, to, now)
            desk.store.save_alerts([copy], ())  # one that was made before stays as it is
            again = copy.key
        desk.store.resend(again, now)
    if as_json:
        row({"key": again, "channel": to, "state": AlertState.PENDING.value})
    else:
        what = f"alert {again[:12]}" if again == alert.key else f"a copy of alert {alert.key[:12]}, {again[:12]},"
        say(f"{what} is pending{' again' * (again == alert.key)} on {clean(to)}")
    return 0


@command.command("ack")
@click.argument("key")
@lasting("24h")
@options
def ack(
    config: Path | None, key: str, for_: timedelta | None, until: datetime | None, why: str, *, as_json: bool
) -> int:
    """Say that somebody looks after this alert. What follows of its group is held on its channel, and listed then."""
    with open_desk(config_path(config), write=True) as desk:
        alert, _ = _found(desk.store, key)
        if alert.kind in {AlertKind.DIGEST, AlertKind.NOTICE}:
            raise UsageError(f"nothing follows a {alert.kind.value}: acknowledge an alert of a match")
        said = Silence(
            id=0,
            rule=None,
            group=alert.group,
            channel=alert.channel,
            alert=alert.key,
            **word(None if until else for_, until, why),
        )
        said = desk.store.silence(said)
        zone = desk.zone(alert.channel)
    if as_json:
        row(silence_row(said))
    else:
        say(spoken(said, zone))
        say(f"what follows is held and listed then; end it with `watcher silence end {said.id}`")
    return 0


@command.command("preview")
@click.argument("item")
@click.argument("rule")
@click.option("--channel", required=True, help="The channel whose message it is.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file: of a mail the HTML part alone where its name ends in .html.",
)
@options
def preview(config: Path | None, item: str, rule: str, channel: str, out: Path | None, *, as_json: bool) -> int:
    """Print the message that CHANNEL would get of ITEM under RULE. Exit 1 when RULE does not match it."""
    from watcher.cli.preview import show as show_message  # which takes its time

    return show_message(config_path(config), item, rule, channel, out, as_json=as_json)


command.add_command(split)


def _list(
    config: Path | None, since: timedelta | None, state: AlertState | None, *, as_json: bool, as_csv: bool
) -> int:
    start = SystemClock().now() - since if since else None
    with open_desk(config_path(config)) as desk:
        alerts = desk.store.alerts(start, state, LATEST)
        acks = _acks(desk.store, alerts)
    if as_csv:
        _csv(alerts, acks)
    elif as_json:
        for alert in alerts:
            row(_row(alert, acks.get(alert.key)))
    else:
        for alert in alerts:
            say(_line(alert, acks.get(alert.key)))
        if not alerts:
            note("no alerts" + (" given up" if state else ""))
    return 1 if state is AlertState.DEAD and alerts else 0


def _acks(store: Store, alerts: Sequence[Alert]) -> dict[AlertKey, Silence]:
    """The last acknowledgement of each alert, ended ones too."""
    if not alerts:
        return {}
    said = store.silences(min(alert.created_at for alert in alerts))
    return {silence.alert: silence for silence in said if silence.alert}


def _row(alert: Alert, ack: Silence | None) -> dict[str, Any]:
    return alert_row(alert) | {"ack": silence_row(ack) if ack else None}


def _line(alert: Alert, ack: Silence | None) -> str:
    state = paint(f"{alert.state.value:<7}", fg=COLOURS[alert.state])
    when = alert.created_at.strftime("%Y-%m-%d %H:%M")
    kind = "" if alert.kind is AlertKind.MATCH else f"{alert.kind.value}: "
    about = title(alert, spread(alert.sources, alert.copies))
    seen = paint(f"  acknowledged by {clean(ack.by)}", dim=True) if ack else ""
    return (
        f"{when}  {state} {alert.key[:12]}  {clean(alert.channel):<10} {alert.severity.word:<8}"
        f" {kind}{clean(about)}{seen}"
    )


def _csv(alerts: Sequence[Alert], acks: Mapping[AlertKey, Silence]) -> None:
    table = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore")
    table.writeheader()
    for alert in alerts:
        flat = alert_row(alert)
        flat["rules"] = " ".join(dict.fromkeys(rule for told in alert.items for rule, _ in told.rules))
        flat["urls"] = " ".join(told.item.url for told in alert.items if told.item.url)
        flat["acknowledged_by"] = acks[alert.key].by if alert.key in acks else ""
        table.writerow({name: _cell(flat[name]) for name in COLUMNS})


def _wait_row(wait: Wait, title_: str) -> dict[str, Any]:
    """An open dispatch for programs."""
    d = wait.dispatch
    return {
        "channel": d.channel,
        "group": d.group,
        "rule": d.rule,
        "item": d.item,
        "revision": d.revision,
        "title": title_,
        "severity": d.severity.word,
        "seen_at": rfc3339(d.seen_at),
        "reason": wait.reason.value,
        "because": wait.sentence,
        "until": rfc3339(wait.until),
    }


def _cell(value: Any) -> Any:
    """A value no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if isinstance(value, str):
        value = clean(value)
        return f"'{value}" if value.startswith(FORMULA) else value
    return value


def _try(delivery: Delivery) -> dict[str, Any]:
    return {
        "started_at": rfc3339(delivery.started_at),
        "ended_at": rfc3339(delivery.ended_at),
        "state": delivery.state.value,
        "detail": delivery.detail,
    }


def _found(store: Store, prefix: str) -> tuple[Alert, tuple[Delivery, ...]]:
    """The one alert a shortened key means. Raises UsageError for none or several."""
    keys = store.find_alert(wanted(prefix, "alert"))
    if len(keys) != 1:
        which = "no alert has" if not keys else f"{len(keys)} alerts or more have"
        raise UsageError(f"{which} a key that starts with {clean(prefix)}; `watcher alerts` lists them")
    return _whole(store, keys[0]), store.deliveries(keys[0])


def _whole(store: Store, key: AlertKey) -> Alert:
    alert = store.alert(key)
    assert alert is not None, "found a moment ago in the same store"
    return alert
