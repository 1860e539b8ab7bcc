"""The watcher's page for Prometheus as a real registry gives it, and what the files beside it ask of it.

`python -m tests.prometheus page` prints the page, `queries` the dashboard's questions as recording rules: for promtool.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import yaml

from tests.fakes import NOON
from watcher.model import (
    AlertState,
    Backlog,
    ChannelName,
    Check,
    Fate,
    Health,
    Present,
    Sizes,
    Status,
)
from watcher.observe.metrics import Metrics, Stored

CONFIG = Path(__file__).parent.parent / "config"
DESK = ChannelName("desk")
PRESENT = Present(
    channels=(DESK,), rules=3, kept=1, errors=1, paused=False, since_good={"poll": 1.0, "alert": 0.5}, lost=2
)
STATUS = Status(
    feeds=7,
    failing=2,
    silent=1,
    blocked=1,
    gaps=3,
    items=12,
    matches=5,
    dispatches={Fate.OPEN: 2, Fate.ALERTED: 3},
    outbox={AlertState.SENT: 3, AlertState.PENDING: 1},
    lag=(),
)
SIZES = Sizes(database=40_960, log=4_096, free=8_192, disk=10**9, oldest=NOON)
STORED = Stored(
    status=STATUS,
    sizes=SIZES,
    backlog={DESK: Backlog(open=2, pending=1, oldest=NOON - timedelta(minutes=2))},
    at=NOON,
)
HEALTH = Health(alive=True, checks=(Check(name="configuration", ok=False, said="1 error"),))


def counted() -> Metrics:
    """Metrics that have counted some of everything."""
    metrics = Metrics()
    metrics.polled("new")
    metrics.polled("failed", "dns")
    metrics.paged("text")
    metrics.stored(2, 1)
    metrics.seen(90.0)
    metrics.tried(DESK, "sent", 0.2)
    metrics.late(0.003)
    return metrics


def page(accept: str = "", stored: Stored | None = STORED) -> str:
    return counted().page(HEALTH, PRESENT, stored, accept)[1].decode()


def queries(board: str | None = None) -> Iterator[tuple[str, str]]:
    """The dashboard's questions, each with its panel's title, variables filled in."""
    dashboard = json.loads(board or (CONFIG / "grafana.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], filled(target["expr"])


def filled(expression: str) -> str:
    return re.sub(r"\$(job|instance)\b", ".*", expression.replace("$__rate_interval", "1m"))


def recording() -> str:
    rules = [{"record": f"panel:{number}", "expr": expr} for number, (_, expr) in enumerate(queries())]
    return yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]})


if __name__ == "__main__":
    sys.stdout.write({"page": page, "queries": recording}[sys.argv[1]]())
