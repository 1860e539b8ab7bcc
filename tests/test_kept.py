"""What is kept of rules for the next start: it changes no answer, and nothing that is odd about it is believed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.items import item
from tests.stories.house import SEEDS, House
from watcher.app.parts import make_live
from watcher.config import kept
from watcher.config.files import Files, Plan
from watcher.match import match
from watcher.model import Feed, FeedId, RuleId

ROOT = Path(__file__).parents[1]
FEED = Feed(id=FeedId("wires"), url="https://wires.example/feed")
WORDS = "vocab:\n  us: {auto: true, match: '=US OR American'}\n"
RULES = """\
use: [words.yaml]
rules:
  - {id: strike, match: US AND strike*, severity: high, notify: [desk], throttle: 30m}
  - {watch: Siege, all: [Amerli, [siege, 2014]], within: 15 words, scope: {feeds: [wires], min_words: 4}}
  - {id: held, actual: true, match: raid -town, when: {count: 2, within: 2h}, template: {title: "{rule.id}"}}
  - {id: same, match: US AND strike*}
"""
PLAIN = "rules:\n  - {id: flood, match: flood OR deluge}\n"
SILENT = "rules:\n  - {id: silent, absence: {feeds: [wires], silent: 6h, during: '07:00-22:00 Europe/London'}}\n"


ONE = {"id": "in", "url": "../in"}


class Home:
    """A folder with a configuration and rules, and the files of a watcher over it."""

    def __init__(self, root: Path, **rules: str) -> None:
        self.root, self.data = root, root / "var"
        (root / "rules").mkdir(parents=True)
        self.data.mkdir()
        self.configure()
        for name, text in rules.items():
            self.write(name, text)

    def configure(self, *feeds: str) -> None:
        whole = {
            "data": "var",
            "rules": ["rules"],
            "feeds": [{"id": name, "url": f"https://{name}.example/feed"} for name in ("wires", *feeds)],
            "channels": [{"name": "desk", "url": "console://"}],
        }
        (self.root / "watcher.yaml").write_text(json.dumps(whole))

    def write(self, name: str, text: str) -> None:
        (self.root / "rules" / f"{name}.yaml").write_text(text)

    def files(self, **counted: int) -> Files:
        config = self.root / "watcher.yaml"
        return Files(config, {}, learn=lambda _: None, open_outlets=lambda _: (), counted=lambda _: counted)

    def started(self, **counted: int) -> tuple[Files, Plan]:
        files = self.files(**counted)
        return files, files.first()

    def kept(self) -> Path:
        """The file of a first start."""
        files, _ = self.started()
        files.keep()
        return self.data / kept.NAME


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", words=WORDS, rules=RULES, plain=PLAIN)


def said(plan: Plan) -> list[object]:
    rules = plan.renewal.rules
    return [[(each, each.tree, list(map(set, each.required))) for each in rules], plan.errors, list(plan.renewal.live)]


def trusted(files: Files) -> bool:
    return not files.not_kept


def test_what_was_kept_gives_the_answers_of_the_files(home: Home) -> None:
    for path in (ROOT / "rules").rglob("*.yaml"):
        target = home.root / "rules" / "shipped" / path.relative_to(ROOT / "rules")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    home.write("silent", SILENT)
    first, cold = home.started()
    first.keep()
    second, warm = home.started()
    assert (trusted(first), trusted(second)) == (False, True)
    assert said(warm) == said(cold)
    assert len(cold.renewal.rules) > 10
    for text in (
        "American strikes on the siege of Amerli in 2014",
        "A flood",
        *(p.read_text() for p in SEEDS.iterdir()),
    ):
        article = item(text)
        found = [match(make_live(plan).ruleset, article, FEED, 1) for plan in (cold, warm)]
        assert found[0] == found[1]


def test_what_was_kept_tells_the_findings_of_the_files(home: Home) -> None:
    home.write("odd", "use: [words.yaml]\nrules:\n  - {id: odd, match: a AND b OR US}\n  - {id: it, match: the}\n")
    files, _ = home.started()
    assert files._to_keep
    cold = files._to_keep[3]
    files.keep()
    files, _ = home.started()
    assert files._to_keep
    warm = files._to_keep[3]
    assert {f.code for f in cold.findings} >= {"W201", "W211", "W212"}
    assert warm.findings == cold.findings
    assert list(warm.files) == list(cold.files)


def test_it_is_written_where_it_would_be_another_and_not_otherwise(home: Home) -> None:
    path = home.kept()
    before = path.stat()
    home.kept()
    assert path.stat() == before
    home.write("plain", PLAIN.replace("deluge", "torrent"))
    home.kept()
    assert path.stat().st_ino != before.st_ino
    assert path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.data.iterdir()] == [kept.NAME]


def test_what_an_interrupted_start_left_behind_is_not_written_into(home: Home) -> None:
    other, draft = home.root / "other", home.data / f".{kept.NAME}.new"
    other.write_text("of somebody else")
    other.chmod(0o666)
    draft.hardlink_to(other)
    assert home.kept().stat().st_mode & 0o777 == 0o600
    assert other.read_text() == "of somebody else"


def test_it_counts_only_with_the_packages_it_was_made_with(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.kept()
    assert trusted(home.started()[0])
    monkeypatch.setattr(kept, "_PACKAGES", ("pytest",))  # which stands otherwise than those
    assert not trusted(home.started()[0])


def test_an_edit_after_a_start_from_it_works_out_one_file(home: Home) -> None:
    home.kept()
    files, plan = home.started()
    home.write("plain", PLAIN + "  - {id: late, match: late}\n")
    after = files.again(plan)
    assert after.renewal.added == ("late",)
    assert set(after.renewal.touched) == {"late"}
    assert all(after.renewal.live[name] is each for name, each in plan.renewal.live.items())


def test_a_file_edited_while_nobody_ran_is_read_and_the_others_are_not(home: Home) -> None:
    home.kept()
    home.write("plain", PLAIN.replace("deluge", "torrent"))
    files, plan = home.started()
    assert trusted(files)
    assert plan.renewal.live[RuleId("flood")].rule.expanded == "flood OR torrent"


def test_what_a_vocabulary_means_now_is_what_its_rules_mean(home: Home) -> None:
    home.kept()
    home.write("words", WORDS.replace("American", "Yankee"))
    _, plan = home.started()
    assert "Yankee" in next(each.rule.expanded for each in plan.renewal.rules if each.rule.id == "strike")


@pytest.mark.parametrize("change", ["another feed", "another version"])
def test_what_was_made_of_something_else_is_left_aside(home: Home, change: str) -> None:
    path = home.kept()
    if change == "another feed":
        home.configure("floods")
    else:
        path.write_bytes(path.read_bytes().replace(b'"watcher rules": 1', b'"watcher rules": 0', 1))
    files, plan = home.started()
    assert files.not_kept == "it was made of something else"
    assert len(plan.renewal.rules) == 5


def test_no_byte_of_it_may_be_another_and_none_may_be_missing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", plain=PLAIN)
    path = home.kept()
    good, made_of = path.read_bytes(), kept.made_of(home.files()._load())
    kept.read(home.data, made_of)
    flipped = (good[:n] + bytes([good[n] ^ 1 << n % 8]) + good[n + 1 :] for n in range(len(good)))
    cut = (good[:end] for end in range(len(good)))
    for content in (*flipped, *cut, good + b"\n"):
        path.write_bytes(content)
        assert is_refused(home.data, made_of), content


def test_what_is_common_by_now_is_what_rules_are_filed_by(home: Home) -> None:
    home.write("plain", "rules:\n  - {id: one, match: alpha AND beta}\n")
    home.kept()
    for common, rare in (("alpha", "beta"), ("beta", "alpha")):
        files, plan = home.started(**{"": 1_000, common: 900, rare: 2})
        assert trusted(files)
        assert plan.renewal.live[RuleId("one")].required[0] == (rare,)


def is_refused(folder: Path, made_of: str) -> bool:
    try:
        kept.read(folder, made_of)
    except ValueError as error:
        return str(error) in {"it is damaged", "it was made of something else"}
    return False


def sealed(path: Path, change: Callable[[list[Any]], object]) -> None:
    """What somebody made of it who knows the checksum."""
    header, *lines, _ = path.read_bytes().split(b"\n")
    parts = [json.loads(line) for line in lines]
    change(parts)
    body = b"\n".join([header, *(part if isinstance(part, bytes) else json.dumps(part).encode() for part in parts)])
    path.write_bytes(body + b"\n" + sha256(body).hexdigest().encode())


HUGE, DEEP = 10**400, b"[" * 100_000
HOSTILE: dict[str, Callable[[list[Any]], object]] = {
    "a line number": lambda parts: parts[1]["rule"].update(line=HUGE),
    "a line before the first": lambda parts: parts[1]["rule"].update(line=-1),
    "a place": lambda parts: parts[1].update(name=[1, HUGE, 1]),
    "seconds": lambda parts: parts[1]["rule"].update(throttle=HUGE),
    "endless seconds": lambda parts: parts[1]["rule"].update(max_age=float("inf")),
    "no number of seconds": lambda parts: parts[1]["rule"].update(throttle=float("nan")),
    "a count": lambda parts: parts[1]["rule"].update(when={"count": HUGE, "within": 60}),
    "words": lambda parts: parts[1]["rule"].update(scope={"min_words": HUGE}),
    "more rules than there are": lambda parts: parts[0].update(rules=HUGE),
    "one rule more": lambda parts: parts[0].update(rules=2),
    "a rule too many": lambda parts: parts.append(parts[1]),
    "a severity": lambda parts: parts[1]["rule"].update(severity=99),
    "terms that are none": lambda parts: parts[1].update(required=[[1]]),
    "no rule": lambda parts: parts[1].pop("rule"),
    "an absence": lambda parts: parts[1]["rule"].update(absence={"feeds": ["wires"], "silent": 1}),
    "brackets": lambda parts: parts.__setitem__(1, DEEP),
    "no JSON": lambda parts: parts.__setitem__(1, b"rules:"),
    "no text": lambda parts: parts.__setitem__(1, b"\xff\xfe\x00"),
    "nothing": lambda parts: parts.clear(),
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_what_no_watcher_would_have_written_is_left_aside_whatever_it_is(tmp_path: Path, what: str) -> None:
    home = Home(tmp_path / "home", plain=PLAIN)
    sealed(home.kept(), HOSTILE[what])
    files, plan = home.started()
    assert not trusted(files)
    assert [each.rule.expanded for each in plan.renewal.rules] == ["flood OR deluge"]


def test_what_was_kept_of_other_rules_is_not_taken_for_these(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other", words=WORDS, rules=RULES.replace("raid -town", "raid"), plain=PLAIN)
    (home.data / kept.NAME).write_bytes(other.kept().read_bytes())
    other.write("rules", RULES.replace("raid -town", "raid").replace("strike*", "storm*"))
    _, plan = home.started()
    fresh = Home(tmp_path / "fresh", words=WORDS, rules=RULES, plain=PLAIN)
    assert [each.rule.hash for each in plan.renewal.rules] == [
        each.rule.hash for each in fresh.started()[1].renewal.rules
    ]


@pytest.mark.parametrize("what", ["a link", "a pipe", "a folder", "writable by others", "gone", "unreadable"])
def test_what_is_no_file_of_ours_is_left_aside(home: Home, what: str) -> None:
    path = home.kept()
    content = path.read_bytes()
    if what == "writable by others":
        path.chmod(0o622)
    else:
        path.unlink()
    if what == "a link":
        (home.root / "elsewhere").write_bytes(content)
        path.symlink_to(home.root / "elsewhere")
    elif what == "a pipe":
        os.mkfifo(path, 0o600)
    elif what == "a folder":
        path.mkdir()
    elif what == "unreadable":
        path.symlink_to(path)
    files, plan = home.started()
    assert not trusted(files)
    assert len(plan.renewal.rules) == 5


def test_a_rule_that_was_kept_has_all_that_its_file_says_by_the_same_types(home: Home) -> None:
    _, cold = home.started()
    home.kept()
    _, warm = home.started()
    for one, other in zip(cold.renewal.rules, warm.renewal.rules, strict=True):
        assert repr(one.rule) == repr(other.rule)


def test_a_daemon_keeps_its_rules_and_starts_from_them(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.settings(feeds=[ONE])
    done = house.watcher("run", "--once", "--debug")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "var" / kept.NAME).exists()
    assert "rules were worked out from their files" in done.stderr
    again = house.watcher("run", "--once", "--debug")
    assert again.returncode == 0, again.stderr
    assert "rules were worked out from their files" not in again.stderr


def test_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.settings(feeds=[ONE])
    assert house.watcher("run", "--once", "--dry-run").returncode == 0
    assert not (tmp_path / "var" / kept.NAME).exists()


def test_where_nothing_can_be_kept_the_watcher_runs_all_the_same(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.settings(feeds=[ONE])
    (tmp_path / "var" / kept.NAME).mkdir(parents=True)
    done = house.watcher("run", "--once", "--debug")
    assert done.returncode == 0, done.stderr
    assert "rules could not be kept for the next start" in done.stderr
