"""pure: how a test went, and the words it is told in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from watcher.match import Explanation
from watcher.model import RuleId

SAID = 5  # pieces of evidence, or missing parts, that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a test went, in one line. `name` is its item's path or title, or says that it is a timeline."""

    rule: RuleId
    name: str
    passed: bool
    message: str
    line: int = 0
    column: int = 0


def said(found: Explanation) -> str:
    """What was found, in a few words."""
    if found.matched:
        because = quoted(span.text for span in found.evidence)
        denied = f"it is a denial, by {quoted(span.text for span in found.denied_by)}"
        return f"{denied}: {because}" if found.denial else f"it matches by {because}"
    if found.scope_note:
        return f"it does not match: {found.scope_note}"
    lacks = [f"{m.term} (nearest “{m.nearest}”)" if m.nearest else m.term for m in found.missing[:SAID]]
    return f"it does not match: missing {', '.join(lacks)}"


def quoted(texts: Iterable[str]) -> str:
    """Each different text once, at most SAID of them."""
    different = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    more = f" and {len(different) - SAID} more" if len(different) > SAID else ""
    return ", ".join(f"“{text}”" for text in different[:SAID]) + more
