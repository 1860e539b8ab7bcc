"""Webhooks against a real server on loopback that answers as badly as it is told to."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.alerts import alert, told
from tests.servers import (
    Reply,
    Server,
    bomb,
    broken_chunks,
    drip,
    endless,
    free_port,
    hang,
    huge_headers,
    page,
    raw,
    redirect,
    reset,
    status,
)
from watcher.deliver import check, open_sender
from watcher.deliver.webhook import WebhookSender, signature, target
from watcher.errors import SendError
from watcher.model import ChannelName, ChannelSpec, Message
from watcher.render import Document, render

CERTIFICATE = Path(__file__).parents[1] / "data" / "loopback.pem"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECRET = "a-secret-of-more-than-24-bytes"
LOCAL = ("localhost",)


def spec_of(url: str) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url)


def opened(url: str, *, timeout: float = 5, allow: Sequence[str] = LOCAL) -> WebhookSender:
    return WebhookSender(spec_of(url), timeout=timeout, allow_private=allow, now=lambda: NOON)


def message() -> Message:
    return render(alert(told(title="Größe: 地震")), Document(), spec_of("webhook://x/"))


def refused(sender: WebhookSender) -> SendError:
    with pytest.raises(SendError) as caught:
        sender.send(message())
    return caught.value


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        one["/hook"] = page(b"thanks")
        yield one


def at(server: Server, path: str = "/hook", login: str = "") -> str:
    return server.url(path).replace("http://", f"webhook://{login}")


def test_the_document_arrives_with_its_key_and_who_sends_it(server: Server) -> None:
    receipt = opened(at(server)).send(message())
    (request,) = server.asked("/hook")
    assert (request.method, request.body.decode()) == ("POST", message().payload)
    assert json.loads(request.body)["items"][0]["title"] == "Größe: 地震"
    key = message().key
    said = {name: request.headers[name] for name in ("webhook-id", "idempotency-key", "x-watcher-alert")}
    assert set(said.values()) == {key}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("watcher/")
    assert request.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert "webhook-signature" not in request.headers
    assert "authorization" not in request.headers
    assert receipt.detail == "HTTP 200 OK (thanks)"


def test_it_is_signed_over_id_time_and_body(server: Server) -> None:
    opened(at(server, f"/hook?secret={SECRET}")).send(message())
    (request,) = server.asked("/hook")
    signed = f"{message().key}.{int(NOON.timestamp())}.".encode() + request.body
    code = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{code}"


def test_the_example_of_standard_webhooks_has_its_signature() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == expected


@pytest.mark.parametrize("secret", [SECRET, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_the_example_in_the_documents_verifies_a_request_and_no_other(server: Server, secret: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to-webhook.md").read_text("utf-8")
    names: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], names)
    WebhookSender(spec_of(at(server, f"/hook?secret={secret}")), timeout=5, allow_private=LOCAL).send(message())
    (request,) = server.asked("/hook")
    assert names["verified"](request.headers, request.body, secret)
    assert not names["verified"](request.headers, request.body + b" ", secret)
    assert not names["verified"](request.headers, request.body, secret[:-4] + "AAAA")
    assert not names["verified"]({**request.headers, "webhook-id": "other"}, request.body, secret)
    assert not names["verified"]({**request.headers, "webhook-timestamp": "1614265330"}, request.body, secret)


def test_a_secret_in_base64_is_the_bytes_it_stands_for(server: Server) -> None:
    whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert target(f"webhook://hooks.example/?secret={whsec}").secrets == (base64.b64decode(whsec[6:]),)


def test_while_a_secret_is_changed_both_sign(server: Server) -> None:
    opened(at(server, f"/hook?secret={SECRET}&secret={SECRET}-new")).send(message())
    both = server.asked("/hook")[0].headers["webhook-signature"].split(" ")
    assert [one[:3] for one in both] == ["v1,", "v1,"]
    assert len(set(both)) == 2


def test_the_secret_is_not_sent_and_the_rest_of_the_query_is(server: Server) -> None:
    opened(at(server, f"/hook?room=a%20b&secret={SECRET}&x=1")).send(message())
    assert server.requests[0].path == "/hook?room=a%20b&x=1"


def test_a_login_is_basic_authentication(server: Server) -> None:
    opened(at(server, login="ana:p%40ss%3A@")).send(message())
    assert server.requests[0].headers["authorization"] == "Basic " + base64.b64encode(b"ana:p@ss:").decode()


@pytest.mark.parametrize("code", [200, 201, 202, 204, 206])
def test_any_2xx_is_acceptance(server: Server, code: int) -> None:
    server["/hook"] = status(code)
    assert opened(at(server)).send(message()).detail.startswith(f"HTTP {code}")


@pytest.mark.parametrize(
    ("code", "permanent", "denied"),
    [
        (400, True, False),
        (401, False, True),
        (403, False, True),
        (404, False, False),
        (410, True, False),
        (413, True, False),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_another_status_decides_whether_to_try_again(
    server: Server, code: int, *, permanent: bool, denied: bool
) -> None:
    server["/hook"] = status(code, b"not\ntoday \x1b[2J")
    error = refused(opened(at(server)))
    assert (error.permanent, error.denied) == (permanent, denied)
    assert str(error).startswith(f"127.0.0.1 did not accept the message: HTTP {code} ")
    assert str(error).endswith("(not today [2J)")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Server, code: int) -> None:
    server["/hook"] = redirect("/elsewhere", code)
    error = refused(opened(at(server)))
    assert f"HTTP {code} " in str(error)
    assert not error.permanent
    assert server.count("/elsewhere") == 0


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("30", 30),
        ("-5", 0),
        ("999999999999", 86400),
        ("Mon, 02 Nov 2026 12:00:10 GMT", 10),
        ("Mon, 02 Nov 2020 12:00:00 GMT", 0),
        ("soon", None),
    ],
)
@pytest.mark.parametrize("code", [429, 503])
def test_a_wait_that_is_asked_for_is_told(server: Server, code: int, asked: str, seconds: float | None) -> None:
    server["/hook"] = status(code, retry_after=asked)
    assert refused(opened(at(server))).retry_after == seconds


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (hang(), "no answer within 0.5 s"),
        (reset(), "connection"),
        (reset(b"HTTP/1.1 200 OK\r\n"), "connection"),
        (raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "the answer is not HTTP (BadStatusLine)"),
        (raw(b""), "the connection was closed without an answer"),
        (huge_headers(), "the answer is not HTTP"),
    ],
)
def test_an_answer_that_is_none_may_pass(server: Server, reply: Reply, words: str) -> None:
    server["/hook"] = reply
    error = refused(opened(at(server), timeout=0.5 if "0.5 s" in words else 60))
    assert not error.permanent
    assert words in str(error)


@pytest.mark.parametrize("reply", [endless(), drip(b"x" * 10000), bomb(1 << 26), broken_chunks(b"ok")])
def test_once_the_status_says_accepted_the_rest_does_not_matter(server: Server, reply: Reply) -> None:
    server["/hook"] = reply
    assert opened(at(server), timeout=20).send(message()).detail.startswith("HTTP 200 OK")


def test_a_status_that_drips_is_given_up_in_time(server: Server) -> None:
    server["/hook"] = _dripping_head
    assert "no answer within 0.6 s" in str(refused(opened(at(server), timeout=0.6)))


async def _dripping_head(_request: Any, writer: Any) -> None:
    for _ in range(1200):
        writer.write(b"H")
        await writer.drain()
        await asyncio.sleep(0.05)


def test_nobody_at_the_other_end_may_pass() -> None:
    error = refused(opened(f"webhook://127.0.0.1:{free_port()}/"))
    assert not error.permanent
    assert str(error) == "127.0.0.1 did not accept the message: connection refused"


# TLS


@pytest.fixture
def secure() -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Server(tls=context) as one:
        one["/hook"] = page(b"thanks")
        yield one


def test_over_tls_with_a_certificate_that_is_trusted(secure: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    opened(secure.url("/hook").replace("https://", "webhooks://")).send(message())
    assert secure.asked("/hook")[0].headers["host"] == secure.url().split("/")[2]


def test_a_certificate_nobody_vouches_for_is_not_accepted(secure: Server) -> None:
    error = refused(opened(secure.url("/hook").replace("https://", "webhooks://")))
    assert "the certificate is not accepted (self" in str(error)
    assert not error.permanent
    assert secure.count("/hook") == 0


def test_a_server_without_tls_is_told(server: Server) -> None:
    error = refused(opened(server.url("/hook").replace("http://", "webhooks://")))
    assert "no TLS with this server" in str(error)


# addresses


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "[fe80::1]", "169.254.169.254"]
)
def test_an_address_that_is_not_public_is_refused_before_anything_is_sent(host: str) -> None:
    said = check(spec_of(f"webhook://{host}/"))
    assert said is not None
    assert "not a public address" in said
    assert check(spec_of(f"webhook://{host}/"), allow_private=["0.0.0.0/0", "::/0"]) is None


def test_a_name_that_leads_to_a_private_address_is_not_connected_to(server: Server) -> None:
    url = server.url("/hook", host="localhost").replace("http://", "webhook://")
    assert check(spec_of(url)) is None
    error = refused(opened(url, allow=()))
    assert (error.permanent, error.denied) == (False, True)
    assert str(error).startswith("localhost was not asked: ")
    assert "not a public address" in str(error)
    assert server.requests == []
    opened(url).send(message())


def test_a_name_that_changes_its_address_is_checked_each_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["127.0.0.1", "127.0.0.2", "::ffff:127.0.0.2"]

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        address = answers.pop(0)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 0, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = server.url("/hook", host="rebind.example").replace("http://", "webhook://")
    sender = opened(url, allow=("127.0.0.1/32",))
    sender.send(message())
    for carried in ("127.0.0.2", "::ffff:127.0.0.2"):
        error = refused(sender)
        assert error.denied
        assert carried in str(error)
    assert server.count("/hook") == 1


def test_of_several_addresses_the_first_that_is_allowed_and_answers_is_taken(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = free_port()

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        places = [("10.0.0.1", port), ("127.0.0.1", dead), ("127.0.0.1", port)]
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in places]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    opened(server.url("/hook", host="many.example").replace("http://", "webhook://")).send(message())
    assert server.count("/hook") == 1


def test_a_look_up_that_never_ends_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60))
    assert "no answer within 0.2 s" in str(refused(opened("webhook://slow.example/", timeout=0.2)))
    over.set()


def test_a_name_that_does_not_exist_may_pass() -> None:
    error = refused(opened("webhook://nothing.invalid/"))
    assert not error.permanent
    assert "nothing.invalid did not accept the message: the name does not resolve" in str(error)


# what cannot be used


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("webhook:///path", "the URL names no host"),
        ("webhook://hooks.example:99999/", "the URL cannot be read: Port out of range 0-65535"),
        ("webhook://hooks.example:25/", "port 25 belongs to another service than HTTP"),
        ("webhook://[::1/", "the URL cannot be read: Invalid IPv6 URL"),
        ("webhook://größe.example/", "write the host's name as the network has it, beginning with xn--"),
        (f"webhook://{'a' * 70}.example/", "the URL cannot be read: "),
        ("webhooks://hooks.example/?secret=short", "the secret has 5 bytes; it must have 24 or more"),
        ("webhooks://hooks.example/?secret=", "the secret has 0 bytes"),
        ("webhooks://hooks.example/?secret=whsec_!!", "what stands behind whsec_ in the secret is not base64"),
        ("webhooks://hooks.example/?secret=abc#def", "a `#` ends what is sent; write it as %23"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_at_load(url: str, reason: str) -> None:
    said = check(spec_of(url))
    assert said is not None
    assert said.startswith(reason)
    with pytest.raises(SendError) as caught:
        opened(url)
    assert caught.value.permanent


@given(st.text(max_size=60))
def test_whatever_a_url_holds_it_is_one_request_line(text: str) -> None:
    try:
        to = target(f"webhook://hooks.example/{text}")
    except SendError:
        return
    assert to.host == "hooks.example"
    assert to.path.isascii()
    assert to.path.isprintable()
    assert " " not in to.path


# secrets


def test_nothing_secret_is_said_or_shown(server: Server) -> None:
    url = at(server, f"/T0KENpath?key=qu3rykey&secret={SECRET}", login="ana:s3cretpass@")
    server["/T0KENpath"] = status(500, f"T0KENpath s3cretpass qu3rykey {SECRET}".encode())
    sender = opened(url)
    said = [str(refused(sender)), repr(sender), repr(sender._target), sender.shown(message())]
    server["/T0KENpath"] = page(f"T0KENpath {SECRET}".encode())
    said.append(sender.send(message()).detail)
    for secret in ("T0KEN", "s3cretpass", "qu3rykey", SECRET):
        assert secret not in " ".join(said)


def test_what_is_shown_is_the_request_and_the_document(server: Server) -> None:
    shown = opened(at(server, f"/hook?secret={SECRET}")).shown(message())
    head, _, body = shown.partition("\n\n")
    assert head.splitlines() == [
        f"POST {server.url('')}/...",
        f"webhook-id: {message().key}",
        "webhook-signature: v1,...",
    ]
    assert json.loads(body) == json.loads(message().payload)


def test_the_operators_networks_reach_the_sender(server: Server) -> None:
    sender = open_sender(spec_of(at(server)), stream=io.StringIO(), environ={}, allow_private=LOCAL)
    sender.send(message())
    assert server.count("/hook") == 1
