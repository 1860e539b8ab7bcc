"""Open a store as somebody who may only look: unprivileged.py read|write PATH. Prints what came of it."""

from __future__ import annotations

import os
import sys
import urllib.parse  # noqa: F401 - pathlib wants it later, when the rights to read it may be gone
from datetime import UTC, datetime

import watcher.text.tokens  # noqa: F401 — with everything else, before the rights to read it may be gone
from watcher.errors import StoreError
from watcher.store import open_store

NOBODY = 65534


def main(way: str, path: str) -> int:
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        store = open_store(path, read_only=way == "read")
        print(store.status(datetime(2026, 3, 1, tzinfo=UTC)).items)
        store.close()
    except StoreError as error:
        print(error)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
