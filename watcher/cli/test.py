"""`watcher test [PATH...]`: the tests that stand beside the rules, and the branches of ORs that none reaches."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from watcher import selftest
from watcher.cli.bench import Bench, bench_over
from watcher.cli.common import (
    clean,
    config_path,
    config_path_or_none,
    no_rule,
    note,
    options,
    paint,
    row,
    say,
    show_findings,
)
from watcher.config import load_config, load_rules, read_rules
from watcher.model import Feed, FindingSeverity, Item, RuleTest, TimelineStep, TimelineTest
from watcher.rules import Loaded, LoadedRule, load
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.printer import to_text
from watcher.selftest import Verdict
from watcher.text.counted import counted
from watcher.text.document import Document


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH...]")
@click.option("--rule", "rule", help="Only the rule with this id.")
@options
def command(paths: Sequence[Path], rule: str | None, config: Path | None, *, as_json: bool) -> int:
    """Run the tests in the rule files. With PATH: in these files and folders. Exit 1 when one fails."""
    found = config_path_or_none(config) if paths else config_path(config)
    settings = load_config(found, os.environ, require_secrets=False) if found else None
    loaded = load(read_rules([str(path) for path in paths])) if paths or settings is None else load_rules(settings)
    errors = [f for f in loaded.findings if f.severity is FindingSeverity.ERROR]
    show_findings(errors)
    verdicts: list[Verdict] = []
    reached = 0
    with bench_over(settings, loaded) as bench:
        for each in _chosen(loaded, rule):
            tried = _Trial(bench, each)
            verdicts += _shown(each, tried.verdicts(), as_json=as_json)
            reached += _tell_unreached(each, tried, as_json=as_json)
    if not as_json:
        say(summary(verdicts, reached))
    return 1 if errors or any(not verdict.passed for verdict in verdicts) else 0


def _chosen(loaded: Loaded, rule: str | None) -> tuple[LoadedRule, ...]:
    if rule is None:
        return loaded.rules
    chosen = tuple(each for each in loaded.rules if each.rule.id == rule)
    if not chosen:
        raise no_rule(rule, (each.rule.id for each in loaded.rules))
    return chosen


class _Trial:
    """The tests of one rule. Documents of items that matched are kept: they say which branches are reached."""

    def __init__(self, bench: Bench, loaded: LoadedRule) -> None:
        self.bench = bench
        self.loaded = loaded
        self.matched: list[Document] = []

    def verdicts(self) -> Iterator[Verdict]:
        rule, tree = self.loaded.rule, self.loaded.tree
        compiled = compile_rule(rule, tree) if tree is not None else None
        if compiled is not None:
            yield from (self._verdict(compiled, test) for test in self.loaded.tests)
        yield from (self._played(compiled, timeline) for timeline in self.loaded.timelines)

    def _verdict(self, compiled: CompiledRule, test: RuleTest) -> Verdict:
        found, error = self._item(test)
        if found is None:
            return selftest.unread(compiled.rule.id, test, error)
        verdict = selftest.judge(compiled, test, *found)
        if verdict.passed and test.expect != "no match":
            self.matched.append(Document(*found))
        return verdict

    def _played(self, compiled: CompiledRule | None, timeline: TimelineTest) -> Verdict:
        rule, items = self.loaded.rule, []
        for step in timeline.steps:
            found, error = self._item(step)
            if found is None:
                return selftest.unplayed(rule.id, timeline, step, error)
            items.append(found)
        channels = self.bench.settings.channels if self.bench.settings else ()
        return selftest.play(rule, compiled, timeline, items, selftest.stage(rule, timeline, channels))

    def _item(self, test: RuleTest | TimelineStep) -> tuple[tuple[Item, Feed] | None, str]:
        """The item of a test, or of a step of one, and the feed it is of; or why it cannot be read."""
        read, error = self._read(test.path) if test.path is not None else (None, None)
        if error is not None:
            return None, error
        settings = self.bench.settings
        feed = selftest.setting(test, self.loaded.rule, {f.id: f for f in settings.feeds} if settings else {})
        return (selftest.item_of(test, read, feed), feed), ""

    def _read(self, path: str) -> tuple[Item | None, str | None]:
        """The one item of a file."""
        if not os.path.isfile(path):  # noqa: PTH113  this one never raises
            return None, "there is no such file"
        items, error = self.bench.read(path)
        if error is None and len(items) != 1:
            error = f"there are {len(items)} items in it; a test is of one"
        return (None, error) if error else (items[0], None)


def _shown(each: LoadedRule, verdicts: Iterator[Verdict], *, as_json: bool) -> Iterator[Verdict]:
    """Print each verdict as it comes."""
    for verdict in verdicts:
        if as_json:
            row(
                {
                    "rule": verdict.rule,
                    "test": verdict.name,
                    "passed": verdict.passed,
                    "message": verdict.message,
                    "file": each.rule.file,
                    "line": verdict.line,
                    "column": verdict.column,
                }
            )
        else:
            _say(each, verdict)
        yield verdict


def _say(each: LoadedRule, verdict: Verdict) -> None:
    word, colour = ("ok", "green") if verdict.passed else ("FAILED", "red")
    place = "" if verdict.passed else f"{clean(each.rule.file)}:{verdict.line}:{verdict.column}: "
    say(f"{paint(f'{word:<7}', fg=colour)}  {place}{clean(verdict.rule)}  {clean(verdict.name)}")
    say(f"         {clean(verdict.message)}")


def _tell_unreached(each: LoadedRule, tried: _Trial, *, as_json: bool) -> int:
    """A line for the branches that no passed test reaches; none where there is no such test at all."""
    branches = selftest.unreached(each.tree, tried.matched) if each.tree and tried.matched else ()
    if branches:
        places = [each.position(branch.at[0]) for branch in branches]
        named = [f"{to_text(b)} ({line}:{column})" for b, (line, column) in zip(branches, places, strict=True)]
        where = f"{each.rule.file}:{places[0][0]}:{places[0][1]}"
        text = f"{where}: {each.rule.id}: no test that matches reaches {', '.join(named)}"
        (note if as_json else say)(clean(text))
    return len(branches)


def summary(verdicts: Sequence[Verdict], unreached: int) -> str:
    """One line for people."""
    failed = sum(not verdict.passed for verdict in verdicts)
    said = [f"{counted(len(verdicts), 'test')} run", f"{failed} failed"]
    said += [f"{counted(unreached, 'branch', 'es')} not reached"] if unreached else []
    return paint(", ".join(said), fg="red" if failed else "green") if verdicts else "there are no tests in these rules"
