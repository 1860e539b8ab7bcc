"""edge: (a stored item, a rule, a channel) -> the exact message that would tell it. Nothing is stored, nothing sent."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO

from watcher.alert import key_of
from watcher.app.parts import make_outlet
from watcher.cli.answers import answer, lines
from watcher.cli.common import clean, no_rule, note, row, say, wanted
from watcher.cli.desk import Desk, open_desk
from watcher.errors import SendError, UsageError
from watcher.jobs import Outlet
from watcher.match import match
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    ChannelSpec,
    Match,
    Message,
    Revision,
    Rule,
    ToldItem,
)
from watcher.rehearse import dispatch_of
from watcher.rules.compile import CompiledRule
from watcher.rules.ruleset import Ruleset
from watcher.run.clock import SystemClock
from watcher.story import dispatches

HTML = {".html", ".htm"}


def show(config: Path, item: str, rule: str, channel: str, out: Path | None, *, as_json: bool) -> int:
    """Print the message, or write it to `out`; 1 and what is missing where the rule does not match."""
    with open_desk(config) as desk:
        revision = desk.item(item)
        compiled = desk.rules.get(wanted(rule, "rule"))
        if rule in desk.rules.silences:
            raise UsageError(f"rule {clean(rule)} watches for silence, which no item shows")
        if compiled is None:
            raise no_rule(rule, (each.rule.id for each in desk.rules.all))
        found = match(Ruleset((compiled,)), revision.item, desk.feed(revision.item.feed), revision.number).matches
        if not found:
            return _no_match(desk, revision, compiled, as_json=as_json)
        outlet = open_channel(desk, desk.channel(channel), sys.stdout)
    alert = _alert(outlet.spec, compiled.rule, revision, found[0])
    _doubts(compiled.rule, outlet.spec, alert)
    message = outlet.render(alert)
    shown = _html(message) if out and out.suffix.lower() in HTML else outlet.sender.shown(message)
    if out:
        out.write_text(shown, "utf-8")
        note(f"wrote {out}")
    elif as_json:
        row({"channel": channel, "title": message.title, "body": message.body, "html": message.html, "shown": shown})
    else:
        say(shown)
    return 0


def open_channel(desk: Desk, spec: ChannelSpec, stream: TextIO) -> Outlet:
    """A channel ready to send; a console's goes to the stream. Raises UsageError where its URL cannot be used."""
    if "${" in spec.url:
        raise UsageError(f"a secret of the channel {spec.name} is not set; `watcher check` says which")
    try:
        return make_outlet(spec, desk.settings, stream, os.environ)
    except SendError as error:
        raise UsageError(str(error)) from None


def _no_match(desk: Desk, revision: Revision, compiled: CompiledRule, *, as_json: bool) -> int:
    found = answer(compiled, revision.item, desk.feed(revision.item.feed))
    if as_json:
        row(found)
        return 1
    note(f"{clean(compiled.rule.id)} does not match “{clean(revision.item.title)}”: there is no message")
    for line in lines(found, revision.item):
        note(line)
    return 1


def _alert(spec: ChannelSpec, rule: Rule, revision: Revision, found: Match) -> Alert:
    """The alert of this match alone, as if the group had never been told on the channel."""
    (to,) = dispatches(rule, revision, [spec.name], denial=found.denial)
    lead = dispatch_of(0, revision, found, to)
    told = ToldItem(
        item=revision.item,
        revision=revision.number,
        seen_at=revision.seen_at,
        rules=((rule.id, rule.title),),
        evidence=found.evidence,
        denied=(rule.id,) if found.denial else (),
        group=to.group,
        severity=to.severity,
        hashes=(rule.hash,),
    )
    return Alert(
        key=key_of(spec.name, to.group, lead, again=False),
        channel=spec.name,
        group=to.group,
        kind=AlertKind.MATCH,
        severity=to.severity,
        created_at=SystemClock().now(),
        state=AlertState.PENDING,
        attempts=0,
        next_at=None,
        sent_at=None,
        items=(told,),
        told=1,
        sources=1,
        template=rule.template,
    )


def _doubts(rule: Rule, spec: ChannelSpec, alert: Alert) -> None:
    """Say why the channel would not be told."""
    if not spec.hears(rule):
        note(f"{clean(rule.id)} does not speak on {clean(spec.name)}; if it did, this is how")
    if alert.severity < spec.min_severity:
        note(f"{alert.severity.word} is below the channel's `min_severity` {spec.min_severity.word}: it is not told")


def _html(message: Message) -> str:
    if not message.html:
        raise UsageError("messages of this channel have no HTML part; leave --out away, or name another file")
    return message.html
