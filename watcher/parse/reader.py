"""pure: a document in UTF-8 -> what feedparser's own two parsers make of it, for less processor time.

feedparser.parse converts the bytes anew, puts the SAX layers of the standard library between expat and its handlers,
and resolves an address for each element. What its handlers make of a document is the same here, because they are the
same handlers; `tests/parse/test_differential.py` holds that against feedparser.parse. Changed is only

- who calls them: expat itself, which may hand over the text between two tags in one piece (`merge`);
- that an answer already worked out is kept: of the addresses that elements are resolved against;
- that an author is searched for an e-mail address only where one may be, which takes feedparser time with the square
  of the length: none without an "@", none in more than LONGEST_AUTHOR characters (its name is then all of it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any, cast
from xml.parsers import expat

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.mixin import _FeedParserMixin
from feedparser.urls import make_safe_absolute_uri
from feedparser.util import FeedParserDict

LONGEST_AUTHOR = 1000
_LONGEST_KEPT = 2000  # characters of two addresses whose combination is remembered
_SAX_BUFFER = 2**16  # bytes the SAX layers hand expat at a time: where text is divided
_BUFFER = 2**15
_C1 = re.compile("[\x80-\x9f]")


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
    reader = _Strict(base, None, "utf-8")
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


# --- what answers feedparser's handlers -----------------------------------------------------------


def _resolved(base: str, rel: str | None = None) -> str:
    if len(base) + len(rel or "") > _LONGEST_KEPT:
        return str(make_safe_absolute_uri(base, rel))
    return _remembered(base, rel)


@lru_cache(maxsize=256)
def _remembered(base: str, rel: str | None) -> str:
    return str(make_safe_absolute_uri(base, rel))


class _Text(str):
    """feedparser maps C1 controls to what windows-1252 has there, a character at a time; most texts have none."""

    __slots__ = ()

    def translate(self, table: Any, /) -> str:
        text = str(self)
        return text.translate(table) if _C1.search(text) else text


def _rebound(function: Any, **others: Any) -> Any:
    """A function of feedparser's with some of the global names in it bound to something else."""
    scope = {**function.__globals__, **others}
    made = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


_start = _rebound(_FeedParserMixin.unknown_starttag, make_safe_absolute_uri=_resolved)
_found_author = _FeedParserMixin._sync_author_detail  # noqa: SLF001


class _Bounded:
    """What both parsers share."""

    def unknown_starttag(self, tag: str, attrs: Any) -> Any:
        return _start(self, tag, attrs)

    def _sync_author_detail(self, key: str = "author") -> None:
        context = cast("Any", self)._get_context()  # noqa: SLF001
        said = context.get(key)
        detail = context.get(f"{key}s", [FeedParserDict()])[-1]
        if not detail and said and isinstance(said, str) and ("@" not in said or len(said) > LONGEST_AUTHOR):
            context.setdefault(f"{key}_detail", detail)
            detail["name"] = said
        else:
            _found_author(self, key)


class _Loose(_Bounded, LooseFeedParser):  # type: ignore[misc]
    pass


class _Strict(_Bounded, StrictFeedParser):  # type: ignore[misc]
    def decode_entities(self, _element: str, data: str) -> str:
        return data if data.isascii() else _Text(data)

    def started(self, name: str, attributes: dict[str, str]) -> None:
        self.startElementNS(_pair(name), None, _Attributes(attributes) if attributes else _NONE)

    def ended(self, name: str) -> None:
        self.endElementNS(_pair(name), None)


class _Attributes:
    """Of an element, as SAX has them; without its search through all of them for each."""

    __slots__ = ("_pairs", "_qnames")

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self._pairs = {_pair(name): value for name, value in attributes.items()}
        self._qnames = {_qname(name): value for name, value in attributes.items()}

    def items(self) -> Iterable[tuple[tuple[str | None, ...], str]]:
        return self._pairs.items()

    def getQNames(self) -> Iterable[str]:  # noqa: N802 - SAX's name
        return self._qnames

    def getValueByQName(self, name: str) -> str:  # noqa: N802
        return self._qnames[name]


_NONE = _Attributes({})


def _pair(name: str) -> tuple[str | None, ...]:
    """Namespace and local name, of expat's "namespace local prefix"; more where a namespace has a blank in it."""
    parts = name.split()
    if len(parts) == 1:
        return None, name
    return tuple(parts[:2] if len(parts) == 3 else parts)


def _qname(name: str) -> str:
    parts = name.split()
    if len(parts) == 1:
        return name
    return f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[1]
