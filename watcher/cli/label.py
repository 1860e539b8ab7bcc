"""`watcher label ITEM RULE good|bad`: keep a judged item as a test, say how precise the rule is, propose an edit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from watcher import selftest, yamldoc
from watcher.cli.bench import Bench, bench_over
from watcher.cli.common import clean, note, options, row, say
from watcher.cli.edits import FileEdit, offer
from watcher.cli.kept import as_file, spelled_out
from watcher.cli.rules import Shelf, open_shelf
from watcher.config.rulefiles import checked_rules
from watcher.errors import UsageError
from watcher.match import Explanation, explain
from watcher.model import Denials, Feed, Item, RuleTest
from watcher.rules import Library, LoadedRule, written
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.refine import Change, Text, best, changes
from watcher.rules.suggest import suggest
from watcher.text.document import Document


@click.command("label")
@click.argument("item")
@click.argument("rule_id", metavar="RULE")
@click.argument("verdict", type=click.Choice(["good", "bad"]), metavar="good|bad")
@click.option("--yes", is_flag=True, help="Write the test without asking; an edit of the rule is only shown.")
@options
def command(item: str, rule_id: str, verdict: str, config: Path | None, *, yes: bool, as_json: bool) -> int:
    """Keep ITEM as a test of RULE, which was right or wrong.

    good: RULE should find it; bad: it should not. ITEM is a file, a URL, or the id of a stored item. If the rule is
    wrong about it, an edit is proposed that is right about everything labelled so far.
    """
    shelf = open_shelf(config)
    rule = shelf.rule(rule_id)
    if rule.tree is None:
        raise UsageError(f"{clean(rule_id)} watches for an absence: there is no item that it finds")
    with bench_over(shelf.settings, shelf.loaded) as bench:
        labels = Labels(shelf, bench, rule, _one(bench, item), good=verdict == "good")
        change = labels.proposal()
        show = note if as_json else say
        show(labels.summary())
        done = offer(labels.edits, f"Keep it as a test of {rule_id}?", yes=yes, as_json=as_json)
        if change:
            show(f"an edit that is right about all of them: {change.words}")
            if done and not yes:
                offer([labels.changed(change)], "Change the rule so?", yes=False, as_json=as_json)
            elif not as_json:
                show(f"  {change.key}: {yamldoc.inline(change.value)}")
        elif labels.wrong:
            show("no edit of the kinds known here is right about all of them")
    if as_json:
        edit = {"key": change.key, "value": change.value, "words": change.words} if change else None
        counts = {"found": labels.found, "right": labels.right, "missed": labels.missed}
        row(
            {"item": labels.item.id, "rule": rule_id, "file": labels.test_file, **counts, "edit": edit, "written": done}
        )
    return 0 if done else 1


def _one(bench: Bench, target: str) -> Item:
    items, error = bench.read(target)
    if error or len(items) != 1:
        why = error or f"there are {len(items)} items in it; a label is of one"
        raise UsageError(f"{clean(target)}: {clean(why)}")
    return items[0]


@dataclass(frozen=True)
class Labelled:
    """An item with its label, as the tests of the rule have it."""

    item: Item
    feed: Feed
    good: bool


class Labels:
    """A rule's tests with the new label among them, and what the rule makes of each."""

    def __init__(self, shelf: Shelf, bench: Bench, rule: LoadedRule, item: Item, *, good: bool) -> None:
        self.shelf, self.bench, self.rule, self.item, self.good = shelf, bench, rule, item, good
        self.path = rule.rule.file
        self.source = shelf.sources[self.path]
        self.index = shelf.index(rule)
        self.library = Library()

    # --- the test -----------------------------------------------------------------------------------

    @cached_property
    def test_file(self) -> str | None:
        """Beside the rule file, where the tests of this rule are; None where the item is spelled out."""
        return f"tests/{self.rule.rule.id}/{self.item.id}.txt" if self._content is not None else None

    @cached_property
    def _content(self) -> bytes | None:
        return as_file(self.item, f"{self.item.id}.txt")

    @cached_property
    def edits(self) -> list[FileEdit]:
        """The article, where it gets a file, and the rule file with its test; with the rule's id written down."""
        expect = self._expected()
        item: dict[str, yamldoc.Data] = {"file": self.test_file} if self.test_file else spelled_out(self.item)
        named = written.with_id(self.source, self.index, self.rule.rule.id)
        after = written.with_test(named, self.index, {**item, "expect": expect})
        rule_file = FileEdit(path=self.path, before=self.source, after=after)
        if self.test_file is None or self._content is None:
            return [rule_file]
        path = os.path.normpath(Path(self.path).parent / self.test_file)
        before = Path(path).read_bytes() if os.path.isfile(path) else None  # noqa: PTH113
        return [FileEdit(path=path, before=before, after=self._content, long=True), rule_file]

    def _expected(self) -> str:
        if not self.good:
            return "no match"
        return "denial" if self._marked(self._asked(self.compiled, self.labelled[0])) else "match"

    def _marked(self, found: Explanation) -> bool:
        return found.matched and found.denial and self.rule.rule.denials is Denials.MARK

    # --- what the rule makes of the labels ----------------------------------------------------------

    @cached_property
    def compiled(self) -> CompiledRule:
        assert self.rule.tree is not None, "asked for before"
        return compile_rule(self.rule.rule, self.rule.tree)

    @cached_property
    def labelled(self) -> tuple[Labelled, ...]:
        """The new one first; tests whose item cannot be read are left out and said."""
        new = RuleTest(expect="match", path=self.item.id)
        made = [Labelled(*self._set(new, self.item), good=self.good)]
        own = self.test_file and os.path.normpath(Path(self.path).parent / self.test_file)
        for test in self.rule.tests:
            if test.path is not None and test.path == own:
                continue
            items, error = self.bench.read(test.path) if test.path is not None else ((None,), None)
            if error or len(items) != 1:
                note(f"the test of {clean(selftest.named(test))} is left out: it cannot be read")
                continue
            made.append(Labelled(*self._set(test, items[0]), good=test.expect != "no match"))
        return tuple(made)

    def _set(self, test: RuleTest, read: Item | None) -> tuple[Item, Feed]:
        feed = selftest.setting(test, self.compiled.rule, {f.id: f for f in self.shelf.settings.feeds})
        return selftest.item_of(test, read, feed), feed

    @cached_property
    def asked(self) -> tuple[Explanation, ...]:
        return tuple(self._asked(self.compiled, one) for one in self.labelled)

    def _asked(self, compiled: CompiledRule, one: Labelled) -> Explanation:
        return explain(compiled, one.item, one.feed)

    @property
    def found(self) -> int:
        return sum(asked.matched for asked in self.asked)

    @property
    def right(self) -> int:
        return sum(asked.matched and one.good for asked, one in zip(self.asked, self.labelled, strict=True))

    @property
    def missed(self) -> int:
        return sum(one.good and not asked.matched for asked, one in zip(self.asked, self.labelled, strict=True))

    @property
    def wrong(self) -> bool:
        return self.right < self.found or self.missed > 0

    def summary(self) -> str:
        """The precision so far, and what is missed."""
        of = (
            f"{self.right} of {self.found} labelled items it finds are right"
            if self.found
            else "it finds none of its labelled items"
        )
        share = f" (precision {self.right / self.found:.0%})" if self.found else ""
        missed = f"; {self.missed} good one{'s' if self.missed != 1 else ''} it does not find" if self.missed else ""
        return f"{self.rule.rule.id}: {of}{share}{missed}"

    # --- the edit -----------------------------------------------------------------------------------

    def proposal(self) -> Change | None:
        """The smallest edit that is right about every label, tried on each; None where the rule is right already."""
        if not self.wrong:
            return None
        widened = self._widened()
        tried = [*widened, *self._narrowed(written.data(self.source, self.index), self.asked)]
        return best(tried, self._holds) or next(filter(None, map(self._both, widened)), None)

    def _widened(self) -> list[Change]:
        """Of a rule that does not find a good item: the edits by which it would."""
        made = []
        for asked, one in zip(self.asked, self.labelled, strict=True):
            edit = suggest(self.compiled.tree, Document(one.item, one.feed)) if one.good and not asked.matched else None
            if edit and "match" in written.data(self.source, self.index):
                words = f"find “{clean(one.item.title)}”"
                made.append(Change(price=0.5, key="match", value=written.block(edit.expression), words=words))
        return made

    def _narrowed(self, rule: Mapping[str, Any], asked: Sequence[Explanation]) -> Iterator[Change]:
        """Of a rule that finds bad items: the edits by which it might not."""
        pairs = list(zip(asked, self.labelled, strict=True))
        wrong = [_text(one, found) for found, one in pairs if found.matched and not one.good]
        right = [_text(one, found) for found, one in pairs if one.good]
        return changes(rule, wrong, right) if wrong else iter(())

    def _both(self, widened: Change) -> Change | None:
        """A rule that was made to find more, drawn closer where it then finds too much."""
        compiled = self._compiled(widened)
        if compiled is None:
            return None
        rule = {**written.data(self.source, self.index), widened.key: widened.value}
        closer = self._narrowed(rule, [self._asked(compiled, one) for one in self.labelled])
        found = best((change for change in closer if change.key == widened.key), self._holds)
        return replace(found, words=f"{widened.words}, and {found.words}") if found else None

    def _holds(self, change: Change) -> bool:
        """Whether the rule so changed is right about every label."""
        compiled = self._compiled(change)
        return compiled is not None and all(self._asked(compiled, one).matched == one.good for one in self.labelled)

    def _compiled(self, change: Change) -> CompiledRule | None:
        """The rule so changed, loaded as it would be from its file; None where it would be wrong there."""
        alone = yamldoc.edit(self.alone, ("rules", 0, change.key), change.value)
        loaded = checked_rules({**self.shelf.sources, self.path: alone}, self.shelf.settings, self.library)
        rule = next((each for each in loaded.rules if each.rule.file == self.path), None)
        return compile_rule(rule.rule, rule.tree) if rule and rule.tree else None

    @cached_property
    def alone(self) -> bytes:
        return written.alone(self.source, self.index)

    def changed(self, change: Change) -> FileEdit:
        """The rule file, as it is after the label, with the change."""
        before = self.edits[-1].after
        return FileEdit(
            path=self.path, before=before, after=yamldoc.edit(before, ("rules", self.index, change.key), change.value)
        )


def _text(one: Labelled, asked: Explanation) -> Text:
    found = tuple(span.text for span in asked.evidence)
    return Text(text=f"{one.item.title}\n\n{one.item.text}", found=found)
