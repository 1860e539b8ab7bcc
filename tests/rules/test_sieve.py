"""Regular expressions by the thousand: which of them may be true of a text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import FEED, item, rule
from watcher.rules import sieve
from watcher.rules.compile import compile_rule
from watcher.rules.nodes import Node, Or, Regex, Some, Word
from watcher.rules.regex_hits import expression
from watcher.rules.ruleset import Ruleset
from watcher.rules.sieve import Sieve, is_term, term_of
from watcher.text.document import Document


def _through(terms: Iterable[str | None], **fields: Any) -> set[str]:
    return Sieve(filter(None, terms)).terms(Document(item(**fields), FEED))


# --- the law --------------------------------------------------------------------------------------

LETTERS = "aAbkK\u212asS\u017fß\u1e9eiIİıσςΣéÉЁё中ǅ01 -.\n"  # many are one another's capitals, some only for some
literals = st.text(LETTERS, min_size=1, max_size=5).map(
    lambda text: "".join(f"\\{c}" if c in "-." else c for c in text)
)
atoms = st.one_of(
    literals,
    literals,
    st.text("abkKsSiI0ß", min_size=1, max_size=3).flatmap(lambda cs: st.sampled_from((f"[{cs}]", f"[^{cs}]"))),
    st.sampled_from(
        (".", r"\d", r"\w", r"\W", r"\s", r"\b", "^", "$", r"\A", r"\z", r"\pL", r"\p{Greek}", "[[:alpha:]]")
    ),
    literals.map(lambda text: rf"\Q{text}\E"),
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.sampled_from(("(", "(?:", "(?i:", "(?-i:", "(?s:", "(?P<n>"))
    grouped = st.builds("{}{})".format, groups, inner)
    counts = st.sampled_from(("?", "*", "+", "{0}", "{2}", "{0,2}", "{2,}", "??", "*?", "+?"))
    rows = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        grouped, st.builds("(?:{}){}".format, inner, counts), rows.map("".join), rows.map("|".join), st.just("")
    )


patterns = st.recursive(atoms, _grown, max_leaves=8)
flags = st.sampled_from(
    ["".join(flag for flag, on in zip("ims", wanted, strict=True) if on) for wanted in product((0, 1), repeat=3)]
)


def _is_read(text: str, flags: str) -> bool:
    try:
        expression(text, flags)
    except ValueError:
        return False
    return True


sources = st.tuples(patterns, flags).filter(lambda source: _is_read(*source))
texts = st.text(LETTERS, max_size=40)


@given(st.lists(sources, min_size=1, max_size=5), st.lists(texts, min_size=1, max_size=3))
def test_whatever_an_expression_finds_its_sieve_lets_through(found: list[tuple[str, str]], some: list[str]) -> None:
    terms = {f"/{flags}/{text}": expression(text, flags) for text, flags in found}
    one = Sieve(terms)
    for text in some:
        finding = {term for term, made in terms.items() if made.spans(text)}
        assert finding <= one.terms(Document(item(text), FEED))


def test_a_letter_is_let_through_in_each_of_its_cases() -> None:
    """As RE2 has them: the sign of Kelvin is a k, ẞ a ß, and of İ it knows no other case."""
    cased = [c for c in map(chr, range(0x1F000)) if c.isalpha() and (c.lower() != c or c.upper() != c)]
    for letter in cased[::7] + list(LETTERS):
        others = {letter, *letter.lower(), *letter.upper(), *letter.title(), *letter.casefold()}
        text = f"{letter}{letter}" if letter.isalpha() else "kk"
        made, only = expression(text, "i"), Sieve([f"/i/{text}"])
        for other in others:
            assert not made.spans(other * 2) or only.terms(Document(item(other * 2), FEED)), (letter, other)


@settings(deadline=None)
@given(st.lists(sources, min_size=1, max_size=6), texts)
def test_no_rule_that_an_expression_makes_true_is_passed_over(found: list[tuple[str, str]], text: str) -> None:
    leaves: list[Node] = [Regex(source, flags) for source, flags in found]
    trees: list[Node] = [
        *leaves,
        *(Or((one, Word("Tikrit"))) for one in leaves),
        *(Some(1, (one, leaves[0])) for one in leaves),
    ]
    rules = [compile_rule(rule(f"r{n}"), tree) for n, tree in enumerate(trees)]
    document = Document(item(text), FEED)
    true = [one.rule.id for one in rules if one.root.true(document)]
    base, some = Ruleset(rules), {one.rule.id: one for one in rules[::2]}
    for ruleset in (base, base.changed(some), Ruleset(rules[1::2]).changed(some)):
        assert set(true) <= {one.rule.id for one in ruleset.candidates(document)}


# --- what it holds back ---------------------------------------------------------------------------


def test_what_lacks_the_letters_of_an_expression_is_held_back() -> None:
    terms = [term_of("Tu-?160M?", "", "any"), term_of("il-76", "i", "any"), term_of("S-(300|400)V", "", "any")]
    assert _through(terms, text="An IL-76 and a Tu160 over the S-500") == {"/i/il-76", "//Tu-?160M?"}


@pytest.mark.parametrize(
    ("text", "flags"), [(r"\d+", ""), ("a|", ""), ("[A-Z]{2}", ""), ("the?", "i"), ("(of|in) ", "")]
)
def test_what_tells_no_text_from_another_has_no_term(text: str, flags: str) -> None:
    assert term_of(text, flags, "any") is None


def test_what_re2_does_not_read_has_no_term() -> None:
    assert term_of("rocket(", "", "any") is None


def test_expressions_of_long_texts_go_in_as_few_passes_as_re2_takes() -> None:
    terms = [f"//{n:03}(?:abcdefghij){{90}}" for n in range(100)]
    assert _through(terms, text="042" + "abcdefghij" * 90) == {terms[42]}


def test_a_term_tells_in_which_field_it_is_looked_for() -> None:
    terms = [term_of("rocket(s|ry)", "", field) for field in ("title", "url", "author", "tag", "raw")]
    assert terms == [f"{before}//rocket(s|ry)" for before in ("", "url:", "author:", "tag:", "raw:")]
    assert _through(terms, text="", title="", url="https://example.org/rockets") == {terms[1]}
    assert _through(terms, authors=("A. rocketry",)) == {terms[2]}
    assert _through(terms, outlet="rockets weekly") == {terms[2]}
    assert _through(terms, tags=("rocketry",)) == {terms[3]}
    assert _through(terms, raw="of rockets") == {terms[4]}
    assert _through(terms, summary="of rockets") == _through(terms, place="rockets") == {terms[0]}


@pytest.mark.parametrize(
    "term", ["rocket", "title:rocket", "feed:example.org/feed", "feed:/x", "site:a:/b", "mil*", "C++"]
)
def test_words_and_names_are_no_terms_of_expressions(term: str) -> None:
    assert not is_term(term)
    assert not Sieve([term]).terms(Document(item("rocket"), FEED))


def test_more_expressions_than_one_pass_takes_go_in_several() -> None:
    terms = [f"//{'x' * 40}{n:05}y" for n in range(2 * sieve.TOGETHER + 1)]
    wanted = {terms[0], terms[sieve.TOGETHER], terms[-1]}
    assert _through(terms, text=" ".join(term[2:] for term in wanted)) == wanted


def test_what_cannot_be_written_in_utf_8_is_sifted_all_the_same() -> None:
    assert _through(["//rocket"], text="\ud800 rocket") == {"//rocket"}


def test_a_rule_of_an_expression_is_no_candidate_where_its_letters_are_missing() -> None:
    ruleset = Ruleset([compile_rule(rule("tu"), Regex("Tu-?160M?")), compile_rule(rule("number"), Regex("[0-9]{4}"))])
    assert [one.rule.id for one in ruleset.candidates(Document(item("A Tu-95 flew by"), FEED))] == ["number"]
    assert [one.rule.id for one in ruleset.candidates(Document(item("Two Tu-160"), FEED))] == ["tu", "number"]
