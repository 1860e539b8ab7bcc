"""`watcher feeds add` and `remove`: one entry of the configuration, every other byte left as it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from watcher import yamldoc
from watcher.cli.common import clean, config_path, meant, note, options, paint, row, say
from watcher.cli.edits import FileEdit, offer
from watcher.cli.progress import progress
from watcher.config import Settings, load_config
from watcher.config.schema import WatcherFile
from watcher.errors import ConfigError, ParseError, UsageError, WatcherError
from watcher.model import FindingSeverity
from watcher.sources import FeedEntry, absolute, default_id, parted, spelled
from watcher.text.cut import cut

if TYPE_CHECKING:
    from watcher.cli.bench import Bench, Seen

SHOWN = 5
"""Items that are shown before a feed is added."""
TITLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A configuration that is good, and the bytes it was read from: its feeds stand there in the same order."""

    settings: Settings
    source: bytes

    @property
    def path(self) -> str:
        return self.settings.path

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """Id and absolute URL of each feed, without user and password."""
        return tuple((feed.id, feed.url) for feed in self.settings.feeds)

    @property
    def base(self) -> str:
        """The folder that its paths start from."""
        return str(Path(self.path).resolve().parent)

    def changed(self, after: bytes, *, long: bool = False) -> FileEdit:
        """Raises RefusedError where the file would not be good any more."""
        node, findings = yamldoc.load(after, self.path)
        _, more = yamldoc.validate(WatcherFile, node, self.path) if node else (None, ())
        wrong = [f for f in (*findings, *more) if f.severity is FindingSeverity.ERROR]
        if wrong:
            raise RefusedError(wrong)
        return FileEdit(path=self.path, before=self.source, after=after, long=long)


class RefusedError(ConfigError):
    """The configuration would be wrong: exit 1, as at a bad rule."""

    exit_code = 1


class UnreadError(WatcherError):
    """What is to be added cannot be read."""

    exit_code = 1


def open_config(config: Path | None) -> ConfigFile:
    """Raises ConfigError."""
    path = config_path(config)
    source = path.read_bytes() if path.is_file() else b""  # what is wrong with it is told by who reads it
    return ConfigFile(settings=load_config(path, os.environ, require_secrets=False), source=source)


# --- adding -----------------------------------------------------------------------------------------


@click.command("add")
@click.argument("url")
@click.option("--id", "feed_id", metavar="ID", help="Its id; else its address.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option("--interval", metavar="TIME", help="How often to look, such as 5m; else as often as something comes.")
@click.option("--unread", is_flag=True, help="Take the address as it is: nothing is fetched.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@options
def add(
    url: str,
    config: Path | None,
    *,
    feed_id: str | None,
    tags: Sequence[str],
    interval: str | None,
    unread: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Add the feed at URL to the configuration. Of a page the feed that it announces.

    URL may be a folder, too. First it shows what would be stored. Exit 1 when nothing was written.
    """
    file = open_config(config)
    address = _address(url, file)
    if known := _known(file, address):
        return _said_known(known, address, as_json=as_json)
    if not unread:
        address = _found(file, address, ask=not (yes or as_json) and sys.stdin.isatty(), as_json=as_json)
        if known := _known(file, address):
            return _said_known(known, address, as_json=as_json)
    entry = _entry(file, feed_id, address, tags, interval)
    edit = file.changed(yamldoc.extended(file.source, ("feeds",), [entry]))
    done = offer([edit], f"Add it to {edit.path}?", yes=yes, as_json=as_json)
    name = str(entry.get("id") or default_id(address))
    if as_json:
        row({"feed": name, "url": parted(address)[0], "file": edit.path, "written": done})
    elif done:
        say(f"added {clean(name)}; a daemon that runs takes it over by itself")
    return 0 if done else 1


def _address(url: str, file: ConfigFile) -> str:
    """What is to stand in the file: a path from its folder, or a web address. Raises UsageError."""
    if "://" not in url and os.path.exists(url):  # noqa: PTH110  this one never raises
        return os.path.relpath(Path(url).resolve(), file.base)
    address = spelled(url)
    if "://" not in address:
        raise UsageError(f"{clean(url)} is no address that begins with https://, and no folder here")
    return address


def _known(file: ConfigFile, address: str) -> str | None:
    """The id of the feed that has this address already."""
    url = parted(absolute(address, file.base))[0]
    return next((id_ for id_, other in file.entries if other == url), None)


def _said_known(known: str, address: str, *, as_json: bool) -> int:
    if as_json:
        row({"feed": known, "url": parted(address)[0], "file": None, "written": False})
    else:
        say(f"it is there already: {clean(known)}; `watcher feeds show {clean(known)}` says how it is")
    return 0


def _found(file: ConfigFile, address: str, *, ask: bool, as_json: bool) -> str:
    """The address of what can be read: this one, a feed that its page announces, or one where many sites have theirs.
    Raises UnreadError.
    """
    from watcher.cli.bench import bench_over
    from watcher.cli.heard import advice, heard
    from watcher.rules import load

    show = note if as_json else say
    with bench_over(file.settings, load({})) as bench:
        seen = bench.look(absolute(address, file.base))
        if len(seen.announced) > 1 and (ask or seen.error):
            seen = _one_of(bench, seen, ask=ask)
        elif isinstance(seen.error, ParseError) and seen.error.kind == "not-a-feed":
            show("it is a page that announces no feed; looking where many sites have theirs")
            seen = _first(bench, seen, _usual_places(seen))
    if seen.error is not None:
        told = advice(seen.error)
        raise UnreadError(f"{clean(str(seen.error))}{f'; {told}' if told else ''}; --unread adds it all the same")
    for said in heard(seen):
        show(said)
    for item in seen.items[:SHOWN]:
        show(f"  {paint(cut(clean(item.title), TITLE), bold=True)}")
    return _written(seen, address)


def _one_of(bench: Bench, page: Seen, *, ask: bool) -> Seen:
    """The announced feed that a person picks; where nobody is asked the first that can be read."""
    if not ask:
        return _first(bench, page, page.announced)
    for number, url in enumerate(page.announced, 1):
        say(f"{number:>3}  {clean(url)}")
    picked = click.prompt(
        "Which of these feeds?", value_proc=lambda said: _number(said, len(page.announced)), default=1
    )
    return bench.look(page.announced[picked - 1])


def _number(said: str, most: int) -> int:
    """Raises UsageError, at which it is asked again."""
    if said.strip() in map(str, range(1, most + 1)):
        return int(said)
    raise click.UsageError(f"write a number from 1 to {most}, or Ctrl-C to leave")


def _usual_places(page: Seen) -> Sequence[str]:
    from watcher.parse.announced import well_known

    return well_known(page.response.url if page.response else page.url)


def _first(bench: Bench, page: Seen, urls: Sequence[str]) -> Seen:
    """The first that can be read; else what was wrong with the page."""
    with progress() as shown:
        for number, url in enumerate(urls):
            shown("looking for a feed", number, len(urls))
            seen = bench.look(url)
            if seen.error is None:
                return seen
    return page


def _written(seen: Seen, address: str) -> str:
    """What was given, but for a feed that was found elsewhere, or has moved for good."""
    if "://" not in address or parted(address)[1]:
        return address
    moved = seen.response.permanent_url if seen.response else None
    return moved or next(iter(seen.announced), seen.url)


def _entry(
    file: ConfigFile, feed_id: str | None, address: str, tags: Sequence[str], interval: str | None
) -> dict[str, Any]:
    """Raises UsageError for what cannot stand in a file, and for an id that is taken."""
    wanted: Mapping[str, Any] = {"id": feed_id, "url": address, "tags": list(tags), "interval": interval}
    entry = {key: value for key, value in wanted.items() if value}
    try:
        FeedEntry.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        help_ = first.get("ctx", {}).get("help")
        raise UsageError(f"{first['loc'][0]}: {first['msg']}{f'; {help_}' if help_ else ''}") from None
    name = feed_id or default_id(address)
    if name in dict(file.entries):
        raise UsageError(f"another feed has the id {clean(name)}; give this one another with --id")
    return entry


# --- removing ---------------------------------------------------------------------------------------


@click.command("remove")
@click.argument("feeds", metavar="ID...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Write without asking.")
@options
def remove(feeds: Sequence[str], config: Path | None, *, yes: bool, as_json: bool) -> int:
    """Take feeds out of the configuration. Their history stays: added again, they alert nothing old."""
    file = open_config(config)
    ids = [id_ for id_, _ in file.entries]
    for feed in feeds:
        if feed not in ids:
            raise UsageError(f"there is no feed {clean(feed)}; {meant(feed, ids)}")
    if set(ids) <= set(feeds):
        raise UsageError("a configuration has one feed at least; pause the last one, or add another first")
    after = file.source
    for number in sorted({ids.index(feed) for feed in feeds}, reverse=True):
        after = yamldoc.edit(after, ("feeds", number), yamldoc.REMOVED)
    edit = file.changed(after)
    done = offer([edit], f"Take {'it' if len(feeds) == 1 else 'them'} out of {edit.path}?", yes=yes, as_json=as_json)
    for feed in feeds if as_json else ():
        row({"feed": feed, "file": edit.path, "written": done})
    return 0 if done else 1
