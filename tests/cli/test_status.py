"""What `status` says of the store's numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.cli.status import Picture, lines, report
from watcher.model import (
    AlertState,
    Audit,
    Backlog,
    ChannelName,
    Condition,
    Fate,
    Feed,
    FeedId,
    FeedPause,
    FeedState,
    Heartbeat,
    Reason,
    RuleId,
    Silence,
    Sizes,
    Standing,
    Status,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATUS = Status(
    feeds=3,
    failing=0,
    silent=0,
    items=900,
    matches=700,
    dispatches={Fate.OPEN: 3, Fate.ALERTED: 1_201, Fate.MERGED: 20, Fate.DIGEST: 10, Fate.BASELINE: 0},
    outbox={AlertState.PENDING: 1, AlertState.SENT: 1_100, AlertState.DEAD: 2},
    lag=(),
    reasons={
        Reason.QUIET_HOURS: 2,
        Reason.WAITING: 1,
        Reason.NEW: 1_000,
        Reason.FOLLOWS: 201,
        Reason.SAME_ITEM: 20,
        Reason.LISTED: 10,
        Reason.BASELINE: 0,
    },
)
GOOD = Audit(matches=1_234, alerts=1_103)


def shown(status: Status, audit: Audit = GOOD) -> list[str]:
    return list(lines(Picture(status=status, audit=audit), NOW))


def test_both_sums_are_spelled_out_by_reason() -> None:
    told = "\n".join(shown(STATUS))
    assert "matches  1,234 = 3 open + 1,231 closed, of 700 matches on their channels\n" in told
    assert "         open: 1 waiting, 2 quiet-hours; `watcher alerts waiting` lists them\n" in told
    assert (
        "         closed: 1,201 alerted (1,000 new, 201 follows), 20 merged (20 same-item), 10 digest (10 listed)\n"
        in told
    )
    assert "alerts   1,103 = 1 pending + 1,100 sent + 2 dead\n" in told
    assert "sums     add up, 1,234 matches and 1,103 alerts looked at" in told


def test_a_flaw_is_told_in_a_line_whatever_it_holds() -> None:
    told = shown(STATUS, replace(GOOD, flaws=("alert 12 tells nothing\x1b[2J\nnow", *[f"{n}" for n in range(50)])))
    assert "sums     do not add up, 1,234 matches and 1,103 alerts looked at:" in told
    assert "         alert 12 tells nothing [2J now" in told
    assert sum(line.strip().isdigit() for line in told) == 19


def test_people_s_words_and_services_that_want_rest_are_shown() -> None:
    silence = Silence(
        id=7,
        rule=RuleId("strikes"),
        group=None,
        channel=None,
        by="anna",
        since=NOW,
        until=NOW + timedelta(hours=2),
    )
    status = replace(STATUS, silences=(silence,), resting={ChannelName("desk"): NOW + timedelta(minutes=5)})
    told = shown(status)
    assert "silence  7: anna silenced the rule strikes at 2026-03-01 12:00 UTC, until 2026-03-01 14:00 UTC" in told
    assert "resting  desk: nothing is sent before 2026-03-01 12:05 UTC" in told
    found = report(Picture(status=status, audit=GOOD))
    assert found["resting"] == {"desk": "2026-03-01T12:05:00Z"}
    assert [one["id"] for one in found["silences"]] == [7]
    assert found["matches"]["open"] + sum(found["matches"]["closed"].values()) == 1_234
    assert sum(found["reasons"].values()) == 1_234


def test_the_daemon_is_named_with_its_version_and_since_when_it_runs() -> None:
    beat = Heartbeat(pid=7, started_at=NOW - timedelta(days=2), beat_at=NOW - timedelta(seconds=3))
    standing = Standing(loaded_at=NOW, rules=4, version="1.2.3\x1b")
    picture = Picture(status=STATUS, audit=GOOD, beat=beat, standing=standing)
    first = next(iter(lines(picture, NOW)))
    assert first == "daemon   running 1.2.3, pid 7, since 2026-02-27 12:00 UTC, last sign of life 3 s ago"
    assert report(picture)["daemon"] == {
        "pid": 7,
        "version": "1.2.3\x1b",
        "started_at": beat.started_at,
        "beat_at": beat.beat_at,
        "stopped": False,
    }
    gone = replace(picture, beat=replace(beat, stopped=True), standing=None)
    assert next(iter(lines(gone, NOW))) == "daemon   not running, last sign of life 3 s ago"
    assert report(gone)["daemon"]["version"] is None


def test_what_is_not_well_is_named_with_what_to_do_and_a_few_stand_for_many() -> None:
    def feed(name: str, error: str | None = None, **seen: Any) -> FeedState:
        made = Feed(id=FeedId(name), url=f"https://{name}.example/feed")
        return FeedState(feed=made, failures=1 if error else 0, error=error, next_at=NOW, **seen)

    month = NOW - timedelta(days=30)
    feeds = [feed(f"bad{n}", "no answer") for n in range(25)]
    feeds += [feed("mute", good_at=NOW, added_at=month, condition=Condition.SILENT)]
    feeds += [feed("well", good_at=NOW, new_at=NOW, added_at=month)]
    feeds += [feed("rest", "no answer", pause=FeedPause(since=NOW, by="anna"))]
    late = Backlog(pending=3, oldest=NOW - timedelta(minutes=5))
    fresh = Backlog(pending=1, oldest=NOW - timedelta(seconds=5))
    picture = Picture(
        status=STATUS,
        audit=GOOD,
        feeds=tuple(feeds),
        backlog={ChannelName("desk"): late, ChannelName("phone"): fresh},
        beat=Heartbeat(pid=7, started_at=NOW, beat_at=NOW - timedelta(hours=1)),
    )
    told = list(lines(picture, NOW))
    assert told[1] == (
        "         it ended without being asked to, its log says why; start it: `watcher run`, or its service"
    )
    assert "         bad0: 1 poll failed, which may pass: no answer; next try now" in told
    assert sum(": no answer; next try now" in line for line in told) == 20
    assert "         and 5 more" in told
    assert "         mute: silent: it answers, with nothing new for 30 days" in told
    assert "         rest: paused since 12:00 UTC by anna" in told
    ask = "`watcher notify test desk` shows what its service answers"
    assert f"         desk: 3 pending, the oldest made 5 min ago; {ask}" in told
    assert not any("well:" in line or "phone" in line for line in told)


def test_the_sizes_are_shown_and_that_the_disk_is_short_of_room() -> None:
    sizes = Sizes(database=5 * 2**30, log=2**22, free=2**20, disk=2**24, oldest=NOW - timedelta(days=180))
    picture = Picture(status=STATUS, audit=GOOD, sizes=sizes, short="the disk has 16 MiB left")
    told = list(lines(picture, NOW))
    assert told[1] == "         nothing is polled: the disk has 16 MiB left"
    assert "items    900 known, the first of 2025-09-02 12:00 UTC" in told
    assert told[-1] == "store    5 GiB, 1 MiB of it free, and a log of 4 MiB; 16 MiB left on the disk"
    found = report(picture)
    assert found["store"] == {
        "bytes": 5 * 2**30,
        "log_bytes": 2**22,
        "free_bytes": 2**20,
        "disk_free_bytes": 2**24,
        "items_since": "2025-09-02T12:00:00Z",
    }
    assert found["short_of_room"] == "the disk has 16 MiB left"
