"""pure: libyaml's error -> a Finding in plain words, with what to write instead."""

from __future__ import annotations

import re
from typing import Any

from yaml.error import MarkedYAMLError

from watcher.model import Finding, FindingSeverity
from watcher.yamldoc.nodes import place

_OPENED = re.compile(r"[ ]*(?:-[ ]+)*(?P<key>[\w.-]+):[ \t]+(?P<sign>[\"'@*&![{%`])")
_ENTRY = re.compile(r"[ ]*(?:-[ ]+)+(?P<sign>[\"'@*&![{%`])")

# libyaml's words (scanner.c, parser.c) -> ours; {char} is the character at the place it names
_PLAIN = (
    ("cannot start any token", "text cannot start with `{char}`"),
    (
        "mapping values are not allowed",
        "a `:` stands where no key can be: the indentation is off, or text with `: ` in it lacks quotes",
    ),
    ("could not find expected ':'", "a key without its `:`"),
    ("did not find expected ',' or ']'", "this `[` is never closed, or a comma is missing behind it"),
    ("did not find expected ',' or '}'", "this `{` is never closed, or a comma is missing behind it"),
    ("did not find expected key", "no key can stand here: the text before it is over, or the indentation is off"),
    ("did not find expected '-'", "no `- ` stands here: this line does not belong to the list above it"),
    ("unexpected end of stream", "this quote is never closed"),
    ("unexpected document indicator", "this quote is never closed"),
    ("unknown escape character", "a backslash in double quotes is doubled, or single quotes are used"),
    ("expected comment or line break", "nothing can follow `|` or `>` in its line; the text starts on the next one"),
)
_CLOSED_BY = {"[": "]", "{": "}"}
_COMMENT = re.compile(r"\s#.*")
_AT_CONTEXT = ("',' or ']'", "',' or '}'", "end of stream", "document indicator")


def error_at(code: str, file: str, where: tuple[int, int], message: str, **more: Any) -> Finding:
    """An error finding at a line and column."""
    line, column = where
    return Finding(
        code=code, severity=FindingSeverity.ERROR, file=file, line=line, column=column, message=message, **more
    )


def syntax_error(error: MarkedYAMLError, text: str, file: str) -> Finding:
    """E006 for a tab, E001 for anything else that is not YAML."""
    problem = error.problem or "this is not YAML"
    inside = error.context_mark and any(words in problem for words in _AT_CONTEXT)
    mark = error.context_mark if inside else error.problem_mark
    index = min(mark.index, len(text)) if mark else 0
    char = text[index : index + 1]
    if inside and error.problem_mark and text[error.problem_mark.index - 1 :][:2] == "${":
        where = place(text, error.problem_mark.index - 1)
        return error_at("E001", file, where, "a `${...}` inside { } or [ ] is put in quotes", help='"${env:NAME}"')
    if char == "\t":
        return error_at("E006", file, place(text, index), "a tab stands here", help="indent with spaces")
    message = next((plain for words, plain in _PLAIN if words in problem), problem).replace("{char}", char)
    mend = _closing(text, index) if inside and char in _CLOSED_BY else advice(text, index)
    return error_at("E001", file, place(text, index), message, help=mend)


def _closing(text: str, index: int) -> str:
    """What to do about a bracket that is not closed: the sign may be meant, or be text, or a comment ate the rest."""
    rest = text[index:].partition("\n")[0].rstrip()
    if comment := _COMMENT.search(rest):
        return f"YAML takes `{comment[0].strip()}` for a comment; put text with a `#` in quotes"
    start = text.rfind("\n", 0, index) + 1
    value = _OPENED.match(text, start) or _ENTRY.match(text, start)
    as_text = _advice(text[start:index] + rest) if value and value.start("sign") == index else ""
    closed = f"close it with `{_CLOSED_BY[text[index]]}`"
    return f"{closed}; if it is text, {as_text}" if as_text else closed


def advice(text: str, index: int) -> str:
    """What to write instead, when the value here starts with a sign that means something to YAML."""
    start = text.rfind("\n", 0, index) + 1
    line = text[start:].partition("\n")[0]
    before = text[:start].rstrip("\r\n").rpartition("\n")[2]
    return _advice(line) or (_advice(before) if _indent(line) > _indent(before) else "")


def _advice(line: str) -> str:
    if opened := _OPENED.match(line):
        sign, key = opened["sign"], opened["key"]
        return f"use `{key}: |` and put the text that starts with `{sign}` on the next line, indented"
    if entry := _ENTRY.match(line):
        return f"put the text that starts with `{entry['sign']}` in quotes"
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
