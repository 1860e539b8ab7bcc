"""pure: a block's text -> whether it bears the signs of a label, a byline, a left-over, a headline.

General wording only, and a sign asks for the whole block: a sentence that merely holds such words is the article's.
Every pattern takes time linear in its text, or looks at a few hundred characters.
"""

from __future__ import annotations

import re

from watcher.normalise import bylines, dates
from watcher.normalise.wording import LABELS, POINTERS
from watcher.text.sentences import sentences

SHORT = 160  # code points: no label, byline or date line is longer
HEADLINE = 250  # code points: no headline is longer
_STYLED = 2000

_ENDS = frozenset(".!?…。！？")
_CLOSERS = "\"'”’»)]」』"
_PUBLISHED = r"(?:(?:first|last|originally)\s+)?(?:published|posted|created|updated|modified|added|filed)"
_LABEL = re.compile(
    rf"""
    {_PUBLISHED}(?:\s+(?:on|at|by|in))?
    | (?:please\s+)?share\s+(?:this|via|by|on|with)\b(?:\s+\w+){{0,4}}
    | (?:print|e-?mail|save|tweet|bookmark)\s+this(?:\s+(?:article|story|page|post|item|link))?
    | (?:click\s+(?:here\s+)?to\s+)(?:share|print|e-?mail|tweet|subscribe)\b(?:\s+\w+){{0,5}}
    | (?:leave|post|add)\s+(?:a|your)\s+(?:comment|reply) | (?:view|show|load|see|read)\s+(?:all\s+|more\s+)?comments?
    | (?:\d+|no)\s+(?:comments?|shares?|views|likes|replies) | comments\s+(?:are\s+)?(?:closed|off|disabled)
    | (?:die\s+)?kommentar(?:e|funktion)\s+(?:sind|ist|wurden?)\s+(?:geschlossen|deaktiviert)
    | (?:los\s+)?comentarios\s+(?:están\s+)?cerrados | (?:les\s+)?commentaires\s+(?:sont\s+)?fermés
    | комментарии\s+(?:закрыты|отключены) | التعليقات\s+مغلقة
    | (?:read|show|load|see|view)\s+(?:more|full\s+(?:story|article)) | continue\s+reading
    | skip\s+to\s+(?:main\s+)?content
    | (?:related|more|recommended|popular|similar)\s+(?:articles?|stories|posts|news|topics|reading)
    | advertise?ments? | sponsored(?:\s+content)? | back\s+to\s+top | (?:log|sign)\s+(?:in|up) | subscribe(?:\s+now)?
    | (?:follow|like|find)\s+us(?:\s+on\s+\w+(?:\s+media|(?:,|\s+and|\s+or|\s+&)\s+\w+){{0,3}})?
    | share | tweet | print
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LABELS_BEGIN = frozenset(
    (
        *("first", "last", "originally", "published", "posted", "created", "updated", "modified", "added", "filed"),
        *("please", "share", "print", "email", "e-mail", "save", "tweet", "bookmark", "click", "leave", "post", "add"),
        *("view", "show", "load", "see", "read", "no", "comments", "die", "kommentare", "kommentarfunktion", "los"),
        *("comentarios", "les", "commentaires", "комментарии", "التعليقات", "continue", "skip", "related", "more"),
        *("recommended", "popular", "similar", "advertisement", "advertisements", "advertisments", "advertisment"),
        *("sponsored", "back", "log", "sign", "subscribe", "follow", "like", "find"),
    )
)
"""With one of these words, or a number, begins what _LABEL finds; to look is far quicker."""
_BY = re.compile(
    r"(?:by|(?:written|reported|edited|reviewed|posted|published|translated|compiled|fact[- ]checked|words|photos?|"
    r"photographs?|video|text|story)\s+by)\b[\s:|]*(?P<who>.*)",
    re.IGNORECASE,
)


_PARTED = re.compile(r"\s+[·•|]\s+")
_ROUND = " :|›»>.·•*-–—[](){}…\t"  # what stands round a label


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BY_ELSEWHERE = re.compile(
    r"(?:von|por|par|текст|автор(?:ы)?|autor(?:in|a)?|auteur|بقلم|كتبت?)\b[\s:|]*(?P<who>[^\W\d_].*)", re.IGNORECASE
)


_NAMES_BEGIN = _words("by wr re ed po pu tr co fa wo ph vi te st vo pa те ав au بق كت")
"""With these letters begins what _BY and _BY_ELSEWHERE find."""
_TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow day night morning noon afternoon evening "
    "midnight dawn dusk sunrise sunset"
)
"""By these something happens."""
_SMALL_WORDS = _words(
    "and of the for in at to with via de del della di da la le du et van von der den und bin bint ibn al el dos do y e"
)
_CLOCK_WORDS = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun at on am pm a p m "
    "gmt utc z est edt cst cdt pst pdt bst cet cest eet eest msk"
)
_OPEN_STYLE = r"[^{}<>]{0,120}\{\s*(?:[\w-]+\s*:[^{}]*)?"  # a selector, a brace, declarations
_STYLE = re.compile(
    rf"/\*.*\*/|(?:{_OPEN_STYLE}\}})+\s*|(?:{_OPEN_STYLE}\}})*{_OPEN_STYLE}|(?:\s*[a-z-]+\s*:[^;:{{}}]{{1,80}};)+\s*\}}?|\}}"
)
_RULE = re.compile(r"[\s!-/:-@\[-`{-~•·–—…■▪]*")  # no word, only what draws a line
_STYLE_SIGN = re.compile(r"[{}]|/\*|^\s*-?[a-z]+-[a-z-]+\s*:|\d(?:px|pt|em|rem|cm|%)|#[0-9a-f]{3,6}\b")
_MARKUP = re.compile(r"(?:<[^<>]*>|&#?\w{1,10};|\[/\w+\]|\[\w+\s+\w+=[^\]]*\]|\s)+")
_UPDATED = re.compile(r"\W*(?:last\s+)?(?:updated|modified)\b", re.IGNORECASE)
_LEAD_PUBLISHED = re.compile(rf"\W*{_PUBLISHED}\b(?:\s+(?:on|at|by|in))?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def is_sentence(text: str) -> bool:
    return text[-20:].rstrip(_CLOSERS)[-1:] in _ENDS


def is_label(text: str) -> bool:
    """A word to the reader about the page: share, print, comments, "Published on" with nothing behind it."""
    if len(text) > SHORT:
        return False
    said = text.strip(_ROUND)
    small = said.casefold()
    return small in LABELS or (_may_be_label(small) and bool(_LABEL.fullmatch(said)))


def _may_be_label(small: str) -> bool:
    return small[:1].isdigit() or not _LABELS_BEGIN.isdisjoint(small.split(maxsplit=1)[:1])


def is_pointer(text: str) -> bool:
    """The headline of another article behind "Read also:"."""
    lead, colon, said = text.partition(":")
    return bool(colon) and lead.strip(_ROUND).casefold() in POINTERS and _can_be_headline(said.strip())


def _can_be_headline(text: str) -> bool:
    return text != "" and not text[0].islower() and not text.endswith(".")


def is_byline(text: str) -> bool:
    """Who wrote it or when it was published, and nothing else."""
    return len(text) <= SHORT and not is_sentence(text) and (_names_writer(text) or is_date_line(text))


def is_date_line(text: str) -> bool:
    """A date with at most a label, a clock time, a zone or a weekday beside it."""
    if dates.stated(text) is None:
        return False
    rest = _LEAD_PUBLISHED.sub("", dates.without(text), count=1)
    return _CLOCK_WORDS.issuperset(word.lower() for word in _WORDS.findall(rest))


def is_day(text: str) -> bool:
    """A date line that does not say what happened then, as "published" does."""
    return is_date_line(text) and not _LEAD_PUBLISHED.match(text)


def is_update(text: str) -> bool:
    """A date line that says when the text was last changed."""
    return bool(_UPDATED.match(text))


def is_left_over(text: str) -> bool:
    """Style sheets, tags and short codes that should have been dropped, or no word at all."""
    if not text[:1].isalnum() and (_RULE.fullmatch(text) or _MARKUP.fullmatch(text)):
        return True
    declares = ";" in text and ":" in text
    may_be_style = len(text) <= _STYLED and (declares or "{" in text or "}" in text or "/*" in text)
    return may_be_style and bool(_STYLE.fullmatch(text) and _STYLE_SIGN.search(text))


def is_headline(text: str) -> bool:
    """Short, one sentence without a full stop, more than a single word."""
    if (
        not 3 < len(text) <= HEADLINE
        or text.endswith((".", ",", ";", ":", "…"))
        or re.search(r"\.[\"'”’»)\]]+\Z", text)
    ):
        return False
    return (" " in text or not text.isascii()) and len(sentences(text)) == 1


def _names_writer(text: str) -> bool:
    """Whether "by" and what can be a name is all of it: capitals, small words of names, signs. A clause is not.

    Behind a sign that parts them a date may stand, with a label.
    """
    if text[:2].casefold()[:2] not in _NAMES_BEGIN:
        return False
    said, *others = _PARTED.split(text)
    found = _BY.fullmatch(said)
    if not found and (elsewhere := _BY_ELSEWHERE.fullmatch(said)):
        found = elsewhere if bylines.names(said) else None
    return (
        found is not None and _is_names(found["who"]) and all(_is_names(part) or is_date_line(part) for part in others)
    )


def _is_names(said: str) -> bool:
    bare = dates.without(said)
    words = _WORDS.findall(bare)
    if bare == said and words and words[0].lower() in _TIMES:
        return False
    return all(word[0].isupper() or not word.islower() or word in _SMALL_WORDS for word in words) and len(words) <= 12
