"""pure: a paragraph's text -> where the credit of a wire or a photographer begins at its end, and whom it names.

A credit stands behind the end of a sentence, or alone. In brackets or behind a dash it counts where it names a news
agency that is known as one, or says what it credits ("Photo:", "Source:"): "(HRW)" is the article's.
"""

from __future__ import annotations

import re

from watcher.normalise.outlets import is_agency, known_in

__all__ = ["begins", "is_credit", "outlet"]

_LONGEST = 160
_NAMES = 40  # code points of agencies' names alone
_CLOSED = (")", "]")
_PICTURE = (
    r"(?:file\s+)?(?:photos?|pictures?|images?|video|fotos?|bild(?:er)?|imagen|"
    r"crédits?\s+photo|crédits?|фото|صورة|الصورة)"
)
_SOURCE = r"(?:sources?|via|credit|quelle|fuente|источник|المصدر|مصدر)"
_LABEL = re.compile(
    rf"(?:(?P<picture>{_PICTURE})|{_SOURCE})(?:\s+(?:credit|by|courtesy\s+of|von|par|de))?\s*[:：/]\s*(?P<who>\S.*)",
    re.IGNORECASE,
)
_AGENCY_PHOTO = re.compile(r"(?P<who>[\w ]{2,20}?)\s+(?:photo|foto|images?)\s*/.*", re.IGNORECASE)
_WITH = re.compile(
    r"(?:(?:additional\s+)?reporting\s+by|editing\s+by|writing\s+by|with\s+(?:reporting|material|files)\s+(?:by|from)|"
    r"mit\s+material\s+(?:von|der)|con\s+información\s+de|avec)\s+(?P<who>.{2,})",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"(?:additional\s+)?(?:reporting|writing|editing|compiled|bericht|text|redaktion|mitarbeit|información|redacción|edición|"
    r"reportage|rédaction|édité|репортаж|текст|редактор|правка|إعداد|تحرير|تقرير)\b(?:\s+(?:by|von|de|par|des?))?\s*:?\s"
    r"(?:[^.]|\.(?=\s?[^\W\d_])){3,}",
    re.IGNORECASE,
)
"""Who reported and who edited, where it stands in brackets or a semicolon parts the two."""
_BRACKETS = re.compile(r"[\[(]\s*(?P<said>[^()\[\]]{2,100})\s*[\])]\.?\Z")
_DASH = re.compile(r"(?:\s[-–—]{1,2}\s?|[—–])(?P<said>[^-–—()]{2,60})\Z")
_BEHIND_DASH = 63  # code points that hold a dash of _DASH
_ENDED = re.compile(r"[.!?…。؟][\"'”’»)\]]*\s*\Z")


def begins(text: str) -> int | None:
    """Where the credit at the end of a paragraph begins; None where there is none, or nothing else."""
    last = text[-1:]
    if text[-2:-1] not in _CLOSED if last == "." else last not in _CLOSED and not last.isalpha():
        return None
    if last.isalpha():
        end = text[-_BEHIND_DASH:]
        found = _DASH.search(text, max(0, len(text) - _LONGEST)) if "-" in end or "–" in end or "—" in end else None
    else:
        found = _BRACKETS.search(text, max(0, len(text) - _LONGEST))
    if (
        found
        and found.start()
        and _ENDED.search(text, max(0, found.start() - 12), found.start())
        and _credits(found["said"])
    ):
        return found.start()
    return None


def is_credit(text: str) -> bool:
    """Whether a paragraph is nothing but a credit."""
    if len(text) > _LONGEST or not (
        len(text) <= _NAMES or ":" in text or ";" in text or "/" in text or text[0] in "(["
    ):
        return False
    bare = text.strip("()[]–—- ")
    if (";" in bare or bare != text) and not _ENDED.search(bare) and _REPORTED.fullmatch(bare):
        return True
    return _credits(bare.rstrip(".")) and (bare != text or not _ENDED.search(bare))


def outlet(text: str) -> str:
    """Whose the text is by its credit; empty for that of a picture, which says nothing of it."""
    said = text.strip("()[]–—-. ")
    if labelled := _LABEL.fullmatch(said):
        return "" if labelled["picture"] else known_in(labelled["who"]) or labelled["who"]
    if _AGENCY_PHOTO.fullmatch(said):
        return ""
    found = _WITH.fullmatch(said)
    return known_in(found["who"] if found else said)


def _credits(said: str) -> bool:
    said = said.strip()
    if "/" in said or ":" in said or "：" in said:
        labelled = _LABEL.fullmatch(said)
        if labelled:
            return len(labelled["who"].split()) <= 8
        photo = _AGENCY_PHOTO.fullmatch(said)
        if photo:
            return is_agency(photo["who"])
    return _helps(said) or _is_name(said)


def _helps(said: str) -> bool:
    """Whether it says who else reported: people by name, or what agency's words are used."""
    found = _WITH.fullmatch(said)
    return found is not None and (is_agency(found["who"]) or (said[0].isupper() and " by " in said.lower()))


def _is_name(said: str) -> bool:
    """Whether it is an agency's name, spelled as one: "map" and "pa" are words."""
    return is_agency(said) and (said != said.lower() or not said.isascii() or said in _SMALL)


_SMALL = frozenset(("dpa", "epd", "dts", "sid", "awp", "dpa/afp", "afp/dpa"))
