"""pure: nothing -> Limits, the numbers every fetch keeps to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from watcher.model import FetchRequest

_KIB = 1024
_MIB = 1024 * _KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds, sizes in bytes."""

    total: float = 60.0  # a fetch with all its redirects; the wait for its turn does not count
    connect: float = 10.0  # name, TCP and TLS together
    redirects: int = 5
    wire: int = 10 * _MIB  # a body as it is sent
    decoded: int = 20 * _MIB  # the same, inflated
    headers: int = 64 * _KIB
    retry_after: float = 24 * 3600.0  # the longest wait a server can ask for
    concurrency: int = 50  # HTTP fetches at a time
    per_host: int = 1  # of them to one registrable domain
    pause: float = 1.0  # between two to one registrable domain
    file: int = 10 * _MIB
    folder: int = 64 * _MIB  # all files of a folder together
    folder_entries: int = 100_000  # names looked at in a folder
    settle: float = 1.0  # how long a file must have rested before it is read

    def of(self, request: FetchRequest) -> Limits:
        """These, or what the request has instead: its largest body holds as it is sent and inflated."""
        if request.timeout is None and request.max_size is None:
            return self
        most = request.max_size
        return replace(
            self,
            total=self.total if request.timeout is None else request.timeout,
            wire=self.wire if most is None else most,
            decoded=self.decoded if most is None else most,
        )
