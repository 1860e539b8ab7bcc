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

from watcher.cli.answers import answer, lines, verdict
from watcher.cli.bench import open_bench
from watcher.cli.common import clean, config_path_or_none, note, options, paint, row, say, show_findings
from watcher.errors import UsageError
from watcher.model import Item
from watcher.rules.codes import Code, about

_CODE = re.compile(r"[EW]\d{3}", re.IGNORECASE)
WIDTH = 76
LARGEST = 2**20
"""Bytes of a file whose lines are looked at."""


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
    """Show what the rules make of each ITEM, and why.

    ITEM is a file, a folder, a URL, or the id of a stored item. Or a code of `check`, to be told what it means: watcher
    explain E104.
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
            found, error = bench.read(target)
            if error:
                bad += 1
                note(f"watcher: {clean(target)}: {clean(error)}")
            source = _source(target) if len(found) == 1 else None
            for item in found:
                for compiled in asked:
                    made = answer(compiled, item, bench.feed(item.feed), source)
                    named = {"item": target if len(found) == 1 else item.id, "rule": None if expression else rule}
                    _print(made | named | ({} if expression else {"rule": made["rule"]}), item, as_json=as_json)
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


def _print(found: Mapping[str, Any], item: Item, *, as_json: bool) -> None:
    if as_json:
        row(found)
        return
    title = paint(clean(item.title), bold=True)
    say(f"{verdict(found)}  {clean(found['rule'] or 'the expression')}  on  {title}")
    say(f"  {clean(str(found['item']))}")
    for line in lines(found, item):
        say(line)
    say()


def _source(target: str) -> str | None:
    """What stands in a file, for the lines of it; None for anything else, and for what is larger than any article."""
    if not os.path.isfile(target) or Path(target).stat().st_size > LARGEST:  # noqa: PTH113  this one never raises
        return None
    try:
        return Path(target).read_text("utf-8", errors="replace")
    except OSError:
        return None
