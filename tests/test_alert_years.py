"""Two years of digests and quiet hours in four zones, decided whenever time alone changes something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from tests.channel import DESK, Channel, dispatch, lone
from watcher.model import ChannelSpec, Hours, Quiet, Reason, Rule, RuleId

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAILY = tuple(range(7))


def lived(spec: ChannelSpec, moments: Sequence[datetime], *, digest: bool) -> Channel:
    """A new story at each of the moments, and whatever time brings in between and afterwards."""
    rule = Rule(id=RuleId("quake"), title="", expression="", expanded="", hash="h", digest=digest)
    channel = Channel(spec, {rule.id: rule})
    for number, now in enumerate(sorted(moments), 1):
        channel.run(now)
        channel.arrive([dispatch(number, item=f"i{number}", group=f"item:i{number}", at=now)])
        channel.round(now)
    channel.run(END + timedelta(days=3))
    assert not channel.open
    return channel


@cache
def walked(zone: str) -> list[tuple[datetime, datetime]]:
    """Each fifth minute of the two years, with what the zone's clock shows."""
    moments = (START + 5 * n * MINUTE for n in range(int((END - START) / MINUTE) // 5))
    return [(now, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for now in moments]


def reached(clock: int, zone: str) -> list[datetime]:
    """When the clock first shows this time of each day, or goes past it."""
    found = []
    wanted = walked(zone)[0][1].replace(hour=0, minute=0) + clock * MINUTE
    if wanted < walked(zone)[0][1]:
        wanted += timedelta(days=1)
    for now, shown in walked(zone):
        if shown >= wanted:
            found.append(now)
            wanted += timedelta(days=1)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("times", [(480,), (95,), (130, 1080)], ids=["08:00", "01:35", "02:10 and 18:00"])
def test_a_digest_comes_exactly_once_at_each_time_of_day(zone: str, times: tuple[int, ...]) -> None:
    due = sorted(moment for clock in times for moment in reached(clock, zone))
    spec = ChannelSpec(name=DESK, url="fake://", timezone=zone, digest=times)
    channel = lived(spec, [START, *(moment + MINUTE for moment in due)], digest=True)
    made = [alert.created_at for alert in channel.alerts.values()]
    assert made[: len(due)] == due
    assert len(due) == len(times) * 730
    assert [alert.slot for alert in channel.alerts.values()] == made
    assert {d.reason for d in channel.dispatches.values()} == {Reason.LISTED}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("start", "end"),
    [(1320, 420), (720, 1440), (65, 170)],  # in the last one clocks are put forward and back
    ids=["22:00-07:00", "12:00-24:00", "01:05-02:50"],
)
def test_what_quiet_hours_held_comes_exactly_once_at_each_of_their_ends(zone: str, start: int, end: int) -> None:
    hours = Hours(days=DAILY, start=start, end=end, zone=zone)
    begun = reached(start, zone)
    ends = [moment for moment in reached(end % 1440, zone) if moment > begun[0]]
    nights = list(zip(begun, ends, strict=False))
    held = [begin + minutes * MINUTE for begin, _ in nights for minutes in (0, 4)]
    spec = ChannelSpec(name=DESK, url="fake://", timezone=zone, quiet=Quiet(hours=(hours,)))
    channel = lived(spec, [*held, *(over for _, over in nights)], digest=False)
    assert [alert.created_at for alert in channel.alerts.values() if not lone(alert)] == [over for _, over in nights]
    assert sorted(alert.created_at for alert in channel.alerts.values() if lone(alert)) == [over for _, over in nights]
    assert len(nights) >= 729
