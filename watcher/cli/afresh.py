"""What another judgement of a stored item would make of it: block by block, and of what rules find in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from watcher.cli.common import clean, paint
from watcher.model import Item, Role
from watcher.normalise.again import Change, changes
from watcher.text.counted import counted
from watcher.text.cut import cut
from watcher.text.rfc3339 import rfc3339

SHOWN = 90
"""Code points of a block that people are shown."""
BLOCKS = 20
"""Blocks that they are shown."""
FIELDS = ("title", "published", "authors", "place", "outlet", "lang", "wall")


def fresh_row(was: Item, now: Item) -> dict[str, Any]:
    """How an item would be if it came now."""
    return {
        "learned": now.learned,
        "same_raw": was.raw == now.raw,
        "blocks": [_row(was, change) for change in _changes(was, now)],
        "fields": [
            {"field": name, "was": _plain(getattr(was, name)), "now": _plain(getattr(now, name))}
            for name in FIELDS
            if getattr(was, name) != getattr(now, name)
        ],
    }


def fresh_lines(was: Item, found: Mapping[str, Any]) -> Iterator[str]:
    """The same for people."""
    if not found["same_raw"]:
        yield "  judged again, all of it would be cleaned otherwise"
    elif not (found["blocks"] or found["fields"]):
        yield "  judged again, nothing would be otherwise"
    else:
        yield "  judged again, this would be otherwise; nothing of it is stored:"
    for change in found["blocks"][:BLOCKS]:
        text = cut(clean(was.raw[change["start"] : change["end"]]), SHOWN)
        why = f" because it {clean(change['why'])}" if change["why"] else ""
        yield f"    “{text}”"
        yield f"      was {change['was']}, is {paint(change['now'], bold=True)}{why}"
    if len(found["blocks"]) > BLOCKS:
        yield f"    … and {counted(len(found['blocks']) - BLOCKS, 'block')} more"
    for field in found["fields"]:
        yield f"    {field['field']} was {_shown(field['was'])}, is {_shown(field['now'])}"


def _changes(was: Item, now: Item) -> tuple[Change, ...]:
    return changes(was, now) if was.raw == now.raw else ()


def _row(item: Item, change: Change) -> dict[str, Any]:
    return {
        "start": change.start,
        "end": change.end,
        "was": change.was.role.value,
        "now": change.now.role.value,
        "why": change.now.why if change.now.role is not Role.BODY else "",
        "text": item.raw[change.start : change.end],
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else rfc3339(value) if hasattr(value, "isoformat") else value


def _shown(value: Any) -> str:
    words = ", ".join(value) if isinstance(value, list) else str(value or "")
    return f"“{cut(clean(words), SHOWN)}”" if words else "nothing"
