"""What the page for Prometheus says, and that documents, alerts and dashboard speak of what is on it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain

from tests import prometheus
from tests.fakes import Desk, watched
from tests.lives import Twisted, once
from tests.stories.house import rss
from watcher.errors import StoreUnavailable
from watcher.model import Check, Health
from watcher.observe.metrics import Metrics
from watcher.ports import Store
from watcher.run.pages import LEAST, Numbers, pages
from watcher.run.serve import Answer
from watcher.store import open_store

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs/how-to-metrics.md").read_text("utf-8")
RULES = yaml.safe_load((ROOT / "config/prometheus-rules.yaml").read_text("utf-8"))["groups"][0]["rules"]
BOARD = json.loads((ROOT / "config/grafana.json").read_text("utf-8"))
PROMETHEUS_OWN = {"up"}


def samples(text: str) -> dict[str, float]:
    """Each sample with its labels, as they stand on a page."""
    lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def families(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    """The page's metrics as a query names them: type and labels."""
    found = {}
    for family in plain(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = frozenset(label for sample in family.samples for label in sample.labels) - {"le"}
        found[name] = (family.type, labels)
    return found


def asked(expression: str) -> set[str]:
    """The metrics that an expression asks for."""
    return set(re.findall(r"\b(?:(?:watcher|process)_\w+|up)\b", re.sub(r'"[^"]*"', "", expression)))


def on_a_page(name: str) -> bool:
    return name in PROMETHEUS_OWN or name.removesuffix("_bucket") in families(prometheus.page())


# --- the page -----------------------------------------------------------------------------------------------


def test_what_was_counted_and_what_is_stands_on_the_page() -> None:
    found = samples(prometheus.page())
    assert found['watcher_polls_total{outcome="new"}'] == 1
    assert found['watcher_polls_total{outcome="unchanged"}'] == 0
    assert found['watcher_poll_failures_total{kind="dns"}'] == 1
    assert found["watcher_feed_gaps_total"] == 3
    assert found["watcher_items_seen_total"] == 2
    assert found["watcher_matches_found_total"] == 1
    assert found['watcher_sends_total{channel="desk",outcome="sent"}'] == 1
    assert found['watcher_sends_total{channel="desk",outcome="dead"}'] == 0
    assert found['watcher_publish_to_seen_seconds_bucket{le="60.0"}'] == 0
    assert found['watcher_publish_to_seen_seconds_bucket{le="150.0"}'] == 1
    assert found['watcher_seen_to_sent_seconds_bucket{channel="desk",le="0.25"}'] == 1
    assert found['watcher_feeds{state="ok"}'] == 3
    assert found['watcher_feeds{state="blocked"}'] == 1
    assert found['watcher_feeds{state="failing"}'] == 2
    assert found['watcher_matches{fate="open"}'] == 2
    assert found['watcher_alerts{state="dead"}'] == 0
    assert found['watcher_alerts_pending_age_seconds{channel="desk"}'] == 120
    assert found['watcher_rules{state="kept"}'] == 1
    assert found["watcher_ready"] == 0
    assert found['watcher_check{check="configuration"}'] == 0
    assert found["watcher_log_lines_lost_total"] == 2
    assert found["watcher_disk_free_bytes"] == 1e9
    assert found["process_resident_memory_bytes"] > 1e6


def test_both_formats_say_the_same() -> None:
    text = prometheus.page("application/openmetrics-text; version=1.0.0,text/plain;q=0.5")
    assert text.endswith("# EOF\n")
    names = {family.name for family in openmetrics(text)}  # type: ignore[no-untyped-call]
    assert names == {family.name for family in plain(prometheus.page())}


def test_without_the_store_there_is_all_that_it_does_not_know() -> None:
    found = samples(prometheus.page(stored=None))
    assert found["watcher_store_readable"] == 0
    assert found['watcher_polls_total{outcome="new"}'] == 1
    assert not [name for name in found if name.startswith(("watcher_feeds", "watcher_database"))]


def test_a_date_of_tomorrow_is_no_time_at_all() -> None:
    metrics = Metrics()
    metrics.seen(-86_400.0)
    text = metrics.page(prometheus.HEALTH, prometheus.PRESENT, None, "")[1].decode()
    assert samples(text)["watcher_publish_to_seen_seconds_sum"] == 0


def test_nothing_is_left_with_other_programs_of_the_process() -> None:
    prometheus.counted()
    prometheus.counted()
    assert not [family.name for family in REGISTRY.collect() if family.name.startswith("watcher")]


# --- the life of it -------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'watcher.db'}")
    yield opened
    opened.close()


async def test_the_jobs_count_what_they_do(store: Store) -> None:
    desk = Desk(store, watched("wire"), watched("broken"))
    desk.jobs.meter = metrics = Metrics()
    desk.publish("wire", rss([("a-1", "Strike in the harbour"), ("a-2", "Calm at sea")]))
    await once(desk)
    text = await shown(desk, metrics)
    found = samples(text)
    assert found['watcher_polls_total{outcome="new"}'] == 1
    assert found['watcher_polls_total{outcome="failed"}'] == 1
    assert found["watcher_items_seen_total"] == 2
    assert found["watcher_publish_to_seen_seconds_count"] == 2
    assert found["watcher_matches_found_total"] == 1
    assert found['watcher_sends_total{channel="console",outcome="sent"}'] == 1
    assert found['watcher_seen_to_sent_seconds_count{channel="console"}'] == 1
    assert found['watcher_feeds{state="failing"}'] == 1
    assert found["watcher_items"] == 2
    assert found['watcher_matches{fate="alerted"}'] == 1
    for outside in ("wire", "broken", "strike", "harbour", "example"):
        assert outside not in text.lower(), "nothing from outside, and no names of feeds and rules"


async def shown(desk: Desk, metrics: Metrics) -> str:
    made = pages(lambda: prometheus.HEALTH, lambda: prometheus.PRESENT, metrics, desk.jobs)
    return (await made["/metrics"]("")).body.decode()


async def test_looking_often_asks_the_store_now_and_then(store: Store) -> None:
    desk, asked = Desk(store), []

    def status(now: Any) -> Any:
        asked.append(now)
        return store.status(now)

    desk.jobs.store = Twisted(store, status=status)
    numbers = Numbers(desk.jobs)
    found = await asyncio.gather(*(numbers.known() for _ in range(50)))
    assert all(found)
    assert len(asked) == 1
    assert LEAST > 5


async def test_a_store_that_takes_nothing_for_a_while_leaves_the_page_standing(store: Store) -> None:
    desk = Desk(store)

    def status(_: Any) -> Any:
        raise StoreUnavailable("database is locked")

    desk.jobs.store = Twisted(store, status=status)
    assert samples(await shown(desk, Metrics()))["watcher_store_readable"] == 0


def answered(health: Health, path: str, accept: str = "") -> Answer:
    made = pages(lambda: health, lambda: prometheus.PRESENT, Metrics(), None)  # type: ignore[arg-type]  # no job is asked
    return asyncio.run(made[path](accept))  # type: ignore[arg-type]


def test_probes_are_answered_by_what_is_ill() -> None:
    good, bad = Check(name="ticks", ok=True, said="on time"), Check(name="database", ok=False, said="full\nand more")
    ready = Health(alive=True, checks=(good,))
    ill = Health(alive=True, checks=(good, bad))
    stuck = Health(alive=False, checks=(good,))
    assert [answered(each, "/healthz").status for each in (ready, ill, stuck)] == [200, 200, 503]
    assert [answered(each, "/readyz").status for each in (ready, ill, stuck)] == [200, 503, 503]
    assert answered(ill, "/readyz").body == b"not ready\nok  ticks: on time\nill database: full\\nand more\n"
    row = json.loads(answered(ill, "/readyz", "application/json").body)
    assert row["ready"] is False
    assert row["checks"][1] == {"name": "database", "ok": False, "said": "full\nand more"}


# --- what speaks of it ---------------------------------------------------------------------------------------


def test_the_guide_names_each_metric_with_its_type_and_labels_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", GUIDE, re.MULTILINE)
    told = {name: (kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    assert told == families(prometheus.page())


def test_the_guide_names_each_alert_and_no_other() -> None:
    assert re.findall(r"^\| `(Watcher\w+)` \|", GUIDE, re.MULTILINE) == [rule["alert"] for rule in RULES]


def test_each_alert_is_tried_both_ways() -> None:
    tests = yaml.safe_load((ROOT / "tests/data/prometheus-tests.yaml").read_text("utf-8"))["tests"]
    tried = {(case["alertname"], bool(case["exp_alerts"])) for test in tests for case in test["alert_rule_test"]}
    assert tried == {(rule["alert"], fires) for rule in RULES for fires in (True, False)}


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_alerts_ask_for_what_is_on_the_page(rule: dict[str, Any]) -> None:
    names = asked(rule["expr"])
    assert names
    assert all(map(on_a_page, names)), names
    assert {"summary", "description"} == rule["annotations"].keys()


def test_the_dashboard_asks_for_what_is_on_the_page() -> None:
    for title, expression in prometheus.queries():
        names = asked(expression)
        assert names, title
        assert all(map(on_a_page, names)), (title, names)


def test_what_is_on_the_page_is_on_the_dashboard_too() -> None:
    shown = {name.removesuffix("_bucket") for _, expression in prometheus.queries() for name in asked(expression)}
    apart = {name for name in families(prometheus.page()) if not name.startswith("process_")} - shown
    assert apart == {
        "watcher_build_info",
        "watcher_check",
        "watcher_config_last_reload_success_timestamp_seconds",
        "watcher_items",
        "watcher_log_lines_lost_total",
        "watcher_oldest_item_timestamp_seconds",
        "watcher_silences",
        "watcher_store_readable",
    }


def test_the_dashboard_is_one_that_grafana_takes() -> None:
    panels = BOARD["panels"]
    assert BOARD["schemaVersion"] >= 36
    assert BOARD["title"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    variables = {variable["name"] for variable in BOARD["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps(BOARD))) - {"__rate_interval", "__all"}
    assert used == variables
    for panel in panels:
        assert panel["type"] in {"row", "stat", "timeseries"}
        place = panel["gridPos"]
        assert 0 <= place["x"] < place["x"] + place["w"] <= 24
        refs = [target["refId"] for target in panel.get("targets", ())]
        assert len(set(refs)) == len(refs)
        assert panel["type"] == "row" or (refs and panel["datasource"]["uid"] == "${datasource}")
    for one, other in combinations((panel["gridPos"] for panel in panels), 2):
        apart = (one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]) or (
            one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        )
        assert apart, (one, other)
