"""pure: the start of an article -> its dateline: where it ends, and the place, the outlet and the date it states.

"BAGHDAD, March 25 (Reuters) - ", "The Telegraph UK 25 March 2015 – ", "МОСКВА, 25 мар — РИА Новости. ", "Baghdad: ".
All of it has to be accounted for: what is neither date nor agency must look like a place, and the less else there is,
the more surely it must be one. Where other paragraphs begin the same way, they are the parts of a diary, a survey, a
play. In doubt it is the first words of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from watcher.normalise import dates
from watcher.normalise.outlets import is_agency, is_outlet, known_in
from watcher.normalise.places import LABELS, is_place
from watcher.normalise.wording import WORDS, Kind
from watcher.text.months import month

__all__ = ["Dateline", "dateline"]

_HEAD = 110  # code points a dateline stands within
_MOST = 5  # words of a place
_SIGN = re.compile(r"[–—):/]|\s-")
_SEPARATOR = re.compile(r"\s*(?:\.\s?)?(?:\s[-–—]{1,2}\s|[–—]\s?|(?<=[)/])\s?-{1,2}\s|\.-\s)|:\s+|(?<=[)/])\.?\s+")
_AGENCY = re.compile(r"[\s,.]*(?:[(\[/]\s*(?P<who>[^()\[\]]{2,40}?)\s*[)\]/]|(?P<bare>[^\s,.()]+))\s*[.:]?\s*\Z")
_SECOND = re.compile(r"(?P<who>[^.:–—]{2,30}?)(?:\.|:|\s[-–—])\s+(?=\S)")
_DAY = re.compile(
    r"(?<![\w.])(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?"
    r"(?P<after>[^\W\d_]{3,12})\.?|(?P<before>[^\W\d_]{3,12})\.?\s+(?P<second>\d{1,2})"
    r"(?:st|nd|rd|th)?)(?![\w])"
)
_SHORTEST = 60  # code points that follow, where nothing else says that it is a dateline
_SENTENCE = re.compile(r"[.!?]\s+[^\W\d_]{3,}\s+[^\W\d_]{2,}\s+[^\W\d_]{2,}")
_LITTLE = "of the de la del el les du an der am and al upon sur"
_SMALL = frozenset(_LITTLE.split())
_NO_PLACES = (
    "on in at by since from until after before the a this im am seit bis nach vor en desde hasta tras el los las "
    "le les depuis avant après dès в с до после к на"
)
_NO_PLACE = frozenset(_NO_PLACES.split())
_WORDS = 3  # of an agency's name
_YEAR = re.compile(r"\b(?:года?|г)\b\.?")
_ACRONYM = 3  # letters: what is longer and all in capitals is shouted
_LONGEST = 6  # letters of an abbreviation (NATO, UNESCO)
_OTHERS = 40  # paragraphs that are compared
_NEXT = 60  # code points
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"الإثنين|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)\b",
    re.IGNORECASE,
)
_I = frozenset(("i", "i’m", "i'm", "ich", "yo", "je", "я", "أنا"))
_ROUND = "\"'“”„‘’«»([{¿¡,.!?:;"
_NONE = ("", ".", ":.", ".:")
_PARTED = re.compile(r"\s*[,/]\s*")
_EDGES = " ,.;:-–—|/()"


class Dateline(NamedTuple):
    """Where the text behind it begins, and what it states."""

    end: int
    place: str
    outlet: str
    moment: datetime | None


def dateline(text: str, others: Sequence[str] = (), lang: str | None = None) -> Dateline | None:
    """The dateline a paragraph begins with. `others` are the paragraphs, of which one may name its place."""
    if _may_begin(text[1:_HEAD]) and _SIGN.search(text, 1, _HEAD):
        for found in _SEPARATOR.finditer(text, 2, _HEAD):
            if _begins(text, found.end()) and (stated := _stated(text, found, others, lang)):
                if not stated.outlet and _is_one_of_several(text, found, others, lang):
                    return None
                end, second = _behind(text, found.end(), stated.outlet)
                return stated._replace(end=end, outlet=stated.outlet or second)
    return None


def _may_begin(head: str) -> bool:
    """Far quicker than to look for the signs at each of its places."""
    return "-" in head or ":" in head or "–" in head or "—" in head or ")" in head or "/" in head


def _begins(text: str, at: int) -> bool:
    """Whether what stands behind begins a sentence."""
    first = text[at : at + 3].lstrip("\"'“‘„«([¿¡ ")[:1]
    return bool(first) and not first.islower()


def _is_one_of_several(text: str, found: re.Match[str], others: Sequence[str], lang: str | None) -> bool:
    """Whether another paragraph begins with a place, a day or a name in capitals and the same sign."""
    mark = found[0].strip()
    for other in others[:_OTHERS]:
        begun = other != text and mark in other[:_HEAD] and _SEPARATOR.search(other, 2, _HEAD)
        if begun and begun[0].strip() == mark and _begins(other, begun.end()):
            head = other[: begun.start()]
            if is_place(_first(head)) or _tells_day(head, lang) or (head.isupper() and _is_named(head)):
                return True
    return False


def _tells_day(head: str, lang: str | None) -> bool:
    return dates.stated(head, lang) is not None or _without_day(head) != head


def _stated(text: str, found: re.Match[str], others: Sequence[str], lang: str | None) -> Dateline | None:
    head, mark = text[: found.start()], found[0].strip()
    if _SENTENCE.search(head):
        return None
    moment = dates.stated(head, lang)
    rest, outlet = _without_agency(_YEAR.sub("", dates.without(head, lang)) if moment else head, surely=mark in _NONE)
    bare = _WEEKDAY.sub("", rest if moment else _without_day(rest))
    dated = moment is not None or bare != rest
    name = bare.strip(_EDGES)
    if name and not outlet and mark == ":" and is_agency(name):
        return None
    if not name or is_agency(name):
        return Dateline(found.end(), "", outlet or known_in(name), moment) if outlet or moment or name else None
    if not _is_named(name) or (mark in _NONE and not outlet):
        return None
    if dated and not outlet and is_outlet(name):
        return Dateline(found.end(), "", name, moment)
    if dated or is_agency(outlet) or (outlet and (name.isupper() or is_place(_first(name)))):
        return Dateline(found.end(), _spelled(name), outlet, moment)
    goes_on = not outlet and len(text) - found.end() >= _SHORTEST and not _speaks_or_leads(text, found.end(), name)
    if goes_on and _is_surely_place(_first(name), [other for other in others if other is not text], dash=mark != ":"):
        return Dateline(found.end(), _spelled(name), "", None)
    return None


def _is_named(name: str) -> bool:
    """Whether it can be the name of a place: a few words with capitals, none that labels articles."""
    words = re.split(r"[\s,/-]+", name)
    if len(words) > _MOST or any(map(str.isdigit, name)) or name.casefold() in LABELS:
        return False
    if words[0].casefold() in _NO_PLACE and len(words) == 1:
        return False
    return all(word[:1].isupper() or word in _SMALL or word.upper() == word.lower() for word in words)


def _speaks_or_leads(text: str, at: int, name: str) -> bool:
    """Whether who is named before speaks ("Athens: We cannot"), or another place is named behind ("Rome - Milan")."""
    words = text[at : at + _NEXT].split()
    bare = [word.strip(_ROUND) for word in words[:2]]
    if WORDS.get(bare[0].casefold(), 0) & (Kind.YOU | Kind.WE | Kind.OUR) or bare[0].casefold() in _I:
        return True
    return name != name.upper() and (is_place(bare[0]) or is_place(" ".join(bare)))


def _first(name: str) -> str:
    """The city of "Kyiv, Ukraine"."""
    return _PARTED.split(name, maxsplit=1)[0]


def _is_surely_place(name: str, others: Sequence[str], *, dash: bool) -> bool:
    if any(f"{name}:" in other for other in others):  # who speaks in it
        return False
    if is_place(name) or (dash and name.isalpha() and name == name.upper() != name.lower() and len(name) > _LONGEST):
        return True
    names = f"(?:{re.escape(name)}|{re.escape(_spelled(name))})"
    there = re.compile(rf"\b(?:in|near|outside|nahe|bei|en|cerca de|à|près de|в|под)\s{names}\b")
    return any(there.search(other) for other in others)


def _without_agency(text: str, *, surely: bool) -> tuple[str, str]:
    """The text without the agency at its end, and that; `surely` one that is known, where no dash stands behind it."""
    found = _AGENCY.search(text)
    if not found:
        return text, ""
    if who := found["who"]:
        named = is_agency(who) or (not surely and _is_name(who))
        return (text[: found.start()], known_in(who) or who.strip()) if named else (text, "")
    bare = found["bare"]
    return (text[: found.start()], bare) if found.start() and bare.isupper() and is_agency(bare) else (text, "")


def _without_day(text: str) -> str:
    found = _DAY.search(text)
    name = found and (found["after"] or found["before"])
    return text[: found.start()] + " " + text[found.end() :] if found and name and month(name, guess=False) else text


def _behind(text: str, at: int, outlet: str) -> tuple[int, str]:
    """Where the text begins: behind an agency that is named behind the dash, too ("МОСКВА, 25 мар — РИА Новости. ")."""
    found = _SECOND.match(text, at)
    if not outlet and found and is_agency(found["who"]) and _begins(text, found.end()):
        return found.end(), known_in(found["who"])
    return at, ""


def _is_name(said: str) -> bool:
    """Whether it can be the name of an agency: one to three words with capitals."""
    words = said.split()
    return 0 < len(words) <= _WORDS and all(word[0].isupper() or word.upper() == word.lower() for word in words)


def _spelled(name: str) -> str:
    """A name all in capitals as names are spelled."""
    return ", ".join(part.title() if part.isupper() and len(part) > _ACRONYM else part for part in name.split(", "))
