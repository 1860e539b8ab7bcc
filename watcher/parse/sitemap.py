"""pure: a sitemap's bytes, the hashes already known -> Parsed. (https://www.sitemaps.org/protocol.html)

A news sitemap names title, date and language of each page; of a plain one the address has to say it. An index of
sitemaps is no document of items: it raises with the addresses of those it lists. A DOCTYPE, which alone could declare
entities, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from watcher.errors import ParseError
from watcher.model import Entry, Hash64, Parsed, Response
from watcher.parse import page
from watcher.parse.address import is_open, web
from watcher.parse.limits import EARLY_END, MAX_ENTRIES, hash64, newest, too_many
from watcher.parse.moments import moment
from watcher.parse.text import decode

_CHILDREN = 20  # sitemaps of an index that are named
_LONGEST = 5_000  # characters of a value; what is longer is cut
_START = 4096  # bytes in which the root element stands
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s+|<\?.*?\?>|<!--.*?-->)*<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b",
    re.DOTALL,
)
_AMPERSAND = re.compile(rb"&(?!#\d{1,7};|#[xX][\da-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_FIELDS = {
    "url": ("loc", "lastmod"),
    "sitemap": ("loc", "lastmod"),
    "news": ("title", "publication_date", "keywords"),
    "publication": ("name", "language"),
}
"""What is read, by the element that it stands in: an image's title is not the page's."""
_PAGES = frozenset(("url", "sitemap"))
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|shtml|amp)$", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:\b|(?<=[-_]))(?:\d{4,}|(?=[a-f]*\d)[\da-f]{6,}|[a-z]{1,3}\d{4,})$", re.IGNORECASE)
_DATES = re.compile(r"^(?:\d{4}[-_]\d\d[-_]\d\d|\d{8})[-_]")
_GAPS = re.compile(r"[-_+.\s]+")

_Page = Mapping[str, str]


def is_sitemap(body: bytes) -> bool:
    """By the root element, for which the start of the body is looked at."""
    start = body[:_START]
    start = start.replace(b"\0", b"") if b"\0" in start[:4] else start
    return (b"urlset" in start or b"sitemapindex" in start) and _ROOT.match(start) is not None


def read(response: Response, known: frozenset[Hash64]) -> Parsed:
    """Raises ParseError: not-a-feed (an index, with `feeds`), truncated, unreadable."""
    root, listed = _scanned(response)
    pages = [one for one in listed if web(one.get("loc"), response.url)]
    if root == "sitemapindex":
        raise _index(pages, response.url)
    hashed: dict[Hash64, _Page] = {}
    for one in newest(pages, (_latest(one) for one in pages)):
        hashed.setdefault(_hash(one), one)
    new = tuple(_entry(key, one, response.url) for key, one in hashed.items() if key not in known)
    return Parsed(
        format="news-sitemap" if any("title" in one for one in hashed.values()) else "sitemap",
        hashes=tuple(hashed),
        entries=new,
        title=next((one["name"] for one in hashed.values() if "name" in one), ""),
        cut=len(new) < len(hashed),
        warning="; ".join(_problems(listed, pages)) or None,
    )


def slug_title(url: str) -> str:
    """The words in the last part of an address that has any; nothing for one of numbers alone."""
    for part in reversed(unquote(urlsplit(url).path).split("/")):
        words = _DATES.sub("", _ENDING.sub("", part))
        words = _GAPS.sub(" ", _NUMBERS.sub("", words)).strip()
        if " " in words or (len(words) > 3 and words.isalpha()):
            return words[0].upper() + words[1:]
    return ""


# --- the scan -------------------------------------------------------------------------------------


class _Scan:
    """Expat's handlers: they keep the wanted texts of each page, and the names of the open elements."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.pages: list[dict[str, str]] = []
        self.root = ""
        self.field = ""  # the wanted one that is open
        self.pieces: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.root = self.root or local
        if local in _PAGES and len(self.open) == 1:
            self.pages.append({})
        elif self.pages and self.open and local in _FIELDS.get(self.open[-1], ()):
            self.field, self.pieces = local, []
            self.parser.CharacterDataHandler = self.pieces.append
        self.open.append(local)

    def end(self, _name: str) -> None:
        if self.open.pop() == self.field:
            self.parser.CharacterDataHandler = None
            if text := " ".join("".join(self.pieces)[:_LONGEST].split()):
                self.pages[-1].setdefault(self.field, text)
            self.field = ""


def _scanned(response: Response) -> tuple[str, list[dict[str, str]]]:
    body = response.body
    try:
        try:
            return _scan(_characters(response))
        except expat.ExpatError:
            if not _AMPERSAND.search(body):
                raise
            return _scan(_AMPERSAND.sub(b"&amp;", body))  # the one mistake that all who write XML by hand make
    except expat.ExpatError as error:
        raise _broken(error) from None
    except (ValueError, LookupError) as error:  # an encoding that is none
        raise ParseError(f"the sitemap's encoding cannot be read ({error})", kind="unreadable") from None


def _characters(response: Response) -> str | bytes:
    """Expat knows UTF-16 by its mark alone."""
    wide = b"\0" in response.body[:4]
    return decode(response.body, response.headers.get("content-type", "")) if wide else response.body


def _scan(document: str | bytes) -> tuple[str, list[dict[str, str]]]:
    scan = _Scan()
    scan.parser.Parse(document, True)
    return scan.root, scan.pages


def _refuse_doctype(*_declaration: object) -> None:
    raise ParseError("the sitemap has a DOCTYPE, which no sitemap needs; it is not read", kind="unreadable")


def _broken(error: expat.ExpatError) -> ParseError:
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
        raise MemoryError
    place = f"line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}"
    if error.code in EARLY_END:
        return ParseError(f"the sitemap ends in the middle ({place}); nothing of it is used", kind="truncated")
    return ParseError(f"the sitemap is not well-formed ({place})", kind="unreadable")


# --- what is made of it ---------------------------------------------------------------------------


def _entry(key: Hash64, one: _Page, base: str) -> Entry:
    link = web(one.get("loc"), base)
    return Entry(
        hash=key,
        link=link,
        title=page.plain(one.get("title", "")) or slug_title(link or ""),
        authors=(one["name"],) if "name" in one else (),
        tags=tuple(dict.fromkeys(tag for word in one.get("keywords", "").split(",") if (tag := page.plain(word)))),
        lang=one.get("language"),
        published=moment(one.get("publication_date")),
        updated=moment(one.get("lastmod")),
    )


def _hash(one: _Page) -> Hash64:
    return hash64("\0".join(part for name in sorted(one) for part in (name, one[name])).encode())


def _latest(one: _Page) -> datetime | None:
    return moment(one.get("publication_date")) or moment(one.get("lastmod"))


def _index(children: Sequence[_Page], base: str) -> ParseError:
    """Those that are called news come first, then those that changed last."""
    urls = [(web(one.get("loc"), base) or "", moment(one.get("lastmod"))) for one in children]
    ranked = sorted(urls, key=lambda pair: ("news" not in pair[0].lower(), -(pair[1].timestamp() if pair[1] else 0.0)))
    feeds = tuple(dict.fromkeys(url for url, _ in ranked if is_open(url) and url != base))[:_CHILDREN]
    hint = f"; the likeliest is {feeds[0][:500]}" if feeds else ""
    message = f"the document is an index of {len(children):,} sitemaps, not one of them{hint}"
    return ParseError(message, kind="not-a-feed", feeds=feeds)


def _problems(listed: Sequence[_Page], pages: Sequence[_Page]) -> Iterator[str]:
    if len(listed) > len(pages):
        yield f"{len(listed) - len(pages):,} of its pages have no address"
    if len(pages) > MAX_ENTRIES:
        yield too_many(len(pages), "newest")
