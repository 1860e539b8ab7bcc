"""edge: paths -> how the files there stand, so that two looks tell whether one has changed in between."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

RULE_FILES = (".yaml", ".yml")

Signature = tuple[int, ...]
"""Of the file that a path leads to: when its content and when its inode changed (ns), size, inode, device, mode."""


def signature(path: str) -> Signature | None:
    """None where there is nothing, or nothing that may be looked at."""
    try:
        found = os.stat(path)  # noqa: PTH116  a thousand times a second
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev, found.st_mode)


def look(files: Iterable[str], roots: Iterable[str]) -> Mapping[str, Signature | None]:
    """These files, and the rule files and folders at or below the roots."""
    paths = {*files, *roots}
    for root in roots:
        paths.update(_below(root))
    return {path: signature(path) for path in paths}


def _below(root: str) -> Iterator[str]:
    """Folders too: one that may not be looked into any more loses its files without any of them changing."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield folder
        yield from (os.path.join(folder, name) for name in names if is_rule_file(name))  # noqa: PTH118


def is_rule_file(name: str) -> bool:
    """By its name: hidden files are an editor's."""
    return name.endswith(RULE_FILES) and not name.startswith(".")
