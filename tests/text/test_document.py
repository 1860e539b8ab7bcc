import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.items import FEED, item
from watcher.model import Feed, FeedId
from watcher.text.document import Document, Stream
from watcher.text.reality import unreal
from watcher.text.sentences import sentences
from watcher.text.tokens import spans


def words(document: Document, field: str) -> list[str]:
    return [s.stream.surface(n) for s in document.segments(field) for n in range(s.first, s.last)]


def test_any_is_title_text_and_what_only_the_summary_says() -> None:
    article = item("One two. Three.", title="Zero", summary="Three. Four. One two. Five six. Seven.")
    document = Document(article, FEED)
    assert words(document, "any") == ["Zero", "One", "two", "Three", "Four", "Five", "six", "Seven"]
    assert [(s.first, s.last) for s in document.segments("any")][2:] == [(1, 2), (4, 7)]


def test_a_summary_sentence_counts_as_said_whatever_its_typography() -> None:
    document = Document(item("It’s the Militia's “end”, he said."), FEED)
    same = Document(item("It’s the Militia's “end”, he said.", summary='it\'s the militias "end", he said'), FEED)
    assert words(document, "any") == words(same, "any")


def test_the_lead_is_the_title_and_two_paragraphs() -> None:
    document = Document(item("One.\n\nTwo. Two.\n\nThree.", title="Zero"), FEED)
    assert words(document, "lead") == ["Zero", "One", "Two", "Two"]
    assert words(Document(item("One."), FEED), "lead") == ["One"]
    assert words(Document(item(""), FEED), "lead") == []


def test_capitals_tell_nothing_in_a_line_without_small_letters() -> None:
    document = Document(item("WHO KNOWS US. The WHO does. 世卫组织 WHO"), FEED)
    assert document.text.keys[:3] == ["who", "know", "US"]
    assert [key for key in document.text.keys if key.lower() == "who"] == ["who", "WHO", "WHO"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("WHO", "who"),
        ("the WHO", "WHO"),
        ("WHO says", "WHO"),
        ("It is. WHO. So it is.", "who"),
        ("It is\nWHO 7\nand so", "who"),
        ("É WHO Ü", "who"),
        ("WHO é", "WHO"),
        ("WHO U.S. said", "WHO"),
        ("(said) 1,2 WHO!", "WHO"),
        ('said. "WHO!" she', "WHO"),
    ],
)
def test_a_small_letter_in_the_same_sentence_makes_capitals_tell(text: str, key: str) -> None:
    stream = Document(item(text), FEED).text
    assert [k for k in stream.keys if k.lower() == "who"] == [key]


def test_units_are_the_sentences_of_the_fields_asked_about() -> None:
    document = Document(item("One. Two.", title="Zero. Nought", tags=("tag",)), FEED)
    assert [(u.stream.field, u.first, u.last) for u in document.units("sentence", ["any", "feed"], None)] == [
        ("title", 0, 2),
        ("text", 0, 1),
        ("text", 1, 2),
    ]
    first = document.units("sentence", ["body"], None)[0]
    assert document.units("paragraph", ["any"], {first.stream: (first.first, first.last)}) == [first]


def test_terms_hold_every_key_and_what_the_rules_ask_of_other_fields() -> None:
    article = item("Tikrit", title="US", summary="fell", raw="Aid", url="https://a.example.org/x", lang="en-GB")
    terms = Document(article, FEED).terms(["raw", "feed", "site", "lang", "tag"])
    assert terms == {
        *("tikrit", "US", "fell", "raw:aid", "tag:iraq", "feed:wires", "lang:en", "lang:en-gb"),
        *("site:a.example.org", "site:example.org", "site:org"),
    }


def test_tags_of_item_and_feed_are_told_once() -> None:
    feed = Feed(id=FeedId("f"), url="", tags=("iraq", "wires"))
    assert [stream.text for stream in Document(item(tags=("us", "iraq")), feed).tags] == ["us", "iraq", "wires"]


@pytest.mark.parametrize(
    ("url", "host", "start"),
    [
        ("https://User:pw@News.Example.org:8080/x", "news.example.org", 16),
        ("https://example.org@example.org/@other", "example.org", 20),
        ("file:///a/b", None, 0),
        ("http://[::1]/", None, 0),
        ("", None, 0),
    ],
)
def test_a_site_is_the_host_where_it_stands(url: str, host: str | None, start: int) -> None:
    names = Document(item(url=url), FEED).names("site")
    assert [(name.value, name.start) for name in names[:1]] == ([(host, start)] if host else [])
    assert all(url[name.start : name.end].lower() == name.value for name in names)


def test_a_field_that_holds_no_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no field of words: feed"):
        Document(item(), FEED).segments("feed")


@pytest.mark.parametrize(
    "text",
    ["WHO ", "a.", "U.S.", "1,111,", "x\u0301\u0301", "-'’&", ".\n", "((", "Mr. A. ", "北", "WHO! ", "\u00ad", "A.b.C"],
)
def test_a_long_text_made_to_be_slow_is_cut_all_the_same(text: str) -> None:
    stream = Document(item(text * (256 * 1024 // len(text))), FEED).text
    assert len(stream.keys) == len(stream.folded) == len(spans(stream.text))
    assert sum(last - first for first, last in stream.sentences) == len(stream.keys)


@given(
    text=st.lists(st.sampled_from(["He did not go. ", "may strike", "\n", "U.S. ", "No. ", "They", "?\n\n"])).map(
        "".join
    ),
    at=st.tuples(st.integers(0, 60), st.integers(1, 60)),
    prose=st.booleans(),
)
def test_of_a_place_only_its_sentences_are_judged_and_as_in_the_whole_text(
    text: str, at: tuple[int, int], *, prose: bool
) -> None:
    start, end = at[0], at[0] + at[1]
    whole = unreal(text, sentences(text) if prose else [(0, len(text))])
    assert Stream("text", text, 0, prose=prose).scopes(start, end) == [
        scope
        for scope in whole
        if scope.start < end and start < scope.end and not (start <= scope.cue[0] and scope.cue[1] <= end)
    ]
