"""edge: an alert's row -> the Alert with all it tells, read from the matches that it points at.

However many dispatches an alert closes, only those with a place in it are read; the others are counted.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from watcher.model import Alert, AlertKind, Revision, Root, Severity, Template, ToldItem
from watcher.store import rows
from watcher.store.queries import SQL

TEXTS = "revision"
"""The query that reads what an alert shows whole."""
TITLES = "titles"
"""The one that leaves texts out: for a list of many alerts."""


def content(db: sqlite3.Connection, item: str, number: int | None, query: str = TEXTS) -> Revision | None:
    """A revision as `query` reads it, the latest without a number; of one that is forgotten, what is left."""
    args = {"item": item, "number": number}
    if row := db.execute(SQL[query], args).fetchone():
        return rows.revision(row)
    left = db.execute(SQL["forgotten"], args).fetchone()
    return replace(rows.revision(left), forgotten=True) if left else None


def whole(db: sqlite3.Connection, row: sqlite3.Row, contents: str = TEXTS) -> Alert:
    """What `row` (of the queries `alert` and `alerts`) tells; of a copy, what the original does."""
    key = {"alert": row["copy_of"] or row["key"]}
    told = db.execute(SQL["told_by"], key).fetchall()
    found = ((of, content(db, of[0]["item"], of[0]["revision"], contents)) for of in _by_content(told))
    shown = [(of, read) for of, read in found if read]
    counts = _counts(db, key, {one["grp"] for one in told})
    copies = _copies(db, key, None if row["kind"] == AlertKind.DIGEST else row["grp"])
    beside = Counter({group: counted["items"] for group, counted in counts.items()})
    beside.subtract(group for group, _ in {(of[0]["grp"], read.item.id) for of, read in shown})
    items = tuple(_told_item(of, read, beside, counts, copies) for of, read in shown)
    return rows.alert(row, items, _template(told), _root(db, row), copies.total())


def _by_content(told: Iterable[sqlite3.Row]) -> Iterable[Sequence[sqlite3.Row]]:
    """The rows of each revision, in the order of their first places."""
    shown: dict[tuple[str, int], list[sqlite3.Row]] = {}
    for row in told:
        shown.setdefault((row["item"], row["revision"]), []).append(row)
    return shown.values()


def _counts(db: sqlite3.Connection, key: rows.Row, groups: set[str]) -> Mapping[str, sqlite3.Row]:
    """Of each group of what is shown: how many items the alert tells, from how many outlets."""
    args = {**key, "groups": rows.dumped(sorted(groups))}
    return {row["grp"]: row for row in db.execute(SQL["told_in"], args)} if groups else {}


def _copies(db: sqlite3.Connection, key: rows.Row, all_of: str | None) -> Counter[str]:
    """How many items say what each group tells, wherever they came from in an alert `all_of` which is of one group."""
    found: Counter[str] = Counter()
    for row in db.execute(SQL["copies_in"], key):
        found[all_of or row["grp"]] += row["items"]
    return found


def _told_item(
    of: Sequence[sqlite3.Row],
    content: Revision,
    beside: Mapping[str, int],
    counts: Mapping[str, sqlite3.Row],
    copies: Mapping[str, int],
) -> ToldItem:
    group = of[0]["grp"]
    return ToldItem(
        item=content.item,
        revision=content.number,
        seen_at=content.seen_at,
        rules=tuple((row["rule"], row["title"]) for row in of),
        evidence=tuple(span for row in of for span in rows.evidence(row["evidence"])),
        denied=tuple(row["rule"] for row in of if row["denial"]),
        group=group,
        severity=Severity(max(row["severity"] for row in of)),
        others=beside[group],
        sources=counts[group]["sources"],
        copies=copies[group],
        hashes=tuple(row["rule_hash"] for row in of),
    )


def _template(told: Iterable[sqlite3.Row]) -> Template | None:
    """The first there is; definitions of the first versions have none."""
    templates = (rows.TEMPLATE.validate_json(row["template"] or "{}") for row in told)
    return next((template for template in templates if template != Template()), None)


def _root(db: sqlite3.Connection, row: sqlite3.Row) -> Root | None:
    """The first of its group that its channel accepted, if that is another one."""
    found = db.execute(SQL["root"], {"channel": row["channel"], "group": row["grp"]}).fetchone()
    return Root(key=found["key"], reference=found["reference"]) if found and found["key"] != row["key"] else None
