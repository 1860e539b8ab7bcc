"""pure: pydantic model -> JSON Schema draft 7 of the YAML that it reads, for completion in editors.

What people write is not what the model holds: a duration is the text `10s`, a list of one may be the one alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from watcher.yamldoc.times import time_of_day
from watcher.yamldoc.units import duration, size, size_or_none

DRAFT = "http://json-schema.org/draft-07/schema#"

_WRITTEN: Mapping[Any, Mapping[str, Any]] = {
    duration: {"type": "string", "pattern": r"^[0-9.]+[smhd]$"},
    size: {"type": "string", "pattern": r"^[0-9.]+(B|KiB|MiB|GiB)$"},
    size_or_none: {"type": "string", "pattern": r"^[0-9.]+(B|KiB|MiB|GiB)$"},
    time_of_day: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
}
"""What is written in place of what a function makes of it."""


def json_schema(model: type[BaseModel], descriptions: Mapping[str, str]) -> dict[str, Any]:
    """The schema of a model, without `$schema`; `descriptions` by the keys on the way, as in `feeds.url`."""
    found = model.model_json_schema(by_alias=True, schema_generator=_Generator)
    _describe(found, model, descriptions)
    schema = _draft7(found)
    assert isinstance(schema, dict)
    return schema


class _Generator(GenerateJsonSchema):
    """What pydantic makes of a model, but for values that are made of something else before they are looked at."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        function: Any = schema["function"]["function"]
        if function in _WRITTEN:
            return dict(_WRITTEN[function])
        made = super().function_before_schema(schema)
        if made.get("type") == "array":
            return {"anyOf": [{"type": "string"}, made]}
        if made.get("type") == "number":
            return {"type": ["string", "number"]}
        return {"type": "string"} if "format" in made else made


def _describe(schema: dict[str, Any], model: type[BaseModel], descriptions: Mapping[str, str]) -> None:
    """Put descriptions to the keys of each model; of a model used in several places the first ones count."""
    defined = schema.get("$defs", {})
    seen: set[type[BaseModel]] = set()

    def visit(one: type[BaseModel], prefix: str) -> None:
        if one in seen:
            return
        seen.add(one)
        place = schema if one is model else defined.get(one.__name__, {})
        place.pop("description", None)
        for name, info in one.model_fields.items():
            key = info.alias or name
            said = descriptions.get(prefix + key)
            found = place["properties"][key]
            place["properties"][key] = ({"description": said} if said else {}) | _beside_reference(found)
            for below in models(info.annotation):
                visit(below, f"{prefix}{key}.")

    visit(model, "")


def _beside_reference(schema: dict[str, Any]) -> dict[str, Any]:
    """In draft 7 nothing counts beside a reference."""
    return {"allOf": [{"$ref": schema["$ref"]}]} if "$ref" in schema else schema


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def _draft7(value: Any, *, named: bool = False) -> Any:
    """What draft 2020-12 calls otherwise; without defaults. `named`: by keys of the file."""
    if isinstance(value, list):
        return [_draft7(one) for one in value]
    if not isinstance(value, dict):
        return value.replace("#/$defs/", "#/definitions/") if isinstance(value, str) else value
    if named:
        return {key: _draft7(one) for key, one in value.items()}
    kept = {key: one for key, one in value.items() if key not in {"default", "title"}}
    return {
        "definitions" if key == "$defs" else key: _draft7(one, named=key in {"properties", "$defs"})
        for key, one in kept.items()
    }
