"""Apprise's log, read for what went wrong."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode

import pytest

from watcher.deliver.verdict import Answer, Line, hidden, http_answer, reason_of, refusal, verdict

REFUSED = (
    "HTTPConnectionPool(host='hooks.example', port=80): Max retries exceeded with url: /T0KEN/path "
    '(Caused by NewConnectionError("Failed to establish a new connection: [Errno 111] Connection refused"))'
)
URL = "json://ana:s3cretpass@hooks.example/T0KEN/path?key=qu3rykey"


def http(code: int, body: str = "", wait: float | None = None) -> list[Answer]:
    return [http_answer(code, body, wait)]


@pytest.mark.parametrize("code", [400, 405, 410, 413, 422])
def test_a_client_error_is_permanent(code: int) -> None:
    error = refusal("JSON", http(code), URL)
    assert (error.permanent, error.denied) == (True, False)


@pytest.mark.parametrize("code", [401, 403])
def test_credentials_that_are_refused_are_a_persons_to_mend_and_the_message_waits(code: int) -> None:
    error = refusal("JSON", http(code), URL)
    assert (error.permanent, error.denied) == (False, True)


@pytest.mark.parametrize("code", [404, 408, 409, 423, 425, 429, 500, 502, 503, 504, 599, 302])
def test_what_may_pass_is_neither(code: int) -> None:
    error = refusal("JSON", http(code), URL)
    assert (error.permanent, error.denied) == (False, False)


@pytest.mark.parametrize(
    ("codes", "permanent", "denied"),
    [([410, 400], True, False), ([410, 403], False, True), ([401, 503], False, False), ([410, 503], False, False)],
)
def test_of_several_answers_the_most_hopeful_decides(codes: list[int], *, permanent: bool, denied: bool) -> None:
    error = refusal("JSON", [http_answer(code) for code in codes], URL)
    assert (error.permanent, error.denied) == (permanent, denied)


def test_the_answer_of_a_service_is_part_of_the_error() -> None:
    error = refusal("Discord", http(404, '{"message": "Unknown Webhook",\n "code": 10015}'), URL)
    assert str(error) == (
        'Discord did not accept the message: HTTP 404 Not Found ({"message": "Unknown Webhook", "code": 10015})'
    )


def test_a_service_that_says_when_is_heard() -> None:
    assert refusal("Discord", http(429, '{"message": "limited", "retry_after": 64.57}'), URL).retry_after == 64.57
    assert refusal("JSON", http(429, "slow down"), URL).retry_after is None
    assert refusal("JSON", http(429, '{"retry_after": 5}', wait=30.0), URL).retry_after == 30
    assert refusal("JSON", [*http(429, wait=5.0), *http(429, wait=9.0), *http(500)], URL).retry_after == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            REFUSED,
            "[Errno 111] Connection refused",
        ),
        ("HTTPConnectionPool(host='hooks.example', port=80): Read timed out. (read timeout=4.0)", "Read timed out"),
        ("Connection unexpectedly closed: timed out", "Connection unexpectedly closed: timed out"),
    ],
)
def test_a_network_failure_is_told_in_a_few_words_and_may_pass(text: str, said: str) -> None:
    lines = [Line("WARNING", "A Connection error occurred."), Line("DEBUG", f"Socket Exception: {text}")]
    error = verdict("JSON", [], lines, URL)
    assert not error.permanent
    assert str(error) == f"JSON did not accept the message: {said}"


def test_one_answer_that_may_pass_keeps_the_message_alive() -> None:
    error = verdict("Chat", [http_answer(400, "gone"), http_answer(503, "later")], [], URL)
    assert not error.permanent
    assert "gone" in str(error)
    assert "later" in str(error)


def test_the_text_of_a_message_decides_nothing() -> None:
    lines = [
        Line("DEBUG", "JSON Payload: {'message': 'Socket Exception: (550, b'no') error=410.'}"),
        Line("DEBUG", "error=410."),
        Line("WARNING", "A Connection error occurred."),
    ]
    error = verdict("JSON", [], lines, URL)
    assert not error.permanent
    assert str(error) == "JSON did not accept the message: A Connection error occurred."


def test_silence_is_no_reason_to_give_up() -> None:
    error = verdict("JSON", [], [], URL)
    assert not error.permanent
    assert str(error) == "JSON did not accept the message: it gave no reason"


def test_an_answer_and_a_connection_that_broke_may_pass() -> None:
    lines = [Line("DEBUG", "Socket Exception: Read timed out. (read timeout=4.0)")]
    error = verdict("JSON", http(410), lines, URL)
    assert (error.permanent, error.denied) == (False, False)
    assert str(error) == "JSON did not accept the message: HTTP 410 Gone; Read timed out"


def test_a_status_without_a_name_is_told_by_its_number() -> None:
    assert http_answer(599).words == "HTTP 599"


# secrets


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (URL, "could not use T0KEN with s3cretpass and qu3rykey"),
        (URL, f"Unparseable URL {URL}"),
        (URL, r"answered b'no\ns3cretpass\nhere'"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazk", "An invalid Slack (first) Token (T1JJ3T3L2) was specified."),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "no 4174216298 JHMHI8qBe7bk2ZwO5U711o3dV_js"),
        ("mailtos://u%40x.example:p%23ssw0rd@mail.example", "login u@x.example p#ssw0rd p%23ssw0rd failed"),
        ("tgram://123456789:AbCdEf-GhIjKl/12315544/", "bot 123456789:AbCdEf-GhIjKl"),
        ("https://hooks.slack.com/services/T0/B0/aBcDeFgHiJ", "POST https://hooks.slack.com/services/T0/B0/aBcDeFgHiJ"),
    ],
)
def test_no_part_of_a_url_gets_out(url: str, text: str) -> None:
    shown = hidden(text, url)
    assert "***" in shown
    for secret in ("T0KEN", "s3cret", "qu3ry", "T1JJ", "4174", "JHMH", "ssw0rd", "12345", "AbCd", "aBcD"):
        assert secret not in shown


@pytest.mark.parametrize("before", range(60, 330, 10))
def test_no_secret_is_cut_in_two_and_so_missed(before: int) -> None:
    answer = http_answer(400, f"{'x' * before}:s3cretpass,{'y' * 500}")
    assert "s3c" not in str(refusal("Chat", [answer], "json://ann:s3cretpass@chat.example/"))


@pytest.mark.parametrize("login", ["ann:s3cretpass", "\0ann\0s3cretpass", "s3cretpass", "?>~s3cretpass"])
def test_a_login_as_it_was_sent_is_secret_too(login: str) -> None:
    for encoded in (b64encode(login.encode()), urlsafe_b64encode(login.encode())):
        for url in ("json://ann:s3cretpass@chat.example/", "mailtos://ann:s3cretpass@mail.example"):
            assert hidden(f'{{"auth":"Basic {encoded.decode()}"}}', url) == '{"auth":"Basic ***"}'


@pytest.mark.parametrize(
    "url",
    [
        "mailto://mail.example?from=watcher@a.example&to=desk@b.example",
        "mailtos://watcher:p%23ssw0rd@a.example/desk@b.example",
        "mailtos://p%23ssw0rd@mail.example?user=watcher@a.example&to=desk@b.example",
        "mailtos://watcher:x@p%23ssw0rd@a.example/desk@b.example",
        "mailto://mail.example?user=watcher&pass=p%23ssw0rd&to=desk@b.example",
    ],
)
def test_who_gets_a_mail_is_no_secret_but_the_password_is(url: str) -> None:
    assert hidden("Sent Email to desk@b.example", url) == "Sent Email to desk@b.example"
    if "ssw0rd" in url:
        assert "ssw0rd" not in hidden("535 p#ssw0rd p%23ssw0rd", url)


def test_the_name_of_the_host_is_no_secret() -> None:
    assert hidden("Failed to resolve 'hooks.example'", URL) == "Failed to resolve 'hooks.example'"


def test_a_reason_is_apprises_own_in_one_line() -> None:
    lines = [
        Line("TRACE", "JSON URL json://... unpacked"),
        Line("WARNING", "The method specified (foo) is invalid."),
        Line("ERROR", "Could not load JSON URL: json://u:p...p@h.example/x"),
    ]
    assert reason_of(lines, "json://h.example/?method=foo") == "The method specified (foo) is invalid."
    assert reason_of(lines[2:], "json://u:pp@h.example/x") == "Could not load JSON URL: json://***"
