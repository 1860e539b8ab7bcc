"""edge: open dispatches -> alerts in the outbox, and what becomes of each; what first polls found, told once.

alert     channel,now | open_dispatches | windows | past | decide | save_alerts
announce              | baseline_summary | notice | save_alerts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from watcher.alert import baseline_notice, decide, windows
from watcher.jobs.ground import Ground, Outlet
from watcher.model import ChannelName, Decided, Dispatch, Fate, Rule, RuleId

DECIDE_AT_ONCE = 50_000
"""Open dispatches of a channel that are decided together: as good as all, and at most some 50 MB."""
ASIDE = 500
"""From so many on they are decided on a thread: the event loop is not to wait for them."""


class Deciding(Ground):
    """What goes out, and when."""

    async def alert(self, channel: ChannelName) -> datetime | None:
        """Decide the channel's open dispatches; when time alone will change more, None: never."""
        while outlet := self.live.outlets.get(channel):
            opened = await self.on_store(self.store.open_dispatches, channel, DECIDE_AT_ONCE)
            now = self.clock.now()
            decided = await self._decided(outlet, opened, now)
            if decided.decisions:
                await self.on_store(self.store.save_alerts, decided.alerts, decided.decisions, at=now)
            if len(opened) < DECIDE_AT_ONCE or not any(d.reason.fate is not Fate.OPEN for d in decided.decisions):
                return decided.again_at
        return None

    async def _decided(self, outlet: Outlet, opened: Sequence[Dispatch], now: datetime) -> Decided:
        if not opened:
            return Decided()
        rules = await self._rules_of(opened)
        past = await self.on_store(self.store.past, outlet.spec.name, opened, windows(opened, rules), now)
        if len(opened) < ASIDE:
            return decide(outlet.spec, opened, past, rules, now)
        return await self.on_thread(decide, outlet.spec, opened, past, rules, now)

    async def _rules_of(self, opened: Sequence[Dispatch]) -> Mapping[RuleId, Rule]:
        """The rules at their present settings; one that was removed as it was when it matched."""
        gone = {d.rule: d.rule_hash for d in opened if d.rule not in self.live.rules}
        if not gone:
            return self.live.rules
        found = [await self.on_store(self.store.rule_version, rule_hash) for rule_hash in gone.values()]
        return {**self.live.rules, **{rule.id: rule for rule in found if rule}}

    async def announce(self) -> bool:
        """Tell the operator once what first polls found; False while some have not been made."""
        summary = await self.on_store(self.store.baseline_summary)
        if not summary.feeds:
            return summary.waiting == 0
        if summary.waiting:
            return False
        alerts = baseline_notice(summary, self.live.operator, self.clock.now())
        await self.on_store(self.store.save_alerts, alerts, (), summary.feeds)
        return True
