"""What strangers put into feeds, files and arguments comes out as plain text in one line, or as one clear error."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.deliver.receivers import http_receiver, mail_server
from tests.servers import Server, page, status
from tests.stories.house import WATCHER, House, rss
from watcher.cli import outcome
from watcher.config import load_config
from watcher.errors import ConfigError
from watcher.model import Finding
from watcher.rules.lint import format_finding

ROOT = Path(__file__).parents[2]
TITLES = {
    "escape": "strike &amp;#27;[31mred &#27;]0;owned&#7; &#155;2J",
    "lines": "strike\nsecond\r\nthird\u2028fourth\u2029fifth\u0085sixth",
    "nul": "strike &#0; &amp;#0; end",
    "half": "strike &#xD800; &amp;#xDC00; \N{GRINNING FACE} end",
    "turned": "strike \u202egnp.exe\u202c \u2066end\u2069",
    "template": "strike %s %n {0} {item.title} {{7*7}} {% raw %} ${env:HOME}",
    "called": "strike &lt;!here&gt; &lt;!channel&gt; @everyone &lt;@U123&gt; &lt;http://evil.example|bank&gt;",
    "formula": "=cmd|' /C calc'!A0 strike",
    "wide": "＝1+1 strike",
    "markup": "strike &lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;",
    "header": "strike\r\nBcc: victim@news.example\r\n\r\nbody",
    "long": "strike " + "word " * 200_000,
    "unbroken": "strike " + "A" * 1_000_000,
}
LINKS = {
    "script": "javascript:alert(1)",
    "data": "data:text/html,strike",
    "file": "file:///etc/passwd",
    "call": "http://news.example/@everyone/%3C!here%3E",
    "cut": "http://news.example/a\nb",
    "escaped": "http://news.example/&#27;[31m",
}


def hostile() -> bytes:
    """A feed of them all."""
    items = [
        f"<item><guid isPermaLink='false'>{name} {title[:99]}</guid><title>{title}</title><link>http://news.example/{name}</link>"
        f"<dc:creator>{title[:999]}</dc:creator><category>{title[:999]}</category>"
        f"<description>&lt;p&gt;{title}&lt;/p&gt;&lt;p&gt;A strike, said a spokesman.&lt;/p&gt;</description></item>"
        for name, title in TITLES.items()
    ]
    items += [f"<item><title>strike by {name}</title><link>{link}</link></item>" for name, link in LINKS.items()]
    dc = "xmlns:dc='http://purl.org/dc/elements/1.1/'"
    return f"<rss version='2.0' {dc}><channel><title>t</title>{''.join(items)}</channel></rss>".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Haunted:
    """A household that has been told all of it, and what it said on each channel."""

    house: House
    url: str
    console: str
    log: str
    documents: list[Mapping[str, Any]]
    mails: list[EmailMessage]


@pytest.fixture(scope="module")
def haunted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Haunted]:
    house = House(tmp_path_factory.mktemp("haunted"))
    with Server() as server, mail_server() as mailbox, http_receiver() as hook:
        server["/feed"] = page(hostile())
        channels = [
            {"name": "console", "url": "console://"},
            {"name": "hook", "url": f"json://{hook.host}/in"},
            {"name": "mail", "url": f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example"},
        ]
        house.settings(feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}], channels=channels)
        done = house.watcher("run", "--once")
        assert done.returncode == 0, done.stderr
        documents = [document for _, _, document in hook.got]
        yield Haunted(
            house=house,
            url=server.url("/feed"),
            console=done.stdout,
            log=done.stderr,
            documents=documents,
            mails=mailbox.mails,
        )


def harmless(text: str) -> None:
    """No control characters but line ends, nothing that turns the direction, no halves of characters."""
    bad = {hex(ord(c)) for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in TURNING)}
    assert not bad
    text.encode()


TURNING = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"


# --- items ----------------------------------------------------------------------------------------


def test_every_hostile_item_is_told_on_every_channel(haunted: Haunted) -> None:
    count = len(TITLES) + len(LINKS)
    assert (len(haunted.documents), len(haunted.mails)) == (count, count)
    assert haunted.console.count("matched: strikes") == count
    assert haunted.house.status()["outbox"] == {"pending": 0, "sent": 3 * count, "dead": 0}


def test_the_console_shows_plain_lines(haunted: Haunted) -> None:
    harmless(haunted.console)
    assert max(map(len, haunted.console.splitlines())) <= 120
    assert "{item.title} {{7*7}} {% raw %}" in " ".join(haunted.console.split())
    assert "javascript:" not in haunted.console
    assert "file:///etc" not in haunted.console


def test_a_document_calls_nobody(haunted: Haunted) -> None:
    for document in haunted.documents:
        said = f"{document['title']}\n{document['message']}"
        harmless(said)
        assert not any(call in said for call in ("@everyone", "<!here", "<!channel", "<@U", "javascript:", "file:///"))
        assert "\n" not in document["title"]


def test_a_mail_has_the_headers_we_gave_it_and_no_other(haunted: Haunted) -> None:
    for letter in haunted.mails:
        assert "Bcc" not in letter
        assert letter["To"] == "desk@news.example"
        assert len(letter.get_all("Subject", [])) == 1
        body = letter.get_body(("plain",))
        assert body is not None
        harmless(str(letter["Subject"]))
        harmless(body.get_content().replace("\r\n", "\n"))


def test_each_event_is_one_line_of_the_log(haunted: Haunted) -> None:
    for line in haunted.log.splitlines():
        assert json.loads(line)["event"]
        harmless(line)


def test_a_spreadsheet_finds_no_formula(haunted: Haunted) -> None:
    done = haunted.house.watcher("alerts", "--csv")
    harmless(done.stdout.replace("\r\n", "\n"))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 3 * (len(TITLES) + len(LINKS))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@＝＋－＠")]


@pytest.mark.parametrize("command", ["fetch", "search", "explain", "alerts"])
def test_what_people_and_programs_are_shown_is_harmless(haunted: Haunted, command: str) -> None:
    words = {
        "fetch": ["fetch", haunted.url],
        "search": ["search", "strike"],
        "explain": ["explain", "--match", "strike", haunted.url],
        "alerts": ["alerts"],
    }[command]
    people, programs = haunted.house.watcher(*words), haunted.house.watcher(*words, "--json")
    harmless(people.stdout + people.stderr)
    harmless(programs.stdout + programs.stderr)
    lines = programs.stdout.splitlines()
    assert len(lines) > len(LINKS)
    assert all(isinstance(json.loads(line), dict) for line in lines)


# --- streams and arguments ------------------------------------------------------------------------


def shell(house: House, words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """`watcher` in a shell, with its redirections."""
    line = f'"$0" -m watcher {words}'
    whole = {**os.environ, "WATCHER_CONFIG": str(house.config), **(env or {})}
    return subprocess.run(["sh", "-c", line, WATCHER[0]], capture_output=True, cwd=house.root, env=whole, check=False)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("status >&-", 0, b""),
        ("alerts --csv >&-", 0, b""),
        ("status --config /nowhere >&- 2>&-", 78, b""),
        ("status >/dev/full", 2, b"watcher: no space left on device\n"),
        ("alerts --csv | true", 0, b""),
    ],
)
def test_a_stream_that_is_closed_or_full_is_no_mistake_of_ours(
    haunted: Haunted, words: str, code: int, said: bytes
) -> None:
    done = shell(haunted.house, words)
    assert (done.returncode, done.stderr) == (code, said)


def test_a_narrow_encoding_shows_question_marks(haunted: Haunted) -> None:
    for words in ("alerts --csv", "search strike"):
        done = shell(haunted.house, words, {"PYTHONIOENCODING": "latin-1"})
        assert done.returncode == 0, done.stderr
        assert b"?" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["alerts", "show", ""], 2, "an empty argument names no alert"),
        (["alerts", "resend", " "], 2, "an empty argument names no alert"),
        (["why", "", "strikes"], 2, "an empty argument names no item"),
        (["alerts", "show", "\udcff"], 2, "no alert has a key"),
        (["why", "\udcff", "strikes"], 2, "no stored item"),
        (["explain", "--match", "strike", "\udcff"], 1, "no such file"),
        (["explain", "--match", "strike", "x" * 5000], 1, "no such file"),
        (["fetch", ""], 1, "an empty argument names no address"),
        (["fetch", "\udcff"], 1, "no such file"),
        (["fetch", "file:"], 1, "the path is missing"),
        (["fetch", "http://xn--/"], 1, "this is no URL"),
        (["alerts", "--since", "1e9d"], 2, "expected a duration"),
        (["search", "--limit", "0", "strike"], 2, "--limit"),
        (["notify", "test", "\x1b[31m"], 2, "no channel is named"),
        (["silence", "", "--for", "1h"], 2, "an empty argument names no rule"),
        (["silence", "\udcff\x1b[31m", "--for", "1h"], 2, "there is no rule"),
        (["silence", "strikes", "--until", "\udcff"], 2, "expected a time like 18:00"),
        (["silence", "end", "\x1b[31m\udcff"], 2, "no silence is of"),
        (["alerts", "ack", ""], 2, "an empty argument names no alert"),
        (["alerts", "preview", "\udcff", "strikes", "--channel", "console"], 2, "no stored item"),
        (["\x1b[31m"], 2, "No such command"),
    ],
)
def test_an_odd_argument_is_refused_in_plain_words(
    haunted: Haunted, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert outcome([*words, "--config", str(haunted.house.config)]) == code
    out, err = capsys.readouterr()
    assert said in err
    harmless(err + out)
    assert "internal error" not in err


def test_as_far_back_as_anybody_can_say_is_everything(haunted: Haunted, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["alerts", "--since", "999999999d", "--config", str(haunted.house.config)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3 * (len(TITLES) + len(LINKS))


# --- files of the operator's ----------------------------------------------------------------------


def test_a_configuration_cut_off_anywhere_is_good_or_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    shipped = (ROOT / "config" / "watcher.yaml").read_bytes()
    file = tmp_path / "config" / "watcher.yaml"
    file.parent.mkdir()
    found: list[Finding] = []
    for source in (shipped, shipped.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + shipped):
        for end in range(0, len(source), 7):
            file.write_bytes(source[:end])
            found += _findings(file)
    assert all(one.line >= 1 and one.column >= 1 and format_finding(one, "") for one in found)
    assert {one.code for one in found} >= {"E001", "E004"}


def _findings(file: Path) -> tuple[Finding, ...]:
    """What is said of a configuration, good or bad; an error has at least one."""
    try:
        return load_config(file, {}, require_secrets=True).findings
    except ConfigError as error:
        return error.findings


@pytest.mark.parametrize("kind", ["pipe", "link to nothing", "link to itself", "device"])
def test_a_rule_file_that_is_none_is_an_error(house: House, kind: str) -> None:
    house.settings(feeds=[{"id": "seeds", "url": "../seeds"}])
    path = house.rules / "more.yaml"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "link to nothing":
            path.symlink_to("nowhere.yaml")
        case "link to itself":
            path.symlink_to("more.yaml")
        case _:
            path.symlink_to("/dev/zero")
    (row,) = [row for row in house.rows("check") if row["severity"] == "error"]
    assert (row["code"], row["file"]) == ("E030", str(path))
    assert house.watcher("run", "--once").returncode == 78


@pytest.mark.parametrize("arguments", [["--config", "/dev/zero"], ["/dev/zero"]])
def test_an_endless_file_is_refused_without_being_read(house: House, arguments: list[str]) -> None:
    done = subprocess.run([*WATCHER, "check", *arguments], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("/dev/zero:1:1: error[E0")


# --- secrets --------------------------------------------------------------------------------------


def test_a_mistake_beside_a_secret_does_not_show_it(house: House) -> None:
    channels: list[dict[str, object]] = [
        {"name": "a", "url": "slak://CanaryToken/CanaryMore"},
        {"name": "b", "url": "json:/me:CanaryPassword@news.example"},
        {"name": "c", "url": "https://hooks.slack.com/services/Canary0/Canary1"},
    ]
    house.settings(feeds=[{"url": "htp://me:CanaryFeed@news.example/?token=CanaryQuery"}], channels=channels)
    for words in (["check"], ["check", "--json"], ["run", "--once", "--debug"]):
        done = house.watcher(*words)
        assert done.returncode in {1, 78}
        assert "E0" in done.stdout + done.stderr
        assert "Canary" not in done.stdout + done.stderr


def test_the_credentials_of_a_feed_stand_nowhere(house: House, server: Server) -> None:
    server["/feed"], server["/shut"] = page(rss([("a-1", "A strike")])), status(401)
    origin = server.url("").replace("//", "//CanaryUser:CanaryPassword@")
    feeds = [
        {"id": "feed", "url": f"{origin}/feed?key=CanaryKey", "baseline": "alert"},
        {"url": f"{origin}/shut"},
        {"id": "dead", "url": "http://CanaryUser:CanaryPassword@feeds.watcher.invalid/"},
    ]
    house.settings(feeds=feeds)
    asked = [["run", "--once", "--debug"], ["status"], ["status", "--json"], ["alerts", "--json"], ["search", "strike"]]
    said = [house.watcher(*words) for words in asked]
    sent = server.requests[0].headers["authorization"]
    assert base64.b64decode(sent.removeprefix("Basic ")) == b"CanaryUser:CanaryPassword"
    for done in said:
        assert "Canary" not in done.stdout + done.stderr
        assert sent.removeprefix("Basic ") not in done.stdout + done.stderr


def test_debugging_changes_neither_the_exit_code_nor_what_is_told(house: House) -> None:
    house.settings(feeds=[{"id": "seeds", "url": "../seeds"}], operatr=["x"])
    plain, debugging = house.watcher("run", "--once"), house.watcher("run", "--once", "--debug")
    assert plain.returncode == debugging.returncode == 78
    assert plain.stderr in debugging.stderr
    assert "Traceback" in debugging.stderr
