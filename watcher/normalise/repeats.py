"""pure: the body's texts -> which of their sentences say what one before them said."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.text.sentences import sentences

__all__ = ["any_twice", "cut"]

LONG = 40  # code points: what is shorter is said twice on purpose
_QUOTES = str.maketrans("‘’“”„«»", '\'\'"""""')
_STOPS = "!?…。！？؟"


def any_twice(texts: Sequence[str]) -> bool:
    """Whether some sentence may stand twice in them: quickly, by what stands between full stops."""
    parts = [part for part in _parted(".".join(texts)) if len(part) >= LONG]
    if len(set(parts)) < len(parts):
        return True
    return len({part.strip(" \"'”’“") for part in parts}) < len(parts)


def cut(text: str, seen: set[str]) -> list[tuple[int, int, bool]]:
    """From where to where it is new, or said before, one after the other; what is new is noted in `seen`."""
    runs: list[tuple[int, int, bool]] = []
    for start, end in sentences(text):
        said = text[start:end].casefold().translate(_QUOTES)
        again = end - start >= LONG and said in seen
        seen.add(said)
        if runs and runs[-1][2] is again:
            runs[-1] = (runs[-1][0], end, again)
        else:
            runs.append((start, end, again))
    return runs


def _parted(text: str) -> list[str]:
    for stop in _STOPS[:2] if text.isascii() else _STOPS:
        text = text.replace(stop, ".")
    return text.split(".")
