"""The pipeline: each job reads at an edge, decides purely, and saves in one transaction.

    poll      feed        | fetch | unseen | parse | normalise | match | story | save_poll
    alert     channel,now | open_dispatches | decide | save_alerts
    deliver   alert       | render | send | save_delivery
    announce              | baseline_summary | notice | save_alerts
    refile                | refile          (the index, when the keys of words have changed)

A job takes ids, keeps nothing in memory that matters and may run twice. Who calls them, and when, is run's.
The hashes of a feed's known entries travel with its state, so "unseen" is the parser leaving those out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import ParamSpec, Protocol, TypeVar

from watcher.alert import baseline_notice, decide, notice, windows
from watcher.errors import FetchError, ParseError, SendError, StoreError
from watcher.match import Ruleset, match
from watcher.model import (
    Alert,
    AlertKind,
    AlertState,
    Baseline,
    ChannelName,
    ChannelSpec,
    Delivery,
    Dispatch,
    FeedState,
    FetchRequest,
    Hash64,
    Item,
    Known,
    Match,
    Message,
    NewAlert,
    NewDispatch,
    Parsed,
    PollSaved,
    Receipt,
    Response,
    Revision,
    Rule,
    RuleId,
    Severity,
)
from watcher.normalise import normalise
from watcher.ports import Clock, Fetcher, Parser, Sender, Store
from watcher.schedule import Intervals, Retry
from watcher.story import group_of, site_of, story_of

MAX_REVISIONS = 24
"""Edits of one item that are kept and matched; a page that changes at each poll tells nothing more after that."""
LEASE = timedelta(minutes=5)
"""Longer than any poll or send may take: only a daemon that died leaves a lease to run out."""
BATCH = 32
"""Items handled between two looks at the event loop (about 10 ms)."""
DECIDE_AT_ONCE = 5_000

T = TypeVar("T")
P = ParamSpec("P")


class Log(Protocol):
    """A structured logger: an event in a few words, then what it is about."""

    def debug(self, event: str, **about: object) -> object: ...
    def info(self, event: str, **about: object) -> object: ...
    def warning(self, event: str, **about: object) -> object: ...
    def error(self, event: str, **about: object) -> object: ...
    def exception(self, event: str, **about: object) -> object: ...


class OnThread(Protocol):
    """Runs a blocking call somewhere it does not hold the event loop."""

    def __call__(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A channel as the jobs use it: how it says an alert, and who sends that."""

    spec: ChannelSpec
    render: Callable[[Alert], Message]
    sender: Sender
    seen: bool = False  # on the terminal where the log is: that it was sent needs no line


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the operator's files say at present. Swapped whole, never changed."""

    ruleset: Ruleset
    rules: Mapping[RuleId, Rule]
    outlets: Mapping[ChannelName, Outlet]
    operator: tuple[ChannelName, ...]

    def route(self, rule: Rule) -> tuple[ChannelName, ...]:
        """The channels a rule speaks on: those it names, by name or tag; all where it names none.

        The operator's where none of those is left: such a rule stays at its last good version until it is mended.
        """
        wanted = set(rule.notify)
        meant = tuple(n for n, o in self.outlets.items() if not wanted or n in wanted or wanted & set(o.spec.tags))
        return meant or self.operator


class Jobs:
    """The jobs over one set of ports. `live` is replaced at a reload."""

    def __init__(
        self,
        *,
        store: Store,
        on_store: OnThread,
        on_thread: OnThread,
        fetcher: Fetcher,
        parser: Parser,
        clock: Clock,
        rand: Callable[[], float],
        log: Log,
        live: Live,
        intervals: Intervals,
        retry: Retry,
    ) -> None:
        self.store = store
        self.on_store = on_store
        self.on_thread = on_thread
        self.fetcher = fetcher
        self.parser = parser
        self.clock = clock
        self.rand = rand
        self.log = log
        self.live = live
        self.intervals = intervals
        self.retry = retry

    # poll

    async def poll(self, state: FeedState) -> PollSaved:
        """One poll of one feed, saved; a failure changes its failure count and next due time, nothing else."""
        try:
            saved = await self._read(state)
            await self.on_store(self.store.save_poll, saved)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this feed's failure and no other's
            saved = PollSaved(state=self._failed(state, self._told(error, state)))
            await self.on_store(self.store.save_poll, saved)
        self._report(saved)
        return saved

    def _told(self, error: Exception, state: FeedState) -> FetchError | ParseError:
        if isinstance(error, FetchError | ParseError):
            return error
        self.log.error("poll went wrong in the watcher itself", feed=state.feed.id, exc_info=error)
        return ParseError(surprise(error), kind="internal")

    async def _read(self, state: FeedState) -> PollSaved:
        response = await self.fetcher.fetch(request_for(state, self.intervals))
        body_hash = hash_of(response)
        if response.not_modified or (body_hash is not None and body_hash == state.body_hash):
            return PollSaved(state=self._good(state, response, None, new=False, body_hash=body_hash))
        parsed = await self.parser.parse(response, state.entry_hashes)
        return await self._matched(state, response, parsed, body_hash)

    async def _matched(
        self, state: FeedState, response: Response, parsed: Parsed, body_hash: Hash64 | None
    ) -> PollSaved:
        feed, live, now = state.feed, self.live, self.clock.now()
        items = [item async for item in _in_batches(normalise(entry, feed) for entry in parsed.entries)]
        known = await self.on_store(self.store.known, feed.id, [item.key for item in items])
        revisions = tuple(revised(items, known, now))
        matches = [pairs async for pairs in _in_batches(self._hits(live, each, state) for each in revisions)]
        if parsed.warning:
            self.log.warning("feed has a flaw", feed=feed.id, flaw=parsed.warning)
        for last in (revision for revision in revisions if revision.number == MAX_REVISIONS):
            flaw = "edited so often that further edits are left out; has each of its entries an id of its own?"
            self.log.warning("feed has a flaw", feed=feed.id, item=last.item.id, flaw=flaw)
        return PollSaved(
            state=self._good(state, response, parsed, new=bool(revisions), body_hash=body_hash),
            revisions=revisions,
            matches=tuple(pair for pairs in matches for pair in pairs),
            baseline=not state.baselined and feed.baseline is Baseline.QUIET,
        )

    def _hits(self, live: Live, revision: Revision, state: FeedState) -> list[tuple[Match, tuple[NewDispatch, ...]]]:
        """The revision's matches, each with a dispatch for every channel its rule speaks on."""
        found = match(live.ruleset, revision.item, state.feed, revision.number)
        for rule, error in found.failures:
            self.log.error("rule could not be asked", rule=rule, item=revision.item.id, exc_info=error)
        return [(hit, dispatches(live, live.rules[hit.rule], revision, denial=hit.denial)) for hit in found.matches]

    def _good(
        self, state: FeedState, response: Response, parsed: Parsed | None, *, new: bool, body_hash: Hash64 | None
    ) -> FeedState:
        """The state after a good poll; without `parsed` nothing had changed."""
        now = self.clock.now()
        moved = self.intervals.moved(state, response.permanent_url)
        if parsed is not None:
            moved = replace(moved, entry_hashes=frozenset(parsed.hashes), baselined=True, ttl=parsed.ttl)
        if not response.not_modified:
            moved = replace(moved, etag=response.etag, last_modified=response.last_modified, body_hash=body_hash)
        return replace(
            moved,
            polls=state.polls + 1,
            failures=0,
            error=None,
            polled_at=now,
            good_at=now,
            new_at=now if new else state.new_at,
            next_at=self.intervals.after_success(state, response, parsed, now, self.rand()),
        )

    def _failed(self, state: FeedState, error: FetchError | ParseError) -> FeedState:
        now = self.clock.now()
        failed = replace(state, polls=state.polls + 1, failures=state.failures + 1, error=str(error), polled_at=now)
        return replace(failed, next_at=self.intervals.after_failure(failed, error, now, self.rand()))

    def _report(self, saved: PollSaved) -> None:
        state = saved.state
        about: dict[str, object] = {"feed": state.feed.id}
        if state.error:
            self.log.warning("poll failed", **about, error=state.error, failures=state.failures, next=state.next_at)
        elif saved.revisions:
            self.log.info("polled", **about, new=len(saved.revisions), matches=len(saved.matches))

    # alert

    async def alert(self, channel: ChannelName) -> int:
        """Decide the channel's open dispatches, at most DECIDE_AT_ONCE; for how many something changed."""
        outlet = self.live.outlets.get(channel)
        opened = await self.on_store(self.store.open_dispatches, channel, DECIDE_AT_ONCE) if outlet else ()
        if not opened or outlet is None:
            return 0
        rules, now = await self._rules_of(opened), self.clock.now()
        past = await self.on_store(self.store.past, channel, opened, windows(opened, rules), now)
        decided = decide(outlet.spec, opened, past, rules, now)
        await self.on_store(self.store.save_alerts, decided.alerts, decided.decisions)
        return len(decided.decisions)

    async def _rules_of(self, opened: Iterable[Dispatch]) -> Mapping[RuleId, Rule]:
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

    # deliver

    async def deliver(self, channel: ChannelName, due: datetime | None = None) -> Delivery | None:
        """Send the channel's oldest alert that was due then (now), and save how it went; None when there is none."""
        outlet = self.live.outlets.get(channel)
        now = self.clock.now()
        alert = await self.on_store(self.store.claim_alert, channel, due or now, now + LEASE) if outlet else None
        if outlet is None or alert is None:
            return None
        delivery = await self._sent(outlet, alert, now)
        await self.on_store(self.store.save_delivery, delivery, self._words(alert, delivery))
        about: dict[str, object] = {"channel": channel, "alert": alert.key}
        if delivery.state is AlertState.DEAD:
            self.log.error("alert given up", **about, error=delivery.detail)
        elif delivery.state is AlertState.PENDING:
            self.log.warning("send failed", **about, error=delivery.detail, next=delivery.next_at)
        else:
            say = self.log.debug if outlet.seen else self.log.info
            say("sent", **about, kind=alert.kind.value, items=len(alert.items))
        return delivery

    async def _sent(self, outlet: Outlet, alert: Alert, started: datetime) -> Delivery:
        try:
            receipt = await self._accepted(outlet, alert)
        except SendError as error:
            ended = self.clock.now()
            next_at = self.retry.after_try(alert, error, ended, self.rand())
            state = AlertState.DEAD if next_at is None else AlertState.PENDING
            detail = str(error)
        else:
            ended, next_at, state, detail = self.clock.now(), None, AlertState.SENT, receipt.detail
        return Delivery(
            alert=alert.key, started_at=started, ended_at=ended, state=state, detail=detail, next_at=next_at
        )

    async def _accepted(self, outlet: Outlet, alert: Alert) -> Receipt:
        """Raises SendError, also where an alert or a sender surprises us: it is tried again and told like any other."""
        try:
            return await self.on_thread(outlet.sender.send, outlet.render(alert))
        except SendError:
            raise
        except Exception as error:
            self.log.exception("sending went wrong in the watcher itself", channel=alert.channel, alert=alert.key)
            raise SendError(surprise(error)) from error

    def _words(self, alert: Alert, delivery: Delivery) -> Sequence[NewAlert]:
        """What the operator is told when an alert is given up; not of a notice: its channel may be the dead one."""
        if delivery.state is not AlertState.DEAD or alert.kind is AlertKind.NOTICE:
            return ()
        title = f"An alert could not be delivered on {alert.channel}"
        body = (
            f"{delivery.detail}\nSee it with `watcher alerts show {alert.key}`, "
            f"send it again with `watcher alerts resend {alert.key}`."
        )
        about = f"dead:{alert.key}:{delivery.started_at.isoformat()}"
        return [notice(on, title, body, Severity.HIGH, delivery.ended_at, about) for on in self.live.operator]

    # index

    async def refile(self) -> int:
        """File some of the items anew that stand in the index under keys of another version; how many."""
        return await self.on_store(self.store.refile, BATCH)


# what a poll decides, pure


def request_for(state: FeedState, intervals: Intervals) -> FetchRequest:
    """Where to ask: the feed's URL, or where it moved once the move has held."""
    url = intervals.effective_url(state)
    return FetchRequest(url=url, etag=state.etag, last_modified=state.last_modified)


def hash_of(response: Response) -> Hash64 | None:
    """A body's hash; None for a folder and for a 304, where the validators say it all."""
    if response.files is not None or response.not_modified:
        return None
    return Hash64(int.from_bytes(blake2b(response.body, digest_size=8).digest(), "big", signed=True))


def revised(items: Iterable[Item], known: Mapping[Hash64, Known], now: datetime) -> Iterator[Revision]:
    """Items not known, and known ones that say something else than before, each with its revision number.

    Entries of one document that share an identity are revisions of one item in document order: nothing is dropped.
    """
    latest = dict(known)
    for item in items:
        before = latest.get(item.key)
        number = before.revision + 1 if before else 1
        if number > MAX_REVISIONS or (before and before.fingerprint == item.fingerprint):
            continue
        story = (before and before.story) or story_of(item)  # an edit that moves the item stays in its thread
        latest[item.key] = Known(item=item.id, fingerprint=item.fingerprint, revision=number, story=story)
        yield Revision(item=item, number=number, seen_at=now, story=story)


def dispatches(live: Live, rule: Rule, revision: Revision, *, denial: bool = False) -> tuple[NewDispatch, ...]:
    """One for each channel, in the group the rule asks for; a denial is one severity lower."""
    group, source = group_of(rule, revision), site_of(revision.item)
    severity = rule.severity.lower if denial else rule.severity
    return tuple(
        NewDispatch(channel=channel, group=group, severity=severity, updates=rule.updates, source=source)
        for channel in live.route(rule)
    )


def surprise(error: Exception) -> str:
    """A mistake of ours in one line."""
    return " ".join(f"internal error: {type(error).__name__}: {error}".split())


async def _in_batches(values: Iterable[T]) -> AsyncIterator[T]:
    for number, value in enumerate(values, 1):
        yield value
        if number % BATCH == 0:
            await asyncio.sleep(0)
