"""What the documents say is so: their commands are typed and print what stands there, their tables are complete.

A `console` block is typed line by line in a terminal of 80 columns; what follows a `$ ` line is what it prints. A line
that is only `…` stands for lines left out. Before a block, `<!-- file: PATH -->` says that the reader saves it under
that name, `<!-- below LINE in PATH -->` or `instead of LINE in PATH` that it is put into a file, and
`<!-- terminal -->` that it belongs to the terminal in which the watcher keeps running, until a line `^C`.
"""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from tests.deliver.receivers import mail_server
from tests.stories.house import until
from watcher import rules
from watcher.cli import outcome
from watcher.cli.commands import watcher
from watcher.cli.common import Defaulting
from watcher.config import core_vocabulary
from watcher.config.schema import WatcherFile
from watcher.config.settings import SEND_TIMEOUT
from watcher.deliver import check
from watcher.fetch import Limits as FetchLimits
from watcher.match import explain
from watcher.model import ChannelName, ChannelSpec, Fate, Feed, FeedId, Hash64, Item, ItemId, Reason
from watcher.rules.compile import compile_tree
from watcher.rules.lex import FIELDS
from watcher.rules.printer import to_text
from watcher.rules.schema import EntryKeys, FileKeys, RuleKeys
from watcher.run.worker import Limits as WorkerLimits
from watcher.schedule import Intervals, Retry
from watcher.yamldoc.units import duration, size

ROOT = Path(__file__).parent.parent
ASKING = tuple(f"watcher {name}" for name in ("check", "test", "explain", "why", "search", "backtest"))
HOME = "/home/anna/watcher"
"""Where the reader of the documents has the project."""
HOW_TOS = tuple(sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/how-to-*.md")))
DOCUMENTS = ("README.md", "docs/tutorial.md", "docs/reference.md", "docs/troubleshooting.md", *HOW_TOS)
MISTAKES = "## The commonest mistakes"


def document(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def groups(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """The way to each command that has commands below it."""
    if isinstance(command, click.Group):
        yield path
        for name in command.list_commands(click.Context(command)):
            if found := command.get_command(click.Context(command), name):
                yield from groups(found, *path, name)


def test_no_line_of_a_list_of_commands_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for path in groups(watcher):
        with redirect_stdout(StringIO()) as out:
            outcome([*path, "--help"])
        assert "\nCommands:\n" in out.getvalue()
        assert not re.findall(r".*\.\.\.$", out.getvalue().split("Commands:")[1], re.MULTILINE)


# --- what a reader does -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block and the directive before it."""

    language: str
    directive: str
    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    pattern = r"(?:<!-- ([^\n]*?) -->\n)?```(\w*)\n(.*?)^```$"
    for found in re.finditer(pattern, text, re.DOTALL | re.MULTILINE):
        yield Block(language=found[2], directive=found[1] or "", lines=tuple(found[3].splitlines()))


GAP = {"…": r"(?:.*\n)*?", "": r"\n*"}
"""Lines that stand for any lines, and for blank ones."""


def expected(lines: Sequence[str]) -> re.Pattern[str]:
    """What a terminal must show; how many blank lines stand between others does not count."""
    shown = steady("\n".join([*lines, ""])).split("\n")
    return re.compile("".join(GAP.get(line, re.escape(line) + "\n") for line in shown))


def steady(text: str) -> str:
    """Without what differs from one run to the next, and how many rules are shipped and what they match."""
    text = re.sub(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d)?", r"2026-01-01\g<1>00:00\g<2>", text)
    text = re.sub(r":\d\d(Z| +\w+ +sent)", r":00\1", text)
    text = re.sub(r"^\d\d:\d\d:\d\d ", "00:00:00 ", text, flags=re.MULTILINE)
    text = re.sub(r"\b\d+\.\d+ s\b", "0.1 s", text)
    text = re.sub(r"\bpid \d+", "pid 1", text)
    text = re.sub(r"\b\d+ (rules|items known|matches told)\b|\b(matches|rules)=\d+", r"9 \1\2", text)
    text = re.sub(r"\b(alert[ =])[0-9a-f]{12}(?:[0-9a-f]{20})?\b", r"\g<1>0", text)
    return re.sub(r"last sign of life (now|\d+ s ago)", "last sign of life now", text)


class Terminal:
    """One command at a time in a terminal; what it shows is what a person sees."""

    def __init__(self, command: str, root: Path, env: Mapping[str, str]) -> None:
        inside, outside = pty.openpty()
        self._root = root
        self._shown = b""
        self.process = subprocess.Popen(
            ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=outside, stderr=outside, cwd=root, env=env
        )
        os.close(outside)
        self._reader = threading.Thread(target=self._read, args=(inside,), daemon=True)
        self._reader.start()

    def _read(self, inside: int) -> None:
        try:
            while piece := os.read(inside, 65_536):
                self._shown += piece
        except OSError:  # the other end has closed
            pass
        finally:
            os.close(inside)

    @property
    def shown(self) -> str:
        text = self._shown.decode("utf-8", "replace").replace("\r\n", "\n").replace(str(self._root), HOME)
        return steady("\n".join(line.rstrip() for line in text.split("\n")))

    def end(self) -> str:
        """All it showed, when it has ended."""
        self.process.wait(60)
        self._reader.join(10)
        return self.shown

    def interrupt(self) -> str:
        self.process.send_signal(signal.SIGINT)
        return self.end()


@dataclass
class Reader:
    """Somebody with a fresh copy of the project who does what a document says, and looks at what comes."""

    root: Path
    env: dict[str, str]
    own: dict[str, str] = field(default_factory=dict)  # what this reader puts in place of an example's values
    apart: bool = True  # each command in a process of its own; else those that only ask are called, which is quicker
    running: Terminal | None = None
    seen: list[str] = field(default_factory=list)  # what the running terminal must have shown so far
    typed: int = 0

    def follow(self, text: str) -> None:
        try:
            for block in blocks(text):
                self.do(block)
        finally:
            if self.running:
                self.running.process.kill()
                self.running.process.wait()

    def do(self, block: Block) -> None:
        text = "\n".join(block.lines) + "\n"
        if found := re.fullmatch(r"file: (\S+)", block.directive):
            (self.root / found[1]).write_text(text, "utf-8")
        elif found := re.fullmatch(r"(below|instead of) (.+) in (\S+)", block.directive):
            path = self.root / found[3]
            before, line, after = path.read_text("utf-8").partition(f"{found[2]}\n")
            assert line, f"no line {found[2]} in {found[3]}"
            path.write_text(before + (line if found[1] == "below" else "") + text + after, "utf-8")
        elif block.directive == "terminal":
            self.watch(block.lines)
        elif block.language == "console":
            self.type(block.lines)

    def type(self, lines: Sequence[str]) -> None:
        for command, wanted in commands(lines):
            self.typed += 1
            if found := re.fullmatch(r"export (\w+)='([^']*)'", command):
                self.env[found[1]] = self.own.get(found[1], found[2])
                self.apart = True  # which gives the commands that follow this variable
            else:
                self.compare(command, wanted, self.answer(command))

    def answer(self, command: str) -> str:
        if self.apart or not command.startswith(ASKING):
            return Terminal(command, self.root, self.env).end()
        with chdir(self.root), redirect_stdout(StringIO()) as shown, redirect_stderr(shown):
            outcome(shlex.split(command)[1:])
        return steady(shown.getvalue())

    def watch(self, lines: Sequence[str]) -> None:
        """The terminal in which the watcher runs: start it, see more of it, or end it."""
        for command, _ in commands(lines):
            assert self.running is None
            self.typed += 1
            self.running, self.seen = Terminal(f"exec {command}", self.root, self.env), []
        assert self.running is not None
        before, _, after = "\n".join(line for line in lines if not line.startswith("$ ")).partition("^C\n")
        self.seen += ["", *before.splitlines()]
        pattern, running = expected(self.seen), self.running
        try:
            until(lambda: pattern.match(running.shown), "what the document says")
        except AssertionError as error:
            self.compare("the running watcher", self.seen, running.shown)
            raise AssertionError from error
        if "^C" in lines:
            self.compare("the watcher's end", [*self.seen, *after.splitlines()], running.interrupt())
            self.running = None

    def compare(self, command: str, wanted: Sequence[str], shown: str) -> None:
        if not expected(wanted).fullmatch(shown.rstrip() + "\n" if shown.strip() else ""):
            pytest.fail(f"{command}\nis said to print\n" + "\n".join(wanted) + f"\nand prints\n{shown}", pytrace=False)


def commands(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines it prints."""
    starts = [n for n, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start].removeprefix("$ "), list(lines[start + 1 : end])


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """The shipped files in a folder of their own; `watcher` and `make run` are commands there."""
    root, bin_ = tmp_path / "watcher", tmp_path / "bin"
    for folder in ("config", "rules", "seeds"):
        shutil.copytree(ROOT / folder, root / folder)
    quick = (root / "config/watcher.yaml").read_text("utf-8").replace("interval: 10s", "interval: 1s", 1)
    quick += "\nhttp:\n  listen: off\n"  # its port may be taken by another reader
    (root / "config/watcher.yaml").write_text(quick, "utf-8")
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/activate").touch()
    bin_.mkdir()
    watcher_command = f'exec "{sys.executable}" -m watcher'
    for name, line in {
        "watcher": f'{watcher_command} "$@"',
        "make": f"{watcher_command} run --config config/watcher.yaml",
    }.items():
        (bin_ / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        (bin_ / name).chmod(0o755)
    env = {"PATH": f"{bin_}:{os.environ['PATH']}", "LOGNAME": "anna", "LANG": "C.UTF-8"}
    env |= {"NO_COLOR": "1", "COLUMNS": "80", "TERM": "xterm"}
    return Reader(root=root, env=env)


def test_make_run_is_what_the_reader_of_the_documents_is_given() -> None:
    recipe = re.search(r"^run:.*\n\t(.*)$", document("Makefile"), re.MULTILINE)
    assert recipe is not None
    assert recipe[1] == "@exec $(BIN)/watcher run --config config/watcher.yaml"


def test_what_the_readme_shows_is_what_happens(reader: Reader) -> None:
    reader.follow(document("README.md"))
    assert reader.typed >= 5


def test_the_tutorial_can_be_followed_from_the_first_command_to_a_mail(reader: Reader) -> None:
    reader.apart = False
    with mail_server() as mailbox:
        mailbox.reply = "250 2.0.0 Ok: queued as 4F1C2A"
        reader.own["MAIL_URL"] = f"mailto://{mailbox.host}?from=anna@example.org&to=anna@example.org"
        reader.follow(document("docs/tutorial.md").partition(MISTAKES)[0])
    assert reader.typed >= 10
    assert [str(mail["subject"]) for mail in mailbox.mails[:2]] == [
        "[info] watcher: This is a test of the watcher",
        "[high] Strikes of ambulance crews: Ambulance crews walk out in the north",
    ]


def test_what_becomes_of_a_match_is_what_the_how_to_shows(reader: Reader) -> None:
    (reader.root / "inbox").mkdir()
    reader.follow(document("docs/how-to-alerts.md"))
    assert reader.typed >= 10


def test_what_becomes_of_a_story_is_what_the_how_to_shows(reader: Reader) -> None:
    reader.apart = False
    reader.follow(document("docs/how-to-stories.md"))
    assert reader.typed >= 4


@pytest.mark.parametrize("name", DOCUMENTS[1:])
def test_every_page_is_named_in_the_readme(name: str) -> None:
    assert f"]({name})" in document("README.md").partition("## All pages")[2]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)]*)\)", document(name)):
        path, _, anchor = target.partition("#")
        there = (ROOT / name).parent / path if path else ROOT / name
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text("utf-8")), target


def anchors(text: str) -> set[str]:
    """How headings are linked to: in lower case, blanks as hyphens, without other marks."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_is_named_in_passing_exists(name: str) -> None:
    for found in re.findall(r"`(watcher(?: [^`]+)?)`", document(name)):
        words = " ".join(found.split())  # which may stand in two lines
        named = max((path for path in COMMANDS if f"{words} ".startswith(f"{path} ")), key=len)
        if isinstance(group := COMMANDS[named], Defaulting):
            named += f" {group.default}" * (words != named)
        below = words.removeprefix(named)
        assert not (isinstance(COMMANDS[named], click.Group) and below) or below.startswith(" --"), words
        options = {option for p in COMMANDS[named].params if isinstance(p, click.Option) for option in p.opts}
        assert set(re.findall(r"--[a-z-]+", words)) <= options | {"--help", "--version", "--config"}, words


@pytest.mark.parametrize("name", ["README.md", "docs/tutorial.md", "docs/how-to-slack.md", "docs/how-to-email.md"])
def test_the_addresses_of_channels_are_ones_that_can_be_used(name: str) -> None:
    urls = re.findall(r"export \w+='([^']*)'", document(name))
    assert urls
    assert [check(ChannelSpec(name=ChannelName("it"), url=url)) for url in urls] == [None] * len(urls)


def test_the_commonest_mistakes_print_what_the_tutorial_says(reader: Reader) -> None:
    reader.follow(document("docs/tutorial.md").partition(MISTAKES)[2])
    assert reader.typed >= 6


# --- the reference ----------------------------------------------------------------------------------

REFERENCE = document("docs/reference.md")


def section(heading: str) -> str:
    """What stands below a heading, down to the next of its level."""
    level = heading.partition(" ")[0]
    _, found, rest = f"\n{REFERENCE}".partition(f"\n{heading}\n")
    assert found, heading
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def cells(text: str) -> list[list[str]]:
    """The rows of all tables, without their heads."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def tree(command: click.Command, path: str = "watcher") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from tree(below, f"{path} {name}")


COMMANDS = dict(tree(watcher))


def test_every_command_is_in_the_reference_and_no_other() -> None:
    assert sorted(re.findall(r"^### `(.*)`$", section("## Commands"), re.MULTILINE)) == sorted(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_is_in_the_reference_and_no_other(path: str) -> None:
    own = {name for p in COMMANDS[path].params if isinstance(p, click.Option) for name in p.opts}
    top = {"--help"} if path == "watcher" else set()
    documented = {word.split()[0] for row in cells(section(f"### `{path}`")) for word in quoted(row[0])}
    assert documented == own | top


def test_every_error_code_is_in_the_reference_and_no_other() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "watcher").rglob("*.py"))
    raised = set(re.findall(r"[\"']([EW]\d{3})[\"']", source))
    assert [quoted(row[0])[0] for row in cells(section("## Error codes"))] == sorted(raised)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Every key that may stand in a file behind those it stands below, and whether more stand below it."""
    for name, info in model.model_fields.items():
        key, below = prefix + (info.alias or name), list(models(info.annotation))
        yield key, bool(below)
        for one in below:
            yield from keys_of(one, f"{key}.")


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("## Configuration", dict(keys_of(WatcherFile))),
        (
            "## Rule files",
            {
                k: v
                for f in (keys_of(FileKeys), keys_of(RuleKeys, "rules."), keys_of(EntryKeys, "vocab.NAME."))
                for k, v in f
            },
        ),
    ],
    ids=["configuration", "rules"],
)
def test_every_key_is_in_the_reference_and_no_other(heading: str, keys: Mapping[str, bool]) -> None:
    documented = [quoted(row[0])[0] for row in cells(section(heading)) if len(row) == 3]
    assert len(documented) == len(set(documented))
    assert set(documented) <= set(keys)
    assert {key for key, more_below in keys.items() if not more_below} <= set(documented)


DEFAULTS: Mapping[str, Sequence[object]] = {
    "fetch": (FetchLimits(),),
    "poll": (Intervals(), FetchLimits()),
    "parse": (WorkerLimits(),),
    "delivery": (Retry(),),
}


@pytest.mark.parametrize("part", DEFAULTS)
def test_the_defaults_in_the_reference_are_those_of_the_code(part: str) -> None:
    (model,) = models(WatcherFile.model_fields[part].annotation)
    names = {info.alias or name: name for name, info in model.model_fields.items()}
    for key, without, _ in (row for row in cells(section("## Configuration")) if row[0].startswith(f"`{part}.")):
        name = names[quoted(key)[0].partition(".")[2]]
        if (part, name) == ("delivery", "timeout"):
            assert value(without) == SEND_TIMEOUT
        elif without != "none":
            assert value(without) == next(getattr(o, name) for o in DEFAULTS[part] if hasattr(o, name))


def value(cell: str) -> object:
    """What a default as written stands for: seconds, bytes, a number or a list of seconds."""
    text = quoted(cell)[0]
    if text.startswith("["):
        return tuple(duration(one) for one in text.strip("[]").split(", "))
    if text.isdigit():
        return int(text)
    return size(text) if text.endswith("B") else duration(text)


def test_every_field_is_in_the_reference_and_no_other() -> None:
    rows = [row for row in cells(section("## Expressions")) if len(row) == 2]
    assert {quoted(row[0])[0] for row in rows} & set(FIELDS) == set(FIELDS)


def test_every_reason_is_in_the_reference_with_its_own_words() -> None:
    rows = cells(section("## What becomes of a match"))
    assert {tuple(row) for row in rows} == {(f"`{r}`", f"`{r.fate}`", r.sentence) for r in Reason}
    used = {reason.fate for reason in Reason}
    assert all(f"`{fate}`" in section("## What becomes of a match") for fate in set(Fate) - used)


SAID = [[quoted(cell)[0] for cell in row] for row in cells(section("## Expressions")) if len(row) == 3]


@pytest.mark.parametrize(("expression", "finds", "misses"), SAID, ids=[str(row[0]) for row in SAID])
def test_an_expression_finds_what_the_reference_says(expression: str, finds: str, misses: str) -> None:
    assert matches(expression, finds)
    assert not matches(expression, misses)


def test_there_are_expressions_to_try() -> None:
    assert len(SAID) >= 15


def matches(expression: str, text: str) -> bool:
    vocabulary = rules.load({"core-en.yaml": core_vocabulary()}).vocabulary
    found, problems = rules.expression(expression, vocabulary)
    assert found is not None
    assert not problems
    one = Hash64(1)
    item = Item(id=ItemId("0" * 16), feed=FeedId("a"), key=one, fingerprint=one, text=text, raw=text)
    return explain(compile_tree(found), item, Feed(id=FeedId("a"), url="a")).matched


LISTED = [[quoted(cell)[0] for cell in row] for row in cells(section("### Lists as expressions"))]


@pytest.mark.parametrize(("listed", "expression"), LISTED, ids=[row[0] for row in LISTED])
def test_a_plain_list_is_the_expression_that_the_reference_says(listed: str, expression: str) -> None:
    (loaded,) = rules.load({"a.yaml": f"rules: [{{watch: A, {listed}}}]".encode()}).rules
    by_hand, problems = rules.expression(expression, rules.load({}).vocabulary)
    assert not problems
    assert by_hand is not None
    assert loaded.rule.expanded == to_text(by_hand)


def test_the_example_rules_of_the_reference_match_what_it_says(
    reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = (block for block in blocks(section("## Rule files")) if block.language == "yaml")
    path = reader.root / "rules/example.yaml"
    path.write_text("\n".join(example.lines) + "\n", "utf-8")
    assert outcome(["check", str(path)]) == 0
    assert capsys.readouterr().out == "all good\n"
    said = {quoted(row[0])[0]: quoted(row[1]) for row in cells(section("## Rule files")) if len(row) == 2}
    seeds = sorted(map(str, (reader.root / "seeds").glob("*.txt")))
    found: dict[str, list[str]] = {rule: [] for rule in said}
    for row in rows_of(["explain", "--rules", str(path), *seeds], capsys):
        found[row["rule"]] += [Path(row["item"]).name[:3]] if row["matched"] else []
    assert found == said


# --- what programs read -----------------------------------------------------------------------------


def rows_of(command: Sequence[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    outcome([*command, "--json"])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


LISTS = {
    "taken",
    "deleted",
    "authors",
    "written",
    "left",
    "left_out",
    "denied",
    "tags",
    "rules",
    "finds",
    "stemmed",
    "bars",
    "new",
    "lost",
    "notify",
    "vocabulary",
    "notes",
    "flaws",
    "silences",
    "shared",
}


IN_WORDS = {"now", "fresh", "details", "rules", "daemon", "edit", "reasons", "silences", "resting", "ack"}


def paths(value_: Any, path: str = "") -> Iterator[str]:
    """The keys of JSON as the reference writes them; those of IN_WORDS are told of below it."""
    if isinstance(value_, dict) and path not in IN_WORDS:
        for key, below in value_.items():
            yield from paths(below, f"{path}.{key}" if path else key)
    elif isinstance(value_, list) and value_ and isinstance(value_[0], dict):
        for one in value_:
            yield from paths(one, f"{path}[]")
    elif not isinstance(value_, list) or path.rpartition(".")[2] in LISTS:
        yield path


def test_json_has_the_keys_that_the_reference_says(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    many = "rules: [{id: many, match: Tikrit, when: {count: 1000, within: 1d}}]\n"
    (reader.root / "rules/many.yaml").write_text(many, "utf-8")
    Terminal("watcher run --once", reader.root, reader.env).end()
    config = ["--config", str(reader.root / "config/watcher.yaml")]
    bad = reader.root / "bad.yaml"
    bad.write_text("rule: x\n", "utf-8")
    (reader.root / "rules/no-id.yaml").write_text("rules: [{title: Storms, match: storm}]\n", "utf-8")
    subscriptions = reader.root / "feeds.opml"
    subscriptions.write_text("<opml><body><outline xmlUrl='https://a.example/f'/></body></opml>", "utf-8")
    rows_of(["feeds", "add", *config, "https://more.example/f", "--id", "more", "--unread", "--yes"], capsys)
    queries = reader.root / "queries.txt"
    queries.write_text("a\n", "utf-8")
    tested = reader.root / "tested.yaml"
    tested.write_text("rules: [{id: a, match: strike, tests: [{title: A strike, expect: match}]}]\n", "utf-8")
    seeds = [str(path) for path in (reader.root / "seeds").glob("00[012]*.txt")]
    told = [(row["key"], row["items"][0]) for row in rows_of(["alerts", *config], capsys)]
    key, item = next((key, first["item"]) for key, first in told if "soleimani" in first["rules"])
    asked: dict[str, list[list[str]]] = {
        "init": [[str(reader.root / "new")]],
        "check": [[str(bad)]],
        "test": [[str(tested)]],
        "fetch": [[*config, *seeds]],
        "fetch, a target without items": [["no-such-file"]],
        "explain": [
            [*config, "--match", "US airstrikes AND Tikrit AND NOT resign~", *seeds],
            [*config, "--match", "Tikrit", "--fresh", item],
        ],
        "explain, a code": [["E104"]],
        "why": [[*config, item, "soleimani"]],
        "search": [[*config, "Tikrit"]],
        "feeds list": [config],
        "feeds show": [[*config, "seeds"]],
        "feeds add": [[*config, str(reader.root / "seeds"), "--yes"]],
        "feeds export": [config],
        "feeds remove": [[*config, "more", "--yes"]],
        "feeds pause": [[*config, "seeds"]],
        "feeds import": [[*config, str(subscriptions), "--dry-run"]],
        "rules list": [config],
        "rules show": [[*config, "soleimani"]],
        "rules add": [[*config, "Tikrit", "--yes"]],
        "rules ids": [[*config, "--yes"]],
        "rules import": [["lucene", str(queries)]],
        "label": [[*config, item, "soleimani", "bad", "--yes"]],
        "backtest, a rule": [[*config, "soleimani"]],
        "backtest, all rules": [config],
        "status": [config],
        "alerts list": [config],
        "alerts show": [[*config, key]],
        "alerts resend": [[*config, key]],
        "alerts ack": [[*config, key]],
        "alerts split": [[*config, item]],
        "alerts preview": [[*config, item, "soleimani", "--channel", "console"]],
        "silence begin": [[*config, "soleimani", "--for", "1h"]],
        "alerts waiting": [[*config]],
        "notify test": [config],
        "healthcheck": [config],
        "backup": [config],
        "doctor": [config],
    }
    documented = documented_json()
    assert set(documented) == set(asked)
    for command, calls in asked.items():
        words = command.partition(",")[0].split()
        found = {path for call in calls for row in rows_of([*words, *call], capsys) for path in paths(row)}
        assert found == documented[command], command


def documented_json() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for names, keys in cells(section("## JSON")):
        command = quoted(names)[0].removeprefix("watcher ") + re.sub(r"^`[^`]*`|, `.*", "", names)
        found[command] = set(quoted(keys)) | (found["alerts list"] if keys.startswith("the same and") else set())
    return found
