"""pure: (words with `{name.field}` in them, alert, item, channel) -> text. A value is never read as a template."""

from __future__ import annotations

import re
from collections.abc import Mapping

from watcher.model import Alert, AlertKind, ChannelSpec, ToldItem
from watcher.render.clean import link, many_lines, one_line
from watcher.render.words import denial, moment
from watcher.rules.wording import PART
from watcher.text.cut import cut

LONGEST_VALUE = 1000
"""Code points of one value; a summary of a hundred kilobytes is not what a template is for."""
LONGEST = 10_000
"""Code points of a whole text, however often a template names a value."""


def title(alert: Alert, channel: ChannelSpec) -> str | None:
    """The title that the alert's rule has words of its own for, in one line; None when it has none."""
    words = alert.template.title if alert.template and _is_of_a_rule(alert) else None
    if words is None:
        return None
    return denial(alert.items[0]) + one_line(filled(words, alert, alert.items[0], channel)).strip()


def body(alert: Alert, told: ToldItem, channel: ChannelSpec) -> str | None:
    """What the alert's rule has words of its own for to say of an item, in lines; None when it has none."""
    words = alert.template.body if alert.template and _is_of_a_rule(alert) else None
    return None if words is None else denial(told) + filled(words, alert, told, channel).strip("\n")


def filled(text: str, alert: Alert, told: ToldItem | None, channel: ChannelSpec) -> str:
    """`text` with its names replaced by what they stand for, nothing for what is not known, `{{` by a brace.

    At most LONGEST code points, cut on a word; without control characters. A name that is not known stays as written.
    """
    values = _values(alert, told, channel)
    out, at, size = [], 0, 0
    for part in PART.finditer(text):
        out += [text[at : part.start()], _said(part, values)]
        at, size = part.end(), size + len(out[-2]) + len(out[-1])
        if size > LONGEST:
            break
    return cut(many_lines("".join([*out, text[at:]])), LONGEST)


def _said(part: re.Match[str], values: Mapping[str, str]) -> str:
    return part[0][0] if part[1] is None else values.get(part[1], part[0])


def _values(alert: Alert, told: ToldItem | None, channel: ChannelSpec) -> dict[str, str]:
    """What each name stands for (rules.wording.NAMES); without an item its names and its rule's are empty."""
    item = told.item if told else None
    rule, rule_title = told.rules[0] if told and told.rules else ("", "")
    values = {
        "channel": channel.name,
        "group": alert.group.partition(":")[2],
        "item.authors": ", ".join(item.authors) if item else "",
        "item.feed": item.feed if item else "",
        "item.id": item.id if item else "",
        "item.lang": item.lang or "" if item else "",
        "item.published": moment(item.published, channel.timezone) if item and item.published else "",
        "item.summary": item.summary if item else "",
        "item.tags": ", ".join(item.tags) if item else "",
        "item.title": item.title if item else "",
        "rule.id": rule,
        "rule.title": rule_title,
        "severity": alert.severity.word,
    }
    url = link(item.url) if item and item.url else ""  # whole, or it leads nowhere
    return {"item.url": url, **{name: _short(value) for name, value in values.items()}}


def _short(text: str) -> str:
    return cut(one_line(text[: 4 * LONGEST_VALUE]).strip(), LONGEST_VALUE)


def _is_of_a_rule(alert: Alert) -> bool:
    return alert.kind in {AlertKind.MATCH, AlertKind.UPDATE} and bool(alert.items)
