"""pure: expat's calls -> what feedparser's strict parser makes of them, by a short way where one leads to the same.

For each element feedparser works out what its tag is called, keeps the address and the language it stands in, and takes
its text through some twenty questions, with keys looked up under several names. Most elements are text in an entry,
have few attributes, and answer nearly all of these as the one before did. For them feedparser is asked once for the
name of a tag, until a namespace is declared, and questions are left out that have one answer. All others go its way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from feedparser.api import StrictFeedParser
from feedparser.mixin import _cp1252
from feedparser.util import FeedParserDict

from watcher.parse.bounded import C1, Bounded, Text, resolved

__all__ = ["Strict"]

_XHTML = "application/xhtml+xml"
_TELLING = frozenset(("base", "lang", "xmlns"))  # attributes that say something of all within their element
_LOWERED = ("rel", "type")
_ODD = frozenset(("math", "svg", "feed", "rss"))
_OF_INPUTS = frozenset(("title", "link", "description", "name"))
_OF_IMAGES = frozenset(("title", "link", "description", "url", "href", "width", "height"))
_TERMS = frozenset(("category", "tags", "itunes_keywords"))
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


class _Tag(NamedTuple):
    """What an element's name is to feedparser."""

    tag: str
    handler: str  # what its handlers' names end with
    plain: bool  # behind no prefix
    odd: bool


class Strict(Bounded, StrictFeedParser):  # type: ignore[misc]
    """Called by expat, with text in whole pieces or as it comes."""

    baseuri: str  # these are feedparser's
    lang: str | None
    decls: dict[str, str]
    intextinput: int
    inimage: int

    def __init__(self, base: str, lang: str | None, encoding: str) -> None:
        self._starts: dict[str, _Tag] = {}
        self._ends: dict[str, _Tag] = {}
        super().__init__(base, lang, encoding)

    def decode_entities(self, _element: str, data: str) -> str:
        return data if data.isascii() else Text(data)

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        self._starts.clear()
        self._ends.clear()
        super().track_namespace(prefix, uri)

    # an element begins

    def started(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._starts.get(name) or self._begun_as(name)
        said = {key.lower(): value for key, value in attributes.items()} if attributes else {}
        if tag.odd or self.incontent or self.decls or not self.baseuri or (said and _telling(said)):
            self.startElementNS(_pair(name), None, _Attributes(attributes) if attributes else _NONE)
        else:
            self.depth += 1
            self.baseuri = resolved(self.baseuri, self.baseuri) or self.baseuri
            self.basestack.append(self.baseuri)
            self.langstack.append(self.lang)
            self._begin(tag, said)

    def _begin(self, tag: _Tag, said: dict[str, str]) -> None:
        if tag.plain:
            self.intextinput = self.intextinput if tag.tag in _OF_INPUTS else 0
            self.inimage = self.inimage if tag.tag in _OF_IMAGES else 0
        for key in _LOWERED:
            if key in said:
                said[key] = said[key].lower()
        try:
            getattr(self, f"_start_{tag.handler}")(said)
        except AttributeError:  # as feedparser has it: there is no handler, or something went wrong in it
            if said:
                self._get_context()[tag.handler] = said
            else:
                self.push(tag.handler, 1)

    def _begun_as(self, name: str) -> _Tag:
        self._starts[name] = tag = self._called(self.startElementNS, "unknown_starttag", _pair(name), None, _NONE)
        return tag

    # an element ends

    def ended(self, name: str) -> None:
        tag = self._ends.get(name) or self._ended_as(name)
        if tag.odd or self.svgOK or self.incontent > 1 or self.contentparams.get("type") == _XHTML:
            self.endElementNS(_pair(name), None)
            return
        try:
            getattr(self, f"_end_{tag.handler}")()
        except AttributeError:
            self.pop(tag.handler)
        if self.incontent and self._markup(tag.tag):
            return
        self.basestack.pop()
        if self.basestack and self.basestack[-1]:
            self.baseuri = self.basestack[-1]
        self.langstack.pop()
        if self.langstack:
            self.lang = self.langstack[-1]
        self.depth -= 1

    def _markup(self, tag: str) -> bool:
        """An element ends in one whose text was to be escaped markup; whether feedparser does not count it."""
        params = self.contentparams
        if not params.get("type", "xml").endswith("xml"):
            if tag in {"xhtml:div", "div"}:
                return True
            params["type"] = _XHTML
        if params.get("type") == _XHTML:
            self.handle_data(f"</{tag.rpartition(':')[2]}>", escape=0)
        return False

    def _ended_as(self, name: str) -> _Tag:
        self._ends[name] = tag = self._called(self.endElementNS, "unknown_endtag", _pair(name), None)
        return tag

    def _called(self, way: Any, method: str, *given: object) -> _Tag:
        """What feedparser's own way gives the method, as which something else stands in for once."""
        caught: list[str] = []
        setattr(self, method, lambda tag, *_: caught.append(tag))
        decls, self.decls = self.decls, {}
        way(*given)
        self.decls = decls
        delattr(self, method)
        prefix, suffix = caught[0].split(":", 1) if ":" in caught[0] else ("", caught[0])
        prefix = self.namespacemap.get(prefix, prefix)
        handler = f"{prefix}_{suffix}" if prefix else suffix
        return _Tag(caught[0], handler, not prefix, suffix in _ODD)

    # its text

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        params, stack = self.contentparams, self.elementstack
        short = self.inentry and not self.insource and strip_whitespace
        if not short or params.get("type") == _XHTML or params.get("base64"):
            return super().pop(element, strip_whitespace)
        if not stack or stack[-1][0] != element:
            return None
        _, expecting_text, pieces = stack.pop()
        output = "".join(pieces).strip()
        if not expecting_text:
            return output
        if output and element in self.can_be_relative_uri and (element != "id" or self.guidislink):
            output = self.resolve_uri(output)
        if params.get("type") == "text/plain" and not self.version.startswith("atom") and self.looks_like_html(output):
            params["type"] = "text/html"
        dict.pop(params, "mode", None)
        dict.pop(params, "base64", None)
        output = output if output.isascii() else _mapped(output)
        if element in _TERMS or (element == "title" and -1 < self.title_depth <= self.depth):
            return output
        return self._kept(element, output)

    def _kept(self, element: str, output: str) -> str:
        entry = self.entries[-1]
        if element == "content":
            entry.setdefault(element, []).append(self._told(output))
        elif element == "link":
            if not self.inimage:
                output = _REFERENCE.sub(r"&\g<1>", output.replace("&amp;", "&"))
                entry[element] = output
                if output:
                    entry["links"][-1]["href"] = output
        else:
            element = "summary" if element == "description" else element
            depths = self.property_depth_map.setdefault(entry, {})
            depth = depths.get(element)
            if depth is None or self.depth <= depth:
                depths[element] = self.depth
                entry[element] = output
            if self.incontent:
                entry[f"{element}_detail"] = self._told(output)
        return output

    def _told(self, output: str) -> FeedParserDict:
        """What is known of the text at hand."""
        told = FeedParserDict(self.contentparams)
        told["value"] = output
        return told


def _telling(said: Mapping[str, str]) -> bool:
    """Whether attributes have a namespace, or say something of all within their element."""
    return not _TELLING.isdisjoint(said) or any(" " in name for name in said)


def _mapped(text: str) -> str:
    """What was taken for latin-1 and is UTF-8, or for latin-1 and is windows-1252, as it was meant."""
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252) if C1.search(text) else text


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
