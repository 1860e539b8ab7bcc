"""What each of Apprise's services is given: within its limit, and nothing in it that calls people or leads elsewhere.

tests/data/services.txt holds an invented URL for each service that is asked by HTTP and can be opened with one.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.deliver.drawing import Tags, drawn
from tests.render.alerts import alert, told
from watcher.deliver.apprise import COUNTS_BYTES, DRAWS_MARKDOWN, AppriseSender
from watcher.model import Alert, ChannelName, ChannelSpec
from watcher.render import render

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
URLS = (Path(__file__).parents[1] / "data" / "services.txt").read_text("utf-8").split()
MARK = "qzxmark"
CALLS = (
    "@everyone @here @channel @all @room <!here> <!channel> <@U1> <users/all> <at user_id='all'> @**all** {@all} "
    "(met)all(met)"
)
MARKUP = (
    "[bank](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example|bank> "
    "<a href='https://evil.example'>bank</a> <script>1</script> **b** _i_ `c` ~~s~~ ||d|| [bank][1] "
    "[1]: https://evil.example"
)
NAUGHTY = f"{MARK} {CALLS} {MARKUP} # head {{x}} ${{HOME}} %s \\n &amp; \u202e 地震 👩\u200d🚒 Ω≈ç√ \u0007\x1b[31m ';--"
ACTIVE = re.compile(
    r"@(?:everyone|here|channel|all|room)\b|<!(?:here|channel)|<@|<users/|<at |@\*\*|\(met\)|\]\(http|!\[x\]\(|<https?://evil"
    r"|<a [^>]*evil|<script|\]\[1\]|\]: http|\x1b|\u202e",
    re.IGNORECASE,
)
ANSWER = {
    "ok": True, "success": True, "id": "1", "status": "ok", "code": 0, "errcode": 0, "access_token": "t", "token": "t",
    "user_id": "@w:h", "home_server": "h", "room_id": "!r:h", "joined_rooms": ["!r:h"], "event_id": "e",
    "data": {"id": "1", "token": "x"}, "result": "ok", "expires_in": 3600, "error": 0, "messages": [{"status": "0"}],
    "message": "ok", "ret": 0, "errno": 0,
}  # fmt: skip


@dataclass
class Transport:
    """Below requests: keeps what would be sent, and answers what most services answer."""

    made: list[requests.PreparedRequest] = field(default_factory=list)

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        self.made.append(request)
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, request.url or ""
        response.headers["Content-Type"] = "application/json"
        response.raw = io.BytesIO(json.dumps(ANSWER).encode())
        return response

    def texts(self) -> list[str]:
        """Every text of every request in which the item is told."""
        return [text for request in self.made for text in _texts(request) if MARK in text]


def _texts(request: requests.PreparedRequest) -> Iterator[str]:
    parts = urlsplit(request.url or "")
    yield unquote(parts.path)
    for _, value in parse_qsl(parts.query):
        yield from _leaves(_as_json(value))
    body = request.body.decode("utf-8", "replace") if isinstance(request.body, bytes) else str(request.body or "")
    form = parse_qsl(body) if "x-www-form-urlencoded" in str(request.headers.get("Content-Type")) else []
    for text in [value for _, value in form] or [body]:
        yield from _leaves(_as_json(text))


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        inner = _as_json(value) if value[:1] in {"{", "["} else value
        yield from [value] if isinstance(inner, str | int) else _leaves(inner)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> Transport:
    kept = Transport()
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **_: kept.send(request))
    return kept


def naughty() -> Alert:
    return alert(*(told(f"i{n}", title=NAUGHTY, text=f"{NAUGHTY} quake. {'quake 地震 ' * 400}") for n in range(20)))


def sent(url: str) -> AppriseSender:
    spec = ChannelSpec(name=ChannelName("desk"), url=url)
    sender = AppriseSender(spec, 10)
    sender.send(render(naughty(), sender.medium, spec))
    return sender


def test_there_are_many_services_and_each_once_or_with_another_format() -> None:
    assert len(URLS) >= 120
    assert len(set(URLS)) == len(URLS)


@pytest.mark.parametrize("url", URLS, ids=[url.partition("://")[0] + "?" * ("?format" in url) for url in URLS])
def test_an_alert_of_naughty_strings_is_safe_and_fits(url: str, transport: Transport) -> None:
    sender = sent(url)
    service, name = sender._service, sender._name
    texts = transport.texts()
    assert texts
    for text in texts:
        assert not ACTIVE.search(text), text
    longest = max(len(text.encode() if name in COUNTS_BYTES else text) for text in texts)
    assert longest <= service.body_maxlen * GROWS.get(name, 1) + service.title_maxlen + 20


GROWS = {"Flock": 1.3}
"""Services whose plugin writes more than it is given."""


def of(*schemes: str) -> list[str]:
    return [url for url in URLS if url.partition("://")[0] in schemes and "?" not in url]


@pytest.mark.parametrize("url", of("mailgun", "postmark", "sendgrid", "tgram"))
def test_what_is_drawn_as_html_has_only_lines_and_its_own_link(url: str, transport: Transport) -> None:
    sent(url)
    for text in transport.texts():
        if "<" in text:
            seen = Tags(text)
            assert seen.tags <= {"br", "a"}
            assert {re.sub(r"/i\d+$", "", link) for link in seen.links} <= {"https://wire.example"}


@pytest.mark.parametrize("url", of("github", "mmost", "reddit", "webex", "zulip"))
def test_what_is_drawn_as_markdown_has_only_lines_and_quotations(url: str, transport: Transport) -> None:
    sent(url)
    body = max(transport.texts(), key=len)
    seen = drawn(body)
    assert seen.tags <= {"p", "br", "blockquote"}, seen.links


def test_the_services_that_draw_markdown_in_plain_text_are_services(transport: Transport) -> None:
    names = {AppriseSender(ChannelSpec(name=ChannelName("d"), url=url), 5)._name for url in URLS}
    assert names >= DRAWS_MARKDOWN
    assert names >= COUNTS_BYTES - {"WeChat (WeCom)"}
