"""`watcher feeds import` and `export`: lists of feeds as other feed readers have them, OPML."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from watcher import opml, yamldoc
from watcher.cli.common import clean, config_path, note, options, row, say
from watcher.cli.edits import FileEdit, offer
from watcher.cli.feeds.edit import ConfigFile, open_config
from watcher.cli.progress import progress
from watcher.cli.starter import has_password
from watcher.cli.subscriptions import Found, of_address, of_file, tell_left_out
from watcher.config import Settings, load_config
from watcher.model import Access, Feed
from watcher.sources import FeedEntry, default_id
from watcher.text.counted import counted

LONG = 50
"""Feeds up to which the change of the file is shown line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """What of a list is not in the file yet, and how many are."""

    entries: tuple[FeedEntry, ...]
    there: int


# --- import -----------------------------------------------------------------------------------------


@click.command("import")
@click.argument("source", metavar="FILE|URL")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@options
def import_(source: str, config: Path | None, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Add the feeds of an OPML file, folders as tags. Exit 1 when one was left out, or nothing was written."""
    file = open_config(config)
    with progress() as shown:
        shown("reading the feeds", 0, 1)
        found = _read(source, file.settings)
        new = _new(file, found.entries)
        shown("adding them", 0, 1)
        edit = _edit(file, new.entries) if new.entries else None
    tell_left_out(found.left_out)
    if open_ := sum(map(has_password, new.entries)):
        note(f"{counted(open_, 'address', 'es')} with a password: keep {file.path} to yourself, or use `auth:`")
    if edit is None or dry_run:
        done = False
    else:
        question = f"Add {counted(len(new.entries), 'feed')} to {file.path}?"
        done = offer([edit], question, yes=yes, as_json=as_json)
    _tell(file, found, new, written=done, as_json=as_json)
    return 1 if found.left_out or not (done or dry_run or edit is None) else 0


def _read(source: str, settings: Settings) -> Found:
    return of_address(source, settings) if "://" in source else of_file(Path(source), settings.allow_private)


def _edit(file: ConfigFile, entries: Sequence[FeedEntry]) -> FileEdit:
    after = yamldoc.extended(file.source, ("feeds",), [_written(entry) for entry in entries])
    return file.changed(after, long=len(entries) > LONG)


def _new(file: ConfigFile, entries: Iterable[FeedEntry]) -> _New:
    ids = {id_ for id_, _ in file.entries}
    places = {default_id(url) for _, url in file.entries}
    fresh, there = [], 0
    for entry in entries:
        place = default_id(entry.url)
        taken = entry.id in ids
        name = place if entry.id is None or taken else entry.id
        if place in places or name in ids:
            there += 1
            continue
        ids.add(name)
        places.add(place)
        fresh.append(entry.model_copy(update={"id": None}) if taken else entry)
    return _New(entries=tuple(fresh), there=there)


def _written(entry: FeedEntry) -> dict[str, Any]:
    wanted = {"id": entry.id, "url": entry.url, "tags": list(entry.tags)}
    return {key: value for key, value in wanted.items() if value}


def _tell(file: ConfigFile, found: Found, new: _New, *, written: bool, as_json: bool) -> None:
    if as_json:
        row(
            {
                "file": file.path,
                "feeds": len(new.entries),
                "there": new.there,
                "repeated": found.repeated,
                "left_out": list(found.left_out),
                "written": written,
            }
        )
        return
    said = [f"{counted(len(new.entries), 'feed')} {'added' if written else 'to add'}"]
    said += [f"{new.there:,} there already"] if new.there else []
    said += [f"{found.repeated:,} listed again"] if found.repeated else []
    said += [f"{len(found.left_out):,} left out"] if found.left_out else []
    say(", ".join(said))


# --- export -----------------------------------------------------------------------------------------


@click.command("export")
@click.option("--tag", help="Only feeds with this tag.")
@options
def export(config: Path | None, tag: str | None, *, as_json: bool) -> int:
    """Print the feeds on the web as OPML, for other feed readers. No password goes with them."""
    settings = load_config(config_path(config), os.environ, require_secrets=False)
    feeds = [feed for feed in settings.feeds if tag is None or tag in feed.tags]
    going = [feed for feed in feeds if not _stays(feed)]
    for line in _left(settings, feeds, going):
        note(line)
    if as_json:
        for feed in going:
            row({"feed": feed.id, "url": feed.url, "tags": list(feed.tags)})
    else:
        say(opml.written(going).decode().rstrip("\n"))
    return 0


def _stays(feed: Feed) -> bool:
    """A folder, and what is no feed without its recipe, mean nothing elsewhere."""
    return feed.url.startswith("file:") or feed.recipe is not None


def _left(settings: Settings, feeds: list[Feed], going: list[Feed]) -> Iterator[str]:
    for feed in feeds:
        if _stays(feed):
            what = "its items are found by `items:`" if feed.recipe else "it is a folder"
            yield f"left out {clean(feed.id)}: {what}"
    closed = sum(1 for feed in going if settings.access.get(feed.id, Access()).headers)
    if closed:
        yield f"{counted(closed, 'feed')} with credentials or headers, which are not exported"
