"""edge: FetchRequest for a folder or file -> Response: the folder's files, or the one document.

A folder is a feed of its text files (.txt, .md, .html, .htm), those of its sub-folders included, sorted by name.
Hidden names and links that lead outside are not read. A file that changed a moment ago may be half written: it gets
the time to settle, and what is still changing then is left for the next poll. A URL that names one file brings that
file the same way, or, when it is no text file, as a document such as a saved feed.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from watcher.errors import FetchError
from watcher.fetch.limits import Limits
from watcher.model import FetchRequest, File, Hash64, Response
from watcher.ports import Clock
from watcher.text.counted import size
from watcher.text.shown import line

_TEXT = frozenset({".txt", ".md", ".html", ".htm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A file as listed. `left` says why it is not read this time: "large" or "fresh"."""

    name: str
    path: Path
    size: int
    mtime_ns: int
    left: str = ""


class FolderFetcher:
    """A Fetcher. Everything that touches the disk runs in a thread."""

    def __init__(self, *, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock

    async def fetch(self, request: FetchRequest) -> Response:
        """Raises FetchError of kind folder or too-large. The ETag is a hash of names, sizes and times."""
        root = _root(request.url)
        try:
            seen = await asyncio.to_thread(self._list, root)
            if any(file.left == "fresh" for file in seen):
                await asyncio.sleep(self._limits.settle)
                seen = await asyncio.to_thread(self._list, root)
            if _etag(seen) == request.etag:
                return Response(url=root.as_uri(), status=304, etag=request.etag)
            return await asyncio.to_thread(self._read, root, seen)
        except (OSError, ValueError, OverflowError) as error:
            raise _error(root, _words(error, root)) from error

    async def aclose(self) -> None:
        pass

    def _list(self, root: Path) -> list[_Seen]:
        now_ns = int(self._clock.now().timestamp() * 1e9)
        if not root.is_dir():
            return [self._judged(_alone(root), now_ns)]
        names = sorted(_names(root, self._limits.folder_entries))
        return [self._judged(seen, now_ns) for name in names if (seen := _inside(root, name))]

    def _judged(self, file: _Seen, now_ns: int) -> _Seen:
        if file.size > self._limits.file:
            return replace(file, left="large")
        fresh = abs(now_ns - file.mtime_ns) < self._limits.settle * 1e9
        return replace(file, left="fresh") if fresh else file

    def _read(self, root: Path, listed: list[_Seen]) -> Response:
        total = sum(file.size for file in listed if not file.left)
        if total > self._limits.folder:
            most = size(self._limits.folder)
            raise FetchError(
                f"{root}: {size(total)} of text, the limit is {most}; move old files away", kind="too-large"
            )
        read = [_read_one(file) for file in listed]
        seen = [file for file, _ in read]
        if not root.is_dir():
            return self._one(root, *read[0])
        return Response(
            url=root.as_uri(),
            files=tuple(_file(file, body) for file, body in read if not file.left),
            etag=_etag(seen),
            headers=self._warning(seen),
        )

    def _one(self, path: Path, file: _Seen, body: bytes) -> Response:
        """A URL that names a file asks for that file: what a folder would leave out is an error here."""
        if file.left == "large":
            raise _error(path, f"{size(file.size)}, the limit is {size(self._limits.file)}", kind="too-large")
        if file.left:
            raise _error(path, "it is still being written")
        if path.suffix.lower() in _TEXT:
            return Response(url=path.as_uri(), files=(_file(file, body),), etag=_etag([file]))
        return Response(url=path.as_uri(), body=body, etag=_etag([file]))

    def _warning(self, seen: list[_Seen]) -> dict[str, str]:
        large = [file.name for file in seen if file.left == "large"]
        if not large:
            return {}
        more = f" and {len(large) - 1} more" if len(large) > 1 else ""
        return {"warning": f"{large[0]}{more} left out: larger than {size(self._limits.file)}"}


def _root(url: str) -> Path:
    """The absolute path that a plain path or a file: URL (RFC 8089) names. Raises FetchError (folder)."""
    if not url.lower().startswith("file:"):
        if not url:
            raise FetchError("no URL and no path was given", kind="folder")
        return Path(os.path.abspath(url))  # noqa: PTH100  resolve() would replace a link by what it leads to
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise _error(url, "a file: URL names no other machine; write file:///path")
    if not parts.path:
        raise _error(url, "the path is missing; write file:///path")
    return Path(os.path.abspath(os.fsdecode(unquote_to_bytes(parts.path))))  # noqa: PTH100


def _names(root: Path, most: int) -> Iterator[str]:
    """Names of text files below a folder, relative to it; neither hidden nor in hidden or linked folders."""
    looked = 0
    for folder, folders, files in os.walk(root, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        looked += len(folders) + len(files)
        if looked > most:
            raise _error(root, f"more than {most} files; name a smaller folder", kind="too-large")
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in _TEXT:
                yield Path(folder, name).relative_to(root).as_posix()


def _refuse(error: OSError) -> None:
    raise error


def _inside(root: Path, name: str) -> _Seen | None:
    """The file as it is on disk; None for what is no regular file, has gone, or is a link to somewhere outside."""
    path = root / name
    linked = path.is_symlink()
    if linked and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        return None
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        if linked:  # a circle of links
            return None
        raise
    return _seen(path, name, found) if stat.S_ISREG(found.st_mode) else None


def _alone(path: Path) -> _Seen:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise _error(path, "this is neither a file nor a folder")
    return _seen(path, path.name, found)


def _seen(path: Path, name: str, found: os.stat_result) -> _Seen:
    return _Seen(name=name, path=path, size=found.st_size, mtime_ns=found.st_mtime_ns)


def _read_one(file: _Seen) -> tuple[_Seen, bytes]:
    """The file and its content; what changed or went since it was listed is fresh again, and left."""
    if file.left:
        return file, b""
    try:
        with file.path.open("rb") as stream:
            body = stream.read(file.size + 1)
            now = os.fstat(stream.fileno())
    except FileNotFoundError:
        return replace(file, left="fresh"), b""
    if (len(body), now.st_mtime_ns) != (file.size, file.mtime_ns):
        return replace(file, left="fresh"), b""
    return file, body


def _file(seen: _Seen, body: bytes) -> File:
    name = os.fsencode(seen.name)
    digest = blake2b(name + b"\0" + body, digest_size=8).digest()
    return File(
        name=name.decode("utf-8", "replace"),
        url=seen.path.as_uri(),
        body=body,
        modified=datetime.fromtimestamp(seen.mtime_ns / 1e9, UTC),
        hash=Hash64(int.from_bytes(digest, "big", signed=True)),
    )


def _etag(seen: Iterable[_Seen]) -> str:
    digest = blake2b(digest_size=16)
    for file in seen:
        digest.update(b"%b\0%d\0%d\0%b\n" % (os.fsencode(file.name), file.size, file.mtime_ns, file.left.encode()))
    return digest.hexdigest()


def _words(error: Exception, root: Path) -> str:
    if not isinstance(error, OSError):
        return str(error)
    words = (error.strerror or type(error).__name__).lower()
    return words if error.filename in (None, str(root)) else f"{words} ({error.filename})"


def _error(where: Path | str, words: str, *, kind: str = "folder") -> FetchError:
    return FetchError(line(f"{where}: {words}", 1000), kind=kind)
