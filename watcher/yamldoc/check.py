"""pure: (pydantic model, node) -> (instance, findings). What pydantic says, at its place and in plain words.

A validator names its own code by raising `PydanticCustomError("E111", message, {"help": ...})`; the words of a
ValueError are taken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from watcher.model import Finding
from watcher.yamldoc import nodes
from watcher.yamldoc.nodes import Node
from watcher.yamldoc.syntax import error_at

Model = TypeVar("Model", bound=BaseModel)
Path = Sequence[str | int]

_CODE = re.compile(r"[EW]\d{3}")
# pydantic's error types -> what stands after "expected"; {names} come from the error's context
_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen": "a list",
    "dict": "keys with values",
    "mapping": "keys with values",
    "model": "keys with values",
    "none": "nothing",
    "enum": "{expected}",
    "literal": "{expected}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "too_short": "at least {min_length} in the list",
    "too_long": "at most {max_length} in the list",
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else None


def validate(model: type[Model], node: Node, file: str) -> tuple[Model | None, tuple[Finding, ...]]:
    """An instance of a model (extra="forbid"), or every error with its place: E003 unknown key, E004 anything else."""
    try:
        return model.model_validate(nodes.plain(node)), ()
    except ValidationError as failed:
        return None, tuple(sorted(_findings(failed, model, node, file), key=lambda f: (f.line, f.column)))


def _findings(failed: ValidationError, model: type[BaseModel], node: Node, file: str) -> Iterator[Finding]:
    """One finding a place: what the members of a union each expected is said together."""
    merged: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for error in failed.errors(include_url=False):
        place, about = nodes.at(node, error["loc"]), str(error["loc"][-1:]) if _named(error) else ""
        merged.setdefault((id(place), about), []).append(error)
    for errors in merged.values():
        yield _finding(errors, model, node, file)


def _named(error: Mapping[str, Any]) -> bool:
    return error["type"] in {"missing", "extra_forbidden"}


def _finding(errors: list[Mapping[str, Any]], model: type[BaseModel], node: Node, file: str) -> Finding:
    error = next((e for e in errors if _CODE.fullmatch(e["type"])), errors[0])
    path: Path = error["loc"]
    place = nodes.at(node, path)
    if error["type"] == "extra_forbidden":
        return _unknown_key(path, model, node, file)
    where = (place.line, place.column)
    if error["type"] == "missing":
        return error_at("E004", file, where, f"`{path[-1]}` is missing")
    code = error["type"] if _CODE.fullmatch(error["type"]) else "E004"
    message = f"{_name(path, node)}{_said(errors)}; got {_shown(place)}"
    context = error.get("ctx", {})
    return error_at(
        code,
        file,
        where,
        message,
        help=context.get("help", _mend(error, place, _keys(model, path))),
        width=_width(place),
    )


def _said(errors: list[Mapping[str, Any]]) -> str:
    own = [e["msg"].removeprefix("Value error, ") for e in errors if _expected(e) is None]
    return own[0] if own else "expected " + " or ".join(dict.fromkeys(str(_expected(e)) for e in errors))


def _expected(error: Mapping[str, Any]) -> str | None:
    kind: str = error["type"]
    words = _EXPECTED.get(kind) or _EXPECTED.get(kind.partition("_")[0])
    return words.format(**error.get("ctx", {})) if words else None


def _unknown_key(path: Path, model: type[BaseModel], node: Node, file: str) -> Finding:
    word = str(path[-1])
    parent = nodes.at(node, path[:-1])
    key = next((k for k, _ in parent.items if k.text == word), parent) if isinstance(parent, nodes.Mapping) else parent
    known = sorted(_keys(model, path[:-1]))
    if word in known:
        message = f"`{word}` does not go with the keys beside it"
        return error_at("E003", file, (key.line, key.column), message, width=len(word))
    meant = nearest(word, known)
    help_ = f"did you mean `{meant}`?" if meant else f"known keys: {', '.join(known)}"
    return error_at("E003", file, (key.line, key.column), f"unknown key `{word}`", help=help_, width=max(len(word), 1))


def _keys(model: type[BaseModel], path: Path) -> set[str]:
    """The keys that may stand at a path, over all models that a union offers there."""
    models = [model]
    for step in path:
        annotations = [m.model_fields[name].annotation for m in models if (name := _field(m, step))]
        models = [inner for a in annotations for inner in _models(a)] or models
    return {field.alias or name for m in models for name, field in m.model_fields.items()}


def _field(model: type[BaseModel], step: str | int) -> str | None:
    return next((name for name, field in model.model_fields.items() if step in {name, field.alias}), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _name(path: Path, node: Node) -> str:
    """The last key of a path, to stand before what is said of its value."""
    name = ""
    for step in path:
        if isinstance(node, nodes.Mapping) and node.get(str(step)):
            name = f"{step}: "
        node = nodes.at(node, [step])
    return name


def _mend(error: Mapping[str, Any], place: Node, keys: set[str]) -> str:
    if not isinstance(place, nodes.Scalar) or place.value is None:
        return ""
    if error["type"] == "literal_error":
        meant = nearest(place.text, re.findall("'([^']*)'", error["ctx"]["expected"]))
        return f"did you mean `{meant}`?" if meant else ""
    if error["type"] == "model_type":
        return f"known keys: {', '.join(sorted(keys))}"
    return "put it in quotes" if error["type"] == "string_type" else ""


def _shown(place: Node) -> str:
    """What stands there, short; of a URL only the scheme: the rest may be secret."""
    if isinstance(place, nodes.Sequence):
        return "a list"
    if isinstance(place, nodes.Mapping):
        return "keys with values"
    text = re.sub(r"://.*", "://...", " ".join(place.text.split()))
    return "nothing" if place.value is None else f"`{text[:40]}{'...' if len(text) > 40 else ''}`"


def _width(place: Node) -> int:
    return max(place.end - place.start, 1) if isinstance(place, nodes.Scalar) and "\n" not in place.text else 1
