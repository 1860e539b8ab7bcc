"""edge: (store, a rule, its matches in history) -> those nobody was told of, on their way to its channels."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.cli.common import clean, note, row, say
from watcher.cli.edits import agreed
from watcher.errors import UsageError
from watcher.model import ChannelName, ChannelSpec, Match, NewDispatch, Reason, Revision, Rule
from watcher.ports import Store
from watcher.story import dispatches
from watcher.text.counted import counted


class Sending:
    """What a look back finds of a rule, to be told as if it came now."""

    def __init__(self, store: Store, rule: Rule, channels: Sequence[ChannelSpec]) -> None:
        """Raises UsageError for a version of a rule that the watcher does not go by: it could not tell of it."""
        live = store.live_rule(rule.id)
        if live is None or live.hash != rule.hash:
            known = "does not know this rule" if live is None else "goes by another version of this rule"
            raise UsageError(f"nothing can be sent: the watcher {known} so far; run it, and try again")
        self.store = store
        self.rule = rule
        self.channels: list[ChannelName] = [channel.name for channel in channels if channel.hears(rule)]
        self.found: list[tuple[Match, tuple[NewDispatch, ...]]] = []

    def add(self, revision: Revision, match: Match) -> None:
        """One match, newest first."""
        self.found.append((match, dispatches(self.rule, revision, self.channels, denial=match.denial)))

    def offer(self, *, yes: bool, as_json: bool) -> None:
        """Say how many are left that nobody was told of, ask, and let them be told, oldest first."""
        untold = [pair for pair in reversed(self.found) if self._is_untold(pair[0])]
        where = ", ".join(map(clean, self.channels))
        (note if as_json else say)(
            f"{counted(len(untold), 'match', 'es')} of {len(self.found):,} nobody was told of, on {where}"
        )
        if not untold or not agreed("Send them?", ("sent", "sends"), yes=yes, as_json=as_json):
            return
        self.store.save_matches(untold)
        if as_json:
            row({"sent": {"matches": len(untold), "channels": self.channels}})
        else:
            left = counted(len(untold), "match", "es")
            say(f"{left} on the way: told within a minute, or when the watcher runs again")

    def _is_untold(self, match: Match) -> bool:
        """Whether the rule has not matched the item before, or only when that was baseline."""
        records = self.store.records(match.item, self.rule.id)
        return all(d.reason is Reason.BASELINE for record in records for d in record.dispatches)
