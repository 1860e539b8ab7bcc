"""A page in which hardly any text is found is given to another reader."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from watcher.model import Block, Section
from watcher.parse import page, second

TEXT = "The town hall of Delvast said on Monday that the old bridge is closed until the river falls."
AGAIN = "Nobody may cross it, not even on foot, as the harbour master told everybody who came to see."
URL = "https://daily.example/bridge"


def main(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if block.section is Section.MAIN]


@pytest.mark.parametrize("body", [f"{TEXT}\n\n{AGAIN}", f"<p>{TEXT}</p><p>{AGAIN}</p>"])
def test_a_page_that_a_script_builds_has_the_text_that_it_says_it_has(body: str) -> None:
    said = json.dumps({"@type": "NewsArticle", "headline": "Bridge closes", "articleBody": body}).replace(
        "<", "\\u003c"
    )
    read = page.article(f"<script type='application/ld+json'>{said}</script><div id=app>Loading</div>", URL)
    assert main(read.blocks)[-2:] == [TEXT, AGAIN]
    assert read.title == "Bridge closes"


def test_a_page_with_text_is_not_given_to_anybody() -> None:
    said = json.dumps({"@type": "NewsArticle", "articleBody": "Something else. " * 100})
    markup = f"<script type='application/ld+json'>{said}</script><p>{TEXT}</p><p>{AGAIN}</p>"
    assert main(page.article(markup, URL).blocks) == [TEXT, AGAIN]


def test_what_another_reader_takes_for_the_article_is_marked_so_and_nothing_is_lost() -> None:
    blocks = (
        Block(text="Home", section=Section.NAV),
        *(Block(text=said, section=Section.ASIDE) for said in (TEXT, AGAIN)),
    )
    read = second.second_opinion("", blocks, f"{TEXT}\n{AGAIN}\nMore")
    assert [block.text for block in read] == ["Home", TEXT, AGAIN, "More"]
    assert main(read) == [TEXT, AGAIN, "More"]


def test_where_nobody_finds_more_the_blocks_stay_as_they_are() -> None:
    blocks = (Block(text="Home", section=Section.NAV), Block(text="Closed."))
    assert second.second_opinion("<p>Closed.", blocks, "Closed.") == blocks


def test_the_extra_is_asked_where_it_is_installed() -> None:
    paragraphs = "".join(f"<p>{TEXT} {AGAIN} {number}.</p>" for number in range(4))
    blocks = page.blocks(f"<div class=comments>{paragraphs}</div><p>Home</p>")
    read = second.second_opinion(f"<html><body><article>{paragraphs}</article></body></html>", blocks, "")
    assert len(main(read)) == 5


def test_the_extra_is_loaded_only_for_a_page_in_doubt() -> None:
    code = f"import sys; from watcher.parse import page; page.article('<p>{TEXT}</p><p>{AGAIN}</p>', '{URL}')"
    check = "; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code + check], check=False).returncode == 0


def test_without_the_extra_ours_alone_answers() -> None:
    code = (
        "import sys; sys.modules['trafilatura'] = None; from watcher.parse import page; "
        f"print(page.article('<p>Closed.', '{URL}').blocks[0].text)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "Closed.\n"


def test_a_huge_page_without_text_is_given_to_nobody() -> None:
    started = time.process_time()
    page.article("<div><span></span></div>" * 30_000, URL)
    assert time.process_time() - started < 15
