"""Invented articles for tests of stories, and the revisions they come as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.contract.nouns import hash64, item_id
from watcher.model import FeedId, Item, Revision
from watcher.story import Lived, story_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FERRY = """The ferry Albatross ran aground off Port Maren on Sunday with 214 people on board, the harbour office said.

All passengers were taken off by fishing boats before dawn, and 17 of them were brought to the hospital of Port Maren \
with broken bones. Captain Ilse Torvald told the harbour office that the steering had failed when the ship passed the \
Gannet Rocks at 3.40 in the morning.

The Albatross, built in 1987, crosses the Sound of Hesk twice a day. Its owner, the Hesk Line, had taken it out of \
service for repairs in January. Divers found a crack of 12 metres in its hull, and 40 tonnes of oil may leak from it, \
said Magnus Brandvik, who leads the salvage. Beaches between Port Maren and Lodden are closed."""
OTHERS_ON_FERRY = """Rescuers have brought all 214 passengers and crew of a stranded ship to safety near Port Maren, \
where it struck the Gannet Rocks during the night.

Doctors treated 17 injured, most of them for fractures. Ilse Torvald, master of the Albatross, blamed a rudder that no \
longer answered. Magnus Brandvik of the salvage team fears that up to 40 tonnes of fuel could escape through the torn \
plates. The Hesk Line said it would pay for the cleaning of the shore."""
LONGER = 'A court in Lodden will hear the owners on Thursday. "We shall answer all that is asked," their lawyer said.'


def quake(place: str, strength: str, depth: int, office: str) -> str:
    return (
        f"An earthquake of magnitude {strength} struck {depth + 20} km north of {place} at a depth of {depth} km, the "
        f"Geological Survey said. There were no immediate reports of damage or of people hurt. The office of {office} "
        f"said that shaking was felt in {place} for about {depth // 3} seconds, and asked people to stay away from "
        "buildings with cracks, since aftershocks are to be expected in the coming days."
    )


def told(name: str, text: str, *, site: str = "one", minutes: float = 0, **fields: object) -> Revision:
    """The first revision of an item of a site, seen so many minutes after noon."""
    item = Item(
        id=item_id(name, site),
        feed=FeedId(site),
        key=hash64(name),
        fingerprint=hash64(ascii(text)),
        url=f"https://{site}.example/{name}",
        canonical=f"https://{site}.example/{name}",
        text=text,
    )
    item = replace(item, **fields)  # type: ignore[arg-type]  # fields of an item, by their names
    return Revision(item=item, number=1, seen_at=NOON + timedelta(minutes=minutes), story=story_of(item))


def edited(text: str, each: int = 17) -> str:
    """Each so manieth word is another, where it is one without a capital or a digit."""
    words = text.split(" ")
    plain = [n for n, word in enumerate(words) if word.isalpha() and word.islower()]
    for n in plain[::each]:
        words[n] = "indeed"
    return " ".join(words)


def lived(revisions: Iterable[Revision]) -> list[Revision]:
    """One after the other, each a poll of its own."""
    given = list(revisions)
    life = Lived(len(given))
    return [life.linked(revision) for revision in given]
