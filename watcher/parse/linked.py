"""pure: a page's JSON-LD -> what it says of the article. (https://schema.org/Article)

A bounded reader: so many scripts of so many characters, so many objects; what cannot be read is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from watcher.parse.jsons import whole

__all__ = ["Linked", "linked"]

_SCRIPTS = 20
_LONGEST = 512 * 1024  # characters of one
_OBJECTS = 500
_NAMES = 20
_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|LiveBlogPosting|SocialMediaPosting)")
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_DECODER = json.JSONDecoder(strict=False)

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a page says of its article in JSON-LD, as it stands there."""

    headline: str = ""
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    outlet: str = ""
    lang: str = ""
    description: str = ""
    link: str = ""
    body: str = ""  # with its line breaks, and perhaps with markup
    sites: tuple[str, ...] = ()  # names of sites and organisations that stand there


def linked(document: LexborHTMLParser) -> Linked:
    """The first article that is described there; what it leaves unsaid is not taken from others."""
    objects = list(_objects(document))
    named = {str(one["@id"]): one for one in objects if "@id" in one and len(one) > 1}
    article = next((one for one in objects if _is_article(one)), {})
    publisher = _follow(article.get("publisher") or article.get("sourceOrganization"), named)
    sites = [name for one in objects if _is_site(one) for name in _names(one, named)]
    return Linked(
        headline=_text(article.get("headline")) or _text(article.get("name")),
        published=_text(article.get("datePublished")) or _text(article.get("dateCreated")),
        modified=_text(article.get("dateModified")),
        authors=tuple(dict.fromkeys(name for one in _list(article.get("author")) for name in _names(one, named))),
        outlet=next(iter(_names(publisher, named)), ""),
        lang=_text(article.get("inLanguage")),
        description=_text(article.get("description")),
        link=_text(article.get("url")) or _text(_follow(article.get("mainEntityOfPage"), named)),
        body=whole(body) if isinstance(body := article.get("articleBody"), str) else "",
        sites=tuple(dict.fromkeys(sites)),
    )


def _objects(document: LexborHTMLParser) -> Iterator[Object]:
    """All objects of all scripts, outer ones first, _OBJECTS at most."""
    waiting = [
        value
        for script in document.css("script[type='application/ld+json' i]")[:_SCRIPTS]
        for value in _read(script.text())
    ]
    count = 0
    for one in waiting:  # grows while it is walked
        if isinstance(one, dict):
            count += 1
            if count > _OBJECTS:
                return
            yield one
        inner = one.values() if isinstance(one, dict) else one
        waiting += [value for value in list(inner)[:_OBJECTS] if isinstance(value, dict | list)]


def _read(text: str) -> list[Any]:
    if len(text) > _LONGEST:
        return []
    try:
        value, _ = _DECODER.raw_decode(_WRAPPED.sub("", text).strip())
    except (ValueError, RecursionError):
        return []
    return [value] if isinstance(value, dict | list) else []


def _is_article(one: Object) -> bool:
    return any(_ARTICLE.fullmatch(kind) for kind in _types(one))


def _is_site(one: Object) -> bool:
    return not {"WebSite", "Organization", "NewsMediaOrganization"}.isdisjoint(_types(one))


def _types(one: Object) -> list[str]:
    return [kind.rpartition("/")[2] for kind in _list(one.get("@type")) if isinstance(kind, str)]


def _names(said: Any, named: Mapping[str, Object]) -> list[str]:
    """The names of people or organisations, who may be said by name alone or by reference."""
    found = (_text(one.get("name")) if isinstance(one, dict) else _text(one) for one in _list(_follow(said, named)))
    return [name for name in found if name and "://" not in name][:_NAMES]


def _follow(said: Any, named: Mapping[str, Object]) -> Any:
    if isinstance(said, dict) and "name" not in said and "@id" in said:
        return named.get(str(said["@id"]), said)
    return said


def _list(said: Any) -> Sequence[Any]:
    return said[:_NAMES] if isinstance(said, list) else () if said is None else (said,)


def _text(said: Any) -> str:
    if isinstance(said, dict):
        said = said.get("@value") or said.get("@id")
    if isinstance(said, list):
        said = next((one for one in said if isinstance(one, str)), "")
    return whole(" ".join(said.split())) if isinstance(said, str) else ""
