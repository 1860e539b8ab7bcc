"""`watcher explain`: what a rule finds in an item and where; for a non-match what is missing, and what comes near."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from watcher.cli.bench import open_bench
from watcher.cli.common import clean, config_path_or_none, note, options, paint, row, say
from watcher.errors import UsageError
from watcher.match import explain
from watcher.model import Feed, Item
from watcher.rules.compile import CompiledRule

AROUND = 60
"""Code points of text shown on either side of a piece of evidence."""


@click.command("explain")
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@click.option("--rules", "rules", type=click.Path(path_type=Path), help="Rules of this file or folder.")
@click.option("--rule", "rule", help="Only the rule with this id.")
@click.option("--match", "expression", help="An expression instead of a rule.")
@options
def command(
    items: Sequence[str],
    rules: Path | None,
    rule: str | None,
    expression: str | None,
    config: Path | None,
    *,
    as_json: bool,
) -> int:
    """Show what the rules make of each ITEM: a file, a folder, a URL, or the id of a stored item."""
    if rule and expression:
        raise UsageError("--rule and --match exclude each other: name a rule or give an expression")
    bad = 0
    with open_bench(config_path_or_none(config), rules) as bench:
        asked = bench.asked(rule, expression)
        for target in items:
            found, error = bench.read(target)
            if error:
                bad += 1
                note(f"watcher: {clean(target)}: {clean(error)}")
            for item in found:
                for compiled in asked:
                    made = answer(compiled, item, bench.feed(item.feed))
                    named = {"item": target if len(found) == 1 else item.id, "rule": None if expression else rule}
                    _print(made | named | ({} if expression else {"rule": made["rule"]}), item, as_json=as_json)
    return 1 if bad else 0


def answer(compiled: CompiledRule, item: Item, feed: Feed) -> dict[str, Any]:
    """What `--json` says of one item and rule. `denial` is null: this version does not judge it."""
    found = explain(compiled, item, feed)
    return {
        "item": item.id,
        "rule": compiled.rule.id,
        "matched": found.matched,
        "denial": None,
        "evidence": [
            {"field": span.field, "start": span.start, "end": span.end, "text": span.text, "term": span.term}
            for span in found.evidence
        ],
        "missing": [{"term": part.term, "nearest": part.nearest} for part in found.missing],
        "scope": found.scope_note,
        "expanded": compiled.rule.expanded,
    }


def _print(found: Mapping[str, Any], item: Item, *, as_json: bool) -> None:
    if as_json:
        row(found)
        return
    verdict = paint("match", fg="green", bold=True) if found["matched"] else paint("no match", fg="red", bold=True)
    say(f"{verdict}  {clean(found['rule'] or 'the expression')}  on  {paint(clean(item.title), bold=True)}")
    say(f"  {clean(str(found['item']))}")
    for line in lines(found, item):
        say(line)
    say()


def lines(found: Mapping[str, Any], item: Item) -> Iterator[str]:
    """An answer for people: the rule spelled out, then each place in the text, or each missing part."""
    yield f"  reads  {clean(found['expanded'])}"
    if found["scope"]:
        yield f"  out of scope: {clean(found['scope'])}"
    for span in found["evidence"]:
        yield evidence_line(span, item)
    for part in found["missing"]:
        near = f"; nearest: “{clean(part['nearest'])}”" if part["nearest"] else "; nothing like it"
        yield f"  missing {paint(clean(part['term']), bold=True)}{near}"


def evidence_line(span: Mapping[str, Any], item: Item) -> str:
    """A piece of evidence in its surroundings, and the term it answers."""
    return f"  {span['field']:<7} {_in_context(span, item)}  {paint('for ' + clean(span['term']), dim=True)}"


def _in_context(span: Mapping[str, Any], item: Item) -> str:
    """The evidence within its surroundings."""
    whole = getattr(item, span["field"], None)
    hit = paint(clean(span["text"]), fg="yellow", bold=True)
    if not isinstance(whole, str):
        return hit
    before = whole[max(0, span["start"] - AROUND) : span["start"]]
    after = whole[span["end"] : span["end"] + AROUND]
    left = "…" if span["start"] > AROUND else ""
    right = "…" if span["end"] + AROUND < len(whole) else ""
    return f"{left}{_edge(before, 'left')}{hit}{_edge(after, 'right')}{right}"


def _edge(text: str, side: str) -> str:
    """One line, keeping the blank that stands next to the evidence."""
    flat = clean(text)
    if side == "left":
        return flat + (" " if text[-1:].isspace() else "")
    return (" " if text[:1].isspace() else "") + flat
