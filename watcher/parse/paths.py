"""pure: a path such as `cve.descriptions[0].value`, and JSON -> what is there, or in words where it stops.

Names are joined by dots; `[0]` is an element of a list (`[-1]` the last), `[*]` every element of a list or value of an
object, `["a.b"]` a name in which dots or brackets stand. Nothing at all, or `.`, is the whole. A path may begin with
`$`, as JSONPath has it. Nothing is computed: there are no filters, wildcards of names or scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from watcher.text.shown import line

_STEP = re.compile(
    r"""(?:\.|\A\.?)(?P<name>[^\s.\[\]{}"'][^.\[\]{}]*)"""
    r"""|\.?\[\s*(?:(?P<number>-?\d{1,9})|(?P<all>\*)|"(?P<double>[^"]+)"|'(?P<single>[^']+)')\s*\]"""
)
_PART = re.compile(r"\{([^{}]*)\}")
_SHOWN_KEYS = 8
_SHOWN = 40  # characters of a name that a server chose


class Every(Enum):
    """The step to all elements."""

    ELEMENT = "*"


Step = str | int | Every


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Where in a document something is."""

    text: str  # as its owner wrote it
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Texts and paths in turn, beginning with a text: what is there is put between the texts."""

    texts: tuple[str, ...]
    paths: tuple[Path, ...]


def path(text: str) -> Path:
    """Raises ValueError with one line that says what is wrong."""
    written = text.strip()
    rest = written[1:] if written == "$" or written.startswith(("$.", "$[")) else written
    if rest == ".":
        rest = ""
    if rest.startswith("/"):
        raise ValueError(f"`{text}` is no path: names are joined by dots, as in `cve.descriptions[0].value`")
    steps, at = [], 0
    while at < len(rest):
        found = _STEP.match(rest, at)
        if not found:
            raise ValueError(_wrong(text, rest, at))
        steps.append(_step(found))
        at = found.end()
    return Path(text=written or ".", steps=tuple(steps))


def template(text: str) -> Template:
    """A path in each pair of braces. Raises ValueError."""
    pieces = _PART.split(text)
    texts, inside = pieces[::2], pieces[1::2]
    if any("{" in part or "}" in part for part in texts):
        raise ValueError(f"`{text}` has a brace without its other half: a path stands in {{...}}")
    return Template(texts=tuple(texts), paths=tuple(path(part) for part in inside))


def is_template(text: str) -> bool:
    return "{" in text or "}" in text


def values(whole: Any, where: Path) -> list[Any]:
    """What is there, in document order: nothing where a step leads nowhere, more than one only by `[*]`."""
    found = [whole]
    for step in where.steps:
        found = [inner for value in found for inner in inside(value, step)]
    return found


def stop(whole: Any, where: Path, name: str = "the document") -> str:
    """Where a path that leads nowhere stops, and what is there instead: to follow the words "`path` is not in it"."""
    at, trodden = [whole], ""
    for step in where.steps:
        inner = [value for one in at for value in inside(one, step)]
        if not inner:
            return _what(at[0] if at else None, f"`{trodden}`" if trodden else name, step)
        at, trodden = inner, _joined(trodden, step)
    return _what(at[0], f"`{trodden}`" if trodden else name, None)


def kind_of(value: Any) -> str:
    """What a value is, in words; an object with its names."""
    if isinstance(value, dict):
        return f"an object with: {_listed(value)}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value):,}" if value else "an empty list"
    return {str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def inside(value: Any, step: Step) -> Iterable[Any]:
    """What one step leads to."""
    if isinstance(value, dict):
        if step is Every.ELEMENT:
            return value.values()
        return (value[step],) if isinstance(step, str) and step in value else ()
    if isinstance(value, list):
        if step is Every.ELEMENT:
            return value
        return (value[step],) if isinstance(step, int) and -len(value) <= step < len(value) else ()
    return ()


def _what(value: Any, name: str, step: Step | None) -> str:
    if isinstance(value, dict) and value:
        return f"{name} has: {_listed(value)}"
    if isinstance(value, list) and value and isinstance(step, str):
        return f"{name} is a list of {len(value):,}: write [*] for all of its elements, [0] for the first"
    return f"{name} is {kind_of(value)}"


def _listed(names: Iterable[str]) -> str:
    listed = [line(name, _SHOWN) for name in names]
    more = f" and {len(listed) - _SHOWN_KEYS:,} more" if len(listed) > _SHOWN_KEYS else ""
    return ", ".join(listed[:_SHOWN_KEYS]) + more


def _joined(trodden: str, step: Step) -> str:
    if isinstance(step, str):
        return f"{trodden}.{step}" if trodden else step
    return f"{trodden}[{step.value if isinstance(step, Every) else step}]"


def _step(found: re.Match[str]) -> Step:
    if found["number"]:
        return int(found["number"])
    if found["all"]:
        return Every.ELEMENT
    return (found["name"] or "").rstrip() or found["double"] or found["single"]


def _wrong(text: str, rest: str, at: int) -> str:
    if ".." in rest or "?" in rest[at:]:
        return f"`{text}` has two dots or a filter: a path has names, [0] and [*] only"
    if rest[at] == "[" or rest.startswith(".[", at):
        return f'`{text}` has a bracket that is none of [0], [*] and ["name"]'
    return f"`{text}` goes wrong at `{rest[at:]}`: a path has names joined by dots, [0] and [*]"
