"""pure: the canonical URL of a link that only leads on -> the URL it leads to, where it says so itself.

Shorteners (t.co, bit.ly), feedproxy.google.com and news.google.com/rss/articles say nothing without being asked: they
stay as they are.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from urllib.parse import unquote

__all__ = ["target"]

_PARTS = re.compile(r"https://([^/?]+)([^?]*)(?:\?(.*))?")
_GOOGLE = r"(?:news\.|m\.|maps\.)?google\.(?:com?\.)?[a-z]{2,3}"
_KNOWN = tuple(
    (re.compile(host), re.compile(path), tuple(names.split()))
    for host, path, names in (
        (_GOOGLE, r"/(?:url|news/url|imgres)", "url q imgrefurl"),
        (r"(?:l|lm)\.(?:facebook|instagram|messenger|threads)\.(?:com|net)", r"/l\.php|", "u"),
        (r"(?:m\.)?facebook\.com", r"/(?:l\.php|flx/warn)", "u"),
        (r"t\.umblr\.com", r"/redirect", "z"),
        (r"out\.reddit\.com", r"/.*|", "url"),
        (r"[\w.]+\.safelinks\.protection\.outlook\.com", r"|/.*", "url"),
        (r"urldefense\.proofpoint\.com", r"/v1/url", "u"),
        (r"bing\.com", r"/news/apiclick\.aspx", "url"),
        (r"duckduckgo\.com", r"/l", "uddg"),
        (r"(?:m\.)?youtube\.com", r"/redirect", "q"),
        (r"(?:away\.|m\.)?vk\.com", r"/away(?:\.php)?", "to"),
        (r"linkedin\.com", r"/(?:redir/redirect|safety/go)", "url"),
        (r"steamcommunity\.com", r"/linkfilter", "url u"),
        (r"slack-redir\.net", r"/link", "url"),
        (r"getpocket\.com", r"/redirect", "url"),
        (r"medium\.com", r"/r", "url"),
        (r"link\.(?:zhihu\.com|juejin\.cn)|gate\.sc|exit\.sc", r"", "target url"),
        (r"go\.(?:redirectingat|skimresources)\.com", r"", "url"),
        (r"yandex\.[a-z.]+", r"/clck/jsredir", "url"),
        (r"disq\.us", r"/url", "url"),
    )
)
_LEADS_ON = re.compile(
    r"(?:/[\w-]+){0,2}/(?:redirect(?:or|ion)?|redir|out(?:bound|going)?|away|exit|leav(?:e|ing)|goto|go|jump|click|link|url)"
    r"(?:\.(?:php|aspx?|jsp|cgi|html?))?"
)
_NAMES = frozenset("url u uri to target dest destination redirect redirect_url redirecturl link href goto q".split())  # noqa: SIM905
_GUARDED = re.compile(r"log-?in|sign-?in|sso|auth", re.IGNORECASE)  # what leads on only who is let in
_ABSOLUTE = re.compile(r"https?:/{2}[^/?#\s]+\.[^/?#\s]+", re.IGNORECASE)
_AMP_CACHES = re.compile(r"(?:[\w-]+\.)?cdn\.ampproject\.org|(?:[\w-]+\.)?bing-amp\.com")
_CACHED = re.compile(r"/(?:c|v|wp|mv)/(?:s/)?(?P<url>[^/]+\.[^/]+.*)")
_GOOGLE_AMP = re.compile(r"/amp/(?:s/)?(?P<url>[^/]+\.[^/]+.*)")
_YAHOO = re.compile(r".*/RU=([^/]+)(?:/R[KS]=.*|\Z)")
_DEFENCE_3 = re.compile(r"/v3/__(.+?)__;([\w=-]*)!.*")
_LEFT_OUT = re.compile(r"\*(\*[A-Za-z0-9_-])?")
_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_COMMENTED = re.compile(r":[\w-]{20,}\Z")
_OTHERWISE = re.compile(r"https://[^/?]*(?:google|ampproject|bing|urldefense)")
"""Those that write the URL in other ways than by its letters."""


def target(canonical: str) -> str | None:
    """The URL behind it as it is written there; None where it is itself a page's, as far as can be told."""
    if "http" not in canonical[8:].lower() and not _OTHERWISE.match(canonical):
        return None
    parts = _PARTS.fullmatch(canonical)
    if not parts:
        return None
    host, path, query = parts[1], parts[2], parts[3] or ""
    for said in _told(host, path, query):
        if _ABSOLUTE.match(said):
            return said
    return None


def _told(host: str, path: str, query: str) -> Iterator[str]:
    yield from _amp(host, path, query)
    if host == "r.search.yahoo.com" and (found := _YAHOO.fullmatch(path)):
        yield unquote(found[1])
    if host == "urldefense.proofpoint.com" and path == "/v2/url":
        yield from (unquote(said.replace("-", "%").replace("_", "/")) for said in _values(query, ("u",)))
    if host in {"urldefense.com", "urldefense.us"} and (
        found := _DEFENCE_3.fullmatch(path + ("?" + query if query else ""))
    ):
        yield _undefended(found[1], found[2])
    if host == "bing.com" and path == "/ck/a":
        yield from (_decoded(said[2:]) for said in _values(query, ("u",)) if said.startswith("a1"))
    for hosts, paths, names in _KNOWN:
        if hosts.fullmatch(host) and paths.fullmatch(path):
            yield from (_COMMENTED.sub("", said) if host == "disq.us" else said for said in _values(query, names))
    if _LEADS_ON.fullmatch(path) and not _GUARDED.search(host + path):
        whole = [said for said in _values(query, _NAMES) if _ABSOLUTE.match(said)]
        yield from whole if len(whole) == 1 else ()


def _amp(host: str, path: str, query: str) -> Iterator[str]:
    """The page behind a copy in a cache of AMP pages."""
    cache = _CACHED if _AMP_CACHES.fullmatch(host) else _GOOGLE_AMP if re.fullmatch(_GOOGLE, host) else None
    if cache and (found := cache.fullmatch(path)):
        yield "https://" + found["url"] + ("?" + query if query else "")


def _values(query: str, names: tuple[str, ...] | frozenset[str]) -> Iterator[str]:
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name.lower() in names:
            yield unquote(value)


def _decoded(said: str) -> str:
    try:
        return urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode()
    except ValueError:
        return ""


def _undefended(url: str, left_out: str) -> str:
    """Characters that were taken out stand behind, in base64: `*` is one of them, `**C` is four."""
    characters = iter(_decoded(left_out))

    def put_back(found: re.Match[str]) -> str:
        count = _RUNS.index(found[1][1]) + 2 if found[1] else 1
        return "".join(next(characters, "") for _ in range(count))

    return _LEFT_OUT.sub(put_back, url)
