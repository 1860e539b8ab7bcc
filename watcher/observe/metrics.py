"""edge: what the daemon did and how it stands -> a page for Prometheus.

A label's values are states and the names of channels: nothing from outside, and of feeds and rules only how many.
Imported where somebody may ask: prometheus-client takes a megabyte.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from watcher import __version__
from watcher.model import AlertState, Backlog, ChannelName, Condition, Fate, Health, Present, Sizes, Status

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
TO_SEEN = (
    1,
    5,
    15,
    30,
    MINUTE,
    2.5 * MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
)
TO_SENT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR)
LAG = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the store knows."""

    status: Status
    sizes: Sizes
    backlog: Mapping[ChannelName, Backlog]
    at: datetime


class Metrics:
    """Implements jobs.Meter. Nothing is shared with any other registry of the process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a time for each number, which nobody asks for
        self._registry = registry = CollectorRegistry()
        self._standing = _Standing()
        registry.register(self._standing)
        ProcessCollector(registry=registry)
        self._polls = Counter("watcher_polls", "Polls of feeds that ended.", ["outcome"], registry=registry)
        for outcome in ("new", "unchanged", "failed"):
            self._polls.labels(outcome)
        self._failures = Counter(
            "watcher_poll_failures", "Polls of feeds that failed, by what went wrong.", ["kind"], registry=registry
        )
        self._items = Counter("watcher_items_seen", "New items and edits that were stored.", registry=registry)
        self._matches = Counter("watcher_matches_found", "Matches that were stored.", registry=registry)
        self._pages = Counter(
            "watcher_pages", "Tries at the pages of items that ended.", ["outcome"], registry=registry
        )
        for outcome in ("text", "nothing", "wall", "failed", "given-up"):
            self._pages.labels(outcome)
        self._sends = Counter(
            "watcher_sends", "Tries to hand an alert to a channel.", ["channel", "outcome"], registry=registry
        )
        self._to_seen = Histogram(
            "watcher_publish_to_seen_seconds",
            "Time from an item's date to its storing, but for first polls.",
            buckets=(*TO_SEEN, DAY, 3 * DAY, 7 * DAY),
            registry=registry,
        )
        self._to_sent = Histogram(
            "watcher_seen_to_sent_seconds",
            "Time from the storing of an alert's first item to the channel's acceptance.",
            ["channel"],
            buckets=(*TO_SENT, DAY),
            registry=registry,
        )
        self._lag = Histogram(
            "watcher_event_loop_lag_seconds",
            "By how much the event loop was late, looked at each second.",
            buckets=LAG,
            registry=registry,
        )
        self._good = Gauge(
            "watcher_config_last_reload_successful", "1: the files had no error when last read.", registry=registry
        )
        self._good_at = Gauge(
            "watcher_config_last_reload_success_timestamp_seconds",
            "When the files were last read without an error.",
            registry=registry,
        )
        self.reloaded(good=True)  # else it would not have started
        build = Gauge("watcher_build_info", "1, with the versions as labels.", ["version", "python"], registry=registry)
        build.labels(__version__, platform.python_version()).set(1)

    def polled(self, outcome: str, trouble: str | None = None) -> None:
        self._polls.labels(outcome).inc()
        if trouble:
            self._failures.labels(trouble).inc()

    def stored(self, items: int, matches: int) -> None:
        self._items.inc(items)
        self._matches.inc(matches)

    def seen(self, lag: float) -> None:
        self._to_seen.observe(max(0.0, lag))

    def tried(self, channel: ChannelName, outcome: str, lag: float | None) -> None:
        self._sends.labels(channel, outcome).inc()
        if lag is not None:
            self._to_sent.labels(channel).observe(max(0.0, lag))

    def paged(self, outcome: str) -> None:
        self._pages.labels(outcome).inc()

    def reloaded(self, *, good: bool) -> None:
        self._good.set(good)
        if good:
            self._good_at.set_to_current_time()

    def late(self, seconds: float) -> None:
        self._lag.observe(max(0.0, seconds))

    def page(self, health: Health, present: Present, stored: Stored | None, accept: str) -> tuple[str, bytes]:
        """Its type and all there is to say, in the format that is accepted."""
        self._standing.now = (health, present, stored)
        for channel in present.channels:
            for state in AlertState:  # a rate needs a zero to begin with
                self._sends.labels(channel, state.value)
        if "application/openmetrics-text" in accept:
            return openmetrics.CONTENT_TYPE_LATEST, openmetrics.generate_latest(self._registry)  # type: ignore[no-untyped-call]
        return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(self._registry)


class _Standing(Collector):
    """What is not counted but looked at."""

    def __init__(self) -> None:
        self.now: tuple[Health, Present, Stored | None] | None = None

    def collect(self) -> Iterator[Metric]:
        if self.now is None:
            return
        health, present, stored = self.now
        yield from _present(health, present)
        yield _one("watcher_store_readable", "1: what the store knows stands below.", stored is not None)
        if stored:
            yield from _counted(stored.status)
            yield from _queues(present, stored)
            yield from _sizes(stored.sizes)


def _present(health: Health, present: Present) -> Iterator[Metric]:
    yield _one("watcher_ready", "1: all checks are well.", health.ready)
    checks = {check.name: check.ok for check in health.checks}
    yield _each("watcher_check", "1: this part of being ready is well.", "check", checks)
    yield _one("watcher_paused", "1: nothing is polled, and maybe nothing sent.", present.paused)
    yield _each("watcher_round_age_seconds", "Time since a round went well.", "round", present.since_good)
    rules = {"good": present.rules - present.kept, "kept": present.kept}
    yield _each("watcher_rules", "Live rules; kept: at their last good version.", "state", rules)
    yield _one("watcher_config_errors", "Errors in the files.", present.errors)
    yield CounterMetricFamily("watcher_log_lines_lost", "Lines of the log that nobody took.", value=present.lost)


def _counted(status: Status) -> Iterator[Metric]:
    feeds = {name: getattr(status, name) for name in (*map(str, Condition), "paused")}
    yield _each("watcher_feeds", "Feeds.", "state", feeds)
    distrusted = "Feeds whose servers said falsely that nothing had changed: they are always asked for all of it."
    yield _one("watcher_feeds_distrusted", distrusted, status.distrusted)
    gaps = "Polls that shared no item with the one before: something may have been missed."
    yield CounterMetricFamily("watcher_feed_gaps", gaps, value=status.gaps)
    audits = "Polls that asked for all of it to see whether nothing had changed, as the server says."
    yield CounterMetricFamily("watcher_feed_audits", audits, value=status.audits)
    yield CounterMetricFamily("watcher_feed_lies", "Those of them that brought news.", value=status.lies)
    yield _one("watcher_items", "Items that are known.", status.items)
    fates = {fate.value: status.dispatches.get(fate, 0) for fate in Fate}
    yield _each("watcher_matches", "Matches on their channels, by what became of them.", "fate", fates)
    states = {state.value: status.outbox.get(state, 0) for state in AlertState}
    yield _each("watcher_alerts", "Alerts.", "state", states)
    yield _one("watcher_silences", "Silences that people made and that hold.", len(status.silences))


def _queues(present: Present, stored: Stored) -> Iterator[Metric]:
    backlog = {name: stored.backlog.get(name, Backlog()) for name in present.channels}
    held = {name: each.open for name, each in backlog.items()}
    yield _each("watcher_matches_open", "Matches held, or not decided yet.", "channel", held)
    pending = {name: each.pending for name, each in backlog.items()}
    yield _each("watcher_alerts_pending", "Alerts to send.", "channel", pending)
    ages = {name: (stored.at - each.oldest).total_seconds() if each.oldest else 0 for name, each in backlog.items()}
    yield _each("watcher_alerts_pending_age_seconds", "Age of the oldest alert to send.", "channel", ages)
    resting = {name: name in stored.status.resting for name in backlog}
    yield _each("watcher_channel_resting", "1: its service asked to be left alone.", "channel", resting)


def _sizes(sizes: Sizes) -> Iterator[Metric]:
    yield _one("watcher_database_bytes", "The database's file.", sizes.database)
    yield _one("watcher_database_free_bytes", "Of the file, to be used again.", sizes.free)
    yield _one("watcher_database_log_bytes", "The write-ahead log beside it.", sizes.log)
    if sizes.disk is not None:
        yield _one("watcher_disk_free_bytes", "Left on the disk for the watcher.", sizes.disk)
    if sizes.oldest:
        name = "watcher_oldest_item_timestamp_seconds"
        yield _one(name, "When the oldest item came that is kept.", sizes.oldest.timestamp())


def _one(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=float(value))


def _each(name: str, help_: str, label: str, values: Mapping[ChannelName, float] | Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=[label])
    for under, value in values.items():
        family.add_metric([under], float(value))
    return family
