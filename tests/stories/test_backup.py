"""What docs/how-to-backup.md says is done as it stands there, with a real watcher; and what doctor says is so."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys

import pytest

from tests.servers import Server, page
from tests.store.test_examining import changed
from tests.stories.house import House, rss, until
from tests.test_docs import blocks, document

PAGE = document("docs/how-to-backup.md")
OLD = [("g1", "Strike at the port")]
NEW = [("g2", "Strike at the airport"), *OLD]


def block(house: House, name: str, backup: str = "") -> str:
    """The page's commands of this name, with the places of this house."""
    (found,) = (one for one in blocks(PAGE) if one.directive == name)
    text = "\n".join(found.lines)
    for written, here in {
        "/etc/watcher/watcher.yaml": str(house.config),
        "/etc/watcher": str(house.config.parent),
        "/var/lib/watcher": str(house.root / "var"),
        "/tmp/told-again.txt": str(house.root / "told-again.txt"),
        "backups/watcher-20260301T031500Z.db": backup,
    }.items():
        text = text.replace(written, here)
    return text


def typed(house: House, commands: str) -> subprocess.CompletedProcess[str]:
    """In a shell in which `watcher` is a command and a failing one ends it."""
    bin_ = house.root / "bin"
    bin_.mkdir(exist_ok=True)
    (bin_ / "watcher").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m watcher "$@"\n', "utf-8")
    (bin_ / "watcher").chmod(0o755)
    env = house._env({"PATH": f"{bin_}:/usr/bin:/bin", **CLOSED})
    command = ["bash", "-e", "-c", commands]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def moving(house: House, server: Server) -> House:
    """A house whose feed has one item, that tells a webhook; its configuration is written as people write it."""
    server["/feed.xml"] = page(rss(OLD))
    feeds = [{"id": "wires", "url": server.url("/feed.xml"), "baseline": "alert"}]
    house.settings(feeds=feeds, channels=[{"name": "hook", "url": "${env:HOOK_URL}"}])
    return house


CLOSED = {"HOOK_URL": "json://127.0.0.1:9/closed"}


def titles(house: House) -> set[str]:
    """Of what is stored."""
    return {title for (title,) in house.asked("SELECT title FROM revisions")}


def test_a_killed_watcher_is_restored_by_the_commands_of_the_page(moving: House, server: Server) -> None:
    house, env = moving, {"HOOK_URL": server.url("/hook").replace("http:", "json:")}
    server["/hook"] = page(b"ok", etag=False)
    with house.daemon(env=env) as daemon:
        until(lambda: server.count("/hook") == 1, "the first alert")
        (copied,) = house.rows("backup")
        assert (copied["items"], copied["alerts"], copied["deleted"]) == (1, copied["alerts"], [])
        server["/feed.xml"] = page(rss(NEW))
        until(lambda: server.count("/hook") == 2, "the second alert")
        daemon.stop(signal.SIGKILL)
    assert (house.root / "var" / "watcher.db-wal").exists(), "the log of the one that was killed lies there"

    done = typed(house, block(house, "restore", copied["path"]))
    assert "error" not in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1, "what the page says of a copy taken beside a daemon"
    assert "warning[daemon-died]" in done.stdout
    assert titles(house) == {"Strike at the port"}
    assert {path.name for path in (house.root / "var" / "before-restore").iterdir()} >= {"watcher.db", "watcher.db-wal"}

    with house.daemon(env=env) as daemon:
        until(lambda: server.count("/hook") == 3, "what came after the backup is told again, once")
        daemon.stop()
    assert titles(house) == {title for _, title in NEW}


def test_a_first_round_on_a_terminal_keeps_what_is_told_again_from_people(moving: House, server: Server) -> None:
    house = moving
    text = json.dumps(json.loads(house.config.read_text("utf-8")), indent=1).replace('"url":', "url:")
    house.config.write_text(text, "utf-8")
    house.watcher("run", "--once", env=CLOSED)
    (copied,) = house.rows("backup")
    shutil.copy(copied["path"], house.root / "var" / "watcher.db")
    server["/feed.xml"] = page(rss(NEW))
    changed(house.root / "var" / "watcher.db", "UPDATE feeds SET next_at = 0")
    changed(house.root / "var" / "watcher.db", "UPDATE alerts SET next_at = 0 WHERE state = 'pending'")
    done = typed(house, block(house, "catch up"))
    assert done.returncode == 0, done.stderr
    assert 'url: "console://"' in done.stdout
    told = (house.root / "told-again.txt").read_text("utf-8")
    assert all(title in told.replace("*", "") for _, title in NEW)
    assert not (house.config.parent / "catch-up.yaml").exists()
    assert house.status()["outbox"] == {"pending": 0, "sent": 2, "dead": 0}
