"""Which items are one story, and which group an alert belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from watcher.model import FeedId, Hash64, Item, ItemId, Revision, Rule, RuleId
from watcher.story import GROUPS, group_of, site_of, story_of

ITEM = Item(
    id=ItemId("00000000000000a1"),
    feed=FeedId("wire.example"),
    key=Hash64(1),
    fingerprint=Hash64(2),
    url="https://www.paper.example/a?utm_source=x",
    canonical="https://www.paper.example/a",
)
RULE = Rule(id=RuleId("quake"), title="Quakes", expression="quake", expanded="quake", hash="h")


def grouped(item: Item, group: str) -> str:
    revision = Revision(item=item, number=1, seen_at=datetime(2026, 1, 1, tzinfo=UTC), story=story_of(item))
    return group_of(replace(RULE, group=group), revision)


def test_the_same_address_in_two_feeds_is_one_story() -> None:
    other = replace(ITEM, id=ItemId("00000000000000b2"), feed=FeedId("other.example"))
    assert story_of(ITEM) == story_of(other)


def test_items_without_an_address_are_stories_of_their_own() -> None:
    one, two = (replace(ITEM, canonical=None, id=ItemId(name)) for name in ("a", "b"))
    assert story_of(one) != story_of(two)


def test_an_item_whose_id_reads_like_an_address_is_not_that_addresss_story() -> None:
    assert story_of(replace(ITEM, canonical=None, id=ItemId(ITEM.canonical or ""))) != story_of(ITEM)


def test_a_storys_id_never_changes() -> None:
    assert story_of(ITEM) == "23a722f81f03fcd8"


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("story", f"story:{story_of(ITEM)}"),
        ("rule", "rule:quake"),
        ("feed", "feed:wire.example"),
        ("site", "site:paper.example"),
        ("item", "item:00000000000000a1"),
    ],
)
def test_a_rule_says_what_its_alerts_are_grouped_by(group: str, expected: str) -> None:
    assert grouped(ITEM, group) == expected


CVE = r"text:/CVE-\d{4}-\d{4,7}/i"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Flaw CVE-2024-1234 used", "CVE-2023-0001 too", "text:cve-2024-1234"),
        ("A flaw", "It is cve-2023-0001.", "text:cve-2023-0001"),
        ("A flaw", "Nobody knows which.", f"story:{story_of(ITEM)}"),
    ],
)
def test_what_an_expression_finds_first_is_the_group(title: str, text: str, expected: str) -> None:
    assert grouped(replace(ITEM, title=title, text=text), CVE) == expected


def test_an_expression_finds_the_place_before_the_text() -> None:
    item = replace(ITEM, title="A flaw", place="Karsholm", text="In Aurora.")
    assert grouped(item, "text:/Aurora|Karsholm/") == "text:karsholm"


def test_every_grouping_is_tried_above() -> None:
    assert set(GROUPS) == {"story", "rule", "feed", "site", "item"}


def test_an_item_that_names_no_host_belongs_to_its_feeds_site() -> None:
    assert site_of(replace(ITEM, url=None, canonical=None)) == "wire.example"
    assert site_of(replace(ITEM, url="file:///srv/drop/a.txt", canonical=None)) == "wire.example"
