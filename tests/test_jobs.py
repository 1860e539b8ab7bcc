"""What the jobs decide without any port; their ways through real ports are the invariants' and the stories'."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest

from tests.contract.nouns import DESK, QUAKE, revision
from watcher.deliver.console import ConsoleSender
from watcher.jobs import Live, Outlet, dispatches
from watcher.match import Ruleset
from watcher.model import ChannelSpec, Severity
from watcher.render import Terminal, render


def live() -> Live:
    sender = ConsoleSender(StringIO(), {})
    spec = ChannelSpec(name=DESK, url="console://")
    outlet = Outlet(spec=spec, render=lambda alert: render(alert, Terminal(), spec), sender=sender)
    return Live(ruleset=Ruleset(()), rules={QUAKE.id: QUAKE}, outlets={DESK: outlet}, operator=())


@pytest.mark.parametrize(
    ("severity", "told"),
    [(Severity.CRITICAL, Severity.HIGH), (Severity.LOW, Severity.INFO), (Severity.INFO, Severity.INFO)],
)
def test_a_denial_is_told_one_severity_lower_and_never_below_the_lowest(severity: Severity, told: Severity) -> None:
    rule = replace(QUAKE, severity=severity)
    assert [d.severity for d in dispatches(live(), rule, revision(), denial=True)] == [told]
    assert [d.severity for d in dispatches(live(), rule, revision())] == [severity]
