"""What the contract suites share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.stores import STORES
from watcher.ports import Store
from watcher.store import open_store


@pytest.fixture(params=list(STORES.values()), ids=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty one of each implementation."""
    url: Callable[[Path], str] = request.param
    opened = open_store(url(tmp_path))
    yield opened
    opened.close()
