"""The first ten minutes: the shipped configuration, its seeds, a file dropped in, an end and a new start."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.stories.house import SEEDS, House, until

PROJECT = Path(__file__).parents[2]
REPORTS = {"000_9461b1638c04e8de", "001_208edcf71334dcaf", "003_6ec8421da3f37b6e", "004_052fcb9e9785bc41"}


@pytest.fixture
def clone(tmp_path: Path) -> House:
    """The shipped files as they are, in a folder of another name."""
    house = House(tmp_path / "some other name")
    shutil.rmtree(house.rules)
    shutil.rmtree(house.config.parent)
    for folder in ("config", "rules", "seeds"):
        shutil.copytree(PROJECT / folder, house.root / folder)
    return house


def test_the_seeds_that_report_strikes_are_alerted_once_and_never_again(clone: House) -> None:
    first = clone.watcher("run", "--once")
    assert first.returncode == 0, first.stderr
    told = [item for row in _strikes(clone) for item in row["items"] if "us-airstrikes-tikrit" in item["rules"]]
    assert sorted(item["url"].rsplit("/", 1)[1].removesuffix(".txt") for item in told) == sorted(REPORTS)
    assert len(_strikes(clone)) < len(REPORTS), "they tell one story"
    assert "*Tikrit*" in first.stdout
    again = clone.watcher("run", "--once")
    assert again.returncode == 0
    assert not again.stdout
    assert "5 items known" in again.stderr
    assert "not told again" in again.stderr


def test_the_daemon_tells_a_dropped_file_and_stops_soon_when_it_is_told_to(clone: House) -> None:
    config = clone.config.read_text("utf-8").replace("interval: 10s", "interval: 1s")
    clone.config.write_text(config, "utf-8")
    with clone.daemon() as daemon:
        daemon.says("us-airstrikes-tikrit")
        (clone.root / "seeds" / "new.txt").write_text("U.S. airstrikes hit Tikrit\n\nJets struck the town at dawn.\n")
        daemon.says("U.S. airstrikes hit Tikrit".replace("U.S.", "*U.S.*").split()[0])
        daemon.says("new.txt")
        code, seconds = daemon.stop(signal.SIGINT)
    assert code == 0
    assert seconds < 20
    with clone.daemon() as daemon:
        until(lambda: "not told again" in daemon.err, "the greeting")
        code, seconds = daemon.stop(signal.SIGTERM)
        assert code == 0
        assert seconds < 20
        assert not daemon.out


def test_a_dry_run_says_what_it_would_send_and_stores_nothing(clone: House) -> None:
    done = clone.watcher("run", "--once", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "would send on console" in done.stdout
    assert not (clone.root / "var").exists()


def test_the_rule_typed_as_is_explains_each_seed(clone: House) -> None:
    files = [f"seeds/{path.name}" for path in sorted(SEEDS.glob("*.txt"))]
    rows = {row["item"]: row for row in clone.rows("explain", "--match", "US airstrikes AND Tikrit", *files)}
    assert [rows[file]["matched"] for file in files] == [True, True, False, True, True]
    texts = {file: {span["text"] for span in rows[file]["evidence"]} for file in files}
    assert "air strikes" in texts[files[0]]
    assert "air strikes" in texts[files[3]]
    assert all("U.S." in texts[files[n]] for n in (0, 1, 4))
    assert not any("us" in found for found in texts.values())
    assert [part["term"] for part in rows[files[2]]["missing"]] == ["Tikrit"]
    lines = {row["target"]: row for row in clone.rows("fetch", *files)}
    for file in files:
        for span in rows[file]["evidence"]:
            assert lines[file][span["field"]][span["start"] : span["end"]] == span["text"]


def _strikes(house: House) -> list[dict[str, Any]]:
    return [
        row
        for row in house.rows("alerts", "list")
        if any(item["rules"] and "us-airstrikes-tikrit" in item["rules"] for item in row["items"])
    ]
