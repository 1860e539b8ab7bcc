"""What people say to the watcher, and what it tells them of what it has not told yet."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest

from tests.deliver.receivers import http_receiver
from tests.servers import Server, page
from tests.stories.house import House, rss, until

STRIKE = ("a-1", "Strike reported in the harbour")
ANNA = {"LOGNAME": "anna", "SUDO_USER": ""}


@pytest.fixture
def fed(house: House, server: Server) -> House:
    """A house with a feed of one item that nobody was told of yet."""
    server["/feed"] = page(rss([STRIKE]))
    house.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}])
    return house


def played(house: House, server: Server, *items: tuple[str, str]) -> None:
    """One more look at the feed, which has these items now."""
    server["/feed"] = page(rss(items))
    known = _known(house) if (house.root / "var").exists() else 0

    def seen() -> bool:
        done = house.watcher("run", "--once")
        assert done.returncode == 0, done.stderr
        return _known(house) > known

    until(seen, "the feed read again")


def _known(house: House) -> int:
    """Items that are stored."""
    return int(house.asked("SELECT count(*) FROM items")[0][0])


def test_a_rule_is_silenced_by_name_and_what_came_is_listed_when_that_ends(fed: House, server: Server) -> None:
    played(fed, server, STRIKE)
    done = fed.watcher("silence", "strikes", "--for", "2h", "--why", "a \x1b[31mdrill", env=ANNA)
    assert done.returncode == 0, done.stderr
    assert "anna silenced the rule strikes at " in done.stdout
    assert done.stdout.isprintable() or "\x1b" not in done.stdout
    played(fed, server, ("a-2", "Second strike"), STRIKE)
    (held,) = fed.rows("alerts", "waiting")
    assert (held["title"], held["reason"]) == ("Second strike", "silenced")
    (silence,) = fed.rows("silence", "list")
    assert (silence["rule"], silence["by"], silence["waiting"], silence["channel"]) == ("strikes", "anna", 1, None)
    assert held["until"] == silence["until"]
    assert "Second strike  (strikes on console)" in fed.watcher("silence", "list").stdout
    why = fed.watcher("why", held["item"], "strikes").stdout
    assert re.search(r"on console: held since \S+Z, because anna silenced the rule strikes at ", why)
    assert ": a [31mdrill" in why
    status = fed.status()
    assert (status["matches"]["open"], status["reasons"]) == (1, {"silenced": 1, "new": 1})
    assert [one["by"] for one in status["silences"]] == ["anna"]
    shown = fed.watcher("status").stdout
    assert "matches  2 = 1 open + 1 closed\n         open: 1 silenced;" in shown
    assert "sums     add up" in shown

    wrong = fed.watcher("silence", "end", "strike")
    assert (wrong.returncode, "did you mean strikes?" in wrong.stderr) == (2, True)
    assert "ended; 1 match waits because of it" in fed.watcher("silence", "end", "strikes").stdout
    assert fed.watcher("silence", "list").stderr == "nothing is silenced\n"
    assert fed.watcher("run", "--once").returncode == 0
    assert fed.rows("alerts", "waiting") == []
    why = fed.watcher("why", held["item"], "strikes").stdout
    assert re.search(
        r"on console: held since \S+Z because the rule or its group is silenced; listed when a silence ended at \S+Z, "
        r"because it came while the rule or its group was silenced",
        why,
    )
    (channel,) = fed.rows("why", held["item"], "strikes")[0]["matches"][0]["channels"]
    assert [step["reason"] for step in channel["trail"]] == ["silenced", "silence-listed"]
    assert "anna silenced the rule strikes" in why
    assert fed.status()["matches"]["closed"]["silenced"] == 1


def test_a_running_watcher_heeds_a_silence_and_its_end(fed: House, server: Server) -> None:
    with fed.daemon() as daemon:
        daemon.says("*Strike* reported")
        assert fed.watcher("silence", "strikes", "--for", "2h").returncode == 0
        server["/feed"] = page(rss([("a-2", "Second strike"), STRIKE]))
        until(lambda: fed.status()["reasons"].get("silenced"), "the second match held")
        assert fed.watcher("silence", "end", "strikes").returncode == 0
        daemon.says("Second *strike*")
    assert fed.rows("alerts", "waiting") == []


def test_what_is_silenced_is_named_and_for_how_long(fed: House) -> None:
    fed.watcher("run", "--once")
    wrong = {
        ("strike", "--for", "2h"): "there is no rule strike; did you mean strikes?",
        ("strikes",): "say how long: either --for 2h or --until 18:00",
        ("strikes", "--for", "2h", "--until", "18:00"): "say how long",
        ("strikes", "--for", "soon"): "expected a duration like",
        ("strikes", "--until", "2020-01-01"): "is over",
        ("strikes", "--until", "tomorrow"): "expected a time like 18:00",
        ("strikes", "--for", "2h", "--channel", "consol"): "no channel is named consol; did you mean console?",
    }
    for words, told in wrong.items():
        done = fed.watcher("silence", *words)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert fed.rows("silence", "list") == []
    (said,) = fed.rows("silence", "strikes", "--until", "2099-01-01T12:00+02:00", "--channel", "console")
    assert (said["until"], said["channel"]) == ("2099-01-01T10:00:00Z", "console")
    (ended,) = fed.rows("silence", "end", str(said["id"]))
    assert ended["rule"] == "strikes"


def test_who_looks_after_an_alert_is_shown_and_what_follows_is_held(fed: House, server: Server) -> None:
    fed.rule("strikes", "strike", group="rule")
    played(fed, server, STRIKE)
    (alert,) = fed.rows("alerts")
    assert alert["ack"] is None
    done = fed.watcher("alerts", "ack", alert["key"][:8], "--why", "on it", env=ANNA)
    assert f"anna acknowledged alert {alert['key'][:12]} at " in done.stdout
    played(fed, server, ("a-2", "Second strike"), STRIKE)
    (held,) = fed.rows("alerts", "waiting")
    assert f"anna acknowledged alert {alert['key'][:12]}" in held["because"]
    (row,) = fed.rows("alerts")
    assert (row["ack"]["by"], row["ack"]["why"]) == ("anna", "on it")
    assert "acknowledged by anna" in fed.watcher("alerts").stdout
    assert "anna acknowledged alert" in fed.watcher("alerts", "show", alert["key"]).stdout
    (line,) = csv.DictReader(io.StringIO(fed.watcher("alerts", "--csv").stdout))
    assert (line["acknowledged_by"], line["told"], line["sources"]) == ("anna", "1", "1")
    fed.watcher("silence", "end", str(row["ack"]["id"]))
    assert fed.watcher("run", "--once").returncode == 0
    assert fed.rows("alerts", "waiting") == []
    assert [row["ack"]["by"] for row in fed.rows("alerts") if row["ack"]] == ["anna"], "it is remembered"


def test_what_waits_says_why_and_until_when(fed: House, server: Server) -> None:
    now = datetime.now(UTC)
    hours = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    digest = (now + timedelta(hours=12)).astimezone(ZoneInfo("Asia/Tokyo"))
    channels: list[dict[str, object]] = [
        {"name": "console", "url": "console://", "timezone": "Asia/Tokyo", "digest": f"{digest:%H:%M}"},
        {"name": "night", "url": "console://", "quiet": {"hours": hours}},
    ]
    feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
    fed.settings(feeds=feeds, channels=channels)
    fed.rule("strikes", "strike", notify=["night"])
    fed.rule("many", "strike", notify=["console"], when={"count": 3, "within": "2h"}, group="item")
    fed.rule("listed", "strike", notify=["console"], digest=True, group="item")
    fed.rule("seldom", "strike", notify=["console"], throttle="90m", group="rule")
    played(fed, server, STRIKE)
    played(fed, server, ("a-2", "Second strike"), STRIKE)
    found = {(row["rule"], row["item"]): row for row in fed.rows("alerts", "waiting")}
    by_rule = {row["rule"]: row for row in found.values()}
    assert {rule: row["reason"] for rule, row in by_rule.items()} == {
        "strikes": "quiet-hours",
        "many": "in-window",
        "listed": "for-digest",
        "seldom": "throttled",
    }
    assert "it asks for 3 items within 2 h; unless they come by " in by_rule["many"]["because"]
    assert "and `throttle` is 90 min; that ends at " in by_rule["seldom"]["because"]
    assert by_rule["strikes"]["until"] == f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}:00Z"
    assert by_rule["listed"]["because"].endswith(f"that comes at {digest:%Y-%m-%d %H:%M} JST")
    shown = fed.watcher("alerts", "waiting").stdout
    assert "many: in-window: it asks for 3 items within 2 h; unless they come by " in shown
    assert len(found) == fed.status()["matches"]["open"]


def test_a_message_is_previewed_and_nothing_is_stored_or_sent(fed: House, server: Server) -> None:
    with http_receiver() as hook:
        channels: list[dict[str, object]] = [
            {"name": "console", "url": "console://"},
            {"name": "hook", "url": f"json://{hook.host}/", "min_severity": "high"},
            {"name": "later", "url": "${env:NOT_SET}"},
        ]
        fed.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}], channels=channels)
        fed.rule("strikes", "strike", notify=["console"])
        fed.rule("calm", "calm")
        assert fed.watcher("run", "--once", env={"NOT_SET": f"json://{hook.host}/"}).returncode == 0
        before = (fed.status()["outbox"], len(hook.got))
        item = fed.rows("search", "strike")[0]["item"]
        shown = fed.watcher("alerts", "preview", item[:8], "strikes", "--channel", "console")
        assert shown.returncode == 0, shown.stderr
        assert "*Strike* reported in the harbour" in shown.stdout
        hooked = fed.watcher("alerts", "preview", item, "strikes", "--channel", "hook")
        assert "does not speak on hook" in hooked.stderr
        assert "below the channel's `min_severity` high" in hooked.stderr
        (row,) = fed.rows("alerts", "preview", item, "strikes", "--channel", "hook")
        assert "Strike reported in the harbour" in row["title"] + row["body"]
        none = fed.watcher("alerts", "preview", item, "calm", "--channel", "console")
        assert (none.returncode, none.stdout) == (1, "")
        assert "calm does not match" in none.stderr
        assert "missing calm" in none.stderr
        for words, told in {
            ("strike", "console"): "there is no rule strike; did you mean strikes?",
            ("strikes", "consol"): "no channel is named consol; did you mean console?",
            ("strikes", "later"): "a secret of the channel later is not set",
        }.items():
            done = fed.watcher("alerts", "preview", item, words[0], "--channel", words[1])
            assert (done.returncode, told in done.stderr) == (2, True), done.stderr
        assert (fed.status()["outbox"], len(hook.got)) == before


def test_a_mail_is_previewed_whole_and_as_a_page_for_a_browser(fed: House, server: Server) -> None:
    channels = [
        {"name": "console", "url": "console://"},
        {"name": "mail", "url": "mailtos://anna:hunter2@mail.example?to=desk@news.example"},
    ]
    fed.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}], channels=channels)
    fed.rule("strikes", "strike", notify=["console"])
    played(fed, server, STRIKE)
    item = fed.rows("search", "strike")[0]["item"]
    whole, html = fed.root / "mail.eml", fed.root / "mail.html"
    for path in (whole, html):
        done = fed.watcher("alerts", "preview", item, "strikes", "--channel", "mail", "--out", str(path))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    mail = message_from_bytes(whole.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    assert str(mail["Subject"]).endswith("Strike reported in the harbour")
    page_ = mail.get_body(("html",))
    assert page_ is not None
    assert page_.get_content().split() == html.read_text("utf-8").split()
    assert "http://news.example/a-1" in html.read_text("utf-8")
    assert "hunter2" not in whole.read_text("utf-8") + html.read_text("utf-8")
    none = fed.watcher("alerts", "preview", item, "strikes", "--channel", "console", "--out", str(html))
    assert (none.returncode, "have no HTML part" in none.stderr) == (2, True)


def test_an_alert_is_sent_to_another_channel_as_a_copy(fed: House, server: Server) -> None:
    with http_receiver() as hook:
        channels = [{"name": "console", "url": "console://"}, {"name": "hook", "url": f"json://{hook.host}/"}]
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        fed.settings(feeds=feeds, channels=channels)
        fed.rule("strikes", "strike", notify=["console"])
        played(fed, server, STRIKE)
        (alert,) = fed.rows("alerts")
        for times in (1, 2):
            (made,) = fed.rows("alerts", "resend", alert["key"], "--to", "hook")
            assert (made["channel"], made["state"]) == ("hook", "pending")
            assert fed.watcher("run", "--once").returncode == 0
            assert len(hook.got) == times
        assert "Strike reported in the harbour" in hook.json["title"] + hook.json["message"]
        copied = fed.rows("alerts", "show", made["key"])[0]
        assert (copied["copy_of"], copied["failed_on"]) == (alert["key"], "console")
        fed.settings(feeds=feeds, channels=channels[:1])
        gone = fed.watcher("alerts", "resend", made["key"])
        assert (gone.returncode, "no channel is named hook" in gone.stderr) == (2, True)


def test_channels_are_tried_by_tag_all_at_once_and_in_bounded_time(house: House) -> None:
    with http_receiver() as slow, http_receiver() as good:
        slow.hang = True
        channels: list[dict[str, object]] = [
            {"name": "one", "url": f"json://{slow.host}/", "tags": ["desk"]},
            {"name": "two", "url": f"json://{good.host}/", "tags": ["desk"]},
            {"name": "three", "url": "${env:NOT_SET}", "tags": ["desk"]},
            {"name": "other", "url": "console://"},
        ]
        house.settings(feeds=[{"url": "https://news.example/feed"}], channels=channels, delivery={"timeout": "8s"})
        rows = {row["channel"]: row for row in house.rows("notify", "test", "desk")}
    assert {name: row["accepted"] for name, row in rows.items()} == {"one": False, "two": True, "three": False}
    assert "within 8 s" in rows["one"]["answer"] or "timed out" in rows["one"]["answer"]
    assert "secret is not set" in rows["three"]["answer"]
