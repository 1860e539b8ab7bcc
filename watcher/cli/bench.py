"""What commands use that read targets on the spot: the way a poll does, keeping nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.app.parts import make_fetcher, make_parser
from watcher.cli.common import no_rule, show_findings
from watcher.cli.desk import feed_of, stored_item
from watcher.cli.rulebook import Rulebook
from watcher.config import Settings, core_vocabulary, load_config, load_rules, read_rules
from watcher.errors import FetchError, ParseError, StoreError, UsageError
from watcher.model import Feed, FeedId, FetchRequest, FindingSeverity, Item, Revision
from watcher.normalise import normalise
from watcher.ports import Fetcher, Parser
from watcher.rules import Loaded, load
from watcher.rules.compile import CompiledRule
from watcher.run.clock import SystemClock
from watcher.sources import absolute
from watcher.store import open_store


class Bench:
    """Reads targets the way a poll does, and keeps nothing."""

    def __init__(self, settings: Settings | None, loaded: Loaded, runner: asyncio.Runner) -> None:
        self.settings = settings
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
        try:
            return *self._runner.run(self._fetched(target)), None
        except (FetchError, ParseError) as error:
            return "", (), str(error)

    def read(self, target: str) -> tuple[tuple[Item, ...], str | None]:
        """The items of a file, a folder, a URL, or a stored item's id."""
        if "://" in target or os.path.exists(target):  # noqa: PTH110  this one never raises
            _, items, error = self.fetch(target)
            return items, error if error or items else "nothing in it that reads as an item"
        try:
            return (self._stored(target).item,), None
        except (UsageError, StoreError) as error:
            return (), f"no such file, and {error}"

    def _stored(self, prefix: str) -> Revision:
        if self.settings is None:
            raise UsageError("there is no configuration that says where items are stored")
        store = open_store(self.settings.store_url, read_only=True)
        try:
            return stored_item(store, prefix)
        finally:
            store.close()

    async def _fetched(self, target: str) -> tuple[str, tuple[Item, ...]]:
        self._fetcher = self._fetcher or make_fetcher(self.settings, self._clock)
        self._parser = self._parser or make_parser(self.settings)
        url = absolute(target, str(Path.cwd()))
        response = await self._fetcher.fetch(FetchRequest(url=url))
        parsed = await self._parser.parse(response, frozenset())
        feed = self._configured(target, url)
        return parsed.format, tuple(normalise(entry, feed) for entry in parsed.entries)

    def _configured(self, target: str, url: str) -> Feed:
        """The configured feed this comes from, a folder's file too, so that ids are those that would be stored."""
        feeds = self.settings.feeds if self.settings else ()
        places = {url, url.rpartition("/")[0]} if url.startswith("file:") else {url}
        return next((feed for feed in feeds if feed.url in places), Feed(id=FeedId(target), url=url))

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
    with bench_over(settings, _loaded(settings, rules)) as bench:
        yield bench


@contextmanager
def bench_over(settings: Settings | None, loaded: Loaded) -> Iterator[Bench]:
    """A bench with rules that are loaded already."""
    with asyncio.Runner() as runner:
        bench = Bench(settings, loaded, runner)
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
