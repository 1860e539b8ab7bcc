"""Whoever asks how the daemon is gets an answer; whoever misbehaves gets none, and holds up nobody."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvloop

from tests.fakes import FakeLog
from watcher.run.serve import Address, Answer, Bounds, Pages, served

LOCAL = "127.0.0.1"


@dataclass
class Place:
    """Something served, and what was said of it."""

    at: Address | None = (LOCAL, 0)
    log: FakeLog = field(default_factory=FakeLog)
    late: list[float] = field(default_factory=list)
    made: int = 0

    def pages(self) -> Pages:
        self.made += 1

        async def alive(accept: str) -> Answer:
            return Answer(status=200, type="text/plain", body=f"alive {accept}\n".encode())

        async def broken(_: str) -> Answer:
            raise RuntimeError("a mistake of ours")

        return {"/healthz": alive, "/broken": broken}

    @property
    def port(self) -> int:
        said = next(about["at"] for about in reversed(self.log.abouts) if "at" in about)
        return int(str(said).rpartition(":")[2])

    async def ask(self, *lines: str, path: str = "/healthz", method: str = "GET") -> str:
        """Everything that is answered to a request after which the other end closes."""
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *lines, "", ""]
        return await self.send("\r\n".join(head).encode())

    async def send(self, data: bytes, *, end: bool = False) -> str:
        reader, writer = await asyncio.open_connection(LOCAL, self.port)
        try:
            with contextlib.suppress(ConnectionError):
                writer.write(data)
                if end:
                    writer.write_eof()
                return (await asyncio.wait_for(reader.read(), 60)).decode()
        finally:
            writer.transport.abort()
        return ""


@asynccontextmanager
async def serving(at: Address | None = (LOCAL, 0), patience: float = 60.0) -> AsyncIterator[Place]:
    place = Place(at=at)
    bounds = Bounds(look=0.01, patience=patience)
    async with served(lambda: place.at, place.pages, place.log, place.late.append, bounds):
        yield place


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.002)


def status(answer: str) -> str:
    return answer.partition("\r\n")[0]


# --- what is asked ------------------------------------------------------------------------------------------


async def test_a_question_is_answered_with_what_it_accepts() -> None:
    async with serving() as place:
        answer = await place.ask("Accept: application/json")
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK\r\nDate: ")
    assert "Content-Type: text/plain\r\nContent-Length: 23\r\n" in head
    assert "Cache-Control: no-store" in head
    assert body == "alive application/json\n"


async def test_the_head_alone_is_the_same_without_the_body() -> None:
    async with serving() as place:
        whole, head = await place.ask(), await place.ask(method="HEAD")
    assert head.partition("\r\n\r\n")[2] == ""
    assert head.splitlines()[2:-1] == whole.partition("\r\n\r\n")[0].splitlines()[2:]


async def test_a_query_changes_nothing_and_an_older_browser_is_answered() -> None:
    async with serving() as place:
        assert status(await place.ask(path="/healthz?a=b")) == "HTTP/1.1 200 OK"
        assert status(await place.send(b"GET /healthz HTTP/1.0\r\n\r\n")) == "HTTP/1.1 200 OK"


async def test_what_is_not_there_is_answered_with_what_is() -> None:
    async with serving() as place:
        answer = await place.ask(path="/../etc/passwd")
    assert status(answer) == "HTTP/1.1 404 Not Found"
    assert answer.endswith("there are /healthz, /broken\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "BREW"])
async def test_nothing_can_be_done_but_look(method: str) -> None:
    async with serving() as place:
        answer = await place.ask("Content-Length: 5", method=method)
    assert status(answer) == "HTTP/1.1 405 Method Not Allowed"
    assert "Allow: GET, HEAD\r\n" in answer


async def test_a_great_body_is_not_read_and_the_answer_arrives() -> None:
    async with serving() as place:
        head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
        assert status(await place.send(head + b"x" * 1_000_000, end=True)) == "HTTP/1.1 405 Method Not Allowed"
        head = head.replace(b"POST", b"GET")
        assert status(await place.send(head + b"x" * 1_000_000, end=True)).startswith("HTTP/1.1 413")


async def test_a_mistake_of_ours_is_an_answer_and_a_line_in_the_log() -> None:
    async with serving() as place:
        assert status(await place.ask(path="/broken")) == "HTTP/1.1 500 Internal Server Error"
        assert "saying how it is went wrong in the watcher itself" in place.log.events
        assert status(await place.ask()) == "HTTP/1.1 200 OK"


async def test_a_connection_serves_many_questions_one_after_the_other_and_at_once() -> None:
    question = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with serving() as place:
        reader, writer = await asyncio.open_connection(LOCAL, place.port)
        for count in (1, 1, 3):
            writer.write(question * count)
            for _ in range(count):
                assert (await reader.readuntil(b"alive \n")).startswith(b"HTTP/1.1 200 OK")
        writer.transport.abort()


async def test_who_says_nothing_more_after_its_question_is_answered() -> None:
    async with serving() as place:
        question = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert status(await place.send(question, end=True)) == "HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    "host", ["localhost:8473", "LOCALHOST", "127.0.0.1", "127.0.0.1:8473", "[::1]:8473", "[::1]", ""]
)
async def test_who_knows_that_it_asks_this_machine_is_answered(host: str) -> None:
    async with serving() as place:
        question = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert status(await place.send(question.encode())) == "HTTP/1.1 200 OK"


async def test_a_page_whose_own_name_leads_here_learns_nothing() -> None:
    async with serving() as place:
        question = b"GET /healthz HTTP/1.1\r\nHost: evil.example:8473\r\nConnection: close\r\n\r\n"
        assert status(await place.send(question)) == "HTTP/1.1 421 Misdirected Request"
    async with serving(at=("0.0.0.0", 0)) as place:
        assert status(await place.send(question.replace(b"evil.example", b"watcher"))) == "HTTP/1.1 200 OK"


# --- who misbehaves -----------------------------------------------------------------------------------------

GARBAGE = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    "HTTP of 1991": b"GET /healthz\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: localhost\r\nA : b\r\n\r\n",
    "a null": b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "nonsense chunks": b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a request for two": b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_refused(garbage: str) -> None:
    async with serving() as place:
        assert status(await place.send(GARBAGE[garbage])).split()[1] in {"400", "501"}
        assert status(await place.ask()) == "HTTP/1.1 200 OK"
        assert "answering who asks how it is went wrong in the watcher itself" not in place.log.events


async def test_whatever_comes_breaks_nothing() -> None:
    rand = random.Random(8473)
    question = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: */*\r\n\r\n"
    async with serving() as place:
        for _ in range(150):
            torn = bytearray(question)
            for _ in range(rand.randrange(1, 6)):
                torn[rand.randrange(len(torn))] = rand.randrange(256)
            await place.send(bytes(torn), end=True)
        assert status(await place.ask()) == "HTTP/1.1 200 OK"
        assert not [event for event in place.log.events if "went wrong" in event]


async def test_headers_without_an_end_are_refused() -> None:
    async with serving() as place:
        endless = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 3_000
        assert status(await place.send(endless)) == "HTTP/1.1 431 Request Header Fields Too Large"
        await place.send(endless * 100)
        assert status(await place.ask(f"A: {'b' * 4_000}")) == "HTTP/1.1 200 OK"


async def test_who_takes_too_long_is_let_go() -> None:
    async with serving(patience=0.05) as place:
        for begun in (b"", b"GET /healthz HT"):
            assert await place.send(begun) == ""
        reader, writer = await asyncio.open_connection(LOCAL, place.port)
        heard = b""
        with contextlib.suppress(ConnectionError, RuntimeError):  # whichever way its loop says that it was let go
            for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: " + b"b" * 1_000:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.001)
            writer.write(b"\r\n\r\n")
            heard = await reader.read()
        assert heard == b"", "a byte now and then is not progress"
        writer.transport.abort()


async def test_who_asks_and_never_listens_is_let_go() -> None:
    place = Place()

    async def long(_: str) -> Answer:
        return Answer(status=200, type="text/plain", body=b"x" * 20_000_000)

    async with served(lambda: place.at, lambda: {"/long": long}, place.log, bounds=Bounds(patience=0.05)):
        ear = socket.create_connection((LOCAL, place.port))
        with ear:
            ear.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await asyncio.sleep(0.3)
            ear.setblocking(False)
            heard = 0
            with contextlib.suppress(ConnectionError, BlockingIOError):
                while piece := ear.recv(1 << 20):
                    heard += len(piece)
        assert heard < 20_000_000


async def test_a_thousand_connections_keep_no_probe_out() -> None:
    async with serving() as place:
        crowd = []
        for _ in range(1_000):
            one = socket.socket()
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect((LOCAL, place.port))
            crowd.append(one)
            if len(crowd) % 50 == 0:
                await asyncio.sleep(0)
        assert status(await place.ask()) == "HTTP/1.1 200 OK"
        assert len(asyncio.all_tasks()) < 70, "each connection is a task, and this one, and the server's"
        for one in crowd:
            one.close()
        assert status(await place.ask()) == "HTTP/1.1 200 OK"
        assert not [event for event in place.log.events if "went wrong" in event]


# --- where ---------------------------------------------------------------------------------------------------


async def test_nothing_is_made_where_nobody_can_ask() -> None:
    async with serving(at=None) as place:
        assert place.made == 0


async def test_it_is_at_another_address_once_that_is_wanted_and_nowhere_when_none_is() -> None:
    async with serving() as place:
        first = place.port
        place.at = ("::1", 0)
        await until(lambda: "[::1]" in str(place.log.abouts[-1]))
        assert first != place.port
        place.at = None
        await until(lambda: "nobody is answered any more" in place.log.events[-1])
        with pytest.raises(ConnectionError):
            await asyncio.open_connection(LOCAL, first)
        place.at = (LOCAL, 0)
        await until(lambda: "answers" in place.log.events[-1])
        assert status(await place.ask()) == "HTTP/1.1 200 OK"
        assert place.made == 1, "what was counted stays counted"


async def test_a_port_that_is_taken_is_said_once_and_tried_again() -> None:
    with socket.create_server((LOCAL, 0)) as other:
        async with serving(at=other.getsockname()) as place:
            await until(lambda: len(place.late) > 5)
            (refusal,) = place.log.events
            assert refusal.startswith("cannot listen")
            assert "http.listen" in str(place.log.abouts[0]["help"])
            other.close()
            await until(lambda: len(place.log.events) == 2)
            assert status(await place.ask()) == "HTTP/1.1 200 OK"


async def test_an_address_of_another_machine_is_said_and_stops_nothing() -> None:
    async with serving(at=("192.0.2.1", 8473)) as place:
        assert place.log.events == [
            "cannot listen: /healthz, /readyz and /metrics are not answered; tried again each second"
        ]


async def test_the_end_waits_for_nobody_who_is_connected() -> None:
    async with serving() as place:
        reader, writer = await asyncio.open_connection(LOCAL, place.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"alive \n")
    assert await reader.read() == b""
    writer.transport.abort()


BOTH = (
    test_a_connection_serves_many_questions_one_after_the_other_and_at_once,
    test_a_great_body_is_not_read_and_the_answer_arrives,
    test_whatever_comes_breaks_nothing,
    test_headers_without_an_end_are_refused,
    test_who_takes_too_long_is_let_go,
    test_who_asks_and_never_listens_is_let_go,
    test_a_thousand_connections_keep_no_probe_out,
    test_it_is_at_another_address_once_that_is_wanted_and_nowhere_when_none_is,
    test_a_port_that_is_taken_is_said_once_and_tried_again,
    test_the_end_waits_for_nobody_who_is_connected,
)


@pytest.mark.parametrize("test", BOTH, ids=[test.__name__ for test in BOTH])
def test_on_the_loop_of_the_daemon(test: Callable[[], Coroutine[None, None, None]]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test())
