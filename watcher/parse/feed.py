"""pure: a feed's bytes and headers, the hashes already known -> Parsed, read by feedparser.

Three steps: the bytes as UTF-8, converted by feedparser's own rules; the entries found in them (split.py); feedparser's
reading of the document with only the new entries in it. Where split.py has a doubt, or the reading does not have as
many entries as were put in, feedparser reads the whole, and an entry's hash is of what was read instead of its bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import feedparser
from feedparser.encodings import convert_to_utf8
from feedparser.exceptions import CharacterEncodingOverride, CharacterEncodingUnknown
from feedparser.sanitizer import replace_doctype

from watcher.errors import ParseError
from watcher.model import Hash64, Parsed, Response
from watcher.parse.entry import entry_of, feed_lang, feed_link, feed_title, feed_ttl
from watcher.parse.references import mended
from watcher.parse.sniff import refuse, refuse_read
from watcher.parse.split import Split, cut, hash64, split

MAX_ENTRIES = 5000
"""Entries read of one document; those further down are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A body as the XML parser sees it: in UTF-8, its DOCTYPE reduced to harmless entities."""

    data: bytes
    version: str  # when the DOCTYPE tells it
    sound: bool  # decoded, and reading `data` again reduces nothing more
    problem: str | None  # with its encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What feedparser read. `entries` are the new ones, with their hashes; `hashes` are of all."""

    feed: dict[str, Any]
    version: str
    hashes: tuple[Hash64, ...]
    entries: Sequence[tuple[Hash64, dict[str, Any]]]
    listed: int  # entries in the document, those beyond MAX_ENTRIES too
    cut: bool = False


def read(response: Response, known: frozenset[Hash64]) -> Parsed:
    """Raises ParseError: empty, not-a-feed, truncated, unreadable."""
    response = replace(response, body=mended(response.body))
    body = document(response)
    refuse(response, body.data)
    parts = split(body.data)
    broken = parts.broken and (_broken_place(response.body) or parts.broken)
    if parts.severed:
        raise ParseError(f"the feed ends in the middle ({broken}); nothing of it is used", kind="truncated")
    reading = read_new(response, body, parts, known) or read_whole(response, known)
    refuse_read(body.data, reading.version, reading.listed)
    return _parsed(reading, body.problem, broken)


def document(response: Response) -> Document:
    """The body converted as feedparser would."""
    told: dict[str, Any] = {}
    try:
        data = convert_to_utf8(headers(response), response.body, told) if response.body else b""
        version, data, _ = replace_doctype(data)
        sound = bool(told.get("encoding")) and replace_doctype(data)[1] == data
    except (ValueError, LookupError) as error:  # an encoding's name that is no name
        raise _unreadable(error) from error
    return Document(data=data, version=version or "", sound=sound, problem=_encoding_problem(told))


def headers(response: Response) -> dict[str, str]:
    """The headers feedparser is given: its rules want a type, and XML is UTF-8 unless it says otherwise (RFC 7303)."""
    return {
        "content-type": response.headers.get("content-type") or "application/xml",
        "content-location": response.url,
    }


def feedparse(body: bytes, response_headers: Mapping[str, str]) -> Any:
    """The one call, with the options used everywhere: HTML is left as it is, addresses outside it are resolved."""
    try:
        return feedparser.parse(
            io.BytesIO(body), response_headers=response_headers, resolve_relative_uris=False, sanitize_html=False
        )
    except MemoryError:
        raise
    except Exception as error:  # its handlers raise what they like on odd input
        raise _unreadable(error) from error


def read_new(response: Response, body: Document, parts: Split, known: frozenset[Hash64]) -> Reading | None:
    """Have only entries parsed that are not known; None when that is not certain to give what the whole would."""
    if parts.doubt or not body.sound or not response.url.startswith(("http://", "https://", "file://")):
        return None
    entries = parts.entries[:MAX_ENTRIES]
    new: dict[Hash64, int] = {}
    for number, entry in enumerate(entries):
        if entry.hash not in known:
            new.setdefault(entry.hash, number)
    part = cut(body.data, parts, frozenset(new.values()))
    utf8 = {**headers(response), "content-type": "application/xml; charset=utf-8"}
    result = feedparse(part.body, utf8)
    if result["bozo"] or len(result["entries"]) != len(part.slots):
        return None
    read_entries = zip(part.slots, result["entries"], strict=True)
    return Reading(
        feed=result["feed"],
        version=body.version or result["version"],
        hashes=tuple(dict.fromkeys(entry.hash for entry in entries)),
        entries=[(entries[number].hash, entry) for number, entry in read_entries if number is not None],
        listed=len(parts.entries),
        cut=len(new) < len(parts.entries),
    )


def read_whole(response: Response, known: frozenset[Hash64]) -> Reading:
    """Have everything parsed, and drop what is known afterwards."""
    result = feedparse(response.body, headers(response))
    entries: dict[Hash64, dict[str, Any]] = {}
    for entry in result["entries"][:MAX_ENTRIES]:
        entries.setdefault(hash64(json.dumps(entry, sort_keys=True, default=str).encode()), entry)
    return Reading(
        feed=result["feed"],
        version=result.get("version", ""),
        hashes=tuple(entries),
        entries=[(key, entry) for key, entry in entries.items() if key not in known],
        listed=len(result["entries"]),
    )


def _parsed(reading: Reading, encoding: str | None, broken: str | None) -> Parsed:
    feed = reading.feed
    problems = (
        encoding,
        broken and f"not well-formed ({broken}), read as far as it could be",
        f"{reading.listed:,} entries, only the first {MAX_ENTRIES:,} read" if reading.listed > MAX_ENTRIES else None,
    )
    return Parsed(
        format=reading.version or "unknown",
        hashes=reading.hashes,
        entries=tuple(entry_of(key, entry, feed, reading.version) for key, entry in reading.entries),
        title=feed_title(feed),
        link=feed_link(feed),
        lang=feed_lang(feed),
        ttl=feed_ttl(feed),
        cut=reading.cut,
        warning="; ".join(problem for problem in problems if problem) or None,
    )


def _broken_place(body: bytes) -> str | None:
    """Line and column as the publisher counts them: converting may have moved them. Expat knows few encodings."""
    try:
        return split(body).broken
    except (ValueError, LookupError):
        return None


def _encoding_problem(told: dict[str, Any]) -> str | None:
    """us-ascii is only the default of text/xml without a charset: nobody declared it."""
    problem = told.get("bozo_exception")
    if isinstance(problem, CharacterEncodingUnknown):
        return "its encoding is unknown"
    text = str(problem)
    if isinstance(problem, CharacterEncodingOverride) and "declared as us-ascii" not in text:
        return text
    return None


def _unreadable(error: Exception) -> ParseError:
    detail = " ".join(f"{type(error).__name__}: {error}".split())
    return ParseError(f"feedparser cannot read the document ({detail[:200]})", kind="unreadable")
