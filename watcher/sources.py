"""pure: (feed entries as written, the folder they stand in) -> (Feeds, problems).

An entry's URL is http:, https: or file:, or the path of a folder or file, relative to where the entry stands. Its id
is by default the URL without scheme, user, `www.` and trailing slash, or the path without what leads to it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from watcher.model import Baseline, Feed, FeedId
from watcher.yamldoc import Duration

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_WEB = {"http", "https"}


def _is_url(value: str) -> str:
    problem = _url_problem(value)
    if problem:
        raise PydanticCustomError(
            "E004", "expected an address such as https://example.org/feed.xml, or a folder", problem
        )
    return value


def _url_problem(value: str) -> dict[str, str] | None:
    if not value or not value.isprintable() or value != value.strip():
        return {"help": "no blanks around it, no line breaks in it"}
    if "${" in value:
        return {"help": "a reference to a secret may stand in a channel's URL only"}
    scheme = _SCHEME.match(value)
    if not scheme:
        return None
    if " " in value:
        return {"help": "write %20 for a blank"}
    if scheme[1].lower() == "feed":
        return {"help": "write https: instead of feed:"}
    if scheme[1].lower() not in _WEB | {"file"}:
        return {"help": f"`{scheme[1]}:` is not fetched, only http:, https: and file:"}
    try:
        host = urlsplit(value).hostname
        _ = urlsplit(value).port
    except ValueError as error:
        return {"help": str(error)}
    return {"help": "the host is missing"} if scheme[1].lower() in _WEB and not host else None


def _is_id(value: str) -> str:
    if value.startswith("tag:") or not re.fullmatch(r"[^\s,]{1,200}", value) or not value.isprintable():
        raise PydanticCustomError("E004", "expected a short word without blanks and commas, not starting with `tag:`")
    return value


def _is_tag(value: str) -> str:
    if not re.fullmatch(r"[^\s,:]{1,100}", value) or not value.isprintable():
        raise PydanticCustomError("E004", "expected a word without blanks, commas and colons")
    return value


Tag = Annotated[str, AfterValidator(_is_tag)]


class FeedEntry(BaseModel):
    """One feed as its owner writes it. `interval` in seconds once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(_is_url)]
    id: Annotated[str, AfterValidator(_is_id)] | None = None
    interval: Duration | None = None
    tags: tuple[Tag, ...] = ()
    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    baseline: Baseline = Baseline.QUIET


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Entry number `entry` cannot stand beside the earlier entry number `other`; both count from 0."""

    entry: int
    other: int
    key: str
    message: str
    help: str


def feeds(entries: Sequence[FeedEntry], base: str) -> tuple[tuple[Feed, ...], tuple[Problem, ...]]:
    """The feeds, in order. `base` is the absolute path of the folder that relative paths start from.

    An entry whose id or URL an earlier one has is a problem and left out.
    """
    made = [feed(entry, base) for entry in entries]
    problems = tuple(_twice(made))
    left_out = {problem.entry for problem in problems}
    return tuple(f for number, f in enumerate(made) if number not in left_out), problems


def feed(entry: FeedEntry, base: str) -> Feed:
    """One entry as a Feed, its URL absolute."""
    return Feed(
        id=FeedId(entry.id or default_id(entry.url)),
        url=absolute(entry.url, base),
        interval=entry.interval,
        tags=entry.tags,
        lang=entry.lang,
        baseline=entry.baseline,
    )


def default_id(url: str) -> str:
    """What a feed is called whose owner gave it no name; the same wherever the files are moved together."""
    scheme = _SCHEME.match(url)
    if not scheme or scheme[1].lower() == "file":
        path = posixpath.normpath(url[scheme.end() if scheme else 0 :])
        return re.sub(r"^(?:\.\./|/)+", "", path).replace(" ", "-").replace(",", "-") or "/"
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return (host + parts.path + query).rstrip("/")


def absolute(url: str, base: str) -> str:
    """A URL as it is; a path as a file: URL, relative ones from `base`; of a path that is not UTF-8, its very bytes."""
    if _SCHEME.match(url):
        return url
    return "file://" + quote(posixpath.normpath(posixpath.join(base, url)), errors="surrogateescape")


def _twice(made: Iterable[Feed]) -> Iterable[Problem]:
    ids: dict[str, int] = {}
    urls: dict[str, int] = {}
    for number, one in enumerate(made):
        if (other := urls.setdefault(one.url, number)) != number:
            yield Problem(entry=number, other=other, key="url", message="this feed is listed twice", help="keep one")
        elif (other := ids.setdefault(one.id, number)) != number:
            message = f"two feeds have the id `{one.id}`"
            yield Problem(entry=number, other=other, key="id", message=message, help="give one of them another `id:`")
