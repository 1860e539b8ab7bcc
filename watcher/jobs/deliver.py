"""edge: the outbox -> senders, and how each try went; what the operator is told of a channel that fails.

deliver   alert       | render | send | save_delivery
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from watcher.alert import copied
from watcher.errors import SendError, StoreError
from watcher.jobs.ground import LEASE, Ground, Outlet, surprise
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    ChannelName,
    ChannelSpec,
    Delivery,
    NewAlert,
    Receipt,
    Severity,
)

LONG = timedelta(hours=1)
"""A channel that has accepted nothing for so long is told of."""
MOST_WAITING = 1_000
"""Waiting alerts that are looked at for a fallback each time a try fails."""
NAMED = 5
"""Recipients that are named where a message reached only the others."""


Turn = Callable[[ChannelName], Awaitable[bool]]
"""Waits until a message may go to the channel's target; False: it may not go any more, the watcher is to end."""


async def at_once(_: ChannelName) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A try at an alert, as it went."""

    outlet: Outlet
    alert: Alert
    answer: Receipt | SendError
    delivery: Delivery


class Delivering(Ground):
    """What is handed over."""

    @cached_property
    def unsaved(self) -> dict[ChannelName, Tried]:
        """Tries that the store has not taken, at most one a channel: nothing is sent on it before."""
        return {}

    async def deliver(self, channel: ChannelName, due: datetime | None = None, turn: Turn = at_once) -> Delivery | None:
        """Send the channel's oldest alert that was due then (now) when it is its turn, and save how it went.

        None when there is none, or no turn any more: what was claimed for that is free again at the next start. The
        channel may have been changed, or removed, while it waited for its turn.
        """
        if channel not in self.live.outlets:
            return None
        await self.settle(channel)
        now = self.clock.now()
        alert = await self.on_store(self.store.claim_alert, channel, due or now, now + LEASE)
        if alert is None or not await turn(channel) or not (outlet := self.live.outlets.get(channel)):
            return None
        started = self.clock.now()
        answer = await self._answer(outlet, alert)
        if isinstance(answer, SendError):
            delivery = self._refused(alert, answer, started)
        else:
            delivery = self._taken(alert, answer, started)
        self.unsaved[channel] = Tried(outlet=outlet, alert=alert, answer=answer, delivery=delivery)
        await self.settle(channel)
        return delivery

    async def settle(self, channel: ChannelName) -> None:
        """Save how the last try on the channel went, where that is not saved; kept where the store fails."""
        if tried := self.unsaved.pop(channel, None):
            try:
                await self._save(tried)
            except (StoreError, asyncio.CancelledError):
                self.unsaved[channel] = tried
                raise

    async def _save(self, tried: Tried) -> None:
        outlet, alert, answer, delivery = tried.outlet, tried.alert, tried.answer, tried.delivery
        channel = alert.channel
        failing = await self.on_store(self.store.failing_since, channel)
        if isinstance(answer, SendError):
            since = failing or delivery.started_at
            words = await self._of_failure(outlet, alert, delivery, since, denied=answer.denied)
        else:
            words = await self._of_recovery(channel, failing) if failing else ()
            if failing and (words or delivery.ended_at - failing >= LONG):
                delivery = replace(delivery, recovered=True)
        words = [*words, *self._of_lost(channel, answer.refused, delivery)]
        await self.on_store(self.store.save_delivery, delivery, words)
        self._say(outlet, alert, delivery)
        self.meter.tried(channel, delivery.state.value, _lag(alert, delivery))

    async def rest(self, channel: ChannelName) -> None:
        """Nothing more is due on the channel: its sender may let go of what it kept."""
        outlet = self.live.outlets.get(channel)
        if outlet is None:
            return
        try:
            await self.on_thread(outlet.sender.rest)
        except Exception:
            self.log.exception("letting go of a connection went wrong in the watcher itself", channel=channel)

    async def _answer(self, outlet: Outlet, alert: Alert) -> Receipt | SendError:
        """What the service says; an alert or a sender that surprises us is tried again and told like any other."""
        try:
            message = replace(outlet.render(alert), root=alert.root, to=alert.owed)
            return await self.on_thread(outlet.sender.send, message)
        except SendError as error:
            return error
        except Exception as error:
            self.log.exception("sending went wrong in the watcher itself", channel=alert.channel, alert=alert.key)
            return SendError(surprise(error))

    def _taken(self, alert: Alert, receipt: Receipt, started: datetime) -> Delivery:
        return Delivery(
            alert=alert.key,
            started_at=started,
            ended_at=self.clock.now(),
            state=AlertState.SENT,
            detail=receipt.detail,
            reference=receipt.reference,
        )

    def _refused(self, alert: Alert, error: SendError, started: datetime) -> Delivery:
        ended = self.clock.now()
        next_at = self.retry.after_try(alert, error, ended, self.rand())
        return Delivery(
            alert=alert.key,
            started_at=started,
            ended_at=ended,
            state=AlertState.PENDING if next_at else AlertState.DEAD,
            detail=f"{error}{_not_had(error)}",
            next_at=next_at,
            owed=error.owed or alert.owed,
            rest_until=self.retry.rest_until(error, ended),
        )

    def _say(self, outlet: Outlet, alert: Alert, delivery: Delivery) -> None:
        about: dict[str, object] = {"channel": alert.channel, "alert": alert.key}
        if delivery.state is AlertState.DEAD:
            self.log.error("alert given up", **about, error=delivery.detail)
        elif delivery.state is AlertState.PENDING:
            self.log.warning("send failed", **about, error=delivery.detail, next=delivery.next_at)
        else:
            say = self.log.debug if outlet.seen else self.log.info
            say("sent", **about, kind=alert.kind.value, items=len(alert.items))

    # what the operator is told

    async def _of_failure(
        self, outlet: Outlet, alert: Alert, delivery: Delivery, since: datetime, *, denied: bool
    ) -> Sequence[NewAlert]:
        """Of an alert given up, with its copy; of a channel that refuses us or has failed for long, once a spell, with
        copies of all that waits for it: whoever reads the fallback is not to wait until they are given up.
        """
        if delivery.state is AlertState.DEAD:
            return (*self._of_dead(alert, delivery), *self._copies(outlet, [alert], delivery.ended_at))
        what = "denied" if denied else "failing" if delivery.ended_at - since >= LONG else None
        if what is None:
            return ()
        waiting = await self._waiting(outlet) if outlet.spec.fallback else ()
        words = self._of_spell(outlet.spec, since, what, delivery.detail)
        return (*words, *self._copies(outlet, waiting, delivery.ended_at))

    async def _waiting(self, outlet: Outlet) -> Sequence[Alert]:
        """What waits for the channel, the newest of it, oldest first."""
        pending = await self.on_store(self.store.alerts, None, AlertState.PENDING, MOST_WAITING)
        return [alert for alert in reversed(pending) if alert.channel == outlet.spec.name]

    def _of_dead(self, alert: Alert, delivery: Delivery) -> Sequence[NewAlert]:
        """Not of a notice: its channel may be the dead one."""
        if alert.kind is AlertKind.NOTICE:
            return ()
        title = f"An alert could not be delivered on {alert.channel}"
        body = (
            f"{delivery.detail}\nSee it with `watcher alerts show {alert.key}`, "
            f"send it again with `watcher alerts resend {alert.key}`."
        )
        return self.words(title, body, Severity.HIGH, f"dead:{alert.key}:{delivery.started_at.isoformat()}")

    def _copies(self, outlet: Outlet, alerts: Sequence[Alert], now: datetime) -> Sequence[NewAlert]:
        """The same for the channel that stands in for this one; not of a copy: two could stand in for each other."""
        fallback = outlet.spec.fallback
        if fallback is None or fallback not in self.live.outlets:
            return ()
        return [copied(alert, fallback, now) for alert in alerts if not alert.copy_of]

    def _of_lost(self, channel: ChannelName, refused: Sequence[str], delivery: Delivery) -> Sequence[NewAlert]:
        """Of recipients who never have what the others have: once a day each."""
        body = (
            f"{delivery.detail}\nThe other recipients have it. Mend the address in the channel's URL, or take it out."
        )
        day = delivery.ended_at.date().isoformat()
        return [
            word
            for one in refused
            for word in self.words(
                f"{one} is refused for good on {channel}", body, Severity.HIGH, f"lost:{channel}:{one}:{day}"
            )
        ]

    def _of_spell(self, spec: ChannelSpec, since: datetime, what: str, detail: str) -> Sequence[NewAlert]:
        """Once for each time in which the channel accepts nothing; not on the channel itself, where nobody reads it."""
        channel = spec.name
        said = {
            "denied": f"The channel {channel} refuses the watcher: its address or credentials want mending",
            "failing": f"The channel {channel} has accepted nothing for an hour or more",
        }
        meanwhile = f", and are told on {spec.fallback} meanwhile" if spec.fallback else ""
        ask = f"try it yourself with `watcher notify test {channel}`"
        body = f"{detail}\nIts alerts wait and are tried again{meanwhile}; {ask}."
        return self.words(said[what], body, Severity.HIGH, _spell(what, channel, since), on=self._others(channel))

    async def _of_recovery(self, channel: ChannelName, since: datetime) -> Sequence[NewAlert]:
        """Where it was told that the channel failed."""
        if not await self._was_told(channel, since):
            return ()
        title, body = f"The channel {channel} works again", "What waited for it is sent now."
        return self.words(title, body, Severity.INFO, _spell("again", channel, since), on=self._others(channel))

    async def _was_told(self, channel: ChannelName, since: datetime) -> bool:
        abouts = [_spell(what, channel, since) for what in ("denied", "failing")]
        words = [self.words("", "", Severity.INFO, about, on=self._others(channel)) for about in abouts]
        told = [await self.on_store(self.store.alert, word.key) for each in words for word in each]
        return any(told)

    def _others(self, channel: ChannelName) -> list[ChannelName]:
        return [name for name in self.live.operator if name != channel]


def _spell(what: str, channel: ChannelName, since: datetime) -> str:
    return f"{what}:{channel}:{since.isoformat()}"


def _lag(alert: Alert, delivery: Delivery) -> float | None:
    """Seconds from its first item's arrival to its first acceptance; None where it was not, or tells of no item."""
    if delivery.state is not AlertState.SENT or alert.sent_at is not None or not alert.items:
        return None
    return (delivery.ended_at - min(told.seen_at for told in alert.items)).total_seconds()


def _not_had(error: SendError) -> str:
    """Whom a message did not reach, where it reached others and the sender's own words do not say so."""
    unsaid = [one for one in error.owed if one and one not in str(error)]
    if not unsaid:
        return ""
    more = f" and {len(unsaid) - NAMED} more" if len(unsaid) > NAMED else ""
    return f" (not had by {', '.join(unsaid[:NAMED])}{more})"
