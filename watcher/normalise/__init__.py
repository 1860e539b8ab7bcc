"""pure: entry -> item: identity, URL, dates, which block is what, language, fingerprint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from watcher.model import Block, Entry, Feed, Identity, Item, Learned, PlacedBlock, Role
from watcher.normalise import clean, dates, identity, roles, signs, url
from watcher.normalise.roles import Verdict
from watcher.text.cut import cut
from watcher.text.sentences import first_sentence

__all__ = ["normalise"]

TITLE = 1000  # code points
FIRST_SENTENCE = 120  # code points
TEXT = 256 * 1024  # bytes of UTF-8
NAMES = 100  # authors, and tags, an item keeps
_GAP = "\n\n"
_NOTHING = Learned()
_LANG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")


def normalise(entry: Entry, feed: Feed, *, by: Identity = Identity.GUID, learned: Learned = _NOTHING) -> Item:
    """What is stored and matched of an entry, told apart `by` that. Any entry makes an item; nothing is raised.

    What was `learned` of the pages of its site tells blocks that are the site's and not the article's.
    """
    blocks = _blocks(entry)
    own_title = cut(clean.label(entry.title), TITLE)
    title = own_title or clean.label(roles.headline(blocks) or "")
    verdicts = roles.judge(blocks, title)
    body = [block.text for block, verdict in zip(blocks, verdicts, strict=True) if verdict.role is Role.BODY]
    text, summary = _GAP.join(body), _limited(clean.line(entry.summary))
    shown = title or _first_sentence([*body, *(block.text for block in blocks)])
    key = identity.key(entry, by)
    return Item(
        id=identity.item_id(feed.id, key),
        feed=feed.id,
        key=key,
        fingerprint=identity.fingerprint(shown, text, summary),
        url=url.address(entry.link),
        canonical=url.canonical(entry.link),
        title=shown,
        title_from_text=not title and bool(shown),
        text=text,
        summary=summary,
        raw=_GAP.join(block.text for block in blocks),
        blocks=_placed(blocks, verdicts),
        authors=_names(entry.authors),
        tags=_names((*entry.tags, *feed.tags)),
        lang=_lang(entry.lang) or _lang(feed.lang),
        published=dates.utc(entry.published) or _published(blocks, verdicts),
        updated=dates.utc(entry.updated),
        said=cut(clean.line(entry.said), TITLE),
        outlet=cut(clean.label(entry.outlet), TITLE),
        learned=learned.version,
    )


def _blocks(entry: Entry) -> list[Block]:
    """The content, else the summary, as it is stored: cleaned, and TEXT bytes at most."""
    kept: list[Block] = []
    left = TEXT
    for block in entry.blocks or (Block(text=entry.summary),):
        text = clean.line(block.text)
        size = len(text.encode()) + len(_GAP)
        if text and left > len(_GAP):
            kept.append(Block(text=text if size <= left else _limited(text, left), kind=block.kind, links=block.links))
            left -= size
    return kept


def _limited(text: str, size: int = TEXT) -> str:
    """The text in at most that many bytes, cut on a word."""
    kept = clean.within(text, size)
    return text if kept == text else cut(text, max(1, len(kept) - 2))  # the ellipsis is three bytes


def _placed(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> tuple[PlacedBlock, ...]:
    placed, at = [], 0
    for block, verdict in zip(blocks, verdicts, strict=True):
        end = at + len(block.text)
        placed.append(PlacedBlock(start=at, end=end, role=verdict.role, why=verdict.why))
        at = end + len(_GAP)
    return tuple(placed)


def _first_sentence(texts: Iterable[str]) -> str:
    said = (first_sentence(text[:TITLE], FIRST_SENTENCE) for text in texts)
    return next((label for sentence in said if (label := clean.label(sentence))), "")


def _published(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> datetime | None:
    """The date a byline states, else the first paragraph's dateline. None is made up."""
    by_role = [(verdict.role, block.text) for block, verdict in zip(blocks, verdicts, strict=True)]
    bylines = (text for role, text in by_role if role is Role.BYLINE and not signs.is_update(text))
    stated = next((moment for text in bylines if (moment := dates.stated(text))), None)
    return stated or dates.dateline(next((text for role, text in by_role if role is Role.BODY), ""))


def _names(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = (cut(clean.label(name), TITLE) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:NAMES]


def _lang(said: str | None) -> str | None:
    """A BCP 47 tag in lower case; None for anything else."""
    tag = (said or "").strip().lower().replace("_", "-")
    return tag if _LANG.fullmatch(tag) else None
