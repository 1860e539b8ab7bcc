import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text.fold import bare, folded, key
from watcher.text.tokens import Cut, keys, spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    ("text", "surfaces", "expected"),
    [
        ("U.S. and U.S.A.", "U.S.|and|U.S.A.", "US|and|usa"),
        ("the U.S.-led, U.S’s, U.S", "the|U.S.|led|U.S|U.S", "the|US|led|US|US"),
        ("air-strike", "air|strike", "air|strike"),
        ("AT&T 9/11 R&D", "AT|T|9|11|R|D", "at|t|9|11|r|d"),
        ("Iraq’s militias' car's", "Iraq|militias|car", "iraq|militia|car"),
        ("don't hasn’t WON'T", "don't|hasn’t|WON'T", "don't|hasn't|won't"),
        ("Türkiye'nin O'Brien", "Türkiye|O|Brien", "turkiye|o|brien"),
        ("Ankara'da IŞİD’e ABD'nin 2015'te", "Ankara|IŞİD|ABD|2015", "ankara|isid|abd|2015"),
        ("TÜRKİYE'NİN Irak'ı NATO'ya", "TÜRKİYE|Irak|NATO", "turkiye|irak|nato"),
        ("Sana'a Hawai'i Qur'an bid'a", "Sana|a|Hawai|i|Qur|an|bid|a", "sana|a|hawai|i|qur|an|bid|a"),
        ("l'Iran al-Qa'ida D'Este quelqu'un", "l|Iran|al|Qa|ida|D|Este|quelqu|un", "l|iran|al|qa|ida|d|este|quelqu|un"),
        ("п'ять об’єктів сімʼя О'Брайен", "п'ять|об’єктів|сімʼя|О|Брайен", "п'ят|об'єкт|сім'|о|брай"),
        ("Iraqʼs wonʼt", "Iraq|wonʼt", "iraq|won't"),
        ("กรุงเทพ", "ก|รุ|ง|เ|ท|พ", "ก|รุ|ง|เ|ท|พ"),
        ("ရန်ကုန် ភ្នំ ລາວ", "ရ|န်|ကု|န်|ភ្|នំ|ລ|າ|ວ", "ရ|န်|ကု|န်|ភ្|នំ|ລ|າ|ວ"),
        ("C++, C# (.NET)", "C++|C#|.NET", "c++|c#|.net"),
        ("#tag @name no#1", "tag|name|no|1", "tag|name|no|1"),
        ("18,000 of 1,234,567 in 2,2015", "18,000|of|1,234,567|in|2|2015", "18000|of|1234567|in|2|2015"),
        ("snake_case __init__", "snake|case|init", "snake|case|init"),
        ("Tikrit.The end ...well", "Tikrit|The|end|well", "tikrit|the|end|well"),
        (
            "e\u0301te\u0301 so\u00adft zero\u200bwidth",
            "e\u0301te\u0301|so\u00adft|zero\u200bwidth",
            "ete|soft|zerowidth",
        ),
        ("हिन्दी में", "हिन्दी|में", "हिन्दी|में"),
        ("北京 at 東京タワー", "北|京|at|東|京|タ|ワ|ー", "北|京|at|東|京|タ|ワ|ー"),
        ("a.m. e.g. t.co www.bbc.co.uk", "a.m.|e.g.|t|co|www|bbc|co|uk", "AM|eg|t|co|www|bbc|co|uk"),
        ("", "", ""),
    ],
)
def test_a_text_is_cut_into_words(text: str, surfaces: str, expected: str) -> None:
    assert "|".join(words(text)) == surfaces
    assert "|".join(keys(text)).lower() == expected.lower()


def test_a_full_stop_before_an_ordinary_word_is_not_part_of_it() -> None:
    assert words("the end .The next") == ["the", "end", "The", "next"]


SIGNS = "aZs9.,'’ʼ`-&#+_()\"“” \n\t\x00\x1f\u00a0\u2003\u200b\u00ad\u0301京nNtTSdпяกัéßİﷺـ\ud800"
ODD = st.text(alphabet=SIGNS, max_size=40)
PIECES = """
US U.S. WHO who AIDS Us it's Iraq’s militias Militias' women Women's children's feet as 18,000 2015'te IŞİD’e J. S.
don't can’t C++ C# .NET .Net x.y ...well a.m. "said." (told) air-strike B-52s' naïve İstanbul'un п'ять ударами Київ
ＡＢＣ’s ﬁnance ﷺ ـ 'n' rock'n'roll O'Neill's and/or #tag e-mail's -.net '.net ”.NET Menus mens MEN s 's 北京
""".split()  # noqa: SIM905  a list of them has sixty lines
MIXED = st.lists(st.sampled_from(PIECES) | st.sampled_from(SIGNS) | ODD, max_size=12).flatmap(
    lambda words: st.sampled_from(["", " ", " ", "\n", ", ", "’"]).map(lambda blank: blank.join(words))
)
TEXTS = ODD | st.text(max_size=40) | MIXED


@given(TEXTS)
def test_all_words_at_once_are_cut_and_folded_as_each_by_itself(text: str) -> None:
    cut, each = Cut(text), words(text)
    assert cut.bare == [bare(word) for word in each]
    assert cut.keys == keys(text) == [key(word) for word in each]
    assert cut.terms == set(cut.keys)
    assert cut.folds == [folded(word) for word in each]


@given(TEXTS)
def test_a_word_asked_for_alone_stands_where_it_stands_among_all(text: str) -> None:
    cut, every = Cut(text), spans(text)
    assert [cut.span(n) for n in range(len(every))] == every
    starts = [start for start, _ in every]
    assert [cut.first_from(n) for n in range(len(text) + 1)] == [
        sum(start < n for start in starts) for n in range(len(text) + 1)
    ]
    with pytest.raises(IndexError):
        cut.span(len(every))


def test_what_was_met_is_forgotten_by_and_by() -> None:
    pieces = [f"x{n}'s" for n in range(3 * 2**15)]
    assert keys(" ".join(pieces)) == [piece[:-2] for piece in pieces]
    assert keys(" ".join(pieces[-3:])) == [piece[:-2] for piece in pieces[-3:]]


@given(ODD)
def test_words_are_in_order_and_apart_and_without_white_space(text: str) -> None:
    edges = [edge for span in spans(text) for edge in span]
    assert edges == sorted(edges)
    assert all(word and not any(c.isspace() for c in word) for word in words(text))
