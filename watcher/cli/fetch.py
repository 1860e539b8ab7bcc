"""`watcher fetch TARGET...`: what would be stored of a feed, a URL, a file or a folder, and why nothing if so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from watcher.cli.bench import Bench, open_bench
from watcher.cli.common import clean, config_path_or_none, note, options, paint, row, say
from watcher.cli.heard import advice, heard
from watcher.cli.structure import account_lines, block_rows, lifted_line
from watcher.model import Item
from watcher.sources import parted
from watcher.text.rfc3339 import rfc3339

PREVIEW = 300
EMPTY = "an empty argument names no address, file or folder"
NOTHING = "it can be read and holds no items: a poll would go well and store nothing"


@click.command("fetch")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--page", is_flag=True, help="Read TARGET as the page of an item, as `full_text: true` does.")
@options
def command(targets: Sequence[str], config: Path | None, *, page: bool, as_json: bool) -> int:
    """Show the items of each TARGET as they would be stored. And why none, if so.

    TARGET is a feed's URL, the id of a configured feed, a file or a folder. Nothing is stored.
    """
    with open_bench(config_path_or_none(config), None) as bench:
        good = [_told(bench, target, page=page, as_json=as_json) for target in targets]
    return 0 if all(good) else 1


def _told(bench: Bench, target: str, *, page: bool, as_json: bool) -> bool:
    """Tell what a target holds; whether it could be read."""
    if not target.strip():
        _fail(target, EMPTY, as_json=as_json)
        return False
    seen = bench.look(target, page=page)
    for said in heard(seen):
        note(said) if as_json else say(said)
    for item in seen.items:
        row(line(target, seen.format, item)) if as_json else _show(seen.format, item)
    if seen.feed.full_text and not page and (url := next((item.url for item in seen.items if item.url), None)):
        note(f"its items' pages are fetched, too; to see what is read there: watcher fetch --page {clean(url)}")
    if seen.error:
        _fail(target, str(seen.error), as_json=as_json)
        if told := advice(seen.error):
            note(f"watcher: {told}")
    elif not seen.items:
        _fail(target, NOTHING, as_json=as_json)
    return seen.error is None


def _fail(target: str, error: str, *, as_json: bool) -> None:
    if as_json:
        row({"target": target, "error": error})
    else:
        name = parted(target)[0]
        note(f"watcher: {clean(name)}: {clean(error.removeprefix(f'{name}: '))}")


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
        "said": item.said,
        "place": item.place,
        "outlet": item.outlet,
        "origin": item.origin.value,
        "wall": item.wall,
        "blocks": block_rows(item),
    }


def _show(format_: str, item: Item) -> None:
    say(paint(clean(item.title) or "(no title)", bold=True) + ("  (from the text)" if item.title_from_text else ""))
    say("  " + "  ·  ".join(clean(part) for part in (format_, item.url or "") if part))
    say(f"  {lifted_line(item)}")
    text = clean(item.text)
    if text:
        say(f"  {text[:PREVIEW]}{'…' if len(text) > PREVIEW else ''}")
    for account in account_lines(item):
        say(account)
    say()
