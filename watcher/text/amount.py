"""pure: text -> how much it says, in words, also where no blanks stand between them."""

from __future__ import annotations

import re

__all__ = ["words"]

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> int:
    """Runs of letters and digits; of Chinese and Japanese two characters count for one."""
    if not (wide := len(_WIDE.findall(text))):
        return len(_WORD.findall(text))
    return (wide + 1) // 2 + len(_WORD.findall(_WIDE.sub(" ", text)))
