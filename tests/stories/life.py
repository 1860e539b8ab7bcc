"""The life of a daemon, written down: what its feeds bring, what its receivers take and refuse, what its people change.

The next version of a feed is published when the daemon has shown the validators of the last: then that is stored. So
each version is known to have been read, and what must have been told in the end is known without asking the watcher.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.nine import Answer, Entry, Life, Taken, World, taken
from tests.servers import Request, Server, head, page, status, truncated
from tests.stories.forker import Child, Forker
from tests.stories.house import House, rss, until

STRIKES, FLOODS, QUAKES = (frozenset({name}) for name in ("strikes", "floods", "quakes"))
DAWN = Entry(guid="w0", title="Strike w0 at dawn", rules=STRIKES)
CALM = Entry(guid="w1", title="Calm w1")
PORT = Entry(guid="w2", title="Strike w2 reported", rules=STRIKES)
EDITED = Entry(guid="w2", title="Strike w2 confirmed", rules=STRIKES)
RIVER = Entry(guid="w3", title="Flood w3 rises", rules=FLOODS)
SHARED = Entry(guid="both", title="Strike everywhere", rules=STRIKES)
CITY = Entry(guid="c0", title="Strike c0 in town", rules=STRIKES)
CREEK = Entry(guid="c1", title="Flood c1 begins", rules=FLOODS)
TREMOR = Entry(guid="c2", title="Quake c2 felt", rules=QUAKES)
FERRY = Entry(guid="c3", title="Strike c3 and flood c3", rules=STRIKES | FLOODS)
HALF = Entry(guid="c9", title="Strike c9 in half an answer", rules=STRIKES)

WIRES = ((DAWN, CALM), (PORT, DAWN, CALM), (EDITED, DAWN, CALM), (SHARED, RIVER, EDITED, DAWN, CALM))
TOWN = ((CITY, CREEK), (TREMOR, CITY, CREEK), (SHARED, FERRY, TREMOR, CITY, CREEK))
HALVED = 1
"""The version of the town's feed that arrives in part first."""
RELOADED = 2
"""The version of the town's feed with which a rule file changes."""
OLD = ("Calm a0 of old", "Calm a1 of old", "Calm a2 of old")
"""Titles of a feed that is watched no more, half a year and more ago: they are forgotten."""
REFUSED = (2, 5)
"""Which of its messages the desk does not take."""
RULES = {"strikes": ("desk", "own"), "floods": ("desk",), "quakes": ("own",)}
EXPECTED = frozenset(
    (channel, entry.title, rule)
    for entry in (EDITED, RIVER, SHARED, CITY, CREEK, FERRY)
    for rule in entry.rules
    for channel in RULES[rule]
)
"""Channel, title and rule of all that must be told in the end; the quake waits for a digest."""
_GREETING = '"event": "watching '
"""What a daemon says when it has begun: from then on it hears what it is told."""
_COUNTED = re.compile("^passed: .*\n", re.MULTILINE)
_UNDONE = """
SELECT 1 FROM alerts WHERE state = 'pending' UNION SELECT 1 FROM dispatches WHERE reason = 'waiting'
UNION SELECT 1 FROM items AS i JOIN feeds AS f ON f.pk = i.feed WHERE f.id = 'archive'
"""


def of_old(root: Path, forker: Forker) -> Path:
    """A database at rest, with items that are older than what is kept."""
    house = House(root)
    (root / "archive").mkdir()
    for number, title in enumerate(OLD):
        (root / "archive" / f"{number}.txt").write_text(f"{title}\n\nNothing was heard of it.\n", "utf-8")
    house.settings(
        feeds=[{"id": "archive", "url": "../archive"}], channels=[{"name": "own", "url": "file:///dev/null"}]
    )
    child = forker.daemon(house.config, root / "out", {})
    file = root / "var" / "watcher.db"
    log = root / "out.err"
    until(lambda: log.exists() and f'"new": {len(OLD)}' in log.read_text("utf-8"), "the archive read")
    child.stop()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for table in ("items", "revisions"):
            db.execute(f"UPDATE {table} SET seen_at = seen_at - {400 * 86_400 * 10**6}")
    return file


class Feed:
    """A feed that goes on when what it said last is known to be stored."""

    def __init__(self, story: Story, name: str, versions: tuple[tuple[Entry, ...], ...]) -> None:
        self.name, self.over = name, False
        self._story, self._versions, self._at, self._halved = story, versions, 0, False

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.headers.get("if-none-match") == self._etag(self._versions[self._at]):
            if self._at + 1 == len(self._versions):
                self.over = True
                writer.write(head(304, {"ETag": self._etag(self._versions[self._at])}))
                return
            self._at += 1
        version = self._versions[self._at]
        if self.name == "town" and self._at == HALVED and not self._halved:
            self._halved = True
            await self._said(request, writer, (HALF, *version), whole=False)
            return
        if self.name == "town" and self._at == RELOADED:
            self._story.reload()
        await self._said(request, writer, version, whole=True)

    async def _said(
        self, request: Request, writer: asyncio.StreamWriter, entries: tuple[Entry, ...], *, whole: bool
    ) -> None:
        etag, body = self._etag(entries), rss([(entry.guid, entry.title) for entry in entries])
        self._story.answers.append(Answer(feed=self.name, at=time.time(), entries=entries, etag=etag, whole=whole))
        reply = page(body, etag=False, headers={"ETag": etag}) if whole else truncated(body[:-150], etag=etag)
        await reply(request, writer)

    @staticmethod
    def _etag(entries: tuple[Entry, ...]) -> str:
        return f'"{hashlib.blake2b(repr(entries).encode(), digest_size=6).hexdigest()}"'


class Story:
    """One installation with its two feeds and its two channels; how often a daemon was started on it."""

    def __init__(self, root: Path, server: Server, forker: Forker, old: Path | None = None) -> None:
        """`old` is a database from before (`of_old`); without it the story begins with none."""
        self.house = House(root)
        self._old = old
        self.answers: list[Answer] = []
        self.children: list[Child] = []
        self._desk: list[Taken] = []
        self._asked = 0
        self._forker = forker
        self._lock = threading.Lock()
        self._feeds = (Feed(self, "wires", WIRES), Feed(self, "town", TOWN))
        place = f"/{root.name}"
        for feed in self._feeds:
            server[f"{place}/{feed.name}"] = feed
        server[f"{place}/desk"] = self._take
        self._settle(server, place)
        if old:
            (root / "var").mkdir()
            shutil.copy(old, root / "var" / "watcher.db")

    def _settle(self, server: Server, place: str) -> None:
        house = self.house
        house.rule("strikes", "strike", group="item", notify=["desk", "own"])
        house.rule("floods", "flood", group="rule", when={"count": 2, "within": "1h"}, notify=["desk"])
        house.rule("quakes", "quake", digest=True, notify=["own"])
        feeds = [{"id": feed.name, "url": server.url(f"{place}/{feed.name}")} for feed in self._feeds]
        feeds[1]["baseline"] = "alert"
        house.settings(
            feeds=feeds,
            channels=[
                {"name": "desk", "url": server.url(f"{place}/desk").replace("http:", "webhook:"), "pace": "0.001s"},
                {"name": "own", "url": f"file://{house.root / 'own.jsonl'}"},
            ],
            operator=["own"],
            poll={"interval": "0.01s", "min_interval": "0.01s"},
            delivery={"ladder": ["0.02s"], "give_up_after": "60s", "timeout": "5s"},
            fetch={"per_host_pause": "0.001s"},
        )

    def reload(self) -> None:
        """A person renames a rule while the watcher runs."""
        path = self.house.rules / "strikes.yaml"
        changed = path.with_suffix(".new")
        rules = {"id": "strikes", "title": "Strikes of any kind", "match": "strike", "group": "item"}
        changed.write_text(json.dumps({"schema": "watch/1", "rules": [rules | {"notify": ["desk", "own"]}]}), "utf-8")
        changed.replace(path)

    async def _take(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self._asked += 1
        if self._asked in REFUSED:
            await status(503)(request, writer)
            return
        with self._lock:
            self._desk.append(taken(json.loads(request.body), time.time()))
        await status(200, b"ok")(request, writer)

    @property
    def taken(self) -> list[Taken]:
        """By the desk and by the file."""
        with self._lock:
            return [*self._desk, *self._filed()]

    def _filed(self) -> Iterator[Taken]:
        path = self.house.root / "own.jsonl"
        for line in path.read_text("utf-8").splitlines(keepends=True) if path.exists() else ():
            if line.endswith("\n"):  # else it is being written
                yield taken(json.loads(line))

    @property
    def told(self) -> bool:
        """Whether the feeds have said all, and all that must be told was."""
        if not all(feed.over for feed in self._feeds):
            return False
        return {(each.channel, *one) for each in self.taken for one in each.tells} >= EXPECTED

    @property
    def done(self) -> bool:
        """Whether, beyond that, nothing waits to be sent, and what was old is forgotten."""
        return self.told and not self.house.asked(_UNDONE)

    def live(self, seconds: float, environ: Mapping[str, str]) -> Child:
        """A daemon, until it ends, all was told, or so many seconds have passed."""
        out = self.house.root / f"out.{len(self.children)}"
        child = self._forker.daemon(self.house.config, out, environ)
        self.children.append(child)
        end = time.monotonic() + seconds
        while not child.over(0.02) and not (self.done and _GREETING in child.err) and time.monotonic() < end:
            pass
        child.stop()
        return child

    @property
    def over(self) -> bool:
        """Whether all is done, and the last daemon has ended as it should."""
        return self.done and self.children[-1].code == 0

    @property
    def log(self) -> str:
        """What its daemons said, but for what was counted."""
        return "".join(_COUNTED.sub("", child.err) for child in self.children)

    def world(self, **about: Any) -> World:
        """What happened, for those who judge."""
        return World(
            database=self.house.root / "var" / "watcher.db",
            answers=self.answers,
            taken=self.taken,
            lives=[
                Life(began=each.began, ended=each.ended, killed=each.killed or each.code == 78)
                for each in self.children
            ],
            rules=RULES,
            quiet={"wires"},
            held={"quakes"},
            gone=OLD if self._old else (),
            log=self.log,
            **about,
        )
