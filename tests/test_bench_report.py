"""A benchmark's report says what was measured: goals, growth, the same figures as text and as a plot."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.bench._plot import drawn
from tests.bench._report import Report, exponent, known, least, shown, traced

PAGE = "in <!-- figure: sorting/ms -->1<!-- end --> ms\n<!-- figures: sorting-size -->\n```text\nold\n```\nafter\n"


def report(folder: Path, *, write: bool = True) -> Report:
    (folder / "page.md").write_text(PAGE, "utf-8")
    made = Report("sorting", write=write, folder=folder / "figures", pages=[folder / "page.md"])
    table = made.table("size", "Sorting by size", {"numbers": ",", "ms": ".2f", "way": ""}, judged="ms")
    table.add(1_000, 0.5, "merge")
    table.add(100_000, 50.0, "merge", most=60)
    table.growth("numbers", "ms")
    table.goal("100,000 against 1,000", 100.0, most=120)
    table.plot("numbers", ["ms"], "ms")
    made.figure("ms", 50.0)
    return made


def test_a_table_is_aligned_and_says_whether_goals_are_met(tmp_path: Path) -> None:
    assert report(tmp_path).end() == 0
    assert (tmp_path / "figures" / "sorting-size.txt").read_text("utf-8").splitlines() == [
        "Sorting by size",
        "",
        "numbers     ms  way               goal",
        "  1,000   0.50  merge",
        "100,000  50.00  merge  at most 60: met",
        "",
        "ms grows with numbers to the power of 1.00",
        "100,000 against 1,000: 100, at most 120: met",
    ]


def test_a_goal_that_is_missed_is_told_at_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = report(tmp_path)
    made.table("ways", "Ways", {"way": "", "times faster": ".1f"}, judged="times faster").add("merge", 2.0, least=3)
    assert made.end() == 1
    assert "sorting-ways merge, times faster: 2, not at least 3" in capsys.readouterr().out


def test_what_is_written_stands_in_the_page_and_in_what_others_reckon_with(tmp_path: Path) -> None:
    report(tmp_path).end()
    table = (tmp_path / "figures" / "sorting-size.txt").read_text("utf-8")
    assert (tmp_path / "page.md").read_text("utf-8") == PAGE.replace("old\n", table).replace(">1<", ">50<")
    assert known(tmp_path / "figures") == {"sorting": {"ms": 50.0}}
    (tmp_path / "figures" / "figures.json").write_text(json.dumps({"other": {"s": 1.0}}), "utf-8")
    report(tmp_path).end()
    assert known(tmp_path / "figures") == {"other": {"s": 1.0}, "sorting": {"ms": 50.0}}


def test_nothing_is_written_unasked(tmp_path: Path) -> None:
    report(tmp_path, write=False).end()
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]


def test_what_was_not_kept_stays_as_it_is(tmp_path: Path) -> None:
    assert shown(PAGE, tmp_path) == PAGE


def test_a_plot_has_every_line_and_is_the_same_for_the_same_figures() -> None:
    lines = {"ours & mine": [(1, 2.0), (10, 20.0)], "theirs": [(1, 3.0), (10, 3.0)]}
    picture = drawn("Time", "rules", "ms", lines, {"goal": [(10, 5.0)]})
    said = [element.text for element in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert {"ours & mine", "theirs", "goal", "rules", "ms", "Time"} < set(said)
    assert picture == drawn("Time", "rules", "ms", lines, {"goal": [(10, 5.0)]})


@pytest.mark.parametrize(("points", "power"), [([(1, 5), (10, 5)], 0), ([(1, 2), (10, 20), (100, 200)], 1)])
def test_growth_is_the_power_by_which_it_grows(points: list[tuple[float, float]], power: float) -> None:
    assert exponent(points) == pytest.approx(power)


def test_time_and_memory_are_those_of_the_work() -> None:
    ran: list[str] = []
    assert len(least(lambda: ran.append("a"), lambda: ran.append("b"), runs=2)) == 2
    assert ran == ["a", "b", "a", "b"]
    made, size = traced(lambda: bytes(2_000_000))
    assert 2.0 <= size < 2.2
    assert len(made) == 2_000_000
