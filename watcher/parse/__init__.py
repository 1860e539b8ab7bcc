"""pure: (a response, the hashes already known) -> the entries that are new, and all hashes.

A folder's files are an entry each (text.py, page.py); anything else is a feed (feed.py).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping

from watcher.model import File, Hash64, Parsed, Recipe, Response
from watcher.parse import feed
from watcher.parse.text import entry_from_file

_START = 1024  # bytes of a file in which a NUL gives away that it is no text
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse(response: Response, known: frozenset[Hash64], recipe: Recipe | None = None) -> Parsed:  # noqa: ARG001
    """Raises ParseError: empty, not-a-feed, truncated, unreadable. A bad file of a folder is only a warning."""
    if response.files is None:
        return feed.read(response, known)
    return _folder(response.files, known, response.headers.get("warning"))


def _folder(files: tuple[File, ...], known: frozenset[Hash64], warning: str | None) -> Parsed:
    """The hash of a bad file is left out: it is looked at again, and warned of, until it is mended or gone.

    `warning` is what the fetcher had to say of files it did not bring.
    """
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
