"""edge: a stretch of work -> the same without pauses of the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """For loading rules, which makes a million objects that stay and hardly any garbage.

    To look through them again and again costs a quarter of the time and holds everything else meanwhile, so what is
    there at the end is never looked through again; it still goes when nothing refers to it any more.
    """
    if not gc.isenabled():  # within another such stretch
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
