"""pure: one word as it stands -> the key it is compared by.

Query words and text words go through the same functions, so a mistake in one is made in the other too. Three forms of
a word, each from the one before:

    plain     Türkiye's "MILITIAS" as written, without soft hyphens, widths and the dots of U.S.
    folded    turkiye, militias: without case and accents
    key       turkiye, militia: the singular; the stem of a Russian or Ukrainian word; or the capitals themselves
              where case makes another word (US, WHO)
"""

from __future__ import annotations

from functools import lru_cache

from watcher.text.clitics import joined
from watcher.text.letters import folded, plain
from watcher.text.lexicon import IRREGULAR, SMART_CASE, UNCHANGED
from watcher.text.stems import declined, stem

__all__ = ["cased", "faded", "folded", "is_stemmed", "key", "lookups", "plain", "singular"]

_MEMO = 1 << 16  # words; a day of English news has about half as many
_ES = ("sses", "shes", "ches", "xes", "zzes", "oes")


@lru_cache(_MEMO)
def key(surface: str) -> str:
    """What the index and the matcher compare: "US" for US and U.S., "us" for us, "militia" for Militias."""
    word = plain(surface)
    if word in SMART_CASE:
        return word
    bare = folded(surface)
    return (None if bare.isascii() else stem(bare)) or singular(bare)


def is_stemmed(surface: str) -> bool:
    """Whether a word is compared by its stem: Москва finds Москвы."""
    return stem(folded(surface)) is not None


def faded(word_key: str) -> str:
    """The key of the same word where case tells nothing: WHO is "who" in a line of capitals, US stays "US"."""
    return word_key if SMART_CASE.get(word_key, True) else word_key.lower()


def lookups(surface: str) -> frozenset[str]:
    """Keys that a query word finds: with what Arabic and Korean write on to a word, and its cases in Russian."""
    word = folded(surface)
    return cased(surface).union(joined(word), declined(word))


def cased(surface: str) -> frozenset[str]:
    """The keys of a word in capitals or not: `US` only itself, `us` both."""
    own = key(surface)
    if own in SMART_CASE:
        return frozenset((own,))
    capitals = {folded(surface).upper(), own.upper()}
    return frozenset((own, *(capitals & SMART_CASE.keys())))


def singular(word: str) -> str:
    """The singular of a folded English word; of an unknown one what its ending suggests, always the same."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or word in UNCHANGED:
        return word
    if word.endswith("men") and word[-4].isalpha() and len(word) > 4:
        return word[:-2] + "an"
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or not word[-2].isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_ES) else word[:-1]
