"""pure: a paragraph's text -> how much a site speaks in it, to its readers and of itself; whether it presents a writer.

Points for several signs together, none of which tells anything alone: the reader is addressed, a sentence asks for what
sites ask for, somebody says "we", names what sites have (newsletters, comments, terms of use), money, other sites
where one is followed, the text itself. What stands in quotation marks is somebody else's. Reported speech is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_

from watcher.normalise.wording import ENDINGS, WORDS, Kind

SHORT = 100  # code points: no line that says of whom it is is longer
LONGEST = 900  # code points: an appeal is no longer
SURE = 4  # points from which a paragraph at the edge is the site's
INSIDE = 5  # and from which it is so amidst the article, where it has no figures
CERTAIN = 6  # and from which it is so in any case
PERHAPS = 2  # and from which it is beside one that surely is
_ELSEWHERE = 3  # points less where it is somebody else's site that is spoken of
_BIOGRAPHY = 400
_QUOTED = re.compile(r"“[^”]{0,600}”|„[^“”]{0,600}[“”]|«[^»]{0,600}»|\"[^\"]{0,600}\"|(?<!\w)‘[^’]{0,600}’(?!\w)")
_STOPS = ".?!:;,؟،؛–—…"
_ROUND = _STOPS + "\"'“”„‘’«»()[]¿¡*|·•"
_SUBJECT = re.compile(r"I(?: am|['’]m) |[^\W\d_a-z][\w.'’-]* [^\W\d_a-z][\w.'’-]*[ ,—–]")
_I = frozenset(("I", "I’m", "I'm"))
_ONE_EACH = (Kind.YOU, Kind.WE | Kind.OUR, Kind.ASK, Kind.GIVE, Kind.NET)
_OTHERS = Kind.YOU | Kind.WE | Kind.OUR | Kind.ASK | Kind.GIVE | Kind.NET | Kind.PAGE | Kind.THIS | Kind.WRITES
_TELLING = Kind.SITE | Kind.OUR | Kind.WE | Kind.NET | Kind.GIVE | Kind.YOU
_REMEMBERED = 1 << 14  # words
_NEAR = 3  # words between "our" and what is ours
_FORMAL = re.compile(r"(?<=[^\W\d_]\s)(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b")
_SIGNS = re.compile("[\u0640\u064b-\u0652]")  # Arabic vowel signs and the stroke that stretches words
_ARABIC = re.compile("[\u0621-\u064a]{3,}")
_PROCLITIC = re.compile("(?:[وف]?(?:[بلك]?ال|لل)|[وفبل])(?=[\u0621-\u064a]{3})")
_ABOUT = re.compile(r"(?:about|über|sobre|acerca de|à propos de|об?)\s+(?P<who>\w.{2,60})", re.IGNORECASE)
_MANY = re.compile(r"\s+\d[\d.,]*\s+(?:articles?|posts?|stories|artikel|beiträge|artículos)\Z", re.IGNORECASE)
_PREFIXES = range(max(map(len, ENDINGS)), 2, -1)


def points(text: str, least: int = PERHAPS) -> int:
    """How surely the site speaks in it, SURE and above; 0 for fewer than `least`, and of a text longer than LONGEST."""
    return 0 if len(text) > LONGEST else _points(text, least)


@lru_cache(1 << 9)  # what stands at an edge is asked for again where its site is known
def _points(text: str, least: int) -> int:
    if _most(_kinds(text)) < least:
        return 0
    bare = _bare(text)
    kinds = _kinds(bare)
    found = _union(kinds)
    if found & Kind.SAID:
        return 0
    if _is_formal(bare):
        found |= Kind.YOU
    score = _placed(kinds) + _things(bare, kinds) + sum(bool(found & kind) for kind in _ONE_EACH)
    asks = "?" in bare or "؟" in bare
    publishes = found & (Kind.WE | Kind.OUR) and found & Kind.WRITES
    if any(one & Kind.THEIRS and other & Kind.SITE for one, other in pairwise(kinds)):
        score -= _ELSEWHERE
    return score + bool(asks and found & (Kind.YOU | Kind.PAGE)) + bool(publishes)


def addresses(text: str) -> bool:
    """Whether the paragraph speaks to the reader, or of whoever writes."""
    bare = _bare(text[:LONGEST])
    return bool(_union(_kinds(bare)) & (Kind.YOU | Kind.WE | Kind.OUR) or _is_formal(bare))


def _is_formal(text: str) -> bool:
    return ("Sie" in text or "Ih" in text) and bool(_FORMAL.search(text))


def presents(text: str) -> int:
    """How surely it presents a writer: a name or an "I", what he is, what he writes or where he lives."""
    if len(text) > _BIOGRAPHY or not _SUBJECT.match(text):
        return 0
    kinds = _kinds(_bare(text))
    first = kinds[:1] if text.startswith("I") else kinds[:2]
    if any(kind & (Kind.WRITER | Kind.SAID) for kind in first) or _union(kinds) & Kind.SAID:
        return 0
    is_one = any(kind & Kind.WRITER for kind in kinds[1:])
    does = sum(bool(kind & Kind.WRITES) for kind in kinds)
    is_now = any(kind & Kind.IS for kind in kinds[1:3])
    if is_one:
        return SURE if does or is_now else PERHAPS
    return (SURE if does > 1 else PERHAPS) if any(kind & Kind.WRITES for kind in kinds[2:3]) else 0


def name(text: str) -> str:
    """The name that a paragraph begins with which presents somebody; empty for "I" and for a heading."""
    words = text.split(maxsplit=2)[:2]
    return "" if words[0] in _I or about(text)[0] else " ".join(words).strip(_ROUND)


def about(text: str) -> tuple[str, bool]:
    """Of whom a line such as "About Jane Doe 120 Articles" is, and whether it counts what was written."""
    found = _ABOUT.fullmatch(text) if len(text) < SHORT else None
    if not found:
        return "", False
    who = _MANY.sub("", found["who"])
    return who, who != found["who"]


def _bare(text: str) -> str:
    """Without what is quoted, and without signs that part words."""
    return _QUOTED.sub(" ", text if text.isascii() else _SIGNS.sub("", text))


def _kinds(text: str) -> list[int]:
    return list(map(_KINDS.__getitem__, text.lower().split()))


def _union(kinds: Iterable[int]) -> int:
    return reduce(or_, set(kinds), 0)


def _most(kinds: Sequence[int]) -> int:
    """More points than these kinds of words can bring there are not."""
    found = _union(kinds)
    if not found & _TELLING:
        return 0
    return 2 * bool(found & Kind.CALL) + 3 * bool(found & Kind.SITE) + (found & _OTHERS).bit_count()


def _placed(kinds: Iterable[int]) -> int:
    """The points of words for where they stand: a call at the beginning, ours before what sites have, this article."""
    called = own = itself = 0
    begins, before, left = True, 0, 0
    for kind in kinds:
        if kind & Kind.OPENS:
            begins, before, left = True, 0, 0
        called |= begins and kind & Kind.CALL
        own |= ((left or kind & Kind.OUR) and kind & Kind.SITE) or (left and kind & (Kind.PAGE | Kind.WRITER))
        itself |= before & Kind.THIS and kind & Kind.PAGE
        left = _NEAR if kind & Kind.OUR else max(0, left - 1)
        begins, before = bool(kind & Kind.JOIN), kind
        if kind & Kind.CLOSES:
            begins, before, left = True, 0, 0
    return 2 * bool(called) + bool(own) + bool(itself)


def _things(text: str, kinds: Sequence[int]) -> int:
    """How many different things it names that sites have, two at most; forms of one word are one."""
    words = text.lower().split()
    return min(2, len({word.strip(_ROUND)[:5] for word, kind in zip(words, kinds, strict=True) if kind & Kind.SITE}))


def of_word(said: str) -> int:
    """What a word in small letters tells, as bits of Kind, and the signs around it."""
    word = said.strip(_ROUND).replace("’", "'")
    kind = _listed(word)
    if not kind and _ARABIC.match(word):
        kind = _arabic(word)
    if said[-1] in _STOPS:
        kind |= Kind.CLOSES
    return kind | Kind.OPENS if said[0] in _STOPS else kind


def _arabic(word: str) -> int:
    """An Arabic word, with what is written together with it taken off; "-na" at its end says it is ours."""
    kind = _listed(word) or _listed(_PROCLITIC.sub("", word, count=1))
    return kind | Kind.OUR if word.endswith("نا") and kind & (Kind.SITE | Kind.PAGE) else kind


def _listed(word: str) -> int:
    kind = WORDS.get(word, 0)
    for size in _PREFIXES:
        if size <= len(word):
            kind |= ENDINGS.get(word[:size], 0)
    return kind


class _Kinds(dict[str, int]):
    """What words tell, each looked up once while there is room."""

    def __missing__(self, said: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        kind = self[said] = of_word(said)
        return kind


_KINDS = _Kinds()
