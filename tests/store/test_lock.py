"""One daemon a database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from watcher.errors import StoreError
from watcher.store import hold_store
from watcher.store.lock import holder

ROOT = Path(__file__).parents[2]
DAEMON = """
import sys
from watcher.store import hold_store
with hold_store(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "var" / "watcher.db")


@contextmanager
def daemon(file: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the database until its input ends."""
    command = [sys.executable, "-c", DAEMON, file]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def test_a_second_daemon_is_refused_and_told_the_pid_of_the_first(file: str) -> None:
    with daemon(file) as first, pytest.raises(StoreError) as caught, hold_store(file):
        pass
    assert f"held by another watcher (pid {first.pid}); stop it, or wait with --wait-lock" in str(caught.value)
    assert file in str(caught.value)
    assert caught.value.exit_code == 78


def test_waiting_too_short_ends_in_the_same_words(file: str) -> None:
    with daemon(file), pytest.raises(StoreError, match="held by another watcher"), hold_store(file, wait=0.15):
        pass


def test_waiting_long_enough_gets_the_database_when_the_first_daemon_ends(file: str) -> None:
    with daemon(file) as first:
        assert first.stdin
        ending = threading.Timer(0.1, first.stdin.close)
        ending.start()
        with hold_store(file, wait=60):
            assert first.wait(60) == 0
            assert holder(file) == os.getpid()
        ending.join()


def test_a_killed_daemon_holds_nothing(file: str) -> None:
    with daemon(file) as first:
        first.send_signal(signal.SIGKILL)
        first.wait(60)
        assert holder(file) is None
        with hold_store(file):
            assert holder(file) == os.getpid()


def test_the_database_is_free_again_after_an_error_inside(file: str) -> None:
    with pytest.raises(ZeroDivisionError), hold_store(file):
        raise ZeroDivisionError
    assert holder(file) is None


def test_nobody_holds_what_was_never_held(file: str) -> None:
    assert holder(file) is None


def test_a_lock_that_may_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in the way")
    with (
        pytest.raises(StoreError, match=r"cannot be opened: .*; where its folder"),
        hold_store(str(tmp_path / "var" / "watcher.db")),
    ):
        pass


def test_a_link_to_a_database_is_that_database(tmp_path: Path) -> None:
    (tmp_path / "watcher.db").touch()
    (tmp_path / "link.db").symlink_to("watcher.db")
    with hold_store(str(tmp_path / "watcher.db")), pytest.raises(StoreError, match="held by another watcher"):
        hold_store(str(tmp_path / "link.db")).__enter__()
