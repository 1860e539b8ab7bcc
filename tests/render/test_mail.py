"""An e-mail: two parts that say the same, and nothing in them that an item could make its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.render.alerts import alert, notice, told
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    ChannelName,
    ChannelSpec,
    Message,
    Root,
    RuleId,
    Severity,
    Template,
    ToldItem,
)
from watcher.render import Mail, render

DESK = ChannelSpec(name=ChannelName("desk"), url="fake://", timezone="Europe/Rome")
TAGS = {"html", "head", "meta", "title", "body", "div", "p", "span", "a", "b", "mark", "br"}
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "dir", "href", "rel"}
VOID = {"meta", "br"}


def mail(one: Alert) -> Message:
    return render(one, Mail(), DESK)


class Page(HTMLParser):
    """What a person sees of a page, where its links lead, and of what it is made."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.styles: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert "url(" not in str(dict(attrs).get("style"))
        if tag == "p":
            self.lines.append("")
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "p" in self.open:
            self.lines[-1] += data


def words(line: str) -> list[str]:
    return line.replace("*", "").replace("·", " ").split()


def assert_parts_say_the_same(message: Message) -> None:
    """Line by line, but for a URL: the text has it whole, HTML links it and shows its host."""
    page = Page(message.html)
    text = [line for line in message.body.split("\n") if line]
    html = [line for line in page.lines if line]
    assert len(text) == len(html)
    for left, right in zip(text, html, strict=True):
        if words(left) in (words(right), [">", *words(right)]):  # ">" is how text quotes
            continue
        assert left in page.links
        assert right.startswith(left.split("/")[2].rpartition("@")[2])
    assert all(link in message.body for link in page.links)


RULES = ((RuleId("quakes"), "Quakes nearby"), (RuleId("port"), "The harbour"))
TWO = alert(told(), told("b", title="Second <b>quake</b> & more", text="A quake.\n\nIt was a quake *indeed*."))
DIGEST = replace(
    alert(*(replace(told(f"i{n}"), others=1, severity=Severity(n % 5 + 1)) for n in range(12)), kind=AlertKind.DIGEST),
    group="digest:d",
    told=54,
)
KINDS = {
    "match": alert(replace(told(), sources=30, rules=RULES)),
    "two": TWO,
    "update": replace(TWO, kind=AlertKind.UPDATE, severity=Severity.CRITICAL),
    "denial": alert(replace(told(), denied=(RuleId("quakes"),))),
    "digest": DIGEST,
    "notice": notice(body="Two feeds fail:\n- https://wire.example/feed?a=1&b=2\n\nTwice."),
    "absence": replace(notice("Nothing new from wire for 6 hours", "Polls are fine."), kind=AlertKind.ABSENCE),
    "template": replace(TWO, template=Template(title="{rule.id}", body="{item.title}\nat {item.url}.")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_both_parts_say_the_same_words_and_lead_to_the_same_pages(kind: str) -> None:
    assert_parts_say_the_same(mail(KINDS[kind]))


def test_a_mail_says_what_where_when_and_why() -> None:
    message = mail(KINDS["match"])
    assert message.title == "[high] Quakes nearby +1 rule: Quake near the harbour"
    assert message.body == (
        "high · Quakes nearby +1 rule\n"
        "\n"
        "Quake near the harbour\n"
        "https://wire.example/a\n"
        "wire · +29 sources · published 2026-03-01 10:05 CET\n"
        "> At night a *quake* came.\n"
        "Matched: Quakes nearby (quakes), The harbour (port) because of “quake”\n"
        "\n"
        "alert 0123456789ab on desk\n"
    )
    assert re.search(r"At night a <mark style=\"[^\"]*\">quake</mark> came\.", message.html)
    assert re.search(r'<a href="https://wire.example/a"[^>]*><b>wire.example</b>/a</a>', message.html)


def test_a_digest_shows_ten_groups_each_with_its_severity_and_counts_the_others() -> None:
    message = mail(DIGEST)
    assert message.title == "[high] digest of 54 items, Quakes nearby: Quake near the harbour"
    assert message.body.startswith("high · digest of 54 items, Quakes nearby\n")
    assert message.body.count("Matched:") == 10
    assert "critical · wire · published 2026-03-01 10:05 CET · +1 more\n" in message.body
    assert "\n\nand 34 more\nalert 0123456789ab on desk\n" in message.body


def test_an_update_and_a_denial_say_so() -> None:
    assert mail(KINDS["update"]).title == "[critical] 2 items, Quakes nearby, update: Quake near the harbour"
    assert mail(KINDS["denial"]).title == "[high] Quakes nearby: [denial] Quake near the harbour"
    assert "\n[denial] Quake near the harbour\n" in mail(KINDS["denial"]).body


def test_a_notice_is_the_watchers_word_with_its_links() -> None:
    message = mail(KINDS["notice"])
    assert message.title == "[high] watcher: A word"
    assert "A word\nTwo feeds fail:\n- https://wire.example/feed?a=1&b=2\n\nTwice.\n" in message.body
    assert Page(message.html).links == ["https://wire.example/feed?a=1&b=2"]


def test_a_rules_own_words_stand_in_place_of_the_watchers() -> None:
    message = mail(KINDS["template"])
    assert message.title == "quakes"
    assert "\n\nQuake near the harbour\nat https://wire.example/a.\n\nSecond" in message.body
    assert Page(message.html).links == ["https://wire.example/a", "https://wire.example/b"]


def test_the_thread_goes_with_the_message() -> None:
    root = Root(key=AlertKey("f" * 32), reference="<f@watcher.local>")
    assert mail(replace(TWO, root=root)).root == root


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,<b>", "ftp://wire.example/a?b", "//[", None])
def test_only_web_pages_are_linked(url: str | None) -> None:
    one = told()
    message = mail(alert(replace(one, item=replace(one.item, url=url))))
    assert Page(message.html).links == []
    assert url is None or url.replace("<", "%3C").replace(">", "%3E") in message.body


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bank.example@evil.example/login", "evil.example/login"),
        ('https://wire.example/"onclick="alert(1)', "wire.example/%22onclick=%22alert(1)"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_where_a_link_leads_is_seen(url: str, shown: str) -> None:
    one = told()
    page = Page(mail(alert(replace(one, item=replace(one.item, url=url)))).html)
    assert shown in page.lines


def test_a_url_that_no_program_takes_is_no_link() -> None:
    one = told()
    message = mail(alert(replace(one, item=replace(one.item, url="https://wire.example/" + "x" * 5000))))
    assert Page(message.html).links == []
    assert len(message.body) < 1000


def test_colours_stand_out_from_white_and_from_a_dark_page() -> None:
    colours = {one for kind in Severity for one in re.findall(r"solid (#\w+)", mail(replace(TWO, severity=kind)).html)}
    assert len(colours) == 5
    for colour in colours:
        assert contrast(colour, "#ffffff") >= 4.5  # WCAG 2.2, 1.4.3: the badge is white on it
        assert contrast(colour, "#121212") >= 2.5


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# bad input

NAUGHTY = (
    "<script>alert(1)</script>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    "</p></div></body></html><h1>forged",
    "&lt;b&gt; &amp;amp; &#0; &bogus;",
    "Quake\r\nBcc: all@b.example\r\n\r\nforged body",
    "\u202eexe.quake\u2066\x00\x1b[2J\x9b5m\ufffe\ud800",
    "<!--[if mso]><i>quake</i><![endif]--> <![CDATA[x]]> <?php ?>",
    "*quake* _x_ `y` ~~z~~ [bank](https://evil.example)",
    "@everyone <@U1> <!here> {item.title} %s ${HOME}",
    "Ｑuake ﷽ z̷̢a̶l̴go 👩‍🚒 地震",
    "> quoted\n.\nQUIT",
)


def naughty(text: str) -> ToldItem:
    one = told(title=text, text=f"{text} quake {text}. {text}")
    tags = (text,)
    fields: dict[str, Any] = {"url": f"https://wire.example/{text}", "authors": tags, "tags": tags, "summary": text}
    return replace(one, item=replace(one.item, **fields), rules=((RuleId("r"), text),))


def shown(text: str) -> Iterator[Alert]:
    yield alert(naughty(text), kind=AlertKind.UPDATE)
    yield replace(alert(naughty(text), kind=AlertKind.DIGEST), group="digest:d", told=9)
    yield notice(title=text, body=text)
    body = "{item.title} {item.summary}\n{item.url} {item.authors} {item.tags}"
    yield replace(alert(naughty(text)), template=Template(title="{item.title}", body=body))


@pytest.mark.parametrize("text", NAUGHTY)
def test_nothing_an_item_says_is_markup_a_header_or_an_order(text: str) -> None:
    for one in shown(text):
        message = mail(one)
        assert_parts_say_the_same(message)
        assert len(message.title.splitlines()) == 1
        for part in (message.title, message.body, message.html):
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", part)
            part.encode()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
@example("https://a.example/x?y=1&z=<>\"'")
@example(">")
@example("· x")
def test_no_text_makes_the_parts_differ(text: str) -> None:
    for one in shown(text):
        assert_parts_say_the_same(mail(one))


def test_very_much_is_told_in_a_bounded_mail() -> None:
    rules = tuple((RuleId(f"r{n}"), "Rule " * 50) for n in range(1000))
    one = told(title="quake " * 20_000, text="quake " * 20_000)
    big = replace(one, rules=rules, item=replace(one.item, authors=("x" * 100_000,)))
    template = Template(title="{item.title}" * 9, body="{item.title}{item.authors}\n" * 99)
    for big_one in (alert(*[big] * 30), notice("t" * 100_000, "b\n" * 100_000), replace(alert(big), template=template)):
        message = mail(big_one)
        assert len(message.title) <= 120
        assert len(message.body) < 100_000
        assert len(message.html) < 2_000_000
        assert max(map(len, message.body.split("\n"))) <= 20_000


def test_a_subject_is_cut_on_a_word() -> None:
    title = mail(alert(told(title="word " * 100))).title
    assert 110 <= len(title) <= 120
    assert title.endswith("word…")


def test_sections_keep_their_order() -> None:
    body = mail(alert(*(told(f"i{n}", title=f"Quake {n}") for n in range(5)))).body
    places = [body.index(f"Quake {n}\n") for n in range(5)]
    assert all(left < right for left, right in pairwise(places))
