"""pure: a byline -> the names of those who wrote; the signs of one in other languages than English."""

from __future__ import annotations

import re

from watcher.normalise import dates
from watcher.normalise.outlets import is_outlet

__all__ = ["LONGEST", "checks", "is_name", "names"]

LONGEST = 100  # code points of a name
_MOST = 6  # words of a name
_LEAD = re.compile(
    r"\W*(?:(?:written|reported|posted|published|words|text|story)\s+)?"
    r"(?:by|von|por|par|de|автор(?:ы)?|autor(?:in|a)?|auteur|текст|بقلم|كتبت?)\b[\s:|]*",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\W*(?:edited|reviewed|translated|compiled|fact[- ]?checked|verified|photos?|photographs?|video|foto|bild)\b",
    re.IGNORECASE,
)
_CHECKS = re.compile(r"\W*(?:fact[- ]?checked|verified|reviewed)\b", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[|•·/;،,]|\s[-–—]\s|\b(?:updated|published|posted|in|for|at|on)\b)\s*")
_AND = re.compile(r"\s+(?:and|und|y|et|и|&|with|mit|con|avec)\s+|\s+و(?=\w)", re.IGNORECASE)
_PARTS = "van von der den de del della di da la le du des al el bin bint ibn dos do ter ten zu af av"
_PART = frozenset(_PARTS.split())
_JOB = re.compile(
    r"\b(?:correspondent|reporter|editor|staff|writer|desk|team|newsroom|service|redaktion|korrespondent\w*|corresponsal|"
    r"redacción|rédaction|redacción|agencies|agentur\w*|agencias|admin|community|корреспондент|редакция)\b",
    re.IGNORECASE,
)


def names(byline: str) -> tuple[str, ...]:
    """Who wrote, as a byline names them: people, not those who checked, translated or took the photographs."""
    lead = _LEAD.match(byline)
    if _OTHERS.match(byline):
        return ()
    said = dates.without(byline[lead.end() :] if lead else byline)
    found = (name.strip(" .:|–—-") for part in _AND.split(said) for name in _ENDS.split(part)[:1])
    return tuple(name for name in found if is_name(name) and not is_outlet(name))


def checks(byline: str) -> bool:
    """Whether it says who checked, not who wrote."""
    return bool(_CHECKS.match(byline))


def is_name(text: str) -> bool:
    """Whether it can be a person's name: two to six words with capitals, where the script has them."""
    words = text.split()
    if not 2 <= len(words) <= _MOST or len(text) > LONGEST or _JOB.search(text):
        return False
    return all(_is_part(word) for word in words) and words[-1] not in _PART


def _is_part(word: str) -> bool:
    bare = word.replace(".", "").replace("-", "").replace("’", "").replace("'", "")
    return bare.isalpha() and (bare[0].isupper() or word in _PART or not (bare.isupper() or bare.islower()))
