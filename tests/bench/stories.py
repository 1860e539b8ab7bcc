"""Stories: what is found to tell the same, what is taken for it and does not, and what an item costs.

    python -m tests.bench.stories [ITEMS]         a stream of 100,000 invented items, and the invented labelled set
    python -m tests.bench.stories --set FILE...   labelled sets of yours: JSON Lines of {id, time, title, text, story}

Everything runs as in a poll: an entry among its site's boilerplate, what is learned of the site, normalised,
sketched, asked for in the store, linked, saved. An item counts as found when it is in the story of any item that tells
the same; as a false merge when the item it was linked to tells something else. B-cubed (Bagga and Baldwin, 1998)
compares for each item those it is put with to those it belongs with. Beside it: items with the same title are one
story, and each is one.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tests.fakes import Desk
from tests.storygen import Labelled, Made, events, stream
from watcher.model import (
    BEGINS,
    Block,
    Entry,
    Feed,
    FeedId,
    FeedState,
    Hash64,
    ItemId,
    Learned,
    PollSaved,
    Revision,
)
from watcher.normalise import normalise
from watcher.normalise.learning import learn
from watcher.ports import Store
from watcher.store import open_store
from watcher.story import revised

ITEMS, PLAIN = 100_000, 3_000
GOALS = {"edited": 0.99, "syndicated": 0.98, "stub": 0.60}
FALSE, MICROSECONDS, BYTES = 0.002, 300.0, 2048
_WORD = re.compile(r"\w+")


@dataclass
class Life:
    """A store, and the job that puts into it what comes."""

    store: Store
    sketched: bool = True
    spent: float = 0.0  # seconds of CPU for stories, saving apart
    saving: float = 0.0
    floor: float = 0.0  # to find the words of the same texts, by `re.findall`
    feeds: dict[str, FeedState] = field(default_factory=dict)
    learned: defaultdict[str, Learned] = field(default_factory=lambda: defaultdict(Learned))

    def __post_init__(self) -> None:
        desk = Desk(self.store)
        self.jobs, self.clock = desk.jobs, desk.clock

    def want(self, sites: Iterable[str]) -> None:
        feeds = {site: Feed(id=FeedId(site), url=f"https://{site}/feed") for site in sites}
        self.store.sync_feeds({feed.id: (feed, self.clock.now()) for feed in feeds.values()})
        self.feeds = {state.feed.id: state for state in self.store.feeds()}

    async def take(self, site: str, entry: Entry, at: datetime) -> Revision:
        """What a poll that brings this one entry makes of it."""
        self.clock.present = at
        state = self.feeds[site]
        self.learned[site] = learn(self.learned[site], [entry])
        item = normalise(entry, state.feed, learned=self.learned[site])
        begun = time.process_time()
        _WORD.findall(item.title)
        _WORD.findall(item.text)
        self.floor += time.process_time() - begun
        begun = time.process_time()
        revisions = tuple(revised([item], {}, at))
        if self.sketched:
            revisions = await self.jobs.in_stories(await self.jobs.sketched(revisions))
        else:
            revisions = tuple(replace(one, sketch=None, link=BEGINS) for one in revisions)
        between = time.process_time()
        self.store.save_poll(PollSaved(state=replace(state, polled_at=at, good_at=at, next_at=at), revisions=revisions))
        self.spent += between - begun
        self.saving += time.process_time() - between
        return revisions[0]


# --- the stream -----------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of a stream."""

    kinds: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    by_title: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # by level
    wrong_titles: int = 0

    def __post_init__(self) -> None:
        self._truth: dict[ItemId, int] = {}
        self._stories: defaultdict[int, set[str]] = defaultdict(set)
        self._titles: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, made: Made, revision: Revision) -> None:
        self.kinds[made.kind] += 1
        self.found[made.kind] += revision.story in self._stories[made.story]
        link = revision.link
        if link.of is not None and self._truth[link.of] != made.story:
            self.wrong[link.level] += 1
        title = revision.item.title.casefold()
        known = self._titles[title]
        self.by_title[made.kind] += made.story in known
        self.wrong_titles += bool(known) and made.story not in known
        known.add(made.story)
        self._truth[revision.item.id] = made.story
        self._stories[made.story].add(revision.story)


async def streamed(count: int) -> bool:
    """Print what came of it; whether all goals are reached."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        life = await lived(Path(folder) / "a.db", count, tally)
        extra, plain_saving = await plain(Path(folder))
    total = sum(tally.kinds.values())
    print(f"{total:,} items: {', '.join(f'{n:,} {kind}' for kind, n in tally.kinds.most_common())}")
    print(f"{'':14}{'found':>9}{'goal':>8}{'same title':>12}")
    good = True
    for kind, goal in GOALS.items():
        share, naive = (counted[kind] / max(1, tally.kinds[kind]) for counted in (tally.found, tally.by_title))
        good &= share >= goal
        print(f"{kind:14}{share:9.4f}{goal:8.2f}{naive:12.4f}")
    wrong = sum(tally.wrong.values())
    good &= wrong <= FALSE * total
    by_level = ", ".join(f"{n} {level}" for level, n in tally.wrong.most_common()) or "none"
    naive = tally.wrong_titles / total
    print(f"false merges  {wrong / total:9.4%} of all (goal {FALSE:.1%}): {by_level}; same title {naive:.4%}")
    cost = (life.spent + life.saving) / total * 1e6 - plain_saving * 1e6
    good &= cost <= MICROSECONDS and extra <= BYTES
    before, floor = life.spent / total * 1e6, life.floor / total * 1e6
    print(
        f"cost          {cost:6.0f} us of CPU an item (goal {MICROSECONDS:.0f}), {before:.0f} of it before it is saved;"
        f" {cost / floor:.1f} times what finding its words takes ({floor:.0f})"
    )
    print(f"stored        {extra:6.0f} bytes an item (goal {BYTES})")
    return good


async def lived(path: Path, count: int, tally: Tally | None = None, *, sketched: bool = True) -> Life:
    store = open_store(f"sqlite:///{path}")
    life = Life(store, sketched=sketched)
    life.want(f"site{n}.example" for n in range(240))
    for made in stream(count):
        revision = await life.take(made.site, made.entry, made.at)
        if tally:
            tally.add(made, revision)
    store.close()
    return life


async def plain(folder: Path) -> tuple[float, float]:
    """Bytes that a stored item takes more with all this than without, and seconds to save one without."""
    with_, without = folder / "with.db", folder / "without.db"
    await lived(with_, PLAIN)
    life = await lived(without, PLAIN, sketched=False)
    return (with_.stat().st_size - without.stat().st_size) / PLAIN, life.saving / PLAIN


# --- labelled sets --------------------------------------------------------------------------------


def labelled(path: Path) -> Iterator[Labelled]:
    for line in path.read_text("utf-8").splitlines():
        told = json.loads(line)
        when = datetime.fromisoformat(told["time"])
        yield Labelled(**{**told, "id": str(told["id"]), "story": str(told["story"]), "time": when})


async def grouped(name: str, items: Sequence[Labelled]) -> float:
    """Print B-cubed precision, recall and F1 of ours and of the naive ways; ours is returned."""
    store = open_store("sqlite:///:memory:")
    life = Life(store)
    life.want(f"outlet{n}.example" for n in range(len(items)))
    ours: dict[str, str] = {}
    levels: Counter[str] = Counter()
    for n, one in enumerate(sorted(items, key=lambda one: one.time)):
        link = f"https://outlet{n}.example/{one.id}"
        blocks = tuple(Block(text=text) for text in one.text.split("\n\n"))
        entry = Entry(hash=Hash64(n), guid=link, link=link, title=one.title, blocks=blocks, published=one.time)
        revision = await life.take(f"outlet{n}.example", entry, one.time)
        ours[one.id] = revision.story
        levels[revision.link.level] += 1
    truth = {one.id: one.story for one in items}
    ways = {
        "ours": ours,
        "same title": {one.id: one.title.casefold() for one in items},
        "each its own": {one.id: one.id for one in items},
    }
    print(f"{name}: {len(items):,} items, {len(set(truth.values())):,} stories; {dict(levels)}")
    print(f"{'':14}{'precision':>10}{'recall':>9}{'F1':>7}   B-cubed")
    scores = {way: b_cubed(found, truth) for way, found in ways.items()}
    for way, (precision, recall, f1) in scores.items():
        print(f"{way:14}{precision:10.3f}{recall:9.3f}{f1:7.3f}")
    return scores["ours"][2]


def b_cubed(found: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1, each item counted once."""
    together, belong = _members(found), _members(truth)
    shared = {one: len(together[found[one]] & belong[truth[one]]) for one in truth}
    precision = sum(shared[one] / len(together[found[one]]) for one in truth) / len(truth)
    recall = sum(shared[one] / len(belong[truth[one]]) for one in truth) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _members(stories: Mapping[str, str]) -> Mapping[str, set[str]]:
    members: defaultdict[str, set[str]] = defaultdict(set)
    for one, story in stories.items():
        members[story].add(one)
    return members


async def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["--set"]:
        for path in arguments[1:]:
            await grouped(path, list(labelled(Path(path))))
        return 0
    good = await streamed(int(arguments[0]) if arguments else ITEMS)
    print()
    for seed in (1, 2, 3):
        await grouped(f"invented events, seed {seed}", events(seed))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
