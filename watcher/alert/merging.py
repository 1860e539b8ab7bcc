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
    """Out go edits of an item the rule has told, or that was baseline to it, where it does not want them; and what
    came from its page, which is the same news at length.
    """

    def verdict(d: Dispatch) -> Verdict | None:
        last = round_.told.latest.get((d.rule, d.item))
        if last is None or not (d.paged or d.updates is Updates.IGNORE):
            return None
        return _settled(Reason.FULL_TEXT if d.paged else Reason.UPDATE_IGNORED, last.alert)

    return closed(round_, verdict)


def merge_told_urls(round_: Round) -> Round:
    """Out goes an item whose address the rule has told, brought by another item."""

    def verdict(d: Dispatch) -> Verdict | None:
        first = round_.told.by_url.get((d.rule, d.canonical)) if d.canonical else None
        return (Reason.SAME_URL, first.alert) if first and first.item != d.item else None

    return closed(round_, verdict)


def merge_told_texts(round_: Round) -> Round:
    """Out goes an item that says what another one said, which the rule has told no less severely.

    What denies it is told where that did not, and the other way round. What was told itself goes on as edits do; and
    of what was baseline nobody was told.
    """

    def verdict(d: Dispatch) -> Verdict | None:
        own = round_.told.latest.get((d.rule, d.item))
        said = () if own and own.alert else round_.told.by_text.get((d.rule, d.text, d.denial), ())
        first = next((one for one in said if one.severity >= d.severity), None)
        return (Reason.SAME_TEXT, first.alert) if first else None

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


def merge_texts(round_: Round) -> Round:
    """Another item that says the same waits for the same rule: the first of the severest is told."""
    first: dict[tuple[RuleId, ItemId, bool], Dispatch] = {}
    for d in round_.open:
        best = first.setdefault((d.rule, d.text, d.denial), d)
        if d.severity > best.severity:
            first[d.rule, d.text, d.denial] = d
    return riding(round_, Reason.SAME_TEXT, lambda d: first[d.rule, d.text, d.denial])


def _settled(reason: Reason, alert: AlertKey | None) -> Verdict:
    """It goes where the item went before: into an alert, or to the baseline."""
    return (reason, alert) if alert else (Reason.BASELINE, None)
