"""edge: message -> a line of a file: the alert's document, appended whole and on the disk when it is accepted."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl

from watcher.errors import SendError
from watcher.model import ChannelSpec, Message, Receipt
from watcher.render import Document

_WORDS = {
    errno.EACCES: "it may not be written by this user",
    errno.EPERM: "it may not be written by this user",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is mounted read-only",
    errno.EISDIR: "it is a folder",
    errno.EEXIST: "a part of the path is a file, not a folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.ELOOP: "it is a symbolic link; give the file itself",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENXIO: "it is no ordinary file",
    errno.EAGAIN: "another process is writing it",
}
MODE = 0o600
"""Of a file that is made; one that is there keeps its own."""


class FileSender:
    """A file of JSON Lines. It is opened for each alert, so it may be moved away at any time (rotation)."""

    medium = Document()

    def __init__(self, spec: ChannelSpec) -> None:
        """Raises SendError, permanent, when the URL names no file."""
        self._path, _ = path_of(spec.url, options=())

    def send(self, message: Message) -> Receipt:
        """One write and an fsync. What could be written in part only is taken back; a failure may pass."""
        line = f"{message.payload}\n".encode("utf-8", "replace")
        with telling(self._path):
            made = not self._path.exists()
            file = open_ordinary(self._path)
            try:
                _append(file, line)
                os.fsync(file)
            finally:
                os.close(file)
            if made:
                sync_folder(self._path)
        return Receipt(detail=f"written to {self._path}")

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        return json.dumps(json.loads(message.payload), ensure_ascii=False, indent=2)


def path_of(url: str, *, options: tuple[str, ...]) -> tuple[Path, dict[str, str]]:
    """The path of a channel's URL, as it is written there, and what stands behind its `?`.

    Raises SendError, permanent, when there is no path, or something that is not among the options.
    """
    path, _, query = url.partition("://")[2].partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    unknown = [name for name in given if name not in options]
    if unknown:
        known = f"; known: {', '.join(options)}" if options else ""
        raise SendError(f"there is no option `{unknown[0]}` here{known}", permanent=True)
    if not path.strip("/") or path.endswith("/") or not path.isprintable():
        raise SendError("the URL names no file, as file:///var/lib/watcher/alerts.jsonl does", permanent=True)
    return Path(path), given


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Make a failure to write a SendError that says what is wrong; it may pass: a person makes room, or way."""
    try:
        yield
    except OSError as error:
        words = _WORDS.get(error.errno or 0) or os.strerror(error.errno or 0).lower()
        raise SendError(f"{path} is not written: {words}") from error


def open_ordinary(path: Path) -> int:
    """A descriptor of the file, made with its folders where it is not there. Raises OSError for what is no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, MODE)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
    return file


def sync_folder(path: Path) -> None:
    """Put a new name on the disk, where the file system can."""
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _append(file: int, line: bytes) -> None:
    """On a line of its own, even behind one that a crash has cut."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line
    written = os.write(file, line)
    if written < len(line):
        if os.fstat(file).st_size == size + written:  # nobody else has written meanwhile
            os.ftruncate(file, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
