"""pure: (alert, channel) -> message: an e-mail: subject, text and HTML.

One page is made of lines, each with a part to play, and written twice, so that both parts say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from watcher.model import Alert, AlertKind, ChannelSpec, Message, Severity, ToldItem
from watcher.render import template
from watcher.render.clean import link, many_lines, one_line
from watcher.render.snippet import Marked, because, headline, snippets
from watcher.render.words import (
    MOST_SENTENCES,
    MOST_WORDS,
    SENTENCE,
    denial,
    lead_in,
    meant_for,
    reference,
    rules,
    subject,
    unshown,
    where,
)
from watcher.text.cut import cut

SUBJECT = 120
MOST_ITEMS = 20
MOST_GROUPS = 10
"""Items of a digest, each the first of its group."""
LONGEST_HEADLINE = 300
LONGEST_LINE = 1200
LONGEST_URL = 2000
"""A longer one is no link: browsers and mail programs differ in what they make of it."""
LONGEST_WORDS = 20_000


def mail(alert: Alert, channel: ChannelSpec) -> Message:
    """Subject, text and HTML; both parts say the same words and lead to the same pages."""
    page = tuple(_page(alert, channel))
    title = cut(one_line(_subject(alert, channel)).strip(), SUBJECT)
    return Message(
        key=alert.key,
        title=title,
        body=_text(page),
        html=_html(page, title, alert.severity),
        severity=alert.severity,
        root=alert.root,
    )


class Part(Enum):
    """What a line is to its mail."""

    LEAD = auto()  # the severity's word and why the mail came
    HEADLINE = auto()
    LINK = auto()
    SOURCE = auto()
    QUOTE = auto()
    MATCHED = auto()
    PROSE = auto()  # words of the watcher or of a template, links in them
    FOOT = auto()


class Line(NamedTuple):
    """`words` in one line, and where it leads."""

    part: Part
    words: Marked
    url: str = ""


class Section(NamedTuple):
    """Lines that stand together; with a severity they stand beside a bar in its colour."""

    lines: tuple[Line, ...]
    severity: Severity | None = None


def _subject(alert: Alert, channel: ChannelSpec) -> str:
    return template.title(alert, channel) or f"[{alert.severity.word}] {lead_in(alert)}: {subject(alert)}"


# the page


def _page(alert: Alert, channel: ChannelSpec) -> Iterator[Section]:
    most = MOST_GROUPS if alert.kind is AlertKind.DIGEST else MOST_ITEMS
    yield Section((Line(Part.LEAD, Marked(f"{alert.severity.word} · {cut(lead_in(alert), LONGEST_HEADLINE)}")),))
    if not alert.items:
        yield Section(tuple(_notice(alert)), alert.severity)
    for told in alert.items[:most]:
        yield _item(alert, told, channel)
    yield Section(tuple(_foot(alert, channel, unshown(alert, most))))


def _notice(alert: Alert) -> Iterator[Line]:
    yield Line(Part.HEADLINE, Marked(cut(subject(alert), LONGEST_HEADLINE)))
    if alert.body.strip():
        yield from _prose(alert.body)


def _item(alert: Alert, told: ToldItem, channel: ChannelSpec) -> Section:
    own = template.body(alert, told, channel)
    lines = _story(alert, told, channel) if own is None else _prose(own)
    return Section(tuple(lines), told.severity if alert.kind is AlertKind.DIGEST else alert.severity)


def _story(alert: Alert, told: ToldItem, channel: ChannelSpec) -> Iterator[Line]:
    url = link(told.item.url or "")
    url = url if len(url) <= LONGEST_URL else ""
    yield Line(Part.HEADLINE, headline(told).behind(denial(told)).cut(LONGEST_HEADLINE), url)
    if url:
        yield Line(Part.LINK, Marked(url), url)
    yield Line(Part.SOURCE, Marked(where(alert, told, channel.timezone)))
    most = 1 if alert.kind is AlertKind.DIGEST else MOST_SENTENCES
    for sentence in snippets(told, limit=SENTENCE, most=most):
        yield Line(Part.QUOTE, sentence)
    why = because(told, most=MOST_WORDS)
    matched = f"Matched: {rules(told)}" + (f" because of {why}" if why else "")
    yield Line(Part.MATCHED, Marked(cut(matched, LONGEST_LINE)))


def _foot(alert: Alert, channel: ChannelSpec, more: int) -> Iterator[Line]:
    if more:
        yield Line(Part.PROSE, Marked(f"and {more} more"))
    meant = f"{meant_for(alert)} · " if alert.failed_on else ""
    yield Line(Part.FOOT, Marked(f"{meant}{reference(alert.key)} on {channel.name}"))


def _prose(text: str) -> Iterator[Line]:
    for line in cut(many_lines(text).strip("\n"), LONGEST_WORDS).split("\n"):
        yield Line(Part.PROSE, Marked(line))


# text


def _text(page: Iterable[Section]) -> str:
    return "\n\n".join("\n".join(map(_text_line, section.lines)) for section in page) + "\n"


def _text_line(line: Line) -> str:
    return f"> {line.words.starred()}" if line.part is Part.QUOTE else line.words.starred()


# HTML

COLOURS = {
    Severity.INFO: "#4a6fa5",
    Severity.LOW: "#2f7f86",
    Severity.MEDIUM: "#9a6700",
    Severity.HIGH: "#c0392b",
    Severity.CRITICAL: "#b0005a",
}
"""White reads on each, and each stands out from white and from black."""
STYLES = {
    Part.LEAD: "margin:0 0 20px",
    Part.HEADLINE: "margin:0 0 4px;font-size:18px;line-height:1.35;font-weight:600",
    Part.LINK: "margin:0 0 4px;font-size:13px;word-break:break-all",
    Part.SOURCE: "margin:0 0 12px;font-size:13px;opacity:.75",
    Part.QUOTE: "margin:0 0 10px",
    Part.MATCHED: "margin:0;font-size:14px;opacity:.85",
    Part.PROSE: "margin:0;white-space:pre-wrap",
    Part.FOOT: "margin:24px 0 0;font-size:12px;opacity:.65",
}
PAGE = (
    "max-width:640px;margin:0 auto;padding:16px;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere"
)
BAR = "margin:0 0 24px;padding:2px 0 2px 14px;border-left:4px solid "
BADGE = (
    "display:inline-block;padding:1px 10px;border-radius:10px;margin-right:4px;font-size:13px;font-weight:600;"
    "color:#fff;background:"
)
HIT = "padding:0 2px;border-radius:3px;color:#1a1a1a;background:#ffe27a"
LONGEST_SHOWN = 40

_URL = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])")


def _html(page: Iterable[Section], title: str, severity: Severity) -> str:
    """Without colours of its own for page and text: a mail program's light or dark ones hold. Nothing is fetched."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
    )
    sections = "\n".join(_section(section, severity) for section in page)
    return (
        f'<!DOCTYPE html>\n<html lang="en" style="color-scheme:light dark"><head>{head}</head>\n'
        f'<body style="margin:0"><div style="{PAGE}">\n{sections}\n</div></body></html>\n'
    )


def _section(section: Section, severity: Severity) -> str:
    inside = "\n".join(_html_line(line, severity) for line in section.lines)
    bar = f"{BAR}{COLOURS[section.severity]}" if section.severity else ""
    return f'<div style="{bar}">\n{inside}\n</div>' if bar else inside


def _html_line(line: Line, severity: Severity) -> str:
    return f'<p dir="auto" style="{STYLES[line.part]}">{_inside(line, severity) or "<br>"}</p>'


def _inside(line: Line, severity: Severity) -> str:
    match line.part:
        case Part.LEAD:
            word, _, rest = line.words.text.partition(" · ")
            return f'<span style="{BADGE}{COLOURS[severity]}">{escape(word)}</span> {escape(rest)}'
        case Part.HEADLINE:
            return _anchor(line.url, _hits(line.words), "color:inherit;text-decoration:none")
        case Part.LINK:
            return _anchor(line.url, _place(line.url))
        case Part.PROSE:
            pieces = enumerate(_URL.split(line.words.text))
            return "".join(_anchor(piece, escape(piece)) if n % 2 else escape(piece) for n, piece in pieces)
        case _:
            return _hits(line.words)


def _hits(words: Marked) -> str:
    return "".join(f'<mark style="{HIT}">{escape(p)}</mark>' if hit else escape(p) for p, hit in words.pieces())


def _anchor(url: str, inside: str, style: str = "") -> str:
    """A link to a web page; to anything else there is none."""
    return f'<a href="{escape(url)}" rel="noreferrer" style="{style}">{inside}</a>' if _is_web(url) else inside


def _place(url: str) -> str:
    """Where a URL leads: its host in bold, without the name before an @ that it may pretend to be, and its path's
    beginning. What leads nowhere is shown whole.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return escape(url)
    host = parts.netloc.rpartition("@")[2]
    path = parts.path.rstrip("/")
    return f"<b>{escape(host)}</b>{escape(path and cut(path, LONGEST_SHOWN))}" if _is_web(url) else escape(url)


def _is_web(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))
