"""edge: (desk, open dispatches) -> why each of them waits, in plain words, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from watcher.alert import decide, windows
from watcher.cli.common import local, span
from watcher.cli.desk import Desk
from watcher.cli.spoken import spoken
from watcher.model import ChannelName, ChannelSpec, Dispatch, Past, Reason, Rule, RuleId, Silence

_THEN = {
    Reason.IN_WINDOW: "unless they come by {} it expires",
    Reason.THROTTLED: "that ends at {}",
    Reason.QUIET_HOURS: "that is at {}",
    Reason.OVER_CAP: "there is room at {}",
    Reason.FOR_DIGEST: "that comes at {}",
    Reason.TOO_OLD: "that comes at {}",
}
"""What the moment is at which time alone changes something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """An open dispatch, and what it waits for."""

    dispatch: Dispatch
    rule: Rule | None
    zone: str  # the channel's
    until: datetime | None  # None: it is due, or nothing but another match can change it
    due: bool
    silences: tuple[Silence, ...]  # that hold it
    told_at: datetime | None  # when its group was told last

    @property
    def sentence(self) -> str:
        """In plain words, to stand behind "because"."""
        reason = self.dispatch.reason
        if self.due:
            return f"{reason.sentence}; that is over, and the daemon tells it in its next round"
        if reason is Reason.SILENCED and self.silences:
            return " and ".join(spoken(silence, self.zone) for silence in self.silences)
        parts = [reason.sentence, self._asked, self._then]
        return "; ".join(part for part in parts if part)

    @property
    def _asked(self) -> str:
        """What of the rule holds it, in numbers."""
        if self.dispatch.reason is Reason.IN_WINDOW and self.rule and (when := self.rule.when):
            return f"it asks for {when.count:,} {when.distinct}s within {span(when.within)}"
        if self.dispatch.reason is Reason.THROTTLED and self.rule and self.rule.throttle and self.told_at:
            return f"told at {local(self.told_at, self.zone)}, and `throttle` is {span(self.rule.throttle)}"
        return ""

    @property
    def _then(self) -> str:
        then = _THEN.get(self.dispatch.reason)
        return then.format(local(self.until, self.zone)) if then and self.until else ""


def waits(desk: Desk, dispatches: Iterable[Dispatch], now: datetime) -> Iterator[Wait]:
    """What each waits for, decided as the daemon would decide it now; by channel and group."""
    in_order = sorted(dispatches, key=lambda d: (d.channel, d.group, d.seen_at, d.id))
    for name, members in groupby(in_order, key=lambda d: d.channel):
        opened = tuple(members)
        rules = _rules(desk, opened)
        past = desk.store.past(name, opened, windows(opened, rules), now)
        spec = next((spec for spec in desk.settings.channels if spec.name == name), None)
        for _, of_group in groupby(opened, key=lambda d: d.group):
            yield from _of_group(spec or _gone(name), tuple(of_group), past, rules, now)


def _of_group(
    spec: ChannelSpec, opened: Sequence[Dispatch], past: Past, rules: Mapping[RuleId, Rule], now: datetime
) -> Iterator[Wait]:
    decided = decide(spec, opened, past, rules, now)
    told = {decision.dispatch for decision in decided.decisions if decision.alert}
    last = max((one.at for one in past.told if one.group == opened[0].group and one.at), default=None)
    for dispatch in opened:
        yield Wait(
            dispatch=dispatch,
            rule=rules.get(dispatch.rule),
            zone=spec.timezone,
            until=None if dispatch.id in told else decided.again_at,
            due=dispatch.id in told and dispatch.reason is not Reason.WAITING,
            silences=tuple(silence for silence in past.silences if silence.covers(dispatch, now)),
            told_at=last,
        )


def _rules(desk: Desk, opened: Iterable[Dispatch]) -> dict[RuleId, Rule]:
    """The rules as the daemon goes by them; one that was removed as it was when it matched."""
    asked = {d.rule: d.rule_hash for d in opened}
    found = (desk.store.live_rule(rule) or desk.store.rule_version(as_was) for rule, as_was in asked.items())
    return {rule.id: rule for rule in found if rule}


def _gone(name: ChannelName) -> ChannelSpec:
    """A channel that is in the store and no longer in the files: the daemon closes what waits for it."""
    return ChannelSpec(name=name, url="")
