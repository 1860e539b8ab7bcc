"""Pages full of what strangers write, huge ones and broken ones, in a folder and behind links, by the daemon."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import pytest

from tests.servers import Server, page
from tests.stories.house import House, until
from tests.stories.test_naughty import NAUGHTY

SAID = "The strike at the old swing bridge went into its second week, the mayor said on Monday."
_SHELL = """<html lang="{0}"><head><title>{0}</title><meta property="og:site_name" content="{0}">
<meta name="author" content="{0}"><meta property="article:published_time" content="{0}">
<script type="application/ld+json">{{"headline": "{0}"}}</script></head><body class="{0}"><h1>strike {0}</h1>
<p>By {0}</p><p>{1}</p><p>{0}</p><figure><figcaption>{0}</figcaption></figure><a href="{0}">{0}</a></body></html>"""
BROKEN = {
    "mixed": "<p>Zürich</p>".encode() + "<p>Café fermé</p>".encode("cp1252") + f"<p>{SAID}</p>".encode(),
    "mojibake": f"<p>{'Brücke über'.encode().decode('cp1252')} {SAID}</p>".encode(),
    "one-line": (SAID + " ").encode() * 20_000,
    "huge": b"<p>And so said all who had come to see.</p>" * 10_000 + f"<p>{SAID}</p>".encode(),
    "markup": b"<div><br></div>" * 1000,
}
_SHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def naughty(said: str) -> str:
    return _SHELL.format(escape(said), SAID)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.rule("strikes", "strike", group="item", template={"title": "{item.title}"})
    return made


def test_a_folder_of_naughty_pages_is_told_in_plain_lines_and_logged_a_line_each(house: House) -> None:
    pages = house.root / "pages"
    pages.mkdir()
    bodies = {**{name: naughty(said).encode("utf-8", "replace") for name, said in NAUGHTY.items()}, **BROKEN}
    for name, body in bodies.items():
        (pages / f"{name}.html").write_bytes(body)
    house.settings(feeds=[{"id": "pages", "url": str(pages), "baseline": "alert"}])
    done = house.watcher("run", "--once", timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert {json.loads(line)["level"] for line in done.stderr.splitlines()} <= {"info", "debug"}
    assert not _SHOWN.search(done.stdout)
    assert house.asked("SELECT count(*) FROM items") == [(len(bodies),)]
    silent = {"markup", "huge"}  # nothing of a strike stands in what is stored of them
    assert house.asked("SELECT count(*) FROM dispatches") == [(len(bodies) - len(silent),)]
    seen = house.watcher("fetch", str(pages))
    assert (seen.returncode, _SHOWN.search(seen.stdout)) == (0, None)
    rows = [json.loads(line) for line in house.watcher("fetch", "--json", str(pages)).stdout.split("\n")[:-1]]
    assert len(rows) == len(bodies)
    for row in rows:
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", row["title"] + row["outlet"] + "".join(row["authors"]))


def test_naughty_pages_behind_links_are_fetched_and_the_log_stays_lines(house: House) -> None:
    behind = {name: naughty(NAUGHTY[name]).encode() for name in ("terminal", "script", "turned")} | {
        "huge": BROKEN["huge"]
    }
    with Server() as server:
        entries = "".join(
            f"<item><guid isPermaLink='false'>{name}</guid><title>News of {name}</title>"
            f"<link>{server.url(f'/{name}')}</link><description>Read more</description></item>"
            for name in behind
        )
        server["/feed"] = page(f"<rss version='2.0'><channel><title>Wires</title>{entries}</channel></rss>".encode())
        for name, body in behind.items():
            server[f"/{name}"] = page(body, content_type="text/html; charset=utf-8")
        wires = {"id": "wires", "url": server.url("/feed"), "baseline": "alert", "full_text": True}
        house.settings(feeds=[wires])
        with house.daemon() as daemon:
            until(lambda: all(server.asked(f"/{name}") for name in behind), "all pages asked for")
            until(lambda: len(house.rows("alerts", "list")) == 3, "three told")
            assert daemon.stop()[0] == 0
        assert not _SHOWN.search(daemon.out)
        for line in daemon.err.splitlines():
            assert json.loads(line)["level"] in {"info", "debug"}
