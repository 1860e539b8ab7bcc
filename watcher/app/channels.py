"""edge: Settings -> what is wrong with the URLs of its channels, in their services' own words. Nothing is sent."""

from __future__ import annotations

from pathlib import Path

from watcher import deliver, yamldoc
from watcher.config import Settings
from watcher.model import ChannelSpec, Finding, FindingSeverity


def channel_findings(settings: Settings) -> tuple[Finding, ...]:
    """Channels whose URL their service does not know, in its own words."""
    known = [(n, spec) for n, spec in enumerate(settings.channels) if "${" not in spec.url]  # else a secret is unset
    found = [(n, spec, deliver.check(spec, allow_private=settings.allow_private)) for n, spec in known]
    bad = [(n, spec, why) for n, spec, why in found if why]
    if not bad:
        return ()
    node, _ = yamldoc.load(Path(settings.path).read_bytes(), settings.path)
    return tuple(_channel_finding(settings.path, node, n, spec, why) for n, spec, why in bad)


def _channel_finding(path: str, root: yamldoc.Node | None, number: int, spec: ChannelSpec, why: str) -> Finding:
    where = yamldoc.at(root, ("channels", number, "url")) if root else None
    return Finding(
        code="E033",
        severity=FindingSeverity.ERROR,
        file=path,
        line=where.line if where else 1,
        column=where.column if where else 1,
        message=f"the channel `{spec.name}` cannot be used: {why}",
        help="try it with `watcher notify test`",
    )
