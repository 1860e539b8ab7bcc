"""`watcher backtest [RULE...]`: what rules would have matched and alerted in what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from watcher.cli.answers import evidence_line, span_row
from watcher.cli.common import Since, clean, config_path, finding_row, no_rule, options, paint, row, say, show_findings
from watcher.cli.desk import Desk, open_desk
from watcher.cli.habits import History, habits
from watcher.cli.past import Hit, Past, alerts, changes, past, pasts, saved, sparkline
from watcher.cli.rulebook import Rulebook
from watcher.cli.sending import Sending
from watcher.config import load_rules, read_rules
from watcher.errors import UsageError
from watcher.model import ChannelName, Finding, FindingSeverity, Match, Revision, RuleId, Span
from watcher.ports import Store
from watcher.rules import LoadedRule, load
from watcher.rules.compile import CompiledRule
from watcher.run.clock import SystemClock
from watcher.text.counted import counted
from watcher.text.rfc3339 import rfc3339

NEWEST = 5
"""Matches, and changes of either kind, that people are shown."""
MANY = 100
"""Rules; of more than these people are shown those that match anything."""
EVIDENCE = 3
"""Terms whose evidence is shown of each of them."""

Told = Mapping[ChannelName, int]
"""How many alerts on each channel."""
Pairs = Sequence[tuple[CompiledRule, LoadedRule]]
"""Rules as they are asked, and as they were loaded."""


@click.command("backtest")
@click.argument("names", metavar="[RULE...]", nargs=-1)
@click.option("--match", "expression", help="This expression in the place of RULE's, or by itself.")
@click.option("--since", type=Since(), default="30d", show_default=True, help="Look back so far: 12h, 30d ...")
@click.option("--rules", "rules", type=click.Path(exists=True, path_type=Path), help="Rules of this file or folder.")
@click.option("--send", is_flag=True, help="Let RULE tell what it matches and nobody was told of, after asking.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@options
def command(
    names: tuple[str, ...],
    expression: str | None,
    since: timedelta,
    rules: Path | None,
    config: Path | None,
    *,
    send: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Show what RULE would have matched in stored items. And how many alerts that is. Of several, or without: each."""
    if len(names) > 1 and (send or expression is not None):
        raise UsageError("--send and --match are for one rule: name one")
    rule = names[0] if names else None
    if send and (rule is None or expression is not None):
        raise UsageError("--send is for a rule as it is: name it, without --match")
    with open_desk(config_path(config), write=send) as desk:
        loaded = load(read_rules((str(rules),))) if rules else load_rules(desk.settings)
        show_findings(f for f in loaded.findings if f.severity is FindingSeverity.ERROR)
        look = Look(desk, since, SystemClock().now(), as_json=as_json)
        book = Rulebook(loaded)
        if len(names) > 1 or (rule is None and expression is None):
            look.at_all(_pairs(book, names))
        else:
            tried, other = _tried(desk.store, book, rule, expression)
            sending = Sending(desk.store, tried.rule, desk.settings.channels) if send else None
            look.at_one(tried, other, sending)
            if sending:
                sending.offer(yes=yes, as_json=as_json)
    return 0


def _pairs(book: Rulebook, names: Sequence[str]) -> Pairs:
    """The rules of these names, in their order; without names all."""
    pairs = {compiled.rule.id: (compiled, loaded) for compiled, loaded in book.pairs}
    for name in names:
        if name not in pairs:
            raise no_rule(name, pairs)
    return [pairs[RuleId(name)] for name in dict.fromkeys(names)] if names else [*pairs.values()]


def _tried(
    store: Store, book: Rulebook, name: str | None, expression: str | None
) -> tuple[CompiledRule, CompiledRule | None]:
    """What is tried, and what it is held against: the version of the rule that is live; the rule of the files, where an
    expression is tried in its place; nothing for an expression by itself.
    """
    if name is None:
        return book.compiled(expression or ""), None
    own = book.get(name)
    if own is None:
        raise no_rule(name, (each.rule.id for each in book.all))
    if expression is not None:
        return book.compiled(expression, own.rule), own
    live = store.live_rule(own.rule.id)
    return own, saved(live) if live else None


class Look:
    """A look back from `now`."""

    def __init__(self, desk: Desk, since: timedelta, now: datetime, *, as_json: bool) -> None:
        self.store = desk.store
        self.channels = desk.settings.channels
        self.since = since
        self.now = now
        self.as_json = as_json
        self.newest: list[tuple[Revision, Match]] = []

    def at_one(self, tried: CompiledRule, other: CompiledRule | None, sending: Sending | None = None) -> None:
        """One rule, and its difference to another version."""
        show = self._print if self.as_json else self._keep

        def each(revision: Revision, match: Match) -> None:
            show(revision, match)
            if sending:
                sending.add(revision, match)

        found = past(self.store, tried, self.since, self.now, each)
        told = alerts(tried.rule, found, self.channels, self.now)
        before = self._before(other, tried, found) if other else None
        items, _ = self.store.extent(self.now - self.since)
        if self.as_json:
            row({"summary": self._summary(found, told, before, items)})
        else:
            self._tell(tried, found, told, before, items)

    def _before(self, other: CompiledRule, tried: CompiledRule, found: Past) -> Past:
        """The past of the other version: where nothing was edited, the same."""
        same = (other.rule.hash, other.rule.expanded) == (tried.rule.hash, tried.rule.expanded)
        return found if same else past(self.store, other, self.since, self.now)

    def at_all(self, pairs: Pairs) -> None:
        """A line for each rule, and what its history tells of it."""
        items, _ = self.store.extent(self.now - self.since)
        findings: list[Finding] = []
        matches = made = silent = 0
        history = History(store=self.store, since=self.since, now=self.now)
        found_of = pasts(self.store, [compiled for compiled, _ in pairs], self.since, self.now)
        for (compiled, loaded), found in zip(pairs, found_of, strict=True):
            told = alerts(compiled.rule, found, self.channels, self.now)
            matches, made = matches + len(found.hits), made + _most(told)
            findings += habits(history, loaded, found)
            if self.as_json:
                counts = {"matches": len(found.hits), "denials": found.denials, "alerts": _most(told)}
                bars = list(found.bars)
                row({"rule": compiled.rule.id, **counts, "channels": _rows(told), "bars": bars})
            elif len(pairs) > MANY and not found.hits:
                silent += 1
            else:
                columns = f"{len(found.hits):>6,} matches {_most(told):>6,} alerts"
                say(f"{sparkline(found.bars)}  {columns}  {clean(compiled.rule.id)}")
        if self.as_json:
            for finding in findings:
                row(finding_row(finding))
            row({"summary": {"since": self._start, "items": items, "matches": matches, "alerts": made}})
        else:
            show_findings(findings)
            if silent:
                say(f"… and {counted(silent, 'rule')} without a match: --json lists them all")
            sums = f"{counted(matches, 'match', 'es')}, {counted(made, 'alert')}"
            say(f"{counted(items, 'item')} since {self._start}: {sums}")

    @property
    def _start(self) -> str | None:
        return rfc3339(self.now - self.since)

    def _print(self, revision: Revision, match: Match) -> None:
        item = revision.item
        row(
            {
                "item": item.id,
                "title": item.title,
                "url": item.url,
                "feed": item.feed,
                "seen_at": rfc3339(revision.seen_at),
                "denial": match.denial,
                "evidence": [span_row(span) for span in match.evidence],
            }
        )

    def _keep(self, revision: Revision, match: Match) -> None:
        if len(self.newest) < NEWEST:
            self.newest.append((revision, match))

    def _summary(self, found: Past, told: Told, before: Past | None, items: int) -> dict[str, Any]:
        new, lost = changes(found, before) if before else ((), ())
        return {
            "since": self._start,
            "items": items,
            "matches": len(found.hits),
            "denials": found.denials,
            "alerts": _most(told),
            "channels": _rows(told),
            "bars": list(found.bars),
            "new": [hit.item for hit in new] if before else None,
            "lost": [hit.item for hit in lost] if before else None,
        }

    def _tell(self, tried: CompiledRule, found: Past, told: Told, before: Past | None, items: int) -> None:
        say(f"reads  {clean(tried.rule.expanded)}")
        denied = f" ({found.denials:,} of them denials)" if found.denials else ""
        verb = "matches" if len(found.hits) == 1 else "match"
        say(f"{len(found.hits):,} of {counted(items, 'item')} since {self._start} {verb}{denied}: {_in_words(told)}")
        if found.hits:
            each = "a day" if found.width == timedelta(days=1) else f"{found.width / timedelta(hours=1):.0f} h"
            say(f"  {sparkline(found.bars)}  {each} each, at most {max(found.bars)}")
        if before is not None:
            _tell_changes(*changes(found, before))
        for revision, match in self.newest:
            item = revision.item
            denial = paint("denial ", fg="magenta") if match.denial else ""
            say(f"{item.id}  {rfc3339(revision.seen_at)}  {denial}{paint(clean(item.title), bold=True)}")
            for span in _one_of_each(match.evidence):
                say(evidence_line(span_row(span), item))
        if len(found.hits) > NEWEST:
            say(f"… and {len(found.hits) - NEWEST:,} older")


def _most(told: Told) -> int:
    """The alerts on the channel that is told most."""
    return max(told.values())


def _rows(told: Told) -> list[dict[str, Any]]:
    return [{"channel": channel, "alerts": number} for channel, number in told.items()]


def _in_words(told: Told) -> str:
    """How many alerts, channel by channel where they differ."""
    if len(set(told.values())) == 1:
        return f"{counted(_most(told), 'alert')} on a channel"
    return ", ".join(f"{counted(number, 'alert')} on {clean(channel)}" for channel, number in told.items())


def _one_of_each(evidence: Sequence[Span]) -> list[Span]:
    """The first piece of evidence for each term, the first few terms."""
    first: dict[str, Span] = {}
    for span in evidence:
        first.setdefault(span.term, span)
    return list(first.values())[:EVIDENCE]


def _tell_changes(new: Sequence[Hit], lost: Sequence[Hit]) -> None:
    """The difference to the rule as it is."""
    say(f"against the rule as it is: +{len(new)} new, -{len(lost)} lost")
    for sign, hits, colour in (("+", new, "green"), ("-", lost, "red")):
        for hit in hits[:NEWEST]:
            say(f"  {paint(sign, fg=colour)} {hit.item}  {rfc3339(hit.seen_at)}  {clean(hit.title)}")
        if len(hits) > NEWEST:
            say(f"  {sign} … and {len(hits) - NEWEST:,} more")
