"""What each process loads: only what it needs. Nothing here is timed: tests.bench.starting and tests.bench.idle are."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.stories.house import SEEDS, House

IMPORTS = [sys.executable, "-X", "importtime", "-m"]
_LINE = re.compile(r"^import time:.*\| +([\w.]+)$", re.MULTILINE)
PARSERS = {"feedparser", "selectolax", "watcher.parse"}
LIBRARIES = PARSERS | {
    "click", "pydantic", "yaml", "sqlite_utils", "httpx", "aiohttp", "apprise", "apscheduler", "asyncio", "ssl"
}  # fmt: skip
NOT_ASKED_FOR = PARSERS | {
    "apprise", "requests", "smtplib", "httpx", "aiohttp", "prometheus_client", "h11", "re2", "Stemmer", "rich",
    "publicsuffixlist", "pygments", "structlog", "trafilatura", "lxml", "watcher.deliver.mail", "watcher.deliver.slack",
    "watcher.rules.imports",
}  # fmt: skip
"""What a watcher of folders has no use for that tells on the console and is asked nothing over HTTP."""


def loaded(said: str) -> set[str]:
    """Every module that was imported, and its packages, by what -X importtime says."""
    names = [name.split(".") for name in _LINE.findall(said)]
    return {".".join(parts[:n]) for parts in names for n in range(1, len(parts) + 1)}


def loads(cwd: Path, module: str, *arguments: str, codes: Sequence[int] = (0,)) -> set[str]:
    command = [*IMPORTS, module, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode in codes, done.stderr
    return loaded(done.stderr)


def test_each_process_loads_what_it_needs_and_no_more(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rule("strikes", "airstrikes AND Tikrit")
    house.settings(feeds=[{"id": "seeds", "url": str(SEEDS), "baseline": "alert"}])
    with house.daemon(by=[*IMPORTS, "watcher"]) as daemon:
        daemon.says("Tikrit")
        assert loaded(daemon.err) & NOT_ASKED_FOR == set()
        asked = loads(tmp_path, "watcher", "healthcheck", codes=(0, 1))
        seen = loads(tmp_path, "watcher", "status")
    assert "sqlite3" in asked
    assert asked & (LIBRARIES | {"watcher.cli.commands", "watcher.model", "pathlib", "typing"}) == set()
    assert "watcher.store" in seen
    assert seen & (NOT_ASKED_FOR | {"watcher.jobs", "watcher.rules", "watcher.render", "watcher.app"}) == set()


def test_the_parser_s_process_loads_parsers_alone(tmp_path: Path) -> None:
    asked = loads(tmp_path, "watcher.run.child", "5", str(2**29))
    assert asked >= PARSERS
    words = {"watcher.text.lexicon", "watcher.text.tokens", "watcher.text.stems"}
    ours = words | {"watcher.config", "watcher.observe", "watcher.rules", "watcher.store", "watcher.yamldoc"}
    assert asked & (ours | (LIBRARIES - PARSERS - {"ssl"}) | {"sqlite3", "subprocess", "trafilatura", "lxml"}) == set()
