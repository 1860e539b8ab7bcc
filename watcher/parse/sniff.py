"""pure: a body that is no feed -> ParseError in one clear line, with the feed's address when the page names one."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from watcher.errors import ParseError
from watcher.model import Response
from watcher.parse.page import tree

_HEAD = 65536  # bytes of a page in which its feed is announced
_LONGEST = 500  # characters of such an address that are shown
_START = 512  # bytes that tell text from binary
_SKIPPED = re.compile(rb"(?:\xef\xbb\xbf|\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w[\w.-]*:)?(\w[\w.-]*)")
_HTML_ROOTS = frozenset(("html", "head", "body"))
_FEED_ROOTS = frozenset(("rss", "feed", "rdf", "channel"))
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


def refuse(response: Response, data: bytes) -> None:
    """Raise ParseError for a body (`data`: it in UTF-8) that need not be given to a feed reader at all."""
    start = _SKIPPED.match(data)
    first = data[start.end() if start else 0 :][:_START]
    if not first:
        raise ParseError("the body is empty", kind="empty")
    if b"\0" in first:
        raise _no_feed("the document is binary")
    root = _root(data)
    if root in _HTML_ROOTS or (_DOCTYPE.search(response.body[:_START]) and root not in _FEED_ROOTS):
        raise _no_feed(f"the page is HTML{_announced(response, data)}")
    if first[:1] in {b"{", b"["}:
        raise _no_feed("the document is JSON")
    if not root:
        raise _no_feed("the document is plain text")


def refuse_read(data: bytes, version: str, entries: int) -> None:
    """Raise ParseError for a document in which feedparser found neither a version nor an entry.

    A root `channel` is CDF, which feedparser reads and has no version for.
    """
    root = _root(data)
    if not version and not entries and root != "channel":
        raise _no_feed(f"the document's root element is <{root}>")


def _root(data: bytes) -> str:
    match = _ROOT.search(data)
    return match[1].decode("utf-8", "replace").lower()[:40] if match else ""


def _announced(response: Response, data: bytes) -> str:
    page = tree(data[:_HEAD].decode("utf-8", "replace"))
    for link in page.css("link[rel~=alternate][href]"):
        if (link.attributes.get("type") or "").strip().lower() in _FEED_TYPES:
            return _address(response.url, (link.attributes["href"] or "").strip())
    return ""


def _address(page: str, href: str) -> str:
    """Where the feed is, in characters that a message can hold; nothing for what is no address."""
    try:
        address = urljoin(page, href)[:_LONGEST]
    except ValueError:
        return ""
    return f"; its feed may be at {address}" if address.isprintable() else ""


def _no_feed(what: str) -> ParseError:
    what, semicolon, hint = what.partition("; ")
    return ParseError(f"{what}, not an RSS or Atom feed{semicolon}{hint}", kind="not-a-feed")
