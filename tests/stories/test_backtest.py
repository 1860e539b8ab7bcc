"""What rules would have found in what is stored."""

from __future__ import annotations

import pytest

from tests.servers import Server, page
from tests.stories.house import House, rss, until

NEWS = (
    ("a-1", "Strike reported in the harbour"),
    ("a-2", "Calm day at the harbour"),
    ("a-3", "Second strike in the harbour"),
    ("a-4", "Air strikes on the depot"),
)


@pytest.fixture
def told(house: House, server: Server) -> House:
    """A house that knows four items; the rule `strikes` is live."""
    server["/feed"] = page(rss(NEWS))
    house.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}])
    house.rule("strikes", "strike AND harbour")
    done = house.watcher("run", "--once")
    assert done.returncode == 0, done.stderr
    return house


def test_a_rule_as_edited_is_held_against_the_one_that_is_live(told: House) -> None:
    same = told.watcher("backtest", "strikes")
    assert same.returncode == 0, same.stderr
    assert "2 of 4 items since " in same.stdout
    assert "2 alerts on a channel" in same.stdout
    assert "+0 new, -0 lost" in same.stdout
    told.rule("strikes", "strike AND NOT second")
    edited = told.watcher("backtest", "strikes").stdout
    assert "against the rule as it is: +1 new, -1 lost" in edited
    assert f"{NEWS[3][1]}\n" in edited.partition("  + ")[2]
    assert f"{NEWS[2][1]}\n" in edited.partition("  - ")[2]


def test_an_expression_is_tried_by_itself_or_in_the_place_of_a_rules(told: House) -> None:
    *matches, last = told.rows("backtest", "--match", "harbour")
    assert [row["title"] for row in matches] == [NEWS[2][1], NEWS[1][1], NEWS[0][1]]
    assert matches[0]["evidence"][0]["text"] == "harbour"
    summary = last["summary"]
    assert (summary["items"], summary["matches"], summary["alerts"]) == (4, 3, 3)
    assert (summary["new"], summary["lost"]) == (None, None)
    assert sum(summary["bars"]) == 3
    *_, last = told.rows("backtest", "strikes", "--match", "harbour")
    calm = next(row["item"] for row in matches if row["title"] == NEWS[1][1])
    assert (last["summary"]["new"], last["summary"]["lost"]) == ([calm], [])


def test_alerts_are_counted_as_the_rule_groups_them(told: House) -> None:
    told.rule("strikes", "strike", group=["rule"])
    *_, last = told.rows("backtest", "strikes")
    assert last["summary"]["matches"] == 3
    assert last["summary"]["alerts"] == 1, "they came with one poll and are one group"


def test_all_rules_are_listed_with_what_their_history_tells(told: House) -> None:
    told.rule("raids", "airstrikes AND depot")
    done = told.watcher("backtest")
    assert done.returncode == 0, done.stderr
    raids, strikes, last = done.stdout.splitlines()
    assert raids.endswith("     0 matches      0 alerts  raids")
    assert strikes.endswith("     2 matches      2 alerts  strikes")
    assert last.startswith("4 items since ")
    assert "raids.yaml:1:59: warning[W207]: `airstrikes` does not find “air strikes”" in done.stderr
    assert "help: write `air-strikes`: it finds both" in done.stderr
    rows = told.rows("backtest")
    assert [row.get("rule", row.get("code")) for row in rows] == ["raids", "strikes", "W207", None]
    assert rows[-1]["summary"]["matches"] == 2


def test_several_rules_are_listed_in_the_order_in_which_they_are_named(told: House) -> None:
    told.rule("raids", "airstrikes AND depot")
    told.rule("calm", "calm")
    *rules, last = (row for row in told.rows("backtest", "strikes", "calm", "strikes") if "code" not in row)
    assert [(row["rule"], row["matches"]) for row in rules] == [("strikes", 2), ("calm", 1)]
    assert (last["summary"]["items"], last["summary"]["matches"], last["summary"]["alerts"]) == (4, 3, 3)
    assert told.watcher("backtest", "strikes", "nope").returncode == 2
    both = told.watcher("backtest", "strikes", "calm", "--match", "harbour")
    assert both.returncode == 2
    assert "--send and --match are for one rule: name one" in both.stderr


def test_of_very_many_rules_those_without_a_match_are_counted(told: House) -> None:
    rules = [f"  - {{id: r{n}, match: quagga{n}}}\n" for n in range(101)]
    path = told.root / "many.yaml"
    path.write_text("rules:\n  - {id: port, match: harbour}\n" + "".join(rules))
    lines = told.watcher("backtest", "--rules", str(path)).stdout.splitlines()
    assert lines[0].endswith(" 3 matches      3 alerts  port")
    assert lines[1] == "… and 101 rules without a match: --json lists them all"
    assert len(lines) == 3


def test_what_cannot_be_tried_is_said(told: House) -> None:
    assert told.watcher("backtest", "nope").returncode == 2
    bad = told.watcher("backtest", "--match", "(harbour")
    assert bad.returncode == 1
    assert "E104" in bad.stderr


def test_what_nobody_was_told_of_is_sent_when_asked_beside_a_running_watcher(told: House) -> None:
    with told.daemon() as daemon:
        until(lambda: "watching 1 feed with 1 rule" in daemon.err, "the watching")
        told.rule("harbour", "harbour")
        daemon.says("rules added: harbour")
        shown = told.watcher("backtest", "harbour", "--send")
        assert shown.returncode == 2
        assert "3 matches of 3 nobody was told of, on console" in shown.stdout
        assert "nothing was sent: there is no terminal to ask on; --yes sends it" in shown.stderr
        sent = told.watcher("backtest", "harbour", "--send", "--yes")
        assert "3 matches on the way" in sent.stdout, sent.stderr
        until(lambda: daemon.out.count("matched: harbour") == 3, "three alerts")
        again = told.rows("backtest", "harbour", "--send", "--yes")
        assert "sent" not in again[-1], "nothing is left"


def test_what_was_there_before_the_watching_began_is_sent_when_asked(house: House, server: Server) -> None:
    server["/feed"] = page(rss(NEWS))
    house.settings(feeds=[{"id": "feed", "url": server.url("/feed")}])
    house.rule("strikes", "strike AND harbour")
    assert NEWS[0][1] in house.watcher("run", "--once").stdout, "listed once as what was known"
    *_, last = house.rows("backtest", "strikes", "--send", "--yes")
    assert last["sent"] == {"matches": 2, "channels": ["console"]}
    assert house.watcher("run", "--once").stdout.count("matched: ") == 2


def test_only_a_rule_as_it_is_can_be_sent(told: House) -> None:
    for words in (["--send"], ["strikes", "--match", "harbour", "--send"]):
        done = told.watcher("backtest", *words)
        assert done.returncode == 2
        assert "--send is for a rule as it is: name it, without --match" in done.stderr
    told.rule("strikes", "harbour")
    told.rule("harbour", "harbour")
    for rule, why in (("strikes", "goes by another version of this rule"), ("harbour", "does not know this rule")):
        done = told.watcher("backtest", rule, "--send", "--yes")
        assert done.returncode == 2
        assert f"nothing can be sent: the watcher {why} so far; run it, and try again" in done.stderr
