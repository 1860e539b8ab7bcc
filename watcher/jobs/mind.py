"""edge: the watcher's look at its feeds and at itself -> what people are told of both.

    conditions            | changed_conditions | reach | of_outage | of_changes | tell_conditions
    absences              | feeds | episodes | noticed | save_episodes | alerts_of | save_alerts
    audit                 | audit | notice | save_alerts
    still_watching        | status | notice | save_alerts
    call_home             | fetch           (a URL whose owner raises the alarm when the calls stop)

What is kept in memory spares questions to the store; without it nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from watcher.absence import alerts_of, blind, earliest, key_of, noticed
from watcher.condition import by_condition
from watcher.condition.changes import (
    LATELY,
    OUT_OF_REACH,
    UNSTEADY,
    Telling,
    is_outage,
    is_recovering,
    of_changes,
    of_outage,
)
from watcher.errors import FetchError
from watcher.hours import last_time_of_day
from watcher.jobs.ground import Ground, Live
from watcher.model import (
    AlertKey,
    AlertState,
    Episode,
    Fate,
    FeedId,
    FeedState,
    FetchRequest,
    HeartbeatSettings,
    NewAlert,
    Reach,
    Rule,
    RuleId,
    Severity,
    Silence,
    Status,
)
from watcher.text.counted import counted

REMEMBERED = timedelta(days=7)
"""How long after a silent time ended it may still be told: the longest that quiet hours or a silence should hold it."""
LATE = timedelta(hours=1)
"""A message of a time of day that could not be made so long after it is left out."""
SOON = timedelta(minutes=1)
"""Between two looks at all feeds, where an outage or a silent time could begin or end at any moment."""
COUNTED = 1_000
"""Alerts that a message counts; more are "1,000 or more"."""
REFUSED = "no public address, or a port that is not for HTTP; `allow_private` names networks that may be called"
FLAWS = 10
"""Flaws that a message names."""
BETWEEN = timedelta(minutes=10)
"""Time between two messages of how feeds are: the first is told at once, what comes after it together."""
PATIENCE = timedelta(minutes=30)
"""For how long the first feeds that are read again after an outage wait for the others."""


class Minder:
    """Looks after what no feed and no match calls for."""

    def __init__(self, jobs: Ground) -> None:
        self._jobs = jobs
        self._told: set[AlertKey] = set()  # of silent times, that are stored
        self._live: Live | None = None  # by what feeds were looked at last
        self._looked_at = self._look_at = datetime.min.replace(tzinfo=UTC)  # when that was, and is due again
        self._blind: dict[RuleId, tuple[FeedId, ...]] = {}  # feeds that could not be read then
        self._changed: Sequence[FeedState] = ()  # feeds with a condition that was not told, at the last look
        self._reached = datetime.min.replace(tzinfo=UTC)  # when that was
        self._spoke: datetime | None = None  # when of feeds' conditions
        self._unsteady: dict[FeedId, datetime] = {}  # when each was last read again after it had failed
        self._recovering: datetime | None = None  # since when so many feeds are out of reach that words of them wait
        self._flaws: set[str] = set()  # that were told
        self._watched: datetime | None = None  # the last time of day at which "still watching" was told
        self._unheard: datetime | None = None  # since when the call of the URL fails

    # how feeds are

    async def conditions(self) -> None:
        """Tell the operator of feeds that fail, fall silent or are well again: each change once."""
        jobs, now = self._jobs, self._jobs.clock.now()
        changed = await jobs.on_store(jobs.store.changed_conditions)
        if changed == self._changed and timedelta(0) <= now - self._reached < SOON:
            return
        reach = await jobs.on_store(jobs.store.reach, OUT_OF_REACH, now - LATELY, now)
        if is_outage(reach) and reach.untold:
            await self._tell_of(of_outage(await jobs.on_store(jobs.store.feeds), reach, now), now)
            changed = await jobs.on_store(jobs.store.changed_conditions)
        hold = self._holds(reach, now)
        self._unsteady = {feed: at for feed, at in self._unsteady.items() if timedelta(0) <= now - at < UNSTEADY}
        telling = of_changes(changed, now, hold=hold, unsteady=self._unsteady) if changed else Telling()
        if not telling.title or self._spoke is None or not timedelta(0) <= now - self._spoke < BETWEEN:
            await self._tell_of(telling, now)
        self._changed, self._reached = changed, now

    async def _tell_of(self, telling: Telling, now: datetime) -> None:
        words: tuple[NewAlert, ...] = ()
        if telling.title:
            about = f"feeds:{now.isoformat()}"
            words = self._jobs.words(telling.title, telling.body, telling.severity, about)
        if telling.told:
            await self._jobs.on_store(self._jobs.store.tell_conditions, telling.told, words)
        self._unsteady |= dict.fromkeys(telling.unsteady, now)
        if words:
            self._spoke = now

    def _holds(self, reach: Reach, now: datetime) -> bool:
        """Whether more is to be expected of an outage than what could be told now."""
        outage = is_outage(reach)
        if outage or not is_recovering(reach):
            self._recovering = None
        elif self._recovering is None:
            self._recovering = now
        return outage or (self._recovering is not None and now - self._recovering < PATIENCE)

    # feeds that fell silent

    async def absences(self) -> None:
        """Note which silent times of feeds have begun and ended, and tell of them."""
        jobs, now = self._jobs, self._jobs.clock.now()
        rules = jobs.live.absences
        if not rules:
            return
        known = await jobs.on_store(jobs.store.episodes, now - REMEMBERED)
        changed = await self._looked(rules, known, now)
        episodes = _latest([*known, *changed])
        if not episodes:
            return
        silences = await jobs.on_store(jobs.store.silences, now)
        for rule in rules:
            await jobs.tell(await self._of_silence(rule, episodes, silences, now))

    async def _looked(self, rules: Sequence[Rule], known: Sequence[Episode], now: datetime) -> list[Episode]:
        """What has changed, from a look at the feeds: all of them are read, so only when there may be something."""
        jobs = self._jobs
        if self._live is jobs.live and self._looked_at <= now < self._look_at:
            return []
        live, feeds = jobs.live, await jobs.on_store(jobs.store.feeds)
        changed = self._noticed(rules, feeds, known, now)
        if changed:
            await jobs.on_store(jobs.store.save_episodes, changed)
        opened = {episode.rule for episode in _latest([*known, *changed]) if episode.ended_at is None}
        next_ = [now if rule.id in opened else earliest(rule, feeds) for rule in rules]
        self._blind = {rule.id: blind(rule, feeds, now) for rule in rules}
        self._live, self._looked_at = live, now
        self._look_at = max(now + SOON, min((at for at in next_ if at), default=now))
        return changed

    def _noticed(
        self, rules: Sequence[Rule], feeds: Sequence[FeedState], known: Sequence[Episode], now: datetime
    ) -> list[Episode]:
        opened = {episode.rule: episode for episode in known if episode.ended_at is None}
        found = [noticed(rule, feeds, now, opened.get(rule.id)) for rule in rules]
        return [episode for episode in found if episode]

    async def _of_silence(
        self, rule: Rule, episodes: Sequence[Episode], silences: Sequence[Silence], now: datetime
    ) -> list[NewAlert]:
        made: list[NewAlert] = []
        own = [episode for episode in episodes if episode.rule == rule.id]
        for channel in self._jobs.live.route(rule):
            if own and (outlet := self._jobs.live.outlets.get(channel)):
                told = await self._stored(key_of(channel, e, ended=end) for e in own for end in (False, True))
                made += alerts_of(rule, own, outlet.spec, told, silences, now, self._blind.get(rule.id, ()))
        return made

    async def _stored(self, keys: Iterable[AlertKey]) -> set[AlertKey]:
        asked = set(keys)
        for key in asked - self._told:
            if await self._jobs.on_store(self._jobs.store.alert, key):
                self._told.add(key)
        return asked & self._told

    # the sums

    async def audit(self) -> None:
        """Check that nothing is lost in the store; what does not add up is an error, told once."""
        found = await self._jobs.on_store(self._jobs.store.audit)
        new = [flaw for flaw in found.flaws if flaw not in self._flaws]
        for flaw in new:
            self._jobs.log.error("the store does not add up", flaw=flaw)
        if new:
            about = f"audit:{sha256(chr(0).join(new).encode()).hexdigest()[:16]}"
            more = [f"and {len(new) - FLAWS:,} more"] if len(new) > FLAWS else []
            title = "What the watcher has stored does not add up"
            await self._jobs.tell(self._jobs.words(title, "\n".join([*new[:FLAWS], *more]), Severity.HIGH, about))
            self._flaws.update(new)

    # signs of life

    async def still_watching(self) -> None:
        """Say at the times of day that were asked for that the watcher is there, and how it stands."""
        jobs, now = self._jobs, self._jobs.clock.now()
        heartbeat = jobs.live.heartbeat
        slot = last_slot(heartbeat, now)
        if slot is None or slot == self._watched or now - slot > LATE:
            return
        since = last_slot(heartbeat, slot - timedelta(seconds=1)) or slot
        status = await jobs.on_store(jobs.store.status, now)
        made = len(await jobs.on_store(jobs.store.alerts, since, None, COUNTED))
        body = how_it_stands(status, made, since)
        about = f"heartbeat:{slot.isoformat()}"
        channels = heartbeat.to or jobs.live.operator
        await jobs.tell(jobs.words("Still watching", body, Severity.INFO, about, on=channels))
        self._watched = slot

    async def call_home(self) -> None:
        """Call the URL; its owner is told by that call, or by its absence, how the watcher is."""
        try:
            await self._jobs.fetcher.fetch(FetchRequest(url=self._jobs.live.heartbeat.url))
        except FetchError as error:  # its text may hold the URL, which is a secret
            why = f"HTTP {error.status}" if error.status else REFUSED if error.kind == "forbidden" else error.kind
            await self._not_heard(why)
        else:
            self._unheard = None

    async def _not_heard(self, why: str) -> None:
        jobs = self._jobs
        jobs.log.warning("the heartbeat's URL could not be called", error=why)
        if self._unheard is None:
            self._unheard = jobs.clock.now()
            title = "The heartbeat's URL could not be called"
            body = f"{why}\nIt is called again. Whoever waits for the calls may raise an alarm meanwhile."
            about = f"unheard:{self._unheard.isoformat()}"
            await jobs.tell(jobs.words(title, body, Severity.MEDIUM, about))


# pure


def last_slot(heartbeat: HeartbeatSettings, now: datetime) -> datetime | None:
    """The last time at or before now at which the message was to be told; None where it never is."""
    return max((last_time_of_day(minutes, heartbeat.timezone, now) for minutes in heartbeat.at), default=None)


def how_it_stands(status: Status, made: int, since: datetime) -> str:
    """Two lines: what is watched, and what was told of it since and what waits."""
    alerts = f"{COUNTED:,} alerts or more" if made >= COUNTED else counted(made, "alert")
    held, pending = status.dispatches.get(Fate.OPEN, 0), status.outbox.get(AlertState.PENDING, 0)
    return (
        f"{counted(status.feeds, 'feed')}: {by_condition(status)}; "
        f"{counted(status.items, 'item')} known\n"
        f"{alerts} since {since:%Y-%m-%d %H:%M} UTC; {counted(held, 'match', 'es')} held, "
        f"{counted(pending, 'alert')} to be sent"
    )


def _latest(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """Each silent time once, as it was said last."""
    return tuple({(episode.rule, episode.since): episode for episode in episodes}.values())
