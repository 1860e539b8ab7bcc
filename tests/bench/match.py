"""What matching costs by the number of rules, against finding all words of the same articles by a regular expression.

    python -m tests.bench.match

Processor seconds for all articles, the least of several runs, each way in turn, in texts met before as a day's words
have been. The rules are made of the articles' words, so that each matches one at least;
"marks" is with denials marked, as is usual, "plain" with denials told like the rest: the difference is what looking
for denials costs.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from tests.bench.backtest import FEEDS, articles
from tests.items import rule
from watcher.match import match
from watcher.model import Denials, Item
from watcher.rules import query
from watcher.rules.compile import compile_rule
from watcher.rules.ruleset import Ruleset

RULES = (100, 1_000)
ARTICLES = 60
RUNS = 2
_WORD = re.compile(r"\w+")


def main() -> None:
    items = [revision.item for revision in articles(datetime.now(UTC), ARTICLES)]
    print(
        f"{'rules':>7} {'matches':>8} {'findall s':>10} {'marks s':>8} {'ratio':>6} {'plain s':>8} {'marks/plain':>12}"
    )
    for number in RULES:
        line(items, number)


def line(items: list[Item], number: int) -> None:
    wanted = expressions(items, number)
    marks, others = ruleset(wanted, Denials.MARK), ruleset(wanted, Denials.INCLUDE)
    found = sum(len(match(marks, item, FEEDS[0], 1).matches) for item in items)
    ways = (lambda: findall(items), lambda: matched(marks, items), lambda: matched(others, items))
    read, marked, told = least(*ways)
    row = f"{number:7,} {found:8,} {read:10.3f} {marked:8.3f} {marked / read:6.1f} {told:8.3f} {marked / told:12.2f}"
    print(row, flush=True)


def expressions(items: list[Item], number: int) -> list[str]:
    """Of an article a rare word with a common one or one of another article."""
    chance = random.Random(11)
    often = Counter(word for item in items for word in set(_WORD.findall(item.text)))
    found: list[str] = []
    while len(found) < number:
        one, other = (_WORD.findall(chance.choice(items).text) for _ in range(2))
        a, b, c = min(chance.sample(one, 5), key=often.__getitem__), chance.choice(one), chance.choice(other)
        found.append(f'"{a}" AND ("{b}" OR "{c}")')
    return found


def ruleset(texts: list[str], denials: Denials) -> Ruleset:
    made = []
    for number, text in enumerate(texts):
        tree = query.parse(text).tree
        assert tree is not None, text
        made.append(compile_rule(rule(f"rule-{number}", denials=denials), tree))
    return Ruleset(tuple(made)).ready()


def matched(rules: Ruleset, items: list[Item]) -> None:
    for item in items:
        match(rules, item, FEEDS[0], 1)


def findall(items: list[Item]) -> None:
    for item in items:
        _WORD.findall(item.text)


def least(*ways: Callable[[], object]) -> list[float]:
    best = [float("inf")] * len(ways)
    for _ in range(RUNS):
        for number, way in enumerate(ways):
            began = time.process_time()
            way()
            best[number] = min(best[number], time.process_time() - began)
    return best


if __name__ == "__main__":
    main()
