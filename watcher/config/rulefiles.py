"""edge: paths -> the bytes of every rule file there, by its path as findings show it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.config.settings import Settings
from watcher.errors import ConfigError
from watcher.model import Finding, FindingSeverity
from watcher.yamldoc import MAX_BYTES

if TYPE_CHECKING:
    from watcher.rules import Loaded

_ENDS = (".yaml", ".yml")


def read_rules(roots: Sequence[str]) -> Mapping[str, bytes]:
    """All rule files at or below these paths, sorted, and the files that they use, wherever these lie.

    Hidden names are skipped. Raises ConfigError naming every file and folder that cannot be read, and every name of a
    rule file that is none, such as a link to nothing; a used file that is not there is left out, since the rule that
    uses it is where that is reported.
    """
    from watcher.rules import uses  # most commands ask for no rule

    found: dict[str, bytes] = {}
    unreadable: list[Finding] = []
    waiting = [path for root in roots for path in _rule_files(root, unreadable)]
    named = frozenset(waiting)
    while waiting:
        path = waiting.pop(0)
        if path in found or not (path in named or os.path.isfile(path)):  # noqa: PTH113  this one never raises
            continue
        try:
            found[path] = _content(path)
        except OSError as error:
            unreadable.append(_unreadable(error))
            continue
        waiting += [os.path.normpath(Path(path).parent / name) for name in uses(found[path])]
    if unreadable:
        raise ConfigError(unreadable)
    return found


def load_rules(settings: Settings) -> Loaded:
    """The configuration's rules, checked against its channels and feeds. Raises ConfigError like `read_rules`."""
    from watcher.rules import load

    channels = {name for c in settings.channels for name in (c.name, *c.tags)}
    feeds = {name for f in settings.feeds for name in (f.id, *(f"tag:{tag}" for tag in f.tags))}
    return load(read_rules(settings.rules), channels=channels, feeds=feeds)


def core_vocabulary() -> bytes:
    """The vocabulary that comes with the package."""
    return files("watcher").joinpath("data/core-en.yaml").read_bytes()


def _rule_files(root: str, unreadable: list[Finding]) -> Iterator[str]:
    """The rule files there; folders that cannot be looked into go to `unreadable`."""
    if not os.path.isdir(root):  # noqa: PTH112  this one never raises
        yield root
        return
    for folder, folders, names in os.walk(root, onerror=lambda error: unreadable.append(_unreadable(error))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(_ENDS) and not name.startswith("."):
                yield str(Path(folder, name))


def _content(path: str) -> bytes:
    """At most one byte more than is ever read of a YAML file: the reader says what is wrong with such a one.

    Raises OSError; a pipe or a device is not waited for.
    """
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(0, "it is neither a file nor a folder", path)
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _unreadable(error: OSError) -> Finding:
    helps = {
        FileNotFoundError: "if it is a link, what it leads to is gone",
        PermissionError: "let the watcher's user read it",
    }
    return Finding(
        code="E030",
        severity=FindingSeverity.ERROR,
        file=str(error.filename),
        line=1,
        column=1,
        message=f"this cannot be read: {error.strerror}",
        help=helps.get(type(error), "rules are read from files and folders"),
    )
