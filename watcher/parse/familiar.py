"""pure: a document, the hashes of entries in the last one and their scope -> the document divided as split.py does.

Most of a document was there at the last poll. An entry whose bytes have a known hash was found there to be one element,
well-formed, without a doubt, within certain namespaces. Where the namespaces are the same now, that still holds of it,
and it need not be looked into: an empty entry in place of a run of them tells the same of what is round it. So the
bytes between entry tags are looked up first, and the scan is given the document with stubs for those that are known.
What it finds counts only if there is no doubt, the scope is the same and each stub is an entry to it, not in a comment.
Entries that declare namespaces of their own are looked into, as these count for the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from watcher.model import Hash64, RawEntry
from watcher.parse.limits import hash64
from watcher.parse.split import Split, split

_FIRST = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:item|entry))[\s>]")
_BLANK = b" \t\r\n"
_ENDS = frozenset((b" ", b"\t", b"\r", b"\n", b">"))  # of a tag's name


def split_known(data: bytes, known: frozenset[Hash64], scope: Hash64 | None) -> Split | None:
    """None where that is not certain to be what `split` gives, or would spare nothing."""
    first = _FIRST.search(data) if known and scope is not None else None
    if first is None:
        return None
    marked = _marked(data, first[1], first.start())
    familiar = [each for each in marked if each.hash in known and data.find(b"xmlns", each.start, each.end) < 0]
    stub = b"<%b/>" % first[1]
    pieces: list[bytes] = []
    runs: dict[int, list[RawEntry]] = {}  # by where their stub is
    run: list[RawEntry] = []
    copied = size = 0
    for entry in familiar:
        between = data[copied : entry.start]
        copied = entry.end
        if run and not between.strip(_BLANK):
            run.append(entry)
            continue
        runs[size + len(between)] = run = [entry]
        pieces += (between, stub)
        size += len(between) + len(stub)
    parts = split(b"".join((*pieces, data[copied:]))) if runs else None
    return _filled(parts, runs) if parts and parts.scope == scope and not parts.doubt else None


def _marked(data: bytes, name: bytes, at: int) -> Iterator[RawEntry]:
    """What stands from a start tag of this name to the next end tag."""
    start, end = b"<" + name, b"</%b>" % name
    while at >= 0:
        after = at + len(start)
        if data[after : after + 1] in _ENDS:
            if (last := data.find(end, after)) < 0:
                return
            after = last + len(end)
            yield RawEntry(start=at, end=after, hash=hash64(data[at:after]))
        at = data.find(start, after)


def _filled(parts: Split, runs: Mapping[int, Sequence[RawEntry]]) -> Split | None:
    """With the known entries where their stubs are, and everything where it stands in the whole."""
    entries: list[RawEntry] = []
    shift = found = 0
    for entry in parts.entries:
        if run := runs.get(entry.start):
            entries += run
            shift = run[-1].end - entry.end
            found += 1
        else:
            entries.append(RawEntry(start=entry.start + shift, end=entry.end + shift, hash=entry.hash))
    return replace(parts, entries=tuple(entries)) if found == len(runs) else None
