"""edge: Settings -> the parts that the watcher is put together from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TextIO

from watcher.app.channels import channel_findings
from watcher.config import Settings
from watcher.config.collecting import uncollected
from watcher.config.files import Plan
from watcher.deliver import open_sender
from watcher.deliver.console import ConsoleSender
from watcher.deliver.pace import pace_of, target_of
from watcher.errors import ConfigError, SendError
from watcher.fetch import Limits, open_fetcher
from watcher.jobs import Live, Outlet
from watcher.model import Alert, ChannelSpec, Message, Receipt, Rule, RuleId
from watcher.ports import Clock, Fetcher, Parser
from watcher.render import Terminal, render
from watcher.render.row import row, title
from watcher.rules import LoadedRule
from watcher.rules.assemble import FiledRule
from watcher.rules.compile import CompiledRule
from watcher.rules.ruleset import Ruleset
from watcher.run.worker import Limits as WorkerLimits
from watcher.run.worker import ProcessParser


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What `watcher run` was asked for."""

    once: bool = False
    dry_run: bool = False
    as_json: bool = False  # console channels write JSON Lines
    wait_lock: float = 0.0  # seconds
    debug: bool = False


def make_fetcher(settings: Settings | None, clock: Clock) -> Fetcher:
    """The fetcher as configured, or with the defaults where there is no configuration."""
    if settings is None:
        return open_fetcher(clock=clock)
    limits = Limits(**settings.fetch)  # type: ignore[arg-type]  # the schema has checked them
    return open_fetcher(clock=clock, limits=limits, allow_private=settings.allow_private, contact=settings.contact)


def make_parser(settings: Settings | None) -> Parser:
    """The parser in processes of its own, as configured: a second one while a document keeps the first busy."""
    return ProcessParser(WorkerLimits(**(settings.parse if settings else {})), workers=2)


def make_outlets(settings: Settings, stream: TextIO, environ: Mapping[str, str]) -> tuple[Outlet, ...]:
    """The channels, ready to send. Raises ConfigError when one cannot be used."""
    try:
        return tuple(make_outlet(spec, settings, stream, environ) for spec in settings.channels)
    except SendError:
        raise ConfigError(channel_findings(settings)) from None


def make_outlet(spec: ChannelSpec, settings: Settings, stream: TextIO, environ: Mapping[str, str]) -> Outlet:
    """One channel, ready to send. Raises SendError when it cannot be used."""
    sender = open_sender(
        spec,
        stream=stream,
        environ=environ,
        timeout=settings.send_timeout,
        allow_private=settings.allow_private,
    )
    seen = isinstance(sender.medium, Terminal) and stream.isatty()
    return Outlet(
        spec=spec,
        render=lambda alert: render(alert, sender.medium, spec),
        sender=sender,
        seen=seen,
        pace=pace_of(spec),
        target=target_of(spec),
    )


class DrySender:
    """Says what would have been sent, and where."""

    def __init__(self, outlet: Outlet, stream: TextIO, *, as_json: bool) -> None:
        self._channel = outlet.spec.name
        self._stream = stream
        self._as_json = as_json

    def send(self, message: Message) -> Receipt:
        words = message.body if self._as_json else f"would send on {self._channel}: {message.title}"
        self._stream.write(f"{words}\n")
        self._stream.flush()
        return Receipt(detail="dry run")

    def rest(self) -> None:
        """Nothing is kept."""

    def shown(self, message: Message) -> str:
        return message.body


def as_wished(outlet: Outlet, wish: Wish, stream: TextIO) -> Outlet:
    """A channel as it is, or with its sender or its words replaced by what `run` was asked for."""
    if wish.as_json and (wish.dry_run or isinstance(outlet.sender, ConsoleSender)):
        outlet = replace(outlet, render=_json_message)
    dry = DrySender(outlet, stream, as_json=wish.as_json)
    return replace(outlet, sender=dry, pace=None) if wish.dry_run else outlet


def _json_message(alert: Alert) -> Message:
    line = json.dumps(row(alert), ensure_ascii=False)
    return Message(key=alert.key, title=title(alert), body=line, severity=alert.severity)


class RulesOf(Mapping[RuleId, Rule]):
    """The rules by their ids, for as many as there are at no cost."""

    def __init__(self, live: Mapping[RuleId, LoadedRule]) -> None:
        self._live = live

    def __getitem__(self, rule: RuleId) -> Rule:
        return self._live[rule].rule

    def __iter__(self) -> Iterator[RuleId]:
        return iter(self._live)

    def __len__(self) -> int:
        return len(self._live)


@uncollected()
def make_live(plan: Plan, before: Live | None = None) -> Live:
    """What the jobs go by, ready to be asked. Of what went before only what the plan touched is worked out again."""
    loaded = plan.renewal.touched if before else plan.renewal.live
    compiled = {name: _compiled(each) for name, each in loaded.items()}
    ruleset = before.ruleset.changed(compiled) if before else Ruleset([rule for rule in compiled.values() if rule])
    live = Live(
        ruleset=ruleset.ready(),
        rules=RulesOf(plan.renewal.live),
        outlets={outlet.spec.name: outlet for outlet in plan.outlets},
        operator=plan.settings.operator,
        heartbeat=plan.settings.heartbeat,
        access=plan.settings.access,
    )
    kept = [rule for rule in before.absences if rule.id not in loaded] if before else []
    vars(live)["absences"] = (*kept, *(each.rule for each in loaded.values() if each and each.rule.absence))
    return live


def _compiled(loaded: LoadedRule | None) -> CompiledRule | None:
    return FiledRule(loaded) if loaded and loaded.has_expression else None
