"""Rules told to a store a few at a time are the rules it would have been told of as a whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tests.contract.nouns import FLOOD, NOW, QUAKE, after
from watcher.model import RuleId
from watcher.ports import Store

STORM = replace(QUAKE, id=RuleId("storm"), hash="h-storm")


def test_a_change_leaves_the_other_rules_as_they_are(store: Store) -> None:
    store.sync_rules([QUAKE, FLOOD], NOW)
    edited = replace(QUAKE, hash="h-edited", expression="quakes")
    store.change_rules({QUAKE.id: edited, STORM.id: STORM}, after(1))
    assert [store.live_rule(rule.id) for rule in (QUAKE, FLOOD, STORM)] == [edited, FLOOD, STORM]
    store.change_rules({FLOOD.id: None, RuleId("never"): None}, after(2))
    assert [store.live_rule(rule.id) for rule in (QUAKE, FLOOD, STORM)] == [edited, None, STORM]
    assert store.rule_version(QUAKE.hash) == QUAKE
    assert store.rule_version(FLOOD.hash) == FLOOD


def test_a_meaning_that_two_rules_had_is_live_until_both_are_gone(store: Store) -> None:
    twin = replace(QUAKE, id=RuleId("twin"))
    store.sync_rules([QUAKE, twin], NOW)
    for change, live in (({twin.id: None}, True), ({twin.id: twin}, True), ({QUAKE.id: None, twin.id: None}, False)):
        store.change_rules(change, after(1))
        assert any(store.live_rule(rule.id) for rule in (QUAKE, twin)) is live


def test_any_way_from_some_rules_to_others_ends_where_a_whole_sync_does(store: Store) -> None:
    versions = (None, STORM, replace(STORM, title="Storms"), replace(STORM, hash="h-later"))
    for before, then in product(versions, repeat=2):
        store.sync_rules([QUAKE, *([before] if before else [])], NOW)
        store.change_rules({STORM.id: then}, after(1))
        assert store.live_rule(STORM.id) == then
        assert store.live_rule(QUAKE.id) == QUAKE
