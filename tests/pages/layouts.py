"""Twelve ways to lay a page out. Each writes a draft's article and what its site puts round it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from tests.pages import furniture as f
from tests.pages.draft import Dated, Draft, Style
from tests.pages.writing import Kind

_SCRIPT = '<script>window.data = {"page": "article", "words": ["news", "home"]}; if (a < b) { track(a); }</script>\n'
_STYLE = "<style>.box { margin: 0 auto; color: #333 } p { line-height: 1.4em }</style>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`dated`: where its pages may say the date; one of them is drawn for each."""

    write: Callable[[Draft], str]
    held_out: bool
    dated: tuple[Dated, ...]
    styles: tuple[Style, ...] = (Style.SPOKEN, Style.MODULES)
    pictures: int = 1
    signed: bool = True  # writers are named
    datelined: bool = False
    led: bool = True  # a lead may stand below the title


def _page(d: Draft, head: str, body: str, *, html: str = "", attributes: str = "") -> str:
    lang = f' lang="{d.site_.lang}"' if not html else ""
    return f"<!DOCTYPE html>\n<html{html}{lang}>{head}<body{attributes}>\n{body}</body></html>\n"


def cms(d: Draft) -> str:
    """A news site's: header, nav, an article with a box and a teaser in it, an aside, a footer, a cookie banner."""
    inserts = {
        2: f.newsletter(d, "aside" if d.rng.random() < 0.5 else "div"),
        4: f.advert(d),
        6: f.inline_teaser(d),
    }
    article = f"<header>{d.heading()}{d.byline()}{f.share(d)}</header>"
    article += d.box("article body", d.story(inserts)) + f.appeal(d) + f.bio(d) + f.topics(d)
    main = d.box("article", article, "article") + f.related(d, 4)
    top = f.cookie(d) + f.masthead(d) + f.nav(d) + f.crumbs(d)
    body = top + f"<main>{main}</main>" + f.most_read(d) + f.comments(d, d.rng.randint(2, 4)) + f.footer(d)
    return _page(d, d.head(extra=_STYLE), body + _SCRIPT)


def blog(d: Draft) -> str:
    """A blog's: an entry, sharing below it, the writer's box, comments, a sidebar with widgets."""
    meta = d.byline("span")
    content = d.story({len(d.parts) - 1: f.share(d) + f.newsletter(d)})
    entry = f'<header class="entry-header">{d.heading()}<div class="entry-meta">{meta}</div></header>'
    entry += f'<div class="entry-content">{content}</div><footer class="entry-footer">{f.topics(d, "span")}</footer>'
    article = f'<article class="post hentry">{entry}</article>{f.bio(d)}'
    side = f.newsletter(d) + f.most_read(d, "div") + f.app(d)
    body = (
        f'<div id="page">{f.masthead(d)}{f.nav(d)}<div id="primary">{article}{f.comments(d, d.rng.randint(3, 7))}</div>'
    )
    return _page(
        d, d.head(extra=_STYLE), f'{body}<aside class="widget-area">{side}</aside></div>{f.footer(d)}{_SCRIPT}'
    )


def table(d: Draft) -> str:
    """As pages were made of tables: a column of links, the text, a column of other articles."""
    name = f'<font color="white">{d.site(d.site_.outlet)}</font>'
    top = f'<table width="100%"><tr><td bgcolor="#003366">{name}</td></tr></table>'
    left = "<br>".join(f.link(d.site(name)) for name in d.site_.nav)
    head = f'<font size="5"><b>{d.lift(d.title)}</b></font><br><font size="1">{d.byline("div")}</font>'
    text = d.story({5: f"<center>{d.site(d.words.advert)}</center>"})
    end = f"<hr><i>{d.site(d.site_.appeal)}</i><hr>"
    right = f"<b>{f.most_read(d, 'div')}</b>{f.related(d, 3, 'div')}"
    columns = (
        f'<td width="120" valign="top">{left}</td><td valign="top">{head}{text}{end}</td><td width="160">{right}</td>'
    )
    bottom = (
        f'<table><tr><td><font size="1">{d.site(d.site_.legal)}<br>{d.site(d.site_.copyright)}</font></td></tr></table>'
    )
    return _page(
        d, d.head(og=False), f'{top}<table border="0"><tr>{columns}</tr></table>{bottom}', attributes=" bgcolor=white"
    )


def amp(d: Draft) -> str:
    """A page for phones: a sidebar, a consent element, an article, other articles below."""
    menu = "".join(f"<li>{f.link(d.site(name))}</li>" for name in d.site_.nav)
    consent = f'<amp-consent id="c"><div id="ui"><p>{d.site(d.site_.cookie)}</p><button>OK</button></div></amp-consent>'
    d.site("OK")
    inserts = {3: '<amp-ad width="300" height="250" type="x"></amp-ad>', 5: f.inline_teaser(d)}
    article = f"<article>{d.heading()}{d.byline()}{f.share(d)}{d.story(inserts)}</article>"
    header = f"<header>{f.link(d.site(d.site_.outlet), '/')}</header>"
    body = f'<amp-sidebar id="s"><ul>{menu}</ul></amp-sidebar>{consent}{header}'
    body += f"{article}{f.app(d)}{f.newsletter(d)}{f.related(d, 4, 'section')}{f.footer(d)}"
    extra = (
        d.json_ld()
        + "<style amp-custom>h1{font-size:2em}</style><noscript><style>body{visibility:visible}</style></noscript>"
    )
    return _page(d, d.head(extra=extra), body, html=f' amp lang="{d.site_.lang}"')


def wire(d: Draft) -> str:
    """An agency's: a dateline before the first sentence, who reported it at the end."""
    above = "" if d.dated is Dated.DATELINE else d.byline()
    d.lead_in = d.dateline()
    text = d.story({4: f.inline_teaser(d)})
    credit = d.rng.choice(d.words.credit).format(a=d.pen.name(), b=d.pen.name(), t=d.rng.choice(d.words.towns))
    main = d.heading() + above + text + f"<p>{d.lift(credit)}</p>" + f.topics(d) + f.tip(d)
    body = (
        f.masthead(d) + f.nav(d) + d.box("article content", main, "main") + f.related(d, 4) + f.cookie(d) + f.footer(d)
    )
    return _page(d, d.head(), body)


def regional(d: Draft) -> str:
    """A regional paper's: today's date at the top, a long column of comments, a request for support."""
    today = d.site(d.spoken(d.another_moment())) if d.dated not in {Dated.NOWHERE, Dated.BYLINE} else ""
    top = f"<div class='top'>{today}</div>" + f.masthead(d, "div") + f.nav(d, "div")
    article = d.heading() + d.byline("div") + d.box("article text", d.story({3: f.appeal(d), 7: f.tip(d)}))
    article += f.share(d) + f.bio(d)
    comments = f.comments(d, d.rng.randint(5, 9), "div", "div")
    body = (
        top + d.box("content", d.box("article", article, "section") + comments) + f.related(d, 3, "section", times=True)
    )
    return _page(d, d.head(), body + f.most_read(d, "div") + f.footer(d) + _SCRIPT)


def jsonld(d: Draft) -> str:
    """A page that tells programs much: JSON-LD and og; its main part is no article element."""
    top = f.masthead(d) + f.nav(d) + f.cookie(d, "section")
    main = f.crumbs(d) + d.heading() + d.byline() + d.story({2: f.advert(d), 5: f.newsletter(d, "section")})
    main += f.bio(d, "section") + f.tip(d, "section")
    below = (
        f.related(d, 4, "section", times=True) + f.comments(d, d.rng.randint(2, 5)) + f.app(d, "section") + f.footer(d)
    )
    return _page(d, d.head(extra=d.json_ld()), f'{top}<main id="main">{main}</main>{below}{_SCRIPT}')


def divs(d: Draft) -> str:
    """No element that means anything: divs alone, for paragraphs too."""
    text = d.story({3: f.inline_teaser(d), 6: f.newsletter(d)}, paragraph="div")
    article = d.box("headline", d.lift(d.title)) + d.byline("div") + f.share(d) + d.box("article body", text)
    article += f.appeal(d) + f.bio(d)
    around = f.masthead(d, "div") + f.nav(d, "div", "span") + d.box("article", article) + f.related(d, 3, "div")
    body = around + f.comments(d, d.rng.randint(3, 5), "div", "div") + f.cookie(d) + f.footer(d, "div")
    return _page(d, d.head(), d.box("wrapper", body) + _SCRIPT)


def live(d: Draft) -> str:
    """A live blog: what is known in points, then entries, the newest first, each with its time and its own sharing."""
    head = d.box("live label", d.site(d.words.live)) + d.heading() + d.byline()
    points = "".join(f"<li>{d.main(d.pen.plain())}</li>" for _ in range(3))
    posts, at = [], d.local
    for number in range(d.rng.randint(5, 8)):
        stamp = f'<time datetime="{at.isoformat()}">{d.lift(f"{at:%H:%M}")}</time>'
        title = f"<h2>{d.main(d.pen.headline())}</h2>" if number % 2 else ""
        said = "".join(f"<p>{d.main(d.pen.paragraph(3))}</p>" for _ in range(d.rng.randint(1, 2)))
        posts.append(d.box("live post", stamp + title + said + f.share(d), "article"))
    main = head + d.box("key points", f"<ul>{points}</ul>") + f.newsletter(d) + d.box("live feed", "".join(posts))
    body = (
        f.masthead(d)
        + f.nav(d)
        + f"<main>{main}</main>"
        + f.related(d, 3)
        + f.comments(d, 3)
        + f.cookie(d)
        + f.footer(d)
    )
    return _page(d, d.head(extra=d.json_ld("LiveBlogPosting")), body + _SCRIPT)


def breaks(d: Draft) -> str:
    """The text is one run with empty lines between its paragraphs, and so is what follows it in the same element."""
    head = f"<h1>{d.lift(d.title)}</h1>{d.byline('div')}"
    lines = [d.main(line) for part in d.parts for line in part.lines]
    about = d.words.bios[0].format(a=d.authors[0], site=d.site_.outlet) if d.authors else d.site_.tip
    lines += [f"<i>{d.site(about)}</i>", f"<b>{d.site(d.site_.appeal)}</b>"]
    text = d.box("text", "<br><br>\n".join(lines))
    menu = " | ".join(f.link(d.site(name)) for name in d.site_.nav)
    body = f"<div id=top>{d.site(d.site_.outlet)}<br>{menu}</div><div id=story>{head}{text}{f.share(d)}</div>"
    body += f.related(d, 3, "div") + f.comments(d, d.rng.randint(2, 4), "div", "div") + f.footer(d, "div")
    return _page(d, d.head(), body)


def printer(d: Draft) -> str:
    """The version for the printer: no class and no id, hardly anything round the text."""
    note = f"<p><small>{d.site(d.words.print_note.format(site=d.site_.outlet))}</small></p><hr>"
    head = f"<h2>{d.lift(d.title)}</h2>" + d.byline().replace(d.css("byline"), "").replace(d.css("dateline"), "")
    text = "".join(f"<p>{d.main(line)}</p>\n" for part in d.parts for line in part.lines)
    end = f"<hr><p>{d.site(d.site_.newsletter)}</p><p>{d.site(d.site_.legal)}</p><p>{d.site(d.site_.copyright)}</p>"
    press = f"<p><a href='javascript:print()'>{d.site(d.words.share[4])}</a></p>"
    address = f"<p>{d.site('https://' + d.site_.host + '/print')}</p>{press}"
    return _page(d, d.head(og=False), note + head + text + end + address)


def gallery(d: Draft) -> str:
    """Pictures with captions that come again in a gallery, sentences that come again as pull quotes."""
    pulled = d.rng.sample(d.pen.sentences[: len(d.pen.sentences) // 2], 2)
    quotes = [
        d.box("pull quote", f"<p>{d.lift(said)}</p>", tag) for said, tag in zip(pulled, ("aside", "div"), strict=True)
    ]
    told = d.story({len(d.parts) - 3: quotes[0], len(d.parts) - 1: quotes[1]})
    captions = [part.lines[0] for part in d.parts if part.kind is Kind.FIGURE]
    again = "".join(
        f'<li><img src="/g/{at}.jpg" alt="{escape(said)}"><span>{d.lift(said)}</span></li>'
        for at, said in enumerate(captions)
    )
    new = "".join(d.figure(d.pen.one(d.words.captions), credit=True) for _ in range(2))
    text = told + f'<ul class="gallery">{again}</ul>' + new
    article = d.heading() + d.byline() + d.box("article body", text) + f.share(d) + f.appeal(d)
    body = f.masthead(d) + f.nav(d) + d.box("story", article, "article") + f.most_read(d) + f.related(d, 3)
    return _page(d, d.head(extra=d.json_ld()), body + f.newsletter(d, "section") + f.cookie(d) + f.footer(d) + _SCRIPT)


_ANY = (Style.SPOKEN, Style.MODULES, Style.UTILITY)
_HEADS = (Dated.META, Dated.JSONLD, Dated.TIME)

LAYOUTS: Mapping[str, Layout] = {
    "cms": Layout(write=cms, held_out=False, dated=(Dated.META, Dated.TIME, Dated.BYLINE), styles=_ANY),
    "blog": Layout(write=blog, held_out=False, dated=(Dated.META, Dated.TIME, Dated.BYLINE)),
    "table": Layout(write=table, held_out=False, dated=(Dated.BYLINE, Dated.NOWHERE), pictures=0),
    "amp": Layout(write=amp, held_out=False, dated=(Dated.JSONLD, Dated.META, Dated.TIME)),
    "wire": Layout(
        write=wire,
        held_out=False,
        dated=(Dated.DATELINE, Dated.DATELINE, Dated.META, Dated.NOWHERE),
        signed=False,
        datelined=True,
        led=False,
        pictures=0,
    ),
    "regional": Layout(write=regional, held_out=False, dated=(Dated.TIME, Dated.META, Dated.BYLINE, Dated.NOWHERE)),
    "jsonld": Layout(write=jsonld, held_out=False, dated=(Dated.JSONLD,), styles=_ANY),
    "divs": Layout(write=divs, held_out=False, dated=(Dated.META, Dated.BYLINE, Dated.NOWHERE)),
    "live": Layout(write=live, held_out=True, dated=(Dated.JSONLD, Dated.META), pictures=0),
    "breaks": Layout(write=breaks, held_out=True, dated=(Dated.BYLINE, Dated.META, Dated.NOWHERE), pictures=0),
    "printer": Layout(write=printer, held_out=True, dated=(Dated.BYLINE, Dated.NOWHERE), pictures=0, led=False),
    "gallery": Layout(write=gallery, held_out=True, dated=_HEADS, pictures=3),
}
