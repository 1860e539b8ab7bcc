"""edge: watcher.yaml -> what stands in it; only keys that this version acts on are known.

Fields are called what the code calls them, their aliases what people write.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from watcher.model import Severity
from watcher.sources import FeedEntry, Tag
from watcher.yamldoc import Duration, Size, SizeOrNone
from watcher.yamldoc.times import TimeOfDay, always, hours


def _is_network(value: str) -> str:
    try:
        return value if value == "localhost" else str(ip_network(value))
    except ValueError as error:
        help_ = f"{error}; write a block such as 10.1.0.0/16, or localhost"
        raise PydanticCustomError(
            "E004", "expected addresses that feeds and webhooks may be on", {"help": help_}
        ) from error


def _is_listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    try:
        if value != "off":
            ip_address(host.strip("[]"))
        if value == "off" or (port.isdecimal() and int(port) < 2**16):
            return value
    except ValueError:
        pass
    help_ = "such as 127.0.0.1:8473, [::1]:8473, 0.0.0.0:8473 for everyone who reaches this machine, or off"
    raise PydanticCustomError("E004", "expected an address and a port to listen on", {"help": help_})


def _is_path(value: str) -> str:
    if not value or not value.isprintable():
        raise PydanticCustomError("E004", "expected the path of a folder or file")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _is_hours(value: str) -> str:
    hours(value, "UTC")
    return value


def _is_sometimes(value: list[str]) -> list[str]:
    if always(hours(one, "UTC") for one in value):
        help_ = "hours that never end would hold for ever what they hold; `min_severity` drops it"
        raise PydanticCustomError("E004", "expected hours that end", {"help": help_})
    return value


def _in_order(value: list[int]) -> list[int]:
    return sorted(set(value))


Path = Annotated[str, AfterValidator(_is_path)]
Times = Annotated[
    Annotated[list[TimeOfDay], Field(min_length=1, max_length=96)], BeforeValidator(_as_list), AfterValidator(_in_order)
]
"""Minutes after midnight, ascending."""
_LONGEST_REST = 3.0  # seconds, for which a poll of a folder waits
SeverityWord = Literal["info", "low", "medium", "high", "critical"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> dict[str, Any]:
        """What the file sets, by the names of the code; what it leaves out keeps the code's default."""
        return self.model_dump(exclude_none=True)


class QuietEntry(_Section):
    """When a channel is told nothing, but for what is severe enough."""

    hours: Annotated[
        Annotated[list[Annotated[str, AfterValidator(_is_hours)]], Field(min_length=1, max_length=50)],
        BeforeValidator(_as_list),
        AfterValidator(_is_sometimes),
    ]
    except_: SeverityWord | Literal["nothing"] = Field(default="critical", alias="except")

    @property
    def below(self) -> Severity | None:
        """What is below it is held; None: everything."""
        return None if self.except_ == "nothing" else Severity[self.except_.upper()]


class ChannelEntry(_Section):
    """One channel; its URL may hold references to secrets."""

    name: Tag
    url: str
    tags: tuple[Tag, ...] = ()
    timezone: str = "UTC"
    min_severity: SeverityWord = "info"
    quiet: QuietEntry | None = None
    digest: Times = []
    cap: Annotated[int, Field(ge=1, le=100_000)] = 60
    fallback: str | None = None
    pace: Duration | None = None


class Fetch(_Section):
    """Arguments of fetch.Limits, and the contact."""

    total: Duration | None = Field(default=None, alias="timeout")
    connect: Duration | None = Field(default=None, alias="connect_timeout")
    wire: Size | None = Field(default=None, alias="max_wire")
    decoded: Size | None = Field(default=None, alias="max_decoded")
    pause: Duration | None = Field(default=None, alias="per_host_pause")
    concurrency: int | None = Field(default=None, ge=1, le=1000)
    contact: Annotated[str, Field(pattern=r"^[!-~]([ -~]*[!-~])?$", max_length=200)] | None = None


class Poll(_Section):
    """Arguments of schedule.Intervals, and of fetch.Limits for the files of folders."""

    default: Duration | None = Field(default=None, alias="interval")
    least: Duration | None = Field(default=None, alias="min_interval")
    most: Duration | None = Field(default=None, alias="max_interval")
    folder: Duration | None = Field(default=None, alias="folder_interval")
    backoff_most: Duration | None = Field(default=None, alias="backoff_max")

    def limits(self) -> dict[str, float]:
        """What of it belongs to fetch.Limits: a file is read when it has rested for a tenth of the time between two
        looks.
        """
        return {} if self.folder is None else {"settle": min(self.folder / 10, _LONGEST_REST)}


class Parse(_Section):
    """Limits of the parser's process: CPU time and memory."""

    cpu: Duration | None = None
    memory: Size | None = None


class Delivery(_Section):
    """Arguments of schedule.Retry, and the time one send may take."""

    ladder: Annotated[tuple[Duration, ...], Field(min_length=1, max_length=100)] | None = None
    give_up_after: Duration | None = None
    timeout: Duration | None = None


class Heartbeat(_Section):
    """Arguments of model.HeartbeatSettings."""

    at: Times = []
    timezone: str = "UTC"
    to: Annotated[list[Tag], BeforeValidator(_as_list)] = []
    url: str = ""
    every: Duration | None = None


class KeepEntry(_Section):
    """Arguments of model.Keep."""

    items: Duration | None = None
    min_free: SizeOrNone | None = None


class Http(_Section):
    """Where the watcher says how it is."""

    listen: Annotated[str, AfterValidator(_is_listen)] = "127.0.0.1:8473"

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port; None: nowhere."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if host else None


class WatcherFile(_Section):
    """The whole file."""

    schema_: Literal["watcher/1"] = Field(default="watcher/1", alias="schema")
    data: Path
    rules: Annotated[list[Path], BeforeValidator(_as_list), Field(min_length=1)]
    operator: Annotated[list[Tag], BeforeValidator(_as_list)] | None = None
    allow_private: list[Annotated[str, AfterValidator(_is_network)]] = []
    feeds: list[FeedEntry] = Field(min_length=1)
    channels: list[ChannelEntry] = Field(min_length=1)
    fetch: Fetch = Field(default_factory=Fetch)
    poll: Poll = Field(default_factory=Poll)
    parse: Parse = Field(default_factory=Parse)
    delivery: Delivery = Field(default_factory=Delivery)
    heartbeat: Heartbeat = Field(default_factory=Heartbeat)
    keep: KeepEntry = Field(default_factory=KeepEntry)
    http: Http = Field(default_factory=Http)
