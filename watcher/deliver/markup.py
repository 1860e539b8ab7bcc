"""pure: (plain text, what a service draws) -> the same, written so that it is drawn as that text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from itertools import pairwise

_AT_START = r"(?:(?<=\n)|(?<=\n> ))"
_SPECIAL = re.compile(
    r"(?P<url>https?://[^\s<>|\\`*~\[\]]+)|[\\`*_~|<\[\]]"
    r"|(?<=\n> )>|(?<=\n)>(?! )"
    rf"|{_AT_START}(?:#|[-+=](?=[\s>#=-]|$)|(?P<number>\d{{1,9}})(?=[.)](?:\s|$)))",
    re.MULTILINE,
)
_URL = re.compile(r"https?://[^\s<>]+")


def markdown(text: str) -> str:
    """With a backslash before what would be emphasis, code, a spoiler, a link or a tag, a heading or a list, and line
    ends that are drawn as such.

    Bare URLs stay as they are, or they would no longer be links; so does "> " that opens a line, a quotation.
    """
    lines = _SPECIAL.sub(_literal, f"\n{text}")[1:].split("\n")
    return lines[0] + "".join(_line_end(above, line) + line for above, line in pairwise(lines))


def _literal(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{found[0]}\\"
    return found[0] if found["url"] else f"\\{found[0]}"


def _line_end(above: str, line: str) -> str:
    """Two spaces make a break (CommonMark 6.7); without an empty line a quotation goes on."""
    if not above or not line:
        return "\n"
    return "\n\n" if above.startswith(">") and not line.startswith(">") else "  \n"


def html(text: str) -> str:
    """Escaped, a line break for each line end; a line that is a URL is a link to it."""
    return "<br/>".join(map(_html_line, text.split("\n")))


def _html_line(line: str) -> str:
    shown = escape(line)
    return f'<a href="{shown}">{shown}</a>' if _URL.fullmatch(line) else shown


WRITERS: Mapping[str, Callable[[str], str]] = {"html": html, "markdown": markdown, "text": str}
"""By apprise's names for formats."""
