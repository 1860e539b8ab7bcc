"""pure: (alert, terminal) -> message for a terminal or a pipe, wrapped, the matched words highlighted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from watcher.model import Alert, AlertKind, ChannelSpec, Message, Severity, ToldItem
from watcher.render import template
from watcher.render.clean import link, many_lines
from watcher.render.media import Terminal
from watcher.render.snippet import Marked, because, headline, snippets
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
from watcher.text.cut import ELLIPSIS, cut

INDENT = "  "
NARROWEST = 20
MOST_ITEMS = 20
MOST_GROUPS = 10
LONGEST_HEADLINE = 200
BOLD, DIM, HIT = "1", "2", "1;33"
COLOURS = {
    Severity.INFO: "1;34",
    Severity.LOW: "1;36",
    Severity.MEDIUM: "1;33",
    Severity.HIGH: "1;31",
    Severity.CRITICAL: "1;97;41",
}


def console(alert: Alert, terminal: Terminal, channel: ChannelSpec) -> Message:
    """The body is everything, ready to be written; the title says the same in a line without colours."""
    page = _Page(terminal)
    shown = alert.items[: MOST_GROUPS if alert.kind is AlertKind.DIGEST else MOST_ITEMS]
    blocks = ["\n".join(_block(page, alert, told, channel)) for told in shown] or ["\n".join(_notice(page, alert))]
    last = [""] * (len(shown) > 1) + [*page.wrapped(Marked(foot(alert, unshown(alert, len(shown)))), DIM)]
    own = template.title(alert, channel)
    body = "\n".join([_head(page, alert, own or lead_in(alert)), "\n\n".join(blocks), *last, ""])
    title = cut(own or f"[{alert.severity.word}] {subject(alert)}", LONGEST_HEADLINE)
    return Message(key=alert.key, title=title, body=body, severity=alert.severity)


class _Page:
    """Lines of one width, with colours or without."""

    def __init__(self, terminal: Terminal) -> None:
        self.room = max(terminal.width - len(INDENT), NARROWEST)
        self.colour = terminal.colour

    def styled(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    def wrapped(self, marked: Marked, code: str = "") -> Iterator[str]:
        """Indented lines in a style, hits in colour or else between asterisks."""
        shown = marked if self.colour else Marked(marked.starred())
        for start, end in _breaks(shown.text, self.room):
            pieces = shown.pieces(start, end)
            line = "".join(self.styled(piece, HIT if hit else code) for piece, hit in pieces)
            yield INDENT + line if line else ""


def _head(page: _Page, alert: Alert, words: str) -> str:
    mark = f"● {alert.severity.word}"
    _, end = next(_breaks(words, max(page.room - len(mark) - 1, NARROWEST)))
    return f"{page.styled(mark, COLOURS[alert.severity])}  {words[:end]}{ELLIPSIS if end < len(words) else ''}"


def _notice(page: _Page, alert: Alert) -> Iterator[str]:
    yield from page.wrapped(Marked(subject(alert)), BOLD)
    for line in many_lines(alert.body).split("\n"):
        yield from page.wrapped(Marked(line))


def _block(page: _Page, alert: Alert, told: ToldItem, channel: ChannelSpec) -> Iterator[str]:
    own = template.body(alert, told, channel)
    if own is None:
        yield from _item(page, alert, told, channel.timezone)
    else:
        yield from (shown for line in own.split("\n") for shown in page.wrapped(Marked(line)))


def _item(page: _Page, alert: Alert, told: ToldItem, zone: str) -> Iterator[str]:
    yield from page.wrapped(headline(told).behind(denial(told)), BOLD)
    yield from page.wrapped(Marked(where(alert, told, zone)), DIM)
    if alert.kind is not AlertKind.DIGEST:
        yield ""
        for sentence in snippets(told, limit=SENTENCE, most=MOST_SENTENCES):
            yield from page.wrapped(sentence)
            yield ""
    why = because(told, most=MOST_WORDS)
    yield from page.wrapped(Marked(f"matched: {rules(told)}" + (f" because of {why}" if why else "")), DIM)
    if told.item.url:
        yield page.styled(INDENT + link(told.item.url), DIM)


def _breaks(text: str, room: int) -> Iterator[tuple[int, int]]:
    """Ranges of lines at most `room` columns wide, broken at spaces; a longer word stands on a line of its own."""
    start = at = 0
    for word_end in [n for n, c in enumerate(text) if c == " "] + [len(text)]:
        if at > start and _columns(text[start:word_end]) > room:
            yield start, at
            start = at + 1
        at = word_end
    yield start, at


def _columns(text: str) -> int:
    """Columns of a terminal: two for wide characters, none for marks that stand on others (UAX 11, UTS 51)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)
