"""pure: a document that is no feed, and the recipe for its items -> Parsed.

JSON is read by paths (paths.py), a page by CSS selectors. A recipe that finds nothing is an error that says where it
stopped, for a page that was rebuilt must not look like a feed with no news; a list that is there and empty is one.
An entry's hash is of what the recipe found: counters and tokens around it make nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from watcher.errors import ParseError
from watcher.model import Block, Entry, Hash64, Parsed, Recipe, RecipeKind, Response
from watcher.parse import paths
from watcher.parse.limits import hash64, too_many
from watcher.parse.moments import moment
from watcher.text.shown import line

FIELDS = ("id", "title", "date", "text", "link")
_EXACT = frozenset(("id", "link", "date"))
_LOOSE = " \t\n:;,|/–—-"  # what stands between two parts
_ENOUGH = 3
"""Items of which not one has a field: fewer may be without it for once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a recipe found of one item, as it stands there. `link` is absolute."""

    id: str = ""
    title: str = ""
    date: str | float | None = None
    text: tuple[Block, ...] = ()
    link: str | None = None

    @property
    def hash(self) -> Hash64:
        said = (self.id, self.title, str(self.date), self.link or "", *(block.text for block in self.text))
        return hash64("\0".join(said).encode(errors="surrogatepass"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """All that a recipe found in a document. `lacking`: for each field it asks for in vain, what is there instead."""

    items: Sequence[Found]
    listed: int  # items in the document; MAX_ENTRIES of them at most are among `items`
    title: str = ""
    lang: str | None = None
    lacking: Mapping[str, str] = field(default_factory=dict)


def read(response: Response, known: frozenset[Hash64], recipe: Recipe) -> Parsed:
    """Raises ParseError: recipe, and what the document raises: empty, truncated, unreadable, challenge, error-page."""
    if recipe.kind is RecipeKind.JSON:
        from watcher.parse.recipe_json import harvest
    else:
        from watcher.parse.recipe_css import harvest
    if wrong := items_problem(recipe):
        raise refusal(wrong)
    found = harvest(response, recipe)
    if found.listed >= _ENOUGH and found.lacking:
        raise refusal(next(iter(found.lacking.values())))
    hashed: dict[Hash64, Found] = {}
    for item in found.items:
        hashed.setdefault(item.hash, item)
    new = tuple(_entry(key, item) for key, item in hashed.items() if key not in known)
    return Parsed(
        format=recipe.kind.value,
        hashes=tuple(hashed),
        entries=new,
        title=found.title,
        lang=found.lang,
        cut=len(new) < len(hashed),
        warning="; ".join(_warnings(recipe, found)) or None,
    )


def path_problem(text: str) -> str | None:
    """What is wrong with a path into JSON, or with a template of paths in braces; None for a good one."""
    try:
        if paths.is_template(text):
            paths.template(text)
        else:
            paths.path(text)
    except ValueError as error:
        return str(error)
    return None


def selector_problem(text: str) -> str | None:
    """What is wrong with a CSS selector, alone, with `@attribute`, or in braces in a template; None for a good one."""
    from watcher.parse.recipe_css import problem

    return problem(text)


def items_problem(recipe: Recipe) -> str | None:
    """Why items cannot be found so, where a value could: they are elements or objects, and no texts."""
    if paths.is_template(recipe.items):
        return f"`{recipe.items}` is a template, which makes a text; items are found by a path or a selector alone"
    if recipe.kind is RecipeKind.CSS and "@" in recipe.items:
        from watcher.parse.recipe_css import attribute

        if name := attribute(recipe.items):
            return f"`{recipe.items}` is an attribute's text; items are elements, of which `@{name}` can be the `link`"
    return None


def filled(name: str, texts: Sequence[str], parts: Sequence[str]) -> str:
    """A template with what was found put between its texts, percent-encoded in a link.

    An address or an id of which a part is missing is none; a title and a text are what is left of them.
    """
    whole = all(parts)
    if not any(parts) or (name in _EXACT and not whole):
        return ""
    encoded = [quote(part, safe="") for part in parts] if name == "link" else parts
    said = texts[0] + "".join(part + following for part, following in zip(encoded, texts[1:], strict=True))
    return said if whole else said.strip(_LOOSE)


def missing(written: str, name: str, items: int) -> str:
    """The words for a field that is in no item."""
    where = f"none of the {items:,} items" if items > 1 else "no item: there is one"
    return f"`{written}` ({name}) is in {where}"


def refusal(words: str) -> ParseError:
    return ParseError(words, kind="recipe")


def _entry(key: Hash64, found: Found) -> Entry:
    return Entry(
        hash=key,
        guid=found.id or None,
        link=found.link,
        title=found.title,
        blocks=found.text,
        published=moment(found.date),
    )


def _warnings(recipe: Recipe, found: Harvest) -> Iterator[str]:
    yield from found.lacking.values()
    said = [item.date for item in found.items if item.date is not None]
    if said and not any(map(moment, said)):
        yield f"`{recipe.date}` is a date that cannot be read: “{line(str(said[0]), 60)}”"
    if found.listed > len(found.items):
        yield too_many(found.listed, "newest" if recipe.date else "first")
