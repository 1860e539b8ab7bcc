"""Alerts in files: JSON Lines and an Atom feed."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.alerts import alert, notice, told
from watcher.deliver import MediumSender, atom, check
from watcher.deliver.atom import AtomSender
from watcher.deliver.file import FileSender
from watcher.errors import SendError
from watcher.model import AlertKey, ChannelName, ChannelSpec, Message
from watcher.render import Document, render


def spec_of(url: str) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url)


def message(key: str = "a", title: str = "Quake near the harbour", text: str = "A quake came.") -> Message:
    shown = replace(alert(told(title=title, text=text)), key=AlertKey(key * 32))
    return render(shown, Document(), spec_of("file://x"))


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def refused(sender: MediumSender, sent: Message | None = None) -> str:
    with pytest.raises(SendError) as caught:
        sender.send(sent or message())
    assert not caught.value.permanent
    assert not caught.value.denied
    return str(caught.value)


# JSON Lines


def test_each_alert_is_a_line_with_its_document(tmp_path: Path) -> None:
    path = tmp_path / "made" / "too" / "alerts.jsonl"
    sender = FileSender(spec_of(f"file://{path}"))
    assert not path.parent.exists()
    for key in "ab":
        assert sender.send(message(key)).detail == f"written to {path}"
    assert lines_of(path) == [json.loads(message(key).payload) for key in "ab"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_moved_away_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    sender = FileSender(spec_of(f"file://{path}"))
    sender.send(message("a"))
    path.rename(tmp_path / "alerts.jsonl.1")
    sender.send(message("b"))
    assert [line["key"][0] for line in lines_of(path)] == ["b"]
    assert [line["key"][0] for line in lines_of(tmp_path / "alerts.jsonl.1")] == ["a"]


def test_behind_a_line_that_a_crash_has_cut_a_new_one_begins(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"key": "cut')
    FileSender(spec_of(f"file://{path}")).send(message())
    cut, whole = path.read_text("utf-8").splitlines()
    assert cut == '{"key": "cut'
    assert json.loads(whole)["key"] == "a" * 32


def test_what_was_written_in_part_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "alerts.jsonl"
    sender = FileSender(spec_of(f"file://{path}"))
    sender.send(message("a"))
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda file, data: write(file, data[:10]))
        assert refused(sender) == f"{path} is not written: the disk is full"
    sender.send(message("b"))
    assert [line["key"][0] for line in lines_of(path)] == ["a", "b"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_what_is_not_on_the_disk_is_not_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def broken(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", broken)
    for sender in senders(tmp_path / "alerts"):
        assert "is not written: " in refused(sender)


# both


def senders(path: Path) -> tuple[MediumSender, MediumSender]:
    return FileSender(spec_of(f"file://{path}")), AtomSender(spec_of(f"atom://{path}"))


def a_link(path: Path) -> None:
    path.symlink_to(path.with_name("elsewhere"))
    path.with_name("elsewhere").write_text("keep me", "utf-8")


def a_file_for_a_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("", "utf-8")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (a_link, "it is a symbolic link; give the file itself"),
        (os.mkfifo, "it is no ordinary file"),
        (Path.mkdir, "it is "),
        (a_file_for_a_folder, "a part of the path is a file, not a folder"),
    ],
)
def test_what_is_no_file_is_told_and_left_alone(tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    path = tmp_path / "folder" / "alerts"
    path.parent.mkdir()
    make(path)
    for sender in senders(path):
        assert words in refused(sender)
    if make is a_link:
        assert path.with_name("elsewhere").read_text("utf-8") == "keep me"


def test_a_disk_without_room_is_told() -> None:
    path = Path("/dev/full")
    assert "it is no ordinary file" in refused(FileSender(spec_of(f"file://{path}")))


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    for sender in senders(tmp_path / "alerts"):
        assert refused(sender) == f"{tmp_path / 'alerts'} is not written: it may not be written by this user"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file://", "the URL names no file"),
        ("file:///", "the URL names no file"),
        ("file:///var/alerts/", "the URL names no file"),
        ("atom:///var/a\nb", "the URL names no file"),
        ("file:///var/alerts?entries=5", "there is no option `entries` here"),
        ("atom:///var/alerts?most=5", "there is no option `most` here; known: entries"),
        ("atom:///var/alerts?entries=0", "entries is a number from 1 to 10,000"),
        ("atom:///var/alerts?entries=", "entries is a number from 1 to 10,000"),
        ("atom:///var/alerts?entries=1e3", "entries is a number from 1 to 10,000"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_at_load(url: str, reason: str) -> None:
    said = check(spec_of(url))
    assert said is not None
    assert said.startswith(reason)


def test_opening_makes_nothing(tmp_path: Path) -> None:
    senders(tmp_path / "made" / "alerts")
    assert list(tmp_path.iterdir()) == []


def test_what_is_shown_is_what_would_stand_there(tmp_path: Path) -> None:
    lines, feed = (sender.shown(message()) for sender in senders(tmp_path / "alerts"))
    assert json.loads(lines) == json.loads(message().payload)
    assert ET.fromstring(feed).findtext(f"{{{atom.NAMESPACE}}}id") == f"urn:watcher:{'a' * 32}"


# Atom


def feed_of(path: Path) -> Any:
    ET.fromstring(path.read_bytes())  # strict
    parsed = feedparser.parse(path.read_bytes())
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def atom_sender(path: Path, query: str = "") -> AtomSender:
    return AtomSender(spec_of(f"atom://{path}{query}"))


def test_a_feed_says_what_the_alert_says(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    atom_sender(path).send(message())
    feed = feed_of(path)
    assert (feed.feed.id, feed.feed.title) == ("urn:watcher:channel:desk", "Alerts on desk")
    assert (feed.feed.author, feed.feed.updated) == ("watcher", "2026-03-01T11:32:00Z")
    (entry,) = feed.entries
    assert entry.id == f"urn:watcher:{'a' * 32}"
    assert entry.title == "[high] Quakes nearby: Quake near the harbour"
    assert entry.updated == "2026-03-01T11:32:00Z"
    assert entry.link == "https://wire.example/a"
    assert entry.content[0].value == message().body
    assert entry.content[0].type == "text/plain"
    assert [tag.term for tag in entry.tags] == ["high", "match", "quakes"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


def test_the_latest_come_first_and_the_oldest_go(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    for key in "abcd":
        atom_sender(path, "?entries=3").send(message(key))
    assert [entry.id[-1] for entry in feed_of(path).entries] == ["d", "c", "b"]


def test_a_repeat_does_not_double(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    for key in "aba":
        atom_sender(path).send(message(key))
    assert [entry.id[-1] for entry in feed_of(path).entries] == ["a", "b"]


def test_a_notice_has_no_link(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    atom_sender(path).send(render(notice(), Document(), spec_of("atom://x")))
    (entry,) = feed_of(path).entries
    assert ET.fromstring(path.read_bytes()).find(f".//{{{atom.NAMESPACE}}}link") is None
    assert entry.title == "[high] watcher: A word"


@pytest.mark.parametrize(
    "old",
    [
        b"<feed><entry>",
        b"\x00\xff",
        b"<html><body>My own page</body></html>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:other</id></feed>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><feed>&b;</feed>',
    ],
)
def test_a_file_that_is_no_feed_of_ours_is_kept_beside(tmp_path: Path, old: bytes) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(old)
    assert ".damaged" in atom_sender(path).send(message()).detail
    assert len(feed_of(path).entries) == 1
    assert (tmp_path / "feed.xml.damaged").read_bytes() == old
    assert ".damaged" not in atom_sender(path).send(message("b")).detail


def test_an_empty_file_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.touch(0o604)
    path.chmod(0o604)
    atom_sender(path).send(message())
    assert len(feed_of(path).entries) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["feed.xml"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o604  # the rights it had


def test_a_writer_that_died_leaves_the_old_feed_and_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    atom_sender(path).send(message("a"))
    (tmp_path / ".feed.xml.new").write_bytes(b"<feed")
    atom_sender(path).send(message("b"))
    assert [entry.id[-1] for entry in feed_of(path).entries] == ["b", "a"]


def test_two_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"

    def write(keys: str) -> None:
        for key in keys:
            atom_sender(path).send(message(key))

    threads = [threading.Thread(target=write, args=(keys,)) for keys in ("abcdef", "ghijkl")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {entry.id[-1] for entry in feed_of(path).entries} == set("abcdefghijkl")


def test_a_feed_that_another_process_does_not_let_go_of_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atom, "TURN", 0.05)
    with atom._turn(tmp_path):
        assert refused(atom_sender(tmp_path / "feed.xml")).endswith("another process is writing it")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_an_item_says_the_feed_is_well_formed(
    tmp_path_factory: pytest.TempPathFactory, title: str, text: str
) -> None:
    path = tmp_path_factory.mktemp("atom") / "feed.xml"
    sent = message(title=title, text=f"{text} <b>&amp;]]> quake")
    for one in (sent, message("b")):
        atom_sender(path).send(one)
    root = ET.fromstring(path.read_bytes())
    assert len(root.findall(f"{{{atom.NAMESPACE}}}entry")) == 2
    assert "&amp;]]>" in root.findall(f".//{{{atom.NAMESPACE}}}content")[1].itertext().__next__()
