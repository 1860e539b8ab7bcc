"""pure: an English word -> all its inflected forms.

Without a dictionary: the rules of English spelling, and as data (text.paradigms) what they do not tell. A form that
English does not use does no harm in a query; one that is another word would, and those are data too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from watcher.text.fold import folded, singular
from watcher.text.lexicon import IRREGULAR, UNCHANGED
from watcher.text.paradigms import (
    ADJECTIVE_VERBS,
    ADJECTIVES,
    COMPARED,
    DOUBLING,
    E_STEM,
    E_STEMS,
    EE_VERBS,
    EITHER,
    HARD_C,
    HARD_CH,
    IE_VERBS,
    IN_LY,
    IRREGULAR_VERBS,
    KEEP_E,
    NO_FORMS,
    NO_VERBS,
    NOT_FORMS,
    NOUNS,
    O_ES,
    OWN,
    PREFIXES,
    REGULAR,
    UNWANTED,
    VERBS,
    WHOLE,
)

_MEMO = 1 << 16
_WORD = re.compile(r"[a-z]{2,}")
_Y = re.compile(r".*[^aeiou]y|.*quy")  # deny, soliloquy
_SHORT = re.compile(r"(?:[^aeiou]|qu)*[aeiouy][^aeiouwxy]")  # plan, quit: one vowel, one consonant
_DOUBLED = re.compile(r".*[aeiouy].*([bcdfgklmnprstvz])\1")
_BROAD_L = re.compile(r".*[aeiou].*[^aeiou][ae]l|(?:[^aeiou]|qu)*(?:ue|ia)l")  # travel, signal, fuel, dial
_PLURALS = {one: many for many, one in reversed(IRREGULAR.items())} | {"be": "is", "have": "has"}


@lru_cache(_MEMO)
def inflections(word: str) -> tuple[str, ...]:
    """Every inflected form of an English word, folded, itself first: strike, strikes, struck, stricken, striking.

    An inflected form given stands for its word: struck gives strike's. One in -ing is a noun, with its plural:
    shelling is not a shell, training not a train. Nothing is derived: no generally of general, no bomber of bomb. What
    is no English word in the letters a-z has itself only.
    """
    own = folded(word)
    if not _WORD.fullmatch(own) or own in NO_FORMS or (own.endswith("ly") and own not in IN_LY):
        return (own,)
    families = ((base, *_family(base)) for base in _bases(own))
    found = next((family for family in families if own in family), None) or (own, *_family(own))
    if own.endswith("ing") and found[0] != own:
        return (own, f"{own}s")
    return tuple(dict.fromkeys((own, *found)))


def _family(base: str) -> tuple[str, ...]:
    """The forms of a word that is none itself."""
    found = [*([] if base in ADJECTIVES else _ending_in_s(base)), *_compared(base)]
    if _is_verb(base):
        found += [*_past(base), *_ing(base)]
    return tuple(form for form in found if form not in UNWANTED.get(base, ()))


def _is_verb(base: str) -> bool:
    if base in NOUNS or base in ADJECTIVES:
        return False
    known = base in VERBS or base in ADJECTIVE_VERBS or _root(base) is not None
    return known or not NO_VERBS.fullmatch(base) or _behind_prefix(base)


def _behind_prefix(base: str) -> bool:
    """Whether it is a verb that ends like a noun with something before it: reapply, rediscover."""
    return any(base.startswith(p) and base[len(p) :] in VERBS for p in PREFIXES)


def _ending_in_s(base: str) -> Iterator[str]:
    """The plural of a noun, the third person of a verb."""
    if base in _PLURALS:
        yield _PLURALS[base]
    if base not in _PLURALS or (_is_verb(base) and base not in ("be", "have")):
        yield _with_s(base)


def _with_s(base: str) -> str:
    if _Y.fullmatch(base):
        return base[:-1] + "ies"
    if base.endswith("sis"):
        return base[:-2] + "es"
    hisses = base.endswith(("s", "x", "z", "ch", "sh")) and base not in HARD_CH
    return base + "es" if hisses or base in O_ES else base + "s"


def _past(base: str) -> Iterator[str]:
    root = _root(base)
    if root is not None:
        yield from (base.removesuffix(root) + form for form in IRREGULAR_VERBS[root])
    elif base.endswith("e"):
        yield base + "d"
    elif _Y.fullmatch(base):
        yield base[:-1] + "ied"
    else:
        yield from (stem + "ed" for stem in _stems(base))


def _ing(base: str) -> Iterator[str]:
    if base in IE_VERBS:
        yield base[:-2] + "ying"
    elif base.endswith("e") and len(base) > 2 and not base.endswith(("ee", "oe", "ye")) and base not in KEEP_E:
        yield base[:-1] + "ing"
    elif base.endswith("e"):
        yield base + "ing"
    else:
        yield from (stem + "ing" for stem in _stems(base))


def _stems(base: str) -> Iterator[str]:
    """What -ed and -ing are put to: plann, visit, panick, travel and travell."""
    if base in HARD_C:
        yield base + "k"
        return
    broad = _BROAD_L.fullmatch(base) and base not in DOUBLING
    doubles = base in DOUBLING or base in EITHER or _SHORT.fullmatch(base) or _SHORT.fullmatch(_root(base) or "")
    if not doubles or broad or base in EITHER:
        yield base
    if doubles or broad:
        yield base + base[-1]


@lru_cache(_MEMO)
def _root(base: str) -> str | None:
    """The irregular verb that a verb is made of."""
    if base in IRREGULAR_VERBS:
        return base
    if base in REGULAR:
        return None
    return next((base[len(p) :] for p in PREFIXES if base.startswith(p) and base[len(p) :] in IRREGULAR_VERBS), None)


def _compared(base: str) -> tuple[str, ...]:
    if base in COMPARED or (base not in ADJECTIVES and base not in ADJECTIVE_VERBS):
        return COMPARED.get(base, ())
    stem = base.removesuffix("e")
    stem = stem[:-1] + "i" if _Y.fullmatch(base) else stem
    stem += base[-1] if _SHORT.fullmatch(base) else ""
    return stem + "er", stem + "est"


def _bases(form: str) -> Iterator[str]:
    """The words that a word may be a form of, the likeliest first; none for most that are no form."""
    if any(form in words for words in (OWN, NOT_FORMS, VERBS, ADJECTIVE_VERBS)):
        return
    irregular = [*_COMPARED_BASES.get(form, ()), *_IRREGULAR_BASES.get(form, ()), *_irregular_behind_prefix(form)]
    yield from irregular or (*_without_s(form), *_without_ending(form))


def _without_s(form: str) -> Iterator[str]:
    if form.endswith("s"):
        yield from (base for base in (form[:-1], form[:-2]) if base in IE_VERBS or (base in VERBS and base[-1] == "s"))
    if singular(form) != form and form not in UNCHANGED:
        yield singular(form)


def _without_ending(form: str) -> Iterator[str]:
    """What stands before -ed or -ing, set right."""
    if form.endswith("ied"):
        ends = (form[:-1] in IE_VERBS, form[:-1]), (form[:-2] in VERBS, form[:-2]), (True, form[:-3] + "y")
        yield next(base for known, base in ends if known)
    elif form.endswith("eed"):
        yield from [form[:-1]] if form[:-1] in EE_VERBS else []
    elif form.endswith("ed"):
        yield from _from_stem(form[:-2])
    elif form.endswith("ying") and form[:-4] + "ie" in IE_VERBS:
        yield form[:-4] + "ie"
    elif form.endswith("ing"):
        yield from _from_stem(form[:-3])


def _irregular_behind_prefix(form: str) -> Iterator[str]:
    for prefix in PREFIXES:
        for base in _IRREGULAR_BASES.get(form.removeprefix(prefix), ()) if form.startswith(prefix) else ():
            if prefix + base not in REGULAR and _root(prefix + base):
                yield prefix + base


def _from_stem(stem: str) -> list[str]:
    """The verbs whose -ed or -ing form may have this before the ending, the likeliest first."""
    if len(stem) < 2 or not re.search("[aeiouy]", stem):
        return []
    if _is_doubled(stem) or (stem.endswith("ck") and stem[:-1] in HARD_C):
        return [stem[:-1]]
    return [stem + "e", stem] if _lacks_e(stem) else [stem, stem + "e"]


def _is_doubled(stem: str) -> bool:
    """Whether the last consonant is there twice because of the ending: plann-, travell-, but not pass- or add-."""
    if not _DOUBLED.fullmatch(stem) or stem in WHOLE:
        return False
    base = stem[:-1]
    settled = base in DOUBLING or base in EITHER or _BROAD_L.fullmatch(base) is not None
    return settled if stem[-1] in "lsfz" else stem in _stems(base)


def _lacks_e(stem: str) -> bool:
    """Whether what stands before -ed or -ing has lost an e: determin-, but not visit-."""
    if stem in E_STEM or _SHORT.fullmatch(stem) or stem + "e" in KEEP_E or _root(stem + "e"):
        return stem not in WHOLE and stem not in EITHER
    whole = stem in WHOLE or stem in VERBS or stem in DOUBLING or _root(stem)
    return not whole and E_STEMS.fullmatch(stem) is not None


def _inverse(table: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for base, forms in table.items():
        for form in forms:
            if form != base:
                found[form] = (*found.get(form, ()), base)
    return found


_IRREGULAR_BASES = _inverse(IRREGULAR_VERBS)
_COMPARED_BASES = _inverse({base: _compared(base) for base in ADJECTIVES | ADJECTIVE_VERBS | COMPARED.keys()})
