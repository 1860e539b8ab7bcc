"""Known entries are looked up by their bytes: what that divides is what the scan of the whole document divides."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feedgen import generate
from tests.pollgen import polls
from watcher.model import Hash64, Response
from watcher.parse import parse
from watcher.parse.convert import document
from watcher.parse.familiar import split_known
from watcher.parse.split import Split, split

NEWS = "http://purl.org/rss/1.0/modules/content/"
ENTRIES = (
    "<item><title>one</title><c:encoded><![CDATA[<p>first</p>]]></c:encoded></item>",
    "<item><title>two</title><description>&lt;b&gt;second&lt;/b&gt;</description></item>",
    "<item><guid>3</guid></item>",
)


def rss(inner: str, *, root: str = f' xmlns:c="{NEWS}"') -> bytes:
    return f'<rss version="2.0"{root}><channel><title>t</title>{inner}</channel></rss>'.encode()


def known_of(data: bytes) -> tuple[frozenset[Hash64], Hash64 | None]:
    parts = split(data)
    assert parts.doubt is None, parts
    return frozenset(entry.hash for entry in parts.entries), parts.scope


BEFORE = known_of(rss("".join(ENTRIES)))


def looked_up(data: bytes) -> Split | None:
    return split_known(data, *BEFORE)


@pytest.mark.parametrize(
    "inner",
    [
        "".join(ENTRIES),
        " \n".join(("<item>new</item>", *ENTRIES)),
        ENTRIES[0] + "<item>new</item>" + ENTRIES[1] + "<!-- between --><link/>" + ENTRIES[2] + "<item>more</item>",
        "<items/>" + ENTRIES[2],
        "<!-- a comment -->" + ENTRIES[1] + "<item/>",
        ENTRIES[1] + ENTRIES[1] + "<skipDays><day>Monday</day></skipDays>",
    ],
)
def test_entries_stand_where_the_scan_finds_them(inner: str) -> None:
    assert looked_up(rss(inner)) == split(rss(inner))


@pytest.mark.parametrize(
    "data",
    [
        rss(f"<!-- {ENTRIES[1]} --><item>new</item>"),
        rss(f"<item><description><![CDATA[{ENTRIES[1]}]]></description></item>"),
        rss(f"<item>{ENTRIES[1]}</item>"),
        rss(f"<image><url/>{ENTRIES[1]}</image>"),
        rss(f"{ENTRIES[1]}<title"),
        rss(f"{ENTRIES[1]}<textinput><title/></textinput><item><image><b/></image></item>"),
        b"<!DOCTYPE rss [<!ENTITY e 'x'>]>" + rss(ENTRIES[1]),
        rss("<item>new</item>"),
        rss(""),
        b"",
    ],
)
def test_what_is_no_entry_now_or_stands_in_doubt_is_left_to_the_scan(data: bytes) -> None:
    assert looked_up(data) is None


@pytest.mark.parametrize(
    "root",
    [
        "",
        ' xmlns:c="http://purl.org/dc/elements/1.1/"',
        f' xmlns:c="{NEWS}" xmlns="http://purl.org/atom/ns#"',
        f' xmlns:c="{NEWS}" xmlns:d="urn:d"',
    ],
)
def test_where_other_namespaces_are_bound_entries_are_read_anew(root: str) -> None:
    assert looked_up(rss("".join(ENTRIES), root=root)) is None


def test_an_entry_that_declares_a_namespace_is_looked_into() -> None:
    own = '<item><x:y xmlns:x="urn:x"/></item>'
    data = rss(own + ENTRIES[1])
    parts = split_known(data, *known_of(data))
    assert parts == split(data)
    assert split_known(rss(own), *known_of(rss(own))) is None


def test_entries_that_stand_in_unlike_places_have_no_scope() -> None:
    data = (
        b'<rss version="2.0"><channel xmlns:a="urn:a"><item>1</item></channel><channel><item>2</item></channel></rss>'
    )
    assert (split(data).doubt, split(data).scope) == (None, None)


def test_a_sibling_that_binds_a_prefix_binds_it_for_no_entry() -> None:
    head = '<link xmlns="urn:other"/>'
    assert split(rss(head + ENTRIES[2])).scope == split(rss(ENTRIES[2])).scope


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), share=st.floats(0, 1))
def test_any_feed_is_divided_alike(seed: int, share: float) -> None:
    made = generate(seed)
    data = document(Response(url=made.url, headers=made.headers, body=made.body)).data
    parts, rng = split(data), Random(seed)
    known = frozenset(entry.hash for entry in parts.entries if rng.random() < share)
    assert split_known(data, known, parts.scope) in {None, parts}


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**9), spoil=st.sampled_from([b"<", b">", b"&", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"/"])
)
def test_a_document_with_something_put_in_or_taken_out_is_divided_alike(seed: int, spoil: bytes) -> None:
    data, rng = rss("\n".join(ENTRIES) + "<item>new</item>"), Random(seed)
    start, end = sorted(rng.randrange(len(data)) for _ in range(2))
    for spoilt in (
        data[:start] + spoil + data[start:],
        data[:start] + data[end:],
        data[:start] + data[start:end] + data,
    ):
        assert looked_up(spoilt) in {None, split(spoilt)}


def test_polls_of_a_feed_look_into_nothing_but_what_is_new() -> None:
    spared = 0
    for seed in range(8):
        known, scope = frozenset[Hash64](), None
        for made in polls(seed):
            response = Response(url=made.url, headers=made.headers, body=made.body)
            parsed = parse(response, known, None, scope)
            assert parsed == parse(response, known)
            data = document(response).data
            spared += split_known(data, known, scope) is not None
            known, scope = frozenset(parsed.hashes), parsed.scope
    assert spared > 10


def test_a_thousand_tags_without_an_end_take_no_longer_than_one_look() -> None:
    """Each end is looked for from behind the last."""
    asked: list[int] = []

    class Counting(bytes):
        def find(self, *given: object) -> int:
            asked.append(1)
            return super().find(*given)  # type: ignore[arg-type]

    looked_up(Counting(rss("<item>" * 1000)))
    assert len(asked) < 10
