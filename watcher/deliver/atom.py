"""edge: message -> an Atom feed of the latest alerts (RFC 4287), rewritten whole for each."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from watcher import __version__
from watcher.deliver.file import path_of, sync_folder, telling
from watcher.errors import SendError
from watcher.model import ChannelName, ChannelSpec, Message, Receipt
from watcher.render import Document

NAMESPACE = "http://www.w3.org/2005/Atom"
ENTRIES = 100
MOST_ENTRIES = 10_000
MOST_BYTES = 256 * 2**20
"""A larger file is none that was written here."""
MODE = 0o644
"""Of a feed that is made, less what the umask takes away: others are to read it."""
TURN = 5.0
"""Seconds to wait while another process writes a feed in the same folder."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0, section 2.2."""
ET.register_namespace("", NAMESPACE)


class AtomSender:
    """A feed that holds each alert once, however often it is sent: its entry is known by the alert's key."""

    medium = Document()

    def __init__(self, spec: ChannelSpec) -> None:
        """Raises SendError, permanent, when the URL names no file or no number of entries."""
        self._path, given = path_of(spec.url, options=("entries",))
        self._most = _number(given.get("entries", str(ENTRIES)))
        self._channel = spec.name

    def send(self, message: Message) -> Receipt:
        """The old feed stays whole until the new one is on the disk. A failure may pass."""
        with telling(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _turn(self._path.parent):
                old, damaged = _entries(self._path)
                added = _entry(message)
                kept = [one for one in old if one.findtext(_tag("id")) != added.findtext(_tag("id"))]
                _replace(self._path, _feed(self._channel, [added, *kept][: self._most]))
        aside = "; what stood there was no feed of ours and was kept beside it as .damaged" if damaged else ""
        return Receipt(detail=f"written to {self._path}{aside}")

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        """The entry."""
        entry = _entry(message)
        ET.indent(entry)
        return ET.tostring(entry, encoding="unicode")


def _number(text: str) -> int:
    number = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
    if not 1 <= number <= MOST_ENTRIES:
        raise SendError(f"entries is a number from 1 to {MOST_ENTRIES:,}", permanent=True)
    return number


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _entry(message: Message) -> ET.Element:
    said: dict[str, Any] = json.loads(message.payload)
    entry = ET.Element(_tag("entry"))
    _add(entry, "id", f"urn:watcher:{said['key']}")
    _add(entry, "title", said["title"], type="text")
    _add(entry, "updated", said["created_at"])
    links = [item["url"] for item in said["items"] if (item["url"] or "").startswith(("https://", "http://"))]
    if links:
        _add(entry, "link", rel="alternate", href=links[0])
    for term in (said["severity"], said["kind"], *(rule["id"] for rule in said["rules"])):
        _add(entry, "category", term=term)
    _add(entry, "content", said["body"], type="text")
    return entry


def _feed(channel: ChannelName, entries: list[ET.Element]) -> bytes:
    feed = ET.Element(_tag("feed"))
    _add(feed, "id", f"urn:watcher:channel:{channel}")
    _add(feed, "title", f"Alerts on {channel}", type="text")
    _add(feed, "updated", max(entry.findtext(_tag("updated"), "") for entry in entries))
    _add(_add(feed, "author"), "name", "watcher")
    _add(feed, "generator", "watcher", version=__version__)
    feed.extend(entries)
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    clean = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    child = ET.SubElement(parent, _tag(name), clean)
    child.text = _NO_XML.sub("", text) if text is not None else None
    return child


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One writer at a time: the daemon and a command may tell of something at the same moment."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        end = time.monotonic() + TURN
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)
        yield
    finally:
        os.close(file)


def _entries(path: Path) -> tuple[list[ET.Element], bool]:
    """Those of the file as it is, newest first; whether it was none of ours, and put aside."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return [], False
    with os.fdopen(file, "rb") as stream:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
        data = stream.read(MOST_BYTES + 1)
    entries = _read(data) if len(data) <= MOST_BYTES else None
    if entries is None:
        path.replace(path.with_name(f"{path.name}.damaged"))
    return entries or [], entries is None


def _read(data: bytes) -> list[ET.Element] | None:
    """The entries of a feed that was written here; None of anything else, which is not ours to write over."""
    try:
        feed = ET.fromstring(data)  # noqa: S314 - expat bounds what entities expand to
    except ET.ParseError:
        return None if data else []
    if feed.tag != _tag("feed") or not feed.findtext(_tag("id"), "").startswith("urn:watcher:"):
        return None
    return [one for one in feed.findall(_tag("entry")) if one.findtext(_tag("id")) and one.findtext(_tag("updated"))]


def _replace(path: Path, data: bytes) -> None:
    """Put the data in the file's place, with the rights it had."""
    beside = path.with_name(f".{path.name}.new")
    with suppress(FileNotFoundError):
        beside.unlink()
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, MODE)
    try:
        with os.fdopen(file, "wb") as stream:
            with suppress(FileNotFoundError):
                os.fchmod(file, stat.S_IMODE(path.stat().st_mode))
            stream.write(data)
            stream.flush()
            os.fsync(file)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path)
