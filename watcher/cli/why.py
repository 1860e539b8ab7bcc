"""`watcher why ITEM RULE`: the whole way of a match in plain sentences, or why there was none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from watcher.alert.copying import copied
from watcher.cli.answers import answer, lines
from watcher.cli.common import clean, config_path, options, paint, row, say, wanted
from watcher.cli.desk import Desk, open_desk
from watcher.cli.spoken import spoken
from watcher.cli.stories import story_lines, story_row
from watcher.cli.trail import decided, held_before, report, still_held
from watcher.cli.waits import Wait, waits
from watcher.errors import UsageError
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    Delivery,
    Dispatch,
    Fate,
    MatchRecord,
    Origin,
    Reason,
    Revision,
    RuleId,
)
from watcher.run.clock import SystemClock
from watcher.text.counted import counted
from watcher.text.rfc3339 import rfc3339

TOLD = {
    Fate.ALERTED: "alerted",
    Fate.DIGEST: "listed in a digest",
    Fate.SILENCED: "listed when a silence ended",
    Fate.MERGED: "part of an alert told before (merged)",
}
"""What is said of a fate that an alert goes with."""


@click.command("why")
@click.argument("item")
@click.argument("rule")
@options
def command(config: Path | None, item: str, rule: str, *, as_json: bool) -> int:
    """Tell what became of ITEM under RULE. ITEM is an id, shortened if you like, or a URL."""
    with open_desk(config_path(config)) as desk:
        revision = desk.known_item(item)
        rule = wanted(rule, "rule")
        records = desk.store.records(revision.item.id, RuleId(rule))
        if not records and desk.rules.get(rule) is None:
            raise UsageError(f"there is no rule {clean(rule)} now, and none of that name matched this item")
        if as_json:
            row(_report(desk, revision, rule, records))
            return 0
        say(paint(clean(revision.item.title), bold=True))
        say(f"  item {revision.item.id} of feed {revision.item.feed}, first seen {_first_seen(desk, revision)}")
        if revision.forgotten:
            say(f"  its text is forgotten; it stood at {clean(revision.item.url or 'no address')}")
        for line in story_lines(desk.store, revision, "UTC"):
            say(f"  {line}")
        open_ = _waiting(desk, records)
        for record in records:
            _tell(desk, record, open_)
        if not records:
            _tell_none(desk, revision, rule)
    return 0


def _waiting(desk: Desk, records: Iterable[MatchRecord]) -> dict[int, Wait]:
    """What the open dispatches of these matches wait for, by their ids."""
    opened = [d for record in records for d in record.dispatches if d.reason.fate is Fate.OPEN]
    return {wait.dispatch.id: wait for wait in waits(desk, opened, SystemClock().now())}


def _first_seen(desk: Desk, revision: Revision) -> str:
    first = desk.store.revision(revision.item.id, 1) or revision
    if revision.number == 1:
        since = ""
    elif revision.item.origin is Origin.PAGE:
        since = f", now revision {revision.number}, with the text of its page"
    else:
        since = f", edited {revision.number - 1} times since"
    return f"{rfc3339(first.seen_at)}{since}"


def _tell(desk: Desk, record: MatchRecord, open_: Mapping[int, Wait]) -> None:
    match = record.match
    version = desk.store.rule_version(match.rule_hash)
    words = ", ".join(dict.fromkeys(f"“{clean(span.text)}”" for span in match.evidence))
    say(f"  revision {match.revision} matched {match.rule} at {rfc3339(record.matched_at)} because of {words}")
    if version:
        say(f"    the rule was then: {clean(version.expanded)}")
    if match.denial:
        say("    it is a denial: without what the text says was not so it would be no match; told one severity lower")
    if not record.dispatches:
        say("    there was no channel to tell it on")
    for dispatch in record.dispatches:
        say(f"    on {clean(dispatch.channel)}: {_sentence(desk, dispatch, open_.get(dispatch.id))}")
        for line in (*_tries(desk, dispatch), *_copies(desk, dispatch)):
            say(f"      {line}")


def _sentence(desk: Desk, dispatch: Dispatch, wait: Wait | None) -> str:
    """Where it stands and why: what holds it and until when, or what told it."""
    why = _because(desk, dispatch, wait)
    if wait is not None and wait.reason is Reason.WAITING:
        return f"{held_before(dispatch.trail)}not decided yet, because {why}"
    if wait is not None:
        return f"{still_held(dispatch, wait.reason)}, because {why}"
    before, at = held_before(dispatch.trail[:-1]), decided(dispatch)
    if dispatch.alert is None:
        return f"{before}not alerted ({dispatch.reason.fate.value}){at}, because {why}"
    alert = desk.store.alert(dispatch.alert)
    told = f"{TOLD[dispatch.reason.fate]}{_beside(dispatch, alert)}{at}"
    became = f" {_delivered(desk, alert)}" if alert else ""
    return f"{before}{told}, because {why}; alert {dispatch.alert[:12]}{became}"


def _beside(dispatch: Dispatch, alert: Alert | None) -> str:
    """How many others a digest lists that lists it."""
    if alert is None or alert.kind is not AlertKind.DIGEST or dispatch.reason.fate is Fate.MERGED:
        return ""
    return f" with {counted(alert.told - 1, 'other')}"


def _because(desk: Desk, dispatch: Dispatch, wait: Wait | None) -> str:
    if wait is not None:
        return wait.sentence
    silenced = _silenced(desk, dispatch) if dispatch.reason is Reason.SILENCE_LISTED else ()
    return ": ".join([dispatch.reason.sentence, *silenced])


def _silenced(desk: Desk, dispatch: Dispatch) -> Iterator[str]:
    """Whose word held it when it came."""
    for silence in desk.store.silences(dispatch.seen_at):
        if silence.covers(dispatch, dispatch.seen_at):
            yield spoken(silence, desk.zone(dispatch.channel))


def _delivered(desk: Desk, alert: Alert) -> str:
    tries = desk.store.deliveries(alert.key)
    attempts = "1 try" if len(tries) == 1 else f"{len(tries):,} tries"
    if alert.state is AlertState.SENT:
        answer_ = f": {clean(tries[0].detail)}" if len(tries) == 1 and tries[0].detail else ""
        return f"was accepted at {rfc3339(alert.sent_at)} after {attempts}{answer_}"
    if alert.state is AlertState.DEAD:
        return f"was given up after {attempts}"
    again = f" and is tried again at {rfc3339(alert.next_at)}" if alert.next_at and tries else ""
    return f"waits to be sent, after {attempts}{again}" if tries else "waits to be sent"


def _tries(desk: Desk, dispatch: Dispatch) -> Iterator[str]:
    """Each try at sending what told it, with the answer; none where the first was accepted, which is said already."""
    tries = desk.store.deliveries(dispatch.alert) if dispatch.alert else ()
    if len(tries) == 1 and tries[0].state is AlertState.SENT:
        return
    for one in tries:
        how = "accepted" if one.state is AlertState.SENT else "refused"
        yield f"{rfc3339(one.started_at)}  {how}" + (f": {clean(one.detail)}" if one.detail else "")


def _copies(desk: Desk, dispatch: Dispatch) -> Iterator[str]:
    """What became of its alert on channels that stand in for this one, or that it was sent to by hand."""
    alert = desk.store.alert(dispatch.alert) if dispatch.alert else None
    if alert is None:
        return
    for spec in desk.settings.channels:
        copy = desk.store.alert(copied(alert, spec.name, alert.created_at).key)
        if copy:
            yield f"a copy for {clean(spec.name)}: alert {copy.key[:12]} {_delivered(desk, copy)}"


def _tell_none(desk: Desk, revision: Revision, rule: str) -> None:
    compiled = desk.rules.get(rule)
    assert compiled is not None, "asked for before anything was printed"
    if revision.forgotten:
        say(f"  {rule} did not match it, as far as is known: what it says can no longer be looked at")
        return
    found = answer(compiled, revision.item, desk.feed(revision.item.feed))
    if found["matched"]:
        say(f"  the rule {rule} as it is now would match; it is newer than the item, or was edited since")
    for line in lines(found, revision.item):
        say(line)


def _report(desk: Desk, revision: Revision, rule: str, records: tuple[MatchRecord, ...]) -> dict[str, Any]:
    """The same for programs."""
    compiled = desk.rules.get(rule)
    kept = not revision.forgotten
    now = answer(compiled, revision.item, desk.feed(revision.item.feed)) if compiled and kept else None
    open_ = _waiting(desk, records)
    return {
        "item": revision.item.id,
        "rule": rule,
        "title": revision.item.title,
        "url": revision.item.url,
        "forgotten": revision.forgotten,
        "story": story_row(desk.store, revision),
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
                        "because": _because(desk, d, open_.get(d.id)),
                        "trail": report(d),
                        "until": rfc3339(open_[d.id].until) if d.id in open_ else None,
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
