"""The language of an item: what is claimed, and what its text shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Block, Entry, Feed, FeedId, Hash64
from watcher.normalise import normalise
from watcher.normalise.lang import of, tag

ENGLISH = (
    "Officials said on Monday that the bridge over the river had been closed after heavy rain, and would stay so. "
    "Nobody was hurt."
)
GERMAN = (
    "Die Behörden teilten am Montag mit, dass die Brücke über den Fluss nach starkem Regen gesperrt worden ist. "
    "Verletzt wurde niemand."
)
ARABIC = "قالت السلطات يوم الاثنين إن الجسر فوق النهر أغلق بعد أمطار غزيرة."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARABIC, "ar"),
        ("مقامات روز دوشنبه گفتند که پل روی رودخانه پس از باران شدید بسته شد.", "fa"),
        ("حکام نے پیر کو بتایا کہ دریا پر پل شدید بارش کے بعد بند کر دیا گیا ہے۔", "ur"),
        ("Власти сообщили в понедельник, что мост через реку был закрыт.", "ru"),
        ("Влада повідомила в понеділок, що міст через річку закрили.", "uk"),
        ("Улады паведамілі ў панядзелак, што мост праз раку закрыты.", "be"),
        ("Властите съобщиха в понеделник, че мостът над реката е затворен заради дъжда.", "bg"),
        ("Власти су у понедељак саопштиле да је мост преко реке затворен због кише.", "sr"),
        ("Властите соопштија дека мостот преку реката е затворен, рече ќерката.", "mk"),
        ("Билік дүйсенбіде өзен үстіндегі көпір жабылғанын хабарлады.", None),
        ("Οι αρχές ανακοίνωσαν τη Δευτέρα ότι η γέφυρα έκλεισε.", "el"),
        ("הרשויות הודיעו ביום שני כי הגשר מעל הנהר נסגר לאחר גשם כבד.", "he"),
        ("เจ้าหน้าที่กล่าวเมื่อวันจันทร์ว่าสะพานข้ามแม่น้ำถูกปิด", "th"),
        ("당국은 월요일 폭우로 강 위의 다리가 폐쇄되었다고 밝혔다고 합니다.", "ko"),
        ("当局は月曜日、大雨のため川に架かる橋を閉鎖したと発表した。", "ja"),
        ("当局星期一表示，由于大雨，河上的桥梁已经关闭，居民须绕行。", "zh"),
        ("ხელისუფლებამ ორშაბათს განაცხადა, რომ ხიდი დაიკეტა.", "ka"),
        ("அதிகாரிகள் திங்கட்கிழமை பாலம் மூடப்பட்டதாக தெரிவித்தனர்.", "ta"),
        (ENGLISH, None),
        (GERMAN, None),
        ("अधिकारियों ने सोमवार को कहा कि नदी पर बना पुल बंद कर दिया गया है।", None),
        ("北京", None),
        ("12345 67890 — 2026", None),
        ("", None),
    ],
)
def test_writing_alone_tells_some_languages(text: str, expected: str | None) -> None:
    assert of([None, ""], text) == expected


@pytest.mark.parametrize(
    ("claims", "text", "expected"),
    [
        (["en-GB", "de"], ENGLISH, "en-gb"),
        ([None, "de"], GERMAN, "de"),
        (["", "no language", "fr_FR"], "", "fr-fr"),
        (["en"], ARABIC, "ar"),
        (["en-us"], "Власти сообщили в понедельник, что мост через реку был закрыт.", "ru"),
        (["en"], "अधिकारियों ने सोमवार को कहा कि नदी पर बना पुल बंद कर दिया गया है।", None),
        (["mr"], "अधिकारियों ने सोमवार को कहा कि नदी पर बना पुल बंद कर दिया गया है।", "mr"),
        (["ar-eg"], ARABIC, "ar-eg"),
        (["ckb"], ARABIC, "ckb"),
        (["zh-hant-tw"], "當局星期一表示，由於大雨，河上的橋樑已經關閉，居民須繞行。", "zh-hant-tw"),
        (["ja"], "東京都知事選挙投票日前日最終演説会場周辺道路交通規制開始", "ja"),
        (["ja"], ENGLISH, None),
        (["ja"], "Samsung Galaxy S26 Ultra review", "ja"),
        (
            ["sr"],
            "Vlasti su u ponedeljak saopštile da je most preko reke zatvoren zbog jake kiše i vetra do daljnjeg.",
            "sr",
        ),
        (["en"], "Москва", "en"),
        (["en"], f"{ENGLISH} {ARABIC}", "en"),
    ],
)
def test_a_claim_holds_unless_the_writing_speaks_against_it(
    claims: list[str | None], text: str, expected: str | None
) -> None:
    assert of(claims, text) == expected


def test_a_detector_is_asked_where_nobody_says_and_the_writing_does_not() -> None:
    asked: list[str] = []

    def detect(text: str) -> tuple[str, float]:
        asked.append(text)
        return "de", 0.9

    assert of([], GERMAN, detect) == "de"
    assert of([], ARABIC, detect) == "ar"
    assert of([], "Bayern", detect) is None
    assert asked == [GERMAN]


@pytest.mark.parametrize(
    ("claim", "found", "sure", "expected"),
    [
        ("en", "de", 0.99, "de"),
        ("en", "de", 0.9, "en"),
        ("de-at", "de", 1.0, "de-at"),
        ("nb", "da", 1.0, "nb"),
        ("hr", "sr", 1.0, "hr"),
        ("en", "zxx", 1.0, "en"),
        ("en", "ru", 1.0, "en"),
        (None, "de", 0.5, None),
        (None, "de", 0.71, "de"),
        (None, "pcm", 1.0, None),
    ],
)
def test_a_claim_is_beaten_by_a_detector_that_is_certain(
    claim: str | None, found: str, sure: float, expected: str | None
) -> None:
    assert of([claim], GERMAN, lambda text: (found, sure)) == expected


def test_a_short_text_never_speaks_against_a_claim_by_its_words() -> None:
    assert of(["en"], "Die Brücke über den Fluss ist gesperrt", lambda text: ("de", 1.0)) == "en"


@given(st.lists(st.none() | st.text(max_size=12), max_size=3), st.text())
def test_whatever_is_claimed_and_written_the_language_is_a_tag_or_none(claims: list[str | None], text: str) -> None:
    found = of(claims, text)
    assert found is None or tag(found) == found
    assert of([found], text) == found


def test_an_item_s_language_is_what_its_text_shows_whatever_its_feed_claims() -> None:
    feed = Feed(id=FeedId("f"), url="https://daily.example/feed", lang="en")
    assert (
        normalise(Entry(hash=Hash64(1), title="الجسر", blocks=(Block(text=ARABIC),), lang="en-US"), feed).lang == "ar"
    )
    assert normalise(Entry(hash=Hash64(1), title="Bridge", blocks=(Block(text=ENGLISH),)), feed).lang == "en"
    menu = Block(text="Home World Politics Business Sport Culture Weather About us Contact " * 5, links=1.0)
    assert normalise(Entry(hash=Hash64(1), blocks=(menu, Block(text=ARABIC * 9))), feed).lang == "ar"


def test_an_item_is_known_by_the_page_that_its_link_leads_to() -> None:
    feed = Feed(id=FeedId("f"), url="https://daily.example/feed")
    link = "https://www.google.com/url?q=https%3A%2F%2Fm.daily.example.org%2Fa-1%2Famp"
    item = normalise(Entry(hash=Hash64(1), link=link), feed)
    assert (item.url, item.canonical) == (link, "https://daily.example.org/a-1")
