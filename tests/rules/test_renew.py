"""Which rules a reload leaves live: none is lost by a mistake, and none in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Finding, FindingSeverity
from watcher.rules import Library, Loaded, LoadedRule, load
from watcher.rules.frequencies import NOTHING_COUNTED
from watcher.rules.renew import Renewal, renewed

ROOT = Path(__file__).parents[2]
A, B, VOCAB = "rules/a.yaml", "rules/b.yaml", "rules/vocab.yaml"
TWO = "rules:\n  - {id: strike, match: strike}\n  - {id: flood, match: flood OR deluge}\n"
USING = "use: [vocab.yaml]\nrules:\n  - {id: us, match: US troops}\n  - {id: flood, match: flood}\n"
WORDS = "vocab:\n  us: {auto: true, match: '=US OR American'}\n"


def files(**changed: str | None) -> dict[str, str]:
    names = {"a": A, "b": B, "vocab": VOCAB}
    return {names[name]: text for name, text in changed.items() if text is not None}


def brought(sources: Mapping[str, str], before: Renewal | None = None, unreadable: str = "") -> Renewal:
    """What a load of these files makes of the rules that are live."""
    missing = [at(unreadable)] if unreadable else []
    loaded = load({name: text.encode() for name, text in sources.items()})
    return renewed(before, loaded, missing)


def at(file: str) -> Finding:
    severity = FindingSeverity.ERROR
    return Finding(code="E030", severity=severity, file=file, line=1, column=1, message="this cannot be read")


def live(renewal: Renewal) -> dict[str, str]:
    return {each.rule.id: each.rule.expanded for each in renewal.rules}


def kept(renewal: Renewal) -> dict[str, str]:
    return {rule: f"{why.file}:{why.line}:{why.column} {why.code}" for rule, why in renewal.kept.items()}


def test_the_same_files_change_nothing() -> None:
    before = brought(files(a=TWO))
    after = brought(files(a=TWO), before)
    assert (after.added, after.changed, after.removed, after.kept, after.errors) == ((), (), (), {}, ())
    assert live(after) == live(before)


def test_rules_added_edited_and_taken_out_are_told_apart() -> None:
    before = brought(files(a=TWO))
    edited = TWO.replace("deluge", "torrent").replace("strike", "drought")
    after = brought(files(a=edited), before)
    assert (after.added, after.changed, after.removed) == (("drought",), ("flood",), ("strike",))
    assert list(live(after)) == ["drought", "flood"]


def test_other_words_round_a_rule_are_taken_over_and_are_no_other_meaning() -> None:
    before = brought(files(a=TWO))
    after = brought(files(a="# a remark\n" + TWO.replace("{id: flood,", "{id: flood, title: Floods,")), before)
    assert after.changed == ()
    assert [(each.rule.title, each.rule.line) for each in after.rules] == [("strike", 3), ("Floods", 4)]


def test_a_rule_with_an_error_stays_as_it_was_and_the_others_are_taken_over() -> None:
    before = brought(files(a=TWO))
    broken = TWO.replace("match: strike", "match: (strike").replace("deluge", "torrent")
    after = brought(files(a=broken), before)
    assert live(after) == {"strike": "strike", "flood": "flood OR torrent"}
    assert kept(after) == {"strike": "rules/a.yaml:2:25 E104"}
    assert after.changed == ("flood",)
    again = brought(files(a=broken), after)
    assert (live(again), again.changed, again.removed) == (live(after), (), ())


def test_a_rule_taken_out_while_its_file_has_an_error_stays_until_that_is_mended() -> None:
    before = brought(files(a=TWO))
    one = "rules:\n  - {id: flood, match: flood OR}\n"
    during = brought(files(a=one), before)
    assert list(live(during)) == ["strike", "flood"]
    after = brought(files(a=one.replace(" OR}", "}")), during)
    assert (list(live(after)), after.removed, after.kept) == (["flood"], ("strike",), {})


def test_a_file_that_is_no_yaml_keeps_all_its_rules() -> None:
    before = brought(files(a=TWO))
    after = brought(files(a=TWO.replace("}", "", 1)), before)
    assert live(after) == live(before)
    assert set(after.kept) == {"strike", "flood"}


def test_rules_of_a_deleted_file_are_removed() -> None:
    before = brought(files(a=TWO, b="rules:\n  - {id: calm, match: calm}\n"))
    after = brought(files(a=TWO), before)
    assert after.removed == ("calm",)


@pytest.mark.parametrize("gone", [A, "rules"])
def test_rules_of_what_cannot_be_read_stay(gone: str) -> None:
    before = brought(files(a=TWO))
    after = brought({}, before, unreadable=gone)
    assert live(after) == live(before)
    assert kept(after) == dict.fromkeys(("strike", "flood"), f"{gone}:1:1 E030")


def test_only_what_lies_below_a_folder_is_kept_for_it() -> None:
    before = brought({"rules/a.yaml": "rules:\n  - {id: strike, match: strike}\n"})
    assert brought({}, before, unreadable="rul").removed == ("strike",)


def test_an_edit_of_the_vocabulary_changes_what_rules_mean() -> None:
    before = brought(files(a=USING, vocab=WORDS))
    after = brought(files(a=USING, vocab=WORDS.replace("American", "Americans")), before)
    assert after.changed == ("us",)


@pytest.mark.parametrize(
    "words",
    [
        WORDS.replace("auto:", "auto"),  # no YAML: to the file that uses it the name would be gone
        WORDS.replace("auto: true", "auto: yes please"),
        WORDS.replace("us:", "U S:"),
        WORDS.replace("American'", "(American'"),
        "vocab: [us]\n",
    ],
)
def test_a_rule_whose_vocabulary_is_wrong_stays_at_its_last_good_meaning(words: str) -> None:
    before = brought(files(a=USING, vocab=WORDS))
    after = brought(files(a=USING.replace("match: flood", "match: flood OR deluge"), vocab=words), before)
    assert live(after)["us"] == live(before)["us"]
    assert "us" in after.kept
    mended = brought(files(a=USING, vocab=WORDS), after)
    assert (mended.kept, live(mended)) == ({}, live(before))


def test_a_new_rule_waits_while_its_vocabulary_is_wrong() -> None:
    before = brought(files(a="rules: []\n", vocab=WORDS))
    during = brought(files(a=USING, vocab="vocab: [us]\n"), before)
    assert during.rules == ()
    assert brought(files(a=USING, vocab=WORDS), during).added == ("flood", "us")


def test_a_vocabulary_that_is_gone_leaves_the_meaning_as_it_was() -> None:
    before = brought(files(a=USING, vocab=WORDS))
    after = brought(files(a=USING), before)
    assert live(after) == live(before)
    assert kept(after) == {"us": "rules/a.yaml:1:7 E023"}


def test_defaults_that_are_wrong_change_no_rule() -> None:
    text = "defaults: {severity: high}\n" + TWO
    before = brought(files(a=text))
    after = brought(files(a=text.replace("high", "hihg")), before)
    assert [each.rule.severity for each in after.rules] == [each.rule.severity for each in before.rules]
    assert set(after.kept) == {"strike", "flood"}


def test_an_id_taken_by_a_rule_of_another_file_stays_with_the_rule_that_had_it() -> None:
    before = brought(files(b=TWO))
    after = brought(files(a="rules:\n  - {id: flood, match: ebb}\n", b=TWO), before)
    assert live(after) == live(before)
    assert kept(after) == {"flood": "rules/b.yaml:3:10 E010"}


def test_a_rule_moved_to_another_file_is_no_other_rule() -> None:
    before = brought(files(a=TWO))
    after = brought(files(b=TWO), before)
    assert (after.added, after.changed, after.removed) == ((), (), ())
    assert {each.rule.file for each in after.rules} == {B}


def test_the_error_that_others_follow_from_is_told_first() -> None:
    """A vocabulary that is half written brings an error for each name that is not in it any more."""
    using = USING.replace("US troops", "'@us troops'")
    before = brought(files(a=using, vocab=WORDS))
    after = brought(files(a=using, vocab=WORDS[:30]), before)
    assert [f"{error.file} {error.code}" for error in after.errors] == ["rules/vocab.yaml E001", "rules/a.yaml E023"]
    assert live(after) == live(before)


def test_a_channel_that_is_no_more_leaves_the_rule_that_names_it() -> None:
    source = {A: b"rules:\n  - {id: strike, match: strike, notify: [desk]}\n"}
    before = renewed(None, load(source, channels=["desk"]))
    after = renewed(before, load(source, channels=["phone"]))
    assert kept(after) == {"strike": "rules/a.yaml:2:42 E021"}


@pytest.mark.parametrize("file", ["world-news.yaml", "vocab/core-en.yaml"])
def test_half_a_file_never_leaves_fewer_rules_without_a_word(file: str) -> None:
    """At every point at which the writing of a shipped file can be looked at."""
    folder = ROOT / "rules"
    sources = {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    library, name = Library(), f"rules/{file}"
    before = renewed(None, load(sources, library=library))
    meant = {each.rule.id: each.rule.hash for each in before.rules}
    assert not before.errors
    for end in points(sources[name]):
        after = renewed(before, load({**sources, name: sources[name][:end]}, library=library))
        assert set(meant) - {each.rule.id for each in after.rules} == set(after.removed)
        changed = {each.rule.id for each in after.rules if each.rule.hash != meant.get(each.rule.id)}
        assert changed == {*after.changed, *after.added}
        assert not (after.removed and any(error.file == name for error in after.errors))
        assert all(error.line >= 1 and error.column >= 1 for error in after.errors)


def points(source: bytes) -> range:
    """All of them with WATCHER_SOAK; else so many that a page takes a second or two."""
    import os

    return range(len(source) + 1) if os.environ.get("WATCHER_SOAK") else range(0, len(source) + 1, len(source) // 40)


SMALL = USING.replace("{id: us, match: US troops}", "id: us\n    match: |\n      US troops")


def test_half_a_small_file_at_every_point_keeps_or_tells_of_every_rule() -> None:
    library = Library()
    vocab = {VOCAB: WORDS.encode()}
    before = renewed(None, load({A: SMALL.encode(), **vocab}, library=library))
    told = 0
    for end in range(len(SMALL)):
        after = renewed(before, load({A: SMALL[:end].encode(), **vocab}, library=library))
        assert {each.rule.id for each in after.rules} | set(after.removed) >= {"us", "flood"}
        told += bool(after.removed)
        if after.errors:
            assert {each.rule.id for each in after.rules} >= {"us", "flood"}
    assert 0 < told < len(SMALL) / 2, "most of the ways to be half written are errors"


def test_a_library_changes_no_answer() -> None:
    library = Library()
    texts = [
        files(a=USING, vocab=WORDS),
        files(a=USING, vocab=WORDS.replace("American", "Yankee")),
        files(a=USING + "  - {id: calm, match: (calm}\n", vocab=WORDS),
        files(a=USING, b=TWO, vocab=WORDS),
        files(b=TWO),
        files(a=USING, b=TWO, vocab="vocab: {us: {match: '('}}\n"),
    ]
    for sources in [*texts, *reversed(texts)]:
        encoded = {name: text.encode() for name, text in sources.items()}
        remembered, anew = load(encoded, library=library), load(encoded)
        assert said(remembered) == said(anew)


def said(loaded: Loaded) -> list[object]:
    """All that a load says of the files it was given."""
    trees = [each.tree for each in loaded.rules]
    return [loaded.rules, trees, loaded.vocabulary, loaded.findings, loaded.errors, loaded.unsure]


PIECES = (
    None,
    TWO,
    USING,
    TWO.replace("deluge", "torrent"),
    TWO.replace("id: flood", "id: strike"),
    TWO.replace("flood OR deluge", "strike"),
    USING + "  - {id: calm, match: (calm}\n",
    "rules:\n  - {id: flood, title: Floods, match: flood}\n  - {id: late, absence: {feeds: [wires], silent: 6h}}\n",
    "defaults: {notify: [nobody]}\n" + TWO,
)
HOUSES = st.tuples(
    st.sampled_from(PIECES), st.sampled_from(PIECES), st.sampled_from((WORDS, WORDS.replace("US", "USA"), "vocab: ["))
)


@settings(max_examples=80)
@given(st.lists(HOUSES, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_a_renewal_by_what_changed_is_the_renewal_by_everything(houses: list[Any], chance: Random) -> None:
    library = Library(NOTHING_COUNTED)
    by_changes = by_all = None
    for a, b, words in houses:
        sources = {name: text.encode() for name, text in files(a=a, b=b, vocab=words).items()}
        loaded, anew = load(sources, channels=["desk"], library=library), load(sources, channels=["desk"])
        if chance.random() < 0.2:  # one that nobody took
            continue
        by_changes, by_all = renewed(by_changes, loaded), renewed(by_all, anew)
        assert (loaded.findings, loaded.errors) == (anew.findings, anew.errors)
        assert outcome(by_changes) == outcome(by_all)


def outcome(renewal: Renewal) -> list[object]:
    rules = [(each.rule, each.tree) for each in renewal.rules]
    return [rules, renewal.kept, renewal.added, renewal.changed, renewal.removed, renewal.errors]


def test_a_rule_that_kept_nothing_of_its_file_has_the_tree_it_was_read_with() -> None:
    shipped = {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted((ROOT / "rules").rglob("*.yaml"))}
    lists = "rules:\n  - {watch: Siege, all: [Amerli, [siege, 2014, 'out of *it']], none: [~end], within: 5 words}\n"
    held = "rules:\n  - {id: held, actual: true, match: 'US raid NEAR/3 town'}\n"
    for sources in ({A: lists.encode()}, {A: (WORDS + held).encode()}, shipped):
        whole, bare = load(sources), load(sources, library=Library(NOTHING_COUNTED))
        assert [each.tree for each in bare.rules] == [each.tree for each in whole.rules]
        assert not any(each.kept or each.tests for each in bare.rules)


def test_only_what_changed_is_worked_out_again() -> None:
    library = Library()
    sources = {name: text.encode() for name, text in files(a=USING, b=TWO, vocab=WORDS).items()}
    first = load(sources, library=library)
    edited = {**sources, B: TWO.replace("deluge", "torrent").encode()}
    second = load(edited, library=library)

    def same(file: str) -> list[LoadedRule]:
        old = {id(each) for each in first.rules}
        return [each for each in second.rules if each.rule.file == file and id(each) in old]

    assert (len(same(A)), len(same(B))) == (2, 0)
    third = load({**edited, VOCAB: WORDS.replace("American", "Yankee").encode()}, library=library)
    assert [replace(each.rule, hash="", expanded="") for each in third.rules if each.rule.file == A] == [
        replace(each.rule, hash="", expanded="") for each in second.rules if each.rule.file == A
    ]
    assert third.rules[0].rule.hash != second.rules[0].rule.hash
