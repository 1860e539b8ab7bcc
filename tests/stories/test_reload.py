"""A running watcher takes over what is saved, tells of it once, and loses nothing by a mistake."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import Server, page
from tests.stories.house import WATCHER, Daemon, House, rss, until

SOON = 60.0
"""Seconds in which a save is live on a machine that is busy with other tests; alone it takes less than one."""
ONE = {"id": "in", "url": "../in", "baseline": "alert"}


class Newsroom:
    """A daemon over a folder of articles, and what it says."""

    def __init__(self, house: House, daemon: Daemon) -> None:
        self.house = house
        self.daemon = daemon
        self._count = 0

    @property
    def alerts(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.daemon.out.splitlines(keepends=True) if line.endswith("\n")]

    @property
    def notices(self) -> list[str]:
        return [f"{alert['title']}\n{alert['body']}" for alert in self.alerts if alert["kind"] == "notice"]

    def told(self, words: str, *, after: int = 0) -> str:
        """The operator's message that holds these words, when it has come."""
        until(lambda: any(words in notice for notice in self.notices[after:]), f"{words!r} told", SOON)
        return next(notice for notice in self.notices[after:] if words in notice)

    def tells(self, words: str, change: Callable[[], object]) -> str:
        """What the operator is told because of a change."""
        before = len(self.notices)
        change()
        return self.told(words, after=before)

    def article(self, title: str) -> None:
        """Publish one."""
        self._count += 1
        (self.house.root / "in" / f"{self._count}.txt").write_text(f"{title}\n\nIt was said on Monday.\n")

    def alerted(self, title: str) -> None:
        self.article(title)
        until(lambda: title in self.daemon.out, f"an alert of {title!r}", SOON)


def opened(house: House) -> None:
    (house.root / "in").mkdir()
    house.settings(feeds=[ONE])


def swap(path: Path, text: str) -> None:
    """As editors save: write beside it, rename over it."""
    path.with_suffix(".tmp").write_text(text)
    path.with_suffix(".tmp").replace(path)


def rule(match: str) -> str:
    return f"schema: watch/1\nrules:\n  - id: strikes\n    match: {match}\n"


def test_a_rule_is_edited_broken_mended_and_deleted_while_the_watcher_runs(house: House) -> None:
    opened(house)
    path = house.rules / "strikes.yaml"
    path.write_text(rule("strike"))
    with house.daemon("--json") as daemon:
        room = Newsroom(house, daemon)
        room.alerted("First strike")
        room.article("First flood")
        until(lambda: house.status()["items"] == 2, "both articles known")

        start = time.monotonic()
        told = room.tells("Rules that mean something else now: strikes", lambda: path.write_text(rule("flood")))
        print(f"live and told {time.monotonic() - start:.2f} s after the save")
        assert told.startswith("Reloaded: ")
        room.alerted("Second flood")

        wrong = room.tells("error[E104]", lambda: swap(path, rule("(ebb OR flood")))
        place = f"{path}:4:12"
        assert wrong.startswith(f"Error at {place}: what was live stays as it was\n")
        room.alerted("Third flood")
        live = house.status()["rules"]
        assert (live["live"], [kept["rule"] for kept in live["kept"]]) == (1, ["strikes"])
        assert live["kept"][0]["why"].startswith(place)
        shown = house.watcher("status").stdout
        assert "rules    1 live, 1 at a last good version; files last read" in shown
        assert f"strikes stays as it was: {place}: error[E104]" in shown

        assert room.tells("All good again", lambda: swap(path, rule("flood")))
        assert house.status()["rules"]["kept"] == []
        for _ in range(200):
            daemon.process.send_signal(signal.SIGHUP)
        until(lambda: "files read again, nothing has changed" in daemon.err, "SIGHUP heard", SOON)

        assert room.tells("Rules removed: strikes", path.unlink)
        assert (daemon.process.poll(), house.status()["rules"]["live"]) == (None, 0)
        code, _ = daemon.stop()
    assert code == 0
    matched = [alert for alert in room.alerts if alert["kind"] != "notice"]
    assert "First flood" not in json.dumps(matched), "an edited rule alerts nothing that was there before"
    assert len(room.notices) == 4, "each change is told once"
    assert daemon.err.count("nothing has changed") < 20, "a storm of signals is no storm of reading"


def test_whole_folders_of_rules_are_switched(house: House) -> None:
    """By a link, as a mounted ConfigMap and a deployment by links do, and by a rename."""
    opened(house)
    for name, match in (("one", "strike"), ("two", "flood"), ("three", "ebb")):
        (house.root / name).mkdir()
        (house.root / name / "a.yaml").write_text(rule(match))
    (house.rules / "strikes.yaml").unlink()
    house.rules.rmdir()
    house.rules.symlink_to("one")
    with house.daemon("--json") as daemon:
        room = Newsroom(house, daemon)
        room.alerted("A strike")

        def switch() -> None:
            (house.root / "next").symlink_to("two")
            (house.root / "next").replace(house.rules)

        room.tells("mean something else now: strikes", switch)
        room.alerted("A flood")

        def move() -> None:
            house.rules.unlink()
            (house.root / "three").rename(house.rules)

        room.tells("mean something else now: strikes", move)
        room.alerted("An ebb")
        gone = room.tells(f"Error at {house.rules}:1:1", lambda: house.rules.rename(house.root / "elsewhere"))
        assert "At their last good version: strikes" in gone
        room.alerted("Another ebb")


def test_feeds_and_channels_come_while_the_watcher_runs_and_a_bad_configuration_changes_nothing(
    house: House, server: Server
) -> None:
    opened(house)
    heard: list[str] = []

    async def hook(request: Any, writer: Any) -> None:
        heard.append(request.body.decode())
        await page(b"ok", etag=False)(request, writer)

    server["/hook-0123456789abcdef"] = hook
    server["/feed.xml"] = page(rss([("a", "Strike on the wire")]))
    console = {"name": "console", "url": "console://"}
    with house.daemon("--json") as daemon:
        room = Newsroom(house, daemon)
        room.alerted("A strike")
        good = house.config.read_text()
        broken = room.tells("is not taken", lambda: swap(house.config, good.replace('"feeds"', '"feds"')))
        assert f"{house.config}:" in broken
        assert "unknown key `feds`" in broken
        room.alerted("Another strike")

        def more() -> None:
            url = server.url("/hook-0123456789abcdef").replace("http:", "json:")
            wire = {"id": "wire", "url": server.url("/feed.xml"), "baseline": "alert"}
            house.settings(feeds=[ONE, wire], channels=[console, {"name": "hook", "url": url}])

        told = room.tells("All good again", more)
        assert "Feeds added: wire\nChannels added: hook" in told
        until(lambda: any("Strike on the wire" in body for body in heard), "the new feed on the new channel", SOON)
        room.alerted("A third strike")
        until(lambda: any("A third strike" in body for body in heard), "an old feed on the new channel", SOON)

        told = room.tells("Channels removed: hook", lambda: house.settings(feeds=[ONE], channels=[console]))
        assert "Feeds removed: wire" in told
        room.alerted("A fourth strike")
        assert house.status()["feeds"]["total"] == 1
    assert "0123456789abcdef" not in daemon.err + daemon.out, "a new channel's secrets stay secret"


def test_a_hang_up_while_the_watcher_starts_is_no_reason_to_end(house: House) -> None:
    """From when the command is known on: before that there is nobody to ask."""
    opened(house)
    quiet = (
        "import os, signal\n"
        "from watcher.run import hangup\n"
        "hangup.let_pass()\n"
        "os.kill(os.getpid(), signal.SIGHUP)\n"
        "import sys\n"
        "print('watcher.app.daemon' in sys.modules)\n"
    )
    done = subprocess.run(
        [WATCHER[0], "-c", quiet], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr
    light = "import sys, watcher.cli.run; print(sorted({'watcher.rules', 'httpx', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([WATCHER[0], "-c", light], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n", "what takes its time is loaded after the signal is let pass"


def test_a_watcher_whose_terminal_was_closed_ends(house: House) -> None:
    opened(house)
    outer, inner = pty.openpty()
    command = [*WATCHER, "run", "--config", str(house.config)]
    process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, cwd=house.root, start_new_session=True)
    os.close(inner)
    try:
        shown = b""
        while b"watching 1 feed" not in shown:
            shown += os.read(outer, 4096)
        os.close(outer)
        process.send_signal(signal.SIGHUP)  # as the kernel does for whoever owns the terminal
        assert process.wait(SOON) == 0
    finally:
        process.kill()
        process.wait()
