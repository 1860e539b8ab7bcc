"""pure: queries and filters of other programs -> a rule file, with everything that changes in meaning said.

What cannot be said here is left out with a word above its rule, never in silence; a query of which nothing can be said
stands as a remark in place of its rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from watcher.rules import load
from watcher.rules.imports import freshrss, google, lucene, miniflux
from watcher.rules.imports.scan import Notes
from watcher.rules.nodes import Node
from watcher.rules.printer import to_text
from watcher.rules.written import MODELINE, entry, free_id
from watcher.text.cut import cut
from watcher.text.shown import one_line
from watcher.yamldoc.style import entry as lines_of

__all__ = ["FORMATS", "HEADS", "Imported", "read", "rule_file"]

_TITLE = 80  # code points
_BY_LINE: Mapping[str, Callable[[str, Notes], Node | None]] = {
    "google-alerts": google.read,
    "lucene": lucene.read,
    "freshrss": freshrss.read,
}
FORMATS = ("google-alerts", "lucene", "miniflux", "freshrss")
HEADS: Mapping[str, tuple[str, ...]] = {
    "google-alerts": google.HEAD,
    "lucene": lucene.HEAD,
    "miniflux": miniflux.HEAD,
    "freshrss": freshrss.HEAD,
}
"""What differs for every query of a format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A query as it was written; the expression is None where nothing of it can be said. `notes`: what changes."""

    source: str
    id: str
    expression: str | None
    notes: tuple[str, ...]


def read(format_: str, text: str) -> tuple[Imported, ...]:
    """Every query of a text, one a line; empty lines and those that begin with `#` are none. `format_`: of FORMATS."""
    taken: set[str] = set()
    found = []
    for source, tree, notes in _queries(format_, text):
        rule_id = free_id(cut(" ".join(source.split()), _TITLE), taken)
        taken.add(rule_id)
        found.append(_checked(Imported(source=source, id=rule_id, expression=_said(tree), notes=tuple(notes.said))))
    return tuple(found)


def rule_file(format_: str, imported: tuple[Imported, ...]) -> str:
    """The rule file, what changes in meaning above each rule."""
    lines = [MODELINE, f"# From {format_}. Throughout:", *(f"# - {one_line(note)}" for note in HEADS[format_])]
    lines += ["schema: watch/1", "", "rules:"]
    for each in imported:
        lines += [f"  # {one_line(each.source)}", *(f"  # - {one_line(note)}" for note in each.notes)]
        if each.expression is None:
            lines.append("  # - not taken over")
        else:
            lines += _rule_lines(each)
        lines.append("")
    return "\n".join(lines[:-1] if imported else lines) + "\n"


def _queries(format_: str, text: str) -> Iterator[tuple[str, Node | None, Notes]]:
    if format_ == "miniflux":
        yield from miniflux.read(text)
        return
    for line in filter(None, map(str.strip, text.lstrip("\ufeff").splitlines())):
        if not line.startswith("# "):
            notes = Notes()
            yield line, _BY_LINE[format_](line, notes), notes


def _said(tree: Node | None) -> str | None:
    return to_text(tree) if tree else None


def _rule_lines(each: Imported) -> list[str]:
    assert each.expression is not None
    title = cut(one_line(each.source), _TITLE)
    return lines_of("-", entry(each.id, title, each.expression), 2, 2)


def _checked(each: Imported) -> Imported:
    """Without the expression where it would be a mistake in a rule file, and with the reason."""
    if each.expression is None:
        return replace(each, notes=(*each.notes, "nothing of it can be said here"))
    source = "\n".join(["rules:", *_rule_lines(each), ""]).encode(errors="replace")
    loaded = load({"imported.yaml": source})
    if loaded.rules:
        return each
    why = "; ".join(dict.fromkeys(f.message for f in loaded.findings)) or "it does not read as a rule"
    return replace(each, expression=None, notes=(*each.notes, f"in place: {each.expression}", why))
