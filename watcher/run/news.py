"""pure: (plan before, plan after) -> what the operator is told of a reload, once for each change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher import __version__
from watcher.config import Settings
from watcher.config.files import Plan
from watcher.model import Finding, Severity, Standing

MOST = 20
"""Errors or names listed in one message."""
SHORT = 80
"""Characters of a change that the title tells whole."""

_SECTIONS = {
    "operator": "operator",
    "rules": "rules",
    "allow_private": "allow_private",
    "contact": "fetch",
    "fetch": "fetch",
    "intervals": "poll",
    "parse": "parse",
    "retry": "delivery",
    "send_timeout": "delivery",
    "heartbeat": "heartbeat",
    "keep": "keep",
    "listen": "http",
}
"""Fields of Settings -> the keys people write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    title: str
    body: str
    severity: Severity

    def beside(self, dropped: int) -> News:
        """The same, with how many alerts and matches were given up because their channels are no more."""
        word = f"Given up with removed channels: {dropped:,}; `watcher alerts dead` lists the alerts"
        return replace(self, body=f"{self.body}\n{word}") if dropped else self


def standing(plan: Plan, now: datetime) -> Standing:
    """What the store keeps of a plan for those who look from outside."""
    kept = tuple((rule, line(why)) for rule, why in sorted(plan.renewal.kept.items()))
    errors = tuple(map(line, plan.errors))
    return Standing(loaded_at=now, rules=len(plan.renewal.live), kept=kept, errors=errors, version=__version__)


def news(before: Plan, after: Plan) -> News | None:
    """None when there is nothing that was not told before."""
    changes = [*_rules(after), *_configuration(before.settings, after.settings), *_fresh(after.remarks, before.remarks)]
    wrong = before.errors != after.errors or before.renewal.kept.keys() != after.renewal.kept.keys()
    if not changes and not wrong:
        return None
    body = [*_errors(after), *_stays(after), *changes, _live(after)]
    severity = Severity.HIGH if after.errors else Severity.INFO
    return News(title=_title(before, after, changes), body="\n".join(body), severity=severity)


def line(finding: Finding) -> str:
    """A finding in a line: file:line:column and what is wrong."""
    help_ = f" ({finding.help})" if finding.help else ""
    return f"{finding.file}:{finding.line}:{finding.column}: error[{finding.code}]: {finding.message}{help_}"


def _title(before: Plan, after: Plan, changes: Sequence[str]) -> str:
    if after.errors:
        first = after.errors[0]
        others = f" and {len(after.errors) - 1:,} more" if len(after.errors) > 1 else ""
        return f"Error at {first.file}:{first.line}:{first.column}{others}: what was live stays as it was"
    if before.errors:
        return "All good again: no error is left in the watcher's files"
    if len(changes) != 1:
        return "Reloaded"
    said = changes[0] if len(changes[0]) <= SHORT else changes[0].partition(": ")[0]
    return f"Reloaded: {said[0].lower()}{said[1:]}"


def _errors(plan: Plan) -> Iterator[str]:
    yield from map(line, plan.errors[:MOST])
    if len(plan.errors) > MOST:
        yield f"and {len(plan.errors) - MOST:,} more: `watcher check` shows them all"


def _stays(plan: Plan) -> Iterator[str]:
    if plan.refused:
        yield f"The configuration {plan.settings.path} is not taken: all of it stays as it was."
    if plan.renewal.kept:
        yield f"At their last good version: {_listed(plan.renewal.kept)}"


def _live(plan: Plan) -> str:
    count = len(plan.renewal.live)
    return "1 rule is live." if count == 1 else f"{count:,} rules are live." if count else "No rule is live."


def _rules(plan: Plan) -> Iterator[str]:
    renewal = plan.renewal
    yield from _told("Rules added", renewal.added)
    yield from _told("Rules removed", renewal.removed)
    yield from _told("Rules that mean something else now", renewal.changed)


def _configuration(before: Settings, after: Settings) -> Iterator[str]:
    if before is after:
        return
    yield from _differences("Feeds", _feeds(before), _feeds(after))
    yield from _differences("Channels", {c.name: c for c in before.channels}, {c.name: c for c in after.channels})
    differ = [key for name, key in _SECTIONS.items() if getattr(before, name) != getattr(after, name)]
    yield from _told("Settings changed", tuple(dict.fromkeys(differ)))


def _feeds(settings: Settings) -> dict[str, object]:
    """Each with what opens it."""
    return {feed.id: (feed, settings.access.get(feed.id)) for feed in settings.feeds}


def _differences(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    yield from _told(f"{what} added", after.keys() - before.keys())
    yield from _told(f"{what} removed", before.keys() - after.keys())
    yield from _told(f"{what} changed", [name for name in after.keys() & before.keys() if after[name] != before[name]])


def _told(what: str, names: Collection[str]) -> Iterator[str]:
    if names:
        yield f"{what}: {_listed(names)}"


def _listed(names: Collection[str]) -> str:
    shown = sorted(names)
    more = f" and {len(shown) - MOST:,} more" if len(shown) > MOST else ""
    return ", ".join(shown[:MOST]) + more


def _fresh(after: Sequence[str], before: Sequence[str]) -> list[str]:
    return [remark for remark in after if remark not in before]
