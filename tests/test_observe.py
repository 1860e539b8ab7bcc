"""One line an event, and no secret in any."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import apprise
import httpx
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.observe import Redactor, configure, escape

SECRET = 'c4nary/secr"t+ value'
URLS = (
    "slack://T1CANARY1/B2CANARY2/x3CANARYx3xCANARYx3x",
    "mailto://canaryuser:canary%40pass@mail.example.org:587?to=canary@example.org&key=canarykey",
    "tgram://123456789:CANARYbotTOKEN/987654321",
)
CANARIES = (
    SECRET,
    quote(SECRET, safe=""),
    quote(SECRET),
    json.dumps(SECRET)[1:-1],
    *URLS,
    "T1CANARY1",
    "B2CANARY2",
    "x3CANARYx3xCANARYx3x",
    "canaryuser",
    "canary%40pass",
    "canary@pass",
    "canarykey",
    "CANARYbotTOKEN",
    "Y2FuYXJ5dXNlcjpjYW5hcnlAcGFzcw==",  # user and password as Basic authorisation has them
)

Lines = Callable[[], list[str]]
Start = Callable[..., Lines]


@pytest.fixture(autouse=True)
def _apprise_as_it_comes() -> Iterator[None]:
    """Its logger without the filter that sending puts on it, for as long as a test here lasts."""
    logger = logging.getLogger("apprise")
    filters, level = logger.filters[:], logger.level
    logger.filters.clear()
    yield
    logger.filters[:], logger.level = filters, level


@pytest.fixture
def start() -> Iterator[Start]:
    """Sets logging up on a stream of its own and gives what reads its lines; puts everything back."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def begin(*, terminal: bool = False, debug: bool = False, stream: io.StringIO | None = None) -> Lines:
        out = stream or io.StringIO()
        configure(out, Redactor([SECRET], URLS), terminal=terminal, debug=debug)
        return lambda: out.getvalue().splitlines()

    yield begin
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def log() -> Any:
    return structlog.get_logger("watcher")


def has_no_canary(text: str) -> None:
    assert text
    for canary in CANARIES:
        assert canary.lower() not in text.lower()


# --- lines ------------------------------------------------------------------------------------------------


def test_an_event_is_one_json_object_where_nobody_watches(start: Start) -> None:
    lines = start()
    log().info("polled", feed="bbc", new=3, next=datetime(2026, 3, 1, tzinfo=UTC), rules=("a", "b"), ok=True)
    (line,) = lines()
    event = json.loads(line)
    assert event.pop("time").endswith("+00:00")
    assert event == {
        "level": "info",
        "event": "polled",
        "feed": "bbc",
        "new": 3,
        "next": "2026-03-01T00:00:00+00:00",
        "rules": ["a", "b"],
        "ok": True,
    }


def test_an_event_is_one_readable_line_on_a_terminal(start: Start) -> None:
    lines = start(terminal=True)
    log().warning("poll failed", feed="bbc", error='no "route"', failures=3, why=None)
    (line,) = lines()
    assert line[8:] == ' warning poll failed  feed=bbc error="no \\"route\\"" failures=3 why=null'


@pytest.mark.parametrize("reader", ["person", "program"])
def test_nothing_from_outside_makes_a_second_line_or_turns_the_first(start: Start, reader: str) -> None:
    lines = start(terminal=reader == "person")
    evil = "a\r\nb\x1b[31m\u2028c\u202ed\x85e\x00"
    log().warning(evil, title=evil, many=[evil])
    logging.getLogger("httpx").warning("said %s", evil)
    log().error("failed", exc_info=ValueError(evil))
    assert len(lines()) == 3
    assert not any(char in line for line in lines() for char in "\r\n\x1b\u2028\u202e\x85\x00")


@given(st.text())
@settings(max_examples=100)
def test_escaped_text_is_one_printable_line_and_plain_text_stays(text: str) -> None:
    safe = escape(text)
    assert len(safe.splitlines()) <= 1
    assert escape(safe) == safe


def test_other_libraries_records_take_the_same_way(start: Start) -> None:
    lines = start()
    for name in ("apprise", "httpx", "aiohttp.client", "apscheduler.scheduler", "asyncio", "anything"):
        logging.getLogger(name).warning("watch %s", "out")
    assert [(json.loads(line)["logger"], json.loads(line)["event"]) for line in lines()] == [
        ("apprise", "watch out"),
        ("httpx", "watch out"),
        ("aiohttp.client", "watch out"),
        ("apscheduler.scheduler", "watch out"),
        ("asyncio", "watch out"),
        ("anything", "watch out"),
    ]


def test_chatter_of_other_libraries_is_kept_for_debugging(start: Start) -> None:
    lines = start()
    logging.getLogger("httpx").info("HTTP Request")
    log().debug("detail")
    assert lines() == []
    lines = start(debug=True)
    logging.getLogger("httpx").info("HTTP Request")
    log().debug("detail")
    assert len(lines()) == 2


def test_python_s_warnings_take_the_same_way(start: Start) -> None:
    lines = start()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"mind {URLS[0]}", UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    (line,) = lines()
    assert "UserWarning: mind ***" in line


def test_a_value_is_cut_before_it_fills_the_disk(start: Start) -> None:
    lines = start()
    log().info("x", text="y" * 1_000_000)
    assert len(lines()[0]) < 3_000


def test_a_record_that_cannot_be_said_is_a_line_without_what_it_was_given(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = start()
    logging.getLogger("apprise").error("%d", SECRET)
    assert lines() == ["a log line of apprise could not be made: TypeError"]
    assert capsys.readouterr().err == ""


def test_a_stream_that_is_gone_stops_nothing(start: Start) -> None:
    stream = io.StringIO()
    start(stream=stream)
    stream.close()
    log().error("still here")


def test_a_terminal_that_knows_few_characters_gets_the_others_written_out(start: Start) -> None:
    raw = io.BytesIO()
    configure(io.TextIOWrapper(raw, encoding="ascii"), Redactor(), terminal=True)
    log().info("caf\u00e9")
    assert raw.getvalue().endswith(b"caf\\xe9\n")


# --- exceptions -------------------------------------------------------------------------------------------


def open_it() -> None:
    raise ValueError(f"cannot open {URLS[1]}")


def fail() -> None:
    try:
        open_it()
    except ValueError as error:
        raise RuntimeError(f"gave up on {SECRET}\nsecond line") from error


@pytest.mark.parametrize("reader", ["person", "program"])
def test_an_exception_is_named_in_its_line_and_traced_when_debugging(start: Start, reader: str) -> None:
    for debug in (False, True):
        lines = start(terminal=reader == "person", debug=debug)
        try:
            fail()
        except RuntimeError:
            log().exception("job failed", feed="x")
            logging.getLogger("apscheduler").exception("job failed")
        text = "\n".join(lines())
        has_no_canary(text)
        assert text.count("RuntimeError: gave up on ***") >= 2
        assert ("in fail" in text) == debug
        assert all(line[0] in "{ 012" for line in lines())
        assert sum(not line.startswith("    | ") for line in lines()) == 2


# --- secrets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["person", "program"])
@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
@pytest.mark.parametrize("canary", CANARIES)
def test_no_secret_comes_through_at_any_level(start: Start, canary: str, level: str, reader: str) -> None:
    lines = start(terminal=reader == "person", debug=True)
    getattr(log(), level)(f"a {canary} b", value=canary, some=[canary, {"deep": canary}], error=OSError(canary))
    getattr(logging.getLogger("apprise"), level)("at %s, %r", canary, {"key": canary})
    getattr(logging.getLogger("httpx"), level)(f"at {canary}")
    assert len(lines()) == 3
    has_no_canary("\n".join(lines()))


def test_no_secret_comes_through_in_what_was_bound(start: Start) -> None:
    lines = start()
    log().bind(url=URLS[2]).info("sending")
    has_no_canary(lines()[0])


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise asks for it in Python 3.11
def test_apprise_s_own_words_show_no_secret(start: Start) -> None:
    lines = start(debug=True)
    box = apprise.Apprise()
    for url in (*URLS, "slack://T1CANARY1/B2CANARY2", f"nowhere://{quote(SECRET, safe='')}"):
        box.add(url)
    assert lines()
    has_no_canary("\n".join(lines()))


def test_httpx_s_own_words_show_no_secret(start: Start) -> None:
    lines = start(debug=True)
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with httpx.Client(transport=transport) as client:
        client.get("https://canaryuser:canary%40pass@example.org/x3CANARYx3xCANARYx3x", params={"k": SECRET})
    assert any("HTTP Request: GET" in line for line in lines())
    has_no_canary("\n".join(lines()))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("https://me:pw@example.org/a", "https://***@example.org/a"),
        ("ftp://token@host", "ftp://***@host"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("{'Authorization': 'Basic YTpi', 'x': 1}", "{'Authorization': 'Basic ***', 'x': 1}"),
        ("(b'authorization', b'abc')", "(b'authorization', b'***')"),
        ("https://hooks.slack.com/services/T0/B0/zzz now", "https://hooks.slack.com/*** now"),
        ("https://discord.com/api/webhooks/1/abc", "https://discord.com/api/webhooks/***"),
        ("https://api.telegram.org/bot1:abc/send", "https://api.telegram.org/bot***/send"),
        ("GET https://example.org/f?page=2&api_key=abc&x=1", "GET https://example.org/f?page=2&api_key=***&x=1"),
        ("https://example.org/?Token=abc#top", "https://example.org/?Token=***#top"),
        ("https://example.org/?keyword=air", "https://example.org/?keyword=air"),
        ("mail someone@example.org", "mail someone@example.org"),
        ("https://example.org/a@b", "https://example.org/a@b"),
    ],
)
def test_what_looks_like_a_secret_is_one_without_being_told(text: str, redacted: str) -> None:
    assert Redactor()(text) == redacted


def test_a_short_secret_blots_out_no_word_that_holds_it() -> None:
    redact = Redactor(["cat", "x"], ["json://me:rot@example.org/in"])
    assert redact("cat concatenate rot rotten x in me") == "*** concatenate *** rotten x in me"


def test_harmless_urls_and_hosts_stay_readable() -> None:
    redact = Redactor([], ["console://", "mailto://a:bcd@mail.example.org", "json://localhost:8080/in"])
    text = "console:// at mail.example.org and localhost:8080"
    assert redact(text) == text


def test_what_was_learned_later_is_added_and_nothing_forgotten() -> None:
    redact = Redactor(["first-secret"])
    redact.learn(["second-secret"])
    assert redact("first-secret second-secret") == "*** ***"


@given(st.text(min_size=8, max_size=30), st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=150)
def test_any_long_secret_is_gone_from_any_text(secret: str, before: str, after: str) -> None:
    redacted = Redactor([secret])(before + secret + after)
    assert secret not in redacted or secret in before + "***" + after


@given(st.text("ab ", max_size=40), st.text("ab ", max_size=20), st.integers(0, 40))
def test_a_secret_at_the_cut_of_a_long_text_is_not_shown_in_part(before: str, after: str, most: int) -> None:
    text = f"{before}0123456789 0123456789{after}"
    head = Redactor(["0123456789"]).head(text, most)
    assert not any(digit in head for digit in "0123456789")
    assert len(head) <= max(most, len("***")) + len("******...")


@given(st.text(max_size=40))
def test_any_url_can_be_learned(url: str) -> None:
    redact = Redactor(urls=[url, f"slack://{url}", f"https://{url}:p@{url}/{url}?{url}"])
    assert isinstance(redact("x"), str)
