"""edge: (path, the bytes it had, the bytes it is to have) -> the file replaced whole, or not at all.

A link stays a link: what it leads to is replaced. The new content is written beside it under a hidden name, which no
reader of rules looks at, and takes the file's place when it is on the disk.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

from watcher.errors import WatcherError

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


class Changed(WatcherError):
    """The file is not what it was when it was read; nothing is written."""


class ReadOnly(WatcherError):
    """The file's place takes no writing, by its mount or its rights."""


def replace(path: str | os.PathLike[str], before: bytes | None, after: bytes, *, private: bool = False) -> None:
    """Put `after` in the place of `before`; None: the file is new, and its folders are made where they are missing.

    Raises Changed, ReadOnly, OSError. Rights are kept, and the owner where that is allowed; a new file that is
    `private` can be read by its owner alone.
    """
    target = Path(os.path.realpath(path))
    _refuse_changed(path, target, before)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, after, path, before, private=private)
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise ReadOnly(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error  # a full disk does not say of what


def patch(path: str, before: bytes | None, after: bytes) -> str:
    """The change as a unified diff, as `patch -p0` takes it."""
    old, new = (_LINE.findall((content or b"").decode("utf-8", "replace")) for content in (before, after))
    lines = unified_diff(old, new, "/dev/null" if before is None else path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _replace(target: Path, after: bytes, path: str | os.PathLike[str], before: bytes | None, *, private: bool) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            _keep_rights(file.fileno(), target, private=private)
            file.flush()
            os.fsync(file.fileno())
        _refuse_changed(path, target, before)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _refuse_changed(path: str | os.PathLike[str], target: Path, before: bytes | None) -> None:
    try:
        now = target.read_bytes()
    except FileNotFoundError:
        now = None
    if now != before:
        what = "is there already" if before is None else "has changed since it was read"
        raise Changed(f"{path} {what}; nothing was written: try again")


def _keep_rights(handle: int, target: Path, *, private: bool) -> None:
    try:
        known = target.stat()
    except FileNotFoundError:
        if private:
            return  # as it was made
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    new = os.fstat(handle)
    if (known.st_uid, known.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):  # only root may give files away
            os.fchown(handle, known.st_uid, known.st_gid)
    os.fchmod(handle, stat.S_IMODE(known.st_mode))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
