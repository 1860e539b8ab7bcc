"""edge: what people said (silences), and what was silent by itself (episodes) -> tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watcher.model import Episode, Silence
from watcher.store import rows
from watcher.store.queries import SQL
from watcher.store.session import Session


class People(Session):
    """The contract is ports.Store."""

    def silence(self, silence: Silence) -> Silence:
        with self.writing() as db:
            added = db.execute(SQL["add_silence"], rows.of_silence(silence))
        return replace(silence, id=added.lastrowid or 0)

    def end_silence(self, id_: int, now: datetime) -> None:
        with self.writing() as db:
            db.execute(SQL["end_silence"], {"id": id_, "now": rows.micros(now)})

    def silences(self, now: datetime) -> tuple[Silence, ...]:
        with self.reading() as db:
            return tuple(rows.silence(row) for row in db.execute(SQL["silences"], {"now": rows.micros(now)}))

    def episodes(self, since: datetime) -> tuple[Episode, ...]:
        with self.reading() as db:
            return tuple(rows.episode(row) for row in db.execute(SQL["episodes"], {"since": rows.micros(since)}))

    def save_episodes(self, episodes: Sequence[Episode]) -> None:
        with self.writing() as db:
            db.executemany(SQL["save_episode"], [rows.of_episode(episode) for episode in episodes])
