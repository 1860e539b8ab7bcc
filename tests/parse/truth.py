"""What feedparser itself reads: the truth that every reading of ours is held against."""

from __future__ import annotations

import io
from typing import Any

import feedparser

from watcher.model import Response
from watcher.parse.convert import document, headers
from watcher.parse.feed import divided


def feedparse(response: Response) -> Any:
    """feedparser.parse of the body as it came, with our options; of a mended body, of what it was mended to."""
    body, _ = divided(document(response))
    if not body.mended:
        return feedparse_bytes(response.body, headers(response))
    return feedparse_bytes(
        body.data, {"content-type": "application/xml; charset=utf-8", "content-location": response.url}
    )


def feedparse_bytes(body: bytes, response_headers: dict[str, str]) -> Any:
    """Its one call, with the options used everywhere: HTML is left as it is, addresses outside it are resolved."""
    return feedparser.parse(
        io.BytesIO(body), response_headers=response_headers, resolve_relative_uris=False, sanitize_html=False
    )
