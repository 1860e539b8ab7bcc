"""pure: a feed's title and entries -> what it says when all that it says is that it failed.

Bridges and readers that make feeds of something else answer 200 with an entry that tells their own trouble. That is no
news, and nothing of it may be stored. A feed about other people's errors is a feed: so the words must speak of a feed
or be a status line in full, with nothing else in it, and no text that is long enough to be an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.model import Entry
from watcher.text.shown import line

MOST = 2
"""Entries that a feed of nothing but its trouble has at most."""
_ARTICLE = 60  # words that only somebody who has something to tell would write

_FEED = (
    r"(?:(?:the|this|your|our|an?) )?(?:(?:rss|atom|xml|news|source|remote|upstream|original|requested) )*"
    r"(?:feeds?|rss(?:[- ]bridge)?)"
)
_MAKE = r"(?:access|build|creat|download|fetch|generat|gett?|load|pars|process|produc|read|render|retriev|updat)"
_STATES = (
    r"(?:available|broken|closed|deactivated|disabled|discontinued|expired|fetched|found|generated|inactive|invalid|"
    r"loaded|moved|parsed|read|retired|retrieved|suspended|unavailable|active)"
)
_STATUS = (
    r"(?:bad gateway|bad request|forbidden|gateway time-?out|gone|internal server error|not found|"
    r"request time-?out|service (?:temporarily )?unavailable|too many requests|unauthori[sz]ed)"
)
_SURE = re.compile(r"bridge returned error\b.*|rss reader not yet whitelisted\W*", re.IGNORECASE | re.DOTALL)
_OF_ITSELF = re.compile(
    r"(?:\W*(?:error|warning)\b\W*)?(?:"
    rf"(?:an? )?(?:error|exception|failure|problem)s?(?: occurred)?(?: in| on| when| while| with)? {_MAKE}ing {_FEED}"
    rf"|(?:can ?not|can[’']t|could not|couldn[’']t|failed to|unable to) {_MAKE}e? {_FEED}"
    rf"|{_FEED} (?:(?:fetch|generation|request|update) )?(?:error|failed|failure|time-?out)"
    rf"|{_FEED} (?:(?:is|was|has|been|could|cannot|be|currently|no|longer|not|now|permanently|temporarily) )*{_STATES}"
    rf"|(?:expired|invalid|missing|unknown) {_FEED}"
    r")(?:\W*| ?[:.,;!(–—-].*| (?:at|because|by|due|for|from|please|to|until) .*)",
    re.IGNORECASE | re.DOTALL,
)
_STATUS_LINE = re.compile(
    rf"(?:http )?(?:error )?(?:code )?[45]\d\d(?: error)?\W{{1,3}}{_STATUS}\W*|{_STATUS} \([45]\d\d\)\W*", re.IGNORECASE
)


def failed_feed(title: str, entries: Sequence[Entry]) -> str | None:
    """One line for the operator; None for a feed that is one. `entries` are all that its document has, known ones too.

    An empty feed is a good one unless its own title says otherwise.
    """
    if len(entries) > MOST:
        return None
    said = [" ".join(entry.title.split()) for entry in entries]
    if entries and all(_is_trouble(each, entry) for each, entry in zip(said, entries, strict=True)):
        return f"the feed's only {'entry says' if len(said) == 1 else 'entries say'} that it failed: “{line(said[0])}”"
    if not entries and _speaks_of_itself(title):
        return f"the feed has no entries, and its title says that it failed: “{line(title)}”"
    return None


def _is_trouble(title: str, entry: Entry) -> bool:
    if _SURE.fullmatch(title):
        return True
    return (_speaks_of_itself(title) or bool(_STATUS_LINE.fullmatch(title))) and _words(entry) < _ARTICLE


def _speaks_of_itself(title: str) -> bool:
    title = " ".join(title.split())[:1000]
    return bool(_SURE.fullmatch(title) or _OF_ITSELF.fullmatch(title))


def _words(entry: Entry) -> int:
    return sum(len(block.text.split()) for block in entry.blocks)
