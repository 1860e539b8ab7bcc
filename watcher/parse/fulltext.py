"""pure: a response -> the entry that its page makes, with the wall before its text; or why there is none.

What only stands in for the page (a check for bots, an error, a login) is a ParseError; a page for subscribers, or a
question for consent to cookies, is an answer.
"""

from __future__ import annotations

from dataclasses import replace

from watcher.errors import ParseError
from watcher.model import Entry, Hash64, Response
from watcher.parse import page, text
from watcher.parse.interstitial import checks_for_bots, refuse_page
from watcher.parse.packed import unpacked
from watcher.parse.walls import wall_of, without_calls
from watcher.text.shown import line

__all__ = ["article"]

_MARKUP = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")
_START = 1024  # bytes in which a NUL gives away that it is no text


def article(response: Response) -> Entry:
    """Raises ParseError: empty, not-a-page, no-text, challenge, error-page, unreadable, truncated."""
    response = unpacked(response)
    said = response.headers.get("content-type", "")
    kind = said.partition(";")[0].strip().lower()
    if not response.body.strip():
        raise ParseError("the page is empty", kind="empty")
    if kind == "text/plain":
        return Entry(hash=Hash64(0), link=response.url, blocks=text.blocks(text.decode(response.body, said)))
    if kind not in _MARKUP or (b"<" not in response.body and b"\0" in response.body[:_START]):
        raise ParseError(f"the link leads to {line(kind or 'something binary', 60)}, not to a page", kind="not-a-page")
    return _of_markup(response, text.decode(response.body, said))


def _of_markup(response: Response, markup: str) -> Entry:
    document, entry = page.tree(markup), page.article(markup, response.url)
    if not checks_for_bots(document) and (wall := wall_of(entry.blocks, document)):
        return replace(entry, wall=wall, blocks=without_calls(entry.blocks))
    refuse_page(response, document)
    if not entry.blocks:
        raise ParseError("the page has no text; what a script would write into it is not there", kind="no-text")
    return entry
