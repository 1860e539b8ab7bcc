"""What a server and a document said, in lines for people: where it is, what it is, what it asks for, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.cli.bench import Seen
from watcher.cli.common import clean, span
from watcher.errors import FetchError, ParseError
from watcher.model import Parsed, Response
from watcher.text.counted import counted

SHOWN = 10
"""Feeds of a page that are named."""
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_REFUSED = frozenset({401, 402, 403, 407, 451})
_LOST = frozenset({404, 410})


def heard(seen: Seen) -> Iterator[str]:
    """Nothing of a file or folder that could be read."""
    if seen.announced:
        others = len(seen.announced) - 1
        what, which, does = ("a page", "feed that it announces", "announces")
        if seen.parsed is not None and "sitemap" in seen.parsed.format:
            what, which, does = ("an index of sitemaps", "one of news, else the newest,", "names")
        more = f"; it {does} {counted(others, 'other')}:" if others else ""
        yield f"it is {what}; the {which} is taken: {clean(seen.announced[0])}{more}"
        yield from (f"  {clean(url)}" for url in seen.announced[1:SHOWN])
    if seen.response is not None and seen.response.files is None:
        yield from _answered(seen, seen.response)
    if seen.parsed is not None:
        yield from _said(seen.parsed)


def advice(error: FetchError | ParseError) -> str | None:
    """What to do about it, where neither that is plain nor the error says it."""
    status = error.status if isinstance(error, FetchError) else None
    if error.kind == "challenge":
        return None if status else "its server takes us for a robot: ask its owner for a feed, or for an exception"
    if status in _REFUSED:
        return "its server refuses us; where it wants a password or a key, give `auth:` or `headers:` in its entry"
    if status in _LOST:
        return "look for its new address; the site's front page may announce it"
    if error.kind == "not-a-feed" and "items:" not in str(error):
        return "`items:` in its entry can say where the items of a page or an API are"
    return None


def _answered(seen: Seen, response: Response) -> Iterator[str]:
    if response.url not in {seen.url, *seen.announced[:1]}:
        kind = " for good" if response.permanent_url else ""
        yield f"redirected{kind} to {clean(response.url)}"
    validators = [name for name, value in (("ETag", response.etag), ("Last-Modified", response.last_modified)) if value]
    conditional = " and ".join(validators) or "no validators: it is sent whole at each poll"
    yield f"answered with {counted(len(response.body), 'byte')}, {conditional}"


def _said(parsed: Parsed) -> Iterator[str]:
    if parsed.format not in {"folder", "text"}:
        title = f" “{clean(parsed.title)}”" if parsed.title else ""
        yield f"{parsed.format or 'feed'}{title}: {counted(len(parsed.entries), 'item')}"
    asks = [f"{span(parsed.ttl)} between polls"] if parsed.ttl else []
    asks += [f"none at {_listed(f'{hour:02}' for hour in parsed.skip_hours)} UTC"] if parsed.skip_hours else []
    asks += [f"none on {_listed(_DAYS[day] for day in parsed.skip_days)}"] if parsed.skip_days else []
    if asks:
        yield f"it asks for {', '.join(asks)}"
    if parsed.warning:
        yield f"it has a flaw: {clean(parsed.warning)}"


def _listed(words: Iterator[str]) -> str:
    return " ".join(words)
