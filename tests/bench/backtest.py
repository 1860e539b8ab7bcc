"""What a backtest of one rule over 100,000 stored items costs, against reading and matching every one of them.

    python -m tests.bench.backtest [DATABASE]

Processor seconds of `watcher backtest` in a process of its own, start included, for a rule of three rare parts and one
of a common word. The naive way decodes each stored item and evaluates the rule, in this process, start not included.
The items are invented: 100 to 300 words each, drawn by rank as words of a language are (Zipf), with the rule's words
strewn in. A DATABASE is made where there is none, and used again where there is one; without it all is thrown away.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from tests.items import rule
from watcher.cli.history import feed_in, known_feeds
from watcher.config import core_vocabulary
from watcher.match import match
from watcher.model import Feed, FeedId, FeedState, Hash64, Item, ItemId, PlacedBlock, PollSaved, Revision, Role
from watcher.rules import expression, load
from watcher.rules.compile import compile_rule
from watcher.rules.ruleset import Ruleset
from watcher.store import open_store
from watcher.story import story_of

ITEMS = 100_000
AT_ONCE = 1_000
DAYS = 60
MOST = 3.0
"""Seconds of processor time that the rule of rare parts may take."""
NAIVE = 5_000
"""Items the naive way is measured on; its figure is scaled up."""
FEEDS = tuple(Feed(id=FeedId(f"wire-{n}"), url=f"https://wire-{n}.example/feed", lang="en") for n in range(20))
RARE, COMMON = "US airstrikes AND Tikrit", "minister"
STREWN = (("US", 0.15), ("air strikes", 0.05), ("Tikrit", 0.05), ("airstrikes", 0.05), ("minister", 0.1))
"""Words and the share of items that have them."""


def words(rand: Random, number: int) -> list[str]:
    """Invented words, the commonest first."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il")]
    return ["".join(rand.choices(syllables, k=rand.choice((1, 2, 2, 3, 4)))) for _ in range(number)]


def articles(now: datetime, number: int = ITEMS) -> Iterator[Revision]:
    """Oldest first, evenly over DAYS."""
    rand = Random(7)
    lexicon = words(rand, 30_000)
    weights = list(accumulate(1 / rank for rank in range(1, len(lexicon) + 1)))
    for n in range(number):
        seen = now - timedelta(days=DAYS) * (1 - n / number)
        drawn = rand.choices(lexicon, cum_weights=weights, k=rand.randint(100, 300))
        for word, share in STREWN:
            if rand.random() < share:
                drawn[rand.randrange(8, len(drawn))] = word
        yield article(n, drawn, seen)


def sentence(drawn: list[str]) -> str:
    text = " ".join(drawn)
    return text[0].upper() + text[1:]


def article(n: int, drawn: list[str], seen: datetime) -> Revision:
    feed = FEEDS[n % len(FEEDS)]
    sentences = [sentence(drawn[i : i + 17]) + "." for i in range(8, len(drawn), 17)]
    blocks = [" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]
    ends = list(accumulate(len(block) + 2 for block in blocks))
    text = "\n\n".join(blocks)
    item = Item(
        id=ItemId(f"{n:016x}"),
        feed=feed.id,
        key=Hash64(n),
        fingerprint=Hash64(n),
        url=f"https://{feed.id}.example/{n}",
        canonical=f"https://{feed.id}.example/{n}",
        title=sentence(drawn[:8]),
        text=text,
        summary=sentences[0],
        raw=text,
        blocks=tuple(
            PlacedBlock(start=end - len(block) - 2, end=end - 2, role=Role.BODY)
            for block, end in zip(blocks, ends, strict=True)
        ),
        lang="en",
        published=seen,
    )
    return Revision(item=item, number=1, seen_at=seen, story=story_of(item))


def fill(database: Path, now: datetime) -> None:
    """Store the articles as polls do."""
    store = open_store(f"sqlite:///{database}")
    store.sync_feeds({feed.id: (feed, now) for feed in FEEDS})
    batch: list[Revision] = []
    for revision in articles(now):
        batch.append(revision)
        if len(batch) == AT_ONCE:
            state = FeedState(feed=FEEDS[0], baselined=True, polls=1, polled_at=now, good_at=now)
            store.save_poll(PollSaved(state=state, revisions=tuple(batch)))
            batch = []
    store.close()


def household(folder: Path, database: Path) -> Path:
    """A configuration over the database, its one rule file the vocabulary that comes with the package."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "core-en.yaml").write_bytes(core_vocabulary())
    config = folder / "watcher.yaml"
    channel = {"name": "console", "url": "console://"}
    feeds = [{"id": feed.id, "url": feed.url} for feed in FEEDS]
    whole = {"schema": "watcher/1", "data": str(database.parent), "rules": [str(rules)], "operator": ["console"]}
    config.write_text(json.dumps(whole | {"feeds": feeds, "channels": [channel]}), "utf-8")
    return config


def backtest(config: Path, text: str) -> tuple[float, dict[str, int]]:
    """Seconds of processor time, and the summary."""
    command = [
        sys.executable,
        "-m",
        "watcher",
        "backtest",
        "--match",
        text,
        "--since",
        "100d",
        "--json",
        "--config",
        str(config),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, json.loads(done.stdout.splitlines()[-1])["summary"]


def naive(database: Path, text: str) -> float:
    """Seconds for all items, by the newest NAIVE of them."""
    tree, _ = expression(text, load({"core-en.yaml": core_vocabulary()}).vocabulary)
    assert tree is not None
    ruleset = Ruleset((compile_rule(rule("naive"), tree),))
    store = open_store(f"sqlite:///{database}", read_only=True)
    feeds = known_feeds(store)
    start = time.process_time()
    for revision in store.search((), None, NAIVE):
        match(ruleset, revision.item, feed_in(feeds, revision), revision.number)
    spent = time.process_time() - start
    store.close()
    return spent * ITEMS / NAIVE


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        database = Path(arguments[0]).absolute() if arguments else folder / "var" / "watcher.db"
        if not database.exists():
            fill(database, datetime.now(UTC))
        config = household(folder, database)
        missed = False
        for text in (RARE, COMMON):
            spent, summary = min((backtest(config, text) for _ in range(3)), key=lambda pair: pair[0])
            scan = naive(database, text)
            found = f"{summary['matches']:,} of {summary['items']:,} items"
            print(f"{text!r}: {spent:.2f} s, {found}; every item one by one {scan:.1f} s ({scan / spent:.0f} times)")
            missed |= text == RARE and spent > MOST
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
