"""What sites put round their articles: navigation, appeals, boxes, teasers, comments, small print."""

from __future__ import annotations

from tests.pages.draft import Draft
from tests.pages.writing import Pen


def link(text: str, to: str = "/x") -> str:
    return f'<a href="{to}">{text}</a>'


def nav(d: Draft, tag: str = "nav", item: str = "li") -> str:
    inner = "".join(f"<{item}>{link(d.site(name), '/s/' + str(at))}</{item}>" for at, name in enumerate(d.site_.nav))
    return d.box("main nav", f"<ul>{inner}</ul>" if item == "li" else inner, tag)


def masthead(d: Draft, tag: str = "header") -> str:
    name = d.box("site name", link(d.site(d.site_.outlet), "/"))
    return d.box("site header", name + link(d.site(d.words.log_in), "/login"), tag)


def crumbs(d: Draft, tag: str = "div") -> str:
    first, second = d.site_.nav[0], d.rng.choice(d.site_.nav[1:8])
    said = f"{link(d.site(first), '/')} › {link(d.site(second), '/s')}"
    return d.box("breadcrumbs", said, tag)


def paragraphs(d: Draft, text: str, tag: str = "p") -> str:
    return f"<{tag}>{d.site(text)}</{tag}>"


def share(d: Draft, tag: str = "div") -> str:
    inner = "".join(f"<li>{link(d.site(name), '#share')}</li>" for name in d.words.share[: d.rng.randint(3, 6)])
    return d.box("share bar", f"<ul>{inner}</ul>", tag)


def cookie(d: Draft, tag: str = "div") -> str:
    return d.box("cookie banner", paragraphs(d, d.site_.cookie) + f"<button>{d.site('OK')}</button>", tag)


def appeal(d: Draft, tag: str = "div") -> str:
    return d.box("support box", paragraphs(d, d.site_.appeal), tag)


def newsletter(d: Draft, tag: str = "div") -> str:
    form = f'<form action="/n"><input type="email" placeholder="@"><button>{d.site("OK")}</button></form>'
    return d.box("newsletter box", paragraphs(d, d.site_.newsletter) + form, tag)


def bio(d: Draft, tag: str = "div") -> str:
    """Who wrote it; the words are the site's, with the name in them."""
    if not d.authors:
        return ""
    said = d.words.bios[sum(map(ord, d.authors[0])) % len(d.words.bios)]
    return d.box("author bio", paragraphs(d, said.format(a=d.authors[0], site=d.site_.outlet)), tag)


def related(d: Draft, count: int = 3, tag: str = "aside", *, told: bool = True, times: bool = False) -> str:
    """Other articles: each a linked headline, and a full sentence where `told`."""
    other = Pen(d.rng, d.words)
    made = [d.box("related title", d.site(d.words.related), "h3")]
    for at in range(count):
        said = d.box("teaser title", link(d.site(other.headline()), f"/a/{at}"), "h4")
        if told:
            said += paragraphs(d, other.plain())
        if times:
            moment = d.another_moment()
            said += f'<time datetime="{moment.isoformat()}">{d.site(d.spoken(moment))}</time>'
        made.append(d.box("teaser", said))
    return d.box("related stories", "".join(made), tag)


def most_read(d: Draft, tag: str = "aside") -> str:
    other = Pen(d.rng, d.words)
    heads = [d.site(d.words.most_read), *(d.site(other.headline()) for _ in range(5))]
    inner = "".join(f"<li>{link(head, '/a')}</li>" for head in heads[1:])
    return d.box("most read", f"<h3>{heads[0]}</h3><ol>{inner}</ol>", tag)


def inline_teaser(d: Draft, tag: str = "div") -> str:
    """In the middle of an article: another one, in a linked line."""
    other = Pen(d.rng, d.words)
    return d.box("inline related", f"<p>{d.site(d.words.related)}: {link(d.site(other.headline()), '/a/9')}</p>", tag)


def advert(d: Draft, tag: str = "div") -> str:
    return d.box("ad slot", d.site(d.words.advert), tag)


def topics(d: Draft, tag: str = "div") -> str:
    tags = d.rng.sample(d.site_.nav[1:], 3)
    inner = " ".join(link(d.site(tag_), "/t") for tag_ in tags)
    return d.box("tags", f"<span>{d.site(d.words.topics)}</span> {inner}", tag)


def comments(d: Draft, count: int, tag: str = "section", item: str = "li") -> str:
    """What readers write: the name, the time, sentences, a link to answer."""
    head = d.box("comments title", d.site(d.words.comments_head.format(n=count)), "h3")
    other, made = Pen(d.rng, d.words), []
    for _ in range(count):
        moment = d.another_moment()
        who = f"<b>{d.site(other.name())}</b> <time datetime={moment.isoformat()}>{d.site(d.spoken(moment))}</time>"
        said = f"{other.one(d.words.comments)} {other.one(d.words.quotes)}."
        body = paragraphs(d, said) + link(d.site(d.words.reply), "#r")
        made.append(d.box("comment", d.box("comment meta", who) + body, item))
    inner = "".join(made)
    if item == "li":
        inner = f"<ol{d.css('comment', 'list')}>{inner}</ol>"
    return d.box("comments", head + inner, tag, ' id="comments"')


def app(d: Draft, tag: str = "div") -> str:
    return d.box("app promo", paragraphs(d, d.site_.app), tag)


def tip(d: Draft, tag: str = "div") -> str:
    return d.box("contact", paragraphs(d, d.site_.tip), tag)


def footer(d: Draft, tag: str = "footer", *, short: bool = False) -> str:
    inner = "" if short else paragraphs(d, d.site_.legal)
    inner += "".join(f" {link(d.site(name), '/f')}" for name in d.site_.nav[9:13])
    return d.box("site footer", inner + paragraphs(d, d.site_.copyright), tag)
