"""pure: words, as folded -> which of them say no.

Enough to see that of two texts in the same words one denies the other: the words of many languages together, each of
which by itself turns what stands round it. That a word says no in one and something else in another does little harm,
for it is asked only where two texts differ by it.
"""

from __future__ import annotations

from itertools import pairwise

from watcher.text.fold import key

__all__ = ["STEMS", "denying"]

_WORDS = """
not no never cannot none nobody nothing neither nor without isnt arent wasnt werent hasnt havent hadnt
doesnt dont didnt wont wouldnt cant couldnt shouldnt
nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder
n ne pas jamais aucun aucune ni rien
nunca jamás sin ningún ninguno ninguna nadie tampoco
non senza nessun nessuno nessuna né
não nunca sem nenhum nenhuma ninguém nem
niet geen nooit zonder
nie nigdy nikt bez żaden
inte ingen inget inga aldrig utan ikke aldri uden uten
ei eivät eikä nem soha nici fără
ні немає ніколи
değil yok hiç hayır
لم لن لا ليس ليست بدون دون غير نه نیست بدون
לא אין בלי אינו אינה
नहीं न मत बिना
tidak bukan tanpa belum không chưa
不 没 沒 未 無 无 非 否 勿 ません ない なく なかっ ぬ ず
안 못 아니다
"""
STEMS = frozenset(("без", "не", "нельз", "нет", "ни", "никогд", "никт", "нич"))
"""The same in Russian, by what its stemmer makes of them: to ask it would load it into each watcher."""
_STARTS = ("않", "없", "못했", "못하", "아니")


def _known() -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Words, and the first two of those that are several where no spaces part them."""
    single, double = set(), set()
    for word in _WORDS.split():
        if len(word) > 1 and "぀" <= word[0] <= "ヿ":
            double.add((key(word[0]), key(word[1])))
        else:
            single.add(key(word))
    return STEMS.union(single), frozenset(double)


_SINGLE, _DOUBLE = _known()
_SIGNS = _SINGLE.union(first for first, _ in _DOUBLE)


def denying(words: list[str]) -> list[str] | None:
    """What is left of these without those that say no: "had" of "hadn't", nothing of "not". None where none does."""
    if _SIGNS.isdisjoint(words) and not any(word.endswith("n't") or word.startswith(_STARTS) for word in words):
        return None
    gone = {place for place, word in enumerate(words) if word in _SINGLE or word.startswith(_STARTS)}
    for place, pair in enumerate(pairwise(words)):
        if pair in _DOUBLE:
            gone |= {place, place + 1}
    left = ["" if place in gone else word.removesuffix("n't") for place, word in enumerate(words)]
    return None if left == words else left
