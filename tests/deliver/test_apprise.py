"""Apprise, held to what we lean on: see docs/private-apis.md."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from tests.deliver.receivers import Receiver, http_receiver
from watcher.deliver import MediumSender, check, open_sender
from watcher.deliver.apprise import AppriseSender
from watcher.errors import SendError
from watcher.model import AlertKey, ChannelName, ChannelSpec, Message, Severity
from watcher.render import Limits

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
KEY = AlertKey("0123456789abcdef" * 2)


def spec_of(url: str) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url)


def opened(url: str, timeout: float = 5) -> AppriseSender:
    return AppriseSender(spec_of(url), timeout)


def message(body: str = "A quake.", title: str = "[high] Quakes", severity: Severity = Severity.HIGH) -> Message:
    return Message(key=KEY, title=title, body=body, severity=severity)


def refused(sender: MediumSender) -> SendError:
    with pytest.raises(SendError) as caught:
        sender.send(message())
    return caught.value


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as one:
        yield one


def webhook(receiver: Receiver, timeout: float = 5, query: str = "") -> AppriseSender:
    return opened(f"json://{receiver.host}/hook/T0pSecretToken{query}", timeout)


# webhooks


def test_a_webhook_gets_title_body_severity_and_key(receiver: Receiver) -> None:
    receipt = webhook(receiver).send(message())
    path, headers, payload = receiver.got[0]
    assert path == "/hook/T0pSecretToken"
    assert (payload["title"], payload["message"], payload["type"]) == ("[high] Quakes", "A quake.", "warning")
    assert headers["X-Watcher-Alert"] == KEY
    assert receipt.detail == "Sent JSON POST notification."


@pytest.mark.parametrize(("severity", "kind"), [(Severity.INFO, "info"), (Severity.CRITICAL, "failure")])
def test_severity_is_said_in_apprises_kinds(receiver: Receiver, severity: Severity, kind: str) -> None:
    webhook(receiver).send(message(severity=severity))
    assert receiver.json["type"] == kind


@pytest.mark.parametrize(
    ("status", "permanent", "denied"),
    [
        (400, True, False),
        (401, False, True),
        (403, False, True),
        (404, False, False),
        (410, True, False),
        (429, False, False),
        (503, False, False),
    ],
)
def test_the_status_decides_whether_to_try_again(
    receiver: Receiver, status: int, *, permanent: bool, denied: bool
) -> None:
    receiver.status, receiver.body = status, b"not today"
    error = refused(webhook(receiver))
    assert (error.permanent, error.denied) == (permanent, denied)
    assert f"HTTP {status}" in str(error)
    assert "not today" in str(error)


def test_a_rate_limit_says_when_to_come_back(receiver: Receiver) -> None:
    receiver.status, receiver.body = 429, b'{"retry_after": 7.5}'
    assert refused(webhook(receiver)).retry_after == 7.5


def test_a_header_that_says_when_to_come_back_is_heard(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": "90"}
    assert refused(webhook(receiver)).retry_after == 90


def test_an_endless_answer_is_read_to_a_bound(receiver: Receiver) -> None:
    receiver.status, receiver.body = 500, b"no" * 2**20
    assert "HTTP 500 Internal Server Error (nono" in str(refused(webhook(receiver)))
    receiver.status = 200
    webhook(receiver).send(message())


def test_what_others_ask_with_requests_is_left_alone(receiver: Receiver) -> None:
    webhook(receiver).send(message())
    receiver.body = b"x" * 2**21
    assert len(requests.post(f"http://{receiver.host}/", json={}, timeout=5).content) == 2**21


def test_a_redirect_is_not_followed_and_not_taken_for_success(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": f"http://{receiver.host}/elsewhere"}
    assert "HTTP 302" in str(refused(webhook(receiver)))
    assert [path for path, _, _ in receiver.got] == ["/hook/T0pSecretToken"]


def test_nobody_at_the_other_end_may_pass(receiver: Receiver) -> None:
    sender = opened("json://127.0.0.1:1/T0pSecretToken")
    error = refused(sender)
    assert not error.permanent
    assert "Connection refused" in str(error)


def test_a_server_that_never_answers_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.hang = True
    start = time.monotonic()
    error = refused(webhook(receiver, timeout=0.6))
    assert time.monotonic() - start < 5
    assert not error.permanent
    assert "timed out" in str(error)


def test_a_server_that_drips_is_left_behind_and_not_asked_again_until_it_ends(receiver: Receiver) -> None:
    receiver.drip = True
    sender = webhook(receiver, timeout=0.5)
    assert str(refused(sender)) == "JSON gave no answer within 0.5 s"
    assert str(refused(sender)) == "JSON has not answered the previous try yet"
    assert len(receiver.got) == 1
    left = sender._bounded.left_behind
    assert left is not None
    assert left.daemon
    receiver.drip = False
    receiver.released.set()
    left.join(10)
    sender.send(message())
    assert len(receiver.got) == 2


def test_a_url_cannot_turn_a_failure_into_a_success_or_retry_on_its_own(receiver: Receiver) -> None:
    receiver.status = 500
    refused(webhook(receiver, query="?optional=yes&retry=3&wait=5"))
    assert len(receiver.got) == 1


def test_sends_are_not_slowed_down(receiver: Receiver) -> None:
    sender = opened(f"ntfy://{receiver.host}/topic")
    start = time.monotonic()
    for _ in range(3):
        sender.send(message())
    assert time.monotonic() - start < 5  # with apprise's own pause it is 11


def test_a_timeout_in_the_url_is_kept() -> None:
    service = opened("json://hooks.example/?cto=3&rto=7", timeout=20)._service
    assert service.request_timeout == (3.0, 7.0)
    assert opened("json://hooks.example/", timeout=20)._service.request_timeout == (10.0, 10.0)


# chat services: what a loopback server gets in their place


def test_discord_draws_nothing_and_links_stay_links(receiver: Receiver) -> None:
    sender = opened(DISCORD)
    sender._service.notify_url = f"http://{receiver.host}/api/webhooks"
    sender.send(message("[bank](https://evil.example/a_b) *x*\n> quoted", title="# quake"))
    assert receiver.json["content"] == "\\# quake\r\n\\[bank\\](https://evil.example/a_b) \\*x\\*  \n> quoted"


def test_discords_title_counts_as_part_of_its_body(receiver: Receiver) -> None:
    sender = opened(DISCORD)
    assert sender.medium == Limits(title=120, body=int(2000 / 1.1) - 122)
    sender._service.notify_url = f"http://{receiver.host}/api/webhooks"
    sender.send(message("x" * (2000 - 122), title="t" * 120))
    assert len(receiver.json["content"]) == 2000


def test_a_service_without_titles_says_so() -> None:
    limits = opened("tgram://123456789:alpha-numeric_key_0123456789abcdef/12315544/").medium
    assert limits.title == 0


def test_text_that_grows_on_its_way_is_cut_to_what_the_service_takes() -> None:
    sender = opened("tgram://123456789:alpha-numeric_key_0123456789abcdef/12315544/")
    _, fitted = sender._fitting(message("a & b " * 2000))
    assert 3900 < len(fitted) <= 4096
    assert fitted.endswith(" a…")
    assert sender._fitting(message("a & b"))[1] == "a &amp; b"


def test_a_limit_in_bytes_is_one_of_bytes() -> None:
    _, fitted = opened("wecombot://abc")._fitting(message("地震 " * 2000))
    assert 1900 < len(fitted.encode()) <= 2048


def test_a_url_cannot_make_pictures_of_what_an_article_says(receiver: Receiver) -> None:
    webhook(receiver, query="?emojis=yes").send(message(":bomb: and \\n"))
    assert receiver.json["message"] == ":bomb: and \\n"


# what cannot be opened


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nosuch://h.example/T0pSecretToken", "apprise cannot use this nosuch:// URL: Unparseable URL nosuch://***"),
        ("slack://", "An invalid Slack (first) Token () was specified."),
        ("json://h.example/T0pSecretToken?method=foo", "The method specified (foo) is invalid."),
        ("not a url", "Unsupported URL: not a url"),
        ("", "Unsupported URL: (none)"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_with_apprises_own_reason(url: str, reason: str) -> None:
    said = check(spec_of(url))
    assert said is not None
    assert reason in said
    assert "T0pSecretToken" not in said
    with pytest.raises(SendError) as caught:
        open_sender(spec_of(url), stream=io.StringIO(), environ={})
    assert caught.value.permanent
    assert str(caught.value) == said


def test_what_apprise_logs_stays_with_us(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.status = 500
    with caplog.at_level(logging.DEBUG):
        refused(webhook(receiver))
        check(spec_of("slack://T0pSecretToken"))
    assert [record for record in caplog.records if record.name == "apprise"] == []


def test_each_of_two_channels_sending_at_once_hears_its_own_reason() -> None:
    with http_receiver() as good, http_receiver() as bad:
        bad.status = 410
        senders = {True: webhook(good), False: webhook(bad)}
        outcomes: list[tuple[bool, str]] = []

        def send(fine: bool) -> None:  # noqa: FBT001
            for _ in range(10):
                try:
                    senders[fine].send(message())
                    outcomes.append((fine, ""))
                except SendError as error:
                    outcomes.append((fine, str(error)))

        threads = [threading.Thread(target=send, args=(fine,)) for fine in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(outcomes) == 20
    assert all(text == "" if fine else "HTTP 410" in text for fine, text in outcomes)
