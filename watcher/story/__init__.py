"""pure: items -> revisions, the stories they tell, and the groups their alerts belong to.

revising    items, known items -> revisions
sketching   item -> sketch: what is kept of it to know its like by; told: in pieces; marks, wide: its names and numbers
filing      sketches -> an index of them, and what of it a sketch may be like; remembering: the same of a few revisions
likeness    two sketches -> whether one says what the other says
turning     an item, the sketch of what it reads like -> whether it says something else; denying: by which words
happening   two sketches, how common their marks are -> whether they tell of the same event
linking     revisions, what is akin to each -> revisions in their stories, each with how it came there
splitting   how items came into a story, one of them -> which go with it out of that
grouping    rule, revision -> dispatches, each in the group the rule asks for
"""

from watcher.story.grouping import GROUPS, dispatches, group_of, site_at, site_of
from watcher.story.linking import SPAN, Lived, linked
from watcher.story.revising import MAX_REVISIONS, revised, story_of
from watcher.story.sketching import sketch_of
from watcher.story.splitting import Splinter, joined_through

__all__ = [
    "GROUPS",
    "MAX_REVISIONS",
    "SPAN",
    "Lived",
    "Splinter",
    "dispatches",
    "group_of",
    "joined_through",
    "linked",
    "revised",
    "site_at",
    "site_of",
    "sketch_of",
    "story_of",
]
