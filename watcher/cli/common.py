"""What every command shares: its options, and how it speaks to people and to programs.

With --json, stdout carries JSON Lines and nothing else; everything else goes to stderr.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from watcher.cli import PLACES
from watcher.errors import UsageError
from watcher.model import Finding
from watcher.text.rfc3339 import rfc3339
from watcher.text.shown import one_line

F = TypeVar("F", bound=Callable[..., Any])

_CHANNEL_URL = re.compile(r"\b(?!(?:https?|file|console):)([a-z][a-z0-9+.-]*:/+)[^\s\"'#]+", re.IGNORECASE)
_ANY_URL = re.compile(r"\b(?!(?:file|console):)([a-z][a-z0-9+.-]*:/+)[^\s\"'#]+", re.IGNORECASE)
_OF_A_FEED = re.compile(
    r"((?:\bauth|\bproxy|[\w-]*(?:authorization|cookie|token|secret|password|api-?key)[\w-]*)[\"']?\s*:\s*)"
    r"(?![\"']?(?:basic |bearer )?\$\{)[^\s,}][^,}#]*",
    re.IGNORECASE,
)
_TOP_KEY = re.compile(r"([a-z_]+)\s*:")
SECRETIVE = frozenset({"channels", "heartbeat", ""})
"""The parts of a file whose web addresses may give access: so may those of one whose parts are not told apart."""


def options(command: F) -> F:
    """The options every command takes."""

    @click.option(
        "--config",
        "config",
        envvar="WATCHER_CONFIG",
        type=click.Path(path_type=Path),
        help=f"The configuration file; else the first there is of {', '.join(PLACES)}.",
    )
    @click.option("--json", "as_json", is_flag=True, help="JSON Lines on stdout, for programs.")
    @click.option("--debug", is_flag=True, help="Say more, and show where an error came from.")
    @functools.wraps(command)
    def wrapped(*args: Any, debug: bool, **kwargs: Any) -> Any:  # noqa: ARG001 - main looks for it
        return command(*args, **kwargs)

    return wrapped  # type: ignore[return-value]


def config_path(given: Path | None) -> Path:
    """The file to read: the one asked for, or the first of the usual places."""
    if given is not None:
        return given
    for place in PLACES:
        if Path(place).is_file():
            return Path(place)
    raise UsageError(f"no configuration found ({', '.join(PLACES)}); name one with --config PATH")


def config_path_or_none(given: Path | None) -> Path | None:
    """The same for commands that can do without one."""
    return given or next((Path(place) for place in PLACES if Path(place).is_file()), None)


LONGEST = 100 * 365.25 * 86_400.0
"""Seconds a span is taken for at most: before that there were no feeds, and no calendar goes on for ever."""


class Since(click.ParamType[timedelta]):
    """A span of time before now: 30m, 2h, 7d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        from watcher.yamldoc.units import duration

        try:
            return timedelta(seconds=min(duration(str(value)), LONGEST))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Defaulting(click.Group):
    """A group in which one of its commands may be left out: what does not name another is for that one."""

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if known else [self.default, *args])


def since_option(command: F) -> F:
    """--since: look back so far and no further."""
    return click.option("--since", type=Since(), help="Only the last 30m, 2h, 7d ...")(command)


def row(values: Mapping[str, Any]) -> None:
    """One JSON line on stdout; in ASCII, so that it is one line to every program and fits every encoding."""
    click.echo(json.dumps(values, default=_plain))


def say(text: str = "") -> None:
    """A line for people on stdout; colours fall away when nobody sees them."""
    click.echo(text)


def note(text: str) -> None:
    """A line beside the output, on stderr."""
    click.echo(text, err=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def local(moment: datetime, zone: str) -> str:
    """A moment by the clock of a zone, to the minute: "2026-03-01 07:00 GMT"."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %Z")


def span(seconds: float) -> str:
    """A length of time in the largest unit of which it is whole: "2 h", "90 min"."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,g} s"


def wanted(prefix: str, what: str) -> str:
    """The beginning of a name or key as people typed it, as text. Raises UsageError for none: it would mean all."""
    if not prefix.strip():
        raise UsageError(f"an empty argument names no {what}")
    return prefix.encode(errors="replace").decode()


KNOWN = 10
"""Names that are told where none is near."""


def no_rule(name: str, ids: Iterable[str]) -> UsageError:
    """There is no rule of this name among these: the nearest there is, or the first few."""
    return UsageError(f"there is no rule {clean(name)}; {meant(name, ids)}")


def meant(name: str, names: Iterable[str]) -> str:
    """The nearest of these names, or the first few."""
    from watcher.yamldoc import nearest

    known = list(names)
    near = nearest(name, known)
    more = f" and {len(known) - KNOWN} more" if len(known) > KNOWN else ""
    return f"did you mean {near}?" if near else f"known: {', '.join(known[:KNOWN]) or 'none'}{more}"


def clean(text: str) -> str:
    """Text from a feed, safe on a terminal: one line, no control characters."""
    return one_line(text)


def paint(text: str, **style: Any) -> str:
    """Coloured when stdout is a terminal and NO_COLOR is not set."""
    return click.style(text, **style) if colourful() else text


def colourful() -> bool:
    """Whether colours will be seen (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def show_findings(findings: Iterable[Finding], source: str | None = None) -> None:
    """Findings for people, each with its line of source, on stderr; `source` is what was typed, where it is no file."""
    from watcher.rules.lint import format_finding

    _source.cache_clear()  # the file may have been edited since
    for finding in findings:
        note(format_finding(finding, source_line(finding) if source is None else source))


def source_line(finding: Finding) -> str:
    """The line a finding points at, without secrets; empty when the file cannot be read any more."""
    lines = _source(finding.file)
    if not 0 < finding.line <= len(lines):
        return ""
    above = (key[1] for line in reversed(lines[: finding.line]) if (key := _TOP_KEY.match(line)))
    return _masked(lines[finding.line - 1], next(above, ""))


@functools.lru_cache(maxsize=1)
def _source(file: str) -> tuple[str, ...]:
    """A file's lines; none of what is no file, or of more than is ever read of one."""
    from watcher.yamldoc import MAX_BYTES

    if not os.path.isfile(file):  # noqa: PTH113  this one never raises
        return ()
    try:
        with Path(file).open("rb") as source:
            content = source.read(MAX_BYTES + 1)
    except OSError:
        return ()
    return tuple(content.decode("utf-8-sig", "replace").split("\n")) if len(content) <= MAX_BYTES else ()


def _masked(line: str, part: str) -> str:
    """A line without what gives access: it goes to terminals and into the logs of others. A web address may be such a
    thing in some parts of a file: a webhook, or the URL of a heartbeat.
    """
    from watcher.observe import Redactor

    line = _OF_A_FEED.sub(r"\1***", line) if part == "feeds" else line
    return Redactor()((_ANY_URL if part in SECRETIVE else _CHANNEL_URL).sub(r"\1***", line))


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as `check --json` prints it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "help": finding.help,
        "related": _related(finding),
    }


def _related(finding: Finding) -> dict[str, Any] | None:
    """The other place that a finding speaks of."""
    if finding.related is None:
        return None
    line, column, message = finding.related
    return {"file": finding.related_file or finding.file, "line": line, "column": column, "message": message}
