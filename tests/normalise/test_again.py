"""A stored item can be judged again, and what is judged otherwise is told block by block."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.normalise.test_learning import article, own
from watcher.model import Block, BlockKind, Entry, Feed, FeedId, Hash64, Learned, Origin, Role, Section
from watcher.normalise import normalise
from watcher.normalise.again import changes, entry_of, judged_again
from watcher.normalise.learning import learn

FEED = Feed(id=FeedId("courier"), url="https://courier.example/feed", tags=("local",), lang="en")
NOTHING = Learned()
APPEAL = "Forty reporters in nine towns write the Courier, and two thousand readers pay them for it."
FOOTER = "The archive of the great strike of 1911 is open to everybody on Sundays."
KNOWN = learn(NOTHING, [article(n, FOOTER, APPEAL) for n in range(12)])


TEXTS = st.one_of(
    st.sampled_from(
        [
            FOOTER,
            APPEAL,
            "By Jane Doe | 25 March 2026",
            "LONDON, 25 March 2026 (Reuters) – The bridge was closed. The town hall said so.",
            "The bridge was closed. The town hall said so.",
            "Bridge closes",
            "Share this article",
            "(Photo: AP)",
            "* * *",
        ]
    ),
    st.integers(0, 30).map(lambda n: own(n)[0]),
    st.text(max_size=40),
)


@settings(max_examples=80)
@given(
    st.lists(TEXTS, max_size=12),
    st.sampled_from(["", "Bridge closes", "\x00"]),
    st.sampled_from([NOTHING, KNOWN]),
    st.sampled_from(["", "A bridge.", None]),
)
def test_an_item_judged_again_with_what_was_known_is_what_it_was(
    texts: list[str], title: str, known: Learned, said: str | None
) -> None:
    blocks = tuple(Block(text=text) for text in texts)
    summary = " ".join(" ".join(texts).split()) if said is None else said
    entry = Entry(hash=Hash64(1), link="https://courier.example/1", title=title, blocks=blocks, summary=summary)
    item = normalise(entry, FEED, learned=known)
    again = judged_again(item, FEED, known)
    assert again == item
    assert changes(item, again) == ()


def test_blocks_come_back_with_all_that_their_source_said_of_them() -> None:
    blocks = (
        Block(text="A heading of it", kind=BlockKind.HEADING),
        Block(text="LONDON, 25 March 2026 – " + own(1)[0]),
        Block(text="See the map", kind=BlockKind.LIST_ITEM, links=0.5, section=Section.ASIDE),
        Block(text=own(2)[0], kind=BlockKind.CAPTION),
    )
    item = normalise(Entry(hash=Hash64(1), title="Bridge closes", blocks=blocks), FEED)
    assert len(item.blocks) > len(blocks), "one of them is cut into pieces"
    assert entry_of(item).blocks == blocks


def test_what_was_learned_since_makes_a_body_boilerplate_and_says_why() -> None:
    then = normalise(article(99, APPEAL, FOOTER), FEED)
    now = judged_again(then, FEED, KNOWN)
    told = [(then.raw[c.start : c.end], c.was.role, c.now.role, bool(c.now.why)) for c in changes(then, now)]
    assert told == [(text, Role.BODY, Role.BOILERPLATE, True) for text in (APPEAL, FOOTER)]
    assert (now.id, now.key, now.fingerprint, now.learned) == (then.id, then.key, then.fingerprint, KNOWN.version)
    assert then.text.startswith(now.text)


def test_a_summary_that_is_the_whole_article_loses_what_the_text_loses_and_gets_it_back_to_be_judged() -> None:
    texts = [*own(99), APPEAL, FOOTER]
    blocks = tuple(Block(text=text) for text in texts)
    entry = replace(article(99), blocks=blocks, summary=" ".join(texts))
    then, now = normalise(entry, FEED), normalise(entry, FEED, learned=KNOWN)
    assert then.summary == entry.summary
    assert now.summary == " ".join(own(99))
    assert now.fingerprint == then.fingerprint, "what is learned makes no edit"
    assert judged_again(then, FEED, KNOWN) == now
    assert judged_again(now, FEED, NOTHING) == then
    teaser = normalise(replace(entry, summary=FOOTER), FEED, learned=KNOWN)
    assert teaser.summary == FOOTER, "what its source wrote for it stays as it is"


def test_a_page_is_judged_by_what_was_learned_of_pages() -> None:
    item = replace(normalise(article(99, FOOTER), FEED), origin=Origin.PAGE, wall="paywall")
    again = judged_again(item, FEED, KNOWN)
    assert (again.text, again.origin, again.wall) == (item.text, Origin.PAGE, "paywall")


@pytest.mark.parametrize("cut", [0, 10, 40])
def test_pieces_that_are_cut_elsewhere_are_compared_run_by_run(cut: int) -> None:
    item = normalise(article(1), FEED)
    first, *rest = item.blocks
    pieces = (
        replace(first, end=first.start + cut, role=Role.DATELINE, why="is cut off"),
        replace(first, start=first.start + cut, goes_on=True),
    )
    other = replace(item, blocks=(*(piece for piece in pieces if piece.end > piece.start), *rest))
    told = [(c.start, c.end, c.now.role) for c in changes(item, other)]
    assert told == ([(0, cut, Role.DATELINE)] if cut else [])


def test_a_text_of_thousands_of_blocks_is_compared_at_once() -> None:
    lines = tuple(Block(text=f"Line {n}") for n in range(20_000))
    item = normalise(Entry(hash=Hash64(1), title="All", blocks=lines), FEED)
    turned = replace(item, blocks=tuple(replace(block, role=Role.TITLE) for block in item.blocks))
    assert len(changes(item, turned)) == len(item.blocks)
