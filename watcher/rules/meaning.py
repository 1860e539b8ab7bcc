"""pure: (a rule's keys, its file's defaults) -> the rule, and the hash of what it means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

from watcher.model import Absence, Denials, Rule, RuleId, Scope, Severity, Template, Updates, When
from watcher.rules.schema import AbsenceKeys, RuleKeys, ScopeKeys, Settings
from watcher.yamldoc.times import hours


def made(rule: Rule, keys: RuleKeys, settings: Settings) -> Rule:
    """The rule with all that its keys say beside its expression, and its hash; `settings` hold the defaults too."""
    whole = replace(
        rule,
        severity=Severity[(settings.severity or "medium").upper()],
        notify=tuple(settings.notify or ()),
        updates=Updates(settings.updates or "thread"),
        denials=Denials(settings.denials or "mark"),
        group=settings.group[0] if settings.group else "story",
        scope=_scope(keys.scope) if keys.scope else Scope(),
        throttle=settings.throttle,
        digest=bool(settings.digest),
        when=When(**settings.when.model_dump()) if settings.when else None,
        max_age=settings.max_age,
        template=Template(**settings.template.model_dump()) if settings.template else Template(),
        absence=_absence(keys.absence) if keys.absence else None,
    )
    return replace(whole, hash=rule_hash(whole))


def _scope(keys: ScopeKeys) -> Scope:
    return Scope(feeds=keys.feeds, lang=keys.lang, min_words=keys.min_words or 0)


def _absence(keys: AbsenceKeys) -> Absence:
    during = hours(keys.during) if keys.during else None
    return Absence(feeds=tuple(keys.feeds), silent=keys.silent, during=during)


def with_defaults(keys: RuleKeys, defaults: Settings) -> Settings:
    """What a rule says of its alerts, and what its file says where it does not."""
    given = {key: getattr(keys, key) for key in keys.model_fields_set & Settings.model_fields.keys()}
    return defaults.model_copy(update={key: value for key, value in given.items() if value is not None})


def rule_hash(rule: Rule) -> str:
    """16 hexadecimal digits of the SHA-256 over everything that changes what a rule finds and whom it tells how.

    What a rule leaves as it is by itself does not count: a key that a later version brings changes no hash.
    """
    scope = [sorted(rule.scope.feeds), sorted(rule.scope.lang)]
    meaning = [rule.expanded, rule.severity.word, sorted(rule.notify), rule.updates.value, rule.group, scope]
    more = {key: getattr(rule, key) for key in _MORE if getattr(rule, key) != getattr(_BARE, key)}
    if rule.scope.min_words:
        more["min_words"] = rule.scope.min_words
    return hashlib.sha256(json.dumps([*meaning, *([more] if more else [])], default=asdict).encode()).hexdigest()[:16]


_MORE = ("denials", "throttle", "digest", "when", "max_age", "template", "absence")
_BARE = Rule(id=RuleId(""), title="", expression="", expanded="", hash="")
