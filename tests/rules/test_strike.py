import pytest

from watcher.rules import expression
from watcher.rules.nodes import Alias, And, Near, Word
from watcher.rules.printer import to_text
from watcher.rules.strike import struck
from watcher.rules.vocab import Vocabulary


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("US", "ASSERTED(US)"),
        ('"air strike"', 'ASSERTED("air strike")'),
        ("/air.strike/i", "ASSERTED(/air.strike/i)"),
        ("US AND Tikrit", "ASSERTED(US) AND ASSERTED(Tikrit)"),
        ("(US OR coalition) AND Tikrit", "ASSERTED(US OR coalition) AND ASSERTED(Tikrit)"),
        ("(US strike) OR raid", "(ASSERTED(US) AND ASSERTED(strike)) OR ASSERTED(raid)"),
        ("US NEAR/5 strike", "ASSERTED(US NEAR/5 strike)"),
        ('strike EXCEPT "strike price"', 'ASSERTED(strike EXCEPT "strike price")'),
        ("SENTENCE(US strike -price)", "SENTENCE(ASSERTED(US) AND ASSERTED(strike) AND NOT price)"),
        ("SENTENCE(US strike) NEAR/5 Tikrit", "SENTENCE(ASSERTED(US) AND ASSERTED(strike)) NEAR/5 ASSERTED(Tikrit)"),
        ("SENTENCE(US strike) OR raid", "SENTENCE(ASSERTED(US) AND ASSERTED(strike)) OR ASSERTED(raid)"),
        ("SENTENCE(US) EXCEPT raid", "SENTENCE(ASSERTED(US)) EXCEPT raid"),
        ("2 OF (US, strike, Tikrit)", "2 OF (ASSERTED(US), ASSERTED(strike), ASSERTED(Tikrit))"),
        ("ATLEAST/2 strike", "ATLEAST/2 ASSERTED(strike)"),
        ("FIRST/50 (US strike)", "FIRST/50 (ASSERTED(US) AND ASSERTED(strike))"),
        ("title:strike", "title:ASSERTED(strike)"),
        ("US AND NOT strike", "ASSERTED(US) AND NOT strike"),
        ("ACTUAL(strike) AND US", "ACTUAL(strike) AND ASSERTED(US)"),
        ("NEGATED(strike)", "NEGATED(strike)"),
        ("NEGATED(strike) NEAR/3 US", "NEGATED(strike) NEAR/3 ASSERTED(US)"),
        ("US AND published:2015", "ASSERTED(US) AND published:2015"),
        ("feed:wires US", "feed:wires AND ASSERTED(US)"),
        ("site:bbc.com OR US", "site:bbc.com OR ASSERTED(US)"),
        ("lang:en tag:iraq url:iraq US", "lang:en AND tag:iraq AND url:iraq AND ASSERTED(US)"),
        ("author:Doe US", "author:Doe AND ASSERTED(US)"),
        ("tag:(a OR b) NEAR/3 strike", "tag:(a OR b) NEAR/3 ASSERTED(strike)"),
    ],
)
def test_what_makes_a_tree_true_is_held_to_be_asserted_as_high_up_as_may_be(before: str, after: str) -> None:
    (tree, _), (wanted, _) = (expression(text, Vocabulary()) for text in (before, after))
    assert tree is not None
    assert struck(tree, "asserted") == wanted
    assert to_text(struck(tree, "asserted")) == after


def test_a_vocabulary_entry_is_judged_whole_where_it_has_places() -> None:
    us = Alias("us", Word("American"))
    assert to_text(struck(And((us, Word("strike"))), "actual")) == "ACTUAL(@us) AND ACTUAL(strike)"
    assert to_text(struck(Near(us, Word("strike"), 2), "actual")) == "ACTUAL(@us NEAR/2 strike)"


def test_a_vocabulary_entry_that_is_a_fact_is_judged_part_by_part() -> None:
    both = Alias("both", And((Word("US"), Word("strike"))))
    assert struck(both, "actual") == Alias("both", struck(And((Word("US"), Word("strike"))), "actual"))


def test_a_vocabulary_entry_without_its_part_stays() -> None:
    assert struck(Alias("us"), "asserted") == Alias("us")
