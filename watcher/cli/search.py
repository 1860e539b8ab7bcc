"""`watcher search EXPR`: the stored items an expression matches, in the language of the rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from watcher.cli.common import clean, config_path, note, options, paint, rfc3339, row, say, since_option
from watcher.cli.desk import open_desk
from watcher.cli.explain import answer, evidence_line
from watcher.rules.compile import required_terms
from watcher.run.clock import SystemClock

EVERY = 1_000_000
"""Candidates looked at: more than anybody waits for."""


@click.command("search")
@click.argument("expression", nargs=-1, required=True, metavar="EXPRESSION...")
@since_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many items.")
@options
def command(
    expression: tuple[str, ...], since: timedelta | None, limit: int, config: Path | None, *, as_json: bool
) -> int:
    """List stored items that match EXPRESSION, newest first. Exit 1 when there is none."""
    start = SystemClock().now() - since if since else None
    hits = 0
    with open_desk(config_path(config)) as desk:
        compiled = desk.rules.compiled(" ".join(expression))
        for revision in desk.store.search(required_terms(compiled), start, EVERY):
            found = answer(compiled, revision.item, desk.feed(revision.item.feed))
            if not found["matched"]:
                continue
            hits += 1
            if as_json:
                item = revision.item
                seen = {"title": item.title, "url": item.url, "feed": item.feed, "seen_at": rfc3339(revision.seen_at)}
                row({"item": item.id, **seen, "evidence": found["evidence"]})
            else:
                say(f"{revision.item.id}  {rfc3339(revision.seen_at)}  {paint(clean(revision.item.title), bold=True)}")
                for span in found["evidence"][:3]:
                    say(evidence_line(span, revision.item))
            if hits == limit:
                note(f"the newest {limit}; --limit shows more")
                break
    if not hits:
        note("nothing stored matches")
    return 0 if hits else 1
