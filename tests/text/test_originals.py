"""However a word is written, a rule finds it, and what is highlighted is the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.items import FEED, item
from watcher.match import explain
from watcher.model import Block, BlockKind, Entry, Hash64, Item, Span
from watcher.normalise import normalise
from watcher.rules import expression
from watcher.rules.compile import compile_tree
from watcher.rules.vocab import Vocabulary
from watcher.text.fold import key
from watcher.text.tokens import keys, spans

UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2061\u2066\u2069\ufeff\u034f\u061c\u180e\ufe0f"


def found(query: str, text: str) -> tuple[Span, ...]:
    tree, problems = expression(query, Vocabulary())
    assert tree is not None, problems
    return explain(compile_tree(tree), item(text), FEED).evidence


@pytest.mark.parametrize(
    ("query", "written"),
    [
        # case and accents
        ("Türkiye", "Tu\u0308rkiye"),
        ("TURKIYE", "türkiye"),
        ("istanbul", "İSTANBUL"),
        ("Diyarbakir", "DİYARBAKIR"),
        ("strasse", "Straße"),
        ("cafe", "cafe\u0301"),
        ("Lodz", "Łódź"),
        ('"Da Nang"', "Đà Nẵng"),
        ("ΑΘΗΝΑ", "Αθήνα"),
        ("σίγμας", "ΣΊΓΜΑΣ"),
        ("Москва", "МОСКВЫ"),
        # quotes
        ("don't", "don’t"),
        ("don't", "donʼt"),
        ("don't", "don＇t"),
        ("don't", "don′t"),
        ("don't", "don`t"),
        ("don’t", "don't"),
        ("O'Brien", "O’Brien"),
        ("O'Brien", "O´Brien"),
        ("rock'n'roll", "rock’n’roll"),
        ("Qur'an", "Qur’an"),
        # dashes
        *(("air-strike", f"air{dash}strike") for dash in "-‐‑‒–—−﹣－"),
        *((f"air{dash}strike", "airstrike") for dash in "-‐‑‒–−"),
        ("air-strike", "airstrike"),
        ("air-strike", "air strike"),
        ("air-strike", "air\u00adstrike"),
        ("air-strike", "air-\u00adstrike"),
        ("airstrike", "air\u00adstrike"),
        ("COVID-19", "COVID‑19"),
        ("self-defence", "self‐defence"),
        # what is not seen
        ("militias", "mi\u00adli\u00adti\u00adas"),
        *(("militia", f"mili{unseen}tia") for unseen in UNSEEN),
        # spaces
        *(('"air raid"', f"air{space}raid") for space in "\u00a0\u2002\u2007\u2009\u202f\u205f\u3000\u2028\t"),
        # Arabic and Hebrew
        ("الجيش", "الجَيْشُ"),
        ("الجيش", "الجـــيش"),
        ("محمد", "مُحَمَّد"),
        ("القرآن", "القران"),
        ("الجيش", "ﺍﻟﺠﻴﺶ"),
        ("لا", "ﻻ"),
        ("ישראל", "יִשְׂרָאֵל"),
        # widths and forms
        ("NATO", "ＮＡＴＯ"),
        ("nato", "ｎａｔｏ"),
        ("2015", "２０１５"),
        ("ガス", "ｶﾞｽ"),
        ("ニュース", "ﾆｭｰｽ"),
        ("ガス", "カ\u3099ス"),
        ("東京", "東京"),
        ("福", "\ufa1b"),
        ("H2O", "H₂O"),
        ("x2", "x²"),
        ("VIII", "Ⅷ"),
        ("bold", "𝐛𝐨𝐥𝐝"),
        # ligatures
        ("fight", "ﬁght"),
        ("office", "oﬃce"),
        ("ﬁght", "fight"),
        ("oeuvre", "œuvre"),
        ("encyclopaedia", "encyclopædia"),
        ("IJsland", "Ĳsland"),
    ],
)
def test_a_rule_finds_it_and_the_original_is_shown(query: str, written: str) -> None:
    text = f"« {written} »: said 1."
    evidence = found(query, text)
    assert evidence, (query, written)
    assert all(text[span.start : span.end] == span.text for span in evidence)
    shown = text[min(span.start for span in evidence) : max(span.end for span in evidence)]
    assert shown.strip("\u200e\u200f") == written


def stored(said: str) -> Item:
    """What is made of an entry that says it in each of its parts."""
    blocks = (Block(text=f"{said} as well"),)
    return normalise(Entry(hash=Hash64(1), title=said, summary=f"{said} too", blocks=blocks), FEED)


@pytest.mark.parametrize(
    ("query", "encoded", "plain"),
    [
        ("AT&T", "AT&amp;T rose", "AT&T rose"),
        ("don't", "They don&#8217;t go", "They don’t go"),
        ("don't", "They don&amp;#8217;t go", "They don’t go"),
        ("don't", "They don&#x2019;t go", "They don’t go"),
        ('"the end"', "&quot;the end&quot; is here", '"the end" is here'),
        ("cafe", "The caf&eacute; shut", "The café shut"),
        ('"air raid"', "An air&nbsp;raid", "An air raid"),
        ("Johnson", "Johnson &amp;amp; Johnson", "Johnson & Johnson"),
        ("airstrike", "An air&shy;strike", "An air\u00adstrike"),
    ],
)
def test_what_feeds_encode_twice_is_decoded_before_it_is_stored(query: str, encoded: str, plain: str) -> None:
    made = stored(encoded)
    assert (made.title, made.summary, made.raw) == (plain, f"{plain} too", f"{plain} as well")
    tree, _ = expression(query, Vocabulary())
    assert tree is not None
    evidence = explain(compile_tree(tree), made, FEED).evidence
    assert evidence
    assert all(getattr(made, span.field)[span.start : span.end] == span.text for span in evidence)


@pytest.mark.parametrize(
    "text",
    [
        "Write &lt;b&gt; and &quot; where you mean them",
        "In HTML a no-break space is &nbsp; and nothing else",
        "Escape it as &amp; or the parser stops",
        "The entity &eacute; is an e",
        "a < b &amp; c",
        "see https://daily.example/?a=1&copy=2&b=3",
        "&notanentity; and &; and &#; and &#xZZ;",
        "&lt;script&gt;",
        "R&D; and so on",
    ],
)
def test_what_an_article_about_markup_shows_stays(text: str) -> None:
    made = stored(text)
    assert (made.title, made.summary, made.raw) == (text, f"{text} too", f"{text} as well")


def test_code_stays_as_it_is_written() -> None:
    blocks = (Block(text="x = &amp;y;", kind=BlockKind.CODE), Block(text="He said &quot;yes&quot; to it."))
    assert normalise(Entry(hash=Hash64(1), title="t", blocks=blocks), FEED).raw == 'x = &amp;y;\n\nHe said "yes" to it.'


ODD = st.text(
    alphabet="aZs9.,'’`′&#;-‑–\u00ad\u200b\u200e\u202e\u2066\ufe0f\u034f\u0301 \n\u00a0\u3000京ｶﾞﾞﬁＮé\u064bفпѐIİı",
    max_size=40,
)


@given(ODD | st.text(max_size=40))
def test_spans_lie_in_the_text_in_order_and_their_words_have_its_keys(text: str) -> None:
    places = spans(text)
    edges = [edge for span in places for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert [key(text[start:end]) for start, end in places] == keys(text)


@given(
    st.lists(st.tuples(st.sampled_from(["militia", "Tikrit", "don’t", "ガス"]), st.sampled_from([" ", "-", "\u00a0"])))
)
def test_unseen_characters_within_words_change_no_key(words: list[tuple[str, str]]) -> None:
    plain = "".join(word + gap for word, gap in words)
    odd = "".join(f"{word[:2]}\u202e\u00ad{word[2:]}{gap}" for word, gap in words)
    assert keys(odd) == keys(plain)
