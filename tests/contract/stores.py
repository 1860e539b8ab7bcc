"""Every implementation of the Store port, each as a function that gives the URL of an empty one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

STORES: dict[str, Callable[[Path], str]] = {
    "file": lambda folder: f"sqlite:///{folder / 'watcher.db'}",
    "memory": lambda _: "sqlite:///:memory:",
}
