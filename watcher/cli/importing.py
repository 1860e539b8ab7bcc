"""`watcher rules import FORMAT FILE`: queries and filters of other programs as a rule file, and what changes by it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from watcher.cli.common import clean, note, options, row, say
from watcher.errors import UsageError
from watcher.rules.imports import FORMATS, HEADS, Imported, read, rule_file
from watcher.yamldoc import MAX_BYTES


@click.command("import")
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@options
def command(format_: str, file: Path, config: Path | None, *, as_json: bool) -> int:  # noqa: ARG001
    """Print a rule file with a rule for each query of FILE. And what changes in meaning. Exit 1 if one is left out.

    FORMAT is google-alerts, lucene, miniflux or freshrss; FILE has a query a line, and may be - for what is piped in.
    """
    imported = read(format_, _text(file))
    if not imported:
        raise UsageError(f"{file} holds no query; one stands in each line")
    for head in HEADS[format_]:
        note(f"throughout: {head}")
    for each in imported:
        for said in each.notes:
            note(f"{clean(each.source)}: {clean(said)}")
        if each.expression is None:
            note(f"{clean(each.source)}: not taken over")
        if as_json:
            row(_row(each))
    if not as_json:
        say(rule_file(format_, imported).rstrip("\n"))
    return 1 if any(each.expression is None for each in imported) else 0


def _row(each: Imported) -> dict[str, object]:
    return {"rule": each.id, "source": each.source, "expression": each.expression, "notes": list(each.notes)}


def _text(file: Path) -> str:
    """The file's text. Raises UsageError for one that is too big or not UTF-8, OSError."""
    if str(file) == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UsageError(f"{file} has more than {MAX_BYTES:,} bytes; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8: save it so") from error
