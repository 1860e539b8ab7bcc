"""edge: sketches <-> bytes in a table: what is known of them first, then their hashes, then a checksum of it all."""

from __future__ import annotations

import sqlite3
import struct
from zlib import crc32

from watcher.model import Revision, Sketch
from watcher.store.queries import SQL

_HEAD = struct.Struct("<HHHHI")
_SUM = struct.Struct("<I")


def keep_sketch(db: sqlite3.Connection, revision: Revision) -> None:
    """That of an item's latest revision, in the transaction of what brought it."""
    if revision.sketch is not None:
        given = {"id": revision.item.id, "number": revision.number, "sketch": packed(revision.sketch)}
        db.execute(SQL["keep_sketch"], given)


def packed(sketch: Sketch) -> bytes:
    runs, marks, denied = len(sketch.runs), len(sketch.marks), len(sketch.denied)
    head = _HEAD.pack(sketch.version, runs, marks, denied, sketch.size)
    told = head + struct.pack(f"<{runs + marks + denied}I", *sketch.runs, *sketch.marks, *sketch.denied)
    return told + _SUM.pack(crc32(told))


def foremost(stored: bytes, version: int, runs: int, marks: int) -> Sketch | None:
    """So many of its runs and marks, soon told; None for what is not as it was written or of another version."""
    told, last = stored[:-4], stored[-4:]
    if len(told) < _HEAD.size or last != _SUM.pack(crc32(told)):
        return None
    its, all_runs, all_marks, denied, size = _HEAD.unpack_from(told)
    if its != version or len(told) != _HEAD.size + 4 * (all_runs + all_marks + denied):
        return None
    runs, marks = min(runs, all_runs), min(marks, all_marks)
    first = struct.unpack_from(f"<{runs}I", told, _HEAD.size)
    telling = struct.unpack_from(f"<{marks}I", told, _HEAD.size + 4 * all_runs)
    return Sketch(runs=first, size=size, marks=telling, version=version)


def unpacked(stored: bytes) -> Sketch | None:
    """None for what is not as it was written."""
    told, last = stored[:-4], stored[-4:]
    if len(told) < _HEAD.size or last != _SUM.pack(crc32(told)):
        return None
    version, runs, marks, denied, size = _HEAD.unpack_from(told)
    if len(told) != _HEAD.size + 4 * (runs + marks + denied):
        return None
    hashes = struct.unpack_from(f"<{runs + marks + denied}I", told, _HEAD.size)
    ends = runs + marks
    return Sketch(runs=hashes[:runs], size=size, marks=hashes[runs:ends], denied=hashes[ends:], version=version)
