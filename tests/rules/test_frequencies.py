"""How often a term is to be expected: counted, else guessed."""

from tests.items import FEED, item
from watcher.rules.frequencies import ITEMS, NOTHING_COUNTED, Counting, Frequencies
from watcher.text.document import Document

TEXTS = [*["Strikes hit the town."] * 6, *["The militias left the town."] * 3, "The mayor of Tikrit"]


def counted(texts: list[str]) -> Counting:
    found = Counting()
    for text in texts:
        found.add(Document(item(text, lang="en"), FEED))
    return found


def test_a_term_counts_once_an_item_and_what_is_in_one_alone_is_left_out() -> None:
    words = {"the": 10, "town": 9, "strike": 6, "hit": 6, "militia": 3, "left": 3}
    assert counted(TEXTS).common() == {ITEMS: 10, "feed:wires": 10, "lang:en": 10} | words


def test_nothing_is_common_where_nothing_was_counted() -> None:
    assert counted([]).common() == {ITEMS: 0}
    assert Frequencies({ITEMS: 0}).weight("the") == NOTHING_COUNTED.weight("the")


def test_what_was_counted_weighs_by_its_count_and_the_rest_less() -> None:
    weight = Frequencies(counted(TEXTS).common()).weight
    terms = ["the", "town", "strike", "militia", "tikrit"]
    assert sorted(terms, key=weight, reverse=True) == terms
    assert weight("mil*") > weight("militia")
    assert weight("raw:strike") == weight("author:strike") == weight("strike")
    assert weight("feed:wires") > weight("feed:other")


def test_a_guess_takes_long_words_for_rare_and_common_ones_for_common() -> None:
    terms = ["lang:en", "//a[bc]", "the", "milit*", "oil", "tikrit", "checkpoint"]
    assert sorted(terms, key=NOTHING_COUNTED.weight, reverse=True) == terms


def test_more_terms_than_are_remembered_are_weighed_all_the_same() -> None:
    weigh = Frequencies({ITEMS: 10, "w1": 5}).weight
    assert sum(weigh(f"w{n}") > weigh("w0") for n in range(70_000)) == 1
    assert weigh("w1") > weigh("w0")
