"""The hooks that other repositories take from this one, and the recipes that run the same in CI."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.cli import outcome

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
EXAMPLE = ROOT / "watcher/data/starter/rules/example.yaml"
RECIPES = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs/how-to-ci.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
BAD = {
    "check": "rules: [{id: a, match: (storm}]\n",
    "test": "rules: [{id: a, match: storm, tests: [{title: Calm, expect: match}]}]\n",
}


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of rules in a repository that has nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCHER_CONFIG", raising=False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/example.yaml").write_bytes(EXAMPLE.read_bytes())
    return tmp_path / "rules"


def arguments(hook: dict[str, Any]) -> list[str]:
    """What a hook passes to the command that the installed package brings."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    command, *words = shlex.split(hook["entry"])
    assert command in scripts
    return [*words, *hook["args"]]


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_passes_good_rules_and_fails_bad_ones(hook: dict[str, Any], rules: Path) -> None:
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "rules/example.yaml")
    assert outcome(arguments(hook)) == 0
    (rules / "bad.yaml").write_text(BAD[hook["id"].removeprefix("watcher-")], "utf-8")
    assert outcome(arguments(hook)) == 1


def test_recipes_run_what_there_is_and_fail_bad_rules(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = [
        line for recipe in RECIPES for line in re.findall(r"^\s*-? ?(?:run: )?(watcher .*)$", recipe, re.MULTILINE)
    ]
    assert len(named) >= 4
    commands = [shlex.split(line.partition(" > ")[0])[1:] for line in named]
    assert [outcome(command) for command in commands] == [0] * len(commands)
    (rules / "bad.yaml").write_text(BAD["check"], "utf-8")
    assert [outcome(command) for command in commands] == [1] * len(commands)


def test_recipes_are_yaml_and_the_hooks_that_they_name_are_there() -> None:
    read = [yaml.safe_load(recipe) for recipe in RECIPES]
    named = {hook["id"] for recipe in read for repo in recipe.get("repos", []) for hook in repo["hooks"]}
    assert named == {hook["id"] for hook in HOOKS}
