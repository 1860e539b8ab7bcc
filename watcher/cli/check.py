"""`watcher check [PATH...]`: everything that is wrong in the configuration and the rules, before the daemon says it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from watcher.app import channel_findings
from watcher.cli.common import config_path, finding_row, options, paint, row, say, show_findings
from watcher.config import load_config, load_rules, read_rules
from watcher.errors import ConfigError
from watcher.model import Finding, FindingSeverity
from watcher.rules import load


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH...]")
@options
def command(paths: Sequence[Path], config: Path | None, *, as_json: bool) -> int:
    """Check the configuration and its rules, or the rule files and folders given as PATH. Exit 1 at an error."""
    findings = tuple(_of_rules(paths) if paths else _of_config(config_path(config)))
    if as_json:
        for finding in findings:
            row(finding_row(finding))
    else:
        show_findings(findings)
        say(summary(findings))
    return 1 if any(f.severity is FindingSeverity.ERROR for f in findings) else 0


def _of_rules(paths: Sequence[Path]) -> Iterator[Finding]:
    try:
        yield from load(read_rules([str(path) for path in paths])).findings
    except ConfigError as error:
        yield from error.findings


def _of_config(path: Path) -> Iterator[Finding]:
    try:
        settings = load_config(path, os.environ, require_secrets=False)
        yield from settings.findings
        yield from channel_findings(settings)
        yield from load_rules(settings).findings
    except ConfigError as error:
        yield from error.findings


def summary(findings: Sequence[Finding]) -> str:
    """One line for people."""
    counts = {s: sum(f.severity is s for f in findings) for s in FindingSeverity}
    said = [f"{n} {s.value}{'s' if n != 1 else ''}" for s, n in counts.items() if n]
    return ", ".join(said) if said else paint("all good", fg="green")
