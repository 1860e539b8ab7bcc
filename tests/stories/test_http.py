"""Feeds over real HTTP: asked conditionally, moved, refused, cut short; nothing half-read is ever marked seen."""

from __future__ import annotations

import time
from pathlib import Path

from tests.servers import Server, page, redirect, status, truncated, turns
from tests.stories.house import House, rss, until

CALM = ("a-1", "Calm day in the harbour")
STRIKE = ("a-2", "Strike reported in the harbour")
SECOND = ("a-3", "Second strike reported")


def _house(house: House, server: Server, *paths: str, **keys: object) -> House:
    feeds = [{"id": path.strip("/"), "url": server.url(path), "baseline": "alert"} | keys for path in paths]
    house.settings(feeds=feeds, fetch={"per_host_pause": "0.01s", "timeout": "20s"})
    return house


def _titles(house: House) -> list[str]:
    return [row["title"] for row in house.rows("alerts", "list")]


def test_an_unchanged_feed_is_asked_with_its_validators_and_answers_304(house: House, server: Server) -> None:
    _house(house, server, "/feed")
    server["/feed"] = page(rss([STRIKE]), last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
    with house.daemon() as daemon:
        daemon.says("Strike")
        server.wait("/feed", 3)
        first, *later = server.asked("/feed")
        assert "if-none-match" not in first.headers
        assert all("if-none-match" in r.headers and "if-modified-since" in r.headers for r in later)
        assert first.headers["accept-encoding"] == "gzip, deflate"
        server["/feed"] = page(rss([SECOND, STRIKE]))
        daemon.says("Second")
    assert len(_titles(house)) == 2


def test_a_truncated_answer_marks_nothing_seen_and_the_whole_one_alerts(house: House, server: Server) -> None:
    _house(house, server, "/feed")
    whole = rss([STRIKE, CALM])
    server["/feed"] = turns(truncated(whole[:-40], missing=40), truncated(whole, missing=1), page(whole))
    with house.daemon() as daemon:
        daemon.says("Strike")
    state = house.status()
    assert state["items"] == 2
    assert _titles(house) == [STRIKE[1]]
    assert "poll failed" in daemon.err


def test_a_feed_that_moved_for_good_is_followed_and_alerts_nothing_old(house: House, server: Server) -> None:
    _house(house, server, "/old")
    server["/old"] = page(rss([STRIKE]))
    with house.daemon() as daemon:
        daemon.says("Strike")
        server["/new"] = page(rss([STRIKE]))
        server["/old"] = redirect("/new", 301)
        server.wait("/new", 5)
        asked = server.count("/old")
        server["/new"] = page(rss([SECOND, STRIKE]))
        daemon.says("Second")
        assert server.count("/old") <= asked + 1, "after three polls the new address is asked at once"
    assert sorted(_titles(house)) == sorted([STRIKE[1], SECOND[1]])


def test_429_is_obeyed_and_the_feed_goes_on_afterwards(house: House, server: Server) -> None:
    _house(house, server, "/feed")
    server["/feed"] = turns(status(429, retry_after="8"), page(rss([STRIKE])))
    with house.daemon() as daemon:
        server.wait("/feed", 1)
        until(lambda: house.status()["feeds"]["failing"] == 1, "the feed counted as failing")
        daemon.says("Strike")
    assert "429" in daemon.err


def test_a_private_address_is_refused_unless_allowed(house: House, server: Server) -> None:
    house.settings(feeds=[{"id": "inside", "url": server.url("/feed")}], allow_private=[])
    server["/feed"] = page(rss([STRIKE]))
    done = house.watcher("run", "--once")
    assert "127.0.0.1" in done.stderr
    assert server.count("/feed") == 0


def test_the_first_poll_of_a_feed_is_baseline_and_told_in_one_message(house: House, server: Server) -> None:
    house.settings(feeds=[{"id": "feed", "url": server.url("/feed")}])
    server["/feed"] = page(rss([STRIKE, CALM]))
    with house.daemon() as daemon:
        daemon.says("1 feed, 2 items known; your rules match 1 of them")
        server["/feed"] = page(rss([SECOND, STRIKE, CALM]))
        daemon.says("Second")
    assert house.status()["matches"]["closed"]["baseline"] == 1
    assert [row["kind"] for row in house.rows("alerts", "list")] == ["match", "notice"]


def test_the_same_address_in_two_feeds_is_one_alert(house: House, server: Server) -> None:
    _house(house, server, "/one", "/two")
    server["/one"] = server["/two"] = page(rss([STRIKE]))
    done = house.watcher("run", "--once")
    assert done.returncode == 0, done.stderr
    assert _titles(house) == [STRIKE[1]]
    closed = house.status()["matches"]["closed"]
    assert (closed["alerted"], closed["merged"]) == (1, 1)


def test_an_edited_item_is_told_as_an_update_and_a_rule_may_match_it_late(house: House, server: Server) -> None:
    _house(house, server, "/feed")
    server["/feed"] = page(rss([("a-1", "Explosion in the harbour")]))
    with house.daemon() as daemon:
        until(lambda: house.knows(1), "the item stored")
        server["/feed"] = page(rss([("a-1", "Explosion in the harbour was a strike")]))
        daemon.says("strike")
    item = house.rows("search", "harbour")[0]["item"]
    why = house.rows("why", item, "strikes")[0]
    assert [match["revision"] for match in why["matches"]] == [2]
    assert why["matches"][0]["channels"][0]["reason"] == "new"


def test_a_file_saved_in_pieces_is_read_when_it_has_settled(house: House, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    words = ("A", "strike", "in", "the", "harbour", "was")
    feed = {"id": "inbox", "url": str(inbox), "interval": "1s", "baseline": "alert"}
    house.settings(feeds=[feed], poll={"folder_interval": "30s"})
    with house.daemon() as daemon:
        until(lambda: "watching" in daemon.err, "the daemon up")
        with (inbox / "report.txt").open("w") as file:
            for word in (*words, "reported\n\nIt", "was", "over", "by", "noon.\n"):
                file.write(f"{word} ")
                file.flush()
                time.sleep(0.25)
        daemon.says("strike")
    assert _titles(house) == ["A strike in the harbour was reported"]
    assert house.status()["items"] == 1
