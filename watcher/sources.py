"""pure: (feed entries as written, the folder they stand in) -> (Feeds, problems).

An entry's URL is http:, https: or file:, or the path of a folder or file, relative to where the entry stands. Its id
is by default the URL without scheme, user, `www.` and trailing slash, or the path without what leads to it. Nothing
that gives access stands in a Feed: a user and a password are left out of its URL.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from watcher.model import Baseline, Feed, FeedId, Recipe, RecipeKind
from watcher.yamldoc import Duration, Size

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_WEB = {"http", "https"}
_LIKE_A_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?([/?].*)?", re.IGNORECASE)
_INSIDE = re.compile(r"(localhost|\d+(\.\d+){3})(:\d+)?([/?].*)?", re.IGNORECASE)
_MAX_PATH = 500  # characters of a path or selector
_LONGEST = 300.0  # seconds that one feed may ask a fetch to be given
_OF_THE_WEB = ("headers", "auth", "proxy", "timeout", "max_size", "full_text", "items")
"""Keys that mean nothing for a folder."""


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
        return {"help": "a reference to a secret may stand in a channel's URL only; a feed has `auth:` and `headers:`"}
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
    except ValueError:  # whose words may quote a password with a slash in it as a port
        return {"help": "its host or port cannot be read; in a password write / as %2F, # as %23 and ? as %3F"}
    return {"help": "the host is missing"} if scheme[1].lower() in _WEB and not host else None


def _is_id(value: str) -> str:
    if value.startswith("tag:") or not re.fullmatch(r"[^\s,]{1,200}", value) or not value.isprintable():
        raise PydanticCustomError("E004", "expected a short word without blanks and commas, not starting with `tag:`")
    return value


def _is_tag(value: str) -> str:
    if not re.fullmatch(r"[^\s,:]{1,100}", value) or not value.isprintable():
        raise PydanticCustomError("E004", "expected a word without blanks, commas and colons")
    return value


def _is_soon(value: float) -> float:
    if value > _LONGEST:
        raise PydanticCustomError("E111", "expected at most 5m")
    return value


Tag = Annotated[str, AfterValidator(_is_tag)]
Where = Annotated[str, Field(max_length=_MAX_PATH, pattern=r"^[^\r\n]*$")]
"""A path into JSON, or a CSS selector."""


class ItemsEntry(BaseModel):
    """How items are found in what is no feed: exactly one of `json` and `css` says where they are. A page's have a link
    and a text whatever they are; of JSON it has to be said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    json_: Where | None = Field(default=None, alias="json")
    css: Where | None = None
    id: Where | None = None
    title: Where | None = None
    date: Where | None = None
    text: Where | None = None
    link: Where | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.json_ is None) == (self.css is None):
            help_ = "`json: vulnerabilities` is a path to the items of an API, `css: article` a selector of a page's"
            raise PydanticCustomError("E004", "expected one of `json` and `css`", {"help": help_})
        if self.json_ is not None and {self.title, self.text, self.link} == {None}:
            help_ = "say where one of them stands in an item, such as `title: name`"
            raise PydanticCustomError("E004", "expected `title`, `text` or `link` beside `json`", {"help": help_})
        return self

    @property
    def recipe(self) -> Recipe:
        kind = RecipeKind.CSS if self.json_ is None else RecipeKind.JSON
        items = self.css if self.json_ is None else self.json_
        assert items is not None, "one of them is there"
        return Recipe(
            kind=kind, items=items, id=self.id, title=self.title, date=self.date, text=self.text, link=self.link
        )


class FeedEntry(BaseModel):
    """One feed as its owner writes it. `interval` in seconds once read; `headers`, `auth` and `proxy` with their
    references to secrets.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(_is_url)]
    id: Annotated[str, AfterValidator(_is_id)] | None = None
    interval: Duration | None = None
    tags: tuple[Tag, ...] = ()
    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    baseline: Baseline = Baseline.QUIET
    headers: dict[str, str] = {}
    auth: str | None = Field(default=None, repr=False)
    proxy: str | None = Field(default=None, repr=False)
    timeout: Annotated[Duration, AfterValidator(_is_soon)] | None = None
    max_size: Size | None = None
    full_text: bool = False
    items: ItemsEntry | None = None

    @property
    def is_web(self) -> bool:
        """Whether it is asked for over the network; else it is a folder or file."""
        scheme = _SCHEME.match(self.url)
        return scheme is not None and scheme[1].lower() in _WEB

    @property
    def misplaced(self) -> tuple[str, ...]:
        """The keys it has that mean nothing for a folder."""
        return () if self.is_web else tuple(key for key in _OF_THE_WEB if getattr(self, key))


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
    problems = tuple(_twice(made, entries))
    left_out = {problem.entry for problem in problems}
    return tuple(f for number, f in enumerate(made) if number not in left_out), problems


def feed(entry: FeedEntry, base: str) -> Feed:
    """One entry as a Feed, its URL absolute."""
    return Feed(
        id=FeedId(entry.id or default_id(entry.url)),
        url=parted(absolute(entry.url, base))[0],
        interval=entry.interval,
        tags=entry.tags,
        lang=entry.lang,
        baseline=entry.baseline,
        recipe=entry.items.recipe if entry.items else None,
        timeout=entry.timeout,
        max_size=entry.max_size,
        full_text=entry.full_text,
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


def parted(url: str) -> tuple[str, str | None]:
    """A web address without its user and password, and these as they stand in it: `user:password`, or None."""
    scheme = _SCHEME.match(url) if "@" in url else None
    if not scheme or scheme[1].lower() not in _WEB:
        return url, None
    parts = urlsplit(url)
    userinfo, at, host = parts.netloc.rpartition("@")
    return (url.replace(f"//{parts.netloc}", f"//{host}", 1), userinfo) if at else (url, None)


def spelled(address: str) -> str:
    """A web address as people say it, with its scheme: https: of a name, http: of this machine and of numbers."""
    if _LIKE_A_HOST.fullmatch(address):
        return f"https://{address}"
    return f"http://{address}" if _INSIDE.fullmatch(address) else address


def absolute(url: str, base: str) -> str:
    """A URL as it is; a path as a file: URL, relative ones from `base`; of a path that is not UTF-8, its very bytes."""
    if _SCHEME.match(url):
        return url
    return "file://" + quote(posixpath.normpath(posixpath.join(base, url)), errors="surrogateescape")


def _twice(made: Sequence[Feed], entries: Sequence[FeedEntry]) -> Iterable[Problem]:
    """Two entries may ask one URL for different things: other items of it, or as somebody else."""
    ids: dict[str, int] = {}
    asked: dict[tuple[object, ...], int] = {}
    for number, (one, entry) in enumerate(zip(made, entries, strict=True)):
        if (other := asked.setdefault(_asks(one, entry), number)) != number:
            yield Problem(entry=number, other=other, key="url", message="this feed is listed twice", help="keep one")
        elif (other := ids.setdefault(one.id, number)) != number:
            message = f"two feeds have the id `{one.id}`"
            yield Problem(entry=number, other=other, key="id", message=message, help="give one of them another `id:`")


def _asks(one: Feed, entry: FeedEntry) -> tuple[object, ...]:
    return (one.url, parted(entry.url)[1], one.recipe, entry.auth, *sorted(entry.headers.items()))
