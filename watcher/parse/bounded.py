"""pure: what both of feedparser's parsers are asked of each element -> the same answers, in bounded time."""

from __future__ import annotations

import re
from functools import lru_cache
from types import FunctionType
from typing import Any, cast

from feedparser.mixin import _FeedParserMixin
from feedparser.urls import make_safe_absolute_uri
from feedparser.util import FeedParserDict

__all__ = ["C1", "LONGEST_AUTHOR", "Bounded", "Text", "resolved"]

LONGEST_AUTHOR = 1000
_LONGEST_KEPT = 2000  # characters of two addresses whose combination is remembered
C1 = re.compile("[\x80-\x9f]")
"""What feedparser takes for windows-1252."""


def resolved(base: str, rel: str | None = None) -> str:
    if len(base) + len(rel or "") > _LONGEST_KEPT:
        return str(make_safe_absolute_uri(base, rel))
    return _remembered(base, rel)


@lru_cache(maxsize=256)
def _remembered(base: str, rel: str | None) -> str:
    return str(make_safe_absolute_uri(base, rel))


class Text(str):
    """feedparser maps C1 controls to what windows-1252 has there, a character at a time; most texts have none."""

    __slots__ = ()

    def translate(self, table: Any, /) -> str:
        text = str(self)
        return text.translate(table) if C1.search(text) else text


def _rebound(function: Any, **others: Any) -> Any:
    """A function of feedparser's with some of the global names in it bound to something else."""
    scope = {**function.__globals__, **others}
    made = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


_start = _rebound(_FeedParserMixin.unknown_starttag, make_safe_absolute_uri=resolved)
_found_author = _FeedParserMixin._sync_author_detail  # noqa: SLF001


class Bounded:
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
