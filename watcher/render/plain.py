"""pure: (alert, limits) -> message in plain text, for any service."""

from __future__ import annotations

from watcher.model import Alert, AlertKind, ChannelSpec, Message, ToldItem
from watcher.render import template
from watcher.render.clean import link, many_lines, one_line, uncalled
from watcher.render.media import Limits
from watcher.render.snippet import because, headline, snippets
from watcher.render.words import (
    MOST_SENTENCES,
    MOST_WORDS,
    SENTENCE,
    denial,
    foot,
    lead_in,
    rules,
    subject,
    unshown,
    where,
)
from watcher.text.cut import cut

TITLE = 120
"""The longest title in code points, whatever the service takes: what a phone or a list of mails still shows."""
MOST_ITEMS = 20
MOST_GROUPS = 10


def plain(alert: Alert, limits: Limits, channel: ChannelSpec) -> Message:
    """Title and body within the limits, cut on a word; what had no room is counted as "+n more"."""
    title = _title(alert, channel, min(limits.title or TITLE, TITLE))
    room = limits.body if limits.title else limits.body - len(title) - 1
    body = _body(alert, channel, room)
    if not limits.title:
        title, body = "", f"{title}\n{body}"
    return Message(key=alert.key, title=title, body=cut(body, limits.body), severity=alert.severity, root=alert.root)


def _title(alert: Alert, channel: ChannelSpec, limit: int) -> str:
    own = template.title(alert, channel)
    return cut(uncalled(own or f"[{alert.severity.word}] {lead_in(alert)}: {subject(alert)}"), limit)


def _body(alert: Alert, channel: ChannelSpec, room: int) -> str:
    if not alert.items:
        last = foot(alert, 0)
        words = uncalled(many_lines(alert.body)).strip("\n") or one_line(alert.title)
        return f"{cut(words, max(room - len(last) - 2, 1))}\n\n{last}"
    blocks = _fitting(alert, channel, room - len(foot(alert, unshown(alert, 0))) - 2)
    return "\n\n".join([*blocks, foot(alert, unshown(alert, len(blocks)))])


def _fitting(alert: Alert, channel: ChannelSpec, room: int) -> list[str]:
    """As many items as there is room for, at least one: it is shown without its sentences, or cut, if it must be."""
    first, *others = alert.items[: MOST_GROUPS if alert.kind is AlertKind.DIGEST else MOST_ITEMS]
    blocks = [_block(alert, first, channel)]
    if len(blocks[0]) > room:
        blocks = [cut(_block(alert, first, channel, sentences=0), max(room, 1))]
    left = room - len(blocks[0])
    for told in others:
        block = _block(alert, told, channel)
        left -= len(block) + 2
        if left < 0:
            break
        blocks.append(block)
    return blocks


def _block(alert: Alert, told: ToldItem, channel: ChannelSpec, sentences: int = MOST_SENTENCES) -> str:
    own = template.body(alert, told, channel)
    if own is not None:
        return uncalled(own)
    most = 0 if alert.kind is AlertKind.DIGEST else sentences
    quoted = [f"> {s.starred()}" for s in snippets(told, limit=SENTENCE, most=most)]
    why = because(told, most=MOST_WORDS)
    matched = f"Matched: {rules(told)}" + (f" because of {why}" if why else "")
    said = (denial(told) + headline(told).starred(), where(alert, told, channel.timezone), *quoted, matched)
    return "\n".join([*map(uncalled, said), *([link(told.item.url)] if told.item.url else [])])
