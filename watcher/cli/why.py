"""`watcher why ITEM RULE`: the whole way of a match in plain sentences, or why there was none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from watcher.cli.answers import answer, lines
from watcher.cli.common import clean, config_path, options, paint, rfc3339, row, say, wanted
from watcher.cli.desk import Desk, open_desk
from watcher.errors import UsageError
from watcher.model import Alert, Delivery, Dispatch, Fate, MatchRecord, Revision, RuleId


@click.command("why")
@click.argument("item")
@click.argument("rule")
@options
def command(config: Path | None, item: str, rule: str, *, as_json: bool) -> int:
    """Tell what became of ITEM (an id, shortened if you like, or a URL) under RULE."""
    with open_desk(config_path(config)) as desk:
        revision = desk.item(item)
        rule = wanted(rule, "rule")
        records = desk.store.records(revision.item.id, RuleId(rule))
        if not records and desk.rules.get(rule) is None:
            raise UsageError(f"there is no rule {clean(rule)} now, and none of that name matched this item")
        if as_json:
            row(_report(desk, revision, rule, records))
            return 0
        say(paint(clean(revision.item.title), bold=True))
        say(f"  item {revision.item.id} of feed {revision.item.feed}, first seen {_first_seen(desk, revision)}")
        for record in records:
            _tell(desk, record)
        if not records:
            _tell_none(desk, revision, rule)
    return 0


def _first_seen(desk: Desk, revision: Revision) -> str:
    first = desk.store.revision(revision.item.id, 1) or revision
    edits = f", edited {revision.number - 1} times since" if revision.number > 1 else ""
    return f"{rfc3339(first.seen_at)}{edits}"


def _tell(desk: Desk, record: MatchRecord) -> None:
    match = record.match
    version = desk.store.rule_version(match.rule_hash)
    words = ", ".join(dict.fromkeys(f"“{clean(span.text)}”" for span in match.evidence))
    say(f"  revision {match.revision} matched {match.rule} at {rfc3339(record.matched_at)} because of {words}")
    if version:
        say(f"    the rule was then: {clean(version.expanded)}")
    if match.denial:
        say("    it is a denial: without what the text says was not so it would be no match; told one severity lower")
    for dispatch in record.dispatches:
        say(f"    on {dispatch.channel}: {_sentence(desk, dispatch)}")


def _sentence(desk: Desk, dispatch: Dispatch) -> str:
    fate, why = dispatch.reason.fate, dispatch.reason.sentence
    if dispatch.alert is None:
        return f"{'not decided yet' if fate is Fate.OPEN else f'not alerted ({fate.value})'}, because {why}"
    told = "alerted" if fate is Fate.ALERTED else f"part of an alert told before ({fate.value})"
    alert = desk.store.alert(dispatch.alert)
    return f"{told}, because {why}; alert {dispatch.alert[:12]}" + (f" {_delivered(desk, alert)}" if alert else "")


def _delivered(desk: Desk, alert: Alert) -> str:
    tries = desk.store.deliveries(alert.key)
    attempts = f"{len(tries)} {'try' if len(tries) == 1 else 'tries'}"
    if alert.sent_at:
        return f"was accepted at {rfc3339(alert.sent_at)} after {attempts}"
    last = f", the last said: {clean(tries[-1].detail)}" if tries else ""
    return f"is {alert.state.value} after {attempts}{last}"


def _tell_none(desk: Desk, revision: Revision, rule: str) -> None:
    compiled = desk.rules.get(rule)
    assert compiled is not None, "asked for before anything was printed"
    found = answer(compiled, revision.item, desk.feed(revision.item.feed))
    if found["matched"]:
        say(f"  the rule {rule} as it is now would match; it is newer than the item, or was edited since")
    for line in lines(found, revision.item):
        say(line)


def _report(desk: Desk, revision: Revision, rule: str, records: tuple[MatchRecord, ...]) -> dict[str, Any]:
    """The same for programs."""
    compiled = desk.rules.get(rule)
    now = answer(compiled, revision.item, desk.feed(revision.item.feed)) if compiled else None
    return {
        "item": revision.item.id,
        "rule": rule,
        "title": revision.item.title,
        "matches": [
            {
                "revision": record.match.revision,
                "matched_at": rfc3339(record.matched_at),
                "rule_hash": record.match.rule_hash,
                "denial": record.match.denial,
                "channels": [
                    {
                        "channel": d.channel,
                        "fate": d.reason.fate.value,
                        "reason": d.reason.value,
                        "alert": d.alert,
                        "deliveries": [_try(t) for t in desk.store.deliveries(d.alert)] if d.alert else [],
                    }
                    for d in record.dispatches
                ],
            }
            for record in records
        ],
        "now": now,
    }


def _try(delivery: Delivery) -> dict[str, Any]:
    return {"at": rfc3339(delivery.started_at), "state": delivery.state.value, "detail": delivery.detail}
