"""pure: a page's tree -> what its head, its JSON-LD and its marked-up elements say of its article."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.model import Entry, Hash64, Section
from watcher.parse import sectioning
from watcher.parse.address import web
from watcher.parse.linked import Linked
from watcher.parse.markup import text_of
from watcher.parse.moments import moment
from watcher.parse.sectioning import Mark
from watcher.text.dates import stated

__all__ = ["base_of", "head_title", "lang_of", "metadata"]

_LOOKED_AT = 20  # candidates, of a kind, for what a page has once
_NAMED = 3000  # elements with a class or an id
_ANCESTORS = 64  # of a candidate
_LONGEST = 1000  # characters of a title that are looked at
_LINE = 200  # characters: no byline is longer
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued"),
    *("dc.date.created", "dcterms.date", "dcterms.issued", "dcterms.created", "pubdate", "publishdate", "publish-date"),
    *("publish_date", "publication_date", "published_time", "parsely-pub-date", "sailthru.date", "article.published"),
    *("citation_publication_date", "citation_online_date", "originalpublicationdate", "og:pubdate", "datecreated"),
)
_MODIFIED = (
    *("article:modified_time", "og:article:modified_time", "datemodified", "og:updated_time", "dcterms.modified"),
    *("dc.date.modified", "last-modified", "lastmod", "article.updated", "revision_date"),
)
_AUTHORS = (
    *("author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"),
    *("sailthru.author", "citation_author", "article:author_name"),
)
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher", "citation_journal_title")
_PARTS = re.compile(r"\s+[|–—·•:»«/-]+\s+|\s*[|»]\s*|::")
_BESIDE = frozenset((Section.ASIDE, Section.COMMENTS, Section.FOOTER, Section.NAV, Section.FORM))
_AUTHORED = (
    "[itemprop~=author] [itemprop~=name]",
    "[itemprop~=author], [rel~=author]",
    "[class*=author i] [class*=name i], [class*=byline i] a",
    "[class*=author i], [class*=byline i]",
)
_WORDS = 5  # of a name
_BY = re.compile(
    r"^\W*(?:(?:\w+\s)?by|von|par|por|di|door|av|af|autore?|автор(?:ы)?|текст|بقلم)\b[\s:：]*", re.IGNORECASE
)
_AND = re.compile(r"\s+(?:and|und|y|e|et|и|en|och|og|&|with|mit|con|avec)\s+|\s+و(?=\w)")
_TOLD = re.compile(r"\s*[|•·/;:,،\d]|\s[-–—]\s|\s(?=in\s|at\s|for\s)")
_PERSON = re.compile(r"[^\W\d_][^\d<>@|/,;:]{1,58}[^\W\d_]\.?")

_Meta = Mapping[str, Sequence[str]]


def metadata(document: LexborHTMLParser, said: Linked, url: str, printed: Collection[str] = ()) -> Entry:
    """The page at an address as an entry without blocks: its guid is empty, its hash 0.

    `said` is what stands in its JSON-LD, `printed` are the texts of its blocks.
    """
    meta = _meta(document)
    names = _site_names(document, meta, said, url)
    title = _title(document, meta, said, names, printed)
    lang = lang_of(document) or _first(meta, "content-language", "og:locale", "dc.language") or said.lang
    published = _published(document, meta, said, lang)
    modified = said.modified or _first(meta, *_MODIFIED) or _itemprop(document, "dateModified")
    return Entry(
        hash=Hash64(0),
        guid="",
        link=_link(document, meta, said) or url,
        title=title,
        summary=_first(meta, "og:description", "description", "twitter:description") or said.description,
        authors=_authors(document, meta, said),
        tags=tuple(meta.get("article:tag", ())),
        lang=lang or None,
        published=moment(published, lang) or stated(published, lang),
        updated=moment(modified, lang),
        said=published,
        outlet=_first(meta, "og:site_name")
        or said.outlet
        or _first(meta, *_SITES)
        or _beside(head_title(document), title),
    )


def head_title(document: LexborHTMLParser) -> str:
    """What the page's head calls it."""
    title = document.css_first("title")
    return " ".join(title.text().split()) if title else ""


def base_of(document: LexborHTMLParser, url: str) -> str:
    """What the page's relative addresses start from."""
    base = document.css_first("base[href]")
    return web(base.attributes["href"], url) or url if base else url


def lang_of(document: LexborHTMLParser) -> str | None:
    html = document.css_first("html")
    attributes = html.attributes if html else {}
    return attributes.get("lang") or attributes.get("xml:lang") or None


# --- what the head says ---------------------------------------------------------------------------


def _meta(document: LexborHTMLParser) -> _Meta:
    """What the page's meta elements say, by name in lower case, in order."""
    said: dict[str, list[str]] = {}
    for node in document.css("meta[content]"):
        attributes = node.attributes
        name = next(
            (value for key in ("property", "name", "itemprop", "http-equiv") if (value := attributes.get(key))), ""
        )
        content = " ".join((attributes["content"] or "").split())
        if name and content:
            said.setdefault(name.strip().lower(), []).append(content)
    return said


def _first(meta: _Meta, *names: str) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _link(document: LexborHTMLParser, meta: _Meta, said: Linked) -> str | None:
    links = (node.attributes.get("href") or "" for node in document.css("link[rel~='canonical' i]")[:_LOOKED_AT])
    addresses = (link.strip() for link in (*links, _first(meta, "og:url"), said.link))
    return next((address for address in addresses if address.startswith(("http://", "https://"))), None)


# --- title ----------------------------------------------------------------------------------------


def _title(
    document: LexborHTMLParser, meta: _Meta, said: Linked, sites: frozenset[str], printed: Collection[str]
) -> str:
    """The heading that the head agrees with, else the part of what the head says that is printed by itself.

    `title` and og:title often carry the site's name, and a first `h1` is often the site's name alone: a heading found
    within either of them is the headline without that. Else it is what the head says, without the site's name where
    that is known, else the first heading.
    """
    texts = (text_of(node) for node in document.css("h1")[:_LOOKED_AT])
    headings = [text for text in texts if text and _fold(text) not in sites]
    heads = [head for head in (said.headline, _first(meta, "og:title", "twitter:title"), head_title(document)) if head]
    for heading in headings:
        known = heading.casefold()
        if any(known in head.casefold() and 2 * len(known) >= len(head) for head in heads):
            return heading
    bare = [_without_site(head, sites) for head in heads]
    parts = {part.casefold(): part for head in reversed(bare) for part in _ends(head)}
    found = [parts[text.casefold()] for text in printed if text.casefold() in parts and " " in text]
    return next(iter([*sorted(found, key=len, reverse=True), *bare, *headings]), "")


def _ends(title: str) -> list[str]:
    """The title, and what is left of it when parts are taken off one of its ends."""
    cuts = [(found.start(), found.end()) for found in _PARTS.finditer(title[:_LONGEST])][:_LOOKED_AT]
    return [title, *(title[:start] for start, _ in cuts), *(title[end:] for _, end in cuts)]


def _beside(printed: str, title: str) -> str:
    """What the head's title has behind the title, or before it: the site's name, since nothing else stands there."""
    if len(title) < len(printed) and printed.startswith(title) and (found := _PARTS.match(printed, len(title))):
        return _PARTS.split(printed[found.end() :])[-1]
    if len(title) < len(printed) and printed.endswith(title):
        return next((part for part in _PARTS.split(printed[: -len(title)]) if part), "")
    return ""


def _without_site(title: str, sites: frozenset[str]) -> str:
    """A title without the parts at its ends that are the site's name."""
    cuts = [(found.start(), found.end()) for found in _PARTS.finditer(title)]
    start, end = 0, len(title)
    while cuts and _fold(title[cuts[-1][1] : end]) in sites:
        end = cuts.pop()[0]
    while cuts and _fold(title[start : cuts[0][0]]) in sites:
        start = cuts.pop(0)[1]
    return title[start:end]


def _site_names(document: LexborHTMLParser, meta: _Meta, said: Linked, url: str) -> frozenset[str]:
    """What the site is called: by itself, by its home links, by its host."""
    homes = (text_of(node) for node in document.css("a[rel~=home], a[href='/']")[:_LOOKED_AT])
    names = [*(_first(meta, name) for name in _SITES), said.outlet, *said.sites, *homes, *_hosts(url)]
    return frozenset(folded for name in names if (folded := _fold(name)))


def _hosts(url: str) -> Iterator[str]:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return
    yield host
    yield host.removeprefix("www.")
    yield from (label for label in host.split(".")[:-1] if len(label) > 3)


def _fold(text: str) -> str:
    """A name as it is compared: letters and digits in small letters."""
    return "".join(character for character in text.casefold() if character.isalnum())


# --- dates ----------------------------------------------------------------------------------------


def _published(document: LexborHTMLParser, meta: _Meta, said: Linked, lang: str) -> str:
    """The date as it stands there: in JSON-LD, in the head, marked up, else in the article's own byline."""
    heads = (said.published, *(_first(meta, name) for name in _PUBLISHED))
    found = (text for text in (*heads, *_marked_dates(document)) if text and (moment(text, lang) or stated(text, lang)))
    return next(found, "")


def _marked_dates(document: LexborHTMLParser) -> Iterator[str]:
    yield _itemprop(document, "datePublished")
    times = [node for node in document.css("h1, time")[: 5 * _LOOKED_AT] if not _is_beside(node)]
    heads = [at for at, node in enumerate(times) if node.tag == "h1"]
    behind = [node for node in times[heads[-1] if heads else 0 :] if node.tag == "time"]
    said = [_time(node) for node in behind if not _is_update(node)]
    if heads or len(set(map(moment, said))) == 1:
        yield from said
    yield from (text_of(node)[:_LINE] for node in _credits(document) if not _is_update(node))


def _credits(document: LexborHTMLParser) -> Iterator[LexborNode]:
    """The elements that by their names tell who wrote it and when."""
    for node in document.css("[class],[id]")[:_NAMED]:
        if sectioning.by_attributes(node.attributes) is Mark.CREDIT and not _is_beside(node):
            yield node


def _time(node: LexborNode) -> str:
    return (node.attributes.get("datetime") or "").strip() or text_of(node)


def _itemprop(document: LexborHTMLParser, name: str) -> str:
    for node in document.css(f"[itemprop~='{name}']")[:_LOOKED_AT]:
        attributes = node.attributes
        said = attributes.get("content") or attributes.get("datetime") or text_of(node)
        if said.strip() and not _is_beside(node):
            return " ".join(said.split())[:_LINE]
    return ""


def _is_update(node: LexborNode) -> bool:
    named = f"{node.attributes.get('class') or ''} {node.attributes.get('itemprop') or ''}".lower()
    return "updat" in named or "modif" in named


def _is_beside(node: LexborNode) -> bool:
    """Whether an element stands in a part of the page that is no article's."""
    inner: LexborNode | None = node
    for _ in range(_ANCESTORS):
        if inner is None or inner.tag in {"body", "html"}:
            return False
        sign = sectioning.by_attributes(inner.attributes) or sectioning.by_tag(inner.tag or "")
        if sign in _BESIDE:
            return True
        inner = inner.parent
    return True


# --- authors --------------------------------------------------------------------------------------


def _authors(document: LexborHTMLParser, meta: _Meta, said: Linked) -> tuple[str, ...]:
    """Those that JSON-LD or the head name, else those marked as such in the page."""
    named = said.authors or tuple(name for key in _AUTHORS for name in meta.get(key, ()) if "://" not in name)
    return tuple(dict.fromkeys(named or _marked_authors(document)))


def _marked_authors(document: LexborHTMLParser) -> Sequence[str]:
    for selector in _AUTHORED:
        nodes = [node for node in document.css(selector)[:_LOOKED_AT] if not _is_beside(node)]
        if people := [name for node in nodes for name in _people(text_of(node))]:
            return people
    bylines = (text for node in _credits(document) if _BY.match(text := text_of(node)))
    return next(filter(None, map(_people, bylines)), [])


def _people(text: str) -> list[str]:
    """The names in a byline: what stands behind "by", else all of it; up to a date, a place or what else is told."""
    if len(text) > _LINE:
        return []
    by = _BY.match(text)
    said = _TOLD.split(text[by.end() :] if by else text, maxsplit=1)[0]
    return [name for name in _AND.split(said) if _PERSON.fullmatch(name) and 1 < len(name.split()) <= _WORDS]
