"""pure: item -> sketch: what is kept of it to know its like by."""

from __future__ import annotations

from watcher.model import Item, Sketch

__all__ = ["sketch_of"]


def sketch_of(item: Item) -> Sketch:  # noqa: ARG001
    """Of its title and text, without boilerplate."""
    return Sketch()
