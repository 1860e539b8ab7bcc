"""What goes wrong before anything runs: one clear line each, and the exit code that supervisors know."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest

from tests.servers import Server, page
from tests.stories.house import House, rss, until

STRIKE = ("a-1", "Strike reported in the harbour")


@pytest.fixture
def fed(house: House, server: Server) -> House:
    server["/feed"] = page(rss([STRIKE]))
    house.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}])
    return house


def refused(house: House, *arguments: str) -> list[str]:
    """The lines on stderr of a start that ends with 78."""
    done = house.watcher(*(arguments or ("run", "--once")))
    assert done.returncode == 78, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert not done.stdout
    return done.stderr.splitlines()


def one_with(lines: Sequence[str], *words: str) -> None:
    assert any(all(word in line for word in words) for line in lines), lines


def test_every_mistake_in_the_configuration_is_shown_with_its_place(fed: House) -> None:
    text = fed.config.read_text("utf-8")
    fed.config.write_text(
        text.replace('"operator"', '"operatr"').replace('"interval": "1s"', '"interval": "5 minutes"')
    )
    lines = refused(fed)
    one_with(lines, f"{fed.config}:", "error[E003]", "operatr")
    one_with(lines, "help", "operator")
    one_with(lines, f"{fed.config}:", "error[E111]")


def test_every_mistake_in_every_rule_file_is_shown_with_its_place(fed: House) -> None:
    (fed.rules / "a.yaml").write_text("schema: watch/1\nrules:\n  - id: one\n    match: (harbour OR port\n")
    (fed.rules / "b.yaml").write_text("schema: watch/1\nrules:\n  - id: two\n    match: tilte:harbour\n")
    lines = refused(fed)
    one_with(lines, "a.yaml:4:12: error[E104]")
    one_with(lines, "b.yaml:4:12: error[E110]", "title")


def test_a_second_daemon_is_refused_and_told_which_process_holds_the_data(fed: House) -> None:
    with fed.daemon() as daemon:
        daemon.says("Strike")
        one_with(refused(fed), str(daemon.process.pid))
        assert fed.status()["items"] == 1


def test_a_database_from_a_newer_version_is_refused(fed: House) -> None:
    assert fed.watcher("run", "--once").returncode == 0
    with closing(sqlite3.connect(fed.root / "var" / "watcher.db", isolation_level=None)) as base:
        later = "('watcher', '999_later', '')"
        base.execute(f"INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES {later}")
    one_with(refused(fed), "watcher.db", "newer")


def test_a_file_that_is_no_database_is_refused(fed: House) -> None:
    (fed.root / "var").mkdir()
    (fed.root / "var" / "watcher.db").write_bytes(b"These are my notes, not a database. " * 100)
    one_with(refused(fed), "watcher.db", "not a database")


def test_a_locked_database_is_refused_in_bounded_time(fed: House) -> None:
    assert fed.watcher("run", "--once").returncode == 0
    holder = sqlite3.connect(fed.root / "var" / "watcher.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        one_with(refused(fed), "watcher.db", "locked")
    finally:
        holder.close()


@pytest.mark.parametrize("url", ["slak://token", "mailto://", "gopher://x"])
def test_a_channel_that_apprise_does_not_know_is_refused_with_its_reason(fed: House, url: str) -> None:
    channels = [{"name": "console", "url": "console://"}, {"name": "desk", "url": url}]
    fed.settings(feeds=[{"url": "https://news.example/feed"}], channels=channels)
    one_with(refused(fed), f"{fed.config}:", "E033", "desk")


def test_a_secret_that_is_not_set_stops_run_and_is_a_note_for_check(fed: House) -> None:
    channels = [{"name": "desk", "url": "${env:DESK_URL}"}]
    fed.settings(feeds=[{"url": "https://news.example/feed"}], channels=channels)
    one_with(refused(fed), "DESK_URL", "error[E031]")
    done = fed.watcher("check")
    assert done.returncode == 0, done.stderr
    assert "note[E031]" in done.stderr


def test_no_configuration_at_all_says_where_it_was_looked_for(fed: House) -> None:
    fed.config.unlink()
    one_with(refused(fed), "watcher.yaml", "cannot be read")


def test_looking_before_anything_ran_says_what_to_do(fed: House) -> None:
    one_with(refused(fed, "status"), "watcher run")


def test_a_folder_that_cannot_be_written_is_refused(fed: House) -> None:
    (fed.root / "var").write_text("a file where the folder should be")
    one_with(refused(fed), "var")


def test_a_channel_that_refuses_for_good_leaves_a_dead_letter_and_a_word(fed: House, server: Server) -> None:
    hook = server.url("/hook").replace("http:", "json:")  # nothing is served there but 404, which may pass
    channels: list[dict[str, object]] = [
        {"name": "console", "url": "console://", "tags": ["quiet"]},
        {"name": "hook", "url": hook},
    ]
    delivery = {"ladder": ["1s"], "give_up_after": "1.5s", "timeout": "20s"}
    fed.settings(
        feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}], channels=channels, delivery=delivery
    )
    fed.rule("strikes", "strike", notify=["hook"])
    with fed.daemon() as daemon:
        daemon.says("An alert could not be delivered on hook")
        until(lambda: fed.status()["outbox"]["sent"] == 1, "the word about it sent")
    state = fed.status()
    assert state["outbox"] == {"pending": 0, "sent": 1, "dead": 1}
    dead = fed.rows("alerts", "dead")
    assert [row["channel"] for row in dead] == ["hook"]
    shown = fed.rows("alerts", "show", str(dead[0]["key"])[:8])[0]
    *tries, last = (delivery["state"] for delivery in shown["deliveries"])
    assert (last, set(tries) - {"pending"}) == ("dead", set())
    server["/hook"] = page(b"ok")
    assert fed.watcher("alerts", "resend", str(dead[0]["key"])[:8]).returncode == 0
    assert fed.watcher("run", "--once").returncode == 0
    assert fed.status()["outbox"] == {"pending": 0, "sent": 2, "dead": 0}


def test_a_hanging_receiver_does_not_hold_up_the_end(fed: House, server: Server) -> None:
    from tests.servers import hang

    server["/hook"] = hang()
    channels = [{"name": "hook", "url": server.url("/hook").replace("http:", "json:")}]
    fed.settings(
        feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}],
        channels=channels,
        delivery={"timeout": "600s"},
    )
    with fed.daemon() as daemon:
        server.wait("/hook", 1)
        code, _ = daemon.stop()  # for which the sender would have ten minutes
    assert code == 0
    server["/hook"] = page(b"ok")
    assert fed.watcher("run", "--once").returncode == 0
    until(lambda: fed.status()["outbox"]["sent"] == 1, "the alert sent after all")


def test_no_secret_is_written_anywhere(fed: House, server: Server) -> None:
    secret = "hunter2canary"
    url = server.url("/hook").replace("http://", f"json://user:{secret}@")
    fed.settings(
        feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}],
        channels=[{"name": "hook", "url": "${env:HOOK}"}],
        delivery={"ladder": ["1s"], "give_up_after": "1.5s"},
    )
    environment = {"HOOK": url}
    outputs = [fed.watcher("run", "--once", env=environment), fed.watcher("run", "--once", "--debug", env=environment)]
    outputs += [
        fed.watcher(*words, env=environment) for words in (["status"], ["check"], ["alerts"], ["notify", "test"])
    ]
    for done in outputs:
        assert secret not in done.stdout + done.stderr
    assert secret.encode() not in b"".join(p.read_bytes() for p in (fed.root / "var").iterdir())
    assert os.path.exists(fed.root / "var" / "watcher.db")  # noqa: PTH110
