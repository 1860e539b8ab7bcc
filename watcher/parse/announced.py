"""pure: a page, or the headers it came with -> the addresses of the feeds it announces, best first.

Sites announce feeds by `link` elements in the head (rel=alternate with a feed's type, or rel=feed), by the same in a
Link header (RFC 8288), and by plain links that anybody can see to lead to one. A site's main feed comes before those of
its categories, and what readers comment comes last: a watcher of news that reads comments instead would be blind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from watcher.parse import page
from watcher.parse.address import is_open, web

MOST = 20
"""Addresses that one page is believed to announce."""
_LINKS = 5_000  # links of a page that are looked at
_SURE = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/rss",
)
_MAYBE = ("text/xml", "application/xml", "application/x-rss+xml", "application/json", "text/rss+xml", "text/rss")
_FEED_WORD = re.compile(r"(?:^|[^a-z])(?:rss\d*|atom|feeds?|rdf|jsonfeed|syndicat(?:e|ion))(?:[^a-z]|$)", re.IGNORECASE)
_PATH = re.compile(
    r"/(?:feeds?|rss2?|atom)(?:/(?:rss2?|atom|rdf|all|default|posts/default)?)?/?$|"
    r"/(?:rss|feeds?|atom)/[\w/-]+\.(?:xml|rdf|json)$|\.(?:rss|atom|rdf)$|(?:^|[/._-])(?:rss\d*|atom|feeds?|index)[\w-]*\.(?:xml|rdf|json|php|aspx?)$|"
    r"(?:^|[/._-])(?:rss|feed|atom)\.(?:xml|json)",
    re.IGNORECASE,
)
_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom|rdf|feed|json)|format=(?:rss|atom|feed)|type=rss|output=(?:rss|atom))", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentari|commenti|reacties|коммент|replies", re.IGNORECASE)
_NARROW = re.compile(
    r"/(?:categor(?:y|ies|ie)|tags?|topics?|authors?|section|kategorie|rubrik)/|podcast|audio|video", re.IGNORECASE
)
_NO_FEED = re.compile(
    r"oembed|wp-json|manifest|opensearch|sitemap|/(?:api|graphql)/|\.(?:css|js|png|ico|pdf|webmanifest)$|opml|"
    r"(?:feedly|inoreader|newsblur|netvibes|theoldreader|add\.my\.yahoo|facebook|twitter|feedburner\.com/fb)\.",
    re.IGNORECASE,
)
_LINK_VALUE = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^",;\s]*))?)*)""")
_PARAMETER = re.compile(r""";\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*)))?""")
_FEED_SCHEME = re.compile(r"^\s*feed:(?:(?=https?:)|(//))", re.IGNORECASE)
_HEADER = 16_384  # characters of a Link header that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class _Announcement:
    """An address and what was said of it; `weight` tells how sure it is that a feed is there, 0 the most."""

    url: str
    title: str
    weight: int

    @property
    def rank(self) -> tuple[int, int]:
        """Comments last; then how sure it is; then the main feed before a narrower one."""
        words = f"{self.title} {urlsplit(self.url).path}"
        return (2 if _COMMENTS.search(words) else 0) + self.weight, 1 if _NARROW.search(words) else 0


def announced(document: LexborHTMLParser, url: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Absolute web addresses, MOST of them at most, the best first; `url` itself is not among them."""
    base = page.base_of(document, url)
    found = [*_in_head(document, base), *_in_header(headers.get("link", ""), url), *_in_text(document, base)]
    ranked = sorted(found, key=lambda one: one.rank)
    itself = urldefrag(url)[0]
    return tuple(dict.fromkeys(one.url for one in ranked if one.url != itself))[:MOST]


_WELL_KNOWN = (
    "feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss", "feed.json", "feeds/posts/default", "?feed=rss2",
)  # fmt: skip


def well_known(url: str) -> tuple[str, ...]:
    """Addresses at which feeds are found where none is announced: beside the page first, then at the site's root."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ()
    path = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0] + "/"
    whole = parts.path.rstrip("/") + "/" if "." not in parts.path.rpartition("/")[2] else path
    root = f"{parts.scheme}://{parts.netloc}/"
    beside = [] if whole == "/" else [urljoin(root, whole) + name for name in _WELL_KNOWN[:4]]
    return tuple(dict.fromkeys((*beside, *(root + name for name in _WELL_KNOWN))))


def _in_head(document: LexborHTMLParser, base: str) -> Iterator[_Announcement]:
    for node in document.css("link[href]")[:_LINKS]:
        said = node.attributes
        yield from _of_link(said.get("href"), said.get("rel"), said.get("type"), said.get("title"), base)


def _in_header(header: str, url: str) -> Iterator[_Announcement]:
    for address, parameters in _LINK_VALUE.findall(header[:_HEADER]):
        said: dict[str, str] = {}
        for name, quoted, token in _PARAMETER.findall(parameters):
            said.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or token)
        yield from _of_link(address, said.get("rel"), said.get("type"), said.get("title"), url)


def _of_link(
    href: str | None, rel: str | None, kind: str | None, title: str | None, base: str
) -> Iterator[_Announcement]:
    rels = (rel or "").lower().split()
    media = (kind or "").partition(";")[0].strip().lower()
    url = _address(href, base)
    if url is None or not {"alternate", "feed"} & set(rels):
        return
    sure = media in _SURE or ("feed" in rels and media in {"", *_MAYBE})
    if sure and not (media == "application/rdf+xml" and _FEED_WORD.search(url) is None and "feed" not in rels):
        yield _Announcement(url=url, title=title or "", weight=0)
    elif media in _MAYBE and _is_likely(f"{title or ''} {href}", url):
        yield _Announcement(url=url, title=title or "", weight=1)


def _in_text(document: LexborHTMLParser, base: str) -> Iterator[_Announcement]:
    for node in document.css("a[href]")[:_LINKS]:
        said = node.attributes
        href, media = said.get("href") or "", (said.get("type") or "").partition(";")[0].strip().lower()
        rels = (said.get("rel") or "").lower().split()
        if media not in _SURE and "feed" not in rels and not _looks_like_one(href):
            continue
        if url := _address(href, base):
            yield _Announcement(url=url, title=said.get("title") or node.text(), weight=1)


def _is_likely(words: str, url: str) -> bool:
    return not _NO_FEED.search(url) and bool(_FEED_WORD.search(words) or _looks_like_one(url))


def _looks_like_one(href: str) -> bool:
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if _NO_FEED.search(href):
        return False
    return bool(_PATH.search(parts.path) or _QUERY.search(parts.query) or parts.scheme == "feed")


def _address(href: str | None, base: str) -> str | None:
    """The address without its fragment. feed: is how some write http:."""
    url = web(_FEED_SCHEME.sub(lambda found: "https://" if found[1] else "", href or ""), base)
    return urldefrag(url)[0] if url and is_open(url) else None
