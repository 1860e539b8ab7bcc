"""pure: an element's name -> what feedparser's handlers for it do to the state it keeps while it reads.

feedparser calls `_start_NAME` and `_end_NAME`, NAME being the element's local name behind the prefix that feedparser
itself gives its namespace. Which of them there are is asked of feedparser; what they leave behind was read in 6.0.14. A
handler that a later version gains counts as unreviewed.
"""

from __future__ import annotations

from feedparser.mixin import _FeedParserMixin

from watcher import __version__
from watcher.parse.limits import hash64

# A kind is a sum of these; plain integers, because the scan asks once an element.
ROOT, CONTAINER, ENTRY, FEED_ONLY, CONTENT, TITLE, ENDS = 1, 2, 4, 8, 16, 32, 64  # ENDS: has an end handler
XHTML = 128  # content that is XHTML unless it says otherwise
RDF = 256  # a root that does not tell the version
UNREVIEWED = 512  # has a handler, and what it leaves behind is not known to be nothing
SKIP = 1024  # times in which the feed wants no polls
IMAGE = 2048
NOTABLE = ~ENDS

_CONTENT_NAMES = """
    abstract body content content_encoded copyright dc_description dc_rights dc_title description
    feedburner_browserfriendly fullitem info itunes_subtitle itunes_summary media_description media_title rights
    subtitle summary tagline title xhtml_body
"""
_OTHER_NAMES = """
    admin_errorreportsto admin_generatoragent author category cc_license cloud contributor created
    creativecommons_license dc_author dc_contributor dc_creator dc_date dc_language dc_publisher dc_subject
    dcterms_created dcterms_issued dcterms_modified dcterms_valid email enclosure expirationdate generator georss_box
    georss_line georss_point georss_polygon georss_where gml_exterior gml_linearring gml_linestring gml_point
    gml_polygon gml_pos gml_poslist guid height homepage id issued itunes_author itunes_block itunes_category
    itunes_email itunes_explicit itunes_image itunes_keywords itunes_name itunes_owner keywords language lastbuilddate
    link managingeditor media_category media_content media_credit media_group media_keywords media_license media_player
    media_rating media_restriction media_thumbnail modified name newlocation psc_chapter psc_chapters pubdate published
    source tags updated uri url webmaster where width
"""
_COLLECTED = frozenset(_CONTENT_NAMES.split())
_REVIEWED = _COLLECTED | frozenset(_OTHER_NAMES.split())
_SPECIAL = {
    "rss": ROOT | CONTAINER,
    "feed": ROOT | CONTAINER,
    "rdf_rdf": ROOT | CONTAINER | RDF,
    "channel": CONTAINER,
    "item": ENTRY,
    "entry": ENTRY,
    "image": FEED_ONLY | IMAGE,
    "textinput": FEED_ONLY,
    "body": CONTENT | XHTML,
    "xhtml_body": CONTENT | XHTML,
    "title": CONTENT | TITLE,
    "dc_title": CONTENT | TITLE,
    "media_title": CONTENT | TITLE,
    "skiphours": SKIP,
    "skipdays": SKIP,
}
_START_HANDLERS = frozenset(name[7:] for name in dir(_FeedParserMixin) if name.startswith("_start_"))
_END_HANDLERS = frozenset(name[5:] for name in dir(_FeedParserMixin) if name.startswith("_end_"))
_TABLES = [_START_HANDLERS, _END_HANDLERS, _REVIEWED, _COLLECTED]
REVIEW = hash64(repr((__version__, *map(sorted, _TABLES), _SPECIAL)).encode())
"""Another in each version, and when feedparser has other handlers."""
_PREFIXES = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}


def given_prefix(uri: str) -> str | None:
    """The prefix feedparser gives a namespace, whatever the document calls it; None when it does not know it."""
    lower = uri.lower()
    return "" if "backend.userland.com/rss" in lower else _PREFIXES.get(lower)


class Kinds(dict[str, int]):
    """Expat's name of an element ("uri local prefix", where there are any) -> its kind, worked out once a document."""

    def __missing__(self, name: str) -> int:
        parts = name.split()
        kind = self[name] = _kind(_handler(parts)) if len(parts) <= 3 else UNREVIEWED
        return kind


def _handler(parts: list[str]) -> str:
    """What the names of feedparser's methods for this element end with."""
    if len(parts) == 1:
        return parts[0].lower()
    known = given_prefix(parts[0])
    given = parts[2] if len(parts) == 3 else ""
    prefix = (given if known is None else known).lower()
    return f"{prefix}_{parts[1].lower()}" if prefix else parts[1].lower()


def _kind(handler: str) -> int:
    ends = ENDS if handler in _END_HANDLERS else 0
    if handler in _SPECIAL:
        return ends | _SPECIAL[handler]
    if handler in _COLLECTED:
        return ends | CONTENT
    if handler not in _REVIEWED and (handler in _END_HANDLERS or handler in _START_HANDLERS):
        return ends | UNREVIEWED
    return ends
