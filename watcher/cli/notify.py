"""`watcher notify test`: say something on a channel now, and show the service's own answer."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import click

from watcher.app.parts import make_outlet
from watcher.cli.common import clean, config_path, meant, options, paint, row, say
from watcher.config import Settings, load_config
from watcher.errors import SendError, UsageError
from watcher.jobs import Outlet
from watcher.model import Alert, AlertKey, AlertKind, AlertState, ChannelName, ChannelSpec, Severity
from watcher.run.clock import SystemClock

GRACE = 2.0
"""Seconds beyond the time a send may take: it has ended by itself before."""


@click.group("notify")
def command() -> None:
    """Try the channels."""


@command.command("test")
@click.argument("channel", required=False)
@options
def test(channel: str | None, config: Path | None, *, as_json: bool) -> int:
    """Send a test message on CHANNEL, or on all. CHANNEL is a name or tag. Exit 1 when one did not accept it."""
    settings = load_config(config_path(config), os.environ, require_secrets=False)
    stream = sys.stderr if as_json else sys.stdout
    answers = _answers(_meant(settings, channel), settings, stream)
    for spec, accepted, answer in answers:
        if as_json:
            row({"channel": spec.name, "accepted": accepted, "answer": answer})
        else:
            verdict = paint("accepted", fg="green") if accepted else paint("refused", fg="red")
            say(f"{spec.name}: {verdict}" + (f": {clean(answer)}" if answer else ""))
    return 0 if all(accepted for _, accepted, _ in answers) else 1


def _meant(settings: Settings, name: str | None) -> tuple[ChannelSpec, ...]:
    """The channel of this name, else those with the tag; all where nothing is named. Raises UsageError."""
    chosen = tuple(c for c in settings.channels if name in {None, c.name}) or tuple(
        c for c in settings.channels if name in c.tags
    )
    if not chosen:
        known = dict.fromkeys(known for c in settings.channels for known in (c.name, *c.tags))
        raise UsageError(f"no channel is named or tagged {clean(name or '')}; {meant(name or '', known)}")
    return chosen


def _answers(specs: Sequence[ChannelSpec], settings: Settings, stream: TextIO) -> list[tuple[ChannelSpec, bool, str]]:
    """What each service said, in order; all are asked at once, and one that says nothing in time is waited for once."""
    said: dict[ChannelName, tuple[bool, str]] = {}

    def ask(spec: ChannelSpec) -> None:
        said[spec.name] = _try(spec, settings, stream)

    threads = [threading.Thread(target=ask, args=(spec,), daemon=True) for spec in specs]
    for thread in threads:
        thread.start()
    end = time.monotonic() + settings.send_timeout + GRACE
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0.0))
    late = False, f"no answer within {settings.send_timeout:g} s"
    return [(spec, *said.get(spec.name, late)) for spec in specs]


def _try(spec: ChannelSpec, settings: Settings, stream: TextIO) -> tuple[bool, str]:
    if "${" in spec.url:
        return False, "its secret is not set; `watcher check` says which"
    try:
        outlet = make_outlet(spec, settings, stream, os.environ)
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
