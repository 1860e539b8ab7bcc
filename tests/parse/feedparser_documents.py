"""Feedparser's own test documents as responses, with the headers each asks for in its comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version

from tests.data.fetch_feedparser_tests import documents_of
from watcher.model import Response

_HEADER = re.compile(rb"^Header:\s+([^:]+):(.*)$", re.MULTILINE)
_SITE = "http://127.0.0.1:8097/"


def documents() -> Iterator[tuple[str, Response]]:
    """Name and response, in the order of their names. Fails where they have not been fetched."""
    root = documents_of(version("feedparser"))
    paths = sorted(root.rglob("*.xml"))
    assert len(paths) > 2000, f"no test documents in {root}: run python tests/data/fetch_feedparser_tests.py"
    for path in paths:
        name, body = path.relative_to(root).as_posix(), path.read_bytes()
        headers = {key.decode().strip().lower(): value.decode().strip() for key, value in _HEADER.findall(body)}
        yield name, Response(url=headers.pop("content-location", _SITE + name), headers=headers, body=body)
