"""pure: text -> the stretches of it that are not told as fact: denied, threatened, planned, rehearsed ..."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from watcher.text.sentences import Range

Kind = Literal["negated", "hypothetical", "conditional", "threatened", "planned", "forecast", "demanded", "rehearsed"]


class Unreal(NamedTuple):
    """What lies from `start` to `end` (code points) is so only as far as its cue says; `cue` is where that stands."""

    start: int
    end: int
    kind: Kind
    cue: Range


def unreal(text: str, sentences: Sequence[Range], lang: str | None = None) -> list[Unreal]:
    """The scopes of a text in reading order, none across two of the sentences. Raises nothing.

    `lang` is a BCP 47 tag; without one English is assumed; a language without cues of its own has no scopes.
    """
    return []
