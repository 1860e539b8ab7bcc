"""`watcher notify test`: say something on a channel now, and show the service's own answer."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

import click

from watcher.app.parts import make_outlets
from watcher.cli.common import clean, config_path, options, paint, row, say
from watcher.config import load_config
from watcher.errors import SendError, UsageError
from watcher.jobs import Outlet
from watcher.model import Alert, AlertKey, AlertKind, AlertState, Severity
from watcher.run.clock import SystemClock


@click.group("notify")
def command() -> None:
    """Try the channels."""


@command.command("test")
@click.argument("channel", required=False)
@options
def test(channel: str | None, config: Path | None, *, as_json: bool) -> int:
    """Send a test message on CHANNEL, or on all; exit 1 when one did not accept it."""
    settings = load_config(config_path(config), os.environ, require_secrets=True)
    outlets = make_outlets(settings, sys.stderr if as_json else sys.stdout, os.environ)
    chosen = [o for o in outlets if channel in {None, o.spec.name}]
    if not chosen:
        known = ", ".join(sorted(o.spec.name for o in outlets))
        raise UsageError(f"no channel is named {clean(channel or '')}; known: {known}")
    failed = 0
    for outlet in chosen:
        accepted, answer = _try(outlet)
        failed += not accepted
        if as_json:
            row({"channel": outlet.spec.name, "accepted": accepted, "answer": answer})
        else:
            verdict = paint("accepted", fg="green") if accepted else paint("refused", fg="red")
            say(f"{outlet.spec.name}: {verdict}" + (f": {clean(answer)}" if answer else ""))
    return 1 if failed else 0


def _try(outlet: Outlet) -> tuple[bool, str]:
    try:
        receipt = outlet.sender.send(outlet.render(_greeting(outlet)))
    except SendError as error:
        return False, str(error)
    return True, receipt.detail


def _greeting(outlet: Outlet) -> Alert:
    now = SystemClock().now()
    return Alert(
        key=AlertKey(sha256(f"test {now.isoformat()}".encode()).hexdigest()[:32]),
        channel=outlet.spec.name,
        group="test",
        kind=AlertKind.NOTICE,
        severity=Severity.INFO,
        created_at=now,
        state=AlertState.PENDING,
        attempts=0,
        next_at=None,
        sent_at=None,
        title="This is a test of the watcher",
        body=f"If you can read this, alerts on the channel {outlet.spec.name} arrive.",
    )
