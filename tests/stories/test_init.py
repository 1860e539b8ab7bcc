"""The first minutes with the watcher: from an empty folder to an alert."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stories.house import WATCHER, until

FEEDS, TELL = "to put texts into.\r\n> ", "as you type.\r\n> "
MAIL = "mailtos://anna:hunter22@mail.example.org?to=desk@example.org"


def watcher(here: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WATCHER, *arguments],
        capture_output=True,
        text=True,
        cwd=here,
        env=_env(),
        stdin=subprocess.DEVNULL,
        check=False,
    )


def _env() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "WATCHER_CONFIG"} | {"NO_COLOR": "1"}


class Person:
    """Somebody at a terminal who reads what stands there and types."""

    def __init__(self, process: subprocess.Popen[bytes], hand: int) -> None:
        self.process = process
        self._hand = hand
        self._shown = b""

    @property
    def shown(self) -> str:
        """All that has come so far."""
        try:
            while select.select([self._hand], [], [], 0)[0]:
                self._shown += os.read(self._hand, 65_536)
        except OSError:  # the other side has closed
            pass
        return self._shown.decode("utf-8", "replace")

    def sees(self, words: str, times: int = 1) -> None:
        until(lambda: self.shown.count(words) >= times, f"{words!r} {times} times")

    def types(self, line: str) -> None:
        os.write(self._hand, f"{line}\n".encode())

    def ends(self) -> int:
        return self.process.wait(60)


@contextmanager
def person(here: Path, *arguments: str) -> Iterator[Person]:
    hand, there = pty.openpty()
    process = subprocess.Popen(
        [*WATCHER, *arguments], cwd=here, env=_env(), stdin=there, stdout=there, stderr=there, start_new_session=True
    )
    os.close(there)
    try:
        yield Person(process, hand)
    finally:
        process.kill()
        process.wait()
        os.close(hand)


def test_from_an_empty_folder_to_an_alert_that_is_told_once(tmp_path: Path) -> None:
    assert watcher(tmp_path, "init").returncode == 0
    with (tmp_path / "watcher.yaml").open("a", encoding="utf-8") as file:
        file.write("\nhttp: {listen: off}\npoll: {folder_interval: 1s}\n")
    first = watcher(tmp_path, "run", "--once")
    assert first.returncode == 0, first.stderr
    assert "● high  Storms and floods that hurt people" in first.stdout
    assert (tmp_path / "var/watcher.db").exists()
    assert watcher(tmp_path, "run", "--once").stdout == ""


def test_a_person_is_asked_two_questions_again_where_the_answer_cannot_be_used_and_no_secret_is_shown(
    tmp_path: Path,
) -> None:
    with person(tmp_path, "init", "news") as anna:
        anna.sees(FEEDS)
        anna.types("feeds.opml")
        anna.sees("feeds.opml cannot be read")
        anna.sees(FEEDS, 2)
        anna.types("https://daily.example/rss")
        anna.sees(TELL)
        anna.types("anna@example.org")
        anna.sees("a mail needs a server that sends it")
        anna.sees(TELL, 2)
        anna.types(MAIL)
        assert anna.ends() == 0
        assert "watcher notify test mail --config news/watcher.yaml" in anna.shown
        assert "hunter22" not in anna.shown
    assert (tmp_path / "news/secrets/mail-url").read_text("utf-8") == f"{MAIL}\n"
    assert "url: https://daily.example/rss" in (tmp_path / "news/watcher.yaml").read_text("utf-8")


def test_who_leaves_while_being_asked_leaves_nothing_behind(tmp_path: Path) -> None:
    with person(tmp_path, "init", "news") as anna:
        anna.sees(FEEDS)
        anna.types("")
        anna.sees(TELL)
        anna.types("\x04")
        assert anna.ends() == 130
    assert list(tmp_path.iterdir()) == []
