"""What `doctor` finds has a code, a place and a mend, which it does where that is safe; a backup is a line."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contract.nouns import NOW
from tests.store.test_backup import beside_its_log
from tests.store.test_examining import DAMAGE, changed, lived
from tests.test_docs import cells, quoted, section
from watcher.cli import outcome
from watcher.cli.backup import FOLDER
from watcher.cli.progress import PATIENCE, Progress
from watcher.model import Heartbeat, RuleId, Standing
from watcher.store import hold_store
from watcher.store.backup import PART
from watcher.store.sqlite import open_file

ROOT = Path(__file__).parents[2]
CONFIG = """
data: data
rules: [rules.yaml]
feeds: [{id: wires, url: "https://wires.example/feed"}, {id: other, url: "https://other.example/feed"}]
channels: [{name: desk, url: "${file:secret}"}, {name: phone, url: "console://"}]
"""
RULES = "rules: [{id: quake, match: quake}, {id: flood, match: flood}]\n"


@dataclass
class Place:
    """A configuration with its database, and what the commands say of it."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def database(self) -> Path:
        return self.root / "data" / "watcher.db"

    def say(self, command: str, *arguments: str) -> tuple[int, str, str]:
        code = outcome([command, *arguments, "--config", str(self.root / "watcher.yaml")])
        out, err = self.capsys.readouterr()
        return code, out, err

    def rows(self, command: str, *arguments: str) -> list[dict[str, Any]]:
        _, out, _ = self.say(command, *arguments, "--json")
        return [json.loads(line) for line in out.splitlines()]

    def codes(self, *arguments: str) -> set[str]:
        return {row["code"] for row in self.rows("doctor", *arguments)}

    @contextmanager
    def daemon(self, last_beat: timedelta = timedelta(0)) -> Iterator[None]:
        """One that holds the database, and gave its sign of life so long ago."""
        self.beat(datetime.now(UTC) - last_beat)
        with hold_store(str(self.database)):
            yield

    def beat(self, at: datetime, *, stopped: bool = False) -> None:
        with closing(open_file(str(self.database))) as store:
            store.beat(Heartbeat(pid=1, started_at=at, beat_at=at, stopped=stopped))


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    """All is well in it: its daemon was stopped, and went by what the files say."""
    (tmp_path / "watcher.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    (tmp_path / "secret").write_text("json://hook.example/token", "utf-8")
    for name in ("watcher.yaml", "secret"):
        (tmp_path / name).chmod(0o600)
    with closing(open_file(str(tmp_path / "data" / "watcher.db"))) as store:
        lived(store)
    place = Place(tmp_path, capsys)
    place.beat(NOW, stopped=True)
    go_by_the_files(place)
    return place


def go_by_the_files(place: Place) -> None:
    """As the daemon does at its start."""
    from watcher.config import load_config, load_rules

    settings = load_config(place.root / "watcher.yaml", {}, require_secrets=False)
    loaded = load_rules(settings).rules
    with closing(open_file(str(place.database))) as store:
        store.sync_feeds({feed.id: (feed, NOW) for feed in settings.feeds})
        store.sync_rules([each.rule for each in loaded], NOW)
        store.stand(Standing(loaded_at=NOW, rules=len(loaded)))


def test_nothing_is_found_where_all_is_well(place: Place) -> None:
    assert place.say("doctor") == (0, "nothing found\n", "")
    assert place.rows("doctor") == []


def stands(place: Place, **kept: str) -> None:
    with closing(open_file(str(place.database))) as store:
        store.stand(Standing(loaded_at=NOW, rules=2, kept=tuple((RuleId(n), why) for n, why in kept.items())))


def written(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text, "utf-8")
    path.chmod(mode)


def stale_log(place: Place) -> None:
    """A backup in the place of a database whose log was forgotten."""
    (copied,) = place.rows("backup")
    killed = beside_its_log(place.database)
    for name in ("", "-wal"):
        Path(f"{killed}{name}").rename(f"{place.database}{name}")
    shutil.copy(copied["path"], place.database)


def damaged(place: Place) -> None:
    """After a backup."""
    place.say("backup")
    changed(place.database, DAMAGE)


def part_left(place: Place) -> None:
    folder = place.root / "data" / FOLDER
    folder.mkdir(mode=0o700)
    (folder / f"watcher-20260301T031500Z.db{PART}").touch()


def old_copy(place: Place) -> None:
    copy = place.database.with_name("watcher.db.before-003_decisions.bak")
    copy.touch(mode=0o600)
    os.utime(copy, (0, 0))


def config(place: Place, old: str, new: str) -> None:
    written(place.root / "watcher.yaml", CONFIG.replace(old, new))


FOUND: dict[str, tuple[str, Callable[[Place], object], bool]] = {
    "a secret that all may read": ("secret-readable", lambda p: (p.root / "secret").chmod(0o604), True),
    "a secret that its group may write": ("secret-writable", lambda p: (p.root / "secret").chmod(0o620), True),
    "a configuration that all may write": ("config-writable", lambda p: (p.root / "watcher.yaml").chmod(0o602), True),
    "data that others may write": ("data-writable", lambda p: (p.root / "data").chmod(0o770), True),
    "a database that all may read": ("data-readable", lambda p: p.database.chmod(0o644), True),
    "a log of another database": ("log-stale", stale_log, True),
    "what a killed backup left": ("part-left", part_left, True),
    "a copy from before an old update": ("copy-old", old_copy, False),
    "a rule at its last good version": ("rule-kept", lambda p: stands(p, quake="rules.yaml:1:2 no such word"), False),
    "rules with an error": ("files-broken", lambda p: written(p.root / "rules.yaml", "rules: [{id: x}]"), False),
    "a feed that was added": ("feeds-differ", lambda p: config(p, "{id: other", "{id: another"), False),
    "a rule that was edited": (
        "rules-differ",
        lambda p: written(p.root / "rules.yaml", RULES.replace("match: flood", "match: floods")),
        False,
    ),
    "a daemon that died": ("daemon-died", lambda p: p.beat(NOW), False),
    "a clock that was put back": (
        "clock-behind",
        lambda p: p.beat(datetime.now(UTC) + timedelta(hours=2), stopped=True),
        False,
    ),
    "a damaged item": ("item-damaged", damaged, True),
}


@pytest.mark.parametrize("what", FOUND)
def test_it_is_found_and_mended_where_that_is_safe(place: Place, what: str) -> None:
    code, make, mendable = FOUND[what]
    make(place)
    (found, *_) = [row for row in place.rows("doctor") if row["code"] == code]
    assert found.keys() == {"code", "severity", "where", "message", "mend", "mended"}
    assert not found["mended"]
    assert ("--mend" in found["mend"]) == mendable, "it says so"
    mended = [row["mended"] for row in place.rows("doctor", "--mend") if row["code"] == code]
    assert all(mended) if mendable else not any(mended)
    assert (code in place.codes()) != mendable


def test_what_it_says_to_type_takes_the_rights_away(place: Place) -> None:
    """One right at a time: no line gives back what another has taken."""
    (place.root / "data" / FOLDER).mkdir(mode=0o777)
    for path in (place.root / "secret", place.root / "watcher.yaml", place.database):
        path.chmod(0o666)
    said = [row["mend"].split("`")[1] for row in place.rows("doctor")]
    assert len(said) > 4
    for line in said:
        subprocess.run(["/bin/sh", "-c", line], check=True)
    assert place.codes() == set()


@pytest.mark.parametrize("damage", ["feeds SET config = '{'", "rule_versions SET definition = '{' WHERE live"])
def test_what_cannot_be_read_is_told_once_and_the_start_mends_it(place: Place, damage: str) -> None:
    changed(place.database, f"UPDATE {damage}")
    code, out, err = place.say("doctor")
    assert (code, err) == (1, "")
    assert "cannot be read" in out
    go_by_the_files(place)
    assert place.codes() == set()


@pytest.mark.parametrize(
    ("capacity", "left", "codes"), [(4096, 60, {"disk-low"}), (100, 20, {"disk-low"}), (100, 30, set())]
)
def test_a_disk_is_short_of_room_where_the_watcher_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch, capacity: int, left: int, codes: set[str]
) -> None:
    """A small one has room although it never has as much as `keep.min_free`."""
    disk = SimpleNamespace(f_frsize=2**20, f_blocks=capacity, f_bavail=left)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    assert place.codes() == codes


def test_a_log_without_an_end_is_told(place: Place) -> None:
    with Path(f"{place.database}-wal").open("wb") as log:
        log.truncate(2**30 + 1)
    assert "log-long" in place.codes()


def test_a_password_is_not_told(place: Place) -> None:
    config(place, "https://wires.example", "https://anna:hush@wires.example")
    (place.root / "watcher.yaml").chmod(0o644)
    code, out, err = place.say("doctor")
    assert (code, "hush" in out + err) == (1, False)
    assert "error[secret-readable]" in out


def test_a_note_is_no_reason_to_fail(place: Place) -> None:
    old_copy(place)
    code, out, _ = place.say("doctor")
    assert (code, out.splitlines()[-1]) == (0, "1 note")


def test_a_database_in_use_is_examined_and_not_mended(place: Place) -> None:
    damaged(place)
    place.database.chmod(0o644)
    with place.daemon():
        code, out, err = place.say("doctor", "--mend")
    assert code == 1
    assert re.search(r"data-readable.*\n  mended\n", out), "what is safe beside a daemon is mended"
    assert re.search(r"item-damaged.*\n  to mend: ", out)
    assert err.startswith("the database is not mended: database ")
    assert err.count("\n") == 1
    code, out, _ = place.say("doctor", "--mend")
    assert out.endswith("1 warning, 1 mended\n"), "the daemon of this test has died"
    assert "item-damaged" not in place.codes()


def test_what_was_hidden_by_what_is_mended_is_found_and_mended_too(place: Place) -> None:
    """One letter of a column that has an index: the index is broken, and then the item."""
    place.say("backup")
    whole = place.database.read_bytes()
    at = whole.rindex(b"https://wires.example/b")
    place.database.write_bytes(whole[:at] + b"j" + whole[at + 1 :])
    assert place.codes() == {"index-damaged"}
    assert {row["code"] for row in place.rows("doctor", "--mend") if row["mended"]} >= {"index-damaged"}
    assert place.codes() == set()


def test_what_cannot_be_mended_yet_is_not_said_to_be_mended_by_asking_again(place: Place) -> None:
    changed(place.database, DAMAGE)
    code, out, _ = place.say("doctor", "--mend")
    assert code == 1
    assert re.search(r"item-damaged.*\n  to mend: start the watcher, for what waits to be told shows it", out)


def test_a_daemon_that_holds_the_database_and_shows_no_life_is_told(place: Place) -> None:
    with place.daemon(timedelta(minutes=5)):
        assert place.codes() == {"daemon-hangs"}
    with place.daemon():
        assert place.codes() == set()


def test_what_differs_beside_a_daemon_is_a_warning(place: Place) -> None:
    written(place.root / "rules.yaml", "rules: [{id: quake, match: quake}, {id: storm, match: storm}]\n")
    with place.daemon():
        (row,) = place.rows("doctor")
    assert (row["code"], row["severity"]) == ("rules-differ", "warning")
    assert "new in the files: storm" in row["message"]
    assert "no longer in the files: 1 others" in row["message"]


def test_without_a_database_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "watcher.yaml", CONFIG)
    written(tmp_path / "rules.yaml", RULES)
    for command in ("doctor", "backup"):
        code, out, err = Place(tmp_path, capsys).say(command)
        assert (code, out) == (78, "")
        assert "there is no database" in err
    assert not (tmp_path / "data").exists()


def test_every_finding_is_in_the_reference_and_no_other() -> None:
    files = [*(ROOT / "watcher/store").glob("*.py"), ROOT / "watcher/cli/surroundings.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    said = set(re.findall(r'(?:code = |code=|_found\(|SUMS = |LATER = |0o\d+, )"([a-z-]+)"', source))
    said |= set(re.findall(r'else "(search-[a-z]+)"', source)) | {"feeds-differ", "rules-differ"}
    documented = [quoted(row[0])[0] for row in cells(section("## Findings of `doctor`"))]
    assert len(documented) == len(set(documented))
    assert set(documented) == said


# backup


def test_a_backup_is_one_line_and_keeps_what_was_asked(place: Place) -> None:
    folder = place.root / "data" / FOLDER
    folder.mkdir(mode=0o700)
    for day in (1, 2):
        (folder / f"watcher-2026030{day}T031500Z.db").touch()
    (folder / "mine.db").touch()
    code, out, err = place.say("backup", "--keep", "2")
    made = max(folder.glob("watcher-*.db"))
    assert (code, err) == (0, "")
    size = r"[\d.]+ [KM]iB, 4 items, 1 alert, read back whole, [\d.]+ s; 1 older backup deleted"
    assert re.fullmatch(rf"{re.escape(str(made))}: {size}\n", out)
    assert sorted(path.name for path in folder.iterdir()) == ["mine.db", "watcher-20260302T031500Z.db", made.name]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{0}/nowhere/copy.db"], 1, "no backup can be written to {0}/nowhere/copy.db: no such file or directory"),
        (["{0}/secret"], 1, "{0}/secret is there already; name another file, or a folder"),
        (["{0}/copy.db", "--keep", "3"], 2, "--keep is for a folder, and {0}/copy.db is none"),
    ],
)
def test_a_backup_that_cannot_be_made_is_one_line(place: Place, arguments: list[str], code: int, words: str) -> None:
    said = place.say("backup", *(word.format(place.root) for word in arguments))
    assert said == (code, "", f"watcher: {words.format(place.root)}\n")


def test_a_damaged_database_is_told_by_backup(place: Place) -> None:
    changed(place.database, DAMAGE)
    code, out, err = place.say("backup")
    assert (code, out) == (1, "")
    assert re.fullmatch(r"watcher: no backup made: item \w+, revision 2: .*; `watcher doctor` says more\n", err)
    assert list((place.root / "data" / FOLDER).iterdir()) == []


def test_a_backup_holds_no_secret(place: Place) -> None:
    (copied,) = place.rows("backup")
    assert b"hook.example" not in Path(copied["path"]).read_bytes()


def test_progress_is_shown_to_who_sees_it_after_a_while(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Progress()
    shown("copying", 1, 4)
    shown.clear()
    assert capsys.readouterr().err == ""
    shown._seen, shown._due = True, shown._due - PATIENCE
    shown("copying", 1, 4)
    shown("copying", 2, 4)
    shown.clear()
    assert capsys.readouterr().err == "\r\033[Kcopying 25 % …\r\033[K"


def test_a_database_that_is_none_is_refused(place: Place) -> None:
    place.database.write_bytes(b"no database at all" * 100)
    code, _, err = place.say("doctor")
    assert (code, "is not a SQLite database" in err) == (78, True)


def test_beside_the_log_of_another_nothing_is_read(place: Place) -> None:
    stale_log(place)
    before = place.database.read_bytes()
    code, out, err = place.say("doctor")
    assert (code, "error[log-stale]" in out, "is of the database that was here before" in err) == (78, True, True)
    with hold_store(str(place.database)):
        assert place.say("doctor", "--mend")[0] == 78
    assert Path(f"{place.database}-wal").exists(), "whoever holds the database may have it open"
    assert place.database.read_bytes() == before
    with closing(sqlite3.connect(f"{place.database.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM items").fetchone() == (4,)
