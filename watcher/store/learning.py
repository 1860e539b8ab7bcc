"""edge: what was learned of the pages of a feed's sites -> a row a feed.

It costs nothing that cannot be learned again: a row that is not as it was written is as good as none.
"""

from __future__ import annotations

import sqlite3
import struct
from typing import Any
from zlib import crc32

from watcher.model import FeedId, Learned
from watcher.store.queries import SQL
from watcher.store.session import Session

_SUM = struct.Struct("<I")


class Learning(Session):
    """What comes again and again on the pages of a site. The contract is ports.Store."""

    def learned(self, feed: FeedId) -> Learned:
        with self.reading() as db:
            row = db.execute(SQL["learned"], {"feed": feed}).fetchone()
        return (row and readable(row)) or Learned()


def keep(db: sqlite3.Connection, feed: FeedId, learned: Learned) -> None:
    """For what is saved with it in one transaction."""
    packed = struct.pack(f"<{2 * len(learned.blocks)}Q", *learned.blocks, *learned.blocks.values())
    blocks = _SUM.pack(_sum(learned.version, learned.pages, packed)) + packed
    db.execute(
        SQL["keep_learned"], {"feed": feed, "version": learned.version, "pages": learned.pages, "blocks": blocks}
    )


def readable(row: Any) -> Learned | None:
    """A row as it was kept; None where it is damaged."""
    try:
        version, pages, (told,), packed = (
            row["version"],
            row["pages"],
            _SUM.unpack(row["blocks"][:4]),
            row["blocks"][4:],
        )
        if told != _sum(version, pages, packed):
            return None
        numbers = struct.unpack(f"<{len(packed) // 8}Q", packed)
    except (TypeError, struct.error):
        return None
    half = len(numbers) // 2
    return Learned(version=version, pages=pages, blocks=dict(zip(numbers[:half], numbers[half:], strict=True)))


def _sum(version: int, pages: int, packed: bytes) -> int:
    return crc32(packed, crc32(f"{version} {pages}".encode()))
