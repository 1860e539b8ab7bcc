"""How an item's article was read, for programs and for people: what was kept, what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from watcher.cli.common import clean, paint
from watcher.model import Item, Origin, PlacedBlock, Role
from watcher.text.counted import counted
from watcher.text.cut import cut
from watcher.text.rfc3339 import rfc3339

GROUPS = 6
"""Kinds of what was left out that people are told one by one."""
SHOWN = 60
"""Code points of a block that they are shown."""
WALLS = {
    "paywall": "the page shows its text to subscribers only: this is what it shows to everybody",
    "cookies": "the page asks for consent to cookies before it shows its text",
}


def block_rows(item: Item) -> list[dict[str, Any]]:
    """Every block, or piece of one: `raw[start:end]` is its text."""
    return [
        {
            "start": block.start,
            "end": block.end,
            "role": block.role.value,
            "why": block.why,
            "kind": block.kind.value,
            "section": block.section.value,
        }
        for block in item.blocks
    ]


def article_row(item: Item) -> dict[str, Any]:
    """What was made of the blocks, in short."""
    return {
        "title": item.title,
        "title_from_text": item.title_from_text,
        "published": rfc3339(item.published),
        "said": item.said,
        "authors": list(item.authors),
        "place": item.place,
        "outlet": item.outlet,
        "origin": item.origin.value,
        "wall": item.wall,
        "learned": item.learned,
        "words": _words(item.text),
        "words_in_all": _words(item.raw),
        "left_out": [
            {"role": role.value, "why": why, "blocks": len(blocks), "words": _words_of(item, blocks)}
            for (role, why), blocks in _left_out(item)
        ],
    }


def lifted_line(item: Item) -> str:
    """Who wrote it, when and where, for people."""
    undated = f"no date can be read in “{cut(item.said, SHOWN)}”" if item.said else "no date"
    parts = {
        "by ": ", ".join(item.authors),
        "": rfc3339(item.published) or undated,
        "in ": item.place,
        "from ": item.outlet,
        "as ": "its page has it" if item.origin is Origin.PAGE else "",
    }
    return "  ·  ".join(clean(f"{word}{said}") for word, said in parts.items() if said)


def account_lines(item: Item, *, blocks: bool = False) -> Iterator[str]:
    """How much of it is the article, and what the rest is, or each of its `blocks`, for people."""
    if item.wall:
        yield f"  {paint(WALLS.get(item.wall, clean(item.wall)), fg='yellow')}"
    left_out = any(block.role is not Role.BODY for block in item.blocks)
    words, whole = f"{_words(item.text):,}", counted(_words(item.raw), "word")
    yield f"  {words} of {whole} are its text; the others:" if left_out else f"  {whole}, all of them its text"
    yield from _block_lines(item) if blocks else _group_lines(item)


def _group_lines(item: Item) -> Iterator[str]:
    groups = _left_out(item)
    for (role, why), blocks in groups[:GROUPS]:
        more = f" and {counted(len(blocks) - 1, 'other')}" if len(blocks) > 1 else ""
        yield f"    {_painted(role)} {_quoted(item, blocks[0])}{more}{_because(why)}"
    if len(groups) > GROUPS:
        rest = sum(len(blocks) for _, blocks in groups[GROUPS:])
        yield f"    … and {counted(rest, 'block')} more, for other reasons"


def _block_lines(item: Item) -> Iterator[str]:
    for block in item.blocks:
        text = clean(item.raw[block.start : block.end])
        yield f"    {_painted(block.role)} {'… ' if block.goes_on else ''}{text}{_because(block.why)}"


def _painted(role: Role) -> str:
    name = f"{role.value:<11}"
    return name if role is Role.BODY else paint(name, fg="yellow")


def _because(why: str) -> str:
    return f"  {paint(clean(why), dim=True)}" if why else ""


def _left_out(item: Item) -> list[tuple[tuple[Role, str], list[PlacedBlock]]]:
    """What is no part of the text, by what it is and why; in the order of the first of each."""
    groups: dict[tuple[Role, str], list[PlacedBlock]] = {}
    for block in item.blocks:
        if block.role is not Role.BODY:
            groups.setdefault((block.role, block.why), []).append(block)
    return list(groups.items())


def _quoted(item: Item, block: PlacedBlock) -> str:
    return f"“{cut(clean(item.raw[block.start : block.end]), SHOWN)}”"


def _words_of(item: Item, blocks: Sequence[PlacedBlock]) -> int:
    return sum(_words(item.raw[block.start : block.end]) for block in blocks)


def _words(text: str) -> int:
    return len(text.split())
