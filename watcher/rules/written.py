"""pure: (the bytes of a rule file, what is to stand in it) -> the bytes with that one entry added."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from watcher import yamldoc
from watcher.rules.schema import slug
from watcher.yamldoc.style import is_plain

MODELINE = "# yaml-language-server: $schema=.watcher/rules.schema.json"
"""By it an editor finds the schema that `watcher schema --write` puts beside the rule files."""
EMPTY = f"{MODELINE}\nschema: watch/1\n\nrules:\n".encode()
"""A rule file that has no rule yet."""


def entry(
    rule_id: str, title: str, expression: str, *, severity: str | None = None, notify: Sequence[str] = ()
) -> Mapping[str, yamldoc.Data]:
    """A rule as it is written; an expression that YAML would misread stands in a block of its own."""
    keys: dict[str, yamldoc.Data] = {"id": rule_id, "title": title, "match": block(expression)}
    return keys | ({"severity": severity} if severity else {}) | ({"notify": list(notify)} if notify else {})


def block(expression: str) -> str:
    """An expression as the value of `match:`, with a line end where it is to be a `|` block."""
    text = "\n".join(line.strip() for line in expression.strip().splitlines())
    return text if is_plain(text) else f"{text}\n"


def free_id(title: str, taken: Collection[str]) -> str:
    """An id made of a title that no rule has yet; "rule" for a title without a letter of a-z."""
    made = slug(title) or "rule"
    numbered = (f"{made}-{n}" for n in range(2, len(taken) + 3))
    return next(name for name in (made, *numbered) if name not in taken)


def with_rule(source: bytes, rule: Mapping[str, yamldoc.Data]) -> bytes:
    """The file with one more rule at its end. Raises EditError."""
    rules = _rules(source)
    return yamldoc.edit(source, ("rules", len(rules)), rule)


def with_id(source: bytes, index: int, rule_id: str) -> bytes:
    """The file with the id of rule `index` written down, behind its title. Raises EditError."""
    rule = _rules(source)[index]
    if not isinstance(rule, yamldoc.Mapping) or rule.get("id"):
        return source
    title = next((key for key in ("watch", "title") if rule.get(key)), None)
    return yamldoc.edit(source, ("rules", index, "id"), rule_id, after=title)


def with_test(source: bytes, index: int, test: Mapping[str, yamldoc.Data]) -> bytes:
    """The file with one more test of rule `index`; one of the same item is changed instead. Raises EditError."""
    rule = _rules(source)[index]
    tests = rule.get("tests") if isinstance(rule, yamldoc.Mapping) else None
    known = yamldoc.plain(tests) if isinstance(tests, yamldoc.Sequence) else []
    if not known:
        return yamldoc.edit(source, ("rules", index, "tests"), [test])
    same = next((n for n, one in enumerate(known) if _item(one) == _item(test)), None)
    if same is None:
        return yamldoc.edit(source, ("rules", index, "tests", len(known)), test)
    return yamldoc.edit(source, ("rules", index, "tests", same, "expect"), test["expect"])


def alone(source: bytes, index: int) -> bytes:
    """The file with rule `index` and no other. Raises EditError."""
    return yamldoc.edit(source, ("rules",), [yamldoc.plain(_rules(source)[index])])


def data(source: bytes, index: int) -> Mapping[str, Any]:
    """What is written in rule `index`."""
    found: Mapping[str, Any] = yamldoc.plain(_rules(source)[index])
    return found


def index_at(source: bytes, line: int) -> int | None:
    """Which rule begins in a line of the file, counted from 0."""
    return next((n for n, rule in enumerate(_rules(source)) if rule.line == line), None)


def without_ids(source: bytes) -> tuple[int, ...]:
    """The rules, counted from 0, that have no id written down."""
    rules = enumerate(_rules(source))
    return tuple(n for n, rule in rules if isinstance(rule, yamldoc.Mapping) and not rule.get("id"))


def _item(test: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in test.items() if key not in {"expect", "highlight"}}


def _rules(source: bytes) -> tuple[yamldoc.Node, ...]:
    root, _ = yamldoc.load(source, "")
    rules = root.get("rules") if isinstance(root, yamldoc.Mapping) else None
    return rules.items if isinstance(rules, yamldoc.Sequence) else ()
