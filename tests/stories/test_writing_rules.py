"""Rules written, labelled and taken over on the command line, as a person does it."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.servers import Server, page
from tests.stories.house import SEEDS, WATCHER, House, rss
from watcher.cli import outcome

STRIKE = ("a-1", "Strike reported in the harbour")
BOWLING = ("a-2", "Bowling: a perfect strike won the cup")
CALM = ("a-3", "Calm day at the harbour")
NAMED = """\
schema: watch/1
rules:
  # What we came for.
  - watch: Strikes anywhere     # a title
    all: [strike]
"""


class Desk(House):
    """A house whose commands are called in the test's own process, which is quicker; what is piped or typed is not."""

    def watcher(
        self, *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = outcome([*arguments, "--config", str(self.config)])
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house that knows three items, with a rule file that somebody wrote by hand."""
    house = House(tmp_path_factory.mktemp("known") / "house")
    (house.rules / "strikes.yaml").unlink()
    (house.rules / "hand.yaml").write_text(NAMED, "utf-8")
    with Server() as server:
        server["/feed"] = page(rss([STRIKE, BOWLING, CALM]))
        desk = {"name": "desk", "url": "console://", "tags": ["all"]}
        house.settings(feeds=[{"id": "feed", "url": server.url("/feed")}], channels=[desk])
        done = house.watcher("run", "--once")
    assert done.returncode == 0, done.stderr
    return house.root


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    """A house without rules and without a database."""
    desk = Desk(tmp_path / "empty")
    (desk.rules / "strikes.yaml").unlink()
    desk.settings(feeds=[{"id": "feed", "url": "../none"}])
    return desk


@pytest.fixture
def stored(known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A house of one's own with what `known` knows."""
    desk = Desk(tmp_path / "stored")
    shutil.rmtree(desk.root)
    shutil.copytree(known, desk.root)
    monkeypatch.chdir(desk.root)
    return desk


def at_a_terminal(house: House, *arguments: str, answers: str) -> tuple[int, str]:
    """A command in a terminal, with what is typed there; its exit code and all it shows."""
    inside, outside = pty.openpty()
    command = [*WATCHER, *arguments, "--config", str(house.config)]
    process = subprocess.Popen(
        command, stdin=outside, stdout=outside, stderr=outside, cwd=house.root, env={**os.environ, "NO_COLOR": "1"}
    )
    os.close(outside)
    os.write(inside, answers.encode())
    shown = b""
    try:
        while piece := os.read(inside, 65_536):
            shown += piece
    except OSError:  # the command has ended
        pass
    finally:
        os.close(inside)
    return process.wait(30), shown.decode()


def test_a_rule_is_tried_on_what_is_stored_shown_and_written_after_a_yes(stored: Desk) -> None:
    code, shown = at_a_terminal(stored, "rules", "add", "harbour AND strike", "--to", "desk", answers="y\n")
    assert code == 0, shown
    assert "in the last 30 days it would have found 1 item" in shown
    assert STRIKE[1] in shown
    assert "Add it to rules/hand.yaml? [y/N]" in shown.replace(f"{stored.root}/", "")
    text = (stored.rules / "hand.yaml").read_text("utf-8")
    entry = (
        "  - id: harbour-and-strike\n    title: harbour AND strike\n    match: harbour AND strike\n    notify: [desk]\n"
    )
    assert text == NAMED + entry
    assert stored.watcher("check").returncode == 0


def test_a_no_and_the_lack_of_a_terminal_write_nothing(stored: Desk) -> None:
    code, shown = at_a_terminal(stored, "rules", "add", "harbour", answers="n\n")
    assert (code, "nothing was written" in shown) == (1, True)
    done = stored.watcher("rules", "add", "harbour")
    assert done.returncode == 2
    assert "--yes writes it" in done.stderr
    assert "+  - id: harbour" in done.stdout
    assert (stored.rules / "hand.yaml").read_text("utf-8") == NAMED


def test_mistakes_are_told_as_check_tells_them_and_nothing_is_written(stored: Desk) -> None:
    wrong = stored.watcher("rules", "add", "US AND (Tikrit", "--yes")
    assert wrong.returncode == 1
    assert "error[E104]" in wrong.stderr
    nobody = stored.watcher("rules", "add", "Tikrit", "--to", "dseks", "--yes")
    assert nobody.returncode == 1
    assert "error[E021]" in nobody.stderr
    taken = stored.watcher("rules", "add", "Tikrit", "--id", "strikes-anywhere", "--yes")
    assert taken.returncode == 2
    assert (stored.rules / "hand.yaml").read_text("utf-8") == NAMED


def test_a_rule_there_is_already_is_named_before_the_same_is_written(stored: Desk) -> None:
    done = stored.watcher("rules", "add", "strike~", "--yes")
    assert done.returncode == 0
    assert "warning[W212]: this rule finds the same as `strikes-anywhere`" in done.stderr
    assert "W212" not in stored.watcher("rules", "add", "harbour", "--yes").stderr


def test_without_rules_and_database_a_rule_gets_a_file_of_its_own(empty: Desk) -> None:
    (row,) = empty.rows("rules", "add", '"harbour strike" OR =Tikrit', "--severity", "high", "--yes")
    assert row["hits"] is None
    assert row["written"] is True
    text = (empty.rules / "added.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=.watcher/rules.schema.json\nschema: watch/1\n")
    assert '    match: |\n      "harbour strike" OR =Tikrit\n' in text
    assert [row["rule"] for row in empty.rows("rules", "list")] == ["harbour-strike-or-tikrit"]


def test_the_file_may_be_named_and_is_one_that_is_read(stored: Desk) -> None:
    absolute = str(stored.rules / "hand.yaml")
    assert stored.rows("rules", "add", "harbour", "--file", absolute, "--yes")[0]["written"] is True
    assert "id: harbour" in (stored.rules / "hand.yaml").read_text("utf-8")
    assert stored.rows("rules", "add", "calm", "--file", "rules/calm.yaml", "--yes")[0]["file"] == "rules/calm.yaml"
    for elsewhere in ("elsewhere.yaml", "rules/notes.txt", "rules/.hidden.yaml"):
        done = stored.watcher("rules", "add", "calm day", "--file", elsewhere, "--yes")
        assert (done.returncode, "would not be read" in done.stderr) == (2, True)


def test_a_read_only_place_gets_the_patch(known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with TemporaryDirectory() as place:  # where everybody may look, unlike in tmp_path
        root = Path(place)
        shutil.copytree(known, root, dirs_exist_ok=True)
        root.chmod(0o755)
        command = ["rules", "add", "harbour", "--config", str(root / "config/watcher.yaml")]
        assert outcome(command) == 2, "nobody to ask; and all that is needed is loaded by now"
        capsys.readouterr()
        (root / "rules").chmod(0o555)
        with as_nobody():
            code = outcome([*command, "--yes"])
        (root / "rules").chmod(0o755)
        shown = capsys.readouterr()
        assert code == 1
        assert "cannot be written: permission denied; the patch above says what to change" in shown.err
        assert "+  - id: harbour" in shown.out
        assert (root / "rules/hand.yaml").read_text("utf-8") == NAMED


@contextmanager
def as_nobody() -> Iterator[None]:
    """As somebody who may not write everywhere, which root may."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def test_rules_are_listed_and_shown_as_written_and_as_they_read(stored: Desk) -> None:
    (row,) = stored.rows("rules", "list")
    assert (row["rule"], row["line"], row["notify"], row["vocabulary"]) == ("strikes-anywhere", 4, [], [])
    shown = stored.watcher("rules", "show", "strikes-anywhere").stdout
    assert "  - watch: Strikes anywhere     # a title\n    all: [strike]\n" in shown
    assert "reads  strike" in shown
    assert stored.watcher("rules", "show", "nope").returncode == 2


def test_ids_are_written_down_once(stored: Desk) -> None:
    (row,) = stored.rows("rules", "ids", "--yes")
    assert row["rule"] == "strikes-anywhere"
    text = (stored.rules / "hand.yaml").read_text("utf-8")
    assert text == NAMED.replace("# a title\n", "# a title\n    id: strikes-anywhere\n")
    again = stored.watcher("rules", "ids")
    assert (again.returncode, "every rule has its id" in again.stderr) == (0, True)


def test_labels_become_tests_that_pass_and_an_edit_is_proposed_that_is_right_about_all(stored: Desk) -> None:
    items = {row["title"]: row["item"] for row in stored.rows("search", "strike")}
    (good,) = stored.rows("label", items[STRIKE[1]], "strikes-anywhere", "good", "--yes")
    assert (good["found"], good["right"], good["edit"]) == (1, 1, None)
    assert good["file"] == f"tests/strikes-anywhere/{items[STRIKE[1]]}.txt"
    (bad,) = stored.rows("label", items[BOWLING[1]], "strikes-anywhere", "bad", "--yes")
    assert (bad["found"], bad["right"]) == (2, 1)
    assert bad["edit"]["key"] == "none"
    assert "id: strikes-anywhere\n" in (stored.rules / "hand.yaml").read_text("utf-8")
    verdicts = {row["test"].rpartition("/")[2]: row["passed"] for row in stored.rows("test")}
    assert verdicts == {f"{items[STRIKE[1]]}.txt": True, f"{items[BOWLING[1]]}.txt": False}
    code, shown = at_a_terminal(stored, "label", items[BOWLING[1]], "strikes-anywhere", "bad", answers="y\ny\n")
    assert code == 0, shown
    assert "precision 50%" in shown
    assert all(row["passed"] for row in stored.rows("test"))


def test_a_good_item_that_is_missed_and_a_bad_one_are_both_seen_to(stored: Desk) -> None:
    stored.rule("near", "strike NEAR/1 harbour")
    good, bad = stored.root / "good.txt", stored.root / "bad.txt"
    good.write_text("Crews walk out\n\nA strike was reported in the harbour.\n", "utf-8")
    bad.write_text("Bowling night\n\nThe strike record at the harbour alley fell.\n", "utf-8")
    (first,) = stored.rows("label", str(good), "near", "good", "--yes")
    assert (first["missed"], first["edit"]["value"]) == (1, "strike NEAR/4 harbour")
    (second,) = stored.rows("label", str(bad), "near", "bad", "--yes")
    assert second["edit"]["value"] == 'strike NEAR/4 harbour AND NOT "strike record"'
    assert second["edit"]["words"].startswith("find “")


def test_labels_that_contradict_each_other_get_no_edit_and_a_word(stored: Desk) -> None:
    for name, verdict in (("one", "good"), ("two", "bad")):
        path = stored.root / f"{name}.txt"
        path.write_text("Crews walk out\n\nA strike was reported in the harbour.\n", "utf-8")
        done = stored.watcher("label", str(path), "strikes-anywhere", verdict, "--yes")
        assert done.returncode == 0, done.stderr
    assert "no edit of the kinds known here is right about all of them" in done.stdout


def test_an_item_is_one_and_a_rule_is_known(stored: Desk) -> None:
    assert stored.watcher("label", str(SEEDS), "strikes-anywhere", "good").returncode == 2
    assert stored.watcher("label", "ffff", "strikes-anywhere", "good").returncode == 2
    assert stored.watcher("label", str(SEEDS), "nope", "good").returncode == 2


def test_queries_of_other_programs_become_a_rule_file_that_passes_the_check(empty: Desk) -> None:
    queries = empty.root / "alerts.txt"
    queries.write_text('"port strike" OR walkout site:example.org\nharbour filetype:pdf\n', "utf-8")
    done = empty.watcher("rules", "import", "google-alerts", str(queries))
    assert done.returncode == 0, done.stderr
    assert "`filetype:pdf` is left out" in done.stderr
    (empty.rules / "imported.yaml").write_text(done.stdout, "utf-8")
    assert empty.watcher("check", str(empty.rules / "imported.yaml")).returncode == 0
    lost = empty.root / "lost.txt"
    lost.write_text("-only\n", "utf-8")
    assert empty.watcher("rules", "import", "google-alerts", str(lost)).returncode == 1
    lost.write_bytes(b"\xff\xfe")
    assert empty.watcher("rules", "import", "lucene", str(lost)).returncode == 2
    piped = subprocess.run(
        [*WATCHER, "rules", "import", "lucene", "-", "--json"], input="a b", capture_output=True, text=True, check=True
    )
    assert json.loads(piped.stdout)["expression"] == "a OR b"


def test_the_schema_is_written_where_editors_look(empty: Desk) -> None:
    assert empty.watcher("schema", "--write", str(empty.rules)).returncode == 0
    assert json.loads((empty.rules / ".watcher/rules.schema.json").read_text("utf-8"))["title"] == "watcher rules"
    assert empty.watcher("check").returncode == 0, "it is no rule file"
    assert Path(empty.rules / ".watcher").is_dir()
