"""One line an event, and no secret in any."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self, TextIO
from urllib.parse import quote

import apprise
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.observe import Events, Redactor, configure, escape, flush
from watcher.observe.repeats import KINDS as MOST_KINDS
from watcher.observe.repeats import Repeats
from watcher.observe.writer import Writer

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

    def begin(*, terminal: bool = False, debug: bool = False, stream: TextIO | None = None) -> Lines:
        out = stream or io.StringIO()
        handlers.append(configure(out, Redactor([SECRET], URLS), terminal=terminal, debug=debug))

        def written() -> list[str]:
            flush()
            assert isinstance(out, io.StringIO)
            return out.getvalue().splitlines()

        return written

    handlers: list[logging.Handler] = []
    yield begin
    for handler in handlers:
        handler.close()
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)


def log() -> Any:
    return Events("watcher")


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
    ours = "error" if level == "critical" else level  # which no job says
    getattr(log(), ours)(f"a {canary} b", value=canary, some=[canary, {"deep": canary}], error=OSError(canary))
    getattr(logging.getLogger("apprise"), level)("at %s, %r", canary, {"key": canary})
    getattr(logging.getLogger("httpx"), level)(f"at {canary}")
    assert len(lines()) == 3
    has_no_canary("\n".join(lines()))


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


# --- what is said again and again ---------------------------------------------------------------------------


def failing(error: str, feed: str = "bbc") -> None:
    log().warning("poll failed", feed=feed, error=error)


def test_what_repeats_itself_is_told_a_few_times_and_then_counted(start: Start) -> None:
    lines = start()
    for number in range(417):
        failing(f"no answer within {number} s")
    told = [json.loads(line) for line in lines()]
    assert [one["error"] for one in told] == [f"no answer within {n} s" for n in (0, 1, 2, 3, 4, 416)]
    assert [one.get("more") for one in told] == [None, None, None, None, None, 411]


def test_a_person_reads_how_many_more_there_were(start: Start) -> None:
    lines = start(terminal=True)
    for _ in range(2_417):
        failing("no route")
    assert lines()[-1].endswith('feed=bbc error="no route" (and 2,411 more like it)')


def test_a_change_another_thing_and_news_are_always_told(start: Start) -> None:
    lines = start()
    for _ in range(100):
        failing("no route")
    failing("no answer")
    failing("no route", feed="cnn")
    for _ in range(100):
        log().info("polled", feed="bbc", new=1)
    told = [json.loads(line) for line in lines()]
    assert [one["error"] for one in told if one.get("feed") == "cnn"] == ["no route"]
    assert "no answer" in [one.get("error") for one in told]
    assert sum(one["event"] == "polled" for one in told) == 100


def test_words_from_outside_that_never_repeat_themselves_are_counted_too(start: Start) -> None:
    lines = start()
    for number in range(200):
        logging.getLogger("apprise").warning("refused with %s", "x" * number)
        failing("y" * number)
    told = lines()
    assert len(told) < 110
    assert sum(json.loads(line).get("more", 0) + 1 for line in told) == 400


def test_debugging_leaves_nothing_out(start: Start) -> None:
    lines = start(debug=True)
    for _ in range(100):
        failing("no route")
    assert len(lines()) == 100


KINDS = st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", "z1", "z2"]), st.floats(0, 900))


@given(st.lists(KINDS, max_size=300))
@settings(max_examples=100)
def test_whatever_comes_all_is_told_or_counted_and_the_first_of_a_kind_at_once(
    events: list[tuple[str, str, float]],
) -> None:
    repeats: Repeats[int] = Repeats()
    now, told, counted, first = 0.0, 0, 0, set()
    for number, (what, text, pause) in enumerate(events):
        now += pause
        counted += sum(more + 1 for _, more in repeats.due(now))
        admitted = repeats.admit(number, (what,), text, now)
        told += admitted
        assert admitted or (what, text[0]) in first
        first.add((what, text[0]))
    counted += sum(more + 1 for _, more in repeats.rest())
    assert told + counted == len(events)


def test_what_goes_on_is_told_now_and_then_and_after_some_quiet_as_at_first() -> None:
    repeats: Repeats[int] = Repeats()
    told: list[tuple[int, int]] = []
    for second in range(3_000):
        told += repeats.due(float(second))
        repeats.admit(second, ("poll failed",), "no route", float(second))
    assert told == [(599, 594), (1199, 599), (1799, 599), (2399, 599)]
    assert repeats.due(3_600.0) == [(2999, 599)]
    assert repeats.due(4_200.0) == []
    assert all(repeats.admit(0, ("poll failed",), "no route", 4_200.0 + n) for n in range(5))


def test_what_is_remembered_is_bounded_and_nothing_is_forgotten_untold() -> None:
    repeats: Repeats[int] = Repeats()
    for number in range(6):
        repeats.admit(number, ("first",), "", 0.0)
    for number in range(3 * MOST_KINDS):
        repeats.admit(number, (f"feed-{number}",), "", 0.0)
    assert len(repeats) <= MOST_KINDS
    assert repeats.due(1.0) == [(5, 0)]


# --- whoever reads the lines ------------------------------------------------------------------------------


class Reader:
    """A pipe that is read when the test wants to."""

    def __init__(self) -> None:
        self._out, into = os.pipe()
        self.stream = os.fdopen(into, "w", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.stream.close()

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._out)

    def read(self, words: bytes) -> list[Any]:
        """All there is, up to these words."""
        text = b""
        while words not in text or not text.endswith(b"\n"):
            text += os.read(self._out, 65_536)
        return [json.loads(line) for line in text.splitlines()]


def numbered(stream: TextIO, count: int, patience: float = 0.0) -> Writer:
    """A writer that was given so many lines of 300 bytes."""
    writer = Writer(stream, patience, lambda missing: b'{"missing": %d}\n' % missing, lambda: None)
    for number in range(count):
        writer.put(b'{"number": %6d, "text": "%s"}\n' % (number, b"x" * 270))
    return writer


def test_a_reader_that_stalls_holds_up_nobody_and_hears_what_it_missed() -> None:
    with Reader() as reader:
        writer = numbered(reader.stream, 10_000)
        told: list[Any] = []
        while sum(line.get("missing", 1) for line in told) < 10_000:
            told += reader.read(b"}")
        writer.put(b'{"number": 10000}\n')
        told += reader.read(b"10000")
        writer.close()
    expected = 0
    for line in told:
        assert line.get("number", expected) == expected, "in order, and none is missing before that is said"
        expected += line.get("missing", 1)
    assert expected == 10_001
    assert 3_000 < len(told) < 6_000


def test_a_process_that_could_have_no_more_threads_writes_when_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with Reader() as reader:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", none_left)
            writer = numbered(reader.stream, 2)
        writer.put(b'{"number": 2}\n')
        assert [line["number"] for line in reader.read(b'"number": 2}')] == [0, 1, 2]
        writer.close()


def test_a_terminal_that_stalls_holds_up_nobody_for_long() -> None:
    with Reader() as reader:
        begun = time.monotonic()
        writer = numbered(reader.stream, 1_000, patience=0.1)
        assert time.monotonic() - begun < 10, "and not 0.1 s for each line"
        reader.read(b" 999,")
        assert writer.flush(10)
        writer.put(b"{}\n")
        assert not writer._lines, "it is waited for again"
        writer.close()


def test_a_closed_pipe_stops_nothing_and_is_counted(start: Start) -> None:
    with Reader() as reader:
        lines = configure(reader.stream, Redactor(), terminal=False)
        reader.close()
        for _ in range(10):
            log().info("still here")
        flush()
        assert lines.dropped == 10
        lines.close()


def test_a_full_disk_tears_no_later_line(start: Start) -> None:
    with Reader() as reader:
        lines = configure(reader.stream, Redactor(), terminal=False)
        writer = lines._writer
        taken = writer._write
        room = [10]

        def full(piece: memoryview) -> int:
            if not room[0]:
                raise OSError(28, "No space left on device")
            room[0] -= 10
            return taken(piece[:10])

        writer._write = full
        log().info("torn")
        flush()
        writer._write = taken
        log().info("whole")
        flush()
        text = os.read(reader._out, 65_536).decode().splitlines()
        assert len(text) == 3
        assert [json.loads(line)["event"] for line in text[1:]] == [
            "log lines are missing here: nobody took them",
            "whole",
        ]
        lines.close()


def test_a_pipe_that_another_program_set_not_to_wait_loses_nothing() -> None:
    with Reader() as reader:
        os.set_blocking(reader.stream.fileno(), False)
        writer = numbered(reader.stream, 1_000)
        assert [line["number"] for line in reader.read(b" 999,")] == list(range(1_000))
        writer.close()


ENDS = {
    "returns": "0",
    "raises": "sys.excepthook = lambda *_: None; raise RuntimeError('gone')",
    "exits": "sys.exit(3)",
    "is terminated": "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); os.kill(os.getpid(), signal.SIGTERM)",
}


@pytest.mark.parametrize("end", ENDS)
def test_what_was_said_is_written_however_the_process_ends(end: str) -> None:
    program = (
        "import os, signal, sys\n"
        "from watcher.observe import Events, Redactor, configure\n"
        "configure(sys.stderr, Redactor(), terminal=False)\n"
        "for number in range(500): Events('watcher').info('polled', number=number)\n"
        "for _ in range(7): Events('watcher').warning('poll failed', feed='bbc')\n"
        f"{ENDS[end]}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line["number"] for line in lines[:500]] == list(range(500))
    assert lines[-1]["more"] == 1


def test_a_process_ends_soon_though_nobody_reads_its_last_lines() -> None:
    program = (
        "import sys\n"
        "from watcher.observe import Events, Redactor, configure\n"
        "configure(sys.stderr, Redactor(), terminal=False)\n"
        "for number in range(200): Events('watcher').info('polled', text='x' * 1_500)\n"
    )
    with Reader() as reader:
        process = subprocess.Popen([sys.executable, "-c", program], stderr=reader.stream)
        assert process.wait(30) == 0
