"""pure: a channel -> how fast its service takes messages, and which end of the service they go to.

The figures are what the services document, or less where they document a limit for something wider than a channel.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlsplit

from watcher.model import ChannelSpec
from watcher.schedule import Pace

DEFAULT = Pace(every=0.5)
"""For services of which nothing is known."""
_SLACK = Pace(every=1.0)  # one a second and channel; short bursts are let through, but not promised
_DISCORD = Pace(every=2.0)  # 30 a minute and webhook
_TEAMS = Pace(every=0.5)  # 4 a second, and of those that come steadily fewer
_CHAT = Pace(every=1.0)  # one a second and space
_OWN = None  # the operator's own end, which answers for itself
_PACES: dict[str, Pace | None] = {
    "atom": _OWN,
    "console": _OWN,
    "file": _OWN,
    "webhook": _OWN,
    "webhooks": _OWN,
    "json": _OWN,
    "jsons": _OWN,
    "xml": _OWN,
    "xmls": _OWN,
    "form": _OWN,
    "forms": _OWN,
    "slack": _SLACK,
    "hooks.slack.com": _SLACK,
    "hooks.slack-gov.com": _SLACK,
    "discord": _DISCORD,
    "discord.com": _DISCORD,
    "discordapp.com": _DISCORD,
    "tgram": Pace(every=3.0),  # 20 a minute in a group
    "mailto": Pace(every=0.2),
    "mailtos": Pace(every=0.2),
    "matrix": Pace(every=1.0),
    "matrixs": Pace(every=1.0),
    "pover": Pace(every=0.5),
    "ntfy": Pace(every=5.0, burst=20),  # a bucket of 60 that gets one back every 5 s
    "ntfys": Pace(every=5.0, burst=20),
    "msteams": _TEAMS,
    "workflow": _TEAMS,
    "workflows": _TEAMS,
    "gchat": _CHAT,
    "chat.googleapis.com": _CHAT,
    "mmost": Pace(every=0.1),
    "mmosts": Pace(every=0.1),
}


def pace_of(channel: ChannelSpec) -> Pace | None:
    """The channel's own pace where it has one, else its service's; None: as fast as it goes."""
    if channel.pace is not None:
        return Pace(every=channel.pace) if channel.pace > 0 else None
    scheme, host = _end(channel.url)[:2]
    return _PACES.get(host if scheme == "https" else scheme, DEFAULT)


def target_of(channel: ChannelSpec) -> str:
    """The same for channels that share a service's end: a mail server with its account, else the same URL. It can be
    shown: the URL cannot be read from it.
    """
    scheme, host, user = _end(channel.url)
    end = f"{scheme}://{user}@{host}" if scheme in {"mailto", "mailtos"} else channel.url
    return sha256(end.encode()).hexdigest()[:16]


def _end(url: str) -> tuple[str, str, str]:
    """Scheme, host and user of a URL, each "" where it has none that can be read."""
    scheme = url.partition("://")[0].lower()
    try:
        parts = urlsplit(url)
    except ValueError:
        return scheme, "", ""
    return scheme, parts.hostname or "", parts.username or ""
