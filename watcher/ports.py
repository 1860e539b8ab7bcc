"""The seams. The docstring is the contract, and tests/contract/ holds every implementation to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from watcher.model import (
    Akin,
    Alert,
    AlertKey,
    AlertState,
    Audit,
    Backlog,
    BaselineSummary,
    ChannelName,
    Condition,
    Decision,
    Delivery,
    Dispatch,
    Entry,
    Episode,
    Feed,
    FeedId,
    FeedPause,
    FeedState,
    FetchRequest,
    Hash64,
    Heartbeat,
    ItemId,
    Known,
    Learned,
    LinkedPage,
    Match,
    MatchRecord,
    Message,
    NewAlert,
    NewDispatch,
    PageSaved,
    Paging,
    Parsed,
    Past,
    PollSaved,
    Reach,
    Receipt,
    Recipe,
    Response,
    Revision,
    Rule,
    RuleId,
    Silence,
    Sizes,
    Split,
    Standing,
    Status,
    StoryId,
    Window,
)

if TYPE_CHECKING:
    import asyncio


class Clock(Protocol):
    """Says what time it is; handed to whoever needs it, never asked for globally."""

    def now(self) -> datetime:
        """The present, aware UTC."""


class Fetcher(Protocol):
    """Brings what stands behind a URL, whole, within limits of bytes and time, or raises."""

    async def fetch(self, request: FetchRequest) -> Response:
        """A complete response, or one with `not_modified`; never a part. Raises FetchError and nothing else."""

    async def aclose(self) -> None:
        """Let go of connections. May be called twice."""


class Parser(Protocol):
    """Turns a response into entries, somewhere it can be stopped: within 5 s of CPU and 512 MiB, or raises."""

    async def parse(
        self,
        response: Response,
        known: frozenset[Hash64],
        recipe: Recipe | None = None,
        scope: Hash64 | None = None,
    ) -> Parsed:
        """Only entries whose hash is not in `known`; of what is no feed by its `recipe`. `scope` is that of the
        document which the hashes are from, and spares work. Raises ParseError; the next call works whatever happened.
        """

    async def page(self, response: Response) -> Entry:
        """The entry that a whole page makes, with the wall that stands before its text. Raises ParseError, also for
        what is no page, says nothing, or only stands in for it.
        """

    async def aclose(self) -> None:
        """Stop the worker. May be called twice."""


class Sender(Protocol):
    """Hands a message to one channel's service and waits for its word. Blocks; called by one thread at a time."""

    def send(self, message: Message) -> Receipt:
        """Return only when the service accepted the message; raises SendError otherwise, and nothing else."""

    def rest(self) -> None:
        """Nothing more is due: let go of what was kept for the next message."""

    def shown(self, message: Message) -> str:
        """What would be handed over, as text, without secrets: for a person to look at."""


class Store(Protocol):
    """What is remembered. Every method is one transaction: all of it is there afterwards, or none.

    Called by one thread at a time. Raises StoreError when the database cannot serve, StoreUnavailable when it cannot
    for the moment. Reading methods give a consistent picture each; writing methods may be repeated with the same
    arguments and change nothing more.
    """

    # feeds
    def sync_feeds(self, feeds: Mapping[FeedId, tuple[Feed, datetime]]) -> None:
        """Make these the wanted feeds: new ones are due at the given time, known ones keep their history (a removed
        feed that returns too), the others are tombstoned. A feed that returns, an interval that got shorter and a URL
        that changed bring the due time forward; a changed URL forgets the validators, which were another server's.
        No page is wanted any more of a feed that is not wanted, or wants no full text.
        """

    def feeds(self) -> tuple[FeedState, ...]:
        """The wanted feeds, ordered by id."""

    def claim_feeds(self, now: datetime, limit: int, lease_until: datetime) -> tuple[FeedState, ...]:
        """Up to `limit` due feeds that nobody holds or has paused, longest due first, held by the caller until
        `lease_until`.

        At most one of a lane (schedule.lane), and none of a lane of which a feed is held: a site that is slow, with
        however many feeds, takes one place. There may be more while there are any: ask again.
        """

    def spread_overdue(self, now: datetime, each: float, most: float) -> int:
        """Make feeds on the network that are due, and that nobody holds, due one after the other, longest due first:
        `each` seconds apart, all of them within `most` seconds; how many.
        """

    def next_due(self) -> datetime | None:
        """When the next feed or pending alert that nobody holds is due; None when there is none."""

    def known(self, feed: FeedId, keys: Sequence[Hash64]) -> Mapping[Hash64, Known]:
        """What is known of these identities in the feed; the unknown are left out."""

    def known_content(self, feed: FeedId, fingerprints: Sequence[Hash64]) -> Mapping[Hash64, Known]:
        """What of the feed says just this, by fingerprint, whatever its identity; slower than `known`: it looks through
        all that was ever seen in the feed.
        """

    def learned(self, feed: FeedId) -> Learned:
        """What was learned of the pages of a feed's sites; nothing of a feed that is not known."""

    def save_poll(self, saved: PollSaved) -> None:
        """Commit a poll: state, items, revisions, matches and their dispatches together, and give the lease back.

        What others write of a feed, its pause and the condition that was told, stays as it is. With `rest_until` no
        feed or page of the same lane is due before that. Pages are wanted from then on: one that was wanted before, or
        given up, begins anew.

        A feed that `sync_feeds` changed meanwhile is due again at once, without validators where its URL changed.

        A revision already stored (same item and number) and a match already stored (same rule, item and revision)
        are left as they are, and so are their dispatches. Raises KeyError for a feed that was never wanted; the rules
        of the matches are known by `sync_rules`.
        """

    def save_matches(self, matches: Sequence[tuple[Match, tuple[NewDispatch, ...]]]) -> None:
        """Keep matches of revisions that are stored, and let them be told: their dispatches are open, and so are again
        those of a match already stored that were baseline. Others of such a match stay as they are.
        """

    # stories
    def akin(self, revisions: Sequence[Revision], since: datetime) -> tuple[Akin, ...]:
        """For each revision the items seen since then that its sketch may be like, and how common its marks are: they
        have its URL, or share some of its runs of words or several of its rarer marks. At most two dozen, those that
        share most first; of an edit the item itself among them, as it is stored, whenever that was seen. Nothing for a
        revision without a sketch. Empty as long as not all that is stored was looked at, as after a start: whoever asks
        asks again, between other work.
        """

    def story(self, story: StoryId) -> tuple[Revision, ...]:
        """The latest revisions of a story's items without their texts, in the order they came; those that are kept.
        Nothing of a story that nothing has joined.
        """

    def split(self, item: ItemId, by: str, now: datetime) -> StoryId | None:
        """Take an item, and what joined its story through it, out of that into a story of their own; which that is.

        None where the item began its story. It is remembered: the two stories never hold the same item again. What of
        them is open is told in the new story's group; what was told stays where it was. KeyError: an unknown item, or
        one that is forgotten.
        """

    def splits(self, item: ItemId) -> tuple[Split, ...]:
        """Out of which stories a person took an item, oldest first."""

    # pages
    def claim_pages(self, now: datetime, limit: int, lease_until: datetime) -> tuple[LinkedPage, ...]:
        """Up to `limit` pages that are due and nobody holds, longest due first, held by the caller until then. Those of
        feeds that are paused, or not wanted any more, wait.

        At most one of a lane (schedule.lane), and none of a lane of which a page is held. There may be more while there
        are any: ask again.
        """

    def save_page(self, saved: PageSaved) -> bool:
        """Commit a try at a page: how it went, the revision it brought, matches and dispatches together, and give the
        lease back. With `rest_until` no page of the same lane is due before that.

        False, and nothing of it is kept, where the page was wanted anew meanwhile, which leaves it due, or its item is
        forgotten.
        """

    def paging(self, feed: FeedId) -> Paging:
        """How the pages of a feed stand; nothing of a feed that is not known."""

    def pause_feed(self, feed: FeedId, pause: FeedPause) -> None:
        """Do not poll a feed from now on, until the pause ends; another pause of it is replaced. KeyError: unknown."""

    def resume_feed(self, feed: FeedId, now: datetime) -> None:
        """End a feed's pause, if there is one: it is due now. KeyError: unknown."""

    def reopen_feeds(self, feeds: Collection[FeedId], now: datetime) -> None:
        """What opens these is another than before: they are due now."""

    def brought(self, since: datetime) -> Mapping[FeedId, int]:
        """How many items each feed has of which a revision came since then; those without any are left out."""

    def changed_conditions(self) -> tuple[FeedState, ...]:
        """The wanted feeds whose condition is another than the one told, longest in it first."""

    def tell_conditions(self, told: Mapping[FeedId, Condition], words: Sequence[NewAlert]) -> None:
        """These conditions are told by these alerts, which are stored with them. It is remembered since when each has
        held: the first failure, or the last new item.
        """

    def reach(self, kinds: Collection[str], since: datetime, now: datetime) -> Reach:
        """How many feeds are out of reach, a trouble of these kinds being that; polled lately is since then."""

    # rules and channels
    def sync_rules(self, rules: Sequence[Rule], now: datetime) -> None:
        """Keep these rule versions, each by its hash, for good; note which rules are live."""

    def change_rules(self, changes: Mapping[RuleId, Rule | None], now: datetime) -> None:
        """The same for all rules that were live, with these put in the place of those of the same id, or (None) taken
        out; it costs what changes. After a `sync_rules` of this store.
        """

    def rule_version(self, rule_hash: str) -> Rule | None:
        """A rule as it was when its hash was this."""

    def live_rule(self, rule: RuleId) -> Rule | None:
        """The version of a rule that was live when rules were last synced; None for one that was not among them."""

    def sync_channels(self, names: Sequence[ChannelName], now: datetime) -> int:
        """Make these the channels. Open dispatches of others are closed as channel-removed, their pending alerts are
        dead-lettered with that word, and so is what a poll, decision or try under way brings them later; returns how
        many of both there were.
        """

    # matches to alerts
    def channels_with_open(self) -> tuple[ChannelName, ...]:
        """Channels that have open dispatches."""

    def open_dispatches(self, channel: ChannelName, limit: int) -> tuple[Dispatch, ...]:
        """Up to `limit` open dispatches of the channel: those not decided yet, then those held, oldest first each."""

    def past(
        self, channel: ChannelName, dispatches: Sequence[Dispatch], windows: Sequence[Window], now: datetime
    ) -> Past:
        """What decisions about these dispatches rest on.

        `told` is what alerts on this channel have told, dead ones included, that bears on them, oldest first: of their
        items and their addresses all of it, of each of their groups the first and the last of each severity. And what
        of their items was baseline, without an alert. `arrivals` are the channel's matches in these windows, each once,
        in the order they came. `made` and `slot` leave out what a clock ahead of its time has dated later than `now`.
        """

    def save_alerts(
        self,
        alerts: Sequence[NewAlert],
        decisions: Sequence[Decision],
        baseline_told: Sequence[FeedId] = (),
        at: datetime | None = None,
    ) -> None:
        """Commit alerts as pending together with what became of their dispatches. A stored key stays as it is.

        `at` is when that was decided: each dispatch whose reason changes notes it in its trail; without it none does.
        """

    def baseline_summary(self) -> BaselineSummary:
        """What first polls found that no message has told; `save_alerts(baseline_told=...)` marks it told."""

    # outbox
    def channels_due(self, now: datetime) -> tuple[ChannelName, ...]:
        """Channels with a pending alert that is due and not held."""

    def claim_alert(self, channel: ChannelName, now: datetime, lease_until: datetime) -> Alert | None:
        """The oldest due pending alert of the channel that nobody holds, held until `lease_until`; none before one of
        the same group that came earlier and is still pending, and none while the channel rests.
        """

    def save_delivery(self, delivery: Delivery, words: Sequence[NewAlert] = ()) -> None:
        """Record a try, set the alert's state and who is still owed it, and give the lease back; nothing of the channel
        is due before `rest_until`, and all that waits for it is due where it has `recovered`. With it come the notices
        that tell of it, and a copy for another channel.
        """

    def failing_since(self, channel: ChannelName) -> datetime | None:
        """When the first of the channel's tries began that failed in passing since one was accepted; None without."""

    def release_leases(self, now: datetime) -> None:
        """Void every lease, and let nothing wait for a time that a clock ahead of its time has set: what was polled,
        made or tried later than `now` is due. For a daemon that has just become the only one, or whose clock was put
        back.
        """

    def hurry(self, channels: Sequence[ChannelName], now: datetime) -> None:
        """These have another address: what waits for another try is due, and no rest holds that the old one wanted."""

    def resend(self, key: AlertKey, now: datetime) -> None:
        """Make a sent or dead alert pending again, due now and owed to all, its attempts counted from zero, its first
        `sent_at` kept; a pending one stays as it is.
        """

    # index
    def refile(self, limit: int) -> int:
        """File up to `limit` (1 or more) revisions anew that stand in the index under keys of another version of the
        word functions, newest first; how many those were, 0 when none is left. Searches miss nothing meanwhile: they
        take longer.
        """

    def frequencies(self) -> Mapping[str, int]:
        """In how many of the items that were counted each of the commonest terms occurs, and under "" how many those
        were; a term that is left out is rare. Empty before any were counted.
        """

    def save_frequencies(self, items: Mapping[str, int]) -> None:
        """Go by these from now on, in the place of all that were saved before."""

    # keeping
    def prune(self, before: datetime, limit: int) -> int:
        """Forget items of which no revision came at `before` or later, oldest first, up to `limit` (1 or more) of them
        in one short transaction; how many those were, 0 when none is left. One with much text takes several calls and
        counts in each. None with an open dispatch, or of which a pending alert or a copy of one tells. What was seen
        stays seen; matches and alerts stay, and of revisions that matched all but the texts.
        """

    def sizes(self) -> Sizes:
        """What it takes on disk."""

    # people
    def silence(self, silence: Silence) -> Silence:
        """Keep a person's word, whatever its `id`; with the id it was given."""

    def end_silence(self, id_: int, now: datetime) -> None:
        """Let a silence end now; one that has ended stays as it is."""

    def silences(self, now: datetime) -> tuple[Silence, ...]:
        """Those that have not ended, in the order they were made."""

    # absence
    def episodes(self, since: datetime) -> tuple[Episode, ...]:
        """Silent times of absence rules that have not ended, or ended after that; oldest first."""

    def save_episodes(self, episodes: Sequence[Episode]) -> None:
        """Keep them: by rule and since, a known one gets its end and nothing else."""

    # looking
    def find_alert(self, prefix: str) -> tuple[AlertKey, ...]:
        """Keys that start with this, at most ten."""

    def alert(self, key: AlertKey) -> Alert | None:
        """One alert, whole."""

    def alerts(self, since: datetime | None, state: AlertState | None, limit: int) -> tuple[Alert, ...]:
        """Alerts, newest first. Their items have no text, summary, raw and blocks: those of a thousand are too much."""

    def deliveries(self, key: AlertKey) -> tuple[Delivery, ...]:
        """Every try at an alert, in order."""

    def find_item(self, prefix: str) -> tuple[ItemId, ...]:
        """Ids that start with this, at most ten; an item's URL finds it too. Forgotten ones are those that matched."""

    def revision(self, item: ItemId, number: int | None = None) -> Revision | None:
        """One revision of an item, the latest without a number; what is left of it where it is forgotten."""

    def records(self, item: ItemId, rule: RuleId | None = None) -> tuple[MatchRecord, ...]:
        """The matches of an item (by one rule), in the order they came; their dispatches have their trails."""

    def search(self, any_of: Sequence[frozenset[str]], since: datetime | None, limit: int) -> Iterator[Revision]:
        """Latest revisions, newest first, that may match: from each set at least one term occurs. No sets: all."""

    def search_any(self, asked: Sequence[Sequence[frozenset[str]]], since: datetime | None) -> Iterator[Revision]:
        """The same for any of many such questions, in one pass: each revision once."""

    def extent(self, since: datetime | None) -> tuple[int, datetime | None]:
        """How many items there are to search since then, and when the first of their revisions came."""

    def waiting(self, limit: int) -> tuple[Dispatch, ...]:
        """Open dispatches of all channels, oldest first."""

    def audit(self) -> Audit:
        """Check that both sums add up and that what is told, sent or dead has what proves it: the newest one by one,
        all of it by numbers that must agree. Takes half a second at a million matches.
        """

    def status(self, now: datetime) -> Status:
        """The store in numbers. A feed counts once: as paused, else as blocked or gone, else as failing where its last
        poll did, else as what that poll left it.
        """

    def backlog(self) -> Mapping[ChannelName, Backlog]:
        """What waits on each channel on which anything does."""

    def beat(self, heartbeat: Heartbeat) -> None:
        """Record the daemon's sign of life. Raises StoreError where its file is not in its place any more."""

    def heartbeat(self) -> Heartbeat | None:
        """The last one recorded."""

    def stand(self, standing: Standing) -> None:
        """Record what the daemon goes by from now on."""

    def standing(self) -> Standing | None:
        """What was recorded last."""

    def close(self) -> None:
        """Let go. May be called twice."""


class Runner(Protocol):
    """Calls the jobs when they are due, or when another job has committed work for them."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; returns within 5 s of that, sends in flight included. Raises StoreError."""

    async def once(self) -> int:
        """One round: poll what is due, fetch pages, alert, deliver; how many alerts could not be delivered."""
