"""edge: (path of watcher.yaml, environment) -> Settings, or every error with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from watcher import sources, yamldoc
from watcher.config.access import AccessReader
from watcher.config.schema import ChannelEntry, Heartbeat, QuietEntry, WatcherFile
from watcher.config.secrets import Resolved, resolve, secret_files
from watcher.config.settings import SEND_TIMEOUT, Settings
from watcher.config.zones import known_zones
from watcher.errors import ConfigError
from watcher.model import (
    Access,
    ChannelName,
    ChannelSpec,
    Feed,
    FeedId,
    Finding,
    FindingSeverity,
    HeartbeatSettings,
    Keep,
    Quiet,
    Severity,
)
from watcher.schedule import Intervals, Retry
from watcher.yamldoc.times import hours, unknown_zone

_PASSWORD = re.compile(
    r"[^:/?#]+://[^/?#@:$]*:(?!\$\{)[^/?#@]+@|[^?]+\?(?:.*&)?[+:-]?(?:secret|token|pass(?:word)?)=(?!\$\{)[^&]"
)
_OF_FILES = ("file", "atom")
"""Schemes of channels that are a file."""
_LIKE_A_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/|$)")


def load_config(path: str | os.PathLike[str], environ: Mapping[str, str], *, require_secrets: bool) -> Settings:
    """Read the configuration. Raises ConfigError with all findings when one of them is an error.

    A secret that is not set is an error with `require_secrets`, else a note in `Settings.findings`; the channel's URL
    then keeps the reference as written. A feed's folder that is not there is a warning: it may come yet.
    """
    shown = os.fspath(path)
    node, findings = yamldoc.load(_content(shown), shown)
    written, more = yamldoc.validate(WatcherFile, node, shown) if node else (None, ())
    if node is None or written is None:
        raise ConfigError(_sorted([*findings, *more]))
    unset = FindingSeverity.ERROR if require_secrets else FindingSeverity.NOTE
    return _Reader(shown, node, environ, unset, findings).settings(written)


def _content(shown: str) -> bytes:
    try:
        with Path(shown).open("rb") as file:
            return file.read(yamldoc.MAX_BYTES + 1)
    except OSError as error:
        message = f"the configuration cannot be read: {error.strerror}"
        raise ConfigError([_error("E030", shown, message, "name another with --config PATH")]) from error


def _error(code: str, file: str, message: str, help_: str) -> Finding:
    severity = FindingSeverity.ERROR
    return Finding(code=code, severity=severity, file=file, line=1, column=1, message=message, help=help_)


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (f.line, f.column)))


class _Reader:
    """Looks up what lies beyond the file: paths, secrets, names that refer to each other."""

    def __init__(
        self,
        shown: str,
        node: yamldoc.Node,
        environ: Mapping[str, str],
        unset: FindingSeverity,
        findings: Sequence[Finding],
    ) -> None:
        self._shown = shown
        self._folder = Path(shown).parent
        self._base = os.path.normpath(Path.cwd() / self._folder)
        self._node = node
        self._environ = environ
        self._unset = unset
        self._findings = list(findings)
        self._secrets: list[str] = []
        self._secret_files: list[str] = []

    def settings(self, written: WatcherFile) -> Settings:
        rules, feeds = tuple(self._rules(written)), self._feeds(written)
        access = self._access(written)
        channels = tuple(self._channels(written.channels))
        self._check_fallbacks(written.channels)
        operator = self._operator(written, channels)
        heartbeat = self._heartbeat(written.heartbeat, channels)
        fetch = {**written.fetch.given(), **written.poll.limits()}
        delivery = written.delivery.given()
        if any(finding.severity is FindingSeverity.ERROR for finding in self._findings):
            raise ConfigError(_sorted(self._findings))
        return Settings(
            path=self._shown,
            data=Path(os.path.normpath(Path(self._base, written.data))),
            rules=rules,
            feeds=feeds,
            channels=channels,
            operator=operator,
            allow_private=tuple(written.allow_private),
            contact=fetch.pop("contact", ""),
            fetch=fetch,
            parse=written.parse.given(),
            intervals=Intervals(**written.poll.given()),
            send_timeout=delivery.pop("timeout", SEND_TIMEOUT),
            retry=Retry(**delivery),
            heartbeat=heartbeat,
            keep=Keep(**written.keep.given()),
            access={feed.id: access[feed.id] for feed in feeds if feed.id in access},
            listen=written.http.address,
            secrets=tuple(self._secrets),
            secret_files=tuple(self._secret_files),
            findings=_sorted(self._findings),
        )

    def _rules(self, written: WatcherFile) -> Iterator[str]:
        for number, path in enumerate(written.rules):
            shown = os.path.normpath(self._folder / path)
            if not os.path.exists(shown):  # noqa: PTH110  this one never raises
                where = ("rules", number)
                self._report("E030", where, f"there is no `{shown}`", "paths start from this file's folder")
            yield shown

    def _feeds(self, written: WatcherFile) -> tuple[Feed, ...]:
        feeds, problems = sources.feeds(written.feeds, self._base)
        for problem in problems:
            other = self._at(("feeds", problem.other, problem.key))
            related = (other.line, other.column, "first given here")
            where = ("feeds", problem.entry, problem.key)
            self._report("E011", where, problem.message, problem.help, related=related)
        for number, entry in enumerate(written.feeds):
            self._look_for(sources.absolute(entry.url, self._base), entry.url, ("feeds", number, "url"))
        return feeds

    def _access(self, written: WatcherFile) -> Mapping[FeedId, Access]:
        """Of the feeds that need any; the first of those with one id."""
        reader = AccessReader(self._resolved, self._report)
        found: dict[FeedId, Access] = {}
        for number, entry in enumerate(written.feeds):
            access = reader.access(entry, ("feeds", number))
            if access != Access():
                found.setdefault(FeedId(entry.id or sources.default_id(entry.url)), access)
        self._secrets += reader.secrets
        return found

    def _look_for(self, url: str, as_written: str, where: Sequence[str | int]) -> None:
        if not url.startswith("file:"):
            return
        path = unquote(urlsplit(url).path)
        if not os.path.exists(path):  # noqa: PTH110
            address = _LIKE_A_HOST.match(as_written)
            help_ = f"write https://{as_written} for a web address" if address else "it is looked for at each poll"
            self._report("W030", where, f"there is no folder {path}", help_, severity=FindingSeverity.WARNING)

    def _channels(self, entries: Sequence[ChannelEntry]) -> Iterator[ChannelSpec]:
        seen: dict[str, int] = {}
        for number, entry in enumerate(entries):
            first = seen.setdefault(entry.name, number)
            if first != number:
                other, message = self._at(("channels", first, "name")), f"two channels are named `{entry.name}`"
                related = (other.line, other.column, "first given here")
                self._report("E012", ("channels", number, "name"), message, "give each its own name", related=related)
            zone = self._zone(entry.timezone, ("channels", number, "timezone"))
            yield ChannelSpec(
                name=ChannelName(entry.name),
                url=self._channel_url(entry.url, ("channels", number, "url")),
                tags=entry.tags,
                timezone=zone,
                min_severity=Severity[entry.min_severity.upper()],
                quiet=_quiet(entry.quiet, zone) if entry.quiet else None,
                digest=tuple(entry.digest),
                cap=entry.cap,
                fallback=ChannelName(entry.fallback) if entry.fallback is not None else None,
                pace=entry.pace,
            )

    def _channel_url(self, url: str, where: Sequence[str | int]) -> str:
        resolved = self._resolved(url, where)
        if not resolved.troubles and "://" not in resolved.text:
            help_ = "console://, slack://..., mailto://...; a secret as ${env:NAME}"
            self._report("E004", where, "url: expected the URL of a channel", help_)
        if _PASSWORD.match(url):
            message, help_ = (
                "a secret stands in this file",
                "keep it elsewhere: ${env:NAME} or ${file:PATH}",
            )
            self._report("W031", where, message, help_, severity=FindingSeverity.WARNING)
        scheme, _, path = resolved.text.partition("://")
        return f"{scheme}://{os.path.normpath(Path(self._base, path))}" if scheme in _OF_FILES else resolved.text

    def _resolved(self, text: str, where: Sequence[str | int]) -> Resolved:
        resolved = resolve(text, self._base, self._environ)
        self._secrets += resolved.secrets
        self._secret_files += secret_files(text, self._base, self._environ)
        self._report_troubles(resolved, self._at(where))
        return resolved

    def _zone(self, zone: str, where: Sequence[str | int]) -> str:
        known = known_zones() if zone != "UTC" else None
        wrong = unknown_zone(zone, known) if known is not None else None
        if wrong:
            self._report("E111", where, *wrong)
        return zone

    def _check_fallbacks(self, entries: Sequence[ChannelEntry]) -> None:
        """Each is another channel, and none leads back to where it began; a circle is told once."""
        next_ = {entry.name: entry.fallback for entry in entries}
        told: set[str] = set()
        for number, entry in enumerate(entries):
            where = ("channels", number, "fallback")
            if entry.fallback is not None and entry.fallback not in next_:
                self._report("E021", where, f"no channel is named `{entry.fallback}`", _meant(entry.fallback, next_))
            way = _way(entry.name, next_)
            if next_.get(way[-1]) == entry.name and not told & set(way):
                told.update(way)
                message = f"the fallback leads back to `{entry.name}`: {' -> '.join([*way, entry.name])}"
                self._report("E013", where, message, "let one of them have none, or another")

    def _heartbeat(self, written: Heartbeat, channels: Sequence[ChannelSpec]) -> HeartbeatSettings:
        where = ("heartbeat", "url")
        resolved = self._resolved(written.url, where)
        url = resolved.text
        if url and not resolved.troubles and not url.startswith(("https://", "http://")):
            self._report("E004", where, "url: expected the web address that is called", "write https://...")
        self._secrets += [url] if url else []
        return HeartbeatSettings(
            at=tuple(written.at),
            timezone=self._zone(written.timezone, ("heartbeat", "timezone")),
            to=self._named(written.to, ("heartbeat", "to"), channels),
            url=url,
            **({} if written.every is None else {"every": written.every}),
        )

    def _report_troubles(self, resolved: Resolved, node: yamldoc.Node) -> None:
        for trouble in resolved.troubles:
            assert isinstance(node, yamldoc.Scalar)  # the schema wants text
            line, column = node.position(trouble.offset)
            finding = Finding(
                code="E031" if trouble.unset else "E032",
                severity=self._unset if trouble.unset else FindingSeverity.ERROR,
                file=self._shown,
                line=line,
                column=column,
                message=trouble.message,
                width=trouble.width,
            )
            self._findings.append(finding)

    def _operator(self, written: WatcherFile, channels: Sequence[ChannelSpec]) -> tuple[ChannelName, ...]:
        """The channels named or tagged so; without a word the first one."""
        if written.operator is None:
            return (channels[0].name,)
        return self._named(written.operator, ("operator",), channels)

    def _named(
        self, names: Sequence[str], where: Sequence[str | int], channels: Sequence[ChannelSpec]
    ) -> tuple[ChannelName, ...]:
        """The channels of these names or tags, in the order of the file."""
        known = dict.fromkeys(name for channel in channels for name in (channel.name, *channel.tags))
        for number, name in enumerate(names):
            if name not in known:
                self._report("E021", (*where, number), f"no channel is named or tagged `{name}`", _meant(name, known))
        return tuple(c.name for c in channels if set(names) & {c.name, *c.tags})

    def _at(self, where: Sequence[str | int]) -> yamldoc.Node:
        return yamldoc.at(self._node, where)

    def _report(
        self,
        code: str,
        where: Sequence[str | int],
        message: str,
        help_: str,
        *,
        severity: FindingSeverity = FindingSeverity.ERROR,
        **more: Any,
    ) -> None:
        node = self._at(where)
        width = max(len(node.text), 1) if isinstance(node, yamldoc.Scalar) else 1
        finding = Finding(
            code=code,
            severity=severity,
            file=self._shown,
            line=node.line,
            column=node.column,
            message=message,
            help=help_,
            width=width,
            **more,
        )
        self._findings.append(finding)


def _quiet(entry: QuietEntry, zone: str) -> Quiet:
    return Quiet(hours=tuple(hours(one, zone) for one in entry.hours), below=entry.below)


def _meant(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant, or all there are."""
    meant = yamldoc.nearest(name, known)
    return f"did you mean `{meant}`?" if meant else f"known: {', '.join(known)}"


def _way(name: str, next_: Mapping[str, str | None]) -> list[str]:
    """The channels that a message of this one falls through, as far as none comes twice."""
    way = [name]
    while (after := next_.get(way[-1])) is not None and after in next_ and after not in way:
        way.append(after)
    return way
