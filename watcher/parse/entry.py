"""pure: feedparser's dictionary of an entry (or of a feed's head) -> Entry (or the head's values).

What feedparser leaves in a dictionary is the publisher's: a key may be missing or hold another type than it should.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from watcher.model import Block, Entry, Hash64, Section
from watcher.parse import page, text
from watcher.parse.moments import of_feed
from watcher.parse.page import plain

_HTML = frozenset(("text/html", "application/xhtml+xml"))
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_BEYOND = re.compile(r"[a-z0-9-][\w.-]*", re.IGNORECASE)
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_MAX_TTL = 604800  # a week: beyond it a number is a mistake


def entry_of(key: Hash64, entry: dict[str, Any], feed: dict[str, Any], version: str) -> Entry:
    """The entry as its source says it. An Atom entry without an author has the feed's (RFC 4287, 4.2.1)."""
    entry = dict(entry)  # feedparser's own looks each key up under other names, too
    value, kind = _body(entry)
    blocks = page.blocks(value) if kind in _HTML else text.blocks(value)
    authors = _authors(entry) or (_authors(feed) if version.startswith("atom") else ())
    lang = _lang(entry) or feed_lang(feed)
    return Entry(
        hash=key,
        guid=_text(entry.get("id")).strip() or None,
        link=_link(entry),
        title=_line(entry, "title"),
        blocks=blocks,
        summary=_summary(entry, blocks if kind in _HTML else (), value),
        authors=authors,
        tags=_tags(entry),
        lang=lang,
        published=_time(entry, "published", lang),
        updated=_time(entry, "updated", lang),
        said=_fold(_text(dict.get(entry, "published"))),
        outlet=_line(_dict(entry.get("source")), "title") or _line(entry, "publisher"),
    )


def feed_title(feed: dict[str, Any]) -> str:
    return _line(feed, "title")


def feed_link(feed: dict[str, Any]) -> str | None:
    return _link(feed)


def feed_lang(feed: dict[str, Any]) -> str | None:
    return _text(feed.get("language")).strip() or None


def feed_ttl(feed: dict[str, Any]) -> float | None:
    """Seconds between polls: the larger of `ttl` (minutes, RSS 2.0) and `sy:update*` (RSS 1.0 syndication module)."""
    asked = [number * 60 for number in _numbers(feed.get("ttl"))]
    period = _PERIODS.get(_text(feed.get("sy_updateperiod")).strip().lower())
    if period:
        asked += [period / number for number in _numbers(feed.get("sy_updatefrequency") or "1")]
    return min(max(asked), _MAX_TTL) if asked else None


# --- parts ----------------------------------------------------------------------------------------


def _body(entry: dict[str, Any]) -> tuple[str, str]:
    """HTML content with its type if there is some, else the longer of plain content and summary."""
    contents = [(_text(part.get("value")), _type(part)) for part in _dicts(entry.get("content"))]
    html = next(((value, kind) for value, kind in contents if kind in _HTML and value), None)
    summary = _text(entry.get("summary")), _type(_dict(entry.get("summary_detail")))
    texts = [(value, kind) for value, kind in contents if kind == "text/plain"]
    return html or max((summary, *texts), key=lambda pair: len(pair[0]))


def _summary(entry: dict[str, Any], blocks: tuple[Block, ...], body: str) -> str:
    """As one line; of the blocks (of `body`, which is HTML) where it is the body, too, and reading it twice is dear.

    Rows of links and forms round it are left to the blocks, where they are accounted for.
    """
    if "summary_detail" not in entry:
        return ""
    if blocks and "<" in body and body == entry.get("summary") and _type(_dict(entry["summary_detail"])) in _HTML:
        return " ".join(block.text for block in blocks if block.section is Section.MAIN)
    return _line(entry, "summary")


def _line(context: dict[str, Any], name: str) -> str:
    """A text construct as one line."""
    value = _text(context.get(name))
    return plain(value) if _type(_dict(context.get(f"{name}_detail"))) in _HTML else _fold(value)


def _link(context: dict[str, Any]) -> str | None:
    """The alternate, in HTML or not; else what is enclosed. Only an absolute web address will do."""
    links = [(part.get("rel"), part.get("href")) for part in _dicts(context.get("links"))]
    others = [href for wanted in ("alternate", "enclosure") for rel, href in links if rel == wanted]
    return next((url for href in (context.get("link"), *others) if (url := _web(_text(href)))), None)


def _web(href: str) -> str | None:
    href = href.strip()
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    return href if parts.scheme in {"http", "https"} and parts.netloc else None


def _authors(context: dict[str, Any]) -> tuple[str, ...]:
    said = _text(context.get("author"))
    people = [_person(person, said) for person in _dicts(context.get("authors"))]
    return _distinct(people if any(people) else [said])


def _person(person: dict[str, Any], said: str) -> str:
    """The name, else the address. feedparser knows no address that ends in more than four letters: it leaves what is
    beyond them in the name, so that it is read anew of what was `said`.
    """
    name, address = _text(person.get("name")), _text(person.get("email"))
    if name and address and (beyond := _BEYOND.match(said.partition(address)[2])):
        address += beyond[0]
        name = said.replace(address, "").removeprefix("mailto:").strip(" ()<>")
    return name or address


def _tags(entry: dict[str, Any]) -> tuple[str, ...]:
    return _distinct([_text(tag.get("term")) or _text(tag.get("label")) for tag in _dicts(entry.get("tags"))])


def _lang(entry: dict[str, Any]) -> str | None:
    details = (*_dicts(entry.get("content")), *(_dict(entry.get(f"{name}_detail")) for name in ("summary", "title")))
    spoken = (entry.get("language"), *(detail.get("language") for detail in details))
    return next((lang for value in spoken if (lang := _text(value).strip())), None)


def _time(entry: dict[str, Any], name: str, lang: str | None) -> datetime | None:
    return of_feed(dict.get(entry, name), dict.get(entry, f"{name}_parsed"), lang)


def _type(detail: dict[str, Any]) -> str:
    return _text(detail.get("type")) or "text/plain"


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for said in texts if (line := plain(said))))


def _numbers(value: Any) -> Iterator[float]:
    """The positive number a text is, or nothing."""
    digits = _text(value).strip()
    if _NUMBER.fullmatch(digits) and float(digits) > 0:
        yield float(digits)


def _fold(value: str) -> str:
    return " ".join(value.split())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [dict(part) for part in value if isinstance(part, dict)] if isinstance(value, list) else []
