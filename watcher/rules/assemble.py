"""pure: (document, the vocabulary it sees) -> loaded rules and what is wrong with the others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace

from watcher import yamldoc
from watcher.model import (
    Absence,
    Denials,
    Finding,
    FindingSeverity,
    Rule,
    RuleId,
    RuleTest,
    Scope,
    Severity,
    Template,
    TimelineTest,
    Updates,
    When,
)
from watcher.rules import lint, plain, query, ruletests, vocab, wording
from watcher.rules.nodes import Node
from watcher.rules.problem import Parsed, Problem, finding
from watcher.rules.reader import Document, RulePart, error, scalars
from watcher.rules.schema import LATER, RuleKeys, Settings, hours, slug
from watcher.rules.strike import struck
from watcher.rules.vocab import Vocabulary

_LISTS = ("all", "any", "unless", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRule:
    """A rule and its tree with the vocabulary filled in, ready to be compiled; None where it watches for an absence.

    `position` gives the line and column in the file of an offset in the tree's `at`, outside of vocabulary.
    """

    rule: Rule
    tree: Node | None
    tests: tuple[RuleTest, ...] = ()
    timelines: tuple[TimelineTest, ...] = ()
    position: Callable[[int], tuple[int, int]] = field(default=lambda _: (0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What rules may refer to: channel names and tags; feed ids and "tag:name"; time zones. None: not checked."""

    channels: Collection[str] | None = None
    feeds: Collection[str] | None = None
    zones: Collection[str] | None = None


def assemble(document: Document, vocabulary: Vocabulary, names: Names) -> tuple[list[LoadedRule], list[Finding]]:
    """The good rules of a document in file order; duplicate ids are for the caller, who sees all files."""
    findings = list(_not_yet(document))
    bad_default = list(_unknown_channels(document.file, _default_channels(document), names))
    findings += bad_default
    loaded = []
    for part in document.rules:
        builder = _Builder(document, part, vocabulary, names)
        rule = builder.build()
        findings += builder.findings
        if rule and not (bad_default and part.keys.notify is None):
            loaded.append(rule)
    return loaded, findings


def _default_channels(document: Document) -> tuple[yamldoc.Scalar, ...]:
    return scalars(document.defaults_node.get("notify")) if document.defaults_node else ()


def _not_yet(document: Document) -> Iterator[Finding]:
    """A note at the first of each key of the file that is checked and not acted on."""
    first: dict[str, yamldoc.Scalar] = {}
    for node in [
        *([document.defaults_node] if document.defaults_node else []),
        *(part.node for part in document.rules),
    ]:
        for key, value in node.items:
            if key.text in LATER:
                first.setdefault(key.text, key)
            elif key.text == "tests" and (timeline := _timeline(value)):
                first.setdefault("timeline", timeline)
    for name, key in first.items():
        message = f"`{name}` is checked; this version does not act on it yet"
        note = replace(error(document.file, key, "W240", message), severity=FindingSeverity.NOTE)
        yield note


def _timeline(tests: yamldoc.Node) -> yamldoc.Scalar | None:
    items = tests.items if isinstance(tests, yamldoc.Sequence) else ()
    keys = (key for item in items if isinstance(item, yamldoc.Mapping) for key, _ in item.items)
    return next((key for key in keys if key.text == "timeline"), None)


class _Builder:
    def __init__(self, document: Document, part: RulePart, vocabulary: Vocabulary, names: Names) -> None:
        self.file = document.file
        self.settings = _with_defaults(part.keys, document.defaults)
        self.keys = part.keys
        self.node = part.node
        self.vocabulary = vocabulary
        self.names = names
        self.findings: list[Finding] = []

    def build(self) -> LoadedRule | None:
        rule_id, title = self.identity()
        self.check_names()
        self.findings += wording.check(self.file, self.node)
        parsed = self.parsed() if self.says_what() and self.keys.absence is None else Parsed(tree=None)
        tree = self.held(self.expanded(parsed.tree)) if parsed.tree else None
        if self.is_wrong:
            return None
        expression = query.to_text(parsed.tree) if parsed.tree else ""
        if self.keys.match is not None:
            expression = self.match.text.strip()
        rule = self.rule(rule_id, title, expression, query.spelled(tree) if tree else "")
        tests, nodes = self.keys.tests, self.node.get("tests") or self.node
        return LoadedRule(
            rule=rule,
            tree=tree,
            tests=tuple(ruletests.item_tests(tests, nodes, self.file)),
            timelines=tuple(ruletests.timelines(tests, nodes, self.file)),
            position=self.position,
        )

    @property
    def is_wrong(self) -> bool:
        return any(f.severity is FindingSeverity.ERROR for f in self.findings)

    def wrong(self, code: str, message: str, mend: str, key: str = "") -> None:
        self.findings.append(error(self.file, self.key_node(key), code, message, mend))

    def key_node(self, key: str) -> yamldoc.Node:
        return next((name for name, _ in self.node.items if name.text == key), self.node)

    # --- who it is ----------------------------------------------------------------------------------

    def identity(self) -> tuple[str, str]:
        """Id and title, each made of the other where it is not given."""
        keys = self.keys
        if keys.title is not None and keys.watch is not None:
            self.wrong(
                "E025", "`title` and `watch` both name this rule", "`watch` is the title of a plain list", "watch"
            )
        title = (keys.title or keys.watch or "").strip()
        rule_id = keys.id or slug(title)
        if not rule_id:
            mend = "write  id: a-short-name  (a-z 0-9 -)" if title else "write  title: What it watches for"
            self.wrong("E025", "no id can be made for this rule", mend)
        return rule_id, title or rule_id

    def says_what(self) -> bool:
        """`match:` is one way to say it, the lists the other, `absence:` the third; one of them is needed."""
        given = self.keys.model_fields_set
        lists = [key for key in (*_LISTS, "within") if key in given]
        if "absence" in given:
            others = [key for key in ("match", *lists, "actual", "denials", "when") if key in given]
            for key in others:
                self.wrong("E025", f"`absence` and `{key}` stand in one rule", "make them two rules", key)
            return not others
        if "match" in given and lists:
            mend = "a rule is either an expression or plain lists"
            self.wrong("E025", f"`match` and `{lists[0]}` stand in one rule", mend, lists[0])
        elif not given & {"match", "all", "any"}:
            mend = "write `match:`, or `all:` with a list of words, or `absence:`"
            self.wrong("E025", "this rule does not say what to look for", mend)
        else:
            return True
        return False

    def check_names(self) -> None:
        tests, nodes = self.keys.tests, self.node.get("tests") or self.node
        to = ruletests.channels(tests, nodes)
        self.findings += _unknown_channels(self.file, [*scalars(self.node.get("notify")), *to], self.names)
        self.findings += ruletests.problems(tests, nodes, self.file)
        feeds = [("scope", "feeds")] if self.keys.scope.feeds else []
        feeds += [("absence", "feeds")] if self.keys.absence else []
        for path in feeds:
            self.findings += _unknown_feeds(self.file, scalars(yamldoc.at(self.node, path)), self.names)
        during = yamldoc.at(self.node, ("absence", "during"))
        if self.keys.absence and isinstance(during, yamldoc.Scalar):
            self.findings += _unknown_zones(self.file, during, self.names)

    # --- what it says -------------------------------------------------------------------------------

    def parsed(self) -> Parsed:
        parsed = plain.parse(self.lists()) if self.keys.match is None else query.parse(self.match.text)
        self.tell(parsed.problems)
        return parsed

    @property
    def match(self) -> yamldoc.Scalar:
        return scalars(self.node.get("match"))[0]

    def lists(self) -> plain.Lists:
        every, one_more = self.node.get("all"), _texts(self.node.get("any"))
        groups = [_texts(item) for item in every.items] if isinstance(every, yamldoc.Sequence) else []
        return plain.Lists(
            groups=(*groups, one_more) if one_more else tuple(groups),
            within=self.keys.within,
            unless=_texts(self.node.get("unless")),
            none=_texts(self.node.get("none")),
        )

    def expanded(self, tree: Node) -> Node | None:
        expanded, problems = vocab.expand(tree, self.vocabulary)
        self.tell([*problems, *(lint.check(expanded) if expanded else ())])
        return expanded

    def held(self, tree: Node | None) -> Node | None:
        """The tree held to what the text says is so, where `actual` or `denials: skip` ask for that."""
        if tree is not None and self.settings.actual:
            return struck(tree, "actual")
        if tree is not None and self.settings.denials == "skip":
            return struck(tree, "asserted")
        return tree

    def tell(self, problems: Iterable[Problem]) -> None:
        self.findings += [finding(problem, self.file, self.position) for problem in problems]

    def position(self, offset: int) -> tuple[int, int]:
        """Where an offset of the expression, or of the lists' entries laid end to end, stands in the file."""
        if self.keys.match is not None:
            return self.match.position(offset)
        entries = [scalar for key in _LISTS for scalar in scalars(self.node.get(key))]
        for scalar in entries:
            if offset <= len(scalar.text):
                return scalar.position(offset)
            offset -= len(scalar.text) + 1
        return self.node.line, self.node.column

    def rule(self, rule_id: str, title: str, expression: str, expanded: str) -> Rule:
        keys = self.settings
        rule = Rule(
            id=RuleId(rule_id),
            title=title,
            expression=expression,
            expanded=expanded,
            hash="",
            severity=Severity[(keys.severity or "medium").upper()],
            notify=tuple(keys.notify or ()),
            updates=Updates(keys.updates or "thread"),
            denials=Denials(keys.denials or "mark"),
            group=keys.group[0] if keys.group else "story",
            scope=self.scope(),
            throttle=keys.throttle,
            digest=bool(keys.digest),
            when=When(**keys.when.model_dump()) if keys.when else None,
            max_age=keys.max_age,
            template=Template(**keys.template.model_dump()) if keys.template else Template(),
            absence=self.absence(),
            file=self.file,
            line=self.node.line,
        )
        return replace(rule, hash=rule_hash(rule))

    def scope(self) -> Scope:
        keys = self.keys.scope
        return Scope(feeds=tuple(keys.feeds), lang=tuple(keys.lang), min_words=keys.min_words or 0)

    def absence(self) -> Absence | None:
        keys = self.keys.absence
        if keys is None:
            return None
        during = hours(keys.during) if keys.during else None
        return Absence(feeds=tuple(keys.feeds), silent=keys.silent, during=during)


def _with_defaults(keys: RuleKeys, defaults: Settings) -> Settings:
    """What a rule says of its alerts, and what its file says where it does not."""
    given = {key: getattr(keys, key) for key in keys.model_fields_set & Settings.model_fields.keys()}
    return defaults.model_copy(update={key: value for key, value in given.items() if value is not None})


def rule_hash(rule: Rule) -> str:
    """16 hexadecimal digits of the SHA-256 over everything that changes what a rule finds and whom it tells how.

    What a rule leaves as it is by itself does not count: a key that a later version brings changes no hash.
    """
    scope = [sorted(rule.scope.feeds), sorted(rule.scope.lang)]
    meaning = [rule.expanded, rule.severity.word, sorted(rule.notify), rule.updates.value, rule.group, scope]
    more = {key: getattr(rule, key) for key in _MORE if getattr(rule, key) != getattr(_BARE, key)}
    if rule.scope.min_words:
        more["min_words"] = rule.scope.min_words
    return hashlib.sha256(json.dumps([*meaning, *([more] if more else [])], default=asdict).encode()).hexdigest()[:16]


_MORE = ("denials", "throttle", "digest", "when", "max_age", "template", "absence")
_BARE = Rule(id=RuleId(""), title="", expression="", expanded="", hash="")


def _texts(node: yamldoc.Node | None) -> tuple[str, ...]:
    return tuple(scalar.text for scalar in scalars(node))


def _unknown_channels(file: str, notify: Iterable[yamldoc.Scalar], names: Names) -> Iterator[Finding]:
    for scalar in notify:
        if names.channels is not None and scalar.text not in names.channels:
            message = f"no channel is named or tagged `{scalar.text}`; {_known(scalar.text, names.channels)}"
            yield error(file, scalar, "E021", message)


def _unknown_feeds(file: str, feeds: Iterable[yamldoc.Scalar], names: Names) -> Iterator[Finding]:
    for feed in feeds:
        if names.feeds is not None and feed.text not in names.feeds:
            what = "feed is tagged" if feed.text.startswith("tag:") else "feed is named"
            message = f"no {what} `{feed.text.removeprefix('tag:')}`; {_known(feed.text, names.feeds)}"
            yield error(file, feed, "E022", message)


def _unknown_zones(file: str, during: yamldoc.Scalar, names: Names) -> Iterator[Finding]:
    zone = hours(during.text).zone
    if names.zones is not None and zone not in names.zones:
        near = yamldoc.nearest(zone, names.zones)
        mend = f"did you mean {near}?" if near else "zones have names like Europe/London, America/New_York, UTC"
        yield error(file, during, "E111", f"there is no time zone `{zone}`", mend)


def _known(word: str, known: Collection[str]) -> str:
    near = yamldoc.nearest(word, known)
    if near:
        return f"did you mean `{near}`?"
    return f"known: {', '.join(sorted(known)[:20])}" if known else "there is none"
