"""pure: an OPML file's bytes -> (feed entries, what of it is left out and why); feeds -> an OPML file's bytes.

Each outline with an address is a feed, called by its title; the folders it stands in are its tags. Only web addresses
are taken: what others wrote into such a file never names a file or a program here. Entities cannot be declared, so
what is small stays small. (OPML 2.0, http://opml.org/spec2.opml.)

What is written has the first tag as a folder and all of them as categories, for other feed readers; ids and tags stand
there once more as they are, in attributes of our own, so that the same feeds are read again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from pydantic import ValidationError

from watcher.errors import ParseError
from watcher.guard import Network, refuse_url
from watcher.model import Feed
from watcher.sources import FeedEntry, default_id
from watcher.text.shown import line

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 64
"""Elements inside each other."""
MAX_URL = 2_000
"""Characters of an address; more than browsers and servers agree on."""
_MAX_WORD = 60  # characters of an id or a tag
_MAX_TAGS = 10
_SHOWN = 160  # characters of a title or an error that are repeated
_ID, _TAGS = "watcher:id", "watcher:tags"
_NAMESPACE = "urn:watcher:opml"
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed:(//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An outline that is not taken over. Its title fits into a line; its address is not told: it may give access."""

    line: int
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What an OPML file subscribes to, in its order. What is listed again is only counted: nothing is lost by it."""

    entries: tuple[FeedEntry, ...]
    left_out: tuple[LeftOut, ...]
    repeated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outline:
    line: int
    title: str
    url: str
    folders: tuple[str, ...]
    id: str | None = None  # as we wrote it
    tags: tuple[str, ...] | None = None


def read(source: bytes, allowed: tuple[Network, ...] = ()) -> Subscriptions:
    """The feeds of an OPML file. An address that stands there twice is one feed with the tags of both; one that is not
    public is taken where it is `allowed`.

    Raises ParseError, of one line, for what is no OPML or too big.
    """
    made = [_entry(outline, allowed) for outline in _outlines(source)]
    entries: dict[str, FeedEntry] = {}
    for one in made:
        if isinstance(one, FeedEntry):
            known = entries.setdefault(default_id(one.url), one)
            if known is not one:
                entries[default_id(one.url)] = known.model_copy(update={"tags": _tags((*known.tags, *one.tags))})
    left_out = tuple(one for one in made if isinstance(one, LeftOut))
    return Subscriptions(
        entries=tuple(_called(entries)), left_out=left_out, repeated=len(made) - len(left_out) - len(entries)
    )


def written(feeds: Iterable[Feed]) -> bytes:
    """Feeds on the web as an OPML file. What is only ours, intervals and recipes, does not go with them."""
    folders: dict[str, list[str]] = {}
    for feed in feeds:
        folders.setdefault(feed.tags[0] if feed.tags else "", []).append(_outline(feed))
    loose = folders.pop("", [])
    lines = [f"    {one}" for one in loose]
    for tag, found in folders.items():
        lines += [f"    <outline text={_quoted(tag)}>", *(f"      {one}" for one in found), "    </outline>"]
    return "\n".join([_HEAD, *lines, "  </body>", "</opml>", ""]).encode()


_HEAD = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:watcher="{_NAMESPACE}">
  <head><title>Feeds of the watcher</title></head>
  <body>"""


def _outline(feed: Feed) -> str:
    said = {"type": "rss", "text": feed.id, "xmlUrl": feed.url, _ID: feed.id, _TAGS: " ".join(feed.tags)}
    if feed.tags:
        said["category"] = ",".join(feed.tags)
    return f"<outline {' '.join(f'{name}={_quoted(value)}' for name, value in said.items())}/>"


def _quoted(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def web_address(text: str, allowed: tuple[Network, ...] = ()) -> str:
    """The address of a feed as it is to be written. Raises ValueError with why it is none."""
    url = _FEED_SCHEME.sub(lambda found: "https://" if found[1] else "", text.strip()).replace(" ", "%20")
    if not url:
        raise ValueError("it has no address")
    if len(url) > MAX_URL:
        raise ValueError(f"its address is longer than {MAX_URL:,} characters")
    if not re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
        raise ValueError("its address does not begin with https:// or http://")
    parts = urlsplit(url)
    host = parts.hostname or ""
    why = refuse_url(parts.scheme, "127.0.0.1" if _is_local(host) else host, parts.port, allowed)
    if why:
        raise ValueError(why)
    try:
        return FeedEntry(url=url).url
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        raise ValueError(str(context.get("help") or error.errors()[0]["msg"])) from error


def _is_local(host: str) -> bool:
    return host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost")


def _entry(outline: _Outline, allowed: tuple[Network, ...]) -> FeedEntry | LeftOut:
    try:
        url = web_address(outline.url, allowed)
    except ValueError as error:
        return LeftOut(line=outline.line, title=line(outline.title, _SHOWN), why=line(str(error), _SHOWN))
    try:
        return _own(outline, url)
    except ValidationError:  # somebody has edited it
        return FeedEntry(url=url, id=_word(outline.title) or None, tags=_tags(map(_word, outline.folders)))


def _own(outline: _Outline, url: str) -> FeedEntry:
    """What we wrote is read as it was. Raises ValidationError."""
    own = None if outline.id is None or outline.id == default_id(url) else outline.id
    id_ = own if outline.id is not None else _word(outline.title) or None
    tags = _tags(map(_word, outline.folders)) if outline.tags is None else outline.tags
    return FeedEntry(url=url, id=id_, tags=tags)


def _called(entries: Mapping[str, FeedEntry]) -> Iterator[FeedEntry]:
    """Each by its title; by its address where others have that title, whatever the order they stand in."""
    taken = Counter(entry.id for entry in entries.values()) + Counter(entries.keys())
    for entry in entries.values():
        yield entry if taken[entry.id] == 1 else entry.model_copy(update={"id": None})


def _tags(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))[:_MAX_TAGS]


def _word(text: str) -> str:
    """Words of any script as one that is an id or a tag: letters and digits, small, with dashes between them."""
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in unicodedata.normalize("NFKC", text).lower())
    return "-".join("".join(kept).split())[:_MAX_WORD].strip("-")


def _outlines(source: bytes) -> list[_Outline]:
    """All that name, or should name, a feed."""
    if len(source) > MAX_BYTES:
        raise ParseError(f"it is larger than {MAX_BYTES // 2**20} MiB; split it", kind="opml")
    handler = _Handler()
    try:
        handler.parser.Parse(source.lstrip(b" \t\r\n"), True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise ParseError(f"it is no OPML: {what} in line {error.lineno}", kind="opml") from error
    except (ValueError, LookupError) as error:
        what = line(str(error), _SHOWN)
        raise ParseError(f"its encoding is not known here ({what}); save it as UTF-8", kind="opml") from error
    return handler.found


class _Handler:
    """Hears of each element as it is read."""

    def __init__(self) -> None:
        self.found: list[_Outline] = []
        self._open: list[str] = []  # the folder that each open element is, or nothing
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, name: str, *_: object) -> None:
        what = "it is a web page, and no OPML" if name.lower() == "html" else "it has a DOCTYPE, which no OPML needs"
        raise ParseError(f"{what}: export the feeds again", kind="opml")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._open and name.lower() != "opml":
            raise ParseError(f"it is no OPML: it begins with <{line(name)}>", kind="opml")
        if len(self._open) == MAX_DEPTH:
            raise ParseError(f"more than {MAX_DEPTH} levels inside each other", kind="opml")
        outline = name.lower() == "outline"
        self._open.append(self._heard({key.lower(): value for key, value in attributes.items()}) if outline else "")

    def _end(self, _: str) -> None:
        self._open.pop()

    def _heard(self, said: Mapping[str, str]) -> str:
        """Note a feed; a folder is returned by its name."""
        title = said.get("title") or said.get("text") or ""
        url = said.get("xmlurl") or (said.get("url", "") if said.get("type", "").lower() == "rss" else "")
        if not (url or {"type", "htmlurl"} & said.keys()):
            return title
        folders = tuple(filter(None, self._open))
        tags = tuple(said[_TAGS].split()) if _TAGS in said else None
        at = self.parser.CurrentLineNumber
        self.found.append(_Outline(line=at, title=title, url=url, folders=folders, id=said.get(_ID), tags=tags))
        return ""
