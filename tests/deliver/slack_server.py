"""A server on loopback that answers as Slack does: webhooks and chat.postMessage, within Slack's limits and rate.

A channel's URL reaches it with `?api=http://127.0.0.1:PORT`. It keeps what it accepted, by the alert's key, and what
was wrong with what it did not. What goes wrong on purpose is told by `faults`, asked once for each message.
"""

from __future__ import annotations

import json
import random
import re
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.deliver.blockkit import Problem, problems

TOKEN = "xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d"
HOOK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
PASSING, REFUSING = (429, 500, 302, 404, "hang", "reset", "late"), ("invalid_auth", "channel_not_found")


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one message: it is refused with an answer, or nothing is answered at all.

    `how`: "answer"; "hang", silence until the server ends; "reset", the connection is broken before an answer; "late",
    broken after the message was accepted; "drip", an answer that never ends.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    how: str = "answer"


@dataclass(frozen=True)
class Posted:
    """A message that was accepted."""

    key: str
    channel: str
    ts: str
    payload: Mapping[str, Any]
    at: float  # of the clock time.monotonic

    @property
    def thread(self) -> str | None:
        return self.payload.get("thread_ts")


@dataclass
class Slack:
    """The server's mind. `rate` is in messages a second for each channel, with a burst; 0 for any number."""

    port: int = 0
    rate: float = 0
    burst: int = 1
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    hooks: set[str] = field(default_factory=lambda: {HOOK})
    channels: dict[str, str] = field(
        default_factory=lambda: {"#news": "C0NEWS", "#ops": "C0OPS"}
    )  # names and their ids
    archived: set[str] = field(default_factory=set)  # ids, and paths of webhooks
    faults: Callable[[], Fault | None] = lambda: None
    accepted: list[Posted] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)  # path, headers, payload
    broken: list[Problem] = field(default_factory=list)  # limits of messages that were not kept
    too_fast: int = 0  # messages refused because of the rate
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._room: dict[str, tuple[float, float]] = {}  # of a channel: messages it may have at once, and since when

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bot(self, *channels: str, token: str = TOKEN, query: str = "") -> str:
        """The URL of a channel that posts as a bot, in these channels of Slack: "news", "C0OPS"."""
        return f"slack://{token}/{'/'.join(channels)}?api={self.base}{query}"

    def hook(self, path: str = HOOK, query: str = "") -> str:
        """The URL of a channel that posts by a webhook."""
        return f"slack://{path}?api={self.base}{query}"

    def by_key(self) -> Mapping[str, Sequence[Posted]]:
        """What was accepted, by the alert's key."""
        kept = defaultdict(list)
        for posted in self.accepted:
            kept[posted.key].append(posted)
        return kept

    # what becomes of one message

    def answer(self, path: str, headers: Mapping[str, str], payload: Any) -> Fault:
        with self._lock:
            self.asked.append((path, headers, payload))
            fault = self.faults()
            if fault and fault.how != "late":
                return fault
            given = self._posted(path, headers, payload)
            return fault if fault and given.status == 200 else given

    def _posted(self, path: str, headers: Mapping[str, str], payload: Any) -> Fault:
        if path == "/api/chat.postMessage":
            return self._as_bot(headers, payload)
        if path.startswith("/services/"):
            return self._by_hook(path.removeprefix("/services/"), payload)
        return Fault(status=404, body=b"<html>no such page</html>")

    def _as_bot(self, headers: Mapping[str, str], payload: Any) -> Fault:
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return refusal("invalid_auth")
        if not headers.get("Content-Type", "").startswith("application/json"):
            return refusal("invalid_post_type")
        named = payload.get("channel", "")
        channel = self.channels.get(named) or (named if named in self.channels.values() else None)
        if channel is None:
            return refusal("channel_not_found")
        if channel in self.archived:
            return refusal("is_archived")
        if wrong := self._wrong(payload):
            return refusal(wrong.error, errors=[wrong.what])
        thread = payload.get("thread_ts")
        if thread and not any(one.ts == thread and one.channel == channel for one in self.accepted):
            return refusal("thread_not_found")
        if wait := self._wait(channel):
            return refusal("ratelimited", status=429, headers={"Retry-After": wait})
        posted = self._accept(channel, payload)
        return Fault(body=json.dumps({"ok": True, "channel": channel, "ts": posted.ts}).encode())

    def _by_hook(self, path: str, payload: Any) -> Fault:
        if path not in self.hooks:
            return Fault(status=404, body=b"no_service")
        if path in self.archived:
            return Fault(status=410, body=b"channel_is_archived")
        if wrong := self._wrong(payload):
            return Fault(status=400, body=wrong.error.encode())
        if wait := self._wait(path):
            return Fault(status=429, body=b"rate_limited", headers={"Retry-After": wait})
        self._accept(path, payload)
        return Fault(body=b"ok")

    def _wrong(self, payload: Any) -> Problem | None:
        found = problems(payload)
        self.broken += found
        return found[0] if found else None

    def _wait(self, channel: str) -> str:
        """Whole seconds to wait, as Slack says them, when the channel has no room; "" when it had."""
        if not self.rate:
            return ""
        now = time.monotonic()
        room, since = self._room.get(channel, (float(self.burst), now))
        room = min(room + (now - since) * self.rate, self.burst)
        self._room[channel] = (room - 1 if room >= 1 else room, now)
        if room >= 1:
            return ""
        self.too_fast += 1
        return str(max(int((1 - room) / self.rate + 0.999), 1))

    def _accept(self, channel: str, payload: Any) -> Posted:
        ts = f"{1700000000 + len(self.accepted)}.{len(self.accepted):06}"
        posted = Posted(key_of(payload), channel, ts, payload, time.monotonic())
        self.accepted.append(posted)
        return posted


def key_of(payload: Mapping[str, Any]) -> str:
    """The alert's key, which is in a block's id, or the beginning of it in a message without blocks."""
    ids = [block["block_id"] for block in payload.get("blocks", []) if "block_id" in block]
    found = re.search(r"\balert[- ](\w+)$", ids[-1] if ids else payload["text"])
    return found[1] if found else ""


def refusal(error: str, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> Fault:
    """Slack's Web API answers 200 to what it refuses."""
    return Fault(status=status, body=json.dumps({"ok": False, "error": error, **more}).encode(), headers=headers or {})


def fault(kind: int | str) -> Fault:
    """A fault by its short name, one of PASSING and REFUSING or any error of Slack's."""
    match kind:
        case 429:
            return refusal("ratelimited", status=429, headers={"Retry-After": "1"})
        case 302:
            return Fault(status=302, headers={"Location": "https://elsewhere.example/"})
        case int():
            return Fault(status=kind, body=b"<html>not now</html>")
        case "hang" | "reset" | "late" | "drip":
            return Fault(how=str(kind))
        case _:
            return refusal(str(kind))


def in_turn(*kinds: int | str | None) -> Callable[[], Fault | None]:
    """These faults for the first messages, one each; None for a message that is left alone."""
    coming = deque(kinds)
    return lambda: fault(kind) if coming and (kind := coming.popleft()) is not None else None


def sometimes(share: float, seed: int, kinds: Sequence[int | str] = (429, 500, "reset")) -> Callable[[], Fault | None]:
    """One of these faults for such a share of all messages."""
    rand = random.Random(seed)
    return lambda: fault(rand.choice(kinds)) if rand.random() < share else None


@contextmanager
def slack_server(port: int = 0) -> Iterator[Slack]:
    """Serve until the end of the block; a port of 0 is any."""
    slack = Slack()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            given = slack.answer(self.path, dict(self.headers), json.loads(body))
            if given.how in {"reset", "late"}:
                self._reset()
            elif given.how == "hang":
                slack.released.wait(60)
                self._reset()
            else:
                self._say(given)

        def _say(self, given: Fault) -> None:
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            if given.how == "drip":
                self.end_headers()
                while not slack.released.wait(0.05):
                    self.wfile.write(b".")
                self.close_connection = True
            else:
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)

        def _reset(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    slack.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield slack
    finally:
        slack.released.set()
        server.shutdown()
        server.server_close()
