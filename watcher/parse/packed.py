"""pure: a response whose body is a gzip file (`sitemap.xml.gz`) -> the same with what is in it."""

from __future__ import annotations

import zlib
from dataclasses import replace

from watcher.errors import ParseError
from watcher.model import Response

MAX_SIZE = 20 * 2**20
"""Bytes that such a file may unpack to."""
_MAGIC = b"\x1f\x8b\x08"
_GZIP = 16 + zlib.MAX_WBITS


def unpacked(response: Response, limit: int = MAX_SIZE) -> Response:
    """Raises ParseError: unreadable, truncated. Any other body stays as it is."""
    if not response.body.startswith(_MAGIC):
        return response
    inflater = zlib.decompressobj(_GZIP)
    try:
        body = inflater.decompress(response.body, limit + 1)
    except zlib.error as error:
        raise ParseError(f"the gzip file cannot be unpacked ({error})", kind="unreadable") from None
    if len(body) > limit:
        raise ParseError(f"the gzip file unpacks to more than {limit / 2**20:g} MiB", kind="unreadable")
    if not inflater.eof:
        raise ParseError("the gzip file ends in the middle; nothing of it is used", kind="truncated")
    return replace(response, body=body)
