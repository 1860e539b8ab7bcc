"""A feed behind a proxy: what it can and cannot be used for."""

from __future__ import annotations

import base64
import gzip
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fetch.helpers import SMALL, StandingClock
from tests.fetch.names import Answers
from tests.fetch.proxies import Proxy
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
)
from watcher.errors import FetchError, Forbidden
from watcher.fetch.http import HttpFetcher
from watcher.fetch.limits import Limits
from watcher.guard import allowed_networks
from watcher.model import Access, FetchRequest, Response

CERTIFICATE = Path(__file__).parents[1] / "data" / "loopback.pem"
FEED = b"<rss><channel><title>Invented</title></channel></rss>"
QUICK = Limits(total=0.5, connect=0.3, pause=0, wire=1 << 20, decoded=2 << 20)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as proxy:
        yield proxy


async def through(
    proxy: str,
    url: str,
    *,
    allow: tuple[str, ...] = ("localhost",),
    names: Answers | None = None,
    limits: Limits = SMALL,
    headers: tuple[tuple[str, str], ...] = (),
    etag: str | None = None,
) -> Response:
    fetcher = HttpFetcher(limits=limits, allowed=allowed_networks(allow), clock=StandingClock(), resolver=names)
    try:
        access = Access(headers=headers, proxy=proxy)
        return await fetcher.fetch(FetchRequest(url=url, access=access, etag=etag))
    finally:
        await fetcher.aclose()


async def refused(proxy: str, url: str, **how: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await through(proxy, url, **how)  # type: ignore[arg-type]
    assert str(caught.value).isprintable()
    return caught.value


async def test_a_feed_is_read_through_a_tunnel_to_its_address(server: Server, proxy: Proxy) -> None:
    server["/feed"] = page(FEED, compress=True)
    response = await through(proxy.url, server.url("/feed", host="feeds.example"), names=Answers(["127.0.0.1"]))
    assert (response.status, response.body, response.url) == (200, FEED, f"http://feeds.example:{server.port}/feed")
    assert proxy.heads == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"]
    assert server.requests[0].headers["host"] == f"feeds.example:{server.port}"
    assert server.requests[0].headers["user-agent"].startswith("watcher/")


async def test_an_unchanged_feed_is_told_through_a_proxy_too(server: Server, proxy: Proxy) -> None:
    server["/feed"] = page(FEED)
    first = await through(proxy.url, server.url("/feed"))
    assert (await through(proxy.url, server.url("/feed"), etag=first.etag)).not_modified


async def test_tls_is_with_the_host_by_its_name_and_not_with_the_proxy(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with Server(tls=context) as secure:
        secure["/feed"] = page(FEED)
        good = await through(proxy.url, secure.url("/feed", host="localhost"), names=Answers(["127.0.0.1"]))
        error = await refused(proxy.url, secure.url("/feed", host="other.example"), names=Answers(["127.0.0.1"]))
    assert good.body == FEED
    assert names == ["localhost", "other.example"]
    assert error.kind == "tls"
    assert "the certificate is not accepted" in str(error)


async def test_a_proxy_is_given_its_user_and_password_and_the_host_is_not(server: Server, proxy: Proxy) -> None:
    server["/feed"] = page(FEED)
    await through(proxy.url.replace("//", "//me:pass%20word@"), server.url("/feed"), headers=(("X-Key", "k"),))
    told = base64.b64encode(b"me:pass word").decode()
    assert f"\r\nProxy-Authorization: Basic {told}\r\n" in proxy.heads[0]
    assert "X-Key" not in proxy.heads[0]
    assert "proxy-authorization" not in server.requests[0].headers
    assert server.requests[0].headers["x-key"] == "k"


# --- what it cannot be used for -------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.1"], ["169.254.169.254"], ["::ffff:192.168.0.1", "fd00::1"], ["64:ff9b::a9fe:a9fe"], ["127.0.0.1"]],
    ids=" ".join,
)
async def test_a_proxy_is_not_asked_for_a_private_address(server: Server, proxy: Proxy, answers: list[str]) -> None:
    error = await refused(proxy.url, server.url("/", host="inside.example"), allow=(), names=Answers(answers))
    assert isinstance(error, Forbidden)
    assert "not a public address" in str(error)
    assert proxy.heads == []


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "localhost", "127.1", "[::ffff:127.0.0.1]"])
async def test_a_proxy_is_not_asked_for_loopback_however_it_is_written(server: Server, proxy: Proxy, host: str) -> None:
    assert isinstance(await refused(proxy.url, server.url("/", host=host), allow=()), Forbidden)
    assert proxy.heads == []


async def test_of_a_mixed_answer_a_proxy_hears_of_the_allowed_address_only(server: Server, proxy: Proxy) -> None:
    server["/feed"] = page(FEED)
    names = Answers(["10.0.0.1", "127.0.0.1", "::ffff:10.0.0.2"])
    assert (await through(proxy.url, server.url("/feed", host="mixed.example"), names=names)).body == FEED
    assert [line.split()[1] for line in proxy.heads] == [f"127.0.0.1:{server.port}"]


async def test_a_name_cannot_be_rebound_at_the_proxy_since_it_hears_no_name(server: Server, proxy: Proxy) -> None:
    server["/a"], server["/b"] = redirect("/b"), page(FEED)
    names = Answers(["127.0.0.1"], ["10.0.0.1"])
    error = await refused(proxy.url, server.url("/a", host="rebound.example"), names=names)
    assert isinstance(error, Forbidden)
    assert "10.0.0.1 is not a public address" in str(error)
    assert [line.split()[1] for line in proxy.heads] == [f"127.0.0.1:{server.port}"]


async def test_a_redirect_into_the_own_network_is_not_followed_through_a_proxy(server: Server, proxy: Proxy) -> None:
    server["/a"] = redirect("http://192.168.0.1/")
    assert (await refused(proxy.url, server.url("/a"))).kind == "forbidden"
    assert len(proxy.heads) == 1


async def test_redirects_go_through_the_proxy_all_the_way(server: Server, proxy: Proxy) -> None:
    server["/a"] = redirect(server.url("/b", host="other.example"), 301)
    server["/b"] = page(FEED)
    response = await through(proxy.url, server.url("/a"), names=Answers(["127.0.0.1"]), headers=(("X-Key", "k"),))
    assert response.body == FEED
    assert response.permanent_url is None  # the move would lose what opens it
    assert len(proxy.heads) == 2
    assert "x-key" not in server.requests[1].headers


# --- proxies that refuse --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (407, "the proxy answered 407 Proxy Authentication Required: it wants a user and a password"),
        (403, "the proxy answered 403 Forbidden: it does not let us there"),
        (502, "the proxy answered 502 Bad Gateway: it reaches nobody there"),
        (599, "the proxy answered 599"),
    ],
)
async def test_a_proxy_that_refuses_is_told_as_such(server: Server, code: int, words: str) -> None:
    with Proxy(code=code) as proxy:
        error = await refused(proxy.url.replace("//", "//me:s3cret@"), server.url("/feed"))
    assert (error.kind, error.status) == ("proxy", code)
    assert words in str(error)
    assert "s3cret" not in str(error)
    assert str(proxy.port) not in str(error)


@pytest.mark.parametrize(
    "answer",
    [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000, b"HTTP/1.1 200"],
)
async def test_what_is_no_proxy_is_told_as_such(server: Server, answer: bytes) -> None:
    with Proxy(answer=answer) as proxy:
        error = await refused(proxy.url, server.url("/feed"))
    assert error.kind == "proxy"
    assert "not that of a proxy" in str(error)


async def test_a_proxy_where_nobody_listens_is_told_without_its_address(server: Server) -> None:
    port = free_port()
    error = await refused(f"http://me:s3cret@127.0.0.1:{port}", server.url("/feed"))
    assert (error.kind, str(error)) == ("proxy", f"{server.url('/feed')}: no connection to the proxy")


async def test_a_proxy_whose_name_does_not_resolve_is_told(server: Server) -> None:
    error = await refused("http://proxy.invalid:3128", server.url("/feed"))
    assert error.kind == "proxy"
    assert "the name of the proxy does not resolve" in str(error)


async def test_a_proxy_that_says_nothing_is_given_up(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = await refused(
            f"http://127.0.0.1:{silent.getsockname()[1]}", server.url("/feed"), limits=replace(SMALL, connect=0.3)
        )
    assert error.kind == "timeout"
    assert "no connection through the proxy within 0.3 s" in str(error)


async def test_what_is_no_proxy_url_is_refused_without_it(server: Server) -> None:
    error = await refused("socks5://me:s3cret@proxy.example:1080", server.url("/feed"))
    assert error.kind == "proxy"
    assert "http://user:password@host:port" in str(error)
    assert "s3cret" not in str(error)


async def test_of_two_addresses_the_one_that_the_proxy_reaches_is_taken(server: Server, proxy: Proxy) -> None:
    server["/feed"] = page(FEED)
    names = Answers(["::1", "127.0.0.1"])
    response = await through(proxy.url, server.url("/feed", host="two.example"), names=names)
    assert response.body == FEED
    assert [line.split()[1] for line in proxy.heads] == [f"[::1]:{server.port}", f"127.0.0.1:{server.port}"]


# --- servers that behave badly behind it ----------------------------------------------------------

BAD: dict[str, tuple[Reply, str]] = {
    "cut short": (truncated(FEED), "truncated"),
    "chunks without an end": (broken_chunks(FEED), "truncated"),
    "reset": (reset(), "reset"),
    "reset within": (reset(head(200, {"Content-Length": "100"}) + b"abc"), "truncated"),
    "nothing": (raw(b""), "reset"),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), "protocol"),
    "endless": (endless(), "too-large"),
    "two lengths": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "protocol"),
    "bomb": (bomb(1 << 25), "too-large"),
    "brotli": (page(b"abc", headers={"Content-Encoding": "br"}), "encoding"),
    "gzip that ends early": (page(gzip.compress(FEED)[:-4], headers={"Content-Encoding": "gzip"}), "truncated"),
    "too large headers": (huge_headers(80_000), "too-large"),
    "endless headers": (huge_headers(), "too-large"),
    "103 storm": (raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100_000), "too-large"),
    "tiny chunks": (raw(head(200, {"Transfer-Encoding": "chunked"}) + b"1\r\nx\r\n" * 60_000), "too-large"),
    "not found": (status(404), "status"),
    "drip": (drip(b"x" * 1000), "timeout"),
    "hang": (hang(), "timeout"),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_answer_through_a_proxy_is_an_error_of_its_kind(server: Server, proxy: Proxy, case: str) -> None:
    server["/feed"], kind = BAD[case]
    limits = QUICK if kind == "timeout" else SMALL
    assert (await refused(proxy.url, server.url("/feed"), limits=limits)).kind == kind
