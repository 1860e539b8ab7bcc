"""pure: a feed's bytes in UTF-8 -> where each entry stands and its hash; the same bytes without some of the entries.

feedparser keeps one state for a whole document, so an entry read alone is not always the entry read among the others.
Dividing is therefore certain only for documents in which no entry can leave a trace on the next; the conditions below
were read off feedparser's handlers. Anything else carries a `doubt`, and whoever asked has the whole document parsed.

- The root is RSS, Atom or RDF of a known version, entries are children of it or of its channel, and none is nested.
- Elements that feedparser has a handler for are among those reviewed (handlers.py); `image` and `textinput` move its
  context to the feed and stand only outside entries, an `image` of text alone apart.
- Inside an element whose content feedparser collects, end tags still reach the handlers: so markup in there is declared
  as XHTML, and no element of it has a handler.
- A prefix means one namespace throughout and cannot be taken for a prefix that feedparser gives out itself.
- There is no DOCTYPE left, whose entities and attribute defaults would reach into entries.

A run of entries cut out leaves one empty entry behind: its end resets what the end of the last of them would have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from xml.parsers import expat

from watcher.model import Hash64, RawEntry
from watcher.parse.handlers import RDF, REVIEW, ROOT, given_prefix
from watcher.parse.limits import EARLY_END, hash64
from watcher.parse.scan import Scan
from watcher.parse.skips import skip_days, skip_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A document divided, in its order. With a `doubt` there are no entries; the rest tells of its XML."""

    entries: tuple[RawEntry, ...] = ()
    doubt: str | None = None
    broken: str | None = None  # why it is not well-formed, with line and column
    severed: bool = False  # it is a feed and ends before its root element does
    skip_hours: tuple[int, ...] = ()  # what its head asks for, as in model.Parsed
    skip_days: tuple[int, ...] = ()
    scope: Hash64 | None = None  # as in model.Parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A document with entries left out. `slots`: the number in the whole of each entry in it, None for a stub."""

    body: bytes
    slots: tuple[int | None, ...]


def split(data: bytes) -> Split:
    """Divide a document. An entry's hash is of its own bytes alone: a new date in the head makes no entry new."""
    scan = Scan()
    try:
        scan.parser.Parse(data, True)
    except expat.ExpatError as error:
        parts = _broken(data, error, scan)
    else:
        parts = _whole(data, scan)
    if not scan.words:
        return parts
    words = "".join(scan.words)
    return replace(parts, skip_hours=skip_hours(words), skip_days=skip_days(words))


def _whole(data: bytes, scan: Scan) -> Split:
    names = [_name(data, start) for start, _ in scan.spans]
    doubt = scan.doubt or _root_doubt(scan) or _namespace_doubt(scan.namespaces) or _stub_doubt(names, scan.namespaces)
    if doubt:
        return Split(doubt=doubt)
    spans = [(start, _end(data, name, end)) for name, (start, end) in zip(names, scan.spans, strict=True)]
    entries = tuple(RawEntry(start=a, end=b, hash=hash64(data[a:b])) for a, b in spans)
    return Split(entries=entries, scope=_scope(scan))


def _scope(scan: Scan) -> Hash64 | None:
    """One value for the namespaces bound where the entries stand, as this version reviews them, if that is the same for
    all of them.
    """
    return hash64(f"{REVIEW} {min(scan.scopes)}".encode()) if len(scan.scopes) == 1 else None


def cut(data: bytes, parts: Split, keep: Collection[int]) -> Cut:
    """The document with only the entries of these numbers."""
    pieces: list[bytes] = []
    slots: list[int | None] = []
    copied = 0
    for number, entry in enumerate(parts.entries):
        between = data[copied : entry.start]
        if number in keep:
            pieces += (between, data[entry.start : entry.end])
            slots.append(number)
        elif not slots or slots[-1] is not None or between.strip():
            pieces += (between, b"<", _name(data, entry.start), b"/>")
            slots.append(None)
        copied = entry.end
    return Cut(body=b"".join((*pieces, data[copied:])), slots=tuple(slots))


# --- doubts about the whole -----------------------------------------------------------------------

_RSS090 = "http://my.netscape.com/rdf/simple/0.9/"
_VERSIONED = ("http://purl.org/rss/1.0/", "http://www.w3.org/2005/atom")


def _root_doubt(scan: Scan) -> str | None:
    """RDF has its version from a namespace, and feedparser takes the first that fits, an entry's too."""
    if not scan.root & ROOT:
        return "a root element that is no feed"
    if not scan.root & RDF:
        return None
    declared = {(prefix, uri.lower()) for (prefix, uri), depth in scan.namespaces.items() if depth == 0}
    versioned = (None, _RSS090) in declared or any(uri in _VERSIONED for _, uri in declared)
    return None if versioned else "RDF of no known version"


def _namespace_doubt(namespaces: Collection[tuple[str | None, str]]) -> str | None:
    """Names depend on all declarations so far: they must come out the same when some of these are gone."""
    uri_of: dict[str, str] = {}
    prefix_of: dict[str, str | None] = {}
    taken = {known.lower() for _, uri in namespaces if (known := given_prefix(uri))}
    for prefix, uri in namespaces:
        lower = (prefix or "").lower()
        known = given_prefix(uri)
        if prefix and uri_of.setdefault(lower, uri) != uri:
            return f"the prefix {prefix} means two namespaces"
        if known is None and prefix_of.setdefault(uri, prefix) != prefix:
            return f"two prefixes for {uri}"
        if known != prefix and lower in taken:
            return f"the prefix {prefix} is one that feedparser gives another name"
    return None


def _stub_doubt(names: Iterable[bytes], namespaces: dict[tuple[str | None, str], int]) -> str | None:
    """An empty entry in place of others needs its prefix bound from outside."""
    bound = {prefix.encode() for (prefix, _), depth in namespaces.items() if prefix and depth == 0}
    loose = (name for name in set(names) if b":" in name and name.split(b":")[0] not in bound)
    return "entries that declare their own prefix" if any(loose) else None


# --- bytes ----------------------------------------------------------------------------------------

_NAME = re.compile(rb"<([^\s/>]+)")
_ROOT_START = re.compile(rb"<(?:[^\s:<>]{1,20}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:[^\s:>]+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_HEAD = 4096  # bytes in which a root element begins
_TAIL = 1024  # bytes in which a root's end tag is looked for: there may be comments after it


def _name(data: bytes, start: int) -> bytes:
    match = _NAME.match(data, start)
    return match[1] if match else b""


def _end(data: bytes, name: bytes, at: int) -> int:
    """Where an entry ends, given what expat says: the start of its end tag, or the end of an empty element's tag."""
    tag = b"</" + name
    if data.startswith(tag, at) and data[at + len(tag)] in b" \t\r\n>":
        return data.index(b">", at) + 1
    return at


def _broken(data: bytes, error: expat.ExpatError, scan: Scan) -> Split:
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
        raise MemoryError
    text = f"line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}"
    return Split(doubt="not well-formed", broken=text, severed=_severed(data, error, scan))


def _severed(data: bytes, error: expat.ExpatError, scan: Scan) -> bool:
    """Whether a feed ends before its root element does. Where something else is wrong with it, expat stops there and
    sees no end: a root's end tag must stand behind the last entry, or in what is left of it.
    """
    if not scan.root & ROOT and not _ROOT_START.search(data, 0, _HEAD):
        return False
    last = max(data.rfind(b"<item"), data.rfind(b"<entry"), 0)
    return not _ROOT_END.search(data, max(last, len(data) - _TAIL) if error.code in EARLY_END else last)
