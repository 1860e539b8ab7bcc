"""pure: (rules that are live, what a new load brought, what could not be read) -> the rules to be live from now on.

No rule is lost by a mistake. One that is live and is not to be had any more, or of which nobody can be sure any more
what it means, stays at its last good version as long as an error explains that:

- its file has an error: it stays, whether it is in the error or was only taken out beside it;
- its file, or a folder above it, is among what should be there and cannot be read: it stays;
- its file's vocabulary or defaults have an error (`Loaded.unsure`) and it would mean something else: it stays, and new
  rules of such a file wait;
- its file is good, or is gone while the folder is there: it is removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from watcher.model import Finding, RuleId
from watcher.rules import Loaded, LoadedRule
from watcher.rules.layered import Layered

Changes = Mapping[RuleId, LoadedRule | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Renewal:
    """The rules to be live; of those that stay at their last good version, why. All that follows costs what changed."""

    live: Mapping[RuleId, LoadedRule]
    kept: Mapping[RuleId, Finding]
    added: tuple[RuleId, ...]
    changed: tuple[RuleId, ...]  # they mean something else than before
    removed: tuple[RuleId, ...]
    touched: Changes  # all that are written otherwise, or not any more
    errors: tuple[Finding, ...]  # all there are: what others follow from, then by file and line
    pending: Changes = field(repr=False)  # what the files say of rules that are not live as they say
    load: object = field(repr=False)  # what it was made of

    @cached_property
    def rules(self) -> tuple[LoadedRule, ...]:
        """In the order of files and lines."""
        return tuple(sorted(self.live.values(), key=lambda each: (each.rule.file, each.rule.line)))


def renewed(before: Renewal | None, loaded: Loaded, unreadable: Sequence[Finding] = ()) -> Renewal:
    """`unreadable` names files and folders that should be there, so that `loaded` could know nothing of them."""
    decider = _Decider(loaded, unreadable)
    live: Mapping[RuleId, LoadedRule] = before.live if before else {}
    kept: dict[RuleId, Finding] = {}
    pending: dict[RuleId, LoadedRule | None] = {}
    touched: dict[RuleId, LoadedRule | None] = {}
    for name, fresh in _said(before, loaded).items():
        was = live.get(name)
        if fresh is was:
            continue
        why = decider.keeps(was, fresh) if was else None
        if why:
            kept[name] = why
        if why or (fresh and not was and decider.waits(fresh)):
            pending[name] = fresh
        else:
            touched[name] = fresh
    both = [(name, live[name], fresh) for name, fresh in touched.items() if fresh and name in live]
    return Renewal(
        live=(live if isinstance(live, Layered) else Layered(live)).changed(touched),
        kept=kept,
        added=tuple(sorted(name for name, fresh in touched.items() if fresh and name not in live)),
        changed=tuple(sorted(name for name, was, fresh in both if was.rule.hash != fresh.rule.hash)),
        removed=tuple(sorted(name for name, fresh in touched.items() if fresh is None)),
        touched=touched,
        errors=decider.errors,
        pending=pending,
        load=loaded.load,
    )


def _said(before: Renewal | None, loaded: Loaded) -> Changes:
    """Every rule of which the files may say something else than what is live, and what they say of it."""
    if before is not None and before.load is loaded.since:
        return {**before.pending, **loaded.changes}
    gone: dict[RuleId, LoadedRule | None] = dict.fromkeys(before.live if before else ())
    return gone | {each.rule.id: each for each in loaded.rules}


class _Decider:
    """What of each rule that is live."""

    def __init__(self, loaded: Loaded, unreadable: Sequence[Finding]) -> None:
        self.unsure = loaded.unsure
        by_place = sorted([*unreadable, *loaded.errors], key=lambda f: (f.file, f.line, f.column))
        self._first: dict[str, Finding] = {}
        for error in by_place:
            self._first.setdefault(error.file, error)
        causes = {error for file, error in loaded.unsure.items() if error.file != file}
        self.errors = tuple(sorted(by_place, key=lambda error: error not in causes))

    def keeps(self, live: LoadedRule, fresh: LoadedRule | None) -> Finding | None:
        """The error for which a rule stays at the version that is live; `fresh` is what the files say."""
        if fresh is None:
            return self._of(live.rule.file)
        if fresh.rule.hash == live.rule.hash:
            return None
        moved = fresh.rule.file != live.rule.file  # or the id was taken by a rule of another file
        return self.unsure.get(fresh.rule.file) or (self._of(live.rule.file) if moved else None)

    def waits(self, fresh: LoadedRule) -> bool:
        return fresh.rule.file in self.unsure

    def _of(self, file: str) -> Finding | None:
        """The first error of a file, or of a folder above it."""
        return next((self._first[path] for path in _paths(file) if path in self._first), None)


def _paths(file: str) -> Iterator[str]:
    """The file, then the folders it lies in from the innermost outwards."""
    while file:
        yield file
        file = file.rpartition("/")[0]
