"""Text that a service would draw as Markdown or HTML shows as itself."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deliver.drawing import Tags, drawn
from watcher.deliver.markup import html, markdown
from watcher.render.clean import uncalled


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a *b* _c_ `d` ~~e~~ ||f||", r"a \*b\* \_c\_ \`d\` \~\~e\~\~ \|\|f\|\|"),
        ("[Your bank](https://evil.example/x_y)", r"\[Your bank\](https://evil.example/x_y)"),
        ("# Big\n- point\n> quoted\n-5 degrees", "\\# Big  \n\\- point  \n> quoted\n\n-5 degrees"),
        ("Title\n===\nmore\n---", "Title  \n\\===  \nmore  \n\\---"),
        ("1. one\n2015 was", "1\\. one  \n2015 was"),
        ("> a\n> b\n\nc\nd", "> a  \n> b\n\nc  \nd"),
        ("> # head\n> 2) two", "> \\# head  \n> 2\\) two"),
        (r"C:\temp", r"C:\\temp"),
        ("see https://wire.example/a_b_c now", "see https://wire.example/a_b_c now"),
        ("plain words, 3.5 (yes)!", "plain words, 3.5 (yes)!"),
    ],
)
def test_marks_are_escaped_and_links_stay_links(text: str, written: str) -> None:
    assert markdown(text) == written


def test_html_is_escaped_and_only_a_line_that_is_a_url_is_a_link() -> None:
    assert html('<b>&"\nhttps://a.example/?b=1&c=2\nsee https://a.example') == (
        '&lt;b&gt;&amp;&quot;<br/><a href="https://a.example/?b=1&amp;c=2">https://a.example/?b=1&amp;c=2</a>'
        "<br/>see https://a.example"
    )


MARKS = st.lists(st.sampled_from([*"*_`~#+-=>!|[]()<>\\&:.1\n ", "word", "https://evil.example", "**", "__", "<b>"]))


@settings(max_examples=300, deadline=None)
@given(MARKS)
def test_nothing_but_lines_and_quotations_is_drawn_of_markdown(marks: list[str]) -> None:
    lines = uncalled("".join(marks)).split("\n")
    text = "\n".join(" ".join(line.split()) for line in lines)
    slanted = {"em", "strong"} if re.search(r"https://\S*_", text) else set()  # a URL is left as it is
    assert drawn(markdown(text)).tags <= {"p", "br", "blockquote"} | slanted


@settings(max_examples=200, deadline=None)
@given(MARKS)
def test_nothing_but_lines_and_links_to_themselves_is_drawn_of_html(marks: list[str]) -> None:
    text = "".join(marks)
    seen = Tags(html(text))
    assert seen.tags <= {"br", "a"}
    assert all(link in text.split("\n") for link in seen.links)
    if "a" not in seen.tags:
        assert unescape(html(text).replace("<br/>", "\n")) == text
