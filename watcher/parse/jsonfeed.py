"""pure: a JSON Feed's bytes, the hashes already known -> Parsed. (https://www.jsonfeed.org/version/1.1/)

Version 1.0 has one `author` where 1.1 has `authors`; whatever a document says it is, both are read. Items that break a
rule are taken for what is left of them: an id may be of any type, and an item without one is known by its link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from watcher.errors import ParseError
from watcher.model import Block, Entry, Hash64, Parsed, Response
from watcher.parse import jsons, page, text
from watcher.parse.address import web
from watcher.parse.limits import MAX_ENTRIES, hash64, too_many
from watcher.parse.moments import moment
from watcher.parse.paths import kind_of

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(\d)(?:\.(\d))?", re.IGNORECASE)
_OF_FEEDS = frozenset(("content_html", "content_text", "date_published", "date_modified", "external_url"))
_LOOKED_AT = 20  # items by which a document without a version is known


def read(response: Response, known: frozenset[Hash64]) -> Parsed:
    """Raises ParseError: empty, not-a-feed, error-page, truncated, unreadable."""
    document = jsons.load(response.body, response.headers.get("content-type", ""))
    version = _version(document)
    if version is None:
        raise _no_feed(document)
    items = _items(document)
    hashed: dict[Hash64, Mapping[str, Any]] = {}
    for item in items[:MAX_ENTRIES]:
        hashed.setdefault(hash64(jsons.canonical(item)), item)
    new = {key: item for key, item in hashed.items() if key not in known}
    return Parsed(
        format=version,
        hashes=tuple(hashed),
        entries=tuple(_entry(key, item, document, response.url) for key, item in new.items()),
        title=page.plain(jsons.text_of(document.get("title"))),
        link=web(document.get("home_page_url"), response.url),
        lang=_word(document.get("language")),
        cut=len(new) < len(hashed),
        warning="; ".join(_problems(document, items)) or None,
    )


def _version(document: Any) -> str | None:
    """As feeds of other kinds are called: jsonfeed10, jsonfeed11; None for what is no feed."""
    if not isinstance(document, dict):
        return None
    if found := _VERSION.match(jsons.text_of(document.get("version")).strip()):
        return f"jsonfeed{found[1]}{found[2] or '0'}"
    items = document.get("items")
    listed = items[:_LOOKED_AT] if isinstance(items, list) else []
    return "jsonfeed" if any(isinstance(item, dict) and _OF_FEEDS & item.keys() for item in listed) else None


def _items(document: Mapping[str, Any]) -> list[Any]:
    """The items that are objects. Numbered ones in place of a list are what PHP makes of a list with gaps."""
    items = document.get("items")
    if isinstance(items, dict) and all(isinstance(item, dict) for item in items.values()):
        items = list(items.values())
    if not isinstance(items, list):
        if said := jsons.trouble(document):
            raise _answered(said)
        raise ParseError("the JSON Feed has no list of items", kind="unreadable")
    objects = [item for item in items if isinstance(item, dict)]
    if items and not objects:
        raise ParseError(f"the JSON Feed's items are no objects: the first is {kind_of(items[0])}", kind="unreadable")
    return objects


def _entry(key: Hash64, item: Mapping[str, Any], feed: Mapping[str, Any], base: str) -> Entry:
    attached = (part.get("url") for part in _dicts(item.get("attachments")))
    links = (item.get("url"), item.get("external_url"), *attached)
    lang = _word(item.get("language")) or _word(feed.get("language"))
    return Entry(
        hash=key,
        guid=_id(item.get("id")),
        link=next((link for said in links if (link := web(said, base))), None),
        title=page.plain(jsons.text_of(item.get("title"))),
        blocks=_blocks(item),
        summary=" ".join(jsons.text_of(item.get("summary")).split()),
        authors=_authors(item) or _authors(feed),
        tags=_tags(item.get("tags")),
        lang=lang,
        published=moment(item.get("date_published"), lang),
        updated=moment(item.get("date_modified"), lang),
        said=" ".join(jsons.text_of(item.get("date_published")).split()),
    )


def _id(said: Any) -> str | None:
    """The id as text: of any type, for publishers number their items, and have objects for ids."""
    if isinstance(said, dict | list):
        return jsons.canonical(said).decode() if said else None
    return jsons.text_of(said).strip() or None


def _blocks(item: Mapping[str, Any]) -> tuple[Block, ...]:
    if markup := jsons.text_of(item.get("content_html")).strip():
        return page.blocks(markup)
    return text.blocks(jsons.text_of(item.get("content_text")) or jsons.text_of(item.get("summary")))


def _authors(context: Mapping[str, Any]) -> tuple[str, ...]:
    people = [*_listed(context.get("authors")), *_listed(context.get("author"))]
    named = (person.get("name") or person.get("url") if isinstance(person, dict) else person for person in people)
    return _distinct(named)


def _tags(said: Any) -> tuple[str, ...]:
    """A list of texts; one text with commas where the publisher has never read the standard."""
    return _distinct(said.split(",") if isinstance(said, str) else _listed(said))


def _distinct(said: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for one in said if (line := page.plain(jsons.text_of(one)))))


def _word(said: Any) -> str | None:
    return jsons.text_of(said).strip() or None


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _dicts(said: Any) -> Iterator[dict[str, Any]]:
    return (part for part in _listed(said) if isinstance(part, dict))


def _problems(document: Mapping[str, Any], items: Sequence[Any]) -> Iterator[str]:
    if document.get("expired") is True:
        yield "the feed says that nothing will come any more"
    if len(items) > MAX_ENTRIES:
        yield too_many(len(items))
    if (listed := document.get("items")) and len(listed) > len(items):
        yield f"{len(listed) - len(items):,} of its items are no objects"


def _no_feed(document: Any) -> ParseError:
    if said := jsons.trouble(document):
        return _answered(said)
    what = f"the document is JSON, but no JSON Feed: it is {kind_of(document)}"
    return ParseError(f"{what}; a recipe (`items:`) can read it", kind="not-a-feed")


def _answered(said: str) -> ParseError:
    return ParseError(f"the server answered with an error in JSON: “{said}”", kind="error-page")
