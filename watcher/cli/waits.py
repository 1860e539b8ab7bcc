"""edge: (desk, open dispatches) -> why each of them waits, in plain words, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from watcher.alert import decide, windows
from watcher.cli.common import local, span
from watcher.cli.desk import Desk
from watcher.cli.spoken import spoken
from watcher.model import ChannelName, ChannelSpec, Dispatch, Fate, Past, Reason, Rule, RuleId, Silence

TITLE = 120
"""Characters of a headline in a line."""
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
    reason: Reason  # as things are now; the dispatch has that of the daemon's last round
    rule: Rule | None
    zone: str  # the channel's
    until: datetime | None  # when time alone changes something; None: it is due, or only another match can
    silences: tuple[Silence, ...]  # that hold it
    told_at: datetime | None  # when its group was told last

    @property
    def sentence(self) -> str:
        """In plain words, to stand behind "because"."""
        if self.reason is Reason.WAITING:
            return f"{self.reason.sentence}: the daemon does that in its next round"
        if self.reason is Reason.SILENCED and self.silences:
            return " and ".join(spoken(silence, self.zone) for silence in self.silences)
        return "; ".join([self.reason.sentence, *self._numbers])

    @property
    def briefly(self) -> str:
        """What the reason's own word leaves open; the sentence where nothing more is known."""
        return self.sentence if self.reason in {Reason.WAITING, Reason.SILENCED} else "; ".join(self._numbers)

    @property
    def _numbers(self) -> list[str]:
        return [part for part in (self._asked, self._then) if part]

    @property
    def _asked(self) -> str:
        """What of the rule holds it, in numbers."""
        if self.reason is Reason.IN_WINDOW and self.rule and (when := self.rule.when):
            return f"it asks for {when.count:,} {when.distinct}s within {span(when.within)}"
        if self.reason is Reason.THROTTLED and self.rule and self.rule.throttle and self.told_at:
            return f"told at {local(self.told_at, self.zone)}, and `throttle` is {span(self.rule.throttle)}"
        return ""

    @property
    def _then(self) -> str:
        then = _THEN.get(self.reason)
        return then.format(local(self.until, self.zone)) if then and self.until else ""


def waits(desk: Desk, dispatches: Iterable[Dispatch], now: datetime) -> Iterator[Wait]:
    """What each waits for, decided as the daemon would decide it now; by channel, group and rule."""
    in_order = sorted(dispatches, key=lambda d: (d.channel, d.group, d.rule, d.seen_at, d.id))
    for name, members in groupby(in_order, key=lambda d: d.channel):
        opened = tuple(members)
        rules = _rules(desk, opened)
        past = desk.store.past(name, opened, windows(opened, rules), now)
        spec = next((spec for spec in desk.settings.channels if spec.name == name), None)
        for _, together in groupby(opened, key=lambda d: (d.group, d.rule)):
            yield from _together(spec or _gone(name), tuple(together), past, rules, now)


def _together(
    spec: ChannelSpec, opened: Sequence[Dispatch], past: Past, rules: Mapping[RuleId, Rule], now: datetime
) -> Iterator[Wait]:
    items, group = {d.item for d in opened}, opened[0].group
    told = tuple(one for one in past.told if one.group == group or one.item in items)
    decided = decide(spec, opened, replace(past, told=told), rules, now)
    changed = {decision.dispatch: decision.reason for decision in decided.decisions}
    last = max((one.at for one in told if one.group == group and one.at), default=None)
    for dispatch in opened:
        reason = changed.get(dispatch.id, dispatch.reason)
        stays = reason.fate is Fate.OPEN
        yield Wait(
            dispatch=dispatch,
            reason=reason if stays else Reason.WAITING,
            rule=rules.get(dispatch.rule),
            zone=spec.timezone,
            until=decided.again_at if stays else None,
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
