"""`watcher rules`: what rules there are, one of them whole, a new one, ids written down, rules of other programs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click

from watcher.cli import importing
from watcher.cli.answers import evidence_line
from watcher.cli.common import clean, config_path, no_rule, note, options, paint, row, say, show_findings
from watcher.cli.edits import FileEdit, offer
from watcher.cli.history import hits
from watcher.cli.pulse import ago
from watcher.cli.rulebook import Rulebook
from watcher.config import Settings, load_config, read_rules
from watcher.config.rulefiles import checked_rules
from watcher.config.watching import is_rule_file
from watcher.errors import ConfigError, StoreError, UsageError
from watcher.model import Finding, FindingSeverity, Match, Revision, Severity
from watcher.ports import Clock
from watcher.rules import Library, Loaded, LoadedRule, written
from watcher.rules.compile import CompiledRule, compile_rule
from watcher.rules.nodes import Alias, Node
from watcher.rules.shape import children
from watcher.run.clock import SystemClock
from watcher.store import open_store
from watcher.yamldoc import written as text_of

BACK = timedelta(days=30)
"""How far back a new rule is tried."""
SHOWN = 5
"""Hits of a new rule that are shown."""


@dataclass(frozen=True)
class Shelf:
    """A configuration, its rule files and what they say."""

    settings: Settings
    sources: Mapping[str, bytes]
    loaded: Loaded

    def rule(self, rule_id: str) -> LoadedRule:
        """Raises UsageError."""
        found = next((each for each in self.loaded.rules if each.rule.id == rule_id), None)
        if found is None:
            raise no_rule(rule_id, (each.rule.id for each in self.loaded.rules))
        return found

    def index(self, rule: LoadedRule) -> int:
        found = written.index_at(self.sources[rule.rule.file], rule.rule.line)
        assert found is not None, "the rule was loaded from this file"
        return found


def open_shelf(config: Path | None) -> Shelf:
    """Errors of the rules are told on stderr. Raises ConfigError for what cannot be read."""
    settings = load_config(config_path(config), os.environ, require_secrets=False)
    sources = read_rules(settings.rules)
    loaded = checked_rules(sources, settings, Library())
    show_findings(f for f in loaded.findings if f.severity is FindingSeverity.ERROR)
    return Shelf(settings, sources, loaded)


@click.group("rules")
def command() -> None:
    """List the rules, show one, add one, import those of others."""


# --- looking ----------------------------------------------------------------------------------------


@command.command("list")
@options
def listing(config: Path | None, *, as_json: bool) -> int:
    """List every rule. Its id, title, place, severity, whom it tells, the vocabulary it uses. Exit 1 at an error."""
    shelf = open_shelf(config)
    for each in shelf.loaded.rules:
        if as_json:
            row(_row(each))
        else:
            rule = each.rule
            names = " ".join(f"@{name}" for name in _vocabulary(each.tree))
            told = ", ".join(rule.notify) or "all channels"
            say(f"{paint(clean(rule.id), bold=True)}  {clean(rule.title)}")
            say(f"  {clean(rule.file)}:{rule.line}  {rule.severity.word}, to {clean(told)}  {names}".rstrip())
    if not shelf.loaded.rules:
        note("no rules")
    return 1 if any(f.severity is FindingSeverity.ERROR for f in shelf.loaded.findings) else 0


@command.command("show")
@click.argument("rule_id", metavar="ID")
@options
def show(config: Path | None, rule_id: str, *, as_json: bool) -> int:
    """Show one rule as it is written. And as the expression it stands for, with the vocabulary spelled out."""
    shelf = open_shelf(config)
    each = shelf.rule(rule_id)
    text = text_of(shelf.sources[each.rule.file], ("rules", shelf.index(each)))
    if as_json:
        row(_row(each) | {"written": text, "expression": each.rule.expression, "expanded": each.rule.expanded})
        return 0
    say(paint(f"{clean(each.rule.file)}:{each.rule.line}", dim=True))
    for line in text.splitlines():
        say(line)
    say(f"reads  {clean(each.rule.expanded)}")
    return 0


def _row(each: LoadedRule) -> dict[str, Any]:
    rule = each.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "file": rule.file,
        "line": rule.line,
        "severity": rule.severity.word,
        "notify": list(rule.notify),
        "vocabulary": _vocabulary(each.tree),
    }


def _vocabulary(tree: Node | None) -> list[str]:
    """The names it uses, those inside other entries left out."""
    return list(dict.fromkeys(_names(tree))) if tree else []


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Alias):
        yield node.name
    else:
        for child in children(node):
            yield from _names(child)


# --- writing ----------------------------------------------------------------------------------------


@command.command("add")
@click.argument("expression", nargs=-1, required=True, metavar="EXPRESSION...")
@click.option("--to", "channels", multiple=True, metavar="CHANNEL", help="Whom it tells; may be given several times.")
@click.option("--title", help="Its title; else the expression.")
@click.option("--id", "rule_id", help="Its id; else made of the title.")
@click.option("--severity", type=click.Choice([s.word for s in Severity]), help="Its severity.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="The rule file; else the only one there is, or added.yaml."
)
@click.option("--yes", is_flag=True, help="Write without asking.")
@options
def add(
    expression: Sequence[str],
    config: Path | None,
    *,
    channels: Sequence[str],
    title: str | None,
    rule_id: str | None,
    severity: str | None,
    file: Path | None,
    yes: bool,
    as_json: bool,
) -> int:
    """Write a rule for EXPRESSION into a rule file. First it shows what that would have found in the last 30 days."""
    shelf = open_shelf(config)
    text = " ".join(expression).strip()
    Rulebook(shelf.loaded).compiled(text)  # its mistakes are told in its own columns
    taken = {each.rule.id for each in shelf.loaded.rules}
    if rule_id in taken:
        raise UsageError(f"the id {clean(rule_id)} is taken; `watcher rules show {clean(rule_id)}` shows by what")
    new_id = rule_id or written.free_id(title or text, taken)
    entry = written.entry(new_id, title or " ".join(text.split()), text, severity=severity, notify=channels)
    edit = _added(shelf, entry, file)
    compiled = _compiled(shelf, edit, new_id)
    found = _show_hits(shelf.settings, compiled, SystemClock(), as_json=as_json)
    done = offer([edit], f"Add it to {edit.path}?", yes=yes, as_json=as_json)
    if as_json:
        row({"rule": new_id, "file": edit.path, "hits": found, "written": done})
    elif done:
        say(f"added {new_id}")
    return 0 if done else 1


def _added(shelf: Shelf, entry: Mapping[str, Any], file: Path | None) -> FileEdit:
    path = _named(shelf, file) if file else _home(shelf) or str(_folder(shelf) / "added.yaml")
    before = shelf.sources.get(path)
    return FileEdit(path=path, before=before, after=written.with_rule(before or written.EMPTY, entry))


def _named(shelf: Shelf, file: Path) -> str:
    """The rule file that --file means, there already or not. Raises UsageError for one that would not be read."""
    place = os.path.realpath(file)
    known = next((path for path in shelf.sources if os.path.realpath(path) == place), None)
    roots = [os.path.realpath(root) for root in shelf.settings.rules]
    if known or (is_rule_file(file.name) and any(Path(place).is_relative_to(root) for root in roots)):
        return known or str(file)
    where = ", ".join(shelf.settings.rules)
    raise UsageError(f"{clean(str(file))} would not be read: rules are the .yaml files in {clean(where)}")


def _home(shelf: Shelf) -> str | None:
    """The one file that has rules; with several of them nobody but the author knows where a rule belongs."""
    files = {each.rule.file for each in shelf.loaded.rules}
    return files.pop() if len(files) == 1 else None


def _folder(shelf: Shelf) -> Path:
    roots = [Path(root) for root in shelf.settings.rules]
    return next((root for root in roots if root.is_dir()), roots[0].parent)


def _compiled(shelf: Shelf, edit: FileEdit, new_id: str) -> CompiledRule:
    """The rule as it will be loaded from its file; what the files would then be warned of is shown. Raises ConfigError
    with what would be wrong.
    """
    loaded = checked_rules({**shelf.sources, edit.path: edit.after}, shelf.settings, Library())
    news = [f for f in loaded.findings if f not in shelf.loaded.findings]
    new = next((each for each in loaded.rules if each.rule.id == new_id), None)
    if new is None or new.tree is None:
        raise RefusedError(news, edit.path)
    show_findings(news)
    return compile_rule(new.rule, new.tree)


class RefusedError(ConfigError):
    """The rule would be wrong where it is to stand: exit 1, like a bad rule."""

    exit_code = 1

    def __init__(self, findings: Sequence[Finding], path: str) -> None:
        super().__init__(findings)
        self.args = (f"nothing was written: {path} would have an error",)


def _show_hits(settings: Settings, compiled: CompiledRule, clock: Clock, *, as_json: bool) -> int | None:
    """How many stored items of the last 30 days it matches, the newest with their evidence; None without a database."""
    show = note if as_json else say
    try:
        store = open_store(settings.store_url, read_only=True)
    except StoreError as error:
        show(f"what it would have found is not known: {error}")
        return None
    try:
        found = hits(store, compiled, BACK, clock.now())
        newest = list(islice(found, SHOWN))
        count = len(newest) + sum(1 for _ in found)
    finally:
        store.close()
    show(f"in the last {BACK.days} days it would have found {count} item{'s' if count != 1 else ''}")
    for revision, match in newest:
        for line in _hit(revision, match, clock):
            show(line)
    return count


def _hit(revision: Revision, match: Match, clock: Clock) -> Iterator[str]:
    item = revision.item
    denial = "[denial] " if match.denial else ""
    yield f"  {denial}{paint(clean(item.title), bold=True)}  {ago(revision.seen_at, clock.now())}"
    terms = {span.term: span for span in reversed(match.evidence)}
    for span in sorted(terms.values(), key=match.evidence.index)[:2]:
        where = {"field": span.field, "start": span.start, "end": span.end, "text": span.text, "term": span.term}
        yield f"  {evidence_line(where, item)}"


@command.command("ids")
@click.option("--yes", is_flag=True, help="Write without asking.")
@options
def ids(config: Path | None, *, yes: bool, as_json: bool) -> int:
    """Write down the id of every rule that has none. Then its title may change and its history stays."""
    shelf = open_shelf(config)
    edits, named = [], []
    for path, source in shelf.sources.items():
        after = source
        for index in written.without_ids(source):
            each = next((e for e in shelf.loaded.rules if e.rule.file == path and shelf.index(e) == index), None)
            if each:
                after = written.with_id(after, index, each.rule.id)
                named.append((each.rule.id, path))
        if after != source:
            edits.append(FileEdit(path=path, before=source, after=after))
    if not edits:
        note("every rule has its id")
        return 0
    done = offer(edits, f"Write {len(named)} id{'s' if len(named) != 1 else ''}?", yes=yes, as_json=as_json)
    if as_json:
        for rule_id, path in named:
            row({"rule": rule_id, "file": path, "written": done})
    return 0 if done else 1


command.add_command(importing.command)
