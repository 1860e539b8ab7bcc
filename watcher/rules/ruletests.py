"""pure: the tests beside a rule, as checked -> tests that can be run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from watcher import yamldoc
from watcher.model import (
    Block,
    ChannelName,
    Entry,
    FeedId,
    Finding,
    FindingSeverity,
    Hash64,
    RuleTest,
    TimelineAlert,
    TimelineStep,
    TimelineTest,
)
from watcher.rules.reader import error, scalars
from watcher.rules.schema import ItemKeys, ItemTestKeys, TimelineKeys

_CONTENT = ("title", "text", "summary", "url", "authors", "tags", "lang", "published")


def item_tests(tests: Sequence[ItemTestKeys | TimelineKeys], nodes: yamldoc.Node, file: str) -> Iterator[RuleTest]:
    """The tests that name an item, in file order; `nodes` is the list that they stand in."""
    for number, test in enumerate(tests):
        if isinstance(test, ItemTestKeys):
            place = yamldoc.at(nodes, [number])
            yield RuleTest(
                expect=test.expect,
                path=_path(test, file),
                entry=_entry(test),
                feed=_feed(test),
                highlight=tuple(test.highlight),
                line=place.line,
                column=place.column,
            )


def timelines(tests: Sequence[ItemTestKeys | TimelineKeys], nodes: yamldoc.Node, file: str) -> Iterator[TimelineTest]:
    """The tests of when the rule alerts, in file order."""
    for number, test in enumerate(tests):
        if isinstance(test, TimelineKeys):
            place = yamldoc.at(nodes, [number])
            yield TimelineTest(
                start=test.start,
                steps=tuple(
                    TimelineStep(at=s.at, path=_path(s.item, file), entry=_entry(s.item), feed=_feed(s.item))
                    for s in test.timeline
                ),
                expect=tuple(
                    TimelineAlert(at=e.at, alerts=e.alert, items=e.items, to=tuple(map(ChannelName, e.to)))
                    for e in test.expect
                ),
                line=place.line,
                column=place.column,
            )


def problems(tests: Sequence[ItemTestKeys | TimelineKeys], nodes: yamldoc.Node, file: str) -> Iterator[Finding]:
    """E025: an item of a test that is a file and spelled out at once, or neither; a highlight where nothing matches."""
    for number, test in enumerate(tests):
        node = yamldoc.at(nodes, [number])
        if isinstance(test, ItemTestKeys):
            yield from _problems(test, node, file)
            if test.highlight and test.expect == "no match":
                mend = "take `highlight` out, or expect a match"
                yield error(file, _key(node, "highlight"), "E025", "what does not match highlights nothing", mend)
        else:
            for step, keys in enumerate(test.timeline):
                yield from _problems(keys.item, yamldoc.at(node, ["timeline", step, "item"]), file)


def one_sided(tests: Sequence[ItemTestKeys | TimelineKeys], key: yamldoc.Node, file: str) -> Iterator[Finding]:
    """W209: tests of items that all expect a match, or none. Rules without any test are left in peace."""
    expected = {test.expect == "no match" for test in tests if isinstance(test, ItemTestKeys)}
    if len(expected) == 1:
        found, other = ("no match", "a match") if True in expected else ("a match", "no match")
        message = f"every test of this rule expects {found}: one that always says so would pass"
        finding = error(file, key, "W209", message, f"add a test that expects {other}")
        yield replace(finding, severity=FindingSeverity.WARNING)


def channels(tests: Sequence[ItemTestKeys | TimelineKeys], nodes: yamldoc.Node) -> Iterator[yamldoc.Scalar]:
    """The channels that timelines name."""
    for number, test in enumerate(tests):
        if isinstance(test, TimelineKeys):
            for step, keys in enumerate(test.expect):
                yield from scalars(yamldoc.at(nodes, [number, "expect", step, "to"])) if keys.to else ()


def _problems(keys: ItemKeys, node: yamldoc.Node, file: str) -> Iterator[Finding]:
    given = [key for key in _CONTENT if key in keys.model_fields_set]
    if keys.file is not None and given:
        mend = "a test's item is a file, or spelled out"
        yield error(file, _key(node, given[0]), "E025", f"`file` and `{given[0]}` stand in one test", mend)
    elif keys.file is None and not {"title", "text", "summary"} & set(given):
        mend = "write  file: path/of/an/article.txt  or  title: and text:"
        yield error(file, node, "E025", "this test names no item", mend)


def _key(node: yamldoc.Node, key: str) -> yamldoc.Node:
    items: Iterable[tuple[yamldoc.Scalar, yamldoc.Node]] = node.items if isinstance(node, yamldoc.Mapping) else ()
    return next((name for name, _ in items if name.text == key), node)


def _path(keys: ItemKeys, file: str) -> str | None:
    return None if keys.file is None else posixpath.normpath(posixpath.join(posixpath.dirname(file), keys.file))


def _feed(keys: ItemKeys) -> FeedId | None:
    return None if keys.feed is None else FeedId(keys.feed)


def _entry(keys: ItemKeys) -> Entry | None:
    """The entry that a feed would bring; its hash is over what it says."""
    if keys.file is not None:
        return None
    said = repr([getattr(keys, key) for key in _CONTENT])
    paragraphs = [" ".join(paragraph.split()) for paragraph in (keys.text or "").split("\n\n")]
    return Entry(
        hash=Hash64(int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), "big", signed=True)),
        link=keys.url,
        title=keys.title or "",
        blocks=tuple(Block(text=paragraph) for paragraph in paragraphs if paragraph),
        summary=keys.summary or "",
        authors=tuple(keys.authors or ()),
        tags=tuple(keys.tags or ()),
        lang=keys.lang,
        published=keys.published,
    )
