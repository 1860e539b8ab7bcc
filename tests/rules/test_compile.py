import pytest

from tests.items import FEED, item
from watcher.model import Rule, RuleId, Scope
from watcher.rules.anchors import required
from watcher.rules.compile import compile_rule, compile_tree, place, required_terms
from watcher.rules.evaluate import MAX_PAIRS
from watcher.rules.frequencies import NOTHING_COUNTED, Frequencies
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
from watcher.rules.pattern import pattern
from watcher.rules.regex_hits import HITS, expression
from watcher.text.document import Document


@pytest.mark.parametrize(
    ("tree", "terms"),
    [
        (Word("Tikrit"), ["tikrit"]),
        (Word("US"), ["US"]),
        (Word("us"), ["US us"]),
        (Word("militias"), ["militia"]),
        (Word("milit", prefix=True), ["milit*"]),
        (Word("compani", prefix=True), ["compani* company"]),
        (Phrase("the Islamic State"), ["islamic", "the", "state"]),
        (Word("air-strike"), ["airstrike strike", "air airstrike"]),
        (Or((Word("bombing"), Phrase("aerial raid"))), ["aerial bombing", "RAID bombing raid"]),
        (Or((Phrase("border closed"), Near(Word("checkpoint"), Word("closed"), 5))), ["closed", "border checkpoint"]),
        (And((Word("the"), Word("Tikrit"), Not(Word("Mosul")))), ["tikrit", "the"]),
        (Near(Word("the"), Word("Tikrit"), 3), ["tikrit", "the"]),
        (Except(Word("strike"), Phrase("strike price")), ["strike"]),
        (Within(And((Word("a"), Alias("t", Word("Tikrit")))), "sentence"), ["tikrit", "a"]),
        (Not(Word("Tikrit")), []),
        (Or((Word("Tikrit"), Not(Word("Mosul")))), []),
        (Field("feed", Word("Wires")), ["feed:wires"]),
        (And((Field("lang", Word("en")), Field("tag", Word("Iraq")))), ["tag:iraq", "lang:en"]),
        (Field("title", Word("Tikrit")), ["tikrit"]),
        (Field("raw", Phrase("Tikrit falls")), ["raw:tikrit", "raw:fall"]),
        (Field("feed", Word("wi", prefix=True)), ["feed:wi*"]),
        (Field("url", Word("tik", prefix=True)), ["url:tik*"]),
        (Word("resign", inflect=True), ["resign resigned resigning"]),
        (Regex("Tikrit"), ["//Tikrit"]),
        (Regex("[0-9]+"), []),
        (And((Regex("x"), Word("Tikrit"))), ["tikrit"]),
        (Published("2015", None, None), []),
        (AtLeast(2, Word("Tikrit")), ["tikrit"]),
        (First(9, And((Word("the"), Word("Tikrit")))), ["tikrit", "the"]),
        (Reality(Word("Tikrit"), "negated"), ["tikrit"]),
        (Some(1, (Word("Tikrit"), Word("the"))), ["the tikrit"]),
        (Some(2, (Word("Tikrit"), Word("the"))), ["tikrit", "the"]),
        (Some(2, (Word("Tikrit"), Word("Mosul"), Word("the"))), ["mosul tikrit", "the tikrit"]),
        (Some(2, (Word("Tikrit"), Word("Mosul"), Not(Word("x")))), ["mosul tikrit"]),
        (Some(1, (Word("Tikrit"), Not(Word("x")))), []),
    ],
)
def test_a_tree_requires_terms_rarest_first(tree: Node, terms: list[str]) -> None:
    assert [" ".join(sorted(alternatives)) for alternatives in required(tree, NOTHING_COUNTED)] == terms


def test_what_was_counted_outweighs_what_is_guessed() -> None:
    tree = And((Word("Tikrit"), Word("strike")))
    assert required(tree, Frequencies({"": 9, "tikrit": 5}))[0] == ("strike",)


def test_a_search_is_asked_for_plain_words_only() -> None:
    tree = And((Word("Tikrit"), Field("feed", Word("wires")), Word("milit", prefix=True), Field("raw", Word("x"))))
    assert required_terms(compile_tree(tree)) == (frozenset({"tikrit"}),)


def test_a_rule_brings_its_scope() -> None:
    scope = Scope(lang=("en",))
    rule = Rule(id=RuleId("r"), title="", expression="", expanded="", hash="", scope=scope)
    assert compile_rule(rule, Word("x")).scope == scope


@pytest.mark.parametrize("part", [And((Word("a"), Word("b"))), Not(Word("a")), Alias("unknown")])
def test_a_fact_has_no_place_to_be_near_to(part: Node) -> None:
    with pytest.raises(ValueError, match="no place in a text"):
        compile_tree(Near(part, Word("c"), 1))


def test_the_same_leaf_is_looked_for_once_in_a_text() -> None:
    document = Document(item("air strikes"), FEED)
    one, two = (compile_tree(Word("air-strike", at=at)) for at in ((0, 10), (5, 15)))
    assert one.root.true(document)
    assert two.root.true(document)
    assert list(document.text.found) == [pattern(Word("air-strike"))]


def test_a_row_of_many_joints_is_joined_wholly_or_not_at_all() -> None:
    (slot,) = pattern(Word("-".join("abcdefghijklmnopqrstuvwxyz"))).slots
    assert [len(spelling) for spelling in slot] == [26, 1]


def test_a_long_chain_of_nears_over_a_long_text_is_answered() -> None:
    tree: Node = Word("a")
    for _ in range(3):
        tree = Near(tree, Word("a"), 5)
    assert compile_tree(tree).root.true(Document(item("a " * 2000), FEED))


def test_a_leaf_without_letters_finds_nothing() -> None:
    assert not compile_tree(Word("&&")).root.true(Document(item("a && b"), FEED))


def test_what_re2_does_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        compile_tree(Regex("(a"))


@pytest.mark.parametrize("field", ["feed", "site", "lang"])
def test_a_regex_searches_no_names(field: str) -> None:
    with pytest.raises(ValueError, match=f"no place in a text: {field}:/x/"):
        compile_tree(Field(field, Regex("x")))


def test_the_same_regex_is_made_once_and_looked_for_once_in_a_text() -> None:
    document = Document(item("air strikes"), FEED)
    one, two = (compile_tree(Regex("air", at=at)) for at in ((0, 5), (5, 10)))
    assert one.root.true(document)
    assert two.root.true(document)
    assert list(document.text.regex_hits) == [expression("air", "")]


def test_no_more_hits_of_a_regex_are_looked_for_than_anybody_reads() -> None:
    document = Document(item("a" * (HITS + 10)), FEED)
    assert len(expression("a", "").find(document.text)) == HITS


def test_a_regex_for_which_each_hit_looks_at_all_the_rest_is_answered_in_time() -> None:
    document = Document(item("x " * 100_000), FEED)
    assert 0 < len(expression("x.*y|x", "s").find(document.text)) < HITS


def test_a_near_in_a_near_looks_at_so_many_pairs_and_no_more() -> None:
    document = Document(item("alpha beta gamma " * 2_000), FEED)
    near = place(Near(Word("alpha"), Word("beta"), 9_999))
    assert len(near.occurrences(document)) <= MAX_PAIRS
    assert compile_tree(Near(Near(Word("alpha"), Word("beta"), 9_999), Word("gamma"), 5)).root.true(document)
