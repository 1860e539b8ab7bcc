"""pure: nouns <-> rows. Times are microseconds since 1970 UTC, lists JSON, hashes packed integers."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pydantic import TypeAdapter

from watcher.model import (
    BEGINS,
    Alert,
    AlertKind,
    AlertState,
    BlockKind,
    Condition,
    Delivery,
    Dispatch,
    Episode,
    Feed,
    FeedId,
    FeedPause,
    FeedState,
    Habits,
    Hash64,
    Item,
    Link,
    Match,
    Origin,
    PlacedBlock,
    Reason,
    Revision,
    Role,
    Root,
    Rule,
    Section,
    Severity,
    Silence,
    Span,
    Standing,
    Template,
    ToldItem,
    Updates,
)

FEED = TypeAdapter(Feed)
RULE = TypeAdapter(Rule)
TEMPLATE = TypeAdapter(Template)
EVIDENCE = TypeAdapter(tuple[Span, ...])
STANDING = TypeAdapter(Standing)
HABITS = TypeAdapter(Habits)
NO_HABITS = Habits()
LINK = TypeAdapter(Link)
FOREVER = 2**62
"""A moment that never comes."""

Row = Mapping[str, object]
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # made once: `json.dumps` makes one for each value
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# values


def micros(moment: datetime) -> int:
    """Raises TypeError for a time without a zone."""
    return (moment - _EPOCH) // _MICROSECOND


def maybe_micros(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)


def moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def maybe_moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else moment(microseconds)


def packed(hashes: frozenset[Hash64]) -> bytes:
    return struct.pack(f"<{len(hashes)}q", *sorted(hashes))


def unpacked(blob: bytes) -> frozenset[Hash64]:
    return frozenset(struct.unpack(f"<{len(blob) // 8}q", blob))


def dumped(value: object) -> str:
    return _JSON.encode(value)


# feeds


@lru_cache(1 << 14)
def feed(config: str) -> Feed:
    """A feed as it is stored: the same one as long as the text is the same."""
    return FEED.validate_json(config)


def feed_state(stored: sqlite3.Row) -> FeedState:
    row = dict(zip(stored.keys(), stored, strict=True))  # a Row looks for each name along its forty columns
    return FeedState(
        feed=feed(row["config"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        entry_hashes=unpacked(row["entry_hashes"]),
        baselined=bool(row["baselined"]),
        polls=row["polls"],
        failures=row["failures"],
        error=row["error"],
        next_at=maybe_moment(row["next_at"]),
        polled_at=maybe_moment(row["polled_at"]),
        good_at=maybe_moment(row["good_at"]),
        new_at=maybe_moment(row["new_at"]),
        added_at=moment(row["added_at"]),
        ttl=row["ttl"],
        moved_to=row["moved_to"],
        moved_polls=row["moved_polls"],
        found_at=row["found_at"],
        trouble=row["trouble"],
        status=row["status"],
        strain=row["strain"],
        failing_since=maybe_moment(row["failing_since"]),
        condition=Condition(row["condition"]),
        condition_at=maybe_moment(row["condition_at"]),
        told=Condition(row["told"]),
        told_since=maybe_moment(row["told_since"]),
        pause=feed_pause(row),
        habits=NO_HABITS if row["habits"] == "{}" else HABITS.validate_json(row["habits"]),
    )


def feed_pause(row: Mapping[str, Any]) -> FeedPause | None:
    if row["paused_at"] is None:
        return None
    until = None if row["paused_until"] == FOREVER else maybe_moment(row["paused_until"])
    return FeedPause(since=moment(row["paused_at"]), until=until, by=row["paused_by"], why=row["paused_why"])


def of_feed_pause(feed: FeedId, pause: FeedPause) -> Row:
    until = FOREVER if pause.until is None else micros(pause.until)
    return {"id": feed, "since": micros(pause.since), "until": until, "by": pause.by, "why": pause.why}


def of_feed_state(state: FeedState) -> Row:
    return {
        "id": state.feed.id,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "entry_hashes": packed(state.entry_hashes),
        "baselined": state.baselined,
        "polls": state.polls,
        "failures": state.failures,
        "error": state.error,
        "next_at": maybe_micros(state.next_at),
        "polled_at": maybe_micros(state.polled_at),
        "good_at": maybe_micros(state.good_at),
        "new_at": maybe_micros(state.new_at),
        "ttl": state.ttl,
        "moved_to": state.moved_to,
        "moved_polls": state.moved_polls,
        "found_at": state.found_at,
        "trouble": state.trouble,
        "status": state.status,
        "strain": state.strain,
        "failing_since": maybe_micros(state.failing_since),
        "condition": state.condition.value,
        "condition_at": maybe_micros(state.condition_at),
        "habits": "{}" if state.habits == NO_HABITS else HABITS.dump_json(state.habits).decode(),
    }


# revisions


def revision(row: sqlite3.Row) -> Revision:
    item = Item(
        id=row["id"],
        feed=row["feed"],
        key=row["key"],
        fingerprint=row["fingerprint"],
        url=row["url"],
        canonical=row["canonical"],
        title=row["title"],
        title_from_text=bool(row["title_from_text"]),
        text=row["text"],
        summary=row["summary"],
        raw=row["text"] if row["raw"] is None else row["raw"],
        blocks=tuple(_placed(*told) for told in json.loads(row["blocks"])),
        authors=tuple(json.loads(row["authors"])),
        tags=tuple(json.loads(row["tags"])),
        lang=row["lang"],
        published=maybe_moment(row["published"]),
        updated=maybe_moment(row["updated"]),
        **_lifted(row["lifted"]),
    )
    return Revision(
        item=item,
        number=row["number"],
        seen_at=moment(row["seen_at"]),
        story=row["story"],
        link=link(row["link"]),
    )


def link(stored: str) -> Link:
    return LINK.validate_json(stored) if stored else BEGINS


def of_link(link: Link) -> str:
    return "" if link == BEGINS else LINK.dump_json(link, exclude_defaults=True).decode()


def _placed(  # noqa: PLR0917  a row
    start: int, end: int, role: str, why: str, kind: str = "", links: float = 0.0, section: str = "", goes_on: int = 0
) -> PlacedBlock:
    """What is left out at the end of a stored block is as it mostly is."""
    return PlacedBlock(
        start=start,
        end=end,
        role=Role(role),
        why=why,
        kind=BlockKind(kind) if kind else BlockKind.PARAGRAPH,
        links=links,
        section=Section(section) if section else Section.MAIN,
        goes_on=bool(goes_on),
    )


def _of_placed(block: PlacedBlock) -> tuple[object, ...]:
    told = (block.start, block.end, block.role, block.why)
    kind = "" if block.kind is BlockKind.PARAGRAPH else block.kind
    section = "" if block.section is Section.MAIN else block.section
    more = (kind, round(block.links, 3), section, int(block.goes_on))
    return told if more == ("", 0.0, "", 0) else (*told, *more)


LIFTED = ("said", "outlet", "place", "origin", "wall", "learned")
"""What of an item is stored as one, and left out where it is as it mostly is."""


def _lifted(stored: str) -> dict[str, Any]:
    told = json.loads(stored)
    return {**told, "origin": Origin(told["origin"])} if "origin" in told else told


def texts(row: sqlite3.Row) -> tuple[str, str, str, str]:
    """What a stored revision is filed under; where the disk damaged what was lifted, nothing is known of that."""
    try:
        place = str(_lifted(row["lifted"]).get("place", ""))
    except (ValueError, AttributeError):
        place = ""
    return row["title"], place, row["text"], row["summary"]


def _of_lifted(item: Item) -> str:
    return dumped({name: value for name in LIFTED if (value := getattr(item, name)) and value is not Origin.FEED})


def of_revision(revision: Revision) -> Row:
    item = revision.item
    content = {
        "id": item.id,
        "number": revision.number,
        "seen_at": micros(revision.seen_at),
        "story": revision.story,
        "fingerprint": item.fingerprint,
        "url": item.url,
        "canonical": item.canonical,
        "title": item.title,
        "title_from_text": item.title_from_text,
        "text": item.text,
        "summary": item.summary,
        "raw": None if item.raw == item.text else item.raw,
        "blocks": dumped([_of_placed(block) for block in item.blocks]),
        "authors": dumped(item.authors),
        "tags": dumped(item.tags),
        "lang": item.lang,
        "published": maybe_micros(item.published),
        "updated": maybe_micros(item.updated),
        "lifted": _of_lifted(item),
        "link": of_link(revision.link),
        "root": revision.link.root,
    }
    return {**content, "feed": item.feed, "key": item.key, "hash": content_hash(content)}


CONTENT = (
    *("id", "number", "seen_at", "story", "fingerprint", "url", "canonical", "title", "title_from_text", "text"),
    *("summary", "raw", "blocks", "authors", "tags", "lang", "published", "updated", "lifted"),
    *("link", "root"),
)
"""What a revision's hash is made of, in this order."""


_LATER: Row = {"lifted": "{}", "link": "", "root": None}
"""What was not stored at first, as it is for what was stored before."""
_UNSET = object()


def content(row: sqlite3.Row) -> Row:
    """That of a stored revision, joined with its item's id; a copy of an older version has no more than it had."""
    stored = {**_LATER, **dict(row)}
    return {name: bool(stored[name]) if name == "title_from_text" else stored[name] for name in CONTENT}


def content_hash(content: Row) -> bytes:
    """16 bytes over a revision's content; recomputed from the row it tells a flipped bit.

    What was not stored at first is in it only where it says something.
    """
    content = {name: value for name, value in content.items() if _LATER.get(name, _UNSET) != value}
    return blake2b(dumped(content).encode(), digest_size=16).digest()


def intact(row: sqlite3.Row) -> bool:
    """Whether a revision, joined with its item's id, still is what its hash was made of."""
    try:
        return row["title_from_text"] in {0, 1} and row["hash"] == content_hash(content(row))
    except (TypeError, ValueError):  # a value of another kind, or text that is none
        return False


def rehashed(row: sqlite3.Row, changed: Row) -> bytes:
    """The hash of a stored revision of which so much is changed; what the disk damaged is to be found still."""
    return content_hash({**content(row), **changed}) if intact(row) else bytes(row["hash"])


# matches and dispatches


def match(row: sqlite3.Row) -> Match:
    return Match(
        rule=row["rule"],
        rule_hash=row["rule_hash"],
        item=row["item"],
        revision=row["revision"],
        evidence=evidence(row["evidence"]),
        denial=bool(row["denial"]),
    )


def evidence(stored: str) -> tuple[Span, ...]:
    """Which words it was; none where that cannot be read any more, for without its marks an alert still tells."""
    try:
        return EVIDENCE.validate_json(stored)
    except ValueError:
        return ()


def of_match(match: Match) -> Row:
    return {
        "rule": match.rule,
        "rule_hash": match.rule_hash,
        "item": match.item,
        "revision": match.revision,
        "evidence": EVIDENCE.dump_json(match.evidence).decode(),
        "denial": match.denial,
    }


def dispatch(row: sqlite3.Row) -> Dispatch:
    return Dispatch(
        id=row["pk"],
        match_id=row["match"],
        channel=row["channel"],
        group=row["grp"],
        rule=row["rule"],
        rule_hash=row["rule_hash"],
        item=row["item"],
        revision=row["revision"],
        story=row["story"],
        canonical=row["canonical"],
        root=row["root"],
        paged=bool(row["paged"]),
        denial=bool(row["denial"]),
        source=row["source"],
        seen_at=moment(row["seen_at"]),
        published=maybe_moment(row["published"]),
        severity=Severity(row["severity"]),
        updates=Updates(row["updates"]),
        reason=Reason(row["reason"]),
        alert=row["alert"],
    )


def followed(row: sqlite3.Row) -> Dispatch:
    """A dispatch with its trail."""
    steps = (line.split(" ") for line in row["trail"].splitlines())
    return replace(dispatch(row), trail=tuple((moment(int(at)), Reason(reason)) for at, reason in steps))


def silence(row: sqlite3.Row) -> Silence:
    return Silence(
        id=row["pk"],
        rule=row["rule"],
        group=row["grp"],
        channel=row["channel"],
        by=row["by"],
        since=moment(row["since"]),
        until=moment(row["until"]),
        why=row["why"],
        alert=row["alert"],
    )


def of_silence(silence: Silence) -> Row:
    return {
        "rule": silence.rule,
        "group": silence.group,
        "channel": silence.channel,
        "by": silence.by,
        "since": micros(silence.since),
        "until": micros(silence.until),
        "why": silence.why,
        "alert": silence.alert,
    }


def episode(row: sqlite3.Row) -> Episode:
    return Episode(
        rule=row["rule"],
        rule_hash=row["rule_hash"],
        since=moment(row["since"]),
        noticed_at=moment(row["noticed_at"]),
        ended_at=maybe_moment(row["ended_at"]),
    )


def of_episode(episode: Episode) -> Row:
    return {
        "rule": episode.rule,
        "rule_hash": episode.rule_hash,
        "since": micros(episode.since),
        "noticed_at": micros(episode.noticed_at),
        "ended_at": maybe_micros(episode.ended_at),
    }


# alerts


def alert(
    row: sqlite3.Row, items: tuple[ToldItem, ...], template: Template | None, root: Root | None, copies: int
) -> Alert:
    return Alert(
        key=row["key"],
        channel=row["channel"],
        group=row["grp"],
        kind=AlertKind(row["kind"]),
        severity=Severity(row["severity"]),
        created_at=moment(row["created_at"]),
        state=AlertState(row["state"]),
        attempts=row["attempts"],
        next_at=maybe_moment(row["next_at"]),
        sent_at=maybe_moment(row["sent_at"]),
        items=items,
        title=row["title"],
        body=row["body"],
        told=row["told"],
        sources=row["sources"],
        copies=copies,
        slot=maybe_moment(row["slot"]),
        copy_of=row["copy_of"],
        failed_on=row["failed_on"],
        root=root,
        owed=tuple(json.loads(row["owed"])),
        template=template,
    )


def delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        alert=row["alert"],
        started_at=moment(row["started_at"]),
        ended_at=moment(row["ended_at"]),
        state=AlertState(row["state"]),
        detail=row["detail"],
        next_at=maybe_moment(row["next_at"]),
        reference=row["reference"],
    )


def of_delivery(delivery: Delivery) -> Row:
    pending = delivery.state is AlertState.PENDING
    return {
        "alert": delivery.alert,
        "started_at": micros(delivery.started_at),
        "ended_at": micros(delivery.ended_at),
        "state": delivery.state.value,
        "detail": delivery.detail,
        "next_at": maybe_micros(delivery.next_at) if pending else None,
        "reference": delivery.reference,
        "owed": dumped(delivery.owed),
        "rest_until": maybe_micros(delivery.rest_until),
    }
