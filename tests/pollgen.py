"""Feeds as publishers' software writes them, invented from a seed and polled several times while they go on.

Between two polls entries are added, edited, dated anew, shuffled, dropped and brought back; heads change their dates,
comments and instructions come and go. Each poll says what is in it: the truth it is judged by. The shapes are those of
common software: which namespaces stand where, what is CDATA, what is XHTML, which prefixes are odd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

URL = "https://news.example/world/feed.xml"
_START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
_WORDS = [
    "harbour",
    "council",
    "votes",
    "bridge",
    "minister",
    "denies",
    "report",
    "convoy",
    "river",
    "market",
    "engineers",
    "winter",
    "grain",
    "strike",
    "talks",
    "border",
    "festival",
    "archive",
    "satellite",
    "hospital",
    "teachers",
    "ferry",
    "inquiry",
    "verdict",
    "drought",
    "signal",
    "museum",
    "election",
    "Zürich",
    "naïve",
    "Łódź",
    "Ελλάδα",
    "Москва",
    "東京",
    "café",
    "n’est",
    "–",
    "“quoted”",
    "AT&T",
    "1<2",
]
_ASCII = tuple(word for word in _WORDS if word.isascii())


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one entry tells, at one time."""

    number: int
    title: str
    words: tuple[str, ...]
    published: datetime
    updated: datetime
    layout: int  # of those that its software has

    @property
    def link(self) -> str:
        return f"https://news.example/story/{self.number}?a=1&b=2"

    @property
    def guid(self) -> str:
        return f"tag:news.example,2026:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One document of a feed. `stories` are its entries, in order."""

    software: str
    body: bytes
    headers: Mapping[str, str]
    stories: tuple[Story, ...]
    url: str = URL


def polls(seed: int, count: int = 5) -> Iterator[Poll]:
    """The same polls for the same arguments."""
    rng = Random(f"polls/{seed}")
    software = rng.choice(sorted(SOFTWARE))
    encoding = rng.choice(("utf-8",) * 6 + ("iso-8859-1", "windows-1252", "koi8-r", "utf-16"))
    newline = rng.choice(("\n", "\n", "\n", "\r\n", ""))
    media = rng.choice(("application/rss+xml", "application/xml", "text/xml; charset=" + encoding, "text/html"))
    told: list[Story] = []
    gone: list[Story] = []
    for number in range(count):
        told, gone = _later(rng, told, gone, number)
        text = _document(rng, software, told, _START + timedelta(hours=number), encoding)
        yield Poll(
            software=software,
            body=text.replace("\n", newline).encode(encoding, "xmlcharrefreplace"),
            headers={"content-type": media},
            stories=tuple(told),
        )


# --- what happens between two polls ---------------------------------------------------------------


def _later(rng: Random, told: list[Story], gone: list[Story], poll: int) -> tuple[list[Story], list[Story]]:
    first = max((story.number for story in (*told, *gone)), default=0) + 1
    fresh = [
        _story(rng, first + number) for number in range(rng.randint(1, 12) if poll == 0 else rng.choice((0, 1, 1, 3)))
    ]
    told = [*reversed(fresh), *told]
    if poll and told:
        told, gone = rng.choice((_same, _same, _edit, _bump, _shuffle, _drop, _return, _twin))(rng, told, gone)
    return told, gone


def _story(rng: Random, number: int) -> Story:
    published = _START + timedelta(minutes=37 * number)
    return Story(
        number=number,
        title=" ".join(rng.choices(_WORDS, k=rng.randint(2, 7))),
        words=tuple(rng.choices(_WORDS, k=rng.choice((0, 8, 40, 150)))),
        published=published,
        updated=published,
        layout=rng.randrange(4),
    )


_Told = tuple[list[Story], list[Story]]


def _same(_rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    return told, gone


def _edit(rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    at = rng.randrange(len(told))
    edited = replace(told[at], title=told[at].title + " (updated)", updated=told[at].updated + timedelta(hours=1))
    return [*told[:at], edited, *told[at + 1 :]], gone


def _bump(_rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    return [replace(story, updated=story.updated + timedelta(hours=2)) for story in told], gone


def _shuffle(rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    return rng.sample(told, len(told)), gone


def _drop(rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    kept = rng.randint(0, len(told))
    return told[:kept], [*told[kept:], *gone]


def _return(rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    back = rng.sample(gone, rng.randint(0, len(gone)))
    return [*told, *back], [story for story in gone if story not in back]


def _twin(rng: Random, told: list[Story], gone: list[Story]) -> _Told:
    return [*told, rng.choice(told)], gone


# --- the software that writes them ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    top: str
    head: str  # {now}: a date
    entry: Callable[[Story], str]
    bottom: str
    rfc822: bool = True


def _document(rng: Random, name: str, stories: list[Story], now: datetime, encoding: str) -> str:
    software = SOFTWARE[name]
    said = _rfc822(now) if software.rfc822 else _iso(now)
    declaration = rng.choice(
        (f'<?xml version="1.0" encoding="{encoding}"?>', f"<?xml version='1.0' encoding='{encoding}' ?>")
    )
    prolog = rng.choice(("", "", "<!-- generated --><?xml-stylesheet href='/s.xsl' type='text/xsl'?>\n"))
    lines = [declaration + "\n" + prolog + software.top, software.head.format(now=said)]
    for story in stories:
        lines.append(software.entry(story))
        if rng.random() < 0.1:
            lines.append(rng.choice(("<!-- cached <item> -->", "<?pause 1?>", "\n\n", "<!-- </item></channel> -->")))
    return "\n".join([*lines, software.bottom + rng.choice(("", "\n", "\n<!-- page generated in 0.3 s -->\n"))])


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _rfc822(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S +0000")


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


_MARKS = ("<b>{}</b>", '<a href="/s?x=1&amp;y=2">{}</a>', "<em>{}</em>&nbsp;", "{}<br />")


def _html(story: Story) -> str:
    words = [_escape(word) for word in story.words]
    for at in range(0, len(words), 9):
        words[at] = _MARKS[at % 4].format(words[at])
    return "<p>" + " ".join(words) + '</p>\n<p><img src="/i.jpg" alt="" /></p>'


def _xhtml(story: Story) -> str:
    return _html(story).replace("&nbsp;", "&#160;")


def _wordpress(story: Story) -> str:
    title = (_escape(story.title), _cdata(_escape(story.title)))[story.layout % 2]
    body = f"<content:encoded>{_cdata(_html(story))}</content:encoded>" if story.layout != 3 else ""
    tags = "".join(f"<category>{_cdata(word)}</category>" for word in story.words[:3])
    return f"""\t<item>
\t\t<title>{title}</title>
\t\t<link>{_escape(story.link)}</link>
\t\t\t\t\t<comments>{_escape(story.link)}#comments</comments>
\t\t<dc:creator>{_cdata("Anna Berg")}</dc:creator>
\t\t<pubDate>{_rfc822(story.updated)}</pubDate>
\t\t{tags}
\t\t<guid isPermaLink="false">{story.guid}</guid>
\t\t<description>{_cdata(_html(story)[:200])}</description>
\t\t{body}
\t\t<wfw:commentRss>{_escape(story.link)}feed/</wfw:commentRss>
\t\t<slash:comments>3</slash:comments>
\t\t<post-id xmlns="com-wordpress:feed-additions:1">{story.number}</post-id>
\t\t<media:content url="https://news.example/i.jpg" medium="image">
			<media:title type="html">i</media:title></media:content>
\t</item>"""


def _plain_rss(story: Story) -> str:
    text = (_escape(_html(story)), _escape(" ".join(story.words)), _cdata(" ".join(story.words)), "")[story.layout]
    date = f"<pubDate>{_rfc822(story.updated)}</pubDate>"
    return (
        f"<item><title>{_escape(story.title)}</title><link>{_escape(story.link)}</link>"
        f"<description>{text}</description><guid>{story.guid}</guid>{date}</item>"
    )


def _podcast(story: Story) -> str:
    return f"""<item>
<title>{_escape(story.title)}</title><itunes:title>{_escape(story.title)}</itunes:title>
<link>{_escape(story.link)}</link><guid isPermaLink="false">{story.guid}</guid>
<pubDate>{_rfc822(story.updated)}</pubDate>
<enclosure url="https://news.example/{story.number}.mp3" length="123" type="audio/mpeg"/>
<itunes:author>Anna Berg</itunes:author><itunes:duration>12:30</itunes:duration><itunes:explicit>no</itunes:explicit>
<itunes:image href="https://news.example/i.jpg"/><itunes:episodeType>full</itunes:episodeType>
<itunes:summary>{_cdata(_html(story))}</itunes:summary>
<psc:chapters version="1.1"><psc:chapter start="00:00:00" title="One"/></psc:chapters>
<podcast:transcript url="https://news.example/t.srt" type="application/srt"/>
</item>"""


def _dotnet(story: Story) -> str:
    return (
        f'<item><guid isPermaLink="false">{story.guid}</guid><link>{_escape(story.link)}</link>'
        f"<a10:author><a10:name>Anna Berg</a10:name></a10:author><title>{_escape(story.title)}</title>"
        f"<description>{_escape(_html(story))}</description><pubDate>{_rfc822(story.published)}</pubDate>"
        f"<a10:updated>{_iso(story.updated)}</a10:updated></item>"
    )


def _feedburner(story: Story) -> str:
    return f"""<item><title>{_escape(story.title)}</title><link>{_escape(story.link)}</link>
<guid isPermaLink="false">{story.guid}</guid><pubDate>{_rfc822(story.updated)}</pubDate>
<description>{_escape(_html(story))}</description>
<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">{_escape(story.link)}</feedburner:origLink>
<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Anna</dc:creator></item>"""


def _alerts(story: Story) -> str:
    """Disasters: geography in elements of three namespaces, one of them the module's own."""
    return f"""<item><title>{_escape(story.title)}</title><description>{_escape(" ".join(story.words))}</description>
<link>{_escape(story.link)}</link><guid isPermaLink="false">{story.guid}</guid>
<pubDate>{_rfc822(story.updated)}</pubDate><geo:Point><geo:lat>1.5</geo:lat><geo:long>2.5</geo:long></geo:Point>
<georss:point>1.5 2.5</georss:point><gdacs:alertlevel>Green</gdacs:alertlevel>
<gdacs:severity unit="M" value="5.1">Magnitude 5.1M</gdacs:severity><gdacs:bbox>1 2 3 4</gdacs:bbox>
<dc:subject>EQ1</dc:subject></item>"""


def _rdf(story: Story) -> str:
    return f"""<item rdf:about="{_escape(story.link)}"><title>{_escape(story.title)}</title>
<link>{_escape(story.link)}</link><description rdf:parseType="Literal">{_escape(_html(story))}</description>
<dc:creator>Anna Berg</dc:creator><dc:date>{_iso(story.updated)}</dc:date><dc:subject>one</dc:subject></item>"""


def _atom(story: Story, p: str = "") -> str:
    if story.layout == 1:
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">{_xhtml(story)}</div>'
        body = f'<{p}content type="xhtml">{div}</{p}content>'
    elif story.layout == 2:
        body = f'<{p}summary type="text">{_escape(" ".join(story.words))}</{p}summary>'
    else:
        html = (_cdata if story.layout else _escape)(_html(story))
        body = f'<{p}content type="html" xml:lang="en">{html}</{p}content>'
    return f"""<{p}entry>
<{p}id>{story.guid}</{p}id><{p}title type="html">{_escape(_escape(story.title))}</{p}title>
<{p}link rel="alternate" type="text/html" href="{_escape(story.link)}"/>
<{p}published>{_iso(story.published)}</{p}published><{p}updated>{_iso(story.updated)}</{p}updated>
<{p}author><{p}name>Anna Berg</{p}name><{p}uri>https://news.example/anna</{p}uri></{p}author>
<{p}category term="one" label="One"/>{body}</{p}entry>"""


def _video(story: Story) -> str:
    return f"""<entry><id>{story.guid}</id><yt:videoId>{story.number}</yt:videoId>
<title>{_escape(story.title)}</title><link rel="alternate" href="{_escape(story.link)}"/>
<author><name>Anna</name><uri>https://news.example/anna</uri></author>
<published>{_iso(story.published)}</published><updated>{_iso(story.updated)}</updated>
<media:group><media:title>{_escape(story.title)}</media:title>
<media:content url="https://news.example/v" type="application/x-shockwave-flash" width="640" height="390"/>
<media:thumbnail url="https://news.example/t.jpg" width="480" height="360"/>
<media:description>{_escape(" ".join(story.words))}</media:description>
<media:community><media:starRating count="1" average="5.00" min="1" max="5"/>
<media:statistics views="2"/></media:community>
</media:group></entry>"""


def _warning(story: Story) -> str:
    """Weather warnings: elements of the alerting protocol inside Atom, polygons and all."""
    return f"""<entry><id>{story.guid}</id><title>{_escape(story.title)}</title>
<link rel="alternate" href="{_escape(story.link)}"/><published>{_iso(story.published)}</published>
<updated>{_iso(story.updated)}</updated><author><name>Weather</name></author>
<summary>{_escape(" ".join(story.words))}</summary><cap:event>Wind</cap:event><cap:urgency>Future</cap:urgency>
<cap:geocode><valueName>FIPS6</valueName><value>048</value></cap:geocode><cap:polygon>1,2 3,4 1,2</cap:polygon>
<cap:parameter><valueName>VTEC</valueName><value>x</value></cap:parameter></entry>"""


_ATOM = "http://www.w3.org/2005/Atom"
_MODULES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)
_ITUNES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)
_HEAD = "<title>Harbour &amp; Hill</title><link>https://news.example/</link><description>News</description>"
_DATED = "<lastBuildDate>{now}</lastBuildDate>"
_SELF = '<atom:link href="https://news.example/world/feed.xml" rel="self" type="application/rss+xml" />'
_IMAGE = "<image><url>/l.png</url><title>News</title><link>https://news.example/</link><width>32</width></image>"
_ATOM_HEAD = (
    '<{p}title type="text">Harbour &amp; Hill</{p}title><{p}id>tag:news.example,2026:feed</{p}id>'
    '<{p}updated>{{now}}</{p}updated><{p}link rel="self" href="/world/feed.xml"/><{p}link href="https://news.example/"/>'
    "<{p}generator uri='https://press.example/' version='3'>Press</{p}generator>"
)


def _rss(root: str, head: str, entry: Callable[[Story], str]) -> Software:
    top = f'<rss version="2.0" {root}>\n<channel>'
    return Software(top=top, head=_HEAD + head, entry=entry, bottom="</channel></rss>")


def _atoms(root: str, entry: Callable[[Story], str], prefix: str = "") -> Software:
    p = f"{prefix}:" if prefix else ""
    declared = f'xmlns:{prefix}="{_ATOM}"' if prefix else f'xmlns="{_ATOM}"'
    return Software(
        top=f"<{p}feed {declared} {root}>",
        head=_ATOM_HEAD.format(p=p),
        entry=entry,
        bottom=f"</{p}feed>",
        rfc822=False,
    )


_SY = "<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t1\t</sy:updateFrequency>"
_OWNER = (
    "<itunes:owner><itunes:name>Desk</itunes:name><itunes:email>desk@news.example</itunes:email></itunes:owner>"
    '<itunes:category text="News"><itunes:category text="Daily"/></itunes:category><itunes:image href="/i.jpg"/>'
)
_HUB = '<atom10:link rel="hub" href="https://hub.example/"/>'
_SKIPS = "<skipHours><hour>0</hour><hour>1</hour></skipHours><skipDays><day>Sunday</day></skipDays><ttl>30</ttl>"
_RDF_TOP = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:taxo="http://purl.org/rss/1.0/modules/taxonomy/">'
)
_RDF_HEAD = (
    f'<channel rdf:about="https://news.example/">{_HEAD}<dc:date>{{now}}</dc:date>'
    '<items><rdf:Seq><rdf:li rdf:resource="https://news.example/story/1"/></rdf:Seq></items></channel>'
)
_GEO = (
    'xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" xmlns:georss="http://www.georss.org/georss" '
    'xmlns:gdacs="http://www.gdacs.example" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_VIDEO = 'xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"'
SOFTWARE: Mapping[str, Software] = {
    "blog press": _rss(_MODULES, _SELF + _DATED + "<language>en-US</language>" + _SY + _IMAGE, _wordpress),
    "blog press, module after the items": replace(
        _rss(_MODULES, _SELF, _wordpress), bottom=_DATED + "<webMaster>w@news.example</webMaster></channel></rss>"
    ),
    "by hand": _rss("", _DATED + _SKIPS, _plain_rss),
    "by hand, old": Software(
        top='<rss version="0.91"><channel>', head=_HEAD + _SKIPS + _DATED, entry=_plain_rss, bottom="</channel></rss>"
    ),
    "podcast": _rss(_ITUNES, _SELF + _DATED + _OWNER, _podcast),
    "dot net": _rss(f'xmlns:a10="{_ATOM}"', _DATED + "<a10:id>urn:x</a10:id>", _dotnet),
    "burned": _rss(f'xmlns:atom10="{_ATOM}"', _DATED + _HUB, _feedburner),
    "alerts": _rss(_GEO, _DATED, _alerts),
    "papers": Software(top=_RDF_TOP, head=_RDF_HEAD, entry=_rdf, bottom="</rdf:RDF>", rfc822=False),
    "atom": _atoms('xml:lang="en" xml:base="https://news.example/blog/"', _atom),
    "atom, prefixed": _atoms("", lambda story: _atom(story, "atom:"), "atom"),
    "atom, written by a library": _atoms("", lambda story: _atom(story, "ns0:"), "ns0"),
    "videos": _atoms(_VIDEO, _video),
    "warnings": _atoms('xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"', _warning),
}
