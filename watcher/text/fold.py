"""pure: one word as it stands -> the key it is compared by.

Query words and text words go through the same functions, so a mistake in one is made in the other too. Three forms of
a word, each from the one before:

    plain     Türkiye's "MILITIAS" as written, without soft hyphens, widths and the dots of U.S.
    folded    turkiye, militias: without case and accents
    key       turkiye, militia: the singular; the stem of a Russian or Ukrainian word; or the capitals themselves
              where case makes another word (US, WHO)

`bare` is on the way from the one to the other: folded, or such capitals. It is what a text is cut into.
"""

from __future__ import annotations

from watcher.text.clitics import joined
from watcher.text.letters import MEMO, folded, plain, remembered
from watcher.text.lexicon import IRREGULAR, SMART_CASE, UNCHANGED
from watcher.text.stems import declined, stem

__all__ = ["bare", "cased", "faded", "folded", "is_stemmed", "key", "lookups", "plain", "reduced", "singular"]

_STEMS = 1 << 15  # Russian has a dozen forms of a word
_ES = ("sses", "shes", "ches", "xes", "zzes", "oes")


@remembered(MEMO)
def key(surface: str) -> str:
    """What the index and the matcher compare: "US" for US and U.S., "us" for us, "militia" for Militias."""
    return reduced(bare(surface))


def bare(surface: str) -> str:
    """The word folded, or its capitals where case makes another word: "US" for US and U.S., "militias" for Militias."""
    word = plain(surface)
    return word if word in SMART_CASE else folded(surface)


def reduced(word: str) -> str:
    """The key of a word that is bare."""
    return singular(word) if word.isascii() else _stemmed(word)


@remembered(_STEMS)
def _stemmed(word: str) -> str:
    return stem(word) or singular(word)


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


@remembered(MEMO)
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
