"""pure: a body that is no feed -> ParseError in one clear line, with the feeds that a page announces."""

from __future__ import annotations

import re

from watcher.errors import ParseError
from watcher.model import Response
from watcher.parse import page, text
from watcher.parse.announced import announced
from watcher.parse.interstitial import refuse_page, refuse_text
from watcher.text.shown import line

_PAGE = 2**21  # bytes of a page in which its feeds are announced
_LONGEST = 500  # characters of such an address that are shown
_START = 512  # bytes that tell text from binary
_SMALL = 4096  # bytes of XML that is nothing but an error
_SKIPPED = re.compile(rb"(?:\xef\xbb\xbf|\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w[\w.-]*:)?(\w[\w.-]*)")
_TAG = re.compile(rb"<[^<>]*>")
_HTML_ROOTS = frozenset(("html", "head", "body"))
_FEED_ROOTS = frozenset(("rss", "feed", "rdf", "channel"))


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
        raise _page(response)
    if first[:1] in {b"{", b"["}:
        raise _no_feed("the document is JSON")
    if not root:
        raise _text(response)


def version_of(data: bytes, entries: int) -> str:
    """Of a document for which feedparser has no version; CDF is told by its root. Raises ParseError where it has found
    no entry either.
    """
    root = _root(data)
    if root == "channel":
        return "cdf"
    if entries:
        return "unknown"
    raise _answer(data) if root == "error" else _no_feed(f"the document's root element is <{root}>")


def _root(data: bytes) -> str:
    match = _ROOT.search(data)
    return match[1].decode("utf-8", "replace").lower()[:40] if match else ""


def _page(response: Response) -> ParseError:
    markup = text.decode(response.body[:_PAGE], response.headers.get("content-type", ""))
    document = page.tree(markup)
    refuse_page(response, document)
    feeds = announced(document, response.url, response.headers)
    return _no_feed("the page is HTML", feeds)


def _text(response: Response) -> ParseError:
    refuse_text(response, text.decode(response.body[:_PAGE], response.headers.get("content-type", "")))
    return _no_feed("the document is plain text")


def _answer(data: bytes) -> ParseError:
    said = line(page.plain(_TAG.sub(b" ", data[:_SMALL]).decode("utf-8", "replace")))
    return ParseError(f"the server answered with an error in XML{f': “{said}”' if said else ''}", kind="error-page")


def _no_feed(what: str, feeds: tuple[str, ...] = ()) -> ParseError:
    hint = f"; its feed may be at {feeds[0][:_LONGEST]}" if feeds else ""
    return ParseError(f"{what}, not an RSS or Atom feed{hint}", kind="not-a-feed", feeds=feeds)
