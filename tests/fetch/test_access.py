"""What opens a feed, the limits of its own, what an answer's headers say, and walls against programs."""

from __future__ import annotations

import gzip
import logging
import re
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fetch.helpers import NOON, SMALL, StandingClock, fetching
from tests.servers import Reply, Server, drip, free_port, page, raw, redirect, status
from watcher.errors import FetchError
from watcher.fetch.challenge import wall
from watcher.fetch.limits import Limits
from watcher.model import Access, FetchRequest, Response

CERTIFICATE = Path(__file__).parents[1] / "data" / "loopback.pem"
FEED = b"<rss><channel><title>Invented</title></channel></rss>"
SECRET = "s3cret-t0ken"
OPENED = Access(headers=(("Authorization", f"Bearer {SECRET}"), ("X-Api-Key", f"{SECRET}-2")))


async def opened(url: str, access: Access = OPENED) -> Response:
    async with fetching(allow=("localhost",)) as fetcher:
        return await fetcher.fetch(FetchRequest(url=url, access=access))


async def refused(request: FetchRequest) -> FetchError:
    async with fetching(allow=("localhost",)) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(request)
    assert str(caught.value).isprintable()
    return caught.value


def credentials(server: Server) -> list[str | None]:
    """The X-Api-Key of each request, once Authorization was seen beside it or missing with it."""
    for request in server.requests:
        assert ("authorization" in request.headers) == ("x-api-key" in request.headers)
    return [request.headers.get("x-api-key") for request in server.requests]


# --- where what opens a feed goes -----------------------------------------------------------------


async def test_what_opens_a_feed_goes_to_its_origin_and_follows_redirects_within_it(server: Server) -> None:
    server["/a"], server["/b"] = redirect("/b", 301), page(FEED)
    response = await opened(server.url("/a"))
    assert response.body == FEED
    assert credentials(server) == [f"{SECRET}-2"] * 2
    assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert response.permanent_url == server.url("/b")


async def test_another_port_is_another_origin_and_gets_nothing(server: Server, other: Server) -> None:
    server["/a"], other["/b"] = redirect(other.url("/b"), 301), page(FEED)
    response = await opened(server.url("/a"))
    assert response.body == FEED
    assert credentials(other) == [None]
    assert response.permanent_url is None  # the move would lose what opens it


async def test_another_name_of_the_same_host_is_another_origin_and_gets_nothing(server: Server) -> None:
    server["/a"], server["/b"] = redirect(server.url("/b", host="localhost")), page(FEED)
    await opened(server.url("/a"))
    assert credentials(server) == [f"{SECRET}-2", None]


async def test_the_origin_gets_it_again_when_another_leads_back(server: Server, other: Server) -> None:
    server["/a"], other["/b"], server["/c"] = redirect(other.url("/b")), redirect(server.url("/c")), page(FEED)
    await opened(server.url("/a"))
    assert credentials(other) == [None]
    assert credentials(server) == [f"{SECRET}-2"] * 2


async def test_nothing_goes_down_from_https_to_http(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server["/feed"] = page(FEED)
    with Server(tls=context) as secure:
        secure["/a"] = redirect(server.url("/feed"), 301)
        response = await opened(secure.url("/a"))
        assert credentials(secure) == [f"{SECRET}-2"]
    assert response.permanent_url is None
    assert credentials(server) == [None]


async def test_a_feed_may_name_its_reader_otherwise_and_every_header_once(server: Server, other: Server) -> None:
    server["/a"], other["/b"] = redirect(other.url("/b")), page(FEED)
    await opened(server.url("/a"), Access(headers=(("user-agent", "Desk"), ("ACCEPT", "text/csv"))))
    assert server.requests[0].headers["user-agent"] == "Desk"
    assert server.requests[0].headers["accept"] == "text/csv"
    assert other.requests[0].headers["user-agent"].startswith("watcher/")


async def test_a_header_goes_before_the_credentials_in_a_url(server: Server) -> None:
    server["/feed"] = page(FEED)
    await opened(server.url("/feed").replace("//", "//me:other@"))
    assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Proxy-Authorization"])
async def test_a_header_that_would_break_the_protocol_is_not_sent(server: Server, name: str) -> None:
    error = await refused(FetchRequest(url=server.url("/feed"), access=Access(headers=((name, SECRET),))))
    assert error.kind == "forbidden"
    assert f"the header {name} is the watcher's own to set" in str(error)
    assert SECRET not in str(error)
    assert server.connections == 0


# --- what is told of it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        status(401),
        status(403),
        status(500),
        raw(b""),
        raw(b"nonsense\r\n\r\n"),
        redirect("/feed"),
        redirect("http://["),
    ],
    ids=["401", "403", "500", "nothing", "nonsense", "circle", "no URL"],
)
async def test_no_error_and_no_log_shows_what_opens_a_feed(
    server: Server, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server["/feed"] = reply
    url = server.url("/feed?key=in-the-url").replace("//", f"//me:{SECRET}@")
    error = await refused(FetchRequest(url=url, access=OPENED))
    assert "in-the-url" not in str(error)
    told: BaseException | None = error
    while told is not None:
        assert SECRET not in str(told)
        told = told.__cause__
    assert SECRET not in caplog.text
    assert SECRET not in repr(OPENED)


async def test_no_error_shows_it_when_nobody_listens() -> None:
    error = await refused(FetchRequest(url=f"http://127.0.0.1:{free_port()}/?k={SECRET}", access=OPENED))
    assert SECRET not in str(error)


async def test_what_is_no_url_is_told_without_the_credentials_in_it() -> None:
    error = await refused(FetchRequest(url=f"http://me:{SECRET}@[::1/feed?k={SECRET}"))
    assert error.kind == "protocol"
    assert SECRET not in str(error)


async def test_a_refusal_elsewhere_says_that_nothing_was_sent_there(server: Server, other: Server) -> None:
    server["/a"], other["/b"] = redirect(other.url("/b"), 301), status(401)
    error = await refused(FetchRequest(url=server.url("/a"), access=OPENED))
    assert "what opens the feed is sent to the origin of its `url:` only" in str(error)
    assert error.status == 401


# --- limits of its own ----------------------------------------------------------------------------


async def test_a_feed_may_have_less_or_more_time_than_others(server: Server) -> None:
    server["/feed"] = drip(b"abc", every=0.2)
    error = await refused(FetchRequest(url=server.url("/feed"), timeout=0.3))
    assert (error.kind, "within 0.3 s" in str(error)) == ("timeout", True)
    async with fetching(total=0.3) as fetcher:
        assert (await fetcher.fetch(FetchRequest(url=server.url("/feed"), timeout=60))).body == b"abc"


async def test_a_feed_may_be_smaller_or_larger_than_others(server: Server) -> None:
    body = b"x" * (3 << 20)
    server["/feed"] = page(body, compress=True)
    server["/plain"] = page(body)
    error = await refused(FetchRequest(url=server.url("/feed"), max_size=1024))
    assert (error.kind, "larger than 1 KiB" in str(error)) == ("too-large", True), str(error)
    async with fetching() as fetcher:
        for path in ("/feed", "/plain"):
            assert (await fetcher.fetch(FetchRequest(url=server.url(path), max_size=3 << 20))).body == body


def test_limits_of_its_own_leave_the_others_as_they_are() -> None:
    assert SMALL.of(FetchRequest(url="http://a.example/")) is SMALL
    ours = SMALL.of(FetchRequest(url="http://a.example/", timeout=9, max_size=7))
    assert ours == replace(SMALL, total=9, wire=7, decoded=7)
    assert Limits().of(FetchRequest(url="", max_size=7)).total == 60


# --- headers --------------------------------------------------------------------------------------


async def test_every_link_of_an_answer_is_kept(server: Server) -> None:
    links = b'Link: </feed>; rel="alternate"; type="application/rss+xml"\r\nLINK: <https://hub.example/>; rel=hub\r\n'
    server["/page"] = raw(b"HTTP/1.1 200 OK\r\n" + links + b"Content-Length: 0\r\n\r\n")
    response = await opened(server.url("/page"))
    expected = '</feed>; rel="alternate"; type="application/rss+xml", <https://hub.example/>; rel=hub'
    assert response.headers["link"] == expected


async def test_a_header_in_whatever_encoding_is_text(server: Server) -> None:
    server["/feed"] = raw("HTTP/1.1 200 OK\r\nX-A: né\r\n".encode() + b"X-B: n\xe9\r\nContent-Length: 0\r\n\r\n")
    headers = (await opened(server.url("/feed"))).headers
    assert (headers["x-a"], headers["x-b"]) == ("né", "né")


# --- how long to wait -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("-5", 0),
        ("99999999999", 24 * 3600),
        ("9" * 400, None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        ("1.5", 1.5),
        ("Mon, 02 Nov 2026 12:01:30 GMT", 60),
        ("Mon, 02 Nov 2020 12:01:30 GMT", 0),
        ("Mon, 02 Nov 9999 12:01:30 GMT", 24 * 3600),
        ("Mon, 99 Nov 2026 99:99:99 GMT", None),
        ("inf", None),
        ("nan", None),
        ("\x1b[31m", None),
    ],
)
async def test_any_retry_after_is_a_wait_within_a_day_or_none(
    server: Server, code: int, value: str, seconds: float | None
) -> None:
    server["/feed"] = raw(f"HTTP/1.1 {code} No\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode())
    async with fetching(StandingClock(NOON + timedelta(seconds=30))) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url=server.url("/feed")))
    assert (caught.value.kind, caught.value.status, caught.value.retry_after) == ("status", code, seconds)


# --- walls ----------------------------------------------------------------------------------------

MOMENT = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>" + b"x" * 900


@pytest.mark.parametrize(
    ("code", "headers", "body", "whose"),
    [
        (403, {"cf-mitigated": "challenge", "server": "cloudflare"}, b"", "Cloudflare"),
        (503, {"server": "cloudflare"}, MOMENT, "Cloudflare"),
        (429, {"x-vercel-mitigated": "challenge"}, b"", "Vercel"),
        (403, {"server": "ddos-guard"}, b"", "DDoS-Guard"),
        (403, {"x-datadome": "protected"}, b"", "DataDome"),
        (401, {}, b'<script src="https://geo.captcha-delivery.com/c.js">', "DataDome"),
        (403, {}, b'<script src="/_Incapsula_Resource?x">', "Imperva"),
        (403, {"content-encoding": "gzip"}, gzip.compress(MOMENT, mtime=0), "Cloudflare"),
        (403, {}, b"<p>Verify you are human", "a captcha"),
        (403, {"server": "cloudflare"}, b"Forbidden", None),
        (401, {"server": "ddos-guard", "www-authenticate": "Basic"}, b"", None),
        (503, {"server": "ddos-guard"}, b"upstream", None),
        (429, {"server": "cloudflare"}, b"error code: 1015", None),
        (403, {"content-encoding": "gzip"}, b"never compressed, just a moment...", None),
    ],
)
def test_a_wall_is_known_by_its_headers_and_first_words(
    code: int, headers: dict[str, str], body: bytes, whose: str | None
) -> None:
    assert wall(code, headers, body) == whose


async def test_a_wall_is_no_outage_and_says_what_a_person_can_do(server: Server) -> None:
    server["/feed"] = raw(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n" % len(MOMENT) + MOMENT)
    error = await refused(FetchRequest(url=server.url("/feed")))
    assert (error.kind, error.status) == ("challenge", 403)
    assert "the server answered 403 Forbidden with a wall against programs (Cloudflare)" in str(error)
    assert "ask the site to let feed readers in, or look for another address of the feed" in str(error)


async def test_a_wall_may_say_how_long_to_wait(server: Server) -> None:
    server["/feed"] = status(429, retry_after="90", cf_mitigated="challenge")
    error = await refused(FetchRequest(url=server.url("/feed")))
    assert (error.kind, error.status, error.retry_after) == ("challenge", 429, 90)


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (403, "Forbidden"), (429, "Too Many Requests")])
async def test_refusals_without_a_wall_are_told_apart_by_their_status(server: Server, code: int, words: str) -> None:
    server["/feed"] = status(code, b"<p>No.")
    error = await refused(FetchRequest(url=server.url("/feed")))
    assert (error.kind, error.status) == ("status", code)
    assert re.search(rf"the server answered {code} {words}$", str(error))
