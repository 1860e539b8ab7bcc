"""pure: what polls have left of feeds -> how each is, and what the operator is told of that.

judge.py     a state                          -> its condition
words.py     a state                          -> a sentence: since when, what is the matter, what to do
changes.py   conditions that were not told    -> one message, or none yet
"""

from watcher.condition.judge import BAD, judged, paused
from watcher.condition.words import by_condition, on, plainly, reason

__all__ = ["BAD", "by_condition", "judged", "on", "paused", "plainly", "reason"]
