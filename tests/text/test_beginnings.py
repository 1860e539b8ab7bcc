"""A wildcard is found in an index of keys by all of its letters, and misses no word that begins so."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.text.beginnings import otherwise
from watcher.text.fold import folded, key
from watcher.text.lexicon import IRREGULAR, SMART_CASE, UNCHANGED
from watcher.text.stems import ALTERNATING
from watcher.text.tokens import HEAD, spans

LISTED = sorted({*IRREGULAR, *UNCHANGED, *ALTERNATING, *SMART_CASE})
ENDINGS = ["s", "es", "ies", "men", "ць", "ець", "ь", "ами", "ів", "ий", "ом", "и", "ого", "ейшего", "нн"]

words = st.one_of(
    st.sampled_from(LISTED),
    st.builds(str.__add__, st.from_regex("[a-zé]{1,7}", fullmatch=True), st.sampled_from(ENDINGS)),
    st.builds(str.__add__, st.from_regex("[а-яёіїєґ’]{1,7}", fullmatch=True), st.sampled_from(ENDINGS)),
    st.from_regex(r"\w{1,8}[.'’]?\w{0,4}s?", fullmatch=True),
    st.text(min_size=1, max_size=8),
)


@settings(max_examples=100_000 if os.environ.get("WATCHER_SOAK") else 400)
@given(words, st.sampled_from([str, str.upper, str.capitalize]))
def test_a_word_has_a_key_that_each_of_its_beginnings_finds(word: str, form: type[str]) -> None:
    surface = form(word)
    for start, end in spans(surface):
        bare, found = folded(surface[start:end]), key(surface[start:end])
        for n in range(HEAD, len(bare) + 1):
            assert found.startswith(bare[:n]) or found in otherwise(bare[:n])


def test_other_keys_are_few_and_told_to_the_letter() -> None:
    assert otherwise("milit") == frozenset()
    assert otherwise("compani") == {"company"}
    assert otherwise("policemen") == {"policeman"}
    assert otherwise("mice") == {"mouse"}
    assert otherwise("who") == {"WHO"}
    assert otherwise("киї") == {"києв"}
    assert otherwise("москвы") == {"мос", "моск", "москв"}
    assert otherwise("українець") >= {"українц"}
