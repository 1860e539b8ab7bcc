"""What commands use that read targets on the spot: the way a poll does, keeping nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from watcher.app.parts import make_fetcher, make_parser
from watcher.cli.common import no_rule, show_findings
from watcher.cli.desk import feed_of, stored_item
from watcher.cli.rulebook import Rulebook
from watcher.cli.stories import story_lines, story_row
from watcher.config import Settings, core_vocabulary, load_config, load_rules, read_rules
from watcher.errors import FetchError, ParseError, StoreError, UsageError
from watcher.guard import access_at
from watcher.model import (
    Access,
    Feed,
    FeedId,
    FetchRequest,
    FindingSeverity,
    Item,
    ItemId,
    Learned,
    LinkedPage,
    Origin,
    Parsed,
    Response,
    Revision,
)
from watcher.normalise import normalise
from watcher.normalise.learning import learn
from watcher.polling.paging import page_request
from watcher.ports import Fetcher, Parser
from watcher.rules import Loaded, load
from watcher.rules.compile import CompiledRule
from watcher.run.clock import SystemClock
from watcher.sources import absolute, parted, spelled
from watcher.store import open_store
from watcher.text.credentials import basic, pair_of


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen of a target; each part as far as it came."""

    url: str  # that is asked for
    feed: Feed  # the configured one that the target means, or is a file of; or one that has nothing but its URL
    access: Access
    response: Response | None = None
    announced: tuple[str, ...] = ()  # the feeds of the page that the target is, the best first
    parsed: Parsed | None = None
    items: tuple[Item, ...] = field(default=())
    error: FetchError | ParseError | None = None

    @property
    def format(self) -> str:
        return self.parsed.format if self.parsed else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored item, how it came into its story, for people and for programs, and what is known of its site now."""

    revision: Revision
    story_lines: tuple[str, ...]
    story_row: Mapping[str, Any]
    learned: Learned


class Bench:
    """Reads targets the way a poll does, and keeps nothing.

    One that `remembers` knows of configured feeds' sites what is stored; the others what a document itself shows, so
    that rules are tested alike on every machine.
    """

    def __init__(
        self, settings: Settings | None, loaded: Loaded, runner: asyncio.Runner, *, remembers: bool = False
    ) -> None:
        self.settings = settings
        self._remembers = remembers
        self.rules = Rulebook(loaded)
        self._runner = runner
        self._clock = SystemClock()
        self._fetcher: Fetcher | None = None
        self._parser: Parser | None = None

    def feed(self, feed: FeedId) -> Feed:
        return feed_of(self.settings, feed)

    def asked(self, rule: str | None, expression: str | None) -> tuple[CompiledRule, ...]:
        """The rules meant: an expression, one by its id, or all. Raises UsageError when there is none."""
        if expression is not None:
            return (self.rules.compiled(expression),)
        if rule is None and not self.rules.all:
            raise UsageError("there are no rules to ask")
        if rule is None:
            return self.rules.all
        found = self.rules.get(rule)
        if found is None:
            raise no_rule(rule, (each.rule.id for each in self.rules.all))
        return (found,)

    def fetch(self, target: str) -> tuple[str, tuple[Item, ...], str | None]:
        """The format, the items and None, or what went wrong."""
        if not target.strip():
            return "", (), "an empty argument names no address, file or folder"
        seen = self.look(target)
        return seen.format, seen.items, str(seen.error) if seen.error else None

    def look(self, target: str, *, page: bool = False) -> Seen:
        """What a poll of a configured feed, by its id or address, or of any other target would find; or what is read
        of it as of the `page` of an item.
        """
        seen = self._meant(target)
        try:
            self._runner.run(self._paged(seen) if page else self._looked(seen))
        except (FetchError, ParseError) as error:
            seen.error = error
        return seen

    def read(self, target: str) -> tuple[tuple[Item, ...], str | None]:
        """The items of a file, a folder, a URL, or a stored item's id."""
        items, _, error = self.found(target)
        return items, error

    def found(self, target: str, *, stored: bool = False) -> tuple[tuple[Item, ...], Kept | None, str | None]:
        """The same, with what is stored beside an item that is; `stored`: a URL is that of such an item."""
        is_url = "://" in target
        if (is_url and not stored) or os.path.exists(target):  # noqa: PTH110  this one never raises
            _, items, error = self.fetch(target)
            return items, None, error if error or items else "nothing in it that reads as an item"
        try:
            kept = self._kept(target)
        except (UsageError, StoreError) as error:
            return (), None, str(error) if is_url else f"no such file, and {error}"
        return (kept.revision.item,), kept, None

    def _kept(self, prefix: str) -> Kept:
        if self.settings is None:
            raise UsageError("there is no configuration that says where items are stored")
        with closing(open_store(self.settings.store_url, read_only=True)) as store:
            revision = stored_item(store, prefix)
            return Kept(
                revision=revision,
                story_lines=tuple(story_lines(store, revision, "UTC")),
                story_row=story_row(store, revision),
                learned=store.learned(revision.item.feed),
            )

    def _learned(self, feed: Feed) -> Learned:
        """What polls of a configured feed have learned; nothing where that cannot be read."""
        if not self._remembers or self.settings is None or feed not in self.settings.feeds:
            return Learned()
        try:
            with closing(open_store(self.settings.store_url, read_only=True)) as store:
                return store.learned(feed.id)
        except StoreError:
            return Learned()

    async def _looked(self, seen: Seen) -> None:
        """Fetch, parse, normalise; of a page the first feed that it announces, as a poll does."""
        try:
            await self._read(seen, seen.url)
        except ParseError as error:
            if not error.feeds or seen.feed.recipe:
                raise
            seen.announced = error.feeds
            await self._read(seen, error.feeds[0])

    async def _read(self, seen: Seen, url: str) -> None:
        self._fetcher = self._fetcher or make_fetcher(self.settings, self._clock)
        self._parser = self._parser or make_parser(self.settings)
        feed = seen.feed
        access = access_at(seen.access, seen.url, url)
        request = FetchRequest(url=url, access=access, timeout=feed.timeout, max_size=feed.max_size)
        seen.response = await self._fetcher.fetch(request)
        seen.parsed = await self._parser.parse(seen.response, frozenset(), feed.recipe)
        learned = learn(self._learned(feed), seen.parsed.entries)
        seen.items = tuple(normalise(entry, feed, learned=learned) for entry in seen.parsed.entries)

    async def _paged(self, seen: Seen) -> None:
        self._fetcher = self._fetcher or make_fetcher(self.settings, self._clock)
        self._parser = self._parser or make_parser(self.settings)
        page = LinkedPage(item=ItemId(""), feed=seen.feed, url=seen.url, wanted_at=self._clock.now())
        response = seen.response = await self._fetcher.fetch(page_request(page, seen.access))
        if response.files:  # a page that was saved
            response = replace(response, body=response.files[0].body)
        entry = await self._parser.page(response)
        item = normalise(replace(entry, link=entry.link or seen.url), seen.feed)
        seen.items = (replace(item, origin=Origin.PAGE, wall=entry.wall),)

    def _meant(self, target: str) -> Seen:
        """The configured feed of this id or address, of a folder's file too, so that ids are those that would be
        stored; else the address itself, its user and password apart.
        """
        feeds = self.settings.feeds if self.settings else ()
        there = "://" in target or os.path.exists(target)  # noqa: PTH110  this one never raises
        found = None if there else next((feed for feed in feeds if feed.id == target), None)
        target = target if there or found else spelled(target)
        url, userinfo = parted(found.url if found else absolute(target, str(Path.cwd())))
        if found is None:
            places = {url, url.rpartition("/")[0]} if url.startswith("file:") else {url}
            found = next((feed for feed in feeds if feed.url in places), None)
        access = self.settings.access.get(found.id, Access()) if self.settings and found else Access()
        if userinfo is not None:
            access = replace(access, headers=(("Authorization", basic(pair_of(userinfo))),))
        return Seen(url=url, feed=found or Feed(id=FeedId(url if userinfo else target), url=url), access=access)

    async def aclose(self) -> None:
        for each in (self._fetcher, self._parser):
            if each is not None:
                await each.aclose()


@contextmanager
def open_bench(config: Path | None, rules: Path | None) -> Iterator[Bench]:
    """A bench with the configuration, where there is one, and these rules, else the configuration's.

    Without either, expressions see the vocabulary that comes with the package.
    """
    settings = load_config(config, os.environ, require_secrets=False) if config else None
    with bench_over(settings, _loaded(settings, rules), remembers=True) as bench:
        yield bench


@contextmanager
def bench_over(settings: Settings | None, loaded: Loaded, *, remembers: bool = False) -> Iterator[Bench]:
    """A bench with rules that are loaded already."""
    with asyncio.Runner() as runner:
        bench = Bench(settings, loaded, runner, remembers=remembers)
        try:
            yield bench
        finally:
            runner.run(bench.aclose())


def _loaded(settings: Settings | None, rules: Path | None) -> Loaded:
    if rules is None and settings is None:
        return load({"core-en.yaml": core_vocabulary()})
    loaded = load(read_rules((str(rules),))) if rules else load_rules(settings) if settings else None
    assert loaded is not None
    show_findings(f for f in loaded.findings if f.severity is FindingSeverity.ERROR)
    return loaded
