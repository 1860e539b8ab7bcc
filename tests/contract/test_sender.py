"""What every sender promises: accepted means there, refused means SendError, and nothing secret is said."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
import pytest

from tests.deliver.receivers import http_receiver, mail_server
from tests.deliver.slack_server import fault, slack_server
from watcher.deliver import MediumSender, check, open_sender
from watcher.errors import SendError
from watcher.model import (
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    ChannelName,
    ChannelSpec,
    Message,
    Receipt,
    Severity,
)
from watcher.render import Limits, render

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
SECRET = "hunter2token"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTICE = Alert(
    key=AlertKey("0" * 32),
    channel=ChannelName("desk"),
    group="notice:n",
    kind=AlertKind.NOTICE,
    severity=Severity.INFO,
    created_at=NOON,
    state=AlertState.PENDING,
    attempts=0,
    next_at=NOON,
    sent_at=None,
    title="A word",
)


class Stream(io.StringIO):
    """A stream that breaks to order."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False
        self.written: list[str] = []

    def write(self, text: str) -> int:
        if self.broken:
            raise BrokenPipeError(32, "Broken pipe")
        self.written.append(text)
        return super().write(text)


@dataclass
class Bench:
    """A sender with the other end in view: what arrived there, and how to make it refuse."""

    sender: MediumSender
    spec: ChannelSpec
    arrived: Callable[[], list[str]]
    refuse: Callable[[bool], None]
    allow_private: Sequence[str] = ()
    room: int = 50_000  # code points of a body that it takes, where its medium does not say


def spec_of(url: str) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url)


def console_bench(stack: ExitStack) -> Bench:
    stream, spec = Stream(), spec_of("console://")

    def refuse(yes: bool) -> None:  # noqa: FBT001
        stream.broken = yes

    sender = open_sender(spec, stream=stream, environ={})
    return Bench(sender, spec, lambda: [text.removesuffix("\n") for text in stream.written], refuse)


def json_bench(stack: ExitStack) -> Bench:
    receiver = stack.enter_context(http_receiver())
    spec = spec_of(f"json://user:{SECRET}@{receiver.host}/{SECRET}")

    def refuse(yes: bool) -> None:  # noqa: FBT001
        receiver.status = 503 if yes else 200

    def arrived() -> list[str]:
        return [payload["message"] for _, _, payload in receiver.got if receiver.status == 200]

    return Bench(open_sender(spec, stream=io.StringIO(), environ={}), spec, arrived, refuse)


def webhook_bench(stack: ExitStack) -> Bench:
    receiver = stack.enter_context(http_receiver())
    spec = spec_of(f"webhook://user:{SECRET}@{receiver.host}/{SECRET}?secret={SECRET * 3}")

    def refuse(yes: bool) -> None:  # noqa: FBT001
        receiver.status = 503 if yes else 200

    def arrived() -> list[str]:
        return [payload["body"] for _, _, payload in receiver.got if receiver.status == 200]

    sender = open_sender(spec, stream=io.StringIO(), environ={}, allow_private=["localhost"])
    return Bench(sender, spec, arrived, refuse, ["localhost"])


def file_bench(stack: ExitStack) -> Bench:
    path = Path(stack.enter_context(TemporaryDirectory())) / "alerts"
    spec = spec_of(f"file://{path}")

    def arrived() -> list[str]:
        return [json.loads(line)["body"] for line in path.read_text("utf-8").splitlines()]

    return Bench(open_sender(spec, stream=io.StringIO(), environ={}), spec, arrived, blocker(path))


def atom_bench(stack: ExitStack) -> Bench:
    path = Path(stack.enter_context(TemporaryDirectory())) / "alerts"
    spec = spec_of(f"atom://{path}?entries=100")

    def arrived() -> list[str]:
        return [entry.content[0].value for entry in reversed(feedparser.parse(path.read_bytes()).entries)]

    return Bench(open_sender(spec, stream=io.StringIO(), environ={}), spec, arrived, blocker(path))


def blocker(path: Path) -> Callable[[bool], None]:
    """Puts a link in the file's place, and takes it away again."""
    aside = path.with_name("aside")

    def refuse(yes: bool) -> None:  # noqa: FBT001
        if yes:
            if path.exists():
                path.rename(aside)
            path.symlink_to(aside)
        else:
            path.unlink()
            if aside.exists():
                aside.rename(path)

    return refuse


def mail_bench(stack: ExitStack) -> Bench:
    mailbox = stack.enter_context(mail_server())
    spec = spec_of(f"mailto://{mailbox.host}?from=watcher@a.example&to=desk@b.example&name={SECRET}")

    def refuse(yes: bool) -> None:  # noqa: FBT001
        mailbox.reply = "451 try later" if yes else "250 accepted"

    def arrived() -> list[str]:
        return [mail.get_content().replace("\r\n", "\n").rstrip("\n") for mail in mailbox.mails]

    return Bench(open_sender(spec, stream=io.StringIO(), environ={}), spec, arrived, refuse)


def slack_bench(stack: ExitStack) -> Bench:
    """What is no payload of Slack's is sent as text: its room is Slack's for texts, without the title."""
    slack = stack.enter_context(slack_server())
    slack.tokens.add(f"xoxb-{SECRET}")
    spec = spec_of(slack.bot("news", token=f"xoxb-{SECRET}"))

    def refuse(yes: bool) -> None:  # noqa: FBT001
        slack.faults = (lambda: fault(503)) if yes else (lambda: None)

    def arrived() -> list[str]:
        return [unescape(posted.payload["text"]).removeprefix("[high] Quakes\n") for posted in slack.accepted]

    return Bench(open_sender(spec, stream=io.StringIO(), environ={}), spec, arrived, refuse, room=3900)


BENCHES = (console_bench, json_bench, webhook_bench, file_bench, atom_bench, mail_bench, slack_bench)


@pytest.fixture(params=BENCHES, ids=[bench.__name__.removesuffix("_bench") for bench in BENCHES])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield request.param(stack)


def message(body: str = "A quake at night.", title: str = "[high] Quakes") -> Message:
    """With a key of its own for each body: some channels keep a message once."""
    key = AlertKey(sha256(body.encode()).hexdigest()[:32])
    parts = {"key": key, "title": title, "body": body, "severity": "high", "kind": "match"}
    payload = json.dumps({**parts, "created_at": "2026-03-01T12:00:00Z", "items": [], "rules": []})
    return Message(key=key, title=title, body=body, severity=Severity.HIGH, payload=payload)


def test_what_was_accepted_is_there_and_the_receipt_says_something(bench: Bench) -> None:
    receipt = bench.sender.send(message())
    assert isinstance(receipt, Receipt)
    assert receipt.detail
    assert bench.arrived() == ["A quake at night."]


def test_messages_arrive_in_the_order_they_were_sent(bench: Bench) -> None:
    for number in range(5):
        bench.sender.send(message(f"number {number}"))
    assert bench.arrived() == [f"number {n}" for n in range(5)]


def test_text_arrives_as_it_was(bench: Bench) -> None:
    body = "Größe & <b>地震</b> *quake* “so” 👩‍🚒\nhttps://wire.example/a_b?c=d&e=%20\n{braces} ${HOME} %s \\n"
    bench.sender.send(message(body))
    assert bench.arrived() == [body]


def test_a_message_without_a_title_is_sent(bench: Bench) -> None:
    bench.sender.send(message(title=""))
    assert bench.arrived() == ["A quake at night."]


def test_a_refusal_is_a_send_error_that_may_pass_and_the_next_send_works(bench: Bench) -> None:
    bench.refuse(True)
    with pytest.raises(SendError) as caught:
        bench.sender.send(message("lost"))
    assert not caught.value.permanent
    bench.refuse(False)
    bench.sender.send(message("found"))
    assert bench.arrived()[-1:] == ["found"]


def test_nothing_secret_of_the_url_is_said(bench: Bench) -> None:
    said = [bench.sender.send(message()).detail, repr(bench.spec), repr(bench.sender)]
    bench.refuse(True)
    with pytest.raises(SendError) as caught:
        bench.sender.send(message())
    said.append(str(caught.value))
    assert SECRET not in " ".join(said)
    assert "\n" not in str(caught.value)


def test_a_sender_says_what_its_messages_must_fit_into(bench: Bench) -> None:
    medium = bench.sender.medium
    assert render(NOTICE, medium, bench.spec).body


def test_a_body_as_long_as_allowed_arrives_whole(bench: Bench) -> None:
    room = bench.sender.medium.body if isinstance(bench.sender.medium, Limits) else bench.room
    body = ("word " * room)[: room - 1] + "x"
    bench.sender.send(message(body))
    assert bench.arrived() == [body]


def test_a_url_that_works_passes_the_check(bench: Bench) -> None:
    assert check(bench.spec, allow_private=bench.allow_private) is None
