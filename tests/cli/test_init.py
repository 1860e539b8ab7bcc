"""`watcher init`: what it writes, what it leaves, and what it says when it cannot."""

from __future__ import annotations

import dataclasses
import json
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import quoteattr

import pytest

from watcher.cli import outcome
from watcher.cli.starter import CONFIG, Target, lay_down, starter
from watcher.config import load_config
from watcher.config.writer import Changed
from watcher.sources import FeedEntry

ROOT = Path(__file__).parents[2]
NOBODY = 65534
HOOK = "https://hooks.slack.com/services/T0000000A/B0000000B/xxxxxxxxxxxxxxxxxxxxxxxx"
TOKEN = "xxxxxxxxxxxxxxxxxxxxxxxx"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCHER_CONFIG", raising=False)
    return tmp_path


def subscriptions(path: Path, *feeds: tuple[str, str]) -> str:
    outlines = "".join(f"<outline text={quoteattr(title)} xmlUrl={quoteattr(url)}/>\n" for title, url in feeds)
    path.write_text(f"<opml><body>\n{outlines}</body></opml>", "utf-8")
    return str(path)


def tree(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_without_a_word_it_writes_what_checks_and_tests_well(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["init", "news"]) == 0
    assert set(tree(here / "news")) == {CONFIG, ".gitignore", "rules/example.yaml", "inbox/example.txt"}
    shown = capsys.readouterr().out
    assert shown.endswith(
        "Next:\n  watcher test --config news/watcher.yaml\n  watcher run --config news/watcher.yaml\n"
    )
    assert outcome(["check", "--config", "news/watcher.yaml"]) == 0
    assert capsys.readouterr() == ("all good\n", "")
    assert outcome(["test", "--config", "news/watcher.yaml"]) == 0
    assert "0 failed\n" in capsys.readouterr().out  # and no branch that no test reaches


def test_in_the_folder_one_stands_in_the_next_commands_need_no_more(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome(["init"]) == 0
    assert capsys.readouterr().out.endswith("Next:\n  watcher test\n  watcher run\n")
    (here / CONFIG).unlink()
    monkeypatch.setenv("WATCHER_CONFIG", "/elsewhere/watcher.yaml")
    assert outcome(["init"]) == 0
    assert "watcher run --config watcher.yaml" in capsys.readouterr().out


def test_feeds_of_an_opml_file_and_a_slack_webhook_are_taken_over_and_the_secret_is_kept_apart(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = subscriptions(here / "feeds.opml", ("The Daily", "https://daily.example/rss"))
    assert outcome(["init", "--opml", file, "--slack", HOOK, "--feed", "https://b.example/f", "a b"]) == 0
    shown = capsys.readouterr()
    assert "watcher notify test slack --config 'a b/watcher.yaml'" in shown.out
    settings = load_config("a b/watcher.yaml", {}, require_secrets=True)
    assert [feed.id for feed in settings.feeds] == ["the-daily", "b.example/f"]
    assert [(channel.name, channel.url) for channel in settings.channels] == [
        ("console", "console://"),
        ("slack", HOOK),
    ]
    assert settings.operator == ("slack",)
    assert outcome(["check", "--config", "a b/watcher.yaml"]) == 0
    files = tree(here / "a b")
    assert [path for path, content in files.items() if TOKEN.encode() in content] == ["secrets/slack-url"]
    assert mode(here / "a b/secrets/slack-url") == 0o600
    assert TOKEN not in shown.out + shown.err
    assert not (here / "a b/inbox").exists()


def test_git_sees_neither_the_secret_nor_the_data(here: Path) -> None:
    (here / ".gitignore").write_text("*.pyc\n", "utf-8")
    subprocess.run(["git", "init", "-q", "."], check=True)
    assert outcome(["init", "--to", "mailtos://anna:password@mail.example.org?to=desk@example.org"]) == 0
    assert outcome(["init", "--slack", HOOK, "deeper"]) == 0
    (here / "deeper/var").mkdir()
    (here / "deeper/var/watcher.db").touch()
    asked = ["git", "status", "--porcelain", "--untracked-files=all"]
    seen = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert "watcher.yaml" in seen
    assert "secrets" not in seen
    assert "var/" not in seen
    assert (here / ".gitignore").read_text("utf-8") == "*.pyc\n"


def test_what_is_there_is_left_as_it_is_and_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules").mkdir()
    (here / "rules/mine.yaml").write_text("rules: []\n", "utf-8")
    (here / "inbox").mkdir()
    (here / "inbox/old.txt").write_text("Old", "utf-8")
    (here / ".gitignore").write_text("x\n", "utf-8")
    before = tree(here)
    assert outcome(["init"]) == 0
    shown = capsys.readouterr().out
    assert "left   rules/example.yaml  your rules are used as they are\n" in shown
    assert "left   .gitignore          add the line /var/ to it\n" in shown
    assert {path: content for path, content in tree(here).items() if path != CONFIG} == before
    assert load_config(CONFIG, {}, require_secrets=True).feeds[0].baseline == "quiet"


@pytest.mark.parametrize("there", [CONFIG, "config/watcher.yaml"])
def test_a_configuration_that_is_there_is_never_written_over(
    there: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / there).parent.mkdir(exist_ok=True)
    (here / there).write_text("mine\n", "utf-8")
    assert outcome(["init", "--slack", HOOK]) == 2
    assert f"there is a configuration already: {there}; nothing was written" in capsys.readouterr().err
    assert tree(here) == {there: b"mine\n"}


def test_a_secret_that_is_there_is_never_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "secrets").mkdir()
    (here / "secrets/slack-url").write_text("mine\n", "utf-8")
    assert outcome(["init", "--slack", HOOK]) == 2
    assert "secrets/slack-url is there already; nothing was written" in capsys.readouterr().err
    assert tree(here) == {"secrets/slack-url": b"mine\n"}


@pytest.mark.parametrize("path", ["news", "news/rules", "news/secrets"])
def test_a_file_in_the_place_of_a_folder_is_said(path: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / path).parent.mkdir(exist_ok=True)
    (here / path).touch()
    assert outcome(["init", "news", "--slack", HOOK]) == 2
    assert f"{path} is no folder; nothing was written" in capsys.readouterr().err
    assert tree(here) == {path: b""}


@pytest.mark.parametrize("path", ["news", "news/watcher.yaml", "news/rules", "news/secrets/slack-url"])
def test_a_link_to_nothing_is_in_the_way_and_is_not_followed(path: str, here: Path) -> None:
    (here / path).parent.mkdir(parents=True, exist_ok=True)
    (here / path).symlink_to(here / "elsewhere")
    assert outcome(["init", "news", "--slack", HOOK]) == 2
    assert not (here / "elsewhere").exists()
    assert tree(here) == {}


def test_an_empty_argument_is_no_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["init", ""]) == 2
    assert "an empty argument names no folder" in capsys.readouterr().err
    assert tree(here) == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--slack", "https://example.org/hook"], "this is no Slack webhook: it begins with https://hooks.slack.com/"),
        (["--slack", ""], "this is no Slack webhook"),
        (["--slack", "https://hooks.slack.com/services/T0"], "this address cannot be used"),
        (["--to", "anna@example.org"], "a mail needs a server that sends it: mailtos://"),
        (["--to", "slack"], "this is no address of a channel"),
        (["--to", "mailtos://a:b@c.example\n?to=d@e.example"], "this is no address of a channel"),
        (["--to", f"nothing://{TOKEN}"], "this address cannot be used"),
        (["--slack", HOOK, "--to", "json://a.example"], "--slack and --to both say where to tell"),
        (["--feed", "news"], "--feed cannot be used: its address does not begin with https://"),
        (["--feed", "file:///etc"], "--feed cannot be used: `file:` is not fetched"),
        (["--feed", "http://10.0.0.1/"], "--feed cannot be used: 10.0.0.1 is not a public address"),
        (["--opml", "none.opml"], "none.opml cannot be read: no such file or directory"),
        (["--opml", "."], ". cannot be read: it is no file"),
        (["--opml", "/dev/zero"], "/dev/zero cannot be read: it is no file"),
        (["--opml", str(ROOT / "LICENSE")], "LICENSE cannot be used: it is no OPML"),
        (["--opml", "empty.opml"], "empty.opml names no feed"),
        (["--opml", "files.opml"], "files.opml:2: left out “Passwords”: `file:` is not fetched"),
        (["--opml", "files.opml", "--yes", "extra", "more"], "unexpected extra argument"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_nothing_is_written(
    arguments: list[str], words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subscriptions(here / "empty.opml")
    subscriptions(here / "files.opml", ("Passwords", "file:///etc/passwd"))
    assert outcome(["init", "news", *arguments]) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert TOKEN not in shown.err
    assert shown.out == ""
    assert set(tree(here)) == {"empty.opml", "files.opml"}


def test_feeds_that_are_left_out_are_named_and_counted_and_the_others_are_taken(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [(f"Page {n}", "javascript:alert(1)") for n in range(25)]
    file = subscriptions(here / "feeds.opml", ("Good", "https://a.example/f"), *bad)
    assert outcome(["init", "--opml", file, "--json"]) == 1
    shown = capsys.readouterr()
    said = shown.err.splitlines()
    assert said[0].endswith("feeds.opml:3: left out “Page 0”: `javascript:` is not fetched, only http: and https:")
    assert said[20:] == ["and 5 more"]
    (row,) = map(json.loads, shown.out.splitlines())
    assert (row["feeds"], len(row["left_out"])) == (1, 25)
    assert row["written"][-1] == CONFIG


def test_a_feed_with_a_password_is_said_and_the_file_is_kept_private(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(["init", "--feed", "https://anna:hunter22@a.example/f"]) == 0
    shown = capsys.readouterr()
    assert "1 address with a password" in shown.err
    assert "hunter22" not in shown.out + shown.err
    assert mode(here / CONFIG) == 0o600


def test_a_place_that_takes_no_writing_is_one_line(here: Path) -> None:
    ask = (
        "import os, sys\n"
        "from watcher.cli import outcome\n"
        "outcome(['init', sys.argv[1]])\n"  # which imports all it needs, before the rights to read it may be gone
        f"os.geteuid() or os.setuid({NOBODY})\n"
        "sys.exit(outcome(['init', sys.argv[2]]))\n"
    )
    with TemporaryDirectory() as place:  # where everybody may look, unlike in tmp_path
        Path(place).chmod(0o555)
        command = [sys.executable, "-c", ask, str(here / "first"), f"{place}/deep/news"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 2
        assert done.stderr == f"watcher: {place}/deep/news/rules/example.yaml cannot be written: permission denied\n"
        Path(place).chmod(0o755)
        assert list(Path(place).iterdir()) == []


def test_what_fails_halfway_is_taken_away_again(here: Path) -> None:
    made = starter(Path("deep/news"), (), Target(name="slack", url=HOOK))
    (here / "deep/news").mkdir(parents=True)
    (here / "deep/news/watcher.yaml").write_text("somebody was quicker\n", "utf-8")
    with pytest.raises(Changed):
        lay_down(made)
    assert tree(here) == {"deep/news/watcher.yaml": b"somebody was quicker\n"}
    assert [path.name for path in (here / "deep/news").iterdir()] == ["watcher.yaml"]


def test_folders_that_were_made_for_nothing_are_taken_away_too(here: Path) -> None:
    made = starter(Path("deep/news"), (), None)
    with pytest.raises(OSError, match="too long"):
        lay_down(dataclasses.replace(made, new={**made.new, "x" * 300: b""}))
    assert list(here.iterdir()) == []


def test_a_thousand_feeds_are_a_configuration(here: Path) -> None:
    entries = [FeedEntry(url=f"https://a{n}.example/f", id=f"feed-{n}", tags=("wires",)) for n in range(1_000)]
    lay_down(starter(here, entries, None))
    assert len(load_config(CONFIG, {}, require_secrets=True).feeds) == 1_000


def test_what_nobody_need_change_is_said_as_in_the_configuration_of_the_project(here: Path) -> None:
    lay_down(starter(here, (), None))
    ends = [
        path.read_text("utf-8").partition("# The rest is good as it is for nearly everybody.\n")[2]
        for path in (here / CONFIG, ROOT / "config/watcher.yaml")
    ]
    assert ends[0] == ends[1] != ""
