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
from dataclasses import dataclass

from watcher.model import Finding, FindingSeverity, RuleId
from watcher.rules import Loaded, LoadedRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The rules to be live, in the order of files and lines; of those that stay at their last good version, why."""

    rules: tuple[LoadedRule, ...]
    kept: Mapping[RuleId, Finding]
    added: tuple[RuleId, ...]
    changed: tuple[RuleId, ...]  # they mean something else than before
    removed: tuple[RuleId, ...]
    errors: tuple[Finding, ...]  # all there are, in the order of files and lines


def renewed(before: Sequence[LoadedRule], loaded: Loaded, unreadable: Sequence[Finding] = ()) -> Renewal:
    """`unreadable` names files and folders that should be there, so that `loaded` could know nothing of them."""
    decider = _Decider(loaded, unreadable)
    live = {each.rule.id: each for each in before}
    kept = {each.rule.id: why for each in before if (why := decider.keeps(each))}
    chosen = {name: each for name, each in decider.fresh.items() if name in live or not decider.waits(each)}
    chosen |= {name: live[name] for name in kept}
    changed = [name for name, each in chosen.items() if name in live and each.rule.hash != live[name].rule.hash]
    return Renewal(
        rules=tuple(sorted(chosen.values(), key=lambda each: (each.rule.file, each.rule.line))),
        kept=kept,
        added=tuple(sorted(chosen.keys() - live.keys())),
        changed=tuple(sorted(changed)),
        removed=tuple(sorted(live.keys() - chosen.keys())),
        errors=decider.errors,
    )


class _Decider:
    """What of each rule that is live; `fresh` are the rules as loaded."""

    def __init__(self, loaded: Loaded, unreadable: Sequence[Finding]) -> None:
        self.fresh = {each.rule.id: each for each in loaded.rules}
        self.unsure = loaded.unsure
        errors = [*unreadable, *(f for f in loaded.findings if f.severity is FindingSeverity.ERROR)]
        self.errors = tuple(sorted(errors, key=lambda f: (f.file, f.line, f.column)))
        self._first: dict[str, Finding] = {}
        for error in self.errors:
            self._first.setdefault(error.file, error)

    def keeps(self, live: LoadedRule) -> Finding | None:
        """The error for which a rule stays at the version that is live."""
        fresh = self.fresh.get(live.rule.id)
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
