"""Servers that say that nothing has changed: one word in twenty is not taken; and polls that may miss something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import CONSOLE, NOON, Desk, watched
from tests.lives import once
from tests.stories.house import rss
from watcher.errors import FetchError
from watcher.model import FeedState, FetchRequest, Habits, Hash64, Parsed, Response
from watcher.polling.complete import metered
from watcher.polling.honest import AUDIT_EVERY, DISTRUST, answered, conditional, repeated
from watcher.ports import Store
from watcher.store import open_store

HOUR = 3600.0
LIE = "its server says that nothing has changed"
GAP = "some may have been missed"


@dataclass
class Server:
    """ports.Fetcher that answers conditional requests by its validators, whatever the document is."""

    document: bytes
    etag: str | None = '"1"'
    modified: str | None = None
    asked: list[FetchRequest] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> Response:
        self.asked.append(request)
        held = request.etag == self.etag if request.etag else request.last_modified == self.modified
        status = 304 if held and (request.etag or request.last_modified) else 200
        body = self.document if status == 200 else b""
        return Response(url=request.url, status=status, body=body, etag=self.etag, last_modified=self.modified)

    async def aclose(self) -> None:
        pass

    @property
    def whole(self) -> int:
        """How often it was asked without a condition."""
        return sum(not (request.etag or request.last_modified) for request in self.asked)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite:///:memory:")
    yield opened
    opened.close()


def served(store: Store, server: Server) -> Desk:
    desk = Desk(store, watched("wires"))
    desk.jobs.fetcher = server
    return desk


async def rounds(desk: Desk, number: int = 1, *, hours: float = 25) -> Habits:
    for _ in range(number):
        desk.clock.advance(hours * HOUR)
        await once(desk)
    return desk.store.feeds()[0].habits


def flaws(desk: Desk) -> list[str]:
    return [str(about["flaw"]) for about in desk.log.abouts if "flaw" in about]


def numbered(numbers: range) -> bytes:
    return rss([(str(n), f"strike {n}") for n in numbers])


async def test_one_in_twenty_is_not_asked_whether_anything_has_changed(store: Store) -> None:
    server = Server(numbered(range(3)))
    habits = await rounds(served(store, server), 1 + 2 * AUDIT_EVERY)
    assert (server.whole, habits.audits, habits.lies, habits.distrusted_at) == (3, 2, 0, None)


@pytest.mark.parametrize("validators", [('"1"', None), (None, "Sun, 01 Mar 2026 12:00:00 GMT")])
async def test_a_server_that_hides_what_is_new_is_found_out_and_not_believed_for_a_month(
    store: Store, validators: tuple[str | None, str | None]
) -> None:
    server = Server(numbered(range(3)), *validators)
    desk = served(store, server)
    await rounds(desk)
    server.document = numbered(range(4))
    habits = await rounds(desk, AUDIT_EVERY)
    assert (habits.lies, habits.distrusted_at) == (1, desk.clock.now().timestamp())
    assert [LIE in flaw for flaw in flaws(desk)] == [True]
    assert "strike 3" in desk[CONSOLE].titles
    server.document, server.asked = numbered(range(5)), []
    await rounds(desk)
    assert "strike 4" in desk[CONSOLE].titles
    assert server.whole == 1
    assert desk.store.feeds()[0].body_hash


async def test_an_honest_server_gets_its_privilege_back_after_a_month(store: Store) -> None:
    server = Server(numbered(range(3)))
    desk = served(store, server)
    await rounds(desk)
    server.document = numbered(range(4))
    await rounds(desk, AUDIT_EVERY)
    server.document, server.etag = numbered(range(5)), '"2"'
    assert (await rounds(desk)).distrusted_at
    server.document, server.etag = numbered(range(6)), '"3"'
    assert (await rounds(desk, hours=31 * 24)).distrusted_at is None
    server.asked = []
    await rounds(desk, 3)
    assert server.whole == 0


async def test_a_server_that_still_lies_after_a_month_waits_another(store: Store) -> None:
    server = Server(numbered(range(3)))
    desk = served(store, server)
    await rounds(desk)
    server.document = numbered(range(4))
    await rounds(desk, AUDIT_EVERY)
    server.document = numbered(range(5))
    habits = await rounds(desk, hours=31 * 24)
    assert (habits.lies, habits.distrusted_at is None) == (2, False)
    assert sum(LIE in flaw for flaw in flaws(desk)) == 2


async def test_another_etag_on_the_same_bytes_is_no_lie_and_nothing_new(store: Store) -> None:
    server = Server(numbered(range(3)))
    desk = served(store, server)
    for number in range(4):
        server.etag = f'"{number}"'
        habits = await rounds(desk)
    assert (habits.lies, desk.store.feeds()[0].etag) == (0, '"3"')


async def test_an_audit_that_fails_is_made_again(store: Store) -> None:
    server = Server(numbered(range(3)))
    desk = served(store, server)
    await rounds(desk, AUDIT_EVERY)
    before = desk.store.feeds()[0]

    async def failing(request: FetchRequest) -> Response:
        raise FetchError("no route", kind="connect")

    whole, fetch = server.whole, server.fetch
    server.fetch = failing  # type: ignore[method-assign]
    habits = await rounds(desk)
    after = desk.store.feeds()[0]
    assert (habits, after.etag, after.entry_hashes) == (before.habits, before.etag, before.entry_hashes)
    server.fetch = fetch  # type: ignore[method-assign]
    assert (await rounds(desk)).audits == 1
    assert server.whole == whole + 1


def state(**said: object) -> FeedState:
    return replace(FeedState(feed=watched("wires"), etag='"1"', baselined=True), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "came", "lie"),
    [
        ({"etag": '"1"'}, {"etag": 'W/"1"'}, True),
        ({"etag": '"1"'}, {"etag": '"2"'}, False),
        ({"etag": '"1"', "last_modified": "x"}, {"etag": '"2"', "last_modified": "x"}, False),
        ({"etag": '"1"'}, {}, False),
        ({"etag": None, "last_modified": "x"}, {"last_modified": "x"}, True),
        ({"etag": None, "last_modified": "x"}, {"last_modified": "y"}, False),
        ({"etag": None}, {}, False),
    ],
)
def test_a_lie_is_news_under_the_validators_that_are_held(
    held: dict[str, str | None], came: dict[str, str], *, lie: bool
) -> None:
    response = Response(url="https://a.example", etag=came.get("etag"), last_modified=came.get("last_modified"))
    assert answered(state(**held), response, NOON, audit=True, new=True).lies == lie
    assert answered(state(**held), response, NOON, audit=True, new=False).lies == 0


@given(st.lists(st.tuples(st.sampled_from(["same", "lie", "news"]), st.floats(0, 2 * DISTRUST)), max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_lie_is_believed_within_a_month_of_the_last(said: list[tuple[str, float]]) -> None:
    now, habits, lied = NOON, Habits(), None
    for kind, wait in said:
        now += timedelta(seconds=wait)
        asked = conditional(habits)
        if lied is not None and (now - lied).total_seconds() < DISTRUST:
            assert not asked
        if asked and kind != "news":
            habits = repeated(habits)
            continue
        etag = '"2"' if kind == "news" else '"1"'
        before = habits
        audit = not asked
        news = Response(url="https://a.example", etag=etag)
        habits = answered(state(habits=habits), news, now, audit=audit, new=kind != "same")
        lied = now if habits.lies > before.lies else lied
        assert habits.unaudited < AUDIT_EVERY


# whether polls overlap


async def test_documents_that_share_nothing_are_counted_and_told(store: Store) -> None:
    server = Server(numbered(range(5)), None)
    desk = served(store, server)
    await rounds(desk)
    server.document = numbered(range(3, 9))
    assert (await rounds(desk)).shared == pytest.approx(2 / 6)
    server.document = numbered(range(20, 28))
    habits = await rounds(desk)
    assert (habits.gaps, habits.gap_at, habits.shared) == (1, desk.clock.now().timestamp(), 0)
    assert flaws(desk) == [f"8 new entries and none that was known: {GAP}; a shorter `interval` may help"]
    server.document = numbered(range(27, 31))
    assert (await rounds(desk)).gaps == 1


async def test_entries_with_other_bytes_and_the_same_ids_are_shared(store: Store) -> None:
    server = Server(numbered(range(5)), None)
    desk = served(store, server)
    await rounds(desk)
    server.document = numbered(range(5)).replace(b"said", b"told")
    habits = await rounds(desk)
    assert (habits.gaps, habits.shared, flaws(desk)) == (0, 1, [])


@pytest.mark.parametrize("empty", [0, 1])
async def test_an_empty_document_says_nothing_of_what_was_missed(store: Store, empty: int) -> None:
    documents = [numbered(range(3)), numbered(range(5, 8)), numbered(range(5, 9))]
    documents[empty] = rss([])
    server = Server(b"", None)
    desk = served(store, server)
    for server.document in documents:
        habits = await rounds(desk)
    assert (habits.gaps, flaws(desk)) == (0, [])


async def test_another_address_of_a_feed_is_no_gap(store: Store) -> None:
    server = Server(numbered(range(3)), None)
    desk = served(store, server)
    await rounds(desk)
    desk.want(watched("wires", url="https://elsewhere.example/feed"))
    server.document = numbered(range(5, 8))
    assert (await rounds(desk)).gaps == 0


def test_a_gap_is_between_two_documents_of_one_place() -> None:
    document = Parsed(format="rss20", hashes=(Hash64(1), Hash64(2)), entries=())
    before = state(entry_hashes=frozenset({Hash64(3)}), body_hash=Hash64(1))
    assert metered(before, Habits(), document, 0, NOON).gaps == 1
    assert metered(before, Habits(), document, 1, NOON) == Habits(shared=0.5)
    assert metered(replace(before, baselined=False), Habits(), document, 0, NOON) == Habits()
    assert metered(before, Habits(), replace(document, format="folder"), 0, NOON) == Habits()
