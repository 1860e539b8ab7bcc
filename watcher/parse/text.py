"""pure: file -> entry.

A plain text says nothing of itself but its paragraphs: those between blank lines, and single lines where the file does
not wrap its lines. What is title, byline or date among them is for normalising to find.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from watcher.model import Block, BlockKind, Entry, File
from watcher.parse import page

_HTML = (".html", ".htm", ".xhtml")
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
_BULLET = re.compile(r"(?:[-*•‣◦]|\d{1,2}[.)])\s")
_HEADING = re.compile(r"#{1,6}\s+")
_COLUMNS = range(40, 121)  # widths people and mail programs wrap at
_ENDS = tuple('.!?:…"”’)')


def entry_from_file(file: File) -> Entry:
    """One file of a folder as an entry, by its suffix; anything but HTML is plain text. Every file is some text."""
    if file.name.lower().endswith(_HTML):
        return page.entry(decode(file.body), file)
    return Entry(hash=file.hash, guid=file.name, link=file.url, blocks=blocks(decode(file.body)))


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


def blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs of a plain text, white space folded, none of them empty."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    runs = [list(run) for said, run in groupby(lines, key=bool) if said]
    width = _width(runs)
    return tuple(_block(paragraph) for run in runs for paragraph in _paragraphs(run, width))


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


def _width(runs: Sequence[Sequence[str]]) -> int | None:
    """The column a file's lines are wrapped at; None when its lines are paragraphs.

    In a wrapped file most lines are as long as they can be: the next line's first word would not have fitted.
    """
    followed = [pair for run in runs for pair in pairwise(run)]
    width = max((len(line) for line, _ in followed if " " in line), default=0)
    filled = sum(_fills(line, following, width) for line, following in followed)
    return width if width in _COLUMNS and filled >= 3 and filled >= 0.6 * len(followed) else None


def _fills(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width


def _paragraphs(run: Iterable[str], width: int | None) -> list[str]:
    paragraphs: list[str] = []
    last = ""
    for line in run:
        if last and _goes_on(last, line, width):
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        last = line
    return paragraphs


def _goes_on(line: str, following: str, width: int | None) -> bool:
    """Whether the next line belongs to this one's paragraph: wrapped at the file's width, or broken mid-sentence."""
    if _BULLET.match(following) or _HEADING.match(following):
        return False
    if width is not None and _fills(line, following, width):
        return True
    return len(line) >= _COLUMNS.start and following[0].islower() and not line.endswith(_ENDS)


def _block(paragraph: str) -> Block:
    if heading := _HEADING.match(paragraph):
        return Block(text=paragraph[heading.end() :], kind=BlockKind.HEADING)
    return Block(text=paragraph, kind=BlockKind.LIST_ITEM if _BULLET.match(paragraph) else BlockKind.PARAGRAPH)
