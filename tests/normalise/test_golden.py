"""What is read of many invented pages, entries and feeds stays what it was, item by item.

`python -m tests.normalise.test_golden` writes the digests anew, where judging better was the point.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from tests import pagegen, pollgen, storygen
from tests.bench import _feeds
from tests.pages import reading
from watcher.model import Feed, FeedId, File, Hash64, Item, Learned, Response
from watcher.normalise import normalise
from watcher.normalise.learning import learn
from watcher.parse import parse
from watcher.parse.text import entry_from_file

ROOT = Path(__file__).parents[2]
DIGESTS = ROOT / "tests" / "data" / "golden" / "items.json"
_FEED = Feed(id=FeedId("golden"), url="https://golden.example/feed")
_PAGES = 2  # of each language and layout; what the first teaches is known of the second
_ENTRIES, _SITES = 240, 20


def test_each_item_is_what_it_was() -> None:
    stored: Mapping[str, str] = json.loads(DIGESTS.read_text("utf-8"))
    made = dict(digests())
    assert made.keys() == stored.keys()
    assert [name for name, digest in made.items() if digest != stored[name]] == []


def digests() -> Iterator[tuple[str, str]]:
    for name, item in items():
        yield name, sha256(repr(told(item)).encode()).hexdigest()[:8]


def told(item: Item) -> tuple[object, ...]:
    """All that judging decides."""
    blocks = [(one.start, one.end, one.role.value, one.why, one.goes_on) for one in item.blocks]
    return (
        item.id, item.fingerprint, item.canonical, item.title, item.title_from_text, item.text, item.summary, item.raw,
        blocks, item.authors, item.tags, item.lang, item.published, item.outlet, item.place,
    )  # fmt: skip


def items() -> Iterator[tuple[str, Item]]:
    yield from _seeds()
    yield from _pages()
    yield from _stream()
    yield from _feed_items()


def _seeds() -> Iterator[tuple[str, Item]]:
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        modified = storygen.START
        file = File(name=path.name, url="file:///seeds/a", body=path.read_bytes(), modified=modified, hash=Hash64(7))
        yield path.stem, normalise(entry_from_file(file), _FEED)


def _pages() -> Iterator[tuple[str, Item]]:
    for layout in pagegen.LAYOUTS:
        for lang in pagegen.LANGS:
            known = Learned()
            for number in range(_PAGES):
                entry = reading.entry_of(pagegen.page(0, layout, lang, number))
                known = learn(known, [entry])
                yield f"{layout} {lang} {number}", normalise(entry, _FEED, learned=known)


def _stream() -> Iterator[tuple[str, Item]]:
    learned: defaultdict[str, Learned] = defaultdict(Learned)
    for made in storygen.stream(_ENTRIES, sites=_SITES):
        learned[made.site] = learn(learned[made.site], [made.entry])
        yield f"stream {made.number}", normalise(made.entry, _FEED, learned=learned[made.site])


def _feed_items() -> Iterator[tuple[str, Item]]:
    polls = [next(pollgen.polls(seed)) for seed in range(24)]
    documents = [Response(url=poll.url, headers=poll.headers, body=poll.body) for poll in polls]
    documents += [Response(url=_FEED.url, body=_feeds.document(kind, 0)) for kind in range(2)]
    for number, document in enumerate(documents):
        for place, entry in enumerate(parse(document, frozenset()).entries):
            yield f"feed {number} {place}", normalise(entry, _FEED)


if __name__ == "__main__":
    DIGESTS.write_text(json.dumps(dict(digests()), indent=0) + "\n", "utf-8")
