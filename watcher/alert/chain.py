"""pure: (channel, open dispatches, what was told, now) -> alerts and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from watcher.alert.counting import await_more
from watcher.alert.holding import (
    heed_silences,
    keep_for_digest,
    keep_quiet,
    list_kept,
    list_silenced,
    set_old_aside,
    throttle,
)
from watcher.alert.merging import (
    drop_slight,
    ignore_updates,
    merge_revisions,
    merge_texts,
    merge_told,
    merge_told_texts,
    merge_told_urls,
    merge_urls,
)
from watcher.alert.round import NEVER, History, Round, Step, arrival
from watcher.alert.sharing import share_cap
from watcher.alert.telling import join_alerts, ride_along, tell, tell_lone
from watcher.model import ChannelSpec, Decided, Dispatch, Past, Rule, RuleId

STEPS: tuple[Step, ...] = (
    drop_slight,
    merge_told,
    ignore_updates,
    merge_told_urls,
    merge_told_texts,
    await_more,
    merge_revisions,
    heed_silences,
    merge_urls,
    merge_texts,
    set_old_aside,
    keep_for_digest,
    list_silenced,
    keep_quiet,
    throttle,
    list_kept,
    join_alerts,
    share_cap,
    ride_along,
    tell_lone,
    tell,
)


def decide(
    channel: ChannelSpec, opened: Sequence[Dispatch], past: Past, rules: Mapping[RuleId, Rule], now: datetime
) -> Decided:
    """The alerts that these dispatches make, and what changes for each dispatch, in the order of their ids.

    `opened` are all open dispatches of the channel, in any order, and `rules` hold the present settings of theirs.
    `past.told` holds what alerts have told of the dispatches' groups; what it holds of other groups counts too wherever
    the rule, item or address is the same. What was baseline counts as known of its rule and item, and as nothing else:
    no group was told by it.

    What is held was held by the settings and the time of a round, and is looked at anew in each: until its reason says
    else nothing is left of it but that reason. Decided later than `again_at`, the same is told, later.
    """
    round_ = Round(
        channel=channel,
        rules=rules,
        past=past,
        told=History.of(past.told),
        now=now,
        open=tuple(sorted(opened, key=arrival)),
    )
    for step in STEPS:
        round_ = step(round_)
    return Decided(
        alerts=round_.alerts,
        decisions=tuple(sorted(round_.decisions, key=lambda decision: decision.dispatch)),
        again_at=min((hold.until for hold in round_.held if hold.until and hold.until < NEVER), default=None),
    )
