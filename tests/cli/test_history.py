"""Stored items that a rule matches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.nouns import after, poll, ready, revision
from tests.items import rule
from watcher.cli.history import hits, hits_of_all
from watcher.model import Scope
from watcher.ports import Store
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.nodes import Not, Word
from watcher.store import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Four items of two feeds, a minute between them."""
    store = open_store(f"sqlite:///{tmp_path / 'watcher.db'}")
    ready(store, "wires", "blogs")
    poll(store, revision("a", text="A flood reached Delvast"))
    poll(store, revision("b", text="A quake shook Delvast", seen_at=after(1)), at=after(1))
    poll(store, revision("c", source="blogs", text="Delvast has its flood", seen_at=after(2)), at=after(2))
    yield store
    store.close()


def found(store: Store, compiled: CompiledRule, since: float | None = None) -> list[str]:
    back = None if since is None else timedelta(minutes=since)
    return [one.item.title[-1] for one, _ in hits(store, compiled, back, after(3))]


def test_hits_are_the_items_that_match_newest_first_with_their_evidence(store: Store) -> None:
    flood = compile_rule(rule("flood"), Word("flood"))
    assert found(store, flood) == ["c", "a"]
    evidence = [match.evidence[0].text for _, match in hits(store, flood, None, after(3))]
    assert evidence == ["flood", "flood"]


def test_hits_look_back_as_far_as_asked(store: Store) -> None:
    flood = compile_rule(rule("flood"), Word("flood"))
    assert found(store, flood, since=1.5) == ["c"]
    assert found(store, flood, since=0.5) == []


def test_a_rule_without_terms_of_its_own_looks_at_everything(store: Store) -> None:
    assert found(store, compile_rule(rule("calm"), Not(Word("flood")))) == ["b"]


def test_the_scope_of_a_rule_counts_as_it_does_in_a_poll(store: Store) -> None:
    flood = compile_rule(replace(rule("flood"), scope=Scope(feeds=("blogs",))), Word("flood"))
    assert found(store, flood) == ["c"]
    tagged = compile_rule(replace(rule("flood"), scope=Scope(feeds=("tag:a tag",))), Word("flood"))
    assert found(store, tagged) == ["c", "a"], "tags are those of the feed as it was polled"


def test_many_rules_are_asked_of_each_item_at_once(store: Store) -> None:
    rules = [compile_rule(rule(word), Word(word)) for word in ("flood", "storm", "delvast")]
    both = [(one.item.title[-1], [number for number, _ in of]) for one, of in hits_of_all(store, rules, None, after(3))]
    assert both == [("c", [0, 2]), ("b", [2]), ("a", [0, 2])]
