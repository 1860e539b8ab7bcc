"""Watch rules, and what one finds in an item."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

from watcher.model.ids import ItemId, RuleId


class Severity(IntEnum):
    INFO = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def lower(self) -> Severity:
        """One below; of the lowest itself."""
        return Severity(max(self - 1, Severity.INFO))


class Updates(StrEnum):
    """What a new revision of an item does when the rule had already matched an earlier one."""

    IGNORE = "ignore"
    THREAD = "thread"
    ALERT = "alert"


class Denials(StrEnum):
    """What a rule does with an item that matches only by what it denies."""

    MARK = "mark"  # the alert says [denial] and is one severity lower
    SKIP = "skip"  # it is no match
    INCLUDE = "include"  # it is a match like any other


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which items a rule looks at; empty means all."""

    feeds: tuple[str, ...] = ()  # feed ids and "tag:name"
    lang: tuple[str, ...] = ()
    min_words: int = 0  # of the main text


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A rule tells only what comes `count` times `within` so many seconds, counted by `distinct`."""

    count: int
    within: float
    distinct: Literal["item", "source"] = "item"  # source: independent outlets


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Words of an alert with `{name.field}` in them; None: the watcher's own."""

    title: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of the week by the clock of `zone` (IANA). An `end` before the `start` lies on the next day."""

    days: tuple[int, ...]  # on which they start, 0 for Monday, ascending
    start: int  # minutes after midnight
    end: int
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What a rule tells that waits for nothing to come: these feeds silent for so many seconds, within hours."""

    feeds: tuple[str, ...]  # feed ids and "tag:name"
    silent: float
    during: Hours | None = None  # None: always


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A watch rule as loaded. `hash` is over everything that changes its meaning, vocabulary included."""

    id: RuleId
    title: str
    expression: str  # as written, or as the plain list compiles
    expanded: str  # with vocabulary and joints spelled out
    hash: str
    severity: Severity = Severity.MEDIUM
    notify: tuple[str, ...] = ()  # channel names or tags; empty: every channel
    updates: Updates = Updates.THREAD
    denials: Denials = Denials.MARK
    group: str = "story"  # or rule, feed, site, item, "text:/regex/flags"
    scope: Scope = Scope()
    throttle: float | None = None  # seconds
    digest: bool = False
    when: When | None = None
    max_age: float | None = None  # seconds
    template: Template = Template()
    absence: Absence | None = None  # then it has no expression
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Evidence: `getattr(item, field)[start:end] == text`; for list fields (authors, tags) the text alone counts."""

    field: str
    start: int
    end: int
    text: str
    term: str  # the part of the rule it answers, as printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    rule: RuleId
    rule_hash: str
    item: ItemId
    revision: int
    evidence: tuple[Span, ...]
    denial: bool = False  # with all that is negated struck out it would be none


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A part of a rule that is false of an item, and the nearest thing in its text, if any comes near."""

    term: str
    nearest: str | None = None
