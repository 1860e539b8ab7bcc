"""pure: (how items came into a story, one that does not belong) -> which go with it, and how they are linked then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from watcher.model import ItemId, Level, Link, StoryId

__all__ = ["Splinter", "joined_through"]


def joined_through(item: ItemId, links: Mapping[ItemId, Link]) -> tuple[ItemId, ...]:
    """The item, and what is linked to it or to what is. `links` are those of all items that joined the story."""
    by: dict[ItemId | None, list[ItemId]] = {}
    for each, link in links.items():
        by.setdefault(link.of, []).append(each)
    found = dict.fromkeys([item])
    for each in (waiting := [item]):
        more = [one for one in by.get(each, ()) if one not in found]
        found |= dict.fromkeys(more)
        waiting += more
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Splinter:
    """A story that a person makes of an item of another one."""

    item: ItemId
    site: str  # where the item comes from
    link: Link  # how it came into the other one
    out_of: StoryId

    @property
    def story(self) -> StoryId:
        """16 hexadecimal digits, as of any story: always the same of an item and the story it is taken out of."""
        return StoryId(sha256(f"split\0{self.item}\0{self.out_of}".encode()).hexdigest()[:16])

    def linked(self, item: ItemId, link: Link, site: str) -> Link:
        """How an item that goes with it is linked in it. What says the same as the first says it after that one now,
        and not after what stays behind.
        """
        if item == self.item:
            return Link(level=Level.SPLIT, of=self.link.of)
        root = self.item if link.root and link.root == self.link.root else link.root
        inherited = link.source and link.source == self.link.source
        source = ("" if self.site == site else self.site) if inherited else link.source
        return replace(link, root=root, source=source)
