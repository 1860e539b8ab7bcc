"""pure: (channel, open dispatches, what was told, now) -> alerts and decisions.

A round's open dispatches walk through STEPS, a chain of filters in the shape of Alertmanager's stages: each step takes
a round and gives a round, closing, holding or listing some of the dispatches with a named Reason; the last ones make
alerts of the rest.
"""

from watcher.alert.chain import STEPS, decide
from watcher.alert.copying import copied
from watcher.alert.counting import windows
from watcher.alert.keys import key_of
from watcher.alert.notices import baseline_notice, notice

__all__ = ["STEPS", "baseline_notice", "copied", "decide", "key_of", "notice", "windows"]
