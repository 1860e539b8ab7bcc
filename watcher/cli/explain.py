"""`watcher explain`: what a rule finds in an item and where; for a non-match what is missing, and what comes near."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import wrap
from typing import Any

import click

from watcher.cli.afresh import fresh_lines, fresh_row
from watcher.cli.answers import answer, lines, verdict
from watcher.cli.bench import Bench, Kept, open_bench
from watcher.cli.common import clean, config_path_or_none, note, options, paint, row, say, show_findings
from watcher.cli.structure import account_lines, article_row, block_rows, lifted_line
from watcher.errors import UsageError
from watcher.match import explain
from watcher.model import Item
from watcher.normalise.again import judged_again
from watcher.rules.codes import Code, about
from watcher.rules.compile import CompiledRule
from watcher.text.counted import counted
from watcher.text.document import Document

_CODE = re.compile(r"[EW]\d{3}", re.IGNORECASE)
WIDTH = 76
MANY = 100
"""Rules; of more than these people are shown those that match, and how many others there are."""
LARGEST = 2**20
"""Bytes of a file whose lines are looked at."""


@click.command("explain")
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@click.option("--rules", "rules", type=click.Path(path_type=Path), help="Rules of this file or folder.")
@click.option("--rule", "rule", help="Only the rule with this id.")
@click.option("--match", "expression", help="An expression instead of a rule.")
@click.option(
    "--fresh", is_flag=True, help="Judge a stored item, by id or URL, again, and show what would be otherwise."
)
@click.option("--blocks", is_flag=True, help="Show every block of the item, and what it is to the article.")
@options
def command(
    items: Sequence[str],
    rules: Path | None,
    rule: str | None,
    expression: str | None,
    config: Path | None,
    *,
    fresh: bool,
    blocks: bool,
    as_json: bool,
) -> int:
    """Show what the rules make of each ITEM, and why. And what of it is the article's text, and what is not.

    ITEM is a file, a folder, a URL, or the id of a stored item, whose text is the one that was stored. Or a code of
    `check`, to be told what it means: watcher explain E104.
    """
    codes = [code for item in items if (code := about(item))]
    if len(codes) == len(items):
        for code in codes:
            _tell(code, as_json=as_json)
        return 0
    unknown = [item for item in items if _CODE.fullmatch(item) and not about(item) and not Path(item).exists()]
    if unknown:
        raise UsageError(f"there is no code {clean(unknown[0])}; docs/reference.md lists them")
    if rule and expression:
        raise UsageError("--rule and --match exclude each other: name a rule or give an expression")
    bad = 0
    with open_bench(config_path_or_none(config), rules) as bench:
        if rule and rule in bench.rules.silences:
            raise UsageError(f"rule {clean(rule)} watches for silence, which no item shows; test it in a timeline")
        asked = bench.asked(rule, expression)
        if expression:
            show_findings(bench.rules.warnings(expression), expression)
        for target in items:
            found, kept, error = bench.found(target, stored=fresh)
            if error:
                bad += 1
                note(f"watcher: {clean(target)}: {clean(error.removeprefix(f'{target}: '))}")
            source = _source(target) if len(found) == 1 else None
            for item in found:
                told = _Told(bench, item, kept, target if len(found) == 1 else item.id, fresh=fresh)
                shown = asked if as_json or len(asked) <= MANY else told.true(asked)
                for compiled in shown:
                    made = answer(compiled, item, bench.feed(item.feed), source)
                    told.rule(compiled, made | {"rule": None if expression else made["rule"]}, as_json=as_json)
                if not as_json:
                    told.others(len(asked) - len(shown))
                    told.article(blocks=blocks)
    return 1 if bad else 0


def _tell(code: Code, *, as_json: bool) -> None:
    if as_json:
        row(asdict(code))
        return
    say(f"{paint(code.code, bold=True)}  {code.title}")
    say()
    for line in wrap(code.means, WIDTH):
        say(f"  {line}")
    for heading, source in (("This is wrong:", code.example), ("This is right:", code.mended)):
        say()
        say(f"  {heading}")
        for line in source.splitlines():
            say(f"    {line}")


class _Told:
    """An item, as it is told under each rule and once for itself; `name` is what it was asked for by."""

    def __init__(self, bench: Bench, item: Item, kept: Kept | None, name: str, *, fresh: bool) -> None:
        self.item = item
        self.name = name
        self.feed = bench.feed(item.feed)
        self.kept = kept
        self.now = judged_again(item, self.feed, kept.learned) if fresh and kept else None
        self.fresh = fresh_row(item, self.now) if self.now else None

    def rule(self, compiled: CompiledRule, made: Mapping[str, Any], *, as_json: bool) -> None:
        """What a rule makes of it."""
        now = self._now(compiled)
        if as_json:
            row({**made, "item": self.name, **self._read(), "fresh": self.fresh and {**self.fresh, **now}})
            return
        title = paint(clean(self.item.title), bold=True)
        say(f"{verdict(made)}  {clean(made['rule'] or 'the expression')}  on  {title}")
        say(f"  {clean(self.name)}")
        for line in lines(made, self.item):
            say(line)
        if now and (now["matched"], now["denial"]) != (made["matched"], made["denial"]):
            say(f"  judged again it would be: {verdict(now)}")
        say()

    def true(self, rules: Sequence[CompiledRule]) -> list[CompiledRule]:
        """Those whose expressions are true of it, as it is or as it would be judged now."""
        documents = [Document(item, self.feed) for item in (self.item, self.now) if item]
        return [rule for rule in rules if any(rule.root.true(document) for document in documents)]

    def others(self, count: int) -> None:
        """How many rules were not told of."""
        if count:
            verb = "does" if count == 1 else "do"
            say(f"{counted(count, 'rule')} {verb} not match; --rule ID tells what one of them misses, --json of all")
            say()

    def article(self, *, blocks: bool) -> None:
        """How it was read, once for all rules."""
        say(f"{paint(clean(self.item.title), bold=True)}, as it was read:")
        say(f"  {lifted_line(self.item)}")
        for line in account_lines(self.item, blocks=blocks):
            say(line)
        for line in self.kept.story_lines if self.kept else ():
            say(f"  {line}")
        if self.fresh:
            for line in fresh_lines(self.item, self.fresh):
                say(line)
        say()

    def _now(self, compiled: CompiledRule) -> dict[str, bool]:
        """What the rule makes of it as it would be now."""
        if self.now is None:
            return {}
        found = explain(compiled, self.now, self.feed)
        return {"matched": found.matched, "denial": found.denial}

    def _read(self) -> dict[str, Any]:
        return {
            "article": article_row(self.item),
            "blocks": block_rows(self.item),
            "story": self.kept and self.kept.story_row,
        }


def _source(target: str) -> str | None:
    """What stands in a file, for the lines of it; None for anything else, and for what is larger than any article."""
    if not os.path.isfile(target) or Path(target).stat().st_size > LARGEST:  # noqa: PTH113  this one never raises
        return None
    try:
        return Path(target).read_text("utf-8", errors="replace")
    except OSError:
        return None
