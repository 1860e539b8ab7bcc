"""edge: the operator's files -> a Plan of what is live, at the start and whenever they have changed since."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from watcher.config import kept
from watcher.config.collecting import uncollected
from watcher.config.reader import load_config
from watcher.config.rulefiles import RuleFiles, checked_rules
from watcher.config.settings import Settings
from watcher.config.watching import Signature, look
from watcher.errors import ConfigError
from watcher.jobs import Outlet
from watcher.model import Finding, FindingSeverity
from watcher.observe import Redactor
from watcher.rules import Filed, Library, Loaded, filed
from watcher.rules.filed import NOTHING_FILED
from watcher.rules.frequencies import NOTHING_COUNTED, Frequencies
from watcher.rules.renew import Renewal, renewed

Looked = Mapping[str, Signature | None]

_CHANNEL_URL = re.compile(r"\b(?!(?:https?|file|console):)([a-z][a-z0-9+.-]*:/+)[^\s\"'#`]+", re.IGNORECASE)
_REDACTED = Redactor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What of the files is live, and what is wrong in them. Swapped whole, never changed."""

    settings: Settings
    outlets: tuple[Outlet, ...]
    renewal: Renewal
    refused: tuple[Finding, ...] = ()  # errors for which the configuration stays as it was
    remarks: tuple[str, ...] = ()  # what of the configuration waits for the next start

    @property
    def errors(self) -> tuple[Finding, ...]:
        return (*self.refused, *self.renewal.errors)


class Files:
    """Reads what changed, checks it whole, and lets nothing that is live be lost by a mistake.

    `learn` is told the secrets of a configuration before anything else is done with it; `open_outlets` raises
    ConfigError when a channel cannot be used. `counted` says at the start in how many stored items terms occur.
    """

    def __init__(
        self,
        config: str | os.PathLike[str],
        environ: Mapping[str, str],
        *,
        learn: Callable[[Settings], None],
        open_outlets: Callable[[Settings], tuple[Outlet, ...]],
        counted: Callable[[Settings], Mapping[str, int]] = lambda _: {},
    ) -> None:
        self._library = Library(NOTHING_COUNTED)
        self._counted = counted
        self._common: Mapping[str, int] | None = None
        self._config = os.fspath(config)
        self._environ = environ
        self._learn = learn
        self._open_outlets = open_outlets
        self._rules = RuleFiles(self._library)
        self._stood: Looked = {}
        self._to_keep: tuple[Path, str, Filed, Loaded, Mapping[str, bytes]] | None = None
        self.not_kept = ""
        """Why nothing was taken from what an earlier start had kept."""

    @uncollected()
    def first(self) -> Plan:
        """At the start every error counts: raises ConfigError."""
        settings = self._load()
        self._count(self._counted(settings))
        made_of = kept.made_of(settings)
        self._rules.known = known = self._kept(settings.data, made_of)
        sources, unreadable = self._rules.read(settings.rules)
        self._rules.known = None
        if unreadable:
            raise ConfigError(unreadable)
        loaded = checked_rules(sources, settings, self._library, known)
        if loaded.errors:
            raise ConfigError(loaded.findings)
        self._to_keep = settings.data, made_of, known, loaded, sources
        return Plan(settings=settings, outlets=self._open_outlets(settings), renewal=renewed(None, loaded))

    def _count(self, counted: Mapping[str, int]) -> None:
        if self._common is None or counted != self._common:
            self._common, self._library.frequencies = counted, Frequencies(counted)

    def _kept(self, folder: Path, made_of: str) -> Filed:
        try:
            return kept.read(folder, made_of)
        except (OSError, ValueError) as error:
            self.not_kept = str(error)
            return NOTHING_FILED

    def keep(self) -> None:
        """Keep what the first plan's rules came to, for the next start. Raises OSError."""
        if self._to_keep:
            folder, made_of, known, loaded, sources = self._to_keep
            self._to_keep = None
            wholes = filed.wholes({file: each.outline for file, each in loaded.files.items()}, sources)
            if not known.covers(loaded.files, wholes):
                kept.write(folder, made_of, filed.lines(loaded.files, wholes))

    def look(self, live: Plan) -> Looked:
        """How everything stands that a plan was made of, and what belongs to it by its name."""
        return look([*self._own(live.settings), *self._rules.paths], live.settings.rules)

    @uncollected()
    def again(self, live: Plan, *, distrust: bool = False, counted: Mapping[str, int] | None = None) -> Plan:
        """What is to be live from now on; with `distrust` no file is taken for unchanged because it seems so.

        Rules that are read now are filed by what is `counted` now.
        """
        if counted is not None:
            self._count(counted)
        if distrust:
            self._rules.distrust()
        plan = self._configured(live, distrust=distrust)
        sources, unreadable = self._rules.read(plan.settings.rules)
        loaded = checked_rules(sources, plan.settings, self._library)
        return replace(plan, renewal=renewed(live.renewal, loaded, unreadable))

    def _configured(self, live: Plan, *, distrust: bool) -> Plan:
        """The plan with the configuration as it is now, or as it was where that has an error."""
        if not distrust and not live.refused and look(self._own(live.settings), ()) == self._stood:
            return live
        try:
            settings = self._load()
            outlets = self._open_outlets(settings)
        except ConfigError as error:
            refused = tuple(_masked(f) for f in error.findings if f.severity is FindingSeverity.ERROR)
            return replace(live, refused=refused)
        remarks: tuple[str, ...] = ()
        if settings.data != live.settings.data:
            remarks = (f"`data: {settings.data}` holds from the next start on; until then it is {live.settings.data}",)
            settings = replace(settings, data=live.settings.data)
        return replace(live, settings=settings, outlets=outlets, refused=(), remarks=remarks)

    def _load(self) -> Settings:
        """How the files stand is taken first: one that changes while they are read is read again."""
        stood = look((self._config, *self._stood), ())
        settings = load_config(self._config, self._environ, require_secrets=True)
        self._learn(settings)
        self._stood = {path: stood.get(path) for path in self._own(settings)}
        return settings

    def _own(self, settings: Settings) -> tuple[str, ...]:
        return (self._config, *settings.secret_files)


def _masked(finding: Finding) -> Finding:
    """Without what may give access: it is told on channels, and of a broken file nobody knows what in it is secret."""
    message, mend = (_CHANNEL_URL.sub(r"\1***", _REDACTED(text)) for text in (finding.message, finding.help or ""))
    return replace(finding, message=message, help=mend or finding.help)
