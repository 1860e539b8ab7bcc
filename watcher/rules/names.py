"""pure: (names that a rule file mentions, names there are) -> findings, each with the nearest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from watcher import yamldoc
from watcher.model import Finding
from watcher.rules.nodes import Field, Node, Phrase, Word
from watcher.rules.problem import Problem
from watcher.rules.reader import error
from watcher.rules.shape import walk
from watcher.yamldoc.times import hours, unknown_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What rules may refer to: channel names and tags; feed ids and "tag:name"; time zones. None: not checked."""

    channels: Collection[str] | None = None
    feeds: Collection[str] | None = None
    zones: Collection[str] | None = None


def unknown_channels(file: str, notify: Iterable[yamldoc.Scalar], names: Names) -> Iterator[Finding]:
    for scalar in notify:
        if names.channels is not None and scalar.text not in names.channels:
            message = f"no channel is named or tagged `{scalar.text}`; {_known(scalar.text, names.channels)}"
            yield error(file, scalar, "E021", message)


def unknown_feeds(file: str, feeds: Iterable[yamldoc.Scalar], names: Names) -> Iterator[Finding]:
    for feed in feeds:
        if names.feeds is not None and feed.text not in names.feeds:
            what = "feed is tagged" if feed.text.startswith("tag:") else "feed is named"
            message = f"no {what} `{feed.text.removeprefix('tag:')}`; {_known(feed.text, names.feeds)}"
            yield error(file, feed, "E022", message)


def unknown_in(tree: Node, names: Names) -> Iterator[Problem]:
    """E022 of each feed that an expression names; a beginning of names is not looked up."""
    fields = [node for node in walk(tree) if isinstance(node, Field) and node.name == "feed"]
    if names.feeds is None or not fields:  # as it mostly is: the feeds are many
        return
    known = [feed for feed in names.feeds if not feed.startswith("tag:")]
    folded = {feed.casefold() for feed in known}
    for leaf in (leaf for field in fields for leaf in walk(field.part)):
        is_name = isinstance(leaf, Phrase) or (isinstance(leaf, Word) and not (leaf.prefix or leaf.inflect))
        if is_name and isinstance(leaf, Word | Phrase) and leaf.text.casefold() not in folded:
            message = f"no feed is named `{leaf.text}`; {_known(leaf.text, known)}"
            yield Problem(code="E022", start=leaf.at[0], end=leaf.at[1], message=message)


def unknown_zones(file: str, during: yamldoc.Scalar, names: Names) -> Iterator[Finding]:
    wrong = unknown_zone(hours(during.text).zone, names.zones) if names.zones is not None else None
    if wrong:
        yield error(file, during, "E111", *wrong)


def _known(word: str, known: Collection[str]) -> str:
    near = yamldoc.nearest(word, known)
    if near:
        return f"did you mean `{near}`?"
    return f"known: {', '.join(sorted(known)[:20])}" if known else "there is none"
