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
SHORTEST_HEADLINE = 20
"""Code points of a headline beside which a link is worth its room."""


def plain(alert: Alert, limits: Limits, channel: ChannelSpec) -> Message:
    """Title and body within the limits, cut on a word; what had no room is counted as "+n more"."""
    title = _title(alert, channel, min(limits.title or TITLE, TITLE))
    if limits.title:
        body = _body(alert, channel, limits.body)
    else:
        first, title = _first_line(alert, channel) or title, ""
        body = f"{first}\n{_body(alert, channel, limits.body - len(first) - 1)}"
    return Message(key=alert.key, title=title, body=cut(body, limits.body), severity=alert.severity, root=alert.root)


def _title(alert: Alert, channel: ChannelSpec, limit: int) -> str:
    own = template.title(alert, channel)
    return cut(uncalled(own or f"[{alert.severity.word}] {lead_in(alert)}: {subject(alert)}"), limit)


def _first_line(alert: Alert, channel: ChannelSpec) -> str | None:
    """What stands above a body that has no title, where the headline follows anyway."""
    if not alert.items or template.title(alert, channel) or template.body(alert, alert.items[0], channel) is not None:
        return None
    return cut(uncalled(f"[{alert.severity.word}] {lead_in(alert)}"), TITLE)


def _body(alert: Alert, channel: ChannelSpec, room: int) -> str:
    if not alert.items:
        last = foot(alert, 0)
        words = uncalled(many_lines(alert.body)).strip("\n") or one_line(alert.title)
        return f"{cut(words, max(room - len(last) - 2, 1))}\n\n{last}"
    blocks = _fitting(alert, channel, room - len(foot(alert, unshown(alert, 0))) - 2)
    return "\n\n".join([*blocks, foot(alert, unshown(alert, len(blocks)))])


def _fitting(alert: Alert, channel: ChannelSpec, room: int) -> list[str]:
    """As many items as there is room for, at least one: without its sentences, or short, if it must be."""
    first, *others = alert.items[: MOST_GROUPS if alert.kind is AlertKind.DIGEST else MOST_ITEMS]
    tried = (_block(alert, first, channel, sentences) for sentences in (MOST_SENTENCES, 0))
    blocks = [next((block for block in tried if len(block) <= room), None) or _short(alert, first, channel, room)]
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


def _short(alert: Alert, told: ToldItem, channel: ChannelSpec, room: int) -> str:
    """The headline and, where it fits whole, the link; the rule's own words as far as they go."""
    if template.body(alert, told, channel) is not None:
        return cut(_block(alert, told, channel), max(room, 1))
    words, url = uncalled(denial(told) + headline(told).text), link(told.item.url or "")
    left = room - len(url) - 1
    return f"{cut(words, left)}\n{url}" if url and left >= SHORTEST_HEADLINE else cut(words, max(room, 1))
