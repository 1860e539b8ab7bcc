"""What a poll costs where millions of items are known: what it looks up and what it saves, and all that looks around.

    python -m tests.bench known
    python -m tests.bench.known 10000000 [FOLDER]

A database with 10,000 known items beside one with so many (1,000,000), a feed for each thousand: few feeds bring most
of them, keys and ids are hashes and so come in no order, and of what came before the last 20,000 items only that they
are known is kept. A poll asks for 30 identities of a feed, 28 of which are known, and saves two new items;
polls that find nothing save so. `cold` is the same with no page of the file in memory. With FOLDER the databases are
made there and kept for another run.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.bench._report import Report, Table
from tests.contract.nouns import DESK, FLOOD, NOW, PHONE, QUAKE, dispatch, match, polled
from tests.contract.nouns import revision as invented
from watcher.model import Feed, FeedId, FeedState, Hash64, PollSaved, Revision, StoryId, untold
from watcher.normalise.identity import hash64, item_id
from watcher.ports import Store
from watcher.store import back_up_store, examine_store, open_store

FEW, MANY, STORED = 10_000, 1_000_000, 20_000
A_FEED = 1_000
ASKED, NEW = 30, 2
POLLS, COLD = 400, 100
SKEW = 10
"""Of this many feeds the first ones bring as much as each other; beyond, the n-th brings an n-th of that."""
LATER = NOW + timedelta(days=1)
RATIO = 3
"""A poll among many costs so many times what it costs among few, at most."""
WORDS = [f"word{n}" for n in range(20_000)]


@dataclass(slots=True, kw_only=True)
class Place:
    """A database, and how it is asked: each poll is of a feed by chance, of which some identities are taken."""

    path: Path
    known: int
    chance: Random = field(default_factory=lambda: Random(1))
    asked: int = 0

    def feed(self) -> int:
        """Feeds that bring much are polled no more often."""
        return self.chance.randint(1, feeds_of(self.known))


def main(known: str = str(MANY), folder: str = "") -> int:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(folder or temporary)
        report = Report("known")
        places = [Place(path=root / f"known-{number}.db", known=number) for number in (FEW, int(known))]
        sizes = report.table("size", "Databases", {"known": ",", "stored": ",", "MB": ",.1f", "bytes a known": ".0f"})
        for place in places:
            made(place, sizes)
        compare(report, places)
        around(report, places)
        return report.end()


# --- what is measured -----------------------------------------------------------------------------


def compare(report: Report, places: Sequence[Place]) -> None:
    """The same polls in each, by turns, so that what disturbs one disturbs the other."""
    names = [f"{place.known:,}" for place in places]
    columns = {"step": "", **dict.fromkeys(names, ".3f"), "ratio": ".2f"}
    warm = report.table("warm", "Milliseconds of processor time a poll, warm", columns, judged="ratio")
    stores = [open_store(str(place.path)) for place in places]
    ways = {"known": look_up, "save": save_new, "save, nothing new": save_idle, "look-up and save": poll}
    for name, way in ways.items():
        by_turns(way, places, stores, POLLS // 10)  # what is used at all is in memory
        add(warm, name, by_turns(way, places, stores, POLLS), most=RATIO if way is poll else None)
    add(warm, "known by content", by_turns(by_content, places, stores, POLLS // 4))
    add(warm, "forget 8 items", by_turns(forget, places, stores, POLLS // 4))
    for store in stores:
        store.close()
    cold = report.table("cold", "Milliseconds by the clock a poll, cold", columns, judged="ratio")
    add(cold, "look-up and save", [cold_polls(place) for place in places], most=RATIO)


def by_turns(way: Way, places: Sequence[Place], stores: Sequence[Store], turns: int) -> list[float]:
    """Processor milliseconds each takes, the middle of all turns."""
    took: list[list[float]] = [[] for _ in places]
    for _ in range(turns):
        for number, (place, store) in enumerate(zip(places, stores, strict=True)):
            work = way(place, store)
            begun = time.process_time()
            work()
            took[number].append((time.process_time() - begun) * 1000)
    return [sorted(each)[len(each) // 2] for each in took]


def cold_polls(place: Place) -> float:
    """By the clock, the mean: the file is not in memory at first, and what one poll reads serves the next."""
    forget_pages(place.path)
    with closing(open_store(str(place.path))) as store:
        works = [poll(place, store) for _ in range(COLD)]
        forget_pages(place.path)
        begun = time.perf_counter()
        for work in works:
            work()
        return (time.perf_counter() - begun) * 1000 / COLD


def add(table: Table, name: str, spent: Sequence[float], most: float | None = None) -> None:
    table.add(name, *spent, spent[1] / spent[0], most=most)


Way = Callable[[Place, Store], Callable[[], object]]
"""What is done once, made ready beforehand."""


def look_up(place: Place, store: Store) -> Callable[[], object]:
    feed, keys = asked(place)
    return lambda: store.known(feed, keys)


def save_new(place: Place, store: Store) -> Callable[[], object]:
    feed, _ = asked(place)
    place.asked += 1
    revisions = tuple(article(feed, f"new {place.asked} {n}") for n in range(NEW))
    hits = ((match(revisions[0]), (dispatch(),)),)
    saved = PollSaved(state=state(feed, place.asked), revisions=revisions, matches=hits)
    return lambda: store.save_poll(saved)


def save_idle(place: Place, store: Store) -> Callable[[], object]:
    feed, _ = asked(place)
    place.asked += 1
    saved = PollSaved(state=state(feed, place.asked))
    return lambda: store.save_poll(saved)


def poll(place: Place, store: Store) -> Callable[[], object]:
    first, then = look_up(place, store), save_new(place, store)

    def both() -> None:
        first()
        then()

    return both


def by_content(place: Place, store: Store) -> Callable[[], object]:
    feed, keys = asked(place)
    return lambda: store.known_content(feed, keys)


def forget(_: Place, store: Store) -> Callable[[], object]:
    return lambda: store.prune(NOW - timedelta(days=90), 8)


def around(report: Report, places: Sequence[Place]) -> None:
    """What is asked now and then, or by a person, in seconds of the processor."""
    columns = {"work": "", **{f"{place.known:,}": ".4f" for place in places}}
    table = report.table("around", "Seconds of processor time of what is done around", columns)
    works: dict[str, Callable[[Path], object]] = {
        "open, take up the feeds, close": start,
        "status, sizes, backlog (/metrics)": numbers,
        "audit (status)": lambda path: with_store(path, lambda store: store.audit()),
        "items of each feed in 30 days": lambda path: with_store(path, lambda s: s.brought(NOW - timedelta(days=30))),
        "heartbeat (healthcheck)": lambda path: with_store(path, lambda store: store.heartbeat()),
        "backup, read back": backup,
        "doctor": lambda path: list(examine_store(str(path), LATER, untold)),
    }
    for name, work in works.items():
        table.add(name, *(spent(work, place.path) for place in places))


def spent(work: Callable[[Path], object], path: Path) -> float:
    begun = time.process_time()
    work(path)
    return time.process_time() - begun


def with_store(path: Path, work: Callable[[Store], object]) -> None:
    with closing(open_store(str(path), read_only=True)) as store:
        work(store)


def start(path: Path) -> None:
    with closing(open_store(str(path))) as store:
        store.sync_feeds({one.feed.id: (one.feed, NOW) for one in store.feeds()})
        store.release_leases(NOW)
        store.claim_feeds(NOW, 100, NOW)


def numbers(path: Path) -> None:
    with_store(path, lambda store: (store.status(NOW), store.sizes(), store.backlog()))


def backup(path: Path) -> None:
    target = path.with_suffix(".copy")
    back_up_store(str(path), target, LATER, untold)
    target.unlink()


def forget_pages(path: Path) -> None:
    """As if the machine had just been started."""
    for file in path.parent.glob(f"{path.name}*"):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# --- the database ---------------------------------------------------------------------------------


def made(place: Place, sizes: Table) -> None:
    if not place.path.exists():
        part = place.path.with_suffix(".part")
        fill(part, place.known)
        shutil.move(part, place.path)
    with closing(sqlite3.connect(place.path)) as db:
        known, stored = db.execute("SELECT (SELECT count(*) FROM seen), (SELECT count(*) FROM items)").fetchone()
        pages = db.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'seen'").fetchone() if has_sizes(db) else (0,)
    sizes.add(known, stored, place.path.stat().st_size / 1e6, pages[0] / known)


def has_sizes(db: sqlite3.Connection) -> bool:
    return any(row[0] == "ENABLE_DBSTAT_VTAB" for row in db.execute("PRAGMA compile_options"))


def fill(path: Path, known: int) -> None:
    with closing(open_store(str(path))) as store:
        store.sync_feeds({one.id: (one, NOW) for one in map(feed_of, range(1, feeds_of(known) + 1))})
        store.sync_rules([QUAKE, FLOOD], NOW)
        store.sync_channels([DESK, PHONE], NOW)
    if known > STORED:
        know(path, known - STORED, feeds_of(known))
    with closing(open_store(str(path))) as store:
        for revisions in batches(min(known, STORED), feeds_of(known)):
            feed = revisions[0].item.feed
            hits = tuple((match(one), ()) for one in revisions[::4])
            store.save_poll(PollSaved(state=state(feed, 1), revisions=revisions, matches=hits))


def know(path: Path, many: int, feeds: int) -> None:
    """In the order in which it would have come, so that pages are as full as they would be."""
    with closing(sqlite3.connect(path)) as db:
        db.create_function("item_of", 2, lambda feed, key: item_id(FeedId(f"feed-{feed}"), Hash64(key)))
        for setting in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -1500000"):
            db.execute(f"PRAGMA {setting}")
        db.execute(_KNOWN, {"many": many, "feeds": feeds, "skew": SKEW})
        db.commit()
        db.execute("PRAGMA journal_mode = WAL")


_KNOWN = """
INSERT OR IGNORE INTO seen (feed, key, item, fingerprint, revision)
WITH RECURSIVE
  counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :many),
  drawn AS MATERIALIZED (
    SELECT CAST(1 + :skew * (pow(1.0 + :feeds / :skew, (random() & 0xFFFFFF) / 16777216.0) - 1) AS INTEGER) AS feed,
      random() AS key
    FROM counted
  )
SELECT feed, key, item_of(feed, key), random(), 1 FROM drawn
"""


def batches(many: int, feeds: int) -> Iterator[tuple[Revision, ...]]:
    """Polls of two items each, the oldest half a year ago."""
    chance = Random(2)
    for first in range(0, many, 2):
        at = NOW - timedelta(days=180 * (many - first) / many)
        feed = feed_of(int(1 + SKEW * ((1 + feeds / SKEW) ** chance.random() - 1))).id
        yield tuple(article(feed, f"old {first + n}", at) for n in range(2))


def feeds_of(known: int) -> int:
    return max(10, known // A_FEED)


def feed_of(number: int) -> Feed:
    return Feed(id=FeedId(f"feed-{number}"), url=f"https://feed-{number}.example/rss")


def state(feed: FeedId, polls: int) -> FeedState:
    known = Feed(id=feed, url=f"https://{feed}.example/rss")
    return replace(polled(FeedState(feed=known)), polls=polls)


def article(feed: FeedId, name: str, at: object = NOW) -> Revision:
    """Of a paragraph, found by what its feed calls it."""
    identity = hash64(name)
    text = "The quake " + " ".join(Random(name).choices(WORDS, k=60))
    one = invented(name, text=text, source=feed)
    id_ = item_id(feed, identity)
    url = f"https://{feed}.example/{id_}"
    item = replace(one.item, id=id_, key=identity, url=url, canonical=url, raw=text)
    return replace(one, item=item, seen_at=at, story=StoryId(id_))  # type: ignore[arg-type]


def asked(place: Place) -> tuple[FeedId, list[Hash64]]:
    """A feed, and identities of which most are known in it, as far as it has so many."""
    number = place.feed()
    with closing(sqlite3.connect(place.path)) as db:
        start = place.chance.getrandbits(63)
        found = db.execute(_SOME, {"feed": number, "start": start, "limit": ASKED - NEW}).fetchall()
    keys = [Hash64(key) for (key,) in found]
    return feed_of(number).id, keys + [Hash64(place.chance.getrandbits(63)) for _ in range(ASKED - len(keys))]


_SOME = "SELECT key FROM seen WHERE feed = :feed AND key >= :start LIMIT :limit"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
