"""Feeds invented from a seed, with what is in them: the truth that splitting, cutting and reading are judged by.

`generate(seed)` draws a flavour, an encoding, feed-level furniture and entries. A tame document holds only what well
behaved publishers write: of it every entry must be found by its bytes. A wild one holds one or more tricks that are
known to make a feed reader's state run from one entry into the next, or the bytes hard to divide; of it only the result
counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

URL = "https://news.example/world/feed.xml"
FLAVOURS = ("rss20", "rss20-plain", "rss092", "rss10", "rss090", "atom10", "atom10-prefixed", "atom03")
_START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
_VOCABULARY = (
    "harbour council votes bridge minister denies report convoy river market engineers winter grain strike talks "
    "border festival archive satellite hospital teachers ferry inquiry verdict drought signal museum election"
)
_WORDS = tuple(_VOCABULARY.split())
_FOREIGN = ("Zürich", "naïve", "Łódź", "Ελλάδα", "Москва", "東京", "“quoted”", "café", "n’est", "–")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry as it was meant: what a reader must get out of it, and its bytes as text."""

    guid: str
    link: str
    title: str
    token: str  # a word that stands in this entry's text and nowhere else
    published: datetime
    markup: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A document, the response headers it comes with, and the entries in it, in order."""

    flavour: str
    body: bytes
    headers: Mapping[str, str]
    facts: tuple[Fact, ...]
    tricks: tuple[str, ...]
    title: str
    encoding: str
    url: str = URL

    @property
    def tame(self) -> bool:
        return not self.tricks


@dataclass(slots=True, kw_only=True)
class _Draft:
    """What the tricks may spoil before it is written out."""

    rng: Random
    flavour: str
    root: str = ""  # attributes
    prolog: str = ""
    before: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    between: dict[int, str] = field(default_factory=dict)  # after the entry of that number
    after: list[str] = field(default_factory=list)
    encoding: str = "utf-8"
    declared: str | None = "utf-8"
    content_type: str | None = "application/xml"
    finish: Callable[[str], str] = str

    @property
    def atom(self) -> bool:
        return self.flavour.startswith("atom")

    @property
    def item(self) -> str:
        return {"atom10-prefixed": "a:entry"}.get(self.flavour, "entry" if self.atom else "item")


def generate(
    seed: int, *, flavour: str | None = None, entries: int | None = None, wild: bool | None = None
) -> Generated:
    """The same document for the same arguments."""
    rng = Random(f"{seed}/{flavour}/{entries}/{wild}")
    draft = _Draft(rng=rng, flavour=flavour or rng.choice(FLAVOURS))
    facts = [_fact(draft, number) for number in range(rng.randint(0, 12) if entries is None else entries)]
    _furnish(draft)
    draft.entries = [fact.markup for fact in facts]
    _encode(draft)
    tricks: list[str] = []
    if rng.random() < 0.6 if wild is None else wild:
        for name in rng.sample(sorted(TRICKS), rng.randint(1, 3)):
            TRICKS[name](draft)
            tricks.append(name)
    text = draft.finish(_document(draft))
    newline = rng.choice(("\n", "\n", "\r\n"))
    body = text.replace("\n", newline).encode(draft.encoding, "xmlcharrefreplace")
    if draft.encoding == "utf-8" and rng.random() < 0.1:
        body = b"\xef\xbb\xbf" + body
    headers = {} if draft.content_type is None else {"content-type": draft.content_type}
    kept = tuple(replace(fact, markup=fact.markup.replace("\n", newline)) for fact in facts)
    return Generated(
        flavour=draft.flavour,
        body=body,
        headers=headers,
        facts=kept,
        tricks=tuple(tricks),
        title="Harbour & Hill",
        encoding=draft.encoding,
    )


def sized(flavour: str, entries: int, words: int, seed: int = 0) -> Generated:
    """A tame UTF-8 document whose entries each hold about `words` words of marked-up text."""
    rng = Random(f"{flavour}/{entries}/{words}/{seed}")
    draft = _Draft(rng=rng, flavour=flavour)
    facts = tuple(_fact(draft, number, words) for number in range(entries))
    draft.before = [_feed_head(draft)]
    draft.entries = [fact.markup for fact in facts]
    return Generated(
        flavour=flavour,
        body=_document(draft).encode(),
        headers={"content-type": "application/xml"},
        facts=facts,
        tricks=(),
        title="Harbour & Hill",
        encoding="utf-8",
    )


# --- entries --------------------------------------------------------------------------------------


def _fact(draft: _Draft, number: int, words: int | None = None) -> Fact:
    rng = draft.rng
    token = f"tok{number:04d}x{rng.randrange(16**6):06x}"
    title = " ".join([*rng.sample(_WORDS, rng.randint(2, 6)), rng.choice(_FOREIGN), "& more"])
    link = f"https://news.example/{rng.choice(_WORDS)}/{number}?a=1&b={rng.randrange(1000)}"
    published = _START + timedelta(minutes=37 * number + rng.randrange(30))
    guid = f"tag:news.example,2026:{token}" if draft.atom else f"story-{token}"
    html = _html(rng, token, rng.randint(5, 120) if words is None else words)
    write = _atom_entry if draft.atom else _rss_item
    fact = Fact(guid=guid, link=link, title=title, token=token, published=published, markup="")
    markup = write(draft, fact, html)
    if draft.flavour in {"rss10", "rss090"}:
        guid = link if draft.flavour == "rss10" else ""
    elif draft.flavour == "rss092":
        guid = ""
    return replace(fact, guid=guid, markup=markup)


def _html(rng: Random, token: str, words: int) -> str:
    text = [rng.choice((*_WORDS, *_WORDS, *_FOREIGN)) for _ in range(words)]
    text.insert(rng.randrange(len(text) + 1), token)
    for at in range(0, len(text), 7):
        text[at] = rng.choice(("<b>{}</b>", '<a href="/story?x=1&amp;y=2">{}</a>', "{}", "<em>{}</em>")).format(
            text[at]
        )
    for at in range(0, len(text), 40):
        text[at] = ("</p><p>" if at else "<p>") + text[at]
    return " ".join(text) + rng.choice(("</p>", "</p><ul><li>one</li><li>two &mdash; 3</li></ul>", "</p><br/>"))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(rng: Random, html: str) -> str:
    return f"<![CDATA[{html}]]>" if rng.random() < 0.5 else _escape(html)


def _rss_item(draft: _Draft, fact: Fact, html: str) -> str:
    rng = draft.rng
    rfc822 = fact.published.strftime("%a, %d %b %Y %H:%M:%S ") + rng.choice(("GMT", "+0000", "Z"))
    iso = fact.published.strftime("%Y-%m-%dT%H:%M:%SZ")
    modules = draft.flavour in {"rss20", "rss10"}
    parts = [
        f"<title>{_escape(fact.title)}</title>",
        f"<link>{_escape(fact.link)}</link>",
        f"<dc:date>{iso}</dc:date>" if draft.flavour == "rss10" else f"<pubDate>{rfc822}</pubDate>",
    ]
    if modules and rng.random() < 0.5:
        parts += [
            f"<description>{_escape(fact.title)} in short</description>",
            f"<content:encoded>{_escaped(rng, html)}</content:encoded>",
        ]
    else:
        parts.append(f"<description>{_escaped(rng, html)}</description>")
    if draft.flavour.startswith("rss20"):
        parts.append(f'<guid isPermaLink="false">{fact.guid}</guid>')
    extras = [
        f"<author>{rng.choice(_WORDS)}@news.example (Anna Berg)</author>",
        f"<category>{rng.choice(_WORDS)}</category>",
        "<!-- a comment with <item> and </item> in it -->",
        "<comments>https://news.example/comments</comments>",
        "<?editor keep?>",
        '<source url="https://wire.example/rss">The Wire</source>',
        '<enclosure url="https://news.example/a.mp3" length="12" type="audio/mpeg"/>',
    ]
    if modules:
        extras += [
            "<dc:creator>Jürgen Ó Brien</dc:creator>",
            f"<dc:subject>{rng.choice(_WORDS)}</dc:subject>",
            "<slash:comments>3</slash:comments>",
            '<media:thumbnail url="https://news.example/t.jpg" width="10"/>',
            f"<media:group>{_MEDIA}</media:group>",
            '<x:score n="4">high</x:score>',
            "<itunes:keywords>one, two</itunes:keywords>",
        ]
    parts += rng.sample(extras, rng.randint(0, 5))
    rng.shuffle(parts)
    about = f' rdf:about="{_escape(fact.link)}"' if draft.flavour == "rss10" else ""
    space = rng.choice(("", "\n    "))
    return f"<item{about}>" + space + space.join(parts) + space + rng.choice(("</item>", "</item >"))


def _atom_entry(draft: _Draft, fact: Fact, html: str) -> str:
    rng = draft.rng
    iso = fact.published.strftime("%Y-%m-%dT%H:%M:%SZ")
    old = draft.flavour == "atom03"
    p = "a:" if draft.flavour == "atom10-prefixed" else ""
    content = f'<{p}content type="{"text/html" if old else "html"}"{{base}}>{_escaped(rng, html)}</{p}content>'
    if rng.random() < 0.3:
        inner = html.replace("&mdash;", "—")
        kind = 'type="application/xhtml+xml" mode="xml"' if old else 'type="xhtml"'
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'
        content = f"<{p}content {kind}{{base}}>{div}</{p}content>"
    base = rng.choice(("", "", ' xml:base="https://blog.example/x/"', ' xml:lang="de"'))
    parts = [
        f"<{p}title>{_escape(fact.title)}</{p}title>",
        f'<{p}link rel="alternate" type="text/html" href="{_escape(fact.link)}"/>',
        f"<{p}id>{fact.guid}</{p}id>",
        f"<{p}issued>{iso}</{p}issued>" if old else f"<{p}published>{iso}</{p}published>",
        content.format(base=base) if "{base}" in content else content,
    ]
    extras = [
        f"<{p}author><{p}name>Anna Berg</{p}name><{p}email>anna@news.example</{p}email></{p}author>",
        f'<{p}category term="{rng.choice(_WORDS)}" scheme="https://news.example/t"/>',
        f"<{p}updated>{iso}</{p}updated>",
        f'<{p}summary type="text">In short: {rng.choice(_WORDS)}</{p}summary>',
        f'<{p}link rel="related" href="../related"/>',
        f"<{p}contributor><{p}name>Bo</{p}name></{p}contributor>",
        f'<{p}source><{p}title>Wire</{p}title><{p}link href="https://wire.example/"/></{p}source>',
        "<thr:total>2</thr:total>",
        f"<!-- <{p}entry><{p}title>no</{p}title></{p}entry> -->",
    ]
    parts += rng.sample(extras, rng.randint(0, 5))
    rng.shuffle(parts)
    space = rng.choice(("", "\n    "))
    return f"<{p}entry>" + space + space.join(parts) + space + f"</{p}entry>"


_MEDIA = '<media:content url="https://news.example/c.jpg"><media:title>A caption</media:title></media:content>'

# --- the document round them ----------------------------------------------------------------------

_RDF = ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
_THREAD = ' xmlns:thr="http://purl.org/syndication/thread/1.0"'
_MODULES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:x="urn:example:x" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
_SHELLS = {
    "rss20": (f'<rss version="2.0"{_MODULES}{{root}}>\n<channel>', "</channel>\n</rss>"),
    "rss20-plain": ('<rss version="2.0"{root}>\n<channel>', "</channel></rss>"),
    "rss092": ('<rss version="0.92"{root}><channel>', "</channel></rss>\n"),
    "rss10": (f'<rdf:RDF{_RDF} xmlns="http://purl.org/rss/1.0/"{_MODULES}{{root}}>', "</rdf:RDF>"),
    "rss090": (f'<rdf:RDF{_RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"{{root}}>', "</rdf:RDF>"),
    "atom10": (f'<feed xmlns="http://www.w3.org/2005/Atom"{_THREAD}{{root}}>', "</feed>"),
    "atom10-prefixed": (f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"{_THREAD}{{root}}>', "</a:feed>"),
    "atom03": (f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"{_THREAD}{{root}}>', "</feed>\n"),
}


def _feed_head(draft: _Draft) -> str:
    if draft.atom:
        p = "a:" if draft.flavour == "atom10-prefixed" else ""
        return (
            f"<{p}title>Harbour &amp; Hill</{p}title><{p}id>tag:news.example,2026:feed</{p}id>"
            f'<{p}link href="https://news.example/"/><{p}author><{p}name>The Desk</{p}name></{p}author>'
        )
    inner = (
        "<title>Harbour &amp; Hill</title><link>https://news.example/</link><description>News</description>"
        "<language>en-gb</language><lastBuildDate>Sun, 01 Mar 2026 06:00:00 GMT</lastBuildDate><ttl>60</ttl>"
    )
    if draft.flavour in {"rss10", "rss090"}:
        return f'<channel rdf:about="https://news.example/">{inner}</channel>'
    return inner


def _furnish(draft: _Draft) -> None:
    rng = draft.rng
    draft.prolog = rng.choice(("", "", "<!-- <item>not one</item> -->\n", "<?xml-stylesheet href='a.css'?>\n"))
    draft.root = rng.choice(("", "", ' xml:lang="en"', ' xml:base="https://news.example/base/"'))
    draft.before = [_feed_head(draft)]
    if rng.random() < 0.3 and not draft.atom:
        draft.before.append(
            "<image><title>Logo</title><url>https://news.example/l.png</url><link>https://news.example/</link></image>"
        )
    if rng.random() < 0.2:
        draft.between[rng.randrange(4)] = rng.choice(("<!-- between <entry/> -->", "stray text", "<?pause?>"))
    if rng.random() < 0.2 and draft.flavour.startswith("rss2"):
        draft.between[rng.randrange(4)] = "<webMaster>web@news.example</webMaster>"
        draft.after.append("<generator>Press 3</generator>")


def _encode(draft: _Draft) -> None:
    rng = draft.rng
    draft.encoding = rng.choice(("utf-8", "utf-8", "utf-8", "iso-8859-1", "windows-1252", "koi8-r", "gb2312"))
    draft.declared = draft.encoding if draft.encoding != "utf-8" or rng.random() < 0.7 else None
    charset = rng.choice(("", f"; charset={draft.encoding}"))
    draft.content_type = rng.choice(
        (f"application/rss+xml{charset}", f"application/xml{charset}", f"text/xml{charset}", "text/html", None)
    )


def _document(draft: _Draft) -> str:
    top, bottom = _SHELLS[draft.flavour]
    declaration = (
        f'<?xml version="1.0" encoding="{draft.declared}"?>\n' if draft.declared else '<?xml version="1.0"?>\n'
    )
    lines = [declaration + draft.prolog + top.format(root=draft.root), *draft.before]
    for number, entry in enumerate(draft.entries):
        lines.append(entry)
        if number in draft.between:
            lines.append(draft.between[number])
    return "\n".join([*lines, *draft.after, bottom])


# --- tricks ---------------------------------------------------------------------------------------


def _some(draft: _Draft) -> int | None:
    return draft.rng.randrange(len(draft.entries)) if draft.entries else None


def _into_some(*choices: str) -> Callable[[_Draft], None]:
    """Put one of these into one or more entries, before their end."""

    def trick(draft: _Draft) -> None:
        for _ in range(draft.rng.randint(1, 3)):
            at = _some(draft)
            if at is not None:
                head, _slash, tail = draft.entries[at].rpartition("</")
                draft.entries[at] = f"{head}{draft.rng.choice(choices)}</{tail}"

    return trick


def _among(*choices: str) -> Callable[[_Draft], None]:
    """Put one of these between entries, or before the first."""

    def trick(draft: _Draft) -> None:
        chosen = draft.rng.choice(choices)
        if draft.rng.random() < 0.5:
            draft.before.append(chosen)
        else:
            draft.between[draft.rng.randrange(4)] = chosen

    return trick


def _on_root(*choices: str) -> Callable[[_Draft], None]:
    def trick(draft: _Draft) -> None:
        draft.root += draft.rng.choice(choices)

    return trick


def _prolog(*choices: str) -> Callable[[_Draft], None]:
    def trick(draft: _Draft) -> None:
        draft.prolog = draft.rng.choice(choices)

    return trick


def _encoded(encoding: str, declared: str | None, content_type: str | None) -> Callable[[_Draft], None]:
    def trick(draft: _Draft) -> None:
        draft.encoding, draft.declared, draft.content_type = encoding, declared, content_type

    return trick


def _replaced(old: str, new: str) -> Callable[[_Draft], None]:
    """Spoil one occurrence somewhere in the text."""

    def trick(draft: _Draft) -> None:
        at = draft.rng.random()

        def spoil(text: str) -> str:
            parts = text.split(old)
            if len(parts) < 2:
                return text
            cut = 1 + int(at * (len(parts) - 1))
            return old.join(parts[:cut]) + new + old.join(parts[cut:])

        draft.finish = spoil

    return trick


def _twins(draft: _Draft) -> None:
    if draft.entries:
        draft.entries.append(draft.rng.choice(draft.entries))


def _empty(draft: _Draft) -> None:
    draft.entries.insert(draft.rng.randrange(len(draft.entries) + 1), f"<{draft.item}/>")


def _wrapped(draft: _Draft) -> None:
    draft.entries = [f"<items>{entry}</items>" for entry in draft.entries]


def _upper(draft: _Draft) -> None:
    if draft.item == "item":
        draft.entries = [
            entry.replace("<item", "<ITEM").replace("</item", "</ITEM").replace("title>", "Title>")
            for entry in draft.entries
        ]


def _severed(draft: _Draft) -> None:
    at = draft.rng.random()
    draft.finish = lambda text: text[: int(len(text) * at)]


_LICENCES = "http://backend.userland.com/creativeCommonsRssModule"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>drawn</title><g/></svg>'
TRICKS: Mapping[str, Callable[[_Draft], None]] = {
    "inline markup undeclared": _into_some(
        "<description>plain <div>in <b>a</b></div> div</description>",
        "<title>a <b>bold</b> title</title>",
        '<content type="html"><div>not <i>escaped</i></div></content>',
        '<summary xml:base="https://other.example/">x <div xml:lang="fr">y</div></summary>',
    ),
    "inline markup with feed names": _into_some(
        '<content type="xhtml"><title>inner</title><p>x</p></content>',
        '<content type="xhtml"><item>inner</item><author>y</author></content>',
        '<content type="xhtml"><details><summary>s</summary>t</details></content>',
        '<content type="xhtml"><body><source src="x"/></body></content>',
        f'<content type="xhtml"><div>{_SVG}</div></content>',
    ),
    "image in entry": _into_some(
        "<image>https://news.example/i.png</image>",
        "<image><title>t</title><description>d</description><link>https://x.example/</link></image>",
        "<image><url>https://news.example/i.png</url><width>3</width></image>",
    ),
    "text input in feed": _among(
        "<textInput><title>Search</title><name>q</name><link>https://x.example/</link></textInput>"
    ),
    "nested entry": _into_some("<item><title>inner</title></item>", "<entry><title>inner</title></entry>"),
    "container in entry": _into_some("<channel><title>c</title></channel>", "<feed/>", '<rss version="0.91"/>'),
    "unclean handlers": _into_some(
        '<itunes:link xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" href="https://x.example/"/>',
        "<geom>1 2</geom>",
        "<georssgeom>1 2</georssgeom>",
        '<links a="b"/>',
        '<authors a="b"/>',
    ),
    "namespaces in entries": _into_some(
        '<q:a xmlns:q="urn:example:q">1</q:a>',
        '<r:a xmlns:r="urn:example:q">2</r:a>',
        '<a xmlns="urn:example:q">3</a>',
        '<q:a xmlns:q="urn:example:other">4</q:a>',
        '<media:title xmlns:media="http://purl.org/dc/elements/1.1/">5</media:title>',
        '<m:title xmlns:m="http://search.yahoo.com/mrss">6</m:title>',
        '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Seven</dc:creator>',
        '<z:creator xmlns:z="http://purl.org/dc/elements/1.1/">Eight</z:creator>',
        '<dc:creator xmlns:dc="urn:example:dc">Nine</dc:creator>',
        f'<creativecommons:odd xmlns:creativecommons="{_LICENCES}" a="b"/>',
        f'<creativeCommons:odd xmlns:creativeCommons="{_LICENCES}" a="b"/>',
        f'<lic:odd xmlns:lic="{_LICENCES}" a="b"/>',
        '<title xmlns="http://www.w3.org/2005/Atom">Ten</title>',
    ),
    "namespaces on the root": _on_root(
        ' xmlns:q="urn:example:q" xmlns:r="urn:example:q"',
        ' xmlns:media2="http://search.yahoo.com/mrss"',
        ' xmlns:creativecommons="http://backend.userland.com/creativeCommonsRssModule"',
        ' xmlns:Q="urn:example:q"',
    ),
    "bases and languages": _into_some(
        '<comments xml:base="https://other.example/a/">c</comments><link xml:base="/deep/" href="rel"/>',
        '<title base="https://third.example/">based</title>',
        "<language>fr</language><description>apres</description>",
        '<dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">es</dc:language>',
    ),
    "relative addresses": _into_some("<link>../up/there</link>", "<guid>relative-guid</guid>", "<id>rel</id>"),
    "two bodies": _into_some(
        "<description>second</description>",
        "<summary>third</summary><description>fourth</description>",
        "<content>fifth</content>",
        "<body>sixth</body>",
        "<fullitem>seventh</fullitem>",
    ),
    "feed-level content": _among(
        '<content type="html">for the feed</content>',
        "<description>again</description><description>and again</description>",
        "<title>another title</title>",
        "<deep><title>deep title</title></deep>",
        "<info><p>inline</p></info>",
    ),
    "twins": _twins,
    "empty entry": _empty,
    "wrapped entries": _wrapped,
    "upper case": _upper,
    "severed": _severed,
    "unclosed": _replaced(
        "</title>",
        "",
    ),
    "bare ampersand": _replaced("<title>", "<title>R&D "),
    "unknown entity": _replaced("<title>", "<title>caf&eacute; "),
    "control character": _replaced("<title>", "<title>\x08"),
    "undeclared prefix": _replaced("<title>", "<un:x>1</un:x><title>"),
    "leading space": lambda draft: setattr(draft, "finish", lambda text: "\n " + text),
    "junk after": lambda draft: setattr(draft, "finish", lambda text: text + "<!-- x --> junk"),
    "doctype": _prolog(
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/p/rss-0.91.dtd">\n',
        "<!DOCTYPE rss>\n",
        '<!DOCTYPE rss [\n<!ENTITY who "the desk">\n]>\n',
        '<!DOCTYPE rss [\n<!ATTLIST item lang CDATA "en">\n]>\n',
    ),
    "entity from the doctype": lambda draft: (
        _prolog('<!DOCTYPE rss [\n<!ENTITY who "the desk">\n]>\n')(draft),
        _into_some("<category>&who;</category>")(draft),
    )[0],
    "utf-16": _encoded("utf-16", "utf-16", "application/xml"),
    "utf-16 unmarked": _encoded("utf-16-le", "utf-16", None),
    "wrong declaration": _encoded("utf-8", "iso-8859-1", "application/xml"),
    "wrong charset": _encoded("utf-8", "utf-8", "text/xml; charset=us-ascii"),
    "charset wins": _encoded("iso-8859-1", "utf-8", "application/xml; charset=iso-8859-1"),
    "unreadable encoding": _encoded("windows-1252", "utf-8", "application/xml"),
    "no such encoding": _encoded("utf-8", "klingon-8", "application/xml"),
    "shift-jis": _encoded("shift_jis", "shift_jis", "application/xml"),
}


# --- soup -----------------------------------------------------------------------------------------

_SOUP_NAMES = (
    "abstract author body category cloud content contributor copyright created description email enclosure "
    "expirationdate fullitem generator geom guid height homepage id info issued keywords language lastbuilddate link "
    "links managingeditor modified name newlocation pubdate published rights source subtitle summary tagline tags "
    "title updated uri url webmaster where width unheard authors contributors div svg "
    "admin:generatoragent admin:errorreportsto cc:license content:encoded dc:author dc:contributor dc:creator dc:date "
    "dc:description dc:language dc:publisher dc:rights dc:subject dc:title dcterms:created dcterms:issued "
    "dcterms:modified dcterms:valid feedburner:browserfriendly georss:box georss:line georss:point georss:polygon "
    "georss:where gml:exterior gml:linearring gml:linestring gml:point gml:polygon gml:pos gml:poslist itunes:author "
    "itunes:block itunes:category itunes:email itunes:explicit itunes:image itunes:keywords itunes:name itunes:owner "
    "itunes:subtitle itunes:summary media:category media:content media:credit media:description media:group "
    "media:keywords media:license media:player media:rating media:restriction media:thumbnail media:title "
    "psc:chapters xhtml:div xhtml:p xhtml:body x:thing x:title rdf:li"
)
_SOUP_URIS = {
    "admin": "http://webns.net/mvcb/",
    "cc": "http://web.resource.org/cc/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "psc": "http://podlove.org/simple-chapters",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "x": "urn:example:x",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_SOUP_ATTRIBUTES = (
    'type="xhtml"', 'type="html"', 'type="text"', 'type="text/html"', 'mode="base64"', 'xml:base="/b/"', 'base="c/"',
    'xml:lang="de"', 'lang="fr"', 'href="h"', 'url="u"', 'rel="self"', 'rel="enclosure"', 'term="t"', 'domain="d"',
    'isPermaLink="false"', 'src="s"', 'lastmod="2026-01-01"', 'text="x"', 'rdf:resource="r"', 'rdf:about="a"', 'n="1"',
)  # fmt: skip
_SOUP_TEXTS = (
    "",
    " ",
    "text",
    "1 2 3 4",
    "2026-03-01T06:00:00Z",
    "a@b.example (Ann)",
    "a,b",
    "&lt;b&gt;x&lt;/b&gt;",
    "7",
)


def soup(seed: int) -> Generated:
    """A well-formed feed whose entries are every element feedparser has a handler for, nested anyhow; mostly nonsense.

    Without facts: only the whole document's reading is its truth.
    """
    rng = Random(f"soup/{seed}")
    names = rng.sample(_SOUP_NAMES.split(), 12)

    def element(depth: int) -> str:
        name = rng.choice(names)
        attributes = "".join({f" {text}" for text in rng.choices(_SOUP_ATTRIBUTES, k=rng.choice((0, 0, 1, 2)))})
        attributes = (
            attributes if len({part.split("=")[0] for part in attributes.split()}) == attributes.count("=") else ""
        )
        inner = "".join(element(depth + 1) for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 2)))) if depth < 4 else ""
        return f"<{name}{attributes}>{rng.choice(_SOUP_TEXTS)}{inner}</{name}>"

    def elements(most: int) -> str:
        return "".join(element(0) for _ in range(rng.randint(0, most)))

    item = rng.choice(("item", "entry"))
    entries = [f"<{item}>{elements(6)}</{item}>" for _ in range(rng.randint(2, 8))]
    lines = [entry + (elements(2) if rng.random() < 0.1 else "") for entry in entries]
    bound = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SOUP_URIS.items())
    opening, closing = rng.choice(
        (
            ('<rss version="2.0"{}><channel>', "</channel></rss>"),
            ('<feed xmlns="http://www.w3.org/2005/Atom"{}>', "</feed>"),
            ('<rdf:RDF xmlns="http://purl.org/rss/1.0/"{}>', "</rdf:RDF>"),
            ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"{}>', "</feed>"),
        )
    )
    text = opening.format(bound) + (elements(2) if rng.random() < 0.3 else "") + "\n".join(lines) + closing
    return Generated(
        flavour="soup",
        body=text.encode(),
        headers={"content-type": "application/xml"},
        facts=(),
        tricks=("soup",),
        title="",
        encoding="utf-8",
    )
