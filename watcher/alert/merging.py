"""pure: round -> round without what is no news: too slight for the channel, told before, or told by another here."""

from __future__ import annotations

from watcher.alert.round import Round, Verdict, closed, riding
from watcher.model import AlertKey, Dispatch, ItemId, Reason, RuleId, Updates


def drop_slight(round_: Round) -> Round:
    """Out goes what is below the channel's min_severity."""
    least = round_.channel.min_severity
    return closed(round_, lambda d: (Reason.BELOW_SEVERITY, None) if d.severity < least else None)


def merge_told(round_: Round) -> Round:
    """Out goes what the rule has told already: this revision of the item, or a later one."""

    def verdict(d: Dispatch) -> Verdict | None:
        last = round_.told.latest.get((d.rule, d.item))
        if last is None or d.revision > last.revision:
            return None
        return _settled(Reason.SAME_ITEM, round_.told.exactly.get((d.rule, d.item, d.revision), last.alert))

    return closed(round_, verdict)


def ignore_updates(round_: Round) -> Round:
    """Out go edits of an item the rule has told, or that was baseline to it, where it does not want them."""

    def verdict(d: Dispatch) -> Verdict | None:
        last = round_.told.latest.get((d.rule, d.item))
        return _settled(Reason.UPDATE_IGNORED, last.alert) if last and d.updates is Updates.IGNORE else None

    return closed(round_, verdict)


def merge_told_urls(round_: Round) -> Round:
    """Out goes an item whose address the rule has told, brought by another item."""

    def verdict(d: Dispatch) -> Verdict | None:
        first = round_.told.by_url.get((d.rule, d.canonical)) if d.canonical else None
        return (Reason.SAME_URL, first.alert) if first and first.item != d.item else None

    return closed(round_, verdict)


def merge_revisions(round_: Round) -> Round:
    """A later revision of the item waits for the same rule: that one is told, the earlier ones go with it."""
    newest: dict[tuple[RuleId, ItemId], Dispatch] = {}
    for d in round_.open:
        best = newest.setdefault((d.rule, d.item), d)
        if d.revision > best.revision:
            newest[d.rule, d.item] = d
    return riding(round_, Reason.SAME_ITEM, lambda d: newest[d.rule, d.item])


def merge_urls(round_: Round) -> Round:
    """Another item with the same address waits for the same rule: the one that came first is told."""
    first: dict[tuple[RuleId, str], Dispatch] = {}
    for d in round_.open:
        if d.canonical:
            first.setdefault((d.rule, d.canonical), d)
    return riding(round_, Reason.SAME_URL, lambda d: first[d.rule, d.canonical] if d.canonical else d)


def _settled(reason: Reason, alert: AlertKey | None) -> Verdict:
    """It goes where the item went before: into an alert, or to the baseline."""
    return (reason, alert) if alert else (Reason.BASELINE, None)
