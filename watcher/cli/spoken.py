"""A person's word that something is not told for a while: how it is given, and how it is shown."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from watcher.cli.common import LONGEST, Since, clean, local
from watcher.errors import UsageError
from watcher.model import Silence
from watcher.run.clock import SystemClock
from watcher.text.rfc3339 import rfc3339

ROOM = 200
"""Characters of a reason, and of a person's name."""
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class Until(click.ParamType[datetime]):
    """A moment to come: 18:00, 2026-03-01 or 2026-03-01T18:00, by this computer's clock where no zone is named."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        now = SystemClock().now().astimezone()
        try:
            until = _moment(str(value), now).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("expected a time like 18:00 or 2026-03-01T18:00", param, ctx)
        if until <= now:
            self.fail(f"{local(until, 'UTC')} is over", param, ctx)
        if until - now > timedelta(seconds=LONGEST):
            self.fail("that is more than a hundred years from now", param, ctx)
        return until


def lasting(default: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that say how long a person's word holds, and why it was given."""

    def wrapped(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option("--why", default="", help="The reason, for those who ask why nothing came."),
            click.option("--until", type=Until(), help="Until this moment: 18:00, 2026-03-01T18:00."),
            click.option("--for", "for_", type=Since(), default=default, help="So long: 30m, 2h, 7d."),
        ):
            command = option(command)
        return command

    return wrapped


def word(for_: timedelta | None, until: datetime | None, why: str) -> dict[str, Any]:
    """Who says it, since when, until when and why, as arguments of a Silence. Raises UsageError."""
    if (for_ is None) == (until is None):
        raise UsageError("say how long: either --for 2h or --until 18:00")
    now = SystemClock().now()
    return {"by": _kept(who()), "since": now, "until": until or now + (for_ or timedelta()), "why": _kept(why)}


def who() -> str:
    """The name of the person at the keyboard: the one who became root, too."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container without a list of users
        return f"user {os.getuid()}"


def spoken(silence: Silence, zone: str) -> str:
    """Who silenced what until when, and why."""
    what = f"the rule {clean(silence.rule)}" if silence.rule is not None else "its group"
    where = f" on {clean(silence.channel)}" if silence.channel is not None else ""
    did = f"acknowledged alert {silence.alert[:12]}" if silence.alert else f"silenced {what}{where}"
    why = f": {clean(silence.why)}" if silence.why else ""
    return f"{clean(silence.by)} {did} at {local(silence.since, zone)}, until {local(silence.until, zone)}{why}"


def _kept(text: str) -> str:
    """As it can be stored: no bytes that are no text, and not without end."""
    return text[:ROOM].encode(errors="replace").decode()


def silence_row(silence: Silence) -> dict[str, Any]:
    """A silence for programs."""
    return {
        "id": silence.id,
        "rule": silence.rule,
        "group": silence.group,
        "channel": silence.channel,
        "by": silence.by,
        "since": rfc3339(silence.since),
        "until": rfc3339(silence.until),
        "why": silence.why,
        "alert": silence.alert,
    }


def _moment(text: str, now: datetime) -> datetime:
    """By the clock of `now` where the text names no zone. Raises ValueError."""
    if found := _CLOCK.fullmatch(text):
        today = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0, tzinfo=None)
        moment = today if today.astimezone() > now else today + timedelta(days=1)
        return moment.astimezone()
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.astimezone()
