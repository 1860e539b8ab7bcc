"""Feeds that want to be opened, and that are left alone for a while: through the command line and a running daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import Reply, Request, Server, page, status
from tests.stories.house import House, rss

OLD, NEW = "anna:0ld-s3cret", "anna:n3w-s3cret"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def closed(login: str, *titles: str) -> Reply:
    """A feed for those who know the password."""
    from base64 import b64encode

    opened, refused = page(rss([(title, title) for title in titles])), status(401)
    wanted = f"Basic {b64encode(login.encode()).decode()}"

    async def reply(request: Request, writer: object) -> None:
        good = request.headers.get("authorization") == wanted
        await (opened if good else refused)(request, writer)  # type: ignore[arg-type]

    return reply


def test_a_password_opens_a_feed_stands_nowhere_and_is_changed_while_it_runs(house: House) -> None:
    (house.config.parent / "login").write_text(OLD)
    with Server() as server:
        server["/a.xml"] = closed(OLD, "a strike by file")
        server["/b.xml"] = closed(OLD, "a strike by address")
        in_url = server.url("/b.xml").replace("http://", f"http://{OLD}@")
        house.settings(
            feeds=[
                {"id": "a", "url": server.url("/a.xml"), "auth": "basic ${file:login}", "baseline": "alert"},
                {"id": "b", "url": in_url, "baseline": "alert"},
            ]
        )
        with house.daemon() as daemon:
            daemon.says("by file")
            daemon.says("by address")
            server["/a.xml"] = closed(NEW, "a strike by another password")
            (house.config.parent / "login").write_text(NEW)
            daemon.says("by another password")
            paused = house.rows("feeds", "pause", "b")
            assert paused[0]["paused"]
            server["/b.xml"] = closed(OLD, "a strike that is not seen")
            asked = server.count("/b.xml")
            shown = {row["feed"]: row["state"] for row in house.rows("feeds", "list")}
            assert shown["b"] == "paused"
            polls = server.count("/a.xml")
            server.wait("/a.xml", polls + 2)
            assert server.count("/b.xml") <= asked + 1  # one may have been under way
            house.rows("feeds", "resume", "b")
            daemon.says("that is not seen")
            daemon.stop()
        kept = b"".join(
            path.read_bytes() for path in house.root.rglob("*") if path.is_file() and "config" not in path.parts
        )
        assert not [secret for secret in (OLD, NEW, "0ld-s3cret", "n3w-s3cret") if secret.encode() in kept]
        assert house.asked("SELECT count(*) FROM feeds WHERE config LIKE '%s3cret%'") == [(0,)]
