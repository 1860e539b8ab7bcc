"""edge: paths -> the bytes of every rule file there, by its path as findings show it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.config.collecting import uncollected
from watcher.config.settings import Settings
from watcher.config.watching import Signature, is_rule_file, signature
from watcher.config.zones import known_zones
from watcher.errors import ConfigError
from watcher.model import Finding, FindingSeverity
from watcher.yamldoc import MAX_BYTES

if TYPE_CHECKING:
    from watcher.rules import Filed, Library, Loaded


_EMPTY = "to have none of its rules, delete it or write `rules: []`"


class RuleFiles:
    """The rule files below some paths, as often as one asks: a file that did not change is not read again.

    A file that was written anew with the same content keeps its bytes object, so that a library knows it again. One
    that has become empty keeps what it said, with an error: a full disk and a crash of an editor leave such a file.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.known: Filed | None = None  # what an earlier process has worked out
        self._read: dict[str, tuple[Signature | None, bytes]] = {}
        self._missing: frozenset[str] = frozenset()

    @property
    def paths(self) -> frozenset[str]:
        """Every file that was read at last, and those that should have been and could not."""
        return self._missing | self._read.keys()

    def distrust(self) -> None:
        """Read every file again at the next `read`, whether it seems to have changed or not."""
        self._read = {path: (None, content) for path, (_, content) in self._read.items()}

    def read(self, roots: Sequence[str]) -> tuple[Mapping[str, bytes], tuple[Finding, ...]]:
        """All rule files at or below these paths, sorted, and the files that they use, wherever these lie.

        Hidden names are skipped. Beside them E030 for every file and folder that cannot be read, and every name of a
        rule file that is none, such as a link to nothing; a used file that is not there is left out, since the rule
        that uses it is where that is reported.
        """
        from watcher.rules import outline  # most commands ask for no rule

        found: dict[str, tuple[Signature | None, bytes]] = {}
        unreadable: list[Finding] = []
        missing: set[str] = set()
        waiting = [path for root in roots for path in _rule_files(root, unreadable)]
        named = frozenset(waiting)
        for path in waiting:  # which grows
            if path in found:
                continue
            if not (path in named or os.path.isfile(path)):  # noqa: PTH113  this one never raises
                missing.add(path)
                continue
            try:
                found[path] = self._content(path)
            except OSError as error:
                missing.add(path)
                unreadable.append(_unreadable(error))
                continue
            if self._emptied(path, found[path][1]):
                found[path] = (None, self._read[path][1])
                unreadable.append(_finding(path, "the file has become empty: what it said stays", _EMPTY))
            uses = outline(found[path][1], path, self._library, self.known).uses
            waiting += [os.path.normpath(Path(path).parent / use.text) for use in uses]
        self._read, self._missing = found, frozenset(missing)
        return {path: content for path, (_, content) in found.items()}, tuple(unreadable)

    def _emptied(self, path: str, content: bytes) -> bool:
        return not content and path in self._read and bool(self._read[path][1])

    def _content(self, path: str) -> tuple[Signature | None, bytes]:
        """The signature is taken first: what changes while the file is read is read again."""
        stands, known = signature(path), self._read.get(path)
        if known and stands and known[0] == stands:
            return known
        content = _content(path)
        return stands, known[1] if known and known[1] == content else content


def read_rules(roots: Sequence[str], library: Library | None = None) -> Mapping[str, bytes]:
    """`RuleFiles.read`, once. Raises ConfigError naming all that cannot be read."""
    from watcher.rules import Library

    found, unreadable = RuleFiles(library or Library()).read(roots)
    if unreadable:
        raise ConfigError(unreadable)
    return found


@uncollected()
def load_rules(settings: Settings) -> Loaded:
    """The configuration's rules, checked against its channels and feeds. Raises ConfigError like `read_rules`."""
    from watcher.rules import Library

    library = Library()
    return checked_rules(read_rules(settings.rules, library), settings, library)


def checked_rules(
    sources: Mapping[str, bytes], settings: Settings, library: Library, known: Filed | None = None
) -> Loaded:
    """Rule files that have been read, checked against the configuration's channels and feeds."""
    from watcher.rules import load

    channels = {name for c in settings.channels for name in (c.name, *c.tags)}
    feeds = {name for f in settings.feeds for name in (f.id, *(f"tag:{tag}" for tag in f.tags))}
    return load(sources, channels=channels, feeds=feeds, zones=time_zones(sources), library=library, known=known)


def time_zones(sources: Mapping[str, bytes]) -> frozenset[str] | None:
    """The names of the time zones there are, where a rule names hours."""
    return known_zones() if any(b"during" in source for source in sources.values()) else None


def core_vocabulary() -> bytes:
    """The vocabulary that comes with the package."""
    return files("watcher").joinpath("data/core-en.yaml").read_bytes()


def _rule_files(root: str, unreadable: list[Finding]) -> Iterator[str]:
    """The rule files there; folders that cannot be looked into go to `unreadable`."""
    if not os.path.isdir(root) or is_rule_file(os.path.basename(root)):  # noqa: PTH112,PTH119  these never raise
        yield root
        return
    for folder, folders, names in os.walk(root, onerror=lambda error: unreadable.append(_unreadable(error))):
        names += [name for name in folders if is_rule_file(name)]  # which is none: that is told when it is read
        folders[:] = sorted(name for name in folders if not (name.startswith(".") or is_rule_file(name)))
        for name in sorted(names):
            if is_rule_file(name):
                yield str(Path(folder, name))


def _content(path: str) -> bytes:
    """At most one byte more than is ever read of a YAML file: the reader says what is wrong with such a one.

    Raises OSError; a pipe or a device is not waited for.
    """
    mode = Path(path).stat().st_mode
    if not stat.S_ISREG(mode):
        kind = "a folder with the name of a file" if stat.S_ISDIR(mode) else "neither a file nor a folder"
        raise OSError(0, f"it is {kind}", path)
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _unreadable(error: OSError) -> Finding:
    helps = {
        FileNotFoundError: "if it is a link, what it leads to is gone",
        PermissionError: "let the watcher's user read it",
    }
    mend = helps.get(type(error), "rules are read from files and folders")
    return _finding(str(error.filename), f"this cannot be read: {error.strerror}", mend)


def _finding(file: str, message: str, mend: str) -> Finding:
    severity = FindingSeverity.ERROR
    return Finding(code="E030", severity=severity, file=file, line=1, column=1, message=message, help=mend)
