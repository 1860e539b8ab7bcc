"""`watcher check [PATH...]`: everything that is wrong in the configuration and the rules, before the daemon says it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from watcher.cli.common import config_path, finding_row, options, paint, row, say, show_findings
from watcher.config import Settings, load_config, load_rules, read_rules, time_zones
from watcher.config.collecting import uncollected
from watcher.errors import ConfigError, UsageError
from watcher.model import Finding, FindingSeverity
from watcher.rules import Library, Loaded, load

STRICT = frozenset({"W201"})
"""Warnings that --strict calls errors: who mixes AND and OR is read in two ways."""


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH...]")
@click.option("--strict", is_flag=True, help="Exit 1 at a warning too; AND and OR that are mixed are an error.")
@click.option("--sarif", is_flag=True, help="SARIF 2.1.0 on stdout, for code hosts and editors.")
@click.option("--costs", is_flag=True, help="By what each rule is found among the words of an item, the dearest first.")
@options
def command(
    paths: Sequence[Path], config: Path | None, *, strict: bool, sarif: bool, costs: bool, as_json: bool
) -> int:
    """Check the configuration and its rules. With PATH: these rule files and folders. Exit 1 at an error."""
    if sarif and (as_json or costs):
        other = "--json" if as_json else "--costs"
        raise UsageError(f"--sarif and {other} are two ways to print; give one")
    if costs:
        from watcher.cli.costs import show

        return show(_costed(paths, config), as_json=as_json)
    findings = tuple(_of_rules(paths) if paths else _of_config(config_path(config)))
    findings = tuple(map(_strictly, findings)) if strict else findings
    _show(findings, sarif=sarif, as_json=as_json)
    failing = {FindingSeverity.ERROR, FindingSeverity.WARNING} if strict else {FindingSeverity.ERROR}
    return 1 if any(f.severity in failing for f in findings) else 0


def _strictly(finding: Finding) -> Finding:
    return replace(finding, severity=FindingSeverity.ERROR) if finding.code in STRICT else finding


def _show(findings: Sequence[Finding], *, sarif: bool, as_json: bool) -> None:
    if sarif:
        from watcher.cli.sarif import log

        row(log(findings))
    elif as_json:
        for finding in findings:
            row(finding_row(finding))
    else:
        show_findings(findings)
        say(summary(findings))


def _costed(paths: Sequence[Path], config: Path | None) -> tuple[Loaded, Settings | None]:
    """The rules, and the settings where their database may be known."""
    if paths:
        return _loaded([str(path) for path in paths]), None
    settings = load_config(config_path(config), os.environ, require_secrets=False)
    return load_rules(settings), settings


def _of_rules(paths: Iterable[Path]) -> Iterator[Finding]:
    try:
        yield from _loaded([str(path) for path in paths]).findings
    except ConfigError as error:
        yield from error.findings


@uncollected()
def _loaded(paths: Sequence[str]) -> Loaded:
    library = Library()
    sources = read_rules(paths, library)
    return load(sources, zones=time_zones(sources), library=library)


def _of_config(path: Path) -> Iterator[Finding]:
    from watcher.app.channels import channel_findings  # rule files by themselves need none of it

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
    said = [f"{n:,} {s.value}{'s' if n != 1 else ''}" for s, n in counts.items() if n]
    return ", ".join(said) if said else paint("all good", fg="green")
