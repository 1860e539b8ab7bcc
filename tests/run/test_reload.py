"""Reloading over real files: settled, checked whole, swapped whole, told once; senders and feeds are faked."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tests.fakes import Desk, FakeSender, plain
from tests.lives import twist
from tests.stories.house import rss
from watcher.app.parts import make_live
from watcher.config import Settings
from watcher.config.files import Files, Looked, Plan
from watcher.errors import ConfigError, SendError, StoreError, StoreUnavailable
from watcher.jobs import LEASE, Jobs, Live, Outlet
from watcher.model import AlertState, ChannelName, Feed, FeedId, Finding, FindingSeverity, RuleId, Severity, Standing
from watcher.ports import Fetcher, Parser, Store
from watcher.run.embedded import EmbeddedRunner, Rhythm
from watcher.run.news import MOST
from watcher.run.reload import LOOKS, Reloader
from watcher.run.worker import InProcessParser
from watcher.store import open_store

STRIKE = "rules:\n  - {id: strike, match: strike}\n"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


class Port:
    """A fetcher or parser of which only its end matters."""

    def __init__(self) -> None:
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


class Office:
    """A folder of files, and the daemon's parts over it."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root = root
        self.senders: dict[ChannelName, FakeSender] = {}
        self.learned: list[str] = []
        self.unusable: set[str] = set()
        self.live_made = 0
        (root / "rules").mkdir()
        self.write("rules/a.yaml", STRIKE)
        self.configure()
        self.files = Files(root / "watcher.yaml", {"TOKEN": "s3cret"}, learn=self._learn, open_outlets=self._open)
        plan = self.files.first()
        self.desk = Desk(store, *plan.settings.feeds, channels=[c.name for c in plan.settings.channels])
        self.desk.jobs.live = self._live(plan)
        store.sync_rules([each.rule for each in plan.renewal.rules], self.desk.clock.now())
        self.reloader = self.over(self.files, plan)

    def over(self, files: Files, plan: Plan) -> Reloader:
        return Reloader(
            self.desk.jobs,
            files,
            plan,
            make_live=self._live,
            make_fetcher=lambda _: self._port(),
            make_parser=lambda _: InProcessParser(),
            settle=0.0,
        )

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, "utf-8")

    def configure(self, channels: Sequence[str] = ("console",), feeds: Sequence[str] = ("wires",), **more: Any) -> None:
        whole = {
            "data": "var",
            "rules": ["rules"],
            "feeds": [{"id": name, "url": f"https://{name}.example/feed", "baseline": "alert"} for name in feeds],
            "channels": [{"name": name, "url": f"json://{name}.example"} for name in channels],
        }
        self.write("watcher.yaml", json.dumps(whole | more, indent=1))

    async def look(self) -> bool:
        """What the daemon does each half second."""
        self.desk.clock.advance(0.5)
        return await self.reloader.look()

    async def publish(self, *titles: str, feed: str = "wires") -> list[str]:
        """Poll a feed that has these entries now, and send; what the first channel said by that."""
        before = {name: len(sender.titles) for name, sender in self.senders.items()}
        self.desk.publish(feed, rss([(title, title) for title in titles]))
        self.desk.clock.advance(3600)
        await EmbeddedRunner(self.desk.jobs, Rhythm()).once()
        return [title for name, sender in self.senders.items() for title in sender.titles[before.get(name, 0) :]]

    async def told(self) -> list[str]:
        """What the operator was told since the last time: title and body."""
        await self.publish()
        said = [f"{m.title}\n{m.body}" for sender in self.senders.values() for m in sender.accepted if m.body]
        new = said[self._heard :]
        self._heard = len(said)
        return new

    _heard = 0

    @property
    def standing(self) -> Standing:
        found = self.desk.store.standing()
        assert found is not None
        return found

    @property
    def rules(self) -> list[str]:
        return [str(rule) for rule in self.desk.jobs.live.rules]

    def path(self, name: str) -> str:
        return str(self.root / name)

    def _learn(self, settings: Settings) -> None:
        self.learned += [*settings.secrets, *(channel.url for channel in settings.channels)]

    def _open(self, settings: Settings) -> tuple[Outlet, ...]:
        assert {channel.url for channel in settings.channels} <= set(self.learned), "secrets are learned first"
        bad = self.unusable & {channel.name for channel in settings.channels}
        if bad:
            severity, message = FindingSeverity.ERROR, f"{min(bad)} cannot be used"
            raise ConfigError(
                [Finding(code="E033", severity=severity, file=settings.path, line=9, column=5, message=message)]
            )
        return tuple(
            Outlet(spec=spec, render=plain, sender=self.senders.setdefault(spec.name, FakeSender()))
            for spec in settings.channels
        )

    def _live(self, plan: Plan, before: Live | None = None) -> Live:
        self.live_made += 1
        return make_live(plan, before)

    def _port(self) -> Fetcher:
        fetcher = self.desk.fetcher
        return type(fetcher)(pages=fetcher.pages)


@pytest.fixture
async def office(tmp_path: Path, store: Store) -> Office:
    made = Office(tmp_path, store)
    assert not await made.look(), "the first look finds what was read at the start"
    return made


async def test_while_nothing_changes_nothing_is_done(office: Office) -> None:
    made, stood = office.live_made, office.desk.store.standing()
    assert not await office.look()
    os.utime(office.path("rules/a.yaml"))
    office.write("rules/a.yaml", STRIKE)
    assert not await office.look()
    assert (office.live_made, office.desk.store.standing()) == (made, stood)
    assert await office.told() == []


async def test_an_edited_rule_matches_what_comes_after_and_nothing_that_was_there(office: Office) -> None:
    assert await office.publish("a strike", "a flood") == ["a strike"]
    office.write("rules/a.yaml", STRIKE.replace("match: strike", "match: flood"))
    assert await office.look()
    assert await office.publish("a strike", "a flood") == [
        "Reloaded: rules that mean something else now: strike",
    ]
    assert await office.publish("a strike", "a flood", "a late flood", "a late strike") == ["a late flood"]


async def test_a_rule_that_is_edited_is_filed_by_what_is_common_by_then(office: Office) -> None:
    for common, rare in (("alpha", "beta"), ("beta", "alpha")):
        office.desk.store.save_frequencies({"": 1_000, common: 900, rare: 2})
        office.write("rules/a.yaml", f"rules:\n  - {{id: one, title: Rare {rare}, match: alpha AND beta}}\n")
        await office.look()
        rule = office.desk.jobs.live.ruleset.rule(RuleId("one"))
        assert rule
        assert rule.required[0] == (rare,)


async def test_a_new_rule_alerts_no_old_item(office: Office) -> None:
    await office.publish("a flood")
    office.write("rules/b.yaml", "rules:\n  - {id: flood, match: flood}\n")
    assert await office.look()
    assert await office.publish("a flood") == ["Reloaded: rules added: flood"]
    assert await office.publish("a flood", "more floods") == ["more floods"]


async def test_a_broken_rule_stays_and_the_operator_is_told_once_where_and_again_when_it_is_mended(
    office: Office,
) -> None:
    office.write("rules/a.yaml", STRIKE.replace("match: strike", "match: (strike"))
    assert await office.look()
    place = f"{office.path('rules/a.yaml')}:2:25"
    (said,) = await office.told()
    assert said.startswith(f"Error at {place}: what was live stays as it was\n{place}: error[E104]: ")
    assert "\nAt their last good version: strike\n1 rule is live." in said
    assert (office.standing.rules, [rule for rule, _ in office.standing.kept]) == (1, ["strike"])
    assert office.standing.errors[0].startswith(f"{place}: error[E104]: ")
    assert await office.publish("a strike") == ["a strike"]
    assert not await office.look()
    office.reloader.ask()
    assert not await office.look()
    assert await office.told() == []
    office.write("rules/a.yaml", STRIKE)
    assert await office.look()
    assert await office.told() == ["All good again: no error is left in the watcher's files\n1 rule is live."]
    assert (office.standing.kept, office.standing.errors) == ((), ())


async def test_a_rule_taken_out_is_told(office: Office) -> None:
    office.write("rules/a.yaml", "rules: []\n")
    assert await office.look()
    assert await office.told() == ["Reloaded: rules removed: strike\nRules removed: strike\nNo rule is live."]


async def test_a_deleted_file_takes_its_rules_with_it_and_a_folder_that_is_gone_takes_none(office: Office) -> None:
    office.write("rules/b.yaml", "rules:\n  - {id: flood, match: flood}\n")
    await office.look()
    (office.root / "rules/b.yaml").unlink()
    await office.look()
    assert office.rules == ["strike"]
    (office.root / "rules").rename(office.root / "elsewhere")
    assert await office.look()
    assert office.rules == ["strike"]
    assert (await office.told())[-1].startswith(f"Error at {office.path('rules')}:1:1")
    (office.root / "elsewhere").rename(office.root / "rules")
    assert await office.look()
    assert (await office.told())[-1].startswith("All good again")


async def test_a_file_behind_a_link_to_nothing_keeps_its_rules(office: Office) -> None:
    (office.root / "rules/a.yaml").unlink()
    (office.root / "rules/a.yaml").symlink_to("nowhere.yaml")
    assert await office.look()
    assert office.rules == ["strike"]
    assert office.standing.kept[0][1].startswith(f"{office.path('rules/a.yaml')}:1:1: error[E030]")


async def test_a_file_that_has_become_empty_keeps_what_it_said_until_it_is_deleted(office: Office) -> None:
    for _ in range(2):
        office.write("rules/a.yaml", "")
        office.reloader.ask()
        await office.look()
        assert office.rules == ["strike"]
    (said,) = await office.told()
    assert said.startswith(f"Error at {office.path('rules/a.yaml')}:1:1: what was live stays as it was\n")
    office.write("rules/new.yaml", "")
    assert not await office.look(), "a file that is begun is no error"
    office.write("rules/a.yaml", STRIKE)
    assert await office.look()
    assert (await office.told())[-1].startswith("All good again")
    office.write("rules/a.yaml", "")
    await office.look()
    (office.root / "rules/a.yaml").unlink()
    assert await office.look()
    assert office.rules == []
    assert "Rules removed: strike" in (await office.told())[-1]


async def test_a_folder_in_the_place_of_a_file_takes_no_rule_away(office: Office) -> None:
    """A container's runtime makes one where the file to be mounted was not there."""
    (office.root / "rules/a.yaml").unlink()
    (office.root / "rules/a.yaml").mkdir()
    assert await office.look()
    assert office.rules == ["strike"]
    assert "it is a folder with the name of a file" in office.standing.kept[0][1]
    (office.root / "rules/a.yaml").rmdir()
    office.write("rules/a.yaml", STRIKE)
    assert await office.look()
    assert office.standing.errors == ()


async def test_a_vocabulary_outside_the_folder_that_could_not_be_read_is_still_watched(office: Office) -> None:
    words = "vocab:\n  us: {auto: true, match: '=US'}\n"
    office.write("words.yaml", words)
    office.write("rules/a.yaml", "use: [../words.yaml]\nrules:\n  - {id: us, match: US}\n")
    await office.look()
    reads = office.files._rules
    (office.root / "words.yaml").unlink()
    (office.root / "words.yaml").write_bytes(b"")
    assert await office.look()
    assert office.rules == ["us"]
    assert office.path("words.yaml") in reads.paths
    office.write("words.yaml", words)
    assert await office.look()
    assert office.standing.errors == ()


async def test_a_configuration_saved_again_while_it_is_read_is_read_again(office: Office) -> None:
    saves = [lambda: office.configure(channels=["console", "phone", "pager"])]

    def learn(settings: Settings) -> None:
        office._learn(settings)
        if len(settings.channels) == 2:
            saves.pop()()

    files = Files(office.root / "watcher.yaml", {}, learn=learn, open_outlets=office._open)
    office.reloader = office.over(files, files.first())
    await office.look()
    office.configure(channels=["console", "phone"])
    assert await office.look()
    assert await office.look()
    assert list(office.desk.jobs.live.outlets) == ["console", "phone", "pager"]
    assert saves == []


async def test_an_edit_of_a_vocabulary_names_every_rule_that_means_something_else(office: Office) -> None:
    words = "vocab:\n  us: {auto: true, match: '=US'}\n  fr: {auto: true, match: 'France'}\n"
    rules = "".join(f"  - {{id: r{n}, match: 'US r{n}'}}\n" for n in range(5)) + "  - {id: paris, match: '@fr'}\n"
    office.write("rules/a.yaml", f"{words}rules:\n{rules}")
    await office.look()
    await office.publish("US r1 r2 r3, an American one")
    office.write("rules/a.yaml", f"{words.replace('=US', '=US OR American')}rules:\n{rules}")
    assert await office.look()
    said = (await office.told())[-1]
    assert "Rules that mean something else now: r0, r1, r2, r3, r4\n" in said
    assert await office.publish("US r1 r2 r3, an American one", "American r2") == ["American r2"]


async def test_a_rule_by_another_name_is_one_removed_and_one_added_and_alerts_nothing_old(office: Office) -> None:
    await office.publish("a strike")
    office.write("rules/a.yaml", STRIKE.replace("id: strike", "id: attack"))
    assert await office.look()
    said = (await office.told())[-1]
    assert "Rules added: attack\nRules removed: strike\n" in said
    assert await office.publish("a strike", "another strike") == ["another strike"]


async def test_a_channel_by_another_name_gives_up_what_waits_for_the_old_one_and_says_so(office: Office) -> None:
    office.configure(channels=["console", "phone"])
    await office.look()
    office.senders[ChannelName("phone")].failing = OSError("no line")
    await office.publish("a strike")
    office.configure(channels=["console", "mobile"])
    assert await office.look()
    said = "\n".join(await office.told())
    assert "Channels added: mobile\nChannels removed: phone\n" in said
    assert "Given up with removed channels: 1; `watcher alerts dead` lists the alerts" in said
    assert await office.publish("a strike", "another strike") == ["another strike", "another strike"]
    assert office.senders[ChannelName("mobile")].titles == ["another strike"]


@pytest.mark.parametrize("ways", [["wires", "", "wires"], ["wires", "newswires"], ["wires", "newswires", "wires"]])
async def test_a_feed_by_another_name_or_added_again_alerts_nothing_old(
    tmp_path: Path, store: Store, ways: Sequence[str]
) -> None:
    office = Office(tmp_path, store)
    whole = json.loads((tmp_path / "watcher.yaml").read_text("utf-8"))
    for round_, name in enumerate(ways):
        feeds = [{"id": name, "url": "https://wires.example/feed"}] if name else []
        office.write("watcher.yaml", json.dumps(whole | {"feeds": feeds}))
        await office.look()
        said = await office.publish("a strike", *(f"strike {number}" for number in range(round_)))
        assert "a strike" not in said
    assert office.desk.store.status(office.desk.clock.now()).items >= 1


def rename(office: Office, text: str) -> None:
    office.write("rules/.a.yaml.swp", text)
    (office.root / "rules/.a.yaml.swp").replace(office.root / "rules/a.yaml")


def rename_with_the_old_times(office: Office, text: str) -> None:
    old = (office.root / "rules/a.yaml").stat()
    office.write("rules/.new", text)
    os.utime(office.root / "rules/.new", ns=(old.st_atime_ns, old.st_mtime_ns))
    (office.root / "rules/.new").replace(office.root / "rules/a.yaml")


def in_place_with_the_old_times(office: Office, text: str) -> None:
    old = (office.root / "rules/a.yaml").stat()
    office.write("rules/a.yaml", text)
    os.utime(office.root / "rules/a.yaml", ns=(old.st_atime_ns, old.st_mtime_ns))


def folder(office: Office, text: str) -> None:
    (office.root / "new").mkdir()
    office.write("new/a.yaml", text)
    (office.root / "rules").rename(office.root / "old")
    (office.root / "new").rename(office.root / "rules")


@pytest.mark.parametrize("way", [rename, rename_with_the_old_times, in_place_with_the_old_times, folder])
async def test_an_edit_is_seen_however_it_is_saved(office: Office, way: Any) -> None:
    way(office, STRIKE.replace("match: strike", "match: floods"))
    assert await office.look()
    assert await office.publish("floods") == ["Reloaded: rules that mean something else now: strike", "floods"]


async def test_a_mounted_folder_is_switched_as_a_whole(tmp_path: Path, store: Store) -> None:
    """As Kubernetes mounts a ConfigMap: links to ..data, which is a link to a folder that is switched by a rename."""
    office = Office(tmp_path, store)
    rules = tmp_path / "rules"
    for name, word in (("..one", "strike"), ("..two", "flood")):
        (rules / name).mkdir()
        (rules / name / "a.yaml").write_text(STRIKE.replace("match: strike", f"match: {word}"))
    (rules / "..data").symlink_to("..one")
    (rules / "a.yaml").unlink()
    (rules / "a.yaml").symlink_to("..data/a.yaml")
    assert not await office.look(), "the same rules by another way"
    (rules / "..data_tmp").symlink_to("..two")
    (rules / "..data_tmp").replace(rules / "..data")
    assert await office.look()
    assert await office.publish("a flood") == ["Reloaded: rules that mean something else now: strike", "a flood"]


async def test_a_vocabulary_outside_the_folder_is_watched_too_also_before_it_is_there(office: Office) -> None:
    office.write("words.yaml", "vocab:\n  us: {auto: true, match: '=US'}\n")
    office.write("rules/a.yaml", "use: [../words.yaml]\nrules:\n  - {id: us, match: US}\n")
    await office.look()
    office.write("words.yaml", "vocab:\n  us: {auto: true, match: '=US OR American'}\n")
    assert await office.look()
    assert (await office.told())[-1].startswith("Reloaded: rules that mean something else now: us")
    (office.root / "words.yaml").rename(office.root / "later.yaml")
    assert await office.look()
    assert [rule for rule, _ in office.standing.kept] == ["us"]
    (office.root / "later.yaml").rename(office.root / "words.yaml")
    assert await office.look()
    assert office.standing.kept == ()


async def test_a_broken_configuration_stays_whole_and_rules_go_on_being_taken_over(office: Office) -> None:
    good = (office.root / "watcher.yaml").read_text("utf-8")
    office.write("watcher.yaml", good.replace('"feeds"', '"feds"').replace("console", "phone"))
    office.write("rules/b.yaml", "rules:\n  - {id: flood, match: flood}\n")
    assert await office.look()
    (said,) = await office.told()
    assert f"{office.path('watcher.yaml')}:" in said
    assert "watcher.yaml is not taken: all of it stays as it was." in said
    assert "Rules added: flood" in said
    assert list(office.desk.jobs.live.outlets) == ["console"]
    assert [state.feed.id for state in office.desk.store.feeds()] == ["wires"]
    office.write("rules/b.yaml", "rules:\n  - {id: flood, match: flood OR ebb}\n")
    assert await office.look()
    assert len(office.standing.errors) > 0, "what is wrong is still known"
    office.write("watcher.yaml", good)
    assert await office.look()
    assert [said.splitlines()[0] for said in await office.told()][-1].startswith("All good again")


async def test_a_channel_that_cannot_be_used_leaves_the_configuration_as_it_was(office: Office) -> None:
    office.unusable = {"pager"}
    office.configure(channels=["console", "pager"])
    assert await office.look()
    assert list(office.desk.jobs.live.outlets) == ["console"]
    assert "pager cannot be used" in (await office.told())[0]


async def test_channels_come_and_go_and_what_waits_for_one_that_went_is_given_up(office: Office) -> None:
    office.configure(channels=["console", "phone"])
    assert await office.look()
    office.senders[ChannelName("phone")].failing = OSError("no line")
    assert await office.publish("a strike") == ["Reloaded: channels added: phone", "a strike"]
    office.configure(channels=["console"])
    assert await office.look()
    assert await office.publish("a strike", "a second strike") == [
        "Reloaded: channels removed: phone",
        "a second strike",
    ]
    status = office.desk.store.status(office.desk.clock.now())
    assert (status.outbox[AlertState.DEAD], status.outbox[AlertState.PENDING]) == (1, 0)


async def test_a_rule_whose_channels_are_gone_speaks_to_the_operator(office: Office) -> None:
    office.configure(channels=["console", "phone"])
    office.write("rules/a.yaml", "rules:\n  - {id: strike, match: strike, notify: [phone]}\n")
    await office.look()
    office.configure(channels=["console"])
    await office.look()
    assert [rule for rule, _ in office.standing.kept] == ["strike"]
    await office.told()
    await office.publish("a strike")
    assert office.senders[ChannelName("console")].titles[-1] == "a strike"


async def test_feeds_come_go_and_move_and_keep_their_history(office: Office) -> None:
    await office.publish("a strike")
    office.configure(feeds=["wires", "blog"])
    assert await office.look()
    assert (await office.publish("a blog's strike", feed="blog"))[-1] == "a blog's strike"
    office.configure(feeds=["blog"])
    assert await office.look()
    assert [state.feed.id for state in office.desk.store.feeds()] == ["blog"]
    office.configure(feeds=["wires", "blog"])
    assert await office.look()
    assert await office.publish("a strike") == [
        "Reloaded: feeds removed: wires",
        "Reloaded: feeds added: wires",
    ], "what was known stays known"
    moved = [{"id": "wires", "url": "https://new.example/feed"}, {"id": "blog", "url": "https://blog.example/feed"}]
    office.configure(feeds=[])
    office.configure(feeds=[])
    whole = json.loads((office.root / "watcher.yaml").read_text("utf-8"))
    office.write("watcher.yaml", json.dumps(whole | {"feeds": moved}))
    assert await office.look()
    stored: Mapping[str, Feed] = {state.feed.id: state.feed for state in office.desk.store.feeds()}
    assert stored["wires"].url == "https://new.example/feed"


async def test_settings_hold_at_once_and_what_was_replaced_is_let_go_when_no_poll_uses_it(office: Office) -> None:
    old = Port()
    office.desk.jobs.fetcher = old  # type: ignore[assignment]
    parser: Parser = office.desk.jobs.parser
    office.configure(poll={"interval": "7m"}, delivery={"give_up_after": "3h"}, fetch={"timeout": "9s"})
    assert await office.look()
    jobs = office.desk.jobs
    assert (jobs.intervals.default, jobs.retry.give_up_after) == (420.0, 10_800.0)
    assert jobs.fetcher is not old  # type: ignore[comparison-overlap]
    assert jobs.parser is parser
    closed = [old.closed]
    office.desk.clock.advance(LEASE.total_seconds() + 1)
    await office.look()
    assert [*closed, old.closed] == [False, True]
    assert "Settings changed: delivery, fetch, poll" in (await office.told())[0]


async def test_what_people_want_of_a_channel_holds_at_once_and_is_told(office: Office) -> None:
    wishes = {"min_severity": "high", "quiet": {"hours": "22:00-07:00"}, "cap": 5}
    channels = [{"name": "console", "url": "json://console.example", **wishes}]
    whole = json.loads((office.root / "watcher.yaml").read_text("utf-8"))
    office.write("watcher.yaml", json.dumps(whole | {"channels": channels, "heartbeat": {"at": "09:00"}}))
    assert await office.look()
    spec = office.desk.jobs.live.outlets[ChannelName("console")].spec
    assert (spec.min_severity, spec.cap, spec.quiet and spec.quiet.below) == (Severity.HIGH, 5, Severity.CRITICAL)
    (said,) = await office.told()
    assert "Channels changed: console" in said
    assert "Settings changed: heartbeat" in said


async def test_another_place_for_the_data_waits_for_the_next_start_and_is_said_once(office: Office) -> None:
    office.configure(data="elsewhere")
    assert await office.look()
    (said,) = await office.told()
    assert f"`data: {office.path('elsewhere')}` holds from the next start on" in said
    office.write("rules/b.yaml", "rules:\n  - {id: flood, match: flood}\n")
    assert await office.look()
    assert "elsewhere" not in (await office.told())[0]


async def test_a_secret_that_is_renewed_in_its_file_is_taken_over(office: Office) -> None:
    office.write("token", "first-token\n")
    office.configure(channels=[])
    whole = json.loads((office.root / "watcher.yaml").read_text("utf-8"))
    channels = [{"name": "console", "url": "json://${file:token}@hook.example"}]
    office.write("watcher.yaml", json.dumps(whole | {"channels": channels}))
    assert await office.look()
    office.write("token", "second-token\n")
    assert await office.look()
    assert office.desk.jobs.live.outlets[ChannelName("console")].spec.url == "json://second-token@hook.example"
    assert "second-token" not in "".join(await office.told())


async def test_what_waited_for_a_new_secret_is_sent_with_it_at_once(office: Office) -> None:
    """Not when the next try would have been, which may be hours away; another clock is no reason to try."""
    sender = office.senders[ChannelName("console")]
    sender.failing = SendError("HTTP 401", denied=True)
    whole = json.loads((office.root / "watcher.yaml").read_text("utf-8"))

    async def take(token: str, zone: str) -> list[str]:
        channel = {"name": "console", "url": "json://${file:token}@hook.example", "timezone": zone}
        office.write("token", token)
        office.write("watcher.yaml", json.dumps(whole | {"channels": [channel]}))
        assert await office.look()
        await EmbeddedRunner(office.desk.jobs, Rhythm()).once()
        return [title for title in sender.titles if "strike" in title.lower()]

    assert await take("withdrawn", "UTC") == []
    await office.publish("Strike in Lyon")
    sender.failing = None
    assert await take("withdrawn", "Asia/Tokyo") == []
    assert await take("valid", "Asia/Tokyo") == ["Strike in Lyon"]


@pytest.mark.parametrize(
    "line",
    [
        '{name: desk, url "slack://CanaryAAAA/CanaryBBBB/CanaryCCCC"}',
        "url: !json://user:CanaryDDDD@hook.example/CanaryEEEE?token=CanaryFFFF",
        '{name: desk, url "https://hooks.slack.com/services/CanaryAAAA/CanaryBBBB"}',
    ],
)
async def test_a_new_secret_in_a_line_that_is_wrong_is_not_told(office: Office, line: str) -> None:
    good = "feeds: []\nrules: [rules]\nchannels:\n  - {name: console, url: 'json://console.example'}\n"
    office.write("watcher.yaml", f"{good}  - {line}\n")
    assert await office.look()
    (said,) = await office.told()
    assert f"{office.path('watcher.yaml')}:5:" in said
    assert "Canary" not in said + repr(office.standing)
    assert "***" in said


async def test_a_hundred_errors_are_one_message_that_says_how_many(office: Office) -> None:
    office.write("rules/b.yaml", "rules:\n" + "".join(f"  - {{id: r{n}, match: (x}}\n" for n in range(100)))
    assert await office.look()
    (said,) = await office.told()
    assert said.count("error[E104]") == MOST
    assert f"and {100 - MOST} more: `watcher check` shows them all" in said
    assert office.desk.log.events.count("error in a file, what was live stays as it was") == MOST
    assert "more errors in files; `watcher check` shows them all" in office.desk.log.events


class Restless(Files):
    """Files that look different at each of so many looks."""

    left = 0

    def look(self, live: Plan) -> Looked:
        self.left -= 1
        return {**super().look(live), "being written": (max(self.left, 0),)}


@pytest.mark.parametrize(("changes", "looks"), [(5, 5), (1000, LOOKS)])
async def test_a_file_that_is_being_written_is_waited_for_but_not_for_ever(
    office: Office, changes: int, looks: int
) -> None:
    files = Restless(office.root / "watcher.yaml", {}, learn=office._learn, open_outlets=office._open)
    reloader = office.over(files, files.first())
    files.left = changes
    office.write("rules/b.yaml", "rules:\n  - {id: flood, match: flood}\n")
    assert await reloader.look()
    assert changes - files.left == looks + 1


class Faulty(Files):
    failing: Exception | None = None

    def again(self, live: Plan, *, distrust: bool = False, counted: Mapping[str, int] | None = None) -> Plan:
        if self.failing:
            raise self.failing
        return super().again(live, distrust=distrust, counted=counted)


async def test_a_mistake_of_ours_leaves_everything_as_it_was_and_is_told_once(office: Office) -> None:
    files = Faulty(office.root / "watcher.yaml", {}, learn=office._learn, open_outlets=office._open)
    office.reloader = office.over(files, files.first())
    await office.look()
    files.failing = IndexError("a bug\nin two lines")
    office.write("rules/a.yaml", "rules: []\n")
    assert not await office.look()
    assert not await office.look()
    (said,) = await office.told()
    assert said.endswith("internal error: IndexError: a bug in two lines")
    assert office.rules == ["strike"]
    files.failing = None
    office.reloader.ask()
    assert await office.look()
    assert office.rules == []


async def test_a_mistake_of_ours_that_the_store_could_not_take_is_told_when_it_can(office: Office) -> None:
    files = Faulty(office.root / "watcher.yaml", {}, learn=office._learn, open_outlets=office._open)
    office.reloader = office.over(files, files.first())
    await office.look()
    files.failing = IndexError("a bug")
    office.write("rules/a.yaml", "rules: []\n")

    def full(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    twist(office.desk, save_alerts=full)
    with pytest.raises(StoreUnavailable):
        await office.look()
    office.desk.jobs.store = office.desk.store
    assert not await office.look()
    (said,) = await office.told()
    assert said.endswith("internal error: IndexError: a bug")


async def test_a_store_that_fails_is_for_the_runner_to_know(office: Office) -> None:
    files = Faulty(office.root / "watcher.yaml", {}, learn=office._learn, open_outlets=office._open)
    reloader = office.over(files, files.first())
    files.failing = StoreError("the disk is full")
    with pytest.raises(StoreError):
        await reloader.look()


async def test_what_the_store_could_not_take_for_a_while_is_taken_over_when_it_can(office: Office) -> None:
    files = Faulty(office.root / "watcher.yaml", {}, learn=office._learn, open_outlets=office._open)
    office.reloader = office.over(files, files.first())
    await office.look()
    office.write("rules/a.yaml", "rules: []\n")
    files.failing = StoreUnavailable("the disk is full")
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await office.look()
    assert office.rules == ["strike"]
    files.failing = None
    assert await office.look()
    assert office.rules == []


async def test_asking_again_and_again_reads_once(office: Office) -> None:
    for _ in range(1000):
        office.reloader.ask()
    assert not await office.look()
    assert office.desk.log.events.count("files read again, nothing has changed") == 1
    assert not await office.look()
    assert office.desk.log.events.count("files read again, nothing has changed") == 1


async def test_what_opens_a_feed_is_swapped_when_its_secret_is_saved_and_the_feed_is_due(office: Office) -> None:
    office.write("login", "anna:old-w0rd")
    text = (office.root / "watcher.yaml").read_text("utf-8")
    office.write("watcher.yaml", text.replace('"baseline"', '"auth": "basic ${file:login}", "baseline"'))
    assert await office.look()
    assert (await office.told())[0].startswith("Reloaded: feeds changed: wires")
    (before,) = office.desk.jobs.live.access.values()
    office.write("login", "anna:new-w0rd")
    assert await office.look()
    (after,) = office.desk.jobs.live.access.values()
    assert dict(after.headers) != dict(before.headers)
    (state,) = office.desk.store.feeds()
    assert state.next_at == office.desk.clock.now()
    (told,) = await office.told()
    assert told.startswith("Reloaded: feeds changed: wires")
    assert "new-w0rd" in office.learned
    assert not [said for said in (told, repr(state)) if "w0rd" in said]


class Noting:
    """A store that notes what opens the feeds when they are made due."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs, self._store = jobs, jobs.store
        self.noted: list[object] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def reopen_feeds(self, feeds: Collection[FeedId], now: datetime) -> None:
        self.noted += self._jobs.live.access.values()
        self._store.reopen_feeds(feeds, now)


async def test_a_feed_is_not_due_before_what_opens_it_now_is_live(office: Office) -> None:
    office.write("login", "anna:old-w0rd")
    text = (office.root / "watcher.yaml").read_text("utf-8")
    office.write("watcher.yaml", text.replace('"baseline"', '"auth": "basic ${file:login}", "baseline"'))
    assert await office.look()
    jobs = office.desk.jobs
    noting = Noting(jobs)
    jobs.store = cast(Store, noting)
    office.write("login", "anna:new-w0rd")
    assert await office.look()
    assert noting.noted == [*jobs.live.access.values()]


async def test_the_title_of_a_long_list_names_none_of_it(office: Office) -> None:
    office.configure(feeds=["wires", *(f"feed-{number}" for number in range(100, 130))])
    assert await office.look()
    told = (await office.told())[0]
    title, body, *_ = told.splitlines()
    assert title == "Reloaded: feeds added"
    assert body.startswith("Feeds added: feed-100, feed-101, ")
    assert body.endswith(" and 10 more")
