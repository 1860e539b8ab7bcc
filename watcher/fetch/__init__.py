"""edge: a URL -> what stands behind it, whole; its scheme says which Fetcher asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from watcher.errors import Forbidden, UsageError
from watcher.fetch.folder import FolderFetcher
from watcher.fetch.limits import Limits
from watcher.guard import allowed_networks
from watcher.model import FetchRequest, Response
from watcher.ports import Clock, Fetcher

__all__ = ["Limits", "open_fetcher"]

DEFAULT = Limits()


def open_fetcher(
    *, clock: Clock, limits: Limits = DEFAULT, allow_private: Sequence[str] = (), contact: str = ""
) -> Fetcher:
    """The Fetcher for every URL: http, https, file, and plain paths.

    `allow_private` lists networks (CIDR) or `localhost`, which else are refused; `contact`, an address or URL,
    stands in the User-Agent. Raises UsageError when one of the two cannot be read.
    """
    allowed = allowed_networks(allow_private)
    if not (contact.isascii() and contact.isprintable()):
        raise UsageError(f"contact: {contact!r} has characters that do not go into a header")

    @cache
    def web() -> Fetcher:
        from watcher.fetch.http import HttpFetcher

        return HttpFetcher(limits=limits, allowed=allowed, clock=clock, contact=contact)

    @cache
    def folder() -> Fetcher:
        return FolderFetcher(limits=limits, clock=clock)

    return _ByScheme({"http": web, "https": web, "file": folder, "": folder})


class _ByScheme:
    """Opens a scheme's Fetcher when it is first asked for: httpx is not loaded for folders."""

    def __init__(self, openers: Mapping[str, Callable[[], Fetcher]]) -> None:
        self._openers = openers
        self._opened: set[Fetcher] = set()

    async def fetch(self, request: FetchRequest) -> Response:
        scheme = _scheme(request.url)
        opener = self._openers.get(scheme)
        if opener is None:
            raise Forbidden(f"`{scheme}:` is not fetched, only http:, https:, file: and paths")
        fetcher = opener()
        self._opened.add(fetcher)
        return await fetcher.fetch(request)

    async def aclose(self) -> None:
        for fetcher in self._opened:
            await fetcher.aclose()


def _scheme(url: str) -> str:
    """The scheme (RFC 3986 section 3.1) in lower case; empty for a path, and a single letter is a drive."""
    found = re.match(r"([a-z][a-z0-9+.-]{1,20}):", url, re.IGNORECASE)
    return found[1].lower() if found else ""
