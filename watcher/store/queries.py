"""edge: queries.sql -> the named queries, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType


def parse(text: str) -> Mapping[str, str]:
    """Each `-- name: NAME` line begins a query; a comment that follows stays with it."""
    _, *parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)
    return MappingProxyType({name: sql.strip() for name, sql in zip(parts[::2], parts[1::2], strict=True)})


SQL = parse((files("watcher.store") / "queries.sql").read_text(encoding="utf-8"))
