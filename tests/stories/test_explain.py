"""Asking why a rule finds an article, or does not."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.stories.house import SEEDS, WATCHER, House

AS_TYPED = "US airstrikes AND Tikrit"


def explained(house: House, match: str, number: int, *more: str) -> subprocess.CompletedProcess[str]:
    """Without a configuration: the vocabulary is the package's."""
    (seed,) = SEEDS.glob(f"{number:03}_*")
    command = [*WATCHER, "explain", "--match", match, str(seed), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=house.root, timeout=60, check=True)


def row(house: House, match: str, number: int) -> dict[str, Any]:
    found = json.loads(explained(house, match, number, "--json").stdout)
    assert isinstance(found, dict)
    return found


def test_the_rule_as_typed_finds_four_seeds_and_knows_the_denial(house: House) -> None:
    found = {number: row(house, AS_TYPED, number) for number in range(5)}
    assert [number for number in found if found[number]["matched"]] == [0, 1, 3, 4]
    assert found[1]["denial"] is True
    assert found[0]["denial"] is False
    assert "denied " in explained(house, AS_TYPED, 1).stdout


def test_the_seed_without_the_town_lacks_the_town_and_nothing_else(house: House) -> None:
    found = row(house, AS_TYPED, 2)
    assert [part["term"] for part in found["missing"]] == ["Tikrit"]
    assert found["suggestion"] == {
        "expression": "@us AND @airstrike",
        "changes": [{"was": "Tikrit", "now": None}],
    }


def test_a_literal_phrase_is_told_what_comes_near_where_and_how_it_would_match(house: House) -> None:
    said = explained(house, '"US airstrikes"', 0).stdout
    assert 'missing "US airstrikes"; nearest: “U.S. air strikes” (spelled apart, line 33)' in said
    assert 'it would match with "US air-strikes" for "US airstrikes":  "US air-strikes"' in said
    assert row(house, '"US air-strikes"', 0)["matched"] is True


@pytest.mark.parametrize("code", ["E104", "w207"])
def test_a_code_is_explained_with_a_wrong_and_a_right_example(house: House, code: str) -> None:
    done = subprocess.run([*WATCHER, "explain", code], capture_output=True, text=True, cwd=house.root, check=True)
    assert done.stdout.startswith(code.upper())
    assert "This is wrong:" in done.stdout
    assert "This is right:" in done.stdout
    unknown = subprocess.run([*WATCHER, "explain", "E999"], capture_output=True, text=True, cwd=house.root, check=False)
    assert unknown.returncode == 2
    assert "there is no code E999" in unknown.stderr
