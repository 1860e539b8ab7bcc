"""Somebody asks how the watcher is, from outside and while it runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import urllib.error
import urllib.request

from tests.servers import Server, page
from tests.stories.house import WATCHER, Daemon, House, rss, until

STRIKE = ("a-1", "Strike reported in the harbour")
ANSWERS = "answers who asks how it is"


def listening(house: House, server: Server, listen: str = "127.0.0.1:0", name: str = "console") -> None:
    server["/feed"] = page(rss([STRIKE]))
    feed = {"id": "feed", "url": server.url("/feed"), "baseline": "alert"}
    house.settings(feeds=[feed], channels=[{"name": name, "url": "console://"}], http={"listen": listen})


def place(daemon: Daemon) -> str:
    """Where it said last that it answers."""
    told = [json.loads(line) for line in daemon.err.splitlines() if ANSWERS in line]
    return str(told[-1]["at"])


def get(url: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_says_how_it_is_and_what_it_did_and_moves_when_it_is_told_to(house: House, server: Server) -> None:
    listening(house, server)
    with house.daemon() as daemon:
        daemon.says("Strike")
        at = place(daemon)
        until(lambda: get(f"{at}/readyz")[0] == 200, "ready")
        assert get(f"{at}/healthz") == (200, "alive\n")
        until(
            lambda: 'watcher_sends_total{channel="console",outcome="sent"} 1.0' in get(f"{at}/metrics")[1], "the alert"
        )
        text = get(f"{at}/metrics")[1]
        assert 'watcher_polls_total{outcome="new"} 1.0' in text
        assert "watcher_items_seen_total 1.0" in text
        assert "harbour" not in text

        house.rule("broken", "(harbour OR")
        until(lambda: get(f"{at}/readyz")[0] == 503, "not ready")
        assert "ill configuration: 2 errors, the first at " in get(f"{at}/readyz")[1]
        assert get(f"{at}/healthz")[0] == 200, "no restart mends a file"
        assert "watcher_config_last_reload_successful 0.0" in get(f"{at}/metrics")[1]
        (house.rules / "broken.yaml").unlink()
        until(lambda: get(f"{at}/readyz")[0] == 200, "ready again")

        with socket.create_server(("127.0.0.1", 0)) as other:
            taken = other.getsockname()[1]
            listening(house, server, f"127.0.0.1:{taken}")
            daemon.logs("cannot listen")
        until(lambda: place(daemon) == f"http://127.0.0.1:{taken}", "the port that is free again")
        assert get(f"http://127.0.0.1:{taken}/healthz")[0] == 200
        assert 'watcher_polls_total{outcome="new"} 1.0' in get(f"http://127.0.0.1:{taken}/metrics")[1], "it goes on"
        assert daemon.err.count("cannot listen") == 1
        assert daemon.stop()[0] == 0


def test_a_round_alone_and_a_dry_run_answer_nobody(house: House, server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listening(house, server, f"127.0.0.1:{other.getsockname()[1]}")
        done = house.watcher("run", "--once")
    assert done.returncode == 0
    assert "cannot listen" not in done.stderr


def test_a_reader_of_the_log_that_stands_still_holds_up_no_alert(house: House, server: Server) -> None:
    """A pipe that nobody reads is full after 64 KiB, which a chatty log has said within seconds."""
    listening(house, server, "off")
    out, into = os.pipe()
    os.set_blocking(into, False)
    while True:
        try:
            os.write(into, b"x" * 4_096)
        except BlockingIOError:
            break
    os.set_blocking(into, True)
    told = house.root / "told"
    command = [*WATCHER, "run", "--debug", "--config", str(house.config)]
    with told.open("wb") as stdout:
        process = subprocess.Popen(command, stdout=stdout, stderr=into, cwd=house.root)
    os.close(into)
    try:
        until(lambda: b"Strike" in told.read_bytes(), "the alert")
        server["/feed"] = page(rss([STRIKE, ("a-2", "Strike at the other harbour")]))
        until(lambda: b"other harbour" in told.read_bytes(), "the next alert")
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(out)


def test_a_crowd_at_the_door_keeps_no_alert_and_no_probe_waiting(house: House, server: Server) -> None:
    listening(house, server)
    with house.daemon() as daemon:
        daemon.says("Strike")
        at = place(daemon)
        port = int(at.rpartition(":")[2])
        crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
        for number, one in enumerate(crowd):
            one.setblocking(False)
            try:
                one.send((b"GET /metrics HTTP/1.1\r\nA: ", b"\x00\xff" * 9_000, b"G")[number % 3])
            except OSError:
                continue
        server["/feed"] = page(rss([STRIKE, ("a-2", "Strike at the other harbour")]))
        daemon.says("other harbour")
        until(lambda: get(f"{at}/readyz")[0] == 200, "the probe")
        for one in crowd:
            one.close()
        assert "went wrong" not in daemon.err
        assert daemon.stop()[0] == 0
