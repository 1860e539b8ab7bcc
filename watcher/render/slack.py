"""pure: (alert, channel) -> message: Slack's Block Kit, and the plain text that stands for it in notifications.

Words from outside stand in rich text and in plain_text only, where Slack reads no markup: nothing in them is bold, a
link, an emoji or a call by what it says.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from watcher.model import Alert, AlertKind, ChannelSpec, Message, Severity, ToldItem
from watcher.render import template
from watcher.render.clean import link, many_lines
from watcher.render.media import Limits
from watcher.render.plain import plain
from watcher.render.snippet import Marked, because, headline, snippets
from watcher.render.words import (
    MOST_SENTENCES,
    MOST_WORDS,
    SENTENCE,
    by_itself,
    denial,
    is_update,
    lead_in,
    meant_for,
    reference,
    rules,
    source,
    subject,
    unshown,
)
from watcher.text.cut import cut

ALL_BLOCKS = 12_000
"""UTF-16 units of the JSON of all blocks. Slack refuses more than about 13,200 and does not say what it counts."""
BEST_TEXT = 4_000
"""UTF-16 units of a text without blocks; Slack cuts longer ones, or sends them in parts."""
MOST_ITEMS = 10
LONGEST_HEADLINE = 300
LONGEST_URL = 2_000
"""A longer one is no link: Slack takes 3,000, browsers differ."""
LONGEST_LINE = 800
LONGEST_WORDS = 2_000
MOST_CODE = 20
"""Commands in a notice that are shown as code."""
SIGNS = {
    Severity.INFO: "⚪",
    Severity.LOW: "🔵",
    Severity.MEDIUM: "🟡",
    Severity.HIGH: "🟠",
    Severity.CRITICAL: "🔴",
}
BOLD, CODE = {"bold": True}, {"code": True}

Json = dict[str, Any]


def slack(alert: Alert, channel: ChannelSpec) -> Message:
    """The payload has all of it; the title is what a notification shows, the body says the same as plain text."""
    said = plain(alert, Limits(title=LONGEST_HEADLINE, body=BEST_TEXT // 2), channel)
    return replace(said, payload=_json({"text": _literal(said.title), "blocks": _blocks(alert, channel)}))


def without_blocks(message: Message) -> str:
    """The payload that says a message in plain text, for when its blocks are not taken."""
    text = "\n".join(part for part in (message.title, message.body) if part)
    while _units(_literal(text)) > BEST_TEXT:
        text = cut(text, len(text) * BEST_TEXT // _units(_literal(text)))
    return _json({"text": _literal(text), "mrkdwn": False})


def _blocks(alert: Alert, channel: ChannelSpec) -> list[Json]:
    if not alert.items:
        return [_rich(_section(_notice(alert))), _foot(alert, 0)]
    head = _digest(alert) if alert.kind is AlertKind.DIGEST else []
    room = ALL_BLOCKS - _size([*head, _foot(alert, unshown(alert, 0))])
    blocks, shown = _fitting(alert, channel, room)
    return [*head, *blocks, _foot(alert, unshown(alert, shown))]


def _fitting(alert: Alert, channel: ChannelSpec, room: int) -> tuple[list[Json], int]:
    """As many items as there is room for; the first has fewer sentences if it must."""
    blocks: list[Json] = []
    for number, told in enumerate(alert.items[:MOST_ITEMS]):
        most = MOST_SENTENCES if number == 0 and alert.kind is not AlertKind.DIGEST else 0
        tried = (_item(alert, told, channel, sentences) for sentences in range(most, -1, -1))
        item = next((one for one in tried if _size([*blocks, *one]) <= room), None)
        if item is None:
            return blocks, number
        blocks += item
    return blocks, min(len(alert.items), MOST_ITEMS)


# one item


def _item(alert: Alert, told: ToldItem, channel: ChannelSpec, sentences: int) -> list[Json]:
    """The headline with what it quotes, and in small print where it comes from and why it is told."""
    own = template.body(alert, told, channel)
    place = _place(told.item.url)
    parts = [_section(_headline(alert, told, channel, place))]
    if own is not None:
        parts.append(_section([_text(_shown(cut(own, LONGEST_WORDS)))]))
    elif quoted := snippets(told, limit=SENTENCE, most=sentences) if sentences else ():
        parts.append({"type": "rich_text_quote", "elements": list(_quoted(quoted))})
    others = [f"+{told.others} more"] if alert.kind is AlertKind.DIGEST and told.others else []
    host = [place.host] if place else []
    told = told if _leads(alert, told) else by_itself(told)
    small = [" · ".join([cut(rules(told), LONGEST_LINE), source(told, channel.timezone), *host, *others])]
    if own is None and (why := because(told, most=MOST_WORDS)):
        small.append(f"because of {why}")
    return [_rich(*parts), _small("\n".join(cut(line, LONGEST_LINE) for line in small))]


def _leads(alert: Alert, told: ToldItem) -> bool:
    """Whether it stands for its group: in a digest each does."""
    return alert.kind is AlertKind.DIGEST or told is alert.items[0]


def _headline(alert: Alert, told: ToldItem, channel: ChannelSpec, place: _Place | None) -> Iterator[Json]:
    """The severity, and the title as the link it leads to."""
    severity = told.severity if alert.kind is AlertKind.DIGEST else alert.severity
    if _leads(alert, told):
        yield _text(f"{SIGNS[severity]} ")
        yield _text(severity.word, BOLD)
        yield _text(" update  " if is_update(alert) else "  ")
    own = template.title(alert, channel) if told is alert.items[0] else None
    if own is None and told.denial:
        yield _text(denial(told))
    words = _shown(cut(own or headline(told).text, LONGEST_HEADLINE))
    yield {"type": "link", "url": place.url, "text": words, "style": BOLD} if place else _text(words, BOLD)


def _quoted(sentences: Sequence[Marked]) -> Iterator[Json]:
    for number, sentence in enumerate(sentences):
        for piece, hit in (sentence.behind("\n") if number else sentence).pieces():
            if piece:
                yield _text(piece, BOLD if hit else None)


class _Place(NamedTuple):
    """A page, and the name of the host that a browser asks for it."""

    url: str
    host: str


def _place(url: str | None) -> _Place | None:
    """Where a link may lead: a web page of a host that can be named. What programs read differently leads nowhere."""
    safe = link(url or "")
    if len(safe) > LONGEST_URL or "\\" in safe or not safe.lower().startswith(("https://", "http://")):
        return None
    try:
        host = (urlsplit(safe).hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):  # a host that cannot be read; not a name in any script
        return None
    return _Place(safe, host) if host else None


# what stands round the items


def _digest(alert: Alert) -> list[Json]:
    words = cut(lead_in(alert), LONGEST_HEADLINE)
    return [_rich(_section([_text("🗞 "), _text(words[:1].upper() + words[1:], BOLD)]))]


def _notice(alert: Alert) -> Iterator[Json]:
    """The watcher's own words; what stands between backticks in them is shown as code."""
    yield _text(f"{SIGNS[alert.severity]} ")
    yield _text(_shown(cut(subject(alert), LONGEST_HEADLINE)), BOLD)
    words = cut(many_lines(alert.body).strip(), LONGEST_WORDS)
    for number, piece in enumerate(re.split(r"`([^`\n]+)`", f"\n{words}" if words else "", maxsplit=MOST_CODE)):
        if piece:
            yield _text(piece, CODE if number % 2 else None)


def _foot(alert: Alert, more: int) -> Json:
    """What is not shown, and the alert's key: whole in the block's id, where a program may find it."""
    meant = [meant_for(alert)] if alert.failed_on else []
    who = [] if alert.items else ["watcher"]
    words = [*([f"and {more} more"] if more else []), *meant, *who, reference(alert.key)]
    return {**_small(" · ".join(words)), "block_id": f"alert-{alert.key}"}


# Slack's words


def _rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def _section(elements: Iterator[Json] | Sequence[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(words: str, style: Json | None = None) -> Json:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def _small(words: str) -> Json:
    return {"type": "context", "elements": [{"type": "plain_text", "text": words, "emoji": False}]}


def _shown(words: str) -> str:
    """Text that can be seen: Slack refuses an empty one, and a link on nothing cannot be clicked."""
    return words if any(unicodedata.category(c)[0] not in "CMZ" for c in words) else "(no title)"


def _literal(text: str) -> str:
    """As Slack wants text in which nothing is a link or a call."""
    return escape(text, quote=False)


def _json(payload: Json) -> str:
    return json.dumps({**payload, "unfurl_links": False, "unfurl_media": False}, ensure_ascii=False)


def _size(blocks: Sequence[Json]) -> int:
    return _units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
