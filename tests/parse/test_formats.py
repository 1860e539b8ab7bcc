"""A document of each format that feeds have been written in, and what is read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from watcher.model import Entry, Hash64, Response
from watcher.parse import parse

NOTHING: frozenset[Hash64] = frozenset()
NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)
BRIDGE, DAM = "https://daily.example/bridge", "https://daily.example/dam"


@dataclass(frozen=True, kw_only=True)
class Golden:
    """What a document says: all tell of a bridge, and of a dam with as much beside as their format has room for."""

    format: str
    body: str
    guids: tuple[str | None, str | None] = (None, None)
    texts: tuple[str, str] = ("It closed on Monday.", "It holds.")
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    lang: str | None = None
    link: str | None = "https://daily.example/"


GOLDEN = {
    "RSS 0.90": Golden(
        format="rss090",
        texts=("", ""),
        body="""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>The Daily</title><link>https://daily.example/</link><description>News</description></channel>
<image><title>Not this</title><url>https://daily.example/i.png</url><link>https://daily.example/</link></image>
<item><title>Bridge closes</title><link>https://daily.example/bridge</link></item>
<item><title>Dam holds</title><link>https://daily.example/dam</link></item>
</rdf:RDF>""",
    ),
    "RSS 0.91 of Netscape": Golden(
        format="rss091n",
        lang="en",
        body="""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>The Daily</title><link>https://daily.example/</link>
<description>News</description><language>en</language><pubDate>Wed, 25 Mar 2026 12:00:00 GMT</pubDate>
<image><title>Not this</title><url>https://daily.example/i.png</url><link>https://daily.example/</link></image>
<item><title>Bridge closes</title><link>https://daily.example/bridge</link>
<description>It closed on Monday.</description></item>
<item><title>Dam holds</title><link>https://daily.example/dam</link><description>It holds.</description></item>
<textinput><title>Nor this</title><description>Search</description><name>q</name>
<link>https://daily.example/s</link></textinput>
</channel></rss>""",
    ),
    "RSS 0.91 of UserLand": Golden(
        format="rss091u",
        lang="en",
        body="""<rss version="0.91"><channel><title>The Daily</title><link>https://daily.example/</link>
<description>News</description><language>en</language>
<item><title>Bridge closes</title><link>https://daily.example/bridge</link>
<description>It closed on Monday.</description></item>
<item><title>Dam holds</title><link>https://daily.example/dam</link><description>It holds.</description></item>
</channel></rss>""",
    ),
    "RSS 0.92": Golden(
        format="rss092",
        tags=("Floods",),
        body="""<rss version="0.92"><channel><title>The Daily</title><link>https://daily.example/</link>
<description>News</description><cloud domain="daily.example" port="80" path="/x" registerProcedure="p" protocol="soap"/>
<item><title>Bridge closes</title><link>https://daily.example/bridge</link>
<description>It closed on Monday.</description></item>
<item><title>Dam holds</title><link>https://daily.example/dam</link><description>It holds.</description>
<source url="https://other.example/rss">Other</source><category domain="x">Floods</category>
<enclosure url="https://daily.example/dam.mp3" length="1" type="audio/mpeg"/></item>
</channel></rss>""",
    ),
    "RSS 1.0": Golden(
        format="rss10",
        guids=(BRIDGE, DAM),
        texts=("It closed on Monday.", "It holds, says the town."),
        authors=("Jane Doe",),
        tags=("Floods",),
        updated=NOON,
        lang="en",
        body="""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://daily.example/rss"><title>The Daily</title><link>https://daily.example/</link>
<description>News</description><dc:language>en</dc:language>
<items><rdf:Seq><rdf:li rdf:resource="https://daily.example/bridge"/></rdf:Seq></items></channel>
<item rdf:about="https://daily.example/bridge"><title>Bridge closes</title>
<link>https://daily.example/bridge</link><description>It closed on Monday.</description></item>
<item rdf:about="https://daily.example/dam"><title>Dam holds</title>
<link>https://daily.example/dam</link>
<description>It holds.</description>
<content:encoded><![CDATA[<p>It <b>holds</b>, says the town.</p>]]></content:encoded>
<dc:creator>Jane Doe</dc:creator><dc:subject>Floods</dc:subject><dc:date>2026-03-25T12:00:00Z</dc:date></item>
</rdf:RDF>""",
    ),
    "RSS 2.0": Golden(
        format="rss20",
        guids=("tag:1", DAM),
        texts=("It closed on Monday.", "It holds, says the town."),
        authors=("Jane Doe",),
        tags=("Floods", "Dams"),
        published=NOON,
        lang="en-gb",
        body="""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Daily</title>
<link>https://daily.example/</link><description>News</description><language>en-gb</language><ttl>60</ttl>
<item><title>Bridge closes</title><link>https://daily.example/bridge</link><guid isPermaLink="false">tag:1</guid>
<description>It closed on Monday.</description></item>
<item><title>Dam holds</title><guid>https://daily.example/dam</guid><description>It holds.</description>
<content:encoded>&lt;p&gt;It &lt;b&gt;holds&lt;/b&gt;, says the town.&lt;/p&gt;</content:encoded>
<author>jane@example.org (Jane Doe)</author><category>Floods</category><category>Dams</category>
<pubDate>Wed, 25 Mar 2026 13:00:00 +0100</pubDate><comments>https://daily.example/dam#c</comments></item>
</channel></rss>""",
    ),
    "Atom 0.3": Golden(
        format="atom03",
        guids=("tag:1", "tag:2"),
        authors=("Jane Doe",),
        published=NOON,
        updated=datetime(2026, 3, 25, 13, tzinfo=UTC),
        lang="en",
        body="""<?xml version="1.0"?>
<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en"><title>The Daily</title>
<link rel="alternate" type="text/html" href="https://daily.example/"/><modified>2026-03-25T13:00:00Z</modified>
<entry><title>Bridge closes</title><link rel="alternate" type="text/html" href="https://daily.example/bridge"/>
<id>tag:1</id><modified>2026-03-25T10:00:00Z</modified><summary>It closed on Monday.</summary></entry>
<entry><title>Dam holds</title><link rel="alternate" type="text/html" href="https://daily.example/dam"/>
<id>tag:2</id><issued>2026-03-25T12:00:00Z</issued><modified>2026-03-25T13:00:00Z</modified>
<author><name>Jane Doe</name></author>
<content type="text/html" mode="escaped">&lt;p&gt;It holds.&lt;/p&gt;</content></entry>
</feed>""",
    ),
    "Atom 1.0": Golden(
        format="atom10",
        guids=("tag:1", "tag:2"),
        authors=("Jane Doe", "John Roe"),
        tags=("floods",),
        published=NOON,
        updated=datetime(2026, 3, 25, 13, tzinfo=UTC),
        lang="en",
        body="""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://daily.example/"><title>The Daily</title>
<link href="/"/><link rel="self" href="/feed"/><updated>2026-03-25T13:00:00Z</updated><id>tag:0</id>
<author><name>The desk</name></author>
<entry><title type="html">Bridge &amp;lt;i&gt;closes&lt;/i&gt;</title><link href="bridge"/><id>tag:1</id>
<updated>2026-03-25T10:00:00Z</updated><summary type="text">It closed on Monday.</summary></entry>
<entry><title>Dam holds</title><link rel="alternate" href="/dam"/><id>tag:2</id>
<published>2026-03-25T12:00:00Z</published><updated>2026-03-25T13:00:00Z</updated>
<author><name>Jane Doe</name></author><author><name>John Roe</name></author><category term="floods"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It <b>holds</b>.</p></div></content></entry>
</feed>""".replace("&amp;lt;", "&lt;"),
    ),
    "CDF": Golden(
        format="cdf",
        body="""<?xml version="1.0"?>
<CHANNEL HREF="https://daily.example/"><TITLE>The Daily</TITLE><ABSTRACT>News</ABSTRACT>
<ITEM HREF="https://daily.example/bridge"><TITLE>Bridge closes</TITLE>
<ABSTRACT>It closed on Monday.</ABSTRACT></ITEM>
<ITEM HREF="https://daily.example/dam"><TITLE>Dam holds</TITLE><ABSTRACT>It holds.</ABSTRACT></ITEM>
</CHANNEL>""",
    ),
    "RDF without a version of RSS": Golden(
        format="unknown",
        guids=(BRIDGE, DAM),
        body="""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<channel><title>The Daily</title><link>https://daily.example/</link></channel>
<item rdf:about="https://daily.example/bridge"><title>Bridge closes</title>
<link>https://daily.example/bridge</link><description>It closed on Monday.</description></item>
<item rdf:about="https://daily.example/dam"><title>Dam holds</title>
<link>https://daily.example/dam</link>
<description>It holds.</description></item>
</rdf:RDF>""",
    ),
}


def read(golden: Golden) -> tuple[Entry, ...]:
    response = Response(
        url="https://daily.example/feed", headers={"content-type": "text/xml"}, body=golden.body.encode()
    )
    parsed = parse(response, NOTHING)
    assert (parsed.format, parsed.title, parsed.link, parsed.lang, parsed.warning) == (
        golden.format,
        "The Daily",
        golden.link,
        golden.lang,
        None,
    )
    return parsed.entries


@pytest.mark.parametrize("name", GOLDEN)
def test_a_document_of_each_format_is_read(name: str) -> None:
    golden = GOLDEN[name]
    bridge, dam = read(golden)
    assert [bridge.title, dam.title] == ["Bridge closes", "Dam holds"]
    assert [bridge.link, dam.link] == [BRIDGE, DAM]
    assert (bridge.guid, dam.guid) == golden.guids
    assert tuple(" ".join(block.text for block in entry.blocks) for entry in (bridge, dam)) == golden.texts
    assert (dam.authors, dam.tags, dam.lang) == (golden.authors, golden.tags, golden.lang)
    assert (dam.published, dam.updated) == (golden.published, golden.updated)
