"""pure: (alert, limits) -> message in plain text, for any service."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.model import Alert, ChannelSpec, Message, ToldItem
from watcher.render.clean import link, many_lines, one_line, uncalled
from watcher.render.media import Limits
from watcher.render.snippet import because, headline, snippets
from watcher.render.words import (
    MOST_SENTENCES,
    MOST_WORDS,
    SENTENCE,
    denial,
    lead_in,
    reference,
    rules,
    source,
    subject,
)
from watcher.text.cut import cut

TITLE = 120
"""The longest title in code points, whatever the service takes: what a phone or a list of mails still shows."""
MOST_ITEMS = 20


def plain(alert: Alert, limits: Limits, _channel: ChannelSpec) -> Message:
    """Title and body within the limits, cut on a word; what had no room is counted as "+n more"."""
    title = _title(alert, min(limits.title or TITLE, TITLE))
    room = limits.body if limits.title else limits.body - len(title) - 1
    body = _body(alert, room)
    if not limits.title:
        title, body = "", f"{title}\n{body}"
    return Message(key=alert.key, title=title, body=cut(body, limits.body), severity=alert.severity)


def _title(alert: Alert, limit: int) -> str:
    return cut(uncalled(f"[{alert.severity.word}] {lead_in(alert)}: {subject(alert)}"), limit)


def _body(alert: Alert, room: int) -> str:
    foot = reference(alert.key)
    if not alert.items:
        words = uncalled(many_lines(alert.body)).strip("\n") or one_line(alert.title)
        return f"{cut(words, max(room - len(foot) - 2, 1))}\n\n{foot}"
    blocks, shown = _fitting(alert.items, room - len(foot) - 2)
    more = len(alert.items) - shown
    return "\n\n".join([*blocks, f"+{more} more, {foot}" if more else foot])


def _fitting(items: Sequence[ToldItem], room: int) -> tuple[list[str], int]:
    """As many items as there is room for, at least one: it is shown without its sentences, or cut, if it must be."""
    room -= len(f"+{len(items)} more, ")
    blocks = [_block(items[0])]
    if len(blocks[0]) > room:
        blocks = [cut(_block(items[0], sentences=0), max(room, 1))]
    left = room - len(blocks[0])
    for told in items[1:MOST_ITEMS]:
        block = _block(told)
        left -= len(block) + 2
        if left < 0:
            break
        blocks.append(block)
    return blocks, len(blocks)


def _block(told: ToldItem, sentences: int = MOST_SENTENCES) -> str:
    quoted = [f"> {s.starred()}" for s in snippets(told, limit=SENTENCE, most=sentences)]
    why = because(told, most=MOST_WORDS)
    matched = f"Matched: {rules(told)}" + (f" because of {why}" if why else "")
    lines = [uncalled(line) for line in (denial(told) + headline(told).starred(), source(told), *quoted, matched)]
    return "\n".join([*lines, *([link(told.item.url)] if told.item.url else [])])
