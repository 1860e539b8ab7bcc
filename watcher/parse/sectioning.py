"""pure: an element's name and attributes -> what it is to its page: a section, the article's place, a byline, hidden.

Known by the elements HTML has for it, by ARIA roles, and by the words that classes and ids are made of: the general
vocabulary of the web and of widespread products, no names of sites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from watcher.model import Section

__all__ = ["TELLING", "Mark", "Sign", "by_attributes", "by_tag"]

TELLING = frozenset(("class", "id", "role", "itemprop", "hidden", "style", "aria-hidden"))
"""The attributes that may say something."""
_LONGEST = 300  # characters of a class or id that are looked at


class Mark(StrEnum):
    """What an element can be beside a section of the page."""

    MAIN = "main"  # it says of itself that it holds the article
    CREDIT = "credit"  # who wrote it, when, how long it takes to read, what it is filed under
    HIDDEN = "hidden"


Sign = Section | Mark

_TAGS: Mapping[str, Sign] = {
    "nav": Section.NAV,
    "menu": Section.NAV,
    "header": Section.HEADER,
    "aside": Section.ASIDE,
    "dialog": Section.ASIDE,
    "footer": Section.FOOTER,
    "form": Section.FORM,
    "search": Section.FORM,
    "article": Mark.MAIN,
    "main": Mark.MAIN,
    "time": Mark.CREDIT,
}
_ROLES: Mapping[str, Sign] = {
    **dict.fromkeys(("navigation", "menu", "menubar", "toolbar", "tablist"), Section.NAV),
    **dict.fromkeys(("complementary", "dialog", "alertdialog"), Section.ASIDE),
    **dict.fromkeys(("search", "form"), Section.FORM),
    **dict.fromkeys(("main", "article"), Mark.MAIN),
    "banner": Section.HEADER,
    "contentinfo": Section.FOOTER,
}
_WORDS: Mapping[Sign, str] = {  # of what two groups have, the first takes it
    Section.COMMENTS: (
        "comment comments commentlist commentarea commentform disqus respond reply replies livefyre guestbook "
        "kommentar kommentare commentaires comentarios"
    ),
    Section.FOOTER: (
        "footer colophon copyright legal imprint impressum disclaimer site-info site-bottom back-to-top backtotop"
    ),
    Section.NAV: (
        "nav navs navi navbar navigation topnav subnav sidenav mainnav menu menus menubar submenu megamenu "
        "dropdown breadcrumb breadcrumbs crumb crumbs pagination pager paging page-links toc skip-link skip-links "
        "skiplink skip-to sitemap tags taglist tag-list tagcloud tag-cloud cat-links topics categories prev-next "
        "tabs toolbar"
    ),
    Section.ASIDE: (
        "sidebar side-bar rail siderail aside related relatedposts relateds recommended recommendation "
        "recommendations recommends recirc recirculation promo promos promoted promotion promotions ad ads advert "
        "adverts advertisement advertisements advertising adslot adunit adsbygoogle banner-ad ad-banner sponsor "
        "sponsors sponsored outbrain taboola werbung anzeige publicidad publicite newsletter newsletters "
        "subscribe subscription subscriptions signup sign-up optin opt-in popup pop-up modal lightbox overlay "
        "cookie cookies consent gdpr cta call-to-action widget widgets teasers trending popular mostread "
        "most-read most-popular most-viewed most-shared most-commented top-stories latest-news latest-stories "
        "latest-posts more-stories more-news more-articles more-posts more-from more-on more-in more-like "
        "morefrom read-more readmore read-next read-also also-read see-also up-next next-up you-may you-might "
        "share shares sharing sharebar sharelinks sharetools sharedaddy sharethis addthis addtoany social socials "
        "socialmedia social-media follow follow-us donate donation donations appeal bio authorbio about-author "
        "about-the-author author-box author-info author-card feedflare tools articletools toolbox pullquote "
        "pull-quote app-banner alert-bar tooltip contact contact-us feedback membership support-us become-a-member"
    ),
    Section.FORM: ("search searchform searchbox searchbar search-form login signin sign-in register registration"),
    Mark.CREDIT: (
        "byline by-line bylines author authors authorname writer dateline date pubdate published publish-date "
        "publishdate posted posted-on timestamp time-stamp datetime updated modified reading-time read-time "
        "readtime meta postmeta entrymeta kicker eyebrow overline rubric category section-name section-label"
    ),
    Section.HEADER: (
        "header masthead topbar top-bar siteheader sitetitle site-title site-name branding brand logo tagline"
    ),
    Mark.MAIN: (
        "articlebody article-body article-content article-text articletext article-main entry-content "
        "post-content post-body postbody post-text story-body storybody story-content story-text news-text "
        "news-body news-content body-text main-content maincontent content-body page-content body-copy bodycopy"
    ),
}
_SECTIONS = {phrase: sign for sign, phrases in _WORDS.items() for phrase in phrases.split()}
_ORDER = {sign: place for place, sign in enumerate(_WORDS)}
_LONGEST_PHRASE = 3  # words
_OWN = frozenset(("article", "entry", "post", "story", "content", "news"))  # a header so named is the article's own
_STATES = ("has-", "no-", "with-", "without-", "hide-", "tag-", "category-", "tax-")  # of a page, or its tags
_READERS_ONLY = frozenset(("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


def by_tag(tag: str) -> Sign | None:
    """What the element's own name says; that of an element somebody made up (`x-sidebar`) is read as a class."""
    return _TAGS.get(tag) or (_named(tag, "") if "-" in tag else None)


def by_attributes(attributes: Mapping[str, str | None]) -> Sign | None:
    """What an element's attributes say, beside its name."""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return Mark.HIDDEN
    if (style := attributes.get("style")) and _UNSEEN.search(style):
        return Mark.HIDDEN
    if (attributes.get("aria-hidden") or "").lower() == "true":
        return Mark.HIDDEN
    if role := _ROLES.get((attributes.get("role") or "").strip().lower()):
        return role
    if (attributes.get("itemprop") or "").strip() == "articleBody":
        return Mark.MAIN
    return _named((attributes.get("class") or "")[:_LONGEST], (attributes.get("id") or "")[:_LONGEST])


@lru_cache(maxsize=4096)
def _named(classes: str, identity: str) -> Sign | None:
    """What the words of classes and id say; the first group of _WORDS that has one of them."""
    names = [name for name in f"{classes} {identity}".split() if not name.lower().startswith(_STATES)]
    if any(name.lower() in _READERS_ONLY for name in names):
        return Mark.HIDDEN
    said = [sign for name in names for sign in _signs(_WORD.findall(_CAMEL.sub("-", name).lower()))]
    return min(said, key=_ORDER.__getitem__, default=None)


def _signs(words: list[str]) -> Iterable[Sign]:
    for size in range(1, _LONGEST_PHRASE + 1):
        for at in range(len(words) - size + 1):
            sign = _SECTIONS.get("-".join(words[at : at + size]))
            if sign and not (sign is Section.HEADER and not _OWN.isdisjoint(words)):
                yield sign
