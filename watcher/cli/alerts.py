"""`watcher alerts`: what was told, what waits, what was given up; one of them whole; send one again."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from watcher.cli.common import clean, config_path, note, options, paint, rfc3339, row, say, since_option, wanted
from watcher.cli.desk import open_desk
from watcher.errors import UsageError
from watcher.model import Alert, AlertKey, AlertState, ChannelSpec, Delivery
from watcher.ports import Store
from watcher.render import Terminal, render
from watcher.render.row import row as alert_row
from watcher.render.row import title
from watcher.run.clock import SystemClock

LATEST = 1_000
COLOURS = {AlertState.PENDING: "yellow", AlertState.SENT: "green", AlertState.DEAD: "red"}
FORMULA = tuple("=+-@＝＋－＠")  # the wide ones too: spreadsheets of some languages take them for the others
COLUMNS = ("created_at", "state", "channel", "severity", "kind", "title", "rules", "urls", "attempts", "sent_at", "key")


class Listing(click.Group):
    """A group whose name alone, with or without options, is its `list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if known else ["list", *args])


@click.group("alerts", cls=Listing)
def command() -> None:
    """List alerts, show one whole, send one again. Without a word: list."""


@command.command("list")
@since_option
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options
def listing(config: Path | None, since: timedelta | None, *, as_json: bool, as_csv: bool) -> int:
    """The alerts of a time, newest first."""
    return _list(config, since, None, as_json=as_json, as_csv=as_csv)


@command.command("dead")
@since_option
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options
def dead(config: Path | None, since: timedelta | None, *, as_json: bool, as_csv: bool) -> int:
    """Alerts given up: the channel refused them for good, or for too long. Exit 1 when there are any."""
    return _list(config, since, AlertState.DEAD, as_json=as_json, as_csv=as_csv)


@command.command("show")
@click.argument("key")
@options
def show(config: Path | None, key: str, *, as_json: bool) -> int:
    """One alert as it was told, and every try at sending it. KEY may be shortened."""
    with open_desk(config_path(config)) as desk:
        alert, tries = _found(desk.store, key)
    if as_json:
        row(alert_row(alert) | {"deliveries": [_try(d) for d in tries]})
        return 0
    say(render(alert, Terminal(colour=paint("", bold=True) != ""), ChannelSpec(name=alert.channel, url="")).body)
    say(f"  {paint(alert.state.value, fg=COLOURS[alert.state])} on {alert.channel}, key {alert.key}")
    for one in tries:
        said = f": {clean(one.detail)}" if one.detail else ""
        say(f"  {rfc3339(one.started_at)}  {one.state.value}{said}")
    if alert.next_at and alert.state is AlertState.PENDING:
        say(f"  next try {rfc3339(alert.next_at)}")
    return 0


@command.command("resend")
@click.argument("key")
@options
def resend(config: Path | None, key: str, *, as_json: bool) -> int:
    """Send a sent or dead alert once more: at once by the daemon, else by the next `run`."""
    with open_desk(config_path(config), write=True) as desk:
        alert, _ = _found(desk.store, key)
        desk.store.resend(alert.key, SystemClock().now())
    if as_json:
        row({"key": alert.key, "state": AlertState.PENDING.value})
    else:
        say(f"alert {alert.key[:12]} is pending again on {alert.channel}")
    return 0


def _list(
    config: Path | None, since: timedelta | None, state: AlertState | None, *, as_json: bool, as_csv: bool
) -> int:
    start = SystemClock().now() - since if since else None
    with open_desk(config_path(config)) as desk:
        alerts = desk.store.alerts(start, state, LATEST)
    if as_csv:
        _csv(alerts)
    elif as_json:
        for alert in alerts:
            row(alert_row(alert))
    else:
        for alert in alerts:
            say(_line(alert))
        if not alerts:
            note("no alerts" + (" given up" if state else ""))
    return 1 if state is AlertState.DEAD and alerts else 0


def _line(alert: Alert) -> str:
    state = paint(f"{alert.state.value:<7}", fg=COLOURS[alert.state])
    when = alert.created_at.strftime("%Y-%m-%d %H:%M")
    return (
        f"{when}  {state} {alert.key[:12]}  {clean(alert.channel):<10} {alert.severity.word:<8} {clean(title(alert))}"
    )


def _csv(alerts: Sequence[Alert]) -> None:
    table = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore")
    table.writeheader()
    for alert in alerts:
        flat = alert_row(alert)
        flat["rules"] = " ".join(dict.fromkeys(rule for told in alert.items for rule, _ in told.rules))
        flat["urls"] = " ".join(told.item.url for told in alert.items if told.item.url)
        table.writerow({name: _cell(flat[name]) for name in COLUMNS})


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
