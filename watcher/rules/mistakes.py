"""pure: what was read so far -> what to tell a person about it: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from watcher.model import FindingSeverity
from watcher.rules.foreign import SINGLE
from watcher.rules.lex import NAME_FIELDS, Token
from watcher.rules.nodes import And, At, AtLeast, Node, Or, Published, Regex, Some, Word
from watcher.rules.printer import to_text
from watcher.rules.problem import Problem
from watcher.rules.shape import depth, is_occurrence, joined

_TIGHT = frozenset({"NEAR", "EXCEPT"})
_REALITIES = frozenset({"ASSERTED", "NEGATED", "ACTUAL"})
_WORDY_FIELDS = frozenset({"any", "title", "lead", "summary", "body", "raw", "author"})
_SHOWN = 300
_DEEPEST = 100


def error(code: str, at: At, message: str, mend: str = "", related: tuple[int, int, str] | None = None) -> Problem:
    return Problem(code=code, start=at[0], end=at[1], message=message, help=mend, related=related)


def warning(code: str, at: At, message: str, mend: str) -> Problem:
    severity = FindingSeverity.WARNING
    return Problem(code=code, start=at[0], end=at[1], message=message, help=mend, severity=severity)


def too_long(length: int, most: int) -> Problem:
    message = f"the expression has {length:,} characters; at most {most:,} are read"
    return error("E119", (0, 1), message, "put long lists into the vocabulary")


def too_deep(at: At, most: int) -> Problem:
    message = f"more than {most} levels stand one inside the other"
    return error("E119", at, message, "give a part of it a name in the vocabulary")


def fact(node: Node, operator: Token) -> Problem:
    """E108: it stands where something with a place in the text must stand."""
    name = operator.text.partition("/")[0]
    message = f"this has no place in the text, and {name} needs words that have one"
    return error("E108", node.at, message, _apart(node, name), (*operator.at, f"{name} stands here"))


def _apart(node: Node, name: str) -> str:
    """How to say what was probably meant."""
    if isinstance(node, And) and name in _REALITIES and all(map(is_occurrence, node.parts)):
        return f"write {_clipped(' AND '.join(f'{name}({_text(part)})' for part in node.parts))}"
    if isinstance(node, AtLeast) and name in {"NEAR", "ONEAR", "EXCEPT"}:
        return f"put what is counted into parentheses: ATLEAST/{node.count} ({_clipped(_text(node.part))} {name} ...)"
    if isinstance(node, Some | AtLeast | Published):
        return f"join it with AND, outside of {name}"
    return "leave AND and NOT outside, or put them into SENTENCE(...)"


def misplaced(leaf: Node | None, field: Token) -> Problem | None:
    """E109, E115: a leaf that does not fit the field it stands in."""
    if isinstance(leaf, Published):
        message = f"`published:` stands inside `{field.text}`"
        return error("E109", leaf.at, message, "write them side by side", (*field.at, "the field"))
    if isinstance(leaf, Regex) and field.text[:-1] in NAME_FIELDS:
        message = f"`{field.text}` holds a name, which a regular expression does not search"
        return error("E115", leaf.at, message, f"write the names: {field.text}(a OR b)", (*field.at, "the field"))
    return None


def too_few(asked: Token, parts: int) -> Problem:
    """E117: n OF none, or of fewer than n."""
    there = f"there are {parts}" if parts > 1 else "there is only one"
    mend = f"write a number from 1 to {parts}" if parts > 1 else "a comma stands between the parts: 2 OF (a, b, c)"
    return error("E117", asked.at, f"{asked.text} of these are asked for, and {there}", mend)


def comma(source: str, token: Token, opened: Token | None) -> Problem:
    """E105: it stands outside of OF."""
    lower = opened is not None and source[: opened.start].rstrip().endswith(" of")
    mend = "write OF in capitals: 2 OF (a, b, c)" if lower else "write OR or AND, or quote the phrase"
    return error("E105", token.at, "a comma means nothing here", mend)


def apart_by_lines(token: Token) -> Problem:
    message = "no operator stands between these lines; they are read as AND"
    return warning("W215", token.at, message, f"write `AND {token.text}`, or did you mean OR?")


def covers_one(tokens: Sequence[Token], index: int) -> Problem | None:
    """W216: bare words follow the one that a field, NOT, FIRST or ATLEAST with this index covers."""
    sign, end = tokens[index], index + 2
    if sign.text == "-" or (sign.kind == "field" and sign.text[:-1] not in _WORDY_FIELDS):
        return None
    while isinstance(tokens[end].leaf, Word) and tokens[end + 1].kind not in _TIGHT:
        end += 1
    words = [word.text for word in tokens[index + 1 : end]]
    if len(words) < 2 or words[0][0] in SINGLE:
        return None
    at = (sign.start, tokens[end - 1].end)
    blank = "" if sign.kind == "field" else " "
    message = f"`{sign.text}` covers only `{words[0]}`; the words after it are looked for everywhere"
    mend = f"write {sign.text}{blank}({' '.join(words)}), or AND if that is meant"
    if sign.kind == "NOT":
        message = f"`NOT` covers only `{words[0]}`; the words after it must be there"
        mend = f'write NOT "{" ".join(words)}", or NOT {words[0]} AND {" ".join(words[1:])} if that is meant'
    elif sign.kind == "ATLEAST":
        mend = f'write {sign.text} "{" ".join(words)}", or AND if that is meant'
    return warning("W216", at, message, mend)


def joins_one(tokens: Sequence[Token], index: int) -> Problem | None:
    """W216: bare words stand beside one that NEAR or EXCEPT joins; `index` is of the word behind the gap."""
    before, token = tokens[index - 1], tokens[index]
    if not (isinstance(before.leaf, Word) and isinstance(token.leaf, Word)):
        return None
    if tokens[index + 1].kind in _TIGHT:
        operator, left, one = tokens[index + 1], True, token
    elif index > 1 and tokens[index - 2].kind in _TIGHT:
        operator, left, one = tokens[index - 2], False, before
    else:
        return None
    words, other = f'"{before.text} {token.text}"', before if left else token
    message = f"`{operator.text}` joins only `{one.text}`; `{other.text}` is looked for everywhere"
    mend = (
        f"write {f'{words} {operator.text} ...' if left else f'... {operator.text} {words}'}, or AND if that is meant"
    )
    return warning("W216", (before.start, token.end), message, mend)


def unclosed(source: str, tokens: Sequence[Token], opened: Token, *, again: bool) -> Problem:
    """E104 of a parenthesis; `again` if one inside it is not closed either."""
    end = len(source.rstrip())
    line = source.rfind("\n", 0, opened.start) + 1
    place = _closing_place(tokens, opened, end)
    mended = f"{source[line:place].lstrip()}){source[place:end]}"
    mend = "add another `)`" if again else f"add `)`: {_clipped(mended)}"
    return error("E104", opened.at, "`(` is never closed", mend, (end, end, "expected `)` here"))


def _closing_place(tokens: Sequence[Token], opened: Token, end: int) -> int:
    """Where the `)` most likely belongs: before the first AND that follows an OR, else at the end."""
    inside = [token for token in tokens if token.start > opened.start]
    level, alternatives = 0, False
    for before, token in pairwise(inside):
        level += (before.kind == "(") - (before.kind == ")")
        alternatives |= token.kind == "OR" and not level
        if token.kind == "AND" and alternatives and not level:
            return before.end
    return end


def mixed(groups: list[list[Node]], start: int) -> Problem:
    """W201: alternatives, at least one of which has an AND inside."""
    as_read, other = either(groups), _both(groups)
    assert as_read
    assert other
    readings = f"read as {_clipped(_text(as_read))}; for the other reading write {_clipped(_text(other))}"
    return warning("W201", (start, as_read.at[1]), "AND and OR are mixed without parentheses", readings)


def either(groups: list[list[Node]]) -> Node | None:
    """The OR of what AND joins."""
    return joined(Or, [part for group in groups if (part := joined(And, group))])


def _both(groups: list[list[Node]]) -> Node | None:
    """The same operands in order, with OR holding tighter than AND."""
    regrouped: list[list[Node]] = [[]]
    for first, *rest in filter(None, groups):
        regrouped[-1].append(first)
        regrouped.extend([part] for part in rest)
    return joined(And, [part for group in regrouped if (part := joined(Or, group))])


def _text(node: Node) -> str:
    """A tree that is deeper than any that will be read is not printed: that would take a stack frame a level."""
    return to_text(node) if depth(node) <= _DEEPEST else "..."


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]} ..."
