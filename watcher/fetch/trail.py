"""pure: the URLs of a fetch -> what may be sent to each, and what is told of them."""

from __future__ import annotations

import httpx

from watcher.errors import FetchError, Forbidden
from watcher.guard import refuse_header, same_origin
from watcher.text.credentials import basic, pair_of
from watcher.text.shown import line

__all__ = ["Trail", "parsed", "port_of"]

_NO_NAME = (UnicodeError, IndexError)  # what reading an international host name that is none ends with
_NO_URL = (httpx.InvalidURL, TypeError, ValueError, *_NO_NAME)
_REFUSED = (401, 403)


class Trail:
    """Where a fetch has been: the URL asked for, then each redirect's target, without credentials."""

    def __init__(self, url: httpx.URL, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Raises Forbidden for a header that may not be sent."""
        for name, value in headers:
            if reason := refuse_header(name, value):
                raise Forbidden(f"{_plain(url)}: {reason}")
        self._userinfo = url.userinfo.decode()
        given = [("Authorization", basic(pair_of(self._userinfo)))] if self._userinfo else []
        self._own = {name.lower(): (name, value) for name, value in (*given, *headers)}
        self.urls = [url.copy_with(userinfo=None, fragment=None) if url.userinfo or url.fragment else url]
        self._leading = True  # every step so far was permanent and kept TLS
        self.permanent: str | None = None

    @property
    def here(self) -> httpx.URL:
        return self.urls[-1]

    def step(self, location: str, *, permanent: bool) -> None:
        """Go on to a redirect's target. Raises FetchError (redirect) on a circle, credentials, or what is no URL."""
        url = _target(self.here, location)
        if url.userinfo:
            raise FetchError("it redirects to a URL with credentials in it", kind="redirect")
        if url in self.urls:
            raise FetchError(f"it redirects in a circle, back to {_plain(url)}", kind="redirect")
        self._leading &= permanent and not (self.here.scheme == "https" and url.scheme == "http")
        self.urls.append(url)
        if self._leading and not self._userinfo and self._at_home:  # a move would lose what opens it
            self.permanent = str(url)

    @property
    def own(self) -> dict[str, tuple[str, str]]:
        """The headers (name in lower case -> name, value) that open the feed, as long as the origin is the one they
        were given for.
        """
        return self._own if self._at_home else {}

    @property
    def _at_home(self) -> bool:
        return not self._own or len(self.urls) == 1 or same_origin(str(self.here), str(self.urls[0]))

    def told(self, error: FetchError) -> FetchError:
        """The error with the URLs before it."""
        text = ", redirected to ".join(dict.fromkeys(map(_plain, (self.urls[0], self.here)))) + f": {error}"
        if isinstance(error, Forbidden):
            return Forbidden(text)
        if error.status in _REFUSED and not self._at_home:
            text += "; what opens the feed is sent to the origin of its `url:` only, so write the new one there"
        return FetchError(text, kind=error.kind, status=error.status, retry_after=error.retry_after)


def parsed(url: str) -> httpx.URL:
    """Raises FetchError (protocol)."""
    try:
        return _named(httpx.URL(url))
    except _NO_URL as error:
        raise FetchError(
            f"{line(_veiled(url), 200)}: this is no URL ({line(str(error), 200)})", kind="protocol"
        ) from None


def port_of(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _target(here: httpx.URL, location: str) -> httpx.URL:
    try:
        url = httpx.URL(location)
        if url.scheme in {"http", "https"} and not url.host:  # "http:///path", as some write it
            url = url.copy_with(host=here.host)
        return _named(here.join(url).copy_with(fragment=None))
    except _NO_URL as error:
        raise FetchError("it redirects to something that is no URL", kind="redirect") from error


def _named(url: httpx.URL) -> httpx.URL:
    """The URL itself, once its host could be read: httpx puts off decoding an international name, and then raises."""
    _ = url.host
    return url


def _plain(url: httpx.URL) -> str:
    """A URL for messages: no credentials, and no query, where tokens are."""
    return line(str(url.copy_with(userinfo=None, query=None, fragment=None)), 200)


def _veiled(text: str) -> str:
    """What is no URL, for a message, as far as it can hold no credentials."""
    head, slashes, rest = text.partition("//")
    return head + slashes + rest.partition("?")[0].rpartition("@")[2]
