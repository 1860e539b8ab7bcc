"""edge: how many items each term occurs in -> a table, which is written anew as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.store.queries import SQL
from watcher.store.session import Session


class Frequencies(Session):
    """What terms are common. The contract is ports.Store."""

    def frequencies(self) -> Mapping[str, int]:
        with self.reading() as db:
            return dict(db.execute(SQL["frequencies"]).fetchall())

    def save_frequencies(self, items: Mapping[str, int]) -> None:
        with self.writing() as db:
            db.execute(SQL["forget_frequencies"])
            db.executemany(SQL["save_frequency"], [{"term": term, "items": n} for term, n in items.items()])
