"""Rule files: what loads, what is left out, and what is said about it, with places in the file."""

from __future__ import annotations

import pytest

from watcher import rules
from watcher.model import Finding, FindingSeverity, Rule, Scope, Severity, Updates
from watcher.rules.schema import slug

GOOD = """\
schema: watch/1
rules:
  - {id: first, match: Tikrit}
"""


def load(text: str, **known: list[str]) -> rules.Loaded:
    return rules.load({"rules/a.yaml": text.encode()}, **known)


def rule(text: str) -> Rule:
    loaded = load(text)
    assert not loaded.findings
    (only,) = loaded.rules
    return only.rule


def in_file(*lines: str) -> str:
    return "rules:\n" + "".join(f"  {line}\n" for line in lines)


def places(found: rules.Loaded) -> list[str]:
    return [f"{f.line}:{f.column} {f.code}" for f in found.findings]


def only(text: str, **known: list[str]) -> Finding:
    (finding,) = load(text, **known).findings
    return finding


def test_a_rule_has_defaults_for_all_it_does_not_say() -> None:
    assert rule(GOOD) == Rule(
        id=rule(GOOD).id,
        title="first",
        expression="Tikrit",
        expanded="Tikrit",
        hash=rule(GOOD).hash,
        severity=Severity.MEDIUM,
        notify=(),
        updates=Updates.THREAD,
        group="story",
        scope=Scope(),
        file="rules/a.yaml",
        line=3,
    )


def test_every_key_of_this_version_is_read() -> None:
    found = rule(
        in_file(
            "- id: strikes",
            "  title: Air strikes",
            "  match: |",
            "    US airstrikes",
            "    AND Tikrit",
            "  severity: critical",
            "  notify: [desk, oncall]",
            "  updates: alert",
            "  group: [feed]",
            "  scope: {feeds: [wires, 'tag:iraq'], lang: [en]}",
        )
    )
    assert (found.id, found.title, found.expression) == ("strikes", "Air strikes", "US airstrikes\nAND Tikrit")
    assert (found.severity, found.updates, found.group) == (Severity.CRITICAL, Updates.ALERT, "feed")
    assert found.notify == ("desk", "oncall")
    assert found.scope == Scope(feeds=("wires", "tag:iraq"), lang=("en",))


def test_defaults_hold_for_rules_that_do_not_say_otherwise() -> None:
    text = "defaults: {severity: low, notify: desk, updates: ignore, group: rule}\n" + in_file(
        "- {id: one, match: a}", "- {id: two, match: a, severity: high, notify: [], updates: alert, group: item}"
    )
    one, two = (loaded.rule for loaded in load(text).rules)
    assert (one.severity, one.notify, one.updates, one.group) == (Severity.LOW, ("desk",), Updates.IGNORE, "rule")
    assert (two.severity, two.notify, two.updates, two.group) == (Severity.HIGH, (), Updates.ALERT, "item")


def test_a_plain_rule_shows_as_an_expression() -> None:
    found = rule(
        in_file(
            "- watch: US air strikes in Tikrit",
            "  all:",
            "    - [US, coalition]",
            "    - Tikrit",
            "    - 2014",
            "  any: [bombing, shelling]",
            "  within: sentence",
            "  unless: [exercise]",
            "  none: [football, no]",
        )
    )
    assert found.id == "us-air-strikes-in-tikrit"
    assert found.title == "US air strikes in Tikrit"
    assert found.expression == (
        "SENTENCE((US OR coalition) AND Tikrit AND 2014 AND (bombing OR shelling) AND NOT exercise)"
        " AND NOT (football OR no)"
    )


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("US air strikes at Tikrit", "us-air-strikes-at-tikrit"),
        ("Überflug: Türkiye!", "uberflug-turkiye"),
        ("C++ & R&D", "c-r-d"),
        ("a" * 80, "a" * 60),
        ("word " * 20, "word-" * 11 + "word"),
        ("تكريت", ""),
    ],
)
def test_an_id_is_made_of_the_title(title: str, made: str) -> None:
    assert slug(title) == made


def test_words_that_other_yaml_readers_change_stay_words() -> None:
    assert rule(in_file("- {id: x, match: no}")).expression == "no"
    assert rule(in_file("- {id: x, match: 911}")).expression == "911"


# --- a bad rule takes no good one down ------------------------------------------------------------


def test_a_bad_rule_is_left_out_and_the_others_stand() -> None:
    loaded = load(
        in_file("- {id: one, match: a}", "- {id: two, match: (a}", "- {id: three, mach: a}", "- {id: four, match: d}")
    )
    assert [each.rule.id for each in loaded.rules] == ["one", "four"]
    assert places(loaded) == ["3:22 E104", "4:17 E003"]


def test_every_error_of_a_file_is_told_in_one_run() -> None:
    loaded = load(
        "schema: watch/2\nuses: []\n"
        + in_file(
            "- {id: One, match: a}", "- {id: two, match: 'a and b*'}", "- {id: three, match: a, severity: urgent}"
        )
    )
    assert places(loaded) == ["1:9 E004", "2:1 E003", "4:10 E004", "5:25 E103", "5:29 E113", "6:37 E004"]
    assert not loaded.rules


def test_a_file_that_is_not_yaml_leaves_the_other_files() -> None:
    loaded = rules.load({"a.yaml": b"rules: [", "b.yaml": GOOD.encode()})
    assert [each.rule.id for each in loaded.rules] == ["first"]
    assert [f.code for f in loaded.findings] == ["E001"]


@pytest.mark.parametrize("text", ["", "# only a note\n", "rules:\n", "rules: []\n", "vocab:\nrules:\n"])
def test_an_empty_file_holds_no_rules(text: str) -> None:
    assert load(text) == rules.Loaded(rules=(), vocabulary=load("").vocabulary, findings=())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- a\n", "1:1 E004"),
        ("just text\n", "1:1 E004"),
        ("rules: text\n", "1:8 E004"),
        ("rules: {a: b}\n", "1:8 E004"),
        ("rules: [text]\n", "1:9 E004"),
        ("vocab: [us]\n", "1:8 E004"),
        ("vocab: {us: text}\n", "1:13 E004"),
        ("vocab: {U.S.: {match: US}}\n", "1:9 E004"),
        ("use: core.yaml\n", "1:6 E004"),
        ("defaults: high\n", "1:11 E004"),
    ],
)
def test_a_wrong_shape_is_told_where_it_stands(text: str, place: str) -> None:
    assert place in places(load(text))


def test_a_rule_with_a_doubled_key_is_left_out() -> None:
    loaded = load(in_file("- id: one", "  match: a", "  match: b", "- {id: two, match: c}"))
    assert [each.rule.id for each in loaded.rules] == ["two"]
    assert places(loaded) == ["4:5 E002"]


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["actual", "denials", "throttle", "digest", "when", "max_age", "template", "tests"])
def test_a_key_of_a_later_version_says_so(key: str) -> None:
    found = only(in_file(f"- {{id: x, match: a, {key}: 1}}"))
    assert found.code == "E003"
    assert "not in this version yet" in found.help


def test_a_scope_key_of_a_later_version_says_so() -> None:
    assert "not in this version yet" in only(in_file("- {id: x, match: a, scope: {min_words: 5}}")).help


def test_an_unknown_key_names_the_nearest() -> None:
    assert only(in_file("- {id: x, match: a, severty: high}")).help == "did you mean `severity`?"
    assert only("rule: []\n").help == "did you mean `rules`?"


@pytest.mark.parametrize(
    ("keys", "code", "word"),
    [
        ("match: a, all: [b]", "E025", "all"),
        ("match: a, within: title", "E025", "within"),
        ("match: a, none: [b]", "E025", "none"),
        ("none: [b]", "E025", "match"),
        ("title: t, watch: w, match: a", "E025", "watch"),
        ("all: []", "E004", "at least 1"),
        ("all: [[]]", "E004", "at least 1"),
        ("all: [a, [b, [c]]]", "E004", "words"),
        ("all: [a, null]", "E004", "words"),
        ("all: a", "E004", "a list"),
        ("all: [a], within: 15", "E004", "15 words"),
        ("all: [a], within: page", "E004", "15 words"),
        ("all: [a, b], within: 15 words, unless: [c]", "E025", "unless"),
        ("match: [a, b]", "E004", "words"),
        ("match: ''", "E101", "empty"),
        ("match: -a", "E112", "not be there"),
        ("none: [a], any: [x AND y]", "E114", "AND"),
        ("match: a, severity: 3", "E004", "high"),
        ("match: a, group: [story, feed]", "E004", "at most 1"),
        ("match: a, group: day", "E004", "story"),
        ("match: a, updates: no", "E004", "thread"),
        ("match: a, scope: {feeds: wires}", "E004", "a list"),
    ],
)
def test_keys_that_make_no_rule_are_errors(keys: str, code: str, word: str) -> None:
    loaded = load(in_file(f"- {{id: x, {keys}}}"))
    assert not loaded.rules
    assert code in {f.code for f in loaded.findings}
    assert any(word in f.message + f.help for f in loaded.findings)


def test_a_rule_needs_something_to_be_called_by() -> None:
    assert only(in_file("- match: a")).code == "E025"
    assert only(in_file("- {watch: تكريت, all: [تكريت]}")).code == "E025"
    assert rule(in_file("- {id: tikrit, watch: تكريت, all: [تكريت]}")).title == "تكريت"


def test_an_id_is_proposed_for_one_that_cannot_be() -> None:
    assert only(in_file("- {id: Big News, match: a}")).help == "write big-news"


def test_an_id_is_used_once_over_all_files() -> None:
    loaded = rules.load({"a.yaml": GOOD.encode(), "b.yaml": GOOD.encode()})
    assert [each.rule.file for each in loaded.rules] == ["a.yaml"]
    (finding,) = loaded.findings
    assert (finding.code, finding.file, finding.line) == ("E010", "b.yaml", 3)
    assert "a.yaml:3" in finding.message


# --- names ----------------------------------------------------------------------------------------


def test_an_unknown_channel_is_told_with_those_there_are() -> None:
    text = in_file("- {id: x, match: a, notify: [analyst, desk]}")
    found = only(text, channels=["analysts", "oncall", "desk"])
    assert (found.code, found.line, found.column) == ("E021", 2, 32)
    assert found.message == "no channel is named or tagged `analyst`; did you mean `analysts`?"
    assert (
        "known: desk, oncall" in only(in_file("- {id: x, match: a, notify: zz}"), channels=["oncall", "desk"]).message
    )
    assert "there is none" in only(in_file("- {id: x, match: a, notify: zz}"), channels=[]).message


def test_an_unknown_channel_in_the_defaults_is_told_once_and_takes_down_what_relies_on_it() -> None:
    text = "defaults: {notify: dsk}\n" + in_file(
        "- {id: one, match: a}", "- {id: two, match: a}", "- {id: three, match: a, notify: desk}"
    )
    loaded = load(text, channels=["desk"])
    assert [each.rule.id for each in loaded.rules] == ["three"]
    assert places(loaded) == ["1:20 E021"]


def test_an_unknown_feed_is_told_with_the_nearest() -> None:
    text = in_file("- {id: x, match: a, scope: {feeds: [wire, 'tag:irak', wires]}}")
    loaded = load(text, feeds=["wires", "tag:iraq"])
    assert places(loaded) == ["2:39 E022", "2:45 E022"]
    assert "`wires`" in loaded.findings[0].message
    assert "no feed is tagged `irak`; did you mean `tag:iraq`?" in loaded.findings[1].message


def test_names_are_not_checked_where_they_are_not_known() -> None:
    assert load(in_file("- {id: x, match: a, notify: anybody, scope: {feeds: [any]}}")).rules


def test_a_comma_in_a_channel_name_proposes_a_list() -> None:
    found = only(in_file("- {id: x, match: a, notify: 'desk, oncall'}"))
    assert (found.code, found.help) == ("E021", "write a list: [desk, oncall]")
    assert only(in_file("- {id: x, match: a, notify: ['desk,oncall']}")).help == "write a list: [desk, oncall]"


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["- id: x", "  match: US and Iran"], "3:15 E103"),
        (["- id: x", "  match: 'US and Iran'"], "3:16 E103"),
        (["- id: x", '  match: "US and Iran"'], "3:16 E103"),
        (["- id: x", "  match: |", "    US", "    AND and Iran"], "5:11 E103"),
        (["- id: x", "  match: >", "    US AND", "    and Iran"], "5:7 E103"),
        (["- watch: x", "  all:", "    - [US, Iran AND Iraq]"], "4:14 E114"),
        (["- watch: x", "  all: [a]", "  unless: [b, c OR d]"], "4:17 E114"),
        (["- watch: x", "  all: [a]", "  none:", "    - 'c OR d'"], "5:10 E114"),
    ],
)
def test_an_error_is_placed_in_the_file(lines: list[str], place: str) -> None:
    assert places(load(in_file(*lines))) == [place]


def test_a_related_place_is_mapped_too_and_the_width_is_the_words() -> None:
    found = only(in_file("- id: x", "  match: |", "    US AND", "    (a NEAR/5 (b c))"))
    assert (found.line, found.column, found.width) == (5, 18, 3)
    assert found.related == (5, 10, "NEAR stands here")


def test_warnings_leave_the_rule_in() -> None:
    loaded = load(in_file("- {id: x, match: a OR b c}"))
    assert [f.severity for f in loaded.findings] == [FindingSeverity.WARNING]
    assert len(loaded.rules) == 1


# --- hash -----------------------------------------------------------------------------------------


def test_the_hash_changes_with_the_meaning_and_with_nothing_else() -> None:
    base = rule(in_file("- {id: x, match: a b}"))
    same = [
        "- {id: x, match: a AND b}",
        "- {id: x, match: (a) b, title: Other}",
        "- {id: x, all: [a, b]}",
        "- {id: x, match: a b, severity: medium}",
        "- {id: y, match: a b}",
    ]
    other = [
        "- {id: x, match: a OR b}",
        "- {id: x, match: a b, severity: high}",
        "- {id: x, match: a b, notify: desk}",
        "- {id: x, match: a b, updates: alert}",
        "- {id: x, match: a b, group: feed}",
        "- {id: x, match: a b, scope: {lang: [en]}}",
        "- {id: x, match: a b, scope: {feeds: [en]}}",
    ]
    assert {rule(in_file(line)).hash for line in same} == {base.hash}
    assert len({base.hash, *(rule(in_file(line)).hash for line in other)}) == len(other) + 1
    assert len(base.hash) == 16


def test_the_hash_changes_with_the_vocabulary() -> None:
    def with_entry(match: str) -> str:
        return rule(f"vocab: {{strike: {{auto: true, match: {match}}}}}\n" + in_file("- {id: x, match: strike}")).hash

    assert with_entry("strike OR raid") != with_entry("strike OR attack")


def test_the_files_a_file_uses_can_be_asked_for() -> None:
    assert rules.uses(b"use: [vocab/a.yaml, ../b.yaml]\nrules: [") == ()
    assert rules.uses(b"use: [vocab/a.yaml, ../b.yaml]\nrules: []") == ("vocab/a.yaml", "../b.yaml")
    assert rules.uses(GOOD.encode()) == ()


def test_the_face_of_the_package_is_sorted() -> None:
    assert list(rules.__all__) == sorted(rules.__all__, key=lambda name: (name.islower(), name))
