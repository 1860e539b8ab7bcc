"""pure: round -> round without what a rule's `when` has not counted enough of."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.alert.round import Hold, Round, aside, came, closed
from watcher.model import Arrival, Dispatch, Reason, Rule, RuleId, When, Window

MOMENT = timedelta(microseconds=1)
"""The least that two times differ by."""
GRACE = timedelta(minutes=1)
"""After a window's end: a poll that was under way then saves a little later what came in time."""
Key = tuple[RuleId, str]
"""A rule and a group: what is counted together."""


def windows(opened: Iterable[Dispatch], rules: Mapping[RuleId, Rule]) -> tuple[Window, ...]:
    """What must be counted to decide these dispatches: of each rule and group what came near them."""
    return tuple(
        Window(
            rule=rule,
            group=group,
            since=min(d.seen_at for d in members) - _within(when) - MOMENT,
            until=max(d.seen_at for d in members) + _within(when),
        )
        for (rule, group), (when, members) in sorted(_counted(opened, rules).items())
    )


def await_more(round_: Round) -> Round:
    """Held is what lies in no full window of its rule's `when`; out goes what came too long ago to lie in one yet."""
    counted = _counted(round_.open, round_.rules)
    if not counted:
        return round_
    arrivals = _by_key(round_.past.arrivals)
    ends: dict[int, datetime] = {}
    for key, (when, members) in counted.items():
        full = Windows.full([*arrivals.get(key, ()), *members], when)
        alone = (d for d in members if not full.around(d.seen_at))
        ends.update((d.id, came(d, round_.now) + _within(when) + GRACE) for d in alone)
    late = {n for n, end in ends.items() if end <= round_.now}
    left = closed(round_, lambda d: (Reason.WINDOW_PASSED, None) if d.id in late else None)
    waiting = (d for d in left.open if d.id in ends)
    return aside(left, (Hold(dispatch=d, reason=Reason.IN_WINDOW, until=ends[d.id]) for d in waiting))


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The windows in which enough came, each starting with what came first in it; in order."""

    starts: tuple[datetime, ...]
    within: timedelta

    @classmethod
    def full(cls, arrivals: Iterable[Arrival | Dispatch], when: When) -> Windows:
        """Every window is one that starts with an arrival, or holds no more than such a one."""
        in_order = sorted(arrivals, key=lambda one: one.seen_at)
        inside: Counter[str] = Counter()
        starts, end = [], 0
        for first in in_order:
            while end < len(in_order) and in_order[end].seen_at <= first.seen_at + _within(when):
                inside[_what(in_order[end], when)] += 1
                end += 1
            if len(inside) >= when.count:
                starts.append(first.seen_at)
            _less(inside, _what(first, when))
        return cls(starts=tuple(starts), within=_within(when))

    def around(self, moment: datetime) -> bool:
        """Whether one of them holds this moment, its ends included."""
        before = bisect_right(self.starts, moment)
        return before > 0 and moment - self.starts[before - 1] <= self.within


def _counted(opened: Iterable[Dispatch], rules: Mapping[RuleId, Rule]) -> dict[Key, tuple[When, list[Dispatch]]]:
    """The dispatches of rules that count, each with how."""
    found: dict[Key, tuple[When, list[Dispatch]]] = {}
    for d in opened:
        rule = rules.get(d.rule)
        if rule and rule.when:
            found.setdefault((d.rule, d.group), (rule.when, []))[1].append(d)
    return found


def _by_key(arrivals: Iterable[Arrival]) -> dict[Key, list[Arrival]]:
    found: dict[Key, list[Arrival]] = {}
    for one in arrivals:
        found.setdefault((one.rule, one.group), []).append(one)
    return found


def _what(one: Arrival | Dispatch, when: When) -> str:
    return one.source if when.distinct == "source" else one.item


def _less(inside: Counter[str], what: str) -> None:
    inside[what] -= 1
    if not inside[what]:
        del inside[what]


def _within(when: When) -> timedelta:
    return timedelta(seconds=when.within)
