"""What stands on page after page of a site is learned, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Block, BlockKind, Entry, Hash64, Learned
from watcher.normalise.learning import MOST, WINDOW, count, is_sites, learn, site_of, sites

NOUNS = ("harbour", "council", "bridge", "miners", "glacier", "senate", "orchard", "railway", "hospital", "museum")
VERBS = ("closed", "voted on", "rebuilt", "left", "inspected", "praised", "sold", "flooded", "opened", "mapped")
FOOTER = "Sign up to the Delvast Courier's newsletter and have the best of it each morning."
APPEAL = (
    "Reporting like this takes months and costs money. If you can, help us to go on with as little as the price of a "
    "coffee: each gift counts."
)
RELATED = "More from the Delvast region"
SITE = "courier.example"


def sentence(number: int, at: int) -> str:
    """One that no other article has."""
    said = f"{NOUNS[number % 10]} {VERBS[number // 10 % 10]} the {NOUNS[at % 10]} of {VERBS[at // 10 % 10]}"
    return f"In the case numbered {number}-{at} the {said}, and nobody was hurt."


def own(number: int, sentences: int = 5) -> list[str]:
    return [sentence(number, at) for at in range(sentences)]


def article(number: int, *more: str, first: Sequence[str] = (), title: str | None = None, host: str = SITE) -> Entry:
    """An article like no other, with more behind its text and something before it."""
    texts = [*first, *own(number), *more]
    return Entry(
        hash=Hash64(number + 1),
        guid=f"a{number}",
        link=f"https://www.{host}/{number}",
        title=f"Article {number}" if title is None else title,
        blocks=tuple(Block(text=text) for text in texts),
    )


def after(entries: Sequence[Entry], *, at_once: int = 1, before: Learned | None = None) -> Learned:
    """What is learned of entries that come so many a poll."""
    learned = before or Learned()
    for start in range(0, len(entries), at_once):
        learned = learn(learned, entries[start : start + at_once])
    return learned


def left_out(learned: Learned, entry: Entry) -> list[str]:
    tells = sites(learned, entry, entry.blocks)
    return [block.text for block in entry.blocks if tells(block)]


# --- what is the site's ----------------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [1, 4, 12])
def test_what_stands_on_every_page_is_left_out_and_nothing_of_the_article(at_once: int) -> None:
    learned = after([article(n, FOOTER, RELATED, APPEAL) for n in range(12)], at_once=at_once)
    assert left_out(learned, article(99, FOOTER, RELATED, APPEAL)) == [FOOTER, RELATED, APPEAL]
    assert learned.pages == 12


def test_a_first_poll_learns_before_its_own_items_are_judged() -> None:
    entries = [article(n, FOOTER) for n in range(8)]
    learned = learn(Learned(), entries)
    assert [left_out(learned, entry) for entry in entries] == [[FOOTER]] * 8


def test_case_spacing_and_the_number_of_a_short_line_tell_no_blocks_apart() -> None:
    learned = after([article(n, f"{n + 3} comments", FOOTER) for n in range(8)])
    again = article(99, "1,204 Comments".replace(",", ""), FOOTER.upper().replace(" ", "  "))
    assert len(left_out(learned, again)) == 2


def test_an_appeal_in_the_middle_of_half_of_the_articles_is_learned() -> None:
    pages = [article(n, *([APPEAL] if n % 2 else []), sentence(n, 50)) for n in range(12)]
    assert left_out(after(pages), article(99, APPEAL, sentence(99, 50))) == [APPEAL]


def test_a_line_counts_from_the_third_page_of_six_and_a_sentence_from_the_fifth() -> None:
    for number in range(1, 9):
        learned = after([article(n, RELATED, FOOTER) for n in range(number)])
        told = left_out(learned, article(99, RELATED, FOOTER))
        assert told == ([RELATED, FOOTER] if number >= 6 else []), number
    some = [article(n, *([RELATED, FOOTER] if n > 1 else [])) for n in range(6)]
    assert left_out(after(some), article(99, RELATED, FOOTER)) == [RELATED]


def test_sites_are_told_apart_and_a_feed_without_links_is_one() -> None:
    learned = after([article(n, FOOTER) for n in range(8)])
    assert left_out(learned, article(99, FOOTER, host="other.example")) == []
    assert left_out(learned, article(99, FOOTER, host=f"m.{SITE}".removeprefix("www."))) == []
    assert is_sites(learned, SITE, Block(text=FOOTER))
    assert not is_sites(learned, "", Block(text=FOOTER))


@pytest.mark.parametrize(
    ("link", "site"),
    [
        ("https://www.bbc.example/a", "bbc.example"),
        ("https://m.bbc.example/a", "bbc.example"),
        ("https://amp.bbc.example/a", "bbc.example"),
        ("http://news.bbc.example:8080/", "news.bbc.example"),
        ("https://m.example/", "m.example"),
        ("file:///tmp/a.txt", ""),
        ("http://[::1", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_entry_s_site_is_the_host_of_its_link(link: str | None, site: str) -> None:
    assert site_of(Entry(hash=Hash64(1), link=link)) == site


def test_a_page_that_was_fetched_is_of_another_site_than_what_the_feed_says() -> None:
    page = article(1)
    fetched = Entry(hash=Hash64(0), link=page.link, title=page.title, blocks=page.blocks)
    assert site_of(fetched) != site_of(page)
    assert learn(learn(Learned(), [page]), [fetched]).pages == 2, "the article's title does not make it the same page"


# --- what is the article's -------------------------------------------------------------------------


def test_what_two_articles_of_a_site_have_in_common_is_theirs() -> None:
    shared = "The river rose by four metres in two days, the authority said on Monday."
    pages = [article(n, *([shared] if n in {3, 9} else [])) for n in range(12)]
    assert left_out(after(pages), article(99, shared)) == []


def test_a_sentence_of_background_on_a_third_of_the_pages_is_the_articles() -> None:
    shared = "The war began in February, when troops crossed the border in three places."
    pages = [article(n, *([shared] if n % 3 == 0 else [])) for n in range(30)]
    assert left_out(after(pages), article(99, shared)) == []


@pytest.mark.parametrize("title", ["Article 1", "Article {}"])
def test_an_edit_and_the_same_article_under_another_id_are_no_other_page(title: str) -> None:
    """However often it comes, and under whatever title."""
    told = article(1)
    again = [
        Entry(hash=Hash64(n + 50), guid=f"b{n}", link=told.link, title=title.format(n), blocks=told.blocks)
        for n in range(20)
    ]
    learned = after([told, *again], at_once=3)
    assert learned.pages == 1
    assert left_out(learned, told) == []


def test_an_article_that_grows_at_each_telling_is_no_page_of_its_own() -> None:
    growing = [
        Entry(hash=Hash64(n + 1), guid=f"g{n}", title="The storm, as it comes", blocks=article(1, *own(2, n)).blocks)
        for n in range(12)
    ]
    assert after(growing).pages == 1


def test_nothing_counts_before_six_pages_of_a_site_are_known() -> None:
    learned = after([article(n, RELATED, FOOTER) for n in range(5)])
    assert (learned.version, count(learned), learned.pages) == (0, 0, 5)


def test_short_notices_teach_nothing() -> None:
    notices = [
        Entry(hash=Hash64(n + 1), title=f"Incident {n}", blocks=(Block(text="This incident has been resolved."),))
        for n in range(20)
    ]
    assert learn(Learned(), notices) == Learned()


PHRASES = (
    "Resolved - This incident has been resolved.",
    "Monitoring - A fix has been implemented and we are monitoring the results.",
    "Identified - The issue has been identified and a fix is being implemented.",
    "Investigating - We are currently investigating this issue with all our people.",
)


def test_set_phrases_stay_where_little_else_would_and_before_the_first_words_of_its_own() -> None:
    pages = [article(n, first=PHRASES) for n in range(20)]
    learned = after(pages)
    assert count(learned) == 4
    assert left_out(learned, article(99, first=PHRASES)) == [], "they come before anything of its own"
    short = Entry(hash=Hash64(1), link=pages[0].link, blocks=tuple(Block(text=t) for t in (sentence(99, 1), *PHRASES)))
    assert left_out(learned, short) == [], "they are most of what it says"
    assert left_out(learned, article(99, *PHRASES)) == list(PHRASES)


def test_a_line_before_the_article_is_left_out_all_the_same() -> None:
    learned = after([article(n, first=["Listen to this article"]) for n in range(8)])
    assert left_out(learned, article(99, first=["Listen to this article"])) == ["Listen to this article"]


def test_a_heading_over_words_of_the_article_is_its_own_and_one_over_the_site_s_is_not() -> None:
    heads = [Block(text="How it began", kind=BlockKind.HEADING), Block(text="On other pages", kind=BlockKind.HEADING)]
    pages = [article(n, FOOTER) for n in range(12)]
    pages = [
        replace(page, blocks=(*page.blocks[:2], heads[0], *page.blocks[2:-1], heads[1], page.blocks[-1]))
        for page in pages
    ]
    learned = after(pages)
    assert all(is_sites(learned, SITE, head) for head in heads)
    assert left_out(learned, pages[0]) == ["On other pages", FOOTER]


def test_of_an_entry_without_a_word_nothing_is_left_out() -> None:
    learned = after([article(n, FOOTER) for n in range(12)])
    assert left_out(learned, Entry(hash=Hash64(1))) == []


@pytest.mark.parametrize(
    "said", ["Severity: Critical", "Magnitude: 4.6", "Depth: 10 km", "等级：严重", "Exploited in the wild: yes"]
)
def test_data_is_never_the_site_s(said: str) -> None:
    assert count(after([article(n, said) for n in range(20)])) == 0


@pytest.mark.parametrize(
    "said", ["Up {} % since Monday", "M 4.{} off the coast", "{} dead in a fire at a mill.", "Cut by {} $ a tonne"]
)
def test_a_number_that_tells_something_makes_it_another_block(said: str) -> None:
    assert count(after([article(n, said.format(n)) for n in range(20)])) == 0


def test_a_whole_article_in_one_block_is_nobody_s_footer() -> None:
    long = "word " * 400
    assert count(after([article(n, long) for n in range(12)])) == 0


# --- redesigns -------------------------------------------------------------------------------------


def test_a_redesign_is_learned_and_the_old_design_forgotten() -> None:
    old = after([article(n, FOOTER, RELATED) for n in range(40)], at_once=10)
    new = after([article(n, APPEAL) for n in range(100, 100 + WINDOW)], before=old)
    assert [is_sites(new, SITE, Block(text=text)) for text in (FOOTER, RELATED, APPEAL)] == [False, False, True]
    assert new.version > old.version


def test_what_counts_does_not_come_and_go_with_a_few_pages_without_it() -> None:
    pages = [article(n, *([] if n % 5 == 4 else [FOOTER])) for n in range(60)]
    versions = []
    learned = Learned()
    for page in pages:
        learned = learn(learned, [page])
        versions.append(learned.version)
    assert versions[-1] == 1


# --- laws ------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from([FOOTER, RELATED, APPEAL, "14 comments", "Severity: high", "", "\x00", "·"]),
    st.integers(0, 60).map(lambda n: sentence(n, n)),
    st.text(max_size=40),
)
ENTRIES = st.builds(
    lambda n, host, title, texts: Entry(
        hash=Hash64(n), link=host and f"https://{host}/{n}", title=title, blocks=tuple(Block(text=t) for t in texts)
    ),
    st.integers(0, 9),
    st.sampled_from([None, SITE, "www.b.example", "c.example", "[", "x" * 300]),
    st.one_of(st.just(""), st.integers(0, 40).map(str), st.text(max_size=9)),
    st.lists(TEXTS, max_size=14),
)
POLLS = st.lists(st.lists(ENTRIES, max_size=12), max_size=12)


@settings(max_examples=60)
@given(POLLS)
def test_it_is_bounded_replays_alike_and_its_version_rises_exactly_with_what_counts(polls: list[list[Entry]]) -> None:
    seen = [Learned()]
    for entries in polls:
        seen.append(learn(seen[-1], entries))
    again = Learned()
    for entries in polls:
        again = learn(again, entries)
    assert again == seen[-1]
    assert list(again.blocks) == list(seen[-1].blocks)
    for before, now in pairwise(seen):
        assert len(now.blocks) <= MOST
        assert before.pages <= now.pages
        assert now.version - before.version == (counting(before) != counting(now))
        assert all(0 <= number < 2**64 for record in now.blocks.items() for number in record)


def counting(learned: Learned) -> set[int]:
    return {key for key, record in learned.blocks.items() if record & 1 << 31}


@settings(max_examples=25)
@given(st.permutations(range(14)))
def test_the_order_of_a_document_s_entries_does_not_matter(order: list[int]) -> None:
    """As long as none of them says what another says, and nothing is forgotten."""
    entries = [article(n, *([FOOTER] if n % 3 else []), *([RELATED] if n % 2 else []), APPEAL) for n in range(14)]
    one, other = learn(Learned(), entries), learn(Learned(), [entries[at] for at in order])
    assert (counting(one), one.version, one.pages) == (counting(other), other.version, other.pages)


def test_a_hundred_thousand_blocks_are_as_many_as_a_hundred() -> None:
    huge = Entry(hash=Hash64(1), title="All", blocks=tuple(Block(text=sentence(n, n)) for n in range(100_000)))
    learned = learn(Learned(), [huge, *(article(n, FOOTER) for n in range(200))])
    assert len(learned.blocks) <= MOST
