"""A labelled item as a test beside its rule: a text file that a folder feed reads back, or else spelled out."""

from __future__ import annotations

from hashlib import blake2b

from watcher.model import Feed, FeedId, File, Hash64, Item, Role
from watcher.normalise import normalise
from watcher.parse.text import entry_from_file
from watcher.run.clock import SystemClock
from watcher.yamldoc import Data

_READER = Feed(id=FeedId("test"), url="test")


def as_file(item: Item, name: str) -> bytes | None:
    """The item's title, place and text as a plain text; None where it would be read as something else."""
    paragraphs = _text(item).split("\n\n")
    heads = ([],) if item.title_from_text or not item.title else ([item.title], [f"# {item.title}"])
    for head in heads:
        body = "\n\n".join([*head, *paragraphs]).encode() + b"\n"
        read = _read(body, name)
        if _said(read) == _said(item):
            return body
    return None


def spelled_out(item: Item) -> dict[str, Data]:
    """The keys of a test that says the item itself."""
    title = {} if item.title_from_text else {"title": item.title}
    text = _text(item)
    return {**title, "text": text + "\n" * ("\n" in text)}


def _text(item: Item) -> str:
    """The text behind its dateline, as it was written."""
    lines = (item.raw[block.start : block.end] for block in item.blocks if block.role is Role.DATELINE)
    dateline = next(lines, "") if item.place else ""
    return f"{dateline} {item.text}" if dateline else item.text


def _said(item: Item) -> tuple[str, bool, str, str]:
    return item.title, item.title_from_text, item.place, item.text


def _read(body: bytes, name: str) -> Item:
    digest = Hash64(int.from_bytes(blake2b(body, digest_size=8).digest(), "big", signed=True))
    file = File(name=name, url=f"file:///{name}", body=body, modified=SystemClock().now(), hash=digest)
    return normalise(entry_from_file(file), _READER)
