"""pure: URL -> the form that is equal for the same page.

Scheme, `www.`, user, default port, fragment, tracking parameters, percent-encoding and a trailing slash do not tell
pages apart; the order of parameters may, and is kept. There are two forms: `canonical`, by which stored items are
known, and which stays as it is for good; and `same_page`, which knows more and may learn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit

from watcher.normalise import clean, redirectors

_LONGEST = 4096  # code points; longer ones are data, not addresses
_SCHEMES = ("http", "https", "file")
_PLAIN = re.compile(
    r"https?://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(/[A-Za-z0-9/_.~:@!$&()*+,;=-]*)?"
    r"(?:\?([A-Za-z0-9/_.~:@!$&()*+,=?-]*))?(?:#[!-~]*)?"
)
"""Most addresses: nothing is encoded, nothing to be cleaned, no user and no port. Its parts are read off."""
_TRACKING = re.compile(
    r"(?:utm_.*|at_(?:medium|campaign|custom\d|link_.*|bbc_.*|ptr_.*)|mc_[ce]id|_hs(?:enc|mi)|__s|_g[al]|[gw]braid|gad_source|"
    r"gad_campaignid|fbclid|gclid|gclsrc|dclid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid?|mkt_tok|vero_id|"
    r"oly_(?:anon|enc)_id|ref_src|ref_url|wt_mc|cmpid|xtor|guccounter|guce_referrer(?:_sig)?|mtm_.*|pk_(?:campaign|kwd|source|medium))",
    re.IGNORECASE,
)
_ALSO_TRACKING = re.compile(
    r"(?:smid|smtyp|emc|ocid|icid|ncid|sr_share|s_cid|spm|scm|mibextid|hss_channel|_branch_.*|wprov|epik|srsltid|gaa_.*|"
    r"dicbo|tpcc|taid|ito|itid|itm_.*|ns_(?:mchannel|source|campaign|linkname|fee)|sfmc_.*|elq.*|hsctatracking|_openstat|"
    r"stm_.*|piwik_.*|matomo_.*|trc_.*|fb_(?:action_ids|action_types|source|ref)|ga_.*|xtref|ftag|trk|trkcampaign|"
    r"__twitter_impression|__tn__|rcm|ss_source|traffic_source|vgo_ee|bxid|cndid|esrc|usg|ved|igsh|sref|amp_.*|usqp)",
    re.IGNORECASE,
)
"""More of them, found since the first were fixed."""
_FOR_WHOM = re.compile(
    r"(?:ref|source|src|from|via|cmp|partner|feed|output|outputtype|mode|view)=(?:rss|rssfeed|feed|atom|amp|amphtml)|"
    r"(?:rss|amp|_amp|isamp)(?:=(?:1|true|yes|y)?)?|cmp=(?:share|soc).*",
    re.IGNORECASE,
)
_ALIAS = re.compile(r"(?:m|mobile|mobil|mob|touch|wap|amp)\.(?=(.+))")
_WIKI = re.compile(r"([a-z-]{2,12})\.m\.(wik[a-z]+\.org)")
_SUFFIX = re.compile(r"(?:com?|org|net|gov|gob|edu|ac|or|ne|go)\.[a-z]{2}")  # of several countries, as co.uk
_AMP_PATH = re.compile(
    r"(/.+?)/amp(?:html)?\Z|\A/amp(?:html)?(?=/.)|/amp(?=/[^/]*\d[^/]*\Z)|(?<=[^/])\.amp(?=\Z|\.html\Z)", re.IGNORECASE
)
"""As the last part of a path, as the first, before a last one with a number in it, or as a suffix."""
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
_LINE_ENDS = re.compile(r"[\t\r\n]")  # browsers take them out of an address
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_END = re.compile(r"(?:/|%20|%22|%27|%3C|%3E|')+\Z")
_AMPERSAND = re.compile(r"&(?:amp;)*")  # feeds escape twice
_QUERY_END = re.compile(r"(?:[?/]|%20|%22|%27|%3C|%3E|')+\Z")


def address(url: str | None) -> str | None:
    """The URL as it is stored and shown; None for what is no page's address, such as javascript: and data:."""
    if _plain(url):
        return url
    read = _read(url)
    return read and read[0]


def canonical(url: str | None) -> str | None:
    """The form of an http or https URL that two feeds have in common, which is its own; None for any other URL.

    Stored items are known by it. What comes to be known of addresses (one more tracking parameter) goes into
    `same_page`, not into it.
    """
    if plain := _plain(url):
        site, path, query = plain.groups("")
        return _joined(_without_www(site), path.rstrip("/"), (part.rstrip("/?") for part in query.split("&")))
    read = _read(url)
    if read is None or read[1].scheme not in {"http", "https"}:
        return None
    parts = read[1]
    host = _host(parts)
    pieces = (_QUERY_END.sub("", part) for part in _AMPERSAND.split(_encoded(parts.query)))
    return _joined(host, _PATH_END.sub("", _encoded(parts.path)), pieces) if host else None


def same_page(url: str | None) -> str | None:
    """The canonical form of the page's own address: what a redirector leads to, without AMP and mobile hosts.

    Every step makes it shorter, so that it ends; the form is its own, and that of its `canonical`.
    """
    form = canonical(url)
    seen: set[str] = set()
    while form and form not in seen:
        seen.add(form)
        leads_to = redirectors.target(form)
        form = (leads_to and canonical(leads_to)) or _bare(form) or form
    return form


def _bare(form: str) -> str | None:
    """Of a canonical form that without what says for whom, and for which device, the page was made."""
    start, mark, query = form.partition("?")
    host, slash, path = start.removeprefix("https://").partition("/")
    if query:
        query = "&".join(part for part in query.split("&") if not _tells_nothing(part))
    path = slash + path
    if "amp" in path.lower():
        path = _AMP_PATH.sub(lambda found: found[1] or "", path, count=1)
    bare = f"https://{_own(host)}{path}{mark}{query}"
    return form if bare == form else canonical(bare)


def _own(host: str) -> str:
    """The host without the label of phones; m.co.uk is a name of its own."""
    if ".m." in host:
        host = _WIKI.sub(r"\1.\2", host)
    found = _ALIAS.match(host)
    return found[1] if found and "." in found[1].partition(":")[0] and not _SUFFIX.fullmatch(found[1]) else host


def _tells_nothing(part: str) -> bool:
    return _tracks_too(part.partition("=")[0]) or bool(_FOR_WHOM.fullmatch(part))


def _plain(url: str | None) -> re.Match[str] | None:
    return _PLAIN.fullmatch(url) if url and len(url) <= _LONGEST else None


def _read(url: str | None) -> tuple[str, SplitResult] | None:
    """The address as it is stored, and its parts; None for what is no page's."""
    cleaned = clean.label(_LINE_ENDS.sub("", url or "")).replace(" ", "%20")
    parts = _split(cleaned)
    if parts is None or len(cleaned) > _LONGEST or parts.scheme not in _SCHEMES:
        return None
    return (cleaned, parts) if parts.hostname or parts.scheme == "file" else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no port
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str | None:
    """Host and port, in lower case and ASCII; None for what cannot be one."""
    host = _ascii((parts.hostname or "").strip("."))
    if not _HOST.fullmatch(host):
        return None
    host = _without_www(host)
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    return (f"[{host}]" if ":" in host else host) + port


def _without_www(host: str) -> str:
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() or len(host) > 253 else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _joined(host: str, path: str, parts: Iterable[str]) -> str:
    query = "&".join(part for part in parts if part and not _tracks(part.partition("=")[0]))
    return f"https://{host}{path}{'?' + query if query else ''}"


@lru_cache(256)
def _tracks(name: str) -> bool:
    return bool(_TRACKING.fullmatch(name))


@lru_cache(256)
def _tracks_too(name: str) -> bool:
    return bool(_ALSO_TRACKING.fullmatch(name))


def _encoded(text: str) -> str:
    """Percent-encoding in one form: what need not be encoded is not, hexadecimal digits are upper case."""
    return quote(_PERCENT.sub(_decoded, text), safe="%/:?@!$&'()*+,;=-._~[]")


def _decoded(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return "%25"
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else "%" + digits.upper()
