"""pure: bytes -> the text they are, whatever encoding they are in."""

from __future__ import annotations

import codecs
import re

__all__ = ["decode"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the next one
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
)
_CHARSET = rb"((?:iso-?8859|windows|cp125|koi8|gb|big5|euc|shift[_-]?jis|iso-2022|tis-620|macintosh)[\w:-]{0,20})"
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*" + _CHARSET, re.IGNORECASE)
_SENT = re.compile(rb";\s*charset\s*=\s*[\"']?\s*" + _CHARSET, re.IGNORECASE)
_SEVEN_BITS = "iso2022"  # what is written in it looks like UTF-8
_WIDTHS = ((b"\0\0\0", "utf-32-be"), (b"\0", "utf-16-be"))  # of the zeros before an ASCII character


def decode(body: bytes, content_type: str = "") -> str:
    """By byte order mark, by the zeros of UTF-16 and UTF-32, else as UTF-8, else in the charset that the server or an
    HTML head names, else as windows-1252.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    named = _named(body, content_type)
    if wide := _wide(body[:4]):
        return body.decode(wide, errors="replace")
    try:
        return body.decode(named if named and named.startswith(_SEVEN_BITS) else "utf-8")
    except UnicodeDecodeError:
        return body.decode(named or "cp1252", errors="replace")


def _wide(start: bytes) -> str | None:
    """The encoding whose first character, one of ASCII, is written in these four bytes."""
    for zeros, encoding in _WIDTHS:
        size = len(zeros)
        if start.startswith(zeros) and start[size:].strip(b"\0"):
            return encoding
        if start[:1].strip(b"\0") and start[1:].startswith(zeros):
            return encoding.replace("be", "le")
    return None


def _named(body: bytes, content_type: str) -> str | None:
    found = _SENT.search(content_type.encode("ascii", "ignore")) or _DECLARED.search(body, 0, 1024)  # as HTML has it
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found else None
    except LookupError:
        return None
    return "cp1252" if name == "iso8859-1" else name  # as the WHATWG's encoding standard has it
