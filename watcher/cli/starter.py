"""edge: (feeds, where to tell) -> the files of a new configuration, laid down together or not at all.

What is there already is left as it is. The file that makes the folder a configuration comes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from os.path import lexists  # a link to nothing is in the way, too
from pathlib import Path
from urllib.parse import urlsplit

from watcher import yamldoc
from watcher.config.writer import replace
from watcher.errors import UsageError
from watcher.sources import FeedEntry

CONFIG = "watcher.yaml"
_TAKEN = (CONFIG, "config/watcher.yaml")
_EXAMPLES = ("rules/example.yaml", "inbox/example.txt")
_IGNORED = b"# what the watcher remembers, and what gives access\n/var/\n/secrets/\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A channel beside the terminal; its URL gives access."""

    name: str
    url: str

    @property
    def file(self) -> str:
        """Where its URL is kept."""
        return f"secrets/{self.name}-url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """The files to write, by their paths in the folder, in this order; and those that are left as they are."""

    folder: Path
    new: Mapping[str, bytes]
    left: tuple[str, ...]
    private: frozenset[str]  # nobody else may read these


def starter(folder: Path, feeds: Sequence[FeedEntry], target: Target | None) -> Starter:
    """What is to be written there. Raises UsageError where it cannot be, as there is a configuration already."""
    _refuse(folder, target)
    wanted: dict[str, bytes] = {}
    for path in _EXAMPLES[: 1 if feeds else 2]:
        wanted[path] = _shipped(path)
    wanted[".gitignore"] = _IGNORED
    if target:
        wanted |= {"secrets/.gitignore": b"*\n", target.file: f"{target.url}\n".encode()}
    left = tuple(path for path in wanted if _is_taken(folder, path))
    new = {path: content for path, content in wanted.items() if path not in left}
    new[CONFIG] = _config(feeds, target, known_inbox="inbox/example.txt" in left)
    private = {CONFIG} if any(has_password(feed) for feed in feeds) else set()
    return Starter(folder=folder, new=new, left=left, private=frozenset(private | ({target.file} if target else set())))


def has_password(feed: FeedEntry) -> bool:
    """Whether its address gives access."""
    return "@" in urlsplit(feed.url).netloc


def lay_down(made: Starter) -> None:
    """Write it all; of what cannot be finished nothing stays. Raises WatcherError, OSError."""
    files_ = [made.folder / path for path in made.new]
    new_places = {place for file in files_ for place in file.parents if not place.exists()}
    done: list[Path] = []
    try:
        for file, (path, content) in zip(files_, made.new.items(), strict=True):
            replace(file, None, content, private=path in made.private)
            done.append(file)
    except BaseException:
        for file in done:
            file.unlink(missing_ok=True)
        for place in sorted(new_places, key=lambda one: len(one.parts), reverse=True):
            with suppress(OSError):
                place.rmdir()
        raise


def _refuse(folder: Path, target: Target | None) -> None:
    there = next((folder / path for path in _TAKEN if lexists(folder / path)), None)
    if there:
        raise UsageError(
            f"there is a configuration already: {there}; nothing was written: edit it, or name a new folder"
        )
    needed = (folder, folder / "rules", *([folder / "secrets"] if target else []))
    in_the_way = next((path for path in needed if lexists(path) and not path.is_dir()), None)
    if in_the_way:
        raise UsageError(f"{in_the_way} is no folder; nothing was written: name another one")
    if target and lexists(folder / target.file):
        raise UsageError(f"{folder / target.file} is there already; nothing was written: move it away")


def _is_taken(folder: Path, path: str) -> bool:
    """An example is for a folder that has nothing of its own."""
    file = folder / path
    if path not in _EXAMPLES:
        return lexists(file)
    return file.parent.is_dir() and any(not one.name.startswith(".") for one in file.parent.iterdir())


def _config(feeds: Sequence[FeedEntry], target: Target | None, *, known_inbox: bool) -> bytes:
    source = _shipped(CONFIG)
    if feeds:
        source = yamldoc.edit(source, ("feeds",), [_written(feed) for feed in feeds])
    elif known_inbox:
        source = yamldoc.edit(source, ("feeds", 0, "baseline"), yamldoc.REMOVED)
    if target:
        channel = {"name": target.name, "url": f"${{file:{target.file}}}"}
        source = yamldoc.edit(source, ("channels", 1), channel)
        source = yamldoc.edit(source, ("operator",), [target.name])
    return source


def _written(feed: FeedEntry) -> dict[str, yamldoc.Data]:
    return ({"id": feed.id} if feed.id else {}) | {"url": feed.url} | ({"tags": feed.tags} if feed.tags else {})


def _shipped(path: str) -> bytes:
    return files("watcher").joinpath("data/starter", path).read_bytes()
