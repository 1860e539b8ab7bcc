"""Asking why a rule finds an article, or does not."""

from __future__ import annotations

import json
from typing import Any

from tests.stories.house import SEEDS, House

AS_TYPED = "US airstrikes AND Tikrit"


def explained(house: House, match: str, numbers: range, *more: str) -> str:
    """What it prints without a configuration: the vocabulary is the package's."""
    seeds = [str(next(SEEDS.glob(f"{number:03}_*"))) for number in numbers]
    done = house.command("explain", "--match", match, *seeds, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(house: House, match: str, numbers: range) -> list[dict[str, Any]]:
    return [json.loads(line) for line in explained(house, match, numbers, "--json").splitlines()]


def test_the_rule_as_typed_finds_four_seeds_knows_the_denial_and_lacks_one_town(house: House) -> None:
    found = rows(house, AS_TYPED, range(5))
    assert [row["matched"] for row in found] == [True, True, False, True, True]
    assert [found[0]["denial"], found[1]["denial"]] == [False, True]
    assert [span["field"] for span in found[1]["denied_by"]] != []
    assert [part["term"] for part in found[2]["missing"]] == ["Tikrit"]
    assert found[2]["suggestion"] == {"expression": "@us AND @airstrike", "changes": [{"was": "Tikrit", "now": None}]}


def test_a_literal_phrase_is_told_what_comes_near_where_and_how_it_would_match(house: House) -> None:
    said = explained(house, '"US airstrikes"', range(1))
    assert 'missing "US airstrikes"; nearest: “U.S. air strikes” (spelled apart, line 33)' in said
    assert 'it would match with "US air-strikes" for "US airstrikes":  "US air-strikes"' in said
    assert rows(house, '"US air-strikes"', range(1))[0]["matched"] is True


def test_of_very_many_rules_those_that_match_are_shown_and_the_others_counted(house: House) -> None:
    rules = [f"  - {{id: r{n}, match: quagga{n}}}\n" for n in range(101)]
    path = house.root / "many.yaml"
    path.write_text("rules:\n  - {id: town, match: Tikrit}\n" + "".join(rules))
    seed = str(next(SEEDS.glob("000_*")))
    said = house.command("explain", "--rules", str(path), seed).stdout
    assert "match  town  on" in said
    assert "101 rules do not match; --rule ID tells what one of them misses" in said
    assert "quagga" not in said
    assert len(house.command("explain", "--json", "--rules", str(path), seed).stdout.splitlines()) == 102


def test_codes_are_explained_with_a_wrong_and_a_right_example(house: House) -> None:
    done = house.command("explain", "E104", "w207")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("E104  never closed")
    assert "W207  " in done.stdout
    assert "This is wrong:" in done.stdout
    assert "This is right:" in done.stdout
    unknown = house.command("explain", "E999")
    assert unknown.returncode == 2
    assert "there is no code E999" in unknown.stderr
