"""`watcher check --costs`: by what each rule is found, and which are asked of every item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from watcher.cli.common import clean, note, row, say
from watcher.config import Settings
from watcher.errors import StoreError
from watcher.model import FindingSeverity
from watcher.rules import Loaded
from watcher.rules.costs import Cost, Found, costs, summary
from watcher.rules.frequencies import ITEMS
from watcher.store import open_store
from watcher.text.counted import counted

MOST = 50
"""Rules listed for a person."""
TERMS = 4
"""Terms of one rule listed for a person."""

_SAID: Mapping[Found, str] = {
    Found.EVERY: "asked of every item",
    Found.REGEX: "found by a regular expression",
    Found.NAME: "found by the name of a feed, site or language",
    Found.BEGINNING: "found by the beginning of a word",
    Found.WORD: "found by a word",
}


def show(asked: tuple[Loaded, Settings | None], *, as_json: bool) -> int:
    """1 where a rule has an error: what that would cost is not known."""
    loaded, settings = asked
    frequencies = _frequencies(settings)
    found = costs([(one.rule.id, tree) for one in loaded.rules if (tree := one.tree)], frequencies)
    if as_json:
        for cost in found:
            row(_row(cost, known=bool(frequencies.get(ITEMS))))
    else:
        for line in _lines(found, frequencies.get(ITEMS, 0)):
            say(line)
    errors = sum(finding.severity is FindingSeverity.ERROR for finding in loaded.findings)
    if errors:
        note(f"{counted(errors, 'error')} beside: `watcher check` shows them")
    return 1 if errors else 0


def _frequencies(settings: Settings | None) -> Mapping[str, int]:
    """How often terms were counted in what is stored; nothing where nothing is."""
    if settings is None:
        return {}
    try:
        with closing(open_store(settings.store_url, read_only=True)) as store:
            return store.frequencies()
    except StoreError:
        return {}


def _row(cost: Cost, *, known: bool) -> Mapping[str, object]:
    return {
        "rule": cost.rule,
        "class": cost.found.value,
        "terms": cost.terms,
        "shared": cost.shared,
        "share": None if cost.share is None else round(cost.share, 6),
        "counted": known,
        "why": cost.why or None,
        "help": cost.help or None,
    }


def _lines(found: Sequence[Cost], items: int) -> Iterator[str]:
    for cost in found[:MOST]:
        yield f"{cost.found.value:<11} {cost.rule}: {clean(_told(cost))}"
    if len(found) > MOST:
        yield f"… and {counted(len(found) - MOST, 'rule')} that cost less: --json lists them all"
    if found:
        yield ""
    by = ", ".join(f"{many:,} {_SAID[kind]}" for kind, many in summary(found).items())
    yield f"{counted(len(found), 'rule')}: {by}" if by else "no rules"
    guessed = "How often words occur is a guess: nothing was counted yet."
    yield f"How often words occur was counted in {counted(items, 'item')}." if items else guessed


def _told(cost: Cost) -> str:
    if cost.why:
        return f"{cost.why}; {cost.help}"
    more = f" and {len(cost.terms) - TERMS:,} more" if len(cost.terms) > TERMS else ""
    shared = f", with {counted(cost.shared, 'other rule')}" if cost.shared else ""
    share = f", in {cost.share:.1%} of items at most" if cost.share is not None else ""
    return f"{', '.join(cost.terms[:TERMS])}{more}{shared}{share}"
