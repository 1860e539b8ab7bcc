"""edge: (store, a rule and its past) -> what its history tells of it: W207, W210, W211."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from watcher.cli.history import feed_in, known_feeds
from watcher.cli.past import Past
from watcher.model import Feed, FeedId, Finding, FindingSeverity, Hash64, Item, ItemId
from watcher.ports import Store
from watcher.rules import LoadedRule
from watcher.rules.compile import compile_tree, required_terms
from watcher.rules.nodes import NOWHERE, Alias, Node, Phrase, Word
from watcher.rules.pattern import pattern
from watcher.rules.printer import to_text
from watcher.rules.shape import children, walk
from watcher.text.document import Document

SILENT = timedelta(days=30)
NOISY = 50.0
"""Matches a day that nobody reads: one each half hour, day and night."""
LEAVES = 100  # words of a rule whose other spellings are looked for
LOOKED_AT = 50  # items, newest first, in which one other spelling is looked for
HALF = 3  # letters that each part of a word has at least when it is taken apart
NOBODY = Feed(id=FeedId(""), url="")


@dataclass(frozen=True, kw_only=True)
class History:
    """What is stored, looked at by many rules; nothing is asked twice."""

    store: Store
    since: timedelta
    now: datetime

    @cached_property
    def known(self) -> timedelta:
        """How far back it goes."""
        oldest = self.store.extent(None)[1]
        return self.now - oldest if oldest else timedelta()

    @cached_property
    def feeds(self) -> Mapping[FeedId, Feed]:
        return known_feeds(self.store)


def habits(history: History, loaded: LoadedRule, past: Past) -> Iterator[Finding]:
    """What is to be said of a rule by its past. Nothing about time when less than that is stored."""
    known, since = history.known, history.since
    days = min(known, since) / timedelta(days=1)
    if not past.hits and min(known, since) >= SILENT:
        yield _finding(loaded, "W210", f"the rule matched nothing in {SILENT.days} days", _LOOK, loaded.position(0))
    elif days >= 1 and len(past.hits) / days > NOISY:
        often = f"the rule matched {len(past.hits) / days:,.0f} times a day"
        yield _finding(loaded, "W211", often, _NARROW, loaded.position(0))
    yield from other_spellings(history, loaded)


_LOOK = "`watcher explain` says what an item lacks that it should have matched"
_NARROW = "ask for more, in a sentence or in the title, or look into fewer feeds"


def other_spellings(history: History, loaded: LoadedRule) -> Iterator[Finding]:
    """W207 for each word or phrase of the rule that stored items write joined, or apart, where it is not found."""
    assert loaded.tree is not None, "a rule with an expression"
    leaves = [leaf for leaf in _own_leaves(loaded.tree) if leaf.at != NOWHERE][:LEAVES]
    for leaf in leaves:
        for other, joint in _otherwise(leaf):
            if not _finds(loaded.tree, other) and _stands(history, other):
                text = other.text.replace("~", "")
                message = f"`{to_text(leaf)}` does not find “{text}”, which stands in stored items"
                yield _finding(loaded, "W207", message, f"write {joint}: it finds both", loaded.position(leaf.at[0]))
                break


def _own_leaves(node: Node) -> Iterator[Word | Phrase]:
    """The words and phrases written in the rule itself."""
    if isinstance(node, Word | Phrase):
        yield node
    elif not isinstance(node, Alias):
        for child in children(node):
            yield from _own_leaves(child)


def _otherwise(leaf: Word | Phrase) -> Iterator[tuple[Phrase, str]]:
    """The other spellings of a leaf, each with the joint that finds both."""
    chunks = leaf.text.split()
    if leaf.exact or (isinstance(leaf, Word) and leaf.prefix) or not all(c.rstrip("~").isalpha() for c in chunks):
        return
    mark = "~" if isinstance(leaf, Word) and leaf.inflect else ""
    for n, chunk in enumerate(chunks):
        for cut in range(HALF, len(chunk.rstrip("~")) - HALF + 1):
            yield _spelled(chunks, n, n + 1, (chunk[:cut], chunk[cut:] + mark))
    for n in range(len(chunks) - 1):
        yield _spelled(chunks, n, n + 2, ("".join(chunks[n : n + 2]).replace("~", "") + mark,))


def _spelled(chunks: list[str], first: int, last: int, instead: tuple[str, ...]) -> tuple[Phrase, str]:
    """The chunks with some of them written otherwise; and written with a hyphen."""
    joint = "-".join(instead) if len(instead) > 1 else "-".join(chunks[first:last])
    hyphened = " ".join([*chunks[:first], joint, *chunks[last:]])
    return Phrase(" ".join([*chunks[:first], *instead, *chunks[last:]])), (
        f'`"{hyphened}"`' if " " in hyphened else f"`{hyphened}`"
    )


def _finds(tree: Node, words: Phrase) -> bool:
    """Whether a leaf of the rule, its vocabulary included, finds all of these words."""
    text = words.text.replace("~", "")
    item = Item(id=ItemId(""), feed=NOBODY.id, key=Hash64(0), fingerprint=Hash64(0), text=text)
    stream = Document(item, NOBODY).text
    whole = (0, len(stream.keys))
    return any(whole in pattern(leaf).find(stream) for leaf in walk(tree) if isinstance(leaf, Word | Phrase))


def _stands(history: History, words: Phrase) -> bool:
    """Whether a stored item has these words side by side."""
    compiled = compile_tree(words)
    candidates = history.store.search(required_terms(compiled), history.now - history.since, LOOKED_AT)
    return any(compiled.root.true(Document(each.item, feed_in(history.feeds, each))) for each in candidates)


def _finding(loaded: LoadedRule, code: str, message: str, mend: str, place: tuple[int, int]) -> Finding:
    severity, file = FindingSeverity.WARNING, loaded.rule.file
    line, column = place
    return Finding(code=code, severity=severity, file=file, line=line, column=column, message=message, help=mend)
