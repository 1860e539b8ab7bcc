"""`watcher feeds`: which there are and how they are, one of them whole; some added, removed, paused, exchanged."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from watcher.cli.common import Defaulting, clean, config_path, meant, note, options, paint, row, say
from watcher.cli.desk import Desk, open_desk
from watcher.cli.feeds import edit, lists
from watcher.cli.feeds.look import STATES, details, lines, paged, row_of, wanted
from watcher.cli.feeds.look import word as state_of
from watcher.cli.spoken import lasting, who
from watcher.config import Settings, load_config
from watcher.errors import UsageError
from watcher.model import FeedId, FeedPause, FeedState, Paging
from watcher.run.clock import SystemClock
from watcher.schedule import lane
from watcher.store import open_store
from watcher.text.rfc3339 import rfc3339

LATELY = timedelta(days=7)
"""What counts as lately."""
ROOM = 200
"""Characters of a reason, and of a person's name."""


@click.group("feeds", cls=Defaulting, default="list")
def command() -> None:
    """List the feeds and how they are, change them. Without a word: list."""


# --- looking ----------------------------------------------------------------------------------------


@command.command("list")
@click.option("--tag", help="Only feeds with this tag.")
@click.option("--state", type=click.Choice(STATES), help="Only feeds that are so.")
@options
def listing(config: Path | None, tag: str | None, state: str | None, *, as_json: bool) -> int:
    """List every feed. How it is and why, when it was read, when it is next."""
    now = SystemClock().now()
    settings = _settings(config)
    known, lately = _known(settings, now - LATELY)
    found = [one for one in known if tag is None or tag in one.feed.tags]
    shown = [one for one in found if state is None or state_of(one, now) == state]
    if as_json:
        for one in shown:
            row(row_of(one, now, lately.get(one.feed.id, 0)))
    else:
        say("\n".join(lines(shown, now, lately))) if shown else note(_none(known, tag))
    return 0


@command.command("show")
@click.argument("feed", metavar="ID")
@options
def show(config: Path | None, feed: str, *, as_json: bool) -> int:
    """Show all that is known of a feed. Its polls, its habits, what it is asked with."""
    now = SystemClock().now()
    settings = _settings(config)
    known, lately = _known(settings, now - LATELY)
    one = _named(known, feed)
    mine = lane(one.feed.url)
    siblings = sum(lane(each.feed.url) == mine for each in known) - 1
    said = dict(details(one, settings, siblings, lately.get(one.feed.id, 0), now))
    if one.feed.full_text:
        said["full text"] = paged(_paging(settings, one.feed.id))
    if as_json:
        row(row_of(one, now, lately.get(one.feed.id, 0)) | {"details": said})
        return 0
    say(paint(clean(one.feed.id), bold=True))
    for name, words in said.items():
        say(f"  {name:<12}  {clean(words)}")
    return 0


def _none(known: Sequence[FeedState], tag: str | None) -> str:
    tags = {each for one in known for each in one.feed.tags}
    return f"no feed has the tag {clean(tag)}; {meant(tag, tags)}" if tag and tag not in tags else "no feeds are so"


def _settings(config: Path | None) -> Settings:
    return load_config(config_path(config), os.environ, require_secrets=False)


def _known(settings: Settings, since: datetime) -> tuple[list[FeedState], Mapping[FeedId, int]]:
    """The configured feeds and what is stored of them, and how many items came; before the first start nothing is."""
    if not (settings.data / "watcher.db").exists():
        return wanted(settings, ()), {}
    store = open_store(settings.store_url, read_only=True)
    try:
        return wanted(settings, store.feeds()), store.brought(since)
    finally:
        store.close()


def _paging(settings: Settings, feed: FeedId) -> Paging:
    if not (settings.data / "watcher.db").exists():
        return Paging()
    store = open_store(settings.store_url, read_only=True)
    try:
        return store.paging(feed)
    finally:
        store.close()


def _named(known: Iterable[FeedState], feed: str) -> FeedState:
    """Raises UsageError with the nearest."""
    states = {state.feed.id: state for state in known}
    found = states.get(FeedId(feed))
    if found is None:
        raise no_feed(feed, states)
    return found


def no_feed(feed: str, ids: Iterable[str]) -> UsageError:
    return UsageError(f"there is no feed {clean(feed)}; {meant(feed, ids)}")


# --- pausing ----------------------------------------------------------------------------------------


@command.command("pause")
@click.argument("feeds", metavar="ID...", nargs=-1, required=True)
@lasting()
@options
def pause(
    config: Path | None,
    feeds: Sequence[str],
    for_: timedelta | None,
    until: datetime | None,
    why: str,
    *,
    as_json: bool,
) -> int:
    """Do not poll these feeds for a while. For --for 2h, --until 18:00, or until they are resumed."""
    if for_ is not None and until is not None:
        raise UsageError("say how long once: --for 2h or --until 18:00")
    now = SystemClock().now()
    end = until or (now + for_ if for_ else None)
    word = FeedPause(since=now, until=end, by=_kept(who()), why=_kept(why))
    with open_desk(config_path(config), write=True) as desk:
        ids = _ids(desk, feeds)
        for feed in ids:
            desk.store.pause_feed(feed, word)
        _tell(desk, ids, now, as_json=as_json)
    if end is None and not as_json:
        say("they are not polled until `watcher feeds resume`" if len(feeds) > 1 else _RESUME.format(clean(feeds[0])))
    return 0


_RESUME = "it is not polled until `watcher feeds resume {}`"


@command.command("resume")
@click.argument("feeds", metavar="ID...", nargs=-1, required=True)
@options
def resume(config: Path | None, feeds: Sequence[str], *, as_json: bool) -> int:
    """Poll paused feeds again, at once."""
    now = SystemClock().now()
    with open_desk(config_path(config), write=True) as desk:
        ids = _ids(desk, feeds)
        for feed in ids:
            desk.store.resume_feed(feed, now)
        _tell(desk, ids, now, as_json=as_json)
    return 0


def _ids(desk: Desk, feeds: Sequence[str]) -> list[FeedId]:
    """All of them are known, or none is changed. Raises UsageError."""
    stored = {state.feed.id for state in desk.store.feeds()}
    for feed in feeds:
        if feed not in stored and any(each.id == feed for each in desk.settings.feeds):
            raise UsageError(f"{clean(feed)} is new; a daemon has to know it before it can be paused")
        if feed not in stored:
            raise no_feed(feed, stored)
    return [FeedId(feed) for feed in dict.fromkeys(feeds)]


def _tell(desk: Desk, ids: Sequence[FeedId], now: datetime, *, as_json: bool) -> None:
    states = [state for state in desk.store.feeds() if state.feed.id in ids]
    if as_json:
        for state in states:
            row(_paused_row(state))
    else:
        say("\n".join(lines(states, now)))


def _paused_row(state: FeedState) -> dict[str, Any]:
    pause = state.pause
    return {
        "feed": state.feed.id,
        "paused": pause is not None,
        "since": rfc3339(pause.since) if pause else None,
        "until": rfc3339(pause.until) if pause else None,
        "by": pause.by if pause else None,
        "why": pause.why if pause else None,
        "next_at": rfc3339(state.next_at),
    }


def _kept(text: str) -> str:
    """As it can be stored: no bytes that are no text, and not without end."""
    return text[:ROOM].encode(errors="replace").decode()


for _each in (edit.add, edit.remove, lists.import_, lists.export):
    command.add_command(_each)
