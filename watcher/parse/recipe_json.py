"""pure: a JSON document and a recipe's paths -> what they find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from watcher.model import Block, Recipe, Response
from watcher.parse import jsons, page, text
from watcher.parse.address import web
from watcher.parse.limits import newest
from watcher.parse.moments import moment
from watcher.parse.paths import Every, Path, Template, inside, is_template, kind_of, path, stop, template, values
from watcher.parse.recipe import FIELDS, Found, Harvest, filled, missing, refusal

_MARKUP = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|h[1-6]|i|li|ol|p|pre|span|strong|table|ul)\b[^<>]*>", re.IGNORECASE
)
_LOOKED_AT = 20_000  # items in which a field is missed before it is called missing
_Where = Path | Template


def harvest(response: Response, recipe: Recipe) -> Harvest:
    """Raises ParseError: recipe, empty, truncated, unreadable."""
    document = jsons.load(response.body, response.headers.get("content-type", ""))
    try:
        fields = {name: _where(said) for name in FIELDS if (said := getattr(recipe, name)) is not None}
        items = _items(document, path(recipe.items))
    except ValueError as error:
        raise refusal(str(error)) from None
    kept = newest(items, (moment(_date(item, fields)) for item in items))
    return Harvest(
        items=[_found(item, fields, response.url) for item in kept],
        listed=len(items),
        lacking={name: words for name, where in fields.items() if (words := _lack(name, where, items))},
    )


def _where(said: str) -> _Where:
    return template(said) if is_template(said) else path(said)


def _items(document: Any, where: Path) -> list[Any]:
    """The elements of the lists that the path leads to, or what its last [*] does.

    `null` is how some programs write an empty list.
    """
    at = [document]
    for step in where.steps:
        if step is Every.ELEMENT and all(one in ([], {}, None) for one in at):
            return []
        at = [value for one in at for value in inside(one, step)]
        if not at:
            raise refusal(_missing(document, where))
    if where.steps and where.steps[-1] is Every.ELEMENT:
        return at
    for one in at:
        if one is not None and not isinstance(one, list):
            hint = f"; to take its values write `{where.text}[*]`" if isinstance(one, dict) and where.steps else ""
            raise refusal(f"`{where.text}` is no list of items but {kind_of(one)}{hint}{_said(document)}")
    return [item for one in at for item in one or ()]


def _missing(document: Any, where: Path) -> str:
    return f"`{where.text}` is not in the document; {stop(document, where)}{_said(document)}"


def _said(document: Any) -> str:
    said = jsons.trouble(document)
    return f"; it says “{said}”" if said else ""


# --- one item -------------------------------------------------------------------------------------


def _found(item: Any, fields: Mapping[str, _Where], base: str) -> Found:
    return Found(
        id=_text(item, fields, "id"),
        title=page.plain(_text(item, fields, "title")),
        date=_date(item, fields),
        text=tuple(_blocks(item, fields.get("text"))),
        link=web(_text(item, fields, "link"), base),
    )


def _text(item: Any, fields: Mapping[str, _Where], name: str) -> str:
    """The first text there, or the template filled."""
    where = fields.get(name)
    if isinstance(where, Template):
        return filled(name, where.texts, [_first(item, one) for one in where.paths])
    return _first(item, where) if where else ""


def _first(item: Any, where: Path) -> str:
    return next((said for value in values(item, where) if (said := jsons.text_of(value).strip())), "")


def _date(item: Any, fields: Mapping[str, _Where]) -> str | float | None:
    """A number stays one: it counts seconds or milliseconds."""
    where = fields.get("date")
    if isinstance(where, Path):
        numbers = (one for one in values(item, where) if isinstance(one, int | float) and not isinstance(one, bool))
        if (number := next(numbers, None)) is not None:
            return number
    return _text(item, fields, "date") or None


def _blocks(item: Any, where: _Where | None) -> Iterator[Block]:
    """Every text there, as HTML where it has its tags."""
    if isinstance(where, Template):
        yield from text.blocks(_text(item, {"text": where}, "text"))
    for value in values(item, where) if isinstance(where, Path) else ():
        said = jsons.text_of(value)
        yield from page.blocks(said) if _MARKUP.search(said) else text.blocks(said)


def _lack(name: str, where: _Where, items: Sequence[Any]) -> str | None:
    """What a field finds in no item, in words; None where it finds anything in one of them, and be it `null`."""
    asked = (where,) if isinstance(where, Path) else where.paths
    for one in asked:
        if items and not any(_is_there(item, one) for item in items[:_LOOKED_AT]):
            return f"{missing(one.text, name, len(items))}; {stop(items[0], one, 'the first')}"
    return None


def _is_there(item: Any, where: Path) -> bool:
    return any(not isinstance(value, dict | list) for value in values(item, where))
