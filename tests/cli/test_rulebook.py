"""The rules that commands ask."""

from __future__ import annotations

from watcher.cli.rulebook import Rulebook
from watcher.rules import load


def test_a_rule_that_watches_for_silence_has_no_expression_to_ask() -> None:
    text = b"rules:\n  - {id: quiet, absence: {feeds: [wires], silent: 6h}}\n  - {id: strikes, match: strike}\n"
    book = Rulebook(load({"a.yaml": text}))
    assert [each.rule.id for each in book.all] == ["strikes"]
    assert book.get("quiet") is None
