"""pure: (a rule, its tests, their items) -> verdicts, and the branches of its ORs that no test reaches.

`articles` has the tests of what a rule makes of an item, `timelines` those of when it alerts.
"""

from watcher.selftest.articles import item_of, judge, named, setting, unreached, unread
from watcher.selftest.timelines import play, stage, unplayed
from watcher.selftest.verdict import Verdict

__all__ = ["Verdict", "item_of", "judge", "named", "play", "setting", "stage", "unplayed", "unreached", "unread"]
