"""A world that has come to its end -> which of the nine promises (tests/test_invariants.py) were not kept in it.

A world is told by those outside the watcher: what a server of feeds answered, what receivers took and when, when the
daemon lived and how it ended. What the watcher has stored is read, and never believed alone.

    World(...)                  what happened
    broken(world)               a line for each promise not kept, beginning with its number; none is good
    repeats(world)              messages that were taken more than once, all of them accounted for by broken()
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from watcher.model import Fate, Reason, RuleId
from watcher.store import open_store

LATE = 10.0
"""Seconds that a message may lie in a receiver's ear."""
CEILING = 6 * 3600 * 1.1
"""Seconds that a feed may at most be left alone, with jitter."""
MEANT = frozenset({"for-digest", "quiet-hours", "silenced", "over-cap", "too-old", "in-window", "throttled"})
"""Reasons for which a match may be open when all is done; waiting is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version of an entry of a feed. Titles differ from one another, none stands in another one."""

    guid: str
    title: str
    rules: frozenset[str] = frozenset()  # those that match it
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a feed's server answered: all its entries, and when, in seconds since 1970."""

    feed: str
    at: float
    entries: tuple[Entry, ...]
    etag: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message that a receiver took, and when; no time where nobody looked on (a file)."""

    channel: str
    key: str
    text: str
    tells: frozenset[tuple[str, str]] = frozenset()  # titles of items, each with a rule
    kind: str = "match"
    at: float | None = None


def taken(document: Mapping[str, Any], at: float | None = None) -> Taken:
    """What a receiver took, as the documents that are sent to programs and files say it."""
    return Taken(
        channel=document["channel"],
        key=document["key"],
        text=f"{document['title']}\n{document['body']}",
        tells=frozenset((item["title"], rule) for item in document["items"] for rule in item["rules"]),
        kind=document["kind"],
        at=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """From when to when a daemon lived, and whether it was killed, or ended because its database failed."""

    began: float
    ended: float
    killed: bool = False


@dataclass(frozen=True, kw_only=True)
class World:
    """All that happened. `rules` says on which channels each speaks; `quiet` are the feeds that begin in silence."""

    database: Path
    answers: Sequence[Answer]
    taken: Sequence[Taken]
    lives: Sequence[Life]
    rules: Mapping[str, Collection[str]]
    quiet: Collection[str] = ()
    held: Collection[str] = ()  # rules whose matches may wait for another day
    gone: Collection[str] = ()  # titles of what may have been forgotten since
    log: str = ""
    patience: float = 60.0  # seconds of a living daemon from an answer to its alert

    @cached_property
    def latest(self) -> dict[tuple[str, str], Entry]:
        """The last version of each entry that was served whole."""
        return {(each.feed, entry.guid): entry for each in self.answers if each.whole for entry in each.entries}

    @cached_property
    def served(self) -> dict[str, tuple[float, Entry]]:
        """Each title that was served whole, and since when."""
        first: dict[str, tuple[float, Entry]] = {}
        for each in self.answers:
            for entry in each.entries if each.whole else ():
                first.setdefault(entry.title, (each.at, entry))
        return first

    @cached_property
    def baseline(self) -> frozenset[str]:
        """Titles in the first whole answer of a feed that begins in silence."""
        first: dict[str, Answer] = {}
        for each in self.answers:
            if each.whole and each.feed in self.quiet:
                first.setdefault(each.feed, each)
        return frozenset(entry.title for each in first.values() for entry in each.entries)

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(query).fetchall()


def broken(world: World) -> list[str]:
    """Every promise that was not kept, as far as it can be seen from here."""
    return [f"{number}: {words}" for number, find in enumerate(_PROMISES, 1) for words in find(world)]


def repeats(world: World) -> int:
    """How many messages were taken that had been taken before."""
    return sum(count - 1 for count in Counter((each.channel, each.key) for each in world.taken).values())


def lost(world: World) -> list[str]:
    """Items that are not stored and alerts that were not told, a line each."""
    return [line for line in broken(world) if "is not stored" in line or "was not told" in line]


# 1: items, matches and validators are one transaction


def _one_transaction(world: World) -> Iterator[str]:
    stored = defaultdict(set)
    for feed, title in world.asked(_TITLES):
        stored[feed].add(title)
    for (feed, _), entry in world.latest.items():
        if entry.title not in stored[feed] and entry.title not in world.gone:
            yield f"{entry.title!r} of {feed} is not stored"
    for feed, etag, hashes, seen, items in world.asked(_FEEDS):
        held = next((each for each in reversed(world.answers) if (each.feed, each.etag) == (feed, etag)), None)
        known = {entry.guid for entry in held.entries} if held and etag else set()
        if len(known) > seen:
            yield f"{feed} has the validators of an answer with {len(known)} items, and has seen {seen}"
        if etag and held and hashes != len(held.entries):
            yield f"{feed} knows {hashes} entries of an answer that has {len(held.entries)}"
        if items != seen and not world.gone:
            yield f"{feed} has seen {seen} items and has {items}"
    matched = Counter((title, rule) for title, rule in world.asked(_MATCHES))
    for titles in stored.values():
        for title in titles & world.served.keys():
            for rule in world.served[title][1].rules - {name for name in world.rules if matched[title, name]}:
                yield f"{title!r} is stored without its match of {rule}"


_TITLES = "SELECT f.id, r.title FROM revisions AS r JOIN items AS i ON i.pk = r.item JOIN feeds AS f ON f.pk = i.feed"
_FEEDS = """
SELECT id, coalesce(etag, ''), length(entry_hashes) / 8, (SELECT count(*) FROM seen WHERE feed = feeds.pk),
  (SELECT count(*) FROM items WHERE feed = feeds.pk)
FROM feeds WHERE wanted
"""
_MATCHES = """
SELECT r.title, m.rule FROM matches AS m JOIN items AS i ON i.id = m.item
JOIN revisions AS r ON r.item = i.pk AND r.number = m.revision
"""

# 2: half an answer is none


def _half_is_none(world: World) -> Iterator[str]:
    whole = {(each.feed, each.etag) for each in world.answers if each.whole}
    for feed, title in world.asked(_TITLES):
        if title not in world.served and title not in world.gone:
            yield f"{title!r} of {feed} was never served whole, and is stored"
    for feed, etag, *_ in world.asked(_FEEDS):
        if etag and (feed, etag) not in whole:
            yield f"{feed} has validators that no whole answer had"


# 3: both sums add up, and every match can say what became of it


def _sums(world: World) -> Iterator[str]:
    with closing(open_store(f"sqlite:///{world.database}", read_only=True)) as store:
        yield from store.audit().flaws
        for title, rule, item in world.asked(f"{_MATCHES.replace('m.rule', 'm.rule, m.item')}"):
            for record in store.records(item, RuleId(rule)):
                if {dispatch.channel for dispatch in record.dispatches} != set(world.rules[rule]):
                    yield f"why {title!r} {rule}: it is on its way to {[d.channel for d in record.dispatches]}"
                for dispatch in record.dispatches:
                    way = [reason for _, reason in dispatch.trail] or [dispatch.reason]
                    if way[-1] is not dispatch.reason and dispatch.reason is not Reason.BASELINE:
                        yield f"why {title!r} {rule}: its trail ends in {way[-1]}, it stands at {dispatch.reason}"
                    meant = dispatch.reason in MEANT and rule in world.held
                    if dispatch.reason.fate is Fate.OPEN and not meant:
                        yield f"why {title!r} {rule}: it is still open ({dispatch.reason})"
    for key, state in world.asked("SELECT key, state FROM alerts WHERE state = 'pending'"):
        yield f"alert {key[:12]} is still {state}"


# 4: alerts are an outbox


def _outbox(world: World) -> Iterator[str]:
    yield from _told(world)
    yield from _told_once(world)
    yield from _proved(world)
    yield from _in_order(world)


def _told(world: World) -> Iterator[str]:
    """Each match of the last version of an entry, by what the receivers took."""
    dead = {title for (title,) in world.asked(_DEAD)}
    told = {(each.channel, *one) for each in world.taken for one in each.tells}
    for title in {entry.title for entry in world.latest.values()} - world.baseline - dead:
        for rule in world.served[title][1].rules - set(world.held):
            for channel in world.rules[rule]:
                if (channel, title, rule) not in told:
                    yield f"{title!r} was not told on {channel} for {rule}"


def _told_once(world: World) -> Iterator[str]:
    """One alert tells a title for a rule on a channel; and a key is one message, however often it comes."""
    told = defaultdict(set)
    for each in world.taken:
        for one in each.tells:
            told[each.channel, one].add(each.key)
    for (channel, (title, rule)), keys in told.items():
        if len(keys) > 1:
            yield f"{title!r} was told by {len(keys)} alerts on {channel} for {rule}"
    for key, count in Counter(key for key, _ in {(each.key, each.tells) for each in world.taken}).items():
        if count > 1:
            yield f"the key {key[:12]} stands on {count} different messages"


def _proved(world: World) -> Iterator[str]:
    """What a receiver took was committed as sent, but for what was in a sender when a daemon was killed: the last that
    a channel took in that life. And what was committed as sent a receiver took.
    """
    committed: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for channel, key, since, until in world.asked(_SENT):
        committed[channel, key].append((since / 1e6, until / 1e6))
    by_alert: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    for each in world.taken:
        by_alert[each.channel, each.key].append(each)
    for (channel, key), spans in committed.items():
        here = by_alert.get((channel, key), [])
        if len(spans) > 1:
            yield f"alert {key[:12]} was sent on {channel} again when that had been committed"
        for since, until in spans:
            if not any(each.at is None or since <= each.at <= until for each in here):
                yield f"alert {key[:12]} is marked sent on {channel}, which took nothing then"
    unproved: dict[str, list[Taken]] = defaultdict(list)
    for (channel, key), taken in by_alert.items():
        spans = committed.get((channel, key), [])
        timed = [each for each in taken if each.at is not None]
        unproved[channel] += [
            each for each in timed if not any(since <= (each.at or 0) <= until for since, until in spans)
        ]
        unproved[channel] += [each for each in taken if each.at is None][len(spans) :]
        if not spans:
            yield f"alert {key[:12]} was taken on {channel} and never committed as sent"
    for channel, taken in unproved.items():
        yield from _excused(world, channel, taken)


_SENT = """
SELECT a.channel, a.key, d.started_at, d.ended_at FROM deliveries AS d JOIN alerts AS a ON a.key = d.alert
WHERE d.state = 'sent'
"""
_DEAD = """
SELECT r.title FROM alerts AS a JOIN dispatches AS d ON d.alert = a.key JOIN matches AS m ON m.pk = d.match
JOIN items AS i ON i.id = m.item JOIN revisions AS r ON r.item = i.pk AND r.number = m.revision WHERE a.state = 'dead'
"""


def _excused(world: World, channel: str, unproved: Sequence[Taken]) -> Iterator[str]:
    """Each needs a kill of its own, after which nothing more was sent on the channel; a receiver may take what was
    sent to it a moment after the sender has died.
    """
    kills = [life for life in world.lives if life.killed]
    if len(unproved) > len(kills):
        yield f"{channel} took {len(unproved)} messages that were not committed, with {len(kills)} kills"
    starts = [since / 1e6 for on, _, since, _ in world.asked(_SENT) if on == channel]
    for each in sorted((each for each in unproved if each.at), key=lambda each: each.at or 0):
        at = each.at or 0
        cause = next((life for life in kills if life.began <= at <= life.ended + LATE), None)
        if cause is None or any(at < since <= cause.ended for since in starts):
            yield f"{channel} took {each.key[:12]} again, though nothing was in its sender when it was killed"
        else:
            kills.remove(cause)


def _in_order(world: World) -> Iterator[str]:
    """The alerts of a group came to a channel in the order in which they were made."""
    places = {key: (grp, pk) for key, grp, pk in world.asked("SELECT key, grp, pk FROM alerts")}
    latest: dict[tuple[str, str], int] = {}
    seen = set()
    for each in world.taken:
        if each.key not in places or (each.channel, each.key) in seen:
            continue
        seen.add((each.channel, each.key))
        group, pk = places[each.key]
        if latest.get((each.channel, group), 0) > pk:
            yield f"alert {each.key[:12]} came to {each.channel} after a later one of its group"
        latest[each.channel, group] = pk


# 5: bad rules stand alone


def _rules_stand(world: World) -> Iterator[str]:
    """And of each thing the operator is told once on a channel."""
    live = {rule for (rule,) in world.asked("SELECT rule FROM rule_versions WHERE live")}
    for rule in world.rules.keys() - live:
        yield f"the rule {rule} is not live any more"
    notices = {(each.channel, each.key, each.text) for each in world.taken if each.kind == "notice"}
    for (channel, text), count in Counter((channel, text) for channel, _, text in notices).items():
        if count > 1:
            yield f"the operator was told {count} times on {channel}: {text.splitlines()[0]}"


# 6: nothing foreign is code, markup or a second line


def _nothing_foreign(world: World) -> Iterator[str]:
    for line in world.log.splitlines():
        try:
            event = json.loads(line)["event"]
        except (ValueError, KeyError, TypeError):
            yield f"a line of the log is not one of ours: {line!r}"
        else:
            if not str(event).isprintable():
                yield f"an event of the log is not in one line: {event!r}"
    for each in world.taken:
        if any(not c.isprintable() and c not in "\n\t" for c in each.text):
            yield f"a message on {each.channel} has control characters: {each.text!r}"


# 7: no feed is given up


def _no_feed_given_up(world: World) -> Iterator[str]:
    query = "SELECT id, next_at, polled_at, failures, coalesce(error, '') FROM feeds WHERE wanted"
    for feed, next_at, polled_at, failures, error in world.asked(query):
        if next_at is None or next_at - (polled_at or next_at) > CEILING * 1e6:
            yield f"{feed} is not polled again soon"
        if bool(failures) != bool(error):
            yield f"{feed} has failed {failures} times and says {error!r}"


# 8: nobody delays the others


def _nobody_waits(world: World) -> Iterator[str]:
    """Each alert came soon, counted in seconds in which there was a daemon."""
    came: dict[tuple[str, str, str], float] = {}
    for each in world.taken:
        for one in each.tells if each.at else ():
            came.setdefault((each.channel, *one), each.at or 0)
    for (channel, title, rule), at in came.items():
        since = world.served[title][0] if title in world.served and rule not in world.held else at
        lived = sum(max(0.0, min(life.ended, at) - max(life.began, since)) for life in world.lives)
        if lived > world.patience:
            yield f"{title!r} came to {channel} after {lived:.0f} s of a living daemon"


# 9: no flood at first


def _no_flood(world: World) -> Iterator[str]:
    for each in world.taken:
        for title in sorted(world.baseline & {title for title, _ in each.tells}):
            yield f"{title!r} was there at first and was told on {each.channel}"
    for (feed,) in world.asked("SELECT id FROM feeds WHERE wanted AND baseline_at IS NOT NULL AND NOT baseline_told"):
        yield f"nobody was told of the baseline of {feed}"
    for feed, title, fate in world.asked(_FATES):
        if title in world.baseline and feed in world.quiet and fate != "baseline":
            yield f"{title!r} was there at first and is {fate}"


_FATES = """
SELECT f.id, r.title, d.fate FROM dispatches AS d JOIN matches AS m ON m.pk = d.match JOIN items AS i ON i.id = m.item
JOIN feeds AS f ON f.pk = i.feed JOIN revisions AS r ON r.item = i.pk AND r.number = m.revision
"""

_PROMISES: Sequence[Callable[[World], Iterator[str]]] = (
    _one_transaction,
    _half_is_none,
    _sums,
    _outbox,
    _rules_stand,
    _nothing_foreign,
    _no_feed_given_up,
    _nobody_waits,
    _no_flood,
)
