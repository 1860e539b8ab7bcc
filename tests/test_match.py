from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.items import FEED, item, rule, seed
from watcher.match import Explanation, explain, match
from watcher.model import Denials, Item, Missing, Scope, Span
from watcher.rules import expression, load
from watcher.rules.compile import CompiledRule, compile_rule, compile_tree
from watcher.rules.evaluate import Fact, Hit
from watcher.rules.nodes import (
    Alias,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Reality,
    Regex,
    Some,
    Within,
    Word,
)
from watcher.rules.ruleset import Ruleset
from watcher.text.document import Document, Region

US = Or((Word("US", exact=True), Word("USA", exact=True), Phrase("United States"), Word("American")))
AIRSTRIKE = Or((Word("air-strike"), Word("air-raid"), Phrase("aerial bombardment")))
TIKRIT = And((Alias("us", US), Alias("airstrike", AIRSTRIKE), Word("Tikrit")))


def explained(tree: Node, article: Item | str) -> Explanation:
    return explain(compile_tree(tree), item(article) if isinstance(article, str) else article, FEED)


def found(tree: Node, article: Item | str) -> list[str]:
    return [span.text for span in explained(tree, article).evidence]


def lacking(tree: Node, article: Item | str) -> list[tuple[str, str | None]]:
    return [(missing.term, missing.nearest) for missing in explained(tree, article).missing]


# --- the five seeds


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_us_airstrikes_and_tikrit_finds_the_four_seeds_about_them(number: int) -> None:
    assert explained(TIKRIT, seed(number)).matched


def test_the_seed_about_another_town_lacks_tikrit_and_nothing_else() -> None:
    assert explained(TIKRIT, seed(2)) == Explanation(matched=False, missing=(Missing(term="Tikrit"),))


def test_air_strikes_apart_and_dotted_capitals_are_located_exactly() -> None:
    article = seed(0)
    evidence = explained(TIKRIT, article).evidence
    assert {span.text for span in evidence} == {"US", "U.S.", "United States", "air strikes", "Tikrit"}
    assert all(article.text[span.start : span.end] == span.text for span in evidence)
    coalition = article.text.index("coalition air strikes will soon follow") + len("coalition ")
    strikes = Span(field="text", start=coalition, end=coalition + 11, text="air strikes", term="air-strike")
    assert strikes in evidence


def test_all_of_us_is_no_evidence_for_the_country() -> None:
    article = seed(0)
    pronoun = article.text.index("all of us.") + len("all of ")
    assert pronoun not in {span.start for span in explained(TIKRIT, article).evidence}
    assert pronoun in {span.start for span in explained(Word("us"), article).evidence}


VOCABULARY = load(
    {
        "vocabulary.yaml": b"""\
vocab:
  us:        {auto: true, match: '=US OR =USA OR "United States" OR American', except: '"contact us" OR "about us"'}
  airstrike: {auto: true, match: 'air-strike OR air-raid OR "aerial bombardment" OR "aerial raid"'}
"""
    }
).vocabulary


def in_seeds(text: str) -> list[Explanation]:
    tree, problems = expression(text, VOCABULARY)
    assert tree is not None, problems
    return [explain(compile_tree(tree), seed(number), FEED) for number in range(5)]


def test_the_rule_as_a_user_types_it_finds_four_seeds_two_of_them_denials() -> None:
    told = in_seeds("US airstrikes AND Tikrit")
    assert [number for number, each in enumerate(told) if each.matched] == [0, 1, 3, 4]
    assert [number for number, each in enumerate(told) if each.denial] == [1, 4]
    assert [bool(each.denied_by) for each in told] == [each.denial for each in told]


@pytest.mark.parametrize(
    "text", ["US ASSERTED(airstrikes) Tikrit", "US airstrikes AND Tikrit AND NOT NEGATED(airstrikes)"]
)
def test_a_line_about_negation_leaves_the_two_seeds_that_report_strikes(text: str) -> None:
    assert [number for number, each in enumerate(in_seeds(text)) if each.matched] == [0, 3]


# --- what a part means


@pytest.mark.parametrize(
    ("tree", "text", "evidence"),
    [
        (Word("strike"), "Strikes, a strike’s end, striking", ["Strikes", "strike"]),
        (Word("cafe"), "Café CAFÉS", ["Café", "CAFÉS"]),
        (Word("US"), "us and US, U.S.-led", ["US", "U.S."]),
        (Word("us"), "us and US", ["us", "US"]),
        (Word("US"), "THE US LEAVES US", ["US", "US"]),
        (Word("WHO"), "WHO IS IT. The WHO is", ["WHO"]),
        (Word("who"), "WHO IS IT. The WHO is", ["WHO", "WHO"]),
        (Word("Turkey", exact=True), "Turkey, turkey and Turkeys. IN TURKEY NOW.", ["Turkey", "TURKEY"]),
        (Word("US", exact=True), "U.S. and US’s but us. JOIN US NOW.", ["U.S.", "US", "US"]),
        (Word("milit", prefix=True), "militias, MILITARY, mill", ["militias", "MILITARY"]),
        (Word("air-strike"), "airstrike, strike air strikes", ["airstrike", "air strikes"]),
        (Word("air-strike"), "An AIR-STRIKE", ["AIR-STRIKE"]),
        (Word("AT&T"), "AT&T and AT T", ["AT&T", "AT T"]),
        (Word("9/11"), "911 and 9/11", ["9/11"]),
        (Word("CVE-2024-1234"), "cve 2024 1234, CVE20241234", ["cve 2024 1234"]),
        (Word("C++"), "C and C++, c# too", ["C++"]),
        (Word("Soleimani's"), "Soleimani spoke", ["Soleimani"]),
        (Phrase("United States"), "the united\nstates; States United", ["united\nstates"]),
        (Phrase("air-strike campaign"), "the airstrike campaigns", ["airstrike campaigns"]),
        (Phrase("#tikrit"), "tikrit #Tikrit", ["Tikrit"]),
        (Phrase("Air Force", exact=True), "air force, Air Force, Air Forces", ["Air Force"]),
        (Phrase("东京"), "在东京的", ["东京"]),
        (Or((Word("a"), Word("b"))), "b a c", ["b", "a"]),
        (And((Word("a"), Not(Word("x")))), "a b", ["a"]),
        (Near(Word("a"), Word("b"), 1), "a x b b x a a", ["a", "b", "b", "a"]),
        (Near(Word("a"), Word("b"), 0, ordered=True), "b a. b", ["a", "b"]),
        (Near(Near(Word("a"), Word("b"), 0), Word("c"), 1), "c a b a x c", ["c", "a", "b", "a", "c"]),
        (Near(Phrase("a b"), Word("b"), 3), "a b", []),
        (Except(Word("strike"), Phrase("strike price")), "strike price, a strike", ["strike"]),
        (Within(And((Word("a"), Word("b"))), "sentence"), "A one. B two. A three b. Then a.", ["A", "b"]),
        (Within(And((Word("a"), Not(Word("b")))), "paragraph"), "a b\n\nc. A d.", ["A"]),
    ],
)  # fmt: skip
def test_each_operator_finds_what_it_says(tree: Node, text: str, evidence: list[str]) -> None:
    assert found(tree, text) == evidence
    assert explained(tree, text).matched == bool(evidence)


WHOLE = item(
    "Alpha one. Bravo two.\n\nCharlie three.\n\nDelta four.",
    title="Echo",
    summary="Bravo two. Foxtrot five.",
    raw="Golf six",
    url="https://www.hotel.co.uk/india?q=juliett",
    authors=("Kilo Lima", "Mike November"),
    tags=("Oscar",),
    lang="en-GB",
    place="Papa",
    outlet="Quebec",
)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("any", "Alpha Bravo Charlie Delta Echo Foxtrot Papa"),
        ("title", "Echo"),
        ("lead", "Alpha Bravo Charlie Echo Papa"),
        ("body", "Alpha Bravo Charlie Delta"),
        ("summary", "Bravo Foxtrot"),
        ("raw", "Golf"),
        ("url", "hotel india juliett"),
        ("author", "Kilo Lima Mike November Quebec"),
        ("tag", "Oscar iraq"),
    ],
)
def test_a_field_holds_its_words_and_no_others(field: str, words: str) -> None:
    names = "Alpha Bravo Charlie Delta Echo Foxtrot Golf hotel india juliett Kilo Lima Mike November Oscar Papa Quebec"
    every = f"{names} iraq".split()
    assert [name for name in every if explained(Field(field, Word(name)), WHOLE).matched] == words.split()


@pytest.mark.parametrize(
    ("field", "name", "matched"),
    [
        ("feed", "wires", True),
        ("feed", "wire", False),
        ("site", "www.hotel.co.uk", True),
        ("site", "hotel.co.uk", True),
        ("site", "otel.co.uk", False),
        ("lang", "en", True),
        ("lang", "en-GB", True),
        ("lang", "e", False),
    ],
)
def test_a_name_is_compared_whole(field: str, name: str, matched: bool) -> None:  # noqa: FBT001
    assert explained(Field(field, Word(name)), WHOLE).matched is matched


def test_a_site_is_shown_within_the_address() -> None:
    (span,) = explained(Field("site", Word("hotel.co.uk")), WHOLE).evidence
    assert (span.field, span.text, (WHOLE.url or "")[span.start : span.end]) == ("url", "hotel.co.uk", "hotel.co.uk")


def test_a_word_said_in_text_and_summary_is_shown_once() -> None:
    assert [(s.field, s.text) for s in explained(Word("bravo"), WHOLE).evidence] == [("text", "Bravo")]


def test_a_title_taken_from_the_text_is_shown_in_the_text_only() -> None:
    article = item("Tikrit fell. More.", title="Tikrit fell.", title_from_text=True)
    assert [s.field for s in explained(Word("Tikrit"), article).evidence] == ["text"]
    assert [s.field for s in explained(Field("title", Word("Tikrit")), article).evidence] == ["title"]
    assert [s.field for s in explained(Field("lead", Word("Tikrit")), article).evidence] == ["title", "text"]


def test_nothing_is_near_across_fields() -> None:
    assert not explained(Near(Word("Echo"), Word("Alpha"), 50), WHOLE).matched
    assert not explained(Phrase("Echo Alpha"), WHOLE).matched


def test_the_title_is_one_sentence() -> None:
    article = item(title="Strike. In Tikrit")
    assert explained(Within(And((Word("strike"), Word("Tikrit"))), "sentence"), article).matched


def test_evidence_within_other_evidence_is_left_out() -> None:
    assert found(Or((Phrase("United States"), Word("state"))), "United States, a state") == ["United States", "state"]


def test_evidence_is_in_reading_order() -> None:
    article = item("b a", title="a")
    assert [(s.field, s.text) for s in explained(Or((Word("a"), Word("b"))), article).evidence] == [
        ("title", "a"),
        ("text", "b"),
        ("text", "a"),
    ]


# --- why not


@pytest.mark.parametrize(
    ("tree", "text", "missing"),
    [
        (Word("airstrikes"), "coalition air strikes follow", [("airstrikes", "air strikes")]),
        (Phrase("air strike"), "two airstrikes", [('"air strike"', "airstrikes")]),
        (Word("Soleimani"), "Qassem Suleimani came", [("Soleimani", "Suleimani")]),
        (Word("US", exact=True), "all of us", [("=US", "us")]),
        (Word("Tikrit"), "Amerli", [("Tikrit", None)]),
        (Phrase("Iraqi army forces"), "Iraqi forces, an army", [('"Iraqi army forces"', "Iraqi forces, an army")]),
        (Near(Word("a"), Word("b"), 1), "a x x b x x x a", [("a NEAR/1 b", "a x x b")]),
        (Near(Word("a"), Word("b"), 1), "a x", [("b", None)]),
        (Within(And((Word("a"), Word("b"))), "sentence"), "One a. One b.", [("SENTENCE(a AND b)", "a. One b")]),
        (And((Word("a"), Not(Word("b")))), "a B", [("NOT b", "B")]),
        (And((Word("a"), Word("b"), Word("c"))), "b", [("a", None), ("c", None)]),
        (Or((Word("soldier"), Word("airstrike"))), "an air strike", [("soldier OR airstrike", "air strike")]),
        (Alias("airstrike", AIRSTRIKE), "a strike", [("@airstrike", None)]),
        (Except(Word("strike"), Phrase("strike price")), "strike price", [('strike EXCEPT "strike price"', "strike")]),
        (Field("title", And((Word("a"), Word("b")))), "a b", [("a", None), ("b", None)]),
        (Field("feed", Word("reuters")), "", [("feed:reuters", "wires")]),
        (Regex("us"), "the US", [("/us/", "US")]),
        (Regex("us"), "the UK", [("/us/", None)]),
        (Field("title", Regex("us")), "the US", [("title:/us/", None)]),
        (Some(2, (Word("a"), Word("b"), Word("c"))), "b", [("a", None), ("c", None)]),
        (AtLeast(3, Word("a")), "a b a", [("ATLEAST/3 a", "only 2")]),
        (AtLeast(3, Word("a")), "b", [("a", None)]),
        (First(2, Word("bomb")), "one two bombs", [("FIRST/2 bomb", "bombs")]),
        (First(2, And((Word("one"), Word("bomb")))), "one two", [("bomb", None)]),
        (Published("2015", datetime(2015, 1, 1, tzinfo=UTC), None), "", [("published:2015", "no date")]),
        (
            Reality(Word("strike"), "asserted"),
            "The army carried out no strikes there.",
            [("ASSERTED(strike)", "no strikes")],
        ),
        (Reality(Word("strike"), "asserted"), "The army came.", [("strike", None)]),
        (Reality(Word("strike"), "negated"), "It carried out strikes.", [("NEGATED(strike)", "strikes")]),
        (Alias("both", And((Word("a"), Word("b")))), "b", [("a", None)]),
    ],
)  # fmt: skip
def test_what_is_missing_is_the_smallest_part_with_the_nearest_thing(
    tree: Node, text: str, missing: list[tuple[str, str | None]]
) -> None:
    assert lacking(tree, text) == missing


# --- rules


def test_matches_come_in_rule_order_with_their_rule_and_revision() -> None:
    rules = Ruleset([compile_rule(rule(name), Word(name)) for name in ("Tikrit", "Mosul", "Iraq")])
    matches, failures = match(rules, item("Iraq: Tikrit"), FEED, 3)
    assert not failures
    assert [(m.rule, m.rule_hash, m.item, m.revision) for m in matches] == [
        ("Tikrit", "Tikrit", "0" * 16, 3),
        ("Iraq", "Iraq", "0" * 16, 3),
    ]
    assert [span.text for m in matches for span in m.evidence] == ["Tikrit", "Iraq"]


@pytest.mark.parametrize(
    ("scope", "note"),
    [
        (Scope(), None),
        (Scope(feeds=("wires",)), None),
        (Scope(feeds=("tag:iraq", "other")), None),
        (Scope(feeds=("other",)), "the rule looks only at other; this item is from wires"),
        (Scope(lang=("en",)), None),
        (Scope(lang=("de", "fr")), "the rule looks only at de, fr; this item's language is en-GB"),
    ],
)
def test_a_rule_looks_only_into_its_scope(scope: Scope, note: str | None) -> None:
    compiled = compile_rule(rule("r", scope=scope), Word("Alpha"))
    explanation = explain(compiled, WHOLE, FEED)
    assert (explanation.matched, explanation.scope_note) == (note is None, note)
    assert [span.text for span in explanation.evidence] == ["Alpha"]
    assert len(match(Ruleset([compiled]), WHOLE, FEED, 1).matches) == (note is None)


def test_rules_that_no_word_announces_are_asked_every_time() -> None:
    trees: list[Node] = [Not(Word("x")), Field("lang", Word("e", prefix=True)), Field("raw", Word("gol", prefix=True))]
    rules = Ruleset([compile_rule(rule(f"r{n}"), tree) for n, tree in enumerate(trees)])
    assert len(match(rules, WHOLE, FEED, 1).matches) == 3


def test_no_rules_match_nothing() -> None:
    assert match(Ruleset([]), WHOLE, FEED, 1) == ((), ())


# --- denials


DENIAL = "The army carried out no strike in Tikrit."


@pytest.mark.parametrize(
    ("denials", "text", "denial"),
    [
        (Denials.MARK, DENIAL, True),
        (Denials.MARK, "A strike hit Tikrit.", False),
        (Denials.MARK, f"{DENIAL} A strike hit Mosul.", False),
        (Denials.INCLUDE, DENIAL, False),
    ],
)
def test_a_match_is_a_denial_where_nothing_else_makes_it(denials: Denials, text: str, denial: bool) -> None:  # noqa: FBT001
    compiled = compile_rule(rule("strikes", denials=denials), And((Word("strike"), Not(Word("price")))))
    (found,) = match(Ruleset([compiled]), item(text), FEED, 1).matches
    assert found.denial == denial
    assert explain(compiled, item(text), FEED).denial == denial


def test_a_denial_is_explained_by_its_cues() -> None:
    told = explained(And((Word("strike"), Word("Tikrit"))), DENIAL)
    assert told.denied_by == (Span(field="text", start=21, end=23, text="no", term="negation"),)


def test_what_is_denied_is_not_asked_of_rules_that_include_denials() -> None:
    compiled = compile_rule(rule("strikes", denials=Denials.INCLUDE), Word("strike"))
    match(Ruleset([compiled]), item(DENIAL), FEED, 1)
    assert "asserted" not in vars(compiled)


@dataclass(frozen=True)
class Broken:
    """An evaluator with a mistake in it."""

    def true(self, document: Document, inside: Region | None = None) -> bool:
        raise ZeroDivisionError(document, inside)

    def hits(self, document: Document, inside: Region | None = None) -> set[Hit]:
        raise ZeroDivisionError(document, inside)


def test_a_rule_that_fails_takes_no_other_with_it() -> None:
    root: Fact = Broken()
    broken = CompiledRule(tree=Word("x"), required=(), rule=rule("broken"))
    vars(broken)["root"] = root
    whole = compile_rule(rule("whole"), Word("Alpha"))
    found = match(Ruleset([broken, whole]), WHOLE, FEED, 1)
    assert [m.rule for m in found.matches] == ["whole"]
    assert [(rule, type(error)) for rule, error in found.failures] == [("broken", ZeroDivisionError)]
