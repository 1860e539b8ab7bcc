"""pure: (a poll's items, what is known of them) -> which are known, and by what the feed's entries are told apart.

ids mean nothing     one stands on several different entries of a document; or none has come twice, and entries say
                     what is known: from then on entries are told apart by what they say
ids were changed     those that held until now are others all at once: it happens when a site moves house
nothing was edited   a known item says what it said, and is read otherwise: by a later version of the watcher
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.model import Entry, FeedState, Habits, Hash64, Identity, Item, Known
from watcher.normalise import clean
from watcher.normalise.identity import key

__all__ = [
    "LOOSE",
    "SHARED",
    "Ids",
    "also_known",
    "hidden",
    "is_unchanged",
    "judged",
    "loose",
    "shared_links",
    "shares_nothing",
]

MANY = 3
"""Different entries under one id, and entries that say what is known, that are no accident."""
AGAIN = 30 * 86_400.0
"""Seconds within which all ids are changed once, and not twice, by somebody who moves house."""

LOOSE = (
    "one id stands on several of its entries: they are told apart by what they say from now on, and an edit counts as "
    "a new item"
)
CHANGING = (
    "its entries have other ids at each fetch: they are told apart by what they say from now on, and an edit counts as "
    "a new item"
)
SHARED = "its entries have one link in common, which is then none of theirs: each is told by itself"
RENAMED = "all its entries have other ids than before; those that say the same as before are not new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """A judgement on the ids of a feed whose document shares none with what is known. `flaw`: that in words."""

    habits: Habits
    same: bool  # entries that say what is known are known
    flaw: str | None = None


def loose(items: Sequence[Item], listed: int) -> bool:
    """Whether the ids of these items, of `listed` entries in their document, tell nothing apart.

    One entry that is listed twice, before and after an edit, is no reason: those are revisions (RFC 4287 4.1.1).
    """
    said = _under((item.key, item.fingerprint) for item in items)
    extra = _extra(said)
    return extra > 0 and (max(map(len, said)) >= MANY or 2 * extra >= listed)


def shared_links(items: Sequence[Item], listed: int) -> bool:
    """Whether most of a document's entries have a link in common, as on a live page or a site without pages."""
    said = _under((item.canonical, item.fingerprint) for item in items if item.canonical)
    return 0 < listed <= 2 * _extra(said)


def hidden(state: FeedState, hashes: Collection[Hash64], items: Sequence[Item], known: Mapping[Hash64, Known]) -> bool:
    """Whether there are more edits than entries that have gone: one id may stand on new entries and on old ones, which
    cannot be seen without the old ones.
    """
    said = {key_: {known_.fingerprint} for key_, known_ in known.items()}
    edits = 0
    for item in items:
        before = said.setdefault(item.key, set())
        edits += bool(before) and item.fingerprint not in before
        before.add(item.fingerprint)
    return edits > len(state.entry_hashes.difference(hashes))


def shares_nothing(state: FeedState, hashes: Collection[Hash64], known: Collection[Hash64]) -> bool:
    """Whether no entry is known by its bytes or its id, though there was a document before."""
    return state.baselined and not known and state.entry_hashes.isdisjoint(hashes)


def judged(habits: Habits, items: Sequence[Item], said: Collection[Hash64], now: datetime) -> Ids:
    """What such a document tells of the ids; `said` are the fingerprints that are known.

    Ids that have held are believed where entries are few: something may happen twice, and be said in the same words.
    """
    told = {item.fingerprint for item in items}
    same = len(told.intersection(said))
    most = 2 * same >= len(told)
    if habits.ids_hold:
        if not (most and same >= MANY):
            return Ids(habits=habits, same=False)
        at = now.timestamp()
        if habits.renamed_at is None or not 0 <= at - habits.renamed_at <= AGAIN:
            return Ids(habits=replace(habits, renamed_at=at), same=True, flaw=RENAMED)
    elif not most or (same < MANY and same < len(told)):
        return Ids(habits=habits, same=True)
    return Ids(habits=replace(habits, identity=Identity.CONTENT), same=True, flaw=CHANGING)


def also_known(items: Sequence[Item], said: Collection[Hash64]) -> dict[Hash64, Known]:
    """The identities of items that say what is known."""
    return {
        item.key: Known(item=item.id, fingerprint=item.fingerprint, revision=1)
        for item in items
        if item.fingerprint in said
    }


def is_unchanged(entry: Entry, item: Item, before: Item | None) -> bool:
    """Whether the source of an item says what it said when that was stored, whatever is made of it now.

    What is known by its content says that. `before` is its feed's latest revision; None: it is not stored any more.
    """
    if item.key == key(entry, Identity.CONTENT):
        return True
    if before is None or _run_together(item.raw) != _run_together(before.raw):
        return False
    return _same_title(entry, item, before) and _same_summary(item, before)


def _same_title(entry: Entry, item: Item, before: Item) -> bool:
    if _words(entry.title):
        return _words(item.title) == _words(before.title)
    return before.title_from_text or _within(before.title, before.raw)


def _same_summary(item: Item, before: Item) -> bool:
    taken_out = all(_within(one.summary, one.raw) for one in (item, before))
    return taken_out or _words(item.summary) == _words(before.summary)


def _words(text: str) -> list[str]:
    """As they are stored, without what one version decodes and another does not."""
    return [word for block in text.split("\n\n") for word in clean.label(clean.decoded(block)).split()]


def _run_together(text: str) -> str:
    """The words without what is between them: blocks may be cut in other places."""
    return "".join(_words(text))


def _within(text: str, raw: str) -> bool:
    """Whether it was taken out of that: a title made of it, a summary without its boilerplate."""
    left = iter(_words(raw))
    return all(word in left for word in _words(text))


def _under(said: Iterable[tuple[Hashable, Hash64]]) -> list[set[Hash64]]:
    """What different words there are under each id."""
    under: defaultdict[Hashable, set[Hash64]] = defaultdict(set)
    for id_, words in said:
        under[id_].add(words)
    return list(under.values())


def _extra(said: Sequence[set[Hash64]]) -> int:
    return sum(map(len, said)) - len(said)
