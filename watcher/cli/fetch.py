"""`watcher fetch TARGET...`: what would be stored of a URL, a file or a folder, and why nothing if so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from watcher.cli.bench import open_bench
from watcher.cli.common import clean, config_path_or_none, note, options, paint, row, say
from watcher.model import Item
from watcher.text.rfc3339 import rfc3339

PREVIEW = 300


@click.command("fetch")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@options
def command(targets: Sequence[str], config: Path | None, *, as_json: bool) -> int:
    """Show the items of each TARGET as they would be stored.

    TARGET is a feed's URL, a file or a folder. Nothing is stored.
    """
    failed = 0
    with open_bench(config_path_or_none(config), None) as bench:
        for target in targets:
            format_, items, error = bench.fetch(target)
            if error:
                failed += 1
                _fail(target, error, as_json=as_json)
            for item in items:
                if as_json:
                    row(line(target, format_, item))
                else:
                    _show(format_, item)
    return 1 if failed else 0


def _fail(target: str, error: str, *, as_json: bool) -> None:
    if as_json:
        row({"target": target, "error": error})
    else:
        note(f"watcher: {clean(target)}: {clean(error)}")


def line(target: str, format_: str, item: Item) -> dict[str, Any]:
    """An item as other programs may rely on it."""
    return {
        "target": target,
        "feed_format": format_,
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "title_from_text": item.title_from_text,
        "published": rfc3339(item.published),
        "updated": rfc3339(item.updated),
        "authors": list(item.authors),
        "tags": list(item.tags),
        "lang": item.lang,
        "summary": item.summary,
        "text": item.text,
        "raw": item.raw,
        "blocks": [
            {"start": block.start, "end": block.end, "role": block.role.value, "why": block.why}
            for block in item.blocks
        ],
    }


def _show(format_: str, item: Item) -> None:
    say(paint(clean(item.title) or "(no title)", bold=True) + ("  (from the text)" if item.title_from_text else ""))
    about = [format_, rfc3339(item.published) or "no date", ", ".join(item.authors), item.url or ""]
    say("  " + "  ·  ".join(clean(part) for part in about if part))
    text = clean(item.text)
    say(f"  {text[:PREVIEW]}{'…' if len(text) > PREVIEW else ''}")
    say(f"  {len(item.text.split())} words of text, {len(item.raw.split())} in all")
    say()
