"""The error tree. Every error's text is one line that a person can act on; what the caller needs are attributes.

WatcherError
├── UsageError           wrong command line (exit 2)
├── NotStartable         configuration or database in a state nothing can run on (exit 78)
│   ├── ConfigError      carries all findings
│   └── StoreError       read-only, newer, damaged
│       └── StoreUnavailable  cannot take this now: the disk is full, another program holds the file
├── BackupError          no copy of the database was made (exit 1)
├── FetchError           nothing, or not all, of a response arrived: nothing is marked seen
│   └── Forbidden        the address, scheme or port is not allowed
├── ParseError           the document could not be read as anything we know
└── SendError            the channel did not accept the message
"""

from __future__ import annotations

from collections.abc import Sequence

from watcher.model import Finding


class WatcherError(Exception):
    """The root; `exit_code` is what a command ends with when nobody handles it (sysexits.h for 78)."""

    exit_code = 2


class UsageError(WatcherError):
    """The command line asks for something that is not there."""


class NotStartable(WatcherError):
    """Nothing can run until a person mends it."""

    exit_code = 78


class ConfigError(NotStartable):
    """The operator's files have errors; `findings` holds every one of them, `source` what was typed and is no file."""

    source: str | None = None

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = sum(f.severity == "error" for f in findings)
        super().__init__(f"{errors:,} error{'s' if errors != 1 else ''} in the configuration")
        self.findings = tuple(findings)


class StoreError(NotStartable):
    """The database cannot be used; the text says why and what to do."""


class StoreUnavailable(StoreError):
    """It cannot be used for the moment; nothing was changed, and the same may go well later."""


class BackupError(WatcherError):
    """No copy was made, and nothing that was there was touched; the text says why and what to do."""

    exit_code = 1


class FetchError(WatcherError):
    """A fetch failed. `kind` is a short stable word for logs and metrics; `retry_after` is in seconds."""

    def __init__(self, message: str, *, kind: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


class Forbidden(FetchError):
    """The guard said no."""

    def __init__(self, message: str) -> None:
        super().__init__(message, kind="forbidden")


class ParseError(WatcherError):
    """A document could not be read. `kind` is a short stable word for logs and metrics.

    `feeds`: absolute URLs of the feeds that it announces, the best first.
    """

    def __init__(self, message: str, *, kind: str, feeds: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.feeds = tuple(feeds)


class SendError(WatcherError):
    """A channel did not accept a message; `permanent` ones are not tried again, `retry_after` is in seconds.

    `denied`: it is the channel's credentials or address that the service refuses, not this message; a person has to
    mend that, and the message waits. `owed`: recipients who have not had it, where others have; `refused`: those of
    them who never will.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        denied: bool = False,
        owed: Sequence[str] = (),
        refused: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.denied = denied
        self.owed = tuple(owed)
        self.refused = tuple(refused)
