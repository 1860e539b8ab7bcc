"""Vocabulary: what a name stands for, where it stands in by itself, and what can be wrong with it."""

from __future__ import annotations

import pytest

from watcher import rules
from watcher.rules import query, vocab
from watcher.rules.nodes import Alias, Node
from watcher.rules.shape import walk
from watcher.rules.vocab import Vocabulary

NAMES = """\
schema: watch/1
vocab:
  us:        {auto: true, match: '=US OR =USA OR "United States"', except: '"contact us"'}
  airstrike: {auto: true, match: 'air-strike OR air-raid'}
  fact:      {match: a AND b}
  choice:    {match: '@fact OR c'}
  headline:  {match: 'title:x'}
  plain:     {match: 'p OR q'}
  dated:     {match: 'published:2015'}
  pattern:   {match: '/p+/'}
"""


def names(text: str = NAMES) -> Vocabulary:
    loaded = rules.load({"v.yaml": text.encode()})
    assert not loaded.findings
    return loaded.vocabulary


def shown(source: str) -> str:
    tree, problems = rules.expression(source, names())
    assert tree is not None, problems
    return query.to_text(tree)


def told(source: str) -> list[str]:
    return [f"{p.code}@{p.start}-{p.end}" for p in rules.expression(source, names())[1]]


def codes(sources: dict[str, str]) -> list[str]:
    found = rules.load({file: text.encode() for file, text in sources.items()}).findings
    return [f"{f.file}:{f.line}:{f.column} {f.code}" for f in found]


def expanded(sources: dict[str, str], rule_id: str = "x") -> str:
    loaded = rules.load({file: text.encode() for file, text in sources.items()})
    (found,) = [each.rule for each in loaded.rules if each.rule.id == rule_id]
    return found.expanded


def aliases(tree: Node) -> list[Alias]:
    return [node for node in walk(tree) if isinstance(node, Alias)]


# --- standing in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ("US airstrikes AND Tikrit", "@us AND @airstrike AND Tikrit"),
        ("U.S. airstrike", "@us AND @airstrike"),
        ("Airstrikes", "@airstrike"),
        ("AIRSTRIKE", "@airstrike"),
        ("title:US", "title:@us"),
        ("raw:(US OR x)", "raw:(@us OR x)"),
        ("US NEAR/5 x", "@us NEAR/5 x"),
        ("-US x", "NOT @us AND x"),
        ("SENTENCE(US x)", "SENTENCE(@us AND x)"),
        ("US EXCEPT airstrike", "@us EXCEPT @airstrike"),
        ('"US"', '"US"'),
        ('"US airstrikes"', '"US airstrikes"'),
        ("=US", "=US"),
        ("airstrike*", "airstrike*"),
        ("tag:US", "tag:US"),
        ("feed:airstrike x", "feed:airstrike AND x"),
        ("url:airstrike", "url:airstrike"),
        ("author:US", "author:US"),
        ("USA", "USA"),
        ("plain", "plain"),
        ("@plain", "@plain"),
        ("US-led", "US-led"),
        ("airstrike~", "@airstrike OR airstrike~"),
        ("Airstrikes~ x", "(@airstrike OR Airstrikes~) AND x"),
        ("airstrike~ OR x", "@airstrike OR airstrike~ OR x"),
        ("x NEAR/5 airstrike~", "x NEAR/5 (@airstrike OR airstrike~)"),
        ("title:airstrike~", "title:(@airstrike OR airstrike~)"),
        ("2 OF (airstrike~, US)", "2 OF (@airstrike OR airstrike~, @us)"),
        ("ATLEAST/2 airstrike", "ATLEAST/2 @airstrike"),
        ("ACTUAL(airstrike)", "ACTUAL(@airstrike)"),
        ("FIRST/9 US", "FIRST/9 @us"),
        ('"airstrike~ x"', '"airstrike~ x"'),
        ("feed:airstrike~ x", "feed:airstrike~ AND x"),
        ("plain~", "plain~"),
        ("/US/", "/US/"),
    ],
)
def test_a_bare_word_in_a_text_field_becomes_its_entry(source: str, expression: str) -> None:
    assert shown(source) == expression


def test_a_lower_case_word_does_not_become_an_entry_of_capitals() -> None:
    tree, problems = rules.expression("us airstrikes", names())
    assert tree is not None
    assert query.to_text(tree) == "us AND @airstrike"
    (warning,) = problems
    assert (warning.code, warning.start, warning.end, warning.fatal) == ("W206", 0, 2, False)
    assert "write US or @us" in warning.help


def test_a_lower_case_word_of_a_list_is_its_entry_and_every_form_of_itself() -> None:
    text = NAMES + "rules:\n  - {watch: x, all: [airstrike, us], any: [Airstrike, bomb], notify: []}\n"
    assert expanded({"r.yaml": text}).startswith("(air-strike OR air-raid OR airstrike~) AND us AND (air-strike OR ")
    assert codes({"r.yaml": text}) == ["r.yaml:12:33 W206"]


def test_every_alias_is_filled_with_what_it_means() -> None:
    tree, _ = rules.expression("US @choice", names())
    assert tree is not None
    assert all(alias.part is not None for alias in aliases(tree))
    assert query.spelled(tree) == '(=US OR =USA OR "United States") EXCEPT "contact us" AND ((a AND b) OR c)'


def test_words_inside_an_entry_stand_for_themselves() -> None:
    text = NAMES + "  other: {match: US OR airstrike}\n"
    tree, _ = rules.expression("@other", names(text))
    assert tree is not None
    assert query.spelled(tree) == "US OR airstrike"


def test_nothing_stands_in_without_auto() -> None:
    tree, problems = vocab.expand(query.parse("US").tree or Alias("x"), names(), auto=False)
    assert (query.to_text(tree) if tree else None, problems) == ("US", ())


# --- what does not fit ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("x @uss", ["E023@2-6"]),
        ("@zzzz OR @qqqq", ["E023@0-5", "E023@9-14"]),
        ("@fact NEAR/5 x", ["E108@0-5"]),
        ("x NEAR/5 @choice", ["E108@9-16"]),
        ("x EXCEPT (y OR @fact)", ["E108@15-20"]),
        ("title:@fact NEAR/5 x", ["E108@6-11"]),
        ("@fact x", []),
        ("SENTENCE(@fact) NEAR/5 x", []),
        ("ATLEAST/2 @fact", ["E108@10-15"]),
        ("ATLEAST/2 (x OR title:@choice)", ["E108@22-29"]),
        ("ASSERTED(@fact)", ["E108@9-14"]),
        ("NEGATED(x OR @choice)", ["E108@13-20"]),
        ("ACTUAL(FIRST/9 @fact)", ["E108@15-20"]),
        ("ACTUAL(@dated)", ["E108@7-13"]),
        ("FIRST/9 @fact", []),
        ("2 OF (@fact, x)", []),
        ("title:@dated", ["E109@6-12"]),
        ("x @dated", []),
        ("feed:@pattern", ["E115@5-13"]),
        ("title:@pattern", []),
        ("title:@headline", ["E109@6-15"]),
        ("body:(x OR @headline)", ["E109@11-20"]),
        ("@headline x", []),
        ("-x", ["E112@0-2"]),
        ("-@us OR -x", ["E112@0-10"]),
        ("NOT NOT x", []),
        ("feed:bbc -x", []),
        ("NOT (-x AND -y)", []),
        ("NOT (-x AND y)", ["E112@0-13"]),
        ("NOT (-x OR -y)", []),
        ("2 OF (x, y, -z)", []),
        ("1 OF (x, -y)", ["E112@0-12"]),
        ("NOT 2 OF (-x, -y)", []),
        ("NOT 2 OF (-x, y)", ["E112@0-16"]),
        ("FIRST/9 (-x)", ["E112@0-11"]),
        ("published:2015", []),
        ("title:(-x)", ["E112@0-9"]),
        ("SENTENCE(-x)", ["E112@0-12"]),
    ],
)
def test_a_meaning_that_does_not_fit_its_place_is_told_there(source: str, problems: list[str]) -> None:
    assert told(source) == problems


def test_an_unknown_name_names_the_nearest() -> None:
    (problem,) = rules.expression("@airstrikes", names())[1]
    assert problem.help == "did you mean @airstrike?"


def test_a_fact_by_name_points_at_its_definition() -> None:
    (problem,) = rules.expression("@fact NEAR/5 x", names())[1]
    assert "v.yaml:5:3" in problem.help
    assert problem.related == (5, 13, "NEAR stands here")
    (problem,) = rules.expression("x AND ACTUAL(@fact)", names())[1]
    assert problem.related == (6, 12, "ACTUAL stands here")


# --- files ----------------------------------------------------------------------------------------

CORE = "vocab:\n  us: {auto: true, match: =US}\n"
RULE = "rules: [{id: x, match: US}]\n"


def test_a_file_sees_its_own_entries_and_those_it_uses_and_no_others() -> None:
    assert expanded({"r.yaml": RULE, "core.yaml": CORE}) == "US"
    assert expanded({"r.yaml": "use: [core.yaml]\n" + RULE, "core.yaml": CORE}) == "=US"
    assert expanded({"r.yaml": CORE + RULE}) == "=US"
    between = {"r.yaml": "use: [b.yaml]\n" + RULE, "b.yaml": "use: [core.yaml]\n", "core.yaml": CORE}
    assert expanded(between) == "US"


def test_a_used_file_is_looked_up_beside_the_one_that_uses_it() -> None:
    sources = {"rules/deep/r.yaml": "use: [../vocab/core.yaml]\n" + RULE, "rules/vocab/core.yaml": CORE}
    assert expanded(sources) == "=US"


def test_a_used_file_that_is_not_there_is_told_with_the_nearest() -> None:
    loaded = rules.load({"r.yaml": b"use: [cor.yaml]\n" + RULE.encode(), "core.yaml": CORE.encode()})
    (finding,) = loaded.findings
    assert (finding.code, finding.line, finding.column, finding.help) == ("E023", 1, 7, "did you mean core.yaml?")


def test_a_name_is_defined_once_unless_it_overrides() -> None:
    again = "use: [core.yaml]\nvocab:\n  us: {auto: true, match: =USA}\n"
    assert codes({"r.yaml": again + RULE, "core.yaml": CORE}) == ["r.yaml:3:3 E026", "r.yaml:4:24 E023"]
    override = again.replace("=USA", "=USA, override: true")
    assert expanded({"r.yaml": override + RULE, "core.yaml": CORE}) == "=USA"


def test_two_used_files_may_not_disagree_unless_one_overrides() -> None:
    other = "vocab:\n  us: {auto: true, match: =USA}\n"
    sources = {"r.yaml": "use: [core.yaml, other.yaml]\n" + RULE, "core.yaml": CORE, "other.yaml": other}
    assert codes(sources) == ["r.yaml:1:18 E026"]
    sources["core.yaml"] = CORE.replace("=US", "=US, override: true")
    assert not codes(sources)
    assert expanded(sources) == "=US"


def test_an_entry_keeps_the_meaning_it_had_in_its_own_file() -> None:
    sources = {
        "core.yaml": CORE + "  force: {match: '@us NEAR/3 force'}\n",
        "r.yaml": "use: [core.yaml]\nvocab: {us: {override: true, match: America}}\n"
        "rules: [{id: x, match: '@force @us'}]\n",
    }
    assert expanded(sources) == "=US NEAR/3 force AND America"


def test_names_that_lead_back_to_themselves_are_a_circle() -> None:
    circle = "vocab:\n  a: {match: '@b'}\n  b: {match: 'x OR @c'}\n  c: {match: '@a'}\n  d: {match: '@d'}\n"
    found = codes({"v.yaml": circle})
    assert "v.yaml:4:15 E024" in found
    assert "v.yaml:5:15 E024" in found
    messages = [f.message for f in rules.load({"v.yaml": circle.encode()}).findings if f.code == "E024"]
    assert messages[0] == "these entries lead back to themselves: @a -> @b -> @c -> @a"


def test_files_that_use_each_other_are_a_circle() -> None:
    found = codes({"a.yaml": "use: [b.yaml]\n", "b.yaml": "use: [a.yaml]\n"})
    assert found == ["b.yaml:1:7 E024"]


def test_entries_may_stand_in_any_order() -> None:
    text = "vocab:\n  a: {match: '@b OR x'}\n  b: {match: y}\nrules: [{id: x, match: '@a'}]\n"
    assert expanded({"r.yaml": text}) == "y OR x"


def test_except_may_use_other_names_but_not_its_own() -> None:
    text = "vocab:\n  a: {match: x, except: '@b'}\n  b: {match: y}\nrules: [{id: x, match: '@a'}]\n"
    assert expanded({"r.yaml": text}) == "x EXCEPT y"
    assert codes({"r.yaml": "vocab:\n  a: {match: x, except: '@a'}\n"}) == ["r.yaml:2:26 E024"]


def test_except_wants_places() -> None:
    assert codes({"r.yaml": "vocab:\n  a: {match: x AND y, except: z}\n"}) == ["r.yaml:2:31 E108"]
    assert codes({"r.yaml": "vocab:\n  a: {match: x, except: y AND z}\n"}) == ["r.yaml:2:25 E108"]


def test_an_error_in_an_entry_is_placed_in_its_file() -> None:
    assert codes({"v.yaml": "vocab:\n  us:\n    match: |\n      US and USA\n"}) == ["v.yaml:4:10 E103"]


def test_what_uses_a_wrong_entry_is_left_out_too() -> None:
    text = (
        "vocab:\n  us: {auto: true, match: (US}\n  un: {auto: true, mach: UN}\n"
        "rules:\n  - {id: a, match: '@us'}\n  - {id: b, match: US}\n  - {id: c, match: x}\n  - {id: d, match: UN}\n"
    )
    loaded = rules.load({"r.yaml": text.encode()})
    assert [each.rule.id for each in loaded.rules] == ["c"]
    assert {f"{f.line} {f.code}" for f in loaded.findings} >= {"2 E104", "3 E003", "5 E023", "6 E023", "8 E023"}


def test_names_that_multiply_without_end_are_stopped() -> None:
    lines = ["  n0: {match: a OR b OR c OR d}"]
    lines += [f"  n{n}: {{match: '@n{n - 1} OR @n{n - 1} OR @n{n - 1}'}}" for n in range(1, 40)]
    found = codes({"v.yaml": "vocab:\n" + "\n".join(lines) + "\n"})
    assert found[0].endswith("E119")


def test_names_that_lead_on_and_on_are_stopped() -> None:
    lines = [f"  n{n}: {{match: '@n{n + 1}'}}" for n in range(2_000)]
    found = codes({"v.yaml": "vocab:\n" + "\n".join(lines) + "\n  n2000: {match: x}\n"})
    assert any(place.endswith("E119") for place in found)


def test_the_vocabulary_of_all_files_can_be_asked() -> None:
    loaded = rules.load({"a.yaml": CORE.encode(), "b.yaml": b"vocab: {uk: {match: =UK}}\n"})
    assert set(loaded.vocabulary.entries) == {"us", "uk"}
    entry = loaded.vocabulary.entries["us"]
    assert (entry.place, entry.auto, entry.capital) == ("a.yaml:2:3", True, True)
