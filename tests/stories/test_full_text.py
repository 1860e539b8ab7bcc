"""A feed of summaries over real HTTP: told by the summary at once, by the page when it comes, and each once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.servers import Reply, Server, page, status
from tests.stories.house import House, until

SHORE = (
    "The road along the northern shore was closed for most of the day, the council said on Monday evening.",
    "Workers at the harbour had left their posts an hour before, and the ferries stayed where they were.",
    "By morning the boats were out again, and the fishermen said that they had seen nothing of it at all.",
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.rule("quakes", "quake")
    made.rule("subscriptions", "subscribe OR cookies")
    return made


def feed(server: Server, *items: tuple[str, str]) -> Reply:
    """Of summaries, each with a link to its page."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{server.url(f'/{guid}')}</link>"
        f"<description>{title}, said a spokesman. Read more</description></item>"
        for guid, title in items
    )
    return page(f"<rss version='2.0'><channel><title>Wires</title>{entries}</channel></rss>".encode())


def article(title: str, *said: str, end: str = "") -> Reply:
    body = "".join(f"<p>{each}</p>" for each in said)
    nav = "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
    html = f"<html lang='en'><title>{title}</title>{nav}<article><h1>{title}</h1>{body}{end}</article></html>"
    return page(html.encode(), content_type="text/html; charset=utf-8")


def told(house: House) -> list[str]:
    return sorted(row["title"] for row in house.rows("alerts", "list"))


def shown(house: House) -> str:
    return str(house.rows("feeds", "show", "wires")[0]["details"]["full text"])


def test_a_feed_of_summaries_is_told_once_by_what_its_pages_say(house: House) -> None:
    with Server() as server:
        wires = {"id": "wires", "url": server.url("/feed"), "baseline": "alert", "full_text": True}
        house.settings(feeds=[wires])
        server["/feed"] = feed(
            server,
            ("deep", "News from the harbour"),
            ("plain", "A strike in the harbour"),
            ("gone", "Bakers of Eastholm vote for a strike"),
            ("paid", "Norrby council in session"),
        )
        server["/deep"] = article("News from the harbour", "A quake shook the boats at noon.", *SHORE)
        server["/plain"] = article("A strike in the harbour", "The strike began at noon.", *SHORE)
        server["/gone"] = status(503)
        server["/paid"] = article(
            "Norrby council in session",
            "The council of Norrby met for three hours and spoke of the quake drills that its schools hold.",
            end="<div><h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in</p></div>",
        )
        with house.daemon() as daemon:
            daemon.says("News from the harbour")
            daemon.says("Bakers of Eastholm")
            until(lambda: len(told(house)) == 4, "all four told")
            until(lambda: shown(house).startswith("1 page wanted, 1 without"), "the pages fetched")
            assert server.asked("/deep")[0].headers["accept"].startswith("text/html")
            assert daemon.stop()[0] == 0
        assert "page failed" in daemon.err
        assert told(house) == sorted(
            [
                "News from the harbour",
                "A strike in the harbour",
                "Bakers of Eastholm vote for a strike",
                "Norrby council in session",
            ]
        )
        (deep,) = house.rows("search", "boats AND quake")
        why = house.rows("why", deep["item"], "quakes")[0]["matches"]
        assert [(match["revision"], match["channels"][0]["reason"]) for match in why] == [(2, "new")]
        (paid,) = house.rows("search", "council AND met")
        assert [row["item"] for row in house.rows("search", "subscribe")] == []
        assert house.rows("why", paid["item"], "subscriptions")[0]["matches"] == []
        assert server.count("/deep") == server.count("/plain") == server.count("/paid") == 1


def test_one_round_fetches_the_pages_too_and_a_second_tells_nothing_again(house: House) -> None:
    with Server() as server:
        wires = {"id": "wires", "url": server.url("/feed"), "baseline": "alert", "full_text": True}
        house.settings(feeds=[wires])
        server["/feed"] = feed(server, ("deep", "News from the harbour"))
        server["/deep"] = article("News from the harbour", "A quake shook the boats at noon.", *SHORE)
        first = house.watcher("run", "--once")
        assert (first.returncode, first.stdout.count("News from the harbour")) == (0, 1), first.stderr
        assert house.watcher("run", "--once").stdout == ""
    assert shown(house) == "no page wanted at present"
    assert len(house.rows("search", "quake")) == 1


def test_a_daemon_killed_before_any_fetch_of_a_page_fetches_it_in_its_next_life(house: House) -> None:
    with Server() as server:
        wires = {"id": "wires", "url": server.url("/feed"), "baseline": "alert", "full_text": True}
        house.settings(feeds=[wires])
        server["/feed"] = feed(server, ("deep", "News from the harbour"))
        server["/deep"] = article("News from the harbour", "A quake shook the boats at noon.", *SHORE)
        for point in ("fetch:2=kill", "fetch:2:after=kill", "commit:9=kill"):
            house.watcher("run", "--once", env={"WATCHER_FAILPOINT": point})
        last = house.watcher("run", "--once")
    assert last.returncode == 0, last.stderr
    assert told(house) == ["News from the harbour"]
    assert len(house.rows("search", "quake")) == 1


def test_fetch_shows_what_is_read_from_a_page(house: House) -> None:
    with Server() as server:
        house.settings(feeds=[{"id": "wires", "url": server.url("/feed"), "full_text": True}])
        server["/feed"] = feed(server, ("deep", "News from the harbour"))
        server["/deep"] = article("News from the harbour", "A quake shook the boats at noon.", *SHORE)
        asked = house.watcher("fetch", "wires")
        assert f"watcher fetch --page {server.url('/deep')}" in asked.stderr
        done = house.watcher("fetch", "--page", "--json", server.url("/deep"))
    (row,) = map(json.loads, done.stdout.splitlines())
    assert (row["title"], row["origin"], row["wall"]) == ("News from the harbour", "page", "")
    assert row["text"].startswith("A quake shook the boats at noon.")
    assert "Sport" not in row["text"]
