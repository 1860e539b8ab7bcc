"""edge: a document's entries -> its items, those of them that are known, and by what they are told apart.

recognise  entries | known | learn | normalise | unchanged | what their ids are worth
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.jobs.ground import BATCH, Ground
from watcher.model import (
    Entry,
    Feed,
    FeedId,
    FeedState,
    Habits,
    Hash64,
    Identity,
    Item,
    ItemId,
    Known,
    Learned,
    Origin,
    Parsed,
    Response,
    Revision,
)
from watcher.normalise import normalise
from watcher.normalise.identity import key
from watcher.normalise.learning import learn
from watcher.polling.sameness import (
    LOOSE,
    SHARED,
    also_known,
    hidden,
    is_unchanged,
    judged,
    loose,
    shared_links,
    shares_nothing,
)

_NONE: frozenset[Hash64] = frozenset()
_UNLEARNED = Learned()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The items of a document's entries, what is known of them, and `also` what is to be known from now on;
    `unchanged` of that what is known by another fingerprint than before, for it is read otherwise now.
    """

    items: Sequence[Item]
    known: Mapping[Hash64, Known]
    habits: Habits
    also: Mapping[Hash64, Known]
    unchanged: Mapping[Hash64, Known]
    learned: Learned | None = None  # what is known of the feed's sites from now on, where that is another than before
    flaw: str | None = None

    @property
    def old(self) -> int:
        """How many of the items are known."""
        return sum(item.key in self.known for item in self.items)


class Recognising(Ground):
    """Which of what comes in is there already."""

    async def recognise(self, state: FeedState, response: Response, parsed: Parsed) -> Recognised:
        found = await self._recognised(state, response, parsed)
        if not (found.habits.linked and shared_links(found.items, len(parsed.hashes))):
            return found
        flaw = "; ".join(filter(None, (found.flaw, SHARED)))
        return replace(found, items=_bare(found.items), habits=replace(found.habits, linked=False), flaw=flaw)

    async def _recognised(self, state: FeedState, response: Response, parsed: Parsed) -> Recognised:
        habits = state.habits
        if habits.identity is Identity.CONTENT:
            return await self._by_content(state, parsed.entries, habits)
        seen = await self._seen(state, parsed.entries, habits)
        if (whole := await self._with_loose_ids(state, response, parsed, seen)) is not None:
            return await self._by_content(state, whole.entries, replace(habits, identity=Identity.CONTENT), LOOSE)
        if shares_nothing(state, parsed.hashes, seen.known):
            return await self._judged(state, parsed, seen) if seen.items else seen
        return replace(seen, habits=replace(habits, ids_hold=True)) if not habits.ids_hold and state.baselined else seen

    async def _seen(self, state: FeedState, entries: Sequence[Entry], habits: Habits) -> Recognised:
        """What is known by identity alone."""
        feed, by = state.feed, habits.identity
        keys = [key(entry, by) for entry in entries]
        known, before = await self.on_store(self._remembered, feed.id, keys)
        strange = [entry for entry, its in zip(entries, keys, strict=True) if its not in known]
        learned = await self.aside(_size(strange), learn, before, strange)
        items = await self.aside(_size(entries), _normalised, entries, feed, by, learned)
        items = items if habits.linked else _bare(items)
        news = None if learned is before else learned
        same = await self._unchanged([*zip(entries, items, strict=True)], known)
        return Recognised(items=items, known={**known, **same}, habits=habits, also={}, unchanged=same, learned=news)

    def _remembered(self, feed: FeedId, keys: Sequence[Hash64]) -> tuple[Mapping[Hash64, Known], Learned]:
        """What is known of identities, and of the feed's sites, in one go to the store."""
        return self.store.known(feed, keys), self.store.learned(feed) if keys else Learned()

    async def _unchanged(
        self, said: Sequence[tuple[Entry, Item]], known: Mapping[Hash64, Known]
    ) -> Mapping[Hash64, Known]:
        """Those of the known items that seem to be edited, and of which the source says what it said."""
        found: dict[Hash64, Known] = {}
        edited = [
            (entry, item, before)
            for entry, item in said
            if (before := known.get(item.key)) and before.fingerprint != item.fingerprint
        ]
        for first in range(0, len(edited), BATCH):
            some = edited[first : first + BATCH]
            stored = await self.on_store(self._stored, [before.item for _, _, before in some])
            size = _size([entry for entry, _, _ in some])
            same = await self.aside(size, _same, [(entry, item) for entry, item, _ in some], stored)
            for (_, item, before), is_same in zip(some, same, strict=True):
                if is_same:
                    found[item.key] = replace(before, fingerprint=item.fingerprint)
        return found

    def _stored(self, ids: Sequence[ItemId]) -> list[Item | None]:
        """What is stored of items as their feed said them last; None for what is forgotten."""
        return [self._of_feed(self.store.revision(id_)) for id_ in ids]

    def _of_feed(self, stored: Revision | None) -> Item | None:
        while stored and stored.item.origin is Origin.PAGE:
            stored = self.store.revision(stored.item.id, stored.number - 1)
        return stored.item if stored and not stored.forgotten else None

    async def _by_content(
        self, state: FeedState, entries: Sequence[Entry], habits: Habits, flaw: str | None = None
    ) -> Recognised:
        """What says the same as anything that was ever seen in the feed is known, whatever it was known by then."""
        seen = await self._seen(state, entries, habits)
        strangers = [item for item in seen.items if item.key not in seen.known]
        also = also_known(strangers, await self._said(state, strangers))
        return replace(seen, known={**seen.known, **also}, also=also, flaw=flaw)

    async def _said(self, state: FeedState, items: Sequence[Item]) -> Mapping[Hash64, Known]:
        if not (items and state.baselined):
            return {}
        return await self.on_store(self.store.known_content, state.feed.id, [item.fingerprint for item in items])

    async def _with_loose_ids(
        self, state: FeedState, response: Response, parsed: Parsed, seen: Recognised
    ) -> Parsed | None:
        """The document, all of it where that is needed to see it, if its ids tell nothing apart."""
        if loose(seen.items, len(parsed.hashes)):
            return parsed
        if response.files is not None or not hidden(state, parsed.hashes, seen.items, seen.known):
            return None
        whole = await self.parser.parse(response, _NONE, state.feed.recipe)
        items = await self.aside(_size(whole.entries), _normalised, whole.entries, state.feed)
        return whole if loose(items, len(whole.hashes)) else None

    async def _judged(self, state: FeedState, parsed: Parsed, seen: Recognised) -> Recognised:
        said = await self._said(state, seen.items)
        if not said:
            return seen
        ids = judged(seen.habits, seen.items, said, self.clock.now())
        if ids.habits.identity is Identity.CONTENT:
            return await self._by_content(state, parsed.entries, ids.habits, ids.flaw)
        also = also_known(seen.items, said) if ids.same else {}
        return replace(seen, known={**seen.known, **also}, habits=ids.habits, also=also, flaw=ids.flaw)


def _size(entries: Sequence[Entry]) -> int:
    """Characters."""
    return sum(len(block.text) for entry in entries for block in entry.blocks)


def _normalised(
    entries: Sequence[Entry], feed: Feed, by: Identity = Identity.GUID, learned: Learned = _UNLEARNED
) -> list[Item]:
    return [normalise(entry, feed, by=by, learned=learned) for entry in entries]


def _same(said: Sequence[tuple[Entry, Item]], stored: Sequence[Item | None]) -> list[bool]:
    return [is_unchanged(entry, item, before) for (entry, item), before in zip(said, stored, strict=True)]


def _bare(items: Sequence[Item]) -> list[Item]:
    return [replace(item, canonical=None) for item in items]
