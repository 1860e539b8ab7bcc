"""What a store keeps of feeds between polls, and finds by what was said."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.nouns import NOW, WIRES, after, feed, hash64, poll, polled, ready, revision
from watcher.model import Condition, FeedId, Habits, Hash64, Identity, Known, PollSaved, Recipe, RecipeKind
from watcher.normalise.identity import item_id
from watcher.ports import Store

KEY = Hash64(-7)
KNOWN = Known(item=item_id(WIRES, KEY), fingerprint=hash64("words"), revision=1)


def test_what_says_the_same_is_known_whatever_its_identity(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), revision("b"))
    found = store.known_content(WIRES, [hash64("a1"), hash64("c1")])
    assert {words: (known.item, known.revision) for words, known in found.items()} == {
        hash64("a1"): (revision("a").item.id, 1)
    }
    assert store.known_content(WIRES, []) == {}


def test_what_was_said_before_an_edit_is_known_too(store: Store) -> None:
    ready(store)
    poll(store, revision("a"), revision("a", 2), revision("a", 3))
    said = [hash64(f"a{number}") for number in (1, 2, 3)]
    assert [store.known_content(WIRES, said)[each].revision for each in said] == [1, 2, 3]


def test_a_document_that_has_not_changed_is_read_anew_by_another_recipe(store: Store) -> None:
    state = ready(store)[WIRES]
    store.save_poll(PollSaved(state=replace(polled(state), etag='"a"', body_hash=Hash64(5))))
    recipe = Recipe(kind=RecipeKind.CSS, items="li")
    store.sync_feeds({WIRES: (replace(feed(), recipe=recipe), NOW)})
    changed = store.feeds()[0]
    assert (changed.etag, changed.body_hash, changed.next_at) == (None, None, NOW)


def test_what_another_feed_says_is_not_known(store: Store) -> None:
    ready(store, WIRES, "blog")
    poll(store, revision("a", source="blog"))
    assert store.known_content(WIRES, [hash64("a1")]) == {}


def test_an_identity_becomes_known_without_an_item(store: Store) -> None:
    state = ready(store)[WIRES]
    for _ in range(2):  # again changes nothing more
        store.save_poll(PollSaved(state=polled(state), also_known=((KEY, KNOWN),)))
    assert store.known(WIRES, [KEY]) == {KEY: KNOWN}
    assert store.known_content(WIRES, [KNOWN.fingerprint])[KNOWN.fingerprint].item == KNOWN.item
    assert store.status(NOW).items == 0
    assert store.find_item(KNOWN.item) == ()


def test_an_identity_that_is_known_stays_as_it_is(store: Store) -> None:
    state = ready(store)[WIRES]
    poll(store, revision("a"), revision("a", 2))
    key = revision("a").item.key
    before = store.known(WIRES, [key])
    store.save_poll(PollSaved(state=polled(state), also_known=((key, KNOWN),)))
    assert store.known(WIRES, [key]) == before


def test_a_sites_rest_holds_for_all_its_feeds_and_brings_none_forward(store: Store) -> None:
    urls = {name: f"https://{name}.example/" for name in ("a.site", "b.site", "c.site", "other")}
    store.sync_feeds({FeedId(name): (feed(name, url=url), NOW) for name, url in urls.items()})
    first, _, late, _ = store.feeds()
    store.save_poll(PollSaved(state=replace(polled(late), next_at=after(600))))
    store.save_poll(PollSaved(state=replace(polled(first), next_at=after(15)), rest_until=after(60)))
    assert [state.next_at for state in store.feeds()] == [after(60), after(60), after(600), NOW]


HABITS = st.builds(
    Habits,
    identity=st.sampled_from(Identity),
    ids_hold=st.booleans(),
    renamed_at=st.none() | st.floats(0, 4e9),
    linked=st.booleans(),
    unaudited=st.integers(0, 100),
    lies=st.integers(0, 100),
    distrusted_at=st.none() | st.floats(0, 4e9),
    gaps=st.integers(0, 100),
    gap_at=st.none() | st.floats(0, 4e9),
    shared=st.none() | st.floats(0, 1),
    every=st.none() | st.floats(0, 1e9),
    hours=st.just(()) | st.lists(st.floats(0, 1e6), min_size=24, max_size=24).map(tuple),
    skip_hours=st.lists(st.integers(0, 23), unique=True).map(tuple),
    skip_days=st.lists(st.integers(0, 6), unique=True).map(tuple),
)


@given(habits=HABITS, condition=st.sampled_from(Condition), strain=st.floats(0, 1e6), found=st.none() | st.text())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_learned_of_a_feed_comes_back_as_it_was(
    store: Store, habits: Habits, condition: Condition, strain: float, found: str | None
) -> None:
    state = ready(store)[WIRES]
    found = found and found.encode("utf-8", "ignore").decode()
    said = {"trouble": "status", "status": 503, "failing_since": NOW, "condition_at": after(1)}
    saved = replace(state, habits=habits, condition=condition, strain=strain, found_at=found, **said)  # type: ignore[arg-type]
    store.save_poll(PollSaved(state=saved))
    assert store.feeds() == (saved,)


def test_another_url_forgets_what_the_server_was_caught_at_and_keeps_the_rest(store: Store) -> None:
    state = ready(store)[WIRES]
    habits = Habits(identity=Identity.CONTENT, linked=False, lies=2, distrusted_at=1.0, audits=3, gaps=1, every=60.0)
    store.save_poll(PollSaved(state=replace(polled(state), habits=habits, found_at="https://a.example/feed")))
    store.sync_feeds({WIRES: (replace(state.feed, url="https://wires.example/other"), NOW)})
    (moved,) = store.feeds()
    assert moved.habits == Habits(identity=Identity.CONTENT, linked=False, gaps=1, every=60.0)
    assert moved.found_at is None


def test_what_something_else_opens_is_due_now_and_nothing_later_for_it(store: Store) -> None:
    ready(store, "a", "b", "c")
    for state in store.feeds():
        store.save_poll(PollSaved(state=replace(polled(state), next_at=after(-5 if state.feed.id == "b" else 300))))
    store.reopen_feeds([FeedId("a"), FeedId("b"), FeedId("never wanted")], after(1))
    assert [state.next_at for state in store.feeds()] == [after(1), after(-5), after(300)]


def test_what_each_feed_brought_since_is_counted(store: Store) -> None:
    ready(store, "a", "b", "c")
    poll(store, revision("1", source="a"), revision("2", source="a", seen_at=after(5)))
    poll(store, revision("3", source="b", seen_at=after(1)))
    assert store.brought(NOW) == {"a": 2, "b": 1}
    assert store.brought(after(2)) == {"a": 1}
