"""pure: a refusal's headers and first bytes -> whose bot wall it is, or None.

A wall lets people in and no programs: whoever answers with one has not gone away, and asking more often mends nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

__all__ = ["MOST", "WALLED", "wall"]

WALLED = frozenset({401, 403, 429, 503})
"""Statuses that walls answer with."""
MOST = 4096
"""Bytes of the body that are looked at, and inflated to at most."""

_HEADERS = (  # name, what its value says ("" for anything), whose it is
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("server", "sucuri", "Sucuri"),
    ("server", "datadome", "DataDome"),
    ("server", "qrator", "Qrator"),
)
_WORDS = (  # in lower case, whose they are
    (b"challenge-platform", "Cloudflare"),
    (b"cf-chl-", "Cloudflare"),
    (b"cf_chl_", "Cloudflare"),
    (b"attention required! | cloudflare", "Cloudflare"),
    (b"<title>just a moment...</title>", "Cloudflare"),
    (b"_incapsula_resource", "Imperva"),
    (b"captcha-delivery.com", "DataDome"),
    (b"px-captcha", "HUMAN"),
    (b"ddos-guard", "DDoS-Guard"),
    (b"sucuri website firewall", "Sucuri"),
    (b"vercel security checkpoint", "Vercel"),
    (b"awswafintegration", "AWS WAF"),
    (b"making sure you&#39;re not a bot", "Anubis"),
    (b"making sure you're not a bot", "Anubis"),
    (b"g-recaptcha", "a captcha"),
    (b"h-captcha", "a captcha"),
    (b"cf-turnstile", "a captcha"),
    (b"checking your browser", "a browser check"),
    (b"verify you are human", "a captcha"),
    (b"enable javascript and cookies to continue", "a browser check"),
)
_FORBIDDEN = 403  # a site behind a wall may want a login or be down all the same, and the wall's name is on that too


def wall(status: int, headers: Mapping[str, str], beginning: bytes) -> str | None:
    """Whose wall an answer with one of WALLED is; `headers` have lower-case names, `beginning` is as it was sent."""
    for name, value, whose in _HEADERS:
        if name in headers and value in headers[name].lower() and (name != "server" or status == _FORBIDDEN):
            return whose
    said = _opened(headers.get("content-encoding", ""), beginning).lower()
    return next((whose for words, whose in _WORDS if words in said), None)


def _opened(encoding: str, beginning: bytes) -> bytes:
    """The first bytes of a page, however many more there would be in them."""
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        return beginning[:MOST]
    try:
        return zlib.decompressobj(31).decompress(beginning, MOST)
    except zlib.error:
        return b""
