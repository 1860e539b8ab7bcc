"""edge: terms that rules ask for -> the stored revisions that have them, read a few at a time.

What is found are candidates: the index knows no places of words, and of what is not filed under today's keys nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from watcher.model import Revision
from watcher.store import rows, terms
from watcher.store.queries import SQL
from watcher.store.refiling import AFTER_ALL, unfiled_before
from watcher.store.session import Session

BEFORE_ALL = -(2**63)
AT_ONCE = 32
"""Revisions that a search reads in one go: at most 8 MiB of text, and mostly far less."""
SPAN = 4_096
"""Numbers of revisions of which a search for any of many looks up the places in one go."""

Sets = Sequence[frozenset[str]]
"""Of each at least one term occurs."""


class Searching(Session):
    """What may match. The contract is ports.Store."""

    _firsts: Mapping[datetime, int] = {}
    """Where a time begins, of the last one that was asked for."""

    def search(self, any_of: Sets, since: datetime | None, limit: int) -> Iterator[Revision]:
        """The places are looked up at once and the revisions a few at a time: nothing is held open in between."""
        found = self._found(any_of, since, limit) if all(any_of) else []
        for first in range(0, len(found), AT_ONCE):
            with self.reading() as db:
                read = db.execute(SQL["revisions_at"], {"pks": rows.dumped(found[first : first + AT_ONCE])}).fetchall()
            yield from map(rows.revision, read)

    def _found(self, any_of: Sets, since: datetime | None, limit: int) -> list[int]:
        args = {"since": since_when(since), "limit": limit, "before": AFTER_ALL}
        with self.reading() as db:
            args["first"] = self._first(db, since)
            return _filed(db, any_of, args) if any_of else _pks(db, "latest_revisions", args)

    def search_any(self, asked: Sequence[Sets], since: datetime | None) -> Iterator[Revision]:
        """Places are looked up a span at a time: those of all there is would be many."""
        questions = [terms.question(any_of) for any_of in asked if all(any_of)]
        with self.reading() as db:
            first, last = self._first(db, since), db.execute(SQL["last_revision"]).fetchone()[0] or 0
        for end in range(last, first - 1, -SPAN):
            with self.reading() as db:
                found = _in_span(db, questions, max(first, end - SPAN + 1), end)
            for start in range(0, len(found), AT_ONCE):
                args = {"since": since_when(since), "last": last, "pks": rows.dumped(found[start : start + AT_ONCE])}
                with self.reading() as db:
                    read = db.execute(SQL["latest_at"], args).fetchall()
                yield from map(rows.revision, read)

    def _first(self, db: sqlite3.Connection, since: datetime | None) -> int:
        """The first revision since then. It is the least of all that came since, so it is kept for the next question:
        what comes later has a higher number.
        """
        if since is None:
            return 0
        if since not in self._firsts:
            found = db.execute(SQL["first_since"], {"since": rows.micros(since)}).fetchone()[0]
            if found is None:
                return AFTER_ALL
            self._firsts = {since: found}
        return self._firsts[since]


def since_when(moment: datetime | None) -> int:
    return BEFORE_ALL if moment is None else rows.micros(moment)


def _filed(db: sqlite3.Connection, any_of: Sets, args: Mapping[str, int]) -> list[int]:
    """What the index finds, and behind it all that is older and not yet filed under today's keys."""
    before = unfiled_before(db)
    in_index = {**args, "first": max(args["first"], before), "terms": terms.question(any_of)}
    found = _pks(db, "latest_with_terms", in_index)
    return found + _pks(db, "latest_revisions", {**args, "before": before, "limit": args["limit"] - len(found)})


def _pks(db: sqlite3.Connection, query: str, args: Mapping[str, object]) -> list[int]:
    return [row["pk"] for row in db.execute(SQL[query], args)]


def _in_span(db: sqlite3.Connection, questions: Sequence[str], first: int, last: int) -> list[int]:
    """What may answer one of the questions, newest first; those that are not filed may answer any."""
    every = _pks(db, "revisions_between", {"first": first, "last": last})
    filed = {"first": max(first, unfiled_before(db)), "last": last}
    found = {pk for pk in every if questions and pk < filed["first"]}
    for question in questions:
        if len(found) >= len(every):
            break
        found.update(_pks(db, "with_terms", {**filed, "terms": question}) if question else every)
    return sorted(found, reverse=True)
