"""What strangers put into an item, and one item that a thousand rules match, on every kind of channel by the daemon."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import feedparser
import pytest

from tests.deliver import blockkit
from tests.deliver.drawing import Tags
from tests.deliver.receivers import http_receiver, mail_server
from tests.deliver.slack_server import slack_server
from tests.servers import Server, page
from tests.stories.house import House

RULES = 1_000
NAUGHTY = {
    "calls": "<!channel> <!here|x> <@U0LAN0Z89> <#C024BE7LR> <!subteam^SAZ94GDB8> @everyone @here",
    "links": "<https://evil.example|https://bank.example> [bank](https://evil.example) <a href='//evil.example'>b</a>",
    "header": "x\r\nBcc: victim@evil.example\r\nContent-Type: text/html\r\n\r\n<b>",
    "encoded": "=?utf-8?B?QmNjOiB4QGV2aWwuZXhhbXBsZQ==?= =?utf-7?Q?+AAo-?=",
    "breaks": "one\ntwo\x85three\u2028four\u2029five&#11;six&#12;seven",
    "terminal": "&#27;]8;;http://evil.example&#7;bank&#27;]8;;&#7; &#155;31m &#27;[2J",
    "turned": "\u202egpj.exe\u202c \u2066\u2067end \u200e\u200f",
    "xml": "]]> </title></entry><entry><!DOCTYPE a> <!-- <?php &lt;script&gt; &#0; &#xFFFE;",
    "script": "<script>alert(1)</script><img src=//evil.example/x onerror=alert(1)><style>*{}</style>",
    "json": '", "key": "x"} \\u0000 \\ud800 \\',
    "format": "{item.title} {0.__class__} {{7*7}} %s %n ${env:HOME} $(id) `id` {name.field}",
    "marks": "*bold* _it_ ~s~ `c` ```pre``` > q :smile: || spoiler || # h - l 1. n",
    "smtp": "\n.\nQUIT\n .\r\n.\r\nMAIL FROM:<x@evil.example>",
    "astral": "\U0001f468\u200d\U0001f469 \U0001f1fa\U0001f1f8 e" + "\u0301" * 300 + " \u1e9e \ufdfd \U00012031",
    "long": "word " * 20_000,
    "unbroken": "A" * 100_000,
    "wide": "\U0001f600" * 25_000,
    "marked": "<b>&amp;" * 500,
    "empty": " \xa0\u200b\u2060",
}
"""Beside the word that the rule asks for, in each field of an item."""


def naughty() -> bytes:
    """A feed with an item of each, and one that a thousand rules match."""
    items = [_entry(name, text) for name, text in NAUGHTY.items()]
    items.append("<item><guid isPermaLink='false'>all</guid><title>A flood that all rules match</title></item>")
    dc = "xmlns:dc='http://purl.org/dc/elements/1.1/'"
    return f"<rss version='2.0' {dc}><channel><title>t</title>{''.join(items)}</channel></rss>".encode()


def _entry(name: str, text: str) -> str:
    said, html = escape(text), escape(f"<p>A strike {text}</p>")
    return (
        f"<item><guid isPermaLink='false'>{name}</guid><title>strike {said}</title>"
        f"<link>http://news.example/{name}?{escape(text[:99])}</link><dc:creator>{escape(text[:2000])}</dc:creator>"
        f"<category>{said}</category><description>{html}</description></item>"
    )


class Told:
    """What each kind of channel was told by the daemon of the naughty items and of that one."""

    def __init__(self, house: House, server: Server) -> None:
        server["/feed.xml"] = page(naughty())
        with ExitStack() as stack:
            bot, hook = stack.enter_context(slack_server()), stack.enter_context(slack_server())
            mailbox, webhook, json_ = (
                stack.enter_context(mail_server()),
                *(stack.enter_context(http_receiver()) for _ in "ab"),
            )
            urls = {
                "console": "console://",
                "bot": bot.bot("news"),
                "hook": hook.hook(),
                "mail": f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example",
                "webhook": f"webhook://{webhook.host}/in?secret={'s' * 32}",
                "json": f"json://{json_.host}/in",
                "file": f"file://{house.root / 'alerts.jsonl'}",
                "atom": f"atom://{house.root / 'alerts.atom'}?entries=100",
            }
            channels = [{"name": name, "url": url, "pace": "0.001s"} for name, url in urls.items()]
            house.settings(
                feeds=[{"id": "feed", "url": server.url("/feed.xml"), "baseline": "alert"}], channels=channels
            )
            rules = [
                {"id": f"r{n:03}", "match": "flood", "title": f"<!channel> {{item.title}} *{n}* <b>&\u202e"}
                for n in range(RULES)
            ]
            (house.rules / "all.yaml").write_text(json.dumps({"schema": "watch/1", "rules": rules}), "utf-8")
            house.rule("strikes", "strike", group="item", template={"title": "{item.title}"})
            self.done = house.watcher("run", "--once", timeout=300)
            self.house, self.names = house, list(urls)
            self.slacks, self.mailbox = (bot, hook), mailbox
            self.documents = [document for _, _, document in webhook.got]
            self.jsons = [document for _, _, document in json_.got]
            self.posts = [posted.payload for slack in self.slacks for posted in slack.accepted]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with Server() as server:
        yield Told(House(tmp_path_factory.mktemp("naughty")), server)


EACH = len(NAUGHTY) + 1


def test_each_channel_is_told_of_each_item_in_one_alert_and_the_log_is_lines(told: Told) -> None:
    assert told.done.returncode == 0, told.done.stderr[-2000:]
    for line in told.done.stderr.splitlines():
        assert json.loads(line)["level"] in {"info", "debug"}
    found = dict(told.house.asked("SELECT channel, count(*) FROM alerts WHERE state = 'sent' GROUP BY channel"))
    assert found == dict.fromkeys(told.names, EACH)
    assert dict(told.house.asked("SELECT state, count(*) FROM deliveries GROUP BY state")) == {
        "sent": EACH * len(found)
    }
    assert told.house.asked("SELECT count(*) FROM dispatches WHERE fate <> 'alerted'") == [(0,)]
    assert len(told.house.asked("SELECT 1 FROM dispatches WHERE grp NOT LIKE 'item:%'")) == RULES * len(found)


def test_slack_is_told_within_its_limits_and_nobody_is_called(told: Told) -> None:
    assert [slack.broken for slack in told.slacks] == [[], []]
    assert len(told.posts) == 2 * EACH
    for payload in told.posts:
        assert blockkit.calls(payload) == []
        assert {urlsplit(url).hostname for url, _ in blockkit.links(payload)} <= {"news.example"}


def test_a_mail_has_our_headers_and_a_reader_finds_no_fault_in_it(told: Told) -> None:
    assert len(told.mailbox.mails) == EACH
    assert told.mailbox.commands.count("MAIL") == EACH
    names = [set(mail.keys()) for mail in told.mailbox.mails]
    assert all(each == names[0] for each in names)
    assert {tuple(to) for _, to in told.mailbox.envelopes} == {("desk@news.example",)}
    for source, mail in zip(told.mailbox.sources, told.mailbox.mails, strict=True):
        assert max(map(len, source.split(b"\r\n"))) <= 998
        assert len(str(mail["Subject"])) <= 120
        assert [part.defects for part in mail.walk()] == [[] for _ in mail.walk()]
        assert [value.defects for value in mail.values() if value.defects] == []
        html = mail.get_body(("html",))
        assert html is not None
        drawn = Tags(html.get_content())
        assert not drawn.tags & {"script", "img", "style", "iframe", "form", "object", "link", "base"}
        assert {urlsplit(link).hostname for link in drawn.links} <= {"news.example"}


def test_a_program_gets_documents_of_one_shape(told: Told) -> None:
    lines = [json.loads(line) for line in (told.house.root / "alerts.jsonl").read_bytes().split(b"\n")[:-1]]
    assert len(lines) == len(told.documents) == EACH
    for document in [*lines, *told.documents]:
        assert document["schema"] == "watcher/alert/1"
        assert document.keys() == lines[0].keys()
        (item,) = document["items"]
        assert item.keys() == lines[0]["items"][0].keys()
        assert len(json.dumps(document)) < 1_000_000
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", document["title"])
    assert max(len(document["rules"]) for document in lines) == RULES
    for notification in told.jsons:
        assert not re.search("@everyone|@here|<!|<@", notification["title"] + notification["message"])
    assert len(told.jsons) == EACH


def test_the_feed_is_well_formed_and_links_nowhere_else(told: Told) -> None:
    text = (told.house.root / "alerts.atom").read_bytes()
    feed = feedparser.parse(text)
    assert not feed.bozo
    assert len(ET.fromstring(text).findall("{http://www.w3.org/2005/Atom}entry")) == len(feed.entries) == EACH
    assert {urlsplit(link.href).hostname for entry in feed.entries for link in entry.get("links", [])} <= {
        "news.example"
    }


def test_the_terminal_is_shown_plain_lines(told: Told) -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.done.stdout)
    assert told.done.stdout.count("strikes") >= len(NAUGHTY)
