"""Rule files: what loads, what is left out, and what is said about it, with places in the file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher import rules
from watcher.model import (
    Absence,
    ChannelName,
    Denials,
    Finding,
    FindingSeverity,
    Hours,
    Rule,
    RuleTest,
    Scope,
    Severity,
    Template,
    TimelineAlert,
    Updates,
    When,
)
from watcher.rules.schema import slug

GOOD = """\
schema: watch/1
rules:
  - {id: first, match: Tikrit}
"""


def load(
    text: str, channels: list[str] | None = None, feeds: list[str] | None = None, zones: list[str] | None = None
) -> rules.Loaded:
    return rules.load({"rules/a.yaml": text.encode()}, channels=channels, feeds=feeds, zones=zones)


def rule(text: str) -> Rule:
    loaded = load(text)
    assert not loaded.findings
    (only,) = loaded.rules
    return only.rule


def in_file(*lines: str) -> str:
    return "rules:\n" + "".join(f"  {line}\n" for line in lines)


def places(found: rules.Loaded) -> list[str]:
    return [f"{f.line}:{f.column} {f.code}" for f in found.findings]


def only(text: str, channels: list[str] | None = None) -> Finding:
    (finding,) = load(text, channels).findings
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


EXAMPLE = """\
schema: watch/1
vocab:
  us:        {auto: true, match: '=US OR =USA OR "United States" OR American', except: '"contact us" OR "about us"'}
  airstrike: {auto: true, match: 'air-strike OR air-raid OR "aerial bombardment" OR "aerial raid"'}
  soleimani: {match: '(Qasem OR Qassem OR Qassim OR Ghasem) ONEAR/1 (Soleimani OR Suleimani)'}
defaults: {severity: medium, notify: [analysts]}
rules:
  - id: us-airstrikes-tikrit
    title: US air strikes at Tikrit
    match: |
      US airstrikes AND Tikrit
    denials: mark
    scope: {feeds: [wires, "tag:iraq"], lang: [en], min_words: 40}
    severity: high
    notify: [analysts]
    updates: thread
    group: [story]
    throttle: 30m
    digest: true
    when: {count: 2, within: 2h, distinct: source}
    max_age: 48h
    template: {title: "[{severity}] {rule.title}: {item.title}"}
    tests:
      - {file: ../seeds/000.txt, expect: match, highlight: "coalition air strikes will soon follow"}
      - {file: ../seeds/001.txt, expect: denial}
      - {title: "Join us: airstrikes talk in Tikrit", expect: no match}
      - start: 2015-03-25T12:00Z
        timeline: [{at: 0m, item: {file: ../seeds/000.txt}}, {at: 10m, item: {title: "U.S. airstrikes hit Tikrit"}}]
        expect:   [{at: 0m, alert: 1, items: 1, to: [desk]}, {at: 30m, alert: 1, items: 1}]
  - watch: US air strikes in Tikrit
    all:
      - [US, coalition]
      - [air-strike, bombing, shelling]
      - Tikrit
    within: sentence
    unless: [threatens, exercise]
    none: [football, Tikrit Street]
    actual: true
    notify: [desk]
  - id: wires-silent
    absence: {feeds: [wires], silent: 6h, during: "mon-fri 07:00-22:00 Europe/London"}
    severity: high
"""


def test_an_example_with_every_key_loads_whole() -> None:
    loaded = load(EXAMPLE, ["analysts", "desk"], ["wires", "tag:iraq"], ["Europe/London"])
    assert [each.rule.id for each in loaded.rules] == [
        "us-airstrikes-tikrit",
        "us-air-strikes-in-tikrit",
        "wires-silent",
    ]
    assert loaded.findings == ()
    assert [len(each.tests) for each in loaded.rules] == [3, 0, 0]


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
        "SENTENCE((US OR coalition~) AND Tikrit AND 2014 AND (bombing~ OR shelling~) AND NOT exercise~)"
        " AND NOT (football~ OR no)"
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
    assert rule(in_file("- {id: x, match: yes OR 1e3}")).expression == "yes OR 1e3"
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
    loaded = load(text)
    assert (loaded.rules, loaded.vocabulary.entries, loaded.findings) == ((), {}, ())


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


def test_keys_of_alerts_are_carried_with_the_rule() -> None:
    found = (
        load(
            "defaults: {throttle: 1h, max_age: 2d, denials: include}\n"
            + in_file(
                "- id: x",
                "  match: a",
                "  throttle: 30m",
                "  digest: true",
                "  when: {count: 3, within: 2h}",
                "  template: {body: 'see {item.url}'}",
                "  scope: {min_words: 40}",
            )
        )
        .rules[0]
        .rule
    )
    assert (found.throttle, found.max_age, found.digest) == (1_800.0, 172_800.0, True)
    assert found.when == When(count=3, within=7_200.0)
    assert found.template == Template(body="see {item.url}")
    assert found.denials is Denials.INCLUDE
    assert found.scope == Scope(min_words=40)


@pytest.mark.parametrize(
    ("key", "expanded"),
    [
        ("denials: skip", "ASSERTED(Tikrit) AND NOT Football"),
        ("actual: true", "ACTUAL(Tikrit) AND NOT Football"),
        ("actual: true, denials: skip", "ACTUAL(Tikrit) AND NOT Football"),
        ("denials: mark", "Tikrit AND NOT Football"),
        ("denials: include", "Tikrit AND NOT Football"),
        ("actual: false", "Tikrit AND NOT Football"),
    ],
)
def test_a_rule_may_be_held_to_what_the_text_says_is_so(key: str, expanded: str) -> None:
    assert rule(in_file(f"- {{id: x, match: Tikrit -Football, {key}}}")).expanded == expanded
    assert rule(in_file(f"- {{id: x, all: [Tikrit], none: [Football], {key}}}")).expanded == expanded
    inherited = rule(f"defaults: {{{key}}}\n" + in_file("- {id: x, match: Tikrit -Football}"))
    assert inherited.expanded == expanded
    assert inherited.expression == "Tikrit -Football"


def test_a_rule_may_watch_for_silence_alone() -> None:
    loaded = load(
        in_file(
            "- id: wires-silent",
            "  absence: {feeds: ['tag:wires'], silent: 6h, during: 'mon-fri,sun 07:00-22:00 Europe/London'}",
            "  severity: high",
        ),
        feeds=["tag:wires"],
        zones=["Europe/London"],
    )
    (one,) = loaded.rules
    hours = Hours(days=(0, 1, 2, 3, 4, 6), start=420, end=1_320, zone="Europe/London")
    assert one.tree is None
    assert one.rule.absence == Absence(feeds=("tag:wires",), silent=21_600.0, during=hours)
    assert (one.rule.expression, one.rule.expanded) == ("", "")
    assert places(loaded) == []


def test_tests_are_carried_with_their_places() -> None:
    (loaded,) = load(
        in_file(
            "- id: x",
            "  match: Tikrit",
            "  tests:",
            "    - {file: ../seeds/000.txt, expect: match, highlight: air strikes}",
            "    - title: Tikrit",
            '      text: "One.\\n\\nTwo."',
            "      tags: iraq",
            "      published: 2015-03-25",
            "      feed: bbc",
            "      expect: no match",
        )
    ).rules
    article, spelled = loaded.tests
    assert article == RuleTest(expect="match", path="seeds/000.txt", highlight=("air strikes",), line=5, column=9)
    assert spelled.entry is not None
    assert [block.text for block in spelled.entry.blocks] == ["One.", "Two."]
    assert spelled.entry.published == datetime(2015, 3, 25, tzinfo=UTC)
    assert (spelled.entry.title, spelled.entry.tags, spelled.feed) == ("Tikrit", ("iraq",), "bbc")
    assert (spelled.expect, spelled.line, spelled.column) == ("no match", 6, 9)


def test_timelines_are_carried_with_the_rule() -> None:
    loaded = load(
        in_file(
            "- id: x",
            "  match: Tikrit",
            "  tests:",
            "    - start: 2015-03-25T14:00+02:00",
            "      timeline: [{at: 0m, item: {file: a.txt}}, {at: 10m, item: {title: Tikrit}}]",
            "      expect: [{at: 0m, alert: 1, items: 1, to: [desk]}, {at: 30m, alert: 0}]",
        ),
        channels=["desk"],
    )
    (one,) = loaded.rules[0].timelines
    assert places(loaded) == []
    assert one.start == datetime(2015, 3, 25, 12, tzinfo=UTC)
    assert [(step.at, step.path) for step in one.steps] == [(0.0, "rules/a.txt"), (600.0, None)]
    assert one.expect[0] == TimelineAlert(at=0.0, alerts=1, items=1, to=(ChannelName("desk"),))


@pytest.mark.parametrize(
    ("rule", "place", "words"),
    [
        ("match: a, throttle: 5 minutes", "2:33 E111", "write 5m"),
        ("match: a, when: {count: 1, within: 2h}", "2:37 E004", "2 or more"),
        ("match: a, when: {count: 2}", "2:29 E004", "`within` is missing"),
        ("match: a, denials: skipp", "2:32 E004", "'mark', 'skip' or 'include'"),
        ("match: a, actual: yes", "2:31 E004", "true or false"),
        ("match: a, template: {title: '{item.titel}'}", "2:42 E027", "did you mean {item.title}?"),
        ("match: a, template: {body: 'a } b'}", "2:43 E027", "stands alone"),
        ("match: a, scope: {min_words: 0}", "2:42 E004", "1 or more"),
        ("match: a, absence: {feeds: [w], silent: 6h}", "2:13 E025", "`absence` and `match`"),
        ("absence: {feeds: [w], silent: 6h, during: 'weekdays 07:00-22:00 UTC'}", "2:55 E111", "like mon-fri"),
        ("absence: {feeds: [w], silent: 6h, during: '07:00-07:00 UTC'}", "2:55 E111", "within a day"),
        ("absence: {feeds: [w], silent: 6h, during: '07:00-22:00 Europe/Londn'}", "2:55 E111", "mean Europe/London?"),
        ("absence: {feeds: [w], silent: 6h}, tests: [{title: a, expect: match}]", "2:48 E025", "no item can test"),
        ("absence: {feeds: [v], silent: 6h}", "2:31 E022", "there is none"),
        ("match: a, tests: [{title: a, expect: matches}]", "2:50 E004", "'match', 'denial' or 'no match'"),
        ("match: a, tests: [{expect: match}]", "2:31 E025", "names no item"),
        ("match: a, tests: [{file: a.txt, title: b, expect: match}]", "2:45 E025", "`file` and `title`"),
        ("match: a, tests: [{title: b, expect: no match, highlight: b}]", "2:60 E025", "highlights nothing"),
        ("match: a, tests: [{title: b, expect: match, published: yesterday}]", "2:68 E111", "a date like"),
        ("match: a, tests: [{titel: b, expect: match}]", "2:32 E003", "did you mean `title`?"),
        ("match: a, tests: [{start: 2015-03-25, timeline: [], expect: []}]", "2:73 E004", "at least 1"),
        ("match: a, group: 'text:/(/'", "2:37 E115", "missing )"),
    ],
)
def test_a_wrong_value_is_told_at_its_place(rule: str, place: str, words: str) -> None:
    loaded = load(in_file(f"- {{id: x, {rule}}}"), feeds=["w"] if "[w]" in rule else [], zones=["Europe/London", "UTC"])
    assert not loaded.rules
    assert any(f"{f.line}:{f.column} {f.code}" == place and words in f.message + f.help for f in loaded.findings), (
        loaded.findings
    )


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
    assert (finding.code, finding.file, finding.line, finding.column) == ("E010", "b.yaml", 3, 10)
    assert (finding.related, finding.related_file) == ((3, 10, "it has the id already"), "a.yaml")


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


def test_an_id_is_taken_even_by_a_rule_that_is_wrong() -> None:
    loaded = load(in_file("- {id: x, match: (a}", "- {id: x, match: b}", "- {title: X, mach: c}"))
    assert not loaded.rules
    assert places(loaded) == ["2:20 E104", "3:10 E010", "4:13 E010", "4:16 E003"]


@pytest.mark.parametrize(
    "lines",
    [
        ["- id: x", "  match: strike # a note"],
        ["- id: x", "  match: strike  #1 of the notes, AND more"],
        ["- id: x", "  match: strike", "  severity: high #because"],
        ["- id: x", "  match: 'C #1' # AND a note"],
        ["- id: x", "  match: |", "    C #1 AND pay"],
        ["- watch: x", "  any:", "    - strike # a note", "    - 'C #1'"],
    ],
)
def test_a_comment_is_a_comment_where_nobody_can_have_meant_text(lines: list[str]) -> None:
    assert "E005" not in {f.code for f in load(in_file(*lines)).findings}


@pytest.mark.parametrize(
    ("keys", "mend"),
    [
        ("any: 'strike, raid'", "write a list: [strike, raid]"),
        ("any: [[US, coalition], strike]", "only `all:` has lists inside; here every entry is one of the alternatives"),
        ("any: [{Breaking: strike}]", "put quotes round an entry with `: ` in it"),
        ("match: [a, b]", "an expression is one text, as  a OR b ; a list stands under `any:` or `all:`"),
        ("keywords: [strike]", "did you mean `any`?"),
        ("query: strike", "did you mean `match`?"),
        ("any: [strike], exclude: [football]", "did you mean `none`?"),
        ("match: strike, channel: desk", "did you mean `notify`?"),
        ("all: [US], within: '15'", "write within: 15 words"),
        ("all: [US], within: same sentence", "write within: sentence"),
        ("match: strike, when: {count: 2, within: 0s}", ""),
    ],
)
def test_what_was_probably_meant_is_said(keys: str, mend: str) -> None:
    (finding,) = load("rules:\n  - {id: x, " + keys + "}\n").findings
    assert finding.help == mend
