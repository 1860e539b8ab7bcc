"""What a backtest over 100,000 stored items costs: of one rule, against matching every item, and of a thousand rules.

    python -m tests.bench.backtest [DATABASE [DATABASE_OF_MANY]]

Processor seconds of `watcher backtest` in a process of its own, start included, for a rule of three rare parts and one
of a common word. The naive way decodes each stored item and evaluates the rule, in this process, start not included.
The items are invented: 100 to 300 words each, drawn by rank as words of a language are (Zipf), with the rule's words
strewn in. A thousand rules, and the items of about 200 words that tell of what they watch, are those of tests.rulegen;
that takes in what the command does besides matching: alerts rehearsed and other spellings looked for. f is what it
takes to find the words of a text (`re.findall`). A DATABASE is made where there is none, and used again where there is
one; without it all is thrown away.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from random import Random

from tests import rulegen
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
RULES, MOST_OF_ALL = 1_000, 90.0
"""Rules that are asked together, and the seconds of processor time that this may take."""
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


def fill(database: Path, now: datetime, feeds: Sequence[Feed], revisions: Iterable[Revision]) -> None:
    """Store them as polls do."""
    store = open_store(f"sqlite:///{database}")
    store.sync_feeds({feed.id: (feed, now) for feed in feeds})
    coming = iter(revisions)
    while batch := tuple(islice(coming, AT_ONCE)):
        state = FeedState(feed=feeds[0], baselined=True, polls=1, polled_at=now, good_at=now)
        store.save_poll(PollSaved(state=state, revisions=batch))
    store.close()


def of_many(now: datetime) -> Iterator[Revision]:
    """What a thousand rules watch, as `articles`."""
    for n, (item, _) in enumerate(rulegen.articles(ITEMS, RULES, words=200)):
        seen = now - timedelta(days=DAYS) * (1 - n / ITEMS)
        yield Revision(item=replace(item, published=seen), number=1, seen_at=seen, story=story_of(item))


def household(folder: Path, database: Path, feeds: Sequence[Feed] = FEEDS) -> Path:
    """A configuration over the database, its one rule file the vocabulary that comes with the package."""
    rules = folder / "rules"
    rules.mkdir(parents=True)
    (rules / "core-en.yaml").write_bytes(core_vocabulary())
    config = folder / "watcher.yaml"
    channel = {"name": "console", "url": "console://"}
    known = [{"id": feed.id, "url": feed.url, "tags": feed.tags} for feed in feeds]
    whole = {"schema": "watcher/1", "data": str(database.parent), "rules": [str(rules)], "operator": ["console"]}
    config.write_text(json.dumps(whole | {"feeds": known, "channels": [channel]}), "utf-8")
    return config


def backtest(config: Path, *asked: str) -> tuple[float, dict[str, int]]:
    """Seconds of processor time, and the summary."""
    command = [sys.executable, "-m", "watcher", "backtest", *asked, "--since", "100d", "--json"]
    command += ["--config", str(config)]
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


def all_rules(folder: Path, database: Path) -> bool:
    """Whether a thousand rules take more than they may."""
    if not database.exists():
        now = datetime.now(UTC)
        fill(database, now, rulegen.FEEDS, of_many(now))
    config = household(folder, database, rulegen.FEEDS)
    rules = [{"id": f"rule-{n}", "match": text} for n, text in enumerate(rulegen.rules(RULES))]
    (folder / "rules" / "many.yaml").write_text(json.dumps({"schema": "watch/1", "rules": rules}), "utf-8")
    spent, summary = backtest(config)
    matches, alerts, items = (summary[name] for name in ("matches", "alerts", "items"))
    words = spent / (floor(database) * items)
    print(f"{RULES:,} rules: {spent:.1f} s, at most {MOST_OF_ALL:g}, {words:.0f} f an item")
    print(f"{matches:,} matches and {alerts:,} alerts of {items:,} items")
    return spent > MOST_OF_ALL


def floor(database: Path) -> float:
    """Seconds that finding the words of an item takes."""
    store, words = open_store(f"sqlite:///{database}", read_only=True), re.compile(r"\w+")
    texts = [(one.item.title, one.item.text) for one in store.search((), None, NAIVE)]
    start = time.process_time()
    for title, text in texts:
        words.findall(title)
        words.findall(text)
    spent = time.process_time() - start
    store.close()
    return spent / len(texts)


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        database, many = [Path(name).absolute() for name in arguments] + [
            folder / name / "watcher.db" for name in ("var", "many")[len(arguments) :]
        ]
        if not database.exists():
            now = datetime.now(UTC)
            fill(database, now, FEEDS, articles(now))
        config = household(folder, database)
        missed = False
        for text in (RARE, COMMON):
            spent, summary = min((backtest(config, "--match", text) for _ in range(3)), key=lambda pair: pair[0])
            scan = naive(database, text)
            found = f"{summary['matches']:,} of {summary['items']:,} items"
            print(f"{text!r}: {spent:.2f} s, {found}; every item one by one {scan:.1f} s ({scan / spent:.0f} times)")
            missed |= text == RARE and spent > MOST
        missed |= all_rules(folder / "many-rules", many)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
