"""pure: a rule file's keys and what may stand behind each; editors complete by the same models."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, StrictBool, Tag
from pydantic import Field as Key
from pydantic_core import PydanticCustomError

from watcher.rules.plain import WITHIN
from watcher.yamldoc.times import hours
from watcher.yamldoc.units import Duration, duration

NAME = re.compile(r"[a-z0-9_-]+")
"""A vocabulary name."""
_SLUG_LENGTH = 60
_ID = re.compile(r"[a-z0-9-]+")
_TEXT_GROUP = "text:/"


def slug(text: str) -> str:
    """An id made of a title: a-z 0-9 and dashes, at most 60; empty for a title without any such letter."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    made = "-".join(words)
    return made if len(made) <= _SLUG_LENGTH else made[: _SLUG_LENGTH + 1].rpartition("-")[0] or made[:_SLUG_LENGTH]


def _is_text(value: Any) -> Any:
    if value is None or isinstance(value, list | dict):
        raise PydanticCustomError("E004", "expected words")
    return value


def _is_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise PydanticCustomError("E004", "expected a-z 0-9 -", {"help": f"write {slug(value) or 'an-id-like-this'}"})
    return value


def _is_within(value: Any) -> Any:
    if not isinstance(value, str) or not WITHIN.fullmatch(value):
        raise PydanticCustomError("E004", "expected title, sentence, paragraph, article or a number of words: 15 words")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _without_comma(value: str) -> str:
    if "," in value:
        names = ", ".join(part.strip() for part in value.split(",") if part.strip())
        raise PydanticCustomError(
            "E021", "a comma stands inside a channel's name", {"help": f"write a list: [{names}]"}
        )
    return value


def _is_group(value: str) -> str:
    known = ("story", "rule", "feed", "site", "item")
    if value not in known and not value.startswith(_TEXT_GROUP):
        raise PydanticCustomError("E004", f"expected {', '.join(known)} or text:/a regular expression/")
    return value


def _is_hours(text: str) -> str:
    hours(text)
    return text


def moment(value: Any) -> datetime:
    """A date, or a date and time (ISO 8601), in UTC where it names no zone. Raises E111."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise PydanticCustomError("E111", "expected a date like 2015-03-25 or 2015-03-25T12:00Z") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _after(value: Any) -> float:
    """Seconds after the start of a timeline: a duration, or 0 with or without a unit."""
    return 0.0 if str(value) in {"0", "0s", "0m", "0h", "0d"} else duration(value)


_Text = Annotated[str | int | float | bool, BeforeValidator(_is_text)]
_Listed = Annotated[list[_Text], Key(min_length=1)]
_Alternatives = Annotated[
    Annotated[_Listed, Tag("list")] | Annotated[_Text, Tag("text")],
    Discriminator(lambda value: "list" if isinstance(value, list) else "text"),
]
_Names = Annotated[list[Annotated[str, AfterValidator(_without_comma)]], BeforeValidator(_as_list)]
_Strings = Annotated[list[str], BeforeValidator(_as_list)]
_Groups = Annotated[
    list[Annotated[str, AfterValidator(_is_group)]], BeforeValidator(_as_list), Key(min_length=1, max_length=1)
]
_Severity = Literal["info", "low", "medium", "high", "critical"]
_Updates = Literal["ignore", "thread", "alert"]
_Denials = Literal["mark", "skip", "include"]
_Moment = Annotated[datetime, BeforeValidator(moment)]
_Count = Annotated[int, Key(strict=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WhenKeys(_Strict):
    count: Annotated[_Count, Key(ge=2, le=10_000)]
    within: Duration
    distinct: Literal["item", "source"] = "item"


class TemplateKeys(_Strict):
    title: str | None = None
    body: str | None = None


class Settings(_Strict):
    """What a rule may say of its alerts, and `defaults:` for all rules of the file."""

    severity: _Severity | None = None
    notify: _Names | None = None
    updates: _Updates | None = None
    group: _Groups | None = None
    denials: _Denials | None = None
    actual: StrictBool | None = None
    throttle: Duration | None = None
    digest: StrictBool | None = None
    when: WhenKeys | None = None
    max_age: Duration | None = None
    template: TemplateKeys | None = None


class ScopeKeys(_Strict):
    feeds: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    min_words: Annotated[_Count, Key(ge=1, le=100_000)] | None = None


class AbsenceKeys(_Strict):
    feeds: Annotated[list[str], Key(min_length=1)]
    silent: Duration
    during: Annotated[str, AfterValidator(_is_hours)] | None = None


class ItemKeys(_Strict):
    """An item of a test: a file, or what stands in it. The text's paragraphs are apart by a blank line."""

    file: str | None = None
    title: str | None = None
    text: str | None = None
    summary: str | None = None
    url: str | None = None
    authors: _Strings | None = None
    tags: _Strings | None = None
    lang: str | None = None
    published: _Moment | None = None
    feed: str | None = None


class ItemTestKeys(ItemKeys):
    """What the rule is to make of an item."""

    expect: Literal["match", "denial", "no match"]
    highlight: _Strings = []


class StepKeys(_Strict):
    at: Annotated[float, BeforeValidator(_after)]
    item: ItemKeys


class AlertKeys(_Strict):
    at: Annotated[float, BeforeValidator(_after)]
    alert: Annotated[_Count, Key(ge=0)]
    items: Annotated[_Count, Key(ge=1)] | None = None
    to: _Names = []


class TimelineKeys(_Strict):
    """When the rule is to alert, as items come."""

    start: _Moment
    timeline: list[StepKeys]
    expect: Annotated[list[AlertKeys], Key(min_length=1)]


_Test = Annotated[
    Annotated[ItemTestKeys, Tag("of an item")] | Annotated[TimelineKeys, Tag("of a timeline")],
    Discriminator(lambda value: "of a timeline" if isinstance(value, dict) and "timeline" in value else "of an item"),
]


class RuleKeys(Settings):
    """One rule. The texts of `match` and of the lists are read from their nodes, which know their places."""

    id: Annotated[str, AfterValidator(_is_id)] | None = None
    title: str | None = None
    watch: str | None = None
    match: _Text | None = None
    all: Annotated[list[_Alternatives], Key(min_length=1)] | None = None
    any: _Listed | None = None
    within: Annotated[str, BeforeValidator(_is_within)] = "article"
    unless: _Listed | None = None
    none: _Listed | None = None
    absence: AbsenceKeys | None = None
    scope: ScopeKeys | None = None
    tests: list[_Test] | None = None


class EntryKeys(_Strict):
    """One vocabulary entry."""

    match: _Text
    except_: _Text | None = Key(None, alias="except")
    auto: StrictBool = False
    override: StrictBool = False


class FileKeys(_Strict):
    """A rule file without its rules and vocabulary, which are checked one by one."""

    schema_: Literal["watch/1"] = Key("watch/1", alias="schema")
    use: list[str] = []
    defaults: Settings = Settings()
    vocab: None = None
    rules: None = None
