"""Keys are stored: when one changes, KEYS_VERSION is raised, and what is stored is filed anew."""

from __future__ import annotations

from hashlib import sha256

from watcher.text.lexicon import IRREGULAR, SMART_CASE, UNCHANGED
from watcher.text.stems import ALTERNATING
from watcher.text.tokens import KEYS_VERSION, keys

TEXTS = """
US us U.S. u.s. UN un WHO who IT AIDS aids Us. u.S U.K. U.A.E. a.m. Ph.D. .NET .net C++ C# c# F# AT&T R&D Q&A
don't DON'T can’t isnʼt it's Trump's James' ‘quoted’ o'clock rock'n'roll O'Neill d'Artagnan l’Élysée
18,000 1,234,567 3.14 1.5m 2nd 1990s COVID-19 F-16s G7 5G 1,00 12,3456 ½ ² Ⅷ ① x² H₂O 5km/h 20% $5bn
militias Militias' axes bases boxes buses churches cities dishes echoes flies glass goes gas heroes houses kisses lenses
men women firemen policemen humen yemen omen news series species virus viruses Texas Paris analysis analyses crises
as is bus this us yes ties dies lies pies shoes toes wolves knives leaves mice oxen data media criteria C-130s
café cafe\u0301 naïve Zürich Ångström smørrebrød Łódź Đurđević þing æther œuvre straße STRASSE ﬁnance ﬀ ŉ ǅ ß ẞ
Türkiye'de TÜRKİYE'NİN İstanbul'un istanbul ISPARTA ısparta Ankara'da Ankara’dan Erdoğan'ın İzmir'e TBMM'ye 2024'te
Kadıköy'ü Gül'ün PKK'lı AKP'nin Ali'yle Bakan'ın today'in Smith'e
Москва Москвы Москве МОСКВА удар удары ударами ударов Тикрит Тикрита Киев Киева ёлка елка её военные военных мост мосты
Київ Києва Київські Львів Львова Харків Харкова ударів удари п'ять п’ять об’єкт українець українця Їжак ґанок мир
България Скопје Београд Ђорђевић Алматы Ўзбекистон Қазақстан Монголын
الوزارة والوزارة كتابـات كِتَاب أمريكا امريكا إيران آمنة على علي مدرسة مدرسه ٱلقرآن کابل کتاب ی ي ة ۀ ہے گئے ٪ ٣٤ ۳۴
ישראל יִשְׂרָאֵל ירושלים צה״ל צה"ל ג׳ורג׳
Αθήνα ΑΘΗΝΑ Αθηνών σίγμας ΣΊΓΜΑΣ Ελλάδα
हिन्दी हिंदी भारत क़ानून বাংলা தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ไทย กรุงเทพฯ ลาว ພາສາລາວ ကမ္ဘာ ភាសាខ្មែរ
東京 東京都 ニュース ﾆｭｰｽ ｶﾞｽ がく か\u3099く 北京市 台灣 臺灣 𠮷野家 서울 서울에서 미국은 미국 한국어
ქართული Հայերեն Երևան አማርኛ Tiếng Việt Hà Nội Đà Nẵng ŵ ŷ ǆ ɐ ʻokina Hawaiʻi Qurʼan
soft\u00adhyphen zero\u200bwidth non\u200cjoiner می\u200cخواهم word\u2060joiner
ＦＵＬＬ ｗｉｄｔｈ ＡＢＣ’s 𝐛𝐨𝐥𝐝 ℡ № ™ a\u0301\u0327
co-operate re-elect e-mail E.ON Wi-Fi and/or snake_case x.y file.txt www.example.org user@example.org #tag @name ’tis
right\u200eto\u202eleft\u2069 iso\u2066late\u2069 in\u2061visible join\u034fer emoji\ufe0f don′t won‛t can`t isn´t
I. J.K. Rowling St. Petersburg No. 10 e.g. i.e. U.N.'s US's WHO's us's SARS-CoV-2 naïveté’s ʼn ··· — –– …
"""

KNOWN = {
    2: "43c985036cee2786",
    3: "59821b73f5ac8792",
}
"""A hash of the keys of each version; those of version 1 differed, and nobody noted theirs."""


def filed() -> str:
    """The keys of all the odd words, and of all that the lists of words say something about."""
    listed = sorted({*IRREGULAR, *SMART_CASE, *UNCHANGED, *ALTERNATING})
    return sha256(" ".join(keys(TEXTS + " ".join(listed))).encode()).hexdigest()[:16]


def test_keys_change_only_with_their_version() -> None:
    assert KNOWN.get(KEYS_VERSION) == filed(), (
        f"the key of some word has changed, and what is stored is filed under the old one: "
        f"raise KEYS_VERSION in watcher/text/tokens.py, and add to KNOWN, for the new version, {filed()!r}"
    )


def test_the_newest_version_is_the_one_in_use() -> None:
    assert max(KNOWN) == KEYS_VERSION
    assert len(set(KNOWN.values())) == len(KNOWN)
