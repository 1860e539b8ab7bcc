"""Text from outside cannot draw, hide, call people or start a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.render.clean import link, many_lines, one_line, uncalled


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a[31mb"),
        ("a\x9b31mb", "a31mb"),
        ("a\r\nb\x0bc\x85d\u2028e", "a b c d e"),
        ("a\x00\x08b", "ab"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("half \ud83d of a pair", "half of a pair"),
        ("non\u00adbreaking", "non\u00adbreaking"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ],
)
def test_a_line_has_no_control_characters(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_lines_stay_lines() -> None:
    assert many_lines("a \x1b\nb\r\n\nc") == "a\nb\n\nc"


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("hello @everyone", "@everyone"),
        ("<!here> look", "<!here>"),
        ("<@U0123>", "<@U0123>"),
        ("<@&99>", "<@&99>"),
        ("<#C01>", "<#C01>"),
        ("(@ana)", "@ana"),
        ("a/@everyone b@here", "@everyone"),
        ("a/@everyone b@here", "@here"),
        ("@**all** @_**all**", "@**"),
        ('@"all users"', '@"'),
        ("<users/all>", "<users"),
        ('<at user_id="all">', "<at"),
        ("<https://evil.example|bank>", "<https"),
        ("<a href='https://evil.example'>bank</a>", "<a"),
        ("<a href='https://evil.example'>bank</a>", "</a"),
        ("[bank](https://evil.example)", "]("),
        ("![x](https://evil.example/x.png)", "]("),
        ("[bank][1] [1]: https://evil.example", "]["),
        ("[bank][1] [1]: https://evil.example", "]:"),
        ("[CQ:at,qq=all]", "[CQ:"),
        ("(met)all(met)", "(met)"),
        ("{@all}", "@all"),
    ],
)
def test_what_calls_or_leads_elsewhere_is_broken_without_a_visible_change(text: str, calls: str) -> None:
    assert calls not in uncalled(text)
    assert uncalled(text).replace("\u200b", "") == text


@pytest.mark.parametrize(
    "text", ["mail a@b.example", "info@all.example", "https://x.example/@ana/post", "a < b", "5 @ 3", "[denial] a (b)"]
)
def test_what_calls_nobody_is_left_alone(text: str) -> None:
    assert uncalled(text) == text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.example/a?b=c&d=%20", "https://x.example/a?b=c&d=%20"),
        ("https://x.example/@ana/1", "https://x.example/@ana/1"),
        ("https://x.example/?q=@everyone", "https://x.example/?q=%40everyone"),
        ("https://x.example/<!here>\n@channel", "https://x.example/%3C!here%3E%20%40channel"),
    ],
)
def test_a_link_is_one_word_that_calls_nobody(url: str, shown: str) -> None:
    assert link(url) == shown


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_clean_line_can_be_written_anywhere(text: str) -> None:
    line = one_line(text)
    line.encode()
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
