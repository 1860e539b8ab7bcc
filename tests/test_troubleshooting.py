"""The words that the page quotes are words that the program says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GAP = "…"
PAGE = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
ROWS = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
QUOTED = [words for row in ROWS for words in re.findall(r"`([^`]+)`", row[0])]
NOT_SAID = re.compile(r"watcher [a-z ]+|/readyz")
"""Commands and paths that stand beside what is said."""


@cache
def said() -> str:
    """Every text in the program but its documentation, a line each; what is put in when it runs is a gap."""
    texts = []
    for path in sorted((ROOT / "watcher").rglob("*.py")):
        within: set[int] = set()  # of a text, and of what stands by itself: docstrings
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Expr):
                within.add(id(node.value))
            elif isinstance(node, ast.JoinedStr):
                within.update(map(id, node.values))
                texts.append("".join(str(p.value) if isinstance(p, ast.Constant) else GAP for p in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
                texts.append(node.value)
    return "\n".join(texts)


@pytest.mark.parametrize("words", [words for words in QUOTED if not NOT_SAID.fullmatch(words)])
def test_what_the_page_quotes_is_said(words: str) -> None:
    assert re.search(r".*".join(map(re.escape, words.split(GAP))), said()), words


def test_there_is_something_to_look_up() -> None:
    assert len(ROWS) >= 50
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in ROWS)
