"""What people and programs are told of how an item was read, how it would be read now, and of its story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.contract.nouns import revision
from watcher.cli.afresh import BLOCKS, fresh_lines, fresh_row
from watcher.cli.joined import joined, joined_row
from watcher.cli.structure import GROUPS, account_lines, article_row, block_rows, lifted_line
from watcher.model import BlockKind, FeedId, Hash64, Item, ItemId, Level, Link, Origin, PlacedBlock, Role, Section

TEXTS = (
    (Role.TITLE, "is the title", "Bridge closes"),
    (Role.BYLINE, "names the writer", "By Jane Doe"),
    (Role.BODY, "", "The old bridge was closed on Monday."),
    (Role.BOILERPLATE, "is a label of the page", "Share"),
    (Role.BODY, "", "Lorries go round."),
    (Role.BOILERPLATE, "is a label of the page", "Print\x1b[31m"),
)


def item(*texts: tuple[Role, str, str]) -> Item:
    blocks, raw = [], ""
    for role, why, text in texts or TEXTS:
        raw += "\n\n" if raw else ""
        blocks.append(PlacedBlock(start=len(raw), end=len(raw) + len(text), role=role, why=why))
        raw += text
    text = "\n\n".join(text for role, _, text in texts or TEXTS if role is Role.BODY)
    return Item(
        id=ItemId("i1"),
        feed=FeedId("wires"),
        key=Hash64(1),
        fingerprint=Hash64(2),
        title="Bridge closes",
        raw=raw,
        text=text,
        blocks=tuple(blocks),
    )


def test_what_was_left_out_is_summed_up_with_the_reason_and_an_example() -> None:
    assert list(account_lines(item())) == [
        "  10 of 17 words are its text; the others:",
        "    title       “Bridge closes”  is the title",
        "    byline      “By Jane Doe”  names the writer",
        "    boilerplate “Share” and 1 other  is a label of the page",
    ]
    assert article_row(item())["left_out"][-1] == {
        "role": "boilerplate",
        "why": "is a label of the page",
        "blocks": 2,
        "words": 2,
    }


def test_nothing_left_out_is_said_and_of_many_reasons_a_few_are_told() -> None:
    plain = item((Role.BODY, "", "The bridge was closed."))
    assert list(account_lines(plain)) == ["  4 words, all of them its text"]
    assert list(account_lines(item((Role.TITLE, "is the title", "Bridge")))) == [
        "  0 of 1 word are its text; the others:",
        "    title       “Bridge”  is the title",
    ]
    many = item(*((Role.BOILERPLATE, f"reason {n}", f"text {n}") for n in range(GROUPS + 2)))
    assert list(account_lines(many))[-1] == "    … and 2 blocks more, for other reasons"


def test_each_block_is_shown_in_order_on_one_line_without_control_characters() -> None:
    shown = list(account_lines(item(), blocks=True))
    assert [line.split()[0] for line in shown[1:]] == [role.value for role, _, _ in TEXTS]
    assert shown[3] == "    body        The old bridge was closed on Monday."
    assert not any("\x1b" in line for line in shown)
    rows = block_rows(replace(item(), blocks=(PlacedBlock(start=0, end=6, role=Role.BODY, kind=BlockKind.HEADING),)))
    assert rows == [{"start": 0, "end": 6, "role": "body", "why": "", "kind": "heading", "section": "main"}]
    assert block_rows(item())[0]["section"] == Section.MAIN.value


def test_writer_date_place_and_outlet_stand_in_a_line_and_a_wall_is_said() -> None:
    assert lifted_line(item()) == "no date"
    full = replace(
        item(),
        authors=("Jane Doe", "Bo Writer"),
        published=datetime(2026, 3, 25, tzinfo=UTC),
        place="Tikrit",
        outlet="Reuters",
        origin=Origin.PAGE,
        wall="paywall",
    )
    assert lifted_line(full) == (
        "by Jane Doe, Bo Writer  ·  2026-03-25T00:00:00Z  ·  in Tikrit  ·  from Reuters  ·  as its page has it"
    )
    assert "subscribers" in next(account_lines(full))
    assert lifted_line(replace(item(), said="the day before")) == "no date can be read in “the day before”"


def test_what_would_be_otherwise_is_told_block_by_block_and_field_by_field() -> None:
    was = item()
    blocks = list(was.blocks)
    blocks[4] = replace(blocks[4], role=Role.BOILERPLATE, why="stands on other pages of the site too")
    now = replace(was, blocks=tuple(blocks), learned=3, place="Delvast", published=datetime(2026, 3, 25, tzinfo=UTC))
    row = fresh_row(was, now)
    assert [(block["was"], block["now"], block["text"]) for block in row["blocks"]] == [
        ("body", "boilerplate", "Lorries go round.")
    ]
    assert row["fields"] == [
        {"field": "published", "was": None, "now": "2026-03-25T00:00:00Z"},
        {"field": "place", "was": "", "now": "Delvast"},
    ]
    assert list(fresh_lines(was, row)) == [
        "  judged again, this would be otherwise; nothing of it is stored:",
        "    “Lorries go round.”",
        "      was body, is boilerplate because it stands on other pages of the site too",
        "    published was nothing, is “2026-03-25T00:00:00Z”",
        "    place was nothing, is “Delvast”",
    ]


def test_nothing_otherwise_is_said_and_so_is_another_cleaning() -> None:
    was = item()
    assert list(fresh_lines(was, fresh_row(was, was))) == ["  judged again, nothing would be otherwise"]
    other = replace(was, raw=was.raw + "!")
    row = fresh_row(was, other)
    assert (row["same_raw"], row["blocks"]) == (False, [])
    assert list(fresh_lines(was, row)) == ["  judged again, all of it would be cleaned otherwise"]


def test_of_hundreds_of_blocks_people_are_shown_a_few() -> None:
    was = item(*((Role.BODY, "", f"Sentence number {n}.") for n in range(BLOCKS + 5)))
    now = replace(was, blocks=tuple(replace(block, role=Role.REPEAT, why="is said again") for block in was.blocks))
    assert list(fresh_lines(was, fresh_row(was, now)))[-1] == "    … and 5 blocks more"


def test_how_an_item_came_into_its_story_is_said_with_the_other_item() -> None:
    other = revision("b")
    alone = revision("a")
    assert joined(alone, None) == "it began its story"
    event = replace(
        alone, link=Link(level=Level.EVENT, of=other.item.id, score=0.5, shared=("Tikrit", "30,000"), root=None)
    )
    assert joined(event, other) == (
        f"it tells of the same event as “Title of b” (example.com, item {other.item.id}): both name Tikrit, 30,000"
    )
    assert joined(event, None).startswith(f"it tells of the same event as an item that is forgotten ({other.item.id})")
    row = joined_row(event, other)
    assert (row["level"], row["of"], row["title"], row["shared"]) == (
        "event",
        other.item.id,
        "Title of b",
        ["Tikrit", "30,000"],
    )
    assert joined_row(alone, None)["title"] is None


def test_every_way_into_a_story_has_words() -> None:
    for level in Level:
        assert joined(replace(revision(), link=Link(level=level, of=ItemId("x"))), revision("b"))
