"""pure: (document, the vocabulary it sees) -> loaded rules and what is wrong with the others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from watcher import yamldoc
from watcher.model import Finding, FindingSeverity, Rule, RuleId, Scope, Severity, Updates
from watcher.rules import lint, plain, query, vocab
from watcher.rules.nodes import Node
from watcher.rules.problem import Parsed, Problem, finding
from watcher.rules.schema import Document, RulePart, error, scalars, slug
from watcher.rules.vocab import Vocabulary

_LISTS = ("all", "any", "unless", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRule:
    """A rule and its tree with the vocabulary filled in, ready to be compiled."""

    rule: Rule
    tree: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What rules may refer to: channel names and tags; feed ids and "tag:name". None: not known, not checked."""

    channels: Collection[str] | None = None
    feeds: Collection[str] | None = None


def assemble(document: Document, vocabulary: Vocabulary, names: Names) -> tuple[list[LoadedRule], list[Finding]]:
    """The good rules of a document in file order; duplicate ids are for the caller, who sees all files."""
    bad_default = list(_unknown_channels(document.file, document.default_notify, names))
    loaded, findings = [], list(bad_default)
    for part in document.rules:
        builder = _Builder(document, part, vocabulary, names)
        rule = builder.build()
        findings += builder.findings
        if rule and not (bad_default and part.keys.notify is None):
            loaded.append(rule)
    return loaded, findings


class _Builder:
    def __init__(self, document: Document, part: RulePart, vocabulary: Vocabulary, names: Names) -> None:
        self.file = document.file
        self.defaults = document.defaults
        self.keys = part.keys
        self.node = part.node
        self.vocabulary = vocabulary
        self.names = names
        self.findings: list[Finding] = []

    def build(self) -> LoadedRule | None:
        rule_id, title = self.identity()
        self.check_names()
        parsed = self.parsed() if self.says_what() else Parsed(tree=None)
        tree = self.expanded(parsed.tree) if parsed.tree else None
        if tree is None or parsed.tree is None or self.is_wrong:
            return None
        expression = self.match.text.strip() if self.keys.match is not None else query.to_text(parsed.tree)
        return LoadedRule(rule=self.rule(rule_id, title, expression, query.spelled(tree)), tree=tree)

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
        """`match:` is one way to say it, the lists the other; one of them is needed."""
        given = self.keys.model_fields_set
        lists = [key for key in (*_LISTS, "within") if key in given]
        if "match" in given and lists:
            mend = "a rule is either an expression or plain lists"
            self.wrong("E025", f"`match` and `{lists[0]}` stand in one rule", mend, lists[0])
        elif not given & {"match", "all", "any"}:
            mend = "write `match:`, or `all:` with a list of words"
            self.wrong("E025", "this rule does not say what to look for", mend)
        else:
            return True
        return False

    def check_names(self) -> None:
        self.findings += _unknown_channels(self.file, scalars(self.node.get("notify")), self.names)
        known = self.names.feeds
        for feed in scalars(yamldoc.at(self.node, ["scope", "feeds"])) if self.keys.scope.feeds else ():
            if known is not None and feed.text not in known:
                what = "feed is tagged" if feed.text.startswith("tag:") else "feed is named"
                message = f"no {what} `{feed.text.removeprefix('tag:')}`; {_known(feed.text, known)}"
                self.findings.append(error(self.file, feed, "E022", message))

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
        keys, defaults = self.keys, self.defaults
        severity = keys.severity or defaults.severity
        updates = keys.updates or defaults.updates
        group = keys.group or defaults.group
        notify = keys.notify if keys.notify is not None else defaults.notify
        rule = Rule(
            id=RuleId(rule_id),
            title=title,
            expression=expression,
            expanded=expanded,
            hash="",
            severity=Severity[severity.upper()] if severity else Severity.MEDIUM,
            notify=tuple(notify or ()),
            updates=Updates(updates) if updates else Updates.THREAD,
            group=group[0] if group else "story",
            scope=Scope(feeds=tuple(keys.scope.feeds), lang=tuple(keys.scope.lang)),
            file=self.file,
            line=self.node.line,
        )
        return replace(rule, hash=rule_hash(rule))


def rule_hash(rule: Rule) -> str:
    """16 hexadecimal digits of the SHA-256 over everything that changes what a rule finds and whom it tells how."""
    scope = [sorted(rule.scope.feeds), sorted(rule.scope.lang)]
    meaning = [rule.expanded, rule.severity.word, sorted(rule.notify), rule.updates.value, rule.group, scope]
    return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()[:16]


def _texts(node: yamldoc.Node | None) -> tuple[str, ...]:
    return tuple(scalar.text for scalar in scalars(node))


def _unknown_channels(file: str, notify: Iterable[yamldoc.Scalar], names: Names) -> Iterator[Finding]:
    for scalar in notify:
        if names.channels is not None and scalar.text not in names.channels:
            message = f"no channel is named or tagged `{scalar.text}`; {_known(scalar.text, names.channels)}"
            yield error(file, scalar, "E021", message)


def _known(word: str, known: Collection[str]) -> str:
    near = yamldoc.nearest(word, known)
    if near:
        return f"did you mean `{near}`?"
    return f"known: {', '.join(sorted(known)[:20])}" if known else "there is none"
