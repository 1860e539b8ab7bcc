"""An operator's own words for an alert: names in braces, and nothing that an item can make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.render.alerts import alert, notice, told
from watcher.model import Alert, AlertKind, ChannelName, ChannelSpec, Message, RuleId, Template
from watcher.render import Limits, Medium, Terminal, render
from watcher.render.template import LONGEST, LONGEST_VALUE, filled
from watcher.rules.wording import NAMES

ROOMY = Limits(title=250, body=32768)
PIPE = Terminal(width=80, colour=False)
DESK = ChannelSpec(name=ChannelName("desk"), url="fake://", timezone="Asia/Baghdad")
EVERY_NAME = "\n".join(f"{name}={{{name}}}" for name in NAMES)


def worded(one: Alert, title: str | None = None, body: str | None = None) -> Alert:
    return replace(one, template=Template(title=title, body=body))


def shown(one: Alert, medium: Medium) -> Message:
    return render(one, medium, DESK)


def test_each_name_stands_for_what_the_alert_says_there() -> None:
    item = replace(
        told().item,
        authors=("A. Reporter", "B. Writer"),
        tags=("sea", "quake"),
        lang="en",
        summary="All is\ncalm.",
        published=datetime(2026, 3, 1, 22, 5, tzinfo=UTC),
    )
    one = replace(told(), item=item)
    assert filled(EVERY_NAME, alert(one), one, DESK).split("\n") == [
        "channel=desk",
        "group=s",
        "item.authors=A. Reporter, B. Writer",
        "item.feed=wire",
        "item.id=a",
        "item.lang=en",
        "item.published=2026-03-02 01:05 UTC+03",
        "item.summary=All is calm.",
        "item.tags=sea, quake",
        "item.title=Quake near the harbour",
        "item.url=https://wire.example/a",
        "rule.id=quakes",
        "rule.title=Quakes nearby",
        "severity=high",
    ]


def test_what_is_not_known_is_nothing() -> None:
    bare = replace(told(), item=replace(told().item, url=None, published=None))
    assert filled("<{item.url}{item.published}{item.lang}>", alert(bare), bare, DESK) == "<>"
    lines = filled(EVERY_NAME, notice(), None, DESK).split("\n")
    assert [line for line in lines if not line.endswith("=")] == ["channel=desk", "group=x", "severity=high"]


def test_double_braces_are_braces_and_an_unknown_name_stays_as_written() -> None:
    assert filled("{{severity}} {{{severity}}} {no.such} { }", alert(told()), told(), DESK) == (
        "{severity} {high} {no.such} { }"
    )


@given(st.text(), st.text(max_size=40))
@example("{severity} {item.url} {{ }} {0} {__class__} %s ${HOME}", "\\1 \\g<0>")
@example("{", "}")
def test_what_an_item_says_is_never_read_as_a_template(words: str, more: str) -> None:
    one = replace(told(title=words), item=replace(told(title=words).item, summary=more))
    plain_title, plain_more = (filled(f"{{item.{name}}}", alert(one), one, DESK) for name in ("title", "summary"))
    both = filled("{item.title}|{item.summary}|{severity}", alert(one), one, DESK)
    assert both == f"{plain_title}|{plain_more}|high"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it_and_its_length_is_bounded(text: str, words: str) -> None:
    one = told(title=words * 400)
    said = filled(text + "{item.title}" * 50, alert(one), one, DESK)
    assert len(said) <= LONGEST
    assert not any("\x00" <= c < " " for c in said.replace("\n", ""))


def test_a_value_is_cut_on_a_word_and_a_url_is_not() -> None:
    one = told(title="word " * 20_000)
    long = replace(one, item=replace(one.item, url="https://a/" + "b" * 2000))
    assert filled("{item.title}", alert(long), long, DESK) == "word " * (LONGEST_VALUE // 5 - 1) + "word…"
    assert filled("{item.url}", alert(long), long, DESK) == "https://a/" + "b" * 2000


def test_a_title_is_the_rules_own_in_one_line() -> None:
    one = worded(alert(told()), title="{severity}\n{rule.title} | {item.title}")
    assert shown(one, ROOMY).title == "high Quakes nearby | Quake near the harbour"
    assert shown(one, PIPE).title == "high Quakes nearby | Quake near the harbour"
    assert shown(one, PIPE).body.startswith("● high  high Quakes nearby | Quake near the harbour\n")
    assert len(shown(worded(alert(told()), title="word " * 99), ROOMY).title) <= 120


def test_a_body_is_the_rules_own_for_each_item_and_ends_with_what_the_alert_is_called() -> None:
    one = worded(alert(told(), told("b")), body="{item.feed}:\n{item.url}\n")
    assert (
        shown(one, ROOMY).body == "wire:\nhttps://wire.example/a\n\nwire:\nhttps://wire.example/b\n\nalert 0123456789ab"
    )
    assert shown(one, PIPE).body == (
        "● high  2 items, Quakes nearby\n  wire:\n  https://wire.example/a\n\n  wire:\n  https://wire.example/b\n"
        "\n  alert 0123456789ab\n"
    )


def test_a_denial_is_marked_whatever_the_rules_own_words_are() -> None:
    denial = replace(told(), denied=(RuleId("quakes"),))
    message = shown(worded(alert(denial), title="{item.title}", body="{item.url}"), ROOMY)
    assert message.title == "[denial] Quake near the harbour"
    assert message.body.startswith("[denial] https://wire.example/a\n")


@pytest.mark.parametrize("medium", [ROOMY, PIPE])
def test_a_digest_and_a_notice_are_in_the_watchers_words(medium: Limits | Terminal) -> None:
    digest = alert(told(), told("b"), kind=AlertKind.DIGEST, group="digest:d")
    for one in (digest, notice()):
        assert shown(worded(one, title="{item.title}", body="mine"), medium) == shown(one, medium)


def test_words_of_an_item_call_and_colour_nothing_by_way_of_a_template() -> None:
    one = worded(alert(told(title="@everyone \x1b[2J quake\u202e")), title="{item.title}", body="{item.title}")
    for medium in (ROOMY, PIPE):
        message = shown(one, medium)
        assert not {"\x1b", "\u202e"} & set(message.title + message.body)
    assert "@everyone" not in shown(one, ROOMY).title + shown(one, ROOMY).body
