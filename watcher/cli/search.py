"""`watcher search EXPR`: the stored items an expression matches, in the language of the rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from watcher.cli.answers import evidence_line, span_row
from watcher.cli.common import clean, config_path, note, options, paint, row, say, since_option
from watcher.cli.desk import open_desk
from watcher.cli.history import hits
from watcher.model import Match, Revision
from watcher.run.clock import SystemClock
from watcher.text.rfc3339 import rfc3339


@click.command("search")
@click.argument("expression", nargs=-1, required=True, metavar="EXPRESSION...")
@since_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many items.")
@options
def command(
    expression: tuple[str, ...], since: timedelta | None, limit: int, config: Path | None, *, as_json: bool
) -> int:
    """List stored items that match EXPRESSION, newest first. Exit 1 when there is none."""
    found = 0
    with open_desk(config_path(config)) as desk:
        compiled = desk.rules.compiled(" ".join(expression))
        for revision, match in hits(desk.store, compiled, since, SystemClock().now()):
            found += 1
            _show(revision, match, as_json=as_json)
            if found == limit:
                note(f"the newest {limit}; --limit shows more")
                break
    if not found:
        note("nothing stored matches")
    return 0 if found else 1


def _show(revision: Revision, match: Match, *, as_json: bool) -> None:
    item, evidence = revision.item, [span_row(span) for span in match.evidence]
    seen_at = rfc3339(revision.seen_at)
    if as_json:
        seen = {"title": item.title, "url": item.url, "feed": item.feed, "seen_at": seen_at}
        row({"item": item.id, **seen, "evidence": evidence})
        return
    say(f"{item.id}  {seen_at}  {paint(clean(item.title), bold=True)}")
    for span in evidence[:3]:
        say(evidence_line(span, item))
