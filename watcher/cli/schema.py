"""`watcher schema`: the JSON Schema (draft 7) of rule files and of the configuration, for completion in editors."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from watcher import yamldoc
from watcher.cli.common import note, options, row, say
from watcher.config.schema import WatcherFile
from watcher.config.writer import replace
from watcher.rules.schema import NAME, EntryKeys, FileKeys, RuleKeys
from watcher.yamldoc.jsonschema import DRAFT, json_schema

FOLDER = ".watcher"
"""Beside the files that are written: hidden, so that nothing in it is taken for a rule file."""
_WAYS = [
    {"required": ["match"]},
    {"anyOf": [{"required": ["all"]}, {"required": ["any"]}]},
    {"required": ["absence"]},
]
"""What a rule says what it looks for with: exactly one of them."""


@click.command("schema")
@click.argument(
    "what", required=False, default="rules", type=click.Choice(["rules", "config"]), metavar="[rules|config]"
)
@click.option(
    "--write", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help=f"Write it to {FOLDER}/ in this folder, where the modeline of new files looks for it.",
)  # fmt: skip
@options
def command(what: str, folder: Path | None, config: Path | None, *, as_json: bool) -> int:  # noqa: ARG001
    """Print the JSON Schema of rule files, or of the configuration."""
    schema = rules_schema() if what == "rules" else config_schema()
    if folder is None:
        row(schema) if as_json else say(json.dumps(schema, indent=2, ensure_ascii=False))
        return 0
    path = folder / FOLDER / f"{what}.schema.json"
    before = path.read_bytes() if os.path.lexists(path) else None
    replace(path, before, (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode())
    note(f"wrote {path}; a file beside {FOLDER}/ begins with  # yaml-language-server: $schema={FOLDER}/{path.name}")
    return 0


def config_schema() -> dict[str, Any]:
    """Of watcher.yaml."""
    return {"$schema": DRAFT, "title": "watcher configuration", **json_schema(WatcherFile, descriptions("config"))}


def rules_schema() -> dict[str, Any]:
    """Of a rule file: the schemas of its rules and of its vocabulary entries stand where those stand."""
    said = descriptions("rules")
    schema = json_schema(FileKeys, said)
    defined: dict[str, Any] = {}
    for model, below in ((RuleKeys, _below("rules.", said)), (EntryKeys, descriptions("vocab"))):
        defined |= _defined(model, below)
    defined["RuleKeys"]["oneOf"] = _WAYS
    schema["definitions"] |= defined
    schema["definitions"]["Settings"] = _settings(defined["RuleKeys"], schema["definitions"]["Settings"])
    properties = schema["properties"]
    properties["rules"] = _may_be_empty({"type": "array", "items": {"$ref": "#/definitions/RuleKeys"}}, said["rules"])
    names = {"pattern": f"^{NAME.pattern}$"}
    entries = {"type": "object", "propertyNames": names, "additionalProperties": {"$ref": "#/definitions/EntryKeys"}}
    properties["vocab"] = _may_be_empty(entries, said["vocab"])
    return {"$schema": DRAFT, "title": "watcher rules", **schema}


def descriptions(part: str) -> dict[str, str]:
    """What the keys of a part (config, rules, vocab) are for, by the keys on the way."""
    node, findings = yamldoc.load(files("watcher").joinpath("data/keys.yaml").read_bytes(), "keys.yaml")
    assert node is not None, findings
    found: dict[str, str] = yamldoc.plain(node)[part]
    return found


def _below(prefix: str, said: dict[str, str]) -> dict[str, str]:
    return {key.removeprefix(prefix): words for key, words in said.items() if key.startswith(prefix)}


def _defined(model: type[BaseModel], said: dict[str, str]) -> dict[str, Any]:
    """The schema of a model under its name, beside those it refers to."""
    schema = json_schema(model, said)
    below: dict[str, Any] = schema.pop("definitions", {})
    return below | {model.__name__: schema}


def _settings(rule: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """The keys of `defaults:` are keys of a rule, and are described there."""
    return settings | {"properties": {key: rule["properties"][key] for key in settings["properties"]}}


def _may_be_empty(schema: dict[str, Any], said: str) -> dict[str, Any]:
    return {"description": said, "anyOf": [schema, {"type": "null"}]}
