"""The JSON Schema that editors complete by: what ships satisfies it, and what the reader refuses it refuses, too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from watcher import yamldoc
from watcher.cli import outcome
from watcher.cli.schema import config_schema, rules_schema
from watcher.rules.written import EMPTY, MODELINE

ROOT = Path(__file__).parents[2]
SCHEMAS = {"rules": rules_schema(), "config": config_schema()}
TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
KNOWN = {
    "$schema", "$ref", "additionalProperties", "allOf", "anyOf", "const", "definitions", "description", "enum",
    "exclusiveMaximum", "exclusiveMinimum", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength",
    "minimum", "oneOf", "pattern", "properties", "propertyNames", "required", "title", "type", "uniqueItems",
}  # fmt: skip


def accepts(schema: Any, value: Any, whole: dict[str, Any]) -> bool:
    """Whether a value satisfies a schema: those keywords of draft 7 that ours use."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        return accepts(whole["definitions"][schema["$ref"].removeprefix("#/definitions/")], value, whole)
    checks = [
        all(accepts(one, value, whole) for one in schema.get("allOf", ())),
        "anyOf" not in schema or any(accepts(one, value, whole) for one in schema["anyOf"]),
        "oneOf" not in schema or sum(accepts(one, value, whole) for one in schema["oneOf"]) == 1,
        "enum" not in schema or value in schema["enum"],
        "const" not in schema or value == schema["const"],
        "type" not in schema or any(is_a(value, one) for one in names(schema["type"])),
    ]
    return all(checks) and of_kind(schema, value, whole)


def names(types: Any) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def is_a(value: Any, name: str) -> bool:
    if name in {"integer", "number"}:
        return isinstance(value, int if name == "integer" else int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def of_kind(schema: dict[str, Any], value: Any, whole: dict[str, Any]) -> bool:
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
        return (
            set(schema.get("required", ())) <= set(value)
            and all(accepts(schema.get("propertyNames", True), key, whole) for key in value)
            and all(accepts(known.get(key, other), one, whole) for key, one in value.items())
        )
    if isinstance(value, list):
        fits = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        return fits and all(accepts(schema.get("items", True), one, whole) for one in value)
    if isinstance(value, str):
        fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return fits and re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def parts(value: Any, *, named: bool = False) -> list[dict[str, Any]]:
    """Every schema within a schema."""
    if isinstance(value, list):
        return [part for one in value for part in parts(one)]
    if not isinstance(value, dict):
        return []
    below = [part for key, one in value.items() for part in parts(one, named=key in {"properties", "definitions"})]
    return below if named else [value, *below]


def data(source: bytes) -> Any:
    node, findings = yamldoc.load(source, "file")
    assert node is not None, findings
    return yamldoc.plain(node)


@pytest.mark.parametrize("what", SCHEMAS)
def test_it_is_draft_7_and_uses_no_keyword_that_is_not_checked_here(what: str) -> None:
    assert SCHEMAS[what]["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert {key for part in parts(SCHEMAS[what]) for key in part} <= KNOWN


@pytest.mark.parametrize("what", SCHEMAS)
def test_every_key_is_described(what: str) -> None:
    bare = [
        key
        for part in parts(SCHEMAS[what])
        for key, one in part.get("properties", {}).items()
        if "description" not in one
    ]
    assert bare == []


@pytest.mark.parametrize("path", sorted((ROOT / "rules").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_rule_files_that_ship_satisfy_it(path: Path) -> None:
    assert accepts(SCHEMAS["rules"], data(path.read_bytes()), SCHEMAS["rules"])


def test_the_configuration_that_ships_satisfies_it() -> None:
    assert accepts(SCHEMAS["config"], data((ROOT / "config/watcher.yaml").read_bytes()), SCHEMAS["config"])


RULE = {"id": "a", "match": "b"}


@pytest.mark.parametrize(
    "rule",
    [
        RULE
        | {"severity": "high", "notify": "desk", "throttle": "30m", "scope": {"feeds": ["tag:x"], "min_words": 40}},
        {"watch": "Strikes", "all": [["US", "coalition"], "Tikrit"], "within": "15 words", "none": ["football"]},
        {"watch": "Strikes", "any": ["US", 9]},
        {"id": "quiet", "absence": {"feeds": ["wires"], "silent": "6h", "during": "mon-fri 07:00-22:00 Europe/London"}},
        RULE
        | {"tests": [{"file": "a.txt", "expect": "no match"}, {"title": "x", "expect": "match", "highlight": "x"}]},
        RULE | {"when": {"count": 2, "within": "2h", "distinct": "source"}, "template": {"title": "{severity}"}},
    ],
)
def test_rules_of_every_kind_satisfy_it(rule: dict[str, Any]) -> None:
    assert accepts(SCHEMAS["rules"], {"schema": "watch/1", "rules": [rule]}, SCHEMAS["rules"])


@pytest.mark.parametrize(
    "rule",
    [
        RULE | {"severty": "high"},
        RULE | {"severity": "urgent"},
        RULE | {"all": ["x"]},
        {"id": "a"},
        RULE | {"throttle": "5 minutes"},
        RULE | {"digest": "yes"},
        RULE | {"tests": [{"file": "a.txt", "expect": "maybe"}]},
        RULE | {"scope": {"min_words": 0}},
        {"watch": "x", "all": []},
    ],
)
def test_mistakes_do_not(rule: dict[str, Any]) -> None:
    assert not accepts(SCHEMAS["rules"], {"rules": [rule]}, SCHEMAS["rules"])


def test_it_is_printed_and_written_where_the_modeline_of_new_files_looks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMAS["rules"]
    assert outcome(["schema", "config", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMAS["config"]
    for _ in range(2):
        assert outcome(["schema", "--write", str(tmp_path)]) == 0
    place = MODELINE.partition("$schema=")[2]
    assert json.loads((tmp_path / place).read_text("utf-8")) == SCHEMAS["rules"]
    assert EMPTY.startswith(MODELINE.encode())
