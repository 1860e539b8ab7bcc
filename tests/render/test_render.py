"""What people read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.alerts import alert, notice, told
from watcher import render as rendering
from watcher.model import Alert, AlertKey, AlertKind, ChannelName, ChannelSpec, Message, Origin, RuleId, Severity
from watcher.render import Blocks, Document, Limits, Mail, Medium, Terminal
from watcher.render.row import row

ROOMY = Limits(title=250, body=32768)
PIPE = Terminal(width=80, colour=False)
COLOURS = Terminal(width=80, colour=True)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def render(alert: Alert, medium: Medium) -> Message:
    return rendering.render(alert, medium, ChannelSpec(name=alert.channel, url="fake://"))


def test_a_denial_says_so_before_the_headline_in_every_rendering() -> None:
    one = alert(replace(told(), denied=(RuleId("quakes"),)))
    assert render(one, ROOMY).title == "[high] Quakes nearby: [denial] Quake near the harbour"
    assert render(one, ROOMY).body.startswith("[denial] Quake near the harbour\n")
    assert "\n  [denial] Quake near the harbour\n" in render(one, PIPE).body
    assert row(one)["title"] == "[denial] Quake near the harbour"
    assert [item["denial"] for item in row(one)["items"]] == [True]


def test_an_alert_of_several_rules_says_to_which_of_them_it_is_a_denial_and_leads_with_another() -> None:
    rules = ((RuleId("quakes"), "Quakes nearby"), (RuleId("port"), "The harbour"))
    one = alert(replace(told(), rules=rules, denied=(RuleId("quakes"),)))
    assert render(one, ROOMY).title == "[high] The harbour +1 rule: Quake near the harbour"
    assert "Matched: Quakes nearby (quakes) [denial], The harbour (port)" in render(one, ROOMY).body
    assert "matched: Quakes nearby (quakes) [denial], The harbour (port)" in render(one, PIPE).body
    assert [(item["denial"], item["denied"]) for item in row(one)["items"]] == [(False, ["quakes"])]


# plain text


def test_a_plain_message_says_what_where_when_and_why() -> None:
    message = render(alert(told()), ROOMY)
    assert message.title == "[high] Quakes nearby: Quake near the harbour"
    assert message.body == (
        "Quake near the harbour\n"
        "wire · published 2026-03-01 09:05 UTC\n"
        "> At night a *quake* came.\n"
        "Matched: Quakes nearby (quakes) because of “quake”\n"
        "https://wire.example/a\n"
        "\n"
        "alert 0123456789ab"
    )
    assert message.key == "0123456789abcdef" * 2
    assert message.severity is Severity.HIGH


def test_an_item_without_a_date_tells_when_it_was_seen() -> None:
    item = told()
    undated = replace(item, item=replace(item.item, published=None))
    assert "wire · seen 2026-03-01 11:32 UTC\n" in render(alert(undated), ROOMY).body


def test_a_date_without_a_time_is_shown_without_one() -> None:
    item = told()
    dated = replace(item, item=replace(item.item, published=datetime(2026, 2, 28, tzinfo=UTC)))
    assert "wire · published 2026-02-28\n" in render(alert(dated), ROOMY).body


def test_a_date_to_come_is_told_as_one() -> None:
    item = told()
    ahead = replace(item, item=replace(item.item, published=datetime(2031, 2, 28, 10, tzinfo=UTC)))
    assert "wire · dated ahead, 2031-02-28 10:00 UTC\n" in render(alert(ahead), ROOMY).body


def test_an_edited_item_says_so() -> None:
    message = render(alert(replace(told(), revision=3), kind=AlertKind.UPDATE), ROOMY)
    assert message.title.startswith("[high] Quakes nearby, update: ")
    assert "edited (revision 3)" in message.body


def test_the_text_of_a_page_is_not_called_an_edit() -> None:
    item = told()
    paged = replace(item, revision=2, item=replace(item.item, origin=Origin.PAGE))
    body = render(alert(paged), ROOMY).body
    assert "full text (revision 2)" in body
    assert "edited" not in body


def test_something_new_in_a_wide_group_is_not_called_an_update() -> None:
    message = render(alert(told(), kind=AlertKind.UPDATE, group="rule:quakes"), ROOMY)
    assert message.title.startswith("[high] Quakes nearby: ")


def test_several_rules_are_all_named() -> None:
    item = replace(told(), rules=((RuleId("quakes"), "Quakes nearby"), (RuleId("sea"), "The sea")))
    message = render(alert(item), ROOMY)
    assert message.title.startswith("[high] Quakes nearby +1 rule: ")
    assert "Matched: Quakes nearby (quakes), The sea (sea) because of" in message.body


def test_of_a_thousand_rules_the_first_are_named_and_the_others_counted() -> None:
    many = tuple((RuleId(f"r{n}"), f"Rule {n}") for n in range(1000))
    body = render(alert(replace(told(), rules=many)), PIPE).body
    assert "Rule 11 (r11), +988 more because" in " ".join(body.split())


def test_several_items_are_listed_and_counted() -> None:
    message = render(alert(*(told(f"i{n}") for n in range(3))), ROOMY)
    assert message.title.startswith("[high] 3 items, Quakes nearby: ")
    assert message.body.count("Matched:") == 3
    assert "more" not in message.body


def test_items_beyond_the_room_are_counted() -> None:
    message = render(alert(*(told(f"i{n}") for n in range(50))), Limits(title=250, body=700))
    listed = message.body.count("Matched:")
    assert listed == 4
    assert message.body.endswith(f"\n\nand {50 - listed} more · alert 0123456789ab")
    assert len(message.body) <= 700


def test_an_item_with_little_room_loses_its_sentences_before_its_rule_and_link() -> None:
    body = render(alert(told(text="A quake " + "came and came " * 20 + ".")), Limits(title=250, body=220)).body
    assert ">" not in body
    assert "Matched: Quakes nearby (quakes)" in body
    assert "https://wire.example/a" in body


def test_a_service_without_titles_gets_it_as_the_first_line() -> None:
    message = render(alert(told()), Limits(title=0, body=1000))
    assert message.title == ""
    assert message.body.startswith("[high] Quakes nearby\nQuake near the harbour\nwire · ")


def test_a_text_message_has_headline_link_and_key_and_says_nothing_twice() -> None:
    one = replace(alert(told(text="A quake " * 100), told("b")), severity=Severity.CRITICAL)
    assert render(one, Limits(title=0, body=120)).body == (
        "[critical] 2 items, Quakes nearby\nQuake near the harbour\nhttps://wire.example/a\n\n"
        "and 1 more · alert 0123456789ab"
    )
    assert render(one, Limits(title=0, body=70)).body.startswith("[critical] 2 items, Quakes nearby\n")
    assert render(notice(), Limits(title=0, body=110)).body.startswith("[high] watcher: A word\nOne line.\n")


def test_a_long_title_is_cut_on_a_word_at_120() -> None:
    message = render(alert(told(title="word " * 100)), ROOMY)
    assert 110 <= len(message.title) <= 120
    assert message.title.endswith("word…")


def test_a_notice_is_the_watchers_word() -> None:
    message = render(notice(), ROOMY)
    assert message.title == "[high] watcher: A word"
    assert message.body == "One line.\nAnother.\n\nalert 0123456789ab"


def test_a_notice_without_a_body_says_its_title_there() -> None:
    assert render(notice(body=""), ROOMY).body.startswith("A word\n")


def test_nothing_an_item_says_is_a_mention() -> None:
    message = render(alert(told(title="@everyone quake <!here>", text="quake @channel <@U1>")), ROOMY)
    for call in ("@everyone", "@channel", "<!here>", "<@U1>"):
        assert call not in message.title + message.body


def test_a_title_is_one_line() -> None:
    message = render(alert(told(title="Quake\r\nBcc: all@b.example")), ROOMY)
    assert message.title == "[high] Quakes nearby: Quake Bcc: all@b.example"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(max_size=80), min_size=0, max_size=5),
    st.one_of(st.just(0), st.integers(20, 300)),
    st.integers(200, 2000),
)
def test_a_message_never_exceeds_its_limits(titles: list[str], title: int, body: int) -> None:
    items = [told(f"i{n}", title=words, text=f"{words} quake {words * 9}") for n, words in enumerate(titles)]
    for shown in (alert(*items) if items else notice(), notice("".join(titles), "\n".join(titles * 30))):
        message = render(shown, Limits(title=title, body=body))
        assert len(message.title) <= min(title, 120)
        assert 0 < len(message.body) <= body
        assert len(message.title.splitlines()) <= 1


def test_a_digest_counts_all_it_tells_and_what_stands_nowhere() -> None:
    digest = replace(
        alert(replace(told(), others=3), told("b"), kind=AlertKind.DIGEST, group="digest:d"), told=40, sources=9
    )
    message = render(digest, ROOMY)
    assert message.title.startswith("[high] digest of 40 items, Quakes nearby: ")
    assert message.body.endswith("\n\nand 35 more · alert 0123456789ab")
    assert "\n\n  and 35 more · alert 0123456789ab\n" in render(digest, PIPE).body


def test_times_are_those_of_the_channels_clock_and_other_sources_are_counted() -> None:
    desk = ChannelSpec(name=alert().channel, url="fake://", timezone="Europe/Rome")
    one = alert(replace(told(), sources=30))
    assert "\nwire · +29 sources · published 2026-03-01 10:05 CET\n" in rendering.render(one, ROOMY, desk).body
    assert "  wire · +29 sources · published 2026-03-01 10:05 CET\n" in rendering.render(one, PIPE, desk).body


# terminals


def test_a_terminal_shows_the_alert_in_colours() -> None:
    lines = render(alert(told()), COLOURS).body.split("\n")
    assert lines == [
        "\x1b[1;31m● high\x1b[0m  Quakes nearby",
        "  \x1b[1mQuake near the harbour\x1b[0m",
        "  \x1b[2mwire · published 2026-03-01 09:05 UTC\x1b[0m",
        "",
        "  At night a \x1b[1;33mquake\x1b[0m came.",
        "",
        "  \x1b[2mmatched: Quakes nearby (quakes) because of “quake”\x1b[0m",
        "\x1b[2m  https://wire.example/a\x1b[0m",
        "  \x1b[2malert 0123456789ab\x1b[0m",
        "",
    ]


def test_without_colours_hits_stand_between_asterisks() -> None:
    body = render(alert(told()), PIPE).body
    assert "At night a *quake* came." in body
    assert "\x1b" not in body


def test_colours_change_nothing_but_the_marks() -> None:
    shown = (render(alert(told(), told("b")), medium).body for medium in (COLOURS, PIPE))
    coloured, plain = shown
    assert ANSI.sub("", coloured) == plain.replace("*", "")


@pytest.mark.parametrize("medium", [COLOURS, PIPE])
def test_escape_sequences_of_an_item_do_not_reach_the_terminal(medium: Terminal) -> None:
    evil = told(title="\x1b]0;owned\x07 quake", text="A \x1b[2Jquake \x9b5m came.\r\n● critical  forged")
    message = render(alert(evil), medium)
    assert "\x1b" not in ANSI.sub("", message.body)
    assert "\x07" not in message.body
    assert "\x9b" not in message.body
    assert not any(line.startswith("●") for line in message.body.split("\n")[1:])


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("text", ["A quake " + "came and went " * 30, "地震 quake " + "地震が発生した " * 30])
def test_no_line_is_wider_than_the_terminal(width: int, text: str) -> None:
    body = render(alert(told(title=text, text=text)), Terminal(width=width, colour=True)).body
    for line in ANSI.sub("", body).split("\n"):
        wide = sum(2 if "\u2e80" <= c <= "\uffef" else 1 for c in line)
        assert wide <= width


def test_a_word_longer_than_the_line_is_not_broken() -> None:
    url = "https://wire.example/" + "x" * 100
    item = told()
    body = render(alert(replace(item, item=replace(item.item, url=url))), PIPE).body
    assert url in body


def test_a_terminal_shows_a_notice_line_by_line() -> None:
    body = render(notice(body="- one\n\n- two"), PIPE).body
    assert body == "● high  watcher\n  A word\n  - one\n\n  - two\n  alert 0123456789ab\n"


def test_many_items_on_a_terminal_are_counted() -> None:
    body = render(alert(*(told(f"i{n}") for n in range(25))), PIPE).body
    assert body.startswith("● high  25 items, Quakes nearby\n")
    assert body.endswith("\n\n  and 5 more · alert 0123456789ab\n")


@pytest.mark.parametrize("medium", [ROOMY, PIPE])
@pytest.mark.parametrize(
    ("sources", "copies", "said"),
    [
        (1, 0, "wire · published"),
        (1, 1, "wire · 1 copy · published"),
        (3, 1027, "wire · +2 sources, 1,027 copies · published"),
    ],
)
def test_copies_are_told_apart_from_sources(medium: Medium, sources: int, copies: int, said: str) -> None:
    one = alert(replace(told(), sources=sources, copies=copies), replace(told("b"), sources=sources, copies=copies))
    body = render(one, medium).body
    assert said in body
    assert body.count("cop") == (copies > 0)


def test_a_digest_counts_the_copies_of_each_group() -> None:
    groups = (replace(told(name), copies=n) for n, name in enumerate("abc"))
    body = render(alert(*groups, kind=AlertKind.DIGEST, group="digest:x"), PIPE).body
    assert [words in body for words in ("· 0 copies ·", "· 1 copy ·", "· 2 copies ·")] == [False, True, True]


# digests, absences, copies


def digest(groups: int, in_all: int) -> Alert:
    leads = [replace(told(f"i{n}"), severity=Severity.LOW, others=n, sources=n + 1) for n in range(groups)]
    return replace(alert(*leads, kind=AlertKind.DIGEST, group="digest:x"), told=in_all)


@pytest.mark.parametrize("medium", [ROOMY, PIPE])
def test_a_digest_names_the_first_of_ten_groups_and_counts_the_rest(medium: Medium) -> None:
    body = render(digest(12, 100), medium).body
    assert body.count("https://wire.example/") == 10
    assert "low · wire · +2 sources · published 2026-03-01 09:05 UTC · +2 more\n" in body
    assert f"\n\n{'  ' * (medium is PIPE)}and {100 - 10 - sum(range(10))} more · alert 0123456789ab" in body


@pytest.mark.parametrize("medium", [ROOMY, PIPE])
def test_a_digest_says_why_and_quotes_nothing(medium: Medium) -> None:
    body = render(digest(2, 3), medium).body
    assert body.lower().count("matched: quakes nearby (quakes) because of “quake”") == 2
    assert "At night" not in body


@pytest.mark.parametrize("medium", [ROOMY, PIPE])
def test_the_other_sources_of_a_story_are_named_once(medium: Medium) -> None:
    one = alert(*(replace(told(f"i{n}"), sources=30) for n in range(3)))
    assert render(one, medium).body.count("+29 sources") == 1


@pytest.mark.parametrize("medium", [ROOMY, PIPE])
def test_an_absence_is_told_in_its_own_words(medium: Medium) -> None:
    words = "Nothing new came since Sunday.\nThe rule: Wires are silent"
    one = replace(alert(kind=AlertKind.ABSENCE), title="Nothing new from wires for 6 h", body=words)
    said = render(one, medium)
    assert said.title.startswith("[high] ")
    assert said.title.endswith("Nothing new from wires for 6 h")
    assert "The rule: Wires are silent" in said.body
    assert "watcher" not in said.title + said.body


@pytest.mark.parametrize("medium", [ROOMY, PIPE, Mail(), Blocks(), Document()])
@pytest.mark.parametrize("shown", [alert(told()), notice()])
def test_a_copy_says_whom_it_was_meant_for(medium: Medium, shown: Alert) -> None:
    said = render(replace(shown, copy_of=AlertKey("f" * 32), failed_on=ChannelName("night-desk")), medium)
    assert "a copy of what was meant for night-desk" in said.body
    assert "meant for" not in render(shown, medium).body
