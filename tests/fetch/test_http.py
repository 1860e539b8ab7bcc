"""The HTTP fetcher against a real server, good and bad."""

from __future__ import annotations

import asyncio
import base64
import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvloop
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.fetch.helpers import NOON, SMALL, StandingClock, failure, fetching, get
from tests.servers import (
    Reply,
    Server,
    bomb,
    broken_chunks,
    drip,
    endless,
    free_port,
    hang,
    head,
    huge_headers,
    page,
    raw,
    redirect,
    reset,
    status,
    truncated,
    turns,
)
from watcher import __version__
from watcher.errors import FetchError, Forbidden, UsageError
from watcher.fetch import Limits, open_fetcher
from watcher.fetch.connect import attempt, open_session
from watcher.guard import allowed_networks
from watcher.model import FetchRequest

CERTIFICATE = Path(__file__).parents[1] / "data" / "loopback.pem"
FEED = b"<rss><channel><title>Invented</title></channel></rss>"


# --- what goes well -------------------------------------------------------------------------------


async def test_a_feed_arrives_whole_with_its_validators(server: Server) -> None:
    server["/feed"] = page(FEED, last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
    response = await get(server.url("/feed#top"))
    assert (response.status, response.body, response.url) == (200, FEED, server.url("/feed"))
    assert response.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert response.etag == response.headers["etag"]
    assert response.last_modified == "Mon, 02 Nov 2026 10:00:00 GMT"
    assert response.permanent_url is None


async def test_an_unchanged_feed_is_told_by_its_etag(server: Server) -> None:
    server["/feed"] = page(FEED)
    async with fetching() as fetcher:
        first = await fetcher.fetch(FetchRequest(url=server.url("/feed")))
        again = await fetcher.fetch(FetchRequest(url=server.url("/feed"), etag=first.etag, last_modified="long ago"))
    assert again.not_modified
    assert again.body == b""
    assert again.etag == first.etag
    assert server.requests[1].headers["if-none-match"] == first.etag
    assert server.requests[1].headers["if-modified-since"] == "long ago"


async def test_an_unchanged_feed_is_told_by_its_date(server: Server) -> None:
    date = "Mon, 02 Nov 2026 10:00:00 GMT"
    server["/feed"] = page(FEED, etag=False, last_modified=date)
    async with fetching() as fetcher:
        response = await fetcher.fetch(FetchRequest(url=server.url("/feed"), last_modified=date))
    assert response.not_modified
    assert response.last_modified == date


async def test_requests_say_who_asks_and_what_is_understood(server: Server) -> None:
    server["/feed"] = page(FEED)
    async with fetching(contact="news@example.org") as fetcher:
        await fetcher.fetch(FetchRequest(url=server.url("/feed")))
    headers = server.requests[0].headers
    assert headers["user-agent"] == f"watcher/{__version__} (+news@example.org)"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "if-none-match" not in headers


@pytest.mark.parametrize(
    "value", [b'"\xff\xfe"', '"é"'.encode(), b'"' + b"x" * 2000 + b'"', b"\xed\xa0\x80", b'"a\tb"']
)
async def test_a_validator_that_cannot_be_sent_back_is_not_kept(server: Server, value: bytes) -> None:
    reply = b"HTTP/1.1 200 OK\r\nETag: %b\r\nLast-Modified: %b\r\nContent-Length: 2\r\n\r\nhi" % (value, value)
    server["/feed"] = raw(reply)
    response = await get(server.url("/feed"))
    assert (response.body, response.etag, response.last_modified) == (b"hi", None, None)


async def test_cookies_are_not_kept(server: Server) -> None:
    server["/feed"] = page(FEED, headers={"Set-Cookie": "id=7; Path=/"})
    async with fetching() as fetcher:
        for _ in range(2):
            response = await fetcher.fetch(FetchRequest(url=server.url("/feed")))
    assert "cookie" not in server.requests[1].headers
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_a_compressed_feed_is_inflated(server: Server, encoding: str, encode: Callable[[bytes], bytes]) -> None:
    server["/feed"] = page(encode(FEED * 1000), headers={"Content-Encoding": encoding})
    response = await get(server.url("/feed"))
    assert response.body == FEED * 1000
    assert "content-encoding" not in response.headers


async def test_a_chunked_feed_arrives_whole(server: Server) -> None:
    chunked = head(200, {"Transfer-Encoding": "chunked"}) + b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    server["/feed"] = raw(chunked)
    assert (await get(server.url("/feed"))).body == b"abcdefg"


async def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    server["/feed"] = page(FEED)
    assert (await get(server.url("/feed"))).body == FEED


async def test_feeds_of_one_host_that_wait_share_a_connection(server: Server) -> None:
    server["/feed"] = page(FEED)
    async with fetching() as fetcher:
        await asyncio.gather(*(fetcher.fetch(FetchRequest(url=server.url("/feed"))) for _ in range(5)))
    assert server.count("/feed") == 5
    assert server.connections == 1


async def test_a_lonely_feed_leaves_no_connection_open(server: Server) -> None:
    server["/feed"] = page(FEED)
    await get(server.url("/feed"))
    assert server.requests[0].headers["connection"] == "close"


# --- redirects and credentials --------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 308])
async def test_the_leading_permanent_redirects_tell_the_new_url(server: Server, code: int) -> None:
    server["/a"], server["/b"], server["/c"] = redirect("/b", code), redirect("/c", 301), redirect("/d", 302)
    server["/d"] = page(FEED)
    response = await get(server.url("/a"))
    assert (response.url, response.body) == (server.url("/d"), FEED)
    assert response.permanent_url == server.url("/c")


@pytest.mark.parametrize("code", [302, 303, 307])
async def test_a_temporary_redirect_moves_nothing(server: Server, code: int) -> None:
    server["/a"], server["/b"], server["/c"] = redirect("/b", code), redirect("/c", 301), page(FEED)
    response = await get(server.url("/a"))
    assert response.url == server.url("/c")
    assert response.permanent_url is None


async def test_five_redirects_are_followed_and_not_one_more(server: Server) -> None:
    for n in range(6):
        server[f"/{n}"] = redirect(f"/{n + 1}")
    server["/6"] = page(FEED)
    assert (await get(server.url("/1"))).body == FEED
    error = await failure(server.url("/0"))
    assert error.kind == "redirect"
    assert "more than 5 redirects" in str(error)


async def test_a_redirect_body_is_not_read(server: Server) -> None:
    body = head(302, {"Location": "/feed", "Content-Length": str(1 << 30), "Content-Encoding": "br"}) + b"x" * 1000
    server["/a"], server["/feed"] = raw(body), page(FEED)
    assert (await get(server.url("/a"))).body == FEED


async def test_credentials_go_to_their_origin_only(server: Server, other: Server) -> None:
    server["/a"], server["/b"] = redirect("/b", 301), redirect(other.url("/c"), 301)
    other["/c"] = redirect(server.url("/d"), 301)
    server["/d"] = page(FEED)
    response = await get(server.url("/a").replace("//", "//me:pass%20word@"))
    expected = "Basic " + base64.b64encode(b"me:pass word").decode()
    assert [r.headers.get("authorization") for r in server.requests] == [expected] * 3
    assert "authorization" not in other.requests[0].headers
    assert "pass" not in response.url
    assert response.permanent_url is None  # the move would lose them


async def test_a_token_as_user_name_is_enough(server: Server) -> None:
    server["/feed"] = page(FEED)
    await get(server.url("/feed").replace("//", "//token@"))
    assert server.requests[0].headers["authorization"] == "Basic " + base64.b64encode(b"token:").decode()


async def test_an_error_shows_neither_credentials_nor_the_query(server: Server) -> None:
    error = await failure(server.url("/gone?token=hidden").replace("//", "//me:hidden@"))
    assert str(error) == f"{server.url('/gone')}: the server answered 404 Not Found"


@pytest.mark.parametrize(
    ("location", "kind", "words"),
    [
        ("/loop", "redirect", "in a circle, back to http://127.0.0.1"),
        ("http://me:secret@127.0.0.1/", "redirect", "a URL with credentials"),
        ("http://[::bad/", "redirect", "no URL"),
        ("http://xn--/", "redirect", "no URL"),
        ("http://xn--0.example/", "redirect", "no URL"),
        ("http://10.0.0.1/", "forbidden", "10.0.0.1 is not a public address (private use, RFC 1918)"),
        ("http://[::ffff:10.0.0.1]/", "forbidden", "carries 10.0.0.1"),
        ("http://[64:ff9b::a9fe:a9fe]/", "forbidden", "carries 169.254.169.254"),
        ("http://169.254.169.254/latest/meta-data/", "forbidden", "link local"),
        ("http://127.0.0.1:25/", "forbidden", "port 25"),
        ("file:///etc/passwd", "forbidden", "`file:` is not fetched"),
        ("ftp://example.org/", "forbidden", "`ftp:` is not fetched"),
    ],
)
async def test_a_redirect_to_a_bad_place_is_not_followed(server: Server, location: str, kind: str, words: str) -> None:
    server["/loop"] = redirect(location)
    error = await failure(server.url("/loop"))
    assert error.kind == kind
    assert words in str(error)
    assert "secret" not in str(error)
    assert server.count("/loop") == 1


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"])
async def test_loopback_is_refused_however_it_is_written(server: Server, host: str) -> None:
    error = await failure(server.url("/feed", host=host), allow=())
    assert isinstance(error, Forbidden)
    assert "127.0.0.1" in str(error) or "::1" in str(error)
    assert server.connections == 0


async def test_localhost_on_the_allow_list_may_be_asked_by_name(server: Server) -> None:
    server["/feed"] = page(FEED)
    assert (await get(server.url("/feed", host="localhost"), allow=("localhost",))).body == FEED


class Answers(AbstractResolver):
    """Answers each look-up with the next of these lists of addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.left = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self.left.pop(0)
        return [
            ResolveResult(hostname=host, host=a, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
            for a in addresses
        ]

    async def close(self) -> None:
        pass


def session(resolver: Answers) -> aiohttp.ClientSession:
    return open_session(SMALL, allowed_networks(["127.0.0.1"]), ssl.create_default_context(), resolver)


async def test_of_a_mixed_answer_only_the_allowed_address_is_connected_to(server: Server) -> None:
    server["/feed"] = page(FEED)
    names = Answers(["10.0.0.1", "127.0.0.1", "::ffff:10.0.0.2"])
    async with session(names) as client:
        with attempt(1 << 20) as connecting:
            async with client.get(server.url("/feed", host="mixed.example")) as response:
                assert await response.read() == FEED
    assert any(reason.startswith("10.0.0.1 is not a public address") for reason in connecting.refused)
    assert connecting.verdict is None


async def test_a_name_that_is_rebound_between_two_requests_is_refused(server: Server) -> None:
    server["/feed"] = page(FEED, headers={"Connection": "close"})
    async with session(Answers(["127.0.0.1"], ["192.168.0.1"])) as client:
        with attempt(1 << 20):
            async with client.get(server.url("/feed", host="rebound.example")) as response:
                await response.read()
        with attempt(1 << 20) as connecting, pytest.raises(aiohttp.ClientConnectorError):
            await client.get(server.url("/feed", host="rebound.example"), headers={"Connection": "close"})
    assert "192.168.0.1" in (connecting.verdict or "")


# --- what goes badly ------------------------------------------------------------------------------

BAD: dict[str, tuple[Reply, str, str]] = {
    "cut short": (truncated(FEED), "truncated", "the body ends before its end"),
    "cut short in gzip": (truncated(gzip.compress(FEED), content_encoding="gzip"), "truncated", "before its end"),
    "whole but gzip ends early": (
        page(gzip.compress(FEED)[:-9], headers={"Content-Encoding": "gzip"}),
        "truncated",
        "the compressed body ends before its end",
    ),
    "without its last chunk": (broken_chunks(FEED), "truncated", "the body ends before its end"),
    "reset at once": (reset(), "reset", "closed the connection without an answer"),
    "reset within": (reset(head(200, {"Content-Length": "100"}) + b"abc"), "truncated", "before its end"),
    "nothing": (raw(b""), "reset", "closed the connection without an answer"),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9.9\r\n"), "protocol", "not HTTP as we know it"),
    "endless": (endless(), "too-large", "larger than 1 MiB"),
    "too large by its own word": (truncated(b"", missing=2 << 20), "too-large", "larger than 1 MiB"),
    "absurd length": (raw(head(200, {"Content-Length": "9" * 30})), "protocol", "not HTTP as we know it"),
    "a length that is none": (raw(head(200, {"Content-Length": "-1"})), "protocol", "not HTTP as we know it"),
    "two lengths": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        "protocol",
        "not HTTP",
    ),
    "too large": (page(b"x" * ((1 << 20) + 1)), "too-large", "larger than 1 MiB"),
    "bomb": (bomb(1 << 27), "too-large", "larger than 2 MiB when decoded"),
    "brotli": (page(b"\x0b\x02\x80abc\x03", headers={"Content-Encoding": "br"}), "encoding", "encoded as `br`"),
    "nested": (page(FEED, headers={"Content-Encoding": "gzip, gzip"}), "encoding", "`gzip, gzip`"),
    "not gzip": (page(FEED, headers={"Content-Encoding": "gzip"}), "encoding", "damaged"),
    "too many headers": (huge_headers(), "too-large", "more than 256 headers"),
    "too large headers": (huge_headers(100_000), "too-large", "headers are larger than 64 KiB"),
    "one huge header": (raw(head(200, {"X-A": "x" * 70_000})), "too-large", "a header is larger than 64 KiB"),
    "not found": (status(404, b"x" * 100_000), "status", "404 Not Found"),
    "gone": (status(410), "status", "410 Gone"),
    "no content": (status(204), "status", "204 No Content"),
    "a part nobody asked for": (status(206, b"part"), "status", "206 Partial Content"),
    "unchanged, unasked": (status(304), "status", "304 Not Modified"),
    "a redirect to nowhere": (status(302), "status", "302 Found"),
    "an unknown status": (raw(b"HTTP/1.1 599 \x1b[31mred\r\nContent-Length: 0\r\n\r\n"), "status", "answered 599"),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_answer_is_an_error_of_its_kind_and_never_a_response(server: Server, case: str) -> None:
    server["/feed"], kind, words = BAD[case]
    error = await failure(server.url("/feed"))
    assert error.kind == kind
    assert words in str(error)
    assert str(error).startswith(server.url("/feed"))


@pytest.mark.parametrize("reply", [drip(b"x" * 1000), hang()], ids=["drip", "hang"])
async def test_a_slow_server_is_given_up_after_the_total_time(server: Server, reply: Reply) -> None:
    server["/feed"] = reply
    error = await failure(server.url("/feed"), total=0.3)
    assert error.kind == "timeout"
    assert "no whole answer within 0.3 s" in str(error)


async def test_redirects_share_the_total_time(server: Server) -> None:
    server["/a"], server["/b"] = redirect("/b"), hang()
    assert (await failure(server.url("/a"), total=0.3)).kind == "timeout"


async def test_the_next_fetch_works_whatever_happened(server: Server) -> None:
    twice = (reset(), reset())  # aiohttp asks once more after a reset (RFC 9112 section 9.3.1)
    server["/feed"] = turns(truncated(FEED), *twice, drip(FEED), endless(), page(FEED))
    async with fetching(total=2) as fetcher:
        for _ in range(4):
            with pytest.raises(FetchError):
                await fetcher.fetch(FetchRequest(url=server.url("/feed")))
        assert (await fetcher.fetch(FetchRequest(url=server.url("/feed")))).body == FEED


async def test_one_slow_server_delays_no_other(server: Server, other: Server) -> None:
    server["/feed"], other["/feed"] = hang(), page(FEED)
    async with fetching() as fetcher:
        slow = [asyncio.create_task(fetcher.fetch(FetchRequest(url=server.url("/feed")))) for _ in range(60)]
        async with asyncio.timeout(60):
            await asyncio.sleep(0)
            assert (await fetcher.fetch(FetchRequest(url=other.url("/feed")))).body == FEED
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


async def test_nobody_listening_is_a_connect_error() -> None:
    port = free_port()
    error = await failure(f"http://127.0.0.1:{port}/")
    assert error.kind == "connect"
    assert f"no connection to 127.0.0.1:{port} (connection refused)" in str(error)


async def test_a_handshake_that_does_not_come_is_given_up_after_the_connect_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = await failure(f"https://127.0.0.1:{silent.getsockname()[1]}/", connect=0.2)
    assert error.kind == "timeout"
    assert "no connection within 0.2 s" in str(error)


async def test_a_name_that_cannot_exist_fails_at_once() -> None:
    began = time.monotonic()
    error = await failure("http://feeds.watcher.invalid/rss", connect=60)
    assert error.kind == "dns"
    assert "the name feeds.watcher.invalid does not resolve" in str(error)
    assert time.monotonic() - began < 30, "half of what a connection may take"


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://", "http://a:b:c/", "http://2130706433/", "http://\u2028/", "http://xn--/"]
)
async def test_what_is_no_url_is_an_error(url: str) -> None:
    assert (await failure(url)).kind in {"protocol", "forbidden"}


async def test_a_name_too_long_for_dns_is_an_error() -> None:
    assert (await failure(f"http://{'a' * 70}.example/")).kind == "dns"


# --- TLS ------------------------------------------------------------------------------------------


async def test_plain_http_behind_an_https_url_is_a_tls_error(server: Server) -> None:
    error = await failure(server.url("/feed").replace("http:", "https:"))
    assert error.kind == "tls"
    assert "no TLS with this server" in str(error)


@pytest.fixture
def secure() -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Server(tls=context) as server:
        yield server


async def test_a_certificate_nobody_vouches_for_is_refused(secure: Server) -> None:
    secure["/feed"] = page(FEED)
    error = await failure(secure.url("/feed"))
    assert error.kind == "tls"
    assert "the certificate is not accepted (self-signed certificate)" in str(error)
    assert secure.requests == []


async def test_a_certificate_the_operator_trusts_is_accepted(secure: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    secure["/feed"] = page(FEED)
    assert (await get(secure.url("/feed"))).body == FEED


async def test_a_certificate_for_another_name_is_refused(secure: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    error = await failure(secure.url("/feed", host="127.0.0.2"), allow=("localhost",))
    assert error.kind in {"tls", "connect"}  # not every system has 127.0.0.2


async def test_a_step_down_from_tls_is_followed_but_is_no_move(
    secure: Server, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    secure["/a"], secure["/b"] = redirect("/b", 301), redirect(server.url("/feed"), 301)
    server["/feed"] = page(FEED)
    response = await get(secure.url("/a"))
    assert response.url == server.url("/feed")
    assert response.permanent_url == secure.url("/b")


# --- waiting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "seconds"), [(429, "7", 7), (503, "120", 120), (429, None, None), (500, "7", None)]
)
async def test_a_busy_server_says_how_long_to_wait(
    server: Server, code: int, value: str | None, seconds: float | None
) -> None:
    server["/feed"] = status(code, retry_after=value)
    error = await failure(server.url("/feed"))
    assert (error.kind, error.status, error.retry_after) == ("status", code, seconds)


async def test_the_wait_until_a_date_is_counted_by_the_clock(server: Server) -> None:
    server["/feed"] = status(503, retry_after="Mon, 02 Nov 2026 12:01:30 GMT")
    async with fetching(StandingClock(NOON + timedelta(seconds=30))) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url=server.url("/feed")))
    assert caught.value.retry_after == 60


# --- both event loops -----------------------------------------------------------------------------


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_it_behaves_alike_under_both_event_loops(
    server: Server, run: Callable[[Coroutine[Any, Any, list[str]]], list[str]]
) -> None:
    server["/good"], server["/cut"], server["/reset"] = page(FEED, compress=True), truncated(FEED), reset()
    server["/slow"], server["/inside"] = drip(FEED), redirect("http://10.0.0.1/")
    urls = [server.url(path) for path in ("/good", "/cut", "/reset", "/slow", "/inside")]
    urls += ["http://x.invalid/", server.url("/good", host="localhost"), server.url("/").replace("http:", "https:")]

    async def outcomes() -> list[str]:
        async with fetching(total=2) as fetcher:
            kinds = []
            for url in [*urls, f"http://127.0.0.1:{free_port()}/"]:
                try:
                    kinds.append(str((await fetcher.fetch(FetchRequest(url=url))).status))
                except FetchError as error:
                    kinds.append(error.kind)
            return kinds

    expected = ["200", "truncated", "reset", "timeout", "forbidden", "dns", "200", "tls", "connect"]
    assert run(outcomes()) == expected


def test_a_contact_that_fits_no_header_is_refused() -> None:
    with pytest.raises(UsageError, match="contact"):
        open_fetcher(clock=StandingClock(), contact="a@example.org\r\nX: y")


async def test_a_scheme_nobody_serves_is_forbidden() -> None:
    error = await failure("gopher://example.org/")
    assert isinstance(error, Forbidden)
    assert "`gopher:` is not fetched" in str(error)


def test_the_shipped_limits_are_those_of_the_manual() -> None:
    limits = Limits()
    assert (limits.total, limits.connect, limits.redirects, limits.retry_after) == (60, 10, 5, 86400)
    assert (limits.wire, limits.decoded, limits.headers) == (10 << 20, 20 << 20, 64 << 10)
