"""What polling costs: unchanged by 304, unchanged by its body, 1 new of 35, first poll; beside others and the floor.

    python -m tests.bench polling
    python -m tests.bench.polling --count 200 --peers 20

Feeds of 120 KB on loopback, each on an address of its own (tests.bench._feeds), the server on a processor of its own.
Figures are processor seconds, of whatever processes are used, for each feed. The watcher is the daemon as it is, with
a few rules, its database on a disk and its parser in its process; what comes before its first polls have ended is not
counted. The floor is httpx over aiohttp that asks for the same and does nothing else. rss2email and reader come from
the package index into .cache, in the versions of tests/bench/peers.txt, and are used as they come: reader's update
sanitises what it stores, `r2e run` makes mail of it, into a mail directory. They have fewer feeds: a figure is of one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import _feeds
from tests.stories.house import House

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).parent / "peers.txt"
PEERS = ("reader", "rss2email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the server answers, and what is promised: feeds a processor second, a share of the floor, times a peer."""

    name: str
    new: int
    honoured: int
    goal: float
    stretch: float
    of_floor: float = 0.0
    of_peer: float = 0.0


CASES = (
    Case(name="first poll", new=0, honoured=1, goal=30, stretch=60, of_peer=1.5),
    Case(name="unchanged, 304", new=0, honoured=1, goal=1000, stretch=2000, of_floor=0.6, of_peer=1.3),
    Case(name="unchanged, 200", new=0, honoured=0, goal=700, stretch=1500),
    Case(name="1 new of 35", new=1, honoured=1, goal=200, stretch=400, of_peer=20),
)


@dataclass(slots=True, kw_only=True)
class Place:
    """Where it runs: the server's port, folders, and the processor for what is measured."""

    port: int
    house: House
    folder: Path
    processor: int | None
    python: Path | None = None  # the peers'; None: without them
    profile: str = "-"
    lines: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    wish = _wish(arguments)
    processors = sorted(os.sched_getaffinity(0))
    servers, ours = (processors[-1], processors[0]) if len(processors) > 1 else (None, None)
    python = peers() if wish.peers else None
    with tempfile.TemporaryDirectory(dir=wish.folder) as folder, _feeds.serving(servers) as (port, answer):
        house = _house(Path(folder) / "house", wish.count, port)
        place = Place(port=port, house=house, folder=Path(folder), processor=ours, python=python)
        print(
            f"{wish.count:,} feeds of {_feeds.SIZE // 1000} KB, {_feeds.ITEMS} items; the peers {wish.peers:,} of them"
        )
        print(f"{'':16}{'feeds/s':>8}{'ms':>8} {'daemon':>7} {'parser':>7}{'floor':>8}{'of it':>7}  peers, feeds/s")
        missed = []
        for case in CASES:
            answer(case.new, case.honoured)
            place.profile = f"{wish.profile}.{case.name.replace(' ', '-')}" if wish.profile else "-"
            missed += measured(place, case, wish.count, wish.peers)
    print("\n".join(missed) or "all that is promised holds")
    return 1 if missed else 0


def _wish(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.polling")
    parser.add_argument("--count", type=int, default=2000, help="feeds")
    parser.add_argument("--peers", type=int, default=100, help="feeds that the peers are given; 0: without them")
    parser.add_argument("--profile", default="", help="where to write what cProfile saw of the daemon; it slows it")
    parser.add_argument("--folder", default=None, help="where the database stands meanwhile")
    return parser.parse_args(arguments)


def _house(root: Path, count: int, port: int) -> House:
    house = House(root)
    (house.rules / "strikes.yaml").unlink()
    for first, second in _feeds.RARE:
        house.rule(first, f"{first} AND {second}")
    house.rule("embargo", "(sanction* OR embargo) AND NOT sport")
    house.rule("border", '"border closed" OR checkpoint NEAR/5 closed')
    feeds = [{"id": f"f{number}", "url": _feeds.url(number, port)} for number in range(count)]
    house.settings(feeds=feeds, poll={}, fetch={})
    return house


# --- one case -------------------------------------------------------------------------------------


def measured(place: Place, case: Case, count: int, few: int) -> list[str]:
    """Measure and print a case; what of the promised is missed."""
    daemon, parser = watcher(place, count)
    floor = transport(place, count, int(case.honoured and not case.new))
    others = {name: peer(place, name, few) for name in PEERS} if place.python else {}
    took = daemon + parser
    told = ", ".join(f"{name} {1 / seconds:.1f} (we: x {seconds / took:.1f})" for name, seconds in others.items())
    print(
        f"{case.name:16}{1 / took:8.0f}{took * 1000:8.2f} {daemon * 1000:7.2f} {parser * 1000:7.2f}{1 / floor:8.0f}"
        f"{floor / took:7.0%}  {told}",
        flush=True,
    )
    missed = []
    if 1 / took < case.goal:
        missed.append(f"{case.name}: less than {case.goal:g} feeds a processor second")
    if floor / took < case.of_floor:
        missed.append(f"{case.name}: less than {case.of_floor:.0%} of the bare transport")
    if others and min(others.values()) < case.of_peer * took:
        missed.append(f"{case.name}: less than {case.of_peer:g} times as many as the better peer")
    if 1 / took >= case.stretch:
        print(f"{'':16}and more than the {case.stretch:g} that were hoped for")
    return missed


def watcher(place: Place, count: int) -> tuple[float, float]:
    """Processor seconds of the daemon and of its parser's process for each feed."""
    told = place.folder / "told.json"
    told.unlink(missing_ok=True)
    polled = ["tests.bench._polled", str(told), str(count), place.profile, "run", "--config", str(place.house.config)]
    _run(place, [sys.executable, "-m", *polled], timeout=60 + count)
    spent = json.loads(told.read_text("utf-8"))
    if spent["failed"]:
        sys.exit(f"{spent['failed']} polls failed")
    return spent["ours"] / spent["polls"], spent["parser"] / spent["polls"]


def transport(place: Place, count: int, honoured: int) -> float:
    """Processor seconds of the bare client for each feed."""
    command = [sys.executable, "-m", "tests.bench._transport", str(place.port), str(count), str(honoured)]
    return float(_run(place, command, timeout=60 + count)) / count


def peer(place: Place, name: str, count: int) -> float:
    """Processor seconds of another reader for each feed."""
    urls = [_feeds.url(number, place.port) for number in range(count)]
    before = int(_feeds.asked(place.port, "asked"))
    command = [str(place.python), str(Path(__file__).with_name("_peer.py")), name, str(place.folder), *urls]
    spent = float(_run(place, command, timeout=60 + 2 * count).split()[-1])
    if int(_feeds.asked(place.port, "asked")) - before != count:
        sys.exit(f"{name} did not ask for each feed once")
    return spent / count


def _run(place: Place, command: Sequence[str], timeout: float) -> str:
    """What a process says that runs on the processor for what is measured."""
    one = {} if place.processor is None else {"preexec_fn": lambda: os.sched_setaffinity(0, {place.processor or 0})}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=timeout, check=False, **one)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])}: {done.stderr[-2000:]}")
    return str(done.stdout)


def peers() -> Path:
    """The Python of the virtual environment with the peers, made when it is not there or of other versions."""
    place = ROOT / ".cache" / f"peers-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]}"
    python, made = place / "bin" / "python", place / ".made"
    if not made.exists():
        print("installing what is measured beside it ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(LOCK)], check=True)
        made.touch()
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
