"""pure: (an alert, why its send failed, now) -> when to try again; how many messages a service takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.errors import SendError
from watcher.model import Alert
from watcher.schedule.spans import DAY, HOUR, MINUTE, jittered


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How a failed send is tried again: after each rung of the ladder, the last one over and over."""

    ladder: tuple[float, ...] = (
        10.0,
        30.0,
        2 * MINUTE,
        10 * MINUTE,
        30 * MINUTE,
        1 * HOUR,
        2 * HOUR,
        4 * HOUR,
        6 * HOUR,
    )
    give_up_after: float = 72 * HOUR
    retry_after_most: float = DAY
    jitter: float = 0.1

    def after_try(self, alert: Alert, error: SendError, now: datetime, rand: float) -> datetime | None:
        """When to try again, `alert.attempts` being the tries before this one; None when the alert is dead.

        It is dead at a permanent error, unless it is the channel that was denied and not the alert, and when the waits
        of the ladder add up to more than `give_up_after`. Not the alert's age counts: hours in which the watcher was
        down are no tries, and one sent again starts anew.
        """
        if (error.permanent and not error.denied) or self._waited(alert.attempts + 1) > self.give_up_after:
            return None
        wait = jittered(self._rung(alert.attempts), self.jitter, rand)
        return now + timedelta(seconds=max(wait, self._asked(error)))

    def rest_until(self, error: SendError, now: datetime) -> datetime | None:
        """Until when the service is left alone: as it asks for; where it denies us, for the longest rung, at most a
        minute, because wrong passwords tried again and again lock accounts. None where there is no need.
        """
        unwanted = min(self.ladder[-1], MINUTE) if error.denied else 0.0
        wait = self._asked(error) or unwanted
        return now + timedelta(seconds=wait) if wait > 0 else None

    def _asked(self, error: SendError) -> float:
        return min(error.retry_after or 0.0, self.retry_after_most)

    def _rung(self, attempt: int) -> float:
        return self.ladder[min(attempt, len(self.ladder) - 1)]

    def _waited(self, attempts: int) -> float:
        """The waits of so many attempts together, without jitter."""
        beyond = max(attempts - len(self.ladder), 0)
        return sum(self.ladder[:attempts]) + beyond * self.ladder[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many messages a service takes: a bucket that holds `burst` and gets one back `every` so many seconds.

    Its whole state is when it will be full, in seconds by a clock that only runs forward. In any t seconds at most
    burst + t / every messages go; also over restarts where each begins with the bucket empty, since nobody knows what
    a process that was killed has taken out of it.
    """

    every: float
    burst: int = 1

    def emptied(self, now: float) -> float:
        """When a bucket that is empty now will be full."""
        return now + self.burst * self.every

    def take(self, full_at: float, now: float) -> tuple[float, float]:
        """When the next message may go, and when the bucket will be full after that; it is never more than empty,
        whatever a slower pace of before has left.
        """
        full_at = min(full_at, self.emptied(now))
        at = max(now, full_at - (self.burst - 1) * self.every)
        return at, max(full_at, at) + self.every
