"""Signals at any moment, a second daemon, readers that go away: the daemon ends when it is told to, and only then."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, page
from tests.stories.house import WATCHER, Daemon, House, rss, until

SOAK = bool(os.environ.get("WATCHER_SOAK"))
MOMENTS = 40 if SOAK else 2
"""Of a start, at which it is ended."""
START = 1.2
"""Seconds in which a start is over on a machine that has nothing else to do."""
STRIKE = ("a-1", "Strike reported in the harbour")
FLOOD = ("a-2", "Strike reported in the hills")


@pytest.fixture
def fed(house: House, server: Server) -> House:
    """A feed with a strike, told on a file."""
    server["/feed"] = page(rss([STRIKE]))
    house.settings(
        feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}],
        channels=[{"name": "own", "url": f"file://{house.root / 'own.jsonl'}"}],
    )
    return house


@contextlib.contextmanager
def started(house: House, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon whose output is piped, from its first moment on."""
    command = [*WATCHER, "run", "--config", str(house.config), *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, cwd=house.root)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def minds(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Whether the process has something else in mind with a signal than to end by it."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    masks = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("SigIgn", "SigCgt"))]
    return any(mask >> (number - 1) & 1 for mask in masks)


def told(house: House) -> str:
    path = house.root / "own.jsonl"
    return path.read_text("utf-8") if path.exists() else ""


def volley(process: subprocess.Popen[bytes], *numbers: signal.Signals, times: int, seconds: float) -> None:
    """These signals so often, over some seconds, or until the process has ended."""
    for _ in range(times):
        for number in numbers:
            process.send_signal(number)  # to one that has ended nothing is sent
        time.sleep(seconds / times)
        if process.poll() is not None:
            return


def states(house: House) -> list[str]:
    """Of all alerts there are of matches; of itself a watcher on a busy machine may have a word to say."""
    return [state for (state,) in house.asked("SELECT state FROM alerts WHERE kind = 'match'")]


def ends_well(process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """With 0, in time, without a word too much."""
    _, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err.decode()
    for word in (b"Traceback", b"never awaited", b"was destroyed", b"Exception ignored"):
        assert word not in err, err.decode()


def test_a_storm_of_signals_ends_a_daemon_only_when_it_is_told_to_end(fed: House, server: Server) -> None:
    with started(fed) as process:
        until(lambda: minds(process, signal.SIGHUP), "SIGHUP let pass")
        volley(process, signal.SIGHUP, times=20, seconds=0.4)  # while it starts
        until(lambda: STRIKE[1] in told(fed), "the first strike told")
        volley(process, signal.SIGHUP, times=200, seconds=1)
        server["/feed"] = page(rss([FLOOD, STRIKE]))
        until(lambda: FLOOD[1] in told(fed), "the second strike told")
        process.send_signal(signal.SIGTERM)
        volley(process, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, times=60_000, seconds=60)
        assert process.poll() is not None, "it ends under fire"
        ends_well(process)
    assert states(fed) == ["sent", "sent"]


def test_a_start_that_is_told_to_end_ends_at_once_and_well(fed: House) -> None:
    for moment in range(MOMENTS):
        with started(fed) as process:
            until(lambda: minds(process, signal.SIGHUP), "signals minded")
            time.sleep(START * moment / MOMENTS)
            volley(process, signal.SIGTERM, times=20, seconds=0.2)
            ends_well(process)
    with started(fed) as process:
        until(lambda: STRIKE[1] in told(fed), "the strike told")
        process.send_signal(signal.SIGINT)
        ends_well(process)
    assert states(fed) == ["sent"]


def test_who_waits_for_the_lock_takes_over_as_soon_as_the_first_is_killed(fed: House, server: Server) -> None:
    with fed.daemon() as first:
        until(lambda: STRIKE[1] in told(fed), "the strike told")
        refused = fed.watcher("run")
        assert refused.returncode == 78
        assert f"(pid {first.process.pid})" in refused.stderr
        with fed.daemon("--wait-lock", "60s") as second:
            until(lambda: _waits(fed, second), "the second at the lock")
            first.process.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            second.logs("1 item known")
            print(f"taken over {time.monotonic() - killed:.2f} s after the kill")
            server["/feed"] = page(rss([FLOOD, STRIKE]))
            until(lambda: FLOOD[1] in told(fed), "the next strike told")
            assert second.stop()[0] == 0
    assert told(fed).count(f'"title":"{STRIKE[1]}"') == 1


def _waits(house: House, daemon: Daemon) -> bool:
    """Whether it has the lock's file open."""
    lock = os.path.realpath(house.root / "var" / "watcher.db.lock")
    folder = Path(f"/proc/{daemon.process.pid}/fd")
    with contextlib.suppress(OSError):
        return any(os.path.realpath(one) == lock for one in folder.iterdir())
    return False


def test_a_daemon_whose_readers_have_gone_goes_on_and_takes_nothing_for_said(fed: House, server: Server) -> None:
    """Of its log nothing is missed but the log; what its console could not say is said by the next one."""
    own = {"name": "own", "url": f"file://{fed.root / 'own.jsonl'}"}
    feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
    fed.settings(feeds=feeds, channels=[own, {"name": "console", "url": "console://"}])
    with started(fed) as process:
        assert process.stdout
        assert process.stderr
        assert b"watching 1 feed" in process.stderr.readline()
        process.stderr.close()
        process.stdout.close()
        until(lambda: STRIKE[1] in told(fed), "the strike told where somebody reads")
        server["/feed"] = page(rss([FLOOD, STRIKE]))
        until(lambda: FLOOD[1] in told(fed), "the next one told there")
        waiting = "SELECT count(*) FROM alerts WHERE channel = 'console' AND kind = 'match'"
        until(lambda: fed.asked(waiting) == [(2,)], "both made for the console")
        assert fed.asked(f"{waiting} AND state = 'sent'") == [(0,)]
        process.send_signal(signal.SIGTERM)
        process.stdout = process.stderr = None
        assert process.wait(60) == 0
    with fed.daemon() as daemon:
        daemon.says("reported in the harbour")
        daemon.says("reported in the hills")
        until(lambda: fed.asked(f"{waiting} AND state = 'sent'") == [(2,)], "both sent")
