"""pure: a document in UTF-8 -> what feedparser's own two parsers make of it, for less processor time.

feedparser.parse converts the bytes anew, puts the SAX layers of the standard library between expat and its handlers,
and resolves an address for each element. What its handlers make of a document is the same here, because they are the
same handlers; `tests/parse/test_differential.py` holds that against feedparser.parse. Changed is only

- who calls them: expat itself, which may hand over the text between two tags in one piece (`merge`);
- that an answer already worked out is kept: of the addresses that elements are resolved against, of what an element's
  name is to feedparser (strict.py);
- that text of an entry which is no markup takes a shorter way through what is asked of it (strict.py);
- that an author is searched for an e-mail address only where one may be, which takes feedparser time with the square
  of the length: none without an "@", none in more than LONGEST_AUTHOR characters (bounded.py; its name is all of it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from feedparser.api import LooseFeedParser

from watcher.parse.bounded import Bounded
from watcher.parse.strict import Strict

_SAX_BUFFER = 2**16  # bytes the SAX layers hand expat at a time: where text is divided
_BUFFER = 2**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What feedparser leaves. `sound`: its strict parser read it to the end."""

    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    version: str
    sound: bool


def strict(data: bytes, base: str, *, merge: bool) -> Read | None:
    """The reading of feedparser's strict parser; None for XML that is not well-formed.

    `merge` only where it is certain that markup stands in no element whose text is escaped markup.
    """
    reader = Strict(base, None, "utf-8")
    reader.resolve_relative_uris = reader.sanitize_html = False
    parser = expat.ParserCreate(None, " ", intern={})
    parser.namespace_prefixes = True
    if merge:
        parser.buffer_size, parser.buffer_text = _BUFFER, True
    parser.StartElementHandler = reader.started
    parser.EndElementHandler = reader.ended
    parser.CharacterDataHandler = reader.handle_data
    parser.StartNamespaceDeclHandler = reader.startPrefixMapping
    parser.ExternalEntityRefHandler = _ignored
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)
    try:
        for at in range(0, len(data), _SAX_BUFFER):
            parser.Parse(data[at : at + _SAX_BUFFER])
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from error
        return None
    return Read(feed=reader.feeddata, entries=reader.entries, version=reader.version, sound=True)


def loose(data: bytes, base: str, entities: Mapping[str, str]) -> Read:
    """The reading of feedparser's loose parser, which takes anything. It raises what it likes on odd input."""
    reader = _Loose(base, None, "utf-8", dict(entities))
    reader.resolve_relative_uris = reader.sanitize_html = False
    reader.feed(data.decode("utf-8", "replace"))
    return Read(feed=reader.feeddata, entries=reader.entries, version=reader.version, sound=False)


def _ignored(*_entity: object) -> int:
    return 1


class _Loose(Bounded, LooseFeedParser):  # type: ignore[misc]
    pass
