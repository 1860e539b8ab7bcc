"""pure: (document, the vocabulary it sees) -> loaded rules and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from watcher import yamldoc
from watcher.model import Finding, FindingSeverity, Rule, RuleId, RuleTest, TimelineTest
from watcher.rules import lint, plain, query, ruletests, truth, vocab, wording
from watcher.rules.anchors import Terms, required
from watcher.rules.compile import CompiledRule
from watcher.rules.frequencies import Frequencies
from watcher.rules.meaning import made, with_defaults
from watcher.rules.names import Names, unknown_channels, unknown_feeds, unknown_in, unknown_zones
from watcher.rules.nodes import Node
from watcher.rules.problem import Parsed, Problem, finding
from watcher.rules.reader import Document, Place, RulePart, error, scalars
from watcher.rules.schema import ItemTestKeys, RuleKeys
from watcher.rules.strike import Kind as Held
from watcher.rules.strike import struck
from watcher.rules.vocab import Vocabulary

_LISTS = ("all", "any", "unless", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRule:
    """A rule, ready to be compiled.

    `position` gives the line and column in the file of an offset in the tree's `at`, outside of vocabulary.
    """

    rule: Rule
    name: Place  # where its id stands, or what that is made of
    sees: Vocabulary = field(compare=False, repr=False)
    held_to: Held | None = None
    kept: Node | None = field(default=None, compare=False, repr=False)  # its tree; None: it is made when asked for
    required: tuple[Terms, ...] = field(default=(), compare=False, repr=False)  # of its tree, where it is bare
    tests: tuple[RuleTest, ...] = ()
    timelines: tuple[TimelineTest, ...] = ()
    position: Callable[[int], tuple[int, int]] = field(default=lambda _: (0, 0), compare=False, repr=False)

    @property
    def has_expression(self) -> bool:
        return self.rule.absence is None

    @property
    def tree(self) -> Node | None:
        """With the vocabulary filled in; None where it watches for an absence."""
        return self.kept or (self.made() if self.has_expression else None)

    def made(self) -> Node:
        """The tree by what the rule says. ValueError where it never was one that is good."""
        parsed = query.parse(self.rule.expression).tree
        tree = vocab.expand(parsed, self.sees)[0] if parsed else None
        if tree is None:
            raise ValueError(f"no expression: {self.rule.expression}")
        return struck(tree, self.held_to) if self.held_to else tree

    def bare(self, frequencies: Frequencies) -> LoadedRule:
        """What the daemon keeps: nothing of the file, and no tree that its expression tells as well."""
        return LoadedRule(
            rule=self.rule,
            name=self.name,
            sees=self.sees,
            held_to=self.held_to,
            kept=None if len(self.rule.expression) <= query.MAX_LENGTH else self.kept,
            required=required(self.kept, frequencies) if self.kept else (),
        )


class FiledRule(CompiledRule):
    """A compiled rule whose tree is made when it is first asked for."""

    def __init__(self, loaded: LoadedRule) -> None:
        """`loaded` is bare, and has an expression."""
        vars(self).update(rule=loaded.rule, scope=loaded.rule.scope, required=loaded.required, _loaded=loaded)

    @cached_property
    def tree(self) -> Node:
        loaded: LoadedRule = vars(self)["_loaded"]
        return loaded.kept or loaded.made()


def assemble(document: Document, vocabulary: Vocabulary, names: Names) -> tuple[list[LoadedRule], list[Finding]]:
    """The good rules of a document in file order; duplicate ids are for the caller, who sees all files."""
    bad_default = list(unknown_channels(document.file, _default_channels(document), names))
    findings = list(bad_default)
    loaded = []
    for part in document.rules:
        if part.keys is None:
            findings += _of_expression(document.file, part.node)
            continue
        builder = _Builder(document, part, part.keys, vocabulary, names)
        rule = builder.build()
        findings += builder.findings
        if rule and not (bad_default and part.keys.notify is None):
            loaded.append(rule)
    return loaded, findings


def _of_expression(file: str, node: yamldoc.Mapping) -> Iterator[Finding]:
    """What is wrong with the expression of a rule whose keys are wrong: it is told in the same run."""
    match = node.get("match")
    if isinstance(match, yamldoc.Scalar) and match.value is not None:
        yield from (finding(problem, file, match.position) for problem in query.parse(match.text).problems)


def _default_channels(document: Document) -> tuple[yamldoc.Scalar, ...]:
    return scalars(document.defaults_node.get("notify")) if document.defaults_node else ()


class _Builder:
    def __init__(
        self, document: Document, part: RulePart, keys: RuleKeys, vocabulary: Vocabulary, names: Names
    ) -> None:
        self.file = document.file
        self.settings = with_defaults(keys, document.defaults)
        self.keys = keys
        self.part = part
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
        expression = ""
        if parsed.tree:
            expression = query.to_text(parsed.tree) if self.keys.match is None else self.match.text.strip()
        rule = Rule(
            id=RuleId(rule_id),
            title=title,
            expression=expression,
            expanded=query.spelled(tree, self.vocabulary.texts) if tree else "",
            hash="",
            file=self.file,
            line=self.node.line,
        )
        tests, nodes = self.keys.tests or (), self.node.get("tests") or self.node
        return LoadedRule(
            rule=made(rule, self.keys, self.settings),
            name=self.part.place,
            sees=self.vocabulary,
            held_to=self.held_to,
            kept=tree,
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
        rule_id = self.part.id
        if not rule_id:
            mend = "write  id: a-short-name  (a-z 0-9 -)" if title else "write  title: What it watches for"
            self.wrong("E025", "no id can be made for this rule", mend)
        return rule_id, title or rule_id

    def says_what(self) -> bool:
        """`match:` is one way to say it, the lists the other, `absence:` the third; one of them is needed."""
        given = {key for key in self.keys.model_fields_set if getattr(self.keys, key) is not None}
        lists = [key for key in (*_LISTS, "within") if key in given]
        if "absence" in given:
            others = [key for key in ("match", *lists, "actual", "denials", "when") if key in given]
            for key in others:
                self.wrong("E025", f"`absence` and `{key}` stand in one rule", "make them two rules", key)
            if any(isinstance(test, ItemTestKeys) for test in self.keys.tests or ()):
                self.wrong("E025", "no item can test a rule that watches for silence", "test it in a timeline", "tests")
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
        tests, nodes = self.keys.tests or (), self.node.get("tests") or self.node
        to = ruletests.channels(tests, nodes)
        self.findings += unknown_channels(self.file, [*scalars(self.node.get("notify")), *to], self.names)
        self.findings += ruletests.problems(tests, nodes, self.file)
        self.findings += ruletests.one_sided(tests, self.key_node("tests"), self.file)
        feeds = [("scope", "feeds")] if self.keys.scope and self.keys.scope.feeds else []
        feeds += [("absence", "feeds")] if self.keys.absence else []
        for path in feeds:
            self.findings += unknown_feeds(self.file, scalars(yamldoc.at(self.node, path)), self.names)
        during = yamldoc.at(self.node, ("absence", "during"))
        if self.keys.absence and isinstance(during, yamldoc.Scalar):
            self.findings += unknown_zones(self.file, during, self.names)

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
        linted = lint.check(expanded, problems) if expanded else ()
        self.tell([*problems, *linted, *truth.check(tree), *unknown_in(tree, self.names)])
        return expanded

    @property
    def held_to(self) -> Held | None:
        """What the tree is held to, where `actual` or `denials: skip` ask for that."""
        if self.settings.actual:
            return "actual"
        return "asserted" if self.settings.denials == "skip" else None

    def held(self, tree: Node | None) -> Node | None:
        return struck(tree, self.held_to) if tree is not None and self.held_to else tree

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


def _texts(node: yamldoc.Node | None) -> tuple[str, ...]:
    return tuple(scalar.text for scalar in scalars(node))
