"""What matching costs, measured in a process of its own: `_matching.py rules|memory|length LAW NUMBER` prints JSON.

A cost is processor time in f: what finding all words of titles and texts by a regular expression takes, measured on the
same articles before and after. Every article is seen once, as in a stream, but where it says "again". What is
remembered of words is warm by other articles, and every rule has been asked once: an evaluator is made when its rule is
a candidate for the first time, and that is told apart.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from statistics import median

from tests.bench._report import least, spent, traced
from tests.items import rule
from tests.rulegen import Law, articles, rules
from watcher.config.collecting import uncollected
from watcher.match import match
from watcher.model import Feed, Item, Rule
from watcher.rules import query
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.frequencies import ITEMS, NOTHING_COUNTED, Frequencies
from watcher.rules.nodes import Node
from watcher.rules.ruleset import Ruleset
from watcher.text.document import Document

Article = tuple[Item, Feed]

WARM, COMMON = 2_000, 2_000
"""Articles seen before, and how many of their words are known to be common."""
BATCH, BATCHES = 40, 5
EDITS = 20
LENGTHS = (60, 200, 620, 2_000, 10_000, 40_000)
ENDLESS = 10**9
SILENT = ("qxqx AND qyqy", "qxqxqx* AND qyqy", "title:qxqx AND qyqy", "feed:qxqx AND qyqy")
"""Rules that nothing is found by, with each kind of term an article is asked for."""
_WORD = re.compile(r"\w+")


def findall(batch: Iterable[Article]) -> None:
    """The floor."""
    for item, _ in batch:
        _WORD.findall(item.title)
        _WORD.findall(item.text)


def floor(batch: Sequence[Article]) -> float:
    return least(partial(findall, batch))[0]


Work = Callable[[Sequence[Article]], object]


def cost(stream: Iterator[Article], work: Work, size: int = BATCH, *, again: bool = False) -> float:
    """What work on a batch of fresh articles costs, in f: the middle of several batches. `again`: a second time."""
    found = []
    for _ in range(BATCHES):
        batch = list(islice(stream, size))
        if again:
            work(batch)
        before = floor(batch)
        took = spent(partial(work, batch))[1]
        found.append(took / min(before, floor(batch)))
    return median(found)


def trees(number: int, law: Law) -> list[tuple[Rule, Node]]:
    """The rules parsed, one text at a time; what has come to stay is not looked through again."""
    parsed = (query.parse(text).tree for text in rules(number, law))
    found = [(rule(f"r{n}"), tree) for n, tree in enumerate(parsed) if tree is not None]
    gc.collect()
    gc.freeze()
    return found


def warmed(number: int, law: Law) -> Frequencies:
    """How often words are to be expected, after articles were seen that are not measured."""
    counted = Counter[str]()
    for article in articles(WARM, number, law, seed=1):
        document = Document(*article)
        silence().candidates(document)
        counted.update(set(document.text.written))
    return Frequencies({ITEMS: WARM, **dict(counted.most_common(COMMON))})


def ruleset(compiled: Sequence[CompiledRule]) -> Ruleset:
    return Ruleset(compiled).ready()


@cache
def silence() -> Ruleset:
    """Of the SILENT rules: asking it costs what an article's words cost."""
    return ruleset([compile_rule(rule(text), tree) for text in SILENT if (tree := query.parse(text).tree)])


@uncollected()
def built(parsed: Sequence[tuple[Rule, Node]], counted: Frequencies) -> Ruleset:
    """From trees to what can be asked, as the daemon does it."""
    return ruleset(tuple(compile_rule(each, tree, counted) for each, tree in parsed))


def asked_once(live: Ruleset) -> None:
    """Every rule's evaluator made."""
    for compiled in live.rules:
        _ = compiled.root
    gc.collect()
    gc.freeze()


def by_rules(law: Law, number: int) -> dict[str, float]:
    counted, parsed = warmed(number, law), trees(number, law)
    live, seconds = spent(lambda: built(parsed, counted))
    gc.collect()
    gc.freeze()
    edit = edited(live, parsed)
    first = spent(lambda: asked_once(live))[1]
    stream = articles(ENDLESS, number, law)
    batch = list(islice(stream, BATCH))
    told = [match(live, *article, 1) for article in batch]
    return {
        "f": floor(batch) / BATCH,
        "words": cost(stream, partial(asked, silence())),
        "candidates": cost(stream, partial(asked, live)),
        "match": cost(stream, partial(matched, live)),
        "again": cost(stream, partial(matched, live), again=True),
        "asked": sum(len(live.candidates(Document(*article))) for article in batch) / BATCH,
        "hits": sum(len(found.matches) for found in told) / BATCH,
        "failed": sum(len(found.failures) for found in told),
        "index": seconds,
        "edit": edit,
        "first": first / number,
    }


def asked(live: Ruleset, batch: Iterable[Article]) -> None:
    for item, feed in batch:
        live.candidates(Document(item, feed))


def matched(live: Ruleset, batch: Iterable[Article]) -> None:
    for item, feed in batch:
        match(live, item, feed, 1)


def edited(live: Ruleset, parsed: Sequence[tuple[Rule, Node]]) -> float:
    """Seconds from an edited rule's tree to the next article that is asked with it, beyond what that asks anyway."""
    short = next(articles(1, 10, seed=2, words=60))
    found = []
    for n in range(EDITS):
        plain = spent(partial(asked, live, [short]))[1]
        live, seconds = spent(partial(edit, live, rule(f"r{n}", hash="edited"), parsed[-1 - n % len(parsed)][1], short))
        found.append(seconds - plain)
    return median(found)


def edit(live: Ruleset, new: Rule, tree: Node, article: Article) -> Ruleset:
    after = live.changed({new.id: compile_rule(new, tree)}).ready()
    asked(after, [article])
    return after


def by_memory(law: Law, number: int) -> dict[str, float]:
    """MB of the index, and of the trees it is made of."""
    parsed, trees_mb = traced(lambda: trees(number, law))
    _, index_mb = traced(lambda: built(parsed, NOTHING_COUNTED))
    return {"index": index_mb, "trees": trees_mb}


def by_length(law: Law, number: int) -> list[dict[str, float]]:
    live = built(trees(number, law), warmed(number, law))
    asked_once(live)
    return [length(live, law, number, words) for words in LENGTHS]


def length(live: Ruleset, law: Law, number: int, words: int) -> dict[str, float]:
    size = max(2, min(BATCH, BATCH * 2_000 // words))
    stream = articles(ENDLESS, number, law, words=words)
    batch = list(islice(stream, size))
    return {
        "length": words,
        "f": floor(batch) / size,
        "words": cost(stream, partial(asked, silence()), size),
        "match": cost(stream, partial(matched, live), size),
        "again": cost(stream, partial(matched, live), size, again=True),
    }


if __name__ == "__main__":
    what, law, number = sys.argv[1:]
    measure: dict[str, Callable[[Law, int], object]] = {"rules": by_rules, "memory": by_memory, "length": by_length}
    print(json.dumps(measure[what]("growing" if law == "growing" else "held", int(number))))
