"""pure: items -> revisions, the stories they tell, and the groups their alerts belong to.

revising    items, known items -> revisions
sketching   item -> sketch: what is kept of it to know its like by
linking     revisions, stored sketches -> revisions in their stories, each with how it came there
grouping    rule, revision -> dispatches, each in the group the rule asks for
"""

from watcher.story.grouping import GROUPS, dispatches, group_of, site_of
from watcher.story.linking import SPAN, linked
from watcher.story.revising import MAX_REVISIONS, revised, story_of
from watcher.story.sketching import sketch_of

__all__ = [
    "GROUPS",
    "MAX_REVISIONS",
    "SPAN",
    "dispatches",
    "group_of",
    "linked",
    "revised",
    "site_of",
    "sketch_of",
    "story_of",
]
