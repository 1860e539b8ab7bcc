"""The parser's process: stopped when a document costs too much, replaced when it dies, gone when we are."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.feedgen import sized
from watcher.errors import ParseError
from watcher.model import Hash64, Response
from watcher.parse import parse
from watcher.run.worker import Limits, ProcessParser

NOTHING: frozenset[Hash64] = frozenset()
MIB = 2**20
QUICK = Limits(cpu=0.4, memory=512 * MIB, wall=60)


def response(body: bytes) -> Response:
    return Response(url="https://a.example/feed", headers={"content-type": "application/xml"}, body=body)


def rss(inner: bytes) -> Response:
    return response(b'<rss version="2.0"><channel><item>' + inner + b"</item></channel></rss>")


GOOD = response(sized("rss20", 3, 20).body)


@asynccontextmanager
async def running(
    limits: Limits = QUICK, *, workers: int = 1, script: str | None = None
) -> AsyncIterator[ProcessParser]:
    command = None if script is None else (sys.executable, "-c", script)
    parser = ProcessParser(limits, workers=workers, command=command)
    try:
        yield parser
    finally:
        await parser.aclose()
        assert children() == []


def children(parent: int | None = None, word: str = "watcher.run.child") -> list[int]:
    """Live processes of ours, or of `parent`, with this in their command line."""
    found = []
    for directory in Path("/proc").iterdir():
        try:
            stat = (directory / "stat").read_text(errors="replace").rpartition(")")[2].split()
            command = (directory / "cmdline").read_text(errors="replace")
        except (OSError, ValueError):
            continue
        if directory.name.isdigit() and int(stat[1]) == (parent or os.getpid()) and stat[0] != "Z" and word in command:
            found.append(int(directory.name))
    return found


def nested() -> Response:
    return rss(b"<a>" * 200_000 + b"</a>" * 200_000)


async def test_a_document_made_to_cost_hours_is_stopped_and_the_next_is_read() -> None:
    async with running() as parser:
        with pytest.raises(ParseError) as caught:
            await parser.parse(nested(), NOTHING)
        assert caught.value.kind == "worker-cpu"
        assert str(caught.value) == "reading the document took more than 0.4 s of processor time and was stopped"
        assert await parser.parse(GOOD, NOTHING) == parse(GOOD, NOTHING)


async def test_a_document_made_to_cost_gigabytes_is_stopped_and_the_next_is_read() -> None:
    async with running(Limits(cpu=60, memory=192 * MIB, wall=60)) as parser:
        with pytest.raises(ParseError) as caught:
            await parser.parse(rss(b"<title>" + "東".encode() * 12 * MIB + b"</title>"), NOTHING)
        assert caught.value.kind == "worker-memory"
        assert str(caught.value) == "reading the document took more than 192 MiB of memory and was stopped"
        assert await parser.parse(GOOD, NOTHING) == parse(GOOD, NOTHING)


async def test_the_time_is_counted_anew_for_each_document() -> None:
    busy = response(sized("rss20", 150, 60).body)
    async with running(Limits(cpu=0.6, memory=512 * MIB, wall=60)) as parser:
        await parser.parse(GOOD, NOTHING)
        (pid,) = children()
        while cpu_seconds(pid) < 1.2:
            await parser.parse(busy, NOTHING)
        assert children() == [pid]


def cpu_seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


ANSWERS = {
    "no frame": "b'Warning: something\\n' * 9",
    "no JSON": "b'\\0\\0\\0\\2' + bytes(8) + b'{x'",
    "another shape": "b'\\0\\0\\0\\2' + bytes(8) + b'[]'",
    "an empty object": "b'\\0\\0\\0\\2' + bytes(8) + b'{}'",
}


@pytest.mark.parametrize("spoken", ANSWERS.values(), ids=ANSWERS)
async def test_a_worker_that_answers_nonsense_is_replaced(spoken: str) -> None:
    script = f"import sys; sys.stdin.buffer.read(1); sys.stdout.buffer.write({spoken}); sys.stdout.flush(); input()"
    async with running(script=script) as parser:
        for _ in range(2):
            with pytest.raises(ParseError, match=r"answered nonsense \(\w+\) and was stopped$") as caught:
                await parser.parse(GOOD, NOTHING)
            assert caught.value.kind == "worker-died"


@pytest.mark.parametrize(
    ("script", "how"),
    [
        ("raise SystemExit(3)", "with exit status 3"),
        ("import sys; sys.stdin.buffer.read(9)", "with exit status 0"),
        ("import os; os.kill(os.getpid(), 11)", "by SIGSEGV"),
    ],
)
async def test_a_worker_that_dies_is_told_of_and_replaced(script: str, how: str) -> None:
    async with running(script=script) as parser:
        for _ in range(2):
            with pytest.raises(ParseError) as caught:
                await parser.parse(response(b"x" * MIB), NOTHING)
            assert caught.value.kind == "worker-died"
            assert str(caught.value) == f"the parser's process ended {how} while reading the document"


async def test_a_worker_that_hangs_is_stopped() -> None:
    async with running(Limits(wall=0.3), script="import time; time.sleep(600)") as parser:
        with pytest.raises(ParseError) as caught:
            await parser.parse(GOOD, NOTHING)
        assert caught.value.kind == "worker-died"
        assert str(caught.value) == "reading the document took longer than 0.3 s and was stopped"
        assert children(word="time.sleep") == []


async def test_a_call_nobody_waits_for_any_more_takes_its_worker_with_it() -> None:
    async with running(Limits(cpu=60)) as parser:
        await parser.parse(GOOD, NOTHING)
        (before,) = children()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await parser.parse(nested(), NOTHING)
        assert children() == []
        assert await parser.parse(GOOD, NOTHING) == parse(GOOD, NOTHING)
        assert children() != [before]


async def test_a_worker_killed_while_idle_costs_no_document() -> None:
    async with running() as parser:
        await parser.parse(GOOD, NOTHING)
        (pid,) = children()
        os.kill(pid, signal.SIGKILL)
        await gone(pid)
        assert await parser.parse(GOOD, NOTHING) == parse(GOOD, NOTHING)


async def test_there_is_no_worker_before_the_first_call_and_one_after_any_number() -> None:
    async with running() as parser:
        assert children() == []
        for _ in range(3):
            await asyncio.gather(*(parser.parse(GOOD, NOTHING) for _ in range(3)))
            assert len(children()) == 1


async def test_a_second_worker_starts_only_when_the_first_is_busy() -> None:
    async with running(workers=2) as parser:
        await parser.parse(GOOD, NOTHING)
        await parser.parse(GOOD, NOTHING)
        assert len(children()) == 1
        await asyncio.gather(*(parser.parse(GOOD, NOTHING) for _ in range(6)))
        assert len(children()) == 2


async def test_a_worker_that_has_grown_is_replaced_by_a_small_one() -> None:
    async with running(Limits(cpu=60, memory=220 * MIB)) as parser:
        await parser.parse(GOOD, NOTHING)
        (small,) = children()
        await parser.parse(rss(b"<description>" + b"x " * 6 * MIB + b"</description>"), NOTHING)
        assert children() == []
        await parser.parse(GOOD, NOTHING)
        (new,) = children()
        assert new != small


async def test_ctrl_c_in_the_terminal_leaves_the_worker_alone() -> None:
    async with running() as parser:
        await parser.parse(GOOD, NOTHING)
        (pid,) = children()
        os.kill(pid, signal.SIGINT)
        assert await parser.parse(GOOD, NOTHING) == parse(GOOD, NOTHING)
        assert children() == [pid]
        assert os.getpgid(pid) != os.getpgid(0)


async def test_the_worker_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_URL", "slack://secret")
    monkeypatch.setenv("PYTHONUTF8", "1")
    async with running() as parser:
        await parser.parse(GOOD, NOTHING)
        (pid,) = children()
        names = {
            line.partition(b"=")[0].decode() for line in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if line
        }
    assert "PYTHONUTF8" in names
    assert all(name in {"PATH", "LANG"} or name.startswith("PYTHON") for name in names)


async def test_closing_ends_what_is_being_parsed() -> None:
    parser = ProcessParser(Limits(cpu=60))
    await parser.parse(GOOD, NOTHING)
    parsing = asyncio.ensure_future(parser.parse(nested(), NOTHING))
    await asyncio.sleep(0)
    await parser.aclose()
    with pytest.raises(ParseError, match="SIGKILL"):
        await parsing
    assert children() == []


PARENT = """
import asyncio, sys
from tests.run.test_worker import GOOD, NOTHING, ProcessParser
async def main():
    parser = ProcessParser()
    await parser.parse(GOOD, NOTHING)
    print("ready", flush=True)
    sys.stdin.read()
asyncio.run(main())
"""


async def test_the_worker_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen((sys.executable, "-c", PARENT), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert await asyncio.to_thread(parent.stdout.readline) == b"ready\n"
        (pid,) = children(parent.pid)
        parent.kill()
    await gone(pid)


async def gone(pid: int) -> None:
    """Wait until a process is no more, or a zombie."""
    async with asyncio.timeout(60):
        while state(pid) not in {"", "Z"}:
            await asyncio.sleep(0.01)


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
