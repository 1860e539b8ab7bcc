"""What the nouns are named by."""

from __future__ import annotations

from typing import NewType

FeedId = NewType("FeedId", str)
ItemId = NewType("ItemId", str)
"""16 hexadecimal digits, a hash of the feed's id and the entry's identity: the same wherever it is computed."""
RuleId = NewType("RuleId", str)
ChannelName = NewType("ChannelName", str)
AlertKey = NewType("AlertKey", str)
"""32 hexadecimal digits, a hash of channel name, group and first item (or window): stored once, sent with each try."""
StoryId = NewType("StoryId", str)
Hash64 = NewType("Hash64", int)
"""A signed 64-bit hash, as SQLite stores integers."""
