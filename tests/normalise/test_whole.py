"""Articles that speak like a site and are articles all the same: nothing of them may be lost.

tests/data/whole.txt has more of them, all invented: a heading, the title ("-" for none), and a paragraph a line.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

import pytest

from watcher.model import Block, Entry, Feed, FeedId, File, Hash64, Item, Role
from watcher.normalise import normalise
from watcher.parse.text import entry_from_file

FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed")

CAMPAIGN = [
    "The hospital of Delvast has begun to collect donations for a new children’s ward, which is to open next year.",
    "The foundation that runs it needs four million crowns. A third of them has come from people of the town.",
    "“We need your support, and we cannot do it alone,” its director said. “Every gift matters to us.”",
    "Readers of the local paper gave 20,000 crowns in a week, and its editor said he would match the sum.",
    "Anyone who wants to give can do so at the town hall or on the website of the foundation.",
]
INTERVIEW = [
    "How did you get through the winter?",
    "We burned what we had. We took the doors out first, then the floor. We did not think of spring.",
    "Did anybody help you?",
    "Our neighbours did. We shared what we had, and we would not be here without them.",
    "What do you want now?",
    "We want our work back. We want to be left alone. We don’t need anybody’s money.",
]
SERVICE = [
    "The bridge at Delvast is closed from Monday. This is what you should know before you set out.",
    "Check the timetable first: buses leave half an hour earlier than usual. Keep your ticket, you need it again.",
    "Download the app of the bus company and sign in with the number of your card. It tells you of delays.",
    "If you drive, follow the yellow signs. Do not try the old road by the mill: it is under water.",
    "Subscribe to the alerts of the town hall by e-mail, and share them with neighbours who have none.",
]
COLUMN = [
    "I have been writing about bridges for thirty years, and I have never seen one closed so quickly.",
    "We journalists are slow to admit it, but our readers knew of the cracks before we did. They wrote to us in March.",
    "I did not answer those letters. We publish what we are told by those who should know, and we were told nothing.",
    "So this is my promise to you: write to me again, and I will go and look.",
]
CAMPAIGN_DE = [
    "Das Krankenhaus in Delvast sammelt Spenden für eine neue Kinderstation, die im nächsten Jahr öffnen soll.",
    "Der Stiftung fehlen noch vier Millionen Kronen. Ein Drittel kam bisher von Bürgern der Stadt.",
    "„Wir brauchen eure Unterstützung“, sagte der Direktor. „Jeder Beitrag hilft uns.“",
    "Wer spenden will, kann das im Rathaus oder auf der Website der Stiftung tun.",
]
SERVICE_ES = [
    "El puente de Delvast está cerrado desde el lunes. Esto es lo que debe saber antes de salir de casa.",
    "Consulte primero los horarios: los autobuses salen media hora antes. Guarde su billete.",
    "Descargue la aplicación de la compañía y regístrese con el número de su tarjeta.",
    "Suscríbase a los avisos del ayuntamiento por correo y compártalos con sus vecinos.",
]
ABOUT_A_SITE = [
    "The news site Delvast Today will close at the end of the month, its publisher said on Monday.",
    "It had 3,000 subscribers, a newsletter and a podcast, and lived on donations and on advertising.",
    "Its readers paid two crowns a month for journalism that nobody else in the valley did.",
    "Subscribers will be paid back by June. The archive of the website stays open to everyone.",
]
SPEECH = [
    "The mayor spoke for an hour in the rain, and nobody left the square.",
    "We are the town that built the bridge. We are the town that will mend it. We don’t ask for favours.",
    "Because of you there is a future for this valley. Help us, stand with us, and we will all cross it together.",
    "Then she folded her notes, the band played, and the crowd went home.",
]


@pytest.mark.parametrize(
    "paragraphs", [CAMPAIGN, INTERVIEW, SERVICE, COLUMN, CAMPAIGN_DE, SERVICE_ES, ABOUT_A_SITE, SPEECH]
)
@pytest.mark.parametrize("title", ["The town of Delvast in the spring", ""])
def test_an_article_that_asks_and_says_we_stays_whole(paragraphs: list[str], title: str) -> None:
    blocks = tuple(Block(text=text) for text in paragraphs)
    item = normalise(Entry(hash=Hash64(7), title=title, blocks=blocks), FEED)
    kept = item.text.split("\n\n")
    assert paragraphs in (kept, [item.title, *kept])


class Article(NamedTuple):
    """Paragraphs under a title."""

    name: str
    title: str
    paragraphs: list[str]


def article(told: str) -> Article:
    name, title, *paragraphs = told.splitlines()
    return Article(name.removeprefix("# "), title.removeprefix("-"), paragraphs)


ARTICLES = [
    article(told) for told in (Path(__file__).parents[1] / "data" / "whole.txt").read_text("utf-8").split("\n\n")
]


def of_feed(article: Article) -> Entry:
    return Entry(hash=Hash64(7), title=article.title, blocks=tuple(Block(text=text) for text in article.paragraphs))


def of_file(article: Article) -> Entry:
    return read("a.txt", "\n\n".join([article.title, *article.paragraphs]))


def of_page(article: Article) -> Entry:
    text = "".join(f"<p>{escape(text)}</p>" for text in article.paragraphs)
    head = f"<title>{escape(article.title)} | The Courier</title><meta property=og:site_name content='The Courier'>"
    around = "<nav><a href=/>The Courier</a></nav><main><article>{}</article></main><footer>© The Courier.</footer>"
    return read("a.html", f"<html><head>{head}</head><body>{around.format(f'<h1>{escape(article.title)}</h1>{text}')}")


def read(name: str, text: str) -> Entry:
    modified = datetime(2026, 1, 2, tzinfo=UTC)
    return entry_from_file(
        File(name=name, url=f"https://x.example/{name}", body=text.encode(), modified=modified, hash=Hash64(7))
    )


@pytest.mark.parametrize("made", [of_feed, of_file, of_page])
@pytest.mark.parametrize("article", ARTICLES, ids=[article.name for article in ARTICLES])
def test_nothing_of_an_article_is_lost_or_lifted_out_of_it(article: Article, made: Callable[[Article], Entry]) -> None:
    item = normalise(made(article), FEED)
    kept = [*_paragraphs(item, Role.TITLE), *_paragraphs(item, Role.BODY)]
    assert kept in (article.paragraphs, [article.title, *article.paragraphs])
    assert (item.place, item.authors, item.published) == ("", (), None)
    assert item.outlet in {"", "The Courier"}


def _paragraphs(item: Item, role: Role) -> list[str]:
    return [item.raw[each.start : each.end] for each in item.blocks if each.role is role]
