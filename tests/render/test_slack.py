"""Alerts in Slack: always valid, quick to read, and nothing in them that an item could make its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.deliver.blockkit import calls, drawn, links, problems, units
from tests.render.alerts import alert, notice, told
from watcher.model import Alert, AlertKind, ChannelName, ChannelSpec, RuleId, Severity, Span, Template, ToldItem
from watcher.render import Blocks, render
from watcher.render.slack import without_blocks

DESK = ChannelSpec(name=ChannelName("desk"), url="fake://", timezone="Europe/Rome")
RULES = ((RuleId("quakes"), "Quakes nearby"), (RuleId("port"), "Port"))
KEY = "0123456789abcdef" * 2
DIGEST = replace(
    alert(*(replace(told(f"i{n}"), others=1, severity=Severity.LOW) for n in range(12)), kind=AlertKind.DIGEST),
    group="digest:d",
    told=54,
)


def payload(one: Alert) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(render(one, Blocks(), DESK).payload)
    return said


def lines(one: Alert) -> list[str]:
    return drawn(payload(one)).split("\n")


def changed(told_: ToldItem, **fields: Any) -> ToldItem:
    return replace(told_, item=replace(told_.item, **fields))


# what people read


def test_an_alert_says_how_bad_it_is_what_it_is_where_it_leads_and_why() -> None:
    one = alert(replace(told(), sources=30, rules=RULES))
    assert lines(one) == [
        "🟠 *high*  [*Quake near the harbour*](https://wire.example/a)",
        "> At night a *quake* came.",
        "(Quakes nearby (quakes), Port (port) · wire · +29 sources · published 2026-03-01 10:05 CET · wire.example",
        "because of “quake”)",
        "(alert 0123456789ab)",
    ]
    assert payload(one)["text"] == "[high] Quakes nearby +1 rule: Quake near the harbour"
    assert problems(payload(one)) == []


def test_the_message_says_the_same_in_plain_text() -> None:
    message = render(alert(told()), Blocks(), DESK)
    assert message.title == "[high] Quakes nearby: Quake near the harbour"
    for words in ("> At night a *quake* came.", "because of “quake”", "https://wire.example/a", "alert 0123456789ab"):
        assert words in message.body


def test_a_denial_and_an_update_say_so_before_the_headline() -> None:
    denied = replace(told(), denied=(RuleId("quakes"),))
    assert lines(alert(denied))[0] == "🟠 *high*  [denial] [*Quake near the harbour*](https://wire.example/a)"
    update = replace(alert(told(), kind=AlertKind.UPDATE), severity=Severity.CRITICAL)
    assert lines(update)[0].startswith("🔴 *critical* update  [")


def test_what_else_there_is_of_a_story_comes_shorter() -> None:
    first, second = (replace(each, sources=2, copies=7) for each in (told(), told("b", title="Second quake")))
    said = lines(replace(alert(first, second), told=9))
    assert said[4:] == [
        "[*Second quake*](https://wire.example/b)",
        "(Quakes nearby (quakes) · wire · published 2026-03-01 10:05 CET · wire.example",
        "because of “quake” ×2)",
        "(and 7 more · alert 0123456789ab)",
    ]
    assert "+1 source, 7 copies" in said[2]


def test_a_digest_lists_ten_groups_each_with_its_why_and_counts_the_others() -> None:
    said = lines(DIGEST)
    assert said[:4] == [
        "🗞 *Digest of 54 items, Quakes nearby*",
        "🔵 *low*  [*Quake near the harbour*](https://wire.example/i0)",
        "(Quakes nearby (quakes) · wire · published 2026-03-01 10:05 CET · wire.example · +1 more",
        "because of “quake”)",
    ]
    assert len([line for line in said if line.startswith("because of")]) == 10
    assert said[-1] == "(and 34 more · alert 0123456789ab)"
    assert problems(payload(DIGEST)) == []


@pytest.mark.parametrize("kind", [AlertKind.NOTICE, AlertKind.ABSENCE])
def test_the_watchers_own_words_show_commands_as_code(kind: AlertKind) -> None:
    said = payload(replace(notice(body="Two feeds fail.\n\nSee `watcher status`."), kind=kind))
    assert drawn(said) == "🟠 *A word*\nTwo feeds fail.\n\nSee `watcher status`.\n(watcher · alert 0123456789ab)"
    code = [e for e in said["blocks"][0]["elements"][0]["elements"] if e.get("style") == {"code": True}]
    assert [element["text"] for element in code] == ["watcher status"]
    assert problems(said) == []


def test_a_notice_without_a_body_is_its_title() -> None:
    assert lines(notice(body=""))[0] == "🟠 *A word*"


def test_a_rules_own_words_stand_in_for_ours_and_the_link_stays() -> None:
    one = replace(alert(told()), template=Template(title="{rule.id}: {item.title}", body="{item.title}\nat {severity}"))
    assert lines(one) == [
        "🟠 *high*  [*quakes: Quake near the harbour*](https://wire.example/a)",
        "Quake near the harbour",
        "at high",
        "(Quakes nearby (quakes) · wire · published 2026-03-01 10:05 CET · wire.example)",
        "(alert 0123456789ab)",
    ]
    assert payload(one)["text"] == "quakes: Quake near the harbour"


def test_a_copy_says_whom_it_was_meant_for() -> None:
    said = lines(replace(alert(told()), failed_on=ChannelName("ops")))
    assert said[-1] == "(a copy of what was meant for ops · alert 0123456789ab)"


def test_a_program_finds_the_whole_key() -> None:
    assert payload(alert(told()))["blocks"][-1]["block_id"] == f"alert-{KEY}"


def test_no_page_is_unfolded_under_the_message() -> None:
    said = payload(alert(told()))
    assert (said["unfurl_links"], said["unfurl_media"]) == (False, False)


def test_without_blocks_everything_is_said_as_it_is() -> None:
    text = without_blocks(render(alert(told(title="*Quake* & <!here> <https://evil.example|bank>")), Blocks(), DESK))
    said = json.loads(text)
    assert problems(said) == []
    assert (calls(said), links(said)) == ([], [])
    assert said["mrkdwn"] is False
    shown = said["text"].replace("\u200b", "")
    assert "*Quake* &amp; &lt;!here&gt; &lt;https://evil.example|bank&gt;" in shown
    assert said["text"].endswith("alert 0123456789ab")


# where links lead


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://wire.example/a?b=c#d", "wire.example"),
        ("HTTP://Wire.Example:8080/", "wire.example"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://bank.example%2f@evil.example/", "evil.example"),
        ("https://bänk.example/", "xn--bnk-qla.example"),
        ("https://b\u0430nk.example/", "xn--bnk-6cd.example"),
    ],
)
def test_the_host_a_link_leads_to_is_said_beside_it(url: str, host: str) -> None:
    one = payload(alert(changed(told(), url=url)))
    assert [words for _, words in links(one)] == ["Quake near the harbour"]
    assert f" · {host}\n" in drawn(one)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "//evil.example/",
        "https:evil.example",
        "https:///evil.example",
        "https://evil.example\\@bank.example/",
        "https://[evil.example/",
        "https://evil..example/",
        "https://",
        "https://wire.example/" + "x" * 2000,
        "slack://user?id=U1",
    ],
)
def test_what_is_no_web_page_is_no_link(url: str | None) -> None:
    one = payload(alert(changed(told(), url=url)))
    assert links(one) == []
    assert problems(one) == []
    assert drawn(one).startswith("🟠 *high*  *Quake near the harbour*\n")


# words from outside

NAUGHTY = [
    "<!here> <!channel> <!everyone> <@U1> <#C1> <!subteam^S1>",
    "<https://evil.example|https://bank.example>",
    "*bold* _it_ ~no~ `code` ```block``` > quote",
    ":x: :rotating_light: @here @channel",
    "&lt;!here&gt; &amp;amp; & < >",
    "null \x00 bell \x07 escape \x1b[31m",
    "\u202egnp.exe \u2066x\u2069 \u200f",
    "Z̸̡͇a̷̛͙l̶̳̎g̵̞̾o̸͎̔" * 50,
    "👩‍🚒🏳️‍🌈" * 100,
    "\ud800 half",
    "line\nbreak\r\n\u2028and\u0085so",
    "{braces} ${HOME} %s %(x)s",
    '"quotes" \\ back\\slash \\u0000',
    "\u200b\u2060\ufeff",
    "",
    "   ",
    "\x00",
    "x" * 100_000,
    "word " * 20_000,
    "地震 " * 30_000,
    "&" * 100_000,
    '"\\' * 50_000,
]


def everywhere(words: str) -> list[Alert]:
    """Alerts with these words in each field that comes from outside, and a quake in the text."""
    text = f"{words} quake {words}"
    base = told(text=text)
    span = Span(field="text", start=text.index("quake"), end=text.index("quake") + 5, text="quake", term="quake")
    odd = Span(field="text", start=0, end=len(words), text=words, term="odd")
    item = changed(base, title=words, url=f"https://wire.example/{words}", summary=words, authors=(words,), lang=words)
    item = replace(item, evidence=(span, odd), rules=((RuleId("quakes"), words), (RuleId("port"), words)))
    one = alert(item, item)
    own = Template(title="{item.title}", body="{item.title}{item.url}{item.summary}")
    digest = replace(alert(*[item] * 12, kind=AlertKind.DIGEST), group="digest:d")
    return [one, digest, notice(words, words), replace(one, template=own)]


def assert_harmless(one: Alert) -> None:
    message = render(one, Blocks(), DESK)
    for said in (json.loads(message.payload), json.loads(without_blocks(message))):
        assert problems(said) == []
        assert calls(said) == []
        assert {url.split("/")[2] for url, _ in links(said)} <= {"wire.example"}
    assert "\n" not in message.title
    assert units(message.payload) < 15_000


@pytest.mark.parametrize("words", NAUGHTY, ids=range(len(NAUGHTY)))
def test_nothing_an_item_says_breaks_calls_or_leads_astray(words: str) -> None:
    for one in everywhere(words):
        assert_harmless(one)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
@example("<!here>")
@example("https://evil.example|x>")
def test_no_words_break_a_message(words: str) -> None:
    for one in everywhere(words):
        assert_harmless(one)


@settings(max_examples=200, deadline=None)
@given(st.text("ab.@/\\:?#%[]|\t \xad\u0430", max_size=12), st.text("ab.@/\\:?#%[]|\t \xad\u0430", max_size=12))
def test_the_host_that_is_said_is_the_one_a_browser_asks(before: str, after: str) -> None:
    one = payload(alert(changed(told(), url=f"https://{before}wire.example{after}")))
    for url, _ in links(one):
        try:
            host = httpx.URL(url).raw_host.decode()
        except httpx.InvalidURL:
            continue
        assert f" · {host}\n" in drawn(one)


def test_one_item_of_a_thousand_rules_is_told_in_bounded_space() -> None:
    rules = tuple((RuleId(f"r{n}"), f"Rule {n} " + "x" * 100) for n in range(1000))
    text = "quake and calm " * 5000
    spans = [Span(field="text", start=n * 15, end=n * 15 + 5, text="quake", term=f"t{n}") for n in range(5000)]
    one = alert(replace(told(text=text), rules=rules, evidence=tuple(spans)))
    assert_harmless(one)
    assert len(drawn(payload(one))) < 4000


def test_a_sentence_of_hits_alone_loses_its_place_before_the_message_breaks() -> None:
    text = ("a b " * 75 + ". ") * 3
    spans = [Span(field="text", start=n, end=n + 1, text="a", term=f"t{n}") for n, c in enumerate(text) if c == "a"]
    one = alert(replace(told(text=text), evidence=tuple(spans)))
    assert_harmless(one)
    assert drawn(payload(one)).count("\n> ") == 1


def test_items_that_have_no_room_are_counted() -> None:
    long = [changed(told(f"i{n}"), title='"' * 300, url=f"https://wire.example/{n}/" + "x" * 1900) for n in range(10)]
    one = replace(alert(*long, kind=AlertKind.DIGEST), group="digest:d")
    shown = len(links(payload(one)))
    assert 2 <= shown < 10
    assert lines(one)[-1] == f"(and {10 - shown} more · alert 0123456789ab)"
    assert problems(payload(one)) == []
