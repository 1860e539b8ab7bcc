"""pure: (a response, the hashes already known) -> the entries that are new, and all hashes.

A folder's files are an entry each (text.py, page.py). With a recipe, a document's items are where it says (recipe.py).
Else JSON is a JSON Feed (jsonfeed.py), a sitemap is one (sitemap.py), and anything else a feed in XML (feed.py). What
reads a kind is loaded when there is something to read: whoever checks a recipe needs no feedparser.

A page is page.py's: markup.py cuts it into blocks, sectioning.py and placing.py say what part of the page each stands
in, metadata.py and linked.py what the page says of its article; second.py asks another reader where hardly any text is
found. The page of an item comes through fulltext.py, which asks walls.py what stands before its text.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping

from watcher.model import File, Hash64, Parsed, Recipe, Response
from watcher.parse.packed import unpacked

_START = 1024  # bytes of a file in which a NUL gives away that it is no text
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # what may stand before a document's first character


def parse(
    response: Response, known: frozenset[Hash64], recipe: Recipe | None = None, scope: Hash64 | None = None
) -> Parsed:
    """Raises ParseError: empty, not-a-feed, truncated, unreadable, recipe, challenge, error-page, error-item. A bad
    file of a folder is only a warning. `scope` is that of the document which the hashes are from, and spares work.
    """
    if response.files is not None:
        return _folder(response.files, known, response.headers.get("warning"))
    response = unpacked(response)
    if recipe is not None:
        from watcher.parse import recipe as by_recipe

        return by_recipe.read(response, known, recipe)
    return _document(response, known, scope)


def _document(response: Response, known: frozenset[Hash64], scope: Hash64 | None) -> Parsed:
    from watcher.parse import feed, jsonfeed, sitemap

    if response.body[:_START].lstrip(_MARKS)[:1] in {b"{", b"["}:
        return jsonfeed.read(response, known)
    if sitemap.is_sitemap(response.body):
        return sitemap.read(response, known)
    return feed.read(response, known, scope)


def _folder(files: tuple[File, ...], known: frozenset[Hash64], warning: str | None) -> Parsed:
    """The hash of a bad file is left out: it is looked at again, and warned of, until it is mended or gone.

    `warning` is what the fetcher had to say of files it did not bring.
    """
    from watcher.parse.text import entry_from_file

    problems = {file.name: problem for file in files if (problem := _problem(file))}
    good = [file for file in files if file.name not in problems]
    new = [file for file in good if file.hash not in known]
    return Parsed(
        format="folder",
        hashes=tuple(file.hash for file in good),
        entries=tuple(entry_from_file(file) for file in new),
        cut=len(new) < len(good),
        warning="; ".join(filter(None, (warning, *_listed(problems)))) or None,
    )


def _problem(file: File) -> str | None:
    if not file.body.strip():
        return "is empty"
    if b"\0" in file.body[:_START] and not file.body.startswith(_WIDE):
        return "is binary, not text"
    return None


def _listed(problems: Mapping[str, str]) -> Iterator[str]:
    """The first three: thousands of files must not make thousands of words."""
    yield from (f"{name} {problem}" for name, problem in list(problems.items())[:3])
    if len(problems) > 3:
        yield f"and {len(problems) - 3:,} more files"
