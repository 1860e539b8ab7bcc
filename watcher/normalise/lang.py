"""pure: what is said of an item's language, and its text -> its language.

Writing tells some languages by itself, and many claims are wrong: a site's software says `en` of whatever it holds.
With the extra `lang` installed, the text tells the language where nobody does, and beats a claim when it is certain.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from typing import Any

__all__ = ["Detect", "detector", "has_detector", "of", "tag"]

Detect = Callable[[str], tuple[str, float]]
"""A text -> the code of its language (ISO 639-1) and how certain that is, up to 1."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")
_LOOKED_AT = 400  # characters
_FEW = 20  # letters: fewer tell no language
_ENOUGH = 100  # letters that may speak against a claim by their words, or by being Latin
_LIKELY, _CERTAIN = 0.7, 0.98
_SHARE = 0.6  # of the letters, in one writing
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_WRITINGS = (  # by code point, in order
    (0x0041, 0x005A, "latin"),
    (0x0061, 0x007A, "latin"),
    (0x00AA, 0x024F, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x077F, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0980, 0x09FF, "bengali"),
    (0x0A00, 0x0A7F, "gurmukhi"),
    (0x0A80, 0x0AFF, "gujarati"),
    (0x0B80, 0x0BFF, "tamil"),
    (0x0C00, 0x0C7F, "telugu"),
    (0x0C80, 0x0CFF, "kannada"),
    (0x0D00, 0x0D7F, "malayalam"),
    (0x0D80, 0x0DFF, "sinhala"),
    (0x0E00, 0x0E7F, "thai"),
    (0x0E80, 0x0EFF, "lao"),
    (0x1000, 0x109F, "myanmar"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "hangul"),
    (0x1200, 0x137F, "ethiopic"),
    (0x1780, 0x17FF, "khmer"),
    (0x1E00, 0x1EFF, "latin"),
    (0x1F00, 0x1FFF, "greek"),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x9FFF, "han"),
    (0xAC00, 0xD7A3, "hangul"),
    (0xFB50, 0xFEFC, "arabic"),
    (0xFF66, 0xFF9D, "kana"),
)
_STARTS = [first for first, _, _ in _WRITINGS]
_ONLY = {
    "greek": "el",
    "armenian": "hy",
    "hebrew": "he",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "thai": "th",
    "lao": "lo",
    "georgian": "ka",
    "khmer": "km",
    "hangul": "ko",
    "kana": "ja",
    "han": "zh",
}
"""The language of nearly all news in that writing; a claim of another one that is written so is believed."""
_SIGNS = {
    "arabic": ("ټډړښځڅۍ:ps", "ێۆڕڵ:ckb", "ٹڈڑںے:ur", "پچژگکی:fa", "ةىيكأإؤئ:ar"),
    "cyrillic": ("ңөүәғқұһҳҷӣӯ:", "ўЎ:be", "їєґіЇЄҐІ:uk", "ѓќѕЃЌЅ:mk", "ђћџљњјЂЋЏЉЊЈ:sr", "ыэёЫЭЁ:ru", "щъЩЪ:bg"),
}
"""Letters by which languages of one writing are told apart, the rarer first; those of Central Asia are not."""
_ALSO = {
    "latin": "*",
    "cyrillic": "ru uk be bg mk sr bs sh cnr kk ky tg mn tt ba cv uz az ce os rue tk sah",
    "hebrew": "he iw yi ji lad",
    "arabic": "ar arz ary fa ur ps ckb ku sd ug ks dv az azb kk pa tg ms ha",
    "devanagari": "hi mr ne sa mai bho kok gom doi ks sd",
    "bengali": "bn as mni",
    "gurmukhi": "pa",
    "myanmar": "my shn mnw",
    "ethiopic": "am ti om",
    "han": "zh ja ko yue wuu nan cmn lzh",
    "georgian": "ka xmf",
    "thai": "th",
    "greek": "el grc",
}
"""The languages written so; where none are named, the one of _ONLY."""
_NOT_LATIN = frozenset(
    "ar fa ur he iw ru uk bg be mk el hy ka th lo km my ko ja zh hi mr ne bn ta te kn ml si gu am ti ps ckb".split()  # noqa: SIM905
)
_ALIKE = tuple(
    frozenset(group.split())
    for group in ("no nb nn da", "sr hr bs sh cnr", "id ms", "zh yue wuu", "cs sk", "gl pt", "ca oc", "fa tg", "tl fil")
)
"""Languages so alike that a detector's word is no proof against a claim."""


def of(said: Iterable[str | None], text: str, detect: Detect | None = None) -> str | None:
    """The language as a BCP 47 tag in lower case: the first of the claims, unless the text shows that it is wrong; else
    what the text shows; None where it shows nothing.
    """
    claim = next((one for one in map(tag, said) if one), None)
    sample = text[:_LOOKED_AT]
    writing, letters = _writing(sample)
    if letters < _FEW or not writing:
        return claim
    if claim and not _fits(claim, writing, letters):
        claim = None
    shown = _shown(writing, sample)
    if detect is None or (letters < _ENOUGH if claim else shown):
        return claim or shown
    found, sure = detect(sample)
    if sure < (_CERTAIN if claim else _LIKELY) or not _fits(found, writing, _ENOUGH) or len(found) != 2:
        return claim
    return claim if claim and _same(claim, found) else found


def tag(said: str | None) -> str | None:
    """A BCP 47 tag in lower case; None for anything else."""
    cleaned = (said or "").strip().lower().replace("_", "-")
    return cleaned if _TAG.fullmatch(cleaned) else None


def has_detector() -> bool:
    """Whether the extra `lang` is installed; nothing is loaded."""
    return find_spec("py3langid") is not None


@cache
def detector() -> Detect | None:
    """The extra's, loaded when first asked for (0.6 s, 100 MB); None where it is not installed."""
    if not has_detector():
        return None
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def detect(text: str) -> tuple[str, float]:
        code, sure = identifier.classify(text)
        return str(code), float(sure)

    return detect


def _writing(sample: str) -> tuple[str | None, int]:
    """The writing of most of the letters, and how many letters there are. A tenth of kana makes Chinese Japanese."""
    ascii_ = sample.encode("ascii", "ignore")
    latin = len(ascii_.translate(None, _NO_LETTERS))
    others = len(sample) - len(ascii_)
    if not others or (latin >= _ENOUGH and latin >= _SHARE * (latin + others)):
        return "latin", latin
    counted = Counter(latin=latin)
    for character, times in Counter(_NOT_ASCII.findall(sample)).items():
        if character.isalpha() and (writing := _writing_of(ord(character))):
            counted[writing] += times
    letters = counted.total()
    if 9 * counted["kana"] >= counted["han"] > 0:
        counted["kana"] += counted.pop("han")
    name, most = counted.most_common(1)[0] if letters else ("", 0)
    return (name if most >= _SHARE * letters else None), letters


def _writing_of(code: int) -> str | None:
    first, last, name = _WRITINGS[bisect_right(_STARTS, code) - 1]
    return name if first <= code <= last else None


def _fits(claim: str, writing: str, letters: int) -> bool:
    """Whether that language is written so. A few Latin letters are names, in whichever language."""
    base = claim.partition("-")[0]
    if writing == "latin":
        return letters < _ENOUGH or base not in _NOT_LATIN
    return base in _ALSO.get(writing, _ONLY.get(writing, "")).split()


def _shown(writing: str, sample: str) -> str | None:
    """The language that the letters alone tell."""
    for signs in _SIGNS.get(writing, ()):
        letters = set(sample)
        of_it, _, language = signs.partition(":")
        if letters.intersection(of_it):
            return language or None
    return _ONLY.get(writing)


def _same(one: str, other: str) -> bool:
    """Whether two tags are of one language, or of two that are often taken for each other."""
    bases = {one.partition("-")[0], other.partition("-")[0]}
    return len(bases) == 1 or any(bases <= group for group in _ALIKE)
