"""pure: a page and a recipe's CSS selectors -> what they find.

`h2 a` is an element's text, `a@href` one of its attributes, `@href` alone one of the item's own. An item without more
said has the first link in it, that link's text as its title, and all of its text; times in words ("5 minutes ago") are
left out of that, for they change at each poll.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from watcher.model import Block, Recipe, Response
from watcher.parse import page, text
from watcher.parse.address import web
from watcher.parse.interstitial import refuse_page
from watcher.parse.limits import newest
from watcher.parse.moments import moment
from watcher.parse.recipe import FIELDS, Found, Harvest, filled, missing, refusal
from watcher.parse.text import decode
from watcher.text.shown import line

_ATTRIBUTE = re.compile(r"(?P<selector>.*)@(?P<name>[A-Za-z_:][\w:.-]*)\s*", re.DOTALL)
_PART = re.compile(r"\{([^{}]*)\}")
_TIMES = "time, relative-time, time-ago"
_SIMPLE = re.compile(r"[^\[\](),\"']+")  # a selector that can be told apart at its spaces
_SHOWN = 8  # elements of an item that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """An element within an item ("" for the item itself), and the attribute that is meant, if one is."""

    text: str  # as its owner wrote it
    selector: str
    attribute: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """Texts and places in turn, beginning with a text; two empty ones round the place of what is no template."""

    texts: tuple[str, ...]
    places: tuple[_Place, ...]
    template: bool = True


def harvest(response: Response, recipe: Recipe) -> Harvest:
    """Raises ParseError: recipe, empty, challenge, error-page."""
    document = page.tree(decode(response.body, response.headers.get("content-type", "")))
    for said in (recipe.items, *(getattr(recipe, name) for name in FIELDS)):
        if said is not None and (wrong := problem(said)):
            raise refusal(wrong)
    values = {name: _value(said) for name in FIELDS if (said := getattr(recipe, name)) is not None}
    items = list({node.mem_id: node for node in document.css(recipe.items)}.values())
    if not items:
        refuse_page(response, document)
        raise refusal(f"`{recipe.items}` finds nothing in the page{_trodden(document, recipe.items)}")
    kept = newest(items, (moment(_said(item, values, "date")) for item in items))
    base = page.base_of(document, response.url)
    return Harvest(
        items=[_found(item, values, base) for item in kept],
        listed=len(items),
        title=page.head_title(document),
        lang=page.lang_of(document),
        lacking={name: words for name, value in values.items() if (words := _lack(name, value, items))},
    )


def problem(written: str) -> str | None:
    """What is wrong with a selector, a place or a template of places; None for a good one."""
    pieces = _PART.split(written)
    if any("{" in literal or "}" in literal for literal in pieces[::2]):
        return f"`{written}` has a brace without its other half: a selector stands in {{...}}"
    for one in pieces[1::2] or [written]:
        place = _place(one)
        if not place.selector and not place.attribute:
            return "an empty selector finds nothing"
        try:
            LexborHTMLParser("<p>").css(place.selector or "p")
        except SelectolaxError:
            return f"`{place.selector}` is no CSS selector that can be read"
    return None


def attribute(written: str) -> str | None:
    """The attribute that is meant, if one is."""
    return _place(written).attribute


def _value(text: str) -> _Value:
    pieces = _PART.split(text)
    if len(pieces) == 1:
        return _Value(texts=("", ""), places=(_place(text),), template=False)
    return _Value(texts=tuple(pieces[::2]), places=tuple(map(_place, pieces[1::2])))


def _place(text: str) -> _Place:
    found = _ATTRIBUTE.fullmatch(text)
    if found:
        return _Place(text=text, selector=found["selector"].strip(), attribute=found["name"].lower())
    return _Place(text=text, selector=text.strip())


# --- one item -------------------------------------------------------------------------------------


def _found(item: LexborNode, values: Mapping[str, _Value], base: str) -> Found:
    own = _own_link(item)
    href = (own.attributes["href"] or "") if own else ""
    return Found(
        id=_said(item, values, "id"),
        title=_said(item, values, "title") if "title" in values else page.text_of(own) if own else "",
        date=_said(item, values, "date") or None,
        text=_blocks(item, values),
        link=web(_said(item, values, "link") if "link" in values else href, base),
    )


def _said(item: LexborNode, values: Mapping[str, _Value], name: str) -> str:
    """The first text there, or the template filled."""
    value = values.get(name)
    if value is None:
        return _own_date(item) if name == "date" else ""
    parts = [_first(item, place, dated=name == "date") for place in value.places]
    return filled(name, value.texts, parts) if value.template else parts[0]


def _first(item: LexborNode, place: _Place, *, dated: bool = False) -> str:
    """A time's own attribute says more than its text."""
    for node in _nodes(item, place):
        if place.attribute:
            said = node.attributes.get(place.attribute) or ""
        else:
            said = (dated and node.attributes.get("datetime")) or page.text_of(node)
        if said.strip():
            return " ".join(said.split())
    return ""


def _nodes(item: LexborNode, place: _Place) -> list[LexborNode]:
    return item.css(place.selector) if place.selector else [item]


def _own_link(item: LexborNode) -> LexborNode | None:
    return item if item.tag == "a" and item.attributes.get("href") else item.css_first("a[href]")


def _own_date(item: LexborNode) -> str:
    node = item.css_first("time[datetime]")
    return (node.attributes["datetime"] or "") if node else ""


def _blocks(item: LexborNode, values: Mapping[str, _Value]) -> tuple[Block, ...]:
    if value := values.get("text"):
        if value.template or value.places[0].attribute:
            return text.blocks(_said(item, values, "text"))
        return tuple(block for node in _nodes(item, value.places[0]) for block in page.blocks_of(node))
    times = item.css(_TIMES)
    if (date := values.get("date")) and not date.places[0].attribute:
        times += _nodes(item, date.places[0])
    return page.blocks_of(item, frozenset(node.mem_id for node in times))


# --- what is not there ----------------------------------------------------------------------------


def _lack(name: str, value: _Value, items: Sequence[LexborNode]) -> str | None:
    """What a field finds in no item, in words."""
    for place in value.places:
        if not any(_is_there(item, place) for item in items):
            return f"{missing(place.text, name, len(items))}; the first has: {_inside(items[0])}"
    return None


def _is_there(item: LexborNode, place: _Place) -> bool:
    return any(place.attribute is None or place.attribute in node.attributes for node in _nodes(item, place))


def _inside(item: LexborNode) -> str:
    """The elements of an item, as a selector names them."""
    inner = (node for node in item.css("*")[: 10 * _SHOWN] if node.mem_id != item.mem_id)
    names = dict.fromkeys(map(_named, inner))
    return line(", ".join(list(names)[:_SHOWN]), 200)


def _named(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    return ".".join([node.tag or "", *classes[:1]])


def _trodden(document: LexborHTMLParser, selector: str) -> str:
    """How far a selector of simple steps comes."""
    steps = selector.split() if _SIMPLE.fullmatch(selector) else []
    for count in range(len(steps) - 1, 0, -1):
        head = " ".join(steps[:count]).rstrip(" >+~")
        if head and document.css_first(head):
            return f"; `{head}` is there, and in it: {_inside_all(document, head)}"
    title = line(page.head_title(document))
    return f", which is titled “{title}”" if title else ""


def _inside_all(document: LexborHTMLParser, selector: str) -> str:
    node = document.css_first(selector)
    return _inside(node) if node else ""
