"""pure: texts that have a language of their own, in a rule or in `defaults:` -> what is wrong in them.

A template holds `{name.field}` and nothing that is run; `{{` and `}}` are braces. A group by text is a regular
expression as an expression has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from watcher import yamldoc
from watcher.model import Finding
from watcher.rules import query
from watcher.rules.nodes import Regex
from watcher.rules.problem import Problem, finding

NAMES = (
    "channel",
    "group",
    "item.authors",
    "item.feed",
    "item.id",
    "item.lang",
    "item.published",
    "item.summary",
    "item.tags",
    "item.title",
    "item.url",
    "rule.id",
    "rule.title",
    "severity",
)
"""What a template may name."""
TEXT_GROUP = "text:"

_TOUCHING = re.compile(r"#\w")
_OPERATOR = re.compile(r"(?<!\S)(?:AND|OR|NOT|EXCEPT|O?NEAR/\w+)(?!\S)")
PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
"""What is not plain words in a template: `{{`, `}}`, a name in braces (its group), a brace that stands alone."""


def check(file: str, node: yamldoc.Node) -> Iterator[Finding]:
    """E027 of `template:` and E115, E116 of `group:` in a mapping of settings, each at its place."""
    if not isinstance(node, yamldoc.Mapping):
        return
    for name in ("title", "body"):
        template = yamldoc.at(node, ["template", name]) if node.get("template") else node
        if isinstance(template, yamldoc.Scalar):
            yield from (finding(p, file, template.position) for p in template_problems(template.text))
    group = node.get("group")
    group = group.items[0] if isinstance(group, yamldoc.Sequence) and group.items else group
    if isinstance(group, yamldoc.Scalar) and group.text.startswith(TEXT_GROUP):
        yield from (finding(p, file, group.position) for p in group_problems(group.text))


def eaten(text: yamldoc.Scalar) -> str | None:
    """What YAML took for a comment behind a text without quotes, where it was meant to belong to it.

    With two blanks before the `#`, as linters of YAML want it, it is a comment. With one blank it is text when the
    `#` touches a word (`C #1`), or an operator stands behind it (`C # AND pay`).
    """
    if text.style or not text.source.startswith(" #", text.end):
        return None
    comment = text.source[text.end + 1 :].partition("\n")[0].rstrip()
    return comment if _TOUCHING.match(comment) or _OPERATOR.search(comment) else None


def template_problems(text: str) -> Iterator[Problem]:
    for part in PART.finditer(text):
        at, name = part.span(), part[1]
        if name is None and len(part[0]) == 1:
            mend = "write `{{` or `}}` for the brace itself"
            yield Problem(
                code="E027", start=at[0], end=at[1], message=f"`{part[0]}` stands alone in this template", help=mend
            )
        elif name is not None and name not in NAMES:
            near = yamldoc.nearest(name, NAMES)
            mend = f"did you mean {{{near}}}?" if near else f"known: {', '.join(NAMES)}"
            yield Problem(
                code="E027", start=at[0], end=at[1], message=f"a template knows nothing named `{name}`", help=mend
            )


def group_regex(group: str) -> Regex | None:
    """The expression of `text:/regex/`; None for one that is wrong."""
    tree = query.parse(group.removeprefix(TEXT_GROUP)).tree
    return tree if isinstance(tree, Regex) else None


def group_problems(text: str) -> Iterator[Problem]:
    """What is wrong in `text:/regex/`."""
    start = len(TEXT_GROUP)
    parsed = query.parse(text[start:])
    for problem in parsed.problems:
        related = problem.related and (problem.related[0] + start, problem.related[1] + start, problem.related[2])
        yield replace(problem, start=problem.start + start, end=problem.end + start, related=related)
    if parsed.tree is not None and not isinstance(parsed.tree, Regex):
        message = "a group by text is one regular expression"
        yield Problem(code="E115", start=start, end=len(text), message=message, help="write text:/CVE-[0-9-]+/")
