"""edge: rules as loaded -> a file beside the database, and back; what is odd about it is nobody's loss.

It holds nothing that is not worked out again without it, and is never believed: it counts where its checksum holds, it
was made by this very code for the same names, and the files of the rules are those it was made of.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from watcher import __version__
from watcher.config.settings import Settings
from watcher.rules import Filed, filed
from watcher.text.tokens import KEYS_VERSION

NAME = "rules.cache"
FORMAT = 1
MOST = 2**29
"""Bytes of it that are read."""

_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_CODE = ("model", "rules", "text", "yamldoc")
_PACKAGES = ("Stemmer", "re2", "yaml")


def made_of(settings: Settings) -> str:
    """A digest of everything that rules are made of beside their files.

    What terms are common is not of it: it is counted anew every day, and only the order of what a rule requires goes by
    it.
    """
    channels = sorted({name for c in settings.channels for name in (c.name, *c.tags)})
    feeds = sorted({name for f in settings.feeds for name in (f.id, *(f"tag:{tag}" for tag in f.tags))})
    whole = [FORMAT, __version__, sys.version, KEYS_VERSION, _code(), channels, feeds]
    return sha256(json.dumps(whole).encode()).hexdigest()


def read(folder: Path, made_of: str) -> Filed:
    """What was kept there. Raises OSError, and ValueError where there is anything odd about it."""
    content = _content(folder / NAME, _header(made_of))
    head, _, rest = content.partition(b"\n")
    body, _, checksum = rest.rpartition(b"\n")
    if checksum.decode("ascii", "replace") != _checksum(head + b"\n" + body):
        raise ValueError("it is damaged")
    try:
        return filed.filed(body.split(b"\n") if body else ())
    except RecursionError:
        raise ValueError("no rules are so deep") from None


def write(folder: Path, made_of: str, lines: Iterable[bytes]) -> None:
    """Keep these, in the place of what was there. Raises OSError."""
    path = folder / NAME
    draft = path.with_name(f".{NAME}.new")
    draft.unlink(missing_ok=True)  # of a start that was interrupted, or whatever it is
    try:
        with os.fdopen(os.open(draft, _WRITING, 0o600), "wb") as file:
            whole = sha256(_header(made_of))
            file.write(_header(made_of))
            for number, line in enumerate(lines):
                part = b"\n" + line if number else line
                whole.update(part)
                file.write(part)
            file.write(b"\n" + whole.hexdigest().encode())
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink()


def _header(made_of: str) -> bytes:
    return json.dumps({"watcher rules": FORMAT, "made of": made_of}).encode() + b"\n"


def _checksum(content: bytes) -> str:
    return sha256(content).hexdigest()


def _content(path: Path, header: bytes) -> bytes:
    """All of it, where it begins as it should; of a link, a pipe, or a file that others may write, nothing."""
    with os.fdopen(os.open(path, _READING), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o022 or found.st_uid not in {os.geteuid(), 0}:
            raise ValueError("it is not ours alone")
        if file.read(len(header)) != header:
            raise ValueError("it was made of something else")
        if found.st_size > MOST:
            raise ValueError("it is too large")
        return header + file.read(found.st_size)  # of which the checksum tells whether it is all


def _code() -> str:
    """How the modules stand that work rules out, ours and others': another version of them may find another thing."""
    whole = sha256()
    ours = sorted(path for part in _CODE for path in (Path(__file__).parents[1] / part).glob("*.py"))
    others = [Path(found.origin) for name in _PACKAGES if (found := find_spec(name)) and found.origin]
    for path in (*ours, *others):
        stands = path.stat()
        whole.update(f"{path.name} {stands.st_size} {stands.st_mtime_ns}\n".encode())
    return whole.hexdigest()
