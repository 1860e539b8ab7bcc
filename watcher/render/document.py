"""pure: (alert, channel) -> message: a JSON document for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from watcher.model import Alert, ChannelSpec, Message, Span, ToldItem
from watcher.render.clean import one_line
from watcher.render.media import Limits
from watcher.render.plain import plain
from watcher.render.snippet import snippets
from watcher.render.words import MOST_SENTENCES, SENTENCE
from watcher.render.words import told as told_in_all
from watcher.story import site_of
from watcher.text.cut import cut
from watcher.text.rfc3339 import rfc3339

SCHEMA = "watcher/alert/1"
"""What the document says it is. Keys may be added to it; one that changes its meaning makes it another schema."""
WORDS = Limits(title=120, body=10_000)
"""Room for the same in words, which stands in it beside the parts."""
MOST_SPANS = 50
"""Evidence of one item that is shown: distinct words, not every place of each."""
LONGEST_SPAN = 300


def document(alert: Alert, channel: ChannelSpec) -> Message:
    """The payload is the document in one line; title and body are the words in it."""
    words = plain(alert, WORDS, channel)
    parts = {
        "schema": SCHEMA,
        "key": alert.key,
        "channel": alert.channel,
        "group": alert.group,
        "story": alert.group.removeprefix("story:") if alert.group.startswith("story:") else None,
        "kind": alert.kind.value,
        "severity": alert.severity.word,
        "created_at": rfc3339(alert.created_at),
        "root": alert.root.key if alert.root else None,
        "copy_of": alert.copy_of,
        "failed_on": alert.failed_on,
        "told": told_in_all(alert),
        "sources": alert.sources,
        "copies": alert.copies,
        "rules": _rules(alert.items),
        "items": [_item(told) for told in alert.items],
        "title": words.title,
        "body": words.body,
    }
    payload = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return replace(words, payload=payload)


def _rules(items: Iterable[ToldItem]) -> list[dict[str, str | None]]:
    """Each rule once, as it was when it matched."""
    found: dict[str, dict[str, str | None]] = {}
    for told in items:
        for number, (rule, title) in enumerate(told.rules):
            hash_ = told.hashes[number] if number < len(told.hashes) else None
            found.setdefault(rule, {"id": rule, "title": one_line(title).strip(), "hash": hash_})
    return list(found.values())


def _item(told: ToldItem) -> dict[str, Any]:
    item = told.item
    return {
        "id": item.id,
        "revision": told.revision,
        "url": item.url,
        "canonical": item.canonical,
        "title": one_line(item.title).strip(),
        "feed": item.feed,
        "source": site_of(item),
        "published": rfc3339(item.published),
        "seen_at": rfc3339(told.seen_at),
        "group": told.group,
        "severity": told.severity.word,
        "rules": [rule for rule, _ in told.rules],
        "denial": told.denial,
        "denied": list(told.denied),
        "others": told.others,
        "sources": told.sources,
        "copies": told.copies,
        "snippet": " ".join(s.text for s in snippets(told, limit=SENTENCE, most=MOST_SENTENCES)),
        "evidence": _evidence(told.evidence),
    }


def _evidence(spans: Iterable[Span]) -> list[dict[str, str]]:
    distinct = dict.fromkeys((span.field, cut(one_line(span.text), LONGEST_SPAN), span.term) for span in spans)
    return [{"field": field, "text": text, "term": term} for field, text, term in list(distinct)[:MOST_SPANS]]
