"""edge: secrets, and texts that may hold them -> the texts without."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote

_MASK = "***"
_TOKEN = 8  # characters from which a part of a path, or a host without a dot, counts as a token
_WORD = 4  # characters from which a user or a query's value does
_SECRET = 3  # characters from which a secret is one
_URL = re.compile(r"[^:]+://(?P<rest>(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?)", re.DOTALL)
_PATTERNS = (
    (re.compile(r"([a-z][a-z0-9+.-]{1,30}://)[^\s/@\"'<>]{1,512}@", re.IGNORECASE), rf"\1{_MASK}@"),
    (
        re.compile(
            r"(authorization['\"]?\s*[:=,]\s*(?:b?['\"])?(?:(?:basic|bearer|token)\s+)?)[^\s'\",;)}]+", re.IGNORECASE
        ),
        rf"\1{_MASK}",
    ),
    (
        re.compile(
            r"([?&](?:[\w-]{0,20}[_-])?(?:key|apikey|auth|token|secret|pass|passwd|password|sig|signature)=)[^\s&#\"'<>]+",
            re.IGNORECASE,
        ),
        rf"\1{_MASK}",
    ),
    (re.compile(r"(hooks\.slack\.com/)[^\s\"'<>]+", re.IGNORECASE), rf"\1{_MASK}"),
    (re.compile(r"(discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)[^\s\"'<>]+", re.IGNORECASE), rf"\1{_MASK}"),
    (re.compile(r"(api\.telegram\.org/(?:file/)?bot)[^\s/\"'<>]+", re.IGNORECASE), rf"\1{_MASK}"),
)


class Redactor:
    """Replaces what it knows to be secret, and what looks like it, by `***`. What it has learned it never forgets."""

    def __init__(self, secrets: Iterable[str] = (), urls: Iterable[str] = ()) -> None:
        self._known: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self._longest = 0
        self.learn(secrets, urls)

    def learn(self, secrets: Iterable[str] = (), urls: Iterable[str] = ()) -> None:
        """Take in secret values, and channel URLs: whole, and the parts of them that give access."""
        parts = {*secrets, *(part for url in urls for part in url_parts(url))}
        self._known |= {form for part in parts if len(part) >= _SECRET for form in _forms(part)}
        ordered = sorted(self._known, key=len, reverse=True)
        self._longest = len(ordered[0]) if ordered else 0
        self._pattern = re.compile("|".join(map(_bounded, ordered)), re.IGNORECASE) if ordered else None

    def __call__(self, text: str) -> str:
        if self._pattern:
            text = self._pattern.sub(_MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def head(self, text: str, most: int) -> str:
        """The beginning of a text, redacted, without reading all of it; no secret is cut in two and so missed."""
        if len(text) <= most:
            return self(text)
        found = self._pattern.finditer(text, 0, most + self._longest) if self._pattern else ()
        cut = next((one.end() for one in found if one.start() < most < one.end()), most)
        return self(text[:cut]) + "..."


def url_parts(url: str) -> Iterator[str]:
    """What of a URL is secret: all of it, user, password, tokens in host and path, the query's values."""
    found = _URL.fullmatch(url)
    if not found or not found["rest"]:
        return
    yield url
    userinfo, _, host = found["authority"].rpartition("@")
    user, _, password = userinfo.partition(":")
    yield password
    yield b64encode(unquote(userinfo).encode()).decode()
    values = (value for _, value in parse_qsl(found["query"] or ""))
    yield from (part for part in (user, *values) if len(part) >= _WORD)
    yield from (token for token in found["path"].split("/") if len(token) >= _TOKEN)
    yield from (name for name in host.split(":") if len(name) >= _TOKEN and "." not in name and name != "localhost")


def _forms(secret: str) -> set[str]:
    """A secret as written, quoted for URLs, and escaped as in JSON and in Python's own words."""
    plain = {secret, unquote(secret)}
    quoted = {form for s in plain for form in (quote(s), quote(s, safe=""), quote_plus(s))}
    escaped = {form for s in plain for form in (json.dumps(s)[1:-1], repr(s)[1:-1], ascii(s)[1:-1])}
    return plain | quoted | escaped


def _bounded(secret: str) -> str:
    """A short one only where it stands alone: no password should blot out every word that holds it."""
    escaped = re.escape(secret)
    return escaped if len(secret) >= _TOKEN else rf"(?<!\w){escaped}(?!\w)"
