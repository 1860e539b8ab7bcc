"""`watcher feeds` and `watcher fetch`: what they show, what they write, and what they leave as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server, page, redirect, status
from tests.stories.house import rss
from watcher.cli import outcome
from watcher.cli.feeds.look import details, lines, row_of
from watcher.config import load_config
from watcher.model import Condition, Feed, FeedId, FeedPause, FeedState, Habits, Identity, PollSaved
from watcher.store import open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = """\
# mine
schema: watcher/1
data: var
rules: [rules.yaml]
allow_private: [localhost]
feeds:
  # the wires
  - {id: wires, url: "https://wires.example/feed", tags: [news]}   # keep

  - url: inbox
    id: inbox
  - {id: api, url: "https://a.example/v1", auth: "basic ${env:LOGIN}", headers: {X-Key: "${env:KEY}"},
     items: {json: v, title: t}}
channels:
  - {name: console, url: "console://"}
fetch: {per_host_pause: 0.01s, timeout: 20s}
"""


@dataclass(frozen=True, kw_only=True)
class Home:
    """A folder with a configuration, and the command line in it."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def file(self) -> Path:
        return self.root / "watcher.yaml"

    def feeds(self, *arguments: str, code: int = 0) -> str:
        """What `watcher feeds ...` says on stdout."""
        return self.said("feeds", *arguments, code=code)[0]

    def said(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        found = outcome(list(arguments))
        out, err = self.capsys.readouterr()
        assert found == code, err
        return out, err

    def rows(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said(*arguments, "--json", code=code)[0].splitlines()]

    def polled(self, **states: Mapping[str, Any]) -> None:
        """Store the configured feeds, some of them polled."""
        settings = load_config(self.file, {}, require_secrets=False)
        settings.data.mkdir(exist_ok=True)
        store = open_store(settings.store_url)
        now = datetime.now(UTC)
        store.sync_feeds({feed.id: (feed, now) for feed in settings.feeds})
        for state in store.feeds():
            if state.feed.id in states:
                good: dict[str, Any] = {"polls": 9, "polled_at": now, "good_at": now, "new_at": now}
                changes = good | {"next_at": now + timedelta(minutes=9)} | dict(states[state.feed.id])
                store.save_poll(PollSaved(state=replace(state, **changes)))
        store.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Home:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCHER_CONFIG", raising=False)
    monkeypatch.setenv("LOGIN", "anna:s3cr3t-w0rd")
    monkeypatch.setenv("KEY", "s3cr3t-k3y")
    (tmp_path / "watcher.yaml").write_text(CONFIG)
    (tmp_path / "rules.yaml").write_text("rules: [{id: a, match: strike}]\n")
    (tmp_path / "inbox").mkdir()
    return Home(root=tmp_path, capsys=capsys)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running["/feed.xml"] = page(rss([("a", "First things"), ("b", "Second things")], title="The wires"))
        yield running


def html(*links: str) -> bytes:
    found = "".join(f"<link rel='alternate' type='application/rss+xml' href='{link}'>" for link in links)
    return f"<!doctype html><html><head><title>A site</title>{found}</head><body><p>Words.</p></body></html>".encode()


# --- list and show ----------------------------------------------------------------------------------------


def test_before_the_first_start_every_feed_is_new(home: Home) -> None:
    assert home.feeds() == home.feeds("list")
    assert re.findall(r"^(\w+) +new ", home.feeds(), re.MULTILINE) == ["api", "inbox", "wires"]


def test_a_line_says_how_a_feed_is_and_the_next_one_why_it_is_not_well(home: Home) -> None:
    failing = {
        "condition": Condition.FAILING,
        "error": "no whole answer within 60 s",
        "failures": 4,
        "failing_since": datetime.now(UTC),
        "habits": Habits(gaps=2),
    }
    home.polled(wires=failing, inbox={})
    head, api, inbox, wires, why = home.feeds().splitlines()
    assert head == "feed   state    read        next          new         7 days"
    assert re.fullmatch(r"api    new      never       now           never       0", api)
    assert inbox.startswith("inbox  ok       ")
    assert re.fullmatch(r"wires  failing  .*  in [89] min  .*  0, 2 gaps", wires)
    assert "4 polls in a row: no whole answer within 60 s" in why
    assert [row["feed"] for row in home.rows("feeds", "list", "--state", "failing")] == ["wires"]
    assert [row["feed"] for row in home.rows("feeds", "list", "--tag", "news")] == ["wires"]
    assert home.said("feeds", "list", "--state", "gone") == ("", "no feeds are so\n")
    assert home.said("feeds", "list", "--tag", "New")[1] == "no feed has the tag New; did you mean news?\n"


def test_show_tells_kinds_of_access_and_never_what_opens_a_feed(home: Home) -> None:
    home.polled(api={"etag": '"1"'})
    shown = home.feeds("show", "api")
    assert "access        basic credentials, header X-Key" in shown
    assert "items         kind=json items=v" in shown
    assert "s3cr3t" not in shown + json.dumps(home.rows("feeds", "show", "api"))
    assert "did you mean wires?" in home.said("feeds", "show", "wire", code=2)[1]


def test_all_that_is_known_of_a_feed_is_told(home: Home) -> None:
    settings = load_config(home.file, {"LOGIN": "a:b", "KEY": "c"}, require_secrets=True)
    state = FeedState(
        feed=settings.feeds[0],
        polls=3,
        found_at="https://wires.example/rss",
        habits=Habits(
            gaps=1, gap_at=NOW.timestamp(), distrusted_at=NOW.timestamp(), audits=4, lies=1, identity=Identity.CONTENT,
            every=7200.0, skip_hours=(3,), skip_days=(6,),
        ),
        next_at=NOW + timedelta(hours=1),
        good_at=NOW,
        pause=FeedPause(since=NOW, by="anna", why="noisy"),
    )  # fmt: skip
    told = dict(details(state, settings, 2, 5, NOW))
    assert told["asked"] == "https://wires.example/rss: its page announces that feed"
    assert told["reason"] == "paused since 12:00 UTC by anna: noisy"
    assert told["next poll"] == "2026-03-01 13:00 UTC, when resumed"
    assert told["left alone"] == "as it asks: Sun 03:00 UTC"
    assert "shared with 2 other feeds" in told["politeness"]
    assert told["completeness"].startswith(
        "1 poll shared no item with the one before, the last on 2026-03-01 12:00 UTC"
    )
    assert told["validators"].startswith("not trusted since its server hid news behind a 304")
    assert "ids change" in told["identity"]
    assert told["usually new"] == "every 2 h"
    moved = dict(details(replace(state, moved_to="https://new.example/f", moved_polls=9), settings, 0, 0, NOW))
    assert moved["asked"].startswith("https://new.example/f: it has moved there for good")
    begun = dict(
        details(replace(state, found_at=None, moved_to="https://new.example/f", moved_polls=1), settings, 0, 0, NOW)
    )
    assert begun["moved"] == "to https://new.example/f, which held for 1 poll so far"
    assert row_of(state, NOW)["state"] == "paused"


def test_what_a_server_or_a_person_says_cannot_move_the_cursor(home: Home) -> None:
    feed = Feed(id=FeedId("a"), url="https://a.example")
    state = FeedState(feed=feed, polls=1, condition=Condition.FAILING, error="a\x1b[2Jb")
    assert not [line for line in lines([state], NOW) if "\x1b" in line]
    home.file.write_text(CONFIG.replace("{json: v, title: t}", '{json: v, title: "t\\e7"}'))
    home.polled(api={"condition": Condition.FAILING, "error": "a\x1b[2Jb", "failures": 3})
    home.feeds("pause", "api", "--why", "it \x1b[2J")
    assert "\x1b" not in home.feeds() + home.feeds("show", "api")
    home.feeds("resume", "api")
    assert "\x1b" not in home.feeds() + home.feeds("show", "api")


# --- pause and resume -------------------------------------------------------------------------------------


def test_a_pause_is_told_and_ended(home: Home) -> None:
    home.polled(wires={}, inbox={})
    assert "resume wires" in home.feeds("pause", "wires", "--why", "it is rebuilt")
    (row,) = home.rows("feeds", "pause", "inbox", "--for", "2h")
    assert (row["feed"], row["paused"], row["until"] > row["since"]) == ("inbox", True, True)
    states = {each["feed"]: each["state"] for each in home.rows("feeds", "list")}
    assert states == {"api": "new", "inbox": "paused", "wires": "paused"}
    assert ": it is rebuilt" in home.feeds("show", "wires")
    assert {row["paused"] for row in home.rows("feeds", "resume", "wires", "inbox")} == {False}
    assert home.rows("feeds", "list", "--state", "paused") == []


def test_nothing_is_paused_when_one_of_the_feeds_is_not_known(home: Home) -> None:
    home.polled(wires={})
    assert "did you mean inbox" in home.said("feeds", "pause", "wires", "inbo", code=2)[1]
    assert home.rows("feeds", "list", "--state", "paused") == []
    assert (
        "--for 2h or --until" in home.said("feeds", "pause", "wires", "--for", "1h", "--until", "2099-01-01", code=2)[1]
    )


# --- add and remove ---------------------------------------------------------------------------------------


def test_a_feed_is_added_as_one_line_and_removed_again_to_the_byte(home: Home, server: Server) -> None:
    url = server.url("/feed.xml")
    out = home.feeds("add", url, "--id", "mine", "--tag", "a", "--tag", "b", "--interval", "5m", "--yes")
    assert "The wires” : 2 items" in out.replace("”:", "” :")
    assert "First things" in out
    line = f"  - {{id: mine, url: {url}, tags: [a, b], interval: 5m}}\n"
    assert home.file.read_text() == CONFIG.replace("channels:", f"{line}channels:")
    assert f"+{line}" in out
    feed = load_config(home.file, {}, require_secrets=False).feeds[-1]
    assert (feed.id, feed.interval, feed.tags) == ("mine", 300.0, ("a", "b"))
    home.feeds("remove", "mine", "--yes")
    assert home.file.read_text() == CONFIG


def test_of_a_page_the_feed_that_it_announces_is_added(home: Home, server: Server) -> None:
    server["/"] = page(html("/gone.xml", "/feed.xml", "/comments.xml"), content_type="text/html")
    (row,) = home.rows("feeds", "add", server.url("/"), "--yes")
    assert row["url"] == server.url("/feed.xml")  # the first of them that can be read
    (again,) = home.rows("feeds", "add", server.url("/"), "--yes")
    assert (again["feed"], again["written"], again["file"]) == (row["feed"], False, None)


def test_of_a_page_that_announces_nothing_the_usual_places_are_tried(home: Home, server: Server) -> None:
    server["/news/"] = page(html(), content_type="text/html")
    (row,) = home.rows("feeds", "add", server.url("/news/"), "--yes")
    assert row["url"] == server.url("/feed.xml")


def test_what_cannot_be_read_is_not_added_unless_told_to(home: Home, server: Server) -> None:
    server["/closed.xml"] = status(401)
    err = home.said("feeds", "add", server.url("/closed.xml"), "--yes", code=1)[1]
    assert "401 Unauthorized" in err
    assert "give `auth:` or `headers:`" in err
    assert home.file.read_text() == CONFIG
    home.feeds("add", server.url("/closed.xml"), "--unread", "--yes")
    assert server.url("/closed.xml") in home.file.read_text()


def test_a_folder_is_added_by_its_path_from_the_file(home: Home) -> None:
    (home.root / "more").mkdir()
    assert home.feeds("add", str(home.root / "more"), "--unread", "--yes").endswith("takes it over by itself\n")
    assert "  - {url: more}\n" in home.file.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "nonsense"), "no address that begins with https://"),
        (("add", "ftp://a.example/f", "--unread"), "`ftp:` is not fetched"),
        (("add", "https://a.example/f", "--unread", "--id", "wires"), "another feed has the id wires"),
        (("add", "https://a.example/f", "--unread", "--interval", "soon"), "expected a duration"),
        (("add", "https://a.example/f", "--unread"), "there is no terminal to ask on; --yes writes it"),
        (("remove", "nothing"), "there is no feed nothing"),
        (("remove", "wires", "inbox", "api"), "has one feed at least"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(home: Home, arguments: tuple[str, ...], said: str) -> None:
    assert said in home.said("feeds", *arguments, code=2)[1]
    assert home.file.read_text() == CONFIG


def test_on_a_read_only_place_the_patch_is_printed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from watcher.cli import edits
    from watcher.config.writer import ReadOnly

    def refused(*_: object, **__: object) -> None:
        raise ReadOnly("watcher.yaml cannot be written: read-only file system")

    monkeypatch.setattr(edits, "replace", refused)
    out, err = home.said("feeds", "remove", "inbox", "--yes", code=1)
    assert "-  - url: inbox\n" in out
    assert "the patch above says what to change" in err


# --- lists ------------------------------------------------------------------------------------------------


def test_an_opml_file_is_one_change_and_what_is_there_or_left_out_is_told(home: Home, server: Server) -> None:
    outlines = [("Mine", "https://a.example/f"), ("Wires", "https://wires.example/feed"), ("No", "ftp://b.example/")]
    text = "".join(f"<outline text='{name}' xmlUrl='{url}'/>\n" for name, url in [*outlines, outlines[0]])
    source = f"<opml><body><outline text='World News'>\n{text}</outline></body></opml>"
    (home.root / "my.opml").write_text(source)
    server["/my.opml"] = page(source.encode(), content_type="text/x-opml")
    out, err = home.said("feeds", "import", "my.opml", "--dry-run", code=1)
    assert out == "1 feed to add, 1 there already, 1 listed again, 1 left out\n"
    assert err == "my.opml:4: left out “No”: `ftp:` is not fetched, only http: and https:\n"
    assert home.file.read_text() == CONFIG
    (row,) = home.rows("feeds", "import", server.url("/my.opml"), "--yes", code=1)
    assert (row["feeds"], row["there"], row["written"]) == (1, 1, True)
    line = "  - {id: mine, url: https://a.example/f, tags: [world-news]}\n"
    assert home.file.read_text() == CONFIG.replace("channels:", f"{line}channels:")
    assert home.feeds("import", server.url("/my.opml"), code=1).startswith("0 feeds to add, 2 there already")


def test_what_is_exported_is_imported_as_the_same_feeds(home: Home) -> None:
    out, err = home.said("feeds", "export")
    assert "left out inbox: it is a folder\nleft out api: its items are found by `items:`\n" in err
    (home.root / "out.opml").write_text(out)
    home.file.write_text(
        CONFIG.replace('  - {id: wires, url: "https://wires.example/feed", tags: [news]}   # keep\n', "")
    )
    home.feeds("import", "out.opml", "--yes")
    feeds = {str(feed.id): feed for feed in load_config(home.file, {}, require_secrets=False).feeds}
    assert (feeds["wires"].url, feeds["wires"].tags) == ("https://wires.example/feed", ("news",))


# --- fetch ------------------------------------------------------------------------------------------------


def test_fetch_says_where_redirects_led_and_what_a_feed_asks_for(home: Home, server: Server) -> None:
    server["/old.xml"] = redirect("/feed.xml", 301)
    out = home.said("fetch", server.url("/old.xml"))[0]
    assert f"redirected for good to {server.url('/feed.xml')}\n" in out
    assert "ETag" in out
    assert "rss20 “The wires”: 2 items\n" in out
    server["/empty.xml"] = page(rss([]))
    (row,) = home.rows("fetch", server.url("/empty.xml"))
    assert "holds no items" in row["error"]


def test_fetch_reads_a_configured_feed_with_its_access_and_recipe(home: Home, server: Server) -> None:
    server["/v1"] = page(b'{"v": [{"id": "CVE-1", "name": "A flaw in it"}]}', content_type="application/json")
    text = CONFIG.replace("https://a.example/v1", server.url("/v1")).replace(
        "{json: v, title: t}", "{json: v, id: id, title: name}"
    )
    home.file.write_text(text)
    (row,) = home.rows("fetch", "api")
    assert (row["target"], row["title"]) == ("api", "A flaw in it")
    assert server.requests[-1].headers["x-key"] == "s3cr3t-k3y"
    assert server.requests[-1].headers["authorization"].startswith("Basic ")


def test_fetch_follows_what_a_page_announces_and_says_so(home: Home, server: Server) -> None:
    server["/"] = page(html("/feed.xml", "/other.xml"), content_type="text/html")
    out, err = home.said("fetch", server.url("/"), "--json")
    assert [json.loads(line)["title"] for line in out.splitlines()] == ["First things", "Second things"]
    assert f"the feed that it announces is taken: {server.url('/feed.xml')}; it announces 1 other" in err


def test_an_address_on_this_machine_needs_no_scheme(home: Home, server: Server) -> None:
    shown = home.feeds("add", server.url("/feed.xml").removeprefix("http://"), "--yes")
    assert f"url: {server.url('/feed.xml')}" in shown
    assert "The wires" in home.said("fetch", server.url("/feed.xml").removeprefix("http://"))[0]


def test_fetch_names_an_address_once_and_says_what_to_do_once(home: Home, server: Server) -> None:
    _, err = home.said("fetch", server.url("/none.xml"), code=1)
    assert err.count(server.url("/none.xml")) == 1
    assert err.endswith("look for its new address; the site's front page may announce it\n")
    server["/api"] = page(b'{"rows": [{"a": 1}]}', content_type="application/json")
    assert home.said("fetch", server.url("/api"), code=1)[1].count("items:") == 1


def test_an_index_of_sitemaps_is_not_called_a_page(home: Home, server: Server) -> None:
    index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{}</loc></sitemap></sitemapindex>"
    urls = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/a-b</loc></url></urlset>"
    server["/index.xml"] = page(index.format(server.url("/news.xml")).encode())
    server["/news.xml"] = page(urls.encode())
    assert home.said("fetch", server.url("/index.xml"))[0].startswith("it is an index of sitemaps; the one of news")
