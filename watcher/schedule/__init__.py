"""pure: (what happened, now, a random number 0..1) -> when next. Durations are seconds.

A feed is never given up. A wait is never shorter than what the other side asked for; jitter keeps apart what began
together.
"""

from watcher.schedule.again import page_again
from watcher.schedule.intervals import Intervals, weight
from watcher.schedule.lanes import lane, registrable
from watcher.schedule.retry import Pace, Retry
from watcher.schedule.spans import DAY, HOUR, MINUTE, jittered

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "Intervals",
    "Pace",
    "Retry",
    "jittered",
    "lane",
    "page_again",
    "registrable",
    "weight",
]
