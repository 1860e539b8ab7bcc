"""What the jobs decide without any port; their ways through real ports are the invariants' and the stories'."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.nouns import DESK, QUAKE, revision
from watcher.model import Severity
from watcher.story import dispatches


@pytest.mark.parametrize(
    ("severity", "told"),
    [(Severity.CRITICAL, Severity.HIGH), (Severity.LOW, Severity.INFO), (Severity.INFO, Severity.INFO)],
)
def test_a_denial_is_told_one_severity_lower_and_never_below_the_lowest(severity: Severity, told: Severity) -> None:
    rule = replace(QUAKE, severity=severity)
    assert [d.severity for d in dispatches(rule, revision(), [DESK], denial=True)] == [told]
    assert [d.severity for d in dispatches(rule, revision(), [DESK])] == [severity]
