"""The operator's files: what they may say, and what is said of what they may not."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from watcher import yamldoc
from watcher.cli.common import source_line
from watcher.config import Settings, core_vocabulary, load_config, read_rules
from watcher.config.schema import WatcherFile
from watcher.errors import ConfigError
from watcher.fetch import Limits
from watcher.model import (
    Access,
    Baseline,
    Feed,
    FeedId,
    Finding,
    HeartbeatSettings,
    Hours,
    Keep,
    Quiet,
    Recipe,
    RecipeKind,
    Severity,
)
from watcher.observe import Redactor
from watcher.schedule import Intervals, Retry
from watcher.yamldoc.jsonschema import models

SHIPPED = Path(__file__).parent.parent / "config" / "watcher.yaml"
GOOD = """\
schema: watcher/1
data: ../var
rules: [../rules]
operator: [desk]
allow_private: [localhost, 10.0.0.0/8]
feeds:
  - {id: seeds, url: ../seeds, interval: 10s, baseline: alert, tags: [demo]}
  - {url: "https://www.example.org/feed.xml", lang: en}
channels:
  - {name: console, url: "console://", tags: [analysts]}
  - {name: desk, url: "${env:SLACK_URL}", tags: [analysts, oncall]}
"""
SECRET = "slack://TokenA/TokenB/TokenC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder with a configuration beside rules and seeds."""

    root: Path
    environ: Mapping[str, str] = field(default_factory=lambda: {"SLACK_URL": SECRET})

    @property
    def file(self) -> Path:
        return self.root / "config" / "watcher.yaml"

    def load(self, text: str = GOOD, *, require_secrets: bool = True) -> Settings:
        self.file.write_text(text)
        return load_config(self.file, self.environ, require_secrets=require_secrets)

    def errors(self, text: str, *, require_secrets: bool = True) -> tuple[Finding, ...]:
        with pytest.raises(ConfigError) as caught:
            self.load(text, require_secrets=require_secrets)
        assert all(found.file == str(self.file) for found in caught.value.findings)
        return caught.value.findings


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for folder in ("config", "rules", "seeds"):
        (tmp_path / folder).mkdir()
    return Place(root=tmp_path)


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def shown(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.line}:{f.column} {f.severity.value}[{f.code}] {f.message}" for f in findings]


# --- what it says -----------------------------------------------------------------------------------------


def test_everything_the_file_says_is_in_the_settings(place: Place) -> None:
    settings = place.load()
    assert settings.data == place.root / "var"
    assert settings.rules == (str(place.root / "rules"),)
    assert settings.feeds == (
        Feed(
            id=FeedId("seeds"),
            url=(place.root / "seeds").as_uri(),
            interval=10.0,
            baseline=Baseline.ALERT,
            tags=("demo",),
        ),
        Feed(id=FeedId("example.org/feed.xml"), url="https://www.example.org/feed.xml", lang="en"),
    )
    assert [(c.name, c.url, c.tags) for c in settings.channels] == [
        ("console", "console://", ("analysts",)),
        ("desk", SECRET, ("analysts", "oncall")),
    ]
    assert settings.operator == ("desk",)
    assert settings.allow_private == ("localhost", "10.0.0.0/8")
    assert settings.secrets == (SECRET,)
    assert settings.findings == ()


def test_numbers_reach_the_names_the_code_knows_them_by(place: Place) -> None:
    settings = place.load(
        GOOD + "fetch: {timeout: 2s, connect_timeout: 1s, max_wire: 64KiB, max_decoded: 1MiB,"
        " per_host_pause: 0.01s, concurrency: 5, contact: desk@example.org}\n"
        "poll: {interval: 1m, min_interval: 1s, max_interval: 1h, folder_interval: 0.5s, backoff_max: 2m}\n"
        "parse: {cpu: 1s, memory: 256MiB}\n"
        "delivery: {ladder: [0.1s, 1s], give_up_after: 5s, timeout: 2s}\n"
    )
    assert settings.fetch == {
        "total": 2.0,
        "connect": 1.0,
        "wire": 65536,
        "decoded": 2**20,
        "pause": 0.01,
        "concurrency": 5,
        "settle": 0.05,
    }
    assert settings.contact == "desk@example.org"
    assert settings.intervals == Intervals(default=60.0, least=1.0, most=3600.0, folder=0.5, backoff_most=120.0)
    assert settings.parse == {"cpu": 1.0, "memory": 2**28}
    assert settings.retry == Retry(ladder=(0.1, 1.0), give_up_after=5.0)
    assert settings.send_timeout == 2.0


def test_room_on_the_disk_may_be_none(place: Place) -> None:
    assert place.load(GOOD + "keep: {items: 30d, min_free: 0B}\n").keep == Keep(items=30 * 86_400.0, min_free=0)
    assert place.load(GOOD + "keep: {min_free: 1GiB}\n").keep == Keep(min_free=2**30)


def test_what_the_file_leaves_out_keeps_its_default(place: Place) -> None:
    settings = place.load()
    assert (settings.fetch, settings.parse, settings.contact) == ({}, {}, "")
    assert (settings.intervals, settings.retry) == (Intervals(), Retry())


def test_operators_are_named_by_channel_or_tag_and_are_the_first_channel_by_default(place: Place) -> None:
    assert place.load(with_line("[desk]", "[analysts]")).operator == ("console", "desk")
    assert place.load(with_line("[desk]", "oncall")).operator == ("desk",)
    assert place.load(with_line("operator: [desk]\n", "")).operator == ("console",)


def test_paths_shown_are_as_near_as_the_path_that_was_given(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.file.write_text(GOOD)
    monkeypatch.chdir(place.root)
    settings = load_config("config/watcher.yaml", place.environ, require_secrets=True)
    assert settings.rules == ("rules",)
    assert settings.data == place.root / "var"
    assert settings.feeds[0].url == (place.root / "seeds").as_uri()


def test_the_shipped_file_is_good() -> None:
    settings = load_config(SHIPPED, {}, require_secrets=True)
    assert [(f.id, f.interval, f.baseline, f.tags) for f in settings.feeds] == [("seeds", 10.0, "alert", ("demo",))]
    assert [c.url for c in settings.channels] == ["console://"]
    assert settings.findings == ()


def test_the_examples_in_the_shipped_file_are_good_and_show_the_defaults(place: Place) -> None:
    switched_on = re.sub(r"(?m)^( *)# ( *(?:- )?\w+:(?: |$))", r"\1\2", SHIPPED.read_text())
    settings = place.load(switched_on, require_secrets=False)
    assert [f.id for f in settings.feeds] == ["seeds", "my-news", "advisories", "notices"]
    assert [c.name for c in settings.channels] == ["console", "desk", "mail"]
    assert [f.code for f in settings.findings] == ["E031"] * 4
    assert settings.contact
    assert (settings.intervals, settings.retry) == (Intervals(), Retry())
    console, desk, _ = settings.channels
    assert (desk.cap, desk.quiet and desk.quiet.below) == (console.cap, Severity.CRITICAL)
    assert (desk.timezone, desk.digest, desk.fallback, desk.pace) == ("Europe/London", (480, 1020), "mail", 1.0)
    assert (settings.heartbeat.at, settings.heartbeat.every) == ((540,), HeartbeatSettings().every)


def settings_of(model: type[BaseModel]) -> Iterator[str]:
    """Every key under which something is set, by the keys on the way."""
    for name, info in model.model_fields.items():
        below = list(models(info.annotation))
        yield from (f"{name}.{key}" for one in below for key in settings_of(one)) if below else (name,)


def test_there_are_no_more_settings_than_can_be_known() -> None:
    assert len(list(settings_of(WatcherFile))) <= 60


# --- channels and the people behind them ------------------------------------------------------------------


def of_desk(keys: str) -> str:
    return with_line("tags: [analysts, oncall]}", f"tags: [analysts, oncall], {keys}}}")


def test_what_people_want_of_a_channel_is_in_its_spec(place: Place) -> None:
    keys = (
        "timezone: America/New_York, min_severity: medium, cap: 5, fallback: console, pace: 0.5s, "
        'quiet: {hours: ["mon-fri 22:00-07:00", "sat 00:00-24:00"], except: high}, digest: ["17:30", "08:00", "08:00"]'
    )
    console, desk = place.load(of_desk(keys)).channels
    assert (desk.timezone, desk.min_severity, desk.cap, desk.fallback, desk.pace) == (
        "America/New_York",
        Severity.MEDIUM,
        5,
        "console",
        0.5,
    )
    assert desk.quiet == Quiet(
        hours=(
            Hours(days=(0, 1, 2, 3, 4), start=1320, end=420, zone="America/New_York"),
            Hours(days=(5,), start=0, end=1440, zone="America/New_York"),
        ),
        below=Severity.HIGH,
    )
    assert desk.digest == (480, 1050)
    assert console == replace(console, timezone="UTC", min_severity=Severity.INFO, quiet=None, digest=(), cap=60)
    assert (console.fallback, console.pace) == (None, None)


@pytest.mark.parametrize(
    ("word", "below"), [("", Severity.CRITICAL), (", except: low", Severity.LOW), (", except: nothing", None)]
)
def test_what_is_severe_enough_breaks_through_quiet_hours(place: Place, word: str, below: Severity | None) -> None:
    quiet = place.load(of_desk(f"quiet: {{hours: '22:00-07:00'{word}}}")).channels[1].quiet
    assert quiet is not None
    assert quiet.below == below


@pytest.mark.parametrize(
    ("keys", "finding", "help_"),
    [
        ("timezone: Europe/Lodnon", "there is no time zone `Europe/Lodnon`", "did you mean Europe/London?"),
        ("timezone: Nowhere", "there is no time zone `Nowhere`", "zones have names like"),
        ("timezone: ../../etc/passwd", "there is no time zone `../../etc/passwd`", "zones have names like"),
        ("min_severity: hihg", "min_severity: expected", "did you mean `high`?"),
        ("quiet: '22:00-07:00'", "quiet: expected keys with values; got `22:00-07:00`", "known keys: except, hours"),
        ("quiet: {except: high}", "`hours` is missing", ""),
        ("quiet: {hours: at night}", "hours: expected hours like 22:00-07:00", ""),
        ("quiet: {hours: []}", "hours: expected at least 1 in the list", ""),
        ("quiet: {hours: '22:00-07:00 Europe/London'}", "hours: expected hours like 22:00-07:00", ""),
        ("quiet: {hours: '07:00-07:00'}", "hours: expected hours that begin and end within a day", ""),
        ("quiet: {hours: '00:00-24:00'}", "hours: expected hours that end", "`min_severity` drops it"),
        ("quiet: {hours: ['mon-sun 12:00-06:00', '06:00-12:00']}", "hours: expected hours that end", "hold for ever"),
        ("quiet: {hours: '22:00-07:00', exept: high}", "unknown key `exept`", "did you mean `except`?"),
        ("quiet: {hours: '22:00-07:00', except: urgent}", "except: expected", ""),
        ("digest: daily", "digest: expected a time of day", ""),
        ("digest: ['8:00']", "digest: expected a time of day", 'write "08:00"'),
        ("digest: 8 pm", "digest: expected a time of day", 'write "20:00"'),
        ("digest: '24:00'", "digest: expected a time of day", ""),
        ("digest: []", "digest: expected at least 1 in the list", ""),
        ("cap: 0", "cap: expected 1 or more; got `0`", ""),
        ("cap: many", "cap: expected a whole number; got `many`", ""),
        ("fallback: consol", "no channel is named `consol`", "did you mean `console`?"),
        ("fallback: analysts", "no channel is named `analysts`", "known: console, desk"),
        ("fallback: desk", "the fallback leads back to `desk`: desk -> desk", "none, or another"),
        ("pace: 1", "pace: expected a duration", "write 1s"),
    ],
)
def test_a_wrong_wish_is_told_at_its_place(place: Place, keys: str, finding: str, help_: str) -> None:
    (found,) = place.errors(of_desk(keys))
    assert found.message.startswith(finding)
    assert help_ in (found.help or "")
    assert (found.line, found.column > len('  - {name: desk, url: "${env:SLACK_URL}"')) == (11, True)


def test_a_circle_of_fallbacks_is_told_once_where_it_begins(place: Place) -> None:
    more = "  - {name: a, url: 'console://', fallback: b}\n  - {name: b, url: 'console://', fallback: c}\n"
    circle = more + "  - {name: c, url: 'console://', fallback: b}\n"
    assert shown(place.errors(GOOD + circle)) == ["13:44 error[E013] the fallback leads back to `b`: b -> c -> b"]
    settings = place.load(GOOD + more + "  - {name: c, url: 'console://', fallback: desk}\n")
    assert [c.fallback for c in settings.channels] == [None, None, "b", "c", "desk"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file://../var/alerts.jsonl", "{root}/var/alerts.jsonl"),
        ("atom://alerts.xml", "{root}/config/alerts.xml"),
        ("file:///srv/alerts.jsonl", "/srv/alerts.jsonl"),
    ],
)
def test_a_channel_that_is_a_file_starts_from_the_configuration_s_folder(place: Place, url: str, path: str) -> None:
    found = place.load(with_line("console://", url)).channels[0].url
    assert found == f"{url.partition('://')[0]}://{path.format(root=place.root)}"


def test_the_heartbeat_is_in_the_settings_and_its_address_is_a_secret(place: Place) -> None:
    text = (
        GOOD
        + 'heartbeat: {at: "09:00", timezone: Asia/Tokyo, to: analysts, url: "https://${env:SLACK_URL}", every: 1m}'
    )
    place = replace(place, environ={"SLACK_URL": "beat.example/a-secret"})
    settings = place.load(text.replace('"${env:SLACK_URL}", tags', '"json://x", tags'))
    assert settings.heartbeat == HeartbeatSettings(
        at=(540,),
        timezone="Asia/Tokyo",
        to=(settings.channels[0].name, settings.channels[1].name),
        url="https://beat.example/a-secret",
        every=60.0,
    )
    assert "https://beat.example/a-secret" in settings.secrets
    assert "a-secret" not in repr(settings)
    assert place.load(GOOD.replace("${env:SLACK_URL}", "json://x")).heartbeat == HeartbeatSettings()


@pytest.mark.parametrize(
    ("keys", "finding", "help_"),
    [
        ("to: [dask]", "12:18 error[E021] no channel is named or tagged `dask`", "did you mean `desk`?"),
        ("timezone: Asia/Tokio", "12:23 error[E111] there is no time zone `Asia/Tokio`", "did you mean Asia/Tokyo?"),
        ("url: beat.example", "12:18 error[E004] url: expected the web address that is called", "https://"),
        ("at: noon", "12:17 error[E111] at: expected a time of day", ""),
    ],
)
def test_a_wrong_heartbeat_is_told_at_its_place(place: Place, keys: str, finding: str, help_: str) -> None:
    (found,) = place.errors(GOOD + f"heartbeat: {{{keys}}}\n")
    assert shown((found,))[0].startswith(finding)
    assert help_ in (found.help or "")


# --- secrets ----------------------------------------------------------------------------------------------


def test_secrets_come_from_variables_files_and_credentials(place: Place) -> None:
    (place.root / "config" / "token").write_text("from-file\r\n")
    (place.root / "creds").mkdir()
    (place.root / "creds" / "mail").write_text("from-cred\n")
    environ = {"TOKEN": "from-env", "CREDENTIALS_DIRECTORY": str(place.root / "creds")}
    text = with_line("${env:SLACK_URL}", "json://${env:TOKEN}@${file:token}/${cred:mail}")
    settings = Place(root=place.root, environ=environ).load(text)
    assert settings.channels[1].url == "json://from-env@from-file/from-cred"
    assert settings.secrets == ("from-env", "from-file", "from-cred")


def test_secrets_are_in_no_repr(place: Place) -> None:
    assert "Token" not in repr(place.load())


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("${env:NOWHERE}", "the environment variable NOWHERE is not set"),
        ("${file:nowhere}", "the secret's file nowhere cannot be read: No such file or directory"),
        ("${cred:mail}", "CREDENTIALS_DIRECTORY is not set"),
        ("${env:EMPTY}", "is empty"),
    ],
)
def test_an_unset_secret_is_an_error_to_run_and_a_note_to_check(place: Place, reference: str, words: str) -> None:
    place = Place(root=place.root, environ={"EMPTY": ""})
    text = with_line("${env:SLACK_URL}", f"json://host/{reference}")
    (error,) = place.errors(text)
    assert shown((error,))[0].startswith("11:36 error[E031] ")
    assert words in error.message
    assert error.width == len(reference)
    settings = place.load(text, require_secrets=False)
    assert shown(settings.findings)[0].startswith("11:36 note[E031] ")
    assert settings.channels[1].url == f"json://host/{reference}"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("${SLACK_URL}", "a reference is"),
        ("${evn:SLACK_URL}", "a reference is"),
        ("${env:}", "a reference is"),
        ("${env:SLACK_URL", "a reference is"),
        ("${cred:../passwd}", "no name of a credential"),
        ("${env:LINES}", "control character"),
        ("${file:latin}", "not UTF-8"),
        ("${file:big}", "65,536 bytes"),
        ("${file:pipe}", "pipe is no file"),
        ("${file:../rules}", "../rules is no file"),
    ],
)
def test_a_reference_that_cannot_be_meant_is_always_an_error(place: Place, reference: str, words: str) -> None:
    (place.root / "config" / "latin").write_bytes(b"\xe9")
    (place.root / "config" / "big").write_bytes(b"x" * 70_000)
    os.mkfifo(place.root / "config" / "pipe")
    place = Place(root=place.root, environ={"LINES": "a\nb", "CREDENTIALS_DIRECTORY": "/nowhere"})
    (error,) = place.errors(with_line("${env:SLACK_URL}", reference), require_secrets=False)
    assert shown((error,))[0].startswith("11:24 error[E032] ")
    assert words in error.message


def test_no_finding_shows_a_secret(place: Place) -> None:
    place = Place(root=place.root, environ={"SLACK_URL": "no-url-but-secret"})
    (error,) = place.errors(GOOD)
    assert shown((error,)) == ["11:23 error[E004] url: expected the URL of a channel"]
    assert "but-secret" not in str(error)


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("schema: watcher/1", "schema: watcher/2", "1:9 error[E004] schema: expected 'watcher/1'; got `watcher/2`"),
        ("data: ../var\n", "", "1:1 error[E004] `data` is missing"),
        ("operator:", "operators:", "4:1 error[E003] unknown key `operators`"),
        ("[../rules]", "[../nowhere]", "3:9 error[E030] there is no `{root}/nowhere`"),
        ("[../rules]", "[]", "3:8 error[E004] rules: expected at least 1 in the list; got a list"),
        ("[desk]", "[dask]", "4:12 error[E021] no channel is named or tagged `dask`"),
        ("10.0.0.0/8", "10.0.0.1/8", "5:28 error[E004] allow_private: expected addresses that feeds and webhooks may"),
        ("interval: 10s", "interval: 5 minutes", "7:42 error[E111] interval: expected a duration like"),
        ("interval: 10s", "intervall: 10s", "7:32 error[E003] unknown key `intervall`"),
        ("interval: 10s", "full_page: true", "7:32 error[E003] unknown key `full_page`"),
        ("baseline: alert", "baseline: loud", "7:57 error[E004] baseline: expected 'quiet' or 'alert'; got `loud`"),
        ("id: seeds, url: ../seeds,", "id: seeds,", "7:5 error[E004] `url` is missing"),
        ("id: seeds", "id: example.org/feed.xml", "8:5 error[E011] two feeds have the id `example.org/feed.xml`"),
        ("https://www.example.org/feed.xml", "../seeds/", "8:11 error[E011] this feed is listed twice"),
        ("https://www.example.org/feed.xml", "ftp://example.org", "8:11 error[E004] url: expected an address such as"),
        ("name: desk", "name: console", "11:12 error[E012] two channels are named `console`"),
        ("name: desk", "name: the desk", "11:12 error[E004] name: expected a word without blanks"),
        ("name: desk", "nam: desk", "11:6 error[E003] unknown key `nam`"),
        ("console://", "console", "10:26 error[E004] url: expected the URL of a channel"),
        ('"console://"', "7", "10:26 error[E004] url: expected text; got `7`"),
        ("tags: [analysts]}", "tags: analysts}", "10:46 error[E004] tags: expected a list; got `analysts`"),
        ("data: ../var", "data: [a", "2:7 error[E001] this `[` is never closed, or a comma is missing behind it"),
        ("data: ../var", "data: a\ndata: b", "3:1 error[E002] `data` is given twice"),
        ("feeds:\n", "feeds:\n\t", "7:1 error[E006] a tab stands here"),
    ],
)
def test_an_error_is_named_at_its_place(place: Place, old: str, new: str, finding: str) -> None:
    expected = finding.replace("{root}", str(place.root))
    assert any(line.startswith(expected) for line in shown(place.errors(with_line(old, new))))


def test_a_mistake_comes_with_what_was_probably_meant(place: Place) -> None:
    def mended(old: str, new: str) -> list[str]:
        return [found.help for found in place.errors(with_line(old, new))]

    assert "write 5m" in mended("interval: 10s", "interval: 5 minutes")
    assert "did you mean `operator`?" in mended("operator:", "operators:")
    assert "did you mean `desk`?" in mended("[desk]", "[dask]")
    assert "did you mean `name`?" in mended("name: desk", "nam: desk")


def test_all_errors_are_told_at_once_in_the_order_of_the_file(place: Place) -> None:
    text = with_line("[../rules]", "[../nowhere]").replace("[desk]", "[dask]").replace("name: desk", "name: console")
    assert [(f.code, f.line) for f in place.errors(text)] == [("E030", 3), ("E021", 4), ("E012", 11)]
    text = with_line("data: ../var", "dta: ../var").replace("10s", "soon").replace("[desk]", "7")
    assert [(f.code, f.line) for f in place.errors(text)] == [("E004", 1), ("E003", 2), ("E004", 4), ("E111", 7)]


def test_the_place_of_what_was_given_first_is_told_too(place: Place) -> None:
    (error,) = place.errors(with_line("name: desk", "name: console").replace("[desk]", "[console]"))
    assert error.related == (10, 12, "first given here")


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("mailtos://anna:hunter2@mail.example.org", True),
        ("mailtos://anna:${env:SLACK_URL}@mail.example.org", False),
        ("json://news.example.org:8080/hook", False),
        ("webhooks://hook.example.org/in?secret=hunter2hunter2", True),
        ("webhooks://hook.example.org/in?a=b&secret=${env:SLACK_URL}", False),
        ("json://hook.example.org/in?-token=hunter2", True),
        ("mailtos://mail.example.org?user=anna&pass=hunter2", True),
        ("webhooks://hook.example.org/in?tokens=2&secret=", False),
    ],
)
def test_a_password_written_into_the_file_is_a_warning(place: Place, url: str, *, warned: bool) -> None:
    found = [f for f in place.load(with_line("console://", url)).findings if f.code == "W031"]
    assert [(f.line, f.message) for f in found] == ([(10, "a secret stands in this file")] if warned else [])
    assert "hunter2" not in "".join(f.message + f.help for f in found)


def test_a_feed_s_folder_that_is_not_there_is_a_warning(place: Place) -> None:
    settings = place.load(with_line("../seeds", "../inbox"))
    assert shown(settings.findings) == [f"7:22 warning[W030] there is no folder {place.root / 'inbox'}"]
    settings = place.load(with_line("../seeds", "example.org/feed.xml"))
    assert settings.findings[0].help == "write https://example.org/feed.xml for a web address"


def test_a_configuration_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "none.yaml", {}, require_secrets=False)
    (found,) = caught.value.findings
    assert (found.code, found.message) == ("E030", "the configuration cannot be read: No such file or directory")
    assert str(caught.value) == "1 error in the configuration"


# --- rule files -------------------------------------------------------------------------------------------


def test_rule_files_are_read_in_order_with_the_files_they_use(place: Place) -> None:
    rules = place.root / "rules"
    (rules / "more").mkdir()
    (rules / ".git").mkdir()
    (place.root / "words").mkdir()
    for name in ("b.yaml", "a.yml", "more/c.yaml", "notes.txt", ".hidden.yaml", ".git/d.yaml"):
        (rules / name).write_text(f"# {name}\n")
    (rules / "b.yaml").write_text("use: [../words/one.yaml, more/c.yaml, gone.yaml]\n")
    (place.root / "words" / "one.yaml").write_text("use: [two.yaml, one.yaml]\n")
    (place.root / "words" / "two.yaml").write_text("vocab: {}\n")
    found = read_rules(place.load().rules)
    names = [str(Path(path).relative_to(place.root)) for path in found]
    assert names == ["rules/a.yml", "rules/b.yaml", "rules/more/c.yaml", "words/one.yaml", "words/two.yaml"]
    assert found[str(rules / "a.yml")] == b"# a.yml\n"


def test_a_single_file_may_stand_for_the_rules(place: Place) -> None:
    (place.root / "rules" / "a.yaml").write_text("rules: []\n")
    settings = place.load(with_line("[../rules]", "../rules/a.yaml"))
    assert list(read_rules(settings.rules)) == [str(place.root / "rules" / "a.yaml")]


def test_a_file_that_is_broken_is_read_all_the_same(place: Place) -> None:
    (place.root / "rules" / "a.yaml").write_bytes(b"use: [\xff\n")
    assert list(read_rules(place.load().rules).values()) == [b"use: [\xff\n"]


def test_a_vocabulary_comes_with_the_package() -> None:
    node, findings = yamldoc.load(core_vocabulary(), "core-en.yaml")
    assert findings == ()
    assert node is not None
    assert yamldoc.plain(node)["vocab"]


def test_a_name_too_long_for_the_system_is_one_that_is_not_there(place: Place) -> None:
    (found,) = place.errors(with_line("[../rules]", f"[../{'r' * 300}]"))
    assert found.code == "E030"
    settings = place.load(with_line("url: ../seeds", f"url: ../{'s' * 300}"))
    assert [found.code for found in settings.findings] == ["W030"]
    (place.root / "rules" / "a.yaml").write_text(f"use: [{'u' * 300}, 'a\\0b', /etc]\n")
    assert len(read_rules(settings.rules)) == 1


def test_a_channel_that_is_named_over_two_lines_is_told_in_one(place: Place) -> None:
    (found,) = place.errors(with_line("operator: [desk]", 'operator: ["de\\nsk"]'))
    assert found.message.isprintable()


# --- what opens a feed ------------------------------------------------------------------------------------

LOGIN, KEY = "anna:s3cr3t-w0rd", "k3y-0f-the-API"


@pytest.fixture
def opened(place: Place) -> Place:
    (place.file.parent / "token").write_text("t0ken-0f-file\n")
    return replace(place, environ={**place.environ, "LOGIN": LOGIN, "KEY": KEY, "NO_PAIR": "word"})


def web(*keys: str) -> str:
    return with_line("lang: en}", f"{', '.join(keys)}}}")


def access_of(settings: Settings) -> Access:
    (access,) = settings.access.values()
    return access


def basic(pair: str) -> tuple[str, str]:
    return ("Authorization", f"Basic {b64encode(pair.encode()).decode()}")


@pytest.mark.parametrize(
    ("keys", "headers"),
    [
        (('auth: "basic ${env:LOGIN}"',), (basic(LOGIN),)),
        (('auth: "Bearer ${file:token}"',), (("Authorization", "Bearer t0ken-0f-file"),)),
        (('auth: "basic anna:${env:KEY}"',), (basic(f"anna:{KEY}"),)),
        (('headers: {X-Api-Key: "${env:KEY}", Accept: text/xml}',), (("X-Api-Key", KEY), ("Accept", "text/xml"))),
        (('headers: {X-Key: "id=${env:KEY}"}', 'auth: "bearer ${env:KEY}"'),
         (("X-Key", f"id={KEY}"), ("Authorization", f"Bearer {KEY}"))),
    ],
)  # fmt: skip
def test_what_opens_a_feed_is_read_from_where_its_secrets_are(
    opened: Place, keys: Sequence[str], headers: tuple[tuple[str, str], ...]
) -> None:
    settings = opened.load(web(*keys))
    assert access_of(settings) == Access(headers=headers)
    assert list(settings.access) == [settings.feeds[1].id]
    secrets = Redactor(settings.secrets)
    assert all(value not in secrets(f"it said {value}!") for name, value in headers if name != "Accept")
    assert settings.findings == ()


def test_a_proxy_may_be_a_secret(opened: Place) -> None:
    proxy = {"PROXY": "http://anna:pr0xy-w0rd@proxy.example:3128"}
    opened = replace(opened, environ={**opened.environ, **proxy})
    settings = opened.load(web('proxy: "${env:PROXY}"'))
    assert access_of(settings) == Access(proxy="http://anna:pr0xy-w0rd@proxy.example:3128")
    assert "pr0xy-w0rd" in settings.secrets
    assert access_of(opened.load(web("proxy: http://proxy.example:3128"))).proxy == "http://proxy.example:3128"


def test_a_password_in_a_feed_s_url_is_taken_out_and_told(opened: Place) -> None:
    text = with_line("https://www.example.org", "https://anna:p%40ss-w0rd@www.example.org")
    settings = opened.load(text)
    feed = settings.feeds[1]
    assert (feed.id, feed.url) == ("example.org/feed.xml", "https://www.example.org/feed.xml")
    assert access_of(settings).headers == (basic("anna:p@ss-w0rd"),)
    assert {"p@ss-w0rd", basic("anna:p@ss-w0rd")[1].split()[1]} <= set(settings.secrets)
    (found,) = settings.findings
    assert (found.code, found.line) == ("W031", 8)
    assert "auth: basic ${env:NAME}" in str(found.help)


def test_nothing_of_a_secret_stands_in_what_is_stored_of_a_feed(opened: Place) -> None:
    text = web('auth: "basic ${env:LOGIN}"', 'proxy: "http://x:${env:KEY}@p.example:1"').replace("lang: en", "")
    stored = repr(opened.load(text).feeds) + repr(opened.load(text))
    assert not [secret for secret in (LOGIN, "s3cr3t-w0rd", KEY) if secret in stored]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("auth: basic anna:s3cr3t-w0rd",), "expected basic or bearer, and where the secret is"),
        (("auth: s3cr3t-w0rd",), "expected basic or bearer, and where the secret is"),
        (('auth: "basic ${env:NO_PAIR}"',), "no user:password"),
        (('auth: "basic ${env:GONE}"',), "GONE is not set"),
        (('auth: "digest ${env:LOGIN}"',), "expected basic or bearer"),
        (('auth: "basic ${env:LOGIN}"', 'headers: {authorization: "Bearer ${env:KEY}"}'), "more than once"),
        (("headers: {Host: a.example}",), "the watcher's own to set"),
        (("headers: {transfer-encoding: chunked}",), "the watcher's own to set"),
        (("headers: {Proxy-Connection: x}",), "the watcher's own to set"),
        (('headers: {"a b": x}',), "no name of a header"),
        (("headers: {A: x, a: y}",), "a header stands twice"),
        (('headers: {A: "x\\r\\nB: y"}',), "do not go into a header"),
        (("headers: {A: 5}",), "expected text"),
        (("proxy: socks5://proxy.example:1080",), "written as http://host:port"),
        (("proxy: http://proxy.example",), "written as http://host:port"),
        (("timeout: 10m",), "expected at most 5m"),
        (("items: {title: h1}",), "expected one of `json` and `css`"),
        (("items: {json: a, css: b}",), "expected one of `json` and `css`"),
        (("items: {json: a, id: b}",), "expected `title`, `text` or `link` beside `json`"),
        (('items: {json: "a[*", title: b}',), "json: "),
        (('items: {css: "h2 >", title: b}',), "css: "),
        (('items: {json: a, link: "https://a.example/{b"}',), "link: "),
    ],
)
def test_what_cannot_open_a_feed_is_told_without_the_secret(opened: Place, keys: Sequence[str], said: str) -> None:
    (found,) = opened.errors(web(*keys))
    assert said in found.message
    assert found.line == 8
    assert "s3cr3t-w0rd" not in found.message + str(found.help) + source_line(found)


def test_a_secret_that_stands_in_a_header_is_told_and_masked(opened: Place) -> None:
    settings = opened.load(web("headers: {X-Api-Key: abcd-1234-efgh}"))
    (found,) = settings.findings
    assert found.code == "W031"
    assert "abcd-1234-efgh" not in source_line(found)
    assert "abcd-1234-efgh" in settings.secrets


def test_without_its_secrets_a_feed_is_read_as_far_as_it_goes(opened: Place) -> None:
    settings = opened.load(web('headers: {X-Key: "${env:GONE}", Accept: text/xml}'), require_secrets=False)
    assert access_of(settings).headers == (("Accept", "text/xml"),)
    assert [f.code for f in settings.findings] == ["E031"]


@pytest.mark.parametrize(
    "key", ["headers: {A: b}", "proxy: http://p.example:1", "items: {css: a}", "timeout: 5s", "full_text: true"]
)
def test_a_folder_has_none_of_what_is_for_the_web(place: Place, key: str) -> None:
    (found,) = place.errors(with_line("interval: 10s", f"interval: 10s, {key}"))
    assert "a folder has none" in found.message


def test_the_items_of_what_is_no_feed_are_found_by_its_recipe(place: Place) -> None:
    keys = 'items: {json: "vulnerabilities", id: cve.id, title: cve.id, date: cve.published, link: "https://a.example/{cve.id}"}'
    settings = place.load(web(keys, "timeout: 2m", "max_size: 1MiB"))
    assert settings.feeds[1].recipe == Recipe(
        kind=RecipeKind.JSON,
        items="vulnerabilities",
        id="cve.id",
        title="cve.id",
        date="cve.published",
        link="https://a.example/{cve.id}",
    )
    assert (settings.feeds[1].timeout, settings.feeds[1].max_size) == (120.0, 2**20)
    assert settings.access == {}


def test_the_pages_of_a_feed_with_summaries_are_wanted(place: Place) -> None:
    seeds, web_feed = place.load(web("full_text: true")).feeds
    assert (seeds.full_text, web_feed.full_text) == (False, True)


def test_a_file_rests_for_a_tenth_of_the_time_between_two_looks_but_not_for_long(place: Place) -> None:
    assert "settle" not in place.load().fetch
    assert place.load(GOOD + "poll: {folder_interval: 10s}\n").fetch["settle"] == Limits().settle
    assert place.load(GOOD + "poll: {folder_interval: 1h}\n").fetch["settle"] == 3.0


def test_one_address_may_be_asked_for_several_things(place: Place) -> None:
    other = "  - {id: b, url: 'https://www.example.org/feed.xml', items: {css: a}}\n"
    text = GOOD.replace("channels:", f"{other}channels:")
    assert [feed.id for feed in place.load(text).feeds] == ["seeds", "example.org/feed.xml", "b"]
