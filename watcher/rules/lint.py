"""pure: tree -> what is wrong with it as a whole rule; finding -> lines a person can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from watcher.model import Finding, FindingSeverity
from watcher.rules.nodes import Alias, And, Except, Field, Node, Not, Or, Phrase, Word
from watcher.rules.plain import PARTICLES
from watcher.rules.problem import Problem
from watcher.rules.shape import children, is_positive, walk
from watcher.text.fold import folded

_SHOWN = 160
"""Characters of a source line that are shown round the place."""
_EVERYWHERE = frozenset(
    word
    for word in PARTICLES.union(re.findall(r"\w+", "are be been did do does had has have is said says was were"))
    if len(word) > 1
)
"""Words that stand in almost every text in English. A single letter is a name as often: plan b, vitamin a."""
_ACRONYMS = frozenset({"us", "who", "it"})
"""Acronyms that in lower case are words of grammar, which nobody searches."""
_WORDS = re.compile(r"[^\W_]+")
_TEXTS = frozenset({"any", "lead", "summary", "body", "raw"})


def check(tree: Node, told: Sequence[Problem]) -> tuple[Problem, ...]:
    """What an expanded tree lacks to be a rule: E112, W211; and W203, W206 of its parts outside of vocabulary.

    A word of which there is a problem already is let be.
    """
    if not is_positive(tree):
        message = "this only says what must not be there; it would match almost everything"
        mend = "add words to look for, or a field to look in such as feed:name"
        return (Problem(code="E112", start=tree.at[0], end=tree.at[1], message=message, help=mend),)
    places = {problem.start for problem in told}
    return tuple(p for p in (*_broad(tree), *_of_parts(tree)) if p.start not in places)


def _broad(tree: Node) -> Iterator[Problem]:
    found = _everywhere(tree)
    if found is not None and found.text not in _ACRONYMS:
        message = f"`{found.text}` stands in almost every text: this would match nearly everything"
        mend = "ask for more with AND, or quote the phrase it belongs to"
        yield _warning("W211", found, message, mend)


def _everywhere(node: Node) -> Word | None:
    """A word of grammar by which alone a node is true."""
    match node:
        case Word(text):
            return node if text in _EVERYWHERE and not (node.exact or node.prefix) else None
        case And(parts):
            found = [_everywhere(part) for part in parts if not isinstance(part, Not)]
            return found[0] if all(found) else None
        case Or(parts):
            return next((word for part in parts if (word := _everywhere(part))), None)
        case Field(name, part) if name in _TEXTS:
            return _everywhere(part)
        case _:
            return None


def _of_parts(node: Node) -> Iterator[Problem]:
    if isinstance(node, Word):
        if node.text in _ACRONYMS and not (node.exact or node.prefix):
            message = f"`{node.text}` is read as the word itself, not as the acronym"
            mend = f"write {node.text.upper()}, or the phrase that the word belongs to"
            yield _warning("W206", node, message, mend)
    elif not isinstance(node, Alias | Phrase):
        if isinstance(node, Except) and _takes_nothing(node):
            message = "EXCEPT takes nothing away here: what stands behind it holds no word of what stands before it"
            yield _warning(
                "W203", node, message, 'to leave out whole articles write NOT; EXCEPT is for "Tikrit Street"'
            )
        for child in children(node):
            yield from _of_parts(child)


def _takes_nothing(node: Except) -> bool:
    """Whether no word on the right can be one on the left; what may be another form of it counts as it."""
    sides = [[leaf for leaf in walk(side) if not children(leaf)] for side in (node.part, node.but)]
    if not all(isinstance(leaf, Word | Phrase) for side in sides for leaf in side):
        return False
    left, right = ({_stem(word) for leaf in side for word in _words(leaf)} for side in sides)
    return not left & right


def _words(leaf: Node) -> Iterator[str]:
    text = leaf.text if isinstance(leaf, Word | Phrase) else ""
    yield from _WORDS.findall(folded(text))
    yield folded("".join(_WORDS.findall(text)))  # a joint may be written joined


def _stem(word: str) -> str:
    """What all forms of a word begin with, irregular ones too: bought and buy, went and wend."""
    return word[:1]


def _warning(code: str, node: Node, message: str, mend: str) -> Problem:
    severity = FindingSeverity.WARNING
    return Problem(code=code, start=node.at[0], end=node.at[1], message=message, help=mend, severity=severity)


def format_finding(finding: Finding, source_line: str) -> str:
    """A finding as text: place and message, the line of the file with carets below, and what to do.

    An empty source line (the file cannot be shown) is left out. No line end closes it.
    """
    lines = [
        f"{finding.file}:{finding.line}:{finding.column}: {finding.severity.value}[{finding.code}]: {finding.message}"
    ]
    gutter = " " * len(str(finding.line))
    related = None if finding.related_file else finding.related
    if source_line.strip():
        start, shown = _window(source_line, finding.column)
        lines.append(f"{finding.line} | {shown}".rstrip())
        behind = finding.column + finding.width
        beside = related if related and related[0] == finding.line and related[1] >= behind else None
        lines.append(f"{gutter} | {_carets(finding, beside, start, len(shown))}")
        related = None if beside else related
    if related:
        lines.append(f"{gutter} = at line {related[0]}, column {related[1]}: {related[2]}")
    elif finding.related and finding.related_file:
        line, column, words = finding.related
        lines.append(f"{gutter} = at {finding.related_file}:{line}:{column}: {words}")
    if finding.help:
        lines.append(f"{gutter} = help: {finding.help}")
    return "\n".join(_printable(line) for line in lines)


def _window(line: str, column: int) -> tuple[int, str]:
    """As much of a long line as is shown, and the offset at which it starts."""
    line = _printable(line.rstrip("\r\n"))
    start = max(column - 1 - _SHOWN // 2, 0) if len(line) > _SHOWN else 0
    return start, line[start : start + _SHOWN]


def _carets(finding: Finding, beside: tuple[int, int, str] | None, start: int, shown: int) -> str:
    """Carets below what is wrong and, on the same line, below the related place with its words."""
    first = finding.column - 1 - start
    marks = " " * first + "^" * max(min(finding.width, shown - first), 1)
    if beside is None:
        return marks
    second = beside[1] - 1 - start
    return f"{marks}{' ' * (second - len(marks))}^ {beside[2]}" if second < _SHOWN else marks


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
