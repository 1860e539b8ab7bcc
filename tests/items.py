"""Items and rules made by hand, for tests of the pure stages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from watcher.model import Feed, FeedId, Hash64, Item, ItemId, Rule, RuleId

FEED = Feed(id=FeedId("wires"), url="https://wires.example.org/feed", tags=("iraq",))
SEEDS = Path(__file__).parent.parent / "seeds"


def item(text: str = "", **fields: Any) -> Item:
    """An item of the feed FEED."""
    held = {"id": ItemId("0" * 16), "feed": FEED.id, "key": Hash64(1), "fingerprint": Hash64(1), "text": text}
    return Item(**{**held, **fields})


def seed(number: int) -> Item:
    """A seed's whole page as text."""
    return item(next(SEEDS.glob(f"{number:03}_*")).read_text(encoding="utf-8"))


def rule(name: str, **fields: Any) -> Rule:
    return Rule(**{"id": RuleId(name), "title": name, "expression": name, "expanded": name, "hash": name, **fields})
